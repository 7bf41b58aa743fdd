"""Mixup: train on mixtures of two pictures, and on the same mixture of their labels.

Level 3. About 60 minutes. After `learner` and `label_smoothing`.
Source: Zhang et al. 2017, arXiv 1710.09412; fast.ai 2019, lesson 12.
"""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from .label_smoothing import reduce_loss
from .learner import Callback

LossFunc = Callable[..., Tensor]


class NoneReduce:
    """A context manager that makes a reducing loss function return the loss of each picture.

    loss_func  a function that takes `reduction`, or a module with the attribute `reduction`

    The value of the `with` statement is the loss function with the reduction "none". A module
    gets its own `reduction` back at the end of the block, even after an error.

    >>> with NoneReduce(torch.nn.functional.l1_loss) as each:
    ...     each(torch.tensor([3.0, 5.0]), torch.tensor([1.0, 1.0]))
    tensor([2., 4.])
    """

    def __init__(self, loss_func: LossFunc) -> None:
        self.loss_func: Any = loss_func

    def __enter__(self) -> LossFunc:
        if not hasattr(self.loss_func, "reduction"):
            return partial(self.loss_func, reduction="none")
        self.before, self.loss_func.reduction = self.loss_func.reduction, "none"
        return self.loss_func

    def __exit__(self, *error: object) -> None:
        if hasattr(self, "before"):
            self.loss_func.reduction = self.before


def _for_each(lam: Tensor, like: Tensor) -> Tensor:
    """`lam` with as many dimensions as `like`: [n] would meet the wrong dimension of [n, k]."""
    return lam.view(-1, *[1] * (like.ndim - 1))


class MixUp(Callback):
    """Trains on mixtures of pairs of pictures.

        x = lam * x[i] + (1 - lam) * x[j]                          what the model sees
        loss = lam * loss(pred, y[i]) + (1 - lam) * loss(pred, y[j])

    alpha  above 0; the smaller, the more often a picture is hardly mixed

    Each picture i of a training batch has its own lam: a draw from Beta(alpha, alpha), or 1 minus
    the draw if that's larger. Its partner j is the picture at its index after one random
    permutation of the batch, which is the same for inputs and labels. All randomness comes from
    torch's generator.

    The losses are mixed while they're unreduced, whatever their shape: [n], [n, k], [n, h, w].
    Their mixture is reduced as the loss function itself would do it: by a module's `reduction`, or
    by a function's default.

    Validation isn't mixed. The batch's own tensors stay unchanged, and `learn.yb` holds the unmixed
    labels, which the metrics see. After the fit the learner has its own loss function again, even
    after an error. `_order` is 3, so batch transforms come before.

    >>> MixUp()._order, MixUp().name
    (3, 'mix_up')
    """

    _order = 3
    plain_loss: Any = None

    def __init__(self, alpha: float = 0.4) -> None:
        self.alpha = alpha

    def begin_fit(self) -> None:
        self.plain_loss, self.run.loss_func = self.run.loss_func, self._mixed_loss

    def begin_batch(self) -> None:
        if not self.in_train:
            return
        xb, n = self.xb, len(self.xb)
        lam = torch.distributions.Beta(self.alpha, self.alpha).sample((n,))
        self.lam = lam.maximum(1 - lam).to(xb.device)
        partner = torch.randperm(n).to(xb.device)
        self.partner_yb = self.yb[partner]
        self.run.xb = xb[partner].lerp(xb, _for_each(self.lam, xb).to(xb.dtype))

    def _mixed_loss(self, pred: Tensor, yb: Tensor) -> Tensor:
        if not self.in_train:
            return self.plain_loss(pred, yb)
        with NoneReduce(self.plain_loss) as each:
            losses, partner_losses = each(pred, yb), each(pred, self.partner_yb)
        lam = _for_each(self.lam, losses)
        mixed = lam * losses + (1 - lam) * partner_losses
        return reduce_loss(mixed, _reduction_of(self.plain_loss))

    def after_fit(self) -> None:
        if self.plain_loss is not None:  # else the fit failed before it began
            self.run.loss_func, self.plain_loss = self.plain_loss, None


def _reduction_of(loss_func: Any) -> str:
    """A module's reduction, or a function's default."""
    if hasattr(loss_func, "reduction"):
        return loss_func.reduction
    return inspect.signature(loss_func).parameters["reduction"].default
