"""The laws of optimizers."""

import io
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from itertools import chain

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn, tensor

from checks.laws import assert_close, assert_raises, assert_same, assert_that, law, unchanged
from checks.words import descents as words
from checks.words.descents import CLOSE, Descent, Spy, descents, flat, stepped
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
dtypes = st.sampled_from([torch.float32, torch.float64, torch.float16])
lrs, wds = (st.just(0.0) | found for found in (words.rates, words.decays))


@law(
    "maybe_update",
    "to `dest`, in place, the entries of `f(o)` that `dest` lacks.",
    "The first `o` that has a key",
)
@given(st.lists(words.entries, max_size=4), words.entries)
@example([{"lr": 1, "wd": 2}, {"wd": 3}], {"lr": 0})
def test_the_first_to_bring_a_key_wins(found, dest):
    """dest has its own value of a key, or else that of the first f(o) with the key."""
    mine, wanted = dict(dest), dict(dest)
    for key in chain(*found):
        wanted.setdefault(key, next(o[key] for o in found if key in o))
    maybe_update(range(len(found)), mine, lambda i: dict(found[i]))
    assert_same(mine, wanted)


@law("maybe_update", "An entry that's already in `dest` stays, even None or 0.")
@given(words.names, words.falsy, st.integers(1, 9))
@example("wd", 0.0, 1)
def test_a_value_that_counts_as_false_is_a_value(key, value, other):
    """A key that dest has with None, 0 or False is not overwritten, nor is the first f(o)'s."""
    dest, empty = {key: value}, {}
    maybe_update([{key: other}], dest, lambda o: o)
    maybe_update([{key: value}, {key: other}], empty, lambda o: o)
    assert_same([dest, empty], [{key: value}, {key: value}])


@law("maybe_update", "`os` may be a generator")
@given(st.lists(words.entries, max_size=4))
def test_the_objects_may_come_from_a_generator(found):
    """A generator does the same as a list, and an empty list changes nothing."""
    from_list, from_generator, same = {}, {}, {"lr": 1}
    maybe_update(list(found), from_list, lambda o: o)
    maybe_update((o for o in found), from_generator, lambda o: o)
    maybe_update([], same, lambda o: {"wd": 1})
    assert_same([from_generator, same], [from_list, {"lr": 1}])


@law("maybe_update", "The dicts that `f` returns are left unchanged")
@given(st.lists(words.entries, min_size=1, max_size=4))
@example([{"lr": 1}, {"lr": 2, "wd": 3}])
def test_the_dicts_of_f_stay_the_same(found):
    """Only dest changes, and a later entry of dest goes into none of them."""
    dest = {"lr": 5}
    with unchanged(found=found):
        maybe_update(found, dest, lambda o: o)
        dest["later"] = 1


@law(
    "Optimizer",
    "parameters with steppers, using hyperparameters for each group of",
    "Call compose(p, steppers, **hyper) for each of these pairs,",
)
@few
@given(descents())
def test_every_parameter_steps_with_the_values_of_its_group(d):
    """With sgd_step, the weights after each step are those of torch.optim.SGD.

    Hyperparameters are those that `hypers` holds at that step; without a gradient there is none.
    """
    assert_close(stepped(d, Optimizer, sgd_step), words.by_sgd(d), **CLOSE)


@law(
    "Optimizer", "params an iterable of parameters, which are one group, or a list of lists of them"
)
@given(words.groupings, st.sampled_from([list, tuple, iter, lambda ps: (p for p in ps)]))
@example([[(1,), (3,)]], iter)
def test_parameters_come_from_any_iterable(groups, as_iterable):
    """A list, a tuple or a generator of parameters or other tensors is one group, in order."""
    plain = [torch.ones(shape) for shape in chain(*groups)]
    for params in (plain, [nn.Parameter(p) for p in plain]):
        opt = Optimizer(as_iterable(params), sgd_step, lr=0.1)
        assert_same([words.ids(opt.param_groups), len(opt.hypers)], [words.ids([params]), 1])


@law("Optimizer", "param_groups a list of lists of parameters")
@given(words.groupings)
@example([[(1,)], [(3,), (1,)]])
def test_a_list_of_lists_is_a_list_of_groups(shapes):
    """param_groups holds the parameters by group, in lists; hypers has a dict for each."""
    groups = [[nn.Parameter(torch.ones(shape)) for shape in group] for group in shapes]
    opt = Optimizer([list(group) for group in groups], sgd_step, lr=0.1)
    kinds = [type(opt.param_groups), *map(type, opt.param_groups), type(opt.hypers)]
    assert_that(set(kinds) == {list}, f"got {kinds}, wanted lists", kinds, [list] * len(kinds))
    wanted = [words.ids(groups), [{"lr": 0.1}] * len(groups)]
    assert_same([words.ids(opt.param_groups), hypers_of(opt)], wanted)


def hypers_of(opt):
    """The hyperparameters of each group, as plain dicts."""
    return [dict(hyper) for hyper in opt.hypers]


@law("Optimizer", "Raises ValueError if `params` is empty")
@given(st.sampled_from([list, tuple, iter, lambda ps: (p for p in ps)]))
def test_no_parameters_are_an_error(as_iterable):
    """Optimizer([], ...) raises ValueError at once, and so does an empty generator."""
    Optimizer(as_iterable([nn.Parameter(torch.ones(1))]), sgd_step, lr=0.1)
    with assert_raises(ValueError):
        Optimizer(as_iterable([]), sgd_step, lr=0.1)


@law("Optimizer", "steppers one stepper or several")
@few
@given(descents())
def test_one_stepper_or_several_are_called(d):
    """A bare stepper, a list of one and a tuple of two are all called, each once a step."""
    spies = [Spy(), Spy()]
    for steppers in (spies[0], [spies[0]], tuple(spies)):
        stepped(d, Optimizer, steppers)
    calls = len(d.counts())
    assert_same([len(spy.calls) for spy in spies], [3 * calls, calls])


@law("Optimizer", "Call compose(p, steppers, **hyper)")
@few
@given(st.lists(st.sampled_from([-1, 0, None, 1]), min_size=1, max_size=5))
@example([None, -1, 0])
def test_steppers_are_called_by_their_order(orders):
    """Lowest `_order` first, 0 where there is none, ties as they were passed: as `compose` does."""
    heard, p = [], words.parameter(torch.ones(1), torch.ones(1))
    steppers = [words.noting(heard, i, order) for i, order in enumerate(orders)]
    Optimizer([p], steppers, lr=0.1).step()
    assert_same(heard, sorted(range(len(orders)), key=lambda i: orders[i] or 0))


@law(
    "Optimizer",
    "compose(p, steppers, **hyper)",
    "Call compose(p, steppers, **hyper) for each of these pairs, with the current",
)
@few
@given(descents())
def test_a_stepper_gets_the_hyperparameters_of_now_by_name(d):
    """Each call has the values of the parameter's group at that step, as keyword arguments."""
    spy = Spy()
    stepped(d, Optimizer, spy)
    assert_same(spy.table("lr", "wd", "mom"), d.values("lr", "wd", "mom"))


@law(
    "Optimizer",
    "for each of these pairs,",
    "hypers a list of one dict for each group",
)
@few
@given(words.groupings, st.booleans())
@example([[(1,)], [(1,)]], True)
def test_hypers_may_be_replaced(shapes, whole):
    """Another dict for a group, or another list of dicts, holds from the next step on."""
    groups, spy = [[torch.ones(o) for o in group] for group in shapes], Spy()
    opt = Optimizer(groups, spy, lr=0.5)
    for p in flat(groups):
        p.grad = torch.ones_like(p)
    opt.grad_params()
    now = [{"lr": 1.0 + i} for i in range(len(groups))]
    opt.hypers = now if whole else opt.hypers
    opt.hypers[:] = now
    opt.step()
    wanted = [hyper["lr"] for hyper, ps in zip(now, groups, strict=True) for _ in ps]
    assert_same(spy.column("lr"), wanted)
    assert_same([hyper["lr"] for _, hyper in opt.grad_params()], wanted)


@law("Optimizer", "they win over the `_defaults` of the steppers")
@given(words.entries, st.lists(words.entries, max_size=3))
@example({"wd": 0.0}, [{"wd": 0.1, "mom": 0.9}, {"mom": 0.5}])
def test_explicit_values_beat_defaults(explicit, defaults):
    """hypers: the values that are passed, then the `_defaults` of the steppers in turn."""
    wanted = dict(explicit)
    for key in chain(*defaults):
        wanted.setdefault(key, next(o[key] for o in defaults if key in o))
    steppers = [Spy(), *(Spy(**o) for o in defaults), words.noting([], "no defaults")]
    opt = Optimizer([torch.ones(1)], steppers, **explicit)
    assert_same(hypers_of(opt), [wanted])


@law("Optimizer", "hypers a list of one dict for each group, independent of all others")
@given(st.integers(2, 4), st.integers(0, 3))
def test_each_group_has_a_dict_of_its_own(count, i):
    """A value that is set for one group changes no other group, optimizer or `_defaults`."""
    stepper, params, i = Spy(wd=0.0), [[torch.ones(1)] for _ in range(count)], i % count
    opt, other = (Optimizer(params, stepper, lr=0.1) for _ in range(2))
    opt.hypers[i].update(lr=0.5, wd=0.5)
    wanted = [{"lr": 0.1, "wd": 0.0} for _ in range(count)]
    assert_same([hypers_of(other), stepper._defaults], [wanted, {"wd": 0.0}])
    wanted[i] = {"lr": 0.5, "wd": 0.5}
    assert_same(hypers_of(opt), wanted)


@law(
    "Optimizer",
    "List the pairs (p, hypers of its group) of all parameters with a gradient, in order",
)
@few
@given(descents())
def test_grad_params_lists_parameters_with_their_hypers(d):
    """[(p, hypers of its group), ...] for every p whose gradient is not None."""
    groups = d.params()
    opt = Optimizer(groups, sgd_step, lr=0.1)
    words.put_hypers(d, opt, 0)
    words.put_grads(d, groups, 0)
    every = [(p, now) for ps, now in zip(groups, d.hypers_at(0), strict=True) for p in ps]
    wanted = [(id(p), {"lr": 0.1, **now}) for p, now in every if p.grad is not None]
    found = opt.grad_params()
    assert_that(type(found) is list, f"got a {type(found).__name__}, wanted a list", found, wanted)
    assert_same([(id(p), dict(hyper)) for p, hyper in found], wanted)


@law("Optimizer", "of all parameters with a gradient")
@few
@given(descents())
@example(Descent(0, [[(1,), (1,)]], 1, [{"lr": 0.1, "wd": 0.5}], [(0, 0)]))
def test_parameters_without_a_gradient_are_skipped(d):
    """No stepper is called with them, so weight decay leaves them too; all others are called."""
    groups, spy = d.params(), Spy()
    words.run(d, groups, Optimizer(groups, [weight_decay, spy], **d.hypers_at(0)[0]))
    assert_same(Counter(id(p) for p, _ in spy.calls), Counter(id(p) for p in d.owed(groups)))


@law("Optimizer", "A gradient of zeros is a gradient")
@few
@given(descents(slope=st.just(0.0)))
def test_a_gradient_of_zeros_is_a_gradient(d):
    """With weight decay and gradients of 0, the weights are those of torch.optim.SGD."""
    found = stepped(d, Optimizer, [weight_decay, sgd_step])
    assert_close(found, words.by_sgd(d, weight_decay="wd"), **CLOSE)


@law("Optimizer", "Make every gradient None or zeros.")
@few
@given(descents())
def test_gradients_start_from_zero_after_zero_grad(d):
    """After zero_grad() gradients are None or 0, and the next backward pass starts from there."""
    groups = d.params()
    opt, before = Optimizer(groups, sgd_step, lr=0.1), words.copies(groups)
    words.put_grads(d, groups, 0)
    opt.zero_grad()
    left = [p.grad for p in flat(groups) if p.grad is not None]
    assert_same(left, [torch.zeros_like(grad) for grad in left])
    sum(3 * p.sum() for p in flat(groups)).backward()
    assert_same([p.grad for p in flat(groups)], [torch.full_like(p, 3) for p in before])
    assert_same(words.copies(groups), before)


@law("Optimizer", "Make every gradient None or zeros.")
@few
@given(
    words.groupings,
    st.sampled_from([float("nan"), float("inf"), -float("inf"), 1e30]),
    st.sampled_from([torch.float32, torch.float64]),
)
@example([[(1,)]], 1e30, torch.float64)
def test_a_gradient_that_is_not_finite_goes_too(shapes, value, dtype):
    """After zero_grad() a gradient of nan or infinity is None or 0, of the parameter's dtype."""
    groups = [[torch.ones(o, dtype=dtype) for o in group] for group in shapes]
    for p in flat(groups):
        p.grad = torch.full_like(p, value)
    Optimizer(groups, sgd_step, lr=0.1).zero_grad()
    left = [p for p in flat(groups) if p.grad is not None]
    assert_same([p.grad for p in left], [torch.zeros_like(p) for p in left])


@law("Optimizer", "Gradients stay until `zero_grad`")
@few
@given(descents())
def test_a_step_leaves_the_gradients(d):
    """Gradients are the same after a step as before, so that they can be added up or looked at."""
    groups = d.params()
    words.put_grads(d, groups, 0)
    Optimizer(groups, sgd_step, lr=0.1).step()
    wanted = [grad for grad in d.grads(0) if grad is not None]
    assert_same([p.grad for p in flat(groups) if p.grad is not None], wanted)


@law("Optimizer", "Lists that are passed are left unchanged")
@few
@given(descents())
def test_the_lists_that_are_passed_stay_the_same(d):
    """Neither the groups nor the steppers are reordered or changed, by a step either."""
    groups, steppers = d.params(), [words.noting([], 0, 1), sgd_step, weight_decay]
    plain = flat(groups)
    before = words.ids([*groups, plain]), list(steppers)
    for params in (groups, plain):
        opt = Optimizer(params, steppers, **d.hypers_at(0)[0])
        words.run(d, groups, opt, scheduled=False)
    same = words.ids([*groups, plain]) == before[0]
    assert_that(same, "the list of parameters was changed")
    assert_that(steppers == before[1], "the list of steppers was changed", steppers, before[1])


@law("sgd_step", "Change `p` to p - lr * grad, in place")
@given(words.pairs, words.rates)
@example((tensor([1.0]), tensor([2.0])), 0.25)
def test_a_step_goes_against_the_gradient(pair, lr):
    """p becomes p - lr * grad."""
    p = words.parameter(*pair)
    sgd_step(p, lr=lr)
    assert_close(p, pair[0] - lr * pair[1])


@law("sgd_step", "changes the parameter `p`")
@few
@given(descents())
def test_steps_of_gradient_descent_are_torchs(d):
    """In an Optimizer, the weights after each step are those of torch.optim.SGD."""
    assert_close(stepped(d, Optimizer, sgd_step), words.by_sgd(d), **CLOSE)


@law(
    "sgd_step",
    "It always returns `p` itself, and changes nothing",
    "takes all others as `**kwargs`",
)
@few
@given(words.pairs, lrs, wds, words.moms)
def test_gradient_descent_changes_the_parameter_only(pair, lr, wd, mom):
    """The gradient stays, the parameter itself comes back, and other hyperparameters are fine."""
    words.assert_changes_only(sgd_step, "p", *pair, lr=lr, wd=wd, mom=mom)


@law("sgd_step", "Change `p` to p - lr * grad")
@given(words.pairs, words.rates, words.decays, words.moms)
def test_gradient_descent_reads_the_learning_rate_only(pair, lr, wd, mom):
    """Whatever wd and mom are, p becomes p - lr * grad."""
    p = words.parameter(*pair)
    sgd_step(p, lr=lr, wd=wd, mom=mom, mom_damp=1 - mom)
    assert_close(p, pair[0] - lr * pair[1])


@law("weight_decay", "Change `p` to p * (1 - lr * wd), in place: decay of the weight itself")
@given(words.weights, words.rates, words.decays)
@example(tensor([2.0]), 0.5, 0.5)
def test_decay_takes_a_share_of_the_weight(p, lr, wd):
    """p becomes p * (1 - lr * wd), with a gradient or without."""
    one, other = words.parameter(p), words.parameter(p, torch.ones_like(p))
    weight_decay(one, lr=lr, wd=wd)
    weight_decay(other, lr=lr, wd=wd)
    assert_close([one, other], [p * (1 - lr * wd)] * 2)


@law("weight_decay", "Before a plain step this does the same as `l2_reg`")
@few
@given(descents())
def test_decay_agrees_with_l2_for_plain_sgd(d):
    """[weight_decay, sgd_step] is torch.optim.SGD with its weight_decay, which is L2."""
    found = stepped(d, Optimizer, [weight_decay, sgd_step])
    assert_close(found, words.by_sgd(d, weight_decay="wd"), **CLOSE)


@law("weight_decay", "momentum or Adam it doesn't, since the gradient")
@few
@given(descents(min_steps=3, skips=False, hypers=words.with_hypers(wd=0.5, lr=0.2, mom=0.8)))
def test_decay_differs_from_l2_under_momentum(d):
    """p * (1 - lr * wd) - lr * grad_avg, which is not torch.optim.SGD with both."""
    found = stepped(d, StatefulOptimizer, [weight_decay, momentum_step], AverageGrad())
    l2 = words.by_sgd(d, momentum="mom", weight_decay="wd")
    assert_close(found, words.by_sgd(d, momentum="mom", decay=True), **CLOSE)
    assert_that(words.apart(found, l2) > 1e-3, "weight_decay did the same as L2 under momentum")


@law("weight_decay", "momentum or Adam it")
@few
@given(descents(min_steps=2, skips=False, hypers=words.with_hypers(wd=0.5, lr=0.2)))
def test_decay_differs_from_l2_under_adam(d):
    """[weight_decay, adam_step] is torch.optim.AdamW, and not Adam with its weight_decay."""
    found = stepped(d, StatefulOptimizer, [weight_decay, adam_step], adam_stats())
    l2 = words.by_adam(d, weight_decay="wd")
    assert_close(found, words.by_adamw(d), **CLOSE)
    assert_that(words.apart(found, l2) > 1e-3, "weight_decay did the same as L2 under Adam")


def adam_stats(dampening=True, sqr_dampening=True):
    """The stats that Adam and LAMB need."""
    return [AverageGrad(dampening), AverageSqrGrad(sqr_dampening), StepCount()]


@law("weight_decay", "Default wd: 0")
@few
@given(descents())
def test_nothing_decays_unless_asked(d):
    """`_defaults` is {"wd": 0}; without wd the weight stays exactly the same."""
    assert_close(weight_decay._defaults, {"wd": 0.0})
    found = stepped(words.without(d, "wd"), Optimizer, weight_decay)
    assert_same(found, [words.copies(d.params())] * d.steps)


@law(
    "weight_decay",
    "It always returns `p` itself, and changes nothing",
    "as `**kwargs`",
)
@few
@given(words.pairs, lrs, wds, words.moms)
def test_decay_changes_the_parameter_only(pair, lr, wd, mom):
    """The gradient stays, the parameter itself comes back, and other hyperparameters are fine."""
    words.assert_changes_only(weight_decay, "p", *pair, lr=lr, wd=wd, mom=mom)


@law("l2_reg", "Change `p.grad` to grad + wd * p, which adds the gradient of wd/2 * |p|**2.")
@given(words.pairs, words.rates, words.decays)
@example((tensor([2.0]), tensor([1.0])), 0.5, 0.5)
def test_l2_adds_wd_times_the_weight_to_the_gradient(pair, lr, wd):
    """The gradient becomes grad + wd * p, at any learning rate, as wd/2 * |p|**2 adds it."""
    p, leaf = words.parameter(*pair), pair[0].clone().requires_grad_()
    (wd / 2 * leaf.pow(2).sum()).backward()
    l2_reg(p, lr=lr, wd=wd)
    assert_close(p.grad, pair[1] + leaf.grad)


@law("l2_reg", "Its `_order` is below 0, so that it runs before anything that reads the")
@few
@given(descents(slope=st.sampled_from([1.0, 0.0])))
def test_l2_comes_before_a_plain_step(d):
    """[sgd_step, l2_reg], in either order, is torch.optim.SGD with its weight_decay."""
    wanted = words.by_sgd(d, weight_decay="wd")
    assert_close(stepped(d, Optimizer, [l2_reg, sgd_step]), wanted, **CLOSE)
    assert_close(stepped(d, Optimizer, [sgd_step, l2_reg]), wanted, **CLOSE)


@law("l2_reg", "it runs before anything that reads the gradient, stats")
@few
@given(descents(slope=st.sampled_from([1.0, 0.0])))
@example(Descent(0, [[(1,)]], 5, [{"lr": 0.1, "wd": 0.5, "mom": 0.9}], [], slope=0.0))
def test_l2_reaches_the_momentum(d):
    """With AverageGrad() it is torch.optim.SGD with momentum and weight_decay, zeros too."""
    wanted = words.by_sgd(d, momentum="mom", weight_decay="wd")
    found = stepped(d, StatefulOptimizer, [l2_reg, momentum_step], AverageGrad())
    assert_close(found, wanted, **CLOSE)


@law("l2_reg", "stats included")
@few
@given(descents())
def test_l2_reaches_both_averages_of_adam(d):
    """[adam_step, l2_reg] is torch.optim.Adam with its weight_decay, and not AdamW."""
    found = stepped(d, StatefulOptimizer, [adam_step, l2_reg], adam_stats())
    assert_close(found, words.by_adam(d, weight_decay="wd"), **CLOSE)


@law("l2_reg", "Default wd: 0")
@few
@given(descents())
def test_there_is_no_l2_unless_asked(d):
    """`_defaults` is {"wd": 0}; without wd the step is that of plain gradient descent."""
    assert_close(l2_reg._defaults, {"wd": 0.0})
    found = stepped(words.without(d, "wd"), Optimizer, [l2_reg, sgd_step])
    assert_close(found, words.by_sgd(d), **CLOSE)


@law("l2_reg", "It always returns `p` itself, and changes nothing", "as `**kwargs`")
@few
@given(words.pairs, lrs, wds, words.moms)
def test_l2_changes_the_gradient_only(pair, lr, wd, mom):
    """The weight stays, the parameter itself comes back, and other hyperparameters are fine."""
    words.assert_changes_only(l2_reg, "grad", *pair, lr=lr, wd=wd, mom=mom)


@law("momentum_step", "Change `p` to p - lr * grad_avg, in place")
@given(words.alike(-40, -40, -40), words.rates, words.moms)
@example((tensor([1.0]), tensor([9.0]), tensor([3.0])), 0.5, 0.9)
def test_a_step_goes_against_the_average(three, lr, mom):
    """p becomes p - lr * grad_avg, whatever the gradient of the moment, mom and wd are."""
    p, grad_avg = words.parameter(three[0], three[1]), three[2].clone()
    momentum_step(p, lr=lr, grad_avg=grad_avg, mom=mom, mom_damp=1 - mom, wd=0.5)
    assert_close(p, three[0] - lr * three[2])


@law("momentum_step", "grad_avg the running sum or average of the gradient (`AverageGrad`)")
@few
@given(descents())
def test_momentum_is_that_of_torch(d):
    """With AverageGrad(), the weights are those of torch.optim.SGD with momentum."""
    found = stepped(d, StatefulOptimizer, momentum_step, AverageGrad())
    assert_close(found, words.by_sgd(d, momentum="mom"), **CLOSE)


@law("momentum_step", "grad_avg the running sum or average")
@few
@given(descents(hypers=words.with_hypers(mom=0.0)), st.booleans())
def test_without_momentum_it_is_gradient_descent(d, dampening):
    """With mom = 0, dampened or not, the weights are those of plain SGD."""
    found = stepped(d, StatefulOptimizer, momentum_step, AverageGrad(dampening=dampening))
    assert_close(found, words.by_sgd(d), **CLOSE)


@law(
    "momentum_step",
    "It always returns `p` itself, and changes nothing",
    "as `**kwargs`",
)
@few
@given(words.alike(-40, -40, -40), lrs, words.moms)
def test_momentum_changes_the_parameter_only(three, lr, mom):
    """Average and gradient stay, the parameter itself comes back, others by name are fine."""
    by_name = {"lr": lr, "mom": mom, "mom_damp": 1.0, "grad_avg": three[2]}
    words.assert_changes_only(momentum_step, "p", *three[:2], **by_name)


ADAMW = {"lr": 0.1, "wd": 0.1, "mom": 0.5, "sqr_mom": 0.5, "eps": 0.1}


class LittleStat(Stat):
    """A stat of two functions: one makes the state of `p`, one makes the next state of it."""

    def __init__(self, make, following=lambda p, state, **hypers: state, **defaults):
        self.make, self.following, self._defaults = make, following, defaults

    def init_state(self, p):
        return self.make(p)

    def update(self, p, state, **hypers):
        return self.following(p, state, **hypers)


def count(p, state, **hypers):
    """The same dict, with one more counted."""
    state["count"] += 1
    return state


def counting():
    """A stat that counts, and keeps the gradient and the weight that it was made with."""
    return LittleStat(
        lambda p: {"count": 0, "grad": p.grad.clone(), "weight": p.data.clone()}, count
    )


def summing():
    """A stat that sums shares of gradients in a new dict each time."""

    def following(p, state, *, share, **hypers):
        return {**state, "total": state["total"] + share * p.grad.sum().item()}

    return LittleStat(lambda p: {"total": 0.0}, following, share=0.5)


def dropping():
    """A stat that starts with one entry more than it keeps."""

    def following(p, state, **hypers):
        return {key: value for key, value in state.items() if key != "new"}

    return LittleStat(lambda p: {"new": True}, following)


def ledger():
    """A stat whose entries are an int, a double and tensors in a list and a dict, kept in place."""

    def make(p):
        wide = torch.full((), 0.1, dtype=torch.float64)
        return {"count": 0, "wide": wide, "past": [torch.zeros(2)], "by_name": {"sum": wide / 3}}

    def following(p, state, **hypers):
        state["count"] += 1
        for entry in (state["wide"], *state["past"], *state["by_name"].values()):
            entry += p.grad.sum()
        return state

    return LittleStat(make, following)


def trail(name):
    """A stat that adds its name to those that were there before."""
    return LittleStat(
        lambda p: {"trail": ()}, lambda p, s, **hypers: {"trail": (*s["trail"], name)}
    )


@law(
    "StatefulOptimizer",
    "`__init__`: the `_defaults` of stats count in the same way as those of steppers",
)
@given(st.sampled_from([0.0, 0.25, 0.75]), st.integers(1, 3), st.booleans())
@example(0.0, 2, False)
def test_explicit_values_beat_the_defaults_of_stats_and_steppers(value, groups, in_list):
    """hypers has the values that are passed, then the `_defaults`, in a dict for each group."""
    params, stepper = [[torch.ones(1)] for _ in range(groups)], Spy(wd=0.5)
    stats = [summing()] if in_list else summing()
    wanted = {"lr": 0.1, "wd": 0.5, "share": 0.5}
    for named in ({}, {"share": value}, {"wd": value}):
        opt = StatefulOptimizer(params, stepper, stats, lr=0.1, **named)
        assert_same(hypers_of(opt), [{**wanted, **named}] * groups)
        opt.hypers[0]["share"] = 9.0
        assert_same(hypers_of(opt)[1:], [{**wanted, **named}] * (groups - 1))


@law(
    "StatefulOptimizer",
    "stats one Stat or several, or None",
    "An `Optimizer` that also keeps a state for each parameter, updated by stats.",
)
@few
@given(descents(), st.sampled_from([(), (None,), ([],)]))
def test_stats_may_be_missing(d, stats):
    """Without stats it steps as an Optimizer does, one stepper or several."""
    found = stepped(d, StatefulOptimizer, [weight_decay, sgd_step], *stats)
    assert_close(found, words.by_sgd(d, weight_decay="wd"), **CLOSE)
    assert_close(stepped(d, StatefulOptimizer, sgd_step, *stats), words.by_sgd(d), **CLOSE)


@law(
    "StatefulOptimizer",
    "An `Optimizer` that also keeps a state for each parameter, updated by stats.",
)
@few
@given(descents())
def test_a_stateful_optimizer_leaves_lists_unchanged(d):
    """The lists of parameters, steppers and stats are those that were passed, after steps too."""
    groups, steppers = d.params(), [adam_step, l2_reg, weight_decay]
    plain, stats = flat(groups), [AverageSqrGrad(), StepCount(), AverageGrad()]
    before = words.ids([plain, steppers, stats])
    words.run(d, groups, StatefulOptimizer(plain, steppers, stats, **ADAMW), scheduled=False)
    same = words.ids([plain, steppers, stats]) == before
    assert_that(same, "`StatefulOptimizer`: got a list that it changed, wanted it unchanged")


@law(
    "StatefulOptimizer",
    "An `Optimizer` that also keeps a state for each parameter, updated by stats.",
)
@few
@given(descents())
def test_a_stateful_optimizer_is_an_optimizer_in_everything_else(d):
    """Generators and groups, grad_params, zero_grad and the error for no parameters."""
    groups = d.params()
    opt = StatefulOptimizer((p for p in flat(groups)), momentum_step, AverageGrad(), lr=0.1)
    words.put_grads(d, groups, 0)
    found = [id(p) for p, _ in opt.grad_params()]
    opt.zero_grad()
    left = [p.grad for p in flat(groups) if p.grad is not None and p.grad.any()]
    assert_same([words.ids(opt.param_groups), left], [[flat(words.ids(groups))], []])
    assert_same(found, [id(p) for p in replace(d, steps=1).owed(groups)])
    with assert_raises(ValueError):
        StatefulOptimizer([], momentum_step, AverageGrad(), lr=0.1)


@law(
    "StatefulOptimizer",
    "state a dict from each parameter to its state, which is a dict too",
    "a gradient, whenever that is, makes its state",
)
@few
@given(descents())
@example(Descent(0, [[(1,), (1,)]], 1, [{"lr": 0.1}], [(1, 0)]))
def test_the_state_of_a_parameter_is_found_under_it(d):
    """state[p] is its dict after its first step, and no other parameter has one."""
    groups = d.params()
    opt = StatefulOptimizer(groups, Spy(), counting(), lr=0.1)
    words.run(d, groups, opt)
    wanted = Counter(id(p) for p in d.owed(groups))
    found = {id(p): opt.state[p]["count"] for p in flat(groups) if p in opt.state}
    assert_same(found, dict(wanted))


@law(
    "StatefulOptimizer",
    "a gradient, whenever that is, makes its state",
)
@few
@given(descents())
@example(Descent(0, [[(1,), (1,)]], 3, [{"lr": 0.1}], [(1, 0), (1, 1)]))
def test_each_parameter_counts_its_own_steps(d):
    """A parameter's state is updated at its own steps alone, also where the first comes late."""
    spy = Spy()
    stepped(d, StatefulOptimizer, spy, counting())
    assert_same(spy.column("count"), d.counts())


@law("StatefulOptimizer", "makes its state from the `init_state` of all stats")
@few
@given(descents())
def test_state_is_made_when_the_first_gradient_is_there(d):
    """init_state sees the parameter at its first step: its gradient, and its weight by then."""
    groups, spy = d.params(), Spy()
    opt = StatefulOptimizer(groups, spy, [summing(), counting()], lr=0.1, share=0.5)
    for p in flat(groups):
        p.data.add_(1)
    now = {id(p): p.detach().clone() for p in flat(groups)}
    words.run(d, groups, opt)
    assert_close(spy.column("grad"), [grads[0].float() for grads, _ in d.history()])
    assert_same(spy.column("weight"), [now[id(p)] for p, _ in spy.calls])


@law(
    "StatefulOptimizer",
    "each stat in turn gets the state and returns the next one",
)
@few
@given(descents())
def test_update_may_return_another_dict(d):
    """The state that `update` returns is the one of steppers and of the next step.

    An entry that it lacks is gone.
    """
    groups, spy = d.params(), Spy()
    opt = StatefulOptimizer(groups, spy, [counting(), dropping(), summing()], share=0.25)
    words.run(d, groups, opt)
    wanted = [sum(0.25 * g.sum().item() for g in grads) for grads, _ in d.history()]
    assert_same(spy.column("new"), ["missing"] * len(wanted))
    assert_close(spy.column("total"), wanted, **CLOSE)
    assert_same(spy.column("count"), d.counts())


@law("StatefulOptimizer", "stats one Stat or several", "each stat in turn gets the state")
@few
@given(descents(), st.integers(2, 4), st.sampled_from([list, tuple]))
@example(Descent(0, [[(1,)]], 1, [{"lr": 0.1}], []), 2, tuple)
def test_stats_are_updated_in_turn_before_the_steppers(d, many, several):
    """Each stat sees the state that those before it returned; the steppers see the last one."""
    spy, names = Spy(), tuple(range(many))
    stepped(d, StatefulOptimizer, spy, several(trail(name) for name in names))
    assert_same(spy.column("trail"), [names * made for made in d.counts()])


@law("StatefulOptimizer", "returns the next one", "and the hyperparameters, by name")
@few
@given(descents())
def test_stats_and_steppers_get_the_hyperparameters_of_now(d):
    """A stat's `update` and a stepper get their group's values at that step by name."""
    heard, spy = [], Spy()
    hearing = LittleStat(lambda p: {}, lambda p, state, **hypers: heard.append(hypers) or state)
    stepped(d, StatefulOptimizer, spy, hearing)
    assert_same([[now["lr"], now["wd"]] for now in heard], d.values("lr", "wd"))
    assert_same(spy.table("lr", "wd"), d.values("lr", "wd"))


@law("StatefulOptimizer", "the steppers get the state's entries and the hyperparameters, by name")
@few
@given(descents())
def test_state_makes_momentum(d):
    """With momentum_step and AverageGrad(), it is torch.optim.SGD with momentum.

    Hyperparameters change, and some parameters get their first gradient late, or skip a step.
    """
    found = stepped(d, StatefulOptimizer, momentum_step, AverageGrad())
    assert_close(found, words.by_sgd(d, momentum="mom"), **CLOSE)


@law("StatefulOptimizer", "the steppers get the state's entries and the hyperparameters")
@few
@given(descents())
def test_state_makes_adam(d):
    """With weight_decay, adam_step and three stats, it is torch.optim.AdamW."""
    found = stepped(d, StatefulOptimizer, [weight_decay, adam_step], adam_stats())
    assert_close(found, words.by_adamw(d), **CLOSE)


@law("StatefulOptimizer", "the steppers get the state's entries")
@few
@given(st.lists(st.sampled_from([-1, 0, None, 1]), min_size=1, max_size=5))
@example([None, -1, 0])
def test_steppers_with_state_are_called_by_their_order(orders):
    """Each stepper once, lowest `_order` first, ties as they were passed."""
    heard, p = [], words.parameter(torch.ones(1), torch.ones(1))
    steppers = [words.noting(heard, i, order) for i, order in enumerate(orders)]
    StatefulOptimizer([p], steppers, counting(), lr=0.1).step()
    assert_same(heard, sorted(range(len(orders)), key=lambda i: orders[i] or 0))


@law("StatefulOptimizer", "One stat object serves any number of parameters and optimizers")
@few
@given(descents())
def test_two_optimizers_share_no_state(d):
    """Two optimizers with the same stats keep states of their own, over the same parameters too."""
    stats, spies, groups = [counting()], [Spy(), Spy()], d.params()
    for spy in spies:
        words.run(d, groups, StatefulOptimizer(groups, spy, stats, lr=0.1))
    assert_same([spy.column("count") for spy in spies], [d.counts(), d.counts()])


@law(
    "StatefulOptimizer",
    "steppers with an `_order` below 0 change the gradient, so they run before the",
)
@few
@given(st.lists(st.sampled_from([-2, -1, 0, 1]), min_size=1, max_size=4))
@example([0, -1])
def test_steppers_below_0_come_before_the_stats(orders):
    """In the order of calls the stats stand between `_order` -1 and 0."""
    heard, p = [], words.parameter(torch.ones(1), torch.ones(1))
    steppers = [words.noting(heard, f"order {order}", order) for order in orders]
    hearing = LittleStat(lambda p: {}, lambda p, state, **hypers: heard.append("stat") or state)
    StatefulOptimizer([p], steppers, hearing, lr=0.1).step()
    early, late = (sorted(o for o in orders if (o < 0) is low) for low in (True, False))
    wanted = [*(f"order {o}" for o in early), "stat", *(f"order {o}" for o in late)]
    assert_same(heard, wanted)


@law("StatefulOptimizer", "change the gradient, so they run before the")
@few
@given(descents(slope=st.sampled_from([1.0, 0.0])), st.permutations([l2_reg, momentum_step]))
@example(
    Descent(0, [[(1,)]], 5, [{"lr": 0.1, "wd": 0.5, "mom": 0.9}], [], slope=0.0),
    [momentum_step, l2_reg],
)
def test_l2_comes_before_the_momentum(d, steppers):
    """l2_reg, in any place of the list, is torch.optim.SGD with momentum and weight_decay."""
    found = stepped(d, StatefulOptimizer, steppers, AverageGrad())
    assert_close(found, words.by_sgd(d, momentum="mom", weight_decay="wd"), **CLOSE)


@law("StatefulOptimizer", "so they run before the")
@few
@given(descents())
def test_l2_comes_before_the_averages_of_adam(d):
    """[l2_reg, adam_step] is torch.optim.Adam with its weight_decay."""
    found = stepped(d, StatefulOptimizer, [l2_reg, adam_step], adam_stats())
    assert_close(found, words.by_adam(d, weight_decay="wd"), **CLOSE)


def adamw(groups, d, **hyper):
    """Our AdamW over these parameters."""
    steppers, hyper = [weight_decay, adam_step], {**d.hypers_at(0)[0], **hyper}
    return StatefulOptimizer(groups, steppers, adam_stats(), **hyper)


def used(d, stop):
    """Parameters and our AdamW after some steps."""
    groups = d.params()
    opt = adamw(groups, d)
    words.run(d, groups, opt, stop=stop)
    return groups, opt


@law("StatefulOptimizer", "`state_dict`: a copy of all states and hyperparameters")
@few
@given(descents(min_steps=2), st.integers(1, 4))
def test_a_saved_state_is_that_of_the_moment_of_saving(d, k):
    """Steps after state_dict() change nothing in it: loaded, it continues from there."""
    k, wanted = min(k, d.steps), words.by_adamw(d)
    groups, opt = used(d, k)
    others, saved = words.twins(groups), opt.state_dict()
    words.run(d, groups, opt, start=k)
    later = adamw(others, d)
    later.load_state_dict(saved)
    assert_close(words.run(d, others, later, start=k), wanted[k:], **CLOSE)


@law(
    "StatefulOptimizer",
    "an optimizer over equal parameters continues exactly where the saved one stopped",
    "which later steps don't change",
)
@few
@given(descents(min_steps=2), st.integers(0, 4))
@example(Descent(0, [[(1,)]], 3, [ADAMW], []), 1)
@example(Descent(0, [[(1,), (1,)]], 3, [ADAMW], [(0, 0), (0, 1)]), 1)
def test_a_loaded_optimizer_continues_where_the_saved_one_stopped(d, k):
    """After load_state_dict(state_dict()), both step as if there had been one.

    Some parameters have no state yet. Neither disturbs the other.
    """
    k, wanted = min(k, d.steps), words.by_adamw(d)
    groups, opt = used(d, k)
    others = words.twins(groups)
    later = adamw(others, d)
    later.load_state_dict(opt.state_dict())
    assert_close(words.run(d, groups, opt, start=k), wanted[k:], **CLOSE)
    assert_close(words.run(d, others, later, start=k), wanted[k:], **CLOSE)


@law("StatefulOptimizer", "continues exactly where the saved one stopped")
@few
@given(descents(min_steps=2), st.integers(1, 4))
@example(Descent(0, [[(1,), (1,)]], 3, [ADAMW], [(0, 0)]), 1)
def test_a_checkpoint_goes_through_a_file(d, k):
    """A state dict that was written and read loads, into an optimizer in use too.

    A parameter that had no state when it was saved has none after loading.
    """
    k, wanted, file = min(k, d.steps), words.by_adamw(d), io.BytesIO()
    (groups, opt), (others, later) = used(d, k), used(d, d.steps)
    torch.save(opt.state_dict(), file)
    file.seek(0)
    later.load_state_dict(torch.load(file, weights_only=False))
    for p, q in zip(flat(others), flat(groups), strict=True):
        p.data.copy_(q.data)
    assert_close(words.run(d, others, later, start=k), wanted[k:], **CLOSE)


@law("StatefulOptimizer", "a copy of all states and hyperparameters", "continues exactly")
@few
@given(descents(), words.hypers)
def test_a_loaded_optimizer_has_the_hyperparameters_of_each_group(d, own):
    """The values that a schedule wrote before saving are those of the steps after loading."""
    d = replace(d, steps=2, skips=[], changing=False)
    groups, opt = used(d, 1)
    others = words.twins(groups)
    later = adamw(others, d, **own)
    later.load_state_dict(opt.state_dict())
    opt.hypers[0]["lr"] = 9.0
    assert_same(hypers_of(later), d.hypers_at(0))
    found = words.run(d, others, later, start=1, scheduled=False)
    assert_close(found, words.by_adamw(d)[1:], **CLOSE)


sizes = st.lists(st.integers(1, 3), min_size=1, max_size=3)


@law("StatefulOptimizer", "ValueError if the groups of parameters differ in number or size")
@few
@given(st.lists(sizes, min_size=2, max_size=2, unique_by=tuple))
@example([[2], [1]])
@example([[1, 2], [2, 1]])
@example([[2], [1, 1]])
def test_the_state_of_other_groups_is_an_error(both):
    """A state of more, fewer or differently split groups is refused, also with as many in all."""
    one, other = (
        StatefulOptimizer([[torch.ones(1)] * n for n in found], momentum_step, AverageGrad(), lr=1)
        for found in both
    )
    for saved, opt in ((one, other), (other, one)):
        with assert_raises(ValueError):
            opt.load_state_dict(saved.state_dict())


@law(
    "StatefulOptimizer",
    "`state_dict`: a copy of all states and hyperparameters",
    "`load_state_dict` leaves `saved` unchanged, and so do later steps and schedules",
)
@few
@given(descents())
def test_saved_hyperparameters_are_a_copy(d):
    """What is written into `hypers` changes no state dict, saved before or loaded before."""
    d = replace(d, changing=False)
    groups, opt = used(d, 1)
    saved, wanted = opt.state_dict(), hypers_of(opt)
    opt.hypers[0]["lr"] = 9.0
    for later in (opt, *(adamw(words.twins(groups), d) for _ in range(2))):
        later.load_state_dict(saved)
        assert_same(hypers_of(later), wanted)
        for hyper in later.hypers:
            hyper.update(lr=9.0, wd=9.0)


@law("StatefulOptimizer", "`load_state_dict` leaves `saved` unchanged, and so do later steps")
@few
@given(descents(min_steps=2, skips=False), st.integers(1, 4))
def test_a_saved_state_can_be_loaded_twice(d, k):
    """The second optimizer that loads it continues from the same place as the first."""
    k, wanted = min(k, d.steps - 1), words.by_adamw(d)
    groups, opt = used(d, k)
    saved, twice = opt.state_dict(), [words.twins(groups), words.twins(groups)]
    for others in twice:
        later = adamw(others, d)
        later.load_state_dict(saved)
        assert_close(words.run(d, others, later, start=k), wanted[k:], **CLOSE)


@law(
    "StatefulOptimizer",
    "`state_dict`: a copy of all states and hyperparameters, which later steps don't change",
    "continues exactly where the saved one stopped",
)
@settings(max_examples=5)
@given(descents(min_steps=2, skips=False))
def test_a_copy_has_entries_of_every_kind(d):
    """Ints, doubles and tensors in a list or dict are loaded exactly, also a second time."""
    groups, others = d.params(), d.params()
    opt = StatefulOptimizer(groups, Spy(), ledger(), lr=0.1)
    words.run(d, groups, opt, stop=1)
    saved, wanted = opt.state_dict(), [deepcopy(opt.state[p]) for p in flat(groups)]
    words.run(d, groups, opt, start=1)
    for _ in range(2):
        later = StatefulOptimizer(others, Spy(), ledger(), lr=0.1)
        later.load_state_dict(saved)
        assert_same([dict(later.state[p]) for p in flat(others)], wanted)
        words.run(d, others, later, start=1)


numbers = st.floats(-9, 9) | st.integers(-9, 9)


@law("lin_comb", "Return beta * v1 + (1 - beta) * v2, for two numbers")
@given(numbers, numbers, words.moms)
@example(1.0, 3.0, 0.75)
@example(1, 3, 0.75)
@example(1, 3.0, 0.75)
def test_a_combination_of_numbers_weighs_each(v1, v2, beta):
    """beta * v1 + (1 - beta) * v2, for whole numbers too."""
    assert_close(words.plain(lin_comb(v1, v2, beta)), beta * v1 + (1 - beta) * v2)


@law("lin_comb", "or two tensors")
@given(words.pairs, words.moms)
@example((tensor([1.0]), tensor([3.0])), 0.75)
def test_a_combination_of_tensors_weighs_each(pair, beta):
    """beta * v1 + (1 - beta) * v2, item by item, of the dtype of both."""
    v1, v2 = pair
    found = [lin_comb(v1.clone(), v2.clone(), beta), lin_comb(v1.double(), v2.double(), beta)]
    wanted = beta * v1.double() + (1 - beta) * v2.double()
    assert_close(found, [wanted.float(), wanted])


@law("lin_comb", "beta * v1 + (1 - beta) * v2")
@given(st.floats(-9, 9), st.floats(-9, 9), words.moms)
def test_a_combination_lies_between_the_two(v1, v2, beta):
    """The result is v1 for beta = 1, v2 for beta = 0, and v for two times v."""
    found = [lin_comb(v1, v2, 1.0), lin_comb(v1, v2, 0.0), lin_comb(v1, v1, beta)]
    assert_close([words.plain(o) for o in found], [v1, v2, v1])


@law("lin_comb", "Both are left unchanged, and a tensor result is a new")
@given(words.pairs, st.sampled_from([0.0, 0.25, 1.0]))
def test_a_combination_is_a_new_tensor(pair, beta):
    """Neither v1 nor v2 is changed, nor shared with the result."""
    v1, v2 = pair[0].clone(), pair[1].clone()
    lin_comb(v1, v2, beta).add_(1)
    assert_same([v1, v2], list(pair))


@law("AverageGrad", "Keep a running sum", "grad_avg = mom * grad_avg + mom_damp * grad")
@given(words.histories("mom"))
@example(([tensor([1.0]), tensor([1.0])], [{"mom": 0.5}] * 2))
def test_momentum_is_a_sum_of_the_gradients(history):
    """grad_avg = mom * grad_avg + grad at each step; mom_damp is 1."""
    states = words.fed(AverageGrad(), *history)
    assert_close([o["grad_avg"] for o in states], sums(history, "mom", False), **CLOSE)
    assert_close([words.plain(o["mom_damp"]) for o in states], [1.0] * len(states))


def sums(history, key, dampening, power=1):
    """At each step, the average or sum of all values so far, from its weights."""
    grads, past = history
    values = [grad.double() ** power for grad in grads]
    every = [(values[: t + 1], past[: t + 1]) for t in range(len(grads))]
    return [words.weighted(*o, key, dampening).to(grads[0].dtype) for o in every]


@law(
    "AverageGrad",
    "or average of the gradient: momentum",
    "dampening if True, mom_damp is 1 - mom, for an average; otherwise it's 1, for a sum",
    "`mom` is its value at that step.",
)
@given(words.histories("mom"))
@example(([tensor([1.0]), tensor([1.0])], [{"mom": 0.75}, {"mom": 0.5}]))
def test_dampened_momentum_is_an_average_of_the_gradients(history):
    """grad_avg = mom * grad_avg + (1 - mom) * grad; mom_damp is 1 - mom, as mom is now."""
    states = words.fed(AverageGrad(dampening=True), *history)
    assert_close([o["grad_avg"] for o in states], sums(history, "mom", True), **CLOSE)
    damps = [1 - now["mom"] for now in history[1]]
    assert_close([words.plain(o["mom_damp"]) for o in states], damps)


@law("AverageGrad", "grad_avg[0] = 0")
@given(words.weights, words.moms, st.booleans())
def test_the_average_starts_at_zero(grad, mom, dampening):
    """After the first gradient, grad_avg is mom_damp * grad."""
    state = words.fed(AverageGrad(dampening=dampening), [grad], [{"mom": mom}])[0]
    assert_close(state["grad_avg"], state["mom_damp"] * grad)


@law("AverageGrad", "Default mom: 0.9")
@few
@given(descents(hypers=st.just({})), st.booleans())
def test_momentum_is_0_9_unless_passed(d, dampening):
    """`_defaults` is {"mom": 0.9}, so that optimizers average with it and pass it on."""
    spy, stat = Spy(), AverageGrad(dampening=dampening)
    assert_close(stat._defaults, {"mom": 0.9})
    stepped(d, StatefulOptimizer, spy, stat)
    wanted = words.averages(words.having(d, mom=0.9), "mom", dampening)
    assert_close(spy.column("grad_avg"), wanted, **CLOSE)


@law("AverageGrad", "State: grad_avg, of the parameter's shape and dtype, and mom_damp")
@given(words.weights, st.booleans(), dtypes)
def test_the_average_is_like_its_parameter(grad, dampening, dtype):
    """grad_avg has the shape and dtype of the parameter, and nothing else is stored."""
    state = words.fed(AverageGrad(dampening=dampening), [grad.to(dtype)], [{"mom": 0.5}])[0]
    damp = 0.5 if dampening else 1.0
    state["mom_damp"] = words.plain(state.get("mom_damp"))
    assert_close(state, {"grad_avg": damp * grad.to(dtype), "mom_damp": damp})


@law("AverageGrad", "The gradient is left unchanged", "keeps all others")
@few
@given(words.weights, words.moms, st.booleans())
def test_the_average_changes_its_own_entries_only(grad, mom, dampening):
    """The gradient, the weight and other entries of the state stay the same."""
    stat, p = AverageGrad(dampening=dampening), words.parameter(torch.ones_like(grad), grad)
    state = {**stat.init_state(p), "step": 7, "sqr_avg": torch.ones_like(grad)}
    state = stat.update(p, state, mom=mom, lr=0.1)
    assert_same([p, p.grad, state["step"]], [torch.ones_like(grad), grad, 7])
    assert_same(state["sqr_avg"], torch.ones_like(grad))


@law("AverageGrad", "One stat object serves any number of parameters and optimizers")
@few
@given(descents(), st.booleans())
def test_every_parameter_has_an_average_of_its_own(d, dampening):
    """One object, the same parameters, two optimizers: each average is as if it were alone."""
    stat = AverageGrad(dampening=dampening)
    spies = words.in_turn(d, StatefulOptimizer, stat)
    wanted = words.averages(d, "mom", dampening)
    assert_close([spy.column("grad_avg") for spy in spies], [wanted, wanted], **CLOSE)
    once = 0.25 if dampening else 1.0
    found = words.side_by_side_fed(stat, mom=0.75)
    assert_close([o["grad_avg"].item() for o in found], [1.75 * once, 3 * 1.75 * once])


@law(
    "AverageSqrGrad",
    "Keep a running average",
    "sqr_avg = sqr_mom * sqr_avg + sqr_damp * grad**2",
    "`sqr_mom` is its value at that step.",
)
@given(words.histories("sqr_mom"))
@example(([tensor([2.0]), tensor([-2.0])], [{"sqr_mom": 0.75}, {"sqr_mom": 0.5}]))
def test_the_squares_are_averaged(history):
    """sqr_avg = sqr_mom * sqr_avg + (1 - sqr_mom) * grad**2; sqr_damp is 1 - sqr_mom, as now."""
    states = words.fed(AverageSqrGrad(), *history)
    assert_close([o["sqr_avg"] for o in states], sums(history, "sqr_mom", True, 2), **CLOSE)
    damps = [1 - now["sqr_mom"] for now in history[1]]
    assert_close([words.plain(o["sqr_damp"]) for o in states], damps)


@law(
    "AverageSqrGrad",
    "or sum of the squared gradient",
    "sqr_damp is 1 - sqr_mom, for an average; otherwise it's 1, for a sum",
)
@given(words.histories("sqr_mom"))
def test_undampened_squares_are_a_sum(history):
    """With dampening=False, sqr_avg = sqr_mom * sqr_avg + grad**2; sqr_damp is 1."""
    states = words.fed(AverageSqrGrad(dampening=False), *history)
    assert_close([o["sqr_avg"] for o in states], sums(history, "sqr_mom", False, 2), **CLOSE)
    assert_close([words.plain(o["sqr_damp"]) for o in states], [1.0] * len(states))


@law("AverageSqrGrad", "sqr_avg[0] = 0")
@given(words.weights, words.moms, st.booleans())
def test_the_average_of_squares_starts_at_zero(grad, sqr_mom, dampening):
    """After the first gradient, sqr_avg is sqr_damp * grad**2."""
    state = words.fed(AverageSqrGrad(dampening=dampening), [grad], [{"sqr_mom": sqr_mom}])[0]
    assert_close(state["sqr_avg"], state["sqr_damp"] * grad**2)


@law("AverageSqrGrad", "Default sqr_mom: 0.99")
@few
@given(descents(hypers=st.just({})), st.booleans())
def test_sqr_mom_is_0_99_unless_passed(d, dampening):
    """`_defaults` is {"sqr_mom": 0.99}, so that optimizers average with it and pass it on."""
    spy, stat = Spy(), AverageSqrGrad(dampening=dampening)
    assert_close(stat._defaults, {"sqr_mom": 0.99})
    stepped(d, StatefulOptimizer, spy, stat)
    wanted = words.averages(words.having(d, sqr_mom=0.99), "sqr_mom", dampening)
    assert_close(spy.column("sqr_avg"), wanted, **CLOSE)


@law("AverageSqrGrad", "State: sqr_avg, of the parameter's shape and dtype, and sqr_damp")
@given(words.weights, st.booleans(), dtypes)
def test_the_average_of_squares_is_like_its_parameter(grad, dampening, dtype):
    """sqr_avg has the shape and dtype of the parameter, and nothing else is stored."""
    stat, grad = AverageSqrGrad(dampening=dampening), grad.round()
    state = words.fed(stat, [grad.to(dtype)], [{"sqr_mom": 0.5}])[0]
    damp = 0.5 if dampening else 1.0
    state["sqr_damp"] = words.plain(state.get("sqr_damp"))
    assert_close(state, {"sqr_avg": damp * grad.to(dtype) ** 2, "sqr_damp": damp})


@law("AverageSqrGrad", "The gradient is left unchanged", "keeps all others")
@few
@given(descents())
def test_both_averages_stand_side_by_side(d):
    """Next to AverageGrad each has its own momentum and entries, in either order."""
    wanted = words.averages(d, "mom", True), words.averages(d, "sqr_mom", True)
    for stats in ([AverageGrad(True), AverageSqrGrad()], [AverageSqrGrad(), AverageGrad(True)]):
        spy = Spy()
        stepped(d, StatefulOptimizer, spy, stats)
        assert_close([spy.column("grad_avg"), spy.column("sqr_avg")], list(wanted), **CLOSE)


@law("AverageSqrGrad", "The gradient is left unchanged", "keeps all others")
@few
@given(words.weights, words.moms, st.booleans())
def test_the_average_of_squares_changes_its_own_entries_only(grad, sqr_mom, dampening):
    """The gradient, the weight and other entries of the state stay the same."""
    stat, p = AverageSqrGrad(dampening=dampening), words.parameter(torch.ones_like(grad), grad)
    state = {**stat.init_state(p), "step": 7, "grad_avg": torch.ones_like(grad)}
    state = stat.update(p, state, sqr_mom=sqr_mom, mom=0.5, lr=0.1)
    assert_same([p, p.grad, state["step"]], [torch.ones_like(grad), grad, 7])
    assert_same(state["grad_avg"], torch.ones_like(grad))


@law("AverageSqrGrad", "One stat object serves any number of parameters and optimizers")
@few
@given(descents(), st.booleans())
def test_every_parameter_has_squares_of_its_own(d, dampening):
    """One object, the same parameters, two optimizers: each average is as if it were alone."""
    stat = AverageSqrGrad(dampening=dampening)
    spies = words.in_turn(d, StatefulOptimizer, stat)
    wanted = words.averages(d, "sqr_mom", dampening)
    assert_close([spy.column("sqr_avg") for spy in spies], [wanted, wanted], **CLOSE)
    once = 0.25 if dampening else 1.0
    found = words.side_by_side_fed(stat, sqr_mom=0.75)
    assert_close([o["sqr_avg"].item() for o in found], [1.75 * once, 9 * 1.75 * once])


@law("StepCount", "Count the steps of a parameter, this one included: the first is 1")
@few
@given(descents())
@example(Descent(0, [[(1,), (1,)]], 2, [{}], [(1, 0)]))
def test_the_first_step_of_a_parameter_is_1(d):
    """step is 1 at a parameter's first step, 2 at its second, whenever these come."""
    spy = Spy()
    stepped(d, StatefulOptimizer, spy, StepCount())
    assert_same(spy.column("step"), d.counts())


@law("StepCount", "Count the steps of a parameter", "State: step, an int")
@few
@given(st.integers(1, 300))
@example(300)
def test_steps_are_counted_on_and_on(many):
    """After n steps, step is the int n."""
    states = words.fed(StepCount(), [torch.ones(1)] * many, [{"lr": 0.1}] * many)
    assert_same(states[-1], {"step": many})


@law("StepCount", "A step with a gradient of zeros counts")
@few
@given(descents(slope=st.just(0.0)))
def test_a_gradient_of_zeros_is_counted(d):
    """The count does not depend on the gradient."""
    spy = Spy()
    stepped(d, StatefulOptimizer, spy, StepCount())
    assert_same(spy.column("step"), d.counts())


@law("StepCount", "One stat object serves any number of parameters and optimizers")
@few
@given(descents())
def test_one_count_serves_several_optimizers(d):
    """One StepCount object, the same parameters, two optimizers: each counts its own steps."""
    stat = StepCount()
    spies = words.in_turn(d, StatefulOptimizer, stat)
    assert_same([spy.column("step") for spy in spies], [d.counts(), d.counts()])
    assert_same([o["step"] for o in words.side_by_side_fed(stat)], [2, 2])


@law("StepCount", "updates its own entries of a state and keeps all others")
@few
@given(descents())
def test_the_count_leaves_other_entries_alone(d):
    """Next to an average, in either order, both are the same as alone."""
    for stats in ([StepCount(), AverageGrad()], [AverageGrad(), StepCount()]):
        spy = Spy()
        stepped(d, StatefulOptimizer, spy, stats)
        assert_close(spy.column("grad_avg"), words.averages(d, "mom", False), **CLOSE)
        assert_same(spy.column("step"), d.counts())


@law(
    "debias",
    "Return the sum of the weights in a running average of `step` values that started at 0",
    "mom share of the past, 0 <= mom < 1",
    "step number of values so far, from 1",
)
@given(words.moms, st.booleans(), st.integers(1, 60))
@example(0.5, True, 2)
@example(0.9, False, 1)
@example(0.999, False, 3000)
def test_debias_is_the_sum_of_the_weights(mom, dampened, step):
    """damp * (1 + mom + mom**2 + ... + mom**(step - 1))."""
    damp = 1 - mom if dampened else 1.0
    assert_close(words.plain(debias(mom, damp, step)), words.series(mom, damp, step))


@law(
    "debias",
    "damp * (1 - mom**step) / (1 - mom)",
    "damp factor of a new value: 1 - mom, or 1 without dampening",
)
@given(words.moms, st.integers(1, 40).map(lambda n: n / 20), st.integers(1, 60))
def test_debias_grows_in_proportion_to_damp(mom, damp, step):
    """damp * (1 - mom**step) / (1 - mom), for any damp."""
    assert_close(words.plain(debias(mom, damp, step)), damp * (1 - mom**step) / (1 - mom))


@law(
    "debias",
    "the average of a constant into that constant, from the first step on.",
)
@given(words.moms, st.booleans(), st.integers(1, 20), st.floats(0.5, 9))
def test_a_debiased_average_of_a_constant_is_that_constant(mom, dampened, count, value):
    """average[t] / debias(mom, damp, t) is the constant at every step from the first on."""
    damp, average, found = 1 - mom if dampened else 1.0, 0.0, []
    for step in range(1, count + 1):
        average = mom * average + damp * value
        found.append(average / debias(mom, damp, step))
    assert_close([words.plain(o) for o in found], [value] * count)


@law("debias", "the sum of the weights", "step number of values so far, from 1")
@given(words.moms, st.booleans(), st.integers(1, 60))
def test_at_the_first_step_debias_is_damp(mom, dampened, step):
    """With step = 1 there is one weight, damp; with mom = 0 there is never another."""
    damp = 1 - mom if dampened else 1.0
    found = [debias(mom, damp, 1), debias(0.0, 1.0, step)]
    assert_close([words.plain(o) for o in found], [damp, 1.0])


@law(
    "adam_step",
    "Change `p` to p - lr * m / (sqrt(v) + eps), in place",
    "m = grad_avg / debias(mom, mom_damp, step)",
    "v = sqr_avg / debias(sqr_mom, sqr_damp, step)",
)
@given(words.triples, words.steps_made)
@example((tensor([1.0]), tensor([0.1]), tensor([0.04])), words.FIRST)
@example((tensor([1.0]), tensor([0.0]), tensor([0.0])), words.FIRST)
def test_adam_divides_the_average_by_the_root_of_the_squares(three, made):
    """p becomes p - lr * m / (sqrt(v) + eps), computed in double precision; wd has no part."""
    p, grad_avg, sqr_avg = map(words.parameter, three)
    adam_step(p, grad_avg=grad_avg, sqr_avg=sqr_avg, wd=0.5, **made)
    wanted = three[0] - made["lr"] * words.adam_ratio(*three[1:], **made)
    assert_close(p, wanted.float(), **CLOSE)


@law("adam_step", "p - lr * m / (sqrt(v) + eps)")
@few
@given(descents())
@example(Descent(0, [[(1,)]], 1, [{"lr": 0.5, "mom": 0.5, "sqr_mom": 0.5, "eps": 1.0}], []))
def test_adam_is_that_of_torch(d):
    """The weights after each step are those of torch.optim.Adam, with eps from 0.01 to 1."""
    found = stepped(d, StatefulOptimizer, adam_step, adam_stats())
    assert_close(found, words.by_adam(d), **CLOSE)


@law("adam_step", "p - lr * m / (sqrt(v) + eps)")
@few
@given(descents())
def test_adam_after_decay_is_adamw_of_torch(d):
    """[weight_decay, adam_step] is torch.optim.AdamW: the step itself does not read wd."""
    found = stepped(d, StatefulOptimizer, [weight_decay, adam_step], adam_stats())
    assert_close(found, words.by_adamw(d), **CLOSE)


@law("adam_step", "m = grad_avg / debias(mom, mom_damp, step)", "debias(sqr_mom, sqr_damp, step)")
@few
@given(descents(max_hypers=1), st.booleans(), st.booleans())
def test_dampening_makes_no_difference_to_adam(d, dampening, sqr_dampening):
    """Debiased, the averages are the same whether they are kept with dampening or without."""
    stats = adam_stats(dampening, sqr_dampening)
    assert_close(stepped(d, StatefulOptimizer, adam_step, stats), words.by_adam(d), **CLOSE)


@law("adam_step", "Default eps: 1e-5")
@few
@given(descents(skips=False))
def test_adam_has_an_eps_of_its_own(d):
    """`_defaults` is {"eps": 1e-5}, and an optimizer steps with it."""
    assert_close(adam_step._defaults, {"eps": 1e-5}, atol=0.0)
    found = stepped(words.without(d, "eps"), StatefulOptimizer, adam_step, adam_stats())
    assert_close(found, words.by_adam(d, eps=1e-5), rtol=1e-3, atol=1e-3)


@law(
    "adam_step",
    "The averages are left unchanged",
    "It always returns `p` itself, and changes nothing",
    "takes all others as `**kwargs`",
)
@few
@given(words.triples, words.steps_made)
def test_adam_changes_the_parameter_only(three, made):
    """Averages and gradient stay, the parameter itself comes back, others by name are fine."""
    p, grad_avg, sqr_avg = three
    averages = {"grad_avg": grad_avg, "sqr_avg": sqr_avg}
    words.assert_changes_only(adam_step, "p", p, grad_avg, **averages, **made)


lambs = st.sampled_from([0.0, 0.0, 0.5]), st.sampled_from([0.0, 1.0, 30.0])


@law(
    "lamb_step",
    "Change `p` to p - lr * ratio * d, in place",
    "d = m / (sqrt(v) + eps) + wd * p m, v as in `adam_step`",
    "ratio = |p| / |d|, at most 10",
)
@given(words.triples, words.steps_made, *lambs)
@example((tensor([2.0]), tensor([0.1]), tensor([0.01])), words.FIRST, 0.0, 1.0)
@example((tensor([3.0, 4.0]), tensor([0.6, 0.8]), tensor([0.0, 0.0])), words.FIRST, 0.5, 1.0)
def test_lamb_steps_at_the_scale_of_the_weight(three, made, wd, size):
    """p becomes p - lr * ratio * (m / (sqrt(v) + eps) + wd * p), computed in double precision.

    The ratio is |p| over the norm of the bracket, at most 10, and 1 where either norm is 0.
    """
    p, averages = size * three[0], {"grad_avg": three[1], "sqr_avg": three[2]}
    wanted = words.by_layer(p.double(), words.adam_ratio(*three[1:], **made), made["lr"], wd)
    mine = words.parameter(p)
    lamb_step(mine, wd=wd, **averages, **made)
    assert_close(mine, wanted.float(), rtol=1e-4, atol=1e-4)


@law("lamb_step", "p - lr * ratio * d")
@few
@given(descents(size=st.sampled_from([1.0, 0.1, 30.0])))
def test_lamb_is_that_of_the_paper(d):
    """With three stats, the weights after each step are those of the paper's formulas."""
    found = stepped(d, StatefulOptimizer, lamb_step, adam_stats())
    assert_close(found, words.by_lamb(d), **CLOSE)


@law("lamb_step", "m, v as in `adam_step`")
@few
@given(descents(max_hypers=1), st.booleans(), st.booleans())
def test_dampening_makes_no_difference_to_lamb(d, dampening, sqr_dampening):
    """Debiased, the averages are the same whether they are kept with dampening or without."""
    stats = adam_stats(dampening, sqr_dampening)
    assert_close(stepped(d, StatefulOptimizer, lamb_step, stats), words.by_lamb(d), **CLOSE)


@law("lamb_step", "ratio = |p| / |d|", "If either norm is 0, the ratio is 1")
@given(words.triples, words.steps_made, lambs[0], st.sampled_from([1.0, 1e-5]))
@example((tensor([2.0]), tensor([0.1]), tensor([0.01])), words.FIRST, 0.0, 1.0)
def test_a_small_norm_is_not_0(three, made, wd, slope):
    """Weights and averages of about a hundred-thousandth have their own ratio, which isn't 1."""
    p, grad_avg = 1e-5 * three[0], slope * three[1]
    direction = words.adam_ratio(grad_avg, three[2], **made)
    wanted = words.by_layer(p.double(), direction, made["lr"], wd)
    mine = words.parameter(p)
    lamb_step(mine, wd=wd, grad_avg=grad_avg, sqr_avg=three[2], **made)
    assert_close(mine, wanted.float(), rtol=1e-2, atol=3e-8)


@law("lamb_step", "ratio = |p| / |d|, at most 10")
@given(words.triples, words.rates)
def test_the_ratio_is_at_most_10(three, lr):
    """Of a very large weight without decay, a step is 10 times that of Adam."""
    p, made = 1000 + three[0], {**words.FIRST, "lr": lr}
    mine, direction = words.parameter(p), words.adam_ratio(*three[1:], **made)
    lamb_step(mine, wd=0.0, grad_avg=three[1], sqr_avg=three[2], **made)
    assert_close(mine - p, (-10 * lr * direction).float(), rtol=1e-3, atol=1e-3)


@law("lamb_step", "If either norm is 0, the ratio is 1, so a zero weight can")
@given(words.triples, words.steps_made, st.sampled_from([0.0, 0.5]))
def test_a_weight_of_zero_can_leave_zero(three, made, wd):
    """Where |p| is 0 the ratio is 1: the step is that of Adam. The lecture's code stays there."""
    mine = words.parameter(torch.zeros_like(three[0]))
    wanted = -made["lr"] * words.adam_ratio(*three[1:], **made)
    lamb_step(mine, wd=wd, grad_avg=three[1], sqr_avg=three[2], **made)
    assert_close(mine, wanted.float(), **CLOSE)


@law("lamb_step", "If either norm is 0, the ratio is 1")
@given(words.pairs, words.steps_made, st.booleans())
def test_a_direction_of_zero_moves_nothing(pair, made, at_zero):
    """With an average of 0 and no decay the weight stays, and is not nan."""
    p, zeros = pair[0] * (1 - at_zero), torch.zeros_like(pair[0])
    mine = words.parameter(p)
    lamb_step(mine, wd=0.0, grad_avg=zeros, sqr_avg=pair[1].abs(), **made)
    assert_same(mine, p)


@law("lamb_step", "Defaults: eps 1e-6, wd 0")
@few
@given(descents(skips=False))
def test_lamb_has_an_eps_and_a_wd_of_its_own(d):
    """`_defaults` is {"eps": 1e-6, "wd": 0}, not that of adam_step, and an optimizer uses them."""
    assert_close(lamb_step._defaults, {"eps": 1e-6, "wd": 0.0}, atol=0.0)
    shared = lamb_step._defaults is getattr(adam_step, "_defaults", None)
    assert_that(not shared, "`lamb_step._defaults`: got the dict of `adam_step`, wanted its own")
    found = stepped(words.without(d, "eps", "wd"), StatefulOptimizer, lamb_step, adam_stats())
    wanted = words.by_lamb(words.having(d, eps=1e-6, wd=0.0))
    assert_close(found, wanted, rtol=1e-3, atol=1e-3)


@law(
    "lamb_step",
    "The averages are left unchanged",
    "It always returns `p` itself, and changes nothing",
    "takes all others as `**kwargs`",
)
@few
@given(words.triples, words.steps_made, words.decays)
def test_lamb_changes_the_parameter_only(three, made, wd):
    """Averages and gradient stay, the parameter itself comes back, others by name are fine."""
    p, grad_avg, sqr_avg = three
    averages = {"grad_avg": grad_avg, "sqr_avg": sqr_avg}
    words.assert_changes_only(lamb_step, "p", p, grad_avg, wd=wd, **averages, **made)


@law(
    "sgd_opt",
    "Return a new optimizer for gradient descent with weight decay",
    "hypers hyperparameters by name: lr, wd",
)
@few
@given(descents())
def test_sgd_opt_is_sgd_of_torch(d):
    """sgd_opt(groups, lr=..., wd=...) is torch.optim.SGD with its weight_decay, schedules too."""
    assert_close(words.made(d, sgd_opt), words.by_sgd(d, weight_decay="wd"), **CLOSE)


@law("sgd_opt", "params parameters or groups of them, as for `Optimizer`")
@few
@given(descents())
def test_sgd_opt_takes_the_parameters_of_a_model(d):
    """A generator of parameters is one group; the values that are passed are used."""
    d = words.one_group(d)
    assert_close(words.from_generator(d, sgd_opt), words.by_sgd(d, weight_decay="wd"), **CLOSE)


@law("sgd_opt", "Default wd: 0")
@given(words.rates, st.integers(1, 3))
@example(0.1, 1)
def test_sgd_opt_decays_nothing_unless_asked(lr, groups):
    """hypers is {"lr": lr, "wd": 0} for each group."""
    opt = sgd_opt([[torch.ones(1)] for _ in range(groups)], lr=lr)
    assert_close(hypers_of(opt), [{"lr": lr, "wd": 0.0}] * groups)


@law("sgd_opt", "Return a new optimizer")
@few
@given(descents(slope=st.just(0.0)))
def test_sgd_opt_steps_where_gradients_are_zero(d):
    """A gradient of zeros decays, no gradient does not: as with torch.optim.SGD."""
    assert_close(words.made(d, sgd_opt), words.by_sgd(d, weight_decay="wd"), **CLOSE)


@law("sgd_opt", "Return a new optimizer")
@few
@given(descents())
def test_two_of_sgd_opt_do_not_meet(d):
    """Two optimizers that are made by it step in turn, each as if it were alone."""
    wanted = words.by_sgd(d, weight_decay="wd")
    assert_close(words.side_by_side(d, sgd_opt), [wanted, wanted], **CLOSE)


@law(
    "sgd_mom_opt",
    "Return a new optimizer for gradient descent with momentum and weight decay",
    "The momentum is a sum, not an average",
    "decay before or after the step, as you",
)
@few
@given(descents())
def test_sgd_mom_opt_is_momentum_with_decay(d):
    """Momentum as torch.optim.SGD has it, undampened; the weight decays before or after it."""
    one = words.by_sgd(d, momentum="mom", decay=True)
    other = words.by_sgd(d, momentum="mom", decay_after=True)
    found = words.made(d, sgd_mom_opt)
    assert_close(found, words.nearer(found, one, other), **CLOSE)


@law("sgd_mom_opt", "params parameters or groups of them, as for `Optimizer`")
@few
@given(descents(hypers=words.with_hypers(wd=0.0)))
def test_sgd_mom_opt_takes_the_parameters_of_a_model(d):
    """A generator of parameters is one group; the momentum is 0.9, or that which is passed."""
    d = words.one_group(d)
    wanted, passed = (words.by_sgd(d, momentum=mom) for mom in (0.9, "mom"))
    assert_close(words.from_generator(d, sgd_mom_opt), wanted, **CLOSE)
    assert_close(words.from_generator(d, sgd_mom_opt, "mom"), passed, **CLOSE)


@law("sgd_mom_opt", "hypers hyperparameters by name: lr, mom (default 0.9), wd (default 0)")
@given(words.rates, st.integers(1, 3))
@example(0.1, 1)
def test_sgd_mom_opt_has_its_defaults(lr, groups):
    """hypers is {"lr": lr, "mom": 0.9, "wd": 0} for each group."""
    opt = sgd_mom_opt([[torch.ones(1)] for _ in range(groups)], lr=lr)
    assert_close(hypers_of(opt), [{"lr": lr, "mom": 0.9, "wd": 0.0}] * groups)


@law("sgd_mom_opt", "Return a new optimizer")
@few
@given(descents(hypers=words.with_hypers(wd=0.0)))
def test_two_of_sgd_mom_opt_do_not_meet(d):
    """Two optimizers that are made by it step in turn, each as if it were alone."""
    wanted = words.by_sgd(d, momentum="mom")
    assert_close(words.side_by_side(d, sgd_mom_opt), [wanted, wanted], **CLOSE)


@law(
    "adam_opt",
    "Return a new optimizer for AdamW: weight decay, then an Adam",
)
@few
@given(descents())
def test_adam_opt_is_adamw_of_torch(d):
    """adam_opt(groups, lr=..., wd=...) is torch.optim.AdamW, schedules of all values too."""
    assert_close(words.made(d, adam_opt), words.by_adamw(d), **CLOSE)


@law("adam_opt", "params parameters or groups of them, as for `Optimizer`")
@few
@given(descents())
def test_adam_opt_takes_the_parameters_of_a_model(d):
    """A generator of parameters is one group; momenta are 0.9 and 0.99, or as passed."""
    d = words.one_group(d)
    wanted, passed = words.by_adamw(d, betas=(0.9, 0.99)), words.by_adamw(d)
    assert_close(words.from_generator(d, adam_opt, "eps"), wanted, **CLOSE)
    assert_close(words.from_generator(d, adam_opt, "mom", "sqr_mom", "eps"), passed, **CLOSE)


@law("adam_opt", "hypers by name: lr, mom (default 0.9), sqr_mom (0.99), wd (0), eps (1e-5)")
@given(words.rates, st.integers(1, 3))
@example(0.1, 1)
def test_adam_opt_has_its_defaults(lr, groups):
    """hypers is {"lr": lr, "mom": 0.9, "sqr_mom": 0.99, "wd": 0, "eps": 1e-5} for each group."""
    opt = adam_opt([[torch.ones(1)] for _ in range(groups)], lr=lr)
    wanted = {"lr": lr, "mom": 0.9, "sqr_mom": 0.99, "wd": 0.0, "eps": 1e-5}
    assert_close(hypers_of(opt), [wanted] * groups, atol=0.0)


@law("adam_opt", "Return a new optimizer")
@few
@given(descents())
def test_two_of_adam_opt_do_not_meet(d):
    """Two optimizers that are made by it step in turn, each as if it were alone."""
    wanted = words.by_adamw(d)
    assert_close(words.side_by_side(d, adam_opt), [wanted, wanted], **CLOSE)


@law(
    "lamb_opt",
    "Return a new optimizer for LAMB, by dampened averages",
    "Weights decay within its step and nowhere else",
)
@few
@given(descents(size=st.sampled_from([1.0, 0.1, 30.0])))
def test_lamb_opt_is_that_of_the_paper(d):
    """lamb_opt(groups, lr=..., wd=...) is LAMB, which decays within its step and not next to it."""
    assert_close(words.made(d, lamb_opt), words.by_lamb(d), **CLOSE)


@law("lamb_opt", "params parameters or groups of them, as for `Optimizer`")
@few
@given(descents())
def test_lamb_opt_takes_the_parameters_of_a_model(d):
    """A generator of parameters is one group; momenta are 0.9 and 0.99, or as passed."""
    d = words.one_group(d)
    wanted, passed = words.by_lamb(words.having(d, mom=0.9, sqr_mom=0.99)), words.by_lamb(d)
    assert_close(words.from_generator(d, lamb_opt, "eps"), wanted, **CLOSE)
    assert_close(words.from_generator(d, lamb_opt, "mom", "sqr_mom", "eps"), passed, **CLOSE)


@law("lamb_opt", "hypers by name: lr, mom (default 0.9), sqr_mom (0.99), eps (1e-6), wd (0)")
@given(words.rates, st.integers(1, 3))
@example(0.1, 1)
def test_lamb_opt_has_its_defaults(lr, groups):
    """hypers is {"lr": lr, "mom": 0.9, "sqr_mom": 0.99, "eps": 1e-6, "wd": 0} for each group."""
    opt = lamb_opt([[torch.ones(1)] for _ in range(groups)], lr=lr)
    wanted = {"lr": lr, "mom": 0.9, "sqr_mom": 0.99, "eps": 1e-6, "wd": 0.0}
    assert_close(hypers_of(opt), [wanted] * groups, atol=0.0)


@law("lamb_opt", "Return a new optimizer")
@few
@given(descents())
def test_two_of_lamb_opt_do_not_meet(d):
    """Two optimizers that are made by it step in turn, each as if it were alone."""
    wanted = words.by_lamb(d)
    assert_close(words.side_by_side(d, lamb_opt), [wanted, wanted], **CLOSE)
