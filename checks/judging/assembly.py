"""Assembly: a kata module put together from the reference and a learner's answers.

A kata is a list of top-level definitions, and each exercise of it can come from another source.
The reference and the answers keep namespaces of their own, so that helpers with the same name do
not meet; what both know (exercises, given code, constants) is one and the same object in both.
Every statement is compiled under its own file name and lines, so that tracebacks point there.
"""

import __future__

import ast
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from checks.judging.curriculum import Course, Definition, is_given
from checks.judging.curtain import text_of

PACKAGE = "katas"
Take = Callable[[str, str], bool]
"""Whether the exercise (kata, name) is taken from the answers, where these have it."""


def _targets(node: ast.expr) -> set[str]:
    """Names that an assignment to `node` binds or changes: `f` for `f`, `f.a`, `f["a"]`."""
    if isinstance(node, ast.Tuple | ast.List):
        return {name for part in node.elts for name in _targets(part)}
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def owners(node: ast.stmt) -> set[str]:
    """The top-level names that a statement defines, or adds something to."""
    if isinstance(node, Definition):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {name for target in node.targets for name in _targets(target)}
    if isinstance(node, ast.AnnAssign | ast.AugAssign):
        return _targets(node.target)
    if isinstance(node, ast.Expr) and isinstance(call := node.value, ast.Call):
        is_setattr = isinstance(call.func, ast.Name) and call.func.id == "setattr" and call.args
        return _targets(call.args[0]) if is_setattr else set()
    if isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
        inner = (o for o in ast.walk(node) if isinstance(o, ast.stmt) and o is not node)
        return {name for o in inner for name in owners(o)}
    return set()


def is_stub(node: ast.stmt) -> bool:
    """Whether a definition still waits for its body: nothing in it, or NotImplementedError."""
    if not isinstance(node, Definition):
        return False
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return all(_says_nothing(o) or (isinstance(node, ast.ClassDef) and is_stub(o)) for o in body)


def _says_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.Raise):
        error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        return isinstance(error, ast.Name) and error.id == "NotImplementedError"
    return isinstance(node, ast.Pass) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


class Source:
    """Top-level statements with the file that they are from."""

    def __init__(self, path: str, text: str, body: Sequence[ast.stmt] | None = None) -> None:
        """Raises SyntaxError where `text` isn't Python; `body` selects some of its statements."""
        self.path, self.text = path, text
        self.builtins: dict[str, Any] | None = None
        """What its code finds in the place of Python's own names, when it is graded."""
        self.body = ast.parse(text, path).body if body is None else list(body)

    @classmethod
    def read(cls, path: Path) -> "Source":
        """The file at `path`."""
        return _source(str(path), text_of(path))

    @cached_property
    def owners(self) -> list[set[str]]:
        """For each statement the names it defines or adds to."""
        return [owners(node) for node in self.body]

    @cached_property
    def names(self) -> set[str]:
        """All names that the statements define."""
        return set().union(*self.owners)

    def group(self, name: str) -> list[ast.stmt]:
        """The statements that make `name`."""
        return [node for node, own in zip(self.body, self.owners, strict=True) if name in own]

    def definition(self, name: str) -> ast.stmt | None:
        """The last statement that defines `name`."""
        defining = [o for o in self.group(name) if isinstance(o, Definition) or not adds(o)]
        return defining[-1] if defining else None

    def has(self, name: str) -> bool:
        """Whether there is an answer to the exercise `name`: neither absent nor a stub."""
        found = self.definition(name)
        return found is not None and not is_stub(found)

    @cached_property
    def _flags(self) -> int:
        """`from __future__ import annotations` holds for every statement of its file."""
        future = (
            o for o in self.body if isinstance(o, ast.ImportFrom) and o.module == "__future__"
        )
        return (
            __future__.annotations.compiler_flag
            if any(a.name == "annotations" for o in future for a in o.names)
            else 0
        )

    @cached_property
    def codes(self) -> list[CodeType]:
        """Each statement compiled by itself."""
        modules = (ast.Module([node], []) for node in self.body)
        return [
            compile(module, self.path, "exec", self._flags, dont_inherit=True) for module in modules
        ]


def adds(node: ast.stmt) -> bool:
    """Whether a statement only adds to a definition: `f._order = 1`, `setattr(f, ...)`."""
    if isinstance(node, ast.Assign):
        return not any(isinstance(o, ast.Name | ast.Tuple | ast.List) for o in node.targets)
    return isinstance(node, ast.Expr)


@lru_cache(maxsize=256)
def _source(path: str, text: str) -> Source:
    return Source(path, text)


@lru_cache(maxsize=64)
def _module_code(path: Path) -> CodeType:
    return compile(text_of(path), str(path), "exec", dont_inherit=True)


class Assembly(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """The package `katas`, with every exercise lent by the reference but those that are taken."""

    def __init__(
        self, course: Course, answers: Mapping[str, Source] | None = None, take: Take | None = None
    ) -> None:
        self.course, self.answers = course, answers or {}
        self.take = take or (lambda kata, exercise: True)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        """Serves `katas` and what stands in it for every module and package of the reference."""
        package, _, name = fullname.partition(".")
        if package != PACKAGE:
            return None
        file = self._file(name)
        if not file.is_file():
            return None
        origin = self.answers[name].path if name in self.answers else str(file)
        spec = importlib.machinery.ModuleSpec(
            fullname, self, origin=origin, is_package=file.stem == "__init__"
        )
        spec.has_location = True
        return spec

    def create_module(self, spec: Any) -> None:
        """The usual module."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Fill a module; whatever its statements raise is passed on."""
        name = module.__name__.partition(".")[2]
        if name in self.course.katas:
            self._assemble(name, vars(module))
        else:
            exec(_module_code(self._file(name)), vars(module))

    def _file(self, name: str) -> Path:
        """Where the reference keeps the module `name`, seen from its package."""
        place = self.course.solutions.joinpath(*name.split("."))
        return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")

    def _assemble(self, kata: str, lent: dict[str, Any]) -> None:
        """Walk through the reference; a name that is taken is put in by the answers."""
        reference = Source.read(self.course.katas[kata].path)
        answers = self.answers.get(kata)
        theirs = _Walk(answers, lent, reference.names) if answers else None
        taken = {
            n for n in reference.names if answers and self._is_taken(kata, n, reference, answers)
        }
        done: set[str] = set()
        lent["__doc__"] = None
        for own, code in zip(reference.owners, reference.codes, strict=True):
            for name in sorted(own & taken - done):
                done.add(name)
                assert theirs is not None
                theirs.define(name)
                lent[name] = theirs.names[name]
            if own and own <= taken:
                continue
            before = None if own else dict(lent)
            exec(code, lent)
            if theirs is None:
                continue
            if before is None:
                theirs.names.update(
                    {n: lent[n] for n in own if not n.startswith("_") and n in lent}
                )
            else:  # imports, which the answers may do in their own way
                new = {n for n, o in lent.items() if n not in before or before[n] is not o}
                theirs.lend({n: lent[n] for n in new if not n.startswith("__")})
        if theirs is not None:
            theirs.finish()
            for name, value in theirs.names.items():  # pickle looks for a helper class here
                lent.setdefault(name, value)

    def _is_taken(self, kata: str, name: str, reference: Source, answers: Source) -> bool:
        if name in self.course.katas[kata].exercises:
            return self.take(kata, name) and answers.definition(name) is not None
        # given code that is unchanged stays the reference's, which can use its private helpers
        return (
            not name.startswith("_")
            and name in answers.names
            and (
                list(map(ast.dump, answers.group(name)))
                != list(map(ast.dump, reference.group(name)))
            )
        )

    def install(self) -> None:
        """From now on `import katas...` means this assembly."""
        uninstall()
        sys.meta_path.insert(0, self)


class _Walk:
    """The answers' own namespace, filled in the order of their file as far as needed."""

    def __init__(self, source: Source, lent: Mapping[str, Any], known: Iterable[str]) -> None:
        self.source, self.known = source, {n for n in known if not n.startswith("_")}
        self.names = {n: o for n, o in lent.items() if n.startswith("__")}
        self.names["__file__"] = source.path
        if source.builtins is not None:  # then the way back to the reference is closed as well
            self.names.update(__builtins__=source.builtins, __loader__=None, __spec__=None)
        self.waiting = list(range(len(source.body)))

    def lend(self, names: Mapping[str, Any]) -> None:
        """Names that the answers have unless they bring them themselves."""
        for name, value in names.items():
            self.names.setdefault(name, value)

    def define(self, name: str) -> None:
        """Execute the statements that make `name`, each after the helpers above it."""
        for i, own in enumerate(self.source.owners):
            if name in own and i in self.waiting:
                self._helpers(before=i)
                self._execute(i)

    def finish(self) -> None:
        """Execute the helpers that are left."""
        self._helpers(before=len(self.source.body))

    def _helpers(self, before: int) -> None:
        for i in [i for i in self.waiting if i < before]:
            if not self.source.owners[i] & self.known:
                self._execute(i)

    def _execute(self, i: int) -> None:
        self.waiting.remove(i)
        exec(self.source.codes[i], self.names)


def uninstall() -> None:
    """Forget every assembly and the modules that came from it."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, Assembly)]
    for name in [n for n in sys.modules if n.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def changed_given(course: Course, kata: str, source: Source) -> tuple[str, int] | None:
    """The first given definition that an answer's file has in another form, and its line."""
    reference = Source.read(course.katas[kata].path)
    for node in reference.body:
        if not (isinstance(node, Definition) and is_given(node)) or node.name.startswith("_"):
            continue
        mine = source.definition(node.name)
        if mine is not None and _code_of(mine) != _code_of(node):
            return node.name, mine.lineno
    return None


def absent_methods(course: Course, kata: str, exercise: str, source: Source) -> list[str]:
    """The public methods of a class that an answer hasn't written, and doesn't get elsewhere."""
    theirs = Source.read(course.katas[kata].path).definition(exercise)
    mine = source.definition(exercise)
    if not (isinstance(theirs, ast.ClassDef) and isinstance(mine, ast.ClassDef)):
        return []
    bases = [[ast.unparse(o) for o in node.bases] for node in (theirs, mine)]
    names = {o.id for part in mine.body for o in ast.walk(part) if isinstance(o, ast.Name)}
    names |= {o.name for part in mine.body for o in ast.walk(part) if isinstance(o, Definition)}
    if mine.decorator_list or bases[0] != bases[1] or "__getattr__" in names:
        return []
    wanted = [o.name for o in theirs.body if isinstance(o, Definition)]
    return [o for o in wanted if o not in names and (o[0] != "_" or o.endswith("__"))]


def _code_of(node: ast.stmt) -> str:
    """A definition without its docstrings."""
    bare = ast.parse(ast.unparse(node))
    for part in ast.walk(bare):
        if isinstance(part, Definition) and ast.get_docstring(part) is not None:
            part.body = part.body[1:] or [ast.Pass()]
    return ast.unparse(bare)


def read_answers(course: Course, folder: Path) -> dict[str, Source | SyntaxError | OSError]:
    """The answers in `folder` by kata, with the error in place of what cannot be read."""
    found: dict[str, Source | SyntaxError | OSError] = {}
    for kata in course.katas:
        path = folder / f"{kata}.py"
        if not path.is_file():
            continue
        try:
            found[kata] = source = Source.read(path)
            source.codes  # noqa: B018 - some errors of syntax only show when compiled
        except SyntaxError as error:
            found[kata] = error
        except (OSError, ValueError) as error:
            found[kata] = OSError(f"{path.name} cannot be read: {error}")
    return found
