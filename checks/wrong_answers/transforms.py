"""Wrong answers to the exercises of `transforms`."""

from functools import cache

import numpy as np
import torch
from PIL import Image, ImageOps


class MakeRGB(Transform):
    """Has the order 0 of every transform, so one that is given before it meets a grey picture."""

    def __call__(self, img):
        return img.convert("RGB")


class MakeRGB(Transform):
    """Has a positive order, so transforms without an order of their own come before it."""

    _order = 5

    def __call__(self, img):
        return img.convert("RGB")


class MakeRGB(Transform):
    """Converts grey pictures only and lets palettes, CMYK and transparency pass as they are."""

    _order = -10

    def __call__(self, img):
        return img.convert("RGB") if img.mode == "L" else img


class MakeRGB(Transform):
    """Passes over pictures of one channel, so grey ones stay grey."""

    _order = -10

    def __call__(self, img):
        return img.convert("RGB") if len(img.getbands()) > 1 else img


class MakeRGB(Transform):
    """Repeats the first channel three times, which is right for grey pictures only."""

    _order = -10

    def __call__(self, img):
        return Image.merge("RGB", [img.getchannel(0).convert("L")] * 3)


class MakeRGB(Transform):
    """Lays transparent pictures over white, where `convert` drops the transparency."""

    _order = -10

    def __call__(self, img):
        if img.mode in ("RGBA", "LA"):
            rgba = img.convert("RGBA")
            white = Image.new("RGBA", img.size, "white")
            img = Image.alpha_composite(white, rgba)
        return img.convert("RGB")


class MakeRGB(Transform):
    """Takes the first three channels as they are, so cyan, magenta and yellow become colours."""

    _order = -10

    def __call__(self, img):
        if img.mode != "CMYK":
            return img.convert("RGB")
        return Image.merge("RGB", img.split()[:3])


class MakeRGB(Transform):
    """Takes the indices of a palette for grey values."""

    _order = -10

    def __call__(self, img):
        if img.mode == "P":
            img = Image.fromarray(np.array(img))
        return img.convert("RGB")


class MakeRGB(Transform):
    """Keeps the transparency as a fourth channel."""

    _order = -10

    def __call__(self, img):
        return img if img.mode == "RGBA" else img.convert("RGB")


class MakeRGB(Transform):
    """Goes by way of grey, so all colours are lost."""

    _order = -10

    def __call__(self, img):
        return img.convert("L").convert("RGB")


class MakeRGB(Transform):
    """Has a positive order, so transforms without an order of their own come before it."""

    _order = 100

    def __call__(self, img):
        return img.convert("RGB")


class MakeRGB(Transform):
    """Takes the transparency out of the caller's own picture on the way."""

    _order = -10

    def __call__(self, img):
        if img.mode in ("RGBA", "LA"):
            img.putalpha(255)
        return img.convert("RGB")


class ResizeFixed(Transform):
    """Takes the size as (h, w), as tensors do, where Pillow says (w, h)."""

    _order = 10

    def __init__(self, size):
        self.size = (size, size) if isinstance(size, int) else (size[1], size[0])

    def __call__(self, img):
        return img.resize(self.size, Image.BILINEAR)


class ResizeFixed(Transform):
    """Leaves the interpolation to Pillow, which is bicubic."""

    _order = 10

    def __init__(self, size):
        self.size = (size, size) if isinstance(size, int) else size

    def __call__(self, img):
        return img.resize(self.size)


class ResizeFixed(Transform):
    """Picks the nearest pixel instead of interpolating."""

    _order = 10

    def __init__(self, size):
        self.size = (size, size) if isinstance(size, int) else size

    def __call__(self, img):
        return img.resize(self.size, Image.NEAREST)


class ResizeFixed(Transform):
    """Hands a single int on to Pillow, which wants two numbers."""

    _order = 10

    def __init__(self, size):
        self.size = size

    def __call__(self, img):
        return img.resize(self.size, Image.BILINEAR)


class ResizeFixed(Transform):
    """Takes a single int for the width and leaves the height as it is."""

    _order = 10

    def __init__(self, size):
        self.size = size

    def __call__(self, img):
        size = (self.size, img.height) if isinstance(self.size, int) else self.size
        return img.resize(size, Image.BILINEAR)


class ResizeFixed(Transform):
    """Makes the shorter side `size` long and keeps the proportions, so it is no square."""

    _order = 10

    def __init__(self, size):
        self.size = size

    def __call__(self, img):
        if not isinstance(self.size, int):
            return img.resize(self.size, Image.BILINEAR)
        scale = self.size / min(img.size)
        return img.resize([round(side * scale) for side in img.size], Image.BILINEAR)


class ResizeFixed(Transform):
    """Shrinks the caller's own picture by `thumbnail`, which keeps the proportions."""

    _order = 10

    def __init__(self, size):
        self.size = (size, size) if isinstance(size, int) else size

    def __call__(self, img):
        img.thumbnail(self.size, Image.BILINEAR)
        return img


class ResizeFixed(Transform):
    """Cuts the picture to the wanted proportions before it is resized."""

    _order = 10

    def __init__(self, size):
        self.size = (size, size) if isinstance(size, int) else size

    def __call__(self, img):
        return ImageOps.fit(img, self.size, Image.BILINEAR)


class ResizeFixed(Transform):
    """Has no order of its own, so it may come before the picture is RGB."""

    def __init__(self, size):
        self.size = (size, size) if isinstance(size, int) else size

    def __call__(self, img):
        return img.resize(self.size, Image.BILINEAR)


class ResizeFixed(Transform):
    """Keeps the size in the class, so the transform that is made last sets it for all."""

    _order = 10

    def __init__(self, size):
        ResizeFixed.size = (size, size) if isinstance(size, int) else size

    def __call__(self, img):
        return img.resize(self.size, Image.BILINEAR)


class ResizeFixed(Transform):
    """Takes the proportions from the first picture and uses them for all."""

    _order = 10

    def __init__(self, size):
        self.size, self.box = (size, size) if isinstance(size, int) else size, None

    def __call__(self, img):
        self.box = self.box or (0, 0, *img.size)
        return img.crop(self.box).resize(self.size, Image.BILINEAR)


class ResizeFixed(Transform):
    """Gives the resized pixels to the caller's own picture as well."""

    _order = 10

    def __init__(self, size):
        self.size = (size, size) if isinstance(size, int) else size

    def __call__(self, img):
        resized = img.resize(self.size, Image.BILINEAR)
        img.im, img._size = resized.im, resized.size
        return resized


class ResizeFixed(Transform):
    """Does nothing to pictures that are smaller already."""

    _order = 10

    def __init__(self, size):
        self.size = (size, size) if isinstance(size, int) else size

    def __call__(self, img):
        if img.width <= self.size[0] and img.height <= self.size[1]:
            return img
        return img.resize(self.size, Image.BILINEAR)


def to_byte_tensor(img):
    """Leaves the channels last, as Pillow and numpy have them."""
    return torch.tensor(np.array(img)).view(img.height, img.width, -1)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Views the bytes as [c, h, w] at once, which mixes channels and pixels."""
    return torch.tensor(np.array(img)).view(-1, img.height, img.width)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Takes Pillow's (w, h) for (h, w), so rows and columns are mixed up."""
    w, h = img.size
    return torch.tensor(np.array(img)).view(w, h, -1).permute(2, 0, 1)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Turns the axes wholly round, so the picture is mirrored at its diagonal: [c, w, h]."""
    return torch.tensor(np.array(img)).view(img.height, img.width, -1).permute(2, 1, 0)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Leaves out the channel axis of a grey picture."""
    pixels = torch.tensor(np.array(img))
    return pixels if pixels.ndim == 2 else pixels.permute(2, 0, 1)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Wraps the bytes that Pillow gave out, which are not to be written into."""
    pixels = torch.from_numpy(np.asarray(img))
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Wraps immutable bytes; for one channel `contiguous` has nothing to copy."""
    pixels = torch.frombuffer(img.tobytes(), dtype=torch.uint8)
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1).contiguous()


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Gives whole numbers of 64 bits instead of bytes."""
    pixels = torch.tensor(np.array(img).tolist())
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Gives signed bytes, in which everything from 128 up is negative."""
    pixels = torch.tensor(np.array(img).astype(np.int8))
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Makes every picture RGB first, so grey ones have three channels."""
    return torch.tensor(np.array(img.convert("RGB"))).permute(2, 0, 1)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Carries no order, so it may come before the picture is resized."""
    pixels = torch.tensor(np.array(img))
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


def to_byte_tensor(img):
    """Divides by 255 already, which is the next transform's part."""
    pixels = torch.tensor(np.array(img)) / 255
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


to_byte_tensor._order = 20


@cache
def to_byte_tensor(img):
    """Keeps the tensor of a picture and gives the same one again, written into or not."""
    pixels = torch.tensor(np.array(img))
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Closes the caller's picture when it has its pixels."""
    pixels = torch.tensor(np.array(img))
    pixels = pixels.view(img.height, img.width, -1).permute(2, 0, 1)
    img.close()
    return pixels


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Has the order of the floats, so the two may change places."""
    pixels = torch.tensor(np.array(img))
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


to_byte_tensor._order = 30


def to_byte_tensor(img):
    """Mirrors the caller's picture while it turns rows and columns."""
    pixels = torch.tensor(np.array(img))
    img.paste(img.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


to_byte_tensor._order = 20


def to_float_tensor(t):
    """Divides by 256, so white is a little less than 1."""
    return t.float() / 256


to_float_tensor._order = 30


def to_float_tensor(t):
    """Changes the type only and leaves the values at 0 to 255."""
    return t.float()


to_float_tensor._order = 30


def to_float_tensor(t):
    """Divides by the brightest byte, so a dark picture becomes a bright one."""
    return t.float() / t.max()


to_float_tensor._order = 30


def to_float_tensor(t):
    """Stretches each tensor from its darkest byte to its brightest."""
    low, high = t.min().float(), t.max().float()
    return (t - low) / (high - low)


to_float_tensor._order = 30


def to_float_tensor(t):
    """Gives float64, which no layer takes together with float32 weights."""
    return t.double() / 255


to_float_tensor._order = 30


def to_float_tensor(t):
    """Divides whole numbers, so everything but white becomes 0."""
    return (t // 255).float()


to_float_tensor._order = 30


def to_float_tensor(t):
    """Maps the bytes to -1..1."""
    return t.float() / 127.5 - 1


to_float_tensor._order = 30


def to_float_tensor(t):
    """Computes in half precision, so neighbouring values are rounded."""
    return (t.half() / 255).float()


to_float_tensor._order = 30


def to_float_tensor(t):
    """Carries no order, so floats may be wanted of a picture."""
    return t.float() / 255


def to_float_tensor(t):
    """Has the order of the bytes, so the order in which they are given decides."""
    return t.float() / 255


to_float_tensor._order = 20


def to_float_tensor(t):
    """Clears the caller's bytes to save memory."""
    floats = t.float() / 255
    t.zero_()
    return floats


to_float_tensor._order = 30


def to_float_tensor(t):
    """Reverses the caller's bytes, dark for bright, and divides those."""
    return (255 - t.bitwise_not_()).float() / 255


to_float_tensor._order = 30


def pil_to_float(img):
    """Forgets to divide by 255."""
    pixels = torch.tensor(np.array(img, dtype=np.float32))
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


def pil_to_float(img):
    """Leaves the channels last."""
    pixels = torch.tensor(np.array(img, dtype=np.float32) / 255)
    return pixels.view(img.height, img.width, -1)


def pil_to_float(img):
    """Divides in numpy without naming a type, so the floats have 64 bits."""
    pixels = torch.tensor(np.array(img) / 255)
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


def pil_to_float(img):
    """Leaves out the channel axis of a grey picture."""
    pixels = torch.tensor(np.array(img, dtype=np.float32) / 255)
    return pixels if pixels.ndim == 2 else pixels.permute(2, 0, 1)


def pil_to_float(img):
    """Divides by 256."""
    pixels = torch.tensor(np.array(img, dtype=np.float32) / 256)
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


def pil_to_float(img):
    """Views the pixels as [c, h, w] without moving the channels."""
    pixels = torch.tensor(np.array(img, dtype=np.float32) / 255)
    return pixels.view(-1, img.height, img.width)


def pil_to_float(img):
    """Makes every picture RGB, so a grey one comes out with three channels."""
    return torch.tensor(np.array(img.convert("RGB"), dtype=np.float32) / 255).permute(2, 0, 1)


def pil_to_float(img):
    """Divides in single bytes, so everything but white becomes 0."""
    pixels = torch.tensor(np.array(img) // 255).float()
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


def pil_to_float(img):
    """Swaps width and height."""
    pixels = torch.tensor(np.array(img, dtype=np.float32) / 255)
    return pixels.view(img.height, img.width, -1).permute(2, 1, 0)


@cache
def pil_to_float(img):
    """Keeps the tensor of a picture and gives the same one again."""
    pixels = torch.tensor(np.array(img, dtype=np.float32) / 255)
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


def pil_to_float(img):
    """Closes the caller's picture when it has its pixels."""
    pixels = torch.tensor(np.array(img, dtype=np.float32) / 255)
    pixels = pixels.view(img.height, img.width, -1).permute(2, 0, 1)
    img.close()
    return pixels
