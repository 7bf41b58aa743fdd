"""Whatever an answer does: the right verdict, and the tool goes on."""

from pathlib import Path

import pytest

from checks.judging.catalogue import answers
from checks.judging.curriculum import course
from checks.judging.judge import Job
from checks.judging.judge import judge as judge_all

RIGHT = "def setify(o):\n    return o if isinstance(o, set) else set(listify(o))\n"


@pytest.fixture
def verdict(judge, tmp_path: Path):
    """The verdict on a text in containers.py, after which the judge still judges."""

    def judged(text: str, name: str = "containers.setify"):
        path = tmp_path / "containers.py"
        path.write_text(text, encoding="utf-8")
        found = judge(name, tmp_path)
        assert path.read_text(encoding="utf-8") == text
        path.write_text(RIGHT, encoding="utf-8")
        assert judge("containers.setify", tmp_path).status == "green"
        return found

    return judged


def test_a_syntax_error_is_told_with_its_line(verdict):
    found = verdict("def setify(o):\n    return set(o\n")
    assert (found.status, found.line) == ("error", 2)
    assert "SyntaxError" in found.message and "return set(o" in found.counterexample


def test_an_endless_loop_is_told_with_its_line(verdict):
    found = verdict("def setify(o):\n    while True:\n        o = o\n")
    assert found.status == "timeout" and found.line in (2, 3)
    assert "didn't finish" in found.message


@pytest.mark.parametrize("exit_", ["sys.exit(0)", "os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_an_exit_at_import_is_no_pass(verdict, exit_):
    found = verdict(f"import os, sys\n{exit_}\n{RIGHT}")
    assert found.status == "error"


@pytest.mark.parametrize("exit_", ["sys.exit(0)", "os._exit(0)", "os.abort()"])
def test_an_exit_in_the_body_is_no_pass(verdict, exit_):
    found = verdict(f"import os, sys\ndef setify(o):\n    {exit_}\n")
    assert found.status in ("red", "error") and found.line


def test_too_much_memory_is_told_as_such(verdict):
    found = verdict("def setify(o):\n    return {len(bytearray(10 << 30))}\n")
    assert found.status == "red" and found.line == 2
    assert "more memory was asked for" in found.message


def test_a_flood_of_output_is_cut(verdict):
    text = f"print('x' * 100_000_000)\n{RIGHT}"
    found = verdict(text)
    assert found.status == "green" and len(found.output) <= 20_000


def test_a_flood_in_the_body_is_cut(verdict):
    text = "def setify(o):\n    print('y' * 20_000_000)\n    return 3\n"
    found = verdict(text)
    assert found.status == "red" and 0 < len(found.output) <= 20_000


@pytest.mark.parametrize(
    "cheat",
    [
        "import checks.laws\nchecks.laws.assert_same = lambda *a, **k: None\n",
        "import checks.laws\nchecks.laws._compare = lambda *a, **k: None\n",
        "import checks.laws as l\nl.assert_same.__code__ = (lambda *a, **k: None).__code__\n",
        "import checks.judging.trial\nchecks.trial.laws_of = lambda m, e: {'t': lambda: None}\n",
    ],
)
def test_checks_that_are_overwritten_say_nothing(verdict, cheat):
    found = verdict(f"{cheat}\ndef setify(o):\n    return 3\n")
    assert found.status in ("red", "error")


def test_the_reference_is_no_answer(verdict):
    found = verdict("from solutions.containers import setify as theirs\nsetify = theirs\n")
    assert found.status == "error" and "reference" in found.message


def test_an_object_that_equals_everything_is_no_answer(verdict):
    liar = "class Liar(set):\n    def __eq__(self, o):\n        return True\n    __hash__ = None\n"
    found = verdict(f"{liar}\ndef setify(o):\n    return Liar()\n")
    assert found.status == "red"


def test_a_file_that_deletes_itself_is_put_back(verdict):
    found = verdict(f"import os\nos.remove(__file__)\n{RIGHT}")
    assert found.status == "green"


def test_a_forgotten_return_has_its_sentence(verdict):
    found = verdict("def setify(o):\n    set(listify(o))\n")
    assert found.status == "red" and "returned None: it has no `return`" in found.message


def test_an_error_keeps_its_own_text(verdict):
    found = verdict("def setify(o):\n    raise KeyError('mine to find')\n")
    assert found.status == "red" and "mine to find" in found.message and found.line == 2


def test_a_missing_name_is_told_as_such(verdict):
    found = verdict("def setify(o):\n    return sett(o)\n")
    assert "a name is missing" in found.message and found.line == 2


def test_nothing_is_written_where_the_answers_are(verdict, tmp_path):
    found = verdict(f"open('litter', 'w').write('x')\n{RIGHT}")
    assert found.status == "green"
    assert [p.name for p in tmp_path.iterdir()] == ["containers.py"]


@pytest.mark.parametrize("name", ["wrong_answers", "right_answers"])
def test_laws_shared_out_over_cores_say_what_one_process_says(name):
    here = course()
    kata = here.katas["containers"]
    found = answers(here.checks / name / "containers.py", kata)
    for answer in [o for o in found if o.exercise == "compose"]:
        job = Job(answer.kata, answer.exercise, answer.source)
        alone, shared = (next(judge_all(here, [job], workers=n)).as_json() for n in (1, 3))
        del alone["seconds"], shared["seconds"]
        assert shared == alone
