"""Handed in: which files of a submission count, by a rule that is told.

`katas/<kata>.py` counts, wherever the folder `katas` lies, else a file `<kata>.py`; the one that
lies least deep. What lies in a folder `laws` is read as laws, and never as an answer. Nothing
counts below `solutions`, `checks`, `tests` or a hidden folder, and no link is followed. A zip file
is a folder. Whatever looks like an answer and doesn't count is noted.
"""

import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

LEFT_OUT = {"solutions", "checks", "tests", "node_modules", "site-packages", "venv", "env"}
LEFT_OUT |= {"__pycache__", "__MACOSX"}
MOST_FILES = 20_000
TEXT, NOTEBOOK, ZIP = 300_000, 30_000_000, 100_000_000  # bytes
DEEP = 40  # folders in each other
ARCHIVES = (".tar", ".gz", ".tgz", ".bz2", ".xz", ".rar", ".7z")
DAMAGED = (
    OSError,
    RuntimeError,
    ValueError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
"""What reading a file in a zip may raise; an unknown method of compression is a RuntimeError."""


class Unreadable(Exception):
    """A file that can't be read, with the reason."""


@dataclass(frozen=True)
class File:
    """A file of a submission; `read` returns its bytes and raises Unreadable."""

    path: PurePosixPath
    read: Callable[[int], bytes] = field(compare=False, repr=False)

    @property
    def depth(self) -> int:
        """How deep it lies."""
        return len(self.path.parts)


@dataclass
class Chosen:
    """What counts: a file for each kata, the notebooks, the other modules, and the notes."""

    katas: dict[str, File] = field(default_factory=dict)
    notebooks: list[File] = field(default_factory=list)
    modules: list[File] = field(default_factory=list)
    laws: dict[str, File] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def _is_left_out(name: str) -> bool:
    return name.startswith(".") or name in LEFT_OUT


def _opened(path: str) -> Callable[[int], bytes]:
    def read(most: int) -> bytes:
        try:
            fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise Unreadable(error.strerror or "it can't be opened") from None
        with os.fdopen(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise Unreadable("it isn't a file")
            return _at_most(file.read(most + 1), most)

    return read


def _at_most(found: bytes, most: int) -> bytes:
    if len(found) > most:
        raise Unreadable(f"it's larger than {most // 1000} kB")
    return found


def files(folder: Path, notes: list[str]) -> Iterator[File]:
    """All files below a folder, or in a zip file, that may count."""
    if not folder.is_dir():
        yield from zipped(folder, PurePosixPath(), notes)
        return
    count = 0
    for place, folders, names in os.walk(folder):
        here = PurePosixPath(os.path.relpath(place, folder))
        for name in [o for o in folders if os.path.islink(os.path.join(place, o))]:
            if not _is_left_out(name):
                notes.append(f"{here / name} is a link, which isn't followed")
        if folders and len(here.parts) >= DEEP:
            notes.append(f"folders in more than {DEEP} others aren't entered")
            folders.clear()
        folders[:] = sorted(
            o for o in folders if not _is_left_out(o) and not os.path.islink(f"{place}/{o}")
        )
        for name in sorted(names):
            whole = os.path.join(place, name)
            count += 1
            if count > MOST_FILES:
                notes.append(f"more than {MOST_FILES} files; the others don't count")
                return
            if os.path.islink(whole):
                if name.endswith((".py", ".ipynb", ".zip")):
                    notes.append(f"{here / name} is a link, which isn't followed")
            elif name.lower().endswith(".zip"):
                yield from zipped(Path(whole), here / name, notes)
            elif not name.startswith("."):
                yield File(here / name, _opened(whole))


def zipped(path: Path, below: PurePosixPath, notes: list[str]) -> Iterator[File]:
    """The files in a zip file; only those that count are ever unpacked, and only in memory."""
    name = below.name or path.name
    try:
        _opened(str(path))(ZIP)
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (Unreadable, OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
        notes.append(f"{name} can't be read as a zip file: {error}")
        return
    if len(entries) > MOST_FILES:
        notes.append(f"{name} holds more than {MOST_FILES} files")
        return
    for entry in entries:
        inner = PurePosixPath(entry.filename.replace("\\", "/"))
        if entry.is_dir() or any(_is_left_out(o) for o in inner.parts[:-1]):
            continue
        if inner.is_absolute() or ".." in inner.parts or stat.S_ISLNK(entry.external_attr >> 16):
            notes.append(f"{name} holds {entry.filename[:60]}, which leads out of it")
        elif not inner.name.startswith("."):
            yield File(below / inner, _unzipped(path, entry))


def _unzipped(path: Path, entry: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(most: int) -> bytes:
        try:
            with zipfile.ZipFile(path) as archive, archive.open(entry) as file:
                return _at_most(file.read(most + 1), most)
        except DAMAGED as error:
            raise Unreadable(str(error)) from None

    return read


def choose(found: Iterable[File], katas: Sequence[str], notes: list[str]) -> Chosen:
    """Which of the files count."""
    chosen = Chosen(notes=notes)
    whole = sorted(found, key=lambda o: (o.depth, str(o.path)))
    every = [o for o in whole if "laws" not in o.path.parts[:-1]]
    for file in [o for o in whole if o not in every]:
        kata = file.path.stem.removeprefix("test_")
        if kata in katas and file.path.name == f"test_{kata}.py":
            chosen.laws.setdefault(kata, file)
    for kata in katas:
        named = [o for o in every if o.path.name == f"{kata}.py"]
        inside = [o for o in named if o.path.parent.name == "katas"]
        pool = inside or named
        first = [o for o in pool if o.depth == pool[0].depth]
        if len(first) > 1 and len({_content(o) for o in first}) > 1:
            told = " and ".join(str(o.path) for o in first[:3])
            notes.append(f"none of {told} counts: they lie equally deep and differ")
            continue
        if first:
            chosen.katas[kata] = first[0]
        for other in [o for o in named if o not in first and _content(o) != _content(first[0])]:
            notes.append(f"{other.path} doesn't count, {first[0].path} does")
    for file in every:
        name = file.path.name
        if name.endswith(".ipynb"):
            chosen.notebooks.append(file)
        elif name.endswith(".py") and file.path.stem not in katas:
            chosen.modules.append(file)
        near = _looks_like(name, katas) if file.path.parent.name != "notebooks" else None
        if near is not None:
            notes.append(f"{file.path} doesn't count: the file is called {near}.py")
        elif name.lower().endswith(ARCHIVES):
            notes.append(f"{file.path} doesn't count: of archives only zip files are read")
        elif name.lower().endswith(".zip"):
            notes.append(f"{file.path} doesn't count: it's a zip file in another")
    if not whole:
        notes.append("nothing is handed in")
    return chosen


def _content(file: File) -> bytes | None:
    try:
        return file.read(TEXT)
    except Unreadable:
        return None


def _looks_like(name: str, katas: Sequence[str]) -> str | None:
    """The kata whose file a name nearly is."""
    stem, dot, ending = name.partition(".")
    if ending.lower() not in ("py", "py.txt", "txt", "pyw") or name in {f"{k}.py" for k in katas}:
        return None
    words = re.sub(r"[^a-z]+", "_", stem.lower()).strip("_")
    near = [k for k in katas if f"_{k}_" in f"_{words}_"]
    return max(near, key=len) if near and not words.startswith("test_") else None
