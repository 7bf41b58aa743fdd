"""What the tests of the machinery share: a judge that is warm, and the command line."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.judging.curriculum import Course, course
from checks.judging.stubs import stub_text
from checks.judging.verdict import Verdict


def command(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess:
    """`python -m checks ...`, ended; its output is plain text."""
    environment = {
        k: v for k, v in os.environ.items() if k not in ("MAKELEVEL", "MAKEFLAGS", "FORCE_COLOR")
    }
    return subprocess.run(
        [sys.executable, "-m", "checks", *map(str, arguments)],
        cwd=cwd or course().root,
        env=environment,
        capture_output=True,
        text=True,
    )


class Judge:
    """One process that judges on request, as notebooks use it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "checks", "serve"],
            cwd=course().root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, name: str, folder: Path) -> Verdict:
        """The verdict on the exercise `name` with the answers in `folder`."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"name": name, "folder": str(folder)}) + "\n")
        self.process.stdin.flush()
        return Verdict(**json.loads(self.process.stdout.readline()))

    def end(self) -> None:
        """Close its input, at which it ends."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    """A warm judge."""
    warm = Judge()
    yield warm
    warm.end()


@pytest.fixture
def fork(tmp_path: Path) -> Course:
    """A copy of the course in which anything may be written, with untouched katas."""
    root = tmp_path / "fork"
    (root / "katas").mkdir(parents=True)
    for folder in ("checks", "solutions"):
        (root / folder).symlink_to(course().root / folder)
    copy = Course(root)
    for kata in copy.katas.values():
        (copy.answers / f"{kata.name}.py").write_text(stub_text(kata), encoding="utf-8")
    return copy
