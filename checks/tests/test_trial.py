"""Examples as a law, calls that can be pasted, and classes that are half written."""

import json

from checks.tests.little import make_course, on_course

REFERENCE = '''"""Little. Level 1."""


class Box:
    """Keep items.

    >>> box = Box([1, 2])
    >>> box.total()
    3
    >>> box
    Box of 2
    """

    def __init__(self, items):
        self.items = items

    def total(self):
        """Return the sum of the items."""
        return sum(self.items)

    def __getitem__(self, i):
        """Return item `i`."""
        return self.items[i]

    def __repr__(self):
        return f"Box of {len(self.items)}"


def times(n):
    """Return a function that multiplies by `n`.

    >>> times(2)(3)
    6
    >>> times("a")
    Traceback (most recent call last):
    TypeError: no number
    """
    if type(n) is str:
        raise TypeError("no number")
    return lambda x: n * x
'''
CHECKS = '''"""The laws of little."""

from hypothesis import given
from hypothesis import strategies as st

from checks.laws import assert_same, law
from katas.little import Box, times

few = st.lists(st.integers(0, 9), min_size=1)


@law("Box", "Return the sum of the items.")
@given(few)
def test_the_total_is_the_sum(items):
    """total() = sum(items)."""
    assert_same(Box(list(items)).total(), sum(items))


@law("Box", "Return item `i`.")
@given(few)
def test_an_item_is_found_by_its_place(items):
    """box[0] is the first."""
    assert_same(Box(list(items))[0], items[0])


@law("times", "Return a function that multiplies by `n`.")
@given(st.integers(1, 9), st.integers(1, 9))
def test_the_function_multiplies(n, x):
    """times(n)(x) = n * x."""
    assert_same(times(n)(x), n * x)
'''
BOX = '''class Box:
    """Keep items.

    It has a total."""

    def __init__(self, items):
        self.items = items

    def total(self):
        """Return the sum of the items."""
        TOTAL

    def __getitem__(self, i):
        GET

    def __repr__(self):
        return f"Box of {len(self.items)}"
'''
JUDGE = """
import json
from checks.judging.assembly import Source
from checks.judging.judge import judge_one
print(json.dumps(vars(judge_one(little, "little", {!r}, Source("<answer>", {!r})))))
"""


def judged(root, exercise: str, text: str) -> dict:
    """The verdict on one answer."""
    files = {"wrong_answers": "", "right_answers": "", "other_wordings": ""}
    course = make_course(root, solutions=REFERENCE, checks=CHECKS, **files)
    done = on_course(course, JUDGE.format(exercise, text))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def box(total: str, get: str) -> str:
    return BOX.replace("TOTAL", total).replace("GET", get)


def test_a_class_with_every_part_is_green(tmp_path):
    found = judged(tmp_path, "Box", box("return sum(self.items)", "return self.items[i]"))
    assert found["status"] == "green" and found["passed"] == 3


def test_half_a_class_says_how_many_checks_hold_and_what_is_next(tmp_path):
    found = judged(tmp_path, "Box", box("return sum(self.items)", "raise NotImplementedError"))
    assert found["status"] == "missing"
    assert found["message"] == "2 of 3 checks hold; next: `__getitem__`, line 13"


def test_what_is_wrong_in_half_a_class_is_told(tmp_path):
    found = judged(tmp_path, "Box", box("return 0", "raise NotImplementedError"))
    assert found["status"] == "red" and found["line"] == 9


def test_a_method_that_no_law_calls_is_still_missed(tmp_path):
    text = box("return sum(self.items)", "return self.items[i]")
    text += "\n    def more(self):\n        raise NotImplementedError\n"
    found = judged(tmp_path, "Box", text)
    assert found["status"] == "missing" and "`more`, line 19" in found["message"]


def test_the_words_of_the_stub_are_quoted_with_their_line_in_the_answer(tmp_path):
    text = box("return len(self.items) and 3", "return self.items[i]")
    found = judged(tmp_path, "Box", text)
    assert (found["promise"], found["promise_line"]) == ("Return the sum of the items.", 10)


def test_an_example_is_told_with_the_lines_above_it(tmp_path):
    found = judged(tmp_path, "Box", box("return 4", "return self.items[i]"))
    assert found["call"] == "box = Box([1, 2])\nbox.total()"
    assert (found["yours"], found["wanted"]) == ("4", "3")


def test_an_example_that_raises_is_compared_by_its_kind_of_error(tmp_path):
    text = "def times(n):\n    if type(n) is str:\n        raise KeyError(n)\n"
    found = judged(tmp_path, "times", f"{text}    return lambda x: n * x\n")
    assert found["status"] == "red" and "wanted TypeError" in found["message"]


def test_the_calls_of_a_failing_law_can_be_pasted(tmp_path):
    text = "def times(n):\n    if type(n) is str:\n        raise TypeError\n"
    found = judged(tmp_path, "times", f"{text}    return lambda x: n + x + (n == 2)\n")
    assert found["call"] == "times(1)(1)"
    found = judged(tmp_path, "Box", box("return sum(self.items)", "return self.items[0] + 1"))
    assert found["call"] == "box = Box([0])\nbox[0]" and found["line"] == 13


def test_an_abstract_class_beside_the_answer_is_no_missing_part(tmp_path):
    text = "class Base:\n    def total(self):\n        raise NotImplementedError\n\n\n"
    text += box("return sum(self.items)", "return self.items[i]").replace("Box:", "Box(Base):")
    assert judged(tmp_path, "Box", text)["status"] == "green"


def test_a_stub_imports_no_more_than_its_own_words_need(tmp_path):
    head = "import copy\nimport math\nfrom operator import add, mul\n"
    text = REFERENCE.replace("class Box", f"{head}\n\nclass Box", 1).replace("sum(", "copy.copy(")
    text = text.replace("    >>> box\n", "    >>> add(1, 2)\n    3\n    >>> box\n")
    files = {"wrong_answers": "", "right_answers": "", "other_wordings": ""}
    course = make_course(tmp_path, solutions=text, checks=CHECKS, **files)
    code = "from checks.judging.stubs import stub_text; print(stub_text(little.katas['little']))"
    stub = on_course(course, code).stdout
    assert "from operator import add\n" in stub and "add, mul" not in stub
    assert "import copy" not in stub and "import math" not in stub
