"""Files of laws: made by the course, with core mistakes that exist and an example that holds."""

import re

import pytest

from checks.judging.curriculum import course
from checks.judging.law_files import (
    catalogued,
    example,
    has_laws,
    law_file,
    lost,
    mistakes,
    place_of,
    write_law_file,
    write_law_files,
)
from checks.judging.own_laws import LawFile

KATAS = [o for o in course().katas if has_laws(course(), o)]
EXERCISES = [(k, e) for k, e in course().exercises() if k in KATAS]


def test_every_kata_but_the_warm_up_has_laws():
    assert set(course().katas) - set(KATAS) == {"properties"}


@pytest.mark.parametrize("exercise", EXERCISES, ids=".".join)
def test_core_mistakes_are_in_the_catalogue(exercise):
    assert not lost(course(), exercise), "checks/own_laws says how their sentences begin"
    core, further = mistakes(course(), exercise)
    assert len(core) == len({a.doc for a in core}) and 3 <= len(core) <= 7
    assert len(core) + len(further) == len(catalogued(course(), "wrong_answers", exercise))


@pytest.mark.parametrize("kata", KATAS)
def test_committed_files_are_what_the_course_makes(kata):
    text = place_of(course(), kata).read_text(encoding="utf-8")
    if re.search(r"^def ", text, flags=re.M):
        pytest.skip("somebody works on it")
    assert text == law_file(course(), course().katas[kata]), "run python -m checks stubs"


@pytest.mark.parametrize("kata", KATAS)
def test_an_example_is_a_law_for_one_exercise(kata):
    _, lines = example(course(), kata)
    text = law_file(course(), course().katas[kata])
    whole = text.replace("\n".join(f"# {o}".rstrip() for o in lines), "\n".join(lines))
    (law,) = LawFile(course().katas[kata], "x.py", whole).laws
    assert law.exercise is not None and law.problem is None


def test_what_a_learner_writes_is_kept(fork):
    place = place_of(fork, "containers")
    assert write_law_files(fork) == KATAS and write_law_files(fork) == []
    mine = place.read_text() + "\ndef test_mine():\n    pass\n"
    place.write_text(mine)
    assert write_law_files(fork) == [] and place.read_text() == mine
    kept = write_law_file(fork, fork.katas["containers"])
    assert kept is not None and kept.read_text() == mine
    assert place.read_text() == law_file(fork, fork.katas["containers"])
