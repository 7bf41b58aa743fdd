"""Mutate: small changes to the reference, each put in alone, must turn its exercise red.

mutmut and cosmic-ray mutate the files that a test run imports. Here the reference is never
imported as a module: a kata is assembled statement by statement from several sources, one answer
among lent ones, and what matters is whether the exercise's own checks reject the change. So the
mutants are made here, on the syntax tree, and judged like any other answer.

Some changes make no difference, and some only where the contract leaves it to the answer. Both are
listed in `checks/equivalent_mutants/` with the reason, and counted apart.
"""

import ast
import copy
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from checks.judging.assembly import Source
from checks.judging.curriculum import Course, Definition, Exercise, Kata, course
from checks.judging.judge import Job, judge
from checks.judging.sandbox import Limits
from checks.teaching.tables import print_table, write_table

LIMITS = Limits(cpu=8, wall=180.0)
EQUIVALENT = course().checks / "equivalent_mutants"

OTHERS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,),
    ast.Break: (ast.Continue,),
    ast.Continue: (ast.Break,),
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """A changed reference: a statement before, and after.

    It makes an answer to its exercise; of a private helper, to every exercise that uses it, and
    the mutant is named after the first of these.
    """

    kata: str
    before: str
    after: str
    answers: dict[str, Source]

    @property
    def key(self) -> tuple[str, str, str]:
        """What a mutant is called in the list of equivalent ones."""
        return f"{self.kata}.{next(iter(self.answers))}", self.before, self.after


def mutate(course: Course, exercises: Iterable[Exercise], write: bool = False) -> int:
    """Print what share of the mutants is rejected, and those that are not.

    0 if at least 95 of 100 of those that ought to be are rejected, else 1. With `write` the table
    goes into checks/README.md as well.
    """
    wanted = set(exercises)
    found = [m for kata in course.katas.values() for m in mutants(kata, wanted)]
    known, tally = equivalent_mutants(), dict[str, Counter[str]]()
    stale = {key for key in known if key[0] in {m.key[0] for m in found}}
    jobs = [Job(m.kata, exercise, o) for m in found for exercise, o in m.answers.items()]
    verdicts = judge(course, jobs, LIMITS, diagnose=False)
    for mutant in found:
        counts = tally.setdefault(mutant.kata, Counter())
        counts.update(mutants=1)
        if {verdict.status for verdict in islice(verdicts, len(mutant.answers))} != {"green"}:
            counts.update(rejected=1)
            continue
        stale.discard(mutant.key)
        if (reason := known.get(mutant.key)) is None:
            print(_told(mutant.key), end="\n\n", flush=True)
        else:
            counts.update(["left open" if "contract" in reason else "equivalent"])
    for key in sorted(stale):
        print(f"listed as equivalent, and rejected or no longer there:\n{_told(key)}\n")
    total = sum(tally.values(), Counter[str]())
    rows = [["kata", "mutants", "equivalent", "left open", "rejected of the others"]]
    for name, counts in [*tally.items(), ("all", total)]:
        numbers = [str(counts[o]) for o in ("mutants", "equivalent", "left open")]
        rows.append([name, *numbers, f"{counts['rejected']} of {_others(counts)}"])
    print_table(rows)
    if write:
        write_table(course, "mutate", "make mutate write=1", rows)
    return int(total["rejected"] < 0.95 * _others(total))


def _others(counts: Counter[str]) -> int:
    """How many mutants ought to be rejected."""
    return counts["mutants"] - counts["equivalent"] - counts["left open"]


def _told(key: tuple[str, str, str]) -> str:
    """A mutant as it stands in the list of equivalent ones."""
    name, before, after = key
    return f"{name}\n- {before}\n+ {after}"


def equivalent_mutants(folder: Path = EQUIVALENT) -> dict[tuple[str, str, str], str]:
    """Why mutants need not be rejected, by exercise, statement before and after.

    A block of a file is an exercise, a statement, what may come in its place, and the reason.
    Where the reason speaks of the contract, a difference could be seen, but the contract leaves it
    open, and answers that differ there are right answers too.
    """
    found: dict[tuple[str, str, str], str] = {}
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    for block in "\n\n".join(texts).split("\n\n"):
        name, _, rest = block.strip().partition("\n- ")
        before, *lines = rest.splitlines() or [""]
        reason = " ".join(o for o in lines if not o.startswith("+ "))
        found |= {(name, before, o[2:]): reason for o in lines if o.startswith("+ ")}
    return found


def mutants(kata: Kata, wanted: Container[Exercise]) -> Iterator[Mutant]:
    """All mutants of the exercises of a kata that are wanted, and of their private helpers."""
    whole = Source.read(kata.path)
    closures = {exercise: _closure(whole, exercise) for exercise in kata.exercises}
    for statement in whole.body:
        users = [exercise for exercise, body in closures.items() if statement in body]
        if not any((kata.name, exercise) in wanted for exercise in users):
            continue
        for before, after, changed in changes(statement):
            bodies = {e: [changed if o is statement else o for o in closures[e]] for e in users}
            answers = {e: Source(f"<mutant of {e}>", "", body) for e, body in bodies.items()}
            yield Mutant(kata.name, before, after, answers)


def _closure(whole: Source, exercise: str) -> list[ast.stmt]:
    """The statements that make an exercise, with the private helpers that these use."""
    wanted, names = {exercise}, {n for n in whole.names if n.startswith("_")}
    while True:
        body = [o for o, own in zip(whole.body, whole.owners, strict=True) if own & wanted]
        used = {o.id for node in body for o in ast.walk(node) if isinstance(o, ast.Name)}
        if not (used & names) - wanted:
            return body
        wanted |= used & names


def changes(statement: ast.stmt) -> Iterator[tuple[str, str, ast.stmt]]:
    """Each way to change one place of a statement: the line before and after, and the whole."""
    statement = copy.deepcopy(statement)
    for node in ast.walk(statement):  # Python has one object for all operators of a kind
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.BoolOp | ast.AugAssign):
            node.op = type(node.op)()
        elif isinstance(node, ast.Compare):
            node.ops = [type(o)() for o in node.ops]
    for i, (part, line) in enumerate(_parts(statement, statement)):
        for other in _alternatives(part):
            changed = copy.deepcopy(statement)
            new_part, new_line = list(_parts(changed, changed))[i]
            new_part.__class__, new_part.__dict__ = other.__class__, dict(other.__dict__)
            ast.fix_missing_locations(ast.copy_location(new_part, part))
            if (before := _header(line)) != (after := _header(new_line)):
                yield before, after, changed


def _parts(node: ast.AST, line: ast.stmt) -> Iterator[tuple[ast.AST, ast.stmt]]:
    """What may be changed in a tree, each with the innermost statement that it is in.

    Not docstrings, annotations and the texts of errors: no contract holds them.
    """
    line = node if isinstance(node, ast.stmt) else line
    yield node, line
    if isinstance(node, ast.Raise | ast.JoinedStr):
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params"):
            continue
        children = value if isinstance(value, list) else [value]
        if name == "body" and isinstance(node, Definition) and ast.get_docstring(node) is not None:
            children = children[1:]
        for child in children:
            if isinstance(child, ast.AST):
                yield from _parts(child, line)


def _alternatives(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    for other in OTHERS.get(type(node), ()):
        yield other()
    if isinstance(node, ast.Constant):
        yield from map(ast.Constant, _other_values(node.value))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.Name) and node.id in NAMES:
        yield ast.Name(NAMES[node.id], node.ctx)
    elif isinstance(node, ast.Call):
        yield from _other_calls(node)
    elif isinstance(node, ast.IfExp):
        yield _with(node, body=node.orelse, orelse=node.body)
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield _with(node, ifs=node.ifs[1:])
        yield _with(node, ifs=[ast.UnaryOp(ast.Not(), node.ifs[0]), *node.ifs[1:]])
    elif isinstance(node, ast.stmt):
        yield from _other_statements(node)


def _other_values(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1] if value != 1 else [2, 0]
    if isinstance(value, float):
        return [value * 2 if value else 1.0]
    return [f"not {value}"] if isinstance(value, str) else []


def _other_calls(node: ast.Call) -> Iterator[ast.AST]:
    """Two arguments exchanged, or one of those with a name left out."""
    if len(node.args) > 1 and not any(isinstance(o, ast.Starred) for o in node.args[:2]):
        yield _with(node, args=[node.args[1], node.args[0], *node.args[2:]])
    for i in range(len(node.keywords)):
        yield _with(node, keywords=[*node.keywords[:i], *node.keywords[i + 1 :]])


def _other_statements(node: ast.stmt) -> Iterator[ast.AST]:
    """The statement left out, its condition negated, a decorator gone, its input returned."""
    if isinstance(node, ast.If | ast.While):
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.FunctionDef):
        for i in range(len(node.decorator_list)):
            rest = [*node.decorator_list[:i], *node.decorator_list[i + 1 :]]
            yield _with(node, decorator_list=rest)
        given = [o.arg for o in node.args.args if o.arg not in ("self", "cls")]
        if given and node.name != "__init__":
            yield _with(node, body=[ast.Return(ast.Name(given[0], ast.Load()))])
    elif isinstance(node, ast.Return):
        if node.value is not None:
            yield ast.Return(None)
    elif isinstance(node, ast.AnnAssign) and node.value is None:
        return
    elif not isinstance(node, ast.ClassDef | ast.Pass | ast.Import | ast.ImportFrom):
        yield ast.Pass()


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    changed.__dict__.update(fields)
    return changed


def _header(node: ast.stmt) -> str:
    """A statement in one line; of a compound one what stands before its body."""
    body: Sequence[ast.stmt] = getattr(node, "body", ())
    if not body:
        return " ".join(ast.unparse(node).split())
    first = body[0] if len(body) == 1 and isinstance(body[0], ast.Return) else ast.Pass()
    short = _with(node, body=[first], orelse=[], handlers=getattr(node, "handlers", [])[:1])
    return " ".join(ast.unparse(short).split())
