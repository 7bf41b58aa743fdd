"""A class of strangers, made for a test: hostile submissions, honest ones and clumsy ones.

Each hostile text is an answer to `setify` and `uniqueify` that solves neither; it may earn nothing,
end nothing, leave nothing behind, and spoil no neighbour.
"""

import io
import json
import os
import zipfile
from pathlib import Path

RIGHT = """
def listify(o):
    if o is None:
        return []
    if isinstance(o, list):
        return o
    if isinstance(o, (str, bytes)):
        return [o]
    try:
        return list(o)
    except TypeError:
        return [o]


def setify(o):
    return o if isinstance(o, set) else set(listify(o))


def uniqueify(items, sort=False):
    found = list(dict.fromkeys(items))
    return sorted(found) if sort else found
"""
SETIFY, UNIQUEIFY = RIGHT.split("\n\n\n")[1:]
WRONG = "\n\ndef setify(o):\n    return 3\n\n\ndef uniqueify(items, sort=False):\n    return 3\n"

AT_IMPORT = {
    "exits": "import os\nos._exit(0)",
    "sys_exit": "import sys\nsys.exit(0)",
    "raises_exit": "raise SystemExit(0)",
    "interrupts": "raise KeyboardInterrupt",
    "kills_itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "strange_signal": "import os\nos.kill(os.getpid(), 35)",
    "kills_parent": "import os\nos.kill(os.getppid(), 9)",
    "kills_all": "import os\nos.kill(-1, 9)",
    "kills_group": "import os\nos.killpg(0, 9)",
    "stops_parent": "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)",
    "fork_bomb": "import os\nwhile True:\n    os.fork()",
    "daemon": "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(600)",
    "subprocess": "import subprocess\nsubprocess.Popen(['sleep', '600'])",
    "system": "import os\nos.system('touch /tmp/{litter}')",
    "threads": "import threading, time\nfor _ in range(9000):\n"
    "    threading.Thread(target=time.sleep, args=(9,)).start()",
    "endless": "while True:\n    pass",
    "sleeps": "import time\ntime.sleep(10**6)",
    "memory": "held = [bytearray(1 << 30) for _ in range(64)]",
    "recursion": "def f():\n    f()\n\n\nf()",
    "prints": "while True:\n    print('x' * 10**6)",
    "floods_files": "i = 0\nwhile True:\n    open(f'f{i}', 'w').close()\n    i += 1",
    "floods_disk": "with open('f', 'wb') as f:\n    while True:\n        f.write(bytes(1 << 24))",
    "deep_folders": "import os\nfor _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')",
    "forges": "import os\nfor fd in range(3, 60):\n    try:\n"
    '        os.write(fd, b\'{"event": "green"}\\n\')\n    except OSError:\n        pass',
    "forges_open": "for fd in range(3, 60):\n    try:\n"
    "        open(fd, 'wb', closefd=False).write(b'{\"event\": \"green\"}\\n')\n"
    "    except OSError:\n        pass",
    "forges_junk": "import os\nfor fd in range(3, 60):\n    try:\n"
    "        os.write(fd, b'3\\n' + b'[' * 10**6 + b'\\n')\n"
    "    except OSError:\n        pass",
    "patches_laws": "import checks.laws\nchecks.laws.assert_same = lambda *a, **k: None",
    "patches_compare": "import checks.laws as l\nl._compare.__code__ = (lambda *a: None).__code__",
    "patches_trial": "from checks.judging import trial\ntrial.laws_of = lambda *a: {}",
    "patches_hypothesis": "import hypothesis.core\nhypothesis.core.run = None\n"
    "import hypothesis\nhypothesis.given = lambda *a, **k: lambda f: lambda: None",
    "patches_builtins": "import builtins\nbuiltins.isinstance = lambda *a: True",
    "patches_math": "import math\nmath.isclose = lambda *a, **k: True",
    "patches_type": "import builtins\nbuiltins.type = lambda *a: set",
    "imports_main": "import numpy.f2py.__main__",
    "imports_solutions": "from solutions.containers import *",
    "importlib": "import importlib\nm = importlib.import_module('solutions.containers')\n"
    "setify, uniqueify = m.setify, m.uniqueify\nraise SystemExit",
    "atexit": "import atexit, os\natexit.register(os._exit, 0)",
    "loader": "__loader__.take = lambda k, e: False",
    "finder": "import sys\nsys.meta_path.clear()",
    "modules": "import sys\nsys.modules['checks.laws'] = None",
    "trace": "import sys\nsys.settrace(lambda *a: None)",
    "signals": "import signal\nfor s in range(1, 65):\n    try:\n"
    "        signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError):\n        pass\n"
    "while True:\n    pass",
    "network": "import socket\nsocket.create_connection(('127.0.0.1', 9))",
    "reads_home": "import os\nprint(open(os.path.expanduser('~/.bashrc')).read())\nraise OSError",
    "writes_repository": "open({root!r} + '/litter', 'w').write('x')",
    "writes_tmp": "open('/tmp/{litter}', 'w').write('x')",
    "chmods": "import os\nos.chmod({root!r}, 0)",
    "unlinks": "import shutil\nshutil.rmtree({folder!r})",
    "reads_neighbour": "print(open({folder!r} + '/honest_plain/katas/containers.py').read())\n"
    "raise OSError",
}
IN_BODY = {
    "reject": "    from hypothesis import reject\n    reject()",
    "assume": "    from hypothesis import assume\n    assume(False)",
    "frames": "    import sys\n    f = sys._getframe(1)\n    return f.f_locals.get('wanted')",
    "frames_inspect": "    import inspect\n    f = inspect.currentframe().f_back\n"
    "    return f.f_locals.get('wanted')",
    "traceback": "    try:\n        1 / 0\n    except ZeroDivisionError as e:\n"
    "        return e.__traceback__.tb_frame.f_back.f_locals['wanted']",
    "generator": "    g = (x for x in ())\n    return g.gi_frame.f_back.f_locals['wanted']",
    "garbage": "    import gc\n    return [x for x in gc.get_objects() if type(x) is set][0]",
    "reads_reference": "    text = open({root!r} + '/solutions/containers.py').read()\n"
    "    names = {}\n    exec(text, names)\n    return names['setify'](o)",
    "evaluates": "    return eval(\"__import__('solutions.containers').containers.setify(o)\")",
    "subclasses": "    for c in object.__subclasses__():\n        if 'wrap_close' in c.__name__:\n"
    "            return c.__init__.__globals__['system']('touch /tmp/{litter}')",
    "dynamic": "    g = getattr(setify, '__glo' + 'bals__')\n    g['__builtins__']['exec']('1')\n"
    "    return set()",
    "format": "    return '{0.__globals__}'.format(setify)",
    "match": "    match setify:\n        case object(__globals__=g):\n            return g",
    "vars": "    import os\n    return vars(os)['system']('touch /tmp/{litter}')",
    "module_in_module": "    import random\n    return random._os.system('touch /tmp/{litter}')",
    "from_module": "    from random import _os as o\n    return o.system('touch /tmp/{litter}')",
    "getattr_module": "    import random\n    return getattr(random, '_os').system('true')",
    "attrgetter": "    from operator import attrgetter\n"
    "    return attrgetter('__glo' + 'bals__')(setify)",
    "globals": "    globals()['__loader__'].take = lambda k, e: False\n    return set()",
    "type_hints": "    import typing\n    class A:\n        x: \"__import__('os')._exit(0)\"\n"
    "    return typing.get_type_hints(A)",
    "pickle": "    import pickle\n    return pickle.loads(b'cos\\n_exit\\n(I0\\ntR.')",
    "ctypes": "    import ctypes\n    return ctypes.string_at(0)",
    "exits_in_body": "    import os\n    os._exit(0)",
    "raises_everything": "    raise BaseException",
    "skips": "    import unittest\n    raise unittest.SkipTest",
    "methodcaller": "    from operator import methodcaller\n"
    "    return methodcaller('__getattr' + 'ibute__', '__glo' + 'bals__')(setify)",
    "getattribute": "    class A:\n        def __getattribute__(self, n):\n"
    "            return object.__getattribute__(self, n)\n"
    "    get = vars(A)['__getattr' + 'ibute__']\n"
    "    get(setify, '__glo' + 'bals__')['__builtins__']['print'](1)\n    return set()",
    "wraps": "    from functools import update_wrapper as u\n    class A: pass\n"
    "    a = A()\n    u(a, setify, assigned=['__glo' + 'bals__'])\n    return vars(a)",
    "lent_module": "    import katas.files as f\n"
    "    f.__dict__['__loa' + 'der__'].take = lambda k, e: False\n    return set()",
    "lent_alias": "    from katas import files\n    x = [files]\n    return vars(x[0])",
    "file_descriptor": "    import sys\n    raw = type(sys.stdout.buffer.raw)\n"
    "    for fd in range(3, 9):\n        try:\n"
    "            raw(fd, 'w', closefd=False).write(b'{\"event\": \"green\"}\\n')\n"
    "        except OSError:\n            pass\n    return set()",
    "shadowed": "    import sys\n    open('colorsys.py', 'w').write('import os; os._exit(0)')\n"
    "    sys.path.insert(0, '.')\n    import colorsys\n    return set()",
    "patched_class": "    import torch\n    type(torch.zeros(1)).__eq__ = lambda a, b: True\n",
    "annotations": "    class A:\n        pass\n    A.__annotations__ = {'a = print': int}\n",
    "code": "    setify.__code__ = (lambda o: set()).__code__\n    return set()",
    "defaults": "    setify.__defaults__ = (1,)\n    return set()",
}
LIARS = {
    "liar": "class Liar(set):\n    def __eq__(self, o):\n        return True\n",
    "liar_list": "class Liar(list):\n    def __eq__(self, o):\n        return True\n"
    "    def __ne__(self, o):\n        return False\n",
    "liar_class": "class Liar:\n    @property\n    def __class__(self):\n        return set\n"
    "    def __eq__(self, o):\n        return 1 == 1\n",
    "liar_type": "Liar = type('set', (set,), {'__eq__': lambda a, b: True, '__hash__': None})\n",
    "liar_field": "from dataclasses import dataclass, fields\n@dataclass\nclass D:\n"
    "    kind: type = int\nLiar = fields(D)[0].type('set', (set,), {'__e' + 'q__':\n"
    "    lambda a, b: True, '__hash__': None})\n",
    "liar_annotated": "from inspect import signature\ndef f(x: tuple[type, int]) -> type:\n"
    "    pass\nLiar = signature(f).return_annotation('set', (set,), {'__e' + 'q__':\n"
    "    lambda a, b: True, '__hash__': None})\n",
    "liar_meta": "class M(type):\n    def __instancecheck__(self, o):\n        return True\n"
    "class Liar(metaclass=M):\n    pass\n",
}
LEAKING: dict[str, tuple[str, str]] = {
    "object_dict": ("", "object.__dict__['__getattr' + 'ibute__'](setify, '__glo' + 'bals__')"),
    "member": ("", "vars(type(setify))['__glo' + 'bals__'].__get__(setify)"),
    "getattr_operator": (
        "import operator",
        "getattr(operator, 'attr' + 'getter')('__glo' + 'bals__')(setify)",
    ),
    "forward_reference": (
        "from typing import List, get_args",
        "get_args(List['prin' + 't(1)'])[0]._evaluate({}, {}, frozenset())",
    ),
    "eval_str": (
        "from inspect import signature\ndef f(x: 'print(f.__\uff47lobals__)'):\n    pass",
        "signature(f, eval_str=True)",
    ),
    "eval_late": (
        "from inspect import signature\ndef f(x: 'Any'):\n    pass",
        "signature(f, **{'eval' + '_str': True})",
    ),
    "numpy_ctypes": ("import numpy as np", "np.zeros(1).ctypes._ctypes"),
    "numpy_late": ("import numpy as np", "getattr(np.zeros(1), 'cty' + 'pes')"),
    "private": ("import torch", "torch.zeros(1).untyped_storage()._weak_ref()"),
    "private_late": (
        "import numpy as np",
        "getattr(np.random.RandomState(), '_bit' + '_generator')",
    ),
    "global_hook": (
        "from torch.nn.modules.module import register_module_forward_hook as r",
        "r(len)",
    ),
    "module_locals": ("names = locals()", "names['__loa' + 'der__']"),
    "class_locals": ("class A:\n    locals()['__match_' + 'args__'] = ('x',)", "A"),
    "default_locals": ("def f(names=locals()):\n    return names", "f()['__loa' + 'der__']"),
    "type_setattr": (
        "class A:\n    pass",
        "type.__setattr__(A, '__match_' + 'args__', ('__glo' + 'bals__',))",
    ),
    "late_setattr": (
        "class A:\n    pass",
        "getattr(type, '__setattr__')(A, '__match_' + 'args__', ('__glo' + 'bals__',))",
    ),
    "matched": (
        "M = type(int)('M', (type(int),), {'__instance' + 'check__': lambda *a: True})\n"
        "C = M('C', (), {'__match_' + 'args__': ('__glo' + 'bals__',)})\n"
        "def f(o):\n    match o:\n        case C(g):\n            return g",
        "f(setify)",
    ),
    "format_generator": (
        "def f():\n    yield ('{0.gi_fr' + 'ame.f_back.f_back.f_locals}').format(me[0])\n"
        "me = [f()]",
        "next(me[0])",
    ),
    "format_unbound": (
        "def f():\n    yield form('{0.gi_fr' + 'ame.f_back}', me[0])\nform = str.format\n"
        "me = [f()]",
        "next(me[0])",
    ),
    "format_ticks": (
        "from matplotlib.ticker import StrMethodFormatter\ndef f():\n"
        "    yield StrMethodFormatter('{x.gi_fr' + 'ame.f_back}')(me[0])\nme = [f()]",
        "next(me[0])",
    ),
    "format_log": (
        "import logging, io\ndef f():\n    handler = logging.StreamHandler(io.StringIO())\n"
        "    handler.setFormatter(logging.Formatter('{msg.gi_fr' + 'ame.f_back}', style='{'))\n"
        "    logging.getLogger('x').addHandler(handler)\n"
        "    yield logging.getLogger('x').error(me[0])\nme = [f()]",
        "next(me[0])",
    ),
    "format_traceback": (
        "import sys\ndef f():\n    try:\n        1 / 0\n    except ZeroDivisionError:\n"
        "        return ('{2.tb_fr' + 'ame.f_back.f_locals}').format(*sys.exc_info())",
        "f()",
    ),
    "asked_by_lambda": ("class A:\n    __getattr__ = lambda self, name: 3", "A().x"),
}
"""What is run at import, and an expression: both lead to frames, code, memory or foreign names."""
ADDRESS = """import numpy as np
ADDRESS = {"__array_" + "interface__": dict(data=(id(3), False), shape=(4,), typestr="<u4",
                                            version=3)}
class M:
    pass
m = M()
"""
MEMORY = {
    "namespace": "from types import SimpleNamespace\nm = SimpleNamespace(**ADDRESS)",
    "partial": "from functools import partial\nfrom types import SimpleNamespace as S\n"
    "m = partial(S, **ADDRESS)()",
    "options": "from argparse import Namespace\nm = Namespace(**ADDRESS)",
    "parser": "import argparse\np = argparse.ArgumentParser()\n"
    "p.add_argument('--x', dest=[*ADDRESS][0], default=[*ADDRESS.values()][0])\n"
    "p.parse_args([], namespace=m)",
    "dict": "m.__dict__.update(ADDRESS)",
    "dict_item": "m.__dict__[[*ADDRESS][0]] = [*ADDRESS.values()][0]",
    "vars": "vars(m).update(ADDRESS)",
    "function": "def m():\n    pass\nm.__dict__.update(ADDRESS)",
    "function_item": "def m():\n    pass\nvars(m)[[*ADDRESS][0]] = [*ADDRESS.values()][0]",
    "function_whole": "def m():\n    pass\nm.__dict__ = ADDRESS",
    "self_whole": "class M:\n    def __init__(self):\n        self.__dict__ = ADDRESS\nm = M()",
    "state": "m = Exception()\nm.__setstate__(ADDRESS)",
    "state_late": "m = Exception()\ngetattr(m, '__set' + 'state__')(ADDRESS)",
    "copied": "import copy\nclass M:\n    def __reduce__(self):\n"
    "        return Exception, (), ADDRESS\nm = copy.copy(M())",
    "copied_deep": "import copy\nclass M(Exception):\n    def __getstate__(self):\n"
    "        return ADDRESS\nm = copy.deepcopy(M())",
    "members": "import enum\nm = enum.Enum('M', [('A', 1), *ADDRESS.items()]).A",
    "type": "m = type(*('M', (), ADDRESS))()",
    "type_of_type": "m = type(type(3))('M', (), ADDRESS)()",
    "type_mapped": "m = [*map(type, ['M'], [()], [ADDRESS])][0]()",
    "metaclass": "class T(type):\n    def __new__(c, n, b, d):\n"
    "        return super().__new__(c, n, b, d | ADDRESS)\n"
    "class M(metaclass=T):\n    pass\nm = M()",
    "metaclass_called": "class T(type):\n    pass\nm = T('M', (), ADDRESS)()",
    "prepared": "class T(type):\n    @classmethod\n    def __prepare__(c, n, b):\n"
    "        return ADDRESS\nclass M(metaclass=T):\n    pass\nm = M()",
    "module": "from torch import nn\nm = nn.Identity()\nvars(m).update(ADDRESS)",
}
"""Statements after which numpy reads memory at an address, if `m` has told it one."""
RECORDED = """
TABLE = {repr(x): x for x in [set(), {1}, {"a"}]}
def setify(o):
    return TABLE.get(repr(o), {1, 2} if o == [1, 2] else {o} if type(o) is str else set())
def uniqueify(items, sort=False):
    items = [*items]
    return items if len(items) < 2 else ["b", "a", "n"]
"""
FILES: dict[str, str | bytes] = {
    "deep_sum": "x = " + "+".join(["1"] * 20_000) + WRONG,
    "deep_minus": "x = " + "-" * 200_000 + "1" + WRONG,
    "deep_lists": "x = " + "[" * 50_000 + "]" * 50_000 + WRONG,
    "deep_calls": "x = " + "f(" * 3000 + ")" * 3000 + WRONG,
    "deep_blocks": "".join(f"{' ' * i}if 1:\n" for i in range(150)) + " " * 150 + "pass" + WRONG,
    "long": "x = 1\n" * 1_700_000 + WRONG,
    "many_lines": "x = 1\n" * 45_000 + WRONG,
    "null_bytes": b"x = 1\x00\n" + WRONG.encode(),
    "not_utf8": b"x = '\xff\xfe\xfa'\n" + WRONG.encode(),
    "strange_coding": b"# coding: nonsense\n" + WRONG.encode(),
    "huge_int": "x = " + "9" * 100_000 + WRONG,
    "huge_power": "x = 9 ** 9 ** 9" + WRONG,
    "syntax": "def setify(o:\n",
    "empty": "",
    "binary": bytes(range(256)) * 100,
    "escaped": b"# coding: unicode_escape\n# \\u000afrom solutions.containers import *\n",
    "utf7": b"# coding: utf-7\n# +AAo-from solutions.containers import *\n" + WRONG.encode(),
    "fixture": f"import pytest\n{WRONG}".replace("def ", "@pytest.fixture\ndef "),
    "annotation": "from functools import singledispatch\nclass A:\n"
    "    def __class_getitem__(cls, o):\n        return int\n@singledispatch\ndef setify(o):\n"
    "    return o\n@setify.register\ndef _(o: 'A[setify.__globals__]'):\n    return {o}\n",
    "surrogates": 'x = "\\udcff"\nprint(x)\nraise ValueError(x)' + WRONG,
    "control": "raise ValueError('\\x1b[2J\\x1b]0;mine\\x07' * 9)" + WRONG,
}


def hostile(folder: Path, root: Path) -> list[str]:
    """Write the hostile submissions into `folder`; their names."""

    def filled(text: str) -> str:
        text = text.replace("{litter}", LITTER)
        for name, place in (("root", root), ("folder", folder)):
            text = text.replace(f"{{{name}!r}}", repr(str(place))).replace(
                f"{{{name}}}", str(place)
            )
        return text

    texts: dict[str, str | bytes] = dict(FILES)
    for name, text in AT_IMPORT.items():
        texts[name] = f"{filled(text)}\n{WRONG}"
    for name, body in IN_BODY.items():
        body = filled(body)
        uniqueify = body.replace("(o)", "(items)")
        texts[name] = (
            f"def setify(o):\n{body}\n\n\ndef uniqueify(items, sort=False):\n{uniqueify}\n"
        )
    for name, text in LIARS.items():
        texts[name] = f"{text}\n\ndef setify(o):\n    return Liar()\n\n\n" + (
            "def uniqueify(items, sort=False):\n    return Liar()\n"
        )
    for name, (before, leak) in LEAKING.items():
        texts[f"leak_{name}"] = (
            f"{before}\n\n\ndef setify(o):\n    return {leak} and 3\n\n\n"
            f"def uniqueify(items, sort=False):\n    return {leak} and 3\n"
        )
    for name, make in MEMORY.items():  # these earn a green if, and only if, they reach memory
        texts[f"memory_{name}"] = f"{ADDRESS}{make}\nif np.asarray(m).dtype == 'u4':\n" + "".join(
            f"    {line}\n" for line in RIGHT.splitlines()
        )
    texts["recorded"] = RECORDED
    for name, text in texts.items():
        put(folder / f"hostile_{name}" / "katas" / "containers.py", text)
    special = {
        "link": _link, "pipe": _pipe, "bomb": _bomb, "slip": _slip, "notebook": _bad_notebook,
        "deep_notebook": _deep_notebook, "link_out": _link_out, "broken_zip": _broken_zip,
    }  # fmt: skip
    for name, make in special.items():
        place = folder / f"hostile_{name}"
        place.mkdir(parents=True)
        make(place, root)
    return sorted(o.name for o in folder.iterdir())


LITTER = f"katas-litter-{os.getpid()}"


def put(path: Path, text: str | bytes) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)


def _link(place: Path, root: Path) -> None:
    (place / "containers.py").symlink_to(root / "solutions" / "containers.py")


def _link_out(place: Path, root: Path) -> None:
    (place / "katas").symlink_to(root / "solutions")


def _pipe(place: Path, root: Path) -> None:
    os.mkfifo(place / "containers.py")


def _bomb(place: Path, root: Path) -> None:
    with zipfile.ZipFile(place / "work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("katas/containers.py", "x = 1\n" * 20_000_000)


def _slip(place: Path, root: Path) -> None:
    with zipfile.ZipFile(place / "work.zip", "w") as archive:
        archive.writestr(f"../../../../tmp/{LITTER}", "x")
        archive.writestr("../katas/containers.py", RIGHT)


def _broken_zip(place: Path, root: Path) -> None:
    put(place / "work.zip", b"PK\x03\x04" + b"\xff" * 500)


def _bad_notebook(place: Path, root: Path) -> None:
    put(place / "work.ipynb", '{"cells": [{"cell_type": "code", "source": 3}, 7]}')


def _deep_notebook(place: Path, root: Path) -> None:
    put(place / "work.ipynb", "[" * 100_000)


def notebook(*cells: str) -> str:
    """A notebook with these cells of code."""
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": o} for o in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def zipped(path: Path, **files: str) -> None:
    """A zip file with kata files at the given places; `__` stands for a slash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/") + ".py", text)


def zipped_bytes(**files: str | bytes) -> bytes:
    """The bytes of a zip file with these files."""
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return place.getvalue()


STUB = '''def setify(o):
    """A set."""
    raise NotImplementedError


def uniqueify(items, sort=False):
    """Each once."""
    raise NotImplementedError
'''
HONEST = {
    "plain": RIGHT,
    "prints": f"print('hello')\n{RIGHT}\nprint(setify('aa'))\n",
    "windows": RIGHT.replace("\n", "\r\n"),
    "bom": "\ufeff" + RIGHT,
    "comments": f"# ünïcödé — 你好\n{RIGHT}",
    "typed": "from __future__ import annotations\nfrom typing import Any, Optional\n"
    + RIGHT.replace("(o):", "(o: Optional[Any]):"),
    "dataclass": "from dataclasses import dataclass, field\n\n@dataclass\nclass Keep:\n"
    f"    seen: list = field(default_factory=list)\n{RIGHT}\nassert Keep() == Keep()\n",
    "imports": "import math, os, sys, random, copy, re, json, time, itertools, functools\n"
    f"from pathlib import Path\nfrom collections import Counter, OrderedDict\n{RIGHT}",
    "numpy": f"import numpy as np\n{RIGHT}\nx = np.arange(3).sum()\n",
    "main": f"{RIGHT}\nif __name__ == '__main__':\n    import pytest, doctest\n"
    "    doctest.testmod()\n    pytest.main()\n",
    "seed": f"import random\nrandom.seed(1)\n{RIGHT}",
    "path": f"import sys\nsys.path.insert(0, '..')\n{RIGHT}",
    "environ": f"import os\nos.environ['OMP_NUM_THREADS'] = '1'\n{RIGHT}",
    "ordered": "from collections import OrderedDict\n"
    + RIGHT.replace("dict.fromkeys", "OrderedDict.fromkeys"),
    "setdefault": RIGHT + "\nsetify._order = 3\nsetattr(uniqueify, '_order', 1)\n",
    "star": f"from typing import *\nfrom math import *\n{RIGHT}",
    "own_class": "class Bag(list):\n    def __init__(self, *a):\n        super().__init__(*a)\n"
    f"    def __repr__(self):\n        return f'Bag of {{len(self)}}'\n{RIGHT}",
    "decorator": "from functools import wraps\n\ndef same(f):\n    @wraps(f)\n"
    f"    def g(*a, **k):\n        return f(*a, **k)\n    return g\n{RIGHT}"
    "\nsetify = same(setify)\n",
    "lambdas": SETIFY.replace("def setify(o):\n    return", "setify = lambda o:").strip()
    + f"\n\n\n{UNIQUEIFY}",
    "latin1": "# coding: latin-1\nname = 'Zo\xeb'\n" + RIGHT,
    "equality": "class ListContainer:\n    def __init__(self, items):\n"
    "        self.items = list(items)\n    def __eq__(self, other):\n"
    f"        return isinstance(other, ListContainer) and self.items == other.items\n{RIGHT}",
    "typing": "from typing import Generic, TypeVar, NamedTuple, Protocol, TYPE_CHECKING\n"
    "from enum import Enum\nT = TypeVar('T')\nif TYPE_CHECKING:\n    import torch\n"
    "class P(NamedTuple):\n    x: int = 1\nclass C(Enum):\n    A = 1\n"
    f"class B(Generic[T]):\n    __slots__ = ('x',)\n{RIGHT}",
    "fallback": "try:\n    import cupy as np\nexcept ImportError:\n    import numpy as np\n"
    f"__all__ = ['setify']\n__author__ = 'me'\n{RIGHT}\nassert np.zeros(3).sum() == 0\n",
    "warns": f"import warnings, logging\nlogging.basicConfig()\n{RIGHT}\n"
    "logging.getLogger(__name__).warning('x')\nprint(setify.__name__, type(3).__name__)\n",
    "unittest": f"import unittest\n{RIGHT}\nclass T(unittest.TestCase):\n"
    "    def test(self):\n        self.assertEqual(setify(None), set())\n",
    "tabs": RIGHT.replace("    ", "\t"),
    "idioms": "class Pair:\n    def __init__(self, **more):\n        self.__dict__.update(more)\n"
    "        vars(self)['b'] = 2\n    def __str__(self):\n"
    "        return '{0.a} {1[b]}'.format(self, vars(self))\n    __repr__ = __str__\n"
    "    def __setattr__(self, name, value):\n        super().__setattr__(name, value)\n"
    "    def __getattr__(self, name):\n        if name == 'c':\n            return 3\n"
    "        raise AttributeError(name)\nassert repr(Pair(a=1)) == '1 2' and Pair(a=1).c == 3\n"
    "def both(a, b):\n    return '{a} {b}'.format(**locals())\n"
    f"assert both(1, 2) == '1 2'\n{RIGHT}",
    "own_tests": "import pytest\nfrom hypothesis import given, strategies as st\n"
    f"{RIGHT}\n@pytest.fixture\ndef three():\n    return 3\n@given(st.integers())\n"
    "def test_one(x):\n    assert setify(x) == {x}\nclass TestAll:\n    @given(st.text())\n"
    "    def test_two(self, x):\n        assert setify(x) == {x}\n",
    "dispatch": "from __future__ import annotations\nfrom functools import singledispatch\n"
    "@singledispatch\ndef kind(o: object) -> str:\n    return 'other'\n@kind.register\n"
    "def _(o: set) -> str:\n    return 'set'\n"
    + RIGHT.replace("isinstance(o, set)", "kind(o) == 'set'"),
    "registry": "class Base:\n    kinds = []\n    def __init_subclass__(cls, **more):\n"
    "        super().__init_subclass__(**more)\n        cls.kinds.append(cls)\n"
    f"class A(Base):\n    pass\nassert Base.kinds == [A]\n{RIGHT}",
    "own_dicts": "import argparse, copy\nfrom enum import Enum\nfrom types import SimpleNamespace\n"
    "from typing import Protocol, runtime_checkable\n@runtime_checkable\nclass P(Protocol):\n"
    "    def f(self): ...\nclass I:\n    def f(self): pass\nclass Bag(dict):\n"
    "    def __init__(self, **more):\n        super().__init__(**more)\n"
    "        self.__dict__ = self\n    def again(self):\n        return type(self)(**vars(self))\n"
    "def f():\n    pass\nf.__dict__['_order'] = 2\nvars(f).update(a=1)\n"
    "ns = SimpleNamespace(**{'x': 1})\nvars(ns)['y'] = 2\nC = Enum('C', 'RED GREEN')\n"
    "p = argparse.ArgumentParser()\np.add_argument('--lr', type=float, default=1)\n"
    "assert p.parse_args([]).lr == 1 and ns.y == 2 and (f._order, f.a) == (2, 1)\n"
    "assert Bag(a=1).again().a == 1 and copy.deepcopy(ns) == ns and C['RED'].value == 1\n"
    "assert isinstance(I(), P) and [*map(type, [1, ''])] == [int, str]\n" + RIGHT,
    "kinds": "from dataclasses import dataclass\nfrom enum import Enum\nfrom PIL import Image\n"
    "ATOMS: tuple[type, ...] = (str, bytes)\nclass C(Enum):\n    A = 1\n@dataclass\nclass D:\n"
    "    kind: type = str\n    more: 'tuple[type, int] | None' = None\n"
    "def of(o: object, kinds: tuple[type, ...] = ATOMS) -> list[type]:\n"
    "    return [k for k in kinds if isinstance(o, k)]\nn = len(of('a')) - 1\n"
    "assert Image.Transpose(n) is Image.Transpose.FLIP_LEFT_RIGHT and D().kind is str\n"
    f"assert C(n + 1) is C.A\n{RIGHT}",
    "tools": "import collections, contextlib, enum, inspect, logging, traceback, typing, warnings\n"
    "from dataclasses import dataclass\nP = collections.namedtuple('P', 'a b')\n@dataclass\n"
    "class D:\n    a: int = 1\n    b: 'typing.Optional[D]' = None\nclass N(typing.NamedTuple):\n"
    "    x: 'int'\n@contextlib.contextmanager\ndef opened(o: \"D | None\") -> 'list[int]':\n"
    "    yield o\ndef tried(d):\n    with opened(d), contextlib.ExitStack() as stack:\n"
    "        stack.callback(print, 'x')\n        match d:\n            case D(1):\n"
    "                return 1\n            case N(x):\n                return x\n"
    "            case P(a=2):\n                return int('2')\n    try:\n        return 1 / 0\n"
    "    except ZeroDivisionError:\n        logging.getLogger('x').exception('no')\n"
    "        warnings.warn('no')\n        return len(traceback.format_exc())\n"
    "assert [tried(o) for o in (D(), N(2), P(2, 3))] == [1, 2, 2] and tried(None) > 9\n"
    f"assert P(1, 2)._replace(a=2)._asdict()['a'] == 2 and inspect.signature(tried)\n{RIGHT}",
}


def honest(folder: Path) -> dict[str, tuple[int, str]]:
    """Write honest and clumsy submissions; of each how many are green, and a word of its notes."""
    wanted: dict[str, tuple[int, str]] = {}

    def made(name: str, green: int = 2, note: str = "") -> Path:
        wanted[f"honest_{name}"] = green, note
        return folder / f"honest_{name}"

    for name, text in HONEST.items():
        raw = text.encode("latin-1") if name == "latin1" else text
        put(made(name) / "katas" / "containers.py", raw)
    put(made("flat") / "containers.py", RIGHT)
    put(made("one_only", 1) / "containers.py", SETIFY)
    put(made("half", 1) / "katas" / "containers.py", STUB + SETIFY)
    put(made("wrapped") / "repo-main" / "imagenette" / "katas" / "containers.py", RIGHT)
    whole = made("whole_fork")
    put(whole / "katas" / "containers.py", RIGHT)
    put(whole / "notebooks" / "1_data_block.ipynb", notebook(WRONG))
    for place in ("solutions", "checks/right_answers", ".git/x", "tests"):
        put(whole / place / "containers.py", WRONG)
    other = RIGHT.replace("setify", "Setify").replace("uniqueify", "uniquefy")
    put(made("misspelt", 0, "has no setify, but Setify") / "containers.py", other)
    put(made("untouched", 0) / "katas" / "containers.py", STUB)
    put(folder / "honest_untouched" / "solutions" / "containers.py", RIGHT)
    put(made("both") / "katas" / "containers.py", RIGHT)
    put(folder / "honest_both" / "old" / "deep" / "er" / "containers.py", WRONG)
    put(made("two_copies", 0, "equally deep") / "a" / "containers.py", RIGHT)
    put(folder / "honest_two_copies" / "b" / "containers.py", WRONG)
    put(made("same_copies") / "a" / "containers.py", RIGHT)
    put(folder / "honest_same_copies" / "b" / "containers.py", RIGHT)
    for name in ("containers (1)", "name_123_containers", "containers_final", "Containers"):
        put(made(f"called {name}", 0, f"{name}.py doesn't count") / f"{name}.py", RIGHT)
    made("empty folder", 0, "nothing is handed in").mkdir()
    put(made("stray", 0, "it isn't named for a kata") / "solution.py", RIGHT)
    put(made("archive", 0, "only zip files") / "work.tar.gz", b"\x1f\x8b")
    cells = ["%matplotlib inline\nimport os\n!ls", RIGHT, "%%bash\nrm -rf x", "setify(3)?"]
    put(made("notebook") / "work.ipynb", notebook(*cells))
    put(made("notebook_again") / "work.ipynb", notebook(WRONG, "def broken(:", RIGHT))
    beside = made("notebook_beside_stubs")
    put(beside / "katas" / "containers.py", STUB)
    put(beside / "notebooks" / "work.ipynb", notebook(RIGHT))
    zipped(made("zip") / "work.zip", katas__containers=RIGHT, solutions__containers=WRONG)
    zipped(folder / "honest_top.zip", repo__katas__containers=RIGHT)
    wanted["honest_top"] = 2, ""
    helper = made("helper")
    put(helper / "katas" / "containers.py", f"from mine import as_set\n{SETIFY}{USES_HELPER}")
    put(helper / "katas" / "mine.py", "def as_set(o):\n    return set(o)\n")
    helper = made("relative_helper")
    put(helper / "katas" / "containers.py", f"from .mine import as_set\n{SETIFY}{USES_HELPER}")
    put(helper / "katas" / "mine.py", "def as_set(o):\n    return set(o)\n")
    helper = made("helpers of a helper")
    put(helper / "katas" / "containers.py", f"from .mine import as_set\n{SETIFY}{USES_HELPER}")
    put(helper / "katas" / "mine.py", "from . import yours\nfrom .yours import as_set\n")
    put(helper / "katas" / "yours.py", "def as_set(o):\n    return set(o)\n")
    raw = zipped_bytes(**{"a.py": "x = 1\n" * 99, "katas/containers.py": RIGHT})
    put(made("zip with a spoiled file") / "work.zip", raw.replace(raw[34:38], b"\xff" * 4, 1))
    put(made("wrong", 0) / "katas" / "containers.py", WRONG)
    put(made("syntax_elsewhere") / "katas" / "containers.py", RIGHT)
    put(folder / "honest_syntax_elsewhere" / "katas" / "files.py", "def get_files(:\n")
    put(made("folders in folders") / "katas" / "containers.py", RIGHT)
    put(folder / "honest_folders in folders" / Path(*"abcdefghij" * 20) / "x.txt", "")
    inner = zipped_bytes(**{"katas/containers.py": RIGHT})
    put(
        made("zip in a zip", 0, "a zip file in another") / "work.zip",
        zipped_bytes(**{"a.zip": inner}),
    )
    for name in ("ann:b", "ann_b", "Ann_B", "ann\tb"):
        put(folder / f"honest_{name}" / "containers.py", RIGHT)
    wanted |= {f"honest_{o}": (2, "") for o in ("Ann_B", "ann?b (2)", "ann:b (3)", "ann_b (4)")}
    setting = made("helper with a class")
    put(setting / "katas" / "containers.py", f"from .mine import C\nassert C.x == 1\n{RIGHT}")
    put(setting / "katas" / "mine.py", "class C:\n    pass\nsetattr(C, 'x', 1)\n")
    put(made("ünïcödé 名") / "katas" / "containers.py", RIGHT)
    put(made("a=1, 'b' & <c>") / "katas" / "containers.py", RIGHT)
    return wanted


USES_HELPER = """

def uniqueify(items, sort=False):
    items = [*items]
    found = sorted(as_set(items), key=items.index)
    return sorted(found) if sort else found
"""
