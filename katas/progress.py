"""Progress: what a person watches while a network trains.

Level 2. About 45 minutes. After `learner`.
Source: fast.ai 2019, lesson 9 (09c, progress bars). The lecture draws with fastprogress.
"""

import csv
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
        raise NotImplementedError

    def begin_fit(self) -> None:
        """The header."""
        raise NotImplementedError

    def begin_epoch(self) -> None:
        """Forget the epoch before."""
        raise NotImplementedError

    def after_loss(self) -> None:
        """Take in a batch."""
        raise NotImplementedError

    def after_epoch(self) -> None:
        """A row."""
        raise NotImplementedError


class ProgressCallback(Callback):
    """Bars while training, and the rows as a table with columns in line; `_order` is -1.

    One bar over the epochs, one over the batches of the pass under way, in a terminal and in a
    notebook. Rows that go through `learn.logger` meanwhile are printed as lines of a table above
    the bars. After the fit, or an error, the logger is what it was.

    >>> ProgressCallback()._order
    -1
    """

    def begin_fit(self) -> None:
        """Bars, and the table in place of the logger."""
        raise NotImplementedError

    def write_row(self, row: list[str]) -> None:
        """One line of the table, as wide as its header or a number."""
        raise NotImplementedError

    def begin_epoch(self) -> None:
        """A pass over the training set."""
        raise NotImplementedError

    def begin_validate(self) -> None:
        """A pass over the validation set."""
        raise NotImplementedError

    def after_batch(self) -> None:
        """One batch more."""
        raise NotImplementedError

    def after_epoch(self) -> None:
        """One epoch more."""
        raise NotImplementedError

    def after_fit(self) -> None:
        """No bars, and the logger as before."""
        raise NotImplementedError


class CSVLogger(Callback):
    """The rows that go through `learn.logger`, in a file too that a spreadsheet opens.

    path  the CSV file; it is started anew by the first fit of this callback, and its folder is
          made if it is not there

    Each row is on the disk as soon as it is logged, so that a crash loses no finished epoch.

    >>> CSVLogger("runs/history.csv").name
    'csv_logger'
    """

    def __init__(self, path: str | Path) -> None:
        raise NotImplementedError

    def begin_fit(self) -> None:
        """Listen."""
        raise NotImplementedError

    def write_row(self, row: list[str]) -> None:
        """A row into the file, then to the logger that was there before."""
        raise NotImplementedError

    def after_fit(self) -> None:
        """The logger as before, unless somebody has put another one there."""
        raise NotImplementedError
