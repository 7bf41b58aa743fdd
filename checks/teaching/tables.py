"""Tables: printed, and on request written into checks/README.md with date and command."""

import datetime
import re
from collections.abc import Sequence

from checks.judging.curriculum import Course

Rows = Sequence[Sequence[str]]


def print_table(rows: Rows) -> None:
    """The rows in columns; the first is the head, and the first column is aligned to the left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        first = f"{row[0]:{widths[0]}}"
        print(first + "".join(f"{o:>{w + 2}}" for o, w in zip(row[1:], widths[1:], strict=True)))


def write_table(course: Course, name: str, command: str, rows: Rows) -> None:
    """Put the rows between the marks of `name` in checks/README.md, with the date and command."""
    path = course.checks / "README.md"
    text = path.read_text(encoding="utf-8")
    made = f"*{datetime.date.today()}, `{command}`*\n\n{markdown(rows)}"
    path.write_text(between_marks(text, name, made), encoding="utf-8")


def markdown(rows: Rows) -> str:
    """The rows as a table of Markdown."""
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, f"|{'---|' * len(rows[0])}", *body])


def between_marks(text: str, name: str, made: str) -> str:
    """`text` with `made` in the place of what stands between the two marks of `name`."""
    marks = rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)"
    return re.sub(marks, lambda found: f"{found[1]}{made}\n{found[2]}", text, flags=re.S)
