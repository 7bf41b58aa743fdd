"""Words for batches of pictures that are looked up: maps that show where each pixel is.

The first two channels of a map say where each of its pixels is. What comes out of a map tells where
it was looked up, so a turn, a zoom or a crop can be read off.
"""

import math

import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode

from checks.laws import Words, assert_close, assert_that

seeds = st.integers(0, 99)

sides = st.integers(1, 7)

counts = st.integers(1, 4)

dtypes = st.sampled_from([torch.float32, torch.float64])

shapes = st.tuples(counts, st.integers(1, 3), sides, sides)

map_sides = st.sampled_from([16, 19, 24])

paddings = st.sampled_from([{}, *({"padding_mode": o} for o in ("reflection", "border", "zeros"))])

choices = st.lists(st.booleans(), min_size=1, max_size=4).map(torch.tensor)

batch_sides = st.integers(2, 9)

WHOLE = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, 1.0], [1.0, -1.0]]).double()

quads = st.lists(st.lists(st.integers(0, 50), min_size=8, max_size=8), min_size=1, max_size=4).map(
    lambda o: WHOLE * (1 - torch.tensor(o).double().view(-1, 4, 2) / 100)
)
"""Quadrilaterals [n, 4, 2] in double precision, each corner in its own quarter."""


def numbers(low, high):
    """One to four numbers, as a tensor in double precision."""
    drawn = st.floats(low, high).map(lambda o: round(o, 2))
    return st.lists(drawn, min_size=1, max_size=4).map(lambda o: torch.tensor(o).double())


def randoms(shape, seed):
    """Normally distributed numbers."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def centres(h, w):
    """x and y of every pixel, [2, h, w], in double precision; the edges are at -1 and 1."""
    y, x = ((2 * torch.arange(n).double() + 1) / n - 1 for n in (h, w))
    return torch.stack([x.expand(h, w), y[:, None].expand(h, w)])


def maps(n, h, w):
    """n pictures of three channels: x and y of every pixel, and a random texture."""
    texture = torch.rand((n, 1, h, w), generator=torch.Generator().manual_seed(n + h + w))
    return torch.cat([centres(h, w).float().expand(n, 2, h, w), texture], dim=1)


def fit(points, images):
    """The perspectives that take points [k, 2] to images [n, k, 2], by least squares: [n, 3, 3]."""
    n, k, _ = images.shape
    from_ = torch.cat([points, torch.ones(k, 1).double()], dim=1).expand(n, k, 3)
    nothing, (x, y) = torch.zeros_like(from_), images.double().split(1, dim=-1)
    for_x = torch.cat([from_, nothing, -x * points], dim=-1)
    for_y = torch.cat([nothing, from_, -y * points], dim=-1)
    solved = torch.linalg.lstsq(torch.cat([for_x, for_y], dim=1), torch.cat([x, y], dim=1))
    return torch.cat([solved.solution[..., 0], torch.ones(n, 1).double()], dim=1).view(n, 3, 3)


def applied(matrices, points):
    """Where perspectives [n, 3, 3] take points [2, ...]: [n, ..., 2]."""
    found = torch.einsum(
        "nij,j...->n...i", matrices, torch.cat([points, torch.ones_like(points)[:1]])
    )
    return found[..., :2] / found[..., 2:]


def looked_up(out):
    """Where the pixels of what became of maps come from, [n, h, w, 2]."""
    return out[:, :2].permute(0, 2, 3, 1).double()


def matrices_of(out):
    """The perspectives that made `out` of maps, as the middle of each picture tells them."""
    points = centres(*out.shape[2:])
    middle = points.abs().amax(dim=0) < 0.45
    return fit(points[:, middle].T, looked_up(out)[:, middle])


def turned(degrees):
    """[[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]] of each angle, in double precision."""
    cells = [(math.cos(o), math.sin(o)) for o in (degrees.double() * math.pi / 180).tolist()]
    rows = [[[c, -s, 0], [s, c, 0], [0, 0, 1]] for c, s in cells]
    return torch.tensor(rows, dtype=torch.float64)


def angles_of(matrices):
    """The angles of turns, in degrees."""
    return torch.atan2(matrices[:, 1, 0], matrices[:, 0, 0]) * 180 / math.pi


def sampled(x, matrices, size=None, **kwargs):
    """`x` looked up by matrices [n, 3, 3], by torch's own functions."""
    size = [*x.shape[:2], *(size or x.shape[2:])]
    grid = F.affine_grid(matrices[:, :2].to(x), size, align_corners=False)
    return F.grid_sample(x, grid, align_corners=False, **kwargs)


def assert_spread(values, low, high, what, slack=1e-3):
    """All values are from `low` to `high`, and they reach both ends but for a quarter."""
    least, most, quarter = values.min().item(), values.max().item(), (high - low) / 4
    inside = low - slack <= least and most <= high + slack
    assert_that(inside, f"{what} out of range", [least, most], [low, high])
    reached = least <= low + quarter + slack and most >= high - quarter - slack
    assert_that(reached, f"{what}: only a part of the range is drawn", [least, most], [low, high])


def assert_unrelated(draws):
    """No row of `draws` tells much of another one."""
    related = torch.corrcoef(draws) - torch.eye(len(draws)).to(draws)
    assert_that(
        (related.abs() < 0.6).all(),
        "the greatest correlation of two draws",
        related.abs().max().item(),
        Words("below 0.6"),
    )


def assert_one_look_up(x, out):
    """The texture of each pixel is bilinear at the place that the first two channels tell."""
    wanted = F.grid_sample(
        x[:, 2:], looked_up(out).float(), padding_mode="border", align_corners=False
    )
    assert_close(out[:, 2:], wanted, rtol=0, atol=1e-3)


def assert_edges(x, out, matrices, mode):
    """Beyond the edges of maps `x` lies what the padding `mode` says; to three pixels."""
    places, pixel = applied(matrices, centres(*out.shape[2:])), 2 / x.shape[-1]
    sure = ((places.abs().amax(dim=-1) - 1).abs() > 1.5 * pixel)[:, None]
    wanted = F.grid_sample(x[:, :2], places.float(), padding_mode=mode, align_corners=False)
    assert_close(out[:, :2] * sure, wanted * sure, rtol=0, atol=1.5 * pixel)


def device_of(call, unknown="meta"):
    """The device of a call's result, or `unknown` if it cannot be told on "meta".

    An answer may want to see values, or use an operation that "meta" lacks. What it may not do is
    to mix tensors of two devices.
    """
    try:
        return call().device.type
    except Exception as error:
        if "meta" not in str(error).lower() or "expected device" in str(error):
            raise
        return unknown


def moved(picture, right, down):
    """A picture [c, h, w] moved by whole pixels, with zeros where nothing is known."""
    _, h, w = picture.shape
    room = F.pad(picture, (w, w, h, h))
    return room[:, h - down : 2 * h - down, w - right : 2 * w - right]


class Solves(TorchDispatchMode):
    """Counts the operations of linear algebra that torch is asked for."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.count += any(o in str(func) for o in ("linalg", "inverse", "lu_solve", "lstsq"))
        return func(*args, **kwargs or {})


class Noting(nn.Module):
    """A model that keeps its batches."""

    def __init__(self):
        super().__init__()
        self.weight, self.seen = nn.Parameter(torch.ones(1)), []

    def forward(self, x):
        self.seen.append(x)
        return x


def no_loss(pred, yb):
    """A loss of 0 that can be differentiated."""
    return torch.zeros((), requires_grad=True)
