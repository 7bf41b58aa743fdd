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
from collections.abc import Mapping, Sequence
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
from ..progress import AvgStatsCallback, CSVLogger, ProgressCallback
from .checkpoints import (
    CHECKPOINT,
    Checkpoint,
    Interrupts,
    OldRows,
    Resume,
    Rows,
    Watch,
    find_checkpoint,
    load_checkpoint,
    new_folder,
    save_json,
)
from .datasets import DataError, find_data
from .distributed import SharedStats, end, first_alone, joined, processes, shard
from .make import command_line
from .networks import initialise, input_callbacks, make_network, network_input
from .optimization import OPTIMIZERS, loss_function, training_callbacks
from .options import CommandLine, parse
from .pictures import Pictures, class_names, load_pictures
from .precision import precision_callbacks
from .recipes import Recipe, Setting, TrainError
from .report import confusion, plot_confusion, plot_curves, plot_mistakes, predictions
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
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise TrainError(f"no device {name!r} here ({reason})") from error
    if device.type == "cuda":
        torch.cuda.set_device(device)
    return device


def find_root(data: str) -> Path:
    """The folder with `train` and `val` that `data` stands for, drawn or downloaded if need be."""
    return draw_sketches(CACHE / "sketches") if data == "sketches" else find_data(data, CACHE)


def record_callbacks(checkpoint: Checkpoint, saved: dict[str, Any] | None) -> list[Callback]:
    """What keeps a record of the training, and continues an earlier one."""
    rank, world = processes()
    cbs: list[Callback] = [Recorder(), Watch(), Interrupts(), Rows(), checkpoint]
    cbs += [SharedStats([accuracy]) if world > 1 else AvgStatsCallback([accuracy])]
    cbs += [Resume(saved), OldRows(saved["rows"][1:])] if saved else []
    if rank == 0:
        cbs += [CSVLogger(checkpoint.path.with_name("metrics.csv"))]
        cbs += [ProgressCallback()] if sys.stderr.isatty() else []
    return cbs


def print_row(row: Sequence[str]) -> None:
    """A row of the table without a terminal, and so without bars."""
    print("  ".join(f"{cell:>14}" for cell in row), flush=True)


def no_row(row: Sequence[str]) -> None:
    """The table of all processes but the first."""


def versions() -> dict[str, str]:
    """What the training ran on."""
    found = {m.__name__: str(m.__version__) for m in (torch, PIL, numpy, matplotlib)}
    return {"python": platform.python_version(), "machine": platform.platform()} | found


@dataclass
class Run:
    """One training: how, on what, where it is kept, and the checkpoint that it continues.

    pieces  whose each exercise is, for the record
    """

    recipe: Recipe
    setting: Setting
    folder: Path
    saved: dict[str, Any] | None = None
    pieces: Mapping[str, str] = field(default_factory=dict)

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
    with first_alone():
        root = find_root(run.setting.data)
    pictures = load_pictures(root, run.recipe, run.setting, device)
    if run.saved and run.saved["vocab"] != pictures.vocab:
        raise TrainError(f"{root} has other classes than the run that is to continue")
    return pictures


def find_network(run: Run, pictures: Pictures, device: torch.device) -> nn.Module:
    """The network on its device, with the weights of the checkpoint or with its first ones."""
    net = make_network(run.recipe, len(pictures.vocab))
    net.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    if run.saved:
        net.load_state_dict(run.saved["model"])
    else:
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
    fixed |= {"mean": mean, "std": std}
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
    skipped = [str(path) for path in pictures.skipped]
    if skipped:
        print(f"left out, since they can't be read: {len(skipped)} pictures, such as {skipped[0]}")
    about: dict[str, Any] = {"recipe": asdict(run.recipe), "setting": asdict(run.setting)}
    about |= {"vocab": pictures.vocab, "threads": torch.get_num_threads(), "processes": world}
    about |= {"versions": versions(), "skipped": skipped, "pieces": dict(run.pieces)}
    save_json(about, run.folder / "recipe.json")


def report(learn: Any, names: list[str], folder: Path) -> tuple[float, Path]:
    """Pictures of what the network has learnt, in `folder`: its accuracy, and its worst mistake."""
    probabilities, classes = predictions(learn, learn.data.valid_dl)
    plot_curves(learn.rows.kept, learn.checkpoint.curves(), folder / "curves.png")
    plot_confusion(confusion(probabilities, classes), names, folder / "confusion.png")
    plot_mistakes(learn, probabilities, classes, names, folder / "mistakes.png")
    worst = probabilities.gather(1, classes[:, None])[:, 0].argmin()
    return float(accuracy(probabilities, classes)), learn.data.valid_ds.x.items[worst]


def carry_out(asked: CommandLine, pieces: Mapping[str, str] | None) -> None:
    """Train as ordered, and say what came of it."""
    rank, _ = processes()
    if asked.resume:
        file = find_checkpoint(asked.resume)
        saved, folder = load_checkpoint(file), file.parent
        recipe, setting = Recipe(**saved["recipe"]), asked.setting(saved["setting"])
        asked.check_unchanged(recipe)
    else:
        saved, recipe, setting = None, asked.recipe(), asked.setting()
        if rank == 0 and (others := asked.side_effects()):
            print(f"set along with your options: {' '.join(others)}")
        folder = new_folder(setting.out, asked.name) if rank == 0 else Path()
    run = Run(recipe, setting, folder, saved, pieces or {})
    try:
        learn = train(run)
    except (KeyboardInterrupt, OSError):
        if rank == 0 and (folder / CHECKPOINT).exists():
            where = shlex.quote(f"resume={folder}")
            print(f"\ncontinue after the last whole epoch: make train {where}")
        raise
    if rank == 0:
        found, worst = report(learn, class_names(learn.checkpoint.fixed["vocab"]), folder)
        n = len(learn.data.valid_ds)
        print(f"accuracy: {100 * found:.1f} % of {n:,} pictures that it hasn't trained on")
        print(f"saved in {folder}: {', '.join(sorted(p.name for p in folder.iterdir()))}")
        image, where = shlex.quote(f"image={worst}"), shlex.quote(f"run={folder}")
        print(f"next    make predict {image} {where}")


def one_line(error: Exception) -> str:
    """An error as a person can use it; one from a worker process is at the end of a traceback."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return re.sub(r"^([\w.]+\.)?\w+Error: ", "", str(error).strip().splitlines()[-1])


ADVICE = {
    "DataLoader worker": "a process that loads pictures has died: try workers=0",
    "out of memory": "there is not enough memory: try a smaller batch_size, size or widths",
    "can't allocate memory": "there is not enough memory: try a smaller batch_size, size or widths",
    "closed by peer": "another process has stopped, and this one with it",
}


def advice(error: RuntimeError) -> str:
    """What torch means by its error, if it isn't a bug; else the error once more."""
    for part, meaning in ADVICE.items():
        if part in str(error):
            return meaning
    raise error


def main(arguments: Sequence[str] | None = None, pieces: Mapping[str, str] | None = None) -> int:
    """Train as the command line says; the exit status.

    arguments  those of the command line, if they are others than this process's own
    pieces     whose each exercise is, to be kept with the run
    """
    try:
        asked = parse(command_line(arguments), "make train")
        with joined():
            carry_out(asked, pieces)
    except (TrainError, DataError, OSError) as error:
        print(f"train: {one_line(error)}", file=sys.stderr)
        return 2
    except RuntimeError as error:
        print(f"train: {advice(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    end(main())
