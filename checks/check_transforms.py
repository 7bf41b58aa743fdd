"""The laws of transforms."""

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from checks.laws import assert_close, assert_same, assert_that, law, number, unchanged
from checks.words.pictures import keeping_bytes, make_picture, pictures
from katas.containers import compose
from katas.transforms import (
    MakeRGB,
    ResizeFixed,
    pil_to_float,
    to_byte_tensor,
    to_float_tensor,
)

ANY_MODE = ("RGB", "L", "LA", "P", "CMYK", "RGBA", "1")
BY_CHANNEL = ("RGB", "L", "LA", "CMYK", "RGBA")

sides = st.integers(1, 12)
bytes_of_any_shape = st.lists(st.integers(1, 3), max_size=4).flatmap(
    lambda shape: st.integers(0, 99).map(lambda seed: random_bytes(shape, seed))
)


def random_bytes(shape, seed):
    """Bytes of a shape, each of 0 to 255 as likely."""
    source = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, tuple(shape), generator=source, dtype=torch.uint8)


def pixels(img):
    """The bytes of a picture, channel by channel, as [c, h, w]."""
    planes = [np.array(band, dtype=np.uint8) for band in img.split()]
    return torch.tensor(np.stack(planes))


@law("MakeRGB")
@given(pictures(*ANY_MODE))
@example(make_picture("LA", (2, 1), 0))
@example(make_picture("P", (2, 1), 0))
@example(make_picture("CMYK", (2, 1), 0))
@example(make_picture("RGBA", (2, 1), 0))
@example(make_picture("1", (9, 1), 0))
def test_any_picture_becomes_rgb_as_convert_makes_it(img):
    """MakeRGB()(img) has the pixels of img.convert("RGB")."""
    wanted = img.convert("RGB")
    assert_same(MakeRGB()(img), wanted)


@law("MakeRGB")
@given(pictures(*ANY_MODE))
def test_the_picture_keeps_its_mode_when_rgb_is_made_of_it(img):
    """img has the same mode and pixels before and after MakeRGB()(img)."""
    with unchanged(img=img):
        MakeRGB()(img)


@law("MakeRGB")
@given(st.integers(0, 2), st.integers(0, 2))
@example(1, 0)
def test_rgb_is_made_before_any_other_transform_acts(before, after):
    """compose(img, [f, MakeRGB(), g]) shows RGB to f as well, with the order 0 that f has."""
    modes = []
    look = [lambda img: modes.append(img.mode) or img]
    compose(make_picture("L", (1, 1), 0), [*look * before, MakeRGB(), *look * after])
    assert_same(modes, ["RGB"] * (before + after))


@law("ResizeFixed")
@given(pictures("RGB", "L"), st.tuples(sides, sides))
@example(make_picture("RGB", (6, 3), 0), (3, 6))
@example(make_picture("RGB", (6, 6), 0), (2, 3))
def test_a_size_of_two_is_width_and_height(img, size):
    """ResizeFixed((w, h))(img) is img.resize((w, h)), bilinear."""
    wanted = img.resize(size, Image.Resampling.BILINEAR)
    assert_same(ResizeFixed(size)(img), wanted)


@law("ResizeFixed")
@given(pictures("RGB", "L"), sides)
@example(make_picture("RGB", (6, 2), 0), 4)
@example(make_picture("L", (1, 5), 0), 5)
def test_one_int_is_the_side_of_a_square(img, side):
    """ResizeFixed(s)(img) is s wide and s high, whatever the shape of img."""
    wanted = img.resize((side, side), Image.Resampling.BILINEAR)
    assert_same(ResizeFixed(side)(img), wanted)


@law("ResizeFixed")
@given(st.lists(pictures("RGB", "L"), min_size=2, max_size=4), sides)
@example([make_picture("RGB", (6, 2), 0), make_picture("RGB", (2, 6), 0)], 4)
def test_one_transform_serves_pictures_of_all_sizes(imgs, side):
    """What a ResizeFixed gives does not depend on the pictures before."""
    wanted = [img.resize((side, 4), Image.Resampling.BILINEAR) for img in imgs]
    resize = ResizeFixed((side, 4))
    assert_same([resize(img) for img in imgs], wanted)


@law("ResizeFixed")
@given(st.lists(sides, min_size=2, max_size=4, unique=True))
def test_each_transform_keeps_its_own_size(wanted):
    """A ResizeFixed made later leaves those made before as they are."""
    made = [ResizeFixed((side, 4)) for side in wanted]
    img = make_picture("L", (3, 2), 0)
    assert_same([resize(img).size for resize in made], [(side, 4) for side in wanted])


@law("ResizeFixed")
@given(pictures("RGB", "L"), sides)
def test_the_picture_keeps_its_own_size(img, side):
    """img has the same size and pixels before and after."""
    with unchanged(img=img):
        ResizeFixed(side)(img)


@law("ResizeFixed")
def test_resizing_has_order_10():
    """ResizeFixed(size)._order == 10."""
    assert_same(number(ResizeFixed(2)._order), 10.0)


@law("to_byte_tensor")
@given(pictures(*BY_CHANNEL))
@example(make_picture("RGB", (3, 2), 0))
@example(make_picture("L", (3, 2), 0))
@example(make_picture("LA", (1, 2), 0))
@example(make_picture("RGBA", (2, 1), 0))
def test_every_byte_is_at_its_channel_row_and_column(img):
    """to_byte_tensor(img)[c, y, x] is channel c of img.getpixel((x, y)), as uint8."""
    wanted = pixels(img)
    assert_same(to_byte_tensor(img), wanted)


@law("to_byte_tensor")
@given(pictures(*BY_CHANNEL))
@example(make_picture("L", (2, 2), 0))
def test_writing_into_the_tensor_reaches_no_other_bytes(img):
    """After writing into it, the next tensor of img is as the first was, and so are img's bytes."""
    as_it_was = keeping_bytes(img)
    first = to_byte_tensor(img)
    kept = first.clone()
    first.bitwise_not_()
    assert_same(to_byte_tensor(img), kept)
    assert_that(as_it_was(), "the tensor writes into bytes that Python holds to be immutable")


@law("to_byte_tensor")
@given(pictures(*BY_CHANNEL))
def test_the_picture_itself_stays_as_it_is(img):
    """img has the same mode, size and pixels before and after the tensor is made and written to."""
    with unchanged(img=img):
        to_byte_tensor(img).zero_()


@law("to_byte_tensor")
def test_bytes_have_order_20():
    """to_byte_tensor._order == 20."""
    assert_same(number(to_byte_tensor._order), 20.0)


@law("to_float_tensor")
@given(bytes_of_any_shape)
@example(torch.arange(256, dtype=torch.uint8))
@example(torch.zeros(1, 2, 2, dtype=torch.uint8))
def test_bytes_become_their_share_of_255(t):
    """to_float_tensor(t) = t / 255, in float32."""
    wanted = torch.tensor((t.numpy() / 255).astype(np.float32))
    assert_close(to_float_tensor(t), wanted, rtol=1e-6, atol=0.0)


@law("to_float_tensor")
@given(bytes_of_any_shape)
def test_the_bytes_stay_as_they_are(t):
    """t is the same before and after."""
    with unchanged(t=t):
        to_float_tensor(t)


@law("to_float_tensor")
def test_floats_have_order_30():
    """to_float_tensor._order == 30."""
    assert_same(number(to_float_tensor._order), 30.0)


@law("pil_to_float")
@given(pictures(*BY_CHANNEL))
@example(make_picture("RGB", (3, 2), 0))
@example(make_picture("L", (3, 2), 0))
def test_one_step_gives_what_the_two_give(img):
    """pil_to_float(img) = to_float_tensor(to_byte_tensor(img))."""
    wanted = torch.tensor((pixels(img).numpy() / 255).astype(np.float32))
    assert_close(pil_to_float(img), wanted, rtol=1e-6, atol=0.0)


@law("pil_to_float")
@given(pictures(*BY_CHANNEL))
def test_each_call_makes_floats_of_its_own(img):
    """Writing into what one call gave changes neither the picture nor what the next call gives."""
    first = pil_to_float(img)
    kept = first.clone()
    with unchanged(img=img):
        first.add_(1)
        assert_same(pil_to_float(img), kept)
