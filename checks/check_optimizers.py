"""The laws of optimizers."""

import io
import math
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import chain

import torch
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from torch import nn

from checks.laws import (
    assert_close,
    assert_raises,
    assert_same,
    assert_that,
    law,
    number,
    unchanged,
)
from katas.optimizers import (
    AverageGrad,
    AverageSqrGrad,
    Optimizer,
    Stat,
    StatefulOptimizer,
    StepCount,
    adam_opt,
    adam_step,
    debias,
    l2_reg,
    lamb_opt,
    lamb_step,
    lin_comb,
    maybe_update,
    momentum_step,
    sgd_mom_opt,
    sgd_opt,
    sgd_step,
    weight_decay,
)

few = settings(max_examples=15)
CLOSE = {"rtol": 1e-4, "atol": 1e-5}

hypers = st.fixed_dictionaries(
    {
        "lr": st.integers(1, 50).map(lambda n: n / 100),
        "wd": st.integers(1, 20).map(lambda n: n / 20),
        "mom": st.integers(1, 19).map(lambda n: n / 20),
        "sqr_mom": st.integers(10, 99).map(lambda n: n / 100),
        "eps": st.integers(1, 100).map(lambda n: n / 100),
    }
)
shapes = st.sampled_from([(1,), (3,), (2, 2), (2, 1, 3)])
groupings = st.lists(st.lists(shapes, min_size=1, max_size=2), min_size=1, max_size=3)
falsy = st.sampled_from([None, 0, 0.0, False, "", ()])
words = st.sampled_from(["lr", "wd", "mom", "eps"])
settings_of_words = st.dictionaries(words, st.integers(-2, 2) | falsy, max_size=3)
moms = st.integers(0, 99).map(lambda n: n / 100)
steps = st.integers(1, 60)


@dataclass
class Descent:
    """Some steps of parameters in groups: shapes, hyperparameters, and who has no gradient when.

    At step t, group g has the hyperparameters [t + g] of the list, which begins anew at its end.
    `skips` are pairs (number of a parameter, step) without a gradient. Weights are of the size
    `size`, and gradients of the size `slope`, or else all of them are `slopes`.
    """

    seed: int
    groups: list[list[tuple]]
    steps: int
    hypers: list[dict]
    skips: list[tuple[int, int]]
    size: float = 1.0
    slope: float = field(default=1.0, repr=False)
    slopes: float | None = field(default=None, repr=False)
    changing: bool = field(default=True, repr=False)

    def params(self):
        """The groups of parameters as they are in the beginning."""
        count = sum(len(group) for group in self.groups)
        source = torch.Generator().manual_seed(self.seed)
        made = iter([self._weight(i, source) for i in range(count)])
        return [[nn.Parameter(next(made)) for _ in group] for group in self.groups]

    def _weight(self, i, source):
        values = torch.randn(list(chain(*self.groups))[i], generator=source)
        return self.size * (values + 0.5 * values.sign())

    def grads(self, t):
        """The gradient of each parameter at step t; None for those that have none."""
        source = torch.Generator().manual_seed(1000 * (t + 1) + self.seed)
        found = [self.slope * torch.randn(o, generator=source) for o in chain(*self.groups)]
        if self.slopes is not None:
            found = [torch.full_like(grad, self.slopes) for grad in found]
        return [None if (i, t) in self.skips else grad for i, grad in enumerate(found)]

    def hypers_at(self, t):
        """The hyperparameters of each group at step t."""
        first = t if self.changing else 0
        return [self.hypers[(first + g) % len(self.hypers)] for g in range(len(self.groups))]

    def owed(self, groups):
        """The parameter of each step that is to be made."""
        pairs = (zip(flat(groups), self.grads(t), strict=True) for t in range(self.steps))
        return [p for p, grad in chain(*pairs) if grad is not None]

    def history(self):
        """At each step of each parameter: all gradients it has had, and the hyperparameters."""
        groups = [g for g, group in enumerate(self.groups) for _ in group]
        had = [[] for _ in groups]
        for t in range(self.steps):
            for i, grad in enumerate(self.grads(t)):
                if grad is not None:
                    had[i].append((grad.double(), self.hypers_at(t)[groups[i]]))
                    yield [list(column) for column in zip(*had[i], strict=True)]


def descents(min_steps=1, max_hypers=3, skips=True, **fixed):
    """Descents of a few steps, whose hyperparameters change from step to step and by group."""
    some = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=4)
    return st.builds(
        Descent,
        seed=st.integers(0, 99),
        groups=groupings,
        steps=st.integers(min_steps, 5),
        hypers=st.lists(fixed.pop("hypers", hypers), min_size=1, max_size=max_hypers),
        skips=some if skips else st.just([]),
        **fixed,
    )


def with_hypers(**fixed):
    """Sets of hyperparameters with some of them fixed."""
    return hypers.map(lambda hyper: {**hyper, **fixed})


def flat(groups):
    """The parameters of all groups."""
    return list(chain(*groups))


def copies(groups):
    """What the parameters are now."""
    return [p.detach().clone() for p in flat(groups)]


def put_grads(d, groups, t):
    """Give the parameters their gradients of step t."""
    for p, grad in zip(flat(groups), d.grads(t), strict=True):
        p.grad = grad


def run(d, groups, *opts, start=0, stop=None, write=True):
    """The weights after each step, from `start` on, of one optimizer or several in turn.

    Hyperparameters are written before each step. Gradients do not outlive it: nan replaces them.
    """
    found = []
    for t in range(start, d.steps if stop is None else stop):
        put_grads(d, groups, t)
        for opt in opts:
            for hyper, now in zip(opt.hypers, d.hypers_at(t) if write else (), strict=write):
                hyper.update(now)
            opt.step()
        found.append(copies(groups))
        for p in flat(groups):
            None if p.grad is None else p.grad.data.fill_(math.nan)
    return found


def stepped(d, steppers, stats=None, groups=None):
    """The weights after each step by these steppers and stats."""
    groups, hyper = groups or d.params(), d.hypers_at(0)[0]
    if stats is None:
        return run(d, groups, Optimizer(groups, steppers, **hyper))
    return run(d, groups, StatefulOptimizer(groups, steppers, stats, **hyper))


def by_torch(d, kind, decay=False, decay_after=False, warm=False, **names):
    """The weights after each step by one of torch's optimizers, with decoupled decay if asked.

    `names` says which of our hyperparameters, or pair of them, each of torch's arguments is.
    `warm` makes a step with gradients of zero first.
    """
    groups = d.params()
    opt, found = kind([{"params": group} for group in groups]), []
    for t in range(-1 if warm else 0, d.steps):
        put_grads(d, groups, t)
        for p in flat(groups) if t < 0 else ():
            p.grad = torch.zeros_like(p)
        for group, hyper in zip(opt.param_groups, d.hypers_at(t), strict=True):
            group.update({key: taken(hyper, name) for key, name in names.items()})
        scale(groups, d.hypers_at(t) if decay else [])
        opt.step()
        scale(groups, d.hypers_at(t) if decay_after else [])
        found += [copies(groups)] if t >= 0 else []
    return found


def taken(hyper, name):
    """One hyperparameter or several; a number stands for itself."""
    if isinstance(name, tuple):
        return tuple(taken(hyper, o) for o in name)
    return hyper[name] if isinstance(name, str) else name


def scale(groups, now):
    """Decay of the weights that have a gradient."""
    for group, hyper in zip(groups, now, strict=False):
        for p in (p for p in group if p.grad is not None):
            p.data *= 1 - hyper["lr"] * hyper["wd"]


def by_sgd(d, **names):
    """Plain gradient descent by torch."""
    return by_torch(d, torch.optim.SGD, lr="lr", **names)


def by_adam(d, kind=torch.optim.Adam, weight_decay=0.0, **names):
    """Adam by torch; with weight_decay, L2 in Adam and decoupled decay in AdamW."""
    names = {"lr": "lr", "betas": ("mom", "sqr_mom"), "eps": "eps", **names}
    return by_torch(d, kind, weight_decay=weight_decay, **names)


def by_lamb(d, norm=lambda x: x.pow(2).sum().sqrt().item()):
    """LAMB in double precision, from the formulas of the paper."""
    groups, found = d.params(), []
    owners = [g for g, group in enumerate(groups) for _ in group]
    weights = [p.detach().double() for p in flat(groups)]
    had = [[] for _ in weights]
    for t in range(d.steps):
        for i, grad in enumerate(d.grads(t)):
            if grad is not None:
                had[i].append((grad.double(), d.hypers_at(t)[owners[i]]))
                w, (grads, past) = weights[i], zip(*had[i], strict=True)
                now = past[-1]
                direction = adam_direction(grads, past) + now["wd"] * w
                both = norm(w), norm(direction)
                ratio = min(both[0] / both[1], 10) if all(both) else 1.0
                weights[i] = w - now["lr"] * ratio * direction
        found.append([w.float() for w in weights])
    return found


def adam_direction(grads, past):
    """m / (sqrt(v) + eps), of debiased dampened averages."""
    now, squares = past[-1], [g**2 for g in grads]
    m, v = (
        weighted(values, past, key, True) / (1 - now[key] ** len(grads))
        for values, key in ((grads, "mom"), (squares, "sqr_mom"))
    )
    return m / (v.sqrt() + now["eps"])


def weighted(values, past, key, dampening):
    """sum over i of damp[i] * mom[i+1] * ... * mom[t] * value[i]."""
    kept = [hyper[key] for hyper in past]
    damps = [1 - mom if dampening else 1.0 for mom in kept]
    weights = [damps[i] * math.prod(kept[i + 1 :]) for i in range(len(kept))]
    return sum(w * o for w, o in zip(weights, values, strict=True))


def apart(one, other):
    """The largest difference between two runs."""
    pairs = zip(flat(one), flat(other), strict=True)
    return max(number((a - b).abs().max()) for a, b in pairs)


def nearer(found, one, other):
    """The one of two runs that is nearer to what was found."""
    return min(one, other, key=lambda o: apart(found, o))


class Spy:
    """A stepper that keeps what it is called with and changes nothing."""

    def __init__(self, order=9):
        self.calls, self._order = [], order

    def __call__(self, p, **entries):
        kept = {k: o.clone() if isinstance(o, torch.Tensor) else o for k, o in entries.items()}
        self.calls.append((p, kept))
        return p

    def column(self, key):
        """One entry of all calls."""
        return [entries[key] for _, entries in self.calls]

    def entries(self, *keys):
        """Some entries of all calls."""
        return [[entries[key] for key in keys] for _, entries in self.calls]


def parts(d, *keys):
    """Some hyperparameters of each step of each parameter."""
    return [[past[-1][key] for key in keys] for _, past in d.history()]


def told(d, stats, **given):
    """A spy behind these stats, after the run."""
    groups, spy = d.params(), Spy()
    run(d, groups, StatefulOptimizer(groups, spy, stats, **given))
    return spy


class Gives(Stat):
    """A stat whose entries are always the same."""

    def __init__(self, **entries):
        self.entries = entries

    def init_state(self, p):
        return {key: make(p) for key, make in self.entries.items()}


def called(d, stepper, stats=None):
    """A spy right behind a stepper, after the run, and the parameters it should have been given."""
    groups, spy = d.params(), Spy()
    stepped(d, [stepper, spy], stats, groups)
    return spy, d.owed(groups)


def assert_hands_on(d, stepper, stats=None):
    """The stepper gives back the parameter itself, which is no result of a recorded operation."""
    spy, owed = called(d, stepper, stats)
    same = [p is o for (p, _), o in zip(spy.calls, owed, strict=True)]
    assert_that(all(same), "the stepper does not give back the parameter that it was given", same)
    assert_that(all(p.is_leaf and p.requires_grad for p in owed), "a parameter is no leaf any more")


def assert_leaves_gradients(d, stepper, stats=None):
    """Each gradient is after the stepper what it was before."""
    groups, before = d.params(), [g for g in d.grads(0) if g is not None]
    opt = StatefulOptimizer(groups, stepper, stats, **d.hypers_at(0)[0])
    put_grads(d, groups, 0)
    opt.step()
    assert_same([p.grad for p in flat(groups) if p.grad is not None], before)


def adam_stats(dampening=True, sqr_dampening=True):
    """The stats that Adam and LAMB need."""
    return [AverageGrad(dampening), AverageSqrGrad(sqr_dampening), StepCount()]


def without(d, *keys):
    """The same descent with some hyperparameters not given at all."""
    kept = [{k: v for k, v in hyper.items() if k not in keys} for hyper in d.hypers]
    return replace(d, hypers=kept)


def having(d, **fixed):
    """The same descent with some hyperparameters at fixed values."""
    return replace(d, hypers=[{**hyper, **fixed} for hyper in d.hypers])


def ids(groups):
    """Which objects are in each group."""
    return [[id(p) for p in group] for group in groups]


def carrying(**defaults):
    """A stepper that does nothing and has defaults."""
    stepper = Spy()
    stepper._defaults = defaults
    return stepper


def steady(params, *steppers, **defaults):
    """An optimizer of these steppers."""
    return Optimizer(params, list(steppers), **defaults)


@law("maybe_update")
@given(st.lists(settings_of_words, max_size=4), settings_of_words)
@example([{"lr": 1, "wd": 2}, {"wd": 3}], {"lr": 0})
def test_the_first_to_bring_a_key_wins(found, dest):
    """dest has its own value of a key, or else that of the first f(o) with the key."""
    wanted = dict(dest)
    for key in chain(*found):
        wanted.setdefault(key, next(o[key] for o in found if key in o))
    maybe_update(range(len(found)), dest, lambda i: dict(found[i]))
    assert_same(dest, wanted)


@law("maybe_update")
@given(words, falsy, st.integers(1, 9))
@example("wd", 0.0, 1)
def test_a_value_that_counts_as_false_is_a_value(key, value, other):
    """A key that dest has with None, 0 or False is not overwritten, nor is the first f(o)'s."""
    dest, empty = {key: value}, {}
    maybe_update([{key: other}], dest, lambda o: o)
    maybe_update([{key: value}, {key: other}], empty, lambda o: o)
    assert_same([dest, empty], [{key: value}, {key: value}])


@law("maybe_update")
@given(st.lists(settings_of_words, min_size=1, max_size=4))
@example([{"lr": 1}, {"lr": 2, "wd": 3}])
def test_what_f_gives_stays_as_it_is(found):
    """Only dest changes: neither the objects nor the dicts that f gives do."""
    dest = {"lr": 5}
    with unchanged(found=found):
        maybe_update(found, dest, lambda o: o)
        dest["later"] = 1


@law("maybe_update")
@given(st.lists(settings_of_words, max_size=4))
def test_the_objects_may_come_from_a_generator(found):
    """A generator serves as well as a list, and no objects at all change nothing."""
    from_list, from_generator, same = {}, {}, {"lr": 1}
    maybe_update(list(found), from_list, lambda o: o)
    maybe_update((o for o in found), from_generator, lambda o: o)
    maybe_update([], same, lambda o: {"wd": 1})
    assert_same([from_generator, same], [from_list, {"lr": 1}])


@law("Optimizer")
@few
@given(descents())
def test_an_optimizer_steps_every_parameter_with_its_groups_values(d):
    """With sgd_step, the weights after each step are those of torch.optim.SGD.

    Hyperparameters are those that `hypers` holds at that step; who has no gradient stays.
    """
    wanted = by_sgd(d)
    assert_close(stepped(d, sgd_step), wanted, **CLOSE)


@law("Optimizer")
@given(groupings, st.sampled_from([list, tuple, iter, lambda ps: (p for p in ps)]))
@example([[(1,), (3,)]], iter)
def test_parameters_come_from_any_iterable(groups, as_iterable):
    """A list, a tuple or a generator of parameters is one group, in that order."""
    params = [nn.Parameter(torch.ones(shape)) for shape in chain(*groups)]
    opt = Optimizer(as_iterable(params), sgd_step, lr=0.1)
    assert_same([ids(opt.param_groups), len(opt.hypers)], [ids([params]), 1])


@law("Optimizer")
@given(groupings)
@example([[(1,)], [(3,), (1,)]])
def test_a_list_of_lists_is_a_list_of_groups(shapes):
    """param_groups holds the parameters by group; hypers is a dict for each."""
    groups = [[nn.Parameter(torch.ones(shape)) for shape in group] for group in shapes]
    opt = Optimizer([list(group) for group in groups], sgd_step, lr=0.1)
    wanted = [ids(groups), [{"lr": 0.1}] * len(groups)]
    assert_same([ids(opt.param_groups), [dict(hyper) for hyper in opt.hypers]], wanted)


@law("Optimizer")
@given(st.integers(2, 4), st.data())
def test_each_group_has_a_dict_of_its_own(count, data):
    """A value that is set for one group, or in one optimizer, is not set in any other."""
    i = data.draw(st.integers(0, count - 1))
    stepper, params = carrying(wd=0.0), [[nn.Parameter(torch.ones(1))] for _ in range(count)]
    opt, other = steady(params, stepper, lr=0.1), steady(params, stepper, lr=0.1)
    opt.hypers[i].update(lr=0.5, wd=0.5)
    wanted = [{"lr": 0.5, "wd": 0.5} if j == i else {"lr": 0.1, "wd": 0.0} for j in range(count)]
    assert_same([dict(hyper) for hyper in opt.hypers], wanted)
    assert_same([dict(hyper) for hyper in other.hypers], [{"lr": 0.1, "wd": 0.0}] * count)
    assert_same(stepper._defaults, {"wd": 0.0})


@law("Optimizer")
@given(settings_of_words, st.lists(settings_of_words, max_size=3))
@example({"wd": 0.0}, [{"wd": 0.1, "mom": 0.9}, {"mom": 0.5}])
def test_explicit_values_beat_defaults(explicit, defaults):
    """hypers: what was given, then what the `_defaults` of the steppers add, the first first."""
    wanted = dict(explicit)
    for key in chain(*defaults):
        wanted.setdefault(key, next(o[key] for o in defaults if key in o))
    steppers = [carrying(**o) for o in defaults]
    opt = steady([nn.Parameter(torch.ones(1))], Spy(), *steppers, **explicit)
    assert_same([dict(hyper) for hyper in opt.hypers], [wanted])


@law("Optimizer")
@few
@given(descents())
@example(Descent(0, [[(1,), (1,)]], 1, [{"lr": 0.1, "wd": 0.5}], [(0, 0)]))
def test_parameters_without_a_gradient_are_skipped(d):
    """No stepper is called with them, so weight decay leaves them too; all others are called."""
    groups, spy = d.params(), Spy()
    run(d, groups, Optimizer(groups, [weight_decay, spy], **d.hypers_at(0)[0]))
    wanted = Counter(id(p) for p in d.owed(groups))
    assert_same(Counter(id(p) for p, _ in spy.calls), wanted)


@law("Optimizer")
@few
@given(st.lists(st.sampled_from([-1, 0, 0, 1]), min_size=1, max_size=5))
@example([0, -1, 0])
def test_steppers_are_called_by_their_order(orders):
    """Lowest `_order` first, 0 where there is none, ties as given: as `compose` does it."""
    heard, p = [], nn.Parameter(torch.ones(1))
    steppers = [noting(heard, i, order) for i, order in enumerate(orders)]
    p.grad = torch.ones(1)
    Optimizer([p], steppers, lr=0.1).step()
    assert_same(heard, sorted(range(len(orders)), key=lambda i: orders[i]))


def noting(heard, name, order=0):
    """A stepper that says its name."""

    def stepper(p, **entries):
        heard.append(name)
        return p

    if order:
        stepper._order = order
    return stepper


@law("Optimizer")
@few
@given(descents())
def test_a_stepper_is_given_the_hyperparameters_of_now_by_name(d):
    """Each call has the values of the parameter's group at that step, as keyword arguments."""
    groups, spy = d.params(), Spy()
    run(d, groups, Optimizer(groups, spy, **d.hypers_at(0)[0]))
    assert_same(spy.entries("lr", "wd", "mom"), parts(d, "lr", "wd", "mom"))


@law("Optimizer")
@few
@given(descents())
def test_grad_params_are_pairs_of_parameter_and_hypers(d):
    """grad_params() gives (p, hypers of its group) for every p that has a gradient."""
    groups = d.params()
    opt = Optimizer(groups, sgd_step, lr=0.1)
    for hyper, now in zip(opt.hypers, d.hypers_at(0), strict=True):
        hyper.update(now)
    put_grads(d, groups, 0)
    pairs = [(p, now) for ps, now in zip(groups, d.hypers_at(0), strict=True) for p in ps]
    wanted = [(id(p), now) for p, now in pairs if p.grad is not None]
    assert_same([(id(p), dict(hyper)) for p, hyper in opt.grad_params()], wanted)


@law("Optimizer")
@few
@given(descents())
def test_gradients_start_anew_after_zero_grad(d):
    """After zero_grad(), gradients are None or 0, and the next backward pass starts from there."""
    groups = d.params()
    opt, before = Optimizer(groups, sgd_step, lr=0.1), copies(groups)
    put_grads(d, groups, 0)
    opt.zero_grad()
    sum(3 * p.sum() for p in flat(groups)).backward()
    assert_same([p.grad for p in flat(groups)], [torch.full_like(p, 3) for p in before])
    assert_same(copies(groups), before)


@law("Optimizer")
@given(st.sampled_from([list, tuple, iter, lambda ps: (p for p in ps)]))
def test_no_parameters_are_an_error(as_iterable):
    """Optimizer([], ...) raises an error at once, and so does an empty generator."""
    Optimizer(as_iterable([nn.Parameter(torch.ones(1))]), sgd_step, lr=0.1)
    with assert_raises(Exception):
        Optimizer(as_iterable([]), sgd_step, lr=0.1)


@law("Optimizer")
@few
@given(descents())
def test_the_lists_that_were_given_stay_as_they_are(d):
    """Neither the groups nor the steppers are reordered or changed, also by a step."""
    groups, steppers = d.params(), [noting([], 0, 1), sgd_step, weight_decay]
    before = ids(groups), list(steppers)
    run(d, groups, Optimizer(groups, steppers, **d.hypers_at(0)[0]))
    assert_that(ids(groups) == before[0], "the list of parameters was changed")
    assert_that(steppers == before[1], "the list of steppers was changed", steppers, before[1])


@law("sgd_step")
@few
@given(descents())
def test_a_step_is_that_of_gradient_descent(d):
    """p - lr * grad at each step: the weights are those of torch.optim.SGD."""
    wanted = by_sgd(d)
    assert_close(stepped(d, sgd_step), wanted, **CLOSE)


@law("sgd_step")
@few
@given(descents(), st.integers(1, 9))
def test_steps_of_gradient_descent_add_up(d, parts):
    """With one gradient, steps of lr / n, n times, are one step of lr."""
    wanted = stepped(replace(d, steps=1, skips=[]), sgd_step)
    d = replace(d, steps=1, skips=[], hypers=[{**h, "lr": h["lr"] / parts} for h in d.hypers])
    found = stepped(d, [sgd_step] * parts)
    assert_close(found, wanted, **CLOSE)


@law("sgd_step")
@few
@given(descents(hypers=with_hypers(lr=0.0)))
def test_a_learning_rate_of_0_moves_nothing(d):
    """With lr = 0 the weights stay, whatever other hyperparameters there are."""
    assert_same(stepped(d, sgd_step), [copies(d.params())] * d.steps)


@law("sgd_step")
@few
@given(descents())
def test_gradient_descent_reads_the_gradient_only(d):
    """The gradient is after the step what it was before."""
    assert_leaves_gradients(d, sgd_step)


@law("sgd_step")
@few
@given(descents())
def test_gradient_descent_gives_back_the_parameter(d):
    """The parameter itself comes back, changed in place, as a leaf that wants a gradient."""
    assert_hands_on(d, sgd_step)


@law("weight_decay")
@few
@given(descents())
def test_decay_agrees_with_l2_for_plain_sgd(d):
    """[weight_decay, sgd_step] is torch.optim.SGD with its weight_decay, which is L2."""
    wanted = by_sgd(d, weight_decay="wd")
    assert_close(stepped(d, [weight_decay, sgd_step]), wanted, **CLOSE)


@law("weight_decay")
@few
@given(descents(min_steps=3, skips=False, hypers=with_hypers(wd=0.5, lr=0.2, mom=0.8)))
def test_decay_differs_from_l2_under_momentum(d):
    """p * (1 - lr*wd) - lr * grad_avg, which is not torch.optim.SGD with both."""
    wanted = by_sgd(d, momentum="mom", decay=True)
    l2 = by_sgd(d, momentum="mom", weight_decay="wd")
    found = stepped(d, [weight_decay, momentum_step], AverageGrad())
    assert_close(found, wanted, **CLOSE)
    assert_that(apart(found, l2) > 1e-3, "decay does the same as L2 under momentum", found, l2)


@law("weight_decay")
@few
@given(descents(min_steps=2, skips=False, hypers=with_hypers(wd=0.5, lr=0.2)))
def test_decay_differs_from_l2_under_adam(d):
    """[weight_decay, adam_step] is torch.optim.AdamW, and not Adam with its weight_decay."""
    wanted, l2 = by_adam(d, torch.optim.AdamW, "wd"), by_adam(d, weight_decay="wd")
    found = stepped(d, [weight_decay, adam_step], adam_stats())
    assert_close(found, wanted, **CLOSE)
    assert_that(apart(found, l2) > 1e-3, "decay does the same as L2 under Adam", found, l2)


@law("weight_decay")
@few
@given(descents())
def test_decay_alone_takes_a_share_of_the_weight(d):
    """Each step multiplies the weight by 1 - lr*wd, whatever the gradient is."""
    wanted = by_torch(d, torch.optim.SGD, decay=True, lr=0.0)
    assert_close(stepped(d, weight_decay), wanted, **CLOSE)
    assert_leaves_gradients(d, weight_decay)


@law("weight_decay")
@few
@given(descents())
def test_nothing_decays_unless_asked(d):
    """Without wd, and with wd = 0, the weight stays exactly as it is."""
    wanted = [copies(d.params())] * d.steps
    assert_same(stepped(without(d, "wd"), weight_decay), wanted)
    assert_same(stepped(having(d, wd=0.0), weight_decay), wanted)


@law("weight_decay")
@few
@given(descents())
def test_decay_gives_back_the_parameter(d):
    """The parameter itself comes back, changed in place, as a leaf that wants a gradient."""
    assert_hands_on(d, weight_decay)


def with_l2(d, stepper, stats=None):
    """The weights after each step, when one optimizer adds L2 and another one steps after it."""
    groups, hyper = d.params(), d.hypers_at(0)[0]
    opts = Optimizer(groups, l2_reg, **hyper), StatefulOptimizer(groups, stepper, stats, **hyper)
    return run(d, groups, *opts)


@law("l2_reg")
@few
@given(descents())
def test_l2_and_a_plain_step_are_torchs(d):
    """[l2_reg, sgd_step] is torch.optim.SGD with its weight_decay; weight decay is the same."""
    wanted, decayed = by_sgd(d, weight_decay="wd"), by_sgd(d, decay=True)
    found = stepped(d, [l2_reg, sgd_step])
    assert_close(found, wanted, **CLOSE)
    assert_close(found, decayed, **CLOSE)


@law("l2_reg")
@few
@given(descents(min_steps=3, skips=False, hypers=with_hypers(wd=0.5, lr=0.2, mom=0.8)))
def test_l2_differs_from_decay_under_momentum(d):
    """L2 and then momentum is torch.optim.SGD with both, and not weight decay with momentum."""
    wanted = by_sgd(d, momentum="mom", weight_decay="wd")
    decayed = by_sgd(d, momentum="mom", decay=True)
    found = with_l2(d, momentum_step, AverageGrad())
    assert_close(found, wanted, **CLOSE)
    assert_that(apart(found, decayed) > 1e-3, "L2 does the same as decay", found, decayed)


@law("l2_reg")
@few
@given(descents(min_steps=2, skips=False, hypers=with_hypers(wd=0.5, lr=0.2)))
def test_l2_differs_from_decay_under_adam(d):
    """L2 and then Adam is torch.optim.Adam with its weight_decay, and not torch.optim.AdamW."""
    wanted, decayed = by_adam(d, weight_decay="wd"), by_adam(d, torch.optim.AdamW, "wd")
    found = with_l2(d, adam_step, adam_stats())
    assert_close(found, wanted, **CLOSE)
    assert_that(apart(found, decayed) > 1e-3, "L2 does the same as decay", found, decayed)


@law("l2_reg")
@few
@given(descents())
def test_l2_adds_wd_times_the_weight_to_the_gradient(d):
    """The gradient becomes grad + wd * p, at any learning rate; the weight stays as it is."""
    groups, before = d.params(), copies(d.params())
    wds = [now["wd"] for group, now in zip(groups, d.hypers_at(0), strict=True) for _ in group]
    every = list(zip(before, wds, d.grads(0), strict=True))
    wanted = [None if g is None else g + wd * p for p, wd, g in every]
    run_l2(d, groups)
    assert_close([p.grad for p in flat(groups)], wanted)
    assert_same(copies(groups), before)


def run_l2(d, groups):
    """One step of L2 alone."""
    opt = Optimizer(groups, l2_reg, **d.hypers_at(0)[0])
    for hyper, now in zip(opt.hypers, d.hypers_at(0), strict=True):
        hyper.update(now)
    put_grads(d, groups, 0)
    opt.step()


@law("l2_reg")
@few
@given(descents())
def test_there_is_no_l2_unless_asked(d):
    """Without wd, and with wd = 0, the step is that of plain gradient descent."""
    wanted = by_sgd(d)
    assert_close(stepped(without(d, "wd"), [l2_reg, sgd_step]), wanted, **CLOSE)
    assert_close(stepped(having(d, wd=0.0), [l2_reg, sgd_step]), wanted, **CLOSE)


@law("l2_reg")
@few
@given(descents())
def test_l2_gives_back_the_parameter(d):
    """The parameter itself comes back, a leaf that wants a gradient."""
    assert_hands_on(d, l2_reg)


@law("momentum_step")
@few
@given(descents())
def test_momentum_is_that_of_torch(d):
    """With AverageGrad(), the weights are those of torch.optim.SGD with momentum."""
    wanted = by_sgd(d, momentum="mom")
    assert_close(stepped(d, momentum_step, AverageGrad()), wanted, **CLOSE)


@law("momentum_step")
@few
@given(descents())
def test_dampened_momentum_is_that_of_torch_after_a_gradient_of_zero(d):
    """With AverageGrad(dampening=True), it is torch.optim.SGD with dampening = momentum.

    Torch does not dampen its first gradient, so there is one of zero before all others.
    """
    wanted = by_sgd(d, warm=True, momentum="mom", dampening="mom")
    assert_close(stepped(d, momentum_step, AverageGrad(dampening=True)), wanted, **CLOSE)


@law("momentum_step")
@few
@given(descents(), st.integers(-3, 3))
def test_a_step_goes_against_the_average_it_is_given(d, value):
    """p - lr * grad_avg, whatever the gradient of the moment is."""
    constant = Gives(grad_avg=lambda p: torch.full_like(p.data, value))
    wanted = by_sgd(replace(d, slopes=value))
    assert_close(stepped(d, momentum_step, constant), wanted, **CLOSE)


@law("momentum_step")
@few
@given(descents(hypers=with_hypers(mom=0.0)))
def test_without_momentum_it_is_gradient_descent(d):
    """With mom = 0, dampened or not, the weights are those of plain SGD."""
    wanted = by_sgd(d)
    assert_close(stepped(d, momentum_step, AverageGrad()), wanted, **CLOSE)
    assert_close(stepped(d, momentum_step, AverageGrad(dampening=True)), wanted, **CLOSE)


@law("momentum_step")
@few
@given(descents())
def test_momentum_reads_average_and_gradient_only(d):
    """Both are after the step what they were before."""
    twos = Gives(grad_avg=lambda p: torch.full_like(p.data, 2))
    spy, _ = called(d, momentum_step, twos)
    assert_same(spy.column("grad_avg"), [torch.full_like(p.data, 2) for p, _ in spy.calls])
    assert_leaves_gradients(d, momentum_step, twos)


@law("momentum_step")
@few
@given(descents())
def test_momentum_gives_back_the_parameter(d):
    """The parameter itself comes back, changed in place, as a leaf that wants a gradient."""
    assert_hands_on(d, momentum_step, AverageGrad())


class Kept(Stat):
    """A stat that counts, and makes its state from the first gradient."""

    def init_state(self, p):
        return {"count": 0, "first": p.grad.clone(), "weight": p.detach().clone()}

    def update(self, p, state, **hypers):
        state["count"] += 1
        return state


class Renewed(Stat):
    """A stat that gives back another dict than it was given."""

    _defaults = {"share": 0.5}

    def init_state(self, p):
        return {"total": 0.0}

    def update(self, p, state, *, share, **hypers):
        return {**state, "total": state["total"] + share * p.grad.sum().item()}


@law("StatefulOptimizer")
@few
@given(descents())
def test_state_makes_momentum(d):
    """With momentum_step and AverageGrad(), it is torch.optim.SGD with momentum.

    Hyperparameters change, and some parameters get their first gradient late, or skip a step.
    """
    wanted = by_sgd(d, momentum="mom")
    assert_close(stepped(d, momentum_step, AverageGrad()), wanted, **CLOSE)


@law("StatefulOptimizer")
@few
@given(descents())
def test_state_makes_adam(d):
    """With weight_decay, adam_step and three stats, it is torch.optim.AdamW."""
    wanted = by_adam(d, torch.optim.AdamW, "wd")
    assert_close(stepped(d, [weight_decay, adam_step], adam_stats()), wanted, **CLOSE)


@law("StatefulOptimizer")
@few
@given(descents())
@example(Descent(0, [[(1,), (1,)]], 3, [{"lr": 0.1}], [(1, 0), (1, 1)]))
def test_each_parameter_counts_its_own_steps(d):
    """A parameter's state is updated at its own steps alone, also where the first comes late."""
    wanted = [len(grads) for grads, _ in d.history()]
    assert_same(told(d, Kept(), lr=0.1).column("count"), wanted)


@law("StatefulOptimizer")
@few
@given(descents())
def test_state_is_made_when_the_first_gradient_is_there(d):
    """init_state sees the parameter at its first step: its gradient, and its weight by then."""
    groups, spy = d.params(), Spy()
    opt = StatefulOptimizer(groups, spy, Kept(), lr=0.1)
    for p in flat(groups):
        p.data.add_(1)
    now = {id(p): p.detach().clone() for p in flat(groups)}
    run(d, groups, opt)
    assert_close(spy.column("first"), [grads[0].float() for grads, _ in d.history()])
    assert_same(spy.column("weight"), [now[id(p)] for p, _ in spy.calls])


@law("StatefulOptimizer")
@few
@given(descents())
def test_a_stat_may_give_back_another_dict(d):
    """What `update` gives back is the state from then on, for steppers and for the next step."""
    wanted = [sum(0.25 * g.sum().item() for g in grads) for grads, _ in d.history()]
    found = told(d, [Kept(), Renewed()], lr=0.1, share=0.25)
    assert_close([number(o) for o in found.column("total")], wanted, **CLOSE)
    assert_same(found.column("count"), [len(grads) for grads, _ in d.history()])


@law("StatefulOptimizer")
@few
@given(descents(), st.integers(2, 4))
def test_stats_are_updated_before_the_steppers_and_in_their_order(d, count):
    """Each stat sees what those before it have left; the steppers see what all have left."""
    stats = [Trail(i) for i in range(count)]
    found = told(d, stats, lr=0.1).column("trail")
    assert_same(found, [list(range(count)) * len(grads) for grads, _ in d.history()])


class Trail(Stat):
    """A stat that adds its name to those that were there before."""

    def __init__(self, name):
        self.name = name

    def init_state(self, p):
        return {"trail": []}

    def update(self, p, state, **hypers):
        return {**state, "trail": [*state["trail"], self.name]}


@law("StatefulOptimizer")
@few
@given(descents())
def test_steppers_and_stats_are_given_the_hyperparameters_of_now(d):
    """A stat's `update` and a stepper get their group's values at that step by name."""
    heard, groups, spy = [], d.params(), Spy()
    run(d, groups, StatefulOptimizer(groups, spy, Hears(heard), **d.hypers_at(0)[0]))
    assert_same([[now["lr"], now["wd"]] for now in heard], parts(d, "lr", "wd"))
    assert_same(spy.entries("lr", "wd"), parts(d, "lr", "wd"))


class Hears(Stat):
    """A stat that keeps the hyperparameters of each update."""

    def __init__(self, heard):
        self.heard = heard

    def update(self, p, state, **hypers):
        self.heard.append(hypers)
        return state


@law("StatefulOptimizer")
@given(st.sampled_from([0.0, 0.25, 0.75]), st.integers(1, 3))
@example(0.0, 2)
def test_explicit_values_beat_the_defaults_of_stats_and_steppers(value, count):
    """hypers has what was given, then the `_defaults` of stats and steppers, a dict a group."""
    params, steppers = [[nn.Parameter(torch.ones(1))] for _ in range(count)], carrying(wd=0.5)
    opts = [
        StatefulOptimizer(params, steppers, Renewed(), lr=0.1),
        StatefulOptimizer(params, steppers, [Renewed()], lr=0.1, share=value),
        StatefulOptimizer(params, [steppers], Renewed(), lr=0.1, wd=value),
    ]
    opts[0].hypers[0]["share"] = 9.0
    rest = [{"lr": 0.1, "wd": 0.5, "share": 0.5}] * (count - 1)
    wanted = [
        [{"lr": 0.1, "wd": 0.5, "share": 9.0}, *rest],
        [{"lr": 0.1, "wd": 0.5, "share": value}] * count,
        [{"lr": 0.1, "wd": value, "share": 0.5}] * count,
    ]
    assert_same([[dict(hyper) for hyper in opt.hypers] for opt in opts], wanted)


@law("StatefulOptimizer")
@few
@given(descents())
def test_stats_may_be_missing(d):
    """Without stats it steps as an Optimizer does, one stepper or several."""
    wanted, groups, hyper = by_sgd(d, weight_decay="wd"), d.params(), d.hypers_at(0)[0]
    opt = StatefulOptimizer(groups, [weight_decay, sgd_step], **hyper)
    assert_close(run(d, groups, opt), wanted, **CLOSE)


@law("StatefulOptimizer")
@few
@given(st.lists(st.sampled_from([-1, 0, 0, 1]), min_size=1, max_size=5))
@example([0, -1, 0])
def test_steppers_with_state_are_called_by_their_order(orders):
    """Each stepper once, lowest `_order` first, ties as given."""
    heard, p = [], nn.Parameter(torch.ones(1))
    p.grad = torch.ones(1)
    steppers = [noting(heard, i, order) for i, order in enumerate(orders)]
    StatefulOptimizer([p], steppers, Kept(), lr=0.1).step()
    assert_same(heard, sorted(range(len(orders)), key=lambda i: orders[i]))


ADAMW = {"lr": 0.1, "wd": 0.1, "mom": 0.5, "sqr_mom": 0.5, "eps": 0.1}


def adamw(groups, d, **hyper):
    """Our AdamW over these parameters."""
    hyper = {**d.hypers_at(0)[0], **hyper}
    return StatefulOptimizer(groups, [weight_decay, adam_step], adam_stats(), **hyper)


def twins(groups):
    """Other parameters with the same values."""
    return [[nn.Parameter(p.detach().clone()) for p in group] for group in groups]


@law("StatefulOptimizer")
@few
@given(descents(min_steps=2), st.integers(0, 4))
@example(Descent(0, [[(1,)]], 3, [ADAMW], []), 1)
@example(Descent(0, [[(1,), (1,)]], 3, [ADAMW], [(0, 0), (0, 1)]), 1)
def test_a_saved_optimizer_goes_on_where_it_stopped(d, k):
    """After load_state_dict(state_dict()), both optimizers step as if there had been one.

    Some parameters have no state yet. Neither disturbs the other.
    """
    wanted, k = by_adam(d, torch.optim.AdamW, "wd"), min(k, d.steps)
    groups = d.params()
    opt = adamw(groups, d)
    run(d, groups, opt, stop=k)
    others = twins(groups)
    later = adamw(others, d)
    later.load_state_dict(opt.state_dict())
    assert_close(run(d, groups, opt, start=k), wanted[k:], **CLOSE)
    assert_close(run(d, others, later, start=k), wanted[k:], **CLOSE)


@law("StatefulOptimizer")
@few
@given(descents(min_steps=2), st.integers(1, 4))
def test_what_was_saved_is_of_the_moment_of_saving(d, k):
    """Steps after state_dict() change nothing in it."""
    wanted, k = by_adam(d, torch.optim.AdamW, "wd"), min(k, d.steps)
    groups = d.params()
    opt = adamw(groups, d)
    run(d, groups, opt, stop=k)
    others, saved = twins(groups), opt.state_dict()
    run(d, groups, opt, start=k)
    later = adamw(others, d)
    later.load_state_dict(saved)
    assert_close(run(d, others, later, start=k), wanted[k:], **CLOSE)


@law("StatefulOptimizer")
@few
@given(descents(min_steps=2, skips=False), st.integers(1, 4))
def test_a_checkpoint_goes_through_a_file(d, k):
    """A state dict that was written and read again serves, also for an optimizer in use."""
    wanted, k, file = by_adam(d, torch.optim.AdamW, "wd"), min(k, d.steps), io.BytesIO()
    groups, used = d.params(), d.params()
    opt, later = adamw(groups, d), adamw(used, d)
    run(d, groups, opt, stop=k)
    run(d, used, later, start=1)
    torch.save(opt.state_dict(), file)
    file.seek(0)
    later.load_state_dict(torch.load(file, weights_only=False))
    for p, q in zip(flat(used), flat(groups), strict=True):
        p.data.copy_(q.data)
    assert_close(run(d, used, later, start=k), wanted[k:], **CLOSE)


@law("StatefulOptimizer")
@few
@given(descents(), hypers)
def test_a_saved_optimizer_has_the_hyperparameters_of_each_group(d, others):
    """What a schedule has written by then is in the state dict, and is what later steps use."""
    d, groups = replace(d, steps=2, skips=[], changing=False), d.params()
    wanted = by_adam(d, torch.optim.AdamW, "wd")[1:]
    opt = adamw(groups, d)
    run(d, groups, opt, stop=1)
    twice = twins(groups)
    later = adamw(twice, d, **others)
    later.load_state_dict(opt.state_dict())
    opt.hypers[0]["lr"] = 9.0
    assert_same([dict(hyper) for hyper in later.hypers], d.hypers_at(0))
    assert_close(run(d, twice, later, start=1, write=False), wanted, **CLOSE)


@law("StatefulOptimizer")
@few
@given(descents())
def test_two_optimizers_share_no_state(d):
    """Two optimizers with the same Stat objects each keep states of their own."""
    wanted, stats, spies = [len(grads) for grads, _ in d.history()], [Kept()], [Spy(), Spy()]
    for spy in spies:
        groups = d.params()
        run(d, groups, StatefulOptimizer(groups, spy, stats, lr=0.1))
    assert_same([spy.column("count") for spy in spies], [wanted, wanted])
    again = [StatefulOptimizer(groups, spy, stats, lr=0.1) for spy in spies]
    run(d, groups, *again)
    assert_same([spy.column("count") for spy in spies], [wanted * 2, wanted * 2])


@law("StatefulOptimizer")
@few
@given(descents())
def test_it_is_an_optimizer_in_everything_else(d):
    """Generators and groups, grad_params, zero_grad and the error for no parameters."""
    groups = d.params()
    opt = StatefulOptimizer((p for p in flat(groups)), momentum_step, AverageGrad(), lr=0.1)
    put_grads(d, groups, 0)
    found = [id(p) for p, _ in opt.grad_params()]
    opt.zero_grad()
    left = [p.grad for p in flat(groups) if p.grad is not None and p.grad.any()]
    assert_same([ids(opt.param_groups), left], [[flat(ids(groups))], []])
    assert_same(found, [id(p) for p in replace(d, steps=1).owed(groups)])
    with assert_raises(Exception):
        StatefulOptimizer([], momentum_step, AverageGrad(), lr=0.1)


@law("lin_comb")
@given(shapes, st.integers(0, 99), moms)
@example((3,), 0, 0.9)
def test_a_combination_of_tensors_weighs_each(shape, seed, beta):
    """beta * v1 + (1 - beta) * v2, item by item."""
    source = torch.Generator().manual_seed(seed)
    v1, v2 = (torch.randn(shape, generator=source, dtype=torch.float64) for _ in range(2))
    wanted = beta * v1 + (1 - beta) * v2
    assert_close(lin_comb(v1, v2, beta), wanted)
    assert_close(lin_comb(v1.float(), v2.float(), beta), wanted.float(), **CLOSE)


@law("lin_comb")
@given(st.floats(-9, 9), st.floats(-9, 9), moms)
@example(1.0, 3.0, 0.75)
def test_a_combination_of_numbers_weighs_each(v1, v2, beta):
    """beta * v1 + (1 - beta) * v2 for plain numbers too."""
    assert_close(number(lin_comb(v1, v2, beta)), beta * v1 + (1 - beta) * v2)


@law("lin_comb")
@given(st.floats(-9, 9), st.floats(-9, 9), moms)
def test_a_combination_lies_between_the_two(v1, v2, beta):
    """It is v1 for beta = 1, v2 for beta = 0, and v for two times v."""
    found = [lin_comb(v1, v2, 1.0), lin_comb(v1, v2, 0.0), lin_comb(v1, v1, beta)]
    assert_close([number(o) for o in found], [v1, v2, v1])


@law("lin_comb")
@given(shapes, moms)
def test_a_combination_is_a_new_tensor(shape, beta):
    """Neither v1 nor v2 is changed, nor shared with what comes back."""
    v1, v2 = torch.ones(shape), torch.full(shape, 3.0)
    with unchanged(v1=v1, v2=v2):
        lin_comb(v1, v2, beta).add_(1)


@law("AverageGrad")
@few
@given(descents())
@example(Descent(0, [[(1,)]], 2, [{"mom": 0.5}], []))
def test_momentum_is_a_sum_of_the_gradients(d):
    """grad_avg = mom * grad_avg + grad at each step of a parameter; mom_damp is 1."""
    wanted = [weighted(gs, past, "mom", False).float() for gs, past in d.history()]
    spy = told(d, AverageGrad(), **d.hypers_at(0)[0])
    assert_close(spy.column("grad_avg"), wanted, **CLOSE)
    assert_close([number(o) for o in spy.column("mom_damp")], [1.0] * len(wanted))


@law("AverageGrad")
@few
@given(descents())
@example(Descent(0, [[(1,)]], 2, [{"mom": 0.75}], []))
def test_dampened_momentum_is_an_average_of_the_gradients(d):
    """grad_avg = mom * grad_avg + (1 - mom) * grad; mom_damp is 1 - mom, as mom is now."""
    wanted = [weighted(gs, past, "mom", True).float() for gs, past in d.history()]
    spy = told(d, AverageGrad(dampening=True), **d.hypers_at(0)[0])
    assert_close(spy.column("grad_avg"), wanted, **CLOSE)
    damps = [1 - past[-1]["mom"] for _, past in d.history()]
    assert_close([number(o) for o in spy.column("mom_damp")], damps)


@law("AverageGrad")
@few
@given(descents(hypers=st.just({})), st.booleans())
def test_momentum_is_0_9_unless_said_otherwise(d, dampening):
    """Without mom, it is 0.9, and the steppers are told so."""
    history = [(gs, [{"mom": 0.9}] * len(gs)) for gs, _ in d.history()]
    wanted = [weighted(gs, past, "mom", dampening).float() for gs, past in history]
    spy = told(d, AverageGrad(dampening=dampening))
    assert_close(spy.column("grad_avg"), wanted, **CLOSE)
    assert_close([number(o) for o in spy.column("mom")], [0.9] * len(wanted))


@law("AverageGrad")
@few
@given(descents(), st.booleans())
def test_the_average_begins_at_zero(d, dampening):
    """After the first gradient, grad_avg is mom_damp * grad; with mom = 0 it always is grad."""
    d0 = having(d, mom=0.0)
    wanted = [gs[-1].float() for gs, _ in d.history()]
    spy = told(d0, AverageGrad(dampening=dampening), **d0.hypers_at(0)[0])
    assert_close(spy.column("grad_avg"), wanted)


@law("AverageGrad")
@few
@given(descents(), st.booleans(), st.sampled_from([torch.float32, torch.float64]))
def test_the_average_is_like_its_parameter(d, dampening, dtype):
    """grad_avg has the shape and dtype of the parameter; the gradient is only read."""
    groups, spy = [[nn.Parameter(p.data.to(dtype)) for p in g] for g in d.params()], Spy()
    opt = StatefulOptimizer(groups, spy, AverageGrad(dampening=dampening), mom=0.5)
    before = [torch.ones_like(p) for p in flat(groups)]
    for p in flat(groups):
        p.grad = torch.ones_like(p)
    opt.step()
    wanted = [(0.5 if dampening else 1) * g for g in before]
    assert_close(spy.column("grad_avg"), wanted)
    assert_same([p.grad for p in flat(groups)], before)


@law("AverageSqrGrad")
@few
@given(descents())
@example(Descent(0, [[(1,)]], 2, [{"sqr_mom": 0.75, "mom": 0.5}], []))
def test_the_squares_are_averaged(d):
    """sqr_avg = sqr_mom * sqr_avg + (1 - sqr_mom) * grad**2; sqr_damp is 1 - sqr_mom, as now."""
    wanted = [squares(gs, past, True) for gs, past in d.history()]
    spy = told(d, AverageSqrGrad(), **d.hypers_at(0)[0])
    assert_close(spy.column("sqr_avg"), wanted, **CLOSE)
    damps = [1 - past[-1]["sqr_mom"] for _, past in d.history()]
    assert_close([number(o) for o in spy.column("sqr_damp")], damps)


def squares(grads, past, dampening):
    """The average or sum of the squared gradients, by its weights."""
    return weighted([g**2 for g in grads], past, "sqr_mom", dampening).float()


@law("AverageSqrGrad")
@few
@given(descents())
@example(Descent(0, [[(1,)]], 2, [{"sqr_mom": 0.5, "mom": 0.75}], []))
def test_undampened_squares_are_a_sum(d):
    """With dampening=False, sqr_avg = sqr_mom * sqr_avg + grad**2; sqr_damp is 1."""
    wanted = [squares(gs, past, False) for gs, past in d.history()]
    spy = told(d, AverageSqrGrad(dampening=False), **d.hypers_at(0)[0])
    assert_close(spy.column("sqr_avg"), wanted, **CLOSE)
    assert_close([number(o) for o in spy.column("sqr_damp")], [1.0] * len(wanted))


@law("AverageSqrGrad")
@few
@given(descents(hypers=st.just({})), st.booleans())
def test_sqr_mom_is_0_99_unless_said_otherwise(d, dampening):
    """Without sqr_mom, it is 0.99, and the steppers are told so."""
    history = [(gs, [{"sqr_mom": 0.99}] * len(gs)) for gs, _ in d.history()]
    wanted = [squares(gs, past, dampening) for gs, past in history]
    spy = told(d, AverageSqrGrad(dampening=dampening))
    assert_close(spy.column("sqr_avg"), wanted, **CLOSE)
    assert_close([number(o) for o in spy.column("sqr_mom")], [0.99] * len(wanted))


@law("AverageSqrGrad")
@few
@given(descents())
def test_both_averages_stand_side_by_side(d):
    """Beside AverageGrad each has its own momentum and entries, in either order."""
    wanted = [
        [weighted(gs, past, "mom", True).float(), squares(gs, past, True)]
        for gs, past in d.history()
    ]
    for stats in ([AverageGrad(True), AverageSqrGrad()], [AverageSqrGrad(), AverageGrad(True)]):
        spy = told(d, stats, **d.hypers_at(0)[0])
        assert_close(spy.entries("grad_avg", "sqr_avg"), wanted, **CLOSE)


@law("AverageSqrGrad")
@few
@given(descents(), st.booleans(), st.sampled_from([torch.float32, torch.float64]))
def test_the_average_of_squares_is_like_its_parameter(d, dampening, dtype):
    """sqr_avg has the shape and dtype of the parameter; the gradient is only read."""
    groups, spy = [[nn.Parameter(p.data.to(dtype)) for p in g] for g in d.params()], Spy()
    opt = StatefulOptimizer(groups, spy, AverageSqrGrad(dampening=dampening), sqr_mom=0.5)
    before = [torch.full_like(p, -2) for p in flat(groups)]
    for p in flat(groups):
        p.grad = torch.full_like(p, -2)
    opt.step()
    wanted = [(0.5 if dampening else 1) * g**2 for g in before]
    assert_close(spy.column("sqr_avg"), wanted)
    assert_same([p.grad for p in flat(groups)], before)


@law("StepCount")
@few
@given(descents())
@example(Descent(0, [[(1,), (1,)]], 2, [{}], [(1, 0)]))
def test_the_first_step_of_a_parameter_is_1(d):
    """step is 1 at a parameter's first step, 2 at its second, whenever these come."""
    wanted = [float(len(grads)) for grads, _ in d.history()]
    spy = told(d, StepCount(), **d.hypers_at(0)[0])
    assert_same([number(o) for o in spy.column("step")], wanted)


@law("StepCount")
@few
@given(st.integers(1, 30), groupings)
def test_steps_are_counted_on_and_on(count, groups):
    """After n steps it is n, for every parameter."""
    d = Descent(0, groups, count, [{}], [])
    found = [number(o) for o in told(d, StepCount()).column("step")]
    each = len(flat(groups))
    assert_same(found, [float(t + 1) for t in range(count) for _ in range(each)])


@law("StepCount")
@few
@given(descents())
def test_a_gradient_of_zeros_is_a_step_too(d):
    """The count does not depend on the gradient or on any hyperparameter."""
    groups, spy = d.params(), Spy()
    opt = StatefulOptimizer(groups, spy, StepCount())
    for p in flat(groups):
        p.grad = torch.zeros_like(p)
    for _ in range(d.steps):
        opt.step()
    found = [number(o) for o in spy.column("step")]
    assert_same(found, [float(t + 1) for t in range(d.steps) for _ in flat(groups)])


@law("StepCount")
@few
@given(descents())
def test_one_count_serves_several_optimizers(d):
    """The same StepCount object in another optimizer begins at 1 again."""
    stat = StepCount()
    found = [[number(o) for o in told(d, stat).column("step")] for _ in range(2)]
    assert_same(found, [[float(len(grads)) for grads, _ in d.history()]] * 2)


@law("StepCount")
@few
@given(descents())
def test_the_count_leaves_other_entries_alone(d):
    """Beside an average, in either order, both are what they are alone."""
    wanted = [weighted(gs, past, "mom", False).float() for gs, past in d.history()]
    for stats in ([StepCount(), AverageGrad()], [AverageGrad(), StepCount()]):
        spy = told(d, stats, **d.hypers_at(0)[0])
        assert_close(spy.column("grad_avg"), wanted, **CLOSE)
        assert_same(
            [number(o) for o in spy.column("step")], [float(len(g)) for g, _ in d.history()]
        )


@law("debias")
@given(moms, st.booleans(), steps)
@example(0.5, True, 2)
@example(0.9, False, 1)
def test_debias_is_the_sum_of_the_weights(mom, dampened, step):
    """damp * (1 + mom + mom**2 + ... + mom**(step - 1))."""
    damp = 1 - mom if dampened else 1.0
    wanted = damp * sum(mom**i for i in range(step))
    assert_close(number(debias(mom, damp, step)), wanted)


@law("debias")
@given(moms, st.integers(1, 40).map(lambda n: n / 20), steps)
def test_debias_grows_in_proportion_to_damp(mom, damp, step):
    """damp * (1 - mom**step) / (1 - mom), for any damp."""
    assert_close(number(debias(mom, damp, step)), damp * (1 - mom**step) / (1 - mom))


@law("debias")
@given(moms, st.booleans(), st.integers(1, 20), st.floats(0.5, 9))
def test_a_debiased_average_of_a_constant_is_that_constant(mom, dampened, count, value):
    """average[t] / debias(mom, damp, t) is the constant at every step from the first on."""
    damp, average, found = 1 - mom if dampened else 1.0, 0.0, []
    for step in range(1, count + 1):
        average = mom * average + damp * value
        found.append(average / number(debias(mom, damp, step)))
    assert_close(found, [value] * count)


@law("debias")
@given(moms, st.booleans(), steps)
def test_at_the_first_step_debias_is_damp(mom, dampened, step):
    """With step = 1 there is one weight, damp; without momentum it is the only one for ever."""
    damp = 1 - mom if dampened else 1.0
    found = [debias(mom, damp, 1), debias(0.0, 1.0, step)]
    assert_close([number(o) for o in found], [damp, 1.0])


@law("adam_step")
@few
@given(descents())
@example(Descent(0, [[(1,)]], 1, [{"lr": 0.5, "mom": 0.5, "sqr_mom": 0.5, "eps": 1.0}], []))
def test_adam_is_that_of_torch(d):
    """The weights after each step are those of torch.optim.Adam, with eps from 0.01 to 1."""
    wanted = by_adam(d)
    assert_close(stepped(d, adam_step, adam_stats()), wanted, **CLOSE)


@law("adam_step")
@few
@given(descents())
def test_adam_after_decay_is_adamw_of_torch(d):
    """[weight_decay, adam_step] is torch.optim.AdamW: the step itself does not know wd."""
    wanted = by_adam(d, torch.optim.AdamW, "wd")
    assert_close(stepped(d, [weight_decay, adam_step], adam_stats()), wanted, **CLOSE)


@law("adam_step")
@few
@given(descents(max_hypers=1), st.booleans(), st.booleans())
@example(
    Descent(0, [[(1,)]], 2, [{"lr": 0.1, "mom": 0.5, "sqr_mom": 0.5, "eps": 1.0}], []), False, False
)
def test_dampening_makes_no_difference_to_adam(d, dampening, sqr_dampening):
    """Debiased, the averages are the same whether they are kept with dampening or without."""
    wanted = by_adam(d)
    assert_close(stepped(d, adam_step, adam_stats(dampening, sqr_dampening)), wanted, **CLOSE)


@law("adam_step")
@few
@given(descents(hypers=with_hypers(eps=0.0)), st.sampled_from([0.125, 8.0]))
def test_without_eps_adam_does_not_see_how_large_gradients_are(d, factor):
    """With eps = 0, all gradients times a factor give the same steps."""
    wanted, larger = by_adam(d), replace(d, slope=factor)
    assert_close(stepped(larger, adam_step, adam_stats()), wanted, **CLOSE)


@law("adam_step")
@few
@given(descents())
def test_adam_has_an_eps_of_its_own(d):
    """Without eps, it is so small that the steps are nearly those of eps = 0."""
    wanted = by_adam(d, eps=0.0)
    given_none = without(d, "eps")
    assert_close(stepped(given_none, adam_step, adam_stats()), wanted, rtol=1e-2, atol=1e-2)


@law("adam_step")
@few
@given(descents())
def test_gradients_of_zero_do_not_move_adam(d):
    """Where all gradients were 0, the weights stay, and are no nan."""
    still = replace(d, slopes=0.0)
    assert_same(stepped(still, adam_step, adam_stats()), [copies(d.params())] * d.steps)


@law("adam_step")
@few
@given(descents())
def test_adam_reads_averages_and_gradient_only(d):
    """grad_avg, sqr_avg and the gradient are after the step what they were before."""
    ones, fours = ((lambda p, n=n: torch.full_like(p.data, n)) for n in (1.0, 4.0))
    given_all = Gives(grad_avg=ones, sqr_avg=fours, mom_damp=no, sqr_damp=no, step=no)
    spy, _ = called(d, adam_step, given_all)
    assert_same(spy.column("grad_avg"), [torch.ones_like(p.data) for p, _ in spy.calls])
    assert_same(spy.column("sqr_avg"), [torch.full_like(p.data, 4) for p, _ in spy.calls])
    assert_leaves_gradients(d, adam_step, given_all)


def no(p):
    """The entry of a first undampened step: 1."""
    return 1


@law("adam_step")
@few
@given(descents())
def test_adam_gives_back_the_parameter(d):
    """The parameter itself comes back, changed in place, as a leaf that wants a gradient."""
    assert_hands_on(d, adam_step, adam_stats())


sizes = st.sampled_from([1.0, 0.1, 30.0])


@law("lamb_step")
@few
@given(descents(size=sizes))
def test_lamb_is_that_of_the_paper(d):
    """p - lr * ratio * (m / (sqrt(v) + eps) + wd * p), computed in double precision.

    The ratio is |p| over the norm of what stands in brackets, at most 10.
    """
    wanted = by_lamb(d)
    assert_close(stepped(d, lamb_step, adam_stats()), wanted, **CLOSE)


@law("lamb_step")
@few
@given(descents(max_hypers=1), st.booleans(), st.booleans())
def test_dampening_makes_no_difference_to_lamb(d, dampening, sqr_dampening):
    """Debiased, the averages are the same whether they are kept with dampening or without."""
    wanted = by_lamb(d)
    assert_close(stepped(d, lamb_step, adam_stats(dampening, sqr_dampening)), wanted, **CLOSE)


@law("lamb_step")
@few
@given(descents(size=st.just(100.0), hypers=with_hypers(wd=0.0, lr=0.1)))
def test_the_ratio_is_at_most_10(d):
    """Of a very large weight without decay, a step is 10 times that of Adam."""
    d = replace(d, steps=1, skips=[])
    wanted = by_adam(having(d, lr=1.0))
    assert_close(stepped(d, lamb_step, adam_stats()), wanted, **CLOSE)


@law("lamb_step")
@few
@given(descents(size=st.just(0.0)))
def test_a_weight_of_zero_can_leave_zero(d):
    """Where |p| is 0 the ratio is 1: the first step is that of Adam. The lecture's code stays."""
    d = replace(d, steps=1, skips=[])
    wanted = by_adam(d)
    assert_close(stepped(d, lamb_step, adam_stats()), wanted, **CLOSE)


@law("lamb_step")
@few
@given(descents(size=st.sampled_from([0.0, 1.0])))
def test_a_direction_of_zero_is_no_step(d):
    """With gradients of 0 and no decay the weights stay, and are no nan."""
    still = replace(having(d, wd=0.0), slopes=0.0)
    assert_same(stepped(still, lamb_step, adam_stats()), [copies(d.params())] * d.steps)


@law("lamb_step")
@few
@given(descents(hypers=with_hypers(eps=0.01), size=st.just(0.5)))
def test_the_length_of_a_step_is_a_share_of_the_weight(d):
    """Where the ratio is below 10, each parameter moves by lr times its own norm."""
    d = replace(d, steps=1, skips=[])
    rates = [now["lr"] for g, now in zip(d.groups, d.hypers_at(0), strict=True) for _ in g]
    before, pasts = copies(d.params()), list(d.history())
    directions = [
        adam_direction(*o) + o[1][-1]["wd"] * p for o, p in zip(pasts, before, strict=True)
    ]
    assume(all(p.norm() < 9 * o.norm() for p, o in zip(before, directions, strict=True)))
    wanted = [rate * p.norm().item() for rate, p in zip(rates, before, strict=True)]
    after = stepped(d, lamb_step, adam_stats())[0]
    moved = [(a - b).norm().item() for a, b in zip(after, before, strict=True)]
    assert_close(moved, wanted, **CLOSE)


@law("lamb_step")
@few
@given(descents())
def test_lamb_has_an_eps_and_a_wd_of_its_own(d):
    """Without them, the steps are nearly those of eps = 0 and wd = 0."""
    wanted = by_lamb(having(d, eps=1e-7, wd=0.0))
    given_none = without(d, "eps", "wd")
    assert_close(stepped(given_none, lamb_step, adam_stats()), wanted, rtol=1e-2, atol=1e-2)


@law("lamb_step")
@few
@given(descents())
def test_lamb_reads_averages_and_gradient_only(d):
    """grad_avg, sqr_avg and the gradient are after the step what they were before."""
    ones, fours = ((lambda p, n=n: torch.full_like(p.data, n)) for n in (1.0, 4.0))
    given_all = Gives(grad_avg=ones, sqr_avg=fours, mom_damp=no, sqr_damp=no, step=no)
    spy, _ = called(d, lamb_step, given_all)
    assert_same(spy.column("grad_avg"), [torch.ones_like(p.data) for p, _ in spy.calls])
    assert_same(spy.column("sqr_avg"), [torch.full_like(p.data, 4) for p, _ in spy.calls])
    assert_leaves_gradients(d, lamb_step, given_all)


@law("lamb_step")
@few
@given(descents())
def test_lamb_gives_back_the_parameter(d):
    """The parameter itself comes back, changed in place, as a leaf that wants a gradient."""
    assert_hands_on(d, lamb_step, adam_stats())


def made(d, opt_func):
    """The weights after each step by an optimizer that is made with lr and wd."""
    groups, first = d.params(), d.hypers_at(0)[0]
    return run(d, groups, opt_func(groups, lr=first["lr"], wd=first["wd"]))


def constant(d, opt_func, *more):
    """The same with `more` values, for a generator of parameters; `hypers` is left as it is."""
    params, first = flat(d.params()), d.hypers_at(0)[0]
    named = {key: first[key] for key in ("lr", "wd", *more)}
    opt = opt_func((p for p in params), **named)
    return run(d, [params], opt, write=False)


def one_group(d):
    """The same descent with all parameters in one group, and the same hyperparameters always."""
    return replace(d, groups=[flat(d.groups)], hypers=d.hypers[:1])


def side_by_side(d, opt_func):
    """The weights by each of two optimizers that step in turn over parameters of their own."""
    both = [d.params(), d.params()]
    opts = [opt_func(groups, **{k: d.hypers_at(0)[0][k] for k in ("lr", "wd")}) for groups in both]
    found = [[], []]
    for t in range(d.steps):
        for rows, groups, opt in zip(found, both, opts, strict=True):
            rows += run(d, groups, opt, start=t, stop=t + 1)
    return found


@law("sgd_opt")
@few
@given(descents())
def test_sgd_opt_is_sgd_of_torch(d):
    """sgd_opt(groups, lr=..., wd=...) is torch.optim.SGD with its weight_decay, schedules too."""
    wanted = by_sgd(d, weight_decay="wd")
    assert_close(made(d, sgd_opt), wanted, **CLOSE)


@law("sgd_opt")
@few
@given(descents())
def test_sgd_opt_takes_what_a_model_gives(d):
    """A generator of parameters is one group; the values that are given are used."""
    d = one_group(d)
    wanted = by_sgd(d, weight_decay="wd")
    assert_close(constant(d, sgd_opt), wanted, **CLOSE)


@law("sgd_opt")
@few
@given(descents(hypers=with_hypers(wd=0.0)))
def test_sgd_opt_without_decay_is_plain(d):
    """With wd = 0 it is plain gradient descent: no momentum is in it."""
    wanted = by_sgd(d)
    assert_close(made(d, sgd_opt), wanted, **CLOSE)


@law("sgd_opt")
@few
@given(descents(size=st.just(30.0)))
def test_sgd_opt_decays_only_what_it_steps(d):
    """A parameter without a gradient stays as it is."""
    groups, before = d.params(), copies(d.params())
    opt = sgd_opt(groups, lr=0.1, wd=0.5)
    put_grads(replace(d, skips=[(0, 0)]), groups, 0)
    opt.step()
    assert_same(copies(groups)[0], before[0])


@law("sgd_mom_opt")
@few
@given(descents())
def test_sgd_mom_opt_is_momentum_with_decay(d):
    """Momentum as torch.optim.SGD has it, undampened; the weight decays before or after it."""
    one = by_sgd(d, momentum="mom", decay=True)
    other = by_sgd(d, momentum="mom", decay_after=True)
    found = made(d, sgd_mom_opt)
    assert_close(found, nearer(found, one, other), **CLOSE)


@law("sgd_mom_opt")
@few
@given(descents(hypers=with_hypers(wd=0.0)))
def test_sgd_mom_opt_takes_what_a_model_gives(d):
    """A generator of parameters is one group; the momentum is 0.9 unless said otherwise."""
    d = one_group(d)
    wanted, given_too = by_sgd(d, momentum=0.9), by_sgd(d, momentum="mom")
    assert_close(constant(d, sgd_mom_opt), wanted, **CLOSE)
    assert_close(constant(d, sgd_mom_opt, "mom"), given_too, **CLOSE)


@law("sgd_mom_opt")
@few
@given(descents(hypers=with_hypers(wd=0.0, mom=0.0)))
def test_sgd_mom_opt_without_momentum_is_plain(d):
    """With mom = 0 and wd = 0 it is plain gradient descent."""
    wanted = by_sgd(d)
    assert_close(made(d, sgd_mom_opt), wanted, **CLOSE)


@law("sgd_mom_opt")
@few
@given(descents(hypers=with_hypers(wd=0.0)))
def test_two_of_sgd_mom_opt_do_not_meet(d):
    """Two optimizers that it made step in turn, each as if it were alone."""
    wanted = by_sgd(d, momentum="mom")
    assert_close(side_by_side(d, sgd_mom_opt), [wanted, wanted], **CLOSE)


@law("adam_opt")
@few
@given(descents())
def test_adam_opt_is_adamw_of_torch(d):
    """adam_opt(groups, lr=..., wd=...) is torch.optim.AdamW, schedules of all values too."""
    wanted = by_adam(d, torch.optim.AdamW, "wd")
    assert_close(made(d, adam_opt), wanted, **CLOSE)


@law("adam_opt")
@few
@given(descents())
def test_adam_opt_takes_what_a_model_gives(d):
    """A generator of parameters is one group; momenta are 0.9 and 0.99 unless said otherwise."""
    d = one_group(d)
    common = {"kind": torch.optim.AdamW, "weight_decay": "wd"}
    wanted, given_too = by_adam(d, betas=(0.9, 0.99), **common), by_adam(d, **common)
    assert_close(constant(d, adam_opt, "eps"), wanted, **CLOSE)
    assert_close(constant(d, adam_opt, "mom", "sqr_mom", "eps"), given_too, **CLOSE)


@law("adam_opt")
@few
@given(descents())
def test_adam_opt_has_an_eps_of_its_own(d):
    """Without eps, it is so small that the steps are nearly those of eps = 0."""
    d = one_group(d)
    wanted = by_adam(d, torch.optim.AdamW, "wd", betas=(0.9, 0.99), eps=0.0)
    assert_close(constant(d, adam_opt), wanted, rtol=1e-2, atol=1e-2)


@law("adam_opt")
@few
@given(descents())
def test_two_of_adam_opt_do_not_meet(d):
    """Two optimizers that it made step in turn, each as if it were alone."""
    wanted = by_adam(d, torch.optim.AdamW, "wd")
    assert_close(side_by_side(d, adam_opt), [wanted, wanted], **CLOSE)


@law("lamb_opt")
@few
@given(descents(size=sizes))
def test_lamb_opt_is_that_of_the_paper(d):
    """lamb_opt(groups, lr=..., wd=...) is LAMB: its decay is a part of the step and not beside."""
    wanted = by_lamb(d)
    assert_close(made(d, lamb_opt), wanted, **CLOSE)


@law("lamb_opt")
@few
@given(descents())
def test_lamb_opt_takes_what_a_model_gives(d):
    """A generator of parameters is one group; momenta are 0.9 and 0.99 unless said otherwise."""
    d = one_group(d)
    wanted, given_too = by_lamb(having(d, mom=0.9, sqr_mom=0.99)), by_lamb(d)
    assert_close(constant(d, lamb_opt, "eps"), wanted, **CLOSE)
    assert_close(constant(d, lamb_opt, "mom", "sqr_mom", "eps"), given_too, **CLOSE)


@law("lamb_opt")
@few
@given(descents())
def test_lamb_opt_has_an_eps_of_its_own(d):
    """Without eps, it is so small that the steps are nearly those of eps = 0."""
    d = one_group(d)
    wanted = by_lamb(having(d, mom=0.9, sqr_mom=0.99, eps=1e-7))
    assert_close(constant(d, lamb_opt), wanted, rtol=1e-2, atol=1e-2)


@law("lamb_opt")
@few
@given(descents())
def test_two_of_lamb_opt_do_not_meet(d):
    """Two optimizers that it made step in turn, each as if it were alone."""
    wanted = by_lamb(d)
    assert_close(side_by_side(d, lamb_opt), [wanted, wanted], **CLOSE)
