"""Recipes: named settings of the trainer, each option with its meaning."""

import math
from dataclasses import dataclass, field
from typing import Any

from . import muon, networks, optimization  # noqa: F401 - they add their parts
from .parts import PARTS, TrainError, add, few, nearest

__all__ = ["RECIPES", "Recipe", "Setting", "TrainError", "few", "nearest"]

CHOICES: dict[str, Any] = {
    "optimizer": PARTS["optimizer"],
    "schedule": PARTS["schedule"],
    "arch": PARTS["arch"],
    "augment": ("none", "pil", "batch"),
    "norm": ("none", "batch", "running"),
    "init": ("kaiming", "torch"),
    "keep": ("auto", "memory", "device", "no"),
    "precision": ("auto", "full", "bf16", "fp16"),
}
LIMITS = {
    "epochs": (1, math.inf),
    "size": (8, 2048),
    "batch_size": (1, math.inf),
    "lr": (1e-12, 1e6),
    "lr_start": (1e-12, 1),
    "lr_end": (0, 1),
    "wd": (0, math.inf),
    "leak": (0, 1),
    "min_area": (0.01, 1),
    "tilt": (0, 0.5),
    "degrees": (0, 180),
    "depth": (1, 20),
    "smooth": (0, 0.99),
    "mixup": (0, 100),
    "clip": (0, math.inf),
    "split": (0, 0.9),
    "seed": (0, 2**63 - 1),
    "workers": (0, 256),
}


def _option(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"help": meaning})


def _check(o: Any) -> None:
    """Raise TrainError if an option of `o` is none of its choices or out of its limits."""
    for name, value in vars(o).items():
        if name in CHOICES and value not in CHOICES[name]:
            raise TrainError(f"unknown {name} {value!r}: {nearest(str(value), CHOICES[name])}")
        least, most = LIMITS.get(name, (-math.inf, math.inf))
        if name in LIMITS and value is not None and not least <= value <= most:
            limit = f"at most {most}" if value > most else f"at least {least}"
            raise TrainError(f"{name} must be {limit}, not {value}")


@dataclass(frozen=True)
class Recipe:
    """All that decides how a network is trained, apart from the pictures and the machine."""

    epochs: int = _option(5, "passes over the training set")
    size: int = _option(64, "side of the pictures that the network sees, in pixels")
    batch_size: int = _option(64, "pictures in a training batch, all processes together")
    lr: float = _option(2e-3, "highest learning rate")
    optimizer: str = _option("adam", "made of the steppers and stats of kata optimizers")
    schedule: str = _option("one-cycle", "how learning rate and momentum change over the run")
    lr_start: float = _option(0.1, "one-cycle starts at this fraction of lr")
    lr_end: float = _option(1e-3, "one-cycle and cosine end at this fraction of lr")
    wd: float = _option(0.0, "weight decay")
    init: str = _option("kaiming", "initial weights: Kaiming's formula, or torch's default")
    lsuv: bool = _option(True, "scale the initial weights with LSUV (needs norm=none)")
    smooth: float = _option(0.0, "label smoothing: share of each label spread over all classes")
    mixup: float = _option(0.0, "alpha of mixup; 0 turns it off")
    clip: float = _option(0.0, "largest norm of all gradients together; 0 for no limit")
    arch: str = _option("convnet", "the plain convnet, or a residual network")
    blocks: tuple[int, ...] = _option((1, 2, 2, 1), "residual blocks in the four groups of xresnet")
    norm: str = _option("none", "batch norm: none, the usual one, or the running one")
    leak: float = _option(0.1, "slope of the activation below 0")
    augment: str = _option("batch", "none, Pillow in the loader, or whole batches on the device")
    min_area: float = _option(0.35, "smallest share of a picture that a random crop shows")
    tilt: float = _option(0.0, "perspective warp with augment=batch, as a share of the side")
    degrees: float = _option(0.0, "largest rotation with augment=batch")
    widths: tuple[int, ...] = _option((64, 64, 128, 256), "channels of the layers after the stem")
    depth: int = _option(1, "convolutions in each of these layers")
    seed: int = _option(11, "seed of all randomness")

    def __post_init__(self) -> None:
        _check(self)
        if not self.widths or min(self.widths) < 1:
            raise TrainError(f"widths must be numbers from 1 up, not {self.widths}")
        if self.lsuv and self.norm != "none":
            raise TrainError("lsuv sets what batch norm would set again: use norm=none or lsuv=0")
        if len(self.blocks) != 4 or min(self.blocks) < 1:
            raise TrainError(f"blocks must be four numbers from 1 up, not {self.blocks}")

    @property
    def stored_size(self) -> int:
        """Pixels of a side before augmentation: crops on the device zoom in and need more."""
        return self.size * 3 // 2 if self.augment == "batch" else self.size

    def without_effect(self) -> dict[str, str]:
        """The options that change nothing in this recipe, and which other option is the reason."""
        idle: dict[str, str] = {}
        if self.arch == "xresnet":
            idle |= dict.fromkeys(("widths", "depth", "norm", "leak", "lsuv"), "arch=xresnet")
        elif self.arch == "convnet":
            idle |= {"blocks": "arch=convnet"}
        if self.augment == "none":
            idle |= {"min_area": "augment=none"}
        if self.augment != "batch":
            idle |= dict.fromkeys(("degrees", "tilt"), f"augment={self.augment}")
        if self.schedule in ("cosine", "constant"):
            idle |= {"lr_start": f"schedule={self.schedule}"}
        if self.schedule == "constant":
            idle |= {"lr_end": "schedule=constant"}
        return idle


@dataclass(frozen=True)
class Setting:
    """Where the pictures come from, where the run goes, and what it may use of the machine."""

    data: str = _option(
        "sketches",
        "sketches, imagenette, imagenette-320, imagenette-full, imagewoof, a folder or an archive",
    )
    split: float = _option(0.0, "share of pictures for validation, chosen by a hash of the name")
    labels: str | None = _option(None, "CSV file with the labels, instead of folders")
    column: str = _option("", "which column of the CSV file")
    start: str | None = _option(None, "start from the weights of this run, and its head if it fits")
    parts: str | None = _option(None, "Python file with your own parts; see the trainer's README")
    out: str | None = _option(None, "folder of the run [runs/<recipe>-<number>]")
    workers: int | None = _option(None, "processes that load pictures [as many as help]")
    device: str = _option("auto", "auto, cpu, cuda, cuda:1, mps")
    keep: str = _option("auto", "where to keep the bytes of pictures that are decoded only once")
    precision: str = _option("auto", "precision of the arithmetic; auto takes bf16 where it's fast")
    compile: bool = _option(False, "compile the network; pays off after an epoch or more")
    skip_bad: bool = _option(False, "skip pictures that can't be read, and count them")
    traceback: bool = _option(False, "show where an error comes from")

    def __post_init__(self) -> None:
        _check(self)
        if self.column and not self.labels:
            raise TrainError("column= chooses from the file of labels=: name that too")


RECIPES: dict[str, Recipe] = PARTS["recipe"]
add("recipe", "quick", Recipe(batch_size=32, lr=4e-3, init="torch", min_area=0.5))
# The lecture's own: plain convnet and SGD, 72.6 % at 128 pixels with the old split.
add(
    "recipe",
    "lesson11",
    Recipe(
        size=128,
        lr=0.3,
        optimizer="sgd",
        lr_start=1 / 3,
        lr_end=1 / 6,
        lsuv=False,
        norm="batch",
        leak=0.0,
        augment="none",
    ),
)
add(
    "recipe",
    "best",
    Recipe(
        size=128,
        batch_size=128,
        lr=6e-3,
        optimizer="muon",
        wd=0.02,
        init="torch",
        lsuv=False,
        arch="xresnet",
        smooth=0.1,
        min_area=0.5,
    ),
)
