"""Files and machines as they are: encodings, renamed and changed definitions, read-only folders."""

import os
import subprocess
import sys

import pytest

from checks.__main__ import main
from checks.judging.curriculum import course
from checks.tests.test_loop import RIGHT, answer


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + RIGHT.encode(),
        b"# -*- coding: latin-1 -*-\n# \xe9t\xe9\n" + RIGHT.encode("latin-1"),
        RIGHT.replace("\n", "\r\n").encode(),
    ],
    ids=["byte order mark", "coding cookie", "Windows' line ends"],
)
def test_a_file_is_read_as_python_reads_it(fork, data):
    (fork.answers / "containers.py").write_bytes(data)
    assert main(["check", "setify"], fork) == 0


def test_a_file_that_is_no_text_is_an_error_and_not_a_traceback(fork, capsys):
    (fork.answers / "containers.py").write_bytes(b"x = '\xff\xfe\x00'\n")
    assert main(["check", "setify"], fork) == 1
    assert "error" in capsys.readouterr().out


def test_a_renamed_function_is_met_with_its_name(fork, capsys):
    answer(fork, "\n" + RIGHT.replace("setify", "setfy"))
    main(["check", "containers"], fork)
    assert "`setfy` on line 2 looks like it" in capsys.readouterr().out


def test_a_given_block_that_was_changed_is_named(fork, capsys):
    text = "def plain_index(idx):\n    return 0\n\n\nclass ListContainer(list):\n    pass\n"
    answer(fork, f"{text}\n    def __len__(self):\n        return 0\n")
    main(["check", "ListContainer"], fork)
    assert "`plain_index` is given, and yours differs at line 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    "base, told", [("", True), ("(list)", False), ("(Whole)", False)], ids=["plain", "list", "own"]
)
def test_methods_that_are_not_there_yet_are_named(base, told, fork, capsys):
    text = "class Whole:\n    pass\n\n\nclass ListContainer{}:\n    __len__ = lambda self: 0\n"
    answer(fork, text.format(base))
    main(["check", "ListContainer"], fork)
    assert ("not written yet: `__init__`, `__getitem__`" in capsys.readouterr().out) == told


def test_one_syntax_error_is_told_once(fork, capsys):
    answer(fork, "def setify(o):\n    return (\n")
    main(["check", "containers"], fork)
    told = capsys.readouterr().out
    assert told.count("SyntaxError") == 1 and "for the same reason: setify" in told


@pytest.mark.parametrize("first", ["self.inner = nn.ReLU()", "self.leak = leak"])
def test_a_missing_call_of_super_is_named(fork, capsys, first):
    text = "from torch import nn\nclass GeneralRelu(nn.Module):\n"
    text += "    def __init__(self, leak=None, sub=None, maxv=None):\n"
    text += f"        {first}\n    def forward(self, x):\n        return x\n"
    answer(fork, text, "convnet")
    main(["check", "GeneralRelu"], fork)
    assert "doesn't call super().__init__()" in capsys.readouterr().out


def test_breakpoint_says_where_it_works(fork, capsys):
    answer(fork, RIGHT.replace("    return", "    breakpoint()\n    return"))
    main(["check", "setify"], fork)
    assert "checks debug" in capsys.readouterr().out


def test_debug_stops_in_the_answer(fork):
    answer(fork, "def setify(o):\n    found = set(o)\n    return found\n")
    code = "import sys; from pathlib import Path; from checks.__main__ import main\n"
    code += "from checks.judging.curriculum import Course\n"
    code += f"sys.exit(main(['debug', 'setify'], Course(Path({str(fork.root)!r}))))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=course().root,
        input="c\np o\nq\n",
        capture_output=True,
        text=True,
    )
    assert "found = set(o)" in done.stdout, done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_state_that_cannot_be_kept_is_a_warning(fork, capsys):
    fork.progress.mkdir()
    fork.progress.chmod(0o500)
    answer(fork, RIGHT)
    assert main(["check", "setify"], fork) == 0
    assert "progress isn't kept" in capsys.readouterr().err


def test_a_state_folder_that_is_a_file_is_a_warning(fork, capsys):
    fork.progress.write_text("")
    answer(fork, RIGHT)
    assert main(["check", "setify"], fork) == 0
    assert "progress isn't kept" in capsys.readouterr().err
