"""Files: every picture below a folder, fast.

Level 1. About 20 minutes. After `containers`.
Source: fast.ai 2019, lesson 11, 0:29:40 (getting the files).
"""

import mimetypes
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
    """The files below `path`, in any order.

    path        the folder to look in
    extensions  which endings to take, such as ".jpg", one or several, upper and lower case alike
                in these and in the files' names; None takes every file
    recurse     go into subfolders too
    include     names of the folders directly in `path` to enter, and only those; what lies
                deeper is not filtered by it; None enters all

    Hidden files are left out, hidden folders are not entered, and a folder is no file whatever
    its name. FileNotFoundError if there is no such `path`. Speed is part of the contract: one
    pass of `os.scandir` or `os.walk` and no `stat` for each file, since data sets
    hold a million files.

    >>> get_files("no/such/folder", recurse=True)
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'no/such/folder'
    """
    raise NotImplementedError
