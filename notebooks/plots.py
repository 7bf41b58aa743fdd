"""Plots: the pictures of the notebooks, whose code isn't the story.

Each function is named for what it draws and returns a `Picture`, which a cell shows. A notebook
imports this module before torch.
"""

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from checks.learning import gallery
from checks.learning.gallery import DASHES, INK, STYLE, as_html

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
            from IPython.display import display
            from ipywidgets import FloatSlider, interactive
        except ImportError:
            return data, about
        whole = {"description_width": "initial"}  # or "bottom right" is cut off
        sliders = {
            name: FloatSlider(
                self.still[name], min=low, max=high, step=step, style=whole,
                description=name.replace("_", " "),
            )
            for name, (low, high, step) in self.ranges.items()
        }  # fmt: skip
        moved = interactive(lambda **chosen: display(self.draw(**chosen)), **sliders)
        return data | moved._repr_mimebundle_(), about


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
    if not lines:
        return
    left, right = ax.transData.transform([(x, 1) for x in ax.get_xlim()])[:, 0]
    far = left + (right - left) / (1 - room)
    first, last = ax.get_xlim()
    ax.set_xlim(first, ax.transData.inverted().transform((far, 0))[0])
    ax.set_xticks([x for x in ax.get_xticks() if first <= x <= last])
    ax.set_ylim(ax.get_ylim())
    dots = ax.figure.dpi / 72
    ends = [(ax.transData.transform((o.get_xdata()[-1], o.get_ydata()[-1]))[1], o) for o in lines]
    ends.sort(key=lambda end: end[0])
    tall = [12 * dots * (line.get_label().count("\n") + 1) for _, line in ends]
    lows: list[float] = []
    for (y, _), high in zip(ends, tall, strict=True):
        lows.append(max(y - high / 2, lows[-1] + tall[len(lows) - 1] if lows else y - high / 2))
    ceiling = ax.bbox.y1 + 6 * dots
    for i, ((y, line), high) in reversed([*enumerate(zip(ends, tall, strict=True))]):
        ceiling = min(lows[i], ceiling - high)
        label(line, line.get_label(), xytext=(4, (ceiling + high / 2 - y) / dots))


def ranking(
    values: Mapping[str, float], marked: str = "", form: str = "%.1f", *, alt: str, **axes: Any
) -> Picture:
    """One horizontal bar with its number for each of `values`; that of `marked` is blue."""
    fig, ax = plt.subplots(figsize=(7, 0.6 + 0.38 * len(values)))
    shades = ["#0072b2" if name == marked else "#bbbbbb" for name in values]
    drawn = ax.barh(list(values), list(values.values()), color=shades)
    ax.bar_label(drawn, fmt=f" {form}")
    ax.set(**axes)
    ax.invert_yaxis()
    ax.grid(False)
    ax.margins(x=0.12)
    return Picture(fig, alt)


def sizes_by_mode(sizes: Mapping[str, Sequence[tuple[int, int]]], *, alt: str) -> Picture:
    """A mark for each picture at its width and height, another mark for each mode."""
    fig, ax = plt.subplots(figsize=(5, 3.4))
    for (mode, seen), mark in zip(sizes.items(), ".x+*", strict=False):
        wide, high = zip(*seen, strict=True)
        ax.plot(wide, high, mark, linestyle="", label=f"{mode} ({len(seen)})")
    ax.set(xlabel="width in pixels", ylabel="height in pixels", aspect="equal")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return Picture(fig, alt)


def value_shares(
    values: Mapping[str, Any], least: float, most: float, *, alt: str, bins: int = 60
) -> Picture:
    """How the numbers of each tensor are spread: a line with its label at the highest point."""
    fig, ax = plt.subplots(figsize=(7, 2.8))
    width = (most - least) / bins
    for name, tensor in values.items():
        shares = (tensor.histc(bins, least, most) / tensor.numel()).tolist()
        (line,) = ax.plot([least + (i + 0.5) * width for i in range(bins)], shares)
        label(line, name, shares.index(max(shares)), xytext=(4, 6))
    ax.set(xlabel="value", ylabel="share of the numbers")
    ax.margins(y=0.15)
    return Picture(fig, alt)


def confusions(tables: Mapping[str, Any], names: Sequence[Sequence[str]], *, alt: str) -> Picture:
    """Tables of label (rows) and answer (columns), the darker the more; right answers framed.

    names  for each table those of its rows; those of the columns are the first table's
    """
    fig, axes = plt.subplots(len(tables), 1, figsize=(5, 2.8 * len(tables) + 1), sharex=True)
    for ax, (title, table), rows in zip(axes, tables.items(), names, strict=True):
        ax.imshow(table, cmap="Greys", vmin=0, aspect="auto")
        for i in range(len(rows)):
            ax.add_patch(plt.Rectangle((i - 0.5, i - 0.5), 1, 1, fill=False, ec="#d55e00", lw=1.5))
        ax.set(title=title, ylabel="what the label says")
        ax.set_yticks(range(len(rows)), rows, fontsize=9)
        ax.grid(False)
    axes[-1].set_xlabel("what the network says")
    axes[-1].set_xticks(range(len(names[0])), names[0], rotation=60, ha="right", fontsize=9)
    return Picture(fig, alt)


def histograms(
    parts: Mapping[str, tuple[Any, float]], least: float = -7, most: float = 7, *, alt: str
) -> Picture:
    """Histograms batch by batch, one column each, the darker the more; a line at the kink.

    parts  by title: the counts `[batches, bins]` from `least` to `most`, and the kink's height
    """
    fig, axes = plt.subplots(1, len(parts), figsize=(7, 3), sharey=True, squeeze=False)
    for ax, (title, (counts, kink)) in zip(axes.flat, parts.items(), strict=True):
        shares = (counts / counts.sum(1, keepdim=True)).T
        place = (0.5, len(counts) + 0.5, least, most)
        ax.imshow(shares**0.4, origin="lower", aspect="auto", cmap="Greys", extent=place)
        ax.axhline(kink, color="#d55e00", linestyle="--", linewidth=1)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        how: dict[str, Any] = {"color": "#d55e00", "fontsize": 9, "bbox": box, "ha": "center"}
        at = (len(counts) / 2, kink)
        ax.annotate("kink", at, (0, -34), textcoords="offset points", **how)
        ax.set(title=title, xlabel="batch", ylim=(-2.5, 5))
        ax.grid(False)
    axes[0, 0].set_ylabel("activation, last layer")
    return Picture(fig, alt)


def reaches(pictures: Mapping[str, Any], *, alt: str) -> Picture:
    """Which pixels a unit sees, for each of `pictures`: grey cells, the darker the more."""
    fig, axes = plt.subplots(1, len(pictures), figsize=(1.7 * len(pictures), 2), squeeze=False)
    for ax, (title, seen) in zip(axes.flat, pictures.items(), strict=True):
        ax.imshow(seen, cmap="Greys", vmin=0)
        ax.set_title(title, fontsize=9)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(True)
        ax.grid(False)
    return Picture(fig, alt)


def rate_search(
    lrs: Sequence[float], losses: Sequence[float], smooth: Sequence[float],
    marks: Mapping[str, float], *, alt: str,
) -> Picture:  # fmt: skip
    """The loss over the learning rate, its mean over neighbours, and rates marked on that."""
    fig, ax = plt.subplots(figsize=(7, 3.4))
    ax.semilogx(lrs, losses, color="#bbbbbb", linestyle="-")
    ax.semilogx(lrs, smooth, linestyle="-")
    for i, (name, rate) in enumerate(marks.items()):
        height = smooth[min(range(len(lrs)), key=lambda k: abs(lrs[k] - rate))]
        ax.plot(rate, height, "o", color="#d55e00")
        at = ((-12, -14), (0, 26), (0, -26))[i % 3]
        how: dict[str, Any] = {
            "textcoords": "offset points",
            "ha": "center" if i % 3 else "right",
            "va": "center",
            "fontsize": 9,
        }
        ax.annotate(f"{name}\n{rate:.2g}", (rate, height), at, color="#d55e00", **how)
    least, first = min(losses), losses[0]
    ax.set(xlabel="learning rate", ylabel="loss of a batch", ylim=(least - 0.6, first * 1.6))
    return Picture(fig, alt)


def curves(
    series: Mapping[str, Sequence[float]],
    x: Sequence[float] | None = None,
    *,
    alt: str,
    room: float = 0.3,
    size: tuple[float, float] = (7, 3.2),
    levels: Mapping[str, float] | None = None,
    **axes: Any,
) -> Picture:
    """One named line for each of `series`, over `x` or 1, 2, ...

    levels  thin level lines, such as chance
    axes    what `ax.set` takes: xlabel, ylabel, title, yscale, ...
    """
    fig, ax = plt.subplots(figsize=size)
    for name, height in (levels or {}).items():
        ax.axhline(height, xmax=1 - room, color=GREY, linestyle="-", linewidth=0.8)
        place = ax.get_yaxis_transform()
        ax.annotate(name, (0.01, height), (0, 3), place, "offset points", color=GREY, fontsize=9)
    _draw(ax, series, x)
    ax.set(**axes)
    label_ends(ax, room)
    return Picture(fig, alt)


def _draw(ax: Any, series: Mapping[str, Sequence[float]], x: Sequence[float] | None = None) -> None:
    """Named lines over `x`, or over whole steps 1, 2, ..."""
    for name, values in series.items():
        ax.plot(range(1, len(values) + 1) if x is None else x, values, label=name)
    if x is None:
        ax.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10], integer=True))


def _plain_ticks(ax: Any) -> None:
    """Numbers like 0.5, 1, 2 at a logarithmic axis that spans less than two powers of ten."""
    low, high = ax.get_ylim()
    if ax.get_yscale() == "log" and high < 100 * low:
        marks = (1, 2, 5) if high > 10 * low else (1, 2, 3, 4, 6)
        ax.yaxis.set_major_locator(LogLocator(subs=marks, numticks=12))
        ax.yaxis.set_major_formatter("{x:g}")
        ax.yaxis.set_minor_locator(NullLocator())


def panels(
    parts: Mapping[str, Mapping[str, Sequence[float]]],
    x: Sequence[float] | None = None,
    *,
    alt: str,
    dots: Sequence[float] | None = None,
    shared: bool = True,
    room: float = 0.35,
    where: int | None = None,
    size: tuple[float, float] = (10, 3.2),
    **axes: Any,
) -> Picture:
    """`curves` next to each other, one for each title.

    dots    values to draw as grey dots behind each
    shared  all have the same scale
    where   the point of each line at which its label stands, to the left, and not at its end
    axes    what `ax.set` takes; a list has one for each panel
    """
    fig, row = plt.subplots(1, len(parts), figsize=size, sharey=shared, squeeze=False)
    for i, (ax, (title, series)) in enumerate(zip(row[0], parts.items(), strict=True)):
        if dots is not None:
            ax.plot(range(1, len(dots) + 1), dots, ".", color="#bbbbbb", markersize=3)
        _draw(ax, series, x)
        mine = {k: v[i] if isinstance(v, list) else v for k, v in axes.items()}
        ax.set(title=title, **mine)
        _plain_ticks(ax)
        if shared and i:
            ax.set_ylabel("")
    for ax in row[0]:
        if where is None:
            label_ends(ax, room)
            continue
        for line in ax.get_lines():
            label(line, line.get_label(), where, xytext=(-3, 5), ha="right")
    return Picture(fig, alt)


def valleys(loss_at: Callable[..., Any], parts: Mapping[str, Any], *, alt: str) -> Picture:
    """Paths `[steps, 2]` from above, one for each title, over the level lines of a loss."""
    fig, row = plt.subplots(1, len(parts), figsize=(8.4, 2.8), sharey=True)
    ends = np.stack([np.asarray(path).reshape(-1, 2) for path in parts.values()])
    (left, low), (right, high) = ends.min((0, 1)) - 0.4, ends.max((0, 1)) + 0.4
    x, y = np.meshgrid(np.linspace(left, right, 120), np.linspace(low, high, 120))
    for ax, (title, path) in zip(row, parts.items(), strict=True):
        levels = {"levels": [0.3, 2, 8, 20, 40, 70], "colors": "#bbbbbb", "linestyles": "-"}
        ax.contour(x, y, loss_at(np.stack([x, y], -1)), linewidths=0.8, **levels)
        ax.plot(*np.asarray(path).T, "o-", markersize=3)
        ax.plot(0, 0, "*", color="black", markersize=9)
        ax.set(title=title, xlabel="first number")
        ax.grid(False)
    row[0].set_ylabel("second number")
    return Picture(fig, alt)


def _framed(ax: Any, picture: Any, title: str) -> None:
    """A picture in pixels of its own, with ticks at its edges."""
    side = np.asarray(picture).shape[1]
    ax.imshow(picture, vmin=0, vmax=255, extent=(0, side, side, 0))
    ax.set(title=title, xticks=[0, side], yticks=[0, side])
    ax.grid(False)


def looked_up(picture: Any, points: Any, result: Any, *, alt: str) -> Picture:
    """A picture with the points `[n, 2]` in pixels where a result looks, and that result."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.5))
    _framed(left, picture, "where the result looks")
    left.scatter(*np.asarray(points).T, s=26, color="#0072b2", edgecolor="white", linewidth=0.8)
    _framed(right, result, "the result")
    return Picture(fig, alt)


def quadrilaterals(picture: Any, quad: Any, result: Any, *, alt: str) -> Picture:
    """A picture with four marked corners, and what lies between them as a square."""
    fig, row = plt.subplots(1, 2, figsize=(6, 3))
    side = np.asarray(result).shape[1]
    target = [(0, 0), (0, side), (side, side), (side, 0)]
    for ax, shown, title, corners in (
        (row[0], picture, "four corners in the picture", quad),
        (row[1], result, "fill the result", target),
    ):
        _framed(ax, shown, title)
        line = {"color": "#d55e00", "linewidth": 2.5, "clip_on": False}
        ax.plot(*zip(*corners, corners[0], strict=True), "-o", **line)
    return Picture(fig, alt)


def shares(maps: Mapping[str, Any], label: str, *, alt: str) -> Picture:
    """Maps of numbers from 0 to 1 over a square, one for each title."""
    fig, row = plt.subplots(1, len(maps), figsize=(6.6, 2.9))
    for ax, (title, values) in zip(row, maps.items(), strict=True):
        shades = ax.imshow(values, vmin=0, vmax=1, extent=(0, 1, 1, 0))
        ax.set(title=title, xlabel="share of the width", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        ax.grid(False)
    row[0].set_ylabel("share of the height")
    fig.colorbar(shades, ax=row, label=label)
    return Picture(fig, alt)


def bars(values: Mapping[str, float], limit: float, *, unit: str, alt: str) -> Picture:
    """Named values as bars on a logarithmic scale, with a line at `limit`."""
    fig, ax = plt.subplots(figsize=(7, 0.35 * len(values) + 0.9))
    drawn = ax.barh(list(values), list(values.values()), color="#0072b2")
    ax.bar_label(drawn, [f"{v:.3f}" for v in values.values()], padding=3, fontsize=9)
    ax.axvline(limit, color="#d55e00", linestyle="--")
    ax.set(xscale="log", xlabel=unit, xlim=(min(values.values()) / 2, limit * 2))
    ax.xaxis.set_major_formatter("{x:g}")
    ax.invert_yaxis()
    ax.grid(False)
    return Picture(fig, alt)


def waves(sounds: Mapping[str, Sequence[float]], rate: int, *, alt: str) -> Picture:
    """Sounds over their seconds, one below the other, `rate` values a second."""
    fig, rows = plt.subplots(len(sounds), 1, figsize=(7, 1.0 * len(sounds) + 0.5), sharex=True)
    for ax, (title, sound) in zip(rows, sounds.items(), strict=True):
        ax.plot(np.arange(len(sound)) / rate, sound, linewidth=0.7)
        ax.set(ylim=(-1.2, 1.2), yticks=[])
        ax.set_title(title, fontsize=9)
    rows[-1].set_xlabel("seconds")
    return Picture(fig, alt)


def number_lines(
    formats: Mapping[str, tuple[float, float, float]], values: Any, *, alt: str
) -> Picture:
    """Which sizes formats of numbers can hold, over a histogram of values; powers of two.

    formats  of each its least number, its least with full precision, and its greatest
    """
    fig, (top, low) = plt.subplots(2, 1, figsize=(8, 3.6), sharex=True, height_ratios=(1, 1.4))
    names = list(formats)
    for i, (least, normal, most) in enumerate(np.log2(list(formats.values()))):
        line = {"color": "#0072b2", "linewidth": 7, "linestyle": "-", "solid_capstyle": "butt"}
        top.plot([max(normal, -40), min(most, 20)], [i, i], **line)
        top.plot([max(least, -40), max(normal, -40)], [i, i], **line | {"color": "#a6cbe3"})
    top.set(yticks=range(len(names)), yticklabels=names, ylim=(len(names) - 0.5, -0.5))
    low.hist(np.log2(np.abs(values)), bins=np.arange(-40, 21), color="#d55e00")
    low.set(xlabel="size of a number, as a power of two", ylabel="gradients", xlim=(-40, 20))
    for ax in (top, low):
        ax.grid(False)
        ax.axvline(np.log2(next(iter(formats.values()))[0]), color="black", linestyle=":")
    return Picture(fig, alt)


def saved(file: Any, *, alt: str) -> Picture:
    """The picture in a file, pixel for pixel."""
    pixels = plt.imread(file)
    height, width = pixels.shape[:2]
    fig = plt.figure(figsize=(width / 100, height / 100), layout="none")
    ax = fig.add_axes((0, 0, 1, 1))
    ax.imshow(pixels)
    ax.axis("off")
    return Picture(fig, alt)


def bundles(
    parts: Mapping[str, Sequence[Sequence[float]]], *, alt: str, room: float = 0.25, **axes: Any
) -> Picture:
    """Several lines for each of `parts`, such as one a seed: one colour, one name."""
    fig, ax = plt.subplots(figsize=(7, 3.2))
    for i, (name, lines) in enumerate(parts.items()):
        for j, values in enumerate(lines):
            how: dict[str, Any] = {"color": INK[i], "linestyle": DASHES[i], "linewidth": 1.1}
            ax.plot(range(1, len(values) + 1), values, label="_" if j else name, **how)
    ax.set(**axes)
    label_ends(ax, room)
    return Picture(fig, alt)
