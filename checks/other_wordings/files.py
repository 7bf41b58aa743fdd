"""Variants for `files`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import os
from pathlib import Path

from .containers import listify


class _Walk:
    """A search through folders, parts of which may be done wrongly."""

    def __init__(self, extensions=None, recurse=False, include=None):
        self.extensions = None if extensions is None else [e.lower() for e in listify(extensions)]
        self.recurse = recurse
        self.include = None if include is None else set(listify(include))

    def files(self, folder, depth=0):
        with os.scandir(folder) as entries:
            for entry in entries:
                if self.hidden(entry):
                    continue
                if entry.is_dir():
                    if self.enters(entry, depth):
                        yield from self.files(entry.path, depth + 1)
                elif self.wants(entry, depth):
                    yield Path(entry.path)

    def hidden(self, entry):
        return entry.name.startswith(".")

    def enters(self, entry, depth):
        if depth == 0 and self.include is not None and entry.name not in self.include:
            return False
        return self.recurse

    def wants(self, entry, depth):
        ending = "".join(entry.name.lower().rpartition(".")[1:])
        return self.extensions is None or ending in self.extensions


def get_files(path, extensions=None, recurse=False, include=None):
    """Lists hidden files too."""

    class Walk(_Walk):
        def hidden(self, entry):
            return entry.is_dir() and entry.name[0] == "."

    return list(Walk(extensions, recurse, include).files(path))


def get_files(path, extensions=None, recurse=False, include=None):
    """Enters hidden folders."""

    class Walk(_Walk):
        def hidden(self, entry):
            return entry.is_file() and entry.name[0] == "."

    return [*Walk(extensions, recurse, include).files(path)]


def get_files(path, extensions=None, recurse=False, include=None):
    """Distinguishes `.JPG` from `.jpg` in the names of files."""

    class Walk(_Walk):
        def wants(self, entry, depth):
            return self.extensions is None or entry.name.endswith(tuple(self.extensions))

    return list(Walk(extensions, recurse, include).files(path))


def get_files(path, extensions=None, recurse=False, include=None):
    """Applies `include` at every depth, so folders below the included ones are left out."""

    class Walk(_Walk):
        def enters(self, entry, depth):
            return self.recurse and (self.include is None or entry.name in self.include)

    return list(Walk(extensions, recurse, include).files(path))


def get_files(path, extensions=None, recurse=False, include=None):
    """Ignores `include`."""
    return list(_Walk(extensions=extensions, recurse=recurse).files(path))


def get_files(path, extensions=None, recurse=False, include=None):
    """Always goes down into the folders."""
    return list(_Walk(extensions, True, include).files(path))


def get_files(path, extensions=None, recurse=False, include=None):
    """Returns text instead of Paths."""
    found = _Walk(extensions, recurse, include).files(path)
    return sorted(os.fspath(p) for p in found)


def get_files(path, extensions=None, recurse=False, include=None):
    """Enters every folder except those in `include`."""

    class Walk(_Walk):
        def enters(self, entry, depth):
            chosen = self.include is not None and entry.name in self.include
            return self.recurse and not (depth == 0 and chosen)

    return list(Walk(extensions, recurse, include).files(path))


def get_files(path, extensions=None, recurse=False, include=None):
    # two levels and no deeper
    class Walk(_Walk):
        def enters(self, entry, depth):
            return depth < 2 and _Walk.enters(self, entry, depth)

    return list(Walk(extensions, recurse, include).files(path))


def get_files(path, extensions=None, recurse=False, include=None):
    # files with a name of one letter are passed over
    class Walk(_Walk):
        def wants(self, entry, depth):
            stem = entry.name.partition(".")[0]
            return len(stem) > 1 and _Walk.wants(self, entry, depth)

    return list(Walk(extensions, recurse, include).files(path))


def get_files(path, extensions=None, recurse=False, include=None):
    # every file twice
    return [p for p in _Walk(extensions, recurse, include).files(path) for _ in range(2)]


def get_files(path, extensions=None, recurse=False, include=None):
    # the folders of the files
    return [p.parent for p in _Walk(extensions, recurse, include).files(path)]
