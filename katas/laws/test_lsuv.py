"""Laws of lsuv: what every right answer keeps. You may write them before the answer.

`make laws kata=lsuv` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_lsuv.py` tries it on your own answer.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from katas.lsuv import ConvLayer, lsuv, lsuv_module

# An example: take the signs away to try it.
#
# @given(st.floats(-2, 2))
# def test_the_bias_is_the_one_that_was_set(bias):
#     layer = ConvLayer(1, 2)
#     layer.bias = bias
#     assert float(layer.bias) == pytest.approx(bias)


# ConvLayer: A convolution with a bias of its own, then `GeneralRelu(sub=sub, **kwargs)`.


# lsuv_module: Change layer `m` of `model` in place until its output has mean 0, then until it has std 1.


# lsuv: Call `lsuv_module` for each layer of `model` that meets `cond`, in the order of their use.
