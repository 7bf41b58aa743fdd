"""Readme: the tables in it that can be made are made.

python -m checks.teaching.readme
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from checks.judging.curriculum import Course, course

PARTS = {
    "containers": "The data block",
    "schedules": "The learner",
    "hooks": "Looking inside, starting well",
    "optimizers": "One optimizer",
    "augment": "More data out of the data",
    "label_smoothing": "The week after",
}


def kata_map(here: Course) -> str:
    """The katas with level, time and exercises."""
    rows = ["| | kata | level | minutes | exercises |", "|---|---|---|---|---|"]
    for kata in here.katas.values():
        if kata.name in PARTS:
            rows.append(f"| | **{PARTS[kata.name]}** | | | |")
        names = ", ".join(f"`{name}`" for name in kata.exercises)
        link = f"[{kata.name}](katas/{kata.name}.py)"
        rows.append(f"| {kata.number} | {link} | {kata.level} | {kata.minutes} | {names} |")
    return "\n".join(rows)


TABLES: dict[str, Callable[[Course], str]] = {"map": kata_map}


def filled(text: str, here: Course) -> str:
    """`text` with every table between its two marks made anew."""
    for name, make in TABLES.items():
        between = rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)"
        table = make(here)
        text = re.sub(between, rf"\g<1>{table}\n\g<2>", text, flags=re.S)
    return text


if __name__ == "__main__":
    readme = Path(course().root, "README.md")
    readme.write_text(filled(readme.read_text(encoding="utf-8"), course()), encoding="utf-8")
    sys.exit(0)
