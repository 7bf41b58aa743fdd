"""Variants for `containers`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

from itertools import groupby, islice


def listify(o):
    """Splits a string into its letters."""
    if o is None:
        return []
    if isinstance(o, list):
        return o
    return [*o] if hasattr(o, "__iter__") else [o]


def listify(o):
    """Makes a list that holds None instead of an empty one."""
    if isinstance(o, list):
        return o
    if o is None or isinstance(o, (str, bytes)):
        return [o]
    try:
        return [x for x in o]
    except TypeError:
        return [o]


def listify(o):
    """Copies a list instead of returning the list itself."""
    match o:
        case None:
            return []
        case str() | bytes():
            return [o]
    return [*o] if hasattr(o, "__iter__") else [o]


def listify(o):
    """Splits only lists and tuples, so a set, a range or a generator becomes one item."""
    if o is None:
        return []
    if isinstance(o, tuple):
        return list(o)
    return o if isinstance(o, list) else [o]


def listify(o):
    # in reverse order
    if o is None:
        return []
    if isinstance(o, list):
        return o
    return list(o)[::-1] if hasattr(o, "__iter__") and not isinstance(o, (str, bytes)) else [o]


def setify(o):
    """Splits a string into its letters."""
    if isinstance(o, set):
        return o
    return {x for x in (() if o is None else o if hasattr(o, "__iter__") else (o,))}


def setify(o):
    """Copies a set instead of returning the set itself."""
    return {*listify(o)}


def setify(o):
    # the empty set for everything but sets
    return o if isinstance(o, set) else set()


def uniqueify(items, sort=False):
    """Always sorts."""
    seen = []
    for o in items:
        if o not in seen:
            seen.append(o)
    seen.sort()
    return seen


def uniqueify(items, sort=False):
    """Never sorts."""
    seen = set()
    return [o for o in items if not (o in seen or seen.add(o))]


def uniqueify(items, sort=False):
    """Keeps the last appearance of each value instead of the first."""
    items = list(items)
    kept = [o for i, o in enumerate(items) if o not in items[i + 1 :]]
    return sorted(kept) if sort else kept


def uniqueify(items, sort=False):
    """Drops a repeated value only if it comes directly after the same value."""
    items = sorted(items) if sort else items
    return [value for value, _ in groupby(items)]


def uniqueify(items, sort=False):
    # the first three only
    values = list(dict.fromkeys(items))
    return list(islice(sorted(values) if sort else values, 3))


def uniqueify(items, sort=False):
    # leaves out the first
    values = list(dict.fromkeys(items))[1:]
    return sorted(values) if sort else values


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Calls the functions in the order in which they are given."""
    fs = listify(funcs)
    while fs:
        f, *fs = fs
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Calls the highest order first."""
    fs = list(enumerate(listify(funcs)))
    fs.sort(key=lambda pair: (-getattr(pair[1], order_key, 0), pair[0]))
    for _, f in fs:
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Does not pass keyword arguments on."""
    fs = sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0))
    result = x
    for f in fs:
        result = f(result)
    return result


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Always sorts by `_order`, whatever attribute was named."""

    def place(f):
        try:
            return f._order
        except AttributeError:
            return 0

    for f in sorted(listify(funcs), key=place):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    # calls everything twice
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0)):
        x = f(f(x, **kwargs), **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    # never calls the last
    for f in sorted(listify(funcs), key=lambda f: getattr(f, order_key, 0))[:-1]:
        x = f(x, **kwargs)
    return x


class _Box:
    def __init__(self, items):
        self.items = listify(items)

    def __getitem__(self, idx):
        idx = plain_index(idx)
        if isinstance(idx, (int, slice)):
            return self.items[idx]
        if len(idx) and all(isinstance(o, bool) for o in idx):
            return self.masked(idx)
        return [self.items[i] for i in idx]

    def masked(self, mask):
        if len(mask) != len(self.items):
            raise IndexError("mask of another length")
        return [self.items[i] for i, m in enumerate(mask) if m]

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        yield from self.items

    def __setitem__(self, idx, value):
        self.items[idx] = value

    def __delitem__(self, idx):
        del self.items[idx]

    def __repr__(self):
        return f"{self.__class__.__name__} ({len(self.items)} items)\n{self.shown()}"

    def shown(self):
        text = ", ".join(map(repr, self.items[:10]))
        return f"[{text}, ...]" if len(self.items) > 10 else f"[{text}]"


class ListContainer(_Box):
    """Returns the items that the mask leaves out."""

    def masked(self, mask):
        if len(mask) != len(self.items):
            raise IndexError("mask of another length")
        return [o for o, out in zip(self.items, mask) if not out]  # noqa: B905


class ListContainer(_Box):
    """Cuts a mask that is too long or too short instead of raising IndexError."""

    def masked(self, mask):
        return [pair[0] for pair in zip(self.items, mask) if pair[1]]  # noqa: B905


class ListContainer(_Box):
    """Raises ValueError for a mask of another length."""

    def masked(self, mask):
        return [o for o, m in zip(self.items, mask, strict=True) if m]


class ListContainer(_Box):
    """Shows all items, however many there are."""

    def shown(self):
        return str(self.items)


class ListContainer(_Box):
    """Ends with three dots even when all items are shown."""

    def shown(self):
        return "[" + ", ".join([repr(o) for o in self.items[:10]] + ["..."]) + "]"


class ListContainer(_Box):
    """Puts None in the place of what is deleted."""

    def __delitem__(self, idx):
        self.items[idx] = None


class ListContainer(_Box):
    # one place further
    def __getitem__(self, idx):
        idx = plain_index(idx)
        return _Box.__getitem__(self, idx - 1 if type(idx) is int else idx)


class ListContainer(_Box):
    # one item less
    def __len__(self):
        return max(0, len(self.items) - 1)
