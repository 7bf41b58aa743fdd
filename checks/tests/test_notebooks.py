"""Every notebook runs from top to bottom, and what is published is what its source says."""

import ast
import re
import sys
from itertools import pairwise

import nbformat
import pytest

from checks.judging.curriculum import course
from checks.teaching.notebooks import execute, sources, unexecuted
from notebooks.plots import Sliders, curves

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
def test_every_published_picture_says_what_is_seen(source):
    published = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    outputs = [o for c in published.cells for o in c.get("outputs", []) if "data" in o]
    pictures = [o for o in outputs if "image/png" in o.data]
    sentences = [o.metadata.get("image/png", {}).get("alt", "") for o in pictures]
    assert sentences and min(len(o.split()) for o in sentences) >= 5, sentences
    verdicts = re.findall(r"<img [^>]*>", " ".join(o.data.get("text/html", "") for o in outputs))
    assert all(re.search(r" alt=[\"'][^\"']", tag) for tag in verdicts)


@pytest.mark.parametrize("source", SOURCES, ids=by_name)
def test_threads_are_told_to_rest_before_torch_is_loaded(source):
    cells = [c.source for c in unexecuted(source).cells if c.cell_type == "code"]
    first = ast.parse(cells[0]).body[0]
    assert isinstance(first, ast.ImportFrom) and first.module == "notebooks.plots"


def test_a_picture_keeps_its_sentence_in_jupyterlab_and_when_published():
    picture = curves({"up": [1.0, 2.0]}, alt='A line that "rises".')
    data, about = picture._repr_mimebundle_()
    assert about["image/png"]["alt"] == 'A line that "rises".'
    assert 'alt="A line that &quot;rises&quot;."' in data["text/html"] and data["image/png"]


def test_without_widgets_a_slider_is_a_still_picture(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    draw = lambda top: curves({"line": [0.0, top]}, alt=f"A line up to {top}.")  # noqa: E731
    picture = Sliders(draw, {"top": 2.0}, {"top": (1.0, 3.0, 0.5)})
    data, _ = picture._repr_mimebundle_()
    assert picture.alt == "A line up to 2.0." and "application/vnd" not in str(list(data))


def test_labels_at_the_ends_of_lines_keep_apart():
    lines = {name: [1.0, 2.0 + i / 1000] for i, name in enumerate("abcd")}
    figure = curves(lines, alt="Four lines that end together.").figure
    figure.canvas.draw()
    boxes = [o.get_window_extent() for o in figure.axes[0].texts]
    assert len(boxes) == 4
    heights = sorted(o.y0 + o.height / 2 for o in boxes)
    assert all(b - a > 10 for a, b in pairwise(heights))


@pytest.mark.parametrize("source", SOURCES, ids=by_name)
def test_a_notebook_asserts_its_claims_in_short_cells(source):
    cells = [c.source for c in unexecuted(source).cells if c.cell_type == "code"]
    assert sum(isinstance(o, ast.Assert) for c in cells for o in ast.walk(ast.parse(c))) >= 3
    said = [
        [s for s in c.splitlines() if s and not s.startswith(("import", "from"))] for c in cells
    ]
    assert max(map(len, said)) <= 22


def test_there_is_a_notebook_for_every_part():
    assert [p.stem[0] for p in SOURCES] == list("1234567")
