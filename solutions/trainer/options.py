"""Options: the command line of the trainer, `--batch-size 64` and `batch_size=64` alike."""

import argparse
import re
from collections.abc import Iterable, Sequence
from dataclasses import Field, asdict, dataclass, fields, replace
from typing import Any, NoReturn

from .parts import FITTING_LR, load_parts
from .recipes import CHOICES, RECIPES, Recipe, Setting, TrainError, nearest

NETWORK = ("arch", "blocks", "norm", "leak", "widths", "depth")  # options that weights fit to


@dataclass(frozen=True)
class CommandLine:
    """What a command line asks for: a recipe by name, options, perhaps a run to continue."""

    name: str
    given: dict[str, Any]
    resume: str | None
    recipe_given: bool = False

    def recipe(self, start: Recipe | None = None) -> Recipe:
        """The named recipe with the given options in it, for the weights of `start`."""
        base, given = RECIPES[self.name], _of(Recipe, self.given)
        if start:
            given = {name: getattr(start, name) for name in NETWORK} | {"lsuv": False} | given
        if given.get("optimizer", base.optimizer) != base.optimizer:
            given.setdefault("lr", FITTING_LR.get(given["optimizer"], base.lr))
        if given.get("norm", "none") != "none":
            given.setdefault("lsuv", False)
        elif given.get("lsuv"):
            given.setdefault("norm", "none")
        if given.get("arch") == "xresnet":
            given.setdefault("lsuv", False)
        found = replace(base, **given)
        idle = found.without_effect()
        for name in self.given:
            if name in idle:
                raise TrainError(f"{name}= has no effect with {idle[name]}: leave it out")
        return found

    def side_effects(self, recipe: Recipe) -> list[str]:
        """Options of `recipe` that were changed because of others, as they would be written."""
        base, found = asdict(RECIPES[self.name]), asdict(recipe)
        return [
            f"{k}={_shown(o)}" for k, o in found.items() if o != base[k] and k not in self.given
        ]

    def setting(self, saved: dict[str, Any] | None = None) -> Setting:
        """The given setting, the rest of it as in the run that continues.

        A file of parts is code, and is never run because a checkpoint names it.
        """
        return Setting(**((saved or {}) | {"parts": None} | _of(Setting, self.given)))

    def check_unchanged(self, recipe: Recipe) -> None:
        """Raise TrainError if the given options are not those of the run to continue."""
        kept = asdict(recipe)
        changed = [name for name, o in _of(Recipe, self.given).items() if kept[name] != o]
        changed += [name for name in ("out", "start") if name in self.given]
        changed += ["recipe"] if self.recipe_given else []
        if changed:
            raise TrainError(f"resume continues a run unchanged: leave out {changed[0]}=")


def _of(kind: type, given: dict[str, Any]) -> dict[str, Any]:
    """The given options that belong to `kind`."""
    return {f.name: given[f.name] for f in fields(kind) if f.name in given}


def parse(arguments: Sequence[str], prog: str) -> CommandLine:
    """The command line, read; TrainError with the nearest name for an unknown option.

    Prints the help and raises SystemExit if that is asked for.
    """
    found, unknown = _parser(prog).parse_known_args(dashed(arguments))
    given = vars(found)
    if unknown:
        options = [f.name for kind in (Recipe, Setting) for f in fields(kind)]
        name = unknown[0].partition("=")[0].strip("-").replace("-", "_")
        said = nearest(name, [*options, "recipe", "resume", "help"])
        raise TrainError(f"unknown option {name!r}: {said}")
    recipe_given, name = "recipe" in given, given.pop("recipe", "quick")
    load_parts(given.get("parts"))
    if name not in RECIPES:
        raise TrainError(f"unknown recipe {name!r}: {nearest(name, RECIPES)}")
    return CommandLine(name, given, given.pop("resume", None), recipe_given)


def dashed(arguments: Iterable[str]) -> list[str]:
    """The arguments with `batch_size=64` as `--batch-size=64`, and `help=1` as `--help`."""
    found = []
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if re.fullmatch(r"--\w[\w-]*", name) or (equals and re.fullmatch(r"[A-Za-z][\w-]*", name)):
            argument = f"--{name.strip('-').replace('_', '-')}{equals}{value}"
        help_asked = {"--help=1": ["--help"], "--help=0": [], "--help=": []}
        found += help_asked.get(argument, [argument])
    return found


def filled(text: str) -> str:
    """`text`, unless it's empty: `resume=$RUN` without RUN must not train another network."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it's empty")
    return text


class Parser(argparse.ArgumentParser):
    """A parser whose errors are ours, and whose options are given only with a value."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register("type", None, filled)

    def error(self, message: str) -> NoReturn:
        """Raise TrainError."""
        raise TrainError(message)


def _parser(prog: str) -> argparse.ArgumentParser:
    recipes = (f"  {name:9} {_differences(recipe)}" for name, recipe in RECIPES.items())
    parser = Parser(
        prog,
        description="Train a network on pictures, with the pieces of the katas. "
        "Options can be written as size=64 too.",
        epilog="\n".join(["recipes:", *recipes]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
        usage=f"{prog} [recipe=NAME] [data=PATH] [OPTION=VALUE ...]",
    )
    parser.add_argument("--recipe", metavar="NAME", help=f"{', '.join(RECIPES)} [quick]")
    parser.add_argument("--resume", metavar="PATH", help="continue the run in this folder")
    for kind, title in (Setting, "data and machine"), (Recipe, "changes to a recipe [quick]"):
        group = parser.add_argument_group(title)
        for f in fields(kind):
            choices = f": {', '.join(CHOICES[f.name])}" if f.name in CHOICES else ""
            base = getattr(RECIPES["quick"], f.name, f.default)
            default = "" if base is None else f" [{_shown(base)}]"
            flag = {"nargs": "?", "const": True} if isinstance(f.default, bool) else {}
            group.add_argument(
                f"--{f.name.replace('_', '-')}",
                type=_type_of(f),
                metavar=f.name.rpartition("_")[2].upper(),
                help=f.metadata["help"] + choices + default,
                **flag,  # type: ignore[arg-type]
            )
    return parser


def yes(text: str) -> bool:
    """Whether `text` says so."""
    answers = {"1": True, "yes": True, "on": True, "true": True}
    answers |= {"0": False, "no": False, "off": False, "false": False, "": False}
    if text.lower() not in answers:
        raise argparse.ArgumentTypeError(f"1 or 0 is wanted, not {text!r}")
    return answers[text.lower()]


def _widths(text: str) -> tuple[int, ...]:
    if not re.fullmatch(r"\d+([-,]\d+)*", text):
        raise argparse.ArgumentTypeError(f"numbers such as 64-128-256 are wanted, not {text!r}")
    return tuple(int(o) for o in re.split("[-,]", text))


def _type_of(f: Field) -> Any:
    """What makes a value of the field out of text."""
    kinds: dict[type, Any] = {bool: yes, tuple: _widths, str: filled}
    kinds[type(None)] = int if f.type == int | None else filled
    return kinds.get(type(f.default), type(f.default))


def _shown(value: Any) -> str:
    """A value as one would type it."""
    if isinstance(value, tuple):
        return "-".join(map(str, value))
    return (
        f"{value:.3g}"
        if isinstance(value, float)
        else str(int(value) if value in (True, False) else value)
    )


def _differences(recipe: Recipe) -> str:
    """A recipe as what it changes in the quick one."""
    base = asdict(RECIPES["quick"])
    changed = {name: o for name, o in asdict(recipe).items() if o != base[name]}
    return " ".join(f"{name}={_shown(o)}" for name, o in changed.items()) or "the default"
