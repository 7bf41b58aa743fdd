"""LSUV: start every layer at mean 0 and standard deviation 1, by measuring.

Level 2. About 40 minutes. After `hooks` and `convnet`.
Source: Mishkin & Matas 2015, arXiv 1511.06422 (all you need is a good init); fast.ai 2019,
lesson 11, 0:03:50.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .convnet import GeneralRelu
from .hooks import Hook, Hooks, append_stats


class ConvLayer(nn.Module):
    """A convolution with "same" padding and bias, then `GeneralRelu(sub=sub, **kwargs)`.

    ni, nf, ks, stride  as for `conv_layer`

    `bias` is the activation's negated shift, `-sub`, and `weight` that of the convolution; both
    can be read and set, and a saved model keeps them.

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
        """The negated shift of the activation."""
        raise NotImplementedError

    @bias.setter
    def bias(self, value: Tensor | float) -> None:
        raise NotImplementedError

    @property
    def weight(self) -> Tensor:
        """The convolution's weight, outside the graph."""
        raise NotImplementedError

    @weight.setter
    def weight(self, value: Tensor) -> None:
        raise NotImplementedError


def lsuv_module(
    model: nn.Module, m: nn.Module, xb: Any, tol: float = 1e-3, max_iter: int = 20
) -> tuple[float, float]:
    """One layer `m` of `model`, changed in place so that its output has mean near 0, then std 1.

    First `m.bias` is lowered by the mean until that is within `tol` of 0, then `m.weight` is
    divided by the standard deviation until that is within `tol` of 1, each at most `max_iter`
    times. What is returned is the last (mean, std) that were measured.

    xb  one input batch or a list of them, over which mean and std are averaged

    No gradient is built, and no hook stays, after an error too. A dead layer (std 0, or mean or
    std not finite) raises ValueError with the layer's name in the model.

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
    """`lsuv_module` for every layer of `model` that meets `cond`, in the order of the forward pass.

    xb    one input batch or a list of them
    cond  which modules are layers with `weight` and `bias`

    Returned are the layers' (mean, std), in that order.

    >>> net = nn.Sequential(ConvLayer(3, 8), ConvLayer(8, 8))
    >>> [round(std, 1) for mean, std in lsuv(net, torch.randn(64, 3, 8, 8))]
    [1.0, 1.0]
    """
    raise NotImplementedError
