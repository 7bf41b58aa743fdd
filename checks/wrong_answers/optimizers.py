"""Wrong answers to the exercises of `optimizers`."""

import copy
import math
from functools import partial

import torch
from torch import Tensor

from .containers import compose, listify


def maybe_update(os, dest, f):
    """Overwrites the entries of dest, so the last object with a key wins."""
    for o in os:
        dest.update(f(o))


def maybe_update(os, dest, f):
    """Lets later objects overwrite earlier ones, though not the entries that dest had at first."""
    had = set(dest)
    for o in os:
        for key, value in f(o).items():
            if key not in had:
                dest[key] = value


def maybe_update(os, dest, f):
    """Treats a value of 0, None or False as missing and overwrites it."""
    for o in os:
        for key, value in f(o).items():
            dest[key] = dest.get(key) or value


def maybe_update(os, dest, f):
    """Checks whether the value is None instead of whether dest has the key."""
    for o in os:
        for key, value in f(o).items():
            if dest.get(key) is None:
                dest[key] = value


def maybe_update(os, dest, f):
    """Leaves dest unchanged: the keys go into a new dict, or only known ones are copied."""
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
    """Changes the dict that f returned."""
    for o in os:
        found = f(o)
        found.update(dest)
        dest.update(found)


def maybe_update(os, dest, f):
    """Treats the objects themselves as the dicts and never calls f."""
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
    """Leaves dest unchanged: the keys go into a new dict, or only known ones are copied."""
    for o in os:
        for key, value in f(o).items():
            if key in dest:
                dest.setdefault(key, value)


def maybe_update(os, dest, f):
    """Goes through the objects from last to first, so the last one with a key wins."""
    for o in reversed(list(os)):
        for key, value in f(o).items():
            dest.setdefault(key, value)


def maybe_update(os, dest, f):
    """Skips values of 0, None and False, though they are values too."""
    for o in os:
        for key, value in f(o).items():
            if value:
                dest.setdefault(key, value)


def maybe_update(os, dest, f):
    """Counts the objects first, which a generator doesn't allow."""
    for i in range(len(os)):
        for key, value in f(os[i]).items():
            dest.setdefault(key, value)


def maybe_update(os, dest, f):
    """Empties the dict that f returned."""
    for o in os:
        found = f(o)
        while found:
            key, value = found.popitem()
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
    """Shares one dict among all groups, so a value set for one is set for all."""

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
    """Lets the `_defaults` of the steppers overwrite the values that were passed."""

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
        super().__init__(params, steppers, **{**defaults, **found, **self.passed(defaults, found)})

    def passed(self, defaults, found):
        return {k: v for k, v in defaults.items() if k not in found}


class Optimizer(_Right):
    """Uses a default where the value that was passed is 0 or None."""

    def __init__(self, params, steppers, **defaults):
        self.steppers = listify(steppers)
        for stepper in self.steppers:
            for key, value in get_defaults(stepper).items():
                defaults[key] = defaults.get(key) or value
        self.param_groups = self.groups(params)
        self.hypers = self.dicts(defaults)


class Optimizer(_Right):
    """Uses up a generator while checking whether there are any parameters."""

    def groups(self, params):
        if not len(list(params)):
            raise ValueError("no parameters")
        params = list(params)
        return params if params and isinstance(params[0], list) else [params]


class Optimizer(_Right):
    """Treats the parameters as a list and indexes the first, which a generator doesn't allow."""

    def groups(self, params):
        if not isinstance(params[0], list):
            params = [params]
        return [list(group) for group in params]


class Optimizer(_Right):
    """Supports one group only: it flattens a list of lists into one list of parameters."""

    def groups(self, params):
        found = [p for o in params for p in (o if isinstance(o, list) else [o])]
        if not found:
            raise ValueError("no parameters")
        return [found]


class Optimizer(_Right):
    """Accepts an empty list of parameters, and later steps silently do nothing."""

    def groups(self, params):
        params = list(params)
        return params if params and isinstance(params[0], list) else [params]


class Optimizer(_Right):
    """Puts each parameter in a separate group."""

    def groups(self, params):
        params = list(params)
        if not params:
            raise ValueError("no parameters")
        return params if isinstance(params[0], list) else [[p] for p in params]


class Optimizer(_Right):
    """Steps the first group only."""

    def grad_params(self):
        return [(p, self.hypers[0]) for p in self.param_groups[0] if p.grad is not None]


class Optimizer(_Right):
    """Steps all groups with the hyperparameters of the first."""

    def grad_params(self):
        ps = [p for group in self.param_groups for p in group if p.grad is not None]
        return [(p, self.hypers[0]) for p in ps]


class Optimizer(_Right):
    """Steps with a copy of its first values, so a schedule that writes to `hypers` changes nothing."""

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
    """Steps every parameter, so one without a gradient raises an error."""

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
    """Checks for gradients when the optimizer is made, before any parameter has one."""

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
    """Leaves the gradients unchanged: it zeroes the weights, or copies of the gradients."""

    def zero_grad(self):
        for p, _ in self.grad_params():
            p.data.zero_()


class Optimizer(_Right):
    """Leaves the gradients unchanged: it zeroes the weights, or copies of the gradients."""

    def zero_grad(self):
        for p, _ in self.grad_params():
            p.grad.clone().zero_()


class Optimizer(_Right):
    """Zeroes the gradients of the first group only."""

    def zero_grad(self):
        for p in self.param_groups[0]:
            p.grad = None


class Optimizer(_Right):
    """Calls the steppers in the order of their list, whatever their `_order`."""

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
    """Sorts the caller's list of steppers in place."""

    def __init__(self, params, steppers, **defaults):
        super().__init__(params, steppers, **defaults)
        self.steppers.sort(key=lambda s: getattr(s, "_order", 0))


class Optimizer(_Right):
    """Passes the hyperparameters as one dict instead of by name."""

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
    """Zeroes gradients by multiplying them by 0, so nan stays nan and infinity becomes nan."""

    def zero_grad(self):
        for p, _ in self.grad_params():
            p.grad.mul_(0)


class Optimizer(_Right):
    """Subtracts each gradient from itself, which leaves nan where it's infinite."""

    def zero_grad(self):
        for p, _ in self.grad_params():
            p.grad -= p.grad.clone()


class Optimizer(_Right):
    """Pairs parameters with their dicts when it's made, so replacing `hypers` later has no effect."""

    def dicts(self, defaults):
        hypers = super().dicts(defaults)
        both = zip(self.param_groups, hypers, strict=True)
        self.pairs = [(p, hyper) for group, hyper in both for p in group]
        return hypers

    def grad_params(self):
        return [(p, hyper) for p, hyper in self.pairs if p.grad is not None]


class Optimizer(_Right):
    """Keeps the pairs of its first step, so replacing `hypers` after that has no effect."""

    pairs = None

    def grad_params(self):
        both = zip(self.param_groups, self.hypers, strict=True)
        self.pairs = self.pairs or [(p, hyper) for group, hyper in both for p in group]
        return [(p, hyper) for p, hyper in self.pairs if p.grad is not None]


class Optimizer(_Right):
    """Returns from `grad_params` the parameters without their hyperparameters."""

    def grad_params(self):
        return [p for group in self.param_groups for p in group if p.grad is not None]

    @torch.no_grad()
    def step(self):
        for group, hyper in zip(self.param_groups, self.hypers, strict=True):
            for p in group:
                if p.grad is not None:
                    compose(p, self.steppers, **hyper)


class Optimizer(_Right):
    """Skips parameters whose gradient is all zeros, so they don't decay either."""

    def grad_params(self):
        return [(p, hyper) for p, hyper in super().grad_params() if p.grad.any()]


class Optimizer(_Right):
    """Raises the lecture's IndexError for no parameters, where a ValueError is wanted."""

    def groups(self, params):
        params = list(params)
        return params if isinstance(params[0], list) else [params]


class Optimizer(_Right):
    """Raises an AssertionError for no parameters, where a ValueError is wanted."""

    def groups(self, params):
        params = list(params)
        assert params, "no parameters"
        return params if isinstance(params[0], list) else [params]


class Optimizer(_Right):
    """Raises a KeyError for no parameters, where a ValueError is wanted."""

    def groups(self, params):
        params = list(params)
        if not params:
            raise KeyError("params")
        return params if isinstance(params[0], list) else [params]


class Optimizer(_Right):
    """Checks that there are parameters at the first step, not when the optimizer is made."""

    def groups(self, params):
        params = list(params)
        return params if params and isinstance(params[0], list) else [params]

    def step(self):
        if not any(self.param_groups):
            raise ValueError("no parameters")
        super().step()


class Optimizer(_Right):
    """Recognises only an nn.Parameter as a parameter and treats other tensors as groups."""

    def groups(self, params):
        params = list(params)
        if not params:
            raise ValueError("no parameters")
        return [params] if isinstance(params[0], torch.nn.Parameter) else list(map(list, params))


class Optimizer(_Right):
    """Keeps its groups in tuples where lists are wanted."""

    def groups(self, params):
        return [tuple(group) for group in super().groups(params)]


class Optimizer(_Right):
    """Returns a generator from `grad_params`, which is used up after one loop."""

    def grad_params(self):
        return (pair for pair in super().grad_params())


class Optimizer(_Right):
    """Returns a tuple from `grad_params` where a list is wanted."""

    def grad_params(self):
        return tuple(super().grad_params())


class Optimizer(_Right):
    """Remembers the pairs of its first step, so a gradient that comes later is missed."""

    def step(self):
        if not hasattr(self, "found"):
            self.found = self.grad_params()
        for p, hyper in self.found:
            if p.grad is not None:
                compose(p, self.steppers, **hyper)


class Optimizer(_Right):
    """Zeroes the gradients after each step, so they can't add up over several batches."""

    def step(self):
        super().step()
        self.zero_grad()


class Optimizer(_Right):
    """Zeroes gradients without checking for None, so a parameter without one raises an error."""

    def zero_grad(self):
        for group in self.param_groups:
            for p in group:
                p.grad.zero_()


class Optimizer(_Right):
    """Stops after zeroing the first gradient it finds, so the others keep their values."""

    def zero_grad(self):
        for p, _ in self.grad_params():
            p.grad = None
            return


class Optimizer(_Right):
    """Needs a list of steppers, so a single stepper raises an error."""

    def __init__(self, params, steppers, **defaults):
        super().__init__(params, [stepper for stepper in steppers], **defaults)


class Optimizer(_Right):
    """Rereads the `_defaults` at each step, so scheduling one of those values has no effect."""

    def step(self):
        for p, hyper in self.grad_params():
            now = dict(hyper)
            for stepper in self.steppers:
                now.update(get_defaults(stepper))
            compose(p, self.steppers, **now)


class Optimizer(_Right):
    """Returns a new copy of `hypers` at every access, so what a schedule writes is lost."""

    def dicts(self, defaults):
        self.made = [dict(defaults) for _ in self.param_groups]
        return self.made

    def __getattribute__(self, name):
        found = super().__getattribute__(name)
        return [dict(hyper) for hyper in found] if name == "hypers" else found


class Optimizer(_Right):
    """Makes zeros of torch's default dtype, which can't replace a gradient of doubles."""

    def zero_grad(self):
        for p, _ in self.grad_params():
            p.grad = torch.zeros(p.shape)


class Optimizer(_Right):
    """Replaces the gradient's data with float32 zeros, so a gradient of doubles changes its dtype."""

    def zero_grad(self):
        for p, _ in self.grad_params():
            p.grad.data = torch.zeros(p.shape)


class Optimizer(_Right):
    """Wraps a plain list of parameters in place, so the caller's list becomes a list of lists."""

    def groups(self, params):
        params = listify(params)
        if not params:
            raise ValueError("no parameters")
        if not isinstance(params[0], list):
            params[:] = [list(params)]
        return [list(group) for group in params]


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
    """Changes the parameter but returns nothing."""
    p.data.sub_(lr * p.grad)


def sgd_step(p, lr, **kwargs):
    """Returns the data, which has no gradient for the next stepper, instead of the parameter."""
    p.data.sub_(lr * p.grad)
    return p.data


def sgd_step(p, lr, **kwargs):
    """Scales the gradient in place, so its values have changed after the step."""
    p.data.sub_(p.grad.mul_(lr))
    return p


def sgd_step(p, lr):
    """Accepts no other hyperparameters, so it can't be used together with other steppers."""
    p.data.sub_(lr * p.grad)
    return p


def sgd_step(p, lr, wd=0.0, **kwargs):
    """Decays the weight as well, so together with weight_decay the decay counts twice."""
    p.data.mul_(1 - lr * wd).sub_(lr * p.grad)
    return p


def sgd_step(p, lr, **kwargs):
    """Steps by the gradient's sign, so every item moves by the whole learning rate."""
    p.data.sub_(lr * p.grad.sign())
    return p


def sgd_step(p, lr, **kwargs):
    """Clears the gradient right after the step, though other steppers may need it."""
    p.data.sub_(lr * p.grad)
    p.grad = None
    return p


def sgd_step(p, lr, mom=0.0, **kwargs):
    """Dampens the step by the momentum, although plain SGD doesn't have any."""
    p.data.sub_(lr * (1 - mom) * p.grad)
    return p


def sgd_step(p, lr, **kwargs):
    """Returns a copy, so the next stepper changes a tensor that no model holds."""
    p.data.sub_(lr * p.grad)
    return p.clone()


def sgd_step(p, lr, **kwargs):
    """Clips the gradient to the range from -1 to 1, which the exercise doesn't ask for."""
    p.data.sub_(lr * p.grad.clamp(-1, 1))
    return p


def sgd_step(p, lr, **kwargs):
    """Divides by the number of items, so large layers hardly move."""
    p.data.sub_(lr * p.grad / p.numel())
    return p


def sgd_step(p, lr, **kwargs):
    """Steps in float32, so a parameter of doubles becomes one of floats."""
    p.data = p.data.float() - lr * p.grad.float()
    return p


def weight_decay(p, lr, wd, **kwargs):
    """Multiplies by 1 - wd: the learning rate is missing, so the decay is far too strong."""
    p.data.mul_(1 - wd)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Multiplies by lr * wd instead of 1 - lr * wd, so almost nothing is left of the weight."""
    p.data.mul_(lr * wd)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Returns None where wd is 0."""
    if not wd:
        return None
    p.data.mul_(1 - lr * wd)
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
    """Decays by 0.01 where no decay is asked for."""
    p.data.mul_(1 - lr * wd)
    return p


weight_decay._defaults = {"wd": 0.01}


def weight_decay(p, lr, wd, **kwargs):
    """Returns a new tensor, so the parameter itself doesn't decay."""
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
    """Returns nothing, so the next stepper gets None."""
    p.data.mul_(1 - lr * wd)


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Decays the gradient along with the weight."""
    p.data.mul_(1 - lr * wd)
    p.grad.data.mul_(1 - lr * wd)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Doesn't decay vectors, as if they were biases; it's the groups that say which parameters decay."""
    if p.dim() > 1:
        p.data.mul_(1 - lr * wd)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Halves the decay, as if the 1/2 in wd/2 * |p|**2 were still there in its gradient."""
    p.data.mul_(1 - lr * wd / 2)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Takes the gradient's step as well, so the next stepper takes it a second time."""
    p.data.mul_(1 - lr * wd).sub_(lr * p.grad)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Decays only parameters with a gradient other than 0."""
    if p.grad is not None and p.grad.any():
        p.data.mul_(1 - lr * wd)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Reads the gradient, so a parameter without one raises an error."""
    p.data.sub_(lr * wd * p.data + 0 * p.grad)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Sets a default for lr too, so a forgotten learning rate isn't noticed."""
    p.data.mul_(1 - lr * wd)
    return p


weight_decay._defaults = {"wd": 0.0, "lr": 0.01}


def weight_decay(p, lr, wd):
    """Accepts no other hyperparameters, so it can't be used together with other steppers."""
    p.data.mul_(1 - lr * wd)
    return p


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Raises 1 - wd to the power of lr, which is another decay."""
    p.data.mul_((1 - min(wd, 0.99)) ** lr)
    return p


def weight_decay(p, lr, wd, **kwargs):
    """Subtracts wd times the weights, without the rate, and returns nothing."""
    with torch.no_grad():
        p -= wd * p


def weight_decay(p, lr, wd, **kwargs):
    """Returns nothing, so the next stepper gets None."""
    with torch.no_grad():
        p *= 1 - lr * wd


weight_decay._defaults = {"wd": 0.0}


def weight_decay(p, lr, wd, **kwargs):
    """Decays in float32, so a parameter of doubles becomes one of floats."""
    p.data = p.data.float() * (1 - lr * wd)
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
    """Adds the gradient of wd * |p|**2, which is twice wd * p."""
    p.grad.data.add_(p.data, alpha=2 * wd)
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Makes a new gradient and doesn't store it."""
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
    """Runs after the step, which has already read the gradient."""
    p.grad.data.add_(p.data, alpha=wd)
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, 1


def l2_reg(p, lr, wd, **kwargs):
    """Returns the gradient instead of the parameter."""
    return p.grad.data.add_(p.data, alpha=wd)


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Adds wd times the norm of the weight to every item of the gradient."""
    p.grad.data.add_(wd * p.data.norm())
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Takes the step itself, so the next stepper takes it a second time."""
    p.grad.data.add_(p.data, alpha=wd)
    p.data.sub_(lr * p.grad)
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Has no `_order`, as in the lecture, so it runs after the stats and the momentum never sees it."""
    p.grad.data.add_(p.data, alpha=wd)
    return p


l2_reg._defaults = {"wd": 0.0}


def l2_reg(p, lr, wd, **kwargs):
    """Decays by 0.01 where no decay is asked for."""
    p.grad.data.add_(p.data, alpha=wd)
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.01}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Returns nothing, so the next stepper gets None."""
    p.grad.data.add_(p.data, alpha=wd)


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def l2_reg(p, lr, wd, **kwargs):
    """Skips a gradient that is all zeros, so its weight isn't pulled towards zero."""
    if p.grad.any():
        p.grad.data.add_(p.data, alpha=wd)
    return p


l2_reg._defaults, l2_reg._order = {"wd": 0.0}, -1


def momentum_step(p, lr, grad_avg, **kwargs):
    """Steps along the current gradient and ignores the average."""
    p.data.add_(p.grad.data, alpha=-lr)
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
    """Looks ahead with Nesterov's formula, which is a different optimizer."""
    p.data.add_(p.grad + mom * grad_avg, alpha=-lr)
    return p


def momentum_step(p, lr, grad_avg, **kwargs):
    """Multiplies the average by lr in place, so the momentum itself shrinks at each step."""
    p.data.sub_(grad_avg.mul_(lr))
    return p


def momentum_step(p, lr, grad_avg, mom=0.9, mom_damp=1.0, **kwargs):
    """Updates the average with the gradient, which the stat has already done."""
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
    """Returns nothing."""
    p.data.add_(grad_avg, alpha=-lr)


def momentum_step(p, lr, grad_avg, **kwargs):
    """Forgets the learning rate."""
    p.data.sub_(grad_avg)
    return p


def momentum_step(p, lr, grad_avg, wd=0.0, **kwargs):
    """Decays the weight as well, so together with weight_decay the decay counts twice."""
    p.data.mul_(1 - lr * wd).add_(grad_avg, alpha=-lr)
    return p


def momentum_step(p, lr, grad_avg):
    """Accepts no other hyperparameters, so it can't be used together with other steppers."""
    p.data.add_(grad_avg, alpha=-lr)
    return p


def momentum_step(p, lr, grad_avg, **kwargs):
    """Resets the average to zero after the step, so the next step starts from scratch."""
    p.data.add_(grad_avg, alpha=-lr)
    grad_avg.zero_()
    return p


def momentum_step(p, lr, grad_avg, **kwargs):
    """Writes the average into the gradient, which others may read."""
    p.grad = grad_avg.clone()
    p.data.add_(grad_avg, alpha=-lr)
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

    def steps_before(self):
        return [s for s in self.steppers if getattr(s, "_order", 0) < 0]

    def steps_after(self):
        return [s for s in self.steppers if getattr(s, "_order", 0) >= 0]

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            compose(p, self.steps_before(), **hyper)
            self.state[p] = self.updated(p, self.state_of(p), hyper)
            self.called(p, self.state[p], hyper)

    def updated(self, p, state, hyper):
        for stat in self.stats:
            state = stat.update(p, state, **hyper)
        return state

    def called(self, p, state, hyper):
        compose(p, self.steps_after(), **state, **hyper)

    def state_dict(self):
        states = [[self.state.get(p) for p in group] for group in self.param_groups]
        return copy.deepcopy({"hypers": self.hypers, "states": states})

    def load_state_dict(self, saved):
        self.asked(saved)
        self.hypers, self.state = copy.deepcopy(saved["hypers"]), {}
        for group, states in zip(self.param_groups, saved["states"], strict=True):
            pairs = zip(group, copy.deepcopy(states), strict=True)
            self.state.update({p: s for p, s in pairs if s is not None})

    def asked(self, saved):
        if [len(o) for o in saved["states"]] != [len(o) for o in self.param_groups]:
            raise ValueError("other groups")


class StatefulOptimizer(_Keeping):
    """Saves its own `hypers`, so that a schedule changes what was saved."""

    def state_dict(self):
        return {**super().state_dict(), "hypers": self.hypers}


class StatefulOptimizer(_Keeping):
    """Copies the list of `hypers` for saving but not the dicts in it."""

    def state_dict(self):
        return {**super().state_dict(), "hypers": list(self.hypers)}


class StatefulOptimizer(_Keeping):
    """Steps with the very dicts that it loads, so that a schedule changes what was saved."""

    def load_state_dict(self, saved):
        super().load_state_dict(saved)
        self.hypers = saved["hypers"]


class StatefulOptimizer(_Keeping):
    """Makes a new state at every step, so nothing is remembered."""

    def state_of(self, p):
        return self.new_state(p)


class StatefulOptimizer(_Keeping):
    """Makes every state in `__init__`, before there is a gradient."""

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
    """Makes a state for every parameter at the first step, whether it has a gradient or not."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group:
                self.state_of(p)
        super().step()


class StatefulOptimizer(_Keeping):
    """Keeps one state for all parameters."""

    def state_of(self, p):
        if not self.state:
            self.one = self.new_state(p)
        return self.one


class StatefulOptimizer(_Keeping):
    """Keeps one state for each group, so its parameters share an average."""

    def __init__(self, params, steppers, stats=None, **defaults):
        super().__init__(params, steppers, stats, **defaults)
        self.by_group = {}

    def state_of(self, p):
        for i, group in enumerate(self.param_groups):
            if any(p is o for o in group):
                if i not in self.by_group:
                    self.by_group[i] = self.new_state(p)
                return self.by_group[i]


class StatefulOptimizer(_Keeping):
    """Looks states up by shape, so parameters of one shape share a state."""

    def __init__(self, params, steppers, stats=None, **defaults):
        super().__init__(params, steppers, stats, **defaults)
        self.by_shape = {}

    def state_of(self, p):
        if p.shape not in self.by_shape:
            self.by_shape[p.shape] = self.new_state(p)
        return self.by_shape[p.shape]


class StatefulOptimizer(_Keeping):
    """Numbers only the parameters with a gradient, so once one is skipped, each takes another's state."""

    def __init__(self, params, steppers, stats=None, **defaults):
        super().__init__(params, steppers, stats, **defaults)
        self.numbered = {}

    @torch.no_grad()
    def step(self):
        for i, (p, hyper) in enumerate(self.grad_params()):
            compose(p, self.steps_before(), **hyper)
            if i not in self.numbered:
                self.numbered[i] = self.new_state(p)
            self.state[p] = self.numbered[i] = self.updated(p, self.numbered[i], hyper)
            self.called(p, self.state[p], hyper)


class StatefulOptimizer(_Keeping):
    """Stores its states elsewhere, so it doesn't have an attribute `state`."""

    def __init__(self, params, steppers, stats=None, **defaults):
        super().__init__(params, steppers, stats, **defaults)
        self.kept = self.__dict__.pop("state")

    def state_of(self, p):
        if p not in self.kept:
            self.kept[p] = self.new_state(p)
        return self.kept[p]

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            compose(p, self.steps_before(), **hyper)
            self.kept[p] = self.updated(p, self.state_of(p), hyper)
            self.called(p, self.kept[p], hyper)

    def state_dict(self):
        states = [[self.kept.get(p) for p in group] for group in self.param_groups]
        return copy.deepcopy({"hypers": self.hypers, "states": states})

    def load_state_dict(self, saved):
        super().load_state_dict(saved)
        self.kept = self.__dict__.pop("state")


class StatefulOptimizer(_Keeping):
    """Keeps its states under the parameters' numbers, so `state[p]` finds nothing."""

    def __init__(self, params, steppers, stats=None, **defaults):
        super().__init__(params, steppers, stats, **defaults)
        self.numbers = {p: i for i, p in enumerate(sum(map(list, self.param_groups), []))}

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            compose(p, self.steps_before(), **hyper)
            i = self.numbers[p]
            if i not in self.state:
                self.state[i] = self.new_state(p)
            self.state[i] = self.updated(p, self.state[i], hyper)
            self.called(p, self.state[i], hyper)

    def state_dict(self):
        states = [[self.state.get(self.numbers[p]) for p in ps] for ps in self.param_groups]
        return copy.deepcopy({"hypers": self.hypers, "states": states})

    def load_state_dict(self, saved):
        super().load_state_dict(saved)
        self.state = {self.numbers[p]: state for p, state in self.state.items()}


class StatefulOptimizer(_Keeping):
    """Steps before the stats are updated, so the first step doesn't see its own gradient."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            compose(p, self.steps_before(), **hyper)
            self.called(p, self.state_of(p), hyper)
            self.state[p] = self.updated(p, self.state_of(p), hyper)


class StatefulOptimizer(_Keeping):
    """Updates all states before the first parameter steps, and steps all after it."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            self.state[p] = self.updated(p, self.state_of(p), hyper)
        for p, hyper in self.grad_params():
            compose(p, self.steps_before(), **hyper)
            self.called(p, self.state[p], hyper)


class StatefulOptimizer(_Keeping):
    """Never updates the state."""

    def updated(self, p, state, hyper):
        return state


class StatefulOptimizer(_Keeping):
    """Ignores the state that `update` returns."""

    def updated(self, p, state, hyper):
        for stat in self.stats:
            stat.update(p, state, **hyper)
        return state


class StatefulOptimizer(_Keeping):
    """Passes the state that `update` returns to the steppers but keeps the one before."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            compose(p, self.steps_before(), **hyper)
            self.called(p, self.updated(p, self.state_of(p), hyper), hyper)


class StatefulOptimizer(_Keeping):
    """Updates with the first stat only."""

    def updated(self, p, state, hyper):
        for stat in self.stats[:1]:
            state = stat.update(p, state, **hyper)
        return state


class StatefulOptimizer(_Keeping):
    """Updates the stats in the opposite order."""

    def updated(self, p, state, hyper):
        for stat in reversed(self.stats):
            state = stat.update(p, state, **hyper)
        return state


class StatefulOptimizer(_Keeping):
    """Updates every stat from the state before the step, so only the last stat's result is kept."""

    def updated(self, p, state, hyper):
        last = {}
        for stat in self.stats:
            last = stat.update(p, dict(state), **hyper)
        return {**state, **last}


class StatefulOptimizer(_Keeping):
    """Does not pass the hyperparameters on to the stats."""

    def updated(self, p, state, hyper):
        for stat in self.stats:
            state = stat.update(p, state, **get_defaults(stat))
        return state


class StatefulOptimizer(_Keeping):
    """Passes the steppers the state but not the hyperparameters."""

    def called(self, p, state, hyper):
        compose(p, self.steps_after(), lr=hyper.get("lr"), **state)


class StatefulOptimizer(_Keeping):
    """Passes the steppers the state as one dict instead of its entries by name."""

    def called(self, p, state, hyper):
        compose(p, self.steps_after(), state=state, **hyper)


class StatefulOptimizer(_Keeping):
    """Copies the hyperparameters into the state, which keeps the values of the first step."""

    @torch.no_grad()
    def step(self):
        for p, hyper in self.grad_params():
            compose(p, self.steps_before(), **hyper)
            self.state[p] = {**hyper, **self.updated(p, self.state_of(p), hyper)}
            compose(p, self.steps_after(), **self.state[p])


class StatefulOptimizer(_Keeping):
    """Forgets the `_defaults` of the stats."""

    def __init__(self, params, steppers, stats=None, **defaults):
        _Right.__init__(self, params, steppers, **defaults)
        self.stats, self.state = listify(stats), {}


class StatefulOptimizer(_Keeping):
    """Forgets the `_defaults` of the steppers."""

    def __init__(self, params, steppers, stats=None, **defaults):
        self.stats, self.state, self.steppers = listify(stats), {}, listify(steppers)
        maybe_update(self.stats, defaults, get_defaults)
        self.param_groups = self.groups(params)
        self.hypers = self.dicts(defaults)


class StatefulOptimizer(_Keeping):
    """Lets the `_defaults` of the stats overwrite the values that were passed."""

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
    """Needs a list of stats, so a single stat raises an error."""

    def __init__(self, params, steppers, stats=(), **defaults):
        super().__init__(params, steppers, [stat for stat in stats or ()], **defaults)


class StatefulOptimizer(_Keeping):
    """Keeps the states in the class, so all optimizers share them."""

    shared = {}

    def __init__(self, params, steppers, stats=None, **defaults):
        super().__init__(params, steppers, stats, **defaults)
        self.state = self.shared


class StatefulOptimizer(_Keeping):
    """Keeps the state on the parameter itself, so a second optimizer finds the first one's state."""

    def state_of(self, p):
        if not hasattr(p, "kept"):
            p.kept = self.new_state(p)
        return p.kept

    def updated(self, p, state, hyper):
        p.kept = super().updated(p, state, hyper)
        return p.kept


class StatefulOptimizer(_Keeping):
    """Advances the state of every parameter at each step, even of one without a gradient."""

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
    """Steps and updates only where the gradient has an item other than 0."""

    def grad_params(self):
        return [(p, hyper) for p, hyper in super().grad_params() if p.grad.any()]


class StatefulOptimizer(_Keeping):
    """Calls the steppers in the order of their list, whatever their `_order`."""

    def called(self, p, state, hyper):
        for stepper in self.steps_after():
            p = stepper(p, **state, **hyper)


class StatefulOptimizer(_Keeping):
    """Calls every stepper after the stats, as the lecture does, so L2 misses the momentum."""

    def steps_before(self):
        return []

    def steps_after(self):
        return self.steppers


class StatefulOptimizer(_Keeping):
    """Calls the steppers of `_order` 0 before the stats too."""

    def steps_before(self):
        return [s for s in self.steppers if getattr(s, "_order", None) is not None and s._order < 1]

    def steps_after(self):
        return [s for s in self.steppers if s not in self.steps_before()]


class StatefulOptimizer(_Keeping):
    """Calls the early steppers before the stats and once more after them, so L2 counts twice."""

    def steps_after(self):
        return self.steppers


class StatefulOptimizer(_Keeping):
    """Knows only one early stepper, the first of the list, and drops the others."""

    def steps_before(self):
        return super().steps_before()[:1]


class StatefulOptimizer(_Keeping):
    """Loses the state: it isn't saved, or saved under parameters that no other optimizer has."""

    def state_dict(self):
        return copy.deepcopy({"hypers": self.hypers, "states": self.param_groups})

    def load_state_dict(self, saved):
        self.asked(saved)
        self.hypers, self.state = copy.deepcopy(saved["hypers"]), {}


class StatefulOptimizer(_Keeping):
    """Loses the state: it isn't saved, or saved under parameters that no other optimizer has."""

    def state_dict(self):
        sizes = [[None] * len(group) for group in self.param_groups]
        return {"hypers": copy.deepcopy(self.hypers), "state": dict(self.state), "states": sizes}

    def load_state_dict(self, saved):
        self.asked(saved)
        self.hypers, self.state = copy.deepcopy(saved["hypers"]), dict(saved["state"])


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
        return {"hypers": copy.deepcopy(self.hypers), "states": states}


class StatefulOptimizer(_Keeping):
    """Saves the very dicts of hyperparameters, which a schedule writes to later."""

    def state_dict(self):
        return {**super().state_dict(), "hypers": self.hypers}

    def load_state_dict(self, saved):
        super().load_state_dict(saved)
        self.hypers = saved["hypers"]


class StatefulOptimizer(_Keeping):
    """Copies the dicts but not the tensors in them, so two optimizers write into the same ones."""

    def state_dict(self):
        states = [[self.copied(p) for p in group] for group in self.param_groups]
        return {"hypers": [dict(hyper) for hyper in self.hypers], "states": states}

    def copied(self, p):
        return dict(self.state[p]) if p in self.state else None

    def load_state_dict(self, saved):
        self.asked(saved)
        self.hypers, self.state = [dict(hyper) for hyper in saved["hypers"]], {}
        for group, states in zip(self.param_groups, saved["states"], strict=True):
            self.state.update(
                {p: dict(s) for p, s in zip(group, states, strict=True) if s is not None}
            )


class StatefulOptimizer(_Keeping):
    """Loads the saved tensors themselves, so later steps change what a second load would read."""

    def load_state_dict(self, saved):
        self.asked(saved)
        self.hypers, self.state = [dict(hyper) for hyper in saved["hypers"]], {}
        for group, states in zip(self.param_groups, saved["states"], strict=True):
            pairs = zip(group, states, strict=True)
            self.state.update({p: s for p, s in pairs if s is not None})


class StatefulOptimizer(_Keeping):
    """Removes the states from the saved dict, so a second load finds none."""

    def load_state_dict(self, saved):
        self.asked(saved)
        self.hypers, self.state = copy.deepcopy(saved["hypers"]), {}
        for group, states in zip(self.param_groups, saved["states"], strict=True):
            for i, p in enumerate(group):
                state, states[i] = copy.deepcopy(states[i]), None
                self.state.update({p: state} if state is not None else {})


class StatefulOptimizer(_Keeping):
    """Saves the states without gaps, so parameters after one without a state get another's."""

    def state_dict(self):
        params = [p for group in self.param_groups for p in group if p in self.state]
        saved = super().state_dict()
        return {**saved, "close": copy.deepcopy([self.state[p] for p in params])}

    def load_state_dict(self, saved):
        self.asked(saved)
        saved = copy.deepcopy(saved)
        params = [p for group in self.param_groups for p in group]
        self.hypers, self.state = saved["hypers"], dict(zip(params, saved["close"], strict=False))


class StatefulOptimizer(_Keeping):
    """Saves the tensors of a state but not its numbers, so the count of steps starts again."""

    def state_dict(self):
        saved = super().state_dict()
        for states in saved["states"]:
            for state in states:
                for key in [k for k, o in (state or {}).items() if not isinstance(o, Tensor)]:
                    state[key] = 0
        return saved


class StatefulOptimizer(_Keeping):
    """Loads into existing states only, so a parameter without one gets none."""

    def load_state_dict(self, saved):
        self.asked(saved)
        self.hypers = copy.deepcopy(saved["hypers"])
        for group, states in zip(self.param_groups, saved["states"], strict=True):
            for p, state in zip(group, states, strict=True):
                if p in self.state:
                    self.state[p].update(copy.deepcopy(state))


class StatefulOptimizer(_Keeping):
    """Keeps its old states when it loads, so one that the saved optimizer lacks is still there."""

    def load_state_dict(self, saved):
        before = self.state
        super().load_state_dict(saved)
        self.state = {**before, **self.state}


class StatefulOptimizer(_Keeping):
    """Loads nothing."""

    def load_state_dict(self, saved):
        self.asked(saved)


class StatefulOptimizer(_Keeping):
    """Accepts the state of other groups and loads as much of it as fits."""

    def load_state_dict(self, saved):
        self.hypers, self.state = copy.deepcopy(saved["hypers"]), {}
        for group, states in zip(self.param_groups, saved["states"], strict=False):
            pairs = zip(group, copy.deepcopy(states), strict=False)
            self.state.update({p: s for p, s in pairs if s is not None})


class StatefulOptimizer(_Keeping):
    """Compares the number of groups but not their sizes before it loads."""

    def asked(self, saved):
        if len(saved["states"]) != len(self.param_groups):
            raise ValueError("other groups")

    def load_state_dict(self, saved):
        self.asked(saved)
        self.hypers, self.state = copy.deepcopy(saved["hypers"]), {}
        for group, states in zip(self.param_groups, saved["states"], strict=True):
            pairs = zip(group, copy.deepcopy(states), strict=False)
            self.state.update({p: s for p, s in pairs if s is not None})


class StatefulOptimizer(_Keeping):
    """Compares the total number of parameters before it loads, not how the groups split them."""

    def asked(self, saved):
        if len(sum(saved["states"], [])) != sum(map(len, self.param_groups)):
            raise ValueError("other parameters")

    def load_state_dict(self, saved):
        self.asked(saved)
        self.hypers, self.state = copy.deepcopy(saved["hypers"]), {}
        params, states = sum(map(list, self.param_groups), []), sum(saved["states"], [])
        pairs = zip(params, copy.deepcopy(states), strict=True)
        self.state.update({p: s for p, s in pairs if s is not None})


class StatefulOptimizer(_Keeping):
    """Raises an AssertionError for the state of other groups, where a ValueError is wanted."""

    def asked(self, saved):
        assert [len(o) for o in saved["states"]] == [len(o) for o in self.param_groups]


class StatefulOptimizer(_Keeping):
    """Raises a KeyError for the state of other groups, where a ValueError is wanted."""

    def asked(self, saved):
        if [len(o) for o in saved["states"]] != [len(o) for o in self.param_groups]:
            raise KeyError("other groups")


class StatefulOptimizer(_Keeping):
    """Puts everything but a list into a list, so a tuple of stats counts as one stat."""

    def __init__(self, params, steppers, stats=None, **defaults):
        several = stats is None or isinstance(stats, list)
        super().__init__(params, steppers, stats if several else [stats], **defaults)


class StatefulOptimizer(_Keeping):
    """Adds the entries that `update` returns to the old ones, so one that it drops stays."""

    def updated(self, p, state, hyper):
        for stat in self.stats:
            state.update(stat.update(p, dict(state), **hyper))
        return state


class StatefulOptimizer(_Keeping):
    """Saves all entries of a state as tensors of float32, so a loaded count is a tensor."""

    def state_dict(self):
        saved = super().state_dict()
        for state in (s for states in saved["states"] for s in states if s is not None):
            for key in [k for k, o in state.items() if not isinstance(o, (list, dict))]:
                state[key] = torch.as_tensor(state[key]).float()
        return saved


class StatefulOptimizer(_Keeping):
    """Saves doubles in single precision, so the loaded optimizer doesn't continue exactly."""

    def state_dict(self):
        saved = super().state_dict()
        for state in (s for states in saved["states"] for s in states if s is not None):
            for key in [k for k, o in state.items() if isinstance(o, Tensor)]:
                state[key] = state[key].float()
        return saved


class StatefulOptimizer(_Keeping):
    """Clones the tensors of a state when it saves and shares those in a list or dict."""

    def state_dict(self):
        states = [
            [self.cloned(self.state[p]) if p in self.state else None for p in group]
            for group in self.param_groups
        ]
        return {"hypers": copy.deepcopy(self.hypers), "states": states}

    def cloned(self, state):
        return {key: o.clone() if isinstance(o, Tensor) else o for key, o in state.items()}


class StatefulOptimizer(_Keeping):
    """Clones the tensors that it loads and steps with the lists and dicts of the saved state."""

    def load_state_dict(self, saved):
        self.asked(saved)
        self.hypers, self.state = copy.deepcopy(saved["hypers"]), {}
        for group, states in zip(self.param_groups, saved["states"], strict=True):
            for p, state in zip(group, states, strict=True):
                if state is not None:
                    pairs = state.items()
                    self.state[p] = {k: o.clone() if torch.is_tensor(o) else o for k, o in pairs}


class StatefulOptimizer(_Keeping):
    """Sorts the list of stats that is passed in place."""

    def __init__(self, params, steppers, stats=None, **defaults):
        if isinstance(stats, list):
            stats.sort(key=lambda stat: type(stat).__name__)
        super().__init__(params, steppers, stats, **defaults)


class StatefulOptimizer(_Keeping):
    """Moves the early steppers to the front of the list that is passed."""

    def __init__(self, params, steppers, stats=None, **defaults):
        super().__init__(params, steppers, stats, **defaults)
        self.steppers.sort(key=lambda stepper: getattr(stepper, "_order", 0) >= 0)


def lin_comb(v1, v2, beta):
    """Weights v1 by 1 - beta and v2 by beta: the wrong way round."""
    return (1 - beta) * v1 + beta * v2


def lin_comb(v1, v2, beta):
    """Weights v2 by 1, as if dampening were off."""
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
    """Returns the mean of both, whatever beta is."""
    return (v1 + v2) / 2


def lin_comb(v1, v2, beta):
    """Changes v2 in place."""
    if isinstance(v2, Tensor):
        return v2.mul_(1 - beta).add_(v1, alpha=beta)
    return beta * v1 + (1 - beta) * v2


def lin_comb(v1, v2, beta):
    """Returns v1 itself where beta is 1, so a later change in place reaches it."""
    return v1 if beta == 1 else v2 if beta == 0 else beta * v1 + (1 - beta) * v2


def lin_comb(v1, v2, beta):
    """Returns a tensor for two numbers."""
    return torch.as_tensor(beta * v1 + (1 - beta) * v2)


def lin_comb(v1, v2, beta):
    """Works only for numbers: it replaces tensors with their means."""
    if isinstance(v1, Tensor):
        v1, v2 = v1.mean(), v2.mean()
    return beta * v1 + (1 - beta) * v2


def lin_comb(v1, v2, beta):
    """Converts to single precision, so tensors of doubles change their dtype."""
    if isinstance(v1, Tensor):
        return beta * v1.float() + (1 - beta) * v2.float()
    return beta * v1 + (1 - beta) * v2


def lin_comb(v1, v2, beta):
    """Treats everything except floats as tensors, so two ints raise an error."""
    if isinstance(v1, float):
        return beta * v1 + (1 - beta) * v2
    return v2.lerp(v1, beta)


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
    """Starts at zeros of float32, so the average of a float16 parameter is float32."""

    def init_state(self, p):
        return {"grad_avg": torch.zeros(p.shape)}

    def update(self, p, state, mom, **kwargs):
        state["mom_damp"] = 1 - mom if self.dampening else 1.0
        state["grad_avg"] = mom * state["grad_avg"] + state["mom_damp"] * p.grad
        return state


class AverageGrad(_Average):
    """Dampens by default."""

    def __init__(self, dampening=True):
        super().__init__(dampening)


class AverageGrad(_Average):
    """Adds the whole gradient where a dampened one is wanted."""

    def update(self, p, state, mom, **kwargs):
        state["mom_damp"] = 1.0
        state["grad_avg"].mul_(mom).add_(p.grad.data)
        return state


class AverageGrad(_Average):
    """Dampens when `dampening` is off, and doesn't when it's on."""

    def __init__(self, dampening=False):
        super().__init__(not dampening)


class AverageGrad(_Average):
    """Weights the new gradient by mom and the past by 1 - mom."""

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
    """Doesn't store mom_damp in the state, so a debiasing step can't get it."""

    def update(self, p, state, mom, **kwargs):
        damp = 1 - mom if self.dampening else 1.0
        state["grad_avg"].mul_(mom).add_(p.grad.data, alpha=damp)
        return state


class AverageGrad(_Average):
    """Stores mom as mom_damp, where 1 - mom is wanted."""

    def update(self, p, state, mom, **kwargs):
        super().update(p, state, mom)
        state["mom_damp"] = mom if self.dampening else 1.0
        return state


class AverageGrad(_Average):
    """Starts with the first gradient instead of zero, which makes that gradient count too much."""

    def init_state(self, p):
        return {"grad_avg": p.grad.data.clone()}


class AverageGrad(_Average):
    """Starts with the weight instead of zero."""

    def init_state(self, p):
        return {"grad_avg": p.data.clone()}


class AverageGrad(_Average):
    """Starts with ones instead of zeros."""

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
    """Forgets to return the state."""

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


class AverageGrad(_Average):
    """Returns a dict with only its own entries, so the other stats lose theirs."""

    def update(self, p, state, mom, **kwargs):
        state = super().update(p, state, mom)
        return {key: state[key] for key in ("grad_avg", "mom_damp")}


class AverageGrad(_Average):
    """Starts a new average from that of the last parameter, which it keeps on the stat."""

    def init_state(self, p):
        last = getattr(self, "last", None)
        same = last is not None and last.shape == p.shape
        return {"grad_avg": last.clone() if same else torch.zeros_like(p.data)}

    def update(self, p, state, mom, **kwargs):
        state = super().update(p, state, mom)
        self.last = state["grad_avg"]
        return state


class AverageGrad(_Average):
    """Keeps mom_damp as a tensor where a number is wanted."""

    def update(self, p, state, mom, **kwargs):
        state = super().update(p, state, mom)
        return {**state, "mom_damp": torch.tensor(state["mom_damp"], dtype=torch.float64)}


class AverageGrad(_Average):
    """Averages in single precision, whatever the dtype of the parameter is."""

    def init_state(self, p):
        return {"grad_avg": torch.zeros(p.shape)}


class AverageGrad(_Average):
    """Reads mom at the first step and never again, so a schedule has no effect."""

    def update(self, p, state, mom, **kwargs):
        state.setdefault("mom_first", mom)
        return super().update(p, state, state["mom_first"])


class AverageGrad(_Average):
    """Debiases the average itself, which `adam_step` then does again."""

    def update(self, p, state, mom, **kwargs):
        state["n"] = state.get("n", 0) + 1
        state["raw"] = mom * state.get("raw", 0) + (1 - mom) * p.grad.data
        state["mom_damp"] = 1 - mom if self.dampening else 1.0
        state["grad_avg"] = state["raw"] / (1 - mom ** state["n"])
        return state


class AverageGrad(_Average):
    """Ignores a gradient that is all zeros, so the average doesn't fade."""

    def update(self, p, state, mom, **kwargs):
        if p.grad.any():
            return super().update(p, state, mom)
        state["mom_damp"] = 1 - mom if self.dampening else 1.0
        return state


class AverageGrad(_Average):
    """Keeps averages on the stat, so two optimizers of the same parameters share them."""

    def __init__(self, dampening=False):
        super().__init__(dampening)
        self.kept = {}

    def update(self, p, state, mom, **kwargs):
        state["grad_avg"] = self.kept.get(p, state["grad_avg"])
        self.kept[p] = super().update(p, state, mom)["grad_avg"]
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
    """Starts at zeros of float32, so the average of a float16 parameter is float32."""

    def init_state(self, p):
        return {"sqr_avg": torch.zeros(p.shape)}

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        state["sqr_avg"] = sqr_mom * state["sqr_avg"] + state["sqr_damp"] * p.grad**2
        return state


class AverageSqrGrad(_Squares):
    """Doesn't dampen by default."""

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
    """Dampens the gradient before squaring it, so the damping factor is squared too."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        state["sqr_avg"].mul_(sqr_mom).add_((state["sqr_damp"] * p.grad.data) ** 2)
        return state


class AverageSqrGrad(_Squares):
    """Writes to the key grad_avg, which belongs to the other average."""

    def init_state(self, p):
        return {"grad_avg": torch.zeros_like(p.data)}

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        state["grad_avg"].mul_(sqr_mom).add_(p.grad.data**2, alpha=state["sqr_damp"])
        return state


class AverageSqrGrad(_Squares):
    """Writes its damping to mom_damp, which belongs to the other average."""

    def update(self, p, state, sqr_mom, **kwargs):
        super().update(p, state, sqr_mom)
        state["mom_damp"] = state.pop("sqr_damp")
        return state


class AverageSqrGrad(_Squares):
    """Squares the gradient in place, so its sign is lost."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        state["sqr_avg"].mul_(sqr_mom).add_(p.grad.data.pow_(2), alpha=state["sqr_damp"])
        return state


class AverageSqrGrad(_Squares):
    """Has a default sqr_mom of 0.999."""

    _defaults = {"sqr_mom": 0.999}


class AverageSqrGrad(_Squares):
    """Names its default mom, so sqr_mom doesn't have one."""

    _defaults = {"mom": 0.99}


class AverageSqrGrad(_Squares):
    """Starts with ones instead of zeros."""

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
    """Averages the mean square, one number for the whole parameter."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        mean = p.grad.data.pow(2).mean()
        state["sqr_avg"].mul_(sqr_mom).add_(state["sqr_damp"] * mean)
        return state


class AverageSqrGrad(_Squares):
    """Stores the root, so sqr_avg isn't an average of squares."""

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
    """Always dampens, whatever is passed."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom
        state["sqr_avg"].mul_(sqr_mom).add_(p.grad.data**2, alpha=1 - sqr_mom)
        return state


class AverageSqrGrad(_Squares):
    """Returns a dict with only its own entries, so the other stats lose theirs."""

    def update(self, p, state, sqr_mom, **kwargs):
        state = super().update(p, state, sqr_mom)
        return {key: state[key] for key in ("sqr_avg", "sqr_damp")}


class AverageSqrGrad(_Squares):
    """Keeps the average on the stat, so all parameters share it."""

    def init_state(self, p):
        if getattr(self, "average", None) is None or self.average.shape != p.shape:
            self.average = torch.zeros_like(p.data)
        return {"sqr_avg": self.average}


class AverageSqrGrad(_Squares):
    """Averages in single precision, whatever the dtype of the parameter is."""

    def init_state(self, p):
        return {"sqr_avg": torch.zeros(p.shape)}


class AverageSqrGrad(_Squares):
    """Starts with the first square instead of zero, which makes that square count too much."""

    def init_state(self, p):
        return {"sqr_avg": p.grad.data**2}


class AverageSqrGrad(_Squares):
    """Subtracts the mean from the gradient before squaring it: that is a variance."""

    def update(self, p, state, sqr_mom, **kwargs):
        state["sqr_damp"] = 1 - sqr_mom if self.dampening else 1.0
        square = (p.grad.data - p.grad.data.mean()) ** 2
        state["sqr_avg"].mul_(sqr_mom).add_(square, alpha=state["sqr_damp"])
        return state


class AverageSqrGrad(_Squares):
    """Makes one tensor for each parameter, which all optimizers of that parameter share."""

    def __init__(self, dampening=True):
        super().__init__(dampening)
        self.kept = {}

    def init_state(self, p):
        self.kept[p] = self.kept.get(p, torch.zeros_like(p.data))
        return {"sqr_avg": self.kept[p]}


class StepCount(Stat):
    """Counts steps from 0, so the first average is divided by zero."""

    def init_state(self, p):
        return {"step": -1}

    def update(self, p, state, **kwargs):
        state["step"] += 1
        return state


class StepCount(Stat):
    """Starts at 1 and counts the first step as the second."""

    def init_state(self, p):
        return {"step": 1}

    def update(self, p, state, **kwargs):
        state["step"] += 1
        return state


class StepCount(Stat):
    """Never counts: every step is the first."""

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
    """Returns a dict with only its own entry, so the other stats lose theirs."""

    def init_state(self, p):
        return {"step": 0}

    def update(self, p, state, **kwargs):
        return {"step": state["step"] + 1}


class StepCount(Stat):
    """Forgets to return the state."""

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
    """Counts up to a limit and then starts again."""

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


class StepCount(Stat):
    """Counts in a tensor, where an int is wanted."""

    def init_state(self, p):
        return {"step": torch.tensor(0.0)}

    def update(self, p, state, **kwargs):
        state["step"] = state["step"] + 1
        return state


class StepCount(Stat):
    """Counts in floats, where an int is wanted."""

    def init_state(self, p):
        return {"step": 0.0}

    def update(self, p, state, **kwargs):
        return {**state, "step": state["step"] + 1.0}


class StepCount(Stat):
    """Counts the step twice: once in `init_state` and once in `update`."""

    def init_state(self, p):
        return {"step": 0 if p.grad is None else 1}

    def update(self, p, state, **kwargs):
        return {**state, "step": state["step"] + 1}


class StepCount(Stat):
    """Drops all other entries of the state at the first step."""

    def update(self, p, state, **kwargs):
        if "step" not in state:
            return {"step": 1}
        return {**state, "step": state["step"] + 1}


class StepCount(Stat):
    """Keeps a count for each parameter on the stat, so another optimizer continues from it."""

    def __init__(self):
        self.count = {}

    def init_state(self, p):
        return {"step": 0}

    def update(self, p, state, **kwargs):
        self.count[p] = self.count.get(p, 0) + 1
        return {**state, "step": self.count[p]}


class StepCount(Stat):
    """Resets a count on the stat in `init_state`, so two optimizers advance the same count."""

    def __init__(self):
        self.count = {}

    def init_state(self, p):
        self.count[p] = 0
        return {"step": 0}

    def update(self, p, state, **kwargs):
        self.count[p] += 1
        return {**state, "step": self.count[p]}


class StepCount(Stat):
    """Starts all parameters with one dict, so the count of one is that of all."""

    def init_state(self, p):
        return self.__dict__.setdefault("start", {"step": 0})

    def update(self, p, state, **hypers):
        state["step"] += 1
        return state


def debias(mom, damp, step):
    """Leaves damp out, so the result is right only where damp is 1."""
    return (1 - mom**step) / (1 - mom)


def debias(mom, damp, step):
    """Assumes dampening, so the result is too small for an average without it."""
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
    """Returns the inverse: a factor to multiply by instead of a divisor."""
    return (1 - mom) / (damp * (1 - mom**step))


def debias(mom, damp, step):
    """Forgets to divide by 1 - mom."""
    return damp * (1 - mom**step)


def debias(mom, damp, step):
    """Divides by damp instead of multiplying by it."""
    return (1 - mom**step) / (1 - mom) / damp


def debias(mom, damp, step):
    """Returns the sum of infinitely many weights, which is right only in the long run."""
    return damp / (1 - mom)


def debias(mom, damp, step):
    """Sums the weights from mom**1 on instead of from mom**0."""
    return damp * sum(mom**i for i in range(1, step + 1))


def debias(mom, damp, step):
    """Guesses from damp whether there is dampening, and treats any other factor as 1."""
    return 1 - mom**step if damp == 1 - mom else (1 - mom**step) / (1 - mom)


def debias(mom, damp, step):
    """Calls itself for each step, so a training of a thousand steps ends in a RecursionError."""
    return damp if step == 1 else damp + mom * debias(mom, damp, step - 1)


def debias(mom, damp, step):
    """Returns a tensor where a number is wanted."""
    return torch.tensor(damp * (1 - mom**step) / (1 - mom))


def debias(mom, damp, step):
    """Computes the logarithm of mom, so mom = 0 raises an error."""
    return damp * (1 - math.exp(step * math.log(mom))) / (1 - mom)


def debias(mom, damp, step):
    """Rounds to four digits, which shows in long training runs."""
    return round(damp * (1 - mom**step) / (1 - mom), 4)


def debias(mom, damp, step):
    """Returns 1 at the first step, as if its gradient weren't dampened."""
    return 1.0 if step == 1 else damp * (1 - mom**step) / (1 - mom)


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
    """Treats every average as a dampened one."""
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
    """Leaves eps out, so a gradient of zero produces nan."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / v.sqrt())
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Uses its own eps, whatever is passed."""
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
    """Divides by the larger of root and eps where their sum is wanted."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / v.sqrt().clamp_min(e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Divides the current gradient, not its average: that is RMSProp."""
    _, v = _averages(e)
    p.data.sub_(e["lr"] * p.grad / (v.sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Computes the root of the average in place, so the state itself changes."""
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
    """Decays the weight as well, so together with weight_decay the decay counts twice."""
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
    """Expects a `step` that counts from 0, but it counts from 1."""
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
    """Returns nothing."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / (v.sqrt() + e["eps"]))


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Uses one learning rate for the whole parameter, from the mean of the squares."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / (v.mean().sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Has another default eps, 1e-8 as in torch."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / (v.sqrt() + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-8}


def adam_step(p, **e):
    """Writes its step into the gradient, which others may read."""
    m, v = _averages(e)
    p.grad = m / (v.sqrt() + e["eps"])
    p.data.sub_(e["lr"] * p.grad)
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, lr, mom, mom_damp, step, sqr_mom, sqr_damp, grad_avg, sqr_avg, eps):
    """Accepts no other hyperparameters, so it can't be used together with other steppers."""
    m, v = grad_avg / debias(mom, mom_damp, step), sqr_avg / debias(sqr_mom, sqr_damp, step)
    p.data.sub_(lr * m / (v.sqrt() + eps))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Keeps the root of the squares at 1 or above, so small gradients make small steps."""
    m, v = _averages(e)
    p.data.sub_(e["lr"] * m / (v.sqrt().clamp_min(1) + e["eps"]))
    return p


adam_step._defaults = {"eps": 1e-5}


def adam_step(p, **e):
    """Debiases both averages with mom_damp, the damping of the gradient's average."""
    m, _ = _averages(e)
    v = e["sqr_avg"] / debias(e["sqr_mom"], e["mom_damp"], e["step"])
    p.data.sub_(e["lr"] * m / (v.sqrt() + e["eps"]))
    return p


def adam_step(p, lr, mom, mom_damp, step, sqr_mom, sqr_damp, grad_avg, sqr_avg, eps, **kwargs):
    """Divides neither average by its debias term, and returns nothing."""
    with torch.no_grad():
        p -= lr * grad_avg / (sqr_avg.sqrt() + eps)


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
    """Uses the lecture's ratio, which is 0 for a weight of zero, so it never moves from there."""
    direction = _direction(p, e)
    r1, r2 = p.data.pow(2).mean().sqrt(), direction.pow(2).mean().sqrt()
    p.data.sub_(e["lr"] * min(r1 / r2, 10) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Checks for a weight of zero but not for a direction of zero, so it divides by zero."""
    direction = _direction(p, e)
    r1, r2 = p.data.norm().item(), direction.norm().item()
    ratio = min(r1 / r2, 10) if r1 else 1.0
    p.data.sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Treats norms below a thousandth as 0."""
    direction = _direction(p, e)
    norms = p.data.norm().item(), direction.norm().item()
    ratio = min(norms[0] / norms[1], 10) if min(norms) > 1e-3 else 1.0
    p.data.sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Adds a thousandth to the norm that it divides by."""
    direction = _direction(p, e)
    norms = p.data.norm().item(), direction.norm().item()
    ratio = min(norms[0] / (norms[1] + 1e-3), 10) if all(norms) else 1.0
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
    """Doesn't limit the ratio."""
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
    """Measures the direction without its decay, though it steps with it."""
    direction = _direction(p, e)
    ratio = _ratio(p, direction - e["wd"] * p.data)
    p.data.sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Decays the weight separately, as AdamW does, so the ratio doesn't scale the decay."""
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
    """Treats every average as a dampened one."""
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
    """Compares the weight's norm with the gradient's and not with the step's."""
    direction = _direction(p, e)
    p.data.sub_(e["lr"] * _ratio(p, p.grad) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Uses a ratio for each single weight instead of one for the layer."""
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
    """Uses 10 where the weight's norm is 0."""
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
    """Returns nothing."""
    direction = _direction(p, e)
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Overwrites the average with the direction, so later steps start from a wrong state."""
    direction = _direction(p, e)
    e["grad_avg"].copy_(direction)
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Limits the ratio times the learning rate to 10, instead of the ratio."""
    direction = _direction(p, e)
    norms = p.data.norm().item(), direction.norm().item()
    ratio = min(e["lr"] * norms[0] / norms[1], 10) if all(norms) else e["lr"]
    p.data.sub_(ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Has another default eps, 1e-5 as in `adam_step`."""
    direction = _direction(p, e)
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)
    return p


lamb_step._defaults = {"eps": 1e-5, "wd": 0.0}


def lamb_step(p, **e):
    """Decays by 0.01 where no decay is asked for."""
    direction = _direction(p, e)
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)
    return p


lamb_step._defaults = {"eps": 1e-6, "wd": 0.01}


def lamb_step(p, **e):
    """Replaces a ratio that isn't a number by 1, but keeps the 0 of a zero weight."""
    direction = _direction(p, e)
    ratio = torch.nan_to_num(p.data.norm() / direction.norm(), nan=1.0, posinf=1.0)
    p.data.sub_(e["lr"] * ratio.clamp_max(10) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Keeps the ratio from falling below 1, so a small weight makes steps that are too long."""
    direction = _direction(p, e)
    p.data.sub_(e["lr"] * max(_ratio(p, direction), 1.0) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Skips a weight of zero instead of stepping it with a ratio of 1."""
    direction = _direction(p, e)
    if p.data.any():
        p.data.sub_(e["lr"] * _ratio(p, direction) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Measures the weight after its step instead of before."""
    direction = _direction(p, e)
    after = p.data - e["lr"] * direction
    norms = after.norm().item(), direction.norm().item()
    ratio = min(norms[0] / norms[1], 10) if all(norms) else 1.0
    p.data.sub_(e["lr"] * ratio * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Multiplies the decay by the weight's sign, which is L1."""
    m, v = _averages(e)
    direction = m / (v.sqrt() + e["eps"]) + e["wd"] * p.data.sign()
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)
    return p


lamb_step._defaults = _LAMB


def lamb_step(p, **e):
    """Writes its defaults into the dict of adam_step, so Adam steps with another eps."""
    direction = _direction(p, e)
    p.data.sub_(e["lr"] * _ratio(p, direction) * direction)
    return p


lamb_step._defaults = adam_step._defaults
lamb_step._defaults["eps"] = 1e-6
lamb_step._defaults["wd"] = 0.0


def sgd_opt(params, **hypers):
    """Has no weight decay: wd is accepted and not used."""
    return Optimizer(params, [sgd_step], **hypers)


def sgd_opt(params, **hypers):
    """Has a momentum."""
    return StatefulOptimizer(params, [weight_decay, momentum_step], AverageGrad(), **hypers)


def sgd_opt(params, **hypers):
    """Forgets to return the optimizer."""
    Optimizer(params, [weight_decay, sgd_step], **hypers)


def sgd_opt(params, **hypers):
    """Drops the values that are passed."""
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
    """Uses up the generator before the optimizer sees it."""
    if not list(params):
        raise ValueError("no parameters")
    return Optimizer(params, [weight_decay, sgd_step], **hypers)


def sgd_opt(params, lr=0.01, wd=0.01):
    """Has a default decay of 0.01."""
    return Optimizer(params, [weight_decay, sgd_step], lr=lr, wd=wd)


def sgd_opt(params, **hypers):
    """Decays after the step, so the step itself decays too."""
    return Optimizer(params, [sgd_step, weight_decay], **hypers)


_PLAIN = []


def sgd_opt(params, **hypers):
    """Makes one optimizer and returns it at every call."""
    if not _PLAIN:
        _PLAIN.append(Optimizer(params, [weight_decay, sgd_step], **hypers))
    return _PLAIN[0]


def sgd_opt(params, **hypers):
    """Ignores parameters whose gradient is all zeros, so they don't decay."""

    def careful(p, **kwargs):
        return weight_decay(p, **kwargs) if p.grad.any() else p

    careful._defaults = {"wd": 0.0}
    return Optimizer(params, [careful, sgd_step], **hypers)


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
    """Has a default momentum of 0.99."""
    hypers = {"mom": 0.99, **hypers}
    return StatefulOptimizer(params, [weight_decay, momentum_step], AverageGrad(), **hypers)


def sgd_mom_opt(params, **hypers):
    """Fixes the momentum at 0.9, whatever is passed."""
    hypers["mom"] = 0.9
    return StatefulOptimizer(params, [weight_decay, momentum_step], AverageGrad(), **hypers)


_MADE = []


def sgd_mom_opt(params, **hypers):
    """Makes one optimizer and returns it at every call."""
    if not _MADE:
        steppers = [weight_decay, momentum_step]
        _MADE.append(StatefulOptimizer(params, steppers, AverageGrad(), **hypers))
    return _MADE[0]


def sgd_mom_opt(params, **hypers):
    """Steps along the plain gradient, whether it keeps an average or not."""
    return Optimizer(params, [weight_decay, sgd_step], **hypers)


def sgd_mom_opt(params, wd=0.01, **hypers):
    """Has a default decay of 0.01, as in the lecture."""
    steppers = [momentum_step, weight_decay]
    return StatefulOptimizer(params, steppers, AverageGrad(), wd=wd, **hypers)


def sgd_mom_opt(params, **hypers):
    """Adds L2 to the gradient, so the momentum carries the decay."""
    return StatefulOptimizer(params, [l2_reg, momentum_step], AverageGrad(), **hypers)


def sgd_mom_opt(params, **hypers):
    """Decays before the step and after it, so the decay counts twice."""
    steppers = [weight_decay, momentum_step, weight_decay]
    return StatefulOptimizer(params, steppers, AverageGrad(), **hypers)


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
    """Decays after the step, as the lecture does, so the step itself decays too."""
    return StatefulOptimizer(params, [adam_step, weight_decay], _three(), **hypers)


def adam_opt(params, **hypers):
    """Forgets to count the steps, so nothing can be debiased."""
    return StatefulOptimizer(params, [weight_decay, adam_step], _three()[:2], **hypers)


def adam_opt(params, **hypers):
    """Has the default momenta of the paper, 0.9 and 0.999."""
    hypers = {"sqr_mom": 0.999, **hypers}
    return StatefulOptimizer(params, [weight_decay, adam_step], _three(), **hypers)


def adam_opt(params, **hypers):
    """Fixes eps, whatever is passed."""
    hypers["eps"] = 1e-5
    return StatefulOptimizer(params, [weight_decay, adam_step], _three(), **hypers)


def adam_opt(params, **hypers):
    """Steps twice, by Adam and along the gradient."""
    return StatefulOptimizer(params, [weight_decay, sgd_step, adam_step], _three(), **hypers)


def adam_opt(**hypers):
    """Returns a function that makes the optimizer, and not an optimizer."""
    return partial(StatefulOptimizer, steppers=[weight_decay, adam_step], stats=_three(), **hypers)


def adam_opt(params, **hypers):
    """Steps by LAMB."""
    return StatefulOptimizer(params, lamb_step, _three(), **hypers)


def adam_opt(params, **hypers):
    """Decays by 0.01 more than is passed."""
    hypers["wd"] = hypers.get("wd", 0.0) + 0.01
    return StatefulOptimizer(params, [weight_decay, adam_step], _three(), **hypers)


def adam_opt(params, **hypers):
    """Has another default eps, 1e-8 as in torch."""
    return StatefulOptimizer(params, [weight_decay, adam_step], _three(), **{"eps": 1e-8, **hypers})


def adam_opt(params, **hypers):
    """Has a default decay of 0.01, as in torch's AdamW."""
    return StatefulOptimizer(params, [weight_decay, adam_step], _three(), **{"wd": 0.01, **hypers})


def adam_opt(params, **hypers):
    """Sums the gradients instead of averaging them, which differs once a schedule changes mom."""
    stats = [AverageGrad(), AverageSqrGrad(), StepCount()]
    return StatefulOptimizer(params, [weight_decay, adam_step], stats, **hypers)


def adam_opt(params, **hypers):
    """Adds a hyperparameter of its own to all others."""
    hypers = {"amsgrad": False, **hypers}
    return StatefulOptimizer(params, [weight_decay, adam_step], _three(), **hypers)


def lamb_opt(params, **hypers):
    """Adds weight decay to the decay within LAMB's step, so the decay counts twice."""
    return StatefulOptimizer(params, [weight_decay, lamb_step], _three(), **hypers)


def lamb_opt(params, **hypers):
    """Steps by AdamW, without a ratio for each layer."""
    return StatefulOptimizer(params, [weight_decay, adam_step], _three(), **hypers)


def lamb_opt(params, **hypers):
    """Ignores wd, so nothing decays."""
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
    """Has a default momentum of 0.99 for the gradient."""
    return StatefulOptimizer(params, lamb_step, _three(), **{"mom": 0.99, **hypers})


def lamb_opt(params, **hypers):
    """Has a default eps of 1."""
    return StatefulOptimizer(params, lamb_step, _three(), **{"eps": 1.0, **hypers})


def lamb_opt(params, **hypers):
    """Fixes the learning rate, whatever is passed."""
    return StatefulOptimizer(params, lamb_step, _three(), **{**hypers, "lr": 0.001})


def lamb_opt(params, **hypers):
    """Forgets to return the optimizer."""
    StatefulOptimizer(params, lamb_step, _three(), **hypers)


def lamb_opt(params, **hypers):
    """Has a default decay of 0.01."""
    return StatefulOptimizer(params, lamb_step, _three(), **{"wd": 0.01, **hypers})


def lamb_opt(params, **hypers):
    """Sums the gradients instead of averaging them, which differs once a schedule changes mom."""
    stats = [AverageGrad(), AverageSqrGrad(), StepCount()]
    return StatefulOptimizer(params, lamb_step, stats, **hypers)


_LAMBS = []


def lamb_opt(params, **hypers):
    """Makes one optimizer and returns it at every call."""
    if not _LAMBS:
        _LAMBS.append(StatefulOptimizer(params, lamb_step, _three(), **hypers))
    return _LAMBS[0]
