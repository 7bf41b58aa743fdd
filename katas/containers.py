"""Containers: the small functions on which a data block stands.

Level 1. About 40 minutes. The first kata: plain Python, nothing came before.
Source: fast.ai 2019, lesson 11, 0:18:15 (importing data).
"""

from collections.abc import Iterable, Iterator
from typing import Any


def listify(o: Any) -> list:
    """The list that somebody meant who passed `o` where a list was expected.

        None            ->  []
        a list          ->  that same object
        a str or bytes  ->  a list of this one item
        any iterable    ->  a list of its items, in order
        anything else   ->  [o]

    A generator is used up once.
    Source: fast.ai 2019, lesson 11, 0:18:15.

    >>> listify(None), listify("ab"), listify((1, 2)), listify(3)
    ([], ['ab'], [1, 2], [3])
    """
    raise NotImplementedError


def setify(o: Any) -> set:
    """The set that somebody meant who passed `o` where a set was expected.

    A set comes back as the same object; anything else becomes the set of `listify(o)`.

    >>> setify("aa"), setify([1, 1]), setify(None)
    ({'aa'}, {1}, set())
    """
    raise NotImplementedError


def uniqueify(items: Iterable, sort: bool = False) -> list:
    """Each value of `items` once, in order of first appearance, or sorted when asked.

    items  hashable values, from any iterable; left unchanged
    sort   ascending order instead of order of appearance

    >>> uniqueify("banana"), uniqueify("banana", sort=True)
    (['b', 'a', 'n'], ['a', 'b', 'n'])
    """
    raise NotImplementedError


def compose(x: Any, funcs: Any, *, order_key: str = "_order", **kwargs: Any) -> Any:
    """What the last of `funcs` gives, each called on the result of the one before.

        compose(x, [f, g], k=1)  ==  g(f(x, k=1), k=1)

    funcs      a list of functions (left unchanged), one bare function, or None for none
    order_key  the attribute that orders the calls, lowest first: a function without it
               counts as 0, and ties keep the order in which they were given
    kwargs     passed on to every function

    >>> compose(3, [lambda x: x + 1, lambda x: x * 10])
    40
    """
    raise NotImplementedError


def plain_index(idx: Any) -> Any:
    """Given: an index that is a tensor or an array as plain Python, any other as it is.

    >>> plain_index([0, 2])
    [0, 2]
    """
    return idx.tolist() if hasattr(idx, "tolist") else idx


class ListContainer:
    """A list, kept in `items`, that takes every kind of index people use on arrays.

        box[2], box[-1]           one item
        box[1:3]                  a list of items
        box[[0, 2]]               a list of the items at those places
        box[[True, False, ...]]   a list of the items where the mask is True

    Integer and boolean tensors or arrays index as the lists they hold (`plain_index`); a mask of
    another length is an IndexError. `len`, iteration, `box[i] = o` and `del box[i]` are those of
    `items`. `repr` gives the class, the number of items and the first ten, then `...` if there
    are more.

    items  whatever `listify` takes; a list is kept, not copied

    >>> ListContainer(range(12))
    ListContainer (12 items)
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...]
    >>> ListContainer("abc".split())[[0, 0]]
    ['abc', 'abc']
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
