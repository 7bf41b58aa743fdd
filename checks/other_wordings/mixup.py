"""Mistakes of `mixup` in other words, and mistakes that aren't in the catalogue.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import inspect
from functools import partial

import torch
from torch import nn

from katas.learner import Callback


class NoneReduce:
    """Leaves a module's reduction at "none"."""

    def __init__(self, f):
        self.f = f

    def __enter__(self):
        if isinstance(self.f, nn.Module):
            self.f.reduction = "none"
            return self.f
        return partial(self.f, reduction="none")

    def __exit__(self, *args):
        return None


class NoneReduce:
    """Puts the reduction back only if the block ends without an error."""

    def __init__(self, f):
        self.f = f

    def __enter__(self):
        self.kept = getattr(self.f, "reduction", None)
        if self.kept is None:
            return partial(self.f, reduction="none")
        self.f.reduction = "none"
        return self.f

    def __exit__(self, error, *args):
        if error is None and self.kept is not None:
            self.f.reduction = self.kept


class NoneReduce:
    def __init__(self, f):
        self.f = f

    def __enter__(self):
        if isinstance(self.f, nn.Module):
            self.kept, self.f.reduction = self.f.reduction, "sum"
            return self.f
        return partial(self.f, reduction="sum")

    def __exit__(self, *args):
        if isinstance(self.f, nn.Module):
            self.f.reduction = self.kept


class _Mixed(Callback):
    _order = 3
    f = None

    def __init__(self, alpha=0.4):
        self.beta = torch.distributions.Beta(alpha, alpha)

    def begin_fit(self):
        self.f = self.run.loss_func
        self.run.loss_func = self.loss

    def weights(self, n):
        w = self.beta.sample((n,))
        return torch.where(w < 1 - w, 1 - w, w)

    def pairs(self, n):
        return torch.randperm(n)

    def pictures(self, x, w):
        return x * w + x[self.pair] * (1 - w)

    def shaped(self, t):
        return self.w.reshape([len(t)] + [1] * (t.dim() - 1))

    def begin_batch(self):
        if self.in_train:
            self.w, self.pair = self.weights(len(self.xb)), self.pairs(len(self.xb))
            self.labels = self.yb[self.pair]
            self.run.xb = self.pictures(self.xb, self.shaped(self.xb).to(self.xb.dtype))

    def mix(self, one, two):
        w = self.shaped(one)
        return one * w + two * (1 - w)

    def loss(self, pred, yb):
        if not self.in_train:
            return self.f(pred, yb)
        with_module = hasattr(self.f, "reduction")
        kept = self.f.reduction if with_module else None
        if with_module:
            how, each = kept, self.f
            self.f.reduction = "none"
        else:
            how = inspect.signature(self.f).parameters["reduction"].default
            each = partial(self.f, reduction="none")
        try:
            found = self.mix(each(pred, yb), each(pred, self.labels))
        finally:
            if with_module:
                self.f.reduction = kept
        return self.reduced(found, how)

    def reduced(self, found, how):
        return found.sum() if how == "sum" else found.mean()

    def after_fit(self):
        if self.f is not None:
            self.run.loss_func = self.f
        self.f = None


class MixUp(_Mixed):
    """Draws one lam for the whole batch."""

    def weights(self, n):
        w = self.beta.sample()
        return torch.max(w, 1 - w).repeat(n)


class MixUp(_Mixed):
    """Leaves lam as drawn, even below 0.5, so half of the pictures are mostly their partner."""

    def weights(self, n):
        return self.beta.sample((n,))


class MixUp(_Mixed):
    """Pairs the first picture with the last and so on, which reverses the batch instead of shuffling it."""

    def pairs(self, n):
        return torch.tensor([n - 1 - i for i in range(n)])


class MixUp(_Mixed):
    """Swaps the two labels' shares in the loss."""

    def mix(self, one, two):
        return super().mix(two, one)


class MixUp(_Mixed):
    """Always averages the mixed losses."""

    def reduced(self, found, how):
        return found.mean()


class MixUp(_Mixed):
    """Doesn't put the loss function back."""

    def after_fit(self):
        self.f = None


class MixUp(_Mixed):
    def weights(self, n):
        return torch.full((n,), 0.75)


class MixUp(_Mixed):
    def reduced(self, found, how):
        return found.max()


class MixUp(_Mixed):
    _order = 7

    def pictures(self, x, w):
        return x
