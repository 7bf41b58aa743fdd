"""Augment: more pictures from each picture, with Pillow, and only one resampling each.

Level 3. About 90 minutes. After `transforms`, whose pipeline calls each of these on a picture.
Source: fast.ai 2019, lesson 11 (10_augmentation); Szegedy et al. 2014, arXiv 1409.4842 (crops).

Pictures are RGB or L and keep their mode. The picture that's passed in stays unchanged. A transform
has `_order` 11, and one transform works for pictures of all sizes. All randomness comes from
Python's `random`, drawn on each call.
"""

import math
import random
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
        self.p = p

    def __call__(self, img: Image.Image) -> Image.Image:
        return img.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() < self.p else img


class PilRandomDihedral(PilTransform):
    """One of the eight views of the picture with probability `p`, otherwise the picture unchanged.

    The eight views are the four quarter turns of the picture and of its mirror image, all equally
    likely. The picture itself is one of them: it comes out unchanged with probability 1 - p * 7/8.

    >>> sorted({PilRandomDihedral(p=1.0)(Image.new("L", (3, 2))).size for _ in range(100)})
    [(2, 3), (3, 2)]
    """

    def __init__(self, p: float = 0.75) -> None:
        self.p = p

    def __call__(self, img: Image.Image) -> Image.Image:
        if random.random() >= self.p * 7 / 8:
            return img
        return img.transpose(random.choice(list(Image.Transpose)))  # the other seven


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
        self.size, self.resample = process_size(size), resample
        self.crop_size = None if crop_size is None else process_size(crop_size)

    def __call__(self, img: Image.Image) -> Image.Image:
        crop_size = self.crop_size or self.default_crop_size(*img.size)
        corners = self.get_corners(*img.size, *crop_size)
        return img.transform(self.size, Image.Transform.EXTENT, corners, resample=self.resample)

    def default_crop_size(self, w: int, h: int) -> tuple[float, float]:
        """The largest part of a (w, h) picture with the aspect ratio of `size`, to the pixel."""
        fit = min(w / self.size[0], h / self.size[1])
        return self.size[0] * fit, self.size[1] * fit

    def get_corners(self, w: int, h: int, wc: float, hc: float) -> tuple[float, ...]:
        """Left, top, right and bottom of the central (wc, hc) part, to the pixel."""
        return (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2


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
        super().__init__(size, resample=resample)
        self.scale = scale

    def default_crop_size(self, w: int, h: int) -> tuple[float, float]:
        """The largest part that fits, divided by `scale`, to the pixel."""
        wc, hc = super().default_crop_size(w, h)
        return wc / self.scale, hc / self.scale


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
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w: int, h: int, wc: float, hc: float) -> tuple[float, ...]:
        """Left, top, right and bottom of a random part of a (w, h) picture."""
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


def _collinear(points: Sequence[Point]) -> bool:
    """Whether three of the four points are on one line, as far as doubles can tell."""
    ps = np.asarray(points, dtype=np.float64)
    extent = np.ptp(ps, axis=0).max()
    for skipped in range(4):
        a, b, c = np.delete(ps, skipped, axis=0)
        (ux, uy), (vx, vy) = b - a, c - a
        if abs(ux * vy - uy * vx) <= 1e-9 * extent**2:
            return True
    return False


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
    if _collinear(orig_pts) or _collinear(targ_pts):
        raise ValueError(f"three corners on one line: {orig_pts} from {targ_pts}")
    rows, rights = [], []
    for (x, y), (tx, ty) in zip(orig_pts, targ_pts, strict=True):
        rows += [[tx, ty, 1, 0, 0, 0, -x * tx, -x * ty], [0, 0, 0, tx, ty, 1, -y * tx, -y * ty]]
        rights += [x, y]
    return np.linalg.solve(np.array(rows, np.float64), np.array(rights, np.float64)).tolist()


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
    w, h = size
    coeffs = find_coeffs(src_coords, [(0, 0), (0, h), (w, h), (w, 0)])
    return img.transform(size, Image.Transform.PERSPECTIVE, coeffs, resample=resample)


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
        self.size, self.magnitude, self.resample = process_size(size), magnitude, resample
        self.crop_size = None if crop_size is None else process_size(crop_size)

    def __call__(self, img: Image.Image) -> Image.Image:
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        left, top = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(self.magnitude, left / wc, (w - left - wc) / wc)
        along = min(self.magnitude, top / hc, (h - top - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        right, bottom = left + wc, top + hc
        corners = [
            (left - dx, top - dy),
            (left + dx, bottom + dy),
            (right - dx, bottom - dy),
            (right + dx, top + dy),
        ]
        return warp(img, self.size, corners, self.resample)
