"""Wrong answers to the exercises of `learner`."""

import copy
import math
import re

import torch

from .containers import listify


class _Sums:
    """A right one, from which the wrong ones below differ in one place."""

    def __init__(self, metrics, in_train):
        self.metrics, self.in_train = listify(metrics), in_train
        self.reset()

    def reset(self):
        self.tot_loss, self.count = 0.0, 0
        self.tot_mets = [0.0] * len(self.metrics)

    def accumulate(self, run):
        n = len(run.xb)
        self.tot_loss += float(run.loss) * n
        self.count += n
        for i, metric in enumerate(self.metrics):
            self.tot_mets[i] += float(metric(run.pred, run.yb)) * n

    @property
    def all_stats(self):
        return [self.tot_loss, *self.tot_mets]

    @property
    def avg_stats(self):
        return [o / self.count for o in self.all_stats]

    def __repr__(self):
        return f"{'train' if self.in_train else 'valid'}: {self.count} samples"


class AvgStats(_Sums):
    """Averages the averages of the batches, so a short last batch counts as much as a full one."""

    def accumulate(self, run):
        self.count += 1
        self.tot_loss += float(run.loss)
        for i, metric in enumerate(self.metrics):
            self.tot_mets[i] += float(metric(run.pred, run.yb))


class AvgStats(_Sums):
    """Adds up the batches' averages without their sizes and divides by the samples."""

    def accumulate(self, run):
        self.count += len(run.xb)
        self.tot_loss += float(run.loss)
        for i, metric in enumerate(self.metrics):
            self.tot_mets[i] += float(metric(run.pred, run.yb))


class AvgStats(_Sums):
    """Weights the loss by the batch's size but not the metrics."""

    def accumulate(self, run):
        n = len(run.xb)
        self.count += n
        self.batches = getattr(self, "batches", 0) + 1
        self.tot_loss += float(run.loss) * n
        for i, metric in enumerate(self.metrics):
            self.tot_mets[i] += float(metric(run.pred, run.yb))

    @property
    def avg_stats(self):
        return [self.tot_loss / self.count, *(o / self.batches for o in self.tot_mets)]


class AvgStats(_Sums):
    """Calls the metrics with the labels first and the predictions second."""

    def accumulate(self, run):
        n = len(run.xb)
        self.tot_loss += float(run.loss) * n
        self.count += n
        for i, metric in enumerate(self.metrics):
            self.tot_mets[i] += float(metric(run.yb, run.pred)) * n


class AvgStats(_Sums):
    """Forgets to reset the count, so averages shrink from epoch to epoch."""

    count = 0

    def reset(self):
        self.tot_loss, self.tot_mets = 0.0, [0.0] * len(self.metrics)


class AvgStats(_Sums):
    """Resets the loss but not the metrics."""

    def __init__(self, metrics, in_train):
        self.metrics, self.in_train = listify(metrics), in_train
        self.tot_mets, self.mets_count = [0.0] * len(self.metrics), 0
        self.reset()

    def reset(self):
        self.tot_loss, self.count = 0.0, 0

    def accumulate(self, run):
        super().accumulate(run)
        self.mets_count += len(run.xb)

    @property
    def avg_stats(self):
        return [self.tot_loss / self.count, *(o / self.mets_count for o in self.tot_mets)]


class AvgStats(_Sums):
    """Averages the averages of the batches, so a short last batch counts as much as a full one."""

    def accumulate(self, run):
        self.first = getattr(self, "first", len(run.xb))
        n = self.first
        self.tot_loss += float(run.loss) * n
        self.count += n
        for i, metric in enumerate(self.metrics):
            self.tot_mets[i] += float(metric(run.pred, run.yb)) * n


class AvgStats(_Sums):
    """Returns the values of the last batch instead of averages."""

    def accumulate(self, run):
        self.count = 1
        self.tot_loss = float(run.loss)
        self.tot_mets = [float(m(run.pred, run.yb)) for m in self.metrics]


class AvgStats(_Sums):
    """Puts the metrics first and the loss last."""

    @property
    def all_stats(self):
        return [*self.tot_mets, self.tot_loss]


class AvgStats(_Sums):
    """Keeps its sums on the class, so training and validation run into each other."""

    sums = {}

    def reset(self):
        AvgStats.sums.clear()
        self.count = 0

    def accumulate(self, run):
        n = len(run.xb)
        self.count += n
        for i, f in enumerate([lambda pred, yb: run.loss, *self.metrics]):
            AvgStats.sums[i] = AvgStats.sums.get(i, 0.0) + float(f(run.pred, run.yb)) * n

    @property
    def all_stats(self):
        return list(AvgStats.sums.values())


class AvgStats(_Sums):
    """Divides the sums in place when you read the averages, so earlier batches then count for too little."""

    @property
    def avg_stats(self):
        self.tot_loss /= self.count
        self.tot_mets = [o / self.count for o in self.tot_mets]
        self.count = 1
        return [self.tot_loss, *self.tot_mets]


class AvgStats(_Sums):
    """Multiplies the learner's own loss tensor in place by the batch's size."""

    def accumulate(self, run):
        n = len(run.xb)
        self.count += n
        self.tot_loss += float(run.loss.mul_(n))
        for i, metric in enumerate(self.metrics):
            self.tot_mets[i] += float(metric(run.pred, run.yb)) * n


class AvgStats(_Sums):
    """Treats the loss as one of the metrics, so without metrics nothing is averaged."""

    @property
    def all_stats(self):
        return [self.tot_loss, *self.tot_mets] if self.tot_mets else []


class AvgStats(_Sums):
    """Needs a `reset` before its first batch, as the lecture's does."""

    def __init__(self, metrics, in_train):
        self.metrics, self.in_train = listify(metrics), in_train


class AvgStats(_Sums):
    """Returns tensors where floats are asked for."""

    @property
    def all_stats(self):
        return [torch.tensor(o) for o in [self.tot_loss, *self.tot_mets]]


class AvgStats(_Sums):
    """Returns one tensor instead of a list of floats."""

    @property
    def avg_stats(self):
        return torch.tensor(self.all_stats, dtype=torch.float64) / self.count


class AvgStats(_Sums):
    """Returns the average of an int metric as an int, so the fraction is lost."""

    def accumulate(self, run):
        super().accumulate(run)
        self.ints = [type(m(run.pred, run.yb)) is int for m in self.metrics]

    @property
    def avg_stats(self):
        ints = [False, *getattr(self, "ints", [])]
        means = [o / self.count for o in self.all_stats]
        return [int(o) if whole else o for o, whole in zip(means, ints, strict=False)]


class AvgStats(_Sums):
    """Needs a list of metrics, so None or one bare metric is an error."""

    def __init__(self, metrics, in_train):
        self.metrics, self.in_train = list(metrics), in_train
        self.reset()


class AvgStats(_Sums):
    """Wraps one metric in a list, but not None."""

    def __init__(self, metrics, in_train):
        self.metrics = metrics if isinstance(metrics, list) else [metrics]
        self.in_train = in_train
        self.reset()


class AvgStats(_Sums):
    """Adds up losses with their graphs, so no batch's memory is freed."""

    @property
    def all_stats(self):
        return [float(o) for o in [self.tot_loss, *self.tot_mets]]

    def accumulate(self, run):
        n = len(run.xb)
        self.tot_loss = self.tot_loss + run.loss * n
        self.count += n
        for i, metric in enumerate(self.metrics):
            self.tot_mets[i] += float(metric(run.pred, run.yb)) * n


class AvgStats(_Sums):
    """Adds up metrics with their graphs, so no batch's memory is freed."""

    @property
    def all_stats(self):
        return [float(o) for o in [self.tot_loss, *self.tot_mets]]

    def accumulate(self, run):
        n = len(run.xb)
        self.tot_loss += float(run.loss) * n
        self.count += n
        self.tot_mets = [
            total + m(run.pred, run.yb) * n
            for total, m in zip(self.tot_mets, self.metrics, strict=True)
        ]


class AvgStats(_Sums):
    """Detaches the learner's own loss in place, so its backward fails."""

    def accumulate(self, run):
        run.loss = run.loss.detach()
        super().accumulate(run)


class AvgStats(_Sums):
    """Counts samples once for every metric, so the averages are too small."""

    def accumulate(self, run):
        super().accumulate(run)
        self.count += len(run.xb) * (len(self.metrics) - 1)


class AvgStats(_Sums):
    """Stores the metrics under a name other than `metrics`, so a table can't find their names."""

    def __init__(self, metrics, in_train):
        self.functions, self.in_train = listify(metrics), in_train
        self.reset()

    def reset(self):
        self.tot_loss, self.count = 0.0, 0
        self.tot_mets = [0.0] * len(self.functions)

    def accumulate(self, run):
        n = len(run.xb)
        self.tot_loss += float(run.loss) * n
        self.count += n
        for i, metric in enumerate(self.functions):
            self.tot_mets[i] += float(metric(run.pred, run.yb)) * n


class AvgStats(_Sums):
    """Has the same repr for training and validation."""

    def __repr__(self):
        return f"AvgStats({self.count} samples)"


class _Loop:
    """A right learner, from which the wrong ones below differ in one place."""

    def __init__(
        self,
        model,
        data,
        loss_func,
        opt_func=sgd_opt,
        lr=1e-2,
        splitter=param_getter,
        cbs=None,
        cb_funcs=None,
    ):
        self.model, self.data, self.loss_func = model, data, loss_func
        self.opt_func, self.lr, self.splitter = opt_func, lr, splitter
        self.in_train, self.logger, self.opt, self.cbs = False, print, None, []
        self.add_cbs([TrainEvalCallback(), *listify(cbs), *(f() for f in listify(cb_funcs))])

    def add_cb(self, cb):
        self.add_cbs([cb])

    def add_cbs(self, cbs):
        for cb in listify(cbs):
            cb.set_runner(self)
            setattr(self, cb.name, cb)
            self.cbs.append(cb)

    def remove_cbs(self, cbs):
        for cb in listify(cbs):
            self.cbs.remove(cb)

    def __call__(self, event):
        for cb in sorted(self.cbs, key=lambda cb: cb._order):
            cb(event)

    def one_batch(self, i, xb, yb):
        try:
            self.iter, self.xb, self.yb = i, xb, yb
            self("begin_batch")
            self.pred = self.model(self.xb)
            self("after_pred")
            self.loss = self.loss_func(self.pred, self.yb)
            self("after_loss")
            if self.in_train:
                self.update()
        except CancelBatchException:
            self("after_cancel_batch")
        finally:
            self("after_batch")

    def update(self):
        self.loss.backward()
        self("after_backward")
        self.opt.step()
        self("after_step")
        self.opt.zero_grad()

    def all_batches(self, dl, begin):
        self.dl, self.iters = dl, len(dl)
        try:
            self(begin)
            for i, (xb, yb) in enumerate(dl):
                self.one_batch(i, xb, yb)
        except CancelEpochException:
            self("after_cancel_epoch")

    def one_epoch(self):
        self.all_batches(self.data.train_dl, "begin_epoch")
        with torch.no_grad():
            self.all_batches(self.data.valid_dl, "begin_validate")
        self("after_epoch")

    def make_opt(self, reset_opt):
        if reset_opt or self.opt is None:
            self.opt = self.opt_func(self.splitter(self.model), lr=self.lr)

    def all_epochs(self, epochs):
        self.epochs, self.loss = epochs, torch.tensor(0.0)
        try:
            self("begin_fit")
            for self.epoch in range(epochs):
                self.one_epoch()
        except CancelTrainException:
            self("after_cancel_train")
        finally:
            self("after_fit")

    def fit(self, epochs, cbs=None, reset_opt=False):
        cbs = listify(cbs)
        self.add_cbs(cbs)
        try:
            self.make_opt(reset_opt)
            self.all_epochs(epochs)
        finally:
            self.remove_cbs(cbs)


class Learner(_Loop):
    """Never zeroes the gradients, so each step repeats all those before."""

    def update(self):
        self.loss.backward()
        self("after_backward")
        self.opt.step()
        self("after_step")


class Learner(_Loop):
    """Zeroes the gradients between backward and step, so no weight moves."""

    def update(self):
        self.loss.backward()
        self("after_backward")
        self.opt.zero_grad()
        self.opt.step()
        self("after_step")


class Learner(_Loop):
    """Steps in validation too."""

    def one_batch(self, i, xb, yb):
        training, self.in_train = self.in_train, True
        with torch.enable_grad():
            super().one_batch(i, xb, yb)
        self.in_train = training


class Learner(_Loop):
    """Validates with gradients on, so every prediction keeps a graph."""

    def one_epoch(self):
        self.all_batches(self.data.train_dl, "begin_epoch")
        self.all_batches(self.data.valid_dl, "begin_validate")
        self("after_epoch")


class Learner(_Loop):
    """Switches gradients off by hand, so an error in validation leaves them off for good."""

    def one_epoch(self):
        self.all_batches(self.data.train_dl, "begin_epoch")
        torch.set_grad_enabled(False)
        self.all_batches(self.data.valid_dl, "begin_validate")
        torch.set_grad_enabled(True)
        self("after_epoch")


class Learner(_Loop):
    """Announces after_epoch before the validation."""

    def one_epoch(self):
        self.all_batches(self.data.train_dl, "begin_epoch")
        self("after_epoch")
        with torch.no_grad():
            self.all_batches(self.data.valid_dl, "begin_validate")


class Learner(_Loop):
    """Announces after_backward and after_step in validation too, although neither happens there."""

    def one_batch(self, i, xb, yb):
        try:
            self.iter, self.xb, self.yb = i, xb, yb
            self("begin_batch")
            self.pred = self.model(self.xb)
            self("after_pred")
            self.loss = self.loss_func(self.pred, self.yb)
            self("after_loss")
            if self.in_train:
                self.loss.backward()
            self("after_backward")
            if self.in_train:
                self.opt.step()
            self("after_step")
            if self.in_train:
                self.opt.zero_grad()
        except CancelBatchException:
            self("after_cancel_batch")
        finally:
            self("after_batch")


class Learner(_Loop):
    """Doesn't announce after_batch when a batch is cancelled or fails, because it isn't in a `finally`."""

    def one_batch(self, i, xb, yb):
        try:
            self.iter, self.xb, self.yb = i, xb, yb
            self("begin_batch")
            self.pred = self.model(self.xb)
            self("after_pred")
            self.loss = self.loss_func(self.pred, self.yb)
            self("after_loss")
            if self.in_train:
                self.update()
            self("after_batch")
        except CancelBatchException:
            self("after_cancel_batch")


class Learner(_Loop):
    """Announces after_batch on success and on cancelling, but not after another error."""

    def one_batch(self, i, xb, yb):
        try:
            self.iter, self.xb, self.yb = i, xb, yb
            self("begin_batch")
            self.pred = self.model(self.xb)
            self("after_pred")
            self.loss = self.loss_func(self.pred, self.yb)
            self("after_loss")
            if self.in_train:
                self.update()
        except CancelBatchException:
            self("after_cancel_batch")
        except (CancelEpochException, CancelTrainException):
            self("after_batch")
            raise
        self("after_batch")


class Learner(_Loop):
    """Doesn't announce after_fit when the fit fails."""

    def all_epochs(self, epochs):
        self.epochs, self.loss = epochs, torch.tensor(0.0)
        try:
            self("begin_fit")
            for self.epoch in range(epochs):
                self.one_epoch()
        except CancelTrainException:
            self("after_cancel_train")
        self("after_fit")


class Learner(_Loop):
    """Announces begin_fit outside the `try`, so after an error there after_fit is never announced."""

    def all_epochs(self, epochs):
        self.epochs, self.loss = epochs, torch.tensor(0.0)
        self("begin_fit")
        try:
            for self.epoch in range(epochs):
                self.one_epoch()
        except CancelTrainException:
            self("after_cancel_train")
        finally:
            self("after_fit")


class Learner(_Loop):
    """Swallows every error, because it catches `Exception` instead of CancelTrainException."""

    def all_epochs(self, epochs):
        self.epochs, self.loss = epochs, torch.tensor(0.0)
        try:
            self("begin_fit")
            for self.epoch in range(epochs):
                self.one_epoch()
        except Exception:
            self("after_cancel_train")
        finally:
            self("after_fit")


class Learner(_Loop):
    """Returns from `finally`, which swallows the error that was on its way out."""

    def all_epochs(self, epochs):
        self.epochs, self.loss = epochs, torch.tensor(0.0)
        try:
            self("begin_fit")
            for self.epoch in range(epochs):
                self.one_epoch()
        except CancelTrainException:
            self("after_cancel_train")
        finally:
            self("after_fit")
            return  # noqa: B012


class Learner(_Loop):
    """Catches a cancelled batch around the whole loop, so the rest of the epoch is skipped."""

    def all_batches(self, dl, begin):
        self.dl, self.iters = dl, len(dl)
        try:
            self(begin)
            for i, (xb, yb) in enumerate(dl):
                self.one_batch(i, xb, yb)
        except CancelEpochException:
            self("after_cancel_epoch")
        except CancelBatchException:
            self("after_cancel_batch")

    def one_batch(self, i, xb, yb):
        try:
            self.iter, self.xb, self.yb = i, xb, yb
            self("begin_batch")
            self.pred = self.model(self.xb)
            self("after_pred")
            self.loss = self.loss_func(self.pred, self.yb)
            self("after_loss")
            if self.in_train:
                self.update()
        finally:
            self("after_batch")


class Learner(_Loop):
    """Skips a cancelled batch without announcing it."""

    def __call__(self, event):
        if event != "after_cancel_batch":
            super().__call__(event)


class Learner(_Loop):
    """Ends the whole fit when an epoch is cancelled."""

    def all_batches(self, dl, begin):
        self.dl, self.iters = dl, len(dl)
        self(begin)
        for i, (xb, yb) in enumerate(dl):
            self.one_batch(i, xb, yb)

    def all_epochs(self, epochs):
        try:
            super().all_epochs(epochs)
        except CancelEpochException:
            self("after_cancel_epoch")


class Learner(_Loop):
    """Skips only one batch when an epoch is cancelled, and continues with the next."""

    def one_batch(self, i, xb, yb):
        try:
            super().one_batch(i, xb, yb)
        except CancelEpochException:
            self("after_cancel_epoch")


class Learner(_Loop):
    """Skips a cancelled epoch without announcing it."""

    def __call__(self, event):
        if event != "after_cancel_epoch":
            super().__call__(event)


class Learner(_Loop):
    """Skips only the epoch when the training is cancelled."""

    def one_epoch(self):
        try:
            super().one_epoch()
        except CancelTrainException:
            self("after_cancel_train")


class Learner(_Loop):
    """Announces after_cancel_train when the fit is over, after after_fit."""

    def all_epochs(self, epochs):
        self.epochs, self.loss = epochs, torch.tensor(0.0)
        cancelled = False
        try:
            self("begin_fit")
            for self.epoch in range(epochs):
                self.one_epoch()
        except CancelTrainException:
            cancelled = True
        finally:
            self("after_fit")
        if cancelled:
            self("after_cancel_train")


class Learner(_Loop):
    """Calls the callbacks in the order in which they were added."""

    def __call__(self, event):
        for cb in list(self.cbs):
            cb(event)


class Learner(_Loop):
    """Sorts the callbacks once when the learner is made, so those given to `fit` come last."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.cbs.sort(key=lambda cb: cb._order)

    def __call__(self, event):
        for cb in list(self.cbs):
            cb(event)


class Learner(_Loop):
    """Stops at the first callback that returns None, so later ones miss the event."""

    def __call__(self, event):
        for cb in sorted(self.cbs, key=lambda cb: cb._order):
            if cb(event) is None and cb._order > 0:
                return


class Learner(_Loop):
    """Keeps the callbacks that were given to `fit` for all later fits."""

    def remove_cbs(self, cbs):
        return


class Learner(_Loop):
    """Removes the callbacks of a fit only when it ends well."""

    def fit(self, epochs, cbs=None, reset_opt=False):
        cbs = listify(cbs)
        self.add_cbs(cbs)
        self.make_opt(reset_opt)
        self.all_epochs(epochs)
        self.remove_cbs(cbs)


class Learner(_Loop):
    """Removes only every other callback of a fit, because it shrinks the list that it loops over."""

    def remove_cbs(self, cbs):
        visiting = [cb for cb in self.cbs if cb in listify(cbs)]
        for cb in visiting:
            self.cbs.remove(cb)
            visiting.remove(cb)  # noqa: B909


class Learner(_Loop):
    """Removes the fit's callbacks with `[:-n]`, which removes every callback when n is 0."""

    def remove_cbs(self, cbs):
        self.cbs = self.cbs[: -len(listify(cbs))]


class Learner(_Loop):
    """Keeps the caller's list as its own, so the callbacks of fits are added to that list."""

    def __init__(self, model, data, loss_func, *args, cbs=None, **kwargs):
        super().__init__(model, data, loss_func, *args, **kwargs)
        own, self.cbs = self.cbs, [] if cbs is None else cbs
        for cb in [*own, *self.cbs]:
            cb.set_runner(self)
        self.cbs[:0] = own


class Learner(_Loop):
    """Empties the list of callbacks that was given to `fit`."""

    def remove_cbs(self, cbs):
        while cbs:
            self.cbs.remove(cbs.pop())


class Learner(_Loop):
    """Keeps the callbacks in a list of the class, so all learners have the same ones."""

    shared = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        Learner.shared += [cb for cb in self.cbs if cb._order]
        self.cbs = [cb for cb in self.cbs if not cb._order]

    def __call__(self, event):
        for cb in sorted(self.cbs + Learner.shared, key=lambda cb: cb._order):
            cb(event)


class Learner(_Loop):
    """Ignores `cb_funcs`."""

    def __init__(self, *args, cb_funcs=None, **kwargs):
        super().__init__(*args, **kwargs)


class Learner(_Loop):
    """Adds the functions of `cb_funcs` as if they were callbacks."""

    def __init__(self, *args, cb_funcs=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_cbs(cb_funcs)


class Learner(_Loop):
    """Makes the optimizer when the learner is made, not at the first fit."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.make_opt(True)


class Learner(_Loop):
    """Makes a new optimizer in every fit, so its state is lost."""

    def make_opt(self, reset_opt):
        super().make_opt(True)


class Learner(_Loop):
    """Ignores reset_opt."""

    def make_opt(self, reset_opt):
        super().make_opt(False)


class Learner(_Loop):
    """Puts all parameters into one group, whatever the splitter says."""

    def make_opt(self, reset_opt):
        if reset_opt or self.opt is None:
            self.opt = self.opt_func(list(self.model.parameters()), lr=self.lr)


class Learner(_Loop):
    """Leaves the learning rate to the optimizer's own default."""

    def make_opt(self, reset_opt):
        if reset_opt or self.opt is None:
            self.opt = self.opt_func(self.splitter(self.model))


class Learner(_Loop):
    """Trains with 1e-3 where no learning rate is given."""

    def __init__(self, model, data, loss_func, opt_func=sgd_opt, lr=1e-3, *args, **kwargs):
        super().__init__(model, data, loss_func, opt_func, lr, *args, **kwargs)


class Learner(_Loop):
    """Keeps the batch in local variables, so it ignores a callback's replacement."""

    def one_batch(self, i, xb, yb):
        try:
            self.iter, self.xb, self.yb = i, xb, yb
            self("begin_batch")
            self.pred = pred = self.model(xb)
            self("after_pred")
            self.loss = self.loss_func(pred, yb)
            self("after_loss")
            if self.in_train:
                self.update()
        except CancelBatchException:
            self("after_cancel_batch")
        finally:
            self("after_batch")


class Learner(_Loop):
    """Passes the loader's batch to the model, so transforms of the inputs are lost."""

    def one_batch(self, i, xb, yb):
        self.given = xb
        super().one_batch(i, xb, yb)

    def __call__(self, event):
        super().__call__(event)
        if event == "begin_batch":
            self.xb = self.given


class Learner(_Loop):
    """Computes the gradient of the loss function's own result, not of a callback's replacement."""

    def __call__(self, event):
        loss = getattr(self, "loss", None)
        super().__call__(event)
        if event == "after_loss":
            self.loss = loss


class Learner(_Loop):
    """Counts batches from 1, so a callback thinks that the fit is further along than it is."""

    def one_batch(self, i, xb, yb):
        super().one_batch(i + 1, xb, yb)


class Learner(_Loop):
    """Counts epochs over all fits, so a second fit doesn't start at 0."""

    def all_epochs(self, epochs):
        first = getattr(self, "epoch", -1) + 1
        self.epochs, self.loss = epochs, torch.tensor(0.0)
        try:
            self("begin_fit")
            for self.epoch in range(first, first + epochs):
                self.one_epoch()
        except CancelTrainException:
            self("after_cancel_train")
        finally:
            self("after_fit")


class Learner(_Loop):
    """Makes the loader's iterator once, so later epochs have no batches."""

    def all_batches(self, dl, begin):
        self.once = getattr(self, "once", {})
        self.dl, self.iters = dl, len(dl)
        try:
            self(begin)
            for i, (xb, yb) in enumerate(self.once.setdefault(begin, iter(dl))):
                self.one_batch(i, xb, yb)
        except CancelEpochException:
            self("after_cancel_epoch")


class Learner(_Loop):
    """Trains a copy of the model, so the caller's model never learns."""

    def all_epochs(self, epochs):
        given, self.model = self.model, copy.deepcopy(self.model)
        self.make_opt(True)
        super().all_epochs(epochs)
        self.model = given


class Learner(_Loop):
    """Validates on the training data."""

    def one_epoch(self):
        self.all_batches(self.data.train_dl, "begin_epoch")
        with torch.no_grad():
            self.all_batches(self.data.train_dl, "begin_validate")
        self("after_epoch")


class Learner(_Loop):
    """Announces begin_epoch and begin_validate but not begin_fit and after_fit."""

    def __call__(self, event):
        if event not in ("begin_fit", "after_fit"):
            super().__call__(event)


class Learner(_Loop):
    """Skips the validation of the last epoch."""

    def one_epoch(self):
        self.all_batches(self.data.train_dl, "begin_epoch")
        if self.epoch < self.epochs - 1:
            with torch.no_grad():
                self.all_batches(self.data.valid_dl, "begin_validate")
        self("after_epoch")


class Learner(_Loop):
    """Stops at the first cancelled validation: the epochs after it are not trained."""

    def one_epoch(self):
        self.all_batches(self.data.train_dl, "begin_epoch")
        cancelled = []
        with torch.no_grad():
            self.cbs, kept = [*self.cbs], self.cbs
            try:
                self("begin_validate")
                self.dl, self.iters = self.data.valid_dl, len(self.data.valid_dl)
                for i, (xb, yb) in enumerate(self.dl):
                    self.one_batch(i, xb, yb)
            except CancelEpochException:
                cancelled.append(self("after_cancel_epoch"))
            self.cbs = kept
        if cancelled:
            raise CancelTrainException
        self("after_epoch")


class Learner(_Loop):
    """Returns at once from a fit of no epochs, without its begin_fit and after_fit."""

    def all_epochs(self, epochs):
        if epochs:
            super().all_epochs(epochs)


class Learner(_Loop):
    """Trains a cancelled epoch again."""

    def all_batches(self, dl, begin):
        self.dl, self.iters, cancelled = dl, len(dl), False
        try:
            self(begin)
            for i, (xb, yb) in enumerate(dl):
                self.one_batch(i, xb, yb)
        except CancelEpochException:
            self("after_cancel_epoch")
            cancelled = self.in_train
        if cancelled:
            self.all_batches(dl, begin)


class Learner(_Loop):
    """Removes a fit's callbacks only after after_fit, so an error there leaves them in place."""

    def fit(self, epochs, cbs=None, reset_opt=False):
        self.visiting = listify(cbs)
        self.add_cbs(self.visiting)
        self.make_opt(reset_opt)
        self.all_epochs(epochs)

    def __call__(self, event):
        super().__call__(event)
        if event == "after_fit":
            self.remove_cbs(self.visiting)


class Learner(_Loop):
    """Announces begin_epoch outside the try, so an epoch cancelled there ends the fit."""

    def all_batches(self, dl, begin):
        self.dl, self.iters = dl, len(dl)
        self(begin)
        try:
            for i, (xb, yb) in enumerate(dl):
                self.one_batch(i, xb, yb)
        except CancelEpochException:
            self("after_cancel_epoch")


class Learner(_Loop):
    """Sets `iters` after begin_epoch, so callbacks see the previous pass's value there."""

    def all_batches(self, dl, begin):
        self.dl = dl
        try:
            self(begin)
            self.iters = len(dl)
            for i, (xb, yb) in enumerate(dl):
                self.one_batch(i, xb, yb)
        except CancelEpochException:
            self("after_cancel_epoch")


class Learner(_Loop):
    """Leaves `dl` at the training loader in validation."""

    def all_batches(self, dl, begin):
        super().all_batches(dl, begin)

    def __call__(self, event):
        if event == "begin_validate":
            self.dl = self.data.train_dl
        super().__call__(event)


class Learner(_Loop):
    """Skips the validation too when the training pass is cancelled."""

    def one_epoch(self):
        try:
            for begin, dl in (
                ("begin_epoch", self.data.train_dl),
                ("begin_validate", self.data.valid_dl),
            ):
                self.dl, self.iters = dl, len(dl)
                with torch.set_grad_enabled(begin == "begin_epoch"):
                    self(begin)
                    for i, (xb, yb) in enumerate(dl):
                        self.one_batch(i, xb, yb)
        except CancelEpochException:
            self("after_cancel_epoch")
        self("after_epoch")


class Learner(_Loop):
    """Skips after_epoch when the validation is cancelled."""

    def one_epoch(self):
        self.all_batches(self.data.train_dl, "begin_epoch")
        with torch.no_grad():
            self.all_batches(self.data.valid_dl, "begin_validate")
        if not self.cancelled:
            self("after_epoch")

    def __call__(self, event):
        self.cancelled = event == "after_cancel_epoch"
        super().__call__(event)


class Learner(_Loop):
    """Zeroes the gradients before backward, so those of a batch without a step are lost."""

    def update(self):
        self.opt.zero_grad()
        self.loss.backward()
        self("after_backward")
        self.opt.step()
        self("after_step")


class Learner(_Loop):
    """Zeroes the gradients of a cancelled batch, so nothing can be accumulated."""

    def one_batch(self, i, xb, yb):
        super().one_batch(i, xb, yb)
        self.opt.zero_grad()


class Learner(_Loop):
    """Zeroes the gradients only in the next batch, so those of a fit's last batch are left over."""

    stepped = False

    def update(self):
        if self.stepped:
            self.opt.zero_grad()
        self.stepped = False
        self.loss.backward()
        self("after_backward")
        self.opt.step()
        self.stepped = True
        self("after_step")


class Learner(_Loop):
    """Uses up a generator of callbacks when it adds them, so it can't remove them after the fit."""

    def fit(self, epochs, cbs=None, reset_opt=False):
        self.add_cbs(cbs)
        try:
            self.make_opt(reset_opt)
            self.all_epochs(epochs)
        finally:
            self.remove_cbs(cbs)


class Learner(_Loop):
    """Removes the callbacks of a fit by their names, and with them the learner's own."""

    def remove_cbs(self, cbs):
        names = {cb.name for cb in listify(cbs)}
        self.cbs = [cb for cb in self.cbs if cb.name not in names]


class Learner(_Loop):
    """Adds callbacks without making them attributes."""

    def add_cbs(self, cbs):
        for cb in listify(cbs):
            cb.set_runner(self)
            self.cbs.append(cb)


class Learner(_Loop):
    """Makes each callback an attribute under its class's name, not under its own `name`."""

    def add_cbs(self, cbs):
        super().add_cbs(cbs := listify(cbs))
        for cb in cbs:
            delattr(self, cb.name)
            setattr(self, type(cb).__name__, cb)


class Learner(_Loop):
    """Has no logger until you set one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.logger


class Learner(_Loop):
    """Makes the optimizer after begin_fit, so callbacks don't find it there."""

    def make_opt(self, reset_opt):
        self.reset = reset_opt

    def __call__(self, event):
        super().__call__(event)
        if event == "begin_fit":
            super().make_opt(self.reset)


class Learner(_Loop):
    """Calls callbacks of equal order in reverse, so the one added first comes last."""

    def __call__(self, event):
        for cb in sorted(self.cbs[::-1], key=lambda cb: cb._order):
            cb(event)


class Learner(_Loop):
    """Rounds the order to a whole number, so -0.5 counts as 0."""

    def __call__(self, event):
        for cb in sorted(self.cbs, key=lambda cb: int(cb._order)):
            cb(event)


class Learner(_Loop):
    """Counts batches over the whole fit, so `iter` doesn't start at 0 in each pass."""

    def one_batch(self, i, xb, yb):
        self.seen = getattr(self, "seen", -1) + 1
        super().one_batch(self.seen, xb, yb)


class Learner(_Loop):
    """Calls the loss function with the labels first and the prediction second."""

    def one_batch(self, i, xb, yb):
        loss_func = self.loss_func
        self.loss_func = lambda pred, yb: loss_func(yb, pred)
        try:
            super().one_batch(i, xb, yb)
        finally:
            self.loss_func = loss_func


class Learner(_Loop):
    """Keeps the loss function that it was made with, so another one set later isn't used."""

    def __init__(self, model, data, loss_func, *args, **kwargs):
        super().__init__(model, data, loss_func, *args, **kwargs)
        self.first = loss_func

    def one_batch(self, i, xb, yb):
        now, self.loss_func = self.loss_func, self.first
        try:
            super().one_batch(i, xb, yb)
        finally:
            self.loss_func = now


class Learner(_Loop):
    """Keeps the learning rate it was made with, so another one set later isn't used."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        make, rate = self.opt_func, self.lr
        self.make = lambda params: make(params, lr=rate)

    def make_opt(self, reset_opt):
        if reset_opt or self.opt is None:
            self.opt = self.make(self.splitter(self.model))


class Learner(_Loop):
    """Treats KeyboardInterrupt as the end of the training, so the program doesn't stop."""

    def all_epochs(self, epochs):
        try:
            super().all_epochs(epochs)
        except KeyboardInterrupt:
            pass


class Learner(_Loop):
    """Raises a RuntimeError of its own in the place of the error that came."""

    def all_epochs(self, epochs):
        try:
            super().all_epochs(epochs)
        except ValueError as error:
            raise RuntimeError("the fit failed") from error


class Learner(_Loop):
    """Remembers that a training was cancelled, so the next fit ends at once."""

    stopped = False

    def one_epoch(self):
        if self.stopped:
            raise CancelTrainException
        try:
            super().one_epoch()
        except CancelTrainException:
            self.stopped = True
            raise


class Learner(_Loop):
    """Announces after_batch twice when a batch is cancelled."""

    def __call__(self, event):
        super().__call__(event)
        if event == "after_cancel_batch":
            super().__call__("after_batch")


class TrainEvalCallback(Callback):
    """Never puts the model into evaluation mode."""

    def begin_fit(self):
        self.run.n_epochs, self.run.n_iter = 0.0, 0

    def begin_epoch(self):
        self.model.train()
        self.run.in_train, self.run.n_epochs = True, float(self.epoch)

    def begin_validate(self):
        self.run.in_train = False

    def after_batch(self):
        if self.in_train:
            self.run.n_iter += 1
            self.run.n_epochs += 1 / self.iters


class Learner(_Loop):
    """It adds its TrainEvalCallback last, so the others still see the previous pass's mode."""

    def __init__(self, *given, cbs=None, cb_funcs=None, **kwargs):
        super().__init__(*given, **kwargs)
        self.cbs = []
        self.add_cbs([*listify(cbs), TrainEvalCallback(), *(f() for f in listify(cb_funcs))])


class Learner(_Loop):
    """It sorts callbacks with the same order by their names."""

    def __call__(self, event):
        for cb in sorted(self.cbs, key=lambda cb: (cb._order, cb.name)):
            cb(event)


class Learner(_Loop):
    """It calls callbacks of one order in reverse, the last one first."""

    def __call__(self, event):
        for cb in sorted(reversed(self.cbs), key=lambda cb: cb._order):
            cb(event)


class Learner(_Loop):
    """It removes all callbacks of a class when it should remove only one of them."""

    def remove_cbs(self, cbs):
        gone = [type(cb) for cb in listify(cbs)]
        self.cbs = [cb for cb in self.cbs if type(cb) not in gone]


class Learner(_Loop):
    """It sets `run` itself and never calls `set_runner`."""

    def add_cbs(self, cbs):
        for cb in listify(cbs):
            cb.run = cb.learn = self
            setattr(self, cb.name, cb)
            self.cbs.append(cb)


class Learner(_Loop):
    """It passes the learning rate to `opt_func` by position instead of as `lr`."""

    def make_opt(self, reset_opt):
        if reset_opt or self.opt is None:
            self.opt = self.opt_func(self.splitter(self.model), self.lr)


class Learner(_Loop):
    """It announces after_fit when `opt_func` fails, although the fit never began."""

    def make_opt(self, reset_opt):
        try:
            super().make_opt(reset_opt)
        except BaseException:
            self("after_fit")
            raise


class Learner(_Loop):
    """It sets the logger to `print` again in each fit."""

    def all_epochs(self, epochs):
        self.logger = print
        super().all_epochs(epochs)


class Learner(_Loop):
    """It trains whenever the model is in training mode, instead of checking `in_train`."""

    def update(self):
        if self.model.training:
            super().update()


class Learner(_Loop):
    """It sets `epochs` after begin_fit, where a progress bar needs it already."""

    def all_epochs(self, epochs):
        try:
            self("begin_fit")
            self.epochs = epochs
            for self.epoch in range(epochs):
                self.one_epoch()
        except CancelTrainException:
            self("after_cancel_train")
        finally:
            self("after_fit")


class Learner(_Loop):
    """It removes as many callbacks from the end as the fit had, even one that was added meanwhile."""

    def fit(self, epochs, cbs=None, reset_opt=False):
        cbs = listify(cbs)
        self.add_cbs(cbs)
        try:
            self.make_opt(reset_opt)
            self.all_epochs(epochs)
        finally:
            self.remove_cbs(self.cbs[len(self.cbs) - len(cbs) :])


class Learner(_Loop):
    """It deletes a removed callback's attribute, even if another callback now has that name."""

    def remove_cbs(self, cbs):
        for cb in listify(cbs):
            self.cbs.remove(cb)
            vars(self).pop(cb.name, None)


class _Modes(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    def begin_fit(self):
        self.run.n_epochs, self.run.n_iter = 0.0, 0

    def begin_epoch(self):
        self.model.train()
        self.run.in_train, self.run.n_epochs = True, float(self.epoch)

    def begin_validate(self):
        self.model.eval()
        self.run.in_train = False

    def after_batch(self):
        if self.in_train:
            self.run.n_iter += 1
            self.run.n_epochs += 1 / self.iters

    @property
    def name(self):
        return "train_eval"


class TrainEvalCallback(_Modes):
    """Sets training mode only at the beginning of the fit, so later epochs train in evaluation mode."""

    def begin_fit(self):
        super().begin_fit()
        self.model.train()

    def begin_epoch(self):
        self.run.in_train, self.run.n_epochs = True, float(self.epoch)


class TrainEvalCallback(_Modes):
    """Relies on a new model being in training mode and only switches back after validation."""

    def begin_epoch(self):
        self.run.in_train, self.run.n_epochs = True, float(self.epoch)

    def after_epoch(self):
        self.model.train()


class TrainEvalCallback(_Modes):
    """Sets in_train on the callback itself, so the learner never trains."""

    def begin_epoch(self):
        self.model.train()
        self.in_train = True


class TrainEvalCallback(_Modes):
    """Leaves in_train True in validation, so the model steps on the validation set."""

    def begin_validate(self):
        self.model.eval()


class TrainEvalCallback(_Modes):
    """Sets only the outermost module's flag, so dropout inside it stays on in validation."""

    def begin_epoch(self):
        super().begin_epoch()
        self.model.training = True

    def begin_validate(self):
        self.run.in_train = False
        self.model.training = False


class TrainEvalCallback(_Modes):
    """Counts validation batches as well."""

    def after_batch(self):
        self.run.n_iter += 1
        self.run.n_epochs += 1 / self.iters


class TrainEvalCallback(_Modes):
    """Counts batches over all fits, so a second fit begins where the first one ended."""

    def begin_fit(self):
        self.run.n_iter = getattr(self, "n_iter_before", 0)
        self.run.n_epochs = 0.0

    def after_fit(self):
        self.n_iter_before = self.n_iter


class TrainEvalCallback(_Modes):
    """Counts whole epochs only, so a schedule stands still inside an epoch."""

    def after_batch(self):
        if self.in_train:
            self.run.n_iter += 1


class TrainEvalCallback(_Modes):
    """Switches to evaluation after the first validation batch, one too late."""

    def begin_validate(self):
        self.run.in_train = False

    def after_batch(self):
        super().after_batch()
        if not self.in_train:
            self.model.eval()


class TrainEvalCallback(_Modes):
    """Adds each batch's share twice, so the position runs ahead."""

    def after_batch(self):
        if self.in_train:
            self.run.n_iter += 1
            self.run.n_epochs += 2 / self.iters


class TrainEvalCallback(_Modes):
    """Sets in_train only at the beginning of the fit, so later epochs make no steps."""

    def begin_fit(self):
        super().begin_fit()
        self.run.in_train = True

    def begin_epoch(self):
        self.model.train()
        self.run.n_epochs = float(self.epoch)


class TrainEvalCallback(_Modes):
    """Sets only the modes, so the learner has neither n_epochs nor n_iter."""

    def begin_fit(self):
        pass

    def begin_epoch(self):
        self.model.train()
        self.run.in_train = True

    def after_batch(self):
        pass


class TrainEvalCallback(_Modes):
    """Counts a batch only when the next one begins, so the last one of an epoch is missing."""

    def begin_batch(self):
        if self.in_train:
            self.run.n_iter = self.epoch * self.iters + self.iter
            self.run.n_epochs = self.epoch + self.iter / self.iters

    def after_batch(self):
        pass


class TrainEvalCallback(_Modes):
    """Counts the batches of an epoch, so n_iter starts at 0 in every epoch."""

    def begin_epoch(self):
        super().begin_epoch()
        self.run.n_iter = 0


class TrainEvalCallback(_Modes):
    """Starts counting in the first epoch, so a second fit still has the old numbers at begin_fit."""

    def begin_fit(self):
        pass

    def begin_epoch(self):
        if self.epoch == 0:
            self.run.n_iter = 0
        super().begin_epoch()


class TrainEvalCallback(_Modes):
    """Counts a batch when it begins, so its own events already see it as done."""

    def begin_batch(self):
        if self.in_train:
            self.run.n_iter += 1
            self.run.n_epochs += 1 / self.iters

    def after_batch(self):
        pass


class TrainEvalCallback(_Modes):
    """Counts each training batch as a share of the validation loader's batches."""

    def after_batch(self):
        if self.in_train:
            self.run.n_iter += 1
            self.run.n_epochs += 1 / len(self.data.valid_dl)


class BatchTransformXCallback(Callback):
    """The model sees the old batch, because the result is dropped, set elsewhere or set too late."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        self.xb = self.tfm(self.run.xb)


class BatchTransformXCallback(Callback):
    """Transforms only in training, so validation inputs differ from those the model learned on."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        if self.in_train:
            self.run.xb = self.tfm(self.xb)


class BatchTransformXCallback(Callback):
    """The model sees the old batch, because the result is dropped, set elsewhere or set too late."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        self.tfm(self.xb)


class BatchTransformXCallback(Callback):
    """Transforms the labels too."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        self.run.xb, self.run.yb = self.tfm(self.xb), self.tfm(self.yb)


class BatchTransformXCallback(Callback):
    """The model sees the old batch, because the result is dropped, set elsewhere or set too late."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def after_pred(self):
        self.run.xb = self.tfm(self.xb)


class BatchTransformXCallback(Callback):
    """Writes the result into the loader's tensor, so the next epoch is transformed twice."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        self.xb.copy_(self.tfm(self.xb))


class BatchTransformXCallback(Callback):
    """Keeps the transform on the class, so a second one replaces the first."""

    _order = 2

    def __init__(self, tfm):
        BatchTransformXCallback.tfm = staticmethod(tfm)

    def begin_batch(self):
        self.run.xb = self.tfm(self.xb)


class BatchTransformXCallback(Callback):
    """Transforms only the first batch of each pass."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_epoch(self):
        self.fresh = True

    begin_validate = begin_epoch

    def begin_batch(self):
        if self.fresh:
            self.run.xb = self.tfm(self.xb)
        self.fresh = False


class BatchTransformXCallback(Callback):
    """Transforms a batch twice."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        self.run.xb = self.tfm(self.tfm(self.xb))


class BatchTransformXCallback(Callback):
    """Has the default order, so it comes before DeviceCallback."""

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        self.run.xb = self.tfm(self.xb)


class BatchTransformXCallback(Callback):
    """Has an order of 5, so callbacks between 2 and 5 find inputs that aren't transformed."""

    def __init__(self, tfm):
        self._order, self.tfm = 5, tfm

    def begin_batch(self):
        self.run.xb = self.tfm(self.xb)


class BatchTransformXCallback(Callback):
    """Transforms only in validation."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        if not self.in_train:
            self.run.xb = self.tfm(self.xb)


class _Moves(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.model.to(self.device)

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(_Moves):
    """Moves the inputs and forgets the labels."""

    def begin_batch(self):
        self.run.xb = self.xb.to(self.device)


class DeviceCallback(Callback):
    """Moves the batches and forgets the model."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(_Moves):
    """The batch stays on its old device, because the result of `to` is dropped or set on the callback."""

    def begin_batch(self):
        self.xb.to(self.device)
        self.yb.to(self.device)


class DeviceCallback(_Moves):
    """Moves only the training batches."""

    def begin_batch(self):
        if self.in_train:
            self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(Callback):
    """Chooses a GPU or the CPU by itself, whatever device was asked for."""

    _order = 1

    def __init__(self, device):
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def begin_fit(self):
        self.model.to(self.device)

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(_Moves):
    """The batch stays on its old device, because the result of `to` is dropped or set on the callback."""

    def begin_batch(self):
        self.xb, self.yb = self.run.xb.to(self.device), self.run.yb.to(self.device)


class DeviceCallback(Callback):
    """Moves the whole data set at once, which may not fit on a GPU."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.model.to(self.device)
        for dl in (self.data.train_dl, self.data.valid_dl):
            dl[:] = [(xb.to(self.device), yb.to(self.device)) for xb, yb in dl]


class DeviceCallback(Callback):
    """Comes after the batch transforms, which then still work on the old device."""

    _order = 10

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.model.to(self.device)

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(Callback):
    """Converts everything to half precision when it moves it."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.model.to(self.device, torch.float16)

    def begin_batch(self):
        self.run.xb = self.xb.to(self.device, torch.float16)
        self.run.yb = self.yb.to(self.device, torch.float16)


class DeviceCallback(Callback):
    """Treats the device as a name, so passing a torch.device raises an error."""

    _order = 1

    def __init__(self, device):
        self.device = re.match("[a-z]+", device).group()

    def begin_fit(self):
        self.model.to(self.device)

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(Callback):
    """Moves a copy of the model, so the optimizer keeps the parameters of the old one."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.run.model = copy.deepcopy(self.model).to(self.device)

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(Callback):
    """Moves the model with the first batch, so it isn't on the device when the fit begins."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_batch(self):
        self.model.to(self.device)
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(_Moves):
    """Moves the labels and forgets the inputs."""

    def begin_batch(self):
        self.run.yb = self.yb.to(self.device)


class BatchTransformXCallback(Callback):
    """It transforms each sample of a batch by itself."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        self.run.xb = torch.stack([self.tfm(x) for x in self.xb])


class DeviceCallback(Callback):
    """It moves only the model that its learner is made with, not one that is set later."""

    def __init__(self, device):
        self.device = device

    def set_runner(self, run):
        super().set_runner(run)
        run.model.to(self.device)

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(_Moves):
    """It moves the model in its first fit only, so a new model in a later fit isn't moved."""

    moved = False

    def begin_fit(self):
        if not self.moved:
            self.model.to(self.device)
        self.moved = True


class DeviceCallback(_Moves):
    """It turns the labels into floats, so a loss that needs class numbers fails."""

    def begin_batch(self):
        self.run.xb = self.xb.to(self.device)
        self.run.yb = self.yb.to(self.device, torch.float32)


class DeviceCallback(_Moves):
    """It turns byte pixels into floats before a batch transform can see them."""

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.float().to(self.device), self.yb.to(self.device)


class _Scheduler(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    _order = 1

    def __init__(self, pname, sched_funcs):
        self.pname, self.sched_funcs = pname, listify(sched_funcs)

    def begin_fit(self):
        if len(self.sched_funcs) not in (1, len(self.opt.hypers)):
            raise ValueError("not one schedule for each group")

    def position(self):
        return self.n_epochs / self.epochs

    def set_param(self):
        funcs = self.sched_funcs
        if len(funcs) == 1:
            funcs = funcs * len(self.opt.hypers)
        for hyper, f in zip(self.opt.hypers, funcs, strict=True):
            hyper[self.pname] = f(self.position())

    def begin_batch(self):
        if self.in_train:
            self.set_param()


class ParamScheduler(_Scheduler):
    """Restarts the schedule in every epoch: the position is that in the epoch, not in the fit."""

    def position(self):
        return self.iter / self.iters


class ParamScheduler(_Scheduler):
    """Divides by the length of an epoch and not of the fit, so the position goes past 1."""

    def position(self):
        return self.n_epochs


class ParamScheduler(_Scheduler):
    """Asks the schedule for one value an epoch, so it stands still within one."""

    def position(self):
        return self.epoch / self.epochs


class ParamScheduler(_Scheduler):
    """Counts the batch under way as done, so the fit never sees the schedule's start."""

    def position(self):
        return (self.epoch + (self.iter + 1) / self.iters) / self.epochs


class ParamScheduler(_Scheduler):
    """Divides by the length of an epoch and not of the fit, so the position goes past 1."""

    def position(self):
        return self.n_iter / self.iters


class ParamScheduler(_Scheduler):
    """Writes in validation as well."""

    def begin_batch(self):
        self.set_param()


class ParamScheduler(_Scheduler):
    """Writes after the batch, so each step uses the previous step's value."""

    begin_batch = None

    def after_batch(self):
        if self.in_train:
            self.set_param()

    def __call__(self, event):
        if event != "begin_batch":
            super().__call__(event)


class ParamScheduler(_Scheduler):
    """Sets only the first group when there is one function for several groups."""

    def set_param(self):
        for hyper, f in zip(self.opt.hypers, self.sched_funcs, strict=False):
            hyper[self.pname] = f(self.position())


class ParamScheduler(_Scheduler):
    """Uses the first function for all groups."""

    def set_param(self):
        for hyper in self.opt.hypers:
            hyper[self.pname] = self.sched_funcs[0](self.position())


class ParamScheduler(_Scheduler):
    """Assigns the functions to the groups in reverse, last group first."""

    def set_param(self):
        funcs = self.sched_funcs * (len(self.opt.hypers) // len(self.sched_funcs))
        for hyper, f in zip(self.opt.hypers[::-1], funcs, strict=True):
            hyper[self.pname] = f(self.position())


class ParamScheduler(_Scheduler):
    """Always writes the learning rate, whatever name was given."""

    def __init__(self, pname, sched_funcs):
        super().__init__("lr", sched_funcs)


class ParamScheduler(_Scheduler):
    """Writes into `param_groups`, which torch.optim uses, instead of into `hypers`."""

    def set_param(self):
        self.opt.options = [{self.pname: self.sched_funcs[0](self.position())}]


class ParamScheduler(_Scheduler):
    """Replaces the hyperparameters of a group by the one that it schedules."""

    def set_param(self):
        super().set_param()
        self.opt.hypers[:] = [{self.pname: hyper[self.pname]} for hyper in self.opt.hypers]


class ParamScheduler(_Scheduler):
    """Multiplies the old value by the schedule's instead of replacing it."""

    def set_param(self):
        before = [hyper[self.pname] for hyper in self.opt.hypers]
        super().set_param()
        for hyper, value in zip(self.opt.hypers, before, strict=True):
            hyper[self.pname] *= value


class ParamScheduler(_Scheduler):
    """Counts its own calls and does not start again, so a second fit stays at the end."""

    calls = 0

    def position(self):
        total = self.epochs * self.iters
        done = min(self.calls / len(self.opt.hypers), total) / total
        self.calls += 1
        return done


class ParamScheduler(_Scheduler):
    """Asks the schedule for one value an epoch, so it stands still within one."""

    def begin_epoch(self):
        self.set_param()

    def begin_batch(self):
        pass


class ParamScheduler(_Scheduler):
    """Leaves groups without a schedule unchanged when there are too few schedules."""

    def begin_fit(self):
        pass

    def set_param(self):
        funcs = self.sched_funcs
        if len(funcs) == 1:
            funcs = funcs * len(self.opt.hypers)
        for hyper, f in zip(self.opt.hypers, funcs, strict=False):
            hyper[self.pname] = f(self.position())


class ParamScheduler(_Scheduler):
    """Repeats the schedules from the first one where there are too few."""

    def begin_fit(self):
        pass

    def set_param(self):
        for i, hyper in enumerate(self.opt.hypers):
            hyper[self.pname] = self.sched_funcs[i % len(self.sched_funcs)](self.position())


class ParamScheduler(_Scheduler):
    """Asserts that there are enough schedules, which isn't a ValueError."""

    def begin_fit(self):
        assert len(self.sched_funcs) in (1, len(self.opt.hypers))


class ParamScheduler(_Scheduler):
    """Looks up a group's schedule by its number, so a missing one raises an IndexError."""

    def begin_fit(self):
        pass

    def set_param(self):
        funcs = self.sched_funcs
        for i, hyper in enumerate(self.opt.hypers):
            hyper[self.pname] = funcs[i if len(funcs) > 1 else 0](self.position())


class ParamScheduler(_Scheduler):
    """Accepts too many schedules, and ignores the last ones."""

    def begin_fit(self):
        if 1 < len(self.sched_funcs) < len(self.opt.hypers):
            raise ValueError("too few schedules")

    def set_param(self):
        funcs = self.sched_funcs
        if len(funcs) == 1:
            funcs = funcs * len(self.opt.hypers)
        for hyper, f in zip(self.opt.hypers, funcs, strict=False):
            hyper[self.pname] = f(self.position())


class ParamScheduler(_Scheduler):
    """Writes when the loss is known, so callbacks before find the old value."""

    def begin_batch(self):
        pass

    def after_loss(self):
        if self.in_train:
            self.set_param()


class ParamScheduler(_Scheduler):
    """Divides by one batch less, so the last batch is at 1."""

    def position(self):
        return self.n_iter / max(self.epochs * self.iters - 1, 1)


class ParamScheduler(_Scheduler):
    """Repeats one schedule for its first learner's groups and keeps that list, so another learner fails."""

    def begin_fit(self):
        if len(self.sched_funcs) == 1:
            self.sched_funcs = self.sched_funcs * len(self.opt.hypers)
        super().begin_fit()


class ParamScheduler(_Scheduler):
    """It takes the schedules out of its list, so a second fit has none left."""

    def begin_fit(self):
        super().begin_fit()
        several = len(self.sched_funcs) > 1
        self.left = [self.sched_funcs.pop(0) for _ in self.opt.hypers] if several else []

    def set_param(self):
        funcs = self.left or self.sched_funcs * len(self.opt.hypers)
        for hyper, f in zip(self.opt.hypers, funcs, strict=True):
            hyper[self.pname] = f(self.position())


class _Search(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    _order = 1

    def __init__(self, max_iter=100, min_lr=1e-6, max_lr=10):
        self.max_iter, self.min_lr, self.max_lr = max_iter, min_lr, max_lr

    def begin_fit(self):
        self.best, self.done = math.inf, 0
        self.kept = [o.detach().clone() for o in self.model.state_dict().values()]
        self.hypers = [dict(hyper) for hyper in self.opt.hypers]

    def rate(self):
        return self.min_lr * (self.max_lr / self.min_lr) ** (self.done / self.max_iter)

    def begin_batch(self):
        if self.in_train:
            for hyper in self.opt.hypers:
                hyper["lr"] = self.rate()

    def exploded(self, loss):
        return not math.isfinite(loss) or loss > 10 * self.best

    def after_step(self):
        self.done += 1
        loss = self.loss.item()
        if self.done >= self.max_iter or self.exploded(loss):
            raise CancelTrainException
        self.best = min(self.best, loss)

    def restore(self):
        with torch.no_grad():
            for o, kept in zip(self.model.state_dict().values(), self.kept, strict=True):
                o.copy_(kept)

    def restore_hypers(self):
        for hyper, kept in zip(self.opt.hypers, self.hypers, strict=True):
            hyper.update(kept)

    def after_fit(self):
        self.restore()
        self.restore_hypers()


class LRFind(_Search):
    """Leaves the model with the weights that the search ruined, as the lecture's version does."""

    def restore(self):
        return


class LRFind(_Search):
    """Leaves the model with the weights that the search ruined, as the lecture's version does."""

    def begin_fit(self):
        super().begin_fit()
        self.kept = list(self.model.state_dict().values())


class LRFind(_Search):
    """Leaves the model with the weights that the search ruined, as the lecture's version does."""

    def begin_fit(self):
        super().begin_fit()
        self.kept = list(copy.copy(self.model.state_dict()).values())


class LRFind(_Search):
    """Restores the weights only if it stopped the search itself, not if the fit finished normally."""

    def after_fit(self):
        self.restore_hypers()

    def after_cancel_train(self):
        self.restore()


class LRFind(_Search):
    """Leaves the model with the weights that the search ruined, as the lecture's version does."""

    def begin_fit(self):
        super().begin_fit()
        self.old = copy.deepcopy(self.model)

    def restore(self):
        self.run.model = self.old


class LRFind(_Search):
    """Resets the model to random weights instead of restoring those that it had."""

    def restore(self):
        for module in self.model.modules():
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()


class LRFind(_Search):
    """Restores the weights after every epoch, so the last steps of a search still ruin them."""

    def after_epoch(self):
        self.restore()

    def after_fit(self):
        self.restore_hypers()


class LRFind(_Search):
    """Saves the weights only after the first step, which has already changed them."""

    def begin_fit(self):
        super().begin_fit()
        self.kept = []

    def after_step(self):
        self.kept = self.kept or [o.detach().clone() for o in self.model.state_dict().values()]
        super().after_step()


class LRFind(_Search):
    """Grows the rate in a straight line, so nearly all of it is spent on high rates."""

    def rate(self):
        return self.min_lr + (self.max_lr - self.min_lr) * self.done / self.max_iter


class LRFind(_Search):
    """Counts validation batches too, so the rate jumps between epochs."""

    def begin_batch(self):
        super().begin_batch()
        self.done += not self.in_train


class LRFind(_Search):
    """Starts the ramp again in every epoch."""

    def rate(self):
        return self.min_lr * (self.max_lr / self.min_lr) ** (self.iter / self.max_iter)


class LRFind(_Search):
    """Ramps over the fit's epochs instead of over max_iter batches."""

    def rate(self):
        return self.min_lr * (self.max_lr / self.min_lr) ** (self.n_epochs / self.epochs)


class LRFind(_Search):
    """Divides the rates the wrong way round, so the rate falls."""

    def rate(self):
        return self.min_lr * (self.min_lr / self.max_lr) ** (self.done / self.max_iter)


class LRFind(_Search):
    """Starts at the highest rate and goes down."""

    def rate(self):
        return self.max_lr * (self.min_lr / self.max_lr) ** (self.done / self.max_iter)


class LRFind(_Search):
    """Sets only the first group's rate."""

    def begin_batch(self):
        if self.in_train:
            self.opt.hypers[0]["lr"] = self.rate()


class LRFind(_Search):
    """Never stops because of the loss: it doesn't keep the lowest one so far, or doesn't compare with it."""

    def exploded(self, loss):
        return not math.isfinite(loss)


class LRFind(_Search):
    """Stops at the first loss above the lowest so far, as if all batches were alike."""

    def exploded(self, loss):
        return not loss <= self.best


class LRFind(_Search):
    """Measures the explosion against the first loss instead of the least."""

    def exploded(self, loss):
        self.first = getattr(self, "first_loss", loss)
        self.first_loss = self.first
        return not loss <= 10 * self.first


class LRFind(_Search):
    """Never stops because of the loss: it doesn't keep the lowest one so far, or doesn't compare with it."""

    def after_step(self):
        self.done += 1
        if self.done >= self.max_iter or self.exploded(self.loss.item()):
            raise CancelTrainException


class LRFind(_Search):
    """Never stops after max_iter batches: max_iter only shapes the ramp."""

    def after_step(self):
        self.done += 1
        loss = self.loss.item()
        if self.exploded(loss):
            raise CancelTrainException
        self.best = min(self.best, loss)


class LRFind(_Search):
    """Cancels the epoch instead of the training, so the next epoch continues the search."""

    def after_step(self):
        try:
            super().after_step()
        except CancelTrainException:
            raise CancelEpochException from None


class LRFind(_Search):
    """Stops after max_iter epochs instead of batches."""

    def after_step(self):
        self.done += 1
        loss = self.loss.item()
        if self.epoch >= self.max_iter or self.exploded(loss):
            raise CancelTrainException
        self.best = min(self.best, loss)


class LRFind(_Search):
    """Trains one batch more than max_iter, as the lecture's does."""

    def after_step(self):
        if self.done >= self.max_iter or self.exploded(self.loss.item()):
            raise CancelTrainException
        self.best, self.done = min(self.best, self.loss.item()), self.done + 1


class LRFind(_Search):
    """Divides by max_iter - 1, so the last batch has max_lr."""

    def rate(self):
        steps = max(self.max_iter - 1, 1)
        return self.min_lr * (self.max_lr / self.min_lr) ** (self.done / steps)


class LRFind(_Search):
    """Counts batches from 1, so none of them has min_lr."""

    def rate(self):
        share = (self.done + 1) / self.max_iter
        return self.min_lr * (self.max_lr / self.min_lr) ** share


class LRFind(_Search):
    """Stops at four times the least loss."""

    def exploded(self, loss):
        return not loss <= 4 * self.best


class LRFind(_Search):
    """Judges a smoothed loss, so it stops too late."""

    def begin_fit(self):
        super().begin_fit()
        self.smooth = None

    def exploded(self, loss):
        self.smooth = loss if self.smooth is None else 0.9 * self.smooth + 0.1 * loss
        return not self.smooth <= 10 * self.best


class LRFind(_Search):
    """Doesn't stop for a first loss that is infinite, because it checks only for NaN."""

    def exploded(self, loss):
        return math.isnan(loss) or loss > 10 * self.best


class LRFind(_Search):
    """Doesn't stop for a loss that is NaN: every comparison with it is False."""

    def exploded(self, loss):
        return loss > 10 * self.best


class LRFind(_Search):
    """Stops only for NaN, so a growing loss never ends the search."""

    def exploded(self, loss):
        return math.isnan(loss)


class LRFind(_Search):
    """Compares with the previous loss instead of the lowest one."""

    def exploded(self, loss):
        before, self.last = getattr(self, "last", math.inf), loss
        return not loss <= 10 * before


class LRFind(_Search):
    """Keeps the lowest loss for its next search, which then stops at once."""

    least = math.inf

    def exploded(self, loss):
        LRFind.least, before = min(self.least, loss), self.least
        return not loss <= 10 * before


class LRFind(_Search):
    """Counts its batches over all searches, so a second one starts in the middle."""

    count = 0

    def begin_fit(self):
        super().begin_fit()
        self.done = self.count

    def after_fit(self):
        super().after_fit()
        self.count = self.done


class LRFind(_Search):
    """Restores the parameters and forgets the buffers."""

    def begin_fit(self):
        super().begin_fit()
        self.kept = [p.detach().clone() for p in self.model.parameters()]

    def restore(self):
        with torch.no_grad():
            for p, kept in zip(self.model.parameters(), self.kept, strict=True):
                p.copy_(kept)


class LRFind(_Search):
    """Leaves the search's last rate in the optimizer."""

    def restore_hypers(self):
        return


class LRFind(_Search):
    """Restores the learner's own rate, not the one that each group had."""

    def restore_hypers(self):
        for hyper in self.opt.hypers:
            hyper["lr"] = self.run.lr


class LRFind(_Search):
    """Replaces the parameters with new ones, so the optimizer still trains the old ones."""

    def restore(self):
        super().restore()
        for name, p in list(self.model.named_parameters()):
            module, _, last = name.rpartition(".")
            setattr(self.model.get_submodule(module), last, torch.nn.Parameter(p.detach().clone()))


class LRFind(_Search):
    """Makes a new optimizer when the search ends, which the fit's other callbacks don't know about."""

    def restore_hypers(self):
        self.run.opt = self.opt_func(self.splitter(self.model), lr=self.run.lr)


class LRFind(_Search):
    """Keeps its first learner's state and restores later learners to that."""

    first = None

    def begin_fit(self):
        super().begin_fit()
        self.first = self.first or (self.kept, self.hypers)
        self.kept, self.hypers = self.first


class LRFind(_Search):
    """It restores only the learning rate, not the momentum that a scheduler changed meanwhile."""

    def restore_hypers(self):
        for hyper, kept in zip(self.opt.hypers, self.hypers, strict=True):
            hyper["lr"] = kept["lr"]


class _Records(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    def begin_fit(self):
        self.lrs, self.losses = [[] for _ in self.opt.hypers], []

    def note_lrs(self):
        for lrs, hyper in zip(self.lrs, self.opt.hypers, strict=True):
            lrs.append(hyper["lr"])

    def note_loss(self):
        self.losses.append(self.loss.detach().cpu())

    def after_batch(self):
        if self.in_train:
            self.note_lrs()
            self.note_loss()

    def draw(self, series, *more):
        from matplotlib import pyplot as plt

        plt.plot(series, *more)

    def plot_lr(self, pgid=-1):
        self.draw(self.lrs[pgid])

    def first(self, skip_last):
        return [float(loss) for loss in self.losses[: len(self.losses) - skip_last]]

    def plot_loss(self, skip_last=0):
        self.draw(self.first(skip_last))

    def plot(self, skip_last=0, pgid=-1):
        from matplotlib import pyplot as plt

        losses = self.first(skip_last)
        self.draw(self.lrs[pgid][: len(losses)], losses)
        plt.xscale("log")


class Recorder(_Records):
    """Records validation batches too."""

    def after_batch(self):
        self.note_lrs()
        self.note_loss()


class Recorder(_Records):
    """Records only the last group's rate, as an early version of the lecture did."""

    def begin_fit(self):
        self.lrs, self.losses = [], []

    def note_lrs(self):
        self.lrs.append(self.opt.hypers[-1]["lr"])

    def plot_lr(self, pgid=-1):
        self.draw(self.lrs)


class Recorder(_Records):
    """Multiplies one list by the number of groups, so all groups write into the same list."""

    def begin_fit(self):
        self.lrs, self.losses = [[]] * len(self.opt.hypers), []


class Recorder(_Records):
    """Records the loss with its graph, so no batch's memory is freed."""

    def note_loss(self):
        self.losses.append(self.loss)


class Recorder(_Records):
    """Records the learner's own rate, which no schedule changes."""

    def note_lrs(self):
        for lrs in self.lrs:
            lrs.append(self.run.lr)


class Recorder(_Records):
    """Keeps the hyperparameters' dicts instead of their values, so later batches overwrite them."""

    def note_lrs(self):
        self.kept = [[hyper] * (len(self.losses) + 1) for hyper in self.opt.hypers]
        self.lrs = [[hyper["lr"] for hyper in kept] for kept in self.kept]


class Recorder(_Records):
    """Keeps its lists on the class, so two recorders write into the same ones."""

    losses = []

    def begin_fit(self):
        self.lrs = [[] for _ in self.opt.hypers]


class Recorder(_Records):
    """Records one value an epoch."""

    def after_batch(self):
        pass

    def begin_validate(self):
        self.note_lrs()
        self.note_loss()


class Recorder(_Records):
    """Notes the rate at the beginning of a batch, before a later schedule has set it."""

    _order = -1

    def begin_batch(self):
        if self.in_train:
            self.note_lrs()

    def after_batch(self):
        if self.in_train:
            self.note_loss()


class Recorder(_Records):
    """Draws the losses when you ask for the rates."""

    def plot_lr(self, pgid=-1):
        self.plot_loss()


class Recorder(_Records):
    """Draws only the last of the losses."""

    def plot_loss(self, skip_last=0):
        self.draw(self.first(skip_last)[-1:])


class Recorder(_Records):
    """Multiplies the loss by the size of the batch."""

    def note_loss(self):
        self.losses.append(self.loss.detach() * len(self.xb))


class Recorder(_Records):
    """Draws no losses with skip_last=0: the slice `[:-0]` is empty."""

    def first(self, skip_last):
        return [float(loss) for loss in self.losses[:-skip_last]]


class Recorder(_Records):
    """Skips the first losses instead of the last."""

    def first(self, skip_last):
        return [float(loss) for loss in self.losses[skip_last:]]


class Recorder(_Records):
    """Ignores `skip_last`."""

    def first(self, skip_last):
        return [float(loss) for loss in self.losses]


class Recorder(_Records):
    """Draws the first group's rates unless another is asked for."""

    def plot_lr(self, pgid=0):
        super().plot_lr(pgid)

    def plot(self, skip_last=0, pgid=0):
        super().plot(skip_last, pgid)


class Recorder(_Records):
    """Draws the rates of the last group, whichever is asked for."""

    def plot_lr(self, pgid=-1):
        super().plot_lr()


class Recorder(_Records):
    """Draws the losses over the rates on a linear axis."""

    def plot(self, skip_last=0, pgid=-1):
        losses = self.first(skip_last)
        self.draw(self.lrs[pgid][: len(losses)], losses)


class Recorder(_Records):
    """Draws the rates over the losses."""

    def plot(self, skip_last=0, pgid=-1):
        from matplotlib import pyplot as plt

        losses = self.first(skip_last)
        self.draw(losses, self.lrs[pgid][: len(losses)])
        plt.xscale("log")


class Recorder(_Records):
    """Opens a figure of its own, so the axes that you chose stay empty."""

    def draw(self, *series):
        from matplotlib import pyplot as plt

        plt.figure()
        plt.plot(*series)


class Recorder(_Records):
    """Adds a second fit's records to the first's, instead of keeping only the latest fit's."""

    def begin_fit(self):
        self.lrs = getattr(self, "kept_lrs", [[] for _ in self.opt.hypers])
        self.losses = getattr(self, "kept_losses", [])
        self.kept_lrs, self.kept_losses = self.lrs, self.losses


class Recorder(_Records):
    """Records the rates by batch first and group second."""

    def after_batch(self):
        if self.in_train:
            self.rows = [*getattr(self, "rows", []), [h["lr"] for h in self.opt.hypers]]
            self.lrs = self.rows
            self.note_loss()

    def plot_lr(self, pgid=-1):
        self.draw([row[pgid] for row in self.lrs])


class AvgStats(_Sums):
    """It replaces the prediction on the learner by one without its graph."""

    def accumulate(self, run):
        run.pred = run.pred.detach()
        super().accumulate(run)


class Learner(_Loop):
    """Zeroes the gradients when an epoch begins, so those of a batch without a step are lost."""

    def one_epoch(self):
        self.opt.zero_grad()
        super().one_epoch()


class Learner(_Loop):
    """Counts the samples of the data set, where `iters` is the number of batches."""

    def all_batches(self, dl, begin):
        self.dl, self.iters = dl, len(getattr(dl, "dataset", dl))
        try:
            self(begin)
            for i, (xb, yb) in enumerate(dl):
                self.one_batch(i, xb, yb)
        except CancelEpochException:
            self("after_cancel_epoch")


class Learner(_Loop):
    """Sorts the list of callbacks that it was given."""

    def add_cbs(self, cbs):
        cbs = listify(cbs)
        cbs.sort(key=lambda cb: cb._order)
        super().add_cbs(cbs)


class Learner(_Loop):
    """Stops at a callback whose method returns True, as the lecture's runner does."""

    def __call__(self, event):
        cbs = sorted(self.cbs, key=lambda cb: cb._order)
        return any(getattr(cb, event)() for cb in cbs if getattr(cb, event, None))


class Learner(_Loop):
    """Passes the loss function predictions without their last axis if it has one place."""

    def all_epochs(self, epochs):
        loss_func = self.loss_func
        self.loss_func = lambda pred, yb: loss_func(pred.squeeze(-1), yb)
        super().all_epochs(epochs)
        self.loss_func = loss_func


class BatchTransformXCallback(Callback):
    """Makes floats of the batch before the transform sees it."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        self.run.xb = self.tfm(self.xb.float())


class LRFind(_Search):
    """Looks at the losses of a validation too, so one that is not finite ends the search."""

    def after_loss(self):
        if not self.in_train and self.exploded(self.loss.item()):
            raise CancelTrainException


class LRFind(_Search):
    """Keeps its settings on the class, so the search that is made last sets those of all."""

    def __init__(self, max_iter=100, min_lr=1e-6, max_lr=10):
        cls = type(self)
        cls.max_iter, cls.min_lr, cls.max_lr = max_iter, min_lr, max_lr


class Recorder(_Records):
    """Keeps the losses on the class, so two recorders share them."""

    losses: list = []

    def begin_fit(self):
        self.lrs = [[] for _ in self.opt.hypers]
        self.losses.clear()
