"""The trainer on a learner's pieces: the same weights, and in the end who did what."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from checks.judging.assembly import Source
from checks.judging.curriculum import course
from checks.learning.counting import Tally
from checks.learning.own_trainer import _compiles
from checks.tests.test_trainer import COLOURS, draw

TINY = ["size=16", "widths=8", "batch_size=8", "epochs=1"]
OWN = """
import sys
from pathlib import Path
from checks.judging.curriculum import Course
from checks.judging.verdict import Verdict
from checks.learning import own_trainer
from checks.learning.memory import Memory

green = "containers files transforms learner optimizers".split()
own_trainer.standing = lambda course, memory, folder: [
    Verdict(k, e, "green" if k in green else "missing") for k, e in course.exercises()]
here = Course(Path(sys.argv[1]))
sys.exit(own_trainer.train(here, Memory(here), sys.argv[2:]))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three classes, 21 pictures to train on and 9 to validate with."""
    root, rng = tmp_path_factory.mktemp("data"), random.Random(0)
    for split, n in ("train", 7), ("val", 3):
        for name, colour in COLOURS.items():
            for i in range(n):
                draw(root / split / name / f"{i}.png", colour, rng)
    return root


def weights(out: Path) -> dict[str, list[float]]:
    """The network of a run."""
    saved = torch.load(out / "checkpoint.pt", weights_only=True)["model"]
    return {name: value.tolist() for name, value in saved.items()}


@pytest.mark.parametrize("workers", [0, 2])
def test_counting_changes_no_bit_and_says_who_did_what(fork, data, tmp_path, workers):
    for kata in course().katas.values():
        (fork.answers / f"{kata.name}.py").write_text(kata.path.read_text())
    options = [f"data={data}", *TINY, f"workers={workers}"]
    lent = subprocess.run(
        [sys.executable, "-m", "solutions.trainer", *options, f"out={tmp_path / 'lent'}"],
        cwd=course().root,
        capture_output=True,
        text=True,
    )
    assert lent.returncode == 0, lent.stderr
    own = subprocess.run(
        [sys.executable, "-c", OWN, str(fork.root), *options, f"out={tmp_path / 'own'}"],
        cwd=course().root,
        capture_output=True,
        text=True,
    )
    assert own.returncode == 0, own.stderr
    assert weights(tmp_path / "own") == weights(tmp_path / "lent")
    told = " ".join(own.stdout.partition("your pieces at work")[2].split())
    ran, _, rest = told.partition("yours, and not needed by this recipe")
    assert "containers.compose " in ran and "learner.Learner " in ran
    assert "transforms.MakeRGB " in ran  # also where other processes open the pictures
    idle, _, still = rest.partition("still lent: ")
    assert "optimizers.lamb_step" in idle and "learner.Learner" not in idle
    assert "schedules 6" in still and "learner" not in still


def test_a_counted_answer_keeps_its_lines_and_words():
    text = 'def listify(o):\n    """Words."""\n    return [o, 1 / o]\n\n\nclass ListContainer:\n'
    text += "    def __len__(self):\n        return 3\n"
    tally = Tally(["containers.listify", "containers.ListContainer"])
    source = tally.counted({"containers": Source("mine.py", text)})["containers"]
    names: dict = {}
    for code in source.codes:
        exec(code, names)
    assert names["listify"].__doc__ == "Words." and names["listify"](2) == [2, 0.5]
    with pytest.raises(ZeroDivisionError) as error:
        names["listify"](0)
    assert error.traceback[-1].lineno == 2
    assert len(names["ListContainer"]()) == 3
    assert tally.calls() == {"containers.listify": 2, "containers.ListContainer": 1}


def test_a_compiled_network_is_not_counted():
    assert [_compiles([o]) for o in ("compile=1", "--compile", "compile=0", "epochs=1")] == [
        True,
        True,
        False,
        False,
    ]
