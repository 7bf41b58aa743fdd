"""Sketches: a data set of ten classes in Imagenette's layout, drawn from a seed.

Each picture has a random number generator of its own, so the files are the same however many
processes share the work.
"""

import json
import math
import os
import shutil
import signal
import subprocess
import sys
import zlib
from itertools import zip_longest
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageFilter
from tqdm import tqdm

from .drawings import BLACK, CLUTTER, DRAWINGS, WHITE, Coat, Colour, Drawing, Pen, any_colour, mix

NAMES = {wnid: name for wnid, (name, _, _) in DRAWINGS.items()}
MARKER = "sketches.json"
HERE = Path(__file__).resolve().parent
SHORTEST, LONGEST = 64, 200  # pixels of a side
SHAPES = (1.0, 1.0, 4 / 3, 4 / 3, 3 / 4, 3 / 2, 2 / 3, 16 / 9)  # width/height
GREY = 0.04  # share of greyscale pictures
CONTRAST = 90  # least distance of a background's colour from a thing's


def draw_sketches(
    root: Path,
    train_per_class: int = 400,
    valid_per_class: int = 100,
    seed: int = 11,
    processes: int | None = None,
) -> Path:
    """The folder `root`, with `train` and `val` and in them a folder for each class; drawn once.

    processes  how many draw; None for as many as there are cores

    What a killed call has drawn is kept next to `root`, and the next call continues from there. A
    folder of other counts, another seed or an older recipe is drawn again. FileExistsError if
    `root` holds something else.
    """
    root = Path(root).absolute()
    plan = {"seed": seed, "train": train_per_class, "val": valid_per_class}
    marker = json.dumps({"recipe": _recipe_version()} | plan)
    if _is_drawn(root, marker):
        return root
    if root.exists() and not (root / MARKER).exists() and any(root.iterdir()):
        raise FileExistsError(f"{root} holds something other than sketches; name another folder")
    draft = root.with_name(f".{root.name}.{zlib.crc32(marker.encode()):08x}.draft")
    for split in ("train", "val"):
        for wnid in NAMES:
            (draft / split / wnid).mkdir(parents=True, exist_ok=True)
    try:
        _share_out(draft, plan, processes or os.cpu_count() or 1)
        for part in draft.rglob("*.part"):  # of a killed call
            part.unlink()
        (draft / MARKER).write_text(marker)
        _put(draft, root)
    except OSError:
        if not _is_drawn(root, marker):  # else another process was first, with the same pictures
            raise
    return root


def _recipe_version() -> str:
    """Changes with every change of what is drawn, since it is made of the source."""
    sources = (HERE / f"{name}.py" for name in ("drawings", "sketches"))
    return f"{zlib.crc32(b''.join(s.read_bytes() for s in sources)):08x}"


def _is_drawn(root: Path, marker: str) -> bool:
    try:
        return (root / MARKER).read_text() == marker
    except OSError:
        return False


def _share_out(draft: Path, plan: dict[str, int], processes: int) -> None:
    """Draw into `draft`, in several processes."""
    # Programs of their own: a fork of a process with threads may hang, and what multiprocessing
    # spawns would import the caller's main module once more.
    command = [
        sys.executable,
        "-m",
        f"{HERE.parent.name}.{HERE.name}.sketches",
        str(draft),
        json.dumps(plan),
    ]
    children = [
        subprocess.Popen(
            [*command, str(k), str(processes)], cwd=HERE.parents[1], stdout=subprocess.PIPE
        )
        for k in range(processes)
    ]
    total = (plan["train"] + plan["val"]) * len(NAMES)
    try:
        with tqdm(desc="drawing", total=total, unit="picture", disable=None) as bar:
            for lines in zip_longest(*(child.stdout for child in children)):  # type: ignore
                bar.update(sum(line is not None for line in lines))
        for child in children:
            if code := child.wait():
                raise OSError(code, os.strerror(code) if code > 0 else "killed", str(draft))
    finally:
        for child in children:
            child.kill()
            child.communicate()


def _draw_share(draft: Path, plan: dict[str, int], share: int, shares: int) -> None:
    """Draw every `shares`-th picture that is not there yet; a line of output for each."""
    names = [
        (split, wnid, f"{wnid}_{i:04}.JPEG")
        for split in ("train", "val")
        for wnid in NAMES
        for i in range(plan[split])
    ]
    for split, wnid, name in names[share::shares]:
        file = draft / split / wnid / name
        if not file.exists():
            rng = Random(f"{plan['seed']} {split} {name}")
            beside = file.with_suffix(f".{os.getpid()}.part")
            picture(wnid, rng).save(beside, "JPEG", quality=rng.randint(70, 95))
            beside.replace(file)
        print(flush=True)


def _put(draft: Path, root: Path) -> None:
    """`draft` in the place of `root`."""
    old = root.with_name(f".{root.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if root.exists():
        root.rename(old)
    draft.rename(root)
    shutil.rmtree(old, ignore_errors=True)


def picture(wnid: str, rng: Random) -> Image.Image:
    """One picture of the class `wnid`."""
    size = _size(rng)
    pixels = np.random.default_rng(rng.getrandbits(64))
    coat = _coat(rng, DRAWINGS[wnid][2])
    img = _background(size, coat, rng, pixels)
    img = img.resize(
        (2 * size[0], 2 * size[1]), Image.Resampling.NEAREST
    )  # finer lines, halved later
    for _ in range(rng.randrange(4)):
        _add_clutter(img, rng, rng.uniform(0.06, 0.2))
    _add_thing(img, DRAWINGS[wnid][1], coat, rng)
    for _ in range(rng.choice((0, 0, 1))):
        _add_clutter(img, rng, rng.uniform(0.05, 0.15))
    img = _lit(img.resize(size, Image.Resampling.BOX), rng, pixels)
    return img.convert("L") if rng.random() < GREY else img


def _size(rng: Random) -> tuple[int, int]:
    shape, long = rng.choice(SHAPES), rng.uniform(110, LONGEST)
    wide, high = (long, long / shape) if shape > 1 else (long * shape, long)
    return max(SHORTEST, round(wide)), max(SHORTEST, round(high))


def _field(
    size: tuple[int, int], pixels: np.random.Generator, cells: tuple[int, int]
) -> np.ndarray:
    """Random numbers 0..1 on a grid of `cells`, blown up to `size`: `[h, w, 1]`."""
    grid = Image.fromarray(pixels.integers(0, 256, cells[::-1], dtype=np.uint8))
    return (
        np.asarray(grid.resize(size, Image.Resampling.BICUBIC), dtype=np.float32)[..., None] / 255
    )


def _background(
    size: tuple[int, int], coat: Coat, rng: Random, pixels: np.random.Generator
) -> Image.Image:
    """Two surfaces, one above the other: sky, wall, grass, boards or whatever they look like."""
    horizon = round(size[1] * rng.uniform(0.3, 1.3))
    parts = []
    for _ in range(2):
        cells = rng.choice((1, 2, 3, 8, 30)), rng.choice((1, 2, 3, 8, 30))
        share = _field(size, pixels, cells)
        one, two = (np.array(_unlike(coat, rng), dtype=np.float32) for _ in range(2))
        parts.append(one + (two - one) * share * rng.uniform(0.2, 0.8))
    parts[0][horizon:] = parts[1][horizon:]
    return Image.fromarray(parts[0].clip(0, 255).astype(np.uint8))


def _unlike(coat: Coat, rng: Random) -> Colour:
    """A colour on which a thing in `coat` is seen."""
    while True:
        colour = any_colour(rng)
        if min(math.dist(colour, coat.main), math.dist(colour, coat.light)) > CONTRAST:
            return colour


def _coat(rng: Random, usual: Colour) -> Coat:
    main = mix(usual, any_colour(rng), rng.choice((0.2, 1.0, 1.0)))
    second = any_colour(rng)
    return Coat(main, second, mix(any_colour(rng), BLACK, 0.7), mix(any_colour(rng), WHITE, 0.6))


def _matrix(rng: Random, x: float, y: float, r: float, turn: float) -> tuple[float, ...]:
    """A thing of radius `r` at (x, y), turned, leaning, stretched and perhaps mirrored."""
    cos, sin = math.cos(turn), math.sin(turn)
    lean, stretch, mirror = rng.gauss(0, 0.07), math.exp(rng.gauss(0, 0.06)), rng.choice((-1, 1))
    a, b, d, e = cos, lean * cos - sin, sin, lean * sin + cos
    return (
        r * mirror * stretch * a,
        r * b / stretch,
        x,
        r * mirror * stretch * d,
        r * e / stretch,
        y,
    )


def _add_clutter(img: Image.Image, rng: Random, radius: float) -> None:
    x, y = rng.uniform(0, img.width), rng.uniform(0, img.height)
    matrix = _matrix(rng, x, y, radius * min(img.size), rng.uniform(-0.5, 0.5))
    rng.choice(CLUTTER)(Pen(img, matrix, rng.choice((0, 0.03))), rng, _coat(rng, any_colour(rng)))


def _add_thing(img: Image.Image, draw: Drawing, coat: Coat, rng: Random) -> None:
    half = min(img.size) / 2
    radius = rng.uniform(0.72, 1.02)
    away = 1.15 - radius
    x, y = (side / 2 + half * rng.uniform(-away, away) for side in img.size)
    turn = rng.gauss(0, 0.13)
    if rng.random() < 0.5:  # its shadow
        shadow = Image.new("RGB", img.size)
        Pen(shadow, (radius * half, 0, x, 0, radius * half * 0.2, y + radius * half * 0.9)).oval(
            0, 0, 1, 1, (110, 110, 110)
        )
        img.paste(BLACK, (0, 0), shadow.getchannel(0))
    pen = Pen(img, _matrix(rng, x, y, radius * half, turn), rng.choice((0, 0.015, 0.03)))
    draw(pen, rng, coat)


def _lit(img: Image.Image, rng: Random, pixels: np.random.Generator) -> Image.Image:
    """The picture as a camera takes it: light, colour cast, blur and noise."""
    if rng.random() < 0.3:
        img = img.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 1.2)))
    shadow = (_field(img.size, pixels, (2, 2)) - 0.7) * rng.uniform(0, 1)  # too bright looks burnt
    light = np.exp(shadow + rng.gauss(-0.05, 0.12))
    cast = np.exp(pixels.normal(0, 0.08, 3).astype(np.float32))
    grain = pixels.normal(0, rng.uniform(1, 8), (img.height, img.width, 1)).astype(np.float32)
    seen = np.asarray(img, dtype=np.float32) * light * cast + grain
    return Image.fromarray(seen.clip(0, 255).astype(np.uint8))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this ends it
    try:
        _draw_share(Path(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    except OSError as error:
        sys.exit(error.errno or 1)
