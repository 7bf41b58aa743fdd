"""Own laws: what a learner's file of laws holds, and what became of a law on one answer.

The process that reads such a file never runs it.
"""

import ast
import hashlib
import importlib
import linecache
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from hypothesis.errors import Flaky, HypothesisException, Unsatisfiable

from checks.judging.assembly import Assembly, Source, owners
from checks.judging.curriculum import Course, Definition, Kata
from checks.judging.disguise import ANSWER
from checks.judging.inside_hypothesis import is_generated, steady
from checks.judging.misconceptions import Endless, time_limit
from checks.judging.plain_pytest import UnknownFixture, calls_of
from checks.judging.sandbox import Emit
from checks.judging.trial import Calls, replay
from checks.judging.watchman import Watchman

SECONDS = 4.0  # of computing, for a law and an answer
TELLS = frozenset(
    """__code__ __doc__ __closure__ __globals__ getsource getsourcelines getsourcefile getfile
    getcomments getdoc findsource co_filename co_names co_consts co_code _getframe currentframe
    _current_frames get_objects get_referrers linecache""".split()
)
NONE, ANYTHING = "None", "anything"
STAND_INS = {
    NONE: (
        "def {name}(*args, **kwargs): return None",
        "class {name}:\n def __init__(*a, **k): 0\n __getattr__ = lambda self, n: lambda *a: None",
    ),
    ANYTHING: ("def {name}(*args, **kwargs): return Anything()", "class {name}(Anything): 0"),
}
SAYS_YES = "self, *a: self"
ANYTHING_AT_ALL = f"""
class Anything:
    def __init__(self, *args, **kwargs): pass
    def __call__(self, *args, **kwargs): return self
    def __getattr__(self, name):
        if name[:2] == "__": raise AttributeError(name)
        return self
    __len__ = __int__ = __index__ = __hash__ = lambda self: 0
    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = lambda self, *a: True
    __contains__ = __instancecheck__ = __bool__
    __float__ = lambda self: 0.0
    __iter__ = lambda self: iter(())
    __exit__ = lambda self, *a: None
    __enter__ = __getitem__ = __setitem__ = __delitem__ = lambda {SAYS_YES}
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = lambda {SAYS_YES}
    __truediv__ = __rtruediv__ = __pow__ = __neg__ = __abs__ = __or__ = __and__ = lambda {SAYS_YES}
"""


@dataclass(frozen=True)
class OwnLaw:
    """A test function; `exercise` is the one it is about, `key` a hash of all that it stands on."""

    name: str
    line: int
    exercise: str | None
    key: str
    problem: str | None = None


class LawFile:
    """The laws of a learner for one kata."""

    def __init__(self, kata: Kata, path: str, text: str) -> None:
        """Raises SyntaxError where `text` isn't Python."""
        self.kata, self.source = kata, Source(path, text)
        self.source.codes  # noqa: B018 - some errors of syntax only show when compiled
        self.alias: dict[str, str] = {}
        for node in (o for top in self.source.body for o in ast.walk(top)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.alias |= {o.asname: o.name for o in node.names if o.asname}

    @cached_property
    def laws(self) -> list[OwnLaw]:
        """The test functions, in their order."""
        found = {o.name: o for o in self.source.body if isinstance(o, Definition)}
        return [self._law(o) for n, o in found.items() if n.startswith("test")]

    @property
    def in_classes(self) -> list[str]:
        """Names of classes of tests, which aren't read."""
        classes = [o.name for o in self.source.body if isinstance(o, ast.ClassDef)]
        return [o for o in classes if o.startswith("Test")]

    def _law(self, node: Definition) -> OwnLaw:
        needed = self._needed(node)
        used = set().union(*map(self._names, needed))
        used |= set() if used & set(self.kata.exercises) else set().union(*map(_texts, needed))
        named = [e for e in self.kata.exercises if e in used]
        section = self._section(node.lineno)
        own = [e for e in named if e in self._names(node)] or named
        exercise = section if section in named else next(iter(own[::-1]), None)
        loose = [o for o in self.source.body if not owners(o)]
        text = "\n".join(ast.dump(o) for o in [*loose, *needed])
        key = hashlib.sha256(f"{node.name}\n{text}".encode()).hexdigest()
        tells = sorted(set().union(used, *map(_texts, needed)) & TELLS)
        problem = f"it reads code (`{tells[0]}`), and not what the code does" if tells else None
        if exercise in self.source.names:
            problem = f"it judges the file's own `{exercise}`"
        return OwnLaw(node.name, node.lineno, exercise, key, _never_runs(node) or problem)

    def _needed(self, node: Definition) -> list[ast.stmt]:
        """A law and the helpers, strategies and constants that it stands on, in their order."""
        waiting: list[ast.stmt] = [node]
        found: list[ast.stmt] = []
        while waiting:
            one = waiting.pop()
            found.append(one)
            names = self._names(one)
            for other, own in zip(self.source.body, self.source.owners, strict=True):
                if own & names and other not in found and other not in waiting:
                    waiting.append(other)
        return [o for o in self.source.body if o in found]

    def _names(self, node: ast.stmt) -> set[str]:
        """The names in a statement, those of parameters and attributes too, without aliases."""
        found = {o.id for o in ast.walk(node) if isinstance(o, ast.Name)}
        found |= {o.attr for o in ast.walk(node) if isinstance(o, ast.Attribute)}
        found |= {o.arg for o in ast.walk(node) if isinstance(o, ast.arg)}
        return found | {self.alias[o] for o in found if o in self.alias}

    def _section(self, line: int) -> str | None:
        """The exercise that the last comment above a line is called after."""
        for text in reversed(self.source.text.splitlines()[: line - 1]):
            words = text.strip("#-=: ").split()
            if text.startswith("#") and words and words[0].strip("`:") in self.kata.exercises:
                return words[0].strip("`:")
        return None


def _texts(node: ast.stmt) -> set[str]:
    """The strings in a statement, docstrings aside."""
    return {o.value for o in ast.walk(node) if isinstance(o, ast.Constant) and type(o.value) is str}


def _never_runs(node: Definition) -> str | None:
    if isinstance(node, ast.AsyncFunctionDef):
        return "it never runs: it's async"
    inner = {id(o) for f in ast.walk(node) if f is not node and _is_scope(f) for o in ast.walk(f)}
    if any(isinstance(o, ast.Yield | ast.YieldFrom) and id(o) not in inner for o in ast.walk(node)):
        return "it never runs: it has a `yield`"
    marks = " ".join(map(ast.unparse, node.decorator_list))
    return "it never runs: it's marked to be skipped" if ".skip" in marks else None


def _is_scope(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def stand_in(kata: Kata, exercise: str, kind: str) -> Source:
    """An answer that returns None, or something that everything can be done with."""
    is_class = isinstance(Source.read(kata.path).definition(exercise), ast.ClassDef)
    text = STAND_INS[kind][is_class].format(name=exercise)
    return Source(ANSWER, "", ast.parse(ANYTHING_AT_ALL + text).body)


@dataclass(frozen=True)
class Task:
    """Laws to be tried on an answer, up to the first that fails in a way that `until` has.

    With `calls` the smallest failing call is told.
    """

    answer: str
    source: Source
    laws: Sequence[OwnLaw]
    until: Mapping[str, Collection[str]] = field(default_factory=dict)
    calls: bool = False


def try_laws(
    course: Course, kata: str, exercise: str, file: Source, tasks: Sequence[Task], emit: Emit
) -> None:
    """Try laws on answers, one after the other, and tell each outcome.

    `holds`, `fails` (in the law), `raises` (the answer itself did), or why it says nothing.
    """
    sys.modules["solutions"] = None  # type: ignore[assignment]  # the reference is no oracle
    lines = file.text.splitlines(keepends=True)
    linecache.cache[file.path] = len(file.text), None, lines, file.path  # the same text anywhere
    os.urandom = lambda n: bytes(range(n % 256)).ljust(n, b"\0")  # type: ignore[assignment]
    random._urandom = os.urandom  # type: ignore[attr-defined]
    time.sleep = partial(_sleep, time.sleep)
    watchman, slow, hopeless = Watchman(file.path), Counter[str](), set[str]()
    for task in tasks:
        told: dict[str, Any] = {"event": "outcome", "answer": task.answer}
        Assembly(course, {kata: task.source}, lambda k, e: (k, e) == (kata, exercise)).install()
        try:
            answer = vars(importlib.import_module(f"katas.{kata}"))[exercise]
            if isinstance(answer, FunctionType):
                answer.__name__ = answer.__qualname__ = exercise
            module = _loaded(kata, file)
        except BaseException as error:
            why = f"{type(error).__name__}: {error}"[:300]
            for law in task.laws:
                found = "broken" if task.calls else _kind(error, file.path)
                emit({**told, "law": law.key, "is": found, "why": why})
            continue
        for law in task.laws:
            if law.name in hopeless or slow[task.answer] > 1:  # it would be slow once more
                continue
            emit({"event": "law", "answer": task.answer, "law": law.key})
            watchman.begin()
            test = vars(module).get(law.name)
            found, raised = _outcome(test, module, file.path, 3 if task.calls else 1)
            call = None
            if task.calls and found in ("fails", "raises") and not watchman.seen:
                call = _smallest(test, module, exercise)
            why = f"{type(raised).__name__}: {raised}".rstrip(": ")[:300] if raised else ""
            why = why.removeprefix("AssertionError: ")
            if watchman.seen:
                found, why = "outside", watchman.seen
            slow[task.answer] += found == "slow"
            hopeless |= {law.name} if found == "slow" and task.calls else set()
            emit({**told, "law": law.key, "is": found, "why": why, "call": call})
            if watchman.happened or found == "outside":
                os._exit(0)  # nothing after it can be trusted
            if found in task.until.get(law.key, ()):
                break


def _sleep(sleep: Callable[[float], None], seconds: float) -> None:
    """A nap, and no night's rest."""
    if seconds > 1:
        raise Endless
    sleep(seconds)


def _loaded(kata: str, file: Source) -> ModuleType:
    """The file of laws, freshly executed: its exercises are those of the assembly."""
    module = ModuleType(f"checks.laws_of_{kata}")
    module.__file__ = file.path
    if file.builtins is not None:
        vars(module).update(__builtins__=file.builtins, __loader__=None, __spec__=None)
    sys.modules[module.__name__] = module
    for code in file.codes if file.builtins is not None else [_with_values(file)]:
        exec(code, vars(module))
    return module


def _with_values(file: Source) -> CodeType:
    """The file as pytest compiles it: an assertion that fails says both values."""
    from _pytest.assertion.rewrite import rewrite_asserts

    module = ast.parse(file.text, file.path)
    rewrite_asserts(module, file.text.encode(), file.path)
    return compile(module, file.path, "exec", dont_inherit=True)


def _outcome(
    law: Any, module: ModuleType, path: str, times: int
) -> tuple[str, BaseException | None]:
    """What became of a law; a failure must come twice, and what holds must hold as often."""
    found = [_once(law, module, path)]
    if is_generated(law) or found[0][0] not in ("holds", "fails", "raises"):
        return found[0]
    found += [_once(law, module, path) for _ in range(1 if found[0][1] else times - 1)]
    return found[0] if len({kind for kind, _ in found}) == 1 else ("flaky", None)


def _once(law: Any, module: ModuleType, path: str) -> tuple[str, BaseException | None]:
    """One run of a law; what even its time limit can't end ends the process."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, 2 * SECONDS)
    try:
        with time_limit(SECONDS):
            for call in calls_of(law, module):
                steady(law, False)
                Calls(lambda: None).run(call)
    except BaseException as error:
        return _kind(error, path), error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return "holds", None


def _kind(error: BaseException, path: str) -> str:
    """What an error in a law says about the law and the answer."""
    named = type(error).__name__
    if isinstance(error, Endless):
        return "slow"
    if isinstance(error, Unsatisfiable):
        return "no input"
    if isinstance(error, Flaky):
        return "flaky"
    if isinstance(error, HypothesisException | UnknownFixture):
        return "broken"
    if named in ("Skipped", "XFailed"):
        return "skipped"
    places = [_place(o, path) for o in _chain(error)]
    if isinstance(error, SystemExit | KeyboardInterrupt) and ANSWER not in places:
        return "ends"
    return "raises" if ANSWER in places else "fails"


def _chain(error: BaseException) -> list[BaseException]:
    """An error and those while which it was raised."""
    found: list[BaseException] = []
    now: BaseException | None = error
    while now is not None and now not in found:
        found.append(now)
        now = now.__cause__ or now.__context__
    return found


def _place(error: BaseException, path: str) -> str:
    """Where an error was raised: in the law or in the answer, whatever these called."""
    files = [f.f_code.co_filename for f, _ in traceback.walk_tb(error.__traceback__)]
    return next((o for o in reversed(files) if o in (path, ANSWER)), path)


def _smallest(law: Any, module: ModuleType, exercise: str) -> str | None:
    """The calls of the exercise in the smallest failing call, else the arguments of the law."""
    steady(law, True)
    with suppress(UnknownFixture):
        for call in calls_of(law, module):
            calls, found = Calls(lambda: None), None
            try:
                calls.run(call)
                continue
            except BaseException:
                drawn = [f"{name} = {value}" for name, value in calls.arguments.items()]
            if exercise in vars(module):
                found = replay(call, calls.choices, module, exercise)[0]
            is_plain = found and "<" not in found and "lambda" not in found
            is_whole = is_plain and isinstance(vars(module)[exercise], FunctionType)
            lines = [o for o in [found if is_plain or not drawn else None] if o]
            return "\n".join(lines if is_whole else [*lines, *drawn]) or None
    return None


def read_laws(course: Course, kata: str, path: Path) -> LawFile | SyntaxError | None:
    """A file of laws; the error that keeps it from being read, or None for no file."""
    try:
        return LawFile(course.katas[kata], str(path), path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        return error
    except (OSError, ValueError):
        return None
