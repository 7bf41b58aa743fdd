"""Own laws: right answers must keep the laws of a learner, and mistakes must break one.

First every law is tried on right answers: a law that rejects one is false, and nothing is counted.
Then the core mistakes of the exercise; one that no law catches is named. All others are "further".
"""

import ast
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

from checks.judging.assembly import Source
from checks.judging.curriculum import Course, Exercise
from checks.judging.disguise import disguised
from checks.judging.judge import Job, warm
from checks.judging.law_files import catalogued, has_laws, mistakes, place_of
from checks.judging.own_laws import (
    STAND_INS,
    LawFile,
    OwnLaw,
    Task,
    read_laws,
    stand_in,
    try_laws,
)
from checks.judging.sandbox import Limits, run_all
from checks.judging.verdict import as_mistake

LIMITS = Limits(cpu=120, wall=240.0)
CAUGHT = ("fails", "raises")
DEFINITION = 4  # core mistakes that a law catches alone: it says everything
REFERENCE = "as the reference does it"
WORDS = {
    "no input": "asserts nothing: Hypothesis finds no input that it accepts",
    "slow": "takes too long: a law may compute for 4 seconds with an answer",
    "flaky": "isn't repeatable: two equal runs end differently",
    "skipped": "never runs: it's skipped",
    "ends": "ends the program",
    "ended": "ends its process, or computes without end",
    "unknown": "wasn't tried to its end",
}
Outcome = dict[str, Any]
Stop = Callable[[], bool] | None


@dataclass
class Way:
    """How laws are tried, which events are believed, and `others`: refusals, for instance."""

    attempt: Callable[..., None] = try_laws
    limits: Limits = LIMITS
    stop: Stop = None
    believed: Callable[[Iterable[Outcome]], Iterable[Outcome]] = iter
    others: list[Outcome] = field(default_factory=list)


@dataclass
class Laws:
    """An exercise with what its laws have reached: green, open, false or missing."""

    kata: str
    exercise: str
    status: str
    place: str = ""
    caught: int = 0
    of: int = 0
    missed: str | None = None
    key: str | None = None
    notes: list[str] = field(default_factory=list)
    table: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """kata.exercise"""
        return f"{self.kata}.{self.exercise}"


@cache
def _ground(course: Course) -> str:
    """A hash of all that an outcome depends on, law and answer aside."""
    found = hashlib.sha256(sys.version.encode())
    files = [course.checks / "laws.py", *(course.checks / "judging").glob("*.py")]
    for file in sorted([*files, *course.solutions.glob("*.py")]):
        found.update(file.read_bytes())
    return found.hexdigest()


class Kept:
    """What became of a law on an answer, kept as long as neither changes."""

    def __init__(self, course: Course, kata: str) -> None:
        self.path, self.ground = course.progress / "laws" / f"{kata}.json", _ground(course)
        try:
            state = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            state = {}
        self.old: dict[str, Outcome] = state.get("kept", {})
        self.old = self.old if state.get("ground") == self.ground else {}
        self.new: dict[str, Outcome] = {}

    def get(self, law: OwnLaw, answer: str) -> Outcome | None:
        """The outcome, if it's known."""
        key = f"{law.key[:16]}{answer}"
        if key in self.old:
            self.new[key] = self.old[key]
        return self.new.get(key)

    def put(self, law: str, answer: str, outcome: Outcome) -> None:
        """Keep an outcome."""
        self.new[f"{law[:16]}{answer}"] = outcome

    def save(self, whole: bool) -> None:
        """Write it down; what the whole file of laws didn't ask for is forgotten."""
        kept = self.new if whole else self.old | self.new
        beside = self.path.with_suffix(f".{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps({"ground": self.ground, "kept": kept}), encoding="utf-8")
            beside.replace(self.path)
        except OSError as error:
            print(f"what laws caught isn't kept: {error}", file=sys.stderr)


class Trial:
    """The laws for one exercise, and the answers that they are tried on."""

    def __init__(
        self, course: Course, exercise: Exercise, file: LawFile, kept: Kept, way: Way
    ) -> None:
        self.course, self.exercise, self.file = course, exercise, file
        self.kept, self.way = kept, way
        self.kata = course.katas[exercise[0]]
        self.laws = [o for o in file.laws if o.exercise == exercise[1]]
        self.sources: dict[str, Source] = {}
        self.core, self.further = (
            {self._key(disguised(self.kata, a.source)): a for a in part}
            for part in mistakes(course, exercise)
        )
        reference = disguised(self.kata, Source.read(self.kata.path))
        self.right = {self._key(reference): REFERENCE}
        for a in catalogued(course, "right_answers", exercise):
            self.right[self._key(disguised(self.kata, a.source))] = a.doc
        self.stand_ins = {
            kind: self._key(stand_in(self.kata, exercise[1], kind)) for kind in STAND_INS
        }

    def _key(self, source: Source) -> str:
        text = "\n".join(ast.dump(o) for o in source.body)
        key = hashlib.sha256(f"{self.exercise}{text}".encode()).hexdigest()[:16]
        self.sources[key] = source
        return key

    def known(self, law: OwnLaw, answer: str) -> Outcome:
        """What became of a law on an answer; nothing if it wasn't tried."""
        return self.kept.get(law, answer) or {"is": "unknown"}

    def run(self, laws: Sequence[OwnLaw], answers: Iterable[str], first: bool = False) -> None:
        """Try laws on answers, as far as it isn't known; with `first` until an answer is caught."""
        until = {o.key: CAUGHT if self.asserts(o) else CAUGHT[:1] for o in laws} if first else {}
        waiting: list[Task] = []
        for answer in answers:
            if any(self.known(o, answer)["is"] in until.get(o.key, ()) for o in laws):
                continue
            left = [o for o in laws if not o.problem and self.kept.get(o, answer) is None]
            if left:
                wanted = answer in self.right
                waiting.append(Task(answer, self.sources[answer], left, until, wanted))
        while waiting:
            share = max(2, -(-len(waiting) // (os.cpu_count() or 1)))
            parts = [waiting[i : i + share] for i in range(0, len(waiting), share)]
            about = self.course, *self.exercise, self.file.source
            tried = [partial(self.way.attempt, *about, part) for part in parts]
            waiting = []
            for place, report in run_all(tried, self.way.limits, stop=self.way.stop):
                own = list(self.way.believed(report.events))
                self.way.others += [e for e in own if e["event"] not in ("law", "outcome")]
                waiting += self._take(parts[place], own)

    def _take(self, tasks: Sequence[Task], events: Iterable[Outcome]) -> list[Task]:
        """Keep what was told; the tasks that are left when a law has ended its process."""
        begun, told = [], set()
        for event in events:
            if event["event"] == "law":
                begun.append((event["answer"], event["law"]))
            elif event["event"] == "outcome":
                told.add((event["answer"], event["law"]))
                found = {k: v for k, v in event.items() if k in ("is", "why", "call") and v}
                self.kept.put(event["law"], event["answer"], found)
        lost = [o for o in begun if o not in told]
        for answer, law in lost:
            self.kept.put(law, answer, {"is": "ended"})
            told.add((answer, law))
        ended = bool(lost) or any(o.get("is") == "outside" for o in events)
        if not ended:
            return []
        place = [t.answer for t in tasks].index((lost or begun[-1:])[0][0])
        left = []
        for task in tasks[place:]:
            laws = [
                o
                for o in task.laws
                if (task.answer, o.key) not in told and not self.silent(o, at_the_end=False)
            ]
            if laws:
                left.append(Task(task.answer, task.source, laws, task.until, task.calls))
        return left

    def asserts(self, law: OwnLaw) -> bool:
        """Whether a law fails by itself somewhere: on a stand-in, or on a mistake."""
        places = [*self.stand_ins.values(), *self.core, *self.further]
        return any(self.known(law, o)["is"] == "fails" for o in places)

    def catches(self, law: OwnLaw, answer: str) -> bool:
        """Whether a law rejects a mistake, and not only because this raises an error."""
        found = self.known(law, answer)["is"]
        return found == "fails" or (found == "raises" and self.asserts(law))

    def rejected(self, law: OwnLaw) -> list[str]:
        """The right answers that a law rejects; those with an idea in words first."""
        found = [o for o in self.right if self.known(law, o)["is"] in (*CAUGHT, "broken")]
        return sorted(found, key=lambda o: self.right[o] == REFERENCE)

    def silent(self, law: OwnLaw, at_the_end: bool = True) -> str | None:
        """Why a law says nothing about any answer; before the end it may not have been tried."""
        if law.problem:
            return law.problem.removeprefix("it ")
        for found in (self.known(law, o) for o in self.right):
            if found["is"] in WORDS and (at_the_end or found["is"] != "unknown"):
                return WORDS[found["is"]]
            if found["is"] == "outside":
                return str(found["why"]).removeprefix("it ")
        return None


def judge_laws(
    course: Course, exercise: Exercise, file: LawFile, kept: Kept, way: Way | None = None
) -> Iterator[Laws]:
    """The verdict on the laws for an exercise, and once more with the table of all mistakes."""
    trial = Trial(course, exercise, file, kept, way or Way())
    found = Laws(*exercise, "missing", file.source.path, of=len(trial.core))
    if not trial.laws:
        yield found
        return
    found.key = law_keys(course, [exercise], {exercise[0]: file})[exercise]
    trial.run(trial.laws, [*trial.right, *trial.stand_ins.values()])
    false = [o for o in trial.laws if trial.rejected(o)]
    found.notes = [_line(file, o, f"{why}") for o in trial.laws if (why := trial.silent(o))]
    if false:
        found.status = "false"
        trial.run(false[:1], [*trial.core, *trial.further])
        found.notes = [*_about_false(trial, false[0]), *found.notes]
        found.notes += [_line(file, o, "rejects a right answer, too") for o in false[1:]]
        yield found
        return
    good = [o for o in trial.laws if not trial.silent(o)]
    trial.run(good, trial.core, first=True)
    caught = [k for k in trial.core if any(trial.catches(o, k) for o in good)]
    missed = [a.doc for k, a in trial.core.items() if k not in caught]
    found.caught, found.missed = len(caught), next(iter(missed), None)
    found.status = "open" if missed or not trial.core else "green"
    yield found
    trial.run(good, [*trial.core, *trial.further])
    found.table = list(_table(trial, good))
    yield found


def _line(file: LawFile, law: OwnLaw, text: str) -> str:
    return f"{law.name} (line {law.line}) {text}"


def _about_false(trial: Trial, law: OwnLaw) -> Iterator[str]:
    """What is wrong with a law that rejects a right answer."""
    rejected = trial.rejected(law)
    outcome = trial.known(law, rejected[0])
    if outcome["is"] == "broken":
        yield _line(trial.file, law, f"can't run: {outcome.get('why', '')}")
        return
    yield _line(trial.file, law, "rejects a right answer")
    part = f"{len(rejected)} of {len(trial.right)} right answers are rejected"
    yield f"  right   {trial.right[rejected[0]]}"
    if outcome.get("call"):
        first, *rest = outcome["call"].splitlines()
        yield f"  call    {first}"
        yield from (f"          {o}" for o in rest[:8])
    if outcome.get("why"):
        first, *rest = outcome["why"].splitlines()
        yield f"  it says {first}"
        yield from (f"          {o.strip()}" for o in rest[:3])
    yield f"  {part}" + ("" if len(rejected) == len(trial.right) else ": the stub leaves this open")
    for every in (trial.core, trial.core | trial.further):
        kept = [a.doc for k, a in every.items() if trial.known(law, k)["is"] == "holds"]
        if kept:
            break
    if 0 < len(kept) < 3:
        yield "  that's the mistake: " + "; or ".join(map(as_mistake, kept))


def _table(trial: Trial, laws: Sequence[OwnLaw]) -> Iterator[str]:
    """For each law what it catches, and whether the others catch that as well."""
    every = [*trial.core, *trial.further]
    catches = {o: {k for k in every if trial.catches(o, k)} for o in laws}
    needed = list(laws)
    wide = max([len(o.name) for o in laws], default=0)
    rows = []
    for law in reversed(laws):
        own, others = catches[law], [o for o in needed if o is not law]
        core = len(own & trial.core.keys())
        told = f"{law.name:{wide}}  {core} of {len(trial.core)}"
        told += f", further {len(own) - core} of {len(trial.further)}"
        if not own:
            accepts = all(trial.known(law, o)["is"] == "holds" for o in trial.stand_ins.values())
            told += "   asserts nothing: it accepts None" if accepts else "   no mistake breaks it"
        elif own <= set().union(*(catches[o] for o in others)):
            told += f"   adds nothing: caught by {', '.join(_cover(own, others, catches))}"
            needed.remove(law)
        elif core == len(trial.core) >= DEFINITION:
            told += "   this is the definition; try one law that isn't"
        rows.append(told)
    yield from reversed(rows)


def _cover(
    own: set[str], others: Sequence[OwnLaw], catches: dict[OwnLaw, set[str]]
) -> Iterator[str]:
    """A few laws that together catch all of `own`."""
    left = set(own)
    while left:
        best = max(others, key=lambda o: len(left & catches[o]))
        left -= catches[best]
        yield best.name


def warm_for_laws(
    course: Course, exercises: Iterable[Exercise], files: Iterable[Source] = ()
) -> None:
    """Import what laws and answers need; nothing of the learner's is run."""
    import pytest  # noqa: F401 - a law may use it

    jobs = [Job("", "", o) for o in files]
    for kata, name in exercises:
        folders = "right_answers", "wrong_answers"
        found = [a for o in folders for a in catalogued(course, o, (kata, name))]
        jobs += [Job(kata, name, disguised(course.katas[kata], a.source)) for a in found]
    warm(course, jobs)


def laws_in(
    course: Course, exercises: Iterable[Exercise], folder: Path | None = None
) -> dict[str, LawFile | SyntaxError | None]:
    """The files of laws of some exercises, by kata."""
    katas = [k for k in dict.fromkeys(k for k, _ in exercises) if has_laws(course, k)]
    return {kata: read_laws(course, kata, place_of(course, kata, folder)) for kata in katas}


def law_keys(
    course: Course, exercises: Iterable[Exercise], files: Mapping[str, Any] | None = None
) -> dict[Exercise, str]:
    """For each exercise with laws a hash of them, and of all that their verdict depends on."""
    found = {}
    exercises = list(exercises)
    files = laws_in(course, exercises) if files is None else files
    for kata, name in exercises:
        laws = getattr(files.get(kata), "laws", [])
        if keys := [o.key for o in laws if o.exercise == name]:
            docs = [a.doc for a in mistakes(course, (kata, name))[0]]
            text = f"{_ground(course)}{keys}{docs}"
            found[kata, name] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return found


def judge_all(
    course: Course,
    exercises: Sequence[Exercise],
    folder: Path | None = None,
    stop: Stop = None,
) -> Iterator[Laws]:
    """The verdicts on the laws for some exercises; one with a table follows the one without."""
    files = laws_in(course, exercises, folder)
    there = {k: o for k, o in files.items() if isinstance(o, LawFile)}
    written = {k: {law.exercise for law in o.laws} for k, o in there.items()}
    if asked := [(k, e) for k, e in exercises if e in written.get(k, ())]:
        warm_for_laws(course, asked, [there[k].source for k in dict.fromkeys(k for k, _ in asked)])
    for kata, file in files.items():
        names = [e for k, e in exercises if k == kata]
        if isinstance(file, SyntaxError):
            why = f"line {file.lineno}: {file.msg}"
            yield from (
                Laws(kata, e, "error", notes=[f"Python can't read it: {why}"]) for e in names
            )
        elif file is None:
            yield from (Laws(kata, e, "missing") for e in names)
        else:
            kept = Kept(course, kata)
            try:
                for name in names:
                    yield from judge_laws(course, (kata, name), file, kept, Way(stop=stop))
            finally:
                kept.save(whole=False)
            if set(names) == set(course.katas[kata].exercises):
                kept.save(whole=True)


def last_verdict(course: Course, exercise: Exercise, text: str) -> Laws:
    """The verdict on laws that stand in a text, with their table."""
    warm_for_laws(course, [exercise])
    kept = Kept(course, f"cells_{exercise[0]}")
    *_, found = judge_laws(
        course, exercise, LawFile(course.katas[exercise[0]], "cells", text), kept
    )
    kept.save(whole=False)
    return found
