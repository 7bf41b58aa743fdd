"""The trainer: what a run leaves, goes on with and says; tiny pictures, networks and epochs."""

import csv
import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from checks.judging.assembly import Assembly, uninstall
from checks.judging.curriculum import course
from solutions.trainer import optimization, predict
from solutions.trainer import train as trainer
from solutions.trainer.checkpoints import Watch
from solutions.trainer.distributed import ShardedBatches
from solutions.trainer.networks import make_network
from solutions.trainer.options import parse
from solutions.trainer.pictures import CheckedImages
from solutions.trainer.recipes import RECIPES, Recipe, Setting

HERE = Path(__file__).resolve().parents[2]
COLOURS = {"apple": (200, 60, 40), "lake": (40, 60, 200), "meadow": (60, 190, 60)}
TINY = ["size=16", "widths=8", "batch_size=8", "epochs=2", "workers=0"]


def draw(path: Path, colour: tuple[int, int, int], rng: random.Random) -> None:
    """A noisy picture of one colour."""
    size = rng.randint(17, 30), rng.randint(17, 30)
    noise = Image.frombytes("RGB", size, rng.randbytes(3 * size[0] * size[1]))
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.blend(noise, Image.new("RGB", size, colour), 0.4).save(path)


@pytest.mark.parametrize("arch", ["convnet", "xresnet"])
def test_first_weights_are_those_that_are_asked_for(arch: str) -> None:
    nets = [make_network(Recipe(arch=arch, init=init), 10) for init in ("kaiming", "torch")]
    spread = [[p.std() for p in net.parameters() if p.ndim == 4][1] for net in nets]
    assert 2.1 < spread[0] / spread[1] < 2.8, "sqrt(2 / fan_in) against sqrt(1 / (3 fan_in))"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three classes, 21 pictures to train on and 9 to validate with."""
    root, rng = tmp_path_factory.mktemp("data"), random.Random(0)
    for split, n in ("train", 7), ("val", 3):
        for name, colour in COLOURS.items():
            for i in range(n):
                draw(root / split / name / f"{i}.png", colour, rng)
    return root


@pytest.fixture
def plots() -> None:
    """Asked for by a test that wants the pictures of a run; they take longer than the run."""


@pytest.fixture(autouse=True)
def here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Path]:
    """A folder of its own to run in, and one thread, as in the processes that are started."""
    if "plots" not in request.fixturenames:
        for name in "plot_curves", "plot_confusion", "plot_mistakes":
            monkeypatch.setattr(trainer, name, lambda *args: args[-1].touch())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield tmp_path
    torch.set_num_threads(threads)


def train(data: Path, out: str, *options: str) -> dict[str, Any]:
    """The checkpoint of a run that has ended well."""
    assert trainer.main([f"data={data}", *TINY, f"out={out}", *options]) == 0
    return load(out)


def load(out: str) -> dict[str, Any]:
    return torch.load(Path(out, "checkpoint.pt"), weights_only=True)


def table(out: str) -> list[list[str]]:
    """The metrics of a run."""
    return list(csv.reader(Path(out, "metrics.csv").read_text().splitlines()))


def plain(o: Any) -> Any:
    """`o` with its tensors as lists, to be compared with ==."""
    if isinstance(o, Tensor):
        return o.dtype, o.tolist()
    if isinstance(o, dict):
        return {key: plain(value) for key, value in o.items()}
    return [plain(value) for value in o] if isinstance(o, list | tuple) else o


def trained(saved: dict[str, Any]) -> Any:
    """All of a checkpoint that training makes: weights, optimizer, random states, curves."""
    made = plain({key: saved[key] for key in ("model", "optimizer", "epoch", "random", "curves")})
    return made | {"rows": [row[:-2] for row in saved["rows"]]}  # without time and speed


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that the trainer says instead of training."""
    capsys.readouterr()
    assert trainer.main(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("train: ") and said.count("\n") == 1, said
    return said


def started(code: str, *arguments: str, **kwargs: Any) -> "subprocess.Popen[str]":
    """A new process that runs `code`, with `arguments` for the trainer."""
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, **pipes, **kwargs)


MAIN = "import sys; from solutions.trainer.train import main; sys.exit(main())"


def test_a_run_leaves_all_that_is_worth_keeping(
    data: Path, here: Path, plots: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trainer.main([f"data={data}", *TINY]) == 0
    run, said = here / "runs" / "quick-1", capsys.readouterr().out.splitlines()
    assert {p.name for p in run.iterdir()} == {
        *("metrics.csv", "curves.png", "mistakes.png", "confusion.png"),
        *("recipe.json", "checkpoint.pt", "best.pt", "predictions.csv"),
    }
    for picture in run.glob("*.png"):
        with Image.open(picture) as img:
            assert min(img.size) > 300
    rows = table("runs/quick-1")
    names = ["train_loss", "train_accuracy", "valid_loss", "valid_accuracy"]
    assert rows[0] == ["epoch", *names, "time", "pictures/s"] and [r[0] for r in rows[1:]] == [
        "0",
        "1",
    ]
    assert [line.split() for line in said[:3]] == rows
    kept = json.loads((run / "recipe.json").read_text())
    assert set(kept["recipe"]) == {f.name for f in fields(Recipe)}
    assert set(kept["setting"]) == {f.name for f in fields(Setting)}
    assert kept["recipe"]["widths"] == [8] and kept["vocab"] == sorted(COLOURS)
    assert kept["versions"]["torch"] == torch.__version__
    percent = 100 * float(rows[-1][4])
    assert said[3].startswith(f"accuracy: {percent:.1f} % of 9 pictures")
    assert "runs/quick-1" in said[4] and "make predict image=" in said[5]
    assert load("runs/quick-1")["vocab"] == sorted(COLOURS)
    assert trainer.main([f"data={data}", *TINY]) == 0
    assert (here / "runs" / "quick-2" / "checkpoint.pt").exists()


def test_a_terminal_has_bars_and_a_table(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    train(data, "run")
    out, err = capsys.readouterr()
    assert "epochs: 100%" in err and "valid_accuracy" in out and "accuracy: " in out


@pytest.mark.parametrize(
    "options",
    [
        ["augment=batch", "tilt=0.1", "degrees=10", "optimizer=lamb"],
        ["augment=none", "norm=batch", "optimizer=sgd", "schedule=constant"],
        ["norm=running", "optimizer=momentum", "schedule=cosine", "depth=2"],
        ["norm=batch", "lsuv=0", "optimizer=muon", "augment=pil"],
    ],
)
def test_every_choice_trains(options: list[str], data: Path) -> None:
    saved = train(data, "run", *options, "epochs=1")
    assert saved["epoch"] == 1 and len(saved["curves"]["loss"]) == 3


def test_what_can_be_learnt_is_learnt(data: Path) -> None:
    rows = train(data, "run", "epochs=6", "lr=5e-3")["rows"]
    assert float(rows[-1][4]) > 0.8


@pytest.mark.parametrize("options", [[], ["workers=1"], ["augment=batch"]])
def test_a_seed_decides_everything(options: list[str], data: Path) -> None:
    one, two = (trained(train(data, out, *options, "epochs=1")) for out in ("one", "two"))
    assert one == two
    other = trained(train(data, "three", *options, "epochs=1", "seed=12"))
    assert other["model"] != one["model"] and other["curves"] != one["curves"]


class Break(Exception):
    """What stops a run in the middle."""


def stop_at(epoch: int, batch: int, stop: Callable[[], None]) -> Callable[[Any], None]:
    """`Watch.after_loss` that calls `stop` in the middle of an epoch."""
    watch = Watch.after_loss

    def after_loss(self: Any) -> None:
        watch(self)
        if self.in_train and (self.epoch, self.iter) == (epoch, batch):
            stop()

    return after_loss


def raise_break() -> None:
    raise Break


@pytest.mark.parametrize(
    "options",
    [
        ["optimizer=adam", "augment=pil", "workers=1"],
        ["optimizer=lamb", "augment=batch", "wd=0.1"],
        ["optimizer=momentum", "norm=batch", "schedule=cosine"],
        ["optimizer=sgd", "norm=running"],
        ["optimizer=muon", "wd=0.1"],
        ["precision=bf16", "keep=memory", "mixup=0.4", "smooth=0.1", "clip=1"],
    ],
)
@pytest.mark.parametrize("epoch", [1, 2])
def test_a_run_that_was_broken_goes_on_bit_by_bit(
    epoch: int, options: list[str], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = train(data, "whole", *options, "epochs=3")
    with monkeypatch.context() as patch, pytest.raises(Break):
        patch.setattr(Watch, "after_loss", stop_at(epoch, 1, raise_break))
        train(data, "broken", *options, "epochs=3")
    assert load("broken")["epoch"] == epoch
    random.seed(epoch)
    torch.manual_seed(epoch)
    assert trainer.main(["resume=broken"]) == 0
    assert trained(load("broken")) == trained(whole)
    rows, old = table("broken"), table("whole")
    assert [row[:-2] for row in rows] == [row[:-2] for row in old]


KILL = """
import os, signal, sys
sys.path.insert(0, "")
from checks.tests.test_trainer import Watch, stop_at, trainer
Watch.after_loss = stop_at(1, 2, lambda: os.kill(os.getpid(), signal.SIGKILL))
trainer.main(sys.argv[1:])
"""


def test_kill_9_loses_the_epoch_under_way_and_no_more(data: Path) -> None:
    whole = train(data, "whole", "epochs=3")
    killed = started(KILL, f"data={data}", *TINY, "epochs=3", "out=killed")
    _, said = killed.communicate(timeout=300)
    assert killed.returncode == -signal.SIGKILL, said
    assert load("killed")["epoch"] == 1
    assert trainer.main(["resume=killed"]) == 0
    assert trained(load("killed")) == trained(whole)


def test_ctrl_c_says_how_to_go_on(data: Path) -> None:
    options = [f"data={data}", *TINY, "epochs=9999", "workers=1", "out=run"]
    process = started(MAIN, *options, start_new_session=True)
    try:
        give_up = time.monotonic() + 300
        while not Path("run/checkpoint.pt").exists() and process.poll() is None:
            assert time.monotonic() < give_up
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)  # a terminal's Ctrl-C reaches the workers as well
        out, err = process.communicate(timeout=300)
    finally:
        process.kill()
    assert process.returncode == 130 and "Traceback" not in err, err
    assert "make train resume=run" in out
    assert load("run")["epoch"] >= 1 and not list(Path("run").glob("*.part"))


def test_a_finished_run_is_reported_once_more(data: Path) -> None:
    saved = train(data, "run")
    Path("run/curves.png").unlink()
    assert trainer.main(["resume=run"]) == 0
    assert plain(load("run")) == plain(saved) and Path("run/curves.png").exists()


def test_a_run_goes_on_as_it_was(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train(data, "run")
    assert "leave out lr" in refused(capsys, "resume=run", "lr=0.5")
    assert "leave out out" in refused(capsys, "resume=run", "out=other")
    assert "resume=run" in refused(capsys, f"data={data}", *TINY, "out=run")
    assert "no checkpoint in nothing" in refused(capsys, "resume=nothing")
    Path("junk").write_text("no checkpoint")
    assert "junk isn't a checkpoint" in refused(capsys, "resume=junk")


WATCHED = """
import sys
from pathlib import Path
from solutions.trainer import train as trainer
from solutions.trainer.pictures import CheckedImages
get = CheckedImages.get
def noted(self, item):
    if sys.stdout.encoding and not hasattr(self, "sample"):
        with open(f"seen-{trainer.processes()[0]}", "a") as file:
            print(item, file=file)
    return get(self, item)
CheckedImages.get = noted
trainer.end(trainer.main(sys.argv[1:]))
"""


def test_two_processes_share_the_pictures(data: Path) -> None:
    Path("watched.py").write_text(WATCHED)
    run = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    options = [f"data={data}", *TINY, "out=run", "epochs=3", "lr=5e-3", "keep=no"]
    done = subprocess.run([*run, "watched.py", *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = table("run")
    assert [row[0] for row in rows] == ["epoch", "0", "1", "2"]
    assert done.stdout.count("valid_accuracy") == done.stdout.count("accuracy: ") == 1
    seen = [Counter(Path(f"seen-{rank}").read_text().split()) for rank in (0, 1)]
    files = {str(p) for p in (data / "train").glob("*/*")}
    sampled = Counter({p: 2 for p in files})  # once by each, for channel statistics and LSUV
    trained_on = {p: n for p, n in (seen[0] + seen[1] - sampled).items() if p in files}
    assert trained_on == dict.fromkeys(files, 3)
    for row in rows[1:]:  # shares of all pictures, not of one process's
        assert abs(float(row[2]) * 21 - round(float(row[2]) * 21)) < 1e-4
        assert abs(float(row[4]) * 9 - round(float(row[4]) * 9)) < 1e-4
    assert f"accuracy: {100 * float(rows[-1][4]):.1f} % of 9" in done.stdout
    assert len(load("run")["random"]) == 2


@given(
    n=st.integers(1, 60),
    bs=st.integers(1, 20),
    world=st.integers(1, 5),
    shuffle=st.booleans(),
    seed=st.integers(0, 9),
)
def test_shards_hold_every_sample_once(
    n: int, bs: int, world: int, shuffle: bool, seed: int
) -> None:
    n, bs = max(n, world), max(bs, world)
    shards = [ShardedBatches(n, bs, rank, world, shuffle, seed) for rank in range(world)]
    for _ in range(2):
        epochs = [list(shard) for shard in shards]
        assert {len(batches) for batches in epochs} == {len(shard) for shard in shards}
        assert all(batch for batches in epochs for batch in batches)
        together = [sum(parts, []) for parts in zip(*epochs, strict=True)]
        assert sorted(sum(together, [])) == list(range(n))
        assert all(len(batch) == bs for batch in together[:-1])
        sizes = [[len(batch) for batch in parts] for parts in zip(*epochs, strict=True)]
        assert all(max(parts) - min(parts) <= 1 for parts in sizes)


def test_shards_are_shuffled_anew_each_epoch() -> None:
    batches = ShardedBatches(50, 10, 0, 1, True, 0)
    one, two = sum(batches, []), sum(batches, [])
    assert one != two and one != sorted(one)
    again = ShardedBatches(50, 10, 0, 1, True, 0)
    again.epoch = 1
    assert sum(again, []) == two


def copied(data: Path, here: Path) -> Path:
    """A copy of the data that a test may spoil."""
    for path in data.glob("*/*/*"):
        copy = here / "copy" / path.relative_to(data)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    return here / "copy"


@pytest.mark.parametrize("workers", [0, 1])
def test_a_bad_picture_is_named(
    workers: int, data: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copied(data, here)
    bad = root / "val" / "lake" / "2.png"
    bad.write_bytes(bad.read_bytes()[:60])
    said = refused(capsys, f"data={root}", *TINY, f"workers={workers}")
    assert str(bad) in said and "skip_bad=1" in said


def test_bad_pictures_are_left_out_and_counted(
    data: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copied(data, here)
    bad = [root / "train" / "lake" / "0.png", root / "val" / "lake" / "2.png"]
    bad[0].write_text("no picture")
    bad[1].write_bytes(bad[1].read_bytes()[:60])
    train(root, "run", "skip_bad=1")
    said = capsys.readouterr().out
    assert "can't be read: 2, such as" in said and "of 8 pictures" in said
    assert json.loads(Path("run/recipe.json").read_text())["skipped"] == [str(p) for p in bad]


def test_bad_data_is_one_clear_line(
    data: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "empty").mkdir()
    assert "empty" in refused(capsys, "data=empty")
    root = copied(data, here)
    draw(root / "val" / "unheard" / "1.png", (0, 0, 0), random.Random(1))
    said = refused(capsys, f"data={root}", *TINY)
    assert "'unheard'" in said and "meadow" in said and "validation" in said
    (root / "val").rename(root / "later")
    assert "no `val` folder" in refused(capsys, f"data={root}")
    draw(here / "one" / "train" / "lake" / "1.png", (0, 0, 0), random.Random(1))
    draw(here / "one" / "val" / "lake" / "1.png", (0, 0, 0), random.Random(1))
    assert "one class" in refused(capsys, "data=one", *TINY)
    assert "imagenette" in refused(capsys, "data=imagenete")


ERRORS = {
    "size=0": "size must be at least 8, not 0",
    "size=big": "size",
    "epochs=0": "epochs must be at least 1",
    "batch_size=0": "batch_size must be at least 1",
    "lr=0": "lr must be",
    "lr=nan": "lr must be",
    "widths=0": "widths",
    "widths=wide": "widths",
    "lsuv=perhaps": "lsuv",
    "workers=-1": "workers must be",
    "optimizer=adm": "did you mean adam?",
    "augment=some": "none, pil, batch",
    "recipe=quik": "did you mean quick?",
    "epoch=5": "did you mean epochs?",
    "--batchsize=5": "did you mean batch_size?",
    "xyz=1": "there are epochs",
    "five": "'five'",
    "device=gpu": "'gpu'",
    "device=cuda:99": "'cuda:99'",
}


@pytest.mark.parametrize("option", ERRORS)
def test_a_wrong_option_is_one_clear_line(
    option: str, data: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ERRORS[option] in refused(capsys, f"data={data}", option)


def test_options_that_contradict_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert "lsuv" in refused(capsys, "norm=batch", "lsuv=1")
    assert parse(["norm=batch"], "").recipe().lsuv is False
    assert parse(["recipe=lesson11", "lsuv=1"], "").recipe().norm == "none"


def test_options_have_two_forms() -> None:
    one = parse(["--batch-size", "7", "--skip-bad", "--widths=8-16", "--recipe", "lesson11"], "")
    two = parse(["batch_size=7", "skip_bad=1", "widths=8,16", "recipe=lesson11", "help=0"], "")
    assert one == two and one.recipe().widths == (8, 16) and one.setting().skip_bad
    assert one.recipe().lr == RECIPES["lesson11"].lr


def test_help_names_every_option_and_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    for argument in "help=1", "--help":
        with pytest.raises(SystemExit) as ended:
            trainer.main([argument])
        said = capsys.readouterr().out
        assert not ended.value.code
        for f in [*fields(Recipe), *fields(Setting)]:
            assert f"--{f.name.replace('_', '-')}" in said
        assert all(name in said for name in RECIPES)


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_stops_the_run(
    loss: float, data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cross_entropy, calls = F.cross_entropy, []

    def explodes(pred: Tensor, yb: Tensor) -> Tensor:
        calls.append(yb)
        return cross_entropy(pred, yb) * (loss if len(calls) == 2 else 1)

    monkeypatch.setattr(optimization, "F", SimpleNamespace(cross_entropy=explodes))
    said = refused(capsys, f"data={data}", *TINY, "lr=0.02", "schedule=constant", "out=run")
    assert f"the loss is {loss} in batch 2 of 3 in epoch 0" in said
    assert "learning rate of 0.02" in said and "try lr=0.002" in said
    assert not Path("run/checkpoint.pt").exists()


@pytest.mark.parametrize("text", ["DataLoader worker (pid 7) is killed", "CUDA out of memory."])
def test_what_torch_complains_of_is_one_clear_line(
    text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr(trainer, "carry_out", fails)
    assert "try" in refused(capsys)
    text = "weights of\nsizes that don't fit"
    assert "sizes that don't fit (RuntimeError; traceback=1 shows where)" in refused(capsys)
    with pytest.raises(RuntimeError, match="sizes that"):
        trainer.main(["traceback=1"])


def full_disk(*args: Any, **kwargs: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "run/file")


@pytest.mark.parametrize("call", ["write_bytes", "write_text"])
def test_a_full_disk_is_one_clear_line(
    call: str, data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Path, call, full_disk)
        said = refused(capsys, f"data={data}", *TINY, "out=run")
    assert "No space left" in said
    assert {p.name for p in Path(".").glob("run/*")} <= {"recipe.json", "metrics.csv"}


def test_a_full_disk_keeps_the_checkpoint_before(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, write_bytes, calls = train(data, "whole"), Path.write_bytes, []

    def fills_up(path: Path, content: Any) -> int:
        calls.append(path)
        if len(calls) > 1:
            write_bytes(path, b"half")
            full_disk()
        return write_bytes(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", fills_up)
        assert trainer.main([f"data={data}", *TINY, "out=run"]) == 2
    assert "resume=run" in capsys.readouterr().out
    assert load("run")["epoch"] == 1 and not list(Path("run").glob("*.part"))
    assert trainer.main(["resume=run"]) == 0
    assert trained(load("run")) == trained(whole)


def test_predict_says_what_the_network_sees(
    data: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = train(data, "runs/old", "epochs=1")
    train(data, "runs/new", "epochs=1", "seed=5", "augment=batch")
    os.utime("runs/old/checkpoint.pt", (1, 1))
    capsys.readouterr()
    picture = str(data / "val" / "lake" / "0.png")
    assert predict.main([picture]) == 0
    one = capsys.readouterr().out.splitlines()
    assert "runs/new" in one[0] and one[1] == picture
    percents = [float(line.split()[-2]) for line in one[2:]]
    assert {line.split()[0] for line in one[2:]} == set(saved["vocab"])
    assert percents == sorted(percents, reverse=True) and abs(sum(percents) - 100) < 0.2
    assert predict.main([f"image={picture}", "run=runs/new"]) == 0
    assert capsys.readouterr().out.splitlines() == one
    assert predict.main([picture, "--run", "runs/old"]) == 0
    other = capsys.readouterr().out.splitlines()
    assert "runs/old" in other[0] and other[2:] != one[2:]
    assert predict.main([str(data / "val" / "lake"), f"{picture} {picture}"]) == 0
    assert capsys.readouterr().out.count(".png  ") == 5


def test_predict_agrees_with_the_validation(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = train(data, "run")["rows"]
    capsys.readouterr()
    assert predict.main([str(data / "val"), "run=run"]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    right = [Path(line.split("  ")[0]).parent.name == line.split()[1] for line in lines]
    assert len(right) == 9 and abs(sum(right) / 9 - float(rows[-1][4])) < 1e-4


def test_predict_has_clear_lines_too(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("text.png").write_text("no picture")
    Path("empty").mkdir()
    picture = str(data / "val" / "lake" / "0.png")
    cases: list[tuple[list[str], str]] = [
        ([picture], "no checkpoint in runs"),
        ([], "make predict image=FILE"),
        ([""], "make predict image=FILE"),
        (["empty"], "no picture in empty"),
    ]
    for arguments, part in cases:
        assert predict.main(arguments) == 2
        said = capsys.readouterr().err
        assert part in said and said.count("\n") == 1
    train(data, "runs/1", "epochs=1")
    capsys.readouterr()
    for name in "text.png", "missing.png":
        assert predict.main([name]) == 1
        said = capsys.readouterr().err
        assert name in said and said.count("\n") == 1


def test_the_same_modules_train_on_a_learners_pieces(data: Path) -> None:
    whole = train(data, "mine", "epochs=1")
    Assembly(course()).install()
    try:
        from katas.trainer import train as own

        options = [f"data={data}", *TINY, "epochs=1", "workers=1", "out=own"]
        assert own.Learner is not trainer.Learner
        assert own.main(options, pieces={"yours": ["learner.Learner"], "lent": []}) == 0
        assert own.main([f"data={data}", *TINY, "epochs=1", "out=again"]) == 0
    finally:
        uninstall()
    assert trained(load("again")) == trained(whole)
    kept = json.loads(Path("own/recipe.json").read_text())
    assert kept["pieces"] == {"yours": ["learner.Learner"], "lent": []}


def test_errors_of_worker_processes_are_one_line() -> None:
    text = "Caught TrainError in DataLoader worker.\nTraceback ...\nsolutions.recipes.TrainError: x"
    assert trainer.one_line(trainer.TrainError(text)) == "x"
    assert trainer.one_line(OSError(28, "No space", "a.csv")) == "a.csv: No space"


def test_the_sample_is_without_chance(data: Path) -> None:
    pictures = CheckedImages.from_files(data, include=["train"])
    assert len(pictures) == 21 and all(isinstance(p, Image.Image) for p in pictures[:3])
