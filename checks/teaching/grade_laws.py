"""Grade laws: the laws that people have handed in, tried as `make laws` tries them, but enclosed.

The same isolation, screening, guard and signatures as for answers. The answers on which laws are
tried are the course's own, in disguise.
"""

import secrets
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.judging import isolation
from checks.judging.assembly import Source
from checks.judging.curriculum import Course, Exercise
from checks.judging.own_laws import LawFile, Task, try_laws
from checks.judging.sandbox import Emit
from checks.judging.verdict import Verdict, as_mistake
from checks.learning.own_laws import Kept, Laws, Way, judge_laws, warm_for_laws
from checks.teaching import evidence
from checks.teaching.attempt import Ground, own_code, signing
from checks.teaching.course_file import laws_for
from checks.teaching.guard import Guard, plain
from checks.teaching.reading import FOR_LAWS

if TYPE_CHECKING:
    from checks.teaching.grade import Options, Submission

STATUS = {"green": "green", "missing": "missing", "error": "error"}


def grade_laws(course: Course, people: "Iterable[Submission]", options: "Options") -> None:
    """Put a verdict on the laws for each exercise of the scheme into each submission."""
    warm_for_laws(course, options.scheme.laws)
    for person in people:
        for exercise in options.scheme.laws:
            name = laws_for(exercise)
            found = _verdict(course, exercise, person.laws.get(exercise[0]), options)
            found.exercise = name[1]
            person.verdicts[name] = found


def _verdict(
    course: Course, exercise: Exercise, handed: Mapping[str, Any] | None, options: "Options"
) -> Verdict:
    if handed is None:
        return Verdict(*exercise, "missing")
    path = str(handed["path"])
    if "error" in handed:
        return Verdict(*exercise, "error", message=str(handed["error"])[:200], file=path)
    for line, word, why in handed["refused"]:
        return evidence.refused(*exercise, path, line, {"word": word, "why": why})
    try:
        file = LawFile(course.katas[exercise[0]], path, str(handed["text"]))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Verdict(*exercise, "error", message=f"it can't be read: {error}"[:200], file=path)
    token = secrets.token_hex(16)
    believed = partial(evidence.signed, token)
    way = Way(partial(attempt_laws, options.ground, token), options.trial, believed=believed)
    kept = Kept(course, "handed_in")
    kept.old = {}
    found = next(iter(judge_laws(course, exercise, file, kept, way)))
    for event in way.others:
        if event["event"] == "refused":
            return evidence.refused(*exercise, path, event.get("line"), event)
    return _as_verdict(found, path)


def _as_verdict(found: Laws, path: str) -> Verdict:
    status = STATUS.get(found.status, "red")
    told = Verdict(found.kata, found.exercise, status, passed=found.caught, of=found.of, file=path)
    if found.status == "open":
        missed = f"; not caught: {as_mistake(found.missed)}" if found.missed else ""
        told.message = "\n".join([f"caught {found.caught} of {found.of}{missed}", *found.notes])
    elif found.notes:
        told.message = "\n".join(found.notes)
    return told


def attempt_laws(
    ground: Ground,
    token: str,
    course: Course,
    kata: str,
    exercise: str,
    file: Source,
    tasks: Sequence[Task],
    emit: Emit,
) -> None:
    """Try laws on answers, enclosed; the events are those of `try_laws`, and `refused`."""
    if ground.isolation in ("full", "partial"):
        isolation.enclose(isolation.readable(*own_code(course)), Path.cwd())

    tell = signing(token, emit)

    def refuse(line: int, word: str, why: str) -> None:
        tell({"event": "refused", "line": line, "word": word, "why": why})

    guard = Guard(file.path, {}, refuse, ground.allow | FOR_LAWS)
    guarded = plain(file, laws=True)
    sys.path[:] = guard.path_of_python
    guarded.builtins = guard.names
    try_laws(course, kata, exercise, guarded, tasks, tell)
