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
        super().__init__()
        self.conv = nn.Conv2d(ni, nf, ks, stride=stride, padding=ks // 2)
        self.relu = GeneralRelu(sub=sub, **kwargs)

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.conv(x))

    @property
    def bias(self) -> Tensor:
        """The negated shift of the activation."""
        return -self.relu.sub

    @bias.setter
    def bias(self, value: Tensor | float) -> None:
        self.relu.sub = -value

    @property
    def weight(self) -> Tensor:
        """The convolution's weight, outside the graph."""
        return self.conv.weight.detach()  # nn.Module takes no Parameter back: `layer.weight /= 2`

    @weight.setter
    def weight(self, value: Tensor) -> None:
        self.conv.weight.data.copy_(value)


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
    layer: Any = m  # whose weight and bias can be set
    with Hook(m, append_stats) as hook, torch.no_grad():

        def measure() -> tuple[float, float]:
            hook.stats = ([], [], [])  # type: ignore[attr-defined]
            for batch in xb if isinstance(xb, list | tuple) else [xb]:
                model(batch)
            means, stds, _ = hook.stats  # type: ignore[attr-defined]
            mean, std = (float(torch.stack(o).mean()) for o in (means, stds))
            if not (0 < std < float("inf") and abs(mean) < float("inf")):
                name = next(name for name, module in model.named_modules() if module is m)
                raise ValueError(
                    f"dead layer: {name or 'the model itself'} has mean {mean}, std {std}"
                )
            return mean, std

        mean, std = measure()
        for _ in range(max_iter):  # the lecture's loop has no end where `tol` is out of reach
            if abs(mean) <= tol:
                break
            layer.bias -= mean
            mean, std = measure()
        for _ in range(max_iter):
            if abs(std - 1) <= tol:
                break
            layer.weight.data /= std
            mean, std = measure()
    return mean, std


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
    order: list[nn.Module] = []  # each once; a module may be defined late and used early
    found = [m for m in model.modules() if cond(m)]
    first = xb[0] if isinstance(xb, list | tuple) else xb
    with Hooks(found, lambda hook, m, inp, outp: order.append(m)), torch.no_grad():
        model(first)
    return [lsuv_module(model, m, xb) for m in dict.fromkeys(order)]
