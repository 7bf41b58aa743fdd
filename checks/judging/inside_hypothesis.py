"""The private names of Hypothesis that the judge needs, each with its reason, and nothing else.

`checks/tests/test_inside_hypothesis.py` says in one line what an upgrade broke.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, Phase, reproduce_failure, settings
from hypothesis import __version__ as version
from hypothesis.control import current_build_context
from hypothesis.core import encode_failure
from hypothesis.internal.conjecture import providers
from hypothesis.internal.reflection import get_pretty_function_description
from hypothesis.reporting import with_reporter

# Hypothesis also tries constants that it finds in whatever modules are loaded; then one answer
# would meet other examples in a warm process than in a cold one.
providers._get_local_constants = lambda: providers._local_constants

Law = Callable[[], None]


def described_function(f: Callable[..., Any]) -> str:
    """The text of a lambda, the name of any other function; no public function finds the first."""
    return get_pretty_function_description(f)


def is_generated(law: Law) -> bool:
    """Whether Hypothesis calls a law, with arguments that it draws."""
    return hasattr(law, "hypothesis")


@contextmanager
def body_replaced(law: Law, make: Callable[[Callable[..., None]], Callable[..., None]]) -> Iterator:
    """While the block runs, the law's own function is what `make` returns for it.

    `inner_test` is the place that pytest plugins use too; nothing public lets us see each call.
    """
    inner = law.hypothesis.inner_test  # type: ignore[attr-defined]
    law.hypothesis.inner_test = make(inner)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        law.hypothesis.inner_test = inner  # type: ignore[attr-defined]


def is_last_call() -> bool:
    """Whether this is the replay of the smallest failing call, after the search for it."""
    return current_build_context().is_final


def choices_now() -> Any:
    """What the arguments of the call that is running were drawn from; complete when it ends."""
    return current_build_context().data


def encoded(data: Any) -> str | None:
    """The drawn choices of a call as text; None for an explicit example, which draws nothing."""
    choices = data.choices if data else ()
    return encode_failure(choices).decode() if choices else None


@contextmanager
def few_calls(law: Law, calls: int, choices: str | None = None) -> Iterator[None]:
    """While the block runs, the law tries its examples and `calls` generated calls.

    With `choices` it tries the one call that they make. A law's settings can only be changed in
    public before it is decorated.
    """
    usual = law._hypothesis_internal_use_settings  # type: ignore[attr-defined]
    phases = (Phase.explicit, Phase.generate) if calls else (Phase.explicit,)
    law._hypothesis_internal_use_settings = settings(  # type: ignore[attr-defined]
        usual, max_examples=max(calls, 1), phases=phases
    )
    if choices is not None:
        reproduce_failure(version, choices.encode())(law)
    try:
        with with_reporter(lambda text: None):  # a verdict tells the call in a learner's words
            yield
    finally:
        law._hypothesis_internal_use_settings = usual  # type: ignore[attr-defined]
        law._hypothesis_internal_use_reproduce_failure = None  # type: ignore[attr-defined]


MOST_EXAMPLES = 200


def steady(law: Law, shrink: bool) -> None:
    """From now on a learner's own law draws the same examples at every run, whatever it says.

    As many as it says, up to a limit; with `shrink` its smallest failing call is searched for.
    """
    if not is_generated(law):
        return
    usual = law._hypothesis_internal_use_settings  # type: ignore[attr-defined]
    phases = (Phase.explicit, Phase.generate) + (Phase.shrink,) * shrink
    law._hypothesis_internal_use_settings = settings(  # type: ignore[attr-defined]
        usual,
        derandomize=True,
        database=None,
        deadline=None,
        phases=phases,
        max_examples=min(usual.max_examples, MOST_EXAMPLES),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )


class Seeded:
    """A law with `calls` other examples than its usual ones, drawn from a seed."""

    def __init__(self, law: Law, seed: int, calls: int) -> None:
        self.law, self.seed, self.calls = law, seed, calls
        self.hypothesis, self.__doc__ = law.hypothesis, law.__doc__  # type: ignore[attr-defined]
        self.words = getattr(law, "words", ())

    def __call__(self) -> None:
        """Hold the law; where a call is to be made again, as the law itself does it."""
        law: Any = self.law
        if getattr(law, "_hypothesis_internal_use_reproduce_failure", None) is not None:
            return law()
        usual = law._hypothesis_internal_use_settings
        law._hypothesis_internal_use_settings = settings(
            usual,
            max_examples=min(self.calls, usual.max_examples),
            phases=(Phase.generate, Phase.shrink),
        )
        law._hypothesis_internal_use_seed = self.seed
        try:
            return law()
        finally:
            law._hypothesis_internal_use_settings = usual
            law._hypothesis_internal_use_seed = None


def _shared(name: str) -> property:
    """An attribute of a seeded law that is the law's own: `few_calls` sets it."""

    def get(seeded: Any) -> Any:
        return getattr(seeded.law, name, None)

    def put(seeded: Any, value: Any) -> None:
        setattr(seeded.law, name, value)

    return property(get, put)


for _name in ("settings", "reproduce_failure"):
    setattr(
        Seeded, f"_hypothesis_internal_use_{_name}", _shared(f"_hypothesis_internal_use_{_name}")
    )
