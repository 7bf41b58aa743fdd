"""The laws of the learner."""

import math
import warnings
from types import SimpleNamespace

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn

from checks.laws import assert_close, assert_raises, assert_same, assert_that, law, number
from checks.words.fits import (
    BATCH_EVENTS,
    FIT_EVENTS,
    LittleFit,
    Makes,
    Trip,
    little_fits,
    mse,
    two_groups,
    watching,
    weights_of,
)
from katas.learner import (
    AvgStats,
    BatchTransformXCallback,
    Callback,
    CancelBatchException,
    CancelEpochException,
    CancelTrainException,
    DeviceCallback,
    Learner,
    LRFind,
    ParamScheduler,
    Recorder,
)

few = settings(max_examples=12)
LITTLE = LittleFit(seed=1, train_sizes=[4, 4, 1], valid_sizes=[2, 1], epochs=2, lr=0.05)
fits = little_fits()
fits_with_validation = little_fits(min_valid=1)
before_the_step = st.sampled_from(BATCH_EVENTS[:-1])
batch_sizes = st.lists(st.integers(1, 5), min_size=1, max_size=4)


def learner_of(fit, make=None, loss_func=mse, model=None, **kwargs):
    """A learner of a little training, with a spy for an optimizer."""
    model = model or fit.model()
    return Learner(model, fit.data(), loss_func, make or Makes(), lr=fit.lr, **kwargs)


def watched(fit, hear, **kwargs):
    """A learner of a little training, all of whose events are heard."""
    return learner_of(fit, cbs=[watching(Callback, hear)], **kwargs)


def events_of(fit):
    """Every event of a little training, in order."""
    train = [*BATCH_EVENTS, "after_batch"] * len(fit.train_sizes)
    valid = [*BATCH_EVENTS[:3], "after_batch"] * len(fit.valid_sizes)
    epoch = ["begin_epoch", *train, "begin_validate", *valid, "after_epoch"]
    return ["begin_fit", *epoch * fit.epochs, "after_fit"]


def place(events, event, nth):
    """Where `event` comes for the nth time, from 0."""
    return [i for i, other in enumerate(events) if other == event][nth]


def drawn_place(data, fit, among):
    """An event among some, how often it came before, and where that is among all events."""
    event = data.draw(st.sampled_from([e for e in among if e in events_of(fit)]))
    nth = data.draw(st.integers(0, events_of(fit).count(event) - 1))
    return event, nth, place(events_of(fit), event, nth)


def quiet_fit(learn, *errors, **kwargs):
    """A fit in which these errors are expected."""
    try:
        learn.fit(**kwargs)
    except errors:
        pass


def noted(fit, event, note, cbs=(), fits=1, **kwargs):
    """What `note` says of the learner each time that an event comes."""
    found = []
    learn = watched(fit, lambda heard: heard == event and found.append(note(learn)), **kwargs)
    for _ in range(fits):
        learn.fit(fit.epochs, cbs=list(cbs))
    return found


def by_pass(fit, training, validation):
    """One of two values for each batch of a fit."""
    epoch = [training] * len(fit.train_sizes) + [validation] * len(fit.valid_sizes)
    return epoch * fit.epochs


def seen_batches(sizes, seed):
    """Batches as a learner holds them, with the loss and two metrics of each."""
    source = torch.Generator().manual_seed(seed)
    for n in sizes:
        xb, yb, pred = (torch.randn(n, width, generator=source) for width in (3, 2, 2))
        yield SimpleNamespace(xb=xb, yb=yb, pred=pred, loss=mse(pred, yb))


def error_of_first(pred, yb):
    """A metric that is not the same when pred and yb are exchanged."""
    return (pred[:, 0] - 2 * yb[:, 0]).mean()


def largest(pred, yb):
    """A metric that gives a float."""
    return pred.max().item()


def stats_over(batches, metrics):
    """AvgStats that has seen these batches."""
    stats = AvgStats(metrics, True)
    stats.reset()
    for batch in batches:
        stats.accumulate(batch)
    return stats


def averages(stats):
    """Its averages as floats."""
    return [number(o) for o in stats.avg_stats]


def over_samples(batches, metrics):
    """Loss and metrics, each batch weighted by its samples."""
    count = sum(len(b.xb) for b in batches)
    funcs = [mse, *metrics]
    return [sum(float(f(b.pred, b.yb)) * len(b.xb) for b in batches) / count for f in funcs]


@law("AvgStats")
@given(batch_sizes, st.integers(0, 99))
@example([4, 4, 1], 0)
def test_an_average_is_over_samples_not_over_batches(sizes, seed):
    """sum(n * value of the batch) / sum(n): loss first, then the metrics in their order."""
    metrics, batches = [error_of_first, largest], list(seen_batches(sizes, seed))
    wanted = over_samples(batches, metrics)
    assert_close(averages(stats_over(batches, metrics)), wanted, rtol=1e-4, atol=1e-5)


@law("AvgStats")
@given(batch_sizes, st.integers(0, 99))
def test_without_metrics_there_is_the_loss_alone(sizes, seed):
    """AvgStats([], ...) has one average."""
    batches = list(seen_batches(sizes, seed))
    assert_close(averages(stats_over(batches, [])), over_samples(batches, []), rtol=1e-4)


@law("AvgStats")
@given(batch_sizes, batch_sizes, st.integers(0, 99))
def test_reset_forgets_what_came_before(before, sizes, seed):
    """After `reset`, loss and metrics are those of the batches since then."""
    batches = list(seen_batches(sizes, seed))
    stats = stats_over(seen_batches(before, seed + 1), [error_of_first])
    stats.reset()
    for batch in batches:
        stats.accumulate(batch)
    assert_close(averages(stats), over_samples(batches, [error_of_first]), rtol=1e-4, atol=1e-5)


@law("AvgStats")
@given(batch_sizes, st.integers(0, 99))
def test_averages_may_be_read_on_the_way(sizes, seed):
    """Reading the averages after a batch, twice, changes nothing that comes later."""
    batches, stats = list(seen_batches(sizes, seed)), stats_over([], [error_of_first])
    wanted = [over_samples(batches[: i + 1], [error_of_first]) for i in range(len(sizes))]
    found = [(stats.accumulate(b), averages(stats), averages(stats))[-1] for b in batches]
    assert_close(found, wanted, rtol=1e-4, atol=1e-5)


@law("AvgStats")
@given(batch_sizes, st.integers(0, 99))
def test_training_and_validation_are_averaged_apart(sizes, seed):
    """Two AvgStats share nothing, with the same list of metrics too."""
    metrics, ours = [error_of_first], list(seen_batches(sizes, seed))
    stats, other = stats_over(ours, metrics), AvgStats(metrics, False)
    other.reset()
    for batch in seen_batches([2, 3], seed + 1):
        other.accumulate(batch)
    assert_close(averages(stats), over_samples(ours, metrics), rtol=1e-4, atol=1e-5)


@law("AvgStats")
@given(batch_sizes, st.integers(0, 99))
def test_the_batch_that_is_averaged_stays_as_it_is(sizes, seed):
    """Loss, predictions, inputs and labels are the same after `accumulate`."""
    batches, copies = list(seen_batches(sizes, seed)), list(seen_batches(sizes, seed))
    stats_over(batches, [error_of_first])
    assert_same([vars(b) for b in batches], [vars(b) for b in copies])


@law("Learner")
@few
@given(fits)
def test_training_is_gradient_descent_on_every_batch(fit):
    """The model's weights are those of a loop written by hand: one step a batch, in order."""
    wanted, learn = fit.by_hand()[0], learner_of(fit)
    learn.fit(fit.epochs)
    assert_close(weights_of(learn.model), wanted, rtol=1e-4, atol=1e-5)


@law("Learner")
@few
@given(little_fits(min_epochs=0))
def test_events_come_in_their_order(fit):
    """begin_fit; each epoch training, begin_validate, validation, after_epoch; after_fit."""
    heard = []
    watched(fit, heard.append).fit(fit.epochs)
    assert_same(heard, events_of(fit))


@law("Learner")
@few
@given(fits_with_validation)
def test_validation_builds_no_graph(fit):
    """Predictions carry a gradient in training and none in validation."""
    found = noted(fit, "after_pred", lambda learn: learn.pred.requires_grad)
    assert_same(found, by_pass(fit, True, False))


@law("Learner")
@few
@given(fits_with_validation)
def test_gradients_are_on_again_after_an_error_in_validation(fit):
    """An error while gradients are off does not leave them off."""
    fails = Trip("after_loss", len(fit.train_sizes), ValueError("in validation"))
    with torch.enable_grad():
        quiet_fit(watched(fit, fails), ValueError, epochs=1)
        assert_that(torch.is_grad_enabled(), "gradients are off after the fit", False, True)


@law("Learner")
@few
@given(fits, st.permutations([-3, -1, 2, 3, 7]), st.sampled_from([0, 3, 5]))
def test_callbacks_are_called_in_the_order_of_their_order(fit, orders, early):
    """For each event, those of lower `_order` come first, however they were added."""
    heard = []
    hear = [lambda event, i=i: heard.append((event, i)) for i in orders]
    watchers = [watching(Callback, h, i) for h, i in zip(hear, orders, strict=True)]
    learn = learner_of(fit, cbs=watchers[:early])
    learn.fit(fit.epochs, cbs=watchers[early:])
    assert_same(heard, [(event, i) for event in events_of(fit) for i in sorted(orders)])


@law("Learner")
@few
@given(fits_with_validation, st.data())
def test_cancelling_a_batch_skips_the_rest_of_that_batch_alone(fit, data):
    """The batch goes on with after_cancel_batch and after_batch; the other batches are whole."""
    event, nth, at = drawn_place(data, fit, BATCH_EVENTS)
    full, trip = events_of(fit), Trip(event, nth, CancelBatchException())
    rest = full[full.index("after_batch", at) :]
    watched(fit, trip).fit(fit.epochs)
    assert_same(trip.log, [*full[: at + 1], "after_cancel_batch", *rest])


@law("Learner")
@few
@given(little_fits(min_train=2), st.data())
def test_cancelling_an_epoch_skips_the_rest_of_its_training_batches(fit, data):
    """No step until the next epoch, which is trained as any other; the fit ends as always."""
    epoch = data.draw(st.integers(0, fit.epochs - 1))
    i = data.draw(st.integers(0, len(fit.train_sizes) - 1))
    nth, make = epoch * len(fit.train_sizes) + i, Makes()
    trip = Trip("after_backward", nth, CancelEpochException())
    watched(fit, trip, make=make).fit(fit.epochs)
    steps = fit.epochs * len(fit.train_sizes) - (len(fit.train_sizes) - i)
    assert_same(len(make.stepped()), steps)
    assert_same(trip.log.count("begin_epoch"), fit.epochs)
    assert_same(trip.log[-1], "after_fit")


@law("Learner")
@few
@given(fits_with_validation, st.data())
def test_cancelling_an_epoch_in_validation_skips_its_remaining_batches(fit, data):
    """The rest of this validation is skipped, and later epochs are trained and validated."""
    both = len(fit.train_sizes) + len(fit.valid_sizes)
    epoch = data.draw(st.integers(0, fit.epochs - 1))
    i = data.draw(st.integers(len(fit.train_sizes), both - 1))
    trip, make = Trip("after_pred", epoch * both + i, CancelEpochException()), Makes()
    watched(fit, trip, make=make).fit(fit.epochs)
    assert_same(len(make.stepped()), fit.epochs * len(fit.train_sizes))
    assert_same(trip.log.count("begin_batch"), fit.epochs * both - (both - i - 1))
    assert_same(trip.log[-1], "after_fit")


@law("Learner")
@few
@given(fits, before_the_step)
def test_a_cancelled_epoch_ends_its_batch_and_says_so_once(fit, event):
    """after_batch, then after_cancel_epoch, once in the fit."""
    trip = Trip(event, 0, CancelEpochException())
    watched(fit, trip).fit(fit.epochs)
    at = place(trip.log, event, 0)
    assert_same(trip.log[at + 1 : at + 3], ["after_batch", "after_cancel_epoch"])
    assert_same(trip.log.count("after_cancel_epoch"), 1)


@law("Learner")
@few
@given(fits, st.data())
def test_cancelling_the_training_skips_all_that_is_left(fit, data):
    """A batch under way has its after_batch; then after_cancel_train and after_fit alone."""
    open_to_it = [e for e in FIT_EVENTS if e not in ("after_batch", "after_fit")]
    event, nth, at = drawn_place(data, fit, open_to_it)
    trip, end = Trip(event, nth, CancelTrainException()), ["after_batch"] * (event in BATCH_EVENTS)
    watched(fit, trip).fit(fit.epochs)
    wanted = [*events_of(fit)[: at + 1], *end, "after_cancel_train", "after_fit"]
    assert_same(trip.log, wanted)


@law("Learner")
@few
@given(fits, st.data(), st.sampled_from([ValueError, KeyboardInterrupt]))
def test_an_error_comes_out_after_after_batch_and_after_fit(fit, data, kind):
    """Any other error leaves `fit` as it is; after_batch and after_fit run before that."""
    open_to_it = [e for e in FIT_EVENTS if e not in ("after_batch", "after_fit")]
    event, nth, at = drawn_place(data, fit, open_to_it)
    trip, end = Trip(event, nth, kind("out of memory")), ["after_batch"] * (event in BATCH_EVENTS)
    with assert_raises(kind, "out of memory"):
        watched(fit, trip).fit(fit.epochs)
    assert_same(trip.log, [*events_of(fit)[: at + 1], *end, "after_fit"])


@law("Learner")
@few
@given(fits)
def test_callbacks_given_to_fit_leave_with_it(fit):
    """They hear that fit whole and nothing of the next; the learner's own hear both."""
    own, visiting, learn = [], [], learner_of(fit)
    learn = watched(fit, own.append)
    learn.fit(fit.epochs, cbs=[watching(Callback, visiting.append, i) for i in (3, 4)])
    learn.fit(fit.epochs)
    assert_same(visiting, [e for e in events_of(fit) for _ in (3, 4)])
    assert_same(own, events_of(fit) * 2)


@law("Learner")
@few
@given(fits, st.data(), st.sampled_from([ValueError, CancelTrainException, KeyboardInterrupt]))
def test_callbacks_given_to_fit_leave_after_an_error_too(fit, data, kind):
    """A fit that failed leaves no callback of its own behind."""
    event, nth, _ = drawn_place(data, fit, BATCH_EVENTS)
    trip, learn = Trip(event, nth, kind()), learner_of(fit)
    quiet_fit(learn, kind, epochs=fit.epochs, cbs=[watching(Callback, trip)])
    heard = list(trip.log)
    learn.fit(fit.epochs)
    assert_same(trip.log, heard)


@law("Learner")
@few
@given(fits)
def test_the_callers_list_of_callbacks_stays_as_it_is(fit):
    """Neither the list given to the learner nor the one given to `fit` grows or shrinks."""
    first, second = watching(Callback, str), watching(Callback, str)
    own, visiting = [first], [second]
    learner_of(fit, cbs=own).fit(fit.epochs, cbs=visiting)
    assert_that(own == [first] and visiting == [second], "a list was changed", own, [first])


@law("Learner")
@few
@given(fits)
def test_two_learners_share_no_callbacks(fit):
    """A callback of one learner hears nothing of another."""
    heard = []
    watched(fit, heard.append)
    learner_of(fit).fit(fit.epochs)
    assert_same(heard, [])


@law("Learner")
@few
@given(fits)
def test_callback_functions_make_callbacks(fit):
    """Each of `cb_funcs` is called without arguments, once; what it makes hears every event."""
    heard = []
    learner_of(fit, cb_funcs=[lambda: watching(Callback, heard.append)]).fit(fit.epochs)
    assert_same(heard, events_of(fit))


@law("Learner")
@few
@given(fits)
def test_the_optimizer_is_made_at_the_first_fit_and_kept(fit):
    """opt_func is called by the first `fit`, not by the second, and again with reset_opt."""
    make = Makes()
    learn, made = learner_of(fit, make), [len(make.made)]
    for how in ({}, {}, {"reset_opt": False}, {"reset_opt": True}):
        learn.fit(fit.epochs, **how)
        made.append(len(make.made))
    assert_same(made, [0, 1, 1, 1, 2])


@law("Learner")
@few
@given(fits)
def test_the_optimizer_gets_the_splitters_groups_and_the_rate(fit):
    """opt_func(splitter(model), lr=lr)."""
    make = Makes()
    learn = learner_of(fit, make, splitter=two_groups)
    learn.fit(1)
    assert_same(make.made[0].made_with, fit.lr)
    groups = [[id(p) for p in group] for group in make.made[0].param_groups]
    assert_same(groups, [[id(p) for p in group] for group in two_groups(learn.model)])


@law("Learner")
def test_the_learning_rate_is_a_hundredth_unless_given():
    """Learner(model, data, loss_func, opt_func) trains with lr=1e-2."""
    make, dl = Makes(), [(torch.ones(1, 2), torch.ones(1, 1))]
    Learner(nn.Linear(2, 1), SimpleNamespace(train_dl=dl, valid_dl=dl), mse, make).fit(1)
    assert_close(make.made[0].made_with, 0.01)


@law("Learner")
@few
@given(fits)
def test_what_a_callback_puts_in_place_of_the_batch_is_used(fit):
    """The model sees the learner's xb, the loss function its pred and yb, backward its loss."""
    plain = learner_of(fit, loss_func=lambda pred, yb: 5 * mse(2 * pred, yb + 1))
    changes = {
        "begin_batch": lambda: setattr(learn, "yb", learn.yb + 1),
        "after_pred": lambda: setattr(learn, "pred", learn.pred * 2),
        "after_loss": lambda: setattr(learn, "loss", learn.loss * 5),
    }
    learn = watched(fit, lambda event: changes.get(event, str)())
    plain.fit(fit.epochs)
    learn.fit(fit.epochs)
    assert_close(weights_of(learn.model), weights_of(plain.model))


@law("Learner")
@few
@given(fits)
def test_a_transform_of_the_inputs_reaches_the_model(fit):
    """With BatchTransformXCallback(f), the model is trained on f(xb)."""
    plain, learn = learner_of(fit), learner_of(fit)
    plain.data.train_dl = [(xb.flip(1) - 1, yb) for xb, yb in fit.train()]
    plain.fit(fit.epochs)
    learn.fit(fit.epochs, cbs=[BatchTransformXCallback(lambda xb: xb.flip(1) - 1)])
    assert_close(weights_of(learn.model), weights_of(plain.model))


@law("Learner")
@few
@given(fits)
def test_callbacks_can_tell_how_far_the_fit_is(fit):
    """A ParamScheduler sees 0, 1/n, 2/n ... of the fit, in a second fit again."""
    n, make = fit.epochs * len(fit.train_sizes), Makes()
    learn = learner_of(fit, make, cbs=[ParamScheduler("lr", lambda pos: pos)])
    learn.fit(fit.epochs)
    learn.fit(fit.epochs)
    assert_close(make.stepped(), [[i / n] for i in range(n)] * 2)


class Noting(nn.Linear):
    """A layer that notes, for each call, its own mode and that of a layer inside, and its input."""

    def __init__(self):
        super().__init__(3, 2)
        self.inside, self.modes, self.inputs = nn.Dropout(0.0), [], []

    def forward(self, x):
        self.modes.append((self.training, self.inside.training))
        self.inputs.append(x.detach())
        return super().forward(x)


@law("TrainEvalCallback")
@few
@given(fits_with_validation)
def test_the_learner_knows_whether_it_trains(fit):
    """learn.in_train is True in training and False in validation, in each epoch."""
    found = noted(fit, "begin_batch", lambda learn: learn.in_train)
    assert_same(found, by_pass(fit, True, False))


@law("TrainEvalCallback")
@few
@given(fits_with_validation)
def test_the_model_is_in_training_mode_in_training_alone(fit):
    """Every layer, in every epoch and fit, whatever mode the model was in before."""
    learn = learner_of(fit, model=Noting())
    learn.model.eval()
    learn.fit(fit.epochs)
    learn.fit(fit.epochs)
    assert_same(learn.model.modes, by_pass(fit, (True, True), (False, False)) * 2)


@law("TrainEvalCallback")
@few
@given(fits_with_validation)
def test_epochs_done_grow_with_training_batches(fit):
    """Where there is learn.n_epochs, it is 0, 1/n, 2/n ... in training, anew in each fit."""
    n = fit.epochs * len(fit.train_sizes)
    wanted = [i / len(fit.train_sizes) for i in range(n)] * 2
    found = noted(fit, "after_backward", lambda learn: getattr(learn, "n_epochs", None), fits=2)
    assert_close(
        [w if f is None else number(f) for f, w in zip(found, wanted, strict=True)], wanted
    )


@law("TrainEvalCallback")
@few
@given(fits_with_validation)
def test_batches_done_grow_with_training_batches(fit):
    """Where there is learn.n_iter, it is 0, 1, 2 ... in training, anew in each fit."""
    wanted = [*range(fit.epochs * len(fit.train_sizes))] * 2
    found = noted(fit, "after_backward", lambda learn: getattr(learn, "n_iter", None), fits=2)
    assert_same([w if f is None else int(f) for f, w in zip(found, wanted, strict=True)], wanted)


@law("BatchTransformXCallback")
@few
@given(fits_with_validation)
def test_the_model_sees_transformed_inputs(fit):
    """Each batch goes through tfm once, in training and in validation."""
    wanted = [xb * 2 + 1 for xb, _ in fit.train() + fit.valid()] * fit.epochs
    learn = learner_of(fit, model=Noting(), cbs=[BatchTransformXCallback(lambda xb: xb * 2 + 1)])
    learn.fit(fit.epochs)
    assert_same(learn.model.inputs, wanted)


@law("BatchTransformXCallback")
@few
@given(fits_with_validation)
def test_labels_are_left_as_they_are(fit):
    """learn.yb is what the loader gave."""
    double = BatchTransformXCallback(lambda b: b * 2 + 1)
    found = noted(fit, "after_loss", lambda learn: learn.yb, cbs=[double])
    assert_same(found, [yb for _, yb in fit.train() + fit.valid()] * fit.epochs)


@law("BatchTransformXCallback")
@few
@given(fits_with_validation)
def test_two_transforms_work_one_after_the_other(fit):
    """Each has its own tfm; the second gets what the first gave."""
    tfms = [lambda xb: xb + 1, lambda xb: xb * 2]
    learn = learner_of(fit, model=Noting(), cbs=[BatchTransformXCallback(tfm) for tfm in tfms])
    learn.fit(fit.epochs)
    assert_same(
        learn.model.inputs, [(xb + 1) * 2 for xb, _ in fit.train() + fit.valid()] * fit.epochs
    )


@law("BatchTransformXCallback")
@few
@given(fits_with_validation)
def test_the_loaders_own_tensors_stay_as_they_are(fit):
    """The transform's result takes the batch's place and is not written into it."""
    learn = learner_of(fit, model=Noting(), cbs=[BatchTransformXCallback(lambda xb: xb * 2 + 1)])
    learn.fit(fit.epochs)
    data = [list(pair) for pair in learn.data.train_dl + learn.data.valid_dl]
    assert_same(data, [list(pair) for pair in fit.train() + fit.valid()])


class Idle(nn.Module):
    """A model that gives back what it gets: the first operation on a meta tensor takes a second."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))

    def forward(self, x):
        return x


def no_loss(pred, yb):
    """A loss of 0 that can be differentiated."""
    return torch.zeros((), requires_grad=True)


def devices(learn):
    """The kinds of device of a learner's weights, inputs and labels."""
    return [t.device.type for t in (learn.model.weight, learn.xb, learn.yb)]


@law("DeviceCallback")
@few
@given(fits_with_validation, st.sampled_from(["meta", torch.device("meta")]))
def test_model_and_batches_are_on_the_device(fit, device):
    """Weights, inputs and labels of every batch, in training and in validation."""
    cbs, still = [DeviceCallback(device)], {"model": Idle(), "loss_func": no_loss}
    found = noted(fit, "after_pred", devices, cbs, **still)
    assert_same(found, by_pass(fit, ["meta"] * 3, ["meta"] * 3))


@law("DeviceCallback")
@few
@given(fits_with_validation)
def test_on_its_own_device_a_training_is_what_it_was(fit):
    """With DeviceCallback("cpu") the weights are those of a training without it."""
    wanted, learn = fit.by_hand()[0], learner_of(fit, cbs=[DeviceCallback("cpu")])
    learn.fit(fit.epochs)
    assert_close(weights_of(learn.model), wanted, rtol=1e-4, atol=1e-5)


@law("DeviceCallback")
@few
@given(fits_with_validation)
def test_the_loaders_tensors_stay_where_they_are(fit):
    """Batches are moved one at a time; the data does not move."""
    learn = learner_of(fit, model=Idle(), loss_func=no_loss, cbs=[DeviceCallback("meta")])
    learn.fit(fit.epochs)
    kinds = {t.device.type for pair in learn.data.train_dl + learn.data.valid_dl for t in pair}
    assert_same(kinds, {"cpu"})


@law("DeviceCallback")
@few
@given(fits)
def test_a_batch_transform_works_on_the_device(fit):
    """BatchTransformXCallback, listed before it, gets batches that are on the device already."""
    found = []
    tfm = BatchTransformXCallback(lambda xb: found.append(xb.device.type) or xb)
    cbs = [tfm, DeviceCallback("meta")]
    learner_of(fit, model=Idle(), loss_func=no_loss, cbs=cbs).fit(1)
    assert_same(found, ["meta"] * (len(fit.train_sizes) + len(fit.valid_sizes)))


@law("ParamScheduler")
@few
@given(fits, st.integers(1, 3))
def test_the_position_is_the_share_of_the_whole_fit(fit, epochs):
    """Batch i of n in epoch e of E has (e + i/n) / E, in a second fit of other length too."""
    n, make = len(fit.train_sizes), Makes()
    learn = learner_of(fit, make, cbs=[ParamScheduler("lr", lambda pos: 1 - pos)])
    learn.fit(fit.epochs)
    learn.fit(epochs)
    wanted = [1 - i / (n * e) for e in (fit.epochs, epochs) for i in range(n * e)]
    assert_close(make.stepped(), [[lr] for lr in wanted])


@law("ParamScheduler")
@few
@given(fits)
def test_one_schedule_serves_all_groups(fit):
    """A single function sets the hyperparameter of each group."""
    n, make = fit.epochs * len(fit.train_sizes), Makes()
    scheduler = ParamScheduler("lr", lambda pos: pos)
    learner_of(fit, make, splitter=two_groups, cbs=[scheduler]).fit(fit.epochs)
    assert_close(make.stepped(), [[i / n, i / n] for i in range(n)])


@law("ParamScheduler")
@few
@given(fits)
def test_several_schedules_serve_a_group_each(fit):
    """sched_funcs[g] sets the hyperparameter of group g."""
    n, make = fit.epochs * len(fit.train_sizes), Makes()
    scheduler = ParamScheduler("lr", [lambda pos: pos, lambda pos: 3 - pos])
    learner_of(fit, make, splitter=two_groups, cbs=[scheduler]).fit(fit.epochs)
    assert_close(make.stepped(), [[i / n, 3 - i / n] for i in range(n)])


@law("ParamScheduler")
@few
@given(fits)
def test_it_sets_the_hyperparameter_of_its_name(fit):
    """Two schedulers, of lr and of mom, each write their own and leave the other's alone."""
    n, make = fit.epochs * len(fit.train_sizes), Makes()
    both = [ParamScheduler("mom", lambda pos: 1 - pos), ParamScheduler("lr", lambda pos: pos)]
    learner_of(fit, make, cbs=both).fit(fit.epochs)
    assert_close(make.stepped("mom"), [[1 - i / n] for i in range(n)])
    assert_close(make.stepped("lr"), [[i / n] for i in range(n)])


@law("ParamScheduler")
@few
@given(fits)
def test_other_hyperparameters_stay(fit):
    """A scheduler of mom leaves the learning rate that the optimizer was made with."""
    make = Makes()
    learner_of(fit, make, cbs=[ParamScheduler("mom", lambda pos: pos)]).fit(fit.epochs)
    assert_close(make.stepped(), [[fit.lr]] * (fit.epochs * len(fit.train_sizes)))


@law("ParamScheduler")
@few
@given(fits_with_validation)
def test_validation_sets_no_hyperparameters(fit):
    """What is in opt.hypers when validation begins is there when it ends."""
    found, hypers = [], lambda: learn.opt.hypers[0]
    acts = {
        "begin_validate": lambda: hypers().update(lr=7.0),
        "after_epoch": lambda: found.append(hypers()["lr"]),
    }
    learn = watched(fit, lambda event: acts.get(event, str)())
    learn.fit(fit.epochs, cbs=[ParamScheduler("lr", lambda pos: pos)])
    assert_same(found, [7.0] * fit.epochs)


searches = st.tuples(st.integers(4, 12), st.floats(-7, -5), st.floats(1, 4)).map(
    lambda o: {"max_iter": o[0], "min_lr": 10 ** o[1], "max_lr": 10 ** (o[1] + o[2])}
)


def constant(pred, yb):
    """A loss that is always 1."""
    return 1 + 0 * pred.sum()


def scripted(losses):
    """A loss function that tells these in training, whatever the model says, and 1 elsewhere."""
    left = iter(losses)
    return lambda pred, yb: (next(left) if pred.requires_grad else 1.0) + 0 * pred.sum()


def trained_batches(fit, search, losses):
    """How many training batches had a prediction in a search with scripted losses."""
    make, losses = Makes(), list(losses)
    learn = learner_of(fit, make, scripted(losses), cbs=[LRFind(**search)])
    learn.fit(len(losses) // len(fit.train_sizes))
    return len(make.stepped())


@law("LRFind")
@few
@given(fits_with_validation, searches)
def test_the_rate_grows_by_equal_factors_from_the_least(fit, search):
    """lr = min_lr * (max_lr / min_lr) ** (i / max_iter): equal steps, equal factors."""
    make = Makes()
    learner_of(fit, make, constant, cbs=[LRFind(**search)]).fit(search["max_iter"] + 2)
    logs = [math.log(lrs[0] / search["min_lr"]) for lrs in make.stepped()]
    whole = math.log(search["max_lr"] / search["min_lr"])
    steps = [late - early for early, late in zip(logs, logs[1:], strict=False)]
    assert_close([logs[0], *steps], [0.0, *[steps[0]] * len(steps)], rtol=1e-4)
    near = whole / search["max_iter"] - 1e-6 <= steps[0] <= whole / (search["max_iter"] - 1) + 1e-6
    assert_that(near, "the factor of one step is another", steps[0], whole / search["max_iter"])


@law("LRFind")
@few
@given(fits_with_validation, searches)
def test_it_stops_after_max_iter_training_batches(fit, search):
    """With a loss that stays, `max_iter` batches are trained, one more or less."""
    make = Makes()
    learner_of(fit, make, constant, cbs=[LRFind(**search)]).fit(search["max_iter"] + 2)
    off = abs(len(make.stepped()) - search["max_iter"])
    assert_that(off <= 1, "batches trained", len(make.stepped()), search["max_iter"])


@law("LRFind")
def test_a_search_is_a_hundred_batches_from_a_millionth_to_10():
    """LRFind() has max_iter=100, min_lr=1e-6 and max_lr=10."""
    make = Makes()
    learner_of(LITTLE, make, constant, cbs=[LRFind()]).fit(40)
    first, second, *_, last = (math.log10(lrs[0]) for lrs in make.stepped())
    assert_that(abs(len(make.stepped()) - 100) <= 1, "batches trained", len(make.stepped()), 100)
    assert_close([first, last], [-6.0, 1.0], atol=0.1)
    near = min(abs(second - first - 7 / steps) for steps in (100, 99))
    assert_that(near < 1e-4, "the factor of one step is another", second - first, 7 / 100)


@law("LRFind")
@few
@given(fits)
def test_every_group_gets_the_rate(fit):
    """All parameter groups have the same learning rate at every step."""
    make = Makes()
    learn = learner_of(fit, make, constant, splitter=two_groups, cbs=[LRFind(8, 1e-6, 1e-3)])
    learn.fit(10)
    assert_close([lrs[1] for lrs in make.stepped()], [lrs[0] for lrs in make.stepped()])
    assert_that(len({lrs[0] for lrs in make.stepped()}) > 3, "the rate stays", make.stepped())


@law("LRFind")
@few
@given(fits_with_validation, st.integers(3, 12), st.sampled_from([1000.0, 1e30, math.inf]))
def test_it_stops_soon_after_the_loss_explodes(fit, k, high):
    """A loss a thousand times the least so far ends the fit."""
    trained = trained_batches(fit, {"max_iter": 60}, [1.0] * k + [high] * 60)
    assert_that(k - 1 <= trained <= k + 2, "batches trained", trained, k + 1)


@law("LRFind")
@few
@given(fits_with_validation, st.integers(5, 12))
def test_an_explosion_is_measured_against_the_least_loss(fit, k):
    """A loss that fell from 1000 to 1 and is back at 5000 has exploded."""
    trained = trained_batches(fit, {"max_iter": 60}, [1000.0] + [1.0] * k + [5000.0] * 60)
    assert_that(k <= trained <= k + 6, "batches trained", trained, k + 2)


@law("LRFind")
@few
@given(fits_with_validation, st.lists(st.floats(1.0, 1.5), min_size=12, max_size=12))
def test_it_does_not_stop_for_a_loss_that_wavers(fit, losses):
    """Losses between 1 and 1.5 end no search before its last batch."""
    trained = trained_batches(fit, {"max_iter": 10}, [*losses, *losses])
    assert_that(9 <= trained <= 11, "batches trained", trained, 10)


@law("LRFind")
@few
@given(fits_with_validation, st.sampled_from([1e-1, 1e3]), st.integers(2, 30))
@example(LITTLE, 1e-1, 4)
@example(LITTLE, 1e-1, 30)
def test_it_leaves_the_weights_as_it_found_them(fit, max_lr, max_iter):
    """After the search the weights are those of before it, however it ended."""
    learn = learner_of(fit)
    learn.fit(1)
    model, before = learn.model, weights_of(learn.model)
    learn.fit(fit.epochs, cbs=[LRFind(max_iter, min_lr=1e-2, max_lr=max_lr)])
    assert_same(weights_of(model), before)
    assert_that(learn.model is model, "the learner has another model", learn.model, model)


@law("Recorder")
@few
@given(fits_with_validation)
def test_losses_are_those_of_the_training_batches(fit):
    """One loss a training batch, in order; none of validation."""
    wanted, recorder = [loss for epoch in fit.by_hand()[1] for loss in epoch], Recorder()
    learner_of(fit, cbs=[recorder]).fit(fit.epochs)
    assert_close([number(loss) for loss in recorder.losses], wanted, rtol=1e-4, atol=1e-5)


@law("Recorder")
@few
@given(fits_with_validation)
def test_rates_are_those_of_each_group_at_each_step(fit):
    """lrs[group][batch] is the rate with which that batch was trained."""
    n, recorder = fit.epochs * len(fit.train_sizes), Recorder()
    scheduler = ParamScheduler("lr", [lambda pos: pos / 10, lambda pos: 0.3 - pos / 10])
    learner_of(fit, splitter=two_groups, cbs=[recorder, scheduler]).fit(fit.epochs)
    wanted = [[i / n / 10 for i in range(n)], [0.3 - i / n / 10 for i in range(n)]]
    assert_close([[number(lr) for lr in lrs] for lrs in recorder.lrs], wanted)


@law("Recorder")
@few
@given(fits_with_validation)
def test_recorded_losses_keep_no_graph_alive(fit):
    """No recorded loss asks for a gradient."""
    recorder = Recorder()
    learner_of(fit, cbs=[recorder]).fit(fit.epochs)
    alive = [loss for loss in recorder.losses if getattr(loss, "requires_grad", False)]
    assert_that(not alive, "losses that keep their graph", alive, [])


@law("Recorder")
@few
@given(fits)
def test_two_recorders_share_nothing(fit):
    """Each has the batches of its own learner alone."""
    recorders = [Recorder(), Recorder()]
    for recorder in recorders:
        learner_of(fit, cbs=[recorder], splitter=two_groups).fit(fit.epochs)
    n = fit.epochs * len(fit.train_sizes)
    assert_same([len(recorder.losses) for recorder in recorders], [n, n])
    assert_same([[len(lrs) for lrs in recorder.lrs] for recorder in recorders], [[n, n]] * 2)


def drawn_by(recorder):
    """The points of every line that the recorder's plots draw, as lists of x and of y."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    plots = [getattr(recorder, name) for name in dir(recorder) if name.startswith("plot")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a window cannot be shown here
        for plot in plots:
            plt.figure()
            plot()
    axes = [axis for number in plt.get_fignums() for axis in plt.figure(number).axes]
    lines = [line for axis in axes for line in axis.lines]
    plt.close("all")
    return [[rounded(line.get_xdata()), rounded(line.get_ydata())] for line in lines]


def rounded(series):
    """Numbers to be found again after a detour over arrays."""
    return [round(number(o), 5) for o in series]


@law("Recorder")
def test_plots_show_the_losses_and_the_rates():
    """The methods `plot...` draw a line of the losses, and the last group's rates."""
    recorder, fit = Recorder(), LITTLE
    scheduler = ParamScheduler("lr", lambda pos: 0.1 + pos)
    learner_of(fit, cbs=[recorder, scheduler]).fit(fit.epochs)
    lines = drawn_by(recorder)
    losses, lrs = (rounded(series) for series in (recorder.losses, recorder.lrs[-1]))
    assert_that(losses in [ys for _, ys in lines], "no line of the losses", lines, losses)
    assert_that(lrs in [o for line in lines for o in line], "no line of the rates", lines, lrs)
