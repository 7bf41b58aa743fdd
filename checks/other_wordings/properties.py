"""Mistakes in properties, in other words."""

import copy
from collections import Counter


def is_largest(f, xs):
    """Forgets to compare: any item will do."""
    return any(f(list(xs)) == x for x in xs)


def is_largest(f, xs):
    """Compares the wrong way round: it asks for the smallest."""
    copied = list(xs)
    return f(copied) == min(xs)


def agrees(f, oracle, x):
    """Compares only the values, so 1 and 1.0 agree."""
    results = [each(copy.deepcopy(x)) for each in (f, oracle)]
    return not results[0] != results[1]


def keeps_items(f, xs):
    """Compares sets, so it doesn't see how often an item comes."""
    result = f(list(xs))
    return all(x in result for x in xs) and all(x in xs for x in result)


def keeps_items(f, xs):
    """Compares only the lengths."""
    return sum(1 for _ in f(list(xs))) == sum(1 for _ in xs)


def undoes(back, forth, x):
    """Calls the two functions in the wrong order."""
    there = back(copy.deepcopy(x))
    again = forth(there)
    return again == x


def moves_along(f, xs, c):
    """Forgets that the result grows: it asks whether nothing changes."""
    moved = list(map(lambda x: x + c, xs))
    return f(list(xs)) == f(moved)


def moves_along(f, xs, c):
    """Lets the result grow by `c` for each item, as a sum does."""
    return f([x + c for x in xs]) - f(list(xs)) == len(xs) * c


def keeps_items(f, xs):
    counts = Counter(f(list(xs)))
    return max(counts.values(), default=0) <= max(Counter(xs).values(), default=0)
