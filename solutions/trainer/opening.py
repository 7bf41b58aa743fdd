"""Opening: what counts as a picture, and any kind of it made upright with eight bits a channel."""

from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from PIL import EpsImagePlugin, Image, ImageOps

# A set of our own: Python's table of types has .svg, which Pillow can't read, and .webp only from
# Python 3.13 on.
ENDINGS = frozenset(
    ".apng .avif .avifs .bmp .bw .cur .dcx .dds .dib .gif .icns .ico .j2c .j2k .jfif .jp2 .jpc "
    ".jpe .jpeg .jpf .jpg .jpx .mpo .msp .pbm .pcx .pfm .pgm .png .pnm .ppm .psd .qoi .ras .rgb "
    ".rgba .sgi .tga .tif .tiff .webp .xbm .xpm".split()
)
PLAIN = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "HSV"}


def _not_run(*args: Any, **kwargs: Any) -> NoReturn:
    raise OSError("it's a PostScript program, which isn't run")


EpsImagePlugin.Ghostscript = _not_run  # Pillow would run it, whatever the file is called


def as_plain(img: Image.Image, path: str | Path) -> Image.Image:
    """`img`, the picture in the file `path`, upright and in a mode that becomes RGB as it looks.

    Greyscale of 16 bits is scaled by 65,535, and floats count from 0 to 1. Raises ValueError for a
    picture whose numbers have no known range.
    """
    img = _upright(img)
    if img.mode == "P" and isinstance(img.info.get("transparency"), bytes):
        return img.convert("RGBA")  # which Pillow warns of otherwise
    if img.mode in PLAIN:
        return img
    return Image.fromarray(_bytes_of(img, path))


def _upright(img: Image.Image) -> Image.Image:
    """The picture as its EXIF orientation says that it is looked at."""
    try:
        ImageOps.exif_transpose(img, in_place=True)
    except Exception:  # a damaged EXIF block says nothing
        pass
    return img


def _bytes_of(img: Image.Image, path: str | Path) -> Any:
    """Greyscale of more than eight bits as bytes."""
    values = np.asarray(img)
    if img.mode.startswith("I;16"):
        return (values >> 8).astype(np.uint8)
    if img.mode == "I" and _format(path) in ("PNG", "PPM"):  # of 16 bits, as older Pillows read it
        return (values.clip(0, 65535) >> 8).astype(np.uint8)
    if img.mode == "F":
        if not np.isfinite(values).all() or values.min() < 0 or values.max() > 1:
            raise ValueError(f"the numbers of {path} aren't all from 0 to 1")
        return (values * 255).round().astype(np.uint8)
    raise ValueError(f"{path} has mode {img.mode}, whose numbers have no known range")


def _format(path: str | Path) -> str | None:
    with Image.open(path) as img:
        return img.format
