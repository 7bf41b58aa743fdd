"""Right answers to the exercises of `progress`, in other forms than the reference."""

import csv
import io
import os
import time
from contextlib import ExitStack
from functools import partial

import torch
from tqdm import tqdm as plain_tqdm
from tqdm.auto import tqdm


def format_time(t):
    """Minutes and seconds, with hours where there are any."""
    h, m, s = int(t) // 3600, int(t) // 60 % 60, int(t) % 60
    return f"{h}:{m:02d}:{s:02d}" if h else f"{m:02d}:{s:02d}"


class AvgStatsCallback(Callback):
    """The lecture's form."""

    def __init__(self, metrics):
        self.train_stats, self.valid_stats = AvgStats(metrics, True), AvgStats(metrics, False)

    def begin_fit(self):
        met_names = ["loss"] + [m.__name__ for m in self.train_stats.metrics]
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
    """Sums of its own; floats in a tuple; epochs from 1; seconds."""

    _order = 5

    def __init__(self, metrics):
        self.metrics = list(metrics or [])

    def begin_fit(self):
        names = ["loss", *[metric.__name__ for metric in self.metrics]]
        self.logger(("Epoch", *(f"trn {n}" for n in names), *(f"val {n}" for n in names), "Time"))

    def begin_epoch(self):
        self.began = time.perf_counter()
        self.sums = {True: torch.zeros(0), False: torch.zeros(0)}
        self.counts = {True: 0, False: 0}

    def after_batch(self):
        n, part = len(self.yb), bool(self.in_train)
        with torch.no_grad():
            values = [self.loss, *(metric(self.pred, self.yb) for metric in self.metrics)]
            values = torch.tensor([float(v) for v in values]) * n
        self.sums[part] = values if not self.counts[part] else self.sums[part] + values
        self.counts[part] += n

    def after_epoch(self):
        cells = [
            v for part in (True, False) for v in (self.sums[part] / self.counts[part]).tolist()
        ]
        self.logger((self.epoch + 1, *cells, round(time.perf_counter() - self.began, 2)))


class AvgStatsCallback(Callback):
    """The two sets in a dict by whether they train; four significant digits."""

    def __init__(self, metrics=()):
        self.stats = {flag: AvgStats(metrics, flag) for flag in (True, False)}

    def begin_fit(self):
        names = [f"{o}_{m}" for o in ("train", "valid") for m in self.metric_names()]
        self.run.logger(["epoch"] + names + ["time"])

    def metric_names(self):
        yield "loss"
        for metric in self.stats[True].metrics:
            yield metric.__name__

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
        row.append(f"{self.clock() - self.zero:.1f}s")
        self.run.logger(row)


class ProgressCallback(Callback):
    """The lecture's form, with the bars of tqdm."""

    _order = -1

    def begin_fit(self):
        self.mbar = tqdm(range(self.epochs), desc="epoch")
        self.saved = self.run.logger
        self.run.logger = partial(self.write, table=True)

    def write(self, row, table):
        self.mbar.write("".join(f"{cell:<14}" for cell in row))

    def after_fit(self):
        self.mbar.close()
        self.run.logger = self.saved

    def after_batch(self):
        self.pb.update()
        if self.iter == self.iters - 1:
            self.pb.close()

    def begin_epoch(self):
        self.set_pb()

    def begin_validate(self):
        self.set_pb()

    def set_pb(self):
        self.pb = tqdm(self.dl, leave=False, position=1)

    def after_epoch(self):
        self.mbar.update()


class ProgressCallback(Callback):
    """One bar over the batches of training and validation together; a table with edges."""

    _order = -100

    def begin_fit(self):
        self.stack = ExitStack()
        self.stack.callback(setattr, self.run, "logger", self.run.logger)
        self.epoch_bar = self.stack.enter_context(plain_tqdm(total=self.epochs, unit="epoch"))
        self.run.logger = self.line

    def line(self, row):
        plain_tqdm.write("| " + " | ".join(str(cell) for cell in row) + " |")

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
    """Reads the rows from learn.avg_stats and lets the logger be silent; bars only on a screen."""

    _order = -1

    def begin_fit(self):
        self.before, self.run.logger = self.run.logger, lambda row: None
        self.make = partial(tqdm, disable=None)
        self.outer, self.inner = self.make(total=self.epochs), None
        names = ["loss", *(m.__name__ for m in self.run.avg_stats.train_stats.metrics)]
        cells = ["epoch", *(f"train_{n}" for n in names), *(f"valid_{n}" for n in names)]
        tqdm.write("\t".join(cells))

    def start(self):
        self.stop()
        self.inner = self.make(total=self.iters, desc="train" if self.in_train else "valid")

    begin_epoch = begin_validate = start

    def stop(self):
        if self.inner is not None:
            self.inner.close()

    def after_batch(self):
        self.inner.update(1)

    def after_epoch(self):
        stats = self.run.avg_stats
        values = [*stats.train_stats.avg_stats, *stats.valid_stats.avg_stats]
        tqdm.write("\t".join([str(self.epoch), *(f"{v:.4f}" for v in values)]))
        self.outer.update(1)

    def after_fit(self):
        self.stop()
        self.outer.close()
        self.run.logger = self.before


class CSVLogger(Callback):
    """A file that is open during the fit and flushed after each row."""

    _order = -2

    def __init__(self, path):
        self.path = path

    def begin_fit(self):
        self.file = open(self.path, "w", newline="", encoding="utf-8")
        self.writer, self.old_logger = csv.writer(self.file), self.run.logger
        self.run.logger = self._write_line

    def _write_line(self, row):
        self.writer.writerow(row)
        self.file.flush()
        os.fsync(self.file.fileno())
        self.old_logger(row)

    def after_fit(self):
        self.file.close()
        self.run.logger = self.old_logger


class CSVLogger(Callback):
    """Reads learn.avg_stats after each epoch, and leaves the logger alone."""

    _order = 3

    def __init__(self, path):
        self.path = str(path)

    def add(self, row, mode="a"):
        with open(self.path, mode, newline="") as file:
            csv.writer(file).writerow(row)

    def begin_fit(self):
        names = ["loss", *(m.__name__ for m in self.avg_stats.train_stats.metrics)]
        parts = [f"{part}_{name}" for part in ("train", "valid") for name in names]
        self.add(["epoch", *parts, "time"], "w")

    def begin_epoch(self):
        self.start = time.time()

    def after_epoch(self):
        stats = [*self.avg_stats.train_stats.avg_stats, *self.avg_stats.valid_stats.avg_stats]
        self.add([self.epoch, *(round(o, 6) for o in stats), f"{time.time() - self.start:.1f}"])


class CSVLogger(Callback):
    """Writes the whole table beside the old file each time and renames it, every cell quoted."""

    _order = -0.1

    def __init__(self, path):
        self.path, self.rows = os.fspath(path), []

    def begin_fit(self):
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
        self.run.logger = self.passed_on
