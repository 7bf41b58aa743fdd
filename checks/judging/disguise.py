"""Disguise: answers as a learner's laws meet them, so that only what they do tells them apart.

One file name, one line, no docstrings, helpers without telling names, and parameters named as in
the stub: a law may pass them by name.
"""

import ast
import copy
from collections.abc import Iterable, Iterator

from checks.judging.assembly import Source
from checks.judging.curriculum import Definition, Kata

ANSWER = "/answer.py"  # what every answer is called
Function = ast.FunctionDef | ast.AsyncFunctionDef


def disguised(kata: Kata, source: Source) -> Source:
    """An answer as laws meet it."""
    reference = Source.read(kata.path)
    own = {o for o in source.names if o.startswith("_") or o not in reference.names}
    used = {o.id for top in source.body for o in ast.walk(top) if isinstance(o, ast.Name)}
    body = [copy.deepcopy(o) for o in source.body if not _is_idle(o, used)]
    for node in body:
        if isinstance(node, Definition) and node.name in kata.exercises:
            _rename_parameters(node, reference.definition(node.name))
        ast.fix_missing_locations(_Disguise(sorted(own)).visit(node))
    return Source(ANSWER, "", body)


def _is_idle(node: ast.stmt, used: set[str]) -> bool:
    """Whether a statement imports what nothing uses: catalogues import for all their answers."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return False
    bound = {(o.asname or o.name).partition(".")[0] for o in node.names}
    return not bound & used and getattr(node, "module", "") != "__future__"


class _Disguise(ast.NodeTransformer):
    """Docstrings go, helpers are numbered, everything stands on one line."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = {name: f"_helper_{i}" for i, name in enumerate(names, 1)}

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, Definition):
            node.name = self.names.get(node.name, node.name)
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
        elif isinstance(node, ast.Name):
            node.id = self.names.get(node.id, node.id)
        elif isinstance(node, ast.Global):
            node.names = [self.names.get(o, o) for o in node.names]
        if "lineno" in node._attributes:
            vars(node).update(lineno=1, end_lineno=1, col_offset=0, end_col_offset=0)
        return self.generic_visit(node)


def _rename_parameters(node: ast.stmt, reference: ast.stmt | None) -> None:
    """Call the parameters of a function, or of a class's methods, as the stub does."""
    known = {o.name: o for o in _functions(reference)}
    for function in _functions(node):
        if function.name not in known:
            continue
        pairs = zip(_positional(function), _positional(known[function.name]), strict=False)
        new = {mine.arg: theirs.arg for mine, theirs in pairs if mine.arg != theirs.arg}
        inside = [o for o in ast.walk(function) if isinstance(o, ast.Name | ast.arg)]
        used = [o.id if isinstance(o, ast.Name) else o.arg for o in inside]
        if set(new.values()) & set(used) or any(used.count(o) == 0 for o in new):
            continue
        for part in inside:
            if isinstance(part, ast.Name):
                part.id = new.get(part.id, part.id)
            else:
                part.arg = new.get(part.arg, part.arg)


def _functions(node: ast.stmt | None) -> Iterator[Function]:
    """A function, or the methods of a class."""
    inner = node.body if isinstance(node, ast.ClassDef) else [node]
    yield from (o for o in inner if isinstance(o, Function))


def _positional(function: Function) -> list[ast.arg]:
    """The parameters that may be passed by position, without `self`."""
    found = [*function.args.posonlyargs, *function.args.args]
    return found[1:] if found and found[0].arg in ("self", "cls") else found
