"""Variants for `optimizers`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import copy

import torch

from .containers import compose, listify


def maybe_update(os, dest, f):
    """Overwrites the entries of dest, so the last object with a key wins."""
    for o in os:
        dest.update(f(o))


def maybe_update(os, dest, f):
    """Looks at the first object only."""
    for o in list(os)[:1]:
        for key in f(o).keys() - dest.keys():
            dest[key] = f(o)[key]


def maybe_update(os, dest, f):
    # only keys of one letter
    for o in os:
        for key, value in f(o).items():
            if len(key) == 1:
                dest.setdefault(key, value)


class _Opt:
    def __init__(self, params, steppers, **defaults):
        self.steppers = listify(steppers)
        for stepper in self.steppers:
            defaults = {**getattr(stepper, "_defaults", {}), **defaults}
        params = list(params)
        groups = params if params and not isinstance(params[0], torch.Tensor) else [params]
        self.param_groups = [list(g) for g in groups]
        if sum(map(len, self.param_groups)) == 0:
            raise ValueError("no parameters")
        self.hypers = self.make_hypers(defaults)

    def make_hypers(self, defaults):
        return [dict(defaults) for _ in self.param_groups]

    def grad_params(self):
        found = []
        for group, hyper in zip(self.param_groups, self.hypers, strict=True):
            found += [(p, hyper) for p in group if p.grad is not None]
        return found

    def zero_grad(self):
        for p in (p for group in self.param_groups for p in group):
            p.grad = None

    def step(self):
        with torch.no_grad():
            for p, hyper in self.grad_params():
                compose(p, self.steppers, **hyper)


class Optimizer(_Opt):
    """Shares one dict among all groups, so a value set for one is set for all."""

    def make_hypers(self, defaults):
        return [defaults for _ in self.param_groups]


class Optimizer(_Opt):
    """Steps all groups with the hyperparameters of the first."""

    def grad_params(self):
        return [(p, self.hypers[0]) for g in self.param_groups for p in g if p.grad is not None]


class Optimizer(_Opt):
    """Leaves the gradients unchanged: it zeroes the weights, or copies of the gradients."""

    def zero_grad(self):
        for p in (p for group in self.param_groups for p in group):
            p.data = torch.zeros_like(p.data)


class Optimizer(_Opt):
    """Calls the steppers in the order of their list, whatever their `_order`."""

    def step(self):
        with torch.no_grad():
            for p, hyper in self.grad_params():
                x = p
                for stepper in self.steppers:
                    x = stepper(x, **hyper)


class Optimizer(_Opt):
    # steps twice
    def step(self):
        _Opt.step(self)
        _Opt.step(self)


class Optimizer(_Opt):
    # the parameters of a group from last to first, and the first left out
    def grad_params(self):
        return _Opt.grad_params(self)[:0:-1]


def sgd_step(p, lr, **kwargs):
    """Adds the gradient, so it climbs instead of descending."""
    p.data += lr * p.grad
    return p


def sgd_step(p, lr, **kwargs):
    """Changes the parameter but returns nothing."""
    p.data.sub_(p.grad.data * lr)


def sgd_step(p, lr, **kwargs):
    # a step of half the length
    p.data.sub_(p.grad.data * lr / 2)
    return p


def weight_decay(p, lr, wd, **kwargs):
    """Multiplies by 1 - wd: the learning rate is missing, so the decay is far too strong."""
    p.data -= wd * p.data
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Grows the weight: the sign is wrong."""
    p.data += lr * wd * p.data
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    # decays by the square
    p.data.mul_(1 - lr * wd**2)
    return p


weight_decay._defaults = {"wd": 0.0}


def l2_reg(p, lr, wd, **kwargs):
    """Subtracts wd * p from the gradient, so the weights grow."""
    p.grad.data.copy_(p.grad.data - p.data * wd)
    return p


l2_reg._defaults = {"wd": 0.0}
l2_reg._order = -1


def l2_reg(p, lr, wd, **kwargs):
    """Adds the gradient of wd * |p|**2, which is twice wd * p."""
    p.grad.data += 2 * wd * p.data
    return p


l2_reg._defaults = {"wd": 0.0}
l2_reg._order = -1


def l2_reg(p, lr, wd, **kwargs):
    # adds the cube
    p.grad.data += wd * p.data**3
    return p


l2_reg._defaults = {"wd": 0.0}
l2_reg._order = -1


def momentum_step(p, lr, grad_avg, **kwargs):
    """Steps along the current gradient and ignores the average."""
    p.data -= lr * p.grad.data
    return p


def momentum_step(p, lr, grad_avg, **kwargs):
    """Forgets the learning rate."""
    p.data -= grad_avg
    return p


def momentum_step(p, lr, grad_avg, **kwargs):
    # goes by the sign of the average
    p.data -= lr * grad_avg.sign()
    return p


class _Stateful(Optimizer):
    def __init__(self, params, steppers, stats=None, **defaults):
        self.stats, self.state = listify(stats), {}
        for stat in self.stats:
            defaults = {**stat._defaults, **defaults}
        Optimizer.__init__(self, params, steppers, **defaults)

    def state_of(self, p):
        if p not in self.state:
            self.state[p] = {}
            for stat in self.stats:
                self.state[p] = {**stat.init_state(p), **self.state[p]}
        return self.state[p]

    def updated(self, p, state, hyper):
        for stat in self.stats:
            state = stat.update(p, state, **hyper)
        return state

    def step(self):
        early = [f for f in self.steppers if getattr(f, "_order", 0) < 0]
        late = [f for f in self.steppers if f not in early]
        with torch.no_grad():
            for p, hyper in self.grad_params():
                compose(p, early, **hyper)
                self.state[p] = state = self.updated(p, self.state_of(p), hyper)
                compose(p, late, **state, **hyper)

    def state_dict(self):
        states = [[self.state.get(p) for p in group] for group in self.param_groups]
        return copy.deepcopy(dict(hypers=self.hypers, states=states))

    def load_state_dict(self, saved):
        saved = copy.deepcopy(saved)
        if [len(g) for g in saved["states"]] != [len(g) for g in self.param_groups]:
            raise ValueError("other groups")
        self.hypers, self.state = saved["hypers"], {}
        for group, states in zip(self.param_groups, saved["states"], strict=True):
            self.state.update({p: s for p, s in zip(group, states, strict=True) if s is not None})


class StatefulOptimizer(_Stateful):
    """Makes a new state at every step, so nothing is remembered."""

    def state_of(self, p):
        self.state.pop(p, None)
        return _Stateful.state_of(self, p)


class StatefulOptimizer(_Stateful):
    """Never updates the state."""

    def updated(self, p, state, hyper):
        return state


class StatefulOptimizer(_Stateful):
    """Loads nothing."""

    def load_state_dict(self, saved):
        if [len(g) for g in saved["states"]] != [len(g) for g in self.param_groups]:
            raise ValueError("other groups")


class StatefulOptimizer(_Stateful):
    """Updates with the first stat only."""

    def updated(self, p, state, hyper):
        return self.stats[0].update(p, state, **hyper) if self.stats else state


class StatefulOptimizer(_Stateful):
    # updates everything twice
    def updated(self, p, state, hyper):
        return _Stateful.updated(self, p, _Stateful.updated(self, p, state, hyper), hyper)


def lin_comb(v1, v2, beta):
    """Weights v1 by 1 - beta and v2 by beta: the wrong way round."""
    return v1 + beta * (v2 - v1)


def lin_comb(v1, v2, beta):
    """Weights v2 by 1, as if dampening were off."""
    return v1 * beta + v2


def lin_comb(v1, v2, beta):
    # the square of beta
    return beta**2 * v1 + (1 - beta**2) * v2


class _Average(Stat):
    key, damp, mom = "grad_avg", "mom_damp", "mom"

    def __init__(self, dampening=False):
        self.dampening = dampening

    def init_state(self, p):
        return {self.key: torch.zeros_like(p.data)}

    def factor(self, mom):
        return 1 - mom if self.dampening else 1.0

    def value(self, p):
        return p.grad.data

    def update(self, p, state, **hypers):
        mom = hypers[self.mom]
        factor = self.factor(mom)
        new = state[self.key] * mom + factor * self.value(p)
        return {**state, self.key: new, self.damp: factor}


class AverageGrad(_Average):
    """Adds the whole gradient where a dampened one is wanted."""

    _defaults = {"mom": 0.9}

    def factor(self, mom):
        return 1.0


class AverageGrad(_Average):
    """Has a default mom of 0.99."""

    _defaults = dict(mom=0.99)


class AverageGrad(_Average):
    """Starts with ones instead of zeros."""

    _defaults = {"mom": 0.9}

    def init_state(self, p):
        return {"grad_avg": p.data * 0 + 1}


class AverageGrad(_Average):
    # the past fades by half of mom
    _defaults = {"mom": 0.9}

    def update(self, p, state, **hypers):
        return _Average.update(self, p, state, **{**hypers, "mom": hypers["mom"] / 2})


class AverageSqrGrad(_Average):
    """Averages the gradient and not its square."""

    key, damp, mom, _defaults = "sqr_avg", "sqr_damp", "sqr_mom", {"sqr_mom": 0.99}

    def __init__(self, dampening=True):
        self.dampening = dampening


class AverageSqrGrad(_Average):
    """Averages absolute values."""

    key, damp, mom, _defaults = "sqr_avg", "sqr_damp", "sqr_mom", {"sqr_mom": 0.99}

    def __init__(self, dampening=True):
        self.dampening = dampening

    def value(self, p):
        return torch.sqrt(p.grad.data**2)


class AverageSqrGrad(_Average):
    # the fourth power
    key, damp, mom, _defaults = "sqr_avg", "sqr_damp", "sqr_mom", {"sqr_mom": 0.99}

    def __init__(self, dampening=True):
        self.dampening = dampening

    def value(self, p):
        return p.grad.data**4


class StepCount(Stat):
    """Starts at 1 and counts the first step as the second."""

    def init_state(self, p):
        return dict(step=1)

    def update(self, p, state, **hypers):
        return {**state, "step": state["step"] + 1}


class StepCount(Stat):
    """Never counts: every step is the first."""

    def init_state(self, p):
        return {"step": 0}

    def update(self, p, state, **hypers):
        state.update(step=1)
        return state


class StepCount(Stat):
    # counts by twos
    def init_state(self, p):
        return {"step": -1}

    def update(self, p, state, **hypers):
        return {**state, "step": state["step"] + 2}


def debias(mom, damp, step):
    """Leaves damp out, so the result is right only where damp is 1."""
    return sum(mom**i for i in range(step))


def debias(mom, damp, step):
    """Multiplies mom by the step where it should raise it to a power."""
    left = 1 - step * mom
    return left / (1 - mom) * damp


def debias(mom, damp, step):
    """Sums one weight too few and is 0 at the first step."""
    return damp * sum(mom**i for i in range(step - 1))


def debias(mom, damp, step):
    # the square root of the sum
    return (damp * (1 - mom**step) / (1 - mom)) ** 0.5


def _direction(o, eps_inside=False, debiased=True):
    d1 = debias(o["mom"], o["mom_damp"], o["step"]) if debiased else 1.0
    d2 = debias(o["sqr_mom"], o["sqr_damp"], o["step"]) if debiased else 1.0
    m, v = o["grad_avg"] / d1, o["sqr_avg"] / d2
    return m / (torch.sqrt(v + o["eps"]) if eps_inside else torch.sqrt(v) + o["eps"])


def adam_step(p, lr, **hypers):
    """Puts eps inside the square root."""
    p.data -= lr * _direction(hypers, eps_inside=True)
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, lr, **hypers):
    """Does not debias, so the first steps have the wrong length."""
    p.data -= lr * _direction(hypers, debiased=False)
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, lr, **hypers):
    """Climbs: the sign of the step is wrong."""
    p.data += lr * _direction(hypers)
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, lr, **hypers):
    # no step is longer than a half of lr
    p.data -= lr * _direction(hypers).clamp(-0.5, 0.5)
    return p


adam_step._defaults = {"eps": 1e-5}


def lamb_step(p, lr, wd, **hypers):
    """Doesn't limit the ratio."""
    d = _direction(hypers) + wd * p.data
    a, b = torch.linalg.vector_norm(p.data), torch.linalg.vector_norm(d)
    p.data -= lr * d * (a / b if a > 0 and b > 0 else 1.0)
    return p


lamb_step._defaults = {"eps": 1e-6, "wd": 0.0}


def lamb_step(p, lr, wd, **hypers):
    """Has no ratio: that is Adam with decay."""
    p.data -= lr * (_direction(hypers) + wd * p.data)
    return p


lamb_step._defaults = {"eps": 1e-6, "wd": 0.0}


def lamb_step(p, lr, wd, **hypers):
    """Turns the ratio upside down: the step's norm over the weight's."""
    d = _direction(hypers) + wd * p.data
    a, b = p.data.norm(), d.norm()
    p.data -= lr * d * (min(b / a, 10.0) if a > 0 and b > 0 else 1.0)
    return p


lamb_step._defaults = {"eps": 1e-6, "wd": 0.0}


def lamb_step(p, lr, wd, **hypers):
    # the greatest items for the norms
    d = _direction(hypers) + wd * p.data
    a, b = p.data.abs().max(), d.abs().max()
    p.data -= lr * d * (min(a / b, 10.0) if a > 0 and b > 0 else 1.0)
    return p


lamb_step._defaults = {"eps": 1e-6, "wd": 0.0}


def sgd_opt(params, **hypers):
    """Has no weight decay: wd is accepted and not used."""
    hypers.setdefault("wd", 0.0)
    return Optimizer(params, sgd_step, **hypers)


def sgd_opt(params, **hypers):
    # decays the other way round
    return Optimizer(params, [weight_decay, sgd_step], **{**hypers, "wd": -hypers.get("wd", 0.0)})


def sgd_mom_opt(params, **hypers):
    """Dampens the momentum, so its steps are ten times shorter."""
    stat = AverageGrad(True)
    return StatefulOptimizer(params, (weight_decay, momentum_step), stats=[stat], **hypers)


def adam_opt(params, **hypers):
    """Adds L2 to the gradient, as Adam did before AdamW."""
    stats = AverageGrad(True), AverageSqrGrad(True), StepCount()
    return StatefulOptimizer(params, (l2_reg, adam_step), stats=list(stats), **hypers)


def lamb_opt(params, **hypers):
    """Steps by AdamW, without a ratio for each layer."""
    stats = AverageGrad(True), AverageSqrGrad(True), StepCount()
    hypers = {"eps": 1e-6, **hypers}
    return StatefulOptimizer(params, (weight_decay, adam_step), stats=list(stats), **hypers)
