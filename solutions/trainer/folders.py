"""Folders: which files of a folder are trained with, in which part, and with which label.

Three ways to say it: folders called `train` and `val`, class folders with `split=0.2`, or a CSV
file with `labels=FILE`.
"""

import csv
import hashlib
import os
import posixpath
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ..files import get_files
from ..labels import grandparent_splitter, parent_labeler
from .checkpoints import CHECKPOINT
from .opening import ENDINGS
from .recipes import Setting, TrainError, few

VALID_NAMES = ("val", "valid", "validation", "test")
YES = ("true", "1", "1.0", "yes", "valid", "validation", "val", "t", "y")
NO = ("false", "0", "0.0", "no", "train", "training", "", "f", "n")
IS_VALID = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
# Pictures that the trainer has drawn, where such a file lies next to them.
DRAWN = dict.fromkeys(("curves.png", "confusion.png", "mistakes.png"), CHECKPOINT)
DRAWN |= {"lrfind.png": "lrfind.csv"}
DEBRIS = {"Thumbs.db", "desktop.ini", "Desktop.ini", "Icon\r"}  # of file managers
PATHS = ("path", "file", "filename", "file_name", "image", "name", "fname")


@dataclass
class Layout:
    """The files that a setting asks for, and what it says of each.

    odd       names of pictures that aren't files: pipes, or links to nothing
    is_valid  whether a file is for validation; None leaves it out
    label     the class of a file
    left_out  names of what might have been meant and isn't used, by the reason
    """

    root: Path
    files: list[Path]
    odd: list[Path]
    is_valid: Callable[[Path], bool | None]
    label: Callable[[Path], str]
    left_out: dict[str, list[str]] = field(default_factory=dict)

    def fingerprint(self) -> str:
        """What changes with any name, size, part or label."""
        found = hashlib.sha256()
        for file in self.files:
            part = self.is_valid(file)
            if part is not None:
                said = (
                    f"{_name(file, self.root)}\t{file.stat().st_size}\t{part}\t{self.label(file)}"
                )
                found.update(said.encode("utf-8", "surrogateescape") + b"\n")
        return found.hexdigest()


def read_layout(root: Path, setting: Setting) -> Layout:
    """The layout of the pictures below `root` that `setting` asks for."""
    table = read_labels(root, setting.labels, setting.column) if setting.labels else None
    valid = next((o for o in VALID_NAMES if (root / o).is_dir()), VALID_NAMES[0])
    is_valid: Callable[[Path], bool | None] = partial(grandparent_splitter, valid_name=valid)
    include = None
    if setting.split and not table and (root / "train").is_dir() and (root / valid).is_dir():
        raise TrainError(f"{root} is split into `train` and `{valid}`: leave out split=")
    if setting.split:
        is_valid = partial(by_hash, share=setting.split)
    elif table is not None and table.parts:
        is_valid = table.is_valid
    else:
        include = ["train", valid]
    files, odd, others = pictures_below(root, include)
    if table is None:
        check_links(files)
        unused = [o for o in VALID_NAMES if include and o != valid and (root / o).is_dir()]
        left_out = {
            "their endings aren't those of pictures": [*map(str, others)],
            f"validation is in {valid!r}": [str(f) for f in pictures_below(root, unused)[0]],
        }
        return Layout(root, files, odd, is_valid, _folder_name, left_out)
    if include and not (root / "train").is_dir():
        raise TrainError(f"{setting.labels} has no column is_valid: split=0.2 splits its pictures")
    names = {_name(f, root): f for f in files}
    listed = [f for name, f in names.items() if name in table.labels]
    absent = [name for name in table.labels if name not in names]
    outside = [name for name in absent if name[:1] == "/" or name[:2] == ".."]
    left_out = {
        f"{setting.labels} has no row for them": [o for o in names if o not in table.labels],
        f"{setting.labels} names them outside {root}": outside,
        f"{setting.labels} names them and there's none": [o for o in absent if o not in outside],
    }
    if not listed:
        such = f", such as {absent[0]!r}" if absent else ""
        raise TrainError(f"{setting.labels} names no picture in {root}, only others{such}")
    return Layout(root, listed, odd, is_valid, table.label, left_out)


def pictures_below(
    root: Path, include: list[str] | None
) -> tuple[list[Path], list[Path], list[Path]]:
    """The pictures below `root` in the order of their names, what is only called like one, and
    files of other kinds in the folders further down.

    Links to files and folders are followed. Pictures that the trainer has drawn are left out.
    """
    starts = [root] if include is None else [root / name for name in include]
    files: list[Path] = []
    odd: list[Path] = []
    others: list[Path] = []
    for start in starts:
        for folder in folders_below(start) if start.is_dir() else ():
            for file in sorted(get_files(folder)):
                if _is_dead_link(file):
                    odd.append(file)
                elif file.suffix.lower() not in ENDINGS:
                    others += [file] if folder != start and file.name not in DEBRIS else []
                elif not (file.name in DRAWN and file.with_name(DRAWN[file.name]).exists()):
                    (files if file.is_file() else odd).append(file)
    return files, odd, others


def check_links(files: Iterable[Path]) -> None:
    """Raise TrainError if the pictures of two classes are the same, by links to one folder."""
    seen: dict[str, Path] = {}
    for folder in dict.fromkeys(f.parent for f in files):
        first = seen.setdefault(os.path.realpath(folder), folder)
        if first.name != folder.name:
            raise TrainError(f"{first} and {folder} are one and the same folder, for two classes")


def folders_below(folder: Path, above: frozenset[str] = frozenset()) -> Iterator[Path]:
    """`folder` and all folders in it but hidden ones; a link to a folder above isn't followed."""
    real = os.path.realpath(folder)
    if real in above:
        return
    yield folder
    with os.scandir(folder) as entries:
        inside = sorted(o.name for o in entries if o.name[0] != "." and _is_folder(o))
    for name in inside:
        yield from folders_below(folder / name, above | {real})


def _is_dead_link(file: Path) -> bool:
    """Whether it's a link that leads nowhere, and may have led to a class: it has no ending."""
    return not file.suffix and file.is_symlink() and not os.path.exists(file)


def _is_folder(entry: os.DirEntry) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def by_hash(file: Path, share: float) -> bool:
    """Whether a file belongs to the `share` for validation, by its name and its folder's.

    Other files that come or go don't change it.
    """
    name = f"{file.parent.name}/{file.name}".encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.sha256(name).digest()[:8]) < share * 2**64


@dataclass
class Table:
    """The labels of a CSV file, by the names of the files below `root`, and their parts."""

    root: Path
    labels: dict[str, str]
    parts: dict[str, bool]

    def label(self, file: Path) -> str:
        """The label of a file."""
        return self.labels[_name(file, self.root)]

    def is_valid(self, file: Path) -> bool | None:
        """Whether a file is for validation."""
        return self.parts.get(_name(file, self.root))


def _name(file: Path, root: Path) -> str:
    return _composed(file.relative_to(root).as_posix())


def _folder_name(file: Path) -> str:
    return _composed(parent_labeler(file))


def _composed(name: str) -> str:
    """A name with accents in one form: macOS may part a letter from its accent."""
    return unicodedata.normalize("NFC", name)


def read_labels(root: Path, labels: str, column: str) -> Table:
    """The labels in a column of a CSV file, which lies here or in `root`.

    Its first line names the columns. `path` (or `file`, `image`, `name`) is relative to `root`;
    `is_valid`, if there is one, says which pictures are for validation.
    """
    here = Path(labels).expanduser()
    file = here if here.exists() else root / labels
    if file.exists() and not file.is_file():
        raise TrainError(f"{file} isn't a file")
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            first = lines.readline()
            separator = max(",;\t", key=lambda o: (o in first, o == ","))
            lines.seek(0)
            table = csv.reader(lines, delimiter=separator)
            rows = [(table.line_num, [cell.strip() for cell in row]) for row in table if row]
    except UnicodeDecodeError as error:
        raise TrainError(f"{file} isn't encoded as UTF-8 ({error})") from error
    except (csv.Error, ValueError) as error:
        raise TrainError(f"{file} isn't a CSV file with a line of names ({error})") from error
    if not rows:
        raise TrainError(f"{file} is empty")
    (_, header), *rows = rows
    header = ["is_valid" if o.lower() == "is_valid" else o for o in header]
    named = [o for o in header if o]  # pandas writes its numbers of rows without a name
    path = next((o for o in named if o.lower() in PATHS), named[0] if named else "")
    column = _column(file, column, [o for o in named if o not in (path, "is_valid")])
    if not rows:
        raise TrainError(f"{file} has a line of names and no rows")
    found = Table(root, {}, {})
    for i, row in rows:
        if len(row) < len(header) or any(row[len(header) :]):
            many = "few" if len(row) < len(header) else "many"
            raise TrainError(
                f"{file}: too {many} cells in line {i}; quote a text with {separator!r}"
            )
        cells = dict(zip(header, row, strict=False))
        name, label = _below(root, cells[path]), cells[column]
        if not (label and cells[path]):
            raise TrainError(f"{file}: no {'path' if label else 'label'} in line {i}")
        if found.labels.setdefault(name, label) != label:
            raise TrainError(f"{file}: {name} has two labels, {found.labels[name]!r} and {label!r}")
        if "is_valid" in cells:
            part = IS_VALID.get(cells["is_valid"].lower())
            if part is None:
                word = cells["is_valid"]
                raise TrainError(
                    f"{file}: is_valid is {word!r} in line {i}: true or false is wanted"
                )
            if found.parts.setdefault(name, part) != part:
                raise TrainError(f"{file}: {name} is in training and in validation")
    return found


def _below(root: Path, name: str) -> str:
    """The name of a file below `root`, as `_name` says it, from how a table says it."""
    if "\\" in name and not (root / name).exists():  # from Windows
        name = name.replace("\\", "/")
    name = _composed(posixpath.normpath(name))
    for start in (root.as_posix(), root.absolute().as_posix()):
        name = name.removeprefix(f"{start}/") if name[:1] == "/" else name
    return name


def _column(file: Path, column: str, names: list[str]) -> str:
    """The column that is asked for, or the only one."""
    if twice := next((o for o in names if names.count(o) > 1), None):
        raise TrainError(f"{file} has two columns called {twice!r}")
    if column in names:
        return column
    if not column and (len(names) == 1 or "label" in names):
        return "label" if "label" in names else names[0]
    if not names:
        raise TrainError(f"{file} has no column with labels: commas or tabs separate columns")
    said = f"{file} has no column {column!r}" if column else f"{file} has several columns"
    raise TrainError(f"{said}: choose with column= one of {few(names)}")


def check_labels(train: Iterable[str], valid: Iterable[str], where: Path) -> list[str]:
    """The classes of the training pictures, in order; TrainError if validation has others."""
    vocab = sorted(set(train))
    if unknown := sorted(set(valid) - set(vocab)):
        raise TrainError(
            f"{where}: {unknown[0]!r} is a class of validation alone; training has {few(vocab)}"
        )
    if len(vocab) < 2:
        raise TrainError(f"{where} holds one class, {vocab}: nothing to tell apart")
    return vocab
