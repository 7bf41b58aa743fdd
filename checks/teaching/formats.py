"""Formats: what a teacher's other programs read, written while a class is graded.

    grades.csv     person x exercise, points          grades.json   everything that is known
    canvas.csv     for Canvas' gradebook              moodle.csv    for Moodle's grade import
    summary.md     for people and GitHub Actions      students/*/   feedback and results.json

A cell that begins like a formula gets an apostrophe, since spreadsheets would run it.
"""

import csv
import json
import os
import platform
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.judging.curriculum import Course
from checks.judging.verdict import Verdict
from checks.teaching.feedback import as_html, as_markdown, plain_in_markdown, told

if TYPE_CHECKING:
    from checks.teaching.grade import Options, Pairs, Submission

EXERCISM = {"green": "pass", "red": "fail", "timeout": "fail", "missing": "fail"}
OUTPUT = 500  # characters of a student's own output that Exercism shows


def write(people: "list[Submission]", options: "Options", pairs: "Pairs") -> None:
    """Write the tables of the submissions that are judged so far."""
    done = [o for o in people if len(o.verdicts) == len(options.scheme.everything)]
    if options.json:
        replace(options.json, json.dumps([_brief(o) for o in done], indent=1) + "\n")
    if options.out:
        replace(options.out / "grades.csv", grades_csv(done, options))
        replace(options.out / "grades.json", json.dumps(everything(done, options, pairs), indent=1))


def write_whole(people: "list[Submission]", options: "Options", pairs: "Pairs") -> None:
    """Write what needs all submissions."""
    assert options.out is not None
    roster = read_roster(options.roster)
    replace(options.out / "canvas.csv", canvas_csv(people, options, roster))
    replace(options.out / "moodle.csv", moodle_csv(people, options, roster))
    text = summary_md(people, options, pairs)
    replace(options.out / "summary.md", text)
    if place := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(place, "a", encoding="utf-8") as file:
            file.write(text)


def write_person(course: Course, person: "Submission", options: "Options") -> None:
    """Feedback, and the results for Gradescope and Exercism."""
    assert options.out is not None
    folder = options.out / "students" / file_name(person.name)
    replace(folder / "feedback.md", as_markdown(course, person, options.scheme))
    replace(folder / "feedback.html", as_html(course, person, options.scheme))
    replace(folder / "gradescope" / "results.json", json.dumps(gradescope(person, options)))
    replace(folder / "exercism" / "results.json", json.dumps(exercism(course, person)))


def replace(path: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.part")
    beside.write_text(text.encode("utf-8", "replace").decode(), encoding="utf-8", newline="")
    beside.replace(path)


def file_name(name: str) -> str:
    """A person's name as a folder's name."""
    return re.sub(r"[^\w. -]", "_", name).strip(". ")[:100] or "_"


def _brief(person: "Submission") -> dict[str, Any]:
    return {
        "submission": person.name,
        "green": person.count("green"),
        "notes": person.notes,
        "exercises": [verdict.as_json() for verdict in person.verdicts.values()],
    }


def everything(
    people: "Iterable[Submission]", options: "Options", pairs: "Pairs"
) -> dict[str, Any]:
    """The run and all that it found."""
    scheme, ground = options.scheme, options.ground
    return {
        "version": 1,
        "made_by": {
            "imagenette-katas": _version("imagenette-katas"),
            "python": platform.python_version(),
            "torch": _version("torch"),
            "hypothesis": _version("hypothesis"),
        },
        "seed": str(ground.seed),
        "isolation": ground.isolation,
        "limits": options.limits,
        "allow": sorted(ground.allow),
        "points": {f"{k}.{e}": scheme.worth((k, e)) for k, e in scheme.everything},
        "policy": {f"{k}.{e}": list(v) for (k, e), v in scheme.policy.items()},
        "submissions": [
            {
                "submission": person.name,
                "points": person.points(scheme),
                "of": scheme.whole,
                "notes": person.notes,
                "counted": person.counted,
                "exercises": [_told(o) for o in person.verdicts.values()],
            }
            for person in people
        ],
        "alike": [
            {"degree": degree, "answers": same, "one": one, "other": other}
            for degree, same, one, other in pairs
        ],
    }


def _told(verdict: Verdict) -> dict[str, Any]:
    return {name: value for name, value in vars(verdict).items() if name != "picture"}


def _version(name: str) -> str:
    try:
        return version(name)
    except Exception:
        return "unknown"


def _table(rows: Iterable[Sequence[Any]]) -> str:
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(o) for o in row])
    return file.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:g}"
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t") else value


def grades_csv(people: "Iterable[Submission]", options: "Options") -> str:
    """One row for each person, one column for each exercise."""
    scheme = options.scheme
    rows: list[list[Any]] = [["submission", *(f"{k}.{e}" for k, e in scheme.everything), "total"]]
    for person in people:
        points = [scheme.earned(o, v) for o, v in person.verdicts.items()]
        rows.append([person.name, *points, sum(points)])
    return _table(rows)


def read_roster(file: Path | None) -> list[dict[str, str]]:
    """The rows of a roster as GitHub Classroom exports it: identifier, github_username, name."""
    if file is None:
        return []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [{k: v or "" for k, v in row.items() if k} for row in csv.DictReader(lines)]


def on_roster(name: str, roster: list[dict[str, str]]) -> tuple[str, str]:
    """A submission's identifier and name; the submission's own name where it isn't on the roster.

    GitHub Classroom names a folder `assignment-login`.
    """
    for row in roster:
        login = row.get("github_username", "")
        if login and (name == login or name.endswith(f"-{login}")):
            return row.get("identifier") or login, row.get("name") or row.get("identifier") or login
    return name, name


def canvas_csv(
    people: "Iterable[Submission]", options: "Options", roster: list[dict[str, str]]
) -> str:
    """A gradebook that Canvas imports: people are found by their login, else by their name."""
    title = options.title
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    rows: list[list[Any]] = [[*head, title]]
    rows.append(["    Points Possible", "", "", "", "", options.scheme.whole])
    for person in people:
        login, name = on_roster(person.name, roster)
        rows.append([name, "", "", login, "", person.points(options.scheme)])
    return _table(rows)


def moodle_csv(
    people: "Iterable[Submission]", options: "Options", roster: list[dict[str, str]]
) -> str:
    """Grades that Moodle imports: choose Username or Email address as what people are mapped by."""
    head = ["Username", "Email address", "ID number", options.title, "Feedback"]
    rows: list[list[Any]] = [head]
    for person in people:
        login, _ = on_roster(person.name, roster)
        mail = login if "@" in login else ""
        told = f"{person.count('green')} of {len(person.verdicts)} exercises are right"
        rows.append([login, mail, login, person.points(options.scheme), told])
    return _table(rows)


def gradescope(person: "Submission", options: "Options") -> dict[str, Any]:
    """Gradescope's results.json."""
    scheme = options.scheme
    tests = [
        {
            "name": verdict.name,
            "score": scheme.earned(exercise, verdict),
            "max_score": scheme.worth(exercise),
            "status": "passed" if verdict.status == "green" else "failed",
            "output": _plain(verdict),
            "output_format": "text",
            "visibility": "visible",
        }
        for exercise, verdict in person.verdicts.items()
    ]
    return {
        "score": person.points(scheme),
        "execution_time": round(person.seconds, 1),
        "output": "\n".join(person.notes),
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {"seed": str(options.ground.seed), "isolation": options.ground.isolation},
    }


def _plain(verdict: Verdict) -> str:
    return "\n".join(told(verdict))


def exercism(course: Course, person: "Submission") -> dict[str, Any]:
    """Exercism's results.json, third version: a test for each exercise, in the course's order."""
    tests = []
    for number, verdict in enumerate(person.verdicts.values(), start=1):
        status = EXERCISM.get(verdict.status, "error")
        test: dict[str, Any] = {"name": verdict.name, "status": status, "task_id": number}
        test["test_code"] = verdict.call or verdict.counterexample or verdict.check or verdict.name
        test["message"] = None if status == "pass" else _plain(verdict)[:60_000]
        printed = verdict.output.strip()
        if len(printed) > OUTPUT:
            cut = "Output was truncated. Please limit to 500 chars"
            printed = f"{printed[: OUTPUT - len(cut) - 1]}\n{cut}"
        test["output"] = printed or None
        tests.append(test)
    statuses = {o["status"] for o in tests}
    whole = "pass" if statuses == {"pass"} else "error" if statuses == {"error"} else "fail"
    message = tests[0]["message"] if whole == "error" else None
    return {"version": 3, "status": whole, "message": message, "tests": tests}


def summary_md(people: "list[Submission]", options: "Options", pairs: "Pairs") -> str:
    """The table as Markdown, for GitHub Actions and for people."""
    lines = ["# Grades", "", "| submission | green | red | refused | missing | points | notes |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for o in people:
        red = o.count("red", "timeout", "error")
        notes = plain_in_markdown("; ".join(o.notes))
        cells = [plain_in_markdown(o.name), o.count("green"), red, o.count("refused")]
        cells += [o.count("missing"), f"{o.points(options.scheme):g}", notes]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    shown = [o for o in pairs if o[1] > 2]
    if shown:
        lines += ["", "| alike | answers | one | other |", "|---|---|---|---|"]
        for degree, same, *names in shown[:50]:
            lines.append(f"| {degree:.0%} | {same} | {' | '.join(map(plain_in_markdown, names))} |")
    lines += ["", f"Seed {options.ground.seed}, isolation {options.ground.isolation}.", ""]
    return "\n".join(lines)
