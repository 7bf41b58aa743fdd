"""Mixup: train on mixtures of two pictures, and on the same mixture of their labels.

Level 3. About 60 minutes. After `learner` and `label_smoothing`.
Source: Zhang et al. 2017, arXiv 1710.09412; fast.ai 2019, lesson 12.
See it at work in notebooks/7_week_after.ipynb: `make lab kata=mixup`.
"""

from collections.abc import Callable

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
        raise NotImplementedError

    def __enter__(self) -> LossFunc:
        raise NotImplementedError

    def __exit__(self, *error: object) -> None:
        raise NotImplementedError


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

    def __init__(self, alpha: float = 0.4) -> None:
        raise NotImplementedError

    def begin_fit(self) -> None:
        raise NotImplementedError

    def begin_batch(self) -> None:
        raise NotImplementedError

    def after_fit(self) -> None:
        raise NotImplementedError
