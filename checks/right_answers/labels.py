"""Right answers to the exercises of `labels`."""

import os
from collections import Counter
from pathlib import Path

from .containers import compose, listify, setify, uniqueify
from .item_lists import ItemList


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """The lecture's form, for text too."""
    gp = Path(fn).parent.parent.name
    return True if gp == valid_name else False if gp == train_name else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """By a table of the two names."""
    return {train_name: False, valid_name: True}.get(Path(fn).parent.parent.name)


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """By the parts of the path, as far as there are any."""
    *above, _, _ = ("", "", "", *Path(fn).parts)
    if above[-1] == valid_name:
        return True
    if above[-1] == train_name:
        return False
    return None


def split_by_func(items, f):
    """The lecture's form: a mask, and two lists by it."""
    items = list(items)
    mask = [f(o) for o in items]
    # `None` values will be filtered out
    f = [o for o, m in zip(items, mask, strict=True) if m is False]
    t = [o for o, m in zip(items, mask, strict=True) if m is True]
    return f, t


def split_by_func(items, f):
    """One pass that puts each item into its list."""
    parts = {False: [], True: [], None: []}
    for o in items:
        parts[f(o)].append(o)
    return parts[False], parts[True]


def split_by_func(items, f):
    """By filter, asking twice."""
    items = list(items)
    train = list(filter(lambda o: f(o) is False, items))
    return train, list(filter(f, items))


class SplitData:
    """The lecture's form, which mends unpickling by setting the state itself."""

    def __init__(self, train, valid):
        self.train, self.valid = train, valid

    def __getattr__(self, k):
        return getattr(self.train, k)

    # pickle and copy ask a new object for this before it has a `train`
    def __setstate__(self, data):
        self.__dict__.update(data)

    @classmethod
    def split_by_func(cls, il, f):
        lists = map(il.new, split_by_func(il.items, f))
        return cls(*lists)

    def __repr__(self):
        return f"{self.__class__.__name__}\nTrain: {self.train}\nValid: {self.valid}\n"


class SplitData:
    """Asks its own dictionary for the training set."""

    def __init__(self, train, valid):
        self.train = train
        self.valid = valid

    def __getattr__(self, name):
        if "train" not in self.__dict__:
            raise AttributeError(name)
        return getattr(self.__dict__["train"], name)

    @classmethod
    def split_by_func(cls, il, f):
        train, valid = split_by_func(il.items, f)
        return cls(train=il.new(train), valid=il.new(valid))


class SplitData:
    """Tells pickle and copy how it is made."""

    def __init__(self, train, valid):
        self.train, self.valid = train, valid

    def __reduce__(self):
        return type(self), (self.train, self.valid)

    def __getattr__(self, name):
        return getattr(object.__getattribute__(self, "train"), name)

    @staticmethod
    def split_by_func(il, f):
        sides = {True: [], False: []}
        for item in il.items:
            sides.get(f(item), []).append(item)
        return SplitData(il.new(sides[False]), il.new(sides[True]))


class SplitData:
    """Passes on what does not begin with two underscores."""

    __slots__ = ("train", "valid")

    def __init__(self, train, valid):
        self.train, self.valid = train, valid

    def __getattr__(self, name):
        if name.startswith("__") or name in self.__slots__:
            raise AttributeError(f"no {name} here")
        try:
            return getattr(self.train, name)
        except AttributeError:
            raise AttributeError(f"neither split data nor its training set has {name}") from None

    @classmethod
    def split_by_func(cls, il, f):
        return cls(*[il.new(side) for side in split_by_func(il.items, f)])


class CategoryProcessor:
    """The lecture's form, with the errors that were missing."""

    def __init__(self):
        self.vocab = None

    def __call__(self, items):
        items = listify(items)
        # the vocab is defined on the first use
        if self.vocab is None:
            self.vocab = uniqueify(items)
            self.otoi = {v: k for k, v in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]

    def proc1(self, item):
        if self.vocab is None:
            raise ValueError("no vocab")
        if item not in self.otoi:
            raise ValueError(f"{item} is not among {self.vocab}")
        return self.otoi[item]

    def deprocess(self, idxs):
        if self.vocab is None:
            raise ValueError("no vocab")
        return [self.deproc1(idx) for idx in idxs]

    def deproc1(self, idx):
        if self.vocab is None:
            raise ValueError("no vocab")
        return self.vocab[idx]


class CategoryProcessor:
    """Looks labels up by their place; the error is a subclass of ValueError."""

    vocab = None

    class Unknown(ValueError):
        """A label without a number."""

    def _words(self):
        if self.vocab is None:
            raise self.Unknown("process the training labels first")
        return self.vocab

    def __call__(self, labels):
        labels = [*labels]
        if self.vocab is None:
            self.vocab = sorted(set(labels), key=labels.index)
        return list(map(self.proc1, labels))

    def proc1(self, label):
        try:
            return self._words().index(label)
        except self.Unknown:
            raise
        except ValueError:
            known = ", ".join(map(str, self.vocab))
            raise self.Unknown(f"unknown label {label!r}; known are: {known}") from None

    def deproc1(self, i):
        return self._words()[int(i)]

    def deprocess(self, numbers):
        return list(map(self._words().__getitem__, numbers))


class CategoryProcessor:
    """Two dictionaries that are filled while the first labels are numbered."""

    def __init__(self):
        self.number_of, self.label_of, self.is_open = {}, {}, True

    @property
    def vocab(self):
        """The labels, once there are any."""
        return None if self.is_open else list(self.number_of)

    def __call__(self, items):
        numbers = []
        first, self.is_open = self.is_open, False
        for item in items:
            if first and item not in self.number_of:
                self.label_of[len(self.number_of)] = item
                self.number_of[item] = len(self.number_of)
            numbers.append(self.proc1(item))
        return numbers

    def proc1(self, item):
        if item in self.number_of:
            return self.number_of[item]
        raise ValueError(f"{item} not in {list(self.number_of)}")

    def deproc1(self, idx):
        if self.is_open:
            raise ValueError("no vocabulary")
        return self.label_of[idx]

    def deprocess(self, idxs):
        if self.is_open:
            raise ValueError("no vocabulary")
        return [self.label_of[idx] for idx in idxs]


def parent_labeler(fn):
    """The lecture's form, for text too."""
    return Path(fn).parent.name


def parent_labeler(fn):
    """By os.path."""
    return os.path.basename(os.path.dirname(fn))


def parent_labeler(fn):
    """By the parts of the path."""
    return Path(fn).parts[-2]


class LabeledData:
    """The lecture's form, with the processors put in their order first."""

    def process(self, il, proc):
        return il.new(compose(il.items, proc))

    def __init__(self, x, y, proc_x=None, proc_y=None):
        def by_order(procs):
            return sorted(listify(procs), key=lambda o: getattr(o, "_order", 0))

        self.proc_x, self.proc_y = by_order(proc_x), by_order(proc_y)
        self.x, self.y = self.process(x, self.proc_x), self.process(y, self.proc_y)

    def __repr__(self):
        return f"{self.__class__.__name__}\nx: {self.x}\ny: {self.y}\n"

    def __getitem__(self, idx):
        return self.x[idx], self.y[idx]

    def __len__(self):
        return len(self.x)

    def x_obj(self, idx):
        return self.obj(self.x, idx, self.proc_x)

    def y_obj(self, idx):
        return self.obj(self.y, idx, self.proc_y)

    def obj(self, items, idx, procs):
        isint = isinstance(idx, int)
        item = items[idx]
        for proc in reversed(procs):
            item = proc.deproc1(item) if isint else proc.deprocess(item)
        return item

    @classmethod
    def label_by_func(cls, il, f, proc_x=None, proc_y=None):
        labels = ItemList([f(o) for o in il.items], path=il.path)
        return cls(il, labels, proc_x=proc_x, proc_y=proc_y)


class LabeledData:
    """Calls the processors as they come, whatever their `_order`; undoes one item at a time."""

    def __init__(self, inputs, labels, proc_x=None, proc_y=None):
        self._procs = [list(listify(proc_x)), list(listify(proc_y))]
        lists = []
        for il, procs in zip((inputs, labels), self._procs, strict=True):
            items = list(il.items)
            for proc in procs:
                items = proc(items)
            lists.append(il.new(items))
        self.x, self.y = lists

    @classmethod
    def label_by_func(cls, il, f, proc_x=None, proc_y=None):
        return cls(il, ItemList(map(f, il.items)), proc_x, proc_y)

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return tuple(il[i] for il in (self.x, self.y))

    def _undone(self, il, procs, idx):
        def undo(item):
            for proc in procs[::-1]:
                item = proc.deproc1(item)
            return item

        return undo(il[idx]) if isinstance(idx, int) else [undo(o) for o in il[idx]]

    def x_obj(self, idx):
        return self._undone(self.x, self._procs[0], idx)

    def y_obj(self, idx):
        return self._undone(self.y, self._procs[1], idx)


class LabeledData:
    """Undoes lists only, and takes the one item out of its list."""

    def __init__(self, x, y, proc_x=None, proc_y=None):
        self.x, self.y, undo = x, y, {}
        for name, il, procs in (("x", x, listify(proc_x)), ("y", y, listify(proc_y))):
            undo[name] = []
            for proc in procs:
                il = il.new(proc(il.items))
                undo[name].insert(0, proc)
            setattr(self, name, il)
        self.undo = undo

    @classmethod
    def label_by_func(cls, il, f, proc_x=None, proc_y=None):
        return cls(il, ItemList([f(item) for item in il.items], il.path), proc_x, proc_y)

    def __len__(self):
        return len(self.x.items)

    def __getitem__(self, idx):
        return (self.x[idx], self.y[idx])

    def _obj(self, name, idx):
        il = getattr(self, name)
        many = [il[idx]] if isinstance(idx, int) else il[idx]
        for proc in self.undo[name]:
            many = proc.deprocess(many)
        return many[0] if isinstance(idx, int) else many

    def x_obj(self, idx):
        return self._obj("x", idx)

    def y_obj(self, idx):
        return self._obj("y", idx)


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """The lecture's form, on the labelled data's own classmethod."""
    train = LabeledData.label_by_func(sd.train, f, proc_x=proc_x, proc_y=proc_y)
    valid = LabeledData.label_by_func(sd.valid, f, proc_x=proc_x, proc_y=proc_y)
    return SplitData(train, valid)


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """One loop over both sets."""
    labelled = []
    for il in (sd.train, sd.valid):
        y = ItemList(list(map(f, il.items)), path=il.path)
        labelled.append(LabeledData(il, y, proc_x, proc_y))
    return SplitData(*labelled)


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """All labels first, in an item list that each side makes new."""
    label_lists = [ItemList([f(o) for o in il.items]) for il in (sd.train, sd.valid)]
    train = LabeledData(sd.train, label_lists[0], proc_x, proc_y)
    valid = LabeledData(sd.valid, label_lists[1], proc_x, proc_y)
    return type(sd)(train, valid)


class OtherCategoryProcessor(CategoryProcessor):
    """Replaces labels before the base class sees them."""

    def __init__(self, min_count=2, other="other"):
        super().__init__()
        self.min_count, self.other, self.kept = min_count, other, set()

    def __call__(self, items):
        items = listify(items)
        if self.vocab is None:
            self.kept = {o for o, n in Counter(items).items() if n >= self.min_count}
            super().__call__([self.other, *[o for o in items if o in self.kept]])
        return [self.proc1(o) for o in items]

    def proc1(self, item):
        return super().proc1(item if item in self.kept else self.other)


class OtherCategoryProcessor(CategoryProcessor):
    """Makes another vocabulary by the method of the base class that is there for it."""

    def __init__(self, min_count=2, other="other"):
        super().__init__()
        self.min_count, self.other = min_count, other

    def make_vocab(self, items):
        often = [o for o in dict.fromkeys(items) if items.count(o) >= self.min_count]
        return [*[o for o in often if o != self.other], self.other]

    def proc1(self, item):
        vocab = self.require_vocab()
        return vocab.index(item) if item in vocab else vocab.index(self.other)


class OtherCategoryProcessor:
    """By itself, with `other` as number 0 and counting by hand."""

    def __init__(self, min_count=2, other="other"):
        self.min_count, self.other = min_count, other
        self.vocab = None

    def __call__(self, items):
        items = list(items)
        if self.vocab is None:
            self.vocab = [self.other]
            for item in items:
                if items.count(item) >= self.min_count and item not in self.vocab:
                    self.vocab.append(item)
        return [self.proc1(item) for item in items]

    def _need(self):
        if self.vocab is None:
            raise ValueError("no vocabulary")
        return self.vocab

    def proc1(self, item):
        return self._need().index(item) if item in self._need() else 0

    def deproc1(self, idx):
        return self._need()[idx]

    def deprocess(self, idxs):
        self._need()
        return [self.deproc1(idx) for idx in idxs]


class OtherCategoryProcessor(CategoryProcessor):
    """The lecture's attributes, a sorted vocabulary and a dictionary with a default."""

    def __init__(self, min_count=2, other="other"):
        self.vocab, self.min_count, self.other = None, min_count, other

    def __call__(self, items):
        if self.vocab is None:
            items = list(items)
            count = Counter(items)
            often = setify([o for o in count if count[o] >= self.min_count])
            self.vocab = [*sorted(often - {self.other}), self.other]
            self.otoi = {v: k for k, v in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]

    def proc1(self, item):
        if self.vocab is None:
            raise ValueError("no vocabulary")
        return self.otoi.get(item, len(self.vocab) - 1)
