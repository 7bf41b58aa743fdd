"""Labels: a training set and a validation set, with a label for each item.

Level 2. About 60 minutes. After `containers` and `item_lists`.
Source: fast.ai 2019, lesson 11, 0:36:00 (split validation) and 0:39:30 (labeling).
See it at work in notebooks/1_data_block.ipynb: `make lab kata=labels`.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

from .containers import compose, listify, plain_index, uniqueify
from .item_lists import ItemList


def grandparent_splitter(
    fn: str | Path, valid_name: str = "valid", train_name: str = "train"
) -> bool | None:
    """Whether the file `fn` is for validation, going by the name of the folder above its folder.

    True for `valid_name`, False for `train_name`, None for any other name or if there isn't one.

    >>> grandparent_splitter("data/valid/tench/1.jpg"), grandparent_splitter("data/1.jpg")
    (True, None)
    """
    raise NotImplementedError


def split_by_func(items: Iterable, f: Callable[[Any], bool | None]) -> tuple[list, list]:
    """The lists (train, valid) of the items for which `f` returns False and True, in their order.

    An item is dropped if `f` returns None for it. The items may come from a generator.

    >>> split_by_func([1, 2, 3, 4], lambda x: None if x == 3 else x % 2 == 0)
    ([1], [2, 4])
    """
    raise NotImplementedError


class SplitData:
    """A training set and a validation set, kept in `train` and `valid`.

    Any other attribute, property or method is looked up in `train` each time you access it, except
    special names such as `__deepcopy__`. One that `train` doesn't have raises AttributeError.
    `pickle` and `copy` work.

    >>> sd = SplitData.split_by_func(ItemList([1, 2, 3], path="here"), lambda x: x > 2)
    >>> sd.train.items, sd.valid.items, sd.path.name
    ([1, 2], [3], 'here')
    """

    def __init__(self, train: Any, valid: Any) -> None:
        raise NotImplementedError

    @classmethod
    def split_by_func(cls, il: ItemList, f: Callable[[Any], bool | None]) -> Self:
        """The items of `il` split by `f`, as the function `split_by_func` does it.

        Both sets are lists of the class of `il`, with its path and transforms.
        """
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:
        raise NotImplementedError


class CategoryProcessor:
    """Turns labels into whole numbers from 0 up, and back.

    `proc(labels)` is the list of the labels' numbers; the labels may come from a generator. The
    first call makes the vocabulary, even with no labels: each label once, in order of first
    appearance. No later call changes the vocabulary, since the training set decides on the classes.

    vocab  a list of the labels, each at the index that is its number; None before the first call

    A label that is not in the vocabulary raises a ValueError that names it and the vocabulary.
    Before the first call, `proc1`, `deproc1` and `deprocess` raise ValueError, even for an empty
    list.

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

    def proc1(self, item: Any) -> int:
        """The number of one label."""
        raise NotImplementedError

    def deproc1(self, idx: Any) -> Any:
        """The label with the number `idx`."""
        raise NotImplementedError

    def deprocess(self, idxs: Iterable) -> list:
        """A list of the labels with these numbers."""
        raise NotImplementedError


def parent_labeler(fn: str | Path) -> str:
    """The name of the folder that the file `fn` is in.

    >>> parent_labeler("data/train/tench/1.jpg")
    'tench'
    """
    raise NotImplementedError


class LabeledData:
    """Inputs with their labels: `ld[i]` is the tuple `(x[i], y[i])`, and `len(ld)` is `len(x)`.

    x, y            item lists of equal length, with a label in `y` for each input in `x`
    proc_x, proc_y  None, one processor or several, each called once, on the whole list of items

    `ld.x` and `ld.y` hold the processed items in lists of the same class, path and transforms. The
    lists that you pass in stay unchanged.

    A processor `p`, called on a list, returns the processed list. `p.deproc1(item)` undoes it for
    one item and `p.deprocess(items)` for a list.

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
        """`il` as `x`, and an `ItemList` of `f(item)` for each item of `il` as `y`."""
        raise NotImplementedError

    def __getitem__(self, idx: Any) -> tuple:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def x_obj(self, idx: Any) -> Any:
        """`x[idx]` with the processors undone: one input for an int, else a list of inputs.

        `idx` is an int, slice, list or mask. The processor that was applied last is undone first.
        """
        raise NotImplementedError

    def y_obj(self, idx: Any) -> Any:
        """The same of the labels: `y[idx]` with the processors undone."""
        raise NotImplementedError


def label_by_func(
    sd: SplitData, f: Callable[[Any], Any], proc_x: Any = None, proc_y: Any = None
) -> SplitData:
    """The SplitData of two `LabeledData`: `sd.train` labelled by `f`, and then `sd.valid`.

    `f` is called on the items themselves, not on the transformed ones. `sd` is left unchanged.

    proc_x, proc_y  the processors of both sets: a vocabulary made from the training labels is used
                    for validation too

    >>> sd = SplitData(ItemList(["cat/1", "dog/2"]), ItemList(["dog/3"]))
    >>> label_by_func(sd, parent_labeler, proc_y=CategoryProcessor()).valid.y.items
    [1]
    """
    raise NotImplementedError


class OtherCategoryProcessor(CategoryProcessor):
    """A category processor with one more class, for labels that are rare or new.

    min_count  a label seen fewer times in the first call becomes `other`
    other      the name of that class, which is in the vocabulary once, even if no label is rare

    The order of the vocabulary is up to you.

    In later calls, a label that isn't in the vocabulary becomes `other`. Before the first call,
    `proc1`, `deproc1` and `deprocess` raise ValueError, as those of `CategoryProcessor` do.

    Why: this is the lecture's answer to new categories in streaming data.

    >>> proc = OtherCategoryProcessor()
    >>> proc.deprocess(proc(["cat", "dog", "cat"])), proc.deprocess(proc(["cow", "cat"]))
    (['cat', 'other', 'cat'], ['other', 'cat'])
    """

    def __init__(self, min_count: int = 2, other: Any = "other") -> None:
        raise NotImplementedError

    def __call__(self, items: Iterable) -> list[int]:
        raise NotImplementedError

    def proc1(self, item: Any) -> int:
        """The number of one label, that of `other` for a rare or new one."""
        raise NotImplementedError
