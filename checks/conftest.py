"""Plain `pytest checks/check_optimizers.py`: the laws as tests, for editors and their panels.

Each exercise is judged as `make check` judges it, alone among lent ones, but in pytest's own
process, where a debugger can follow. What is not started is skipped.
"""

import importlib
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from checks.judging.assembly import Assembly, Source, read_answers
from checks.judging.curriculum import course
from checks.judging.judge import LIMITS
from checks.judging.misconceptions import Endless, time_limit
from checks.judging.trial import Calls, failure, laws_of, load_checks, replay
from checks.judging.verdict import Verdict, lines

MISSING = "missing"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--answers DIR`, as for `make check`."""
    parser.addoption("--answers", type=Path, help="folder with files named like the katas")


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> "CheckFile | None":
    """Check files are collected in a way of their own, everything else as usual."""
    kata = module_path.stem.removeprefix("check_")
    if module_path.parent != course().checks or kata not in course().katas:
        return None
    return CheckFile.from_parent(parent, path=module_path)


class CheckFile(pytest.Module):
    """The laws of one kata, by exercise."""

    def _getobj(self) -> ModuleType:
        return ModuleType(self.path.stem)

    def collect(self) -> Iterator[pytest.Collector]:
        """One group for each exercise."""
        kata = self.path.stem.removeprefix("check_")
        folder = self.config.getoption("--answers") or course().answers
        answer = read_answers(course(), folder.resolve()).get(kata)
        if isinstance(answer, SyntaxError | OSError):
            raise self.CollectError(f"{type(answer).__name__}: {answer}")
        for exercise in course().katas[kata].exercises:
            yield Laws.from_parent(self, name=exercise, answer=answer)


class Laws(pytest.Class):
    """The laws of one exercise; editors show it as a class of tests."""

    def __init__(self, *, answer: Source | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        kata = self.path.stem.removeprefix("check_")
        self.trial = Trial(kata, self.name, answer)

    def _getobj(self) -> type:
        return type(self.name, (), {n: staticmethod(o) for n, o in self.trial.laws.items()})

    def collect(self) -> Iterator[pytest.Item]:
        """One test for each law."""
        for name, law in self.trial.laws.items():
            yield Law.from_parent(self, name=name, callobj=law, trial=self.trial)


class Trial:
    """The laws of one exercise, bound to one answer."""

    def __init__(self, kata: str, exercise: str, answer: Source | None) -> None:
        self.exercise, self.answer = exercise, answer
        self.started = answer is not None and answer.has(exercise)
        self.assembly = Assembly(
            course(),
            {kata: answer} if answer is not None and self.started else {},
            lambda k, e: (k, e) == (kata, exercise),
        )
        self.assembly.install()
        self.broken: BaseException | None = None
        try:
            importlib.import_module(f"katas.{kata}")
        except Exception as error:  # told at the test: the other exercises can be judged
            self.broken = error
            Assembly(course()).install()
        self.checks = load_checks(course(), kata)
        self.laws = laws_of(course(), self.checks, kata, exercise)
        self.modules = {n: m for n, m in sys.modules.items() if n.partition(".")[0] == "katas"}

    def enter(self) -> None:
        """Make `katas` mean this trial's answer, for laws that import while they run."""
        self.assembly.install()
        sys.modules.update(self.modules)


class Law(pytest.Function):
    """One law, run against one answer."""

    def __init__(self, *, trial: Trial, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.trial, self.calls = trial, Calls(lambda: None)

    def setup(self) -> None:
        """Skip what is not started."""
        if not self.trial.started:
            pytest.skip("not started")
        super().setup()

    def runtest(self) -> None:
        """Hold the law against the answer."""
        self.trial.enter()
        if self.trial.broken is not None:
            raise self.trial.broken
        try:
            with time_limit(LIMITS.cpu):
                self.calls.run(self.obj)
        except Endless:
            raise TimeoutError(f"your code didn't finish within {LIMITS.cpu} s") from None
        except Exception as error:
            if self._event(error)["event"] == MISSING:
                pytest.skip("not finished")
            raise

    def _event(self, error: BaseException) -> dict[str, Any]:
        answer = self.trial.answer
        assert answer is not None
        at_import = self.trial.broken is not None
        return failure(error, answer, self.trial.exercise, self.calls.arguments, at_import)

    def repr_failure(self, excinfo: pytest.ExceptionInfo) -> Any:  # type: ignore[override]
        """The verdict, as `make check` words it."""
        if self.trial.answer is None:
            return super().repr_failure(excinfo)
        event: dict[str, Any] = self._event(excinfo.value)
        choices, place = self.calls.choices, self.trial.answer.definition(self.trial.exercise)
        self.trial.enter()
        if not isinstance(excinfo.value, TimeoutError):
            event["call"], _ = replay(self.obj, choices, self.trial.checks, self.trial.exercise)
        event["line"] = event.get("line") or (place.lineno if place else None)
        known = ("message", "call", "counterexample", "line", "yours", "wanted")
        told = Verdict(
            self.path.stem.removeprefix("check_"),
            self.trial.exercise,
            "red",
            check=self.name,
            law=self.obj.__doc__,
            file=self.trial.answer.path,
            **{name: event.get(name) for name in known},  # type: ignore[arg-type]
        )
        return "\n".join(text for _, text in lines(told, f"pytest {self._node()}"))

    def _node(self) -> str:
        """What runs this law again."""
        answers = self.config.getoption("--answers")
        options = ["--answers", str(answers)] if answers else []
        return shlex.join([self.nodeid, *options])
