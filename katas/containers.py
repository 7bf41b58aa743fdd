"""Containers: the small functions that a data block is built on.

Level 1. About 40 minutes. The first kata: plain Python, needs no other kata.
Source: fast.ai 2019, lesson 11, 0:18:15 (importing data).
See it at work in notebooks/1_data_block.ipynb: `make lab kata=containers`.
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
    raise NotImplementedError


def setify(o: Any) -> set:
    """`o` as a set: itself if it is one, otherwise the set of `listify(o)`.

    An instance of a subclass of set counts as a set and is returned itself. A frozenset becomes a
    set.

    >>> setify("aa"), setify([1, 1]), setify(None)
    ({'aa'}, {1}, set())
    """
    raise NotImplementedError


def uniqueify(items: Iterable, sort: bool = False) -> list:
    """A new list of the values in `items`, each once, in order of first appearance.

    items  hashable values, from any iterable; left unchanged
    sort   ascending order instead of order of appearance

    Values are the same if they are equal, so 1 and "1" are two.

    >>> uniqueify("banana"), uniqueify("banana", sort=True)
    (['b', 'a', 'n'], ['a', 'b', 'n'])
    """
    raise NotImplementedError


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
    raise NotImplementedError


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
        raise NotImplementedError

    def __getitem__(self, idx: Any) -> Any:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def __iter__(self) -> Iterator:
        raise NotImplementedError

    def __setitem__(self, idx: Any, value: Any) -> None:
        raise NotImplementedError

    def __delitem__(self, idx: Any) -> None:
        raise NotImplementedError

    def __repr__(self) -> str:
        raise NotImplementedError
