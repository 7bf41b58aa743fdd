"""Laws that learners write: strong, weak, false, empty and cheating ones, and what is said."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from checks.judging.curriculum import course
from checks.judging.disguise import disguised
from checks.judging.law_files import mistakes
from checks.judging.own_laws import LawFile
from checks.tests.conftest import command

HEAD = """
import inspect, os, random, sys, time
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
import katas.containers
from katas.containers import listify, setify, uniqueify

things = st.none() | st.integers() | st.text() | st.lists(st.integers()) | st.sets(st.integers())
lists = st.lists(st.integers())
"""
TRUE = """
@given(things)
def test_the_items_are_those_of_listify(o):
    assert setify(o) == set(listify(o))
@given(st.sets(st.integers()))
def test_a_set_is_itself(s):
    assert setify(s) is s
@given(st.frozensets(st.integers()))
def test_a_frozenset_becomes_a_set(s):
    assert type(setify(s)) is set
@pytest.mark.parametrize("o, wanted", [(None, set()), pytest.param("ab", {"ab"})])
def test_a_table(o, wanted):
    assert setify(o) == wanted
@given(things)
def test_twice_is_once(o):
    assert setify(setify(o)) is setify(o) or setify(o) is not o
@given(lists)
@settings(max_examples=5, derandomize=False)
def test_the_list_stays(xs):
    before = list(xs)
    setify(xs)
    assert xs == before
def test_a_file(tmp_path):
    (tmp_path / "a").write_text("b")
    assert setify((tmp_path / "a").read_text()) == {"b"}
def test_an_error():
    with pytest.raises(TypeError):
        setify([[]])
"""
FALSE = {
    "len(setify(o)) >= 1": "things",
    "isinstance(setify(o), frozenset)": "things",
    "setify(o) is not o": "things",
    "len(setify(o)) == len(o)": "lists",
}
EMPTY = """
@given(things)
def test_empty_runs(o): setify(o)
def test_empty_true(): assert True; setify(1)
def test_empty_swallows():
    try:
        assert setify("aa") == {"aa"}
    except AssertionError:
        pass
@given(things)
def test_empty_itself(o):
    found = setify(o)
    assert found == found
@given(lists)
def test_empty_assumes(o):
    assume(False)
    assert setify(o) == 1
@given(things)
def test_empty_reraises(o):
    try:
        setify(o)
    except Exception:
        raise AssertionError
async def test_empty_async(): assert setify(1) == 2
def test_empty_yields(): yield setify(1) == 2
def test_empty_skips(): pytest.skip(""); assert setify(1) == 2
@pytest.mark.skip
def test_empty_mark(): assert setify(1) == 2
"""
CHEATS = """
import linecache
def wrong(): return setify("ab") != {"ab"} or setify({1} and frozenset({1})) != {1}
def test_cheat_source(): assert "listify" in inspect.getsource(setify)
def test_cheat_code(): assert "listify" in getattr(setify, "__co" + "de__").co_names
def test_cheat_doc(): assert not setify.__doc__
def test_cheat_names(): assert not [o for o in vars(katas.containers) if "mistake" in o]; setify(1)
def test_cheat_line():
    assert getattr(setify, "__co" + "de__").co_firstlineno < 50
def test_cheat_frames():
    frame = getattr(sys, "_get" + "frame")()
    while frame: assert "Splits" not in str(frame.f_locals); frame = frame.f_back
    setify(1)
def test_cheat_objects():
    import gc
    found = getattr(gc, "get_" + "objects")()
    assert not [o for o in found if type(o).__name__ == "Answer" and "Splits" in o.doc]; setify(1)
def test_cheat_exit(): sys.exit(1) if wrong() else None
def test_cheat_hard_exit(): os._exit(0) if wrong() else None
def test_cheat_kill(): os.kill(os.getpid(), 9) if wrong() else None
def test_cheat_patch():
    katas.containers.setify = set
    assert katas.containers.setify([1]) == {1}
def test_cheat_builtins():
    import builtins
    builtins.set = frozenset
    setify(1)
def test_cheat_file():
    with open(LEFT, "a") as file: file.write("x")
    with open(LEFT) as file: assert len(file.read()) < 6
    setify(1)
def test_cheat_chance(): assert os.urandom(1)[0] < 200 and random.random() < 0.9; setify(1)
def test_cheat_flaky(seen=[]):
    seen.append(1)
    assert len(seen) % 2 == 0; setify(1)
def test_cheat_environment():
    os.environ["TRIED"] = os.environ.get("TRIED", "") + "x"
    assert len(os.environ["TRIED"]) < 5
    setify(1)
def test_cheat_reference():
    from solutions.containers import setify as right
    assert setify("ab") == right("ab")
"""


def told(folder: Path, *laws: str) -> dict:
    """What is said of laws for setify."""
    (folder / "laws").mkdir(exist_ok=True)
    text = HEAD + "\n".join(laws).replace("LEFT", repr(str(folder / "left")))
    (folder / "laws" / "test_containers.py").write_text(text)
    done = command("laws", "setify", "--answers", folder, "--json", folder / "o.json")
    assert done.returncode in (0, 1), done.stderr
    return json.loads((folder / "o.json").read_text())[0] | {"said": done.stdout}


@pytest.fixture(scope="module")
def true_ones(tmp_path_factory) -> dict:
    """What is said of true laws."""
    return told(tmp_path_factory.mktemp("true"), TRUE)


def test_true_laws_are_not_blamed_and_catch(true_ones):
    assert true_ones["status"] in ("green", "open") and not true_ones["notes"]
    assert true_ones["caught"] >= true_ones["of"] - 1, true_ones["said"]


def test_a_law_that_says_it_again_adds_nothing(true_ones):
    rows = {row.split()[0]: row for row in true_ones["table"]}
    assert "adds nothing: caught by" in rows["test_a_table"]
    assert (
        "no mistake breaks it" in rows["test_the_list_stays"]
        or "accepts None" in (rows["test_the_list_stays"])
    )


def test_empty_laws_catch_nothing(tmp_path):
    found = told(tmp_path, EMPTY)
    assert found["status"] == "open" and found["caught"] == 0, found["said"]
    for name in ("runs", "true", "swallows", "itself", "reraises"):
        (row,) = [o for o in found["table"] if o.startswith(f"test_empty_{name} ")]
        assert "asserts nothing" in row
    for name in ("assumes", "async", "yields", "skips", "mark"):
        (note,) = [o for o in found["notes"] if o.startswith(f"test_empty_{name} ")]
        assert "asserts nothing" in note or "never runs" in note


@pytest.mark.parametrize("law", FALSE)
def test_a_false_law_is_shown_with_a_right_answer(law, tmp_path):
    found = told(tmp_path, TRUE, f"@given({FALSE[law]})\ndef test_false(o):\n    assert {law}\n")
    assert found["status"] == "false" and found["caught"] == 0
    said = "\n".join(found["notes"])
    assert "test_false" in said and "right   " in said and "call    setify(" in said
    assert "caught" not in found["said"]


def test_a_mistake_that_a_false_law_asks_for_is_named(tmp_path):
    found = told(tmp_path, "@given(st.sets(st.integers()))\n"
                 "def test_false(s):\n    assert setify(s) is not s\n")  # fmt: skip
    assert "that's the mistake: it copies a set" in "\n".join(found["notes"])


def test_cheating_laws_catch_nothing(tmp_path):
    rows = CHEATS.split("\ndef test_cheat_")
    honest = [o for o in rows[1:] if not o.startswith(("reference", "chance"))]
    found = told(tmp_path, "\ndef test_cheat_".join([rows[0], *honest]))
    assert found["caught"] == 0, found["said"]
    assert "Splits" not in found["said"].replace("splits", "")
    notes = "\n".join(found["notes"])
    for name in (
        "source",
        "code",
        "doc",
        "line",
        "frames",
        "objects",
        "patch",
        "builtins",
        "file",
        "environment",
    ):
        assert f"test_cheat_{name} " in notes, name


@pytest.mark.parametrize("name", ("reference", "chance"))
def test_an_oracle_that_is_lent_and_chance_catch_nothing(name, tmp_path):
    rows = CHEATS.split("\ndef test_cheat_")
    found = told(tmp_path, rows[0], *(f"def test_cheat_{o}" for o in rows if o.startswith(name)))
    assert found["caught"] == 0, found["said"]


def test_a_law_belongs_to_what_it_names():
    text = (
        HEAD
        + """
def helper(o): return setify(o)
class Test: ...
# listify
def test_two(o): assert set(listify(o)) == setify(o)
# uniqueify
def test_by_helper(): assert helper(1) == {1}
def test_none(): assert 1
"""
    )
    file = LawFile(course().katas["containers"], "x.py", text)
    found = {o.name: o.exercise for o in file.laws}
    assert found == {"test_two": "listify", "test_by_helper": "setify", "test_none": None}
    assert file.in_classes == ["Test"]


@pytest.mark.parametrize("body", ("sum(range(10**13))", "time.sleep(3600)"))
def test_a_law_without_end_is_told(body, tmp_path):
    found = told(tmp_path, f"def test_long():\n    setify(1)\n    {body}\n")
    assert found["caught"] == 0 and re.search("too long|without end", found["notes"][0])


def test_a_law_about_a_function_of_its_own_is_told(tmp_path):
    found = told(tmp_path, "def setify(o): return {o}\ndef test_own(): assert setify(1) == {1}\n")
    assert found["caught"] == 0 and "the file's own `setify`" in found["notes"][0]


def test_a_key_changes_with_a_helper_and_not_with_a_comment():
    kata = course().katas["containers"]
    text = "def help(): return 1\ndef other(): return 1\ndef test_a(): assert help()\n"
    changed = ("# a\n" + text, text.replace("other", "else_"), text.replace("help(): return 1",
               "help(): return 2"))  # fmt: skip
    key, *keys = [LawFile(kata, "x.py", o).laws[0].key for o in (text, *changed)]
    assert [o == key for o in keys] == [True, True, False]


def test_answers_are_disguised():
    kata = course().katas["containers"]
    for answer in sum(map(list, mistakes(course(), ("containers", "setify"))), []):
        found = disguised(kata, answer.source)
        code = "\n".join(map(str, found.codes))
        assert "answer.py" in code and "wrong_answers" not in code
        assert not [o for o in found.names if o.startswith("_") and not o.startswith("_helper_")]
        assert answer.doc.split()[-1] not in str([o.co_consts for o in found.codes])


def test_the_same_laws_are_told_the_same_with_any_hash_seed(tmp_path):
    text = HEAD + TRUE
    code = f"""
import sys
from checks.judging.curriculum import course
from checks.judging.disguise import disguised
from checks.judging.law_files import mistakes
from checks.judging.own_laws import LawFile
print([o.key for o in LawFile(course().katas["containers"], "x.py", {text!r}).laws])
"""
    found = {
        subprocess.run([sys.executable, "-c", code], cwd=course().root, text=True,
                       env={"PYTHONHASHSEED": seed, "PATH": ""}, capture_output=True).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(found) == 1 and "[" in found.pop()


def test_a_file_that_is_no_python_is_told(tmp_path):
    found = told(tmp_path, "def test_a(:\n")
    assert found["status"] == "error" and "can't read it" in found["notes"][0]


@pytest.mark.parametrize("exercise", ["containers.setify", "schedules.sched_lin"])
def test_our_own_laws_catch_every_core_mistake(tmp_path, exercise):
    """They are judged as a learner's are, by the same door."""
    kata = exercise.partition(".")[0]
    (tmp_path / "laws").mkdir()
    law_file = tmp_path / "laws" / f"test_{kata}.py"
    law_file.write_text((course().checks / f"check_{kata}.py").read_text(encoding="utf-8"))
    done = command("laws", exercise, "--answers", tmp_path, "--json", tmp_path / "o.json")
    assert done.returncode == 0, done.stdout + done.stderr
    [said] = json.loads((tmp_path / "o.json").read_text())
    assert (said["status"], said["caught"]) == ("green", said["of"])
