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
        names = ["loss", *map(metric_name, self.train_stats.metrics)]
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
    """Sends every row to the logger from `begin_fit`, even after you set another one."""

    def begin_fit(self):
        self.log = self.run.logger
        super().begin_fit()

    def row(self):
        self.log([str(self.epoch), *(f"{o:.6f}" for o in self.averages()), self.duration()])


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
    """Keeps the logger from when it was added, so it misses a logger that is set later."""

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
    """Resets only the sums of training."""

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
    """Accumulates only training batches, so the validation averages are missing."""

    def after_loss(self):
        if self.in_train:
            self.train_stats.accumulate(self.run)

    def averages(self):
        return [*self.train_stats.avg_stats, *self.train_stats.avg_stats]


class AvgStatsCallback(_Rows):
    """Shows the loss of the last batch of each set instead of the average."""

    def after_loss(self):
        stats = self.train_stats if self.in_train else self.valid_stats
        stats.reset()
        stats.accumulate(self.run)


class AvgStatsCallback(_Rows):
    """Numbers each epoch by how many are still to come."""

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
    """Uses numbers instead of names for the metrics in the header."""

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
    """Logs the row before validation, so it shows the validation averages of the epoch before."""

    def begin_validate(self):
        self.row()

    def averages(self):
        valid = getattr(self, "before", self.train_stats.avg_stats)
        return [*self.train_stats.avg_stats, *valid]

    def after_epoch(self):
        self.before = self.valid_stats.avg_stats


class AvgStatsCallback(_Rows):
    """Logs a row for each pass over the data, so an epoch has two."""

    def after_epoch(self):
        self.row()
        self.row()


class AvgStatsCallback(_Rows):
    """Needs a `__name__` of every metric, so a partial function is an error."""

    def names(self):
        names = ["loss", *(m.__name__ for m in self.train_stats.metrics)]
        return [f"{part}_{name}" for part in ("train", "valid") for name in names]


class AvgStatsCallback(_Rows):
    """Needs a list of metrics, so one bare metric is an error."""

    def __init__(self, metrics=None):
        super().__init__(list(metrics or []))


class AvgStatsCallback(_Rows):
    """Has no default for its metrics."""

    def __init__(self, metrics):
        super().__init__(metrics)


class AvgStatsCallback(_Rows):
    """Logs numbers instead of strings."""

    def row(self):
        self.logger([self.epoch, *self.averages(), self.duration()])


class AvgStatsCallback(_Rows):
    """Logs rows as tuples instead of lists."""

    def row(self):
        cells = (f"{o:.6f}" for o in self.averages())
        self.logger((str(self.epoch), *cells, self.duration()))


class AvgStatsCallback(_Rows):
    """Shows the time in seconds, not as minutes:seconds."""

    def duration(self):
        return f"{time.time() - self.start:.2f}"


class AvgStatsCallback(_Rows):
    """Shows seconds without a zero before them, so 1:05 becomes 1:5."""

    def duration(self):
        minutes, seconds = divmod(round(time.time() - self.start), 60)
        return f"{minutes}:{seconds}"


class AvgStatsCallback(_Rows):
    """Starts the clock at the validation, so the training's time is missing."""

    def begin_validate(self):
        self.start = time.time()


class AvgStatsCallback(_Rows):
    """Stops the clock at the validation, so the validation's time is missing."""

    def begin_validate(self):
        self.stopped = time.time()

    def duration(self):
        minutes, seconds = divmod(round(self.stopped - self.start), 60)
        return f"{minutes:02d}:{seconds:02d}"


class AvgStatsCallback(_Rows):
    """Leaves train_ and valid_ out of the header."""

    def names(self):
        return ["loss", *map(metric_name, self.train_stats.metrics)] * 2


class AvgStatsCallback(_Rows):
    """Lists train and valid of each metric next to each other in the header."""

    def names(self):
        names = ["loss", *map(metric_name, self.train_stats.metrics)]
        return [f"{part}_{name}" for name in names for part in ("train", "valid")]


class AvgStatsCallback(_Rows):
    """Logs its header with the first epoch, so a fit of no epochs has none."""

    def begin_fit(self):
        pass

    def begin_epoch(self):
        super().begin_epoch()
        if self.epoch == 0:
            self.header()


class AvgStatsCallback(_Rows):
    """Logs its header only in the first fit."""

    def begin_fit(self):
        if not hasattr(self, "began"):
            self.header()
        self.began = True


class AvgStatsCallback(_Rows):
    """Forgets its averages when the epoch is over, so they can't be read after the fit."""

    def after_epoch(self):
        self.row()
        self.train_stats.reset()
        self.valid_stats.reset()


class AvgStatsCallback(_Rows):
    """Logs its rows when the fit is over."""

    def begin_fit(self):
        self.waiting = []
        self.header()

    def after_epoch(self):
        cells = [f"{o:.6f}" for o in self.averages()]
        self.waiting.append([str(self.epoch), *cells, self.duration()])

    def after_fit(self):
        for row in self.waiting:
            self.logger(row)


class AvgStatsCallback(_Rows):
    """Formats the time with `strftime`, so whole hours of a long epoch are forgotten."""

    def duration(self):
        return time.strftime("%M:%S", time.gmtime(time.time() - self.start))


class AvgStatsCallback(_Rows):
    """Takes the minutes modulo 60 and shows no hours."""

    def duration(self):
        seconds = round(time.time() - self.start)
        return f"{seconds // 60 % 60:02d}:{seconds % 60:02d}"


class AvgStatsCallback(_Rows):
    """Shows four significant digits, so a large number has no three decimals."""

    def row(self):
        self.logger([str(self.epoch), *(f"{o:.4g}" for o in self.averages()), self.duration()])


class AvgStatsCallback(_Rows):
    """Cuts each number to six characters, so a large one loses its decimals."""

    def row(self):
        self.logger([str(self.epoch), *(f"{o:.6f}"[:6] for o in self.averages()), self.duration()])


class AvgStatsCallback(_Rows):
    """It rounds the seconds by themselves, so a time of 59.7 seconds is 0:60."""

    def duration(self):
        minutes, seconds = divmod(time.time() - self.start, 60)
        return f"{int(minutes)}:{seconds:02.0f}"


class AvgStatsCallback(_Rows):
    """It goes by the mode of the model, so training in evaluation mode counts as validation."""

    def after_loss(self):
        (self.train_stats if self.model.training else self.valid_stats).accumulate(self.run)


class AvgStatsCallback(_Rows):
    """It counts the epochs by their batches, so one whose training is cancelled has no number."""

    def row(self):
        number = str(int(self.n_epochs))
        self.logger([number, *(f"{o:.6f}" for o in self.averages()), self.duration()])


class _Bars(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    _order = -1
    mbar = None

    def begin_fit(self):
        self.old, self.run.logger = self.logger, self.write
        self.mbar = tqdm(total=self.epochs)
        self.pb = None

    def write(self, row):
        tqdm.write("  ".join(f"{cell:>16}" for cell in row))

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
    """Keeps the widths of its first header, so in a later fit with longer names the columns don't line up."""

    widths = ()

    def write(self, row):
        self.widths = self.widths or [max(len(cell), 8) for cell in row]
        widths = [*self.widths, *[8] * len(row)]
        tqdm.write("  ".join(f"{cell:<{n}}" for cell, n in zip(row, widths, strict=False)))


class ProgressCallback(_Bars):
    """Leaves its own logger in place when the fit is over."""

    def restore(self):
        return


class ProgressCallback(_Bars):
    """Sets the logger to `print`, whatever it was before."""

    def restore(self):
        self.run.logger = print


class ProgressCallback(_Bars):
    """Restores the logger only after the last epoch, so an error leaves the table's logger in place."""

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
    """Prints rows on the same line as a bar, so both are garbled."""

    def write(self, row):
        print("  ".join(f"{cell:>12}" for cell in row))


class ProgressCallback(_Bars):
    """Writes each row as a Python list, with brackets and quotes."""

    def write(self, row):
        tqdm.write(str(row))


class ProgressCallback(_Bars):
    """Prints no table: rows are lost, left to the old logger, or shown only in the bar."""

    def write(self, row):
        return


class ProgressCallback(_Bars):
    """Prints no table: rows are lost, left to the old logger, or shown only in the bar."""

    def write(self, row):
        self.mbar.set_postfix_str(" ".join(row))


class ProgressCallback(_Bars):
    """Prints no table: rows are lost, left to the old logger, or shown only in the bar."""

    def begin_fit(self):
        super().begin_fit()
        self.run.logger = self.old


class ProgressCallback(_Bars):
    """Advances the bar by the number of the batch, as fastprogress expects, instead of by one."""

    def after_batch(self):
        self.pb.update(self.iter)


class ProgressCallback(_Bars):
    """Keeps the training's bar in validation, so its length is wrong."""

    def begin_validate(self):
        return


class ProgressCallback(_Bars):
    """Counts only training batches, so the bar doesn't move in validation."""

    def after_batch(self):
        if self.in_train:
            self.pb.update(1)


class ProgressCallback(_Bars):
    """Shows a bar for validation, but none for training."""

    def begin_epoch(self):
        self.pb = tqdm(disable=True)


class ProgressCallback(_Bars):
    """Never moves the bar over the epochs."""

    def after_epoch(self):
        return


class ProgressCallback(_Bars):
    """Shows a bar over all batches of the fit instead of one over its epochs."""

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
    """Prints each row only when the next one comes, so the last row is missing."""

    def write(self, row):
        waiting, self.waiting = getattr(self, "waiting", None), row
        if waiting is not None:
            super().write(waiting)


class ProgressCallback(_Bars):
    """Shortens the cells of rows to one decimal."""

    def write(self, row):
        super().write([cell[:3] if cell[-1:].isdigit() else cell for cell in row])


class ProgressCallback(_Bars):
    """Restores the logger from when it was added, not the one from the start of the fit."""

    def set_runner(self, run):
        super().set_runner(run)
        self.first = run.logger

    def restore(self):
        self.run.logger = self.first


class ProgressCallback(_Bars):
    """Leaves the bar over the batches open when a pass breaks off."""

    def after_batch(self):
        super().after_batch()
        if self.iter == self.iters - 1:
            self.pb.close()

    def close(self):
        self.mbar.close()


class ProgressCallback(_Bars):
    """Closes its bars only after the last epoch, so an error leaves them open."""

    def after_epoch(self):
        super().after_epoch()
        if self.epoch == self.epochs - 1:
            super().close()

    def close(self):
        return


class ProgressCallback(_Bars):
    """Makes its bar over the epochs once, so a second fit has none."""

    def begin_fit(self):
        if self.mbar is None:
            super().begin_fit()
        self.old, self.run.logger = self.logger, self.write


class ProgressCallback(_Bars):
    """Moves the bar of a pass only once, when the pass is over."""

    def after_batch(self):
        if self.iter == self.iters - 1:
            self.pb.update(self.iters)


class ProgressCallback(_Bars):
    """Joins the cells by spaces, so the columns aren't in line."""

    def write(self, row):
        tqdm.write(" ".join(row))


class ProgressCallback(_Bars):
    """Prints the averages of learn.avg_stats, and drops all rows of other callbacks."""

    def write(self, row):
        if row[0] == "epoch" or row[0].isdigit():
            super().write(row)


class ProgressCallback(_Bars):
    """Passes rows on to the old logger as well, which prints them a second time."""

    def write(self, row):
        super().write(row)
        super().write(row)


class ProgressCallback(_Bars):
    """Has an order of 1, so the header isn't in the table."""

    _order = 1


class ProgressCallback(_Bars):
    """Passes each row on to the old logger, so `print` shows it a second time."""

    def write(self, row):
        super().write(row)
        self.old(row)


class ProgressCallback(_Bars):
    """Passes the header on to the old logger, so `print` shows it a second time."""

    def begin_fit(self):
        super().begin_fit()
        self.first = True

    def write(self, row):
        super().write(row)
        if self.first:
            self.old(row)
        self.first = False


class _File(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    _order = -0.5

    def __init__(self, path):
        self.path, self.mode = Path(path), "w"

    def begin_fit(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.old, self.run.logger = self.logger, self.write

    def write(self, row):
        self.save(row)
        self.old(row)

    def save(self, row):
        with self.path.open(self.mode, newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(row)
        self.mode = "a"

    def after_fit(self):
        if self.run.logger == self.write:
            self.run.logger = self.old


class CSVLogger(_File):
    """Adds its rows to an old file that was there before the logger was made."""

    def __init__(self, path):
        super().__init__(path)
        self.mode = "a" if self.path.exists() else "w"


class CSVLogger(_File):
    """Writes its rows to disk only when the fit is over: until then they are in memory or in a buffer."""

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
    """Writes its rows to disk only when the fit is over: until then they are in memory or in a buffer."""

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
    """Joins the cells with commas, so a comma in a name makes an extra column."""

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
    """Passes each row to `writerow` as one string, so every character becomes a cell."""

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
    """Leaves itself in place as the logger after its fit, so later fits are written too."""

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


class CSVLogger(_File):
    """Starts the file again with every fit, so the first fit's rows are lost."""

    def begin_fit(self):
        super().begin_fit()
        self.mode = "w"


class CSVLogger(_File):
    """Adds its rows to whatever file is there already."""

    def __init__(self, path):
        super().__init__(path)
        self.mode = "a"


class CSVLogger(_File):
    """Restores the logger from its `begin_fit` in every case, so the table of a ProgressCallback stays in place."""

    def after_fit(self):
        self.run.logger = self.old


class CSVLogger(_File):
    """Sets the logger to `print`, whatever it was before."""

    def after_fit(self):
        self.run.logger = print


class CSVLogger(_File):
    """Restores the old logger only after the last epoch, so an error leaves its own logger in place."""

    def after_epoch(self):
        if self.epoch == self.epochs - 1 and self.run.logger == self.write:
            self.run.logger = self.old

    def after_fit(self):
        return


class CSVLogger(_File):
    """Needs a folder that exists."""

    def begin_fit(self):
        self.old, self.run.logger = self.logger, self.write


class CSVLogger(_File):
    """Makes the folder of the file, but not the folders above it."""

    def begin_fit(self):
        self.path.parent.mkdir(exist_ok=True)
        self.old, self.run.logger = self.logger, self.write


class CSVLogger(_File):
    """Raises an error for a folder that exists already."""

    def begin_fit(self):
        if self.path.parent != Path("."):
            self.path.parent.mkdir(parents=True)
        self.old, self.run.logger = self.logger, self.write


class CSVLogger(_File):
    """Reads learn.avg_stats after each epoch, and misses the rows of other callbacks."""

    def save(self, row):
        if row[0] == "epoch" or row[0].isdigit():
            super().save(row)


class CSVLogger(_File):
    """Writes in the encoding of old spreadsheets, so accents are read as other letters."""

    def save(self, row):
        with self.path.open(self.mode, newline="", encoding="latin-1") as file:
            csv.writer(file).writerow(row)
        self.mode = "a"


class CSVLogger(_File):
    """Separates cells by semicolons, so a reader of commas finds one column."""

    def save(self, row):
        with self.path.open(self.mode, newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=";").writerow(row)
        self.mode = "a"


class CSVLogger(_File):
    """Removes spaces around the cells."""

    def save(self, row):
        super().save([cell.strip() for cell in row])


class CSVLogger(_File):
    """Rounds the numbers again on their way to the file."""

    def save(self, row):
        super().save([f"{float(cell):.3f}" if "." in cell else cell for cell in row])


class CSVLogger(_File):
    """Passes a row to the old logger as one string instead of a list."""

    def write(self, row):
        self.save(row)
        self.old(",".join(row))


class CSVLogger(_File):
    """Keeps its file open, so rows wait in a buffer that is written only when it's full."""

    file = None

    def save(self, row):
        self.file = self.file or self.path.open("w", newline="", encoding="utf-8")
        csv.writer(self.file).writerow(row)

    def after_fit(self):
        super().after_fit()
        self.file.flush()


class CSVLogger(_File):
    """It keeps the old logger of its first fit, so one that you set later is lost."""

    old = None

    def begin_fit(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.old = self.old or self.logger
        self.run.logger = self.write


class CSVLogger(_File):
    """It replaces the suffix of the path by .csv, and another file is written."""

    def __init__(self, path):
        super().__init__(Path(path).with_suffix(".csv"))


class ProgressCallback(_Bars):
    """It collects the rows and prints the table when the fit is over."""

    def begin_fit(self):
        self.rows = []
        super().begin_fit()

    def write(self, row):
        self.rows.append("  ".join(f"{cell:>16}" for cell in row))

    def after_fit(self):
        super().after_fit()
        print(*self.rows, sep="\n")
