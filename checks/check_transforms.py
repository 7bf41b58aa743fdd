"""The laws of transforms."""

from contextlib import suppress
from unittest import mock

import numpy as np
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from checks.laws import assert_close, assert_same, assert_that, law, unchanged
from checks.words.pictures import keeping_bytes, make_picture, pictures, pixels, random_bytes
from katas.containers import compose
from katas.transforms import (
    MakeRGB,
    ResizeFixed,
    pil_to_float,
    to_byte_tensor,
    to_float_tensor,
)

few = settings(max_examples=15)
any_mode = pictures("RGB", "L", "LA", "P", "CMYK", "RGBA", "1")
by_channel = pictures("RGB", "L", "LA", "CMYK", "RGBA")
colour_or_grey = pictures("RGB", "L")
sides = st.integers(1, 12)
shapes = st.lists(st.integers(1, 3), max_size=4)
bytes_of_any_shape = st.builds(random_bytes, shapes, st.integers(0, 99))
some_bytes = st.builds(random_bytes, shapes.filter(len), st.integers(0, 99))


def shares(t):
    """Bytes as their share of 255."""
    return torch.tensor((t.numpy() / 255).astype(np.float32))


def as_floats(img):
    """The pixels of a picture as their share of 255."""
    return shares(pixels(img))


def make_two(mode, size, seed):
    """Two pictures of one mode and size."""
    return make_picture(mode, size, seed), make_picture(mode, size, seed + 1)


two_alike = st.builds(
    make_two, st.sampled_from(["RGB", "L"]), st.tuples(sides, sides), st.integers(0, 99)
)


@law("MakeRGB", '`MakeRGB()(img)` is `img.convert("RGB")`', "img a picture of mode L, LA, P, CMYK")
@few
@given(any_mode)
@example(make_picture("LA", (2, 1), 0))
@example(make_picture("P", (2, 1), 0))
@example(make_picture("CMYK", (2, 1), 0))
@example(make_picture("RGBA", (2, 1), 0))
@example(make_picture("1", (9, 1), 0))
@example(make_picture("CMYK", (20, 20), 0))
def test_any_picture_becomes_rgb_as_convert_makes_it(img):
    """MakeRGB()(img) has the pixels of img.convert("RGB")."""
    wanted = img.convert("RGB")
    assert_same(MakeRGB()(img), wanted)


@law("MakeRGB", "left unchanged")
@few
@given(any_mode)
@example(make_picture("RGBA", (2, 1), 0))
def test_the_picture_keeps_its_mode_when_rgb_is_made_of_it(img):
    """img has the same mode and pixels before and after MakeRGB()(img)."""
    with unchanged(img=img):
        MakeRGB()(img)


@law("MakeRGB", "Its `_order` is below 0, so that `compose` calls it before a transform without")
@few
@given(st.integers(0, 2), st.integers(0, 2))
@example(1, 0)
def test_rgb_is_made_before_any_other_transform_acts(before, after):
    """compose(img, [f, MakeRGB(), g]) shows RGB to f as well, with the order 0 that f has."""
    modes = []
    look = [lambda img: modes.append(img.mode) or img]
    compose(make_picture("L", (1, 1), 0), [*look * before, MakeRGB(), *look * after])
    assert_same(modes, ["RGB"] * (before + after))


@law("MakeRGB", "Its `_order` is below 0")
@given(st.just(0))
def test_the_order_of_make_rgb_is_below_0(order):
    """MakeRGB()._order < 0."""
    found = MakeRGB()._order
    assert_that(found < order, f"got the order {found}, wanted one below 0", found, "below 0")


@law("ResizeFixed", "by bilinear interpolation", "or (w, h), whatever the shape of the picture")
@few
@given(colour_or_grey, st.tuples(sides, sides))
@example(make_picture("RGB", (6, 3), 0), (3, 6))
@example(make_picture("RGB", (6, 6), 0), (2, 3))
def test_a_size_of_two_is_width_and_height(img, size):
    """ResizeFixed((w, h))(img) is img.resize((w, h)), bilinear."""
    wanted = img.resize(size, Image.Resampling.BILINEAR)
    assert_same(ResizeFixed(size)(img), wanted)


@law("ResizeFixed", "resizes a whole picture", "size pixels: one int for a square")
@few
@given(colour_or_grey, sides)
@example(make_picture("RGB", (6, 2), 0), 4)
@example(make_picture("L", (1, 5), 0), 5)
@example(make_picture("RGB", (40, 20), 0), 3)
def test_one_int_is_the_side_of_a_square(img, side):
    """ResizeFixed(s)(img) is s wide and s high, whatever the shape of img."""
    wanted = img.resize((side, side), Image.Resampling.BILINEAR)
    assert_same(ResizeFixed(side)(img), wanted)


@law("ResizeFixed", "whatever the shape of the picture")
@few
@given(st.lists(colour_or_grey, min_size=2, max_size=4), sides)
@example([make_picture("RGB", (6, 2), 0), make_picture("RGB", (2, 6), 0)], 4)
def test_one_transform_serves_pictures_of_all_sizes(imgs, side):
    """The result of a ResizeFixed does not depend on the pictures before."""
    wanted = [img.resize((side, 4), Image.Resampling.BILINEAR) for img in imgs]
    resize = ResizeFixed((side, 4))
    assert_same([resize(img) for img in imgs], wanted)


@law("ResizeFixed", "A transform that resizes a whole picture to `size`")
@few
@given(st.lists(sides, min_size=2, max_size=4, unique=True))
def test_each_transform_keeps_its_own_size(wanted):
    """A ResizeFixed made later leaves those made before unchanged."""
    made = [ResizeFixed((side, 4)) for side in wanted]
    img = make_picture("L", (3, 2), 0)
    assert_same([resize(img).size for resize in made], [(side, 4) for side in wanted])


@law("ResizeFixed", "img left unchanged")
@few
@given(colour_or_grey, sides)
def test_the_picture_keeps_its_own_size(img, side):
    """img has the same size and pixels before and after."""
    with unchanged(img=img):
        ResizeFixed(side)(img)


@law("ResizeFixed", "Its `_order` is 10.")
@given(sides)
def test_resizing_has_order_10(side):
    """ResizeFixed(size)._order == 10."""
    assert_same(float(ResizeFixed(side)._order), 10.0)


@law("to_byte_tensor", "The pixels of `img` as bytes, with the channels first.", "tensor[c, y, x]")
@few
@given(by_channel)
@example(make_picture("RGB", (3, 2), 0))
@example(make_picture("L", (3, 2), 0))
@example(make_picture("LA", (1, 2), 0))
@example(make_picture("RGBA", (2, 1), 0))
def test_every_byte_is_at_its_channel_row_and_column(img):
    """to_byte_tensor(img)[c, y, x] is channel c of img.getpixel((x, y)), as uint8."""
    wanted = pixels(img)
    assert_same(to_byte_tensor(img), wanted)


@law(
    "to_byte_tensor",
    "You can write to the tensor, which changes neither the picture nor its next tensor.",
    "nor its next tensor",
)
@few
@given(by_channel)
@example(make_picture("L", (2, 2), 0))
def test_writing_into_the_tensor_reaches_no_other_bytes(img):
    """After writing into it, the next tensor of img equals the first, and so do img's bytes."""
    same_bytes = keeping_bytes(img)
    first = to_byte_tensor(img)
    kept = first.clone()
    first.bitwise_not_()
    assert_same(to_byte_tensor(img), kept)
    assert_that(same_bytes(), "the tensor writes into bytes that Python holds to be immutable")


@law("to_byte_tensor", "The pixels of `img` as bytes", "tensor[c, y, x]")
@few
@given(two_alike)
def test_the_tensor_of_one_picture_is_not_that_of_the_next(two):
    """A second picture of the same mode and size leaves the first one's tensor unchanged."""
    img, other = two
    first = to_byte_tensor(img)
    to_byte_tensor(other)
    assert_same(first, pixels(img))


@law("to_byte_tensor", "img a picture of mode L (one channel), LA, RGB", "left unchanged")
@few
@given(by_channel)
def test_the_picture_itself_is_left_unchanged(img):
    """img has the same mode, size and pixels before and after the tensor is made and written to."""
    with unchanged(img=img):
        to_byte_tensor(img).zero_()


@law("to_byte_tensor", "`to_byte_tensor._order` is 20.")
def test_bytes_have_order_20():
    """to_byte_tensor._order == 20."""
    assert_same(float(to_byte_tensor._order), 20.0)


@law("to_float_tensor", "The bytes 0..255 of `t` as float32 from 0 to 1.", "to_float_tensor(t) ==")
@few
@given(bytes_of_any_shape)
@example(torch.arange(256, dtype=torch.uint8))
@example(torch.zeros(1, 2, 2, dtype=torch.uint8))
@example(torch.ones(1, 2, 2, dtype=torch.uint8))
@example(random_bytes([4, 2, 3], 0))
@example(torch.zeros(0, 2, dtype=torch.uint8))
def test_bytes_become_their_share_of_255(t):
    """to_float_tensor(t) = t / 255, in float32."""
    wanted = shares(t)
    assert_close(to_float_tensor(t), wanted, rtol=1e-6, atol=0.0)


@law("to_float_tensor", "t of any shape; left unchanged")
@few
@given(some_bytes)
@example(torch.arange(256, dtype=torch.uint8))
def test_the_bytes_are_left_unchanged(t):
    """t is the same before and after, also when the floats are written into."""
    with unchanged(t=t):
        to_float_tensor(t).zero_()


@law("to_float_tensor", "to_float_tensor(t) == t / 255")
@few
@given(shapes, st.integers(0, 99))
def test_the_floats_of_one_tensor_are_not_those_of_the_next(shape, seed):
    """A second tensor of the same shape leaves the floats of the first unchanged."""
    t, other = random_bytes(shape, seed), random_bytes(shape, seed + 1)
    first = to_float_tensor(t)
    to_float_tensor(other)
    assert_close(first, shares(t), rtol=1e-6, atol=0.0)


@law("to_float_tensor", "`to_float_tensor._order` is 30.")
def test_floats_have_order_30():
    """to_float_tensor._order == 30."""
    assert_same(float(to_float_tensor._order), 30.0)


@law("to_float_tensor", "`to_float_tensor._order` is 30.", "as float32 from 0 to 1")
@few
@given(st.permutations([0, 1, 2, 3]))
@example([3, 2, 1, 0])
def test_the_transforms_of_this_kata_add_up_in_any_order(places):
    """compose(img, tfms) is the same for every order of the four in the list."""
    img = make_picture("L", (6, 3), 0)
    wanted = as_floats(img.convert("RGB").resize((4, 2), Image.Resampling.BILINEAR))
    tfms = [MakeRGB(), ResizeFixed((4, 2)), to_byte_tensor, to_float_tensor]
    assert_close(compose(img, [tfms[i] for i in places]), wanted, rtol=1e-6, atol=0.0)


@law("pil_to_float", "pil_to_float(img) ==", "img a picture of mode L, LA, RGB, RGBA or CMYK")
@few
@given(by_channel)
@example(make_picture("RGB", (3, 2), 0))
@example(make_picture("L", (3, 2), 0))
def test_one_step_equals_the_two(img):
    """pil_to_float(img) = to_float_tensor(to_byte_tensor(img))."""
    wanted = as_floats(img)
    assert_close(pil_to_float(img), wanted, rtol=1e-6, atol=0.0)


@law("pil_to_float", "in one step", "It doesn't call either of those two functions.")
@few
@given(by_channel)
def test_neither_of_the_two_functions_is_called(img):
    """pil_to_float(img) makes its floats without to_byte_tensor and to_float_tensor."""
    called = []
    two = {"to_byte_tensor": called.append, "to_float_tensor": called.append}
    with mock.patch.dict(getattr(pil_to_float, "__globals__", {}), two), suppress(Exception):
        pil_to_float(img)
    assert_that(not called, "got a call of one of the two functions, wanted none", called, [])


@law("pil_to_float", "The pixels of `img` as floats, with the channels first")
@few
@given(two_alike)
def test_the_floats_of_one_picture_are_not_those_of_the_next(two):
    """A second picture of the same mode and size leaves the first one's floats unchanged."""
    img, other = two
    first = pil_to_float(img)
    pil_to_float(other)
    assert_close(first, as_floats(img), rtol=1e-6, atol=0.0)


@law("pil_to_float", "The pixels of `img` as floats, with the channels first", "left unchanged")
@few
@given(by_channel)
@example(make_picture("L", (2, 2), 0))
def test_each_call_makes_floats_of_its_own(img):
    """Writing into the floats of one call changes neither the picture nor those of the next."""
    same_bytes = keeping_bytes(img)
    first = pil_to_float(img)
    kept = first.clone()
    with unchanged(img=img):
        first.add_(1)
        assert_same(pil_to_float(img), kept)
    assert_that(same_bytes(), "the floats write into bytes that Python holds to be immutable")
