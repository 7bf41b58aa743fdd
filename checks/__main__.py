"""`python -m checks <verb>`: everything that `make` offers, for those without make."""

import os
import sys

if __name__ == "__main__" and os.environ.get("PYTHONHASHSEED") != "0":
    # the order of a set is a part of some wrong answers: it must be the same at every call
    os.environ["PYTHONHASHSEED"] = "0"
    os.execv(sys.executable, [sys.executable, "-m", "checks", *sys.argv[1:]])

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from checks.curriculum import Course, UnknownName, course


def check(here: Course, names: Sequence[str], answers: Path, report: Path | None) -> int:
    """Judge exercises and print the verdicts: 0 if all are green, else 1."""
    from checks.judge import jobs_for, judge
    from checks.verdict import command, lines, print_lines, summary_line

    verdicts = []
    jobs = jobs_for(here, here.select(names), answers)
    for verdict in judge(here, jobs):
        verdicts.append(verdict)
        print_lines(lines(verdict, command("hint", verdict.name)))
        sys.stdout.flush()
    print(summary_line(verdicts))
    if report:
        report.write_text(json.dumps([v.as_json() for v in verdicts], indent=1) + "\n")
    return int(any(v.status != "green" for v in verdicts))


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m checks", description=__doc__)
    verbs = top.add_subparsers(dest="verb", metavar="verb", required=True)
    judged = verbs.add_parser("check", help="judge your answers")
    judged.add_argument("names", nargs="*", metavar="KATA[.EXERCISE]")
    judged.add_argument("--answers", type=Path, help="folder with files named like the katas")
    judged.add_argument("--json", type=Path, metavar="FILE", help="write the verdicts there")
    proved = verbs.add_parser("prove", help="try the catalogues of wrong and right answers")
    proved.add_argument("names", nargs="*", metavar="KATA[.EXERCISE]")
    return top


def main(arguments: Sequence[str] | None = None, here: Course | None = None) -> int:
    """Run one verb; the exit status is 0, 1 for something not green, 2 for a wrong question."""
    here = here or course()
    options = parser().parse_args(arguments)
    try:
        if options.verb == "prove":
            from checks.prove import prove

            return prove(here, here.select(options.names))
        return check(here, options.names, options.answers or here.answers, options.json)
    except UnknownName as error:
        print(f"{error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
