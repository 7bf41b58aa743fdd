"""Course file: which exercises a course grades, for how many points, and what they may not use.

    exercises = ["containers", "files.get_files", "optimizers.sgd_step"]

    [points]                    # of an exercise, or of each exercise of a kata; 1 without a word
    containers = 2
    "containers.compose" = 4

    [weights]                   # of a kata in the total; 1 without a word
    optimizers = 1.5

    [policy]                    # names that an answer may not use
    batchnorm = ["torch.nn.BatchNorm2d"]
    "containers.setify" = ["sorted"]

Names are those of `make check`. Numbers stay.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checks.judging.curriculum import Course, Exercise, UnknownName


class WrongCourse(Exception):
    """A course file that says something else than it can."""


@dataclass(frozen=True)
class Scheme:
    """What is graded, and how it counts."""

    exercises: list[Exercise]
    points: Mapping[Exercise, float] = field(default_factory=dict)
    policy: Mapping[Exercise, tuple[str, ...]] = field(default_factory=dict)

    def worth(self, exercise: Exercise) -> float:
        """The points of an exercise."""
        return self.points.get(exercise, 1.0)

    @property
    def whole(self) -> float:
        """All points together."""
        return sum(map(self.worth, self.exercises))


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
    if unknown := set(said) - {"title", "exercises", "points", "weights", "policy"}:
        raise WrongCourse(f"{file} says {', '.join(sorted(unknown))}, which means nothing")
    wanted = said.get("exercises", [])
    if not isinstance(wanted, list) or not all(isinstance(o, str) for o in wanted):
        raise WrongCourse(f"{file}: exercises is a list of names")
    try:
        chosen = [o for o in course.select(wanted) if o in asked]
        points = _spread(course, said, "points", 1.0, file)
        weights = _spread(course, said, "weights", 1.0, file)
        policy = _spread(course, said, "policy", [], file)
    except UnknownName as error:
        raise WrongCourse(f"{file}: {error}") from None
    worth = {o: points[o] * weights[o] for o in chosen}
    return Scheme(chosen, worth, {o: tuple(policy[o]) for o in chosen if policy[o]})


def _spread(
    course: Course, said: Mapping[str, Any], table: str, otherwise: Any, file: Path
) -> dict[Exercise, Any]:
    """What a table says of each exercise; what is said of fewer exercises counts more."""
    found: dict[Exercise, Any] = dict.fromkeys(course.exercises(), otherwise)
    rows = said.get(table, {})
    if not isinstance(rows, dict):
        raise WrongCourse(f"{file}: [{table}] is a table")
    for name, value in sorted(rows.items(), key=lambda o: -len(course.find(o[0]))):
        number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
        texts = isinstance(value, list) and all(isinstance(o, str) for o in value)
        if not (texts if table == "policy" else number):
            wanted = "a list of names" if table == "policy" else "a number from 0 on"
            raise WrongCourse(f"{file}: [{table}] wants {wanted} for {name}")
        found |= dict.fromkeys(course.find(name), value)
    return found
