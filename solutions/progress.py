"""Progress: what a person watches while a network trains.

Level 2. About 45 minutes. After `learner`.
Source: fast.ai 2019, lesson 9 (09c, progress bars). The lecture draws with fastprogress.
"""

import csv
import time
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm

from .containers import listify
from .learner import AvgStats, Callback


def metric_name(metric: Any) -> str:
    """Given: what a metric is called in a table.

    >>> metric_name(len)
    'len'
    """
    return getattr(metric, "__name__", type(metric).__name__)


class AvgStatsCallback(Callback):
    """Rows of a table through `learn.logger`: a header when a fit begins, then one per epoch.

        epoch  train_loss  train_<metric> ...  valid_loss  valid_<metric> ...  time

    A row is a list of strings; loss and metrics are averages over all samples (`AvgStats`), time
    is that of the whole epoch as minutes:seconds.

    metrics  functions of (pred, yb); None, one or several

    `train_stats` and `valid_stats` are the AvgStats of the latest epoch.

    >>> AvgStatsCallback(None).name
    'avg_stats'
    """

    def __init__(self, metrics: Any = None) -> None:
        self.train_stats, self.valid_stats = AvgStats(metrics, True), AvgStats(metrics, False)

    def begin_fit(self) -> None:
        """The header."""
        names = ["loss", *map(metric_name, self.train_stats.metrics)]
        columns = [f"{part}_{name}" for part in ("train", "valid") for name in names]
        self.logger(["epoch", *columns, "time"])

    def begin_epoch(self) -> None:
        """Forget the epoch before."""
        self.train_stats.reset()
        self.valid_stats.reset()
        self.start_time = time.time()

    def after_loss(self) -> None:
        """Take in a batch."""
        stats = self.train_stats if self.in_train else self.valid_stats
        stats.accumulate(self.run)

    def after_epoch(self) -> None:
        """A row."""
        averages = [*self.train_stats.avg_stats, *self.valid_stats.avg_stats]
        minutes, seconds = divmod(round(time.time() - self.start_time), 60)
        cells = [f"{o:.6f}" for o in averages]
        self.logger([str(self.epoch), *cells, f"{minutes:02d}:{seconds:02d}"])


class ProgressCallback(Callback):
    """Bars while training, and the rows as a table with columns in line; `_order` is -1.

    One bar over the epochs, one over the batches of the pass under way, in a terminal and in a
    notebook. Rows that go through `learn.logger` meanwhile are printed as lines of a table above
    the bars. After the fit, or an error, the logger is what it was.

    >>> ProgressCallback()._order
    -1
    """

    _order = -1  # the header comes when a fit begins, and must find the table
    bars: tuple = ()

    def begin_fit(self) -> None:
        """Bars, and the table in place of the logger."""
        self.saved_logger, self.run.logger = self.logger, self.write_row
        self.widths: list[int] = []
        self.bars = tqdm(total=self.epochs, desc="epochs"), tqdm(leave=False)

    def write_row(self, row: list[str]) -> None:
        """One line of the table, as wide as its header or a number."""
        self.widths = self.widths or [max(len(name), 8) for name in row]
        cells = [f"{cell:>{width}}" for cell, width in zip(row, self.widths, strict=True)]
        tqdm.write("  ".join(cells))

    def begin_epoch(self) -> None:
        """A pass over the training set."""
        self.bars[1].set_description("train")
        self.bars[1].reset(total=self.iters)

    def begin_validate(self) -> None:
        """A pass over the validation set."""
        self.bars[1].set_description("valid")
        self.bars[1].reset(total=self.iters)

    def after_batch(self) -> None:
        """One batch more."""
        self.bars[1].update()

    def after_epoch(self) -> None:
        """One epoch more."""
        self.bars[0].update()

    def after_fit(self) -> None:
        """No bars, and the logger as before."""
        for bar in reversed(self.bars):
            bar.close()
        if self.bars:
            self.run.logger, self.bars = self.saved_logger, ()


class CSVLogger(Callback):
    """The rows that go through `learn.logger`, in a file too that a spreadsheet opens.

    path  the CSV file; it is started anew by the first fit of this callback, and its folder is
          made if it is not there

    Each row is on the disk as soon as it is logged, so that a crash loses no finished epoch.

    >>> CSVLogger("runs/history.csv").name
    'csv_logger'
    """

    _order = -0.5  # after the table has taken the logger's place, before the header
    saved_logger: Any = None

    def __init__(self, path: str | Path) -> None:
        self.path, self.mode = Path(path), "w"

    def begin_fit(self) -> None:
        """Listen."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.saved_logger, self.run.logger = self.logger, self.write_row

    def write_row(self, row: list[str]) -> None:
        """A row into the file, then to the logger that was there before."""
        with self.path.open(self.mode, newline="") as file:
            csv.writer(file).writerow(listify(row))
        self.mode = "a"
        self.saved_logger(row)

    def after_fit(self) -> None:
        """The logger as before, unless somebody has put another one there."""
        if self.run.logger == self.write_row:
            self.run.logger = self.saved_logger
