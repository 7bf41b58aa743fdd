"""Make: the values that were written as name=value behind `make`, with every character in them.

A recipe would hand them to a shell, which reads spaces, quotes, `$` and `&` in its own way. Make
itself keeps them in the variable MAKEFLAGS of the environment.
"""

import os
import re
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
