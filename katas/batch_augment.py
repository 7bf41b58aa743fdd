"""Batch augment: a whole batch turned, zoomed, cropped and tilted at once, on its own device.

Level 4. About 120 minutes. After `augment` and `learner`.
Source: fast.ai 2019, lesson 11 (10_augmentation, on the GPU); Jaderberg et al. 2015,
arXiv 1506.02025 (sampling grids).

Coordinates are those of `torch.nn.functional.grid_sample` with align_corners=False: x to the
right and y down, -1 and 1 at the outer edges of the picture. A matrix takes a point of the result
to the point of the input where it is looked up, so it is the inverse of the movement one sees.
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
    """Where each pixel of the result is looked up: `matrix` applied to its centre (x, y, 1).

    matrix         one a picture
    size           of the result: (n, c, h, w) as `F.affine_grid` takes it, (h, w), or one int
    align_corners  -1 and 1 are the centres of the first and last pixel, not the outer edges

    >>> affine_grid(torch.tensor([[[1.0, 0.0, 0.5], [0.0, 1.0, 0.0]]]), (1, 2))
    tensor([[[[0., 0.],
              [1., 0.]]]])
    """
    raise NotImplementedError


def rotation_matrix(degrees: Float[Tensor, " n"]) -> Float[Tensor, "n 3 3"]:
    """Turns a square picture counter-clockwise by positive `degrees`, about its middle.

        [[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]]

    >>> rotation_matrix(torch.tensor([90.0])).round().int().tolist()
    [[[0, -1, 0], [1, 0, 0], [0, 0, 1]]]
    """
    raise NotImplementedError


def zoom_matrix(zoom: Float[Tensor, " n"]) -> Float[Tensor, "n 3 3"]:
    """Makes everything `zoom` times as large, about the middle: 2 shows the inner quarter.

    >>> zoom_matrix(torch.tensor([2.0]))[0, 0].tolist()
    [0.5, 0.0, 0.0]
    """
    raise NotImplementedError


def shift_matrix(dx: Float[Tensor, " n"], dy: Float[Tensor, " n"]) -> Float[Tensor, "n 3 3"]:
    """Moves a picture right by `dx` and down by `dy`, in halves of its width and height.

    >>> shift_matrix(torch.tensor([1.0]), torch.tensor([0.5]))[0, :, 2].tolist()
    [-1.0, -0.5, 1.0]
    """
    raise NotImplementedError


def flip_matrix(flip: Bool[Tensor, " n"]) -> Float[Tensor, "n 3 3"]:
    """Mirrors the pictures for which `flip` is True, left to right.

    >>> flip_matrix(torch.tensor([True, False]))[:, 0, 0].tolist()
    [-1.0, 1.0]
    """
    raise NotImplementedError


def rotate_batch(
    x: Float[Tensor, "n c h w"], size: Any, degrees: float, padding_mode: str = "reflection"
) -> Float[Tensor, "n c h2 w2"]:
    """Each picture of `x` turned by its own random angle within ±`degrees`.

    x             left unchanged
    size          of the result: one int or (h, w), pixels
    padding_mode  what lies beyond the edges: "reflection", "border" or "zeros"

    >>> rotate_batch(torch.ones(2, 3, 4, 4), 4, 30.0).shape
    torch.Size([2, 3, 4, 4])
    """
    raise NotImplementedError


def perspective_grid(corners: Float[Tensor, "n 4 2"], size: Any) -> Float[Tensor, "n h w 2"]:
    """The sampling grid that makes a quadrilateral of each picture fill the result.

    corners  its corners in the input, (x, y) from -1 to 1: top left, bottom left, bottom right,
             top right, as for the `warp` of one picture
    size     of the result: one int, (h, w) or (n, c, h, w), pixels

    One batched linear solve for all pictures.

    >>> whole = torch.tensor([[[-1.0, -1], [-1, 1], [1, 1], [1, -1]]])
    >>> perspective_grid(whole, (1, 2)).flatten().tolist()
    [-0.5, 0.0, 0.5, 0.0]
    """
    raise NotImplementedError


class BatchAugment(Callback):
    """Every training batch flipped, turned, zoomed, shifted, cropped and tilted; `_order` is 2.

    size     of what comes out, one int or (h, w), pixels
    flip     probability of a mirror image, left to right
    degrees  greatest angle, either way
    zoom     greatest magnification; the least is 1
    shift    greatest shift, as a share of the picture, in each direction
    scale    least and greatest area of a random resized crop, as a share of the picture
    ratio    least and greatest width/height of the crop
    tilt     greatest perspective, as a share of the picture

    Each picture has its own draw, from torch's generator of the batch's device, and all is one
    resampling of the batch. In validation a picture is only resized. A batch of bytes may come
    in, whose 255 becomes 1; what goes out is floats.

    >>> BatchAugment(8).augment(torch.zeros(2, 3, 16, 16)).shape
    torch.Size([2, 3, 8, 8])
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
        """Augment a training batch, resize a validation batch."""
        raise NotImplementedError

    def augment(self, x: Tensor) -> Tensor:
        """`x`, each picture by its own draw."""
        raise NotImplementedError

    def resize(self, x: Tensor) -> Tensor:
        """`x` at the size of what comes out, as floats."""
        raise NotImplementedError

    def draw(self, x: Tensor) -> Float[Tensor, "n 3 3"]:
        """One matrix a picture: where each point of the result lies in it."""
        raise NotImplementedError
