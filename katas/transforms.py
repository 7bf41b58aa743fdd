"""Transforms: from a picture of any kind to a tensor of one kind.

Level 2. About 40 minutes. After `containers`: `compose` calls transforms in their `_order`.
Source: fast.ai 2019, lesson 11, 0:53:50 (data bunch).
See it at work in notebooks/1_data_block.ipynb: `make lab kata=transforms`.
"""

import numpy as np
import torch
from jaxtyping import Float32, UInt8
from PIL import Image
from torch import Tensor

from .containers import listify


class Transform:
    """Given: a callable whose `_order` is its place among others, as `compose` reads it."""

    _order = 0


class MakeRGB(Transform):
    """A transform that makes RGB pictures: `MakeRGB()(img)` is `img.convert("RGB")`.

    img  a picture of mode L, LA, P, CMYK, RGBA, RGB or 1; left unchanged

    Its `_order` is below 0, so that `compose` calls it before a transform without an order.

    >>> MakeRGB()(Image.new("L", (2, 1), 7)).getpixel((0, 0))
    (7, 7, 7)
    """

    def __call__(self, img: Image.Image) -> Image.Image:
        raise NotImplementedError


class ResizeFixed(Transform):
    """A transform that resizes a whole picture to `size` by bilinear interpolation.

    size  pixels: one int for a square, or (w, h), whatever the shape of the picture
    img   left unchanged

    Its `_order` is 10.

    >>> ResizeFixed((4, 2))(Image.new("RGB", (10, 10))).size
    (4, 2)
    """

    def __init__(self, size: int | tuple[int, int]) -> None:
        raise NotImplementedError

    def __call__(self, img: Image.Image) -> Image.Image:
        raise NotImplementedError


def to_byte_tensor(img: Image.Image) -> UInt8[Tensor, "c h w"]:
    """The pixels of `img` as bytes, with the channels first.

        tensor[c, y, x]  ==  channel c of the pixel at (x, y)

    img  a picture of mode L (one channel), LA, RGB, RGBA or CMYK; left unchanged

    You can write to the tensor, which changes neither the picture nor its next tensor.
    `to_byte_tensor._order` is 20.

    >>> to_byte_tensor(Image.new("RGB", (1, 1), (10, 20, 30))).tolist()
    [[[10]], [[20]], [[30]]]
    """
    raise NotImplementedError


def to_float_tensor(t: UInt8[Tensor, "*shape"]) -> Float32[Tensor, "*shape"]:
    """The bytes 0..255 of `t` as float32 from 0 to 1.

        to_float_tensor(t)  ==  t / 255

    t  of any shape; left unchanged

    `to_float_tensor._order` is 30.

    >>> to_float_tensor(torch.tensor([0, 51, 255], dtype=torch.uint8))
    tensor([0.0000, 0.2000, 1.0000])
    """
    raise NotImplementedError


def pil_to_float(img: Image.Image) -> Float32[Tensor, "c h w"]:
    """The pixels of `img` as floats, with the channels first, in one step.

        pil_to_float(img)  ==  to_float_tensor(to_byte_tensor(img))

    img  a picture of mode L, LA, RGB, RGBA or CMYK; left unchanged

    It doesn't call either of those two functions.

    Why: the two copy the bytes in their new order and then read them all again. One step can
    turn the axes and the type together, which takes less time.

    >>> pil_to_float(Image.new("L", (2, 1), 51))
    tensor([[[0.2000, 0.2000]]])
    """
    raise NotImplementedError
