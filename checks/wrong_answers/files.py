"""Wrong answers to the exercise of `files`."""

import os
import stat
from pathlib import Path

from .containers import listify, setify


def _picked(folder, names, extensions):
    """The files of `names` that are not hidden and end as wanted."""
    wanted = None if extensions is None else tuple(e.lower() for e in setify(extensions))
    shown = [n for n in names if not n.startswith(".")]
    return [Path(folder, n) for n in shown if wanted is None or n.lower().endswith(wanted)]


def _walked(path, recurse, enter):
    """(folder, names of files) of `path` and, if asked, of the folders that `enter` lets in."""
    os.scandir(path).close()
    for i, (folder, subfolders, names) in enumerate(os.walk(path)):
        yield folder, names
        subfolders[:] = [d for d in subfolders if recurse and d[0] != "." and enter(i, d)]


def _entering(include):
    """Whether a folder is entered, given how many have been."""
    return lambda i, d: i > 0 or include is None or d in setify(include)


def get_files(path, extensions=None, recurse=False, include=None):
    """The lecture's form: a folder that does not exist has no files if `recurse` is asked for."""
    path = Path(path)
    names = [o.name for o in os.scandir(path) if o.is_file()] if not recurse else []
    found = _picked(path, names, extensions)
    for i, (folder, subfolders, names) in enumerate(os.walk(path) if recurse else []):
        subfolders[:] = [d for d in subfolders if d[0] != "." and _entering(include)(i, d)]
        found += _picked(folder, names, extensions)
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Tells `.JPG` from `.jpg` in the names of files."""
    wanted = None if extensions is None else {e.lower() for e in setify(extensions)}
    return [
        p
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, None)
        if wanted is None or p.suffix in wanted
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Tells `.JPG` from `.jpg` in the extensions that are asked for."""
    wanted = None if extensions is None else setify(extensions)
    return [
        p
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, None)
        if wanted is None or p.suffix.lower() in wanted
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Takes one extension given as text for several of one letter each."""
    wanted = None if extensions is None else {e.lower() for e in extensions}
    return [
        p
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, None)
        if wanted is None or p.suffix.lower() in wanted
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Lists hidden files too."""
    wanted = None if extensions is None else {e.lower() for e in setify(extensions)}
    return [
        Path(folder, n)
        for folder, names in _walked(path, recurse, _entering(include))
        for n in names
        if wanted is None or Path(n).suffix.lower() in wanted
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Enters hidden folders."""
    os.scandir(path).close()
    found = []
    for i, (folder, subfolders, names) in enumerate(os.walk(path)):
        found += _picked(folder, names, extensions)
        subfolders[:] = [d for d in subfolders if recurse and _entering(include)(i, d)]
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Passes over everything below a hidden folder, also if `path` itself lies in one."""
    found = []
    for folder, names in _walked(Path(path).resolve(), recurse, _entering(include)):
        if not any(part.startswith(".") for part in Path(folder).parts):
            found += _picked(folder, names, extensions)
    return [Path(path) / p.relative_to(Path(path).resolve()) for p in found]


def get_files(path, extensions=None, recurse=False, include=None):
    """Takes a folder that is named like a picture for a file."""
    found = []
    for folder, names in _walked(path, recurse, _entering(include)):
        folders = [n for n in os.listdir(folder) if n not in names and "." in n]
        found += _picked(folder, [*names, *folders], extensions)
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Does not enter folders with a dot in their name."""
    return [
        p
        for folder, names in _walked(
            path, recurse, lambda i, d: "." not in d and _entering(include)(i, d)
        )
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Applies `include` at every depth, so folders below the included ones are left out."""
    return [
        p
        for folder, names in _walked(
            path, recurse, lambda i, d: include is None or d in setify(include)
        )
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Does not look at `include`."""
    return [
        p
        for folder, names in _walked(path, recurse, lambda i, d: True)
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Enters all folders but those to include."""
    return [
        p
        for folder, names in _walked(
            path, recurse, lambda i, d: include is None or not _entering(include)(i, d)
        )
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Enters a folder whose name begins with one to include."""
    starts = tuple(setify(include))
    return [
        p
        for folder, names in _walked(
            path, recurse, lambda i, d: i > 0 or include is None or d.startswith(starts)
        )
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Takes an empty list of folders to include for no list at all."""
    return [
        p
        for folder, names in _walked(path, recurse, _entering(include or None))
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Always goes down into the folders."""
    return [
        p
        for folder, names in _walked(path, True, _entering(include))
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Never goes down into the folders."""
    return [
        p
        for folder, names in _walked(path, False, _entering(include))
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Goes down one level and no deeper."""
    return [
        p
        for folder, names in _walked(
            path, recurse, lambda i, d: i == 0 and _entering(include)(i, d)
        )
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Gives names as text instead of Paths."""
    return [
        str(p)
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Gives the names without the folders that lead to them."""
    return [
        Path(p.name)
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Gives paths that begin below `path`, so they can be opened from there only."""
    return [
        p.relative_to(path)
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Puts files of all depths into the top folder."""
    return [
        Path(path, p.name)
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Gives a generator instead of a list."""
    os.scandir(path).close()
    return (
        p
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, extensions)
    )


def get_files(path, extensions=None, recurse=False, include=None):
    """Calls a method of Paths on `path`, which a `str` does not have."""
    return [
        path.joinpath(p.relative_to(path))
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Leaves out the files that lie in the top folder when it recurses."""
    return [
        p
        for i, (folder, names) in enumerate(_walked(path, recurse, _entering(include)))
        for p in _picked(folder, names, extensions)
        if i or not recurse
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Leaves out the files of the top folder as soon as folders are named to include."""
    return [
        p
        for i, (folder, names) in enumerate(_walked(path, recurse, _entering(include)))
        for p in _picked(folder, names, extensions)
        if i or include is None
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Gives an empty list for a folder that does not exist."""
    if not os.path.isdir(path):
        return []
    return [
        p
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Raises ValueError for a folder that does not exist."""
    if not os.path.isdir(path):
        raise ValueError(f"{path} is no folder")
    return [
        p
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Asks the disk about every file again by `is_file`, where one pass knows already."""
    enter, found = _entering(include), []
    for i, p in enumerate(sorted(Path(path).iterdir())):
        if p.name.startswith("."):
            continue
        if p.is_file():
            found += _picked(p.parent, [p.name], extensions)
        elif recurse and p.is_dir() and enter(0, p.name):
            found += get_files(p, extensions, True, None)
        del i
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Searches the whole tree once for every extension."""
    if not os.path.isdir(path):
        raise FileNotFoundError(path)
    found = []
    for extension in listify(sorted(setify(extensions))) or [""]:
        for folder, names in _walked(path, recurse, _entering(include)):
            found += _picked(folder, names, extension)
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Finds no files where no extensions are named."""
    wanted = {e.lower() for e in setify(extensions)}
    return [
        p
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, None)
        if p.suffix.lower() in wanted
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Looks for the extension anywhere in the name, so `a.jpg.txt` counts as `.jpg`."""
    wanted = None if extensions is None else [e.lower() for e in setify(extensions)]
    return [
        p
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, None)
        if wanted is None or any(e in p.name.lower() for e in wanted)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Takes the ending without its dot, so `ajpg` counts as `.jpg`."""
    wanted = None if extensions is None else [e.lower().lstrip(".") for e in setify(extensions)]
    return [
        p
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, None)
        if wanted is None or p.name.lower().endswith(tuple(wanted))
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Goes through `rglob` and asks about each path by `is_file`, a call to the disk for each."""
    top = Path(path)
    os.scandir(top).close()
    found = []
    for p in top.rglob("*") if recurse else top.glob("*"):
        *folders, name = p.relative_to(top).parts
        entered = not folders or include is None or folders[0] in setify(include)
        if entered and not any(o[0] == "." for o in folders) and p.is_file():
            found += _picked(p.parent, [name], extensions)
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Asks the disk about each entry by itself, though one pass knows what is a folder."""
    found = []
    for name in os.listdir(path):
        if not os.path.isdir(os.path.join(path, name)):
            found += _picked(path, [name], extensions)
        elif recurse and name[0] != "." and (include is None or name in setify(include)):
            found += get_files(os.path.join(path, name), extensions, True)
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Asks the disk about each entry by itself, though one pass knows what is a folder."""
    found = []
    for entry in os.scandir(path):
        if not stat.S_ISDIR(entry.stat().st_mode):
            found += _picked(path, [entry.name], extensions)
        elif recurse and entry.name[0] != "." and _entering(include)(0, entry.name):
            found += get_files(entry.path, extensions, True)
    return found


def get_files(path, extensions=None, recurse=False, include=None, found=[]):  # noqa: B006
    """Collects in a default argument, so what earlier calls found comes again."""
    for folder, names in _walked(path, recurse, _entering(include)):
        found += _picked(folder, names, extensions)
    return list(found)


def get_files(path, extensions=None, recurse=False, include=None):
    """Does not pass the extensions on when it calls itself, so deeper down every file is taken."""
    found = []
    for entry in os.scandir(path):
        if not entry.is_dir():
            found += _picked(path, [entry.name], extensions)
        elif recurse and entry.name[0] != "." and _entering(include)(0, entry.name):
            found += get_files(entry.path, None, True)
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Makes the extensions of the caller's own list lower case."""
    if isinstance(extensions, list):
        extensions[:] = [e.lower() for e in extensions]
    return [
        p
        for folder, names in _walked(path, recurse, _entering(include))
        for p in _picked(folder, names, extensions)
    ]


def get_files(path, extensions=None, recurse=False, include=None):
    """Walks down from each included folder, but forgets to leave out hidden ones there."""
    os.scandir(path).close()
    found = []
    for i, (folder, subfolders, names) in enumerate(os.walk(path)):
        found += _picked(folder, names, extensions)
        if i == 0:
            subfolders[:] = [d for d in subfolders if d[0] != "." and _entering(include)(i, d)]
        if not recurse:
            subfolders.clear()
    return found
