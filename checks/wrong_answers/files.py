"""Wrong answers to the exercise of `files`: `_search` is right, and each changes one part of it."""

import os
import stat
from pathlib import Path

from .containers import setify


def _endings(extensions):
    return None if extensions is None else tuple(e.lower() for e in setify(extensions))


def _matches(name, endings):
    return endings is None or name.lower().endswith(endings)


def _hidden(name):
    return name.startswith(".")


def _enters(place, name, include):
    """Whether to enter a folder; `place` is 0 directly in `path`, and more further down."""
    return place > 0 or include is None or name in setify(include)


def _walk(path, recurse, enters):
    """(place, folder, names of files) of `path` and of the folders below that are to be entered."""
    os.scandir(path).close()
    for place, (folder, subfolders, names) in enumerate(os.walk(path)):
        yield place, folder, names
        subfolders[:] = [d for d in subfolders if recurse and enters(place, d)]


def _search(
    path,
    extensions,
    recurse,
    include,
    endings=_endings,
    matches=_matches,
    hidden=_hidden,
    hidden_folder=_hidden,
    enters=_enters,
):
    wanted, found = endings(extensions), []
    walk = _walk(path, recurse, lambda i, d: not hidden_folder(d) and enters(i, d, include))
    for _, folder, names in walk:
        found += [Path(folder, n) for n in names if not hidden(n) and matches(n, wanted)]
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Finds no files in a folder that doesn't exist if `recurse` is asked for, as the lecture's own version does."""
    if not recurse:
        return _search(path, extensions, recurse, include)
    return _search(path, extensions, recurse, include) if os.path.isdir(path) else []


def get_files(path, extensions=None, recurse=False, include=None):
    """Distinguishes `.JPG` from `.jpg` in the names of files."""
    return _search(path, extensions, recurse, include, matches=lambda n, ends: ends is None or n.endswith(ends))


def get_files(path, extensions=None, recurse=False, include=None):
    """Distinguishes `.JPG` from `.jpg` in the extensions that are asked for."""
    return _search(path, extensions, recurse, include, endings=lambda o: None if o is None else tuple(setify(o)))


def get_files(path, extensions=None, recurse=False, include=None):
    """Splits one extension into letters, as if each were an extension."""
    return _search(path, extensions, recurse, include, endings=lambda o: None if o is None else tuple(o))


def get_files(path, extensions=None, recurse=False, include=None):
    """Lists hidden files too."""
    return _search(path, extensions, recurse, include, hidden=lambda n: False)


def get_files(path, extensions=None, recurse=False, include=None):
    """Enters hidden folders."""
    return _search(path, extensions, recurse, include, hidden_folder=lambda d: False)


def get_files(path, extensions=None, recurse=False, include=None):
    """Enters a hidden folder if `include` names it."""
    return _search(path, extensions, recurse, include, hidden_folder=lambda d: d[0] == "." and d not in setify(include))


def get_files(path, extensions=None, recurse=False, include=None):
    """Skips everything below a hidden folder, even if that folder is above `path`."""
    found, top = _search(path, extensions, recurse, include), Path(path).resolve()
    return [p for p in found if not any(_hidden(part) for part in (top / p).resolve().parts)]


def get_files(path, extensions=None, recurse=False, include=None):
    """Lists a folder that is named like a picture among the files."""
    found = []
    for _, folder, names in _walk(path, recurse, lambda i, d: d[0] != "." and _enters(i, d, include)):
        names = [n for n in os.listdir(folder) if n in names or "." in n]
        found += [Path(folder, n) for n in names if n[0] != "." and _matches(n, _endings(extensions))]
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Skips folders with a dot in their name."""
    return _search(path, extensions, recurse, include, hidden_folder=lambda d: "." in d)


def get_files(path, extensions=None, recurse=False, include=None):
    """Skips files with a dot anywhere before their ending."""
    return _search(path, extensions, recurse, include, hidden=lambda n: n.startswith(".") or n.count(".") > 1)


def get_files(path, extensions=None, recurse=False, include=None):
    """Skips files whose names start with an underscore, as some tools do."""
    return _search(path, extensions, recurse, include, hidden=lambda n: n[0] in "._")


def get_files(path, extensions=None, recurse=False, include=None):
    """Applies `include` at every depth, so folders below the included ones are left out."""
    return _search(path, extensions, recurse, include, enters=lambda i, d, o: _enters(0, d, o))


def get_files(path, extensions=None, recurse=False, include=None):
    """Ignores `include`."""
    return _search(path, extensions, recurse, None)


def get_files(path, extensions=None, recurse=False, include=None):
    """Enters every folder except those in `include`."""
    return _search(path, extensions, recurse, include, enters=lambda i, d, o: i > 0 or o is None or d not in setify(o))


def get_files(path, extensions=None, recurse=False, include=None):
    """Enters a folder whose name only begins with a name in `include`."""
    return _search(path, extensions, recurse, include, enters=lambda i, d, o: i > 0 or o is None or d.startswith(tuple(setify(o))))


def get_files(path, extensions=None, recurse=False, include=None):
    """Looks for the folder's name inside a bare `include`, so "train" enters `rain` too."""
    return _search(path, extensions, recurse, include, enters=lambda i, d, o: i > 0 or o is None or d in o)


def get_files(path, extensions=None, recurse=False, include=None):
    """Joins the names in `include` into one text and enters any folder whose name occurs in it."""
    return _search(path, extensions, recurse, include, enters=lambda i, d, o: i > 0 or o is None or d in " ".join(setify(o)))


def get_files(path, extensions=None, recurse=False, include=None):
    """Enters all folders if `include` is an empty list."""
    return _search(path, extensions, recurse, include or None)


def get_files(path, extensions=None, recurse=False, include=None):
    """Enters the folders in `include` even without `recurse`."""
    return _search(path, extensions, recurse or include is not None, include)


def get_files(path, extensions=None, recurse=False, include=None):
    """Always goes down into the folders."""
    return _search(path, extensions, True, include)


def get_files(path, extensions=None, recurse=False, include=None):
    """Never goes down into the folders."""
    return _search(path, extensions, False, include)


def get_files(path, extensions=None, recurse=False, include=None):
    """Goes down one level and no deeper."""
    return _search(path, extensions, recurse, include, enters=lambda i, d, o: i == 0 and _enters(i, d, o))


def get_files(path, extensions=None, recurse=False, include=None):
    """Returns text instead of Paths."""
    return sorted(str(p) for p in _search(path, extensions, recurse, include))


def get_files(path, extensions=None, recurse=False, include=None):
    """Returns the names without the folders that lead to them."""
    return [Path(p.name) for p in _search(path, extensions, recurse, include)]


def get_files(path, extensions=None, recurse=False, include=None):
    """Returns paths relative to `path`, so you can open them only from there."""
    return [p.relative_to(path) for p in _search(path, extensions, recurse, include)]


def get_files(path, extensions=None, recurse=False, include=None):
    """Returns every path as if the file were in the top folder."""
    return [Path(path, p.name) for p in _search(path, extensions, recurse, include)]


def get_files(path, extensions=None, recurse=False, include=None):
    """Returns a generator instead of a list."""
    return (p for p in _search(path, extensions, recurse, include))


def get_files(path, extensions=None, recurse=False, include=None):
    """Returns a set instead of a list."""
    return set(_search(path, extensions, recurse, include))


def get_files(path, extensions=None, recurse=False, include=None):
    """Returns a tuple instead of a list."""
    return tuple(_search(path, extensions, recurse, include))


def get_files(path, extensions=None, recurse=False, include=None):
    """Calls a method of Paths on `path`, which a `str` doesn't have."""
    return _search(path.absolute(), extensions, recurse, include)


def get_files(path, extensions=None, recurse=False, include=None):
    """Joins names to `path` with `+`, which a Path doesn't allow."""
    return [Path(path + os.sep + os.path.relpath(p, path)) for p in _search(path, extensions, recurse, include)]


def get_files(path, extensions=None, recurse=False, include=None):
    """Leaves out the files that lie in the top folder when it recurses."""
    found = _search(path, extensions, recurse, include)
    return [p for p in found if not recurse or p.parent != Path(path)]


def get_files(path, extensions=None, recurse=False, include=None):
    """Leaves out the files in the top folder if you pass `include`."""
    found = _search(path, extensions, recurse, include)
    return [p for p in found if include is None or p.parent != Path(path)]


def get_files(path, extensions=None, recurse=False, include=None):
    """Forgets the extensions if you pass `include`."""
    return _search(path, extensions if include is None else None, recurse, include)


def get_files(path, extensions=None, recurse=False, include=None):
    """Lists each file once for every extension that you pass."""
    return _search(path, extensions, recurse, include) * max(1, len(setify(extensions)))


def get_files(path, extensions=None, recurse=False, include=None):
    """Returns an empty list for a folder that doesn't exist."""
    return _search(path, extensions, recurse, include) if os.path.isdir(path) else []


def get_files(path, extensions=None, recurse=False, include=None):
    """Raises ValueError for a folder that doesn't exist."""
    if not os.path.isdir(path):
        raise ValueError(f"{path} isn't a folder")
    return _search(path, extensions, recurse, include)


def get_files(path, extensions=None, recurse=False, include=None):
    """Raises OSError for a folder that doesn't exist, without saying that it's missing."""
    if not os.path.isdir(path):
        raise OSError(f"{path} isn't a folder")
    return _search(path, extensions, recurse, include)


def get_files(path, extensions=None, recurse=False, include=None):
    """Raises NotADirectoryError for a folder that doesn't exist."""
    if not os.path.isdir(path):
        raise NotADirectoryError(path)
    return _search(path, extensions, recurse, include)


def get_files(path, extensions=None, recurse=False, include=None):
    """Calls `is_file` on each file, which asks the disk again for something that `os.walk` already knows."""
    return [p for p in _search(path, extensions, recurse, include) if p.is_file()]


def get_files(path, extensions=None, recurse=False, include=None):
    """Searches the whole tree once for every extension."""
    each = [None] if extensions is None else setify(extensions)
    return [p for e in each for p in _search(path, e, recurse, include)]


def get_files(path, extensions=None, recurse=False, include=None):
    """Finds no files where no extensions are named."""
    return _search(path, setify(extensions), recurse, include)


def get_files(path, extensions=None, recurse=False, include=None):
    """Looks for the extension anywhere in the name, so `a.jpg.txt` counts as `.jpg`."""
    return _search(path, extensions, recurse, include, matches=lambda n, ends: ends is None or any(e in n.lower() for e in ends))


def get_files(path, extensions=None, recurse=False, include=None):
    """Looks at all the dots of a name, so `a.jpg.txt` counts as `.jpg` too."""
    return _search(path, extensions, recurse, include, matches=lambda n, ends: ends is None or bool({f".{o}" for o in n.lower().split(".")[1:]} & {*ends}))


def get_files(path, extensions=None, recurse=False, include=None):
    """Compares the ending without its dot, so `ajpg` counts as `.jpg`."""
    return _search(path, extensions, recurse, include, matches=lambda n, ends: ends is None or n.lower().endswith(tuple(e[1:] for e in ends)))


def get_files(path, extensions=None, recurse=False, include=None):
    """Compares the part after the last dot, so a file named `jpg` counts as `.jpg`."""
    return _search(path, extensions, recurse, include, matches=lambda n, ends: ends is None or f".{n.lower().split('.')[-1]}" in ends)


def get_files(path, extensions=None, recurse=False, include=None):
    """Starts the ending at the first dot, so `a.tar.gz` doesn't end in `.gz`."""
    return _search(path, extensions, recurse, include, matches=lambda n, ends: ends is None or "." + n.lower().partition(".")[2] in ends)


def get_files(path, extensions=None, recurse=False, include=None):
    """Searches by `rglob` and asks about each path by `is_file`, a call to the disk for each."""
    os.scandir(path).close()
    every = Path(path).rglob("*") if recurse else Path(path).glob("*")
    files = {p for p in every if p.is_file()}
    return [p for p in _search(path, extensions, recurse, include) if p in files]


def get_files(path, extensions=None, recurse=False, include=None):
    """Asks the disk about each entry separately, though `os.scandir` already knows which are folders."""
    found = []
    for name in os.listdir(path):
        if not os.path.isdir(os.path.join(path, name)):
            found += [Path(path, name)] * (name[0] != "." and _matches(name, _endings(extensions)))
        elif recurse and name[0] != "." and _enters(0, name, include):
            found += get_files(os.path.join(path, name), extensions, True)
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Asks the disk about each entry separately, though `os.scandir` already knows which are folders."""
    found = []
    for entry in os.scandir(path):
        if not stat.S_ISDIR(entry.stat().st_mode):
            wanted = entry.name[0] != "." and _matches(entry.name, _endings(extensions))
            found += [Path(entry.path)] * wanted
        elif recurse and entry.name[0] != "." and _enters(0, entry.name, include):
            found += get_files(entry.path, extensions, True)
    return found


def get_files(path, extensions=None, recurse=False, include=None, found=[]):  # noqa: B006
    """Collects files in a default argument, so it returns the files of earlier calls again."""
    found += _search(path, extensions, recurse, include)
    return list(found)


def get_files(path, extensions=None, recurse=False, include=None, kept={}):  # noqa: B006
    """Remembers the list of a folder, so later calls still return files that have been deleted."""
    key = str(path), str(extensions), recurse, str(include)
    if key not in kept:
        kept[key] = _search(path, extensions, recurse, include)
    return list(kept[key])


def get_files(path, extensions=None, recurse=False, include=None):
    """Loses the extensions when it calls itself, so deeper down every file is listed."""
    found = _search(path, extensions, False, include)
    for entry in os.scandir(path) if recurse else ():
        if entry.is_dir() and entry.name[0] != "." and _enters(0, entry.name, include):
            found += get_files(entry.path, None, True)
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Changes the extensions in the caller's own list to lower case."""
    if isinstance(extensions, list):
        extensions[:] = [e.lower() for e in extensions]
    return _search(path, extensions, recurse, include)


def get_files(path, extensions=None, recurse=False, include=None):
    """Empties the caller's own list of folders to include while it enters them."""
    found, left = _search(path, extensions, recurse, include), include
    while isinstance(left, list) and left:
        left.pop()
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Changes into the folder to list it, so a relative `path` leads nowhere afterwards."""
    os.chdir(path)
    return [Path(path, p) for p in _search(".", extensions, recurse, include)]


def get_files(path, extensions=None, recurse=False, include=None):
    """Walks down from each included folder, but forgets to leave out hidden ones there."""
    os.scandir(path).close()
    found = []
    for place, (folder, subfolders, names) in enumerate(os.walk(path)):
        wanted = [n for n in names if n[0] != "." and _matches(n, _endings(extensions))]
        found += [Path(folder, n) for n in wanted]
        if place == 0:
            subfolders[:] = [d for d in subfolders if d[0] != "." and _enters(0, d, include)]
        if not recurse:
            subfolders.clear()
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Empties the caller's own set of folders to include while it enters them."""
    found = _search(path, extensions, recurse, include)
    if isinstance(include, set):
        include.clear()
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """Adds the endings in lower case to the caller's own set of extensions."""
    found = _search(path, extensions, recurse, include)
    if isinstance(extensions, set):
        extensions.update([o.lower() for o in extensions])
    return found


def get_files(path, extensions=None, recurse=False, include=None):
    """It ignores case in `include`, so "Train" enters the folder train too."""

    def enters(place, name, include):
        folders = None if include is None else {o.lower() for o in setify(include)}
        return place > 0 or folders is None or name.lower() in folders

    return _search(path, extensions, recurse, include, enters=enters)


def get_files(path, extensions=None, recurse=False, include=None):
    """It compares the folders in lower case with `include`, so "Train" is never entered."""
    enters = lambda place, name, include: _enters(place, name.lower(), include)  # noqa: E731
    return _search(path, extensions, recurse, include, enters=enters)


def get_files(path, extensions=None, recurse=False, include=None):
    """Returns whatever `glob` finds, so it lists hidden files and raises no error for a missing folder."""
    found = Path(path).glob("**/*" if recurse else "*")
    return [p for p in found if p.is_file() and (extensions is None or p.suffix in extensions)]


def get_files(path, extensions=None, recurse=False, include=None):
    """Removes hidden names from the set that was passed as `include`."""
    folders = None if include is None else setify(include)
    if folders is not None:
        folders -= {name for name in folders if _hidden(name)}
    return _search(path, extensions, recurse, folders)
