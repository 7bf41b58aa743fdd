"""Variants for `learner`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import copy
import math

import torch

from .containers import listify


class _Sums:
    def __init__(self, metrics, in_train):
        self.metrics, self.in_train = listify(metrics), in_train
        self.reset()

    def reset(self):
        self.sums, self.count = [0.0] * (1 + len(self.metrics)), 0

    def values(self, learn):
        return [learn.loss.item(), *(float(m(learn.pred, learn.yb)) for m in self.metrics)]

    def accumulate(self, learn):
        n = len(learn.xb)
        with torch.no_grad():
            self.sums = [s + n * v for s, v in zip(self.sums, self.values(learn), strict=True)]
        self.count += n

    @property
    def all_stats(self):
        return list(self.sums)

    @property
    def avg_stats(self):
        return [s / (self.count or 1) for s in self.sums]

    def __repr__(self):
        return f"{'train' if self.in_train else 'valid'}: {self.avg_stats}"


class AvgStats(_Sums):
    """Calls the metrics with the labels first and the predictions second."""

    def values(self, learn):
        args = learn.yb, learn.pred
        return [learn.loss.item()] + [float(metric(*args)) for metric in self.metrics]


class AvgStats(_Sums):
    """Returns the values of the last batch instead of averages."""

    def accumulate(self, learn):
        n = self.count = len(learn.xb)
        self.sums = [n * value for value in self.values(learn)]


class AvgStats(_Sums):
    """Puts the metrics first and the loss last."""

    def values(self, learn):
        loss, *rest = _Sums.values(self, learn)
        return rest + [loss]


class AvgStats(_Sums):
    """Forgets to reset the count, so averages shrink from epoch to epoch."""

    count = 0

    def reset(self):
        self.sums = [0.0 for _ in range(1 + len(self.metrics))]


class AvgStats(_Sums):
    # the worst batch counts
    def accumulate(self, learn):
        n = self.count = len(learn.xb)
        self.sums = [max(s, n * v) for s, v in zip(self.sums, self.values(learn), strict=True)]


class AvgStats(_Sums):
    # half of what came before, as a running average has it
    def accumulate(self, learn):
        values = self.values(learn)
        self.sums = [s / 2 + v / 2 for s, v in zip(self.sums, values, strict=True)]
        self.count = 1


class _Loop:
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
        self.opt, self.in_train, self.logger, self.cbs = None, False, print, []
        self.welcome([TrainEvalCallback()] + listify(cbs) + [make() for make in listify(cb_funcs)])

    def welcome(self, cbs):
        for cb in cbs:
            cb.set_runner(self)
            setattr(self, cb.name, cb)
            self.cbs.append(cb)

    def goodbye(self, cbs):
        self.cbs = [cb for cb in self.cbs if all(cb is not o for o in cbs)]

    def add_cb(self, cb):
        self.welcome([cb])

    def remove_cbs(self, cbs):
        self.goodbye(listify(cbs))

    def __call__(self, event):
        for cb in self.ordered():
            cb(event)

    def ordered(self):
        return sorted(self.cbs, key=lambda o: o._order)

    def make_opt(self):
        return self.opt_func(self.splitter(self.model), lr=self.lr)

    def fit(self, epochs, cbs=None, reset_opt=False):
        guests = listify(cbs)
        self.welcome(guests)
        try:
            if self.opt is None or reset_opt:
                self.opt = self.make_opt()
            self.run_fit(epochs)
        finally:
            self.goodbye(guests)

    def run_fit(self, epochs):
        self.epochs, self.loss = epochs, torch.zeros(())
        try:
            self("begin_fit")
            for epoch in range(epochs):
                self.epoch = epoch
                self.one_epoch()
        except CancelTrainException:
            self("after_cancel_train")
        finally:
            self("after_fit")

    def one_epoch(self):
        self.one_pass("begin_epoch", self.data.train_dl)
        with torch.no_grad():
            self.one_pass("begin_validate", self.data.valid_dl)
        self("after_epoch")

    def one_pass(self, event, dl):
        self.dl, self.iters = dl, len(dl)
        try:
            self(event)
            for self.iter, (self.xb, self.yb) in enumerate(dl):
                self.one_batch()
        except CancelEpochException:
            self("after_cancel_epoch")

    def one_batch(self):
        try:
            self("begin_batch")
            self.predict()
            if self.in_train:
                self.learn_from_it()
        except CancelBatchException:
            self("after_cancel_batch")
        finally:
            self("after_batch")

    def predict(self):
        self.pred = self.model(self.xb)
        self("after_pred")
        self.loss = self.loss_func(self.pred, self.yb)
        self("after_loss")

    def learn_from_it(self):
        self.loss.backward()
        self("after_backward")
        self.opt.step()
        self("after_step")
        self.opt.zero_grad()


class Learner(_Loop):
    """Never zeroes the gradients, so each step repeats all those before."""

    def learn_from_it(self):
        for act, event in ((self.loss.backward, "after_backward"), (self.opt.step, "after_step")):
            act()
            self(event)


class Learner(_Loop):
    """Announces after_epoch before the validation."""

    def one_epoch(self):
        self.one_pass("begin_epoch", self.data.train_dl)
        self("after_epoch")
        with torch.no_grad():
            self.one_pass("begin_validate", self.data.valid_dl)


class Learner(_Loop):
    """Validates with gradients on, so every prediction keeps a graph."""

    def one_epoch(self):
        for event, dl in (
            ("begin_epoch", self.data.train_dl),
            ("begin_validate", self.data.valid_dl),
        ):
            self.one_pass(event, dl)
        self("after_epoch")


class Learner(_Loop):
    """Keeps the callbacks that were given to `fit` for all later fits."""

    def goodbye(self, cbs):
        return None


class Learner(_Loop):
    """Puts all parameters into one group, whatever the splitter says."""

    def make_opt(self):
        return self.opt_func(self.model.parameters(), lr=self.lr)


class Learner(_Loop):
    """Makes a new optimizer in every fit, so its state is lost."""

    def fit(self, epochs, cbs=None, reset_opt=False):
        _Loop.fit(self, epochs, cbs, reset_opt=True)


class Learner(_Loop):
    """Doesn't announce after_fit when the fit fails."""

    def run_fit(self, epochs):
        self.epochs, self.loss = epochs, torch.zeros(())
        try:
            self("begin_fit")
            for self.epoch in range(epochs):
                self.one_epoch()
        except CancelTrainException:
            self("after_cancel_train")
        self("after_fit")


class Learner(_Loop):
    """Skips a cancelled batch without announcing it."""

    def one_batch(self):
        try:
            self("begin_batch")
            self.predict()
            if self.in_train:
                self.learn_from_it()
        except CancelBatchException:
            pass
        finally:
            self("after_batch")


class Learner(_Loop):
    """Calls the callbacks in the order in which they were added."""

    def ordered(self):
        return tuple(self.cbs)


class Learner(_Loop):
    """Validates on the training data."""

    def one_epoch(self):
        self.one_pass("begin_epoch", self.data.train_dl)
        with torch.no_grad():
            self.one_pass("begin_validate", self.data.train_dl)
        self("after_epoch")


class Learner(_Loop):
    """Ignores `cb_funcs`."""

    def __init__(self, *args, cb_funcs=None, **kwargs):
        _Loop.__init__(self, *args, **kwargs)


class Learner(_Loop):
    # steps twice
    def learn_from_it(self):
        self.loss.backward()
        self("after_backward")
        self.opt.step()
        self.opt.step()
        self("after_step")
        self.opt.zero_grad()


class Learner(_Loop):
    # validates first
    def one_epoch(self):
        with torch.no_grad():
            self.one_pass("begin_validate", self.data.valid_dl)
        self.one_pass("begin_epoch", self.data.train_dl)
        self("after_epoch")


class Learner(_Loop):
    # trains for one epoch more
    def run_fit(self, epochs):
        _Loop.run_fit(self, epochs + 1)


class Learner(_Loop):
    # callbacks in the reverse order
    def ordered(self):
        return sorted(self.cbs, key=lambda o: -o._order)


class Learner(_Loop):
    # measures the prediction against itself
    def predict(self):
        self.pred = self.model(self.xb)
        self("after_pred")
        self.loss = self.loss_func(self.pred, self.pred.detach())
        self("after_loss")


class TrainEvalCallback(Callback):
    """Never puts the model into evaluation mode."""

    def begin_fit(self):
        self.learn.n_epochs = 0.0
        self.learn.n_iter = 0

    def begin_epoch(self):
        self.learn.model.train(True)
        self.learn.in_train = True
        self.learn.n_epochs = 1.0 * self.learn.epoch

    def begin_validate(self):
        self.learn.in_train = False

    def after_batch(self):
        if self.learn.in_train:
            self.learn.n_epochs += 1 / self.learn.iters
            self.learn.n_iter += 1


class TrainEvalCallback(Callback):
    """Counts validation batches as well."""

    def begin_fit(self):
        self.learn.n_epochs, self.learn.n_iter = 0.0, 0

    def begin_epoch(self):
        self.learn.model.train()
        self.learn.n_epochs, self.learn.in_train = float(self.learn.epoch), True

    def begin_validate(self):
        self.learn.model.train(False)
        self.learn.in_train = False

    def after_batch(self):
        self.learn.n_iter += 1
        self.learn.n_epochs += 1 / self.learn.iters


class TrainEvalCallback(Callback):
    """Leaves in_train True in validation, so the model steps on the validation set."""

    def begin_fit(self):
        self.learn.n_epochs, self.learn.n_iter, self.learn.in_train = 0.0, 0, True
        self.validating = False

    def begin_epoch(self):
        self.learn.model.train()
        self.learn.in_train, self.validating = True, False
        self.learn.n_epochs = float(self.learn.epoch)

    def begin_validate(self):
        self.learn.model.eval()
        self.validating = True

    def after_batch(self):
        if not self.validating:
            self.learn.n_iter += 1
            self.learn.n_epochs = self.learn.epoch + (self.learn.iter + 1) / self.learn.iters


class TrainEvalCallback(Callback):
    # training and evaluation change places
    def begin_fit(self):
        self.learn.n_epochs, self.learn.n_iter = 0.0, 0

    def begin_epoch(self):
        self.learn.model.eval()
        self.learn.n_epochs, self.learn.in_train = float(self.learn.epoch), True

    def begin_validate(self):
        self.learn.model.train()
        self.learn.in_train = False

    def after_batch(self):
        if self.learn.in_train:
            self.learn.n_iter += 1
            self.learn.n_epochs = self.learn.epoch + (self.learn.iter + 1) / self.learn.iters


class BatchTransformXCallback(Callback):
    """Transforms only in training, so validation inputs differ from those the model learned on."""

    _order = 2

    def __init__(self, tfm):
        self.change = tfm

    def begin_batch(self):
        if not self.learn.in_train:
            return
        self.learn.xb = self.change(self.learn.xb)


class BatchTransformXCallback(Callback):
    """Transforms a batch twice."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = lambda xb: tfm(tfm(xb))

    def begin_batch(self):
        self.learn.xb = self.tfm(self.learn.xb)


class BatchTransformXCallback(Callback):
    """Transforms the labels too."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        for name in ("xb", "yb"):
            setattr(self.learn, name, self.tfm(getattr(self.learn, name)))


class BatchTransformXCallback(Callback):
    # adds the unchanged batch
    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        self.learn.xb = self.learn.xb + self.tfm(self.learn.xb)


class DeviceCallback(Callback):
    """Moves the inputs and forgets the labels."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.learn.model.to(self.device)

    def begin_batch(self):
        self.learn.xb = self.learn.xb.to(device=self.device)


class DeviceCallback(Callback):
    """Moves the batches and forgets the model."""

    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_batch(self):
        self.learn.xb, self.learn.yb = (o.to(self.device) for o in (self.learn.xb, self.learn.yb))


class DeviceCallback(Callback):
    # moves when the prediction is made
    _order = 1

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.learn.model.to(self.device)

    def after_pred(self):
        self.learn.pred = self.learn.pred.to(self.device)


class _Scheduler(Callback):
    _order = 1

    def __init__(self, pname, sched_funcs):
        self.pname, self.given = pname, sched_funcs

    def begin_fit(self):
        groups = self.learn.opt.hypers
        self.funcs = self.given if isinstance(self.given, list) else [self.given] * len(groups)
        if len(self.funcs) != len(groups):
            raise ValueError("not as many schedules as groups")

    def position(self):
        return self.learn.n_epochs / self.learn.epochs

    def begin_batch(self):
        if self.learn.in_train:
            for i, f in enumerate(self.funcs):
                self.learn.opt.hypers[i][self.pname] = f(self.position())


class ParamScheduler(_Scheduler):
    """Restarts the schedule in every epoch: the position is that in the epoch, not in the fit."""

    def position(self):
        return math.modf(self.learn.n_epochs)[0]


class ParamScheduler(_Scheduler):
    """Writes in validation as well."""

    def begin_batch(self):
        for hyper, f in zip(self.learn.opt.hypers, self.funcs, strict=True):
            hyper.update({self.pname: f(self.position())})


class ParamScheduler(_Scheduler):
    """Uses the first function for all groups."""

    def begin_batch(self):
        if self.learn.in_train:
            value = self.funcs[0](self.position())
            for hyper in self.learn.opt.hypers:
                hyper[self.pname] = value


class ParamScheduler(_Scheduler):
    """Always writes the learning rate, whatever name was given."""

    def begin_fit(self):
        self.pname = "lr"
        _Scheduler.begin_fit(self)


class ParamScheduler(_Scheduler):
    # backwards
    def position(self):
        return 1 - self.learn.n_epochs / self.learn.epochs


class ParamScheduler(_Scheduler):
    # twice as fast, and stays at the end
    def position(self):
        return min(1.0, 2 * self.learn.n_epochs / self.learn.epochs)


class _Finder(Callback):
    _order = 1

    def __init__(self, max_iter=100, min_lr=1e-6, max_lr=10):
        self.max_iter, self.min_lr, self.max_lr = max_iter, min_lr, max_lr
        self.kept = None

    def begin_fit(self):
        self.best = math.inf
        model, opt = self.learn.model, self.learn.opt
        self.kept = copy.deepcopy(model.state_dict()), [dict(o) for o in opt.hypers]

    def rate(self):
        share = self.learn.n_iter / self.max_iter
        return math.exp((1 - share) * math.log(self.min_lr) + share * math.log(self.max_lr))

    def begin_batch(self):
        if self.learn.in_train:
            for hyper in self.learn.opt.hypers:
                hyper["lr"] = self.rate()

    def enough(self, loss):
        return not math.isfinite(loss) or loss > 10 * self.best

    def after_step(self):
        loss = self.learn.loss.item()
        if self.learn.n_iter + 1 >= self.max_iter or self.enough(loss):
            raise CancelTrainException()
        self.best = min(self.best, loss)

    def after_fit(self):
        if self.kept:
            self.learn.model.load_state_dict(self.kept[0])
            for hyper, old in zip(self.learn.opt.hypers, self.kept[1], strict=True):
                hyper.update(old)


class LRFind(_Finder):
    """Grows the rate in a straight line, so nearly all of it is spent on high rates."""

    def rate(self):
        share = self.learn.n_iter / self.max_iter
        return (1 - share) * self.min_lr + share * self.max_lr


class LRFind(_Finder):
    """Starts at the highest rate and goes down."""

    def rate(self):
        return self.max_lr * (self.min_lr / self.max_lr) ** (self.learn.n_iter / self.max_iter)


class LRFind(_Finder):
    """Stops at the first loss above the lowest so far, as if all batches were alike."""

    def enough(self, loss):
        return not loss <= self.best


class LRFind(_Finder):
    """Sets only the first group's rate."""

    def begin_batch(self):
        if self.learn.in_train:
            self.learn.opt.hypers[0].update(lr=self.rate())


class LRFind(_Finder):
    """Leaves the model with the weights that the search ruined, as the lecture's version does."""

    def after_fit(self):
        if self.kept:
            for hyper, old in zip(self.learn.opt.hypers, self.kept[1], strict=True):
                hyper.update(old)


class LRFind(_Finder):
    # three batches too many
    def after_step(self):
        loss = self.learn.loss.item()
        if self.learn.n_iter > self.max_iter + 1 or self.enough(loss):
            raise CancelTrainException()
        self.best = min(self.best, loss)


class LRFind(_Finder):
    # leaves the model with weights of zero
    def after_fit(self):
        for p in self.learn.model.parameters():
            p.data.zero_()


class _Records(Callback):
    def begin_fit(self):
        self.lrs, self.losses = [[] for _ in self.learn.opt.hypers], []

    def wanted(self):
        return self.learn.in_train

    def after_batch(self):
        if self.wanted():
            for i, hyper in enumerate(self.learn.opt.hypers):
                self.lrs[i].append(hyper["lr"])
            self.losses.append(self.value())

    def value(self):
        return self.learn.loss.detach().cpu()

    def plot_lr(self, pgid=-1):
        self.draw(range(len(self.losses)), self.lrs[pgid], "batch", "learning rate")

    def plot_loss(self, skip_last=0):
        n = len(self.losses) - skip_last
        self.draw(range(n), [float(o) for o in self.losses[:n]], "batch", "loss")

    def plot(self, skip_last=0, pgid=-1):
        n = len(self.losses) - skip_last
        ys = [float(o) for o in self.losses[:n]]
        self.draw(self.lrs[pgid][:n], ys, "learning rate", "loss", "log")

    def draw(self, xs, ys, xlabel, ylabel, scale="linear"):
        from matplotlib import pyplot as plt

        axes = plt.gca()
        axes.plot(list(xs), list(ys))
        axes.set(xlabel=xlabel, ylabel=ylabel, xscale=scale)


class Recorder(_Records):
    """Records validation batches too."""

    def wanted(self):
        return True


class Recorder(_Records):
    """Records the loss with its graph, so no batch's memory is freed."""

    def value(self):
        return self.learn.loss


class Recorder(_Records):
    """Records the learner's own rate, which no schedule changes."""

    def after_batch(self):
        if self.wanted():
            for rates in self.lrs:
                rates.append(self.learn.lr)
            self.losses.append(self.value())


class Recorder(_Records):
    # the newest first
    def after_batch(self):
        if self.wanted():
            for i, hyper in enumerate(self.learn.opt.hypers):
                self.lrs[i].insert(0, hyper["lr"])
            self.losses.insert(0, self.value())
