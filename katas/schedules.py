"""Schedules: a hyperparameter as a function of how much of the training is over.

Level 2. About 30 minutes. After `containers`; needs no torch to be understood.
Source: fast.ai 2019, lesson 9; Smith & Topin 2017, arXiv 1708.07120 (one-cycle).
"""

from collections.abc import Callable, Iterable

from .containers import listify

Schedule = Callable[[float], float]


def sched_lin(start: float, end: float) -> Schedule:
    """The straight line from `start` to `end`, a function of the position 0..1; exact at both.

    >>> sched_lin(1.0, 3.0)(0.25)
    1.5
    """
    raise NotImplementedError


def sched_cos(start: float, end: float) -> Schedule:
    """Half a cosine wave from `start` to `end`, flat at both ends and exact there.

        start + (end - start) * (1 - cos(pi * pos)) / 2

    >>> round(sched_cos(1.0, 3.0)(0.5), 6)
    2.0
    """
    raise NotImplementedError


def sched_exp(start: float, end: float) -> Schedule:
    """The exponential curve from `start` to `end`, both above 0: equal steps, equal factors.

        start * (end / start) ** pos

    >>> round(sched_exp(0.01, 1.0)(0.5), 6)
    0.1
    """
    raise NotImplementedError


def sched_no(start: float, end: float) -> Schedule:
    """`start` all the way, and at position 1 too.

    >>> sched_no(1.0, 3.0)(0.9)
    1.0
    """
    raise NotImplementedError


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
    raise NotImplementedError


def cos_1cycle_anneal(start: float, high: float, end: float) -> list[Schedule]:
    """The two cosine phases of one-cycle: from `start` up to `high`, and from there to `end`.

    >>> up, down = cos_1cycle_anneal(0.1, 1.0, 0.0)
    >>> up(0), up(1), down(1)
    (0.1, 1.0, 0.0)
    """
    raise NotImplementedError
