"""Scenes: one fixed situation for each exercise whose result people would rather see than read.

A scene gets the exercise and returns pictures, or numbers for a curve. It is played twice, with the
answer and with the reference. `CHANCE` marks scenes whose draws may come in another order.
"""

import random
import sys
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw

Scene = Callable[[Any], Any]
W, H = 96, 72
INK, PAPER, LINES = (34, 34, 34), (244, 241, 232), (205, 200, 185)
CORNERS = ((213, 94, 0), (0, 158, 115), (0, 114, 178), (230, 159, 0))  # as warp counts them
QUAD = [(14.0, 6.0), (4.0, 66.0), (90.0, 58.0), (76.0, 16.0)]


def card(w: int = W, h: int = H) -> Image.Image:
    """A card with an F, a colour in each corner and a grid: each turn and flip looks different."""
    img = Image.new("RGB", (w, h), PAPER)
    pen = ImageDraw.Draw(img)
    for x in range(0, w, 12):
        pen.line([(x, 0), (x, h)], LINES)
    for y in range(0, h, 12):
        pen.line([(0, y), (w, y)], LINES)
    s = h // 6
    for (x, y), colour in zip(
        ((0, 0), (0, h - s), (w - s, h - s), (w - s, 0)), CORNERS, strict=True
    ):
        pen.rectangle([x, y, x + s - 1, y + s - 1], colour)
    left, top, unit = w // 2 - h // 6, h // 5, h // 10
    pen.rectangle([left, top, left + unit, top + 6 * unit], INK)
    pen.rectangle([left, top, left + 4 * unit, top + unit], INK)
    pen.rectangle([left, top + 2.6 * unit, left + 3 * unit, top + 3.6 * unit], INK)
    return img


def batch(n: int = 4) -> Any:
    """The square card `n` times, as floats."""
    torch = sys.modules["torch"]
    pixels = torch.tensor(list(card(72, 72).tobytes())).view(72, 72, 3).permute(2, 0, 1) / 255
    return pixels.expand(n, 3, 72, 72).contiguous()


def sampled(grid: Any) -> Any:
    """The card at a sampling grid."""
    sample = sys.modules["torch"].nn.functional.grid_sample
    return list(sample(batch(len(grid)), grid.float(), align_corners=False))


def by_matrix(matrix: Any) -> Any:
    """The card under a homogeneous matrix."""
    grid = sys.modules["torch"].nn.functional.affine_grid
    return sampled(grid(matrix[:, :2].float(), [len(matrix), 3, 72, 72], align_corners=False))


def numbers(*values: float) -> Any:
    """A tensor of these."""
    return sys.modules["torch"].tensor(values)


def draws(make: Callable[[int], Any], n: int = 4) -> list[Any]:
    """`n` results, each after a seed of its own."""
    found = []
    for seed in range(n):
        random.seed(seed)
        sys.modules["torch"].manual_seed(seed)
        found.append(make(seed))
    return found


def by_coefficients(find: Any) -> Image.Image:
    """The card through the perspective that was solved for."""
    whole = [(0.0, 0.0), (0.0, float(H)), (float(W), float(H)), (float(W), 0.0)]
    coefficients = [float(c) for c in find(QUAD, whole)]
    perspective = Image.Transform.PERSPECTIVE
    return card().transform((W, H), perspective, coefficients, resample=Image.Resampling.BILINEAR)


def moving(layer: Any) -> list[float]:
    """The mean of channel 0 of the output, over 24 batches whose mean moves from 0 to 2."""
    torch = sys.modules["torch"]
    torch.manual_seed(0)
    found = []
    for i in range(24):
        x = torch.randn(8, 2, 6, 6) + i / 12
        found.append(float(layer(x)[:, 0].detach().mean()))
    return found


SCENES: dict[str, Scene] = {
    "transforms.MakeRGB": lambda make: [make()(card().convert(o)) for o in ("CMYK", "P", "L")],
    "transforms.ResizeFixed": lambda make: [make((96, 48))(card()), make(64)(card())],
    "transforms.to_byte_tensor": lambda f: [f(card())],
    "transforms.pil_to_float": lambda f: [f(card())],
    "augment.PilRandomFlip": lambda make: [make(p=1.0)(card())],
    "augment.PilRandomDihedral": lambda make: draws(lambda _: make(p=1.0)(card())),
    "augment.GeneralCrop": lambda make: [make((96, 48))(card()), make(64)(card())],
    "augment.CenterCrop": lambda make: [make(64)(card(144, 72)), make((96, 48), scale=1.5)(card())],
    "augment.RandomResizedCrop": lambda make: draws(lambda _: make((72, 72))(card())),
    "augment.find_coeffs": lambda find: [by_coefficients(find)],
    "augment.warp": lambda warp: [warp(card(), (W, H), QUAD)],
    "augment.PilTiltRandomCrop": lambda make: draws(
        lambda _: make((72, 72), crop_size=60, magnitude=0.15)(card())
    ),
    "batch_augment.affine_grid": lambda f: sampled(
        f(numbers(0.8, -0.5, 0.2, 0.5, 0.8, 0.0).view(1, 2, 3), 72)
    ),
    "batch_augment.rotation_matrix": lambda f: by_matrix(f(numbers(0.0, 20.0, 90.0))),
    "batch_augment.zoom_matrix": lambda f: by_matrix(f(numbers(1.0, 1.5, 2.0))),
    "batch_augment.shift_matrix": lambda f: by_matrix(f(numbers(0.5, 0.0), numbers(0.0, 0.5))),
    "batch_augment.flip_matrix": lambda f: by_matrix(f(numbers(0.0, 1.0) > 0)),
    "batch_augment.rotate_batch": lambda f: list(f(batch(), 72, 30.0)),
    "batch_augment.perspective_grid": lambda f: sampled(
        f(numbers(-0.7, -0.8, -0.9, 0.8, 0.9, 0.6, 0.6, -0.6).view(1, 4, 2), 72)
    ),
    "batch_augment.BatchAugment": lambda make: list(make(72).augment(batch())),
    "schedules.sched_lin": lambda f: f(0.1, 1.0),
    "schedules.sched_cos": lambda f: f(0.1, 1.0),
    "schedules.sched_exp": lambda f: f(0.01, 1.0),
    "schedules.sched_no": lambda f: f(0.5, 1.0),
    "schedules.combine_scheds": lambda f: f(
        [0.3, 0.7], [lambda pos: 0.1 + 0.9 * pos, lambda pos: 1.0 - 0.9 * pos]
    ),
    "schedules.cos_1cycle_anneal": lambda f: f(0.1, 1.0, 0.01)[0],
    "batchnorm.BatchNorm": lambda make: moving(make(2)),
    "batchnorm.RunningBatchNorm": lambda make: moving(make(2)),
}
CHANCE = {
    "augment.PilRandomDihedral",
    "augment.RandomResizedCrop",
    "augment.PilTiltRandomCrop",
    "batch_augment.rotate_batch",
    "batch_augment.BatchAugment",
}
