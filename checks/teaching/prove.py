"""Prove: the checks reject every wrong answer of the catalogues and accept every right one.

And they name the mistake: `other_wordings` has wrong answers kept apart from the catalogue, most of
which share a catalogued mistake (their docstring is its sentence), the others none.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial

from checks.judging.assembly import Source
from checks.judging.catalogue import Answer, answers
from checks.judging.curriculum import Course, Exercise
from checks.judging.judge import Job, judge, warm
from checks.judging.sandbox import run_all
from checks.judging.stubs import stub_text
from checks.judging.trial import try_answer
from checks.judging.verdict import Verdict
from checks.teaching.tables import print_table, write_table

WRONG, RIGHT, WORDINGS = "wrong_answers", "right_answers", "other_wordings"
NAMED = {
    "mistake named": ("catalogued right", "catalogued"),
    "named wrongly": ("wrong", "all"),
}
Tally = dict[str, Counter[str]]
"""How often each thing happened, by kata."""


def prove(
    course: Course, exercises: Iterable[Exercise], sample: bool = False, write: bool = False
) -> int:
    """Print the tables and every survivor; 0 if the catalogues have none, else 1.

    A sample is all right answers and one wrong one for each exercise, without other wordings.
    With `write` the tables go into checks/README.md as well.
    """
    wanted = list(exercises)
    wrong, right = _found(course, WRONG, wanted), _found(course, RIGHT, wanted)
    if sample:
        wrong = list({(a.kata, a.exercise): a for a in reversed(wrong)}.values())[::-1]
    tally: Tally = {}
    for answer, verdict in _judged(course, [*wrong, *right], diagnose=False):
        kind = "right" if answer in right else "wrong"
        accepted = verdict.status == "green"
        well = accepted if kind == "right" else not accepted and verdict.status != "missing"
        tally.setdefault(answer.kata, Counter()).update({kind: 1, f"{kind} judged well": int(well)})
        tally[answer.kata]["milliseconds"] += round(verdict.seconds * 1000)
        if not well:
            _tell_survivor(answer, verdict, kind)
    heads = [("wrong rejected", "wrong"), ("right accepted", "right")]
    rows = _rows(tally, {head: (f"{kind} judged well", kind) for head, kind in heads})
    print_table(rows)
    _print_seconds(tally)
    if not sample:
        print()
        named = _rows(prove_naming(course, wanted), NAMED)
        print_table(named)
        if write:
            whole = [[*a, *b[1:]] for a, b in zip(rows, named, strict=True)]
            write_table(course, "prove", "make prove write=1", whole)
    return int(any(o[f"{kind} judged well"] < o[kind] for o in tally.values() for _, kind in heads))


def prove_naming(course: Course, exercises: Sequence[Exercise]) -> Tally:
    """How often a mistake in other words is named; prints each that is named wrongly or not."""
    tally: Tally = {}
    for answer, verdict in _judged(course, _found(course, WORDINGS, exercises), diagnose=True):
        counts, name = tally.setdefault(answer.kata, Counter()), verdict.misconception
        kind = "catalogued" if answer.doc else "strange"
        if verdict.status != "red":
            kind = "not red"
            _tell_survivor(answer, verdict, "reworded")
        result = "silent" if name is None else "right" if name == answer.doc else "wrong"
        counts.update({kind: 1, f"{kind} {result}": 1, "all": 1, result: 1})
        if result == "wrong":
            print(f"{_place(answer)}: expected {answer.doc or 'nothing'}\n  named {name}")
        elif result == "silent" and answer.doc:
            print(f"{_place(answer)}: silent, expected {answer.doc}")
    return tally


def _found(course: Course, folder: str, exercises: Iterable[Exercise]) -> list[Answer]:
    """The answers of one folder of catalogues to the exercises, in the order of the course."""
    wanted = set(exercises)
    return [
        answer
        for kata in course.katas.values()
        for answer in answers(course.checks / folder / f"{kata.name}.py", kata)
        if (answer.kata, answer.exercise) in wanted
    ]


def _judged(
    course: Course, found: Sequence[Answer], diagnose: bool
) -> Iterable[tuple[Answer, Verdict]]:
    jobs = [Job(a.kata, a.exercise, a.source) for a in found]
    return zip(found, judge(course, jobs, diagnose=diagnose), strict=True)


def _place(answer: Answer) -> str:
    return f"{answer.kata}.{answer.exercise} (line {answer.line})"


def _tell_survivor(answer: Answer, verdict: Verdict, kind: str) -> None:
    print(f"{kind} answer {_place(answer)} is {verdict.status}: {answer.doc}")
    if verdict.message:
        print(f"  {verdict.check}: {verdict.message}")


def _rows(tally: Tally, columns: dict[str, tuple[str, str]]) -> list[list[str]]:
    """A row for each kata and one for all: of how many how many, for each column."""
    rows = [["kata", *columns]]
    for name, counts in [*tally.items(), ("all", sum(tally.values(), Counter()))]:
        cells = [f"{counts[part]} of {counts[whole]}" for part, whole in columns.values()]
        rows.append([name, *cells])
    return rows


def _print_seconds(tally: Tally) -> None:
    """Times differ from run to run, so they stand apart from the tables."""
    told = (f"{kata} {counts['milliseconds'] / 1000:.0f}" for kata, counts in tally.items())
    sys.stdout.flush()
    print(f"seconds of answers: {', '.join(told)}", file=sys.stderr)


def prove_laws(course: Course, exercises: Iterable[Exercise]) -> int:
    """Print for every law what it rejects: the stub, wrong answers, and those it alone rejects.

    0 if every law rejects the stub and every wrong answer is rejected by some law, else 1.
    """
    fine = True
    for kata, exercise in exercises:
        stub = Source(f"<stub of {exercise}>", stub_text(course.katas[kata]))
        wrong = answers(course.checks / "wrong_answers" / f"{kata}.py", course.katas[kata])
        sources = [stub, *(a.source for a in wrong if a.exercise == exercise)]
        jobs = [Job(kata, exercise, source) for source in sources]
        warm(course, jobs)
        tasks = [partial(try_answer, course, kata, exercise, s, every=True) for s in sources]
        reports = dict(run_all(tasks))
        last = [reports[i].events[-1] for i in range(len(sources))]
        laws: list[str] = next((e["laws"] for e in last if e["event"] == "tried"), [])
        rejecting = [set(e.get("rejecting", [e["event"]])) for e in last]
        print(f"{kata}.{exercise}: {len(sources) - 1} wrong answers")
        for law in laws:
            by_it = sum(law in o for o in rejecting[1:])
            alone = sum(o == {law} for o in rejecting[1:])
            stubbed = "" if law in rejecting[0] else ", accepts the stub"
            fine = fine and not stubbed
            print(f"  rejects {by_it:3}, alone {alone:3}{stubbed}  {law}")
        fine = fine and all(rejecting)
    return int(not fine)
