"""Right answers to the exercises of `containers`."""

import operator
from collections import OrderedDict, UserList
from collections.abc import Iterable, MutableSequence
from functools import reduce
from itertools import compress


def listify(o):
    """The lecture's form, with bytes as well as strings."""
    if o is None:
        return []
    if isinstance(o, list):
        return o
    if isinstance(o, (str, bytes)):
        return [o]
    if isinstance(o, Iterable):
        try:
            return list(o)
        except TypeError:
            return [o]
    return [o]


def listify(o):
    """By trying."""
    if isinstance(o, list):
        return o
    if o is None or isinstance(o, (str, bytes)):
        return [] if o is None else [o]
    try:
        return [*o]
    except TypeError:
        return [o]


def listify(o):
    """By cases of a match statement."""
    match o:
        case None:
            return []
        case list():
            return o
        case str() | bytes():
            return [o]
    try:
        found = iter(o)
    except TypeError:
        return [o]
    items = []
    items.extend(found)
    return items


def listify(things=None):
    """With another name for its argument, and by a generator function."""

    def items():
        if isinstance(things, (str, bytes)) or not isinstance(things, Iterable):
            yield things
        else:
            yield from things

    return things if isinstance(things, list) else [] if things is None else list(items())


def setify(o):
    """The lecture's form."""
    return o if isinstance(o, set) else set(listify(o))


def setify(o):
    """By a comprehension."""
    if isinstance(o, set):
        return o
    return {item for item in listify(o)}  # noqa: C416


def setify(these):
    """By updating a new set."""
    if isinstance(these, set):
        return these
    members = set()
    members |= {*listify(these)}
    return members


def uniqueify(items, sort=False):
    """The lecture's form."""
    res = list(OrderedDict.fromkeys(items).keys())
    if sort:
        res.sort()
    return res


def uniqueify(items, sort=False):
    """With a set of what was seen."""
    seen, res = set(), []
    for o in items:
        if o not in seen:
            seen.add(o)
            res.append(o)
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """By a dictionary of first places, built from the end."""
    items = list(items)
    first = {o: i for i, o in reversed(list(enumerate(items)))}
    return sorted(first) if sort else sorted(first, key=first.get)


def uniqueify(values, sort=False):
    """By looking each value up in the list so far."""
    kept = []
    for value in values:
        if value not in kept:
            kept.append(value)
    kept.sort() if sort else None
    return kept


def compose(x, funcs, *, order_key="_order", **kwargs):
    """The lecture's form."""
    key = lambda o: getattr(o, order_key, 0)  # noqa: E731
    for f in sorted(listify(funcs), key=key):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """By reduce over a sorted copy."""
    ordered = list(listify(funcs))
    ordered.sort(key=lambda f: getattr(f, order_key, 0))
    return reduce(lambda result, f: f(result, **kwargs), ordered, x)


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Takes out the lowest that is left, again and again."""
    left = [funcs] if callable(funcs) else list(funcs or [])
    while left:
        orders = [getattr(f, order_key, 0) for f in left]
        x = left.pop(orders.index(min(orders)))(x, **kwargs)
    return x


def compose(value, fs, *, order_key="_order", **passed_on):
    """By pairs of order and place, calling itself for the rest."""

    def call_on(value, left):
        return call_on(left[0][2](value, **passed_on), left[1:]) if left else value

    places = enumerate(listify(fs))
    return call_on(value, sorted((getattr(f, order_key, 0), i, f) for i, f in places))


class ListContainer:
    """The lecture's form, with the mask's error and tensors as lists."""

    def __init__(self, items):
        self.items = listify(items)

    def __getitem__(self, idx):
        if hasattr(idx, "tolist"):
            idx = idx.tolist()
        try:
            return self.items[idx]
        except TypeError:
            if len(idx) and isinstance(idx[0], bool):
                if len(idx) != len(self.items):
                    raise IndexError("the mask has another length") from None
                return [o for m, o in zip(idx, self.items, strict=True) if m]
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
        if len(self) > 10:
            res = res[:-1] + "...]"
        return res


class ListContainer(MutableSequence):
    """As a mutable sequence, one index after the other by `operator.index`."""

    def __init__(self, items):
        self.items = listify(items)

    def __getitem__(self, idx):
        if isinstance(idx, slice):
            return self.items[idx]
        if not getattr(idx, "shape", ()) and hasattr(idx, "__index__"):
            return self.items[operator.index(idx)]
        is_mask = "bool" in str(getattr(idx, "dtype", type(idx[0]) if len(idx) else ""))
        if not is_mask:
            return [self.items[int(i)] for i in idx]
        if len(idx) != len(self):
            raise IndexError(f"{len(idx)} of {len(self)}")
        return list(compress(self.items, map(bool, idx)))

    def __setitem__(self, idx, value):
        self.items[idx] = value

    def __delitem__(self, idx):
        del self.items[idx]

    def __len__(self):
        return len(self.items)

    def insert(self, place, value):
        self.items.insert(place, value)

    def __repr__(self):
        shown = ", ".join(map(repr, self.items[:10]))
        more = ", ..." if len(self.items) > 10 else ""
        return f"{type(self).__name__}: {len(self.items)} items [{shown}{more}]"


class ListContainer:
    """With a helper that turns every index into places first."""

    def __init__(self, items):
        self.items = listify(items)

    def _places(self, idx):
        if isinstance(idx, slice):
            return range(len(self.items))[idx]
        idx = list(idx)
        if idx and all(isinstance(i, bool) for i in idx):
            if len(idx) != len(self.items):
                raise IndexError("wrong length of mask")
            return [i for i, keep in enumerate(idx) if keep]
        return idx

    def __getitem__(self, idx):
        idx = idx.tolist() if hasattr(idx, "tolist") else idx
        if isinstance(idx, int):
            return self.items[idx]
        return [self.items[i] for i in self._places(idx)]

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        yield from self.items

    def __setitem__(self, idx, value):
        self.items[idx] = value

    def __delitem__(self, idx):
        self.items.pop(idx) if isinstance(idx, int) else self.items.__delitem__(idx)

    def __repr__(self):
        lines = [f"{self.__class__.__qualname__} of {len(self.items)} items", str(self.items[:10])]
        return "\n".join(lines + ["..."] * (len(self.items) > 10))


class ListContainer:
    """By slots, compress and itemgetter, and a text of its own with `str` of each item."""

    __slots__ = ("items",)

    def __init__(self, things):
        self.items = listify(things)

    def __getitem__(self, key):
        key = plain_index(key)
        if not isinstance(key, list):
            return operator.getitem(self.items, key)
        if not key:
            return []
        if all(isinstance(k, bool) for k in key):
            if len(key) == len(self.items):
                return list(compress(self.items, key))
            raise IndexError(f"{len(key)} bools for {len(self.items)} items")
        found = operator.itemgetter(*key)(self.items)
        return list(found) if len(key) > 1 else [found]

    def __setitem__(self, key, value):
        operator.setitem(self.items, key, value)

    def __delitem__(self, key):
        operator.delitem(self.items, key)

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return (self.items[i] for i in range(len(self.items)))

    def __repr__(self):
        lines = [f"<{type(self).__name__}> {len(self)}", *(f"- {o}" for o in self.items[:10])]
        return "\n".join(lines + ["- ..."] * (len(self) > 10))


class ListContainer(UserList):
    """As a `UserList` that keeps its items where a `UserList` keeps them."""

    def __init__(self, items):
        self.items = listify(items)

    @property
    def data(self):
        return self.items

    def __getitem__(self, idx):
        idx = plain_index(idx)
        if isinstance(idx, list):
            return self._several(idx)
        return self.items[idx]

    def _several(self, idx):
        mask = bool(idx) and isinstance(idx[0], bool)
        if mask and len(idx) != len(self.items):
            raise IndexError("a mask of another length")
        return [self.items[i] for i in ([i for i, keep in enumerate(idx) if keep] if mask else idx)]

    def __repr__(self):
        shown = repr(self.items[:10])[1:-1]
        return f"{type(self).__name__}({shown}{', ...' * (len(self) > 10)}), {len(self)} items"
