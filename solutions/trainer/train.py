"""Train: a network on Imagenette, made of the pieces of all katas.

python -m solutions.trainer                           sketches, the quick recipe
python -m solutions.trainer data=imagenette recipe=lesson11 size=64
python -m solutions.trainer resume=runs/quick-1
torchrun --nproc-per-node 2 -m solutions.trainer      several processes or GPUs
"""

# ruff: noqa: E402 - OpenMP reads its settings when torch is loaded
import os

# Threads that wait by spinning take the cores from the loaders: epochs take several times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import platform
import random
import re
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib
import numpy
import PIL
import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from ..learner import Callback, Learner, Recorder
from ..progress import CSVLogger, ProgressCallback
from .checkpoints import (
    CHECKPOINT,
    Checkpoint,
    Interrupts,
    OldRows,
    Resume,
    Rows,
    Watch,
    alone_in,
    find_checkpoint,
    load_checkpoint,
    load_weights,
    new_folder,
    recipe_of,
    save_json,
    start_from,
)
from .datasets import DataError, find_data
from .distributed import SharedStats, TimedStats, end, first_alone, joined, processes, shard
from .make import command_line, printable, visible
from .networks import initialise, input_callbacks, make_network, network_input
from .optimization import OPTIMIZERS, loss_function, training_callbacks
from .options import CommandLine, dashed, parse
from .pictures import Pictures, class_names, load_pictures
from .precision import precision_callbacks
from .recipes import Recipe, Setting, TrainError
from .report import (
    confusion,
    plot_confusion,
    plot_curves,
    plot_mistakes,
    predictions,
    save_predictions,
)
from .sketches import draw_sketches

CACHE = Path("data")  # sketches, downloads and unpacked archives


def accuracy(pred: Tensor, yb: Tensor) -> Tensor:
    """The share of a batch for which the class with the highest score is the right one."""
    return (pred.argmax(dim=1) == yb).float().mean()


def find_device(name: str) -> torch.device:
    """The device called `name`; `auto` is a GPU where there is one, each process its own."""
    if name == "auto":
        name = f"cuda:{os.environ.get('LOCAL_RANK', 0)}" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.zeros(1, device=name).device
        float(torch.ones(1, device=device))  # "meta" has no numbers to ask for
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise TrainError(f"no device {name!r} to compute on here ({reason})") from error
    if device.type == "cuda":
        torch.cuda.set_device(device)
    return device


def find_root(data: str, flat: bool = False) -> Path:
    """The folder that `data` stands for, drawn or downloaded if need be.

    It holds `train` and `val`, or with `flat` pictures in any folders.
    """
    if data == "sketches":
        return draw_sketches(CACHE / "sketches")
    return find_data(data, CACHE, flat)


def record_callbacks(checkpoint: Checkpoint, saved: dict[str, Any] | None) -> list[Callback]:
    """What keeps a record of the training, and continues an earlier one."""
    rank, world = processes()
    cbs: list[Callback] = [Recorder(), Watch(), Interrupts(), Rows(), checkpoint]
    cbs += [(SharedStats if world > 1 else TimedStats)([accuracy])]
    cbs += [Resume(saved), OldRows(saved["rows"][1:])] if saved else []
    if rank == 0:
        cbs += [CSVLogger(checkpoint.path.with_name("metrics.csv"))]
        cbs += [ProgressCallback()] if sys.stderr.isatty() else []
    return cbs


def print_row(row: Sequence[str]) -> None:
    """A row of the table without a terminal, and so without bars."""
    print("  ".join(f"{cell:>14}" for cell in row), flush=True)


def counted(n: int) -> str:
    """How many pictures `n` are, in words."""
    return f"{n:,} picture{'s' * (n != 1)}"


def no_row(row: Sequence[str]) -> None:
    """The table of all processes but the first."""


def versions() -> dict[str, str]:
    """What the training ran on."""
    found = {m.__name__: str(m.__version__) for m in (torch, PIL, numpy, matplotlib)}
    return {"python": platform.python_version(), "machine": platform.platform()} | found


@dataclass
class Run:
    """One training: how, on what, where it is kept, and the checkpoint that it continues.

    pieces     whose each exercise is, for the record
    start      the checkpoint of another run, with the first weights of this one
    is_theirs  whether the folder was there before the run
    """

    recipe: Recipe
    setting: Setting
    folder: Path
    saved: dict[str, Any] | None = None
    pieces: Mapping[str, str] = field(default_factory=dict)
    start: dict[str, Any] | None = None
    is_theirs: bool = True

    @property
    def done(self) -> int:
        """Epochs before a break."""
        return self.saved["epoch"] if self.saved else 0


def train(run: Run) -> Learner:
    """A learner that has trained."""
    device = find_device(run.setting.device)
    seed_everything(run.recipe.seed)
    pictures = find_pictures(run, device)
    net = find_network(run, pictures, device)
    keep_record(run, pictures)
    learn = make_learner(run, pictures, net, device)
    learn.fit(run.recipe.epochs - run.done)
    learn.model, learn.data = net, pictures.data
    return learn


def seed_everything(seed: int) -> None:
    """The same random numbers from Python and torch."""
    random.seed(seed)
    torch.manual_seed(seed)


def find_pictures(run: Run, device: torch.device) -> Pictures:
    """The data: found, downloaded or drawn, split, labelled, and kept as bytes where that fits."""
    setting = run.setting
    with first_alone():
        root = find_root(setting.data, flat=bool(setting.split or setting.labels))
    pictures = load_pictures(root, run.recipe, setting, device)
    if run.saved and run.saved["vocab"] != pictures.vocab:
        raise TrainError(f"{root} has other classes than the run that is to continue")
    if run.saved and run.saved["data"] != pictures.fingerprint and processes()[0] == 0:
        print(f"not the pictures that this run began with: {root} has changed, or it is another")
    return pictures


def find_network(run: Run, pictures: Pictures, device: torch.device) -> nn.Module:
    """The network on its device, with the weights of the checkpoint or with its first ones."""
    net = make_network(run.recipe, len(pictures.vocab))
    net.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    if run.saved:
        load_weights(net, run.saved)
        return net
    if run.start:
        start_from(run.start, net, pictures.vocab)
        return net
    sample = pictures.sample.to(device)
    initialise(net, run.recipe, network_input(sample, *pictures.stats()))
    return net


def make_learner(run: Run, pictures: Pictures, net: nn.Module, device: torch.device) -> Learner:
    """The learner with all its callbacks; of several processes each has its part of the data."""
    rank, world = processes()
    recipe, data, (mean, std) = run.recipe, pictures.data, pictures.stats()
    model: Any = torch.compile(net) if run.setting.compile else net
    if world > 1:
        model = DistributedDataParallel(model, [device] if device.type == "cuda" else None)
        seed_everything(recipe.seed + rank)  # each augments in its own way
        data = shard(data, recipe.batch_size, recipe.seed, run.done)
    fixed = {"recipe": asdict(recipe), "setting": asdict(run.setting), "vocab": pictures.vocab}
    fixed |= {"mean": mean, "std": std, "data": pictures.fingerprint}
    saved = run.saved
    checkpoint = Checkpoint(run.folder / CHECKPOINT, net, fixed, saved and saved["curves"])
    learn = Learner(
        model,
        data,
        loss_function(recipe),
        partial(OPTIMIZERS[recipe.optimizer], wd=recipe.wd),
        lr=recipe.lr,
        cbs=[
            *input_callbacks(recipe, mean, std, device),
            *precision_callbacks(run.setting.precision, device),
            *training_callbacks(recipe),
            *record_callbacks(checkpoint, saved),
        ],
    )
    learn.logger = print_row if rank == 0 else no_row  # type: ignore[assignment]
    return learn


def keep_record(run: Run, pictures: Pictures) -> None:
    """Write down what this run is made of, and say which pictures were left out."""
    rank, world = processes()
    if rank:
        return
    for reason, names in pictures.left_out.items():
        if names:
            print(f"left out, since {reason}: {len(names):,}, such as {visible(names[0])}")
    skipped = [str(path) for path in pictures.skipped]
    about: dict[str, Any] = {"recipe": asdict(run.recipe), "setting": asdict(run.setting)}
    about |= {"vocab": pictures.vocab, "threads": torch.get_num_threads(), "processes": world}
    about |= {"versions": versions(), "skipped": skipped, "pieces": dict(run.pieces)}
    save_json(about, run.folder / "recipe.json")


REPORT = ("predictions.csv", "curves.png", "confusion.png", "mistakes.png")


def report(learn: Any, names: list[str], folder: Path) -> None:
    """The accuracy, then files in `folder` that show what the network has learnt."""
    probabilities, classes = predictions(learn, learn.data.valid_dl)
    found, n = float(accuracy(probabilities, classes)), len(classes)
    print(f"accuracy: {100 * found:.1f} % of {counted(n)} that it hasn't trained on", flush=True)
    files = learn.data.valid_ds.x.items
    save_predictions(files, probabilities, classes, names, folder / REPORT[0])
    plot_curves(learn.rows.kept, learn.checkpoint.curves(), folder / REPORT[1])
    plot_confusion(confusion(probabilities, classes), names, folder / REPORT[2])
    plot_mistakes(learn, probabilities, classes, names, folder / REPORT[3])
    print(f"saved in {folder}: {', '.join(sorted(p.name for p in folder.iterdir()))}")
    worst = files[probabilities.gather(1, classes[:, None])[:, 0].argmin()]
    image, where = shlex.quote(visible(f"image={worst}")), shlex.quote(f"run={folder}")
    print(f"next    make predict {image} {where}")


def is_done(run: Run) -> bool:
    """Whether all epochs and the report are there already."""
    return run.done == run.recipe.epochs and all((run.folder / name).exists() for name in REPORT)


def planned(asked: CommandLine, pieces: Mapping[str, str] | None) -> Run:
    """The run that a command line asks for, with a folder."""
    if asked.resume:
        file = find_checkpoint(asked.resume)
        saved = load_checkpoint(file)
        recipe = recipe_of(saved)
        asked.check_unchanged(recipe)
        return Run(recipe, asked.setting(saved["setting"]), file.parent, saved, pieces or {})
    setting = asked.setting()
    start = load_checkpoint(find_checkpoint(setting.start)) if setting.start else None
    recipe = asked.recipe(recipe_of(start) if start else None)
    rank, _ = processes()
    if rank == 0 and (others := asked.side_effects(recipe)):
        print(f"set along with your options: {' '.join(others)}")
    is_theirs = bool(setting.out and Path(setting.out).expanduser().exists())
    folder = new_folder(setting.out, asked.name) if rank == 0 else Path()
    return Run(recipe, setting, folder, None, pieces or {}, start, is_theirs)


def carry_out(asked: CommandLine, pieces: Mapping[str, str] | None) -> None:
    """Train as ordered, and say what came of it."""
    rank, _ = processes()
    run = planned(asked, pieces)
    with alone_in(run.folder) if rank == 0 else nullcontext():
        if is_done(run):
            print(f"nothing left to do: {run.folder} holds all {run.done} epochs and their report")
            return
        try:
            learn = train(run)
        except (KeyboardInterrupt, OSError):
            if rank == 0 and (run.folder / CHECKPOINT).exists():
                where = shlex.quote(f"resume={run.folder}")
                print(f"\ncontinue after the last whole epoch: make train {where}")
            raise
        except SystemExit as error:  # else a training that ends too early looks like a whole one
            raise TrainError(f"sys.exit({error.code!r}) was called while training") from error
        finally:
            if rank == 0 and not run.is_theirs:
                with suppress(OSError):  # it isn't empty
                    run.folder.rmdir()
        if rank == 0:
            report(learn, class_names(learn.checkpoint.fixed["vocab"]), run.folder)


def one_line(error: Exception) -> str:
    """An error as a person can use it; one from a worker process is at the end of a traceback."""
    if isinstance(error, OSError) and error.filename:
        return visible(f"{error.filename}: {error.strerror}")
    *_, last = ["nothing more is known", *str(error).strip().splitlines()]
    return re.sub(r"^([\w.]+\.)?\w+Error: ", "", last)


ADVICE = {
    "DataLoader worker": "a process that loads pictures has died: try workers=0",
    "out of memory": "there is not enough memory: try a smaller batch_size, size or widths",
    "can't allocate memory": "there is not enough memory: try a smaller batch_size, size or widths",
    "closed by peer": "another process has stopped, and this one with it",
}


# What torch raises for options that don't go together.
OF_TORCH = (RuntimeError, ValueError, TypeError, IndexError, AssertionError, MemoryError)


def advice(error: Exception) -> str:
    """What an error of torch's means, as far as we know; else the error in one line."""
    for part, meaning in ADVICE.items():
        if part in str(error):
            return meaning
    return f"{one_line(error)} ({type(error).__name__}; traceback=1 shows where)"


def ended(name: str, work: Callable[[], int], said: Sequence[str]) -> int:
    """The exit status of `work`, which does all that the command line `said` asks for.

    An error is one line that begins with `name`, and status 2; with traceback=1 it's raised.
    """
    shown = "--traceback=1" in dashed(said) or "--traceback" in said
    with_parts = any(o.startswith("--parts") for o in dashed(said))  # which may raise anything
    caught = (Exception,) if with_parts else OF_TORCH
    printable()
    try:
        return work()
    except KeyboardInterrupt:
        return 130
    except (TrainError, DataError, OSError) as error:
        if shown:
            raise
        print(f"{name}: {one_line(error)}", file=sys.stderr)
    except caught as error:
        if shown:
            raise
        print(f"{name}: {advice(error)}", file=sys.stderr)
    return 2


def main(arguments: Sequence[str] | None = None, pieces: Mapping[str, str] | None = None) -> int:
    """Train as the command line says; the exit status.

    arguments  those of the command line, if they are others than this process's own
    pieces     whose each exercise is, to be kept with the run
    """
    said = command_line(arguments)

    def work() -> int:
        asked = parse(said, "make train")
        with joined():
            carry_out(asked, pieces)
        return 0

    return ended("train", work, said)


if __name__ == "__main__":
    end(main())
