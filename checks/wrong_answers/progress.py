"""Wrong answers to the exercises of `progress`."""

import csv
import time
from pathlib import Path

from tqdm.auto import tqdm

from .containers import listify


class _Rows(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    def __init__(self, metrics=None):
        self.train_stats, self.valid_stats = AvgStats(metrics, True), AvgStats(metrics, False)

    def names(self):
        names = ["loss", *(m.__name__ for m in self.train_stats.metrics)]
        return [f"{part}_{name}" for part in ("train", "valid") for name in names]

    def header(self):
        self.logger(["epoch", *self.names(), "time"])

    def begin_fit(self):
        self.header()

    def begin_epoch(self):
        self.train_stats.reset()
        self.valid_stats.reset()
        self.start = time.time()

    def after_loss(self):
        (self.train_stats if self.in_train else self.valid_stats).accumulate(self.run)

    def averages(self):
        return [*self.train_stats.avg_stats, *self.valid_stats.avg_stats]

    def duration(self):
        minutes, seconds = divmod(round(time.time() - self.start), 60)
        return f"{minutes:02d}:{seconds:02d}"

    def row(self):
        self.logger([str(self.epoch), *(f"{o:.6f}" for o in self.averages()), self.duration()])

    def after_epoch(self):
        self.row()


class AvgStatsCallback(_Rows):
    """Forgets the header."""

    def header(self):
        return


class AvgStatsCallback(_Rows):
    """Repeats the header before every epoch."""

    def begin_fit(self):
        pass

    def begin_epoch(self):
        super().begin_epoch()
        self.header()


class AvgStatsCallback(_Rows):
    """Prints its rows instead of handing them to the logger."""

    def header(self):
        print("epoch", *self.names(), "time")

    def row(self):
        print(self.epoch, *self.averages(), self.duration())


class AvgStatsCallback(_Rows):
    """Keeps the logger of the moment when it was added, so it misses a logger that is set later."""

    def set_runner(self, run):
        super().set_runner(run)
        self.logger = run.logger


class AvgStatsCallback(_Rows):
    """Resets its sums when a fit begins and not in each epoch, so epochs run into each other."""

    def begin_fit(self):
        super().begin_epoch()
        self.header()

    def begin_epoch(self):
        self.start = time.time()


class AvgStatsCallback(_Rows):
    """Resets the sums of training alone."""

    def begin_fit(self):
        self.valid_stats.reset()
        self.header()

    def begin_epoch(self):
        self.train_stats.reset()
        self.start = time.time()


class AvgStatsCallback(_Rows):
    """Never resets: the rows of a second fit still hold the first."""

    def begin_epoch(self):
        if not hasattr(self, "fitted") or self.epoch:
            super().begin_epoch()
        self.fitted = True


class AvgStatsCallback(_Rows):
    """Adds the validation batches to the sums of training."""

    def after_loss(self):
        self.train_stats.accumulate(self.run)
        if not self.in_train:
            self.valid_stats.accumulate(self.run)


class AvgStatsCallback(_Rows):
    """Puts the averages of validation where those of training belong."""

    def averages(self):
        return [*self.valid_stats.avg_stats, *self.train_stats.avg_stats]


class AvgStatsCallback(_Rows):
    """Puts both losses first and all metrics after them."""

    def averages(self):
        train, valid = self.train_stats.avg_stats, self.valid_stats.avg_stats
        return [o for pair in zip(train, valid, strict=True) for o in pair]


class AvgStatsCallback(_Rows):
    """Logs sums instead of averages."""

    def averages(self):
        return [*self.train_stats.all_stats, *self.valid_stats.all_stats]


class AvgStatsCallback(_Rows):
    """Accumulates training batches alone, so the validation's averages are missing."""

    def after_loss(self):
        if self.in_train:
            self.train_stats.accumulate(self.run)

    def averages(self):
        return [*self.train_stats.avg_stats, *self.train_stats.avg_stats]


class AvgStatsCallback(_Rows):
    """Shows the loss of the last batch of each set instead of the average."""

    def after_loss(self):
        super().begin_epoch() if self.iter == 0 and self.in_train else None
        stats = self.train_stats if self.in_train else self.valid_stats
        stats.reset()
        stats.accumulate(self.run)


class AvgStatsCallback(_Rows):
    """Numbers the epochs by those that are still to come."""

    def row(self):
        cells = [f"{o:.6f}" for o in self.averages()]
        self.logger([str(self.epochs - self.epoch), *cells, self.duration()])


class AvgStatsCallback(_Rows):
    """Shows the time since the fit began in every row."""

    def begin_fit(self):
        self.start = time.time()
        self.header()

    def begin_epoch(self):
        self.train_stats.reset()
        self.valid_stats.reset()


class AvgStatsCallback(_Rows):
    """Shows seconds as hundredths of a minute, so 100 seconds become 1.40."""

    def duration(self):
        minutes, seconds = divmod(round(time.time() - self.start), 60)
        return f"{minutes + seconds / 100:.2f}"


class AvgStatsCallback(_Rows):
    """Leaves the last cell empty."""

    def duration(self):
        return ""


class AvgStatsCallback(_Rows):
    """Puts the time first and the epoch last."""

    def header(self):
        self.logger(["time", *self.names(), "epoch"])

    def row(self):
        self.logger([self.duration(), *(f"{o:.6f}" for o in self.averages()), str(self.epoch)])


class AvgStatsCallback(_Rows):
    """Names the metrics in the header by numbers."""

    def names(self):
        return [f"{part}_{i}" for part in "tv" for i in range(len(self.averages_of()))]

    def averages_of(self):
        return [None, *self.train_stats.metrics]


class AvgStatsCallback(_Rows):
    """Logs one string with commas instead of a row of cells."""

    def row(self):
        self.logger(",".join([str(self.epoch), *map(str, self.averages()), self.duration()]))


class AvgStatsCallback(_Rows):
    """Rounds to whole numbers."""

    def row(self):
        self.logger([str(self.epoch), *(f"{o:.0f}" for o in self.averages()), self.duration()])


class AvgStatsCallback(_Rows):
    """Keeps its sums on the class, so two callbacks write into the same ones."""

    def __init__(self, metrics=None):
        AvgStatsCallback.train_stats = AvgStats(metrics, True)
        AvgStatsCallback.valid_stats = AvgStats(metrics, False)


class AvgStatsCallback(_Rows):
    """Logs the row when the training part is over, with the validation of the epoch before."""

    def begin_validate(self):
        self.row()

    def averages(self):
        valid = getattr(self, "before", self.train_stats.avg_stats)
        return [*self.train_stats.avg_stats, *valid]

    def after_epoch(self):
        self.before = self.valid_stats.avg_stats


class AvgStatsCallback(_Rows):
    """Logs a row for a pass over the data, so two for each epoch."""

    def after_epoch(self):
        self.row()
        self.row()


class _Bars(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    _order = -1
    mbar = None

    def begin_fit(self):
        self.old, self.run.logger = self.logger, self.write
        self.mbar = tqdm(total=self.epochs)
        self.pb = None

    def write(self, row):
        tqdm.write("  ".join(f"{cell:>12}" for cell in row))

    def new_bar(self):
        if self.pb is not None:
            self.pb.close()
        self.pb = tqdm(total=len(self.dl), leave=False)

    def begin_epoch(self):
        self.new_bar()

    def begin_validate(self):
        self.new_bar()

    def after_batch(self):
        self.pb.update(1)

    def after_epoch(self):
        self.mbar.update(1)

    def restore(self):
        self.run.logger = self.old

    def close(self):
        for bar in (self.pb, self.mbar):
            if bar is not None:
                bar.close()

    def after_fit(self):
        self.close()
        self.restore()


class ProgressCallback(_Bars):
    """Leaves its own logger in place when the fit is over."""

    def restore(self):
        return


class ProgressCallback(_Bars):
    """Puts `print` back, whatever logger there was."""

    def restore(self):
        self.run.logger = print


class ProgressCallback(_Bars):
    """Restores the logger after the last epoch alone, so an error leaves the table's in place."""

    def after_epoch(self):
        super().after_epoch()
        if self.epoch == self.epochs - 1:
            self.run.logger = self.old

    def restore(self):
        pass


class ProgressCallback(_Bars):
    """Leaves its own logger in place when the fit is over."""

    def begin_epoch(self):
        super().begin_epoch()
        self.old = self.logger


class ProgressCallback(_Bars):
    """Leaves its own logger in place when the fit is over."""

    def restore(self):
        self.logger = self.old


class ProgressCallback(_Bars):
    """Comes after the callback that logs the header, so the header isn't in the table."""

    _order = 0


class ProgressCallback(_Bars):
    """Prints rows into the line of a bar, so both are torn."""

    def write(self, row):
        print("  ".join(f"{cell:>12}" for cell in row))


class ProgressCallback(_Bars):
    """Writes rows as the list that they are, with brackets and quotes."""

    def write(self, row):
        tqdm.write(str(row))


class ProgressCallback(_Bars):
    """Prints no table: rows are swallowed, left to the old logger, or shown in the bar alone."""

    def write(self, row):
        return


class ProgressCallback(_Bars):
    """Prints no table: rows are swallowed, left to the old logger, or shown in the bar alone."""

    def write(self, row):
        self.mbar.set_postfix_str(" ".join(row))


class ProgressCallback(_Bars):
    """Prints no table: rows are swallowed, left to the old logger, or shown in the bar alone."""

    def begin_fit(self):
        super().begin_fit()
        self.run.logger = self.old


class ProgressCallback(_Bars):
    """Advances the bar by the number of the batch, as fastprogress wants it, not by one."""

    def after_batch(self):
        self.pb.update(self.iter)


class ProgressCallback(_Bars):
    """Keeps the training's bar in validation, so its length is wrong."""

    def begin_validate(self):
        return


class ProgressCallback(_Bars):
    """Counts training batches alone; the bar stands still in validation."""

    def after_batch(self):
        if self.in_train:
            self.pb.update(1)


class ProgressCallback(_Bars):
    """Has no bar for the training, and one for the validation."""

    def begin_epoch(self):
        self.pb = tqdm(disable=True)


class ProgressCallback(_Bars):
    """Never moves the bar over the epochs."""

    def after_epoch(self):
        return


class ProgressCallback(_Bars):
    """Has a bar over all batches of the fit in the place of the one over epochs."""

    def begin_fit(self):
        super().begin_fit()
        self.mbar.reset(total=self.epochs * len(self.data.train_dl) * 2 + 1)


class ProgressCallback(_Bars):
    """Leaves the bar over the epochs open, so the next line is written into it."""

    def close(self):
        if self.pb is not None:
            self.pb.close()


class ProgressCallback(_Bars):
    """Makes bars without a total, so you can't see how much is left."""

    def new_bar(self):
        self.pb = tqdm(leave=False)


class ProgressCallback(_Bars):
    """Writes the header twice: to the table and once more when the first epoch begins."""

    def write(self, row):
        super().write(row)
        if row[0] == "epoch":
            super().write(row)


class ProgressCallback(_Bars):
    """Leaves the last row out: it is written when the next one comes."""

    def write(self, row):
        waiting, self.waiting = getattr(self, "waiting", None), row
        if waiting is not None:
            super().write(waiting)


class ProgressCallback(_Bars):
    """Shortens the cells of rows to one decimal."""

    def write(self, row):
        super().write([cell[:3] if cell[-1:].isdigit() else cell for cell in row])


class _File(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    _order = -0.5

    def __init__(self, path):
        self.path, self.mode = Path(path), "w"

    def begin_fit(self):
        self.old, self.run.logger = self.logger, self.write

    def write(self, row):
        self.save(row)
        self.old(row)

    def save(self, row):
        with self.path.open(self.mode, newline="") as file:
            csv.writer(file).writerow(row)
        self.mode = "a"

    def after_fit(self):
        self.run.logger = self.old


class CSVLogger(_File):
    """Writes its rows to the disk when the fit is over: they wait in memory or in a buffer."""

    def begin_fit(self):
        super().begin_fit()
        self.rows = []

    def save(self, row):
        self.rows.append(row)

    def after_fit(self):
        super().after_fit()
        with self.path.open("w", newline="") as file:
            csv.writer(file).writerows(self.rows)


class CSVLogger(_File):
    """Writes its rows to the disk when the fit is over: they wait in memory or in a buffer."""

    def begin_fit(self):
        super().begin_fit()
        self.file = self.path.open("w", newline="")

    def save(self, row):
        csv.writer(self.file).writerow(row)

    def after_fit(self):
        super().after_fit()
        self.file.close()


class CSVLogger(_File):
    """Opens the file for writing with every row, so only the last one is in it."""

    def save(self, row):
        with self.path.open("w", newline="") as file:
            csv.writer(file).writerow(row)


class CSVLogger(_File):
    """Joins the cells by commas, so a comma in a name makes a column more."""

    def save(self, row):
        with self.path.open(self.mode) as file:
            file.write(",".join(row) + "\n")
        self.mode = "a"


class CSVLogger(_File):
    """Writes rows as Python prints a list."""

    def save(self, row):
        with self.path.open(self.mode) as file:
            print(row, file=file)
        self.mode = "a"


class CSVLogger(_File):
    """Separates cells by spaces, which a spreadsheet puts into one column."""

    def save(self, row):
        with self.path.open(self.mode) as file:
            print(*row, file=file)
        self.mode = "a"


class CSVLogger(_File):
    """Hands writerow the text of a row, so every character is a cell."""

    def save(self, row):
        super().save(" ".join(row))


class CSVLogger(_File):
    """Doesn't pass rows on to the old logger, so you can't see them any more."""

    def write(self, row):
        self.save(row)


class CSVLogger(_File):
    """Leaves the header out."""

    def save(self, row):
        if row[0] != "epoch":
            super().save(row)


class CSVLogger(_File):
    """Writes the header before every row."""

    def save(self, row):
        if row[0] == "epoch":
            self.header = row
        else:
            super().save(self.header)
            super().save(row)


class CSVLogger(_File):
    """Stays the logger when its fit is over, so later fits are written too."""

    def after_fit(self):
        return


class CSVLogger(_File):
    """Throws the file away when the fit fails."""

    def after_fit(self):
        super().after_fit()
        if self.epoch < self.epochs - 1 or self.in_train:
            self.path.unlink()


class CSVLogger(_File):
    """Writes the row of an epoch when the next row comes, so a crash loses one."""

    def save(self, row):
        waiting, self.waiting = getattr(self, "waiting", None), row
        if waiting is not None:
            super().save(waiting)

    def after_fit(self):
        super().after_fit()
        super().save(self.waiting)


class CSVLogger(_File):
    """Treats the path as text, so a Path is an error."""

    def __init__(self, path):
        super().__init__(path.replace("\\", "/"))


class CSVLogger(_File):
    """Needs a Path, so text is an error."""

    def __init__(self, path):
        super().__init__(path.with_suffix(".csv"))


class CSVLogger(_File):
    """Always writes to history.csv, whatever path was given."""

    def __init__(self, path):
        super().__init__("history.csv")


class CSVLogger(_File):
    """Leaves an empty line after every row."""

    def save(self, row):
        with self.path.open(self.mode, newline="") as file:
            csv.writer(file, lineterminator="\n\n").writerow(row)
        self.mode = "a"


class CSVLogger(_File):
    """Numbers the columns instead of naming them."""

    def save(self, row):
        super().save(list(range(len(row))) if row[0] == "epoch" else row)


class CSVLogger(_File):
    """Keeps the path on the class, so a second file gets the rows of the first."""

    path = None

    def __init__(self, path):
        CSVLogger.path, self.mode = Path(path), "w"


class CSVLogger(_File):
    """Writes losses and metrics of training and nothing of validation."""

    def save(self, row):
        super().save(listify(row)[: len(row) // 2])
