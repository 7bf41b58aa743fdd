"""Laws told: verdicts on a learner's own laws, on a terminal, in JSON and in what is remembered."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from checks.judging.curriculum import Course, Exercise
from checks.judging.law_files import has_laws, place_of
from checks.judging.own_laws import LawFile
from checks.judging.verdict import as_mistake, command, print_lines, short, write_over
from checks.learning.memory import Memory
from checks.learning.own_laws import Laws, Stop, judge_all, law_keys, laws_in

Told = list[tuple[str, str]]
COLOURS = {"green": "green", "open": "yellow", "false": "red", "error": "red", "missing": "dim"}


def lines(found: Laws) -> Told:
    """A verdict as lines of (style, text): the count, the one mistake that is named, the notes."""
    told: Told = [(f"bold {COLOURS[found.status]}", f"{found.name}  laws: {_state(found)}")]
    if found.missed and found.status == "open":
        told.append(("yellow", f"  not caught: {as_mistake(found.missed)}"))
    told += [("red" if found.status == "false" else "", f"  {note}") for note in found.notes]
    return told


def table(found: Laws) -> Told:
    """What each law catches."""
    return [("", f"  {row}") for row in found.table]


def _state(found: Laws) -> str:
    if found.status == "missing":
        return "none yet"
    if found.status == "false":
        return "one is false, so nothing is counted"
    if found.status == "error":
        return "can't be read"
    return f"caught {found.caught} of {found.of}"


def next_step(found: Laws) -> Told:
    """What is offered under a verdict."""
    if found.status == "open" and found.of:
        told = f"a law that breaks there; {command('hint', found.name)} shows its code"
    elif found.status == "green":
        return []
    else:
        told = command("laws", found.name)
    return [("cyan", f"  at      {short(Path(found.place))}"), ("", f"  next    {told}")]


def tell_laws(
    course: Course,
    memory: Memory,
    exercises: Sequence[Exercise],
    folder: Path | None = None,
    stop: Stop = None,
) -> list[Laws]:
    """Judge laws and print: each verdict first, then its table; what has none in one line."""
    told: dict[str, Laws] = {}
    none: dict[str, list[str]] = {}
    for found in _waited_for(judge_all(course, exercises, folder, stop)):
        again = found.name in told
        told[found.name] = found
        found.place = found.place or str(place_of(course, found.kata, folder))
        if found.status == "missing" and len(exercises) > 1:
            none.setdefault(found.kata, []).append(found.exercise)
            continue
        if folder is None:
            remember(memory, found)
        print_lines(table(found) if again else lines(found))
        if again or not found.of or found.status not in ("green", "open"):
            print_lines(next_step(found))
        sys.stdout.flush()
    for note in stray(course, exercises, folder):
        print_lines([("yellow", note)])
    for kata, names in none.items():
        print_lines([("dim", f"{kata:16}no laws yet: {', '.join(names)}")])
    memory.save()
    return list(told.values())


def _waited_for(verdicts: Iterator[Laws]) -> Iterator[Laws]:
    """The verdicts; while one is waited for, the last line of a terminal says for what."""
    write_over("trying each law on right answers, then on mistakes")
    try:
        for found in verdicts:
            write_over("")
            yield found
            more = found.status in ("open", "green")
            write_over("trying each law on all other mistakes" if more else "")
    finally:
        write_over("")


def stray(
    course: Course, exercises: Sequence[Exercise], folder: Path | None = None
) -> Iterator[str]:
    """What a file holds that isn't a law for an exercise: tests that name none, and classes."""
    for file in laws_in(course, exercises, folder).values():
        if isinstance(file, LawFile):
            where = short(Path(file.source.path))
            lost = [o for o in file.laws if o.exercise is None]
            yield from (f"{where}:{o.line}  {o.name} names no exercise" for o in lost)
            yield from (
                f"{where}  {o}: a law is a function outside of classes" for o in file.in_classes
            )


def changed(course: Course, memory: Memory, exercises: Sequence[Exercise]) -> list[Exercise]:
    """The exercises whose laws have changed since they were judged."""
    now = law_keys(course, exercises)
    kept = {o: memory[".".join(o)].get("laws") or {} for o in exercises}
    return [o for o in exercises if kept[o].get("key") != now.get(o)]


def look_at_laws(
    course: Course, memory: Memory, exercises: Sequence[Exercise], stop: Stop = None
) -> None:
    """Judge without a word the laws that have changed since they were judged."""
    new = changed(course, memory, exercises)
    for found in judge_all(course, new, stop=stop) if new else ():
        remember(memory, found)


def _brief(found: Laws) -> dict[str, Any] | None:
    if found.status == "missing":
        return None
    names = ("status", "caught", "of", "missed", "key")
    return {name: getattr(found, name) for name in names}


def remember(memory: Memory, found: Laws) -> None:
    """Keep where the laws for an exercise stand, for the board and for hints."""
    kept = memory[found.name]
    before = kept.get("laws")
    if found.status == "missing":
        kept.pop("laws", None)
    else:
        kept["laws"] = _brief(found)
    if not before or before.get("missed") != found.missed:
        kept.pop("shown", None)


def laws(
    course: Course,
    memory: Memory,
    names: Sequence[str],
    folder: Path | None = None,
    file: Path | None = None,
) -> int:
    """Judge the laws of some exercises: 0 if they catch all core mistakes of all, else 1."""
    asked = course.select(names)
    exercises = [(k, e) for k, e in asked if has_laws(course, k)]
    if not exercises:
        print(f"no laws are written for {', '.join(names)}: its exercises are laws themselves")
        return 2
    if folder is not None and not folder.is_dir():
        print(f"no folder {folder}", file=sys.stderr)
        return 2
    found = tell_laws(course, memory, exercises, folder and folder.resolve())
    if len(found) > 1:
        counts = [f"{sum(o.status == s for o in found)} {s}" for s in COLOURS]
        print(", ".join(o for o in counts if not o.startswith("0 ")))
    if file is not None:
        told = json.dumps([vars(o) | {"place": short(Path(o.place))} for o in found], indent=1)
        file.write_text(f"{told}\n", encoding="utf-8")
    return int(any(o.status != "green" for o in found))
