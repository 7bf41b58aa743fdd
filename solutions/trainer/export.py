"""Export: a trained network as one file that torch runs without this repository.

    make export run=runs/quick-1            writes runs/quick-1/network.pt2
    make export run=runs/quick-1 out=FILE

The file takes pictures as bytes, `[n, 3, h, w]`, and returns the probability of each class.

    import torch
    network = torch.export.load("network.pt2").module()
    probabilities = network(torch.zeros(1, 3, 96, 96, dtype=torch.uint8))
"""

from .make import quiet_start, started

if __name__ == "__main__":
    quiet_start("export")

import argparse
import json
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .checkpoints import (
    check_place,
    find_checkpoint,
    load_checkpoint,
    load_weights,
    recipe_of,
    save_whole,
)
from .make import command_line
from .networks import make_network
from .options import Parser, dashed, yes
from .parts import TrainError, load_parts
from .pictures import class_names
from .train import ended


class Exported(nn.Module):
    """From bytes to probabilities: what training does to a picture, and the network."""

    mean: Tensor
    std: Tensor

    def __init__(self, net: nn.Module, mean: Tensor, std: Tensor, size: int) -> None:
        super().__init__()
        self.net, self.size = net, size
        self.register_buffer("mean", mean[:, None, None])
        self.register_buffer("std", std[:, None, None])

    def forward(self, pictures: Tensor) -> Tensor:
        """The probabilities `[n, k]` of pictures `[n, 3, h, w]`."""
        x = pictures.float() / 255
        if x.shape[-1] != self.size:
            x = F.interpolate(x, (self.size, self.size), mode="bilinear", antialias=True)
        return self.net((x - self.mean) / self.std).softmax(1)


def exported(saved: dict[str, Any]) -> tuple[Any, Tensor]:
    """The program of a checkpoint's network, and a batch of bytes that it takes."""
    recipe = recipe_of(saved)
    net = make_network(recipe, len(saved["vocab"]))
    load_weights(net, saved)
    module = Exported(net, saved["mean"], saved["std"], recipe.size).eval()
    side = recipe.stored_size
    pictures = torch.randint(0, 256, (2, 3, side, side), dtype=torch.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own, of its own insides
        batch = torch.export.Dim("batch", min=1)
        shapes = ({0: batch},)
        program = torch.export.export(module, (pictures,), dynamic_shapes=shapes)
    return program, pictures


def check(file: Path, saved: dict[str, Any], program: Any, pictures: Tensor) -> None:
    """TrainError unless the file, loaded again, says the same as the program."""
    with torch.no_grad():
        wanted = program.module()(pictures)
        got = torch.export.load(file).module()(torch.cat([pictures, pictures[:1]]))
    if got.shape != (3, len(saved["vocab"])) or not torch.allclose(got[:2], wanted, atol=1e-5):
        raise TrainError(f"{file}, loaded again, says something else than the network")


def carry_out(args: argparse.Namespace) -> int:
    """Export, check, and say how the file is used."""
    load_parts(args.parts)
    run = find_checkpoint(args.run)
    saved = load_checkpoint(run)
    file = Path(args.out).expanduser() if args.out else run.with_name("network.pt2")
    if file.suffix != ".pt2":
        raise TrainError(f"{file}: a name that ends in .pt2 is wanted, which torch loads")
    check_place(file)
    program, pictures = exported(saved)
    about = json.dumps({"classes": class_names(saved["vocab"]), "vocab": saved["vocab"]})

    def write(beside: Path) -> None:
        # torch wants its own ending, and knows the name inside the file by it
        whole = beside.with_name(f"{beside.name}.pt2")
        torch.export.save(program, whole, extra_files={"classes.json": about})
        whole.replace(beside)

    save_whole(write, file)
    check(file, saved, program, pictures)
    shape = ", ".join(map(str, ("n", *pictures.shape[1:])))
    print(f"saved as {file}, {file.stat().st_size / 1e6:.1f} MB; loaded again, it says the same")
    print(
        f"it takes bytes of shape [{shape}] and returns the probabilities of {len(saved['vocab'])}"
    )
    print(f"next    torch.export.load({str(file)!r}).module()(pictures)")
    return 0


def parser() -> argparse.ArgumentParser:
    """The options."""
    found = Parser("make export", description=(__doc__ or "").splitlines()[0], allow_abbrev=False)
    found.add_argument("--run", default="runs", help="a run's folder; the newest without it")
    found.add_argument("--out", metavar="FILE", help="the file; network.pt2 in the run's folder")
    found.add_argument("--parts", metavar="FILE", help="the Python file that the run was made with")
    found.add_argument(
        "--traceback", nargs="?", const=True, type=yes, help="show where an error comes from"
    )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Export as the command line says; the exit status."""
    words = command_line(arguments)
    return ended("export", lambda: carry_out(parser().parse_args(dashed(words))), words)


if __name__ == "__main__":
    started()
    sys.exit(main())
