"""The laws of augment.

A random answer is judged by what it gives in many calls after `random.seed`. The bounds are so wide
that a right answer, whichever functions of `random` it calls, passes but for one in 10**9.
"""

import random

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from checks.laws import (
    assert_close,
    assert_raises,
    assert_same,
    assert_that,
    law,
    number,
    unchanged,
)
from checks.words.pictures import make_picture, pictures
from katas.augment import (
    CenterCrop,
    GeneralCrop,
    PilRandomDihedral,
    PilRandomFlip,
    PilTiltRandomCrop,
    RandomResizedCrop,
    find_coeffs,
    warp,
)

BILINEAR = Image.Resampling.BILINEAR
EXTENT, PERSPECTIVE = Image.Transform.EXTENT, Image.Transform.PERSPECTIVE
STEP = 4  # grey levels from one pixel of a chart to the next
COMMON = (3 / 4, 4 / 3)

sides = st.integers(1, 12)
sizes = st.tuples(sides, sides)
modes = st.sampled_from(["RGB", "L"])
filters = st.sampled_from([Image.Resampling(i) for i in (0, 2, 3)])  # nearest, bilinear, bicubic
chances = st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9])
chart_sizes = st.sampled_from([(40, 40), (60, 40), (40, 60), (64, 24)])
odd_parts = st.tuples(st.integers(0, 7), st.integers(0, 7)).map(
    lambda sides: (2 * max(sides) + 1, 2 * min(sides) + 1)
)
"""The side of a picture and of a part in its middle; odd, so that no look-up is on a border."""
out_sizes = st.sampled_from([(12, 12), (16, 8), (8, 16)])


def draws(tfm, img, n):
    """What `n` calls give, one after the other."""
    random.seed(0)
    return [tfm(img) for _ in range(n)]


def assert_holds(holds, why, yours=None, wanted=None):
    """`assert_that` for what numpy calls true, of numbers that are shown in short."""
    assert_that(bool(np.all(holds)), why, *(short(o) for o in (yours, wanted)))


def short(value):
    """Numbers of numpy as Python's, to one place or two."""
    return np.round(value, 2).tolist() if isinstance(value, np.ndarray | np.generic) else value


def looks(img):
    """Whatever tells one picture from another."""
    assert_holds(isinstance(img, Image.Image), "wanted a picture", img, "a picture")
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
    """After the same seed the same pictures come, though other random numbers have moved on."""
    first, again = draws(make(), img, 40), draws(make(), img, 40)
    assert_holds(
        list(map(looks, first)) == list(map(looks, again)),
        "after the same random.seed, other pictures come",
    )


def assert_between_resize_and_tensor(tfm):
    """The order lies between that of ResizeFixed, 10, and that of to_byte_tensor, 20."""
    order = getattr(tfm, "_order", 0)
    assert_holds(10 < number(order) < 20, "_order is not between 10 and 20", order, 11)


def chart(w, h):
    """A picture that shows where each of its pixels is: red by x, green by y; blue is full."""
    x, y = np.meshgrid(STEP * np.arange(w), STEP * np.arange(h))
    return Image.fromarray(np.stack([x, y, np.full_like(x, 255)], axis=-1).astype(np.uint8))


def places(out):
    """Where in a chart the pixels of `out` were looked up, as [h, w, 2], in pixels."""
    assert_holds(isinstance(out, Image.Image) and out.mode == "RGB", "not RGB", out, "a picture")
    pixels = np.array(out, dtype=np.float64)
    whole = pixels[..., 2].min() >= 254
    assert_holds(whole, "a part of what comes out lies outside the picture", out, "no black edge")
    return pixels[..., :2] / STEP + 0.5


def box(out):
    """The part of a chart that `out` shows, to half a pixel: left, top, right, bottom."""
    edges = []
    for found in (places(out)[0, :, 0], places(out)[:, 0, 1]):
        step = (found[-2] - found[1]) / (len(found) - 3)
        edges.append((found[1] - 1.5 * step, found[-2] + 1.5 * step))
    (left, right), (top, bottom) = edges
    return np.array([left, top, right, bottom])


def in_the_middle(out, img):
    """How wide and high the part of a chart is that `out` shows; it has to be in the middle."""
    left, top, right, bottom = box(out)
    away = abs(left + right - img.width) / 2, abs(top + bottom - img.height) / 2
    assert_holds(max(away) < 1.3, "the part is not in the middle", (left, top, right, bottom), None)
    return right - left, bottom - top


@law("PilRandomFlip")
@given(chances, modes)
def test_a_picture_is_mirrored_with_probability_p(p, mode):
    """Of 2000 calls of PilRandomFlip(p) about 2000 * p give the mirror image, the others img."""
    img = make_picture(mode, (3, 2), 0)
    found = shares(draws(PilRandomFlip(p), img, 2000), both_views(img))
    assert_close(found, {"mirrored": p, "unchanged": 1 - p}, rtol=0.0, atol=0.08)


@law("PilRandomFlip")
def test_every_second_picture_is_mirrored_unless_told_otherwise():
    """PilRandomFlip() has p = 0.5."""
    img = make_picture("RGB", (3, 2), 0)
    found = shares(draws(PilRandomFlip(), img, 2000), both_views(img))
    assert_close(found, {"mirrored": 0.5, "unchanged": 0.5}, rtol=0.0, atol=0.08)


@law("PilRandomFlip")
@given(pictures("RGB", "L"))
@example(make_picture("RGB", (3, 2), 0))
def test_probabilities_0_and_1_leave_nothing_to_chance(img):
    """PilRandomFlip(p=0) always gives img, PilRandomFlip(p=1) always its mirror image."""
    wanted = [img, mirrored(img)]
    for p in (0, 1):
        for _ in range(20):
            assert_same(PilRandomFlip(p=p)(img), wanted[p])


@law("PilRandomFlip")
def test_flips_repeat_after_the_same_seed():
    """All chance comes from Python's `random`: the same random.seed, the same flips."""
    assert_repeats(PilRandomFlip, make_picture("RGB", (3, 2), 0))


@law("PilRandomFlip")
@given(pictures("RGB", "L"))
@example(make_picture("RGB", (3, 2), 0))
def test_the_picture_stays_when_it_is_flipped(img):
    """img has the same pixels before and after."""
    with unchanged(img=img):
        PilRandomFlip(p=1)(img)


@law("PilRandomFlip")
def test_a_flip_acts_between_resizing_and_tensors():
    """PilRandomFlip()._order is 11: after ResizeFixed (10), before to_byte_tensor (20)."""
    assert_between_resize_and_tensor(PilRandomFlip())


@law("PilRandomDihedral")
@given(st.sampled_from([1.0, 0.75, 0.5, 0.25, 0.0]), modes)
def test_each_of_the_eight_views_has_its_probability(p, mode):
    """In 4000 calls the picture itself comes with probability 1 - p * 7/8, each other view p/8."""
    img = make_picture(mode, (3, 2), 0)
    views = eight_views(img)
    wanted = dict.fromkeys(views, p / 8) | {"turned 0": 1 - p * 7 / 8}
    found = shares(draws(PilRandomDihedral(p), img, 4000), views)
    assert_close(found, wanted, rtol=0.0, atol=0.05)


@law("PilRandomDihedral")
def test_three_quarters_of_the_pictures_are_drawn_unless_told_otherwise():
    """PilRandomDihedral() has p = 0.75, so 11 of 32 pictures come out as they are."""
    img = make_picture("RGB", (3, 2), 0)
    found = shares(draws(PilRandomDihedral(), img, 4000), {"unchanged": img})
    assert_close(found, {"unchanged": 11 / 32}, rtol=0.0, atol=0.05)


@law("PilRandomDihedral")
@given(pictures("RGB", "L"))
@example(make_picture("RGB", (3, 2), 0))
def test_whatever_comes_is_one_of_the_eight_views(img):
    """Each of 60 calls gives a quarter turn of img or of its mirror image."""
    views = {looks(view) for view in eight_views(img).values()}
    found = {looks(out) for out in draws(PilRandomDihedral(p=1), img, 60)}
    assert_holds(found <= views, "what came is none of the eight views of img")


@law("PilRandomDihedral")
@given(pictures("RGB", "L"))
@example(make_picture("RGB", (3, 2), 0))
def test_with_probability_0_the_picture_comes_out_as_it_is(img):
    """PilRandomDihedral(p=0)(img) looks like img, in each of 20 calls."""
    for out in draws(PilRandomDihedral(p=0), img, 20):
        assert_same(out, img)


@law("PilRandomDihedral")
def test_views_repeat_after_the_same_seed():
    """All chance comes from Python's `random`: the same random.seed, the same views."""
    assert_repeats(PilRandomDihedral, make_picture("RGB", (3, 2), 0))


@law("PilRandomDihedral")
@given(pictures("RGB", "L"))
@example(make_picture("RGB", (3, 2), 0))
def test_the_picture_stays_when_another_view_is_made(img):
    """img has the same size and pixels before and after 20 calls."""
    with unchanged(img=img):
        draws(PilRandomDihedral(p=1), img, 20)


@law("PilRandomDihedral")
def test_a_view_is_made_between_resizing_and_tensors():
    """PilRandomDihedral()._order is 11: after ResizeFixed (10), before to_byte_tensor (20)."""
    assert_between_resize_and_tensor(PilRandomDihedral())


@law("GeneralCrop")
@given(odd_parts, odd_parts, sizes, filters, modes)
@example((15, 7), (9, 9), (5, 7), Image.Resampling.NEAREST, "RGB")
@example((7, 5), (11, 3), (16, 8), Image.Resampling.BICUBIC, "RGB")
@example((3, 3), (3, 3), (3, 3), BILINEAR, "L")
def test_the_middle_is_cut_out_and_resized_in_one_resampling(xs, ys, size, resample, mode):
    """The result is img.transform(size, EXTENT, ...) of the part of crop_size in the middle."""
    (w, wc), (h, hc) = xs, ys
    img, left, top = make_picture(mode, (w, h), 0), (w - wc) // 2, (h - hc) // 2
    wanted = img.transform(size, EXTENT, (left, top, left + wc, top + hc), resample=resample)
    assert_near(GeneralCrop(size, crop_size=(wc, hc), resample=resample)(img), wanted)


@law("GeneralCrop")
@given(pictures("RGB", "L", max_side=16), sizes)
@example(make_picture("RGB", (8, 8), 0), (3, 5))
def test_a_crop_is_bilinear_unless_told_otherwise(img, size):
    """GeneralCrop(size, crop_size) interpolates as Image.Resampling.BILINEAR does."""
    wanted = img.transform(size, EXTENT, (0, 0, *img.size), resample=BILINEAR)
    assert_near(GeneralCrop(size, img.size)(img), wanted)


@law("GeneralCrop")
@given(modes, sides, st.integers(1, 4))
@example("RGB", 7, 2)
def test_one_int_is_a_square_for_both_sizes(mode, size, half):
    """GeneralCrop(s, crop_size=c) makes a square of s pixels from one of c pixels."""
    img = make_picture(mode, (12, 8), 0)
    part = (6 - half, 4 - half, 6 + half, 4 + half)
    wanted = img.transform((size, size), EXTENT, part, resample=BILINEAR)
    assert_near(GeneralCrop(size, crop_size=2 * half)(img), wanted)


@law("GeneralCrop")
@given(st.integers(1, 8), st.integers(0, 4), st.booleans(), modes, sides)
@example(6, 3, True, "RGB", 5)
def test_a_square_is_made_from_the_largest_square(short, more, upright, mode, size):
    """GeneralCrop(s) without crop_size shows the largest square, in the middle of the picture."""
    img = make_picture(mode, (short, short + 2 * more)[:: 1 if upright else -1], 0)
    part = (0, more, short, more + short) if upright else (more, 0, more + short, short)
    wanted = img.transform((size, size), EXTENT, part, resample=BILINEAR)
    assert_near(GeneralCrop(size)(img), wanted)


@law("GeneralCrop")
@given(chart_sizes, out_sizes)
@example((60, 40), (16, 8))
def test_without_a_crop_size_the_part_is_as_large_as_fits(img_size, size):
    """The part is in the middle, inside the picture, and reaches from edge to edge one way."""
    img = chart(*img_size)
    wc, hc = in_the_middle(GeneralCrop(size)(img), img)
    fills = min(abs(wc - img.width), abs(hc - img.height))
    assert_holds(fills < 1, "a larger part would fit", (round(wc, 1), round(hc, 1)), img.size)


@law("GeneralCrop")
@given(st.lists(chart_sizes, min_size=2, max_size=4, unique=True))
@example([(60, 40), (40, 60)])
def test_one_crop_serves_pictures_of_all_shapes(img_sizes):
    """What a GeneralCrop gives does not depend on the pictures before."""
    imgs = [make_picture("L", size, 0) for size in img_sizes]
    wanted = [looks(GeneralCrop(6)(img)) for img in imgs]
    crop = GeneralCrop(6)
    assert_holds([looks(crop(img)) for img in imgs] == wanted, "it depends on the pictures before")


@law("GeneralCrop")
@given(st.tuples(st.integers(0, 4), st.integers(0, 4)), sizes)
@example((1, 3), (4, 2))
def test_a_subclass_may_put_the_part_elsewhere(corner, size):
    """Where a subclass defines get_corners(w, h, wc, hc), the part lies where that says."""
    img = make_picture("RGB", (12, 8), 0)
    part = (*corner, corner[0] + 5, corner[1] + 3)
    can = hasattr(GeneralCrop, "get_corners")
    own = type("Own", (GeneralCrop,), {"get_corners": lambda self, *args: part} if can else {})
    wanted = img.transform(size, EXTENT, part if can else (3, 2, 9, 6), resample=BILINEAR)
    assert_near(own(size, (6, 4))(img), wanted)


@law("GeneralCrop")
@given(st.tuples(st.integers(1, 6), st.integers(1, 4)))
@example((5, 1))
def test_a_subclass_may_change_the_default_size_of_the_part(halves):
    """Where a subclass defines default_crop_size(w, h), that is the size without a crop_size."""
    img = make_picture("RGB", (12, 8), 0)
    can = hasattr(GeneralCrop, "default_crop_size")
    (x, y), part = halves if can else (4, 4), lambda self, *args: (2 * halves[0], 2 * halves[1])
    own = type("Own", (GeneralCrop,), {"default_crop_size": part} if can else {})
    wanted = img.transform((5, 5), EXTENT, (6 - x, 4 - y, 6 + x, 4 + y), resample=BILINEAR)
    assert_near(own(5)(img), wanted)


@law("GeneralCrop")
@given(pictures("RGB", "L"), sizes)
def test_the_picture_stays_when_a_part_is_cut_out(img, size):
    """img has the same size and pixels before and after."""
    with unchanged(img=img):
        GeneralCrop(size)(img)


@law("GeneralCrop")
def test_a_crop_acts_between_resizing_and_tensors():
    """GeneralCrop(size)._order is 11: after ResizeFixed (10), before to_byte_tensor (20)."""
    assert_between_resize_and_tensor(GeneralCrop(4))


@law("CenterCrop")
@given(modes, st.sampled_from([1, 2, 4, 1.25]), sides, st.integers(0, 9))
@example("RGB", 2, 7, 0)
def test_a_square_is_cropped_and_resized_in_one_resampling(mode, scale, size, seed):
    """Of a square of s pixels, the middle s/scale come out, by one transform with EXTENT."""
    img = make_picture(mode, (40, 40), seed)
    rest = (40 - 40 / scale) / 2
    part = (rest, rest, 40 - rest, 40 - rest)
    wanted = img.transform((size, size), EXTENT, part, resample=BILINEAR)
    assert_near(CenterCrop(size, scale=scale)(img), wanted)


@law("CenterCrop")
@given(chart_sizes, out_sizes, st.sampled_from([1.0, 1.14, 1.3, 1.6, 2.0]))
@example((60, 40), (12, 12), 1.6)
def test_the_part_in_the_middle_is_scale_times_smaller_than_fits(img_size, size, scale):
    """The part is centred; `scale` times as large, it would reach from edge to edge one way."""
    img = chart(*img_size)
    wc, hc = in_the_middle(CenterCrop(size, scale=scale)(img), img)
    largest = max(wc * scale / img.width, hc * scale / img.height)
    assert_holds(
        abs(largest - 1) < 0.08, "not the scale that was asked for", largest * scale, scale
    )


@law("CenterCrop")
@given(chart_sizes)
def test_the_scale_is_256_to_224_unless_told_otherwise(img_size):
    """CenterCrop(size) has scale = 1.14."""
    img = chart(*img_size)
    wc, hc = in_the_middle(CenterCrop(12)(img), img)
    found = 1 / max(wc / img.width, hc / img.height)
    assert_holds(abs(found - 1.14) < 0.07, "the default scale is not 1.14", found, 1.14)


@law("CenterCrop")
@given(st.sampled_from([(1, 500), (500, 1), (1, 1), (3, 2), (60, 40)]), sizes, modes)
@example((1, 500), (4, 2), "L")
def test_what_is_cropped_from_the_middle_has_the_size_asked_for(img_size, size, mode):
    """CenterCrop((w, h)) gives w by h pixels, CenterCrop(s) s by s, from a picture of any shape."""
    img = Image.new(mode, img_size, "white")
    wanted = [Image.new(mode, o, "white") for o in (size, (size[0], size[0]))]
    assert_same([CenterCrop(size)(img), CenterCrop(size[0])(img)], wanted)


@law("CenterCrop")
@given(st.lists(chart_sizes, min_size=2, max_size=4, unique=True))
@example([(60, 40), (40, 60)])
def test_one_center_crop_serves_pictures_of_all_shapes(img_sizes):
    """What a CenterCrop gives does not depend on the pictures before."""
    imgs = [make_picture("L", size, 0) for size in img_sizes]
    wanted = [looks(CenterCrop(6)(img)) for img in imgs]
    crop = CenterCrop(6)
    assert_holds([looks(crop(img)) for img in imgs] == wanted, "it depends on the pictures before")


@law("CenterCrop")
@given(pictures("RGB", "L"), sizes)
def test_the_picture_stays_when_its_middle_is_cut_out(img, size):
    """img has the same size and pixels before and after."""
    with unchanged(img=img):
        CenterCrop(size)(img)


@law("CenterCrop")
def test_a_center_crop_acts_between_resizing_and_tensors():
    """CenterCrop(size)._order is 11: after ResizeFixed (10), before to_byte_tensor (20)."""
    assert_between_resize_and_tensor(CenterCrop(4))


def boxes(n, img_size, **options):
    """The parts that `n` calls of a RandomResizedCrop show of a chart, as rows of [n, 4]."""
    img = chart(*img_size)
    return np.array([box(out) for out in draws(RandomResizedCrop(12, **options), img, n)])


def assert_inside(found, w, h):
    """All boxes lie in a picture of (w, h), as far as one can read."""
    over = (found[:, :2].min() < -0.8) or (found[:, 2:] > np.array([w, h]) + 0.8).any()
    assert_holds(not over, "a part reaches out of the picture", found.max(0), (w, h))


@law("RandomResizedCrop")
@given(
    st.sampled_from(
        [  # attempts fail often in the long pictures; elsewhere the first one always fits
            ((64, 64), (0.08, 0.5), COMMON),
            ((64, 40), (0.25, 0.25), COMMON),
            ((64, 64), (0.3, 0.3), (1.0, 1.0)),
            ((64, 64), (0.1, 0.2), (2.0, 3.0)),
            ((40, 64), (0.1, 0.3), (0.4, 0.5)),
            ((64, 16), (0.2, 1.0), COMMON),
            ((16, 64), (0.2, 1.0), COMMON),
        ]
    )
)
def test_area_and_aspect_ratio_lie_in_range(case):
    """In 200 calls the part is inside, its area within scale, its width/height within ratio."""
    (w, h), (least, greatest), (low, high) = case
    found = boxes(200, (w, h), scale=(least, greatest), ratio=(low, high))
    wc, hc = found[:, 2] - found[:, 0], found[:, 3] - found[:, 1]
    rest = 1.4 * (wc + hc)  # whole pixels, and how well one can read them
    assert_inside(found, w, h)
    small, large = (wc * hc + rest < least * w * h), (wc * hc - rest > greatest * w * h)
    assert_holds(not small.any(), "a part is too small", (wc * hc).min() / (w * h), least)
    assert_holds(not large.any(), "a part is too large", (wc * hc).max() / (w * h), greatest)
    tall, wide = (wc + 1.4 < low * (hc - 1.4)), (wc - 1.4 > high * (hc + 1.4))
    assert_holds(not tall.any(), "a part is too narrow", (wc / hc).min(), low)
    assert_holds(not wide.any(), "a part is too wide", (wc / hc).max(), high)


@law("RandomResizedCrop")
def test_areas_come_from_the_whole_range():
    """Of 400 crops, each quarter of the range of areas has its share."""
    found = boxes(400, (64, 64), scale=(0.1, 0.9), ratio=(1.0, 1.0))
    areas = (found[:, 2] - found[:, 0]) * (found[:, 3] - found[:, 1]) / 64**2
    counts = np.histogram(areas.clip(0.1, 0.9), bins=4, range=(0.1, 0.9))[0].tolist()
    assert_holds(min(counts) >= 20, "a quarter of the range is rare", counts, [100] * 4)


@law("RandomResizedCrop")
def test_shapes_come_from_the_whole_range():
    """Of 400 crops with ratio=(1/2, 2), some are wide, some tall, and some nearly square."""
    found = boxes(400, (64, 64), scale=(0.2, 0.3), ratio=(0.5, 2.0))
    ratios = (found[:, 2] - found[:, 0]) / (found[:, 3] - found[:, 1])
    counts = np.histogram(ratios, bins=[0, 0.8, 1.25, 9])[0].tolist()
    assert_holds(min(counts) >= 20, "of tall, square and wide, one is rare", counts, [133] * 3)


@law("RandomResizedCrop")
def test_the_part_may_be_anywhere():
    """Of 400 crops of half the side, each quarter of the picture has its share of top left."""
    found = boxes(400, (64, 64), scale=(0.25, 0.25), ratio=(1.0, 1.0))
    right, low = found[:, 0] > 16, found[:, 1] > 16
    counts = np.histogram(2 * low + right, bins=4, range=(-0.5, 3.5))[0]
    assert_holds(min(counts) >= 40, "a place is rare", counts, [100] * 4)
    spread = np.ptp(found[:, :2], axis=0).min()
    assert_holds(spread > 24, "the part never comes near some edge", spread, 32.0)


@law("RandomResizedCrop")
def test_a_crop_has_8_to_100_percent_unless_told_otherwise():
    """RandomResizedCrop(size) has scale = (0.08, 1) and ratio = (3/4, 4/3)."""
    found = boxes(300, (64, 64))
    wc, hc = found[:, 2] - found[:, 0], found[:, 3] - found[:, 1]
    areas, ratios = wc * hc / 64**2, wc / hc
    assert_holds(0.05 < areas.min() < 0.15, "small parts are missing", areas.min(), 0.08)
    assert_holds(areas.max() > 0.7, "large parts are missing", areas.max(), 1.0)
    assert_holds(0.65 < ratios.min() < 0.85, "the narrowest part", ratios.min(), 3 / 4)
    assert_holds(1.18 < ratios.max() < 1.55, "the widest part", ratios.max(), 4 / 3)


@law("RandomResizedCrop")
@given(modes, st.integers(1, 8), st.tuples(st.integers(8, 20), st.integers(8, 20)))
@example("RGB", 8, (16, 20))
def test_the_whole_picture_is_resized_bilinear_and_once(mode, side, size):
    """With scale=(1, 1) and ratio=(1, 1), a square picture comes out whole, enlarged bilinear."""
    img = make_picture(mode, (side, side), 0)
    wanted = img.transform(size, EXTENT, (0, 0, side, side), resample=BILINEAR)
    assert_near(RandomResizedCrop(size, scale=(1.0, 1.0), ratio=(1.0, 1.0))(img), wanted)


@law("RandomResizedCrop")
@given(st.sampled_from([(1, 500), (500, 1), (2, 500), (60, 40), (8, 8)]), sizes, modes)
@example((1, 500), (4, 2), "L")
def test_a_random_crop_of_any_picture_has_the_size_asked_for(img_size, size, mode):
    """White pictures of any shape give white ones, (w, h) or s by s, in 10 calls."""
    img = Image.new(mode, img_size, "white")
    wanted = [Image.new(mode, o, "white") for o in (size, (size[0], size[0]))]
    for _ in range(10):
        assert_same([RandomResizedCrop(o)(img) for o in (size, size[0])], wanted)


@law("RandomResizedCrop")
@given(st.booleans(), modes)
def test_a_picture_of_1_by_500_falls_back_to_its_middle(upright, mode):
    """No part of the right shape fits in 1 by 500 pixels, so the one in the middle is shown."""
    row = np.arange(500)[None] // 2
    img = Image.fromarray((row.T if upright else row).astype(np.uint8)).convert(mode)
    for out in draws(RandomResizedCrop(8), img, 20):
        shown = float(np.array(out).mean())
        assert_holds(abs(shown - 124.75) < 2, "not the middle", shown, 124.75)


@law("RandomResizedCrop")
@given(st.booleans())
def test_where_no_attempt_can_fit_the_middle_is_shown(upright):
    """In a picture of 64 by 8 no part has half its area, so a part in the middle comes out."""
    img = chart(8, 64) if upright else chart(64, 8)
    for out in draws(RandomResizedCrop(12, scale=(0.5, 1.0)), img, 20):
        in_the_middle(out, img)


@law("RandomResizedCrop")
def test_a_part_that_does_not_fit_is_drawn_again():
    """Where every second attempt fits, the part in the middle of 64 by 32 stays rare."""
    found = boxes(200, (64, 32), scale=(0.02, 0.98), ratio=(1.0, 1.0))
    in_place = abs(found - np.array([16, 0, 48, 32])).max(axis=1) < 1.3
    assert_holds(in_place.mean() < 0.25, "the middle comes too often", in_place.mean(), 0.001)


@law("RandomResizedCrop")
def test_crops_repeat_after_the_same_seed():
    """All chance comes from Python's `random`: the same random.seed, the same crops."""
    assert_repeats(lambda: RandomResizedCrop(6), make_picture("RGB", (16, 12), 0))


@law("RandomResizedCrop")
@given(pictures("RGB", "L", max_side=20))
def test_the_picture_stays_when_random_parts_are_cut_out(img):
    """img has the same size and pixels before and after 5 calls."""
    with unchanged(img=img):
        draws(RandomResizedCrop(4), img, 5)


@law("RandomResizedCrop")
def test_one_random_crop_serves_pictures_of_all_shapes():
    """One and the same RandomResizedCrop finds parts inside of pictures large and small."""
    crop = RandomResizedCrop(12, scale=(0.3, 1.0))
    for img_size in [(64, 64), (16, 60), (60, 16), (20, 20), (64, 40)] * 8:
        assert_inside(np.array([box(crop(chart(*img_size)))]), *img_size)


@law("RandomResizedCrop")
def test_a_random_crop_acts_between_resizing_and_tensors():
    """RandomResizedCrop(size)._order is 11: after ResizeFixed (10), before to_byte_tensor (20)."""
    assert_between_resize_and_tensor(RandomResizedCrop(4))


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
    corners = [*((x + n * dx, y + n * dy) for n in steps), fourth]
    return draw(st.permutations(corners))


def numbers(coeffs):
    """Coefficients as floats, from whatever holds them."""
    return [number(c) for c in coeffs]


def applied(coeffs, points):
    """Where eight coefficients look up each of `points`."""
    a, b, c, d, e, f, g, h = coeffs
    below = [g * x + h * y + 1 for x, y in points]
    xs = [(a * x + b * y + c) / z for (x, y), z in zip(points, below, strict=True)]
    ys = [(d * x + e * y + f) / z for (x, y), z in zip(points, below, strict=True)]
    return list(zip(xs, ys, strict=True))


SQUARE = [(0, 0), (0, 4), (4, 4), (4, 0)]


@law("find_coeffs")
@given(quadrilaterals(), quadrilaterals())
@example(SQUARE, SQUARE)
@example([(10, 20), (0, 90), (80, 70), (60, 10)], [(0, 0), (0, 32), (48, 32), (48, 0)])
def test_each_target_corner_is_looked_up_at_its_original(orig, targ):
    """Applied to the target corners, the coefficients give the original corners to 1e-6 pixels."""
    wanted = [(float(x), float(y)) for x, y in orig]
    coeffs = numbers(find_coeffs(list(orig), list(targ)))
    assert_holds(len(coeffs) == 8, "wanted eight coefficients", len(coeffs), 8)
    assert_close(applied(coeffs, targ), wanted, rtol=0.0, atol=1e-6)


tilts = st.floats(-0.001, 0.001).map(lambda x: round(x, 5))
slopes = st.floats(-0.3, 0.3).map(lambda x: round(x, 2))


@law("find_coeffs")
@given(quadrilaterals(), st.tuples(slopes, slopes), st.tuples(tilts, tilts), st.integers(-50, 50))
@example(SQUARE, (0.0, 0.0), (0.0, 0.0), 3)
def test_a_known_perspective_is_found_again(targ, slope, tilt, shift):
    """If the originals are made by eight coefficients a..h, those eight are found, in order."""
    coeffs = [1.5, slope[0], float(shift), slope[1], 0.75, 20.0, *tilt]
    orig = applied(coeffs, targ)
    assert_close(numbers(find_coeffs(orig, list(targ))), coeffs, rtol=1e-6, atol=1e-7)


@law("find_coeffs")
@given(quadrilaterals())
@example(SQUARE)
def test_corners_that_stay_give_the_identity(corners):
    """find_coeffs(corners, corners) is 1, 0, 0, 0, 1, 0, 0, 0, but for rounding."""
    found = numbers(find_coeffs(list(corners), list(corners)))
    assert_close(found, [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0], rtol=0.0, atol=1e-6)


@law("find_coeffs")
@given(corners_on_a_line())
@example([(0, 0), (0, 4), (0, 8), (4, 0)])
@example([(0, 0), (1, 1), (2, 2), (3, 3)])
@example([(0, 0), (0, 4), (4, 4), (2, 2)])
def test_original_corners_on_a_line_are_a_value_error(orig):
    """Three originals on one line are no picture's corners: ValueError."""
    with assert_raises(ValueError):
        find_coeffs(list(orig), list(SQUARE))


@law("find_coeffs")
@given(corners_on_a_line())
@example([(0, 0), (0, 4), (0, 8), (4, 0)])
@example([(0, 0), (1, 1), (2, 2), (3, 3)])
@example([(1, 0), (1, 4), (4, 4), (1, 7)])
def test_target_corners_on_a_line_are_a_value_error(targ):
    """Three targets on one line enclose nothing to fill: ValueError."""
    with assert_raises(ValueError):
        find_coeffs(list(SQUARE), list(targ))


@law("find_coeffs")
@given(quadrilaterals(), quadrilaterals())
def test_the_corners_of_the_caller_stay_as_they_are(orig, targ):
    """orig_pts and targ_pts, as lists of lists, are the same before and after."""
    orig, targ = [list(o) for o in orig], [list(o) for o in targ]
    with unchanged(orig=orig, targ=targ):
        find_coeffs(orig, targ)


def solved(src, size):
    """The coefficients that `Image.transform` wants for four corners, by numpy, in doubles."""
    w, h = size
    rows, right = [], []
    for (x, y), (u, v) in zip(src, [(0, 0), (0, h), (w, h), (w, 0)], strict=True):
        rows += [(u, v, 1, 0, 0, 0, -x * u, -x * v), (0, 0, 0, u, v, 1, -y * u, -y * v)]
        right += [x, y]
    return np.linalg.solve(np.array(rows, float), np.array(right, float)).tolist()


inner_corners = st.tuples(*[st.integers(0, 6)] * 8).map(
    lambda d: [(d[0], d[1]), (d[2], 23 - d[3]), (31 - d[4], 23 - d[5]), (31 - d[6], d[7])]
)


@law("warp")
@given(inner_corners, modes, sizes, st.integers(0, 9))
@example([(6, 0), (0, 23), (31, 20), (25, 5)], "RGB", (12, 9), 0)
def test_a_warp_is_the_perspective_of_its_four_corners(src, mode, size, seed):
    """warp(img, (w, h), src) is img.transform with PERSPECTIVE, from src to (0, 0)..(w, h)."""
    img = make_picture(mode, (32, 24), seed)
    wanted = img.transform(size, PERSPECTIVE, solved(src, size), resample=BILINEAR)
    assert_near(warp(img, size, list(src)), wanted)


@law("warp")
@given(inner_corners)
@example([(6, 0), (0, 23), (31, 20), (25, 5)])
def test_the_four_corners_land_on_the_corners_of_the_result(src):
    """Top left, bottom left, bottom right, top right of the result show the corners in this order.

    The result is so large that its corner pixels lie within half a pixel of the corners themselves.
    """
    shown = places(warp(chart(32, 24), (96, 72), list(src)))
    found = np.array([shown[0, 0], shown[-1, 0], shown[-1, -1], shown[0, -1]])
    apart = float(abs(found - np.array(src)).max())
    assert_holds(apart < 1.3, "a corner shows another place", found, src)


@law("warp")
@given(pictures("RGB", "L", max_side=16), filters)
@example(make_picture("RGB", (5, 3), 0), BILINEAR)
def test_the_corners_of_the_picture_itself_change_nothing(img, resample):
    """With src_coords the corners of img and its own size, the result is img, exactly."""
    w, h = img.size
    corners = [(0, 0), (0, h), (w, h), (w, 0)]
    assert_same(warp(img, (w, h), corners, resample=resample), img)


@law("warp")
@given(pictures("RGB", "L", max_side=16), st.integers(0, 3))
@example(make_picture("RGB", (5, 3), 0), 1)
def test_corners_moved_on_by_one_turn_the_picture(img, turns):
    """With the corner list turned by one, two, three, the result is img turned by quarters."""
    w, h = img.size
    corners = [(0, 0), (0, h), (w, h), (w, 0)]
    wanted = eight_views(img)[f"turned {90 * (-turns % 4)}"]
    assert_same(warp(img, wanted.size, corners[turns:] + corners[:turns]), wanted)


@law("warp")
@given(st.tuples(*[st.integers(0, 3)] * 4), sizes, filters, modes)
@example((2, 1, 3, 2), (3, 5), Image.Resampling.NEAREST, "RGB")
@example((2, 1, 3, 2), (3, 5), Image.Resampling.BICUBIC, "RGB")
def test_a_rectangle_is_cut_out_as_extent_does_it(part, size, resample, mode):
    """For the corners of a rectangle, and any filter, transform with EXTENT gives the same."""
    img = make_picture(mode, (60, 60), 0)
    left, top, across, along = part
    right, bottom = left + size[0] * (1, 3, 0.5, 0.25)[across], top + size[1] * (1, 3)[along % 2]
    corners = [(left, top), (left, bottom), (right, bottom), (right, top)]
    wanted = img.transform(size, EXTENT, (left, top, right, bottom), resample=resample)
    assert_near(warp(img, size, corners, resample=resample), wanted)


@law("warp")
@given(inner_corners, modes)
def test_picture_and_corners_stay_as_they_are_when_warped(src, mode):
    """img and src_coords, a list of lists, are the same before and after."""
    img, src = make_picture(mode, (32, 24), 0), [list(corner) for corner in src]
    with unchanged(img=img, src_coords=src):
        warp(img, (8, 6), src)


def assert_plain(out, wc, hc, img):
    """`out` shows a part of (wc, hc) pixels of a chart, upright; gives its left and top edge."""
    at = places(out)
    h, w = at.shape[:2]
    x, y = np.meshgrid((np.arange(w) + 0.5) * wc / w, (np.arange(h) + 0.5) * hc / h)
    corner = at - np.stack([x, y], axis=-1)  # the same everywhere, but for rounding
    apart = float(np.ptp(corner, axis=(0, 1)).max())
    assert_holds(apart < 1.3, f"not an upright part of {wc} by {hc} pixels", box(out), None)
    left, top = corner.mean(axis=(0, 1))
    inside = -1 < left < img.width - wc + 1 and -1 < top < img.height - hc + 1
    assert_holds(inside, "the part reaches out of the picture", box(out), img.size)
    return left, top


def edges(out):
    """How long top, bottom, left and right edge are in the chart that `out` shows, in pixels."""
    at = places(out)
    h, w = at.shape[:2]
    across = (at[[0, -1], -1, 0] - at[[0, -1], 0, 0]) * w / (w - 1)
    along = (at[-1, [0, -1], 1] - at[0, [0, -1], 1]) * h / (h - 1)
    return [*across, *along]


@law("PilTiltRandomCrop")
@given(st.sampled_from([16, 40, (24, 16), (20, 40)]), st.sampled_from([12, 24, (16, 8), (8, 16)]))
@example((24, 16), (8, 16))
def test_without_magnitude_it_is_a_plain_crop(crop_size, size):
    """With magnitude 0, 20 calls show upright parts of crop_size, inside the picture."""
    img, (wc, hc) = chart(60, 40), crop_size if isinstance(crop_size, tuple) else (crop_size,) * 2
    wanted = size if isinstance(size, tuple) else (size, size)
    for options in ({}, {"magnitude": 0.0}):
        for out in draws(PilTiltRandomCrop(size, crop_size, **options), img, 10):
            assert_plain(out, wc, hc, img)
            assert_same(out.size, wanted)


@law("PilTiltRandomCrop")
def test_a_plain_crop_may_be_anywhere():
    """Of 400 crops of half the side, each quarter of the picture has its share of top left."""
    img = chart(60, 60)
    found = draws(PilTiltRandomCrop(12, crop_size=30), img, 400)
    at = np.array([assert_plain(out, 30, 30, img) for out in found])
    counts = np.histogram(2 * (at[:, 1] > 15) + (at[:, 0] > 15), bins=4, range=(-0.5, 3.5))[0]
    assert_holds(min(counts) >= 40, "a place is rare", counts, [100] * 4)
    spread = float(np.ptp(at, axis=0).min())
    assert_holds(spread > 22, "the part never comes near some edge", spread, 30.0)


@law("PilTiltRandomCrop")
@given(st.sampled_from([(60, 40), (40, 60), (24, 24)]), out_sizes)
def test_without_a_crop_size_it_is_the_largest_square(img_size, size):
    """PilTiltRandomCrop(size) shows a square as wide or as high as the picture, in 10 calls."""
    img, side = chart(*img_size), min(img_size)
    for out in draws(PilTiltRandomCrop(size), img, 10):
        assert_plain(out, side, side, img)


@law("PilTiltRandomCrop")
@given(
    st.sampled_from([0.05, 0.1, 0.2]),
    st.sampled_from([(20, 20), (30, 20), (20, 60)]),
    st.sampled_from([None, 12, 18, (20, 16)]),
    modes,
)
@example(0.2, (20, 20), None, "RGB")
@example(0.2, (20, 20), 18, "RGB")
def test_a_white_picture_stays_white_to_its_edges(magnitude, img_size, crop_size, mode):
    """No corner leaves the picture: 40 tilted crops of a white picture have no black edge."""
    img, wanted = (Image.new(mode, size, "white") for size in (img_size, (9, 7)))
    for out in draws(PilTiltRandomCrop((9, 7), crop_size, magnitude=magnitude), img, 40):
        assert_same(out, wanted)


@law("PilTiltRandomCrop")
@given(st.sampled_from([(1, 500), (500, 1), (1, 1)]), sizes, modes)
@example((1, 500), (4, 2), "L")
def test_a_tilt_crop_of_a_picture_of_any_shape_has_the_size_asked_for(img_size, size, mode):
    """Very long white pictures give white ones, (w, h) or s by s."""
    img = Image.new(mode, img_size, "white")
    wanted = [Image.new(mode, o, "white") for o in (size, (size[0], size[0]))]
    assert_same([PilTiltRandomCrop(o)(img) for o in (size, size[0])], wanted)


@law("PilTiltRandomCrop")
@given(st.sampled_from([0.1, 0.2]), st.sampled_from([(24, 24), (30, 20)]))
def test_edges_grow_against_their_opposites(magnitude, crop_size):
    """Of 100 tilted crops, some are clearly wider on top, some below, some left and some right."""
    crop = PilTiltRandomCrop(crop_size, crop_size, magnitude=magnitude)
    found = np.array([edges(out) for out in draws(crop, chart(64, 64), 100)])
    differences = found[:, [0, 2]] - found[:, [1, 3]]
    least = 0.5 * magnitude * np.array(crop_size)
    enough = (differences.max(0) > least).all() and (differences.min(0) < -least).all()
    assert_holds(
        enough,
        "opposite edges stay as long as each other, or the same one is always longer",
        [differences.min(0), differences.max(0)],
    )


@law("PilTiltRandomCrop")
@given(st.sampled_from([0.02, 0.1, 0.2]), st.sampled_from([(24, 24), (40, 16), (16, 40)]))
def test_a_corner_moves_by_magnitude_at_most(magnitude, crop_size):
    """Two corners move an edge: at most 2 * magnitude of its length are added or taken away."""
    crop = PilTiltRandomCrop((32, 32), crop_size, magnitude=magnitude)
    found = np.array([edges(out) for out in draws(crop, chart(64, 64), 100)])
    moved = abs(found - np.array(crop_size).repeat(2)) / np.array(crop_size).repeat(2)
    most = 2 * magnitude + 1.8 / np.array(crop_size).repeat(2)  # as well as one can read them
    assert_holds(moved < most, "an edge changes too much, by share", moved.max(0), most)


def error_of(call):
    """The error that a call raises, None if it raises none."""
    try:
        call()
    except NotImplementedError:
        raise
    except Exception as error:
        return error
    return None


@law("PilTiltRandomCrop")
@given(
    st.sampled_from([0.0, 0.1]),
    st.sampled_from([13, 30, (13, 6), (6, 11), (20, 20)]),
)
@example(0.0, (6, 11))
def test_a_crop_larger_than_the_picture_is_a_clear_error(magnitude, crop_size):
    """A crop wider or higher than the picture raises an error about its size, not about chance."""
    crop = PilTiltRandomCrop(4, crop_size, magnitude=magnitude)
    assert_same(crop(Image.new("L", (40, 40), 9)), Image.new("L", (4, 4), 9))
    error = error_of(lambda: crop(Image.new("L", (12, 10), 9)))
    assert_holds(error is not None, "no error was raised", error, "an error")
    assert_holds("empty range" not in str(error), "the error speaks of random numbers", error)


@law("PilTiltRandomCrop")
def test_tilts_repeat_after_the_same_seed():
    """All chance comes from Python's `random`: the same random.seed, the same tilted crops."""
    crop = lambda: PilTiltRandomCrop(6, crop_size=8, magnitude=0.1)  # noqa: E731
    assert_repeats(crop, make_picture("RGB", (16, 12), 0))


@law("PilTiltRandomCrop")
@given(modes, st.sampled_from([0.0, 0.2]))
def test_the_picture_stays_when_it_is_tilted(mode, magnitude):
    """img has the same size and pixels before and after 5 calls."""
    img = make_picture(mode, (20, 14), 0)
    with unchanged(img=img):
        draws(PilTiltRandomCrop(4, crop_size=10, magnitude=magnitude), img, 5)


@law("PilTiltRandomCrop")
def test_one_tilt_serves_pictures_of_all_sizes():
    """Without a crop_size, the crop of each picture is as large as that picture allows."""
    crop = PilTiltRandomCrop(12)
    for img in [chart(*size) for size in [(60, 40), (20, 30), (64, 64), (30, 20)]]:
        assert_plain(crop(img), min(img.size), min(img.size), img)


@law("PilTiltRandomCrop")
def test_a_tilt_acts_between_resizing_and_tensors():
    """PilTiltRandomCrop(size)._order is 11: after ResizeFixed (10), before to_byte_tensor (20)."""
    assert_between_resize_and_tensor(PilTiltRandomCrop(4))
