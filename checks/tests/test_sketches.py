"""`solutions.trainer.sketches`: the folder that it leaves, and how."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from solutions.trainer.sketches import GREY, MARKER, NAMES, draw_sketches, picture

REPOSITORY = Path(__file__).resolve().parents[2]
FEW = {"train_per_class": 3, "valid_per_class": 2}


def content(root: Path) -> dict[str, bytes]:
    return {str(f.relative_to(root)): f.read_bytes() for f in root.rglob("*") if f.is_file()}


@pytest.fixture(scope="module")
def sketches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_sketches(tmp_path_factory.mktemp("data") / "sketches", **FEW)


def test_layout_is_that_of_imagenette(sketches: Path) -> None:
    for split, count in ("train", 3), ("val", 2):
        folders = sorted((sketches / split).iterdir())
        assert [folder.name for folder in folders] == sorted(NAMES)
        for folder in folders:
            names = [file.name for file in folder.iterdir()]
            assert len(names) == count
            assert all(name.endswith(".JPEG") for name in names)


def test_nothing_else_is_left_beside_or_inside(sketches: Path) -> None:
    assert [p.name for p in sketches.parent.iterdir()] == [sketches.name]
    assert sorted(p.name for p in sketches.iterdir()) == [MARKER, "train", "val"]


def test_the_classes_have_imagenettes_names() -> None:
    assert len(NAMES) == 10
    assert NAMES["n02102040"] == "English springer"
    assert NAMES["n03394916"] == "French horn"


def test_pictures_are_jpeg_of_64_to_200_pixels_in_several_shapes(sketches: Path) -> None:
    shapes = set()
    for file in sketches.rglob("*.JPEG"):
        with Image.open(file) as img:
            assert img.format == "JPEG"
            assert img.mode in ("RGB", "L")
            assert 64 <= min(img.size) <= max(img.size) <= 200
            shapes.add(round(img.width / img.height, 1))
    assert len(shapes) >= 4


def test_some_pictures_are_grey() -> None:
    modes = [picture(wnid, Random(f"grey {i}")).mode for wnid in NAMES for i in range(15)]
    assert GREY >= 0.03
    assert 0 < modes.count("L") / len(modes) <= 0.1


def test_no_two_pictures_are_the_same(sketches: Path) -> None:
    files = [f.read_bytes() for f in sketches.rglob("*.JPEG")]
    assert len(set(files)) == len(files) == 50


@pytest.mark.parametrize("processes", [1, 3])
def test_any_number_of_processes_draws_the_same(
    sketches: Path, tmp_path: Path, processes: int
) -> None:
    again = draw_sketches(tmp_path / "again", **FEW, processes=processes)
    assert content(again) == content(sketches)


def test_another_seed_draws_other_pictures(sketches: Path, tmp_path: Path) -> None:
    other = draw_sketches(tmp_path / "other", 1, 1, seed=12)
    assert not set(content(other).values()) & set(content(sketches).values())


def test_a_larger_set_begins_with_the_smaller_one(sketches: Path, tmp_path: Path) -> None:
    small = content(draw_sketches(tmp_path / "small", 1, 1))
    del small[MARKER]
    assert small.items() <= content(sketches).items()


def test_what_is_there_is_not_drawn_again(sketches: Path) -> None:
    before = {f: f.stat().st_mtime_ns for f in sketches.rglob("*")}
    assert draw_sketches(sketches, **FEW) == sketches
    assert {f: f.stat().st_mtime_ns for f in sketches.rglob("*")} == before


def test_an_older_recipe_is_drawn_anew(tmp_path: Path) -> None:
    root = draw_sketches(tmp_path / "sketches", 1, 1)
    wanted = content(root)
    (root / MARKER).write_text('{"recipe": "older"}')
    next(root.rglob("*.JPEG")).write_bytes(b"older")
    assert content(draw_sketches(root, 1, 1)) == wanted
    assert [p.name for p in tmp_path.iterdir()] == ["sketches"]


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="something other than sketches"):
        draw_sketches(tmp_path, 1, 1)
    assert content(tmp_path) == {"mine.txt": b"mine"}


def test_a_killed_call_leaves_nothing_half_done_and_the_next_goes_on(
    sketches: Path, tmp_path: Path
) -> None:
    root = tmp_path / "sketches"
    code = f"from solutions.trainer.sketches import *; draw_sketches(Path({str(root)!r}), **{FEW})"
    child = subprocess.Popen([sys.executable, "-c", code], cwd=REPOSITORY, start_new_session=True)
    while not (drawn := list(tmp_path.rglob("*.JPEG"))):
        assert child.poll() is None, "ended before it was killed"
        time.sleep(0.001)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    assert not root.exists()
    drawn[0].with_suffix(".7.part").write_text("half")
    assert content(draw_sketches(root, **FEW)) == content(sketches)
    assert [p.name for p in tmp_path.iterdir()] == ["sketches"]


def test_an_error_of_the_one_who_draws_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        draw_sketches(tmp_path / "file" / "sketches", 1, 1)
