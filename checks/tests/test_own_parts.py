"""Weights that go on, learning rates that are found, files for others, and parts of one's own."""

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from checks.tests.test_bad_input import TINY, data_set, draw, here, refused  # noqa: F401
from solutions.trainer import export, lrfind, predict
from solutions.trainer import train as trainer
from solutions.trainer.checkpoints import load_checkpoint
from solutions.trainer.parts import PARTS, load_parts

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def no_parts() -> Iterator[None]:
    """No part of one test is known to the next."""
    yield
    load_parts(None)


@pytest.fixture
def data(here: Path) -> Path:  # noqa: F811
    """Two classes."""
    return data_set(here / "data")


def test_a_run_starts_from_the_weights_of_another(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trainer.main([f"data={data}", *TINY, "out=one"]) == 0
    capsys.readouterr()
    larger = ["size=16", "epochs=1", "batch_size=8", "workers=0", "lr=1e-12", "schedule=constant"]
    assert trainer.main([f"data={data}", *larger, "start=one", "out=two"]) == 0
    assert "widths=4" in capsys.readouterr().out
    one, two = (load_checkpoint(Path(o, "checkpoint.pt")) for o in ("one", "two"))
    for name, weight in one["model"].items():
        torch.testing.assert_close(two["model"][name], weight, atol=1e-6, rtol=0)
    draw(data / "train" / "c" / "1.png")
    draw(data / "val" / "c" / "2.png")
    assert trainer.main([f"data={data}", *larger, "start=one", "out=three"]) == 0
    three = load_checkpoint(Path("three/checkpoint.pt"))["model"]
    same = [name for name, o in one["model"].items() if o.shape == three[name].shape]
    assert 0 < len(same) < len(three)
    torch.testing.assert_close(three[same[0]], one["model"][same[0]], atol=1e-6, rtol=0)
    assert trainer.main(["resume=three"]) == 0
    said = refused(capsys, f"data={data}", "start=one", "widths=8")
    assert "weights of another network" in said


def test_the_best_epoch_is_kept_beside_the_last(data: Path) -> None:
    assert trainer.main([f"data={data}", *TINY, "epochs=4", "out=run", "lr=0.05"]) == 0
    best, last = (load_checkpoint(Path("run", o)) for o in ("best.pt", "checkpoint.pt"))
    header, *rows = last["rows"]
    found = [float(row[header.index("valid_accuracy")]) for row in rows]
    assert found[best["epoch"] - 1] == max(found) and last["epoch"] == 4
    assert predict.main([str(data / "val"), "run=run/best.pt"]) == 0


def test_what_was_predicted_is_a_table(data: Path) -> None:
    assert trainer.main([f"data={data}", *TINY, "out=run"]) == 0
    rows = list(csv.DictReader(Path("run/predictions.csv").open()))
    assert len(rows) == 8 and {r["is"] for r in rows} == {"a", "b"}
    last = list(csv.DictReader(Path("run/metrics.csv").open()))[-1]
    right = sum(r["is"] == r["predicted"] for r in rows) / 8
    assert abs(right - float(last["valid_accuracy"])) < 1e-4
    assert float(last["pictures/s"]) > 0


def test_a_learning_rate_is_found(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lrfind.main([f"data={data}", *TINY, "out=found"]) == 0
    assert re.search(
        r"fastest at lr=\S+; a tenth of where it's least is \S+", capsys.readouterr().out
    )
    rows = list(csv.reader(Path("found/lrfind.csv").open()))[1:]
    assert 10 < len(rows) <= 100 and Path("found/lrfind.png").exists()
    assert not list(Path().glob("runs/*"))
    assert lrfind.main(["epoch=3"]) == 2
    lrs = [10 ** (i / 10 - 6) for i in range(70)]
    losses = [2 - 1 / (1 + 10 ** (-2 * (i - 30) / 10)) + (i > 55) * (i - 55) for i in range(70)]
    steepest, tenth = lrfind.suggested(lrs, losses)
    assert 3e-4 < steepest < 3e-3 and 1e-4 < tenth < 1


@pytest.mark.parametrize("options", [["arch=convnet"], ["arch=xresnet", "blocks=1-1-1-1"]])
def test_what_is_exported_runs_without_this_repository(options: list[str], data: Path) -> None:
    tiny = [o for o in TINY if "arch=convnet" in options or o[:4] not in ("widt", "lsuv")]
    assert trainer.main([f"data={data}", *tiny, *options, "out=run"]) == 0
    assert export.main(["run=run"]) == 0
    code = "import sys, torch; net = torch.export.load('run/network.pt2').module(); "
    code += "x = torch.full((5, 3, 12, 12), 7, dtype=torch.uint8); p = net(x); "
    code += "assert p.shape == (5, 2) and torch.allclose(p.sum(1), torch.ones(5)); "
    code += "assert not any(o.startswith('solutions') for o in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def printed_example() -> str:
    """The file of parts that the trainer's README shows."""
    text = (ROOT / "solutions" / "trainer" / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def test_the_parts_in_the_readme_train_resume_and_predict(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = printed_example()
    assert len([o for o in code.splitlines() if o.strip()]) <= 24
    Path("mine.py").write_text(code)
    run = [f"data={data}", "parts=mine.py", "recipe=lion", *TINY[:-1], "out=run"]
    assert trainer.main(run) == 0
    assert "gradients' norm" in capsys.readouterr().out
    assert load_checkpoint(Path("run/checkpoint.pt"))["recipe"]["optimizer"] == "lion"
    Path("run/curves.png").unlink()
    assert trainer.main(["resume=run"]) == 2
    assert "parts=mine.py" in capsys.readouterr().err
    assert trainer.main(["resume=run", "parts=mine.py"]) == 0
    assert predict.main([str(data / "val"), "run=run", "parts=mine.py"]) == 0
    assert trainer.main(["recipe=lion"]) == 2
    assert "lion" not in PARTS["optimizer"]


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("1/0", "line 1, ZeroDivisionError"),
        ("from .parts import add\nadd('optimizer', 'adam', print)", "mine.py: there is"),
        ("from .parts import add\nadd('optimiser', 'x', print)", "did you mean optimizer?"),
        ("x =", "SyntaxError"),
        ("import sys\nsys.exit()", "line 2, SystemExit"),
    ],
)
def test_a_file_of_parts_with_a_mistake_is_one_line(
    code: str, part: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine.py").write_text(code)
    assert part in refused(capsys, f"data={data}", "parts=mine.py")


CALLBACK = """
from ..learner import Callback
from .parts import add
class Mine(Callback):
    def after_batch(self):
        {}
add("callback", "mine", lambda recipe: Mine())
"""


@pytest.mark.parametrize("code", ["{}['key']", "self.nothing", "raise EOFError"])
def test_a_part_that_fails_at_work_is_one_line(
    code: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine.py").write_text(CALLBACK.format(code))
    assert "Error; traceback=1 shows where" in refused(capsys, f"data={data}", "parts=mine.py")


def test_a_part_that_ends_the_training_is_told(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine.py").write_text(CALLBACK.format("import sys; sys.exit(0)"))
    assert "sys.exit(0) was called" in refused(capsys, f"data={data}", "parts=mine.py")


@pytest.mark.parametrize("name", ["run/best.pt", "run/other.onnx", "no/network.pt2"])
def test_an_export_replaces_nothing_else(
    name: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trainer.main([f"data={data}", *TINY, "out=run"]) == 0
    content = Path("run/best.pt").read_bytes()
    assert export.main(["run=run", f"out={name}"]) == 2
    assert name in capsys.readouterr().err and Path("run/best.pt").read_bytes() == content
