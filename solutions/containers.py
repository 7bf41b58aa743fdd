"""Containers: the small functions that a data block is built on.

Level 1. About 40 minutes. The first kata: plain Python, needs no other kata.
Source: fast.ai 2019, lesson 11, 0:18:15 (importing data).
"""

import operator
from collections.abc import Iterable, Iterator
from typing import Any


def listify(o: Any) -> list:
    """`o` as a list: itself if it is one, otherwise a list of what it stands for.

        None                ->  [], a new list at each call
        a list              ->  that same object
        a str or bytes      ->  a list of this one item
        any other iterable  ->  a list of its items, in order
        anything else       ->  [o]

    A subclass of list, str or bytes is treated as its base. A generator is iterated over only once.

    Source: fast.ai 2019, lesson 11, 0:18:15.

    >>> listify(None), listify("ab"), listify((1, 2)), listify(3)
    ([], ['ab'], [1, 2], [3])
    """
    if o is None:
        return []
    if isinstance(o, list):
        return o
    if isinstance(o, str | bytes):
        return [o]
    try:
        items = iter(o)
    except TypeError:  # a tensor of no dimensions has __iter__ and is still one item
        return [o]
    return list(items)


def setify(o: Any) -> set:
    """`o` as a set: itself if it is one, otherwise the set of `listify(o)`.

    An instance of a subclass of set counts as a set and is returned itself. A frozenset becomes a
    set.

    >>> setify("aa"), setify([1, 1]), setify(None)
    ({'aa'}, {1}, set())
    """
    return o if isinstance(o, set) else set(listify(o))


def uniqueify(items: Iterable, sort: bool = False) -> list:
    """A new list of the values in `items`, each once, in order of first appearance.

    items  hashable values, from any iterable; left unchanged
    sort   ascending order instead of order of appearance

    Values are the same if they are equal, so 1 and "1" are two.

    >>> uniqueify("banana"), uniqueify("banana", sort=True)
    (['b', 'a', 'n'], ['a', 'b', 'n'])
    """
    values = list(dict.fromkeys(items))
    return sorted(values) if sort else values


def compose(x: Any, funcs: Any, *, order_key: str = "_order", **kwargs: Any) -> Any:
    """`x` passed through all of `funcs`, each called on the result of the one before.

        compose(x, [f, g], k=1)  ==  g(f(x, k=1), k=1)
        compose(x, None)         is  x

    funcs      a list of functions (left unchanged), one bare function, or None for none; any
               callable counts as a function, but one that is also iterable must be in a list
    order_key  the attribute that orders the calls, lowest first; a function may have it from
               its class
    kwargs     passed on to every function

    A function without that attribute has order 0. Functions with equal orders are called in the
    order they're listed in.

    >>> compose(3, [lambda x: x + 1, lambda x: x * 10])
    40
    """
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        x = f(x, **kwargs)
    return x


def plain_index(idx: Any) -> Any:
    """Given: an index in plain Python.

    A tensor or array becomes the list or number that it holds, and an object with `__index__`
    becomes its int. Any other index is returned unchanged.

    >>> plain_index([0, 2])
    [0, 2]
    """
    if hasattr(idx, "tolist"):
        return idx.tolist()
    return operator.index(idx) if hasattr(idx, "__index__") else idx


class ListContainer:
    """A box of items that is indexed like a list and also like an array.

    items  anything that `listify` accepts; `box.items` is `listify(items)`, so a list isn't copied

    The length of a box, loops over it, `box[i] = o` and `del box[i]` work as for the list
    `box.items`, slices included. Reading accepts more kinds of index:

        box[2], box[-1]           one item
        box[1:3]                  a list of items
        box[[2, 0, 2]]            a list of the items at those places; [] for box[[]]
        box[[True, False, True]]  a list of the items where the mask is True

    An array or tensor of ints or bools counts as the list that it holds, even with a single
    element. A numpy integer or a 0-d tensor counts as the int that it holds. None of this imports
    torch (see `plain_index`).

    Raises IndexError for a place outside the box, and for a mask that isn't as long as the box.

    `repr(box)` contains the name of the box's own class, the number of items, and the first ten
    items, followed by `...` if there are more. The rest of the format is up to you.

    >>> box = ListContainer(range(10, 15))
    >>> box[-1], box[1:3], box[[0, 0]], box[[True, False, False, False, True]]
    (14, [11, 12], [10, 10], [10, 14])
    """

    def __init__(self, items: Any) -> None:
        self.items = listify(items)

    def __getitem__(self, idx: Any) -> Any:
        idx = plain_index(idx)
        if isinstance(idx, int | slice):
            return self.items[idx]
        if not any(isinstance(i, bool) for i in idx):
            return [self.items[i] for i in idx]
        if len(idx) != len(self.items):
            raise IndexError(f"a mask of {len(idx)} for {len(self.items)} items")
        return [o for o, keep in zip(self.items, idx, strict=True) if keep]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator:
        return iter(self.items)

    def __setitem__(self, idx: Any, value: Any) -> None:
        self.items[idx] = value

    def __delitem__(self, idx: Any) -> None:
        del self.items[idx]

    def __repr__(self) -> str:
        shown = [repr(o) for o in self.items[:10]] + ["..."] * (len(self) > 10)
        return f"{type(self).__name__} ({len(self)} items)\n[{', '.join(shown)}]"
