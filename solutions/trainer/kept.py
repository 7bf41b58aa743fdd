"""Kept: every picture decoded once, and its bytes held where the batches are made.

What a loader returns without randomness is the same in each epoch. Kept as bytes it needs no files,
no processes and no copies, and training continues bit for bit as from the files.
"""

import os
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader
from tqdm.auto import tqdm

from ..batches import DataBunch
from .recipes import Recipe, TrainError

SHARE = 0.4  # of the free memory that kept pictures may take


class KeptBatches:
    """A loader whose pictures are in memory: `x[i], y[i]` for the indices of each batch.

    `dataset` is still the labelled files, for those who want a picture's path.
    """

    def __init__(self, dl: DataLoader, x: Tensor, y: Tensor) -> None:
        self.dataset, self.batch_sampler, self.batch_size = dl.dataset, dl.batch_sampler, None
        self.x, self.y = x, y

    def __len__(self) -> int:
        return len(self.batch_sampler)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        torch.empty((), dtype=torch.int64).random_()  # a DataLoader draws a seed for its workers
        for indices in self.batch_sampler:  # type: ignore[union-attr]
            i = torch.as_tensor(indices, device=self.x.device)
            yield self.x[i], self.y[i]


def place_for(keep: str, recipe: Recipe, n: int, device: torch.device) -> torch.device | None:
    """Where `n` pictures are kept, None for nowhere; TrainError for a wish that can't be met."""
    if keep == "no":
        return None
    if recipe.augment == "pil":
        if keep == "auto":
            return None
        raise TrainError(f"keep={keep} needs augment=batch or none: Pillow crops from the files")
    needed = n * 3 * recipe.stored_size**2
    if keep == "device" or (keep == "auto" and device.type != "cpu"):
        if keep == "device" or needed < SHARE * free_memory(device):
            return device
    if keep == "memory" or needed < SHARE * free_memory(torch.device("cpu")):
        return torch.device("cpu")
    return None


def free_memory(device: torch.device) -> int:
    """Bytes that can still be taken on a device; a quarter of all where the system won't say."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):  # macOS
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4


def kept(data: DataBunch, place: torch.device, workers: dict[str, Any]) -> DataBunch:
    """The same batches from memory at `place`; each picture is decoded here, once.

    workers  what a loader needs to start its processes
    """
    train, valid = (_kept(dl, place, workers) for dl in (data.train_dl, data.valid_dl))
    return DataBunch(train, valid, data.c_in, data.c_out)


def _kept(dl: DataLoader, place: torch.device, workers: dict[str, Any]) -> KeptBatches:
    before = torch.get_rng_state()  # decoding must not move the random numbers of the training
    n = len(dl.dataset)  # type: ignore[arg-type]
    xs, ys, filled = None, torch.empty(n, dtype=torch.int64), 0
    with tqdm(desc="decoding", total=n, unit="picture", disable=None, leave=False) as bar:
        for x, y in DataLoader(dl.dataset, batch_size=64, **workers):
            if xs is None:
                xs = torch.empty((n, *x.shape[1:]), dtype=x.dtype, device=place)
            end = filled + len(x)
            xs[filled:end], ys[filled:end] = x, y
            filled = end
            bar.update(len(x))
    torch.set_rng_state(before)
    assert xs is not None
    return KeptBatches(dl, xs, ys.to(place))
