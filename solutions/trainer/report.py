"""Report: the pictures of a run: curves, confusion, and what the network gets wrong."""

import csv
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from matplotlib.figure import Figure  # without pyplot, whose backend is the caller's business
from torch import Tensor

from ..learner import Learner
from .checkpoints import save_whole

BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#777777"


MOST = 20  # classes that a confusion matrix shows


def save_figure(fig: Figure, path: Path) -> None:
    """A PNG, whole or not at all; letters that the font lacks are boxes."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        save_whole(lambda beside: fig.savefig(beside, format="png", dpi=110), path)


def label(name: str) -> str:
    """A class name as matplotlib prints it: short, and a dollar begins no formula."""
    short = name if len(name) <= 30 else name[:29] + "…"
    return short.encode(errors="backslashreplace").decode().replace("$", r"\$")


def _bare(ax: Any, xlabel: str, ylabel: str) -> None:
    """Axes with names and without a box."""
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.spines[["top", "right"]].set_visible(False)


def plot_curves(rows: list[list[str]], curves: dict[str, list[float]], path: Path) -> None:
    """Loss, accuracy, learning rate and momentum over the epochs; `rows` starts with the header."""
    table = {name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])}
    epochs = range(1, len(rows))
    batch = [(i + 1) * len(epochs) / len(curves["loss"]) for i in range(len(curves["loss"]))]
    fig = Figure(figsize=(9, 6), layout="constrained")
    axes = fig.subplots(2, 2, sharex=True)
    loss, accuracy, lr, mom = axes.flat
    loss.plot(batch, curves["loss"], color=GREY, linewidth=0.6, alpha=0.6)
    for part, color, style in ("train", BLUE, "-"), ("valid", ORANGE, "--"):
        for ax, name in (loss, f"{part}_loss"), (accuracy, f"{part}_accuracy"):
            values = [float(v) for v in table[name]]
            ax.plot(epochs, values, style, marker="o", markersize=3, color=color)
            ax.annotate(
                part,
                (epochs[-1], values[-1]),
                xytext=(4, 0),
                textcoords="offset points",
                color=color,
            )
    lr.plot(batch, curves["lr"], color=BLUE)
    mom.plot(batch, curves["mom"], color=BLUE)
    top = sorted(curves["loss"])[int(0.99 * (len(batch) - 1))]
    loss.set_ylim(0, max(top * 1.05, 1e-3))
    labels = ("loss", "accuracy", "learning rate", "momentum")
    for ax, label in zip(axes.flat, labels, strict=True):
        _bare(ax, "epochs" if ax in (lr, mom) else "", label)
    save_figure(fig, path)


@torch.no_grad()
def predictions(learn: Learner, dl: Any) -> tuple[Tensor, Tensor]:
    """Probabilities `[n, k]` and classes `[n]` of all that `dl` holds, in its order."""
    learn.in_train = False
    learn.model.eval()
    probabilities, classes = [], []
    for learn.xb, learn.yb in dl:
        learn("begin_batch")
        probabilities.append(learn.model(learn.xb).float().softmax(1).cpu())
        classes.append(learn.yb.cpu())
    return torch.cat(probabilities), torch.cat(classes)


def save_predictions(
    files: Sequence[Path],
    probabilities: Tensor,
    classes: Tensor,
    names: list[str],
    path: Path,
) -> None:
    """A CSV file of what was predicted for each picture of the validation set."""
    sure, guess = probabilities.max(1)
    columns = zip(files, classes.tolist(), guess.tolist(), sure.tolist(), strict=True)

    def write(beside: Path) -> None:
        with beside.open("w", newline="", encoding="utf-8", errors="surrogateescape") as file:
            table = csv.writer(file)
            table.writerow(["file", "is", "predicted", "probability"])
            table.writerows([f, names[y], names[g], f"{p:.4f}"] for f, y, g, p in columns)

    save_whole(write, path)


def confusion(probabilities: Tensor, classes: Tensor) -> Tensor:
    """How many of each class (row) were taken for which (column): `[k, k]`."""
    k = probabilities.shape[1]
    return torch.bincount(classes * k + probabilities.argmax(1), minlength=k * k).view(k, k)


def most_confused(table: Tensor, most: int) -> Tensor:
    """The numbers of the `most` classes with the most mistakes, in order."""
    wrong = table.sum(1) + table.sum(0) - 2 * table.diagonal()
    return wrong.argsort(descending=True, stable=True)[:most].sort().values


def plot_confusion(table: Tensor, names: list[str], path: Path) -> None:
    """The confusion matrix, each row in percent of its class; of many classes the most confused."""
    percent, k = 100 * table / table.sum(1, keepdim=True).clamp_min(1), len(names)
    shown = most_confused(table, MOST)
    table, percent = table[shown][:, shown], percent[shown][:, shown]
    names = [label(names[i]) for i in shown.tolist()]
    side = 2.5 + 0.5 * len(names)
    fig = Figure(figsize=(side, side), layout="constrained")
    ax = fig.subplots()
    ax.imshow(percent.numpy(), cmap="Greys", vmin=0, vmax=100)
    ax.grid(False)  # a style may ask for one
    for i, j in torch.cartesian_prod(*2 * [torch.arange(len(names))]).tolist():
        if table[i, j]:
            shade = "white" if percent[i, j] > 50 else "black"
            ax.text(j, i, f"{percent[i, j]:.0f}", ha="center", va="center", color=shade, fontsize=8)
    ax.set_xticks(range(len(names)), names, rotation=45, ha="right")
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="predicted", ylabel="true, % of each class")
    if k > len(names):
        ax.set_title(f"the {len(names)} most confused of {k:,} classes", fontsize=10)
    save_figure(fig, path)


def plot_mistakes(
    learn: Learner, probabilities: Tensor, classes: Tensor, names: list[str], path: Path
) -> None:
    """The most confused pair of classes, and the mistakes that the network was surest of."""
    names = [label(name) for name in names]
    guess = probabilities.argmax(1)
    sure = probabilities.gather(1, guess[:, None])[:, 0]
    wrong = (guess != classes).nonzero()[:, 0]
    wrong = wrong[sure[wrong].argsort(descending=True)]
    table = confusion(probabilities, classes).fill_diagonal_(0)
    true, taken = divmod(int(table.argmax()), len(names))
    pair = wrong[(classes[wrong] == true) & (guess[wrong] == taken)]
    shown = [
        (f"{names[true]} taken for {names[taken]}" if len(pair) else "no mistakes", pair[:5]),
        ("surest mistakes", wrong[:5]),
        ("surest of all", sure.argsort(descending=True)[:5]),
    ]
    fig = Figure(figsize=(9, 7), layout="constrained")
    pictures = learn.data.valid_ds.x
    lines: Any = fig.subfigures(3)
    for line, (title, indices) in zip(lines, shown, strict=True):
        line.suptitle(title, x=0.01, ha="left", fontsize=10, weight="bold")
        axes = line.subplots(1, 5)
        for ax in axes:
            ax.axis("off")
        for ax, i in zip(axes, indices.tolist(), strict=False):
            ax.imshow(pictures[i].permute(1, 2, 0).numpy())
            said = f"{names[guess[i]]} {100 * sure[i]:.0f} %"
            is_wrong = guess[i] != classes[i]
            ax.set_title(f"{said}\nis {names[classes[i]]}" if is_wrong else said, fontsize=7)
    save_figure(fig, path)
