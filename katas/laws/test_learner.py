"""Laws of learner: what every right answer keeps. You may write them before the answer.

`make laws kata=learner` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_learner.py` tries it on your own answer.
"""

from types import SimpleNamespace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from katas.learner import (
    AvgStats,
    BatchTransformXCallback,
    DeviceCallback,
    LRFind,
    Learner,
    ParamScheduler,
    Recorder,
    TrainEvalCallback,
)

# An example: take the signs away to try it.
#
# @given(st.floats(0, 9))
# def test_a_large_batch_counts_more_than_a_small_one(loss):
#     stats = AvgStats([], in_train=True)
#     for size, value in [(3, loss), (1, loss + 4)]:
#         xb, yb = torch.zeros(size, 1), torch.zeros(size)
#         stats.accumulate(SimpleNamespace(xb=xb, yb=yb, pred=xb, loss=torch.tensor(value)))
#     assert stats.avg_stats[0] == pytest.approx(loss + 1)


# AvgStats: Averages of the loss and the metrics over all samples since the last `reset`.


# Learner: The training loop, which tells callbacks of every event.


# TrainEvalCallback: Sets the model's mode, and these attributes of the learner.


# BatchTransformXCallback: Replaces the inputs of every batch with `tfm(xb)`, in training and in validation.


# DeviceCallback: Moves the model to `device` when a fit begins, and the inputs and labels of every batch.


# ParamScheduler: Sets the hyperparameter `pname` from a schedule before every training batch, and only then.


# LRFind: Searches for a learning rate: that of all groups grows until the loss explodes.


# Recorder: Records the learning rates and the loss of every training batch of the latest fit.
