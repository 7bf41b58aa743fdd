"""Screen: what in an answer no honest answer needs, found by reading it.

The allow-list is in `allowed`. Chains that start at an imported module (`torch.nn.init`) are
followed in the modules themselves, so that a forbidden module isn't reached through another.
"""

import ast
import enum
import importlib
import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from checks.judging.assembly import Source
from checks.judging.curriculum import Course, Definition
from checks.teaching import allowed

_HIDDEN = re.compile(
    r"__(globals|closure|code|builtins|subclasses|kwdefaults|defaults|mro|bases?|import|loader|spec"
    r"|self|wrapped|getattribute|traceback)__|/proc/|/dev/(fd|shm)|_getframe|gi_frame|tb_frame"
)
_AXES = re.compile(r"[\w\s*#.+\-=?]*")
EVERYTHING = "everything"
_UNKNOWN = object()
_KATA = object()  # stands for what another kata lends
_KATAS = object()  # stands for a kata itself
_TYPES = (ast.Name, ast.Attribute, ast.Subscript, ast.Tuple, ast.List, ast.Constant, ast.BinOp,
          ast.operator, ast.expr_context, ast.Starred, ast.unaryop, ast.UnaryOp)  # fmt: skip
_NOT_STORED = {"__class__", "__dict__", "__getattr__", "__getattribute__"}
_OWN = {"__getattribute__", "__getattr__", "__reduce_ex__", "__reduce__", "__setstate__",
        "__init_subclass__"}  # fmt: skip
_MATCHED = ("bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set",
            "str", "tuple")  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """A place in an answer that is refused: which word, why, and in which definitions."""

    line: int
    word: str
    why: str
    owners: frozenset[str] = frozenset()


def screen(
    source: Source,
    course: Course,
    helpers: Collection[str] = (),
    allow: Collection[str] = (),
    private: Collection[str] = (),
    laws: bool = False,
) -> list[Finding]:
    """All that is refused in a file, in the order of its lines; `allow` holds words that may be.

    helpers  names of modules that were handed in with the file
    private  private names of something that these define
    laws     whether it's a file of laws, whose tests count
    """
    if EVERYTHING in allow:
        return []
    seen = _Screen(source, course, helpers)
    seen.private |= set(private)
    out = left_out(source.body, laws)
    for node, own in zip(source.body, source.owners, strict=True):
        if not _never_runs(node) and node not in out:
            seen.owners = frozenset(own)
            seen.top(node)
    return sorted(
        {o for o in seen.found if o.word not in allow}, key=lambda o: (o.line, o.word, o.why)
    )


def _never_runs(node: ast.stmt) -> bool:
    """Whether a statement is the part of a file that runs only as a program."""
    return (
        isinstance(node, ast.If)
        and not node.orelse
        and ast.unparse(node.test)
        in (
            "__name__ == '__main__'",
            "'__main__' == __name__",
        )
    )


class _Screen(ast.NodeVisitor):
    def __init__(self, source: Source, course: Course, helpers: Collection[str]) -> None:
        self.course, self.helpers = course, set(helpers)
        self.found: list[Finding] = []
        self.owners: frozenset[str] = frozenset()
        self.imported: dict[str, Any] = {}
        self.inside: list[ast.AST] = []
        self.annotating: set[ast.AST] = set()
        bound = list(_bound(source.body))
        self.bound, self.times = set(bound), Counter(bound)
        every = [o for node in source.body for o in ast.walk(node)]
        self.classes = [o for o in every if isinstance(o, ast.ClassDef)]
        self.exercises = {e for _, e in course.exercises()}
        self.private = allowed.PRIVATE | private_names(source.body)
        for node in source.body:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    self._bind(inner)
        for _ in range(3):  # an alias of an alias
            for node in source.body:
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Assign) and len(inner.targets) == 1:
                        target, value = inner.targets[0], self.resolve(inner.value)
                        if isinstance(target, ast.Name) and value not in (_UNKNOWN, _KATA):
                            if self._is_alias(target.id, value):
                                self.imported.setdefault(target.id, value)

    def _is_alias(self, name: str, value: Any) -> bool:
        """Whether a name that is assigned once, or to a module, is another name of an import."""
        return isinstance(value, ModuleType | type) and (
            isinstance(value, ModuleType) or self.times[name] == 1
        )

    def refuse(self, node: ast.AST, word: str, why: str) -> None:
        self.found.append(Finding(getattr(node, "lineno", 1), word, why, self.owners))

    def top(self, node: ast.stmt) -> None:
        self.visit(node)

    def visit(self, node: ast.AST) -> None:
        """Visit a node and what is below it, with the way to it kept."""
        self.inside.append(node)
        super().visit(node)
        self.inside.pop()

    # imports

    def _bind(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name if alias.asname else alias.name.partition(".")[0]
                self.imported[alias.asname or top] = self._module(alias.name, top)
            return
        module = self._module(_full_name(node), _full_name(node))
        for alias in node.names:
            name = alias.asname or alias.name
            if alias.name != "*":
                self.imported[name] = self._part(module, alias.name)
            elif isinstance(module, ModuleType):
                public = getattr(module, "__all__", None) or dir(module)
                self.imported |= {o: self._part(module, o) for o in public if o[0] != "_"}

    def _module(self, name: str, wanted: str) -> Any:
        if name.partition(".")[0] == "katas":
            return _KATAS
        if not allowed.allows(name):
            return _UNKNOWN
        try:
            importlib.import_module(name)
            return importlib.import_module(wanted)
        except ImportError:
            return _UNKNOWN

    def _part(self, module: Any, name: str) -> Any:
        if module is _KATAS:
            return _KATAS if name in self.course.katas else _KATA
        if not isinstance(module, ModuleType):
            return _UNKNOWN
        found = getattr(module, name, _UNKNOWN)
        if found is _UNKNOWN:
            try:
                return importlib.import_module(f"{module.__name__}.{name}")
            except ImportError:
                return _UNKNOWN
        return found

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._may_import(node, alias.name)

    def _may_import(self, node: ast.stmt, name: str) -> bool:
        top = name.partition(".")[0]
        if top == "katas":
            kata = name.partition(".")[2]
            fine = not kata or kata in self.course.katas or kata in self.helpers
        elif top in self.helpers:
            fine = True
        else:
            fine = allowed.allows(name) or not _exists(top)
        if not fine:
            self.refuse(node, name, f"imports {name}")
        return fine

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        name = _full_name(node)
        if not self._may_import(node, name):
            return
        top, _, kata = name.partition(".")
        module = self._module(name, name)
        for alias in node.names:
            part = alias.name
            if top == "katas":
                self._from_kata(node, kata, part)
            elif top in self.helpers or not isinstance(module, ModuleType):
                continue
            elif part == "*":
                if name in allowed.PARTS:
                    self.refuse(node, name, f"imports everything from {name}")
            elif not allowed.allows_part(name, part) or (name, part) == ("sys", "path"):
                self.refuse(node, f"{name}.{part}", f"imports {part} from {name}")
            elif allowed.is_foreign(self._part(module, part)):
                self.refuse(node, f"{name}.{part}", f"imports {part} from {name}")

    def _from_kata(self, node: ast.stmt, kata: str, part: str) -> None:
        if kata in self.helpers or part in self.helpers or (not kata and part in self.course.katas):
            return
        if kata not in self.course.katas:
            return
        reference = Source.read(self.course.katas[kata].path)
        if part != "*" and (part.startswith("_") or part not in reference.names):
            if part not in ("Any", "Tensor", "nn", "torch", "Path", "Image", "F", "Callable"):
                self.refuse(node, f"katas.{kata}.{part}", f"imports {part} from another kata")

    # names, attributes and the chains that they make

    def resolve(self, node: ast.AST) -> Any:
        """The object that a chain of attributes means, if it starts at an import."""
        if isinstance(node, ast.Name):
            return self.imported.get(node.id, _UNKNOWN)
        if isinstance(node, ast.Attribute):
            base = self.resolve(node.value)
            if isinstance(base, ModuleType):
                return self._part(base, node.attr)
        return _UNKNOWN

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in allowed.TRICKS and node.id not in self.bound:
            self.refuse(node, node.id, f"uses {node.id}")
        elif node.id == "locals" and node.id not in self.bound and not self._in_a_function():
            self.refuse(node, "locals", "uses locals outside of a function")
        elif node.id[:2] == "__" and node.id[-2:] == "__" and len(node.id) > 4:
            storing = not isinstance(node.ctx, ast.Load)
            if node.id not in allowed.NAMES | {"__slots__", "__version__", "__author__"} or (
                storing and node.id in ("__name__", "__file__", "__class__", "__debug__")
            ):
                mine = storing or (node.id in self.bound and node.id not in allowed.EQUALITY)
                if not (mine and node.id in allowed.DEFINED - _NOT_STORED):
                    self.refuse(node, node.id, f"uses {node.id}")
            elif storing and node.id in allowed.EQUALITY:
                self.refuse(node, node.id, f"sets {node.id}")
        above = self.inside[-2] if len(self.inside) > 1 else None
        if node.id == "type" and isinstance(above, ast.Assign | ast.List | ast.Tuple | ast.Dict):
            called = any(isinstance(o, ast.Call) for o in self.inside[:-2])
            if not called and node not in self.annotating:
                self.refuse(node, "type", "renames type")
        found = self.resolve(node)
        if isinstance(node.ctx, ast.Load) and (isinstance(found, ModuleType) or found is _KATAS):
            self._bare(node)
        self._only_called(node)

    def _in_a_function(self) -> bool:
        """Whether this is called in the body of a function: elsewhere, locals are globals."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        scopes = [i for i, o in enumerate(self.inside) if isinstance(o, kinds)]
        above = self.inside[-2] if len(self.inside) > 1 else None
        if not scopes or not (isinstance(above, ast.Call) and above.func is self.inside[-1]):
            return False
        scope = self.inside[scopes[-1]]
        below = self.inside[scopes[-1] + 1]  # not a default or a decorator
        return isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef) and below in scope.body

    def _only_called(self, node: ast.expr) -> None:
        """What takes names of attributes must be called where it stands, to be read."""
        found, above = self.resolve(node), self.inside[-2] if len(self.inside) > 1 else None
        name, module = getattr(found, "__name__", ""), getattr(found, "__module__", "")
        if name in allowed.WAYS and module in ("functools", "operator"):
            if not (isinstance(above, ast.Call) and above.func is node):
                self.refuse(node, name, f"passes {name} about")

    def _bare(self, node: ast.expr) -> None:
        """A module may be used for its parts, renamed and asked for a name, not handed about."""
        above = self.inside[-2] if len(self.inside) > 1 else None
        if isinstance(above, ast.Attribute):
            return
        if isinstance(above, ast.Assign) and all(isinstance(o, ast.Name) for o in above.targets):
            return
        if isinstance(above, ast.Call) and isinstance(above.func, ast.Name):
            if above.func.id in ("getattr", "hasattr", "id", "print", "repr", "str"):
                return
        if isinstance(above, ast.Compare | ast.Expr):
            return
        self.refuse(node, ast.unparse(node), f"passes the module {ast.unparse(node)} about")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._attribute(node, node.attr, isinstance(node.ctx, ast.Load))
        if node.attr == "__dict__" and isinstance(node.ctx, ast.Store):
            if ast.unparse(node.value) != "self":
                self.refuse(node, "__dict__", "sets .__dict__")
        base = self.resolve(node.value)
        self._only_called(node)
        if base is _KATAS and node.attr.startswith("_"):
            self.refuse(node, node.attr, f"uses {ast.unparse(node)}")
        if base is sys and node.attr == "path" and not self._is_dropped():
            self.refuse(node, "sys.path", "uses sys.path for more than a place for imports")
        elif isinstance(base, ModuleType):
            whole, part = ast.unparse(node), self._part(base, node.attr)
            if not allowed.allows_part(base.__name__, node.attr) or allowed.is_foreign(part):
                self.refuse(node, f"{base.__name__}.{node.attr}", f"uses {whole}")
            elif isinstance(part, ModuleType) and isinstance(node.ctx, ast.Load):
                self._bare(node)
        elif self.resolve(node.value) is not _UNKNOWN and node.attr.startswith("_"):
            if node.attr[:2] != "__" and self.resolve(node.value) is not _KATA:
                if not isinstance(self.resolve(node.value), type):
                    self.refuse(node, node.attr, f"uses {ast.unparse(node)}")
        self.generic_visit(node)

    def _is_dropped(self) -> bool:
        """Whether this stands in a statement that `guard.plain` takes out."""
        return bool(self.inside) and is_search_path(self.inside[0])

    def _attribute(self, node: ast.AST, name: str, reads: bool) -> None:
        special = name[:2] == "__" and name[-2:] == "__"
        is_private = name[:1] == "_" and not special and name not in self.private
        if isinstance(node, ast.Attribute) and isinstance(self.resolve(node.value), ModuleType):
            is_private = False  # `visit_Attribute` knows the module
        if name in allowed.FRAMES or (is_private and reads):
            self.refuse(node, name, f"uses .{name}")
        elif special and name in _OWN:
            if not self._passes_on(node, name):
                self.refuse(node, name, f"uses .{name}")
        elif special and name not in allowed.DUNDERS | allowed.READ_ONLY:
            self.refuse(node, name, f"uses .{name}")
        elif (
            special
            and not reads
            and name not in ("__doc__", "__name__", "__qualname__", "__dict__")
        ):
            self.refuse(node, name, f"sets .{name}")

    def _passes_on(self, node: ast.AST, name: str) -> bool:
        """Whether a special method calls its parent's."""
        within = [o.name for o in self.inside if isinstance(o, ast.FunctionDef)]
        value = node.value if isinstance(node, ast.Attribute) else None
        is_super = isinstance(value, ast.Call) and ast.unparse(value) == "super()"
        is_object = isinstance(value, ast.Name) and value.id == "object"
        return bool(_OWN & set(within)) and (is_super or (is_object and name == "__getattribute__"))

    def visit_MatchClass(self, node: ast.MatchClass) -> None:
        if node.patterns and not self._has_known_places(node.cls):
            self.refuse(node, "match", f"matches {ast.unparse(node.cls)} by places")
        for name in node.kwd_attrs:
            self._attribute(node, name, True)
        self.generic_visit(node)

    def _has_known_places(self, cls: ast.expr) -> bool:
        """Whether a class is Python's own or a plain one of this file: its places are its own."""
        if not isinstance(cls, ast.Name):
            return False
        if cls.id in _MATCHED and cls.id not in self.bound:
            return True
        made = [o for o in self.classes if o.name == cls.id]
        bases = [ast.unparse(o) for made_ in made for o in made_.bases]
        plain = all(o in ("object", "NamedTuple", "typing.NamedTuple") for o in bases)
        return self.times[cls.id] == len(made) == 1 and plain and not made[0].keywords

    def visit_Constant(self, node: ast.Constant) -> None:
        above = self.inside[-2] if len(self.inside) > 1 else None
        text = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
        if isinstance(text, str) and not isinstance(above, ast.Expr):
            if found := _HIDDEN.search(text):
                self.refuse(node, found[0], f"has the text {found[0]!r}")

    # assignments to what is not the answer's own

    def _target(self, node: ast.AST, value: ast.AST | None = None) -> None:
        if not isinstance(node, ast.Attribute | ast.Subscript) or isinstance(node.ctx, ast.Load):
            return
        root: ast.AST = node
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        whole = ast.unparse(node)
        if isinstance(root, ast.Call) and ast.unparse(root.func) == "type":
            if ast.unparse(root) != "type(self)":
                self.refuse(node, whole[:60], "assigns to a class that isn't the answer's own")
        if not isinstance(root, ast.Name):
            return
        if whole.startswith(("os.environ[", "torch.backends.", "plt.rcParams")):
            return
        if isinstance(node, ast.Attribute) and node.attr.isupper():  # a setting, as Pillow has them
            module = getattr(self.resolve(node.value), "__name__", "")
            if module.startswith("PIL.") or isinstance(value, ast.Constant):
                return
        foreign = root.id in self.imported
        lent = root.id not in self.bound and root.id in self.exercises
        if foreign or lent:
            self.refuse(node, whole, f"assigns to {whole}, which isn't the answer's own")

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            for part in ast.walk(target):
                self._target(part, node.value)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._target(node.target)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._target(node.target)
        self._annotation(node.annotation)
        self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> None:
        self._annotation(node.annotation)
        self.generic_visit(node)

    def _annotation(self, node: ast.expr | None) -> None:
        """Texts in an annotation are code too: read them as such."""
        for part in ast.walk(node) if node is not None else ():
            self.annotating.add(part)
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                try:
                    found = ast.parse(part.value.strip(), mode="eval").body
                except (SyntaxError, ValueError, RecursionError, MemoryError):
                    continue
                if not all(isinstance(o, _TYPES) for o in ast.walk(found)):
                    self.refuse(part, "annotation", "has an annotation that isn't a type")
                self._annotation(found)
                self.visit(found)

    def visit_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self._target(target)
        self.generic_visit(node)

    def _loop(self, node: ast.For | ast.AsyncFor | ast.comprehension) -> None:
        for part in ast.walk(node.target):
            self._target(part)
        self.generic_visit(node)

    visit_For = visit_AsyncFor = visit_comprehension = _loop

    def visit_withitem(self, node: ast.withitem) -> None:
        if node.optional_vars is not None:
            for part in ast.walk(node.optional_vars):
                self._target(part)
        self.generic_visit(node)

    # definitions and calls

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        above = self.inside[-2] if len(self.inside) > 1 else None
        name = node.name
        if isinstance(above, ast.ClassDef) and name[:2] == "__" and name[-2:] == "__":
            if name not in allowed.DEFINED:
                self.refuse(node, name, f"defines {name}")
            elif name in allowed.EQUALITY and not self._is_honest(above, node):
                self.refuse(node, name, f"defines {name} in a class that isn't asked for")
            elif name in ("__getattr__", "__getattribute__"):
                if node.decorator_list or len(node.args.posonlyargs + node.args.args) != 2:
                    self.refuse(node, name, f"defines {name} in a way that can't be read")
        self._annotation(node.returns)
        self.generic_visit(node)

    visit_FunctionDef = visit_AsyncFunctionDef = _define

    def _is_honest(self, cls: ast.ClassDef, method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Whether a comparison may be meant: in an exercise's own class, and never always true."""
        if cls.name not in self.exercises or not any(cls is o for o in self.inside[:1]):
            return False
        returned = [o.value for o in ast.walk(method) if isinstance(o, ast.Return) and o.value]
        return bool(returned) and not any(_always_true(o) for o in returned)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in ("str", "int", "float", "bool", "bytes"):
                names = {o.name for o in node.body if isinstance(o, ast.FunctionDef)}
                if names & allowed.EQUALITY:
                    self.refuse(node, base.id, f"makes a {base.id} that compares in its own way")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = ast.unparse(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""
        found = self.resolve(node.func)
        what = getattr(found, "__name__", "")
        if getattr(found, "__module__", "") in ("functools", "operator") and what in allowed.WAYS:
            plain = [o.value for o in node.args if isinstance(o, ast.Constant)]
            if what in ("wraps", "update_wrapper"):
                fine = not node.keywords and len(node.args) == 1 + (what == "update_wrapper")
            else:
                names = plain[:1] if what == "methodcaller" else plain
                fine = not any("__" in str(o) for o in names) and bool(names)
                fine = fine and (what == "methodcaller" or len(plain) == len(node.args))
                fine = fine and isinstance(node.args[0], ast.Constant)
            if not fine:
                self.refuse(node, what, f"calls {what} with attributes that can't be read here")
        metaclass = any(o.name == name and _makes_classes(o) for o in self.classes)
        is_lookup = len(node.args) == 1 and not node.keywords  # of a member, if there are any
        makes = _is_enum(found) and not (is_lookup and len(found))
        if metaclass or (makes and not all(map(_is_literal, node.args))):
            self.refuse(node, name, "makes a class of parts that can't be read here")
        if name == "type" and len(node.args) == 3 and isinstance(node.args[2], ast.Dict):
            for key in node.args[2].keys:
                word = key.value if isinstance(key, ast.Constant) else None
                if (
                    not isinstance(word, str)
                    or word in allowed.EQUALITY
                    or (word[:2] == "__" and word not in allowed.DEFINED)
                ):
                    self.refuse(node, "type", "makes a class of parts that can't be read here")
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        kind = self.resolve(node.value)
        if getattr(kind, "__module__", "") == "jaxtyping" or (
            getattr(type(kind), "__module__", "").startswith("jaxtyping")
        ):
            parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
            text = parts[-1].value if parts and isinstance(parts[-1], ast.Constant) else None
            if not isinstance(text, str) or not _AXES.fullmatch(text):
                self.refuse(node, "jaxtyping", "has a shape that isn't plain text")
        self.generic_visit(node)


def private_names(body: Iterable[ast.stmt]) -> set[str]:
    """The private names of what a file defines."""
    found = set(_bound(body))
    for node in body:
        for o in ast.walk(node):
            if isinstance(o, ast.Attribute) and not isinstance(o.ctx, ast.Load):
                found.add(o.attr)
            elif isinstance(o, ast.alias):
                found.add(o.asname or o.name)
    return {o for o in found if o[:1] == "_"}


def _makes_classes(node: ast.ClassDef) -> bool:
    return any(re.search(r"\btype$|Meta$|EnumType$", ast.unparse(o)) for o in node.bases)


def _is_enum(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, enum.Enum)


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    return True


def left_out(body: Sequence[ast.stmt], laws: bool) -> list[ast.stmt]:
    """Statements that no exercise needs: places for imports, and people's own tests but for laws.

    A test is called `test_...` or `Test...`, or is a fixture, and used by nothing else; then what
    only tests use of pytest and Hypothesis isn't imported either.
    """
    places = [o for o in body if is_search_path(o)]
    if laws:
        return places
    tools = [o for o in body if isinstance(o, ast.Import | ast.ImportFrom) and _is_for_tests(o)]
    brought = {a.asname or a.name.partition(".")[0] for o in tools for a in o.names}
    tests = [o for o in body if isinstance(o, Definition) and _is_test(o)]
    running = [o for o in body if not _never_runs(o)]
    used = _names_in(o for o in running if o not in tests)
    tests = [o for o in tests if o.name not in used]
    if brought & _names_in(o for o in running if o not in tests):
        tools = []
    return [*tests, *tools, *places]


def _is_test(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    decorators = [ast.unparse(o).partition("(")[0] for o in node.decorator_list]
    return node.name.startswith(("test_", "Test")) or "pytest.fixture" in decorators


def _names_in(body: Iterable[ast.AST]) -> set[str]:
    return {o.id for node in body for o in ast.walk(node) if isinstance(o, ast.Name)}


def _is_for_tests(node: ast.Import | ast.ImportFrom) -> bool:
    names = (
        [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
    )
    return all(o.partition(".")[0] in ("pytest", "hypothesis") for o in names)


def is_search_path(node: ast.AST) -> bool:
    """Whether a statement adds a place for imports: `sys.path.insert(0, "..")`."""
    if not (isinstance(node, ast.Expr) and isinstance(call := node.value, ast.Call)):
        return False
    return ast.unparse(call.func) in ("sys.path.insert", "sys.path.append", "sys.path.extend")


def modules_of(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The modules that an import may mean, by their full names."""
    if isinstance(node, ast.Import):
        return [a.name for a in node.names]
    name = _full_name(node)
    return [name, *(f"{name}.{a.name}" for a in node.names)]


def _full_name(node: ast.ImportFrom) -> str:
    """The module of an import, from the top; a kata's neighbours are in `katas`."""
    return f"katas.{node.module or ''}".rstrip(".") if node.level else node.module or ""


def _exists(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return True


def _bound(body: Iterable[ast.stmt]) -> Iterator[str]:
    """All names that a file binds anywhere but by imports."""
    for node in body:
        for o in ast.walk(node):
            if isinstance(o, Definition):
                yield o.name
            elif isinstance(o, ast.Name) and isinstance(o.ctx, ast.Store):
                yield o.id
            elif isinstance(o, ast.arg):
                yield o.arg


def _always_true(node: ast.expr) -> bool:
    """Whether an expression looks as if it were true of everything."""
    names = {o.id for o in ast.walk(node) if isinstance(o, ast.Name)}
    is_false = isinstance(node, ast.Constant) and node.value is False
    other = ast.unparse(node) == "NotImplemented"
    return not (is_false or other) and len(names) < 2


def used(source: Source, exercise: str) -> Iterator[tuple[int, str]]:
    """Line and name of all that an exercise's answer uses, with the helpers it stands on."""
    seen: set[str] = set()
    waiting = [exercise]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for node in source.group(name):
            for o in ast.walk(node):
                if isinstance(o, ast.Name):
                    yield o.lineno, o.id
                    waiting.append(o.id)
                elif isinstance(o, ast.Attribute):
                    yield o.lineno, ast.unparse(o)
                    yield o.lineno, o.attr
                elif isinstance(o, ast.alias):
                    yield o.lineno, o.name


def against_policy(source: Source, exercise: str, forbidden: Collection[str]) -> Finding | None:
    """The first place where an answer uses a name that the course forbids there."""
    renamed = {}
    for node in source.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = f"{_full_name(node)}." if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                renamed[alias.asname or alias.name] = module + alias.name
    for line, name in sorted(used(source, exercise)):
        first, dot, rest = name.partition(".")
        full = renamed.get(first, first) + dot + rest
        for word in forbidden:
            if word in (name, full) or full.startswith(f"{word}."):
                return Finding(line, word, f"uses {word}, which this course doesn't allow here")
    return None
