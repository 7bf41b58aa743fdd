"""Recording: the calls that a law makes of an exercise, as lines that can be pasted into Python.

A failing law is run once more for it, so that an answer is judged unwatched.
"""

import functools
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from checks.judging.inside_hypothesis import described_function

MOST = 8  # lines
LONG = 160  # characters of a line
Spelling = Callable[[str, list[str]], str]
SPELLED: dict[str, Spelling] = {
    "__getitem__": lambda o, a: f"{o}[{a[0]}]",
    "__setitem__": lambda o, a: f"{o}[{a[0]}] = {a[1]}",
    "__delitem__": lambda o, a: f"del {o}[{a[0]}]",
    "__call__": lambda o, a: f"{o}({', '.join(a)})",
    "__len__": lambda o, a: f"len({o})",
    "__iter__": lambda o, a: f"list({o})",
    "__repr__": lambda o, a: f"repr({o})",
    "__enter__": lambda o, a: f"{o}.__enter__()",
}


class NoCode(Exception):
    """A value that no line of Python makes."""


class Recorder:
    """Keeps the last call of an exercise; of a class all calls on the last object used."""

    def __init__(self, exercise: str) -> None:
        self.exercise, self.name = exercise, _short(exercise)
        self.last: list[str] = []
        self.part: str | None = None  # the method of the last call
        self.lines: dict[int, list[str]] = {}
        self.made: list[Any] = []  # kept, so that an id means one object

    def call(self, args: tuple, kwargs: dict[str, Any]) -> None:
        """A call of the exercise itself."""
        text = f"{self.exercise}({', '.join(self.codes(args, kwargs))})"
        self.last = [text]

    def codes(self, args: tuple, kwargs: dict[str, Any]) -> list[str]:
        """The arguments of a call as Python."""
        given = [self.code(o) for o in args]
        return given + [f"{k}={self.code(o)}" for k, o in kwargs.items()]

    def code(self, value: Any) -> str:
        """A value as Python; anything but data by its type's name in angle brackets."""
        if id(value) in self.lines:
            return self.lines[id(value)][0].partition(" = ")[2] or self.name
        try:
            return code(value)
        except NoCode:
            if type(value) in (list, tuple) and len(value) < MOST:
                return f"[{', '.join(map(self.code, value))}]"
            name = getattr(value, "__name__", None) or f"a {type(value).__name__}"
            return f"<{name}>"

    @property
    def told(self) -> str | None:
        """The lines; None if nothing was called, or something in them can't be pasted."""
        if not self.last:
            return None
        kept = self.last if len(self.last) <= MOST else [self.last[0], *self.last[1 - MOST :]]
        return "\n".join(kept)


def code(value: Any, depth: int = 4) -> str:
    """An expression whose value is like `value`. Raises NoCode."""
    text = _code(value, depth)
    if len(text) > LONG:
        raise NoCode
    return text


def _code(value: Any, depth: int) -> str:
    if value is None or value is ... or type(value) in (bool, int, str, bytes, complex, range):
        return repr(value)
    if type(value) is float:
        plain = value == value and abs(value) != float("inf")
        return repr(value) if plain else f"float({str(value)!r})"
    if depth and type(value) in (list, tuple, set, frozenset):
        items = [_code(o, depth - 1) for o in value]
        if type(value) is tuple:
            return f"({', '.join(items)}{',' * (len(items) == 1)})"
        if type(value) is list:
            return f"[{', '.join(items)}]"
        return f"{type(value).__name__}([{', '.join(sorted(items))}])"
    if depth and type(value) is dict:
        return f"{{{', '.join(f'{_code(k, 0)}: {_code(o, depth - 1)}' for k, o in value.items())}}}"
    if isinstance(value, Path):
        return f"Path({str(value)!r})"
    if isinstance(value, type) and value.__module__ == "builtins":
        return value.__name__
    if isinstance(value, FunctionType) and value.__name__ == "<lambda>":
        text = described_function(value)
        if text.startswith("lambda") and "<unknown>" not in text:
            return text
    torch = sys.modules.get("torch")
    if torch and type(value) in (torch.Tensor, torch.nn.Parameter) and value.numel() <= 24:
        return _tensor(value, torch)
    raise NoCode


def _tensor(value: Any, torch: Any) -> str:
    plain = value.detach().cpu()
    dtype = (
        "" if plain.dtype in (torch.float32, torch.int64, torch.bool) else f", dtype={plain.dtype}"
    )
    if not plain.numel():
        return f"torch.empty({list(plain.shape)}{dtype})"
    digits = 17 if plain.dtype == torch.float64 else 8
    return f"torch.tensor({_rounded(plain.tolist(), digits)}{dtype})"


def _rounded(value: Any, digits: int) -> str:
    """The numbers of a tensor with as many digits as its type has."""
    if isinstance(value, list):
        return f"[{', '.join(_rounded(o, digits) for o in value)}]"
    return code(float(f"{value:.{digits}g}")) if isinstance(value, float) else repr(value)


def _short(exercise: str) -> str:
    """A name for an object of a class: `container` for `ListContainer`."""
    return re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", exercise)[-1].lower()


def _from_a_law(depth: int = 2) -> bool:
    """Whether the caller's caller is a law, a word of the laws, or an example."""
    frame = sys._getframe(depth)
    is_example = frame.f_code.co_filename == "<example>"
    return is_example or frame.f_globals.get("__name__", "").startswith("checks.")


@contextmanager
def recorded(checks: ModuleType, exercise: str) -> Iterator[Recorder]:
    """While the block runs, the calls that laws make of `exercise` are kept."""
    names, keeper = vars(checks), Recorder(exercise)
    if exercise not in names:  # laws reach it through the kata's module alone
        names = vars(sys.modules[checks.__name__.replace("checks.check_", "katas.")])
    inner = names[exercise]
    if isinstance(inner, FunctionType):
        names[exercise] = _watched_function(inner, keeper)
        undo: list[tuple[Any, str, Any]] = []
    elif isinstance(inner, type):
        undo = _watch_class(inner, keeper)
    else:
        undo = []
    try:
        yield keeper
    finally:
        names[exercise] = inner
        for owner, name, before in undo:
            if before is None:  # it was inherited
                delattr(owner, name)
            else:
                setattr(owner, name, before)


def _watched_function(inner: FunctionType, keeper: Recorder) -> Callable[..., Any]:
    @functools.wraps(inner)  # steppers carry `_order` and `_defaults`
    def call(*args: Any, **kwargs: Any) -> Any:
        keeper.call(args, kwargs)
        result = inner(*args, **kwargs)
        if isinstance(result, FunctionType) and result.__module__ == inner.__module__:
            return _watched_result(result, keeper, keeper.last[0])
        return result

    return call


def _watched_result(inner: FunctionType, keeper: Recorder, made: str) -> Callable[..., Any]:
    """A function that the exercise returned: `combine_scheds(...)(0.3)`."""

    @functools.wraps(inner)
    def call(*args: Any, **kwargs: Any) -> Any:
        keeper.last = [f"{made}({', '.join(keeper.codes(args, kwargs))})"]
        return inner(*args, **kwargs)

    return call


def _watch_class(cls: type, keeper: Recorder) -> list[tuple[Any, str, Any]]:
    """Watch the methods that the class itself defines, and those that it calls from outside."""
    undo: list[tuple[Any, str, Any]] = []
    for name, method in list(vars(cls).items()):
        if isinstance(method, FunctionType) and (name in SPELLED or not name.startswith("_")):
            undo.append((cls, name, method))
            setattr(cls, name, _watched_method(name, method, keeper))
    init = inspect.getattr_static(cls, "__init__")
    if isinstance(init, FunctionType):
        undo.append((cls, "__init__", vars(cls).get("__init__")))
        cls.__init__ = _watched_init(init, keeper)  # type: ignore[misc]
    return undo


def _watched_init(inner: FunctionType, keeper: Recorder) -> Callable[..., None]:
    @functools.wraps(inner)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        if _from_a_law():
            name = type(self).__name__
            line = f"{keeper.name} = {name}({', '.join(keeper.codes(args, kwargs))})"
            keeper.made.append(self)
            keeper.lines[id(self)] = keeper.last = [line]
            keeper.part = "__init__"
        inner(self, *args, **kwargs)

    return init


def _watched_method(name: str, inner: FunctionType, keeper: Recorder) -> Callable[..., Any]:
    spell = SPELLED.get(name, lambda o, a: f"{o}.{name}({', '.join(a)})")

    @functools.wraps(inner)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if _from_a_law() and id(self) in keeper.lines:
            lines = keeper.lines[id(self)]
            with suppress(IndexError):
                lines.append(spell(keeper.name, keeper.codes(args, kwargs)))
            keeper.last, keeper.part = lines, name
        return inner(self, *args, **kwargs)

    return call
