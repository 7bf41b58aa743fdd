"""Readme: the tables in it that can be made are made.

python -m checks.teaching.readme
"""

import sys
from collections.abc import Callable
from pathlib import Path

from checks.judging.curriculum import PARTS, Course, course
from checks.teaching.tables import between_marks, markdown


def kata_map(here: Course) -> str:
    """The katas by part, each with its level and minutes."""
    rows = [["part", "katas: level, minutes"]]
    for part, names in PARTS.items():
        katas = [here.katas[name] for name in names.split() if name in here.katas]
        links = [f"[{o.name}](katas/{o.name}.py) {o.level}, {o.minutes}" for o in katas]
        rows.append([part, " · ".join(links)])
    return markdown(rows)


TABLES: dict[str, Callable[[Course], str]] = {"map": kata_map}


def filled(text: str, here: Course) -> str:
    """`text` with every table between its two marks written again."""
    for name, make in TABLES.items():
        text = between_marks(text, name, make(here))
    return text


if __name__ == "__main__":
    readme = Path(course().root, "README.md")
    readme.write_text(filled(readme.read_text(encoding="utf-8"), course()), encoding="utf-8")
    sys.exit(0)
