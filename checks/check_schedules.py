"""The laws of schedules."""

import math
from itertools import accumulate

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from checks.laws import (
    assert_close,
    assert_raises,
    assert_that,
    law,
    number,
    unchanged,
)
from checks.words.schedules import (
    ends,
    even_shares,
    noting,
    ramp,
    ramps,
    sched_ends,
    sched_positions,
    sched_rates,
    sched_shares,
    used,
)
from katas.schedules import (
    combine_scheds,
    cos_1cycle_anneal,
    sched_cos,
    sched_exp,
    sched_lin,
    sched_no,
)

few = settings(max_examples=20)


@law(
    "sched_lin", "sched_lin(start, end)(pos) == (1 - pos) * start + pos * end", "a function of the"
)
@few
@given(sched_ends, sched_ends, sched_positions)
@example(0.0, 10.0, 0.25)
@example(0, 10, 0.25)
@example(1e-8, 3e-7, 0.5)
def test_a_line_is_a_weighted_mean_of_its_ends(start, end, pos):
    """sched_lin(start, end)(pos) = (1 - pos) * start + pos * end."""
    wanted = (1 - pos) * start + pos * end
    assert_close(number(used(sched_lin(start, end))(pos)), wanted, atol=1e-9)


@law(
    "sched_lin",
    "At position 0 it is `start` and at 1 it is `end`, to 1e-9 of the larger of the two.",
)
@few
@given(sched_ends, sched_ends)
@example(0.1, 0.7)
def test_a_line_is_exact_at_both_ends(start, end):
    """sched_lin(start, end) is start at 0 and end at 1."""
    larger = max(abs(start), abs(end))
    assert_close(ends(sched_lin(start, end)), [start, end], rtol=0.0, atol=1e-9 * larger)


@law("sched_lin", "A schedule along a straight")
@few
@given(st.lists(st.tuples(sched_ends, sched_ends), min_size=2, max_size=4), sched_positions)
def test_each_line_keeps_its_own_ends(pairs, pos):
    """A schedule made later leaves those made before unchanged."""
    lines = [sched_lin(start, end) for start, end in pairs]
    wanted = [(1 - pos) * start + pos * end for start, end in pairs]
    assert_close([number(line(pos)) for line in lines], wanted, atol=1e-9)


@law(
    "sched_cos",
    "sched_cos(start, end)(pos) ==",
    "A schedule along half a cosine wave, flat at both",
)
@few
@given(sched_ends, sched_ends, sched_positions)
@example(0.0, 10.0, 0.25)
@example(1e-8, 3e-7, 0.5)
def test_a_cosine_phase_is_half_a_wave(start, end, pos):
    """start + (end - start) * (1 - cos(pi * pos)) / 2."""
    wanted = start + (end - start) * (1 - math.cos(math.pi * pos)) / 2
    assert_close(number(used(sched_cos(start, end))(pos)), wanted, atol=1e-9)


@law(
    "sched_cos",
    "At position 0 it is `start` and at 1 it is `end`, to 1e-9 of the larger of the two.",
)
@few
@given(sched_ends, sched_ends)
@example(0.1, 0.7)
def test_a_cosine_phase_is_exact_at_both_ends(start, end):
    """sched_cos(start, end) is start at 0 and end at 1."""
    larger = max(abs(start), abs(end))
    assert_close(ends(sched_cos(start, end)), [start, end], rtol=0.0, atol=1e-9 * larger)


@law("sched_cos", "A schedule along half a cosine")
@few
@given(st.lists(st.tuples(sched_ends, sched_ends), min_size=2, max_size=4))
def test_each_cosine_phase_keeps_its_own_ends(pairs):
    """A schedule made later leaves those made before unchanged."""
    phases = [sched_cos(start, end) for start, end in pairs]
    wanted = [(start + end) / 2 for start, end in pairs]
    assert_close([number(phase(0.5)) for phase in phases], wanted, atol=1e-9)


@law(
    "sched_exp",
    "sched_exp(start, end)(pos) ==",
    "A schedule along an exponential curve: equal steps in position mean equal factors.",
)
@few
@given(sched_rates, sched_rates, sched_positions)
@example(0.01, 1.0, 0.5)
@example(1e-8, 1e-4, 0.5)
def test_an_exponential_has_equal_factors_in_equal_steps(start, end, pos):
    """log(value) runs in a straight line from log(start) to log(end)."""
    wanted = math.exp((1 - pos) * math.log(start) + pos * math.log(end))
    assert_close(number(used(sched_exp(start, end))(pos)), wanted, atol=0.0)


@law("sched_exp", "At position 0 it is `start` and at 1 it is `end`", "start, end both above 0")
@few
@given(sched_rates, sched_rates)
@example(1e-6, 10.0)
@example(10.0, 1e-6)
def test_an_exponential_is_exact_at_both_ends(start, end):
    """sched_exp(start, end) is start at 0 and end at 1."""
    larger = max(start, end)
    assert_close(ends(sched_exp(start, end)), [start, end], rtol=0.0, atol=1e-9 * larger)


@law("sched_no", "A schedule that is `start` at every position, at 1 too.")
@few
@given(sched_ends, sched_ends, sched_positions)
@example(1.0, 3.0, 1.0)
@example(1.0, 3.0, 0.0)
@example(3e-5, 1.0, 0.5)
def test_no_schedule_stays_at_its_start(start, end, pos):
    """sched_no(start, end)(pos) = start."""
    assert_close(number(used(sched_no(start, end))(pos)), start, rtol=1e-9, atol=0.0)


@law("combine_scheds", "inside phase i: scheds[i]((pos - the start of phase i) / pcts[i])")
@few
@given(sched_shares, st.integers(0, 5), st.floats(0.01, 0.99))
@example([0.3, 0.7], 1, 0.5)
def test_each_phase_sees_its_own_0_to_1(pcts, place, inside):
    """Inside phase i, the position is (pos - start of i) / (share of i)."""
    i = place % len(pcts)
    pos = sum(pcts[:i]) + inside * pcts[i]
    combined = used(combine_scheds(list(pcts), ramps(pcts)))
    assert_close(number(combined(pos)), ramp(i)(inside), rtol=0.0, atol=2e-5)


@law("combine_scheds", "inside phase i: scheds[i]((pos - the start of phase i) / pcts[i])")
@few
@given(even_shares, st.integers(0, 7), st.sampled_from([1e-4, -1e-4, -3e-4]))
@example([0.5, 0.5], 0, -3e-4)
@example([0.25, 0.75], 0, 1e-4)
@example([0.5, 0.5], 1, -1e-4)
def test_a_phase_counts_up_to_its_border_and_from_it_on(pcts, place, off):
    """A little before a border the earlier phase counts; a little after it, the later one."""
    border = sum(pcts[: place % len(pcts) + 1])
    pos = border + off if border < 1 else border - abs(off)
    i = sum(start <= pos for start in accumulate(pcts))
    inside = (pos - sum(pcts[:i])) / pcts[i]
    combined = combine_scheds(list(pcts), ramps(pcts))
    assert_close(number(combined(pos)), ramp(i)(inside), rtol=0.0, atol=2e-5)


@law("combine_scheds", "At position 1 the last phase is at its own 1.")
@few
@given(even_shares, st.sampled_from([1.0, 1 - 1e-6]))
@example([0.5, 0.5], 1.0)
@example([0.25, 0.75], 1 - 1e-6)
def test_the_last_phase_comes_to_its_end(pcts, pos):
    """The last phase gets (pos - its start) / its share, which is 1 at 1."""
    asked = []
    combine_scheds(list(pcts), [noting(asked) for _ in pcts])(pos)
    wanted = (pos - sum(pcts[:-1])) / pcts[-1]
    assert_close(asked[-1:], [wanted], rtol=0.0, atol=1e-7 if pos == 1 else 2e-5)


@law(
    "combine_scheds", "At position 1 the last phase is at its own 1.", "One schedule out of several"
)
@few
@given(sched_shares)
@example([0.1] * 10)
@example([0.7, 0.2, 0.1])
@example([1.0])
def test_the_ends_are_the_first_and_the_last_schedules_own(pcts):
    """At 0 the first phase is at its 0; at exactly 1.0 the last phase is at its 1."""
    wanted = [0.0, len(pcts) - 0.5]
    assert_close(ends(combine_scheds(list(pcts), ramps(pcts))), wanted, atol=1e-4)


@law("combine_scheds", "At the border between two phases the later one applies, at its")
@few
@given(even_shares)
@example([0.5, 0.5])
@example([0.25, 0.75])
def test_at_a_border_the_later_phase_counts(pcts):
    """At the border of phases i - 1 and i the value is that of schedule i at its 0."""
    borders = list(accumulate(pcts))[:-1]
    combined = combine_scheds(list(pcts), ramps(pcts))
    wanted = [float(i) for i in range(1, len(pcts))]
    assert_close([number(combined(border)) for border in borders], wanted, atol=1e-4)


@law(
    "combine_scheds",
    "each of which has its own position from 0 to 1",
    "No schedule is called outside",
)
@few
@given(sched_shares, st.lists(sched_positions, min_size=1))
@example([0.1] * 10, [0.3, 0.6, 0.7, 0.8, 0.9, 1.0])
@example([0.3, 0.7], [0.3])
def test_no_schedule_is_called_outside_0_to_1(pcts, where):
    """Each position is one call of a schedule, with a position from 0 to 1."""
    asked = []
    combined = combine_scheds(list(pcts), [noting(asked) for _ in pcts])
    for pos in where:
        combined(pos)
    outside = [pos for pos in asked if not -1e-4 <= pos <= 1 + 1e-4]
    assert_that(len(asked) >= len(where), "got fewer calls than positions", asked, where)
    assert_that(not outside, "a schedule was called outside 0 to 1", outside, [])


@law(
    "combine_scheds",
    "`combine_scheds` itself raises ValueError if the shares",
)
@few
@given(st.lists(st.floats(0.01, 1), max_size=4))
@example([0.5, 0.4])
@example([0.5, 0.6])
@example([0.5, 0.4925])
@example([0.5, 0.5075])
@example([0.5, 1.5])
@example([30.0, 70.0])
@example([])
def test_shares_that_do_not_sum_to_1_are_a_value_error(pcts):
    """combine_scheds(pcts, ...) raises ValueError where sum(pcts) is not 1."""
    assume(abs(sum(pcts) - 1) > 0.007)
    with assert_raises(ValueError) as came:
        came.append(combine_scheds(list(pcts), ramps(pcts)))


@law("combine_scheds", "if there are more or fewer schedules than shares")
@few
@given(sched_shares, st.integers(0, 7))
@example([0.5, 0.5], 1)
@example([0.5, 0.5], 3)
@example([1.0], 0)
def test_another_number_of_schedules_is_a_value_error(pcts, count):
    """combine_scheds(pcts, scheds) raises ValueError where len(scheds) is not len(pcts)."""
    assume(count != len(pcts))
    with assert_raises(ValueError) as came:
        came.append(combine_scheds(list(pcts), ramps(range(count))))


@law("combine_scheds", "above 0; left unchanged", "for each phase; left unchanged")
@few
@given(sched_shares)
def test_the_lists_of_the_caller_are_left_unchanged(pcts):
    """pcts and scheds are the same before and after, also when the schedule is used."""
    scheds = ramps(pcts)
    with unchanged(pcts=pcts, scheds=scheds):
        combine_scheds(pcts, scheds)(0.5)


@law("combine_scheds", "One schedule out of several phases")
@few
@given(sched_shares, st.lists(sched_positions, min_size=2, max_size=5))
@example([0.5, 0.5], [0.9, 0.1])
def test_positions_may_be_asked_in_any_order(pcts, where):
    """The value at a position does not depend on earlier calls."""
    asked_alone = [number(combine_scheds(list(pcts), ramps(pcts))(pos)) for pos in where]
    combined = combine_scheds(list(pcts), ramps(pcts))
    assert_close([number(combined(pos)) for pos in where], asked_alone)


@law("combine_scheds", "One schedule out of several phases")
@few
@given(even_shares, even_shares)
@example([0.5, 0.5], [0.25, 0.75])
def test_a_combined_schedule_is_a_phase_like_any_other(outer, inner):
    """combine_scheds(outer, [combine_scheds(inner, ...), ...]) has the borders of both."""
    first = combine_scheds(list(inner), ramps(inner))
    combined = combine_scheds(list(outer), [first, *ramps(outer)[1:]])
    assert_close(number(combined(inner[0] * outer[0])), 1.0, atol=1e-4)
    assert_close(ends(combined), [0.0, len(outer) - 0.5], atol=1e-4)
    assert_close(number(first(1.0)), len(inner) - 0.5, atol=1e-4)


@law("cos_1cycle_anneal", "The first is a cosine phase from `start` to `high`, the second a cosine")
@few
@given(sched_ends, sched_ends, sched_ends, sched_positions)
@example(0.1, 1.0, 0.0, 0.25)
def test_one_cycle_is_two_cosine_phases(start, high, end, pos):
    """The first runs from start to high, the second from high to end, each half a wave."""
    part = (1 - math.cos(math.pi * pos)) / 2
    wanted = [start + (high - start) * part, high + (end - high) * part]
    phases = list(cos_1cycle_anneal(start, high, end))
    assert_close([number(phase(pos)) for phase in phases], wanted, atol=1e-9)


@law("cos_1cycle_anneal", "A list of two schedules for `combine_scheds`: the phases of one-cycle.")
@few
@given(sched_ends, sched_ends, sched_ends)
@example(0.1, 1.0, 0.0)
def test_the_phases_are_a_list_for_combine_scheds(start, high, end):
    """combine_scheds([0.25, 0.75], phases) is start at 0, high at 0.25 and end at 1."""
    phases = cos_1cycle_anneal(start, high, end)
    cos_1cycle_anneal(high, end, start)  # one made later changes none made before
    assert_that(type(phases) is list, f"got a {type(phases).__name__}, wanted a list", phases, list)
    cycle = combine_scheds([0.25, 0.75], phases)
    assert_close([number(cycle(pos)) for pos in (0.0, 0.25, 1.0)], [start, high, end], atol=1e-6)
