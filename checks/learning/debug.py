"""Debug: the smallest failing call of an answer, under pdb, stopped in the answer's first line."""

import ast
import contextlib
import importlib
import pdb

from checks.judging.assembly import Assembly, Source
from checks.judging.curriculum import Course, Definition, Exercise
from checks.judging.inside_hypothesis import few_calls, is_generated
from checks.judging.judge import jobs_for, judge
from checks.judging.trial import Calls, laws_of, load_checks
from checks.laws import seed_everything


def debug(course: Course, exercise: Exercise) -> int:
    """Start pdb where the first failing law calls the answer; 0 if no law fails."""
    (job,) = jobs_for(course, [exercise], course.answers)
    (verdict,) = judge(course, [job])
    if verdict.status == "green" or not isinstance(job.answer, Source) or verdict.check is None:
        print(f"{verdict.name} has no failing check to debug: {verdict.status}")
        return int(verdict.status != "green")
    kata, name = exercise
    Assembly(course, {kata: job.answer}, lambda k, e: (k, e) == exercise).install()
    importlib.import_module(f"katas.{kata}")
    law = laws_of(course, load_checks(course, kata), kata, name)[verdict.check]
    calls = Calls(lambda: None)
    with contextlib.suppress(Exception):
        calls.run(law)
    print(f"{verdict.check.removeprefix('test_').replace('_', ' ')}; n: next line, q: quit")
    debugger = pdb.Pdb()
    for line in _first_lines(job.answer, name):
        debugger.set_break(job.answer.path, line)
    seed_everything(0)
    generated = is_generated(law)
    with few_calls(law, 1, calls.choices) if generated else contextlib.nullcontext():
        with contextlib.suppress(Exception):
            debugger.runcall(law)
    return 1


def _first_lines(source: Source, exercise: str) -> list[int]:
    """Where the body of a function begins, or of each method of a class."""
    node = source.definition(exercise)
    nodes = node.body if isinstance(node, ast.ClassDef) else [node]
    functions = [o for o in nodes if isinstance(o, Definition) and not isinstance(o, ast.ClassDef)]
    skip = [int(ast.get_docstring(o) is not None and len(o.body) > 1) for o in functions]
    return [o.body[i].lineno for o, i in zip(functions, skip, strict=True)]
