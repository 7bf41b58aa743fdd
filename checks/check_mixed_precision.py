"""The laws of mixed precision."""

import math

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

import katas.learner as learner
from checks.laws import (
    assert_close,
    assert_raises,
    assert_same,
    assert_that,
    law,
    number,
    unchanged,
)
from checks.words.fits import BATCH_EVENTS, LittleFit, Trip, little_fits, mse, watching, weights_of
from checks.words.halves import (
    WITH_A_LOSS,
    Explodes,
    Noticing,
    at_all_orders,
    autocast_now,
    dtypes,
    gradients_of,
    in_half,
    learner_of,
    scale_settings,
    steps,
    torchs_scales,
    with_gradients,
)
from katas.mixed_precision import DynamicScale, MixedPrecision
from katas.mixup import MixUp
from katas.optimizers import adam_opt

few = settings(max_examples=8)
fits = little_fits(min_valid=1)
LITTLE = LittleFit(seed=1, train_sizes=[4, 4, 1], valid_sizes=[2, 1], epochs=2, lr=0.05)
SCALES = {torch.float16: 2.0**8, torch.bfloat16: 1.0}
close = {"rtol": 2e-2, "atol": 2e-3}
numbers = st.lists(st.floats(-9, 9, width=32), min_size=1, max_size=3)
factors = st.sampled_from([1.0, 3.0, 8.0, 2.0**16])
bad = st.sampled_from([math.inf, -math.inf, math.nan])


@law(
    "DynamicScale",
    "A factor for the loss that keeps small gradients from becoming 0 in float16.",
    "`loss` times the factor; `loss` itself is left unchanged.",
    "start the first factor",
)
@given(st.floats(-9, 9, width=32), factors)
def test_the_loss_is_multiplied_by_the_factor(value, start):
    """scale(loss) = loss * scale_now, and so is its gradient."""
    loss = torch.tensor(value, requires_grad=True)
    scaled = DynamicScale(start).scale(loss)
    assert_close(scaled.detach(), torch.tensor(value * start))
    scaled.backward()
    assert_close(loss.grad, torch.tensor(start))
    assert_same(loss.detach(), torch.tensor(value))


@law(
    "DynamicScale",
    "growth the factor is multiplied by this after `interval` good steps in a row",
    "backoff the factor is multiplied by this after a bad step",
    "interval how many good steps in a row make it grow; then counting starts over",
    "Count a step, good if its gradients were `finite`, and change the factor if it's time.",
)
@given(scale_settings, steps)
@example({"start": 8.0, "growth": 2.0, "backoff": 0.5, "interval": 2}, [True, False, True, True])
@example(
    {"start": 8.0, "growth": 2.0, "backoff": 0.5, "interval": 3}, [True, True, False, True, True]
)
def test_the_factor_changes_as_torchs_does(args, finite):
    """After each update the factor is that of torch.amp.GradScaler, as long as that is above 1."""
    wanted = torchs_scales(finite, **args)
    scaler, found = DynamicScale(**args), []
    for good in finite:
        scaler.update(good)
        found.append(number(scaler.scale_now))
    above = [*(scale >= 1 for scale in wanted), False].index(False)
    assert_close(found[:above], wanted[:above])


@law("DynamicScale", "It is never below 1.")
@given(scale_settings, st.integers(1, 3))
def test_the_factor_is_never_below_1(args, more):
    """However many bad steps come, the factor ends at 1, and grows from there."""
    scaler = DynamicScale(**args)
    for _ in range(50 + more):
        scaler.update(False)
        assert_that(number(scaler.scale_now) >= 1, "below 1", scaler.scale_now, "1 or more")
    assert_close(number(scaler.scale_now), 1.0)
    for _ in range(args["interval"]):
        scaler.update(True)
    assert_close(number(scaler.scale_now), args["growth"])


@law("DynamicScale", "The attribute `scale_now` is the current factor.")
def test_the_settings_are_those_of_torch_unless_given():
    """DynamicScale() starts at 2**16, doubles after 2000 good steps and halves after a bad one."""
    scaler = DynamicScale()
    assert_close(number(scaler.scale_now), 2.0**16)
    found = []
    for good in [*[True] * 2001, False]:
        scaler.update(good)
        found.append(number(scaler.scale_now))
    assert_close(found[1998:], [2.0**16, 2.0**17, 2.0**17, 2.0**16])


@law("DynamicScale", "Divide the gradients of `params` by the factor, in place.")
@given(numbers, numbers, factors)
def test_gradients_are_divided_in_place(one, other, start):
    """p.grad is the same tensor, each number of it divided by the factor."""
    params = with_gradients(one, other)
    grads = [p.grad for p in params]
    DynamicScale(start).unscale(params)
    assert_that(all(p.grad is g for p, g in zip(params, grads, strict=True)), "another tensor")
    assert_close(grads, [torch.tensor(o) / start for o in (one, other)])


@law(
    "DynamicScale",
    "Each is divided only once before the next `update`, even if it's listed twice or",
)
@given(numbers, numbers, st.booleans())
def test_a_gradient_is_divided_once_until_the_next_update(one, other, finite):
    """Listed twice, in two calls, or with another parameter: once; then once more."""
    params, scaler = with_gradients(one, other), DynamicScale(8.0, growth=1.0, backoff=1.0)
    first, second = params
    scaler.unscale([first, first])
    scaler.unscale([first, second, second])
    scaler.unscale(params)
    assert_close([p.grad for p in params], [torch.tensor(o) / 8 for o in (one, other)])
    scaler.update(finite)
    scaler.unscale([first])
    assert_close(first.grad, torch.tensor(one) / 64)
    DynamicScale(4.0).unscale([first])  # another one divides for itself
    assert_close(first.grad, torch.tensor(one) / 256)


@law("DynamicScale", "Return whether all gradients of `params` are finite.")
@given(numbers, bad, st.integers(0, 3), st.booleans())
def test_a_gradient_that_is_not_finite_is_told(values, wrong, place, twice):
    """One inf or NaN in any place of any gradient makes it False; asked again, False again."""
    spoiled = [*values[:place], wrong, *values[place:]]
    params = with_gradients(values, spoiled, [1.0])
    order, scaler = [*params[:: -1 if twice else 1]], DynamicScale(4.0)
    assert_same([scaler.unscale(order), scaler.unscale(params)], [False, False])
    assert_same(scaler.unscale(params[:1]), True)


@law("DynamicScale", "Return whether all gradients of `params` are finite.")
@given(st.lists(st.sampled_from([0.0, 1.0, -1.0, 3e38, -3e38, 1e-40]), min_size=1, max_size=4))
def test_large_gradients_are_finite(values):
    """Numbers near the largest of float32, whose sum or squares would overflow, are finite."""
    assert_same(DynamicScale(1.0).unscale(with_gradients(values, values, values)), True)


@law("DynamicScale", "Parameters without a gradient are skipped.")
@given(numbers, factors)
def test_parameters_without_a_gradient_are_skipped(values, start):
    """They keep None; without any gradient all are finite."""
    params = with_gradients(None, values, None)
    assert_same(DynamicScale(start).unscale(params), True)
    assert_close([p.grad for p in params], [None, torch.tensor(values) / start, None])
    assert_same(DynamicScale(start).unscale(with_gradients(None)), True)


@law("DynamicScale", "Divide the gradients of `params` by the factor")
@given(numbers, numbers, st.booleans())
def test_parameters_may_come_from_a_generator(one, other, spoil):
    """model.parameters() is used up by one look, and all of it counts."""
    params = with_gradients(one, other)
    if spoil:
        params[0].grad[0] = math.inf
    assert_same(DynamicScale(2.0).unscale(p for p in params), not spoil)
    assert_close(params[1].grad, torch.tensor(other) / 2)


@law(
    "DynamicScale",
    "A copy of the settings, the factor and the count of good steps.",
    "Continue exactly where the DynamicScale with this `state` stopped.",
)
@given(scale_settings, steps, steps)
@example({"start": 8.0, "growth": 2.0, "backoff": 0.5, "interval": 3}, [True, True], [True, False])
def test_a_loaded_scale_continues_where_the_other_stopped(args, before, after):
    """Another scale, made with other settings, has the same factors after load_state_dict."""
    first, second = DynamicScale(**args), DynamicScale(start=5.0, interval=9)
    for good in before:
        first.update(good)
    state = first.state_dict()
    with unchanged(state=state):
        second.load_state_dict(state)
        found = []
        for good in after:
            first.update(good)
            second.update(good)
            found.append((number(first.scale_now), number(second.scale_now)))
    assert_close([two for _, two in found], [one for one, _ in found])


@law("DynamicScale", "A copy of the settings, the factor and the count of good steps.")
@given(numbers, steps)
def test_two_scales_share_nothing(values, finite):
    """After load_state_dict each divides for itself, and each has a factor of its own."""
    (p,), first, second = with_gradients(values), DynamicScale(8.0, interval=1), DynamicScale()
    first.unscale([p])
    second.load_state_dict(first.state_dict())
    second.unscale([p])
    assert_close(p.grad, torch.tensor(values) / 64)
    for good in finite:
        first.update(good)
    assert_close(number(second.scale_now), 8.0)


def halved(dtype, start=2.0**8):
    """A MixedPrecision whose factor, where there is one, fits a little fit."""
    half = MixedPrecision(dtype)
    if dtype == torch.float16:
        half.scaler.load_state_dict(DynamicScale(start).state_dict())
    return half


def trained(fit, dtype, *cbs, **kwargs):
    """A learner after a fit in mixed precision."""
    learn = learner_of(fit, learner, halved(dtype), *cbs, **kwargs)
    learn.fit(fit.epochs)
    return learn


@law(
    "MixedPrecision",
    "Runs the model in `dtype`, and everything else in float32.",
    "dtype torch.bfloat16 or torch.float16",
    "`torch.autocast` is on during the model's forward pass, in training and in validation",
)
@few
@given(fits, dtypes)
def test_the_model_runs_in_autocast(fit, dtype):
    """Every forward pass, in training and validation, computes in dtype."""
    model = Noticing(fit.model())
    trained(fit, dtype, model=model)
    batches = (len(fit.train_sizes) + len(fit.valid_sizes)) * fit.epochs
    assert_same(model.forwards, [dtype] * batches)
    assert_same(model.outputs, [dtype] * batches)


@law("MixedPrecision", "Runs the model in `dtype`")
def test_dtype_is_bfloat16_unless_given():
    """MixedPrecision() computes in bfloat16."""
    model = Noticing(LITTLE.model())
    learner_of(LITTLE, learner, MixedPrecision(), model=model).fit(1)
    assert_same(set(model.outputs), {torch.bfloat16})


@law("MixedPrecision", "and never outside it")
@few
@given(fits, dtypes)
def test_autocast_is_off_outside_of_the_forward_pass(fit, dtype):
    """At every event of callbacks of any order, in the loss, on the way back, after the fit."""
    model, found = Noticing(fit.model()), []
    note = lambda *_: found.append(autocast_now())  # noqa: E731
    loss_func = lambda pred, yb: note() or mse(pred, yb)  # noqa: E731
    trained(fit, dtype, *at_all_orders(learner, note), model=model, loss_func=loss_func)
    note()
    assert_same(set(found), {None})
    assert_same(set(model.backwards), {None})


class Failing(nn.Linear):
    """A layer that fails at its second call, and knows in which type it has computed."""

    calls, error, computed = 0, ValueError("in the model"), None

    def forward(self, x):
        self.calls += 1
        if self.calls == 2:
            raise self.error
        out = super().forward(x)
        self.computed = out.dtype
        return out


def after_failing(dtype, error, *cbs):
    """In which types autocast and the model compute after a fit whose model fails."""
    model = Failing(3, 2)
    model.error = error
    learn = learner_of(LITTLE, learner, halved(dtype), *cbs, model=model)
    try:
        learn.fit(1)
    except ValueError:
        pass
    model(torch.ones(1, 3))
    return [autocast_now(), model.computed]


@law("MixedPrecision", "and never outside it")
@few
@given(dtypes, st.sampled_from([ValueError, learner.CancelBatchException]))
def test_an_error_in_the_model_turns_autocast_off(dtype, kind):
    """No callback meets autocast, not even right after the model has raised an error."""
    found = []
    note = lambda *_: found.append(autocast_now())  # noqa: E731
    found += after_failing(dtype, kind("in the model"), *at_all_orders(learner, note))
    assert_same(set(found), {None, torch.float32})


@law("MixedPrecision", "and never outside it, even if the model raises")
@few
@given(dtypes, st.sampled_from([learner.CancelEpochException, learner.CancelTrainException]))
def test_cancelling_in_the_model_leaves_autocast_off(dtype, kind):
    """After the fit has ended, autocast is off and the model computes in float32."""
    assert_same(after_failing(dtype, kind("in the model")), [None, torch.float32])


@law("MixedPrecision", "and never outside it")
@few
@given(fits, dtypes)
def test_after_the_fit_the_model_computes_in_float32(fit, dtype):
    """model(x) is what it is without mixed precision, in float64 too, also after two fits."""
    learn = trained(fit, dtype)
    learn.fit(1)
    x, plain = fit.train()[0][0], fit.model()
    plain.load_state_dict(learn.model.state_dict())
    assert_same(learn.model(x), plain(x))
    assert_same(learn.model.double()(x.double()), plain.double()(x.double()))


@law(
    "MixedPrecision", "`learn.pred`, the loss, the weights and the optimizer's state stay float32."
)
@few
@given(fits, dtypes)
def test_predictions_losses_weights_and_state_are_float32(fit, dtype):
    """learn.xb, learn.pred, learn.loss, every weight, every gradient, and Adam's averages."""
    found = []

    def note(event):
        if event == "after_pred":
            found.extend([learn.xb.dtype, learn.pred.dtype])
        if event in WITH_A_LOSS:
            grads = [p.grad for p in learn.model.parameters() if p.grad is not None]
            tensors = [learn.pred, learn.loss, *learn.model.parameters(), *grads]
            found.extend(o.dtype for o in tensors)

    callbacks = [halved(dtype), *at_all_orders(learner, note)]
    learn = learner_of(fit, learner, *callbacks, opt_func=adam_opt)
    learn.fit(fit.epochs)
    states = [o for state in learn.opt.state.values() for o in state.values()]
    found += [o.dtype for o in states if isinstance(o, torch.Tensor) and o.is_floating_point()]
    assert_same(set(found), {torch.float32})


@law("MixedPrecision", "Runs the model in `dtype`, and everything else in float32.")
@few
@given(fits, dtypes)
@example(LITTLE, torch.float16)
def test_the_weights_are_those_of_a_loop_by_hand(fit, dtype):
    """Forward by torch.autocast, loss and step in float32; gradients through a scaled loss."""
    learn = trained(fit, dtype)
    scale = SCALES[dtype]
    wanted = [
        p - fit.lr * sum(o)
        for p, *o in zip(weights_of(fit.model()), *in_half(fit, dtype, scale), strict=True)
    ]
    assert_close(weights_of(learn.model), wanted, rtol=1e-3, atol=1e-4)


@law("MixedPrecision", "With float16 the backward pass starts from the loss times the factor of")
@few
@given(fits, st.integers(0, 3).map(lambda k: 2.0**k), st.integers(1, 3))
def test_the_backward_pass_starts_from_the_scaled_loss(fit, start, interval):
    """The gradient that reaches the loss is the factor, which grows every `interval` batches."""
    found = []

    def loss_func(pred, yb):
        loss = mse(pred, yb)
        if loss.requires_grad:
            loss.register_hook(lambda grad: found.append(grad.item()))
        return loss.clone()

    half = halved(torch.float16)
    half.scaler.load_state_dict(DynamicScale(start, interval=interval).state_dict())
    learner_of(fit, learner, half, loss_func=loss_func).fit(fit.epochs)
    batches = len(fit.train_sizes) * fit.epochs
    assert_close(found, [start * 2.0 ** (i // interval) for i in range(batches)])
    assert_close(number(half.scaler.scale_now), start * 2.0 ** (batches // interval))


@law("MixedPrecision", "the factor of `scaler`, a DynamicScale.")
def test_each_callback_has_a_scaler_of_its_own():
    """A bad step of one leaves the factor of another unchanged."""
    one, other = MixedPrecision(torch.float16), MixedPrecision(torch.float16)
    one.scaler.update(False)
    assert_close(number(other.scaler.scale_now), 65536.0)


@law("MixedPrecision", "With float16 the backward pass starts from the loss times the factor")
@few
@given(st.integers(0, 99))
def test_small_gradients_do_not_become_0(seed):
    """Gradients of a ten-millionth of a loss, through two layers, are near those of float32."""
    fit = LittleFit(seed, [4], [1], 1, 0.0)
    model, found = nn.Sequential(fit.model(), nn.Linear(2, 2)), []
    small = lambda pred, yb: mse(pred, yb) * 1e-7  # noqa: E731
    xb, yb = fit.train()[0]
    wanted = list(torch.autograd.grad(small(model(xb), yb), list(model.parameters())))
    note = lambda e: e == "after_backward" and found.append(gradients_of(model))  # noqa: E731
    callbacks = [MixedPrecision(torch.float16), watching(learner.Callback, note)]
    learner_of(fit, learner, *callbacks, model=model, loss_func=small).fit(1)
    ones = [[g * 1e7 for g in grads] for grads in (found[0], wanted)]
    assert_close(ones[0], ones[1], **close)


@law(
    "MixedPrecision",
    "Other callbacks don't notice any of this, whatever their `_order`: in every event",
)
@few
@given(fits, dtypes)
def test_the_loss_that_callbacks_see_is_unscaled(fit, dtype):
    """learn.loss is loss_func(pred, yb) at every event, for callbacks of any order."""
    pairs = []

    def note(event):
        if event in WITH_A_LOSS:
            loss = learn.loss.detach().as_subclass(torch.Tensor)
            pairs.append((loss, mse(learn.pred, learn.yb).detach()))

    learn = learner_of(fit, learner, halved(dtype), *at_all_orders(learner, note))
    learn.fit(fit.epochs)
    assert_close([loss for loss, _ in pairs], [wanted for _, wanted in pairs])


@law("MixedPrecision", "and in `after_backward` so are the gradients")
@few
@given(fits, dtypes, st.booleans())
def test_the_gradients_that_callbacks_see_are_unscaled(fit, dtype, first):
    """In after_backward, for callbacks of any order, listed before or after."""
    found, half = [], halved(dtype)
    note = lambda e: e == "after_backward" and found.append(gradients_of(learn.model))  # noqa: E731
    others = at_all_orders(learner, note)
    learn = learner_of(fit, learner, *([half, *others] if first else [*others, half]))
    learn.fit(fit.epochs)
    scale = SCALES[dtype]
    wanted = [o for o in in_half(fit, dtype, scale) for _ in others]
    assert_close(found, wanted, rtol=1e-3, atol=1e-4)


class Accumulate(learner.Callback):
    """Steps after every second batch only."""

    def __init__(self, order):
        self._order = order

    def after_backward(self):
        if self.n_iter % 2 == 0:
            raise learner.CancelBatchException


@law(
    "MixedPrecision",
    "those accumulated over several",
    "The scaler is updated after each backward pass.",
)
@few
@given(st.integers(0, 99), dtypes, st.sampled_from([-5, 50]))
@example(1, torch.float16, 50)
def test_accumulated_gradients_are_unscaled(seed, dtype, order):
    """After two backward passes the gradients are the sum of both, each with its own scale."""
    fit, found = LittleFit(seed, [3, 3, 2, 2], [1], 1, 0.0), []
    note = lambda e: e == "after_backward" and found.append(gradients_of(learn.model))  # noqa: E731
    half = halved(dtype)
    if dtype == torch.float16:
        half.scaler.load_state_dict(DynamicScale(2.0**8, interval=1).state_dict())
    learn = learner_of(fit, learner, half, Accumulate(order), watching(learner.Callback, note))
    learn.fit(1)
    each = in_half(fit, dtype, 2.0**8)
    wanted = [[a + b for a, b in zip(*each[i : i + 2], strict=True)] for i in (0, 2)]
    assert_close(found, wanted, rtol=1e-3, atol=1e-4)
    if dtype == torch.float16:
        assert_close(number(half.scaler.scale_now), 2.0**12)


@law(
    "MixedPrecision",
    "If a gradient isn't finite, all gradients are zeroed and the batch is cancelled",
    "so the optimizer",
)
@few
@given(little_fits(min_train=2), bad, st.data())
def test_a_gradient_that_is_not_finite_makes_no_step(fit, how, data):
    """The batch is cancelled with its gradients zeroed; the others are trained as ever."""
    batches = len(fit.train_sizes) * fit.epochs
    when = data.draw(st.sets(st.integers(0, batches - 1), min_size=1))
    cancelled = []

    def note(event):
        if event == "after_cancel_batch":
            left = [g for g in gradients_of(learn.model) if g is not None]
            cancelled.append(all(g.count_nonzero() == 0 for g in left))

    half = halved(torch.float16)
    callbacks = [half, watching(learner.Callback, note)]
    learn = learner_of(fit, learner, *callbacks, loss_func=Explodes(when, how))
    learn.fit(fit.epochs)
    assert_same(len(learn.opt.steps), batches - len(when))
    assert_same(cancelled, [True] * len(when))
    assert_that(all(p.isfinite().all() for p in learn.model.parameters()), "a weight is not finite")


@law("MixedPrecision", "If a gradient isn't finite, all gradients are zeroed")
@few
@given(fits, bad)
def test_one_bad_gradient_is_enough_to_zero_them_all(fit, how):
    """Only the last parameter's gradient is spoiled; those of the others are zeroed too."""
    model, cancelled = fit.model(), []

    def note(event):
        if event == "after_cancel_batch":
            left = [g for g in gradients_of(model) if g is not None]
            cancelled.append(sum(g.count_nonzero().item() for g in left))

    list(model.parameters())[-1].register_hook(lambda grad: grad * how)
    callbacks = [halved(torch.float16), watching(learner.Callback, note)]
    learner_of(fit, learner, *callbacks, model=model).fit(1)
    assert_same(set(cancelled), {0})


@law("MixedPrecision", "The attribute `skipped` counts these batches from the start of the fit.")
@few
@given(little_fits(min_train=2), st.data())
def test_skipped_batches_are_counted_in_each_fit(fit, data):
    """skipped is the number of cancelled batches of a fit, over all of its epochs; 0 before."""
    batches = len(fit.train_sizes) * fit.epochs
    when = data.draw(st.sets(st.integers(0, 2 * batches - 1), min_size=1))
    half, found = halved(torch.float16), []
    learn = learner_of(fit, learner, half, loss_func=Explodes(when))
    for _ in range(2):
        found.append(half.skipped)
        learn.fit(fit.epochs)
    first = len([i for i in when if i < batches])
    assert_same([*found, half.skipped], [0, first, len(when) - first])


@law("MixedPrecision", "The scaler is updated after each backward pass.")
@few
@given(st.lists(st.booleans(), min_size=1, max_size=8), st.integers(1, 3))
def test_the_factor_follows_the_gradients(finite, interval):
    """The factor is that of a DynamicScale which was told of each batch whether it was finite."""
    fit = LittleFit(1, [2] * len(finite), [1], 1, 0.01)
    half, alone = halved(torch.float16), DynamicScale(2.0**6, interval=interval)
    half.scaler.load_state_dict(alone.state_dict())
    when = [i for i, good in enumerate(finite) if not good]
    learner_of(fit, learner, half, loss_func=Explodes(when)).fit(1)
    for good in finite:
        alone.update(good)
    assert_close(number(half.scaler.scale_now), number(alone.scale_now))


@law("MixedPrecision", "The scaler is updated after each backward pass.")
def test_a_factor_that_is_too_large_comes_down():
    """From 2**40 the scaled gradients overflow in float16 until the factor fits; then it trains."""
    fit = LittleFit(1, [4] * 8, [1], 8, 0.05)
    half = halved(torch.float16)
    half.scaler.load_state_dict(DynamicScale(2.0**40).state_dict())
    learn = learner_of(fit, learner, half)
    learn.fit(fit.epochs)
    assert_that(
        10 <= half.skipped <= 40 and len(learn.opt.steps) == 64 - half.skipped,
        f"got {half.skipped} skipped batches and {len(learn.opt.steps)} steps, wanted 64 in all",
        half.skipped,
        "10 to 40",
    )
    assert_close(number(half.scaler.scale_now), 2.0 ** (40 - half.skipped))


@law("MixedPrecision", "With bfloat16 nothing is scaled and no batch is cancelled.")
@few
@given(little_fits(min_train=2), bad)
def test_bfloat16_scales_and_skips_nothing(fit, how):
    """The gradient that reaches the loss is 1, and every batch has its step."""
    found, explodes = [], Explodes([1], how)

    def loss_func(pred, yb):
        loss = explodes(pred, yb)
        if loss.requires_grad:
            loss.register_hook(lambda grad: found.append(grad.item()))
        return loss.clone()

    half = MixedPrecision(torch.bfloat16)
    learn = learner_of(fit, learner, half, loss_func=loss_func)
    learn.fit(fit.epochs)
    batches = len(fit.train_sizes) * fit.epochs
    assert_same((found, len(learn.opt.steps), half.skipped), ([1.0] * batches, batches, 0))


@law("MixedPrecision", "The learner's loss function")
@few
@given(fits, dtypes)
def test_the_loss_function_stays_in_its_place(fit, dtype):
    """learn.loss_func is the same object at every event."""
    found = []
    note = lambda event: found.append(learn.loss_func)  # noqa: E731
    learn = learner_of(fit, learner, halved(dtype), *at_all_orders(learner, note))
    learn.fit(fit.epochs)
    assert_that(all(o is mse for o in found), "another loss function", found[-1], mse)


class Quarter(learner.Callback):
    """Divides the loss by four, as accumulation does."""

    def __init__(self, order):
        self._order = order

    def after_loss(self):
        self.run.loss = self.loss / 4


@law("MixedPrecision", "With float16 the backward pass starts from the loss times the factor")
@few
@given(fits, dtypes, st.sampled_from([-5, 50, 1000]))
def test_a_loss_that_another_callback_divides_is_scaled(fit, dtype, order):
    """A quarter of the loss has a quarter of the gradients, as without scaling."""
    found, factors, plain = [], [], fit.model()

    def loss_func(pred, yb):
        loss = mse(pred, yb)
        if loss.requires_grad:
            loss.register_hook(lambda grad: factors.append(grad.item()))
        return loss.clone()

    note = lambda e: e == "after_backward" and found.append(gradients_of(learn.model))  # noqa: E731
    listening = watching(learner.Callback, note)
    learn = learner_of(fit, learner, halved(dtype), Quarter(order), listening, loss_func=loss_func)
    learn.fit(1)
    (xb, yb), *_ = fit.train()
    wanted = list(torch.autograd.grad(mse(plain(xb), yb) / 4, list(plain.parameters())))
    assert_close(factors[0], SCALES[dtype] / 4)
    assert_close(found[0], wanted, rtol=5e-2, atol=2e-2)


class Clip(learner.Callback):
    """Gradients of at most a hundredth, as a norm."""

    def after_backward(self):
        nn.utils.clip_grad_norm_(self.model.parameters(), 0.01)


@law("MixedPrecision", "Other callbacks don't notice any of this, whatever their")
@few
@given(fits, dtypes)
def test_clipping_is_of_unscaled_gradients(fit, dtype):
    """With gradients clipped to 0.01, no step is longer than lr * 0.01."""
    before = weights_of(fit.model())
    learn = trained(LittleFit(fit.seed, fit.train_sizes[:1], [1], 1, fit.lr), dtype, Clip())
    moved = torch.cat(
        [(a - b).flatten() for a, b in zip(weights_of(learn.model), before, strict=True)]
    )
    assert_close(moved.norm().item(), fit.lr * 0.01, rtol=0.05)


@law("MixedPrecision", "Other callbacks don't notice any of this, whatever their")
@few
@given(dtypes)
def test_the_lr_finder_works_as_without_it(dtype):
    """A search leaves the weights and trains max_iter batches."""
    fit = LittleFit(1, [4] * 5, [2], 3, 0.05)
    half = halved(dtype)
    learn = learner_of(fit, learner, half, learner.LRFind(8, 1e-6, 1e-3))
    before = weights_of(learn.model)
    learn.fit(fit.epochs)
    assert_same(weights_of(learn.model), before)
    assert_same(len(learn.opt.steps), 8)


@law("MixedPrecision", "Other callbacks don't notice any of this, whatever their")
@few
@given(dtypes, st.booleans(), st.integers(0, 99))
def test_mixup_works_as_without_it(dtype, first, seed):
    """With the same seed mixup mixes alike: the losses are near those of float32."""
    fit, found = LittleFit(seed, [4, 3], [2], 1, 0.0), []
    for half in ([], [halved(dtype)]):
        torch.manual_seed(seed)
        cbs = [*half, MixUp()] if first else [MixUp(), *half]
        recorder = learner.Recorder()
        learn = learner_of(fit, learner, *cbs, recorder, loss_func=F.mse_loss)
        learn.fit(1)
        found.append([number(loss) for loss in recorder.losses])
        assert_same(learn.loss_func is F.mse_loss, True)
    assert_close(found[1], found[0], rtol=0.05, atol=0.02)


@law("MixedPrecision", "and never outside it")
@few
@given(dtypes, st.sampled_from(["begin_fit", "begin_epoch", *BATCH_EVENTS, "after_epoch"]))
def test_a_fit_that_fails_leaves_the_model_alone(dtype, event):
    """After another callback's error, at any event, the model computes in float32."""
    trip = Trip(event, 0, ValueError("elsewhere"))
    early = watching(learner.Callback, trip, -2000)
    learn = learner_of(LITTLE, learner, halved(dtype), early)
    with assert_raises(ValueError, "elsewhere"):
        learn.fit(1)
    assert_same((autocast_now(), learn.model(torch.ones(1, 3)).dtype), (None, torch.float32))
