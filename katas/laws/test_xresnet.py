"""Laws of xresnet: what every right answer keeps. You may write them before the answer.

`make laws kata=xresnet` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_xresnet.py` tries it on your own answer.
"""

import torch
from hypothesis import given
from hypothesis import strategies as st

from katas.xresnet import ResBlock, xresnet, xresnet18, xresnet34, xresnet50

# An example: take the signs away to try it.
#
# @given(st.integers(1, 9), st.sampled_from([1, 2]))
# def test_a_fresh_block_of_zeros_returns_zeros(size, stride):
#     block = ResBlock(2, 4, stride=stride).eval()
#     assert not block(torch.zeros(1, 2, size, size)).any()


# ResBlock: A residual block: `relu(convs(x) + shortcut(x))`.


# xresnet: A residual network for pictures of at least 32x32 pixels.


# xresnet18: `xresnet` with groups of 2, 2, 2 and 2 blocks.


# xresnet34: `xresnet` with groups of 3, 4, 6 and 3 blocks.


# xresnet50: `xresnet` with groups of 3, 4, 6 and 3 blocks, and expansion 4.
