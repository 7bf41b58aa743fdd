"""Words for plots: lines that are drawn on one of two axes of a figure, without a screen."""

from collections.abc import Callable
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from checks.laws import number


def drawn(plot: Callable[[], Any]) -> Any:
    """What `plot` draws: the points of each line on the current axes, and on others; the scale."""
    with _without_a_screen() as plt:
        _, (other, current) = plt.subplots(1, 2)
        plt.sca(current)
        plot()
        elsewhere = [axis for i in plt.get_fignums() for axis in plt.figure(i).axes]
        elsewhere = [axis for axis in elsewhere if axis is not current and axis.lines]
        lines = [(rounded(o.get_xdata()), rounded(o.get_ydata())) for o in current.lines]
        return SimpleNamespace(lines=lines, elsewhere=len(elsewhere), xscale=current.get_xscale())


@contextmanager
def _without_a_screen() -> Any:
    import matplotlib
    from matplotlib import pyplot as plt

    matplotlib.use("Agg")
    show, plt.show = plt.show, lambda *args, **kwargs: None
    try:
        yield plt
    finally:
        plt.show = show
        plt.close("all")


def rounded(series: Any) -> list[float]:
    """Numbers to five places, so that they are found again after a detour over arrays."""
    return [round(number(o), 5) for o in series]
