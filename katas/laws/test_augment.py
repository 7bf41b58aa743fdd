"""Laws of augment: what every right answer keeps. You may write them before the answer.

`make laws kata=augment` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_augment.py` tries it on your own answer.
"""

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

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

# An example: take the signs away to try it.
#
# @given(st.integers(1, 20), st.integers(1, 20))
# def test_a_crop_has_the_size_that_is_asked_for(w, h):
#     picture = Image.new("RGB", (30, 20))
#     assert CenterCrop((w, h))(picture).size == (w, h)


# PilRandomFlip: The picture mirrored left to right with probability `p`, otherwise unchanged.


# PilRandomDihedral: One of the eight views of the picture with probability `p`, otherwise the picture unchanged.


# GeneralCrop: The middle of the picture, cut out and resized to `size` by `Image.transform` with EXTENT.


# CenterCrop: The middle of the picture, resized to `size` in one resampling as by `GeneralCrop`.


# RandomResizedCrop: A part of random area, shape and place, resized to `size` in one resampling.


# find_coeffs: A list of the eight coefficients a to h of the perspective from target to original points.


# warp: The quadrilateral `src_coords` of `img`, stretched by a perspective to fill the result.


# PilTiltRandomCrop: A random crop, tilted as if seen from elsewhere, and resized to `size` in one resampling.
