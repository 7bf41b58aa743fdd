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
    """Given: something that a learner calls at the events for which it has a method.

    `run` is the learner, and attributes that the callback lacks are looked up there; to set one,
    say `self.run.xb = ...`. Callbacks are called in the order of `_order`.
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
    """Averages of the loss and the metrics over all samples seen since `reset`.

    metrics   functions of (pred, yb) that give the mean over a batch; None, one or several
    in_train  whether these are of the training set; for `repr`

    accumulate(learn)  takes in the batch in `learn.xb`, `learn.yb`, `learn.pred`, `learn.loss`
    all_stats          the sums over samples: loss first, then the metrics, as floats
    avg_stats          the same divided by the number of samples: a batch counts by its size, so
                       a short last batch counts less

    No graph is kept alive.

    >>> stats, batch = AvgStats(None, in_train=True), type("Batch", (), {})()
    >>> for n, loss in (3, 1.0), (1, 5.0):
    ...     batch.xb, batch.loss = torch.zeros(n, 2), torch.tensor(loss)
    ...     stats.accumulate(batch)
    >>> stats.avg_stats
    [2.0]
    """

    def __init__(self, metrics: Any, in_train: bool) -> None:
        self.metrics, self.in_train = listify(metrics), in_train
        self.reset()

    def reset(self) -> None:
        """Forget all batches."""
        self.tot_loss: Any = 0.0
        self.tot_mets: list[Any] = [0.0] * len(self.metrics)
        self.count = 0

    def accumulate(self, learn: Any) -> None:
        """Take in the batch that `learn` holds."""
        n = learn.xb.shape[0]
        with torch.no_grad():
            # summed as tensors: asking for a float each time would wait for the GPU
            self.tot_loss = self.tot_loss + learn.loss.detach() * n
            found = [m(learn.pred, learn.yb) for m in self.metrics]
            self.tot_mets = [t + m * n for t, m in zip(self.tot_mets, found, strict=True)]
        self.count += n

    @property
    def all_stats(self) -> list[float]:
        """Sums of the loss and the metrics."""
        return [float(o) for o in [self.tot_loss, *self.tot_mets]]

    @property
    def avg_stats(self) -> list[float]:
        """Averages of the loss and the metrics."""
        return [o / max(self.count, 1) for o in self.all_stats]

    def __repr__(self) -> str:
        return f"{'train' if self.in_train else 'valid'}: {self.avg_stats}" if self.count else ""


class Learner:
    """The training loop: a model, its data, a loss function and an optimizer, and callbacks.

    opt_func   called as opt_func(splitter(model), lr=lr); what it gives has `step`, `zero_grad`,
               `param_groups` and `hypers`
    splitter   from the model to its parameters, or to one list of parameters a group
    cbs        callbacks, added after a TrainEvalCallback; each becomes an attribute by its `name`
    cb_funcs   functions without arguments that make callbacks

    `fit(epochs, cbs=None, reset_opt=False)` announces the events, by calling each callback with
    the name of the event, in the order of `_order`:

        begin_fit
          begin_epoch
            begin_batch after_pred after_loss after_backward after_step after_batch   training
          begin_validate
            begin_batch after_pred after_loss after_batch            no gradients, no step
          after_epoch
        after_fit

    Meanwhile these are up to date: epochs, epoch, dl, iters (batches in dl), iter, xb, yb, pred,
    loss, in_train, opt; `logger` is what rows are printed with. Gradients are zeroed after each
    step. A CancelBatchException, CancelEpochException or CancelTrainException ends the batch, the
    pass over the data or the fit, and no more than that; it is announced as after_cancel_batch,
    after_cancel_epoch or after_cancel_train. after_batch and after_fit come whatever happens.

    Callbacks given to `fit` leave with it, after an error too. The optimizer is made at the first
    `fit` and kept for later ones, unless `reset_opt`.

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
        self.model, self.data, self.loss_func = model, data, loss_func
        self.opt_func, self.lr, self.splitter = opt_func, lr, splitter
        self.in_train, self.logger = False, print
        self.opt: Any = None
        self.cbs: list[Callback] = []
        self.add_cbs([TrainEvalCallback(), *listify(cbs), *(f() for f in listify(cb_funcs))])

    def add_cbs(self, cbs: Any) -> None:
        """Add several callbacks."""
        for cb in listify(cbs):
            self.add_cb(cb)

    def add_cb(self, cb: Callback) -> None:
        """Add one callback, which becomes the attribute of its name."""
        cb.set_runner(self)
        setattr(self, cb.name, cb)
        self.cbs.append(cb)

    def remove_cbs(self, cbs: Any) -> None:
        """Remove callbacks."""
        for cb in listify(cbs):
            self.cbs.remove(cb)

    def __call__(self, event: str) -> None:
        for cb in sorted(self.cbs, key=lambda cb: cb._order):
            cb(event)

    def one_batch(self, i: int, xb: Any, yb: Any) -> None:
        """One batch, in training or in validation."""
        try:
            self.iter, self.xb, self.yb = i, xb, yb
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

    def all_batches(self, dl: Any, begin: str) -> None:
        """One pass over `dl`, announced by the event `begin`."""
        self.dl, self.iters = dl, len(dl)
        try:
            self(begin)
            for i, (xb, yb) in enumerate(dl):
                self.one_batch(i, xb, yb)
        except CancelEpochException:
            self("after_cancel_epoch")

    def fit(self, epochs: int, cbs: Any = None, reset_opt: bool = False) -> None:
        """Train for `epochs` passes over the data, each followed by a validation."""
        cbs = listify(cbs)
        self.add_cbs(cbs)
        try:
            self.fit_epochs(epochs, reset_opt)
        finally:
            self.remove_cbs(cbs)

    def fit_epochs(self, epochs: int, reset_opt: bool) -> None:
        """`fit` with the callbacks that there are."""
        if reset_opt or self.opt is None:
            self.opt = self.opt_func(self.splitter(self.model), lr=self.lr)
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


class TrainEvalCallback(Callback):
    """Modes and progress: puts these on the learner.

    in_train  True in training, False in validation; the model's mode (`train`, `eval`) likewise
    n_epochs  the epochs trained so far in this fit, as a float that grows with every batch
    n_iter    the training batches so far in this fit

    >>> TrainEvalCallback().name
    'train_eval'
    """

    def begin_fit(self) -> None:
        """Nothing is trained yet."""
        self.run.n_epochs, self.run.n_iter = 0.0, 0

    def begin_epoch(self) -> None:
        """Training."""
        self.model.train()
        self.run.n_epochs, self.run.in_train = float(self.epoch), True

    def begin_validate(self) -> None:
        """Validation."""
        self.model.eval()
        self.run.in_train = False

    def after_batch(self) -> None:
        """One batch more, if it was of training."""
        if self.in_train:
            self.run.n_iter += 1
            self.run.n_epochs = self.epoch + (self.iter + 1) / self.iters


class BatchTransformXCallback(Callback):
    """Every input batch through `tfm`, in training and in validation; `_order` is 2.

    >>> BatchTransformXCallback(lambda xb: xb / 255)._order
    2
    """

    _order = 2

    def __init__(self, tfm: Callable[[Any], Any]) -> None:
        self.tfm = tfm

    def begin_batch(self) -> None:
        """Transform the inputs."""
        self.run.xb = self.tfm(self.xb)


class DeviceCallback(Callback):
    """The model on `device` from the start of a fit, and every batch, inputs and labels alike.

    Comes before any batch transform.

    >>> DeviceCallback("cpu").name
    'device'
    """

    _order = 1

    def __init__(self, device: str | torch.device) -> None:
        self.device = torch.device(device)

    def begin_fit(self) -> None:
        """Move the model."""
        self.model.to(self.device)

    def begin_batch(self) -> None:
        """Move the batch."""
        self.run.xb = self.xb.to(self.device, non_blocking=True)
        self.run.yb = self.yb.to(self.device, non_blocking=True)


class ParamScheduler(Callback):
    """The hyperparameter `pname` on a schedule, set before every training batch.

    pname        a key of `opt.hypers`, such as "lr" or "mom"
    sched_funcs  one schedule for all parameter groups, or a list with one for each

    Schedules are given the share of the whole fit that is over: epochs, with their fraction, of
    all epochs. ValueError if there are several schedules and not one for each group.

    >>> ParamScheduler("lr", lambda pos: 0.1).pname
    'lr'
    """

    _order = 1

    def __init__(self, pname: str, sched_funcs: Schedule | list[Schedule]) -> None:
        self.pname, self.sched_funcs = pname, sched_funcs

    def begin_fit(self) -> None:
        """One schedule for each group."""
        groups = len(self.opt.hypers)
        funcs = listify(self.sched_funcs)
        self.group_scheds = funcs if isinstance(self.sched_funcs, list) else funcs * groups
        if len(self.group_scheds) != groups:
            raise ValueError(f"{len(funcs)} schedules of {self.pname} for {groups} groups")

    def begin_batch(self) -> None:
        """Set the hyperparameter of each group."""
        if self.in_train:
            for hyper, sched in zip(self.opt.hypers, self.group_scheds, strict=True):
                hyper[self.pname] = sched(self.n_epochs / self.epochs)


class LRFind(Callback):
    """A fit in which the learning rate grows until the loss explodes.

        lr = min_lr * (max_lr / min_lr) ** (i / max_iter)      for training batch i = 0, 1, ...

    Ends the fit after `max_iter` batches, or when the loss is above ten times the least so far or
    is not finite. Leaves the model's weights and buffers, and the optimizer's hyperparameters, as
    it found them; the lecture's version leaves ruined weights.

    >>> LRFind().max_iter
    100
    """

    _order = 1
    before: Any = None

    def __init__(self, max_iter: int = 100, min_lr: float = 1e-6, max_lr: float = 10) -> None:
        self.max_iter, self.min_lr, self.max_lr = max_iter, min_lr, max_lr

    def begin_fit(self) -> None:
        """Keep what the search will ruin."""
        self.best_loss = math.inf
        self.before = copy.deepcopy((self.model.state_dict(), self.opt.hypers))

    def begin_batch(self) -> None:
        """The next learning rate."""
        if self.in_train:
            lr = self.min_lr * (self.max_lr / self.min_lr) ** (self.n_iter / self.max_iter)
            for hyper in self.opt.hypers:
                hyper["lr"] = lr

    def after_step(self) -> None:
        """Stop when there is no more to learn."""
        loss = self.loss.item()
        if self.n_iter + 1 >= self.max_iter or not loss <= 10 * self.best_loss:
            raise CancelTrainException
        self.best_loss = min(loss, self.best_loss)

    def after_fit(self) -> None:
        """Put everything back."""
        if self.before is None:  # the fit failed before it began
            return
        weights, hypers = self.before
        self.model.load_state_dict(weights)
        for hyper, kept in zip(self.opt.hypers, hypers, strict=True):
            hyper.update(kept)


class Recorder(Callback):
    """What every training batch had: its learning rates in `lrs`, its loss in `losses`.

        lrs[group][batch]        losses[batch]

    `plot_lr(pgid=-1)`, `plot_loss(skip_last=0)` and `plot(skip_last=0, pgid=-1)`, the loss over
    the learning rate on a logarithmic axis, draw on matplotlib's current axes.

    >>> Recorder().name
    'recorder'
    """

    def begin_fit(self) -> None:
        """Start anew."""
        self.lrs: list[list[float]] = [[] for _ in self.opt.hypers]
        self.losses: list[Tensor] = []

    def after_batch(self) -> None:
        """Record a training batch."""
        if self.in_train:
            for lrs, hyper in zip(self.lrs, self.opt.hypers, strict=True):
                lrs.append(hyper["lr"])
            self.losses.append(self.loss.detach().cpu())

    def plot_lr(self, pgid: int = -1) -> None:
        """The learning rate of one group over the batches."""
        _draw(range(len(self.losses)), self.lrs[pgid], "batch", "learning rate")

    def plot_loss(self, skip_last: int = 0) -> None:
        """The loss over the batches."""
        losses = [float(o) for o in self.losses[: len(self.losses) - skip_last]]
        _draw(range(len(losses)), losses, "batch", "loss")

    def plot(self, skip_last: int = 0, pgid: int = -1) -> None:
        """The loss over the learning rate."""
        losses = [float(o) for o in self.losses[: len(self.losses) - skip_last]]
        _draw(self.lrs[pgid][: len(losses)], losses, "learning rate", "loss", "log")


def _draw(xs: Iterable, ys: Iterable, xlabel: str, ylabel: str, xscale: str = "linear") -> None:
    """Points joined on the current axes, with both axes named."""
    from matplotlib import pyplot as plt  # half a second that training need not wait for

    plt.plot(list(xs), list(ys))
    plt.xlabel(xlabel)
    plt.ylabel(ylabel)
    plt.xscale(xscale)
