"""Mixed precision: a forward pass in 16 bits, and everything that must be exact in 32.

Level 4. About 75 minutes. After `learner`.
Source: Micikevicius et al. 2017, arXiv 1710.03740; fast.ai 2019, lesson 12.
"""

import math
from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

import torch
from torch import Tensor

from .learner import Callback, CancelBatchException


class DynamicScale:
    """A factor for the loss that keeps small gradients from becoming 0 in float16.

    start     the first factor
    growth    the factor is multiplied by this after `interval` good steps in a row
    backoff   the factor is multiplied by this after a bad step
    interval  how many good steps in a row make it grow; then counting starts over

    The attribute `scale_now` is the current factor. It is never below 1.

    >>> scaler = DynamicScale(start=8.0, interval=2)
    >>> for finite in True, True, False, False:
    ...     scaler.update(finite)
    ...     print(scaler.scale_now)
    8.0
    16.0
    8.0
    4.0
    """

    def __init__(
        self,
        start: float = 2.0**16,
        growth: float = 2.0,
        backoff: float = 0.5,
        interval: int = 2000,
    ) -> None:
        self.scale_now, self.growth, self.backoff, self.interval = start, growth, backoff, interval
        self.good_steps = 0
        self._unscaled: set[Tensor] = set()

    def scale(self, loss: Tensor) -> Tensor:
        """`loss` times the factor; `loss` itself is left unchanged."""
        return loss * self.scale_now

    def unscale(self, params: Iterable[Tensor]) -> bool:
        """Divide the gradients of `params` by the factor, in place.

        Each is divided only once before the next `update`, even if it's listed twice or `unscale`
        is called twice. Parameters without a gradient are skipped. Return whether all gradients of
        `params` are finite.
        """
        grads = {p: p.grad for p in params if p.grad is not None}
        for p in grads.keys() - self._unscaled:
            grads[p].div_(self.scale_now)
        self._unscaled.update(grads)
        finite = [grad.isfinite().all() for grad in grads.values()]
        return not finite or bool(torch.stack(finite).all())  # waits for the GPU once

    def update(self, finite: bool) -> None:
        """Count a step, good if its gradients were `finite`, and change the factor if it's time."""
        self._unscaled.clear()
        self.good_steps = self.good_steps + 1 if finite else 0
        if not finite:
            self.scale_now = max(1.0, self.scale_now * self.backoff)
        elif self.good_steps == self.interval:
            self.scale_now, self.good_steps = self.scale_now * self.growth, 0

    def state_dict(self) -> dict[str, Any]:
        """A copy of the settings, the factor and the count of good steps."""
        return {name: o for name, o in vars(self).items() if name != "_unscaled"}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue exactly where the DynamicScale with this `state` stopped."""
        vars(self).update(state)


class MixedPrecision(Callback):
    """Runs the model in `dtype`, and everything else in float32.

    dtype  torch.bfloat16 or torch.float16

    `torch.autocast` is on during the model's forward pass, in training and in validation, and never
    outside it, even if the model raises an error. `learn.pred`, the loss, the weights and the
    optimizer's state stay float32.

    With float16 the backward pass starts from the loss times the factor of `scaler`, a
    DynamicScale. Other callbacks don't notice any of this, whatever their `_order`: in every event
    `learn.loss` is unscaled, and in `after_backward` so are the gradients, including those
    accumulated over several batches.

    If a gradient isn't finite, all gradients are zeroed and the batch is cancelled with
    CancelBatchException, so the optimizer doesn't make a step. The attribute `skipped` counts these
    batches from the start of the fit. The scaler is updated after each backward pass.

    With bfloat16 nothing is scaled and no batch is cancelled. The learner's loss function isn't
    replaced.

    >>> MixedPrecision(torch.float16).scaler.scale_now, MixedPrecision().skipped
    (65536.0, 0)
    """

    _order = math.inf  # the loss that is scaled is the one that all others have finished with

    def __init__(self, dtype: torch.dtype = torch.bfloat16) -> None:
        self.dtype, self.skipped = dtype, 0
        self.scaler: Any = DynamicScale() if dtype == torch.float16 else None
        self.autocast, self.hooks = ExitStack(), ExitStack()

    def begin_fit(self) -> None:
        self.skipped = 0
        before = self.model.register_forward_pre_hook(lambda *_: self._enter())
        after = self.model.register_forward_hook(lambda *o: self._leave(o[-1]), always_call=True)
        self.hooks.callback(before.remove)
        self.hooks.callback(after.remove)

    def _enter(self) -> None:
        self.autocast.enter_context(torch.autocast(self.xb.device.type, self.dtype))

    def _leave(self, pred: Tensor | None) -> Tensor | None:
        self.autocast.close()
        return pred if pred is None else pred.float()  # None after an error

    def after_loss(self) -> None:
        if self.in_train and self.scaler is not None:
            self.loss.backward = self._backward  # which the learner calls

    def _backward(self) -> None:
        params = list(self.model.parameters())
        for p in params:
            if p.grad is not None:  # accumulated before: scaled like what is added to it
                p.grad *= self.scaler.scale_now
        self.scaler.scale(self.loss).backward()
        finite = self.scaler.unscale(params)
        self.scaler.update(finite)
        if not finite:
            self.skipped += 1
            self.model.zero_grad()
            raise CancelBatchException

    def after_fit(self) -> None:
        self.hooks.close()
        self.autocast.close()  # still open if Ctrl-C broke off the forward pass
