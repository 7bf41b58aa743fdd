"""Options: what a teacher says on the command line, made ready for grading."""

import argparse
import io
import secrets
import signal
import sys
from dataclasses import replace

from checks.judging.curriculum import Course
from checks.judging.isolation import level
from checks.teaching.attempt import Ground
from checks.teaching.course_file import WrongCourse, scheme
from checks.teaching.grade import Options, grade


def run_grade(here: Course, said: argparse.Namespace) -> int:
    """Grade a folder; the exit status."""
    for name in ("laws", "roster", "course"):
        path = getattr(said, name)
        if path is not None and not (path.is_dir() if name == "laws" else path.is_file()):
            print(f"{name}={path}: not found", file=sys.stderr)
            return 2
    try:
        wanted = scheme(here, said.names, said.course)
    except WrongCourse as error:
        print(error, file=sys.stderr)
        return 2
    if not wanted.exercises:
        print("the course and the names together leave no exercise", file=sys.stderr)
        return 2
    seed = secrets.randbits(32) if said.seed is None else said.seed
    ground = Ground(
        seed,
        said.laws.resolve() if said.laws else None,
        frozenset(said.allow.replace(",", " ").split()),
        level(said.isolation),
    )
    options = Options(wanted, ground, said.out, said.json, said.roster)
    options = replace(options, workers=said.workers, seconds=said.seconds)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # it cleans up as Ctrl-C does
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # rows show at once in a log, too
    try:
        return grade(here, said.folder, options, again=said.seed is None)
    except KeyboardInterrupt:
        print("\nstopped; the same command continues where this one was")
        raise
