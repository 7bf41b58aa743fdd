"""Bench: how fast the pieces are, as ratios to other ways of doing the same in the same run.

python -m solutions.trainer.bench [files|training|loader ...]      all three without a name
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
from functools import partial
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
from .networks import make_network
from .optimization import OPTIMIZERS, schedule_callbacks
from .pictures import default_workers, load_pictures
from .recipes import RECIPES, Recipe, Setting
from .train import accuracy, find_root

FILES, FOLDERS = 13_394, 20  # as Imagenette has
BATCHES = 12


Times = dict[str, tuple[float, float]]


def medians(ways: Mapping[str, Callable[[], Any]], repeats: int) -> Times:
    """Seconds by the clock and of the cores: medians of `repeats`, the ways taken in turn."""
    clock: dict[str, list[float]] = {name: [] for name in ways}
    cores: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            start, used = time.perf_counter(), time.process_time()
            way()
            clock[name].append(time.perf_counter() - start)
            cores[name].append(time.process_time() - used)
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


BENCHES: dict[str, Callable[[], Any]] = {
    "files": bench_files,
    "training": bench_training,
    "loader": lambda: bench_loader(find_root("sketches")),
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
