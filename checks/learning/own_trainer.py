"""Own trainer: the trainer on the learner's own pieces, lent where they are not green yet."""

import importlib
import os
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from checks.judging.assembly import Assembly, Source, read_answers
from checks.judging.curriculum import Course
from checks.judging.verdict import command, one_line, print_lines, width
from checks.learning.counting import Tally
from checks.learning.memory import Memory, standing


def train(course: Course, memory: Memory, arguments: Sequence[str]) -> int:
    """Say which pieces are whose, then train; what is not green is lent, and named if it is red.

    The trainer is told whose pieces they are, so that the folder of the run keeps it. In the end
    it is told which of the learner's pieces ran, how often, and what is still lent.
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
    tally = None if _compiles(arguments) else Tally(mine)
    if tally is not None:
        sources = tally.counted(sources)
    Assembly(course, sources, lambda kata, name: f"{kata}.{name}" in mine).install()
    pieces = dict.fromkeys(mine, "yours") | dict.fromkeys(lent, "lent")
    trainer = importlib.import_module("katas.trainer.train")
    os.chdir(course.root)
    status = trainer.main(arguments, pieces=pieces)
    if status == 0 and os.environ.get("RANK", "0") == "0":
        print_lines(_credits(tally.calls() if tally is not None else {}, lent))
    return status


def _compiles(arguments: Sequence[str]) -> bool:
    """Whether the network is compiled: then counting would stand in the compiler's way."""
    said = [argument.lstrip("-").partition("=") for argument in arguments]
    return any(name == "compile" and value not in ("0", "false") for name, _, value in said)


def _credits(calls: Mapping[str, int], lent: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Which pieces of the learner ran, how often each was called, and what is still lent."""
    ran = [f"{name}\xa0{n:,}" for name, n in sorted(calls.items(), key=lambda o: -o[1]) if n]
    idle = [name for name, n in calls.items() if not n]
    if ran:
        yield "bold", "your pieces at work, with the number of calls (of a class: of its methods)"
        yield from (("green", line) for line in _wrapped(ran))
    if idle:
        yield "bold", "yours, and not needed by this recipe"
        yield from (("", line) for line in _wrapped(idle))
    if lent:
        yield "bold", f"still lent: {len(lent)}, by kata"
        counts = Counter(name.partition(".")[0] for name in lent)
        yield from (("dim", line) for line in _wrapped([f"{k}\xa0{n}" for k, n in counts.items()]))
        yield "", f"next    {command('check', lent[0])}"


def _wrapped(names: Sequence[str]) -> list[str]:
    told = textwrap.wrap(", ".join(names), width(), initial_indent="  ", subsequent_indent="  ")
    return [line.replace("\xa0", " ") for line in told]
