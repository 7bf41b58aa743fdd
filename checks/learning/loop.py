"""Loop: what a learner does: check, hint, solution, reset, progress."""

import ast
import difflib
import re
import sys
import textwrap
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path

from checks.judging.assembly import Source
from checks.judging.curriculum import Course, Definition, Exercise, Kata
from checks.judging.judge import Job, Stop, jobs_for
from checks.judging.law_files import code_of, place_of, write_law_file
from checks.judging.rewrite import keep_old, lines_of, replaced
from checks.judging.stubs import stub_text, write_stub
from checks.judging.verdict import (
    COLOURS,
    Verdict,
    command,
    lines,
    one_line,
    print_lines,
    short,
    summary_line,
    width,
    write_over,
)
from checks.learning.effort import difficulty, minutes
from checks.learning.inline import show_inline
from checks.learning.laws_told import look_at_laws
from checks.learning.memory import Memory, judge_again, standing

Told = list[tuple[str, str]]
OFFER_HINT_AFTER = 3
QUIET = {
    "green": ("green", "green"),
    "missing": ("dim", "not started"),
    "error": ("red", "for the same reason"),
}


def check(
    course: Course,
    memory: Memory,
    jobs: Sequence[Job],
    reuse: Sequence[str] = (),
    told_missing: set[str] | None = None,
    stop: Stop = None,
) -> list[Verdict]:
    """Judge and print: the first failure in full, everything else in a line.

    What `told_missing` has, and is still not started, is left out. Raises Stopped for `stop`.
    """
    verdicts: list[Verdict] = []
    explained, told_errors = False, list[tuple[str | None, int | None]]()
    quiet: dict[str, list[str]] = {}
    known_missing = set() if told_missing is None else told_missing
    for verdict in _shown(jobs, judge_again(course, memory, jobs, reuse, stop)):
        verdicts.append(verdict)
        if verdict.status != "missing":
            known_missing.discard(verdict.name)
        if verdict.status == "error" and (verdict.message, verdict.line) in told_errors:
            quiet.setdefault(f"{verdict.kata} error", []).append(verdict.exercise)
            continue
        if verdict.status == "error":
            told_errors.append((verdict.message, verdict.line))
        is_plain = verdict.status in ("green", "missing") and not verdict.message
        if is_plain and len(jobs) > 1 and verdict.name in known_missing:
            continue
        if is_plain and len(jobs) > 1 and not verdict.note:
            known_missing |= {verdict.name} if verdict.status == "missing" else set()
            quiet.setdefault(f"{verdict.kata} {verdict.status}", []).append(verdict.exercise)
            continue
        _tell_quiet(quiet)
        if explained:
            print_lines(one_line(verdict))
        else:
            print_lines(lines(verdict, _next_step(memory, verdict)))
            show_inline(verdict.picture)
        if verdict.status == "missing" and verdict.message is None:
            print_lines(start(course, verdict))
        explained = explained or verdict.status not in ("green", "missing")
        sys.stdout.flush()
    _tell_quiet(quiet)
    if len(jobs) > 1:
        print(summary_line(verdicts))
    mine = all(v.file and Path(v.file).parent == course.answers for v in verdicts)
    if verdicts and mine and all(v.status == "green" for v in verdicts):
        print_lines(lead_on(course, memory))
    return verdicts


def _shown(jobs: Sequence[Job], verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
    """The verdicts; while one is waited for, the last line of a terminal says which."""
    of = f" of {len(jobs)}" if len(jobs) > 1 else ""
    try:
        for i, job in enumerate(jobs, 1):
            write_over(f"judging {job.kata}.{job.exercise}{f', {i}{of}' if of else ''}")
            verdict = next(verdicts)
            write_over("")
            yield verdict
    finally:
        write_over("")
        if isinstance(verdicts, Generator):
            verdicts.close()  # ends the processes that still run


def open_exercises(course: Course, memory: Memory, exercises: Iterable[Exercise]) -> list[Exercise]:
    """Those of `exercises` that are not known to be green."""
    jobs = jobs_for(course, exercises, course.answers)
    known = [(job, memory.known(job)) for job in jobs]
    return [(o.kata, o.exercise) for o, v in known if v is None or v.status != "green"]


def lead_on(course: Course, memory: Memory) -> Told:
    """Where you stand, and the first exercise that is not known to be green."""
    exercises = list(course.exercises())
    open_ = open_exercises(course, memory, exercises)
    told: Told = [("bold", f"{len(exercises) - len(open_)} of {len(exercises)} green")]
    if not open_:
        return [*told, ("", f"next    {command('train')} with your own code")]
    found = Verdict(*open_[0], "missing")
    told.append(("", f"next    {command('check', found.name)}"))
    return told + start(course, found)


def start(course: Course, verdict: Verdict) -> Told:
    """Where an exercise that is not started is written, and the first line of its stub."""
    kata = course.katas[verdict.kata]
    stub = Source(str(kata.path), stub_text(kata)).definition(verdict.exercise)
    path = course.answers / f"{kata.name}.py"
    mine = Source.read(path).definition(verdict.exercise) if path.is_file() else None
    place = f"{short(path)}:{mine.lineno}" if mine else short(path)
    first = (ast.get_docstring(stub) or "").splitlines()[:1] if isinstance(stub, Definition) else []
    return [("cyan", f"        {place}  {' '.join(first)}")]


def _tell_quiet(quiet: dict[str, list[str]]) -> None:
    for key, exercises in quiet.items():
        kata, status = key.split()
        style, word = QUIET[status]
        print_lines([(style, f"{kata:16}{word}: {', '.join(exercises)}")])
    quiet.clear()


def _next_step(memory: Memory, verdict: Verdict) -> str:
    """The one command that is offered under a verdict."""
    if memory[verdict.name].get("failures", 0) >= OFFER_HINT_AFTER and verdict.status == "red":
        return command("hint", verdict.name)
    return command("check", verdict.name)


def pick(course: Course, memory: Memory, names: Sequence[str]) -> Exercise:
    """The one exercise that is meant: of several, the first that is not green."""
    exercises = course.select(names)
    if len(exercises) == 1:
        return exercises[0]
    for verdict in standing(course, memory, course.answers):
        if (verdict.kata, verdict.exercise) in exercises and verdict.status != "green":
            return verdict.kata, verdict.exercise
    return exercises[0]


def hints(course: Course, kata: str, exercise: str) -> list[str]:
    """The rungs of an exercise's ladder, from the property to nearly the code."""
    path = course.checks / "hints" / f"{kata}.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    for part in re.split(r"^## ", text, flags=re.M)[1:]:
        name, _, body = part.partition("\n")
        if name.strip().strip("`") == exercise:
            return [rung.strip() for rung in re.split(r"^### \d.*$", body, flags=re.M)[1:]]
    return []


def hint(course: Course, memory: Memory, exercise: Exercise) -> int:
    """The mistake that laws let through, once; else one rung more than last time."""
    name, rungs = ".".join(exercise), hints(course, *exercise)
    if mistake := let_through(course, memory, exercise):
        print_lines(mistake)
        return 0
    if not rungs:
        print(f"no hints for {name} yet")
        return 1
    shown = min(memory[name].get("rungs", 0) + 1, len(rungs))
    memory[name]["rungs"] = shown
    memory.save()
    last = shown == len(rungs)
    told: Told = [("bold", f"{name}, hint {shown} of {len(rungs)}")]
    told += [*_plain(rungs[shown - 1]), ("", "")]
    told.append(("", f"next    {command('solution' if last else 'hint', name)}"))
    print_lines(told)
    return 0


def let_through(course: Course, memory: Memory, exercise: Exercise) -> Told:
    """The code of the mistake that `laws` has named, the first time that it's asked for."""
    kept = memory[".".join(exercise)]
    sentence = (kept.get("laws") or {}).get("missed")
    code = code_of(course, exercise, sentence) if sentence and not kept.get("shown") else []
    if not code:
        return []
    kept["shown"] = True
    memory.save()
    told: Told = [("bold", f"{'.'.join(exercise)}, the mistake that your laws let through")]
    told += [("cyan", f"    {line}".rstrip()) for line in code]
    return [*told, ("", f"next    {command('laws', '.'.join(exercise))}")]


def _plain(rung: str) -> Iterator[tuple[str, str]]:
    """A hint for a terminal: prose wrapped, code indented and not wrapped, no fences."""
    for i, part in enumerate(re.split(r"^```\w*\n?", rung, flags=re.M)):
        for block in part.strip("\n").split("\n\n") if i % 2 == 0 else [part.rstrip()]:
            if i % 2:
                yield from (("cyan", f"    {line}") for line in block.splitlines())
            elif block.strip():
                yield from (("", line) for line in textwrap.wrap(block, width()))


def solution(course: Course, memory: Memory, exercise: Exercise, yes: bool) -> int:
    """The reference, as a difference from yours, once yours is green or on a yes."""
    name = ".".join(exercise)
    job = jobs_for(course, [exercise], course.answers)[0]
    (verdict,) = judge_again(course, memory, [job], ("green", "red"))
    if verdict.status != "green" and not yes:
        if not sys.stdin.isatty():
            print(f"{name} is not green yet; with yes it is shown all the same:")
            how = "yes=1" if command("").startswith("make") else "--yes"
            print(f"{command('solution', name)} {how}")
            return 1
        if (
            not input(f"{name} is not green yet. Show the reference? [y/N] ")
            .lower()
            .startswith("y")
        ):
            return 1
    reference = lines_of(Source.read(course.katas[exercise[0]].path), exercise[1])
    yours = lines_of(job.answer, exercise[1]) if isinstance(job.answer, Source) else []
    if verdict.status == "missing":
        print_lines([("", line) for line in reference])
        return 0
    styles = {"+": "green", "-": "red", "@": "cyan"}
    changes = difflib.unified_diff(yours, reference, "yours", "the reference", lineterm="", n=99)
    told = [(styles.get(line[:1], ""), line) for line in changes]
    print_lines(told or [("", f"yours is the reference, word for word: {name}")])
    return 0


def reset(course: Course, names: Sequence[str]) -> int:
    """Start katas again; the old file stays. `test_containers` means the file of laws."""
    if not names:
        print("which kata? A new start is made only for what is named")
        return 2
    files = {o.rpartition("/")[2].removesuffix(".py") for o in names}
    for whose in [o for o in course.katas.values() if f"test_{o.name}" in files]:
        tell_new(place_of(course, whose.name), write_law_file(course, whose))
    names = [o for o in names if "test_" not in o]
    for kata in dict.fromkeys(kata for kata, _ in course.select(names)) if names else ():
        path = course.answers / f"{kata}.py"
        exercises = [e for k, e in course.select(names) if k == kata]
        whole = course.katas[kata]
        text = stub_text(whole) if len(exercises) == len(whole.exercises) else None
        kept = write_stub(whole, path) if text else _reset_some(whole, path, exercises)
        tell_new(path, kept)
    return 0


def tell_new(path: Path, kept: Path | None) -> None:
    """Say that a file is new, and where the old one is."""
    print(f"{short(path)} is new" + (f"; the old one is {short(kept)}" if kept else ""))


def _reset_some(kata: Kata, path: Path, exercises: Sequence[str]) -> Path | None:
    """Put stubs in place of some exercises of a file."""
    stubs, mine = Source(str(path), stub_text(kata)), Source.read(path)
    text = replaced(mine, {name: lines_of(stubs, name) for name in exercises})
    kept = keep_old(path)
    path.write_text(text, encoding="utf-8")
    return kept


def progress(course: Course, memory: Memory, names: Sequence[str] = (), stop: Stop = None) -> int:
    """The board: katas, or exercises of the katas that are named; what is done, what is next."""
    if not names:
        verdicts = standing(course, memory, course.answers, stop=stop)
        look_at_laws(course, memory, list(course.exercises()), stop)
        told = _katas(course, memory, verdicts)
    else:
        katas = {kata for kata, _ in course.select(names)}
        wanted = [o for o in course.exercises() if o[0] in katas]
        jobs = jobs_for(course, wanted, course.answers)
        verdicts = list(judge_again(course, memory, jobs, ("green", "red"), stop))
        look_at_laws(course, memory, wanted, stop)
        told = [
            line
            for kata in course.katas
            if kata in katas
            for line in _kata(course, memory, kata, verdicts)
        ]
    left = round(_left(course, verdicts))
    told += [("", ""), ("bold", f"{summary_line(verdicts)}; about {_hours(left)} left")]
    failing = [v for v in verdicts if v.status not in ("green", "missing")]
    told += one_line(failing[0]) if failing else []
    to_do = [*failing, *(v for v in verdicts if v.status == "missing")]
    if to_do:
        told.append(
            ("", f"next    {command('check', to_do[0].name)}   ({_file(course, to_do[0])})")
        )
    else:
        told.append(("", f"next    {command('train')} with your own code"))
    print_lines(told)
    return 0


def _katas(course: Course, memory: Memory, verdicts: Sequence[Verdict]) -> Told:
    """A line for each kata."""
    told: Told = [("bold", f"    {'kata':18}{'level':8}{'done':10}{'lent':8}{'laws':10}time left")]
    for kata in course.katas.values():
        own = [v for v in verdicts if v.kata == kata.name]
        done = sum(v.status == "green" for v in own)
        left = round(_left(course, own))
        style = "green" if done == len(own) else ("" if done else "dim")
        share = f"{done} of {len(own)}"
        row = f"{kata.number:>2}  {kata.name:18}{kata.level:<8}{share:10}{len(own) - done:<8}"
        lawful = [_laws(memory, v) for v in own]
        caught = f"{lawful.count('green')} of {len(own)}" if any(lawful) else ""
        row += f"{caught:10}"
        told.append((style, f"{row}{f'{left} min' if done < len(own) else 'done'}"))
    return told


def _laws(memory: Memory, verdict: Verdict) -> str:
    """Where the laws for an exercise stand: green, "4 of 6", another state, or nothing."""
    kept = memory[verdict.name].get("laws") or {"status": "missing"}
    if kept["status"] in ("missing", "open"):
        return f"{kept['caught']} of {kept['of']}" if kept["status"] == "open" else ""
    return kept["status"]


def _kata(course: Course, memory: Memory, name: str, verdicts: Sequence[Verdict]) -> Told:
    """A line for each exercise of a kata."""
    kata, own = course.katas[name], [v for v in verdicts if v.kata == name]
    told: Told = [("bold", f"{kata.name}, level {kata.level}, about {kata.minutes} minutes")]
    if (notebook := course.notebook(name)) is not None:
        told.append(("", f"seen at work in {short(notebook)}"))
    wide = max(len(v.exercise) for v in own) + 2
    told.append(("bold", f"{'exercise':{wide}}{'difficulty':12}{'time':9}{'laws':8}state"))
    for v in own:
        exercise = v.kata, v.exercise
        steps, time = f"{difficulty(course, exercise)} of 3", minutes(course, exercise)
        row = f"{v.exercise:{wide}}{steps:12}{f'{max(round(time), 1)} min':9}"
        row += f"{_laws(memory, v):8}"
        started = v.status == "missing" and v.message is not None
        state = "not finished" if started else {"missing": "not started"}.get(v.status, v.status)
        told.append((COLOURS[v.status], f"{row}{state}"))
    return told


def _left(course: Course, verdicts: Iterable[Verdict]) -> float:
    """The minutes of what is not green."""
    return sum(minutes(course, (v.kata, v.exercise)) for v in verdicts if v.status != "green")


def _file(course: Course, verdict: Verdict) -> str:
    return short(course.answers / f"{verdict.kata}.py")


def _hours(minutes: int) -> str:
    return f"{minutes} minutes" if minutes < 90 else f"{minutes / 60:.0f} hours"
