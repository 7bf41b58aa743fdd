"""Wrong answers to the exercises of `optimizers`."""

import copy
import math
from functools import partial

import torch
from torch import Tensor

from .containers import compose, listify


def maybe_update(os, dest, f):
    """Overwrites what is there, so the last to bring a key wins."""
    for o in os:
        dest.update(f(o))


def maybe_update(os, dest, f):
    """Lets later objects overwrite what earlier ones brought, though not what dest had at first."""
    had = set(dest)
    for o in os:
        for key, value in f(o).items():
            if key not in had:
                dest[key] = value


def maybe_update(os, dest, f):
    """Takes a value of 0, None or False for a missing one and overwrites it."""
    for o in os:
        for key, value in f(o).items():
            dest[key] = dest.get(key) or value


def maybe_update(os, dest, f):
    """Asks whether the value is None where it should ask whether the key is there."""
    for o in os:
        for key, value in f(o).items():
            if dest.get(key) is None:
                dest[key] = value


def maybe_update(os, dest, f):
    """Leaves dest as it was: the keys go into a new dict, or only known ones are taken."""
    for o in os:
        dest = {**f(o), **dest}
    return dest


def maybe_update(os, dest, f):
    """Looks at the first object only."""
    for o in os:
        for key, value in f(o).items():
            dest.setdefault(key, value)
        break


def maybe_update(os, dest, f):
    """Changes the dict that f gave."""
    for o in os:
        found = f(o)
        found.update(dest)
        dest.update(found)


def maybe_update(os, dest, f):
    """Takes the objects themselves for the dicts and never calls f."""
    for o in os:
        for key, value in o.items():
            dest.setdefault(key, value)


def maybe_update(os, dest, f):
    """Goes through the objects twice, which a generator does not allow."""
    for key in {key for o in os for key in f(o)}:
        for o in os:
            if key in f(o):
                dest.setdefault(key, f(o)[key])


def maybe_update(os, dest, f):
    """Leaves dest as it was: the keys go into a new dict, or only known ones are taken."""
    for o in os:
        for key, value in f(o).items():
            if key in dest:
                dest.setdefault(key, value)


class _Right:
    """A right optimizer, from which the wrong ones below differ in one place."""

    def __init__(self, params, steppers, **defaults):
        self.steppers = listify(steppers)
        maybe_update(self.steppers, defaults, get_defaults)
        self.param_groups = self.groups(params)
        self.hypers = self.dicts(defaults)

    def groups(self, params):
        params = list(params)
        if not params:
            raise ValueError("no parameters")
        return params if isinstance(params[0], list) else [params]

    def dicts(self, defaults):
        return [dict(defaults) for _ in self.param_groups]

    def grad_params(self):
        pairs = zip(self.param_groups, self.hypers, strict=True)
        return [(p, hyper) for group, hyper in pairs for p in group if p.grad is not None]

    def zero_grad(self):
        for p, _ in self.grad_params():
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            compose(p, self.steppers, **hyper)


class Optimizer(_Right):
    """Gives all groups one and the same dict, so a value set for one is set for all."""

    def dicts(self, defaults):
        return [defaults] * len(self.param_groups)


class Optimizer(_Right):
    """Uses the `_defaults` of a stepper as its own dict, so a schedule writes into the stepper."""

    def __init__(self, params, steppers, **defaults):
        super().__init__(params, steppers, **defaults)
        for stepper in self.steppers:
            if len(self.hypers) > 1 and get_defaults(stepper):
                shared = get_defaults(stepper)
                shared.update(defaults)
                self.hypers[0] = shared


class Optimizer(_Right):
    """Lets the `_defaults` of the steppers overwrite what was given."""

    def __init__(self, params, steppers, **defaults):
        for stepper in reversed(listify(steppers)):
            defaults.update(get_defaults(stepper))
        super().__init__(params, steppers, **defaults)


class Optimizer(_Right):
    """Forgets the `_defaults` of the steppers."""

    def __init__(self, params, steppers, **defaults):
        self.steppers = listify(steppers)
        self.param_groups = self.groups(params)
        self.hypers = self.dicts(defaults)


class Optimizer(_Right):
    """Lets the last stepper's `_defaults` win over the first's."""

    def __init__(self, params, steppers, **defaults):
        for stepper in listify(steppers):
            defaults = {**get_defaults(stepper), **defaults}
        found = {}
        for stepper in listify(steppers):
            found.update(get_defaults(stepper))
        super().__init__(params, steppers, **{**defaults, **found, **self.given(defaults, found)})

    def given(self, defaults, found):
        return {k: v for k, v in defaults.items() if k not in found}


class Optimizer(_Right):
    """Takes a default where the given value is 0 or None."""

    def __init__(self, params, steppers, **defaults):
        self.steppers = listify(steppers)
        for stepper in self.steppers:
            for key, value in get_defaults(stepper).items():
                defaults[key] = defaults.get(key) or value
        self.param_groups = self.groups(params)
        self.hypers = self.dicts(defaults)


class Optimizer(_Right):
    """Uses up a generator when it looks whether there are any parameters."""

    def groups(self, params):
        if not len(list(params)):
            raise ValueError("no parameters")
        params = list(params)
        return params if params and isinstance(params[0], list) else [params]


class Optimizer(_Right):
    """Takes the parameters for a list and asks for the first, which a generator does not have."""

    def groups(self, params):
        if not isinstance(params[0], list):
            params = [params]
        return [list(group) for group in params]


class Optimizer(_Right):
    """Knows one group only: a list of lists is taken for one list of parameters."""

    def groups(self, params):
        found = [p for o in params for p in (o if isinstance(o, list) else [o])]
        if not found:
            raise ValueError("no parameters")
        return [found]


class Optimizer(_Right):
    """Accepts an empty list of parameters, and later steps do nothing without a word."""

    def groups(self, params):
        params = list(params)
        return params if params and isinstance(params[0], list) else [params]


class Optimizer(_Right):
    """Makes a group of every single parameter."""

    def groups(self, params):
        params = list(params)
        if not params:
            raise ValueError("no parameters")
        return params if isinstance(params[0], list) else [[p] for p in params]


class Optimizer(_Right):
    """Takes the groups apart and steps only the first."""

    def grad_params(self):
        return [(p, self.hypers[0]) for p in self.param_groups[0] if p.grad is not None]


class Optimizer(_Right):
    """Steps all groups with the hyperparameters of the first."""

    def grad_params(self):
        ps = [p for group in self.param_groups for p in group if p.grad is not None]
        return [(p, self.hypers[0]) for p in ps]


class Optimizer(_Right):
    """Keeps the values of the beginning, so a schedule that writes `hypers` changes nothing."""

    def __init__(self, params, steppers, **defaults):
        super().__init__(params, steppers, **defaults)
        self.made_with = copy.deepcopy(self.hypers)

    @torch.no_grad()
    def step(self):
        for group, hyper in zip(self.param_groups, self.made_with, strict=True):
            for p in group:
                if p.grad is not None:
                    compose(p, self.steppers, **hyper)


class Optimizer(_Right):
    """Steps every parameter, and one without a gradient raises an error."""

    def grad_params(self):
        return [
            (p, h) for group, h in zip(self.param_groups, self.hypers, strict=True) for p in group
        ]

    def zero_grad(self):
        for p, _ in self.grad_params():
            if p.grad is not None:
                p.grad.zero_()


class Optimizer(_Right):
    """Puts zeros in place of a missing gradient, so weight decay reaches such parameters too."""

    def grad_params(self):
        pairs = [
            (p, h) for group, h in zip(self.param_groups, self.hypers, strict=True) for p in group
        ]
        for p, _ in pairs:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
        return pairs


class Optimizer(_Right):
    """Asks at the beginning which parameters have a gradient, when none has one yet."""

    def __init__(self, params, steppers, **defaults):
        super().__init__(params, steppers, **defaults)
        self.found = _Right.grad_params(self)

    def grad_params(self):
        return self.found


class Optimizer(_Right):
    """Stops at the first parameter without a gradient instead of skipping it."""

    def grad_params(self):
        found = []
        for group, hyper in zip(self.param_groups, self.hypers, strict=True):
            for p in group:
                if p.grad is None:
                    break
                found.append((p, hyper))
        return found


class Optimizer(_Right):
    """Leaves the gradients as they are: it zeroes the weights, or copies of the gradients."""

    def zero_grad(self):
        for p, _ in self.grad_params():
            p.data.zero_()


class Optimizer(_Right):
    """Leaves the gradients as they are: it zeroes the weights, or copies of the gradients."""

    def zero_grad(self):
        for p, _ in self.grad_params():
            p.grad.clone().zero_()


class Optimizer(_Right):
    """Zeroes the gradients of the first group only."""

    def zero_grad(self):
        for p in self.param_groups[0]:
            p.grad = None


class Optimizer(_Right):
    """Calls the steppers as they were given, whatever their `_order`."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            for stepper in self.steppers:
                p = stepper(p, **hyper)


class Optimizer(_Right):
    """Calls the highest `_order` first."""

    @torch.no_grad()
    def step(self):
        steppers = sorted(self.steppers, key=lambda s: -getattr(s, "_order", 0))
        for p, hyper in self.grad_params():
            for stepper in steppers:
                p = stepper(p, **hyper)


class Optimizer(_Right):
    """Calls the first stepper only."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            self.steppers[0](p, **hyper)


class Optimizer(_Right):
    """Goes through the steppers outside and sorts the caller's list in place."""

    def __init__(self, params, steppers, **defaults):
        super().__init__(params, steppers, **defaults)
        self.steppers.sort(key=lambda s: getattr(s, "_order", 0))


class Optimizer(_Right):
    """Hands over the hyperparameters as one dict instead of by name."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            compose(p, self.steppers, hyper=hyper)


class Optimizer(_Right):
    """Steps over copies, so the parameters themselves never move."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            other = p.clone()
            other.grad = p.grad
            compose(other, self.steppers, **hyper)


class Optimizer(_Right):
    """Zeroes the gradients before the step, which then does nothing."""

    @torch.no_grad()
    def step(self):
        pairs = self.grad_params()
        self.zero_grad()
        for p, hyper in pairs:
            p.grad = torch.zeros_like(p)
            compose(p, self.steppers, **hyper)


class Optimizer(_Right):
    """Gives `grad_params` without the hyperparameters."""

    def grad_params(self):
        return [p for group in self.param_groups for p in group if p.grad is not None]

    @torch.no_grad()
    def step(self):
        for group, hyper in zip(self.param_groups, self.hypers, strict=True):
            for p in group:
                if p.grad is not None:
                    compose(p, self.steppers, **hyper)


def sgd_step(p, lr, **kwargs):
    """Adds the gradient, so it climbs instead of descending."""
    p.data.add_(p.grad, alpha=lr)
    return p


def sgd_step(p, lr, **kwargs):
    """Subtracts the whole gradient and leaves the learning rate out."""
    p.data.sub_(p.grad)
    return p


def sgd_step(p, lr, **kwargs):
    """Makes a new tensor, so the model's own parameter never moves."""
    return p - lr * p.grad


def sgd_step(p, lr, **kwargs):
    """Changes the parameter but gives nothing back."""
    p.data.sub_(lr * p.grad)


def sgd_step(p, lr, **kwargs):
    """Gives back the data, which has no gradient for the next stepper, instead of the parameter."""
    p.data.sub_(lr * p.grad)
    return p.data


def sgd_step(p, lr, **kwargs):
    """Scales the gradient in place, so it is another one after the step."""
    p.data.sub_(p.grad.mul_(lr))
    return p


def sgd_step(p, lr):
    """Knows no other hyperparameters, so it cannot be used beside other steppers."""
    p.data.sub_(lr * p.grad)
    return p


def sgd_step(p, lr, wd=0.0, **kwargs):
    """Decays the weight as well, so with weight_decay beside it decay counts twice."""
    p.data.mul_(1 - lr * wd).sub_(lr * p.grad)
    return p


def sgd_step(p, lr, **kwargs):
    """Goes in the direction of the gradient's sign, at its full length."""
    p.data.sub_(lr * p.grad.sign())
    return p


def sgd_step(p, lr, **kwargs):
    """Forgets the gradient right after the step, though other steppers may want it."""
    p.data.sub_(lr * p.grad)
    p.grad = None
    return p


def sgd_step(p, lr, mom=0.0, **kwargs):
    """Dampens the step by the momentum, of which plain SGD has none."""
    p.data.sub_(lr * (1 - mom) * p.grad)
    return p


def weight_decay(p, lr, wd, **kwargs):
    """Multiplies by 1 - wd: the learning rate is missing, so the decay is far too strong."""
    p.data.mul_(1 - wd)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Multiplies by lr * wd instead of 1 - lr * wd, so nearly nothing of the weight is left."""
    p.data.mul_(lr * wd)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Grows the weight: the sign is wrong."""
    p.data.mul_(1 + lr * wd)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Adds wd * p to the gradient: that is L2, which differs under momentum and Adam."""
    p.grad.data.add_(p.data, alpha=wd)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Has no `_defaults`, so without wd it cannot be called."""
    p.data.mul_(1 - lr * wd)
    return p


def weight_decay(p, lr, wd, **kwargs):
    """Decays by 0.01 if nobody asks for decay."""
    p.data.mul_(1 - lr * wd)
    return p


weight_decay._defaults = {"wd": 0.01}


def weight_decay(p, lr, wd, **kwargs):
    """Multiplies a new tensor and gives it back; the parameter does not decay."""
    return p * (1 - lr * wd)


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Subtracts lr * wd from every weight, whatever its size and sign."""
    p.data.sub_(lr * wd)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Pulls by the sign of the weight, which is L1 decay."""
    p.data.sub_(lr * wd * p.data.sign())
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Gives nothing back, so the next stepper gets None."""
    p.data.mul_(1 - lr * wd)


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Decays the gradient along with the weight."""
    p.data.mul_(1 - lr * wd)
    p.grad.data.mul_(1 - lr * wd)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Leaves vectors undecayed, as if they were biases: which ones decay is for the groups."""
    if p.dim() > 1:
        p.data.mul_(1 - lr * wd)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Halves the decay, as for the gradient of wd/2 * |p|**2 divided once too often."""
    p.data.mul_(1 - lr * wd / 2)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Takes the gradient's step as well, so the next stepper takes it a second time."""
    p.data.mul_(1 - lr * wd).sub_(lr * p.grad)
    return p


weight_decay._defaults = {"wd": 0.0}


def l2_reg(p, lr, wd, **kwargs):
    """Decays the weight: that is weight decay, which momentum and Adam never see."""
    p.data.mul_(1 - lr * wd)
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Multiplies by the learning rate too, which the step does once more."""
    p.grad.data.add_(p.data, alpha=lr * wd)
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Subtracts wd * p from the gradient, so the weights grow."""
    p.grad.data.sub_(wd * p.data)
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Takes the gradient of wd * |p|**2, twice as much as wd * p."""
    p.grad.data.add_(p.data, alpha=2 * wd)
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Makes a new gradient and does not put it anywhere."""
    p.grad.data + wd * p.data
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Replaces the gradient by wd * p."""
    p.grad = wd * p.data
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Adds wd times the sign of the weight: that is L1."""
    p.grad.data.add_(p.data.sign(), alpha=wd)
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Has no `_defaults`, so without wd it cannot be called."""
    p.grad.data.add_(p.data, alpha=wd)
    return p


l2_reg._order = -1


def l2_reg(p, lr, wd, **kwargs):
    """Comes after the step, which has read the gradient by then."""
    p.grad.data.add_(p.data, alpha=wd)
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, 1


def l2_reg(p, lr, wd, **kwargs):
    """Gives back the gradient instead of the parameter."""
    return p.grad.data.add_(p.data, alpha=wd)


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Adds wd times the norm of the weight to every item of the gradient."""
    p.grad.data.add_(wd * p.data.norm())
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Takes the step itself, so that the next stepper makes it twice."""
    p.grad.data.add_(p.data, alpha=wd)
    p.data.sub_(lr * p.grad)
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def momentum_step(p, lr, grad_avg, **kwargs):
    """Steps along the gradient of the moment and leaves the average alone."""
    p.data.add_(p.grad, alpha=-lr)
    return p


def momentum_step(p, lr, grad_avg, **kwargs):
    """Adds the average, so it climbs."""
    p.data.add_(grad_avg, alpha=lr)
    return p


def momentum_step(p, lr, grad_avg, mom=0.9, **kwargs):
    """Multiplies the average by mom once more."""
    p.data.add_(grad_avg, alpha=-lr * mom)
    return p


def momentum_step(p, lr, grad_avg, **kwargs):
    """Adds the gradient on top of the average, which has it already."""
    p.data.add_(grad_avg + p.grad, alpha=-lr)
    return p


def momentum_step(p, lr, grad_avg, mom=0.9, **kwargs):
    """Looks ahead by Nesterov's formula: another optimizer."""
    p.data.add_(p.grad + mom * grad_avg, alpha=-lr)
    return p


def momentum_step(p, lr, grad_avg, **kwargs):
    """Multiplies the average by lr in place, so the momentum itself shrinks at each step."""
    p.data.sub_(grad_avg.mul_(lr))
    return p


def momentum_step(p, lr, grad_avg, mom=0.9, mom_damp=1.0, **kwargs):
    """Adds the gradient into the average, as the stat has done already."""
    grad_avg.mul_(mom).add_(p.grad, alpha=mom_damp)
    p.data.add_(grad_avg, alpha=-lr)
    return p


def momentum_step(p, lr, grad_avg, mom_damp=1.0, **kwargs):
    """Dampens the average once more."""
    p.data.add_(grad_avg, alpha=-lr * mom_damp)
    return p


def momentum_step(p, lr, grad_avg, **kwargs):
    """Makes a new tensor, so the model's own parameter never moves."""
    return p - lr * grad_avg


def momentum_step(p, lr, grad_avg, **kwargs):
    """Gives nothing back."""
    p.data.add_(grad_avg, alpha=-lr)


def momentum_step(p, lr, grad_avg, **kwargs):
    """Forgets the learning rate."""
    p.data.sub_(grad_avg)
    return p


def momentum_step(p, lr, grad_avg, wd=0.0, **kwargs):
    """Decays the weight as well, so with weight_decay beside it decay counts twice."""
    p.data.mul_(1 - lr * wd).add_(grad_avg, alpha=-lr)
    return p


class _Keeping(_Right):
    """A right stateful optimizer, from which the wrong ones below differ in one place."""

    def __init__(self, params, steppers, stats=None, **defaults):
        self.stats = listify(stats)
        maybe_update(self.stats, defaults, get_defaults)
        super().__init__(params, steppers, **defaults)
        self.state = {}

    def state_of(self, p):
        if p not in self.state:
            self.state[p] = self.new_state(p)
        return self.state[p]

    def new_state(self, p):
        state = {}
        maybe_update(self.stats, state, lambda stat: stat.init_state(p))
        return state

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            state = self.state_of(p)
            for stat in self.stats:
                state = stat.update(p, state, **hyper)
            self.state[p] = state
            compose(p, self.steppers, **state, **hyper)

    def state_dict(self):
        states = [[self.state.get(p) for p in group] for group in self.param_groups]
        return copy.deepcopy({"hypers": self.hypers, "states": states})

    def load_state_dict(self, saved):
        saved = copy.deepcopy(saved)
        self.hypers, self.state = saved["hypers"], {}
        for group, states in zip(self.param_groups, saved["states"], strict=True):
            self.state.update({p: s for p, s in zip(group, states, strict=True) if s is not None})


class StatefulOptimizer(_Keeping):
    """Makes a new state at every step, so nothing is remembered."""

    def state_of(self, p):
        return self.new_state(p)


class StatefulOptimizer(_Keeping):
    """Makes every state in the beginning, when there is no gradient yet."""

    def __init__(self, params, steppers, stats=None, **defaults):
        super().__init__(params, steppers, stats, **defaults)
        for group in self.param_groups:
            for p in group:
                self.state[p] = self.new_state(p)


class StatefulOptimizer(_Keeping):
    """Makes all states at the first step, for the parameters that have a gradient by then."""

    def state_of(self, p):
        if not self.state:
            self.state = {q: self.new_state(q) for q, _ in self.grad_params()}
        return self.state[p]


class StatefulOptimizer(_Keeping):
    """Keeps one state for all parameters."""

    def state_of(self, p):
        if not self.state:
            self.state[None] = self.new_state(p)
        return self.state[None]


class StatefulOptimizer(_Keeping):
    """Keeps one state for each group, so its parameters share an average."""

    def state_of(self, p):
        for i, group in enumerate(self.param_groups):
            if any(p is o for o in group):
                if i not in self.state:
                    self.state[i] = self.new_state(p)
                return self.state[i]


class StatefulOptimizer(_Keeping):
    """Looks states up by shape, so parameters of one shape share a state."""

    def state_of(self, p):
        if p.shape not in self.state:
            self.state[p.shape] = self.new_state(p)
        return self.state[p.shape]


class StatefulOptimizer(_Keeping):
    """Numbers the parameters that have a gradient, so after a skipped one each takes another's."""

    @torch.no_grad()
    def step(self):
        for i, (p, hyper) in enumerate(self.grad_params()):
            if i not in self.state:
                self.state[i] = self.new_state(p)
            for stat in self.stats:
                self.state[i] = stat.update(p, self.state[i], **hyper)
            compose(p, self.steppers, **self.state[i], **hyper)


class StatefulOptimizer(_Keeping):
    """Steps before the stats are updated, so the first step knows nothing of its gradient."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            state = self.state_of(p)
            compose(p, self.steppers, **state, **hyper)
            for stat in self.stats:
                state = stat.update(p, state, **hyper)
            self.state[p] = state


class StatefulOptimizer(_Keeping):
    """Never updates the state."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            compose(p, self.steppers, **self.state_of(p), **hyper)


class StatefulOptimizer(_Keeping):
    """Does not use what `update` gives back."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            state = self.state_of(p)
            for stat in self.stats:
                stat.update(p, state, **hyper)
            compose(p, self.steppers, **state, **hyper)


class StatefulOptimizer(_Keeping):
    """Gives the steppers what `update` gave back but keeps the state of before."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            state = self.state_of(p)
            for stat in self.stats:
                state = stat.update(p, state, **hyper)
            compose(p, self.steppers, **state, **hyper)


class StatefulOptimizer(_Keeping):
    """Updates with the first stat only."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            state = self.state_of(p)
            for stat in self.stats[:1]:
                state = stat.update(p, state, **hyper)
            self.state[p] = state
            compose(p, self.steppers, **state, **hyper)


class StatefulOptimizer(_Keeping):
    """Updates the stats in the opposite order."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            state = self.state_of(p)
            for stat in reversed(self.stats):
                state = stat.update(p, state, **hyper)
            self.state[p] = state
            compose(p, self.steppers, **state, **hyper)


class StatefulOptimizer(_Keeping):
    """Updates every stat from the state of before, so the last one's result alone is left."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            before, state = self.state_of(p), {}
            for stat in self.stats:
                state = stat.update(p, dict(before), **hyper)
            self.state[p] = {**before, **state}
            compose(p, self.steppers, **self.state[p], **hyper)


class StatefulOptimizer(_Keeping):
    """Does not pass the hyperparameters on to the stats."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            state = self.state_of(p)
            for stat in self.stats:
                state = stat.update(p, state, **{**get_defaults(stat)})
            self.state[p] = state
            compose(p, self.steppers, **state, **hyper)


class StatefulOptimizer(_Keeping):
    """Gives the steppers the state but not the hyperparameters."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            state = self.state_of(p)
            for stat in self.stats:
                state = stat.update(p, state, **hyper)
            self.state[p] = state
            compose(p, self.steppers, lr=hyper.get("lr"), **state)


class StatefulOptimizer(_Keeping):
    """Writes the hyperparameters into the state, where those of the first step win for ever."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            state = self.state_of(p)
            for stat in self.stats:
                state = stat.update(p, state, **hyper)
            self.state[p] = {**hyper, **state}
            compose(p, self.steppers, **self.state[p])


class StatefulOptimizer(_Keeping):
    """Forgets the `_defaults` of the stats."""

    def __init__(self, params, steppers, stats=None, **defaults):
        _Right.__init__(self, params, steppers, **defaults)
        self.stats, self.state = listify(stats), {}


class StatefulOptimizer(_Keeping):
    """Lets the `_defaults` of the stats overwrite what was given."""

    def __init__(self, params, steppers, stats=None, **defaults):
        for stat in listify(stats):
            defaults.update(get_defaults(stat))
        super().__init__(params, steppers, stats, **defaults)


class StatefulOptimizer(_Keeping):
    """Needs stats: without them it fails."""

    def __init__(self, params, steppers, stats=None, **defaults):
        super().__init__(params, steppers, [*stats] if isinstance(stats, list) else [stats])
        _Right.__init__(self, params, steppers, **defaults)


class StatefulOptimizer(_Keeping):
    """Keeps the states in the class, so all optimizers share them."""

    shared = {}

    def state_of(self, p):
        if p not in self.shared:
            self.shared[p] = self.new_state(p)
        return self.shared[p]

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            state = self.state_of(p)
            for stat in self.stats:
                state = stat.update(p, state, **hyper)
            self.shared[p] = state
            compose(p, self.steppers, **state, **hyper)


class StatefulOptimizer(_Keeping):
    """Advances every parameter's state at each step, with the last gradient it had."""

    @torch.no_grad()
    def step(self):
        super().step()
        stepped = {id(p) for p, _ in self.grad_params()}
        for p, state in self.state.items():
            if id(p) not in stepped and "step" in state:
                state["step"] += 1
            if id(p) not in stepped and "count" in state:
                state["count"] += 1


class StatefulOptimizer(_Keeping):
    """Calls every stepper after the state is made, as they were given, whatever their `_order`."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            state = self.state_of(p)
            for stat in self.stats:
                state = stat.update(p, state, **hyper)
            self.state[p] = state
            for stepper in self.steppers:
                p = stepper(p, **state, **hyper)


class StatefulOptimizer(_Keeping):
    """Loses the state: it is not saved, or saved by parameters that another does not have."""

    def state_dict(self):
        return copy.deepcopy({"hypers": self.hypers})

    def load_state_dict(self, saved):
        self.hypers, self.state = copy.deepcopy(saved["hypers"]), {}


class StatefulOptimizer(_Keeping):
    """Saves the state but not the hyperparameters, so a schedule's values are lost."""

    def load_state_dict(self, saved):
        hypers = self.hypers
        super().load_state_dict(saved)
        self.hypers = hypers


class StatefulOptimizer(_Keeping):
    """Saves the hyperparameters of the first group for all."""

    def load_state_dict(self, saved):
        super().load_state_dict(saved)
        self.hypers = [dict(saved["hypers"][0]) for _ in self.param_groups]


class StatefulOptimizer(_Keeping):
    """Saves the very tensors that later steps change."""

    def state_dict(self):
        states = [[self.state.get(p) for p in group] for group in self.param_groups]
        return {"hypers": self.hypers, "states": states}

    def load_state_dict(self, saved):
        self.hypers, self.state = saved["hypers"], {}
        for group, states in zip(self.param_groups, saved["states"], strict=True):
            self.state.update({p: s for p, s in zip(group, states, strict=True) if s is not None})


class StatefulOptimizer(_Keeping):
    """Copies the dicts but not the tensors in them, so two optimizers write into the same ones."""

    def state_dict(self):
        states = [[self.copied(p) for p in group] for group in self.param_groups]
        return {"hypers": [dict(hyper) for hyper in self.hypers], "states": states}

    def copied(self, p):
        return dict(self.state[p]) if p in self.state else None

    def load_state_dict(self, saved):
        self.hypers, self.state = [dict(hyper) for hyper in saved["hypers"]], {}
        for group, states in zip(self.param_groups, saved["states"], strict=True):
            self.state.update(
                {p: dict(s) for p, s in zip(group, states, strict=True) if s is not None}
            )


class StatefulOptimizer(_Keeping):
    """Loses the state: it is not saved, or saved by parameters that another does not have."""

    def state_dict(self):
        return {"hypers": copy.deepcopy(self.hypers), "states": dict(self.state)}

    def load_state_dict(self, saved):
        self.hypers, self.state = copy.deepcopy(saved["hypers"]), dict(saved["states"])


class StatefulOptimizer(_Keeping):
    """Saves the states without gaps, so after a parameter without one each gets another's."""

    def state_dict(self):
        params = [p for group in self.param_groups for p in group if p in self.state]
        states = [self.state[p] for p in params]
        return copy.deepcopy({"hypers": self.hypers, "states": states})

    def load_state_dict(self, saved):
        saved = copy.deepcopy(saved)
        params = [p for group in self.param_groups for p in group]
        self.hypers, self.state = saved["hypers"], dict(zip(params, saved["states"], strict=False))


class StatefulOptimizer(_Keeping):
    """Saves the tensors of a state but not its numbers, so the count of steps begins anew."""

    def state_dict(self):
        saved = super().state_dict()
        for states in saved["states"]:
            for state in states:
                for key in [k for k, o in (state or {}).items() if not isinstance(o, Tensor)]:
                    state[key] = 0
        return saved


class StatefulOptimizer(_Keeping):
    """Loads into the states that are there and leaves alone what has none yet."""

    def load_state_dict(self, saved):
        self.hypers = copy.deepcopy(saved["hypers"])
        for group, states in zip(self.param_groups, saved["states"], strict=True):
            for p, state in zip(group, states, strict=True):
                if p in self.state:
                    self.state[p].update(copy.deepcopy(state))


class StatefulOptimizer(_Keeping):
    """Loads nothing."""

    def load_state_dict(self, saved):
        copy.deepcopy(saved)


def lin_comb(v1, v2, beta):
    """Weighs v1 by 1 - beta and v2 by beta: the wrong way round."""
    return (1 - beta) * v1 + beta * v2


def lin_comb(v1, v2, beta):
    """Weighs v2 by 1, as without dampening."""
    return beta * v1 + v2


def lin_comb(v1, v2, beta):
    """Changes v1 in place."""
    if isinstance(v1, Tensor):
        return v1.mul_(beta).add_(v2, alpha=1 - beta)
    return beta * v1 + (1 - beta) * v2


def lin_comb(v1, v2, beta):
    """Forgets the brackets: beta * v1 + 1 - beta * v2."""
    return beta * v1 + 1 - beta * v2


def lin_comb(v1, v2, beta):
    """Works for tensors only."""
    return v1.mul(beta).add(v2, alpha=1 - beta)


def lin_comb(v1, v2, beta):
    """Subtracts the second part."""
    return beta * v1 - (1 - beta) * v2


def lin_comb(v1, v2, beta):
    """Takes the mean of both, whatever beta is."""
    return (v1 + v2) / 2


class _Average(Stat):
    """A right average, from which the wrong ones below differ in one place."""

    _defaults = {"mom": 0.9}

    def __init__(self, dampening=False):
        self.dampening = dampening

    def init_state(self, p):
        return {"grad_avg": torch.zeros_like(p.data)}

    def update(self, p, state, mom, **kwargs):
        state["mom_damp"] = 1 - mom if self.dampening else 1.0
        state["grad_avg"].mul_(mom).add_(p.grad.data, alpha=state["mom_damp"])
        return state


class AverageGrad(_Average):
    """Dampens unless told otherwise."""

    def __init__(self, dampening=True):
        super().__init__(dampening)


class AverageGrad(_Average):
    """Adds the whole gradient where a dampened one is wanted."""

    def update(self, p, state, mom, **kwargs):
        state["mom_damp"] = 1.0
        state["grad_avg"].mul_(mom).add_(p.grad.data)
        return state


class AverageGrad(_Average):
    """Dampens when told not to, and the other way round."""

    def __init__(self, dampening=False):
        super().__init__(not dampening)


class AverageGrad(_Average):
    """Weighs the new gradient by mom and the past by 1 - mom."""

    def update(self, p, state, mom, **kwargs):
        state["mom_damp"] = 1 - mom if self.dampening else 1.0
        state["grad_avg"].mul_(1 - mom).add_(p.grad.data, alpha=mom)
        return state


class AverageGrad(_Average):
    """Adds the whole gradient where a dampened one is wanted."""

    def update(self, p, state, mom, **kwargs):
        state["mom_damp"] = 1 - mom if self.dampening else 1.0
        state["grad_avg"].mul_(mom).add_(p.grad.data)
        return state


class AverageGrad(_Average):
    """Keeps mom_damp to itself, so a debiasing step does not get it."""

    def update(self, p, state, mom, **kwargs):
        damp = 1 - mom if self.dampening else 1.0
        state["grad_avg"].mul_(mom).add_(p.grad.data, alpha=damp)
        return state


class AverageGrad(_Average):
    """Says mom_damp is mom."""

    def update(self, p, state, mom, **kwargs):
        super().update(p, state, mom)
        state["mom_damp"] = mom if self.dampening else 1.0
        return state


class AverageGrad(_Average):
    """Begins with the first gradient instead of zero, so it counts more than it should."""

    def init_state(self, p):
        return {"grad_avg": p.grad.data.clone()}


class AverageGrad(_Average):
    """Begins with the weight instead of zero."""

    def init_state(self, p):
        return {"grad_avg": p.data.clone()}


class AverageGrad(_Average):
    """Begins with ones instead of zeros."""

    def init_state(self, p):
        return {"grad_avg": torch.ones_like(p.data)}


class AverageGrad(_Average):
    """Keeps the average on the stat, so all parameters share it."""

    def init_state(self, p):
        if getattr(self, "average", None) is None or self.average.shape != p.shape:
            self.average = torch.zeros_like(p.data)
        return {"grad_avg": self.average}


class AverageGrad(_Average):
    """Fixes the damping at the first step, so it does not follow a schedule of mom."""

    def update(self, p, state, mom, **kwargs):
        state.setdefault("mom_damp", 1 - mom if self.dampening else 1.0)
        state["grad_avg"].mul_(mom).add_(p.grad.data, alpha=state["mom_damp"])
        return state


class AverageGrad(_Average):
    """Has no default for mom."""

    _defaults = {}


class AverageGrad(_Average):
    """Has a default mom of 0.99."""

    _defaults = {"mom": 0.99}


class AverageGrad(_Average):
    """Uses 0.9 always, whatever mom is."""

    def update(self, p, state, mom, **kwargs):
        return super().update(p, state, 0.9)


class AverageGrad(_Average):
    """Adds the gradient and then multiplies, so the newest counts only mom."""

    def update(self, p, state, mom, **kwargs):
        state["mom_damp"] = 1 - mom if self.dampening else 1.0
        state["grad_avg"].add_(p.grad.data, alpha=state["mom_damp"]).mul_(mom)
        return state


class AverageGrad(_Average):
    """Averages into the gradient itself, which others read later."""

    def update(self, p, state, mom, **kwargs):
        state["mom_damp"] = 1 - mom if self.dampening else 1.0
        p.grad.data.mul_(state["mom_damp"]).add_(state["grad_avg"], alpha=mom)
        state["grad_avg"] = p.grad.data
        return state


class AverageGrad(_Average):
    """Forgets to give the state back."""

    def update(self, p, state, mom, **kwargs):
        super().update(p, state, mom)


class AverageGrad(_Average):
    """Adds up the gradients without letting the past fade."""

    def update(self, p, state, mom, **kwargs):
        state["mom_damp"] = 1 - mom if self.dampening else 1.0
        state["grad_avg"].add_(p.grad.data, alpha=state["mom_damp"])
        return state


class AverageGrad(_Average):
    """Averages the weight instead of its gradient."""

    def update(self, p, state, mom, **kwargs):
        state["mom_damp"] = 1 - mom if self.dampening else 1.0
        state["grad_avg"].mul_(mom).add_(p.data, alpha=state["mom_damp"])
        return state


class AverageGrad(_Average):
    """Averages the mean of the gradient, one number for the whole parameter."""

    def update(self, p, state, mom, **kwargs):
        state["mom_damp"] = 1 - mom if self.dampening else 1.0
        state["grad_avg"].mul_(mom).add_(state["mom_damp"] * p.grad.data.mean())
        return state


class _Squares(Stat):
    """A right average of squares, from which the wrong ones below differ in one place."""

    _defaults = {"sqr_mom": 0.99}

    def __init__(self, dampening=True):
        self.dampening = dampening

    def init_state(self, p):
        return {"sqr_avg": torch.zeros_like(p.data)}

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        state["sqr_avg"].mul_(sqr_mom).add_(p.grad.data**2, alpha=state["sqr_damp"])
        return state


class AverageSqrGrad(_Squares):
    """Does not dampen unless told otherwise."""

    def __init__(self, dampening=False):
        super().__init__(dampening)


class AverageSqrGrad(_Squares):
    """Averages the gradient and not its square."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        state["sqr_avg"].mul_(sqr_mom).add_(p.grad.data, alpha=state["sqr_damp"])
        return state


class AverageSqrGrad(_Squares):
    """Squares the average of the gradients instead of averaging the squares."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        mean = state.get("_mean", torch.zeros_like(p.data))
        state["_mean"] = sqr_mom * mean + state["sqr_damp"] * p.grad.data
        state["sqr_avg"] = state["_mean"] ** 2
        return state


class AverageSqrGrad(_Squares):
    """Uses mom, the momentum of the gradient, for the squares too."""

    _defaults = {"sqr_mom": 0.99, "mom": 0.9}

    def update(self, p, state, sqr_mom, mom, **kwargs):
        return super().update(p, state, mom)


class AverageSqrGrad(_Squares):
    """Uses the damping factor twice, squared along with the gradient."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        state["sqr_avg"].mul_(sqr_mom).add_((state["sqr_damp"] * p.grad.data) ** 2)
        return state


class AverageSqrGrad(_Squares):
    """Writes under the key grad_avg, where the other average is."""

    def init_state(self, p):
        return {"grad_avg": torch.zeros_like(p.data)}

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        state["grad_avg"].mul_(sqr_mom).add_(p.grad.data**2, alpha=state["sqr_damp"])
        return state


class AverageSqrGrad(_Squares):
    """Writes its damping under mom_damp, where the other average has its own."""

    def update(self, p, state, sqr_mom, **kwargs):
        super().update(p, state, sqr_mom)
        state["mom_damp"] = state.pop("sqr_damp")
        return state


class AverageSqrGrad(_Squares):
    """Squares the gradient in place, and its sign is lost for all others."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        state["sqr_avg"].mul_(sqr_mom).add_(p.grad.data.pow_(2), alpha=state["sqr_damp"])
        return state


class AverageSqrGrad(_Squares):
    """Has a default sqr_mom of 0.999."""

    _defaults = {"sqr_mom": 0.999}


class AverageSqrGrad(_Squares):
    """Calls its default mom, so sqr_mom has none."""

    _defaults = {"mom": 0.99}


class AverageSqrGrad(_Squares):
    """Begins with ones instead of zeros."""

    def init_state(self, p):
        return {"sqr_avg": torch.ones_like(p.data)}


class AverageSqrGrad(_Squares):
    """Averages absolute values."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        state["sqr_avg"].mul_(sqr_mom).add_(p.grad.data.abs(), alpha=state["sqr_damp"])
        return state


class AverageSqrGrad(_Squares):
    """Keeps the largest square so far where an average is wanted."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        new = sqr_mom * state["sqr_avg"] + state["sqr_damp"] * p.grad.data**2
        state["sqr_avg"] = torch.maximum(state["sqr_avg"], new)
        return state


class AverageSqrGrad(_Squares):
    """Averages one square for the whole parameter."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        mean = p.grad.data.pow(2).mean()
        state["sqr_avg"].mul_(sqr_mom).add_(state["sqr_damp"] * mean)
        return state


class AverageSqrGrad(_Squares):
    """Takes the root right away, so sqr_avg is no average of squares."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        square = sqr_mom * state["sqr_avg"] ** 2 + state["sqr_damp"] * p.grad.data**2
        state["sqr_avg"] = square.sqrt()
        return state


class AverageSqrGrad(_Squares):
    """Fixes the damping at the first step, so it does not follow a schedule of sqr_mom."""

    def update(self, p, state, sqr_mom, **kwargs):
        state.setdefault("sqr_damp", 1 - sqr_mom if self.dampening else 1.0)
        state["sqr_avg"].mul_(sqr_mom).add_(p.grad.data**2, alpha=state["sqr_damp"])
        return state


class AverageSqrGrad(_Squares):
    """Never dampens."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1.0
        state["sqr_avg"].mul_(sqr_mom).add_(p.grad.data**2)
        return state


class AverageSqrGrad(_Squares):
    """Always dampens, whatever it was told."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom
        state["sqr_avg"].mul_(sqr_mom).add_(p.grad.data**2, alpha=1 - sqr_mom)
        return state


class StepCount(Stat):
    """Counts steps from 0, so the first average is divided by zero."""

    def init_state(self, p):
        return {"step": -1}

    def update(self, p, state, **kwargs):
        state["step"] += 1
        return state


class StepCount(Stat):
    """Begins at 1 and counts the first step as the second."""

    def init_state(self, p):
        return {"step": 1}

    def update(self, p, state, **kwargs):
        state["step"] += 1
        return state


class StepCount(Stat):
    """Never counts on: every step is the first."""

    def init_state(self, p):
        return {"step": 1}

    def update(self, p, state, **kwargs):
        return state


class StepCount(Stat):
    """Keeps the count on the stat, so it counts the steps of all parameters together."""

    def __init__(self):
        self.count = 0

    def init_state(self, p):
        return {"step": 0}

    def update(self, p, state, **kwargs):
        self.count += 1
        state["step"] = self.count
        return state


class StepCount(Stat):
    """Gives back a dict with its own entry alone, so other stats lose theirs."""

    def init_state(self, p):
        return {"step": 0}

    def update(self, p, state, **kwargs):
        return {"step": state["step"] + 1}


class StepCount(Stat):
    """Forgets to give the state back."""

    def init_state(self, p):
        return {"step": 0}

    def update(self, p, state, **kwargs):
        state["step"] += 1


class StepCount(Stat):
    """Counts under another name, so no stepper finds `step`."""

    def init_state(self, p):
        return {"count": 0}

    def update(self, p, state, **kwargs):
        state["count"] += 1
        return state


class StepCount(Stat):
    """Counts only steps whose gradient is not zero."""

    def init_state(self, p):
        return {"step": 0}

    def update(self, p, state, **kwargs):
        state["step"] += int(p.grad.any())
        return state


class StepCount(Stat):
    """Counts in a byte, which begins again at 0 after a while."""

    def init_state(self, p):
        return {"step": 0}

    def update(self, p, state, **kwargs):
        state["step"] = state["step"] % 15 + 1
        return state


class StepCount(Stat):
    """Keeps one state in the class for every parameter."""

    state = {"step": 0}

    def init_state(self, p):
        return self.state

    def update(self, p, state, **kwargs):
        self.state["step"] += 1
        state["step"] = self.state["step"]
        return state


def debias(mom, damp, step):
    """Leaves damp out, so it is right only where that is 1."""
    return (1 - mom**step) / (1 - mom)


def debias(mom, damp, step):
    """Knows dampened averages only: without dampening the result is too small."""
    return 1 - mom**step


def debias(mom, damp, step):
    """Counts steps from 0, so one weight too many is summed."""
    return damp * (1 - mom ** (step + 1)) / (1 - mom)


def debias(mom, damp, step):
    """Sums one weight too few and is 0 at the first step."""
    return damp * (1 - mom ** (step - 1)) / (1 - mom)


def debias(mom, damp, step):
    """Multiplies mom by the step where it should raise it to a power."""
    return damp * (1 - mom * step) / (1 - mom)


def debias(mom, damp, step):
    """Gives the inverse: a factor to multiply by instead of a divisor."""
    return (1 - mom) / (damp * (1 - mom**step))


def debias(mom, damp, step):
    """Forgets to divide by 1 - mom."""
    return damp * (1 - mom**step)


def debias(mom, damp, step):
    """Divides by damp instead of multiplying by it."""
    return (1 - mom**step) / (1 - mom) / damp


def debias(mom, damp, step):
    """Gives the sum of infinitely many weights, right only in the long run."""
    return damp / (1 - mom)


def debias(mom, damp, step):
    """Sums the weights from mom**1 on."""
    return damp * sum(mom**i for i in range(1, step + 1))


def debias(mom, damp, step):
    """Guesses from damp whether there is dampening, and takes any other factor for 1."""
    return 1 - mom**step if damp == 1 - mom else (1 - mom**step) / (1 - mom)


def _averages(e):
    """Both averages of an adam_step's keyword arguments, debiased."""
    m = e["grad_avg"] / debias(e["mom"], e["mom_damp"], e["step"])
    return m, e["sqr_avg"] / debias(e["sqr_mom"], e["sqr_damp"], e["step"])


def adam_step(p, **e):
    """Puts eps inside the square root."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / (v + e["eps"]).sqrt())
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Does not debias, so the first steps have the wrong length."""
    p.data.sub_(e["lr"] * e["grad_avg"] / (e["sqr_avg"].sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Debiases the gradient's average only."""
    m, _ = _averages(e)
    p.data.sub_(e["lr"] * m / (e["sqr_avg"].sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Debiases the squares' average only."""
    _, v = _averages(e)
    p.data.sub_(e["lr"] * e["grad_avg"] / (v.sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Debiases both averages with the momentum of the gradient."""
    m, _ = _averages(e)
    v = e["sqr_avg"] / debias(e["mom"], e["sqr_damp"], e["step"])
    p.data.sub_(e["lr"] * m / (v.sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Takes every average for a dampened one."""
    m = e["grad_avg"] / (1 - e["mom"] ** e["step"])
    v = e["sqr_avg"] / (1 - e["sqr_mom"] ** e["step"])
    p.data.sub_(e["lr"] * m / (v.sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Forgets the square root."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / (v + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Adds eps before the square's average is debiased, so eps is too large in the first steps."""
    m, _ = _averages(e)
    root = math.sqrt(debias(e["sqr_mom"], e["sqr_damp"], e["step"]))
    p.data.sub_(e["lr"] * m * root / (e["sqr_avg"].sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Leaves eps out, and a gradient of zero makes nan."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / v.sqrt())
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Uses its own eps, whatever it is given."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / (v.sqrt() + 1e-5))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Has no default for eps."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / (v.sqrt() + e["eps"]))
    return p


def adam_step(p, **e):
    """Has a default eps of 1, so all of its steps are short."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / (v.sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1.0}


def adam_step(p, **e):
    """Takes the larger of root and eps where their sum is wanted."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / v.sqrt().clamp_min(e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Divides the gradient of the moment, not its average: that is RMSProp."""
    _, v = _averages(e)
    p.data.sub_(e["lr"] * p.grad / (v.sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Takes the root of the average in place, so the state itself is changed."""
    m, _ = _averages(e)
    divisor = debias(e["sqr_mom"], e["sqr_damp"], e["step"])
    p.data.sub_(e["lr"] * m / (e["sqr_avg"].div_(divisor).sqrt_() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Debiases the gradient's average in place, so it is debiased again at each step."""
    _, v = _averages(e)
    e["grad_avg"].div_(debias(e["mom"], e["mom_damp"], e["step"]))
    p.data.sub_(e["lr"] * e["grad_avg"] / (v.sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Decays the weight too, so with weight_decay beside it decay counts twice."""
    m, v = _averages(e)
    p.data.mul_(1 - e["lr"] * e.get("wd", 0.0)).sub_(e["lr"] * m / (v.sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Climbs: the sign of the step is wrong."""
    m, v = _averages(e)
    p.data.add_(e["lr"] * m / (v.sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Counts from 0 where `step` counts from 1."""
    m = e["grad_avg"] / debias(e["mom"], e["mom_damp"], e["step"] + 1)
    v = e["sqr_avg"] / debias(e["sqr_mom"], e["sqr_damp"], e["step"] + 1)
    p.data.sub_(e["lr"] * m / (v.sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Makes a new tensor, so the model's own parameter never moves."""
    m, v = _averages(e)
    return p - e["lr"] * m / (v.sqrt() + e["eps"])


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Gives nothing back."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / (v.sqrt() + e["eps"]))


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Takes one learning rate for the whole parameter, from the mean of the squares."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / (v.mean().sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


_LAMB = {"eps": 1e-6, "wd": 0.0}


def _direction(p, e):
    """Adam's direction plus wd * p."""
    m, v = _averages(e)
    return m / (v.sqrt() + e["eps"]) + e["wd"] * p.data


def _ratio(p, direction):
    """The trust ratio."""
    norms = p.data.norm().item(), direction.norm().item()
    return min(norms[0] / norms[1], 10) if all(norms) else 1.0


def lamb_step(p, **e):
    """The lecture's ratio, which is 0 for a weight of zero, so it never moves from there."""
    direction = _direction(p, e)
    r1, r2 = p.data.pow(2).mean().sqrt(), direction.pow(2).mean().sqrt()
    p.data.sub_(e["lr"] * min(r1 / r2, 10) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Asks for a weight of zero but not for a step of zero, and divides by it."""
    direction = _direction(p, e)
    r1, r2 = p.data.norm().item(), direction.norm().item()
    ratio = min(r1 / r2, 10) if r1 else 1.0
    p.data.sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Turns the ratio upside down: the step's norm over the weight's."""
    direction = _direction(p, e)
    norms = p.data.norm().item(), direction.norm().item()
    ratio = min(norms[1] / norms[0], 10) if all(norms) else 1.0
    p.data.sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Sets no limit to the ratio."""
    direction = _direction(p, e)
    norms = p.data.norm().item(), direction.norm().item()
    ratio = norms[0] / norms[1] if all(norms) else 1.0
    p.data.sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Makes the ratio at least 10 instead of at most."""
    direction = _direction(p, e)
    norms = p.data.norm().item(), direction.norm().item()
    ratio = max(norms[0] / norms[1], 10) if all(norms) else 1.0
    p.data.sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Limits the weight's norm to 10, as in the first version of the paper, and not the ratio."""
    direction = _direction(p, e)
    norms = min(p.data.norm().item(), 10), direction.norm().item()
    ratio = norms[0] / norms[1] if all(norms) else 1.0
    p.data.sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Has no ratio: that is Adam with decay."""
    p.data.sub_(e["lr"] * _direction(p, e))
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Leaves the decay out of the direction."""
    direction = _direction(p, {**e, "wd": 0.0})
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Measures the step without its decay, though it goes with it."""
    direction = _direction(p, e)
    ratio = _ratio(p, direction - e["wd"] * p.data)
    p.data.sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Decays the weight beside the step, as AdamW does, so decay knows no ratio."""
    direction = _direction(p, {**e, "wd": 0.0})
    ratio = _ratio(p, direction)
    p.data.mul_(1 - e["lr"] * e["wd"]).sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Multiplies the direction's decay by the learning rate, which the step does once more."""
    direction = _direction(p, {**e, "wd": e["lr"] * e["wd"]})
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Puts eps inside the square root."""
    m, v = _averages(e)
    direction = m / (v + e["eps"]).sqrt() + e["wd"] * p.data
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Does not debias."""
    direction = e["grad_avg"] / (e["sqr_avg"].sqrt() + e["eps"]) + e["wd"] * p.data
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Takes every average for a dampened one."""
    m = e["grad_avg"] / (1 - e["mom"] ** e["step"])
    v = e["sqr_avg"] / (1 - e["sqr_mom"] ** e["step"])
    direction = m / (v.sqrt() + e["eps"]) + e["wd"] * p.data
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Compares sums of squares, so the ratio is squared."""
    direction = _direction(p, e)
    norms = p.data.pow(2).sum().item(), direction.pow(2).sum().item()
    ratio = min(norms[0] / norms[1], 10) if all(norms) else 1.0
    p.data.sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Compares the weight with the gradient's norm and not with the step's."""
    direction = _direction(p, e)
    p.data.sub_(e["lr"] * _ratio(p, p.grad) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Takes a ratio for each single weight instead of one for the layer."""
    direction = _direction(p, e)
    ratio = (p.data.abs() / direction.abs()).clamp_max(10)
    p.data.sub_(e["lr"] * torch.where((p.data != 0) & (direction != 0), ratio, 1.0) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Sums absolute values for the norms instead of squares."""
    direction = _direction(p, e)
    norms = p.data.norm(1).item(), direction.norm(1).item()
    ratio = min(norms[0] / norms[1], 10) if all(norms) else 1.0
    p.data.sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Adds a little to both norms, so a zero weight hardly moves."""
    direction = _direction(p, e)
    ratio = (p.data.norm() + 1e-6) / (direction.norm() + 1e-6)
    p.data.sub_(e["lr"] * ratio.clamp_max(10) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Takes 10 where the weight's norm is 0."""
    direction = _direction(p, e)
    norms = p.data.norm().item(), direction.norm().item()
    ratio = min(norms[0] / norms[1], 10) if all(norms) else 10.0
    p.data.sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Has no defaults."""
    direction = _direction(p, e)
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)
    return p


def lamb_step(p, **e):
    """Climbs: the sign of the step is wrong."""
    direction = _direction(p, e)
    p.data.add_(e["lr"] * _ratio(p, direction) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Gives nothing back."""
    direction = _direction(p, e)
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Builds the direction in the average itself, which is the state of later steps."""
    direction = _direction(p, e)
    e["grad_avg"].copy_(direction)
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Lets the ratio follow the learning rate: it is inside the limit of 10."""
    direction = _direction(p, e)
    norms = p.data.norm().item(), direction.norm().item()
    ratio = min(e["lr"] * norms[0] / norms[1], 10) if all(norms) else e["lr"]
    p.data.sub_(ratio * direction)
    return p


lamb_step._defaults = _LAMB


def sgd_opt(params, **hypers):
    """Has no weight decay: wd is taken and not used."""
    return Optimizer(params, [sgd_step], **hypers)


def sgd_opt(params, **hypers):
    """Has a momentum that nobody asked for."""
    return StatefulOptimizer(params, [weight_decay, momentum_step], AverageGrad(), **hypers)


def sgd_opt(params, **hypers):
    """Forgets to give the optimizer back."""
    Optimizer(params, [weight_decay, sgd_step], **hypers)


def sgd_opt(params, **hypers):
    """Drops the values that it is given."""
    return Optimizer(params, [weight_decay, sgd_step], lr=0.1)


def sgd_opt(params, **hypers):
    """Decays twice, by weight decay and by L2."""
    return Optimizer(params, [weight_decay, l2_reg, sgd_step], **hypers)


def sgd_opt(params, **hypers):
    """Decays but never steps."""
    return Optimizer(params, [weight_decay], **hypers)


def sgd_opt(params, lr=0.01, wd=0.0):
    """Uses torch's own optimizer, which has no `hypers` for a schedule to write."""
    return torch.optim.SGD([{"params": group} for group in params], lr=lr, weight_decay=wd)


def sgd_opt(params, **hypers):
    """Puts all groups into one."""
    flat = [p for o in params for p in (o if isinstance(o, list) else [o])]
    return Optimizer(flat, [weight_decay, sgd_step], **hypers)


def sgd_opt(params, **hypers):
    """Uses the generator up before the optimizer sees it."""
    if not list(params):
        raise ValueError("no parameters")
    return Optimizer(params, [weight_decay, sgd_step], **hypers)


def sgd_mom_opt(params, **hypers):
    """Dampens the momentum, so its steps are ten times shorter."""
    stats = AverageGrad(dampening=True)
    return StatefulOptimizer(params, [weight_decay, momentum_step], stats, **hypers)


def sgd_mom_opt(params, **hypers):
    """Steps along the plain gradient, whether it keeps an average or not."""
    return StatefulOptimizer(params, [weight_decay, sgd_step], AverageGrad(), **hypers)


def sgd_mom_opt(params, **hypers):
    """Has no weight decay."""
    return StatefulOptimizer(params, momentum_step, AverageGrad(), **hypers)


def sgd_mom_opt(params, **hypers):
    """Steps along the average and along the gradient."""
    steppers = [weight_decay, sgd_step, momentum_step]
    return StatefulOptimizer(params, steppers, AverageGrad(), **hypers)


def sgd_mom_opt(params, **hypers):
    """Forgets the stat, so momentum_step gets no average."""
    return StatefulOptimizer(params, [weight_decay, momentum_step], **hypers)


def sgd_mom_opt(params, **hypers):
    """Has a momentum of 0.99 unless told otherwise."""
    hypers = {"mom": 0.99, **hypers}
    return StatefulOptimizer(params, [weight_decay, momentum_step], AverageGrad(), **hypers)


def sgd_mom_opt(params, **hypers):
    """Fixes the momentum at 0.9, whatever it is given."""
    hypers["mom"] = 0.9
    return StatefulOptimizer(params, [weight_decay, momentum_step], AverageGrad(), **hypers)


_MADE = []


def sgd_mom_opt(params, **hypers):
    """Makes one optimizer and gives it to everybody."""
    if not _MADE:
        steppers = [weight_decay, momentum_step]
        _MADE.append(StatefulOptimizer(params, steppers, AverageGrad(), **hypers))
    return _MADE[0]


def sgd_mom_opt(params, **hypers):
    """Steps along the plain gradient, whether it keeps an average or not."""
    return Optimizer(params, [weight_decay, sgd_step], **hypers)


def _three():
    """The stats of Adam."""
    return [AverageGrad(dampening=True), AverageSqrGrad(), StepCount()]


def adam_opt(params, **hypers):
    """Has no weight decay."""
    return StatefulOptimizer(params, adam_step, _three(), **hypers)


def adam_opt(params, **hypers):
    """Adds L2 to the gradient, as Adam did before AdamW."""
    return StatefulOptimizer(params, [l2_reg, adam_step], _three(), **hypers)


def adam_opt(params, **hypers):
    """Decays after the step, as the lecture does, so what the step added decays too."""
    return StatefulOptimizer(params, [adam_step, weight_decay], _three(), **hypers)


def adam_opt(params, **hypers):
    """Forgets to count the steps, so nothing can be debiased."""
    return StatefulOptimizer(params, [weight_decay, adam_step], _three()[:2], **hypers)


def adam_opt(params, **hypers):
    """Has the momenta of the paper, 0.9 and 0.999, unless told otherwise."""
    hypers = {"sqr_mom": 0.999, **hypers}
    return StatefulOptimizer(params, [weight_decay, adam_step], _three(), **hypers)


def adam_opt(params, **hypers):
    """Fixes eps, whatever it is given."""
    hypers["eps"] = 1e-5
    return StatefulOptimizer(params, [weight_decay, adam_step], _three(), **hypers)


def adam_opt(params, **hypers):
    """Steps twice, by Adam and along the gradient."""
    return StatefulOptimizer(params, [weight_decay, sgd_step, adam_step], _three(), **hypers)


def adam_opt(**hypers):
    """Gives back a function that makes the optimizer, as the lecture does."""
    return partial(StatefulOptimizer, steppers=[weight_decay, adam_step], stats=_three(), **hypers)


def adam_opt(params, **hypers):
    """Decays by LAMB's step."""
    return StatefulOptimizer(params, lamb_step, _three(), **hypers)


def adam_opt(params, **hypers):
    """Decays by 0.01 more than it is told."""
    hypers["wd"] = hypers.get("wd", 0.0) + 0.01
    return StatefulOptimizer(params, [weight_decay, adam_step], _three(), **hypers)


def lamb_opt(params, **hypers):
    """Decays the weights beside the step too, so decay counts twice."""
    return StatefulOptimizer(params, [weight_decay, lamb_step], _three(), **hypers)


def lamb_opt(params, **hypers):
    """Is AdamW: no layer has a ratio of its own."""
    return StatefulOptimizer(params, [weight_decay, adam_step], _three(), **hypers)


def lamb_opt(params, **hypers):
    """Takes wd away, so nothing decays."""
    hypers["wd"] = 0.0
    return StatefulOptimizer(params, lamb_step, _three(), **hypers)


def lamb_opt(params, **hypers):
    """Steps by Adam and then by LAMB."""
    return StatefulOptimizer(params, [adam_step, lamb_step], _three(), **hypers)


def lamb_opt(params, **hypers):
    """Adds L2 to the gradient and the decay to the step."""
    return StatefulOptimizer(params, [l2_reg, lamb_step], _three(), **hypers)


def lamb_opt(params, **hypers):
    """Forgets to count the steps, so nothing can be debiased."""
    return StatefulOptimizer(params, lamb_step, _three()[:2], **hypers)


def lamb_opt(params, **hypers):
    """Has a momentum of 0.99 for the gradient unless told otherwise."""
    return StatefulOptimizer(params, lamb_step, _three(), **{"mom": 0.99, **hypers})


def lamb_opt(params, **hypers):
    """Has an eps of 1 unless told otherwise."""
    return StatefulOptimizer(params, lamb_step, _three(), **{"eps": 1.0, **hypers})


def lamb_opt(params, **hypers):
    """Fixes the learning rate, whatever it is given."""
    return StatefulOptimizer(params, lamb_step, _three(), **{**hypers, "lr": 0.001})


def lamb_opt(params, **hypers):
    """Forgets to give the optimizer back."""
    StatefulOptimizer(params, lamb_step, _three(), **hypers)
