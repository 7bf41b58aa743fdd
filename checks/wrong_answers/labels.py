"""Wrong answers to the exercises of `labels`."""

import copy
from collections import Counter
from pathlib import Path

from .containers import ListContainer, compose, listify, uniqueify
from .item_lists import ItemList


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Looks at the folder of the file, which is the label, instead of the folder above it."""
    name = Path(fn).parent.name
    return True if name == valid_name else False if name == train_name else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Returns True for the training set and False for validation."""
    name = Path(fn).parent.parent.name
    return True if name == train_name else False if name == valid_name else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Puts every file that is not validation into the training set, test pictures too."""
    return Path(fn).parent.parent.name == valid_name


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Accepts a name that contains the wanted one, so "invalid" counts as "valid"."""
    name = Path(fn).parent.parent.name
    return True if valid_name in name else False if train_name in name else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Accepts a name that begins with the wanted one, so "validation" counts as "valid"."""
    name = Path(fn).parent.parent.name
    if name.startswith(valid_name):
        return True
    return False if name.startswith(train_name) else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Looks for the name anywhere in the path, so a label called "valid" decides too."""
    if valid_name in Path(fn).parts:
        return True
    return False if train_name in Path(fn).parts else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Compares with "valid" and "train", whatever names it is given."""
    name = Path(fn).parent.parent.name
    return True if name == "valid" else False if name == "train" else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Compares a Path with a name, which is never equal, so every answer is None."""
    folder = Path(fn).parent.parent
    return True if folder == valid_name else False if folder == train_name else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Compares without regard to case."""
    name = Path(fn).parent.parent.name.lower()
    return True if name == valid_name.lower() else False if name == train_name.lower() else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Takes the third part from the end, which a short path does not have."""
    name = Path(fn).parts[-3]
    return True if name == valid_name else False if name == train_name else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Goes one folder too high."""
    name = Path(fn).parent.parent.parent.name
    return True if name == valid_name else False if name == train_name else None


def grandparent_splitter(fn, train_name="train", valid_name="valid"):
    """Has the two names in the other order, so they change places when given by position."""
    name = Path(fn).parent.parent.name
    return True if name == valid_name else False if name == train_name else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Returns the name of the set instead of True and False."""
    name = Path(fn).parent.parent.name
    return name if name in (valid_name, train_name) else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """It drops what follows a dot in the folder's name, so valid.old counts as valid."""
    name = Path(fn).parent.parent.stem
    return True if name == valid_name else False if name == train_name else None


def split_by_func(items, f):
    """Puts items for which the function returns None into the training set."""
    items = list(items)
    return [o for o in items if not f(o)], [o for o in items if f(o)]


def split_by_func(items, f):
    """Returns validation first."""
    items = list(items)
    return [o for o in items if f(o)], [o for o in items if f(o) is False]


def split_by_func(items, f):
    """Collects items in sets, so it loses their order and keeps a repeated item only once."""
    items = list(items)
    train = {o for o in items if f(o) is False}
    return list(train), list({o for o in items if f(o) is True})


def split_by_func(items, f):
    """Puts each new item in front, so the order is reversed."""
    train, valid = [], []
    for o in items:
        answer = f(o)
        if answer is not None:
            (valid if answer else train).insert(0, o)
    return train, valid


def split_by_func(items, f):
    """Removes items from the caller's list while going through it."""
    valid = [o for o in items if f(o)]
    for o in items:
        if f(o) is not False:
            items.remove(o)
    return items, valid


def split_by_func(items, f):
    """Returns the answers of the function instead of the items."""
    answers = [f(o) for o in items]
    return [a for a in answers if a is False], [a for a in answers if a is True]


def split_by_func(items, f):
    """Passes over items that are empty or 0."""
    items = list(items)
    train = [o for o in items if o and f(o) is False]
    return train, [o for o in items if o and f(o) is True]


def split_by_func(items, f):
    """Puts every item that is not for training into the validation set."""
    items = list(items)
    return [o for o in items if f(o) is False], [o for o in items if f(o) is not False]


def split_by_func(items, f):
    """Drops a training item that equals one for validation or one that came before."""
    items = list(items)
    valid = [o for o in items if f(o)]
    train = []
    for o in items:
        if f(o) is False and o not in valid and o not in train:
            train.append(o)
    return train, valid


def split_by_func(items, f):
    """It searches the validation list for each item, which is slow and fails for arrays."""
    items = [o for o in items if f(o) is not None]
    valid = [o for o in items if f(o)]
    return [o for o in items if o not in valid], valid


def split_by_func(items, f):
    """Stops at the first item for which the function returns None."""
    train, valid = [], []
    for o in items:
        answer = f(o)
        if answer is None:
            break
        (valid if answer else train).append(o)
    return train, valid


class SplitData:
    """Passes on every attribute, even `train`, so `pickle` and `copy` never stop asking for it."""

    def __init__(self, train, valid):
        self.train, self.valid = train, valid

    def __getattr__(self, name):
        return getattr(self.train, name)

    @classmethod
    def split_by_func(cls, il, f):
        return cls(*map(il.new, split_by_func(il.items, f)))


class _Split:
    def __init__(self, train, valid):
        self.train, self.valid = train, valid

    def __getattr__(self, name):
        if name.startswith("__") or name in ("train", "valid"):
            raise AttributeError(name)
        return getattr(self.train, name)

    @classmethod
    def split_by_func(cls, il, f):
        return cls(*map(il.new, split_by_func(il.items, f)))


class SplitData(_Split):
    """Passes attributes on to the validation set."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.valid, name)


class SplitData(_Split):
    """Returns None for an attribute that the training set does not have."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.train, name, None)


class SplitData(_Split):
    """Raises KeyError for an attribute that the training set does not have."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return vars(self.train)[name]


class SplitData(_Split):
    """Looks in the validation set for an attribute that the training set does not have."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.train if hasattr(self.train, name) else self.valid, name)


class SplitData(_Split):
    """Copies the attributes of the training set when it is made, and misses later changes."""

    def __init__(self, train, valid):
        self.__dict__.update({k: v for k, v in vars(train).items()})
        self.train, self.valid = train, valid

    def __getattr__(self, name):
        raise AttributeError(name)


class SplitData(_Split):
    """Passes no attributes on to the training set."""

    def __getattr__(self, name):
        raise AttributeError(name)


class SplitData(_Split):
    """Splits into plain lists, which have no path and no transforms."""

    @classmethod
    def split_by_func(cls, il, f):
        return cls(*split_by_func(il.items, f))


class SplitData(_Split):
    """Makes item lists of the base class."""

    @classmethod
    def split_by_func(cls, il, f):
        train, valid = split_by_func(il.items, f)
        return cls(ItemList(train, il.path, il.tfms), ItemList(valid, il.path, il.tfms))


class SplitData(_Split):
    """Keeps the class and forgets path and transforms."""

    @classmethod
    def split_by_func(cls, il, f):
        return cls(*map(type(il), split_by_func(il.items, f)))


class SplitData(_Split):
    """Calls the function on the transformed items."""

    @classmethod
    def split_by_func(cls, il, f):
        answers = [f(il[i]) for i in range(len(il))]
        train = [o for o, a in zip(il.items, answers, strict=True) if a is False]
        return cls(il.new(train), il.new([o for o, a in zip(il.items, answers, strict=True) if a]))


class SplitData(_Split):
    """Keeps the transformed items in the new lists, which transform them again."""

    @classmethod
    def split_by_func(cls, il, f):
        train, valid = split_by_func(list(range(len(il))), lambda i: f(il.items[i]))
        return cls(il.new(il[train] if train else []), il.new(il[valid] if valid else []))


class SplitData(_Split):
    """Returns a pair of lists instead of split data."""

    @classmethod
    def split_by_func(cls, il, f):
        return tuple(map(il.new, split_by_func(il.items, f)))


class SplitData(_Split):
    """Puts the training part into the list that was to be split."""

    @classmethod
    def split_by_func(cls, il, f):
        train, valid = split_by_func(il.items, f)
        other = il.new(valid)
        il.items = train
        return cls(il, other)


class SplitData(_Split):
    """Keeps only the training set when it is pickled or copied."""

    def __getstate__(self):
        return {"train": self.train}


class SplitData(_Split):
    """Copies both sets, so they are not the ones that were given."""

    def __init__(self, train, valid):
        self.train, self.valid = copy.copy(train), copy.copy(valid)


class _Categories:
    def __init__(self):
        self.vocab = None

    def __call__(self, items):
        items = list(items)
        if self.vocab is None:
            self.vocab = uniqueify(items)
            self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]

    def proc1(self, item):
        self.need()
        if item not in self.otoi:
            raise ValueError(f"label {item} is not in {self.vocab}")
        return self.otoi[item]

    def need(self):
        if self.vocab is None:
            raise ValueError("no vocabulary yet")

    def deproc1(self, idx):
        self.need()
        return self.vocab[idx]

    def deprocess(self, idxs):
        self.need()
        return [self.deproc1(i) for i in idxs]


class CategoryProcessor(_Categories):
    """Raises the dictionary's KeyError for an unseen label, as the lecture does, without the vocabulary."""

    def proc1(self, item):
        return self.otoi[item]


class CategoryProcessor(_Categories):
    """It looks labels up by their text, so 0 and "0" have the same number."""

    def __call__(self, items):
        items = list(items)
        if self.vocab is None:
            self.vocab = uniqueify(items)
            self.otoi = {str(o): i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]

    def proc1(self, item):
        if self.vocab is None or str(item) not in self.otoi:
            raise ValueError(f"{item!r} is not in the vocabulary {self.vocab}")
        return self.otoi[str(item)]


class CategoryProcessor(_Categories):
    """Makes a new vocabulary at each call, so the validation set has numbers of its own."""

    def __call__(self, items):
        items = list(items)
        self.vocab = uniqueify(items)
        self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]


class CategoryProcessor(_Categories):
    """Adds unseen labels to the vocabulary."""

    def __call__(self, items):
        items = list(items)
        self.vocab = uniqueify([*(self.vocab or []), *items])
        self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]


class CategoryProcessor(_Categories):
    """Numbers unseen labels -1."""

    def proc1(self, item):
        return self.otoi.get(item, -1)


class CategoryProcessor(_Categories):
    """Returns None for unseen labels."""

    def proc1(self, item):
        return self.otoi.get(item)


class CategoryProcessor(_Categories):
    """Drops unseen labels, so there are fewer labels than items."""

    def __call__(self, items):
        if self.vocab is None:
            return super().__call__(items)
        return [self.otoi[o] for o in items if o in self.otoi]


class CategoryProcessor(_Categories):
    """Numbers the classes in the order of a set, which is different in each run."""

    def __call__(self, items):
        if self.vocab is None:
            self.vocab = list(set(items))
            self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]


class CategoryProcessor(_Categories):
    """Counts classes from 1."""

    def proc1(self, item):
        return super().proc1(item) + 1

    def deproc1(self, idx):
        self.need()
        return self.vocab[idx - 1]


class CategoryProcessor(_Categories):
    """Counts classes from 1, with None in the vocabulary before them."""

    def __call__(self, items):
        items = list(items)
        if self.vocab is None:
            self.vocab = [None, *uniqueify(items)]
            self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]


class CategoryProcessor(_Categories):
    """Numbers the items instead of the classes, since the vocabulary holds repeated labels."""

    def __call__(self, items):
        if self.vocab is None:
            self.vocab = list(items)
            self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]


class CategoryProcessor(_Categories):
    """Names the unseen label but not the vocabulary."""

    def proc1(self, item):
        self.need()
        if item not in self.otoi:
            raise ValueError(f"unknown label {item}")
        return self.otoi[item]


class CategoryProcessor(_Categories):
    """Names the vocabulary but not the unseen label."""

    def proc1(self, item):
        if item not in self.otoi:
            raise ValueError(f"a label is not in {self.vocab}")
        return self.otoi[item]


class CategoryProcessor(_Categories):
    """Names the unseen label but not the vocabulary."""

    def proc1(self, item):
        return self.vocab.index(item)


class CategoryProcessor(_Categories):
    """Keeps the vocabulary in the class, so all processors share that of the first."""

    seen: dict = {}

    def __call__(self, items):
        self.vocab = self.seen.setdefault("vocab", uniqueify(items))
        self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]


class CategoryProcessor(_Categories):
    """Returns the number itself before it has a vocabulary."""

    def deproc1(self, idx):
        return idx if self.vocab is None else self.vocab[idx]


class CategoryProcessor(_Categories):
    """Returns an empty list before it has a vocabulary."""

    def deprocess(self, idxs):
        return [self.vocab[i] for i in idxs] if self.vocab else []


class CategoryProcessor(_Categories):
    """Returns None for a number before it has a vocabulary."""

    def deproc1(self, idx):
        return self.vocab[idx] if self.vocab else None


class CategoryProcessor(_Categories):
    """Returns each label only once when it turns many numbers back into labels."""

    def deprocess(self, idxs):
        return uniqueify(self.deproc1(i) for i in idxs)


class CategoryProcessor(_Categories):
    """Sorts the caller's list of labels to make the vocabulary."""

    def __call__(self, items):
        if self.vocab is None:
            items.sort()
        return super().__call__(items)


class CategoryProcessor(_Categories):
    """Uses the caller's list as its vocabulary where no label is repeated."""

    def __call__(self, items):
        if self.vocab is None:
            self.vocab = items if len(set(items)) == len(items) else uniqueify(items)
        return [self.proc1(o) for o in items]

    def proc1(self, item):
        if item not in self.vocab:
            raise ValueError(f"label {item} is not in {self.vocab}")
        return self.vocab.index(item)


class CategoryProcessor(_Categories):
    """Adds unseen labels to the vocabulary."""

    def proc1(self, item):
        self.need()
        if item not in self.otoi:
            self.otoi[item] = len(self.vocab)
            self.vocab.append(item)
        return self.otoi[item]


class CategoryProcessor(_Categories):
    """Raises an error for an unseen label, but adds it to the vocabulary."""

    def proc1(self, item):
        if item not in self.otoi:
            known = list(self.vocab)
            self.vocab.insert(0, item)
            self.otoi = {o: i for i, o in enumerate(self.vocab)}
            raise ValueError(f"label {item} is not in {known}")
        return self.otoi[item]


class CategoryProcessor(_Categories):
    """It names five labels of the vocabulary at most, so the one that you meant may be missing."""

    def proc1(self, item):
        self.need()
        if item not in self.otoi:
            raise ValueError(f"label {item} is not in {self.vocab[:5]}")
        return self.otoi[item]


def parent_labeler(fn):
    """Returns the folder as a Path instead of its name."""
    return Path(fn).parent


def parent_labeler(fn):
    """Returns the name of the folder one higher, which is the set."""
    return Path(fn).parent.parent.name


def parent_labeler(fn):
    """Returns the name of the file without its extension."""
    return Path(fn).stem


def parent_labeler(fn):
    """Returns the stem of the folder's name, which stops at its last dot."""
    return Path(fn).parent.stem


def parent_labeler(fn):
    """Returns the whole path of the folder as text."""
    return str(Path(fn).parent)


def parent_labeler(fn):
    """Takes a fixed part of the path, counted from the front, which is right at only one depth."""
    return Path(fn).parts[3]


def parent_labeler(fn):
    """Returns the name of the folder in lower case."""
    return Path(fn).parent.name.lower()


class _Labeled:
    def __init__(self, x, y, proc_x=None, proc_y=None):
        self.x, self.y = self.process(x, proc_x), self.process(y, proc_y)
        self.proc_x, self.proc_y = proc_x, proc_y

    def process(self, il, proc):
        return il.new(compose(il.items, proc))

    def __getitem__(self, idx):
        return self.x[idx], self.y[idx]

    def __len__(self):
        return len(self.x)

    def x_obj(self, idx):
        return self.obj(self.x, idx, self.proc_x)

    def y_obj(self, idx):
        return self.obj(self.y, idx, self.proc_y)

    def obj(self, items, idx, procs):
        item = items[idx]
        applied = sorted(listify(procs), key=lambda proc: getattr(proc, "_order", 0))
        for proc in reversed(applied):
            item = proc.deproc1(item) if isinstance(idx, int) else proc.deprocess(item)
        return item

    @classmethod
    def label_by_func(cls, il, f, proc_x=None, proc_y=None):
        return cls(il, ItemList([f(o) for o in il.items], il.path), proc_x, proc_y)


class _Listed(_Labeled):
    def process(self, il, procs):
        items = il.items
        for proc in listify(procs):
            items = proc(items)
        return il.new(items)

    def obj(self, items, idx, procs):
        return super().obj(items, idx, [_Unordered(proc) for proc in listify(procs)])


class _Unordered:
    def __init__(self, proc):
        self.deproc1, self.deprocess = proc.deproc1, proc.deprocess


class LabeledData(_Listed):
    """Undoes the processors in the order in which they were done."""

    def obj(self, items, idx, procs):
        item = items[idx]
        for proc in listify(procs):
            item = proc.deproc1(item) if isinstance(idx, int) else proc.deprocess(item)
        return item


class LabeledData(_Labeled):
    """Reverses the caller's own list of processors to undo them."""

    def obj(self, items, idx, procs):
        item = items[idx]
        procs = listify(procs)
        procs.reverse()
        for proc in procs:
            item = proc.deproc1(item) if isinstance(idx, int) else proc.deprocess(item)
        return item


class LabeledData(_Labeled):
    """Does not undo anything."""

    def obj(self, items, idx, procs):
        return items[idx]


class LabeledData(_Labeled):
    """Undoes a slice as if it were one item."""

    def obj(self, items, idx, procs):
        item = items[idx]
        for proc in reversed(listify(procs)):
            item = proc.deproc1(item)
        return item


class LabeledData(_Labeled):
    """Returns a list of one label instead of the label itself."""

    def obj(self, items, idx, procs):
        item = items[idx] if isinstance(idx, slice) else [items[idx]]
        for proc in reversed(listify(procs)):
            item = proc.deprocess(item)
        return item


class LabeledData(_Labeled):
    """Undoes the label by the processor of the inputs."""

    def y_obj(self, idx):
        return self.obj(self.y, idx, self.proc_x)


class LabeledData(_Listed):
    """Processes the labels and forgets the inputs."""

    def __init__(self, x, y, proc_x=None, proc_y=None):
        self.x, self.y = x, self.process(y, proc_y)
        self.proc_x, self.proc_y = proc_x, proc_y


class LabeledData(_Labeled):
    """Processes nothing."""

    def process(self, il, proc):
        return il


class LabeledData(_Labeled):
    """Writes the processed items into the caller's list."""

    def process(self, il, proc):
        il.items = compose(il.items, proc)
        return il


class LabeledData(_Labeled):
    """Makes plain item lists, so it loses the transforms and the class that fetches the items."""

    def process(self, il, proc):
        return ItemList(compose(il.items, proc), il.path)


class LabeledData(_Labeled):
    """Keeps the class of the lists and loses their transforms."""

    def process(self, il, proc):
        return type(il)(compose(il.items, proc), il.path)


class LabeledData(_Labeled):
    """Processes the transformed items, which are then transformed once more."""

    def process(self, il, proc):
        return il.new(compose(il[:], proc))


class LabeledData(_Labeled):
    """Returns the label first."""

    def __getitem__(self, idx):
        return self.y[idx], self.x[idx]


class LabeledData(_Labeled):
    """Returns the label before processing."""

    def __getitem__(self, idx):
        return self.x[idx], self.y_obj(idx)


class LabeledData(_Labeled):
    """Makes plain item lists, so it loses the transforms and the class that fetches the items."""

    def __getitem__(self, idx):
        return self.x.items[idx], self.y.items[idx]


class LabeledData(_Labeled):
    """Counts inputs and labels together as its length."""

    def __len__(self):
        return len(self.x) + len(self.y)


class LabeledData(_Labeled):
    """Fails without processors, since it calls None."""

    def process(self, il, proc):
        for p in proc if isinstance(proc, list) else [proc]:
            il = il.new(p(il.items))
        return il


class LabeledData(_Labeled):
    """Takes one processor only and fails with a list of them."""

    def process(self, il, proc):
        return il.new(proc(il.items)) if proc else il.new(il.items)


class LabeledData(_Labeled):
    """Processes inputs and labels with the same processor."""

    def __init__(self, x, y, proc_x=None, proc_y=None):
        super().__init__(x, y, proc_x or proc_y, proc_y or proc_x)


class LabeledData(_Labeled):
    """Returns a slice of objects as a tuple."""

    def obj(self, items, idx, procs):
        found = super().obj(items, idx, procs)
        return tuple(found) if isinstance(idx, slice) else found


class LabeledData(_Labeled):
    """It checks the item instead of the index, so an input that is a list is undone as several."""

    def obj(self, items, idx, procs):
        item = items[idx]
        for proc in reversed(listify(procs)):
            item = proc.deprocess(item) if isinstance(item, list) else proc.deproc1(item)
        return item


class LabeledData(_Labeled):
    """It doesn't process an empty list, so that list never makes the vocabulary."""

    def process(self, il, proc):
        return super().process(il, proc) if len(il) else il.new([])


def _labeled(il, f, proc_x, proc_y):
    return LabeledData(il, ItemList([f(o) for o in il.items], il.path), proc_x, proc_y)


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Labels the validation set first, so its labels make the vocabulary."""
    valid = _labeled(sd.valid, f, proc_x, proc_y)
    return SplitData(_labeled(sd.train, f, proc_x, proc_y), valid)


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Labels each set with a copy of the processor, so each makes a vocabulary of its own."""
    train = _labeled(sd.train, f, copy.deepcopy(proc_x), copy.deepcopy(proc_y))
    return SplitData(train, _labeled(sd.valid, f, copy.deepcopy(proc_x), copy.deepcopy(proc_y)))


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Labels the training set and leaves the validation set alone."""
    return SplitData(_labeled(sd.train, f, proc_x, proc_y), sd.valid)


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Returns the training set twice."""
    train = _labeled(sd.train, f, proc_x, proc_y)
    return SplitData(train, _labeled(sd.train, f, proc_x, proc_y))


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Makes the vocabulary from the labels of both sets together."""
    for proc, labels in ((proc_y, [f(o) for o in [*sd.train.items, *sd.valid.items]]),):
        if proc is not None:
            proc(labels)
    train = _labeled(sd.train, f, proc_x, proc_y)
    return SplitData(train, _labeled(sd.valid, f, proc_x, proc_y))


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Calls the function on opened and transformed items instead of the file names."""
    sets = []
    for il in (sd.train, sd.valid):
        y = ItemList([f(o) for o in il[:]], il.path)
        sets.append(LabeledData(il, y, proc_x, proc_y))
    return SplitData(*sets)


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Overwrites the unlabelled sets that you passed in with the labelled ones."""
    sd.train = _labeled(sd.train, f, proc_x, proc_y)
    sd.valid = _labeled(sd.valid, f, proc_x, proc_y)
    return sd


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Returns a pair of labelled sets instead of split data."""
    train = _labeled(sd.train, f, proc_x, proc_y)
    return train, _labeled(sd.valid, f, proc_x, proc_y)


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Does not pass on the processor of the inputs."""
    train = _labeled(sd.train, f, None, proc_y)
    return SplitData(train, _labeled(sd.valid, f, None, proc_y))


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Processes the labels of the training set only."""
    train = _labeled(sd.train, f, proc_x, proc_y)
    return SplitData(train, _labeled(sd.valid, f, proc_x, None))


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Drops validation items whose label isn't in the training set."""
    train = _labeled(sd.train, f, proc_x, proc_y)
    known = {f(o) for o in sd.train.items}
    kept = sd.valid.new([o for o in sd.valid.items if f(o) in known or proc_y is None])
    return SplitData(train, _labeled(kept, f, proc_x, proc_y))


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Exchanges the two processors."""
    train = _labeled(sd.train, f, proc_y, proc_x)
    return SplitData(train, _labeled(sd.valid, f, proc_y, proc_x))


class LabeledData(_Labeled):
    """It calls `listify` on one input, so an input that is a list is undone as several."""

    def obj(self, items, idx, procs):
        item = listify(items[idx])
        for proc in reversed(listify(procs)):
            item = proc.deprocess(item)
        return item[0] if isinstance(idx, int) else item


class _Others(_Categories):
    def __init__(self, min_count=2, other="other"):
        super().__init__()
        self.min_count, self.other = min_count, other

    def __call__(self, items):
        items = list(items)
        if self.vocab is None:
            counts = Counter(items)
            self.vocab = self.kept(counts)
            self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]

    def kept(self, counts):
        often = [o for o, n in counts.items() if n >= self.min_count and o != self.other]
        return [*often, self.other]

    def proc1(self, item):
        self.need()
        return self.otoi.get(item, self.otoi[self.other])


class OtherCategoryProcessor(_Others):
    """Keeps labels seen more than `min_count` times, so one seen exactly that often is lost."""

    def kept(self, counts):
        often = [o for o, n in counts.items() if n > self.min_count and o != self.other]
        return [*often, self.other]


class OtherCategoryProcessor(_Others):
    """Puts `other` into the vocabulary only if some training label is rare."""

    def kept(self, counts):
        often = [o for o, n in counts.items() if n >= self.min_count and o != self.other]
        return [*often, *([self.other] if len(often) < len(counts) else [])]


class OtherCategoryProcessor(_Others):
    """Replaces the rare labels and raises an error for the unseen ones."""

    def __call__(self, items):
        if self.vocab is None:
            self.counts = Counter(items)
        return super().__call__(items)

    def proc1(self, item):
        if item not in self.counts:
            raise ValueError(f"label {item} is not in {self.vocab}")
        return super().proc1(item)


class OtherCategoryProcessor(_Others):
    """Replaces unseen labels and keeps the rare ones as classes."""

    def kept(self, counts):
        return [*(o for o in counts if o != self.other), self.other]


class OtherCategoryProcessor(_Others):
    """Counts in every call, so a rare label becomes a class once it comes more often."""

    def __init__(self, min_count=2, other="other"):
        super().__init__(min_count, other)
        self.counts = Counter()

    def __call__(self, items):
        self.counts.update(items)
        self.vocab = self.kept(self.counts)
        self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]


class OtherCategoryProcessor(_Others):
    """Counts rare labels again in each call, so the same label has different classes."""

    def __call__(self, items):
        self.vocab = None
        return super().__call__(items)


class OtherCategoryProcessor(_Others):
    """Calls the class "other", whatever name was asked for."""

    def __init__(self, min_count=2, other="other"):
        super().__init__(min_count, "other")


class OtherCategoryProcessor(_Others):
    """Keeps labels seen twice, whatever `min_count` is."""

    def __init__(self, min_count=2, other="other"):
        super().__init__(2, other)


class OtherCategoryProcessor(_Others):
    """Adds `other` even when the training set has that label, so it's in the vocabulary twice."""

    def kept(self, counts):
        return [*(o for o, n in counts.items() if n >= self.min_count), self.other]


class OtherCategoryProcessor(_Others):
    """Numbers rare and unseen labels -1, which is not a class."""

    def kept(self, counts):
        return [o for o, n in counts.items() if n >= self.min_count]

    def proc1(self, item):
        return self.otoi.get(item, -1)

    def deproc1(self, idx):
        return self.other if idx == -1 else self.vocab[idx]


class OtherCategoryProcessor(_Others):
    """Keeps only labels seen three times by default, instead of twice."""

    def __init__(self, min_count=3, other="other"):
        super().__init__(min_count, other)


class OtherCategoryProcessor(_Others):
    """Shares its counts with all other processors."""

    counts: Counter = Counter()

    def kept(self, counts):
        self.counts.update(counts)
        return super().kept({o: self.counts[o] for o in counts})


class OtherCategoryProcessor(_Others):
    """Adds each unseen label as a class when it comes."""

    def proc1(self, item):
        if item not in self.otoi:
            self.otoi[item] = len(self.vocab)
            self.vocab.append(item)
        return self.otoi[item]


class OtherCategoryProcessor(_Others):
    """Leaves rare labels out instead of calling them other."""

    def __call__(self, items):
        super().__call__(items)
        return [self.otoi[o] for o in items if o in self.otoi]


class OtherCategoryProcessor(_Others):
    """Makes a second class for unseen labels, next to that of the rare ones."""

    def __call__(self, items):
        if self.vocab is None:
            self.seen = set(items)
        return super().__call__(items)

    def kept(self, counts):
        return [*super().kept(counts), self.other]

    def proc1(self, item):
        number = super().proc1(item)
        return number if item in self.seen else self.otoi.get(item, len(self.vocab) - 1)


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Uses `fn.parent`, as the lecture does, which only a Path has, not a str."""
    gp = fn.parent.parent.name
    return True if gp == valid_name else False if gp == train_name else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Raises an error for a file in another folder instead of returning None."""
    name = Path(fn).parent.parent.name
    if name not in (valid_name, train_name):
        raise ValueError(f"{fn} is neither for training nor for validation")
    return name == valid_name


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Resolves the path first, so a short one has folders of this machine above it."""
    name = Path("/data/valid/here", fn).parent.parent.name
    return True if name == valid_name else False if name == train_name else None


def grandparent_splitter(fn, valid_name="valid", train_name="train"):
    """Follows links, so it goes by the name of the folder where the file really is."""
    name = (Path(fn).resolve() if Path(fn).exists() else Path(fn)).parent.parent.name
    return True if name == valid_name else False if name == train_name else None


def parent_labeler(fn):
    """Uses `fn.parent`, as the lecture does, which only a Path has, not a str."""
    return fn.parent.name


def parent_labeler(fn):
    """Calls `split` on the path, which a Path doesn't have."""
    return fn.split("/")[-2]


def parent_labeler(fn):
    """Returns the name of the file itself."""
    return Path(fn).name


def parent_labeler(fn):
    """Tidies the name: it strips spaces at the ends and turns those inside into underscores."""
    return Path(fn).parent.name.strip().replace(" ", "_")


def parent_labeler(fn):
    """Returns `fn.parent` itself instead of its name, and fails for a str."""
    return fn.parent


def parent_labeler(fn):
    """It follows links first, so a linked file is labelled by the folder of the file it points to."""
    return Path(fn).resolve().parent.name


def split_by_func(items, f):
    """Walks through the items three times, as the lecture does, but a generator is empty after the first."""
    mask = [f(o) for o in items]
    train = [o for o, m in zip(items, mask, strict=False) if m is False]
    return train, [o for o, m in zip(items, mask, strict=False) if m is True]


def split_by_func(items, f):
    """Returns two `filter` objects instead of lists, so you can loop over each only once."""
    items = list(items)
    return filter(lambda o: f(o) is False, items), filter(f, items)


def split_by_func(items, f):
    """Returns a list of two lists instead of a tuple."""
    pairs = [(o, f(o)) for o in items]
    return [[o for o, answer in pairs if answer is side] for side in (False, True)]


def split_by_func(items, f):
    """Returns two tuples instead of two lists."""
    pairs = [(o, f(o)) for o in items]
    return tuple(tuple(o for o, answer in pairs if answer is side) for side in (False, True))


def split_by_func(items, f):
    """Drops an item that is None, whatever the function returns for it."""
    pairs = [(o, f(o)) for o in items if o is not None]
    train = [o for o, answer in pairs if answer is False]
    return train, [o for o, answer in pairs if answer is True]


class SplitData(_Split):
    """Looks only at attributes stored in the training set itself, so it finds no methods or properties."""

    def __getattr__(self, name):
        known = vars(self.__dict__.get("train", object))
        if name.startswith("__") or name not in known:
            raise AttributeError(name)
        return known[name]


class SplitData(_Split):
    """Looks in the class of the training set, so it misses attributes of the set itself."""

    def __getattr__(self, name):
        if name.startswith("__") or name in ("train", "valid"):
            raise AttributeError(name)
        found = getattr(type(self.train), name)
        return found.__get__(self.train) if hasattr(found, "__get__") else found


class SplitData(_Split):
    """Passes on only `path` and `items`, and no other attribute."""

    def __getattr__(self, name):
        if name not in ("path", "items", "tfms"):
            raise AttributeError(name)
        return getattr(self.train, name)


class SplitData(_Split):
    """Remembers the training set that it was made with, so it ignores one that you set later."""

    def __init__(self, train, valid):
        self.train, self.valid, self._first = train, valid, train

    def __getattr__(self, name):
        if name.startswith("__") or name == "_first":
            raise AttributeError(name)
        return getattr(self._first, name)


class SplitData(_Split):
    """Remembers each attribute from its first use, so it misses later changes."""

    def __getattr__(self, name):
        if name.startswith("__") or name in ("train", "valid"):
            raise AttributeError(name)
        self.__dict__[name] = getattr(self.train, name)
        return self.__dict__[name]


class CategoryProcessor(_Categories):
    """Raises a KeyError with the label and the vocabulary, where a ValueError is promised."""

    def proc1(self, item):
        self.need()
        if item not in self.otoi:
            raise KeyError(f"label {item} is not in {self.vocab}")
        return self.otoi[item]


class CategoryProcessor(_Categories):
    """Uses an attribute that only the first call makes, so before it there's an AttributeError."""

    def proc1(self, item):
        if item not in self.otoi:
            raise ValueError(f"label {item} is not in {self.vocab}")
        return self.otoi[item]


class CategoryProcessor(_Categories):
    """Checks for a vocabulary only at each number, so an empty list raises nothing before the first call."""

    def deprocess(self, idxs):
        return [self.deproc1(i) for i in idxs]


class CategoryProcessor(_Categories):
    """Indexes None before it has a vocabulary, which is a TypeError."""

    def deproc1(self, idx):
        return self.vocab[idx]


class CategoryProcessor(_Categories):
    """Loops over the labels twice, as the lecture does, but a generator is empty the second time."""

    def __call__(self, items):
        if self.vocab is None:
            self.vocab = uniqueify(items)
            self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]


class CategoryProcessor(_Categories):
    """Asks whether the vocabulary is empty, so a first call without labels does not count."""

    def __call__(self, items):
        items = list(items)
        if not self.vocab:
            self.vocab = uniqueify(items)
            self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]


class CategoryProcessor(_Categories):
    """Sorts the vocabulary, so classes are not numbered as they first appear."""

    def __call__(self, items):
        items = list(items)
        if self.vocab is None:
            self.vocab = sorted(set(items), key=repr)
            self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]


class CategoryProcessor(_Categories):
    """Keeps the vocabulary as a tuple."""

    def __call__(self, items):
        items = list(items)
        if self.vocab is None:
            self.vocab = tuple(uniqueify(items))
            self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]


class CategoryProcessor(_Categories):
    """Starts with an empty vocabulary instead of None."""

    def __init__(self):
        self.vocab, self.fresh = [], True

    def __call__(self, items):
        if self.fresh:
            self.vocab, self.fresh = None, False
        return super().__call__(items)

    def need(self):
        if self.fresh:
            raise ValueError("no vocabulary yet")


class CategoryProcessor(_Categories):
    """Returns the numbers as a tuple instead of a list."""

    def __call__(self, items):
        return tuple(super().__call__(items))


class CategoryProcessor(_Categories):
    """Returns a generator of labels when it undoes many numbers."""

    def deprocess(self, idxs):
        self.need()
        return (self.deproc1(i) for i in idxs)


class CategoryProcessor(_Categories):
    """Turns labels into text, so the number 5 comes back as "5"."""

    def __call__(self, items):
        return super().__call__([str(o) for o in items])

    def proc1(self, item):
        return super().proc1(str(item))


class CategoryProcessor(_Categories):
    """Leaves a label that counts as false out of the vocabulary."""

    def __call__(self, items):
        items = list(items)
        if self.vocab is None:
            self.vocab = uniqueify([o for o in items if o])
            self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]


class LabeledData(_Labeled):
    """Undoes processors in the reverse of the given order, as the lecture does, despite `_order`."""

    def obj(self, items, idx, procs):
        item = items[idx]
        for proc in reversed(listify(procs)):
            item = proc.deproc1(item) if isinstance(idx, int) else proc.deprocess(item)
        return item


class LabeledData(_Labeled):
    """Calls the processors item by item, so none of them sees the whole list."""

    def process(self, il, proc):
        return il.new([compose([o], proc)[0] for o in il.items])


class LabeledData(_Labeled):
    """Calls each processor a second time when an object is asked for."""

    def obj(self, items, idx, procs):
        for proc in listify(procs):
            proc(items.items)
        return super().obj(items, idx, procs)


class LabeledData(_Labeled):
    """Treats only a slice as several items, so it undoes a list or a mask as if it were one item."""

    def obj(self, items, idx, procs):
        item = items[idx]
        for proc in sorted(listify(procs), key=lambda proc: -getattr(proc, "_order", 0)):
            item = proc.deprocess(item) if isinstance(idx, slice) else proc.deproc1(item)
        return item


class LabeledData(_Labeled):
    """Returns the pair as a list instead of a tuple."""

    def __getitem__(self, idx):
        return [self.x[idx], self.y[idx]]


class LabeledData(_Labeled):
    """Returns a list of pairs for a slice, where a pair of lists is promised."""

    def __getitem__(self, idx):
        pair = self.x[idx], self.y[idx]
        return pair if isinstance(idx, int) else list(zip(*pair, strict=True))


class LabeledData(_Labeled):
    """Keeps the processed lists under names of its own, so it has neither `x` nor `y`."""

    def __init__(self, x, y, proc_x=None, proc_y=None):
        self._x, self._y = self.process(x, proc_x), self.process(y, proc_y)
        self.proc_x, self.proc_y = proc_x, proc_y

    def __getitem__(self, idx):
        return self._x[idx], self._y[idx]

    def __len__(self):
        return len(self._x)

    def x_obj(self, idx):
        return self.obj(self._x, idx, self.proc_x)

    def y_obj(self, idx):
        return self.obj(self._y, idx, self.proc_y)


class LabeledData(_Labeled):
    """Makes the labels a list of the inputs' class, which would open each label as a file."""

    @classmethod
    def label_by_func(cls, il, f, proc_x=None, proc_y=None):
        return cls(il, il.new([f(o) for o in il.items]), proc_x, proc_y)


class LabeledData(_Labeled):
    """Labels the fetched and transformed items instead of the items."""

    @classmethod
    def label_by_func(cls, il, f, proc_x=None, proc_y=None):
        return cls(il, ItemList([f(o) for o in il[:]], il.path), proc_x, proc_y)


class LabeledData(_Labeled):
    """Forgets the processors when it labels by a function."""

    @classmethod
    def label_by_func(cls, il, f, proc_x=None, proc_y=None):
        return cls(il, ItemList([f(o) for o in il.items], il.path))


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Labels the training set twice, so a processor that learns from each call learns from it twice."""
    _labeled(sd.train, f, proc_x, proc_y)
    return SplitData(*[_labeled(il, f, proc_x, proc_y) for il in (sd.train, sd.valid)])


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Makes the labels a list of the inputs' class, which would open each label as a file."""
    return SplitData(
        *[
            LabeledData(il, il.new([f(o) for o in il.items]), proc_x, proc_y)
            for il in (sd.train, sd.valid)
        ]
    )


class OtherCategoryProcessor(_Others):
    """Goes through the labels twice, so a generator is empty the second time."""

    def __call__(self, items):
        if self.vocab is None:
            self.vocab = self.kept(Counter(items))
            self.otoi = {o: i for i, o in enumerate(self.vocab)}
        return [self.proc1(o) for o in items]


class OtherCategoryProcessor(_Others):
    """Uses an attribute that only the first call makes, so before it there's an AttributeError."""

    def proc1(self, item):
        return self.otoi.get(item, self.otoi[self.other])


class OtherCategoryProcessor(_Others):
    """Checks for a vocabulary only at each number, so an empty list raises nothing before the first call."""

    def deprocess(self, idxs):
        return [self.deproc1(i) for i in idxs]


class OtherCategoryProcessor(_Others):
    """Starts with a vocabulary of only `other`, so it raises no errors before the first call."""

    def __init__(self, min_count=2, other="other"):
        super().__init__(min_count, other)
        self.otoi = {other: 0}

    def need(self):
        if self.vocab is None:
            self.vocab = [self.other]


class OtherCategoryProcessor(_Others):
    """Has the two arguments in the other order, so they change places when given by position."""

    def __init__(self, other="other", min_count=2):
        super().__init__(min_count, other)


class SplitData(_Split):
    """Refuses every name that starts with an underscore, though a single one is like any other attribute."""

    def __getattr__(self, name):
        if name.startswith("_") or name in ("train", "valid"):
            raise AttributeError(name)
        return getattr(self.train, name)


class LabeledData(_Labeled):
    """Undoes the processors on the items, which are neither fetched nor transformed."""

    def obj(self, items, idx, procs):
        return super().obj(ListContainer(items.items), idx, procs)


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Calls `f` on the validation items first."""
    labels = {id(il): [f(o) for o in il.items] for il in (sd.valid, sd.train)}
    sides = [(il, ItemList(labels[id(il)], il.path)) for il in (sd.train, sd.valid)]
    return SplitData(*[LabeledData(x, y, proc_x, proc_y) for x, y in sides])


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Applies only the first of several label processors."""
    return SplitData(
        *[_labeled(il, f, proc_x, listify(proc_y)[:1]) for il in (sd.train, sd.valid)]
    )


class OtherCategoryProcessor(_Others):
    """It turns the name of the class into a str, so `other=-1` becomes "-1"."""

    def __init__(self, min_count=2, other="other"):
        super().__init__(min_count, str(other))


def parent_labeler(fn):
    """Replaces the underscores in the name of the folder by spaces."""
    return Path(fn).parent.name.replace("_", " ")


def label_by_func(sd, f, proc_x=None, proc_y=None):
    """Puts the processed inputs into the split data that it was given."""
    train, valid = (_labeled(il, f, proc_x, proc_y) for il in (sd.train, sd.valid))
    sd.train, sd.valid = train.x, valid.x
    return SplitData(train, valid)


class OtherCategoryProcessor(_Others):
    """Ignores case, so a frequent label such as "Other" has no number of its own."""

    def kept(self, counts):
        often = [o for o in super().kept(counts) if str(o).lower() != str(self.other).lower()]
        return [*often, self.other]
