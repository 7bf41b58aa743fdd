"""What measures the checks: prove and mutate."""

import ast
from collections import Counter

import pytest

from checks.judging.catalogue import answers
from checks.judging.curriculum import course
from checks.teaching.mutate import changes, equivalent_mutants, mutants
from checks.tests.little import make_course, on_course

PROVE = "from checks.teaching.prove import prove\nsys.exit(prove(little, little.exercises(){}))"
MUTATE = "from checks.teaching.mutate import mutate\nsys.exit(mutate(little, little.exercises()))"
KATAS = list(course().katas)


def rows(text: str) -> list[list[str]]:
    """The rows of all tables that begin with `all`, by words."""
    return [line.split() for line in text.splitlines() if line.startswith("all ")]


def test_the_tables_are_printed_and_the_same_twice(tmp_path):
    make_course(tmp_path, wrong_answers='def double(x):\n    """Adds 2."""\n    return x + 2\n')
    (first, again) = (on_course(tmp_path, PROVE.format("")) for _ in range(2))
    assert first.stdout == again.stdout
    assert rows(first.stdout)[0] == "all 1 of 1 2 of 2".split()
    assert first.returncode == 0 and "seconds" in first.stderr


def test_a_wrong_answer_that_survives_is_told(tmp_path):
    wrong = 'def double(x):\n    """Adds 2."""\n    return x + x\n'
    done = on_course(make_course(tmp_path, wrong_answers=wrong), PROVE.format(""))
    assert done.returncode == 1
    assert "wrong answer little.double (line 1) is green: Adds 2." in done.stdout


def test_a_right_answer_that_is_rejected_is_told(tmp_path):
    right = 'def double(x):\n    """By a sum."""\n    return x + 1\n'
    done = on_course(make_course(tmp_path, right_answers=right), PROVE.format(", sample=True"))
    assert done.returncode == 1
    assert "right answer little.double (line 1) is red: By a sum." in done.stdout


def test_a_sample_has_one_wrong_answer_for_each_exercise(tmp_path):
    done = on_course(make_course(tmp_path), PROVE.format(", sample=True"))
    assert rows(done.stdout) == ["all 2 of 2 2 of 2".split()]


def test_mutants_are_rejected_or_told(tmp_path):
    done = on_course(make_course(tmp_path), MUTATE)
    assert done.returncode == 0 and "9 of 9" in done.stdout, done.stdout
    weak = make_course(tmp_path, checks="").joinpath("checks", "check_little.py")
    weak.write_text(
        "from hypothesis import given, strategies as st\n"
        "from checks.laws import assert_that, law\nfrom katas.little import double, largest\n"
        '@law("double")\n@given(st.integers(1, 9))\n'
        'def test_it_grows(x):\n    assert_that(double(x) > x, "it does not grow")\n'
        '@law("largest")\n@given(st.integers())\n'
        'def test_it_is_there(x):\n    assert_that(largest([x]) == x, "it is not there")\n'
    )
    done = on_course(tmp_path, MUTATE)
    assert done.returncode == 1
    assert "little.double\n- return 2 * x\n+ return 3 * x\n" in done.stdout


def test_mutants_change_one_place_each():
    tree = ast.parse("@no_grad()\ndef f(a, b=1):\n    if a < b:\n        return g(a, b)").body[0]
    found = {after for _, after, _ in changes(tree)}
    assert {"def f(a, b=1): pass", "@no_grad() def f(a, b=2): pass"} <= found
    assert {"if a <= b: return g(a, b)", "if not a < b: return g(a, b)", "pass"} <= found
    assert {"return g(b, a)", "return", "@no_grad() def f(a, b=1): return a"} <= found


def test_errors_texts_and_annotations_are_not_mutated():
    tree = ast.parse('def f(a: "x" = 0) -> "y":\n    """Text."""\n    raise E("text", 1)').body[0]
    before = [before for before, _, _ in changes(tree)]
    assert sum("raise" in line for line in before) == 1  # left out as a whole


def test_every_listed_mutant_is_there():
    listed = equivalent_mutants()
    wanted = set(course().exercises())
    there = {m.key for kata in course().katas.values() for m in mutants(kata, wanted)}
    assert not set(listed) - there
    assert all(reason.endswith(".") for reason in listed.values())


@pytest.mark.parametrize("kata", KATAS)
def test_a_variant_has_a_catalogued_sentence_or_none(kata):
    found = list(answers(course().checks / "other_wordings" / f"{kata}.py", course().katas[kata]))
    wrong = answers(course().checks / "wrong_answers" / f"{kata}.py", course().katas[kata])
    known = {(a.exercise, a.doc) for a in wrong}
    assert [a for a in found if a.doc and (a.exercise, a.doc) not in known] == []
    assert sum(bool(a.doc) for a in found) >= 3


def test_there_are_enough_variants_and_strangers():
    counts = Counter(
        bool(a.doc)
        for kata in course().katas.values()
        for a in answers(course().checks / "other_wordings" / f"{kata.name}.py", kata)
    )
    assert counts[True] >= 60 and counts[False] >= 50
