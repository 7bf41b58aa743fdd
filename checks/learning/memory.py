"""Memory: what is kept from one call to the next, in the folder `.progress`."""

import ast
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from checks.judging.assembly import Source
from checks.judging.curriculum import Course
from checks.judging.judge import Job, Stop, jobs_for, judge
from checks.judging.verdict import Verdict


class Memory:
    """Verdicts on answers that may still be the same, failures in a row, and rungs shown."""

    def __init__(self, course: Course) -> None:
        self.course, self.path = course, course.progress / "state.json"
        try:
            self.state: dict[str, dict[str, Any]] = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            self.state = {}

    def __getitem__(self, name: str) -> dict[str, Any]:
        """What is known of the exercise `name` (kata.exercise); may be changed and saved."""
        return self.state.setdefault(name, {})

    def save(self) -> None:
        """Write it down, as a whole or not at all."""
        beside = self.path.with_suffix(f".{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(self.state, indent=1), encoding="utf-8")
            beside.replace(self.path)
        except OSError as error:
            print(f"progress isn't kept: {error}", file=sys.stderr)

    def known(self, job: Job) -> Verdict | None:
        """The verdict on this very answer, if it was tried before with these very checks."""
        kept = self.state.get(f"{job.kata}.{job.exercise}", {})
        if isinstance(job.answer, Source) and kept.get("key") == _key(self.course, job):
            return Verdict(**kept["verdict"])
        return None

    def keep(self, job: Job, verdict: Verdict) -> None:
        """Remember a verdict; a failure counts towards those in a row."""
        here = self[verdict.name]
        failed = verdict.status in ("red", "timeout", "error")
        here["failures"] = here.get("failures", 0) + 1 if failed else 0
        here.pop("key", None)
        if isinstance(job.answer, Source) and verdict.status in ("green", "red"):
            here["key"] = _key(self.course, job)
            here["verdict"] = {**vars(verdict), "output": ""}


def _key(course: Course, job: Job) -> str:
    """A hash of all that a verdict depends on."""
    assert isinstance(job.answer, Source)
    others = set(course.katas[job.kata].exercises) - {job.exercise}
    pairs = zip(job.answer.body, job.answer.owners, strict=True)
    body = [ast.dump(node) for node, own in pairs if not own or own - others]
    text = "\n".join([_ground(course, job.kata), job.exercise, *body])
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _ground(course: Course, kata: str) -> str:
    """A hash of the reference and of the checks of a kata."""
    files = [course.checks / "laws.py", course.checks / f"check_{kata}.py"]
    files += [course.checks / "wrong_answers" / f"{kata}.py"]
    for folder in ("words", "judging"):
        files += sorted((course.checks / folder).glob("*.py"))
    files += sorted(course.solutions.glob("*.py"))
    found = hashlib.sha256(sys.version.encode())
    for file in files:
        found.update(file.read_bytes() if file.is_file() else b"")
    return found.hexdigest()


def standing(
    course: Course,
    memory: Memory,
    folder: Path,
    reuse: Iterable[str] = ("green", "red"),
    stop: Stop = None,
) -> list[Verdict]:
    """Where the answers in `folder` stand, all of them; what is known is not tried again."""
    jobs = jobs_for(course, course.exercises(), folder)
    return list(judge_again(course, memory, jobs, reuse, stop))


def judge_again(
    course: Course,
    memory: Memory,
    jobs: Sequence[Job],
    reuse: Iterable[str] = (),
    stop: Stop = None,
) -> Iterator[Verdict]:
    """Verdicts in the order of `jobs`, remembered; known ones in `reuse` as they are."""
    known = {i: v for i, job in enumerate(jobs) if (v := memory.known(job)) and v.status in reuse}
    fresh = judge(course, [job for i, job in enumerate(jobs) if i not in known], stop=stop)
    try:
        for i, job in enumerate(jobs):
            if i in known:
                yield known[i]
            else:
                verdict = next(fresh)
                memory.keep(job, verdict)
                yield verdict
    finally:
        memory.save()
