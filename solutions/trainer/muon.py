"""Muon: momentum whose step goes equally far in every direction that a kernel has.

A convolution's momentum, read as a matrix of (channels out) x (all that one of them sees), has a
few large singular values and many small ones, so a plain step moves the network along the few. Muon
brings them all near 1. What isn't a kernel (biases, batch norm, the last layer) steps as with Adam.
All of it is one more stepper for the generic optimizer, next to the stats that Adam has already.

Source: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks"; Liu et al.
2025, arXiv 2502.16982 (the length of a step, so that one learning rate fits both).
"""

from collections.abc import Iterable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from ..optimizers import (
    AverageGrad,
    AverageSqrGrad,
    StatefulOptimizer,
    StepCount,
    adam_step,
    lin_comb,
    weight_decay,
)
from .parts import add


def flat_spectrum(g: Float[Tensor, "m n"], rounds: int = 3) -> Float[Tensor, "m n"]:
    """`g` with its singular vectors, and singular values that are all between 0.6 and 1.2.

    Those below a fiftieth of their norm come out smaller.

    Each round maps every singular value s to 3.4445 s - 4.7750 s**3 + 2.0315 s**5, a polynomial of
    Jordan et al. that lifts small ones quickly and leaves those near 1 there. Since the rounds only
    multiply by functions of `g @ g.T`, all but the last product are of small matrices.

    >>> flat_spectrum(torch.diag(torch.tensor([3.0, 1.0]))).round(decimals=1).diag().tolist()
    [0.7, 1.0]
    """
    if g.shape[0] > g.shape[1]:
        return flat_spectrum(g.T, rounds).T
    x = g / (g.norm() + 1e-7)
    gram, one = x @ x.T, torch.eye(len(x), dtype=x.dtype, device=x.device)
    factor = one
    for _ in range(rounds):
        bend = 3.4445 * one - 4.7750 * gram + 2.0315 * gram @ gram
        factor, gram = bend @ factor, bend @ gram @ bend
    return factor @ x


def is_kernel(p: Tensor) -> bool:
    """Whether Muon steps a parameter; Adam steps all others."""
    return p.dim() > 2


def muon_step(p: Tensor, lr: float, mom: float, grad_avg: Tensor, **hypers: Any) -> Tensor:
    """Step a kernel against its momentum with a flat spectrum, anything else by `adam_step`.

    The momentum reaches one gradient ahead (Nesterov). The step's root mean square is 0.2 lr, about
    that of Adam's.
    """
    if not is_kernel(p):
        return adam_step(p, lr=lr, mom=mom, grad_avg=grad_avg, **hypers)
    ahead = lin_comb(grad_avg, p.grad, mom).flatten(1)
    p.data -= (0.2 * lr * max(ahead.shape) ** 0.5) * flat_spectrum(ahead).view_as(p)
    return p


muon_step._defaults = adam_step._defaults  # type: ignore[attr-defined]


class SqrOfTheRest(AverageSqrGrad):
    """The average of the squared gradient, for parameters that Adam steps; kernels need none."""

    def init_state(self, p: Tensor) -> dict[str, Any]:
        return {} if is_kernel(p) else super().init_state(p)

    def update(self, p: Tensor, state: dict[str, Any], **hypers: Any) -> dict[str, Any]:
        return state if is_kernel(p) else super().update(p, state, **hypers)


def muon_opt(params: Iterable, **hypers: Any) -> StatefulOptimizer:
    """Muon for kernels and Adam for the rest, with decoupled weight decay."""
    stats = [AverageGrad(dampening=True), SqrOfTheRest(), StepCount()]
    return StatefulOptimizer(params, [weight_decay, muon_step], stats, **hypers)


add("optimizer", "muon", muon_opt, lr=6e-3)
