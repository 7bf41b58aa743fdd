"""Words for pictures: random ones of every mode. Pillow is imported when the first is made."""

import random
from collections.abc import Callable
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
    """Whether all bytes that `img` gives out from now on are, when asked, what they were."""
    given_out: list[tuple[bytes, bytearray]] = []
    tobytes = img.tobytes

    def watched(*args: Any, **kwargs: Any) -> bytes:
        data = tobytes(*args, **kwargs)
        given_out.append((data, bytearray(data)))
        return data

    img.tobytes = watched
    return lambda: all(data == copied for data, copied in given_out)
