"""Runs: what happens beside the training: watching, saving, going on, and several processes."""

import json
import math
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch.utils.data import DataLoader

from .batches import DataBunch
from .learner import Callback, CancelTrainException
from .progress import AvgStatsCallback
from .recipes import TrainError

CHECKPOINT = "checkpoint.pt"


def save_whole(write: Callable[[Path], Any], path: Path) -> None:
    """`path` written beside and renamed, so that it is there as a whole or as it was before."""
    beside = path.with_name(path.name + ".part")
    try:
        write(beside)
        os.replace(beside, path)
    except (OSError, RuntimeError) as error:  # torch.save turns a full disk into a RuntimeError
        reason = str(error).splitlines()[0]
        raise TrainError(f"cannot write {path} ({reason}): is the disk full?") from error
    finally:
        beside.unlink(missing_ok=True)


def save_json(value: Any, path: Path) -> None:
    """A JSON file, whole or not at all."""
    text = json.dumps(value, indent=2) + "\n"
    save_whole(lambda beside: beside.write_text(text), path)


def new_folder(out: str | None, name: str) -> Path:
    """The folder `out`, or the first of runs/<name>-1, -2, ... that is not there yet; made."""
    number = 0
    while True:
        number += 1
        folder = Path(out) if out else Path("runs", f"{name}-{number}")
        if (folder / CHECKPOINT).exists() and out:
            raise TrainError(f"{out} holds a run already: name another folder, or resume={out}")
        try:
            folder.mkdir(parents=True, exist_ok=bool(out))
        except FileExistsError:
            if out or not folder.is_dir():
                raise TrainError(f"{folder} is no folder") from None
        except OSError as error:
            raise TrainError(f"cannot make the folder {folder}: {error.strerror}") from error
        else:
            return folder


def find_checkpoint(path: str | Path) -> Path:
    """The checkpoint that `path` is or holds, or the newest in the folders of `path`."""
    path = Path(path).expanduser()
    if path.is_file():
        return path
    found = [*path.glob(CHECKPOINT)] or [*path.glob(f"*/{CHECKPOINT}")]
    if not found:
        raise TrainError(f"no checkpoint in {path}: name the folder of a run, such as runs/quick-1")
    return max(found, key=lambda p: p.stat().st_mtime_ns)


def load_checkpoint(file: Path) -> dict[str, Any]:
    """The checkpoint in `file`; TrainError if it is none of this trainer."""
    try:  # weights_only: a checkpoint from elsewhere must not run code
        saved = torch.load(file, map_location="cpu", weights_only=True)
        return {key: saved[key] for key in ("recipe", "setting", "vocab", "model", *saved)}
    except Exception as error:
        reason = str(error).strip().splitlines()[:1] or [type(error).__name__]
        raise TrainError(f"{file} is no checkpoint of this trainer ({reason[0]})") from error


def random_states() -> dict[str, Any]:
    """Where Python's and torch's random numbers stand."""
    states = {"python": random.getstate(), "torch": torch.get_rng_state()}
    return states | ({"cuda": torch.cuda.get_rng_state()} if torch.cuda.is_available() else {})


def set_random_states(states: dict[str, Any]) -> None:
    """Go on with the random numbers of `random_states`."""
    random.setstate(states["python"])
    torch.set_rng_state(states["torch"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])


def processes() -> tuple[int, int]:
    """Which process this is, and of how many."""
    return (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)


class Watch(Callback):
    """Stops at a loss that is not a number, and keeps the course of the momentum in `moms`."""

    def begin_fit(self) -> None:
        self.moms: list[float] = []

    def after_loss(self) -> None:
        if not self.in_train:
            return
        loss = float(self.loss.detach())
        if not math.isfinite(loss):
            lr = self.opt.hypers[-1]["lr"]
            raise TrainError(
                f"the loss is {loss} in batch {self.iter + 1} of epoch "
                f"{self.epoch + 1}, at a learning rate of {lr:.3g}: try lr={self.lr / 4:.2g}"
            )
        self.moms.append(float(self.opt.hypers[-1].get("mom", 0.0)))


class Rows(Callback):
    """Keeps in `kept` all rows that go through the logger."""

    _order = -0.75  # after the table has taken the logger's place, before the header

    def begin_fit(self) -> None:
        self.kept: list[list[str]] = []
        self.below, self.run.logger = self.logger, self.write_row

    def write_row(self, row: list[str]) -> None:
        self.kept.append(list(row))
        self.below(row)


class OldRows(Callback):
    """The rows of the epochs before a break, once more, where the table and its file begin."""

    _order = 50  # after the header

    def __init__(self, rows: list[list[str]]) -> None:
        self.old = rows

    def begin_fit(self) -> None:
        for row in self.old:
            self.logger(row)


class Checkpoint(Callback):
    """After each epoch, all that is needed to go on or to predict, in the file `path`.

    fixed   what stays the same: recipe, setting, vocabulary, channel statistics
    curves  learning rate, loss and momentum of every batch before a break
    """

    _order = 100  # when everybody else has done with the epoch

    def __init__(
        self,
        path: Path,
        net: torch.nn.Module,
        fixed: dict[str, Any],
        curves: dict[str, list[float]] | None = None,
    ) -> None:
        self.path, self.net, self.fixed = path, net, fixed
        self.before = curves or {"lr": [], "loss": [], "mom": []}

    @property
    def curves(self) -> dict[str, list[float]]:
        """Learning rate, loss and momentum of every batch so far."""
        lrs, losses = self.recorder.lrs[-1], self.recorder.losses
        new = {"lr": lrs, "loss": losses, "mom": self.watch.moms}
        return {key: self.before[key] + [float(o) for o in new[key]] for key in new}

    def after_epoch(self) -> None:
        rank, world = processes()
        states = [random_states()]
        if world > 1:
            states *= world
            dist.all_gather_object(states, random_states())
        if rank:
            return
        state = self.fixed | {
            "model": self.net.state_dict(),
            "optimizer": self.opt.state_dict() if hasattr(self.opt, "state_dict") else None,
            "epoch": self.epoch + 1,
            "rows": self.rows.kept,
            "curves": self.curves,
            "random": states,
        }
        save_whole(lambda beside: torch.save(state, beside), self.path)


class Resume(Callback):
    """Goes on after the epochs that `saved` has behind it, as if there had been no break."""

    _order = -1000  # epochs are counted from there before anybody looks

    def __init__(self, saved: dict[str, Any]) -> None:
        self.saved, self.done, self.first = saved, saved["epoch"], True

    def begin_fit(self) -> None:
        self.run.epochs += self.done
        if self.saved["optimizer"] is not None:
            self.opt.load_state_dict(self.saved["optimizer"])

    def begin_epoch(self) -> None:
        self.run.epoch += self.done
        if self.epoch >= self.epochs:
            raise CancelTrainException
        rank, world = processes()
        if self.first and world == len(self.saved["random"]):
            set_random_states(self.saved["random"][rank])
        if self.first:
            self.run.n_epochs = float(self.epoch)
        self.first = False


class ShardedBatches:
    """The batches of one of several processes: together they hold every sample once.

    n            samples in the data set
    bs           samples in a batch of all processes together
    rank, world  which process, of how many
    shuffle      in a new order each epoch, the same in all processes

    All processes have the same number of batches, since each waits for the others' gradients.
    """

    def __init__(self, n: int, bs: int, rank: int, world: int, shuffle: bool, seed: int) -> None:
        if min(n, bs) < world:
            raise TrainError(f"{world} processes want as many pictures, and as large a batch_size")
        self.n, self.bs, self.rank, self.world = n, bs, rank, world
        self.shuffle, self.seed, self.epoch = shuffle, seed, 0

    def __len__(self) -> int:
        whole, rest = divmod(self.n, self.bs)
        return whole + (rest >= self.world or not whole)

    def __iter__(self) -> Iterator[list[int]]:
        order = list(range(self.n))
        if self.shuffle:
            random.Random(f"{self.seed} {self.epoch}").shuffle(order)
        self.epoch += 1
        for i in range(len(self)):  # fewer samples than processes at the end join the last batch
            end = None if i == len(self) - 1 else (i + 1) * self.bs
            yield order[i * self.bs : end][self.rank :: self.world]


def shard(data: DataBunch, seed: int, done: int) -> DataBunch:
    """The part of `data` that belongs to this process, after `done` epochs."""

    def part(dl: DataLoader, shuffle: bool) -> DataLoader:
        batches = ShardedBatches(len(dl.dataset), dl.batch_size, *processes(), shuffle, seed)
        batches.epoch = done
        kept = {key: getattr(dl, key) for key in ("num_workers", "pin_memory", "worker_init_fn")}
        return DataLoader(dl.dataset, batch_sampler=batches, **kept)

    return DataBunch(part(data.train_dl, True), part(data.valid_dl, False), data.c_in, data.c_out)


class SharedStats(AvgStatsCallback):
    """The same rows, with averages over the samples of all processes."""

    def begin_epoch(self) -> None:
        super().begin_epoch()
        self.counts, self.began = {True: 0, False: 0}, time.time()

    def after_loss(self) -> None:
        super().after_loss()
        self.counts[self.in_train] += len(self.yb)

    def after_epoch(self) -> None:
        device = next(self.model.parameters()).device
        cells = []
        for stats, in_train in (self.train_stats, True), (self.valid_stats, False):
            sums = [self.counts[in_train], *stats.all_stats]
            shared = torch.tensor(
                sums, dtype=torch.float32 if device.type == "mps" else torch.float64, device=device
            )
            dist.all_reduce(shared)
            cells += [f"{o:.6f}" for o in (shared[1:] / shared[0]).tolist()]
        minutes, seconds = divmod(round(time.time() - self.began), 60)
        self.logger([str(self.epoch), *cells, f"{minutes:02d}:{seconds:02d}"])
