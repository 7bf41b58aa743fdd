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
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from checks.judging.assembly import Source, adds, owners
from checks.judging.curriculum import Course, Definition, Exercise, UnknownName, course
from checks.judging.rewrite import first_line, keep_old, lines_of, replaced, with_imports
from checks.judging.verdict import Verdict, lines, short

COLOURS = {"green": "#00795a", "red": "#b3261e", "yellow": "#8a6100", "cyan": "#1f5f99"}


@dataclass
class Told:
    """A verdict, as a cell's result; true if it is green."""

    verdict: Verdict

    def __bool__(self) -> bool:
        return self.verdict.status == "green"

    def __repr__(self) -> str:
        return "\n".join(text for _, text in lines(self.verdict))

    def _repr_html_(self) -> str:
        rows = [_styled(style, text) for style, text in lines(self.verdict)]
        told = f"<pre style='line-height: 1.35; margin: 0'>{'<br>'.join(rows)}</pre>"
        if self.verdict.picture and Path(self.verdict.picture).is_file():
            data = base64.b64encode(Path(self.verdict.picture).read_bytes()).decode()
            told += f"<img src='data:image/png;base64,{data}' alt='wanted, yours, difference'>"
        return told


def _styled(style: str, text: str) -> str:
    css = "font-weight: bold; " if "bold" in style else ""
    css += "".join(f"color: {code}; " for name, code in COLOURS.items() if name in style)
    css += "opacity: 0.6; " if "dim" in style else ""
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
                names = (o for o in ast.walk(made[2]) if isinstance(o, ast.Name))
                for used in [o.id for o in names if isinstance(o.ctx, ast.Load) and o.id != one]:
                    visit(used)
                found[id(made[2])] = found.pop(id(made[2]))

        visit(name)
        return list(found.values())

    def imports_of(self, nodes: list[ast.stmt]) -> list[str]:
        """The import statements that bring names which `nodes` use."""
        used = {o.id for node in nodes for o in ast.walk(node) if isinstance(o, ast.Name)}
        found = []
        for text, node in self.imports.items():
            assert isinstance(node, ast.Import | ast.ImportFrom)
            brought = {(a.asname or a.name).partition(".")[0] for a in node.names}
            if brought & used and not text.startswith(("from katas", "from solutions")):
                found.append(text)
        return found


def _cells(answer: Callable) -> Cells:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None:
        file = inspect.getsourcefile(answer) or ""
        return Cells([(short(Path(file)), Path(file).read_text(encoding="utf-8"))])
    plain = shell.input_transformer_manager.transform_cell
    executed = enumerate(shell.user_ns["In"])
    return Cells([(f"cell [{i}]", plain(text)) for i, text in executed])


def _written(here: Course, answer: Callable) -> tuple[Exercise, str, list[tuple[str, int]]]:
    """Which exercise `answer` is, its text with what it needs, and where each line is from.

    Raises UnknownName for the name of no exercise.
    """
    ((kata, exercise), *more) = here.find(answer.__name__)
    if more:
        raise UnknownName(answer.__name__, [f"{k}.{e}" for k, e in [(kata, exercise), *more]])
    cells = _cells(answer)
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


def check(answer: Callable) -> Told:
    """The verdict on a function or class that was written in a cell."""
    (kata, exercise), text, places = _written(course(), answer)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"{kata}.py").write_text(text, encoding="utf-8")
        judging = server()
        assert judging.stdin and judging.stdout
        judging.stdin.write(json.dumps({"name": f"{kata}.{exercise}", "folder": folder}) + "\n")
        judging.stdin.flush()
        if not (told := judging.stdout.readline()):
            server.cache_clear()
            raise RuntimeError("the process that judges has ended; the next call starts another")
        verdict = Verdict(**json.loads(told))
    if verdict.file and verdict.line and verdict.line <= len(places):
        verdict.file, verdict.line = places[verdict.line - 1]
    return Told(verdict)


def serve(here: Course) -> int:
    """Answer requests, one a line, until the input ends."""
    from checks.judging.judge import Job, jobs_for, judge, warm

    answering = sys.stdout
    sys.stdout = sys.stderr
    warm(here, [Job(kata, exercise, None) for kata, exercise in here.exercises()])
    for request in sys.stdin:
        asked = json.loads(request)
        (verdict,) = judge(here, jobs_for(here, here.find(asked["name"]), Path(asked["folder"])))
        print(json.dumps(vars(verdict)), file=answering, flush=True)
    return 0


def save(answer: Callable) -> str:
    """Write what a cell defines into its kata file; says where, and where the old file went.

    Helpers and imports of the cells that the answer stands on come with it.
    """
    here = course()
    (kata, exercise), text, _ = _written(here, answer)
    path = here.answers / f"{kata}.py"
    new, old = Source("cells", text), Source.read(path)
    there = {name: lines_of(new, name) for name in new.names if name in old.names}
    helpers = [line for n in new.names - old.names for line in [*lines_of(new, n), ""]]
    there[exercise] = helpers + there.get(exercise, lines_of(new, exercise))
    imports = [ast.unparse(n) for n in new.body if isinstance(n, ast.Import | ast.ImportFrom)]
    merged = with_imports(replaced(old, there), imports)
    kept = keep_old(path)
    path.write_text(merged, encoding="utf-8")
    return f"{exercise} is in {short(path)}; the old file is {short(kept)}"
