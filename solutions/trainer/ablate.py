"""Ablate: what each ingredient of a recipe is worth, by training without it.

    python -m solutions.trainer.ablate                     sketches, the quick recipe, one seed
    python -m solutions.trainer.ablate seeds=3
    python -m solutions.trainer.ablate data=PATH size=64 epochs=5

All options of the trainer are options here too. The table goes to standard output, the progress
of the trainings to standard error.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from .datasets import DataError
from .make import command_line
from .options import dashed, parse
from .recipes import Recipe, Setting, TrainError
from .train import Run, one_line, train

# An ingredient that is taken away is replaced by what people used before it, at a learning rate
# that suits what is left: the row, which recipes have the ingredient, and what they get instead.
WITHOUT: list[tuple[str, Callable[[Recipe], bool], dict[str, Any]]] = [
    ("without one-cycle", lambda o: o.schedule != "constant", {"schedule": "constant"}),
    ("without LSUV", lambda o: o.lsuv, {"lsuv": False}),
    (
        "Kaiming's formula instead of LSUV",
        lambda o: o.lsuv and o.init != "kaiming",  # else it's the row before
        {"lsuv": False, "init": "kaiming"},
    ),
    ("Adam instead of Muon", lambda o: o.optimizer == "muon", {"optimizer": "adam"}),
    (
        "momentum instead of Adam",
        lambda o: o.optimizer in ("adam", "lamb"),
        {"optimizer": "momentum", "lr": 0.03},
    ),
    (
        "plain convnet instead of residual blocks",
        lambda o: o.arch == "xresnet",
        {"arch": "convnet", "norm": "batch"},
    ),
    ("without label smoothing", lambda o: o.smooth > 0, {"smooth": 0.0}),
    ("without augmentation", lambda o: o.augment != "none", {"augment": "none"}),
]
PLAIN: dict[str, Any] = {
    "arch": "convnet",
    "smooth": 0.0,
    "optimizer": "sgd",
    "lr": 0.1,
    "schedule": "constant",
    "init": "torch",
    "lsuv": False,
    "norm": "none",
    "augment": "none",
}


def variants(name: str, full: Recipe) -> Iterator[tuple[str, Recipe]]:
    """The recipe, the recipe without one ingredient each that it has, and the plain floor."""
    yield f"**{name}**", full
    for row, has, changes in WITHOUT:
        if has(full):
            yield row, replace(full, **changes)
    yield "plain SGD, none of these", replace(full, **PLAIN)


def trained(recipe: Recipe, setting: Setting) -> tuple[float, float]:
    """Accuracy in percent after the last epoch, and seconds of training."""
    with TemporaryDirectory() as folder, redirect_stdout(sys.stderr):
        start = time.perf_counter()
        learn = train(Run(recipe, setting, Path(folder)))
        seconds = time.perf_counter() - start
    header, *_, last = learn.rows.kept  # type: ignore[attr-defined]
    return 100 * float(last[header.index("valid_accuracy")]), seconds


def table(rows: dict[str, list[tuple[float, float]]]) -> str:
    """Markdown: accuracy, its spread over the seeds, what it lacks to the first row, seconds."""
    lines = [
        "| recipe | accuracy, % | over the seeds | difference | seconds |",
        "|---|---|---|---|---|",
    ]
    full = mean(accuracy for accuracy, _ in next(iter(rows.values())))
    for name, runs in rows.items():
        found = [accuracy for accuracy, _ in runs]
        spread = f"{min(found):.1f} to {max(found):.1f}" if len(found) > 1 else "one seed"
        seconds = mean(s for _, s in runs)
        lack = f"{mean(found) - full:+.1f}" if mean(found) != full else ""
        lines.append(f"| {name} | {mean(found):.1f} | {spread} | {lack} | {seconds:.0f} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train all variants and print the table; the exit status."""
    own = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    own.add_argument("--seeds", type=int, default=1)
    rows: dict[str, list[tuple[float, float]]] = {}
    try:
        found, rest = own.parse_known_args(dashed(command_line(arguments)))
        asked = parse(rest, "make ablate [seeds=N]")
        for name, recipe in variants(asked.name, asked.recipe()):
            for seed in range(recipe.seed, recipe.seed + max(1, found.seeds)):
                print(f"{name}, seed {seed}", file=sys.stderr)
                result = trained(replace(recipe, seed=seed), asked.setting())
                rows.setdefault(name, []).append(result)
    except (TrainError, DataError, OSError) as error:
        print(f"ablate: {one_line(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    finally:  # hours of training aren't lost to what ends them
        if rows:
            print(table(rows), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
