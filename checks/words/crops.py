"""Words for crops and views of pictures: charts that show where each of their pixels is."""

import random

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from checks.laws import Words, assert_same, assert_that

STEP = 4  # grey levels from one pixel of a chart to the next

crop_sides = st.integers(1, 12)
crop_sizes = st.tuples(crop_sides, crop_sides)
crop_modes = st.sampled_from(["RGB", "L"])
crop_filters = st.sampled_from([Image.Resampling(i) for i in (0, 2, 3)])
"""Nearest, bilinear and bicubic."""
crop_chances = st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9])
chart_sizes = st.sampled_from([(40, 40), (60, 40), (40, 60), (64, 24)])
chart_lists = st.lists(chart_sizes, min_size=2, max_size=4, unique=True)
shown_sizes = st.sampled_from([(12, 12), (16, 8), (8, 16)])
odd_parts = st.tuples(st.integers(0, 7), st.integers(0, 7)).map(
    lambda sides: (2 * max(sides) + 1, 2 * min(sides) + 1)
)
"""The side of a picture and of a part in its middle; odd, so that no look-up is on a border."""
inner_corners = st.tuples(*[st.integers(0, 6)] * 8).map(
    lambda d: [(d[0], d[1]), (d[2], 23 - d[3]), (31 - d[4], 23 - d[5]), (31 - d[6], d[7])]
)
"""Four corners in a picture of 32 by 24: top left, bottom left, bottom right, top right."""
slopes = st.floats(-0.3, 0.3).map(lambda x: round(x, 2))
tilts = st.floats(-0.001, 0.001).map(lambda x: round(x, 5))
SQUARE = [(0, 0), (0, 4), (4, 4), (4, 0)]


@st.composite
def quadrilaterals(draw, most=200):
    """Four corners (top left, bottom left, bottom right, top right), convex and far from a line."""
    left, top = draw(st.integers(0, most)), draw(st.integers(0, most))
    w, h = draw(st.integers(most // 4, most)), draw(st.integers(most // 4, most))
    away = st.floats(-0.2, 0.2).map(lambda share: round(share, 2))
    corners = [(0, 0), (0, 1), (1, 1), (1, 0)]
    return [(left + w * (x + draw(away)), top + h * (y + draw(away))) for x, y in corners]


@st.composite
def corners_on_a_line(draw):
    """Four corners of which three, at least, are on one line, and exactly so."""
    x, y, dx, dy = (draw(st.integers(-9, 9)) for _ in range(4))
    dx, dy = (dx, dy) if (dx, dy) != (0, 0) else (1, 0)
    steps = draw(st.permutations(range(4)))[:3]
    aside = draw(st.sampled_from([0, 7]))
    fourth = (x + 5 * dx - aside * dy, y + 5 * dy + aside * dx)
    return draw(st.permutations([*((x + n * dx, y + n * dy) for n in steps), fourth]))


def applied(coeffs, points):
    """Where eight coefficients of a perspective look up each of `points`."""
    a, b, c, d, e, f, g, h = coeffs
    below = [g * x + h * y + 1 for x, y in points]
    xs = [(a * x + b * y + c) / z for (x, y), z in zip(points, below, strict=True)]
    ys = [(d * x + e * y + f) / z for (x, y), z in zip(points, below, strict=True)]
    return list(zip(xs, ys, strict=True))


def solved(src, size):
    """The coefficients of `Image.transform` that fill a picture of `size` from four corners."""
    w, h = size
    rows, right = [], []
    for (x, y), (u, v) in zip(src, [(0, 0), (0, h), (w, h), (w, 0)], strict=True):
        rows += [(u, v, 1, 0, 0, 0, -x * u, -x * v), (0, 0, 0, u, v, 1, -y * u, -y * v)]
        right += [x, y]
    return np.linalg.solve(np.array(rows, float), np.array(right, float)).tolist()


def extent(img, size, part, resample=Image.Resampling.BILINEAR):
    """A part of a picture (left, top, right, bottom), resized as `Image.transform` does it."""
    return img.transform(size, Image.Transform.EXTENT, part, resample=resample)


def whole(size):
    """The corners of a picture of (w, h), in the order of `warp`."""
    w, h = size
    return [(0, 0), (0, h), (w, h), (w, 0)]


def pair(size):
    """An int as a square, (w, h) as it came."""
    return (size, size) if isinstance(size, int) else tuple(size)


def draws(tfm, img, n):
    """What `n` calls return, one after the other."""
    random.seed(0)
    return [tfm(img) for _ in range(n)]


def tell(value):
    """Numbers of numpy as Python's, to two places."""
    return np.round(value, 2).tolist() if isinstance(value, np.ndarray | np.generic) else value


def assert_holds(holds, why, yours, wanted):
    """`assert_that` for what numpy calls true, of numbers that are shown in short."""
    assert_that(bool(np.all(holds)), why, tell(yours), tell(wanted))


def looks(img):
    """Whatever tells one picture from another."""
    assert_that(
        isinstance(img, Image.Image), "the result is not a picture", img, Words("a picture")
    )
    return img.mode, img.size, img.tobytes()


def shares(found, candidates):
    """For each candidate, by its name, the share of the pictures found that look like it."""
    kinds = [looks(img) for img in found]
    return {name: kinds.count(looks(img)) / len(kinds) for name, img in candidates.items()}


def mirrored(img):
    """A picture with its columns in the opposite order."""
    return Image.fromarray(np.array(img)[:, ::-1].copy())


def both_views(img):
    """A picture and its mirror image."""
    return {"mirrored": mirrored(img), "unchanged": img}


def eight_views(img):
    """The four quarter turns of a picture, counter-clockwise, and those of its mirror image."""
    both = {"": np.array(img), "mirrored, ": np.array(mirrored(img))}
    turned = {f"{m}turned {90 * k}": np.rot90(o, k) for m, o in both.items() for k in range(4)}
    return {name: Image.fromarray(o.copy()) for name, o in turned.items()}


def is_near(yours, wanted, levels):
    """Whether two pictures of one kind differ by `levels` at most in each pixel."""
    if not isinstance(yours, Image.Image) or (yours.mode, yours.size) != (wanted.mode, wanted.size):
        return False
    apart = np.array(yours).astype(int) - np.array(wanted).astype(int)
    return int(abs(apart).max()) <= levels


def assert_near(yours, wanted, levels=1):
    """The same picture but for rounding: pixels are `levels` apart at most."""
    if not is_near(yours, wanted, levels):
        assert_same(yours, wanted)


def assert_repeats(make, img):
    """The same seed, the same pictures: from one transform, and from those made in between."""
    tfm = make()
    first, again = ([looks(o) for o in draws(tfm, img, 40)] for _ in range(2))
    random.seed(0)
    others = [looks(make()(img)) for _ in range(40)]
    same = [a == b == c for a, b, c in zip(first, again, others, strict=True)]
    assert_holds(all(same), "pictures that are the same again, of 40", sum(same), 40)


def assert_moves_on(tfm, img):
    """After another seed other pictures come."""
    random.seed(1)
    other = [looks(tfm(img)) for _ in range(40)]
    known = [looks(o) for o in draws(tfm, img, 40)]
    same = sum(a == b for a, b in zip(other, known, strict=True))
    assert_holds(
        same < 40, "pictures that are the same after another seed, of 40", same, Words("fewer")
    )


def assert_serves_all(crop, make, img_sizes):
    """What a crop shows of each picture is what a fresh one shows."""
    imgs = [chart(*size) for size in img_sizes]
    for img in imgs:
        assert_same(crop(img), make()(img))


def chart(w, h):
    """A picture that shows where each of its pixels is: red by x, green by y; blue is full."""
    x, y = np.meshgrid(STEP * np.arange(w), STEP * np.arange(h))
    return Image.fromarray(np.stack([x, y, np.full_like(x, 255)], axis=-1).astype(np.uint8))


def places(out):
    """Where in a chart the pixels of `out` were looked up, as [h, w, 2], in pixels."""
    is_chart = isinstance(out, Image.Image) and out.mode == "RGB"
    assert_that(is_chart, "the result is not an RGB picture", out, Words("an RGB picture"))
    pixels = np.array(out, dtype=np.float64)
    inside = pixels[..., 2].min() >= 254
    assert_that(
        bool(inside), "a part of the result is outside the picture", out, Words("no black edge")
    )
    return pixels[..., :2] / STEP + 0.5


def box(out):
    """The part of a chart that `out` shows, to half a pixel: left, top, right, bottom."""
    edges = []
    for found in (places(out)[0, :, 0], places(out)[:, 0, 1]):
        step = (found[-2] - found[1]) / (len(found) - 3)
        edges.append((found[1] - 1.5 * step, found[-2] + 1.5 * step))
    (left, right), (top, bottom) = edges
    return np.array([left, top, right, bottom])


def parts(crop, img_size, n):
    """The parts of whole pixels that `n` calls show of a chart, as rows left, top, right, bottom.

    The crop has the filter NEAREST and a size not below the picture's, so that no pixel is skipped.
    """
    found = [places(out) for out in draws(crop, chart(*img_size), n)]
    return np.array([[*o[0, 0] - 0.5, *o[-1, -1] + 0.5] for o in found]).round().astype(int)


def assert_in_the_middle(out, img):
    """The part of a chart that `out` shows is in its middle, to the pixel; its width and height."""
    left, top, right, bottom = box(out)
    middle, wanted = ((left + right) / 2, (top + bottom) / 2), (img.width / 2, img.height / 2)
    away = max(abs(a - b) for a, b in zip(middle, wanted, strict=True))
    assert_holds(away < 1.3, "the middle of the part", np.array(middle), wanted)
    return float(right - left), float(bottom - top)


def assert_inside(found, img_size):
    """All parts, rows of left, top, right, bottom, lie in a picture of (w, h)."""
    least, most = found.min(axis=0), found.max(axis=0)
    inside = (least[:2] > -0.8).all() and (most[2:] < np.array(img_size) + 0.8).all()
    assert_holds(inside, "a part reaches out of the picture", [least, most], [(0, 0), img_size])


def assert_plain(out, wc, hc, img):
    """`out` shows an upright part of (wc, hc) pixels of a chart; its left and top edge."""
    at = places(out)
    h, w = at.shape[:2]
    x, y = np.meshgrid((np.arange(w) + 0.5) * wc / w, (np.arange(h) + 0.5) * hc / h)
    corner = at - np.stack([x, y], axis=-1)  # the same everywhere, but for rounding
    left, top = corner.mean(axis=(0, 1))
    wanted = np.array([left, top, left + wc, top + hc])
    apart = float(np.ptp(corner, axis=(0, 1)).max())
    assert_holds(apart < 1.3, f"not an upright part of {wc} by {hc} pixels", box(out), wanted)
    assert_inside(wanted[None], img.size)
    return left, top


def edges(out):
    """How long top, bottom, left and right edge are in the chart that `out` shows, in pixels."""
    at = places(out)
    h, w = at.shape[:2]
    across = (at[[0, -1], -1, 0] - at[[0, -1], 0, 0]) * w / (w - 1)
    along = (at[-1, [0, -1], 1] - at[0, [0, -1], 1]) * h / (h - 1)
    return [*across, *along]


def mean_corner(out):
    """The middle of the four corners of the part of a chart that `out` shows."""
    at = places(out)
    return (at[0, 0] + at[-1, 0] + at[-1, -1] + at[0, -1]) / 4


def middle_and_crossing(out):
    """Where in a chart the middle of `out` is, and where the diagonals of its part cross."""
    at = places(out)
    first, last, low, high = at[0, 0], at[-1, -1], at[-1, 0], at[0, -1]
    steps = np.stack([last - first, low - high], axis=1)
    share = np.linalg.solve(steps, low - first)[0]
    h, w = at.shape[:2]
    middle = at[(h - 1) // 2 : h // 2 + 1, (w - 1) // 2 : w // 2 + 1].mean(axis=(0, 1))
    return middle, first + share * (last - first)


def message_of(call):
    """The message of the error that a call raises, empty where it raises none."""
    try:
        call()
    except NotImplementedError:
        raise
    except Exception as error:
        return str(error)
    return ""
