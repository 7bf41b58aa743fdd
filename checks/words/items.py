"""Words for lists of items: items of every kind, what fetches them, and indices of several."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

item_numbers = st.lists(st.integers(-9, 9), min_size=1, max_size=6)
"""Numbers as items."""

item_places = st.sampled_from(["data", "data/train", ".", Path("data"), Path("/data/x")])
"""Folders of items, as text and as Paths."""


class Names(list):
    """A list of a class of its own."""

    def __deepcopy__(self, memo: dict) -> "Names":
        return Names(self)


odd_items = st.lists(
    st.sampled_from([None, 0, "", "ab", (1, 2), [3, 4], [], Names("ab"), {"a": 1}, len]),
    min_size=1,
    max_size=4,
)
"""Items that might be taken for no item or for several."""


def add_three(x: Any) -> Any:
    """x + 3."""
    return x + 3


class Adding:
    """A transform that adds a number, which may change."""

    def __init__(self, much: float) -> None:
        self.much = much

    def __call__(self, x: Any) -> Any:
        return x + self.much

    def __repr__(self) -> str:
        return f"Adding({self.much})"


def double(x: Any) -> Any:
    """2 * x."""
    return 2 * x


def negative_in_the_end(x: Any) -> Any:
    """-x, after every other transform."""
    return -x


negative_in_the_end._order = 50  # type: ignore[attr-defined]


def fetching(item_list: type, get: Callable[[Any], Any]) -> Any:
    """A subclass of `item_list` whose `get(item)` is this function's."""

    class Fetching(item_list):  # type: ignore[valid-type,misc]
        def get(self, item: Any) -> Any:
            return get(item)

    return Fetching


def one_place(n: int) -> st.SearchStrategy[tuple[Any, int]]:
    """Indices of one among n items in every form, each with the position that it means."""
    forms = st.sampled_from([int, np.int64, np.int16, torch.tensor])
    return st.builds(lambda form, i: (form(i), i), forms, st.integers(-n, n - 1))


def several_places(n: int) -> st.SearchStrategy[tuple[Any, list[int]]]:
    """Indices of several among n items in every form, each with the positions that it means."""
    positions = st.lists(st.integers(-n, n - 1), min_size=1, max_size=4)
    masks = st.lists(st.booleans(), min_size=n, max_size=n)
    forms = st.sampled_from([list, np.array, torch.tensor])
    return st.one_of(
        st.just(([], [])),
        st.slices(n).map(lambda s: (s, list(range(n))[s])),
        st.builds(lambda form, p: (form(p), p), forms, positions),
        st.builds(lambda form, m: (form(m), [i for i in range(n) if m[i]]), forms, masks),
    )


one_of_numbers = item_numbers.flatmap(lambda xs: st.tuples(st.just(xs), one_place(len(xs))))
"""Numbers, an index of one of them, and the position that it means."""

several_of_numbers = item_numbers.flatmap(
    lambda xs: st.tuples(st.just(xs), several_places(len(xs)))
)
"""Numbers, an index of several of them, and the positions that it means."""
