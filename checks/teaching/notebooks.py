"""Publish: notebooks are run from their sources and written with their pictures.

`notebooks/<name>.py` (cells between `# %%` lines) is what people edit and review; `<name>.ipynb`
is made from it, so that code-hosting pages show it and JupyterLab opens it.
"""

import base64
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

from checks.judging.curriculum import Course

SECONDS = 600  # for a cell: a busy machine takes its time


def sources(course: Course, names: Sequence[str] = ()) -> list[Path]:
    """The sources of the notebooks whose names begin with any of `names`; all for none."""
    found = sorted((course.root / "notebooks").glob("[0-9]*.py"))
    return [p for p in found if not names or p.stem.startswith(tuple(names))]


def unexecuted(source: Path) -> NotebookNode:
    """The notebook that a source makes, without outputs."""
    notebook = jupytext.read(source, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"cell-{number}", {}
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def execute(source: Path) -> NotebookNode:
    """The notebook after a run from top to bottom; an error in a cell is raised."""
    notebook = unexecuted(source)
    folder = {"metadata": {"path": str(source.parent)}}
    how: dict[str, Any] = {"timeout": SECONDS, "kernel_name": "python3", "coalesce_streams": True}
    client = NotebookClient(notebook, resources=folder, **how)
    client.execute(env=os.environ | {"PYTHONPATH": str(source.parents[1])})
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [_quiet(output) for output in cell.outputs if not _is_noise(output)]
    return notebook


def _is_noise(output: NotebookNode) -> bool:
    """Progress bars and warnings: they differ from run to run."""
    return output.output_type == "stream" and output.name == "stderr"


def _quiet(output: NotebookNode) -> NotebookNode:
    """An output without what differs from run to run; of a picture the PNG and its sentence."""
    output.pop("execution_count", None)
    if output.output_type == "execute_result":
        output.execution_count = None
    if png := output.get("data", {}).get("image/png"):
        output.data = {"image/png": _small(png)}
    return output


def _small(png: str) -> str:
    """A picture in fewer colours."""
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    file = io.BytesIO()
    picture.quantize(128, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def publish(course: Course, names: Sequence[str]) -> int:
    """Run notebooks and write them next to their sources; 2 for an unknown name."""
    found = sources(course, names)
    if not found:
        print(f"no notebook begins with {' or '.join(names)}", file=sys.stderr)
        return 2
    for source in found:
        notebook = execute(source)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.execution_count = None
        target = source.with_suffix(".ipynb")
        nbformat.write(notebook, target)
        print(f"{target.name}: {target.stat().st_size // 1024} KiB")
    return 0
