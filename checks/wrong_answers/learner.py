"""Wrong answers to the exercises of `learner`."""

import copy
import math
import re

import torch

from .containers import listify


class AvgStats:
    """Averages the averages of the batches, so a short last batch counts as much as a full one."""

    def __init__(self, metrics, in_train):
        self.metrics, self.in_train = listify(metrics), in_train
        self.reset()

    def reset(self):
        self.all_stats, self.count = [0.0] * (1 + len(self.metrics)), 0

    def accumulate(self, run):
        found = [run.loss.item(), *(float(m(run.pred, run.yb)) for m in self.metrics)]
        self.all_stats = [a + b for a, b in zip(self.all_stats, found, strict=True)]
        self.count += 1

    @property
    def avg_stats(self):
        return [o / self.count for o in self.all_stats]


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
    """Gives the values of the last batch instead of averages."""

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
    """Divides the sums in place when the averages are read, so what comes later is too small."""

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
    """Announces after_backward and after_step in validation too, with nothing done."""

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
    """Leaves after_batch out when a batch is cancelled or fails: it is not in a `finally`."""

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
    """Leaves after_fit out when the fit fails."""

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
    """Announces begin_fit outside the try, so what goes wrong there leaves after_fit out."""

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
    """Swallows every error: `except Exception` where CancelTrainException is meant."""

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
    """Skips only the batch when an epoch is cancelled: the next batch goes on."""

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
    """Stops telling callbacks of an event when one of them answers with nothing."""

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
        self.add_cbs(cbs)
        self.make_opt(reset_opt)
        self.all_epochs(epochs)
        self.remove_cbs(cbs)


class Learner(_Loop):
    """Removes every other callback of a fit: a list that shrinks is being looped over."""

    def remove_cbs(self, cbs):
        visiting = [cb for cb in self.cbs if cb in listify(cbs)]
        for cb in visiting:
            self.cbs.remove(cb)
            visiting.remove(cb)  # noqa: B909


class Learner(_Loop):
    """Cuts the fit's callbacks off by `[:-n]`, which cuts all off when there are none."""

    def remove_cbs(self, cbs):
        self.cbs = self.cbs[: -len(listify(cbs))]


class Learner(_Loop):
    """Takes the caller's list as its own, so the callbacks of fits are added to that list."""

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
    """Makes the optimizer when the learner is made, before the model is where it will train."""

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
    """Takes all parameters as one group, whatever the splitter says."""

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
    """Keeps the batch in local names, so what a callback puts on the learner is not used."""

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
    """Gives the model the batch as it came, so transforms of the inputs are lost."""

    def one_batch(self, i, xb, yb):
        self.given = xb
        super().one_batch(i, xb, yb)

    def __call__(self, event):
        super().__call__(event)
        if event == "begin_batch":
            self.xb = self.given


class Learner(_Loop):
    """Takes the gradient of the loss function's own result, not of what a callback made of it."""

    def __call__(self, event):
        loss = getattr(self, "loss", None)
        super().__call__(event)
        if event == "after_loss":
            self.loss = loss


class Learner(_Loop):
    """Counts batches from 1, so a callback believes that the fit is further than it is."""

    def one_batch(self, i, xb, yb):
        super().one_batch(i + 1, xb, yb)


class Learner(_Loop):
    """Goes on counting epochs in a second fit."""

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
    """Takes the loader's iterator once, so later epochs have no batches."""

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
    """Sets the training mode at the beginning of the fit alone, so later epochs train in eval."""

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
    """Sets the flag of the outermost module alone, so dropout inside goes on in validation."""

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
    """Goes over to evaluation with the first validation batch that is over, one too late."""

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
    """Says that it trains at the beginning of the fit alone, so later epochs take no step."""

    def begin_fit(self):
        super().begin_fit()
        self.run.in_train = True

    def begin_epoch(self):
        self.model.train()
        self.run.n_epochs = float(self.epoch)


class BatchTransformXCallback(Callback):
    """The model sees the batch as it was: the result is dropped, set elsewhere, or too late."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        self.xb = self.tfm(self.run.xb)


class BatchTransformXCallback(Callback):
    """Transforms in training alone, so validation sees other inputs than the model learned."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        if self.in_train:
            self.run.xb = self.tfm(self.xb)


class BatchTransformXCallback(Callback):
    """The model sees the batch as it was: the result is dropped, set elsewhere, or too late."""

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
    """The model sees the batch as it was: the result is dropped, set elsewhere, or too late."""

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
    """Transforms the first batch of each pass alone."""

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


class DeviceCallback(Callback):
    """Moves the inputs and forgets the labels."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.model.to(self.device)

    def begin_batch(self):
        self.run.xb = self.xb.to(self.device)


class DeviceCallback(Callback):
    """Moves the batches and forgets the model."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(Callback):
    """The batch stays where it was: what `to` gives is dropped, or set on the callback itself."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.model.to(self.device)

    def begin_batch(self):
        self.xb.to(self.device)
        self.yb.to(self.device)


class DeviceCallback(Callback):
    """Moves training batches alone."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.model.to(self.device)

    def begin_batch(self):
        if self.in_train:
            self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(Callback):
    """Chooses the GPU if there is one and the CPU if not, whatever device was asked for."""

    _order = 1

    def __init__(self, device):
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def begin_fit(self):
        self.model.to(self.device)

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(Callback):
    """The batch stays where it was: what `to` gives is dropped, or set on the callback itself."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.model.to(self.device)

    def begin_batch(self):
        self.xb, self.yb = self.run.xb.to(self.device), self.run.yb.to(self.device)


class DeviceCallback(Callback):
    """Moves the whole data set at once, which a GPU has no room for."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.model.to(self.device)
        for dl in (self.data.train_dl, self.data.valid_dl):
            dl[:] = [(xb.to(self.device), yb.to(self.device)) for xb, yb in dl]


class DeviceCallback(Callback):
    """Comes after the batch transforms, which then work where the data was."""

    _order = 10

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.model.to(self.device)

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(Callback):
    """Makes everything half precision on the way."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.model.to(self.device, torch.float16)

    def begin_batch(self):
        self.run.xb = self.xb.to(self.device, torch.float16)
        self.run.yb = self.yb.to(self.device, torch.float16)


class DeviceCallback(Callback):
    """Compares the device with a name, so an object of torch.device is not understood."""

    _order = 1

    def __init__(self, device):
        self.device = re.match("[a-z]+", device).group()

    def begin_fit(self):
        self.model.to(self.device)

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(Callback):
    """Moves a copy of the model, so the optimizer goes on with the parameters of the old one."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.run.model = copy.deepcopy(self.model).to(self.device)

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class _Scheduler(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    _order = 1

    def __init__(self, pname, sched_funcs):
        self.pname, self.sched_funcs = pname, listify(sched_funcs)

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
    """Writes after the batch, so each step is made with the value of the step before."""

    begin_batch = None

    def after_batch(self):
        if self.in_train:
            self.set_param()

    def __call__(self, event):
        if event != "begin_batch":
            super().__call__(event)


class ParamScheduler(_Scheduler):
    """Sets the first group alone when there is one function for several groups."""

    def set_param(self):
        for hyper, f in zip(self.opt.hypers, self.sched_funcs, strict=False):
            hyper[self.pname] = f(self.position())


class ParamScheduler(_Scheduler):
    """Uses the first function for all groups."""

    def set_param(self):
        for hyper in self.opt.hypers:
            hyper[self.pname] = self.sched_funcs[0](self.position())


class ParamScheduler(_Scheduler):
    """Gives the groups the functions in reverse, last group first."""

    def set_param(self):
        funcs = self.sched_funcs * (len(self.opt.hypers) // len(self.sched_funcs))
        for hyper, f in zip(self.opt.hypers[::-1], funcs, strict=True):
            hyper[self.pname] = f(self.position())


class ParamScheduler(_Scheduler):
    """Always writes the learning rate, whatever name was given."""

    def __init__(self, pname, sched_funcs):
        super().__init__("lr", sched_funcs)


class ParamScheduler(_Scheduler):
    """Writes into `param_groups`, where torch.optim has it, and not into `hypers`."""

    def set_param(self):
        self.opt.options = [{self.pname: self.sched_funcs[0](self.position())}]


class ParamScheduler(_Scheduler):
    """Replaces the hyperparameters of a group by the one that it schedules."""

    def set_param(self):
        super().set_param()
        self.opt.hypers[:] = [{self.pname: hyper[self.pname]} for hyper in self.opt.hypers]


class ParamScheduler(_Scheduler):
    """Multiplies the value that is there by the schedule's instead of writing it."""

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


class _Search(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    _order = 1

    def __init__(self, max_iter=100, min_lr=1e-6, max_lr=10):
        self.max_iter, self.min_lr, self.max_lr = max_iter, min_lr, max_lr

    def begin_fit(self):
        self.best, self.done = math.inf, 0
        self.kept = [p.detach().clone() for p in self.model.parameters()]

    def rate(self):
        return self.min_lr * (self.max_lr / self.min_lr) ** (self.done / self.max_iter)

    def begin_batch(self):
        if self.in_train:
            for hyper in self.opt.hypers:
                hyper["lr"] = self.rate()

    def exploded(self, loss):
        return loss > 10 * self.best

    def after_step(self):
        self.done += 1
        loss = self.loss.item()
        if self.done >= self.max_iter or self.exploded(loss):
            raise CancelTrainException
        self.best = min(self.best, loss)

    def restore(self):
        with torch.no_grad():
            for p, kept in zip(self.model.parameters(), self.kept, strict=True):
                p.copy_(kept)

    def after_fit(self):
        self.restore()


class LRFind(_Search):
    """Leaves the model's weights as the search ruined them; the lecture's version does so too."""

    def restore(self):
        return


class LRFind(_Search):
    """Leaves the model's weights as the search ruined them; the lecture's version does so too."""

    def begin_fit(self):
        super().begin_fit()
        self.kept = list(self.model.state_dict().values())


class LRFind(_Search):
    """Leaves the model's weights as the search ruined them; the lecture's version does so too."""

    def begin_fit(self):
        super().begin_fit()
        self.kept = list(copy.copy(self.model.state_dict()).values())


class LRFind(_Search):
    """Gives the weights back only when it ended the search itself, not when the fit was over."""

    def after_fit(self):
        pass

    def after_cancel_train(self):
        self.restore()


class LRFind(_Search):
    """Leaves the model's weights as the search ruined them; the lecture's version does so too."""

    def begin_fit(self):
        super().begin_fit()
        self.old = copy.deepcopy(self.model)

    def restore(self):
        self.run.model = self.old


class LRFind(_Search):
    """Starts the model anew instead of giving back the weights that it had."""

    def restore(self):
        for module in self.model.modules():
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()


class LRFind(_Search):
    """Gives the weights back after every epoch, so they are those of the search at its end."""

    def after_epoch(self):
        self.restore()

    def after_fit(self):
        pass


class LRFind(_Search):
    """Keeps the weights after the first step, which they have made already."""

    def begin_fit(self):
        super().begin_fit()
        self.kept = []

    def after_step(self):
        self.kept = self.kept or [p.detach().clone() for p in self.model.parameters()]
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
    """Sets the rate of the first group alone."""

    def begin_batch(self):
        if self.in_train:
            self.opt.hypers[0]["lr"] = self.rate()


class LRFind(_Search):
    """Never stops for the loss: the least so far is not looked at, or not kept."""

    def exploded(self, loss):
        return False


class LRFind(_Search):
    """Stops at the first loss above the least so far, as if every batch were the same."""

    def exploded(self, loss):
        return loss > self.best


class LRFind(_Search):
    """Measures the explosion against the first loss instead of the least."""

    def exploded(self, loss):
        self.first = getattr(self, "first_loss", loss)
        self.first_loss = self.first
        return loss > 10 * self.first


class LRFind(_Search):
    """Never stops for the loss: the least so far is not looked at, or not kept."""

    def after_step(self):
        self.done += 1
        if self.done >= self.max_iter or self.loss.item() > 10 * self.best:
            raise CancelTrainException


class LRFind(_Search):
    """Goes on for ever: max_iter only shapes the ramp."""

    def after_step(self):
        self.done += 1
        loss = self.loss.item()
        if self.exploded(loss):
            raise CancelTrainException
        self.best = min(self.best, loss)


class LRFind(_Search):
    """Cancels the epoch instead of the training, so the next epoch goes on."""

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


class Recorder(Callback):
    """Records validation batches too."""

    def begin_fit(self):
        self.lrs, self.losses = [[] for _ in self.opt.hypers], []

    def after_batch(self):
        for lrs, hyper in zip(self.lrs, self.opt.hypers, strict=True):
            lrs.append(hyper["lr"])
        self.losses.append(self.loss.detach().cpu())


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

    def draw(self, *series):
        from matplotlib import pyplot as plt

        plt.plot(*series)

    def plot_lr(self, pgid=-1):
        self.draw(self.lrs[pgid])

    def plot_loss(self):
        self.draw(self.losses)

    def plot(self, pgid=-1):
        self.draw(self.lrs[pgid], self.losses)


class Recorder(_Records):
    """Records the rate of the last group alone, as an early version of the lecture did."""

    def begin_fit(self):
        self.lrs, self.losses = [], []

    def note_lrs(self):
        self.lrs.append(self.opt.hypers[-1]["lr"])

    def plot_lr(self, pgid=-1):
        self.draw(self.lrs)

    def plot(self, pgid=-1):
        self.draw(self.lrs, self.losses)


class Recorder(_Records):
    """Multiplies one list by the number of groups, so all groups write into the same list."""

    def begin_fit(self):
        self.lrs, self.losses = [[]] * len(self.opt.hypers), []


class Recorder(_Records):
    """Records the loss with its graph, so no batch's memory is ever free again."""

    def note_loss(self):
        self.losses.append(self.loss)

    def plot_loss(self):
        self.draw([loss.item() for loss in self.losses])

    def plot(self, pgid=-1):
        self.draw(self.lrs[pgid], [loss.item() for loss in self.losses])


class Recorder(_Records):
    """Records the learner's own rate, which no schedule changes."""

    def note_lrs(self):
        for lrs in self.lrs:
            lrs.append(self.run.lr)


class Recorder(_Records):
    """Keeps the hyperparameters themselves, which later batches overwrite."""

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
    """Has nothing that draws the rates."""

    def plot_lr(self, pgid=-1):
        self.plot_loss()

    def plot(self, pgid=-1):
        self.plot_loss()


class Recorder(_Records):
    """Draws nothing of the losses but the last."""

    def plot_loss(self):
        self.draw(self.losses[-1:])

    def plot(self, pgid=-1):
        self.draw(self.lrs[pgid][-1:], self.losses[-1:])


class Recorder(_Records):
    """Multiplies the loss by the size of the batch."""

    def note_loss(self):
        self.losses.append(self.loss.detach() * len(self.xb))
