"""Words for folders: files that are written, and trees of them."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from checks.laws import assert_that


@contextmanager
def written(files: dict[str, Any]) -> Iterator[Path]:
    """A folder with these files: bytes as they are, pictures in the format that the name says."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                content.save(path)
        yield Path(folder)


def handles_on(path: Path) -> int:
    """How many of this process's open file handles are of the file at `path`."""
    wanted, found = os.stat(path), 0
    os.close(free := os.open(path, os.O_RDONLY))  # the lowest that is free: leaks lie below it
    for handle in range(max(256, free)):
        with suppress(OSError):
            found += os.path.samestat(os.fstat(handle), wanted)
    return found


file_names = st.sampled_from(
    ["1.jpg", "2.JPG", "3.Jpeg", "4.png", "5.txt", "6", "7jpg", "8.jpg.txt", "9.tar.gz", ".a.jpg"]
    + ["jpg", "_1.jpg", "a b.jpg"]
)
"""Names of files; some are hidden, some have no extension."""

folder_names = st.sampled_from(["train", "train2", "valid", "n01.440", "x.jpg", ".git"])
"""Names of folders; some are hidden, some look like names of files."""

file_trees = st.lists(
    st.builds(
        lambda folders, name: "/".join([*folders, name]),
        st.lists(folder_names, max_size=3),
        file_names,
    ),
    unique=True,
    max_size=6,
)
"""Files of a folder and of folders in it at any depth, each by its path."""


def folder_of(tree: Iterable[str]) -> AbstractContextManager[Path]:
    """A new folder with these files."""
    return written(dict.fromkeys(tree, b""))


def visible(tree: Iterable[str], recurse: bool = True) -> list[str]:
    """The files of a tree that are not hidden, nor in a hidden folder; sorted, each once."""
    shown = {o for o in tree if not any(part.startswith(".") for part in o.split("/"))}
    return sorted(o for o in shown if recurse or "/" not in o)


def ending(tree: Iterable[str], extensions: Iterable[str]) -> list[str]:
    """Those that end in one of the extensions, whatever the case of either."""
    return [o for o in tree if any(o.lower().endswith(e.lower()) for e in extensions)]


def inside(tree: Iterable[str], *folders: str) -> list[str]:
    """Those that lie at the top, or in one of these folders of the top."""
    return [o for o in tree if "/" not in o or o.split("/")[0] in folders]


def names(found: Any, root: Path) -> list[str]:
    """Where the Paths of a list are below a folder, sorted: any order is right."""
    assert_that(type(found) is list, f"got a {type(found).__name__}, wanted a list", found, [])
    others = sorted({type(o).__name__ for o in found if not isinstance(o, Path)})
    wanted = [Path(o) for o in found] if others else found
    assert_that(not others, f"got a list of {', '.join(others)}, wanted Paths", found, wanted)
    return sorted(os.path.relpath(o, root) for o in found)


class _Entry:
    """An entry of a folder that says when it is asked for more than the folder's list tells."""

    def __init__(self, entry: Any, disk: "Disk") -> None:
        self.entry, self.disk = entry, disk

    def stat(self, **kwargs: Any) -> Any:
        """What the disk knows of it."""
        self.disk.stats += 1
        return self.entry.stat(**kwargs)

    def __fspath__(self) -> str:
        return self.entry.path

    def __getattr__(self, name: str) -> Any:
        return getattr(self.entry, name)


class _Entries:
    """The entries of a folder, one after the other, as `os.scandir` has them."""

    def __init__(self, entries: Any, disk: "Disk") -> None:
        self.entries, self.disk, self.close = entries, disk, entries.close

    def __iter__(self) -> "_Entries":
        return self

    def __next__(self) -> _Entry:
        return _Entry(next(self.entries), self.disk)

    def __enter__(self) -> "_Entries":
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()


class Disk:
    """While it is open: how often a folder was listed, and how often a path was asked about."""

    def __enter__(self) -> "Disk":
        self.lists = self.stats = 0
        names = ("stat", "lstat", "listdir", "scandir")
        self.kept = stat, lstat, listdir, scandir = [getattr(os, name) for name in names]
        asked = [self._counting("stats", f) for f in (stat, lstat)]
        listed, scanned = [self._counting("lists", f) for f in (listdir, scandir)]
        self._put(*asked, listed, lambda *args: _Entries(scanned(*args), self))
        return self

    def __exit__(self, *error: Any) -> None:
        self._put(*self.kept)

    def _put(self, *functions: Any) -> None:
        for name, f in zip(("stat", "lstat", "listdir", "scandir"), functions, strict=True):
            setattr(os, name, f)

    def _counting(self, count: str, f: Any) -> Any:
        """`f`, with its calls counted."""

        def counted(*args: Any, **kwargs: Any) -> Any:
            setattr(self, count, getattr(self, count) + 1)
            return f(*args, **kwargs)

        return counted
