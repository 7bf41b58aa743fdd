"""Plots: the pictures of the notebooks, whose code isn't the story.

Each function is named for what it draws and returns a `Picture`, which a cell shows. A notebook
imports this module before torch.
"""

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from checks.learning import gallery
from checks.learning.gallery import STYLE, as_html

GREY = "#666666"

plt.rcParams.update(STYLE)

Bundle = tuple[dict[str, Any], dict[str, Any]]


class Picture:
    """A drawn figure, and the sentence that says what is seen on it.

    JupyterLab drops the sentence of a PNG, so it's offered as HTML too; what is published has the
    PNG alone, whose sentence code hosts and nbconvert keep.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        """`figure` is closed: a cell shows what it returns, and left open it would come twice."""
        plt.close(figure)
        self.figure, self.alt = figure, alt

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        file = io.BytesIO()
        self.figure.savefig(file, format="png")
        png = base64.b64encode(file.getvalue()).decode()
        data = {"text/plain": self.alt, "image/png": png, "text/html": as_html(png, self.alt)}
        return data, {"image/png": {"alt": self.alt}}


class Sliders(Picture):
    """A picture with sliders for the arguments of `draw`, where a kernel and ipywidgets are.

    Without them it's the picture of the arguments in `still`.
    """

    def __init__(
        self,
        draw: Callable[..., Picture],
        still: Mapping[str, float],
        ranges: Mapping[str, tuple[float, float, float]],
    ) -> None:
        """`ranges` holds least value, greatest value and step of each argument."""
        picture = draw(**still)
        super().__init__(picture.figure, picture.alt)
        self.draw, self.still, self.ranges = draw, still, ranges

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        data, about = super()._repr_mimebundle_()
        try:
            from ipywidgets import FloatSlider, interactive
        except ImportError:
            return data, about
        sliders = {
            name: FloatSlider(self.still[name], min=low, max=high, step=step, description=name)
            for name, (low, high, step) in self.ranges.items()
        }
        return data | interactive(self.draw, **sliders)._repr_mimebundle_(), about


def show(
    pictures: Any, titles: Sequence[object] = (), columns: int = 6, side: float = 1.5, *, alt: str
) -> Picture:
    """Pictures in rows, as `checks.show` draws them, with a sentence that says what is seen."""
    return Picture(gallery.show(pictures, titles, columns, side), alt)


def label(line: Any, text: str, where: int = -1, **how: Any) -> None:
    """Write `text` next to a point of a line, in the line's colour, in place of a legend."""
    how = {"xytext": (4, 0), "va": "center", "fontsize": 9} | how
    at = line.get_xdata()[where], line.get_ydata()[where]
    line.axes.annotate(text, at, textcoords="offset points", color=line.get_color(), **how)


def label_ends(ax: Any, room: float = 0.3) -> None:
    """Write each line's label at its right end, in its colour, and none over another.

    room  share of the axes' width to keep free for the labels
    """
    lines = [o for o in ax.get_lines() if not o.get_label().startswith("_")]
    left, right = ax.transData.transform([(x, 1) for x in ax.get_xlim()])[:, 0]
    far = left + (right - left) / (1 - room)
    ax.set_xlim(ax.get_xlim()[0], ax.transData.inverted().transform((far, 0))[0])
    ax.set_ylim(ax.get_ylim())
    ends = [(o, ax.transData.transform((o.get_xdata()[-1], o.get_ydata()[-1]))) for o in lines]
    floor, dots = -float("inf"), ax.figure.dpi / 72
    for line, (_, y) in sorted(ends, key=lambda end: end[1][1]):
        rows = line.get_label().count("\n") + 1
        low = max(y - 6 * rows * dots, floor)
        up = (low - y) / dots + 6 * rows
        label(line, line.get_label(), xytext=(4, up))
        floor = low + 12 * rows * dots


def curves(
    series: Mapping[str, Sequence[float]],
    x: Sequence[float] | None = None,
    *,
    alt: str,
    room: float = 0.3,
    size: tuple[float, float] = (7, 3.2),
    **axes: Any,
) -> Picture:
    """One named line for each of `series`, over `x` or 1, 2, ...

    axes  what `ax.set` takes: xlabel, ylabel, title, yscale, ...
    """
    fig, ax = plt.subplots(figsize=size)
    draw_curves(ax, series, x, room=room, **axes)
    return Picture(fig, alt)


def draw_curves(
    ax: Any,
    series: Mapping[str, Sequence[float]],
    x: Sequence[float] | None = None,
    room: float = 0.3,
    **axes: Any,
) -> None:
    """`curves` on axes that are there already."""
    for name, values in series.items():
        ax.plot(range(1, len(values) + 1) if x is None else x, values, label=name)
    ax.set(**axes)
    label_ends(ax, room)
