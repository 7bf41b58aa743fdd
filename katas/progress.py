"""Progress: the table and the bars that you watch while a network trains.

Level 2. About 45 minutes. After `learner`.
Source: fast.ai 2019, lesson 9 (09c, progress bars). The lecture draws with fastprogress.
Seen at work in notebooks/2_learner.ipynb: `make lab kata=progress`.
"""

import csv
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

    Header and rows are lists of strings. They go to the function that `learn.logger` is at that
    moment. In the header a metric is called by its `metric_name`. Epochs count up by 1. Loss and
    metrics are averages over all samples of this epoch, to three decimals or more. The time is that
    of the whole epoch, training and validation, as minutes:seconds.

    `train_stats` and `valid_stats` are the AvgStats of the latest epoch.

    >>> AvgStatsCallback(None).name
    'avg_stats'
    """

    def __init__(self, metrics: Any = None) -> None:
        raise NotImplementedError

    def begin_fit(self) -> None:
        raise NotImplementedError

    def begin_epoch(self) -> None:
        raise NotImplementedError

    def after_loss(self) -> None:
        raise NotImplementedError

    def after_epoch(self) -> None:
        raise NotImplementedError


class ProgressCallback(Callback):
    """Shows bars while a fit runs, and its rows as a table.

    One bar counts the epochs of the fit, another the batches of each pass, in training and in
    validation. They are tqdm's, which draws them in a terminal and in a notebook. After the fit
    all of them are closed, after an error too.

    Meanwhile each row that goes through `learn.logger` is printed as one line above the bars, its
    cells in columns under those of the header. `_order` is -1, so that the header is in the table.
    After the fit the old logger is back, after an error too.

    >>> ProgressCallback()._order
    -1
    """

    def begin_fit(self) -> None:
        raise NotImplementedError

    def write_row(self, row: list[str]) -> None:
        """Print one row."""
        raise NotImplementedError

    def begin_epoch(self) -> None:
        raise NotImplementedError

    def begin_validate(self) -> None:
        raise NotImplementedError

    def after_batch(self) -> None:
        raise NotImplementedError

    def after_epoch(self) -> None:
        raise NotImplementedError

    def after_fit(self) -> None:
        raise NotImplementedError


class CSVLogger(Callback):
    """Writes the rows that go through `learn.logger` into a CSV file too.

    path  the file, a str or a Path; its folder is made if it is missing

    A spreadsheet reads the same cells, whatever characters are in them. Each row is on the disk as
    soon as it is logged, so that a crash loses no finished epoch. The old logger still gets every
    row. It is back after the fit, after an error and with a ProgressCallback too.

    The first fit of a CSVLogger replaces an old file. Later ones add their rows.

    Why: rows that were logged before its begin_fit are lost. So it comes after ProgressCallback and
    before the AvgStatsCallback that logs the header, by its place in the list or by its `_order`.

    >>> CSVLogger("runs/history.csv").name
    'csv_logger'
    """

    def __init__(self, path: str | Path) -> None:
        raise NotImplementedError

    def begin_fit(self) -> None:
        raise NotImplementedError

    def write_row(self, row: list[str]) -> None:
        """Write one row, and pass it on."""
        raise NotImplementedError

    def after_fit(self) -> None:
        raise NotImplementedError
