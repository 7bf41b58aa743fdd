"""Watchman: sees what a law does besides calling an answer, by Python's own audit events.

Reading code, looking at frames, writing outside its folder, starting or ending processes, and
putting other functions into the katas: after any of it a law says nothing about an answer.
"""

import builtins
import os
import sys
from collections.abc import Iterator
from types import FunctionType
from typing import Any

CODE = ("__code__", "__closure__", "__globals__", "f_code", "tb_frame", "gi_frame", "gi_code")
FRAMES = ("sys._getframe", "sys._current_frames", "gc.get_objects", "gc.get_referrers")
PROCESSES = ("os.kill", "os.killpg", "os.system", "os.exec", "os.posix_spawn", "subprocess.Popen")
CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.chmod", "shutil.rmtree")


class Watchman:
    """Looks at one file's code from now on; `seen` is what it has done, or nothing."""

    def __init__(self, path: str) -> None:
        self.path, self.folder = path, os.path.realpath(os.getcwd())
        self.happened, self.busy, self.before = "", False, dict[str, int]()
        sys.addaudithook(self._hear)

    def begin(self) -> None:
        """What happens from now on counts."""
        self.happened, self.before = "", dict(_parts())

    @property
    def seen(self) -> str:
        """What has happened since, in words."""
        if not self.happened and dict(_parts()) != self.before:
            return "it changes what it judges"
        return self.happened

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if self.busy or self.happened:
            return
        self.busy = True
        try:
            if event in FRAMES or (event == "object.__getattr__" and args[1] in CODE):
                if self._asked_by_the_law():
                    self.happened = "it reads code or frames, and not what the code does"
            elif (event == "open" and self._writes(args)) or event in CHANGES:
                if not self._is_inside(args[0]) and self._asked_by_the_law():
                    self.happened = "it changes files outside its folder"
            elif event in PROCESSES and self._asked_by_the_law():
                self.happened = "it starts or ends processes"
        finally:
            self.busy = False

    def _asked_by_the_law(self) -> bool:
        """Whether the law does it, itself or by the standard library; `inspect.signature` may."""
        frame: Any = sys._getframe(2)
        while frame is not None and _is_python(frame.f_globals.get("__name__", "")):
            if frame.f_code.co_name == "signature":
                return False
            frame = frame.f_back
        return frame is not None and frame.f_code.co_filename == self.path

    def _writes(self, args: tuple[Any, ...]) -> bool:
        flags = args[2] if isinstance(args[2], int) else 0
        return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))

    def _is_inside(self, path: Any) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return True  # a descriptor, which was opened before
        place = os.path.realpath(os.fsdecode(path))
        return place.startswith((self.folder, "/dev/"))


def _parts() -> Iterator[tuple[str, int]]:
    """The functions and classes of the katas and of Python itself, by their places."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] != "katas":
            continue
        for key, value in list(vars(module).items()):
            if isinstance(value, FunctionType | type):
                yield f"{name}.{key}", id(value)
            if isinstance(value, type) and value.__module__ == name:
                yield from ((f"{name}.{key}.{k}", id(o)) for k, o in _methods(value))
            elif isinstance(value, FunctionType):
                yield f"{name}.{key}()", id(value.__code__)
    yield "os.environ", hash(tuple(sorted(os.environ.items())))
    yield from ((f"builtins.{k}", id(o)) for k, o in vars(builtins).items() if k != "_")


def _is_python(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def _methods(cls: type) -> list[tuple[str, FunctionType]]:
    return [(k, o) for k, o in list(vars(cls).items()) if isinstance(o, FunctionType)]
