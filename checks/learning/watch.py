"""Watch: judge each file when it is saved; between verdicts single keys say what to do next."""

import os
import re
import select
import signal
import sys
import termios
import time
import tty
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from checks.judging.curriculum import Course, Exercise
from checks.judging.judge import Job, jobs_for, warm
from checks.judging.sandbox import Stopped
from checks.judging.verdict import Verdict, print_lines, short
from checks.learning import loop
from checks.learning.inline import in_front
from checks.learning.laws_told import changed, tell_laws
from checks.learning.memory import Memory

KEYS = {"h": "hint", "n": "next", "l": "list", "r": "run again", "q": "quit"}
ESCAPES = re.compile(r"\x1b(\[[0-9;?]*.|O.|.)?")  # arrows and the like, which mean nothing
LOOK_EVERY = 0.1


class Keys:
    """Single keys, read without waiting; none where this is not in front of a terminal."""

    def __init__(self) -> None:
        self.usual: list[Any] | None = None  # how the terminal was set before
        self.handlers: dict[int, Any] = {}

    def __enter__(self) -> "Keys":
        self.take()
        if self.usual is not None:
            # a terminal is left as we found it, also when we are paused or ended by a signal
            for sign, handler in (
                (signal.SIGTSTP, self._pause),
                (signal.SIGTERM, signal.default_int_handler),
                (signal.SIGHUP, signal.default_int_handler),
            ):
                self.handlers[sign] = signal.signal(sign, handler)
        return self

    def __exit__(self, *error: Any) -> None:
        self._leave()
        for sign, handler in self.handlers.items():
            signal.signal(sign, handler)

    def take(self) -> None:
        """Have keys come one by one and unseen."""
        if in_front():
            self.usual = self.usual or termios.tcgetattr(0)
            tty.setcbreak(0, termios.TCSANOW)

    def _leave(self) -> None:
        if self.usual is not None and in_front():
            termios.tcsetattr(0, termios.TCSADRAIN, self.usual)

    def _pause(self, *signalled: Any) -> None:
        self._leave()
        os.kill(os.getpid(), signal.SIGSTOP)

    def pressed(self) -> str:
        """The key that was pressed since the last look, or nothing."""
        if self.usual is None or not in_front():
            return ""
        if termios.tcgetattr(0)[3] & termios.ICANON:  # we come back from a pause
            self.take()
        if not select.select([0], [], [], 0)[0]:
            return ""
        try:
            typed = os.read(0, 64).decode(errors="replace")
        except OSError:
            return ""
        return ESCAPES.sub("", typed)[:1]


class Saves:
    """The kata files, and files of laws, that were saved since they were last taken: no threads."""

    def __init__(self, folder: Path, katas: set[str]) -> None:
        from watchfiles import watch as changes

        self.folder, self.katas, self.saved = folder, katas, set[str]()
        self.laws = set[str]()
        places = [folder, *[o for o in [folder / "laws"] if o.is_dir()]]
        # an editor writes a file in several steps: a save is over when 20 ms were quiet
        quiet: dict[str, Any] = {"step": 20, "debounce": 400, "recursive": False}
        quiet |= {"rust_timeout": 1, "yield_on_timeout": True, "raise_interrupt": True}
        self._changes = changes(*places, **quiet)
        self.look()

    def look(self) -> None:
        """Take in what was saved; it waits for at most a moment."""
        files = {Path(path) for _, path in next(self._changes)}
        files = {o for o in files if o.suffix == ".py"}
        self.saved |= {o.stem for o in files if o.parent.name != "laws"} & self.katas
        laws = {o.stem.removeprefix("test_") for o in files if o.parent.name == "laws"}
        self.laws |= laws & self.katas

    def text(self, kata: str) -> bytes | None:
        """What a file holds now; None where it is missing."""
        try:
            return (self.folder / f"{kata}.py").read_bytes()
        except OSError:
            return None


class Watch:
    """What is judged, what was told, and the exercise that a key is about."""

    def __init__(self, course: Course, memory: Memory, names: Sequence[str], keys: Keys) -> None:
        self.course, self.memory, self.names, self.keys = course, memory, names, keys
        self.wanted = course.select(names)
        self.saves = Saves(course.answers, {kata for kata, _ in self.wanted})
        self.told_missing: set[str] = set()
        self.judged: dict[str, bytes | None] = {}
        self.focus: Exercise | None = None
        self.key, self.looked = "", 0.0

    def run(self) -> None:
        """Wait for saves and keys, until it is time to quit."""
        keys = {"h": self.hint, "n": self.next, "l": self.list, "r": self.again}
        self.offer()
        while self.key != "q":
            act, self.key = keys.get(self.key), ""
            try:
                if act is not None:
                    act()
                    self.offer()
                self.saves.look()
                if self.saves.saved:
                    self.judge(("green",))
                    self.offer()
                if self.saves.laws:
                    self.judge_laws()
                    self.offer()
            except Stopped:
                if self.key != "q":
                    print_lines([("dim", "saved again: the new text is judged")])
            self.key = self.key or self.keys.pressed()

    def offer(self) -> None:
        """Say which keys there are, where they are read."""
        if self.keys.usual is not None:
            print_lines([("dim", "  ".join(f"{key} {what}" for key, what in KEYS.items()))])
        sys.stdout.flush()

    def judge(self, reuse: Sequence[str] = ()) -> None:
        """Judge the files that were saved; those of a check that is stopped remain saved."""
        newest = self.saves.saved
        self.judged = {kata: self.saves.text(kata) for kata in newest}
        jobs = self.jobs(newest)
        try:
            self.told(
                loop.check(self.course, self.memory, jobs, reuse, self.told_missing, self.stop)
            )
            self.saves.look()
        finally:
            # a file that was saved unchanged meanwhile, or put back, has its verdict
            same = {o for o in newest if self.saves.text(o) in (None, self.judged[o])}
            ended = sys.exc_info()[0] is None
            self.saves.saved = self.saves.saved - same if ended else self.saves.saved | newest

    def judge_laws(self) -> None:
        """Judge the laws that were saved, and changed; keys are about the first that is open."""
        newest, self.saves.laws = self.saves.laws, set()
        wanted = [o for o in self.wanted if o[0] in newest]
        self.judged = {kata: self.saves.text(kata) for kata in newest}
        try:
            found = tell_laws(self.course, self.memory, changed(self.course, self.memory, wanted),
                              stop=lambda: self.stop() or bool(self.saves.laws))  # fmt: skip
        except Stopped:
            self.saves.laws |= newest
            raise
        for laws in [o for o in found if o.status == "open"][:1]:
            self.focus = laws.kata, laws.exercise

    def told(self, verdicts: Sequence[Verdict]) -> None:
        """Keys are about the first failure, else about what is to be written next."""
        failed = [v for v in verdicts if v.status not in ("green", "missing")]
        waiting = [v for v in verdicts if v.status == "missing"]
        first = next(iter([*failed, *waiting]), None)
        self.focus = (first.kata, first.exercise) if first else None

    def stop(self) -> bool:
        """Whether what is being judged is old by now, or its reader wants to leave."""
        if time.monotonic() - self.looked < LOOK_EVERY:
            return False
        self.saves.look()
        self.key = self.key or self.keys.pressed()
        self.looked = time.monotonic()
        now = {kata: self.saves.text(kata) for kata in self.saves.saved}
        is_new = any(o is not None and o != self.judged.get(kata) for kata, o in now.items())
        return self.key == "q" or is_new

    def jobs(self, katas: set[str]) -> list[Job]:
        """What is watched of these katas, with the answers as they are now."""
        wanted = [exercise for exercise in self.wanted if exercise[0] in katas]
        return jobs_for(self.course, wanted, self.course.answers)

    def open(self) -> list[Exercise]:
        """What is watched and not known to be green."""
        return loop.open_exercises(self.course, self.memory, self.wanted)

    def hint(self) -> None:
        """A hint for the exercise that keys are about."""
        self.focus = self.focus or next(iter(self.open()), None)
        if self.focus is not None:
            loop.hint(self.course, self.memory, self.focus)

    def next(self) -> None:
        """Lead to the next exercise that is not green."""
        open_ = self.open()
        if not open_:
            print_lines(loop.lead_on(self.course, self.memory))
            return
        place = self.wanted.index(self.focus) if self.focus in self.wanted else -1
        later = [o for o in open_ if self.wanted.index(o) > place]
        self.focus = (later or open_)[0]
        found = Verdict(*self.focus, "missing")
        print_lines([("bold", found.name), *loop.start(self.course, found)])

    def list(self) -> None:
        """The board."""
        self.judged = {kata: self.saves.text(kata) for kata in self.saves.katas}
        katas = self.saves.katas
        names = list(katas) if len(katas) == 1 else []
        loop.progress(self.course, self.memory, names, self.stop)

    def again(self) -> None:
        """Judge once more what was judged last, or everything that is watched."""
        self.saves.saved |= self.judged.keys() or self.saves.katas
        self.judge()


def watch(course: Course, memory: Memory, names: Sequence[str]) -> int:
    """Judge every save at once, until it is interrupted."""
    wanted = course.select(names)
    warm(course, [Job(kata, exercise, None) for kata, exercise in wanted])
    with Keys() as keys:
        try:
            watching = Watch(course, memory, names, keys)
            end = "q" if keys.usual is not None else "Ctrl-C"
            print(f"watching {short(course.answers)}: save a file to see its verdict, {end} to end")
            watching.run()
        except KeyboardInterrupt:
            print()
    return 0
