"""Prove: the checks reject every wrong answer of the catalogues and accept every right one."""

from collections.abc import Iterable
from functools import partial

from checks.assembly import Source
from checks.catalogue import Answer, answers
from checks.curriculum import Course, Exercise
from checks.judge import Job, judge, warm
from checks.sandbox import run_all
from checks.stubs import stub_text
from checks.trial import try_answer


def prove(course: Course, exercises: Iterable[Exercise]) -> int:
    """Print a table by kata and every survivor; 0 if there are none, else 1."""
    wanted = set(exercises)
    jobs: list[tuple[str, Answer]] = []
    for kata in course.katas.values():
        for folder in ("wrong_answers", "right_answers"):
            found = answers(course.checks / folder / f"{kata.name}.py", kata)
            jobs += [(folder, a) for a in found if (a.kata, a.exercise) in wanted]
    verdicts = judge(course, [Job(a.kata, a.exercise, a.source) for _, a in jobs])
    counts: dict[str, dict[str, list[bool]]] = {}
    for (folder, answer), verdict in zip(jobs, verdicts, strict=True):
        is_right = folder == "right_answers"
        well = (verdict.status == "green") == is_right
        rows = counts.setdefault(answer.kata, {"wrong_answers": [], "right_answers": []})
        rows[folder].append(well)
        if not well or verdict.status in ("timeout", "error"):
            told = f"{folder}/{answer.kata}.py:{answer.line} {answer.exercise}: {verdict.status}"
            print(f"{told}, {answer.doc}")
            if verdict.message:
                print(f"  {verdict.check}: {verdict.message}")
    print(f"{'kata':18}{'wrong rejected':>18}{'right accepted':>18}")
    for kata, rows in counts.items():
        told = [f"{sum(o)} of {len(o)}" for o in rows.values()]
        print(f"{kata:18}{told[0]:>18}{told[1]:>18}")
    return int(not all(well for rows in counts.values() for o in rows.values() for well in o))


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
        laws = next((e["laws"] for e in last if e["event"] == "tried"), [])
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
