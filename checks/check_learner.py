"""The laws of the learner."""

import math
import re
from types import SimpleNamespace

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn

from checks.laws import assert_close, assert_raises, assert_same, assert_that, law, number
from checks.words import averages as words
from checks.words.averages import batch_sizes, error_of_first, largest, positive, seen_batches
from checks.words.fits import (
    BATCH_EVENTS,
    FIT_EVENTS,
    Batches,
    LittleFit,
    Makes,
    Moment,
    Trip,
    little_fits,
    moments,
    mse,
    quiet,
    two_groups,
    watching,
    weights_of,
)
from checks.words.models import (
    Idle,
    Noting,
    constant,
    four_groups,
    no_loss,
    normed,
    scripted,
    state_of,
)
from checks.words.plots import drawn, rounded
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


@law(
    "AvgStats",
    "Averages of the loss and the metrics over all samples",
    "all_stats =",
    "avg_stats =",
    "Both are lists of floats.",
)
@given(batch_sizes, st.integers(0, 99))
@example([4, 4, 1], 0)
def test_an_average_is_over_samples_not_over_batches(sizes, seed):
    """sum(n * value of the batch) / sum(n): loss first, then the metrics in their order."""
    metrics, batches = [error_of_first, largest], seen_batches(sizes, seed)
    stats = stats_over(batches, metrics)
    assert_close(words.floats(stats.all_stats), words.totals(batches, metrics), rtol=1e-4)
    assert_close(words.floats(stats.avg_stats), words.means(batches, metrics), rtol=1e-4)


few, some = settings(max_examples=12), settings(max_examples=20)
fits = little_fits()
fits_with_validation = little_fits(min_valid=1)
LITTLE = LittleFit(seed=1, train_sizes=[4, 4, 1], valid_sizes=[2, 1], epochs=2, lr=0.05)


def stats_over(batches, metrics, in_train=True):
    """A new AvgStats that has seen these batches."""
    stats = AvgStats(metrics, in_train)
    for batch in batches:
        stats.accumulate(batch)
    return stats


def learner_of(fit, make=None, loss_func=mse, model=None, data=None, **kwargs):
    """A learner of a little training, with a spy for an optimizer."""
    model, data = model or fit.model(), data or fit.data()
    return Learner(model, data, loss_func, make or Makes(), lr=fit.lr, **kwargs)


def watched(fit, hear, **kwargs):
    """A learner of a little training, all of whose events are heard."""
    return learner_of(fit, cbs=[watching(Callback, hear)], **kwargs)


def noted(fit, event, note, cbs=(), fits=1, **kwargs):
    """What `note` says of the learner each time that an event comes."""
    found = []
    learn = watched(fit, lambda heard: heard == event and found.append(note(learn)), **kwargs)
    for _ in range(fits):
        learn.fit(fit.epochs, cbs=list(cbs))
    return found


@law(
    "AvgStats", "functions of (pred, yb), each a mean over the batch: None, one, or a list of them"
)
@given(st.sampled_from([None, largest, [], [positive], [largest, error_of_first]]))
def test_metrics_are_none_one_or_several(metrics):
    """With None there is the loss alone; each metric is a float, even if it returned an int."""
    batches, funcs = seen_batches([3, 1], 0), [metrics] if callable(metrics) else metrics or []
    stats = stats_over(batches, metrics)
    assert_close(words.floats(stats.avg_stats), words.means(batches, funcs), rtol=1e-4)


@law("AvgStats", "A new AvgStats needs no `reset`", "since the last `reset`", "Forget all batches.")
@given(batch_sizes, batch_sizes, st.integers(0, 99))
def test_reset_forgets_what_came_before(before, sizes, seed):
    """After `reset`, loss and metrics are those of the batches since then."""
    batches, stats = seen_batches(sizes, seed), stats_over([], [error_of_first])
    for batch in seen_batches(before, seed + 1):
        stats.accumulate(batch)
    stats.reset()
    for batch in batches:
        stats.accumulate(batch)
    wanted = words.means(batches, [error_of_first])
    assert_close(words.floats(stats.avg_stats), wanted, rtol=1e-4, atol=1e-5)


@law("AvgStats", "Add the batch in `learn.xb`, `learn.yb`, `learn.pred` and `learn.loss`.")
@given(batch_sizes, st.integers(0, 99))
def test_averages_may_be_read_on_the_way(sizes, seed):
    """Reading the averages after a batch, twice, changes nothing that comes later."""
    batches, stats, found = seen_batches(sizes, seed), stats_over([], [error_of_first]), []
    for batch in batches:
        stats.accumulate(batch)
        found.append([words.floats(stats.avg_stats), words.floats(stats.avg_stats)])
    parts = [batches[: i + 1] for i in range(len(batches))]
    wanted = [[words.means(part, [error_of_first])] * 2 for part in parts]
    assert_close(found, wanted, rtol=1e-4, atol=1e-5)


@law(
    "AvgStats",
    "`metrics` (in a list or tuple) and `in_train` are attributes",
    "in_train whether these are training batches",
)
def test_metrics_and_in_train_are_attributes():
    """AvgStats(largest, True) has metrics == [largest] and in_train == True."""
    for in_train in (True, False):
        stats = AvgStats(largest, in_train)
        assert_same([*stats.metrics, stats.in_train], [largest, in_train])


@law("AvgStats", "`repr` tells training from validation")
def test_repr_tells_training_from_validation():
    """After the same batches the two have different reprs."""
    seen = [stats_over(seen_batches([2], 0), None, flag) for flag in (True, False)]
    texts = [re.sub("0x[0-9a-f]+", "", repr(stats)) for stats in seen]
    assert_that(texts[0] != texts[1], "the same repr for both", texts, "two different texts")


@law("AvgStats", "over all samples since the last `reset`")
@given(batch_sizes, st.integers(0, 99))
def test_training_and_validation_are_averaged_apart(sizes, seed):
    """Two AvgStats share nothing, with the same list of metrics too."""
    metrics, ours = [error_of_first], seen_batches(sizes, seed)
    stats = stats_over(ours, metrics)
    other = stats_over([], metrics, in_train=False)
    other.reset()
    other.accumulate(*seen_batches([2], seed + 1))
    assert_close(stats.avg_stats, words.means(ours, metrics), rtol=1e-4, atol=1e-5)


@law("AvgStats", "`accumulate` leaves `learn` and its tensors unchanged")
@given(batch_sizes, st.integers(0, 99))
def test_the_batch_that_is_averaged_is_unchanged(sizes, seed):
    """Loss, predictions, inputs and labels are the same tensors, and the loss has its graph."""
    batches, copies = seen_batches(sizes, seed), seen_batches(sizes, seed)
    before = [dict(vars(b)) for b in batches]
    stats_over(batches, [error_of_first])
    pairs = zip(batches, before, strict=True)
    same = [getattr(b, name) is o for b, old in pairs for name, o in old.items()]
    assert_same(same, [True] * len(same))
    assert_same([b.loss.requires_grad for b in batches], [True] * len(batches))
    assert_same([vars(b) for b in batches], [vars(b) for b in copies])


@law("AvgStats", "It doesn't keep a graph alive.")
def test_averages_keep_no_graph_alive():
    """When the batches are forgotten, so are the graphs of their losses and predictions."""
    batches = seen_batches([3, 1], 0)
    graphs = [graph for batch in batches for graph in words.tracked(batch)]
    stats = stats_over(batches, [error_of_first])
    del batches
    assert_that(words.alive(graphs) == 0, "graphs still in memory", words.alive(graphs), 0)
    assert_same(len(stats.avg_stats), 2)


@law("Learner", "Keep the first six arguments as attributes", "`print`, unless you set another")
def test_a_learner_keeps_its_arguments():
    """model, data, loss_func, opt_func, lr and splitter are attributes; `logger` is `print`."""
    given = [LITTLE.model(), LITTLE.data(), mse, Makes(), 0.3, two_groups]
    learn = Learner(*given)
    kept = [learn.model, learn.data, learn.loss_func, learn.opt_func, learn.lr, learn.splitter]
    same = [a is b for a, b in zip([*kept, learn.logger], [*given, print], strict=True)]
    assert_same(same, [True] * 7)


@law(
    "Learner",
    "callbacks in any iterable, added after a TrainEvalCallback; None for none",
    "functions without arguments, each of which returns one more callback",
    "Call `cb.set_runner(self)`, and set `cb` as the attribute",
    "Add each of",
    "and add the callbacks",
)
@given(st.sampled_from([list, tuple, iter]))
def test_callbacks_become_attributes_of_their_names(kind):
    """Those in `cbs`, what `cb_funcs` return, and a TrainEvalCallback; each has its learner."""

    class OwnCallback(Callback):
        """One of `cbs`."""

    class LateCallback(Callback):
        """One of `cb_funcs`, which keeps how often it was told its learner."""

        def set_runner(self, run):
            """Count the call."""
            super().set_runner(run)
            self.told = vars(self).get("told", 0) + 1

    own, late = OwnCallback(), LateCallback()
    learn = learner_of(LITTLE, cbs=kind([own]), cb_funcs=kind([lambda: late]))
    assert_same([learn.own is own, learn.late is late], [True, True])
    assert_same([cb.run is learn for cb in (own, late, learn.train_eval)], [True] * 3)
    assert_same(vars(late).get("told", 0), 1)


@law("Learner", "added after a TrainEvalCallback")
@few
@given(fits_with_validation)
def test_a_callback_finds_the_mode_of_its_pass(fit):
    """With `_order` 0, a callback finds in_train True at begin_epoch, False at begin_validate."""
    found, hear = [], lambda event: event in ("begin_epoch", "begin_validate") and note()
    learn = learner_of(fit, cbs=[watching(Callback, hear, order=0)])
    note = lambda: found.append((learn.in_train, learn.model.training))  # noqa: E731
    learn.fit(fit.epochs)
    assert_same(found, [(True, True), (False, False)] * fit.epochs)


@law(
    "Learner",
    "Events of a fit, in this order:",
    "after_fit",
    "with the callbacks already added.",
)
@few
@given(fits)
def test_a_fit_of_no_epochs_has_its_beginning_and_its_end(fit):
    """begin_fit and after_fit, and the same in a second fit."""
    heard = []
    learn = watched(fit, heard.append)
    for _ in range(2):
        learn.fit(0)
    assert_same(heard, ["begin_fit", "after_fit"] * 2)


@law("Learner", "Call each callback with the event: lowest `_order` first,")
@given(st.lists(st.sampled_from([-3, -0.5, 0, 2]), min_size=2, max_size=5), st.integers(0, 5))
def test_callbacks_are_called_in_the_order_of_their_order(orders, early):
    """Those of lower `_order` come first, whether they belong to the learner or to the fit.

    A callback whose method returns True keeps the event from none of the others.
    """
    heard, hear = [], lambda i: lambda event: heard.append((event, i)) is None
    watchers = [watching(Callback, hear(i), order) for i, order in enumerate(orders)]
    learner_of(LITTLE, cbs=watchers[:early]).fit(0, cbs=watchers[early:])
    ranked = sorted(range(len(orders)), key=lambda i: orders[i])
    assert_same(heard, [(event, i) for event in ("begin_fit", "after_fit") for i in ranked])


def named(name, callback):
    """The callback, whose class has this name."""
    type(callback).__name__ = name
    return callback


@law(
    "Learner", "Call each callback with the event: lowest `_order` first, ties in the order added."
)
@given(st.permutations(["Ant", "Bee", "Cat"]), st.integers(0, 3))
@example(["Cat", "Bee", "Ant"], 3)
def test_callbacks_of_one_order_are_called_as_they_came(names, early):
    """Whatever their names are."""
    heard, hear = [], lambda name: lambda event: event == "begin_fit" and heard.append(name)
    cbs = [named(name, watching(Callback, hear(name))) for name in names]
    learner_of(LITTLE, cbs=cbs[:early]).fit(0, cbs=cbs[early:])
    assert_same(heard, names)


@law(
    "Learner",
    "The optimizer is made in the first fit and kept",
    "opt the optimizer, from begin_fit on",
)
def test_the_optimizer_is_made_at_the_first_fit_and_kept():
    """opt_func is called by the first `fit`, not by the second, and again with reset_opt."""
    make, seen = Makes(), []
    hear = {"begin_fit": lambda: seen.append(make.made.index(learn.opt))}
    learn = watched(LITTLE, lambda event: hear.get(event, str)(), make=make)
    made = [len(make.made)]
    for how in ({}, {}, {"reset_opt": False}, {"reset_opt": True}, {}):
        learn.fit(0, **how)
        made.append(len(make.made))
    assert_same((made, seen), ([0, 1, 1, 1, 2, 2], [0, 0, 0, 1, 1]))


@law("Learner", "called as opt_func(splitter(model), lr=lr); the optimizer that it returns has")
@few
@given(fits)
def test_the_optimizer_gets_the_splitters_groups_and_the_rate(fit):
    """opt_func(splitter(model), lr=lr)."""
    make = Makes()
    learn = learner_of(fit, make, splitter=two_groups)
    learn.fit(0)
    assert_same(make.made[0].made_with, fit.lr)
    groups = [[id(p) for p in group] for group in make.made[0].param_groups]
    same = groups == [[id(p) for p in group] for group in two_groups(learn.model)]
    assert_that(
        same, "the groups of the optimizer", make.made[0].param_groups, two_groups(learn.model)
    )


@law("Learner", "called as opt_func(splitter(model), lr=lr)")
def test_the_rate_is_passed_by_its_name():
    """An opt_func whose `lr` is a keyword alone is called with the learner's rate."""
    rates = []
    learner_of(LITTLE, lambda params, *, lr: rates.append(lr) or Makes()(params, lr)).fit(0)
    assert_same(rates, [LITTLE.lr])


@law("Learner", "called as opt_func(splitter(model), lr=lr)")
def test_without_an_optimizer_or_a_rate_it_is_sgd_with_a_hundredth():
    """Learner(model, data, loss_func) steps by 0.01 against the gradient."""
    fit = LittleFit(seed=1, train_sizes=[4, 2], valid_sizes=[2], epochs=1, lr=0.01)
    learn, make = Learner(fit.model(), fit.data(), mse), Makes()
    learn.fit(1)
    Learner(fit.model(), fit.data(), mse, make).fit(0)
    assert_close(weights_of(learn.model), fit.by_hand()[0], rtol=1e-4)
    assert_same(make.made[0].made_with, 0.01)


@law(
    "Learner",
    "`cbs`, callbacks in any iterable, are removed after the fit, even after an error in",
    "Remove these callbacks, but not others with the same name.",
)
@few
@given(fits, st.sampled_from([list, tuple, iter]))
def test_callbacks_given_to_fit_leave_with_it(fit, kind):
    """They hear that fit whole and nothing of the next; the learner's own hear both."""
    own, visiting = [], []
    learn = watched(fit, own.append)
    learn.fit(0, cbs=kind([watching(Callback, visiting.append, i) for i in (3, 4)]))
    learn.fit(0)
    assert_same(visiting, ["begin_fit", "begin_fit", "after_fit", "after_fit"])
    assert_same(own, ["begin_fit", "after_fit"] * 2)


@law("Learner", "`cbs`, callbacks in any iterable,")
def test_a_callback_that_adds_another_leaves_with_its_fit():
    """It hears nothing of the next fit, although one more came after it."""
    heard, late = [], watching(Callback, str, 99)
    hear = lambda event: heard.append(event) or acts.get(event, str)()  # noqa: E731
    learn, acts = learner_of(LITTLE), {"begin_fit": lambda: learn.add_cb(late)}
    learn.fit(0, cbs=[watching(Callback, hear)])
    learn.fit(0)
    assert_same(heard, ["begin_fit", "after_fit"])


@law(
    "Learner",
    "Remove these callbacks, but not others with the same name.",
    "Call `cb.set_runner(self)`, and set `cb` as the attribute named `cb.name`.",
)
def test_of_two_callbacks_of_a_class_one_is_removed():
    """The one that `add_cb` added last is the attribute still, and alone hears the next fit."""
    heard = []
    first, second = (named("Ant", watching(Callback, heard.append)) for _ in range(2))
    learn = learner_of(LITTLE, cbs=[first])
    learn.add_cb(second)
    learn.remove_cbs([first])
    learn.fit(0)
    assert_that(learn.ant is second, "learn.ant", learn.ant, second)
    assert_same((second.run is learn, heard), (True, ["begin_fit", "after_fit"]))


@law("Learner", "Remove these callbacks, but not others with the same name.")
def test_a_callback_of_the_same_class_stays():
    """When one of two callbacks of a class leaves with the fit, the learner keeps the other."""

    class Counting(Callback):
        """Counts the fits."""

        fits = 0

        def begin_fit(self):
            """One more."""
            self.fits += 1

    own, visiting = Counting(), Counting()
    learn = learner_of(LITTLE, cbs=[own])
    learn.fit(0, cbs=[visiting])
    learn.fit(0)
    assert_same((own.fits, visiting.fits), (2, 1))


@law("Learner", "and leave the list that")
def test_your_lists_of_callbacks_are_unchanged():
    """The list given to the learner and the one given to `fit` hold the same, in the same order."""
    own, visiting = ([watching(Callback, str, order) for order in (60, 50)] for _ in range(2))
    before = [*own, *visiting]
    learner_of(LITTLE, cbs=own).fit(0, cbs=visiting)
    assert_same([len(own), len(visiting)], [2, 2])
    assert_same([a is b for a, b in zip([*own, *visiting], before, strict=True)], [True] * 4)


@law("Learner", "Once begin_fit has been called, after_fit always follows.")
def test_a_fit_that_has_not_begun_has_no_end():
    """When `opt_func` fails, no event is announced, and its error leaves `fit`."""
    heard = []
    learn = watched(LITTLE, heard.append, make=broken)
    with assert_raises(ValueError, "no such optimizer"):
        learn.fit(1)
    assert_same(heard, [])


def broken(params, lr):
    """An opt_func that fails."""
    raise ValueError("no such optimizer")


@law("Learner", "logger called with each row of a table: `print`, unless you set another")
def test_a_logger_that_you_set_stays():
    """After two fits learn.logger is the function that was set before them."""
    learn, own = learner_of(LITTLE), [].append
    learn.logger = own
    for _ in range(2):
        learn.fit(1)
        assert_that(learn.logger is own, "learn.logger after a fit", learn.logger, own)


@law("Learner", "which tells callbacks of every event")
def test_two_learners_share_no_callbacks():
    """A callback of one learner hears nothing of another."""
    heard = []
    watched(LITTLE, heard.append)
    learner_of(LITTLE).fit(0)
    assert_same(heard, [])


@law("Learner", "Train for `epochs` passes over the data, each followed by a validation.")
@given(st.integers(1, 3))
def test_an_epoch_has_two_passes_and_an_end(epochs):
    """begin_epoch, begin_validate, after_epoch, with loaders that hold no batch."""
    heard, nothing = [], SimpleNamespace(train_dl=[], valid_dl=[])
    watched(LITTLE, heard.append, data=nothing).fit(epochs)
    passes = ["begin_epoch", "begin_validate", "after_epoch"]
    assert_same(heard, ["begin_fit", *passes * epochs, "after_fit"])


@law(
    "Learner", "epochs, epoch the number of epochs in the fit, from begin_fit on, and the index of"
)
def test_the_number_of_epochs_is_known_when_a_fit_begins():
    """learn.epochs is right at begin_fit, in a second fit too."""
    found, hear = [], lambda event: event == "begin_fit" and found.append(learn.epochs)
    learn = watched(LITTLE, hear)
    for count in (2, 0, 1):
        learn.fit(count)
    assert_same(found, [2, 0, 1])


@law("Learner", "epochs, epoch", "dl, iters the loader of this pass and its length")
@few
@given(fits, st.integers(1, 2))
def test_a_pass_knows_its_epoch_and_its_loader(fit, epochs):
    """epochs, epoch, dl and iters are right at begin_epoch and begin_validate, in every fit."""
    found, hear = [], lambda event: event in ("begin_epoch", "begin_validate") and note()
    data = SimpleNamespace(train_dl=Batches(fit.train()), valid_dl=Batches(fit.valid()))
    learn = watched(fit, hear, data=data)
    loaders = [learn.data.train_dl, learn.data.valid_dl]
    note = lambda: found.append(  # noqa: E731
        [learn.epochs, learn.epoch, [learn.dl is dl for dl in loaders], learn.iters]
    )
    for count in (fit.epochs, epochs):
        learn.fit(count)
    passes = [([True, False], len(fit.train_sizes)), ([False, True], len(fit.valid_sizes))]
    assert_same(found, [[n, e, *o] for n in (fit.epochs, epochs) for e in range(n) for o in passes])


@law(
    "Learner",
    "begin_batch after_pred after_loss after_backward after_step after_batch",
    "Make one pass over `dl`, starting with the event `begin`.",
)
@few
@given(fits)
def test_events_come_in_their_order(fit):
    """begin_fit; each epoch training, begin_validate, validation, after_epoch; after_fit."""
    heard = []
    watched(fit, heard.append).fit(fit.epochs)
    assert_same(heard, fit.events())


@law(
    "Learner",
    "iter, xb, yb the number of the batch in this pass",
    "has two loaders",
    "Run one batch, in training or in validation.",
)
@few
@given(fits)
def test_every_batch_of_both_loaders_is_on_the_learner(fit):
    """Its number from 0, its inputs and labels, in every epoch and fit."""
    found = noted(fit, "begin_batch", lambda learn: [learn.iter, learn.xb, learn.yb], fits=2)
    batches = [[i, *pair] for dl in (fit.train(), fit.valid()) for i, pair in enumerate(dl)]
    assert_same(found, batches * fit.epochs * 2)


@law("Learner", "pred, loss of this batch", "called as loss_func(pred, yb)")
@few
@given(fits)
def test_the_prediction_and_the_loss_are_on_the_learner(fit):
    """pred is model(xb), and loss is loss_func(pred, yb), in training and in validation."""
    note = lambda learn: [learn.model(learn.xb), lopsided(learn.pred, learn.yb)]  # noqa: E731
    wanted = noted(fit, "after_loss", note, loss_func=lopsided)
    found = noted(fit, "after_loss", lambda learn: [learn.pred, learn.loss], loss_func=lopsided)
    assert_close(found, wanted)


@law("Learner", "called as loss_func(pred, yb)")
def test_the_loss_function_gets_prediction_and_labels_as_they_are():
    """Predictions [n, 1] stay [n, 1], and labels [n] stay [n]."""
    seen, batch = [], (torch.ones(4, 3), torch.ones(4))
    loss = lambda pred, yb: seen.append([[*pred.shape], [*yb.shape]]) or pred.mean()  # noqa: E731
    data = SimpleNamespace(train_dl=[batch], valid_dl=[batch])
    learner_of(LITTLE, loss_func=loss, model=nn.Linear(3, 1), data=data).fit(1)
    assert_same(seen, [[[4, 1], [4]]] * 2)


def lopsided(pred, yb):
    """A loss that is another one if pred and yb are exchanged."""
    return ((pred - 2 * yb) ** 2).mean()


@law("Learner", "after_backward after_step", "The training loop")
@few
@given(fits)
def test_training_is_gradient_descent_on_every_batch(fit):
    """The model's weights are those of a loop written by hand: one step a batch, in order."""
    wanted, learn = fit.by_hand()[0], learner_of(fit)
    learn.fit(fit.epochs)
    assert_close(weights_of(learn.model), wanted, rtol=1e-4, atol=1e-5)


@law("Learner", "no gradients, no step")
@few
@given(fits_with_validation)
def test_validation_builds_no_graph(fit):
    """Predictions carry a gradient in training and none in validation."""
    found = noted(fit, "after_pred", lambda learn: learn.pred.requires_grad)
    assert_same(found, fit.by_pass(True, False))


@law("Learner", "in_train whether this is a training pass, as set by TrainEvalCallback")
@few
@given(fits_with_validation)
def test_the_learner_steps_in_training_alone(fit):
    """One step for every training batch, as many as in_train says."""
    make = Makes()
    found = noted(fit, "after_batch", lambda learn: learn.in_train, make=make)
    assert_same(found, fit.by_pass(True, False))
    assert_same(len(make.stepped()), fit.epochs * len(fit.train_sizes))


@law("Learner", "in_train whether this is a training")
@few
@given(fits)
def test_a_model_in_evaluation_mode_is_trained_too(fit):
    """A callback may put the model into evaluation mode: a training pass still trains it."""
    learn = watched(fit, lambda event: event == "begin_batch" and learn.model.eval())
    learn.fit(fit.epochs)
    assert_close(weights_of(learn.model), fit.by_hand()[0], rtol=1e-4, atol=1e-5)


@law("Learner", "After each step the gradients are zeroed")
@few
@given(fits)
def test_gradients_are_zeroed_after_each_step(fit):
    """When a training batch is over, no gradient is left behind."""
    left = noted(fit, "after_batch", lambda learn: gradients(learn.model))
    assert_same(left, [0.0] * len(left))


@law("Learner", "without a step they are kept for the next batch")
@few
@given(little_fits(min_train=2), st.integers(1, 2))
@example(LITTLE, 1)
def test_gradients_without_a_step_are_kept(fit, n):
    """If the first of two batches is cancelled in after_backward, the step has both gradients.

    So it has if the second batch is in the next epoch.
    """
    model, rate, data, epochs = fit.model(), fit.lr, fit.data(), 2 // n
    data.train_dl = data.train_dl[:n]
    learn = watched(fit, Trip("after_backward", 0, CancelBatchException()), data=data)
    learn.fit(epochs)
    sum(mse(model(xb), yb) for xb, yb in data.train_dl * epochs).backward()
    wanted = [p.detach() - rate * p.grad for p in model.parameters()]
    assert_close(weights_of(learn.model), wanted, rtol=1e-4, atol=1e-5)


def gradients(model):
    """The sum of the sizes of all gradients."""
    return sum((float(p.grad.abs().sum()) for p in model.parameters() if p.grad is not None), 0.0)


@law("Learner", "If a callback replaces `xb`, `yb`, `pred` or `loss`, the replacement is used.")
@few
@given(fits)
def test_what_a_callback_puts_in_place_of_the_batch_is_used(fit):
    """The model sees the learner's xb, the loss function its pred and yb, backward its loss."""
    plain = learner_of(fit, loss_func=lambda pred, yb: 5 * lopsided(2 * pred, yb + 1))
    plain.data.train_dl = [(xb.flip(1) - 1, yb) for xb, yb in fit.train()]
    changes = {
        "begin_batch": lambda: vars(learn).update(xb=learn.xb.flip(1) - 1, yb=learn.yb + 1),
        "after_pred": lambda: setattr(learn, "pred", learn.pred * 2),
        "after_loss": lambda: setattr(learn, "loss", learn.loss * 5),
    }
    learn = watched(fit, lambda event: changes.get(event, str)(), loss_func=lopsided)
    plain.fit(fit.epochs)
    learn.fit(fit.epochs)
    assert_close(weights_of(learn.model), weights_of(plain.model), rtol=1e-4, atol=1e-5)


@law("Learner", "which `fit` reads")
@few
@given(fits)
def test_attributes_that_are_set_later_are_used(fit):
    """A learner whose loss, data and rate are set before `fit` trains with them."""
    learn = Learner(
        fit.model(), SimpleNamespace(train_dl=[], valid_dl=[]), torch.dist, Makes(), 9.0
    )
    learn.loss_func, learn.data, learn.lr = mse, fit.data(), fit.lr
    learn.fit(fit.epochs)
    assert_close(weights_of(learn.model), fit.by_hand()[0], rtol=1e-4, atol=1e-5)


@law(
    "Learner",
    "A CancelBatchException ends only this batch",
    "The event after_batch always follows.",
)
@some
@given(moments(*BATCH_EVENTS))
def test_cancelling_a_batch_skips_the_rest_of_that_batch_alone(moment):
    """The batch continues with after_cancel_batch and after_batch; the other batches are whole."""
    trip, make = Trip(moment.event, moment.nth, CancelBatchException()), Makes()
    watched(moment.fit, trip, make=make).fit(moment.fit.epochs)
    before, rest = moment.fit.events()[: moment.at + 1], moment.from_next("after_batch")
    assert_same(trip.log, [*before, "after_cancel_batch", *rest])
    assert_same(len(make.stepped()), trip.log.count("after_step"))


@law(
    "Learner",
    "A CancelEpochException, even in `begin`, ends only this",
    "It triggers after_cancel_epoch.",
)
@some
@given(moments(*BATCH_EVENTS, "after_batch", "begin_epoch", "begin_validate"))
def test_cancelling_an_epoch_skips_the_rest_of_that_pass_alone(moment):
    """Then come after_cancel_epoch and the next pass: the validation, or the next epoch."""
    trip, make = Trip(moment.event, moment.nth, CancelEpochException()), Makes()
    watched(moment.fit, trip, make=make).fit(moment.fit.epochs)
    rest = moment.from_next("begin_validate", "after_epoch")
    assert_same(trip.log, [*moment.until(), "after_cancel_epoch", *rest])
    assert_same(len(make.stepped()), trip.log.count("after_step"))


@law("Learner", "A CancelTrainException ends the fit and triggers after_cancel_train.")
@some
@given(moments(*FIT_EVENTS[:-4]))
def test_cancelling_the_training_skips_all_that_is_left(moment):
    """A batch under way has its after_batch; then after_cancel_train and after_fit alone."""
    trip = Trip(moment.event, moment.nth, CancelTrainException())
    learn = watched(moment.fit, trip)
    learn.fit(moment.fit.epochs)
    assert_same(trip.log, [*moment.until(), "after_cancel_train", "after_fit"])
    trip.log.clear()
    trip.nth = -1
    learn.fit(moment.fit.epochs)
    assert_same(trip.log, moment.fit.events())


@law(
    "Learner",
    "Any other error propagates out of `fit`",
    "Once begin_fit has been called, after_fit always follows.",
)
@some
@given(moments(*FIT_EVENTS[:-4]), st.sampled_from([ValueError, KeyboardInterrupt]))
def test_an_error_comes_out_after_after_batch_and_after_fit(moment, kind):
    """Any other error passes out of `fit` unchanged; after_batch and after_fit run before that."""
    trip = Trip(moment.event, moment.nth, kind("out of memory"))
    learn = watched(moment.fit, trip)
    with torch.enable_grad(), assert_raises(kind, "out of memory"):
        learn.fit(moment.fit.epochs)
    assert_same(trip.log, [*moment.until(), "after_fit"])
    trip.log.clear()
    trip.nth = -1
    learn.fit(moment.fit.epochs)
    assert_same(trip.log, moment.fit.events())


@law("Learner", "Any other error propagates out of `fit`", "no gradients, no step")
@some
@given(moments("begin_validate"), st.sampled_from([ValueError, CancelTrainException]))
def test_gradients_are_on_again_after_an_error_in_validation(moment, kind):
    """An error while gradients are off does not leave them off."""
    learn = watched(moment.fit, Trip("begin_validate", moment.nth, kind()))
    with torch.enable_grad():
        with quiet(ValueError):
            learn.fit(moment.fit.epochs)
        on = torch.is_grad_enabled()
    assert_that(on, "torch.is_grad_enabled() after the fit", on, True)


@law("Learner", "the fit, even after an error in any")
@some
@given(
    moments(*FIT_EVENTS[:-4], "after_fit"),
    st.sampled_from([ValueError, CancelTrainException, KeyboardInterrupt]),
)
@example(Moment(LITTLE, "after_fit", 0), ValueError)
def test_callbacks_given_to_fit_leave_after_an_error_too(moment, kind):
    """A fit that failed leaves no callback of its own behind."""
    trip, learn = Trip(moment.event, moment.nth, kind()), learner_of(moment.fit)
    with quiet(kind):
        learn.fit(moment.fit.epochs, cbs=[watching(Callback, trip)])
    trip.log.clear()
    learn.fit(moment.fit.epochs)
    assert_same(trip.log, [])


@law(
    "TrainEvalCallback",
    "in_train True in training, False in validation",
    "Sets the model's mode, and these attributes of the learner.",
)
@few
@given(fits_with_validation)
def test_the_learner_knows_whether_it_trains(fit):
    """learn.in_train is True in training and False in validation, in each epoch."""
    found = noted(fit, "begin_batch", lambda learn: learn.in_train)
    assert_same(found, fit.by_pass(True, False))


@law("TrainEvalCallback", "The model is in training mode during training and in evaluation mode")
@few
@given(fits_with_validation)
def test_the_model_is_in_training_mode_in_training_alone(fit):
    """Every layer, in every epoch and fit, whatever mode the model was in before."""
    learn = learner_of(fit, model=Noting())
    learn.model.eval()
    learn.fit(fit.epochs)
    learn.fit(fit.epochs)
    assert_same(learn.model.modes, fit.by_pass((True, True), (False, False)) * 2)


@law("TrainEvalCallback", "n_epochs the epochs trained so far in this fit: 1.25 after")
@few
@given(fits_with_validation)
def test_epochs_done_grow_with_training_batches(fit):
    """0, 1/n, 2/n ... in training, from 0 again in each fit; validation adds nothing."""
    n = len(fit.train_sizes)
    for event, done in (("after_backward", 0), ("after_batch", 1)):
        found = noted(fit, event, lambda learn: (learn.in_train, number(learn.n_epochs)), fits=2)
        wanted = [e + (i + done) / n for e in range(fit.epochs) for i in range(n)] * 2
        assert_close([epochs for in_train, epochs in found if in_train], wanted)
    ends = noted(fit, "after_epoch", lambda learn: number(learn.n_epochs))
    assert_close(ends, [float(e + 1) for e in range(fit.epochs)])


@law("TrainEvalCallback", "n_iter the number of training batches finished in this fit")
@few
@given(fits_with_validation)
def test_batches_done_grow_with_training_batches(fit):
    """0, 1, 2 ... in training, from 0 again in each fit; validation adds nothing."""
    n = len(fit.train_sizes)
    found = noted(fit, "after_backward", lambda learn: learn.n_iter, fits=2)
    ends = noted(fit, "after_epoch", lambda learn: learn.n_iter, fits=2)
    assert_same(found, [*range(n * fit.epochs)] * 2)
    assert_same(ends, [n * (e + 1) for e in range(fit.epochs)] * 2)


@law("TrainEvalCallback", "in this fit")
def test_nothing_is_done_when_a_fit_begins():
    """n_epochs and n_iter are 0 at begin_fit, in a second fit too."""
    found = noted(LITTLE, "begin_fit", lambda learn: [number(learn.n_epochs), learn.n_iter], fits=2)
    assert_close(found, [[0.0, 0]] * 2)


@law(
    "BatchTransformXCallback", "Replaces the inputs of every batch with `tfm(xb)`, in training and"
)
@few
@given(fits_with_validation)
def test_the_model_sees_transformed_inputs(fit):
    """Each batch goes through tfm as a whole and once, in training and in validation."""
    tfm = lambda xb: xb * 2 + len(xb)  # noqa: E731
    wanted = [tfm(xb) for xb, _ in fit.train() + fit.valid()] * fit.epochs
    learn = learner_of(fit, model=Noting(), cbs=[BatchTransformXCallback(tfm)])
    learn.fit(fit.epochs)
    assert_same(learn.model.inputs, wanted)


@law("BatchTransformXCallback", "`_order` is 2.", "Replaces the inputs")
@given(st.sampled_from([1, 3]))
def test_callbacks_of_higher_order_see_transformed_inputs(order):
    """At begin_batch learn.xb is transformed for `_order` 3, and is not yet for `_order` 1."""
    found, hear = [], lambda event: event == "begin_batch" and found.append(learn.xb)
    double = BatchTransformXCallback(lambda xb: xb * 2)
    learn = learner_of(LITTLE, cbs=[double, watching(Callback, hear, order)])
    learn.fit(1)
    factor = {1: 1, 3: 2}[order]
    assert_same(found, [factor * xb for xb, _ in LITTLE.train() + LITTLE.valid()])


@law("BatchTransformXCallback", "Labels and the loader's own tensors are left unchanged.")
@few
@given(fits_with_validation)
def test_labels_are_left_unchanged(fit):
    """learn.yb is what the loader holds."""
    double = BatchTransformXCallback(lambda b: b * 2 + 1)
    found = noted(fit, "after_loss", lambda learn: learn.yb, cbs=[double])
    assert_same(found, [yb for _, yb in fit.train() + fit.valid()] * fit.epochs)


@law("BatchTransformXCallback", "Replaces the inputs of every batch")
@few
@given(fits_with_validation)
def test_two_transforms_work_one_after_the_other(fit):
    """Each has its own tfm; the second sees the result of the first."""
    tfms = [lambda xb: xb + 1, lambda xb: xb * 2]
    learn = learner_of(fit, model=Noting(), cbs=[BatchTransformXCallback(tfm) for tfm in tfms])
    learn.fit(fit.epochs)
    wanted = [(xb + 1) * 2 for xb, _ in fit.train() + fit.valid()] * fit.epochs
    assert_same(learn.model.inputs, wanted)


@law("BatchTransformXCallback", "the loader's own tensors are left unchanged")
@few
@given(fits_with_validation)
def test_the_loaders_own_tensors_are_unchanged(fit):
    """The transform's result is not written into the loader's tensor."""
    learn = learner_of(fit, model=Noting(), cbs=[BatchTransformXCallback(lambda xb: xb * 2 + 1)])
    learn.fit(fit.epochs)
    data = [list(pair) for pair in learn.data.train_dl + learn.data.valid_dl]
    assert_same(data, [list(pair) for pair in fit.train() + fit.valid()])


@law("BatchTransformXCallback", "Replaces the inputs of every batch with `tfm(xb)`")
def test_a_transform_gets_the_batch_as_the_loader_has_it():
    """Pixels that are bytes reach tfm as bytes, and what tfm returns has its own type."""
    batch, seen = (torch.ones(2, 3, dtype=torch.uint8), torch.ones(2)), []
    more = {"data": SimpleNamespace(train_dl=[batch], valid_dl=[batch]), "model": Idle()}
    tfm = BatchTransformXCallback(lambda xb: seen.append(xb.dtype) or xb.double())
    found = noted(LITTLE, "after_pred", lambda learn: learn.xb.dtype, [tfm], **more, **idle)
    count = 2 * LITTLE.epochs
    assert_same([seen, found], [[torch.uint8] * count, [torch.float64] * count])


def devices(learn):
    """The kinds of device of a learner's weights, inputs, labels and predictions."""
    return [t.device.type for t in (learn.model.weight, learn.xb, learn.yb, learn.pred)]


idle = {"loss_func": no_loss}


@law("DeviceCallback", "and the inputs and labels of every batch", 'a name such as "cuda", or a')
@few
@given(fits_with_validation, st.sampled_from(["meta", torch.device("meta")]))
def test_model_and_batches_are_on_the_device(fit, device):
    """Weights, inputs and labels of every batch, in training and in validation."""
    found = noted(fit, "after_pred", devices, [DeviceCallback(device)], model=Idle(), **idle)
    assert_same(found, fit.by_pass(["meta"] * 4, ["meta"] * 4))


@law("DeviceCallback", "Moves the model to `device` when a fit begins")
def test_the_model_is_there_before_the_first_batch():
    """At begin_epoch the weights are on the device already, and it is the model that you passed."""
    model, note = Idle(), lambda learn: [learn.model.weight.device.type, learn.model is model]
    found = noted(LITTLE, "begin_epoch", note, [DeviceCallback("meta")], model=model, **idle)
    assert_same(found, [["meta", True]] * LITTLE.epochs)


@law("DeviceCallback", "Moves the model to `device` when a fit begins")
def test_a_model_of_later_is_moved_too():
    """A learner's next model is on the device when the next fit has begun, the third one too."""
    learn = learner_of(LITTLE, model=Idle(), cbs=[DeviceCallback("meta")], **idle)
    for _ in range(2):
        learn.model = Idle()
        learn.fit(1)
        assert_same(learn.model.weight.device.type, "meta")


@law("DeviceCallback", "and the inputs and labels of every batch")
def test_a_batch_that_is_moved_keeps_its_types():
    """Pixels that are bytes and labels that are whole numbers stay so."""
    batch = torch.ones(2, 3, dtype=torch.uint8), torch.tensor([1, 0])
    more = {"data": SimpleNamespace(train_dl=[batch], valid_dl=[batch]), "model": Idle()}
    note = lambda learn: (learn.xb, learn.yb)  # noqa: E731
    found = noted(LITTLE, "after_pred", note, [DeviceCallback("cpu")], **more, **idle)
    assert_same(found, [batch] * 2 * LITTLE.epochs)


@law("DeviceCallback", "Moves the model to `device`")
@few
@given(fits_with_validation)
def test_on_its_own_device_a_training_is_the_same(fit):
    """With DeviceCallback("cpu") the weights are those of a training without it."""
    wanted, learn = fit.by_hand()[0], learner_of(fit, cbs=[DeviceCallback("cpu")])
    learn.fit(fit.epochs)
    assert_close(weights_of(learn.model), wanted, rtol=1e-4, atol=1e-5)


@law("DeviceCallback", "The loader's own tensors stay where they are.")
@few
@given(fits_with_validation)
def test_the_loaders_tensors_stay_where_they_are(fit):
    """Batches are moved one at a time; the data does not move."""
    learn = learner_of(fit, model=Idle(), cbs=[DeviceCallback("meta")], **idle)
    learn.fit(fit.epochs)
    kinds = {t.device.type for pair in learn.data.train_dl + learn.data.valid_dl for t in pair}
    assert_same(kinds, {"cpu"})


@law("DeviceCallback", "The batch is on the device before any BatchTransformXCallback sees it.")
@few
@given(fits)
def test_a_batch_transform_works_on_the_device(fit):
    """BatchTransformXCallback, listed before it, gets batches that are on the device already."""
    found = []
    tfm = BatchTransformXCallback(lambda xb: found.append(xb.device.type) or xb)
    learner_of(fit, model=Idle(), cbs=[tfm, DeviceCallback("meta")], **idle).fit(1)
    assert_same(found, ["meta"] * (len(fit.train_sizes) + len(fit.valid_sizes)))


def scheduled(fit, scheduler, name="lr", counts=(), **kwargs):
    """A hyperparameter of each group in the training batches, when the model has predicted."""
    found = []
    note = {"after_pred": lambda: learn.in_train and found.append([h[name] for h in groups()])}
    learn = watched(fit, lambda event: note.get(event, str)(), **kwargs)
    groups = lambda: learn.opt.hypers  # noqa: E731
    for count in counts or [fit.epochs]:
        learn.fit(count, cbs=scheduler if isinstance(scheduler, list) else [scheduler])
    return found


@law(
    "ParamScheduler",
    "(e + i / n) / E",
    "Sets the hyperparameter `pname` from a schedule before every",
)
@few
@given(fits, st.integers(1, 3))
def test_the_position_is_the_share_of_the_whole_fit(fit, epochs):
    """Batch i of n in epoch e of E is at (e + i/n) / E, in a second fit of another length too."""
    n, counts = len(fit.train_sizes), [fit.epochs, epochs]
    found = scheduled(fit, ParamScheduler("lr", lambda pos: pos), counts=counts)
    assert_close(found, [[(i / n) / e] for e in counts for i in range(n * e)])


@law("ParamScheduler", "one schedule for all parameter groups")
@few
@given(fits)
def test_one_schedule_serves_all_groups(fit):
    """A single function sets the hyperparameter of each group."""
    n = fit.epochs * len(fit.train_sizes)
    found = scheduled(fit, ParamScheduler("lr", lambda pos: pos), splitter=two_groups)
    assert_close(found, [[i / n, i / n] for i in range(n)])


@law("ParamScheduler", "one schedule for all parameter groups")
def test_one_schedule_serves_a_learner_with_other_groups_too():
    """The same scheduler sets the one group of a learner, the two of the next, and one again."""
    scheduler = ParamScheduler("lr", lambda pos: 1 - pos)
    splitters = [nn.Module.parameters, two_groups, nn.Module.parameters]
    found = [scheduled(LITTLE, scheduler, splitter=splitter)[0] for splitter in splitters]
    assert_close(found, [[1.0], [1.0, 1.0], [1.0]])


@law("ParamScheduler", "or a list with one for each")
@few
@given(fits)
def test_several_schedules_serve_a_group_each(fit):
    """sched_funcs[g] sets the hyperparameter of group g, in a second fit too."""
    n = fit.epochs * len(fit.train_sizes)
    scheduler = ParamScheduler("lr", [lambda pos: pos, lambda pos: 3 - pos])
    found = scheduled(fit, scheduler, counts=[fit.epochs] * 2, splitter=two_groups)
    assert_close(found, [[i / n, 3 - i / n] for i in range(n)] * 2)


@law(
    "ParamScheduler",
    "A list of several schedules raises ValueError in the fit unless there's one for each",
)
@given(st.sampled_from([2, 3, 5]))
def test_schedules_that_are_not_one_for_each_group_are_a_value_error(count):
    """With four groups, 2, 3 or 5 schedules are a mistake that `fit` tells."""
    scheduler = ParamScheduler("lr", [lambda pos: 1 - pos] * count)
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 2))
    learn = learner_of(LITTLE, model=model, splitter=four_groups, cbs=[scheduler])
    with assert_raises(ValueError) as came:
        learn.fit(1)
        came.append([hyper["lr"] for hyper in learn.opt.hypers])


@law("ParamScheduler", 'a key of `opt.hypers`, such as "lr" or "mom"')
@few
@given(fits)
def test_a_scheduler_sets_the_hyperparameter_of_its_name(fit):
    """Two schedulers, of lr and of mom, each write their own and leave the other's alone."""
    n = fit.epochs * len(fit.train_sizes)
    both = [ParamScheduler("mom", lambda pos: 1 - pos), ParamScheduler("lr", lambda pos: pos)]
    assert_close(scheduled(fit, both, "mom"), [[1 - i / n] for i in range(n)])
    assert_close(scheduled(fit, both, "lr"), [[i / n] for i in range(n)])


@law("ParamScheduler", "Other hyperparameters are left unchanged.")
@few
@given(fits)
def test_other_hyperparameters_stay(fit):
    """A scheduler of mom leaves the learning rate that the optimizer was made with."""
    found = scheduled(fit, ParamScheduler("mom", lambda pos: pos))
    assert_close(found, [[fit.lr]] * (fit.epochs * len(fit.train_sizes)))


@law("ParamScheduler", "before every training batch, and only")
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


@law("ParamScheduler", "before every training batch")
@few
@given(fits)
def test_a_step_is_made_with_the_scheduled_rate(fit):
    """The optimizer's own steps have the values of the schedule."""
    n, make = fit.epochs * len(fit.train_sizes), Makes()
    learner_of(fit, make, cbs=[ParamScheduler("lr", lambda pos: pos)]).fit(fit.epochs)
    assert_close(make.stepped(), [[i / n] for i in range(n)])


searches = st.tuples(st.integers(1, 12), st.floats(-7, -5), st.floats(1, 4)).map(
    lambda o: {"max_iter": o[0], "min_lr": 10 ** o[1], "max_lr": 10 ** (o[1] + o[2])}
)


def rates_of(search, loss_func=constant, fit=LITTLE, epochs=50, **kwargs):
    """The rates of the groups for each loss of training in a fit with a search."""
    rates = []

    def noting(pred, yb):
        if pred.requires_grad:
            rates.append([hyper["lr"] for hyper in learn.opt.hypers])
        return loss_func(pred, yb)

    learn = learner_of(fit, loss_func=noting, cbs=[search], **kwargs)
    learn.fit(epochs)
    return rates


@law(
    "LRFind",
    "lr = min_lr * (max_lr / min_lr) ** (i / max_iter)",
    "The fit ends after `max_iter` training batches",
)
@few
@given(fits_with_validation, searches)
def test_the_rate_grows_by_equal_factors_for_max_iter_batches(fit, search):
    """lr = min_lr * (max_lr / min_lr) ** (i / max_iter) for i = 0 ... max_iter - 1."""
    n, low, high = search["max_iter"], search["min_lr"], search["max_lr"]
    finder, _ = LRFind(**search), LRFind()  # two that share nothing
    found = rates_of(finder, fit=fit)
    assert_close(found, [[low * (high / low) ** (i / n)] for i in range(n)], atol=0)


@law("LRFind", "lr = min_lr * (max_lr / min_lr) ** (i / max_iter)")
def test_a_search_is_a_hundred_batches_from_a_millionth_to_10():
    """LRFind() has max_iter=100, min_lr=1e-6 and max_lr=10."""
    found = rates_of(LRFind())
    assert_close(found, [[1e-6 * 1e7 ** (i / 100)] for i in range(100)], atol=0)


@law("LRFind", "of all groups grows until the loss")
@few
@given(fits)
def test_every_group_gets_the_rate(fit):
    """All parameter groups have the same learning rate at every step."""
    found = rates_of(LRFind(4, 1e-6, 1e-2), fit=fit, splitter=two_groups)
    assert_close(found, [[10.0**-k, 10.0**-k] for k in (6, 5, 4, 3)], atol=0)


low = st.lists(st.floats(1.0, 1.5), min_size=1, max_size=8)


@law("LRFind", "above ten times the lowest loss so", "until the loss explodes")
@few
@given(low, st.sampled_from([10.5, 1e3, 1e30]), st.sampled_from([[], [900.0], [1.0, 9.5]]))
@example([1.0], 12.0, [8.0, 1.0, 9.0])
def test_the_search_ends_with_the_loss_that_explodes(losses, high, first):
    """The batch with more than ten times the least loss is the last, even if the next is low."""
    script = [*first, *losses, high * min([*first, *losses])]
    found = rates_of(LRFind(max_iter=60), scripted(script))
    assert_that(len(found) == len(script), "batches trained", len(found), len(script))


@law("LRFind", "It ends earlier after a training loss that")
@few
@given(st.lists(st.floats(1.0, 1.5), max_size=8), st.sampled_from([math.nan, math.inf, -math.inf]))
@example([], math.inf)
def test_the_search_ends_with_a_loss_that_is_not_finite(losses, last):
    """The batch whose loss is NaN or infinite is the last, also when it is the first."""
    found = rates_of(LRFind(max_iter=60), scripted([*losses, last]))
    assert_that(len(found) == len(losses) + 1, "batches trained", len(found), len(losses) + 1)


@law("LRFind", "The fit ends after `max_iter` training batches")
@few
@given(st.lists(st.floats(1.0, 9.9), min_size=12, max_size=12))
@example([1.0, *[10.0] * 11])
def test_the_search_does_not_end_for_a_loss_that_wavers(losses):
    """Losses of up to ten times the least end no search before its last batch.

    Nor does any loss of a validation.
    """
    script = scripted(losses)
    loss = lambda pred, yb: script(pred, yb) * (1 if pred.requires_grad else math.nan)  # noqa: E731
    found = rates_of(LRFind(max_iter=10), loss)
    assert_that(len(found) == 10, "batches trained", len(found), 10)


@law("LRFind", "Afterwards the model's `state_dict` and the optimizer's `hypers` hold their old")
@few
@given(st.sampled_from([1e-1, 1e3]), st.integers(1, 30), st.booleans())
@example(1e-1, 30, False)
def test_a_search_leaves_the_learner_as_it_found_it(max_lr, max_iter, fails):
    """Weights, buffers, lr and a scheduled mom are those of before, however the search ended."""
    fit = LittleFit(seed=1, train_sizes=[4, 3], valid_sizes=[2], epochs=2, lr=0.05)
    learn = learner_of(fit, model=normed(), splitter=four_groups)
    learn.fit(1)
    learn.opt.hypers[0].update(lr=0.2, mom=0.7)
    before = state_of(learn.model), [dict(hyper) for hyper in learn.opt.hypers]
    trip = Trip("after_batch", 2 if fails else 99, ValueError("no more power"))
    with quiet(ValueError):
        momentum = ParamScheduler("mom", lambda pos: 0.5 - pos)
        learn.fit(2, cbs=[LRFind(max_iter, 1e-2, max_lr), momentum, watching(Callback, trip)])
    assert_same((state_of(learn.model), learn.opt.hypers), before)


@law("LRFind", "hold their old values, however the search ended")
@few
@given(fits, st.integers(1, 6))
def test_a_fit_after_a_search_is_as_without_it(fit, max_iter):
    """The model that you passed is trained to the weights of a loop written by hand."""
    model = fit.model()
    learn = learner_of(fit, model=model)
    learn.fit(3, cbs=[LRFind(max_iter, 1e-2, 1e2)])
    learn.fit(fit.epochs)
    assert_close(weights_of(model), fit.by_hand()[0], rtol=1e-4, atol=1e-5)


@law("LRFind", "An LRFind can search again, on another learner too.")
@few
@given(fits)
def test_a_second_search_starts_from_the_beginning(fit):
    """With the same LRFind: from min_lr, for all its batches, whatever losses came before."""
    search = LRFind(6, 1e-6, 1e-2)
    rates_of(search, scripted([1e-3, 1e-3, 7.0]))
    found = rates_of(search, fit=fit)
    assert_close(found, [[1e-6 * 1e4 ** (i / 6)] for i in range(6)], atol=0)


@law("LRFind", "An LRFind can search again, on another learner too.")
@few
@given(fits)
def test_each_search_restores_its_own_learner(fit):
    """Two searches by one LRFind: each learner has its own weights and rates afterwards."""
    search = LRFind(4, 1e-6, 1e-2)
    for some in (LITTLE, fit, LITTLE):
        learn = learner_of(some)
        before = state_of(learn.model)
        learn.fit(9, cbs=[search])
        assert_same((state_of(learn.model), learn.opt.hypers[0]["lr"]), (before, some.lr))


@law("Recorder", "losses[batch]", "learning rates and the loss of every training batch")
@few
@given(fits_with_validation)
def test_losses_are_those_of_the_training_batches(fit):
    """One loss a training batch, in order; none of validation."""
    wanted, recorder = [loss for epoch in fit.by_hand()[1] for loss in epoch], Recorder()
    learner_of(fit, cbs=[recorder]).fit(fit.epochs)
    assert_close([number(loss) for loss in recorder.losses], wanted, rtol=1e-4, atol=1e-5)


RATES = [
    *(lambda pos: 0.1 + pos / 10, lambda pos: 0.3 - pos / 10),
    *(lambda pos: 0.01 + pos / 100, lambda pos: 0.02 + pos / 100),
]


def recorded(fit, fits=1, model=None, splitter=two_groups):
    """A Recorder after fits in which each group has rates of its own."""
    recorder, model = Recorder(), model or fit.model()
    scheduler = ParamScheduler("lr", RATES[: len(splitter(model))])
    learn = learner_of(fit, model=model, splitter=splitter, cbs=[recorder, scheduler])
    for _ in range(fits):
        learn.fit(fit.epochs)
    return recorder


@law("Recorder", "lrs[group][batch] the rate that the group was trained", "of the latest fit")
@few
@given(fits_with_validation, st.integers(1, 2))
def test_rates_are_those_of_each_group_at_each_step(fit, count):
    """lrs[group][batch]; a second fit starts both lists from the beginning."""
    n, recorder = fit.epochs * len(fit.train_sizes), recorded(fit, count)
    wanted = [[0.1 + i / n / 10 for i in range(n)], [0.3 - i / n / 10 for i in range(n)]]
    assert_close([[number(lr) for lr in lrs] for lrs in recorder.lrs], wanted)
    assert_same(len(recorder.losses), n)


@law("Recorder", "a float, or a tensor without its graph")
@few
@given(fits_with_validation)
def test_recorded_losses_keep_no_graph_alive(fit):
    """No recorded loss asks for a gradient."""
    recorder = recorded(fit)
    alive = [loss for loss in recorder.losses if getattr(loss, "requires_grad", False)]
    assert_that(not alive, "losses that keep their graph", alive, [])


@law("Recorder", "of the latest fit")
@few
@given(fits)
def test_two_recorders_share_nothing(fit):
    """Each has the batches of its own learner alone."""
    longer = LittleFit(**{**vars(fit), "epochs": fit.epochs + 1})
    recorders = [recorded(fit), recorded(longer)]
    counts = [o.epochs * len(o.train_sizes) for o in (fit, longer)]
    assert_same([len(recorder.losses) for recorder in recorders], counts)
    found = [[len(lrs) for lrs in recorder.lrs] for recorder in recorders]
    assert_same(found, [[n, n] for n in counts])


def two_layers():
    """A model with four parameters."""
    return nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))


@law("Recorder", "plot_lr(pgid=-1) the rates of a group, batch by batch")
def test_plot_lr_draws_the_rates_of_a_group():
    """The last group's unless another is asked for."""
    recorder = recorded(LITTLE, model=two_layers(), splitter=four_groups)
    for kwargs, group in (({}, -1), ({"pgid": 0}, 0), ({"pgid": 2}, 2)):
        lines = drawn(lambda k=kwargs: recorder.plot_lr(**k)).lines
        assert_close([ys for _, ys in lines], [rounded(recorder.lrs[group])])


@law("Recorder", "plot_loss(skip_last=0) the losses, without the last `skip_last`")
def test_plot_loss_draws_the_losses_but_the_last_few():
    """All of them with skip_last=0."""
    recorder = recorded(LITTLE)
    for kwargs, n in (({}, 6), ({"skip_last": 0}, 6), ({"skip_last": 2}, 4)):
        lines = drawn(lambda k=kwargs: recorder.plot_loss(**k)).lines
        assert_close([ys for _, ys in lines], [rounded(recorder.losses[:n])])


@law(
    "Recorder",
    "plot(skip_last=0, pgid=-1) the losses against a group's rates, without the last",
    "the axis of the rates is logarithmic",
)
def test_plot_draws_the_losses_over_the_rates():
    """Rates to the right on a logarithmic axis, losses upwards."""
    recorder = recorded(LITTLE, model=two_layers(), splitter=four_groups)
    for kwargs, n, group in (({}, 6, -1), ({"skip_last": 2}, 4, -1), ({"pgid": 0}, 6, 0)):
        found = drawn(lambda k=kwargs: recorder.plot(**k))
        points = rounded(recorder.lrs[group][:n]), rounded(recorder.losses[:n])
        assert_close((found.lines, found.xscale), ([points], "log"))


@law("Recorder", "Each draws one line on matplotlib's current axes.")
def test_plots_are_drawn_on_the_current_axes_alone():
    """Other axes, and other figures, stay empty."""
    recorder = recorded(LITTLE)
    for plot in (recorder.plot_lr, recorder.plot_loss, recorder.plot):
        found = drawn(plot)
        assert_same((len(found.lines), found.elsewhere), (1, 0))
