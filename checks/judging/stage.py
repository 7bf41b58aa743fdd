"""Stage: a scene played by the answer and by the reference, drawn side by side as a PNG."""

import base64
import importlib
import io
import random
from contextlib import suppress
from typing import Any

from checks import laws as comparisons
from checks.judging.assembly import Assembly
from checks.judging.curriculum import Course
from checks.judging.describe import as_picture

POINTS = 201
GOT, WANTED, GREY = (179, 38, 30), (0, 122, 90), (110, 110, 110)
SIDE = 190  # pixels of a picture's longer side


def play(course: Course, kata: str, exercise: str, theirs: Any) -> str | None:
    """The scene of an exercise as a PNG in base64; None if there is none, or nothing differs.

    From now on `katas` means the reference.
    """
    from checks.words.scenes import CHANCE, SCENES

    name = f"{kata}.{exercise}"
    if name not in SCENES:
        return None
    with suppress(Exception):
        got = _played(SCENES[name], theirs)
        Assembly(course).install()
        reference = getattr(importlib.import_module(f"katas.{kata}"), exercise)
        wanted = _played(SCENES[name], reference)
        with suppress(comparisons.Mismatch):
            comparisons.assert_close(got, wanted, rtol=1e-3, atol=1e-3)
            return None
        if isinstance(wanted[0], float):
            return _png(_curve(name, got, wanted))
        return _png(_sheet(name, got, wanted, name in CHANCE))
    return None


def _played(scene: Any, exercise: Any) -> list[Any]:
    """The pictures or numbers of a scene; of a function of a position, its values over 0..1."""
    random.seed(0)
    comparisons.seed_everything(0)
    found = scene(exercise)
    if callable(found):
        found = [float(found(i / (POINTS - 1))) for i in range(POINTS)]
    return [o if isinstance(o, float) else as_picture(o) for o in found]


def _sheet(name: str, got: list[Any], wanted: list[Any], chance: bool) -> Any:
    """A row for each picture: got, wanted, and their difference unless chance decides."""
    from PIL import Image, ImageChops, ImageDraw

    heads = ["got", "wanted, for example" if chance else "wanted"]
    heads += [] if chance else ["difference"]
    rows = []
    for left, right in zip(got, wanted, strict=False):
        row = [left, right]
        if not chance and left.size == right.size:
            row.append(ImageChops.difference(left, right))
        rows.append([_scaled(o) for o in row])
    width = len(heads) * (SIDE + 12) + 12
    height = 44 + sum(max(o.height for o in row) + 10 for row in rows)
    sheet = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(sheet)
    pen.text((12, 6), name, GREY)
    for i, (head, ink) in enumerate(zip(heads, (GOT, WANTED, GREY), strict=False)):
        pen.text((12 + i * (SIDE + 12), 24), head, ink)
    top = 42
    for row in rows:
        for i, part in enumerate(row):
            left = 12 + i * (SIDE + 12)
            sheet.paste(part, (left, top))
            frame = [left - 1, top - 1, left + part.width, top + part.height]
            pen.rectangle(frame, outline=GREY)
        top += max(o.height for o in row) + 10
    return sheet


def _scaled(img: Any) -> Any:
    from PIL import Image

    zoom = SIDE / max(img.size)
    size = round(img.width * zoom), round(img.height * zoom)
    return img.resize(size, Image.Resampling.NEAREST)


def _curve(name: str, got: list[float], wanted: list[float]) -> Any:
    """Both curves, with the first place marked where they differ."""
    from PIL import Image, ImageDraw

    width, height, left, top = 560, 260, 48, 40
    sheet = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(sheet)
    low = min(min(wanted), *(o for o in got if o == o))
    high = max(max(wanted), *(o for o in got if o == o))
    span = high - low or 1.0
    step = (width - left - 20) / max(len(wanted) - 1, 1)

    def at(i: int, value: float) -> tuple[float, float]:
        return left + i * step, height - 36 - (value - low) / span * (height - top - 44)

    for value in (low, (low + high) / 2, high):
        y = at(0, value)[1]
        pen.line([(left, y), (width - 20, y)], (230, 230, 230))
        pen.text((4, y - 6), f"{value:.3g}", GREY)
    pen.line([at(i, o) for i, o in enumerate(wanted)], (150, 205, 190), 7)
    pen.line([at(i, o) for i, o in enumerate(got) if o == o], GOT, 2)
    near = (abs(a - b) <= 1e-3 + 1e-3 * abs(b) for a, b in zip(got, wanted, strict=False))
    first = next((i for i, same in enumerate(near) if not same), 0)
    x, y = at(first, wanted[first])
    pen.ellipse([x - 4, y - 4, x + 4, y + 4], outline=GREY, width=2)
    is_position = len(wanted) == POINTS
    place = f"position {first / (POINTS - 1):.3g}" if is_position else f"batch {first + 1}"
    pen.text((12, 6), f"{name}: first difference at {place}", GREY)
    pen.text((12, 22), f"got {got[first]:.4g}", GOT)
    pen.text((110, 22), f"wanted {wanted[first]:.4g}", WANTED)
    along = "share of the training" if is_position else "batches"
    pen.text((width // 2 - 60, height - 18), along, GREY)
    return sheet


def _png(sheet: Any) -> str:
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
