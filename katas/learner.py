"""Learner: one training loop, and callbacks that change everything about it.

Level 3. About 120 minutes. After `containers`, `batches` and `schedules`.
Source: fast.ai 2019, lesson 11 (one Learner, no Runner); Smith 2015, arXiv 1506.01186 (LR finder).
"""

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
        raise NotImplementedError

    def reset(self) -> None:
        """Forget all batches."""
        raise NotImplementedError

    def accumulate(self, learn: Any) -> None:
        """Take in the batch that `learn` holds."""
        raise NotImplementedError

    @property
    def all_stats(self) -> list[float]:
        """Sums of the loss and the metrics."""
        raise NotImplementedError

    @property
    def avg_stats(self) -> list[float]:
        """Averages of the loss and the metrics."""
        raise NotImplementedError

    def __repr__(self) -> str:
        raise NotImplementedError


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
        raise NotImplementedError

    def add_cbs(self, cbs: Any) -> None:
        """Add several callbacks."""
        raise NotImplementedError

    def add_cb(self, cb: Callback) -> None:
        """Add one callback, which becomes the attribute of its name."""
        raise NotImplementedError

    def remove_cbs(self, cbs: Any) -> None:
        """Remove callbacks."""
        raise NotImplementedError

    def __call__(self, event: str) -> None:
        raise NotImplementedError

    def one_batch(self, i: int, xb: Any, yb: Any) -> None:
        """One batch, in training or in validation."""
        raise NotImplementedError

    def all_batches(self, dl: Any, begin: str) -> None:
        """One pass over `dl`, announced by the event `begin`."""
        raise NotImplementedError

    def fit(self, epochs: int, cbs: Any = None, reset_opt: bool = False) -> None:
        """Train for `epochs` passes over the data, each followed by a validation."""
        raise NotImplementedError

    def fit_epochs(self, epochs: int, reset_opt: bool) -> None:
        """`fit` with the callbacks that there are."""
        raise NotImplementedError


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
        raise NotImplementedError

    def begin_epoch(self) -> None:
        """Training."""
        raise NotImplementedError

    def begin_validate(self) -> None:
        """Validation."""
        raise NotImplementedError

    def after_batch(self) -> None:
        """One batch more, if it was of training."""
        raise NotImplementedError


class BatchTransformXCallback(Callback):
    """Every input batch through `tfm`, in training and in validation; `_order` is 2.

    >>> BatchTransformXCallback(lambda xb: xb / 255)._order
    2
    """

    def __init__(self, tfm: Callable[[Any], Any]) -> None:
        raise NotImplementedError

    def begin_batch(self) -> None:
        """Transform the inputs."""
        raise NotImplementedError


class DeviceCallback(Callback):
    """The model on `device` from the start of a fit, and every batch, inputs and labels alike.

    Comes before any batch transform.

    >>> DeviceCallback("cpu").name
    'device'
    """

    def __init__(self, device: str | torch.device) -> None:
        raise NotImplementedError

    def begin_fit(self) -> None:
        """Move the model."""
        raise NotImplementedError

    def begin_batch(self) -> None:
        """Move the batch."""
        raise NotImplementedError


class ParamScheduler(Callback):
    """The hyperparameter `pname` on a schedule, set before every training batch.

    pname        a key of `opt.hypers`, such as "lr" or "mom"
    sched_funcs  one schedule for all parameter groups, or a list with one for each

    Schedules are given the share of the whole fit that is over: epochs, with their fraction, of
    all epochs. ValueError if there are several schedules and not one for each group.

    >>> ParamScheduler("lr", lambda pos: 0.1).pname
    'lr'
    """

    def __init__(self, pname: str, sched_funcs: Schedule | list[Schedule]) -> None:
        raise NotImplementedError

    def begin_fit(self) -> None:
        """One schedule for each group."""
        raise NotImplementedError

    def begin_batch(self) -> None:
        """Set the hyperparameter of each group."""
        raise NotImplementedError


class LRFind(Callback):
    """A fit in which the learning rate grows until the loss explodes.

        lr = min_lr * (max_lr / min_lr) ** (i / max_iter)      for training batch i = 0, 1, ...

    Ends the fit after `max_iter` batches, or when the loss is above ten times the least so far or
    is not finite. Leaves the model's weights and buffers, and the optimizer's hyperparameters, as
    it found them; the lecture's version leaves ruined weights.

    >>> LRFind().max_iter
    100
    """

    def __init__(self, max_iter: int = 100, min_lr: float = 1e-6, max_lr: float = 10) -> None:
        raise NotImplementedError

    def begin_fit(self) -> None:
        """Keep what the search will ruin."""
        raise NotImplementedError

    def begin_batch(self) -> None:
        """The next learning rate."""
        raise NotImplementedError

    def after_step(self) -> None:
        """Stop when there is no more to learn."""
        raise NotImplementedError

    def after_fit(self) -> None:
        """Put everything back."""
        raise NotImplementedError


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
        raise NotImplementedError

    def after_batch(self) -> None:
        """Record a training batch."""
        raise NotImplementedError

    def plot_lr(self, pgid: int = -1) -> None:
        """The learning rate of one group over the batches."""
        raise NotImplementedError

    def plot_loss(self, skip_last: int = 0) -> None:
        """The loss over the batches."""
        raise NotImplementedError

    def plot(self, skip_last: int = 0, pgid: int = -1) -> None:
        """The loss over the learning rate."""
        raise NotImplementedError
