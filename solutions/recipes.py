"""Recipes: named settings of the trainer, each option with its meaning."""

from dataclasses import dataclass, field, fields
from typing import Any

CHOICES = {
    "optimizer": ("sgd", "momentum", "adam", "lamb"),
    "schedule": ("one-cycle", "cosine", "constant"),
    "augment": ("none", "pil", "batch"),
    "norm": ("none", "batch", "running"),
}


class TrainError(Exception):
    """Something that the person who started the training can mend; its text is one line."""


def _option(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"help": meaning})


@dataclass(frozen=True)
class Recipe:
    """All that decides how a network is trained, apart from the pictures and the machine."""

    epochs: int = _option(5, "passes over the training set")
    size: int = _option(64, "pixels of a side of what the network sees")
    batch_size: int = _option(64, "pictures in a training batch, of each process")
    lr: float = _option(2e-3, "highest learning rate")
    optimizer: str = _option("adam", "which optimizer of kata `optimizers`")
    schedule: str = _option("one-cycle", "course of learning rate and momentum")
    lr_start: float = _option(0.1, "one-cycle begins at this share of lr")
    lr_end: float = _option(1e-3, "one-cycle and cosine end at this share of lr")
    wd: float = _option(0.0, "weight decay")
    lsuv: bool = _option(True, "initialise with LSUV (needs norm=none)")
    norm: str = _option("none", "batch norm: none, the usual one, or the running one")
    leak: float = _option(0.1, "slope of the activation below 0")
    augment: str = _option("pil", "none; in the loader with Pillow; whole batches on the device")
    min_area: float = _option(0.35, "least share of a picture that a random crop shows")
    tilt: float = _option(0.0, "perspective of whole-batch augmentation, share of a picture")
    degrees: float = _option(0.0, "greatest angle of whole-batch augmentation")
    widths: tuple[int, ...] = _option((64, 64, 128, 256), "channels of the layers after the stem")
    seed: int = _option(11, "of all randomness")

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise TrainError(f"{name} is one of {', '.join(choices)}, not {getattr(self, name)!r}")
        for name, least in {"epochs": 1, "size": 8, "batch_size": 1}.items():
            if getattr(self, name) < least:
                raise TrainError(f"{name} must be at least {least}, not {getattr(self, name)}")
        if not self.lr > 0:
            raise TrainError(f"lr must be above 0, not {self.lr}")
        if not self.widths or min(self.widths) < 1:
            raise TrainError(f"widths must be numbers from 1 up, not {self.widths}")
        if not 0 < self.min_area <= 1:
            raise TrainError(f"min_area is a share of the picture, above 0 up to 1, not {self.min_area}")
        if self.lsuv and self.norm != "none":
            raise TrainError("lsuv sets what batch norm would set again: use norm=none or lsuv=0")


OPTIONS = {f.name: f for f in fields(Recipe)}

RECIPES = {
    "quick": Recipe(),
    # The lecture's own: plain convnet and SGD, 72.6 % at 128 pixels with the old split.
    "lesson11": Recipe(
        size=128,
        lr=0.3,
        optimizer="sgd",
        lr_start=1 / 3,
        lr_end=1 / 6,
        lsuv=False,
        norm="batch",
        augment="none",
    ),
    "best": Recipe(
        size=128, lr=4e-3, wd=0.05, lsuv=False, norm="batch", widths=(96, 128, 256, 512)
    ),
}
