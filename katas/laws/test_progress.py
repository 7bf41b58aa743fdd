"""Laws of progress: what every right answer keeps. You may write them before the answer.

`make laws kata=progress` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_progress.py` tries it on your own answer.
"""

import csv
import tempfile
from pathlib import Path
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from katas.progress import AvgStatsCallback, CSVLogger, ProgressCallback

# An example: take the signs away to try it.
#
# @given(st.lists(st.text("abc,; é", min_size=1), min_size=1))
# def test_a_spreadsheet_reads_the_same_cells(row):
#     with tempfile.TemporaryDirectory() as folder:
#         logger = CSVLogger(f"{folder}/history.csv")
#         learn = SimpleNamespace(logger=lambda row: None)
#         logger.set_runner(learn)
#         logger.begin_fit()
#         learn.logger(row)
#         text = Path(folder, "history.csv").read_text(encoding="utf-8-sig")
#     assert list(csv.reader(text.splitlines()))[0] == row


# AvgStatsCallback: Logs a header when a fit begins, and a row after each epoch.


# ProgressCallback: Shows progress bars while a fit runs, and prints its rows as a table.


# CSVLogger: Writes every row that's passed to `learn.logger` to a CSV file as well.
