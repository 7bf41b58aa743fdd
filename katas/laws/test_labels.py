"""Laws of labels: what every right answer keeps. You may write them before the answer.

`make laws kata=labels` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_labels.py` tries it on your own answer.
"""

from hypothesis import given
from hypothesis import strategies as st

from katas.labels import (
    CategoryProcessor,
    LabeledData,
    OtherCategoryProcessor,
    SplitData,
    grandparent_splitter,
    label_by_func,
    parent_labeler,
    split_by_func,
)

# An example: take the signs away to try it.
#
# @given(st.lists(st.integers()))
# def test_no_item_is_lost(xs):
#     train, valid = split_by_func(xs, lambda x: x % 2 == 0)
#     assert sorted(train + valid) == sorted(xs)


# grandparent_splitter: Whether the file `fn` is for validation, going by the name of the folder above its folder.


# split_by_func: The lists (train, valid) of the items for which `f` returns False and True, in their order.


# SplitData: A training set and a validation set, kept in `train` and `valid`.


# CategoryProcessor: Turns labels into whole numbers from 0 up, and back.


# parent_labeler: The name of the folder that the file `fn` is in.


# LabeledData: Inputs with their labels: `ld[i]` is the tuple `(x[i], y[i])`, and `len(ld)` is `len(x)`.


# label_by_func: The SplitData of two `LabeledData`: `sd.train` labelled by `f`, and then `sd.valid`.


# OtherCategoryProcessor: A category processor with one more class, for labels that are rare or new.
