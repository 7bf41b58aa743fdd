"""The laws of progress."""

import csv
import io
import re
import time
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tqdm.std import tqdm

from checks.laws import assert_close, assert_raises, assert_same, assert_that, law, number
from checks.words.fits import LittleFit, Makes, Trip, little_fits, mse, watching
from katas.learner import Callback, CancelTrainException, Learner
from katas.progress import AvgStatsCallback, CSVLogger, ProgressCallback

few = settings(max_examples=12)
fits = little_fits(min_valid=1)
LITTLE = LittleFit(seed=1, train_sizes=[4, 4, 1], valid_sizes=[2, 1], epochs=3, lr=0.05)
events = st.sampled_from(["begin_epoch", "after_pred", "after_step", "begin_validate"])


def bias(pred, yb):
    """A metric that is not the same when pred and yb are exchanged."""
    return (pred - 2 * yb).mean()


def top(pred, yb):
    """A metric that gives a float."""
    return pred.max().item()


def learner_of(fit, cbs, logger):
    """A learner of a little training, whose rows go to `logger`."""
    learn = Learner(fit.model(), fit.data(), mse, Makes(), lr=fit.lr, cbs=cbs)
    learn.logger = logger
    return learn


def logged(fit, cbs, epochs=(None,)):
    """The rows that reach the logger in one or more fits."""
    rows = []
    learn = learner_of(fit, cbs, rows.append)
    for count in epochs:
        learn.fit(count or fit.epochs)
    return rows


def averages(fit, metrics):
    """Loss and metrics over all samples of training, then of validation, for each epoch."""
    model, rows = fit.model(), []
    for _ in range(fit.epochs):
        seen = [[], []]
        for part, batches in enumerate((fit.train(), fit.valid())):
            for xb, yb in batches:
                pred = model(xb)
                found = [number(f(pred.detach(), yb)) for f in (mse, *metrics)]
                seen[part].append((len(xb), found))
                grads = torch.autograd.grad(mse(pred, yb), list(model.parameters()))
                with torch.no_grad():
                    for p, grad in zip(model.parameters(), grads, strict=True):
                        p -= fit.lr * grad * (part == 0)
        rows.append([mean for part in seen for mean in over_samples(part)])
    return rows


def over_samples(seen):
    """Averages of what was found in batches, weighted by their sizes."""
    count = sum(n for n, _ in seen)
    columns = zip(*([n * value for value in found] for n, found in seen), strict=True)
    return [sum(column) / count for column in columns]


def numbers(rows):
    """The cells between the first and the last, as floats."""
    return [[float(cell) for cell in row[1:-1]] for row in rows]


def seconds(cell):
    """The duration that a cell tells, in minutes and seconds or in seconds."""
    return sum(float(o) * 60**i for i, o in enumerate(re.findall(r"[\d.]+", str(cell))[::-1]))


@law("AvgStatsCallback")
@few
@given(fits, st.sampled_from([[], [bias], [top, bias]]))
def test_there_is_a_header_and_a_row_for_each_epoch(fit, metrics):
    """1 + epochs rows of one width: epoch, loss and metrics of both sets, time."""
    rows = logged(fit, [AvgStatsCallback(metrics)])
    assert_same([len(row) for row in rows], [2 * len(metrics) + 4] * (fit.epochs + 1))


@law("AvgStatsCallback")
@few
@given(fits, st.sampled_from([[], [bias], [top, bias]]))
def test_a_row_holds_averages_over_the_samples_of_its_epoch(fit, metrics):
    """Train loss and metrics, then valid loss and metrics, of this epoch alone."""
    wanted = averages(fit, metrics)
    rows = logged(fit, [AvgStatsCallback(metrics)])
    assert_close(numbers(rows[1:]), wanted, rtol=1e-3, atol=1e-3)


@law("AvgStatsCallback")
@few
@given(fits, st.integers(1, 2))
def test_a_second_fit_goes_on_with_new_averages(fit, epochs):
    """Its rows hold nothing of the first fit."""
    whole = LittleFit(**{**vars(fit), "epochs": fit.epochs + epochs})
    wanted = averages(whole, [bias])[fit.epochs :]
    rows = logged(fit, [AvgStatsCallback([bias])], [fit.epochs, epochs])
    assert_close(numbers(rows[-epochs:]), wanted, rtol=1e-3, atol=1e-3)


@law("AvgStatsCallback")
@few
@given(fits)
def test_rows_begin_with_the_number_of_the_epoch(fit):
    """0, 1, 2 ... or 1, 2, 3 ..."""
    counted = [int(row[0]) for row in logged(fit, [AvgStatsCallback([])])[1:]]
    assert_that(counted[0] in (0, 1), "the number of the first epoch", counted[0], 0)
    assert_same(counted, [counted[0] + i for i in range(fit.epochs)])


@law("AvgStatsCallback")
def test_the_header_names_what_the_columns_hold():
    """epoch, a loss and the metrics by their names, the same again, time."""
    header = [cell.lower() for cell in logged(LITTLE, [AvgStatsCallback([bias, top])])[0]]
    words = ["epoch", "loss", "bias", "top", "loss", "bias", "top", "time"]
    found = [word in cell for word, cell in zip(words, header, strict=True)]
    assert_that(all(found), "the header", header, words)


@law("AvgStatsCallback")
def test_the_time_of_a_row_is_that_of_its_epoch():
    """With epochs of 100 seconds each, no row tells of 200."""
    now = [1000.0]
    clocks = {name: (lambda: now[0]) for name in ("time", "perf_counter", "monotonic")}
    acts = {"begin_validate": lambda: now.append(now.pop() + 100)}
    slow = watching(Callback, lambda event: acts.get(event, str)())
    with patch.multiple(time, **clocks):
        rows = logged(LITTLE, [slow, AvgStatsCallback([])])
    found = [seconds(row[-1]) for row in rows[1:]]
    assert_that(all(abs(s - 100) < 1 or s < 1 for s in found), "seconds", found, [100] * len(found))


@law("AvgStatsCallback")
def test_a_row_tells_the_time():
    """The last cell holds a number."""
    rows = logged(LITTLE, [AvgStatsCallback([])])
    assert_that(all(re.search(r"\d", str(row[-1])) for row in rows[1:]), "no time", rows[1:])


@law("AvgStatsCallback")
@few
@given(fits)
def test_rows_go_to_the_logger_that_there_is_when_the_fit_begins(fit):
    """A logger put in place by an earlier callback gets all rows; nothing is printed."""
    rows, printed = [], io.StringIO()
    acts = {"begin_fit": lambda: setattr(learn, "logger", rows.append)}
    change = watching(Callback, lambda event: acts.get(event, str)(), order=-5)
    learn = learner_of(fit, [change, AvgStatsCallback([bias])], printed.write)
    with redirect_stdout(printed):
        learn.fit(fit.epochs)
    assert_same((len(rows), printed.getvalue()), (fit.epochs + 1, ""))


@law("AvgStatsCallback")
@few
@given(fits)
def test_two_of_them_share_nothing(fit):
    """Two callbacks of this kind, with metrics of their own, log the rows that each logs alone."""
    wanted = [averages(fit, [top, bias]), averages(fit, [bias])]
    rows = logged(fit, [AvgStatsCallback([top, bias]), AvgStatsCallback([bias])])
    found = [numbers(rows[2::2]), numbers(rows[3::2])]
    assert_close(found, wanted, rtol=1e-3, atol=1e-3)


class Terminal(io.StringIO):
    """A screen that keeps what is written to it, and the progress bars that are made meanwhile."""

    def __init__(self):
        super().__init__()
        self.bars = []

    def isatty(self):
        return True

    def lines(self):
        """What was written, line by line, without the lines of bars."""
        text = re.sub(r"\x1b\[[\d;]*[A-Za-z]", "", self.getvalue())
        return [
            line for line in re.split(r"[\r\n]", text) if "%|" not in line and "it/s" not in line
        ]


@contextmanager
def terminal():
    """All that is written goes to a screen; no thread watches over the bars."""
    screen, make = Terminal(), tqdm.__init__

    def noted(bar, *args, **kwargs):
        screen.bars.append(bar)
        make(bar, *args, **kwargs)

    with patch.object(tqdm, "__init__", noted), patch.object(tqdm, "monitor_interval", 0):
        with redirect_stdout(screen), redirect_stderr(screen):
            yield screen


def shown(fit, cbs, fits=1):
    """The screen after a training with these callbacks, and the learner."""
    learn = learner_of(fit, cbs, lambda row: None)
    with terminal() as screen:
        for _ in range(fits):
            learn.fit(fit.epochs)
    return screen, learn


def has_numbers(line, wanted):
    """Whether these numbers are in a line, in this order, to two decimals."""
    found = (float(o) for o in re.findall(r"-?\d+\.?\d*(?:e[-+]\d+)?", line))
    return all(any(abs(o - w) < 0.01 for o in found) for w in wanted)


def missing_rows(screen, rows):
    """Those rows whose numbers are in no line of the screen."""
    return [row for row in rows if not any(has_numbers(line, row) for line in screen.lines())]


@law("ProgressCallback")
@few
@given(fits, st.booleans())
def test_every_row_is_a_line_on_the_screen(fit, first):
    """A line of its own for each epoch, not one that a bar stands in, with all the numbers."""
    wanted = averages(fit, [bias])
    cbs = [AvgStatsCallback([bias]), ProgressCallback()][:: -1 if first else 1]
    screen, _ = shown(fit, cbs)
    missing = missing_rows(screen, wanted)
    assert_that(not missing, "rows that are in no line of the screen", screen.lines(), missing)


@law("ProgressCallback")
@few
@given(fits, st.booleans())
def test_the_header_is_a_line_on_the_screen(fit, first):
    """It is part of the table, wherever the callback stands in the list."""
    cbs = [AvgStatsCallback([bias]), ProgressCallback()][:: -1 if first else 1]
    screen, _ = shown(fit, cbs)
    headers = [line for line in screen.lines() if "loss" in line and "bias" in line]
    assert_same(len(headers), 1)


@law("ProgressCallback")
def test_rows_are_cells_and_not_a_list_as_python_prints_it():
    """No line has the brackets and quotes of a list."""
    screen, _ = shown(LITTLE, [AvgStatsCallback([bias]), ProgressCallback()])
    lists = [line for line in screen.lines() if re.search(r"[\[(]\s*'", line)]
    assert_that(not lists, "lines that are lists", lists, [])


@law("ProgressCallback")
@few
@given(fits, st.integers(1, 2))
def test_the_logger_is_restored_after_the_fit(fit, count):
    """learn.logger is the function that it was, after a second fit too."""
    learn = learner_of(fit, [AvgStatsCallback([]), ProgressCallback()], before := [].append)
    with terminal():
        for _ in range(count):
            learn.fit(fit.epochs)
    assert_that(learn.logger is before, "the logger is another", learn.logger, before)


@law("ProgressCallback")
@few
@given(fits, events, st.sampled_from([ValueError, KeyboardInterrupt, CancelTrainException]))
def test_the_logger_is_restored_after_an_error(fit, event, kind):
    """A fit that fails or is cancelled leaves learn.logger as it was."""
    trip = watching(Callback, Trip(event, 0, kind()))
    learn = learner_of(fit, [AvgStatsCallback([]), ProgressCallback(), trip], before := [].append)
    with terminal():
        quiet_fit(learn, fit.epochs, kind)
    assert_that(learn.logger is before, "the logger is another", learn.logger, before)


def quiet_fit(learn, epochs, kind):
    """A fit in which an error is expected."""
    try:
        learn.fit(epochs)
    except kind:
        pass


@law("ProgressCallback")
@few
@given(fits)
def test_a_bar_counts_the_epochs(fit):
    """When the fit is over, one bar has counted `epochs` of `epochs`, and is closed."""
    long = LittleFit(**{**vars(fit), "epochs": 7})
    screen, _ = shown(long, [AvgStatsCallback([]), ProgressCallback()])
    found = [(bar.n, bar.total, bar.disable) for bar in screen.bars]
    assert_that((7, 7, True) in found, "count, total and closed of the bars", found, (7, 7, True))


def counts_of_bars(fit, event):
    """What each bar has counted, and of how many, each time that an event comes."""
    found, hear = [], {event: lambda: found.append([(bar.n, bar.total) for bar in screen.bars])}
    watch = watching(Callback, lambda heard: hear.get(heard, str)(), order=10**6)
    learn = learner_of(fit, [AvgStatsCallback([]), ProgressCallback(), watch], str)
    with terminal() as screen:
        learn.fit(fit.epochs)
    return found


@law("ProgressCallback")
@few
@given(fits)
def test_a_bar_counts_the_batches_of_the_training(fit):
    """In every epoch, when the last training batch is over, a bar has counted them all."""
    n, m = len(fit.train_sizes), len(fit.valid_sizes)
    seen = counts_of_bars(fit, "begin_validate")
    after = counts_of_bars(fit, "after_batch")[n - 1 :: n + m]
    full = [[(n, n) in bars or (n, n + m) in bars for bars in after], len(seen)]
    assert_that(full == [[True] * fit.epochs, fit.epochs], "count and total of bars", after, (n, n))


@law("ProgressCallback")
@few
@given(fits)
def test_a_bar_counts_the_batches_of_the_validation(fit):
    """In every epoch, when the last validation batch is over, a bar has counted them all."""
    n, m = len(fit.train_sizes), len(fit.valid_sizes)
    after = counts_of_bars(fit, "after_batch")[n + m - 1 :: n + m]
    full = [(m, m) in bars or (n + m, n + m) in bars for bars in after]
    assert_that(full == [True] * fit.epochs, "count and total of bars", after, (m, m))


def table(path):
    """The cells of a CSV file."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file))


def csv_fit(fit, path, metrics=(bias,), hear=str):
    """A training with a CSVLogger: the learner, and the rows that its logger got."""
    Path(path).unlink(missing_ok=True)
    rows, cbs = [], [CSVLogger(path), AvgStatsCallback(list(metrics)), watching(Callback, hear)]
    return learner_of(fit, cbs, rows.append), rows


paths = st.sampled_from(["history.csv", Path("history.csv")])


@law("CSVLogger")
@few
@given(fits, paths)
def test_the_file_holds_the_rows_of_the_logger(fit, path):
    """A header, and for each epoch the numbers of its row, each in a column of its own."""
    wanted, (learn, _) = averages(fit, [bias]), csv_fit(fit, path)
    learn.fit(fit.epochs)
    cells = table(path)
    assert_same([len(row) for row in cells], [6] * (fit.epochs + 1))
    assert_close(numbers(cells[1:]), wanted, rtol=1e-3, atol=1e-3)


@law("CSVLogger")
@few
@given(fits)
def test_the_first_row_of_the_file_is_the_header(fit):
    """It names the columns, once."""
    learn, _ = csv_fit(fit, "history.csv")
    learn.fit(fit.epochs)
    named = [any("loss" in cell.lower() for cell in row) for row in table("history.csv")]
    assert_same(named, [True] + [False] * fit.epochs)


@law("CSVLogger")
@few
@given(fits)
def test_a_finished_epoch_is_on_the_disk_when_the_next_begins(fit):
    """Then the file has a row for each epoch that is over: a crash loses none of them."""
    found, rows = [], lambda: [row for row in table("history.csv") if row[0].strip().isdigit()]
    acts = {
        "begin_validate": lambda: found.append(len(rows()) if Path("history.csv").exists() else 0)
    }
    learn, _ = csv_fit(fit, "history.csv", hear=lambda event: acts.get(event, str)())
    learn.fit(fit.epochs)
    assert_same(found, list(range(fit.epochs)))


@law("CSVLogger")
@few
@given(fits, st.integers(1, 3))
def test_after_an_error_the_file_has_the_epochs_before(fit, epochs):
    """The error comes out of the fit, and the finished epochs are in the file."""
    wanted = averages(LittleFit(**{**vars(fit), "epochs": epochs}), [bias])
    learn, _ = csv_fit(
        fit, "history.csv", hear=Trip("begin_epoch", epochs, ValueError("power cut"))
    )
    with assert_raises(ValueError, "power cut"):
        learn.fit(epochs + 1)
    assert_close(numbers(table("history.csv")[1:]), wanted, rtol=1e-3, atol=1e-3)


@law("CSVLogger")
@few
@given(fits)
def test_the_logger_gets_its_rows_all_the_same(fit):
    """The header and a row for each epoch, as without the file."""
    learn, rows = csv_fit(fit, "history.csv")
    learn.fit(fit.epochs)
    assert_same(len(rows), fit.epochs + 1)
    assert_close(numbers(rows[1:]), averages(fit, [bias]), rtol=1e-3, atol=1e-3)


@law("CSVLogger")
@few
@given(fits)
def test_a_file_given_to_one_fit_is_finished_with_it(fit):
    """A later fit without it adds nothing to the file."""
    learn = learner_of(fit, [AvgStatsCallback([])], str)
    learn.fit(fit.epochs, cbs=[CSVLogger("once.csv")])
    before = Path("once.csv").read_bytes()
    learn.fit(fit.epochs)
    assert_same(Path("once.csv").read_bytes(), before)


def commas(pred, yb):
    """A metric with a name that has a comma, a quote and a space in it."""
    return 0.5


commas.__name__ = 'top 1, "strict"'


@law("CSVLogger")
def test_a_comma_in_a_name_makes_no_further_column():
    """A cell with a comma or a quote in it is one cell in the file."""
    learn, _ = csv_fit(LITTLE, "history.csv", [commas])
    learn.fit(LITTLE.epochs)
    assert_same([len(row) for row in table("history.csv")], [6] * (LITTLE.epochs + 1))


@law("CSVLogger")
@few
@given(fits)
def test_two_files_share_nothing(fit):
    """Two learners with a file each write to their own."""
    learners = [csv_fit(fit, path)[0] for path in ("one.csv", "two.csv")]
    for i, learn in enumerate(learners):
        learn.fit(i + 1)
    assert_same([len(table(path)) for path in ("one.csv", "two.csv")], [2, 3])
