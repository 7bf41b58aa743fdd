"""Attempt: the laws of one exercise, tried on one answer that is graded.

The laws run twice: as everybody knows them, and with examples from a seed that is made for this
run. What is told is signed by a running hash that begins with a token, which only this process and
the one that started it know: a signature that an answer finds in memory fits nothing that follows.
"""

import hashlib
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from checks.judging import isolation
from checks.judging.assembly import Assembly, Source
from checks.judging.curriculum import Course
from checks.judging.inside_hypothesis import Law, Seeded, is_generated
from checks.judging.misconceptions import observe_failure
from checks.judging.sandbox import Emit, mark_output
from checks.judging.trial import check_code, laws_of, load_checks, try_answer
from checks.teaching.guard import WATCHED, Guard, plain
from checks.teaching.screen import private_names

SECRET = " with secret examples"
EXAMPLES = 3  # of each law, from the secret seed: the simplest, and two unseen ones


@dataclass(frozen=True)
class Ground:
    """What holds for a whole run: seed, a teacher's own laws, words that are allowed, isolation."""

    seed: int
    laws: Path | None = None
    allow: frozenset[str] = frozenset()
    isolation: str = "full"


@dataclass(frozen=True)
class Handed:
    """The answers to one kata that count: their place, text, and the modules next to it."""

    kata: str
    path: str
    text: str
    helpers: dict[str, str]


def chosen(
    ground: Ground, course: Course, checks: ModuleType, kata: str, exercise: str
) -> dict[str, Law]:
    """The laws of an exercise, a teacher's own, and all that draw examples a second time."""
    laws = dict(laws_of(course, checks, kata, exercise))
    path = ground.laws / f"check_{kata}.py" if ground.laws else None
    if path is not None and path.is_file():
        module = ModuleType(f"{checks.__name__}_of_the_teacher")
        sys.modules[module.__name__] = module
        exec(check_code(path), vars(module))
        laws |= laws_of(course, module, kata, exercise)
    for name, law in list(laws.items()):
        if is_generated(law):
            words = f"{ground.seed} {kata} {name}".encode()
            seed = int.from_bytes(hashlib.sha256(words).digest()[:8])
            laws[name + SECRET] = Seeded(law, seed, EXAMPLES)
    return laws


def roll_call(course: Course, ground: Ground, kata: str, emit: Emit) -> None:
    """Tell which laws each exercise of a kata has, in their order; no answer is near."""
    Assembly(course).install()
    importlib.import_module(f"katas.{kata}")
    checks = load_checks(course, kata)
    for exercise in course.katas[kata].exercises:
        laws = chosen(ground, course, checks, kata, exercise)
        emit({"event": "roll", "exercise": exercise, "laws": list(laws)})


def signer(token: str) -> Callable[[dict[str, Any]], str]:
    """The signature of each event of an attempt, one after the other."""
    chain = hashlib.sha256(token.encode())

    def sign(event: dict[str, Any]) -> str:
        chain.update(json.dumps(event).encode())
        return chain.hexdigest()

    return sign


def signing(token: str, emit: Emit) -> Emit:
    """A function that emits each event as JSON keeps it, with the next signature."""
    sign = signer(token)

    def tell(event: dict[str, Any]) -> None:
        event = json.loads(json.dumps(event))
        emit({**event, "token": sign(event)})

    return tell


def attempt(
    course: Course, handed: Handed, exercise: str, ground: Ground, token: str, emit: Emit
) -> None:
    """Try an answer, enclosed; the events are those of a trial, and `refused`."""
    if ground.isolation in ("full", "partial"):
        isolation.enclose(isolation.readable(*own_code(course)), Path.cwd())
    changed: Callable[[], str | None] = lambda: None  # noqa: E731
    signed = signing(token, emit)

    def tell(event: dict[str, Any]) -> None:
        if event["event"] == "green" and (name := changed()):
            event = {"event": "tampered", "message": f"{name} was changed"}
        signed(event)

    def refuse(line: int, word: str, why: str) -> None:
        tell({"event": "refused", "line": line, "word": word, "why": why})

    def laws(course: Course, checks: ModuleType, kata: str, exercise: str) -> dict[str, Law]:
        nonlocal changed
        changed = seal(checks, exercise)
        return chosen(ground, course, checks, kata, exercise)

    guard = Guard(handed.path, handed.helpers, refuse, ground.allow)
    source = plain(Source(handed.path, handed.text))
    sys.path[:] = guard.path_of_python
    if not source.has(exercise):  # else the reference would be tried in its place
        return refuse(1, exercise, f"leaves no {exercise} but a test")
    source.builtins = guard.names
    guard.private |= private_names(source.body)
    guard.watch()
    about = course, handed.kata, exercise, source, tell
    observe = partial(observe_failure, *about)
    try_answer(
        *about,
        mark_output,
        after_failure=lambda law, choices: observe(law.removesuffix(SECRET), choices),
        choose=laws,
    )


def own_code(course: Course) -> list[Path]:
    """The files of the checks that may be read while an answer runs: not the catalogues."""
    return [*course.checks.glob("*.py"), course.checks / "words", course.checks / "judging"]


def seal(checks: ModuleType, exercise: str) -> Callable[[], str | None]:
    """A function that later says what of the tools of the laws has been changed, None if nothing.

    Of the check file itself all but the exercise, which is replaced by its stub at the end.
    """

    def parts() -> Iterator[tuple[str, Any]]:
        for name in [o for o in sys.modules if o.startswith("katas.")]:
            for key, value in list(vars(sys.modules[name]).items()):
                if isinstance(value, type) and key != exercise:
                    yield from _of_class(f"{name}.{key}", value)
        for key, value in list(vars(checks).items()):
            if key != exercise and isinstance(value, FunctionType | type):
                yield f"the checks' {key}", value
                if isinstance(value, FunctionType):
                    yield f"the checks' {key} (code)", value.__code__

    before = libraries() | {name: id(value) for name, value in parts()}

    def changed() -> str | None:
        after = libraries.__wrapped__() | {name: id(value) for name, value in parts()}
        return next((n for n, place in before.items() if after.get(n) != place), None)

    return changed


@cache
def libraries() -> dict[str, int]:
    """The tools of the laws that aren't ours, and which objects they are before any answer."""
    known = """builtins math operator random copy torch torch.nn.functional PIL.Image numpy pathlib
    hypothesis hypothesis.control""".split()
    found: dict[str, int] = {}
    for name, module in [(n, m) for n in known if (m := sys.modules.get(n))]:
        for key, value in list(vars(module).items()):
            if callable(value) and key not in WATCHED:
                found[f"{name}.{key}"] = id(value)
    classes = [("torch", "Tensor"), ("PIL.Image", "Image"), ("pathlib", "Path")]
    for name in ("torch.nn", "torch.utils.data"):
        for key, value in list(vars(sys.modules.get(name) or ModuleType(name)).items()):
            if isinstance(value, type):
                classes.append((name, key))
    for name, key in classes:
        if cls := getattr(sys.modules.get(name), key, None):
            found |= {n: id(o) for n, o in _of_class(f"{name}.{key}", cls)}
    return found


def _of_class(name: str, cls: type) -> Iterator[tuple[str, Any]]:
    for key, value in list(vars(cls).items()):
        if callable(value) or isinstance(value, property | classmethod | staticmethod):
            yield f"{name}.{key}", value
