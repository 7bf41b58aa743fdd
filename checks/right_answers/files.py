"""Right answers to the exercise of `files`."""

import os
import re
from pathlib import Path

from .containers import setify


def _get_files(p, fs, extensions=None):
    p = Path(p)
    return [
        p / f
        for f in fs
        if not f.startswith(".")
        and (extensions is None or os.path.splitext(f)[1].lower() in extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """The lecture's form, with the errors that `os.walk` keeps to itself."""
    path = Path(path)
    if extensions is not None:
        extensions = {e.lower() for e in setify(extensions)}
    if recurse:
        if not path.exists():
            raise FileNotFoundError(path)
        res = []
        for i, (p, d, f) in enumerate(os.walk(path)):  # folder, folders in it, files in it
            if include is not None and i == 0:
                d[:] = [o for o in d if o in setify(include) and not o.startswith(".")]
            else:
                d[:] = [o for o in d if not o.startswith(".")]
            res += _get_files(p, f, extensions)
        return res
    f = [o.name for o in os.scandir(path) if o.is_file()]
    return _get_files(path, f, extensions)


def get_files(path, extensions=None, recurse=False, include=None):
    """By scandir, calling itself for each folder."""
    wanted = None if extensions is None else tuple(e.lower() for e in setify(extensions))
    entered = None if include is None else setify(include)
    found = []
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                if recurse and (entered is None or entry.name in entered):
                    found.extend(get_files(entry.path, extensions, True))
            elif wanted is None or entry.name.lower().endswith(wanted):
                found.append(Path(entry.path))
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """With a stack of folders that wait."""
    wanted = extensions if extensions is None else {e.lower() for e in setify(extensions)}
    top, found = os.fspath(path), []
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        for entry in list(os.scandir(folder)):
            if entry.name[0] == ".":
                continue
            if not entry.is_dir():
                if wanted is None or os.path.splitext(entry.name)[1].lower() in wanted:
                    found.append(Path(folder, entry.name))
            elif recurse and (folder != top or include is None or entry.name in setify(include)):
                waiting.append(entry.path)
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """By `os.walk` that raises, sorted."""

    def fail(error):
        raise error

    endings = [""] if extensions is None else [e.lower() for e in setify(extensions)]
    found = []
    for depth, (folder, subfolders, names) in enumerate(os.walk(str(path), onerror=fail)):
        for name in names:
            if name[0] != "." and any(name.lower().endswith(ending) for ending in endings):
                found.append(Path(folder) / name)
        if not recurse:
            break
        for sub in list(subfolders):
            left_out = depth == 0 and include is not None and sub not in setify(include)
            if sub.startswith(".") or left_out:
                subfolders.remove(sub)
    return sorted(found)


def get_files(path, extensions=None, recurse=False, include=None):
    """By a generator for each folder, and a lower-case suffix."""
    wanted = None if extensions is None else {e.casefold() for e in setify(extensions)}

    def below(here, allowed):
        folders = []
        with os.scandir(here) as entries:
            for entry in entries:
                if entry.name[:1] == ".":
                    continue
                if entry.is_dir():
                    folders += [entry.path] * (allowed is None or entry.name in allowed)
                elif wanted is None or os.path.splitext(entry.name)[1].casefold() in wanted:
                    yield Path(entry.path)
        for each in folders if recurse else ():
            yield from below(each, None)

    return list(below(path, None if include is None else setify(include)))


def get_files(path, extensions=None, recurse=False, include=None):
    """By one regular expression for the names, and absolute paths."""
    ends = "" if extensions is None else "|".join(re.escape(e) + "$" for e in setify(extensions))
    wanted = re.compile(f"(?!\\.).*({ends})" if extensions is None or ends else "(?!)", re.I | re.S)
    top, found = os.path.abspath(path), []
    if not os.path.isdir(top):
        raise FileNotFoundError(2, os.strerror(2), top)
    for folder, subfolders, names in os.walk(top):
        found += map(Path(folder).joinpath, filter(wanted.match, names))
        chosen = setify(subfolders if folder != top or include is None else include)
        subfolders[:] = [o for o in subfolders if recurse and o in chosen and o[0] != "."]
    return found
