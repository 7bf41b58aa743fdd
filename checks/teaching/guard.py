"""Guard: Python's own names as a graded answer finds them.

Reading an answer can't show which names it makes while it runs (`getattr(f, "__glo" + "bals__")`).
So `getattr` and its like look at the name when they are called, and imports are looked at again.
Compiled code that reads attributes (`"{0.gi_frame}".format(o)`) tells Python's audit of it.
"""

import argparse
import ast
import builtins
import copy
import dis
import importlib
import re
import sys
import types
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from types import ModuleType
from typing import Any, cast

from checks.judging.assembly import Source
from checks.teaching import allowed
from checks.teaching.screen import EVERYTHING, left_out, private_names

Tell = Callable[[int, str, str], None]
"""Told of what is refused: the line, the word and the reason."""


_FRAMES = frozenset(
    "gi_frame gi_code cr_frame cr_code ag_frame ag_code tb_frame __code__ __kwdefaults__".split()
)
_READERS = ("traceback.py", "inspect.py", "contextlib.py", "unittest", "doctest.py", "functools.py")
_STATE = {"__setstate__"}
WATCHED = frozenset({"_reconstruct"})
"""Functions of libraries that a guard replaces."""
_MEMORY = re.compile(r"__(array|cuda|dlpack|buffer)\w*__")


class Refused(BaseException):
    """An answer has used what it may not."""


class _Absent:
    """An attribute that is never there, whatever an object's own dict says."""

    def __get__(self, o: object, cls: type) -> None:
        raise AttributeError("not for numpy")

    def __set__(self, o: object, value: object) -> None:
        raise AttributeError("not for numpy")


class _Parts(dict[str, Any]):
    """A copy of an object's dict; an item that is set is set there, if its name may be."""

    def __init__(self, o: Any, may: Callable[[Any], None]) -> None:
        super().__init__(o.__dict__)
        self._of, self._may = o.__dict__, may

    def __setitem__(self, name: Any, value: Any) -> None:
        self._may(name)
        self._of[name] = value
        super().__setitem__(name, value)

    def update(self, *others: Any, **more: Any) -> None:
        """As any dict's."""
        for name, value in dict(*others, **more).items():
            self[name] = value

    def setdefault(self, name: Any, value: Any = None) -> Any:
        """As any dict's."""
        if name not in self:
            self[name] = value
        return self[name]


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
        self.names |= {"__inside__": self._inside, "__asked__": _asked, "__kind__": _kind}
        self.names |= {"__maker__": self._maker}
        if EVERYTHING not in allow:
            self.names["__build_class__"] = self._build_class
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
        if EVERYTHING in self.allow:
            return
        sys.addaudithook(self._hear)
        # these set attributes that an answer names, and never do so for an honest one
        vars(argparse)["setattr"] = self._setattr
        rebuilt = vars(copy)["_reconstruct"]

        def rebuild(o: Any, memo: Any, f: Any, args: Any, state: Any = None, *more: Any, **k: Any):
            for part in state if isinstance(state, tuple) else (state,):
                for name in part if isinstance(part, dict) else ():
                    self._name(name)
            return rebuilt(o, memo, f, args, state, *more, **k)

        vars(copy)["_reconstruct"] = rebuild
        space = types.SimpleNamespace
        setattr(types, space.__name__, type(space.__name__, (space,), {"__module__": "types"}))
        torch = sys.modules.get("torch")
        more = (torch.Tensor, torch.nn.Module) if torch else ()
        for cls in (types.SimpleNamespace, argparse.Namespace, *more):
            _without_memory(cls)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event in ("object.__getattr__", "object.__setattr__"):
            if args[1] not in _FRAMES:
                return
        elif event != "exec":
            return
        frame: Any = sys._getframe(1)
        reader = frame.f_code.co_filename
        if event == "exec":
            is_type = reader.endswith("typing.py") and _is_type(args[0])
            if reader in self.files or (
                reader.endswith(("typing.py", "inspect.py")) and not is_type
            ):
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
        if isinstance(o, type) or self._is_own(type(o)):
            return o.__dict__
        return _Parts(o, self._name)

    def _build_class(self, body: Any, name: str, *bases: Any, **how: Any) -> Any:
        """Python's own, and a look at what the class has got."""
        return self._seen(builtins.__build_class__(body, name, *bases, **how))

    def _seen(self, cls: Any) -> Any:
        for part in vars(cls) if isinstance(cls, type) else ():
            if _MEMORY.fullmatch(part) and part not in ("__array__", "__array_priority__"):
                self.refuse(part, f"makes a class with {part}")
        if isinstance(cls, type):
            _without_memory(cls)
        return cls

    def _maker(self, made: Any) -> Any:
        """What `type(o)` is, when it is called: no class of classes."""
        if isinstance(made, type) and issubclass(made, type):
            self.refuse("type", "makes a class of parts that can't be read here")
        return made

    def _is_own(self, cls: type) -> bool:
        module = str(type.__getattribute__(cls, "__module__"))
        return module.startswith("katas.") or module in self.helpers

    def _made(self, name: Any, bases: Any, parts: Any) -> type:
        """`type` with more than one argument, for parts that couldn't be read."""
        for part in parts:
            special = part[:2] == "__" and part[-2:] == "__"
            asks = part in ("__getattr__", "__getattribute__")
            if asks or part in allowed.EQUALITY or (special and part not in allowed.DEFINED):
                self.refuse(part, f"makes a class with {part}")
        return self._seen(type(name, bases, dict(parts)))

    def _name(self, name: Any) -> None:
        if not isinstance(name, str):
            return
        name = str.__str__(name)
        special = name[:2] == "__" and name[-2:] == "__"
        fine = (allowed.DUNDERS | allowed.READ_ONLY | {"__getattr__", "__wrapped__"}) - _STATE
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
            vars(module).update(__builtins__=self.names, __package__="katas")
            source = plain(Source(f"{name}.py", self.helpers[name]))
            self.private |= private_names(source.body)
            for code in source.codes:
                exec(code, vars(module))
        return self.loaded[name]


def plain(source: Source, laws: bool = False) -> Source:
    """A source without what `left_out` names, whose `__getattribute__` is guarded."""
    out = left_out(source.body, laws)
    kept = [o for o in source.body if o not in out]
    module = _Guarding().visit(_without_type(ast.Module(kept, [])))
    return Source(source.path, source.text, ast.fix_missing_locations(module).body)


class _Guarding(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        """`type(name, bases, parts)` as `__made__(name, bases, parts)`, and what is like it."""
        self.generic_visit(node)
        name, func = "", node.func
        if isinstance(func, ast.Name) and func.id == "type":
            several = len(node.args) != 1 or isinstance(node.args[0], ast.Starred)
            name = "__made__" if several else ""
        elif isinstance(func, ast.Attribute) and func.attr == "__class__":
            node.func = _called("__maker__", func)
        elif isinstance(func, ast.Call) and ast.unparse(func.func) == "type":
            node.func = _called("__maker__", func)
        if not isinstance(func, ast.Name) or func.id not in ("isinstance", "issubclass"):
            for part in ast.iter_child_nodes(node):  # `map(type, xs)` can't make a class
                if isinstance(part, ast.Name) and part.id == "type" and part is not func:
                    part.id = "__kind__"
        if name:
            node.func = ast.copy_location(ast.Name(name, ast.Load()), func)
        return node

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


def _is_type(code: Any) -> bool:
    """Whether a compiled annotation only looks up names, as `singledispatch` wants it."""
    calls = any(o.opname.startswith(("CALL", "PRECALL")) for o in dis.get_instructions(code))
    return not calls and not any(o.startswith("__") for o in code.co_names)


def _without_type(module: ast.Module) -> ast.Module:
    """Each annotation that says `type` as a text: read later, `type` could make a class."""
    for node in ast.walk(module):
        for place in ("annotation", "returns"):
            found: Any = getattr(node, place, None)
            names = [o.id for o in ast.walk(found) if isinstance(o, ast.Name)] if found else []
            if "type" in names:
                setattr(node, place, ast.copy_location(ast.Constant(ast.unparse(found)), found))
    return module


def _called(name: str, what: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Call(ast.Name(name, ast.Load()), [what], []), what)


def _kind(o: Any) -> type:
    return type(o)


def _without_memory(cls: Any) -> None:
    """Keep instances of a class from telling numpy an address."""
    for name in ("__array_interface__", "__array_struct__"):
        if not vars(cls).get("_is_protocol") and not any(name in vars(o) for o in cls.__mro__):
            with suppress(AttributeError, TypeError):
                setattr(cls, name, _Absent())


def _asked(name: Any) -> None:
    if isinstance(name, str) and _MEMORY.fullmatch(name):
        raise AttributeError(name)


def _exists(name: str) -> bool:
    from importlib.util import find_spec

    try:
        return find_spec(name.partition(".")[0]) is not None
    except (ImportError, ValueError, AttributeError):
        return True
