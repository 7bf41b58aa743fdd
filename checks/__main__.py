"""`python -m checks <verb>`: everything that `make` offers, for those without make."""

import os
import sys

if __name__ == "__main__" and os.environ.get("PYTHONHASHSEED") != "0":
    # the order of a set is a part of some wrong answers: it must be the same at every call
    os.environ["PYTHONHASHSEED"] = "0"
    os.execv(sys.executable, [sys.executable, "-m", "checks", *sys.argv[1:]])

import argparse
import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from checks.judging.curriculum import Course, UnknownName, course
from solutions.trainer.make import command_line

if TYPE_CHECKING:
    from checks.learning.memory import Memory


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m checks",
        description="Judge your answers and help with them. A NAME is a kata, its number, an "
        "exercise, or kata.exercise, in any case; without names everything is meant.",
    )
    verbs = top.add_subparsers(dest="verb", metavar="verb")
    for verb, meaning in (
        ("check", "judge your answers"),
        ("laws", "judge the laws that you write, by right answers and by mistakes"),
        ("watch", "judge each file when you save it"),
        ("hint", "a hint, one rung further at each call"),
        ("solution", "compare with the reference, after yours is green or with --yes"),
        ("debug", "step through the smallest failing call of your answer"),
        ("reset", "start a kata again; the old file is kept"),
        ("progress", "what is done, what is lent, what is next"),
        ("train", "train a network with your own code; name=value as for the trainer"),
        ("grade", "a table of many people's answers, one folder each"),
        ("student", "write the repository for students, its solutions behind a curtain"),
        ("lab", "open JupyterLab with your own copies of the notebooks"),
        ("notebooks", "run the notebooks and write them with their pictures"),
        ("serve", "judge on request, for notebooks"),
        ("stubs", "write the kata files from the reference; answers are left alone"),
        ("promises", "which sentences of the stubs no law holds"),
        ("prove", "try the catalogues of wrong and right answers"),
        ("mutate", "try small changes to the reference"),
    ):
        one = verbs.add_parser(
            verb, help=meaning, description=f"{meaning[0].upper()}{meaning[1:]}."
        )
        if verb == "grade":
            add_grading(one)
        if verb == "train":
            one.add_argument("said", nargs=argparse.REMAINDER, metavar="name=value")
        if verb == "student":
            one.add_argument("--out", type=Path, required=True, help="an empty folder")
        if verb not in ("serve", "stubs", "train", "student"):
            one.add_argument("names", nargs="*", metavar="NAME")
        if verb in ("check", "laws"):
            one.add_argument("--answers", type=Path, help="folder with files named like the katas")
        if verb in ("check", "laws", "grade"):
            one.add_argument("--json", type=Path, metavar="FILE", help="write the verdicts there")
        if verb == "solution":
            one.add_argument("--yes", action="store_true", help="show it though yours is not green")
        if verb in ("prove", "mutate", "promises"):
            one.add_argument("--write", action="store_true", help="also into checks/README.md")
        if verb == "prove":
            one.add_argument("--laws", action="store_true", help="which law rejects how many")
            one.add_argument("--sample", action="store_true", help="a part of it, for every change")
    return top


def named(text: str) -> Path:
    """A path that was written, not left empty."""
    if not text:
        raise argparse.ArgumentTypeError("submissions=DIR: a folder for each person")
    return Path(text)


def add_grading(one: argparse.ArgumentParser) -> None:
    """What a teacher may say; checks/teaching/README.md says what it means."""
    one.add_argument("folder", type=named, help="holds a folder or a zip file for each submission")
    for name, meaning in (
        ("out", "write grades, feedback and files for other programs into this folder"),
        ("course", "which exercises, for how many points (TOML)"),
        ("laws", "a folder with more laws: check_<kata>.py"),
        ("roster", "GitHub Classroom's roster, for the names in Canvas' and Moodle's files"),
    ):
        one.add_argument(f"--{name}", type=Path, help=meaning)
    one.add_argument("--allow", default="", help="words that are let through, as refusals say them")
    one.add_argument("--seed", type=int, help="of the secret examples: repeats a run")
    one.add_argument("--isolation", choices=("full", "limits", "none"), default="full")
    one.add_argument("--seconds", type=int, default=20, help="of computing for each answer")
    one.add_argument("--workers", type=int, help="how many answers at a time (default: cores)")


def run(options: argparse.Namespace, here: Course) -> int:
    """Do what the command line says; the exit status."""
    if options.verb == "stubs":
        from checks.judging.law_files import write_law_files
        from checks.judging.stubs import write_stubs

        done = write_stubs(here)
        for kata, what in done.items():
            if what != "unchanged":
                print(f"katas/{kata}.py {what}")
        print(f"{len(done)} katas, {sum(o == 'written' for o in done.values())} written")
        for kata in write_law_files(here):
            print(f"katas/laws/test_{kata}.py written")
        return 0
    if options.verb == "prove":
        from checks.teaching.prove import prove, prove_laws

        exercises = here.select(options.names)
        if options.laws:
            return prove_laws(here, exercises)
        return prove(here, exercises, options.sample, options.write)
    if options.verb == "mutate":
        from checks.teaching.mutate import mutate

        return mutate(here, here.select(options.names), options.write)
    if options.verb == "promises":
        from checks.teaching.promises import report

        return report(here, here.select(options.names), options.write)
    if options.verb == "notebooks":
        from checks.teaching.notebooks import publish

        return publish(here, options.names)
    if options.verb == "lab":
        from checks.learning import lab

        for line in lab.copies(here):
            print(line)
        return subprocess.call(lab.command(here, options.names))
    if options.verb == "serve":
        from checks.learning.cells import serve

        return serve(here)
    if options.verb == "grade":
        from checks.teaching.options import run_grade

        return run_grade(here, options)
    if options.verb == "student":
        from checks.teaching.student import write_edition

        return write_edition(here, options.out)
    from checks.learning import loop
    from checks.learning.memory import Memory

    memory = Memory(here)
    if options.verb == "check":
        return check(options, here, memory)
    if options.verb == "laws":
        from checks.learning.laws_told import laws

        return laws(here, memory, options.names, options.answers, options.json)
    if options.verb == "watch":
        from checks.learning.watch import watch

        return watch(here, memory, options.names)
    if options.verb == "debug":
        from checks.learning.debug import debug

        return debug(here, loop.pick(here, memory, options.names))
    if options.verb == "hint":
        return loop.hint(here, memory, loop.pick(here, memory, options.names))
    if options.verb == "solution":
        exercise = loop.pick(here, memory, options.names)
        return loop.solution(here, memory, exercise, options.yes)
    if options.verb == "train":
        from checks.learning.own_trainer import train

        return train(here, memory, options.said)
    if options.verb == "reset":
        return loop.reset(here, options.names)
    return loop.progress(here, memory, options.names)


def check(options: argparse.Namespace, here: Course, memory: "Memory") -> int:
    """Judge the answers in a folder: 0 if all that is asked for is green, else 1."""
    from checks.judging.judge import jobs_for
    from checks.learning.loop import check as judge_and_print

    folder = options.answers or here.answers
    exercises = here.select(options.names)
    if not folder.is_dir():
        print(f"no folder {folder}", file=sys.stderr)
        return 2
    verdicts = judge_and_print(here, memory, jobs_for(here, exercises, folder.resolve()))
    if options.json:
        told = json.dumps([verdict.as_json() for verdict in verdicts], indent=1)
        options.json.write_text(f"{told}\n", encoding="utf-8")
    return int(any(verdict.status != "green" for verdict in verdicts))


NUMBERS = ("seed", "seconds", "workers")


def plain(arguments: Sequence[str]) -> list[str]:
    """The command line with `kata=a,b` as names, and `json=FILE` as `--json FILE`."""
    verb, *rest = arguments or [""]
    if verb == "train":
        return list(arguments)
    found = []
    for argument in rest:
        name, equals, value = argument.partition("=")
        if not equals or not name.isidentifier():
            found.append(argument)
        elif name == "kata":
            found += [o for o in re.split(r"[,\s]+", value) if o]
        elif name == "submissions":
            found.insert(0, value)
        elif name in NUMBERS:
            found += [f"--{name}", value]
        elif value not in ("", "0"):
            found += [f"--{name}"] + [value] * (value != "1")
    return [verb, *found]


def main(arguments: Sequence[str] | None = None, here: Course | None = None) -> int:
    """Run one verb; the exit status is 0, 1 for something not green, 2 for a wrong question."""
    said = command_line(arguments)
    options = parser().parse_args(plain(said) if said else [])
    if options.verb is None:
        parser().print_help()
        print()
    try:
        return run(options, here or course())
    except UnknownName as error:
        print(f"{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


if __name__ == "__main__":
    sys.exit(main())
