"""Schedules: a hyperparameter as a function of how much of the training is over.

Level 2. About 30 minutes. After `containers`; needs no torch to be understood.
Source: fast.ai 2019, lesson 9; Smith & Topin 2017, arXiv 1708.07120 (one-cycle).
"""

import math
from collections.abc import Callable, Iterable
from itertools import accumulate

from .containers import listify

Schedule = Callable[[float], float]


def sched_lin(start: float, end: float) -> Schedule:
    """The straight line from `start` to `end`, a function of the position 0..1; exact at both.

    >>> sched_lin(1.0, 3.0)(0.25)
    1.5
    """
    # start + pos * (end - start) misses `end` by a rounding error
    return lambda pos: start * (1 - pos) + end * pos


def sched_cos(start: float, end: float) -> Schedule:
    """Half a cosine wave from `start` to `end`, flat at both ends and exact there.

        start + (end - start) * (1 - cos(pi * pos)) / 2

    >>> round(sched_cos(1.0, 3.0)(0.5), 6)
    2.0
    """
    return lambda pos: sched_lin(start, end)((1 - math.cos(math.pi * pos)) / 2)


def sched_exp(start: float, end: float) -> Schedule:
    """The exponential curve from `start` to `end`, both above 0: equal steps, equal factors.

        start * (end / start) ** pos

    >>> round(sched_exp(0.01, 1.0)(0.5), 6)
    0.1
    """
    return lambda pos: start ** (1 - pos) * end**pos


def sched_no(start: float, end: float) -> Schedule:
    """`start` all the way, and at position 1 too.

    >>> sched_no(1.0, 3.0)(0.9)
    1.0
    """
    return lambda pos: start


def combine_scheds(pcts: Iterable[float], scheds: Iterable[Schedule]) -> Schedule:
    """One schedule out of several phases, each of which sees its own 0..1.

    pcts    the share of the whole that each phase takes; they sum to 1
    scheds  one schedule a phase

    At a border the next phase begins; at position 1 the last phase is at its own 1.
    ValueError if the shares do not sum to 1 or there are not as many as schedules.

    >>> warm_up = combine_scheds([0.25, 0.75], [sched_lin(0.0, 1.0), sched_lin(1.0, 0.0)])
    >>> [warm_up(pos) for pos in (0.0, 0.125, 0.25, 1.0)]
    [0.0, 0.5, 1.0, 0.0]
    """
    pcts, scheds = listify(pcts), listify(scheds)
    if len(pcts) != len(scheds):
        raise ValueError(f"{len(pcts)} shares for {len(scheds)} schedules")
    if min(pcts, default=-1) < 0 or not math.isclose(sum(pcts), 1, abs_tol=1e-6):
        raise ValueError(f"the shares {pcts} are not parts that sum to 1")
    starts = [0, *accumulate(pcts)][:-1]
    phases = [p for p in zip(starts, pcts, scheds, strict=True) if p[1] > 0]

    def combined(pos: float) -> float:
        begun = [p for p in phases if p[0] <= pos] or phases
        start, share, sched = begun[-1]
        return sched(min((pos - start) / share, 1.0))  # the lecture's form fails at exactly 1.0

    return combined


def cos_1cycle_anneal(start: float, high: float, end: float) -> list[Schedule]:
    """The two cosine phases of one-cycle: from `start` up to `high`, and from there to `end`.

    >>> up, down = cos_1cycle_anneal(0.1, 1.0, 0.0)
    >>> up(0), up(1), down(1)
    (0.1, 1.0, 0.0)
    """
    return [sched_cos(start, high), sched_cos(high, end)]
