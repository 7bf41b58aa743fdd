"""Plain pytest: the calls that pytest would make of a test function, without its machinery.

Marks of `parametrize` and the fixtures that laws of these katas want are known: `tmp_path`,
`monkeypatch`, `capsys`, and those that the file defines.
"""

import contextlib
import functools
import inspect
import io
import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any


class UnknownFixture(Exception):
    """A test asks for a fixture that is known neither here nor in its file."""


def calls_of(test: Callable[..., Any], module: ModuleType) -> Iterator[Callable[[], Any]]:
    """One call for each set of parameters; its fixtures are closed when the next is asked for."""
    marks = [o for o in getattr(test, "pytestmark", []) if o.name == "parametrize"]
    for chosen in itertools.product(*map(_rows, marks)):
        given: dict[str, Any] = {k: v for row in chosen for k, v in row.items()}
        with contextlib.ExitStack() as stack:
            for name, one in inspect.signature(test).parameters.items():
                if name not in given and one.default is one.empty:
                    given[name] = _fixture(name, module, stack)
            yield _call(test, given) if given else test


def _call(test: Callable[..., Any], given: dict[str, Any]) -> Callable[[], Any]:
    call: Any = functools.partial(test, **given)
    for name, value in vars(test).items():  # Hypothesis keeps its handle and settings there
        setattr(call, name, value)
    return call


def _rows(mark: Any) -> Iterator[dict[str, Any]]:
    """The arguments of each row of a `parametrize`."""
    names, rows = mark.args[0], mark.args[1]
    names = [o.strip() for o in names.split(",")] if isinstance(names, str) else list(names)
    for row in rows:
        packed = type(row).__name__ == "ParameterSet"  # from `pytest.param`
        values = row.values if packed else (row,) if len(names) == 1 else row
        yield dict(zip(names, values, strict=True))


def _fixture(name: str, module: ModuleType, stack: contextlib.ExitStack) -> Any:
    """The value of a fixture, closed with the stack."""
    if name == "tmp_path":
        return Path(stack.enter_context(tempfile.TemporaryDirectory()))
    if name == "monkeypatch":
        return stack.enter_context(sys.modules["pytest"].MonkeyPatch.context())
    if name == "capsys":
        return SimpleNamespace(readouterr=_captured(stack))
    own = vars(module).get(name)
    make = getattr(own, "_fixture_function", None) or getattr(own, "__wrapped__", None)
    if make is None:
        raise UnknownFixture(f"no value for the parameter `{name}`")
    given = {o: _fixture(o, module, stack) for o in inspect.signature(make).parameters}
    if inspect.isgeneratorfunction(make):
        return stack.enter_context(contextlib.contextmanager(make)(**given))
    return make(**given)


def _captured(stack: contextlib.ExitStack) -> Callable[[], Any]:
    out, err = io.StringIO(), io.StringIO()
    stack.enter_context(contextlib.redirect_stdout(out))
    stack.enter_context(contextlib.redirect_stderr(err))

    def read() -> Any:
        texts = [o.getvalue() for o in (out, err)]
        for o in (out, err):
            o.seek(0)
            o.truncate()
        return SimpleNamespace(out=texts[0], err=texts[1])

    return read
