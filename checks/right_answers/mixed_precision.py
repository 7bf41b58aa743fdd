"""Right answers to the exercises of `mixed_precision`, in other forms than the reference."""

import math
from functools import partial

import torch

from katas.learner import Callback, CancelBatchException


class DynamicScale:
    """With a list of what is divided, and settings in a dict."""

    def __init__(self, start=2.0**16, growth=2.0, backoff=0.5, interval=2000):
        self.settings = {"growth": growth, "backoff": backoff, "interval": interval}
        self.scale_now, self.count, self.divided = float(start), 0, []

    def scale(self, loss):
        return self.scale_now * loss

    def unscale(self, params):
        finite = True
        for p in params:
            if p.grad is None:
                continue
            if not any(o is p for o in self.divided):
                p.grad /= self.scale_now
                self.divided.append(p)
            finite = finite and torch.isfinite(p.grad).all().item()
        return finite

    def update(self, finite):
        self.divided = []
        if not finite:
            self.count = 0
            self.scale_now *= self.settings["backoff"]
            if self.scale_now < 1:
                self.scale_now = 1.0
            return
        self.count += 1
        if self.count >= self.settings["interval"]:
            self.count = 0
            self.scale_now *= self.settings["growth"]

    def state_dict(self):
        return {**self.settings, "scale": self.scale_now, "count": self.count}

    def load_state_dict(self, d):
        self.settings = {k: d[k] for k in ("growth", "backoff", "interval")}
        self.scale_now, self.count = d["scale"], d["count"]


class DynamicScale:
    """With torch's own functions for lists of tensors, and ids."""

    def __init__(self, start=2.0**16, growth=2.0, backoff=0.5, interval=2000):
        self.scale_now = start
        self.args = growth, backoff, interval
        self.streak = 0
        self.seen = {}

    def scale(self, loss):
        return torch.mul(loss, self.scale_now)

    def unscale(self, params):
        params = [p for p in params if p.grad is not None]
        fresh = {id(p): p for p in params if id(p) not in self.seen}
        if fresh:
            torch._foreach_div_([p.grad for p in fresh.values()], self.scale_now)
            self.seen |= fresh
        if not params:
            return True
        peaks = torch._foreach_norm([p.grad for p in params], math.inf)
        return bool(torch.stack(list(peaks)).isfinite().all())

    def update(self, finite):
        growth, backoff, interval = self.args
        self.seen = {}
        self.streak = (self.streak + 1) * bool(finite)
        if not finite:
            self.scale_now = max(self.scale_now * backoff, 1.0)
        if self.streak == interval:
            self.scale_now, self.streak = self.scale_now * growth, 0

    def state_dict(self):
        return {"all": (self.scale_now, self.args, self.streak)}

    def load_state_dict(self, state):
        self.scale_now, self.args, self.streak = state["all"]


class MixedPrecision(Callback):
    """The model's forward wrapped, and the loss's own backward."""

    _order = 10**9

    def __init__(self, dtype=torch.bfloat16):
        self.dtype = dtype
        self.skipped = 0
        self.scaler = DynamicScale() if dtype is torch.float16 else None

    def begin_fit(self):
        self.skipped = 0
        whole = self.model.forward

        def forward(*args, **kwargs):
            with torch.autocast(device_type=self.xb.device.type, dtype=self.dtype):
                out = whole(*args, **kwargs)
            return out.to(torch.float32)

        self.model.forward = forward

    def after_loss(self):
        if self.scaler is None or not self.in_train:
            return
        loss, plain = self.run.loss, self.run.loss.backward

        def backward():
            kept = [p.grad for p in self.model.parameters()]
            for p in self.model.parameters():
                p.grad = None
            plain(torch.tensor(float(self.scaler.scale_now)))
            finite = self.scaler.unscale(self.model.parameters())
            self.scaler.update(finite)
            for p, grad in zip(self.model.parameters(), kept):
                if grad is not None:
                    p.grad = grad if p.grad is None else p.grad + grad
            if not finite:
                self.skipped += 1
                self.opt.zero_grad()
                raise CancelBatchException

        loss.backward = backward

    def after_fit(self):
        vars(self.model).pop("forward", None)


class MixedPrecision(Callback):
    """An order that depends on the event: last after the loss, first after the backward pass."""

    _order = math.inf
    hooks = ()

    def __init__(self, dtype=torch.bfloat16):
        self.dtype, self.skipped, self.region = dtype, 0, None
        self.scaler = DynamicScale()

    @property
    def _scales(self):
        return self.dtype == torch.float16 and self.in_train

    def _on(self, module, args):
        self.region = torch.amp.autocast("cpu", dtype=self.dtype)
        self.region.__enter__()

    def _off(self, module=None, args=None, out=None):
        region, self.region = self.region, None
        if region is not None:
            region.__exit__(None, None, None)
        return out if out is None else out.float()

    def begin_fit(self):
        self.skipped = 0
        self.hooks = [
            self.model.register_forward_pre_hook(self._on),
            self.model.register_forward_hook(self._off, always_call=True),
        ]

    def after_loss(self):
        if self._scales:
            with torch.no_grad():
                for p in self.model.parameters():
                    if p.grad is not None:
                        p.grad *= self.scaler.scale_now
            self.run.loss.register_hook(partial(torch.mul, other=self.scaler.scale_now))
            self._order = -math.inf

    def after_backward(self):
        self._order = math.inf
        if not self._scales:
            return
        finite = self.scaler.unscale(list(self.model.parameters()))
        self.scaler.update(finite)
        if not finite:
            self.skipped += 1
            for p in self.model.parameters():
                p.grad = None
            raise CancelBatchException()

    def after_fit(self):
        self._off()
        for hook in self.hooks:
            hook.remove()


class MixedPrecision(Callback):
    """The factor comes in by a hook on the gradient of the loss."""

    _order = -math.inf

    def __init__(self, dtype=torch.bfloat16):
        self.dtype, self.skipped, self.region = dtype, 0, None
        self.scaler = DynamicScale() if dtype == torch.float16 else None

    def begin_fit(self):
        self.skipped = 0
        enter = self.model.register_forward_pre_hook(lambda m, args: self.enter())
        leave = self.model.register_forward_hook(
            lambda m, args, out: self.leave(out), always_call=True
        )
        self.handles = [enter, leave]

    def enter(self):
        self.region = torch.autocast("cpu", self.dtype)
        self.region.__enter__()

    def close(self):
        if self.region is not None:
            self.region.__exit__(None, None, None)
            self.region = None

    def leave(self, out):
        self.close()
        return None if out is None else out.float()

    def after_loss(self):
        if self.in_train and self.scaler is not None:
            self.run.loss = self.loss.clone()
            self.loss.register_hook(self.start)

    def start(self, grad):
        for p in self.model.parameters():
            if p.grad is not None:
                p.grad.mul_(self.scaler.scale_now)
        return self.scaler.scale(grad)

    def after_backward(self):
        if self.scaler is None:
            return
        finite = self.scaler.unscale(list(self.model.parameters()))
        self.scaler.update(finite)
        if not finite:
            self.skipped += 1
            self.model.zero_grad()
            raise CancelBatchException

    def after_fit(self):
        for handle in self.handles:
            handle.remove()
        self.close()


class _ScaledBackward(torch.Tensor):
    """The loss unchanged, with a backward pass of its own."""

    def backward(self, *args, **kwargs):
        vars(self)["_do"]()


class MixedPrecision(Callback):
    """The loss is of a class whose `backward` scales; the model has another `forward`."""

    _order = float("inf")

    def __init__(self, dtype=torch.bfloat16):
        self.dtype = dtype
        self.scaler = DynamicScale()
        self.skipped = 0
        self._undo = None

    def begin_fit(self):
        self.skipped = 0
        model, dtype = self.run.model, self.dtype
        inner = model.forward
        had = vars(model).get("forward")

        def forward(*args, **kwargs):
            tensors = [a for a in (*args, *kwargs.values()) if isinstance(a, torch.Tensor)]
            with torch.autocast(tensors[0].device.type, dtype=dtype):
                out = inner(*args, **kwargs)
            return out.to(torch.float32)

        def undo():
            if had is None:
                del model.forward
            else:
                model.forward = had

        model.forward, self._undo = forward, undo

    def after_loss(self):
        if self.dtype == torch.float16 and self.run.in_train:
            plain = self.run.loss
            loss = plain.as_subclass(_ScaledBackward)
            loss._do = lambda: self._backward(plain)
            self.run.loss = loss

    def _backward(self, loss):
        params = list(self.run.model.parameters())
        earlier = {p: p.grad for p in params if p.grad is not None}
        for p in earlier:
            p.grad = None
        self.scaler.scale(loss).backward()
        finite = self.scaler.unscale(params)
        self.scaler.update(finite)
        if finite:
            for p, g in earlier.items():
                p.grad = g if p.grad is None else p.grad.add_(g)
            return
        self.skipped += 1
        for p in params:
            p.grad = None
        raise CancelBatchException(f"{self.skipped} skipped")

    def after_fit(self):
        if self._undo is not None:
            self._undo()
            self._undo = None
