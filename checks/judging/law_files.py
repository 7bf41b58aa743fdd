"""Law files: where a learner writes laws, and what the course says of a kata's laws.

`checks/own_laws/<kata>.md` holds one example, and for each exercise how the sentences of its core
mistakes begin.
"""

import ast
import re
import sys
from pathlib import Path

from checks.judging.assembly import Source
from checks.judging.catalogue import Answer, answers
from checks.judging.curriculum import Course, Definition, Exercise, Kata
from checks.judging.rewrite import keep_old, lines_of, stands_on
from checks.judging.stubs import stub_text

HYPOTHESIS = ["from hypothesis import given", "from hypothesis import strategies as st"]
HEAD = '''"""Laws of {kata}: what every right answer keeps. You may write them before the answer.

`make laws kata={kata}` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_{kata}.py` tries it on your own answer.
"""
'''


def place_of(course: Course, kata: str, folder: Path | None = None) -> Path:
    """Where the laws of a kata are written."""
    return (folder or course.answers) / "laws" / f"test_{kata}.py"


def has_laws(course: Course, kata: str) -> bool:
    """Whether laws can be written for a kata."""
    return _catalogue(course, kata).is_file()


def _catalogue(course: Course, kata: str) -> Path:
    return course.checks / "own_laws" / f"{kata}.md"


def _parts(course: Course, kata: str) -> tuple[str, dict[str, list[str]]]:
    """The example, and for each exercise the beginnings of sentences."""
    path = _catalogue(course, kata)
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    head, *parts = re.split(r"^## ", text, flags=re.M)
    code = re.search(r"```python\n(.*?)```", head, flags=re.S)
    lists = {o.split()[0]: re.findall(r"^- (.+)$", o, flags=re.M) for o in parts}
    return code[1].strip() if code else "", lists


def mistakes(course: Course, exercise: Exercise) -> tuple[list[Answer], list[Answer]]:
    """The core mistakes of an exercise, and the further ones."""
    found = catalogued(course, "wrong_answers", exercise)
    starts = _parts(course, exercise[0])[1].get(exercise[1], [])
    core = [next((a for a in found if a.doc.startswith(o)), None) for o in starts]
    kept = [a for a in core if a is not None]
    return kept, [a for a in found if a not in kept]


def lost(course: Course, exercise: Exercise) -> list[str]:
    """The beginnings with which no sentence of the catalogue begins any more."""
    docs = [a.doc for a in catalogued(course, "wrong_answers", exercise)]
    starts = _parts(course, exercise[0])[1].get(exercise[1], [])
    return [o for o in starts if not any(doc.startswith(o) for doc in docs)]


def catalogued(course: Course, folder: str, exercise: Exercise) -> list[Answer]:
    """The answers of one folder of catalogues to an exercise."""
    kata, name = exercise
    path = course.checks / folder / f"{kata}.py"
    return [a for a in answers(path, course.katas[kata]) if a.exercise == name]


def example(course: Course, kata: str) -> tuple[list[str], list[str]]:
    """The imports of a kata's example, and its lines."""
    lines = _parts(course, kata)[0].splitlines()
    imports = [o for o in lines if o.startswith(("import ", "from "))]
    return imports, "\n".join(o for o in lines if o not in imports).strip().splitlines()


def law_file(course: Course, kata: Kata) -> str:
    """The file in which laws of a kata are written: an example, a place for each exercise."""
    own, lines = example(course, kata.name)
    parts = [HEAD.format(kata=kata.name), *_sorted([*own, *HYPOTHESIS]), ""]
    names = ", ".join(sorted(kata.exercises, key=_order_of_import))
    line = f"from katas.{kata.name} import {names}"
    if len(line) > 100:
        names = "".join(f"    {o},\n" for o in sorted(kata.exercises, key=_order_of_import))
        line = f"from katas.{kata.name} import (\n{names})"
    parts += [line, "", "# An example: take the signs away to try it.", "#"]
    parts += [f"# {o}".rstrip() for o in lines]
    stubs = Source(str(kata.path), stub_text(kata))
    for name in kata.exercises:
        node = stubs.definition(name)
        doc = ast.get_docstring(node) if isinstance(node, Definition) else None
        parts += ["", "", f"# {name}: {(doc or '').partition(chr(10))[0]}".rstrip(": ")]
    return "\n".join(parts) + "\n"


def _sorted(imports: list[str]) -> list[str]:
    """Imports in two groups, Python's own first."""
    plain = [o for o in imports if o.split()[1].partition(".")[0] in sys.stdlib_module_names]
    by_module = lambda o: (o.startswith("from"), o.split()[1].lower(), o)  # noqa: E731
    other = sorted(set(imports) - set(plain), key=by_module)
    return [*plain, *[""] * bool(plain), *other]


def _order_of_import(name: str) -> tuple[bool, str]:
    return name[0].islower(), name


def write_law_file(course: Course, kata: Kata) -> Path | None:
    """Write a fresh file for a kata; where the old one went, if it had to go."""
    path, text, kept = place_of(course, kata.name), law_file(course, kata), None
    if path.exists() and path.read_text(encoding="utf-8") != text:
        kept = keep_old(path)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return kept


def write_law_files(course: Course) -> list[str]:
    """Write the files that are missing, or have other words and no law; which ones."""
    done = []
    for kata in course.katas.values():
        if not has_laws(course, kata.name):
            continue
        path, text = place_of(course, kata.name), law_file(course, kata)
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if old != text and not re.search(r"^(async )?(def|class) ", old, flags=re.M):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            done.append(kata.name)
    return done


def code_of(course: Course, exercise: Exercise, sentence: str) -> list[str]:
    """The lines of a catalogued mistake, its helpers first."""
    for a in catalogued(course, "wrong_answers", exercise):
        if a.doc == sentence:
            helpers = sorted(stands_on(a.source, exercise[1], a.source.names - {exercise[1]}))
            return [line for o in [*helpers, exercise[1]] for line in lines_of(a.source, o)]
    return []
