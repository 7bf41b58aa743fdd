"""A function written in a notebook's cell is judged, and saved to its kata file."""

import ast

from checks.judging.assembly import Source
from checks.judging.rewrite import replaced, with_imports
from checks.learning.cells import (
    Cells,
    _without_magic,
    check,
    free_names,
    with_docstrings,
)


def half(o):
    return set(listify(o))


def setify(o):
    return o if isinstance(o, set) else half(o)


def listify(o):
    return 3


def test_an_answer_is_judged_with_its_helpers_and_lent_exercises():
    told = check(setify)
    assert told and told.verdict.status == "green"
    assert "green" in repr(told) and "<pre" in told._repr_html_()


def test_a_red_verdict_points_to_the_cell():
    told = check(listify)
    assert not told and told.verdict.status == "red"
    assert told.verdict.file.endswith("test_cells.py")
    assert told.verdict.line == listify.__code__.co_firstlineno


def test_a_name_that_is_no_exercise_is_told():
    told = check(half)
    assert not told and "no kata or exercise is called 'half'" in repr(told)


def test_the_name_of_an_exercise_will_do():
    assert check("setify").verdict.status in ("green", "error")


def test_the_latest_definition_counts():
    cells = Cells(
        [
            ("1", "def f(x):\n    return g(x)\n"),
            ("2", "def g(x): pass"),
            ("3", "def g(x):\n    return 1"),
        ]
    )
    assert [place for place, _, _ in cells.needed("f", set())] == ["3", "1"]


def test_what_is_added_to_a_function_comes_with_it():
    cells = Cells(
        [("1", "def f(): pass\nf.a = 1"), ("2", "def f(): pass\nf.b = x"), ("3", "x = 2\nf.c = x")]
    )
    needed = [ast.unparse(node).replace("\n", "") for _, _, node in cells.needed("f", set())]
    assert needed == ["def f():    pass", "x = 2", "f.b = x", "f.c = x"]


def test_only_imports_that_are_used_come_along():
    cells = Cells([("1", "import math, os\nimport json\nfrom katas.files import get_files\nx = 1")])
    cells.made |= Cells([("2", "def f():\n    return math.pi")]).made
    assert cells.imports_of([cells.made["f"][-1][2]]) == ["import math, os"]


def test_a_definition_takes_the_place_of_the_old():
    source = Source(
        "f", "import os\n\n\n@x\ndef f():\n    pass\n\n\nf.a = 1\n\n\ndef g():\n    pass\n"
    )
    assert replaced(source, {"f": ["def f():", "    return 1"]}) == (
        "import os\n\n\ndef f():\n    return 1\n\n\n\n\ndef g():\n    pass\n"
    )
    assert replaced(source, {"h": ["def h(): ..."]}).endswith("\n\n\ndef h(): ...\n")


def test_imports_come_below_those_that_are_there():
    text = '"""Doc."""\n\nimport os\n\nx = 1\n'
    assert with_imports(text, ["import math", "import os"]) == (
        '"""Doc."""\n\nimport os\nimport math\n\nx = 1\n'
    )


def test_parameters_and_local_names_are_no_needs():
    cells = Cells([("1", "x = 1\ndef f(x, y):\n    z = x + y\n    return z"), ("2", "z = 5")])
    assert [place for place, _, _ in cells.needed("f", set())] == ["1"]
    node = ast.parse("@deco\ndef f(a=b) -> c:\n    return [a + d for a in e]").body[0]
    assert free_names(node) == {"deco", "b", "c", "d", "e"}


def test_a_cell_below_a_magic_is_read():
    text = "get_ipython().run_cell_magic('time', '', 'def f():\\n    return 1\\n')\n"
    assert _without_magic(text) == "\ndef f():\n    return 1\n"
    assert _without_magic("x = 1") == "x = 1"


def test_the_stubs_docstrings_stay():
    stub = ast.parse(
        'class A:\n    """Doc.\n\n    More."""\n    def f(self):\n        """F."""'
    ).body[0]
    mine = ["class A:", "    def f(self):", "        return 1"]
    assert with_docstrings(mine, stub) == [
        *("class A:", '    """Doc.', "", "    More.", '    """'),
        *("    def f(self):", '        """F."""', "        return 1"),
    ]
