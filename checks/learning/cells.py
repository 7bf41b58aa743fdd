"""Notebook: what was written in a cell, judged as `make check` judges a kata file.

    from checks import check, save

    check(setify)    the verdict
    save(setify)     the cell's text into the kata file; the old file is kept

The kernel has computed with several threads, so nothing may be forked from it: a process of its
own, started with the first import, is warm by the time it is asked.
"""

import ast
import base64
import html
import inspect
import json
import subprocess
import symtable
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from checks.judging.assembly import Source, adds, owners
from checks.judging.curriculum import Course, Definition, Exercise, UnknownName, course
from checks.judging.rewrite import first_line, keep_old, lines_of, replaced, with_imports
from checks.judging.verdict import Verdict, lines, short

# 4.5 : 1 and more on PAPER, which is there in a dark theme too
COLOURS = {"green": "#00664c", "red": "#b3261e", "yellow": "#7a5600", "cyan": "#1f5f99"}
PAPER = "color: #1a1a1a; background: #ffffff; padding: 6px 8px; margin: 0"


@dataclass
class Told:
    """A verdict, as a cell's result; true if it is green."""

    verdict: Verdict

    def __bool__(self) -> bool:
        return self.verdict.status == "green"

    def __repr__(self) -> str:
        return "\n".join(text for _, text in lines(self.verdict))

    def _repr_html_(self) -> str:
        told = page(lines(replace(self.verdict, picture=None)))  # it is shown, so no path
        if self.verdict.picture and Path(self.verdict.picture).is_file():
            from checks.learning.gallery import as_html  # it loads matplotlib

            data = base64.b64encode(Path(self.verdict.picture).read_bytes()).decode()
            told += as_html(
                data, "Next to each other: the wanted picture, yours, their difference."
            )
        return told


def page(told: Iterable[tuple[str, str]]) -> str:
    """Lines of (style, text) as HTML."""
    rows = "<br>".join(_styled(style, text) for style, text in told)
    wrapped = "white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere"  # whole words
    return f"<pre style='{PAPER}; line-height: 1.35; {wrapped}'>{rows}</pre>"


def _styled(style: str, text: str) -> str:
    css = "font-weight: bold; " if "bold" in style else ""
    css += "".join(f"color: {code}; " for name, code in COLOURS.items() if name in style)
    css += "color: #5a5a5a; " if "dim" in style else ""
    return f"<span style='{css}'>{html.escape(text)}</span>"


class Cells:
    """What a notebook, or the file of a script, has defined so far; the latest counts."""

    def __init__(self, texts: list[tuple[str, str]]) -> None:
        """`texts` holds name and source of each cell, in the order of their execution."""
        self.imports: dict[str, ast.stmt] = {}
        self.made: dict[str, list[tuple[str, str, ast.stmt]]] = {}
        for place, text in texts:
            try:
                body = ast.parse(text).body
            except SyntaxError:  # a cell that never ran
                continue
            for node in body:
                if isinstance(node, ast.Import | ast.ImportFrom):
                    self.imports[ast.unparse(node)] = node
                elif isinstance(node, Definition | ast.Assign | ast.AnnAssign | ast.Expr):
                    for name in owners(node):
                        before = self.made.get(name, []) if adds(node) else []
                        self.made[name] = [*before, (place, text, node)]

    def needed(self, name: str, given: set[str]) -> list[tuple[str, str, ast.stmt]]:
        """The statements that `name` stands on, itself last; not those that define `given`."""
        found: dict[int, tuple[str, str, ast.stmt]] = {}

        def visit(one: str) -> None:
            if one != name and one in given:
                return
            for made in self.made.get(one, ()):
                if id(made[2]) in found:
                    continue
                found[id(made[2])] = made  # before its own needs, which may come back to it
                for used in sorted(free_names(made[2]) - {one}):
                    visit(used)
                found[id(made[2])] = found.pop(id(made[2]))

        visit(name)
        return list(found.values())

    def imports_of(self, nodes: list[ast.stmt]) -> list[str]:
        """The import statements that bring names which `nodes` use."""
        used = set().union(*map(free_names, nodes))
        found = []
        for text, node in self.imports.items():
            assert isinstance(node, ast.Import | ast.ImportFrom)
            brought = {(a.asname or a.name).partition(".")[0] for a in node.names}
            if brought & used and not text.startswith(("from katas", "from solutions")):
                found.append(text)
        return found


def free_names(node: ast.stmt) -> set[str]:
    """The names that a statement takes from its module: not its parameters and local names."""
    top = symtable.symtable(ast.unparse(node), "<cell>", "exec")
    found, waiting = {o.get_name() for o in top.get_symbols() if o.is_referenced()}, [top]
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        if table is not top:
            found |= {o.get_name() for o in table.get_symbols() if o.is_global()}
    return found


def _shell() -> Any:
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()


def cells_of(answer: Any, exercise: str) -> Cells:
    if (shell := _shell()) is None:
        place = inspect.getmodule(answer) or sys.modules["__main__"]
        file = Path(getattr(place, "__file__", None) or "")
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        return Cells([(short(file), text)])
    plain = shell.input_transformer_manager.transform_cell
    executed = enumerate(shell.user_ns["In"])
    return Cells([(f"cell [{i}]", _without_magic(plain(text))) for i, text in executed])


def _without_magic(text: str) -> str:
    """The code below `%%time`, `%%capture` and their like, on the lines where it stands."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return text
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if not (isinstance(call, ast.Call) and ast.unparse(call.func).endswith(".run_cell_magic")):
        return text
    return f"\n{ast.literal_eval(call.args[2])}"


def exercise_of(here: Course, answer: Any) -> Exercise:
    """The exercise that is meant: by its name, or by the name to which the notebook binds it.

    Raises UnknownName for the name of no exercise, and for one that several katas have.
    """
    name = answer if isinstance(answer, str) else None
    shell = _shell()
    scope = shell.user_ns if shell else vars(inspect.getmodule(answer) or object)
    if name is None:
        bound = [e for _, e in here.exercises() if scope.get(e) is answer]
        name = bound[0] if bound else getattr(answer, "__name__", type(answer).__name__)
    (found, *more) = here.find(name)
    if more:
        raise UnknownName(name, [".".join(o) for o in [found, *more]])
    return found


def _written(here: Course, answer: Any) -> tuple[Exercise, str, list[tuple[str, int]]]:
    """Which exercise `answer` is, its text with all it needs, and where each line is from.

    Raises UnknownName, and LookupError if no cell defines it.
    """
    kata, exercise = exercise_of(here, answer)
    cells = cells_of(answer, exercise)
    needed = cells.needed(exercise, set(here.katas[kata].exercises))
    if not needed:
        raise LookupError(f"{exercise} is defined in no cell of this notebook")
    text: list[str] = cells.imports_of([node for _, _, node in needed])
    places: list[tuple[str, int]] = [("", 0)] * len(text)
    for place, source, node in needed:
        part = Source(place, source, [node])
        first = first_line(node)
        own = part.text.splitlines()[first - 1 : node.end_lineno]
        text += [*own, "", ""]
        places += [(place, first + i) for i in range(len(own))] + [("", 0)] * 2
    return (kata, exercise), "\n".join(text), places


@cache
def server() -> subprocess.Popen:
    """The process that judges; it ends with this one."""
    command = [sys.executable, "-m", "checks", "serve"]
    return subprocess.Popen(
        command, cwd=course().root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def asked_of_server(request: dict[str, str]) -> dict[str, Any] | None:
    """What the process that judges answers; None if it has ended."""
    judging = server()
    assert judging.stdin and judging.stdout
    judging.stdin.write(json.dumps(request) + "\n")
    judging.stdin.flush()
    if told := judging.stdout.readline():
        return json.loads(told)
    server.cache_clear()
    return None


ENDED = "the process that judges has ended; check again to start another"


def check(answer: Any) -> Told:
    """The verdict on a function or class that was written in a cell; its name will do, too."""
    try:
        (kata, exercise), text, places = _written(course(), answer)
    except (UnknownName, LookupError) as error:
        name = answer if isinstance(answer, str) else getattr(answer, "__name__", "this object")
        return Told(Verdict("notebook", name, "error", message=str(error)))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"{kata}.py").write_text(text, encoding="utf-8")
        told = asked_of_server({"name": f"{kata}.{exercise}", "folder": folder})
        if told is None:
            return Told(Verdict(kata, exercise, "error", message=ENDED))
        verdict = Verdict(**told)
    if verdict.promise_line and verdict.promise_line <= len(places):
        verdict.promise_line = None
    if verdict.file and verdict.line and verdict.line <= len(places):
        verdict.file, verdict.line = places[verdict.line - 1]
    return Told(verdict)


def serve(here: Course) -> int:
    """Answer requests, one a line, until the input ends."""
    from checks.judging.judge import Job, jobs_for, judge, warm
    from checks.learning.own_laws import last_verdict

    answering = sys.stdout
    sys.stdout = sys.stderr
    warm(here, [Job(kata, exercise, None) for kata, exercise in here.exercises()])
    for request in sys.stdin:
        asked = json.loads(request)
        if "laws" in asked:
            (exercise,) = here.find(asked["name"])
            found = vars(last_verdict(here, exercise, asked["laws"]))
            print(json.dumps(found), file=answering, flush=True)
            continue
        (verdict,) = judge(here, jobs_for(here, here.find(asked["name"]), Path(asked["folder"])))
        print(json.dumps(vars(verdict)), file=answering, flush=True)
    return 0


def save(answer: Any) -> str:
    """Write what a cell defines into its kata file; says where, and where the old file went.

    Helpers and imports that the answer needs come with it, and the stub's docstrings stay. A file
    that could not be imported afterwards is not kept.
    """
    here = course()
    (kata, exercise), text, _ = _written(here, answer)
    path = here.answers / f"{kata}.py"
    new, old = Source("cells", text), Source.read(path)
    there = {name: lines_of(new, name) for name in new.names if name in old.names}
    helpers = [line for n in new.names - old.names for line in [*lines_of(new, n), ""]]
    own = with_docstrings(there.get(exercise, lines_of(new, exercise)), old.definition(exercise))
    there[exercise] = helpers + own
    imports = [ast.unparse(n) for n in new.body if isinstance(n, ast.Import | ast.ImportFrom)]
    merged = with_imports(replaced(old, there), imports)
    kept = keep_old(path)
    path.write_text(merged, encoding="utf-8")
    command = [sys.executable, "-c", f"import katas.{kata}"]
    done = subprocess.run(command, cwd=here.root, capture_output=True, text=True)
    if done.returncode:
        kept.replace(path)
        return f"not saved, {short(path)} could not be imported: {done.stderr.splitlines()[-1]}"
    told = f"{exercise} is in {short(path)}; the old file is {short(kept)}"
    return told if check(answer) else f"{told}. It isn't green yet"


def with_docstrings(lines: list[str], stub: ast.stmt | None) -> list[str]:
    """The lines of a definition with the stub's docstrings where it has none of its own."""
    body = ast.parse("\n".join(lines)).body
    mine = next((o for o in body if isinstance(o, Definition)), None)
    if mine is None or not isinstance(stub, Definition):
        return lines
    inner = stub.body if isinstance(stub, ast.ClassDef) else []
    known = {o.name: o for o in inner if isinstance(o, Definition)}
    pairs = [(mine, stub)]
    if isinstance(mine, ast.ClassDef):
        own = [o for o in mine.body if isinstance(o, Definition) and o.name in known]
        pairs += [(o, known[o.name]) for o in own]
    found = list(lines)
    for theirs, ours in sorted(pairs, key=lambda pair: -pair[0].body[0].lineno):
        text, first = ast.get_docstring(ours), theirs.body[0]
        if text and ast.get_docstring(theirs) is None and first.lineno > theirs.lineno:
            margin = " " * first.col_offset
            quoted = f'"""{text}"""' if "\n" not in text else f'"""{text}\n"""'
            block = [f"{margin}{line}".rstrip() for line in quoted.splitlines()]
            found[first_line(first) - 1 : first_line(first) - 1] = block
    return found
