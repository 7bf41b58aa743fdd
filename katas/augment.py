"""Augment: more pictures out of each picture, with Pillow, one resampling each.

Level 3. About 90 minutes. After `transforms`, whose `_order` puts these between resize and tensor.
Source: fast.ai 2019, lesson 11 (10_augmentation); Szegedy et al. 2014, arXiv 1409.4842 (crops).

All randomness comes from Python's `random`.
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
    """A picture mirrored left to right with probability `p`, else as it is.

    >>> PilRandomFlip(p=0.0)(Image.new("L", (3, 2))).size
    (3, 2)
    """

    def __init__(self, p: float = 0.5) -> None:
        raise NotImplementedError

    def __call__(self, img: Image.Image) -> Image.Image:
        raise NotImplementedError


class PilRandomDihedral(PilTransform):
    """With probability `p` one of the eight views of a picture, all equally likely, else itself.

    The eight are the four rotations by quarter turns, and the same of the mirrored picture. The
    picture itself is one of them, so it comes out unchanged with probability 1 - p * 7/8.

    >>> PilRandomDihedral(p=0.0)(Image.new("L", (3, 2))).size
    (3, 2)
    """

    def __init__(self, p: float = 0.75) -> None:
        raise NotImplementedError

    def __call__(self, img: Image.Image) -> Image.Image:
        raise NotImplementedError


class GeneralCrop(PilTransform):
    """A part of a picture, cut out and resized to `size` in one resampling.

    size       pixels of what comes out, one int or (w, h)
    crop_size  pixels of the part, one int or (w, h); None for the largest of the shape of `size`
    resample   a filter of Pillow's

    `get_corners(w, h, wc, hc)` is where the part of (wc, hc) pixels lies in a picture of (w, h):
    left, top, right, bottom, for `Image.transform` with EXTENT. Here it is in the middle;
    subclasses may put it elsewhere, and change `default_crop_size(w, h)`.

    >>> GeneralCrop((4, 2), crop_size=6)(Image.new("RGB", (20, 10))).size
    (4, 2)
    """

    def __init__(
        self, size: Any, crop_size: Any = None, resample: Image.Resampling = BILINEAR
    ) -> None:
        raise NotImplementedError

    def __call__(self, img: Image.Image) -> Image.Image:
        raise NotImplementedError

    def default_crop_size(self, w: int, h: int) -> tuple[float, float]:
        """The largest part of a picture of (w, h) that has the shape of `size`."""
        raise NotImplementedError

    def get_corners(self, w: int, h: int, wc: float, hc: float) -> tuple[float, ...]:
        """The part in the middle."""
        raise NotImplementedError


class CenterCrop(GeneralCrop):
    """The middle of a picture, `scale` times smaller than the largest part that would fit.

    Resized to `size` in one resampling. 1.14 is 256/224: "resize to 256, cut out 224".

    >>> CenterCrop(8)(Image.new("RGB", (20, 10))).size
    (8, 8)
    """

    def __init__(
        self, size: Any, scale: float = 1.14, resample: Image.Resampling = BILINEAR
    ) -> None:
        raise NotImplementedError

    def default_crop_size(self, w: int, h: int) -> tuple[float, float]:
        """The largest part, divided by `scale`."""
        raise NotImplementedError


class RandomResizedCrop(GeneralCrop):
    """A part of random area, shape and place, resized to `size` in one resampling.

    scale  least and greatest area, as a share of the picture's
    ratio  least and greatest width/height, drawn evenly in its logarithm

    Whole pixels, inside the picture. Ten attempts are made, each drawn afresh (the lecture's code
    shrinks the area from one to the next); if none fits, as in a picture of 1x500, the part in
    the middle whose shape is as near as can be to the range.

    Source: Szegedy et al. 2014, arXiv 1409.4842, section 6.

    >>> RandomResizedCrop(8)(Image.new("RGB", (1, 500))).size
    (8, 8)
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
        """A random part, or the one in the middle."""
        raise NotImplementedError


def find_coeffs(orig_pts: Sequence[Point], targ_pts: Sequence[Point]) -> list[float]:
    """The eight coefficients a..h of the perspective that takes target to original points.

        x = (a*X + b*Y + c) / (g*X + h*Y + 1)        (X, Y) a target point, (x, y) its original
        y = (d*X + e*Y + f) / (g*X + h*Y + 1)

    orig_pts, targ_pts  four points (x, y) each, in pixels; left unchanged

    This is the form that `Image.transform` wants, which asks for every pixel of the result where
    it comes from. One linear system, in double precision. ValueError if three of the points are
    on one line.

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
    """The quadrilateral `src_coords` of `img`, made to fill a picture of `size`.

    size        (w, h) of the result, pixels
    src_coords  its corners in `img` as (x, y) in pixels: top left, bottom left, bottom right,
                top right. (0, 0) is the outer corner of the first pixel.

    >>> warp(Image.new("L", (4, 4), 9), (2, 2), [(1, 1), (1, 3), (3, 3), (3, 1)]).getpixel((0, 0))
    9
    """
    raise NotImplementedError


class PilTiltRandomCrop(PilTransform):
    """A random crop, tilted as if it were seen from elsewhere.

    size       pixels of what comes out, one int or (w, h)
    crop_size  pixels of the crop before it is tilted, one int or (w, h); None for the largest
               square. ValueError for a picture that is smaller.
    magnitude  how far, at most, a corner moves, as a share of the crop, below 1/4; 0 is a plain
               crop

    The top edge grows as the bottom edge shrinks, or the other way, and so do left and right. The
    corners stay inside the picture, so no edge is black.

    >>> PilTiltRandomCrop(8, crop_size=6, magnitude=0.2)(Image.new("RGB", (20, 10))).size
    (8, 8)
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
