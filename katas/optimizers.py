"""Optimizers: one generic optimizer, into which everything else is injected.

Level 3. About 120 minutes. After `containers`: a step is `compose` over the parameter.
Source: fast.ai 2019, lesson 11 (09_optimizers); Loshchilov & Hutter 2017, arXiv 1711.05101
(decoupled weight decay); Kingma & Ba 2014, arXiv 1412.6980 (Adam); You et al. 2019,
arXiv 1904.00962 (LAMB).

A stepper is a function `(p, **hypers)` that changes the parameter `p`, or its gradient, in place
and returns `p`. It names the hyperparameters it uses and takes all others as `**kwargs`. Both
steppers and stats may carry `_defaults`, a dict of hyperparameters.
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from .containers import compose, listify


class Stat:
    """Given: something that an optimizer keeps for each parameter, from step to step."""

    _defaults: dict[str, Any] = {}

    def init_state(self, p: Tensor) -> dict[str, Any]:
        """Given: the state of `p` before its first step."""
        return {}

    def update(self, p: Tensor, state: dict[str, Any], **hypers: Any) -> dict[str, Any]:
        """Given: the state of `p` with its present gradient taken in."""
        return state


def get_defaults(o: Any) -> dict[str, Any]:
    """Given: the `_defaults` of a stepper or stat, {} if it has none.

    >>> get_defaults(print)
    {}
    """
    return getattr(o, "_defaults", {})


def maybe_update(os: Iterable, dest: dict, f: Callable[[Any], dict]) -> None:
    """Adds to `dest`, in place, the keys of `f(o)` for each `o` of `os` that it lacks.

    The first to bring a key wins, and what `dest` has is never overwritten.

    >>> dest = {"lr": 0.1}
    >>> maybe_update([{"lr": 1.0, "wd": 0.2}, {"wd": 0.3}], dest, lambda o: o)
    >>> dest
    {'lr': 0.1, 'wd': 0.2}
    """
    raise NotImplementedError


class Optimizer:
    """Steps each parameter through its steppers, with hyperparameters by group.

    params    parameters, one group of them, or a list of groups; ValueError if there are none
    steppers  one or several, called in order by `compose`
    defaults  hyperparameters, for all groups; they win over the `_defaults` of the steppers

    param_groups   a list of lists of parameters
    hypers         one independent dict a group
    grad_params()  the pairs (p, hyper) of all parameters that have a gradient
    step()         compose(p, steppers, **hyper) for each of these
    zero_grad()    afterwards no parameter has a gradient other than None or zeros

    >>> p = torch.ones(2, requires_grad=True)
    >>> p.sum().backward()
    >>> opt = Optimizer([p], sgd_step, lr=0.25)
    >>> opt.step(), p.tolist()
    (None, [0.75, 0.75])
    """

    def __init__(self, params: Iterable, steppers: Any, **defaults: Any) -> None:
        raise NotImplementedError

    def grad_params(self) -> list[tuple[Tensor, dict[str, Any]]]:
        """Parameters with a gradient, each with the hyperparameters of its group."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Forget the gradients."""
        raise NotImplementedError

    @torch.no_grad()
    def step(self) -> None:
        """One step of every parameter that has a gradient."""
        raise NotImplementedError


def sgd_step(p: Tensor, lr: float, **kwargs: Any) -> Tensor:
    """p - lr * grad, in place.

    >>> p = torch.tensor([1.0])
    >>> p.grad = torch.tensor([2.0])
    >>> sgd_step(p, lr=0.25)
    tensor([0.5000])
    """
    raise NotImplementedError


def weight_decay(p: Tensor, lr: float, wd: float, **kwargs: Any) -> Tensor:
    """p * (1 - lr * wd), in place: decay of the weight itself. Default wd: 0.

    Source: Loshchilov & Hutter 2017, arXiv 1711.05101.

    >>> weight_decay(torch.tensor([2.0]), lr=0.5, wd=0.5)
    tensor([1.5000])
    """
    raise NotImplementedError


def l2_reg(p: Tensor, lr: float, wd: float, **kwargs: Any) -> Tensor:
    """grad + wd * p, in place in the gradient: the gradient of wd/2 * |p|**2. Default wd: 0.

    Its `_order` is -1: it changes the gradient, so it comes before whatever reads that.

    >>> p = torch.tensor([2.0])
    >>> p.grad = torch.tensor([1.0])
    >>> l2_reg(p, lr=0.5, wd=0.5).grad
    tensor([2.])
    """
    raise NotImplementedError


def momentum_step(p: Tensor, lr: float, grad_avg: Tensor, **kwargs: Any) -> Tensor:
    """p - lr * grad_avg, in place.

    grad_avg  the running average of the gradient (`AverageGrad`)

    >>> momentum_step(torch.tensor([1.0]), lr=0.5, grad_avg=torch.tensor([3.0]))
    tensor([-0.5000])
    """
    raise NotImplementedError


class StatefulOptimizer(Optimizer):
    """An optimizer that keeps state for each parameter, which its steppers are given.

    stats  one Stat or several; their `_defaults` count as those of the steppers do

    At each step of a parameter the stats update its state in the order given, then the steppers
    are called with the state's entries and the hyperparameters. Steppers with an `_order` below 0
    change the gradient, so they come before the stats: in the lecture's code L2 comes after
    them and never reaches the momentum.

    state  the state of each parameter, made on its first step with a gradient, whenever that is

    `state_dict()` is a copy of all hyperparameters and states; an optimizer over equal parameters
    that gets it by `load_state_dict` goes on exactly where this one stopped. ValueError if the
    groups of parameters are not alike in number and size.

    >>> p = torch.zeros(1, requires_grad=True)
    >>> opt = StatefulOptimizer([p], momentum_step, AverageGrad(), lr=1.0, mom=0.5)
    >>> for _ in range(2):
    ...     p.grad = torch.ones(1)
    ...     opt.step()
    >>> p.tolist(), opt.state[p]["grad_avg"].tolist()
    ([-2.5], [1.5])
    """

    def __init__(self, params: Iterable, steppers: Any, stats: Any = None, **defaults: Any) -> None:
        raise NotImplementedError

    @torch.no_grad()
    def step(self) -> None:
        """One step of every parameter that has a gradient, its state first."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """All that a later optimizer needs to go on."""
        raise NotImplementedError

    def load_state_dict(self, saved: dict[str, Any]) -> None:
        """Go on from `saved`."""
        raise NotImplementedError


def lin_comb(v1: Any, v2: Any, beta: float) -> Any:
    """beta * v1 + (1 - beta) * v2, for numbers or tensors.

    >>> lin_comb(1.0, 3.0, beta=0.75)
    1.5
    """
    raise NotImplementedError


class AverageGrad(Stat):
    """Momentum: the running sum or average of the gradient. Default mom: 0.9.

        grad_avg = mom * grad_avg + mom_damp * grad,         grad_avg[0] = 0

    dampening  mom_damp is 1 - mom, an average, instead of 1, a sum

    State: grad_avg, mom_damp.

    >>> stat, p = AverageGrad(dampening=True), torch.zeros(1)
    >>> p.grad = torch.ones(1)
    >>> stat.update(p, stat.init_state(p), mom=0.75)
    {'grad_avg': tensor([0.2500]), 'mom_damp': 0.25}
    """

    def __init__(self, dampening: bool = False) -> None:
        raise NotImplementedError

    def init_state(self, p: Tensor) -> dict[str, Any]:
        raise NotImplementedError

    def update(self, p: Tensor, state: dict[str, Any], **hypers: Any) -> dict[str, Any]:
        raise NotImplementedError


class AverageSqrGrad(Stat):
    """The running average of the squared gradient. Default sqr_mom: 0.99.

        sqr_avg = sqr_mom * sqr_avg + sqr_damp * grad**2,    sqr_avg[0] = 0

    dampening  sqr_damp is 1 - sqr_mom, an average, instead of 1, a sum

    State: sqr_avg, sqr_damp.

    >>> stat, p = AverageSqrGrad(), torch.zeros(1)
    >>> p.grad = torch.tensor([2.0])
    >>> stat.update(p, stat.init_state(p), sqr_mom=0.75)
    {'sqr_avg': tensor([1.]), 'sqr_damp': 0.25}
    """

    def __init__(self, dampening: bool = True) -> None:
        raise NotImplementedError

    def init_state(self, p: Tensor) -> dict[str, Any]:
        raise NotImplementedError

    def update(self, p: Tensor, state: dict[str, Any], **hypers: Any) -> dict[str, Any]:
        raise NotImplementedError


class StepCount(Stat):
    """How many steps a parameter has made, this one included: the first is 1. State: step.

    >>> stat, p = StepCount(), torch.zeros(1)
    >>> stat.update(p, stat.init_state(p))
    {'step': 1}
    """

    def init_state(self, p: Tensor) -> dict[str, Any]:
        raise NotImplementedError

    def update(self, p: Tensor, state: dict[str, Any], **hypers: Any) -> dict[str, Any]:
        raise NotImplementedError


def debias(mom: float, damp: float, step: int) -> float:
    """The sum of the weights in a running average of `step` values that started at 0.

        damp * (1 - mom**step) / (1 - mom)

    Divided by it, the average of a constant is that constant, from the first step on.

    mom   share of the past, 0 <= mom < 1
    damp  factor of a new value: 1 - mom, or 1 without dampening
    step  number of values so far, from 1

    Source: Kingma & Ba 2014, section 3.

    >>> debias(mom=0.5, damp=0.5, step=2)
    0.75
    """
    raise NotImplementedError


def adam_step(
    p: Tensor,
    lr: float,
    mom: float,
    mom_damp: float,
    step: int,
    sqr_mom: float,
    sqr_damp: float,
    grad_avg: Tensor,
    sqr_avg: Tensor,
    eps: float,
    **kwargs: Any,
) -> Tensor:
    """p - lr * m / (sqrt(v) + eps), in place, with debiased averages. Default eps: 1e-5.

        m = grad_avg / debias(mom, mom_damp, step)
        v = sqr_avg / debias(sqr_mom, sqr_damp, step)

    The averages are left unchanged. Source: Kingma & Ba 2014, algorithm 1.

    >>> averages = dict(grad_avg=torch.tensor([0.1]), sqr_avg=torch.tensor([0.04]))
    >>> hypers = dict(mom=0.9, mom_damp=0.1, sqr_mom=0.99, sqr_damp=0.01, step=1, eps=0.0)
    >>> adam_step(torch.tensor([1.0]), lr=0.5, **averages, **hypers)
    tensor([0.7500])
    """
    raise NotImplementedError


def lamb_step(
    p: Tensor,
    lr: float,
    mom: float,
    mom_damp: float,
    step: int,
    sqr_mom: float,
    sqr_damp: float,
    grad_avg: Tensor,
    sqr_avg: Tensor,
    eps: float,
    wd: float,
    **kwargs: Any,
) -> Tensor:
    """p - lr * ratio * d, in place: Adam's direction at the layer's scale.

        d = m / (sqrt(v) + eps) + wd * p                m, v as in `adam_step`
        ratio = |p| / |d|, at most 10; and 1 where either norm is 0

    Default eps: 1e-6, wd: 0. With the ratio of the lecture's code, 0 for |p| = 0, a weight that
    is zero would stay there for ever. Source: You et al. 2019, arXiv 1904.00962, algorithm 2.

    >>> averages = dict(grad_avg=torch.tensor([0.1]), sqr_avg=torch.tensor([0.01]))
    >>> hypers = dict(mom=0.9, mom_damp=0.1, sqr_mom=0.99, sqr_damp=0.01, step=1, eps=0.0, wd=0.0)
    >>> lamb_step(torch.tensor([2.0]), lr=0.5, **averages, **hypers)
    tensor([1.])
    """
    raise NotImplementedError


def sgd_opt(params: Iterable, **hypers: Any) -> Optimizer:
    """Gradient descent with weight decay: `sgd_opt(params, lr=..., wd=...)`.

    >>> sgd_opt([torch.zeros(1)], lr=0.1).hypers
    [{'lr': 0.1, 'wd': 0.0}]
    """
    raise NotImplementedError


def sgd_mom_opt(params: Iterable, **hypers: Any) -> StatefulOptimizer:
    """Gradient descent with momentum and weight decay; the momentum is a sum, not an average.

    >>> sgd_mom_opt([torch.zeros(1)], lr=0.1).hypers
    [{'lr': 0.1, 'mom': 0.9, 'wd': 0.0}]
    """
    raise NotImplementedError


def adam_opt(params: Iterable, **hypers: Any) -> StatefulOptimizer:
    """Adam with weight decay decoupled from it (AdamW).

    >>> adam_opt([torch.zeros(1)], lr=0.1).hypers
    [{'lr': 0.1, 'mom': 0.9, 'sqr_mom': 0.99, 'wd': 0.0, 'eps': 1e-05}]
    """
    raise NotImplementedError


def lamb_opt(params: Iterable, **hypers: Any) -> StatefulOptimizer:
    """LAMB, whose weight decay is a part of its step.

    >>> lamb_opt([torch.zeros(1)], lr=0.1).hypers
    [{'lr': 0.1, 'mom': 0.9, 'sqr_mom': 0.99, 'eps': 1e-06, 'wd': 0.0}]
    """
    raise NotImplementedError
