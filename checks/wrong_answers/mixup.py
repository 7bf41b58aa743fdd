"""Wrong answers to the exercises of `mixup`."""

import inspect
import random
from contextlib import contextmanager
from functools import partial

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from katas.label_smoothing import reduce_loss
from katas.learner import Callback


class _None:
    """A right one, from which the wrong ones below differ in one place."""

    def __init__(self, loss_func):
        self.loss_func, self.before = loss_func, None

    def __enter__(self):
        if not hasattr(self.loss_func, "reduction"):
            return partial(self.loss_func, reduction="none")
        self.before = self.loss_func.reduction
        self.loss_func.reduction = "none"
        return self.loss_func

    def __exit__(self, kind, error, trace):
        if self.before is not None:
            self.loss_func.reduction = self.before


class NoneReduce(_None):
    """Leaves a module's reduction at "none"."""

    def __exit__(self, *error):
        return


class NoneReduce(_None):
    """Puts the reduction "mean" back, whatever it was before."""

    def __exit__(self, *error):
        if self.before is not None:
            self.loss_func.reduction = "mean"


class NoneReduce(_None):
    """Puts the reduction back only if the block ends without an error."""

    def __exit__(self, kind, error, trace):
        if kind is None:
            super().__exit__(kind, error, trace)


class NoneReduce(_None):
    """Puts the reduction back when the object is thrown away, not when the block ends."""

    def __exit__(self, *error):
        return None

    def __del__(self):
        super().__exit__(None, None, None)


class NoneReduce(_None):
    """Reads the module's reduction in `__init__`, so a change before the block is lost."""

    def __init__(self, loss_func):
        super().__init__(loss_func)
        self.kept = getattr(loss_func, "reduction", None)

    def __exit__(self, *error):
        if self.before is not None:
            self.loss_func.reduction = self.kept


class NoneReduce(_None):
    """Sets the reduction to "none" in `__init__`, before the block begins."""

    def __init__(self, loss_func):
        super().__init__(loss_func)
        self.kept = getattr(loss_func, "reduction", None)
        if self.kept is not None:
            loss_func.reduction = "none"

    def __exit__(self, *error):
        if self.kept is not None:
            self.loss_func.reduction = self.kept


class NoneReduce(_None):
    """Recognises only torch's own loss modules, and calls any other with reduction="none"."""

    def __enter__(self):
        if isinstance(self.loss_func, nn.modules.loss._Loss):
            return super().__enter__()
        return partial(self.loss_func, reduction="none")


class NoneReduce(_None):
    """Swallows an error of the block."""

    def __exit__(self, *error):
        super().__exit__(*error)
        return True


class NoneReduce(_None):
    """Returns itself from `__enter__`, not the loss function."""

    def __enter__(self):
        super().__enter__()
        return self


class NoneReduce(_None):
    """Returns the function unchanged, still with its own reduction."""

    def __enter__(self):
        return super().__enter__() if hasattr(self.loss_func, "reduction") else self.loss_func


class NoneReduce(_None):
    """Passes reduction=None, which torch refuses."""

    def __enter__(self):
        if hasattr(self.loss_func, "reduction"):
            return super().__enter__()
        return partial(self.loss_func, reduction=None)


class NoneReduce(_None):
    """Works only for modules, and fails for a function."""

    def __enter__(self):
        self.before = self.loss_func.reduction
        self.loss_func.reduction = "none"
        return self.loss_func


class NoneReduce(_None):
    """Calls a module with reduction="none", which its forward doesn't take."""

    def __enter__(self):
        return partial(self.loss_func, reduction="none")


class NoneReduce(_None):
    """Makes a new module of the class, which forgets the settings of the old one."""

    def __enter__(self):
        if isinstance(self.loss_func, nn.Module):
            return type(self.loss_func)(reduction="none")
        return super().__enter__()


class NoneReduce(_None):
    """Deletes the attribute at the end of the block."""

    def __exit__(self, *error):
        if self.before is not None:
            del self.loss_func.reduction


class NoneReduce(_None):
    """Remembers the reduction on the class, so that a nested block overwrites it."""

    def __enter__(self):
        if not hasattr(self.loss_func, "reduction"):
            return super().__enter__()
        type(self).shared = self.loss_func.reduction
        self.loss_func.reduction = "none"
        return self.loss_func

    def __exit__(self, *error):
        if hasattr(self.loss_func, "reduction"):
            self.loss_func.reduction = type(self).shared


@contextmanager
def NoneReduce(loss_func):
    """Puts the reduction back only if the block ends without an error."""
    if hasattr(loss_func, "reduction"):
        before, loss_func.reduction = loss_func.reduction, "none"
        yield loss_func
        loss_func.reduction = before
    else:
        yield partial(loss_func, reduction="none")


class NoneReduce(_None):
    """Sets a module's reduction to "none" only if it was "mean" before."""

    def __enter__(self):
        if getattr(self.loss_func, "reduction", "mean") != "mean":
            return self.loss_func
        return super().__enter__()


class NoneReduce(_None):
    """Sums over the classes, so a loss of [n, k] comes out as [n]."""

    def __enter__(self):
        each = super().__enter__()

        def flat(*args):
            found = each(*args)
            return found.flatten(1).sum(1) if found.ndim > 1 else found

        return flat


def _wide(lam, like):
    return lam.reshape(-1, *[1] * (like.ndim - 1))


class _Mix(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    _order = 3
    own = None

    def __init__(self, alpha=0.4):
        self.alpha = alpha

    def begin_fit(self):
        self.own, self.run.loss_func = self.run.loss_func, self.loss_of

    def draw(self, n):
        lam = torch.distributions.Beta(self.alpha, self.alpha).sample((n,))
        return torch.max(lam, 1 - lam)

    def partners(self, n):
        return torch.randperm(n)

    def inputs(self, xb, other, lam):
        lam = _wide(lam, xb).to(xb.dtype)
        return lam * xb + (1 - lam) * other

    def begin_batch(self):
        if not self.in_train:
            return
        self.lam, j = self.draw(len(self.xb)), self.partners(len(self.xb))
        self.other = self.yb[j]
        self.run.xb = self.inputs(self.xb, self.xb[j], self.lam)

    def mixed(self, a, b):
        lam = _wide(self.lam, a)
        return lam * a + (1 - lam) * b

    def reduction(self):
        if hasattr(self.own, "reduction"):
            return self.own.reduction
        return inspect.signature(self.own).parameters["reduction"].default

    def each(self, pred, yb):
        with _None(self.own) as each:
            return each(pred, yb), each(pred, self.other)

    def loss_of(self, pred, yb):
        if not self.in_train:
            return self.own(pred, yb)
        return reduce_loss(self.mixed(*self.each(pred, yb)), self.reduction())

    def after_fit(self):
        if self.own is not None:
            self.run.loss_func, self.own = self.own, None


class MixUp(_Mix):
    """Multiplies losses of [n] by lam of [n, 1, 1, 1], as the lecture does, so every lam meets every loss."""

    def mixed(self, a, b):
        lam = self.lam[:, None, None, None]
        return lam * a + (1 - lam) * b


class MixUp(_Mix):
    """Multiplies losses of [n, k] by lam of [n], which lines up with the classes, not the pictures."""

    def mixed(self, a, b):
        lam = self.lam
        if a.ndim == 2 and a.shape[1] != len(lam):
            lam = lam[:, None]
        elif a.ndim > 2:
            lam = _wide(lam, a)
        return lam * a + (1 - lam) * b


class MixUp(_Mix):
    """Handles only losses of shape [n]."""

    def mixed(self, a, b):
        return self.lam * a + (1 - self.lam) * b


class MixUp(_Mix):
    """Averages each picture's losses before it mixes them, so a sum over classes is too small."""

    def mixed(self, a, b):
        if a.ndim > 1:
            a, b = a.flatten(1).mean(1), b.flatten(1).mean(1)
        return self.lam * a + (1 - self.lam) * b


class MixUp(_Mix):
    """Handles only pictures of shape [n, c, h, w]."""

    def inputs(self, xb, other, lam):
        lam = lam[:, None, None, None]
        return lam * xb + (1 - lam) * other


class MixUp(_Mix):
    """Draws one lam for the whole batch."""

    def draw(self, n):
        return super().draw(1).expand(n)


class MixUp(_Mix):
    """Draws lam evenly from 0..1, whatever alpha is."""

    def draw(self, n):
        lam = torch.rand(n)
        return torch.max(lam, 1 - lam)


class MixUp(_Mix):
    """Draws from Beta(alpha, 1)."""

    def draw(self, n):
        lam = torch.distributions.Beta(self.alpha, 1.0).sample((n,))
        return torch.max(lam, 1 - lam)


class MixUp(_Mix):
    """Draws from Beta(alpha + 1, alpha + 1), so pictures are mixed more evenly."""

    def draw(self, n):
        lam = torch.distributions.Beta(self.alpha + 1, self.alpha + 1).sample((n,))
        return torch.max(lam, 1 - lam)


class MixUp(_Mix):
    """Leaves lam as drawn, even below 0.5, so half of the pictures are mostly their partner."""

    def draw(self, n):
        return torch.distributions.Beta(self.alpha, self.alpha).sample((n,))


class MixUp(_Mix):
    """Keeps the smaller of lam and 1 - lam."""

    def draw(self, n):
        return 1 - super().draw(n)


class MixUp(_Mix):
    """Draws the same lam each time, from a generator of its own with a fixed seed."""

    def draw(self, n):
        with torch.random.fork_rng():
            torch.manual_seed(0)
            return super().draw(n)


class MixUp(_Mix):
    """Draws lam from numpy's generator, so torch's seed doesn't decide it."""

    def draw(self, n):
        lam = torch.tensor(np.random.beta(self.alpha, self.alpha, n), dtype=torch.float32)
        return torch.max(lam, 1 - lam)


class MixUp(_Mix):
    """Draws lam from Python's generator, so torch's seed doesn't decide it."""

    def draw(self, n):
        lam = torch.tensor([random.betavariate(self.alpha, self.alpha) for _ in range(n)])
        return torch.max(lam, 1 - lam)


class MixUp(_Mix):
    """Shuffles with Python's generator."""

    def partners(self, n):
        return torch.tensor(random.sample(range(n), n))


class MixUp(_Mix):
    """Has 1 as the default of alpha."""

    def __init__(self, alpha=1.0):
        super().__init__(alpha)


class MixUp(_Mix):
    """Ignores alpha and draws from Beta(0.4, 0.4)."""

    def __init__(self, alpha=0.4):
        super().__init__(0.4)


class MixUp(_Mix):
    """Draws lam once, at the start of the fit, and reuses its first values for each batch."""

    def begin_fit(self):
        super().begin_fit()
        self.kept = super().draw(2000)

    def draw(self, n):
        return self.kept[:n]


class MixUp(_Mix):
    """Draws each partner with replacement, so one picture can be the partner of several."""

    def partners(self, n):
        return torch.randint(n, (n,))


class MixUp(_Mix):
    """Pairs each picture with its neighbour instead of a random one."""

    def partners(self, n):
        return torch.arange(n).roll(1)


class MixUp(_Mix):
    """Pairs the first picture with the last and so on, which reverses the batch instead of shuffling it."""

    def partners(self, n):
        return torch.arange(n).flip(0)


class MixUp(_Mix):
    """Draws a second permutation for the labels."""

    def begin_batch(self):
        super().begin_batch()
        if self.in_train:
            self.other = self.yb[self.partners(len(self.yb))]


class MixUp(_Mix):
    """Draws new shares for the loss."""

    def mixed(self, a, b):
        lam = _wide(self.draw(len(a)), a)
        return lam * a + (1 - lam) * b


class MixUp(_Mix):
    """Swaps the two labels' shares in the loss."""

    def mixed(self, a, b):
        lam = _wide(self.lam, a)
        return (1 - lam) * a + lam * b


class MixUp(_Mix):
    """Doesn't mix the loss: only the picture's own label counts."""

    def mixed(self, a, b):
        return a


class MixUp(_Mix):
    """Averages the losses for both labels, whatever lam is."""

    def mixed(self, a, b):
        return (a + b) / 2


class MixUp(_Mix):
    """Reduces the losses first and then mixes them by the mean of lam."""

    def loss_of(self, pred, yb):
        if not self.in_train:
            return self.own(pred, yb)
        lam = self.lam.mean()
        return lam * self.own(pred, yb) + (1 - lam) * self.own(pred, self.other)


class MixUp(_Mix):
    """Always averages the mixed losses."""

    def reduction(self):
        return "mean"


class MixUp(_Mix):
    """Averages when the loss is a function, whatever its default reduction is."""

    def reduction(self):
        return getattr(self.own, "reduction", "mean")


class MixUp(_Mix):
    """Reads the module's reduction while it's "none", so nothing is reduced."""

    def loss_of(self, pred, yb):
        if not self.in_train:
            return self.own(pred, yb)
        with _None(self.own) as each:
            mixed = self.mixed(each(pred, yb), each(pred, self.other))
            return reduce_loss(mixed, self.reduction())


class MixUp(_Mix):
    """Reads the module's reduction when the callback first sees it, and misses a change."""

    def set_runner(self, run):
        super().set_runner(run)
        self.own = run.loss_func
        self.kept, self.own = self.reduction(), None

    def loss_of(self, pred, yb):
        if not self.in_train:
            return self.own(pred, yb)
        return reduce_loss(self.mixed(*self.each(pred, yb)), self.kept)


class MixUp(_Mix):
    """Mixes the pictures in place, so the loader's own batch changes."""

    def inputs(self, xb, other, lam):
        lam = _wide(lam, xb).to(xb.dtype)
        return xb.mul_(lam).add_((1 - lam) * other)


class MixUp(_Mix):
    """Mixes in validation too."""

    def begin_batch(self):
        self.lam, j = self.draw(len(self.xb)), self.partners(len(self.xb))
        self.other = self.yb[j]
        self.run.xb = self.inputs(self.xb, self.xb[j], self.lam)

    def loss_of(self, pred, yb):
        return reduce_loss(self.mixed(*self.each(pred, yb)), self.reduction())


class MixUp(_Mix):
    """Mixes the validation inputs, but not the validation loss."""

    def begin_batch(self):
        self.lam, j = self.draw(len(self.xb)), self.partners(len(self.xb))
        self.other = self.yb[j]
        self.run.xb = self.inputs(self.xb, self.xb[j], self.lam)


class MixUp(_Mix):
    """Computes the mixed loss in validation too, with the last training batch's labels."""

    def loss_of(self, pred, yb):
        n = min(len(pred), len(self.other))
        self.other, self.lam = self.other[:n], self.lam[:n]
        a, b = self.each(pred[:n], yb[:n])
        return reduce_loss(self.mixed(a, b), self.reduction())


class MixUp(_Mix):
    """Doesn't put the loss function back."""

    def after_fit(self):
        return


class MixUp(_Mix):
    """Puts the loss function back when the last epoch ends, so not after an error."""

    def after_epoch(self):
        if self.epoch == self.epochs - 1:
            _Mix.after_fit(self)

    def after_fit(self):
        return


class MixUp(_Mix):
    """Puts back an earlier fit's loss function when this fit failed before it began."""

    def after_fit(self):
        if self.own is not None:
            self.run.loss_func = self.own


class MixUp(_Mix):
    """Sets the loss function to None where the fit failed before it began."""

    def after_fit(self):
        self.run.loss_func, self.own = self.own, None


class MixUp(_Mix):
    """Puts its loss function into the learner as soon as it's added, and never removes it."""

    def set_runner(self, run):
        super().set_runner(run)
        self.own, run.loss_func = run.loss_func, self.loss_of

    def begin_fit(self):
        return

    def after_fit(self):
        return


class MixUp(_Mix):
    """Keeps its first loss function for later fits, so in the second fit it wraps itself."""

    def begin_fit(self):
        self.own = self.own or self.run.loss_func
        self.run.loss_func = self.loss_of

    def after_fit(self):
        self.run.loss_func = self.loss_of


class MixUp(_Mix):
    """Leaves a module's reduction at "none" after an error in the loss function."""

    def each(self, pred, yb):
        if not hasattr(self.own, "reduction"):
            return super().each(pred, yb)
        before, self.own.reduction = self.own.reduction, "none"
        found = self.own(pred, yb), self.own(pred, self.other)
        self.own.reduction = before
        return found


class MixUp(_Mix):
    """Permutes learn.yb, so the metrics see the partners' labels."""

    def begin_batch(self):
        super().begin_batch()
        if self.in_train:
            self.first, self.run.yb = self.yb, self.other

    def loss_of(self, pred, yb):
        return super().loss_of(pred, self.first if self.in_train else yb)


class MixUp(_Mix):
    """Has no `_order`, so it mixes before the batch transforms and the move to the device."""

    _order = 0


class MixUp(_Mix):
    """Mixes each picture with two others."""

    def begin_batch(self):
        super().begin_batch()
        if self.in_train:
            extra = self.run.xb[torch.randperm(len(self.xb))]
            self.run.xb = 0.9 * self.run.xb + 0.1 * extra


class MixUp(_Mix):
    """Blocks the gradient of the partner's part of the loss."""

    def mixed(self, a, b):
        return super().mixed(a, b.detach())


class MixUp(_Mix):
    """Adds both products without the second factor: lam * x[i] + x[j]."""

    def inputs(self, xb, other, lam):
        return _wide(lam, xb).to(xb.dtype) * xb + other


class MixUp(_Mix):
    """Mixes only every other batch."""

    def draw(self, n):
        return super().draw(n) if self.n_iter % 2 == 0 else torch.ones(n)


class MixUp(_Mix):
    """Uses F.cross_entropy even when the learner has another loss function."""

    def each(self, pred, yb):
        if isinstance(self.own, nn.CrossEntropyLoss) or yb.dtype.is_floating_point:
            return super().each(pred, yb)
        each = partial(F.cross_entropy, reduction="none")
        return each(pred, yb), each(pred, yb)


class MixUp(_Mix):
    """Pastes whole pixels of the partner instead of mixing, as many as lam says."""

    def inputs(self, xb, other, lam):
        flat, of_other = xb.flatten(1), other.flatten(1)
        cut = (lam * flat.shape[1]).long()[:, None]
        return torch.where(torch.arange(flat.shape[1]) < cut, flat, of_other).view_as(xb)


class MixUp(_Mix):
    """Draws partners from a generator of its own, which torch's seed doesn't reach."""

    def __init__(self, alpha=0.4):
        super().__init__(alpha)
        self.source = torch.Generator().manual_seed(42)

    def partners(self, n):
        return torch.randperm(n, generator=self.source)
