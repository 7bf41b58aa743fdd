"""Prove: the checks reject every wrong answer of the catalogues and accept every right one."""

from collections.abc import Iterable

from checks.catalogue import Answer, answers
from checks.curriculum import Course, Exercise
from checks.judge import Job, judge


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
