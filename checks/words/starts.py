"""Words for LSUV: networks that start badly, and the means and stds of their layers."""

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from checks.laws import Mismatch, number
from checks.words.norms import normals

seeds = st.integers(0, 99)
slopes = st.sampled_from([None, 0.1, 0.5])


def shifted(
    layer: Any, x: Any, ks: int, stride: int, bias: float, leak: Any = None, maxv: Any = None
) -> Any:
    """The definition: the layer's convolution, rectified, with `bias` added, clamped."""
    own = [p for p in layer.parameters() if p.shape == layer.weight.shape[:1]]
    conv_bias = own[0] if own else None
    y = F.conv2d(x, layer.weight, conv_bias, stride=stride, padding=ks // 2).detach()
    y = torch.where(y > 0, y, (leak or 0.0) * y) + bias
    return y.clamp(max=math.inf if maxv is None else maxv)


def set_weight(layer: Any, value: Any) -> None:
    """Assigns a weight, as a Parameter to a layer that keeps its own under this name."""
    own = dict(layer.named_parameters(recurse=False))
    with torch.no_grad():
        layer.weight = nn.Parameter(value) if "weight" in own else value


class Rescaled(nn.Module):
    """A layer like `ConvLayer`, whose parts have other names."""

    def __init__(
        self, ni: int, nf: int, ks: int, stride: int, sub: float = 0.0, leak: Any = None
    ) -> None:
        super().__init__()
        self.inner, self.leak = nn.Conv2d(ni, nf, ks, stride, ks // 2), leak or 0.0
        self.register_buffer("offset", torch.tensor(-sub))

    def forward(self, x: Any) -> Any:
        """The convolution, rectified, with the offset added."""
        return F.leaky_relu(self.inner(x), self.leak) + self.offset

    @property
    def bias(self) -> Any:
        """The offset."""
        return self.offset.clone()

    @bias.setter
    def bias(self, value: Any) -> None:
        self.offset.fill_(float(value))

    @property
    def weight(self) -> Any:
        """The weight of the convolution, which can be changed in place."""
        return self.inner.weight.detach()

    @weight.setter
    def weight(self, value: Any) -> None:
        self.inner.weight.data.copy_(value)


class Ear(nn.Module):
    """Passes on its input and remembers it; too many runs are an error."""

    def __init__(self, most: int = 10_000) -> None:
        super().__init__()
        self.heard, self.most = [], most

    def forward(self, x: Any) -> Any:
        """The input itself."""
        self.heard.append(x)
        if len(self.heard) > self.most:
            raise OverflowError(f"the model was run more than {self.most} times")
        return x


@dataclass
class Start:
    """A network of four layers that starts badly; `body.third` is the one to be set right."""

    seed: int
    leak: float | None
    gain: float
    shift: float

    def net(self, kind: Any, most: int = 10_000) -> tuple[Any, Any]:
        """The network of layers of a `kind`, the same each time, with an ear after the third."""
        torch.manual_seed(self.seed)
        layers = [kind(ni, 6, 3, 1, sub=self.shift, leak=self.leak) for ni in (3, 6, 6, 6)]
        for layer in layers:
            layer.weight.data.mul_(self.gain)
        first, second, third, fourth = layers
        parts = OrderedDict(first=first, second=second, third=third, ear=Ear(most), fourth=fourth)
        net = nn.Sequential(OrderedDict(body=nn.Sequential(parts)))
        return net, third

    def with_wide_biases(self, kind: Any, most: int = 10_000) -> tuple[Any, Any]:
        """The network, with biases in the third convolution that don't shrink with its weight."""
        net, m = self.net(kind, most)
        own = next(p for p in m.parameters() if p.ndim == 1)
        own.data.copy_(0.3 * normals(self.seed, *own.shape))
        return net, m

    def with_dead_layer(self, kind: Any, weight: float) -> Any:
        """The network, whose third layer has one value for all its weights."""
        net, m = self.net(kind, most=500)
        for p in m.parameters():
            p.data.fill_(0.0)
        m.weight.data.fill_(weight)
        m.bias = 0.0
        return net, m

    def batch(self, i: int = 0, scale: float = 1.0) -> Any:
        """A batch in which every picture has a contrast of its own."""
        contrast = torch.linspace(0.2, 2, 16)[:, None, None, None]
        return scale * contrast * normals(100 * self.seed + i, 16, 3, 6, 6)


starts = st.builds(
    Start,
    seed=seeds,
    leak=slopes,
    gain=st.sampled_from([0.3, 1.0, 2.0, 10.0]),
    shift=st.sampled_from([0.0, 0.7, -3.0]),
)
START = Start(seed=1, leak=0.1, gain=2.0, shift=0.7)


def measured(model: Any, layers: list, batches: list) -> list[list[float]]:
    """Mean and std of the output of each layer, averaged over batches."""
    outs: dict[Any, list] = {layer: [] for layer in layers}
    hooks = [m.register_forward_hook(lambda m, i, o: outs[m].append(o)) for m in layers]
    with torch.no_grad():
        for batch in batches:
            model(batch)
    for hook in hooks:
        hook.remove()
    return [
        [sum(number(f(o)) for o in found) / len(found) for f in (torch.mean, torch.std)]
        for found in outs.values()
    ]


def stds_of(net: Any, layers: list, batches: list) -> list[float]:
    """The std of the output of each layer."""
    return [std for _, std in measured(net, layers, batches)]


def pair(result: Any) -> list[float]:
    """The (mean, std) that an answer returns."""
    if type(result) is not tuple or [type(o) for o in result] != [float, float]:
        raise Mismatch(result, (0.0, 1.0), "type: wanted a tuple of two floats")
    return list(result)


def left_behind(model: Any) -> dict[str, Any]:
    """Modes, hooks and gradients of a model, and whether gradients are on."""
    return {
        "modes": [m.training for m in model.modules()],
        "hooks": [len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules()],
        "forward replaced": ["forward" in vars(m) for m in model.modules()],
        "trainable": [p.requires_grad and p.is_leaf for p in model.parameters()],
        "gradients": [p.grad is not None for p in model.parameters()],
        "gradients on": torch.is_grad_enabled(),
    }


def values_of(model: Any, leaving: Any = ()) -> list:
    """Copies of a model's parameters and buffers, but for those of some layers."""
    left = {id(o) for m in leaving for o in [*m.parameters(), *m.buffers()]}
    kept = [*model.parameters(), *model.buffers()]
    return [o.detach().clone() for o in kept if id(o) not in left]


def gradients_of(model: Any, leaving: Any = ()) -> list:
    """Copies of the gradients of a model's parameters, but for those of some layers."""
    left = {id(p) for m in leaving for p in m.parameters()}
    kept = [p for p in model.parameters() if id(p) not in left]
    return [None if p.grad is None else p.grad.clone() for p in kept]


class Changes:
    """Counts how often the bias and the weight of a layer change between two of its calls."""

    def __init__(self, m: Any) -> None:
        self.m, self.seen = m, []
        m.register_forward_pre_hook(lambda *given: self.look())

    def look(self) -> None:
        """Remember bias and weight as they are now."""
        self.seen.append((number(self.m.bias), self.m.weight.detach().clone()))

    def count(self) -> dict[str, int]:
        """The numbers of changes so far."""
        self.look()
        pairs = list(zip(self.seen, self.seen[1:], strict=False))
        return {
            "bias": sum(a[0] != b[0] for a, b in pairs),
            "weight": sum(not torch.equal(a[1], b[1]) for a, b in pairs),
        }


class Around(nn.Module):
    """A module of one layer, which is an attribute of it."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.inner = layer

    def forward(self, x: Any) -> Any:
        """What the layer computes."""
        return self.inner(x)


@dataclass
class Depth:
    """A deep network with something between its layers."""

    seed: int
    depth: int
    leak: float | None
    gain: float
    between: str

    def net(self, kind: Any) -> tuple[Any, list]:
        """The network of layers of a `kind`, in evaluation mode, and its layers in their order."""
        torch.manual_seed(self.seed)
        others = {
            "nothing": nn.Identity,
            "tanh": nn.Tanh,
            "sigmoid": nn.Sigmoid,
            "dropout": lambda: nn.Dropout(0.2),
            "pool": lambda: nn.AvgPool2d(3, 1, 1),
        }
        net, ni = nn.Sequential(), 3
        for _ in range(self.depth):
            layer = kind(ni, 8, 3, 1, leak=self.leak)
            layer.weight.data.mul_(self.gain)
            around = nn.Sequential if len(net) % 2 else Around
            net.append(nn.Sequential(others[self.between](), around(layer)))
            ni = 8
        return net.eval(), [m for m in net.modules() if isinstance(m, kind)]

    def batch(self, i: int = 0) -> Any:
        """A batch of 16 pictures."""
        return normals(100 * self.seed + i, 16, 3, 6, 6)


depths = st.builds(
    Depth,
    seed=seeds,
    depth=st.integers(1, 6),
    leak=slopes,
    gain=st.sampled_from([0.3, 1.0, 3.0]),
    between=st.sampled_from(["nothing", "tanh", "sigmoid", "dropout", "pool"]),
)
DEEP = Depth(seed=1, depth=6, leak=0.1, gain=3.0, between="nothing")


def in_order(layers: list) -> nn.Sequential:
    """The layers as they are defined."""
    return nn.Sequential(*layers)


class Backwards(nn.Module):
    """Defines its layers in another order than it uses them in."""

    def __init__(self, layers: list) -> None:
        super().__init__()
        self.layers = nn.ModuleList(reversed(layers))

    def forward(self, x: Any) -> Any:
        """From the last that is defined to the first."""
        for layer in reversed(self.layers):
            x = layer(x)
        return x
