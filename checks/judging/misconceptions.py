"""Misconceptions: which of the catalogued mistakes behaves as a learner's answer does.

A behaviour is what became of a fixed number of calls of every law: nothing of a call that went
well, else how it failed and with which value. Calls are counted and not timed, so that a loaded
machine finds what an idle one does. Where no sentence fits, or two do, none is named.
"""

import ast
import dis
import functools
import importlib
import math
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from itertools import zip_longest
from types import FrameType
from typing import Any

from hypothesis.errors import HypothesisException, StopTest

from checks import laws as comparisons
from checks.judging.assembly import Assembly, Source
from checks.judging.catalogue import Answer, answers
from checks.judging.curriculum import Course
from checks.judging.describe import summary
from checks.judging.inside_hypothesis import body_replaced, few_calls, is_generated
from checks.judging.sandbox import Emit, run_all
from checks.judging.trial import Law, laws_of, load_checks

CALLS = 8  # generated calls of each law; its explicit examples come on top
MOST_CALLS = 120  # generated calls of all laws of an exercise together
SECONDS = 0.4  # of computing, for one call: only one without an end needs as much
FEW = 48  # values that stand for a tensor or a picture
SMALLEST = ""  # stands for the smallest failing call among the names of the laws

Import = ast.Import | ast.ImportFrom
Outcome = list[Any] | None
Cells = list[Outcome]
Behaviour = dict[str, Cells]


class Endless(BaseException):
    """A call did not finish in time."""


def observe(
    course: Course, kata: str, exercise: str, source: Source, law: str, choices: str | None
) -> Iterator[tuple[str, Cells]]:
    """An answer's behaviour, law by law; first in the one call that `choices` make of `law`.

    It breaks off at a call without an end.
    """
    Assembly(course, {kata: source}, lambda k, e: (k, e) == (kata, exercise)).install()
    importlib.import_module(f"katas.{kata}")
    laws = laws_of(course, load_checks(course, kata), kata, exercise)
    calls = max(1, min(CALLS, MOST_CALLS // len(laws)))
    with suppress(Endless):
        if choices is not None:
            yield SMALLEST, watch(laws[law], choices=choices)
        for name in [law, *(name for name in laws if name != law)]:
            yield name, watch(laws[name], calls)


def observe_failure(
    course: Course,
    kata: str,
    exercise: str,
    source: Source,
    emit: Emit,
    law: str,
    choices: str | None,
) -> None:
    """Tell the behaviour of an answer that `law` has rejected, in the process that tried it."""
    _silence()
    with suppress(Exception):
        found = dict(observe(course, kata, exercise, source, law, choices))
        emit({"event": "behaviour", "law": law, "choices": choices, "behaviour": found})


def misconception(
    course: Course,
    kata: str,
    exercise: str,
    seen: Mapping[str, Any],
    stop: Callable[[], bool] | None = None,
) -> str | None:
    """The sentence of the wrong answer that behaves as was `seen`, if no other fits as well."""
    catalogue = course.checks / "wrong_answers" / f"{kata}.py"
    wrong = [a for a in answers(catalogue, course.katas[kata]) if a.exercise == exercise]
    tasks = [partial(_compare, course, seen, part) for part in (wrong[::2], wrong[1::2])]
    found: set[str] = set()
    for _, report in run_all(tasks, stop=stop):
        if report.status:
            return None
        found |= {event["sentence"] for event in report.events}
    return found.pop() if len(found) == 1 else None


def _compare(course: Course, seen: Mapping[str, Any], wrong: Iterable[Answer], emit: Emit) -> None:
    """Tell which answers behave as was seen."""
    sys.modules["solutions"] = None  # type: ignore[assignment]  # as for the answer itself
    _silence()
    for a in wrong:
        if (source := _lean(a.source)) is None:
            continue
        its = observe(course, a.kata, a.exercise, source, seen["law"], seen["choices"])
        with suppress(Exception):
            if fits(seen["behaviour"], its):
                emit({"event": "fits", "sentence": a.doc})


def _silence() -> None:
    """Print nowhere from now on; the pipe stays open, since its end is waited for."""
    null, _ = os.open(os.devnull, os.O_WRONLY), os.dup(1)
    for fd in (1, 2):
        os.dup2(null, fd)


def _lean(source: Source) -> Source | None:
    """An answer without the imports that it does not use; None if it needs what is not loaded.

    A library would have to be loaded first, and no verdict waits for that. Imports inside functions
    are left alone: most comparisons end before such a function is called.
    """
    used = {o.id for node in source.body for o in ast.walk(node) if isinstance(o, ast.Name)}
    body = [o for o in source.body if not isinstance(o, Import) or used & _bound(o)]
    for part in (o for o in body if isinstance(o, Import)):
        modules = [o.name for o in part.names] if isinstance(part, ast.Import) else [part.module]
        for top in {(o or "").partition(".")[0] for o in modules if not getattr(part, "level", 0)}:
            if top not in sys.stdlib_module_names and top not in sys.modules and top != "katas":
                return None
    return Source(source.path, source.text, body)


def _bound(node: Import) -> set[str]:
    return {(o.asname or o.name).partition(".")[0] for o in node.names}


def fits(theirs: Behaviour, its: Iterable[tuple[str, Cells]]) -> bool:
    """Whether two answers fail in the same calls, alike; the second is watched no further."""
    left = sum(o is not None for cells in theirs.values() for o in cells)
    for name, cells in its:
        mine = theirs.get(name, [])
        if not all(alike(a, b) for a, b in _pairs(mine, cells)):
            return False
        left -= sum(o is not None for o in mine)
    return not left  # else it broke off before it had failed as often


def _pairs(mine: Cells, others: Cells) -> Iterator[tuple[Outcome, Outcome]]:
    """The outcomes of the same calls; one answer may have come to more of them."""
    return zip_longest(mine, others, fillvalue=["not called"])


def watch(law: Law, calls: int = CALLS, choices: str | None = None) -> Cells:
    """What becomes of the examples of a law and of the first calls that are generated for it.

    With `choices` what becomes of the one call that they make.
    """
    found: Cells = []
    if not is_generated(law):
        _kept(law, found)()
        return found
    with few_calls(law, calls, choices), body_replaced(law, partial(_kept, found=found)):
        with suppress(HypothesisException):
            law()
    return found


def _kept(inner: Callable[..., None], found: Cells) -> Callable[..., None]:
    """`inner`, whose failures are kept in `found` and not raised."""

    @functools.wraps(inner)
    def call(*args: Any, **kwargs: Any) -> None:
        comparisons.seed_everything(0)
        try:
            with time_limit(SECONDS):
                inner(*args, **kwargs)
        except (HypothesisException, StopTest, Endless):
            raise
        except BaseException as error:
            found.append(outcome(error))
        else:
            found.append(None)

    return call


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """The block computes for at most so long, in time of this process, whatever the load.

    What is under way when a library is loaded is never broken off: it comes once, and ends.
    """

    def stop(_: int, frame: FrameType | None) -> None:
        while frame is not None:
            if frame.f_code.co_filename.startswith("<frozen importlib"):
                signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
                return
            frame = frame.f_back
        raise Endless

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def outcome(error: BaseException) -> Outcome:
    """A failure as what others are compared with."""
    if not isinstance(error, comparisons.Mismatch):
        return [type(error).__name__, "" if _worded(error) else _skeleton(str(error))]
    if not error.has_values:
        return ["Mismatch", _skeleton(error.why)]
    return ["Mismatch", _skeleton(error.why).partition(":")[0][:60], value(error.yours)]


def _worded(error: BaseException) -> bool:
    """Whether an answer has raised the error by a statement of its own, in words of its own."""
    place = error.__traceback__
    while place is not None and place.tb_next:
        place = place.tb_next
    if place is None or not place.tb_frame.f_globals.get("__name__", "").startswith("katas."):
        return False
    return place.tb_frame.f_code.co_code[place.tb_lasti] == dis.opmap["RAISE_VARARGS"]


def _skeleton(text: str) -> str:
    """A message without what differs from call to call."""
    text = re.sub(r"'[^']*'|\"[^\"]*\"|0x[0-9a-f]+|-?\d[\d.e+-]*", "#", text)
    return text.partition("\n")[0][:100]


def value(o: Any, depth: int = 4) -> Any:
    """What matters of a value, as JSON can say it; of a long one only a part."""
    if comparisons.is_a(o, "numpy", "generic"):
        o = o.item()
    if type(o) is int and o & (o - 1) and 1 << 44 < o < 1 << 47:
        return ["address"]  # some laws tell objects apart by their `id`
    if o is None or type(o) in (bool, int, float):
        return o
    if isinstance(o, str):
        return _pathless(o)[:200]
    if type(o) in (list, tuple, set, frozenset) and depth:
        items = sorted(o, key=repr) if isinstance(o, set | frozenset) else o
        return [type(o).__name__, len(o), *(value(x, depth - 1) for x in items[:FEW])]
    if isinstance(o, dict) and depth:
        pairs = sorted(((str(k), v) for k, v in o.items()), key=lambda pair: pair[0])
        return ["dict", len(o), *([k, value(v, depth - 1)] for k, v in pairs[:FEW])]
    if isinstance(o, BaseException):
        return ["error", type(o).__name__]
    if comparisons.is_a(o, "torch", "Tensor"):
        o = o.detach().cpu()
        return ["tensor", str(o.dtype), list(o.shape), *_some(o.reshape(-1).tolist())]
    if comparisons.is_a(o, "numpy", "ndarray"):
        return ["array", str(o.dtype), list(o.shape), *_some(o.reshape(-1).tolist())]
    if comparisons.is_a(o, "PIL.Image", "Image"):
        return ["picture", o.mode, list(o.size), *_some(o.tobytes())]
    return [type(o).__name__, _pathless(summary(o))[:200]]


def _some(values: Any) -> list[Any]:
    step = max(1, len(values) // FEW)
    return [v if isinstance(v, int | float) else str(v) for v in values[::step]]


def _pathless(text: str) -> str:
    """A text without the names of temporary folders."""
    return re.sub(r"(/\S*?)?\b(katas-|tmp)\w{6,}", "", text)


def alike(a: Any, b: Any, rounding: float = 1e-4) -> bool:
    """Whether two outcomes, or parts of them, are the same but for rounding."""
    if isinstance(a, list) and isinstance(b, list):
        if a[:1] == ["tensor"] and str(a[1]).endswith("float16"):  # bfloat16 has it worst
            rounding = 2e-2
        return len(a) == len(b) and all(alike(x, y, rounding) for x, y in zip(a, b, strict=True))
    if isinstance(a, float) or isinstance(b, float):
        if not all(type(o) in (int, float) for o in (a, b)):
            return False
        close = math.isclose(a, b, rel_tol=rounding, abs_tol=rounding / 100)
        return close or (a != a and b != b)
    return type(a) is type(b) and a == b
