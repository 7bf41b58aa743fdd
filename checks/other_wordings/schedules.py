"""Variants for `schedules`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import math

from .containers import listify


def sched_lin(start, end):
    """Runs from the end to the start."""

    def value(pos):
        return pos * start + (1 - pos) * end

    return value


def sched_lin(start, end):
    """Adds the end instead of the way to the end, so it is exact only when the start is 0."""

    def value(pos):
        so_far = end * pos
        return so_far + start

    return value


def sched_lin(start, end):
    """Reads the position as percent, so the value hardly moves between 0 and 1."""

    class Line:
        def __call__(self, percent):
            share = percent * 0.01
            return start * (1 - share) + end * share

    return Line()


def sched_lin(start, end):
    """Keeps the ends on the function itself, so a later schedule changes all earlier ones."""
    global first, last
    first, last = start, end
    return lambda pos: first * (1 - pos) + last * pos


def sched_lin(start, end):
    # counts only the upper half of the way
    return lambda pos: start + (end - start) * max(0.0, 2 * pos - 1)


def sched_lin(start, end):
    # runs over 100 steps and takes the step before
    steps = [start + (end - start) * i / 100 for i in range(101)]
    return lambda pos: steps[int(pos * 100)]


def sched_cos(start, end):
    """Uses a whole wave, so it is back at the start at position 1."""

    def value(pos):
        weight = 0.5 + 0.5 * math.cos(math.tau * pos)
        return weight * start + (1 - weight) * end

    return value


def sched_cos(start, end):
    """Has the wrong sign at the cosine, so it runs from the end to the start."""

    def value(pos):
        half = 0.5 * (math.cos(pos * math.pi) + 1)
        return start * (1 - half) + end * half

    return value


def sched_cos(start, end):
    """Forgets to halve the wave, so it goes twice as far as it should."""

    def value(pos):
        return start - (math.cos(math.pi * pos) - 1) * (end - start)

    return value


def sched_cos(start, end):
    # squares the sine of the whole half circle instead of its half: back at the start, but sooner
    return lambda pos: start + (end - start) * math.sin(math.pi * pos) ** 2 * (2 - pos)


def sched_exp(start, end):
    """Divides the wrong way round, so it moves away from the end."""

    def value(pos):
        rate = math.log(start) - math.log(end)
        return start * math.exp(rate * pos)

    return value


def sched_exp(start, end):
    """Multiplies the factor by the position instead of using the position as its exponent."""

    def value(pos):
        ratio = end / start
        return pos * ratio * start

    return value


def sched_exp(start, end):
    # a power of ten where both ends are powers of e
    low, high = math.log(start), math.log(end)
    return lambda pos: 10 ** (low + (high - low) * pos)


def sched_exp(start, end):
    # the geometric mean all the way
    return lambda pos: start if pos == 0 else end if pos == 1 else math.sqrt(start * end)


def sched_no(start, end):
    """Stays at the end instead of the start."""

    def value(pos):
        _, last = start, end
        return last

    return value


def sched_no(start, end):
    # the mean of the two
    return lambda pos: (start + end) / 2


def combine_scheds(pcts, scheds):
    """Looks for a phase after the last at exactly 1.0, as the lecture's own version does."""
    pcts, scheds = list(pcts), list(scheds)
    if len(pcts) != len(scheds) or not math.isclose(sum(pcts), 1.0, abs_tol=1e-4):
        raise ValueError(f"{pcts} for {len(scheds)} schedules")
    bounds = [0.0]
    for share in pcts:
        bounds.append(bounds[-1] + share)

    def combined(pos):
        i = sum(pos >= b for b in bounds) - 1
        begin, stop = bounds[i], bounds[i + 1]
        return scheds[i]((pos - begin) / (stop - begin))

    return combined


def combine_scheds(pcts, scheds):
    """Passes each phase the overall position instead of the position within the phase."""
    pcts, scheds = listify(pcts), listify(scheds)
    if len(pcts) != len(scheds):
        raise ValueError("not as many shares as schedules")
    if not math.isclose(sum(pcts), 1, abs_tol=1e-6):
        raise ValueError("the shares do not sum to 1")

    def combined(pos):
        over = 0.0
        for i, share in enumerate(pcts):
            over += share
            if pos < over or i == len(pcts) - 1:
                return scheds[i](pos)

    return combined


def combine_scheds(pcts, scheds):
    """Forgets to divide by the length of the phase, so only a phase with share 1 reaches its end."""
    pcts, scheds = list(pcts), list(scheds)
    if len(pcts) != len(scheds) or abs(1 - sum(pcts)) > 1e-5:
        raise ValueError("shares")
    begins = [sum(pcts[:i]) for i in range(len(pcts))]

    def combined(pos):
        i = max(i for i, begin in enumerate(begins) if begin <= pos)
        return scheds[i](pos - begins[i])

    return combined


def combine_scheds(pcts, scheds):
    """Compares the sum with 1.0 exactly, so ten tenths are refused."""
    pcts, scheds = list(pcts), list(scheds)
    if len(pcts) != len(scheds):
        raise ValueError("counts")
    if 1 - sum(pcts) != 0:
        raise ValueError("shares")

    def combined(pos):
        left = pos
        for share, sched in list(zip(pcts, scheds, strict=True))[:-1]:
            if left < share:
                return sched(left / share)
            left -= share
        return scheds[-1](min(1.0, left / pcts[-1]))

    return combined


def combine_scheds(pcts, scheds):
    """Assigns phases of equal length, whatever the shares say."""
    pcts, scheds = list(pcts), list(scheds)
    if len(pcts) != len(scheds) or not 0.9999 < sum(pcts) < 1.0001:
        raise ValueError("shares")
    each = 1 / len(scheds)

    def combined(pos):
        i = min(int(pos / each), len(scheds) - 1)
        return scheds[i](min((pos - i * each) / each, 1.0))

    return combined


def combine_scheds(pcts, scheds):
    """Refuses shares that sum to more than 1, but not those that sum to less."""
    pcts, scheds = list(pcts), list(scheds)
    if len(pcts) != len(scheds):
        raise ValueError("counts")
    if sum(pcts) - 1 > 1e-6:
        raise ValueError("shares")

    def combined(pos):
        begin = 0.0
        for i, share in enumerate(pcts):
            if i == len(pcts) - 1 or pos < begin + share:
                return scheds[i](min(1.0, (pos - begin) / share))
            begin += share

    return combined


def combine_scheds(pcts, scheds):
    # the phases in the order of their length
    pcts, scheds = list(pcts), list(scheds)
    if len(pcts) != len(scheds) or abs(sum(pcts) - 1) > 1e-6:
        raise ValueError("shares")
    order = sorted(range(len(pcts)), key=lambda i: pcts[i])

    def combined(pos):
        begin = 0.0
        for i in order:
            if i == order[-1] or pos < begin + pcts[i]:
                return scheds[i](min(1.0, (pos - begin) / pcts[i]))
            begin += pcts[i]

    return combined


def combine_scheds(pcts, scheds):
    # each phase runs backwards
    pcts, scheds = list(pcts), list(scheds)
    if len(pcts) != len(scheds) or abs(sum(pcts) - 1) > 1e-6:
        raise ValueError("shares")

    def combined(pos):
        begin = 0.0
        for i, share in enumerate(pcts):
            if i == len(pcts) - 1 or pos < begin + share:
                return scheds[i](1 - min(1.0, (pos - begin) / share))
            begin += share

    return combined


def cos_1cycle_anneal(start, high, end):
    """Begins the second phase at the start again, so the schedule jumps at the top."""
    phases = []
    for goal in (high, end):
        phases.append(sched_cos(start, goal))
    return phases


def cos_1cycle_anneal(start, high, end):
    """Goes back to the start instead of on to the end."""
    up = sched_cos(start, high)
    return [up, lambda pos: up(1 - pos)]


def cos_1cycle_anneal(start, high, end):
    # three phases, with a rest at the top
    return [sched_cos(start, high), sched_no(high, high), sched_cos(high, end)]
