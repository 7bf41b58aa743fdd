"""Watch: a save is judged at once, also while another text is judged; keys; terminals and pipes."""

import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.judging.curriculum import course
from checks.judging.sandbox import Stopped, run_all
from checks.learning.watch import Saves

RIGHT = "def setify(o):\n    return o if isinstance(o, set) else set(listify(o))\n"
WRONG = "def setify(o):\n    return set(o)\n"
ENDLESS = "def setify(o):\n    while True:\n        pass\n"
PATIENCE = 90  # seconds, on a machine with other things to do


class Screen:
    """`watch` in front of a terminal, or of pipes, with what it has written so far."""

    def __init__(self, fork, kind: str | None, columns: int = 60) -> None:
        self.file, self.told = fork.answers / "containers.py", ""
        command = [sys.executable, "-u", "-m", "checks.tests.watch_fork", str(fork.root)]
        env = {k: v for k, v in os.environ.items() if k not in ("MAKELEVEL", "NO_COLOR")}
        env |= {"PYTHONHASHSEED": "0", "TERM": kind or "dumb"}
        if kind is None:
            self.end, end = os.pipe()
            ends = {"stdin": subprocess.DEVNULL, "stdout": end, "stderr": end}
        else:
            self.end, end = os.openpty()
            termios.tcsetwinsize(end, (24, columns))
            self.before = termios.tcgetattr(end)
            command.append(os.ttyname(end))
            ends = {}
        self.kept = end
        self.process = subprocess.Popen(
            command, cwd=course().root, env=env, start_new_session=True, **ends
        )
        self.until("to end")

    def until(self, *parts: str) -> str:
        """Read on until all parts have come; what came since the last call."""
        told, over = "", time.monotonic() + PATIENCE
        while not all(part in told for part in parts):
            assert time.monotonic() < over, f"{parts} in {told!r}"
            if select.select([self.end], [], [], 1)[0]:
                told += os.read(self.end, 4096).decode()
        self.told += told
        return told

    def save(self, text: str) -> None:
        """Save the kata file."""
        self.file.write_text(text, encoding="utf-8")

    def press(self, key: str) -> None:
        """Type a key."""
        os.write(self.end, key.encode())

    def close(self, end: Callable[["Screen"], None]) -> int:
        """End it in some way; its exit status."""
        end(self)
        return self.process.wait(PATIENCE)

    def __enter__(self) -> "Screen":
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.end)
        os.close(self.kept)


def interrupt(screen: Screen) -> None:
    """Ctrl-C."""
    screen.process.send_signal(signal.SIGINT)


def test_laws_that_are_saved_are_judged(fork):
    (fork.answers / "laws").mkdir()
    with Screen(fork, None) as screen:
        text = (
            "from katas.containers import setify\ndef test_a():\n    assert setify('a') == {'a'}\n"
        )
        (fork.answers / "laws" / "test_containers.py").write_text(text)
        assert re.search(r"laws: caught \d of 6", screen.until("hint "))


def test_a_save_is_judged_at_once(fork):
    with Screen(fork, None) as screen:
        screen.save(WRONG)
        assert "containers.setify  red" in screen.until("next ")
        screen.save(RIGHT)
        screen.until("green: setify", "1 green")
        assert screen.close(interrupt) == 0
        assert "\x1b" not in screen.told and "judging" not in screen.told


def test_what_is_not_started_is_listed_once(fork):
    with Screen(fork, None) as screen:
        screen.save(WRONG)
        assert "not started: listify" in screen.until("1 red, 4 not started")
        screen.save(RIGHT)
        assert "not started: " not in screen.until("1 green, 4 not started")


def test_a_save_ends_the_check_of_the_older_text(fork):
    with Screen(fork, "xterm") as screen:
        screen.save(ENDLESS)
        screen.until("judging containers.setify")
        screen.save(RIGHT)
        told = screen.until("saved again", "1 green")
        assert "timeout" not in told and "didn't finish" not in told


def test_keys_say_what_to_do_next(fork):
    with Screen(fork, "xterm") as screen:
        screen.save(WRONG)
        screen.until("1 red", "q quit")
        screen.press("h")
        screen.until("containers.setify, hint 1 of 3", "q quit")
        screen.press("n")
        screen.until("containers.uniqueify", "q quit")
        screen.press("h")
        screen.until("containers.uniqueify, hint 1 of 3", "q quit")
        screen.press("\x1b[A")  # an arrow means nothing
        screen.press("l")
        screen.until("difficulty", "uniqueify", "minutes left", "q quit")
        screen.press("r")
        screen.until("1 red", "q quit")
        assert termios.tcgetattr(screen.kept)[3] != screen.before[3]
        assert screen.close(lambda o: o.press("q")) == 0
        assert termios.tcgetattr(screen.kept) == screen.before


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=str)
def test_the_terminal_is_left_as_we_found_it(fork, sign):
    with Screen(fork, "dumb") as screen:
        screen.save(ENDLESS)
        time.sleep(1)  # the check runs by now, or not yet: it must not matter
        assert screen.close(lambda o: o.process.send_signal(sign)) == 0
        assert termios.tcgetattr(screen.kept) == screen.before
        assert "\x1b[2K" not in screen.told


def test_a_pause_hands_the_terminal_back_and_takes_it_again(fork):
    with Screen(fork, "xterm") as screen:
        screen.until("q quit")
        screen.process.send_signal(signal.SIGTSTP)
        os.waitid(os.P_PID, screen.process.pid, os.WSTOPPED)
        assert termios.tcgetattr(screen.kept) == screen.before
        screen.process.send_signal(signal.SIGCONT)
        time.sleep(1)  # a key that comes before the terminal is taken waits for its line to end
        screen.press("n")
        screen.until("containers.listify", "q quit")


def test_what_is_stopped_is_ended_with_all_it_started(tmp_path):
    def task(emit) -> None:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        (tmp_path / "pid").write_text(str(child.pid))
        time.sleep(600)

    started = tmp_path / "pid"
    with pytest.raises(Stopped):
        list(run_all([task], stop=lambda: started.is_file() and bool(started.read_text())))
    child = Path("/proc") / started.read_text() / "stat"
    for _ in range(100):
        if not child.is_file() or child.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.1)
    raise AssertionError("its child still runs")


def test_a_file_that_is_no_kata_is_no_save(tmp_path):
    saves = Saves(tmp_path, {"containers"})
    for name in ("containers.1.py", "notes.py", "containers.py~"):
        (tmp_path / name).write_text("")
    (tmp_path / "containers.py").write_text("")
    for _ in range(100):
        saves.look()
        if saves.saved:
            break
    assert saves.saved == {"containers"}
    saves.saved.clear()
    saves.look()
    assert not saves.saved and saves.text("notes") == b"" and saves.text("files") is None
