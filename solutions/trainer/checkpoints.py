"""Runs: a folder for each training, its checkpoint after every epoch, and going on from there."""

import errno
import hashlib
import io
import json
import math
import os
import random
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import nn

from ..learner import Callback, CancelTrainException
from .distributed import processes
from .recipes import Recipe, TrainError

try:
    import fcntl
except ImportError:  # Windows: two trainings in one folder aren't noticed
    fcntl = None  # type: ignore[assignment]

CHECKPOINT, BEST = "checkpoint.pt", "best.pt"
# A checkpoint is torch's zip file with a comment at its end, which torch itself doesn't read.
VERSION = 2
SEAL = b"imagenette katas, version %d, sha256 "
SEALED = re.compile(rb"imagenette katas, version (\d+), sha256 ([0-9a-f]{64})\Z")


def check_place(path: Path) -> None:
    """TrainError unless a file can be made or replaced at `path`."""
    if path.exists() and not path.is_file():
        raise TrainError(f"{path} isn't a file: name another one")
    if not path.parent.is_dir():
        raise TrainError(f"{path}: the folder {path.parent} is missing")


def save_whole(write: Callable[[Path], Any], path: Path) -> None:
    """Write `path` under another name and rename it: the file is whole, old or new."""
    if path.exists() and not path.is_file():  # a folder, or a device
        raise FileExistsError(errno.EEXIST, "it isn't a file", str(path))
    beside = path.with_name(path.name + ".part")
    try:
        write(beside)
        _to_disk(beside)  # else a power cut can leave the new name with nothing in it
        os.replace(beside, path)
        _to_disk(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sealed(state: dict[str, Any]) -> bytes:
    """A checkpoint as the bytes of its file: torch's, with version and checksum behind them."""
    content = io.BytesIO()  # so that a full disk is an OSError, which torch.save hides
    torch.save(state, content)
    seal = SEAL % VERSION + b"0" * 64
    whole = content.getvalue()[:-2] + len(seal).to_bytes(2, "little")  # the length of the comment
    seal = SEAL % VERSION + hashlib.sha256(whole).hexdigest().encode()
    return whole + seal


def unsealed(content: bytes, file: Path) -> bytes:
    """The same bytes, if they are those that were saved; else TrainError."""
    seal = SEALED.search(content)
    if not seal:
        raise TrainError(f"{file} isn't a checkpoint of this trainer, or only a part of one")
    if int(seal[1]) != VERSION:
        raise TrainError(f"{file} has version {int(seal[1])}, and this trainer reads {VERSION}")
    if hashlib.sha256(content[: seal.start()]).hexdigest().encode() != seal[2]:
        raise TrainError(f"{file} is damaged: its checksum differs")
    return content


_held: set[int] = set()


def _let_go() -> None:
    """A worker that outlives a kill must not hold the folder."""
    while _held:
        os.close(_held.pop())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """No other training in `folder` meanwhile; TrainError if there is one."""
    handle = os.open(folder, os.O_RDONLY) if fcntl else None
    if handle is None:
        yield
        return
    _held.add(handle)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TrainError(f"another training is at work in {folder}") from error
        except OSError:  # a file system without locks
            pass
        yield
    finally:
        _held.discard(handle)
        os.close(handle)


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
        if folder.is_file():
            raise TrainError(f"{out} is a file: out= names a folder")
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
    content = unsealed(file.read_bytes(), file)
    try:  # weights_only: a checkpoint from elsewhere must not run code
        saved = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        return {key: saved[key] for key in ("recipe", "setting", "vocab", "model", *saved)}
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise TrainError(f"{file} isn't a checkpoint of this trainer ({reason})") from error


def recipe_of(saved: dict[str, Any]) -> Recipe:
    """The recipe of a checkpoint; TrainError if another trainer's options are in it."""
    try:
        return Recipe(**saved["recipe"])
    except TypeError as error:
        raise TrainError(f"the checkpoint has other options than this trainer: {error}") from error
    except TrainError as error:
        if not (file := saved["setting"].get("parts")):
            raise
        raise TrainError(f"the run was made with parts={file}: name that file here too") from error


def load_weights(net: nn.Module, saved: dict[str, Any]) -> None:
    """The weights of a checkpoint in `net`; TrainError if they are another network's."""
    try:
        net.load_state_dict(saved["model"])
    except RuntimeError as error:
        raise TrainError("the checkpoint holds the weights of another network") from error


def start_from(saved: dict[str, Any], net: nn.Module, vocab: list[str]) -> None:
    """The weights of a checkpoint in `net`, whose last layer stays new if the classes differ."""
    weights, own = dict(saved["model"]), net.state_dict()
    if saved["vocab"] != vocab:
        *_, head = (name for name, o in net.named_modules() if isinstance(o, nn.Linear))
        weights |= {name: o for name, o in own.items() if name.startswith(f"{head}.")}
    load_weights(net, {"model": weights})


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
    """Stops at a loss that is not a number, and keeps the course of the momentum in `moms`.

    On the CPU before the loss reaches the weights; a GPU would have to wait for each look, so there
    it's every 50 batches and at the end of the epoch, before anything is saved.
    """

    def begin_fit(self) -> None:
        """Nothing seen yet."""
        self.moms: list[float] = []
        self.unseen: list[tuple[int, float, torch.Tensor]] = []

    def after_loss(self) -> None:
        """Keep the loss, and look at it if that costs nothing."""
        if self.in_train:
            hyper = self.opt.hypers[-1]
            self.unseen.append((self.iter, hyper["lr"], self.loss.detach()))
            self.moms.append(float(hyper.get("mom", 0.0)))
            if self.loss.device.type == "cpu" or len(self.unseen) >= 50:
                self.look()

    def begin_validate(self) -> None:
        """Look at the last ones."""
        self.look()

    def look(self) -> None:
        """TrainError at the first loss that is not a number."""
        if not self.unseen:
            return
        losses = torch.stack([loss.float() for *_, loss in self.unseen]).tolist()
        for (i, lr, _), loss in zip(self.unseen, losses, strict=True):
            if not math.isfinite(loss):
                raise TrainError(
                    f"the loss is {loss} in batch {i + 1} of {len(self.data.train_dl)} in epoch "
                    f"{self.epoch}, at a learning rate of {lr:.3g}: "
                    f"try lr={self.run.lr / 10:.2g}, or a greater batch_size"
                )
        self.unseen = []


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
        content = sealed(state)
        save_whole(lambda beside: beside.write_bytes(content), self.path)
        self.keep_best()

    def keep_best(self) -> None:
        """A second name for the file, if no epoch was more accurate in validation."""
        header, *rows = self.rows.kept
        column = header.index("valid_accuracy") if "valid_accuracy" in header else None
        if column is not None and float(rows[-1][column]) >= max(float(o[column]) for o in rows):
            save_whole(partial(_linked, self.path), self.path.with_name(BEST))


def _linked(path: Path, other: Path) -> None:
    """Make `other` the same file as `path`, or a copy on systems without links."""
    try:
        os.link(path, other)
    except OSError:
        other.write_bytes(path.read_bytes())


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
