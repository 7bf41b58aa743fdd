"""Wrong answers to the exercises of `augment`."""

import math

import numpy as np
import torch
from PIL import Image, ImageOps

FLIP_LEFT_RIGHT = Image.Transpose.FLIP_LEFT_RIGHT
EXTENT, PERSPECTIVE = Image.Transform.EXTENT, Image.Transform.PERSPECTIVE
NEAREST = Image.Resampling.NEAREST


class _Flip(PilTransform):
    """A right one, from which the wrong ones below differ in one place."""

    def __init__(self, p=0.5):
        self.p = p

    def happens(self):
        return random.random() < self.p

    def changed(self, img):
        return img.transpose(FLIP_LEFT_RIGHT)

    def __call__(self, img):
        return self.changed(img) if self.happens() else img


class PilRandomFlip(_Flip):
    """Turns the picture upside down instead of swapping left and right."""

    def changed(self, img):
        return img.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


class PilRandomFlip(_Flip):
    """Turns the picture by 180 degrees, which isn't a mirror image."""

    def changed(self, img):
        return img.transpose(Image.Transpose.ROTATE_180)


class PilRandomFlip(_Flip):
    """Flips with probability 1 - p: the comparison is the wrong way round."""

    def happens(self):
        return random.random() > self.p


class PilRandomFlip(_Flip):
    """Draws once, in `__init__`, so all pictures are flipped or none is."""

    def __init__(self, p=0.5):
        self.flip = random.random() < p

    def happens(self):
        return self.flip


class PilRandomFlip(_Flip):
    """Flips every second picture whatever p is."""

    def happens(self):
        return random.random() < 0.5


class PilRandomFlip(_Flip):
    """Draws from another generator, so `random.seed` doesn't make it repeat."""

    def happens(self):
        return bool(torch.rand(()) < self.p)


class PilRandomFlip(_Flip):
    """Draws from another generator, so `random.seed` doesn't make it repeat."""

    def happens(self):
        return np.random.rand() < self.p


class PilRandomFlip(_Flip):
    """Keeps a generator of its own with a fixed seed, so every run flips the same pictures."""

    def __init__(self, p=0.5):
        self.p, self.rng = p, random.Random(0)

    def happens(self):
        return self.rng.random() < self.p


class PilRandomFlip(_Flip):
    """Seeds `random` in `__init__`, so the random numbers of the whole program start again."""

    def __init__(self, p=0.5):
        random.seed(42)
        self.p = p


class PilRandomFlip(_Flip):
    """Flips the caller's picture itself."""

    def changed(self, img):
        img.paste(img.transpose(FLIP_LEFT_RIGHT))
        return img


class PilRandomFlip(_Flip):
    """Returns None for a picture that isn't flipped."""

    def __call__(self, img):
        if self.happens():
            return self.changed(img)


class PilRandomFlip(_Flip):
    """Has p = 1 as its default, so every picture is flipped."""

    def __init__(self, p=1.0):
        self.p = p


class PilRandomFlip(_Flip):
    """Draws a whole number, 0 or 1, which is below any p half of the time."""

    def happens(self):
        return random.randint(0, 1) < self.p


class PilRandomFlip(_Flip):
    """Compares by `<=` with a draw in steps of a tenth, so p = 0 still flips one in eleven."""

    def happens(self):
        return random.randint(0, 10) <= 10 * self.p


class PilRandomFlip(_Flip):
    """Has the order of the tensor transforms, so it may meet a tensor."""

    _order = 20


class PilRandomFlip(_Flip):
    """Has another order than 11, so it may change places with a crop listed next to it."""

    _order = 12


class PilRandomFlip(_Flip):
    """Converts a grey picture to RGB on the way."""

    def __call__(self, img):
        return super().__call__(img.convert("RGB"))


class _Dihedral(PilTransform):
    """A right one, from which the wrong ones below differ in one place."""

    def __init__(self, p=0.75):
        self.p = p

    def happens(self):
        return random.random() < self.p * 7 / 8

    def changed(self, img):
        return img.transpose(random.randint(0, 6))

    def __call__(self, img):
        return self.changed(img) if self.happens() else img


class PilRandomDihedral(_Dihedral):
    """Draws one of the seven other views with probability p, so the original comes too rarely."""

    def happens(self):
        return random.random() < self.p


class PilRandomDihedral(_Dihedral):
    """Counts the views from 0 to 5, so the last one, TRANSVERSE, never comes."""

    def changed(self, img):
        return img.transpose(random.randint(0, 5))


class PilRandomDihedral(_Dihedral):
    """Counts the views from 1, so the mirror image, number 0, never comes."""

    def changed(self, img):
        return img.transpose(random.randint(1, 6))


class PilRandomDihedral(_Dihedral):
    """Draws numbers from 0 to 7, and Pillow doesn't have an eighth transposition."""

    def happens(self):
        return random.random() < self.p

    def changed(self, img):
        return img.transpose(random.randint(0, 7))


class PilRandomDihedral(_Dihedral):
    """Makes the four turns only, without the mirror images."""

    def happens(self):
        return random.random() < self.p

    def changed(self, img):
        return img.rotate(90 * random.randrange(4), expand=True)


class PilRandomDihedral(_Dihedral):
    """Turns without `expand`, which cuts off what doesn't fit the old width and height."""

    def happens(self):
        return random.random() < self.p

    def changed(self, img):
        img = ImageOps.mirror(img) if random.random() < 0.5 else img
        return img.rotate(90 * random.randrange(4))


class PilRandomDihedral(_Dihedral):
    """Mirrors left to right and top to bottom, but never makes a quarter turn."""

    def happens(self):
        return random.random() < self.p

    def changed(self, img):
        img = ImageOps.mirror(img) if random.random() < 0.5 else img
        return ImageOps.flip(img) if random.random() < 0.5 else img


class PilRandomDihedral(_Dihedral):
    """Draws among all eight views with probability p * 7/8, so the original counts twice."""

    def changed(self, img):
        view = random.choice([None, *Image.Transpose])
        return img if view is None else img.transpose(view)


class PilRandomDihedral(_Dihedral):
    """Changes the picture with probability p / 8 instead of p * 7/8."""

    def happens(self):
        return random.random() < self.p / 8


class PilRandomDihedral(_Dihedral):
    """Leaves the picture unchanged with probability p * 7/8, where it should be changed."""

    def happens(self):
        return random.random() >= self.p * 7 / 8


class PilRandomDihedral(_Dihedral):
    """Draws all eight views equally often, whatever p is."""

    def happens(self):
        return random.random() < 7 / 8


class PilRandomDihedral(_Dihedral):
    """Chooses the view once, in `__init__`."""

    def __init__(self, p=0.75):
        self.p, self.view = p, random.randint(0, 6)

    def changed(self, img):
        return img.transpose(self.view)


class PilRandomDihedral(_Dihedral):
    """Draws from another generator, so `random.seed` doesn't make it repeat."""

    def happens(self):
        return bool(torch.rand(()) < self.p * 7 / 8)

    def changed(self, img):
        return img.transpose(int(torch.randint(0, 7, ())))


class PilRandomDihedral(_Dihedral):
    """Has p = 0.5 as its default."""

    def __init__(self, p=0.5):
        self.p = p


class PilRandomDihedral(_Dihedral):
    """Flips a picture in three ways and turns it twice, so some views come more often."""

    def happens(self):
        return random.random() < self.p

    def changed(self, img):
        turned = img.transpose(random.choice([0, 1, 3]))
        return turned.transpose(random.choice([2, 4]))


class PilRandomDihedral(_Dihedral):
    """Converts a grey picture to RGB on the way."""

    def __call__(self, img):
        return super().__call__(img.convert("RGB"))


class PilRandomDihedral:
    """Doesn't subclass PilTransform, so it has no `_order` and runs before the resize."""

    def __init__(self, p=0.75):
        self.p = p * 7 / 8

    def __call__(self, img):
        return img.transpose(random.randint(0, 6)) if random.random() < self.p else img


class _Crop(PilTransform):
    """A right one, from which the wrong ones below differ in one place."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def part(self, img):
        return self.crop_size or self.default_crop_size(*img.size)

    def __call__(self, img):
        return self.shown(img, self.get_corners(*img.size, *self.part(img)))

    def shown(self, img, box):
        return img.transform(self.size, EXTENT, box, resample=self.resample)

    def default_crop_size(self, w, h):
        fit = min(w / self.size[0], h / self.size[1])
        return self.size[0] * fit, self.size[1] * fit

    def get_corners(self, w, h, wc, hc):
        return (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2


class GeneralCrop(_Crop):
    """Crops first and then resizes, so pixels around the part don't count at its edges."""

    def shown(self, img, box):
        part = img.crop(tuple(round(edge) for edge in box))
        return part.resize(self.size, self.resample)


class GeneralCrop(_Crop):
    """Resizes the whole picture first, so crop_size counts pixels of the resized picture."""

    def __call__(self, img):
        w, h = self.size
        wc, hc = self.crop_size or (w, h)
        small = img.resize(self.size, self.resample)
        box = (w - wc) // 2, (h - hc) // 2, (w + wc) // 2, (h + hc) // 2
        return small.crop(box).resize(self.size, self.resample)


class GeneralCrop(_Crop):
    """Returns the part in its own size: the result has crop_size, not size."""

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size or self.size
        left, top = (w - wc) // 2, (h - hc) // 2
        return img.crop((left, top, left + wc, top + hc))


class GeneralCrop(_Crop):
    """Doesn't pass the filter on, so Pillow uses the nearest pixel."""

    def shown(self, img, box):
        return img.transform(self.size, EXTENT, box)


class GeneralCrop(_Crop):
    """Is bilinear whatever filter is asked for."""

    def shown(self, img, box):
        return img.transform(self.size, EXTENT, box, resample=BILINEAR)


class GeneralCrop(_Crop):
    """Has the nearest pixel as its default filter."""

    def __init__(self, size, crop_size=None, resample=NEAREST):
        super().__init__(size, crop_size, resample)


class GeneralCrop(_Crop):
    """Starts at the top left corner, not in the middle."""

    def get_corners(self, w, h, wc, hc):
        return 0, 0, wc, hc


class GeneralCrop(_Crop):
    """Passes left, top, width and height to EXTENT, which wants right and bottom."""

    def get_corners(self, w, h, wc, hc):
        return (w - wc) / 2, (h - hc) / 2, wc, hc


class GeneralCrop(_Crop):
    """Passes left, right, top and bottom to EXTENT, in that order."""

    def get_corners(self, w, h, wc, hc):
        return (w - wc) / 2, (w + wc) / 2, (h - hc) / 2, (h + hc) / 2


class GeneralCrop(_Crop):
    """Reads sizes as (h, w), as tensors have them, where Pillow says (w, h)."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        super().__init__(size, crop_size, resample)
        self.size, self.crop_size = self.size[::-1], self.crop_size and self.crop_size[::-1]


class GeneralCrop(_Crop):
    """Reads crop_size as (h, w) where Pillow says (w, h)."""

    def part(self, img):
        return super().part(img)[::-1]


class GeneralCrop(_Crop):
    """Uses the longer side for the default square, which reaches out of the picture."""

    def default_crop_size(self, w, h):
        return max(w, h), max(w, h)


class GeneralCrop(_Crop):
    """Cuts out the largest square whatever the shape of `size`, so the result is squeezed."""

    def default_crop_size(self, w, h):
        return min(w, h), min(w, h)


class GeneralCrop(_Crop):
    """Swaps the sides of `size`, so the part has the wrong aspect ratio."""

    def default_crop_size(self, w, h):
        fit = min(w / self.size[1], h / self.size[0])
        return self.size[1] * fit, self.size[0] * fit


class GeneralCrop(_Crop):
    """Fits the width only, so the part reaches out of a wide picture above and below."""

    def default_crop_size(self, w, h):
        return w, w * self.size[1] / self.size[0]


class GeneralCrop(_Crop):
    """Cuts out `size` pixels when there's no crop_size, not the largest part."""

    def part(self, img):
        return self.crop_size or self.size


class GeneralCrop(_Crop):
    """Squeezes the whole picture into the result when there's no crop_size."""

    def default_crop_size(self, w, h):
        return w, h


class GeneralCrop(_Crop):
    """Keeps the default part of its first picture for all pictures that follow."""

    def part(self, img):
        self.crop_size = self.crop_size or self.default_crop_size(*img.size)
        return self.crop_size


class GeneralCrop(_Crop):
    """Reads an int as the shorter side and keeps the proportions, so the result isn't square."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        super().__init__(size, crop_size, resample)
        self.short = size if isinstance(size, int) else None

    def shown(self, img, box):
        share = self.short and self.short / min(img.size)
        size = tuple(round(o * share) for o in img.size) if share else self.size
        return img.transform(size, EXTENT, box, self.resample)


class GeneralCrop(_Crop):
    """Calls `thumbnail`, which resizes the caller's own picture."""

    def shown(self, img, box):
        out = super().shown(img, box)
        img.thumbnail(self.size)
        return out


class GeneralCrop(_Crop):
    """Doesn't call get_corners, so a subclass can't put the part elsewhere."""

    def __call__(self, img):
        return self.shown(img, _Crop.get_corners(self, *img.size, *self.part(img)))


class GeneralCrop(_Crop):
    """Passes height before width to get_corners."""

    def __call__(self, img):
        wc, hc = self.part(img)
        left, top, right, bottom = self.get_corners(img.height, img.width, hc, wc)
        return self.shown(img, (top, left, bottom, right))


class GeneralCrop(_Crop):
    """Passes the size of the result to get_corners instead of that of the part."""

    def __call__(self, img):
        left, top, right, bottom = self.get_corners(*img.size, *self.part(img))
        moved = self.get_corners(*img.size, *self.size)
        return self.shown(img, (*moved[:2], moved[0] + right - left, moved[1] + bottom - top))


class GeneralCrop(_Crop):
    """Doesn't call default_crop_size, so a subclass can't change it."""

    def part(self, img):
        return self.crop_size or _Crop.default_crop_size(self, *img.size)


class GeneralCrop(_Crop):
    """Calls default_crop_size with (h, w)."""

    def part(self, img):
        return self.crop_size or self.default_crop_size(img.height, img.width)


class GeneralCrop(PilTransform):
    """Does everything in `__call__`, so there's no get_corners for a subclass to override."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.args = process_size(size), crop_size, resample

    def __call__(self, img):
        size, crop_size, resample = self.args
        (w, h), fit = img.size, min(img.width / size[0], img.height / size[1])
        wc, hc = process_size(crop_size or (size[0] * fit, size[1] * fit))
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        return img.transform(size, EXTENT, box, resample)


class GeneralCrop:
    """Doesn't subclass PilTransform, so it has no `_order` and runs before the resize."""

    __init__, __call__, part = _Crop.__init__, _Crop.__call__, _Crop.part
    shown, get_corners = _Crop.shown, _Crop.get_corners
    default_crop_size = _Crop.default_crop_size


class _Center(GeneralCrop):
    """A right one, from which the wrong ones below differ in one place."""

    def __init__(self, size, scale=1.14, resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale = scale

    def default_crop_size(self, w, h):
        wc, hc = super().default_crop_size(w, h)
        return wc / self.scale, hc / self.scale


class CenterCrop(_Center):
    """Multiplies by the scale, so the part reaches beyond the picture and has black edges."""

    def default_crop_size(self, w, h):
        wc, hc = GeneralCrop.default_crop_size(self, w, h)
        return wc * self.scale, hc * self.scale


class CenterCrop(_Center):
    """Leaves the scale out, so the largest part is shown."""

    def default_crop_size(self, w, h):
        return GeneralCrop.default_crop_size(self, w, h)


class CenterCrop(_Center):
    """Divides by 1.14 whatever the scale is."""

    def __init__(self, size, scale=1.14, resample=BILINEAR):
        super().__init__(size, resample=resample)


class CenterCrop(_Center):
    """Reads the scale as a ratio of areas, so the sides shrink by its root."""

    def __init__(self, size, scale=1.14, resample=BILINEAR):
        super().__init__(size, math.sqrt(scale), resample)


class CenterCrop(_Center):
    """Divides the picture's width and height by the scale, so a wide picture is squeezed."""

    def default_crop_size(self, w, h):
        return w / self.scale, h / self.scale


class CenterCrop(_Center):
    """Cuts out a square whatever the shape of `size`, so the result is squeezed."""

    def default_crop_size(self, w, h):
        return min(w, h) / self.scale, min(w, h) / self.scale


class CenterCrop(_Center):
    """Divides only the width, so the part's shape isn't that of `size`."""

    def default_crop_size(self, w, h):
        wc, hc = GeneralCrop.default_crop_size(self, w, h)
        return wc / self.scale, hc


class CenterCrop(_Center):
    """Shows the top left of the picture."""

    def get_corners(self, w, h, wc, hc):
        return 0, 0, wc, hc


class CenterCrop(_Center):
    """Scales the result instead of the part, so the result has another size."""

    def __init__(self, size, scale=1.14, resample=BILINEAR):
        w, h = process_size(size)
        super().__init__((round(w * scale), round(h * scale)), 1.0, resample)


class CenterCrop(_Center):
    """Resizes first and crops afterwards instead of resampling once, and the result is antialiased."""

    def __call__(self, img):
        w, h = self.size
        larger = img.resize((round(w * self.scale), round(h * self.scale)), self.resample)
        left, top = (larger.width - w) // 2, (larger.height - h) // 2
        return larger.crop((left, top, left + w, top + h))


class CenterCrop(_Center):
    """Cuts out first and resizes what is left, which is antialiased."""

    def __call__(self, img):
        wc, hc = map(round, self.default_crop_size(*img.size))
        left, top = (img.width - wc) // 2, (img.height - hc) // 2
        return img.crop((left, top, left + wc, top + hc)).resize(self.size, self.resample)


class CenterCrop(_Center):
    """Cuts `size` pixels out of the middle and resizes nothing."""

    def __init__(self, size, scale=1.14, resample=BILINEAR):
        GeneralCrop.__init__(self, size, crop_size=size, resample=resample)


class CenterCrop(_Center):
    """Passes the scale to GeneralCrop as its crop_size."""

    def __init__(self, size, scale=1.14, resample=BILINEAR):
        GeneralCrop.__init__(self, size, (scale, scale), resample)


class CenterCrop(_Center):
    """Divides the requested size by the scale and uses the result as the part."""

    def __init__(self, size, scale=1.14, resample=BILINEAR):
        w, h = process_size(size)
        GeneralCrop.__init__(self, size, (w / scale, h / scale), resample)


class CenterCrop(_Center):
    """Has 0.5 as its default scale, so the part would be twice as large as the picture."""

    def __init__(self, size, scale=0.5, resample=BILINEAR):
        super().__init__(size, scale, resample)


class CenterCrop(_Center):
    """Has 1 as its default scale, so by default it doesn't leave out a margin."""

    def __init__(self, size, scale=1.0, resample=BILINEAR):
        super().__init__(size, scale, resample)


class CenterCrop(_Center):
    """Uses the nearest pixel, so edges look jagged."""

    def __init__(self, size, scale=1.14, resample=BILINEAR):
        super().__init__(size, scale, NEAREST)


class CenterCrop(_Center):
    """Doesn't pass `resample` on, so it's bilinear whatever filter is asked for."""

    def __init__(self, size, scale=1.14, resample=BILINEAR):
        super().__init__(size, scale)


class CenterCrop(_Center):
    """Uses the longer side for the square, which reaches out of a long picture."""

    def default_crop_size(self, w, h):
        return max(w, h) / self.scale, max(w, h) / self.scale


class CenterCrop(_Center):
    """Keeps the part of its first picture for all pictures that follow."""

    def __call__(self, img):
        if self.crop_size is None:
            self.crop_size = self.default_crop_size(*img.size)
        return super().__call__(img)


class CenterCrop(_Center):
    """Reads the size as (h, w) where Pillow says (w, h)."""

    def __init__(self, size, scale=1.14, resample=BILINEAR):
        super().__init__(process_size(size)[::-1], scale, resample)


class CenterCrop(_Center):
    """Runs after the tensor transforms, and a tensor can't be cropped."""

    _order = 99


class CenterCrop(_Center):
    """Pastes the result into the caller's picture as well."""

    def __call__(self, img):
        out = super().__call__(img)
        img.paste(out)
        return out


class CenterCrop(_Center):
    """Stores the scale on the class, so the last crop made sets it for all of them."""

    def __init__(self, size, scale=1.14, resample=BILINEAR):
        super().__init__(size, scale, resample)
        del self.scale
        CenterCrop.scale = scale


class _Random(GeneralCrop):
    """A right one, from which the wrong ones below differ in one place."""

    attempts = 10

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(self.attempts):
            wc, hc = self.sides(self.area() * w * h, self.shape())
            if self.fits(w, h, wc, hc):
                left, top = self.place(w - wc, h - hc)
                return left, top, left + wc, top + hc
        return self.fallback(w, h)

    def area(self):
        return random.uniform(*self.scale)

    def shape(self):
        return math.exp(random.uniform(*map(math.log, self.ratio)))

    def sides(self, area, ratio):
        return round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))

    def fits(self, w, h, wc, hc):
        return 0 < wc <= w and 0 < hc <= h

    def place(self, right, down):
        return random.randint(0, right), random.randint(0, down)

    def fallback(self, w, h):
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(_Random):
    """Shrinks the area from one attempt to the next, as the lecture's code does."""

    def get_corners(self, w, h, wc, hc):
        area = w * h
        for _ in range(10):
            area *= random.uniform(*self.scale)
            wc, hc = self.sides(area, self.shape())
            if self.fits(w, h, wc, hc):
                left, top = self.place(w - wc, h - hc)
                return left, top, left + wc, top + hc
        return self.fallback(w, h)


class RandomResizedCrop(_Random):
    """Draws the area once, so an area that's too large fails ten times."""

    def get_corners(self, w, h, wc, hc):
        area = random.uniform(*self.scale)
        self.area = lambda: area
        return super().get_corners(w, h, wc, hc)


class RandomResizedCrop(_Random):
    """Draws the ratio once, so a ratio that doesn't fit fails ten times."""

    def get_corners(self, w, h, wc, hc):
        ratio = _Random.shape(self)
        self.shape = lambda: ratio
        return super().get_corners(w, h, wc, hc)


class RandomResizedCrop(_Random):
    """Returns no corners when all attempts fail, as in a picture of 1x500."""

    def fallback(self, w, h):
        return None


class RandomResizedCrop(_Random):
    """Squeezes the whole picture into the result when all attempts fail."""

    def fallback(self, w, h):
        return 0, 0, w, h


class RandomResizedCrop(_Random):
    """Falls back to the top left corner, not to the middle."""

    def fallback(self, w, h):
        return 0, 0, min(w, h), min(w, h)


class RandomResizedCrop(_Random):
    """Falls back to the largest square, though the range may not allow a ratio of 1."""

    def fallback(self, w, h):
        return GeneralCrop.get_corners(self, w, h, min(w, h), min(w, h))


class RandomResizedCrop(_Random):
    """Falls back to the largest part with the shape of `size`, whatever the range of ratios."""

    def fallback(self, w, h):
        return GeneralCrop.get_corners(self, w, h, *self.default_crop_size(w, h))


class RandomResizedCrop(_Random):
    """Uses the lower end of the range for every fallback, even in a wide picture."""

    def fallback(self, w, h):
        ratio = self.ratio[0]
        return GeneralCrop.get_corners(self, w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(_Random):
    """Clips the part to the picture when it doesn't fit, which changes its shape."""

    attempts = 1

    def sides(self, area, ratio):
        wc, hc = super().sides(area, ratio)
        return min(wc, self.most[0]), min(hc, self.most[1])

    def __call__(self, img):
        self.most = img.size
        return super().__call__(img)


class RandomResizedCrop(_Random):
    """Makes one attempt and lets the part reach out of the picture when it doesn't fit."""

    def get_corners(self, w, h, wc, hc):
        area, ratio = self.area() * w * h, self.shape()
        wc, hc = math.sqrt(area * ratio), math.sqrt(area / ratio)
        left, top = random.uniform(0, w - wc), random.uniform(0, h - hc)
        return left, top, left + wc, top + hc


class RandomResizedCrop(_Random):
    """Makes one attempt only and shows the middle whenever that doesn't fit."""

    attempts = 1


class RandomResizedCrop(_Random):
    """Makes three attempts, so the middle comes too often."""

    attempts = 3


class RandomResizedCrop(_Random):
    """Makes a hundred attempts, so the middle comes too rarely."""

    attempts = 100


class RandomResizedCrop(_Random):
    """Tries until it fits, which never happens in a picture of 1x500."""

    def fallback(self, w, h):
        return self.get_corners(w, h, 0, 0)


class RandomResizedCrop(_Random):
    """Reads the scale as the share of each side, so the area is its square."""

    def area(self):
        return random.uniform(*self.scale) ** 2


class RandomResizedCrop(_Random):
    """Reads the ratio as height/width, so wide parts come out tall."""

    def shape(self):
        return 1 / super().shape()


class RandomResizedCrop(_Random):
    """Forgets the root: width = side * ratio, so the shape is the ratio squared."""

    def sides(self, area, ratio):
        return round(math.sqrt(area) * ratio), round(math.sqrt(area) / ratio)


class RandomResizedCrop(_Random):
    """Draws the logarithm of the ratio and forgets the exponential."""

    def shape(self):
        return 1 + random.uniform(*map(math.log, self.ratio))


class RandomResizedCrop(_Random):
    """Draws the ratio evenly instead of its logarithm, so wide parts come more often."""

    def shape(self):
        return random.uniform(*self.ratio)


class RandomResizedCrop(_Random):
    """Draws a ratio above 1 and inverts it half of the time, so the lower end is ignored."""

    def shape(self):
        ratio = math.exp(random.uniform(0, math.log(self.ratio[1])))
        return ratio if random.random() < 0.5 else 1 / ratio


class RandomResizedCrop(_Random):
    """Changes area and shape, but always shows the middle."""

    def place(self, right, down):
        return right / 2, down / 2


class RandomResizedCrop(_Random):
    """Uses one random number for left and top, so the part only moves along the diagonal."""

    def place(self, right, down):
        share = random.random()
        return round(share * right), round(share * down)


class RandomResizedCrop(_Random):
    """Puts left and top anywhere in the picture, so the part may reach over its edge."""

    def get_corners(self, w, h, wc, hc):
        left, top, right, bottom = super().get_corners(w, h, wc, hc)
        wc, hc = right - left, bottom - top
        left, top = random.randint(0, w - 1), random.randint(0, h - 1)
        return left, top, left + wc, top + hc


class RandomResizedCrop(_Random):
    """Draws with `randrange(w - wc)`, which fails for a part as wide as the picture."""

    def place(self, right, down):
        return random.randrange(right), random.randrange(down)


class RandomResizedCrop(_Random):
    """Misses the last place, so a crop never touches the right or the bottom edge."""

    def place(self, right, down):
        return int(random.random() * right), int(random.random() * down)


class RandomResizedCrop(_Random):
    """Starts counting places at 1, so a part never touches the left and the top edge."""

    def place(self, right, down):
        return random.randint(min(1, right), right), random.randint(min(1, down), down)


class RandomResizedCrop(_Random):
    """Lets a tiny area in a tiny picture round to no pixels, so the result is black or one column."""

    def fits(self, w, h, wc, hc):
        return wc <= w and hc <= h


class RandomResizedCrop(_Random):
    """Doesn't let a part be as wide or as high as the picture."""

    def fits(self, w, h, wc, hc):
        return 0 < wc < w and 0 < hc < h


class RandomResizedCrop(_Random):
    """Cuts out fractions of pixels where whole ones are asked for."""

    def sides(self, area, ratio):
        return math.sqrt(area * ratio), math.sqrt(area / ratio)

    def place(self, right, down):
        return random.uniform(0, right), random.uniform(0, down)


class RandomResizedCrop(_Random):
    """Uses the least area only, not one from the range."""

    def area(self):
        return self.scale[0]


class RandomResizedCrop(_Random):
    """Cuts out squares whatever the ratio is."""

    def shape(self):
        return 1.0


class RandomResizedCrop(_Random):
    """Draws only one end of the range of ratios or the other."""

    def shape(self):
        return random.choice(self.ratio)


class RandomResizedCrop(_Random):
    """Has 35 percent as its least area by default."""

    def __init__(self, size, scale=(0.35, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, scale, ratio, resample)


class RandomResizedCrop(_Random):
    """Draws the part once, in `__init__`, and shows the same of every picture."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, scale, ratio, resample)
        self.draw = self.area(), self.shape(), random.random(), random.random()

    def get_corners(self, w, h, wc, hc):
        area, ratio, x, y = self.draw
        wc, hc = self.sides(area * w * h, ratio)
        left, top = round(x * max(0, w - wc)), round(y * max(0, h - hc))
        return left, top, left + min(w, wc), top + min(h, hc)


class RandomResizedCrop(_Random):
    """Reads the ratio as relative to the picture's shape, so a long picture has long parts."""

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            across, along = self.sides(10**6 * self.area(), self.shape())
            wc, hc = round(w * across / 1000), round(h * along / 1000)
            if self.fits(w, h, wc, hc):
                left, top = self.place(w - wc, h - hc)
                return left, top, left + wc, top + hc
        return self.fallback(w, h)


class RandomResizedCrop(_Random):
    """Draws from another generator, so `random.seed` doesn't make it repeat."""

    def area(self):
        return np.random.uniform(*self.scale)

    def shape(self):
        return math.exp(np.random.uniform(*map(math.log, self.ratio)))

    def place(self, right, down):
        return int(torch.randint(0, right + 1, ())), int(torch.randint(0, down + 1, ()))


class RandomResizedCrop(_Random):
    """Resizes the picture to a fixed size first and crops the result: two resamplings."""

    def __call__(self, img):
        w, h = img.size
        return super().__call__(img.resize((max(1, w // 2), max(1, h // 2)), BILINEAR))


class RandomResizedCrop(_Random):
    """Doesn't pass `resample` on, so it's bilinear whatever filter is asked for."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, scale, ratio)


class RandomResizedCrop(_Random):
    """Keeps the size of its first picture for the limits of all that follow."""

    def get_corners(self, w, h, wc, hc):
        if not hasattr(self, "first"):
            self.first = w, h
        return super().get_corners(*self.first, wc, hc)


class RandomResizedCrop:
    """Doesn't subclass PilTransform, so it has no `_order` and runs before the resize."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        self.crop = _Random(size, scale, ratio, resample)

    def __call__(self, img):
        return self.crop(img)


def _on_a_line(points):
    for i in range(4):
        (ax, ay), (bx, by), (cx, cy) = (p for j, p in enumerate(points) if j != i)
        if (bx - ax) * (cy - ay) == (by - ay) * (cx - ax):
            return True
    return False


def _refuse_lines(*lists):
    if any(map(_on_a_line, lists)):
        raise ValueError("corners on a line")


def _system(orig_pts, targ_pts, sign=-1):
    rows, rights = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, sign * x * u, sign * x * v]]
        rows += [[0, 0, 0, u, v, 1, sign * y * u, sign * y * v]]
        rights += [x, y]
    return np.array(rows, float), np.array(rights, float)


def _found(orig_pts, targ_pts, sign=-1):
    return np.linalg.solve(*_system(orig_pts, targ_pts, sign)).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Maps the original points to the targets, but Pillow asks for the reverse."""
    _refuse_lines(orig_pts, targ_pts)
    return _found(targ_pts, orig_pts)


def find_coeffs(orig_pts, targ_pts):
    """Solves in single precision, which leaves corners a visible distance away."""
    _refuse_lines(orig_pts, targ_pts)
    matrix, right = (torch.tensor(o).float() for o in _system(orig_pts, targ_pts))
    return torch.linalg.solve(matrix, right).tolist()


def _refuse(orig_pts, targ_pts, is_thin):
    for points in (orig_pts, targ_pts):
        for i in range(4):
            (ax, ay), (bx, by), (cx, cy) = (points[j] for j in range(4) if j != i)
            u, v = (bx - ax, by - ay), (cx - ax, cy - ay)
            if is_thin(abs(u[0] * v[1] - u[1] * v[0]), math.hypot(*u) * math.hypot(*v)):
                raise ValueError("three points on one line")


def find_coeffs(orig_pts, targ_pts):
    """Refuses small parts of a picture, though three corners may enclose a fraction of a pixel."""
    _refuse(orig_pts, targ_pts, lambda area, lengths: area < 0.05)
    return _found(orig_pts, targ_pts)


def find_coeffs(orig_pts, targ_pts):
    """Refuses long and flat parts of a picture, as if their corners lay on a line."""
    _refuse(orig_pts, targ_pts, lambda area, lengths: area < 0.02 * lengths)
    return _found(orig_pts, targ_pts)


def find_coeffs(orig_pts, targ_pts):
    """Doesn't look for corners on a line, and returns coefficients that fit nothing."""
    return _found(orig_pts, targ_pts)


def find_coeffs(orig_pts, targ_pts):
    """Solves by least squares, which finds a solution even for corners on a line."""
    return np.linalg.lstsq(*_system(orig_pts, targ_pts), rcond=None)[0].tolist()


def find_coeffs(orig_pts, targ_pts):
    """Overlooks corners on a line: three of the four, or those that rounding hides."""
    matrix, right = _system(orig_pts, targ_pts)
    if abs(np.linalg.det(matrix)) < 1e-9:
        raise ValueError("corners on a line")
    return np.linalg.solve(matrix, right).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Overlooks corners on a line: three of the four, or those that rounding hides."""
    for points in (orig_pts, targ_pts):
        if np.linalg.matrix_rank(np.array(points, float) - np.array(points[0], float)) < 2:
            raise ValueError("corners on a line")
    return _found(orig_pts, targ_pts)


def find_coeffs(orig_pts, targ_pts):
    """Overlooks corners on a line: three of the four, or those that rounding hides."""
    matrix, right = _system(orig_pts, targ_pts)
    if np.linalg.matrix_rank(matrix) < 8:
        raise ValueError("corners on a line")
    return np.linalg.solve(matrix, right).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Lets the solver's own error through, which is a RuntimeError."""
    matrix, right = map(torch.from_numpy, _system(orig_pts, targ_pts))
    return torch.linalg.solve(matrix, right).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Adds the terms of g and h instead of subtracting them, so both have the wrong sign."""
    _refuse_lines(orig_pts, targ_pts)
    return _found(orig_pts, targ_pts, sign=1)


def find_coeffs(orig_pts, targ_pts):
    """Fits an affine map and sets g and h to 0: opposite edges stay parallel."""
    _refuse_lines(orig_pts, targ_pts)
    matrix = np.array([[u, v, 1] for u, v in targ_pts], float)
    found = np.linalg.lstsq(matrix, np.array(orig_pts, float), rcond=None)[0]
    return [*found[:, 0].tolist(), *found[:, 1].tolist(), 0.0, 0.0]


def find_coeffs(orig_pts, targ_pts):
    """Lists all right-hand sides for x before those for y, though the equations alternate."""
    _refuse_lines(orig_pts, targ_pts)
    rights = [x for x, _ in orig_pts] + [y for _, y in orig_pts]
    return np.linalg.solve(_system(orig_pts, targ_pts)[0], np.array(rights, float)).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Returns the coefficients of y before those of x."""
    _refuse_lines(orig_pts, targ_pts)
    found = _found(orig_pts, targ_pts)
    return [*found[3:6], *found[:3], *found[6:]]


def find_coeffs(orig_pts, targ_pts):
    """Returns nine numbers, the 1 at the end of the matrix included."""
    _refuse_lines(orig_pts, targ_pts)
    return [*_found(orig_pts, targ_pts), 1.0]


def find_coeffs(orig_pts, targ_pts):
    """Returns the array of the solver, not a list of floats."""
    _refuse_lines(orig_pts, targ_pts)
    return np.linalg.solve(*_system(orig_pts, targ_pts))


def find_coeffs(orig_pts, targ_pts):
    """Returns a list of tensors, not of floats."""
    _refuse_lines(orig_pts, targ_pts)
    matrix, right = map(torch.from_numpy, _system(orig_pts, targ_pts))
    return list(torch.linalg.solve(matrix, right))


def find_coeffs(orig_pts, targ_pts):
    """Rounds the coefficients to six places, too few for g and h."""
    _refuse_lines(orig_pts, targ_pts)
    return [round(c, 6) for c in _found(orig_pts, targ_pts)]


def find_coeffs(orig_pts, targ_pts):
    """Checks only the targets for corners on a line, and those are always fine."""
    _refuse_lines(targ_pts)
    return _found(orig_pts, targ_pts)


def find_coeffs(orig_pts, targ_pts):
    """Checks only the originals for corners on a line."""
    _refuse_lines(orig_pts)
    return _found(orig_pts, targ_pts)


def find_coeffs(orig_pts, targ_pts):
    """Checks whether the first three corners are on a line and ignores the fourth."""
    for a, b, c, _ in (orig_pts, targ_pts):
        if (b[0] - a[0]) * (c[1] - a[1]) == (b[1] - a[1]) * (c[0] - a[0]):
            raise ValueError("corners on a line")
    return _found(orig_pts, targ_pts)


def find_coeffs(orig_pts, targ_pts):
    """Compares slopes by division, so a vertical line is a ZeroDivisionError."""
    for points in (orig_pts, targ_pts):
        for i in range(4):
            (ax, ay), (bx, by), (cx, cy) = (p for j, p in enumerate(points) if j != i)
            if (by - ay) / (bx - ax) == (cy - ay) / (cx - ax):
                raise ValueError("corners on a line")
    return _found(orig_pts, targ_pts)


def find_coeffs(orig_pts, targ_pts):
    """Asserts that no corners are on a line: an AssertionError, not a ValueError."""
    assert not (_on_a_line(orig_pts) or _on_a_line(targ_pts)), "corners on a line"
    return _found(orig_pts, targ_pts)


def find_coeffs(orig_pts, targ_pts):
    """Treats every triangle smaller than one square pixel as a line."""
    for points in (orig_pts, targ_pts):
        for i in range(4):
            (ax, ay), (bx, by), (cx, cy) = (p for j, p in enumerate(points) if j != i)
            if abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) < 1:
                raise ValueError("corners on a line")
    return _found(orig_pts, targ_pts)


def find_coeffs(orig_pts, targ_pts):
    """Moves the caller's corners to the origin, and leaves them there."""
    _refuse_lines(orig_pts, targ_pts)
    found = _found(orig_pts, targ_pts)
    if isinstance(orig_pts, list):
        x0, y0 = orig_pts[0]
        orig_pts[:] = [[x - x0, y - y0] for x, y in orig_pts]
    return found


def find_coeffs(orig_pts, targ_pts):
    """Joins both arguments as lists, so points in a tuple raise an error."""
    _refuse_lines(orig_pts, targ_pts)
    points = orig_pts + [*targ_pts]
    return _found(points[:4], points[4:])


def find_coeffs(orig_pts, new_pts):
    """Maps the first points to the second, so the picture is warped the other way."""
    rows, values = [], []
    for (x, y), (u, v) in zip(orig_pts, new_pts, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.linalg.solve(np.array(rows, float), np.array(values, float)).tolist()


def _warped(img, size, src_coords, resample, targets=None):
    w, h = size
    coeffs = find_coeffs(src_coords, targets or [(0, 0), (0, h), (w, h), (w, 0)])
    return img.transform(size, PERSPECTIVE, coeffs, resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Swaps originals and targets, so the whole picture lands on the quadrilateral."""
    w, h = size
    return _warped(img, size, [(0, 0), (0, h), (w, h), (w, 0)], resample, src_coords)


def warp(img, size, src_coords, resample=BILINEAR):
    """Lists the targets clockwise, so top right and bottom left change places."""
    w, h = size
    return _warped(img, size, src_coords, resample, [(0, 0), (w, 0), (w, h), (0, h)])


def warp(img, size, src_coords, resample=BILINEAR):
    """Lists the targets row by row, so the two lower corners change places."""
    w, h = size
    return _warped(img, size, src_coords, resample, [(0, 0), (0, h), (w, 0), (w, h)])


def warp(img, size, src_coords, resample=BILINEAR):
    """Reads the size as (h, w) where Pillow says (w, h)."""
    return _warped(img, size[::-1], src_coords, resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Uses the centres of the last pixels as the corners, so the identity is slightly off."""
    w, h = size[0] - 1, size[1] - 1
    if not (w and h):
        return img.resize(size, resample)
    return _warped(img, size, src_coords, resample, [(0, 0), (0, h), (w, h), (w, 0)])


def warp(img, size, src_coords, resample=BILINEAR):
    """Uses the picture's size instead of the result's for the target corners."""
    w, h = img.size
    return _warped(img, size, src_coords, resample, [(0, 0), (0, h), (w, h), (w, 0)])


def warp(img, size, src_coords, resample=BILINEAR):
    """Forgets the filter, so Pillow uses the nearest pixel."""
    return _warped(img, size, src_coords, NEAREST)


def warp(img, size, src_coords, resample=NEAREST):
    """Has the nearest pixel as its default filter."""
    return _warped(img, size, src_coords, resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Is bilinear whatever filter is asked for."""
    return _warped(img, size, src_coords, BILINEAR)


def warp(img, size, src_coords, resample=BILINEAR):
    """Cuts out the rectangle around the corners, without any perspective."""
    xs, ys = zip(*src_coords, strict=True)
    return img.transform(size, EXTENT, (min(xs), min(ys), max(xs), max(ys)), resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Interpolates between the corners (QUAD), where a perspective divides by the distance."""
    quad = [edge for corner in src_coords for edge in corner]
    return img.transform(size, Image.Transform.QUAD, quad, resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Leaves g and h out (AFFINE), so the fourth corner lands elsewhere."""
    w, h = size
    coeffs = find_coeffs(src_coords, [(0, 0), (0, h), (w, h), (w, 0)])
    return img.transform(size, Image.Transform.AFFINE, coeffs[:6], resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Rounds the coefficients to three places, which moves corners."""
    w, h = size
    coeffs = find_coeffs(src_coords, [(0, 0), (0, h), (w, h), (w, 0)])
    return img.transform(size, PERSPECTIVE, [round(c, 3) for c in coeffs], resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Rounds the corners to whole pixels, so a part with corners between pixels is moved."""
    w, h = size
    corners = [(round(x), round(y)) for x, y in src_coords]
    if _on_a_line(corners):
        corners = src_coords
    return _warped(img, size, corners, resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Reads y before x in the corners."""
    return _warped(img, size, [(y, x) for x, y in src_coords], resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Warps at the picture's own size and resizes afterwards: two resamplings."""
    return _warped(img, img.size, src_coords, resample).resize(size, resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Rotates the caller's own list of corners by one place."""
    w, h = size
    src_coords.append(src_coords.pop(0))
    return _warped(img, size, src_coords, resample, [(0, h), (w, h), (w, 0), (0, 0)])


def warp(img, size, src_coords, resample=BILINEAR):
    """Converts a grey picture to RGB on the way."""
    return _warped(img.convert("RGB"), size, src_coords, resample)


class _Tilt(PilTransform):
    """A right one, from which the wrong ones below differ in one place."""

    def __init__(self, size, crop_size=None, magnitude=0.0, resample=BILINEAR):
        self.size, self.magnitude, self.resample = process_size(size), magnitude, resample
        self.crop_size = crop_size and process_size(crop_size)

    def crop(self, w, h):
        return self.crop_size or (min(w, h), min(w, h))

    def refuse(self, w, h, wc, hc):
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} doesn't fit in a picture of {w}x{h}")

    def place(self, right, down):
        return random.randint(0, right), random.randint(0, down)

    def room(self, at, side, whole):
        return min(self.magnitude, at / side, (whole - at - side) / side)

    def tilt(self, most, side):
        return random.uniform(-most, most) * side

    def corners(self, x, y, x1, y1, dx, dy):
        return [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]

    def shown(self, img, corners, crop):
        return warp(img, self.size, corners, self.resample)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop(w, h)
        self.refuse(w, h, wc, hc)
        x, y = self.place(w - wc, h - hc)
        dx, dy = self.tilt(self.room(x, wc, w), wc), self.tilt(self.room(y, hc, h), hc)
        return self.shown(img, self.corners(x, y, x + wc, y + hc, dx, dy), (wc, hc))


class PilTiltRandomCrop(_Tilt):
    """Tilts the corners out of the picture, where it's black."""

    def room(self, at, side, whole):
        return self.magnitude


class PilTiltRandomCrop(_Tilt):
    """Keeps the left and the top edge inside the picture, but not the right and the bottom."""

    def room(self, at, side, whole):
        return min(self.magnitude, at / side)


class PilTiltRandomCrop(_Tilt):
    """Clips corners that leave the picture, so an edge grows more than its opposite shrinks."""

    def room(self, at, side, whole):
        self.whole = *getattr(self, "whole", ())[-1:], whole
        return self.magnitude

    def corners(self, *args):
        w, h = self.whole
        return [(min(max(x, 0), w), min(max(y, 0), h)) for x, y in super().corners(*args)]


class PilTiltRandomCrop(_Tilt):
    """Doesn't compare the sizes, so `randint` complains about an empty range."""

    def refuse(self, w, h, wc, hc):
        return None


class PilTiltRandomCrop(_Tilt):
    """Accepts a crop that's too large, and shrinks it to fit or shows black around it."""

    def refuse(self, w, h, wc, hc):
        return None

    def place(self, right, down):
        return random.uniform(0, right), random.uniform(0, down)

    def room(self, at, side, whole):
        return max(0, super().room(at, side, whole))


class PilTiltRandomCrop(_Tilt):
    """Accepts a crop that's too large, and shrinks it to fit or shows black around it."""

    def crop(self, w, h):
        wc, hc = super().crop(w, h)
        return min(w, wc), min(h, hc)


class PilTiltRandomCrop(_Tilt):
    """Asserts that the crop fits: an AssertionError, not a ValueError."""

    def refuse(self, w, h, wc, hc):
        assert wc <= w and hc <= h, f"a crop of {wc}x{hc} doesn't fit in a picture of {w}x{h}"


class PilTiltRandomCrop(_Tilt):
    """Checks only the width when it decides whether a crop is too large."""

    def refuse(self, w, h, wc, hc):
        if wc > w:
            raise ValueError(f"a crop of {wc}x{hc} doesn't fit in a picture of {w}x{h}")

    def place(self, right, down):
        return random.randint(0, right), random.randint(0, max(0, down))

    def room(self, at, side, whole):
        return max(0, super().room(at, side, whole))


class PilTiltRandomCrop(_Tilt):
    """Calls a crop as large as the picture too large."""

    def refuse(self, w, h, wc, hc):
        if wc >= w or hc >= h:
            raise ValueError(f"a crop of {wc}x{hc} doesn't fit in a picture of {w}x{h}")


class PilTiltRandomCrop(_Tilt):
    """Tilts by a number of pixels, though the magnitude is a share of the crop."""

    def room(self, at, side, whole):
        return min(self.magnitude, at, whole - at - side) / side


class PilTiltRandomCrop(_Tilt):
    """Reads the magnitude as a share of the picture, so a small crop is tilted too much."""

    def room(self, at, side, whole):
        return min(self.magnitude * whole / side, 0.24, at / side, (whole - at - side) / side)


class PilTiltRandomCrop(_Tilt):
    """Keeps opposite edges equally long, which shifts or zooms the crop but doesn't tilt it."""

    def corners(self, x, y, x1, y1, dx, dy):
        return [(x + dx, y + dy), (x + dx, y1 + dy), (x1 + dx, y1 + dy), (x1 + dx, y + dy)]


class PilTiltRandomCrop(_Tilt):
    """Keeps opposite edges equally long, which shifts or zooms the crop but doesn't tilt it."""

    def corners(self, x, y, x1, y1, dx, dy):
        return [(x - dx, y - dy), (x - dx, y1 + dy), (x1 + dx, y1 + dy), (x1 + dx, y - dy)]


class PilTiltRandomCrop(_Tilt):
    """Slants the crop: opposite edges move together and stay equally long."""

    def corners(self, x, y, x1, y1, dx, dy):
        return [(x - dx, y), (x + dx, y1), (x1 + dx, y1), (x1 - dx, y)]


class PilTiltRandomCrop(_Tilt):
    """Tilts inwards only: one edge shrinks and its opposite stays as long as before."""

    def corners(self, x, y, x1, y1, dx, dy):
        above, below, ahead, behind = max(dx, 0), max(-dx, 0), max(dy, 0), max(-dy, 0)
        upper = (x + above, y + ahead), (x1 - above, y + behind)
        lower = (x + below, y1 - ahead), (x1 - below, y1 - behind)
        return [upper[0], lower[0], lower[1], upper[1]]


class PilTiltRandomCrop(_Tilt):
    """Moves each corner on its own, so opposite edges may both grow."""

    def corners(self, x, y, x1, y1, dx, dy):
        straight = [(x, y), (x, y1), (x1, y1), (x1, y)]
        dx, dy = abs(dx), abs(dy)
        return [(a + random.uniform(-dx, dx), b + random.uniform(-dy, dy)) for a, b in straight]


class PilTiltRandomCrop(_Tilt):
    """Tilts to the left and right only, never up and down."""

    def corners(self, x, y, x1, y1, dx, dy):
        return super().corners(x, y, x1, y1, 0, dy)


class PilTiltRandomCrop(_Tilt):
    """Uses one number for both tilts, so up and down follow left and right."""

    def corners(self, x, y, x1, y1, dx, dy):
        return super().corners(x, y, x1, y1, dx, math.copysign(dy, dx))


class PilTiltRandomCrop(_Tilt):
    """Tilts one way only, so the top edge always grows and the bottom edge shrinks."""

    def tilt(self, most, side):
        return random.uniform(0, most) * side


class PilTiltRandomCrop(_Tilt):
    """Always tilts by the whole magnitude and in the same direction."""

    def tilt(self, most, side):
        return most * side


class PilTiltRandomCrop(_Tilt):
    """Ignores the magnitude and tilts as far as there's room, even at magnitude 0."""

    def room(self, at, side, whole):
        return min(0.24, at / side, (whole - at - side) / side)


class PilTiltRandomCrop(_Tilt):
    """Moves corners by half the magnitude at most."""

    def tilt(self, most, side):
        return random.uniform(-most / 2, most / 2) * side


class PilTiltRandomCrop(_Tilt):
    """Crops the middle and never moves."""

    def place(self, right, down):
        return right / 2, down / 2


class PilTiltRandomCrop(_Tilt):
    """Misses the last place, so a crop never touches the right or the bottom edge."""

    def place(self, right, down):
        return int(random.random() * right), int(random.random() * down)


class PilTiltRandomCrop(_Tilt):
    """Cuts out `size` pixels when there's no crop_size, not the largest square."""

    def crop(self, w, h):
        return self.crop_size or self.size


class PilTiltRandomCrop(_Tilt):
    """Cuts out the whole picture when there's no crop_size, which squeezes it."""

    def crop(self, w, h):
        return self.crop_size or (w, h)


class PilTiltRandomCrop(_Tilt):
    """Keeps the default crop of its first picture for all pictures that follow."""

    def crop(self, w, h):
        self.crop_size = super().crop(w, h)
        return self.crop_size


class PilTiltRandomCrop(_Tilt):
    """Reads crop_size as (h, w) where Pillow says (w, h)."""

    def crop(self, w, h):
        return super().crop(w, h)[::-1]


class PilTiltRandomCrop(_Tilt):
    """Draws from another generator, so `random.seed` doesn't make it repeat."""

    def place(self, right, down):
        return np.random.randint(right + 1), np.random.randint(down + 1)

    def tilt(self, most, side):
        return np.random.uniform(-most, most) * side


class PilTiltRandomCrop(_Tilt):
    """Draws the tilt once, in `__init__`."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.share = random.uniform(-1, 1)

    def tilt(self, most, side):
        return self.share * most * side


class PilTiltRandomCrop(_Tilt):
    """Returns the tilted crop in its own size instead of `size`."""

    def shown(self, img, corners, crop):
        return warp(img, crop, corners, self.resample)


class PilTiltRandomCrop(_Tilt):
    """Warps to the size of the crop and resizes afterwards: two resamplings."""

    def shown(self, img, corners, crop):
        return warp(img, crop, corners, self.resample).resize(self.size, self.resample)


class PilTiltRandomCrop(_Tilt):
    """Doesn't pass `resample` on, so it's bilinear whatever filter is asked for."""

    def shown(self, img, corners, crop):
        return warp(img, self.size, corners)


class PilTiltRandomCrop(_Tilt):
    """Has the nearest pixel as its default filter, as in the lecture."""

    def __init__(self, size, crop_size=None, magnitude=0.0, resample=NEAREST):
        super().__init__(size, crop_size, magnitude, resample)


class PilTiltRandomCrop(_Tilt):
    """Pastes the result into the caller's picture as well."""

    def shown(self, img, corners, crop):
        out = super().shown(img, corners, crop)
        img.paste(out)
        return out


class PilTiltRandomCrop(_Tilt):
    """Moves a corner by twice the magnitude."""

    def room(self, at, side, whole):
        return min(2 * self.magnitude, 0.24, at / side, (whole - at - side) / side)


class PilTiltRandomCrop:
    """Doesn't subclass PilTransform, so it has no `_order` and runs before the resize."""

    def __init__(self, size, crop_size=None, magnitude=0.0, resample=BILINEAR):
        self.crop = _Tilt(size, crop_size, magnitude, resample)

    def __call__(self, img):
        return self.crop(img)


class PilTiltRandomCrop(_Tilt):
    """Keeps room for the full tilt on all sides, so a tilted crop never comes near an edge."""

    def place(self, right, down):
        return (self.inner(rest, side) for rest, side in zip((right, down), self.sides))

    def inner(self, rest, side):
        room = min(int(self.magnitude * side), rest // 2)
        return random.randint(room, rest - room)

    def crop(self, w, h):
        self.sides = super().crop(w, h)
        return self.sides


class PilTiltRandomCrop(_Tilt):
    """Stretches a quadrilateral evenly, which isn't the perspective of a tilt."""

    def shown(self, img, corners, crop):
        data = [number for corner in corners for number in corner]
        return img.transform(self.size, Image.Transform.QUAD, data, self.resample)


class PilTiltRandomCrop(_Tilt):
    """Cuts out the upright part around the tilted corners, so nothing is seen from elsewhere."""

    def shown(self, img, corners, crop):
        (left, top), (right, bottom) = corners[0], corners[2]
        (x0, y1), (x1, y0) = corners[1], corners[3]
        part = min(left, x0), min(top, y0), max(right, x1), max(bottom, y1)
        return img.transform(self.size, EXTENT, part, resample=self.resample)
