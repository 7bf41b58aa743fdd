"""Promises as a table: how many sentences the stubs have, how many laws, and what no law holds."""

import ast
from collections.abc import Iterable

from checks.judging.curriculum import Course, Exercise, Kata
from checks.judging.promises import promises, unfounded, unheld
from checks.teaching.tables import print_table, write_table

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


def report(course: Course, exercises: Iterable[Exercise], write: bool = False) -> int:
    """Print the table, and the sentences that no law holds; 0 if there are none.

    With `write` the table goes into checks/README.md as well.
    """
    wanted, bad, sums = list(exercises), [], [0, 0]
    rows = [["kata", "promises", "laws", "promises a law"]]
    for kata in course.katas.values():
        mine = [e for k, e in wanted if k == kata.name]
        made = sum(len(promises(kata, e)) for e in mine)
        laws = sum(len(quotes(course, kata)[e]) for e in mine)
        bad += [o for e in mine for o in complaints(course, kata, e)]
        if mine:
            rows.append([kata.name, str(made), str(laws), f"{made / max(laws, 1):.2f}"])
            sums = [sums[0] + made, sums[1] + laws]
    rows.append(["all", *map(str, sums), f"{sums[0] / max(sums[1], 1):.2f}"])
    print_table(rows)
    print(*bad, sep="\n", end="\n" if bad else "")
    if write:
        write_table(course, "promises", "make promises write=1", rows)
    return int(bool(bad))
