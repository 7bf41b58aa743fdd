"""Scenes: each plays with the reference, and a red answer is drawn next to the wanted one."""

import importlib
import os
import pty
import sys
import termios
from contextlib import suppress

import pytest
from PIL import Image

from checks.judging.curriculum import course
from checks.judging.stage import _curve, _played, _sheet
from checks.words.scenes import CHANCE, SCENES, card


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_plays_with_the_reference(name):
    kata, exercise = name.split(".")
    assert exercise in course().katas[kata].exercises
    reference = getattr(importlib.import_module(f"solutions.{kata}"), exercise)
    found, again = (_played(SCENES[name], reference) for _ in range(2))
    assert found and None not in found
    assert [getattr(o, "tobytes", lambda o=o: o)() for o in found] == [
        getattr(o, "tobytes", lambda o=o: o)() for o in again
    ]


def test_scenes_of_chance_are_scenes():
    assert CHANCE <= SCENES.keys()


def test_a_sheet_shows_got_wanted_and_difference():
    sheet = _sheet("augment.warp", [card()], [card().rotate(90)], False)
    assert sheet.width == 3 * 202 + 12 and len(set(sheet.convert("L").tobytes())) > 5


def test_a_curve_says_where_the_first_difference_is():
    assert _curve("schedules.sched_lin", [0.0, 1.0, 2.0], [0.0, 1.0, 1.0]).size == (560, 260)


def test_a_red_answer_brings_its_scene(tmp_path, judge):
    text = "def sched_lin(start, end):\n    return lambda pos: end + pos * (start - end)\n"
    (tmp_path / "schedules.py").write_text(text)
    picture = judge("schedules.sched_lin", tmp_path).picture
    assert picture and Image.open(picture).size == (560, 260)


SIXEL, PLAIN = b"\x1b[?62;4c", b"\x1b[?62c"  # what a terminal answers when asked what it is


@pytest.mark.parametrize("kind", ["sixel", "kitty", "plain", "turned off"])
def test_a_terminal_shows_what_it_can(kind, tmp_path):
    card().save(tmp_path / "card.png")
    pid, terminal = pty.fork()
    if not pid:
        os.environ |= {"TERM": "xterm"} | ({"NO_PICTURES": "1"} if kind == "turned off" else {})
        code = f"show_inline({str(tmp_path / 'card.png')!r}); print('end')"
        code = f"from checks.learning.inline import show_inline; {code}"
        os.execv(sys.executable, [sys.executable, "-c", code])
    termios.tcsetwinsize(terminal, (40, 80))
    said = b""
    with suppress(OSError):  # Linux ends a terminal that nobody writes to with an error
        while chunk := os.read(terminal, 4096):
            said += chunk
            if chunk.endswith(b"\x1b[c"):
                os.write(terminal, SIXEL if kind == "sixel" else PLAIN)
            elif kind == "kitty" and b"a=q" in chunk:
                os.write(terminal, b"\x1b_Gi=1;OK\x1b\\")
            elif chunk.endswith(b"\x1b[16t"):
                os.write(terminal, b"\x1b[6;20;10t")
    assert os.waitpid(pid, 0)[1] == 0 and said.rstrip().endswith(b"end")
    assert (b"\x1bP0" in said) == (kind == "sixel"), "pixels in sixel"
    assert (b"U=1" in said) == (kind == "kitty"), "a placement in kitty's own form"
    assert (b"\x1b" in said) == (kind != "turned off"), "turned off it isn't even asked"
