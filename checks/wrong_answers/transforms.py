"""Wrong answers to the exercises of `transforms`: each changes one part of a right one."""

from functools import cache

import numpy as np
import torch
from PIL import Image, ImageOps


class _RGB(Transform):
    _order = -10

    def __call__(self, img):
        return img.convert("RGB")


class _Resize(Transform):
    _order = 10

    def __init__(self, size):
        self.size = (size, size) if isinstance(size, int) else size

    def __call__(self, img):
        return img.resize(self.size, Image.BILINEAR)


def _rows(img, dtype=np.uint8):
    """The pixels as [h, w, c]."""
    return torch.tensor(np.array(img, dtype=dtype)).view(img.height, img.width, -1)


def _channels_first(img, dtype=np.uint8):
    return _rows(img, dtype).permute(2, 0, 1)


class MakeRGB(_RGB):
    """Has order 0 like every transform, so one that's listed before it gets a grey picture."""

    _order = 0


class MakeRGB(_RGB):
    """Has a positive order, so transforms without an order of their own come before it."""

    _order = 5


class MakeRGB(_RGB):
    """Converts only grey pictures and leaves palettes, CMYK and transparency unchanged."""

    def __call__(self, img):
        return img.convert("RGB") if img.mode == "L" else img


class MakeRGB(_RGB):
    """Skips pictures of one channel, so grey ones stay grey."""

    def __call__(self, img):
        return img.convert("RGB") if len(img.getbands()) > 1 else img


class MakeRGB(_RGB):
    """Repeats the first channel three times, which is right for grey pictures only."""

    def __call__(self, img):
        return Image.merge("RGB", [img.getchannel(0).convert("L")] * 3)


class MakeRGB(_RGB):
    """Lays transparent pictures over white, where `convert` drops the transparency."""

    def __call__(self, img):
        if img.mode in ("RGBA", "LA"):
            white = Image.new("RGBA", img.size, "white")
            img = Image.alpha_composite(white, img.convert("RGBA"))
        return img.convert("RGB")


class MakeRGB(_RGB):
    """Keeps the first three channels unchanged, so cyan becomes red."""

    def __call__(self, img):
        return img.convert("RGB") if img.mode != "CMYK" else Image.merge("RGB", img.split()[:3])


class MakeRGB(_RGB):
    """Reads the indices of a palette as grey values."""

    def __call__(self, img):
        img = Image.fromarray(np.array(img)) if img.mode == "P" else img
        return img.convert("RGB")


class MakeRGB(_RGB):
    """Keeps the transparency as a fourth channel."""

    def __call__(self, img):
        return img if img.mode == "RGBA" else img.convert("RGB")


class MakeRGB(_RGB):
    """Converts to grey first, so all colours are lost."""

    def __call__(self, img):
        return img.convert("L").convert("RGB")


class MakeRGB(_RGB):
    """Reduces the picture to a palette of 256 colours on the way."""

    def __call__(self, img):
        return img if img.mode == "RGB" else img.convert("RGB").quantize(256).convert("RGB")


class MakeRGB(_RGB):
    """Removes the transparency of the caller's own picture on the way."""

    def __call__(self, img):
        if img.mode in ("RGBA", "LA"):
            img.putalpha(255)
        return img.convert("RGB")


class MakeRGB(_RGB):
    """Returns an array where a picture is wanted."""

    def __call__(self, img):
        return np.array(img.convert("RGB"))


class MakeRGB(_RGB):
    """Dithers grey pictures to black and white first."""

    def __call__(self, img):
        return img.convert("1").convert("RGB") if img.mode in ("1", "L") else img.convert("RGB")


class MakeRGB(_RGB):
    """Converts to YCbCr, which has three channels as well."""

    def __call__(self, img):
        return img.convert("RGB").convert("YCbCr")


class ResizeFixed(_Resize):
    """Reads the size as (h, w), as tensors have it, where Pillow says (w, h)."""

    def __init__(self, size):
        self.size = (size, size) if isinstance(size, int) else (size[1], size[0])


class ResizeFixed(_Resize):
    """Leaves the interpolation to Pillow, which is bicubic."""

    def __call__(self, img):
        return img.resize(self.size)


class ResizeFixed(_Resize):
    """Picks the nearest pixel instead of interpolating."""

    def __call__(self, img):
        return img.resize(self.size, Image.NEAREST)


class ResizeFixed(_Resize):
    """Passes a single int to Pillow, which expects two numbers."""

    def __init__(self, size):
        self.size = size


class ResizeFixed(_Resize):
    """Uses a single int as the width and leaves the height unchanged."""

    def __init__(self, size):
        self.size = size

    def __call__(self, img):
        size = (self.size, img.height) if isinstance(self.size, int) else self.size
        return img.resize(size, Image.BILINEAR)


class ResizeFixed(_Resize):
    """Makes the shorter side `size` long and keeps the proportions, so the result isn't square."""

    def __init__(self, size):
        self.size = size

    def __call__(self, img):
        if not isinstance(self.size, int):
            return img.resize(self.size, Image.BILINEAR)
        scale = self.size / min(img.size)
        return img.resize([round(side * scale) for side in img.size], Image.BILINEAR)


class ResizeFixed(_Resize):
    """Shrinks the caller's own picture by `thumbnail`, which keeps the proportions."""

    def __call__(self, img):
        img.thumbnail(self.size, Image.BILINEAR)
        return img


class ResizeFixed(_Resize):
    """Cuts the picture to the wanted proportions before it is resized."""

    def __call__(self, img):
        return ImageOps.fit(img, self.size, Image.BILINEAR)


class ResizeFixed(_Resize):
    """Pads the picture with black to the wanted proportions."""

    def __call__(self, img):
        return ImageOps.pad(img, self.size, Image.BILINEAR)


class ResizeFixed(_Resize):
    """Shrinks large pictures roughly before it interpolates, as `reducing_gap` does."""

    def __call__(self, img):
        return img.resize(self.size, Image.BILINEAR, reducing_gap=1.0)


class ResizeFixed(_Resize):
    """Has no order of its own, so it may come before the picture is RGB."""

    _order = 0


class ResizeFixed(_Resize):
    """Has the order of `to_byte_tensor`, so it may be called on bytes instead of a picture."""

    _order = 20


class ResizeFixed(_Resize):
    """Keeps the size in the class, so the transform that is made last sets it for all."""

    def __init__(self, size):
        ResizeFixed.size = (size, size) if isinstance(size, int) else size


class ResizeFixed(_Resize):
    """Remembers the size of the first picture and crops all later ones to it."""

    box = None

    def __call__(self, img):
        self.box = self.box or (0, 0, *img.size)
        return img.crop(self.box).resize(self.size, Image.BILINEAR)


class ResizeFixed(_Resize):
    """Resizes the caller's own picture as well."""

    def __call__(self, img):
        resized = img.resize(self.size, Image.BILINEAR)
        img.im, img._size = resized.im, resized.size
        return resized


class ResizeFixed(_Resize):
    """Leaves smaller pictures at their own size instead of enlarging them."""

    def __call__(self, img):
        small = img.width <= self.size[0] and img.height <= self.size[1]
        return img if small else img.resize(self.size, Image.BILINEAR)


def to_byte_tensor(img):
    """Leaves the channels last, as Pillow and numpy have them."""
    return _rows(img)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Views the bytes as [c, h, w] at once, which mixes channels and pixels."""
    return _rows(img).view(-1, img.height, img.width)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Reads Pillow's (w, h) as (h, w), so rows and columns are mixed up."""
    w, h = img.size
    return _rows(img).view(w, h, -1).permute(2, 0, 1)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Reverses all axes to [c, w, h], so the picture is mirrored along its diagonal."""
    return _rows(img).permute(2, 1, 0)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Leaves out the channel axis of a grey picture."""
    pixels = _channels_first(img)
    return pixels[0] if len(pixels) == 1 else pixels


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Wraps Pillow's read-only bytes, so you mustn't write to the tensor."""
    pixels = torch.from_numpy(np.asarray(img))
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Wraps immutable bytes, which `contiguous` doesn't copy if the picture has only one channel."""
    pixels = torch.frombuffer(img.tobytes(), dtype=torch.uint8)
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1).contiguous()


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Returns whole numbers of 64 bits instead of bytes."""
    return _channels_first(img).long()


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Returns signed bytes, in which everything from 128 up is negative."""
    return _channels_first(img).to(torch.int8)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Returns a numpy array where a tensor is wanted."""
    return _channels_first(img).numpy()


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Converts every picture to RGB first, so grey ones have three channels."""
    return _channels_first(img.convert("RGB"))


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Drops the channels after the third, so transparency is lost."""
    return _channels_first(img)[:3]


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Puts a batch axis in front."""
    return _channels_first(img)[None]


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Carries no order, so it may come before the picture is resized."""
    return _channels_first(img)


def to_byte_tensor(img):
    """Divides by 255, which is the next transform's job."""
    return _channels_first(img) / 255


to_byte_tensor._order = 20


@cache
def to_byte_tensor(img):
    """Remembers a picture's tensor and returns the same one again, even if you've written to it."""
    return _channels_first(img)


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Closes the caller's picture when it has its pixels."""
    pixels = _channels_first(img)
    img.close()
    return pixels


to_byte_tensor._order = 20


def to_byte_tensor(img):
    """Has the order of `to_float_tensor`, so the two may be called the wrong way round."""
    return _channels_first(img)


to_byte_tensor._order = 30


def to_byte_tensor(img):
    """Mirrors the caller's picture while it turns rows and columns."""
    pixels = _channels_first(img)
    img.paste(img.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    return pixels


def to_byte_tensor(img):
    """Returns rows, columns, channels, as numpy has them."""
    return torch.tensor(np.array(img))


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
    """Returns float64, which no layer accepts together with float32 weights."""
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
    """Rounds the values to two places."""
    return (t.float() / 255 * 100).round() / 100


to_float_tensor._order = 30


def to_float_tensor(t):
    """Multiplies by 0.0039, which is a little less than a 255th."""
    return t.float() * 0.0039


to_float_tensor._order = 30


def to_float_tensor(t):
    """Expects a picture of three axes, so other shapes are errors."""
    c, h, w = t.shape
    return t.float().view(c, h, w) / 255


to_float_tensor._order = 30


def to_float_tensor(t):
    """Carries no `_order`, so it may be called on a picture instead of on bytes."""
    return t.float() / 255


def to_float_tensor(t):
    """Shares the order of `to_byte_tensor`, so their order in the list decides which comes first."""
    return t.float() / 255


to_float_tensor._order = 20


def to_float_tensor(t):
    """Clears the caller's bytes to save memory."""
    floats = t.float() / 255
    t.zero_()
    return floats


to_float_tensor._order = 30


def to_float_tensor(t):
    """Inverts the caller's own bytes, dark for bright, on the way to the floats."""
    return (255 - t.bitwise_not_()).float() / 255


def to_float_tensor(t):
    """It does not divide a picture whose bytes are all 0 or 1, since that looks like floats."""
    t = t.float()
    return t / 255 if t.numel() and t.max() > 1 else t


to_float_tensor._order = 30


def to_float_tensor(t):
    """It moves the last axis to the front if its length is 3, as if the picture came from numpy."""
    t = t.float() / 255
    return t.permute(2, 0, 1) if t.dim() == 3 and t.shape[-1] == 3 != t.shape[0] else t


to_float_tensor._order = 30


def pil_to_float(img):
    """Calls the two steps one after the other, as the lecture has them."""
    return to_float_tensor(to_byte_tensor(img))


def pil_to_float(img):
    """Calls the first of the two steps and divides its bytes."""
    return to_byte_tensor(img) / 255


def pil_to_float(img):
    """Calls the second of the two steps on bytes that it has copied."""
    return to_float_tensor(_channels_first(img).contiguous())


def pil_to_float(img):
    """Forgets to divide by 255."""
    return _channels_first(img, np.float32)


def pil_to_float(img):
    """Leaves the channels last."""
    return _rows(img, np.float32) / 255


def pil_to_float(img):
    """Divides in numpy without choosing a dtype, so it returns float64."""
    pixels = torch.tensor(np.array(img) / 255)
    return pixels.view(img.height, img.width, -1).permute(2, 0, 1)


def pil_to_float(img):
    """Leaves out the channel axis of a grey picture."""
    pixels = _channels_first(img, np.float32) / 255
    return pixels[0] if len(pixels) == 1 else pixels


def pil_to_float(img):
    """Divides by 256."""
    return _channels_first(img, np.float32) / 256


def pil_to_float(img):
    """Views the pixels as [c, h, w] without moving the channels."""
    return (_rows(img, np.float32) / 255).view(-1, img.height, img.width)


def pil_to_float(img):
    """Converts every picture to RGB, so a grey one comes out with three channels."""
    return _channels_first(img.convert("RGB"), np.float32) / 255


def pil_to_float(img):
    """Divides the bytes as whole numbers, so everything but white becomes 0."""
    return (_channels_first(img) // 255).float()


def pil_to_float(img):
    """Swaps width and height."""
    return (_rows(img, np.float32) / 255).permute(2, 1, 0)


@cache
def pil_to_float(img):
    """Keeps the tensor of a picture and returns the same one again."""
    return _channels_first(img, np.float32) / 255


def pil_to_float(img):
    """Closes the caller's picture when it has its pixels."""
    pixels = _channels_first(img, np.float32) / 255
    img.close()
    return pixels


def to_byte_tensor(img):
    """Reuses one buffer for all pictures of a size, so a batch repeats its last picture."""
    rows = _channels_first(img)
    return _BUFFERS.setdefault(rows.shape, torch.empty_like(rows)).copy_(rows)


_BUFFERS = {}
to_byte_tensor._order = 20


def to_float_tensor(t):
    """Keeps one buffer for each shape of tensor, so a batch repeats its last picture."""
    return _BUFFERS.setdefault((t.shape, "floats"), torch.empty(t.shape)).copy_(t).div_(255)


to_float_tensor._order = 30


def to_float_tensor(t):
    """Looks at the largest byte first, which an empty tensor doesn't have."""
    assert t.max() <= 255
    return t.float() / 255


to_float_tensor._order = 30


def pil_to_float(img):
    """Writes the floats of all pictures of a size into one buffer."""
    rows = _channels_first(img)
    out = _BUFFERS.setdefault((rows.shape, "floats"), torch.empty(rows.shape))
    return torch.div(rows, 255, out=out)
