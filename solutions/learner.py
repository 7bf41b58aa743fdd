"""Learner: one training loop, and callbacks that change everything about it.

Level 3. About 120 minutes. After `containers`, `batches` and `schedules`.
Source: fast.ai 2019, lesson 11 (one Learner, no Runner); Smith 2015, arXiv 1506.01186 (LR finder).
"""

import copy
import math
import re
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from .batches import DataBunch
from .containers import listify
from .schedules import Schedule


class CancelBatchException(Exception):
    """Given: skips the rest of a batch."""


class CancelEpochException(Exception):
    """Given: skips the rest of the batches of a pass over the data."""


class CancelTrainException(Exception):
    """Given: skips the rest of the fit."""


class Callback:
    """Given: an object with methods named after events, which a learner calls at those events.

    `run` is the learner, and attributes that the callback lacks are looked up there; to set one,
    write `self.run.xb = ...`. Callbacks are called in order of their `_order`.
    """

    _order: float = 0

    def set_runner(self, run: Any) -> None:
        """Given: tell the callback which learner it belongs to."""
        self.run = self.learn = run

    def __getattr__(self, name: str) -> Any:
        if name in ("run", "learn") or name.startswith("__"):  # unpickling asks before there is one
            raise AttributeError(name)
        return getattr(self.run, name)

    @property
    def name(self) -> str:
        """Given: `TrainEvalCallback` is `learn.train_eval`."""
        words = re.sub(r"Callback$", "", type(self).__name__) or "callback"
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", words).lower()

    def __call__(self, event: str) -> None:
        method = getattr(self, event, None)
        if method is not None:
            method()


def param_getter(model: nn.Module) -> Iterable[nn.Parameter]:
    """Given: all parameters of a model, as one group."""
    return model.parameters()


def sgd_opt(params: Iterable[nn.Parameter], lr: float) -> Any:
    """Given: plain gradient descent, until kata `optimizers` has something better."""
    return _PlainSGD(params, lr)


class _PlainSGD:
    """The least that a learner wants from an optimizer."""

    def __init__(self, params: Iterable[Any], lr: float) -> None:
        groups = list(params)
        self.param_groups = [groups] if isinstance(groups[0], Tensor) else [*map(list, groups)]
        self.hypers = [{"lr": lr} for _ in self.param_groups]

    def step(self) -> None:
        with torch.no_grad():
            for group, hyper in zip(self.param_groups, self.hypers, strict=True):
                for p in group:
                    if p.grad is not None:
                        p.sub_(hyper["lr"] * p.grad)

    def zero_grad(self) -> None:
        for group in self.param_groups:
            for p in group:
                p.grad = None


class AvgStats:
    """Averages of the loss and the metrics over all samples since the last `reset`.

    metrics   functions of (pred, yb), each a mean over the batch: None, one, or a list of them
    in_train  whether these are training batches

        all_stats = [sum(n * loss), sum(n * metric), ...]      over batches of n samples
        avg_stats = [total / sum(n) for total in all_stats]

    Both are lists of floats. A new AvgStats needs no `reset` before its first batch. `accumulate`
    leaves `learn` and its tensors unchanged. It doesn't keep a graph alive. `metrics` (in a list or
    tuple) and `in_train` are attributes. `repr` tells training from validation.

    >>> from types import SimpleNamespace
    >>> stats, learn = AvgStats(None, True), SimpleNamespace()
    >>> for n, loss in (3, 1.0), (1, 5.0):
    ...     learn.xb = learn.yb = learn.pred = torch.zeros(n, 2)
    ...     learn.loss = torch.tensor(loss)
    ...     stats.accumulate(learn)
    >>> stats.avg_stats
    [2.0]
    """

    def __init__(self, metrics: Any, in_train: bool) -> None:
        self.metrics, self.in_train = listify(metrics), in_train
        self.reset()

    def reset(self) -> None:
        """Forget all batches."""
        self.tot_loss: Any = 0.0
        self.tot_mets: list[Any] = [0.0 for _ in self.metrics]
        self.count = 0

    def accumulate(self, learn: Any) -> None:
        """Add the batch in `learn.xb`, `learn.yb`, `learn.pred` and `learn.loss`."""
        n = len(learn.xb)
        with torch.no_grad():
            # summed as tensors: asking for a float each time would wait for the GPU
            self.tot_loss = self.tot_loss + learn.loss.detach() * n
            found = [m(learn.pred, learn.yb) for m in self.metrics]
            self.tot_mets = [t + m * n for t, m in zip(self.tot_mets, found, strict=True)]
        self.count += n

    @property
    def all_stats(self) -> list[float]:
        return [float(o) for o in [self.tot_loss, *self.tot_mets]]

    @property
    def avg_stats(self) -> list[float]:
        return [o / max(self.count, 1) for o in self.all_stats]

    def __repr__(self) -> str:
        return f"{'train' if self.in_train else 'valid'}: {self.avg_stats}"


class Learner:
    """The training loop, which tells callbacks of every event.

    data       has two loaders, `train_dl` and `valid_dl`: batches (xb, yb), and a length
    loss_func  called as loss_func(pred, yb)
    opt_func   called as opt_func(splitter(model), lr=lr); the optimizer that it returns has
               `step`, `zero_grad` and `hypers`
    cbs        callbacks in any iterable, added after a TrainEvalCallback; None for none
    cb_funcs   functions without arguments, each of which returns one more callback

    Events of a fit, in this order:

        begin_fit
          begin_epoch
            begin_batch after_pred after_loss after_backward after_step after_batch   training
          begin_validate
            begin_batch after_pred after_loss after_batch            no gradients, no step
          after_epoch
        after_fit

    Attributes of the learner during a fit:

        epochs, epoch     the number of epochs in the fit, from begin_fit on, and the index of this
                          one, from 0
        dl, iters         the loader of this pass and its length, from begin_epoch or
                          begin_validate on
        iter, xb, yb      the number of the batch in this pass, from 0, its inputs and labels
        pred, loss        of this batch, from after_pred and after_loss on
        in_train          whether this is a training pass, as set by TrainEvalCallback
        opt               the optimizer, from begin_fit on
        logger            called with each row of a table: `print`, unless you set another

    Why: write the methods in this order, and you can check each before you start the next.

    >>> dl = [(torch.ones(2, 1), torch.ones(2, 1))]
    >>> learn = Learner(nn.Linear(1, 1), DataBunch(dl, dl), nn.functional.mse_loss)
    >>> learn.fit(3)
    >>> learn.epoch, learn.in_train, learn.train_eval.name
    (2, False, 'train_eval')
    """

    def __init__(
        self,
        model: nn.Module,
        data: DataBunch,
        loss_func: Callable[[Any, Any], Tensor],
        opt_func: Callable[..., Any] = sgd_opt,
        lr: float = 1e-2,
        splitter: Callable[[nn.Module], Iterable] = param_getter,
        cbs: Any = None,
        cb_funcs: Any = None,
    ) -> None:
        """Keep the first six arguments as attributes, which `fit` reads, and add the callbacks."""
        self.model, self.data, self.loss_func = model, data, loss_func
        self.opt_func, self.lr, self.splitter = opt_func, lr, splitter
        self.in_train, self.logger = False, print
        self.opt: Any = None
        self.cbs: list[Callback] = []
        self.add_cbs([TrainEvalCallback(), *listify(cbs), *(f() for f in listify(cb_funcs))])

    def add_cb(self, cb: Callback) -> None:
        """Call `cb.set_runner(self)`, and set `cb` as the attribute named `cb.name`."""
        cb.set_runner(self)
        setattr(self, cb.name, cb)
        self.cbs.append(cb)

    def add_cbs(self, cbs: Any) -> None:
        """Add each of these callbacks, and leave the list that was passed in unchanged."""
        for cb in listify(cbs):
            self.add_cb(cb)

    def remove_cbs(self, cbs: Any) -> None:
        """Remove these callbacks, but not others with the same name."""
        for cb in listify(cbs):
            self.cbs.remove(cb)

    def __call__(self, event: str) -> None:
        """Call each callback with the event: lowest `_order` first, ties in the order added."""
        for cb in sorted(self.cbs, key=lambda cb: cb._order):
            cb(event)

    def fit(self, epochs: int, cbs: Any = None, reset_opt: bool = False) -> None:
        """Train for `epochs` passes over the data, each followed by a validation.

        The optimizer is made in the first fit and kept for later ones, unless `reset_opt` is set.
        `cbs`, callbacks in any iterable, are removed after the fit, even after an error in any
        event.
        """
        cbs = listify(cbs)
        self.add_cbs(cbs)
        try:
            self.fit_epochs(epochs, reset_opt)
        finally:
            self.remove_cbs(cbs)

    def fit_epochs(self, epochs: int, reset_opt: bool) -> None:
        """Run the fit, with the callbacks already added.

        A CancelTrainException ends the fit and triggers after_cancel_train. Any other error
        propagates out of `fit` unchanged. Once begin_fit has been called, after_fit always follows.
        """
        if reset_opt or self.opt is None:
            params = self.splitter(self.model)
            self.opt = self.opt_func(params, lr=self.lr)
        self.epochs, self.loss = epochs, torch.tensor(0.0)
        try:
            self("begin_fit")
            for self.epoch in range(epochs):
                self.all_batches(self.data.train_dl, "begin_epoch")
                with torch.no_grad():
                    self.all_batches(self.data.valid_dl, "begin_validate")
                self("after_epoch")
        except CancelTrainException:
            self("after_cancel_train")
        finally:
            self("after_fit")

    def all_batches(self, dl: Any, begin: str) -> None:
        """Make one pass over `dl`, starting with the event `begin`.

        A CancelEpochException, even in `begin`, ends only this pass: a cancelled training pass is
        still followed by validation. It triggers after_cancel_epoch.
        """
        self.dl, self.iters = dl, len(dl)
        try:
            self(begin)
            for i, (xb, yb) in enumerate(dl):
                self.one_batch(i, xb, yb)
        except CancelEpochException:
            self("after_cancel_epoch")

    def one_batch(self, i: int, xb: Any, yb: Any) -> None:
        """Run one batch, in training or in validation.

        If a callback replaces `xb`, `yb`, `pred` or `loss`, the replacement is used. After each
        step the gradients are zeroed; without a step they are kept for the next batch.

        A CancelBatchException ends only this batch and triggers after_cancel_batch. The event
        after_batch always follows.
        """
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
                self.opt.step()
                self.opt.zero_grad()  # before after_step, in which a search ends the fit
                self("after_step")
        except CancelBatchException:
            self("after_cancel_batch")
        finally:
            self("after_batch")


class TrainEvalCallback(Callback):
    """Sets the model's mode, and these attributes of the learner.

    in_train  True in training, False in validation
    n_epochs  the epochs trained so far in this fit: 1.25 after a quarter of the second
    n_iter    the number of training batches finished in this fit

    The model is in training mode during training and in evaluation mode during validation.

    >>> TrainEvalCallback().name
    'train_eval'
    """

    def begin_fit(self) -> None:
        self.run.n_epochs, self.run.n_iter = 0.0, 0

    def begin_epoch(self) -> None:
        self.model.train()
        self.run.n_epochs, self.run.in_train = float(self.epoch), True

    def begin_validate(self) -> None:
        self.model.eval()
        self.run.in_train = False

    def after_batch(self) -> None:
        if self.in_train:
            self.run.n_iter += 1
            self.run.n_epochs = self.epoch + (self.iter + 1) / self.iters


class BatchTransformXCallback(Callback):
    """Replaces the inputs of every batch with `tfm(xb)`, in training and in validation.

    `_order` is 2. Labels and the loader's own tensors are left unchanged.

    >>> BatchTransformXCallback(lambda xb: xb / 255)._order
    2
    """

    _order = 2

    def __init__(self, tfm: Callable[[Any], Any]) -> None:
        self.tfm = tfm

    def begin_batch(self) -> None:
        self.run.xb = self.tfm(self.xb)


class DeviceCallback(Callback):
    """Moves the model to `device` when a fit begins, and the inputs and labels of every batch.

    device  a name such as "cuda", or a torch.device

    The batch is on the device before any BatchTransformXCallback sees it. The loader's own tensors
    stay where they are.

    >>> DeviceCallback("cpu").name
    'device'
    """

    _order = 1

    def __init__(self, device: str | torch.device) -> None:
        self.device = torch.device(device)

    def begin_fit(self) -> None:
        self.model.to(self.device)

    def begin_batch(self) -> None:
        self.run.xb = self.xb.to(self.device, non_blocking=True)
        self.run.yb = self.yb.to(self.device, non_blocking=True)


class ParamScheduler(Callback):
    """Sets the hyperparameter `pname` from a schedule before every training batch, and only then.

    pname        a key of `opt.hypers`, such as "lr" or "mom"
    sched_funcs  one schedule for all parameter groups, or a list with one for each

    Each schedule is called with the position in the whole fit:

        (e + i / n) / E      batch i of n in epoch e of E, both counted from 0

    Other hyperparameters are left unchanged. A list of several schedules raises ValueError in the
    fit unless there's one for each group.

    >>> ParamScheduler("lr", lambda pos: 0.1).pname
    'lr'
    """

    _order = 1

    def __init__(self, pname: str, sched_funcs: Schedule | list[Schedule]) -> None:
        self.pname, self.sched_funcs = pname, sched_funcs

    def begin_fit(self) -> None:
        groups = len(self.opt.hypers)
        funcs = listify(self.sched_funcs)
        self.group_scheds = funcs * groups if len(funcs) == 1 else funcs
        if len(self.group_scheds) != groups:
            raise ValueError(f"{len(funcs)} schedules of {self.pname} for {groups} groups")

    def begin_batch(self) -> None:
        if self.in_train:
            for hyper, sched in zip(self.opt.hypers, self.group_scheds, strict=True):
                hyper[self.pname] = sched(self.n_epochs / self.epochs)


class LRFind(Callback):
    """Searches for a learning rate: that of all groups grows until the loss explodes.

        lr = min_lr * (max_lr / min_lr) ** (i / max_iter)      for training batch i = 0, 1, ...

    The fit ends after `max_iter` training batches: the last `i` is max_iter - 1. It ends earlier
    after a training loss that isn't finite, or is above ten times the lowest loss so far.
    Afterwards the model's `state_dict` and the optimizer's `hypers` hold their old values, however
    the search ended. An LRFind can search again, on another learner too.

    >>> LRFind().max_iter
    100
    """

    _order = 1
    before: Any = None

    def __init__(self, max_iter: int = 100, min_lr: float = 1e-6, max_lr: float = 10) -> None:
        self.max_iter, self.min_lr, self.max_lr = max_iter, min_lr, max_lr

    def begin_fit(self) -> None:
        self.best_loss = math.inf
        self.before = copy.deepcopy((self.model.state_dict(), self.opt.hypers))

    def begin_batch(self) -> None:
        if self.in_train:
            lr = self.min_lr * (self.max_lr / self.min_lr) ** (self.n_iter / self.max_iter)
            for hyper in self.opt.hypers:
                hyper["lr"] = lr

    def after_step(self) -> None:
        loss = self.loss.item()
        exploded = not math.isfinite(loss) or loss > 10 * self.best_loss
        if exploded or self.n_iter + 1 >= self.max_iter:
            raise CancelTrainException
        self.best_loss = min(loss, self.best_loss)

    def after_fit(self) -> None:
        if self.before is None:  # an earlier callback's begin_fit failed
            return
        (weights, hypers), self.before = self.before, None
        self.model.load_state_dict(weights)
        for hyper, kept in zip(self.opt.hypers, hypers, strict=True):
            hyper.update(kept)


class Recorder(Callback):
    """Records the learning rates and the loss of every training batch of the latest fit.

        lrs[group][batch]   the rate that the group was trained with
        losses[batch]       a float, or a tensor without its graph

    plot_lr(pgid=-1)            the rates of a group, batch by batch
    plot_loss(skip_last=0)      the losses, without the last `skip_last`
    plot(skip_last=0, pgid=-1)  the losses against a group's rates, without the last `skip_last`;
                                the axis of the rates is logarithmic

    Each draws one line on matplotlib's current axes.

    >>> Recorder().name
    'recorder'
    """

    def begin_fit(self) -> None:
        self.lrs: list[list[float]] = [[] for _ in self.opt.hypers]
        self.losses: list[Tensor] = []

    def after_batch(self) -> None:
        if self.in_train:
            loss = self.loss.detach()
            self.losses.append(loss.cpu())
            for lrs, hyper in zip(self.lrs, self.opt.hypers, strict=True):
                lrs.append(hyper["lr"])

    def plot_lr(self, pgid: int = -1) -> None:
        _draw(range(len(self.losses)), self.lrs[pgid], "batch", "learning rate")

    def plot_loss(self, skip_last: int = 0) -> None:
        losses = self._first_losses(skip_last)
        _draw(range(len(losses)), losses, "batch", "loss")

    def plot(self, skip_last: int = 0, pgid: int = -1) -> None:
        losses = self._first_losses(skip_last)
        _draw(self.lrs[pgid][: len(losses)], losses, "learning rate", "loss", "log")

    def _first_losses(self, skip_last: int) -> list[float]:
        return [float(o) for o in self.losses[: len(self.losses) - skip_last]]


def _draw(xs: Iterable, ys: Iterable, xlabel: str, ylabel: str, xscale: str = "linear") -> None:
    """Points joined on the current axes, with both axes named."""
    from matplotlib import pyplot as plt  # half a second that training need not wait for

    plt.plot(list(xs), list(ys))
    plt.xlabel(xlabel)
    plt.ylabel(ylabel)
    plt.xscale(xscale)
