"""The call in a verdict, pasted into Python, shows the same wrong value."""

import ast
import importlib

import pytest

from checks.judging.assembly import Assembly, Source, uninstall
from checks.judging.catalogue import answers
from checks.judging.curriculum import course
from checks.judging.describe import summary
from checks.judging.recording import recorded
from checks.judging.trial import load_checks

NAMES = [
    *("containers.listify", "containers.setify", "files.get_files"),
    *("labels.parent_labeler", "batches.normalize_chan", "schedules.sched_cos"),
    *("schedules.combine_scheds", "convnet.prev_pow_2", "optimizers.lin_comb"),
    *("optimizers.debias", "batch_augment.zoom_matrix", "label_smoothing.reduce_loss"),
]


def first_mistake(name: str) -> str:
    """The text of an exercise's first catalogued mistake."""
    kata, exercise = name.split(".")
    here = course()
    found = answers(here.checks / "wrong_answers" / f"{kata}.py", here.katas[kata])
    wrong = next(a for a in found if a.exercise == exercise)
    return ast.unparse(ast.Module(wrong.source.body, []))


def value_of(name: str, text: str, call: str):
    """What the lines of `call` return, where the answer's file is `text`."""
    kata, exercise = name.split(".")
    Assembly(course(), {kata: Source("<answer>", text)}, lambda k, e: e == exercise).install()
    try:
        names = dict(vars(importlib.import_module(f"katas.{kata}")))
        *above, last = ast.parse(call).body
        exec(compile(ast.Module(above, []), "<call>", "exec"), names)
        return eval(compile(ast.Expression(last.value), "<call>", "eval"), names)
    finally:
        uninstall()


@pytest.mark.parametrize("name", NAMES)
def test_a_pasted_call_shows_the_wrong_value(name, judge, tmp_path):
    text = first_mistake(name)
    (tmp_path / f"{name.partition('.')[0]}.py").write_text(text)
    verdict = judge(name, tmp_path)
    assert verdict.status == "red" and verdict.call, verdict
    if "<" in verdict.call or not verdict.yours or "Error" in (verdict.message or ""):
        pytest.skip("this call is no data, or raises")
    assert summary(value_of(name, text, verdict.call)) == verdict.yours


@pytest.mark.parametrize("kata", list(course().katas))
def test_every_exercise_can_be_watched_wherever_laws_find_it(kata):
    checks = load_checks(course(), kata)
    for exercise in course().katas[kata].exercises:
        with recorded(checks, exercise) as keeper:
            assert keeper.told is None
