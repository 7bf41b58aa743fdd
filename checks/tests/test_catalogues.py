"""A part of `make prove`, for every change: all right answers, one wrong one an exercise."""

import pytest

from checks.judging.curriculum import course
from checks.tests.conftest import command


@pytest.mark.parametrize("kata", list(course().katas))
def test_right_answers_are_accepted_and_a_wrong_one_rejected(kata):
    done = command("prove", kata, "--sample")
    assert done.returncode == 0, done.stdout + done.stderr
