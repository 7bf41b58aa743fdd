"""Other right ways in properties."""

import copy
from collections import Counter


def is_largest(f, xs):
    """By looking for a larger one."""
    found = f([*xs])
    larger = [x for x in xs if x > found]
    return not larger and xs.count(found) > 0


def is_largest(f, xs):
    """By the sorted list."""
    return sorted(xs)[-1] == f(xs[:])


def agrees(f, oracle, x):
    """By pairs of type and value."""
    results = [g(copy.deepcopy(x)) for g in (f, oracle)]
    (one, other) = [(type(o), o) for o in results]
    return one == other


def agrees(f, oracle, x):
    """Step by step."""
    mine = f(copy.deepcopy(x))
    wanted = oracle(copy.deepcopy(x))
    if type(mine) != type(wanted):
        return False
    return bool(mine == wanted)


def keeps_items(f, xs):
    """By counting."""
    return Counter(f(xs.copy())) == Counter(xs)


def keeps_items(f, xs):
    """By crossing items off."""
    left = list(xs)
    for x in f(list(xs)):
        if x not in left:
            return False
        left.remove(x)
    return left == []


def undoes(back, forth, x):
    """With a name for each step."""
    there = forth(copy.deepcopy(x))
    again = back(there)
    return again == x


def undoes(back, forth, x):
    """By a copy that is kept for the comparison."""
    start = copy.deepcopy(x)
    return back(forth(copy.deepcopy(x))) == start


def settles(f, x):
    """By two copies of the result."""
    once = f(copy.deepcopy(x))
    before, again = copy.deepcopy(once), copy.deepcopy(once)
    return f(again) == before


def settles(f, x):
    """By starting twice."""
    return f(f(copy.deepcopy(x))) == f(copy.deepcopy(x))


def moves_along(f, xs, c):
    """By the difference."""
    return f([c + x for x in xs]) - f(list(xs)) == c


def moves_along(f, xs, c):
    """By `map`."""
    moved = list(map(lambda x: x + c, xs))
    return f(moved) == c + f(xs[:])
