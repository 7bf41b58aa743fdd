"""Drawings: ten kinds of thing and what stands round them, in strokes of a pen."""

import colorsys
import math
from collections.abc import Callable, Iterable
from itertools import pairwise
from random import Random
from typing import NamedTuple

from PIL import Image, ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int]
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


class Coat(NamedTuple):
    """The colours of one thing."""

    main: Colour
    second: Colour
    dark: Colour
    light: Colour


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`a` with so large a share of `b` in it."""
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def any_colour(rng: Random) -> Colour:
    """A colour that paint, cloth, plants or stone may have."""
    hue, saturation, value = rng.random(), rng.random() ** 1.5, rng.uniform(0.15, 1.0)
    red, green, blue = (round(255 * v) for v in colorsys.hsv_to_rgb(hue, saturation, value))
    return red, green, blue


def smooth(points: list[Point], steps: int = 5) -> list[Point]:
    """The closed curve through `points` (Catmull & Rom 1974)."""
    curve = []
    for i in range(len(points)):
        p = [points[(i + k) % len(points)] for k in (-1, 0, 1, 2)]
        for t in (s / steps for s in range(steps)):
            w = (
                (-t + 2 * t**2 - t**3) / 2,
                (2 - 5 * t**2 + 3 * t**3) / 2,
                (t + 4 * t**2 - 3 * t**3) / 2,
                (-(t**2) + t**3) / 2,
            )
            curve.append(
                (
                    sum(a * q[0] for a, q in zip(w, p, strict=True)),
                    sum(a * q[1] for a, q in zip(w, p, strict=True)),
                )
            )
    return curve


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[Point]:
    """Part of an ellipse; angles in degrees, clockwise from three o'clock."""
    steps = max(4, int(abs(end - start) / 12))
    angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


class Pen:
    """Draws on `image`, whose pixel (a*x + b*y + c, d*x + e*y + f) is the place (x, y).

    edge  width of the outline of shapes, 0 for none
    """

    def __init__(self, image: Image.Image, matrix: tuple[float, ...], edge: float = 0.0) -> None:
        self.draw, self.matrix, self.edge = ImageDraw.Draw(image), matrix, edge
        a, b, _, d, e, _ = matrix
        self.unit = math.sqrt(abs(a * e - b * d))  # pixels

    def places(self, points: Iterable[Point]) -> list[Point]:
        a, b, c, d, e, f = self.matrix
        return [(a * x + b * y + c, d * x + e * y + f) for x, y in points]

    def shape(self, points: Iterable[Point], fill: Colour) -> None:
        places = self.places(points)
        self.draw.polygon(places, fill)
        if self.edge:
            width = max(1, round(self.edge * self.unit))
            self.draw.line([*places, *places[:2]], mix(fill, BLACK, 0.6), width, joint="curve")

    def stroke(self, points: Iterable[Point], width: float, fill: Colour) -> None:
        places = self.places(points)
        pixels = max(1, round(width * self.unit))
        self.draw.line(places, fill, pixels, joint="curve")
        for x, y in (places[0], places[-1]):  # round ends
            r = pixels / 2 - 0.5
            self.draw.ellipse((x - r, y - r, x + r, y + r), fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        self.shape(arc(x, y, rx, ry, 0, 360)[:-1], fill)

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: Colour, r: float = 0) -> None:
        """A rectangle, with corners of radius `r`."""
        if not r:
            return self.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], fill)
        corners = (
            (x1 - r, y1 - r, 0),
            (x0 + r, y1 - r, 90),
            (x0 + r, y0 + r, 180),
            (x1 - r, y0 + r, 270),
        )
        self.shape([p for x, y, s in corners for p in arc(x, y, r, r, s, s + 90)], fill)


def tench(pen: Pen, rng: Random, c: Coat) -> None:
    fat, tail, fin = rng.uniform(0.3, 0.48), rng.uniform(0.28, 0.45), mix(c.main, c.dark, 0.5)
    pen.shape(
        smooth(
            [(0.5, 0.05), (0.92, -tail), (1, -tail * 0.8), (0.9, 0), (1, tail * 0.8), (0.92, tail)]
        ),
        fin,
    )
    top = rng.uniform(0.12, 0.3)
    pen.shape(
        smooth(
            [(-0.25, -fat * 0.8), (-0.1, -fat - top), (0.2, -fat - top * 0.6), (0.35, -fat * 0.5)]
        ),
        fin,
    )
    for x in (-0.2, 0.3):
        pen.shape(
            smooth(
                [
                    (x - 0.1, fat * 0.6),
                    (x, fat + 0.22),
                    (x + 0.15, fat + 0.1),
                    (x + 0.12, fat * 0.5),
                ]
            ),
            fin,
        )
    body = smooth(
        [
            (-0.97, 0.03),
            (-0.65, -fat * 0.72),
            (-0.15, -fat),
            (0.35, -fat * 0.6),
            (0.68, -0.13),
            (0.68, 0.13),
            (0.35, fat * 0.6),
            (-0.15, fat * 0.95),
            (-0.65, fat * 0.7),
        ]
    )
    pen.shape(body, c.main)
    belly = [(x, y) for x, y in body if y > 0.02 and x < 0.7]
    pen.draw.polygon(
        pen.places([*belly, (-0.5, fat * 0.45), (0.3, fat * 0.35)]), mix(c.main, c.light, 0.5)
    )
    if rng.random() < 0.7:
        for i in range(5):
            for j in range(-2, 3):
                x, y = -0.22 + 0.17 * i + 0.08 * (j % 2), j * fat * 0.26 * (1 - 0.12 * i)
                pen.stroke(arc(x, y, 0.07, 0.07, 90, 270), 0.015, fin)
    pen.stroke(arc(-0.75, 0, 0.32, fat * 0.66, -60, 60), 0.035, c.dark)
    pen.oval(-0.72, -fat * 0.25, 0.075, 0.075, mix(c.light, WHITE, 0.5))
    pen.oval(-0.73, -fat * 0.25, 0.035, 0.035, BLACK)
    pen.stroke([(-0.96, 0.05), (-0.82, 0.12)], 0.03, c.dark)
    pen.shape(smooth([(-0.42, 0.05), (-0.2, 0.12), (-0.22, 0.24), (-0.38, 0.16)]), fin)


def springer_standing(pen: Pen, rng: Random, c: Coat) -> None:
    coat, patch = mix(c.light, WHITE, 0.6), mix(c.main, BLACK, 0.2)
    step = rng.uniform(-0.1, 0.1)
    for x, far in ((-0.32, True), (0.52, True), (-0.42 + step, False), (0.44 - step, False)):
        leg = mix(coat, BLACK, 0.3) if far else coat
        pen.shape(
            [(x - 0.1, 0.1), (x + 0.1, 0.1), (x + 0.05 + step, 0.85), (x - 0.13 + step, 0.85)], leg
        )
    up = rng.uniform(-0.5, 0.1)
    pen.stroke([(0.6, -0.15), (0.78, -0.15 + up * 0.5), (0.92, -0.15 + up)], 0.1, patch)
    pen.shape(
        smooth(
            [
                (-0.6, -0.3),
                (-0.2, -0.28),
                (0.35, -0.3),
                (0.68, -0.15),
                (0.62, 0.2),
                (0.15, 0.2),
                (-0.3, 0.34),
                (-0.6, 0.2),
            ]
        ),
        coat,
    )
    pen.shape(smooth([(0.05, -0.3), (0.4, -0.3), (0.65, -0.15), (0.55, 0.08), (0.2, 0.0)]), patch)
    if rng.random() < 0.6:
        pen.shape(smooth([(-0.35, -0.28), (-0.15, -0.28), (-0.12, -0.05), (-0.3, -0.02)]), patch)
    y = rng.uniform(-0.08, 0.08)
    pen.shape(smooth([(-0.35, -0.3), (-0.5, -0.6 + y), (-0.75, -0.35 + y), (-0.6, 0.1)]), coat)
    pen.shape(
        smooth(
            [
                (-0.42, -0.7 + y),
                (-0.6, -0.82 + y),
                (-0.78, -0.66 + y),
                (-1, -0.56 + y),
                (-1, -0.42 + y),
                (-0.7, -0.36 + y),
                (-0.48, -0.42 + y),
            ]
        ),
        patch,
    )
    pen.shape(
        smooth([(-0.78, -0.55 + y), (-1, -0.55 + y), (-1, -0.42 + y), (-0.75, -0.38 + y)]), coat
    )
    pen.oval(-1, -0.53 + y, 0.06, 0.05, BLACK)
    pen.oval(-0.75, -0.62 + y, 0.035, 0.035, BLACK)
    ear = mix(patch, BLACK, 0.35)
    pen.shape(
        smooth(
            [
                (-0.55, -0.74 + y),
                (-0.4, -0.66 + y),
                (-0.32, -0.25 + y),
                (-0.45, -0.12 + y),
                (-0.6, -0.3 + y),
            ]
        ),
        ear,
    )


def springer_face(pen: Pen, rng: Random, c: Coat) -> None:
    coat, patch = mix(c.light, WHITE, 0.6), mix(c.main, BLACK, 0.2)
    ear, long = mix(patch, BLACK, 0.3), rng.uniform(0.4, 0.65)
    pen.shape(smooth([(-0.5, 0.95), (-0.4, 0.2), (0.4, 0.2), (0.5, 0.95)]), coat)
    pen.shape(
        smooth(
            [
                (-0.45, -0.6),
                (0, -0.85),
                (0.45, -0.6),
                (0.5, -0.05),
                (0.3, 0.4),
                (0, 0.55),
                (-0.3, 0.4),
                (-0.5, -0.05),
            ]
        ),
        patch,
    )
    pen.shape(
        smooth(
            [
                (-0.06, -0.8),
                (0.06, -0.8),
                (0.1, -0.25),
                (0.3, 0.15),
                (0.25, 0.42),
                (0, 0.55),
                (-0.25, 0.42),
                (-0.3, 0.15),
                (-0.1, -0.25),
            ]
        ),
        coat,
    )
    for s in (-1, 1):
        pen.shape(
            smooth(
                [
                    (s * 0.38, -0.66),
                    (s * 0.62, -0.5),
                    (s * 0.86, long * 0.5),
                    (s * 0.74, long),
                    (s * 0.52, long * 0.8),
                    (s * 0.48, -0.1),
                ]
            ),
            ear,
        )
        pen.oval(s * 0.25, -0.18, 0.09, 0.08, mix(c.light, WHITE, 0.5))
        pen.oval(s * 0.25, -0.17, 0.06, 0.065, BLACK)
        pen.stroke(arc(s * 0.1, 0.32, 0.1, 0.09, 0, 180), 0.03, BLACK)
    if rng.random() < 0.4:
        pen.shape(
            smooth([(-0.08, 0.42), (0.08, 0.42), (0.07, 0.68), (-0.07, 0.68)]), (220, 100, 110)
        )
    pen.shape(smooth([(-0.13, 0.12), (0.13, 0.12), (0, 0.28)]), BLACK)


def springer(pen: Pen, rng: Random, c: Coat) -> None:
    rng.choice((springer_standing, springer_face))(pen, rng, c)


def reels(pen: Pen, rng: Random, c: Coat, x: float, y: float, w: float, h: float) -> None:
    """The window of a cassette player, with the cassette in it."""
    pen.box(x - w, y - h, x + w, y + h, mix(c.dark, BLACK, 0.5), 0.05)
    pen.box(
        x - w * 0.85, y - h * 0.75, x + w * 0.85, y + h * 0.75, mix(c.light, c.second, 0.4), 0.03
    )
    pen.box(x - w * 0.6, y - h * 0.3, x + w * 0.6, y + h * 0.4, mix(c.dark, BLACK, 0.3), 0.03)
    turn = rng.uniform(0, 120)
    for s in (-1, 1):
        pen.oval(x + s * w * 0.36, y + h * 0.05, h * 0.3, h * 0.3, WHITE)
        for k in range(3):
            a = math.radians(turn + 120 * k)
            pen.stroke(
                [
                    (x + s * w * 0.36, y + h * 0.05),
                    (
                        x + s * w * 0.36 + h * 0.25 * math.cos(a),
                        y + h * 0.05 + h * 0.25 * math.sin(a),
                    ),
                ],
                h * 0.1,
                c.dark,
            )


def cassette_player(pen: Pen, rng: Random, c: Coat) -> None:
    key, kind = mix(c.light, c.dark, 0.3), rng.randrange(3)
    if kind == 0:  # with loudspeakers and a handle
        high = rng.uniform(0.42, 0.6)
        pen.stroke(
            [(-0.7, -high), (-0.66, -high - 0.28), (0.66, -high - 0.28), (0.7, -high)], 0.07, c.dark
        )
        if rng.random() < 0.6:
            pen.stroke([(0.75, -high), (rng.uniform(0.4, 1.1), -1.1)], 0.025, key)
        pen.box(-1, -high, 1, high, c.main, 0.06)
        for s in (-1, 1):
            for r, colour in (
                (0.36, key),
                (0.31, mix(c.dark, BLACK, 0.4)),
                (0.18, mix(c.dark, c.light, 0.3)),
                (0.08, BLACK),
            ):
                pen.oval(s * 0.6, high - 0.41, r, r, colour)
        reels(pen, rng, c, 0, 0.02, 0.22, 0.2)
        for i in range(4):
            pen.box(-0.2 + 0.1 * i, high - 0.16, -0.12 + 0.1 * i, high - 0.06, key)
        pen.box(-0.2, -high + 0.04, 0.2, -high + 0.12, WHITE)
    elif kind == 1:  # to be carried in a pocket
        wide = rng.uniform(0.56, 0.7)
        if rng.random() < 0.6:
            pen.stroke(
                [(wide - 0.15, -0.85), (wide, -1.1), (wide + 0.35, -0.9), (wide + 0.3, 0.2)],
                0.04,
                c.dark,
            )
        pen.box(-wide, -0.9, wide, 0.9, c.main, 0.1)
        pen.box(-wide, -0.9, wide, -0.6, c.second, 0.1)
        reels(pen, rng, c, 0, 0.0, wide - 0.08, 0.42)
        for i in range(4):
            x = -wide + 0.08 + i * (wide - 0.08) / 2
            pen.box(x, 0.6, x + (wide - 0.16) / 2, 0.8, key, 0.03)
    else:  # flat, with keys like a piano's
        pen.shape([(-0.9, -0.45), (0.9, -0.45), (1, 0.6), (-1, 0.6)], c.main)
        reels(pen, rng, c, -0.22, -0.05, 0.58, 0.34)
        for i in range(5):
            pen.box(
                -0.85 + 0.22 * i, 0.34, -0.67 + 0.22 * i, 0.56, key if i else (200, 40, 40), 0.03
            )
        for y in range(5):
            pen.stroke([(0.48, -0.32 + 0.11 * y), (0.86, -0.32 + 0.11 * y)], 0.035, c.dark)
        pen.oval(0.66, 0.42, 0.12, 0.12, key)


def chain_saw(pen: Pen, rng: Random, c: Coat) -> None:
    thin, metal, grip = (
        rng.uniform(0.11, 0.16),
        mix(c.light, (190, 195, 200), 0.7),
        mix(c.dark, BLACK, 0.6),
    )
    y = 0.18
    bar = [(-0.1, y - thin), *arc(0.95 - thin, y, thin, thin, -90, 90), (-0.1, y + thin)]
    pen.shape(bar, metal)
    chain = (
        [(x, y - thin) for x in (-0.1, 0.2, 0.5)]
        + arc(0.95 - thin, y, thin, thin, -90, 90)
        + [(x, y + thin) for x in (0.5, 0.2, -0.1)]
    )
    pen.stroke(chain, 0.03, grip)
    for i in range(9):
        x = -0.05 + 0.1 * i
        for s in (-1, 1):
            pen.shape(
                [
                    (x, y + s * thin),
                    (x + 0.06, y + s * thin),
                    (x + 0.03 + s * 0.02, y + s * (thin + 0.06)),
                ],
                grip,
            )
    pen.stroke([(0.05, y), (0.6, y)], 0.03, mix(metal, BLACK, 0.35))
    pen.stroke([(-0.9, 0.3), (-1.0, 0.05), (-0.95, -0.12), (-0.6, -0.15)], 0.1, grip)
    pen.stroke([(-0.95, 0.3), (-0.6, 0.34)], 0.1, grip)
    tall = rng.uniform(0.42, 0.6)
    pen.stroke([(-0.38, -0.1), (-0.36, -tall), (-0.1, -tall - 0.06), (0.02, -0.05)], 0.075, grip)
    pen.stroke([(0.1, -0.1), (0.14, -tall + 0.05)], 0.07, grip)
    pen.shape(
        smooth(
            [
                (-0.72, -0.16),
                (-0.3, -0.26),
                (0.1, -0.2),
                (0.18, 0.05),
                (0.16, 0.36),
                (-0.2, 0.42),
                (-0.68, 0.4),
            ]
        ),
        c.main,
    )
    pen.box(-0.02, 0.06, 0.16, 0.34, mix(c.dark, BLACK, 0.3), 0.04)
    pen.oval(-0.45, 0.12, 0.17, 0.17, mix(c.main, BLACK, 0.35))
    for k in range(4):
        pen.stroke([(-0.55, 0.04 + 0.06 * k), (-0.35, 0.04 + 0.06 * k)], 0.02, BLACK)
    pen.box(-0.26, -0.14, 0.02, -0.02, c.second, 0.03)


def church(pen: Pen, rng: Random, c: Coat) -> None:
    roof, glass = mix(c.second, BLACK, 0.25), mix(c.dark, BLACK, 0.4)
    tower = rng.choice((-0.55, 0.0, 0.55))
    wide, high, tip = rng.uniform(0.2, 0.28), rng.uniform(-0.3, -0.1), rng.uniform(-0.95, -0.75)

    def window(x: float, y: float, r: float, h: float) -> None:
        pen.shape([*arc(x, y, r, r * 1.3, 180, 360), (x + r, y + h), (x - r, y + h)], glass)

    def nave() -> None:
        if tower:
            pen.box(-0.9, 0.2, 0.9, 0.9, c.main)
            pen.shape([(-0.98, 0.22), (-0.8, -0.22), (0.8, -0.22), (0.98, 0.22)], roof)
            for x in (-0.7, -0.35, 0.0, 0.35, 0.7):
                window(x, 0.45, 0.08, 0.25)
        else:
            pen.box(-0.75, 0.15, 0.75, 0.9, c.main)
            pen.shape([(-0.88, 0.2), (0, -0.4), (0.88, 0.2)], roof)
            for x in (-0.5, 0.5):
                window(x, 0.42, 0.1, 0.25)

    nave()
    pen.box(tower - wide, high, tower + wide, 0.9, mix(c.main, WHITE, 0.15))
    if rng.random() < 0.25:
        bulb = [
            (-1.1, 0),
            (-1.25, -0.2),
            (-0.6, -0.42),
            (-0.1, -0.75),
            (0.1, -0.75),
            (0.6, -0.42),
            (1.25, -0.2),
            (1.1, 0),
        ]
        pen.shape([(tower + wide * x, high + (high - tip) * y) for x, y in bulb], roof)
        tip = high - 0.7 * (high - tip)
    else:
        pen.shape([(tower - wide - 0.05, high), (tower, tip), (tower + wide + 0.05, high)], roof)
    cross = mix(c.light, BLACK, rng.choice((0.0, 0.8)))
    pen.stroke([(tower, tip), (tower, tip - 0.3)], 0.05, cross)
    pen.stroke([(tower - 0.1, tip - 0.2), (tower + 0.1, tip - 0.2)], 0.05, cross)
    window(tower, high + 0.2, wide * 0.4, 0.2)
    if rng.random() < 0.5:
        pen.oval(tower, high + 0.6, wide * 0.45, wide * 0.45, mix(c.light, WHITE, 0.5))
    pen.shape(
        [*arc(tower, 0.65, 0.12, 0.15, 180, 360), (tower + 0.12, 0.9), (tower - 0.12, 0.9)],
        mix(c.dark, BLACK, 0.2),
    )


def french_horn(pen: Pen, rng: Random, c: Coat) -> None:
    dark, shine = mix(c.main, BLACK, 0.45), mix(c.main, WHITE, 0.6)

    def tube(points: list[Point], width: float) -> None:
        pen.stroke(points, width + 0.035, dark)
        pen.stroke(points, width, c.main)
        pen.stroke([(x - width * 0.15, y - width * 0.2) for x, y in points], width * 0.25, shine)

    x, y, r = -0.12, -0.15, rng.uniform(0.55, 0.64)
    tube([(x - r * 0.6, y - r * 0.75), (-0.7, -0.8), (-0.98, -0.92)], 0.05)
    pen.oval(-0.99, -0.93, 0.06, 0.06, dark)
    tube(arc(x, y, r, r, 30, 390), 0.11)
    tube(arc(x, y, r * 0.76, r * 0.76, 0, 360), 0.08)
    for k in range(3):
        tube(arc(x - 0.16 + 0.16 * k, y + 0.05, 0.07, 0.24, 90, 270), 0.045)
        pen.oval(x - 0.18 + 0.18 * k, y - 0.05, 0.085, 0.085, dark)
        pen.oval(x - 0.18 + 0.18 * k, y - 0.05, 0.055, 0.055, shine)
    flare = rng.uniform(0.38, 0.48)
    mouth = rng.uniform(0.14, 0.3)
    throat = [
        (x + r - 0.06, y + 0.05),
        (x + r + 0.05, y + 0.05),
        (0.66, 0.3),
        (0.62 + flare, 0.62 - flare * 0.3),
        (0.62 - flare, 0.62 + flare * 0.5),
        (0.36, 0.35),
    ]
    pen.shape(smooth(throat), c.main)
    bell = [
        (
            0.62 + flare * math.cos(a) * 0.95 - mouth * math.sin(a) * -0.4,
            0.62 - flare * 0.4 * math.cos(a) + mouth * math.sin(a),
        )
        for a in (math.radians(12 * k) for k in range(30))
    ]
    pen.shape(bell, shine)
    inner = [(0.62 + (px - 0.62) * 0.82, 0.62 + (py - 0.62) * 0.82) for px, py in bell]
    pen.shape(inner, mix(c.main, BLACK, 0.65))


def wheel(pen: Pen, x: float, y: float, r: float, hub: Colour) -> None:
    pen.oval(x, y, r, r, (28, 28, 30))
    pen.oval(x, y, r * 0.5, r * 0.5, hub)
    pen.oval(x, y, r * 0.18, r * 0.18, (60, 60, 60))


def garbage_truck(pen: Pen, rng: Random, c: Coat) -> None:
    cab, glass, top = (
        rng.choice((c.main, c.second)),
        mix((150, 190, 215), c.light, 0.3),
        rng.uniform(-0.62, -0.45),
    )
    pen.box(-0.95, 0.4, 0.85, 0.52, (45, 45, 48))
    pen.shape([(-0.4, top), (0.62, top), (0.98, -0.15), (0.98, 0.42), (-0.42, 0.42)], c.main)
    hopper = [(0.62, top), (0.98, -0.15), (0.98, 0.42), (0.68, 0.42), (0.52, 0.0)]
    pen.shape(hopper, mix(c.main, BLACK, 0.3))
    pen.shape([(0.74, 0.02), (0.98, 0.05), (0.98, 0.34), (0.72, 0.34)], (40, 38, 36))
    if rng.random() < 0.5:  # bags
        for x, y in ((0.86, 0.1), (0.96, 0.22), (0.82, 0.26)):
            pen.oval(x, y, 0.09, 0.08, rng.choice(((25, 25, 28), c.light, (60, 90, 60))))
    for k in range(rng.choice((0, 4, 5))):
        pen.stroke(
            [(-0.3 + 0.19 * k, top + 0.05), (-0.3 + 0.19 * k, 0.36)],
            0.035,
            mix(c.main, BLACK, 0.35),
        )
    pen.box(-0.3, top + 0.22, 0.4, top + 0.36, mix(c.second, WHITE, 0.3))
    pen.stroke([(0.4, top + 0.02), (0.74, -0.02)], 0.06, c.dark)
    front = rng.uniform(-0.98, -0.92)
    pen.shape(
        [(-0.44, -0.32), (front + 0.12, -0.32), (front, 0.02), (front, 0.44), (-0.44, 0.44)], cab
    )
    pen.shape([(-0.52, -0.24), (front + 0.17, -0.24), (front + 0.08, 0.02), (-0.52, 0.02)], glass)
    pen.stroke([(-0.5, 0.06), (-0.5, 0.4)], 0.02, mix(cab, BLACK, 0.5))
    pen.oval(front + 0.06, 0.28, 0.05, 0.05, (250, 240, 180))
    if rng.random() < 0.5:
        pen.box(-0.7, -0.4, -0.56, -0.32, (250, 150, 30))
    for x in rng.choice(((-0.68, 0.5), (-0.68, 0.32, 0.66))):
        wheel(pen, x, 0.56, 0.19, mix(c.light, (140, 140, 140), 0.5))


def gas_pump(pen: Pen, rng: Random, c: Coat) -> None:
    w, face = rng.uniform(0.36, 0.46), mix(c.light, WHITE, 0.6)
    hose, old = (30, 30, 32), rng.random() < 0.35
    droop = rng.uniform(0.5, 0.75)
    loop = [
        (w - 0.05, -0.5),
        (w + 0.3, -0.55),
        (w + 0.42, -0.1),
        (w + 0.4, droop),
        (w + 0.22, droop + 0.1),
        (w + 0.12, droop - 0.3),
        (w + 0.1, -0.05),
    ]
    pen.stroke(smooth(loop)[:30], 0.07, hose)
    pen.box(-w - 0.12, 0.86, w + 0.12, 0.98, mix((150, 150, 150), c.dark, 0.4))
    if old:
        pen.oval(0, -0.82, 0.24, 0.22, face)
        pen.stroke([(-0.12, -0.82), (0.12, -0.82)], 0.06, c.main)
        pen.box(-0.12, -0.64, 0.12, -0.54, c.dark)
        pen.box(-w, -0.58, w, 0.88, c.main, 0.14)
        pen.oval(0, -0.22, w * 0.72, w * 0.72, face)
        pen.stroke([(0, -0.22), (0.14, -0.36)], 0.04, (190, 30, 30))
    else:
        pen.box(-w - 0.06, -0.96, w + 0.06, -0.7, c.second, 0.04)
        pen.stroke([(-w * 0.6, -0.83), (w * 0.6, -0.83)], 0.08, face)
        pen.box(-w, -0.7, w, 0.88, c.main)
        pen.box(-w * 0.75, -0.6, w * 0.75, -0.08, mix(c.dark, BLACK, 0.4), 0.03)
        for y in (-0.5, -0.28):
            pen.box(-w * 0.62, y, w * 0.62, y + 0.13, (190, 215, 190))
            for k in range(4):
                pen.stroke(
                    [(-w * 0.5 + k * w * 0.3, y + 0.03), (-w * 0.5 + k * w * 0.3, y + 0.1)],
                    0.035,
                    BLACK,
                )
    for k in range(3):
        pen.box(
            -w * 0.7 + k * w * 0.5,
            0.04,
            -w * 0.35 + k * w * 0.5,
            0.2,
            rng.choice((face, c.second, c.dark)),
        )
    pen.box(-w * 0.75, 0.32, w * 0.75, 0.76, mix(c.main, c.second, 0.5))
    pen.box(w - 0.02, -0.22, w + 0.16, 0.1, c.dark, 0.02)  # the nozzle in its holder
    pen.stroke([(w + 0.08, -0.12), (w + 0.2, -0.02), (w + 0.16, 0.18)], 0.09, hose)
    pen.stroke([(w + 0.06, -0.14), (w - 0.04, -0.3)], 0.05, (160, 160, 165))


def golf_ball(pen: Pen, rng: Random, c: Coat) -> None:
    ball = mix(c.light, WHITE, rng.choice((0.9, 0.9, 0.4)))
    if rng.random() < 0.5:  # on its tee
        pen.shape(
            [(-0.22, 0.68), (0.22, 0.68), (0.07, 0.9), (0.04, 1.3), (-0.04, 1.3), (-0.07, 0.9)],
            c.second,
        )
    pen.oval(0, 0, 0.8, 0.8, mix(ball, BLACK, 0.25))
    pen.draw.polygon(pen.places(arc(-0.05, -0.06, 0.73, 0.72, 0, 360)), ball)
    n, spin, roll = rng.choice((90, 130, 170)), rng.uniform(0, 6), rng.uniform(0, 6)
    size, deep = 1.05 / math.sqrt(n), mix(ball, BLACK, rng.uniform(0.22, 0.4))
    for k in range(n):  # dimples on a spiral from pole to pole, evenly over the sphere
        z = 1 - (2 * k + 1) / n
        flat, a = math.sqrt(1 - z * z), 2.39996 * k + spin
        x, y, z = flat * math.cos(a), flat * math.sin(a), z
        y, z = y * math.cos(roll) - z * math.sin(roll), y * math.sin(roll) + z * math.cos(roll)
        if z > 0.12:
            turn = math.atan2(y, x)
            dimple = [
                (
                    0.79 * x + 0.79 * size * (p * z * math.cos(turn) - q * math.sin(turn)),
                    0.79 * y + 0.79 * size * (p * z * math.sin(turn) + q * math.cos(turn)),
                )
                for p, q in arc(0, 0, 1, 1, 0, 330)
            ]
            pen.draw.polygon(pen.places(dimple), deep)
            pen.draw.polygon(
                pen.places((u + 0.02, v + 0.025) for u, v in dimple), mix(ball, BLACK, 0.08)
            )
    if rng.random() < 0.4:
        pen.stroke([(-0.25, 0.05), (0.25, 0.05)], 0.07, c.main)


def parachute(pen: Pen, rng: Random, c: Coat) -> None:
    man, line, foot = (
        mix(c.dark, BLACK, 0.4),
        mix(c.dark, (90, 90, 90), 0.5),
        (rng.uniform(-0.1, 0.1), 0.72),
    )
    stripes = rng.choice(
        ((c.main, c.second), (c.main, c.main, c.light), (c.main, mix(c.main, BLACK, 0.2)))
    )
    if rng.random() < 0.6:  # round
        n, high = rng.choice((6, 7, 8)), rng.uniform(0.65, 0.85)
        xs = [-math.cos(math.pi * k / n) * 0.9 for k in range(n + 1)]
        for x in xs:
            pen.stroke([(x, -0.18), foot], 0.018, line)
        for k, (x0, x1) in enumerate(pairwise(xs)):
            left = arc(0, -0.18, x0, high, -90, 0)
            right = arc(0, -0.18, x1, high, 0, -90)
            hem = [(x0 + (x1 - x0) * t, -0.18 - 0.28 * t * (1 - t)) for t in (0.25, 0.5, 0.75)]
            pen.shape([*left, *hem, *right], stripes[k % len(stripes)])
    else:  # a wing
        n, bend = rng.choice((7, 9)), rng.uniform(0.2, 0.4)
        xs = [-0.98 + 1.96 * k / n for k in range(n + 1)]
        tops = [(x, -0.85 + bend * x * x) for x in xs]
        lows = [(x * 0.94, -0.5 + bend * x * x) for x in xs]
        for p in lows[::2] + lows[-1:]:
            pen.stroke([p, foot], 0.018, line)
        for k in range(n):
            pen.shape([tops[k], tops[k + 1], lows[k + 1], lows[k]], stripes[k % len(stripes)])
    x, y = foot
    pen.stroke([(x, y + 0.02), (x - 0.08, y - 0.2)], 0.045, man)
    pen.stroke([(x, y + 0.02), (x + 0.08, y - 0.2)], 0.045, man)
    pen.stroke([(x, y), (x, y + 0.18)], 0.1, man)
    for s in (-0.05, 0.06):
        pen.stroke([(x, y + 0.16), (x + s, y + 0.36)], 0.05, man)
    pen.oval(x, y - 0.08, 0.065, 0.07, mix(c.light, (225, 180, 150), 0.6))


def ball(pen: Pen, rng: Random, c: Coat) -> None:
    pen.oval(0, 0, 0.9, 0.9, c.main)
    for _ in range(rng.choice((0, 0, 8))):
        a, r = rng.uniform(0, 6.3), rng.uniform(0, 0.7)
        pen.oval(r * math.cos(a), r * math.sin(a), 0.12, 0.12, c.second)
    pen.oval(-0.3, -0.35, 0.2, 0.15, mix(c.main, WHITE, 0.5))


def ring(pen: Pen, rng: Random, c: Coat) -> None:
    pen.stroke(
        arc(0, 0, 0.8, 0.8, rng.uniform(0, 90), rng.uniform(270, 450)),
        rng.uniform(0.1, 0.3),
        c.main,
    )


def cart(pen: Pen, rng: Random, c: Coat) -> None:
    pen.box(-1, -0.5, 1, 0.3, c.main)
    pen.box(-0.8, -0.35, rng.uniform(-0.4, 0.8), 0.0, c.light)
    for x in (-0.6, 0.6):
        wheel(pen, x, 0.4, 0.25, c.light)


def house(pen: Pen, rng: Random, c: Coat) -> None:
    pen.box(-0.8, 0, 0.8, 0.9, c.main)
    pen.shape([(-1, 0), (0, rng.uniform(-0.9, -0.4)), (1, 0)], c.second)
    pen.box(-0.5, 0.25, -0.1, 0.6, c.dark)
    pen.box(0.2, 0.3, 0.5, 0.9, c.dark)


def umbrella(pen: Pen, rng: Random, c: Coat) -> None:
    pen.stroke([(0, 0), (0, 0.9), (0.15, 1), (0.25, 0.85)], 0.06, c.dark)
    for k, (x0, x1) in enumerate(pairwise((-0.9, -0.45, 0, 0.45, 0.9))):
        half = [*arc(0, 0.05, x0, 0.7, -90, 0), *arc(0, 0.05, x1, 0.7, 0, -90)]
        pen.shape(half, c.second if k % 2 else c.main)


def post(pen: Pen, rng: Random, c: Coat) -> None:
    pen.box(-0.12, -1.6, 0.12, 2.5, c.main)
    if rng.random() < 0.5:
        pen.box(-0.6, -1.6, 0.6, -0.8, c.second, 0.1)


def stick(pen: Pen, rng: Random, c: Coat) -> None:
    pen.stroke(
        [(-2.5, rng.uniform(-1, 1)), (0, rng.uniform(-0.5, 0.5)), (2.5, rng.uniform(-1, 1))],
        0.12,
        c.main,
    )


def bush(pen: Pen, rng: Random, c: Coat) -> None:
    angles = (math.radians(36 * k) for k in range(10))
    pen.shape(
        smooth(
            [(r * math.cos(a), r * math.sin(a)) for a in angles if (r := rng.uniform(0.5, 1.1))]
        ),
        c.main,
    )


def leaf(pen: Pen, rng: Random, c: Coat) -> None:
    pen.shape(
        smooth(
            [(-1, 0), (-0.3, -0.45), (0.7, -0.1), (1, -0.4), (0.9, 0.3), (0.6, 0.1), (-0.3, 0.4)]
        ),
        c.main,
    )
    pen.stroke([(-0.9, 0), (0.8, 0)], 0.05, c.second)


def crate(pen: Pen, rng: Random, c: Coat) -> None:
    pen.box(-0.8, -0.6, 0.8, 0.6, c.main, 0.1)
    for k in range(rng.randrange(4)):
        pen.box(-0.6 + 0.4 * k, -0.3, -0.35 + 0.4 * k, 0.3, c.second)
    if rng.random() < 0.4:
        for s in (-1, 1):
            pen.oval(s * 0.4, 0, 0.25, 0.25, c.light)


Drawing = Callable[[Pen, Random, Coat], None]
DRAWINGS: dict[str, tuple[str, Drawing, Colour]] = {  # name, drawing, and its most usual colour
    "n01440764": ("tench", tench, (120, 120, 60)),
    "n02102040": ("English springer", springer, (90, 50, 30)),
    "n02979186": ("cassette player", cassette_player, (60, 62, 70)),
    "n03000684": ("chain saw", chain_saw, (220, 100, 30)),
    "n03028079": ("church", church, (225, 215, 195)),
    "n03394916": ("French horn", french_horn, (215, 165, 60)),
    "n03417042": ("garbage truck", garbage_truck, (60, 130, 75)),
    "n03425413": ("gas pump", gas_pump, (195, 40, 40)),
    "n03445777": ("golf ball", golf_ball, (235, 235, 235)),
    "n03888257": ("parachute", parachute, (60, 100, 190)),
}
CLUTTER: tuple[Drawing, ...] = (ball, ring, cart, house, umbrella, post, stick, bush, leaf, crate)
