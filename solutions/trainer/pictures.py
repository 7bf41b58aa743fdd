"""Pictures: from a folder in Imagenette's layout to the batches that a recipe wants."""

import os
import signal
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..augment import CenterCrop, PilRandomFlip, RandomResizedCrop
from ..batches import DataBunch, channel_stats, databunchify
from ..item_lists import ImageList
from ..labels import (
    CategoryProcessor,
    SplitData,
    grandparent_splitter,
    label_by_func,
    parent_labeler,
)
from ..transforms import MakeRGB, ResizeFixed, to_byte_tensor, to_float_tensor
from .recipes import Recipe, TrainError
from .sketches import NAMES

SAMPLE = 256  # pictures for channel statistics and LSUV
# Forked workers begin at once; others import torch, and know nothing of a learner's pieces.
FORK = "fork" if sys.platform == "linux" else None

WOOF = {
    "n02086240": "Shih-Tzu",
    "n02087394": "Rhodesian ridgeback",
    "n02088364": "beagle",
    "n02089973": "English foxhound",
    "n02093754": "Border terrier",
    "n02096294": "Australian terrier",
    "n02099601": "golden retriever",
    "n02105641": "Old English sheepdog",
    "n02111889": "Samoyed",
    "n02115641": "dingo",
}


def class_names(vocab: Iterable[str]) -> list[str]:
    """What people call the classes, where the folders have ImageNet's numbers."""
    return [(NAMES | WOOF).get(name, name) for name in vocab]


class CheckedImages(ImageList):
    """Pictures whose errors say what can be done."""

    def get(self, item: Any) -> Any:
        """The picture in a file."""
        try:
            return super().get(item)
        except Exception as error:
            raise TrainError(f"{error}; skip_bad=1 leaves out what cannot be read") from error


@dataclass
class Pictures:
    """Loaders, class names, a sample of the training set as bytes, and what was left out."""

    data: DataBunch
    vocab: list[str]
    sample: Tensor
    skipped: list[Path]

    def stats(self) -> tuple[Tensor, Tensor]:
        """Mean and std of each channel over the sample."""
        return channel_stats(to_float_tensor(self.sample))


def train_transforms(recipe: Recipe) -> list[Any]:
    """What a training picture goes through before it is a tensor of bytes."""
    if recipe.augment == "pil":
        crop = RandomResizedCrop(recipe.size, scale=(recipe.min_area, 1.0))
        return [MakeRGB(), crop, PilRandomFlip(), to_byte_tensor]
    return valid_transforms(recipe)


def valid_transforms(recipe: Recipe) -> list[Any]:
    """The same without randomness: the lecture's squash, or the middle if training sees crops."""
    if recipe.augment == "none":
        return [MakeRGB(), ResizeFixed(recipe.size), to_byte_tensor]
    # crops on the device zoom in: a quarter more pixels keeps them sharp
    pixels = recipe.size * 5 // 4 if recipe.augment == "batch" else recipe.size
    return [MakeRGB(), CenterCrop(pixels, scale=1.0), to_byte_tensor]


def load_pictures(
    root: Path, recipe: Recipe, workers: int, device: torch.device, skip_bad: bool = False
) -> Pictures:
    """The pictures below `root`/train and `root`/val, split, labelled and in loaders."""
    files = CheckedImages.from_files(root, include=["train", "val"])
    files = files.new(sorted(files.items))  # the order on disk differs from machine to machine
    skipped = unreadable(files) if skip_bad else []
    if skipped:
        files = files.new([f for f in files.items if f not in set(skipped)])
    split = SplitData.split_by_func(files, partial(grandparent_splitter, valid_name="val"))
    for part, pictures in ("train", split.train), ("val", split.valid):
        if not len(pictures):
            raise TrainError(f"no picture in {root / part}/<class>/ that can be read")
    split.train.tfms, split.valid.tfms = train_transforms(recipe), valid_transforms(recipe)
    proc = CategoryProcessor()
    try:
        labelled = label_by_func(split, parent_labeler, proc_y=proc)
    except ValueError as error:
        raise TrainError(f"{root / 'val'}: {error}") from error
    vocab = list(proc.vocab or [])
    if len(vocab) < 2:
        raise TrainError(f"{root / 'train'} holds one class, {vocab}: nothing to tell apart")
    data = databunchify(
        labelled,
        recipe.batch_size,
        c_in=3,
        c_out=len(vocab),
        num_workers=workers,
        pin_memory=device.type == "cuda",
        worker_init_fn=ignore_interrupts,
        multiprocessing_context=FORK if workers else None,
    )
    return Pictures(data, vocab, spread(split.train, recipe), skipped)


def default_workers() -> int:
    """How many processes load pictures by default: one for each core, up to 8."""
    return min(len(os.sched_getaffinity(0)), 8) if FORK else 0


def ignore_interrupts(worker: int) -> None:
    """Ctrl-C reaches every process of a terminal; the one that trains ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def spread(pictures: ImageList, recipe: Recipe) -> Tensor:
    """A sample of `pictures`, evenly spread and the same each time, without augmentation."""
    n = min(SAMPLE, len(pictures))
    plain = CheckedImages(pictures.items, pictures.path, tfms=valid_transforms(recipe))
    return torch.stack([plain[i * len(pictures) // n] for i in range(n)])


def unreadable(files: ImageList) -> list[Path]:
    """The files that can't be read as pictures, or only half: each is decoded once to know."""
    whole = ImageList(files.items)

    def is_bad(i: int) -> bool:
        try:
            whole[i]
        except Exception:
            return True
        return False

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # Pillow decodes outside the interpreter lock
        bad = pool.map(is_bad, range(len(files)))
        return [f for f, is_bad in zip(files.items, bad, strict=True) if is_bad]
