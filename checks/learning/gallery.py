"""Gallery: pictures side by side in a notebook, and one style for its plots."""

import html
from collections.abc import Iterable, Sequence
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

INK = ("#0072b2", "#d55e00", "#009e73", "#555555", "#cc79a7", "#e69f00")
"""Colours in order of use: told apart by the colour-blind, and by their lightness in grey."""

DASHES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (7, 1, 1, 1, 1, 1)), (0, (3, 4)))

STYLE: dict[Any, Any] = {
    "figure.figsize": (7, 3.2),
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "axes.prop_cycle": plt.cycler(color=INK, linestyle=DASHES),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": "medium",
    "axes.titlelocation": "left",
    "axes.grid": True,
    "grid.color": "#e6e6e6",
    "image.cmap": "gray",
    "savefig.dpi": 100,
}


def as_html(png: str, alt: str) -> str:
    """The `<img>` of a picture in base64, with the sentence that says what is seen on it."""
    return f'<img src="data:image/png;base64,{png}" alt="{html.escape(alt)}">'


def _pixels(picture: Any) -> Any:
    """A picture, or a tensor `[c, h, w]` or `[h, w]` of bytes or of floats, as matplotlib's."""
    if not hasattr(picture, "detach"):
        return picture
    picture = picture.detach().cpu()
    if picture.ndim == 3:
        picture = picture.permute(1, 2, 0).squeeze(-1)
    return picture.float().clamp(0, 1) if picture.is_floating_point() else picture


def show(
    pictures: Any, titles: Sequence[object] = (), columns: int = 6, side: float = 1.5
) -> Figure:
    """Pictures in rows: one or several, PIL's or tensors, or a batch `[n, c, h, w]`.

    side  inches of a picture
    """
    if hasattr(pictures, "getbands") or getattr(pictures, "ndim", 4) < 4:
        pictures = [pictures]
    shown = list(pictures if isinstance(pictures, Iterable) else [pictures])
    columns = min(columns, len(shown))
    rows = -(-len(shown) // columns)
    size = (side * columns, (side + 0.25 * bool(titles)) * rows)
    fig, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, picture in zip(axes.flat, shown, strict=False):
        ax.imshow(_pixels(picture), cmap="gray")
    for ax, title in zip(axes.flat, titles, strict=False):
        ax.set_title(str(title), fontsize=8, loc="center")
    plt.close(fig)  # a cell shows what it returns; left open it would be shown twice
    return fig
