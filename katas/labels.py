"""Labels: training set and validation set, and what their items are called.

Level 2. About 60 minutes. After `containers` and `item_lists`.
Source: fast.ai 2019, lesson 11, 0:36:00 (split validation) and 0:39:30 (labeling).
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

from .containers import compose, listify, plain_index, uniqueify
from .item_lists import ItemList


def grandparent_splitter(
    fn: str | Path, valid_name: str = "valid", train_name: str = "train"
) -> bool | None:
    """The set that the file `fn` belongs to, by the name of the folder above its folder.

    True for `valid_name`, False for `train_name`, None for any other.

    >>> grandparent_splitter("data/valid/tench/1.jpg"), grandparent_splitter("data/1.jpg")
    (True, None)
    """
    raise NotImplementedError


def split_by_func(items: Iterable, f: Callable[[Any], bool | None]) -> tuple[list, list]:
    """The lists (train, valid) of the items for which `f` answers False and True, order kept.

    What `f` answers with None is dropped.

    >>> split_by_func([1, 2, 3, 4], lambda x: None if x == 3 else x % 2 == 0)
    ([1], [2, 4])
    """
    raise NotImplementedError


class SplitData:
    """A training set and a validation set, in `train` and `valid`.

    Any other attribute is looked up in `train`, and missing there is an AttributeError. Survives
    `pickle` and `copy`.

    `SplitData.split_by_func(il, f)` splits the items of the item list `il` by `f`, as the function
    of that name does, into two lists of its class, with its path and transforms.

    >>> sd = SplitData.split_by_func(ItemList([1, 2, 3], path="here"), lambda x: x > 2)
    >>> sd.train.items, sd.valid.items, sd.path.name
    ([1, 2], [3], 'here')
    """

    def __init__(self, train: Any, valid: Any) -> None:
        raise NotImplementedError

    @classmethod
    def split_by_func(cls, il: ItemList, f: Callable[[Any], bool | None]) -> Self:
        """`il` in two."""
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:
        raise NotImplementedError

    def __repr__(self) -> str:
        raise NotImplementedError


class CategoryProcessor:
    """Labels to whole numbers from 0 up, and back; `vocab` lists the labels, at first None.

    Calling it with a list of labels gives the list of their numbers. The first call makes the
    vocabulary, each label once, and no later call changes it: the training set names the classes.

    proc1(label)        its number; ValueError naming label and vocabulary if it is not in there
    deproc1(number)     its label
    deprocess(numbers)  the list of their labels

    All three raise ValueError as long as there is no vocabulary.

    >>> proc = CategoryProcessor()
    >>> proc(["tench", "church", "tench"]), proc.vocab, proc.deproc1(1)
    ([0, 1, 0], ['tench', 'church'], 'church')
    >>> proc(["golf ball"])
    Traceback (most recent call last):
    ValueError: label 'golf ball' is not in the vocabulary ['tench', 'church']
    """

    def __init__(self) -> None:
        raise NotImplementedError

    def __call__(self, items: Iterable) -> list[int]:
        raise NotImplementedError

    def make_vocab(self, items: list) -> list:
        """The labels to tell apart, given those of the training set."""
        raise NotImplementedError

    def proc1(self, item: Any) -> int:
        """The number of one label."""
        raise NotImplementedError

    def deproc1(self, idx: Any) -> Any:
        """The label of one number."""
        raise NotImplementedError

    def deprocess(self, idxs: Iterable) -> list:
        """The labels of several numbers."""
        raise NotImplementedError

    def require_vocab(self) -> list:
        """The vocabulary, or a ValueError that says how one is made."""
        raise NotImplementedError


def parent_labeler(fn: str | Path) -> str:
    """The name of the folder that the file `fn` is in.

    >>> parent_labeler("data/train/tench/1.jpg")
    'tench'
    """
    raise NotImplementedError


class LabeledData:
    """Pairs of an input and its label: `ld[i]` is `(x[i], y[i])`, and `len(ld)` is that of `x`.

    x, y            item lists of one length; kept as `x` and `y` with their items processed,
                    class, path and transforms unchanged
    proc_x, proc_y  None, one processor or several: each is called on the whole list of items

    x_obj(i), y_obj(i)  x[i] and y[i] as they were before the processors, which are undone last
                        to first: `deproc1` for an int, `deprocess` for a slice, list or mask
    LabeledData.label_by_func(il, f, proc_x=None, proc_y=None)
                        `il` labelled with `f(item)` of each of its items

    >>> files = ItemList(["cat/1.jpg", "dog/2.jpg"])
    >>> ld = LabeledData.label_by_func(files, parent_labeler, proc_y=CategoryProcessor())
    >>> ld[1], ld.y_obj(1), ld.y_obj(slice(0, 2))
    (('dog/2.jpg', 1), 'dog', ['cat', 'dog'])
    """

    def __init__(self, x: ItemList, y: ItemList, proc_x: Any = None, proc_y: Any = None) -> None:
        raise NotImplementedError

    @classmethod
    def label_by_func(
        cls, il: ItemList, f: Callable[[Any], Any], proc_x: Any = None, proc_y: Any = None
    ) -> Self:
        """`il` with the labels that `f` gives."""
        raise NotImplementedError

    def process(self, il: ItemList, proc: Any) -> ItemList:
        """`il` with what `proc` makes of its items."""
        raise NotImplementedError

    def __getitem__(self, idx: Any) -> tuple:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def x_obj(self, idx: Any) -> Any:
        """Inputs, processors undone."""
        raise NotImplementedError

    def y_obj(self, idx: Any) -> Any:
        """Labels, processors undone."""
        raise NotImplementedError

    def obj(self, items: ItemList, idx: Any, procs: Any) -> Any:
        """`items[idx]` with `procs` undone."""
        raise NotImplementedError

    def __repr__(self) -> str:
        raise NotImplementedError


def label_by_func(
    sd: SplitData, f: Callable[[Any], Any], proc_x: Any = None, proc_y: Any = None
) -> SplitData:
    """Split data with both sets labelled by `f`: training first, then validation.

    proc_x, proc_y  serve both sets, so that what they learn from the first, such as the
                    vocabulary, holds for the second

    >>> sd = SplitData(ItemList(["cat/1", "dog/2"]), ItemList(["dog/3"]))
    >>> label_by_func(sd, parent_labeler, proc_y=CategoryProcessor()).valid.y.items
    [1]
    """
    raise NotImplementedError


class OtherCategoryProcessor(CategoryProcessor):
    """A category processor with one more class, for labels that are rare or new.

    min_count  labels seen fewer times than this in the training set become `other`
    other      the label of that class, which is always in the vocabulary, and once

    An unseen label becomes `other` too: the lecture's answer to new categories in streaming data.

    >>> proc = OtherCategoryProcessor()
    >>> proc.deprocess(proc(["cat", "dog", "cat"])), proc.deprocess(proc(["cow", "cat"]))
    (['cat', 'other', 'cat'], ['other', 'cat'])
    """

    def __init__(self, min_count: int = 2, other: Any = "other") -> None:
        raise NotImplementedError

    def make_vocab(self, items: list) -> list:
        """The labels that are seen often enough, then `other`."""
        raise NotImplementedError

    def proc1(self, item: Any) -> int:
        """The number of one label, that of `other` for a rare or new one."""
        raise NotImplementedError
