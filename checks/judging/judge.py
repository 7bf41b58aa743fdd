"""Judge: answers in, verdicts out; each answer is tried in a process of its own."""

import ast
import base64
import gc
import importlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from checks.judging.assembly import Source, absent_methods, changed_given, read_answers
from checks.judging.curriculum import Course, Definition, Exercise
from checks.judging.examples import NAME as EXAMPLES
from checks.judging.misconceptions import misconception, observe_failure
from checks.judging.promises import line_of
from checks.judging.sandbox import Emit, Limits, Report, mark_output, run_all
from checks.judging.trial import check_code, try_answer
from checks.judging.verdict import Verdict

LIMITS = Limits()
Stop = Callable[[], bool] | None
Answer = Source | SyntaxError | OSError | None
"""A learner's text for an exercise, the error that keeps it from being read, or nothing."""


@dataclass(frozen=True)
class Job:
    """One exercise with the answer that is to be judged."""

    kata: str
    exercise: str
    answer: Answer


def jobs_for(course: Course, exercises: Iterable[Exercise], folder: Path) -> list[Job]:
    """The exercises with the answers that `folder` has for them."""
    answers = read_answers(course, folder)
    return [Job(kata, exercise, answers.get(kata)) for kata, exercise in exercises]


HEAVY = {"torch", "numpy", "PIL", "jaxtyping", "matplotlib", "tqdm"}


def warm(course: Course, jobs: Iterable[Job]) -> None:
    """Import and compile once what the checks of these jobs need; nothing is computed.

    Children are forked from here. Torch is imported only if a kata asked for leads to it, or an
    answer imports it; of an answer's own imports only well-known ones happen here.
    """
    jobs = list(jobs)
    for source in {id(j.answer): j.answer for j in jobs if isinstance(j.answer, Source)}.values():
        for module in set(_imports(source.body)):
            if module.partition(".")[0] in HEAVY:
                with suppress(ImportError):
                    importlib.import_module(module)
    waiting, seen = list({job.kata for job in jobs}), set()
    while waiting:
        kata = waiting.pop()
        if kata in seen or kata not in course.katas:
            continue
        seen.add(kata)
        reference = Source.read(course.katas[kata].path)
        _ = reference.codes
        path = course.checks / f"check_{kata}.py"
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if text:
            check_code(path)
        for module in _imports([*reference.body, *ast.parse(text).body]):
            if module.startswith("katas."):
                waiting.append(module.removeprefix("katas."))
            elif module != "katas" and module.partition(".")[0] != "solutions":
                importlib.import_module(module)
        # the first optimizer, and the first tensor without data, take a second to import this
        if "torch.optim" in text or '"meta"' in text:
            importlib.import_module("torch._dynamo")
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
    gc.collect()
    gc.freeze()


def _imports(body: Sequence[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"katas.{node.module}" if node.level else node.module or ""


def judge(
    course: Course,
    jobs: Sequence[Job],
    limits: Limits = LIMITS,
    workers: int | None = None,
    diagnose: bool = True,
    stop: Stop = None,
) -> Iterator[Verdict]:
    """The verdict on each job, in their order, each as soon as it and those before are known.

    With `diagnose` red ones come with their smallest call, and their misconception where one is
    recognised; without, whether an answer fails is all that is wanted. Raises Stopped once `stop`,
    which is asked while answers are tried, says yes.
    """
    known = [_untried(course, job) for job in jobs]
    tried = [job for job, verdict in zip(jobs, known, strict=True) if verdict is None]
    warm(course, tried)
    reports = _reports(course, tried, limits, workers, diagnose, stop)
    try:
        for job, verdict in zip(jobs, known, strict=True):
            if verdict is None:
                report = next(reports)
                _put_back(job)
                verdict = _verdict(course, job, report, limits)
                for seen in (o for o in report.events if o["event"] == "behaviour"):
                    verdict.misconception = misconception(
                        course, job.kata, job.exercise, seen, stop
                    )
            yield verdict
    finally:
        for job in tried:  # also those that were stopped
            _put_back(job)


def judge_one(course: Course, kata: str, exercise: str, answer: Answer) -> Verdict:
    """The verdict on one answer."""
    return next(judge(course, [Job(kata, exercise, answer)]))


def _reports(
    course: Course,
    jobs: Sequence[Job],
    limits: Limits,
    workers: int | None,
    diagnose: bool,
    stop: Stop,
) -> Iterator[Report]:
    """The report of each job in turn; a single one has its laws shared out over the cores."""
    if len(jobs) == 1 and (whole := _in_parts(course, jobs[0], limits, workers, diagnose, stop)):
        yield whole
        return
    tasks = [partial(_try, course, job, diagnose, (0, 1)) for job in jobs]
    yield from _in_order(run_all(tasks, limits, workers, stop))


def _in_parts(
    course: Course, job: Job, limits: Limits, workers: int | None, diagnose: bool, stop: Stop
) -> Report | None:
    """The report of a job whose laws several processes try; None if it must be one process."""
    parts = min(workers or os.cpu_count() or 1, 4)  # each process costs its start
    tasks = [partial(_try, course, job, diagnose, (k, parts)) for k in range(parts)]
    before: list[dict[str, Any]] = []
    unfinished: dict[str, Any] | None = None
    for report in _in_order(run_all(tasks, limits, parts, stop)):
        events = before + report.events
        if not events or events[-1]["event"] not in ("green", "missing"):
            break
        before, last = events[:-1], events[-1]
        unfinished = unfinished or (last if last["event"] == "missing" else None)
    else:
        events = [*before, unfinished or last]
    if events and events[-1].get("import"):
        _put_back(job)  # the other process may have deleted it
        return None
    return replace(report, events=events)


def _in_order(found: Iterable[tuple[int, Report]]) -> Iterator[Report]:
    """Reports that come with their places, by place, each as soon as those before are known."""
    waiting: dict[int, Report] = {}
    following = 0
    for place, report in found:
        waiting[place] = report
        while following in waiting:
            yield waiting.pop(following)
            following += 1


def _try(course: Course, job: Job, diagnose: bool, part: tuple[int, int], emit: Emit) -> None:
    assert isinstance(job.answer, Source)
    about = course, job.kata, job.exercise, job.answer, emit
    if diagnose:
        observe = partial(observe_failure, *about)
        try_answer(*about, mark_output, after_failure=observe, part=part)
    else:
        try_answer(*about, mark_output, part=part, shrinks=0)


def _untried(course: Course, job: Job) -> Verdict | None:
    """The verdict where there is nothing to run."""
    found = Verdict(job.kata, job.exercise, "missing")
    if isinstance(job.answer, SyntaxError):
        error = job.answer
        found.status, found.file, found.line = "error", error.filename, error.lineno
        caret = f"{'':{max(error.offset or 1, 1) - 1}}^"
        found.message = f"Python can't read your file: {type(error).__name__}: {error.msg}"
        found.counterexample = f"{(error.text or '').rstrip()}\n{caret}"
        return found
    if isinstance(job.answer, OSError):
        found.status, found.message = "error", str(job.answer)
        return found
    if isinstance(job.answer, Source) and job.answer.definition(job.exercise) is None:
        found.note = _renamed(course, job)
    if isinstance(job.answer, Source) and job.answer.definition(job.exercise) is not None:
        found.file = job.answer.path
        if job.answer.has(job.exercise) or _is_reference(course, job):
            return None
    return found


def _renamed(course: Course, job: Job) -> str | None:
    """Where a definition of the answer's file looks like the exercise under another name."""
    assert isinstance(job.answer, Source)
    known = set(course.katas[job.kata].exercises)
    own = {o.name: o.lineno for o in job.answer.body if isinstance(o, Definition)}
    near = get_close_matches(job.exercise, own.keys() - known, 1, 0.75)
    return f"`{near[0]}` on line {own[near[0]]} looks like it: rename it" if near else None


def _is_reference(course: Course, job: Job) -> bool:
    assert isinstance(job.answer, Source)
    return Path(job.answer.path) == course.katas[job.kata].path


def _put_back(job: Job) -> None:
    """An answer that deletes its own file does not lose it."""
    assert isinstance(job.answer, Source)
    path = Path(job.answer.path)
    if path.parent.is_dir() and path.suffix == ".py" and not path.exists():
        path.write_text(job.answer.text, encoding="utf-8")


def _verdict(course: Course, job: Job, report: Report, limits: Limits) -> Verdict:
    """What the events of a process mean, also where they break off."""
    assert isinstance(job.answer, Source)
    laws = [e for e in report.events if e["event"] == "law"]
    law = laws[-1] if laws else {}
    events = [e for e in report.events if e["event"] not in ("behaviour", "scene")]
    scenes = [e["picture"] for e in report.events if e["event"] == "scene"]
    last: dict[str, Any] = events[-1] if events else {"event": "none"}
    node = job.answer.definition(job.exercise)
    tried = len(laws) - sum(e["event"] == "waiting" for e in events)
    found = Verdict(
        job.kata,
        job.exercise,
        "error",
        seconds=round(report.seconds, 3),
        check=law.get("name"),
        law=law.get("law"),
        passed=max(tried - 1, 0),
        of=len(laws) + law.get("waiting", 0),
        file=job.answer.path,
        line=node.lineno if node else None,
        output=report.output,
    )
    if last["event"] == "green":
        found.status, found.check, found.law, found.passed = "green", None, None, tried
    elif last["event"] == "missing" and not _is_reference(course, job):
        found.status, found.line, found.passed = "missing", last["line"], tried
        found.check = found.law = None
        found.message = (
            f"{tried} of {found.of} checks hold; next: `{last['part']}`, line {last['line']}"
        )
    elif last["event"] == "missing":
        found.status, found.line, found.message = "red", last["line"], "NotImplementedError"
    elif last["event"] == "failed":
        found.status = "error" if last["import"] else "red"
        for name in ("message", "call", "counterexample", "line", "yours", "wanted"):
            setattr(found, name, last.get(name))
        found.line = found.line or (node.lineno if node else None)
        found.promise, found.promise_line = _promise(job, law)
        if given := changed_given(course, job.kata, job.answer):
            found.note = f"`{given[0]}` is given, and yours differs at line {given[1]}"
        elif absent := absent_methods(course, job.kata, job.exercise, job.answer):
            found.note = f"not written yet: {', '.join(f'`{o}`' for o in absent)}"
        if picture := [*scenes, last.get("picture")][0]:
            kept = _keep_picture(course, job, picture)
            found.picture = str(kept) if kept else None
    elif last["event"] == "tampered":
        found.check = found.law = None
        found.message = f"your file changes the checks, so they say nothing: {last['message']}"
    elif last["event"] == "broken":
        found.message = last["message"]
    elif report.timed_out:
        found.status, found.line = "timeout", _line_in(report.stack, job.answer) or found.line
        found.message = (
            f"your code didn't finish within {limits.cpu} s of computing "
            f"or {limits.wall:.0f} s in all; it was at line {found.line}"
        )
    else:
        found.line = _line_in(report.stack, job.answer) or found.line
        found.message = f"the process ended without a verdict, {_ending(report.status)}"
    return found


def _promise(job: Job, law: dict[str, Any]) -> tuple[str | None, int | None]:
    """The words of the stub that a law holds, and their line in the answer's own file."""
    assert isinstance(job.answer, Source)
    words = law.get("words") or []
    if not words or law["name"] == EXAMPLES:
        return None, None
    lines = [line_of(job.answer.text, job.exercise, o) for o in words]
    first = next((i for i, line in enumerate(lines) if line), 0)
    return words[first], lines[first]


def _ending(status: int) -> str:
    if status >= 0:
        return f"by an exit with status {status}"
    import signal

    known = {int(o): o.name for o in signal.Signals}
    return f"killed by {known.get(-status, f'signal {-status}')}"


def _line_in(stack: str, answer: Source) -> int | None:
    """The innermost line of the answer's file in a stack that faulthandler wrote."""
    found = re.search(rf'{re.escape(Path(answer.path).name)}", line (\d+)', stack)
    return int(found[1]) if found else None


def _keep_picture(course: Course, job: Job, data: str) -> Path | None:
    path = course.progress / "pictures" / f"{job.kata}.{job.exercise}.png"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data))
    except OSError:  # a folder that is mounted for reading only
        return None
    return path
