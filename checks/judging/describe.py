"""Show: a value as the few characters that matter, and pictures as one PNG.

Torch, numpy and Pillow are looked up and never imported: who has none of their values needs none.
"""

import base64
import io
import re
from collections.abc import Mapping
from pathlib import Path
from types import FunctionType
from typing import Any

from checks.laws import is_a

FEW = 8
LONG = 400


def summary(value: Any) -> str:
    """`value` in a line, or in several where its own repr has several."""
    try:
        return _summary(value)
    except Exception as error:
        return f"a {type(value).__name__} whose repr raises {type(error).__name__}"


def _summary(value: Any) -> str:
    if is_a(value, "torch", "Tensor") or is_a(value, "numpy", "ndarray"):
        return _array(value)
    if is_a(value, "PIL.Image", "Image"):
        return f"picture of mode {value.mode}, {value.width} wide, {value.height} high"
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {value}"
    if isinstance(value, FunctionType):
        from checks.judging.inside_hypothesis import described_function

        return described_function(value)
    if isinstance(value, Path) and value.is_dir():
        return f"folder\n{tree(value)}"
    if type(value) in (list, tuple, set, frozenset) and _is_rich(value):
        opening, closing = ("[", "]") if isinstance(value, list) else ("(", ")")
        items = [summary(o) for o in list(value)[:FEW]] + ["..."] * (len(value) > FEW)
        return f"{opening}{', '.join(items)}{closing}"
    if isinstance(value, Mapping) and _is_rich(value.values()):
        return "{" + ", ".join(f"{k!r}: {summary(o)}" for k, o in value.items()) + "}"
    text = re.sub(r" at 0x[0-9a-f]+", "", repr(value))
    return text if len(text) <= LONG else f"{text[:LONG]}..."


def _is_rich(values: Any) -> bool:
    """Whether something inside is better shown by a summary than by its repr."""
    rich = (("torch", "Tensor"), ("numpy", "ndarray"), ("PIL.Image", "Image"))
    return any(isinstance(o, FunctionType) or any(is_a(o, *kind) for kind in rich) for o in values)


def _array(value: Any) -> str:
    kind = "tensor" if is_a(value, "torch", "Tensor") else "array"
    dtype = str(value.dtype).removeprefix("torch.")
    head = f"{kind} {list(value.shape)} {dtype}"
    if is_a(value, "torch", "Tensor"):
        value = value.detach().cpu()
    flat = value.reshape(-1)[: 3 * FEW].tolist()
    small = (
        len(flat) <= 2 * FEW and value.size == len(flat)
        if kind == "array"
        else (value.numel() == len(flat) <= 2 * FEW)
    )
    if small:
        return f"{head} {_numbers(value.tolist())}"
    return f"{head} [{', '.join(map(_number, flat[:FEW]))}, ...]"


def _numbers(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_numbers, value))}]"
    return _number(value)


def _number(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def tree(folder: Path, indent: str = "  ", most: int = 20) -> str:
    """The files below `folder`, one a line."""
    paths = sorted(folder.rglob("*"))
    lines = [
        f"{indent * len(p.relative_to(folder).parts)}{p.name}{'/' * p.is_dir()}" for p in paths
    ]
    return "\n".join(lines[:most] + [f"{indent}..."] * (len(lines) > most))


def as_picture(value: Any) -> Any:
    """`value` as an RGB picture: a picture, or a tensor that looks like one; else None."""
    if is_a(value, "PIL.Image", "Image"):
        return value.convert("RGB")
    if not is_a(value, "torch", "Tensor") or not 3 <= value.dim() <= 4 or 0 in value.shape:
        return None
    from PIL import Image

    value = value.detach().cpu()
    value = value[0] if value.dim() == 4 else value
    if value.shape[0] not in (1, 3) or min(value.shape[1:]) < 4 or value.is_complex():
        return None
    if value.dtype.is_floating_point:
        value = (value.nan_to_num().clamp(0, 1) * 255).round()
    pixels = value.clamp(0, 255).byte().expand(3, -1, -1).permute(1, 2, 0).contiguous()
    return Image.fromarray(pixels.numpy(), "RGB")


def picture(wanted: Any, yours: Any) -> str | None:
    """A PNG in base64: wanted, yours and their difference side by side; None for no pictures."""
    try:
        pair = [as_picture(wanted), as_picture(yours)]
        if None in pair:
            return None
        from PIL import Image, ImageChops

        if pair[0].size == pair[1].size:
            pair.append(ImageChops.difference(*pair))
        zoom = max(1, 128 // max(max(o.size) for o in pair))
        pair = [o.resize((o.width * zoom, o.height * zoom), Image.Resampling.NEAREST) for o in pair]
        size = sum(o.width + 8 for o in pair) + 8, max(o.height for o in pair) + 16
        sheet, left = Image.new("RGB", size, "white"), 8
        for part in pair:
            sheet.paste(part, (left, 8))
            left += part.width + 8
        file = io.BytesIO()
        sheet.save(file, "PNG")
        return base64.b64encode(file.getvalue()).decode()
    except Exception:  # a picture is an extra: the verdict stands without it
        return None
