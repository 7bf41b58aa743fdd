"""Laws of schedules: what every right answer keeps. You may write them before the answer.

`make laws kata=schedules` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_schedules.py` tries it on your own answer.
"""

from hypothesis import given
from hypothesis import strategies as st

from katas.schedules import (
    combine_scheds,
    cos_1cycle_anneal,
    sched_cos,
    sched_exp,
    sched_lin,
    sched_no,
)

# An example: take the signs away to try it.
#
# @given(st.floats(0.1, 9), st.floats(0.1, 9))
# def test_a_line_begins_at_its_start(start, end):
#     assert abs(sched_lin(start, end)(0.0) - start) <= 1e-9 * max(start, end)


# sched_lin: A schedule along a straight line: a function of the position `pos`, from 0 to 1.


# sched_cos: A schedule along half a cosine wave, flat at both ends.


# sched_exp: A schedule along an exponential curve: equal steps in position mean equal factors.


# sched_no: A schedule that is `start` at every position, at 1 too.


# combine_scheds: One schedule out of several phases, each of which has its own position from 0 to 1.


# cos_1cycle_anneal: A list of two schedules for `combine_scheds`: the phases of one-cycle.
