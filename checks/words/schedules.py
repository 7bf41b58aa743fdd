"""Words for schedules: positions, ends, rates and shares."""

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from checks.laws import number

sched_positions = st.floats(0, 1)
"""How much of a training is over."""

sched_ends = st.floats(-100, 100).map(lambda x: round(x, 3))
"""Where a schedule starts or ends."""

sched_rates = st.floats(-6, 1).map(lambda x: round(10**x, 8))
"""Values above 0 over several orders of magnitude, as learning rates are."""

sched_shares = st.lists(st.integers(1, 20), min_size=1, max_size=6).map(
    lambda parts: [part / sum(parts) for part in parts]
)
"""Shares of a whole: they sum to 1 but for rounding."""

even_shares = st.sampled_from(
    [[0.5, 0.5], [0.25, 0.75], [0.75, 0.125, 0.125], [0.5, 0.25, 0.25], [0.125] * 8]
)
"""Shares whose sums are exact in any precision, so that a position can be exactly at a border."""


def ends(sched: Callable[[float], Any]) -> list[float]:
    """The values of a schedule at both ends, as floats."""
    return [number(sched(0.0)), number(sched(1.0))]


def used(sched: Callable[[float], Any]) -> Callable[[float], Any]:
    """The schedule, after it was asked for other positions: those don't matter."""
    for pos in (0.9, 0.2, 1.0):
        sched(pos)
    return sched


def ramp(i: int) -> Callable[[Any], float]:
    """A schedule of phase `i` alone: i at its start, i + 0.5 at its end."""
    return lambda pos: i + 0.5 * number(pos)


def ramps(shares: Sequence[float]) -> list[Callable[[Any], float]]:
    """One recognisable schedule for each share."""
    return [ramp(i) for i in range(len(shares))]


def noting(asked: list[float]) -> Callable[[Any], float]:
    """A schedule that is 0 everywhere and appends the positions that it is called with."""

    def sched(pos: Any) -> float:
        asked.append(number(pos))
        return 0.0

    return sched
