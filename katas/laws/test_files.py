"""Laws of files: what every right answer keeps. You may write them before the answer.

`make laws kata=files` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_files.py` tries it on your own answer.
"""

from hypothesis import given
from hypothesis import strategies as st

from katas.files import get_files

# An example: take the signs away to try it.
#
# def test_a_hidden_file_is_left_out(tmp_path):
#     (tmp_path / "seen.jpg").touch()
#     (tmp_path / ".hidden.jpg").touch()
#     assert get_files(tmp_path, [".jpg"]) == [tmp_path / "seen.jpg"]


# get_files: A list of the files in the folder `path`, as Paths in any order.
