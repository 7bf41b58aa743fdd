"""Bench: how fast the pieces are, as ratios to other ways of doing the same in the same run.

python -m solutions.trainer.bench [files|training|loader|kept|precision|where ...]
"""

# ruff: noqa: E402 - OpenMP reads its settings when torch is loaded
import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import glob
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..batches import DataBunch
from ..files import get_files
from ..learner import Learner, Recorder
from ..progress import AvgStatsCallback
from .make import command_line
from .networks import input_callbacks, make_network
from .optimization import OPTIMIZERS, loss_function, schedule_callbacks, training_callbacks
from .pictures import default_workers, load_pictures
from .precision import computes_bf16, precision_callbacks
from .recipes import RECIPES, Recipe, Setting
from .train import accuracy, find_root

FILES, FOLDERS = 13_394, 20  # as Imagenette has
BATCHES = 12
LESSON, BEST = (replace(RECIPES[name], size=64) for name in ("lesson11", "best"))


Times = dict[str, tuple[float, float]]


def medians(
    ways: Mapping[str, Callable[[], Any]],
    repeats: int,
    used_by: Callable[[], float] = time.process_time,
) -> Times:
    """Seconds by the clock and of the cores: medians of `repeats`, the ways taken in turn."""
    clock: dict[str, list[float]] = {name: [] for name in ways}
    cores: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            start, used = time.perf_counter(), used_by()
            way()
            clock[name].append(time.perf_counter() - start)
            cores[name].append(used_by() - used)
    return {name: (median(clock[name]), median(cores[name])) for name in ways}


def print_ratios(title: str, times: Times) -> None:
    """A table of times, and of ratios to the first; those of the cores hold on a busy machine."""
    first = next(iter(times.values()))
    print(f"\n{title}\n{'':24}{'milliseconds':>14}{'ratio':>8}{'of the cores':>14}")
    for name, (clock, cores) in times.items():
        ratios = clock / first[0], cores / first[1]
        print(f"{name:24}{1000 * clock:14.1f}{ratios[0]:8.2f}{ratios[1]:14.2f}")


def made_up_files(root: Path) -> None:
    """As many files as Imagenette has, in as many folders, all of them empty."""
    for i in range(FILES):
        folder = root / ("train", "val")[i % 2] / f"n{i % FOLDERS // 2:08}"
        if i < FOLDERS:
            folder.mkdir(parents=True)
        (folder / f"{folder.name}_{i}.JPEG").touch()


def walked(root: Path) -> list[Path]:
    """By `os.walk`."""
    return [Path(folder, name) for folder, _, names in os.walk(root) for name in names]


def scanned(root: Path) -> list[Path]:
    """By `os.scandir`."""
    found: list[Path] = []
    for entry in os.scandir(root):
        found += scanned(Path(entry.path)) if entry.is_dir() else [Path(entry.path)]
    return found


def path_walked(root: Path) -> list[Path]:
    """By `Path.walk`, which Python has from 3.12 on."""
    return [folder / name for folder, _, names in root.walk() for name in names]  # type: ignore


def files_of(root: Path) -> dict[str, Callable[[], list[Path]]]:
    """Ways to get the same Paths; the files are all pictures, so that no way has to look."""
    ways: dict[str, Callable[[], list[Path]]] = {
        "get_files": lambda: get_files(root, ".jpeg", recurse=True),
        "Path.rglob": lambda: list(root.rglob("*.JPEG")),
        "Path.glob": lambda: list(root.glob("**/*.JPEG")),
        "os.walk": lambda: walked(root),
        "os.scandir": lambda: scanned(root),
        "glob.glob": lambda: [
            Path(p) for p in glob.glob(os.path.join(root, "**", "*.JPEG"), recursive=True)
        ],
    }
    return ways | ({"Path.walk": lambda: path_walked(root)} if hasattr(Path, "walk") else {})


def bench_files(repeats: int = 9) -> Times:
    """`get_files` next to every other public way to the same Paths."""
    with TemporaryDirectory() as folder:
        made_up_files(Path(folder))
        ways = files_of(Path(folder))
        wanted = sorted(get_files(folder, recurse=True))
        for name, way in ways.items():
            if sorted(way()) != wanted:
                raise AssertionError(f"{name} finds other files")
        found = medians(ways, repeats)
    print_ratios(f"the Paths of {FILES:,} files", found)
    return found


def by_hand(model: nn.Module, batches: Sequence[tuple[Tensor, Tensor]], recipe: Recipe) -> None:
    """An epoch as one writes it with torch alone."""
    hypers: dict[str, Any] = {"betas": (0.9, 0.99), "eps": 1e-5, "weight_decay": 0.0}
    opt = torch.optim.AdamW(model.parameters(), lr=recipe.lr, foreach=True, **hypers)
    model.train()
    for xb, yb in batches:
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()
        opt.step()
        opt.zero_grad()


def by_learner(model: nn.Module, batches: Sequence[tuple[Tensor, Tensor]], recipe: Recipe) -> None:
    """The same epoch by the Learner, with our Adam and the callbacks that a training has."""
    learn = Learner(
        model,
        DataBunch(batches, []),
        F.cross_entropy,
        partial(OPTIMIZERS["adam"], wd=0.0),
        lr=recipe.lr,
        cbs=[*schedule_callbacks(recipe), Recorder(), AvgStatsCallback([accuracy])],
    )
    learn.logger = lambda row: None  # type: ignore[assignment]
    learn.fit(1)


def bench_training(recipe: Recipe = RECIPES["quick"], repeats: int = 15) -> Times:
    """The training loop next to a hand-written one, on the same network and batches."""
    torch.manual_seed(recipe.seed)
    shape = (recipe.batch_size, 3, recipe.size, recipe.size)
    layout = torch.channels_last
    batches = [
        (torch.randn(shape).contiguous(memory_format=layout), torch.randint(10, shape[:1]))
        for _ in range(BATCHES)
    ]
    model = make_network(recipe, 10).to(memory_format=layout)  # type: ignore[call-overload]
    ways = {
        "torch, by hand": partial(by_hand, model, batches, recipe),
        "Learner and callbacks": partial(by_learner, model, batches, recipe),
    }
    medians(ways, 1)
    found = medians(ways, repeats)
    print_ratios(f"{BATCHES} batches of the quick recipe", found)
    return found


def cpu_seconds() -> float:
    """What this process and the children that have ended have used of the cores."""
    both = (resource.getrusage(o) for o in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def exhausted(batches: Iterable[Any]) -> int:
    """The number of pictures in all batches."""
    return sum(len(xb) for xb, _ in batches)


def bench_loader(root: Path, recipe: Recipe = RECIPES["quick"]) -> dict[int, tuple[float, float]]:
    """For several numbers of workers: pictures a second, and the share of all cores in use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    found = {}
    print(f"\nloading alone, {cores} cores\n{'':24}{'pictures/s':>14}{'cores busy':>12}")
    for workers in sorted({0, 1, default_workers()}):
        pictures = load_pictures(
            root, recipe, Setting(keep="no", workers=workers), torch.device("cpu")
        )
        random.seed(recipe.seed)
        start, used = time.perf_counter(), cpu_seconds()
        n = exhausted(pictures.data.train_dl)
        seconds = time.perf_counter() - start
        found[workers] = n / seconds, (cpu_seconds() - used) / seconds / (cores or 1)
        print(f"{f'{workers} workers':24}{found[workers][0]:14.0f}{found[workers][1]:12.0%}")
    return found


class First:
    """The first `n` batches of a loader, or all with None; others each epoch."""

    def __init__(self, batches: Iterable[Any], n: int | None) -> None:
        self.batches, self.n = batches, n

    def __iter__(self) -> Iterator[Any]:
        return islice(self.batches, self.n)

    def __len__(self) -> int:
        return min(len(self.batches), self.n or len(self.batches))  # type: ignore[arg-type]


def epoch_of(
    root: Path, recipe: Recipe, setting: Setting, batches: int | None = None
) -> Callable[[], Any]:
    """An epoch of training, or its first batches, without validation; loading is done here."""
    device = torch.device("cpu")
    pictures = load_pictures(root, recipe, setting, device)
    model = make_network(recipe, len(pictures.vocab))
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    learn = Learner(
        model,
        DataBunch(First(pictures.data.train_dl, batches), []),
        loss_function(recipe),
        partial(OPTIMIZERS[recipe.optimizer], wd=recipe.wd),
        lr=recipe.lr,
        cbs=[
            *input_callbacks(recipe, *pictures.stats(), device),
            *precision_callbacks(setting.precision, device),
            *training_callbacks(recipe),
        ],
    )
    return lambda: learn.fit(1)


def compared(title: str, epochs: Mapping[str, Callable[[], Any]], repeats: int) -> Times:
    """The same epoch in several ways; each is first done once without the clock."""
    medians(epochs, 1)
    found = medians(epochs, repeats, cpu_seconds)
    print_ratios(title, found)
    return found


def bench_kept(root: Path, recipe: Recipe = LESSON, repeats: int = 3) -> Times:
    """An epoch from pictures in memory next to one from the files."""
    epochs = {
        "from the files": epoch_of(root, recipe, Setting(keep="no", precision="full")),
        "kept as bytes": epoch_of(root, recipe, Setting(keep="memory", precision="full")),
    }
    return compared(f"an epoch of lesson11 at {recipe.size} pixels", epochs, repeats)


def bench_precision(root: Path, recipe: Recipe = LESSON, repeats: int = 3) -> Times:
    """Batches in bfloat16 next to batches in float32; few, since bfloat16 may be slow here."""
    epochs = {
        name: epoch_of(root, recipe, Setting(keep="memory", precision=precision), BATCHES)
        for name, precision in (("float32", "full"), ("bfloat16", "bf16"))
    }
    fast = "computes" if computes_bf16(torch.device("cpu")) else "doesn't compute"
    title = f"{BATCHES} batches of lesson11 at {recipe.size} pixels, kept"
    return compared(f"{title}; this processor {fast} in bfloat16", epochs, repeats)


def bench_where(root: Path, recipe: Recipe = BEST, repeats: int = 5) -> Times:
    """Where the time of a batch goes, in float32."""
    device = torch.device("cpu")
    pictures = load_pictures(root, recipe, Setting(keep="no", workers=0), device)
    files = pictures.data.train_ds.x
    n = min(recipe.batch_size, len(files))
    xb = torch.stack([files[i] for i in range(n)])
    yb = torch.zeros(n, dtype=torch.long)
    net = make_network(recipe, len(pictures.vocab)).train()
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    opt = OPTIMIZERS[recipe.optimizer](net.parameters(), lr=1e-9, wd=recipe.wd)
    learn = Learner(
        net,
        DataBunch([], []),
        cbs=input_callbacks(recipe, *pictures.stats(), device),
        loss_func=loss_function(recipe),
    )
    learn.in_train = True

    def augment() -> None:
        learn.xb, learn.yb = xb, yb
        learn("begin_batch")

    def forward() -> None:
        learn.loss = learn.loss_func(net(learn.xb), yb)

    ways: dict[str, Callable[[], Any]] = {
        "decode": lambda: [files[i] for i in range(n)],
        "augment": augment,
        "forward": forward,
        "backward": lambda: learn.loss.backward(),
        "step": lambda: (opt.step(), opt.zero_grad()),
    }
    medians(ways, 1)
    found = medians(ways, repeats)
    whole = sum(cores for _, cores in found.values())
    print(f"\na batch of {n} at {recipe.size} pixels, recipe best, float32")
    print(f"{'':24}{'ms a picture':>14}{'share':>8}   of the cores")
    for name, (_, cores) in found.items():
        print(f"{name:24}{1000 * cores / n:14.2f}{cores / whole:8.0%}")
    return found


BENCHES: dict[str, Callable[[], Any]] = {
    "files": bench_files,
    "training": bench_training,
    "loader": lambda: bench_loader(find_root("sketches")),
    "kept": lambda: bench_kept(find_root("sketches")),
    "precision": lambda: bench_precision(find_root("sketches")),
    "where": lambda: bench_where(find_root("sketches")),
}


def chosen(arguments: Sequence[str]) -> Iterator[Callable[[], Any]]:
    """The benches that are asked for by name."""
    unknown = [name for name in arguments if name not in BENCHES]
    if unknown:
        raise SystemExit(f"bench: unknown {unknown[0]!r}; there are {', '.join(BENCHES)}")
    return (BENCHES[name] for name in arguments or BENCHES)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; the exit status."""
    for bench in chosen(command_line(arguments)):
        bench()
    return 0


if __name__ == "__main__":
    sys.exit(main())
