"""Xresnet: the residual network, with the tweaks from the "bag of tricks" paper.

Level 3. About 60 minutes. After `convnet`.
Source: He et al. 2015, arXiv 1512.03385 (residual networks); He et al. 2018, arXiv 1812.01187 (bag
of tricks); Goyal et al. 2017, arXiv 1706.02677 (the last norm starts at 0).
See it at work in notebooks/7_week_after.ipynb: `make lab kata=xresnet`.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn


class ResBlock(nn.Module):
    """A residual block: `relu(convs(x) + shortcut(x))`.

        convs, expansion 1        3x3 with the stride, 3x3
        convs, else               1x1, 3x3 with the stride, 1x1
        shortcut, stride 2        average pool over 2x2 pixels, rounding up where a size is odd
        then, if ni != nf         1x1 convolution and batch norm
        shortcut without these    x itself

    ni, nf     channels in and out
    stride     1 or 2
    expansion  nf // expansion is the number of channels between the convolutions

    Convolutions have "same" padding and no bias. Each one is followed by batch norm. ReLU comes
    next, except after the last of `convs` and in the shortcut.

    The weight of the last batch norm of `convs` is 0 at the start, so a fresh block is
    `relu(shortcut(x))`. It still learns from the first batch on. Every other batch norm starts with
    weight 1 and bias 0. `x` is left unchanged.

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
) -> nn.Module:
    """A residual network for pictures of at least 32x32 pixels.

        stem    three 3x3 convolutions with strides 2, 1, 1, then 3x3 max pool, stride 2, padding 1
        groups  four, of `ResBlock`s with 64, 128, 256 and 512 channels times `expansion`
        head    average pool to one pixel, flatten, linear

    layers     how many blocks each group has
    expansion  of every block
    c_in       channels of a picture
    c_out      classes
    stem       channels of the three convolutions at the start

    The convolutions of the stem are like those of a block: no bias, then batch norm and ReLU. The
    first block of groups 2, 3 and 4 has stride 2, every other block stride 1.

    Evaluation works with one picture; training needs at least two.

    >>> xresnet([1, 1, 1, 1], c_out=7)(torch.zeros(2, 3, 32, 32)).shape
    torch.Size([2, 7])
    """
    raise NotImplementedError


def xresnet18(c_in: int = 3, c_out: int = 10, stem: Sequence[int] = (32, 32, 64)) -> nn.Module:
    """`xresnet` with groups of 2, 2, 2 and 2 blocks.

    >>> sum(p.numel() for p in xresnet18().parameters())
    11200874
    """
    raise NotImplementedError


def xresnet34(c_in: int = 3, c_out: int = 10, stem: Sequence[int] = (32, 32, 64)) -> nn.Module:
    """`xresnet` with groups of 3, 4, 6 and 3 blocks.

    >>> sum(p.numel() for p in xresnet34().parameters())
    21309034
    """
    raise NotImplementedError


def xresnet50(c_in: int = 3, c_out: int = 10, stem: Sequence[int] = (32, 32, 64)) -> nn.Module:
    """`xresnet` with groups of 3, 4, 6 and 3 blocks, and expansion 4.

    >>> sum(p.numel() for p in xresnet50().parameters())
    23547754
    """
    raise NotImplementedError
