"""Own trainer: the trainer on the learner's own pieces, lent where they are not green yet."""

import importlib
import os
from collections.abc import Sequence

from checks.judging.assembly import Assembly, Source, read_answers
from checks.judging.curriculum import Course
from checks.judging.verdict import one_line, print_lines
from checks.learning.memory import Memory, standing


def train(course: Course, memory: Memory, arguments: Sequence[str]) -> int:
    """Say which pieces are whose, then train; what is not green is lent, and named if it is red.

    The trainer is told whose pieces they are, so that the folder of the run keeps it.
    """
    # the trainer's own setting, which would come too late: OpenMP reads it when torch is loaded
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch

    threads = torch.get_num_threads()
    verdicts = standing(course, memory, course.answers)
    torch.set_num_threads(threads)  # the judge goes down to one, to fork
    mine = [v.name for v in verdicts if v.status == "green"]
    lent = [v.name for v in verdicts if v.status != "green"]
    for verdict in verdicts:
        if verdict.status not in ("green", "missing"):
            print_lines(one_line(verdict))
            print("  it is lent by the reference until it is green")
    if lent:
        print_lines([("bold", f"yours {len(mine)}, lent {len(lent)}")])
    else:
        print_lines([("bold green", f"all {len(mine)} pieces are yours")])
    answers = read_answers(course, course.answers)
    sources = {kata: a for kata, a in answers.items() if isinstance(a, Source)}
    Assembly(course, sources, lambda kata, name: f"{kata}.{name}" in mine).install()
    pieces = dict.fromkeys(mine, "yours") | dict.fromkeys(lent, "lent")
    trainer = importlib.import_module("katas.trainer.train")
    os.chdir(course.root)
    return trainer.main(arguments, pieces=pieces)
