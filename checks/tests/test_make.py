"""What is written behind make arrives as it was written."""

import subprocess
import sys

import pytest

from checks.__main__ import plain
from checks.judging.curriculum import course

HARD = ["my data (1)", "a & b", "$HOME", 'it\'s "quoted"', "back\\slash", "a=b", "[x]*", "ä 日本"]


@pytest.mark.parametrize("value", HARD)
def test_a_value_keeps_its_characters(tmp_path, value):
    code = "from solutions.trainer.make import said_to_make; print(said_to_make())"
    (tmp_path / "Makefile").write_text(f"x:\n\t@{sys.executable} -c '{code}'\n")
    command = ["make", "-s", "-f", str(tmp_path / "Makefile"), "x", "PYTHON=p"]
    command += [f"data={value}", "size=64"]
    done = subprocess.run(command, cwd=course().root, capture_output=True, text=True)
    assert done.stdout.strip() == str([f"data={value}", "size=64"]), done.stderr


def test_names_and_options_are_read_from_pairs():
    said = ["check", "kata=setify, compose", "answers=my folder", "json=a.json", "yes=1", "x"]
    names = ["setify", "compose", "--answers", "my folder", "--json", "a.json", "--yes", "x"]
    assert plain(said) == ["check", *names]


def test_a_kata_is_found_by_the_path_of_its_file():
    assert course().find("katas/files.py") == course().find("files")
