"""Laws of mixup: what every right answer keeps. You may write them before the answer.

`make laws kata=mixup` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_mixup.py` tries it on your own answer.
"""

from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from katas.mixup import MixUp, NoneReduce

# An example: take the signs away to try it.
#
# @given(st.sampled_from(["mean", "sum"]))
# def test_a_module_gets_its_reduction_back(reduction):
#     loss_func = nn.MSELoss(reduction=reduction)
#     with NoneReduce(loss_func):
#         pass
#     assert loss_func.reduction == reduction


# NoneReduce: A context manager that makes a reducing loss function return the loss of each picture.


# MixUp: Trains on mixtures of pairs of pictures.
