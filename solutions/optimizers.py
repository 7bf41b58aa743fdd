"""Optimizers: one generic optimizer, with functions that tell it how to make a step.

Level 3. About 120 minutes. After `containers`: a step is `compose` over the parameter.
Source: fast.ai 2019, lesson 11 (09_optimizers); Loshchilov & Hutter 2017, arXiv 1711.05101
(decoupled weight decay); Kingma & Ba 2014, arXiv 1412.6980 (Adam); You et al. 2019,
arXiv 1904.00962 (LAMB).

A stepper is a function `(p, **hypers)` that changes the parameter `p` or its gradient in place. It
always returns `p` itself, and changes nothing else. It names the hyperparameters it uses and takes
all others as `**kwargs`. A stat (`Stat`, below) updates its own entries of a state and keeps all
others. One stat object serves any number of parameters and optimizers. Both steppers and stats may
carry `_defaults`, a dict of hyperparameters.
"""

import copy
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
        """Given: the next state of `p`, whose `grad` is the current gradient."""
        return state


def get_defaults(o: Any) -> dict[str, Any]:
    """Given: the `_defaults` of a stepper or stat, {} if it has none.

    >>> get_defaults(print)
    {}
    """
    return getattr(o, "_defaults", {})


def maybe_update(os: Iterable, dest: dict, f: Callable[[Any], dict]) -> None:
    """For each `o` in `os`, add to `dest`, in place, the entries of `f(o)` that `dest` lacks.

    The first `o` that has a key wins. An entry that's already in `dest` stays, even None or 0. `os`
    may be a generator. The dicts that `f` returns are left unchanged.

    >>> dest = {"lr": 0.1}
    >>> maybe_update([{"lr": 1.0, "wd": 0.2}, {"wd": 0.3}], dest, lambda o: o)
    >>> dest
    {'lr': 0.1, 'wd': 0.2}
    """
    for o in os:
        for key, value in f(o).items():
            dest.setdefault(key, value)


class Optimizer:
    """Update parameters with steppers, using hyperparameters for each group of parameters.

    params    an iterable of parameters, which are one group, or a list of lists of them
    steppers  one stepper or several
    defaults  hyperparameters of all groups; they win over the `_defaults` of the steppers

    param_groups  a list of lists of parameters
    hypers        a list of one dict for each group, independent of all others

    Raises ValueError if `params` is empty. Lists that are passed are left unchanged.

    >>> p = torch.ones(2, requires_grad=True)
    >>> p.sum().backward()
    >>> opt = Optimizer([p], sgd_step, lr=0.25)
    >>> opt.step(), p.tolist()
    (None, [0.75, 0.75])
    """

    def __init__(self, params: Iterable, steppers: Any, **defaults: Any) -> None:
        groups = list(params)
        if not groups:
            raise ValueError("an optimizer needs parameters")
        self.steppers, shared = listify(steppers), dict(defaults)
        maybe_update(self.steppers, shared, get_defaults)
        self.param_groups = [groups] if isinstance(groups[0], Tensor) else list(map(list, groups))
        self.hypers = [dict(shared) for _ in self.param_groups]

    def grad_params(self) -> list[tuple[Tensor, dict[str, Any]]]:
        """List the pairs (p, hypers of its group) of all parameters with a gradient, in order.

        A gradient of zeros is a gradient.
        """
        groups = zip(self.param_groups, self.hypers, strict=True)
        return [(p, hyper) for group, hyper in groups for p in group if p.grad is not None]

    def zero_grad(self) -> None:
        """Make every gradient None or zeros."""
        for p, _ in self.grad_params():
            p.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Call compose(p, steppers, **hyper) for each of these pairs, with the current `hypers`.

        Gradients stay until `zero_grad`.
        """
        for pair in self.grad_params():
            compose(pair[0], self.steppers, **pair[1])


def sgd_step(p: Tensor, lr: float, **kwargs: Any) -> Tensor:
    """Change `p` to p - lr * grad, in place.

    >>> p = torch.tensor([1.0])
    >>> p.grad = torch.tensor([2.0])
    >>> sgd_step(p, lr=0.25)
    tensor([0.5000])
    """
    p.data -= lr * p.grad.data
    return p


def weight_decay(p: Tensor, lr: float, wd: float, **kwargs: Any) -> Tensor:
    """Change `p` to p * (1 - lr * wd), in place: decay of the weight itself. Default wd: 0.

    Before a plain step this does the same as `l2_reg`; with momentum or Adam it doesn't, since the
    gradient isn't involved.
    Source: Loshchilov & Hutter 2017, arXiv 1711.05101.

    >>> weight_decay(torch.tensor([2.0]), lr=0.5, wd=0.5)
    tensor([1.5000])
    """
    p.data *= 1 - lr * wd
    return p


weight_decay._defaults = {"wd": 0.0}


def l2_reg(p: Tensor, lr: float, wd: float, **kwargs: Any) -> Tensor:
    """Change `p.grad` to grad + wd * p, which adds the gradient of wd/2 * |p|**2. Default wd: 0.

    Its `_order` is below 0, so that it runs before anything that reads the gradient, stats
    included.

    >>> p = torch.tensor([2.0])
    >>> p.grad = torch.tensor([1.0])
    >>> l2_reg(p, lr=0.5, wd=0.5).grad
    tensor([2.])
    """
    p.grad.data += wd * p.data
    return p


l2_reg._defaults = {"wd": 0.0}
l2_reg._order = -1


def momentum_step(p: Tensor, lr: float, grad_avg: Tensor, **kwargs: Any) -> Tensor:
    """Change `p` to p - lr * grad_avg, in place.

    grad_avg  the running sum or average of the gradient (`AverageGrad`)

    >>> momentum_step(torch.tensor([1.0]), lr=0.5, grad_avg=torch.tensor([3.0]))
    tensor([-0.5000])
    """
    p.data -= lr * grad_avg
    return p


class StatefulOptimizer(Optimizer):
    """An `Optimizer` that also keeps a state for each parameter, updated by stats.

    stats  one Stat or several, or None
    state  a dict from each parameter to its state, which is a dict too

    Write it in this order; the laws come in the same:

    1  `__init__`: the `_defaults` of stats count in the same way as those of steppers
    2  `step`: the first step at which a parameter has a gradient, whenever that is, makes its state
       from the `init_state` of all stats
    3  `step`: the `update` of each stat in turn gets the state and returns the next one
    4  `step`: the steppers get the state's entries and the hyperparameters, by name
    5  `step`: steppers with an `_order` below 0 change the gradient, so they run before the stats;
       they need only the hyperparameters
    6  `state_dict`: a copy of all states and hyperparameters, which later steps don't change
    7  `load_state_dict`: an optimizer over equal parameters continues exactly where the saved one
       stopped; ValueError if the groups of parameters differ in number or size
    8  `load_state_dict` leaves `saved` unchanged, and so do later steps and schedules

    Why: in the lecture's code L2 comes after the stats and never reaches the momentum.

    >>> p = torch.zeros(1, requires_grad=True)
    >>> opt = StatefulOptimizer([p], momentum_step, AverageGrad(), lr=1.0, mom=0.5)
    >>> for _ in range(2):
    ...     p.grad = torch.ones(1)
    ...     opt.step()
    >>> p.tolist(), opt.state[p]["grad_avg"].tolist()
    ([-2.5], [1.5])
    """

    def __init__(self, params: Iterable, steppers: Any, stats: Any = None, **defaults: Any) -> None:
        self.stats, shared = listify(stats), dict(defaults)
        maybe_update(self.stats, shared, get_defaults)
        super().__init__(params, steppers, **shared)
        self.state: dict[Tensor, dict[str, Any]] = {}

    @torch.no_grad()
    def step(self) -> None:
        early = [s for s in self.steppers if getattr(s, "_order", 0) < 0]
        late = [s for s in self.steppers if s not in early]
        for p, hyper in self.grad_params():
            compose(p, early, **hyper)
            state = self._state_of(p)
            for stat in self.stats:
                state = stat.update(p, state, **hyper)
            self.state[p] = state
            compose(p, late, **state, **hyper)

    def _state_of(self, p: Tensor) -> dict[str, Any]:
        if p in self.state:
            return self.state[p]
        made: dict[str, Any] = {}
        maybe_update(self.stats, made, lambda stat: stat.init_state(p))
        return made

    def state_dict(self) -> dict[str, Any]:
        states = [[self.state.get(p) for p in group] for group in self.param_groups]
        return copy.deepcopy({"hypers": self.hypers, "states": states})

    def load_state_dict(self, saved: dict[str, Any]) -> None:
        if [len(group) for group in saved["states"]] != [len(group) for group in self.param_groups]:
            raise ValueError("the saved state belongs to other groups of parameters")
        self.hypers, self.state = copy.deepcopy(saved["hypers"]), {}
        for p, state in zip(sum(self.param_groups, []), sum(saved["states"], []), strict=True):
            if state is not None:
                self.state[p] = {key: _copied(value, p) for key, value in state.items()}


def _copied(value: Any, p: Tensor) -> Any:
    """A copy of a part of the state, on the device of its parameter."""
    value = copy.deepcopy(value)
    return value.to(p.device) if isinstance(value, Tensor) else value


def lin_comb(v1: Any, v2: Any, beta: float) -> Any:
    """Return beta * v1 + (1 - beta) * v2, for two numbers or two tensors.

    Both are left unchanged, and a tensor result is a new tensor.

    >>> lin_comb(1.0, 3.0, 0.75)
    1.5
    """
    return beta * v1 + (1 - beta) * v2


class AverageGrad(Stat):
    """Keep a running sum or average of the gradient: momentum. Default mom: 0.9.

        grad_avg = mom * grad_avg + mom_damp * grad,         grad_avg[0] = 0

    dampening  if True, mom_damp is 1 - mom, for an average; otherwise it's 1, for a sum

    `mom` is its value at that step. The gradient is left unchanged. State: grad_avg, of the
    parameter's shape and dtype, and mom_damp.

    >>> stat, p = AverageGrad(dampening=True), torch.zeros(1)
    >>> p.grad = torch.ones(1)
    >>> stat.update(p, stat.init_state(p), mom=0.75)
    {'grad_avg': tensor([0.2500]), 'mom_damp': 0.25}
    """

    _defaults = {"mom": 0.9}

    def __init__(self, dampening: bool = False) -> None:
        self.dampening = dampening

    def init_state(self, p: Tensor) -> dict[str, Any]:
        return {"grad_avg": torch.zeros_like(p.data)}

    def update(self, p: Tensor, state: dict[str, Any], **hypers: Any) -> dict[str, Any]:
        damp = 1 - hypers["mom"] if self.dampening else 1.0
        state["grad_avg"].mul_(hypers["mom"]).add_(p.grad.data, alpha=damp)
        return {**state, "mom_damp": damp}


class AverageSqrGrad(Stat):
    """Keep a running average or sum of the squared gradient. Default sqr_mom: 0.99.

        sqr_avg = sqr_mom * sqr_avg + sqr_damp * grad**2,    sqr_avg[0] = 0

    dampening  if True, sqr_damp is 1 - sqr_mom, for an average; otherwise it's 1, for a sum

    `sqr_mom` is its value at that step. The gradient is left unchanged. State: sqr_avg, of the
    parameter's shape and dtype, and sqr_damp.

    >>> stat, p = AverageSqrGrad(), torch.zeros(1)
    >>> p.grad = torch.tensor([2.0])
    >>> stat.update(p, stat.init_state(p), sqr_mom=0.75)
    {'sqr_avg': tensor([1.]), 'sqr_damp': 0.25}
    """

    _defaults = {"sqr_mom": 0.99}

    def __init__(self, dampening: bool = True) -> None:
        self.dampening = dampening

    def init_state(self, p: Tensor) -> dict[str, Any]:
        return {"sqr_avg": torch.zeros_like(p.data)}

    def update(self, p: Tensor, state: dict[str, Any], **hypers: Any) -> dict[str, Any]:
        damp = 1 - hypers["sqr_mom"] if self.dampening else 1.0
        state["sqr_avg"].mul_(hypers["sqr_mom"]).addcmul_(p.grad.data, p.grad.data, value=damp)
        return {**state, "sqr_damp": damp}


class StepCount(Stat):
    """Count the steps of a parameter, this one included: the first is 1. State: step, an int.

    A step with a gradient of zeros counts.

    >>> stat, p = StepCount(), torch.zeros(1)
    >>> stat.update(p, stat.init_state(p))
    {'step': 1}
    """

    def init_state(self, p: Tensor) -> dict[str, Any]:
        return {"step": 0}

    def update(self, p: Tensor, state: dict[str, Any], **hypers: Any) -> dict[str, Any]:
        return {**state, "step": state["step"] + 1}


def debias(mom: float, damp: float, step: int) -> float:
    """Return the sum of the weights in a running average of `step` values that started at 0.

        damp * (1 - mom**step) / (1 - mom)

    Dividing by it turns the average of a constant into that constant, from the first step on.

    mom   share of the past, 0 <= mom < 1
    damp  factor of a new value: 1 - mom, or 1 without dampening
    step  number of values so far, from 1

    Source: Kingma & Ba 2014, section 3.

    >>> debias(0.5, 0.5, 2)
    0.75
    """
    return damp * (1 - mom**step) / (1 - mom)


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
    """Change `p` to p - lr * m / (sqrt(v) + eps), in place. Default eps: 1e-5.

        m = grad_avg / debias(mom, mom_damp, step)
        v = sqr_avg / debias(sqr_mom, sqr_damp, step)

    The averages are left unchanged.
    Source: Kingma & Ba 2014, algorithm 1.

    >>> averages = dict(grad_avg=torch.tensor([0.1]), sqr_avg=torch.tensor([0.04]))
    >>> hypers = dict(mom=0.9, mom_damp=0.1, sqr_mom=0.99, sqr_damp=0.01, step=1, eps=0.0)
    >>> adam_step(torch.tensor([1.0]), lr=0.5, **averages, **hypers)
    tensor([0.7500])
    """
    m = grad_avg / debias(mom, mom_damp, step)
    v = sqr_avg / debias(sqr_mom, sqr_damp, step)
    p.data -= lr * m / (v.sqrt() + eps)
    return p


adam_step._defaults = {"eps": 1e-5}


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
    """Change `p` to p - lr * ratio * d, in place. Defaults: eps 1e-6, wd 0.

        d = m / (sqrt(v) + eps) + wd * p                m, v as in `adam_step`
        ratio = |p| / |d|, at most 10

    If either norm is 0, the ratio is 1, so a zero weight can move away from zero. The averages are
    left unchanged.
    Source: You et al. 2019, arXiv 1904.00962, algorithm 2.

    Why: the ratio of the lecture's code is 0 for |p| = 0, so a zero weight never moves.

    >>> averages = dict(grad_avg=torch.tensor([0.1]), sqr_avg=torch.tensor([0.01]))
    >>> hypers = dict(mom=0.9, mom_damp=0.1, sqr_mom=0.99, sqr_damp=0.01, step=1, eps=0.0, wd=0.0)
    >>> lamb_step(torch.tensor([2.0]), lr=0.5, **averages, **hypers)
    tensor([1.])
    """
    m = grad_avg / debias(mom, mom_damp, step)
    v = sqr_avg / debias(sqr_mom, sqr_damp, step)
    direction = m / (v.sqrt() + eps) + wd * p.data
    norms = p.data.norm().item(), direction.norm().item()
    ratio = min(norms[0] / norms[1], 10.0) if all(norms) else 1.0
    p.data -= lr * ratio * direction
    return p


lamb_step._defaults = {"eps": 1e-6, "wd": 0.0}


def sgd_opt(params: Iterable, **hypers: Any) -> Optimizer:
    """Return a new optimizer for gradient descent with weight decay. Default wd: 0.

    params  parameters or groups of them, as for `Optimizer`
    hypers  hyperparameters by name: lr, wd

    >>> sgd_opt([torch.zeros(1)], lr=0.1).hypers
    [{'lr': 0.1, 'wd': 0.0}]
    """
    return Optimizer(params, [weight_decay, sgd_step], **hypers)


def sgd_mom_opt(params: Iterable, **hypers: Any) -> StatefulOptimizer:
    """Return a new optimizer for gradient descent with momentum and weight decay.

    params  parameters or groups of them, as for `Optimizer`
    hypers  hyperparameters by name: lr, mom (default 0.9), wd (default 0)

    The momentum is a sum, not an average. The weights may decay before or after the step, as you
    like.

    >>> sgd_mom_opt([torch.zeros(1)], lr=0.1).hypers
    [{'lr': 0.1, 'mom': 0.9, 'wd': 0.0}]
    """
    return StatefulOptimizer(params, [weight_decay, momentum_step], AverageGrad(), **hypers)


def adam_opt(params: Iterable, **hypers: Any) -> StatefulOptimizer:
    """Return a new optimizer for AdamW: weight decay, then an Adam step with dampened averages.

    params  parameters or groups of them, as for `Optimizer`
    hypers  by name: lr, mom (default 0.9), sqr_mom (0.99), wd (0), eps (1e-5)

    >>> adam_opt([torch.zeros(1)], lr=0.1).hypers
    [{'lr': 0.1, 'mom': 0.9, 'sqr_mom': 0.99, 'wd': 0.0, 'eps': 1e-05}]
    """
    stats = [AverageGrad(dampening=True), AverageSqrGrad(), StepCount()]
    return StatefulOptimizer(params, [weight_decay, adam_step], stats, **hypers)


def lamb_opt(params: Iterable, **hypers: Any) -> StatefulOptimizer:
    """Return a new optimizer for LAMB, by dampened averages.

    params  parameters or groups of them, as for `Optimizer`
    hypers  by name: lr, mom (default 0.9), sqr_mom (0.99), eps (1e-6), wd (0)

    Weights decay within its step and nowhere else.

    >>> lamb_opt([torch.zeros(1)], lr=0.1).hypers
    [{'lr': 0.1, 'mom': 0.9, 'sqr_mom': 0.99, 'eps': 1e-06, 'wd': 0.0}]
    """
    stats = [AverageGrad(dampening=True), AverageSqrGrad(), StepCount()]
    return StatefulOptimizer(params, lamb_step, stats, **hypers)
