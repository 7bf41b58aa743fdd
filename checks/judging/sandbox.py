"""Sandbox: functions run in forked processes of their own, with limits, in an empty folder.

Whatever such a process does (exits, crashes, loops, floods its output, eats memory) ends that
process and is told; the one that started it continues. The parent must not have computed anything
with several threads before: a child forked from it would wait for threads that it does not have.
"""

import faulthandler
import itertools
import json
import os
import resource
import selectors
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from checks.judging.isolation import close_all_but, die_with_parent

KEPT_OUTPUT = 20_000
KEPT_EVENTS = 32 << 20
MARK = b"\x00output from here on\x00"
Emit = Callable[[dict[str, Any]], None]
Task = Callable[[Emit], None]


class Stopped(Exception):
    """What was running is not wanted any more, and has been ended."""


@dataclass(frozen=True)
class Limits:
    """What one process may use: seconds of computing, seconds in all, bytes beyond the start.

    disk   bytes that it may write, and the size of a file; None for as many as there is room for
    files  how many files its folder may hold, when `disk` says something
    """

    cpu: int = 20
    wall: float = 60.0
    memory: int = 4 << 30
    disk: int | None = None
    files: int = 5000


@dataclass
class Report:
    """What is known of a process that has ended."""

    events: list[dict[str, Any]] = field(default_factory=list)
    status: int = 0
    output: str = ""
    stack: str = ""
    timed_out: bool = False
    flooded: bool = False
    seconds: float = 0.0
    cpu: float = 0.0


def mark_output() -> None:
    """In a child: of the output, what comes after this call is what matters."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            stream.flush()
    os.write(1, MARK)


class _Child:
    """A running process and the parent's ends of its channels."""

    def __init__(self, task: Task, limits: Limits) -> None:
        self.limits, self.started = limits, time.monotonic()
        self.looked, self.flooded = self.started, False
        self.folder = tempfile.mkdtemp(prefix="katas-")
        # files and not pipes: they need no reader while the process runs
        self.events, told = _one_way()
        self.stack: IO[bytes] = tempfile.TemporaryFile()
        self.output = bytearray()
        self.read_end, write_end = os.pipe()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                die_with_parent(parent)
                self._become(task, write_end, told)
            finally:
                os._exit(70)
        os.close(write_end)
        os.close(told)
        os.set_blocking(self.read_end, False)

    def _become(self, task: Task, write_end: int, events: int) -> None:
        """The child's side; never returns."""
        os.setsid()  # so that whatever it starts ends with it
        null = os.open(os.devnull, os.O_RDONLY)
        for fd, place in ((null, 0), (write_end, 1), (write_end, 2)):
            os.dup2(fd, place)
        close_all_but((0, 1, 2, events, self.stack.fileno()))
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(0),
            os.fdopen(1, "w", buffering=1),
            os.fdopen(2, "w", buffering=1),
        )
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, signal.SIG_DFL)
        faulthandler.enable(self.stack, all_threads=False)
        for sign in (signal.SIGXCPU, signal.SIGUSR1):
            faulthandler.register(sign, self.stack, all_threads=False)
        os.chdir(self.folder)
        os.environ.update(HOME=self.folder, TMPDIR=self.folder)
        tempfile.tempdir = self.folder
        sys.dont_write_bytecode = True
        sys.breakpointhook = _no_terminal
        _limit(self.limits)

        def emit(event: dict[str, Any]) -> None:
            os.write(events, json.dumps(event).encode() + b"\n")

        try:
            task(emit)
        except BaseException as error:
            emit({"event": "broken", "message": f"{type(error).__name__}: {error}"})
        os._exit(0)

    def drain(self) -> bool:
        """Take in what was printed; False at its end."""
        try:
            piece = os.read(self.read_end, 1 << 20)
        except BlockingIOError:
            return True
        self.output += piece
        if (mark := self.output.rfind(MARK)) >= 0:
            del self.output[: mark + len(MARK)]
        if len(self.output) > 2 * KEPT_OUTPUT:  # the end may hold the beginning of a mark
            del self.output[KEPT_OUTPUT : -len(MARK)]
        return bool(piece)

    def finish(self, status: int, cpu: float = 0.0) -> Report:
        """What the process left, after its end; `cpu` is how long it computed."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        for _ in range(64):  # what is left in the pipe, though a process may still write to it
            if not self.drain():
                break
        os.close(self.read_end)
        remove(self.folder)
        seconds = time.monotonic() - self.started
        stack = _all_of(self.stack).decode(errors="replace")
        events = [o for line in _all_of(self.events).splitlines() if (o := _event(line))]
        signalled = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (
            signal.SIGKILL,
            signal.SIGXCPU,
        )
        output = bytes(self.output[:KEPT_OUTPUT]).decode(errors="replace")
        timed_out = signalled and bool(stack)
        code = os.waitstatus_to_exitcode(status)
        return Report(events, code, output, stack, timed_out, self.flooded, seconds, cpu)

    def overdue(self) -> bool:
        """Whether its time is over, or it has written more than it may."""
        now = time.monotonic()
        if self.limits.disk is not None and now - self.looked > 0.3:
            self.looked = now
            self.flooded = _is_flooded(self.folder, self.limits.disk, self.limits.files)
        return self.flooded or now - self.started > self.limits.wall

    def stop(self) -> None:
        """End the process for its time; it first writes down where it was."""
        os.kill(self.pid, signal.SIGUSR1)
        time.sleep(0.2)
        os.kill(self.pid, signal.SIGKILL)


def _no_terminal(*args: Any, **kwargs: Any) -> None:
    raise RuntimeError("no terminal here for breakpoint(): python -m checks debug NAME has one")


def _one_way() -> tuple[IO[bytes], int]:
    """A file to read, and a descriptor that only adds to it."""
    told, path = tempfile.mkstemp(prefix="katas-")
    os.close(told)
    try:
        return open(path, "rb"), os.open(path, os.O_WRONLY | os.O_APPEND)
    finally:
        os.unlink(path)


def _all_of(file: IO[bytes]) -> bytes:
    with file:
        file.seek(0)
        return file.read(KEPT_EVENTS)


def _event(line: bytes) -> dict[str, Any] | None:
    """What a line says; None for one that was cut off, or that no emit has written."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("event"), str) else None


def _is_flooded(folder: str, disk: int, files: int) -> bool:
    """Whether there is more in a folder than there may be."""
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        if len(place) > 1000:
            return True
        try:
            entries = list(itertools.islice(os.scandir(place), files + 1))
            sizes = [o.stat(follow_symlinks=False).st_size for o in entries]
        except FileNotFoundError:
            continue
        except OSError:  # a folder that cannot be entered
            return True
        disk, files = disk - sum(sizes), files - len(entries)
        if min(disk, files) < 0:
            return True
        waiting += [o.path for o in entries if o.is_dir(follow_symlinks=False)]
    return False


def remove(folder: str) -> None:
    """Remove a folder, however deep; what lies in it was made by others."""
    number = 0
    with suppress(OSError):
        while inner := [o.path for o in os.scandir(folder) if o.is_dir(follow_symlinks=False)]:
            for path in inner:  # its folders move up, so that no path grows too long
                os.chmod(path, 0o700)
                for entry in os.scandir(path):
                    if entry.is_dir(follow_symlinks=False):
                        number += 1
                        os.chmod(entry.path, 0o700)
                        os.rename(entry.path, os.path.join(folder, f"\x01{number}"))
                    else:
                        os.unlink(entry.path)
                os.rmdir(path)
    shutil.rmtree(folder, ignore_errors=True)


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    if limits.disk is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.disk, limits.disk))
        if sys.platform != "linux":  # there seccomp refuses processes, and threads may be
            resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # macOS: no such file, and the limit would not hold either
        return
    allowed = pages * resource.getpagesize() + limits.memory
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))


def run_all(
    tasks: Iterable[Task | None],
    limits: Limits = Limits(),
    workers: int | None = None,
    stop: Callable[[], bool] | None = None,
) -> Iterator[tuple[int, Report]]:
    """The index and the report of each task, as they end, `workers` at a time (default: cores).

    A task is asked for when there is room for it, so `tasks` may depend on the reports so far;
    None stands for none before another one has ended. `stop` is asked while tasks run; once it
    says yes they are ended, with everything that they have started, and Stopped is raised.
    """
    workers = workers or os.cpu_count() or 1
    waiting = enumerate(tasks)
    running: dict[int, tuple[int, _Child]] = {}
    with selectors.DefaultSelector() as selector:
        try:
            while True:
                for index, task in _take(waiting, workers - len(running)):
                    child = _Child(task, limits)
                    running[child.pid] = index, child
                    selector.register(child.read_end, selectors.EVENT_READ, child)
                if not running:
                    return
                if stop is not None and stop():
                    raise Stopped
                for key, _ in selector.select(timeout=0.01) if selector.get_map() else ():
                    if not key.data.drain():
                        selector.unregister(key.fd)
                yield from _ended(running, selector)
        finally:
            for _, child in running.values():
                os.kill(child.pid, signal.SIGKILL)
                os.waitpid(child.pid, 0)
                child.finish(0)


def _take(waiting: Iterator[tuple[int, Task | None]], count: int) -> Iterator[tuple[int, Task]]:
    for _ in range(count):
        index, task = next(waiting, (0, None))
        if task is None:
            return
        yield index, task


def _ended(
    running: dict[int, tuple[int, _Child]], selector: selectors.BaseSelector
) -> Iterator[tuple[int, Report]]:
    for pid, (index, child) in list(running.items()):
        if child.overdue():
            child.stop()
        done, status, used = os.wait4(pid, os.WNOHANG)
        if not done:
            continue
        del running[pid]
        if child.read_end in selector.get_map():
            selector.unregister(child.read_end)
        yield index, child.finish(status, used.ru_utime + used.ru_stime)
