"""Reading: one submission, read and screened in a process of its own, told by events.

No line of it runs here. What is told are texts, facts about them and notes; a file that ends the
process costs only itself, since the next process leaves it out.
"""

import ast
import difflib
import io
import json
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from checks.judging.assembly import Source
from checks.judging.curriculum import Course, Definition, Exercise
from checks.judging.sandbox import Emit
from checks.learning.cells import Cells
from checks.teaching import copies
from checks.teaching.handed_in import NOTEBOOK, TEXT, File, Unreadable, choose, files
from checks.teaching.screen import Finding, against_policy, modules_of, private_names, screen


@dataclass(frozen=True)
class Rules:
    """Words that are allowed though they are refused elsewhere, and what an exercise forbids."""

    allow: Collection[str] = ()
    policy: Mapping[Exercise, Collection[str]] = field(default_factory=dict)
    laws: bool = False


FOR_LAWS = frozenset(
    """pytest hypothesis hypothesis.strategies hypothesis.given hypothesis.settings hypothesis.note
    hypothesis.assume hypothesis.example checks.laws checks.laws.assert_close""".split()
)
"""Words that laws may use, and answers may not."""
MOST_TEXT = 2_000_000  # characters of a submission's files that count, all together


def read_submission(
    course: Course,
    folder: Path,
    wanted: Collection[Exercise],
    rules: Rules,
    left_out: Collection[str],
    emit: Emit,
) -> None:
    """Tell what a submission holds; `left_out` are paths at which this came to its end before."""
    notes: list[str] = []
    katas = list(dict.fromkeys(k for k, _ in wanted))
    chosen = choose(files(folder, notes), list(course.katas), notes)
    beside = {o.path: o for o in chosen.modules}
    answered: set[Exercise] = set()
    total = 0
    for kata, file in chosen.katas.items():
        if kata not in katas:
            continue
        exercises = [e for k, e in wanted if k == kata]
        emit({"event": "begin", "path": str(file.path)})
        if str(file.path) in left_out:
            continue
        source = _try_to_read(file, kata, exercises, emit)
        if source is None:
            answered |= {(kata, e) for e in exercises}
            continue
        total += len(source.text)
        if total > MOST_TEXT:
            notes.append(f"{file.path} doesn't count: the files before it are long enough")
            continue
        there = [e for e in exercises if source.has(e)]
        notes += _misspelt(source, exercises, course.katas[kata].exercises)
        answered |= {(kata, e) for e in there}
        helpers = dict(_helpers(source, file.path, beside))
        _tell(course, kata, source, there, helpers, rules, emit)
        if not there:
            emit({"event": "counts", "kata": kata, "path": source.path})
    for kata, file in chosen.laws.items() if rules.laws else ():
        emit({"event": "begin", "path": str(file.path)})
        if str(file.path) not in left_out:
            _tell_laws(course, kata, file, rules, emit)
    left = [(k, e) for k, e in wanted if (k, e) not in answered]
    notebooks = [o for o in chosen.notebooks if not _is_ours(course, o)]
    _read_notebooks(course, notebooks, left, rules, left_out, notes, emit)
    defining = re.compile(rf"^(?:def|class) ({'|'.join(e for _, e in wanted)})\b", re.M)
    for file in [o for o in chosen.modules if not _is_ours(course, o)][:50]:
        names = set(defining.findall(_peek(file)))
        if names and not any(str(file.path) in o for o in notes):
            told = ", ".join(sorted(names)[:3])
            notes.append(f"{file.path} defines {told}, but it isn't named for a kata")
    for note in dict.fromkeys(notes):
        emit({"event": "note", "text": note[:300]})
    emit({"event": "end"})


def _misspelt(source: Source, wanted: Iterable[str], known: Collection[str]) -> Iterator[str]:
    """A note for each exercise that a file lacks where it defines what is nearly called so."""
    names = [o.name for o in source.body if isinstance(o, Definition)]
    others = {name.lower(): name for name in names if name not in known}
    for exercise in [e for e in wanted if e not in names]:
        for near in difflib.get_close_matches(exercise.lower(), others, n=1, cutoff=0.85):
            yield f"{source.path} has no {exercise}, but {others[near]}"


def _is_ours(course: Course, file: File) -> bool:
    """Whether a file is one of the course's own notebooks, or named like it."""
    return file.path.parent.name == "notebooks" and (
        (course.root / "notebooks" / f"{file.path.stem}.py").is_file()
    )


def _try_to_read(file: File, kata: str, exercises: list[str], emit: Emit) -> Source | None:
    """The file as statements; None for one that can't be read, which is told."""
    told: dict[str, Any] = {"event": "unreadable", "kata": kata, "exercises": exercises}
    told["path"] = str(file.path)
    try:
        source = Source(str(file.path), decoded(file.read(TEXT)))
        source.codes  # noqa: B018 - some errors of syntax only show when compiled
        return source
    except Unreadable as error:
        told["message"] = f"your file can't be read: {error}"
    except SyntaxError as error:
        told["message"] = f"your file can't be read as Python: {error.msg}"
        told["line"] = error.lineno
        told["text"] = (error.text or "").rstrip()[:200]
    except (RecursionError, MemoryError):
        told["message"] = "your file can't be read as Python: an expression in it is too deep"
    except ValueError as error:
        told["message"] = f"your file can't be read as Python: {error}"
    emit(told)
    return None


def _tell_laws(course: Course, kata: str, file: File, rules: Rules, emit: Emit) -> None:
    """Tell a file of laws, with what is refused in it."""
    told: dict[str, Any] = {"event": "laws", "kata": kata, "path": str(file.path), "refused": []}
    try:
        source = Source(str(file.path), decoded(file.read(TEXT)))
        found = screen(source, course, (), {*rules.allow, *FOR_LAWS}, laws=True)
        told |= {"text": source.text, "refused": [[o.line, o.word, o.why] for o in found[:3]]}
    except (Unreadable, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        told["error"] = f"{type(error).__name__}: {error}"[:200]
    emit(told)


def decoded(raw: bytes) -> str:
    """The text of a Python file, in the encoding that it says; raises Unreadable."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        except SyntaxError:
            raise Unreadable(
                "its text is neither UTF-8 nor in the encoding that it names"
            ) from None
    try:
        text = raw.decode(encoding)
    except (UnicodeError, LookupError):
        raise Unreadable(f"its text isn't {encoding}") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _peek(file: File) -> str:
    try:
        return decoded(file.read(TEXT))
    except Unreadable:
        return ""


def _helpers(
    source: Source, path: PurePosixPath, beside: dict[PurePosixPath, File]
) -> Iterator[tuple[str, str]]:
    """The modules next to a kata file, or above it, that it imports."""
    waiting, seen = [source], set[str]()
    while waiting:
        for name in _imported(waiting.pop()) - seen:
            seen.add(name)
            for place in (path.parent, *path.parent.parents):
                if (file := beside.get(place / f"{name}.py")) is not None:
                    if text := _peek(file):
                        yield name, text
                        try:
                            waiting.append(Source(f"{name}.py", text))
                        except (SyntaxError, ValueError, RecursionError, MemoryError):
                            pass
                    break


def borrowed(
    course: Course, kata: str, source: Source, exercise: str, beside: Iterable[Source] = ()
) -> Iterator[Finding]:
    """Where an answer stands on what the course lends in its place.

    Each answer is tried alone, with all others lent. So it may not use an exercise further down
    that isn't answered, unless the reference uses it there too, as `Learner` uses its callback;
    nor one whose answer uses this one in turn, nor a later kata.
    """
    order = list(course.katas[kata].exercises)
    reference = Source(str(course.katas[kata].path), "", course.katas[kata].tree.body)
    needed = _called_by(reference, exercise)
    later = {f"katas.{o}" for o in list(course.katas)[list(course.katas).index(kata) + 1 :]}
    called = _called_by(source, exercise)
    for node in (o for s in (source, *beside) for top in s.body for o in ast.walk(top)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            first, *others = modules_of(node)
            if later & {first, *others}:
                yield Finding(node.lineno, "katas", "imports a later kata")
            elif isinstance(node, ast.ImportFrom) and first == f"katas.{kata}":
                called |= {a.name: node.lineno for a in node.names}
            elif {f"katas.{kata}", *["katas"] * isinstance(node, ast.Import)} & {first, *others}:
                yield Finding(node.lineno, "katas", "imports its own kata as a module")
    for name, line in called.items():
        if name in order and name != exercise:
            is_lent = not source.has(name)
            below = order.index(name) > order.index(exercise) and name not in needed
            if below if is_lent else exercise in _called_by(source, name):
                yield Finding(line, name, f"uses {name}, which stands on it or isn't answered")


def _called_by(source: Source, exercise: str) -> dict[str, int]:
    """The names that an answer uses when it runs, with all that it stands on, and their lines."""
    found: dict[str, int] = {}
    waiting = [exercise]
    for name in waiting:
        for node in source.group(name):
            own = {o.arg for o in ast.walk(node) if isinstance(o, ast.arg)}
            types = [getattr(o, k, None) for o in ast.walk(node) for k in ("annotation", "returns")]
            hints = {id(o) for hint in types if hint for o in ast.walk(hint)}
            for o in ast.walk(node):
                if isinstance(o, ast.Name) and id(o) not in hints and o.id not in own:
                    if isinstance(o.ctx, ast.Load) and o.id not in found:
                        found[o.id] = o.lineno
                        waiting.append(o.id)
    return found


def _imported(source: Source) -> set[str]:
    found: set[str] = set()
    for node in (o for top in source.body for o in ast.walk(top)):
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module] if node.module else [a.name for a in node.names]
        else:
            continue
        found |= {o.removeprefix("katas.").partition(".")[0] for o in names}
    return found


def _tell(
    course: Course,
    kata: str,
    source: Source,
    exercises: list[str],
    helpers: dict[str, str],
    rules: Rules,
    emit: Emit,
) -> None:
    """Tell a source with what is known of its answers."""
    if not exercises:
        return
    try:
        beside = {name: Source(f"{name}.py", text) for name, text in helpers.items()}
        private = {o for s in (source, *beside.values()) for o in private_names(s.body)}
        refused = screen(source, course, helpers, rules.allow, private)
        for name, helper in beside.items():
            inside = screen(helper, course, helpers, rules.allow, private)
            refused += [type(o)(o.line, o.word, f"{o.why} (in {name}.py)") for o in inside]
        shapes = {e: shape for e in exercises if (shape := copies.shape(source, e))}
    except (RecursionError, MemoryError, SyntaxError, ValueError) as error:
        message = f"your file can't be read as Python: {type(error).__name__}"
        told = {"event": "unreadable", "kata": kata, "exercises": exercises, "message": message}
        return emit({**told, "path": source.path})
    others = set(course.katas[kata].exercises)
    found = {}
    for e in exercises:
        node = source.definition(e)
        mine = [o for o in refused if not o.owners or o.owners - (others - {e})]
        if broken := against_policy(source, e, rules.policy.get((kata, e), ())):
            mine.append(broken)
        mine += borrowed(course, kata, source, e, beside.values())
        found[e] = {
            "line": node.lineno if isinstance(node, Definition) else None,
            "refused": [[o.line, o.word, o.why] for o in mine[:3]],
        }
    told = {"event": "answers", "kata": kata, "path": source.path, "text": source.text}
    emit({**told, "helpers": helpers, "exercises": found, "shapes": shapes})


# notebooks


def _read_notebooks(
    course: Course,
    notebooks: list[File],
    wanted: list[Exercise],
    rules: Rules,
    left_out: Collection[str],
    notes: list[str],
    emit: Emit,
) -> None:
    """Tell the answers that notebooks hold to exercises that no file answers."""
    found: dict[Exercise, list[tuple[File, Cells]]] = {}
    for file in notebooks[:30]:
        emit({"event": "begin", "path": str(file.path)})
        if str(file.path) in left_out:
            continue
        try:
            cells = list(code_cells(file.read(NOTEBOOK)))
            made, ours = Cells(cells), _published(course, file)
        except (Unreadable, ValueError, RecursionError, MemoryError) as error:
            notes.append(f"{file.path} can't be read as a notebook: {error or 'it is too deep'}")
            continue
        for kata, exercise in wanted:
            if exercise in made.made and made.made[exercise][-1][1] not in ours:
                found.setdefault((kata, exercise), []).append((file, made))
    for kata in dict.fromkeys(k for k, _ in found):
        by_file: dict[str, list[str]] = {}
        for exercise in [e for k, e in found if k == kata]:
            places = found[kata, exercise]
            if len(places) > 1:
                told = " and ".join(str(file.path) for file, _ in places[:3])
                notes.append(f"{exercise} is in {told}: none counts")
                continue
            by_file.setdefault(str(places[0][0].path), []).append(exercise)
        for path, exercises in by_file.items():
            made = found[kata, exercises[0]][0][1]
            try:
                source = Source(path, as_module(course, made, kata, exercises))
                source.codes  # noqa: B018
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                notes.append(f"{path}: {type(error).__name__} in what {kata} needs")
                continue
            there = [e for e in exercises if source.has(e)]
            _tell(course, kata, source, there, {}, rules, emit)


def _published(course: Course, file: File) -> set[str]:
    """The code of the course's own notebook of this name: in a copy of it that's no answer."""
    found = (course.root / "notebooks").glob("[0-9]*.ipynb")
    texts = [path.read_bytes() for path in found if path.name == file.path.name]
    return {text for raw in texts for _, text in code_cells(raw)}


def code_cells(raw: bytes) -> Iterator[tuple[str, str]]:
    """Name and text of each code cell of a notebook, in order, without its magics.

    Raises ValueError if the text isn't a notebook.
    """
    try:
        found = json.loads(raw.decode("utf-8-sig"))
        cells = found["cells"] if "cells" in found else found["worksheets"][0]["cells"]
        for i, cell in enumerate(cells, start=1):
            if cell.get("cell_type") != "code":
                continue
            text = cell.get("source", cell.get("input", ""))
            text = "".join(text) if isinstance(text, list) else str(text)
            yield f"cell {i}", plain(text)[:TEXT]
    except (KeyError, IndexError, TypeError, AttributeError, UnicodeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None


def plain(cell: str) -> str:
    """A cell without magics: `%time f(x)` and `!ls` go, and so does a cell in another language."""
    lines = cell.splitlines()
    head = next((o for o in lines if o.strip()), "").strip()
    if head.startswith("%%"):
        if head.split()[0] not in ("%%time", "%%timeit", "%%capture", "%%prun"):
            return ""
        lines[lines.index(next(o for o in lines if o.strip()))] = ""
    kept = []
    for line in lines:
        is_magic = re.match(r"\s*(%\w|!|\?|\w+\s*=\s*[%!])", line) or line.rstrip().endswith("?")
        indent = line[: len(line) - len(line.lstrip())]
        kept.append(f"{indent}pass" if is_magic and indent else "" if is_magic else line)
    return "\n".join(kept)


def as_module(course: Course, cells: Cells, kata: str, exercises: list[str]) -> str:
    """The text of a module with these exercises and all in the notebook that they stand on."""
    given = set(course.katas[kata].exercises)
    seen: set[int] = set()
    body: list[ast.stmt] = []
    for exercise in exercises:
        for _, _, node in cells.needed(exercise, given):
            if id(node) not in seen:
                seen.add(id(node))
                body.append(node)
    lines = list(dict.fromkeys(cells.imports_of(body)))
    return "\n".join([*lines, *(ast.unparse(node) for node in body)]) + "\n"
