"""Augment: more pictures from each picture, with Pillow, and only one resampling each.

Level 3. About 90 minutes. After `transforms`, whose pipeline calls each of these on a picture.
Source: fast.ai 2019, lesson 11 (10_augmentation); Szegedy et al. 2014, arXiv 1409.4842 (crops).

Pictures are RGB or L and keep their mode. The picture that's passed in stays unchanged. A transform
has `_order` 11, and one transform works for pictures of all sizes. All randomness comes from
Python's `random`, drawn on each call.
See it at work in notebooks/5_augmentation.ipynb: `make lab kata=augment`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from .transforms import Transform

BILINEAR = Image.Resampling.BILINEAR
Point = Sequence[float]


class PilTransform(Transform):
    """Given: a transform of a picture; `_order` is 11, after resizing and before tensors."""

    _order = 11


def process_size(size: Any) -> tuple[int, int]:
    """Given: a size as (w, h) in pixels; one int is a square.

    >>> process_size(8), process_size((4, 2))
    ((8, 8), (4, 2))
    """
    return (size, size) if isinstance(size, int) else (size[0], size[1])


class PilRandomFlip(PilTransform):
    """The picture mirrored left to right with probability `p`, otherwise unchanged.

    >>> img = Image.new("L", (2, 1))
    >>> img.putpixel((0, 0), 9)
    >>> PilRandomFlip(p=1.0)(img).getpixel((1, 0))
    9
    """

    def __init__(self, p: float = 0.5) -> None:
        raise NotImplementedError

    def __call__(self, img: Image.Image) -> Image.Image:
        raise NotImplementedError


class PilRandomDihedral(PilTransform):
    """One of the eight views of the picture with probability `p`, otherwise the picture unchanged.

    The eight views are the four quarter turns of the picture and of its mirror image, all equally
    likely. The picture itself is one of them: it comes out unchanged with probability 1 - p * 7/8.

    >>> sorted({PilRandomDihedral(p=1.0)(Image.new("L", (3, 2))).size for _ in range(100)})
    [(2, 3), (3, 2)]
    """

    def __init__(self, p: float = 0.75) -> None:
        raise NotImplementedError

    def __call__(self, img: Image.Image) -> Image.Image:
        raise NotImplementedError


class GeneralCrop(PilTransform):
    """The middle of the picture, cut out and resized to `size` by `Image.transform` with EXTENT.

    size       pixels of the result, one int or (w, h)
    crop_size  pixels of the part to cut out, one int or (w, h); None for `default_crop_size`
    resample   the filter, one of Pillow's

    A subclass may override `get_corners` to put the part elsewhere, or `default_crop_size`.

    >>> crop = GeneralCrop((4, 2), crop_size=6)
    >>> crop(Image.new("RGB", (20, 10))).size, list(crop.get_corners(20, 10, 6, 6))
    ((4, 2), [7.0, 2.0, 13.0, 8.0])
    """

    def __init__(
        self, size: Any, crop_size: Any = None, resample: Image.Resampling = BILINEAR
    ) -> None:
        raise NotImplementedError

    def __call__(self, img: Image.Image) -> Image.Image:
        raise NotImplementedError

    def default_crop_size(self, w: int, h: int) -> tuple[float, float]:
        """The largest part of a (w, h) picture with the aspect ratio of `size`, to the pixel."""
        raise NotImplementedError

    def get_corners(self, w: int, h: int, wc: float, hc: float) -> tuple[float, ...]:
        """Left, top, right and bottom of the central (wc, hc) part, to the pixel."""
        raise NotImplementedError


class CenterCrop(GeneralCrop):
    """The middle of the picture, resized to `size` in one resampling as by `GeneralCrop`.

    size      pixels of the result, one int or (w, h)
    scale     how many times smaller each side is than that of the largest part that fits
    resample  the filter, one of Pillow's

    The part has the aspect ratio of `size`, so nothing is squeezed.

    Why: 1.14 is 256/224, from the usual "resize to 256, cut out 224".

    >>> img = Image.new("L", (4, 4))
    >>> img.paste(9, (1, 1, 3, 3))
    >>> CenterCrop(2, scale=2.0)(img).getextrema()
    (9, 9)
    """

    def __init__(
        self, size: Any, scale: float = 1.14, resample: Image.Resampling = BILINEAR
    ) -> None:
        raise NotImplementedError

    def default_crop_size(self, w: int, h: int) -> tuple[float, float]:
        """The largest part that fits, divided by `scale`, to the pixel."""
        raise NotImplementedError


class RandomResizedCrop(GeneralCrop):
    """A part of random area, shape and place, resized to `size` in one resampling.

    size      pixels of the result, one int or (w, h)
    scale     least and greatest area, as a share of the picture's; drawn from the whole range
    ratio     least and greatest width/height, before rounding; its logarithm is drawn evenly
    resample  the filter, one of Pillow's

    Width and height are whole pixels, at least one. The part lies inside the picture, and every
    place that fits may be drawn. If an attempt is empty or doesn't fit, another one follows, ten in
    all, each with a new area and ratio. If none fits, as in a 1x500 picture, it's the part in the
    middle: the largest whose width/height is in range and nearest to the picture's.

    Why: the lecture's code shrinks the area from one attempt to the next.

    Source: Szegedy et al. 2014, arXiv 1409.4842, section 6.

    >>> out = RandomResizedCrop((8, 4))(Image.new("L", (1, 500), 9))
    >>> out.size, out.getextrema()
    ((8, 4), (9, 9))
    """

    def __init__(
        self,
        size: Any,
        scale: tuple[float, float] = (0.08, 1.0),
        ratio: tuple[float, float] = (3 / 4, 4 / 3),
        resample: Image.Resampling = BILINEAR,
    ) -> None:
        raise NotImplementedError

    def get_corners(self, w: int, h: int, wc: float, hc: float) -> tuple[float, ...]:
        """Left, top, right and bottom of a random part of a (w, h) picture."""
        raise NotImplementedError


def find_coeffs(orig_pts: Sequence[Point], targ_pts: Sequence[Point]) -> list[float]:
    """A list of the eight coefficients a to h of the perspective from target to original points.

        x = (a*X + b*Y + c) / (g*X + h*Y + 1)
        y = (d*X + e*Y + f) / (g*X + h*Y + 1)

    orig_pts  four points (x, y) in pixels; left unchanged
    targ_pts  the target point (X, Y) of each; left unchanged

    The coefficients are floats, solved for in double precision: targets map to their originals
    within 1e-6 pixels. Raises ValueError if three points of either list lie on one line.

    Why: `Image.transform` looks up the source pixel of each pixel of the result.

    >>> square, moved = [(0, 0), (0, 1), (1, 1), (1, 0)], [(2, 3), (2, 4), (3, 4), (3, 3)]
    >>> [round(c, 6) for c in find_coeffs(moved, square)]
    [1.0, 0.0, 2.0, 0.0, 1.0, 3.0, 0.0, 0.0]
    """
    raise NotImplementedError


def warp(
    img: Image.Image,
    size: tuple[int, int],
    src_coords: Sequence[Point],
    resample: Image.Resampling = BILINEAR,
) -> Image.Image:
    """The quadrilateral `src_coords` of `img`, stretched by a perspective to fill the result.

    size        (w, h) of the result in pixels
    src_coords  the four corners in `img` as (x, y) in pixels, left unchanged: top left, bottom
                left, bottom right, top right
    resample    the filter, one of Pillow's

    (0, 0) is the outer corner of the first pixel, so passing the corners of `img` itself changes
    nothing. There's only one resampling.

    >>> warp(Image.new("L", (4, 4), 9), (2, 2), [(1, 1), (1, 3), (3, 3), (3, 1)]).getpixel((0, 0))
    9
    """
    raise NotImplementedError


class PilTiltRandomCrop(PilTransform):
    """A random crop, tilted as if seen from elsewhere, and resized to `size` in one resampling.

    size       pixels of the result, one int or (w, h)
    crop_size  pixels of the crop before the tilt, one int or (w, h); None for the largest square
    magnitude  how far a corner may move each way, as a share of the crop's side, 0 to below 1/4
    resample   the filter, one of Pillow's

    The crop may be anywhere in the picture. Magnitude 0 is a plain crop. Otherwise the top edge
    grows as much as the bottom edge shrinks, or the other way round, and the same holds for left
    and right, with a draw of their own. The corners stay inside the picture, so no edge is black.

    Raises ValueError for a picture smaller than the crop; the message is about these sizes.

    >>> PilTiltRandomCrop(8, crop_size=6, magnitude=0.2)(Image.new("L", (20, 10), 9)).getextrema()
    (9, 9)
    """

    def __init__(
        self,
        size: Any,
        crop_size: Any = None,
        magnitude: float = 0.0,
        resample: Image.Resampling = BILINEAR,
    ) -> None:
        raise NotImplementedError

    def __call__(self, img: Image.Image) -> Image.Image:
        raise NotImplementedError
