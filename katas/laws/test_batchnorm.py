"""Laws of batchnorm: what every right answer keeps. You may write them before the answer.

`make laws kata=batchnorm` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_batchnorm.py` tries it on your own answer.
"""

import torch
from hypothesis import given
from hypothesis import strategies as st

from katas.batchnorm import BatchNorm, RunningBatchNorm

# An example: take the signs away to try it.
#
# @given(st.integers(2, 6), st.integers(1, 3))
# def test_evaluation_changes_no_statistics(n, c):
#     norm = BatchNorm(c).eval()
#     before = {name: value.clone() for name, value in norm.state_dict().items()}
#     norm(torch.randn(n, c, 4, 4))
#     assert all(value.equal(before[name]) for name, value in norm.state_dict().items())


# BatchNorm: Normalise each channel to mean 0 and variance 1, then apply `weight` and `bias`.


# RunningBatchNorm: Batch norm that uses running statistics in both training and evaluation mode.
