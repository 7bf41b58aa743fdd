"""No sentence in a stub without a law, and no law without a sentence."""

import ast

import pytest

from checks.judging.curriculum import Kata, course
from checks.judging.promises import line_of, promises, unfounded, unheld
from checks.teaching.promises import complaints

STUB = '''"""Little. Nothing is left behind."""


def f(x):
    """Return `x` twice. A list
    stays as it is.

        f(x) = 2 * x      for numbers
        f(s) = s + s      for text,
                          an empty one too

    x  a number
    y  text

    Why: it is useful. Really.

    Raises ValueError for None.
    Source: a book. With a second sentence.

    >>> f(1)
    2
    """
'''


def kata(text: str = STUB) -> Kata:
    """A kata that is only its text."""
    found = Kata("little", 1, course().root / "little.py")
    vars(found)["tree"] = ast.parse(text)
    return found


@pytest.mark.parametrize("exercise", list(course().exercises()), ids=".".join)
def test_every_sentence_has_a_law_and_every_law_a_sentence(exercise):
    name, exercise = exercise
    assert complaints(course(), course().katas[name], exercise) == []


def test_sentences_rows_and_equations_are_promises():
    assert [o.text for o in promises(kata(), "f")] == [
        "Return `x` twice.",
        "A list stays as it is.",
        "f(x) = 2 * x for numbers",
        "f(s) = s + s for text, an empty one too",
        "x a number",
        "y text",
        "Raises ValueError for None.",
    ]


def test_a_new_sentence_is_missed_with_its_line():
    held = [o.text for o in promises(kata(), "f")]
    more = kata(STUB.replace("Raises", "It never prints. Raises"))
    assert [(o.text, o.line) for o in unheld(more, "f", held)] == [("It never prints.", 17)]


def test_words_must_stand_in_the_stub_or_in_what_the_module_says():
    assert unfounded(kata(), "f", ["A list stays", "Nothing is left behind"]) == []
    assert unfounded(kata(), "f", ["a list stays"]) == ["a list stays"]


def test_words_are_found_in_a_file_across_its_lines():
    assert line_of(STUB, "f", "A list stays as") == 5
    assert line_of(STUB, "f", "Nothing is left") == 1
    assert line_of(STUB, "f", "not there") is None
