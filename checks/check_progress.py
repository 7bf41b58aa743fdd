"""The laws of progress."""

import csv
import re
from contextlib import redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.laws import assert_close, assert_raises, assert_same, assert_that, law
from checks.words.averages import averages_by_epoch
from checks.words.clocks import clock_of
from checks.words.fits import LittleFit, Makes, Trip, little_fits, mse, quiet, watching
from checks.words.screens import in_columns, lines_with, terminal
from katas.learner import Callback, CancelEpochException, CancelTrainException, Learner
from katas.progress import AvgStatsCallback, CSVLogger, ProgressCallback

few = settings(max_examples=8)
fits = little_fits(min_valid=1)
LITTLE = LittleFit(seed=1, train_sizes=[4, 4, 1], valid_sizes=[2, 1], epochs=3, lr=0.05)
events = st.sampled_from(["begin_epoch", "after_pred", "after_step", "begin_validate"])
errors = st.sampled_from([ValueError, KeyboardInterrupt, CancelTrainException])


def bias(pred, yb):
    """A metric that is another one if pred and yb are exchanged."""
    return (pred - 2 * yb).mean()


def top(pred, yb):
    """A metric that is a float."""
    return pred.max().item()


def high(pred, yb):
    """A metric that is a large float."""
    return 2000 + pred.max().item()


NAMES = {"top": top, "bias": bias, "partial": partial(bias)}


@law(
    "AvgStatsCallback",
    "epoch train_loss train_<metric> ... valid_loss valid_<metric> ... time",
    "Logs a header when a fit begins",
    "The header uses the `metric_name` of each metric.",
)
@given(st.sampled_from([None, [], bias, [top, bias], [NAMES["partial"]]]))
def test_the_header_names_the_columns(metrics):
    """epoch, the loss and the metrics of training, those of validation, time."""
    names = ["loss", *names_of(metrics)]
    wanted = ["epoch", *(f"{part}_{o}" for part in ("train", "valid") for o in names), "time"]
    assert_same(logged(LITTLE, [AvgStatsCallback(metrics)])[0], wanted)


def names_of(metrics):
    """What metrics are called in a table."""
    found = metrics if isinstance(metrics, list) else [metrics]
    return [name for o in found for name, metric in NAMES.items() if o is metric]


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
        learn.fit(fit.epochs if count is None else count)
    return rows


def numbers(rows):
    """The cells between the first and the last, as floats."""
    return [[float(cell) for cell in row[1:-1]] for row in rows]


@law("AvgStatsCallback", "and the rows are lists of strings.", "and a row after each epoch")
@few
@given(fits, st.sampled_from([None, bias, [top, bias]]))
def test_there_is_a_header_and_a_row_for_each_epoch(fit, metrics):
    """1 + epochs lists of one length, all of strings."""
    rows = logged(fit, [AvgStatsCallback(metrics)])
    width = 4 + 2 * len(names_of(metrics))
    assert_same([type(row) for row in rows], [list] * (fit.epochs + 1))
    assert_same([[type(cell) for cell in row] for row in rows], [[str] * width] * (fit.epochs + 1))


@law("AvgStatsCallback", "and a row after each epoch")
def test_a_row_comes_when_its_epoch_is_over():
    """At begin_validate of epoch e there are e rows, and one more after it."""
    rows, seen = [], []
    hear = {
        "begin_validate": lambda: seen.append(len(rows)),
        "after_epoch": lambda: seen.append(len(rows)),
    }
    watch = watching(Callback, lambda event: hear.get(event, str)())
    learner_of(LITTLE, [AvgStatsCallback(), watch], rows.append).fit(3)
    assert_same(seen, [1, 2, 2, 3, 3, 4])


@law("AvgStatsCallback", "Logs a header when a fit begins")
@given(st.integers(0, 2))
def test_every_fit_begins_with_a_header(epochs):
    """A fit of no epochs has its header alone."""
    rows = logged(LITTLE, [AvgStatsCallback()], [epochs])
    assert_same([row[0].isdigit() for row in rows], [False] + [True] * epochs)


@law(
    "AvgStatsCallback",
    "and metrics are averages over all samples of this epoch, to three decimals or more.",
    "functions of (pred, yb): None, one, or a list of them",
)
@few
@given(fits, st.sampled_from([[], [bias], [top, bias]]))
def test_a_row_holds_averages_over_the_samples_of_its_epoch(fit, metrics):
    """Train loss and metrics, then valid loss and metrics, of this epoch alone."""
    rows = logged(fit, [AvgStatsCallback(metrics)])
    assert_close(numbers(rows[1:]), averages_by_epoch(fit, metrics), rtol=1e-3, atol=1e-3)


@law("AvgStatsCallback", "train_loss train_<metric> ... valid_loss", "averages over all samples")
def test_a_training_in_evaluation_mode_is_averaged_as_training():
    """Another callback may put the model into evaluation mode, so that a layer is frozen."""
    acts = {"begin_batch": lambda: learn.model.eval()}
    freeze, rows = watching(Callback, lambda event: acts.get(event, str)()), []
    learn = learner_of(LITTLE, [AvgStatsCallback([bias]), freeze], rows.append)
    learn.fit(LITTLE.epochs)
    assert_close(numbers(rows[1:]), averages_by_epoch(LITTLE, [bias]), rtol=1e-3, atol=1e-3)


@law("AvgStatsCallback", "averages over all samples of this epoch", "when a fit begins")
@few
@given(fits, st.integers(1, 2))
def test_a_second_fit_has_averages_of_its_own(fit, epochs):
    """Its rows hold nothing of the first fit, and a header comes before them."""
    whole = LittleFit(**{**vars(fit), "epochs": fit.epochs + epochs})
    wanted = averages_by_epoch(whole, [bias])[fit.epochs :]
    rows = logged(fit, [AvgStatsCallback([bias])], [fit.epochs, epochs])
    assert_close(numbers(rows[-epochs:]), wanted, rtol=1e-3, atol=1e-3)
    assert_same(rows[-epochs - 1], rows[0])


@law("AvgStatsCallback", "up by 1.")
@few
@given(fits)
def test_rows_begin_with_the_number_of_the_epoch(fit):
    """0, 1, 2 ... or 1, 2, 3 ..."""
    counted = [int(row[0]) for row in logged(fit, [AvgStatsCallback([])])[1:]]
    assert_that(counted[0] in (0, 1), "the number of the first epoch", counted[0], 0)
    assert_same(counted, [counted[0] + i for i in range(fit.epochs)])


@law("AvgStatsCallback", "up by 1.")
def test_an_epoch_whose_training_is_cancelled_counts_too():
    """Its row has the number after that of the epoch before."""
    rows, trip = [], Trip("after_batch", 5, CancelEpochException())
    learner_of(LITTLE, [AvgStatsCallback([]), watching(Callback, trip)], rows.append).fit(3)
    counted = [int(row[0]) for row in rows[1:]]
    assert_same([o - counted[0] for o in counted], [0, 1, 2])


@law("AvgStatsCallback", "averages over all samples of this epoch, to three decimals or more")
@few
@given(fits)
def test_large_numbers_have_their_decimals_too(fit):
    """An average above 1000 is told to three decimals, as a small one is."""
    found = [row[1::2] for row in numbers(logged(fit, [AvgStatsCallback([high])])[1:])]
    wanted = [row[1::2] for row in averages_by_epoch(fit, [high])]
    assert_close(found, wanted, rtol=0, atol=2e-3)


@law("AvgStatsCallback", "The time covers the whole epoch, training and validation, as")
@given(st.sampled_from([(5, 3), (40, 60), (59, 0.75), (100, 25), (3600, 125), (3000, 4800)]))
def test_the_time_of_a_row_is_that_of_its_epoch(seconds):
    """40 + 60 seconds: 1:40 or 01:40; 59.75: 0:59 or 1:00; 3600 + 125: 62:05 or 1:02:05."""
    callback = AvgStatsCallback()
    with clock_of(type(callback).begin_epoch, type(callback).after_epoch) as now:
        passed = {"begin_validate": seconds[0], "after_epoch": seconds[1]}
        slow = watching(Callback, lambda event: now.append(now.pop() + passed.get(event, 0)), -50)
        rows = logged(LITTLE, [slow, callback])
    whole, nearest = (
        f"{o // 60:02d}:{o % 60:02d}" for o in (int(sum(seconds)), round(sum(seconds)))
    )
    found = [in_minutes(row[-1]).replace(nearest, whole) for row in rows[1:]]
    assert_same(found, [whole] * LITTLE.epochs)


def in_minutes(cell):
    """A time as 01:40 for 1:40, and as 62:05 for 1:02:05."""
    if long := re.fullmatch(r"(0?[1-9]):([0-5]\d):([0-5]\d)", cell):
        return f"{60 * int(long[1]) + int(long[2])}:{long[3]}"
    return re.sub(r"^(\d:\d\d)$", r"0\1", cell)


@law("AvgStatsCallback", "They are passed to the function that's in `learn.logger` at that moment.")
@few
@given(fits)
def test_rows_go_to_the_logger_of_that_moment(fit):
    """A logger put in place by an earlier callback gets all rows; nothing is printed."""
    rows, printed = [], StringIO()
    acts = {"begin_fit": lambda: setattr(learn, "logger", rows.append)}
    change = watching(Callback, lambda event: acts.get(event, str)(), order=-5)
    learn = learner_of(fit, [change, AvgStatsCallback([bias])], printed.write)
    with redirect_stdout(printed):
        learn.fit(fit.epochs)
    assert_same((len(rows), printed.getvalue()), (fit.epochs + 1, ""))


@law("AvgStatsCallback", "the function that's in `learn.logger` at that")
def test_a_row_goes_to_a_logger_that_is_set_during_the_fit():
    """When the logger is replaced in each begin_epoch, each has the row of its epoch."""
    loggers = [[], [], []]
    acts = {"begin_epoch": lambda: setattr(learn, "logger", loggers[learn.epoch].append)}
    watch = watching(Callback, lambda event: acts.get(event, str)())
    learn = learner_of(LITTLE, [AvgStatsCallback([]), watch], str)
    learn.fit(3)
    assert_same([len(rows) for rows in loggers], [1, 1, 1])


@law("AvgStatsCallback", "`train_stats` and `valid_stats` are the AvgStats of the latest epoch.")
@few
@given(fits)
def test_the_averages_of_the_latest_epoch_can_be_read(fit):
    """After the fit, train_stats and valid_stats hold the averages of its last row."""
    callback = AvgStatsCallback([bias])
    logged(fit, [callback])
    found = [*callback.train_stats.avg_stats, *callback.valid_stats.avg_stats]
    assert_close(found, averages_by_epoch(fit, [bias])[-1], rtol=1e-3, atol=1e-3)


@law("AvgStatsCallback", "averages over all samples of this epoch")
@few
@given(fits)
def test_two_of_them_share_nothing(fit):
    """Two callbacks of this kind, with metrics of their own, log the rows that each logs alone."""
    wanted = [averages_by_epoch(fit, [top, bias]), averages_by_epoch(fit, [bias])]
    rows = logged(fit, [AvgStatsCallback([top, bias]), AvgStatsCallback([bias])])
    assert_close([numbers(rows[2::2]), numbers(rows[3::2])], wanted, rtol=1e-3, atol=1e-3)


def shown(fit, cbs, fits=1):
    """The screen after a training with these callbacks."""
    learn = learner_of(fit, cbs, lambda row: None)
    with terminal() as screen:
        for _ in range(fits):
            learn.fit(fit.epochs)
    return screen


@law("ProgressCallback", "each row passed to `learn.logger` is printed as one line", "Print")
@few
@given(fits, st.booleans())
def test_every_row_is_a_line_on_the_screen(fit, first):
    """The header and a row for each epoch, wherever the callback stands in the list."""
    rows = logged(fit, [AvgStatsCallback([bias])])
    lines = shown(
        fit, [AvgStatsCallback([bias]), ProgressCallback()][:: -1 if first else 1]
    ).lines()
    found = [len(lines_with(lines, row)) for row in rows]
    assert_that(found == [1] * len(rows), "the lines that hold a row", lines, rows)


@law("ProgressCallback", "each row passed to `learn.logger` is printed as one line")
@given(st.integers(1, 3))
def test_a_logger_that_prints_adds_no_second_line(epochs):
    """With the learner's own logger, `print`, each row is on the screen once."""
    row = ["note", "one", "two", "three", "four", "five"]
    acts = {"begin_validate": lambda: learn.logger(row)}
    watch = watching(Callback, lambda event: acts.get(event, str)())
    learn = learner_of(LITTLE, [ProgressCallback(), AvgStatsCallback([bias]), watch], print)
    with terminal() as screen:
        learn.fit(epochs)
    found = [screen.getvalue().count(cell) for cell in ("train_bias", "valid_bias", "note", "five")]
    assert_same(found, [1, 1, epochs, epochs])


@law(
    "ProgressCallback",
    "During the fit, each row passed to `learn.logger` is printed as one line above the",
    "and prints its rows as a",
)
def test_rows_of_other_callbacks_are_in_the_table_too():
    """Whatever is logged in an epoch is printed before the next one, its cells as they are."""
    row, seen = ["note", "one", "two", "three", "four", "five"], []
    acts = {
        "begin_validate": lambda: learn.logger(row),
        "begin_epoch": lambda: seen.append(len(lines_with(screen.lines(), row))),
    }
    watch = watching(Callback, lambda event: acts.get(event, str)())
    learn = learner_of(LITTLE, [ProgressCallback(), AvgStatsCallback([bias]), watch], str)
    with terminal() as screen:
        learn.fit(2)
    assert_that(
        len(lines_with(screen.lines(), row)) == 2, "no such lines", screen.lines(), [row] * 2
    )
    assert_same(seen, [0, 1])


@law("ProgressCallback", "its cells in columns under those of the header", "`_order` is -1")
def test_the_cells_of_a_column_are_in_line():
    """In each column all cells begin, or end, at the same place as that of the header."""
    rows = logged(LITTLE, [AvgStatsCallback([bias])])
    lines = shown(LITTLE, [AvgStatsCallback([bias]), ProgressCallback()]).lines()
    table = [line for row in rows for line in lines_with(lines, row)]
    assert_that(len(table) == len(rows) and in_columns(table), "no columns", table, rows)


@law("ProgressCallback", "its cells in columns under those of the header")
def test_a_second_fit_has_columns_of_its_own():
    """In a fit whose header is wider than that of the fit before, the cells are in line too."""
    metric = NAMES["partial"]
    rows = logged(LITTLE, [AvgStatsCallback([metric])])
    learn = learner_of(LITTLE, [ProgressCallback()], str)
    with terminal():
        learn.fit(0, cbs=[AvgStatsCallback([])])
    with terminal() as screen:
        learn.fit(LITTLE.epochs, cbs=[AvgStatsCallback([metric])])
    table = [line for row in rows for line in lines_with(screen.lines(), row)]
    assert_that(len(table) == len(rows) and in_columns(table), "no columns", table, rows)


@law("ProgressCallback", "The old logger is restored after the fit, even after an error.")
@few
@given(fits)
def test_the_logger_is_restored_after_the_fit(fit):
    """learn.logger is the function that it was before, also if that is another in a second fit."""
    learn = learner_of(fit, [AvgStatsCallback([]), ProgressCallback()], str)
    for before in ([].append, [].append):
        learn.logger = before
        with terminal():
            learn.fit(fit.epochs)
        assert_that(learn.logger is before, "learn.logger after the fit", learn.logger, before)


@law("ProgressCallback", "The old logger is restored after the fit, even after an error.")
@few
@given(fits, events, errors)
def test_the_logger_is_restored_after_an_error(fit, event, kind):
    """A fit that fails or is cancelled leaves learn.logger unchanged, and rows reach it later."""
    trip = watching(Callback, Trip(event, 0, kind()))
    learn = learner_of(fit, [AvgStatsCallback([]), ProgressCallback(), trip], before := [].append)
    with terminal(), quiet(kind):
        learn.fit(fit.epochs)
    assert_that(learn.logger is before, "learn.logger after the fit", learn.logger, before)


@law("ProgressCallback", "One bar counts the epochs of the fit", "Shows progress bars while a fit")
@few
@given(fits, st.integers(1, 2))
def test_a_bar_counts_the_epochs(fit, count):
    """When a fit is over, one bar has counted `epochs` of `epochs`, in a second fit too."""
    long = LittleFit(**{**vars(fit), "epochs": 7})
    bars = shown(long, [AvgStatsCallback([]), ProgressCallback()], count).counts()
    assert_that(bars.count((7, 7)) == count, "count and total of bars", bars, [(7, 7)] * count)


def counts_of_bars(fit, event):
    """What each bar has counted, and of how many, each time that an event comes."""
    found, hear = [], {event: lambda: found.append(screen.counts())}
    watch = watching(Callback, lambda heard: hear.get(heard, str)(), order=10**6)
    learn = learner_of(fit, [AvgStatsCallback([]), ProgressCallback(), watch], str)
    with terminal() as screen:
        learn.fit(fit.epochs)
    return found


@law("ProgressCallback", "One bar counts the epochs of the fit")
def test_the_bar_of_epochs_moves_after_each_epoch():
    """After epoch e a bar has counted e + 1 of all epochs."""
    long = LittleFit(**{**vars(LITTLE), "epochs": 7})
    seen = counts_of_bars(long, "after_epoch")
    found = [(e + 1, 7) in bars for e, bars in enumerate(seen)]
    assert_that(
        found == [True] * 7, "count and total of bars", seen, [(e + 1, 7) for e in range(7)]
    )


@law("ProgressCallback", "another the batches of each pass, in training and in validation")
@few
@given(fits)
def test_a_bar_counts_the_batches_of_the_training(fit):
    """After training batch i of n, a bar has counted i + 1 of n, or of training and validation."""
    n, m = len(fit.train_sizes), len(fit.valid_sizes)
    after = [counts_of_bars(fit, "after_batch")[i :: n + m] for i in range(n)]
    found = [[has(bars, (i + 1, n), (i + 1, n + m)) for bars in o] for i, o in enumerate(after)]
    assert_that(found == [[True] * fit.epochs] * n, "count and total of bars", after, (n, n))


@law("ProgressCallback", "another the batches of each pass, in training and in validation")
@few
@given(fits)
def test_a_bar_counts_the_batches_of_the_validation(fit):
    """In every epoch, when the last validation batch is over, a bar has counted them all."""
    n, m = len(fit.train_sizes), len(fit.valid_sizes)
    after = counts_of_bars(fit, "after_batch")[n + m - 1 :: n + m]
    found = [has(bars, (m, m), (n + m, n + m)) for bars in after]
    assert_that(found == [True] * fit.epochs, "count and total of bars", after, (m, m))


def has(bars, *wanted):
    """Whether one of the bars has one of these counts and totals."""
    return any(bar in wanted for bar in bars)


@law(
    "ProgressCallback",
    "All of them are closed after the fit, even after an error.",
    "They are",
)
@few
@given(fits, st.sampled_from(["after_pred", "begin_validate", "after_epoch", "never"]), errors)
def test_no_bar_is_left_open(fit, event, kind):
    """After a fit, whole, failed or cancelled, each bar that was made is closed."""
    trip = watching(Callback, Trip(event, 0, kind()))
    learn = learner_of(fit, [AvgStatsCallback([]), ProgressCallback(), trip], str)
    with terminal() as screen, quiet(kind):
        learn.fit(fit.epochs)
    assert_that(len(screen.bars) >= 2, "bars that were made", len(screen.bars), 2)
    assert_same(screen.open_bars(), 0)


def table(path):
    """The cells of a CSV file."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file))


def csv_fit(fit, path="history.csv", metrics=(bias,), hear=str, others=()):
    """A learner with a CSVLogger, and the rows that its logger gets."""
    Path(path).unlink(missing_ok=True)
    rows, cbs = [], [*others, CSVLogger(path), AvgStatsCallback(list(metrics))]
    return learner_of(fit, [*cbs, watching(Callback, hear)], rows.append), rows


@law(
    "CSVLogger",
    "Writes every row that's passed to `learn.logger` to a CSV file as well.",
    "the file, a",
)
@few
@given(fits, st.sampled_from(["history.csv", Path("history.csv"), "My fits/Fit 0.1", "rows.txt"]))
def test_the_file_holds_the_rows_of_the_logger(fit, path):
    """The header and a row for each epoch, each cell in a column of its own."""
    learn, rows = csv_fit(fit, path)
    learn.fit(fit.epochs)
    assert_same(table(path), logged(fit, [AvgStatsCallback([bias])]))


@law("CSVLogger", "Writes every row that's passed to `learn.logger` to a CSV file as well.")
def test_rows_of_other_callbacks_are_in_the_file_too():
    """Whatever is logged in the fit is a line of the file."""
    row, hear = ["note", "by hand"], {"begin_validate": lambda: learn.logger(row)}
    learn, _ = csv_fit(LITTLE, hear=lambda event: hear.get(event, str)())
    learn.fit(2)
    assert_same(table("history.csv")[1::2], [row] * 2)


@law("CSVLogger", "The old logger still gets every row.", "Write one row, and pass it on.")
@few
@given(fits)
def test_the_logger_gets_its_rows_all_the_same(fit):
    """The same lists, in the same order, as without the file."""
    learn, rows = csv_fit(fit)
    learn.fit(fit.epochs)
    assert_same(rows, logged(fit, [AvgStatsCallback([bias])]))


@law("CSVLogger", "A spreadsheet reads back the same cells, whatever characters")
@given(st.sampled_from(['top 1, "strict"', "two\nlines", "größer als 0,5", " spaces ", ""]))
def test_cells_are_read_back_with_all_their_characters(text):
    """A comma, a quote, a new line or an accent makes neither a column nor a line more."""
    hear = {"begin_epoch": lambda: learn.logger(["0", text, "end"])}
    learn, _ = csv_fit(LITTLE, hear=lambda event: hear.get(event, str)())
    learn.fit(1)
    assert_same(table("history.csv")[1], ["0", text, "end"])


@law("CSVLogger", "Each row is on disk as soon as")
@few
@given(fits)
def test_a_row_is_on_the_disk_when_it_is_logged(fit):
    """When an epoch is over, the file has its row: a crash loses none of them."""
    found, note = [], lambda: found.append(len(table("history.csv")))
    learn, _ = csv_fit(fit, hear=lambda event: event == "after_epoch" and note())
    learn.fit(fit.epochs)
    assert_same(found, [2 + i for i in range(fit.epochs)])


@law(
    "CSVLogger", "Each row is on disk as soon as it's logged, so a crash doesn't lose any finished"
)
@few
@given(fits, st.integers(1, 3))
def test_after_an_error_the_file_has_the_epochs_before(fit, epochs):
    """The error comes out of the fit, and the finished epochs are in the file."""
    learn, rows = csv_fit(fit, hear=Trip("begin_epoch", epochs, ValueError("power cut")))
    with assert_raises(ValueError, "power cut"):
        learn.fit(epochs + 1)
    assert_same(table("history.csv"), logged(fit, [AvgStatsCallback([bias])], [epochs]))


@law("CSVLogger", "It is restored after the fit, even after an error")
@few
@given(fits, events, st.sampled_from([None, ValueError, CancelTrainException]))
def test_the_old_logger_is_back_after_the_fit(fit, event, kind):
    """learn.logger is the function that it was before, also if that is another in a second fit."""
    learn, _ = csv_fit(fit, hear=Trip(event, 0, kind()) if kind else str)
    for before in ([].append, [].append):
        learn.logger = before
        with quiet(ValueError):
            learn.fit(fit.epochs)
        assert_that(learn.logger is before, "learn.logger after the fit", learn.logger, before)


@law("CSVLogger", "after an error or with a")
@few
@given(fits, st.integers(1, 2))
def test_a_table_on_the_screen_and_a_file_work_together(fit, count):
    """Both have all rows, in every fit, and the old logger is back afterwards."""
    learn, _ = csv_fit(fit, others=[ProgressCallback()])
    before = learn.logger
    with terminal() as screen:
        for _ in range(count):
            learn.fit(fit.epochs)
    rows = table("history.csv")
    visible = [len(lines_with(screen.lines(), row)) >= 1 for row in rows]
    assert_that(learn.logger == before, "learn.logger after the fit", learn.logger, before)
    assert_same((len(rows), visible), (count * (fit.epochs + 1), [True] * len(rows)))


@law("CSVLogger", "Later fits append their rows.")
@few
@given(fits, st.integers(1, 2))
def test_a_second_fit_adds_its_rows(fit, epochs):
    """The file has the rows of both fits, in their order."""
    learn, rows = csv_fit(fit)
    learn.fit(fit.epochs)
    learn.fit(epochs)
    assert_same(table("history.csv"), logged(fit, [AvgStatsCallback([bias])], [fit.epochs, epochs]))


@law("CSVLogger", "The first fit with a CSVLogger replaces an old file.")
def test_a_file_of_an_older_run_is_replaced():
    """Nothing is left of it, even if it was longer."""
    learn, rows = csv_fit(LITTLE)
    Path("history.csv").write_text("old,row\n" * 99)
    learn.fit(LITTLE.epochs)
    assert_same(table("history.csv"), logged(LITTLE, [AvgStatsCallback([bias])]))


@law("CSVLogger", "The first fit with a CSVLogger replaces an old file.")
def test_a_file_that_was_there_before_the_logger_is_replaced_too():
    """An old file is replaced by the first fit of a CSVLogger that was made after it."""
    Path("history.csv").write_text("old,row\n" * 99)
    rows = []
    cbs = [CSVLogger("history.csv"), AvgStatsCallback([bias])]
    learner_of(LITTLE, cbs, rows.append).fit(1)
    assert_same(table("history.csv"), rows)


@law("CSVLogger", "its folder is made if it is missing")
@given(st.sampled_from(["runs/history.csv", Path("runs/of/today/history.csv")]))
def test_the_folder_of_the_file_is_made(path):
    """Also a folder in a folder; one that exists is fine."""
    for _ in range(2):
        learn, _ = csv_fit(LITTLE, path)
        learn.fit(1)
        assert_same(len(table(path)), 2)


@law("CSVLogger", "It is restored after the")
@few
@given(fits)
def test_a_file_given_to_one_fit_is_finished_with_it(fit):
    """A later fit without it adds nothing to the file."""
    learn = learner_of(fit, [AvgStatsCallback([])], str)
    learn.fit(fit.epochs, cbs=[CSVLogger("once.csv")])
    before = Path("once.csv").read_bytes()
    learn.fit(fit.epochs)
    assert_same(Path("once.csv").read_bytes(), before)


@law("CSVLogger", "the file, a str or a Path")
@few
@given(fits)
def test_two_files_share_nothing(fit):
    """Two learners with a file each write to their own."""
    learners = [csv_fit(fit, path)[0] for path in ("one.csv", "two.csv")]
    for i, learn in enumerate(learners):
        learn.fit(i + 1)
    assert_same([len(table(path)) for path in ("one.csv", "two.csv")], [2, 3])
