"""Runs: a folder for each training, its checkpoint after every epoch, and going on from there."""

import io
import json
import math
import os
import random
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import nn

from ..learner import Callback, CancelTrainException
from .distributed import processes
from .recipes import TrainError

CHECKPOINT = "checkpoint.pt"


def save_whole(write: Callable[[Path], Any], path: Path) -> None:
    """Write `path` under another name and rename it: the file is whole, old or new."""
    beside = path.with_name(path.name + ".part")
    try:
        write(beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def save_json(value: Any, path: Path) -> None:
    """A JSON file, whole or not at all."""
    text = json.dumps(value, indent=2) + "\n"
    save_whole(lambda beside: beside.write_text(text), path)


def new_folder(out: str | None, name: str) -> Path:
    """The folder `out`, or the first of runs/<name>-1, -2, ... that is not there yet; made."""
    if out:
        folder = Path(out).expanduser()
        if (folder / CHECKPOINT).exists():
            raise TrainError(f"{out} holds a run already: name another folder, or resume={out}")
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    number = 0
    while True:
        number += 1
        folder = Path("runs", f"{name}-{number}")
        try:
            folder.mkdir(parents=True)
            return folder
        except FileExistsError:
            if folder.parent.is_file():
                raise


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
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise TrainError(f"{file} isn't a checkpoint of this trainer ({reason})") from error


def random_states() -> dict[str, Any]:
    """Where Python's and torch's random numbers stand."""
    states = {"python": random.getstate(), "torch": torch.get_rng_state()}
    return states | ({"cuda": torch.cuda.get_rng_state()} if torch.cuda.is_available() else {})


def set_random_states(states: dict[str, Any]) -> None:
    """Continue the random numbers of `random_states`."""
    random.setstate(states["python"])
    torch.set_rng_state(states["torch"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])


class Watch(Callback):
    """Stops at a loss that is not a number, and keeps the course of the momentum in `moms`."""

    def begin_fit(self) -> None:
        """Nothing seen yet."""
        self.moms: list[float] = []

    def after_loss(self) -> None:
        """Look at the loss before it reaches the weights."""
        if not self.in_train:
            return
        hyper, loss = self.opt.hypers[-1], float(self.loss.detach())
        if not math.isfinite(loss):
            raise TrainError(
                f"the loss is {loss} in batch {self.iter + 1} of {self.iters} in epoch "
                f"{self.epoch}, at a learning rate of {hyper['lr']:.3g}: "
                f"try lr={self.run.lr / 10:.2g}, or a greater batch_size"
            )
        self.moms.append(float(hyper.get("mom", 0.0)))


class Interrupts(Callback):
    """Ctrl-C ends the fit after the batch under way; a second one does so at once.

    If it strikes in a destructor, such as a loader's, Python prints it and continues.
    """

    struck = False
    before: Any = None

    def begin_fit(self) -> None:
        """Listen; other threads than the main one are never struck."""
        if threading.current_thread() is threading.main_thread():
            self.before = signal.signal(signal.SIGINT, self.strike)

    def strike(self, *args: Any) -> None:
        """What Ctrl-C does."""
        if self.struck:
            raise KeyboardInterrupt
        self.struck = True

    def after_batch(self) -> None:
        """Stop here."""
        if self.struck:
            raise KeyboardInterrupt

    def after_fit(self) -> None:
        """As before."""
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)


class Rows(Callback):
    """Keeps in `kept` all rows that go through the logger."""

    # after the table has taken the logger's place, before the header
    _order = -0.75  # type: ignore[assignment]

    def begin_fit(self) -> None:
        """Listen."""
        self.kept: list[list[str]] = []
        self.below, self.run.logger = self.logger, self.write_row

    def write_row(self, row: list[str]) -> None:
        """Keep a row and pass it on."""
        self.kept.append(list(row))
        self.below(row)


class Checkpoint(Callback):
    """After each epoch, all that is needed to go on or to predict, in the file `path`.

    fixed   what stays the same: recipe, setting, vocabulary, channel statistics
    curves  learning rate, loss and momentum of every batch before a break
    """

    _order = 100  # when everybody else has done with the epoch

    def __init__(
        self,
        path: Path,
        net: nn.Module,
        fixed: dict[str, Any],
        curves: dict[str, list[float]] | None = None,
    ) -> None:
        self.path, self.net, self.fixed = path, net, fixed
        self.before = curves or {"lr": [], "loss": [], "mom": []}

    def curves(self) -> dict[str, list[float]]:
        """Learning rate, loss and momentum of every batch so far."""
        recorder = self.recorder
        new = {"lr": recorder.lrs[-1], "loss": recorder.losses, "mom": self.watch.moms}
        return {key: self.before[key] + [float(o) for o in new[key]] for key in new}

    def after_epoch(self) -> None:
        """Save."""
        rank, world = processes()
        states = [random_states()] * world
        if world > 1:
            dist.all_gather_object(states, random_states())
        if rank:
            return
        state = self.fixed | {
            "model": self.net.state_dict(),
            "optimizer": self.opt.state_dict() if hasattr(self.opt, "state_dict") else None,
            "epoch": self.epoch + 1,
            "rows": self.rows.kept,
            "curves": self.curves(),
            "random": states,
        }
        content = io.BytesIO()  # so that a full disk is an OSError, which torch.save hides
        torch.save(state, content)
        save_whole(lambda beside: beside.write_bytes(content.getbuffer()), self.path)


class Resume(Callback):
    """Continues after the epochs that `saved` has behind it, as if there had been no break."""

    _order = -1000  # epochs are counted from there before anybody looks

    def __init__(self, saved: dict[str, Any]) -> None:
        self.saved, self.done, self.is_first = saved, saved["epoch"], True

    def begin_fit(self) -> None:
        """All epochs, those before the break as well, and the optimizer's state."""
        self.run.epochs += self.done
        if self.saved["optimizer"] is not None:
            self.opt.load_state_dict(self.saved["optimizer"])

    def begin_epoch(self) -> None:
        """The number of the epoch, and in the first one the random numbers as they were."""
        self.run.epoch += self.done
        if self.epoch >= self.epochs:  # a learner that counts up to the new `epochs`
            raise CancelTrainException
        rank, world = processes()
        if self.is_first and world == len(self.saved["random"]):
            set_random_states(self.saved["random"][rank])
        self.is_first, self.run.n_epochs = False, float(self.epoch)


class OldRows(Callback):
    """The rows of the epochs before a break, once more, where the table and its file begin."""

    _order = 50  # after the header

    def __init__(self, rows: list[list[str]]) -> None:
        self.old = rows

    def begin_fit(self) -> None:
        """Repeat them."""
        for row in self.old:
            self.logger(row)
