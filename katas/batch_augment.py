"""Batch augment: a whole batch turned, zoomed, cropped and tilted at once, on its own device.

Level 4. About 120 minutes. After `augment` and `learner`.
Source: fast.ai 2019, lesson 11 (10_augmentation, on the GPU); Jaderberg et al. 2015,
arXiv 1506.02025 (sampling grids).

Coordinates are those of `torch.nn.functional.grid_sample` with align_corners=False: x to the
right and y down, -1 and 1 at the outer edges of the picture. A matrix maps a point of the result
to the point of the input where it's looked up, so it's the inverse of the movement that you see.

Results are on the device of the tensors that you pass in, and have their dtype if that's a float.
Arguments are left unchanged.
See it at work in notebooks/5_augmentation.ipynb: `make lab kata=batch_augment`.
"""

from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional as F

from .learner import Callback


def output_size(size: Any) -> tuple[int, int]:
    """Given: the (h, w) meant by an int, by (h, w), or by (n, c, h, w).

    >>> output_size(8), output_size((2, 3, 4, 5))
    ((8, 8), (4, 5))
    """
    return (size, size) if isinstance(size, int) else (size[-2], size[-1])


def affine_grid(
    matrix: Float[Tensor, "n 2 3"], size: Any, align_corners: bool = False
) -> Float[Tensor, "n h w 2"]:
    """The sampling grid: for each pixel of the result the (x, y) where it's looked up.

        grid[i, row, column] = matrix[i] @ (x, y, 1),    (x, y) the centre of the pixel

    matrix         one for each picture
    size           pixels of the result: one int, (h, w) or (n, c, h, w) as for `F.affine_grid`
    align_corners  whether -1 and 1 are the centres of the first and last pixel, not outer edges

    The numbers are finite, even for a single row or column of pixels with `align_corners`.

    >>> affine_grid(torch.tensor([[[1.0, 0.0, 0.5], [0.0, 1.0, 0.0]]]), (1, 2))
    tensor([[[[0., 0.],
              [1., 0.]]]])
    """
    raise NotImplementedError


def rotation_matrix(degrees: Float[Tensor, " n"]) -> Float[Tensor, "n 3 3"]:
    """Matrices that turn square pictures counter-clockwise by `degrees`, about their middle.

        [[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]]

    >>> rotation_matrix(torch.tensor([90.0])).round().int().tolist()
    [[[0, -1, 0], [1, 0, 0], [0, 0, 1]]]
    """
    raise NotImplementedError


def zoom_matrix(zoom: Float[Tensor, " n"]) -> Float[Tensor, "n 3 3"]:
    """Matrices that make everything `zoom` times as large, about the middle.

    A zoom of 2 shows the inner quarter.

    >>> zoom_matrix(torch.tensor([2.0]))[0, 0].tolist()
    [0.5, 0.0, 0.0]
    """
    raise NotImplementedError


def shift_matrix(dx: Float[Tensor, " n"], dy: Float[Tensor, " n"]) -> Float[Tensor, "n 3 3"]:
    """Matrices that move pictures right by `dx` and down by `dy`.

    dx  in halves of the width
    dy  in halves of the height

    >>> shift_matrix(torch.tensor([1.0]), torch.tensor([0.5]))[0, :, 2].tolist()
    [-1.0, -0.5, 1.0]
    """
    raise NotImplementedError


def flip_matrix(flip: Bool[Tensor, " n"]) -> Float[Tensor, "n 3 3"]:
    """Matrices, as floats, that mirror left to right those pictures whose `flip` is True.

    >>> flip_matrix(torch.tensor([True, False]))[:, 0, 0].tolist()
    [-1.0, 1.0]
    """
    raise NotImplementedError


def rotate_batch(
    x: Float[Tensor, "n c h w"], size: Any, degrees: float, padding_mode: str = "reflection"
) -> Float[Tensor, "n c h2 w2"]:
    """Each picture of `x` turned about its middle by its own random angle within ±`degrees`.

    x             square pictures; for others, the only promise is that 0 degrees changes nothing
    size          pixels of the result: one int or (h, w)
    padding_mode  what lies beyond the edges: "reflection", "border" or "zeros"

    Each batch has new angles. Each pixel is one bilinear look-up.

    >>> rotate_batch(torch.ones(2, 3, 4, 4), (4, 6), 30.0).shape
    torch.Size([2, 3, 4, 6])
    """
    raise NotImplementedError


def perspective_grid(corners: Float[Tensor, "n 4 2"], size: Any) -> Float[Tensor, "n h w 2"]:
    """The sampling grid of the perspective that fills the result with a quadrilateral.

    corners  of the quadrilateral in each picture, (x, y) from -1 to 1: top left, bottom left,
             bottom right, top right, as for `augment.warp`
    size     pixels of the result: one int, (h, w) or (n, c, h, w)

    The equations of all pictures are solved at once, by a batched solve from `torch.linalg`.

    >>> whole = torch.tensor([[[-1.0, -1], [-1, 1], [1, 1], [1, -1]]])
    >>> perspective_grid(whole, (1, 2)).flatten().tolist()
    [-0.5, 0.0, 0.5, 0.0]
    """
    raise NotImplementedError


class BatchAugment(Callback):
    """Flips, turns, zooms, shifts, crops and tilts every training batch; `_order` is 2.

    size          pixels of the result, one int or (h, w)
    flip          probability of a mirror image, left to right
    degrees       greatest angle, either way, in a square picture
    zoom          largest magnification; the smallest is 1
    shift         greatest shift each way, as a share of the picture's width and height
    scale         least and greatest area of a random crop, as a share of the picture
    ratio         least and greatest width/height of the crop of a square picture
    tilt          greatest perspective each way, across and along; a corner moves by at most twice
                  that share of the width across, and of the height along
    padding_mode  what lies beyond the edges: "reflection", "border" or "zeros"

    Each picture has its own draws, each independent of the others, from torch's generator for the
    batch's device. The crop lies anywhere inside the picture. Everything together is one bilinear
    look-up of the batch. Floats keep their range. A batch of bytes becomes floats in 0..1. Labels
    stay with their pictures.

    Why: written in this order, each step can be checked before the next: `resize` and
    `begin_batch`, then an `augment` that draws nothing, then flip, degrees, zoom, shift, crop and
    tilt.

    >>> augment = BatchAugment(8)
    >>> augment.augment(torch.zeros(2, 3, 16, 16)).shape
    torch.Size([2, 3, 8, 8])
    >>> augment.resize(torch.full((1, 1, 2, 2), 255, dtype=torch.uint8)).max()
    tensor(1.)
    """

    def __init__(
        self,
        size: Any,
        flip: float = 0.5,
        degrees: float = 10.0,
        zoom: float = 1.1,
        shift: float = 0.0,
        scale: tuple[float, float] = (0.35, 1.0),
        ratio: tuple[float, float] = (3 / 4, 4 / 3),
        tilt: float = 0.1,
        padding_mode: str = "reflection",
    ) -> None:
        raise NotImplementedError

    def begin_batch(self) -> None:
        """Replace `learn.xb`: augment a training batch, resize a validation batch."""
        raise NotImplementedError

    def augment(self, x: Tensor) -> Tensor:
        """The batch `x` augmented and at `size`, each picture with its own draws."""
        raise NotImplementedError

    def resize(self, x: Tensor) -> Tensor:
        """Each picture of `x`, whole and at `size`, as floats; nothing is drawn."""
        raise NotImplementedError
