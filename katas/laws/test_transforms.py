"""Laws of transforms: what every right answer keeps. You may write them before the answer.

`make laws kata=transforms` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_transforms.py` tries it on your own answer.
"""

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from katas.transforms import MakeRGB, ResizeFixed, pil_to_float, to_byte_tensor, to_float_tensor

# An example: take the signs away to try it.
#
# @given(st.sampled_from(["1", "L", "LA", "P", "CMYK", "RGBA"]))
# def test_every_mode_becomes_rgb(mode):
#     assert MakeRGB()(Image.new(mode, (3, 2))).mode == "RGB"


# MakeRGB: A transform that makes RGB pictures: `MakeRGB()(img)` is `img.convert("RGB")`.


# ResizeFixed: A transform that resizes a whole picture to `size` by bilinear interpolation.


# to_byte_tensor: The pixels of `img` as bytes, with the channels first.


# to_float_tensor: The bytes 0..255 of `t` as float32 from 0 to 1.


# pil_to_float: The pixels of `img` as floats, with the channels first, in one step.
