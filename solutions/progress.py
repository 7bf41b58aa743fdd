"""Progress: the table and the bars that you watch while a network trains.

Level 2. About 45 minutes. After `learner`.
Source: fast.ai 2019, lesson 9 (09c, progress bars). The lecture draws with fastprogress.
"""

import csv
import time
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm

from .learner import AvgStats, Callback


def metric_name(metric: Any) -> str:
    """Given: what a metric is called in a table.

    >>> metric_name(len)
    'len'
    """
    return getattr(metric, "__name__", type(metric).__name__)


class AvgStatsCallback(Callback):
    """Logs a header when a fit begins, and a row after each epoch.

        epoch  train_loss  train_<metric> ...  valid_loss  valid_<metric> ...  time

    metrics  functions of (pred, yb): None, one, or a list of them

    The header and the rows are lists of strings. They are passed to the function that's in
    `learn.logger` at that moment. The header uses the `metric_name` of each metric. Epoch numbers
    go up by 1. The loss and metrics are averages over all samples of this epoch, to three decimals
    or more. The time covers the whole epoch, training and validation, as minutes:seconds.

    `train_stats` and `valid_stats` are the AvgStats of the latest epoch.

    >>> AvgStatsCallback(None).name
    'avg_stats'
    """

    def __init__(self, metrics: Any = None) -> None:
        self.train_stats = AvgStats(metrics, in_train=True)
        self.valid_stats = AvgStats(metrics, in_train=False)

    def begin_fit(self) -> None:
        names = ["loss", *map(metric_name, self.train_stats.metrics)]
        columns = [f"{part}_{name}" for part in ("train", "valid") for name in names]
        self.logger(["epoch", *columns, "time"])

    def begin_epoch(self) -> None:
        self.train_stats.reset()
        self.valid_stats.reset()
        self.start_time = time.time()

    def after_loss(self) -> None:
        both = self.valid_stats, self.train_stats
        both[bool(self.in_train)].accumulate(self.run)

    def after_epoch(self) -> None:
        averages = [*self.train_stats.avg_stats, *self.valid_stats.avg_stats]
        minutes, seconds = divmod(round(time.time() - self.start_time), 60)
        cells = [f"{o:.6f}" for o in averages]
        self.logger([str(self.epoch), *cells, f"{minutes:02d}:{seconds:02d}"])


class ProgressCallback(Callback):
    """Shows progress bars while a fit runs, and prints its rows as a table.

    One bar counts the epochs of the fit, another the batches of each pass, in training and in
    validation. They are tqdm bars, which work in a terminal and in a notebook. All of them are
    closed after the fit, even after an error.

    During the fit, each row passed to `learn.logger` is printed as one line above the bars, with
    its cells in columns under those of the header. `_order` is -1, so that the table includes the
    header. The old logger is restored after the fit, even after an error.

    >>> ProgressCallback()._order
    -1
    """

    _order = -1
    bars: tuple = ()

    def begin_fit(self) -> None:
        self.saved_logger, self.run.logger = self.logger, self.write_row
        self.widths: list[int] = []
        self.bars = tqdm(total=self.epochs, desc="epochs"), tqdm(leave=False)

    def write_row(self, row: list[str]) -> None:
        """Print one row."""
        self.widths = self.widths or [max(len(name), 8) for name in row]
        pairs = zip_longest(row, self.widths, fillvalue="")
        tqdm.write("  ".join(f"{cell:>{width}}" for cell, width in pairs))

    def begin_epoch(self) -> None:
        self.bars[1].set_description("train")
        self.bars[1].reset(total=self.iters)

    def begin_validate(self) -> None:
        self.bars[1].set_description("valid")
        self.bars[1].reset(total=self.iters)

    def after_batch(self) -> None:
        self.bars[1].update()

    def after_epoch(self) -> None:
        self.bars[0].update()

    def after_fit(self) -> None:
        for bar in reversed(self.bars):
            bar.close()
        if self.bars:
            self.run.logger, self.bars = self.saved_logger, ()


class CSVLogger(Callback):
    """Writes every row that's passed to `learn.logger` to a CSV file as well.

    path  the file, a str or a Path; its folder is made if it is missing

    A spreadsheet reads back the same cells, whatever characters they contain. Each row is on disk
    as soon as it's logged, so a crash doesn't lose any finished epoch. The old logger still gets
    every row. It is restored after the fit, even after an error or with a ProgressCallback.

    The first fit with a CSVLogger replaces an old file. Later fits append their rows.

    Why: rows that were logged before its begin_fit are lost. So it comes after ProgressCallback and
    before the AvgStatsCallback that logs the header, by its place in the list or by its `_order`.

    >>> CSVLogger("runs/history.csv").name
    'csv_logger'
    """

    _order = -0.5  # after the table has replaced the logger, before the header
    saved_logger: Any = None

    def __init__(self, path: str | Path) -> None:
        self.path, self.mode = Path(path), "w"

    def begin_fit(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.saved_logger, self.run.logger = self.logger, self.write_row

    def write_row(self, row: list[str]) -> None:
        """Write one row, and pass it on."""
        with self.path.open(self.mode, newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(row)
        self.mode = "a"
        self.saved_logger(row)

    def after_fit(self) -> None:
        if self.run.logger == self.write_row:  # a ProgressCallback may have put the old one back
            self.run.logger = self.saved_logger
