"""Course file: which exercises a course grades, for how many points, and what they may not use.

    exercises = ["containers", "files.get_files", "optimizers.sgd_step"]
    laws = ["containers.setify"]      # laws of their own, see `make laws`

    [points]                    # of an exercise, or of each exercise of a kata; 1 without a word
    containers = 2
    "containers.compose" = 4
    "containers.setify.laws" = 2     # as much of it as core mistakes are caught

    [weights]                   # of a kata in the total; 1 without a word
    optimizers = 1.5

    [policy]                    # names that an answer may not use
    batchnorm = ["torch.nn.BatchNorm2d"]
    "containers.setify" = ["sorted"]

Names are those of `make check`. Numbers stay.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checks.judging.curriculum import Course, Exercise, UnknownName
from checks.judging.law_files import has_laws
from checks.judging.verdict import Verdict

LAWS = ".laws"
TABLES = ("points", "weights", "policy")


def laws_for(exercise: Exercise) -> Exercise:
    """What the laws for an exercise are called, where exercises are: `setify.laws`."""
    return exercise[0], f"{exercise[1]}{LAWS}"


class WrongCourse(Exception):
    """A course file that says something else than it can."""


@dataclass(frozen=True)
class Scheme:
    """What is graded, and how it counts."""

    exercises: list[Exercise]
    points: Mapping[Exercise, float] = field(default_factory=dict)
    policy: Mapping[Exercise, tuple[str, ...]] = field(default_factory=dict)
    laws: Sequence[Exercise] = ()

    @property
    def everything(self) -> list[Exercise]:
        """The exercises, and those that are laws: (containers, setify.laws)."""
        return [*self.exercises, *map(laws_for, self.laws)]

    def earned(self, exercise: Exercise, verdict: Verdict) -> float:
        """The points that a verdict brings."""
        if exercise[1].endswith(LAWS) and verdict.status == "red":
            return self.worth(exercise) * verdict.passed / max(verdict.of, 1)
        return self.worth(exercise) if verdict.status == "green" else 0.0

    def worth(self, exercise: Exercise) -> float:
        """The points of an exercise."""
        return self.points.get(exercise, 1.0)

    @property
    def whole(self) -> float:
        """All points together."""
        return sum(map(self.worth, self.everything))


def scheme(course: Course, names: Iterable[str], file: Path | None) -> Scheme:
    """What the names on the command line and a course file say together.

    Raises UnknownName and WrongCourse.
    """
    asked = set(course.select(names))
    if file is None:
        return Scheme(course.select(names))
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongCourse(f"{file} can't be read: {error}") from None
    if unknown := set(said) - {"title", "exercises", "laws", *TABLES}:
        raise WrongCourse(f"{file} says {', '.join(sorted(unknown))}, which means nothing")
    wanted, own = said.get("exercises", []), said.get("laws", [])
    if not all(isinstance(o, list) and all(isinstance(n, str) for n in o) for o in (wanted, own)):
        raise WrongCourse(f"{file}: exercises is a list of names, and so is laws")
    try:
        chosen = [o for o in course.select(wanted) if o in asked]
        laws = (
            [o for o in course.select(own) if o in asked and has_laws(course, o[0])] if own else []
        )
        points = _spread(course, said, "points", 1.0, file)
        weights = _spread(course, said, "weights", 1.0, file)
        policy = _spread(course, said, "policy", [], file)
    except UnknownName as error:
        raise WrongCourse(f"{file}: {error}") from None
    plain = Scheme(chosen, laws=laws)
    worth = {o: points[o] * weights[o] for o in plain.everything}
    return Scheme(chosen, worth, {o: tuple(policy[o]) for o in chosen if policy[o]}, laws)


def _spread(
    course: Course, said: Mapping[str, Any], table: str, otherwise: Any, file: Path
) -> dict[Exercise, Any]:
    """What a table says of each exercise; what is said of fewer exercises counts more."""
    found: dict[Exercise, Any] = dict.fromkeys(course.exercises(), otherwise)
    found |= dict.fromkeys(map(laws_for, course.exercises()), otherwise)
    rows = said.get(table, {})
    if not isinstance(rows, dict):
        raise WrongCourse(f"{file}: [{table}] is a table")
    for name, value in sorted(rows.items(), key=lambda o: -len(_find(course, o[0]))):
        number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
        texts = isinstance(value, list) and all(isinstance(o, str) for o in value)
        if not (texts if table == "policy" else number):
            wanted = "a list of names" if table == "policy" else "a number from 0 on"
            raise WrongCourse(f"{file}: [{table}] wants {wanted} for {name}")
        found |= dict.fromkeys(_find(course, name), value)
    return found


def _find(course: Course, name: str) -> list[Exercise]:
    """The exercises that a name means, or the laws for them: `containers.laws`."""
    if not name.endswith(LAWS):
        return course.find(name)
    return [*map(laws_for, course.find(name.removesuffix(LAWS)))]
