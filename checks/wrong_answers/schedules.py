"""Wrong answers to the exercises of `schedules`."""

import math
from bisect import bisect_left
from functools import partial
from itertools import accumulate

import torch

from .containers import listify


def sched_lin(start, end):
    """Runs from the end to the start."""
    return lambda pos: end + pos * (start - end)


def sched_lin(start, end):
    """Adds the end instead of the way to the end, so it is exact only when the start is 0."""
    return lambda pos: start + pos * end


def sched_lin(start, end):
    """It returns whole numbers where both ends are whole, so the line has steps."""
    kind = int if isinstance(start, int) and isinstance(end, int) else float
    return lambda pos: kind(start + pos * (end - start))


def sched_lin(start, end):
    """Returns the value at position 0 instead of a function of the position."""
    return start


def sched_lin(start, end):
    """Reads the position as percent, so the value hardly moves between 0 and 1."""
    return lambda pos: start + pos / 100 * (end - start)


def sched_lin(start, end):
    """Rounds the position to tenths, so the line has steps."""
    return lambda pos: start + round(pos, 1) * (end - start)


def sched_lin(start, end):
    """Stops one hundredth before the end and never reaches it."""
    return lambda pos: start + min(pos, 0.99) * (end - start)


def sched_lin(start, end):
    """Keeps the ends on the function itself, so a later schedule changes all earlier ones."""
    sched_lin.ends = start, end
    return lambda pos: sched_lin.ends[0] + pos * (sched_lin.ends[1] - sched_lin.ends[0])


def sched_lin(start, end):
    """Computes in single precision, so it misses both ends by a rounding error."""
    way = torch.tensor([start, end - start])
    return lambda pos: (way[0] + pos * way[1]).item()


def sched_lin(start, end):
    """Rounds to six digits, which is 0 for a small rate."""
    return lambda pos: round(start + pos * (end - start), 6)


def sched_lin(start, end):
    """Moves from where the last call ended, and not from the start."""
    last = [0.0, start]

    def sched(pos):
        last[:] = pos, last[1] + (pos - last[0]) * (end - last[1])
        return last[1]

    return sched


def sched_cos(start, end):
    """Uses a whole wave, so it is back at the start at position 1."""
    return lambda pos: start + (end - start) * (1 - math.cos(2 * math.pi * pos)) / 2


def sched_cos(start, end):
    """Uses a quarter of a wave, which is not flat at the start."""
    return lambda pos: start + (end - start) * math.sin(math.pi / 2 * pos)


def sched_cos(start, end):
    """Has the wrong sign at the cosine, so it runs from the end to the start."""
    return lambda pos: start + (end - start) * (1 + math.cos(math.pi * pos)) / 2


def sched_cos(start, end):
    """Forgets to halve the wave, so it goes twice as far as it should."""
    return lambda pos: start + (end - start) * (1 - math.cos(math.pi * pos))


def sched_cos(start, end):
    """Computes the cosine of degrees instead of radians."""
    return lambda pos: start + (end - start) * (1 - math.cos(180 * pos)) / 2


def sched_cos(start, end):
    """Follows a straight line."""
    return lambda pos: start + (end - start) * pos


def sched_cos(start, end):
    """Approximates pi by 3.14, so the end is missed by a little."""
    return lambda pos: start + (end - start) * (1 - math.cos(3.14 * pos)) / 2


def sched_cos(start, end):
    """Computes in single precision, so it misses both ends by a rounding error."""
    ends = torch.tensor([start, end])
    return lambda pos: torch.lerp(*ends, (1 - math.cos(math.pi * pos)) / 2).item()


def sched_cos(start, end):
    """Smooths by a cubic instead of a cosine, which is a little steeper in the middle."""
    return lambda pos: start + (end - start) * (3 * pos**2 - 2 * pos**3)


def sched_cos(start, end):
    """Keeps the ends on the function itself, so a later schedule changes all earlier ones."""
    sched_cos.ends = start, end

    def value(pos):
        first, last = sched_cos.ends
        return first + (last - first) * (1 - math.cos(math.pi * pos)) / 2

    return value


def sched_cos(start, end):
    """Uses the cosine itself as the share, which falls from 1 to -1."""
    return lambda pos: start + (end - start) * math.cos(math.pi * pos)


def sched_exp(start, end):
    """Follows a straight line."""
    return lambda pos: start + (end - start) * pos


def sched_exp(start, end):
    """It raises a start or end below 1e-6 to 1e-6, so the smallest rates are wrong."""
    start, end = max(start, 1e-6), max(end, 1e-6)
    return lambda pos: start * (end / start) ** pos


def sched_exp(start, end):
    """Uses the end itself as the factor, which is right only when the start is 1."""
    return lambda pos: start * end**pos


def sched_exp(start, end):
    """Divides the wrong way round, so it moves away from the end."""
    return lambda pos: start * (start / end) ** pos


def sched_exp(start, end):
    """Bends the straight line with an exponential, so equal steps don't mean equal factors."""
    return lambda pos: start + (end - start) * (math.exp(pos) - 1) / (math.e - 1)


def sched_exp(start, end):
    """Adds a small number to the start to avoid dividing by zero, so small ends are missed."""
    return lambda pos: start * (end / (start + 1e-8)) ** pos


def sched_exp(start, end):
    """Multiplies the factor by the position instead of using the position as its exponent."""
    return lambda pos: start * (end / start) * pos


def sched_exp(start, end):
    """Adds a very small number before dividing, so the end is missed where the start is small."""
    return lambda pos: start * (end / (start + 1e-12)) ** pos


def sched_exp(start, end):
    """Computes in single precision, so it misses the end by a rounding error."""
    rates = torch.tensor([start, end])
    return lambda pos: (rates[0] * (rates[1] / rates[0]) ** pos).item()


def sched_exp(start, end):
    """Runs from the end to the start."""
    return lambda pos: end * (start / end) ** pos


def sched_no(start, end):
    """Stays at the end instead of the start."""
    return lambda pos: end


def sched_no(start, end):
    """It rounds to four digits, which is 0 for a small rate."""
    return lambda pos: round(start, 4)


def sched_no(start, end):
    """Follows a straight line."""
    return lambda pos: start + (end - start) * pos


def sched_no(start, end):
    """Returns the value itself instead of a function of the position."""
    return start


def sched_no(start, end):
    """Is 0 all the way, as if no schedule meant no value."""
    return lambda pos: 0.0


def sched_no(start, end):
    """Jumps to the end in the second half."""
    return lambda pos: start if pos < 0.5 else end


def sched_no(start, end):
    """Jumps to the end at position 1, as if the phase had to arrive there."""
    return lambda pos: start if pos < 1 else end


def _fitting(pcts, scheds):
    """Shares and schedules as lists, if they fit."""
    pcts, scheds = listify(pcts), listify(scheds)
    if len(pcts) != len(scheds) or abs(sum(pcts) - 1) > 1e-6:
        raise ValueError("shares and schedules do not fit")
    return pcts, scheds


def _phase(pcts, pos):
    """The phase that counts at a position, and the position in it."""
    starts = [0, *accumulate(pcts)][:-1]
    i = max(i for i, start in enumerate(starts) if start <= pos)
    return i, min((pos - starts[i]) / pcts[i], 1.0)


def combine_scheds(pcts, scheds):
    """Looks for a phase after the last at exactly 1.0, as the lecture's own version does."""
    pcts, scheds = _fitting(pcts, scheds)
    borders = [0, *accumulate(pcts)]

    def combined(pos):
        idx = max(i for i, border in enumerate(borders) if pos >= border)
        return scheds[idx]((pos - borders[idx]) / (borders[idx + 1] - borders[idx]))

    return combined


def combine_scheds(pcts, scheds):
    """Repairs position 1.0 for two phases only, as a later lecture did."""
    pcts, scheds = _fitting(pcts, scheds)
    borders = [0, *accumulate(pcts)]

    def combined(pos):
        idx = max(i for i, border in enumerate(borders) if pos >= border)
        idx = 1 if idx == 2 else idx
        return scheds[idx]((pos - borders[idx]) / (borders[idx + 1] - borders[idx]))

    return combined


def combine_scheds(pcts, scheds):
    """Passes each phase the overall position instead of the position within the phase."""
    pcts, scheds = _fitting(pcts, scheds)

    def combined(pos):
        for border, sched in zip(accumulate(pcts), scheds, strict=True):
            if pos < border:
                return sched(pos)
        return scheds[-1](1.0)

    return combined


def combine_scheds(pcts, scheds):
    """Divides by the border instead of the length of the phase, so later phases never end."""
    pcts, scheds = _fitting(pcts, scheds)

    def combined(pos):
        start = 0.0
        for border, sched in zip(accumulate(pcts), scheds, strict=True):
            if pos < border or sched is scheds[-1]:
                return sched((pos - start) / border)
            start = border

    return combined


def combine_scheds(pcts, scheds):
    """Forgets to divide by the length of the phase, so only a phase with share 1 reaches its end."""
    pcts, scheds = _fitting(pcts, scheds)

    def combined(pos):
        start = 0.0
        for share, sched in zip(pcts, scheds, strict=True):
            if pos < start + share or sched is scheds[-1]:
                return sched(pos - start)
            start += share

    return combined


def combine_scheds(pcts, scheds):
    """Compares the sum with 1.0 exactly, so ten tenths are refused."""
    pcts, scheds = listify(pcts), listify(scheds)
    if len(pcts) != len(scheds) or sum(pcts) != 1.0:
        raise ValueError("shares and schedules do not fit")
    starts = [0, *accumulate(pcts)][:-1]

    def combined(pos):
        start, share, sched = [p for p in zip(starts, pcts, scheds, strict=True) if p[0] <= pos][-1]
        return sched(min((pos - start) / share, 1.0))

    return combined


def combine_scheds(pcts, scheds):
    """Checks the sum with an assert, which raises AssertionError."""
    pcts, scheds = listify(pcts), listify(scheds)
    assert len(pcts) == len(scheds) and abs(sum(pcts) - 1) < 1e-6
    starts = [0, *accumulate(pcts)][:-1]

    def combined(pos):
        start, share, sched = [p for p in zip(starts, pcts, scheds, strict=True) if p[0] <= pos][-1]
        return sched(min((pos - start) / share, 1.0))

    return combined


def combine_scheds(pcts, scheds):
    """Never checks that there are as many schedules as shares, so `zip` drops the extra ones."""
    pcts, scheds = listify(pcts), listify(scheds)
    if abs(sum(pcts) - 1) > 1e-6:
        raise ValueError(f"the shares {pcts} do not sum to 1")
    starts = [0, *accumulate(pcts)][:-1]

    def combined(pos):
        phases = [p for p in zip(starts, pcts, scheds, strict=False) if p[0] <= pos]
        start, share, sched = phases[-1]
        return sched(min((pos - start) / share, 1.0))

    return combined


def combine_scheds(pcts, scheds):
    """Refuses shares that sum to more than 1, but not those that sum to less."""
    pcts, scheds = listify(pcts), listify(scheds)
    if len(pcts) != len(scheds) or sum(pcts) > 1 + 1e-6:
        raise ValueError("shares and schedules do not fit")
    starts = [0, *accumulate(pcts)][:-1]

    def combined(pos):
        phases = [p for p in zip(starts, pcts, scheds, strict=True) if p[0] <= pos]
        start, share, sched = phases[-1]
        return sched(min((pos - start) / share, 1.0))

    return combined


def combine_scheds(pcts, scheds):
    """Scales shares that do not sum to 1 instead of raising ValueError."""
    pcts, scheds = listify(pcts), listify(scheds)
    if len(pcts) != len(scheds) or not pcts:
        raise ValueError("shares and schedules do not fit")
    pcts = [share / sum(pcts) for share in pcts]
    starts = [0, *accumulate(pcts)][:-1]

    def combined(pos):
        phases = [p for p in zip(starts, pcts, scheds, strict=True) if p[0] <= pos]
        start, share, sched = phases[-1]
        return sched(min((pos - start) / share, 1.0))

    return combined


def combine_scheds(pcts, scheds):
    """Puts a 0 in front of the caller's own list of shares."""
    if len(pcts) != len(scheds) or abs(sum(pcts) - 1) > 1e-6:
        raise ValueError("shares and schedules do not fit")
    pcts.insert(0, 0)
    borders = list(accumulate(pcts))

    def combined(pos):
        idx = min(sum(pos >= border for border in borders), len(scheds)) - 1
        inside = (pos - borders[idx]) / (borders[idx + 1] - borders[idx])
        return scheds[idx](min(inside, 1.0))

    return combined


def combine_scheds(pcts, scheds):
    """Removes phases from the list when they are over, so it can't go back to an earlier position."""
    pcts, scheds = _fitting(pcts, scheds)
    left = list(zip([0, *accumulate(pcts)], pcts, scheds, strict=False))

    def combined(pos):
        while len(left) > 1 and pos >= left[1][0]:
            left.pop(0)
        start, share, sched = left[0]
        return sched(min(max((pos - start) / share, 0.0), 1.0))

    return combined


def combine_scheds(pcts, scheds):
    """Assigns phases of equal length, whatever the shares say."""
    pcts, scheds = _fitting(pcts, scheds)

    def combined(pos):
        idx = min(int(pos * len(scheds)), len(scheds) - 1)
        return scheds[idx](pos * len(scheds) - idx)

    return combined


def combine_scheds(pcts, scheds):
    """Reads the shares as the positions where phases begin."""
    pcts, scheds = _fitting(pcts, scheds)
    borders = [0, *pcts[1:], 1]

    def combined(pos):
        for i, sched in enumerate(scheds):
            if pos < borders[i + 1] or sched is scheds[-1]:
                return sched((pos - borders[i]) / max(borders[i + 1] - borders[i], 1e-9))

    return combined


def combine_scheds(pcts, scheds):
    """Starts the last phase again at exactly 1.0, because its position is taken modulo 1."""
    pcts, scheds = _fitting(pcts, scheds)
    starts = [0, *accumulate(pcts)][:-1]

    def combined(pos):
        phases = [p for p in zip(starts, pcts, scheds, strict=True) if p[0] <= pos]
        start, share, sched = phases[-1]
        return sched((pos - start) / share % 1.0)

    return combined


def combine_scheds(pcts, scheds):
    """Reads the loop variable only when it is called, so every phase uses the last schedule."""
    pcts, scheds = _fitting(pcts, scheds)
    phases, start = [], 0.0
    for share, sched in zip(pcts, scheds, strict=True):
        phases.append((start, lambda pos: sched(pos)))  # noqa: B023
        start += share

    def combined(pos):
        i = max(i for i, p in enumerate(phases) if p[0] <= pos)
        return phases[i][1](min((pos - phases[i][0]) / pcts[i], 1.0))

    return combined


def combine_scheds(pcts, scheds):
    """Calls every schedule and picks one afterwards, so most are called outside 0 to 1."""
    pcts, scheds = _fitting(pcts, scheds)
    starts = [0, *accumulate(pcts)][:-1]

    def combined(pos):
        asked = [f((pos - s) / share) for s, share, f in zip(starts, pcts, scheds, strict=True)]
        last = max(i for i, start in enumerate(starts) if start <= pos)
        return scheds[-1](1.0) if pos == 1 else asked[last]

    return combined


def combine_scheds(pcts, scheds):
    """Looks for the position strictly between two borders, so it finds no phase at a border."""
    pcts, scheds = _fitting(pcts, scheds)
    starts = [0, *accumulate(pcts)][:-1]

    def combined(pos):
        for start, share, sched in zip(starts, pcts, scheds, strict=True):
            if pos == 0 or start < pos < start + share:
                return sched(min(max((pos - start) / share, 0.0), 1.0))
        return scheds[-1](1.0)

    return combined


def combine_scheds(pcts, scheds):
    """Eases the position inside each phase as well, so every schedule is bent twice."""
    pcts, scheds = _fitting(pcts, scheds)
    starts = [0, *accumulate(pcts)][:-1]

    def combined(pos):
        start, share, sched = [p for p in zip(starts, pcts, scheds, strict=True) if p[0] <= pos][-1]
        return sched(sched_cos(0, 1)(min((pos - start) / share, 1.0)))

    return combined


def combine_scheds(pcts, scheds):
    """Uses the earlier phase at a border, so the later one starts a moment too late."""
    pcts, scheds = _fitting(pcts, scheds)
    borders = list(accumulate(pcts))

    def combined(pos):
        i = min(bisect_left(borders, pos), len(scheds) - 1)
        begin = borders[i] - pcts[i]
        return scheds[i](max(0.0, min(1.0, (pos - begin) / pcts[i])))

    return combined


def combine_scheds(pcts, scheds):
    """Raises its errors when the schedule is called, which may be in the middle of a training."""

    def combined(pos):
        shares, phases = _fitting(pcts, scheds)
        i, inside = _phase(shares, pos)
        return phases[i](inside)

    return combined


def combine_scheds(pcts, scheds):
    """Accepts shares whose sum misses 1 by several hundredths."""
    if len(pcts) != len(scheds) or abs(sum(pcts) - 1) > 0.05:
        raise ValueError("shares and schedules do not fit")

    def combined(pos):
        i, inside = _phase(pcts, pos)
        return scheds[i](inside)

    return combined


def combine_scheds(pcts, scheds):
    """Rounds the position to hundredths, so the schedule has steps."""
    pcts, scheds = _fitting(pcts, scheds)

    def combined(pos):
        i, inside = _phase(pcts, round(pos, 2))
        return scheds[i](inside)

    return combined


def combine_scheds(pcts, scheds):
    """Raises TypeError if there are more or fewer schedules than shares."""
    if len(pcts) != len(scheds):
        raise TypeError("not as many schedules as shares")
    pcts, scheds = _fitting(pcts, scheds)

    def combined(pos):
        i, inside = _phase(pcts, pos)
        return scheds[i](inside)

    return combined


def combine_scheds(pcts, scheds):
    """Returns a list of its values instead of a schedule."""
    pcts, scheds = _fitting(pcts, scheds)
    places = [_phase(pcts, pos / 100) for pos in range(101)]
    return [scheds[i](inside) for i, inside in places]


def combine_scheds(pcts, scheds):
    """Moves only to later phases, so a second training starts in the last one."""
    pcts, scheds = _fitting(pcts, scheds)
    reached = [0]

    def combined(pos):
        i, inside = _phase(pcts, pos)
        reached[0] = max(reached[0], i)
        return scheds[reached[0]](inside)

    return combined


def combine_scheds(pcts, scheds):
    """Rounds the value to four places, which loses small learning rates."""
    pcts, scheds = _fitting(pcts, scheds)

    def combined(pos):
        i, inside = _phase(pcts, pos)
        return round(scheds[i](inside), 4)

    return combined


def combine_scheds(pcts, scheds):
    """It stops a millionth before the end, so the last phase never reaches its 1."""
    pcts, scheds = _fitting(pcts, scheds)

    def combined(pos):
        i, inside = _phase(pcts, pos)
        return scheds[i](min(inside, 1 - 1e-6))

    return combined


def combine_scheds(pcts, scheds):
    """It starts each phase a thousandth early, at its 0, where the phase before should still apply."""
    pcts, scheds = _fitting(pcts, scheds)

    def combined(pos):
        i, inside = _phase(pcts, min(pos + 1e-3, 1.0))
        return scheds[i](max(inside - 1e-3 / pcts[i], 0.0) if pos < 1 else 1.0)

    return combined


def combine_scheds(pcts, scheds):
    """It accepts any sum within a hundredth of 1, so shares of 0.5 and 0.4925 pass."""
    pcts, scheds = listify(pcts), listify(scheds)
    if len(pcts) != len(scheds) or abs(sum(pcts) - 1) > 1e-2:
        raise ValueError("shares and schedules do not fit")

    def combined(pos):
        i, inside = _phase(pcts, pos)
        return scheds[i](inside)

    return combined


def cos_1cycle_anneal(start, high, end):
    """Begins the second phase at the start again, so the schedule jumps at the top."""
    return [sched_cos(start, high), sched_cos(start, end)]


def cos_1cycle_anneal(start, high, end):
    """Goes back to the start instead of on to the end."""
    return [sched_cos(start, high), sched_cos(high, start)]


def cos_1cycle_anneal(start, high, end, phases=[None, None]):  # noqa: B006
    """It puts the phases into the same list at each call, so a later call changes earlier lists."""
    phases[:] = sched_cos(start, high), sched_cos(high, end)
    return phases


def cos_1cycle_anneal(start, high, end):
    """Uses straight lines."""
    return [sched_lin(start, high), sched_lin(high, end)]


def cos_1cycle_anneal(start, high, end):
    """Runs the second phase backwards."""
    return [sched_cos(start, high), sched_cos(end, high)]


def cos_1cycle_anneal(start, high, end):
    """Has one phase from start to end and never reaches the high value."""
    return [sched_cos(start, end)]


def cos_1cycle_anneal(start, high, end):
    """Combines the phases into one schedule, where a list of two is wanted."""
    return combine_scheds([0.3, 0.7], [sched_cos(start, high), sched_cos(high, end)])


def cos_1cycle_anneal(start, high, end):
    """Uses a straight line on the way down: only the way up is a cosine."""
    return [partial(sched_cos(start, high)), sched_lin(high, end)]


def cos_1cycle_anneal(start, high, end):
    """Returns a tuple where a list is wanted."""
    return sched_cos(start, high), sched_cos(high, end)


def cos_1cycle_anneal(start, high, end):
    """Returns a generator, which you can loop over only once."""
    return (sched_cos(*pair) for pair in ((start, high), (high, end)))
