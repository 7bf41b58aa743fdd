"""Plain pytest on a check file, as an editor's test panel runs it."""

import subprocess
import sys

from checks.judging.curriculum import course


def pytest_on(*arguments: str) -> subprocess.CompletedProcess:
    """`pytest checks/check_containers.py ...`"""
    command = [sys.executable, "-m", "pytest", "checks/check_containers.py", "-q", *arguments]
    return subprocess.run(command, cwd=course().root, capture_output=True, text=True)


def test_the_reference_passes():
    done = pytest_on("--answers", "solutions")
    assert done.returncode == 0 and "passed" in done.stdout and "skipped" not in done.stdout


def test_what_is_not_started_is_skipped(fork):
    done = pytest_on("--answers", str(fork.answers))
    assert done.returncode == 0 and "skipped" in done.stdout and "passed" not in done.stdout


def test_a_wrong_answer_fails_with_its_verdict(tmp_path):
    (tmp_path / "containers.py").write_text("def setify(o):\n    return set(o)\n")
    done = pytest_on("--answers", str(tmp_path), "-k", "setify")
    assert done.returncode == 1
    node = "next    pytest checks/check_containers.py::setify::test_"
    for part in ("containers.setify  red", "got", "wanted", "containers.py:1", node):
        assert part in done.stdout
    assert "Traceback" not in done.stdout and "skipped" not in done.stdout


def test_one_exercise_does_not_redden_another(tmp_path):
    text = "def listify(o):\n    return 3\n\n\ndef setify(o):\n"
    text += "    return o if isinstance(o, set) else set(listify(o))\n"
    (tmp_path / "containers.py").write_text(text)
    assert pytest_on("--answers", str(tmp_path), "-k", "setify").returncode == 0


def test_tests_are_found_one_by_one_below_their_exercise():
    done = pytest_on("--collect-only")
    law = "test_nothing_becomes_a_new_empty_list"
    assert f"checks/check_containers.py::listify::{law}" in done.stdout.splitlines()


def test_the_node_of_a_verdict_runs_that_law_alone(tmp_path):
    (tmp_path / "containers.py").write_text("def setify(o):\n    return set(o)\n")
    told = pytest_on("--answers", str(tmp_path), "-k", "setify").stdout
    again = next(o.split()[2:] for o in told.splitlines() if o.strip().startswith("next"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *again],
        cwd=course().root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "1 failed" in done.stdout


def test_an_exercise_is_a_node_of_its_own():
    node = "checks/check_containers.py::setify"
    command = [sys.executable, "-m", "pytest", "-q", "--answers", "solutions", "--collect-only"]
    done = subprocess.run([*command, node], cwd=course().root, capture_output=True, text=True)
    found = [o for o in done.stdout.splitlines() if "::" in o]
    assert found and all(o.startswith(f"{node}::test_") for o in found)


def test_an_editor_sees_a_file_a_class_and_a_test():
    """Editors build their tree from the parents of a test: file, class, test."""
    code = """
import pytest
class Seen:
    def pytest_collection_modifyitems(self, items):
        for item in items:
            assert isinstance(item.parent, pytest.Class) and item.parent.name == "setify"
            assert isinstance(item.parent.parent, pytest.Module) and item.location[0]
raise SystemExit(pytest.main(
    ["-q", "--collect-only", "checks/check_containers.py::setify"], plugins=[Seen()]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=course().root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
