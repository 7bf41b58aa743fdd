"""Laws of batches: what every right answer keeps. You may write them before the answer.

`make laws kata=batches` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_batches.py` tries it on your own answer.
"""

import torch
from hypothesis import given
from hypothesis import strategies as st

from katas.batches import (
    DataBunch,
    channel_stats,
    databunchify,
    denormalize_chan,
    get_dls,
    normalize_chan,
)

# An example: take the signs away to try it.
#
# @given(st.integers(2, 5), st.integers(1, 3))
# def test_each_channel_has_a_mean_and_a_deviation(n, c):
#     mean, std = channel_stats(torch.rand(n, c, 4, 5))
#     assert mean.shape == std.shape == (c,)


# get_dls: The tuple of the loaders of the two sets, (train_dl, valid_dl).


# DataBunch: The two loaders, `train_dl` and `valid_dl`, and their data sets, `train_ds` and `valid_ds`.


# channel_stats: The tuple (mean, std) of each channel, over all pictures and pixels of a batch.


# normalize_chan: (x - mean) / std, each channel with its own mean and std.


# denormalize_chan: x * std + mean, each channel with its own mean and std.


# databunchify: The DataBunch of the loaders that `get_dls` makes of `sd.train` and `sd.valid`.
