"""Counting: how often each piece of a learner is called, told by a first statement of its own.

Nothing else of an answer changes: not its signatures, lines or results. Processes that are forked
from here count too, each in a row of its own.
"""

import ast
import copy
import mmap
import os
from collections.abc import Iterator, Mapping, Sequence

from checks.judging.assembly import Source
from checks.judging.curriculum import Definition

PROCESSES = 1024
_calls = memoryview(bytearray(8)).cast("q")
_start, _forks = 0, 0


def count(place: int) -> None:
    """One call more of the piece at `place`."""
    _calls[_start + place] += 1


class Tally:
    """How often the exercises `names` are called from now on; one at a time in a process."""

    def __init__(self, names: Sequence[str]) -> None:
        global _calls
        self.names = list(names)
        self.wide = max(len(self.names), 1)
        _calls = memoryview(mmap.mmap(-1, 8 * self.wide * PROCESSES)).cast("q")
        os.register_at_fork(before=_before_fork, after_in_child=self._after_fork)

    def _after_fork(self) -> None:
        global _start
        _start = self.wide * (1 + (_forks - 1) % (PROCESSES - 1))

    def counted(self, sources: Mapping[str, Source]) -> dict[str, Source]:
        """The answers by kata, with the statement that counts in each function of a piece."""
        return {kata: self._counted(kata, source) for kata, source in sources.items()}

    def _counted(self, kata: str, source: Source) -> Source:
        first = ast.parse("from checks.learning.counting import count as __count__").body
        body = [copy.deepcopy(node) for node in source.body]
        for node in body:
            name = f"{kata}.{node.name}" if isinstance(node, Definition) else ""
            if name in self.names:
                for function in _functions(node):
                    _count_in(function, self.names.index(name))
        return Source(source.path, source.text, [*first, *body])

    def calls(self) -> dict[str, int]:
        """The calls so far, of all processes."""
        return {name: sum(_calls[i :: self.wide]) for i, name in enumerate(self.names)}


def _before_fork() -> None:
    global _forks
    _forks += 1


def _functions(node: ast.stmt) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """A function, or the methods of a class."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield node
    elif isinstance(node, ast.ClassDef):
        for part in node.body:
            yield from _functions(part)


def _count_in(function: ast.FunctionDef | ast.AsyncFunctionDef, place: int) -> None:
    documented = ast.get_docstring(function) is not None
    statement = ast.copy_location(ast.parse(f"__count__({place})").body[0], function.body[0])
    for part in ast.walk(statement):
        ast.copy_location(part, function.body[0])
    function.body.insert(int(documented), statement)
