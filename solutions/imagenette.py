"""Imagenette: the trainer, made of the pieces of all sixteen katas.

python -m solutions.imagenette                           sketches, the quick recipe
python -m solutions.imagenette data=imagenette recipe=lesson11 size=64
python -m solutions.imagenette resume=runs/quick-1
torchrun --nproc-per-node 2 -m solutions.imagenette      several processes or GPUs
"""

import os
import platform
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib
import numpy
import PIL
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel

from .archives import DataError, find_data
from .batch_augment import BatchAugment
from .batches import normalize_chan
from .learner import (
    BatchTransformXCallback,
    Callback,
    DeviceCallback,
    Learner,
    ParamScheduler,
    Recorder,
)
from .networks import initialise, make_network
from .optimizers import adam_opt, lamb_opt, sgd_mom_opt, sgd_opt
from .pictures import class_names, load_pictures
from .progress import AvgStatsCallback, CSVLogger, ProgressCallback
from .recipes import Order, Recipe, Setting, TrainError, parse
from .report import confusion, plot_confusion, plot_curves, plot_mistakes, predictions
from .runs import (
    Checkpoint,
    OldRows,
    Resume,
    Rows,
    SharedStats,
    Watch,
    find_checkpoint,
    load_checkpoint,
    new_folder,
    processes,
    save_json,
    shard,
)
from .schedules import Schedule, combine_scheds, cos_1cycle_anneal, sched_cos, sched_no
from .transforms import to_float_tensor

CACHE = Path("data")  # downloads, unpacked archives and sketches
OPTIMIZERS = {"sgd": sgd_opt, "momentum": sgd_mom_opt, "adam": adam_opt, "lamb": lamb_opt}


def accuracy(pred: Tensor, yb: Tensor) -> Tensor:
    """The share of a batch for which the class with the highest score is the right one."""
    return (pred.argmax(dim=1) == yb).float().mean()


def find_device(name: str) -> torch.device:
    """The device called `name`; `auto` is a GPU if there is one, this process's own of several."""
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
        return torch.device("cpu")
    try:
        torch.zeros(1, device=name)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise TrainError(f"device {name!r} is not to be had here ({reason})") from error
    return torch.device(name)


def find_root(data: str) -> Path:
    """The folder with `train` and `val` that `data` stands for, drawn or downloaded if need be."""
    if data != "sketches":
        return find_data(data, CACHE)
    from .sketches import draw_sketches

    return draw_sketches(CACHE / "sketches")


def network_input(
    x: Tensor, mean: Tensor, std: Tensor, layout: torch.memory_format = torch.channels_last
) -> Tensor:
    """A batch of bytes or of floats 0..1 as the network takes it: normalized, channels last."""
    floats = to_float_tensor(x) if x.dtype == torch.uint8 else x
    return normalize_chan(floats, mean, std).contiguous(memory_format=layout)


def input_callbacks(
    recipe: Recipe, mean: Tensor, std: Tensor, device: torch.device
) -> list[Callback]:
    """What turns a batch of the loader into the network's input."""
    normalize = BatchTransformXCallback(partial(network_input, mean=mean, std=std))
    if recipe.augment != "batch":
        return [DeviceCallback(device), normalize]
    normalize._order = 3  # after the augmentation, whose order is 2 as well
    zoom, area = 1.0, (recipe.min_area, 1.0)  # the crop zooms already
    augment = BatchAugment(
        recipe.size, degrees=recipe.degrees, zoom=zoom, scale=area, tilt=recipe.tilt
    )
    return [DeviceCallback(device), augment, normalize]


def schedules(recipe: Recipe, has_momentum: bool) -> list[Callback]:
    """The course of the learning rate, and with one-cycle that of the momentum."""
    lr, start, end = recipe.lr, recipe.lr * recipe.lr_start, recipe.lr * recipe.lr_end
    one_cycle: Callable[..., Schedule] = partial(combine_scheds, [0.3, 0.7])
    course = {
        "one-cycle": one_cycle(cos_1cycle_anneal(start, lr, end)),
        "cosine": sched_cos(lr, end),
        "constant": sched_no(lr, lr),
    }[recipe.schedule]
    momentum = ParamScheduler("mom", one_cycle(cos_1cycle_anneal(0.95, 0.85, 0.95)))
    both = has_momentum and recipe.schedule == "one-cycle"
    return [ParamScheduler("lr", course), *([momentum] if both else [])]


def print_row(row: Sequence[str]) -> None:
    """A row of the table where there is no terminal, and so no bars."""
    print("  ".join(f"{cell:>14}" for cell in row), flush=True)


def watchers(saved: dict[str, Any] | None, checkpoint: Checkpoint, folder: Path) -> list[Callback]:
    """What keeps a record of the training, and what goes on with an earlier one."""
    rank, world = processes()
    rows = saved["rows"] if saved else []
    cbs: list[Callback] = [Recorder(), Watch(), Rows(), checkpoint]
    cbs += [SharedStats([accuracy]) if world > 1 else AvgStatsCallback([accuracy])]
    cbs += [Resume(saved), OldRows(rows[1:])] if saved else []
    if rank == 0:
        cbs += [CSVLogger(folder / "metrics.csv")]
        cbs += [ProgressCallback()] if sys.stderr.isatty() else []
    return cbs


def versions() -> dict[str, str]:
    """What the training ran on."""
    modules = (torch, PIL, numpy, matplotlib)
    found = {module.__name__: str(module.__version__) for module in modules}
    return {"python": platform.python_version(), "machine": platform.platform()} | found


def train(
    recipe: Recipe,
    setting: Setting,
    folder: Path,
    saved: dict[str, Any] | None = None,
    pieces: Mapping[str, str] | None = None,
) -> float:
    """A network trained by `recipe`, with all that is worth keeping in `folder`: its accuracy.

    saved   the checkpoint to go on from
    pieces  whose the exercises are, for the record
    """
    rank, world = processes()
    device = find_device(setting.device)
    root = find_root(setting.data)
    random.seed(recipe.seed)
    torch.manual_seed(recipe.seed)
    workers = default_workers() if setting.workers is None else setting.workers
    pictures = load_pictures(root, recipe, workers, device, setting.skip_bad)
    if pictures.skipped and rank == 0:
        print(f"left out {len(pictures.skipped)} pictures that cannot be read:")
        print("\n".join(f"  {path}" for path in pictures.skipped[:5]))
    if saved and saved["vocab"] != pictures.vocab:
        raise TrainError(f"{root} has other classes than the run to go on with")
    mean, std = pictures.stats()
    net = make_network(recipe, len(pictures.vocab))
    net.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    inputs = input_callbacks(recipe, mean, std, device)
    if saved:
        net.load_state_dict(saved["model"])
    else:
        initialise(net, recipe, network_input(pictures.sample.to(device), mean, std))
    fixed = {
        "recipe": asdict(recipe),
        "setting": asdict(setting) | {"workers": workers},
        "vocab": pictures.vocab,
        "mean": mean,
        "std": std,
    }
    if rank == 0:
        about = {"versions": versions(), "threads": torch.get_num_threads(), "processes": world}
        kept = {k: fixed[k] for k in ("recipe", "setting", "vocab")} | about
        kept["skipped"] = [str(path) for path in pictures.skipped]
        save_json(kept | {"pieces": dict(pieces or {})}, folder / "recipe.json")
    model: nn.Module = net
    data = pictures.data
    done = saved["epoch"] if saved else 0
    if world > 1:
        ids = [device.index or 0] if device.type == "cuda" else None
        model, data = DistributedDataParallel(net, ids), shard(data, recipe.seed, done)
        random.seed(f"{recipe.seed} {rank}")  # each process augments in its own way
        torch.manual_seed(recipe.seed + rank)
    opt_func = partial(OPTIMIZERS[recipe.optimizer], wd=recipe.wd)
    has_momentum = recipe.optimizer != "sgd"
    checkpoint = Checkpoint(folder / "checkpoint.pt", net, fixed, saved and saved["curves"])
    learn = Learner(
        model,
        data,
        F.cross_entropy,
        opt_func,
        lr=recipe.lr,
        cbs=[*inputs, *schedules(recipe, has_momentum), *watchers(saved, checkpoint, folder)],
    )
    learn.logger = print_row if rank == 0 else lambda row: None
    learn.fit(recipe.epochs - done)
    if rank:
        return float("nan")
    learn.model, learn.data = net, pictures.data
    return report(learn, class_names(pictures.vocab), checkpoint, folder)


def report(learn: Learner, names: list[str], checkpoint: Checkpoint, folder: Path) -> float:
    """Pictures of what the network has learnt, in `folder`; its accuracy."""
    probabilities, classes = predictions(learn, learn.data.valid_dl)
    plot_curves(learn.rows.kept, checkpoint.curves, folder / "curves.png")
    plot_confusion(confusion(probabilities, classes), names, folder / "confusion.png")
    plot_mistakes(learn, probabilities, classes, names, folder / "mistakes.png")
    return float(accuracy(probabilities, classes))


def default_workers() -> int:
    """Processes that load pictures, for this machine."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, 8)


@contextmanager
def joined() -> Iterator[None]:
    """With the other processes, if torchrun has started several."""
    if int(os.environ.get("WORLD_SIZE", 1)) == 1:
        yield
        return
    dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    try:
        yield
    finally:
        dist.destroy_process_group()


def carry_out(order: Order, pieces: Mapping[str, str] | None) -> None:
    """Train as ordered, and say what came of it."""
    saved, folder = None, Path()
    if order.resume:
        file = find_checkpoint(order.resume)
        saved, folder = load_checkpoint(file), file.parent
        recipe = Recipe(**saved["recipe"] | {"widths": tuple(saved["recipe"]["widths"])})
        order.check_unchanged(recipe)
        setting = order.setting(saved["setting"])
    else:
        recipe, setting = order.recipe(), order.setting()
    if processes()[0] == 0 and not saved:
        folder = new_folder(setting.out, order.name)
    try:
        found = train(recipe, setting, folder, saved, pieces)
    except KeyboardInterrupt:
        if (folder / "checkpoint.pt").exists():
            print(f"\nstopped; go on with: make train resume={folder}", file=sys.stderr)
        raise
    if processes()[0] == 0:
        print(f"accuracy {100 * found:.1f} % in validation after {recipe.epochs} epochs")
        print(f"saved in {folder}: {', '.join(sorted(p.name for p in folder.iterdir()))}")
        print(f"next: make predict image=FILE run={folder}")


def main(arguments: Sequence[str] | None = None, pieces: Mapping[str, str] | None = None) -> int:
    """Train as the command line says; the exit status.

    arguments  those of the command line, if they are others than this process's own
    pieces     whose each exercise is, to be kept with the run
    """
    try:
        order = parse(sys.argv[1:] if arguments is None else arguments, "make train")
        with joined():
            carry_out(order, pieces)
    except (TrainError, DataError, OSError) as error:
        print(f"train: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
