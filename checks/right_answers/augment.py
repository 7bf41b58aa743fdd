"""Right answers to the exercises of `augment`."""

import random as rnd
from functools import partial
from math import exp, log, sqrt

import numpy as np
import PIL.Image
import torch
from PIL import Image, ImageOps


class PilRandomFlip(PilTransform):
    """The lecture's form."""

    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, x):
        return x.transpose(PIL.Image.FLIP_LEFT_RIGHT) if random.random() < self.p else x


class PilRandomFlip(PilTransform):
    """By ImageOps, and a copy of the picture otherwise."""

    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        mirror = rnd.choices([True, False], weights=[self.p, 1 - self.p])[0]
        return ImageOps.mirror(img) if mirror else img.copy()


class PilRandomFlip:
    """Without the base class, in numpy, with the comparison the other way round."""

    _order = 11

    def __init__(self, p=0.5):
        self.keep = 1 - p

    def __call__(self, img, **kwargs):
        if rnd.uniform(0, 1) < self.keep:
            return img
        return Image.fromarray(np.ascontiguousarray(np.array(img)[:, ::-1]))


class PilRandomFlip(PilTransform):
    """By a transform with EXTENT from right to left."""

    def __init__(self, p: float = 0.5):
        self.p = p

    def __call__(self, img):
        w, h = img.size
        left, right = (w, 0) if random.random() < self.p else (0, w)
        return img.transform((w, h), Image.Transform.EXTENT, (left, 0, right, h))


class PilRandomDihedral(PilTransform):
    """The lecture's form."""

    def __init__(self, p=0.75):
        self.p = p * 7 / 8  # so that the picture itself is one of the eight

    def __call__(self, x):
        if random.random() > self.p:
            return x
        return x.transpose(random.randint(0, 6))


class PilRandomDihedral(PilTransform):
    """Draws among all eight, the picture itself included."""

    def __init__(self, p=0.75):
        self.p = p

    def __call__(self, img):
        if random.random() < self.p:
            view = random.choice([None, *Image.Transpose])
            img = img if view is None else img.transpose(view)
        return img


class PilRandomDihedral(PilTransform):
    """Three coins: mirror, turn upside down, swap the axes."""

    def __init__(self, p=0.75):
        self.p = p

    def __call__(self, img):
        if random.random() >= self.p:
            return img
        if random.getrandbits(1):
            img = ImageOps.mirror(img)
        if random.getrandbits(1):
            img = ImageOps.flip(img)
        if random.getrandbits(1):
            img = img.transpose(Image.Transpose.TRANSPOSE)
        return img


class PilRandomDihedral(PilTransform):
    """One number in all: below p, the eighth of it that it lies in is the view."""

    def __init__(self, p=0.75):
        self.p = p

    def __call__(self, img):
        u = random.random()
        if u >= self.p:
            return img
        view = int(8 * u / self.p)
        pixels = np.rot90(np.array(img), view % 4)
        pixels = pixels[:, ::-1] if view >= 4 else pixels
        return Image.fromarray(pixels.copy())


def process_sz(sz):
    sz = list(sz) if isinstance(sz, (tuple, list)) else [sz]
    return tuple(sz if len(sz) == 2 else [sz[0], sz[0]])


class GeneralCrop(PilTransform):
    """The lecture's form, with its whole pixels, and a part of the shape of `size`."""

    def __init__(self, size, crop_size=None, resample=PIL.Image.BILINEAR):
        self.resample, self.size = resample, process_sz(size)
        self.crop_size = None if crop_size is None else process_sz(crop_size)

    def default_crop_size(self, w, h):
        ratio = self.size[0] / self.size[1]
        return (w, round(w / ratio)) if w / h < ratio else (round(h * ratio), h)

    def __call__(self, x):
        csize = self.default_crop_size(*x.size) if self.crop_size is None else self.crop_size
        corners = self.get_corners(*x.size, *csize)
        return x.transform(self.size, PIL.Image.EXTENT, corners, resample=self.resample)

    def get_corners(self, w, h, wc, hc):
        return ((w - wc) // 2, (h - hc) // 2, (w - wc) // 2 + wc, (h - hc) // 2 + hc)


class GeneralCrop(PilTransform):
    """With the affine transform that EXTENT is short for, and other names in its methods."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.out, self.crop, self.filter = process_size(size), crop_size, resample

    def default_crop_size(self, width, height):
        ow, oh = self.out
        return (width, width * oh / ow) if width * oh < height * ow else (height * ow / oh, height)

    def get_corners(self, width, height, part_w, part_h):
        left, top = (width - part_w) / 2, (height - part_h) / 2
        return left, top, left + part_w, top + part_h

    def __call__(self, picture):
        w, h = picture.size
        part = self.default_crop_size(w, h) if self.crop is None else process_size(self.crop)
        left, top, right, bottom = self.get_corners(w, h, *part)
        sx, sy = (right - left) / self.out[0], (bottom - top) / self.out[1]
        data = (sx, 0, left, 0, sy, top)
        return picture.transform(self.out, Image.Transform.AFFINE, data, self.filter)


class GeneralCrop(PilTransform):
    """Corners in numpy, from the middle outwards."""

    def __init__(self, size, crop_size=None, resample=Image.Resampling.BILINEAR):
        self.size = np.broadcast_to(size, 2)
        self.crop_size = crop_size
        self.filter = resample

    def default_crop_size(self, w, h):
        return np.minimum(w / self.size[0], h / self.size[1]) * self.size

    def get_corners(self, w, h, wc, hc):
        middle, half = np.array([w, h]) / 2, np.array([wc, hc]) / 2
        return (*(middle - half).tolist(), *(middle + half).tolist())

    def __call__(self, img):
        part = self.crop_size if self.crop_size is not None else self.default_crop_size(*img.size)
        box = self.get_corners(*img.size, *np.broadcast_to(part, 2))
        out = tuple(int(side) for side in self.size)
        return img.transform(out, Image.Transform.EXTENT, box, self.filter)


class GeneralCrop(PilTransform):
    """A quadrilateral with upright edges."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size = process_size(size)
        self.crop_size = crop_size and process_size(crop_size)
        self.resample = resample

    def default_crop_size(self, w, h):
        fit = max(self.size[0] / w, self.size[1] / h)
        return tuple(side / fit for side in self.size)

    def get_corners(self, w, h, wc, hc):
        left, top = (w - wc) / 2, (h - hc) / 2
        return left, top, left + wc, top + hc

    def __call__(self, img):
        part = self.crop_size or self.default_crop_size(*img.size)
        left, top, right, bottom = self.get_corners(*img.size, *part)
        corners = (left, top, left, bottom, right, bottom, right, top)
        return img.transform(self.size, Image.Transform.QUAD, corners, self.resample)


class CenterCrop(GeneralCrop):
    """In the lecture's whole pixels, of the largest part with the shape of `size`."""

    def __init__(self, size, scale=1.14, resample=PIL.Image.BILINEAR):
        super().__init__(size, resample=resample)
        self.scale = scale

    def default_crop_size(self, w, h):
        return [side / self.scale for side in super().default_crop_size(w, h)]

    def get_corners(self, w, h, wc, hc):
        return ((w - wc) // 2, (h - hc) // 2, (w - wc) // 2 + wc, (h - hc) // 2 + hc)


class CenterCrop(PilTransform):
    """Without GeneralCrop, from the side that limits the part."""

    def __init__(self, size, scale=1.14, resample=BILINEAR):
        self.size, self.scale, self.resample = process_size(size), scale, resample

    def __call__(self, img):
        share = min(img.width / self.size[0], img.height / self.size[1]) / self.scale / 2
        x, y, dx, dy = img.width / 2, img.height / 2, self.size[0] * share, self.size[1] * share
        box = x - dx, y - dy, x + dx, y + dy
        return img.transform(self.size, Image.Transform.EXTENT, box, self.resample)


class CenterCrop(GeneralCrop):
    """By the corners: the largest part, drawn towards its middle."""

    def __init__(self, size, scale=1.14, resample=BILINEAR):
        super().__init__(size, None, resample)
        self.scale = scale

    def get_corners(self, w, h, wc, hc):
        left, top, right, bottom = super().get_corners(w, h, wc, hc)
        x, y = (left + right) / 2, (top + bottom) / 2
        across, along = (right - x) / self.scale, (bottom - y) / self.scale
        return x - across, y - along, x + across, y + along


class CenterCrop(GeneralCrop):
    """In whole pixels, rounded, one at least."""

    def __init__(self, size, scale=1.14, **kwargs):
        super().__init__(size, **kwargs)
        self.factor = 1 / scale

    def default_crop_size(self, w, h):
        return [max(1, round(o * self.factor)) for o in super().default_crop_size(w, h)]

    def get_corners(self, w, h, wc, hc):
        left, top = int(round((w - wc) / 2.0)), int(round((h - hc) / 2.0))
        return left, top, left + wc, top + hc


class RandomResizedCrop(GeneralCrop):
    """The lecture's form, with the area of each attempt drawn from the whole picture."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3.0 / 4.0, 4.0 / 3.0), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _attempt in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = exp(random.uniform(log(self.ratio[0]), log(self.ratio[1])))
            new_w = int(round(sqrt(area * ratio)))
            new_h = int(round(sqrt(area / ratio)))
            if 0 < new_w <= w and 0 < new_h <= h:
                left = random.randint(0, w - new_w)
                top = random.randint(0, h - new_h)
                return (left, top, left + new_w, top + new_h)
        if w / h < self.ratio[0]:
            size = (w, int(w / self.ratio[0]))
        elif w / h > self.ratio[1]:
            size = (int(h * self.ratio[1]), h)
        else:
            size = (w, h)
        left, top = (w - size[0]) // 2, (h - size[1]) // 2
        return (left, top, left + size[0], top + size[1])


class RandomResizedCrop(PilTransform):
    """As other libraries do it: cut out whole pixels, then resize; place before shape."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        self.size = size if isinstance(size, tuple) else (size, size)
        self.scale, self.ratio, self.resample = scale, ratio, resample

    def part(self, w, h):
        low, high = np.log(self.ratio)
        for _ in range(10):
            x, y = random.random(), random.random()
            aspect = exp(low + (high - low) * random.random())
            area = w * h * (self.scale[0] + (self.scale[1] - self.scale[0]) * random.random())
            wc, hc = int((area * aspect) ** 0.5), int((area / aspect) ** 0.5)
            if 0 < wc <= w and 0 < hc <= h:
                return int(x * (w - wc + 1)), int(y * (h - hc + 1)), wc, hc
        if w < self.ratio[0] * h:
            wc, hc = w, max(1, round(w / self.ratio[0]))
        elif w > self.ratio[1] * h:
            wc, hc = max(1, round(h * self.ratio[1])), h
        else:
            wc, hc = w, h
        return (w - wc) // 2, (h - hc) // 2, wc, hc

    def __call__(self, img):
        x, y, wc, hc = self.part(*img.size)
        return img.crop((x, y, x + wc, y + hc)).resize(self.size, self.resample)


class RandomResizedCrop(GeneralCrop):
    """By an iterator of attempts, of which the first that fits counts."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, None, resample)
        self.scale, self.ratio = scale, ratio

    def attempt(self, pixels):
        ratio = self.ratio[0] * (self.ratio[1] / self.ratio[0]) ** rnd.random()
        wide = sqrt(rnd.uniform(*self.scale) * pixels * ratio)
        return int(wide + 0.5), int(wide / ratio + 0.5)

    def get_corners(self, w, h, *_):
        tries = (self.attempt(w * h) for _ in range(10))
        fitting = ((wc, hc) for wc, hc in tries if 1 <= wc <= w and 1 <= hc <= h)
        wc, hc = next(fitting, (0, 0))
        if wc:
            left, top = rnd.randrange(w - wc + 1), rnd.randrange(h - hc + 1)
            return left, top, left + wc, top + hc
        ratio = min(self.ratio[1], max(self.ratio[0], w / h))
        wc, hc = (w, w / ratio) if w / ratio <= h else (h * ratio, h)
        return (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2


class RandomResizedCrop(PilTransform):
    """Resizes out of a box of the picture, by a recursion over the attempts."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        self.size, self.scale, self.ratio = process_size(size), scale, ratio
        self.resample = resample

    def __call__(self, img):
        return img.resize(self.size, self.resample, box=self.box(*img.size))

    def box(self, w, h, left_over=10):
        if left_over == 0:
            ratio = sorted([*self.ratio, w / h])[1]
            wc, hc = min(w, h * ratio), min(h, w / ratio)
            return (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        ratio = 2 ** random.uniform(*np.log2(self.ratio))
        area = random.uniform(*self.scale) * w * h
        wc, hc = round((area * ratio) ** 0.5), round((area / ratio) ** 0.5)
        if wc not in range(1, w + 1) or hc not in range(1, h + 1):
            return self.box(w, h, left_over - 1)
        left, top = random.randrange(w - wc + 1), random.choice(range(h - hc + 1))
        return left, top, left + wc, top + hc


def on_a_line(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) == (b[1] - a[1]) * (c[0] - a[0])


def refuse_lines(*quads):
    for points in quads:
        for i in range(4):
            if on_a_line(*(p for j, p in enumerate(points) if j != i)):
                raise ValueError(f"three of the corners {points} lie on one line")


class RandomResizedCrop(GeneralCrop):
    """Draws the logarithm of the area evenly, as that of the ratio."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = exp(rnd.uniform(*map(log, self.scale))) * w * h
            shape = exp(rnd.uniform(*map(log, self.ratio)))
            across, down = round(sqrt(area * shape)), round(sqrt(area / shape))
            if 0 < across <= w and 0 < down <= h:
                left, top = rnd.randint(0, w - across), rnd.randint(0, h - down)
                return left, top, left + across, top + down
        shape = min(max(w / h, self.ratio[0]), self.ratio[1])
        across, down = min(w, max(1, round(h * shape))), min(h, max(1, round(w / shape)))
        left, top = (w - across) // 2, (h - down) // 2
        return left, top, left + across, top + down


def find_coeffs(orig_pts, targ_pts):
    """The lecture's form, in doubles, with the solver of today."""
    refuse_lines(orig_pts, targ_pts)
    matrix = []
    for p1, p2 in zip(targ_pts, orig_pts, strict=True):
        matrix.append([p1[0], p1[1], 1, 0, 0, 0, -p2[0] * p1[0], -p2[0] * p1[1]])
        matrix.append([0, 0, 0, p1[0], p1[1], 1, -p2[1] * p1[0], -p2[1] * p1[1]])
    A = torch.tensor(matrix, dtype=torch.float64)
    B = torch.tensor(orig_pts, dtype=torch.float64).view(8, 1)
    return torch.linalg.solve(A, B)[:, 0].tolist()


def find_coeffs(orig_pts, targ_pts):
    """First the four equations of x, then those of y."""
    refuse_lines(orig_pts, targ_pts)
    x, y = np.array(orig_pts, dtype=float).T
    u, v = np.array(targ_pts, dtype=float).T
    one, zero = np.ones(4), np.zeros(4)
    for_x = np.stack([u, v, one, zero, zero, zero, -x * u, -x * v], axis=1)
    for_y = np.stack([zero, zero, zero, u, v, one, -y * u, -y * v], axis=1)
    return list(np.linalg.solve(np.concatenate([for_x, for_y]), np.concatenate([x, y])))


def find_coeffs(orig_pts, targ_pts):
    """By least squares, checked by applying what was found."""
    rows, right = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [(u, v, 1, 0, 0, 0, -x * u, -x * v), (0, 0, 0, u, v, 1, -y * u, -y * v)]
        right += [x, y]
    found = np.linalg.lstsq(np.array(rows, float), np.array(right, float), rcond=None)[0]
    a, b, c, d, e, f, g, h = found
    if abs(np.linalg.det([[a, b, c], [d, e, f], [g, h, 1]])) < 1e-9:
        raise ValueError("these corners are on a line")
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        below = g * u + h * v + 1
        far = abs(below) < 1e-9 or abs((a * u + b * v + c) / below - x) > 1e-6
        if far or abs((d * u + e * v + f) / below - y) > 1e-6:
            raise ValueError("these corners are on a line")
    return found.tolist()


def find_coeffs(orig_pts, targ_pts):
    """By way of a common basis: one matrix to the targets, one to the originals."""
    refuse_lines(orig_pts, targ_pts)

    def basis(points):
        columns = np.array([[x, y, 1.0] for x, y in points[:3]]).T
        return columns * np.linalg.solve(columns, np.array([*points[3], 1.0]))

    matrix = basis(orig_pts) @ np.linalg.inv(basis(targ_pts))
    return (matrix / matrix[2, 2]).flatten().tolist()[:8]


def warp(img, size, src_coords, resample=PIL.Image.BILINEAR):
    """The lecture's form."""
    w, h = size
    targ_coords = ((0, 0), (0, h), (w, h), (w, 0))
    c = find_coeffs(src_coords, targ_coords)
    return img.transform(size, PIL.Image.PERSPECTIVE, list(c), resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """With corners of shares, and the coefficients divided by the size afterwards."""
    w, h = size
    a, b, c, d, e, f, g, k = find_coeffs(src_coords, [(0, 0), (0, 1), (1, 1), (1, 0)])
    data = (a / w, b / h, c, d / w, e / h, f, g / w, k / h)
    return img.transform((w, h), Image.Transform.PERSPECTIVE, data, resample=resample)


def warp(img, size, src_coords, resample=Image.Resampling.BILINEAR):
    """With the corners in another order, the same for both lists, and all by keyword."""
    tl, bl, br, tr = src_coords
    w, h = size
    data = find_coeffs(targ_pts=[(w, h), (w, 0), (0, 0), (0, h)], orig_pts=[br, tr, tl, bl])
    return img.transform(
        size=(w, h), method=Image.Transform.PERSPECTIVE, data=tuple(data), resample=resample
    )


class PilTiltRandomCrop(PilTransform):
    """The lecture's form, bilinear, with a check of the size."""

    def __init__(self, size, crop_size=None, magnitude=0.0, resample=PIL.Image.BILINEAR):
        self.resample, self.size, self.magnitude = resample, process_sz(size), magnitude
        self.crop_size = None if crop_size is None else process_sz(crop_size)

    def __call__(self, x):
        csize = (min(x.size),) * 2 if self.crop_size is None else self.crop_size
        if csize[0] > x.size[0] or csize[1] > x.size[1]:
            raise ValueError(f"cannot cut {csize} out of {x.size}")
        left = random.randint(0, x.size[0] - csize[0])
        top = random.randint(0, x.size[1] - csize[1])
        top_magn = min(self.magnitude, left / csize[0], (x.size[0] - left) / csize[0] - 1)
        lr_magn = min(self.magnitude, top / csize[1], (x.size[1] - top) / csize[1] - 1)
        up_t = random.uniform(-top_magn, top_magn)
        lr_t = random.uniform(-lr_magn, lr_magn)
        src = torch.tensor(
            [[-up_t, -lr_t], [up_t, 1 + lr_t], [1 - up_t, 1 - lr_t], [1 + up_t, lr_t]]
        )
        src = src * torch.tensor(csize).float() + torch.tensor([left, top]).float()
        corners = tuple((int(o[0].item()), int(o[1].item())) for o in src)
        return warp(x, self.size, corners, resample=self.resample)


class PilTiltRandomCrop(PilTransform):
    """A place in fractions of pixels, drawn after the tilt where that has room."""

    def __init__(self, size, crop_size=None, magnitude=0.0, resample=BILINEAR):
        self.warp = partial(warp, size=process_size(size), resample=resample)
        self.crop_size, self.magnitude = crop_size, magnitude

    def __call__(self, img):
        wc, hc = process_size(self.crop_size or min(img.size))
        room = img.width - wc, img.height - hc
        if min(room) < 0:
            raise ValueError(f"a picture of {img.size} is too small for a crop of {(wc, hc)}")
        m = self.magnitude
        dx = rnd.uniform(-1, 1) * min(m * wc, room[0] / 2)
        dy = rnd.uniform(-1, 1) * min(m * hc, room[1] / 2)
        x, y = (rnd.uniform(abs(d), o - abs(d)) for d, o in ((dx, room[0]), (dy, room[1])))
        upper = (x - dx, y - dy), (x + wc + dx, y + dy)
        lower = (x + dx, y + hc + dy), (x + wc - dx, y + hc - dy)
        return self.warp(img, src_coords=[upper[0], *lower, upper[1]])


class PilTiltRandomCrop(GeneralCrop):
    """Built on GeneralCrop, which crops without a magnitude."""

    def __init__(self, size, crop_size=None, magnitude=0.0, resample=BILINEAR):
        super().__init__(size, crop_size, resample)
        self.magnitude = magnitude

    def default_crop_size(self, w, h):
        return min(w, h), min(w, h)

    def get_corners(self, w, h, wc, hc):
        if wc > w or hc > h:
            raise ValueError("the crop is larger than the picture")
        left, top = random.choice(range(w - wc + 1)), random.choice(range(h - hc + 1))
        return left, top, left + wc, top + hc

    def __call__(self, img):
        if not self.magnitude:
            return super().__call__(img)
        part = self.crop_size or self.default_crop_size(*img.size)
        x0, y0, x1, y1 = self.get_corners(*img.size, *part)
        m = self.magnitude
        t = random.triangular(-1, 1) * min(m * (x1 - x0), x0, img.width - x1)
        s = random.triangular(-1, 1) * min(m * (y1 - y0), y0, img.height - y1)
        quad = ((x0 - t, y0 - s), (x0 + t, y1 + s), (x1 - t, y1 - s), (x1 + t, y0 + s))
        return warp(img, self.size, quad, self.resample)
