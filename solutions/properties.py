"""Properties: six kinds of law, each a function that says whether another function keeps it.

Level 1. About 30 minutes. Plain Python, needs no other kata: a warm-up for reading laws.
Source: Claessen & Hughes 2000, "QuickCheck"; Hughes 2019, "How to specify it!".

An example shows one call. A law speaks about all calls, so a program can try many inputs for you:

    @given(st.lists(st.integers(), min_size=1))
    def test_max_is_the_largest(xs):
        assert is_largest(max, xs)
"""

import copy
from collections.abc import Callable
from typing import Any


def run_lengths(text: str) -> list[tuple[str, int]]:
    """Given: each run of equal letters, with its length.

    >>> run_lengths("aab")
    [('a', 2), ('b', 1)]
    """
    runs: list[tuple[str, int]] = []
    for letter in text:
        count = runs.pop()[1] if runs and runs[-1][0] == letter else 0
        runs.append((letter, count + 1))
    return runs


def spelled_out(runs: list[tuple[str, int]]) -> str:
    """Given: the text that has these runs.

    >>> spelled_out([("a", 2), ("b", 1)])
    'aab'
    """
    return "".join(letter * count for letter, count in runs)


def is_largest(f: Callable[[list], Any], xs: list) -> bool:
    """The definition: whether `f(xs)` is an item of `xs`, and no item is larger.

    xs  numbers, at least one; left unchanged, whatever `f` does to its list

    >>> is_largest(max, [3, 1, 3]), is_largest(sum, [3, 1, 3])
    (True, False)
    """
    found = f(list(xs))
    return found in xs and all(x <= found for x in xs)


def agrees(f: Callable[[Any], Any], oracle: Callable[[Any], Any], x: Any) -> bool:
    """The oracle: whether `f(x)` equals `oracle(x)` and has its type.

    x  any value; left unchanged, whatever the two functions do to what they get

    >>> agrees(sum, lambda xs: xs[0] + xs[1], [1, 2]), agrees(sum, lambda xs: 3.0, [1, 2])
    (True, False)
    """
    mine, wanted = f(copy.deepcopy(x)), oracle(copy.deepcopy(x))
    return type(mine) is type(wanted) and mine == wanted


def keeps_items(f: Callable[[list], list], xs: list) -> bool:
    """The invariant: whether `f(xs)` has the same items as `xs`, each as often, in any order.

    xs  numbers; left unchanged, whatever `f` does to its list

    >>> keeps_items(sorted, [2, 1, 2]), keeps_items(lambda xs: xs[:2], [2, 1, 2])
    (True, False)
    """
    return sorted(f(list(xs))) == sorted(xs)


def undoes(back: Callable[[Any], Any], forth: Callable[[Any], Any], x: Any) -> bool:
    """The round trip: whether `back(forth(x))` equals `x`.

    x  any value; left unchanged, whatever the two functions do to what they get

    >>> undoes(spelled_out, run_lengths, "aab"), undoes(str.upper, str.lower, "aab")
    (True, False)
    """
    return back(forth(copy.deepcopy(x))) == x


def settles(f: Callable[[Any], Any], x: Any) -> bool:
    """Idempotence: whether calling `f` again, on its own result, returns an equal result.

    x  any value; left unchanged, whatever `f` does to its argument

    A function that changes its argument and returns it is judged correctly too.

    >>> settles(str.strip, " a "), settles(lambda text: text + ".", "a")
    (True, False)
    """
    once = f(copy.deepcopy(x))
    return f(copy.deepcopy(once)) == once


def moves_along(f: Callable[[list], Any], xs: list, c: int) -> bool:
    """The metamorphic relation: whether `f(xs)` grows by `c` when every item of `xs` does.

    xs  whole numbers, at least one; left unchanged, whatever `f` does to its list
    c   how much each item grows by, which may be below 0

    Why: you needn't know what `f(xs)` is to see how two results are related.

    >>> moves_along(max, [1, 5], 10), moves_along(sum, [1, 5], 10)
    (True, False)
    """
    return f([x + c for x in xs]) == f(list(xs)) + c
