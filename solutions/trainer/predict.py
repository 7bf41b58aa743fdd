"""Predict: what a trained network says of pictures.

python -m solutions.trainer.predict FILE_OR_FOLDER ... [--run PATH]     the newest run without it
"""

from .make import quiet_start, started

if __name__ == "__main__":
    quiet_start("predict")

import argparse
import csv
import json
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader

from ..batches import DataBunch
from ..item_lists import ItemList
from ..labels import LabeledData
from ..learner import Learner
from .checkpoints import (
    check_place,
    find_checkpoint,
    load_checkpoint,
    load_weights,
    recipe_of,
    save_whole,
)
from .folders import pictures_below
from .make import command_line, visible
from .networks import input_callbacks, make_network
from .options import Parser, dashed, yes
from .parts import TrainError, load_parts
from .pictures import CheckedImages, class_names, valid_transforms
from .report import predictions
from .train import ended, find_device, one_line

BATCH = 64


@dataclass
class Answer:
    """What the network says of a file: a probability for each class, or why there is none."""

    file: Path
    probabilities: list[float] | None = None
    error: str = ""


def said(probabilities: Sequence[float], names: Sequence[str], most: int) -> Iterator[str]:
    """The likeliest classes, each with its probability."""
    for i in sorted(range(len(names)), key=lambda i: -probabilities[i])[:most]:
        yield f"{visible(names[i])} {100 * probabilities[i]:.1f} %"


def load_learner(saved: dict[str, Any], files: Sequence[Path], device: str = "auto") -> Learner:
    """The network of a checkpoint, with `files` to predict as its data."""
    recipe, place = recipe_of(saved), find_device(device)
    net = make_network(recipe, len(saved["vocab"]))
    net.to(device=place, memory_format=torch.channels_last)  # type: ignore[call-overload]
    load_weights(net, saved)
    pictures = CheckedImages(list(files), tfms=valid_transforms(recipe))
    data: Any = LabeledData(pictures, ItemList([0] * len(files)))
    dl: DataLoader = DataLoader(data, batch_size=BATCH)
    inputs = input_callbacks(recipe, saved["mean"], saved["std"], place)
    return Learner(net, DataBunch(dl, dl), F.cross_entropy, cbs=inputs)


def answers(learn: Learner) -> Iterator[Answer]:
    """An answer for each file of `load_learner`; a bad one costs no other its own."""
    pictures = learn.data.valid_ds.x
    for start in range(0, len(pictures), BATCH):
        opened: list[Tensor] = []
        batch = [Answer(file) for file in pictures.items[start : start + BATCH]]
        for i, answer in enumerate(batch, start):
            try:
                if answer.file.exists() and not answer.file.is_file():
                    raise TrainError(visible(f"{answer.file} isn't a file"))
                opened.append(pictures[i])
            except (TrainError, OSError) as error:
                answer.error = one_line(error).partition("; skip_bad=1")[0]
        if opened:
            found, _ = predictions(learn, [(torch.stack(opened), torch.zeros(len(opened)))])
            rows = iter(found.tolist())
            for answer in batch:
                answer.probabilities = None if answer.error else next(rows)
        yield from batch


def find_pictures(asked: Sequence[str]) -> list[Path]:
    """The files that are asked for by name, or by a folder that holds them."""
    found: list[Path] = []
    for name in asked:
        path = Path(name).expanduser()
        if path.is_dir():
            files, odd, _ = pictures_below(path, None)
            found += sorted(files + odd)
        elif path.exists() or len(names := _split(name)) < 2:
            found.append(path)
        else:  # several in one argument, as `make predict image="1.jpg 2.jpg"` has them
            found += find_pictures(names)
    if not found:
        raise TrainError(f"no picture in {' '.join(asked) or 'nothing'}: make predict image=FILE")
    return found


def _split(name: str) -> list[str]:
    try:
        return shlex.split(name)
    except ValueError:  # a quote in a file's name
        return [name]


def save_json(found: Sequence[Answer], names: Sequence[str], path: Path) -> None:
    """All probabilities of all files."""
    rows = [
        {"file": str(o.file), "probabilities": dict(zip(names, o.probabilities, strict=True))}
        if o.probabilities
        else {"file": str(o.file), "error": o.error}
        for o in found
    ]
    text = json.dumps(rows, indent=2) + "\n"
    save_whole(lambda beside: beside.write_text(text, encoding="utf-8"), path)


def save_csv(found: Sequence[Answer], names: Sequence[str], path: Path) -> None:
    """The likeliest class of each file, and all probabilities."""

    def write(beside: Path) -> None:
        with beside.open("w", newline="", encoding="utf-8", errors="surrogateescape") as file:
            table = csv.writer(file)
            table.writerow(["file", "predicted", "error", *names])
            for o in found:
                sure = o.probabilities or []
                best = names[sure.index(max(sure))] if sure else ""
                table.writerow([o.file, best, o.error, *sure])

    save_whole(write, path)


def line(answer: Answer, names: Sequence[str], alone: bool) -> str:
    """What is printed of an answer: all of it, if it's the only one."""
    found = answer.probabilities or []
    if alone:
        return "\n".join(
            [visible(str(answer.file)), *(f"  {o}" for o in said(found, names, len(names)))]
        )
    return f"{visible(str(answer.file))}  {', '.join(said(found, names, 3))}"


def parser() -> argparse.ArgumentParser:
    """The options."""
    found = Parser("make predict", description=(__doc__ or "").splitlines()[0], allow_abbrev=False)
    found.add_argument(
        "pictures", nargs="*", metavar="FILE", type=str, help="a picture or a folder"
    )
    found.add_argument("--image", action="append", default=[], help="the same as image=FILE")
    found.add_argument("--run", default="runs", help="a run's folder; the newest without it")
    found.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps [auto]")
    found.add_argument("--json", metavar="FILE", help="write all probabilities there")
    found.add_argument("--csv", metavar="FILE", help="write a table there")
    found.add_argument("--parts", metavar="FILE", help="the Python file that the run was made with")
    found.add_argument(
        "--traceback", nargs="?", const=True, type=yes, help="show where an error comes from"
    )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what a network says of each picture.

    The exit status is 0, 1 if a picture couldn't be read, and 2 if nothing could be done.
    """
    words = command_line(arguments)
    return ended("predict", lambda: _predict(parser().parse_args(dashed(words))), words)


def _check_places(places: Sequence[str], files: Sequence[Path]) -> None:
    """Raise TrainError where what is written has no place, or would take another's."""
    taken = {os.path.realpath(file) for file in files}
    for place in places:
        real = os.path.realpath(place)
        check_place(Path(place))
        if real in taken:
            raise TrainError(f"{place} would replace a picture or other results: name another file")
        taken.add(real)


def _predict(args: argparse.Namespace) -> int:
    load_parts(args.parts)
    files = find_pictures([o for o in args.pictures + args.image if o])
    _check_places([o for o in (args.json, args.csv) if o], files)
    run = find_checkpoint(args.run)
    saved = load_checkpoint(run)
    learn = load_learner(saved, files, args.device)
    names, found = class_names(saved["vocab"]), []
    print(f"by the network in {run.parent}")
    for answer in answers(learn):
        found.append(answer)
        if answer.error:
            print(f"predict: {answer.error}", file=sys.stderr)
        else:
            print(line(answer, names, alone=len(files) == 1))
    if args.json:
        save_json(found, names, Path(args.json))
    if args.csv:
        save_csv(found, names, Path(args.csv))
    failed = sum(bool(o.error) for o in found)
    if failed and len(files) > 1:
        print(f"predict: {failed} of {len(files)} couldn't be read", file=sys.stderr)
    return int(failed > 0)


if __name__ == "__main__":
    started()
    sys.exit(main())
