"""Parts: the one place where optimizers, schedules, networks, recipes and callbacks are known.

The trainer's own modules add theirs here, and `parts=FILE` adds yours in the same way.
"""

import difflib
import sys
from collections.abc import Iterable, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any


class TrainError(Exception):
    """Something that the person who started the training can mend; its text is one line."""


def few(names: Sequence[str], most: int = 12) -> str:
    """Names in a sentence, the first of them if they are many."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(map(str, names[:most])) + more


def nearest(name: str, names: Iterable[str]) -> str:
    """The names most like `name`, as the end of a sentence about an unknown one."""
    names = list(names)
    close = difflib.get_close_matches(name, names, n=2, cutoff=0.7)
    return f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(names)}"


PARTS: dict[str, dict[str, Any]] = {
    "optimizer": {},
    "schedule": {},
    "arch": {},
    "recipe": {},
    "callback": {},
}
FITTING_LR: dict[str, float] = {}  # of optimizers, for recipes that were made for another one
_theirs: list[tuple[str, str]] = []  # what a file of parts has added
_file: list[str] = []  # the file that is being read


def add(kind: str, name: str, part: Any, lr: float | None = None) -> None:
    """Make `part` known as `name`.

    optimizer  called as part(params, lr=..., wd=...); `lr` is a rate that fits it
    schedule   called with the recipe: a dict with a schedule for each hyperparameter
    arch       called with the recipe and the number of classes: the network
    recipe     a Recipe
    callback   called with the recipe: a callback that every training gets
    """
    if kind not in PARTS:
        raise TrainError(f"unknown kind of part {kind!r}: {nearest(kind, PARTS)}")
    if name in PARTS[kind]:
        raise TrainError(f"there is a part called {name!r} already: choose another name")
    PARTS[kind][name] = part
    if lr is not None:
        FITTING_LR[name] = lr
    if _file:
        _theirs.append((kind, name))


def load_parts(file: str | None) -> None:
    """Forget the parts of other files, and add those of the Python file `file`.

    It is read as one more module of the trainer, so that it can say `from ..optimizers import ...`.
    """
    while _theirs:
        kind, name = _theirs.pop()
        PARTS[kind].pop(name, None)
        FITTING_LR.pop(name, None)
    if not file:
        return
    path = Path(file).expanduser()
    spec = spec_from_file_location(f"{__package__}.own_parts", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise TrainError(f"parts={file}: a Python file is wanted")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # where pickle looks for classes
    _file.append(file)
    try:
        spec.loader.exec_module(module)
    except TrainError as error:
        raise TrainError(f"{path}: {error}") from error
    except (Exception, SystemExit) as error:
        last, where = error.__traceback__, ""
        while last is not None:
            if last.tb_frame.f_code.co_filename == spec.origin:
                where = f" line {last.tb_lineno},"
            last = last.tb_next
        raise TrainError(f"{path},{where} {type(error).__name__}: {error}") from error
    finally:
        _file.clear()
