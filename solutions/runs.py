"""Runs: what happens beside the training: watching, saving, going on, and several processes."""

import json
import math
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch.utils.data import DataLoader

from .batches import DataBunch
from .learner import Callback, CancelTrainException
from .recipes import TrainError


def save_whole(write: Callable[[Path], Any], path: Path) -> None:
    """`path` written beside and renamed, so that it is there as a whole or as it was before."""
    beside = path.with_name(path.name + ".part")
    try:
        write(beside)
        os.replace(beside, path)
    except (OSError, RuntimeError) as error:  # torch.save turns a full disk into a RuntimeError
        beside.unlink(missing_ok=True)
        raise TrainError(f"cannot write {path}: {error}".splitlines()[0]) from error


def save_json(value: Any, path: Path) -> None:
    """A JSON file, whole or not at all."""
    text = json.dumps(value, indent=2) + "\n"
    save_whole(lambda beside: beside.write_text(text), path)


def random_states() -> dict[str, Any]:
    """Where Python's and torch's random numbers stand."""
    states = {"python": random.getstate(), "torch": torch.get_rng_state()}
    return states | ({"cuda": torch.cuda.get_rng_state()} if torch.cuda.is_available() else {})


def set_random_states(states: dict[str, Any]) -> None:
    """Go on with the random numbers of `random_states`."""
    version, numbers, gauss = states["python"]
    random.setstate((version, tuple(numbers), gauss))
    torch.set_rng_state(states["torch"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])


class Watch(Callback):
    """Stops at a loss that is not a number, and keeps the course of the momentum in `moms`."""

    def begin_fit(self) -> None:
        self.moms: list[float] = []

    def after_loss(self) -> None:
        if not self.in_train:
            return
        if not math.isfinite(float(self.loss)):
            lr = self.opt.hypers[-1]["lr"]
            raise TrainError(
                f"the loss is {float(self.loss)} in batch {self.iter} of epoch {self.epoch}, "
                f"at a learning rate of {lr:.3g}: try lr={self.lr / 3:.2g}"
            )
        self.moms.append(float(self.opt.hypers[-1].get("mom", 0.0)))


class Checkpoint(Callback):
    """After each epoch, all that is needed to go on or to predict, in the file `path`.

    fixed  what stays the same: recipe, vocabulary, channel statistics
    rows   rows of the table so far; whoever prints them appends them here
    """

    _order = 100  # when everybody else has done with the epoch

    def __init__(self, path: Path, model: torch.nn.Module, fixed: dict[str, Any]) -> None:
        self.path, self.net, self.fixed, self.rows = path, model, fixed, []  # type: ignore
        self.curves: dict[str, list[float]] = {"lr": [], "loss": [], "mom": []}

    def after_epoch(self) -> None:
        recorder = self.recorder
        n = len(recorder.losses)
        new = {
            "lr": [float(o) for o in recorder.lrs[-1][:n]],
            "loss": [float(o) for o in recorder.losses],
            "mom": self.watch.moms[:n],
        }
        self.state = self.fixed | {
            "model": self.net.state_dict(),
            "optimizer": self.opt.state_dict() if hasattr(self.opt, "state_dict") else None,
            "epoch": self.epoch + 1,
            "rows": self.rows,
            "curves": {key: self.curves[key] + new[key] for key in new},
            "random": random_states(),
        }
        save_whole(lambda beside: torch.save(self.state, beside), self.path)


def load_checkpoint(path: Path) -> dict[str, Any]:
    """The checkpoint in the file `path`, or in the run's folder `path`."""
    file = path / "checkpoint.pt" if path.is_dir() else path
    try:  # weights_only: a checkpoint from elsewhere must not run code
        return torch.load(file, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise TrainError(f"no checkpoint in {path}") from None
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise TrainError(f"{file} is not a checkpoint of this trainer: {reason}") from error


class Resume(Callback):
    """Goes on after the epochs that `saved` has behind it, as if there had been no break."""

    _order = -10  # epochs are counted from there before anybody looks

    def __init__(self, saved: dict[str, Any]) -> None:
        self.saved, self.done = saved, saved["epoch"]

    def begin_fit(self) -> None:
        self.run.epochs += self.done
        if self.saved["optimizer"] is not None:
            self.opt.load_state_dict(self.saved["optimizer"])

    def begin_epoch(self) -> None:
        if self.epoch == 0:
            set_random_states(self.saved["random"])
        self.run.epoch += self.done
        if self.epoch >= self.epochs:
            raise CancelTrainException


class OldRows(Callback):
    """The rows of the epochs before a break, once more, where the table and its file begin."""

    _order = 1  # after the header

    def __init__(self, rows: list[list[str]]) -> None:
        self.old = rows

    def begin_fit(self) -> None:
        for row in self.old:
            self.logger(row)


class ShardedBatches:
    """The batches of one of several processes: together they hold every sample once.

    n            samples in the data set
    bs           samples in a batch of one process
    rank, world  which process, of how many
    shuffle      in a new order each epoch, the same in all processes

    All processes have the same number of batches, since each waits for the others' gradients.
    """

    def __init__(self, n: int, bs: int, rank: int, world: int, shuffle: bool, seed: int) -> None:
        self.n, self.bs, self.rank, self.world = n, bs, rank, world
        self.shuffle, self.seed, self.epoch = shuffle, seed, 0

    def __len__(self) -> int:
        whole, rest = divmod(self.n, self.bs * self.world)
        return whole + (rest >= self.world or not whole)

    def __iter__(self) -> Iterator[list[int]]:
        order = list(range(self.n))
        if self.shuffle:
            random.Random(f"{self.seed} {self.epoch}").shuffle(order)
        self.epoch += 1
        step = self.bs * self.world
        for i in range(len(self)):  # fewer samples than processes at the end join the last batch
            end = None if i == len(self) - 1 else (i + 1) * step
            yield order[i * step : end][self.rank :: self.world]


def shard(data: DataBunch, seed: int, done: int) -> DataBunch:
    """The part of `data` that belongs to this process, after `done` epochs."""
    rank, world = dist.get_rank(), dist.get_world_size()

    def part(dl: DataLoader, shuffle: bool) -> DataLoader:
        batches = ShardedBatches(len(dl.dataset), dl.batch_size, rank, world, shuffle, seed)
        batches.epoch = done
        return DataLoader(
            dl.dataset,
            batch_sampler=batches,
            num_workers=dl.num_workers,
            pin_memory=dl.pin_memory,
        )

    return DataBunch(part(data.train_dl, True), part(data.valid_dl, False), data.c_in, data.c_out)


class ReduceStats(Callback):
    """Sums of loss and metrics over all processes, before anybody divides them."""

    _order = -5

    def after_epoch(self) -> None:
        for stats in self.avg_stats.train_stats, self.avg_stats.valid_stats:
            sums = torch.tensor([*stats.all_stats, stats.count], dtype=torch.float64)
            sums = sums.to(next(self.model.parameters()).device)
            dist.all_reduce(sums)
            stats.tot_loss, *stats.tot_mets, stats.count = sums.tolist()
