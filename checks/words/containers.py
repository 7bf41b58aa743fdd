"""Words for containers: what people pass to them, and functions that leave a trace."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from hypothesis import strategies as st

from checks.laws import assert_that
from checks.words.arrays import Array


class Chain(list):
    """A list of another class."""


class Name(str):
    """A str of another class."""


class Raw(bytes):
    """Bytes of another class."""


class Bag(set):
    """A set of another class."""


class Row(tuple):
    """Items that `==` compares one by one, as it does those of an array."""

    __hash__ = tuple.__hash__

    def __eq__(self, other: Any) -> Any:
        return Array([x == other for x in self] or [False])


class Calling:
    """An object that is called, and calls what it was made with."""

    def __init__(self, f: Callable[..., Any]) -> None:
        self.f = f

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.f(*args, **kwargs)


class Hollow(Calling):
    """An object that is called and counts as false, since its length is 0."""

    def __len__(self) -> int:
        return 0


def as_generator(items: Iterable[Any]) -> Iterator[Any]:
    """The items, one after the other and once."""
    yield from items


def first_seen(items: Sequence[Any]) -> list[Any]:
    """The items without those that equal one before them."""
    return [x for i, x in enumerate(items) if x not in items[:i]]


def appending(name: Any, seen: list[Any] | None = None, **attributes: Any) -> Callable[..., Any]:
    """A function that appends its name to a tuple, and keeps its keyword arguments in `seen`."""

    def f(x: tuple, **kwargs: Any) -> tuple:
        if seen is not None:
            seen.append(kwargs)
        return (*x, name)

    vars(f).update({key: value for key, value in attributes.items() if value is not None})
    f.__name__ = f.__qualname__ = f"append_{name}"
    return f


def functions_of(orders: Sequence[Any], names: Sequence[Any] = range(99)) -> list[Any]:
    """A function for each order, which appends its name; an order of None is not set."""
    return [appending(names[i], _order=order) for i, order in enumerate(orders)]


def in_order(orders: Sequence[Any], names: Sequence[Any] = range(99)) -> tuple:
    """The names of functions with these orders, lowest order first, no order being 0."""
    places = sorted(range(len(orders)), key=lambda i: (orders[i] or 0, i))
    return tuple(names[i] for i in places)


class _Finder:
    """A finder of modules that knows none, and keeps whether torch is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Not here."""
        if name.partition(".")[0] == "torch":
            self.asked.append(name)
            raise ImportError("a container does without torch")


@contextmanager
def without_torch() -> Iterator[None]:
    """A block that must not import torch, whether it has been imported before or not."""
    finder, loaded = _Finder(), sys.modules.pop("torch", None)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        if loaded is not None:
            sys.modules["torch"] = loaded
        assert_that(not finder.asked, "torch was imported to read an index", finder.asked, [])


items = st.lists(
    st.sampled_from(["a", "b", (1, 2), (3, 4), [5, 6], None, 0, 1.5, len]), min_size=1, max_size=6
)
"""Items of many kinds, some of which are lists and tuples themselves."""


def with_places(strategy: Callable[[int], Any]) -> st.SearchStrategy[Any]:
    """Items, and what the strategy makes of the number of places that they have."""
    return items.flatmap(lambda xs: st.tuples(st.just(xs), strategy(len(xs))))


def place(count: int) -> st.SearchStrategy[int]:
    """A place among this many, counted from the start or from the end."""
    return st.integers(-count, count - 1)


with_place = with_places(place)
"""Items, and a place of one of them."""

with_list = with_places(lambda count: st.lists(place(count), max_size=6))
"""Items, and a list of their places, in any order and repeated."""

with_slice = with_places(st.slices)
"""Items, and a slice of them."""

with_mask = with_places(lambda count: st.lists(st.booleans(), min_size=count, max_size=count))
"""Items, and a mask with a bool for each."""

with_wrong_mask = with_places(
    lambda count: st.lists(st.booleans(), min_size=1, max_size=8).filter(lambda m: len(m) != count)
)
"""Items, and a mask that is too short or too long."""
