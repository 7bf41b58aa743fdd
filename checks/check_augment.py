"""The laws of augment.

A random answer is judged by many calls after `random.seed`. The bounds are so wide that a right
answer, whichever functions of `random` it calls, passes but for one in 10**6.
"""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from checks.laws import (
    Words,
    assert_close,
    assert_raises,
    assert_same,
    assert_that,
    law,
    number,
    unchanged,
)
from checks.words import crops
from checks.words.crops import SQUARE, assert_holds, chart, draws, extent
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

NEAREST, BILINEAR, BICUBIC = (Image.Resampling(i) for i in (0, 2, 3))

pixels = example(make_picture("RGB", (3, 2), 0))
few = settings(max_examples=8)


@law(
    "PilRandomFlip", "The picture mirrored left to right with probability `p`, otherwise unchanged."
)
@few
@given(crops.crop_chances, crops.crop_modes)
def test_a_picture_is_mirrored_with_probability_p(p, mode):
    """Of 2000 calls of PilRandomFlip(p) about 2000 * p return the mirror image, the others img."""
    img, flip = make_picture(mode, (3, 2), 0), PilRandomFlip(p)
    PilRandomFlip(0.6)  # another one changes nothing
    found = crops.shares(draws(flip, img, 2000), crops.both_views(img))
    assert_close(found, {"mirrored": p, "unchanged": 1 - p}, rtol=0.0, atol=0.06)


@law(
    "PilRandomFlip", "The picture mirrored left to right with probability `p`, otherwise unchanged."
)
@given(pictures("RGB", "L"))
@pixels
def test_probabilities_0_and_1_leave_nothing_to_chance(img):
    """PilRandomFlip(p=0) always returns img, PilRandomFlip(p=1) always its mirror image."""
    for _ in range(20):
        assert_same(PilRandomFlip(p=0)(img), img)
        assert_same(PilRandomFlip(p=1)(img), crops.mirrored(img))


@law(
    "PilRandomFlip", "The picture mirrored left to right with probability `p`, otherwise unchanged."
)
def test_every_second_picture_is_mirrored_unless_told_otherwise():
    """PilRandomFlip() has p = 0.5."""
    img = make_picture("RGB", (3, 2), 0)
    found = crops.shares(draws(PilRandomFlip(), img, 2000), crops.both_views(img))
    assert_close(found, {"mirrored": 0.5, "unchanged": 0.5}, rtol=0.0, atol=0.06)


@law("PilRandomFlip", "All randomness comes from Python's `random`, drawn on each call.")
def test_flips_repeat_after_the_same_seed():
    """The same random.seed, the same flips, from one transform or from several."""
    crops.assert_repeats(PilRandomFlip, make_picture("RGB", (3, 2), 0))
    crops.assert_moves_on(PilRandomFlip(), make_picture("RGB", (3, 2), 0))


@law("PilRandomFlip", "The picture that's passed in stays unchanged.")
@given(pictures("RGB", "L"))
@pixels
def test_the_picture_stays_when_it_is_flipped(img):
    """img has the same pixels before and after."""
    with unchanged(img=img):
        PilRandomFlip(p=1)(img)


@law("PilRandomFlip", "A transform has `_order` 11")
def test_a_flip_acts_between_resizing_and_tensors():
    """PilRandomFlip()._order is 11: after ResizeFixed (10), before to_byte_tensor (20)."""
    assert_same(number(getattr(PilRandomFlip(), "_order", 0)), 11.0)


@law(
    "PilRandomDihedral",
    "One of the eight views of the picture with probability `p`",
    "The eight views are the four quarter turns of the picture and of its mirror image, all equally"
    " likely.",
    "The picture itself is one of them: it comes out unchanged with probability 1 - p * 7/8.",
)
@few
@given(st.sampled_from([1.0, 0.75, 0.5, 0.25, 0.0]), crops.crop_modes)
def test_each_of_the_eight_views_has_its_probability(p, mode):
    """In 4000 calls the picture itself comes with probability 1 - p * 7/8, each other view p/8."""
    img, turn = make_picture(mode, (3, 2), 0), PilRandomDihedral(p)
    PilRandomDihedral(0.6)  # another one changes nothing
    views = crops.eight_views(img)
    wanted = dict.fromkeys(views, p / 8) | {"turned 0": 1 - p * 7 / 8}
    found = crops.shares(draws(turn, img, 4000), views)
    assert_close(found, wanted, rtol=0.0, atol=0.04)


@law("PilRandomDihedral", "the four quarter turns of the picture and of its mirror image")
@given(pictures("RGB", "L"))
@pixels
def test_whatever_comes_is_one_of_the_eight_views(img):
    """Each of 60 calls returns a quarter turn of img or of its mirror image."""
    views = {crops.looks(view) for view in crops.eight_views(img).values()}
    found = [crops.looks(out) in views for out in draws(PilRandomDihedral(p=1), img, 60)]
    assert_that(all(found), "pictures that are one of the eight views, of 60", sum(found), 60)


@law("PilRandomDihedral", "otherwise the picture unchanged")
@given(pictures("RGB", "L"))
@pixels
def test_with_probability_0_the_picture_comes_out_unchanged(img):
    """PilRandomDihedral(p=0)(img) looks like img, in each of 20 calls."""
    for out in draws(PilRandomDihedral(p=0), img, 20):
        assert_same(out, img)


@law("PilRandomDihedral", "it comes out unchanged with probability 1 - p * 7/8")
def test_three_quarters_of_the_pictures_are_drawn_unless_told_otherwise():
    """PilRandomDihedral() has p = 0.75, so 11 of 32 pictures come out unchanged."""
    img = make_picture("RGB", (3, 2), 0)
    found = crops.shares(draws(PilRandomDihedral(), img, 4000), {"unchanged": img})
    assert_close(found, {"unchanged": 11 / 32}, rtol=0.0, atol=0.04)


@law("PilRandomDihedral", "All randomness comes from Python's `random`, drawn on each call.")
def test_views_repeat_after_the_same_seed():
    """The same random.seed, the same views, from one transform or from several."""
    crops.assert_repeats(PilRandomDihedral, make_picture("RGB", (3, 2), 0))
    crops.assert_moves_on(PilRandomDihedral(), make_picture("RGB", (3, 2), 0))


@law("PilRandomDihedral", "The picture that's passed in stays unchanged.")
@given(pictures("RGB", "L"))
@pixels
def test_the_picture_stays_when_another_view_is_made(img):
    """img has the same size and pixels before and after 20 calls."""
    with unchanged(img=img):
        draws(PilRandomDihedral(p=1), img, 20)


@law("PilRandomDihedral", "A transform has `_order` 11")
def test_a_view_is_made_between_resizing_and_tensors():
    """PilRandomDihedral()._order is 11: after ResizeFixed (10), before to_byte_tensor (20)."""
    assert_same(number(getattr(PilRandomDihedral(), "_order", 0)), 11.0)


@law(
    "GeneralCrop",
    "The middle of the picture, cut out and resized to `size` by `Image.transform` with EXTENT.",
    "crop_size pixels of the part to cut out, one int or (w, h)",
    "resample the filter, one of Pillow's",
)
@given(crops.odd_parts, crops.odd_parts, crops.crop_sizes, crops.crop_filters, crops.crop_modes)
@example((15, 7), (9, 9), (5, 7), NEAREST, "RGB")
@example((7, 5), (11, 3), (16, 8), BICUBIC, "RGB")
@example((3, 3), (3, 3), (3, 3), BILINEAR, "L")
def test_the_middle_is_cut_out_and_resized_in_one_resampling(xs, ys, size, resample, mode):
    """The result is img.transform(size, EXTENT, ...) of the part of crop_size in the middle."""
    (w, wc), (h, hc) = xs, ys
    img, left, top = make_picture(mode, (w, h), 0), (w - wc) // 2, (h - hc) // 2
    wanted = extent(img, size, (left, top, left + wc, top + hc), resample)
    crops.assert_near(GeneralCrop(size, crop_size=(wc, hc), resample=resample)(img), wanted)


@law("GeneralCrop", "resample the filter, one of Pillow's")
@given(pictures("RGB", "L", max_side=16), crops.crop_sizes)
@example(make_picture("RGB", (8, 8), 0), (3, 5))
def test_a_crop_is_bilinear_unless_told_otherwise(img, size):
    """GeneralCrop(size, crop_size) interpolates as Image.Resampling.BILINEAR does."""
    wanted = extent(img, size, (0, 0, *img.size))
    crops.assert_near(GeneralCrop(size, img.size)(img), wanted)


@law(
    "GeneralCrop",
    "size pixels of the result, one int or (w, h)",
    "crop_size pixels of the part to cut out, one int or (w, h)",
)
@given(crops.crop_modes, crops.crop_sides, st.integers(1, 4))
@example("RGB", 7, 2)
def test_one_int_is_a_square_for_both_sizes(mode, size, half):
    """GeneralCrop(s, crop_size=c) makes a square of s pixels from one of c pixels."""
    img = make_picture(mode, (12, 8), 0)
    wanted = extent(img, (size, size), (6 - half, 4 - half, 6 + half, 4 + half))
    crops.assert_near(GeneralCrop(size, crop_size=2 * half)(img), wanted)


@law(
    "GeneralCrop",
    "None for `default_crop_size`",
    "The largest part of a (w, h) picture with the aspect ratio of `size`, to the pixel.",
)
@given(crops.chart_sizes, crops.shown_sizes)
@example((60, 40), (16, 8))
@example((64, 24), (8, 16))
def test_without_a_crop_size_the_part_is_the_largest_of_that_shape(img_size, size):
    """The part is as large as fits: k * size, with k = min(w / size[0], h / size[1])."""
    img, fit = chart(*img_size), min(img_size[0] / size[0], img_size[1] / size[1])
    found = crops.assert_in_the_middle(GeneralCrop(size)(img), img)
    assert_close(found, (size[0] * fit, size[1] * fit), rtol=0.0, atol=1.3)


@law(
    "GeneralCrop",
    "The largest part of a (w, h) picture with the aspect ratio of `size`, to the pixel.",
)
@given(st.integers(1, 8), st.integers(0, 4), st.booleans(), crops.crop_modes, crops.crop_sides)
@example(6, 3, True, "RGB", 5)
def test_a_square_is_made_from_the_largest_square(short, more, upright, mode, size):
    """GeneralCrop(s) without crop_size shows the largest square, in the middle of the picture."""
    img = make_picture(mode, (short, short + 2 * more)[:: 1 if upright else -1], 0)
    part = (0, more, short, more + short) if upright else (more, 0, more + short, short)
    crops.assert_near(GeneralCrop(size)(img), extent(img, (size, size), part))


@law(
    "GeneralCrop",
    "A subclass may override `get_corners` to put the part elsewhere",
    "Left, top, right and bottom of the central (wc, hc) part, to the pixel.",
)
@given(st.tuples(st.integers(0, 4), st.integers(0, 4)), crops.crop_sizes)
@example((1, 3), (4, 2))
def test_a_subclass_may_put_the_part_elsewhere(corner, size):
    """get_corners(w, h, wc, hc) is called with both sizes, and the part lies where it says."""

    class OwnCrop(GeneralCrop):
        def get_corners(self, w, h, wc, hc):
            return (*corner, corner[0] + number(wc) - 1, corner[1] + number(hc))

    img = make_picture("RGB", (12, 8), 0)
    wanted = extent(img, size, (*corner, corner[0] + 5, corner[1] + 4))
    crops.assert_near(OwnCrop(size, (6, 4))(img), wanted)


@law("GeneralCrop", "Left, top, right and bottom of the central (wc, hc) part, to the pixel.")
@given(crops.crop_sizes, st.integers(1, 12), st.integers(1, 12))
@example((20, 10), 6, 6)
def test_the_corners_are_those_of_the_part_in_the_middle(size, wc, hc):
    """get_corners(w, h, wc, hc) is (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2."""
    (w, h), found = size, GeneralCrop(4).get_corners(*size, wc, hc)
    wanted = [(w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2]
    assert_close([number(o) for o in found], wanted, rtol=0.0, atol=1.0)


@law("GeneralCrop", "or `default_crop_size`")
@given(st.sampled_from([((12, 8), 2), ((8, 12), 2), ((24, 16), 4)]))
def test_a_subclass_may_change_the_default_size_of_the_part(case):
    """default_crop_size(w, h) is called with the picture's size where there's no crop_size."""
    img_size, times = case

    class OwnCrop(GeneralCrop):
        def default_crop_size(self, w, h):
            return number(w) / times, number(h) / times

    (w, h), img = img_size, make_picture("RGB", img_size, 0)
    dx, dy = w / times / 2, h / times / 2
    wanted = extent(img, (5, 5), (w / 2 - dx, h / 2 - dy, w / 2 + dx, h / 2 + dy))
    crops.assert_near(OwnCrop(5)(img), wanted)


@law("GeneralCrop", "one transform works for pictures of all")
@few
@given(crops.chart_lists)
@example([(60, 40), (40, 60)])
def test_one_crop_serves_pictures_of_all_shapes(img_sizes):
    """The result of a GeneralCrop does not depend on the pictures before."""
    crops.assert_serves_all(GeneralCrop(6), lambda: GeneralCrop(6), img_sizes)


@law("GeneralCrop", "The picture that's passed in stays unchanged.")
@given(pictures("RGB", "L"), crops.crop_sizes)
def test_the_picture_stays_when_a_part_is_cut_out(img, size):
    """img has the same size and pixels before and after."""
    with unchanged(img=img):
        GeneralCrop(size)(img)


@law("GeneralCrop", "A transform has `_order` 11")
def test_a_crop_acts_between_resizing_and_tensors():
    """GeneralCrop(size)._order is 11: after ResizeFixed (10), before to_byte_tensor (20)."""
    assert_same(number(getattr(GeneralCrop(4), "_order", 0)), 11.0)


@law(
    "CenterCrop",
    "The middle of the picture, resized to `size` in one resampling as by `GeneralCrop`.",
    "resample the filter, one of Pillow's",
)
@given(crops.crop_modes, st.sampled_from([1, 2, 4, 1.25]), crops.crop_sides, crops.crop_filters)
@example("RGB", 2, 7, BILINEAR)
@example("RGB", 2, 7, NEAREST)
def test_a_square_is_cropped_and_resized_in_one_resampling(mode, scale, size, resample):
    """Of a square of s pixels, the middle s/scale come out, by one transform with EXTENT."""
    img, rest = make_picture(mode, (40, 40), 0), (40 - 40 / scale) / 2
    wanted = extent(img, (size, size), (rest, rest, 40 - rest, 40 - rest), resample)
    found = CenterCrop(size, scale=scale, resample=resample)(img)
    crops.assert_near(found, wanted, levels=1 if resample != NEAREST or 40 % size else 255)


@law("CenterCrop", "resample the filter, one of Pillow's")
@given(crops.crop_modes, crops.crop_sides)
def test_a_center_crop_is_bilinear_unless_told_otherwise(mode, size):
    """CenterCrop(size, scale=2)(img) interpolates as Image.Resampling.BILINEAR does."""
    img = make_picture(mode, (40, 40), 0)
    wanted = extent(img, (size, size), (10, 10, 30, 30))
    crops.assert_near(CenterCrop(size, scale=2)(img), wanted)


@law(
    "CenterCrop",
    "scale how many times smaller each side is than that of the largest part that fits",
    "The part has the aspect ratio of `size`, so nothing is squeezed.",
    "The largest part that fits, divided by `scale`, to the pixel.",
)
@given(crops.chart_sizes, crops.shown_sizes, st.sampled_from([1.0, 1.14, 1.3, 1.6, 2.0]))
@example((60, 40), (12, 12), 1.6)
@example((60, 40), (16, 8), 1.0)
def test_the_part_in_the_middle_is_scale_times_smaller_than_fits(img_size, size, scale):
    """The part is k / scale * size, with k = min(w / size[0], h / size[1]), in the middle."""
    img, fit = chart(*img_size), min(img_size[0] / size[0], img_size[1] / size[1])
    crop = CenterCrop(size, scale=scale)
    CenterCrop(5, scale=4.0)  # another one changes nothing
    found = crops.assert_in_the_middle(crop(img), img)
    wanted = (size[0] * fit / scale, size[1] * fit / scale)
    assert_close(found, wanted, rtol=0.0, atol=1.3)


@law("CenterCrop", "scale how many times smaller each side is")
@few
@given(st.sampled_from([(60, 60), (64, 60), (60, 64)]))
def test_the_scale_is_256_to_224_unless_told_otherwise(img_size):
    """CenterCrop(size) has scale = 1.14."""
    img = chart(*img_size)
    found = crops.assert_in_the_middle(CenterCrop(12)(img), img)
    assert_close(found, (60 / 1.14, 60 / 1.14), rtol=0.0, atol=1.3)


@law("CenterCrop", "size pixels of the result, one int or (w, h)")
@given(st.sampled_from([(1, 500), (500, 1), (1, 1), (3, 2), (60, 40)]), crops.crop_sizes)
@example((1, 500), (4, 2))
def test_what_is_cropped_from_the_middle_has_the_size_asked_for(img_size, size):
    """CenterCrop((w, h)) makes w by h pixels, CenterCrop(s) s by s, of a picture of any shape."""
    img = Image.new("L", img_size, "white")
    wanted = [Image.new("L", o, "white") for o in (size, (size[0], size[0]))]
    assert_same([CenterCrop(size)(img), CenterCrop(size[0])(img)], wanted)


@law("CenterCrop", "one transform works for pictures of all")
@few
@given(crops.chart_lists)
@example([(60, 40), (40, 60)])
def test_one_center_crop_serves_pictures_of_all_shapes(img_sizes):
    """The result of a CenterCrop does not depend on the pictures before."""
    crops.assert_serves_all(CenterCrop(6), lambda: CenterCrop(6), img_sizes)


@law("CenterCrop", "The picture that's passed in stays unchanged.")
@given(pictures("RGB", "L"), crops.crop_sizes)
def test_the_picture_stays_when_its_middle_is_cut_out(img, size):
    """img has the same size and pixels before and after."""
    with unchanged(img=img):
        CenterCrop(size)(img)


@law("CenterCrop", "A transform has `_order` 11")
def test_a_center_crop_acts_between_resizing_and_tensors():
    """CenterCrop(size)._order is 11: after ResizeFixed (10), before to_byte_tensor (20)."""
    assert_same(number(getattr(CenterCrop(4), "_order", 0)), 11.0)


def parts(n, img_size, **options):
    """The parts that `n` calls of a RandomResizedCrop show of a chart, in whole pixels."""
    crop = RandomResizedCrop(img_size, **options, resample=NEAREST)
    RandomResizedCrop(3, scale=(0.7, 0.7), ratio=(1.5, 1.5))  # another one changes nothing
    return crops.parts(crop, img_size, n)


def sides(found):
    """Widths and heights of parts."""
    return found[:, 2] - found[:, 0], found[:, 3] - found[:, 1]


@law(
    "RandomResizedCrop",
    "A part of random area, shape and place, resized to `size` in one resampling.",
    "scale least and greatest area, as a share of the picture's",
    "ratio least and greatest width/height, before rounding",
    "The part lies inside the picture",
)
@given(
    st.sampled_from(
        [  # attempts fail often in the long pictures; elsewhere the first one always fits
            ((64, 64), (0.08, 0.5), (3 / 4, 4 / 3)),
            ((64, 40), (0.25, 0.25), (3 / 4, 4 / 3)),
            ((64, 64), (0.3, 0.3), (1.0, 1.0)),
            ((64, 64), (0.1, 0.2), (2.0, 3.0)),
            ((40, 64), (0.1, 0.3), (0.4, 0.5)),
            ((64, 16), (0.1, 0.4), (3 / 4, 4 / 3)),
            ((16, 64), (0.1, 0.4), (3 / 4, 4 / 3)),
        ]
    )
)
def test_area_and_aspect_ratio_lie_in_range(case):
    """In 200 calls the part is inside, its area within scale, its width/height within ratio."""
    (w, h), (least, most), (low, high) = case
    found = parts(200, (w, h), scale=(least, most), ratio=(low, high))
    wc, hc = sides(found)  # before rounding, each side was less than a pixel away
    crops.assert_inside(found, (w, h))
    in_range = ((wc + 1) * (hc + 1) > least * w * h) & ((wc - 1) * (hc - 1) < most * w * h)
    assert_holds(in_range, "areas, as shares", np.unique(wc * hc / (w * h))[[0, -1]], (least, most))
    in_range = (wc + 1 > low * (hc - 1)) & (wc - 1 < high * (hc + 1))
    assert_holds(in_range, "width/height", np.unique(wc / hc)[[0, -1]], (low, high))


@law("RandomResizedCrop", "drawn from the whole range")
def test_areas_come_from_the_whole_range():
    """Of 400 crops, each quarter of the range of areas has its share."""
    wc, hc = sides(parts(400, (64, 64), scale=(0.1, 0.9), ratio=(1.0, 1.0)))
    areas = (wc * hc / 64**2).clip(0.1, 0.9)
    counts = np.histogram(areas, bins=4, range=(0.1, 0.9))[0].tolist()
    assert_holds(min(counts) >= 20, "areas in each quarter of the range", counts, [100] * 4)


@law("RandomResizedCrop", "its logarithm is drawn evenly")
def test_shapes_are_drawn_evenly_in_their_logarithm():
    """Of 400 crops with ratio=(1/4, 4), a quarter has width/height in each of four equal steps."""
    wc, hc = sides(parts(400, (64, 64), scale=(0.1, 0.2), ratio=(0.25, 4.0)))
    counts = np.histogram(wc / hc, bins=[0, 0.5, 1, 2, 9])[0].tolist()
    even = min(counts) >= 55 and max(counts) <= 145
    assert_holds(even, "width/height below 1/2, 1, 2 and 4", counts, [100] * 4)


@law("RandomResizedCrop", "every place that fits may be drawn")
@few
@given(st.sampled_from([((4, 4), 2), ((5, 4), 2), ((4, 5), 2), ((8, 4), 4), ((4, 8), 4)]))
def test_the_part_may_be_at_every_place(case):
    """Of 600 square parts, each place, first and last ones too, has its share."""
    (w, h), side = case
    area = side**2 / (w * h)
    found = parts(600, (w, h), scale=(area, area), ratio=(1.0, 1.0))
    counts = np.zeros((h - side + 1, w - side + 1), int)
    np.add.at(counts, (found[:, 1].clip(0, h - side), found[:, 0].clip(0, w - side)), 1)
    assert_holds(
        counts.min() >= 10, "parts at each place", counts, Words(f"{600 // counts.size} each")
    )


@law("RandomResizedCrop", "Width and height are whole pixels, at least one.")
@few
@given(st.sampled_from([(1, 1), (2, 2), (1, 3), (3, 2), (2, 1)]), crops.crop_sizes)
@example((1, 1), (4, 4))
@example((2, 2), (4, 4))
def test_no_part_is_empty_in_a_tiny_picture(img_size, size):
    """Of pictures of a few white pixels 100 white crops come."""
    img, wanted = (Image.new("L", o, "white") for o in (img_size, size))
    for out in draws(RandomResizedCrop(size), img, 100):
        assert_same(out, wanted)


@law("RandomResizedCrop", "Width and height are whole pixels")
@few
@given(crops.crop_modes, st.integers(4, 9))
def test_a_part_has_whole_pixels(mode, side):
    """Enlarged 4 times by NEAREST, every pixel of the part is a block of equal ones."""
    img = chart(side, side)
    for out in draws(RandomResizedCrop(side * 12, ratio=(1, 1), resample=NEAREST), img, 20):
        columns = np.unique(crops.places(out)[0, :, 0], return_counts=True)[1]
        assert_holds(
            np.ptp(columns) <= 1, "times that each column is shown", columns, Words("as often")
        )


@law("RandomResizedCrop", "scale least and greatest area", "ratio least and greatest width/height")
def test_a_crop_has_8_to_100_percent_unless_told_otherwise():
    """RandomResizedCrop(size) has scale = (0.08, 1) and ratio = (3/4, 4/3)."""
    wc, hc = sides(parts(400, (64, 64)))
    areas, ratios = wc * hc / 64**2, wc / hc
    found = np.array([areas.min(), areas.max(), ratios.min(), ratios.max()])
    wanted = np.array([0.08, 1.0, 3 / 4, 4 / 3])
    near = (abs(found - wanted) <= [0.05, 0.25, 0.07, 0.1]).all()
    assert_holds(near, "least and greatest area and width/height", found, wanted)


@law("RandomResizedCrop", "scale least and greatest area, as a share of the picture's")
def test_no_area_above_the_whole_is_tried_unless_told_otherwise():
    """In 64 by 8 pixels few attempts fit, yet not more than about half of 600 crops are the middle.

    With areas that are drawn evenly, one attempt of 13 fits.
    """
    found = parts(600, (64, 8))
    share = (abs(found - np.array([26.7, 0, 37.3, 8])).max(axis=1) <= 1).mean()
    assert_holds(0.02 < share < 0.6, "share of the middle", share, Words("0.46, or less"))


@law(
    "RandomResizedCrop",
    "resized to `size` in one resampling",
    "resample the filter, one of Pillow's",
)
@given(crops.crop_modes, st.integers(1, 8), st.tuples(st.integers(8, 20), st.integers(8, 20)))
@example("RGB", 8, (16, 20))
def test_the_whole_picture_is_resized_bilinear_and_once(mode, side, size):
    """With scale=(1, 1) and ratio=(1, 1), a square picture comes out whole, enlarged bilinear."""
    img = make_picture(mode, (side, side), 0)
    wanted = extent(img, size, (0, 0, side, side))
    crops.assert_near(RandomResizedCrop(size, scale=(1.0, 1.0), ratio=(1.0, 1.0))(img), wanted)


@law("RandomResizedCrop", "resample the filter, one of Pillow's")
@few
@given(st.integers(2, 8))
def test_by_nearest_a_random_crop_mixes_no_colours(side):
    """With resample=NEAREST a picture of black and white has no grey pixel."""
    img = Image.fromarray((255 * np.eye(side)).astype(np.uint8))
    colours = np.unique([*map(np.array, draws(RandomResizedCrop(20, resample=NEAREST), img, 5))])
    assert_holds(set(colours) <= {0, 255}, "shades of grey", colours, [0, 255])


@law("RandomResizedCrop", "size pixels of the result, one int or (w, h)")
@few
@given(st.sampled_from([(1, 500), (500, 1), (2, 500), (60, 40), (8, 8)]), crops.crop_sizes)
@example((1, 500), (4, 2))
def test_a_random_crop_of_any_picture_has_the_size_asked_for(img_size, size):
    """White pictures of any shape make white ones, (w, h) or s by s, in 10 calls."""
    img = Image.new("L", img_size, "white")
    wanted = [Image.new("L", o, "white") for o in (size, (size[0], size[0]))]
    for _ in range(10):
        assert_same([RandomResizedCrop(o)(img) for o in (size, size[0])], wanted)


@law("RandomResizedCrop", "If none fits, as in a 1x500 picture, it's the part in the")
@given(st.booleans(), crops.crop_modes)
def test_a_picture_of_1_by_500_falls_back_to_its_middle(upright, mode):
    """No part of the right shape fits in 1 by 500 pixels, so the one in the middle is shown."""
    row = np.arange(500)[None] // 2
    img = Image.fromarray((row.T if upright else row).astype(np.uint8)).convert(mode)
    for out in draws(RandomResizedCrop(8), img, 20):
        shown = np.array(out).mean()
        assert_holds(abs(shown - 124.75) < 2, "the mean shade, grey in the middle", shown, 124.75)


@law("RandomResizedCrop", "the largest whose width/height is in range and nearest to the picture's")
@given(
    st.sampled_from(
        [  # pictures and ranges, and the part that is shown
            ((64, 12), (0.9, 1.0), (3 / 4, 4 / 3), (16, 12)),
            ((12, 64), (0.9, 1.0), (3 / 4, 4 / 3), (12, 16)),
            ((60, 20), (0.9, 1.0), (0.5, 2.0), (40, 20)),
            ((60, 60), (1.0, 1.0), (0.4, 0.5), (30, 60)),
            ((60, 60), (1.0, 1.0), (2.0, 3.0), (60, 30)),
            ((60, 40), (2.0, 2.0), (0.5, 3.0), (60, 40)),
        ]
    )
)
def test_where_no_attempt_can_fit_the_largest_part_in_the_middle_is_shown(case):
    """Its width/height is that of the picture, moved into the range of ratios."""
    img_size, scale, ratio, wanted = case
    img = chart(*img_size)
    for out in draws(RandomResizedCrop(16, scale=scale, ratio=ratio), img, 5):
        found = crops.assert_in_the_middle(out, img)
        assert_close(found, tuple(map(float, wanted)), rtol=0.0, atol=1.3)


@law(
    "RandomResizedCrop",
    "If an attempt is empty or doesn't fit, another one follows, ten in all, each with a",
)
def test_ten_attempts_are_made():
    """Where one attempt of eight fits, about a quarter of 600 crops are the one in the middle.

    Half of a square fits with a width/height up to 2, and ratio=(1, 256).
    """
    found = parts(600, (64, 64), scale=(0.5, 0.5), ratio=(1.0, 256.0))
    fallbacks = (abs(found - np.array([0, 0, 64, 64])).max(axis=1) <= 1).mean()
    assert_holds(0.13 < fallbacks < 0.36, "share of the middle", fallbacks, (7 / 8) ** 10)


@law("RandomResizedCrop", "each with a new area and ratio")
@given(
    st.sampled_from(
        [  # one of two areas fits, and one of two ratios
            ((64, 32), (0.02, 0.98), (1.0, 1.0), (16, 0, 48, 32)),
            ((64, 16), (0.25, 0.25), (0.25, 4.0), (0, 0, 64, 16)),
            ((16, 64), (0.25, 0.25), (0.25, 4.0), (0, 0, 16, 64)),
        ]
    )
)
def test_a_part_that_does_not_fit_is_drawn_again(case):
    """Where every second attempt fits, the part that is shown if none fits stays rare."""
    img_size, scale, ratio, middle = case
    found = parts(200, img_size, scale=scale, ratio=ratio)
    share = (abs(found - np.array(middle)).max(axis=1) <= 1).mean()
    assert_holds(share < 0.1, "share of the middle", share, 0.5**10)


@law("RandomResizedCrop", "All randomness comes from Python's `random`, drawn on each call.")
def test_crops_repeat_after_the_same_seed():
    """The same random.seed, the same crops, from one transform or from several."""
    crops.assert_repeats(lambda: RandomResizedCrop(6), make_picture("RGB", (16, 12), 0))
    crops.assert_moves_on(RandomResizedCrop(6), make_picture("RGB", (16, 12), 0))


@law("RandomResizedCrop", "The picture that's passed in stays unchanged.")
@given(pictures("RGB", "L", max_side=20))
def test_the_picture_stays_when_random_parts_are_cut_out(img):
    """img has the same size and pixels before and after 5 calls."""
    with unchanged(img=img):
        draws(RandomResizedCrop(4), img, 5)


@law(
    "RandomResizedCrop",
    "one transform works for pictures of all",
    "Left, top, right and bottom of a random part of a (w, h) picture.",
)
def test_one_random_crop_serves_pictures_of_all_shapes():
    """One and the same RandomResizedCrop finds parts inside of pictures large and small."""
    crop = RandomResizedCrop(64, scale=(0.3, 1.0), resample=NEAREST)
    for img_size in [(64, 64), (16, 60), (60, 16), (20, 20), (64, 40)] * 8:
        crops.assert_inside(crops.parts(crop, img_size, 1), img_size)


@law("RandomResizedCrop", "A transform has `_order` 11")
def test_a_random_crop_acts_between_resizing_and_tensors():
    """RandomResizedCrop(size)._order is 11: after ResizeFixed (10), before to_byte_tensor (20)."""
    assert_same(number(getattr(RandomResizedCrop(4), "_order", 0)), 11.0)


@law(
    "find_coeffs",
    "A list of the eight coefficients a to h of the perspective from target to original points.",
    "x = (a*X + b*Y + c) / (g*X + h*Y + 1)",
    "y = (d*X + e*Y + f) / (g*X + h*Y + 1)",
    "The coefficients are floats, solved for in double precision: targets map to their originals"
    " within 1e-6 pixels.",
)
@given(crops.quadrilaterals(), crops.quadrilaterals())
@example(SQUARE, SQUARE)
@example([(10, 20), (0, 90), (80, 70), (60, 10)], [(0, 0), (0, 32), (48, 32), (48, 0)])
@example([(0, 0), (0, 0.5), (0.5, 0.5), (0.5, 0)], [(0, 0), (0, 1), (1, 1), (1, 0)])
@example([(0, 0), (0, 0.2), (0.2, 0.2), (0.2, 0)], [(0, 0), (0, 1), (1, 1), (1, 0)])
@example([(0, 0), (0, 4), (1000, 4), (1000, 0)], [(0, 0), (0, 32), (48, 32), (48, 0)])
@example([(30, 20), (10, 2900), (3900, 2700), (3700, 35)], [(0, 0), (0, 4), (1000, 5), (990, 1)])
def test_each_target_corner_is_looked_up_at_its_original(orig, targ):
    """Applied to the target corners, the coefficients are the original corners to 1e-6 pixels."""
    wanted = [(float(x), float(y)) for x, y in orig]
    coeffs = find_coeffs(list(orig), list(targ))
    are_floats = type(coeffs) is list and all(isinstance(c, float) for c in coeffs)
    assert_that(
        are_floats and len(coeffs) == 8, "the coefficients", coeffs, Words("a list of 8 floats")
    )
    assert_close(crops.applied(map(float, coeffs), targ), wanted, rtol=0.0, atol=1e-6)


@law(
    "find_coeffs",
    "orig_pts four points (x, y) in pixels",
    "targ_pts the target point (X, Y) of each",
)
@given(
    crops.quadrilaterals(),
    st.tuples(crops.slopes, crops.slopes),
    st.tuples(crops.tilts, crops.tilts),
    st.integers(-50, 50),
)
@example(SQUARE, (0.0, 0.0), (0.0, 0.0), 3)
def test_a_known_perspective_is_found_again(targ, slope, tilt, shift):
    """If the originals are made by eight coefficients a to h, those eight are found, in order."""
    coeffs = [1.5, slope[0], float(shift), slope[1], 0.75, 20.0, *tilt]
    orig = crops.applied(coeffs, targ)
    found = [number(c) for c in find_coeffs(tuple(orig), tuple(targ))]
    assert_close(found, coeffs, rtol=1e-6, atol=1e-7)


@law("find_coeffs", "of the perspective from target to original points")
@given(crops.quadrilaterals())
@example(SQUARE)
def test_corners_that_stay_make_the_identity(corners):
    """find_coeffs(corners, corners) is 1, 0, 0, 0, 1, 0, 0, 0, but for rounding."""
    found = [number(c) for c in find_coeffs(list(corners), list(corners))]
    assert_close(found, [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0], rtol=0.0, atol=1e-6)


@law("find_coeffs", "Raises ValueError if three points of either list lie on one line.")
@given(crops.corners_on_a_line())
@example([(0, 0), (0, 4), (0, 8), (4, 0)])
@example([(0, 0), (1, 1), (2, 2), (3, 3)])
@example([(0, 0), (0, 4), (4, 4), (2, 2)])
@example([(0, 0), (0, 4), (4, 4), (0, 0)])
def test_original_corners_on_a_line_are_a_value_error(orig):
    """Three originals on one line, or two equal ones, aren't a picture's corners: ValueError."""
    with assert_raises(ValueError):
        find_coeffs(list(orig), list(SQUARE))


@law("find_coeffs", "Raises ValueError if three points of either list lie on one line.")
@given(crops.corners_on_a_line())
@example([(0, 0), (0, 4), (0, 8), (4, 0)])
@example([(0, 0), (1, 1), (2, 2), (3, 3)])
@example([(1, 0), (1, 4), (4, 4), (1, 7)])
@example([(0, 0), (0, 4), (4, 4), (0, 0)])
def test_target_corners_on_a_line_are_a_value_error(targ):
    """Three targets on one line, or two equal ones, enclose nothing to fill: ValueError."""
    with assert_raises(ValueError):
        find_coeffs(list(SQUARE), list(targ))


@law("find_coeffs", "left unchanged")
@given(crops.quadrilaterals(), crops.quadrilaterals())
def test_the_corners_of_the_caller_stay_the_same(orig, targ):
    """orig_pts and targ_pts, as lists of lists, are the same before and after."""
    orig, targ = [list(o) for o in orig], [list(o) for o in targ]
    with unchanged(orig=orig, targ=targ):
        find_coeffs(orig, targ)


@law(
    "warp",
    "The quadrilateral `src_coords` of `img`, stretched by a perspective to fill the result.",
    "size (w, h) of the result in pixels",
    "There's only one resampling.",
)
@given(crops.inner_corners, crops.crop_modes, crops.crop_sizes, crops.crop_filters)
@example([(6, 0), (0, 23), (31, 20), (25, 5)], "RGB", (12, 9), BILINEAR)
def test_a_warp_is_the_perspective_of_its_four_corners(src, mode, size, resample):
    """warp(img, (w, h), src) is img.transform with PERSPECTIVE, from src to (0, 0)..(w, h)."""
    img, resample = make_picture(mode, (32, 24), 0), resample or BILINEAR  # nearest may be a tie
    data = crops.solved(src, size)
    wanted = img.transform(size, Image.Transform.PERSPECTIVE, data, resample=resample)
    crops.assert_near(warp(img, size, list(src), resample), wanted)


@law(
    "warp",
    "src_coords the four corners in `img` as (x, y) in",
    "top left, bottom left, bottom right, top right",
)
@given(crops.inner_corners)
@example([(6, 0), (0, 23), (31, 20), (25, 5)])
def test_the_four_corners_land_on_the_corners_of_the_result(src):
    """Top left, bottom left, bottom right, top right of the result show the corners in this order.

    The result is so large that its corner pixels lie within half a pixel of the corners themselves.
    """
    shown = crops.places(warp(chart(32, 24), (96, 72), list(src)))
    found = np.array([shown[0, 0], shown[-1, 0], shown[-1, -1], shown[0, -1]])
    apart = abs(found - np.array(src)).max()
    assert_holds(apart < 1.3, "the places that the corners show", found, src)


@law(
    "warp",
    "(0, 0) is the outer corner of the first pixel, so passing the corners of `img`",
)
@given(pictures("RGB", "L", max_side=16), crops.crop_filters)
@example(make_picture("RGB", (5, 3), 0), BILINEAR)
def test_the_corners_of_the_picture_itself_change_nothing(img, resample):
    """With src_coords the corners of img and its own size, the result is img, exactly."""
    assert_same(warp(img, img.size, crops.whole(img.size), resample=resample), img)


@law("warp", "top left, bottom left, bottom right, top right")
@given(pictures("RGB", "L", max_side=16), st.integers(0, 3))
@example(make_picture("RGB", (5, 3), 0), 1)
def test_corners_moved_on_by_one_turn_the_picture(img, turns):
    """With the corner list turned by one, two, three, the result is img turned by quarters."""
    corners = crops.whole(img.size)
    wanted = crops.eight_views(img)[f"turned {90 * (-turns % 4)}"]
    assert_same(warp(img, wanted.size, corners[turns:] + corners[:turns]), wanted)


@law("warp", "resample the filter, one of Pillow's", "There's only one resampling.")
@given(st.tuples(*[st.integers(0, 3)] * 4), crops.crop_sizes, crops.crop_filters, crops.crop_modes)
@example((2, 1, 3, 2), (3, 5), NEAREST, "RGB")
@example((2, 1, 3, 2), (3, 5), BICUBIC, "RGB")
def test_a_rectangle_is_cut_out_as_extent_does_it(part, size, resample, mode):
    """For the corners of a rectangle, and any filter, transform with EXTENT makes the same."""
    img, (left, top, across, along) = make_picture(mode, (60, 60), 0), part
    right, bottom = left + size[0] * (1, 3, 0.5, 0.25)[across], top + size[1] * (1, 3)[along % 2]
    corners = [(left, top), (left, bottom), (right, bottom), (right, top)]
    wanted = extent(img, size, (left, top, right, bottom), resample)
    crops.assert_near(warp(img, size, corners, resample=resample), wanted)


@law("warp", "resample the filter, one of Pillow's")
@given(st.tuples(st.integers(2, 12), st.integers(2, 12)))
@example((3, 5))
def test_a_warp_is_bilinear_unless_told_otherwise(size):
    """warp(img, size, src_coords) interpolates as Image.Resampling.BILINEAR does."""
    img = make_picture("RGB", (16, 16), 0)
    wanted = extent(img, size, (1, 2, 14, 13))
    crops.assert_near(warp(img, size, [(1, 2), (1, 13), (14, 13), (14, 2)]), wanted)


@law("warp", "The picture that's passed in stays unchanged.", "left unchanged")
@given(crops.inner_corners, crops.crop_modes)
def test_picture_and_corners_stay_the_same_when_warped(src, mode):
    """img and src_coords, a list of lists, are the same before and after."""
    img, src = make_picture(mode, (32, 24), 0), [list(corner) for corner in src]
    with unchanged(img=img, src_coords=src):
        warp(img, (8, 6), src)


@law(
    "PilTiltRandomCrop",
    "A random crop",
    "size pixels of the result, one int or (w, h)",
    "crop_size pixels of the crop before the tilt, one int or (w, h)",
    "Magnitude 0 is a plain crop.",
)
@given(st.sampled_from([16, 40, (24, 16), (20, 40)]), st.sampled_from([12, 24, (16, 8), (8, 16)]))
@example((24, 16), (8, 16))
def test_without_magnitude_it_is_a_plain_crop(crop_size, size):
    """With magnitude 0, 20 calls show upright parts of crop_size, inside the picture."""
    img, (wc, hc) = chart(60, 40), crops.pair(crop_size)
    for options in ({}, {"magnitude": 0.0}):
        for out in draws(PilTiltRandomCrop(size, crop_size, **options), img, 10):
            crops.assert_plain(out, wc, hc, img)
            assert_same(out.size, crops.pair(size))


@law("PilTiltRandomCrop", "The crop may be anywhere in the picture.")
@few
@given(st.sampled_from([((60, 60), 30), ((13, 13), 12), ((14, 13), 12)]))
def test_a_plain_crop_may_be_anywhere(case):
    """Of 300 crops each quarter of the places has its share, and first and last ones come."""
    (w, h), side = case
    found = draws(PilTiltRandomCrop(12, crop_size=side), chart(w, h), 300)
    at = np.array([crops.assert_plain(out, side, side, chart(w, h)) for out in found])
    right, low = (at > np.array([w - side, h - side]) / 2 - 0.05).T
    counts = np.histogram(2 * low + right, bins=4, range=(-0.5, 3.5))[0]
    assert_holds(min(counts) >= 20, "crops in each quarter", counts, Words("about 75 each"))
    spread, wanted = np.ptp(at, axis=0), np.array([w - side, h - side])
    assert_holds(spread > 0.7 * wanted, "from the first place to the last", spread, wanted)


@law("PilTiltRandomCrop", "The crop may be anywhere in the picture.")
@settings(max_examples=2)
@given(st.sampled_from([((60, 60), 30), ((64, 40), 24)]))
def test_a_tilted_crop_may_be_anywhere(case):
    """Of 150 tilted crops the first and the last places come too, where the tilt is smaller."""
    (w, h), side = case
    crop = PilTiltRandomCrop(12, crop_size=side, magnitude=0.24)
    middles = [crops.mean_corner(out) for out in draws(crop, chart(w, h), 150)]
    spread, wanted = np.ptp(middles, axis=0), np.array([w - side, h - side])
    assert_holds(spread > 0.7 * wanted, "from the first place to the last", spread, wanted)


@law("PilTiltRandomCrop", "None for the largest square")
@given(st.sampled_from([(60, 40), (40, 60), (24, 24)]), crops.shown_sizes)
def test_without_a_crop_size_it_is_the_largest_square(img_size, size):
    """PilTiltRandomCrop(size) shows a square as wide or as high as the picture, in 10 calls."""
    img, side = chart(*img_size), min(img_size)
    for out in draws(PilTiltRandomCrop(size), img, 10):
        crops.assert_plain(out, side, side, img)


@law(
    "PilTiltRandomCrop",
    "tilted as if seen from elsewhere",
    "Otherwise the top edge grows as much as the bottom edge shrinks",
    "Otherwise the top edge grows as much as the bottom edge shrinks, or the other way",
)
@settings(max_examples=4)
@given(st.sampled_from([0.1, 0.24]), st.sampled_from([(24, 24), (30, 20)]))
def test_an_edge_grows_as_much_as_its_opposite_shrinks(magnitude, crop_size):
    """In 40 tilted crops top + bottom is twice the width, left + right twice the height."""
    crop = PilTiltRandomCrop((160, 160), crop_size, magnitude=magnitude)
    PilTiltRandomCrop(9, 5, magnitude=0.01)  # another one changes nothing
    found = np.array([crops.edges(out) for out in draws(crop, chart(64, 64), 40)])
    sums, wanted = found[:, [0, 2]] + found[:, [1, 3]], 2 * np.array(crop_size)
    apart = abs(sums - wanted).max(axis=1)
    worst = sums[apart.argmax()]
    assert_holds(apart < 2.6, "top + bottom, left + right", worst, wanted)


@law("PilTiltRandomCrop", "tilted as if seen from elsewhere")
@settings(max_examples=2)
@given(st.sampled_from([(24, 24), (30, 20)]))
def test_a_tilted_crop_is_seen_in_perspective(crop_size):
    """In 20 tilted crops the middle of the result shows where the diagonals of the part cross."""
    crop = PilTiltRandomCrop((160, 160), crop_size, magnitude=0.24)
    found = [crops.middle_and_crossing(out) for out in draws(crop, chart(64, 64), 20)]
    middles, crossings = np.array(found).swapaxes(0, 1)
    worst = abs(middles - crossings).max(axis=1).argmax()
    apart = abs(middles - crossings) < 1.5
    assert_holds(apart, "the middle of the result", middles[worst], crossings[worst])


@law(
    "PilTiltRandomCrop",
    "or the other way round",
    "Otherwise the top edge grows as much as the bottom edge shrinks, or the other way",
)
@few
@given(st.sampled_from([0.1, 0.2]), st.sampled_from([(24, 24), (30, 20)]))
def test_edges_grow_and_shrink_both_ways(magnitude, crop_size):
    """Of 100 tilted crops, some are clearly wider on top, some below, some left and some right."""
    crop = PilTiltRandomCrop(crop_size, crop_size, magnitude=magnitude)
    found = np.array([crops.edges(out) for out in draws(crop, chart(64, 64), 100)])
    differences = found[:, [0, 2]] - found[:, [1, 3]]
    least = 0.5 * magnitude * np.array(crop_size)
    both = (differences.max(0) > least).all() and (differences.min(0) < -least).all()
    extremes = np.array([differences.min(0), differences.max(0)])
    assert_holds(both, "top - bottom, left - right", extremes, np.array([-2 * least, 2 * least]))


@law("PilTiltRandomCrop", "a draw of their")
def test_the_two_tilts_are_drawn_apart():
    """In 100 tilted crops top - bottom tells little of left - right."""
    crop = PilTiltRandomCrop((24, 24), (24, 24), magnitude=0.2)
    found = np.array([crops.edges(out) for out in draws(crop, chart(64, 64), 100)])
    related = abs(np.corrcoef((found[:, [0, 2]] - found[:, [1, 3]]).T)[0, 1])
    assert_holds(related < 0.5, "the correlation of the two tilts", related, Words("below 0.5"))


@law("PilTiltRandomCrop", "magnitude how far a corner may move each way, as a share of the crop")
@few
@given(st.sampled_from([0.02, 0.1, 0.2]), st.sampled_from([(24, 24), (40, 16), (16, 40)]))
def test_a_corner_moves_by_magnitude_at_most(magnitude, crop_size):
    """Of 100 crops the edges change by up to 2 * magnitude, since both their corners move."""
    crop = PilTiltRandomCrop((32, 32), crop_size, magnitude=magnitude)
    found = np.array([crops.edges(out) for out in draws(crop, chart(64, 64), 100)])
    moved = abs(found - np.array(crop_size).repeat(2)) / np.array(crop_size).repeat(2)
    rest = 1 / np.array(crop_size).repeat(2)  # as well as one can read them
    in_range = (moved.max(0) < 2 * magnitude + 1.8 * rest) & (moved.max(0) > 1.3 * magnitude - rest)
    assert_holds(in_range, "most that edges change, by share", moved.max(0), [2 * magnitude] * 4)


@law("PilTiltRandomCrop", "The corners stay inside the picture, so no edge is black.")
@given(
    st.sampled_from([0.05, 0.1, 0.2]),
    st.sampled_from([(20, 20), (30, 20), (20, 60)]),
    st.sampled_from([None, 12, 18, (20, 16)]),
    crops.crop_modes,
)
@example(0.2, (20, 20), None, "RGB")
@example(0.2, (20, 20), 18, "RGB")
def test_a_white_picture_stays_white_to_its_edges(magnitude, img_size, crop_size, mode):
    """No corner leaves the picture: 40 tilted crops of a white picture have no black edge."""
    img, wanted = (Image.new(mode, size, "white") for size in (img_size, (9, 7)))
    for out in draws(PilTiltRandomCrop((9, 7), crop_size, magnitude=magnitude), img, 40):
        assert_same(out, wanted)


@law(
    "PilTiltRandomCrop",
    "resized to `size` in one resampling",
    "resample the filter, one of Pillow's",
)
@given(pictures("RGB", "L", max_side=12), crops.crop_sizes)
@example(make_picture("RGB", (8, 8), 0), (5, 3))
def test_a_crop_of_the_whole_picture_is_resized_bilinear_and_once(img, size):
    """With crop_size that of the picture, it is img.transform with EXTENT, bilinear."""
    wanted = extent(img, size, (0, 0, *img.size))
    crops.assert_near(PilTiltRandomCrop(size, img.size)(img), wanted)


@law("PilTiltRandomCrop", "resample the filter, one of Pillow's")
@few
@given(st.integers(8, 12), st.sampled_from([0.0, 0.2]))
def test_by_nearest_a_tilted_crop_mixes_no_colours(side, magnitude):
    """With resample=NEAREST a picture of black and white has no grey pixel."""
    img = Image.fromarray((255 * np.eye(2 * side)).astype(np.uint8))
    crop = PilTiltRandomCrop(20, side, magnitude=magnitude, resample=NEAREST)
    colours = np.unique([*map(np.array, draws(crop, img, 10))])
    assert_holds(set(colours) <= {0, 255}, "shades of grey", colours, [0, 255])


@law("PilTiltRandomCrop", "size pixels of the result, one int or (w, h)")
@given(st.sampled_from([(1, 500), (500, 1), (1, 1)]), crops.crop_sizes, crops.crop_modes)
@example((1, 500), (4, 2), "L")
def test_a_tilt_crop_of_a_picture_of_any_shape_has_the_size_asked_for(img_size, size, mode):
    """Very long white pictures make white ones, (w, h) or s by s."""
    img = Image.new(mode, img_size, "white")
    wanted = [Image.new(mode, o, "white") for o in (size, (size[0], size[0]))]
    assert_same([PilTiltRandomCrop(o)(img) for o in (size, size[0])], wanted)


@law("PilTiltRandomCrop", "Raises ValueError for a picture smaller than the crop")
@given(st.sampled_from([0.0, 0.1]), st.sampled_from([13, 30, (13, 6), (6, 11), (20, 20)]))
@example(0.0, (6, 11))
def test_a_crop_larger_than_the_picture_is_a_value_error(magnitude, crop_size):
    """A crop wider or higher than a picture of 12 by 10 raises ValueError."""
    crop = PilTiltRandomCrop(4, crop_size, magnitude=magnitude)
    with assert_raises(ValueError):
        crop(Image.new("L", (12, 10), 9))


@law("PilTiltRandomCrop", "the message is about these sizes")
@given(st.sampled_from([13, (13, 6), (6, 11)]))
def test_the_error_is_about_sizes_and_not_about_chance(crop_size):
    """The message is not that of random.randint, which calls its range empty."""
    crop, img = PilTiltRandomCrop(4, crop_size), Image.new("L", (12, 10), 9)
    message = crops.message_of(lambda: crop(img))
    assert_that("empty range" not in message, "the message", message, Words("one about the sizes"))


@law("PilTiltRandomCrop", "All randomness comes from Python's `random`, drawn on each call.")
def test_tilts_repeat_after_the_same_seed():
    """The same random.seed, the same tilted crops, from one transform or from several."""
    make, img = lambda: PilTiltRandomCrop(6, 8, magnitude=0.1), make_picture("RGB", (16, 12), 0)
    crops.assert_repeats(make, img)
    crops.assert_moves_on(make(), img)


@law("PilTiltRandomCrop", "The picture that's passed in stays unchanged.")
@given(crops.crop_modes, st.sampled_from([0.0, 0.2]))
def test_the_picture_stays_when_it_is_tilted(mode, magnitude):
    """img has the same size and pixels before and after 5 calls."""
    img = make_picture(mode, (20, 14), 0)
    with unchanged(img=img):
        draws(PilTiltRandomCrop(4, crop_size=10, magnitude=magnitude), img, 5)


@law("PilTiltRandomCrop", "one transform works for pictures of all", "None for the largest square")
def test_one_tilt_serves_pictures_of_all_sizes():
    """Without a crop_size, the crop of each picture is as large as that picture allows."""
    crop = PilTiltRandomCrop(12)
    for img in [chart(*size) for size in [(60, 40), (20, 30), (64, 64), (30, 20)]]:
        crops.assert_plain(crop(img), min(img.size), min(img.size), img)


@law("PilTiltRandomCrop", "A transform has `_order` 11")
def test_a_tilt_acts_between_resizing_and_tensors():
    """PilTiltRandomCrop(size)._order is 11: after ResizeFixed (10), before to_byte_tensor (20)."""
    assert_same(number(getattr(PilTiltRandomCrop(4), "_order", 0)), 11.0)
