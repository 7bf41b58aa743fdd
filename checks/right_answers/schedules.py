"""Right answers to the exercises of `schedules`, in other forms than the reference."""

import math
from bisect import bisect_right
from functools import partial

import numpy as np
import torch

from .containers import listify


def annealer(f):
    """The lecture's decorator: from a function of start, end and position to a schedule."""

    def with_ends(start, end):
        return partial(f, start, end)

    return with_ends


@annealer
def sched_lin(start, end, pos):
    """The lecture's form."""
    return start + pos * (end - start)


def sched_lin(start, end):
    """By interpolation of numpy."""
    return lambda pos: float(np.interp(pos, [0.0, 1.0], [start, end]))


class sched_lin:  # noqa: N801
    """An object that can be called."""

    def __init__(self, start, end):
        self.ends = start, end

    def __call__(self, pos):
        return self.ends[0] * (1 - pos) + self.ends[1] * pos


def sched_lin(start, end):
    """By interpolation of torch, in double precision."""
    ends = torch.tensor([start, end], dtype=torch.float64)
    return lambda pos: torch.lerp(ends[0], ends[1], float(pos))


@annealer
def sched_cos(start, end, pos):
    """The lecture's form."""
    return start + (1 + math.cos(math.pi * (1 - pos))) * (end - start) / 2


def sched_cos(start, end):
    """By the squared sine of half the angle."""

    def sched(pos):
        part = math.sin(math.pi * pos / 2) ** 2
        return start * (1 - part) + end * part

    return sched


def sched_cos(start, end):
    """Around the middle of both ends."""
    middle, half = (start + end) / 2, (end - start) / 2
    return lambda pos: middle - half * np.cos(np.pi * pos)


@annealer
def sched_exp(start, end, pos):
    """The lecture's form."""
    return start * (end / start) ** pos


def sched_exp(start, end):
    """A straight line of the logarithms."""
    low, high = math.log(start), math.log(end)
    return lambda pos: math.exp(low + pos * (high - low))


def sched_exp(start, end):
    """A straight line of the exponents of ten, exact at the ends by asking for them."""

    def sched(pos):
        if pos in (0, 1):
            return end if pos else start
        return 10 ** ((1 - pos) * math.log10(start) + pos * math.log10(end))

    return sched


@annealer
def sched_no(start, end, pos):
    """The lecture's form."""
    return start


def sched_no(start, end):
    """A line whose ends are both the start."""
    return sched_lin(start, start)


def combine_scheds(pcts, scheds):
    """The lecture's form with its tensors, and the last phase at 1.0."""
    pcts, scheds = listify(pcts), listify(scheds)
    if len(pcts) != len(scheds):
        raise ValueError("as many shares as schedules are wanted")
    if abs(sum(pcts) - 1.0) > 1e-4:
        raise ValueError("the shares do not sum to 1")
    borders = torch.cumsum(torch.tensor([0.0, *pcts]), 0)

    def _inner(pos):
        if pos == 1.0:
            return scheds[-1](1.0)
        idx = min(int((pos >= borders).nonzero().max()), len(scheds) - 1)
        actual_pos = (pos - borders[idx]) / (borders[idx + 1] - borders[idx])
        return scheds[idx](actual_pos)

    return _inner


def combine_scheds(pcts, scheds):
    """A loop that walks off one phase after the other."""
    if len(pcts) != len(scheds):
        raise ValueError("one schedule a share")
    if abs(sum(pcts) - 1) > 1e-6:
        raise ValueError("shares sum to 1")

    def combined(pos):
        left = pos
        for i, (share, sched) in enumerate(zip(pcts, scheds, strict=True)):
            if left < share or i == len(pcts) - 1:
                return sched(min(left / share, 1.0))
            left = max(left - share, 0.0)

    return combined


def combine_scheds(pcts, scheds):
    """By bisection of the borders, from the right."""
    pcts, scheds = tuple(pcts), tuple(scheds)
    if len(pcts) != len(scheds) or not math.isclose(math.fsum(pcts), 1.0, rel_tol=1e-3):
        raise ValueError("shares and schedules do not fit")
    borders = np.cumsum([0, *pcts])
    borders[-1] = 1.0

    def combined(pos):
        i = min(bisect_right(borders.tolist(), pos) - 1, len(scheds) - 1)
        return scheds[i]((pos - borders[i]) / (borders[i + 1] - borders[i]))

    return combined


class combine_scheds:  # noqa: N801
    """An object that can be called, and goes through the phases from the last one on."""

    def __init__(self, parts, schedules):
        total, self.phases = 0.0, []
        for part, schedule in zip(parts, schedules, strict=True):
            self.phases.append((total, part, schedule))
            total += part
        if not 0.9999 < total < 1.0001:
            raise ValueError(f"{parts} sum to {total}")

    def __call__(self, position):
        for begin, part, schedule in reversed(self.phases):
            if position >= begin:
                return schedule(min(1.0, (position - begin) / part))


def cos_1cycle_anneal(start, high, end):
    """Pairs of neighbours."""
    return [sched_cos(*pair) for pair in ((start, high), (high, end))]


def cos_1cycle_anneal(first, top, last):
    """With other names, by `map` over neighbours."""
    return list(map(sched_cos, (first, top), (top, last)))
