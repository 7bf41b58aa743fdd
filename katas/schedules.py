"""Schedules: a hyperparameter as a function of the training's progress, from 0 to 1.

Level 2. About 30 minutes. The first kata of part 2: needs no other kata, and no torch.
Source: fast.ai 2019, lesson 9; Smith & Topin 2017, arXiv 1708.07120 (one-cycle).
See it at work in notebooks/2_learner.ipynb: `make lab kata=schedules`.
"""

from collections.abc import Callable

Schedule = Callable[[float], float]


def sched_lin(start: float, end: float) -> Schedule:
    """A schedule along a straight line: a function of the position `pos`, from 0 to 1.

        sched_lin(start, end)(pos)  ==  (1 - pos) * start + pos * end

    At position 0 it is `start` and at 1 it is `end`, to 1e-9 of the larger of the two.

    >>> sched_lin(1.0, 3.0)(0.25)
    1.5
    """
    raise NotImplementedError


def sched_cos(start: float, end: float) -> Schedule:
    """A schedule along half a cosine wave, flat at both ends.

        sched_cos(start, end)(pos)  ==  start + (end - start) * (1 - cos(pi * pos)) / 2

    At position 0 it is `start` and at 1 it is `end`, to 1e-9 of the larger of the two.

    >>> round(sched_cos(1.0, 3.0)(0.5), 6)
    2.0
    """
    raise NotImplementedError


def sched_exp(start: float, end: float) -> Schedule:
    """A schedule along an exponential curve: equal steps in position mean equal factors.

        sched_exp(start, end)(pos)  ==  start * (end / start) ** pos

    start, end  both above 0

    At position 0 it is `start` and at 1 it is `end`, to 1e-9 of the larger of the two.

    >>> round(sched_exp(0.01, 1.0)(0.5), 6)
    0.1
    """
    raise NotImplementedError


def sched_no(start: float, end: float) -> Schedule:
    """A schedule that is `start` at every position, at 1 too.

    >>> sched_no(1.0, 3.0)(0.9)
    1.0
    """
    raise NotImplementedError


def combine_scheds(pcts: list[float], scheds: list[Schedule]) -> Schedule:
    """One schedule out of several phases, each of which has its own position from 0 to 1.

        inside phase i:  scheds[i]((pos - the start of phase i) / pcts[i])

    pcts    each phase's share of the whole, above 0; left unchanged
    scheds  one schedule for each phase; left unchanged

    At the border between two phases the later one applies, at its 0, except where rounding in a sum
    such as 0.1 + 0.2 moves the border. At position 1 the last phase is at its own 1. No schedule is
    called outside 0 to 1, apart from rounding.

    `combine_scheds` itself raises ValueError if the shares add up to something further from 1 than
    rounding explains, such as 0.99, or if there are more or fewer schedules than shares.

    >>> warm_up = combine_scheds([0.25, 0.75], [sched_lin(0.0, 1.0), sched_lin(1.0, 0.0)])
    >>> [warm_up(pos) for pos in (0.0, 0.125, 0.25, 1.0)]
    [0.0, 0.5, 1.0, 0.0]
    """
    raise NotImplementedError


def cos_1cycle_anneal(start: float, high: float, end: float) -> list[Schedule]:
    """A list of two schedules for `combine_scheds`: the phases of one-cycle.

    The first is a cosine phase from `start` to `high`, the second a cosine phase from `high` to
    `end`.

    >>> up, down = cos_1cycle_anneal(0.1, 1.0, 0.0)
    >>> up(0), up(1), down(1)
    (0.1, 1.0, 0.0)
    """
    raise NotImplementedError
