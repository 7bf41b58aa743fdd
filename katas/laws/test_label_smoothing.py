"""Laws of label_smoothing: what every right answer keeps. You may write them before the answer.

`make laws kata=label_smoothing` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_label_smoothing.py` tries it on your own answer.
"""

import torch
from hypothesis import given
from hypothesis import strategies as st

from katas.label_smoothing import LabelSmoothingCrossEntropy, reduce_loss

# An example: take the signs away to try it.
#
# @given(st.lists(st.floats(-9, 9), min_size=1))
# def test_the_sum_is_the_mean_times_the_number(values):
#     loss = torch.tensor(values, dtype=torch.float64)
#     assert torch.allclose(reduce_loss(loss, "sum"), reduce_loss(loss) * len(values))


# reduce_loss: The mean of all elements of `loss`, their sum, or `loss` unreduced.


# LabelSmoothingCrossEntropy: Cross entropy with labels that leave a little for every class.
