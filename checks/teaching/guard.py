"""Guard: Python's own names as a graded answer finds them.

Reading an answer can't show which names it makes while it runs (`getattr(f, "__glo" + "bals__")`).
So `getattr` and its like look at the name when they are called, and imports are looked at again.
Compiled code that reads attributes (`"{0.gi_frame}".format(o)`) tells Python's audit of it.
"""

import ast
import builtins
import importlib
import re
import sys
from collections.abc import Callable, Collection, Mapping
from types import ModuleType
from typing import Any, cast

from checks.judging.assembly import Source
from checks.teaching import allowed
from checks.teaching.screen import EVERYTHING, is_search_path, private_names

Tell = Callable[[int, str, str], None]
"""Told of what is refused: the line, the word and the reason."""


_FRAMES = frozenset(
    "gi_frame gi_code cr_frame cr_code ag_frame ag_code tb_frame __code__ __kwdefaults__".split()
)
_READERS = ("traceback.py", "inspect.py", "contextlib.py", "unittest", "doctest.py", "functools.py")
_MEMORY = re.compile(r"__(array|cuda|dlpack|buffer)\w*__")


class Refused(BaseException):
    """An answer has used what it may not."""


class Guard:
    """The names, and the modules that were handed in with the answer."""

    def __init__(
        self,
        path: str,
        helpers: Mapping[str, str],
        tell: Tell,
        allow: Collection[str] = (),
    ) -> None:
        self.path, self.helpers, self.tell, self.allow = path, dict(helpers), tell, set(allow)
        self.loaded: dict[str, ModuleType] = {}
        self.names = dict(vars(builtins)) if EVERYTHING in allow else allowed.plain_builtins()
        self.names |= {k: getattr(builtins, k) for k in allow if hasattr(builtins, k)}
        self.path_of_python = [o for o in sys.path if o]
        self.names |= {"__guarded__": self._guarded, "__made__": self._made}
        self.names |= {"__inside__": self._inside, "__asked__": _asked}
        self.files = {path, *(f"{name}.py" for name in self.helpers)}
        self.private = set(allowed.PRIVATE)
        for name in ("getattr", "hasattr", "setattr", "delattr", "vars", "open"):
            self.names[name] = getattr(self, f"_{name}")
        self.names["__import__"] = self._import

    def refuse(self, word: str, why: str) -> None:
        """Tell it and stop the answer, unless the teacher allows this word."""
        if word in self.allow or EVERYTHING in self.allow:
            return
        self.tell(self._line(), word, why)
        raise Refused(f"refused: {why}")

    def _line(self) -> int:
        frame: Any = sys._getframe(2)
        while frame is not None and frame.f_code.co_filename != self.path:
            frame = frame.f_back
        return frame.f_lineno if frame is not None else 1

    def watch(self) -> None:
        """Refuse from now on to read frames and code, and to run texts, on an answer's behalf.

        It can't be undone, so it's for the process of one answer.
        """
        if EVERYTHING not in self.allow:
            sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event in ("object.__getattr__", "object.__setattr__"):
            if args[1] not in _FRAMES:
                return
        elif event != "exec":
            return
        frame: Any = sys._getframe(1)
        reader = frame.f_code.co_filename
        if event == "exec":
            if reader in self.files or reader.endswith(("typing.py", "inspect.py")):
                self._blame(frame, "exec", "runs a text as code")
        elif reader in self.files or (
            args[1].endswith("_frame") and not any(o in reader for o in _READERS)
        ):
            self._blame(frame, args[1], f"reads {args[1]}")

    def _blame(self, frame: Any, word: str, why: str) -> None:
        """Refuse if an answer has called what happens, and no check in between."""
        while frame is not None and frame.f_code.co_filename not in self.files:
            if frame.f_globals.get("__name__", "").partition(".")[0] in ("checks", "hypothesis"):
                return
            frame = frame.f_back
        if frame is not None:
            self.refuse(word, why)

    def _guarded(self, getter: Callable[..., Any], place: int = -1) -> Callable[..., Any]:
        """A `__getattribute__` or `__setattr__` that looks at the name it is asked for."""

        def get(*args: Any) -> Any:
            self._name(str(args[place]))
            return getter(*args)

        return get

    def _inside(self, o: Any) -> Any:
        """`o.__dict__`, where it isn't that of a module or of a foreign class."""
        if isinstance(o, ModuleType):
            self.refuse("vars", "looks into a module")
        if issubclass(type(o), type) and not self._is_own(o):
            self.refuse("vars", "looks into a class that isn't the answer's own")
        return o.__dict__

    def _is_own(self, cls: type) -> bool:
        module = str(type.__getattribute__(cls, "__module__"))
        return module.startswith("katas.") or module in self.helpers

    def _made(self, name: Any, bases: Any, parts: Any) -> type:
        """`type` with three arguments, for parts that couldn't be read."""
        for part in parts:
            special = part[:2] == "__" and part[-2:] == "__"
            asks = part in ("__getattr__", "__getattribute__")
            if asks or part in allowed.EQUALITY or (special and part not in allowed.DEFINED):
                self.refuse(part, f"makes a class with {part}")
        return type(name, bases, dict(parts))

    def _name(self, name: Any) -> None:
        if not isinstance(name, str):
            return
        name = str.__str__(name)
        special = name[:2] == "__" and name[-2:] == "__"
        fine = allowed.DUNDERS | allowed.READ_ONLY | {"__getattr__", "__wrapped__"}
        if name in allowed.FRAMES or (special and name not in fine):
            self.refuse(name, f"asks for the attribute {name}")

    def _getattr(self, o: Any, name: Any, *default: Any) -> Any:
        self._name(name)
        if name == "__dict__":
            return self._inside(o)
        if type(name) is str and name[:1] == "_" and name[:2] != "__":
            module = str(type.__getattribute__(type(o), "__module__"))
            inner = module.partition(".")[0] in ("torch", "numpy", "typing")
            if inner and name not in self.private and hasattr(o, name):
                self.refuse(name, f"asks for the attribute {name}")
        found = getattr(o, name, *default)
        if name in ("__setattr__", "__delattr__"):
            return self._guarded(found, -2 if name == "__setattr__" else -1)
        if isinstance(o, ModuleType) and name in allowed.WAYS:
            self.refuse(name, f"takes {name} from {o.__name__}")
        if allowed.is_foreign(found):
            self.refuse(found.__name__, f"takes the module {found.__name__} from another")
        if isinstance(o, ModuleType) and type(name) is str and default[:1] != (found,):
            if not allowed.allows_part(o.__name__, name) or (o is sys and name == "path"):
                self.refuse(name, f"takes {name} from {o.__name__}")
        return found

    def _hasattr(self, o: Any, name: Any) -> bool:
        self._name(name)
        return hasattr(o, name)

    def _setattr(self, o: Any, name: Any, value: Any) -> None:
        self._name(name)
        if isinstance(name, str) and name in {*allowed.READ_ONLY, "__getattr__"} - {"__doc__"}:
            self.refuse(name, f"sets {name}")
        self._own(o, name)
        setattr(o, name, value)

    def _delattr(self, o: Any, name: Any) -> None:
        self._name(name)
        self._own(o, name)
        delattr(o, name)

    def _own(self, o: Any, name: Any) -> None:
        module = getattr(o, "__module__", None) if isinstance(o, type) else None
        if isinstance(o, ModuleType) or not (module is None or self._is_own(o)):
            self.refuse("setattr", f"sets {name} of something that isn't the answer's own")

    def _vars(self, *o: Any) -> Any:
        if not o:
            self.refuse("vars", "calls vars without anything")
        return self._inside(*o)

    def _open(self, file: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(file, int):
            self.refuse("open", "opens a descriptor")
        if kwargs.get("opener") is not None or len(args) > 6:
            self.refuse("open", "opens a file in a way of its own")
        return open(file, *args, **kwargs)

    def _import(
        self, name: str, globals: Any = None, locals: Any = None, what: Any = (), level: int = 0
    ) -> Any:
        if type(what) is list:  # not from a statement: a library's compiled code imports
            return __import__(name, globals, locals, what, level)
        beside = name.partition("katas.")[2] if name.startswith("katas.") else name
        if beside.partition(".")[0] in self.helpers:
            return self._helper(beside.partition(".")[0])
        if level and not name:
            for part in [o for o in what or () if o in self.helpers]:
                setattr(sys.modules["katas"], part, self._helper(part))
        if not level and name.partition(".")[0] != "katas":
            if not allowed.allows(name):
                # an ImportError, where there is none
                importlib.import_module(name.partition(".")[0]) if not _exists(name) else None
                self.refuse(name, f"imports {name}")
            self.names_of(name, what)
        sys.path[:] = self.path_of_python
        return __import__(name, globals, locals, what, level)

    def names_of(self, name: str, what: Any) -> None:
        """Refuse what may not be taken from a module."""
        for part in what or ():
            if part != "*" and not allowed.allows_part(name, part):
                self.refuse(f"{name}.{part}", f"imports {part} from {name}")

    def _helper(self, name: str) -> ModuleType:
        if name not in self.loaded:
            module = self.loaded[name] = ModuleType(name)
            vars(module)["__builtins__"] = self.names
            source = plain(Source(f"{name}.py", self.helpers[name]))
            self.private |= private_names(source.body)
            for code in source.codes:
                exec(code, vars(module))
        return self.loaded[name]


def plain(source: Source) -> Source:
    """A source without places for imports, whose `__getattribute__` is guarded."""
    kept = [o for o in source.body if not is_search_path(o)]
    module = _Guarding().visit(ast.Module(kept, []))
    return Source(source.path, source.text, ast.fix_missing_locations(module).body)


class _Guarding(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        """`type(name, bases, parts)` as `__made__(name, bases, parts)`."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "type" and len(node.args) == 3:
            node.func = ast.copy_location(ast.Name("__made__", ast.Load()), node.func)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """`f.__dict__["_order"] = 1` stays: it can only add to the answer's own."""
        if not isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Attribute):
            node.value.value = self.visit(node.value.value)
            node.slice = self.visit(node.slice)
            return node
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """`o.__getattribute__` as `__guarded__(o.__getattribute__)`, and `o.__dict__` alike."""
        self.generic_visit(node)
        guard, what, more = "__guarded__", cast(ast.expr, node), list[ast.expr]()
        if node.attr == "__dict__" and isinstance(node.ctx, ast.Load):
            guard, what = "__inside__", node.value
        elif node.attr == "__setattr__":
            more = [ast.Constant(-2)]
        elif node.attr not in ("__getattribute__", "__delattr__"):
            return node
        return ast.copy_location(ast.Call(ast.Name(guard, ast.Load()), [what, *more], []), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """A `__getattr__` isn't asked for what leads to memory."""
        self.generic_visit(node)
        names = [*node.args.posonlyargs, *node.args.args]
        if node.name in ("__getattr__", "__getattribute__") and len(names) == 2:
            asked = ast.Call(
                ast.Name("__asked__", ast.Load()), [ast.Name(names[1].arg, ast.Load())], []
            )
            node.body.insert(0, ast.copy_location(ast.Expr(asked), node))
        return node


def _asked(name: Any) -> None:
    if isinstance(name, str) and _MEMORY.fullmatch(name):
        raise AttributeError(name)


def _exists(name: str) -> bool:
    from importlib.util import find_spec

    try:
        return find_spec(name.partition(".")[0]) is not None
    except (ImportError, ValueError, AttributeError):
        return True
