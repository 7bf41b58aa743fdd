"""Grade: a table of many people's answers, whatever these answers do."""

import ast
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from checks.judging.assembly import Source, read_answers
from checks.judging.curriculum import Course, Definition, Exercise
from checks.judging.judge import Job, judge
from checks.judging.verdict import Verdict, print_lines

Answers = dict[str, Source | SyntaxError | OSError]


@dataclass
class Submission:
    """What one person handed in, and what is known of it."""

    name: str
    answers: Answers
    verdicts: list[Verdict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, *statuses: str) -> int:
        """How many exercises have one of these statuses."""
        return sum(v.status in statuses for v in self.verdicts)


def submissions(course: Course, folder: Path) -> list[Submission]:
    """One submission for each folder in `folder`; kata files may lie deeper in it.

    A file that is there twice counts where it lies least deep.
    """
    found = []
    for person in sorted(p for p in folder.iterdir() if p.is_dir() and p.name[0] != "."):
        answers: Answers = {}
        places = sorted({p.parent for p in person.rglob("*.py")}, key=lambda p: len(p.parts))
        for place in places:
            answers = read_answers(course, place) | answers
        found.append(Submission(person.name, answers))
    return found


def grade(
    course: Course, exercises: Iterable[Exercise], folder: Path, file: Path | None = None
) -> int:
    """Judge every submission and print a row each; 0 though some are red, 2 for no submissions.

    With `file`, all verdicts are written there as JSON after each submission.
    """
    wanted = list(exercises)
    people = submissions(course, folder) if folder.is_dir() else []
    if not people:
        print(f"{folder} holds no folders: each submission is a folder with kata files in it")
        return 2
    width = max(len("submission"), *(len(p.name) for p in people)) + 2
    print_lines([("bold", f"{'submission':{width}}{'green':>6}{'red':>6}{'missing':>9}  notes")])
    jobs = [Job(kata, e, person.answers.get(kata)) for person in people for kata, e in wanted]
    verdicts = judge(course, jobs)
    for person in people:
        person.verdicts = [next(verdicts) for _ in wanted]
        person.notes = [*_trouble(person), *_copies(course, person, people)]
        row = f"{person.name:{width}}{person.count('green'):>6}"
        row += f"{person.count('red', 'timeout', 'error'):>6}{person.count('missing'):>9}"
        print_lines([("", f"{row}  {'; '.join(person.notes)}".rstrip())])
        if file:
            _write(people, file)
    return 0


def _trouble(person: Submission) -> list[str]:
    """What a teacher wants to look at: code that hangs, breaks off or cannot be read."""
    told = [f"{k}.py cannot be read" for k, a in person.answers.items() if not _is_source(a)]
    for status, word in (("timeout", "without end"), ("error", "in error")):
        names = [
            v.exercise
            for v in person.verdicts
            if v.status == status and _is_source(person.answers.get(v.kata))
        ]
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            told.append(f"{word}: {', '.join(names[:3])}{more}")
    return told


def _is_source(answer: object) -> bool:
    return isinstance(answer, Source)


def _copies(course: Course, person: Submission, people: list[Submission]) -> list[str]:
    """Whether answers of some length are, but for comments and docstrings, those of another."""
    reference = Submission("the reference", {})
    for kata in course.katas.values():
        reference.answers[kata.name] = Source.read(kata.path)
    told = []
    for other in [reference, *people]:
        if other is person:
            continue
        mine, theirs = _shapes(person), _shapes(other)
        same = [name for name, shape in mine.items() if theirs.get(name) == shape]
        if len(same) > 2:
            told.append(f"{len(same)} answers as in {other.name}")
    return told


def _shapes(person: Submission) -> dict[str, str]:
    """The longer definitions as they run, without docstrings, by name."""
    found = {}
    for kata, source in person.answers.items():
        if not isinstance(source, Source):
            continue
        for node in source.body:
            if isinstance(node, Definition) and source.has(node.name):
                shape = ast.unparse(_Bare().visit(ast.parse(ast.unparse(node))))
                if shape.count("\n") > 3:
                    found[f"{kata}.{node.name}"] = shape
    return found


class _Bare(ast.NodeTransformer):
    """Takes docstrings away."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_text else node


def _write(people: list[Submission], file: Path) -> None:
    told = [
        {
            "submission": person.name,
            "green": person.count("green"),
            "notes": person.notes,
            "exercises": [verdict.as_json() for verdict in person.verdicts],
        }
        for person in people
        if person.verdicts
    ]
    beside = file.with_name(file.name + ".part")
    beside.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    beside.replace(file)
