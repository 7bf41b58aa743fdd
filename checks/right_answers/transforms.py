"""Right answers to the exercises of `transforms`."""

import numpy as np
import torch
from PIL import Image

from .containers import listify


class MakeRGB(Transform):
    """The lecture's form, with an order below 0."""

    _order = -1

    def __call__(self, item):
        return item.convert("RGB")


class MakeRGB:
    """Without the base class, and leaves RGB pictures as they are."""

    _order = float("-inf")

    def __call__(self, img, **kwargs):
        return img if img.mode == "RGB" else img.convert("RGB")


class MakeRGB(Transform):
    """The order as a property of the object, and RGB by pasting into a new picture."""

    @property
    def _order(self):
        return -1000

    def __call__(self, img):
        canvas = Image.new("RGB", img.size)
        canvas.paste(img.convert("RGB"))
        return canvas


class ResizeFixed(Transform):
    """The lecture's form."""

    _order = 10

    def __init__(self, size):
        if isinstance(size, int):
            size = (size, size)
        self.size = size

    def __call__(self, item):
        return item.resize(self.size, Image.BILINEAR)


class ResizeFixed(Transform):
    """Width and height apart, decided when called, by keyword."""

    _order = 10

    def __init__(self, size):
        self.wanted = size

    def __call__(self, img):
        try:
            width, height = self.wanted
        except TypeError:
            width = height = self.wanted
        return img.resize(size=(width, height), resample=Image.Resampling.BILINEAR, box=None)


class ResizeFixed:
    """By listify, without the base class, and a copy where the size is right already."""

    def __init__(self, size):
        self._order = 10
        self.size = tuple(listify(size)) * 2
        self.size = self.size[:2]

    def __call__(self, img, **kwargs):
        return img.copy() if img.size == self.size else img.resize(self.size, 2)


def to_byte_tensor(item):
    """The lecture's form, letter by letter."""
    res = torch.ByteTensor(torch.ByteStorage.from_buffer(item.tobytes()))
    w, h = item.size
    return res.view(h, w, -1).permute(2, 0, 1)


to_byte_tensor._order = 20


def to_byte_tensor(item):
    """The lecture's form of today: the bytes of the picture, viewed and turned."""
    res = torch.frombuffer(bytearray(item.tobytes()), dtype=torch.uint8)
    w, h = item.size
    return res.view(h, w, -1).permute(2, 0, 1)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """One channel after the other, stacked."""
    return torch.stack([torch.tensor(np.array(band)) for band in img.split()])


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """In numpy, with a channel axis where there is none."""
    pixels = np.array(img)
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    return torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Wraps read-only bytes and copies them at the end."""
    pixels = torch.from_numpy(np.asarray(img)).reshape(img.height, img.width, -1)
    return torch.movedim(pixels, -1, 0).clone()


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """From lists of numbers, channel by channel."""
    w, h = img.size
    planes = [list(band.tobytes()) for band in img.split()]
    return torch.tensor(planes, dtype=torch.uint8).reshape(len(planes), h, w)


to_byte_tensor._order = 20


def to_float_tensor(item):
    """The lecture's form."""
    return item.float().div_(255.0)


to_float_tensor._order = 30


def to_float_tensor(t):
    """True division of whole numbers, which makes float32 of them."""
    return t / 255


to_float_tensor._order = 30


def to_float_tensor(t):
    """By multiplication."""
    return t.to(torch.float32) * (1 / 255)


to_float_tensor._order = 30


def pil_to_float(x):
    """The lecture's form, with a channel axis for grey pictures."""
    res = torch.from_numpy(np.array(x, dtype=np.float32))
    res = res[..., None] if res.ndim == 2 else res
    return res.permute(2, 0, 1).contiguous().div_(255.0)


pil_to_float._order = 30


def pil_to_float(img):
    """Divides in numpy, in float32."""
    pixels = np.array(img, dtype=np.float32) / 255
    pixels = pixels if pixels.ndim == 3 else pixels[:, :, None]
    return torch.from_numpy(pixels.transpose(2, 0, 1))


def pil_to_float(img):
    """From the bytes, turned and divided at once."""
    w, h = img.size
    flat = torch.frombuffer(bytearray(img.tobytes()), dtype=torch.uint8)
    return flat.view(h, w, -1).permute(2, 0, 1) / 255


def pil_to_float(img):
    """Writes the quotients into an empty tensor, channel by channel."""
    out = torch.empty(len(img.getbands()), img.height, img.width)
    for plane, band in zip(out, img.split(), strict=True):
        torch.div(torch.tensor(np.array(band)), 255, out=plane)
    return out


class MakeRGB(Transform):
    """By keyword, with another name for the picture and an order far below."""

    _order = -(10**9)

    def __call__(self, picture):
        picture.load()
        return picture.convert(mode="RGB")


def to_byte_tensor(picture):
    """By `atleast_3d` and `moveaxis`, copied at the end."""
    pixels = np.moveaxis(np.atleast_3d(np.array(picture)), 2, 0)
    return torch.tensor(pixels.copy())


to_byte_tensor._order = 20


def to_float_tensor(x):
    """Into an empty tensor of floats."""
    return torch.div(x, 255.0, out=torch.empty(x.shape))


setattr(to_float_tensor, "_order", 30)  # noqa: B010
