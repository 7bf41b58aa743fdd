"""Grade: a table of many people's answers, whatever these answers do.

This process parses, imports and runs nothing of a submission. Each is read in a process of its
own, each exercise is tried in another one, and any error in the handling of one submission is a
note in its row.
"""

import gc
import hashlib
import importlib
import json
import os
import secrets
import shutil
import sys
import textwrap
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis.strategies import none

from checks.judging import isolation
from checks.judging.assembly import Source, _module_code
from checks.judging.curriculum import Course, Exercise
from checks.judging.curtain import hold
from checks.judging.judge import Job, warm
from checks.judging.misconceptions import misconception
from checks.judging.sandbox import Emit, Limits, Report, Task, run_all
from checks.judging.trial import check_code
from checks.judging.verdict import Verdict, print_lines
from checks.teaching import copies, evidence
from checks.teaching.attempt import Ground, Handed, attempt, libraries, own_code, roll_call
from checks.teaching.course_file import Scheme
from checks.teaching.evidence import printable, printable_lines
from checks.teaching.grade_laws import grade_laws
from checks.teaching.reading import Rules, read_submission

READING = Limits(cpu=30, wall=180.0, memory=2 << 30, disk=64 << 20)
BUDGET = 300.0  # seconds of computing for all of a submission's attempts
HEAVY = """numpy PIL.Image PIL.ImageOps PIL.ImageDraw matplotlib.pyplot tqdm.auto jaxtyping
torch.nn.functional torch.utils.data torch.optim.lr_scheduler dataclasses csv"""


@dataclass(frozen=True)
class Options:
    """How a class is graded."""

    scheme: Scheme
    ground: Ground
    out: Path | None = None
    json: Path | None = None
    roster: Path | None = None
    title: str = "Imagenette Katas"
    workers: int | None = None
    seconds: int = 20

    @property
    def trial(self) -> Limits:
        """What an attempt may use."""
        return Limits(cpu=self.seconds, wall=6.0 * self.seconds, disk=64 << 20)

    @property
    def limits(self) -> dict[str, int | float | None]:
        """The same with what a submission may use in all, to be told."""
        return {**asdict(self.trial), "submission": BUDGET}


@dataclass
class Answer:
    """What a submission has for one exercise."""

    handed: Handed
    line: int | None
    refused: list[tuple[int, str, str]]


@dataclass
class Submission:
    """What one person handed in, and what is known of it."""

    name: str
    path: Path
    answers: dict[Exercise, Answer] = field(default_factory=dict)
    unreadable: dict[Exercise, Verdict] = field(default_factory=dict)
    counted: dict[str, list[str]] = field(default_factory=dict)
    shapes: dict[str, list[int]] = field(default_factory=dict)
    verdicts: dict[Exercise, Verdict] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    laws: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: float = 0.0

    def count(self, *statuses: str) -> int:
        """How many exercises have one of these statuses."""
        return sum(v.status in statuses for v in self.verdicts.values())

    def points(self, scheme: Scheme) -> float:
        """What the verdicts bring."""
        return sum(scheme.earned(o, v) for o, v in self.verdicts.items())


def people_in(folder: Path, notes: list[str]) -> list[Submission]:
    """One submission for each folder and each zip file in `folder`."""
    found: list[Submission] = []
    taken: set[str] = set()
    for path in sorted(folder.iterdir(), key=lambda o: o.name):
        if path.name.startswith("."):
            continue
        if path.is_symlink():
            notes.append(f"{path.name} is a link, which isn't followed")
        elif path.is_dir() or path.suffix.lower() == ".zip":
            name = path.name if path.is_dir() else path.stem
            found.append(Submission(_unused(printable(name), taken), path))
        else:
            notes.append(f"{printable(path.name)} isn't in the folder of a submission")
    return found


def _unused(name: str, taken: set[str]) -> str:
    """The name, or with a number if its folder of feedback would be that of another person."""
    from checks.teaching.formats import file_name

    told, number = name, 1
    while (key := file_name(told).casefold()) in taken:
        number += 1
        told = f"{name[:80]} ({number})"
    taken.add(key)
    return told


# reading


def read_all(course: Course, people: list[Submission], options: Options) -> None:
    """Read every submission; one that ends its process is read again without that file."""
    left_out: dict[int, set[str]] = {i: set() for i in range(len(people))}
    wanted = options.scheme.exercises
    waiting = list(range(len(people)))
    while waiting:
        policy = options.scheme.policy
        tasks = [
            partial(
                _read,
                course,
                people[i].path,
                wanted,
                options.ground,
                policy,
                left_out[i],
                bool(options.scheme.laws),
            )  # fmt: skip
            for i in waiting
        ]
        again = []
        for place, report in run_all(tasks, READING, options.workers):
            i = waiting[place]
            begun = [e["path"] for e in report.events if e["event"] == "begin"]
            ended = any(e["event"] == "end" for e in report.events)
            if not ended and begun and begun[-1] not in left_out[i] and len(left_out[i]) < 20:
                left_out[i].add(begun[-1])
                again.append(i)
                continue
            try:
                _take_in(course, people[i], report, wanted)
            except Exception as error:
                people[i].notes.append(f"it can't be read: {type(error).__name__}")
            if not ended:
                people[i].notes.append("it can't be read to its end")
            for path in sorted(left_out[i]):
                _leave_out(people[i], path, wanted)
        waiting = again


def _read(
    course: Course,
    path: Path,
    wanted: Iterable[Exercise],
    ground: Ground,
    policy: Mapping[Exercise, tuple[str, ...]],
    left_out: set[str],
    laws: bool,
    emit: Emit,
) -> None:
    if ground.isolation in ("full", "partial"):
        more = [path, course.solutions, course.root / "notebooks", *own_code(course)]
        isolation.enclose(isolation.readable(*more), Path.cwd())
    rules = Rules(ground.allow, policy, laws)
    read_submission(course, path, list(wanted), rules, left_out, emit)


def _take_in(
    course: Course, person: Submission, report: Report, wanted: Iterable[Exercise]
) -> None:
    for event in report.events:
        kind, kata = event["event"], event.get("kata", "")
        path = printable(event.get("path", ""))
        if kind == "note":
            person.notes.append(printable(event["text"]))
        elif kind == "broken":
            person.notes.append(f"it can't be read: {printable(event['message'])[:200]}")
        elif kind in ("counts", "answers"):
            person.counted.setdefault(kata, []).append(path)
        elif kind == "laws":
            person.laws[kata] = event
        if kind == "answers":
            handed = Handed(kata, path, event["text"], event["helpers"])
            for exercise, known in event["exercises"].items():
                refused = [tuple(o) for o in known["refused"]]
                person.answers[kata, exercise] = Answer(handed, known["line"], refused)
            person.shapes |= {f"{kata}.{e}": shape for e, shape in event["shapes"].items()}
        elif kind == "unreadable":
            for exercise in event["exercises"]:
                person.unreadable[kata, exercise] = Verdict(
                    kata, exercise, "error", message=printable(event["message"]),
                    counterexample=printable(event.get("text") or ""), file=path,
                    line=event.get("line"),
                )  # fmt: skip


def _leave_out(person: Submission, path: str, wanted: Iterable[Exercise]) -> None:
    path = printable(path)
    person.notes.append(f"{path} ends the process that reads it")
    message = "your file can't be read: it takes more time or memory than a file may"
    for kata, exercise in wanted:
        if Path(path).stem == kata:
            person.unreadable[kata, exercise] = Verdict(
                kata, exercise, "error", message=message, file=path
            )


# trying


class Trials:
    """All attempts of a class, handed out one by one; what is known is kept at once."""

    def __init__(
        self, course: Course, people: list[Submission], options: Options, kept: "Kept"
    ) -> None:
        self.course, self.options, self.kept = course, options, kept
        self.rolls = self._roll_calls()
        self.meaning: list[tuple[Submission, Exercise, str] | None] = []
        self.running: set[tuple[int, str]] = set()
        self.left: list[tuple[Submission, str, list[Exercise]]] = []
        for person in people:
            by_kata: dict[str, list[Exercise]] = {}
            for exercise in options.scheme.exercises:
                if (known := self._untried(person, exercise)) is not None:
                    person.verdicts[exercise] = known
                else:
                    by_kata.setdefault(exercise[0], []).append(exercise)
            self.left += [(person, kata, left) for kata, left in by_kata.items()]
        self.count = sum(len(left) for _, _, left in self.left)
        self.done = 0

    def _roll_calls(self) -> dict[Exercise, list[str]]:
        katas = list(dict.fromkeys(k for k, _ in self.options.scheme.exercises))
        tasks = [partial(roll_call, self.course, self.options.ground, k) for k in katas]
        found: dict[Exercise, list[str]] = {}
        for place, report in run_all(tasks, Limits(), self.options.workers):
            for event in report.events:
                if event["event"] == "roll":
                    found[katas[place], event["exercise"]] = event["laws"]
                elif event["event"] == "broken":
                    raise RuntimeError(f"the checks of {katas[place]}: {event['message']}")
        return found

    def _untried(self, person: Submission, exercise: Exercise) -> Verdict | None:
        """The verdict where there is nothing to run."""
        if (known := person.unreadable.get(exercise)) is not None:
            return known
        if (answer := person.answers.get(exercise)) is None:
            return Verdict(*exercise, "missing")
        path = answer.handed.path
        if answer.refused:
            line, word, why = answer.refused[0]
            return evidence.refused(*exercise, path, line, {"word": word, "why": why})
        if self.rolls.get(exercise) in (None, []):
            return Verdict(*exercise, "error", message="no check of it is written yet")
        return self.kept.get(person, exercise, answer)

    def tasks(self) -> Iterator[Task | None]:
        """The next attempt; of one person's kata one at a time, so that a hang is met once."""
        while self.left:
            free = [o for o in self.left if (id(o[0]), o[1]) not in self.running]
            if not free:
                self.meaning.append(None)
                yield None
                continue
            person, kata, left = free[0]
            exercise = left.pop(0)
            if not left:
                self.left.remove(free[0])
            token = secrets.token_hex(16)
            self.meaning.append((person, exercise, token))
            self.running.add((id(person), kata))
            handed = person.answers[exercise].handed
            yield partial(attempt, self.course, handed, exercise[1], self.options.ground, token)

    def take(self, place: int, report: Report) -> Submission:
        """Believe a report as far as it goes; the submission that it is about."""
        meaning = self.meaning[place]
        assert meaning is not None
        person, exercise, token = meaning
        kata, name = exercise
        self.running.discard((id(person), kata))
        person.seconds += report.cpu + (60 if report.timed_out and report.cpu < 10 else 0)
        answer, roll = person.answers[exercise], self.rolls[exercise]
        try:
            found = evidence.verdict(
                self.course,
                answer.handed,
                name,
                answer.line,
                report,
                roll,
                token,
                self.options.trial,
            )
            seen = [e for e in report.events if e["event"] == "behaviour"]
            if found.status == "red" and seen:
                with suppress(Exception):
                    found.misconception = misconception(self.course, kata, name, seen[0])
        except Exception as error:
            message = f"its verdict can't be told: {type(error).__name__}"
            found = Verdict(kata, name, "error", message=message, file=answer.handed.path)
        found.output = printable_lines(found.output)
        self._settle(person, exercise, found)
        hung = report.timed_out and not any(e["event"] == "law" for e in report.events)
        for row in [o for o in self.left if o[0] is person]:
            if (hung and row[1] == kata) or person.seconds > BUDGET:
                self.left.remove(row)
                for other in row[2]:
                    same = replace(found, exercise=other[1], seconds=0.0)
                    if not (hung and row[1] == kata):
                        same = Verdict(*other, "timeout", file=person.answers[other].handed.path)
                        same.message = f"the submission has used up its {BUDGET:.0f} s"
                    self._settle(person, other, same)
        return person

    def _settle(self, person: Submission, exercise: Exercise, found: Verdict) -> None:
        person.verdicts[exercise] = found
        self.done += 1
        self.kept.add(person, exercise, person.answers[exercise], found)


class Kept:
    """Verdicts of a run that was broken off, with its seed; gone when a run comes to its end."""

    def __init__(self, course: Course, folder: Path, options: Options, again: bool) -> None:
        told = [str(folder.resolve()), str(options.ground.laws), sorted(options.ground.allow)]
        told += [options.ground.isolation, _code_of(course, options.ground.laws)]
        key = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
        self.path = course.progress / "grades" / f"{key}.jsonl"
        self.rows: dict[str, dict[str, Any]] = {}
        self.seed = options.ground.seed
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.is_file() else []
        for line in lines:
            with suppress(ValueError):
                row = json.loads(line)
                if "seed" in row and again:
                    self.seed = row["seed"]
                elif "seed" in row and row["seed"] != self.seed:
                    break
                elif "key" in row:
                    self.rows[row["key"]] = row["verdict"]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.file = self.path.open("w", encoding="utf-8")
        except OSError:  # a repository that may not be written to: then nothing is kept
            self.path = Path(os.devnull)
            self.file = self.path.open("w", encoding="utf-8")
        self._write({"seed": self.seed})
        for name, verdict in self.rows.items():
            self._write({"key": name, "verdict": verdict})

    def _write(self, row: Mapping[str, Any]) -> None:
        self.file.write(json.dumps(row) + "\n")
        self.file.flush()

    @staticmethod
    def _key(person: Submission, exercise: Exercise, answer: Answer) -> str:
        told = [person.name, exercise, asdict(answer.handed)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def get(self, person: Submission, exercise: Exercise, answer: Answer) -> Verdict | None:
        """What an earlier run has found out about this very answer."""
        row = self.rows.get(self._key(person, exercise, answer))
        return Verdict(**row) if row else None

    def add(self, person: Submission, exercise: Exercise, answer: Answer, found: Verdict) -> None:
        """Keep a verdict."""
        self._write({"key": self._key(person, exercise, answer), "verdict": vars(found)})

    def end(self) -> None:
        """The run is complete: nothing needs to be kept."""
        self.file.close()
        if self.path.suffix == ".jsonl":
            self.path.unlink(missing_ok=True)


def _code_of(course: Course, laws: Path | None) -> str:
    """A hash of all that judges."""
    found = hashlib.sha256(sys.version.encode())
    files = [*course.checks.glob("*.py"), *course.solutions.glob("*.py")]
    for folder in ("words", "judging", "teaching"):
        files += (course.checks / folder).glob("*.py")
    files += laws.glob("*.py") if laws else []
    for file in sorted(files):
        found.update(file.read_bytes())
    return found.hexdigest()


# the whole


def grade(course: Course, folder: Path, options: Options, again: bool = True) -> int:
    """Judge every submission and print a row each; 0 though some are red, 2 for no submissions.

    again  continue a run that was broken off, and with its seed
    """
    from checks.teaching import formats

    notes: list[str] = []
    people = people_in(folder, notes) if folder.is_dir() else []
    if not people:
        print(f"{folder} holds no submissions: each is a folder, or a zip file, with kata files")
        return 2
    exercises, everything = options.scheme.exercises, options.scheme.everything
    warm(course, [Job(k, "", None) for k in dict.fromkeys(k for k, _ in everything)])
    if "torch" in sys.modules:
        with suppress(ImportError):
            importlib.import_module("matplotlib").use("Agg")  # what is forked draws to no screen
        for name in HEAVY.split():
            with suppress(ImportError):
                importlib.import_module(name)
    hold_reference(course)
    settle()
    for path in ground_laws(options):
        check_code(path)
    kept = Kept(course, folder, options, again)
    options = replace(options, ground=replace(options.ground, seed=kept.seed))
    ground = options.ground
    print(f"isolation: {ground.isolation} ({isolation.MEANING[ground.isolation]})")
    if ground.isolation in ("limits", "none"):
        print(f"warning: {isolation.MEANING[ground.isolation]}", file=sys.stderr)
    read_all(course, people, options)
    reference = _reference(course, exercises)
    pairs = alike(people, reference)
    trials = Trials(course, people, options, kept)
    width = max(len("submission"), *(min(len(p.name), 40) for p in people)) + 2
    head = f"{'submission':{width}}{'green':>6}{'red':>6}{'refused':>9}{'missing':>9}{'points':>9}"
    print_lines([("bold", f"{head}  notes")])
    waiting, progress, due = list(people), Progress(trials), 0.0

    def finished() -> None:
        nonlocal due
        before = len(waiting)
        while waiting and len(waiting[0].verdicts) == len(everything):
            person = waiting.pop(0)
            person.verdicts = {o: person.verdicts[o] for o in everything}
            person.notes = [*dict.fromkeys([*person.notes, *_trouble(person)])]
            person.notes += _copied(person, pairs)
            progress.clear()
            print_lines([("", _row(person, options.scheme, width))])
            if options.out:
                formats.write_person(course, person, options)
        start = time.monotonic()
        if len(waiting) < before and start > due:  # the tables hold everybody, so not too often
            formats.write(people, options, pairs)
            due = time.monotonic() + 20 * (time.monotonic() - start)

    if options.scheme.laws:
        grade_laws(course, people, options)
    finished()
    try:
        for place, report in run_all(trials.tasks(), options.trial, options.workers):
            trials.take(place, report)
            finished()
            progress.show()
    finally:
        formats.write(people, options, pairs)
    progress.clear()
    for note in notes:
        print(f"note: {note}")
    for line in pair_table(pairs):
        print(line)
    print(f"seed {kept.seed} (seed={kept.seed} repeats these grades)")
    if options.out:
        formats.write_whole(people, options, pairs)
    kept.end()
    return 0


def ground_laws(options: Options) -> list[Path]:
    """The files of a teacher's own laws."""
    return sorted(options.ground.laws.glob("check_*.py")) if options.ground.laws else []


def hold_reference(course: Course) -> None:
    """Read once what answers are lent: the processes that try them may not read it."""
    for path in course.solutions.glob("*.py"):
        hold(path)
        if path.stem not in course.katas:
            _module_code(path)
    for kata in course.katas.values():
        _ = Source.read(kata.path).codes, kata.tree


def settle() -> None:
    """Do once what every forked process would do at its first law, and count its memory as old."""
    given(none())(lambda nothing: None)()
    libraries()
    gc.collect()
    gc.freeze()


class Progress:
    """How far it is, and how long it still takes, on a terminal."""

    def __init__(self, trials: Trials) -> None:
        self.trials, self.started, self.shown = trials, time.monotonic(), False

    def show(self) -> None:
        """A line that the next one overwrites."""
        done, count = self.trials.done, self.trials.count
        if not sys.stderr.isatty() or not done:
            return
        left = (time.monotonic() - self.started) / done * (count - done)
        text = f"{done} of {count} answers tried, about {left / 60:.0f} min {left % 60:.0f} s left"
        print(f"\r{text:70}", end="", file=sys.stderr, flush=True)
        self.shown = True

    def clear(self) -> None:
        """Make room for a row."""
        if self.shown:
            print(f"\r{'':70}\r", end="", file=sys.stderr, flush=True)
            self.shown = False


def _row(person: Submission, scheme: Scheme, width: int) -> str:
    cells = f"{person.name[:40]:{width}}{person.count('green'):>6}"
    cells += f"{person.count('red', 'timeout', 'error'):>6}{person.count('refused'):>9}"
    cells += f"{person.count('missing'):>9}{person.points(scheme):>9g}"
    notes = "; ".join(person.notes)
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    if len(cells) + 2 + len(notes) <= columns or not columns:
        return f"{cells}  {notes}".rstrip()
    return "\n".join([cells, *(f"    {o}" for o in textwrap.wrap(notes, columns - 6))])


def _trouble(person: Submission) -> list[str]:
    """What a teacher wants to look at: code that hangs, breaks off, is refused or unreadable."""
    told = [f"{v.file} can't be read" for v in person.unreadable.values()]
    for status, word in (("timeout", "without end"), ("error", "in error"), ("refused", "refused")):
        names = [
            v.exercise
            for o, v in person.verdicts.items()
            if v.status == status and o not in person.unreadable
        ]
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            told.append(f"{word}: {', '.join(names[:3])}{more}")
    return told


# copies

Pairs = list[tuple[float, int, str, str]]
"""Degree, number of answers that are as good as the same, and the two names."""


def _reference(course: Course, exercises: Iterable[Exercise]) -> dict[str, list[int]]:
    found = {}
    for kata, exercise in exercises:
        shape = copies.shape(Source.read(course.katas[kata].path), exercise)
        if shape:
            found[f"{kata}.{exercise}"] = shape
    return found


def alike(people: list[Submission], reference: Mapping[str, list[int]]) -> Pairs:
    """Every pair that shares some answers, and each person with the reference, most alike first."""
    found = []
    for i, person in enumerate(people):
        others = [(o.name, o.shapes) for o in people[i + 1 :]]
        for name, shapes in [("the reference", reference), *others]:
            degree, same = copies.degree(person.shapes, shapes)
            if same:
                found.append((round(degree, 3), same, person.name, name))
    return sorted(found, key=lambda o: (-o[0], -o[1], o[2], o[3]))


def _copied(person: Submission, pairs: Pairs) -> list[str]:
    """Whose answers are alike, most answers first."""
    shown = sorted((o for o in pairs if person.name in o[2:] and o[1] > 2), key=lambda o: -o[1])
    names = [other if one == person.name else one for _, _, one, other in shown]
    if not names:
        return []
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return [f"{shown[0][1]} answers as in {', '.join(names[:3])}{more}"]


def pair_table(pairs: Pairs, most: int = 10) -> Iterator[str]:
    """The pairs that are most alike, as lines."""
    shown = [o for o in pairs if o[1] > 2]
    if shown:
        yield "alike (names, comments and dead lines aside):"
    for degree, same, one, other in shown[:most]:
        yield f"  {degree:4.0%}  {same:3} answers  {one} and {other}"
    if len(shown) > most:
        yield f"  and {len(shown) - most} more pairs"
