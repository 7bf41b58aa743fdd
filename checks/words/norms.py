"""Words for batch norms: their arguments and batches, and formulas to compare them with."""

import gc
import math
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from hypothesis import strategies as st
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from checks.laws import assert_same


def normals(seed: int, *shape: int) -> Any:
    """Normal random numbers, the same each time."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@dataclass
class Norming:
    """A norm's arguments, and the sizes of the batches that it meets one after the other."""

    seed: int
    nf: int
    mom: float
    eps: float
    sizes: list[int]

    def batch(self, i: int, n: int) -> Any:
        """Batch i, of n pictures: every channel has a mean and a std of its own."""
        seed, shape = 100 * self.seed + 3 * i, (1, self.nf, 1, 1)
        scale = 0.5 + 2 * torch.rand(shape, generator=torch.Generator().manual_seed(self.seed))
        each = normals(seed, n, self.nf, 2 + i % 2, 3)
        each = each / each.std((2, 3), keepdim=True)  # no channel is nearly constant
        shift = normals(self.seed, *shape) + normals(seed + 1, n, self.nf, 1, 1)
        return (each + shift) * scale

    def batches(self) -> list:
        """The batches, the same each time."""
        return [self.batch(i, n) for i, n in enumerate(self.sizes)]

    def upstream(self, x: Any) -> Any:
        """A gradient that comes from above."""
        return normals(self.seed + 1, *x.shape)

    def affine(self) -> Any:
        """A weight above 0 and a bias below 0 for each channel."""
        weight, bias = normals(self.seed, 2, self.nf).abs() + 0.1
        return weight, -bias

    def fresh(self, kind: Callable) -> Any:
        """A norm of this kind with that weight and bias, before any batch."""
        return self.dressed(kind(self.nf, self.mom, self.eps))

    def dressed(self, norm: Any) -> Any:
        """A norm whose ones have become that weight, and its zeros that bias."""
        values = nn.utils.parameters_to_vector(norm.parameters()).detach()
        ones, (weight, bias) = values > 0, self.affine()
        values = values.masked_scatter(ones, weight).masked_scatter(~ones, bias)
        nn.utils.vector_to_parameters(values, norm.parameters())
        return norm

    def trained(self, kind: Callable, gradients: bool = True) -> Any:
        """A norm of this kind after the batches, in training mode."""
        norm = self.fresh(kind).train()
        with torch.set_grad_enabled(gradients):
            for x in self.batches():
                norm(x)
        return norm


def torchs_norm(nf: int, mom: float, eps: float) -> nn.Module:
    """Torch's own batch norm, with its arguments in our order."""
    return nn.BatchNorm2d(nf, eps, mom)


def normings(min_size: int = 1, max_size: int = 4, max_n: int = 5) -> Any:
    """Norms with momentum and epsilon large enough to matter."""
    return st.builds(
        Norming,
        seed=st.integers(0, 99),
        nf=st.integers(1, 3),
        mom=st.floats(0.05, 0.95).map(lambda x: round(x, 2)),
        eps=st.sampled_from([0.001, 0.01, 0.1, 0.5]),
        sizes=st.lists(st.integers(1, max_n), min_size=min_size, max_size=max_size),
    )


ONE = Norming(seed=1, nf=2, mom=0.3, eps=0.1, sizes=[4, 1, 3])


def assert_starts_at_1_and_0(norm: Any, nf: int) -> None:
    """The parameters are nf ones and nf zeros, and ask for gradients."""
    params = list(norm.parameters())
    values = torch.cat([torch.zeros(0), *(p.detach().reshape(-1) for p in params)]).sort().values
    assert_same(values, torch.cat([torch.zeros(nf), torch.ones(nf)]))
    assert_same([p.requires_grad for p in params], [True] * len(params))


def copied(state: Any) -> dict:
    """A state dict that later changes do not reach."""
    return {name: value.detach().clone() for name, value in state.items()}


def gradients(norm: Any, x: Any, upstream: Any) -> list:
    """The gradients of x, of the weight and of the bias, from one pass."""
    x = x.clone().requires_grad_()
    norm.zero_grad()
    norm(x).backward(upstream)
    values = torch.cat([p.detach().reshape(-1) for p in norm.parameters()])
    grads = torch.cat([p.grad.reshape(-1) for p in norm.parameters()])
    return [x.grad, grads[values > 0], grads[values < 0]]


class _Token:
    """An object that a graph keeps alive as long as it lives."""


class _Keeping(torch.autograd.Function):
    """x, with a graph that keeps a token."""

    @staticmethod
    def forward(ctx: Any, x: Any, token: Any) -> Any:
        """A copy of x."""
        ctx.token = token
        return x.clone()

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        """The gradient itself."""
        return grad, None


def graphs_kept(norm: Any, batches: list) -> int:
    """How many graphs of the first batch are kept after the others: 0 or 1."""
    token = _Token()
    alive = weakref.ref(token)
    norm(_Keeping.apply(batches[0].clone().requires_grad_(), token))
    del token
    for x in batches[1:]:
        norm(x)
    gc.collect()
    return int(alive() is not None)


def closed_form(case: Norming, batches: list) -> tuple[Any, Any]:
    """Mean and variance of each channel after these batches, without debiasing, in float64.

    Batch i counts with m[i] times the product of 1 - m[j] over the later batches j.
    """
    moms = [1 - (1 - case.mom) / math.sqrt(max(len(x) - 1, 1)) for x in batches]
    shares = [m * math.prod(1 - o for o in moms[i + 1 :]) for i, m in enumerate(moms)]
    doubles = [x.double() for x in batches]
    count = sum(w * x[:, 0].numel() for w, x in zip(shares, doubles, strict=True))
    sums = sum(w * x.sum((0, 2, 3)) for w, x in zip(shares, doubles, strict=True))
    sqrs = sum(w * (x**2).sum((0, 2, 3)) for w, x in zip(shares, doubles, strict=True))
    return sums / count, sqrs / count - (sums / count) ** 2


def by_hand(case: Norming, seen: list, x: Any, affine: Any = None, least: float = 0.0) -> Any:
    """x normalised by the statistics of the batches seen, in float64."""
    mean, var = closed_form(case, seen)
    weight, bias = affine or [o.double() for o in case.affine()]
    factor = weight / (var.clamp(min=least) + case.eps).sqrt()
    return x.double() * factor[:, None, None] + (bias - mean * factor)[:, None, None]


class Large(TorchDispatchMode):
    """Counts the operations that write a tensor of `least` bytes or more."""

    def __init__(self, least: int) -> None:
        super().__init__()
        self.least, self.names = least, []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        written = [o for o in (out if isinstance(out, tuple | list) else [out]) if _is_tensor(o)]
        read = [] if func._schema.is_mutable else [o.data_ptr() for o in args if _is_tensor(o)]
        new = [o for o in written if o.data_ptr() not in read]  # the rest are views
        if any(o.untyped_storage().nbytes() >= self.least for o in new):
            self.names.append(str(func))
        return out


def _is_tensor(o: Any) -> bool:
    return isinstance(o, torch.Tensor)
