"""Right answers to the exercises of `optimizers`, in other forms than the reference."""

import copy
import math
from collections import ChainMap, defaultdict
from functools import partial, reduce
from itertools import chain
from operator import attrgetter

import numpy as np
import torch
from torch import nn

from .containers import compose, listify


def maybe_update(os, dest, f):
    """The lecture's form: a key at a time."""
    for o in os:
        for k, v in f(o).items():
            if k not in dest:
                dest[k] = v


def maybe_update(os, dest, f):
    """Everything in one update, from the last to the first."""
    dest.update(reduce(lambda found, o: {**f(o), **found}, os, dict(dest)))


def maybe_update(os, dest, f):
    """A chain of dicts, in which the first wins."""
    dest.update(dict(ChainMap({**dest}, *[f(o) for o in os])))


def maybe_update(os, dest, f):
    """Only the keys that are missing, as sets."""
    for found in map(f, os):
        dest.update({key: found[key] for key in found.keys() - dest.keys()})


class Optimizer:
    """The lecture's form, with an error of its own for no parameters."""

    def __init__(self, params, steppers, **defaults):
        steppers = listify(steppers)
        maybe_update(steppers, defaults, get_defaults)
        self.param_groups = list(params)
        if self.param_groups == []:
            raise ValueError("an optimizer without parameters")
        if not isinstance(self.param_groups[0], list):
            self.param_groups = [self.param_groups]
        self.hypers = [{**defaults} for p in self.param_groups]
        self.steppers = steppers

    def grad_params(self):
        return [
            (p, hyper)
            for pg, hyper in zip(self.param_groups, self.hypers, strict=True)
            for p in pg
            if p.grad is not None
        ]

    def zero_grad(self):
        for p, _ in self.grad_params():
            p.grad.detach_()
            p.grad.zero_()

    def step(self):
        for p, hyper in self.grad_params():
            compose(p, self.steppers, **hyper)


class Optimizer:
    """Other names, and steppers that are sorted once."""

    def __init__(self, parameters, functions, **passed):
        first, *rest = parameters  # a ValueError where there is none
        groups = [first, *rest] if isinstance(first, list | tuple) else [[first, *rest]]
        self.param_groups = [[*group] for group in groups]
        self.steppers = sorted(listify(functions), key=lambda f: getattr(f, "_order", 0))
        for stepper in self.steppers:
            passed = {**getattr(stepper, "_defaults", {}), **passed}
        self.hypers = [dict(passed) for _ in groups]

    def grad_params(self):
        found = []
        for group, hyper in zip(self.param_groups, self.hypers, strict=True):
            found.extend((p, hyper) for p in group if p.grad is not None)
        return found

    def zero_grad(self):
        for p in chain.from_iterable(self.param_groups):
            p.grad = None

    def step(self):
        with torch.no_grad():
            for p, hyper in self.grad_params():
                for stepper in self.steppers:
                    p = stepper(p, **hyper)


class Optimizer:
    """Groups as nn.ParameterList would hold them; zeroes all gradients, also those that are 0."""

    def __init__(self, params, steppers, **defaults):
        self.param_groups = []
        for o in params:
            if isinstance(o, torch.Tensor):
                self.param_groups = self.param_groups or [[]]
                self.param_groups[0].append(o)
            else:
                self.param_groups.append(list(o))
        if not sum(map(len, self.param_groups)):
            raise ValueError("nothing to optimize")
        self.steppers = listify(steppers)
        for key, value in chain(*(get_defaults(s).items() for s in self.steppers)):
            if key not in defaults:
                defaults[key] = value
        self.hypers = [copy.copy(defaults) for _ in range(len(self.param_groups))]

    def grad_params(self):
        found = []
        for i in range(len(self.param_groups)):
            for p in self.param_groups[i]:
                if isinstance(p.grad, torch.Tensor):
                    found += [(p, self.hypers[i])]
        return found

    def zero_grad(self):
        for p, _ in self.grad_params():
            p.grad = torch.zeros_like(p.grad)

    @torch.no_grad()
    def step(self):
        list(map(lambda pair: compose(pair[0], self.steppers, **pair[1]), self.grad_params()))


class Optimizer:
    """A dict of another class, and steppers that stay in the form they come in."""

    class Hypers(dict):
        pass

    def __init__(self, params, steppers, **defaults):
        params = list(params)
        if len(params) == 0:
            raise ValueError("params")
        self.param_groups = params if isinstance(params[0], list) else [params]
        self.steppers = steppers
        maybe_update(listify(steppers), defaults, get_defaults)
        self.hypers = list(map(self.Hypers, [defaults] * len(self.param_groups)))

    def grad_params(self):
        pairs = [(p, self.hypers[i]) for i, ps in enumerate(self.param_groups) for p in ps]
        return list(filter(lambda pair: pair[0].grad is not None, pairs))

    def zero_grad(self, set_to_none=True):
        for p, _ in self.grad_params():
            p.grad = None if set_to_none else p.grad.zero_()

    def step(self, closure=None):
        for p, hyper in self.grad_params():
            compose(p, self.steppers, **hyper)


def sgd_step(p, lr, **kwargs):
    """The lecture's form."""
    p.data.add_(p.grad.data, alpha=-lr)
    return p


@torch.no_grad()
def sgd_step(p, *, lr, **others):
    """In place on the parameter, without its data."""
    p -= lr * p.grad
    return p


def sgd_step(p, lr, **kwargs):
    """Other data in the same parameter."""
    p.data = torch.sub(p.data, p.grad, alpha=lr)
    return p


def sgd_step(p, **hypers):
    """Over a list of tensors, of one."""
    with torch.no_grad():
        torch._foreach_add_([p], [p.grad], alpha=-hypers["lr"])
    return p


def sgd_step(p, lr, **kwargs):
    """By numpy, on the memory of the tensor."""
    weights = p.detach().numpy()
    weights -= np.float32(lr) * p.grad.detach().numpy()
    return p


def weight_decay(p, lr, wd, **kwargs):
    """The lecture's form."""
    p.data.mul_(1 - lr * wd)
    return p


weight_decay._defaults = dict(wd=0.0)


def weight_decay(p, lr, wd, **kwargs):
    """As a difference."""
    p.data.sub_(lr * wd * p.data)
    return p


weight_decay._defaults = {"wd": 0}


@torch.no_grad()
def weight_decay(p, **hypers):
    """Over a list of tensors, of one."""
    torch._foreach_mul_([p], 1 - hypers["lr"] * hypers["wd"])
    return p


setattr(weight_decay, "_defaults", {"wd": 0.0})  # noqa: B010


class _Decay:
    """A stepper that is an object."""

    _defaults = {"wd": 0.0}

    def __call__(self, p, lr, wd, **kwargs):
        if wd:
            p.data = p.data.lerp(torch.zeros_like(p.data), lr * wd)
        return p


weight_decay = _Decay()


def l2_reg(p, lr, wd, **kwargs):
    """The lecture's form, with an order."""
    p.grad.data.add_(p.data, alpha=wd)
    return p


l2_reg._defaults, l2_reg._order = dict(wd=0.0), -1


def l2_reg(p, wd, **kwargs):
    """Another gradient in place of the old."""
    p.grad = p.grad + wd * p.detach()
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -10


@torch.no_grad()
def l2_reg(p, *, wd, **kwargs):
    """By a combination of both."""
    p.grad.copy_(torch.add(p.grad, p, alpha=wd))
    return p


l2_reg._defaults = {"wd": 0.0}
setattr(l2_reg, "_order", -0.5)  # noqa: B010


def l2_reg(p, lr=None, wd=0.0, **kwargs):
    """A default in the signature and in `_defaults`; nothing is done without decay."""
    if wd != 0:
        p.grad.data += wd * p.data
    return p


l2_reg._defaults = {"wd": 0.0}
l2_reg._order = -1


def momentum_step(p, lr, grad_avg, **kwargs):
    """The lecture's form."""
    p.data.add_(grad_avg, alpha=-lr)
    return p


@torch.no_grad()
def momentum_step(p, **entries):
    """In place on the parameter."""
    p -= entries["lr"] * entries["grad_avg"]
    return p


def momentum_step(p, lr, grad_avg, mom=0.9, **kwargs):
    """Other data in the same parameter."""
    p.data = p.data - torch.mul(grad_avg, lr)
    return p


def momentum_step(parameter, lr, grad_avg, **rest):
    """Another name of the parameter."""
    parameter.data.sub_(grad_avg.mul(lr))
    return parameter


def momentum_step(p, *, lr, grad_avg, **kwargs):
    """Over a list of tensors, of one."""
    torch._foreach_add_([p.data], [grad_avg], alpha=-lr)
    return p


class StatefulOptimizer(Optimizer):
    """The lecture's form, with a state dict, and early steppers before the stats."""

    def __init__(self, params, steppers, stats=None, **defaults):
        self.stats = listify(stats)
        maybe_update(self.stats, defaults, get_defaults)
        super().__init__(params, steppers, **defaults)
        self.state = {}

    def step(self):
        early = [o for o in listify(self.steppers) if getattr(o, "_order", 0) < 0]
        late = [o for o in listify(self.steppers) if getattr(o, "_order", 0) >= 0]
        for p, hyper in self.grad_params():
            if p not in self.state:
                self.state[p] = {}
                maybe_update(self.stats, self.state[p], lambda o, p=p: o.init_state(p))
            state = self.state[p]
            compose(p, early, **state, **hyper)
            for stat in self.stats:
                state = stat.update(p, state, **hyper)
            compose(p, late, **state, **hyper)
            self.state[p] = state

    def state_dict(self):
        ps = [p for pg in self.param_groups for p in pg]
        state = {i: self.state[p] for i, p in enumerate(ps) if p in self.state}
        sizes = [len(pg) for pg in self.param_groups]
        return copy.deepcopy({"state": state, "hypers": self.hypers, "sizes": sizes})

    def load_state_dict(self, sd):
        ps = [p for pg in self.param_groups for p in pg]
        sd = copy.deepcopy(sd)
        if sd["sizes"] != [len(pg) for pg in self.param_groups]:
            raise ValueError("other groups")
        self.hypers = sd["hypers"]
        self.state = {ps[i]: s for i, s in sd["state"].items()}


class StatefulOptimizer(Optimizer):
    """States in lists of the shape of the groups, copied tensor by tensor."""

    def __init__(self, params, steppers, stats=None, **passed):
        self.stats = [] if stats is None else listify(stats)
        for stat in self.stats:
            passed = {**get_defaults(stat), **passed}
        super().__init__(params, steppers, **passed)
        self.states = [[None] * len(group) for group in self.param_groups]

    @property
    def state(self):
        pairs = zip(chain(*self.param_groups), chain(*self.states), strict=True)
        return {p: state for p, state in pairs if state is not None}

    @torch.no_grad()
    def step(self):
        for states, group, hyper in zip(self.states, self.param_groups, self.hypers, strict=True):
            for i, p in enumerate(group):
                if p.grad is not None:
                    compose(p, self._in_time(True), **hyper)
                    states[i] = self._next(p, states[i], hyper)
                    compose(p, self._in_time(False), **{**hyper, **states[i]})

    def _in_time(self, early):
        return [s for s in listify(self.steppers) if (getattr(s, "_order", 0) < 0) is early]

    def _next(self, p, state, hyper):
        if state is None:
            state = {}
            for stat in self.stats:
                state = {**stat.init_state(p), **state}
        for stat in self.stats:
            state = stat.update(p, state, **hyper) or state
        return state

    def state_dict(self):
        return {"states": self._copies(self.states), "hypers": [dict(h) for h in self.hypers]}

    def load_state_dict(self, saved):
        for mine, theirs in zip(self.states, saved["states"], strict=True):  # a ValueError
            list(zip(mine, theirs, strict=True))
        self.hypers = [dict(hyper) for hyper in saved["hypers"]]
        self.states = self._copies(saved["states"])

    def _copies(self, groups):
        return [[s and {k: self._copy(o) for k, o in s.items()} for s in g] for g in groups]

    def _copy(self, value):
        if isinstance(value, list):
            return [self._copy(o) for o in value]
        if isinstance(value, dict):
            return {key: self._copy(o) for key, o in value.items()}
        return value.clone() if isinstance(value, torch.Tensor) else value


class StatefulOptimizer(Optimizer):
    """A defaultdict, with a note of the parameters that have a state."""

    def __init__(self, params, steppers, stats=None, **defaults):
        stats = listify(stats)
        maybe_update(stats, defaults, attrgetter("_defaults"))
        super().__init__(params, steppers, **defaults)
        self.stats, self.state = stats, defaultdict(dict)

    @torch.no_grad()
    def step(self):
        early = [s for s in listify(self.steppers) if getattr(s, "_order", 0) < 0]
        late = [s for s in listify(self.steppers) if s not in early]
        for p, hyper in self.grad_params():
            compose(p, early, **hyper)
            new = p not in self.state
            state = self.state[p]
            for stat in self.stats if new else []:
                for key, value in stat.init_state(p).items():
                    state.setdefault(key, value)
            for stat in self.stats:
                after = stat.update(p, dict(state), **hyper)
                state.clear()
                state.update(after)
            compose(p, late, **hyper, **state)

    def _places(self):
        return {p: f"{g} {i}" for g, ps in enumerate(self.param_groups) for i, p in enumerate(ps)}

    def state_dict(self):
        places = self._places()
        found = {places[p]: state for p, state in self.state.items()}
        shape = sorted(places.values())
        return copy.deepcopy({"states": found, "hypers": self.hypers, "places": shape})

    def load_state_dict(self, saved):
        places = self._places()
        if sorted(places.values()) != saved["places"]:
            raise ValueError(f"got {saved['places']}, wanted {sorted(places.values())}")
        self.state.clear()
        for p, place in places.items():
            if place in saved["states"]:
                self.state[p] = copy.deepcopy(saved["states"][place])
        for hyper, before in zip(self.hypers, saved["hypers"], strict=True):
            hyper.clear()
            hyper.update(before)


class StatefulOptimizer(Optimizer):
    """Calls init_state at each step and keeps of it what is new."""

    def __init__(self, params, steppers, stats=None, **defaults):
        self.stats, self.state = listify(stats), {}
        maybe_update(self.stats, defaults, get_defaults)
        super().__init__(params, steppers, **defaults)

    @torch.no_grad()
    def step(self):
        ordered = sorted(listify(self.steppers), key=lambda s: getattr(s, "_order", 0))
        first = sum(getattr(s, "_order", 0) < 0 for s in ordered)
        for p, hyper in self.grad_params():
            for stepper in ordered[:first]:
                p = stepper(p, **hyper)
            state = self.state.get(p, {})
            maybe_update(self.stats, state, lambda stat, p=p: stat.init_state(p))
            state = reduce(lambda s, o, p=p, h=hyper: o.update(p, s, **h), self.stats, state)
            self.state[p] = state
            compose(p, ordered[first:], **{**state, **hyper})

    def state_dict(self):
        return {
            "param_groups": [{**h, "n": len(g)} for h, g in zip(*self._both(), strict=True)],
            "state": [copy.deepcopy(self.state.get(p)) for p in chain(*self.param_groups)],
        }

    def _both(self):
        return self.hypers, self.param_groups

    def load_state_dict(self, saved):
        if [g["n"] for g in saved["param_groups"]] != [len(g) for g in self.param_groups]:
            raise ValueError("the groups don't match")
        params = chain(*self.param_groups)
        pairs = zip(params, saved["state"], strict=True)
        self.state = {p: copy.deepcopy(s) for p, s in pairs if s is not None}
        self.hypers = [{k: v for k, v in g.items() if k != "n"} for g in saved["param_groups"]]


def lin_comb(v1, v2, beta):
    """The lecture's form."""
    return beta * v1 + (1 - beta) * v2


def lin_comb(v1, v2, beta):
    """From v2 a part of the way to v1."""
    return v2 + beta * (v1 - v2)


def lin_comb(past, new, share):
    """Other names, from past to new by the rest of the share."""
    return past + (1 - share) * (new - past)


def lin_comb(v1, v2, beta):
    """By lerp for tensors."""
    if isinstance(v1, torch.Tensor):
        return torch.lerp(v2, v1, beta)
    return v1 * beta + v2 * (1 - beta)


class AverageGrad(Stat):
    """The lecture's form."""

    _defaults = dict(mom=0.9)

    def __init__(self, dampening=False):
        self.dampening = dampening

    def init_state(self, p):
        return {"grad_avg": torch.zeros_like(p.grad.data)}

    def update(self, p, state, mom, **kwargs):
        state["mom_damp"] = 1 - mom if self.dampening else 1.0
        state["grad_avg"].mul_(mom).add_(p.grad.data, alpha=state["mom_damp"])
        return state


class AverageGrad(Stat):
    """Nothing in place: a new dict with a new tensor."""

    _defaults = {"mom": 0.9}

    def __init__(self, dampening: bool = False):
        self.factor = (lambda mom: 1 - mom) if dampening else (lambda mom: 1)

    def init_state(self, p):
        return {"grad_avg": torch.zeros_like(p, requires_grad=False), "mom_damp": None}

    def update(self, p, state, **hypers):
        mom, damp = hypers["mom"], self.factor(hypers["mom"])
        average = mom * state["grad_avg"] + damp * p.grad.detach()
        return {**state, "grad_avg": average, "mom_damp": damp}


class AverageGrad(Stat):
    """By lin_comb, and no tensor before the first update."""

    def __init__(self, dampening=False):
        self.dampening, self._defaults = dampening, {"mom": 0.9}

    def init_state(self, p):
        return {"grad_avg": None}

    @torch.no_grad()
    def update(self, p, state, mom, **kwargs):
        before = torch.zeros_like(p) if state["grad_avg"] is None else state["grad_avg"]
        if self.dampening:
            state.update(grad_avg=lin_comb(before, p.grad, mom), mom_damp=1 - mom)
        else:
            state.update(grad_avg=before * mom + p.grad, mom_damp=1.0)
        return state


class AverageGrad(Stat):
    """Over lists of tensors, of one."""

    _defaults = {"mom": 0.9}

    def __init__(self, dampening=False):
        self.dampening = dampening

    def init_state(self, p):
        return {"grad_avg": p.new_zeros(p.shape)}

    def update(self, p, state, mom, **kwargs):
        damp = 1 - mom if self.dampening else 1.0
        torch._foreach_mul_([state["grad_avg"]], mom)
        torch._foreach_add_([state["grad_avg"]], [p.grad], alpha=damp)
        state["mom_damp"] = damp
        return state


class AverageSqrGrad(Stat):
    """The lecture's form."""

    _defaults = dict(sqr_mom=0.99)

    def __init__(self, dampening=True):
        self.dampening = dampening

    def init_state(self, p):
        return {"sqr_avg": torch.zeros_like(p.grad.data)}

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        state["sqr_avg"].mul_(sqr_mom).addcmul_(p.grad.data, p.grad.data, value=state["sqr_damp"])
        return state


class AverageSqrGrad(Stat):
    """Nothing in place: a new dict with a new tensor."""

    _defaults = {"sqr_mom": 0.99}

    def __init__(self, dampening=True):
        self.dampening = dampening

    def init_state(self, p):
        return {"sqr_avg": p.detach() * 0}

    def update(self, p, state, **hypers):
        mom = hypers["sqr_mom"]
        damp = 1 - mom if self.dampening else 1
        return state | {
            "sqr_avg": mom * state["sqr_avg"] + damp * p.grad.data.square(),
            "sqr_damp": damp,
        }


class AverageSqrGrad(Stat):
    """By numpy, on the memory of the tensor."""

    _defaults = {"sqr_mom": 0.99}

    def __init__(self, dampening=True):
        self.dampening = dampening

    def init_state(self, p):
        return {"sqr_avg": torch.zeros_like(p.data), "sqr_damp": 0.0}

    def update(self, p, state, *, sqr_mom, **kwargs):
        average, grad = state["sqr_avg"].numpy(), p.grad.numpy()
        state["sqr_damp"] = [1.0, 1 - sqr_mom][self.dampening]
        average *= sqr_mom
        average += state["sqr_damp"] * grad * grad
        return state


class AverageSqrGrad(Stat):
    """By the product of the gradient with itself and lerp."""

    _defaults = {"sqr_mom": 0.99}

    def __init__(self, dampening=True):
        self.dampening = dampening

    def init_state(self, p):
        return dict(sqr_avg=torch.zeros(p.shape, dtype=p.dtype, device=p.device))

    @torch.no_grad()
    def update(self, p, state, sqr_mom, **kwargs):
        square, average = p.grad * p.grad, state["sqr_avg"]
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        if self.dampening:
            average.lerp_(square, 1 - sqr_mom)
        else:
            average.mul_(sqr_mom).add_(square)
        return state


class StepCount(Stat):
    """The lecture's form."""

    def init_state(self, p):
        return {"step": 0}

    def update(self, p, state, **kwargs):
        state["step"] += 1
        return state


class StepCount(Stat):
    """A new dict at each step."""

    def init_state(self, p):
        return dict(step=0)

    def update(self, p, state, **hypers):
        return {**state, "step": state["step"] + 1}


class StepCount(Stat):
    """Other names of arguments, and a state that starts empty."""

    _defaults = {}

    def init_state(self, parameter):
        return {}

    def update(self, parameter, entries, **unused):
        step = entries["step"] + 1 if "step" in entries else 1
        return dict(entries, step=step)


class StepCount(Stat):
    """No entry before the first step."""

    def update(self, p, state, **hypers):
        state["step"] = state.get("step", 0) + 1
        return state


def debias(mom, damp, step):
    """The lecture's form."""
    return damp * (1 - mom**step) / (1 - mom)


def debias(mom, damp, step):
    """The weights one by one."""
    return sum(damp * mom**i for i in range(step))


def debias(mom, damp, step):
    """What a running average of ones comes to."""
    average = 0.0
    for _ in range(step):
        average = mom * average + damp
    return average


def debias(share, factor, count):
    """Other names, and numpy's floats."""
    return np.sum(factor * np.power(float(share), np.arange(count)))


def debias(mom, damp, step):
    """By a power of e, exact for momenta near 1."""
    if mom == 0:
        return damp
    return damp * -math.expm1(step * math.log(mom)) / (1 - mom)


def adam_step(p, lr, mom, mom_damp, step, sqr_mom, sqr_damp, grad_avg, sqr_avg, eps, **kwargs):
    """The lecture's form."""
    debias1 = debias(mom, mom_damp, step)
    debias2 = debias(sqr_mom, sqr_damp, step)
    p.data.addcdiv_(grad_avg, (sqr_avg / debias2).sqrt() + eps, value=-lr / debias1)
    return p


adam_step._defaults = dict(eps=1e-5)


@torch.no_grad()
def adam_step(p, **e):
    """As torch's optimizer computes it: the root of the divisor next to the root of the squares."""
    root = debias(e["sqr_mom"], e["sqr_damp"], e["step"]) ** 0.5
    size = e["lr"] / debias(e["mom"], e["mom_damp"], e["step"])
    p.addcdiv_(e["grad_avg"], e["sqr_avg"].sqrt() / root + e["eps"], value=-size)
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, *, grad_avg, sqr_avg, lr, eps, **e):
    """In double precision."""
    m = grad_avg.double() / debias(e["mom"], e["mom_damp"], e["step"])
    v = sqr_avg.double() / debias(e["sqr_mom"], e["sqr_damp"], e["step"])
    p.data -= (lr * m / (v**0.5 + eps)).to(p.dtype)
    return p


adam_step._defaults = {"eps": 1e-5}


class _Adam:
    """A stepper that is an object."""

    def __init__(self, **defaults):
        self._defaults = defaults

    def __call__(self, p, lr, eps, mom, mom_damp, sqr_mom, sqr_damp, step, **averages):
        m = averages["grad_avg"].div(debias(mom, mom_damp, step))
        v = averages["sqr_avg"].div(debias(sqr_mom, sqr_damp, step))
        p.data.copy_(p.data - m.div_(v.sqrt_().add_(eps)).mul_(lr))
        return p


adam_step = _Adam(eps=1e-5)


def lamb_step(p, lr, mom, mom_damp, step, sqr_mom, sqr_damp, grad_avg, sqr_avg, eps, wd, **kwargs):
    """The lecture's form, with a ratio of 1 where it has 0."""
    debias1 = debias(mom, mom_damp, step)
    debias2 = debias(sqr_mom, sqr_damp, step)
    r1 = p.data.pow(2).mean().sqrt()
    step = (grad_avg / debias1) / ((sqr_avg / debias2).sqrt() + eps) + wd * p.data
    r2 = step.pow(2).mean().sqrt()
    ratio = 1.0 if r1 == 0 or r2 == 0 else min(r1 / r2, 10)
    p.data.add_(step, alpha=-lr * ratio)
    return p


lamb_step._defaults = dict(eps=1e-6, wd=0.0)


@torch.no_grad()
def lamb_step(p, **e):
    """By torch.linalg and plain numbers."""
    m = e["grad_avg"] / debias(e["mom"], e["mom_damp"], e["step"])
    v = e["sqr_avg"] / debias(e["sqr_mom"], e["sqr_damp"], e["step"])
    u = m / (v.sqrt() + e["eps"]) + e["wd"] * p
    weight, update = float(torch.linalg.vector_norm(p)), float(torch.linalg.vector_norm(u))
    trust = min(weight / update, 10.0) if weight > 0 and update > 0 else 1.0
    p -= e["lr"] * trust * u
    return p


lamb_step._defaults = {"eps": 1e-6, "wd": 0.0}


def lamb_step(p, lr, eps, wd, grad_avg, sqr_avg, **e):
    """In double precision, with a limit that also holds for a step of zero."""
    m = grad_avg.double() / debias(e["mom"], e["mom_damp"], e["step"])
    v = sqr_avg.double() / debias(e["sqr_mom"], e["sqr_damp"], e["step"])
    u = m / (v.sqrt() + eps) + wd * p.data.double()
    ratio = (p.data.double().norm() / u.norm().clamp_min(1e-30)).clamp(max=10)
    ratio = 1 if not p.data.any() else ratio
    p.data.sub_((lr * ratio * u).to(p.dtype))
    return p


lamb_step._defaults = {"eps": 1e-6, "wd": 0}


def lamb_step(p, lr, **e):
    """By Adam's own step of length 1 from zero."""
    zero = nn.Parameter(torch.zeros_like(p.data))
    u = e["wd"] * p.data - adam_step(zero, lr=1.0, **e).data
    norms = p.data.norm(), u.norm()
    ratio = torch.where(norms[0] * norms[1] == 0, 1.0, (norms[0] / norms[1]).clamp(0, 10))
    p.data -= lr * ratio * u
    return p


lamb_step._defaults = {"eps": 1e-6, "wd": 0.0}


sgd_opt = partial(Optimizer, steppers=[weight_decay, sgd_step])
"""The lecture's form."""


def sgd_opt(params, lr, wd=0.0, **others):
    """Names its hyperparameters."""
    return Optimizer(params, steppers=[weight_decay, sgd_step], lr=lr, wd=wd, **others)


def sgd_opt(params, **hypers):
    """L2, which is the same for plain SGD."""
    return Optimizer(params, [l2_reg, sgd_step], **hypers)


def sgd_opt(params, **hypers):
    """With state that it does not need."""
    return StatefulOptimizer(params, [weight_decay, sgd_step], StepCount(), **hypers)


sgd_mom_opt = partial(
    StatefulOptimizer, steppers=[momentum_step, weight_decay], stats=AverageGrad()
)
"""The lecture's form, which decays after the step; without its default decay of 0.01."""


sgd_mom_opt = partial(
    StatefulOptimizer, steppers=[weight_decay, momentum_step], stats=[AverageGrad()]
)
"""The same, decaying before the step."""


def adam_opt(parameters, **by_name):
    """From a class of its own."""

    class Adam(StatefulOptimizer):
        def __init__(self):
            stats = [StepCount(), AverageGrad(True), AverageSqrGrad(True)]
            super().__init__(parameters, [weight_decay, adam_step], stats, **by_name)

    return Adam()


def sgd_mom_opt(params, lr=0.01, mom=0.9, wd=0.0):
    """Names its hyperparameters."""
    steppers = [weight_decay, momentum_step]
    return StatefulOptimizer(params, steppers, AverageGrad(), lr=lr, mom=mom, wd=wd)


def sgd_mom_opt(params, **hypers):
    """Counts its steps too."""
    stats = [StepCount(), AverageGrad(dampening=False)]
    return StatefulOptimizer(params, [weight_decay, momentum_step], stats, **hypers)


adam_opt = partial(
    StatefulOptimizer,
    steppers=[weight_decay, adam_step],
    stats=[AverageGrad(dampening=True), AverageSqrGrad(), StepCount()],
)
"""The lecture's form, with the decay before the step."""


def adam_opt(params, lr=1e-3, wd=0.0, mom=0.9, sqr_mom=0.99, eps=1e-5):
    """Names its hyperparameters."""
    return StatefulOptimizer(
        params,
        [weight_decay, adam_step],
        [StepCount(), AverageSqrGrad(), AverageGrad(dampening=True)],
        lr=lr,
        wd=wd,
        mom=mom,
        sqr_mom=sqr_mom,
        eps=eps,
    )


def adam_opt(params, **hypers):
    """Steppers in a tuple, and every dampening said."""
    stats = [AverageGrad(dampening=True), AverageSqrGrad(dampening=True), StepCount()]
    return StatefulOptimizer(params, steppers=(weight_decay, adam_step), stats=stats, **hypers)


lamb_opt = partial(
    StatefulOptimizer,
    steppers=lamb_step,
    stats=[AverageGrad(dampening=True), AverageSqrGrad(), StepCount()],
)
"""The lecture's form."""


def lamb_opt(params, lr=1e-3, wd=0.0, mom=0.9, sqr_mom=0.99, eps=1e-6):
    """Names its hyperparameters."""
    stats = [AverageGrad(dampening=True), AverageSqrGrad(), StepCount()]
    hypers = dict(lr=lr, wd=wd, mom=mom, sqr_mom=sqr_mom, eps=eps)
    return StatefulOptimizer(params, [lamb_step], stats, **hypers)


def lamb_opt(params, **hypers):
    """Makes its stats in another order."""
    stats = (StepCount(), AverageGrad(dampening=True), AverageSqrGrad(dampening=True))
    return StatefulOptimizer(params, lamb_step, stats, **{"wd": 0.0, **hypers})
