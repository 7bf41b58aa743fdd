"""Variants for `labels`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

from collections import Counter
from pathlib import Path

from .containers import listify, plain_index
from .item_lists import ItemList


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Looks at the folder of the file, which is the label, instead of the folder above it."""
    return {valid_name: True, train_name: False}.get(Path(fn).parent.name)


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Returns True for the training set and False for validation."""
    parts = Path(fn).parts
    name = parts[-3] if len(parts) >= 3 else ""
    if name == train_name:
        return True
    return False if name == valid_name else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Puts every file that is not validation into the training set, test pictures too."""
    return Path(fn).parents[0].parent.name == valid_name


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Compares with "valid" and "train", whatever names it is given."""
    match Path(fn).parent.parent.name:
        case "valid":
            return True
        case "train":
            return False
    return None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    # False for everything
    return False


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    # takes the names for prefixes of the name of the file
    name = Path(fn).name
    return True if name.startswith(valid_name) else False if name.startswith(train_name) else None


def split_by_func(items, f):
    """Puts items for which the function returns None into the training set."""
    train, valid = [], []
    for o in items:
        valid.append(o) if f(o) else train.append(o)
    return train, valid


def split_by_func(items, f):
    """Returns validation first."""
    sides = {True: [], False: [], None: []}
    for o in items:
        sides[f(o)].append(o)
    return sides[True], sides[False]


def split_by_func(items, f):
    """Returns the answers of the function instead of the items."""
    got = list(map(f, items))
    return list(filter(lambda a: a is False, got)), list(filter(lambda a: a is True, got))


def split_by_func(items, f):
    # everything in both
    answered = [o for o in items if f(o) is not None]
    return answered, list(answered)


class SplitData:
    """Passes attributes on to the validation set."""

    def __init__(self, train, valid):
        self.__dict__.update(train=train, valid=valid)

    @classmethod
    def split_by_func(cls, il, f):
        both = split_by_func(il.items, f)
        return cls(*map(il.new, both))

    def __getattr__(self, name):
        if name.startswith("__") or name in ("train", "valid"):
            raise AttributeError(name)
        return getattr(self.valid, name)


class SplitData:
    """Returns None for an attribute that the training set does not have."""

    def __init__(self, train, valid):
        self.train = train
        self.valid = valid

    @classmethod
    def split_by_func(cls, il, f):
        train, valid = split_by_func(il.items, f)
        return cls(il.new(train), il.new(valid))

    def __getattr__(self, name):
        if name.startswith("__") or "train" not in self.__dict__:
            raise AttributeError(name)
        try:
            return getattr(self.train, name)
        except AttributeError:
            return None


class SplitData:
    """Splits into plain lists, which have no path and no transforms."""

    def __init__(self, train, valid):
        self.train, self.valid = train, valid

    @classmethod
    def split_by_func(cls, il, f):
        answered = [(f(o), o) for o in il.items]
        return cls([o for a, o in answered if a is False], [o for a, o in answered if a])

    def __getattr__(self, name):
        if name.startswith("__") or name == "train":
            raise AttributeError(name)
        return getattr(self.train, name)


class SplitData:
    # validation and training change places when a list is split
    def __init__(self, train, valid):
        self.train, self.valid = train, valid

    @classmethod
    def split_by_func(cls, il, f):
        train, valid = split_by_func(il.items, f)
        return cls(il.new(valid), il.new(train))

    def __getattr__(self, name):
        if name.startswith("__") or name == "train":
            raise AttributeError(name)
        return getattr(self.train, name)


class _Numbers:
    def __init__(self):
        self.vocab = None

    def __call__(self, items):
        items = list(items)
        if self.vocab is None:
            self.learn(items)
        return [self.proc1(o) for o in items]

    def learn(self, items):
        self.vocab = list(dict.fromkeys(items))

    def proc1(self, item):
        self.demand()
        if item in self.vocab:
            return self.vocab.index(item)
        raise ValueError(f"{item!r} is none of {self.vocab!r}")

    def deproc1(self, idx):
        self.demand()
        return self.vocab[idx]

    def deprocess(self, idxs):
        self.demand()
        return [self.deproc1(i) for i in idxs]

    def demand(self):
        if self.vocab is None:
            raise ValueError("no vocabulary")


class CategoryProcessor(_Numbers):
    """Makes a new vocabulary at each call, so the validation set has numbers of its own."""

    def __call__(self, items):
        items = list(items)
        self.learn(items)
        return list(map(self.vocab.index, items))


class CategoryProcessor(_Numbers):
    """Counts classes from 1."""

    def proc1(self, item):
        return 1 + _Numbers.proc1(self, item)

    def deproc1(self, idx):
        self.demand()
        return self.vocab[idx - 1]


class CategoryProcessor(_Numbers):
    """Adds unseen labels to the vocabulary."""

    def proc1(self, item):
        self.demand()
        if item not in self.vocab:
            self.vocab.append(item)
        return self.vocab.index(item)


class CategoryProcessor(_Numbers):
    """Names the unseen label but not the vocabulary."""

    def proc1(self, item):
        self.demand()
        try:
            return self.vocab.index(item)
        except ValueError:
            raise ValueError(f"unknown to me: {item!r}") from None


class CategoryProcessor(_Numbers):
    # the most frequent label first
    def learn(self, items):
        self.vocab = [label for label, _ in Counter(items).most_common()]


class CategoryProcessor(_Numbers):
    # numbers from the end
    def proc1(self, item):
        return len(self.vocab) - 1 - _Numbers.proc1(self, item)


class CategoryProcessor(_Numbers):
    # numbers as text
    def proc1(self, item):
        return str(_Numbers.proc1(self, item))

    def deproc1(self, idx):
        self.demand()
        return self.vocab[int(idx)]


def parent_labeler(fn):
    """Returns the folder as a Path instead of its name."""
    return Path(fn).parents[0]


def parent_labeler(fn):
    """Returns the name of the folder one higher, which is the set."""
    *_, name, _, _ = ("", "", *Path(fn).parts)
    return name


def parent_labeler(fn):
    # only the first letter
    return Path(fn).parent.name[:1]


class _Pairs:
    def __init__(self, x, y, proc_x=None, proc_y=None):
        self.x, self.y = self.through(x, proc_x), self.through(y, proc_y)
        self.proc_x, self.proc_y = proc_x, proc_y

    def through(self, il, procs):
        items = il.items
        for proc in listify(procs):
            items = proc(items)
        return il.new(items)

    @classmethod
    def label_by_func(cls, il, f, proc_x=None, proc_y=None):
        labels = ItemList([f(o) for o in il.items], path=il.path)
        return cls(il, labels, proc_x=proc_x, proc_y=proc_y)

    def __getitem__(self, idx):
        return self.x[idx], self.y[idx]

    def __len__(self):
        return len(self.x)

    def undone(self, o, idx, procs):
        for proc in listify(procs)[::-1]:
            o = proc.deproc1(o) if isinstance(plain_index(idx), int) else proc.deprocess(o)
        return o

    def x_obj(self, idx):
        return self.undone(self.x[idx], idx, self.proc_x)

    def y_obj(self, idx):
        return self.undone(self.y[idx], idx, self.proc_y)


class LabeledData(_Pairs):
    """Returns the label first."""

    def __getitem__(self, idx):
        pair = [self.x[idx], self.y[idx]]
        return tuple(reversed(pair))


class LabeledData(_Pairs):
    """Undoes the processors in the order in which they were done."""

    def undone(self, o, idx, procs):
        single = isinstance(plain_index(idx), int)
        for proc in listify(procs):
            o = (proc.deproc1 if single else proc.deprocess)(o)
        return o


class LabeledData(_Pairs):
    """Counts inputs and labels together as its length."""

    def __len__(self):
        return sum(map(len, (self.x, self.y)))


class LabeledData(_Pairs):
    """Processes the labels and forgets the inputs."""

    def __init__(self, x, y, proc_x=None, proc_y=None):
        self.x = x
        self.y = self.through(y, proc_y)
        self.proc_x, self.proc_y = proc_x, proc_y


class LabeledData(_Pairs):
    # the neighbour's label
    def __getitem__(self, idx):
        return self.x[idx], self.y[idx - 1 if isinstance(idx, int) else idx]


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Labels the validation set first, so its labels make the vocabulary."""
    args = f, proc_x, proc_y
    sets = [LabeledData.label_by_func(il, *args) for il in (sd.valid, sd.train)]
    return SplitData(sets[1], sets[0])


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Does not pass on the processor of the inputs."""
    return SplitData(*[LabeledData.label_by_func(o, f, None, proc_y) for o in (sd.train, sd.valid)])


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Exchanges the two processors."""
    parts = []
    for il in (sd.train, sd.valid):
        parts.append(LabeledData.label_by_func(il, f, proc_x=proc_y, proc_y=proc_x))
    return SplitData(train=parts[0], valid=parts[1])


def label_by_func(sd, f, proc_x=None, proc_y=None):
    # the sets change places
    train = LabeledData.label_by_func(sd.train, f, proc_x, proc_y)
    valid = LabeledData.label_by_func(sd.valid, f, proc_x, proc_y)
    return SplitData(valid, train)


class OtherCategoryProcessor(CategoryProcessor):
    """Keeps labels seen more than `min_count` times, so one seen exactly that often is lost."""

    def __init__(self, min_count=2, other="other"):
        super().__init__()
        self.min_count, self.other = min_count, other

    def __call__(self, items):
        items = list(items)
        if self.vocab is None:
            counts = Counter(items)
            kept = [o for o in counts if counts[o] > self.min_count and o != self.other]
            self.vocab = [*kept, self.other]
        return [self.proc1(o) for o in items]

    def proc1(self, item):
        if self.vocab is None:
            raise ValueError("no vocabulary")
        return self.vocab.index(item if item in self.vocab else self.other)


class OtherCategoryProcessor(CategoryProcessor):
    """Calls the class "other", whatever name was asked for."""

    def __init__(self, min_count=2, other="other"):
        super().__init__()
        self.min_count = min_count

    def __call__(self, items):
        items = list(items)
        if self.vocab is None:
            counts = Counter(items)
            kept = [o for o in counts if counts[o] >= self.min_count and o != "other"]
            self.vocab = [*kept, "other"]
        return [self.proc1(o) for o in items]

    def proc1(self, item):
        if self.vocab is None:
            raise ValueError("no vocabulary")
        return self.vocab.index(item) if item in self.vocab else len(self.vocab) - 1


class OtherCategoryProcessor(CategoryProcessor):
    # the other class comes first
    def __init__(self, min_count=2, other="other"):
        super().__init__()
        self.min_count, self.other = min_count, other

    def __call__(self, items):
        items = list(items)
        if self.vocab is None:
            counts = Counter(items)
            kept = [o for o in counts if counts[o] < self.min_count and o != self.other]
            self.vocab = [self.other, *kept]
        return [self.proc1(o) for o in items]

    def proc1(self, item):
        if self.vocab is None:
            raise ValueError("no vocabulary")
        return self.vocab.index(item) if item in self.vocab else 0


def split_by_func(items, f):
    """Walks through the items three times, as the lecture does, but a generator is empty after the first."""
    answers = list(map(f, items))
    pairs = list(zip(items, answers, strict=False))
    return [o for o, a in pairs if a is False], [o for o, a in pairs if a is True]


def parent_labeler(fn):
    """Uses `fn.parent`, as the lecture does, which only a Path has, not a str."""
    folder = fn.parent
    return folder.name


class CategoryProcessor(_Numbers):
    """Raises a KeyError with the label and the vocabulary, where a ValueError is promised."""

    def proc1(self, item):
        self.demand()
        for i, label in enumerate(self.vocab):
            if label == item:
                return i
        raise KeyError(item, self.vocab)


class CategoryProcessor(_Numbers):
    """Checks for a vocabulary only at each number, so an empty list raises nothing before the first call."""

    def deprocess(self, idxs):
        return list(map(self.deproc1, idxs))
