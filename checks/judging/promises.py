"""Promises: the sentences of a stub, and the laws that hold them.

Every sentence, table row and equation in the docstrings of an exercise and of its methods is a
promise, and some law quotes it. Left out are examples, which are a law of their own, `Source:`
lines, paragraphs that begin with `Why:`, and a sentence that ends in a colon above its table.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.judging.curriculum import Definition, Kata

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"'(\d])")
ROW = re.compile(r"\S+(?:,? \S+){0,3}  +\S")  # a name or two, two spaces, and what it means


@dataclass(frozen=True)
class Promise:
    """One sentence, row or equation of a stub; `line` is where it starts in the reference."""

    text: str
    line: int


def plain(text: str) -> str:
    """The words of a text with one space between them."""
    return " ".join(text.split())


def promises(kata: Kata, exercise: str) -> list[Promise]:
    """What the stub of an exercise promises, in the order of its text."""
    return [o for node in _documented(kata, exercise) for o in _of_docstring(node)]


def quotable(kata: Kata, exercise: str) -> str:
    """All words that a law of an exercise may quote: its docstrings and that of the module."""
    texts = [ast.get_docstring(node) or "" for node in _documented(kata, exercise)]
    return "\n".join(map(plain, [*texts, ast.get_docstring(kata.tree) or ""]))


def holds(words: str, promise: Promise) -> bool:
    """Whether a law that quotes `words` holds the promise, or a part of it."""
    quote = plain(words)
    return quote in promise.text or promise.text in quote


def unheld(kata: Kata, exercise: str, words: Iterable[str]) -> list[Promise]:
    """The promises of an exercise that none of the quoted `words` holds."""
    quotes = list(words)
    return [o for o in promises(kata, exercise) if not any(holds(q, o) for q in quotes)]


def unfounded(kata: Kata, exercise: str, words: Iterable[str]) -> list[str]:
    """The quoted `words` that do not stand in the stub."""
    text = quotable(kata, exercise)
    return [o for o in words if plain(o) not in text]


def line_of(text: str, exercise: str, words: str) -> int | None:
    """The line of a file (its text) on which `words` of an exercise's docstrings start."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    wanted = plain(words)
    nodes = [o for o in tree.body if isinstance(o, Definition) and o.name == exercise]
    for node in [*nodes, tree]:
        for place in ast.walk(node) if node is not tree else [tree]:
            if isinstance(place, Definition | ast.Module) and ast.get_docstring(place):
                first, lines = _docstring_lines(place)
                if (found := _starts_at(lines, wanted)) is not None:
                    return first + found
    return None


def _documented(kata: Kata, exercise: str) -> Iterator[Definition]:
    """The definition of an exercise and its methods, as far as they have docstrings."""
    for node in kata.tree.body:
        if isinstance(node, Definition) and node.name == exercise:
            inner = node.body if isinstance(node, ast.ClassDef) else []
            for one in [node, *(o for o in inner if isinstance(o, Definition))]:
                if ast.get_docstring(one):
                    yield one


def _docstring_lines(node: Definition | ast.Module) -> tuple[int, list[str]]:
    """The line on which the docstring of a definition starts, and its lines."""
    first = node.body[0]
    return first.lineno, (ast.get_docstring(node, clean=False) or "").splitlines()


def _starts_at(lines: list[str], wanted: str) -> int | None:
    words = [(word, i) for i, line in enumerate(lines) for word in line.split()]
    text, offsets = "", []
    for word, i in words:
        offsets.append((len(text), i))
        text += word + " "
    place = text.find(wanted)
    return max((o for o in offsets if o[0] <= place), default=(0, 0))[1] if place >= 0 else None


def _of_docstring(node: Definition) -> Iterator[Promise]:
    first, lines = _docstring_lines(node)
    margin = min((len(o) - len(o.lstrip()) for o in lines[1:] if o.strip()), default=0)
    lines = [lines[0], *(o[margin:] for o in lines[1:])]
    for start, block in _paragraphs(lines):
        if block[0].startswith((">>>", "Why:")):
            continue
        kept = _without_source(block)
        if not kept:
            continue
        is_table = kept[0].startswith(" ") or ROW.match(kept[0])
        parts = _rows(kept) if is_table else _sentences(kept)
        last_is_lead = not is_table and kept == block and _is_indented(lines, start + len(block))
        for offset, text in parts:
            if text.endswith(":") and last_is_lead:
                continue
            yield Promise(text, first + start + offset)


def _paragraphs(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Blocks of lines without a blank one, each with the place of its first line."""
    block: list[str] = []
    for i, line in enumerate([*lines, ""]):
        if line.strip():
            block.append(line)
        elif block:
            yield i - len(block), block
            block = []


def _without_source(block: list[str]) -> list[str]:
    for i, line in enumerate(block):
        if line.startswith("Source:"):
            return block[:i]
    return block


def _is_indented(lines: list[str], after: int) -> bool:
    """Whether the paragraph after the blank line at `after` is a table or an equation."""
    following = lines[after + 1 : after + 2]
    return bool(following) and (following[0].startswith(" ") or bool(ROW.match(following[0])))


def _rows(block: list[str]) -> Iterator[tuple[int, str]]:
    """The rows of a table; a line that is indented further continues the row above it."""
    margin = min(len(line) - len(line.lstrip()) for line in block)
    rows: list[tuple[int, str]] = []
    for i, line in enumerate(block):
        if rows and len(line) - len(line.lstrip()) > margin:
            rows[-1] = rows[-1][0], f"{rows[-1][1]} {plain(line)}"
        else:
            rows.append((i, plain(line)))
    yield from rows


def _sentences(block: list[str]) -> Iterator[tuple[int, str]]:
    text = plain(" ".join(block))
    for sentence in SENTENCE_END.split(text):
        yield _starts_at(block, sentence) or 0, sentence
