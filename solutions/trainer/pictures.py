"""Pictures: from a folder to the batches that a recipe wants."""

import os
import signal
import sys
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import BatchSampler, DataLoader

from ..augment import CenterCrop, PilRandomFlip, RandomResizedCrop
from ..batches import DataBunch, channel_stats, databunchify
from ..item_lists import ImageList
from ..labels import (
    CategoryProcessor,
    SplitData,
    label_by_func,
)
from ..transforms import MakeRGB, ResizeFixed, to_byte_tensor, to_float_tensor
from .distributed import with_batches
from .folders import check_labels, read_layout
from .kept import kept, place_for
from .make import visible
from .opening import as_plain
from .recipes import Recipe, Setting, TrainError
from .sketches import NAMES

SAMPLE = 256  # pictures for channel statistics and LSUV
FLAT = 1e-4  # a standard deviation below it is that of one colour
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
            with warnings.catch_warnings():  # Pillow's of huge pictures, and of some palettes
                warnings.simplefilter("ignore")
                return as_plain(super().get(item), item)
        except Exception as error:
            told = visible(f"{error}; skip_bad=1 leaves out what cannot be read")
            raise TrainError(told) from error


@dataclass
class Pictures:
    """Loaders, class names, a sample of the training set as bytes, and what was left out.

    left_out     names of what isn't used, by the reason
    fingerprint  what changes with any name, size or label of a file
    """

    data: DataBunch
    vocab: list[str]
    sample: Tensor
    skipped: list[Path]
    left_out: dict[str, list[str]]
    fingerprint: str

    def stats(self) -> tuple[Tensor, Tensor]:
        """Mean and std of each channel over the sample; a channel without variation has std 1."""
        mean, std = channel_stats(to_float_tensor(self.sample))
        if std.max() < FLAT:
            raise TrainError("all pictures have one and the same colour: nothing to tell apart")
        return mean, torch.where(std < FLAT, torch.ones_like(std), std)


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
    return [MakeRGB(), CenterCrop(recipe.stored_size, scale=1.0), to_byte_tensor]


def load_pictures(root: Path, recipe: Recipe, setting: Setting, device: torch.device) -> Pictures:
    """The pictures below `root` that `setting` asks for, split, labelled and in loaders."""
    workers = default_workers() if setting.workers is None else setting.workers
    layout = read_layout(root, setting)
    if layout.odd and not setting.skip_bad:
        name = visible(str(layout.odd[0]))
        raise TrainError(f"{name} isn't a file; skip_bad=1 leaves out what can't be read")
    files = CheckedImages(layout.files, root)
    skipped = layout.odd + (unreadable(files) if setting.skip_bad else [])
    if skipped:
        files = files.new([f for f in files.items if f not in set(skipped)])
    split = SplitData.split_by_func(files, layout.is_valid)
    for part, pictures in ("training", split.train), ("validation", split.valid):
        if not len(pictures):
            raise TrainError(f"{root}: no picture for {part}{' that can be read' * bool(skipped)}")
    split.train.tfms, split.valid.tfms = train_transforms(recipe), valid_transforms(recipe)
    train_labels, valid_labels = (map(layout.label, o.items) for o in (split.train, split.valid))
    check_labels(train_labels, valid_labels, root)
    proc = CategoryProcessor()
    labelled = label_by_func(split, layout.label, proc_y=proc)
    vocab = list(proc.vocab or [])
    loading = {
        "num_workers": workers,
        "worker_init_fn": ignore_interrupts,
        "multiprocessing_context": FORK if workers else None,
    }
    pinned = device.type == "cuda"
    data = databunchify(
        labelled, recipe.batch_size, c_in=3, c_out=len(vocab), pin_memory=pinned, **loading
    )
    data.train_dl = with_batches(data.train_dl, NoLonePicture(data.train_dl))
    if (place := place_for(setting.keep, recipe, len(files), device)) is not None:
        data = kept(data, place, loading)
    elsewhere = [str(f) for f in files.items if layout.is_valid(f) is None]
    left_out = {
        "they can't be read": [*map(str, skipped)],
        "they don't lie directly in a class folder": elsewhere,
        **layout.left_out,
    }
    sample = spread(split.train, recipe)
    return Pictures(data, vocab, sample, skipped, left_out, layout.fingerprint())


class NoLonePicture(BatchSampler):
    """The batches of a loader without a last one of a single picture, which batch norm can't take.

    9,469 pictures are 1 modulo 2, 3, 4, 6, 9, 12, 18 and 36.
    """

    def __init__(self, dl: DataLoader) -> None:
        assert dl.batch_size
        super().__init__(dl.sampler, dl.batch_size, drop_last=False)

    def _is_lone(self) -> bool:
        n = len(self.sampler)  # type: ignore[arg-type]
        return self.batch_size > 1 and n > 1 and n % self.batch_size == 1

    def __len__(self) -> int:
        return super().__len__() - self._is_lone()

    def __iter__(self) -> Iterator[list[int]]:
        return islice(super().__iter__(), len(self))


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
    whole = CheckedImages(files.items)

    def is_bad(i: int) -> bool:
        try:
            whole[i]
        except Exception:
            return True
        return False

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # Pillow decodes outside the interpreter lock
        bad = pool.map(is_bad, range(len(files)))
        return [f for f, is_bad in zip(files.items, bad, strict=True) if is_bad]
