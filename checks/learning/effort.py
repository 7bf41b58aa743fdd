"""Effort: how hard an exercise is, in three steps, and about how many minutes it takes.

Both come from something that can be measured: the lines of the reference and the laws about it.
"""

import ast
import re
from functools import cache

from checks.judging.curriculum import Course, Definition, Exercise

STEPS = (12, 30)
"""Lines and laws from which on an exercise is of the second, and of the third step."""

BY_HAND = {
    "optimizers.debias": 2,
    "augment.find_coeffs": 3,
    "batch_augment.affine_grid": 2,
    "batch_augment.perspective_grid": 3,
}
"""Short ones that take more thought than typing."""


def difficulty(course: Course, exercise: Exercise) -> int:
    """From 1 to 3."""
    size = _sizes(course, exercise[0])[exercise[1]]
    return BY_HAND.get(".".join(exercise), 1 + sum(size >= step for step in STEPS))


def minutes(course: Course, exercise: Exercise) -> float:
    """Its part of the kata's minutes."""
    kata, name = exercise
    sizes = _sizes(course, kata)
    return course.katas[kata].minutes * sizes[name] / sum(sizes.values())


@cache
def _sizes(course: Course, kata: str) -> dict[str, int]:
    """For each exercise the lines of the reference, without words, and its laws."""
    path = course.checks / f"check_{kata}.py"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    laws = re.findall(r"^@law\(\s*\"(\w+)\"", text, flags=re.M)
    sizes = dict.fromkeys(course.katas[kata].exercises, 0)
    for node in course.katas[kata].tree.body:
        if isinstance(node, Definition) and node.name in sizes:
            sizes[node.name] += len(_lines(node))
    return {name: max(size + laws.count(name), 1) for name, size in sizes.items()}


def _lines(node: ast.stmt) -> list[str]:
    """The code of a definition without its docstrings and comments."""
    bare = ast.parse(ast.unparse(node))
    for part in ast.walk(bare):
        if isinstance(part, Definition) and ast.get_docstring(part) is not None:
            part.body = part.body[1:] or [ast.Pass()]
    return ast.unparse(bare).splitlines()
