"""What people really have: a corpus of odd pictures, folders, labels, archives and checkpoints."""

import csv
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import tarfile
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from solutions.trainer import checkpoints, datasets, predict, report
from solutions.trainer import train as trainer
from solutions.trainer.checkpoints import SEALED, alone_in, load_checkpoint, sealed
from solutions.trainer.datasets import DataError, find_data
from solutions.trainer.folders import by_hash, folders_below, read_layout
from solutions.trainer.opening import ENDINGS
from solutions.trainer.options import parse
from solutions.trainer.pictures import CheckedImages
from solutions.trainer.recipes import Setting, TrainError

TINY = ["size=8", "widths=4", "batch_size=8", "epochs=1", "workers=0", "lsuv=0"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own to run in, one thread, and no plots but where a test wants them."""
    for name in "plot_curves", "plot_confusion", "plot_mistakes":
        monkeypatch.setattr(trainer, name, lambda *args: args[-1].touch())
    monkeypatch.chdir(tmp_path)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield tmp_path
    torch.set_num_threads(threads)


def draw(path: Path, seed: int = 0) -> Path:
    """A small picture of noise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = random.Random(f"{path.name} {seed}").randbytes(300)
    Image.frombytes("RGB", (10, 10), noise).save(path)
    return path


def data_set(root: Path, n: int = 4, names: tuple[str, str] = ("train", "val")) -> Path:
    """Two classes with `n` pictures each in either part."""
    for part in names:
        for i in range(2 * n):
            draw(root / part / "ab"[i % 2] / f"{i}.png")
    return root


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that the trainer says instead of training."""
    capsys.readouterr()
    assert trainer.main([*TINY, *arguments]) == 2
    said = capsys.readouterr().err
    assert said.startswith("train: ") and said.count("\n") == 1, said
    return said


def opened(path: Path) -> Image.Image:
    """The picture as the trainer opens it; any warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return CheckedImages([path])[0]


# Pictures


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_grey_of_16_bits_is_scaled(ending: str, here: Path) -> None:
    values = np.array([[0, 256, 32768, 65535]], dtype=np.uint16)
    Image.fromarray(values).save(here / f"x.{ending}")
    assert np.asarray(opened(here / f"x.{ending}")).tolist() == [[0, 1, 128, 255]]


def test_floats_count_from_0_to_1(here: Path) -> None:
    Image.fromarray(np.array([[0.0, 0.5, 1.0]], dtype=np.float32)).save(here / "x.tif")
    assert np.asarray(opened(here / "x.tif")).tolist() == [[0, 128, 255]]
    Image.fromarray(np.array([[0.0, 0.5, 700.0]], dtype=np.float32)).save(here / "y.tif")
    with pytest.raises(TrainError, match="y.tif aren't all from 0 to 1"):
        opened(here / "y.tif")


@pytest.mark.parametrize(("name", "mode"), [("x.tif", "I"), ("y.tif", "LAB")])
def test_numbers_without_a_known_range_are_refused(name: str, mode: str, here: Path) -> None:
    Image.new(mode, (3, 3)).save(here / name)
    with pytest.raises(TrainError, match=f"{name} has mode {mode}"):
        opened(here / name)


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif"])
def test_a_picture_is_upright(ending: str, here: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    Image.new("RGB", (6, 2)).save(here / f"x.{ending}", exif=exif)
    assert opened(here / f"x.{ending}").size == (2, 6)


@pytest.mark.parametrize("name", ["x.jpg", "x.png", "x.eps"])
def test_no_program_is_run_that_is_called_a_picture(name: str, here: Path) -> None:
    (here / name).write_text("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n{} loop\n")
    with pytest.raises(TrainError, match=f"{name}: it's a PostScript program"):
        opened(here / name)


def test_damaged_exif_says_nothing(here: Path) -> None:
    Image.new("RGB", (6, 2)).save(here / "x.jpg", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert opened(here / "x.jpg").size == (6, 2)


def test_a_palette_with_byte_transparency_is_quiet(here: Path) -> None:
    img = Image.new("P", (4, 4), 1)
    img.putpalette([0, 0, 0, 200, 100, 50])
    img.save(here / "x.png", transparency=b"\x00\x80")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert opened(here / "x.png").convert("RGB").getpixel((0, 0)) == (200, 100, 50)


def test_a_huge_picture_is_quiet(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw(here / "x.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 70)
    assert opened(here / "x.png").size == (10, 10)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 40)
    with pytest.raises(TrainError, match="x.png"):
        opened(here / "x.png")


def test_which_files_are_pictures_depends_on_no_table(here: Path) -> None:
    root = data_set(here / "data")
    (root / "train" / "a" / "drawing.svg").write_text("<svg/>")
    draw(root / "train" / "a" / "new.webp")
    names = {f.name for f in read_layout(root, Setting()).files}
    assert "new.webp" in names and "drawing.svg" not in names
    assert ".svg" not in ENDINGS and {".webp", ".jpeg", ".png", ".tif"} <= ENDINGS


@pytest.mark.parametrize("cls", ["猫咪", "a$b^c$", "x" * 200])
def test_odd_names_of_classes_are_drawn(cls: str, here: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = torch.tensor([[3, 1], [0, 4]])
        report.plot_confusion(table, [cls, "b"], here / "x.png")
    assert (here / "x.png").exists()


def test_names_that_are_no_text_train(here: Path) -> None:
    root = data_set(here / "data")
    try:
        os.rename(root / "train" / "a", os.fsencode(root / "train") + b"/\xff")
    except OSError:
        pytest.skip("this file system has only names that are text")
    os.rename(root / "val" / "a", os.fsencode(root / "val") + b"/\xff")
    assert trainer.main([f"data={root}", *TINY, "out=run"]) == 0


def test_one_colour_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = data_set(here / "data")
    for path in root.rglob("*.png"):
        Image.new("RGB", (10, 10), (9, 9, 9)).save(path)
    assert "one and the same colour" in refused(capsys, f"data={root}")


def test_a_channel_without_variation_trains(here: Path) -> None:
    root = data_set(here / "data")
    for path in root.rglob("*.png"):
        with Image.open(path) as img:
            red = img.getchannel(0)
        Image.merge("RGB", [red, red, Image.new("L", red.size)]).save(path)
    assert trainer.main([f"data={root}", *TINY, "out=run"]) == 0


# Folders


def test_links_are_followed_and_loops_are_not(here: Path) -> None:
    root = data_set(here / "data")
    draw(here / "elsewhere" / "1.png")
    (root / "train" / "c").symlink_to(here / "elsewhere")
    (root / "train" / "a" / "linked.png").symlink_to(here / "elsewhere" / "1.png")
    (root / "train" / "a" / "loop").symlink_to(root / "train")
    files = read_layout(root, Setting()).files
    found = {f.relative_to(root).as_posix().removeprefix("train/") for f in files}
    assert {"c/1.png", "a/linked.png"} <= found
    assert not any("loop/a" in name for name in found)
    assert len(list(folders_below(root))) < 20


@pytest.mark.parametrize("name", ["val", "valid", "validation", "test"])
def test_the_part_for_validation_has_several_names(name: str, here: Path) -> None:
    root = data_set(here / "data", names=("train", name))
    assert find_data(root, "cache") == root
    layout = read_layout(root, Setting())
    assert sum(map(bool, map(layout.is_valid, layout.files))) == 8


def test_class_folders_are_split_by_their_names(here: Path) -> None:
    root = here / "data"
    for i in range(120):
        draw(root / "ab"[i % 2] / f"{i}.png")
    with pytest.raises(DataError, match="split=0.2"):
        find_data(root, "cache")
    found = find_data(root, "cache", flat=True)
    layout = read_layout(found, Setting(split=0.2))
    valid = {f for f in layout.files if layout.is_valid(f)}
    assert 10 <= len(valid) <= 40
    more = [draw(root / "a" / f"more{i}.png") for i in range(9)]
    again = read_layout(found, Setting(split=0.2))
    assert {f for f in again.files if again.is_valid(f)} - set(more) == valid
    assert by_hash(Path("x/a/1.png"), 0.2) == by_hash(Path("y/z/a/1.png"), 0.2)
    assert trainer.main([f"data={root}", "split=0.2", *TINY, "out=run"]) == 0


LABELS = "path,noisy_0,noisy_50,is_valid\n"


def test_labels_can_come_from_a_table(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = data_set(here / "data")
    rows = [
        f"{f.relative_to(root).as_posix()},{f.parent.name},{'xy'[int(f.stem) % 2]},"
        f"{f.parent.parent.name == 'val'}"
        for f in sorted(root.rglob("*.png"))
    ]
    (root / "noisy.csv").write_text(LABELS + "\n".join(rows))
    asked = [f"data={root}", "labels=noisy.csv"]
    assert "column= one of noisy_0, noisy_50" in refused(capsys, *asked)
    assert "no column 'nosy'" in refused(capsys, *asked, "column=nosy")
    assert trainer.main([*asked, "column=noisy_50", *TINY, "out=run"]) == 0
    assert load_checkpoint(Path("run/checkpoint.pt"))["vocab"] == ["x", "y"]
    assert "labels=" in refused(capsys, f"data={root}", "column=noisy_50")


@pytest.mark.parametrize("text", ["", "path,label\ntrain/a/0.png\n", "path,label\nno.png,x\n"])
def test_a_table_that_does_not_fit_is_told(
    text: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = data_set(here / "data")
    (here / "labels.csv").write_text(text)
    assert "labels.csv" in refused(capsys, f"data={root}", "labels=labels.csv")


ROWS = [f"{part}/{'ab'[i % 2]}/{i}.png" for part in ("train", "val") for i in range(4)]


def rows_of(form: str, root: Path) -> str:
    """Rows of a table of labels: of P the path, of L the label, of V the part."""
    rows = [form.replace("L", o.split("/")[1]).replace("V", str(o[0] == "v")) for o in ROWS]
    return "\n".join(r.replace("P", o) for r, o in zip(rows, ROWS, strict=True))


FORMS = {
    "commas": "path,label,is_valid\nP,L,V",
    "semicolons": "path;label;is_valid\nP;L;V",
    "tabs": "path\tlabel\tis_valid\nP\tL\tV",
    "spaces": "path, label, is_valid\n P, L , V ",
    "from here": "path,label,is_valid\n./P,L,V",
    "absolute": "path,label,is_valid\n{root}/P,L,V",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_may_be_written_in_many_ways(form: str, here: Path) -> None:
    root = data_set(here / "data", 2)
    head, _, row = FORMS[form].partition("\n")
    rows = rows_of(row, root).replace("{root}", str(root))
    (here / "labels.csv").write_text(f"\ufeff{head}\r\n{rows}\n", encoding="utf-8")
    layout = read_layout(root, Setting(labels="labels.csv"))
    assert len(layout.files) == 8 and {layout.label(f) for f in layout.files} == {"a", "b"}
    assert [layout.is_valid(f) for f in layout.files] == [False] * 4 + [True] * 4


def test_a_table_from_windows_is_read(here: Path) -> None:
    root = data_set(here / "data", 2)
    rows = rows_of("P,L", root).replace("/", "\\")
    (here / "labels.csv").write_text(f"path,label\n{rows}")
    assert len(read_layout(root, Setting(labels="labels.csv")).files) == 8


def test_rows_without_a_picture_are_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = data_set(here / "data")
    rows = rows_of("P,L,V", root) + "\nno\n.png,a,0\n../x.png,a,0\nhttp://x/y.png,b,0\n"
    (here / "labels.csv").write_text(f"path,label,Is_Valid\n{rows}".replace("no\n", "no"))
    assert trainer.main([f"data={root}", "labels=labels.csv", *TINY, "out=run"]) == 0
    said = capsys.readouterr().out
    assert "labels.csv names them and there's none: 2, such as no.png\n" in said
    assert f"labels.csv names them outside {root}: 1, such as ../x.png\n" in said


def test_pictures_without_a_row_are_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = data_set(here / "data")
    (here / "labels.csv").write_text(f"path,label,is_valid\n{rows_of('P,L,V', root)}")
    assert trainer.main([f"data={root}", "labels=labels.csv", *TINY, "out=run"]) == 0
    told = "labels.csv has no row for them: 8, such as train/a/4.png\n"
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (b"path,label\ntrain/a/0.png,blue, light\n", "too many cells in line 2; quote"),
        (b"path,label\n\n\ntrain/a/0.png\n", "too few cells in line 4"),
        (b"path,label,is_valid\n", "has a line of names and no rows"),
        (b"path,label\ntrain/a/0.png,caf\xe9\n", "isn't encoded as UTF-8"),
        (b"path,label,is_valid\ntrain/a/0.png,a,1\nval/b/1.png,b,1\n", "no picture for training"),
    ],
)
def test_a_table_that_is_no_good_is_told_why(
    table: bytes, told: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = data_set(here / "data")
    (here / "labels.csv").write_bytes(table)
    assert told in refused(capsys, f"data={root}", "labels=labels.csv")


def test_empty_cells_at_the_end_of_a_row_are_nothing(here: Path) -> None:
    root = data_set(here / "data", 2)
    (here / "labels.csv").write_text(f"path,label,is_valid\n{rows_of('P,L,V,,', root)}")
    assert len(read_layout(root, Setting(labels="labels.csv")).files) == 8


def test_a_file_is_no_folder_for_a_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = data_set(here / "data")
    (here / "thesis.txt").write_text("mine")
    assert "is a file: out= names a folder" in refused(capsys, f"data={root}", "out=thesis.txt")


def test_numbers_of_rows_are_no_labels(here: Path) -> None:
    root = data_set(here / "data", 2)
    rows = "\n".join(f"{i},{o}" for i, o in enumerate(rows_of("P,L,V", root).splitlines()))
    (here / "labels.csv").write_text(f",path,label,is_valid\n{rows}\n")  # as pandas writes them
    layout = read_layout(root, Setting(labels="labels.csv"))
    assert {layout.label(f) for f in layout.files} == {"a", "b"} and len(layout.files) == 8


WRONG_TABLES = {
    "no path in line 2": "path,label\n,a",
    "no column is_valid: split=0.2": "path,label\nx.png,a",
    "only others, such as 'x'": "path,label,is_valid\nx,a,0",
    "no column with labels": "PK\3\4",
    "a/0.png has two labels": "path,label\ntrain/a/0.png,a\ntrain/a/0.png,b",
    "is in training and in validation": "path,label,is_valid\nx.png,a,1\n./x.png,a,0",
    "is_valid is 'maybe' in line 2": "path,label,is_valid\nx.png,a,maybe",
    "no label in line 3": "path,label\nx.png,a\ny.png,",
    "two columns called 'label'": "path,label,label\nx.png,a,b",
    "labels.csv is empty": "",
}


@pytest.mark.parametrize("said", WRONG_TABLES)
def test_a_table_that_contradicts_itself_is_told(said: str, here: Path) -> None:
    (here / "labels.csv").write_text(WRONG_TABLES[said])
    with pytest.raises(TrainError, match=said):
        read_layout(here, Setting(labels="labels.csv"))


def test_a_link_to_itself_is_left_out(here: Path) -> None:
    root = data_set(here / "data", 2)
    (root / "train" / "a" / "x.png").symlink_to("x.png")
    layout = read_layout(root, Setting())
    assert len(layout.files) == 8 and [o.name for o in layout.odd] == ["x.png"]


@pytest.mark.parametrize("name", ["c", "c.jpg"])
def test_a_link_to_nothing_is_told(
    name: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = data_set(here / "data", 2)
    (root / "train" / name).symlink_to("../moved")
    assert f"train/{name} isn't a file" in refused(capsys, f"data={root}")
    (root / "train" / "notes.txt").symlink_to("../moved.txt")
    assert [o.name for o in read_layout(root, Setting()).odd] == [name]


def test_two_classes_that_are_one_folder_are_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = data_set(here / "data", 2)
    (root / "train" / "c").symlink_to("a")
    (root / "val" / "c").symlink_to("../train/b")
    assert "one and the same folder" in refused(capsys, f"data={root}")


@pytest.mark.parametrize("there", [False, True])
def test_a_run_that_never_began_leaves_no_folder_behind(
    there: bool, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if there:
        Path("mine").mkdir()
    refused(capsys, "data=nowhere", "out=mine")
    assert Path("mine").exists() == there


def test_pictures_of_runs_are_not_trained_with(here: Path) -> None:
    for cls in "ab":
        for i in range(9):
            draw(here / "data" / cls / f"{i}.png")
    for cls, name in ("a", "curves.png"), ("a", "7.png"), ("runs/quick-1", "mistakes.png"):
        draw(here / "data" / cls / name)
    (here / "data" / "runs" / "quick-1" / "checkpoint.pt").touch()
    draw(here / "data" / "runs" / "lrfind-1" / "lrfind.png").with_suffix(".csv").touch()
    files = read_layout(here / "data", Setting(split=0.2)).files
    assert {f.parent.name for f in files} == {"a", "b"} and len(files) == 19


def test_what_is_split_already_is_not_split_again(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = data_set(here / "data", names=("train", "test"))
    assert "leave out split=" in refused(capsys, f"data={root}", "split=0.2")
    assert read_layout(root / "train", Setting(split=0.2)).files


def test_what_is_refused_leaves_no_folder(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, "data=nowhere")
    assert not Path("runs/quick-1").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are Unix's")
def test_a_pipe_is_no_table(here: Path) -> None:
    os.mkfifo(here / "labels.csv")
    with pytest.raises(TrainError, match="isn't a file"):
        read_layout(here, Setting(labels="labels.csv"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are Unix's")
def test_a_pipe_among_the_pictures_is_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = data_set(here / "data")
    os.mkfifo(root / "train" / "a" / "pipe.png")
    (root / "train" / "a" / "broken.png").symlink_to("nowhere.png")
    assert "isn't a file" in refused(capsys, f"data={root}")
    assert trainer.main([f"data={root}", *TINY, "out=run", "skip_bad=1"]) == 0
    assert len(json.loads(Path("run/recipe.json").read_text())["skipped"]) == 2


def test_pictures_that_lie_elsewhere_are_counted(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = data_set(here / "data")
    draw(root / "train" / "a" / "deeper" / "1.png")
    assert trainer.main([f"data={root}", *TINY, "out=run"]) == 0
    assert "directly in a class folder: 1, such as " in capsys.readouterr().out


def test_files_that_are_no_pictures_are_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = data_set(here / "data")
    for name in "1.heic", "notes", "Thumbs.db", ".DS_Store":
        (root / "train" / "a" / name).write_text("not for Pillow")
    (root / "train" / "README.txt").write_text("about the classes")
    assert trainer.main([f"data={root}", *TINY, "out=run"]) == 0
    told = f"their endings aren't those of pictures: 2, such as {root}/train/a/1.heic\n"
    assert told in capsys.readouterr().out


@pytest.mark.parametrize("ending", ["ico", "pcx", "qoi", "sgi", "JPF", "psd"])
def test_rarer_kinds_of_pictures_count(ending: str, here: Path) -> None:
    root = data_set(here / "data")
    (root / "train" / "a" / f"new.{ending}").touch()
    assert f"new.{ending}" in {f.name for f in read_layout(root, Setting()).files}


def test_a_second_folder_for_validation_is_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = data_set(here / "data")
    draw(root / "test" / "a" / "1.png")
    assert trainer.main([f"data={root}", *TINY, "out=run"]) == 0
    assert "validation is in 'val': 1, such as " in capsys.readouterr().out


def test_accents_are_the_same_in_all_their_forms(here: Path) -> None:
    root = here / "data"
    one, two = "caf\u00e9", "cafe\u0301"  # as Linux writes it, and as macOS does
    for part, name in ("train", two), ("val", one):
        draw(root / part / name / "1.png"), draw(root / part / "b" / "1.png")
    found = read_layout(root, Setting())
    assert {found.label(f) for f in found.files} == {one, "b"}
    rows = "".join(f"{f.parent.parent.name}/{one}/1.png,x\n" for f in found.files)
    (here / "labels.csv").write_text(f"path,label\n{rows}", encoding="utf-8")
    assert len(read_layout(root, Setting(labels="labels.csv", split=0.5)).files) == 2


def test_no_error_lists_a_thousand_classes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for i in range(200):
        draw(here / "data" / "train" / f"c{i}" / "1.png")
    draw(here / "data" / "val" / "c200" / "1.png")
    said = refused(capsys, "data=data")
    assert "'c200'" in said and len(said) < 300


def test_of_many_classes_the_most_confused_are_drawn(here: Path) -> None:
    table = torch.eye(1000, dtype=torch.long) * 50
    table[7, 500] = 30
    assert {7, 500} <= set(report.most_confused(table, 20).tolist())
    report.plot_confusion(table, [f"c{i}" for i in range(1000)], here / "x.png")
    with Image.open(here / "x.png") as img:
        assert max(img.size) < 2000


# Archives


def bomb(kind: str) -> bytes:
    """An archive of a few kilobytes that says it holds a gigabyte of zeros."""
    out, size = io.BytesIO(), 1 << 22
    if kind == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("x/train/a/1.png", bytes(size))
    else:
        with tarfile.open(fileobj=out, mode="w:gz") as tar:
            member = tarfile.TarInfo("x/train/a/1.png")
            member.size = size
            tar.addfile(member, io.BytesIO(bytes(size)))
    return out.getvalue()


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_what_the_disk_cannot_hold_is_not_unpacked(
    kind: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / f"bomb.{kind}").write_bytes(bomb(kind))
    small = type("Usage", (), {"free": 1 << 20})
    monkeypatch.setattr(datasets.shutil, "disk_usage", lambda path: small)
    with pytest.raises(DataError, match="unpacks to more than"):
        find_data(here / f"bomb.{kind}", here / "cache")
    assert not list((here / "cache").glob("bomb*"))


# Checkpoints


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The checkpoint of a run."""
    folder = tmp_path_factory.mktemp("saved")
    data_set(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        for name in "plot_curves", "plot_confusion", "plot_mistakes":
            patch.setattr(trainer, name, lambda *args: args[-1].touch())
        assert trainer.main([f"data={folder / 'data'}", *TINY, f"out={folder / 'run'}"]) == 0
    return (folder / "run" / "checkpoint.pt").read_bytes()


def test_torch_reads_a_checkpoint_as_ever(saved: bytes) -> None:
    assert torch.load(io.BytesIO(saved), weights_only=True)["epoch"] == 1
    assert SEALED.search(saved)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99, 0.9999])
def test_a_truncated_checkpoint_is_told(share: float, saved: bytes, here: Path) -> None:
    (here / "x.pt").write_bytes(saved[: int(share * len(saved))])
    with pytest.raises(TrainError, match="only a part of one"):
        load_checkpoint(here / "x.pt")


def test_every_flipped_bit_is_told(saved: bytes, here: Path) -> None:
    rng = random.Random(0)
    for _ in range(60):
        content, at = bytearray(saved), rng.randrange(len(saved))
        content[at] ^= 1 << rng.randrange(8)
        (here / "x.pt").write_bytes(content)
        with pytest.raises(TrainError):
            load_checkpoint(here / "x.pt")


def test_other_versions_and_forks_are_told(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save({"model": {}}, here / "foreign.pt")
    assert "isn't a checkpoint of this trainer" in refused(capsys, "resume=foreign.pt")
    (here / "empty.pt").write_bytes(sealed({"model": {}}))
    assert "isn't a checkpoint" in refused(capsys, "resume=empty.pt")
    fork = {"recipe": {"colour": 1}, "setting": {}, "vocab": [], "model": {}}
    (here / "fork.pt").write_bytes(sealed(fork))
    assert "other options" in refused(capsys, "resume=fork.pt")
    monkeypatch.setattr(checkpoints, "VERSION", 3)
    (here / "later.pt").write_bytes(sealed({"model": {}}))
    monkeypatch.setattr(checkpoints, "VERSION", 2)
    assert "has version 3, and this trainer reads 2" in refused(capsys, "resume=later.pt")


def test_a_checkpoint_is_on_the_disk_before_it_has_its_name(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda o: (done.append("fsync"), fsync(o)))
    monkeypatch.setattr(os, "replace", lambda a, b: (done.append("replace"), replace(a, b)))
    checkpoints.save_whole(lambda beside: beside.write_text("x"), here / "x")
    assert done == ["fsync", "replace", "fsync"]


def test_two_trainings_in_one_folder_are_refused(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = data_set(here / "data")
    (here / "run").mkdir()
    with alone_in(here / "run"):
        assert "another training is at work in run" in refused(capsys, f"data={root}", "out=run")
    assert trainer.main([f"data={root}", *TINY, "out=run"]) == 0


def test_other_pictures_are_told_at_resume(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = data_set(here / "data")
    assert trainer.main([f"data={root}", *TINY, "out=run"]) == 0
    (here / "run" / "curves.png").unlink()
    assert trainer.main(["resume=run"]) == 0
    assert "not the pictures" not in capsys.readouterr().out
    draw(root / "train" / "a" / "more.png")
    (here / "run" / "curves.png").unlink()
    assert trainer.main(["resume=run"]) == 0
    assert "not the pictures that this run began with" in capsys.readouterr().out
    assert trainer.main(["resume=run"]) == 0
    assert "nothing left to do" in capsys.readouterr().out


# Options


def test_resume_takes_no_other_recipe(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = data_set(here / "data")
    assert trainer.main([f"data={root}", *TINY, "out=run"]) == 0
    capsys.readouterr()
    assert trainer.main(["resume=run", "recipe=best"]) == 2
    assert "leave out recipe=" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["augment=none", "degrees=30"], "degrees= has no effect with augment=none"),
        (["device=meta"], "'meta'"),
        (["split=2"], "split must be at most 0.9"),
        (["parts=nothing.py"], "parts=nothing.py"),
        (["resume="], "--resume: it's empty"),
        (["start= "], "--start: it's empty"),
        (["start=nothing"], "no checkpoint in nothing"),
    ],
)
def test_options_end_in_one_line(
    options: list[str], part: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert part in refused(capsys, f"data={data_set(here / 'data')}", *options)


def test_what_torch_raises_for_a_configuration_is_one_line(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = data_set(here / "data")
    said = refused(capsys, f"data={root}", "batch_size=1", "norm=batch")
    assert "more than 1 value per channel" in said and "traceback=1" in said


def test_the_help_names_every_data_set(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["help=1"], "make train")
    said = capsys.readouterr().out
    assert all(name in said for name in datasets.ARCHIVES)


def test_ctrl_c_while_torch_is_loaded_is_one_line() -> None:
    code = "from solutions.trainer.make import quiet_start; quiet_start('train'); "
    code += "print('loading', flush=True); import time; time.sleep(60)"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process: subprocess.Popen[str] = subprocess.Popen(
        [sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[2], **pipes
    )
    assert process.stdout and process.stdout.readline() == "loading\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130 and said == "train: interrupted\n"


# Predict


@pytest.fixture
def run(saved: bytes, here: Path) -> Path:
    """The folder of a run."""
    (here / "run").mkdir()
    (here / "run" / "checkpoint.pt").write_bytes(saved)
    return here / "run"


def test_one_bad_file_costs_no_other_its_answer(
    run: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for i in range(3):
        draw(here / "new" / f"{i}.png")
    (here / "new" / "bad.png").write_text("no picture")
    assert predict.main(["image=new", "run=run", "json=a.json", "csv=a.csv"]) == 1
    out, err = capsys.readouterr()
    assert out.count(".png  ") == 3 and "bad.png" in err and "skip_bad" not in err
    assert "1 of 4 couldn't be read" in err
    found = json.loads((here / "a.json").read_text())
    assert len(found) == 4 and sum("error" in o for o in found) == 1
    assert all(abs(sum(o["probabilities"].values()) - 1) < 1e-4 for o in found if "error" not in o)
    rows = list(csv.DictReader((here / "a.csv").open()))
    assert [r["predicted"] in ("a", "b") for r in rows] == [True] * 3 + [False]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are Unix's")
def test_predict_opens_no_pipe_and_prints_no_control_characters(
    run: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw(here / "new" / "a\nb\x1b[2J.png")
    (here / "new" / "c\nd.png").write_text("no picture")
    os.mkfifo(here / "new" / "pipe.png")
    assert predict.main(["image=new", "run=run"]) == 1
    out, err = capsys.readouterr()
    assert r"a\nb\x1b[2J.png  " in out and "\x1b" not in out + err
    assert r"c\nd.png" in err and "pipe.png isn't a file" in err and err.count("\n") == 3


def test_names_of_classes_are_printed_in_one_line() -> None:
    assert list(predict.said([1.0, 0.0], ["a\n\x1b[31m", "b"], 1)) == [r"a\n\x1b[31m 100.0 %"]


def test_predict_writes_over_no_picture(
    run: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = draw(here / "1.png")
    content = picture.read_bytes()
    for options in ("csv=1.png", "json=o csv=./o", f"json={here}", "json=no/such.json"):
        assert predict.main([str(picture), "run=run", *options.split()]) == 2
        found = capsys.readouterr()
        assert re.search("name another|the folder no", found.err) and not found.out
    assert picture.read_bytes() == content and not (here / "o").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are Unix's")
def test_nothing_takes_the_place_of_a_pipe(here: Path) -> None:
    os.mkfifo(here / "pipe")
    with pytest.raises(FileExistsError):
        checkpoints.save_json({}, here / "pipe")
    assert (here / "pipe").is_fifo() and len(list(here.iterdir())) == 1


def test_predict_refuses_what_it_does_not_know(
    run: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = str(draw(here / "1.png"))
    cases = [("rnu=run", "rnu"), ("device=meta run=run", "'meta'"), ("run=none", "none")]
    for options, part in cases:
        assert predict.main([picture, *options.split()]) == 2
        said = capsys.readouterr().err
        assert part in said and said.count("\n") == 1
    with pytest.raises(SystemExit) as ended:
        predict.main(["help=1"])
    assert not ended.value.code and "--json" in capsys.readouterr().out
    assert predict.main([picture, "run=run", "device=cpu"]) == 0
