"""The course: which katas there are, in which order, and which exercises each holds."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

from checks.judging.curtain import text_of

PARTS = {
    "Before you start": "properties",
    "The data block": "containers files transforms item_lists labels batches",
    "The learner": "schedules learner progress",
    "Looking inside, starting well": "hooks convnet batchnorm lsuv",
    "One optimizer": "optimizers",
    "More data out of the data": "augment batch_augment",
    "The week after": "label_smoothing mixup mixed_precision xresnet",
}
NOTEBOOKS = {
    "The data block": "1_data_block",
    "The learner": "2_learner",
    "Looking inside, starting well": "3_looking_inside",
    "One optimizer": "4_optimizers",
    "More data out of the data": "5_augmentation",
    "The week after": "7_week_after",
}
"""The notebook that tells the story of a part, where there is one."""


def notebook_of(kata: str) -> str | None:
    """The name of the notebook in which the pieces of a kata are seen at work."""
    return next((NOTEBOOKS.get(part) for part, o in PARTS.items() if kata in o.split()), None)


ORDER = tuple(" ".join(PARTS.values()).split())

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Exercise = tuple[str, str]
"""A kata's name and the name of an exercise in it."""


class UnknownName(Exception):
    """A name that is neither kata nor exercise; `nearest` are those that look alike."""

    def __init__(self, name: str, nearest: list[str]) -> None:
        offer = f"; the nearest names are {', '.join(nearest)}" if nearest else ""
        super().__init__(f"no kata or exercise is called {name!r}{offer}")
        self.nearest = nearest


def is_given(node: ast.stmt) -> bool:
    """Whether a definition is printed in full in the kata file, or is a helper of such code."""
    return isinstance(node, Definition) and (
        node.name.startswith("_") or (ast.get_docstring(node) or "").startswith("Given")
    )


@dataclass(frozen=True)
class Kata:
    """One file of the reference, read but not run."""

    name: str
    number: int
    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        """The reference as statements."""
        return ast.parse(text_of(self.path), str(self.path))

    @cached_property
    def title(self) -> str:
        """What the kata is about, in one line."""
        return (ast.get_docstring(self.tree) or self.name).splitlines()[0]

    @cached_property
    def level(self) -> int:
        """From 1, plain Python, to 4; the katas of level 1 never import torch."""
        return self._number(r"Level (\d)", 2)

    @cached_property
    def minutes(self) -> int:
        """About how long it takes."""
        return self._number(r"About (\d+) minutes", 0)

    def _number(self, pattern: str, otherwise: int) -> int:
        found = re.search(pattern, ast.get_docstring(self.tree) or "")
        return int(found[1]) if found else otherwise

    @cached_property
    def exercises(self) -> tuple[str, ...]:
        """The top-level definitions that a learner writes, in their order."""
        defined = (node for node in self.tree.body if isinstance(node, Definition))
        return tuple(dict.fromkeys(node.name for node in defined if not is_given(node)))


@dataclass(frozen=True)
class Course:
    """Where the katas, the reference and the checks are, and what they hold."""

    root: Path
    order: tuple[str, ...] = ORDER
    _katas: dict[str, Kata] = field(default_factory=dict, compare=False, repr=False)

    @property
    def solutions(self) -> Path:
        """The folder of the reference."""
        return self.root / "solutions"

    @property
    def answers(self) -> Path:
        """The folder in which a learner works."""
        return self.root / "katas"

    @property
    def checks(self) -> Path:
        """The folder of the checks, with hints and catalogues."""
        return self.root / "checks"

    @property
    def progress(self) -> Path:
        """The folder for what is remembered from one call to the next."""
        return self.root / ".progress"

    @property
    def katas(self) -> dict[str, Kata]:
        """The katas by name, in the order of the course."""
        if not self._katas:
            paths = ((name, self.solutions / f"{name}.py") for name in self.order)
            there = [(name, path) for name, path in paths if path.is_file()]
            warm_up = bool(there) and there[0][0] in PARTS["Before you start"].split()
            for number, (name, path) in enumerate(there, start=1 - warm_up):  # containers is 1
                self._katas[name] = Kata(name, number, path)
        return self._katas

    def notebook(self, kata: str) -> Path | None:
        """The notebook in which the pieces of a kata are seen at work."""
        name = notebook_of(kata)
        return self.root / "notebooks" / f"{name}.ipynb" if name else None

    def exercises(self) -> Iterator[Exercise]:
        """All exercises, in the order of the course."""
        for kata in self.katas.values():
            yield from ((kata.name, exercise) for exercise in kata.exercises)

    def find(self, name: str) -> list[Exercise]:
        """The exercises that `name` means: a kata, its number, an exercise, kata.exercise, or all.

        Upper and lower case are alike. Raises UnknownName.
        """
        plain = name.strip().replace("\\", "/").rpartition("/")[2]  # katas/containers.py
        plain = plain.removesuffix(".py").replace("-", "_")
        meant: dict[str, list[Exercise]] = {"all": list(self.exercises())}
        for kata in self.katas.values():
            for alias in (kata.name, str(kata.number), f"{kata.number:02}"):
                meant[alias] = [(kata.name, exercise) for exercise in kata.exercises]
                meant |= {
                    f"{alias}.{exercise}": [(kata.name, exercise)] for exercise in kata.exercises
                }
        for kata_name, exercise in self.exercises():
            if exercise not in self.katas:  # `lsuv` is the kata, `lsuv.lsuv` its exercise
                meant[exercise] = [*meant.get(exercise, []), (kata_name, exercise)]
        if plain in meant:  # `Learner` is the exercise and `learner` the kata
            return meant[plain]
        wanted = plain.lower()
        for alias, exercises in meant.items():
            if alias.lower() == wanted:
                return exercises
        known = [*self.katas, *(e for _, e in self.exercises())]
        known += [f"{k}.{e}" for k, e in self.exercises()]
        spelled = {k.lower(): k for k in known}
        raise UnknownName(name, [spelled[n] for n in get_close_matches(wanted, spelled, 3, 0.55)])

    def select(self, names: Iterable[str]) -> list[Exercise]:
        """The exercises that any of `names` means, in the order of the course; all for none."""
        wanted = {found for name in names for found in self.find(name)}
        return [e for e in self.exercises() if e in wanted or not wanted]


@cache
def course() -> Course:
    """The course of this repository."""
    return Course(Path(__file__).resolve().parents[2])
