"""Wrong answers to the exercises of `containers`."""

import operator
from collections.abc import Iterable, Set
from copy import copy
from itertools import groupby
from types import FunctionType

import numpy as np


def _listified(o, is_text=None):
    """The items of `o`; whether it is text may be said."""
    if o is None:
        return []
    if isinstance(o, list):
        return o
    if isinstance(o, (str, bytes)) if is_text is None else is_text:
        return [o]
    return list(o) if isinstance(o, Iterable) else [o]


def listify(o):
    """Splits bytes into numbers, as the lecture's own version does."""
    if o is None:
        return []
    if isinstance(o, list):
        return o
    if isinstance(o, str):
        return [o]
    return list(o) if isinstance(o, Iterable) else [o]


def listify(o):
    """Splits a string into its letters."""
    if o is None:
        return []
    if isinstance(o, list):
        return o
    return list(o) if isinstance(o, Iterable) else [o]


def listify(o):
    """Makes a list that holds None instead of an empty one."""
    if isinstance(o, list):
        return o
    if isinstance(o, (str, bytes)) or not isinstance(o, Iterable):
        return [o]
    return list(o)


def listify(o):
    """Copies a list instead of returning the list itself."""
    if o is None:
        return []
    if isinstance(o, (str, bytes)) or not isinstance(o, Iterable):
        return [o]
    return list(o)


def listify(o):
    """Makes an empty list of everything that counts as false, so 0 and "" are lost."""
    if not o:
        return []
    if isinstance(o, list):
        return o
    if isinstance(o, (str, bytes)) or not isinstance(o, Iterable):
        return [o]
    return list(o)


def listify(o):
    """Splits only lists and tuples, so a set, a range or a generator becomes one item."""
    if o is None:
        return []
    if isinstance(o, list):
        return o
    return list(o) if isinstance(o, tuple) else [o]


def listify(o):
    """Calls `list` on everything that is left, which is an error for a number."""
    if o is None:
        return []
    if isinstance(o, list):
        return o
    return [o] if isinstance(o, (str, bytes)) else list(o)


def listify(o):
    """Counts the items first, and a generator is used up by counting."""
    if o is None:
        return []
    if isinstance(o, list):
        return o
    if isinstance(o, (str, bytes)) or not isinstance(o, Iterable):
        return [o]
    return list(o) if sum(1 for _ in o) else []


def listify(o):
    """Takes the first item out of a generator to see whether there is one."""
    if o is None:
        return []
    if isinstance(o, list):
        return o
    if isinstance(o, (str, bytes)) or not isinstance(o, Iterable):
        return [o]
    first = next(iter(o), None)
    return [] if first is None else list(o)


def listify(o):
    """Asks for `len`, which generators do not have, so they become one item."""
    if o is None:
        return []
    if isinstance(o, list):
        return o
    if isinstance(o, (str, bytes)) or not hasattr(o, "__len__"):
        return [o]
    return list(o)


def listify(o):
    """Puts even a list into a list."""
    return [] if o is None else [o]


def listify(o):
    """Returns a tuple unchanged where a list is wanted."""
    if o is None:
        return []
    if isinstance(o, (list, tuple)):
        return o
    if isinstance(o, (str, bytes)) or not isinstance(o, Iterable):
        return [o]
    return list(o)


def listify(o):
    """Copies an instance of a subclass of list instead of returning it."""
    if type(o) is list:
        return o
    return [*o] if isinstance(o, list) else [] if o is None else _listified(o)


def listify(o):
    """Splits an instance of a subclass of str into its letters."""
    return _listified(o, type(o) in (str, bytes))


def listify(o):
    """Splits only objects that can be indexed, so a set or a generator becomes one item."""
    is_row = hasattr(o, "__getitem__") and not isinstance(o, (str, bytes))
    return [] if o is None else o if isinstance(o, list) else list(o) if is_row else [o]


def listify(o, empty=[]):  # noqa: B006
    """Returns the same empty list for every None, so all callers see what one of them appends."""
    return empty if o is None else _listified(o)


def listify(o):
    """Splits a dictionary into pairs instead of listing its keys."""
    return _listified(o.items() if isinstance(o, dict) else o)


def listify(o):
    """Treats a path as text and a function as nothing."""
    return [str(o)] if hasattr(o, "__fspath__") else [] if callable(o) else _listified(o)


def listify(o):
    """Drops None from the items of an iterable."""
    return o if isinstance(o, list) else [x for x in _listified(o) if x is not None]


def listify(o):
    """Sorts the items of a set, although they may be of types that can't be compared."""
    return sorted(o) if isinstance(o, (set, frozenset)) else _listified(o)


def listify(o):
    """Puts text and numbers into a tuple where a list is wanted."""
    return (o,) if isinstance(o, (str, int)) else _listified(o)


def listify(o):
    """Returns an iterator over the items where a list is wanted."""
    return o if isinstance(o, list) else iter(_listified(o))


def listify(o):
    """Calls `list` on everything, so it splits a string into letters and raises an error for None or a number."""
    return list(o)


def listify(o):
    """Wraps everything but lists, so a tuple or a generator becomes one item."""
    return [] if o is None else o if isinstance(o, list) else [o]


def listify(o):
    """It tests `o == None`, which compares an array item by item."""
    return [] if o == None else _listified(o)  # noqa: E711


def listify(o):
    """It treats every error as a sign that `o` has no items, so it hides an error inside a generator."""
    try:
        return _listified(o)
    except Exception:
        return [o]


def setify(o):
    """Splits a string into its letters."""
    if isinstance(o, set):
        return o
    return set() if o is None else set(o) if isinstance(o, Iterable) else {o}


def setify(o):
    """Makes a set of every argument, so it splits a string into letters and raises an error for a number."""
    return o if isinstance(o, set) else set(o or [])


def setify(o):
    """Copies a set instead of returning the set itself."""
    return set(listify(o))


def setify(o):
    """Puts None into the set."""
    return {None} if o is None else o if isinstance(o, set) else set(listify(o))


def setify(o):
    """Returns a frozenset where a set is wanted."""
    return o if isinstance(o, set) else frozenset(listify(o))


def setify(o):
    """Puts the whole argument into a set as one item, which is an error for a list."""
    return o if isinstance(o, set) else set() if o is None else {o}


def setify(o):
    """Returns a list with each value once where a set is wanted."""
    return o if isinstance(o, set) else list(dict.fromkeys(listify(o)))


def setify(o):
    """Lets a frozen set through as if it were a set."""
    return o if isinstance(o, (set, frozenset)) else set(listify(o))


def setify(o):
    """Drops values that count as false."""
    return o if isinstance(o, set) else {x for x in listify(o) if x}


def setify(o):
    """Copies a set whose class is a subclass of set instead of returning it."""
    return o if type(o) is set else set(listify(o))


def setify(o, empty=set()):  # noqa: B006
    """Returns the same empty set for every None, so all callers see what one of them adds."""
    return empty if o is None else o if isinstance(o, set) else set(listify(o))


def setify(o):
    """Returns a dictionary's keys unchanged, although they only act like a set and aren't one."""
    return o if isinstance(o, Set) and not isinstance(o, frozenset) else set(listify(o))


def setify(o):
    """Calls `set` on everything, so it splits a string into letters and raises an error for None or a number."""
    return set(o)


def uniqueify(items, sort=False):
    """Lists the values in the order of a set, which is any order at all."""
    res = list(set(items))
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Always sorts."""
    return sorted(set(items))


def uniqueify(items, sort=False):
    """Never sorts."""
    return list(dict.fromkeys(items))


def uniqueify(items, sort=True):
    """Sorts unless told not to."""
    res = list(dict.fromkeys(items))
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Sorts the caller's own list."""
    if sort:
        items.sort()
    return list(dict.fromkeys(items))


def uniqueify(items, sort=False):
    """Removes repeated values from the caller's own list."""
    for item in list(items):
        while items.count(item) > 1:
            items.remove(item)
    return sorted(items) if sort else items


def uniqueify(items, sort=False):
    """Drops a repeated value only if it comes directly after the same value."""
    res = [value for value, _ in groupby(items)]
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Keeps the last appearance of each value instead of the first."""
    res = list(dict.fromkeys(reversed(list(items))))[::-1]
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Asks for the position of each value by `index`, which generators do not have."""
    res = sorted(set(items), key=items.index)
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Goes through the items twice, and a generator is used up after the first time."""
    seen = set(items)
    res = [o for o in dict.fromkeys(items) if o in seen]
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Sorts from high to low."""
    res = list(dict.fromkeys(items))
    return sorted(res, reverse=True) if sort else res


def uniqueify(items, sort=False):
    """Sorts as text, so 10 comes before 9."""
    res = list(dict.fromkeys(items))
    return sorted(res, key=str) if sort else res


def uniqueify(items, sort=False):
    """Keeps only the values that occur exactly once."""
    items = list(items)
    res = [o for o in items if items.count(o) == 1]
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Returns the keys of a dictionary, which can't be indexed as a list can."""
    res = dict.fromkeys(items).keys()
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Counts a string as one item instead of going through its letters."""
    res = list(dict.fromkeys(listify(items)))
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Returns the result of `list.sort`, which is None."""
    res = list(dict.fromkeys(items))
    return res.sort() if sort else res


def uniqueify(items, sort=False, seen=[]):  # noqa: B006
    """Remembers in its default argument what it has seen in earlier calls."""
    res = []
    for o in items:
        if o not in seen:
            seen.append(o)
            res.append(o)
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Compares values by their text, so 1 and "1" count as one."""
    res = list({str(o): o for o in reversed(list(items))}.values())[::-1]
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Returns the caller's own list where all its values differ."""
    items = items if isinstance(items, list) else list(items)
    res = items if len(set(items)) == len(items) else list(dict.fromkeys(items))
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Drops values that count as false."""
    res = list(dict.fromkeys(o for o in items if o))
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Sorts the values whenever they can be compared, even if you didn't ask for it."""
    try:
        return list(dict.fromkeys(sorted(items)))
    except TypeError:
        return list(dict.fromkeys(items))


def uniqueify(items, sort=False):
    """Returns a tuple."""
    res = tuple(dict.fromkeys(items))
    return tuple(sorted(res)) if sort else res


def uniqueify(items, sort=False):
    """Returns a generator where a list is wanted."""
    return (o for o in (sorted(set(items)) if sort else dict.fromkeys(items)))


def uniqueify(items, sort=False):
    """Treats equal values of different types as different, so it keeps both 1 and True."""
    res = list({(type(o), o): o for o in items}.values())
    return sorted(res) if sort else res


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Skips a bare function that counts as false, because it tests `if not funcs`."""
    if not funcs:
        return x
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Calls the functions in the order in which they are given."""
    for f in listify(funcs):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Calls the highest order first."""
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0), reverse=True):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Hands every function the first `x` instead of the last result."""
    result = x
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        result = f(x, **kwargs)
    return result


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Does not pass keyword arguments on."""
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        x = f(x)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Passes keyword arguments to the first function only."""
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        x = f(x, **kwargs)
        kwargs = {}
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Sorts the caller's own list."""
    funcs = listify(funcs)
    funcs.sort(key=lambda f: getattr(f, order_key, 0))
    for f in funcs:
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Always sorts by `_order`, whatever attribute was named."""
    for f in sorted(listify(funcs), key=lambda f: getattr(f, "_order", 0)):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Expects an order on every function."""
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key)):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Calls functions without an order last, as if theirs were the highest."""
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, float("inf"))):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Calls functions without an order first, even before negative orders."""
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, float("-inf"))):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Calls functions of the same order in reverse."""
    for f in sorted(reversed(listify(funcs)), key=lambda f: getattr(f, order_key, 0)):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Sorts functions of the same order by their names."""
    names = {f: getattr(f, "__name__", "") for f in listify(funcs)}
    for f in sorted(listify(funcs), key=lambda f: (getattr(f, order_key, 0), names[f])):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Keeps one function for each order, so of two with the same order one is lost."""
    by_order = {getattr(f, order_key, 0): f for f in listify(funcs)}
    for order in sorted(by_order):
        x = by_order[order](x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Expects a list, so None and a bare function are errors."""
    for f in sorted(funcs, key=lambda f: getattr(f, order_key, 0)):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Returns None where nothing is to be called."""
    result = None
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        result = x = f(x, **kwargs)
    return result


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Stops as soon as a result counts as false."""
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        if not x:
            break
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Keeps the old value where a function returns None."""
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        result = f(x, **kwargs)
        x = x if result is None else result
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Calls each function only once, even if it's in the list twice."""
    for f in sorted(dict.fromkeys(listify(funcs)), key=lambda f: getattr(f, order_key, 0)):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Looks for the order only among the object's own attributes, so it misses a class attribute."""
    for f in sorted(listify(funcs), key=lambda f: getattr(f, "__dict__", {}).get(order_key, 0)):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Looks for the order in the object's `vars`, which a built-in function doesn't have."""
    for f in sorted(listify(funcs), key=lambda f: vars(f).get(order_key, 0)):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Looks for the order on the class of the object, so a function's own is lost."""
    for f in sorted(listify(funcs), key=lambda f: getattr(type(f), order_key, 0)):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Cuts orders to whole numbers, so -0.5 and 0 count as the same order."""
    for f in sorted(listify(funcs), key=lambda f: int(getattr(f, order_key, 0))):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Copies the value first, so without functions another object comes back."""
    x = copy(x)
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Recognises functions by their type, so it raises an error for a bare callable of another type."""
    funcs = [funcs] if isinstance(funcs, FunctionType) else funcs or []
    for f in sorted(funcs, key=lambda f: getattr(f, order_key, 0)):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Passes the order's name on to the functions as well."""
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        x = f(x, order_key=order_key, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Empties the caller's own list while it calls the functions."""
    funcs = listify(funcs)
    while funcs:
        x = funcs.pop(funcs.index(min(funcs, key=lambda f: getattr(f, order_key, 0))))(x, **kwargs)
    return x


def uniqueify(items, sort=False):
    """Compares values by identity, so equal text from two places counts twice."""
    res = []
    for o in items:
        if not any(o is r for r in res):
            res.append(o)
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """Ignores `sort` and lists the values in the order of a set."""
    return list(set(items))


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Drops keyword arguments that count as false."""
    kept = {k: v for k, v in kwargs.items() if v}
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        x = f(x, **kept)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """It calls a function again without the keywords where it raises TypeError, so that error is lost."""
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        try:
            x = f(x, **kwargs)
        except TypeError:
            x = f(x)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """It passes on only the keywords that a function names, so a misspelt one is never noticed."""
    from inspect import signature

    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        known = signature(f).parameters
        x = f(x, **{k: v for k, v in kwargs.items() if k in known or "kwargs" in known})
    return x


def compose(x, funcs, *args, order_key="_order", **kwargs):
    """Calls the functions in list order, passes no keyword arguments on, and fails for None."""
    for f in funcs:
        x = f(x)
    return x


class _Box:
    def __init__(self, items):
        self.items = listify(items)

    def __getitem__(self, idx):
        if hasattr(idx, "tolist"):
            idx = idx.tolist()
        if isinstance(idx, (int, slice)):
            return self.items[idx]
        if len(idx) and isinstance(idx[0], bool):
            if len(idx) != len(self.items):
                raise IndexError(f"mask of {len(idx)} for {len(self.items)} items")
            return [o for o, m in zip(self.items, idx, strict=True) if m]
        return [self.items[i] for i in idx]

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return iter(self.items)

    def __setitem__(self, i, o):
        self.items[i] = o

    def __delitem__(self, i):
        del self.items[i]

    def __repr__(self):
        res = f"{self.__class__.__name__} ({len(self)} items)\n{self.items[:10]}"
        return res[:-1] + ", ...]" if len(self) > 10 else res


class ListContainer(_Box):
    """Asserts the length of a mask and reads a mask tensor as places, as the lecture's own version does."""

    def __getitem__(self, idx):
        try:
            return self.items[idx]
        except TypeError:
            if isinstance(idx[0], bool):
                assert len(idx) == len(self.items)
                return [o for m, o in zip(idx, self.items, strict=True) if m]
            return [self.items[i] for i in idx]


class ListContainer(_Box):
    """Accepts only ints and slices, as a list does."""

    def __getitem__(self, idx):
        return self.items[idx]


class ListContainer(_Box):
    """Accepts a list of places, but raises an error for a tensor or an array."""

    def __getitem__(self, idx):
        return self.items[idx] if not isinstance(idx, list) else super().__getitem__(idx)


class ListContainer(_Box):
    """Reads a mask as places, so False is item 0 and True is item 1."""

    def __getitem__(self, idx):
        if hasattr(idx, "tolist"):
            idx = idx.tolist()
        return self.items[idx] if isinstance(idx, (int, slice)) else [self.items[i] for i in idx]


class ListContainer(_Box):
    """Reads places as a mask wherever they are all 0 and 1."""

    def __getitem__(self, idx):
        if hasattr(idx, "tolist"):
            idx = idx.tolist()
        if isinstance(idx, list) and set(idx) <= {0, 1} and len(idx) == len(self.items):
            return [o for o, m in zip(self.items, idx, strict=True) if m]
        return super().__getitem__(idx)


class ListContainer(_Box):
    """Cuts a mask that is too long or too short instead of raising IndexError."""

    def __getitem__(self, idx):
        if hasattr(idx, "tolist"):
            idx = idx.tolist()
        if isinstance(idx, list) and idx and isinstance(idx[0], bool):
            return [o for o, m in zip(self.items, idx, strict=False) if m]
        return super().__getitem__(idx)


class ListContainer(_Box):
    """Raises ValueError for a mask of another length."""

    def __getitem__(self, idx):
        plain = idx.tolist() if hasattr(idx, "tolist") else idx
        if isinstance(plain, list) and plain and isinstance(plain[0], bool):
            if len(plain) != len(self.items):
                raise ValueError("the mask has another length")
        return super().__getitem__(idx)


class ListContainer(_Box):
    """Raises IndexError for a mask that is too short, and cuts one that is too long."""

    def __getitem__(self, idx):
        if hasattr(idx, "tolist"):
            idx = idx.tolist()
        if isinstance(idx, list) and idx and isinstance(idx[0], bool):
            idx = idx[: len(self.items)]
        return super().__getitem__(idx)


class ListContainer(_Box):
    """Refuses negative places."""

    def __getitem__(self, idx):
        if isinstance(idx, int) and idx < 0:
            raise IndexError(idx)
        return super().__getitem__(idx)


class ListContainer(_Box):
    """Returns another container for a slice, where a list is wanted."""

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return type(self)(res) if isinstance(idx, slice) else res


class ListContainer(_Box):
    """Sorts the places and takes each once."""

    def __getitem__(self, idx):
        if isinstance(idx, list) and not any(isinstance(i, bool) for i in idx):
            idx = sorted(set(idx))
        return super().__getitem__(idx)


class ListContainer(_Box):
    """Returns the items that the mask leaves out."""

    def __getitem__(self, idx):
        if hasattr(idx, "tolist"):
            idx = idx.tolist()
        if isinstance(idx, list) and idx and isinstance(idx[0], bool):
            idx = [not i for i in idx]
        return super().__getitem__(idx)


class ListContainer(_Box):
    """Imports torch to see whether an index is a tensor."""

    def __getitem__(self, idx):
        import torch

        return super().__getitem__(idx.tolist() if torch.is_tensor(idx) else idx)


class ListContainer(_Box):
    """Keeps one iterator, which is used up by the first loop."""

    def __iter__(self):
        if not hasattr(self, "going"):
            self.going = iter(self.items)
        return self.going


class ListContainer(_Box):
    """Is its own iterator, so two loops at the same time disturb each other."""

    place = -1

    def __iter__(self):
        self.place = -1
        return self

    def __next__(self):
        self.place += 1
        if self.place >= len(self.items):
            raise StopIteration
        return self.items[self.place]


class ListContainer(_Box):
    """Shows the name ListContainer in subclasses too."""

    def __repr__(self):
        return super().__repr__().replace(type(self).__name__, "ListContainer", 1)


class ListContainer(_Box):
    """Shows all items, however many there are."""

    def __repr__(self):
        return f"{type(self).__name__} ({len(self)} items)\n{self.items}"


class ListContainer(_Box):
    """Ends with three dots even when all items are shown."""

    def __repr__(self):
        return f"{type(self).__name__} ({len(self)} items)\n{str(self.items[:10])[:-1]}...]"


class ListContainer(_Box):
    """Shows the first ten items without a sign that there are more."""

    def __repr__(self):
        return f"{type(self).__name__} ({len(self)} items)\n{self.items[:10]}"


class ListContainer(_Box):
    """Counts the ten items that it shows instead of all."""

    def __repr__(self):
        shown = self.items[:10]
        dots = ", ..." if len(self) > 10 else ""
        return f"{type(self).__name__} ({len(shown)} items)\n{str(shown)[:-1]}{dots}]"


class ListContainer(_Box):
    """Shows nine items and the dots where there are ten or more."""

    def __repr__(self):
        shown = str(self.items[:9])
        dots = shown[:-1] + ", ...]" if len(self) > 9 else shown
        return f"{type(self).__name__} ({len(self)} items)\n{dots}"


class ListContainer(_Box):
    """Shows the items without their number."""

    def __repr__(self):
        dots = ", ..." if len(self) > 10 else ""
        return f"{type(self).__name__}\n{str(self.items[:10])[:-1]}{dots}]"


class ListContainer(_Box):
    """Inserts where it should assign, so the list grows."""

    def __setitem__(self, i, o):
        self.items.insert(i, o)


class ListContainer(_Box):
    """Puts None in the place of what is deleted."""

    def __delitem__(self, i):
        self.items[i] = None


class ListContainer(_Box):
    """Removes the first item that equals the one to delete."""

    def __delitem__(self, i):
        self.items.remove(self.items[i])


class ListContainer(_Box):
    """Allows no assignment."""

    __setitem__ = None


class ListContainer(_Box):
    """Allows no deletion."""

    __delitem__ = None


class ListContainer(_Box):
    """Shares its items with all other containers."""

    everything: list = []

    def __init__(self, items):
        self.everything[:] = listify(items)
        self.items = self.everything


class ListContainer(_Box):
    """Has the length of its longest item."""

    def __len__(self):
        return max((len(str(o)) for o in self.items), default=0)


class ListContainer(_Box):
    """Turns the contents of tensors and arrays into ints, so a mask becomes places 0 and 1."""

    def __getitem__(self, idx):
        if hasattr(idx, "tolist"):
            idx = [int(i) for i in idx.tolist()] if hasattr(idx, "__len__") else idx.tolist()
        return super().__getitem__(idx)


class ListContainer(_Box):
    """Copies the list that it is given, so later changes of that list are lost."""

    def __init__(self, items):
        self.items = list(listify(items))


class ListContainer(_Box):
    """Keeps a tuple, so nothing can be assigned or deleted."""

    def __init__(self, items):
        self.items = tuple(listify(items))


class ListContainer(_Box):
    """Calls `list` on its items, so a string is split into letters and None is an error."""

    def __init__(self, items):
        self.items = items if isinstance(items, list) else list(items)


class ListContainer(_Box):
    """Counts its items only when it's made, so its length never changes."""

    def __init__(self, items):
        self.items = listify(items)
        self.count = len(self.items)

    def __len__(self):
        return self.count


class ListContainer(_Box):
    """Indexes through a numpy array, which turns tuples into lists, and numbers next to text into text."""

    def __getitem__(self, idx):
        idx = idx.tolist() if hasattr(idx, "tolist") else idx
        is_list = isinstance(idx, list) and not any(isinstance(i, bool) for i in idx)
        return np.array(self.items)[idx].tolist() if is_list else super().__getitem__(idx)


class ListContainer(_Box):
    """Returns all items for an empty list of places."""

    def __getitem__(self, idx):
        return list(self.items) if isinstance(idx, list) and not idx else super().__getitem__(idx)


class ListContainer(_Box):
    """Counts an empty list of places as a mask, which is too short."""

    def __getitem__(self, idx):
        if isinstance(idx, list) and all(isinstance(i, bool) for i in idx) and self.items:
            if len(idx) != len(self.items):
                raise IndexError("a mask of another length")
        return super().__getitem__(idx)


class ListContainer(_Box):
    """Returns the item itself, not a list, for an array or tensor with one place."""

    def __getitem__(self, idx):
        if hasattr(idx, "tolist") and idx.shape and len(idx) == 1:
            idx = int(idx.tolist()[0])
        return super().__getitem__(idx)


class ListContainer(_Box):
    """Goes through everything but ints and slices, which fails for a numpy integer."""

    def __getitem__(self, idx):
        if isinstance(idx, (int, slice)):
            return self.items[idx]
        return super().__getitem__(list(idx.tolist() if hasattr(idx, "tolist") else idx))


class ListContainer(_Box):
    """Checks whether a tensor's first item is a bool, which it never is, so no tensor counts as a mask."""

    def __getitem__(self, idx):
        if isinstance(idx, (int, slice)) or getattr(idx, "shape", 1) == ():
            return self.items[idx]
        if len(idx) and isinstance(idx[0], bool):
            return super().__getitem__(idx)
        return [self.items[i] for i in idx]


class ListContainer(_Box):
    """Raises TypeError instead of IndexError if a list of places has one outside the box."""

    def __getitem__(self, idx):
        try:
            return super().__getitem__(idx)
        except IndexError as error:
            raise TypeError(str(error)) if isinstance(idx, list) else error from error


class ListContainer(_Box):
    """Wraps places beyond the end round to the start, so they aren't errors."""

    def __getitem__(self, idx):
        return super().__getitem__(idx % len(self.items) if isinstance(idx, int) else idx)


class ListContainer(_Box):
    """Skips places outside the box in a list of places instead of raising IndexError."""

    def __getitem__(self, idx):
        count = len(self.items)
        if isinstance(idx, list) and not any(isinstance(i, bool) for i in idx):
            idx = [i for i in idx if -count <= i < count]
        return super().__getitem__(idx)


class ListContainer(_Box):
    """Changes the negative places in the caller's own list to places from the start."""

    def __getitem__(self, idx):
        if isinstance(idx, list) and not any(isinstance(i, bool) for i in idx):
            idx[:] = [range(len(self.items))[i] for i in idx]
        return super().__getitem__(idx)


class ListContainer(_Box):
    """Returns a generator for a list of places."""

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return (o for o in res) if isinstance(idx, list) else res


class ListContainer(_Box):
    """Assigns and deletes at one place alone, so a slice is an error."""

    def __setitem__(self, i, o):
        self.items[range(len(self.items))[i]] = o

    def __delitem__(self, i):
        self.items.pop(i)


class ListContainer(_Box):
    """Makes a new list when it deletes, so the one that it was given keeps the item."""

    def __delitem__(self, i):
        left = list(self.items)
        del left[i]
        self.items = left[: len(self.items)]


class ListContainer(_Box):
    """Refuses negative places in an assignment."""

    def __setitem__(self, i, o):
        if isinstance(i, int) and i < 0:
            raise IndexError(i)
        self.items[i] = o


class ListContainer(_Box):
    """Makes its `repr` only once, so it still shows items that you've deleted."""

    def __repr__(self):
        self.text = getattr(self, "text", None) or super().__repr__()
        return self.text


class ListContainer(_Box):
    """Copies items that are lists when several are read."""

    def __getitem__(self, idx):
        res = super().__getitem__(idx)
        return res if isinstance(idx, int) else [copy(o) for o in res]


class ListContainer(_Box):
    """Returns its own list for the slice of all items, so changes to it reach the container."""

    def __getitem__(self, idx):
        return self.items if idx == slice(None) else super().__getitem__(idx)


class ListContainer(_Box):
    """Skips None in loops."""

    def __iter__(self):
        return (o for o in self.items if o is not None)


class ListContainer(_Box):
    """Tries to make the index an int first, so a tensor with one place returns an item instead of a list."""

    def __getitem__(self, idx):
        try:
            return self.items[operator.index(idx)]
        except TypeError:
            return super().__getitem__(idx)


class ListContainer(_Box):
    """Calls `listify` on what is assigned to a slice, so text stays one item."""

    def __setitem__(self, i, o):
        self.items[i] = listify(o) if isinstance(i, slice) else o


class ListContainer(_Box):
    """It puts the new item into a copy of the list, so the list that you passed in has the old one."""

    def __setitem__(self, idx, o):
        self.items = list(self.items)
        self.items[idx] = o


class ListContainer(_Box):
    """It keeps the other items in a new list, so the list that you passed in still has the deleted one."""

    def __delitem__(self, idx):
        self.items = list(self.items)
        del self.items[idx]


class ListContainer(_Box):
    """Appends an item that you assign to the place after the last, where a list raises IndexError."""

    def __setitem__(self, i, o):
        if i == len(self.items):
            self.items.append(o)
        else:
            self.items[i] = o


class ListContainer(_Box):
    """Ignores a place outside the box in `del box[i]`, where a list raises IndexError."""

    def __delitem__(self, i):
        if isinstance(i, slice) or -len(self.items) <= i < len(self.items):
            del self.items[i]
