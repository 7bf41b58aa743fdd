"""Curtain: the texts of the course's files, also where a student's edition hides them.

A hidden file is a module that unpacks and runs itself. That is a curtain and no lock: it keeps
an eye from falling on a solution, and not a student from looking for one.
"""

import base64
import tokenize
import zlib
from pathlib import Path

MARK = '"""Hidden here, and no secret: `make solution` shows it when yours is green."""\n'
_held: dict[Path, str] = {}


def text_of(path: Path) -> str:
    """The text of a file of the course, uncovered."""
    if (found := _held.get(path)) is not None:
        return found
    with tokenize.open(path) as file:  # as Python reads it: byte order mark, coding cookie
        return uncovered(file.read())


def hold(path: Path) -> None:
    """Keep a text for processes that may not read its file."""
    _held[path] = text_of(path)


def covered(text: str) -> str:
    """A module that does what `text` does, and doesn't show it."""
    data = base64.b85encode(zlib.compress(text.encode(), 9)).decode()
    lines = "\n".join(data[i : i + 96] for i in range(0, len(data), 96))
    return (
        f'{MARK}\nimport base64\nimport zlib\n\nTEXT = """\\\n{lines}\n""".replace("\\n", "")\n'
        'exec(compile(zlib.decompress(base64.b85decode(TEXT)), __file__, "exec"))\n'
    )


def uncovered(text: str) -> str:
    """The text behind a curtain; any other text unchanged."""
    if not text.startswith(MARK):
        return text
    data = text.split('"""')[3].removeprefix("\\\n").replace("\n", "")
    return zlib.decompress(base64.b85decode(data)).decode()
