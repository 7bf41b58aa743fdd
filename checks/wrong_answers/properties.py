"""Mistakes in properties."""

import copy


def is_largest(f, xs):
    """Forgets that the result must be an item."""
    return all(x <= f(list(xs)) for x in xs)


def is_largest(f, xs):
    """Forgets to compare: any item will do."""
    return f(list(xs)) in xs


def is_largest(f, xs):
    """Wants the other items to be smaller, so a largest number that comes twice is refused."""
    found = f(list(xs))
    return found in xs and sum(x >= found for x in xs) == 1


def is_largest(f, xs):
    """Passes the list itself to `f`, which may change it."""
    found = f(xs)
    return found in xs and all(x <= found for x in xs)


def is_largest(f, xs):
    """Compares the wrong way round: it asks for the smallest."""
    found = f(list(xs))
    return found in xs and all(x >= found for x in xs)


def is_largest(f, xs):
    """Returns the result itself, so a largest number of 0 counts as False."""
    found = f(list(xs))
    return found in xs and all(x <= found for x in xs) and found


def is_largest(f, xs):
    """Calls `max` and never looks at `f`."""
    return max(xs) in xs


def agrees(f, oracle, x):
    """Compares only the values, so 1 and 1.0 agree."""
    return f(copy.deepcopy(x)) == oracle(copy.deepcopy(x))


def agrees(f, oracle, x):
    """Compares only the types."""
    return type(f(copy.deepcopy(x))) is type(oracle(copy.deepcopy(x)))


def agrees(f, oracle, x):
    """Passes the same object to both functions, so the second sees the changes that the first made."""
    mine, wanted = f(x), oracle(x)
    return type(mine) is type(wanted) and mine == wanted


def agrees(f, oracle, x):
    """Compares `f` with itself."""
    mine, wanted = f(copy.deepcopy(x)), f(copy.deepcopy(x))
    return type(mine) is type(wanted) and mine == wanted


def agrees(f, oracle, x):
    """Compares the text of both results, so "1" agrees with 1."""
    return str(f(copy.deepcopy(x))) == str(oracle(copy.deepcopy(x)))


def agrees(f, oracle, x):
    """Accepts any object of a subclass, so True agrees with 1."""
    mine, wanted = f(copy.deepcopy(x)), oracle(copy.deepcopy(x))
    return (isinstance(mine, type(wanted)) or isinstance(wanted, type(mine))) and mine == wanted


def agrees(f, oracle, x):
    """Copies only the outer list, so the functions share the lists inside it."""
    mine, wanted = f(copy.copy(x)), oracle(copy.copy(x))
    return type(mine) is type(wanted) and mine == wanted


def agrees(f, oracle, x):
    """Accepts a subclass on one side only: True agrees with 1, but 1 doesn't agree with True."""
    mine, wanted = f(copy.deepcopy(x)), oracle(copy.deepcopy(x))
    return mine == wanted and isinstance(mine, type(wanted))


def agrees(f, oracle, x):
    """Compares what is printed, so the order in a dict counts."""
    return repr(f(copy.deepcopy(x))) == repr(oracle(copy.deepcopy(x)))


def agrees(f, oracle, x):
    """Copies only lists, so the functions can change the caller's sets and dicts."""
    mine, wanted = (g(copy.deepcopy(x) if isinstance(x, list) else x) for g in (f, oracle))
    return type(mine) is type(wanted) and mine == wanted


def keeps_items(f, xs):
    """Compares sets, so it doesn't see how often an item comes."""
    return set(f(list(xs))) == set(xs)


def keeps_items(f, xs):
    """Compares only the lengths."""
    return len(f(list(xs))) == len(xs)


def keeps_items(f, xs):
    """Compares lists, so another order is refused."""
    return f(list(xs)) == xs


def keeps_items(f, xs):
    """Compares the result with the list that it passed to `f`, which `f` may have changed."""
    return sorted(f(xs)) == sorted(xs)


def keeps_items(f, xs):
    """Looks for the items of the result in the list, and not the other way round."""
    return all(x in xs for x in f(list(xs)))


def keeps_items(f, xs):
    """Checks that the list's items are in the result, but lets the result have extra ones."""
    found = f(list(xs))
    return all(x in found for x in xs)


def keeps_items(f, xs):
    """Compares sums, which are the same for 1, 3 and 2, 2."""
    found = f(list(xs))
    return len(found) == len(xs) and sum(found) == sum(xs)


def undoes(back, forth, x):
    """Calls the two functions in the wrong order."""
    return forth(back(copy.deepcopy(x))) == x


def undoes(back, forth, x):
    """Passes the caller's value to `forth`, which may change it before the result is compared with it."""
    return back(forth(x)) == x


def undoes(back, forth, x):
    """Calls only `forth`, and never `back`."""
    return forth(copy.deepcopy(x)) == x


def undoes(back, forth, x):
    """Compares `back(forth(x))` with `back(x)` instead of with `x`."""
    return back(forth(copy.deepcopy(x))) == back(copy.deepcopy(x))


def undoes(back, forth, x):
    """Says yes whenever both functions run."""
    back(forth(copy.deepcopy(x)))
    return True


def undoes(back, forth, x):
    """Makes a shallow copy, so the functions can change the lists inside the caller's list."""
    return back(forth(copy.copy(x))) == x


def undoes(back, forth, x):
    """Wants the type of `x` as well, so 3.0 isn't 3."""
    found = back(forth(copy.deepcopy(x)))
    return type(found) is type(x) and found == x


def undoes(back, forth, x):
    """Copies lists but not sets, so `forth` can change the caller's set."""
    return back(forth(copy.deepcopy(x) if isinstance(x, list) else x)) == x


def settles(f, x):
    """Compares the first result with the value, so it asks whether `f` does anything at all."""
    return f(copy.deepcopy(x)) == x


def settles(f, x):
    """Compares a result with itself if `f` changes its argument and returns it."""
    once = f(copy.deepcopy(x))
    return f(once) == once


def settles(f, x):
    """Calls `f` twice on the value and not on its result, so it asks whether `f` repeats itself."""
    return f(copy.deepcopy(x)) == f(copy.deepcopy(x))


def settles(f, x):
    """Compares the second result with the value."""
    return f(f(copy.deepcopy(x))) == x


def settles(f, x):
    """Passes the value itself, so an `f` that changes its argument changes the caller's value."""
    once = f(x)
    return f(copy.deepcopy(once)) == once


def settles(f, x):
    """Compares the third result with the second, one call too late."""
    twice = f(copy.deepcopy(f(copy.deepcopy(x))))
    return f(copy.deepcopy(twice)) == twice


def settles(f, x):
    """Copies only the outermost list, not the lists inside it."""
    first = f(x[:] if isinstance(x, list) else copy.copy(x))
    return f(copy.copy(first)) == first


def moves_along(f, xs, c):
    """Forgets that the result grows: it asks whether nothing changes."""
    return f([x + c for x in xs]) == f(list(xs))


def moves_along(f, xs, c):
    """Lets the result grow by `c` for each item, as a sum does."""
    return f([x + c for x in xs]) == f(list(xs)) + c * len(xs)


def moves_along(f, xs, c):
    """Adds one item instead of adding to each item."""
    return f([*xs, c]) == f(list(xs)) + c


def moves_along(f, xs, c):
    """Multiplies the items."""
    return f([x * c for x in xs]) == f(list(xs)) * c


def moves_along(f, xs, c):
    """Asks only whether the result grows, not by how much."""
    return f([x + abs(c) for x in xs]) >= f(list(xs))


def moves_along(f, xs, c):
    """Passes the list itself to `f`, which may change it."""
    moved = [x + c for x in xs]
    return f(moved) == f(xs) + c


def moves_along(f, xs, c):
    """Adds to the caller's own list."""
    before = f(list(xs))
    for i in range(len(xs)):
        xs[i] += c
    return f(list(xs)) == before + c


def moves_along(f, xs, c):
    """Compares how far the result moves, and not which way."""
    return abs(f([x + c for x in xs]) - f(list(xs))) == abs(c)


def moves_along(f, xs, c):
    """Accepts every result when the items shrink."""
    return c < 0 or f([x + c for x in xs]) == f(list(xs)) + c
