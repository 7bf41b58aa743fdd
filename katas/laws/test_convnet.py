"""Laws of convnet: what every right answer keeps. You may write them before the answer.

`make laws kata=convnet` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_convnet.py` tries it on your own answer.
"""

import torch
from hypothesis import given
from hypothesis import strategies as st

from katas.convnet import GeneralRelu, conv_layer, get_cnn_layers, init_cnn, prev_pow_2

# An example: take the signs away to try it.
#
# @given(st.lists(st.floats(-9, 9, width=32), min_size=1), st.floats(0, 9))
# def test_no_output_is_above_the_limit(xs, maxv):
#     assert GeneralRelu(maxv=maxv)(torch.tensor(xs)).max() <= maxv + 1e-6


# GeneralRelu: A rectifier in three steps: leak, then subtract, then clamp.


# conv_layer: A convolution, a `GeneralRelu` and a batch norm in an `nn.Sequential`, in this order.


# prev_pow_2: The largest power of two that is at most `x`; exact for every integer from 1 up.


# get_cnn_layers: A list with the layers of a convnet: a stem, a body, and a head of three that classifies.


# init_cnn: Initialise every `nn.Conv2d` and `nn.Linear` in `m`, `m` included, in place, as He et al. do.
