"""The learner's loop: check, hint, solution, reset, progress, watch, grade."""

import json

import pytest

from checks.__main__ import main
from checks.judging.curriculum import NOTEBOOKS, PARTS, UnknownName, course
from checks.judging.judge import jobs_for
from checks.judging.stubs import stub_text
from checks.learning.effort import BY_HAND, difficulty, minutes
from checks.learning.memory import Memory, judge_again

SETIFY = [("containers", "setify")]

RIGHT = "def setify(o):\n    return o if isinstance(o, set) else set(listify(o))\n"
WRONG = "def setify(o):\n    return set(o)\n"


def answer(fork, text: str, kata: str = "containers") -> None:
    """Write a kata file."""
    (fork.answers / f"{kata}.py").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["setify", "SETIFY", "containers.setify", "1.setify", "Containers.Setify", "01.setify"]
)
def test_names_are_forgiving(name):
    assert course().find(name) == [("containers", "setify")]


def test_a_kata_is_found_by_name_number_and_file():
    whole = [("files", "get_files")]
    assert [course().find(n) for n in ("files", "2", "files.py")] == [whole] * 3


def test_all_means_every_exercise():
    assert course().find("all") == list(course().exercises())


def test_class_and_kata_of_one_name_are_told_apart():
    assert course().find("Learner") == [("learner", "Learner")]
    assert len(course().find("learner")) > 1


def test_a_typo_gets_the_nearest_names(fork, capsys):
    assert main(["check", "setfy"], fork) == 2
    assert "setify" in capsys.readouterr().err
    with pytest.raises(UnknownName) as error:
        course().find("optimisers")
    assert "optimizers" in error.value.nearest


def test_a_question_about_no_folder_is_wrong(fork, capsys):
    assert main(["check", "setify", "--answers", "nowhere"], fork) == 2


def test_the_exit_status_is_0_only_for_green(fork):
    assert main(["check", "setify"], fork) == 1
    answer(fork, RIGHT)
    assert main(["check", "setify"], fork) == 0
    assert main(["check", "containers"], fork) == 1
    answer(fork, WRONG)
    assert main(["check", "setify"], fork) == 1


def test_json_has_the_promised_fields(fork, tmp_path):
    answer(fork, WRONG)
    main(["check", "containers", "--json", str(tmp_path / "o.json")], fork)
    told = {o["exercise"]: o for o in json.loads((tmp_path / "o.json").read_text())}
    red = told["setify"]
    assert red["status"] == "red" and told["listify"]["status"] == "missing"
    fields = {"kata", "exercise", "status", "seconds", "check", "counterexample", "message"}
    assert fields | {"misconception"} <= set(red)
    assert red["check"] and red["counterexample"] is not None or red["message"]


def test_a_red_verdict_says_what_counts_and_no_more(fork, capsys):
    answer(fork, WRONG)
    main(["check", "setify"], fork)
    told = capsys.readouterr().out
    for part in ("containers.setify  red", "got", "wanted", "containers.py:", "next"):
        assert part in told
    assert "Traceback" not in told and "assembly" not in told
    assert len(told.splitlines()) <= 12
    assert not any(word in told.split() for word in ("just", "simply", "obviously"))


def test_only_the_first_failure_is_told_in_full(fork, capsys):
    answer(fork, f"def listify(o):\n    return 3\n{WRONG}")
    main(["check", "containers"], fork)
    told = capsys.readouterr().out
    assert told.count("  call ") == 1 and "2 red, 3 not started" in told


def test_what_is_not_started_is_not_called_red(fork, capsys):
    main(["check", "setify"], fork)
    told = capsys.readouterr().out
    assert "not started" in told and "red" not in told


def test_a_hint_is_offered_after_the_third_failure(fork, capsys):
    answer(fork, WRONG)
    offers = []
    for _ in range(3):
        main(["check", "setify"], fork)
        offers.append("hint" in capsys.readouterr().out.rpartition("next")[2])
    assert offers == [False, False, True]


def test_hints_come_one_rung_at_a_time(fork, capsys):
    shown = []
    for _ in range(4):
        assert main(["hint", "setify"], fork) == 0
        shown.append(capsys.readouterr().out.count("containers.setify, hint"))
    assert shown == [1, 1, 1, 1]


def test_the_solution_waits_for_green_or_a_yes(fork, capsys):
    assert main(["solution", "setify"], fork) == 1
    assert "set(listify(o))" not in capsys.readouterr().out
    assert main(["solution", "setify", "--yes"], fork) == 0
    assert "set(listify(o))" in capsys.readouterr().out
    answer(fork, RIGHT)
    assert main(["solution", "setify"], fork) == 0


def test_reset_keeps_the_old_file(fork, capsys):
    answer(fork, RIGHT)
    assert main(["reset", "containers"], fork) == 0
    whole = stub_text(course().katas["containers"])
    assert (fork.answers / "containers.py").read_text() == whole
    assert (fork.answers / "containers.1.py").read_text() == RIGHT
    answer(fork, WRONG)
    main(["reset", "containers"], fork)
    assert (fork.answers / "containers.1.py").read_text() == RIGHT
    assert (fork.answers / "containers.2.py").read_text() == WRONG


def test_reset_of_an_exercise_leaves_the_others(fork):
    answer(fork, f"def listify(o):\n    return [o]\n\n\n{WRONG}")
    assert main(["reset", "setify"], fork) == 0
    text = (fork.answers / "containers.py").read_text()
    assert "return [o]" in text and "return set(o)" not in text and "NotImplementedError" in text


def test_reset_of_nothing_is_a_wrong_question(fork):
    assert main(["reset"], fork) == 2


def test_new_stubs_never_touch_an_answer(fork, capsys):
    answer(fork, RIGHT)
    (fork.answers / "files.py").unlink()
    assert main(["stubs"], fork) == 0
    assert (fork.answers / "containers.py").read_text() == RIGHT
    assert (fork.answers / "files.py").read_text() == stub_text(course().katas["files"])


def test_the_board_says_where_one_stands_and_what_is_next(fork, capsys):
    answer(fork, RIGHT)
    assert main(["progress"], fork) == 0
    told = capsys.readouterr().out
    assert "1 of 5" in told and "next" in told and "1 green" in told
    assert all(kata in told for kata in course().katas)


def test_the_board_of_a_kata_says_how_hard_and_long_each_exercise_is(fork, capsys):
    answer(fork, RIGHT)
    assert main(["progress", "containers"], fork) == 0
    told = capsys.readouterr().out
    assert "notebooks/1_data_block.ipynb" in told and "files" not in told
    rows = {o.split()[0]: o.split()[1:] for o in told.splitlines() if " of 3 " in o}
    assert list(rows) == list(course().katas["containers"].exercises)
    assert rows["setify"] == ["1", "of", "3", "3", "min", "green"]
    assert rows["ListContainer"][0] == "3" and "1 green, 4 not started; about 37 minutes" in told


def test_minutes_of_exercises_are_those_of_their_kata():
    for kata in course().katas.values():
        each = [minutes(course(), (kata.name, o)) for o in kata.exercises]
        assert sum(each) == pytest.approx(kata.minutes) and min(each) > 0
    steps = {difficulty(course(), o) for o in course().exercises()}
    assert steps == {1, 2, 3}
    assert set(BY_HAND) <= {".".join(o) for o in course().exercises()}


@pytest.mark.parametrize("part", NOTEBOOKS)
def test_a_part_and_its_notebook_name_each_other(part):
    katas = PARTS[part].split()
    notebook = course().notebook(katas[0])
    assert notebook is not None and notebook.is_file()
    opening = notebook.with_suffix(".py").read_text(encoding="utf-8").split("# %%")[1]
    assert not [o for o in katas if f"kata={o}`" not in opening and f"`{o}`" not in opening]
    stubs = {o: stub_text(course().katas[o]) for o in katas}
    assert not [o for o in katas if f"{notebook.name}: `make lab kata={o}`" not in stubs[o]]


def test_what_is_green_and_unchanged_is_not_tried_again(fork, monkeypatch):
    answer(fork, RIGHT)
    main(["check", "setify"], fork)
    judged = []
    monkeypatch.setattr(
        "checks.learning.memory.judge", lambda course, jobs, **how: judged.extend(jobs) or iter(())
    )
    memory = Memory(fork)
    (found,) = judge_again(fork, memory, jobs_for(fork, SETIFY, fork.answers), ["green"])
    assert found.status == "green" and not judged


def test_a_class_is_graded_whatever_it_hands_in(fork, tmp_path, capsys):
    people = {"ana": RIGHT, "bob": WRONG, "cem": "import os\nos._exit(0)\n", "eva": "def x(:"}
    for name, text in people.items():
        (tmp_path / "class" / name / "week1").mkdir(parents=True)
        (tmp_path / "class" / name / "week1" / "containers.py").write_text(text)
    out = tmp_path / "grades.json"
    assert main(["grade", str(tmp_path / "class"), "setify", "--json", str(out)], fork) == 0
    rows = {line.split()[0]: line.split()[1:4] for line in capsys.readouterr().out.splitlines()}
    assert rows["ana"] == ["1", "0", "0"] and rows["bob"] == ["0", "1", "0"]
    assert rows["cem"] == ["0", "0", "0"] and rows["eva"] == ["0", "1", "0"]
    assert [o["submission"] for o in json.loads(out.read_text())] == sorted(people)


def test_no_submissions_is_a_wrong_question(fork, tmp_path):
    assert main(["grade", str(tmp_path / "nothing")], fork) == 2
