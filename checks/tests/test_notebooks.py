"""Every notebook runs from top to bottom, and what is published is what its source says."""

import ast

import nbformat
import pytest

from checks.judging.curriculum import course
from checks.teaching.notebooks import execute, sources, unexecuted

SOURCES = sources(course())


def by_name(source) -> str:
    return source.stem


@pytest.mark.parametrize("source", SOURCES, ids=by_name)
def test_a_notebook_runs_without_an_error(source):
    notebook = execute(source)
    assert any(
        "image/png" in o.get("data", {}) for c in notebook.cells for o in c.get("outputs", [])
    )


@pytest.mark.parametrize("source", SOURCES, ids=by_name)
def test_the_published_notebook_is_made_from_its_source(source):
    published = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    cells = [(c.cell_type, c.source) for c in published.cells]
    assert cells == [(c.cell_type, c.source) for c in unexecuted(source).cells]


@pytest.mark.parametrize("source", SOURCES, ids=by_name)
def test_a_published_notebook_is_small_and_tells_nothing_of_its_machine(source):
    text = source.with_suffix(".ipynb").read_text(encoding="utf-8")
    assert len(text) < 1_500_000
    assert not [
        word for word in ("/home/", "/root/", "/Users/", "/work/", "Traceback") if word in text
    ]


@pytest.mark.parametrize("source", SOURCES, ids=by_name)
def test_a_notebook_asserts_its_claims_in_short_cells(source):
    cells = [c.source for c in unexecuted(source).cells if c.cell_type == "code"]
    assert sum(isinstance(o, ast.Assert) for c in cells for o in ast.walk(ast.parse(c))) >= 3
    said = [
        [s for s in c.splitlines() if s and not s.startswith(("import", "from"))] for c in cells
    ]
    assert max(map(len, said)) <= 22


def test_there_is_a_notebook_for_every_part():
    assert [p.stem[0] for p in SOURCES] == list("123456")
