"""Words for what is shown on a screen: its lines, and the progress bars that are made meanwhile."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any
from unittest.mock import patch

from tqdm import std


class Terminal(io.StringIO):
    """A screen that keeps what is written to it, and the bars that are made meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.bars: list[Any] = []

    def isatty(self) -> bool:
        return True

    def lines(self) -> list[str]:
        """What was written, line by line, without the lines of bars."""
        text = re.sub(r"\x1b\[[\d;]*[A-Za-z]", "", self.getvalue())
        lines = [line.rstrip() for line in re.split(r"[\r\n]", text)]
        return [o for o in lines if o and "%|" not in o and "it/s" not in o and "s/it" not in o]

    def counts(self) -> list[tuple[Any, Any]]:
        """What each bar has counted, and of how many."""
        return [(bar.n, bar.total) for bar in self.bars]

    def open_bars(self) -> int:
        """How many bars have not been closed."""
        return sum(not bar.disable for bar in self.bars)


@contextmanager
def terminal() -> Iterator[Terminal]:
    """All that is written goes to a screen; no thread watches over the bars."""
    screen, make = Terminal(), std.tqdm.__init__

    def noted(bar: Any, *args: Any, **kwargs: Any) -> None:
        screen.bars.append(bar)
        make(bar, *args, **kwargs)

    with patch.object(std.tqdm, "__init__", noted), patch.object(std.tqdm, "monitor_interval", 0):
        with redirect_stdout(screen), redirect_stderr(screen):
            yield screen


def lines_with(lines: list[str], row: list[str]) -> list[str]:
    """The lines that hold the cells of a row in their order: words alike, numbers nearly so."""
    return [line for line in lines if len(spans(line)) == len(row) and _alike(line, row)]


def spans(line: str) -> list[tuple[int, int]]:
    """Where each cell of a line begins and ends."""
    found = re.finditer(r"[^\s|│┃]+", line.expandtabs(8))
    return [o.span() for o in found]


def in_columns(lines: list[str]) -> bool:
    """Whether the cells of these lines begin, end or are centred at the same places."""
    columns = zip(*map(spans, lines), strict=True)
    return all(_in_line(list(column)) for column in columns)


def _in_line(column: list[tuple[int, int]]) -> bool:
    starts, ends = ({o[i] for o in column} for i in (0, 1))
    middles = [a + b for a, b in column]
    return len(starts) == 1 or len(ends) == 1 or max(middles) - min(middles) <= 2


def _alike(line: str, row: list[str]) -> bool:
    text = line.expandtabs(8)
    cells = [text[a:b] for a, b in spans(line)]
    return all(_same(a, b) for a, b in zip(cells, row, strict=True))


def _same(found: str, wanted: str) -> bool:
    try:
        return abs(float(found) - float(wanted)) < 0.01
    except ValueError:
        return found == wanted
