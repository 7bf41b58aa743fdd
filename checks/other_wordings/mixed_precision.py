"""Mistakes of `mixed_precision` in other words, and mistakes that aren't in the catalogue.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import math

import torch

from katas.learner import Callback, CancelBatchException


class _Factor:
    def __init__(self, start=2.0**16, growth=2.0, backoff=0.5, interval=2000):
        self.scale_now = start
        self.up, self.down, self.every = growth, backoff, interval
        self.streak, self.marked = 0, []

    def scale(self, loss):
        return self.scale_now * loss

    def is_marked(self, p):
        return any(p is o for o in self.marked)

    def unscale(self, params):
        fine = True
        for p in params:
            if p.grad is not None:
                if not self.is_marked(p):
                    p.grad /= self.scale_now
                    self.marked.append(p)
                fine = self.judge(p.grad) and fine
        return fine

    def judge(self, grad):
        return grad.isfinite().all().item()

    def lower(self):
        self.scale_now = max(self.scale_now * self.down, 1.0)
        self.streak = 0

    def count(self):
        self.streak += 1
        if self.streak >= self.every:
            self.scale_now *= self.up
            self.streak = 0

    def update(self, finite):
        self.marked = []
        self.count() if finite else self.lower()

    def state_dict(self):
        return dict(scale=self.scale_now, args=(self.up, self.down, self.every), n=self.streak)

    def load_state_dict(self, state):
        self.scale_now, self.streak = state["scale"], state["n"]
        self.up, self.down, self.every = state["args"]


class DynamicScale(_Factor):
    """Has no lower limit, so the factor falls below 1."""

    def lower(self):
        self.scale_now *= self.down
        self.streak = 0


class DynamicScale(_Factor):
    """Divides a gradient again each time its parameter is listed or `unscale` is called."""

    def is_marked(self, p):
        return False


class DynamicScale(_Factor):
    """Looks for NaN only, and lets infinite gradients pass."""

    def judge(self, grad):
        return not (grad != grad).any().item()


class DynamicScale(_Factor):
    """Grows after `interval` good steps in total, even with bad ones in between."""

    def lower(self):
        self.scale_now = max(self.scale_now * self.down, 1.0)


class DynamicScale(_Factor):
    """Saves factor and settings, but not the count of good steps."""

    def load_state_dict(self, state):
        super().load_state_dict({**state, "n": self.streak})


class DynamicScale(_Factor):
    def lower(self):
        self.scale_now = 1.0
        self.streak = 0


class DynamicScale(_Factor):
    def judge(self, grad):
        return not grad.eq(0).all().item()


class DynamicScale(_Factor):
    def scale(self, loss):
        return loss + self.scale_now


class _Mixed(Callback):
    _order = math.inf
    seen = ()

    def __init__(self, dtype=torch.bfloat16):
        self.dtype, self.skipped, self.context = dtype, 0, None
        self.scaler = _Factor() if dtype == torch.float16 else None

    def begin_fit(self):
        self.skipped = 0
        self.seen = (
            self.model.register_forward_pre_hook(lambda *_: self.on()),
            self.model.register_forward_hook(lambda m, i, o: self.off(o), always_call=True),
        )

    def on(self):
        self.context = torch.autocast("cpu", self.dtype)
        self.context.__enter__()

    def off(self, out=None):
        if self.context is not None:
            self.context.__exit__(None, None, None)
            self.context = None
        return out if out is None else self.returned(out)

    def returned(self, out):
        return out.to(torch.float32)

    def after_loss(self):
        if self.scaler is not None and self.in_train:
            self.run.loss.backward = self.go_back

    def prepare(self, p):
        p.grad.mul_(self.scaler.scale_now)

    def go_back(self):
        for p in self.model.parameters():
            if p.grad is not None:
                self.prepare(p)
        self.scaler.scale(self.run.loss).backward()
        fine = self.scaler.unscale(self.model.parameters())
        self.scaler.update(fine)
        if not fine:
            self.drop()

    def drop(self):
        self.skipped += 1
        for p in self.model.parameters():
            p.grad = None
        raise CancelBatchException

    def after_fit(self):
        self.off()
        for hook in self.seen:
            hook.remove()


class MixedPrecision(_Mixed):
    """Leaves predictions in 16 bits, and so the loss."""

    def returned(self, out):
        return out


class MixedPrecision(_Mixed):
    """Divides gradients of earlier batches again, so accumulated ones become too small."""

    def prepare(self, p):
        return


class MixedPrecision(_Mixed):
    """Doesn't scale the loss for float16, so small gradients become 0."""

    def after_loss(self):
        return


class MixedPrecision(_Mixed):
    """Leaves its hooks on the model, so that it computes in 16 bits after the fit."""

    def after_fit(self):
        self.off()


class MixedPrecision(_Mixed):
    """Leaves gradients that aren't finite, so every later batch is skipped too."""

    def drop(self):
        self.skipped += 1
        raise CancelBatchException


class MixedPrecision(_Mixed):
    def returned(self, out):
        return out.double()


class MixedPrecision(_Mixed):
    def drop(self):
        self.skipped += 2
        for p in self.model.parameters():
            p.grad = None
        raise CancelBatchException


class MixedPrecision(_Mixed):
    def on(self):
        with torch.no_grad():
            for p in self.model.parameters():
                p.copy_(p.to(self.dtype))
        super().on()
