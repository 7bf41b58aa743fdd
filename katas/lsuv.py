"""LSUV: start every layer at mean 0 and standard deviation 1, by measuring.

Level 2. About 40 minutes. After `hooks` and `convnet`.
Source: Mishkin & Matas 2015, arXiv 1511.06422 (all you need is a good init); fast.ai 2019,
lesson 11, 0:03:50.
See it at work in notebooks/3_looking_inside.ipynb: `make lab kata=lsuv`.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .convnet import GeneralRelu
from .hooks import Hook, Hooks, append_stats


class ConvLayer(nn.Module):
    """A convolution with a bias of its own, then `GeneralRelu(sub=sub, **kwargs)`.

    ni, nf, ks, stride  as for `conv_layer`: the padding is half of `ks`, rounded down

    `layer.bias` is the activation's shift, `-sub`, and `layer.weight` is the convolution's weight,
    which stays a parameter. Both can be read and set, and the next call uses them. The state dict
    of a layer holds both. The input is left unchanged.

    >>> layer = ConvLayer(1, 2, sub=0.5)
    >>> layer.bias = 3.0
    >>> float(layer.bias), layer.weight.shape
    (3.0, torch.Size([2, 1, 3, 3]))
    """

    def __init__(
        self, ni: int, nf: int, ks: int = 3, stride: int = 2, sub: float = 0.0, **kwargs: Any
    ) -> None:
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        raise NotImplementedError

    @property
    def bias(self) -> Tensor:
        raise NotImplementedError

    @bias.setter
    def bias(self, value: Tensor | float) -> None:
        raise NotImplementedError

    @property
    def weight(self) -> Tensor:
        raise NotImplementedError

    @weight.setter
    def weight(self, value: Tensor) -> None:
        raise NotImplementedError


def lsuv_module(
    model: nn.Module, m: nn.Module, xb: Any, tol: float = 1e-3, max_iter: int = 20
) -> tuple[float, float]:
    """Change layer `m` of `model` in place until its output has mean 0, then until it has std 1.

    1. shift   subtract the mean of the output from `m.bias`, until the mean is within `tol` of 0
    2. scale   divide `m.weight` by the std of the output, until the std is within `tol` of 1
    3. return  the last measured (mean, std), a tuple of two floats

    Measure by sending `xb` through the whole model, before and after each change. There are at most
    `max_iter` changes of each kind. Scaling moves the mean a little, which isn't corrected.

    m   a layer somewhere in `model`, whose `bias` and `weight` can be set
    xb  one input batch, or a list of them: average their means and their stds

    A dead layer has std 0, or a mean or a std that is not finite. It raises ValueError with its
    name in the model, such as "body.third". No gradient is recorded, the model's mode is left
    unchanged, and no hook is left behind, even after an error. All other layers, and `xb`, are left
    unchanged, except for the running statistics of a norm in training mode.

    >>> net = nn.Sequential(ConvLayer(3, 8))
    >>> mean, std = lsuv_module(net, net[0], torch.randn(64, 3, 8, 8))
    >>> abs(std - 1) < 1e-3
    True
    """
    raise NotImplementedError


def lsuv(
    model: nn.Module,
    xb: Any,
    cond: Callable[[nn.Module], bool] = lambda m: isinstance(m, ConvLayer),
) -> list[tuple[float, float]]:
    """Call `lsuv_module` for each layer of `model` that meets `cond`, in the order of their use.

    The order is that of the forward pass, not that of the definition. Afterwards each of these
    layers has a std near 1, however deep the model is and whatever lies between them. With dropout,
    every measurement is a little different, so the std is only about 1. Returns a list of the
    layers' (mean, std), in that order.

    xb    one input batch, or a list of them
    cond  True for the modules to change; all others are left unchanged, as in `lsuv_module`

    A dead layer raises the ValueError of `lsuv_module`. No gradient is recorded, no hook is left
    behind, and `xb` and the model's modes are left unchanged.

    >>> net = nn.Sequential(ConvLayer(3, 8), ConvLayer(8, 8))
    >>> [round(std, 1) for mean, std in lsuv(net, torch.randn(64, 3, 8, 8))]
    [1.0, 1.0]
    """
    raise NotImplementedError
