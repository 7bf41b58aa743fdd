"""A course of one kata with two exercises, for tests of what judges answers."""

import subprocess
import sys
from pathlib import Path

from checks.judging.curriculum import course

FILES = {
    "solutions/__init__.py": "",
    "solutions/little.py": '''"""Little. Level 1."""


def double(x):
    """Twice x."""
    return 2 * x


def largest(xs):
    """The greatest of xs, 0 of none."""
    return max(xs, default=0)
''',
    "checks/check_little.py": '''"""The laws of little."""

from hypothesis import given
from hypothesis import strategies as st

from checks.laws import assert_same, law
from katas.little import double, largest


@law("double")
@given(st.integers(-9, 9))
def test_twice_is_the_sum_of_both(x):
    """double(x) = x + x."""
    assert_same(double(x), x + x)


@law("largest")
@given(st.lists(st.integers(-9, 9)))
def test_the_last_in_order_is_the_largest(xs):
    """largest(xs) is the last of sorted(xs)."""
    assert_same(largest(list(xs)), sorted(xs)[-1] if xs else 0)
''',
    "checks/wrong_answers/little.py": '''
def double(x):
    """Adds 2."""
    return x + 2


def double(x):
    """Squares."""
    return x * x


def double(x):
    """Never comes to an end."""
    while True:
        pass


def largest(xs):
    """Gives the smallest."""
    return min(xs, default=0)


def largest(xs):
    """Gives the first."""
    return xs[0] if xs else 0


def largest(xs):
    """Gives what comes first."""
    return next(iter(xs), 0)
''',
    "checks/right_answers/little.py": '''
def double(x):
    """By a sum."""
    return x + x


def largest(xs):
    """By order."""
    return sorted([*xs])[-1] if xs else 0
''',
    "checks/other_wordings/little.py": '''
def double(x):
    """Squares."""
    return x**2


def double(x):
    return 3 * x
''',
}


def make_course(root: Path, **others: str) -> Path:
    """Write the course; `others` come in the place of its files, named by kind: wrong_answers."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(others.get(path.parent.name, text), encoding="utf-8")
    return root


def on_course(root: Path, code: str) -> subprocess.CompletedProcess:
    """Run code with `little`, the course, in a process that has computed nothing before."""
    head = "import sys; from pathlib import Path; from checks.judging.curriculum import Course\n"
    head += f"little = Course(Path({str(root)!r}), order=('little',))\n"
    return subprocess.run(
        [sys.executable, "-c", head + code], cwd=course().root, capture_output=True, text=True
    )
