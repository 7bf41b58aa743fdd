"""Catalogue: files in which a definition with an exercise's name is one answer to it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checks.judging.assembly import Source
from checks.judging.curriculum import Definition, Kata


@dataclass(frozen=True)
class Answer:
    """One answer to an exercise; `doc` is its sentence, `source` the statements."""

    kata: str
    exercise: str
    line: int
    doc: str
    source: Source


def answers(path: Path, kata: Kata) -> Iterator[Answer]:
    """The answers in a catalogue file, in their order; a file that is not there has none.

    The sentence of a definition is its docstring, of an assignment the string right after it. What
    is assigned to attributes of a definition belongs to it; anything else above an answer is a
    helper of it and of all that follow.
    """
    if not path.is_file():
        return
    whole = Source.read(path)
    exercises = set(kata.exercises)
    helpers: list[ast.stmt] = []
    current: dict[str, list[ast.stmt]] = {}
    found: list[tuple[str, list[ast.stmt], int]] = []
    for node, own in zip(whole.body, whole.owners, strict=True):
        named = own & exercises
        if not named:
            helpers.append(node)
            continue
        for name in sorted(named):
            if _defines(node, name):
                current[name] = [node]
                found.append((name, current[name], len(helpers)))
            elif name in current:
                current[name].append(node)
    for name, statements, above in found:
        body = sorted([*helpers[:above], *statements], key=lambda o: o.lineno)
        source = Source(str(path), whole.text, body)
        first = statements[0]
        yield Answer(kata.name, name, first.lineno, _sentence(first, whole.body), source)


def _defines(node: ast.stmt, name: str) -> bool:
    if isinstance(node, Definition):
        return True
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return any(isinstance(o, ast.Name) and o.id == name for o in targets)


def _sentence(node: ast.stmt, body: list[ast.stmt]) -> str:
    if isinstance(node, Definition):
        return " ".join((ast.get_docstring(node) or "").split())
    after = body[body.index(node) + 1 :][:1]
    for following in after:
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            return " ".join(str(following.value.value).split())
    return ""
