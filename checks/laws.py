"""The vocabulary of a check file: laws, and comparisons that cannot be talked round.

A law is a function whose name is a sentence; `law("setify", "A set comes back as the same object")`
says which exercise it judges, and which words of the stub it holds.
The comparisons demand the exact type, since an object with its own `__eq__` equals anything.
Torch and Pillow are never imported here: a kata of plain Python gets its verdict without them.
"""

import copy
import math
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "katas",
    derandomize=True,  # the same answer, the same verdict
    database=None,
    deadline=None,  # first calls of torch are slow
    max_examples=40,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),  # `explain` makes a failure cost seconds
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    print_blob=False,
)
settings.load_profile("katas")


class Words(str):
    """A text that is shown without quotes: `a number`, where any number would do."""

    def __repr__(self) -> str:
        return str(self)


NOTHING = Words("nothing to show")


class Mismatch(AssertionError):
    """The learner's code returned `yours`, and `wanted` is right; both are kept for the verdict.

    NOTHING stands for both where no two values can be shown.
    """

    def __init__(self, yours: Any, wanted: Any, why: str) -> None:
        super().__init__(why)
        self.yours, self.wanted, self.why = yours, wanted, why
        self.call: str | None = None  # the line of an example

    @property
    def has_values(self) -> bool:
        """Whether there are two values to show."""
        return self.yours is not NOTHING and self.wanted is not NOTHING


def law(exercise: str, *words: str) -> Callable[[Callable], Callable]:
    """Mark a check as judging `exercise`; the outermost decorator of a check.

    words  the sentences, rows or equations of the stub that it holds, quoted to the letter
    """

    def mark(test: Callable) -> Callable:
        test.exercise = exercise  # type: ignore[attr-defined]
        test.words = words  # type: ignore[attr-defined]
        return test

    return mark


def seed_everything(seed: int) -> None:
    """The same random numbers from Python, numpy and torch, as far as they are loaded."""
    random.seed(seed)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(seed)
    if torch := sys.modules.get("torch"):
        # torch.manual_seed would also write down its caller for each kind of GPU: a millisecond
        torch.default_generator.manual_seed(seed)


def is_a(value: Any, module: str, name: str) -> bool:
    """Whether `value` is of the class `module.name`, without importing the module."""
    cls = getattr(sys.modules.get(module), name, None)
    return cls is not None and isinstance(value, cls)


def _kind(value: Any) -> str:
    if is_a(value, "torch", "Tensor"):
        return f"a {type(value).__name__} of shape {list(value.shape)} and {value.dtype}"
    if is_a(value, "PIL.Image", "Image"):
        return f"a picture of mode {value.mode} and size {value.size}"
    return "None" if value is None else f"{type(value).__name__} {value!r:.80}"


def _where(path: str) -> str:
    return f" at {path}" if path else ""


def _compare_tensors(yours: Any, wanted: Any, rtol: float, atol: float, path: str) -> None:
    torch = sys.modules["torch"]
    if type(yours) is not type(wanted) and type(yours) not in (
        torch.Tensor,
        torch.nn.Parameter,
    ):
        raise Mismatch(yours, wanted, f"type: got {_kind(yours)}, wanted a Tensor{_where(path)}")
    if yours.shape != wanted.shape:
        why = f"shape: got {list(yours.shape)}, wanted {list(wanted.shape)}{_where(path)}"
        raise Mismatch(yours, wanted, why)
    if yours.dtype != wanted.dtype:
        why = f"dtype: got {yours.dtype}, wanted {wanted.dtype}{_where(path)}"
        raise Mismatch(yours, wanted, why)
    left, right = (t.detach().to("cpu", torch.float64) for t in (yours, wanted))
    near = torch.isclose(left, right, rtol=rtol, atol=atol, equal_nan=True)
    if not near.all():
        first = tuple((~near).nonzero()[0].tolist())
        place = f"{list(first)}" if first else "the value"
        why = (
            f"values: {int((~near).sum())} of {near.numel()} differ; first at {place}: "
            f"got {left[first].item():.6g}, wanted {right[first].item():.6g}{_where(path)}"
        )
        raise Mismatch(yours, wanted, why)


def _compare_pictures(yours: Any, wanted: Any, path: str) -> None:
    if (yours.mode, yours.size) != (wanted.mode, wanted.size):
        raise Mismatch(yours, wanted, f"got {_kind(yours)}, wanted {_kind(wanted)}{_where(path)}")
    if yours.tobytes() != wanted.tobytes():
        raise Mismatch(yours, wanted, f"the pictures differ in their pixels{_where(path)}")


def _compare(yours: Any, wanted: Any, rtol: float, atol: float, path: str) -> None:
    if is_a(wanted, "torch", "Tensor"):
        if not is_a(yours, "torch", "Tensor"):
            why = f"type: got {_kind(yours)}, wanted {_kind(wanted)}{_where(path)}"
            raise Mismatch(yours, wanted, why)
        return _compare_tensors(yours, wanted, rtol, atol, path)
    if is_a(wanted, "PIL.Image", "Image") and is_a(yours, "PIL.Image", "Image"):
        return _compare_pictures(yours, wanted, path)
    if type(wanted) is float and type(yours) in (int, float):
        if not (math.isclose(yours, wanted, rel_tol=rtol, abs_tol=atol) or yours is wanted):
            why = f"value: got {yours!r}, wanted {wanted!r}{_where(path)}"
            raise Mismatch(yours, wanted, why)
        return None
    if type(yours) is not type(wanted):
        why = f"type: got {_kind(yours)}, wanted {_kind(wanted)}{_where(path)}"
        raise Mismatch(yours, wanted, why)
    if isinstance(wanted, (list, tuple)):
        if len(yours) != len(wanted):
            why = f"length: got {len(yours)} items, wanted {len(wanted)}{_where(path)}"
            raise Mismatch(yours, wanted, why)
        for i, (left, right) in enumerate(zip(yours, wanted, strict=True)):
            _compare(left, right, rtol, atol, f"{path}[{i}]")
        return None
    if isinstance(wanted, dict):
        if yours.keys() != wanted.keys():
            why = f"keys: got {list(yours)}, wanted {list(wanted)}{_where(path)}"
            raise Mismatch(yours, wanted, why)
        for key in wanted:
            _compare(yours[key], wanted[key], rtol, atol, f"{path}[{key!r}]")
        return None
    if not (yours is wanted or yours == wanted):
        why = f"value: got {yours!r:.200}, wanted {wanted!r:.200}{_where(path)}"
        raise Mismatch(yours, wanted, why)
    return None


def assert_close(yours: Any, wanted: Any, *, rtol: float = 1e-5, atol: float = 1e-6) -> None:
    """Same type, shape and dtype, and values within `atol + rtol * |wanted|`.

    Looks into lists, tuples and dicts. Where a float is wanted, an int of that value will do.
    """
    try:
        _compare(yours, wanted, rtol, atol, "")
    except Mismatch as found:
        raise Mismatch(yours, wanted, found.why) from None


def assert_same(yours: Any, wanted: Any) -> None:
    """Exactly equal: type, shape, dtype, and every value, pixel or item."""
    assert_close(yours, wanted, rtol=0.0, atol=0.0)


def assert_that(holds: bool, why: str, yours: Any = NOTHING, wanted: Any = NOTHING) -> None:
    """`holds`, or a mismatch that says `why` in the learner's words: `got ..., wanted ...`."""
    if type(holds) is not bool and is_a(holds, "torch", "Tensor"):
        holds = bool(holds.all())
    if holds is not True:
        raise Mismatch(yours, wanted, why)


def number(value: Any) -> float:
    """A real number as a float, whether it came as an int, a float or a tensor of one element."""
    if is_a(value, "torch", "Tensor") and value.numel() == 1:
        return float(value.detach())
    if type(value) in (int, float) or is_a(value, "numpy", "number"):
        return float(value)
    raise Mismatch(value, Words("a number"), f"type: got {_kind(value)}, wanted a number")


@contextmanager
def assert_raises(kind: type[BaseException], *mentions: str) -> Iterator[list[Any]]:
    """The block raises `kind`, and its message mentions each of `mentions`.

    Where nothing is raised, the verdict shows the value that the block appended to `came`.
    """
    wanted = Words("".join([kind.__name__, *(f", mentioning {m!r}" for m in mentions)]))
    came: list[Any] = []
    try:
        yield came
    except kind as error:
        missing = [m for m in mentions if m not in str(error)]
        if missing:
            why = f"got {error!r:.200}, wanted a message that mentions {missing[0]!r}"
            raise Mismatch(error, wanted, why) from error
    except (NotImplementedError, Mismatch):
        raise
    except Exception as error:
        why = f"got {type(error).__name__}: {error}, wanted {wanted}"
        raise Mismatch(error, wanted, why) from error
    else:
        yours = came[-1] if came else Words("no error")
        raise Mismatch(yours, wanted, f"got no error, wanted {wanted}")


@contextmanager
def unchanged(**arguments: Any) -> Iterator[None]:
    """What is passed by name has the same value after the block as before it."""
    before = {name: copy.deepcopy(value) for name, value in arguments.items()}
    yield
    for name, value in arguments.items():
        try:
            assert_same(value, before[name])
        except Mismatch:
            raise Mismatch(value, before[name], f"your code changed the argument {name}") from None
