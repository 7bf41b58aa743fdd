"""Wrong answers to the exercises of `augment`."""

import math

import numpy as np
import torch
from PIL import Image, ImageOps


class PilRandomFlip(PilTransform):
    """Turns the picture upside down where left and right change places."""

    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        return img.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if random.random() < self.p else img


class PilRandomFlip(PilTransform):
    """Turns the picture by 180 degrees, which is no mirror image."""

    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        return img.transpose(Image.Transpose.ROTATE_180) if random.random() < self.p else img


class PilRandomFlip(PilTransform):
    """Flips with probability 1 - p: the comparison is the wrong way round."""

    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        return img.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() > self.p else img


class PilRandomFlip(PilTransform):
    """Throws the dice once, when it is made, so all pictures are flipped or none is."""

    def __init__(self, p=0.5):
        self.flip = random.random() < p

    def __call__(self, img):
        return img.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if self.flip else img


class PilRandomFlip(PilTransform):
    """Flips every second picture whatever p is."""

    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        return img.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() < 0.5 else img


class PilRandomFlip(PilTransform):
    """Draws from another generator, so `random.seed` does not make it repeat."""

    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        return img.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if torch.rand(()) < self.p else img


class PilRandomFlip(PilTransform):
    """Draws from another generator, so `random.seed` does not make it repeat."""

    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        return ImageOps.mirror(img) if np.random.rand() < self.p else img


class PilRandomFlip(PilTransform):
    """Flips the caller's picture itself."""

    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        if random.random() < self.p:
            img.paste(img.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
        return img


class PilRandomFlip(PilTransform):
    """Gives nothing back for a picture that is not flipped."""

    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        if random.random() < self.p:
            return img.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


class PilRandomFlip(PilTransform):
    """Takes p = 1 unless told otherwise, so every picture is flipped."""

    def __init__(self, p=1.0):
        self.p = p

    def __call__(self, img):
        return img.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() < self.p else img


class PilRandomFlip(PilTransform):
    """Draws a whole number, 0 or 1, which is below any p half of the time."""

    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        return ImageOps.mirror(img) if random.randint(0, 1) < self.p else img


class PilRandomFlip(PilTransform):
    """Has the order of the tensor transforms, so it may meet a tensor."""

    _order = 20

    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        return img.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() < self.p else img


class PilRandomFlip(PilTransform):
    """Makes a grey picture RGB on the way."""

    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        img = img.convert("RGB")
        return img.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() < self.p else img


class PilRandomDihedral(PilTransform):
    """Draws one of the seven other views with probability p, so the eighth comes too rarely."""

    def __init__(self, p=0.75):
        self.p = p

    def __call__(self, img):
        return img.transpose(random.randint(0, 6)) if random.random() < self.p else img


class PilRandomDihedral(PilTransform):
    """Counts the views from 0 to 5, so the last, TRANSVERSE, never comes."""

    def __init__(self, p=0.75):
        self.p = p * 7 / 8

    def __call__(self, img):
        return img.transpose(random.randint(0, 5)) if random.random() < self.p else img


class PilRandomDihedral(PilTransform):
    """Counts the views from 1, so the mirror image, number 0, never comes."""

    def __init__(self, p=0.75):
        self.p = p * 7 / 8

    def __call__(self, img):
        return img.transpose(random.randint(1, 6)) if random.random() < self.p else img


class PilRandomDihedral(PilTransform):
    """Draws numbers from 0 to 7, and Pillow has no eighth transposition."""

    def __init__(self, p=0.75):
        self.p = p

    def __call__(self, img):
        return img.transpose(random.randint(0, 7)) if random.random() < self.p else img


class PilRandomDihedral(PilTransform):
    """Knows the four turns only, without the mirror images."""

    def __init__(self, p=0.75):
        self.p = p

    def __call__(self, img):
        turns = random.randrange(4)
        return img.rotate(90 * turns, expand=True) if random.random() < self.p else img


class PilRandomDihedral(PilTransform):
    """Turns without `expand`, which cuts off what does not fit the old width and height."""

    def __init__(self, p=0.75):
        self.p = p

    def __call__(self, img):
        if random.random() >= self.p:
            return img
        img = ImageOps.mirror(img) if random.random() < 0.5 else img
        return img.rotate(90 * random.randrange(4))


class PilRandomDihedral(PilTransform):
    """Mirrors left and right and top and bottom, without quarter turns."""

    def __init__(self, p=0.75):
        self.p = p

    def __call__(self, img):
        if random.random() >= self.p:
            return img
        img = ImageOps.mirror(img) if random.random() < 0.5 else img
        return ImageOps.flip(img) if random.random() < 0.5 else img


class PilRandomDihedral(PilTransform):
    """Draws among all eight views with probability p * 7/8, so the picture itself counts twice."""

    def __init__(self, p=0.75):
        self.p = p * 7 / 8

    def __call__(self, img):
        if random.random() >= self.p:
            return img
        view = random.choice([None, *Image.Transpose])
        return img if view is None else img.transpose(view)


class PilRandomDihedral(PilTransform):
    """Takes 1/8 of p where 7/8 of it are the other views."""

    def __init__(self, p=0.75):
        self.p = p / 8

    def __call__(self, img):
        return img.transpose(random.randint(0, 6)) if random.random() < self.p else img


class PilRandomDihedral(PilTransform):
    """Leaves the picture as it is with probability p * 7/8, where it should be changed."""

    def __init__(self, p=0.75):
        self.p = p * 7 / 8

    def __call__(self, img):
        return img if random.random() < self.p else img.transpose(random.randint(0, 6))


class PilRandomDihedral(PilTransform):
    """Draws a view whatever p is."""

    def __init__(self, p=0.75):
        self.p = p

    def __call__(self, img):
        view = random.choice([None, *Image.Transpose])
        return img if view is None else img.transpose(view)


class PilRandomDihedral(PilTransform):
    """Chooses the view once, when it is made."""

    def __init__(self, p=0.75):
        self.p, self.view = p * 7 / 8, random.randint(0, 6)

    def __call__(self, img):
        return img.transpose(self.view) if random.random() < self.p else img


class PilRandomDihedral(PilTransform):
    """Draws from another generator, so `random.seed` does not make it repeat."""

    def __init__(self, p=0.75):
        self.p = p * 7 / 8

    def __call__(self, img):
        view = int(torch.randint(0, 7, ()))
        return img.transpose(view) if torch.rand(()) < self.p else img


class PilRandomDihedral(PilTransform):
    """Takes p = 0.5 unless told otherwise."""

    def __init__(self, p=0.5):
        self.p = p * 7 / 8

    def __call__(self, img):
        return img.transpose(random.randint(0, 6)) if random.random() < self.p else img


class PilRandomDihedral(PilTransform):
    """Makes a grey picture RGB on the way."""

    def __init__(self, p=0.75):
        self.p = p * 7 / 8

    def __call__(self, img):
        img = img.convert("RGB")
        return img.transpose(random.randint(0, 6)) if random.random() < self.p else img


class PilRandomDihedral:
    """Is no PilTransform, so it has no order and comes before the resizing."""

    def __init__(self, p=0.75):
        self.p = p * 7 / 8

    def __call__(self, img):
        return img.transpose(random.randint(0, 6)) if random.random() < self.p else img


class GeneralCrop(PilTransform):
    """Crops first and resizes what is left, so pixels beyond the part do not count at its edges."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        wc, hc = self.crop_size or self.default_crop_size(*img.size)
        box = self.get_corners(*img.size, wc, hc)
        part = img.crop(tuple(round(edge) for edge in box))
        return part.resize(self.size, self.resample)

    def default_crop_size(self, w, h):
        fit = min(w / self.size[0], h / self.size[1])
        return self.size[0] * fit, self.size[1] * fit

    def get_corners(self, w, h, wc, hc):
        return (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2


class GeneralCrop(PilTransform):
    """Resizes the whole picture first and crops afterwards: the part is as many pixels of that."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = self.size
        wc, hc = self.crop_size or (w, h)
        small = img.resize(self.size, self.resample)
        box = (w - wc) // 2, (h - hc) // 2, (w + wc) // 2, (h + hc) // 2
        return small.crop(box).resize(self.size, self.resample)


class GeneralCrop(PilTransform):
    """Gives the part as it is: what comes out has crop_size, not size."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size = process_size(size)
        self.crop_size = process_size(crop_size) if crop_size else self.size

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size
        left, top = (w - wc) // 2, (h - hc) // 2
        return img.crop((left, top, left + wc, top + hc))


class GeneralCrop(PilTransform):
    """Passes the filter on to nobody, so Pillow takes the nearest pixel."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size = process_size(size)
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size or (min(img.size), min(img.size))
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        return img.transform(self.size, Image.Transform.EXTENT, box)


class GeneralCrop(PilTransform):
    """Is bilinear whatever filter is asked for."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size = process_size(size)
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size or (min(img.size), min(img.size))
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        return img.transform(self.size, Image.Transform.EXTENT, box, resample=BILINEAR)


class GeneralCrop(PilTransform):
    """Takes the nearest pixel unless told otherwise."""

    def __init__(self, size, crop_size=None, resample=Image.Resampling.NEAREST):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size or (min(img.size), min(img.size))
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        return img.transform(self.size, Image.Transform.EXTENT, box, resample=self.resample)


class GeneralCrop(PilTransform):
    """Starts at the top left corner, not in the middle."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        wc, hc = self.crop_size or (min(img.size), min(img.size))
        return img.transform(self.size, Image.Transform.EXTENT, (0, 0, wc, hc), self.resample)


class GeneralCrop(PilTransform):
    """Gives EXTENT left, top, width and height where it wants left, top, right and bottom."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size or (min(img.size), min(img.size))
        box = (w - wc) / 2, (h - hc) / 2, wc, hc
        return img.transform(self.size, Image.Transform.EXTENT, box, self.resample)


class GeneralCrop(PilTransform):
    """Takes sizes as (h, w), as tensors do, where Pillow says (w, h)."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size)[::-1], resample
        self.crop_size = crop_size and process_size(crop_size)[::-1]

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size or (min(img.size), min(img.size))
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        return img.transform(self.size, Image.Transform.EXTENT, box, self.resample)


class GeneralCrop(PilTransform):
    """Takes crop_size as (h, w) where Pillow says (w, h)."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        (w, h), (hc, wc) = img.size, self.crop_size or (min(img.size), min(img.size))
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        return img.transform(self.size, Image.Transform.EXTENT, box, self.resample)


class GeneralCrop(PilTransform):
    """Takes the longer side for the default square, which reaches out of the picture."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size or (max(img.size), max(img.size))
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        return img.transform(self.size, Image.Transform.EXTENT, box, self.resample)


class GeneralCrop(PilTransform):
    """Cuts out `size` pixels when no crop_size is given, not the largest part."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = process_size(crop_size) if crop_size else self.size

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        return img.transform(self.size, Image.Transform.EXTENT, box, self.resample)


class GeneralCrop(PilTransform):
    """Squeezes the whole picture into the result when no crop_size is given."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size or img.size
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        return img.transform(self.size, Image.Transform.EXTENT, box, self.resample)


class GeneralCrop(PilTransform):
    """Keeps the default part of its first picture for all pictures that follow."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        if self.crop_size is None:
            self.crop_size = min(img.size), min(img.size)
        (w, h), (wc, hc) = img.size, self.crop_size
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        return img.transform(self.size, Image.Transform.EXTENT, box, self.resample)


class GeneralCrop(PilTransform):
    """Takes an int for the shorter side and keeps the proportions, so it is no square."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = size, resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size or (min(img.size), min(img.size))
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        size = self.size
        if isinstance(size, int):
            share = size / min(w, h)
            size = round(w * share), round(h * share)
        return img.transform(size, Image.Transform.EXTENT, box, self.resample)


class GeneralCrop(PilTransform):
    """Resizes with `thumbnail`, in the caller's own picture."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size or (min(img.size), min(img.size))
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        out = img.transform(self.size, Image.Transform.EXTENT, box, self.resample)
        img.thumbnail(self.size)
        return out


class GeneralCrop(PilTransform):
    """Asks get_corners for nothing, so a subclass that puts the part elsewhere is not heard."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size or self.default_crop_size(*img.size)
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        return img.transform(self.size, Image.Transform.EXTENT, box, self.resample)

    def default_crop_size(self, w, h):
        fit = min(w / self.size[0], h / self.size[1])
        return self.size[0] * fit, self.size[1] * fit

    def get_corners(self, w, h, wc, hc):
        return (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2


class GeneralCrop(PilTransform):
    """Asks default_crop_size for nothing, so a subclass that changes it is not heard."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        side = min(img.size)
        corners = self.get_corners(*img.size, *(self.crop_size or (side, side)))
        return img.transform(self.size, Image.Transform.EXTENT, corners, self.resample)

    def default_crop_size(self, w, h):
        return min(w, h), min(w, h)

    def get_corners(self, w, h, wc, hc):
        return (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2


class GeneralCrop:
    """Is no PilTransform, so it has no order and comes before the resizing."""

    def __init__(self, size, crop_size=None, resample=BILINEAR):
        self.size, self.resample = process_size(size), resample
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        (w, h), (wc, hc) = img.size, self.crop_size or (min(img.size), min(img.size))
        box = (w - wc) / 2, (h - hc) / 2, (w + wc) / 2, (h + hc) / 2
        return img.transform(self.size, Image.Transform.EXTENT, box, self.resample)


class CenterCrop(GeneralCrop):
    """Multiplies by the scale, so the part reaches out of the picture: black edges."""

    def __init__(self, size, scale=1.14):
        super().__init__(size)
        self.scale = scale

    def default_crop_size(self, w, h):
        wc, hc = super().default_crop_size(w, h)
        return wc * self.scale, hc * self.scale


class CenterCrop(GeneralCrop):
    """Leaves the scale out, so the largest part is shown."""

    def __init__(self, size, scale=1.14):
        super().__init__(size)
        self.scale = scale


class CenterCrop(GeneralCrop):
    """Is scaled by 1.14 whatever the scale is."""

    def __init__(self, size, scale=1.14):
        super().__init__(size)

    def default_crop_size(self, w, h):
        wc, hc = super().default_crop_size(w, h)
        return wc / 1.14, hc / 1.14


class CenterCrop(GeneralCrop):
    """Takes the scale for a ratio of areas, so the sides shrink by its root."""

    def __init__(self, size, scale=1.14):
        super().__init__(size)
        self.scale = scale

    def default_crop_size(self, w, h):
        wc, hc = super().default_crop_size(w, h)
        return wc / math.sqrt(self.scale), hc / math.sqrt(self.scale)


class CenterCrop(GeneralCrop):
    """Shows the top left of the picture."""

    def __init__(self, size, scale=1.14):
        super().__init__(size)
        self.scale = scale

    def default_crop_size(self, w, h):
        wc, hc = super().default_crop_size(w, h)
        return wc / self.scale, hc / self.scale

    def get_corners(self, w, h, wc, hc):
        return 0, 0, wc, hc


class CenterCrop(GeneralCrop):
    """Scales the result in place of the part, so what comes out has another size."""

    def __init__(self, size, scale=1.14):
        w, h = process_size(size)
        super().__init__((round(w * scale), round(h * scale)))


class CenterCrop(GeneralCrop):
    """Resizes first, then cuts out: two resamplings, and antialiased."""

    def __init__(self, size, scale=1.14):
        super().__init__(size)
        self.scale = scale

    def __call__(self, img):
        w, h = self.size
        larger = img.resize((round(w * self.scale), round(h * self.scale)), BILINEAR)
        left, top = (larger.width - w) // 2, (larger.height - h) // 2
        return larger.crop((left, top, left + w, top + h))


class CenterCrop(GeneralCrop):
    """Cuts out first, then resizes what is left, which is antialiased."""

    def __init__(self, size, scale=1.14):
        super().__init__(size)
        self.scale = scale

    def __call__(self, img):
        side = round(min(img.size) / self.scale)
        left, top = (img.width - side) // 2, (img.height - side) // 2
        return img.crop((left, top, left + side, top + side)).resize(self.size, BILINEAR)


class CenterCrop(GeneralCrop):
    """Cuts `size` pixels out of the middle and resizes nothing."""

    def __init__(self, size, scale=1.14):
        super().__init__(size, crop_size=size)


class CenterCrop(GeneralCrop):
    """Hands the scale to GeneralCrop as its crop_size."""

    def __init__(self, size, scale=1.14):
        super().__init__(size, (scale, scale))


class CenterCrop(GeneralCrop):
    """Divides the size that is asked for by the scale, and takes that for the part."""

    def __init__(self, size, scale=1.14):
        w, h = process_size(size)
        super().__init__(size, crop_size=(w / scale, h / scale))


class CenterCrop(GeneralCrop):
    """Takes a half for the default scale, of which the part would be twice the picture."""

    def __init__(self, size, scale=0.5):
        super().__init__(size)
        self.scale = scale

    def default_crop_size(self, w, h):
        wc, hc = super().default_crop_size(w, h)
        return wc / self.scale, hc / self.scale


class CenterCrop(GeneralCrop):
    """Takes the nearest pixel, so edges become stairs."""

    def __init__(self, size, scale=1.14):
        super().__init__(size, resample=Image.Resampling.NEAREST)
        self.scale = scale

    def default_crop_size(self, w, h):
        wc, hc = super().default_crop_size(w, h)
        return wc / self.scale, hc / self.scale


class CenterCrop(GeneralCrop):
    """Takes the longer side for the square, which reaches out of a long picture."""

    def __init__(self, size, scale=1.14):
        super().__init__(size)
        self.scale = scale

    def default_crop_size(self, w, h):
        return max(w, h) / self.scale, max(w, h) / self.scale


class CenterCrop(GeneralCrop):
    """Keeps the part of its first picture for all pictures that follow."""

    def __init__(self, size, scale=1.14):
        super().__init__(size)
        self.scale = scale

    def __call__(self, img):
        if self.crop_size is None:
            self.crop_size = min(img.size) / self.scale, min(img.size) / self.scale
        return super().__call__(img)


class CenterCrop(GeneralCrop):
    """Takes the size as (h, w) where Pillow says (w, h)."""

    def __init__(self, size, scale=1.14):
        super().__init__(process_size(size)[::-1])
        self.scale = scale

    def default_crop_size(self, w, h):
        wc, hc = super().default_crop_size(w, h)
        return wc / self.scale, hc / self.scale


class CenterCrop(GeneralCrop):
    """Comes after the tensors, which it cannot crop."""

    _order = 99

    def __init__(self, size, scale=1.14):
        super().__init__(size)
        self.scale = scale

    def default_crop_size(self, w, h):
        wc, hc = super().default_crop_size(w, h)
        return wc / self.scale, hc / self.scale


class CenterCrop(GeneralCrop):
    """Puts the result into the caller's picture as well."""

    def __init__(self, size, scale=1.14):
        super().__init__(size)
        self.scale = scale

    def __call__(self, img):
        out = super().__call__(img)
        img.paste(out)
        return out

    def default_crop_size(self, w, h):
        wc, hc = super().default_crop_size(w, h)
        return wc / self.scale, hc / self.scale


class RandomResizedCrop(GeneralCrop):
    """Shrinks the area from one attempt to the next, as the lecture's code does."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        area = w * h
        for _ in range(10):
            area = random.uniform(*self.scale) * area
            ratio = math.exp(random.uniform(math.log(self.ratio[0]), math.log(self.ratio[1])))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if wc <= w and hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Has no way out when all attempts fail, so a picture of 1x500 gets no corners at all."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc


class RandomResizedCrop(GeneralCrop):
    """Squeezes the whole picture into the result when all attempts fail."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        return 0, 0, w, h


class RandomResizedCrop(GeneralCrop):
    """Falls back to the top left corner, not to the middle."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        return 0, 0, min(w, h), min(w, h)


class RandomResizedCrop(GeneralCrop):
    """Clips the part to the picture when it does not fit, which changes its shape."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        area = random.uniform(*self.scale) * w * h
        ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
        wc, hc = min(w, round(math.sqrt(area * ratio))), min(h, round(math.sqrt(area / ratio)))
        left, top = random.randint(0, w - wc), random.randint(0, h - hc)
        return left, top, left + wc, top + hc


class RandomResizedCrop(GeneralCrop):
    """Makes one attempt and lets the part reach out of the picture when it does not fit."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        area = random.uniform(*self.scale) * w * h
        ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
        wc, hc = math.sqrt(area * ratio), math.sqrt(area / ratio)
        left, top = random.uniform(0, w - wc), random.uniform(0, h - hc)
        return left, top, left + wc, top + hc


class RandomResizedCrop(GeneralCrop):
    """Makes one attempt only and shows the middle whenever that does not fit."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        area = random.uniform(*self.scale) * w * h
        ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
        wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < wc <= w and 0 < hc <= h:
            left, top = random.randint(0, w - wc), random.randint(0, h - hc)
            return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Tries until it fits, which never happens in a picture of 1x500."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio, self.tries = scale, ratio, 0

    def get_corners(self, w, h, wc, hc):
        area = random.uniform(*self.scale) * w * h
        ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
        wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if not (0 < wc <= w and 0 < hc <= h):
            return self.get_corners(w, h, wc, hc)
        left, top = random.randint(0, w - wc), random.randint(0, h - hc)
        return left, top, left + wc, top + hc


class RandomResizedCrop(GeneralCrop):
    """Takes the scale for the share of each side, so the area is its square."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            side = random.uniform(*self.scale) * math.sqrt(w * h)
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(side * math.sqrt(ratio)), round(side / math.sqrt(ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Takes the ratio for height/width, so wide parts come out tall."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area / ratio)), round(math.sqrt(area * ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Forgets the root: width = area share * ratio, so the shape is the ratio squared."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            side = math.sqrt(random.uniform(*self.scale) * w * h)
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(side * ratio), round(side / ratio)
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Draws the logarithm of the ratio and does not take it back."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = 1 + random.uniform(*map(math.log, self.ratio))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Changes area and shape, but always shows the middle."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                return super().get_corners(w, h, wc, hc)
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Uses one random number for left and top, so the part only moves along the diagonal."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                share = random.random()
                left, top = round(share * (w - wc)), round(share * (h - hc))
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Puts left and top anywhere in the picture, so the part may reach over its edge."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - 1), random.randint(0, h - 1)
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Leaves no place for a part as wide as the picture: `randrange(0)` is an error."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randrange(w - wc), random.randrange(h - hc)
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Takes the least area only, not one from the range."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        area = self.scale[0] * w * h
        for _ in range(10):
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Cuts out squares whatever the ratio is."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale = scale

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            wc = hc = round(math.sqrt(random.uniform(*self.scale) * w * h))
            if 0 < wc <= min(w, h):
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        return super().get_corners(w, h, min(w, h), min(w, h))


class RandomResizedCrop(GeneralCrop):
    """Draws only one end of the range of ratios or the other."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = random.choice(self.ratio)
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Takes 35 percent for the least area unless told otherwise."""

    def __init__(self, size, scale=(0.35, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Draws the part once, when it is made, and shows the same of every picture."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        share = random.uniform(*scale)
        ratio = math.exp(random.uniform(*map(math.log, ratio)))
        self.across = min(1.0, math.sqrt(share * ratio))
        self.along = min(1.0, math.sqrt(share / ratio))
        self.x, self.y = random.random(), random.random()

    def get_corners(self, w, h, wc, hc):
        wc, hc = w * self.across, h * self.along
        left, top = self.x * (w - wc), self.y * (h - hc)
        return left, top, left + wc, top + hc


class RandomResizedCrop(GeneralCrop):
    """Takes the ratio as one of shares of the sides, so a long picture gives long parts."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = random.uniform(*self.scale)
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(w * math.sqrt(area * ratio)), round(h * math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Draws from another generator, so `random.seed` does not make it repeat."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def get_corners(self, w, h, wc, hc):
        def uniform(low, high):
            return float(torch.empty(()).uniform_(low, high)) if low < high else low

        for _ in range(10):
            area = uniform(*self.scale) * w * h
            ratio = math.exp(uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left = int(torch.randint(0, w - wc + 1, ()))
                top = int(torch.randint(0, h - hc + 1, ()))
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop(GeneralCrop):
    """Resizes to a fixed size first and crops out of that: two resamplings."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        super().__init__(size, resample=resample)
        self.scale, self.ratio = scale, ratio

    def __call__(self, img):
        w, h = img.size
        return super().__call__(img.resize((max(1, w // 2), max(1, h // 2)), BILINEAR))

    def get_corners(self, w, h, wc, hc):
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        ratio = min(max(w / h, self.ratio[0]), self.ratio[1])
        return super().get_corners(w, h, min(w, h * ratio), min(h, w / ratio))


class RandomResizedCrop:
    """Is no PilTransform, so it has no order and comes before the resizing."""

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), resample=BILINEAR):
        self.size, self.scale, self.ratio = process_size(size), scale, ratio
        self.resample = resample

    def __call__(self, img):
        box = self.get_corners(*img.size)
        return img.transform(self.size, Image.Transform.EXTENT, box, self.resample)

    def get_corners(self, w, h):
        for _ in range(10):
            area = random.uniform(*self.scale) * w * h
            ratio = math.exp(random.uniform(*map(math.log, self.ratio)))
            wc, hc = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < wc <= w and 0 < hc <= h:
                left, top = random.randint(0, w - wc), random.randint(0, h - hc)
                return left, top, left + wc, top + hc
        side = min(w, h)
        return (w - side) / 2, (h - side) / 2, (w + side) / 2, (h + side) / 2


def on_a_line(points):
    for i in range(4):
        (ax, ay), (bx, by), (cx, cy) = (p for j, p in enumerate(points) if j != i)
        if (bx - ax) * (cy - ay) == (by - ay) * (cx - ax):
            return True
    return False


def find_coeffs(orig_pts, targ_pts):
    """Finds the way from the original to the target points; Pillow asks for the way back."""
    rows, rights = [], []
    for (x, y), (u, v) in zip(targ_pts, orig_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        rights += [x, y]
    solved = np.linalg.solve(np.array(rows, float), np.array(rights, float))
    return solved.tolist()


def find_coeffs(orig_pts, targ_pts):
    """Solves in single precision, which leaves corners a visible distance away."""
    rows, rights = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        rights += [x, y]
    matrix, right = torch.tensor(rows).float(), torch.tensor(rights).float()
    if float(torch.linalg.det(matrix).abs()) < 1e-3:
        raise ValueError("corners on a line")
    return torch.linalg.solve(matrix, right).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Does not look for corners on a line, and gives coefficients that fit nothing."""
    rows, rights = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        rights += [x, y]
    return np.linalg.solve(np.array(rows, float), np.array(rights, float)).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Solves by least squares, which finds something for corners on a line, too."""
    rows, rights = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        rights += [x, y]
    return np.linalg.lstsq(np.array(rows, float), np.array(rights, float), rcond=None)[0].tolist()


def find_coeffs(orig_pts, targ_pts):
    """Overlooks corners on a line: three of the four, or those that rounding hides."""
    rows, rights = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        rights += [x, y]
    matrix = np.array(rows, float)
    if abs(np.linalg.det(matrix)) < 1e-9:
        raise ValueError("corners on a line")
    return np.linalg.solve(matrix, np.array(rights, float)).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Lets the solver's own error through, which is a RuntimeError."""
    rows, rights = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        rights += [x, y]
    matrix = torch.tensor(rows, dtype=torch.float64)
    return torch.linalg.solve(matrix, torch.tensor(rights, dtype=torch.float64)).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Has a plus where g and h are subtracted, so they come out with the other sign."""
    if on_a_line(orig_pts) or on_a_line(targ_pts):
        raise ValueError("corners on a line")
    rows, rights = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, x * u, x * v], [0, 0, 0, u, v, 1, y * u, y * v]]
        rights += [x, y]
    return np.linalg.solve(np.array(rows, float), np.array(rights, float)).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Fits an affine map and sets g and h to 0: opposite edges stay parallel."""
    if on_a_line(orig_pts) or on_a_line(targ_pts):
        raise ValueError("corners on a line")
    matrix = np.array([[u, v, 1] for u, v in targ_pts], float)
    found = np.linalg.lstsq(matrix, np.array(orig_pts, float), rcond=None)[0]
    return [*found[:, 0].tolist(), *found[:, 1].tolist(), 0.0, 0.0]


def find_coeffs(orig_pts, targ_pts):
    """Lists all right sides of x before those of y, while the equations alternate."""
    if on_a_line(orig_pts) or on_a_line(targ_pts):
        raise ValueError("corners on a line")
    rows = []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
    rights = [x for x, _ in orig_pts] + [y for _, y in orig_pts]
    return np.linalg.solve(np.array(rows, float), np.array(rights, float)).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Gives nine numbers, the 1 at the end of the matrix included."""
    if on_a_line(orig_pts) or on_a_line(targ_pts):
        raise ValueError("corners on a line")
    rows, rights = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        rights += [x, y]
    return [*np.linalg.solve(np.array(rows, float), np.array(rights, float)).tolist(), 1.0]


def find_coeffs(orig_pts, targ_pts):
    """Overlooks corners on a line: three of the four, or those that rounding hides."""
    rows, rights = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        rights += [x, y]
    for points in (orig_pts, targ_pts):
        if np.linalg.matrix_rank(np.array(points, float) - np.array(points[0], float)) < 2:
            raise ValueError("corners on a line")
    return np.linalg.solve(np.array(rows, float), np.array(rights, float)).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Looks for corners on a line among the targets only, which are always fine."""
    if on_a_line(targ_pts):
        raise ValueError("corners on a line")
    rows, rights = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        rights += [x, y]
    return np.linalg.solve(np.array(rows, float), np.array(rights, float)).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Looks for corners on a line among the originals only."""
    if on_a_line(orig_pts):
        raise ValueError("corners on a line")
    rows, rights = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        rights += [x, y]
    return np.linalg.solve(np.array(rows, float), np.array(rights, float)).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Looks at the first three corners only."""
    for a, b, c, _ in (orig_pts, targ_pts):
        if (b[0] - a[0]) * (c[1] - a[1]) == (b[1] - a[1]) * (c[0] - a[0]):
            raise ValueError("corners on a line")
    rows, rights = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        rights += [x, y]
    return np.linalg.solve(np.array(rows, float), np.array(rights, float)).tolist()


def find_coeffs(orig_pts, targ_pts):
    """Moves the caller's corners to the origin, and leaves them there."""
    if on_a_line(orig_pts) or on_a_line(targ_pts):
        raise ValueError("corners on a line")
    rows, rights = [], []
    for (x, y), (u, v) in zip(orig_pts, targ_pts, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        rights += [x, y]
    if isinstance(orig_pts, list):
        x0, y0 = orig_pts[0]
        orig_pts[:] = [[x - x0, y - y0] for x, y in orig_pts]
    return np.linalg.solve(np.array(rows, float), np.array(rights, float)).tolist()


def warp(img, size, src_coords, resample=BILINEAR):
    """Swaps originals and targets, so the whole picture lands on the quadrilateral."""
    w, h = size
    coeffs = find_coeffs([(0, 0), (0, h), (w, h), (w, 0)], src_coords)
    return img.transform(size, Image.Transform.PERSPECTIVE, coeffs, resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Goes round clockwise, so top right and bottom left change places."""
    w, h = size
    coeffs = find_coeffs(src_coords, [(0, 0), (w, 0), (w, h), (0, h)])
    return img.transform(size, Image.Transform.PERSPECTIVE, coeffs, resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Goes row by row, so the two lower corners change places."""
    w, h = size
    coeffs = find_coeffs(src_coords, [(0, 0), (0, h), (w, 0), (w, h)])
    return img.transform(size, Image.Transform.PERSPECTIVE, coeffs, resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Takes the size as (h, w) where Pillow says (w, h)."""
    h, w = size
    coeffs = find_coeffs(src_coords, [(0, 0), (0, h), (w, h), (w, 0)])
    return img.transform((w, h), Image.Transform.PERSPECTIVE, coeffs, resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Takes the centres of the last pixels for the corners, so the identity is off by a part."""
    w, h = size[0] - 1, size[1] - 1
    if not (w and h):
        return img.resize(size, resample)
    coeffs = find_coeffs(src_coords, [(0, 0), (0, h), (w, h), (w, 0)])
    return img.transform(size, Image.Transform.PERSPECTIVE, coeffs, resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Fills the result with the corners of the picture's size, not of its own."""
    w, h = img.size
    coeffs = find_coeffs(src_coords, [(0, 0), (0, h), (w, h), (w, 0)])
    return img.transform(size, Image.Transform.PERSPECTIVE, coeffs, resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Forgets the filter, so Pillow takes the nearest pixel."""
    w, h = size
    coeffs = find_coeffs(src_coords, [(0, 0), (0, h), (w, h), (w, 0)])
    return img.transform(size, Image.Transform.PERSPECTIVE, coeffs)


def warp(img, size, src_coords, resample=Image.Resampling.NEAREST):
    """Takes the nearest pixel unless told otherwise."""
    w, h = size
    coeffs = find_coeffs(src_coords, [(0, 0), (0, h), (w, h), (w, 0)])
    return img.transform(size, Image.Transform.PERSPECTIVE, coeffs, resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Is bilinear whatever filter is asked for."""
    w, h = size
    coeffs = find_coeffs(src_coords, [(0, 0), (0, h), (w, h), (w, 0)])
    return img.transform(size, Image.Transform.PERSPECTIVE, coeffs, resample=BILINEAR)


def warp(img, size, src_coords, resample=BILINEAR):
    """Cuts out the rectangle around the corners, without any perspective."""
    xs, ys = zip(*src_coords, strict=True)
    box = min(xs), min(ys), max(xs), max(ys)
    return img.transform(size, Image.Transform.EXTENT, box, resample=resample)


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
    rounded = [round(c, 3) for c in coeffs]
    return img.transform(size, Image.Transform.PERSPECTIVE, rounded, resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Takes y before x in the corners."""
    w, h = size
    swapped = [(y, x) for x, y in src_coords]
    coeffs = find_coeffs(swapped, [(0, 0), (0, h), (w, h), (w, 0)])
    return img.transform(size, Image.Transform.PERSPECTIVE, coeffs, resample=resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Warps at the picture's own size and resizes afterwards: two resamplings."""
    w, h = img.size
    coeffs = find_coeffs(src_coords, [(0, 0), (0, h), (w, h), (w, 0)])
    large = img.transform((w, h), Image.Transform.PERSPECTIVE, coeffs, resample=resample)
    return large.resize(size, resample)


def warp(img, size, src_coords, resample=BILINEAR):
    """Turns the caller's own list of corners round by one."""
    w, h = size
    src_coords.append(src_coords.pop(0))
    coeffs = find_coeffs(src_coords, [(0, h), (w, h), (w, 0), (0, 0)])
    return img.transform(size, Image.Transform.PERSPECTIVE, coeffs, resample=resample)


class PilTiltRandomCrop(PilTransform):
    """Tilts the corners out of the picture, where it is black."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        m = self.magnitude
        dx, dy = random.uniform(-m, m) * wc, random.uniform(-m, m) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Keeps the left and the top edge inside the picture, but not the right and the bottom."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across, along = min(self.magnitude, x / wc), min(self.magnitude, y / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Has no word for a crop that is too large, so `randint` complains of an empty range."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, y / hc, (h - y - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Takes a crop that is too large without a word: made to fit, or with black around it."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        x, y = random.uniform(0, w - wc), random.uniform(0, h - hc)
        across = max(0, min(self.magnitude, x / wc, (w - x - wc) / wc))
        along = max(0, min(self.magnitude, y / hc, (h - y - hc) / hc))
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Takes a crop that is too large without a word: made to fit, or with black around it."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        wc, hc = min(wc, w), min(hc, h)
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, y / hc, (h - y - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Looks at the width only before it says that a crop is too large."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, max(0, h - hc))
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, y / hc, max(0, h - y - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Tilts by pixels, where the magnitude is a share of the crop."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across, along = min(self.magnitude, x, w - x - wc), min(self.magnitude, y, h - y - hc)
        dx, dy = random.uniform(-across, across), random.uniform(-along, along)
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Keeps opposite edges as long as each other, which shifts or zooms and tilts nothing."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, y / hc, (h - y - hc) / hc)
        x += random.uniform(-across, across) * wc
        y += random.uniform(-along, along) * hc
        corners = [(x, y), (x, y + hc), (x + wc, y + hc), (x + wc, y)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Keeps opposite edges as long as each other, which shifts or zooms and tilts nothing."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, y / hc, (h - y - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x0, y0, x1, y1 = x - dx, y - dy, x + wc + dx, y + hc + dy
        return warp(img, self.size, [(x0, y0), (x0, y1), (x1, y1), (x1, y0)])


class PilTiltRandomCrop(PilTransform):
    """Slants the crop: opposite edges move together and stay as long as each other."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        dx = random.uniform(-across, across) * wc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y), (x + dx, y1), (x1 + dx, y1), (x1 - dx, y)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Tilts to the left and right only, never up and down."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        along = min(self.magnitude, y / hc, (h - y - hc) / hc)
        dy = random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        return warp(img, self.size, [(x, y - dy), (x, y1 + dy), (x1, y1 - dy), (x1, y + dy)])


class PilTiltRandomCrop(PilTransform):
    """Tilts always by the whole magnitude and the same way."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        dx = min(self.magnitude, x / wc, (w - x - wc) / wc) * wc
        dy = min(self.magnitude, y / hc, (h - y - hc) / hc) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Ignores the magnitude and tilts as far as there is room, also at magnitude 0."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size = process_size(size)
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(0.24, x / wc, (w - x - wc) / wc)
        along = min(0.24, y / hc, (h - y - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Crops the middle and never moves."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = (w - wc) / 2, (h - hc) / 2
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, y / hc, (h - y - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Takes `size` for the crop when no crop_size is given, not the largest square."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = process_size(crop_size) if crop_size else self.size

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, y / hc, (h - y - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Keeps the default crop of its first picture for all pictures that follow."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        if self.crop_size is None:
            self.crop_size = min(w, h), min(w, h)
        wc, hc = self.crop_size
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, y / hc, (h - y - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Takes crop_size as (h, w) where Pillow says (w, h)."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        hc, wc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, y / hc, (h - y - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Draws from another generator, so `random.seed` does not make it repeat."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = np.random.randint(w - wc + 1), np.random.randint(h - hc + 1)
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, y / hc, (h - y - hc) / hc)
        dx, dy = np.random.uniform(-across, across) * wc, np.random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Crops out what the tilted corners enclose, and gives it in its own size."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, y / hc, (h - y - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, (wc, hc), corners)


class PilTiltRandomCrop:
    """Is no PilTransform, so it has no order and comes before the resizing."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, y / hc, (h - y - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)


class PilTiltRandomCrop(PilTransform):
    """Puts the result into the caller's picture as well."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(self.magnitude, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, y / hc, (h - y - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        out = warp(img, self.size, corners)
        img.paste(out)
        return out


class PilTiltRandomCrop(PilTransform):
    """Moves each edge by the magnitude twice over, once at either end and once in all."""

    def __init__(self, size, crop_size=None, magnitude=0.0):
        self.size, self.magnitude = process_size(size), 2 * magnitude
        self.crop_size = crop_size and process_size(crop_size)

    def __call__(self, img):
        w, h = img.size
        wc, hc = self.crop_size or (min(w, h), min(w, h))
        if wc > w or hc > h:
            raise ValueError(f"a crop of {wc}x{hc} does not fit in a picture of {w}x{h}")
        x, y = random.randint(0, w - wc), random.randint(0, h - hc)
        across = min(self.magnitude, 0.24, x / wc, (w - x - wc) / wc)
        along = min(self.magnitude, 0.24, y / hc, (h - y - hc) / hc)
        dx, dy = random.uniform(-across, across) * wc, random.uniform(-along, along) * hc
        x1, y1 = x + wc, y + hc
        corners = [(x - dx, y - dy), (x + dx, y1 + dy), (x1 - dx, y1 - dy), (x1 + dx, y + dy)]
        return warp(img, self.size, corners)
