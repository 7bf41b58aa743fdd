"""Make: the values that were written as name=value behind `make`, with every character in them.

A recipe would hand them to a shell, which reads spaces, quotes, `$` and `&` in its own way. Make
itself keeps them in the variable MAKEFLAGS of the environment.
"""

import os
import re
import signal
import sys
from collections.abc import Sequence

ITS_OWN = ("PYTHON", "with")  # what the Makefile itself reads


def said_to_make() -> list[str]:
    """`name=value` for each variable of make's command line, in the order of the line."""
    _, dashes, words = os.environ.get("MAKEFLAGS", "").rpartition("-- ")
    if not dashes:
        return []
    found = [re.sub(r"\\(.)", r"\1", o) for o in re.findall(r"(?:\\.|[^\s\\])+", words)]
    pairs = (o.replace("$$", "$") for o in reversed(found) if re.match(r"\w+=", o))
    return [o for o in pairs if o.partition("=")[0] not in ITS_OWN]


def command_line(arguments: Sequence[str] | None) -> list[str]:
    """`arguments`; without them what was written behind the program, and behind make."""
    return [*sys.argv[1:], *said_to_make()] if arguments is None else list(arguments)


def printable() -> None:
    """Print names that the terminal's encoding lacks with backslashes; Python would raise."""
    for stream in sys.stdout, sys.stderr:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def visible(text: str) -> str:
    """A text with names of files in it as one line: control characters are written as escapes."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", _escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def quiet_start(name: str) -> None:
    """Until torch is loaded, which takes a second, Ctrl-C ends the process with one line."""

    def end(*args: object) -> None:
        os.write(2, f"{name}: interrupted\n".encode())
        os._exit(130)

    signal.signal(signal.SIGINT, end)


def started() -> None:
    """All is loaded: Ctrl-C is an error from here on."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
