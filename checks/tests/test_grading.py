"""A class of strangers: nothing is earned, ended, left behind or spoiled, and the honest are right.

One run grades all of them; what else is asked of grading is tried with a few.
"""

import ast
import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from checks.judging import isolation
from checks.judging.assembly import Source
from checks.judging.curriculum import course
from checks.judging.sandbox import Limits, Report
from checks.teaching.attempt import Handed, signer
from checks.teaching.copies import degree, shape
from checks.teaching.course_file import WrongCourse, scheme
from checks.teaching.evidence import verdict
from checks.teaching.guard import Guard, plain
from checks.teaching.reading import borrowed
from checks.teaching.screen import screen
from checks.tests.conftest import command
from checks.tests.submissions import LEAKING, LITTER, RIGHT, WRONG, honest, hostile, notebook, put

ROOT = course().root
linux = pytest.mark.skipif(isolation.level() != "full", reason="the kernel lacks isolation")


def tree_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and mode of each file below a folder."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in [o for o in names if not o.endswith(".pyc")]:
            seen = os.lstat(os.path.join(place, name))
            found[os.path.join(place, name)] = seen.st_size, seen.st_mode
    return found


def grades(folder: Path, out: Path, *more: str) -> dict:
    """What a run over `setify` and `uniqueify` writes, by submission."""
    arguments = ("grade", folder, "setify", "uniqueify", "--out", out, "--seconds", "3", *more)
    done = command(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads((out / "grades.json").read_text())
    assert told["isolation"] == isolation.level()
    return {o["submission"]: o for o in told["submissions"]} | {"": {"stdout": done.stdout}}


def statuses(person: dict) -> list[str]:
    """The status of each exercise."""
    return [o["status"] for o in person["exercises"]]


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> tuple[dict, dict, list, Path]:
    """The whole class graded once, with what is expected of the honest."""
    place = tmp_path_factory.mktemp("class")
    folder, out = place / "submissions", place / "out"
    folder.mkdir()
    bad = hostile(folder, ROOT)
    good = honest(folder)
    before = tree_of(folder), tree_of(ROOT / "checks"), tree_of(ROOT / "solutions")
    found = grades(folder, out)
    assert before == (tree_of(folder), tree_of(ROOT / "checks"), tree_of(ROOT / "solutions"))
    return found, good, bad, out


def test_there_are_enough_of_both(graded):
    _, good, bad, _ = graded
    assert len(bad) >= 60 and len(good) >= 30


def test_no_hostile_submission_earns_anything(graded):
    found, _, bad, _ = graded
    earned = {o: statuses(found[o]) for o in bad if "green" in statuses(found[o])}
    assert not earned
    assert all(len(statuses(found[o])) == 2 for o in bad)


def test_what_leads_to_frames_code_and_memory_is_refused(graded):
    found, _, _, _ = graded
    told = {o: statuses(found[f"hostile_leak_{o}"]) for o in LEAKING}
    assert not {o: s for o, s in told.items() if set(s) != {"refused"}}


def test_numpy_gets_no_address_from_an_answer():
    text = (
        "class A:\n    def __getattr__(self, name):\n        return {'data': (1 << 40, False),"
        " 'typestr': '|u1', 'shape': (9,), 'version': 3}\n"
    )
    guard = Guard("a.py", {}, lambda *a: None)
    names = {"__builtins__": guard.names, "__name__": "katas.a"}
    for code in plain(Source("a.py", text)).codes:
        exec(code, names)
    with pytest.raises(AttributeError):
        names["A"]().__array_interface__  # noqa: B018
    assert names["A"]().anything["version"] == 3


@pytest.mark.parametrize(
    "kata, exercise, text, is_borrowed",
    [
        (
            "transforms",
            "to_byte_tensor",
            "def to_byte_tensor(img):\n    return pil_to_float(img)",
            1,
        ),
        (
            "optimizers",
            "sgd_step",
            "def sgd_step(p, lr):\n    return momentum_step(p, lr, p.grad)",
            1,
        ),
        (
            "optimizers",
            "sgd_step",
            "def sgd_step(p, lr):\n    return momentum_step(p, lr, p.grad)\n"
            "def momentum_step(p, lr, g):\n    p.grad = g\n    return mine(p, lr)\n"
            "mine = lambda p, lr: sgd_step(p, lr)",
            1,
        ),
        (
            "optimizers",
            "sgd_step",
            "def sgd_step(p, lr):\n    return momentum_step(p, lr, p.grad)\n"
            "def momentum_step(p, lr, g):\n    return p.sub_(lr * g)",
            0,
        ),
        ("containers", "setify", "def setify(o):\n    return set(listify(o))", 0),
        ("learner", "Learner", "class Learner:\n    cbs = [TrainEvalCallback()]", 0),
        ("learner", "AvgStats", "class AvgStats:\n    cbs = [TrainEvalCallback()]", 1),
        (
            "containers",
            "setify",
            "from . import containers as c\ndef setify(o):\n    return c.x",
            1,
        ),
        ("containers", "setify", "import katas\ndef setify(o):\n    return katas.x", 1),
        ("containers", "setify", "from katas.containers import compose as c, listify as f", 1),
        ("files", "get_files", "from . import containers\nfrom .files import setify", 0),
        ("containers", "compose", "def compose(x, f):\n    from .item_lists import ItemList", 1),
        ("containers", "compose", "def compose(x, f):\n    from . import item_lists as i", 1),
        (
            "labels",
            "Splits",
            "from katas.containers import listify\ndef Splits(o):\n    return o",
            0,
        ),
    ],
)
def test_an_answer_does_not_stand_on_what_is_lent_for_it(kata, exercise, text, is_borrowed):
    assert len(list(borrowed(course(), kata, Source("a.py", text), exercise))) == is_borrowed


@pytest.mark.parametrize("kata", list(course().katas))
def test_no_right_answer_seems_borrowed(kata):
    for folder in ("solutions", "checks/right_answers"):
        source = Source.read(ROOT / folder / f"{kata}.py")
        assert not [f for e in course().katas[kata].exercises for f in
                    borrowed(course(), kata, source, e)]  # fmt: skip


def test_a_signature_that_an_answer_has_found_fits_nothing_else():
    events: list[dict] = [{"event": "import"}, {"event": "law", "name": "a", "waiting": 0}]
    events.append({"event": "green"})
    sign = signer("secret")
    told = [{**o, "token": sign(o)} for o in events]
    handed, roll = Handed("containers", "a.py", "", {}), ["a"]

    def status(*events: dict) -> str:
        report = Report(list(events))
        return verdict(course(), handed, "setify", 1, report, roll, "secret", Limits()).status

    assert status(*told) == "green"
    for token in (told[0]["token"], told[1]["token"], "secret"):
        assert status(*told[:2], {"event": "green", "token": token}) == "error"
    assert status(told[0], told[2]) == status(told[0], told[2], told[1]) == "error"


def test_honest_and_clumsy_submissions_get_what_they_deserve(graded):
    found, good, _, _ = graded
    for name, (green, note) in good.items():
        person = found[name]
        assert statuses(person).count("green") == green, (name, person)
        assert "refused" not in statuses(person), (name, person)
        assert note in "; ".join(person["notes"]), (name, person["notes"])


def test_nothing_that_is_written_moves_a_terminal(graded):
    for path in graded[3].rglob("*.*"):
        assert "\x1b" not in path.read_text(encoding="utf-8"), path


def test_nothing_is_left_behind(graded):
    assert not Path(f"/tmp/{LITTER}").exists()
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert "sleep 600" not in running


def test_the_path_that_counted_is_told(graded):
    found, _, _, _ = graded
    assert found["honest_whole_fork"]["counted"] == {"containers": ["katas/containers.py"]}
    assert found["honest_zip"]["counted"] == {"containers": ["work.zip/katas/containers.py"]}


@linux
def test_without_the_screening_the_isolation_still_holds(tmp_path):
    folder, out = tmp_path / "submissions", tmp_path / "out"
    folder.mkdir()
    names = hostile(folder, ROOT)
    for name in names:
        text = name.removeprefix("hostile_")
        # these are about the laws' own process, or take long, or are read and never run
        if not text.startswith(ISOLATED):
            subprocess.run(["rm", "-rf", folder / name], check=True)
    put(folder / "honest_plain" / "katas" / "containers.py", RIGHT)
    before = tree_of(folder), tree_of(ROOT / "checks"), tree_of(ROOT / "solutions")
    found = grades(folder, out, "--allow", "everything")
    assert before == (tree_of(folder), tree_of(ROOT / "checks"), tree_of(ROOT / "solutions"))
    assert statuses(found.pop("honest_plain")) == ["green", "green"]
    assert len(found) > 20 and not Path(f"/tmp/{LITTER}").exists()
    earned = [o for o in found if o and "green" in statuses(found[o])]
    assert not earned


ISOLATED = tuple(
    "exits kills strange stops fork_bomb daemon subprocess system threads floods deep_folders "
    "forges network reads_ writes_ chmods unlinks atexit signals patches_laws".split()
)


# every catalogue passes the screening


@pytest.mark.parametrize("kata", list(course().katas))
def test_no_answer_of_the_catalogues_is_refused(kata):
    folders = ["solutions", *(f"checks/{o}" for o in CATALOGUES)]
    for path in (ROOT / o / f"{kata}.py" for o in folders):
        if path.is_file():
            found = screen(Source.read(path), course())
            assert not found, f"{path.name}:{found[0].line} {found[0].why}"


CATALOGUES = ("right_answers", "wrong_answers", "other_wordings")


# truth


def test_the_same_seed_makes_the_same_grades(tmp_path):
    for name, text in {"ann": RIGHT, "ben": WRONG}.items():
        put(tmp_path / "class" / name / "containers.py", text)
    one = grades(tmp_path / "class", tmp_path / "1", "--seed", "7", "--workers", "1")
    two = grades(tmp_path / "class", tmp_path / "2", "--seed", "7", "--workers", "3")
    for found in (one, two):
        for exercise in (e for o in ("ann", "ben") for e in found[o]["exercises"]):
            del exercise["seconds"]
    assert {k: v for k, v in one.items() if k} == {k: v for k, v in two.items() if k}
    assert "seed 7" in one[""]["stdout"]


def test_our_cells_in_a_copy_of_a_notebook_are_no_answers(tmp_path):
    own = json.loads((ROOT / "notebooks" / "1_data_block.ipynb").read_text(encoding="utf-8"))
    text = json.dumps(own)
    answered = {**own, "cells": own["cells"] + json.loads(notebook(RIGHT))["cells"]}
    for name, copy in {"ann": text, "ben": json.dumps(answered)}.items():
        put(tmp_path / "class" / name / "my_notebooks" / "1_data_block.ipynb", copy)
    found = grades(tmp_path / "class", tmp_path / "out")
    assert statuses(found["ann"]) == ["missing"] * 2
    assert statuses(found["ben"]) == ["green"] * 2


def test_a_table_of_the_usual_examples_does_not_help(tmp_path):
    """An answer that knows the first so many calls by heart fails in the secret ones."""
    text = RIGHT.replace(
        "def setify(o):\n", "SEEN = []\n\n\ndef setify(o):\n    SEEN.append(o)\n"
        "    if len(SEEN) > {most}:\n        return 3\n",
    )  # fmt: skip
    calls = RIGHT + "\nSEEN = []\n"
    put(tmp_path / "class" / "ann" / "containers.py", text.replace("{most}", "100000"))
    put(tmp_path / "class" / "ben" / "containers.py", text.replace("{most}", "170"))
    put(tmp_path / "class" / "cleo" / "containers.py", calls)
    found = grades(tmp_path / "class", tmp_path / "out")
    assert statuses(found["ann"])[0] == statuses(found["cleo"])[0] == "green"
    assert statuses(found["ben"])[0] == "red"


def test_a_law_whose_inputs_an_answer_rejects_is_red(tmp_path):
    body = "    from hypothesis import assume\n    assume(False)\n"
    put(tmp_path / "containers.py", f"def setify(o):\n{body}\n\ndef uniqueify(o, sort=0):\n{body}")
    done = command("check", "setify", "--answers", tmp_path, "--json", tmp_path / "o.json")
    assert done.returncode == 1
    (told,) = json.loads((tmp_path / "o.json").read_text())
    assert told["status"] == "red" and "rejects" in told["message"]


def test_a_teachers_own_laws_count(tmp_path):
    law = (
        "from checks.laws import assert_that, law\nfrom katas.containers import setify\n\n"
        '@law("setify")\ndef test_it_has_a_docstring(): \n    """It says what it is for."""\n'
        '    assert_that(bool(setify.__doc__), "no docstring")\n'
    )
    put(tmp_path / "laws" / "check_containers.py", law)
    put(tmp_path / "class" / "ann" / "containers.py", RIGHT)
    found = grades(tmp_path / "class", tmp_path / "out", "--laws", str(tmp_path / "laws"))
    assert statuses(found["ann"]) == ["red", "green"]


def test_a_word_that_is_allowed_passes(tmp_path):
    put(tmp_path / "class" / "ann" / "containers.py", f"import threading\n{RIGHT}")
    assert statuses(grades(tmp_path / "class", tmp_path / "1")["ann"]) == ["refused"] * 2
    found = grades(tmp_path / "class", tmp_path / "2", "--allow", "threading")
    assert statuses(found["ann"]) == ["green"] * 2


def test_a_run_that_was_broken_off_goes_on(tmp_path):
    sleepy = RIGHT.replace(
        "def setify(o):\n", "def setify(o):\n    import time\n    time.sleep(99)\n"
    )
    put(tmp_path / "class" / "ann" / "containers.py", RIGHT)
    put(tmp_path / "class" / "ben" / "containers.py", sleepy)
    arguments = [
        "grade",
        tmp_path / "class",
        "setify",
        "--json",
        tmp_path / "o.json",
        "--workers=1",
    ]
    running = subprocess.Popen(
        [sys.executable, "-m", "checks", *map(str, arguments)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    until = time.monotonic() + 120
    while not (tmp_path / "o.json").exists() and time.monotonic() < until:
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    assert running.wait(30) == 130
    (kept,) = json.loads((tmp_path / "o.json").read_text())
    done = command(*arguments, "--seconds", "1")
    ann, ben = json.loads((tmp_path / "o.json").read_text())
    assert ann == kept and ben["exercises"][0]["status"] == "timeout", done.stdout


# the course, copies and formats


def test_a_course_file_says_what_counts_how_much(tmp_path):
    file = tmp_path / "course.toml"
    file.write_text(
        'exercises = ["containers", "get_files"]\n[points]\ncontainers = 2\n"containers.setify" = 4'
        '\n[weights]\nfiles = 3\n[policy]\n"containers.setify" = ["set"]\n'
    )
    found = scheme(course(), [], file)
    assert len(found.exercises) == 6 and found.whole == 4 * 2 + 4 + 3
    assert found.policy == {("containers", "setify"): ("set",)}
    put(tmp_path / "class" / "ann" / "containers.py", RIGHT)
    told = grades(tmp_path / "class", tmp_path / "out", "--course", str(file))["ann"]
    assert statuses(told) == ["refused", "green"] and told["points"] == 2
    assert "set" in told["exercises"][0]["message"]


@pytest.mark.parametrize("text", ["points = 3", "[points]\nsetify = true", "nonsense = 1", "x ="])
def test_a_course_file_that_means_nothing_is_an_error(text, tmp_path):
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(WrongCourse):
        scheme(course(), [], tmp_path / "course.toml")


def test_copies_are_seen_through_names_and_dead_lines():
    plain = RIGHT
    dressed = plain.replace("found", "result").replace(
        "    found = list", "    unused = 3\n    found = list"
    )
    dressed = dressed.replace("def listify(o):", 'def listify(thing):\n    """Mine."""\n    pass')
    dressed = dressed.replace("(o,", "(thing,").replace("if o is", "if thing is")
    dressed = dressed.replace("return o\n", "return thing\n").replace("[o]", "[thing]")
    dressed = dressed.replace("list(o)", "list(thing)")
    other = plain.replace(
        "    if o is None:\n        return []\n    if isinstance(o, list):\n        return o\n",
        "    match o:\n        case None:\n            return []\n        case list():\n"
        "            return o\n",
    )
    shapes = [
        {"listify": shape(Source("x.py", text), "listify") or []}
        for text in (plain, dressed, other)
    ]
    assert degree(shapes[0], shapes[1]) == (1.0, 1)
    assert degree(shapes[0], shapes[2])[0] < 0.8


def test_every_format_is_as_its_importer_wants_it(graded):
    found, _, _, out = graded
    people = [o for o in found if o]
    rows = list(csv.reader(io.StringIO((out / "grades.csv").read_text())))
    assert rows[0] == ["submission", "containers.setify", "containers.uniqueify", "total"]
    assert len(rows) == len(people) + 1
    # Canvas' importer: the first cells of the head, `Section` last before the assignment, then
    # a row that says the points possible
    rows = list(csv.reader(io.StringIO((out / "canvas.csv").read_text())))
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert rows[0][:5] == head and len(rows[0]) == 6
    assert "Points Possible" in rows[1][0] and float(rows[1][5]) == 2
    assert {len(o) for o in rows} == {6} and len(rows) == len(people) + 2
    rows = list(csv.reader(io.StringIO((out / "moodle.csv").read_text())))
    assert {"Username", "Email address"} <= set(rows[0]) and {len(o) for o in rows} == {5}
    assert "| honest_plain | 2 |" in (out / "summary.md").read_text()
    folders = [o for o in (out / "students").iterdir()]
    assert len(folders) == len(people)
    for folder in folders:
        _is_for_gradescope(json.loads((folder / "gradescope" / "results.json").read_text()))
        _is_for_exercism(json.loads((folder / "exercism" / "results.json").read_text()))
        assert "<!doctype html>" in (folder / "feedback.html").read_text()


def _is_for_gradescope(told: dict) -> None:
    top = "score execution_time output output_format test_output_format test_name_format"
    top += " visibility stdout_visibility extra_data tests leaderboard"
    assert set(told) <= set(top.split()) and told["score"] == sum(o["score"] for o in told["tests"])
    for name in ("visibility", "stdout_visibility"):
        assert told[name] in ("hidden", "after_due_date", "after_published", "visible")
    inner = "score max_score status name name_format number output output_format tags visibility"
    for test in told["tests"]:
        assert set(test) <= set(f"{inner} extra_data".split())
        assert test["status"] in ("passed", "failed") and test["score"] <= test["max_score"]


def _is_for_exercism(told: dict) -> None:
    assert told["version"] == 3 and told["status"] in ("pass", "fail", "error")
    assert (told["message"] is None) == (told["status"] != "error")
    statuses = {o["status"] for o in told["tests"]}
    assert told["status"] == "pass" if statuses == {"pass"} else told["status"] != "pass"
    for test in told["tests"]:
        assert set(test) == {"name", "status", "message", "output", "test_code", "task_id"}
        assert test["status"] in ("pass", "fail", "error") and type(test["task_id"]) is int
        assert test["output"] is None or len(test["output"]) <= 500
        assert (test["message"] is None) == (test["status"] == "pass")


def test_grading_nothing_is_an_error(tmp_path):
    assert command("grade", tmp_path).returncode == 2
    assert command("grade", tmp_path / "nowhere").returncode == 2
    assert command("grade", "").returncode == 2


def test_a_zip_of_zips_is_not_unpacked(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("containers.py", RIGHT)
    (tmp_path / "class" / "ann").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "class" / "ann" / "work.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    assert statuses(grades(tmp_path / "class", tmp_path / "out")["ann"]) == ["missing"] * 2


def test_a_students_edition_shows_no_solution_and_works(tmp_path):
    out = tmp_path / "edition"
    assert command("student", "--out", out).returncode == 0
    assert command("student", "--out", out).returncode == 2
    reference = Source.read(course().katas["optimizers"].path)
    telling = [ast.unparse(o) for o in ast.walk(ast.Module(reference.body, []))
               if isinstance(o, ast.Return) and len(ast.unparse(o)) > 45]  # fmt: skip
    assert telling
    for path in out.rglob("*.py"):
        assert not any(o in path.read_text(encoding="utf-8") for o in telling), path
    assert not (out / "checks" / "other_wordings").exists()
    put(out / "katas" / "containers.py", RIGHT)
    done = command("check", "setify", "get_files", "--json", tmp_path / "o.json", cwd=out)
    told = json.loads((tmp_path / "o.json").read_text())
    assert [o["status"] for o in told] == ["green", "missing"], done.stdout + done.stderr
    put(out / "katas" / "containers.py", "def setify(o):\n    return {o}\n")
    command("check", "setify", "--json", tmp_path / "o.json", cwd=out)
    (told,) = json.loads((tmp_path / "o.json").read_text())
    assert told["status"] == "red"
    assert command("hint", "setify", cwd=out).returncode == 0
    done = command("solution", "setify", "--yes", cwd=out)
    assert "isinstance(o, set)" in done.stdout, done.stdout + done.stderr
    code = "import solutions.trainer.train, katas.containers"
    done = subprocess.run([sys.executable, "-c", code], cwd=out, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
