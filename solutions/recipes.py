"""Recipes: named settings of the trainer, each option with its meaning, and the command line."""

import argparse
import difflib
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, Field, asdict, dataclass, field, fields, replace
from typing import Any, NoReturn

CHOICES = {
    "optimizer": ("sgd", "momentum", "adam", "lamb"),
    "schedule": ("one-cycle", "cosine", "constant"),
    "augment": ("none", "pil", "batch"),
    "norm": ("none", "batch", "running"),
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
    "seed": (0, 2**63 - 1),
    "workers": (0, 256),
}
# What fits an optimizer when a recipe's learning rate was made for another one.
LR = {"sgd": 0.3, "momentum": 0.03, "adam": 4e-3, "lamb": 1e-2}


class TrainError(Exception):
    """Something that the person who started the training can mend; its text is one line."""


def nearest(name: str, names: Iterable[str]) -> str:
    """The names most like `name`, as the end of a sentence about an unknown one."""
    names = list(names)
    close = difflib.get_close_matches(name, names)
    return f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(names)}"


def _option(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"help": meaning})


def _check(o: Any) -> None:
    """Raise TrainError if an option of `o` is none of its choices or out of its limits."""
    for name, value in vars(o).items():
        if name in CHOICES and value not in CHOICES[name]:
            raise TrainError(f"unknown {name} {value!r}: {nearest(str(value), CHOICES[name])}")
        least, most = LIMITS.get(name, (None, None))
        if least is not None and value is not None and not least <= value <= most:
            end = f" and at most {most}" if most < math.inf else ""
            raise TrainError(f"{name} must be at least {least}{end}, not {value}")


@dataclass(frozen=True)
class Recipe:
    """All that decides how a network is trained, apart from the pictures and the machine."""

    epochs: int = _option(5, "passes over the training set")
    size: int = _option(64, "pixels of a side of what the network sees")
    batch_size: int = _option(64, "pictures in a training batch, over all processes")
    lr: float = _option(2e-3, "highest learning rate")
    optimizer: str = _option("adam", "which optimizer of kata optimizers")
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
    depth: int = _option(1, "convolutions in each of these layers")
    seed: int = _option(11, "of all randomness")

    def __post_init__(self) -> None:
        _check(self)
        if not self.widths or min(self.widths) < 1:
            raise TrainError(f"widths must be numbers from 1 up, not {self.widths}")
        if self.lsuv and self.norm != "none":
            raise TrainError("lsuv sets what batch norm would set again: use norm=none or lsuv=0")


@dataclass(frozen=True)
class Setting:
    """Where the pictures come from, where the run goes, and what it may use of the machine."""

    data: str = _option("sketches", "sketches, imagenette, imagewoof, a folder or an archive")
    out: str | None = _option(None, "folder of the run; runs/<recipe>-<number> without it")
    workers: int | None = _option(None, "processes that load pictures; chosen without it")
    device: str = _option("auto", "auto, cpu, cuda, cuda:1, mps")
    skip_bad: bool = _option(False, "leave out pictures that cannot be read, and count them")

    def __post_init__(self) -> None:
        _check(self)


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
        leak=0.0,
        augment="none",
    ),
    "best": Recipe(
        size=128,
        lr=4e-3,
        wd=0.05,
        lsuv=False,
        norm="batch",
        widths=(64, 128, 256, 512),
        depth=2,
    ),
}


@dataclass(frozen=True)
class Order:
    """What a command line asks for: a recipe by name, `given` options, or a run to go on with."""

    name: str
    given: dict[str, Any]
    resume: str | None

    def recipe(self) -> Recipe:
        """The named recipe with the given options in it."""
        base, given = RECIPES[self.name], _of(Recipe, self.given)
        chosen = given.get("optimizer", base.optimizer)
        if chosen != base.optimizer and "lr" not in given and chosen in LR:
            given["lr"] = LR[chosen]
        if given.get("norm", "none") != "none":
            given.setdefault("lsuv", False)
        elif given.get("lsuv"):
            given.setdefault("norm", "none")
        return replace(base, **given)

    def setting(self, saved: dict[str, Any] | None = None) -> Setting:
        """The given setting, the rest of it as in the run that is gone on with."""
        return Setting(**((saved or {}) | _of(Setting, self.given)))

    def check_unchanged(self, recipe: Recipe) -> None:
        """Raise TrainError if the given options are not those of the run to go on with."""
        kept = asdict(recipe)
        changed = [f"{k}={v}" for k, v in _of(Recipe, self.given).items() if kept[k] != v]
        if changed:
            raise TrainError(f"resume goes on with the run's own recipe: leave out {changed[0]}")


def _of(kind: type, given: dict[str, Any]) -> dict[str, Any]:
    """The given options that belong to `kind`."""
    return {f.name: given[f.name] for f in fields(kind) if f.name in given}


def _yes(text: str) -> bool:
    answers = {"1": True, "yes": True, "on": True, "true": True}
    answers |= {"0": False, "no": False, "off": False, "false": False, "": False}
    if text.lower() not in answers:
        raise ValueError(text)
    return answers[text.lower()]


def _widths(text: str) -> tuple[int, ...]:
    return tuple(int(o) for o in re.split(r"[-, x]+", text.strip("()[] ")) if o)


TYPES = {"yes or no": _yes, "widths such as 64-128": _widths}
for _name, _type in TYPES.items():
    _type.__name__ = _name  # argparse says "invalid <name> value"


def _type_of(f: Field) -> Any:
    if isinstance(f.default, bool):
        return _yes
    if isinstance(f.default, tuple):
        return _widths
    return int if f.type == int | None else str if f.default is None else type(f.default)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise TrainError(message)


def _parser(prog: str) -> argparse.ArgumentParser:
    about = {name: _differences(recipe) for name, recipe in RECIPES.items()}
    parser = _Parser(
        prog,
        description="Train a network on pictures of ten classes, with the pieces of the katas. "
        "Every option can also be written as size=64.",
        epilog="recipes:\n" + "\n".join(f"  {name}: {text}" for name, text in about.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    parser.add_argument("--recipe", metavar="NAME", help=f"{', '.join(RECIPES)}; default: quick")
    parser.add_argument("--resume", metavar="PATH", help="go on with the run in this folder")
    for kind, title in (Setting, "data and machine"), (Recipe, "changes to the recipe"):
        group = parser.add_argument_group(title)
        for f in fields(kind):
            choices = f" ({', '.join(CHOICES[f.name])})" if f.name in CHOICES else ""
            default = "" if f.default in (None, MISSING) else f"; default: {_shown(f.default)}"
            flag = {"nargs": "?", "const": True} if isinstance(f.default, bool) else {}
            group.add_argument(
                f"--{f.name.replace('_', '-')}",
                type=_type_of(f),
                metavar=f.name.rpartition("_")[2].upper(),
                help=f.metadata["help"] + choices + default,
                **flag,  # type: ignore[arg-type]
            )
    return parser


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "-".join(map(str, value))
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _differences(recipe: Recipe) -> str:
    """What a recipe changes, as options."""
    changed = [f for f in fields(Recipe) if getattr(recipe, f.name) != f.default]
    options = (f"{f.name}={_shown(getattr(recipe, f.name))}" for f in changed)
    return " ".join(options) or "the defaults"


def _dashed(argument: str) -> list[str]:
    """`size=64` as `--size=64`, `help=1` as `--help`; with underscores or dashes."""
    name, equals, value = argument.partition("=")
    if not re.fullmatch(r"-{0,2}[A-Za-z][\w-]*", name) or not (equals or name[0] == "-"):
        return [argument]
    name = name.strip("-").replace("_", "-")
    if name == "help" and equals:
        return ["--help"] if _yes(value) else []
    return [f"--{name}{equals}{value}"]


def parse(arguments: Sequence[str], prog: str) -> Order:
    """The command line as an order; TrainError with the nearest name for an unknown option.

    Prints the help and raises SystemExit if that is asked for.
    """
    parser = _parser(prog)
    found, unknown = parser.parse_known_args([o for a in arguments for o in _dashed(a)])
    given = vars(found)
    if unknown:
        options = [f.name for kind in (Recipe, Setting) for f in fields(kind)]
        name = unknown[0].partition("=")[0].strip("-").replace("-", "_")
        said = nearest(name, [*options, "recipe", "resume", "help"])
        raise TrainError(f"unknown option {name!r}: {said}")
    name = given.pop("recipe", "quick")
    if name not in RECIPES:
        raise TrainError(f"unknown recipe {name!r}: {nearest(name, RECIPES)}")
    return Order(name, given, given.pop("resume", None))
