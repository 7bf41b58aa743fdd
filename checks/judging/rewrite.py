"""Rewrite: other definitions put into a kata file, in the place of those that are there."""

import ast
from collections.abc import Mapping, Sequence, Set
from pathlib import Path

from checks.judging.assembly import Source


def lines_of(source: Source, name: str) -> list[str]:
    """The lines in which `name` is defined, with what is added to it."""
    text = source.text.splitlines()
    found: list[str] = []
    for node in source.group(name):
        found += [*text[first_line(node) - 1 : node.end_lineno], ""]
    return found


def stands_on(source: Source, name: str, names: Set[str]) -> set[str]:
    """Those of `names` that a definition uses, by itself or by another of them."""
    found, waiting = set[str](), [name]
    while waiting:
        nodes = [o for n in source.group(waiting.pop()) for o in ast.walk(n)]
        new = {o.id for o in nodes if isinstance(o, ast.Name)} & names - found
        found |= new
        waiting += new
    return found


def first_line(node: ast.stmt) -> int:
    """The line in which a statement starts, its decorators included."""
    return min([node.lineno, *(o.lineno for o in getattr(node, "decorator_list", []))])


def replaced(source: Source, new: Mapping[str, Sequence[str]]) -> str:
    """The text of `source` with the lines of `new` for the definitions of these names.

    A name that is not there yet comes at the end.
    """
    lines = source.text.splitlines()
    gone: set[int] = set()
    for name, text in new.items():
        block: str | None = "\n".join(text).rstrip()
        for node in source.group(name):
            start = first_line(node) - 1
            gone.update(range(start, node.end_lineno or start))
            if block is not None:
                lines[start], block = block, None
                gone.discard(start)
        if block is not None:
            lines += ["", "", block]
    return "\n".join(line for i, line in enumerate(lines) if i not in gone) + "\n"


def with_imports(text: str, imports: Sequence[str]) -> str:
    """`text` with those import statements that it lacks, below its own."""
    tree = ast.parse(text)
    own = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    known = {ast.unparse(n) for n in own}
    names = {a.asname or a.name for n in own for a in n.names}

    def brings(line: str) -> set[str]:
        (node,) = ast.parse(line).body
        assert isinstance(node, ast.Import | ast.ImportFrom)
        return {a.asname or a.name for a in node.names}

    more = [line for line in imports if line not in known and not brings(line) <= names]
    lines = text.splitlines()
    after = own[-1].end_lineno if own else (tree.body[0].end_lineno if tree.body else 0)
    lines[after:after] = more
    return "\n".join(lines) + "\n"


def keep_old(path: Path) -> Path:
    """Rename a file to `name.1.py` or the next free number."""
    number = 1
    while (kept := path.with_name(f"{path.stem}.{number}.py")).exists():
        number += 1
    return path.rename(kept)
