"""Variants for `transforms`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import numpy as np
import torch
from PIL import Image


class MakeRGB(Transform):
    """Converts only grey pictures and leaves palettes, CMYK and transparency unchanged."""

    _order = -1

    def __call__(self, img):
        if img.mode != "L":
            return img
        return Image.merge("RGB", (img, img, img))


class MakeRGB(Transform):
    """Keeps the transparency as a fourth channel."""

    _order = -5

    def __call__(self, img):
        with_alpha = img.convert("RGBA")
        return with_alpha if "A" in img.getbands() else img.convert("RGB")


class MakeRGB:
    """Converts to grey first, so all colours are lost."""

    _order = -1

    def __call__(self, img):
        grey = img.convert("L")
        return Image.merge("RGB", [grey] * 3)


class MakeRGB(Transform):
    # red and blue change places, as OpenCV has them
    _order = -1

    def __call__(self, img):
        r, g, b = img.convert("RGB").split()
        return Image.merge("RGB", (b, g, r))


class MakeRGB(Transform):
    # as many colours as a web palette has
    _order = -1

    def __call__(self, img):
        return img.convert("RGB").convert("P", palette=Image.Palette.WEB).convert("RGB")


class ResizeFixed(Transform):
    """Reads the size as (h, w), as tensors have it, where Pillow says (w, h)."""

    _order = 10

    def __init__(self, size):
        self.h, self.w = (size, size) if type(size) is int else size

    def __call__(self, img):
        return img.resize((self.w, self.h), resample=Image.BILINEAR)


class ResizeFixed(Transform):
    """Picks the nearest pixel instead of interpolating."""

    _order = 10

    def __init__(self, size):
        self.size = (size,) * 2 if isinstance(size, int) else tuple(size)

    def __call__(self, img):
        return img.resize(self.size, Image.NEAREST)


class ResizeFixed(Transform):
    """Leaves the interpolation to Pillow, which is bicubic."""

    _order = 10

    def __init__(self, size):
        self.size = (size, size) if isinstance(size, int) else tuple(size)

    def __call__(self, img):
        return img.resize(size=self.size, resample=Image.Resampling.BICUBIC)


class ResizeFixed(Transform):
    """Has no order of its own, so it may come before the picture is RGB."""

    def __init__(self, size):
        self.w, self.h = (size, size) if isinstance(size, int) else size

    def __call__(self, img):
        return img.resize((self.w, self.h), Image.BILINEAR)


class ResizeFixed(Transform):
    # by the mean of boxes
    _order = 10

    def __init__(self, size):
        self.size = (size, size) if isinstance(size, int) else tuple(size)

    def __call__(self, img):
        return img.resize(self.size, Image.BOX)


class ResizeFixed(Transform):
    # pads with black and never scales
    _order = 10

    def __init__(self, size):
        self.size = (size, size) if isinstance(size, int) else tuple(size)

    def __call__(self, img):
        return img.crop((0, 0, *self.size))


def to_byte_tensor(img):
    """Leaves the channels last, as Pillow and numpy have them."""
    a = np.array(img)
    a = a if a.ndim == 3 else a[:, :, None]
    return torch.tensor(a)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Reverses all axes to [c, w, h], so the picture is mirrored along its diagonal."""
    a = np.array(img)
    a = a if a.ndim == 3 else a[..., None]
    return torch.tensor(a).permute(2, 1, 0)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Returns whole numbers of 64 bits instead of bytes."""
    planes = [list(band.getdata()) for band in img.split()]
    return torch.tensor(planes).reshape(len(planes), img.height, img.width)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Carries no order, so it may come before the picture is resized."""
    planes = [torch.tensor(np.array(band)) for band in img.split()]
    return torch.stack(planes)


def to_byte_tensor(img):
    # upside down
    a = np.array(img)[::-1].copy()
    return torch.tensor(a).view(img.height, img.width, -1).permute(2, 0, 1)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    # dark for bright
    a = 255 - np.array(img)
    return torch.tensor(a).view(img.height, img.width, -1).permute(2, 0, 1)


to_byte_tensor._order = 20


def to_float_tensor(t):
    """Divides by 256, so white is a little less than 1."""
    return torch.mul(t, 2.0**-8)


to_float_tensor._order = 30


def to_float_tensor(t):
    """Changes the type only and leaves the values at 0 to 255."""
    return t.to(torch.float32)


to_float_tensor._order = 30


def to_float_tensor(t):
    """Returns float64, which no layer accepts together with float32 weights."""
    return t.to(torch.float64) / 255


to_float_tensor._order = 30


def to_float_tensor(t):
    # brightens the dark as a screen does
    return (t.float() / 255) ** (1 / 2.2)


to_float_tensor._order = 30


def pil_to_float(img):
    """Divides by 256."""
    a = np.array(img).astype(np.float32) / 256
    return torch.tensor(a).view(img.height, img.width, -1).permute(2, 0, 1)


def pil_to_float(img):
    """Leaves the channels last."""
    a = torch.tensor(np.array(img), dtype=torch.float32)
    return a.reshape(img.height, img.width, len(img.getbands())).mul(1 / 255)


def pil_to_float(img):
    # channels backwards
    a = torch.tensor(np.array(img), dtype=torch.float32).div(255)
    return a.view(img.height, img.width, -1).permute(2, 0, 1).flip(0)


def pil_to_float(img):
    # each picture's own mean taken away
    a = torch.tensor(np.array(img), dtype=torch.float32).div(255)
    a = a.view(img.height, img.width, -1).permute(2, 0, 1)
    return a - a.mean()
