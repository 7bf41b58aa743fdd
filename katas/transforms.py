"""Transforms: from a picture of any kind to a tensor of one kind.

Level 2. About 40 minutes. After `containers`: `compose` calls transforms in their `_order`.
Source: fast.ai 2019, lesson 11, 0:53:50 (data bunch).
"""

import numpy as np
import torch
from jaxtyping import Float32, UInt8
from PIL import Image
from torch import Tensor

from .containers import listify


class Transform:
    """Given: something that is called on an item, in the order of `_order`."""

    _order = 0


class MakeRGB(Transform):
    """A picture of any 8-bit mode (L, LA, P, CMYK, RGBA, 1) in mode RGB, as `convert` makes it.

    Its `_order` is below that of every other transform, so that they all meet RGB.

    >>> MakeRGB()(Image.new("L", (2, 1), 7)).getpixel((0, 0))
    (7, 7, 7)
    """

    def __call__(self, img: Image.Image) -> Image.Image:
        raise NotImplementedError


class ResizeFixed(Transform):
    """A picture resized to `size` by bilinear interpolation; `_order` is 10.

    size  pixels: one int for a square, or (w, h)

    >>> ResizeFixed((4, 2))(Image.new("RGB", (10, 10))).size
    (4, 2)
    """

    def __init__(self, size: int | tuple[int, int]) -> None:
        raise NotImplementedError

    def __call__(self, img: Image.Image) -> Image.Image:
        raise NotImplementedError


def to_byte_tensor(img: Image.Image) -> UInt8[Tensor, "c h w"]:
    """The pixels of `img`, exactly; `_order` is 20.

    img  a picture of 8 bits a channel (L, RGB, RGBA, CMYK): L has one channel; left unchanged

    The tensor is writable and shares no memory with the picture.

    >>> to_byte_tensor(Image.new("RGB", (1, 1), (10, 20, 30))).tolist()
    [[[10]], [[20]], [[30]]]
    """
    raise NotImplementedError


def to_float_tensor(t: UInt8[Tensor, "*shape"]) -> Float32[Tensor, "*shape"]:
    """Bytes 0..255 as float32 0..1; `_order` is 30; `t` is left unchanged.

    >>> to_float_tensor(torch.tensor([0, 51, 255], dtype=torch.uint8))
    tensor([0.0000, 0.2000, 1.0000])
    """
    raise NotImplementedError


def pil_to_float(img: Image.Image) -> Float32[Tensor, "c h w"]:
    """What `to_float_tensor(to_byte_tensor(img))` gives, in one step and sooner.

    >>> pil_to_float(Image.new("L", (2, 1), 51))
    tensor([[[0.2000, 0.2000]]])
    """
    raise NotImplementedError
