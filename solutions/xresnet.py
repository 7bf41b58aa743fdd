"""Xresnet: the residual network, with the tweaks from the "bag of tricks" paper.

Level 3. About 60 minutes. After `convnet`.
Source: He et al. 2015, arXiv 1512.03385 (residual networks); He et al. 2018, arXiv 1812.01187 (bag
of tricks); Goyal et al. 2017, arXiv 1706.02677 (the last norm starts at 0).
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn


def _conv_norm(ni: int, nf: int, ks: int = 1, stride: int = 1, act: bool = True) -> list[nn.Module]:
    """A convolution without bias, batch norm, and ReLU unless `act` is False."""
    conv = nn.Conv2d(ni, nf, ks, stride=stride, padding=ks // 2, bias=False)
    return [conv, nn.BatchNorm2d(nf), *([nn.ReLU(inplace=True)] if act else [])]


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
        super().__init__()
        inner = nf // expansion
        if expansion == 1:
            convs = _conv_norm(ni, inner, 3, stride) + _conv_norm(inner, nf, 3, act=False)
        else:
            convs = _conv_norm(ni, inner) + _conv_norm(inner, inner, 3, stride)
            convs += _conv_norm(inner, nf, act=False)
        nn.init.zeros_(convs[-1].get_parameter("weight"))
        pool = [nn.AvgPool2d(2, ceil_mode=True)] if stride == 2 else []
        widen = _conv_norm(ni, nf, act=False) if ni != nf else []
        self.convs, self.shortcut = nn.Sequential(*convs), nn.Sequential(*pool, *widen)

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n d i j"]:
        return torch.relu_(self.convs(x) + self.shortcut(x))


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
    widths = [c_in, *stem]
    net = [
        layer
        for ni, nf, stride in zip(widths, stem, (2, 1, 1), strict=False)
        for layer in _conv_norm(ni, nf, 3, stride)
    ]
    net.append(nn.MaxPool2d(3, stride=2, padding=1))
    ni = stem[-1]
    for group, (blocks, width) in enumerate(zip(layers, (64, 128, 256, 512), strict=True)):
        nf = width * expansion
        first = ResBlock(ni, nf, 2 if group else 1, expansion)
        rest = [ResBlock(nf, nf, 1, expansion) for _ in range(blocks - 1)]
        net.append(nn.Sequential(first, *rest))
        ni = nf
    return nn.Sequential(*net, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(ni, c_out))


def xresnet18(c_in: int = 3, c_out: int = 10, stem: Sequence[int] = (32, 32, 64)) -> nn.Module:
    """`xresnet` with groups of 2, 2, 2 and 2 blocks.

    >>> sum(p.numel() for p in xresnet18().parameters())
    11200874
    """
    return xresnet([2, 2, 2, 2], 1, c_in, c_out, stem)


def xresnet34(c_in: int = 3, c_out: int = 10, stem: Sequence[int] = (32, 32, 64)) -> nn.Module:
    """`xresnet` with groups of 3, 4, 6 and 3 blocks.

    >>> sum(p.numel() for p in xresnet34().parameters())
    21309034
    """
    return xresnet([3, 4, 6, 3], 1, c_in, c_out, stem)


def xresnet50(c_in: int = 3, c_out: int = 10, stem: Sequence[int] = (32, 32, 64)) -> nn.Module:
    """`xresnet` with groups of 3, 4, 6 and 3 blocks, and expansion 4.

    >>> sum(p.numel() for p in xresnet50().parameters())
    23547754
    """
    return xresnet([3, 4, 6, 3], 4, c_in, c_out, stem)
