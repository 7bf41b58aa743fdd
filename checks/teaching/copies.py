"""Copies: how alike two people's answers are, whatever their names and their dead lines."""

import ast
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from checks.judging.assembly import Source
from checks.judging.curriculum import Definition

SMALLEST = 25  # nodes of a syntax tree: shorter answers are alike because they're right
ALIKE = 0.9
Shape = Sequence[int]
"""The hashes of all runs of a few nodes of an answer, sorted, each once."""


def shape(source: Source, exercise: str) -> list[int] | None:
    """The shape of an answer; None for one that is too short to tell."""
    node = source.definition(exercise)
    if not isinstance(node, Definition):
        return None
    tree = ast.parse(ast.unparse(node))
    bare = _Bare().visit(tree)
    names: dict[str, str] = {}
    words = list(_words(bare, names, _own(bare)))
    if len(words) < SMALLEST:
        return None
    runs = {" ".join(words[i : i + 6]) for i in range(len(words) - 5)}
    return sorted(int(hashlib.blake2b(o.encode(), digest_size=4).hexdigest(), 16) for o in runs)[
        :400
    ]


def _own(tree: ast.AST) -> set[str]:
    """Names that an answer binds itself, which may be called anything."""
    found = {o.arg for o in ast.walk(tree) if isinstance(o, ast.arg)}
    return found | {
        o.id for o in ast.walk(tree) if isinstance(o, ast.Name) and isinstance(o.ctx, ast.Store)
    }


def _words(tree: ast.AST, names: dict[str, str], own: set[str]) -> Any:
    """The nodes of a tree, one word each, parents first."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        word = type(node).__name__
        if isinstance(node, ast.Name | ast.arg):
            name = node.id if isinstance(node, ast.Name) else node.arg
            word += ":" + (names.setdefault(name, f"v{len(names)}") if name in own else name)
        elif isinstance(node, ast.Attribute):
            word += f":{node.attr}"
        elif isinstance(node, ast.Constant):
            word += f":{node.value!r:.40}"
        if not isinstance(node, ast.expr_context):
            yield word
        waiting += reversed(list(ast.iter_child_nodes(node)))


class _Bare(ast.NodeTransformer):
    """Takes away docstrings, annotations, and lines that do nothing."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Every block loses its dead lines."""
        super().generic_visit(node)
        for block in ("body", "orelse", "finalbody"):
            lines = getattr(node, block, None)
            if isinstance(lines, list):
                setattr(node, block, self._alive(lines, node))
        return node

    def _alive(self, lines: list[Any], parent: ast.AST) -> list[Any]:
        kept = []
        for line in lines:
            if isinstance(line, ast.Pass) or (
                isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant | ast.Name)
            ):
                continue
            if (
                isinstance(line, ast.If)
                and isinstance(line.test, ast.Constant)
                and not line.test.value
            ):
                kept += line.orelse
                continue
            kept.append(line)
            if isinstance(line, ast.Return | ast.Raise | ast.Break | ast.Continue):
                break
        return kept

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Without annotations, and without variables that are never read."""
        node.returns = None
        for o in ast.walk(node.args):
            if isinstance(o, ast.arg):
                o.annotation = None
        read = {
            o.id for o in ast.walk(node) if isinstance(o, ast.Name) and isinstance(o.ctx, ast.Load)
        }
        _DropUnread(read).visit(node)
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        """As a plain assignment."""
        if node.value is None:
            return None
        plain = ast.Assign(targets=[node.target], value=node.value)
        return self.generic_visit(ast.copy_location(plain, node))


class _DropUnread(ast.NodeTransformer):
    def __init__(self, read: set[str]) -> None:
        self.read = read

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        """None for a name that is never read and a value that does nothing."""
        (target, *more) = node.targets
        unread = isinstance(target, ast.Name) and target.id not in self.read and not more
        return None if unread and isinstance(node.value, ast.Constant | ast.Name) else node


def degree(mine: Mapping[str, Shape], theirs: Mapping[str, Shape]) -> tuple[float, int]:
    """How alike two people's answers are, 0 to 1, and how many are as good as the same."""
    shared, whole, same = 0.0, 0, 0
    for name in mine.keys() & theirs.keys():
        a, b = set(mine[name]), set(theirs[name])
        likeness = len(a & b) / max(1, len(a | b))
        weight = min(len(a), len(b))
        shared, whole = shared + likeness * weight, whole + weight
        same += likeness >= ALIKE
    return (shared / whole if whole else 0.0), same
