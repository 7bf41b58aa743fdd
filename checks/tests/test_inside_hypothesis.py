"""What an upgrade of Hypothesis broke, in one line each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.judging import inside_hypothesis as inside


def failing_law(seen):
    @given(st.integers(0, 1000))
    def law(n):
        seen.append((n, inside.is_last_call(), inside.choices_now()))
        assert n < 17

    return law


def test_a_laws_body_can_be_replaced():
    seen: list = []
    law = failing_law([])
    with inside.body_replaced(law, lambda inner: lambda n: seen.append(n)):
        law()
    assert seen, "hypothesis.inner_test is no longer called"


def test_the_last_call_is_the_smallest_and_can_be_made_again():
    seen: list = []
    law = failing_law(seen)
    with pytest.raises(AssertionError):
        law()
    number, is_last, data = seen[-1]
    assert (number, is_last) == (17, True), "build_context().is_final no longer marks the replay"
    choices = inside.encoded(data)
    assert choices, "a call's choices can no longer be encoded"
    del seen[:]
    with inside.few_calls(law, 1, choices), pytest.raises(AssertionError):
        law()
    assert {n for n, _, _ in seen} == {17}, "reproduce_failure no longer makes the same call"


def test_few_calls_are_few():
    seen: list = []

    @given(st.integers())
    def law(n):
        seen.append(n)

    with inside.few_calls(law, 3):
        law()
    assert len(seen) == 3, "_hypothesis_internal_use_settings is no longer read at each call"


def test_a_lambda_is_described_by_its_text():
    assert inside.described_function(lambda x: x + 1) == "lambda x: x + 1"
