"""Variants for `progress`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import csv
import io
import time
from pathlib import Path

from tqdm.auto import tqdm

from .learner import AvgStats, Callback


class _Rows(Callback):
    def __init__(self, metrics=None):
        self.train_stats = AvgStats(metrics, True)
        self.valid_stats = AvgStats(metrics, False)

    def names(self):
        mets = [metric_name(m) for m in self.train_stats.metrics]
        return [f"{which}_{o}" for which in ("train", "valid") for o in ["loss", *mets]]

    def begin_fit(self):
        self.say(["epoch"] + self.names() + ["time"])

    def say(self, row):
        self.learn.logger(row)

    def begin_epoch(self):
        self.began = time.time()
        for stats in (self.train_stats, self.valid_stats):
            stats.reset()

    def after_loss(self):
        (self.train_stats if self.learn.in_train else self.valid_stats).accumulate(self.learn)

    def numbers(self):
        return self.train_stats.avg_stats + self.valid_stats.avg_stats

    def after_epoch(self):
        minutes, seconds = divmod(int(time.time() - self.began), 60)
        cells = [f"{o:.6f}" for o in self.numbers()]
        self.say([str(self.learn.epoch), *cells, f"{minutes:02}:{seconds:02}"])


class AvgStatsCallback(_Rows):
    """Forgets the header."""

    def begin_fit(self):
        self.began = time.time()


class AvgStatsCallback(_Rows):
    """Prints its rows instead of handing them to the logger."""

    def say(self, row):
        print("  ".join(row))


class AvgStatsCallback(_Rows):
    """Logs sums instead of averages."""

    def numbers(self):
        both = (self.train_stats, self.valid_stats)
        return [number for stats in both for number in stats.all_stats]


class AvgStatsCallback(_Rows):
    """Logs one string with commas instead of a row of cells."""

    def say(self, row):
        self.learn.logger(",".join(row))


class AvgStatsCallback(_Rows):
    """Puts the averages of validation where those of training belong."""

    def numbers(self):
        return self.valid_stats.avg_stats + self.train_stats.avg_stats


class AvgStatsCallback(_Rows):
    # the validation's numbers twice
    def numbers(self):
        return self.valid_stats.avg_stats * 2


class AvgStatsCallback(_Rows):
    # percent
    def numbers(self):
        return [100 * o for o in _Rows.numbers(self)]


class _Bars(Callback):
    _order = -1

    def begin_fit(self):
        self.old, self.learn.logger = self.learn.logger, self.row
        self.widths = None
        self.outer = tqdm(total=self.learn.epochs, desc="epochs")
        self.inner = tqdm(leave=False)

    def row(self, cells):
        self.widths = self.widths or [max(8, len(o)) for o in cells]
        tqdm.write("  ".join(o.rjust(w) for o, w in zip(cells, self.widths, strict=True)))

    def begin_epoch(self):
        self.inner.reset(total=self.learn.iters)

    begin_validate = begin_epoch

    def after_batch(self):
        self.inner.update(1)

    def after_epoch(self):
        self.outer.update(1)

    def after_fit(self):
        self.inner.close()
        self.outer.close()
        self.learn.logger = self.old


class ProgressCallback(_Bars):
    """Sets the logger to `print`, whatever it was before."""

    def after_fit(self):
        _Bars.after_fit(self)
        self.learn.logger = print


class ProgressCallback(_Bars):
    """Counts only training batches, so the bar doesn't move in validation."""

    def after_batch(self):
        self.inner.update(int(self.learn.in_train))


class ProgressCallback(_Bars):
    """Never moves the bar over the epochs."""

    def after_epoch(self):
        self.outer.refresh()


class ProgressCallback(_Bars):
    """Writes each row as a Python list, with brackets and quotes."""

    def row(self, cells):
        tqdm.write(f"{cells}")


class ProgressCallback(_Bars):
    # moves twice for each batch
    def after_batch(self):
        self.inner.update(2)


class ProgressCallback(_Bars):
    # cells in the reverse order
    def row(self, cells):
        _Bars.row(self, cells[::-1])


class _File(Callback):
    _order = -0.5
    fresh = True

    def __init__(self, path):
        self.path = Path(path)

    def begin_fit(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.old, self.learn.logger = self.learn.logger, self.row

    def text(self, cells):
        out = io.StringIO(newline="")
        csv.writer(out).writerow(cells)
        return out.getvalue()

    def row(self, cells):
        with open(self.path, "w" if self.fresh else "a", newline="") as file:
            file.write(self.text(cells))
        self.fresh = False
        self.old(cells)

    def after_fit(self):
        if self.learn.logger == self.row:
            self.learn.logger = self.old


class CSVLogger(_File):
    """Opens the file for writing with every row, so only the last one is in it."""

    def row(self, cells):
        self.path.write_text(self.text(cells), newline="")
        self.old(cells)


class CSVLogger(_File):
    """Joins the cells with commas, so a comma in a name makes an extra column."""

    def text(self, cells):
        return ",".join(str(o) for o in cells) + "\r\n"


class CSVLogger(_File):
    """Doesn't pass rows on to the old logger, so you can't see them any more."""

    def row(self, cells):
        with self.path.open("w" if self.fresh else "a", newline="") as file:
            csv.writer(file).writerow(cells)
        self.fresh = False


class CSVLogger(_File):
    """Needs a Path, so text is an error."""

    def __init__(self, path):
        self.path = path.absolute()


class CSVLogger(_File):
    # sorts the cells
    def text(self, cells):
        return _File.text(self, sorted(cells))


class CSVLogger(_File):
    # the columns are rows
    def text(self, cells):
        return "".join(_File.text(self, [o]) for o in cells)
