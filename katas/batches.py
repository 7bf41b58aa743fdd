"""Batches: shuffled for training, normalized by channel.

Level 2. About 30 minutes. After `labels`.
Source: fast.ai 2019, lesson 11, 0:53:50 (data bunch).
See it at work in notebooks/1_data_block.ipynb: `make lab kata=batches`.
"""

from typing import Any

import torch  # noqa: F401 - the examples below use it
from jaxtyping import Float
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from .labels import SplitData


def get_dls(
    train_ds: Dataset, valid_ds: Dataset, bs: int, **kwargs: Any
) -> tuple[DataLoader, DataLoader]:
    """The tuple of the loaders of the two sets, (train_dl, valid_dl).

    bs      samples in a training batch; a validation batch has twice as many
    kwargs  further arguments of both loaders

    Training samples are shuffled, in a new order each epoch. Validation keeps its order and all its
    samples, even with `drop_last=True`.

    Why: validation keeps no gradients, so twice as many samples fit into memory.

    >>> train_dl, valid_dl = get_dls(range(8), range(4), 2)
    >>> len(train_dl), [b.tolist() for b in valid_dl]
    (4, [[0, 1, 2, 3]])
    """
    raise NotImplementedError


class DataBunch:
    """The two loaders, `train_dl` and `valid_dl`, and their data sets, `train_ds` and `valid_ds`.

    c_in, c_out  numbers of input channels and of classes, kept for building the model, or None

    >>> data = DataBunch(*get_dls(range(8), range(4), 2), c_in=3, c_out=10)
    >>> data.train_ds, data.c_out
    (range(0, 8), 10)
    """

    def __init__(
        self, train_dl: Any, valid_dl: Any, c_in: int | None = None, c_out: int | None = None
    ) -> None:
        raise NotImplementedError

    @property
    def train_ds(self) -> Any:
        """The training set."""
        raise NotImplementedError

    @property
    def valid_ds(self) -> Any:
        """The validation set."""
        raise NotImplementedError


def channel_stats(x: Float[Tensor, "n c h w"]) -> tuple[Float[Tensor, " c"], Float[Tensor, " c"]]:
    """The tuple (mean, std) of each channel, over all pictures and pixels of a batch.

    std is the standard deviation. It may divide by the number of pixels or by one less. It stays
    accurate when the numbers are far from 0 but close together. `x` stays unchanged.

    >>> channel_stats(torch.tensor([0.0, 2.0]).view(2, 1, 1, 1).expand(2, 3, 4, 4))[0]
    tensor([1., 1., 1.])
    """
    raise NotImplementedError


def normalize_chan(
    x: Float[Tensor, "*n c h w"], mean: Float[Tensor, " c"], std: Float[Tensor, " c"]
) -> Float[Tensor, "*n c h w"]:
    """(x - mean) / std, each channel with its own mean and std.

    x          a batch or one picture; all three arguments stay unchanged
    mean, std  one number a channel, on any device, of any float dtype

    The result has the shape, device and dtype of `x`.

    >>> normalize_chan(torch.ones(1, 2, 1, 1), torch.tensor([1.0, 0.0]), torch.tensor([2.0, 4.0]))
    tensor([[[[0.0000]],
    <BLANKLINE>
             [[0.2500]]]])
    """
    raise NotImplementedError


def denormalize_chan(
    x: Float[Tensor, "*n c h w"], mean: Float[Tensor, " c"], std: Float[Tensor, " c"]
) -> Float[Tensor, "*n c h w"]:
    """x * std + mean, each channel with its own mean and std.

    This undoes `normalize_chan`. The arguments and the result are like those of `normalize_chan`.

    >>> denormalize_chan(torch.zeros(1, 1, 1), torch.tensor([3.0]), torch.tensor([2.0]))
    tensor([[[3.]]])
    """
    raise NotImplementedError


def databunchify(
    sd: SplitData, bs: int, c_in: int | None = None, c_out: int | None = None, **kwargs: Any
) -> DataBunch:
    """The DataBunch of the loaders that `get_dls` makes of `sd.train` and `sd.valid`.

    c_in, c_out  those of the DataBunch
    kwargs       further arguments of `get_dls`

    >>> databunchify(SplitData(range(8), range(4)), 4, c_out=10).c_out
    10
    """
    raise NotImplementedError
