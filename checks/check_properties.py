"""The laws of properties."""

import copy

from hypothesis import example, given
from hypothesis import strategies as st

from checks.laws import assert_same, law, unchanged
from katas.properties import agrees, is_largest, keeps_items, moves_along, settles, undoes

numbers = st.lists(st.integers(-9, 9), min_size=1)


def in_place(xs):
    """Sort the very list that comes in."""
    xs.sort()
    return xs


def emptying(xs):
    """The largest item of a list that is emptied on the way."""
    found = max(xs)
    xs.clear()
    return found


def growing(xs):
    """The list itself, with one item more at each call."""
    xs.append(0)
    return xs


def poured(several):
    """The items of a set, which is empty afterwards."""
    found = set(several)
    several.clear()
    return found


PICKED = [
    *(max, min, sum, len, emptying, lambda xs: xs[0], lambda xs: max(xs) + 1, lambda xs: 9),
    lambda xs: -max(xs),
]
CHANGED = [
    *(sorted, in_place, growing, list, lambda xs: xs[1:], lambda xs: sorted(set(xs))),
    *(lambda xs: [*xs, xs[0]], lambda xs: [max(xs)] * len(xs), lambda xs: xs[::-1]),
]
picked, changed = st.sampled_from(PICKED), st.sampled_from(CHANGED)


@law("is_largest", "whether `f(xs)` is an item of `xs`, and no item is larger.")
@given(picked, numbers)
@example(max, [3, 3])
@example(lambda xs: max(xs) + 1, [1, 2])
@example(lambda xs: xs[0], [1, 2])
@example(max, [-2, -1])
@example(max, [0])
@example(lambda xs: sorted(xs)[-1], [1, 3])
def test_the_largest_is_an_item_that_none_exceeds(f, xs):
    """is_largest(f, xs) = (f(xs) = max(xs))."""
    assert_same(is_largest(f, list(xs)), f(list(xs)) == max(xs))


@law("is_largest", "xs numbers, at least one; left unchanged, whatever `f` does to its list")
@given(numbers)
def test_the_largest_is_looked_for_in_the_whole_list(xs):
    """An `f` that empties its list changes neither xs nor the answer."""
    with unchanged(xs=xs):
        assert_same(is_largest(emptying, xs), True)


@law("agrees", "whether `f(x)` equals `oracle(x)` and has its type.")
@given(changed, changed, numbers)
@example(lambda xs: 1, lambda xs: 1.0, [0])
@example(lambda xs: 1, lambda xs: True, [0])
@example(lambda xs: True, lambda xs: 1, [0])
@example(lambda xs: {1: 2, 3: 4}, lambda xs: {3: 4, 1: 2}, [0])
@example(lambda xs: 0.0, lambda xs: -0.0, [0])
@example(lambda xs: [], lambda xs: (), [0])
@example(lambda xs: None, lambda xs: None, [0])
@example(lambda xs: "1", lambda xs: 1, [0])
@example(lambda xs: float(sum(xs)), lambda xs: float(sum(xs)), [1])
def test_two_results_agree_in_value_and_type(f, oracle, xs):
    """Equal values of two types don't agree."""
    mine, wanted = f(list(xs)), oracle(list(xs))
    assert_same(agrees(f, oracle, list(xs)), type(mine) is type(wanted) and mine == wanted)


@law("agrees", "x any value; left unchanged, whatever the two functions do to what they get")
@given(numbers)
def test_both_functions_get_the_same_value(xs):
    """What one does to its list, the other doesn't see."""
    with unchanged(xs=xs):
        assert_same(agrees(growing, growing, xs), True)
    assert_same(agrees(growing, list, xs), False)
    nested, table, several = [xs], dict.fromkeys(xs, 1), set(xs)
    with unchanged(nested=nested):
        agrees(lambda o: o[0].append(1), lambda o: None, nested)
    with unchanged(table=table, several=several):
        assert_same(agrees(lambda o: o.pop(xs[0]), lambda o: o.pop(xs[0]), table), True)
        assert_same(agrees(poured, poured, several), True)


@law("keeps_items", "whether `f(xs)` has the same items as `xs`, each as often, in any order.")
@given(changed, numbers)
@example(lambda xs: sorted(set(xs)), [1, 1])
@example(lambda xs: [max(xs)] * len(xs), [1, 2])
@example(lambda xs: [*xs, xs[0]], [1])
@example(lambda xs: [1, 3, 2], [1, 2, 3])
@example(lambda xs: [1, 1, 2], [1, 2, 2])
@example(lambda xs: [2, 2], [1, 3])
def test_items_are_kept_as_often_as_they_come(f, xs):
    """keeps_items(f, xs) = (sorted(f(xs)) = sorted(xs))."""
    assert_same(keeps_items(f, list(xs)), sorted(f(list(xs))) == sorted(xs))


@law("keeps_items", "xs numbers; left unchanged, whatever `f` does to its list")
@given(st.lists(st.integers(-9, 9)))
@example([])
def test_items_are_compared_with_those_from_before(xs):
    """An `f` that changes its list is compared with xs, which stays."""
    with unchanged(xs=xs):
        assert_same(keeps_items(in_place, xs), True)
        assert_same(keeps_items(growing, xs), False)


@law("undoes", "whether `back(forth(x))` equals `x`.")
@given(st.text("abA ", max_size=6))
@example("A")
@example(" a")
@example("")
def test_there_and_back_is_where_it_started(text):
    """`str.lower` isn't undone for capital letters, nor `str.strip` for spaces; 3.0 equals 3."""
    assert_same(undoes("".join, list, text), True)
    assert_same(undoes(lambda o: o[::-1], lambda o: o[::-1], text), True)
    assert_same(undoes(str.upper, str.lower, text), text.upper() == text)
    assert_same(undoes(str, str.strip, text), text.strip() == text)
    assert_same(undoes(lambda o: o[0], lambda o: (o, 1), text), True)
    assert_same(undoes(float, str, len(text)), True)


@law("undoes", "x any value; left unchanged, whatever the two functions do to what they get")
@given(numbers)
def test_the_start_is_compared_as_it_stood(xs):
    """A `forth` that changes its list isn't undone by returning that list."""
    with unchanged(xs=xs):
        assert_same(undoes(list, growing, xs), False)
        assert_same(undoes(lambda o: o[:-1], growing, xs), True)
    nested, several = [xs], set(xs)
    with unchanged(nested=nested, several=several):
        undoes(list, lambda o: growing(o[0]), nested)
        assert_same(undoes(set, poured, several), True)


@law("settles", "whether calling `f` again, on its own result, returns an equal result.")
@given(st.text("ab .", max_size=6))
@example(" ")
def test_the_second_call_changes_nothing(text):
    """`str.strip` settles; a dot at the end at each call doesn't."""
    assert_same(settles(str.strip, text), True)
    assert_same(settles(lambda o: f"{o}.", text), False)
    assert_same(settles(lambda o: o[1:], text), len(text) < 2)
    assert_same(settles(lambda o: "constant", text), True)
    assert_same(settles(lambda o: o[::-1], text), text == text[::-1])


@law("settles", "A function that changes its argument and returns it is judged correctly too.")
@given(numbers)
def test_a_result_is_compared_as_it_was_returned(xs):
    """A list that grows at each call doesn't settle; one that is sorted in place does."""
    assert_same(settles(growing, copy.copy(xs)), False)
    assert_same(settles(in_place, copy.copy(xs)), True)


@law("settles", "x any value; left unchanged, whatever `f` does to")
@given(numbers)
def test_what_settles_is_left_unchanged(xs):
    """Neither the list nor what lies in it changes."""
    nested, several = [xs], set(xs)
    with unchanged(xs=xs, nested=nested, several=several):
        settles(growing, xs)
        settles(lambda o: [growing(o[0])], nested)
        settles(poured, several)


@law(
    "moves_along",
    "whether `f(xs)` grows by `c` when every item of `xs` does.",
    "c how much each item",
)
@given(picked, numbers, st.integers(-9, 9))
@example(sum, [1], 3)
@example(sum, [1, 5], 10)
@example(max, [1, 5], -2)
@example(sum, [1, 5], -2)
@example(len, [1], -1)
@example(lambda xs: -max(xs), [1, 5], 2)
@example(lambda xs: -max(xs), [1, 5], -2)
@example(lambda xs: 9, [1], 1)
@example(lambda xs: max(xs) - min(xs), [1, 5], 2)
def test_results_move_with_their_items(f, xs, c):
    """moves_along(f, xs, c) = (f(xs + c) = f(xs) + c)."""
    wanted = f([x + c for x in xs]) == f(list(xs)) + c
    assert_same(moves_along(f, list(xs), c), wanted)


@law(
    "moves_along",
    "xs whole numbers, at least one; left unchanged, whatever `f` does to its list",
)
@given(numbers, st.integers(-9, 9))
def test_moved_items_are_a_list_of_their_own(xs, c):
    """An `f` that empties its list changes neither xs nor the answer."""
    with unchanged(xs=xs):
        assert_same(moves_along(emptying, xs, c), True)
