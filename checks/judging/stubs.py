"""Stubs: the kata files that learners start from, made from the reference."""

import ast
import copy
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import CodeType

from checks.judging.assembly import Source, is_stub
from checks.judging.curriculum import Course, Definition, Kata, is_given, notebook_of
from checks.judging.rewrite import first_line, keep_old

RAISE = "raise NotImplementedError"
Import = ast.Import | ast.ImportFrom


def _lines(source: Source, node: ast.stmt) -> list[str]:
    """A statement as written, decorators and comments above it included."""
    lines = source.text.splitlines()
    first = first_line(node) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return lines[first : node.end_lineno]


def _head(source: Source, node: Definition) -> list[str]:
    """The signature and the docstring of a definition, as they are written."""
    lines = source.text.splitlines()
    first = first_line(node) - 1
    documented = ast.get_docstring(node) is not None
    if documented:
        return lines[first : node.body[0].end_lineno]
    return lines[first : node.body[0].lineno - 1]


def _stub(source: Source, node: Definition) -> list[str]:
    """A definition without its body; of a class, the methods without theirs."""
    head = _head(source, node)
    indent = " " * (node.col_offset + 4)
    if not isinstance(node, ast.ClassDef):
        while head and not head[-1].split("#")[0].strip():
            head.pop()  # comments above the first statement belong to the body
        while head[-1].strip().startswith("#"):
            head.pop()
        return [*head, f"{indent}{RAISE}"]
    methods = [o for o in node.body if isinstance(o, Definition) and not _is_private(o)]
    while head and not head[-1].strip().endswith(('"""', ":", "'''")):
        head.pop()  # class-level constants are a part of the answer
    return [*head, *(line for o in methods for line in ("", *_stub(source, o)))]


def _is_private(node: Definition) -> bool:
    return node.name.startswith("_") and not node.name.startswith("__")


def _names_in(nodes: Iterable[ast.stmt]) -> set[str]:
    return {o.id for node in nodes for o in ast.walk(node) if isinstance(o, ast.Name)}


def _printed(kata: Kata, source: Source) -> list[ast.stmt]:
    """The statements that a kata file shows, in full or as stubs.

    Left out are what an answer adds to its definition (`f._order = 1`), and private helpers that
    no given code uses: both belong to the answers.
    """
    exercises = set(kata.exercises)
    shown: list[ast.stmt] = []
    for node, own in zip(source.body, source.owners, strict=True):
        private = bool(own) and all(name.startswith("_") for name in own)
        if not private and (isinstance(node, Definition) or not own & exercises):
            shown.append(node)
    while True:
        full = [o for o in shown if not isinstance(o, Definition) or is_given(o)]
        used = _names_in(full)
        more = [
            node
            for node, own in zip(source.body, source.owners, strict=True)
            if node not in shown and own & used and not own & exercises
        ]
        if not more:
            return [node for node in source.body if node in shown]
        shown += more


def stub_text(kata: Kata) -> str:
    """The kata file that the reference makes."""
    source = Source.read(kata.path)
    texts: list[tuple[ast.stmt, list[str]]] = []
    for node in _printed(kata, source):
        stubbed = isinstance(node, Definition) and not is_given(node)
        lines = _stub(source, node) if stubbed else _lines(source, node)  # type: ignore[arg-type]
        if not texts and (notebook := notebook_of(kata.name)):
            told = f"See it at work in notebooks/{notebook}.ipynb: `make lab kata={kata.name}`."
            lines = [*lines[:-1], told, lines[-1]]  # the module's docstring is the first statement
        texts.append((node, lines))
    words = {word for o, lines in texts if not isinstance(o, Import) for word in _code_words(lines)}
    parts: list[str] = []
    previous: ast.stmt | None = None
    for node, lines in texts:
        if isinstance(node, Import) and not (lines := _needed(node, lines, words)):
            continue
        parts += _gap(previous, node) + lines
        previous = node
    return "\n".join(parts) + "\n"


def _code_words(lines: list[str]) -> set[str]:
    """The words of a printed statement outside its docstrings, and those of its examples."""
    tree = ast.parse("\n".join(lines))
    names = {o.id for o in ast.walk(tree) if isinstance(o, ast.Name)}
    names |= {o.attr for o in ast.walk(tree) if isinstance(o, ast.Attribute)}
    quoted = [o.value for o in ast.walk(tree) if isinstance(o, ast.Constant)]
    texts = [line for o in quoted if isinstance(o, str) for line in o.splitlines()]
    examples = [line for line in texts if line.strip().startswith((">>>", "..."))]
    return names | set(re.findall(r"\w+", " ".join(examples)))


def _needed(node: Import, lines: list[str], words: set[str]) -> list[str]:
    """The lines of an import, without what only an answer needs: `copy` says how to solve it.

    Libraries and earlier katas stay, since their names tell no more than the kata's own words.
    """
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [node.names[0].name]
    relative = isinstance(node, ast.ImportFrom) and node.level
    if relative or names[0].partition(".")[0] not in sys.stdlib_module_names:
        return lines
    kept = [o for o in node.names if (o.asname or o.name).partition(".")[0] in words]
    if len(kept) == len(node.names):
        return lines
    node = copy.copy(node)
    node.names = kept
    return [ast.unparse(node)] if kept else []


def _gap(previous: ast.stmt | None, node: ast.stmt) -> list[str]:
    if previous is None:
        return []
    if isinstance(previous, Definition) or isinstance(node, Definition):
        return ["", ""]
    together = isinstance(previous, Import) and isinstance(node, Import)
    if together and _kind_of(previous) == _kind_of(node):
        return []
    return [] if type(previous) is type(node) and not together else [""]


def _kind_of(node: ast.stmt) -> int:
    """Imports stand in three groups: standard library, others, this package."""
    if isinstance(node, ast.ImportFrom) and node.level:
        return 2
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    return 0 if all(n.split(".")[0] in sys.stdlib_module_names for n in names) else 1


def stub_source(kata: Kata, exercise: str) -> CodeType:
    """The stub of one exercise, compiled."""
    source = Source.read(kata.path)
    node = source.definition(exercise)
    assert isinstance(node, Definition)
    return compile("\n".join(_stub(source, node)), f"<stub of {exercise}>", "exec")


def write_stub(kata: Kata, path: Path) -> Path | None:
    """Write the stub of a kata to `path`; where the old file went, if it had to go."""
    text, kept = stub_text(kata), None
    if path.exists() and path.read_text(encoding="utf-8") != text:
        kept = keep_old(path)
    path.write_text(text, encoding="utf-8")
    return kept


def write_stubs(course: Course) -> dict[str, str]:
    """Write the kata files, and say of each what was done: written, kept or unchanged.

    A file with an answer in it is a learner's work: it is kept. Any other that changes, and was
    not committed in this form, is renamed first.
    """
    course.answers.mkdir(exist_ok=True)
    init = course.answers / "__init__.py"
    if not init.exists():
        init.write_text('"""The katas: the files to edit. `make check` judges them."""\n')
    done = {}
    for kata in course.katas.values():
        path, text = course.answers / f"{kata.name}.py", stub_text(kata)
        old = path.read_text(encoding="utf-8") if path.exists() else None
        if old == text:
            done[kata.name] = "unchanged"
        elif old is not None and _is_started(old):
            done[kata.name] = "kept"
        else:
            if old is not None and old == _committed(course, path):
                path.unlink()
            write_stub(kata, path)
            done[kata.name] = "written"
    return done


def _is_started(text: str) -> bool:
    """Whether a kata file defines anything that is neither given nor a stub."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return True
    return any(isinstance(o, Definition) and not is_given(o) and not is_stub(o) for o in body)


def _committed(course: Course, path: Path) -> str | None:
    """The file as last committed."""
    name = path.relative_to(course.root).as_posix()
    found = subprocess.run(
        ["git", "show", f"HEAD:{name}"], cwd=course.root, capture_output=True, text=True
    )
    return found.stdout if found.returncode == 0 else None
