"""The misconception behind a red answer: named where exactly one fits."""

import math
import time

import pytest

from checks.judging.misconceptions import Endless, alike, fits, outcome, time_limit, value
from checks.tests.little import make_course, on_course

NAME = """
from checks.judging.assembly import Source
from checks.judging.judge import judge_one
for text in {}:
    verdict = judge_one(little, "little", {!r}, Source("<answer>", text))
    print(verdict.status, verdict.misconception)
"""


def named(root, exercise, *texts):
    """What is said of each answer to an exercise of the little course."""
    done = on_course(make_course(root), NAME.format(list(texts), exercise))
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_mistake_that_is_written_otherwise_is_named(tmp_path):
    # the catalogue has an answer without an end, which must not keep the others from being tried
    texts = (
        "def double(x):\n    return x**2",
        "def double(x):\n    for _ in range(2):\n        x += 1",
    )
    assert named(tmp_path, "double", *texts, f"{texts[1]}\n    return x") == [
        "red Squares.",
        "red None",
        "red Adds 2.",
    ]


def test_nothing_is_said_where_nothing_fits_or_the_answer_is_green(tmp_path):
    right, other = "def double(x):\n    return x + x", "def double(x):\n    return 3 * x"
    assert named(tmp_path, "double", right, other) == ["green None", "red None"]


def test_nothing_is_said_where_two_sentences_fit_alike(tmp_path):
    first = "def largest(xs):\n    return ([*xs] + [0])[0]"
    least = "def largest(xs):\n    return sorted(xs)[0] if xs else 0"
    assert named(tmp_path, "largest", first, least) == ["red None", "red Gives the smallest."]


def test_a_crash_after_the_failure_leaves_the_verdict_as_it_is(tmp_path):
    text = "import os\nn = 0\ndef double(x):\n    global n\n    n += 1\n"
    text += "    return os._exit(3) if x == 5 and n > 1 else x + 2 if x == 0 else 2 * x"
    assert named(tmp_path, "double", text)[0].split()[1] == "None"


def test_numbers_are_alike_but_for_rounding():
    assert alike(["Mismatch", "value", 1.0], ["Mismatch", "value", 1.00001])
    assert not alike(["Mismatch", "value", 1.0], ["Mismatch", "value", 1.1])
    assert alike([math.nan, 1], [math.nan, 1]) and not alike([True], [1])
    assert alike(1, 1.0) and not alike([1], [1, 1])


def test_an_answer_that_fails_elsewhere_does_not_fit():
    failed, otherwise = ["Mismatch", "value", 3], ["Mismatch", "value", 4]
    theirs = {"a": [None, failed], "b": [None, None]}
    assert fits(theirs, [("a", [None, failed]), ("b", [None, None])])
    assert not fits(theirs, [("a", [None, failed]), ("b", [failed, None])])
    assert not fits(theirs, [("a", [None, otherwise])])
    assert not fits(theirs, [("a", [None, failed, None])])
    assert not fits({"a": [failed], "b": [failed]}, [("a", [failed])])  # broke off


def test_an_error_in_the_words_of_an_answer_is_compared_without_them():
    def raised(text):
        names = {"__name__": "katas.little"}
        with pytest.raises(ValueError) as caught:
            exec(text, names)
        return outcome(caught.value)

    assert raised("raise ValueError('one')") == raised("raise ValueError('another')")
    assert raised("int('a' * 3)") != raised("[].remove(1)")


def test_values_are_kept_in_part():
    assert value({"a": (1, 2.5)}) == ["dict", 1, ["a", ["tuple", 2, 1, 2.5]]]
    assert len(value(list(range(1000)))) < 100
    assert value("/tmp/katas-abc123/x.png") == value("/tmp/katas-zyx987/x.png")


def test_a_call_without_an_end_is_ended_by_its_own_time():
    with pytest.raises(Endless), time_limit(0.05):
        while True:
            pass
    with time_limit(0.2):
        time.sleep(0.4)  # only computing counts
