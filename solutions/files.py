"""Files: every picture below a folder, fast.

Level 1. About 20 minutes. After `containers`.
Source: fast.ai 2019, lesson 11, 0:29:40 (getting the files).
"""

import mimetypes
import os
from pathlib import Path
from typing import Any

from .containers import setify

image_extensions = {ext for ext, kind in mimetypes.types_map.items() if kind.startswith("image/")}


def get_files(
    path: str | Path,
    extensions: Any = None,
    recurse: bool = False,
    include: Any = None,
) -> list[Path]:
    """A list of the files in the folder `path`, as Paths in any order.

    path        a str or a Path
    extensions  endings of the files to list: one such as ".jpg", or several in a list, tuple or
                set; None for all files
    recurse     whether to list the files in folders below `path` too
    include     names of the folders directly in `path` to enter: one, or several in a list, tuple
                or set; None for all

    The ending of a name starts at its last dot; each of `extensions` has one dot, at its start.
    Case doesn't matter in endings, but it does in the names of folders in `include`. All arguments
    are left unchanged.

    Hidden files, whose names start with a dot, are left out. Hidden folders aren't entered, even if
    `include` names them; but `path` itself may be hidden or lie in a hidden folder. A folder is
    never listed as a file, whatever its name. `include` doesn't affect the files directly in `path`
    or the folders further down. Without `recurse` no folder is entered.

    Raises FileNotFoundError if `path` doesn't exist, with or without `recurse`.

    Data sets can have a million files, so no file gets a `stat` call of its own: `os.walk` and
    `os.scandir` know which entries are folders. No folder is listed more often for several
    extensions than for one.

    >>> get_files("no/such/folder", recurse=True)
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'no/such/folder'
    """
    endings = "" if extensions is None else tuple(e.lower() for e in setify(extensions))
    found: list[Path] = []
    for folder, subfolders, names in os.walk(path, onerror=_raise):
        entered = [s for s in subfolders if s[0] != "."] if recurse else []
        if include is not None and folder == os.fspath(path):
            entered = [s for s in entered if s in setify(include)]
        subfolders[:] = entered
        wanted = {n for n in names if n[0] != "." and n.lower().endswith(endings)}
        if wanted:  # `iterdir` is the cheapest public maker of Paths: half the time of `rglob`
            found += [p for p in Path(folder).iterdir() if p.name in wanted]
    return found


def _raise(error: OSError) -> None:
    """Without it `os.walk` skips a folder that is missing or locked."""
    raise error
