"""Progress: the table and the bars that you watch while a network trains.

Level 2. About 45 minutes. After `learner`.
Source: fast.ai 2019, lesson 9 (09c, progress bars). The lecture draws with fastprogress.
See it at work in notebooks/2_learner.ipynb: `make lab kata=progress`.
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

    The header and the rows are lists of strings. They are passed to the function that's in
    `learn.logger` at that moment. The header uses the `metric_name` of each metric. Epoch numbers
    go up by 1. The loss and metrics are averages over all samples of this epoch, to three decimals
    or more. The time covers the whole epoch, training and validation, as minutes:seconds.

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

    def __init__(self, path: str | Path) -> None:
        raise NotImplementedError

    def begin_fit(self) -> None:
        raise NotImplementedError

    def write_row(self, row: list[str]) -> None:
        """Write one row, and pass it on."""
        raise NotImplementedError

    def after_fit(self) -> None:
        raise NotImplementedError
