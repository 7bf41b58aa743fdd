"""Words for pictures: random ones of every mode. Pillow is imported when the first is made."""

import random
from collections.abc import Callable
from io import BytesIO
from typing import Any

from hypothesis import strategies as st


def make_picture(mode: str, size: tuple[int, int], seed: int) -> Any:
    """A picture of any 8-bit mode whose every pixel, and palette, is random."""
    from PIL import Image

    w, h = size
    source = random.Random(seed)
    row = (w + 7) // 8 if mode == "1" else w * len(Image.new(mode, (1, 1)).getbands())
    img = Image.frombytes(mode, size, source.randbytes(row * h))
    if mode == "P":
        img.putpalette(source.randbytes(768))
    return img


def pictures(*modes: str, max_side: int = 6) -> st.SearchStrategy[Any]:
    """Pictures of 1 pixel and more, one of `modes` each; (w, h) differ as a rule."""
    sides = st.integers(1, max_side)
    return st.builds(
        make_picture, st.sampled_from(modes), st.tuples(sides, sides), st.integers(0, 99)
    )


def keeping_bytes(img: Any) -> Callable[[], bool]:
    """A function that says whether the bytes `img` handed out since now are unchanged."""
    given_out: list[tuple[bytes, bytearray]] = []
    tobytes = img.tobytes

    def watched(*args: Any, **kwargs: Any) -> bytes:
        data = tobytes(*args, **kwargs)
        given_out.append((data, bytearray(data)))
        return data

    img.tobytes = watched
    return lambda: all(data == copied for data, copied in given_out)


def encoded(img: Any, form: str, frames: int = 1) -> bytes:
    """The bytes of a picture file in a format of Pillow; further frames are mirror images."""
    from PIL import ImageOps

    file = BytesIO()
    more = {"save_all": True, "append_images": [ImageOps.mirror(img)] * (frames - 1)}
    packed = {"compression": "tiff_lzw"} if form == "TIFF" else {}
    img.save(file, form, **packed, **(more if frames > 1 else {}))
    return file.getvalue()


def decoded(data: bytes) -> Any:
    """The first picture in the bytes of a file."""
    from PIL import Image

    img = Image.open(BytesIO(data))
    img.load()
    return img


PICTURE_FORMS = {
    ("PNG", 1): ("1", "L", "LA", "P", "RGB", "RGBA"),
    ("JPEG", 1): ("L", "RGB", "CMYK"),
    ("BMP", 1): ("1", "L", "P", "RGB"),
    ("GIF", 1): ("L", "P"),
    ("GIF", 2): ("L", "P"),
    ("TIFF", 1): ("L", "RGB", "RGBA"),
    ("TIFF", 2): ("L", "RGB"),
}
"""Formats with numbers of frames, and the modes that each can hold."""

picture_files = st.sampled_from(sorted(PICTURE_FORMS)).flatmap(
    lambda form: pictures(*PICTURE_FORMS[form]).map(
        lambda img: (f"{form[1]}.{form[0].lower()}", encoded(img, *form))
    )
)
"""Picture files of every format and mode, some of two frames, each as its name and its bytes."""

not_pictures = st.one_of(
    st.sampled_from([b"", b"not a picture", b"\x89PNG", bytes(100)]),
    st.builds(
        lambda img, form: encoded(img, form)[: len(encoded(img, form)) // 2],
        pictures("L"),
        st.sampled_from(["PNG", "JPEG", "GIF", "BMP"]),
    ),
)
"""The bytes of files that hold no picture, or half of one."""


def pixels(img: Any) -> Any:
    """The bytes of a picture, channel by channel, as a tensor [c, h, w]."""
    import numpy as np
    import torch

    return torch.tensor(np.stack([np.array(band, dtype=np.uint8) for band in img.split()]))


def random_bytes(shape: list[int], seed: int) -> Any:
    """A tensor of bytes, each of 0 to 255 as likely."""
    import torch

    source = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, tuple(shape), generator=source, dtype=torch.uint8)
