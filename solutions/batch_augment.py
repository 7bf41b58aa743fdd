"""Batch augment: a whole batch turned, zoomed, cropped and tilted at once, on its own device.

Level 4. About 120 minutes. After `augment` and `learner`.
Source: fast.ai 2019, lesson 11 (10_augmentation, on the GPU); Jaderberg et al. 2015,
arXiv 1506.02025 (sampling grids).

Coordinates are those of `torch.nn.functional.grid_sample` with align_corners=False: x to the
right and y down, -1 and 1 at the outer edges of the picture. A matrix maps a point of the result
to the point of the input where it's looked up, so it's the inverse of the movement that you see.

Results are on the device of the tensors that you pass in, and have their dtype if that's a float.
Arguments are left unchanged.
"""

import math
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


def _pixel_centres(size: Any, align_corners: bool, like: Tensor) -> Float[Tensor, "h w 3"]:
    """Homogeneous coordinates (x, y, 1) of every pixel of a picture."""
    h, w = output_size(size)

    def axis(n: int) -> Tensor:
        if align_corners:
            return torch.linspace(-1, 1, n).to(like) if n > 1 else like.new_zeros(1)
        return (2 * torch.arange(n).to(like) + 1) / n - 1

    y, x = torch.meshgrid(axis(h), axis(w), indexing="ij")
    return torch.stack([x, y, torch.ones_like(x)], dim=-1)


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
    centres = _pixel_centres(size, align_corners, matrix)
    return torch.einsum("hwj,nij->nhwi", centres, matrix)


def rotation_matrix(degrees: Float[Tensor, " n"]) -> Float[Tensor, "n 3 3"]:
    """Matrices that turn square pictures counter-clockwise by `degrees`, about their middle.

        [[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]]

    >>> rotation_matrix(torch.tensor([90.0])).round().int().tolist()
    [[[0, -1, 0], [1, 0, 0], [0, 0, 1]]]
    """
    radians = degrees * (math.pi / 180)  # the lecture's code changes its argument in place
    cos, sin = radians.cos(), radians.sin()
    return _matrix(cos, -sin, 0, sin, cos, 0)


def zoom_matrix(zoom: Float[Tensor, " n"]) -> Float[Tensor, "n 3 3"]:
    """Matrices that make everything `zoom` times as large, about the middle.

    A zoom of 2 shows the inner quarter.

    >>> zoom_matrix(torch.tensor([2.0]))[0, 0].tolist()
    [0.5, 0.0, 0.0]
    """
    return _matrix(1 / zoom, 0, 0, 0, 1 / zoom, 0)


def shift_matrix(dx: Float[Tensor, " n"], dy: Float[Tensor, " n"]) -> Float[Tensor, "n 3 3"]:
    """Matrices that move pictures right by `dx` and down by `dy`.

    dx  in halves of the width
    dy  in halves of the height

    >>> shift_matrix(torch.tensor([1.0]), torch.tensor([0.5]))[0, :, 2].tolist()
    [-1.0, -0.5, 1.0]
    """
    return _matrix(torch.ones_like(dx), 0, -dx, 0, 1, -dy)


def flip_matrix(flip: Bool[Tensor, " n"]) -> Float[Tensor, "n 3 3"]:
    """Matrices, as floats, that mirror left to right those pictures whose `flip` is True.

    >>> flip_matrix(torch.tensor([True, False]))[:, 0, 0].tolist()
    [-1.0, 1.0]
    """
    return _matrix(1 - 2 * flip.float(), 0, 0, 0, 1, 0)


def _matrix(*entries: Any) -> Float[Tensor, "n 3 3"]:
    """Six entries, tensors of n or numbers, as homogeneous matrices; the first is a tensor."""
    n = entries[0]
    rows = [torch.as_tensor(e).to(n).expand_as(n) for e in (*entries, 0, 0, 1)]
    return torch.stack(rows, dim=-1).view(-1, 3, 3)


def _with_aspect(matrix: Float[Tensor, "n 3 3"], x: Tensor) -> Float[Tensor, "n 3 3"]:
    """`matrix`, made for a square, for pictures of the shape of `x`: a turn keeps its shapes."""
    aspect = torch.diag(torch.tensor([x.shape[-1] / x.shape[-2], 1.0, 1.0])).to(matrix)
    return aspect.inverse() @ matrix @ aspect


def _sample(x: Tensor, grid: Tensor, padding_mode: str) -> Tensor:
    """One bilinear resampling of `x` at `grid`."""
    return F.grid_sample(x, grid, padding_mode=padding_mode, align_corners=False)


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
    angles = torch.empty(len(x), dtype=x.dtype, device=x.device).uniform_(-degrees, degrees)
    matrix = _with_aspect(rotation_matrix(angles), x)
    return _sample(x, affine_grid(matrix[:, :2], size), padding_mode)


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
    points = torch.einsum(
        "nij,hwj->nhwi", _perspective(corners), _pixel_centres(size, False, corners)
    )
    return points[..., :2] / points[..., 2:]


def _perspective(corners: Float[Tensor, "n 4 2"]) -> Float[Tensor, "n 3 3"]:
    """The matrices that take the corners of the whole picture to `corners`."""
    n, whole = len(corners), corners.new_tensor([[-1, -1], [-1, 1], [1, 1], [1, -1]])
    from_ = torch.cat([whole, whole.new_ones(4, 1)], dim=1).expand(n, 4, 3)
    nothing = torch.zeros_like(from_)
    for_x = torch.cat([from_, nothing, -corners[..., :1] * from_[..., :2]], dim=-1)  # n 4 8
    for_y = torch.cat([nothing, from_, -corners[..., 1:] * from_[..., :2]], dim=-1)
    rights = torch.cat([corners[..., 0], corners[..., 1]], dim=1)
    system = torch.cat([for_x, for_y], dim=1)
    full = torch.promote_types(corners.dtype, torch.float32)  # half precision has no `solve`
    solved = torch.linalg.solve(system.to(full), rights.to(full)).to(corners)
    return torch.cat([solved, solved.new_ones(n, 1)], dim=1).view(n, 3, 3)


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

    _order = 2

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
        self.size, self.flip, self.degrees, self.zoom = output_size(size), flip, degrees, zoom
        self.shift, self.scale, self.ratio, self.tilt = shift, scale, ratio, tilt
        self.padding_mode = padding_mode

    def begin_batch(self) -> None:
        """Replace `learn.xb`: augment a training batch, resize a validation batch."""
        self.run.xb = self.augment(self.xb) if self.in_train else self.resize(self.xb)

    def augment(self, x: Tensor) -> Tensor:
        """The batch `x` augmented and at `size`, each picture with its own draws."""
        x = _floats(x)
        matrix = self._draw(x)
        points = torch.einsum("nij,hwj->nhwi", matrix, _pixel_centres(self.size, False, x))
        return _sample(x, points[..., :2] / points[..., 2:], self.padding_mode)

    def resize(self, x: Tensor) -> Tensor:
        """Each picture of `x`, whole and at `size`, as floats; nothing is drawn."""
        return F.interpolate(_floats(x), self.size, mode="bilinear", antialias=True)

    def _draw(self, x: Tensor) -> Float[Tensor, "n 3 3"]:
        # one matrix a picture: where each point of the result lies in it

        def uniform(low: float, high: float) -> Tensor:
            return x.new_empty(len(x)).uniform_(low, high)

        flip = flip_matrix(uniform(0, 1) < self.flip).to(x)
        turn = _with_aspect(rotation_matrix(uniform(-self.degrees, self.degrees)), x)
        zoom = zoom_matrix(uniform(1, self.zoom))
        shift = shift_matrix(*(uniform(-2 * self.shift, 2 * self.shift) for _ in "xy"))
        area, ratio = uniform(*self.scale), uniform(*map(math.log, self.ratio)).exp()
        wide = (area * ratio * x.shape[-2] / x.shape[-1]).sqrt().clamp_max(1)  # shares of w and h
        high = (area / ratio * x.shape[-1] / x.shape[-2]).sqrt().clamp_max(1)
        left, top = (1 - wide) * uniform(-1, 1), (1 - high) * uniform(-1, 1)
        crop = _matrix(wide, 0, left, 0, high, top)
        dx, dy = 2 * uniform(-self.tilt, self.tilt), 2 * uniform(-self.tilt, self.tilt)
        moved = torch.stack([-dx, -dy, dx, dy, -dx, -dy, dx, dy], dim=-1).view(-1, 4, 2)
        whole = x.new_tensor([[-1, -1], [-1, 1], [1, 1], [1, -1]])
        return shift @ turn @ zoom @ crop @ _perspective(whole * (1 - 2 * self.tilt) + moved) @ flip


def _floats(x: Tensor) -> Tensor:
    """Bytes as floats in 0..1, floats as they are."""
    return x.float().div_(255) if x.dtype == torch.uint8 else x
