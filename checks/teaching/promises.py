"""Promises as a table: how many sentences the stubs have, how many laws, and what no law holds."""

import ast
from collections.abc import Iterable

from checks.judging.curriculum import Course, Exercise, Kata
from checks.judging.promises import promises, unfounded, unheld

Quotes = dict[str, list[tuple[str, list[str]]]]
"""By exercise: the name of each law, with the words that it quotes."""


def quotes(course: Course, kata: Kata) -> Quotes:
    """The laws of a kata with the words that they quote, read and not run."""
    path = course.checks / f"check_{kata.name}.py"
    found: Quotes = {exercise: [] for exercise in kata.exercises}
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    functions = (o for o in ast.parse(text).body if isinstance(o, ast.FunctionDef))
    for node in functions:
        for o in node.decorator_list:
            if isinstance(o, ast.Call) and getattr(o.func, "id", "") == "law":
                exercise, *words = map(ast.literal_eval, o.args)
                found.setdefault(exercise, []).append((node.name, words))
    return found


def complaints(course: Course, kata: Kata, exercise: str) -> list[str]:
    """What a contributor has to mend: sentences without a law, and laws without a sentence."""
    laws = quotes(course, kata)[exercise]
    words = [o for _, quoted in laws for o in quoted]
    place = f"{kata.path.relative_to(course.root)}"
    missing = [
        f'{place}:{o.line}: no law of {exercise} quotes "{o.text}"'
        for o in unheld(kata, exercise, words)
    ]
    for name, quoted in laws:
        if not quoted:
            missing.append(f"{name} quotes no sentence of {exercise}")
        for o in unfounded(kata, exercise, quoted):
            missing.append(f'{name} quotes "{o}", which does not stand in the stub of {exercise}')
    return missing


def report(course: Course, exercises: Iterable[Exercise]) -> int:
    """Print the table, and what is missing; 0 if nothing is."""
    wanted, bad = list(exercises), []
    print(f"{'kata':18}{'promises':>10}{'laws':>8}{'promises a law':>16}{'without a law':>15}")
    for kata in course.katas.values():
        mine = [e for k, e in wanted if k == kata.name]
        if not mine:
            continue
        laws = sum(len(quotes(course, kata)[e]) for e in mine)
        made = sum(len(promises(kata, e)) for e in mine)
        told = [o for e in mine for o in complaints(course, kata, e)]
        without = sum("no law of" in o for o in told)
        print(f"{kata.name:18}{made:>10}{laws:>8}{made / max(laws, 1):>16.2f}{without:>15}")
        bad += told
    print(*bad, sep="\n", end="\n" if bad else "")
    return int(bool(bad))
