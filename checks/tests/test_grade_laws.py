"""Laws that are handed in: points for what they catch, read as laws alone, and enclosed."""

import csv
from pathlib import Path

import pytest

from checks.judging.curriculum import course
from checks.teaching.course_file import WrongCourse, scheme
from checks.tests.conftest import command

HEAD = """
from hypothesis import given
from hypothesis import strategies as st
from katas.containers import listify, setify
"""
DEFINITION = """
@given(st.none() | st.text() | st.lists(st.integers()) | st.sets(st.integers()) | st.integers())
def test_the_definition(o):
    assert setify(o) == set(listify(o)) and type(setify(o)) is set
    assert not isinstance(o, set) or setify(o) is o
@given(st.frozensets(st.integers()) | st.dictionaries(st.text(), st.text()).map(lambda o: o.keys()))
def test_other_sets(o):
    assert type(setify(o)) is set
"""
WEAK = "def test_text():\n    assert setify('aa') == {'aa'}\n"
PEOPLE = {
    "ann": HEAD + DEFINITION,
    "bob": HEAD + WEAK,
    "cat": HEAD + "def test_false():\n    assert setify(None) == {None}\n",
    "dan": "import os\n" + HEAD + "def test_away():\n    os.system('true')\n    assert setify(1)\n",
    "dora": HEAD + "def test_inside():\n    setify(().__class__.__subclasses__())\n    assert 1\n",
    "eve": HEAD + "def setify(o):\n    return o if isinstance(o, set) else set(listify(o))\n",
}
COURSE = """
exercises = ["containers.setify"]
laws = ["containers.setify"]
[points]
"containers.setify.laws" = 6
"""


@pytest.fixture(scope="module")
def points(tmp_path_factory) -> dict[str, dict[str, str]]:
    """The rows of the grades by person."""
    folder = tmp_path_factory.mktemp("class")
    for name, text in PEOPLE.items():
        place = folder / "handed" / name / "katas" / "laws"
        place.mkdir(parents=True)
        (place / "test_containers.py").write_text(text)
    (folder / "course.toml").write_text(COURSE)
    done = command("grade", folder / "handed", "--course", folder / "course.toml", "--out",
                   folder / "out", "--seed", "1")  # fmt: skip
    assert done.returncode == 0, done.stderr
    with open(folder / "out" / "grades.csv", encoding="utf-8") as lines:
        rows = {row["submission"]: row for row in csv.DictReader(lines)}
    pages = {
        name: (folder / "out" / "students" / name / "feedback.md").read_text() for name in PEOPLE
    }
    return rows | {"pages": pages}


def test_laws_earn_what_they_catch(points):
    earned = {name: float(points[name]["containers.setify.laws"]) for name in PEOPLE}
    assert earned["ann"] == 6 and 0 < earned["bob"] < 6
    assert earned["cat"] == earned["dan"] == earned["eve"] == 0


def test_a_page_says_what_is_missing(points):
    assert "not caught: it" in points["pages"]["bob"]
    assert "rejects a right answer" in points["pages"]["cat"]
    assert all("refused" in points["pages"][name] for name in ("dan", "dora"))


def test_laws_are_never_read_as_an_answer(points):
    assert all(float(points[name]["containers.setify"]) == 0 for name in PEOPLE)


def test_a_course_file_may_ask_for_laws(tmp_path: Path):
    file = tmp_path / "course.toml"
    file.write_text(COURSE)
    found = scheme(course(), [], file)
    assert found.everything == [("containers", "setify"), ("containers", "setify.laws")]
    assert found.whole == 7
    file.write_text('laws = "setify"\n')
    with pytest.raises(WrongCourse):
        scheme(course(), [], file)
