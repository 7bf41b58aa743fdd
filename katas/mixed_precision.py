"""Mixed precision: a forward pass in 16 bits, and everything that must be exact in 32.

Level 4. About 75 minutes. After `learner`.
Source: Micikevicius et al. 2017, arXiv 1710.03740; fast.ai 2019, lesson 12.
See it at work in notebooks/7_week_after.ipynb: `make lab kata=mixed_precision`.
"""

from collections.abc import Iterable
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
        raise NotImplementedError

    def scale(self, loss: Tensor) -> Tensor:
        """`loss` times the factor; `loss` itself is left unchanged."""
        raise NotImplementedError

    def unscale(self, params: Iterable[Tensor]) -> bool:
        """Divide the gradients of `params` by the factor, in place.

        Each is divided only once before the next `update`, even if it's listed twice or `unscale`
        is called twice. Parameters without a gradient are skipped. Return whether all gradients of
        `params` are finite.
        """
        raise NotImplementedError

    def update(self, finite: bool) -> None:
        """Count a step, good if its gradients were `finite`, and change the factor if it's time."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """A copy of the settings, the factor and the count of good steps."""
        raise NotImplementedError

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue exactly where the DynamicScale with this `state` stopped."""
        raise NotImplementedError


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

    def __init__(self, dtype: torch.dtype = torch.bfloat16) -> None:
        raise NotImplementedError

    def begin_fit(self) -> None:
        raise NotImplementedError

    def after_loss(self) -> None:
        raise NotImplementedError

    def after_fit(self) -> None:
        raise NotImplementedError
