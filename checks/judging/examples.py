"""Examples: the first law of every exercise is that the examples of its stub come out as written.

They are compared by value where the text that is wanted is an expression, else by their repr.
"""

import ast
import contextlib
import doctest
import io
import math
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from checks import laws as comparisons
from checks.judging.curriculum import Definition, Kata
from checks.judging.promises import plain

NAME = "test_the_examples_of_the_stub_hold"
DIGITS = 1.1e-4  # a tensor is printed with four
MOST_PRINTED = 20_000


def example_law(kata: Kata, exercise: str, module: ModuleType) -> Callable[[], None] | None:
    """A law that runs the examples of an exercise on the one in `module`; None without examples."""
    parts = [doctest.DocTestParser().get_examples(o) for o in _docstrings(kata, exercise)]
    shown = [example for part in parts for example in part]
    if not shown:
        return None

    def law() -> None:
        for part in parts:
            names, lines = dict(vars(module)), list[str]()
            for example in part:
                _hold(example, names, lines)
                lines += example.source.splitlines()

    law.__name__ = NAME
    law.__doc__ = "Each example in the docstring comes out as written there."
    law.exercise, law.words = exercise, (shown[0].source.strip(),)  # type: ignore[attr-defined]
    return law


def _docstrings(kata: Kata, exercise: str) -> list[str]:
    nodes = [o for o in kata.tree.body if isinstance(o, Definition) and o.name == exercise]
    inner = [m for o in nodes if isinstance(o, ast.ClassDef) for m in o.body]
    documented = [o for o in [*nodes, *inner] if isinstance(o, Definition)]
    return [text for o in documented if (text := ast.get_docstring(o))]


def _hold(example: doctest.Example, names: dict[str, Any], above: list[str]) -> None:
    """Run one example; an error gets the lines that lead to it as its `call`.

    Of several results in one line, `f(1), f(2)`, each is compared alone.
    """
    want = example.want.replace("<BLANKLINE>", "")
    for source, wanted in _parts(example.source, want, names):
        try:
            _hold_one(source, wanted, example.exc_msg, names)
        except Exception as error:
            error.call = "\n".join([*above, source.strip()])  # type: ignore[attr-defined]
            raise


def _parts(source: str, want: str, names: dict[str, Any]) -> list[tuple[str, str]]:
    """The items of a line that is a tuple, each with its part of the text that is wanted."""
    try:
        line, wanted = (ast.parse(o.strip(), mode="eval").body for o in (source, want))
    except SyntaxError:
        return [(source, want)]
    if not (isinstance(line, ast.Tuple) and isinstance(wanted, ast.Tuple)):
        return [(source, want)]
    pairs = zip(line.elts, wanted.elts, strict=True)
    return [(ast.get_source_segment(source.strip(), o) or "", ast.unparse(w)) for o, w in pairs]


def _hold_one(source: str, want: str, error: str | None, names: dict[str, Any]) -> None:
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            if error:
                kind = error.partition(":")[0].rpartition(".")[2]
                with comparisons.assert_raises(_error(kind, names)):
                    exec(source, names)
                return
            value = _run(source, names)
    finally:
        sys.stdout.write(printed.getvalue()[:MOST_PRINTED])
    if value is None and printed.getvalue() and want.strip():
        _same_text(printed.getvalue(), want)
    elif want.strip():
        _compare(value, want, names)


def _run(source: str, names: dict[str, Any]) -> Any:
    """Run a line as Python's prompt does: the value that it would print, None for none."""
    shown: list[Any] = []
    usual, sys.displayhook = sys.displayhook, shown.append
    try:
        exec(compile(source, "<example>", "single"), names)
    finally:
        sys.displayhook = usual
    return shown[-1] if shown else None


def _error(kind: str, names: dict[str, Any]) -> type[BaseException]:
    builtins = names.get("__builtins__", {})
    found = names.get(kind) or (builtins if isinstance(builtins, dict) else vars(builtins))[kind]
    assert isinstance(found, type)
    return found


def _compare(value: Any, want: str, names: dict[str, Any]) -> None:
    known: dict[str, Any] = {"nan": math.nan, "inf": math.inf, "PosixPath": Path, "Path": Path}
    if torch := sys.modules.get("torch"):
        known["tensor"] = torch.tensor
    try:
        wanted = eval(want, {**names, **known})
    except Exception:
        return _same_text(repr(value), want)
    comparisons.assert_close(_lenient(value, wanted), wanted, rtol=DIGITS, atol=DIGITS)
    return None


def _lenient(value: Any, wanted: Any) -> Any:
    """`value`, with one-element tensors and numpy's numbers as floats where a float is wanted."""
    if type(wanted) is float:
        with contextlib.suppress(comparisons.Mismatch):
            return comparisons.number(value)
    if type(wanted) in (list, tuple) and type(value) is type(wanted) and len(value) == len(wanted):
        return type(wanted)(_lenient(v, w) for v, w in zip(value, wanted, strict=True))
    return value


def _same_text(yours: str, want: str) -> None:
    if plain(yours) != plain(want):
        raise comparisons.Mismatch(
            Text(yours.strip()), Text(want.strip()), "the example prints something else"
        )


class Text(str):
    """A text whose repr is the text itself, as it stands in an example."""

    def __repr__(self) -> str:
        return str(self)
