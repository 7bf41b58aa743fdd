"""Predict: what a trained network says of pictures.

python -m solutions.trainer.predict FILE_OR_FOLDER ... [--run PATH]     the newest run without it
"""

import argparse
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader

from ..batches import DataBunch
from ..files import get_files, image_extensions
from ..item_lists import ItemList
from ..labels import LabeledData
from ..learner import Learner
from .checkpoints import find_checkpoint, load_checkpoint
from .make import command_line
from .networks import input_callbacks, make_network
from .options import dashed
from .pictures import CheckedImages, class_names, valid_transforms
from .recipes import Recipe, TrainError
from .report import predictions
from .train import find_device, one_line


def load_learner(saved: dict[str, Any], files: Sequence[Path]) -> Learner:
    """The network of a checkpoint, with `files` to predict as its data."""
    recipe, device = Recipe(**saved["recipe"]), find_device("auto")
    net = make_network(recipe, len(saved["vocab"]))
    net.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    net.load_state_dict(saved["model"])
    pictures = CheckedImages(list(files), tfms=valid_transforms(recipe))
    data: Any = LabeledData(pictures, ItemList([0] * len(files)))
    dl: DataLoader = DataLoader(data, batch_size=64)
    inputs = input_callbacks(recipe, saved["mean"], saved["std"], device)
    return Learner(net, DataBunch(dl, dl), F.cross_entropy, cbs=inputs)


def find_pictures(asked: Sequence[str]) -> list[Path]:
    """The files that are asked for by name, or by a folder that holds them."""
    found: list[Path] = []
    for name in asked:
        path = Path(name).expanduser()
        if path.is_dir():
            found += sorted(get_files(path, image_extensions, recurse=True))
        elif path.exists() or len(names := shlex.split(name)) < 2:
            found.append(path)
        else:  # several in one argument, as `make predict image="1.jpg 2.jpg"` has them
            found += find_pictures(names)
    if not found:
        raise TrainError(f"no picture in {' '.join(asked) or 'nothing'}: make predict image=FILE")
    return found


def said(probabilities: Sequence[float], names: Sequence[str], most: int) -> Iterator[str]:
    """The likeliest classes, each with its probability."""
    for i in sorted(range(len(names)), key=lambda i: -probabilities[i])[:most]:
        yield f"{names[i]} {100 * probabilities[i]:.1f} %"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what a network says of each picture; the exit status."""
    parser = argparse.ArgumentParser("make predict", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pictures", nargs="*", metavar="FILE", help="a picture or a folder")
    parser.add_argument("--image", action="append", default=[], help="the same as image=FILE")
    parser.add_argument("--run", default="runs", help="a run's folder; the newest without it")
    args = parser.parse_args(dashed(command_line(arguments)))
    try:
        files = find_pictures([o for o in args.pictures + args.image if o])
        run = find_checkpoint(args.run)
        saved = load_checkpoint(run)
        learn, names = load_learner(saved, files), class_names(saved["vocab"])
        print(f"by the network in {run.parent}")
        probabilities, _ = predictions(learn, learn.data.valid_dl)
        for file, row in zip(files, probabilities.tolist(), strict=True):
            if len(files) == 1:
                print("\n".join([str(file), *(f"  {o}" for o in said(row, names, len(names)))]))
            else:
                print(f"{file}  {', '.join(said(row, names, 3))}")
    except (TrainError, OSError) as error:
        print(f"predict: {one_line(error)}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
