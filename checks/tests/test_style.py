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
MOST_CONTENT = 2.64  # what is reached, with grading and the judging of own laws; it may only rise
LAWS_AND_WORDS = sorted(
    [*(ROOT / "checks").glob("check_*.py"), *(ROOT / "checks/words").glob("*.py")]
)
TYPED = ["solutions", "checks/laws.py", "notebooks/plots.py", *MACHINERY]


def run(*command: str) -> None:
    """Run a tool; its report is the failure."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_code_is_formatted():
    run("ruff", "format", "--check", "--no-cache", "solutions", "checks", "notebooks")


def test_the_linter_finds_nothing():
    run("ruff", "check", "--no-cache", "solutions", "checks", "notebooks")


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


def size(*patterns: str) -> int:
    """Lines of all files of these patterns."""
    files = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)


def test_the_content_is_the_star():
    machine = size(
        *(f"checks/{room}/*.py" for room in ROOMS), "checks/*__.py", "checks/conftest.py"
    )
    content = size("katas/*.py", "solutions/*.py", "checks/check_*.py", "checks/words/*.py")
    content += size(
        "checks/hints/*.md", "checks/own_laws/*.md", "katas/laws/*.py", "notebooks/*.py"
    )
    assert content / machine > MOST_CONTENT, f"{content} lines of content to {machine} of machine"


def test_the_front_door_is_short():
    assert size("README.md") <= 90


@pytest.mark.parametrize("path", checked_files(), ids=lambda p: p.stem)
def test_a_check_file_opens_with_laws(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert next(i for i, line in enumerate(lines, 1) if line.startswith("@law(")) < 60


def is_effect(node: ast.AST) -> bool:
    """A conditional expression that stands for an `if`: for its effect, or picked by a flag."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.IfExp)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Tuple):
        return len(node.value.elts) == 2 and isinstance(node.slice, ast.Name | ast.Compare)
    is_type = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "type"
    return is_type and len(node.args) == 3


@pytest.mark.parametrize("path", LAWS_AND_WORDS, ids=lambda p: p.stem)
def test_no_branch_is_dressed_up(path):
    found = [o.lineno for o in ast.walk(ast.parse(path.read_text("utf-8"))) if is_effect(o)]
    assert not found


@pytest.mark.parametrize("path", sorted((ROOT / "checks/words").glob("*.py")), ids=lambda p: p.stem)
def test_words_know_no_kata(path):
    """They are loaded before the answer: an exercise is handed to them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules = [o.name for o in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not [o for o in modules if o.partition(".")[0] in ("katas", "solutions")]


def test_the_reference_needs_no_excuses():
    for kata in course().katas.values():
        assert "type: ignore" not in kata.path.read_text(encoding="utf-8"), kata.path.name
