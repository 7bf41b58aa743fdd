"""Words for residual networks: their convolutions and norms as they run, and blocks by hand."""

from dataclasses import dataclass
from typing import Any

import torch
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F

from checks.laws import Mismatch
from checks.words.losses import tensor_of

Pair = tuple[Any, Any]
"""A convolution and the batch norm that runs after it."""


def run_of(net: nn.Module, x: Tensor) -> list[Any]:
    """The modules with a weight of their own, in the order in which they run."""
    found: list[Any] = []
    own = [m for m in net.modules() if isinstance(m._parameters.get("weight"), Tensor)]
    hooks = [m.register_forward_hook(lambda m, *_: found.append(m)) for m in own]
    with torch.no_grad():
        net(x)
    for hook in hooks:
        hook.remove()
    return found


def pairs_of(run: list[Any]) -> list[Pair]:
    """The convolutions of a run, each with the batch norm after it."""
    kinds = [m.weight.ndim for m in run]
    wanted = [4, 1] * (len(run) // 2)
    if kinds != wanted:
        names = [type(m).__name__ for m in run]
        raise Mismatch(names, "Conv2d, BatchNorm2d, ...", f"got {names}, wanted a norm after each")
    return list(zip(run[::2], run[1::2], strict=True))


def dress_convs(pairs: list[Pair], seed: int) -> None:
    """Convolutions whose weights follow from their shapes alone."""
    with torch.no_grad():
        for conv, _ in pairs:
            shape = tuple(conv.weight.shape)
            conv.weight.copy_(tensor_of(shape, seed + sum(shape)) / conv.weight[0].numel() ** 0.5)


def dress(pairs: list[Pair], seed: int) -> None:
    """Norms with weights and biases that show."""
    with torch.no_grad():
        for conv, norm in pairs:
            values = tensor_of((2, len(norm.weight)), seed + sum(conv.weight.shape))
            norm.weight.copy_(values[0].abs() + 0.2)
            norm.bias.copy_(values[1])


def conv_norm(x: Tensor, pair: Pair, stride: int, training: bool) -> Tensor:
    """A convolution with "same" padding and batch norm, by torch's functions."""
    conv, norm = pair
    x = F.conv2d(x, conv.weight, stride=stride, padding=conv.weight.shape[-1] // 2)
    n = x.shape[1]
    mean, var = torch.zeros(n), torch.ones(n)
    eps = getattr(norm, "eps", 1e-5)
    return F.batch_norm(x, mean, var, norm.weight, norm.bias, training, eps=eps)


@dataclass
class Block:
    """The arguments of a residual block, and a batch for it."""

    seed: int
    ni: int
    nf: int
    stride: int
    expansion: int
    n: int = 2
    h: int = 5
    w: int = 4

    def args(self) -> tuple[int, int, int, int]:
        """What a ResBlock is made with."""
        return self.ni, self.nf, self.stride, self.expansion

    def x(self) -> Tensor:
        """A batch, the same each time."""
        return tensor_of((self.n, self.ni, self.h, self.w), self.seed)

    def shapes(self) -> list[tuple[int, ...]]:
        """The weights of the convolutions in the order of their run, the shortcut's last."""
        ni, nf, inner = self.ni, self.nf, self.nf // self.expansion
        found = [(inner, ni, 3, 3), (nf, inner, 3, 3)]
        if self.expansion > 1:
            found = [(inner, ni, 1, 1), (inner, inner, 3, 3), (nf, inner, 1, 1)]
        return found + [(nf, ni, 1, 1)] * (ni != nf)

    def weights(self) -> int:
        """How many numbers the block learns."""
        return sum(nf * ni * a * b + 2 * nf for nf, ni, a, b in self.shapes())

    def sorted(self, pairs: list[Pair]) -> list[Pair]:
        """The pairs in the order of `shapes`."""
        left, found = list(pairs), []
        for shape in self.shapes():
            fitting = [o for o in left if tuple(o[0].weight.shape) == shape]
            if not fitting:
                there = [tuple(conv.weight.shape) for conv, _ in pairs]
                why = f"got convolutions {there}, wanted one of {shape}"
                raise Mismatch(there, self.shapes(), why)
            found.append(fitting[0])
            left.remove(fitting[0])
        return found

    def pooled(self, x: Tensor) -> Tensor:
        """The shortcut without its convolution."""
        return F.avg_pool2d(x, 2, ceil_mode=True) if self.stride == 2 else x

    def by_hand(self, pairs: list[Pair], training: bool) -> Tensor:
        """What the block computes, by torch's functions."""
        x, pairs = self.x(), self.sorted(pairs)
        main = pairs[: 2 if self.expansion == 1 else 3]
        strides = [self.stride, 1] if self.expansion == 1 else [1, self.stride, 1]
        out = x
        for i, (pair, stride) in enumerate(zip(main, strides, strict=True)):
            out = conv_norm(out if i == 0 else out.relu(), pair, stride, training)
        shortcut = self.pooled(x)
        if self.ni != self.nf:
            shortcut = conv_norm(shortcut, pairs[-1], 1, training)
        return (out + shortcut).relu()


def blocks(**fields: Any) -> st.SearchStrategy[Block]:
    """Blocks of both kinds; `ni` is never the inner width, so weights are told apart by shape."""
    defaults = {
        "seed": st.integers(0, 99),
        "ni": st.sampled_from([5, 6, 8, 12]),
        "nf": st.sampled_from([8, 12, 16]),
        "stride": st.sampled_from([1, 2]),
        "expansion": st.sampled_from([1, 2, 4]),
        "h": st.integers(2, 7),
        "w": st.integers(2, 7),
    }
    made = st.builds(Block, **(defaults | fields))
    return made.filter(lambda o: o.expansion == 1 or o.ni != o.nf // o.expansion)


@dataclass
class Net:
    """The arguments of a residual network, and a picture size."""

    layers: tuple[int, ...] = (1, 1, 1, 1)
    expansion: int = 1
    c_in: int = 3
    c_out: int = 10
    stem: tuple[int, ...] = (32, 32, 64)
    h: int = 32
    w: int = 32

    def args(self) -> tuple[Any, ...]:
        """What `xresnet` is called with."""
        return self.layers, self.expansion, self.c_in, self.c_out, self.stem

    def x(self, n: int = 2) -> Tensor:
        """A batch of pictures, the same each time."""
        return tensor_of((n, self.c_in, self.h, self.w), 1)

    def blocks(self) -> list[Block]:
        """The blocks in their order."""
        found, ni = [], self.stem[-1]
        for group, count in enumerate(self.layers):
            nf = 64 * 2**group * self.expansion
            for i in range(count):
                stride = 2 if group and i == 0 else 1
                found.append(Block(0, ni, nf, stride, self.expansion))
                ni = nf
        return found

    def weights(self) -> int:
        """How many numbers the network learns."""
        stem = zip((self.c_in, *self.stem), self.stem, strict=False)
        found = sum(9 * ni * nf + 2 * nf for ni, nf in stem)
        last = 512 * self.expansion
        return found + sum(o.weights() for o in self.blocks()) + (last + 1) * self.c_out

    def outputs(self, n: int) -> list[list[int]]:
        """The shape of what each block returns."""
        h, w, found = -(-self.h // 4), -(-self.w // 4), []
        for block in self.blocks():
            h, w = -(-h // block.stride), -(-w // block.stride)
            found.append([n, block.nf, h, w])
        return found


nets = st.builds(
    Net,
    layers=st.tuples(*[st.integers(1, 2)] * 4),
    expansion=st.sampled_from([1, 2, 4]),
    c_in=st.sampled_from([1, 3, 4]),
    c_out=st.sampled_from([2, 10, 17]),
    stem=st.sampled_from([(32, 32, 64), (8, 12, 16), (16, 24, 40)]),
    h=st.sampled_from([32, 33, 40]),
    w=st.sampled_from([32, 35, 47]),
)
"""Residual networks of one or two blocks a group."""
