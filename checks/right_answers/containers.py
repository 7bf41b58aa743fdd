"""Right answers to the exercises of `containers`."""

import operator
from collections import OrderedDict
from collections.abc import Iterable, MutableSequence
from functools import reduce
from itertools import compress


def listify(o):
    """The lecture's form, with bytes beside strings."""
    if o is None:
        return []
    if isinstance(o, list):
        return o
    if isinstance(o, (str, bytes)):
        return [o]
    if isinstance(o, Iterable):
        try:
            return list(o)
        except TypeError:
            return [o]
    return [o]


def listify(o):
    """By trying."""
    if isinstance(o, list):
        return o
    if o is None or isinstance(o, (str, bytes)):
        return [] if o is None else [o]
    try:
        return [*o]
    except TypeError:
        return [o]


def listify(o):
    """By cases of a match statement."""
    match o:
        case None:
            return []
        case list():
            return o
        case str() | bytes():
            return [o]
    try:
        found = iter(o)
    except TypeError:
        return [o]
    items = []
    items.extend(found)
    return items


def setify(o):
    """The lecture's form."""
    return o if isinstance(o, set) else set(listify(o))


def setify(o):
    """By a comprehension."""
    if isinstance(o, set):
        return o
    return {item for item in listify(o)}  # noqa: C416


def uniqueify(items, sort=False):
    """The lecture's form."""
    res = list(OrderedDict.fromkeys(items).keys())
    if sort:
        res.sort()
    return res


def uniqueify(items, sort=False):
    """With a set of what was seen."""
    seen, res = set(), []
    for o in items:
        if o not in seen:
            seen.add(o)
            res.append(o)
    return sorted(res) if sort else res


def uniqueify(items, sort=False):
    """By a dictionary of first places, built from the end."""
    items = list(items)
    first = {o: i for i, o in reversed(list(enumerate(items)))}
    return sorted(first) if sort else sorted(first, key=first.get)


def compose(x, funcs, *, order_key="_order", **kwargs):
    """The lecture's form."""
    key = lambda o: getattr(o, order_key, 0)  # noqa: E731
    for f in sorted(listify(funcs), key=key):
        x = f(x, **kwargs)
    return x


def compose(x, funcs, *, order_key="_order", **kwargs):
    """By reduce over a sorted copy."""
    ordered = list(listify(funcs))
    ordered.sort(key=lambda f: getattr(f, order_key, 0))
    return reduce(lambda result, f: f(result, **kwargs), ordered, x)


def compose(x, funcs, *, order_key="_order", **kwargs):
    """Takes out the lowest that is left, again and again."""
    left = [funcs] if callable(funcs) else list(funcs or [])
    while left:
        orders = [getattr(f, order_key, 0) for f in left]
        x = left.pop(orders.index(min(orders)))(x, **kwargs)
    return x


class ListContainer:
    """The lecture's form, with the mask's error and tensors as lists."""

    def __init__(self, items):
        self.items = listify(items)

    def __getitem__(self, idx):
        if hasattr(idx, "tolist"):
            idx = idx.tolist()
        try:
            return self.items[idx]
        except TypeError:
            if len(idx) and isinstance(idx[0], bool):
                if len(idx) != len(self.items):
                    raise IndexError("the mask has another length") from None
                return [o for m, o in zip(idx, self.items, strict=True) if m]
            return [self.items[i] for i in idx]

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return iter(self.items)

    def __setitem__(self, i, o):
        self.items[i] = o

    def __delitem__(self, i):
        del self.items[i]

    def __repr__(self):
        res = f"{self.__class__.__name__} ({len(self)} items)\n{self.items[:10]}"
        if len(self) > 10:
            res = res[:-1] + "...]"
        return res


class ListContainer(MutableSequence):
    """As a mutable sequence, one index after the other by `operator.index`."""

    def __init__(self, items):
        self.items = listify(items)

    def __getitem__(self, idx):
        if isinstance(idx, slice):
            return self.items[idx]
        try:
            return self.items[operator.index(idx)]
        except TypeError:
            pass
        is_mask = "bool" in str(getattr(idx, "dtype", type(idx[0]) if len(idx) else ""))
        if not is_mask:
            return [self.items[int(i)] for i in idx]
        if len(idx) != len(self):
            raise IndexError(f"{len(idx)} of {len(self)}")
        return list(compress(self.items, map(bool, idx)))

    def __setitem__(self, idx, value):
        self.items[idx] = value

    def __delitem__(self, idx):
        del self.items[idx]

    def __len__(self):
        return len(self.items)

    def insert(self, place, value):
        self.items.insert(place, value)

    def __repr__(self):
        shown = ", ".join(map(repr, self.items[:10]))
        more = ", ..." if len(self.items) > 10 else ""
        return f"{type(self).__name__}: {len(self.items)} items [{shown}{more}]"


class ListContainer:
    """With a helper that turns every index into places first."""

    def __init__(self, items):
        self.items = listify(items)

    def _places(self, idx):
        if isinstance(idx, slice):
            return range(len(self.items))[idx]
        idx = list(idx.tolist() if hasattr(idx, "tolist") else idx)
        if idx and all(isinstance(i, bool) for i in idx):
            if len(idx) != len(self.items):
                raise IndexError("wrong length of mask")
            return [i for i, keep in enumerate(idx) if keep]
        return idx

    def __getitem__(self, idx):
        if isinstance(idx, int):
            return self.items[idx]
        return [self.items[i] for i in self._places(idx)]

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        yield from self.items

    def __setitem__(self, idx, value):
        self.items[idx] = value

    def __delitem__(self, idx):
        self.items.pop(idx) if isinstance(idx, int) else self.items.__delitem__(idx)

    def __repr__(self):
        lines = [f"{self.__class__.__qualname__} of {len(self.items)} items", str(self.items[:10])]
        return "\n".join(lines + ["..."] * (len(self.items) > 10))
