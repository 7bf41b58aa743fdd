"""The course as a whole: reference green, stubs missing, and the way between them."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from checks.judging.assembly import Source
from checks.judging.curriculum import course
from checks.judging.rewrite import lines_of, replaced, stands_on
from checks.judging.stubs import _is_started, stub_text
from checks.learning.loop import hints
from checks.tests.conftest import command

KATAS = list(course().katas)
EXERCISES = list(course().exercises())


def statuses(file: Path) -> dict[str, str]:
    """The status of each exercise in a file that `check --json` wrote."""
    return {f"{v['kata']}.{v['exercise']}": v["status"] for v in json.loads(file.read_text())}


@pytest.mark.parametrize("kata", KATAS)
def test_the_reference_is_green(kata, tmp_path):
    done = command("check", kata, "--answers", "solutions", "--json", tmp_path / "o.json")
    assert set(statuses(tmp_path / "o.json").values()) == {"green"}, done.stdout
    assert done.returncode == 0


def test_what_nobody_has_touched_is_missing(fork, tmp_path):
    done = command("check", "--answers", fork.answers, "--json", tmp_path / "o.json")
    assert set(statuses(tmp_path / "o.json").values()) == {"missing"}
    assert done.returncode == 1 and not re.search(r"\bred\b", done.stdout)


@pytest.mark.parametrize("kata", KATAS)
def test_committed_stubs_are_what_the_reference_makes(kata):
    path = course().answers / f"{kata}.py"
    text = path.read_text(encoding="utf-8")
    if _is_started(text):
        pytest.skip("somebody works on it")
    assert text == stub_text(course().katas[kata])


def walk(judge, folder: Path, order: list[tuple[str, str]]) -> None:
    """Solve the exercises one by one with the reference's text; each turns green at its turn."""
    for kata, exercise in order:
        path = folder / f"{kata}.py"
        assert judge(f"{kata}.{exercise}", folder).status == "missing", exercise
        reference = Source.read(course().katas[kata].path)
        mine = Source(str(path), path.read_text(encoding="utf-8"))
        private = {o for o in reference.names if o.startswith("_")}
        lines = lines_of(reference, exercise)
        for name in sorted(stands_on(reference, exercise, private) - mine.names):
            lines = [*lines_of(reference, name), *lines]
        new = {exercise: lines}
        path.write_text(replaced(mine, new), encoding="utf-8")
        found = judge(f"{kata}.{exercise}", folder)
        assert found.status == "green", (kata, exercise, found.message)


def test_a_learner_goes_from_stubs_to_green_in_order(judge, fork):
    walk(judge, fork.answers, EXERCISES)


def test_a_learner_goes_from_stubs_to_green_backwards(judge, fork):
    walk(judge, fork.answers, EXERCISES[::-1])


@pytest.mark.parametrize("kata", [k.name for k in course().katas.values() if k.level == 1])
def test_a_kata_of_level_1_never_imports_torch(kata):
    code = f"""
import sys
class Refuse:
    def find_spec(self, name, path, target=None):
        if name in ("torch", "numpy", "PIL", "jaxtyping"):
            raise AssertionError(f"{{name}} is imported")
sys.meta_path.insert(0, Refuse())
from checks.__main__ import main
sys.exit(main(["check", {kata!r}, "--answers", "solutions"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=course().root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_katas_import_only_katas_before_them():
    seen: set[str] = set()
    for kata in course().katas.values():
        imported = {
            node.module
            for node in ast.walk(kata.tree)
            if isinstance(node, ast.ImportFrom) and node.level
        }
        assert imported <= seen, f"{kata.name} imports {imported - seen}"
        seen.add(kata.name)


def test_levels_are_given_and_start_low():
    levels = [kata.level for kata in course().katas.values()]
    assert set(levels) <= {1, 2, 3, 4} and levels[0] == 1
    assert all(kata.minutes > 0 for kata in course().katas.values())


@pytest.mark.parametrize("kata, exercise", EXERCISES, ids=".".join)
def test_every_exercise_has_its_ladder_of_hints(kata, exercise):
    rungs = hints(course(), kata, exercise)
    assert len(rungs) == 3
    assert 30 <= len(rungs[0].split()) <= 90, "the property restated in 40 to 80 words"
    skeleton = re.findall(r"```python\n(.*?)```", rungs[2], flags=re.S)
    lines = [line for line in "".join(skeleton).splitlines() if line.strip()]
    assert len(skeleton) == 1 and len(lines) <= 15
    assert "___" in skeleton[0] or "..." in skeleton[0], "a skeleton has holes"


@pytest.mark.parametrize("kata, exercise", EXERCISES, ids=".".join)
def test_no_hint_gives_the_solution_away(kata, exercise):
    told = "\n".join(hints(course(), kata, exercise)).splitlines()
    given = {" ".join(line.split()) for line in told}
    node = Source.read(course().katas[kata].path).definition(exercise)
    body = [s for part in getattr(node, "body", []) for s in _statements(part)]
    rich = [s for s in body if len(s) > 30]
    assert not [s for s in rich if s in given]


def _statements(node: ast.stmt) -> list[str]:
    """The simple statements below `node`, each as one line."""
    simple = (ast.Return, ast.Assign, ast.AugAssign)
    return [ast.unparse(o) for o in ast.walk(node) if isinstance(o, simple)]


def test_every_docstring_example_of_the_reference_is_true():
    import doctest
    import importlib

    for kata in KATAS:
        module = importlib.import_module(f"solutions.{kata}")
        failed, tried = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
        assert not failed and tried, kata
