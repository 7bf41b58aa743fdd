"""Words for convnets: the formulas of their layers, and layers that note how they were made."""

import math
from typing import Any

import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from checks.laws import assert_same
from checks.words.networks import randoms

activations = st.fixed_dictionaries(
    {},
    optional={
        "leak": st.sampled_from([0.1, 0.5]),
        "sub": st.sampled_from([0.4, -0.5]),
        "maxv": st.just(1.5),
    },
)


def rectified(x: Any, leak: Any = None, sub: Any = None, maxv: Any = None) -> Any:
    """The definition: leak, then subtract, then clamp."""
    y = torch.where(x > 0, x, (leak or 0.0) * x) - (sub or 0.0)
    return y.clamp(max=math.inf if maxv is None else maxv)


def convolved(conv: Any, x: Any, ks: int, stride: int) -> Any:
    """The output of a convolution with the weights of `conv` and a padding of ks // 2."""
    return F.conv2d(x, conv.weight, conv.bias, stride=stride, padding=ks // 2).detach()


def normalised(x: Any) -> Any:
    """Each channel with the mean and the variance of the batch taken out."""
    var, mean = torch.var_mean(x, (0, 2, 3), correction=0, keepdim=True)
    return (x - mean) / (var + 1e-5).sqrt()


def only(kind: Any, layer: Any) -> Any:
    """The one module of a kind in a layer."""
    found = [m for m in layer.modules() if isinstance(m, kind)]
    assert_same([type(m).__name__ for m in found], [kind.__name__])
    return found[0]


class Seen(nn.Module):
    """A layer that costs little: the mean over channels, times a number for each new one."""

    def __init__(self, ni: int, nf: int, ks: int, stride: int, kwargs: dict) -> None:
        super().__init__()
        self.asked, self.stride = (ni, nf, ks, stride, kwargs), stride
        self.gains = randoms(nf, nf, 1, 1)

    def forward(self, x: Any) -> Any:
        """Every `stride`-th pixel."""
        return x.mean(1, keepdim=True)[..., :: self.stride, :: self.stride] * self.gains


def seen_layer(ni: int, nf: int, ks: int = 5, stride: int = 3, **kwargs: Any) -> Seen:
    """A layer whose kernel and stride are unusual, unless it's told which."""
    return Seen(ni, nf, ks, stride, kwargs)


def wide_net(relus: Any, seed: int = 0) -> nn.Sequential:
    """Layers with so many weights that their std can be judged; none of them starts well."""
    first, second = relus
    stem = nn.Sequential(nn.Conv2d(16, 48, 5), first, nn.BatchNorm2d(48))
    body = nn.Sequential(nn.Conv2d(48, 32, 3, bias=False), second)
    net = nn.Sequential(stem, nn.Sequential(body), nn.Flatten(), nn.Linear(400, 50))
    for i, p in enumerate(net.parameters()):
        p.data.copy_(1 + randoms(seed + i, *p.shape))
    return net


def weighted(net: nn.Module) -> list[Any]:
    """The layers of a net that have to be initialised."""
    return [m for m in net.modules() if isinstance(m, nn.Conv2d | nn.Linear)]


def kaiming(layer: Any, leak: float | None) -> float:
    """The std that keeps the variance through a layer and its rectifier."""
    return math.sqrt(2 / (1 + (leak or 0.0) ** 2) / layer.weight[0].numel())
