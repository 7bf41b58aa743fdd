"""Verdict: what is known of one answer, and how it is told."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIELDS = (
    "kata",
    "exercise",
    "status",
    "seconds",
    "check",
    "promise",
    "call",
    "counterexample",
    "message",
    "misconception",
    "file",
    "line",
)
PRONOUNS = ("It", "Its", "This", "The", "A", "An", "Each", "One", "Only", "Always", "Never")
COLOURS = {"green": "green", "red": "red", "missing": "dim", "timeout": "red", "error": "red"}
COLOURS["refused"] = "red"  # when answers are graded


@dataclass
class Verdict:
    """An exercise with its status: green, red, missing, timeout or error.

    For the red ones also which check failed, the words of the stub that it holds, the call, both
    values, and the line in the answer's file. `passed` of its `of` checks hold.
    """

    kata: str
    exercise: str
    status: str
    seconds: float = 0.0
    check: str | None = None
    law: str | None = None
    promise: str | None = None
    promise_line: int | None = None
    call: str | None = None
    counterexample: str | None = None
    yours: str | None = None
    wanted: str | None = None
    message: str | None = None
    misconception: str | None = None
    file: str | None = None
    line: int | None = None
    picture: str | None = None
    note: str | None = None
    passed: int = 0
    of: int = 0
    output: str = ""

    @property
    def name(self) -> str:
        """kata.exercise"""
        return f"{self.kata}.{self.exercise}"

    def as_json(self) -> dict[str, Any]:
        """The fields that others may build on."""
        return {name: getattr(self, name) for name in FIELDS}


def command(verb: str, name: str = "") -> str:
    """How to call a verb, in the way in which this program was called."""
    if "MAKELEVEL" in os.environ:
        return f"make {verb}" + (f" kata={shlex.quote(name)}" if name else "")
    return f"python -m checks {verb} {name}".rstrip()


def _place(verdict: Verdict, line: int | None) -> str:
    if verdict.file is None:
        return ""
    path = os.path.relpath(verdict.file)
    path = verdict.file if path.startswith("..") else path
    return f"{path}:{line}" if line else path


def _indented(label: str, text: str) -> list[str]:
    first, *rest = text.splitlines() or [""]
    return [f"  {label:<8}{first}", *(f"  {'':8}{line}" for line in rest)]


def _brief(text: str, most: int = 12) -> str:
    lines = text.strip("\n").splitlines()
    return "\n".join(lines[:most] + [f"... {len(lines) - most} more lines"] * (len(lines) > most))


def lines(verdict: Verdict, next_step: str | None = None) -> list[tuple[str, str]]:
    """The verdict as lines of (style, text): first what was checked, then the call, then what next.

    `next_step` is the command that is offered at the end.
    """
    colour = COLOURS[verdict.status]
    told = [(f"bold {colour}", f"{verdict.name}  {_state(verdict)}")]
    if verdict.note:
        told.append(("yellow", f"  {verdict.note}"))
    if verdict.status in ("green", "missing"):
        return told
    if verdict.check:
        sentence = verdict.check.removeprefix("test_").replace("_", " ")
        told.append(("bold", f"  {sentence}"))
    if verdict.law:
        told += [("", f"  {line.strip()}") for line in verdict.law.strip().splitlines()[:4]]
    if verdict.promise:
        place = f"  ({_place(verdict, verdict.promise_line)})" if verdict.promise_line else ""
        told += [("", line) for line in _indented("stub", f'"{verdict.promise}"{place}')]
    if verdict.call:
        told += [("", line) for line in _indented("call", _brief(verdict.call))]
    if verdict.counterexample and not (verdict.call and "<" not in verdict.call):
        label = "in" if verdict.check is None else "with"
        told += [("", line) for line in _indented(label, _brief(verdict.counterexample))]
    if (
        verdict.message
        and verdict.message != f"value: got {verdict.yours}, wanted {verdict.wanted}"
    ):
        told.append((colour, f"  {_brief(verdict.message, 6)}".replace("\n", "\n  ")))
    if verdict.yours is not None:
        told += [("", line) for line in _indented("got", _brief(verdict.yours))]
        told += [("", line) for line in _indented("wanted", _brief(verdict.wanted or ""))]
    if verdict.picture:
        told += [("", line) for line in _indented("picture", short(Path(verdict.picture)))]
    if verdict.output.strip():
        told += [("dim", line) for line in _indented("printed", _brief(verdict.output, 6))]
    if verdict.misconception:
        told += [("yellow", f"  likely mistake: {as_mistake(verdict.misconception)}")]
    at = _place(verdict, verdict.line)
    told += [("cyan", line) for line in _indented("at", at) if verdict.file]
    if next_step:
        told += [("", line) for line in _indented("next", next_step)]
    return told


def as_mistake(sentence: str) -> str:
    """The sentence of a wrong answer with a subject: "Counts ..." becomes "it counts ..."."""
    first, _, rest = sentence.partition(" ")
    is_verb = first.istitle() and first.endswith("s") and first.isalpha() and first not in PRONOUNS
    if is_verb or first == "Doesn't":
        return f"it {first.lower()} {rest}"
    return f"{first[:1].lower()}{first[1:]} {rest}" if first in PRONOUNS else sentence


def one_line(verdict: Verdict) -> list[tuple[str, str]]:
    """A verdict in one line."""
    sentence = (verdict.check or "").removeprefix("test_").replace("_", " ")
    text = f"{verdict.name}  {_state(verdict)}: {sentence or verdict.message or ''}".rstrip(": ")
    return [(COLOURS[verdict.status], text)]


def _state(verdict: Verdict) -> str:
    if verdict.status == "green":
        return f"green, {_count(verdict.passed, 'check')}"
    if verdict.status == "missing":
        return "not started" if verdict.message is None else f"not finished: {verdict.message}"
    if verdict.of and verdict.check:
        return f"{verdict.status}, {verdict.passed} of {_count(verdict.of, 'check')} hold so far"
    return verdict.status


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def print_lines(told: Iterable[tuple[str, str]]) -> None:
    """Lines to the terminal in colour, or plain where there is none."""
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        for _, text in told:
            print(text)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for style, text in told:
        console.print(Text(text, style=style))


def write_over(text: str) -> None:
    """Write over the last line of a terminal; the next output takes its place."""
    if sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        sys.stdout.write(f"\r\x1b[2K{text[: shutil.get_terminal_size().columns - 1]}")
        sys.stdout.flush()


def summary_line(verdicts: Iterable[Verdict]) -> str:
    """How many of each status."""
    counts: dict[str, int] = {}
    for verdict in verdicts:
        counts[verdict.status] = counts.get(verdict.status, 0) + 1
    words = {"missing": "not started", "timeout": "timed out", "error": "in error"}
    told = [f"{n} {words.get(s, s)}" for s in COLOURS if (n := counts.get(s, 0))]
    return ", ".join(told) or "nothing to check"


def width() -> int:
    """Columns of the terminal for running text."""
    return max(40, min(shutil.get_terminal_size().columns, 96))


def short(path: Path) -> str:
    """A path as seen from here."""
    return os.path.relpath(path)
