"""Lab: JupyterLab with the learner's own copies of the notebooks, next to the katas.

Copies lie in `my_notebooks/`, which git ignores. A copy is made where there is none and never
written again, so a new edition of a notebook can't overwrite anyone's work.
"""

import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

import nbformat

from checks.judging.curriculum import Course
from checks.learning.gallery import as_html

EDITION = "edition"  # a copy's metadata hold the checksum of the cells that it was made from


def folder(course: Course) -> Path:
    """Where the copies are: a sibling of notebooks/, so that their links hold."""
    return course.root / "my_notebooks"


def copies(course: Course) -> list[str]:
    """Copy each published notebook that has no copy yet; what a learner should know, in lines."""
    folder(course).mkdir(exist_ok=True)
    told = []
    for published in sorted((course.root / "notebooks").glob("[0-9]*.ipynb")):
        notebook = nbformat.read(published, as_version=4)
        edition = zlib.crc32("\n".join(o.source for o in notebook.cells).encode())
        own = folder(course) / published.name
        if not own.exists():
            notebook.metadata[EDITION] = edition
            nbformat.write(_with_alt(notebook), own)
        elif nbformat.read(own, as_version=4).metadata.get(EDITION) != edition:
            told.append(f"{own.name} has a new edition; rename your copy, and you get it")
    return told


def _with_alt(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with its pictures as HTML, since JupyterLab drops the sentence of a PNG."""
    for output in [o for cell in notebook.cells for o in cell.get("outputs", [])]:
        if alt := output.get("metadata", {}).get("image/png", {}).get("alt"):
            output.data["text/html"] = as_html(output.data["image/png"], alt)
    return notebook


def command(course: Course, names: Sequence[str] = ()) -> list[str]:
    """The command that opens JupyterLab in the repository: the notebook of a kata, or their folder.

    Raises UnknownName.
    """
    found = [course.notebook(kata) for kata, _ in course.select(names)] if names else []
    opened = f"my_notebooks/{found[0].name}" if found and found[0] else "my_notebooks"
    flags = {"ServerApp.root_dir": course.root, "LabApp.default_url": f"/lab/tree/{opened}"}
    return [sys.executable, "-m", "jupyterlab", *(f"--{k}={v}" for k, v in flags.items())]
