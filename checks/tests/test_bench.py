"""The benches measure what they say; how fast anything is depends on the machine."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from solutions.trainer import bench
from solutions.trainer.recipes import Recipe

TINY = Recipe(size=8, batch_size=4, widths=(4,), lsuv=False, augment="none")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few of everything."""
    monkeypatch.setattr(bench, "FILES", 60)
    monkeypatch.setattr(bench, "BATCHES", 2)


def test_every_way_finds_the_same_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.made_up_files(tmp_path)
    assert len(list(tmp_path.glob("*/*/*.JPEG"))) == 60
    found = bench.bench_files(repeats=1)
    assert next(iter(found)) == "get_files" and len(found) >= 6
    said = capsys.readouterr().out
    assert all(name in said for name in found)
    monkeypatch.setattr(bench, "scanned", lambda root: [])
    with pytest.raises(AssertionError, match="os.scandir finds other files"):
        bench.bench_files(repeats=1)


def test_both_loops_train_alike(capsys: pytest.CaptureFixture[str]) -> None:
    found = bench.bench_training(TINY, repeats=1)
    assert list(found) == ["torch, by hand", "Learner and callbacks"]
    said = capsys.readouterr().out
    assert "1.00" in said and all(name in said for name in found)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two classes of five one-coloured pictures in either part."""
    for split in "train", "val":
        for name in "ab":
            (tmp_path / split / name).mkdir(parents=True)
            for i in range(5):
                colour = (40 * i, 9 * i, 200)
                Image.new("RGB", (9, 9), colour).save(tmp_path / split / name / f"{i}.png")
    return tmp_path


def test_the_loader_is_measured_with_and_without_workers(root: Path) -> None:
    found = bench.bench_loader(root, TINY)
    assert {0, 1} <= set(found)
    assert all(speed > 0 and share > 0 for speed, share in found.values())


def test_epochs_are_compared_in_one_run(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(bench.bench_kept(root, TINY, repeats=1)) == ["from the files", "kept as bytes"]
    assert list(bench.bench_precision(root, TINY, repeats=1)) == ["float32", "bfloat16"]
    assert list(bench.bench_where(root, TINY, repeats=1)) == [
        *("decode", "augment", "forward", "backward", "step")
    ]
    assert "share" in capsys.readouterr().out


def test_an_unknown_bench_is_told() -> None:
    with pytest.raises(SystemExit, match="files, training, loader, kept, precision, where"):
        bench.main(["filez"])


def test_the_two_loops_do_the_same_arithmetic() -> None:
    """Without a schedule, our Adam and torch's AdamW end at the same weights."""
    torch.manual_seed(0)
    batches = [(torch.randn(4, 3, 8, 8), torch.randint(10, (4,))) for _ in range(3)]
    nets = [bench.make_network(TINY, 10) for _ in "ab"]
    nets[1].load_state_dict(nets[0].state_dict())
    constant = Recipe(**vars(TINY) | {"schedule": "constant"})
    bench.by_hand(nets[0], batches, constant)
    bench.by_learner(nets[1], batches, constant)
    for one, two in zip(nets[0].parameters(), nets[1].parameters(), strict=True):
        torch.testing.assert_close(one, two, rtol=1e-3, atol=1e-4)
