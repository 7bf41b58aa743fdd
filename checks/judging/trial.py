"""Trial: the laws of one exercise, run against one answer, in the process that calls it."""

import ast
import functools
import importlib
import inspect
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from hypothesis import settings
from hypothesis.errors import Flaky, HypothesisException, StopTest, UnsatisfiedAssumption

from checks import laws as comparisons
from checks.judging.assembly import Assembly, Source, is_stub
from checks.judging.curriculum import Course, Definition
from checks.judging.describe import picture, summary
from checks.judging.examples import example_law
from checks.judging.inside_hypothesis import (
    Law,
    body_replaced,
    choices_now,
    encoded,
    few_calls,
    is_generated,
    is_last_call,
)
from checks.judging.recording import recorded
from checks.judging.sandbox import Emit
from checks.judging.stage import play
from checks.judging.stubs import stub_source

REJECTED = "your code rejects what the check passes to it"
SHRINKS = 400  # calls after the first failure: a slow answer shall not wait for the last detail


@lru_cache(maxsize=64)
def check_code(path: Path) -> CodeType:
    """A check file, compiled."""
    return compile(path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True)


def load_checks(course: Course, kata: str) -> ModuleType:
    """The check file of a kata, freshly executed: its exercises are those of the assembly."""
    path = course.checks / f"check_{kata}.py"
    module = ModuleType(f"checks.check_{kata}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    exec(check_code(path), vars(module))
    return module


def laws_of(course: Course, checks: ModuleType, kata: str, exercise: str) -> dict[str, Law]:
    """The laws that judge an exercise, by name: the stub's examples, then those of the file."""
    functions = {name: o for name, o in vars(checks).items() if isinstance(o, FunctionType)}
    found = {name: o for name, o in functions.items() if getattr(o, "exercise", None) == exercise}
    module = sys.modules.get(f"katas.{kata}")
    examples = example_law(course.katas[kata], exercise, module) if module else None
    return ({examples.__name__: examples} if examples else {}) | found


class Calls:
    """The arguments of the last call of a law that counts: the smallest that fails."""

    def __init__(self, begin: Callable[[], None], shrinks: int = SHRINKS) -> None:
        self.begin, self.shrinks, self.failures, self.later = begin, shrinks, 0, 0
        self.arguments: dict[str, str] = {}
        self.data: Any = None

    @property
    def choices(self) -> str | None:
        """Text that makes Hypothesis generate that call again; None for one that it did not."""
        return encoded(self.data)

    def run(self, law: Law) -> None:
        """Run a law to its end; raises what the law raises."""
        self.arguments, self.failures, self.later, self.data = {}, 0, 0, None
        if is_generated(law):
            with body_replaced(law, self.watched):
                return law()
        self.begin()
        comparisons.seed_everything(0)
        return law()

    def watched(self, inner: Callable[..., None]) -> Callable[..., None]:
        """`inner`, with its last arguments kept, and an end to the search for smaller ones."""

        @functools.wraps(inner)
        def call(*args: Any, **kwargs: Any) -> None:
            if is_last_call():
                drawn = inspect.signature(inner).bind(*args, **kwargs).arguments
                self.arguments = {n: summary(o) for n, o in drawn.items() if not _is_internal(o)}
                self.data = choices_now()
                self.begin()
            elif self.failures:
                self.later += 1
                if self.later > self.shrinks:
                    return
            comparisons.seed_everything(0)
            try:
                inner(*args, **kwargs)
            except (HypothesisException, StopTest) as error:
                if not _is_rejected_by_answer(error):
                    raise
                self.failures += 1
                raise comparisons.Mismatch(None, None, REJECTED) from None
            except BaseException as error:
                self.failures += 1
                if isinstance(error, NotImplementedError):  # a smaller call would say no more
                    self.later = self.shrinks
                raise

        return call


def _is_rejected_by_answer(error: BaseException) -> bool:
    """Whether `assume` or `reject` was called by an answer, which then would never be wrong."""
    names = [f.f_globals.get("__name__", "") for f, _ in traceback.walk_tb(error.__traceback__)]
    callers = [o for o in names if o.partition(".")[0] != "hypothesis"]
    return isinstance(error, UnsatisfiedAssumption) and callers[-1].startswith("katas.")


def _is_internal(value: Any) -> bool:
    """Whether a learner cannot know the class of a drawn value: it is one of the laws' words."""
    module = type(value).__module__
    return module.startswith("checks.") or module.startswith("hypothesis.")


def replay(
    law: Law, choices: str | None, checks: ModuleType, exercise: str
) -> tuple[str | None, str | None]:
    """The calls of the exercise in the smallest failing call of a law, and the method called last.

    The calls are lines of Python; None for both if the call does not fail when it is watched.
    """
    with recorded(checks, exercise) as keeper:
        comparisons.seed_everything(0)
        try:
            if is_generated(law):
                with few_calls(law, 0 if choices is None else 1, choices):
                    law()
            else:
                law()
        except BaseException as error:
            return getattr(error, "call", None) or keeper.told, keeper.part
    return None, None


def try_answer(
    course: Course,
    kata: str,
    exercise: str,
    source: Source,
    emit: Emit,
    begin: Callable[[], None] = lambda: None,
    every: bool = False,
    after_failure: Callable[[str, str | None], None] = lambda law, choices: None,
    part: tuple[int, int] = (0, 1),
    shrinks: int = SHRINKS,
    choose: Callable[[Course, ModuleType, str, str], dict[str, Law]] = laws_of,
) -> None:
    """Run the laws of an exercise up to the first that fails, and tell what happened by events.

    part     (1, 2) for the second of two parts, of which each has as many laws in a row
    shrinks  how many calls the search for the smallest failing one may take
    choose   the laws that a freshly loaded check file has for the exercise

    Each law is announced (`law`); one that meets a part that is still to be written says so
    (`waiting`) and the others continue. The last event is `green`, `missing`, `failed`,
    `tampered`, or `broken`. With `every` law run, whatever fails, it is `tried`. After a failure
    has been told, `after_failure` is called with the law's name and the choices that make the
    smallest call.
    """
    sys.modules["solutions"] = None  # type: ignore[assignment]  # the reference is no answer
    intact = seal()
    assembly = Assembly(course, {kata: source}, lambda k, e: (k, e) == (kata, exercise))
    assembly.install()
    emit({"event": "import"})
    try:
        module = importlib.import_module(f"katas.{kata}")
    except BaseException as error:
        return emit(failure(error, source, exercise, {}, at_import=True))
    try:
        checks = load_checks(course, kata)
        laws = choose(course, checks, kata, exercise)
    except BaseException as error:
        return emit(
            {"event": "broken", "message": f"the checks of {kata} cannot be loaded: {error}"}
        )
    if not laws:
        return emit({"event": "broken", "message": f"no check of {exercise} is written yet"})
    calls, rejecting = Calls(begin, shrinks), []
    unfinished = unfinished_part(source, exercise)
    first, end = (len(laws) * (part[0] + k) // part[1] for k in (0, 1))
    for i, (name, law) in list(enumerate(laws.items()))[first:end]:
        about = {"name": name, "law": law.__doc__, "words": list(getattr(law, "words", ()))}
        emit({"event": "law", **about, "waiting": len(laws) - i - 1})
        try:
            calls.run(law)
        except BaseException as error:
            if every:
                rejecting.append(name)
                continue
            told = failure(error, source, exercise, calls.arguments)
            if told["event"] == "missing":
                unfinished = unfinished or told
                emit({"event": "waiting"})
                continue
            if shrinks:
                told["call"], method = replay(law, calls.choices, checks, exercise)
                told["line"] = told["line"] or _line_of_method(source, exercise, method)
            emit(told)
            after_failure(name, calls.choices)
            if shrinks and (scene := play(course, kata, exercise, vars(module).get(exercise))):
                emit({"event": "scene", "picture": scene})
            return None
    if every:
        return emit({"event": "tried", "laws": list(laws), "rejecting": rejecting})
    if unfinished:
        return emit(unfinished)
    stub: dict[str, Any] = dict(vars(module))
    exec(stub_source(course.katas[kata], exercise), stub)
    for place in (vars(checks), vars(module)):
        place[exercise] = stub[exercise]
    changed = intact() or (None if _can_fail(laws) else "the checks accept a stub")
    return emit({"event": "tampered", "message": changed} if changed else {"event": "green"})


def unfinished_part(source: Source, exercise: str) -> dict[str, Any] | None:
    """The first method of a class that still raises NotImplementedError, as an event."""
    node = source.definition(exercise)
    for method in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(method, Definition) and is_stub(method) and _raising(method.body):
            return {"event": "missing", "line": method.lineno, "part": method.name}
    return None


def _raising(body: list[ast.stmt]) -> bool:
    return any(isinstance(o, ast.Raise) for o in body)


def _can_fail(laws: dict[str, Law]) -> bool:
    """Whether some law rejects the stub that has been put in place of a green answer."""
    for law in laws.values():
        try:
            law()
        except BaseException:
            return True
    return False


def seal() -> Callable[[], str | None]:
    """A function that later says what of the checks has been changed meanwhile, None if nothing."""

    def parts() -> Iterator[tuple[str, Any]]:
        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] != "checks" or name.startswith("checks.check_"):
                continue
            for key, value in list(vars(module).items() if module else ()):
                if isinstance(value, FunctionType):
                    yield f"{name}.{key}", (value, value.__code__, value.__defaults__)
                elif isinstance(value, type) and value.__module__.startswith("checks."):
                    yield f"{name}.{key}", (value, *vars(value).values())

    before, profile, same = dict(parts()), settings.default, _tells_apart

    def changed() -> str | None:
        after = dict(parts())
        for name, value in before.items():
            found = after.get(name, ())
            if [id(o) for o in found] != [id(o) for o in value]:
                return f"{name} was changed"
        if settings.default != profile:
            return "the settings of the checks were changed"
        return None if same() else "the comparisons of the checks were changed"

    return changed


def _tells_apart() -> bool:
    """Whether the comparisons still see differences."""
    pairs: list[tuple[Any, Any]] = [(1, 2), ([1], [2]), ("a", b"a")]
    if torch := sys.modules.get("torch"):
        pairs += [(torch.zeros(2), torch.ones(2)), (torch.zeros(2), torch.zeros(3))]
    for yours, wanted in pairs:
        try:
            comparisons.assert_close(yours, wanted)
        except comparisons.Mismatch:
            continue
        return False
    return True


def failure(
    error: BaseException,
    source: Source,
    exercise: str,
    arguments: dict[str, str],
    at_import: bool = False,
) -> dict[str, Any]:
    """What went wrong, as an event: a sentence, the call, yours and wanted, and the line."""
    line = _line_of(error, source)
    if isinstance(error, NotImplementedError) and (part := _raises(source, exercise, line)):
        return {"event": "missing", "line": line, "part": part}
    drawn = [f"{name} = {value}" for name, value in arguments.items()]
    found: dict[str, Any] = {
        "event": "failed",
        "import": at_import,
        "message": sentence(error, source, exercise, line, at_import),
        "counterexample": "\n".join(drawn) or None,
        "line": line,
    }
    if isinstance(error, comparisons.Mismatch) and error.has_values:
        found |= {"yours": summary(error.yours), "wanted": summary(error.wanted)}
        found["picture"] = picture(error.wanted, error.yours)
    return found


WITHOUT_INIT = (
    r"before Module\.__init__\(\)|has no attribute '_(parameters|buffers|modules|\w+_hooks)'"
)
"""What torch says of a module whose `__init__` didn't call that of nn.Module."""


def sentence(
    error: BaseException, source: Source, exercise: str, line: int | None, at_import: bool
) -> str:
    """What happened, in plain words; the error's own text is kept, so that it can be searched."""
    text = f"{type(error).__name__}: {error}".rstrip(": ")
    if isinstance(error, comparisons.Mismatch):
        if error.yours is None and error.wanted is not None and _lacks_return(source, exercise):
            return f"`{exercise}` returned None: it has no `return` with a value. {error.why}"
        return error.why
    if isinstance(error, Flaky):
        return f"two equal calls returned different results: `{exercise}` is not repeatable"
    if isinstance(error, UnsatisfiedAssumption):
        return REJECTED
    if isinstance(error, HypothesisException):
        return f"the check itself could not run: {text}"
    where = "while your file was imported" if at_import else "in your code"
    if isinstance(error, ImportError) and (error.name or "").partition(".")[0] == "solutions":
        return "your file imports the reference (`solutions`); an answer stands without it"
    if isinstance(error, ImportError):
        return f"an import failed {where}: {text}"
    if isinstance(error, SystemExit):
        return f"the program was ended {where}: {text}"
    if isinstance(error, AttributeError) and re.search(WITHOUT_INIT, text):
        return f"`{exercise}.__init__` doesn't call super().__init__() first: {text}"
    if isinstance(error, NameError) and line is not None:
        return f"a name is missing {where}: {text}"
    if isinstance(error, MemoryError):
        return f"more memory was asked for than a check may use: {text}"
    if line is None and not at_import:
        return f"the check failed on the result of `{exercise}`: {text}"
    return f"an error was raised {where}: {text}"


def _line_of(error: BaseException, source: Source) -> int | None:
    """The innermost line of the answer's file on the way to the error."""
    if isinstance(error, SyntaxError) and error.filename == source.path:
        return error.lineno
    frames = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename == source.path]
    return lines[-1] if lines else None


def _raises(source: Source, exercise: str, line: int | None) -> str | None:
    """The name of the part of the exercise that raises on that line by a statement of its own.

    Torch has NotImplementedErrors too, and an abstract class in the same file is an answer's right.
    """
    found = None
    for statement in source.group(exercise):
        for node in ast.walk(statement):
            if isinstance(node, Definition) and any(
                isinstance(o, ast.Raise) and o.lineno == line for o in ast.walk(node)
            ):
                found = node.name
    return found


def _line_of_method(source: Source, exercise: str, method: str | None) -> int | None:
    """The line of a method of the exercise; that of the exercise if it has no such method."""
    found = source.definition(exercise)
    for node in found.body if isinstance(found, ast.ClassDef) else ():
        if isinstance(node, Definition) and node.name == method:
            return node.lineno
    return found.lineno if found else None


def _lacks_return(source: Source, exercise: str) -> bool:
    node = source.definition(exercise)
    returns = (o for o in ast.walk(node) if isinstance(o, ast.Return | ast.Yield)) if node else ()
    is_function = isinstance(node, Definition) and not isinstance(node, ast.ClassDef)
    return is_function and not any(o.value is not None for o in returns)
