"""The laws of schedules."""

import math
from itertools import accumulate

from hypothesis import assume, example, given
from hypothesis import strategies as st

from checks.laws import assert_close, assert_raises, assert_that, law, number, unchanged
from checks.words.schedules import sched_ends, sched_positions, sched_rates, sched_shares
from katas.schedules import (
    combine_scheds,
    cos_1cycle_anneal,
    sched_cos,
    sched_exp,
    sched_lin,
    sched_no,
)


def ends(sched):
    """What a schedule gives at both ends, as floats."""
    return [number(sched(0.0)), number(sched(1.0))]


def flat(value, seen=None):
    """A schedule that stays at `value` and keeps the positions it is asked for in `seen`."""
    return lambda pos: ([] if seen is None else seen).append(number(pos)) or float(value)


def ramp(i):
    """A schedule of phase `i` alone: i at its start, i + 0.5 at its end."""
    return lambda pos: i + 0.5 * number(pos)


def ramps(shares):
    """One recognisable schedule for each share."""
    return [ramp(i) for i in range(len(shares))]


@law("sched_lin")
@given(sched_ends, sched_ends, sched_positions)
@example(0.0, 10.0, 0.25)
def test_a_line_is_a_weighted_mean_of_its_ends(start, end, pos):
    """sched_lin(start, end)(pos) = (1 - pos) * start + pos * end."""
    wanted = (1 - pos) * start + pos * end
    assert_close(number(sched_lin(start, end)(pos)), wanted, atol=1e-9)


@law("sched_lin")
@given(sched_ends, sched_ends)
def test_a_line_is_exact_at_both_ends(start, end):
    """sched_lin(start, end) is start at 0 and end at 1."""
    assert_close(ends(sched_lin(start, end)), [start, end], rtol=1e-12, atol=1e-12)


@law("sched_lin")
@given(st.lists(st.tuples(sched_ends, sched_ends), min_size=2, max_size=4), sched_positions)
def test_each_line_keeps_its_own_ends(pairs, pos):
    """A schedule made later leaves those made before as they are."""
    lines = [sched_lin(start, end) for start, end in pairs]
    wanted = [(1 - pos) * start + pos * end for start, end in pairs]
    assert_close([number(line(pos)) for line in lines], wanted, atol=1e-9)


@law("sched_cos")
@given(sched_ends, sched_ends, sched_positions)
@example(0.0, 10.0, 0.25)
def test_a_cosine_phase_is_half_a_wave(start, end, pos):
    """start + (end - start) * (1 - cos(pi * pos)) / 2."""
    wanted = start + (end - start) * (1 - math.cos(math.pi * pos)) / 2
    assert_close(number(sched_cos(start, end)(pos)), wanted, atol=1e-9)


@law("sched_cos")
@given(sched_ends, sched_ends)
def test_a_cosine_phase_is_exact_at_both_ends(start, end):
    """sched_cos(start, end) is start at 0 and end at 1."""
    assert_close(ends(sched_cos(start, end)), [start, end], rtol=1e-12, atol=1e-12)


@law("sched_exp")
@given(sched_rates, sched_rates, sched_positions)
@example(0.01, 1.0, 0.5)
def test_an_exponential_takes_equal_factors_in_equal_steps(start, end, pos):
    """log(value) runs in a straight line from log(start) to log(end)."""
    wanted = math.exp((1 - pos) * math.log(start) + pos * math.log(end))
    assert_close(number(sched_exp(start, end)(pos)), wanted, atol=0.0)


@law("sched_exp")
@given(sched_rates, sched_rates)
@example(1e-6, 10.0)
def test_an_exponential_is_exact_at_both_ends(start, end):
    """sched_exp(start, end) is start at 0 and end at 1."""
    assert_close(ends(sched_exp(start, end)), [start, end], rtol=1e-10, atol=0.0)


@law("sched_no")
@given(sched_ends, sched_ends, st.floats(0, 1, exclude_max=True))
def test_no_schedule_stays_at_its_start(start, end, pos):
    """sched_no(start, end)(pos) = start."""
    assert_close(number(sched_no(start, end)(pos)), start, rtol=0.0, atol=0.0)


@law("combine_scheds")
@given(sched_shares, st.data())
@example([0.3, 0.7], None)
def test_each_phase_sees_its_own_0_to_1(pcts, data):
    """Inside phase i, the position is (pos - start of i) / (share of i)."""
    i = data.draw(st.integers(0, len(pcts) - 1)) if data else 1
    inside = data.draw(st.floats(0.01, 0.99)) if data else 0.5
    pos = sum(pcts[:i]) + inside * pcts[i]
    combined = combine_scheds(list(pcts), ramps(pcts))
    assert_close(number(combined(pos)), ramp(i)(inside), rtol=0.0, atol=1e-4)


@law("combine_scheds")
@given(sched_shares)
@example([0.1] * 10)
@example([0.7, 0.2, 0.1])
@example([1.0])
def test_the_ends_are_the_first_and_the_last_schedules_own(pcts):
    """At 0 the first phase is at its 0; at exactly 1.0 the last phase is at its 1."""
    wanted = [0.0, len(pcts) - 0.5]
    assert_close(ends(combine_scheds(list(pcts), ramps(pcts))), wanted, atol=1e-4)


@law("combine_scheds")
@given(sched_shares)
@example([0.3, 0.7])
@example([0.1] * 10)
@example([0.25, 0.25, 0.25, 0.25])
def test_at_a_border_one_phase_ends_and_the_next_begins(pcts):
    """At border i the value is schedule i - 1 at its 1, or schedule i at its 0."""
    assume(len(pcts) > 1)
    borders = list(accumulate(pcts))[:-1]
    combined = combine_scheds(list(pcts), ramps(pcts))
    away = [min(abs(number(combined(b)) - i - o) for o in (0.5, 1)) for i, b in enumerate(borders)]
    assert_close(away, [0.0] * len(borders), atol=1e-4)


@law("combine_scheds")
@given(sched_shares, st.lists(sched_positions, min_size=1))
@example([0.1] * 10, [0.3, 0.6, 0.7, 0.8, 0.9, 1.0])
def test_no_schedule_is_asked_outside_0_to_1(pcts, where):
    """A schedule is only asked for positions from 0 to 1."""
    asked = []
    combined = combine_scheds(list(pcts), [flat(i, asked) for i in range(len(pcts))])
    answers = [combined(pos) for pos in where]
    outside = [pos for pos in asked if not -1e-4 <= pos <= 1 + 1e-4]
    assert_that(len(asked) >= len(answers), "no schedule was asked", asked, where)
    assert_that(not outside, "a schedule was asked outside 0 to 1", outside, [])


@law("combine_scheds")
@given(st.lists(st.floats(0.01, 1), max_size=4))
@example([0.5, 0.4])
@example([0.5, 0.6])
@example([0.5, 1.5])
@example([30.0, 70.0])
@example([])
def test_shares_that_do_not_sum_to_1_are_a_value_error(pcts):
    """combine_scheds(pcts, ...) raises ValueError where sum(pcts) is not 1."""
    assume(abs(sum(pcts) - 1) > 0.02)
    with assert_raises(ValueError):
        combine_scheds(list(pcts), ramps(pcts))(0.5)


@law("combine_scheds")
@given(sched_shares, st.integers(0, 7))
@example([0.5, 0.5], 1)
@example([0.5, 0.5], 3)
@example([1.0], 0)
def test_another_number_of_schedules_is_a_value_error(pcts, count):
    """combine_scheds(pcts, scheds) raises ValueError where len(scheds) is not len(pcts)."""
    assume(count != len(pcts))
    with assert_raises(ValueError):
        combine_scheds(list(pcts), ramps(range(count)))(0.0)


@law("combine_scheds")
@given(sched_shares)
def test_the_lists_of_the_caller_stay_as_they_are(pcts):
    """pcts and scheds are the same before and after, also when the schedule is used."""
    scheds = ramps(pcts)
    with unchanged(pcts=pcts, scheds=scheds):
        combine_scheds(pcts, scheds)(0.5)


@law("combine_scheds")
@given(sched_shares, st.lists(sched_positions, min_size=2, max_size=5))
@example([0.5, 0.5], [0.9, 0.1])
def test_positions_may_be_asked_in_any_order(pcts, where):
    """The value at a position does not depend on what was asked before."""
    asked_alone = [number(combine_scheds(list(pcts), ramps(pcts))(pos)) for pos in where]
    combined = combine_scheds(list(pcts), ramps(pcts))
    assert_close([number(combined(pos)) for pos in where], asked_alone)


@law("cos_1cycle_anneal")
@given(sched_ends, sched_ends, sched_ends, sched_positions)
@example(0.1, 1.0, 0.0, 0.25)
def test_one_cycle_is_two_cosine_phases(start, high, end, pos):
    """The first runs from start to high, the second from high to end, each half a wave."""
    part = (1 - math.cos(math.pi * pos)) / 2
    wanted = [start + (high - start) * part, high + (end - high) * part]
    phases = list(cos_1cycle_anneal(start, high, end))
    assert_close([number(phase(pos)) for phase in phases], wanted, atol=1e-9)
