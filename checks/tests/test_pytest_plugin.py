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
    for part in ("containers.setify  red", "got", "wanted", "containers.py:1"):
        assert part in done.stdout
    assert "Traceback" not in done.stdout and "skipped" not in done.stdout


def test_one_exercise_does_not_redden_another(tmp_path):
    text = "def listify(o):\n    return 3\n\n\ndef setify(o):\n"
    text += "    return o if isinstance(o, set) else set(listify(o))\n"
    (tmp_path / "containers.py").write_text(text)
    assert pytest_on("--answers", str(tmp_path), "-k", "setify").returncode == 0


def test_tests_are_found_one_by_one():
    done = pytest_on("--collect-only")
    assert "checks/check_containers.py::test_nothing_becomes_a_new_empty_list" in done.stdout
