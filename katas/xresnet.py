"""Xresnet: the residual network, with the tweaks that a bag of tricks found.

Level 3. About 60 minutes. After `convnet`.
Source: He et al. 2015, arXiv 1512.03385 (residual networks); He et al. 2018, arXiv 1812.01187 (bag
of tricks); Goyal et al. 2017, arXiv 1706.02677 (the last norm starts at 0).
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn


class ResBlock(nn.Module):
    """A residual block: `relu(convs(x) + shortcut(x))`.

    ni, nf     channels in and out
    stride     1 or 2, of one 3x3 convolution
    expansion  nf // expansion is the width between the convolutions

    convs: two 3x3 convolutions with expansion 1, of which the first has the stride; otherwise a
    1x1, a 3x3 with the stride, and a 1x1. They have "same" padding and no bias. Each is followed by
    batch norm, and each but the last by ReLU after that.

    The last batch norm's weight is 0 at the start, so that a fresh block is `relu(shortcut(x))`.
    Gradients reach it from the first batch on.

    shortcut: x itself where the shapes agree. With stride 2 it's averaged over 2x2 pixels, rounding
    up where the size is odd. Where the number of channels changes a 1x1 convolution without bias
    and a batch norm follow, with weight 1 and without activation.

    `x` is left unchanged.

    >>> ResBlock(8, 16, stride=2)(torch.zeros(2, 8, 5, 5)).shape
    torch.Size([2, 16, 3, 3])
    """

    def __init__(self, ni: int, nf: int, stride: int = 1, expansion: int = 1) -> None:
        raise NotImplementedError

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n d i j"]:
        raise NotImplementedError


def xresnet(
    layers: Sequence[int],
    expansion: int = 1,
    c_in: int = 3,
    c_out: int = 10,
    stem: Sequence[int] = (32, 32, 64),
) -> nn.Sequential:
    """A residual network, for pictures of 32x32 pixels and more.

    layers     how many `ResBlock`s each of the four groups has
    expansion  of every block
    c_in       channels of a picture
    c_out      classes
    stem       widths of the three convolutions in front

    stem: 3x3 convolutions with strides 2, 1, 1, "same" padding and no bias, each followed by batch
    norm and ReLU. Then a 3x3 max pool with stride 2 and padding 1.

    groups: their blocks have 64, 128, 256 and 512 channels times `expansion`. The first block of
    groups 2 to 4 has stride 2, every other block stride 1.

    head: average pool to one pixel, flatten, and a linear layer with bias.

    In training a batch of 32x32 pictures needs at least two of them.

    >>> xresnet([1, 1, 1, 1], c_out=7)(torch.zeros(2, 3, 32, 32)).shape
    torch.Size([2, 7])
    """
    raise NotImplementedError


def xresnet18(c_in: int = 3, c_out: int = 10, stem: Sequence[int] = (32, 32, 64)) -> nn.Sequential:
    """`xresnet` with groups of 2, 2, 2 and 2 blocks.

    >>> sum(p.numel() for p in xresnet18().parameters())
    11200874
    """
    raise NotImplementedError


def xresnet34(c_in: int = 3, c_out: int = 10, stem: Sequence[int] = (32, 32, 64)) -> nn.Sequential:
    """`xresnet` with groups of 3, 4, 6 and 3 blocks.

    >>> sum(p.numel() for p in xresnet34().parameters())
    21309034
    """
    raise NotImplementedError


def xresnet50(c_in: int = 3, c_out: int = 10, stem: Sequence[int] = (32, 32, 64)) -> nn.Sequential:
    """`xresnet` with groups of 3, 4, 6 and 3 blocks, and expansion 4.

    >>> sum(p.numel() for p in xresnet50().parameters())
    23547754
    """
    raise NotImplementedError
