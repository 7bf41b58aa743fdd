"""Convnet: the plain network that the lecture trains on Imagenette.

Level 2. About 45 minutes. After `hooks`, which looks inside networks such as this.
Source: fast.ai 2019, lessons 10 and 11 (07_batchnorm, 08_data_block); He et al. 2015,
arXiv 1502.01852 (Kaiming initialisation).
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F


def _set(module: nn.Module, name: str, value: Any) -> None:
    """Set an attribute; a number that becomes `sub` is put into a tensor, as its buffer needs."""
    if name == "sub" and value is not None and not isinstance(value, nn.Parameter):
        value = torch.tensor(float(value))
    nn.Module.__setattr__(module, name, value)


class GeneralRelu(nn.Module):
    """A rectifier in three steps: leak, then subtract, then clamp.

        y = x where x > 0, else leak * x
        z = y - sub
        output = z where z < maxv, else maxv

    leak  slope below 0, from 0 to 1; None for an ordinary ReLU
    sub   the number to subtract; None for nothing
    maxv  the largest output; None for no limit, and 0 is a limit

    All three are attributes with these names. A `sub` that is set later is used from the next call
    on, even if it was None before. The input is left unchanged, and the output has its dtype.

    >>> GeneralRelu(leak=0.5, sub=1.0, maxv=2.0)(torch.tensor([-2.0, 0.0, 9.0]))
    tensor([-2., -1.,  2.])
    """

    sub: Any

    def __init__(
        self, leak: float | None = None, sub: float | None = None, maxv: float | None = None
    ) -> None:
        super().__init__()
        self.leak, self.maxv = leak, maxv
        self.register_buffer("sub", None)  # LSUV changes it, and a saved model must keep it
        self.sub = sub

    __setattr__ = _set

    def forward(self, x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        x = F.relu(x) if self.leak is None else F.leaky_relu(x, self.leak)
        x = x if self.sub is None else x - self.sub
        return x if self.maxv is None else x.clamp_max(self.maxv)


def conv_layer(
    ni: int, nf: int, ks: int = 3, stride: int = 2, bn: bool = True, **kwargs: Any
) -> nn.Sequential:
    """A convolution, a `GeneralRelu` and a batch norm in an `nn.Sequential`, in this order.

    ni, nf  channels in and out
    ks      kernel size in pixels, odd; the padding is half of it, rounded down
    stride  step of the convolution in pixels
    bn      whether to add batch norm; the convolution has a bias only without it
    kwargs  arguments of `GeneralRelu`

    >>> conv_layer(3, 8)(torch.zeros(2, 3, 6, 6)).shape
    torch.Size([2, 8, 3, 3])
    """
    conv = nn.Conv2d(ni, nf, ks, stride=stride, padding=ks // 2, bias=not bn)
    norm = [nn.BatchNorm2d(nf)] if bn else []
    return nn.Sequential(conv, GeneralRelu(**kwargs), *norm)


def prev_pow_2(x: int) -> int:
    """The largest power of two that is at most `x`; exact for every integer from 1 up.

    >>> prev_pow_2(27), prev_pow_2(32), prev_pow_2(2**60 - 1) == 2**59
    (16, 32, True)
    """
    return 1 << (x.bit_length() - 1)  # a logarithm would round 2**60 - 1 up


def get_cnn_layers(
    c_in: int, c_out: int, nfs: list[int], layer: Callable[..., nn.Module], **kwargs: Any
) -> list[nn.Module]:
    """A list with the layers of a convnet: a stem, a body, and a head of three that classifies.

    stem  three 3x3 layers with strides 1, 2, 2: the width of the first is the largest power of
          two that is at most c_in*3*3, and it doubles twice
    body  one 3x3 layer of stride 2 for each width in `nfs`
    head  average pool to one pixel for pictures of any size, flatten, linear to `c_out`

    nfs     may be empty; left unchanged
    layer   makes each layer of stem and body: layer(ni, nf, 3, stride, **kwargs), where you may
            also write `ks=3` and `stride=...`

    Why: a 3x3 kernel sees c_in*3*3 numbers, and more outputs than that would add nothing.

    >>> [m[0].out_channels for m in get_cnn_layers(3, 10, [64, 128], conv_layer)[:-3]]
    [16, 32, 64, 64, 128]
    """
    first = prev_pow_2(c_in * 3 * 3)
    widths = [c_in, first, first * 2, first * 4, *nfs]
    strides = [1] + [2] * (len(widths) - 2)
    convs = [
        layer(ni, nf, 3, stride=stride, **kwargs)
        for (ni, nf), stride in zip(pairwise(widths), strides, strict=True)
    ]
    return [*convs, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(widths[-1], c_out)]


def init_cnn(m: nn.Module, uniform: bool = False) -> None:
    """Initialise every `nn.Conv2d` and `nn.Linear` in `m`, `m` included, in place, as He et al. do.

        std of the weights = sqrt(2 / (1 + leak**2) / fan_in),    mean 0
        biases = 0

    Here fan_in is the number of inputs of one output unit. The leak is that of the first
    `GeneralRelu` in `m`, or 0 if there isn't one. Other layers are left unchanged.

    uniform  draw from the uniform distribution of this std instead of the normal one

    >>> net = conv_layer(3, 8, bn=False)
    >>> init_cnn(net)
    >>> net[0].bias.abs().sum().item()
    0.0
    """
    leak = next((a.leak or 0.0 for a in m.modules() if isinstance(a, GeneralRelu)), 0.0)
    init = nn.init.kaiming_uniform_ if uniform else nn.init.kaiming_normal_
    for layer in m.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            init(layer.weight, a=leak)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
