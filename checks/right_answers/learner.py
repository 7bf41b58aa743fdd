"""Right answers to the exercises of `learner`, in other forms than the reference."""

import copy
import math
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from itertools import chain

import numpy as np
import torch
from torch import tensor

from .containers import listify


class AvgStats:
    """The lecture's form, with a first reset, and sums without their graphs."""

    def __init__(self, metrics, in_train):
        self.metrics, self.in_train = listify(metrics), in_train
        self.reset()

    def reset(self):
        self.tot_loss, self.count = 0.0, 0
        self.tot_mets = [0.0] * len(self.metrics)

    @property
    def all_stats(self):
        return [float(o) for o in [self.tot_loss] + self.tot_mets]

    @property
    def avg_stats(self):
        return [o / self.count for o in self.all_stats]

    def __repr__(self):
        if not self.count:
            return ""
        return f"{'train' if self.in_train else 'valid'}: {self.avg_stats}"

    def accumulate(self, run):
        bn = run.xb.shape[0]
        self.tot_loss += run.loss.detach() * bn
        self.count += bn
        for i, m in enumerate(self.metrics):
            self.tot_mets[i] += float(m(run.pred, run.yb)) * bn


class AvgStats:
    """Keeps every batch and averages when asked."""

    def __init__(self, metrics, in_train):
        self.in_train, self.metrics = in_train, listify(metrics)
        self.reset()

    def reset(self):
        self.rows, self.sizes = [], []

    def accumulate(self, run):
        self.rows.append([float(run.loss)] + [float(m(run.pred, run.yb)) for m in self.metrics])
        self.sizes.append(len(run.xb))

    @property
    def avg_stats(self):
        return np.average(self.rows, axis=0, weights=self.sizes).tolist()

    @property
    def all_stats(self):
        return (np.array(self.rows) * np.array(self.sizes)[:, None]).sum(0).tolist()

    def __repr__(self):
        return f"AvgStats({self.in_train}, {self.rows})"


class AvgStats:
    """Running means, corrected batch by batch."""

    def __init__(self, metrics, in_train):
        self.metrics, self.in_train = tuple(listify(metrics)), in_train
        self.reset()

    def reset(self):
        self.count, self.means = 0, None

    def accumulate(self, run):
        n = run.xb.size(0)
        with torch.no_grad():
            values = [run.loss, *(m(run.pred, run.yb) for m in self.metrics)]
            new = torch.tensor([float(v) for v in values], dtype=torch.float64)
        self.count += n
        self.means = new if self.means is None else self.means + (new - self.means) * n / self.count

    @property
    def avg_stats(self):
        return self.means.tolist()

    @property
    def all_stats(self):
        return (self.means * self.count).tolist()

    def __repr__(self):
        return ("valid", "train")[self.in_train]


class AvgStats:
    """Columns of products, added up when they are asked for."""

    def __init__(self, functions, training):
        self.metrics, self.in_train = listify(functions), training
        self.reset()

    def reset(self):
        self.columns, self.sizes = [[] for _ in range(1 + len(self.metrics))], []

    def accumulate(self, batch):
        self.sizes.append(len(batch.xb))
        values = [batch.loss.item(), *(float(m(batch.pred, batch.yb)) for m in self.metrics)]
        for column, value in zip(self.columns, values, strict=True):
            column.append(self.sizes[-1] * value)

    all_stats = property(lambda self: [math.fsum(column) for column in self.columns])
    avg_stats = property(lambda self: [total / sum(self.sizes) for total in self.all_stats])

    def __repr__(self):
        return f"AvgStats(in_train={self.in_train}, batches={len(self.sizes)})"


class Learner:
    """The lecture's form, with a wider try around a pass, and callbacks that always leave."""

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
        self.in_train, self.logger, self.opt = False, print, None
        self.cbs = []
        self.add_cb(TrainEvalCallback())
        self.add_cbs(cbs)
        self.add_cbs(cbf() for cbf in listify(cb_funcs))

    def add_cbs(self, cbs):
        for cb in listify(cbs):
            self.add_cb(cb)

    def add_cb(self, cb):
        cb.set_runner(self)
        setattr(self, cb.name, cb)
        self.cbs.append(cb)

    def remove_cbs(self, cbs):
        for cb in listify(cbs):
            self.cbs.remove(cb)

    def one_batch(self, i, xb, yb):
        try:
            self.iter = i
            self.xb, self.yb = xb, yb
            self("begin_batch")
            self.pred = self.model(self.xb)
            self("after_pred")
            self.loss = self.loss_func(self.pred, self.yb)
            self("after_loss")
            if not self.in_train:
                return
            self.loss.backward()
            self("after_backward")
            self.opt.step()
            self("after_step")
            self.opt.zero_grad()
        except CancelBatchException:
            self("after_cancel_batch")
        finally:
            self("after_batch")

    def all_batches(self, dl, begin):
        self.dl, self.iters = dl, len(dl)
        try:
            if not self(begin):
                for i, (xb, yb) in enumerate(self.dl):
                    self.one_batch(i, xb, yb)
        except CancelEpochException:
            self("after_cancel_epoch")

    def do_begin_fit(self, epochs):
        self.epochs, self.loss = epochs, tensor(0.0)
        self("begin_fit")

    def fit(self, epochs, cbs=None, reset_opt=False):
        cbs = listify(cbs)
        self.add_cbs(cbs)
        if reset_opt or not self.opt:
            self.opt = self.opt_func(self.splitter(self.model), lr=self.lr)

        try:
            self.do_begin_fit(epochs)
            for self.epoch in range(epochs):
                self.all_batches(self.data.train_dl, "begin_epoch")
                with torch.no_grad():
                    self.all_batches(self.data.valid_dl, "begin_validate")
                self("after_epoch")

        except CancelTrainException:
            self("after_cancel_train")
        finally:
            try:
                self("after_fit")
            finally:
                self.remove_cbs(cbs)

    ALL_CBS = {
        "begin_batch",
        "after_pred",
        "after_loss",
        "after_backward",
        "after_step",
        "after_cancel_batch",
        "after_batch",
        "after_cancel_epoch",
        "begin_fit",
        "begin_epoch",
        "begin_validate",
        "after_epoch",
        "after_cancel_train",
        "after_fit",
    }

    def __call__(self, cb_name):
        res = False
        assert cb_name in self.ALL_CBS
        for cb in sorted(self.cbs, key=lambda x: x._order):
            res = cb(cb_name) and res
        return res


class Learner:
    """Scopes as context managers."""

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
        self.logger, self.opt, self.in_train = print, None, False
        made = [make() for make in listify(cb_funcs)]
        self.cbs = [self.adopt(cb) for cb in (TrainEvalCallback(), *listify(cbs), *made)]

    def adopt(self, cb):
        cb.set_runner(self)
        self.__dict__[cb.name] = cb
        return cb

    def add_cb(self, cb):
        self.add_cbs([cb])

    def add_cbs(self, cbs):
        self.cbs = self.cbs + [self.adopt(cb) for cb in listify(cbs)]

    def remove_cbs(self, cbs):
        gone = {id(cb) for cb in listify(cbs)}
        self.cbs = [cb for cb in self.cbs if id(cb) not in gone]

    def announce(self, event):
        for cb in sorted(self.cbs, key=lambda cb: cb._order):
            cb(event)

    @contextmanager
    def scope(self, what, cancelled, ending):
        try:
            yield
        except cancelled:
            self.announce(f"after_cancel_{what}")
        finally:
            if ending:
                self.announce(ending)

    def batches(self, dl, begin):
        self.dl, self.iters = dl, len(dl)
        self.announce(begin)
        for self.iter, (xb, yb) in enumerate(dl):
            with self.scope("batch", CancelBatchException, "after_batch"):
                self.xb, self.yb = xb, yb
                self.announce("begin_batch")
                self.pred = self.model(self.xb)
                self.announce("after_pred")
                self.loss = self.loss_func(self.pred, self.yb)
                self.announce("after_loss")
                if self.in_train:
                    self.loss.backward()
                    self.announce("after_backward")
                    self.opt.step()
                    self.model.zero_grad()
                    self.announce("after_step")

    def fit(self, epochs, cbs=None, reset_opt=False):
        own = list(self.cbs)
        self.cbs = own + [self.adopt(cb) for cb in listify(cbs)]
        try:
            if self.opt is None or reset_opt:
                self.opt = self.opt_func(self.splitter(self.model), lr=self.lr)
            self.epochs = epochs
            with self.scope("train", CancelTrainException, "after_fit"):
                self.announce("begin_fit")
                for self.epoch in range(epochs):
                    with self.scope("epoch", CancelEpochException, None):
                        self.batches(self.data.train_dl, "begin_epoch")
                    with torch.no_grad(), self.scope("epoch", CancelEpochException, None):
                        self.batches(self.data.valid_dl, "begin_validate")
                    self.announce("after_epoch")
        finally:
            self.cbs = own


class Learner:
    """Methods of the callbacks are called directly; the gradients are set to None by hand."""

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
        self.__dict__.update(model=model, data=data, loss_func=loss_func, opt_func=opt_func)
        self.lr, self.splitter, self.opt, self.logger, self.in_train = lr, splitter, None, print, 0
        self.own = [TrainEvalCallback()]
        self.own += cbs or []
        self.own += [make() for make in cb_funcs or []]
        self.visiting = []
        self.introduce(self.own)

    def introduce(self, cbs):
        for cb in cbs:
            cb.set_runner(self)
            self.__dict__[cb.name] = cb

    def add_cb(self, cb):
        self.add_cbs([cb])

    def add_cbs(self, cbs):
        self.introduce(cbs := listify(cbs))
        self.own.extend(cbs)

    def remove_cbs(self, cbs):
        for cb in listify(cbs):
            (self.own if cb in self.own else self.visiting).remove(cb)

    def tell(self, event):
        for cb in sorted(chain(self.own, self.visiting), key=lambda cb: cb._order):
            getattr(type(cb), event, lambda cb: None)(cb)

    def fit(self, epochs, cbs=None, reset_opt=False):
        if reset_opt:
            self.opt = None
        self.opt = self.opt or self.opt_func(self.splitter(self.model), lr=self.lr)
        self.visiting, self.epochs = list(cbs or ()), epochs
        self.introduce(self.visiting)
        try:
            self.tell("begin_fit")
            for epoch in range(epochs):
                self.epoch = epoch
                self.run_pass("begin_epoch", self.data.train_dl)
                with torch.inference_mode():
                    self.run_pass("begin_validate", self.data.valid_dl)
                self.tell("after_epoch")
        except CancelTrainException:
            self.tell("after_cancel_train")
        finally:
            try:
                self.tell("after_fit")
            finally:
                self.visiting = []

    def run_pass(self, begin, dl):
        self.dl, self.iters, self.iter = dl, len(dl), 0
        try:
            self.tell(begin)
            for batch in dl:
                self.xb, self.yb = batch
                try:
                    self.run_batch()
                except CancelBatchException:
                    self.tell("after_cancel_batch")
                finally:
                    self.tell("after_batch")
                self.iter += 1
        except CancelEpochException:
            self.tell("after_cancel_epoch")

    def run_batch(self):
        self.tell("begin_batch")
        self.pred = self.model(self.xb)
        self.tell("after_pred")
        self.loss = self.loss_func(self.pred, self.yb)
        self.tell("after_loss")
        if not self.in_train:
            return
        self.loss.backward()
        self.tell("after_backward")
        self.opt.step()
        self.tell("after_step")
        for p in self.model.parameters():
            p.grad = None


class Learner:
    """Exit stacks instead of `finally`; callbacks leave one by one."""

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
        self.model, self.data, self.loss_func, self.lr = model, data, loss_func, lr
        self.opt_func, self.splitter, self.logger = opt_func, splitter, print
        self.opt, self.cbs = None, []
        self.add_cbs(chain([TrainEvalCallback()], listify(cbs), (f() for f in listify(cb_funcs))))

    def add_cb(self, cb):
        cb.set_runner(self)
        setattr(self, cb.name, cb)
        self.cbs.append(cb)

    def add_cbs(self, cbs):
        for cb in cbs:
            self.add_cb(cb)

    def remove_cbs(self, cbs):
        gone = {id(cb) for cb in cbs}
        self.cbs = [cb for cb in self.cbs if id(cb) not in gone]

    def __call__(self, event):
        by_order = defaultdict(list)
        for cb in self.cbs:
            by_order[cb._order].append(cb)
        for order in sorted(by_order):
            for cb in by_order[order]:
                cb(event)

    def fit(self, epochs, cbs=None, reset_opt=False):
        with ExitStack() as stack:
            for cb in listify(cbs):
                self.add_cb(cb)
                stack.callback(self.remove_cbs, [cb])
            self.fit_epochs(epochs, reset_opt)

    def fit_epochs(self, epochs, reset_opt):
        if self.opt is None or reset_opt:
            self.opt = self.opt_func(self.splitter(self.model), lr=self.lr)
        self.epochs = epochs
        with ExitStack() as stack:
            stack.callback(self, "after_fit")
            try:
                self("begin_fit")
                for epoch in range(epochs):
                    self.epoch = epoch
                    self.all_batches(self.data.train_dl, "begin_epoch")
                    with torch.no_grad():
                        self.all_batches(self.data.valid_dl, "begin_validate")
                    self("after_epoch")
            except CancelTrainException:
                self("after_cancel_train")

    def all_batches(self, dl, begin):
        self.dl, self.iters = dl, len(dl)
        try:
            self(begin)
            number = 0
            for batch in dl:
                self.one_batch(number, *batch)
                number += 1
        except CancelEpochException:
            self("after_cancel_epoch")

    def one_batch(self, i, xb, yb):
        self.iter, self.xb, self.yb = i, xb, yb
        with ExitStack() as stack:
            stack.callback(self, "after_batch")
            try:
                self("begin_batch")
                self.pred = self.model(self.xb)
                self("after_pred")
                self.loss = self.loss_func(self.pred, self.yb)
                self("after_loss")
                if self.in_train:
                    self.loss.backward()
                    self("after_backward")
                    self.opt.step()
                    self("after_step")
                    self.opt.zero_grad()
            except CancelBatchException:
                self("after_cancel_batch")


class TrainEvalCallback(Callback):
    """The lecture's form."""

    def begin_fit(self):
        self.run.n_epochs = 0.0
        self.run.n_iter = 0

    def after_batch(self):
        if not self.in_train:
            return
        self.run.n_epochs += 1.0 / self.iters
        self.run.n_iter += 1

    def begin_epoch(self):
        self.run.n_epochs = self.epoch
        self.model.train()
        self.run.in_train = True

    def begin_validate(self):
        self.model.eval()
        self.run.in_train = False


class TrainEvalCallback(Callback):
    """The position set in every event of a batch, from the batch's number."""

    _order = -10

    def begin_fit(self):
        self.learn.n_epochs, self.learn.n_iter, self.before = 0.0, 0, 0

    def begin_epoch(self):
        self.set_mode(True)
        self.learn.n_epochs, self.before = float(self.learn.epoch), self.learn.n_iter

    def begin_validate(self):
        self.set_mode(False)

    def set_mode(self, training):
        self.learn.model.train(training)
        self.learn.in_train = training

    def count(self, done):
        self.learn.n_iter = self.before + done
        self.learn.n_epochs = self.learn.epoch + done / self.learn.iters

    def begin_batch(self):
        if self.learn.in_train:
            self.count(self.learn.iter)

    def after_batch(self):
        if self.learn.in_train:
            self.count(self.learn.iter + 1)


class TrainEvalCallback(Callback):
    """The position from the whole number of batches."""

    def begin_fit(self):
        self.run.n_iter, self.run.n_epochs = 0, 0.0

    def begin_epoch(self):
        self.run.in_train = self.model.train().training

    def begin_validate(self):
        self.run.in_train = self.model.eval().training

    def after_batch(self):
        self.run.n_iter += self.in_train
        if self.in_train:
            self.run.n_epochs = self.n_iter / len(self.data.train_dl)


class BatchTransformXCallback(Callback):
    """The lecture's form."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def begin_batch(self):
        self.run.xb = self.tfm(self.xb)


class BatchTransformXCallback(Callback):
    """With setattr on the learner."""

    def __init__(self, f):
        super().__init__()
        self._order, self.f = 2, f

    def begin_batch(self):
        learn = self.learn
        learn.__dict__["xb"] = self.f(learn.xb)


class BatchTransformXCallback(Callback):
    """Answers to the name of the event itself."""

    _order = 2

    def __init__(self, tfm):
        self.tfm = tfm

    def __getattribute__(self, name):
        if name == "begin_batch":
            return lambda: setattr(self.run, "xb", self.tfm(self.run.xb))
        return super().__getattribute__(name)


class DeviceCallback(Callback):
    """The form of the lecture's CudaCallback, for any device."""

    def __init__(self, device):
        self.device = device

    def begin_fit(self):
        self.model.to(self.device)

    def begin_batch(self):
        self.run.xb, self.run.yb = self.xb.to(self.device), self.yb.to(self.device)


class DeviceCallback(Callback):
    """The model is moved when an epoch begins and when it is validated."""

    _order = -2

    def __init__(self, device):
        self.device = torch.device(device)

    def begin_epoch(self):
        self.model.to(device=self.device)

    begin_validate = begin_epoch

    def begin_batch(self):
        for name in ("xb", "yb"):
            setattr(self.learn, name, getattr(self.learn, name).to(self.device))


class DeviceCallback(Callback):
    """Moves what is not there yet."""

    _order = 1

    def __init__(self, device):
        self.device = torch.device(device)

    def begin_fit(self):
        if any(p.device != self.device for p in self.model.parameters()):
            self.run.model = self.model.to(self.device)

    def begin_batch(self):
        self.run.xb, self.run.yb = (self.moved(t) for t in (self.xb, self.yb))

    def moved(self, t):
        return t if t.device == self.device else t.to(self.device)


class ParamScheduler(Callback):
    """The lecture's form."""

    _order = 1

    def __init__(self, pname, sched_funcs):
        self.pname, self.sched_funcs = pname, listify(sched_funcs)

    def begin_batch(self):
        if not self.in_train:
            return
        fs = self.sched_funcs
        if len(fs) == 1:
            fs = fs * len(self.opt.param_groups)
        pos = self.n_epochs / self.epochs
        for f, h in zip(fs, self.opt.hypers, strict=True):
            h[self.pname] = f(pos)


class ParamScheduler(Callback):
    """Works out the position by itself, and comes late."""

    _order = 40

    def __init__(self, pname, sched_funcs):
        self.pname, self.funcs = pname, sched_funcs

    def begin_fit(self):
        groups = len(self.learn.opt.hypers)
        if not callable(self.funcs) and len(self.funcs) != groups:
            raise ValueError(f"{len(self.funcs)} functions and {groups} groups")

    def begin_batch(self):
        learn = self.learn
        if learn.in_train:
            done = learn.epoch * learn.iters + learn.iter
            for i, hyper in enumerate(learn.opt.hypers):
                f = self.funcs if callable(self.funcs) else self.funcs[i]
                hyper[self.pname] = f(done / (learn.epochs * learn.iters))


class ParamScheduler(Callback):
    """Counts its own batches."""

    _order = 3

    def __init__(self, pname, sched_funcs):
        self.pname, self.sched_funcs = pname, sched_funcs

    def begin_fit(self):
        one = not isinstance(self.sched_funcs, list | tuple)
        self.fs = [self.sched_funcs] * len(self.opt.hypers) if one else self.sched_funcs
        if len(self.fs) != len(self.opt.hypers):
            raise ValueError("each group needs a schedule")
        self.done = 0

    def begin_batch(self):
        if self.in_train:
            pos = self.done / (self.iters * self.epochs)
            for i in range(len(self.fs)):
                self.opt.hypers[i].update({self.pname: self.fs[i](pos)})
            self.done += 1


class LRFind(Callback):
    """The lecture's form, with all restored, an exact last batch, and an end for NaN."""

    _order = 1

    def __init__(self, max_iter=100, min_lr=1e-6, max_lr=10):
        self.max_iter, self.min_lr, self.max_lr = max_iter, min_lr, max_lr

    def begin_fit(self):
        self.best_loss = float("inf")
        self.state = copy.deepcopy(self.model.state_dict())
        self.rates = copy.deepcopy(self.opt.hypers)

    def begin_batch(self):
        if not self.in_train:
            return
        pos = self.n_iter / self.max_iter
        lr = self.min_lr * (self.max_lr / self.min_lr) ** pos
        for pg in self.opt.hypers:
            pg["lr"] = lr

    def after_step(self):
        last = self.n_iter == self.max_iter - 1
        if last or not torch.isfinite(self.loss) or self.loss > self.best_loss * 10:
            raise CancelTrainException()
        if self.loss < self.best_loss:
            self.best_loss = self.loss.detach()

    def after_fit(self):
        self.model.load_state_dict(self.state)
        for pg, rates in zip(self.opt.hypers, self.rates, strict=True):
            pg.update(rates)


class LRFind(Callback):
    """Multiplies the rate by a factor; stops after the loss."""

    def __init__(self, max_iter=100, min_lr=1e-6, max_lr=10):
        self.factor = (max_lr / min_lr) ** (1 / max_iter)
        self.max_iter, self.min_lr = max_iter, min_lr

    def begin_fit(self):
        self.i, self.losses, self.lr = 0, [], self.min_lr
        self.before = [o.clone() for o in self.model.state_dict().values()]
        self.hypers = [hyper.copy() for hyper in self.opt.hypers]

    def begin_batch(self):
        if self.in_train:
            if self.i == self.max_iter:
                raise CancelTrainException
            for hyper in self.opt.hypers:
                hyper["lr"] = self.lr
            self.lr, self.i = self.lr * self.factor, self.i + 1

    def after_loss(self):
        if self.in_train:
            self.losses.append(self.loss.item())
            if not math.isfinite(self.losses[-1]) or self.losses[-1] > 10 * min(self.losses):
                raise CancelTrainException

    def after_fit(self):
        for o, before in zip(self.model.state_dict().values(), self.before, strict=True):
            o.copy_(before)
        self.opt.hypers[:] = self.hypers


class LRFind(Callback):
    """Logarithms of the rates; looks back at the losses when the next batch begins."""

    _order = 4

    def __init__(self, max_iter=100, min_lr=1e-6, max_lr=10):
        self.max_iter = max_iter
        self.sched = lambda pos: math.exp((1 - pos) * math.log(min_lr) + pos * math.log(max_lr))

    def begin_fit(self):
        self.kept = {k: v.clone() for k, v in self.model.state_dict().items()}
        self.hypers = [dict(h) for h in self.opt.hypers]
        self.losses = []

    def begin_batch(self):
        if not self.in_train:
            return
        if len(self.losses) == self.max_iter or self.exploded():
            raise CancelTrainException
        for hyper in self.opt.hypers:
            hyper["lr"] = self.sched(len(self.losses) / self.max_iter)

    def exploded(self):
        if not self.losses:
            return False
        return not math.isfinite(self.losses[-1]) or self.losses[-1] > 10 * min(self.losses)

    def after_loss(self):
        if self.in_train:
            self.losses.append(self.loss.item())

    def after_fit(self):
        self.model.load_state_dict(self.kept)
        for hyper, kept in zip(self.opt.hypers, self.hypers, strict=True):
            hyper.clear()
            hyper.update(kept)


class Recorder(Callback):
    """The lecture's form."""

    def begin_fit(self):
        self.lrs = [[] for _ in self.opt.param_groups]
        self.losses = []

    def after_batch(self):
        if not self.in_train:
            return
        for pg, lr in zip(self.opt.hypers, self.lrs, strict=True):
            lr.append(pg["lr"])
        self.losses.append(self.loss.detach().cpu())

    def plot_lr(self, pgid=-1):
        from matplotlib import pyplot as plt

        plt.plot(self.lrs[pgid])

    def plot_loss(self, skip_last=0):
        from matplotlib import pyplot as plt

        plt.plot(self.losses[: len(self.losses) - skip_last])

    def plot(self, skip_last=0, pgid=-1):
        from matplotlib import pyplot as plt

        losses = [o.item() for o in self.losses]
        n = len(losses) - skip_last
        plt.xscale("log")
        plt.plot(self.lrs[pgid][:n], losses[:n])


class Recorder(Callback):
    """Floats, taken after the step; methods of the axes."""

    _order = 20

    def begin_fit(self):
        self.lrs, self.losses = [[] for _ in self.opt.hypers], []

    def after_step(self):
        for i, hyper in enumerate(self.opt.hypers):
            self.lrs[i].append(float(hyper["lr"]))
        self.losses.append(self.loss.item())

    def plot_lr(self, pgid=-1):
        import matplotlib.pyplot as plt

        plt.gca().plot(self.lrs[pgid], "o-", label=f"group {pgid}")
        plt.show()

    def plot_loss(self, skip_last=0):
        import matplotlib.pyplot as plt

        plt.gca().plot(self.losses[: -skip_last or None])

    def plot(self, skip_last=0, pgid=-1):
        import matplotlib.pyplot as plt

        axes = plt.gca()
        axes.semilogx(self.lrs[pgid][: -skip_last or None], self.losses[: -skip_last or None])
        axes.set_xlabel("rate")


class Recorder(Callback):
    """A dict of lists, by group; the loss over the rate with a logarithmic axis."""

    def begin_fit(self):
        self.rates, self.losses = defaultdict(list), []

    @property
    def lrs(self):
        return [self.rates[i] for i in range(len(self.rates))]

    def after_loss(self):
        if self.in_train:
            for i, hyper in enumerate(self.opt.hypers):
                self.rates[i].append(hyper["lr"])
            self.losses.append(self.loss.detach().clone())

    def plot_lr(self, pgid=-1):
        from matplotlib import pyplot as plt

        plt.step(range(len(self.losses)), self.lrs[pgid])

    def plot_loss(self, skip_last=0):
        from matplotlib import pyplot as plt

        plt.plot(torch.stack(self.losses)[: len(self.losses) - skip_last].numpy())

    def plot(self, skip_last=0, pgid=-1):
        from matplotlib import pyplot as plt

        n = len(self.losses) - skip_last
        plt.gca().set_xscale("log")
        plt.gca().plot(self.lrs[pgid][:n], [float(loss) for loss in self.losses[:n]])
