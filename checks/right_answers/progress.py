"""Right answers to the exercises of `progress`, in other forms than the reference."""

import csv
import io
import os
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import torch
from tqdm import tqdm as plain_tqdm
from tqdm.auto import tqdm


def format_time(t):
    """Minutes and seconds, with hours where there are any."""
    h, m, s = int(t) // 3600, int(t) // 60 % 60, int(t) % 60
    return f"{h}:{m:02d}:{s:02d}" if h else f"{m:02d}:{s:02d}"


class AvgStatsCallback(Callback):
    """The lecture's form, for metrics without a name too."""

    def __init__(self, metrics=None):
        self.train_stats, self.valid_stats = AvgStats(metrics, True), AvgStats(metrics, False)

    def begin_fit(self):
        met_names = ["loss"] + [metric_name(m) for m in self.train_stats.metrics]
        names = ["epoch"] + [f"train_{n}" for n in met_names]
        names += [f"valid_{n}" for n in met_names] + ["time"]
        self.logger(names)

    def begin_epoch(self):
        self.train_stats.reset()
        self.valid_stats.reset()
        self.start_time = time.time()

    def after_loss(self):
        stats = self.train_stats if self.in_train else self.valid_stats
        with torch.no_grad():
            stats.accumulate(self.run)

    def after_epoch(self):
        stats = [str(self.epoch)]
        for o in [self.train_stats, self.valid_stats]:
            stats += [f"{v:.6f}" for v in o.avg_stats]
        stats += [format_time(time.time() - self.start_time)]
        self.logger(stats)


class AvgStatsCallback(Callback):
    """New averages for every epoch; epochs from 1; minutes without a zero before them."""

    _order = 5

    def __init__(self, functions=None):
        self.functions = functions
        self.begin_epoch()

    def begin_epoch(self):
        self.train_stats, self.valid_stats = (AvgStats(self.functions, o) for o in (True, False))
        self.start = time.perf_counter()

    def begin_fit(self):
        names = ["loss", *map(metric_name, self.train_stats.metrics)]
        cells = [f"{part}_{name}" for part in ("train", "valid") for name in names]
        self.learn.logger(["epoch"] + cells + ["time"])

    def after_batch(self):
        if self.learn.in_train:
            self.train_stats.accumulate(self.learn)
        else:
            self.valid_stats.accumulate(self.learn)

    def after_epoch(self):
        minutes, seconds = divmod(int(time.perf_counter() - self.start), 60)
        numbers = self.train_stats.avg_stats + self.valid_stats.avg_stats
        cells = ["%d" % (self.learn.epoch + 1), *("%.5f" % o for o in numbers)]
        self.learn.logger([*cells, "%d:%02d" % (minutes, seconds)])


class AvgStatsCallback(Callback):
    """The two sets in a dict by whether they train; four significant digits."""

    def __init__(self, metrics=None):
        self.stats = {flag: AvgStats(metrics, flag) for flag in (True, False)}

    train_stats = property(lambda self: self.stats[True])
    valid_stats = property(lambda self: self.stats[False])

    def begin_fit(self):
        names = [f"{o}_{m}" for o in ("train", "valid") for m in self.metric_names()]
        self.run.logger(["epoch"] + names + ["time"])

    def metric_names(self):
        yield "loss"
        for metric in self.stats[True].metrics:
            yield metric_name(metric)

    def begin_epoch(self):
        for stats in self.stats.values():
            stats.reset()
        self.clock = time.monotonic

        self.zero = self.clock()

    def after_loss(self):
        self.stats[self.in_train].accumulate(self.learn)

    def after_epoch(self):
        row = [f"{self.epoch}"]
        row.extend(f"{o:.4f}" for flag in (True, False) for o in self.stats[flag].avg_stats)
        row.append(format_time(self.clock() - self.zero + 0.5))
        self.run.logger(row)


class ProgressCallback(Callback):
    """The lecture's form, with the bars of tqdm, which are closed whatever happens."""

    _order = -1

    def begin_fit(self):
        self.mbar = tqdm(range(self.epochs), desc="epoch")
        self.saved = self.run.logger
        self.run.logger = partial(self.write, table=True)

    def write(self, row, table):
        self.mbar.write("".join(f"{cell:<14}" for cell in row))

    pb = None

    def after_fit(self):
        self.close()
        self.mbar.close()
        self.run.logger = self.saved

    def close(self):
        if self.pb is not None:
            self.pb.close()

    def after_batch(self):
        self.pb.update()
        if self.iter == self.iters - 1:
            self.pb.close()

    def begin_epoch(self):
        self.set_pb()

    def begin_validate(self):
        self.set_pb()

    def set_pb(self):
        self.close()
        self.pb = tqdm(self.dl, leave=False, position=1)

    def after_epoch(self):
        self.mbar.update()


class ProgressCallback(Callback):
    """One bar over the batches of training and validation together; a table with edges."""

    _order = -1

    def begin_fit(self):
        self.stack = ExitStack()
        self.stack.callback(setattr, self.run, "logger", self.run.logger)
        self.epoch_bar = self.stack.enter_context(plain_tqdm(total=self.epochs, unit="epoch"))
        self.run.logger = self.line

    def line(self, row):
        plain_tqdm.write("| " + " | ".join(cell.center(14) for cell in row) + " |")

    def begin_epoch(self):
        total = len(self.data.train_dl) + len(self.data.valid_dl)
        self.bar = self.stack.enter_context(plain_tqdm(total=total, leave=False))

    def after_batch(self):
        self.bar.n += 1
        self.bar.refresh()

    def after_epoch(self):
        self.bar.close()
        self.epoch_bar.n = self.epoch + 1
        self.epoch_bar.refresh()

    def after_fit(self):
        self.stack.close()


class ProgressCallback(Callback):
    """Tabs between the cells; a new bar for every pass."""

    _order = -1

    def begin_fit(self):
        self.before, self.learn.logger = self.learn.logger, lambda row: tqdm.write("\t".join(row))
        self.outer, self.inner = tqdm(total=self.learn.epochs), None

    def start(self):
        self.stop()
        description = "train" if self.learn.in_train else "valid"
        self.inner = tqdm(total=len(self.learn.dl), desc=description)

    begin_epoch = begin_validate = start

    def stop(self):
        if self.inner is not None:
            self.inner.close()

    def after_batch(self):
        self.inner.update(1)

    def after_epoch(self):
        self.outer.update(1)

    def after_fit(self):
        self.stop()
        self.outer.close()
        self.learn.logger = self.before


class CSVLogger(Callback):
    """A file that is open during the fit and flushed after each row."""

    _order = -0.5

    def __init__(self, path):
        self.path, self.mode = path, "w"

    def begin_fit(self):
        os.makedirs(os.path.dirname(self.path) or ".", exist_ok=True)
        self.file = open(self.path, self.mode, newline="", encoding="utf-8")
        self.mode = "a"
        self.writer, self.old_logger = csv.writer(self.file), self.run.logger
        self.run.logger = self._write_line

    def _write_line(self, row):
        self.writer.writerow(row)
        self.file.flush()
        os.fsync(self.file.fileno())
        self.old_logger(row)

    def after_fit(self):
        self.file.close()
        if self.run.logger == self._write_line:
            self.run.logger = self.old_logger


class CSVLogger(Callback):
    """A function inside begin_fit; no order, so its place in the list counts."""

    started = False

    def __init__(self, path):
        self.path = Path(path)

    def begin_fit(self):
        before = self.learn.logger

        def log(row):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a" if self.started else "w", newline="", encoding="utf-8") as file:
                csv.writer(file, lineterminator="\n").writerow(row)
            self.started = True
            before(row)

        self.log, self.before, self.learn.logger = log, before, log

    def after_fit(self):
        if self.learn.logger is self.log:
            self.learn.logger = self.before


class CSVLogger(Callback):
    """Writes the whole table to another file each time and renames it, every cell quoted."""

    _order = -0.1

    def __init__(self, path):
        self.path, self.rows = os.fspath(path), []

    def begin_fit(self):
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        self.passed_on = self.run.logger
        self.run.logger = self.keep

    def keep(self, row):
        self.rows.append([str(cell) for cell in row])
        text = io.StringIO(newline="")
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows(self.rows)
        with open(self.path + ".new", "w", newline="", encoding="utf-8-sig") as file:
            file.write(text.getvalue())
        os.replace(self.path + ".new", self.path)
        self.passed_on(row)

    def after_fit(self):
        if self.run.logger == self.keep:
            self.run.logger = self.passed_on
