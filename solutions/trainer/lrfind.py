"""Lrfind: the loss over the learning rate, and the rates that suit a recipe.

    make lrfind                                  sketches, the quick recipe
    make lrfind data=PATH recipe=best size=64    any option of a training

The search trains for a hundred batches, with a rate that grows from one to the next. Nothing of it
is kept but the curve, in lrfind.png and lrfind.csv.
"""

from .make import quiet_start, started

if __name__ == "__main__":
    quiet_start("lrfind")

import csv
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure
from tqdm.auto import tqdm

from ..batches import DataBunch
from ..learner import Callback, Learner, LRFind, Recorder
from .checkpoints import find_checkpoint, load_checkpoint, recipe_of, save_whole
from .make import command_line
from .networks import input_callbacks
from .optimization import OPTIMIZERS, loss_function, training_callbacks
from .options import CommandLine, parse
from .precision import precision_callbacks
from .recipes import Recipe, TrainError
from .report import save_figure
from .train import Run, ended, find_device, find_network, find_pictures, seed_everything

BATCHES, LEAST, MOST = 100, 1e-6, 10.0


class Bar(Callback):
    """A bar that counts the batches of the search."""

    def begin_fit(self) -> None:
        """Open it."""
        self.bar = tqdm(total=BATCHES, desc="searching", unit="batch", disable=None, leave=False)

    def after_batch(self) -> None:
        """One more."""
        self.bar.update()

    def after_fit(self) -> None:
        """Close it."""
        self.bar.close()


def search(recipe: Recipe, run: Run) -> tuple[list[float], list[float]]:
    """The learning rates that were tried, and the loss of the batch after each step before."""
    device = find_device(run.setting.device)
    seed_everything(recipe.seed)
    pictures = find_pictures(run, device)
    net = find_network(run, pictures, device)
    found = Recorder()
    constant = replace(recipe, schedule="constant")  # the search sets the rate itself
    learn = Learner(
        net,
        DataBunch(pictures.data.train_dl, []),
        loss_function(recipe),
        partial(OPTIMIZERS[recipe.optimizer], wd=recipe.wd),
        lr=recipe.lr,
        cbs=[
            *input_callbacks(recipe, *pictures.stats(), device),
            *precision_callbacks(run.setting.precision, device),
            *(o for o in training_callbacks(constant) if o.name != "param_scheduler"),
            *(LRFind(BATCHES, LEAST, MOST), found, Bar()),
        ],
    )
    learn.fit(math.ceil(BATCHES / max(1, len(pictures.data.train_dl))))
    return found.lrs[-1], [float(o) for o in found.losses]


def smoothed(losses: Sequence[float]) -> list[float]:
    """Each loss as a mean over its neighbours."""
    reach = max(1, len(losses) // 20)
    parts = (losses[max(0, i - reach) : i + reach + 1] for i in range(len(losses)))
    return [sum(part) / len(part) for part in parts]


def suggested(lrs: Sequence[float], losses: Sequence[float]) -> tuple[float, float]:
    """The rate of the steepest descent, and a tenth of the one with the least loss."""
    smooth = [o for o in smoothed(losses) if math.isfinite(o)]
    if len(smooth) < 10:
        raise TrainError("the loss explodes at once: no learning rate from 1e-6 up can be told")
    least = min(range(len(smooth)), key=smooth.__getitem__)
    slopes = [smooth[i + 1] - smooth[i - 1] for i in range(1, max(2, least))]
    steepest = 1 + min(range(len(slopes)), key=slopes.__getitem__)
    return lrs[steepest], lrs[least] / 10


def plot(lrs: Sequence[float], losses: Sequence[float], rates: Sequence[float], path: Path) -> None:
    """The curve, and where the suggestions lie on it."""
    fig = Figure(figsize=(7, 4), layout="constrained")
    ax = fig.subplots()
    ax.plot(lrs, losses, color="#777777", linewidth=0.6)
    ax.plot(lrs, smoothed(losses), color="#0072b2")
    for rate in rates:
        ax.axvline(rate, color="#d55e00", linestyle="--", linewidth=0.8)
    finite = sorted(o for o in losses if math.isfinite(o))
    ax.set(xscale="log", xlabel="learning rate", ylabel="loss")
    ax.set_ylim(0, 1.5 * finite[len(finite) // 2])
    save_figure(fig, path)


def save_curve(lrs: Sequence[float], losses: Sequence[float], path: Path) -> None:
    """The curve as numbers."""

    def write(beside: Path) -> None:
        with beside.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("lr", "loss"), *zip(lrs, losses, strict=True)])

    save_whole(write, path)


def carry_out(asked: CommandLine) -> int:
    """Search, draw, and say what to try."""
    if asked.resume:
        raise TrainError("resume= is a training's: start=RUN searches from the weights of a run")
    setting = asked.setting()
    start = load_checkpoint(find_checkpoint(setting.start)) if setting.start else None
    recipe = asked.recipe(recipe_of(start) if start else None)
    folder = Path(setting.out or ".").expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    lrs, losses = search(recipe, Run(recipe, setting, folder, start=start))
    steepest, tenth = suggested(lrs, losses)
    plot(lrs, losses, (steepest, tenth), folder / "lrfind.png")
    save_curve(lrs, losses, folder / "lrfind.csv")
    print(
        f"the loss falls fastest at lr={steepest:.2g}; a tenth of where it's least is {tenth:.2g}"
    )
    print(f"saved in {folder}: lrfind.csv, lrfind.png; the recipe has lr={recipe.lr:.2g}")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Search as the command line says; the exit status."""
    said = command_line(arguments)
    return ended("lrfind", lambda: carry_out(parse(said, "make lrfind")), said)


if __name__ == "__main__":
    started()
    sys.exit(main())
