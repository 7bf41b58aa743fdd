"""Rules of style that a program can hold."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from checks.judging.curriculum import course

ROOT = course().root
FOLDERS = ("solutions", "checks", "katas")
ROOMS = ("judging", "learning", "teaching")
MACHINERY = sorted(
    str(p.relative_to(ROOT)) for o in ROOMS for p in (ROOT / "checks" / o).glob("*.py")
)
MACHINERY += ["checks/__init__.py", "checks/__main__.py", "checks/conftest.py"]
TYPED = ["solutions", "checks/laws.py", *MACHINERY]


def run(*command: str) -> None:
    """Run a tool; its report is the failure."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_code_is_formatted():
    run("ruff", "format", "--check", "--no-cache", "solutions", "checks")


def test_the_linter_finds_nothing():
    run("ruff", "check", "--no-cache", "solutions", "checks")


def test_types_hold():
    run("mypy", "--cache-dir", "/dev/null", *TYPED)


def checked_files() -> list[Path]:
    return [p for p in sorted((ROOT / "checks").glob("check_*.py"))]


@pytest.mark.parametrize("path", checked_files(), ids=lambda p: p.stem)
def test_every_law_is_a_sentence_with_its_words(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            assert node.name.count("_") >= 3, f"{node.name} is no sentence"
            words = ast.get_docstring(node)
            assert words, f"{node.name} has no words"
            assert not {"just", "simply", "obviously"} & set(words.lower().split())


@pytest.mark.parametrize("path", checked_files(), ids=lambda p: p.stem)
def test_every_exercise_has_laws(path):
    kata = course().katas[path.stem.removeprefix("check_")]
    marked = {
        ast.literal_eval(o.args[0])
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        for o in node.decorator_list
        if isinstance(o, ast.Call) and getattr(o.func, "id", "") == "law"
    }
    assert marked == set(kata.exercises)


def test_public_definitions_have_docstrings():
    for path in sorted((ROOT / "solutions").glob("*.py")):
        if path.stem == "drawings":  # each is named for what it draws
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_":
                assert ast.get_docstring(node), f"{path.name}: {node.name}"


def test_katas_and_checks_are_larger_than_what_stands_behind_make():
    content = [*(ROOT / "checks").glob("check_*.py"), *(ROOT / "katas").glob("*.py")]
    content += [*(ROOT / "solutions").glob("*.py"), *(ROOT / "checks").glob("*_answers/*.py")]

    def size(paths) -> int:
        return sum(len(Path(ROOT, p).read_text(encoding="utf-8").splitlines()) for p in paths)

    assert 4 * size(MACHINERY) < size(content)
