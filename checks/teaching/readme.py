"""Readme: the tables in it that can be made are made.

python -m checks.teaching.readme
"""

import sys
from collections.abc import Callable
from pathlib import Path

from checks.judging.curriculum import PARTS, Course, course
from checks.teaching.tables import between_marks


def kata_map(here: Course) -> str:
    """The katas with level, time and exercises."""
    rows = ["| | kata | level | minutes | exercises |", "|---|---|---|---|---|"]
    first = {names.split()[0]: part for part, names in PARTS.items()}
    for kata in here.katas.values():
        if kata.name in first:
            rows.append(f"| | **{first[kata.name]}** | | | |")
        names = ", ".join(f"`{name}`" for name in kata.exercises)
        link = f"[{kata.name}](katas/{kata.name}.py)"
        rows.append(f"| {kata.number} | {link} | {kata.level} | {kata.minutes} | {names} |")
    return "\n".join(rows)


TABLES: dict[str, Callable[[Course], str]] = {"map": kata_map}


def filled(text: str, here: Course) -> str:
    """`text` with every table between its two marks made anew."""
    for name, make in TABLES.items():
        text = between_marks(text, name, make(here))
    return text


if __name__ == "__main__":
    readme = Path(course().root, "README.md")
    readme.write_text(filled(readme.read_text(encoding="utf-8"), course()), encoding="utf-8")
    sys.exit(0)
