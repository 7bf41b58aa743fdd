"""`make lab`: copies of the notebooks to work in, which nothing overwrites."""

import subprocess

import nbformat
import pytest

from checks.judging.curriculum import UnknownName, course
from checks.learning.lab import command, copies, folder

OUTPUT = nbformat.v4.new_output(
    "display_data", {"image/png": "aGk="}, metadata={"image/png": {"alt": "A line that falls."}}
)


@pytest.fixture
def published(fork):
    """A notebook of the fork with one cell and its picture."""
    path = fork.root / "notebooks" / "1_data_block.ipynb"
    path.parent.mkdir()
    write(path, "1 + 1")
    return path


def write(path, *cells: str) -> None:
    """Write a notebook with a picture under each cell of code."""
    made = [nbformat.v4.new_code_cell(o, outputs=[OUTPUT]) for o in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)


def test_a_copy_is_never_overwritten(fork, published):
    assert copies(fork) == []
    (own,) = folder(fork).iterdir()
    write(own, "mine")
    mine = own.read_bytes()
    copies(fork)
    write(published, "1 + 1", "2 + 2")
    copies(fork)
    assert own.read_bytes() == mine and list(folder(fork).iterdir()) == [own]


def test_a_new_edition_is_told_of_and_comes_when_the_copy_is_renamed(fork, published):
    copies(fork)
    assert copies(fork) == []
    write(published, "2 + 2")
    (told,) = copies(fork)
    assert told.startswith("1_data_block.ipynb has a new edition")
    own = folder(fork) / published.name
    own.rename(own.with_name("old.ipynb"))
    assert copies(fork) == [] and "2 + 2" in own.read_text(encoding="utf-8")


def test_a_picture_in_a_copy_keeps_its_sentence_in_the_lab(fork, published):
    copies(fork)
    (output,) = nbformat.read(folder(fork) / published.name, as_version=4).cells[0].outputs
    assert output.data["text/html"] == (
        '<img src="data:image/png;base64,aGk=" alt="A line that falls.">'
    )


def test_copies_leave_git_clean():
    name = f"{folder(course()).name}/1_data_block.ipynb"
    done = subprocess.run(["git", "check-ignore", "-q", name], cwd=course().root)
    if done.returncode == 128:
        pytest.skip("no git repository here")
    assert done.returncode == 0


def test_the_lab_is_rooted_where_katas_lie_next_to_the_copies(fork):
    root, place = command(fork)[-2:]
    assert root == f"--ServerApp.root_dir={fork.root}" and place.endswith("/lab/tree/my_notebooks")
    assert folder(fork).parent == fork.answers.parent
    opened = command(fork, ["optimizers"])[-1]
    assert opened.endswith("/lab/tree/my_notebooks/4_optimizers.ipynb")
    with pytest.raises(UnknownName):
        command(fork, ["optimisers"])
