"""Variants for `augment`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import math
import random

import numpy as np
from PIL import Image, ImageOps


class _Flip(PilTransform):
    def __init__(self, p=0.5):
        self.p = p

    def happens(self):
        return random.random() < self.p

    def __call__(self, img):
        return self.changed(img) if self.happens() else img

    def changed(self, img):
        return ImageOps.mirror(img)


class PilRandomFlip(_Flip):
    """Turns the picture upside down instead of swapping left and right."""

    def changed(self, img):
        return ImageOps.flip(img)


class PilRandomFlip(_Flip):
    """Flips with probability 1 - p: the comparison is the wrong way round."""

    def happens(self):
        return not _Flip.happens(self)


class PilRandomFlip(_Flip):
    """Turns the picture by 180 degrees, which isn't a mirror image."""

    def changed(self, img):
        return ImageOps.flip(ImageOps.mirror(img))


class PilRandomFlip(_Flip):
    # mirrors by p squared
    def happens(self):
        return random.random() < self.p**2


class PilRandomDihedral(_Flip):
    """Mirrors left to right and top to bottom, but never makes a quarter turn."""

    def __init__(self, p=0.75):
        self.p = p

    def changed(self, img):
        img = ImageOps.mirror(img) if random.randrange(2) else img
        return ImageOps.flip(img) if random.randrange(2) else img


class PilRandomDihedral(_Flip):
    """Makes the four turns only, without the mirror images."""

    def __init__(self, p=0.75):
        self.p = p

    def changed(self, img):
        for _ in range(random.randrange(4)):
            img = img.transpose(Image.Transpose.ROTATE_90)
        return img


class PilRandomDihedral(_Flip):
    # a view of dark for bright
    def __init__(self, p=0.75):
        self.p = p

    def changed(self, img):
        return ImageOps.invert(img)


class _Crop(PilTransform):
    def __init__(self, size, crop_size=None, resample=Image.BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = None if crop_size is None else process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size if self.crop_size else self.default_crop_size(w, h)
        box = self.get_corners(w, h, wc, hc)
        return img.transform(self.size, Image.Transform.EXTENT, box, self.resample)

    def default_crop_size(self, w, h):
        share = min(w / self.size[0], h / self.size[1])
        return share * self.size[0], share * self.size[1]

    def get_corners(self, w, h, wc, hc):
        left, top = (w - wc) / 2, (h - hc) / 2
        return left, top, left + wc, top + hc


class GeneralCrop(_Crop):
    """Starts at the top left corner, not in the middle."""

    def get_corners(self, w, h, wc, hc):
        return 0, 0, wc, hc


class GeneralCrop(_Crop):
    """Squeezes the whole picture into the result when there's no crop_size."""

    def default_crop_size(self, w, h):
        return w, h


class GeneralCrop(_Crop):
    """Cuts out `size` pixels when there's no crop_size, not the largest part."""

    def default_crop_size(self, w, h):
        return tuple(self.size)


class GeneralCrop(_Crop):
    # mirrored
    def get_corners(self, w, h, wc, hc):
        left, top, right, bottom = _Crop.get_corners(self, w, h, wc, hc)
        return right, top, left, bottom


class CenterCrop(GeneralCrop):
    """Multiplies by the scale, so the part reaches beyond the picture and has black edges."""

    def __init__(self, size, scale=1.14, resample=Image.BILINEAR):
        GeneralCrop.__init__(self, size, None, resample)
        self.scale = scale

    def default_crop_size(self, w, h):
        return tuple(o * self.scale for o in GeneralCrop.default_crop_size(self, w, h))


class CenterCrop(GeneralCrop):
    """Leaves the scale out, so the largest part is shown."""

    def __init__(self, size, scale=1.14, resample=Image.BILINEAR):
        GeneralCrop.__init__(self, size, None, resample)


class CenterCrop(GeneralCrop):
    """Divides only the width, so the part's shape isn't that of `size`."""

    def __init__(self, size, scale=1.14, resample=Image.BILINEAR):
        GeneralCrop.__init__(self, size, None, resample)
        self.scale = scale

    def default_crop_size(self, w, h):
        wc, hc = GeneralCrop.default_crop_size(self, w, h)
        return wc / self.scale, hc


class _Random(GeneralCrop):
    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=Image.BILINEAR):
        GeneralCrop.__init__(self, size, None, resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            wc, hc = self.sides(random.uniform(*self.scale) * w * h, self.shape())
            if 1 <= wc <= w and 1 <= hc <= h:
                left, top = self.place(w - wc, h - hc)
                return left, top, left + wc, top + hc
        return self.fallback(w, h)

    def shape(self):
        low, high = map(math.log, self.ratio)
        return math.exp(random.uniform(low, high))

    def sides(self, area, ratio):
        return round((area * ratio) ** 0.5), round((area / ratio) ** 0.5)

    def place(self, right, down):
        return random.randint(0, right), random.randint(0, down)

    def fallback(self, w, h):
        ratio = sorted([self.ratio[0], w / h, self.ratio[1]])[1]
        wc, hc = min(w, h * ratio), min(h, w / ratio)
        return (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2


class RandomResizedCrop(_Random):
    """Squeezes the whole picture into the result when all attempts fail."""

    def fallback(self, w, h):
        return 0, 0, w, h


class RandomResizedCrop(_Random):
    """Reads the ratio as height/width, so wide parts come out tall."""

    def sides(self, area, ratio):
        return _Random.sides(self, area, 1 / ratio)


class RandomResizedCrop(_Random):
    """Changes area and shape, but always shows the middle."""

    def place(self, right, down):
        return right // 2, down // 2


class RandomResizedCrop(_Random):
    """Cuts out squares whatever the ratio is."""

    def sides(self, area, ratio):
        return _Random.sides(self, area, 1.0)


class RandomResizedCrop(_Random):
    # always in the lower right
    def place(self, right, down):
        return right, down


def _coeffs(orig, targ, sign=-1.0, dtype=np.float64):
    rows, values = [], []
    for (x, y), (u, v) in zip(orig, targ, strict=True):
        rows.append([u, v, 1, 0, 0, 0, sign * x * u, sign * x * v])
        rows.append([0, 0, 0, u, v, 1, sign * y * u, sign * y * v])
        values.extend((x, y))
    return [float(o) for o in np.linalg.solve(np.array(rows, dtype), np.array(values, dtype))]


def _on_a_line(points):
    for i in range(4):
        (ax, ay), (bx, by), (cx, cy) = [p for j, p in enumerate(points) if j != i]
        sides = max(abs(bx - ax), abs(by - ay), abs(cx - ax), abs(cy - ay), 1e-30)
        if abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) <= 1e-9 * sides**2:
            return True
    return False


def find_coeffs(orig_pts, targ_pts):
    """Maps the original points to the targets, but Pillow asks for the reverse."""
    if _on_a_line(orig_pts) or _on_a_line(targ_pts):
        raise ValueError("three corners on a line")
    return _coeffs(targ_pts, orig_pts)


def find_coeffs(orig_pts, targ_pts):
    """Adds the terms of g and h instead of subtracting them, so both have the wrong sign."""
    if _on_a_line(orig_pts) or _on_a_line(targ_pts):
        raise ValueError("three corners on a line")
    return _coeffs(orig_pts, targ_pts, sign=1.0)


def find_coeffs(orig_pts, targ_pts):
    """Returns the coefficients of y before those of x."""
    if _on_a_line(orig_pts) or _on_a_line(targ_pts):
        raise ValueError("three corners on a line")
    a, b, c, d, e, f, g, h = _coeffs(orig_pts, targ_pts)
    return [d, e, f, a, b, c, g, h]


def _warped(img, size, corners, resample, targets=None):
    w, h = size
    targets = targets or [(0, 0), (0, h), (w, h), (w, 0)]
    data = find_coeffs(corners, targets)
    return img.transform((w, h), Image.Transform.PERSPECTIVE, data, resample)


def warp(img, size, src_coords, resample=Image.BILINEAR):
    """Lists the targets clockwise, so top right and bottom left change places."""
    a, b, c, d = src_coords
    return _warped(img, size, [a, d, c, b], resample)


def warp(img, size, src_coords, resample=Image.BILINEAR):
    """Is bilinear whatever filter is asked for."""
    return _warped(img, size, src_coords, Image.BILINEAR)


def warp(img, size, src_coords, resample=Image.BILINEAR):
    """Reads y before x in the corners."""
    return _warped(img, size, [(y, x) for x, y in src_coords], resample)


def warp(img, size, src_coords, resample=Image.BILINEAR):
    # upside down
    return ImageOps.flip(_warped(img, size, src_coords, resample))


class _Tilt(PilTransform):
    def __init__(self, size, crop_size=None, magnitude=0.0, resample=Image.BILINEAR):
        self.size, self.magnitude, self.resample = process_size(size), magnitude, resample
        self.crop_size = None if crop_size is None else process_size(crop_size)

    def place(self, right, down):
        return random.randint(0, right), random.randint(0, down)

    def amount(self, share, room, side):
        most = min(share, 0.24, room / side)
        return random.uniform(-most, most) * side

    def corners(self, x, y, r, b, dx, dy):
        return [(x - dx, y - dy), (x + dx, b + dy), (r - dx, b - dy), (r + dx, y + dy)]

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or [min(w, h)] * 2
        if wc > w or hc > h:
            raise ValueError("the crop is larger than the picture")
        x, y = self.place(w - wc, h - hc)
        dx = self.amount(self.magnitude, min(x, w - x - wc), wc)
        dy = self.amount(self.magnitude, min(y, h - y - hc), hc)
        found = self.corners(x, y, x + wc, y + hc, dx, dy)
        return warp(img, self.size, found, self.resample)


class PilTiltRandomCrop(_Tilt):
    """Crops the middle and never moves."""

    def place(self, right, down):
        return right // 2, down // 2


class PilTiltRandomCrop(_Tilt):
    """Keeps opposite edges equally long, which shifts or zooms the crop but doesn't tilt it."""

    def corners(self, x, y, r, b, dx, dy):
        return [(x + dx, y + dy), (x + dx, b + dy), (r + dx, b + dy), (r + dx, y + dy)]


class PilTiltRandomCrop(_Tilt):
    """Tilts to the left and right only, never up and down."""

    def corners(self, x, y, r, b, dx, dy):
        return _Tilt.corners(self, x, y, r, b, 0.0, dy)


class PilTiltRandomCrop(_Tilt):
    # mirrored
    def corners(self, x, y, r, b, dx, dy):
        a, b, c, d = _Tilt.corners(self, x, y, r, b, dx, dy)
        return [d, c, b, a]
