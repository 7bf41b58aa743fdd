"""Laws of batch_augment: what every right answer keeps. You may write them before the answer.

`make laws kata=batch_augment` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_batch_augment.py` tries it on your own answer.
"""

import torch
from hypothesis import given
from hypothesis import strategies as st

from katas.batch_augment import (
    BatchAugment,
    affine_grid,
    flip_matrix,
    perspective_grid,
    rotate_batch,
    rotation_matrix,
    shift_matrix,
    zoom_matrix,
)

# An example: take the signs away to try it.
#
# @given(st.floats(-180, 180))
# def test_a_turn_there_and_back_is_none(degrees):
#     there, back = rotation_matrix(torch.tensor([degrees, -degrees], dtype=torch.float64))
#     assert torch.allclose(there @ back, torch.eye(3, dtype=torch.float64), atol=1e-6)


# affine_grid: The sampling grid: for each pixel of the result the (x, y) where it's looked up.


# rotation_matrix: Matrices that turn square pictures counter-clockwise by `degrees`, about their middle.


# zoom_matrix: Matrices that make everything `zoom` times as large, about the middle.


# shift_matrix: Matrices that move pictures right by `dx` and down by `dy`.


# flip_matrix: Matrices, as floats, that mirror left to right those pictures whose `flip` is True.


# rotate_batch: Each picture of `x` turned about its middle by its own random angle within ±`degrees`.


# perspective_grid: The sampling grid of the perspective that fills the result with a quadrilateral.


# BatchAugment: Flips, turns, zooms, shifts, crops and tilts every training batch; `_order` is 2.
