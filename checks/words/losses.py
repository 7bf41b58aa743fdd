"""Words for losses: what is reduced, and the scores of classes with their labels."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

reductions = st.sampled_from(["mean", "sum", "none"])
"""The three ways to reduce a loss."""

shapes = st.lists(st.integers(1, 4), max_size=3).map(tuple)
"""Shapes of an unreduced loss, one without dimensions too."""


def tensor_of(shape: tuple[int, ...], seed: int) -> Tensor:
    """Normal random numbers, the same each time."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@dataclass
class Logits:
    """Scores of k classes for n pictures, `size` large and around `centre`, with labels."""

    seed: int
    n: int
    k: int
    size: float = 1.0
    centre: float = 0.0

    def __call__(self) -> tuple[Tensor, Tensor]:
        """The scores and the labels, the same each time."""
        source = torch.Generator().manual_seed(self.seed + 100)
        scores = tensor_of((self.n, self.k), self.seed) * self.size + self.centre
        return scores, torch.randint(self.k, (self.n,), generator=source)

    def torchs(self, eps: float, reduction: str) -> Tensor:
        """The loss by torch's own function."""
        return F.cross_entropy(*self(), label_smoothing=eps, reduction=reduction)

    def torchs_gradient(self, eps: float, reduction: str) -> Tensor:
        """The gradient of torch's own function."""
        return self.gradient(
            lambda *o: F.cross_entropy(*o, label_smoothing=eps, reduction=reduction)
        )

    def gradient(self, loss_func: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
        """What the sum of the losses sends back to the scores."""
        scores, target = self()
        scores.requires_grad_()
        loss_func(scores, target).sum().backward()
        assert scores.grad is not None
        return scores.grad


class _Noting(TorchFunctionMode):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names.append(getattr(func, "__name__", str(func)))
        return func(*args, **kwargs or {})


@contextmanager
def torch_functions() -> Iterator[list[str]]:
    """The names of torch's functions that the block calls."""
    with _Noting() as noting:
        yield noting.names
