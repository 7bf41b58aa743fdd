"""Drawings: ten kinds of thing and what lies about them, in strokes of a pen.

A thing is drawn within -1..1 in both directions, y downwards. Places are written in hundredths.
"""

import colorsys
import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from random import Random
from typing import NamedTuple

from PIL import Image, ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int]
WHITE, BLACK, STEEL, SOOT = (255, 255, 255), (0, 0, 0), (190, 195, 200), (30, 30, 32)


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
    hsv = rng.random(), rng.random() ** 1.5, rng.uniform(0.15, 1.0)
    red, green, blue = (round(255 * v) for v in colorsys.hsv_to_rgb(*hsv))
    return red, green, blue


def places(text: str, x: float = 0, y: float = 0, wide: float = 1, high: float = 1) -> list[Point]:
    """What `text` says, as "-97,3 -65,-72", stretched and then put at (x, y).

    >>> places("-50,25 100,0", wide=2)
    [(-1.0, 0.25), (2.0, 0.0)]
    """
    pairs = (pair.split(",") for pair in text.split())
    return [(x + wide * float(a) / 100, y + high * float(b) / 100) for a, b in pairs]


def smooth(points: Sequence[Point], steps: int = 5) -> list[Point]:
    """The closed curve through `points` (Catmull & Rom 1974)."""
    curve = []
    for i in range(len(points)):
        p, q, r, s = (points[(i + k) % len(points)] for k in (-1, 0, 1, 2))
        for t in (step / steps for step in range(steps)):
            a, b = (-t + 2 * t**2 - t**3) / 2, (2 - 5 * t**2 + 3 * t**3) / 2
            c, d = (t + 4 * t**2 - 3 * t**3) / 2, (-(t**2) + t**3) / 2
            x, y = (a * p[k] + b * q[k] + c * r[k] + d * s[k] for k in (0, 1))
            curve.append((x, y))
    return curve


def arc(
    x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360
) -> list[Point]:
    """Part of an ellipse round (x, y); angles in degrees, clockwise from three o'clock."""
    steps = max(4, int(abs(end - start) / 12))
    angles = (math.radians(start + (end - start) * i / steps) for i in range(steps + 1))
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


class Pen:
    """Draws on `image`, whose pixel (a*x + b*y + c, d*x + e*y + f) is the place (x, y).

    edge  width of the outline of shapes, 0 for none
    """

    def __init__(self, image: Image.Image, matrix: tuple[float, ...], edge: float = 0.0) -> None:
        self.draw, self.matrix, self.edge = ImageDraw.Draw(image), matrix, edge
        a, b, _, d, e, _ = matrix
        self.unit = math.sqrt(abs(a * e - b * d))  # pixels

    def pixels(self, points: Iterable[Point]) -> list[Point]:
        a, b, c, d, e, f = self.matrix
        return [(a * x + b * y + c, d * x + e * y + f) for x, y in points]

    def fill(self, points: Iterable[Point], colour: Colour) -> None:
        """A shape without an outline."""
        self.draw.polygon(self.pixels(points), colour)

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        self.fill(points, colour)
        if self.edge:
            outline = self.pixels([*points, *points[:2]])
            width = max(1, round(self.edge * self.unit))
            self.draw.line(outline, mix(colour, BLACK, 0.6), width, joint="curve")

    def stroke(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        line, thick = self.pixels(points), max(1, round(width * self.unit))
        self.draw.line(line, colour, thick, joint="curve")
        r = thick / 2 - 0.5
        for x, y in (line[0], line[-1]):  # round ends
            self.draw.ellipse((x - r, y - r, x + r, y + r), colour)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        self.shape(arc(x, y, rx, ry)[:-1], colour)

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, r: float = 0) -> None:
        """A rectangle, with corners of radius `r`."""
        if not r:
            return self.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour)
        turns = ((x1 - r, y1 - r), (x0 + r, y1 - r), (x0 + r, y0 + r), (x1 - r, y0 + r))
        corners = [arc(x, y, r, r, 90 * k, 90 * k + 90) for k, (x, y) in enumerate(turns)]
        self.shape(sum(corners, []), colour)


def tench(pen: Pen, rng: Random, c: Coat) -> None:
    fat, tail, top = rng.uniform(0.3, 0.48), rng.uniform(0.28, 0.45), rng.uniform(0.12, 0.3)
    fin = mix(c.main, c.dark, 0.5)
    pen.shape(smooth(places("50,11 92,-100 100,-80 90,0 100,80 92,100", high=tail)), fin)
    back = [(-0.25, -fat * 0.8), (-0.1, -fat - top), (0.2, -fat - top * 0.6), (0.35, -fat * 0.5)]
    pen.shape(smooth(back), fin)
    for x in (-0.2, 0.3):
        pen.shape(smooth(places("-10,-16 0,22 15,10 12,-20", x, fat)), fin)
    outline = "-97,7 -65,-72 -15,-100 35,-60 68,-32 68,32 35,60 -15,95 -65,70"
    body = smooth(places(outline, high=fat))
    pen.shape(body, c.main)
    belly = [(x, y) for x, y in body if y > 0.02 and x < 0.7]
    pen.fill([*belly, *places("-50,45 30,35", high=fat)], mix(c.main, c.light, 0.5))
    for k in range(rng.choice((0, 25, 25))):  # scales
        i, j = k // 5, k % 5 - 2
        scale = arc(
            -0.22 + 0.17 * i + 0.08 * (j % 2), j * fat * (0.26 - 0.03 * i), 0.07, 0.07, 90, 270
        )
        pen.stroke(scale, 0.015, fin)
    pen.stroke(arc(-0.75, 0, 0.32, fat * 0.66, -60, 60), 0.035, c.dark)
    pen.oval(-0.72, -fat * 0.25, 0.075, 0.075, mix(c.light, WHITE, 0.5))
    pen.oval(-0.73, -fat * 0.25, 0.035, 0.035, BLACK)
    pen.stroke(places("-96,5 -82,12"), 0.03, c.dark)
    pen.shape(smooth(places("-42,5 -20,12 -22,24 -38,16")), fin)


def springer_standing(pen: Pen, rng: Random, c: Coat) -> None:
    coat, patch = mix(c.light, WHITE, 0.6), mix(c.main, BLACK, 0.2)
    step, nod, wag = rng.uniform(-0.1, 0.1), rng.uniform(-0.08, 0.08), rng.uniform(-0.5, 0.1)
    for x, colour in (
        (-0.32, mix(coat, BLACK, 0.3)),
        (0.52, mix(coat, BLACK, 0.3)),
        (-0.42 + step, coat),
        (0.44 - step, coat),
    ):
        pen.shape([*places("-10,10 10,10", x), *places("5,85 -13,85", x + step)], colour)
    pen.stroke([(0.6, -0.15), (0.78, -0.15 + wag * 0.5), (0.92, -0.15 + wag)], 0.1, patch)
    body = "-60,-30 -20,-28 35,-30 68,-15 62,20 15,20 -30,34 -60,20"
    pen.shape(smooth(places(body)), coat)
    pen.shape(smooth(places("5,-30 40,-30 65,-15 55,8 20,0")), patch)
    if rng.random() < 0.6:
        pen.shape(smooth(places("-35,-28 -15,-28 -12,-5 -30,-2")), patch)
    pen.shape(smooth(places("-35,-30 -50,-60 -75,-35 -60,10", y=nod / 2)), coat)
    head = "-42,-70 -60,-82 -78,-66 -100,-56 -100,-42 -70,-36 -48,-42"
    pen.shape(smooth(places(head, y=nod)), patch)
    pen.shape(smooth(places("-78,-55 -100,-55 -100,-42 -75,-38", y=nod)), coat)
    pen.oval(-1, nod - 0.53, 0.06, 0.05, BLACK)
    pen.oval(-0.75, nod - 0.62, 0.035, 0.035, BLACK)
    ear = places("-55,-74 -40,-66 -32,-25 -45,-12 -60,-30", y=nod)
    pen.shape(smooth(ear), mix(patch, BLACK, 0.35))


def springer_face(pen: Pen, rng: Random, c: Coat) -> None:
    coat, patch = mix(c.light, WHITE, 0.6), mix(c.main, BLACK, 0.2)
    long = rng.uniform(0.4, 0.65)
    pen.shape(smooth(places("-50,95 -40,20 40,20 50,95")), coat)
    head = "-45,-60 0,-85 45,-60 50,-5 30,40 0,55 -30,40 -50,-5"
    pen.shape(smooth(places(head)), patch)
    blaze = "-6,-80 6,-80 10,-25 30,15 25,42 0,55 -25,42 -30,15 -10,-25"
    pen.shape(smooth(places(blaze)), coat)
    for side in (-1, 1):
        ear = places("38,-66 62,-50", wide=side) + places(
            "86,50 74,100 52,80", wide=side, high=long
        )
        pen.shape(smooth([*ear, (side * 0.48, -0.1)]), mix(patch, BLACK, 0.3))
        pen.oval(side * 0.25, -0.18, 0.09, 0.08, mix(c.light, WHITE, 0.5))
        pen.oval(side * 0.25, -0.17, 0.06, 0.065, BLACK)
        pen.stroke(arc(side * 0.1, 0.32, 0.1, 0.09, 0, 180), 0.03, BLACK)
    if rng.random() < 0.4:
        pen.shape(smooth(places("-8,42 8,42 7,68 -7,68")), (220, 100, 110))
    pen.shape(smooth(places("-13,12 13,12 0,28")), BLACK)


def springer(pen: Pen, rng: Random, c: Coat) -> None:
    rng.choice((springer_standing, springer_face))(pen, rng, c)


def cassette(pen: Pen, rng: Random, c: Coat, x: float, y: float, w: float, h: float) -> None:
    """A cassette behind its window of 2w by 2h."""
    pen.box(x - w, y - h, x + w, y + h, mix(c.dark, BLACK, 0.5), 0.05)
    label, middle = places("-85,-75 85,75", x, y, w, h), places("-60,-30 60,40", x, y, w, h)
    pen.box(*label[0], *label[1], mix(c.light, c.second, 0.4), 0.03)
    pen.box(*middle[0], *middle[1], mix(c.dark, BLACK, 0.3), 0.03)
    turn = rng.uniform(0, 120)
    for hub in places("-36,5 36,5", x, y, w, h):
        pen.oval(*hub, h * 0.3, h * 0.3, WHITE)
        for k in range(3):
            pen.stroke([hub, arc(*hub, h * 0.25, h * 0.25, turn + 120 * k)[0]], h * 0.1, c.dark)


def boom_box(pen: Pen, rng: Random, c: Coat) -> None:
    key, cone, h = mix(c.light, c.dark, 0.3), mix(c.dark, BLACK, 0.4), rng.uniform(0.42, 0.6)
    pen.stroke(places("-70,0 -66,-28 66,-28 70,0", y=-h), 0.07, c.dark)
    if rng.random() < 0.6:
        pen.stroke([(0.75, -h), (rng.uniform(0.4, 1.1), -1.1)], 0.025, key)
    pen.box(-1, -h, 1, h, c.main, 0.06)
    rims = (0.36, key), (0.31, cone), (0.18, mix(c.dark, c.light, 0.3)), (0.08, BLACK)
    for x in (-0.6, 0.6):
        for r, colour in rims:
            pen.oval(x, h - 0.41, r, r, colour)
    cassette(pen, rng, c, 0, 0.02, 0.22, 0.2)
    for x in (-0.2, -0.1, 0, 0.1):
        pen.box(x, h - 0.16, x + 0.08, h - 0.06, key)
    pen.box(-0.2, -h + 0.04, 0.2, -h + 0.12, WHITE)


def walkman(pen: Pen, rng: Random, c: Coat) -> None:
    key, w = mix(c.light, c.dark, 0.3), rng.uniform(0.56, 0.7)
    if rng.random() < 0.6:
        pen.stroke(places("-15,-85 0,-110 35,-90 30,20", w), 0.04, c.dark)
    pen.box(-w, -0.9, w, 0.9, c.main, 0.1)
    pen.box(-w, -0.9, w, -0.6, c.second, 0.1)
    cassette(pen, rng, c, 0, 0, w - 0.08, 0.42)
    for k in range(4):
        x = -w + 0.08 + k * (w - 0.08) / 2
        pen.box(x, 0.6, x + (w - 0.16) / 2, 0.8, key, 0.03)


def tape_recorder(pen: Pen, rng: Random, c: Coat) -> None:
    key = mix(c.light, c.dark, 0.3)
    pen.shape(places("-90,-45 90,-45 100,60 -100,60"), c.main)
    cassette(pen, rng, c, -0.22, -0.05, 0.58, 0.34)
    for k in range(5):
        pen.box(-0.85 + 0.22 * k, 0.34, -0.67 + 0.22 * k, 0.56, key if k else (200, 40, 40), 0.03)
        pen.stroke(places("48,-32 86,-32", y=0.11 * k), 0.035, c.dark)
    pen.oval(0.66, 0.42, 0.12, 0.12, key)


def cassette_player(pen: Pen, rng: Random, c: Coat) -> None:
    rng.choice((boom_box, walkman, tape_recorder))(pen, rng, c)


def chain_saw(pen: Pen, rng: Random, c: Coat) -> None:
    thin, tall = rng.uniform(0.11, 0.16), rng.uniform(0.42, 0.6)
    metal, grip, y = mix(c.light, STEEL, 0.7), mix(c.dark, BLACK, 0.6), 0.18
    bar = [(-0.1, y - thin), *arc(0.95 - thin, y, thin, thin, -90, 90), (-0.1, y + thin)]
    pen.shape(bar, metal)
    pen.stroke(bar, 0.03, grip)
    for k in range(9):
        for side in (-1, 1):
            tooth = places("0,0 6,0 3,6", -0.05 + 0.1 * k, y + side * thin, 1, side)
            pen.shape(tooth, grip)
    pen.stroke([(0.05, y), (0.6, y)], 0.03, mix(metal, BLACK, 0.35))
    pen.stroke(places("-60,34 -90,30 -100,5 -95,-12 -60,-15"), 0.1, grip)
    pen.stroke([(-0.38, -0.1), (-0.36, -tall), (-0.1, -tall - 0.06), (0.02, -0.05)], 0.075, grip)
    pen.stroke([(0.1, -0.1), (0.14, -tall + 0.05)], 0.07, grip)
    pen.shape(smooth(places("-72,-16 -30,-26 10,-20 18,5 16,36 -20,42 -68,40")), c.main)
    pen.box(-0.02, 0.06, 0.16, 0.34, mix(c.dark, BLACK, 0.3), 0.04)
    pen.oval(-0.45, 0.12, 0.17, 0.17, mix(c.main, BLACK, 0.35))
    for k in range(4):
        pen.stroke(places("-55,4 -35,4", y=0.06 * k), 0.02, BLACK)
    pen.box(-0.26, -0.14, 0.02, -0.02, c.second, 0.03)


def window(pen: Pen, x: float, y: float, r: float, h: float, colour: Colour) -> None:
    """With a round arch; a door is one too."""
    pen.shape([*arc(x, y, r, r * 1.3, 180, 360), (x + r, y + h), (x - r, y + h)], colour)


def nave(pen: Pen, c: Coat, from_front: bool) -> None:
    wide, xs = (0.75, (-0.5, 0.5)) if from_front else (0.9, (-0.7, -0.35, 0.0, 0.35, 0.7))
    roof = places("-88,20 0,-40 88,20" if from_front else "-98,22 -80,-22 80,-22 98,22")
    pen.box(-wide, 0.18, wide, 0.9, c.main)
    pen.shape(roof, mix(c.second, BLACK, 0.25))
    for x in xs:
        window(pen, x, 0.45, 0.09, 0.25, mix(c.dark, BLACK, 0.4))


def church(pen: Pen, rng: Random, c: Coat) -> None:
    glass, x = mix(c.dark, BLACK, 0.4), rng.choice((-0.55, 0.0, 0.55))
    w, top, tip = rng.uniform(0.2, 0.28), rng.uniform(-0.3, -0.1), rng.uniform(-0.95, -0.75)
    nave(pen, c, from_front=x == 0)
    pen.box(x - w, top, x + w, 0.9, mix(c.main, WHITE, 0.15))
    spire, high = "-120,0 0,-100 120,0", top - tip
    if rng.random() < 0.25:
        spire, tip = "-110,0 -125,-20 -60,-42 -10,-75 10,-75 60,-42 125,-20 110,0", top - 0.7 * high
    pen.shape(places(spire, x, top, w, high), mix(c.second, BLACK, 0.25))
    cross = mix(c.light, BLACK, rng.choice((0.0, 0.8)))
    pen.stroke([(x, tip), (x, tip - 0.3)], 0.05, cross)
    pen.stroke([(x - 0.1, tip - 0.2), (x + 0.1, tip - 0.2)], 0.05, cross)
    window(pen, x, top + 0.2, w * 0.4, 0.2, glass)
    if rng.random() < 0.5:
        pen.oval(x, top + 0.6, w * 0.45, w * 0.45, mix(c.light, WHITE, 0.5))
    window(pen, x, 0.65, 0.12, 0.25, mix(c.dark, BLACK, 0.2))


def french_horn(pen: Pen, rng: Random, c: Coat) -> None:
    dark, shine = mix(c.main, BLACK, 0.45), mix(c.main, WHITE, 0.6)
    x, y, r = -0.12, -0.15, rng.uniform(0.55, 0.64)

    def tube(points: list[Point], width: float) -> None:
        pen.stroke(points, width + 0.035, dark)
        pen.stroke(points, width, c.main)
        pen.stroke([(a - width * 0.15, b - width * 0.2) for a, b in points], width * 0.25, shine)

    tube([(x - r * 0.6, y - r * 0.75), *places("-70,-80 -98,-92")], 0.05)
    pen.oval(-0.99, -0.93, 0.06, 0.06, dark)
    tube(arc(x, y, r, r, 30, 390), 0.11)
    tube(arc(x, y, r * 0.76, r * 0.76), 0.08)
    for k in (-1, 0, 1):  # valves
        tube(arc(x + 0.16 * k, y + 0.05, 0.07, 0.24, 90, 270), 0.045)
        pen.oval(x + 0.18 * k, y - 0.05, 0.085, 0.085, dark)
        pen.oval(x + 0.18 * k, y - 0.05, 0.055, 0.055, shine)
    flare, mouth = rng.uniform(0.38, 0.48), rng.uniform(0.14, 0.3)
    throat = [(x + r - 0.06, y + 0.05), (x + r + 0.05, y + 0.05), (0.66, 0.3)]
    ends = places("100,-30 -100,50", 0.62, 0.62, flare, flare)
    pen.shape(smooth([*throat, *ends, (0.36, 0.35)]), c.main)
    for size, colour in (1.0, shine), (0.82, mix(c.main, BLACK, 0.65)):
        rim = arc(0, 0, flare * size, mouth * size)
        pen.shape([(0.62 + a * 0.95 + b * 0.4, 0.62 - a * 0.4 + b) for a, b in rim], colour)


def wheel(pen: Pen, x: float, y: float, r: float, hub: Colour) -> None:
    for share, colour in (1.0, SOOT), (0.5, hub), (0.18, (60, 60, 60)):
        pen.oval(x, y, r * share, r * share, colour)


def garbage_truck(pen: Pen, rng: Random, c: Coat) -> None:
    cab, top, front = (
        rng.choice((c.main, c.second)),
        rng.uniform(-0.62, -0.45),
        rng.uniform(-1, -0.92),
    )
    pen.box(-0.95, 0.4, 0.85, 0.52, SOOT)
    pen.shape([(-0.4, top), (0.62, top), *places("98,-15 98,42 -42,42")], c.main)
    pen.shape([(0.62, top), *places("98,-15 98,42 68,42 52,0")], mix(c.main, BLACK, 0.3))
    pen.shape(places("74,2 98,5 98,34 72,34"), SOOT)
    for x, y in places("86,10 96,22 82,26")[: rng.choice((0, 3))]:  # bags
        pen.oval(x, y, 0.09, 0.08, rng.choice((SOOT, c.light, (60, 90, 60))))
    for k in range(rng.choice((0, 4, 5))):
        rib = [(-0.3 + 0.19 * k, top + 0.05), (-0.3 + 0.19 * k, 0.36)]
        pen.stroke(rib, 0.035, mix(c.main, BLACK, 0.35))
    pen.box(-0.3, top + 0.22, 0.4, top + 0.36, mix(c.second, WHITE, 0.3))
    pen.stroke([(0.4, top + 0.02), (0.74, -0.02)], 0.06, c.dark)
    pen.shape([(-0.44, -0.32), *places("12,-32 0,2 0,44", front), (-0.44, 0.44)], cab)
    pane = [(-0.52, -0.24), *places("17,-24 8,2", front), (-0.52, 0.02)]
    pen.shape(pane, mix((150, 190, 215), c.light, 0.3))
    pen.stroke(places("-50,6 -50,40"), 0.02, mix(cab, BLACK, 0.5))
    pen.oval(front + 0.06, 0.28, 0.05, 0.05, (250, 240, 180))
    if rng.random() < 0.5:
        pen.box(-0.7, -0.4, -0.56, -0.32, (250, 150, 30))
    for x in rng.choice(((-0.68, 0.5), (-0.68, 0.32, 0.66))):
        wheel(pen, x, 0.56, 0.19, mix(c.light, STEEL, 0.5))


def old_head(pen: Pen, w: float, c: Coat, face: Colour) -> None:
    """Of a gas pump: a globe on top and a dial."""
    pen.oval(0, -0.82, 0.24, 0.22, face)
    pen.stroke(places("-12,-82 12,-82"), 0.06, c.main)
    pen.box(-0.12, -0.64, 0.12, -0.54, c.dark)
    pen.box(-w, -0.58, w, 0.88, c.main, 0.14)
    pen.oval(0, -0.22, w * 0.72, w * 0.72, face)
    pen.stroke(places("0,-22 14,-36"), 0.04, (190, 30, 30))


def new_head(pen: Pen, w: float, c: Coat, face: Colour) -> None:
    """Of a gas pump: a sign and two rows of figures."""
    pen.box(-w - 0.06, -0.96, w + 0.06, -0.7, c.second, 0.04)
    pen.stroke([(-w * 0.6, -0.83), (w * 0.6, -0.83)], 0.08, face)
    pen.box(-w, -0.7, w, 0.88, c.main)
    pen.box(-w * 0.75, -0.6, w * 0.75, -0.08, mix(c.dark, BLACK, 0.4), 0.03)
    for y in (-0.5, -0.28):
        pen.box(-w * 0.62, y, w * 0.62, y + 0.13, (190, 215, 190))
        for k in range(4):
            pen.stroke(places("0,3 0,10", w * (0.3 * k - 0.5), y), 0.035, BLACK)


def gas_pump(pen: Pen, rng: Random, c: Coat) -> None:
    w, face, droop = rng.uniform(0.36, 0.46), mix(c.light, WHITE, 0.6), rng.uniform(0.5, 0.75)
    down = [(w + 0.4, droop), (w + 0.22, droop + 0.1), (w + 0.12, droop - 0.3)]
    hose = [*places("-5,-50 30,-55 42,-10", w), *down, (w + 0.1, -0.05)]
    pen.stroke(smooth(hose)[:30], 0.07, SOOT)
    pen.box(-w - 0.12, 0.86, w + 0.12, 0.98, mix((150, 150, 150), c.dark, 0.4))
    rng.choice((old_head, new_head, new_head))(pen, w, c, face)
    for k in range(3):
        x = w * (0.5 * k - 0.7)
        pen.box(x, 0.04, x + w * 0.35, 0.2, rng.choice((face, c.second, c.dark)))
    pen.box(-w * 0.75, 0.32, w * 0.75, 0.76, mix(c.main, c.second, 0.5))
    pen.box(w - 0.02, -0.22, w + 0.16, 0.1, c.dark, 0.02)  # the nozzle in its holder
    pen.stroke(places("8,-12 20,-2 16,18", w), 0.09, SOOT)
    pen.stroke(places("6,-14 -4,-30", w), 0.05, STEEL)


def sphere(n: int, spin: float, roll: float) -> Iterable[tuple[float, float, float]]:
    """`n` places evenly over a sphere, on a spiral from pole to pole."""
    for k in range(n):
        z, a = 1 - (2 * k + 1) / n, math.pi * (3 - math.sqrt(5)) * k + spin
        x, y = math.sqrt(1 - z * z) * math.cos(a), math.sqrt(1 - z * z) * math.sin(a)
        yield x, y * math.cos(roll) - z * math.sin(roll), y * math.sin(roll) + z * math.cos(roll)


def golf_ball(pen: Pen, rng: Random, c: Coat) -> None:
    ball = mix(c.light, WHITE, rng.choice((0.9, 0.9, 0.4)))
    if rng.random() < 0.5:  # on its tee
        pen.shape(places("-22,68 22,68 7,90 4,130 -4,130 -7,90"), c.second)
    pen.oval(0, 0, 0.8, 0.8, mix(ball, BLACK, 0.25))
    pen.fill(arc(-0.05, -0.06, 0.73, 0.72), ball)
    n, deep = rng.choice((90, 130, 170)), mix(ball, BLACK, rng.uniform(0.22, 0.4))
    r, circle = 0.83 / math.sqrt(n), arc(0, 0, 1, 1)
    for x, y, z in sphere(n, rng.uniform(0, 6), rng.uniform(0, 6)):
        if z > 0.12:  # on this side
            far = math.hypot(x, y) or 1.0
            cos, sin = x / far, y / far
            dimple = [
                (0.79 * x + r * (p * z * cos - q * sin), 0.79 * y + r * (p * z * sin + q * cos))
                for p, q in circle
            ]
            pen.fill(dimple, deep)
            pen.fill([(p + 0.02, q + 0.025) for p, q in dimple], mix(ball, BLACK, 0.08))
    if rng.random() < 0.4:
        pen.stroke(places("-25,5 25,5"), 0.07, c.main)


def round_canopy(pen: Pen, rng: Random, stripes: list[Colour], foot: Point, line: Colour) -> None:
    n, high, y = rng.choice((6, 7, 8)), rng.uniform(0.65, 0.85), -0.18
    xs = [-0.9 * math.cos(math.pi * k / n) for k in range(n + 1)]
    for x in xs:
        pen.stroke([(x, y), foot], 0.018, line)
    for k, (x0, x1) in enumerate(pairwise(xs)):
        hem = places("25,-5.2 50,-7 75,-5.2", x0, y, x1 - x0)
        gore = [*arc(0, y, x0, high, -90, 0), *hem, *arc(0, y, x1, high, 0, -90)]
        pen.shape(gore, stripes[k % len(stripes)])


def wing(pen: Pen, rng: Random, stripes: list[Colour], foot: Point, line: Colour) -> None:
    n, bend = rng.choice((7, 9)), rng.uniform(0.2, 0.4)
    xs = [-0.98 + 1.96 * k / n for k in range(n + 1)]
    tops = [(x, -0.85 + bend * x * x) for x in xs]
    lows = [(x * 0.94, -0.5 + bend * x * x) for x in xs]
    for low in lows:
        pen.stroke([low, foot], 0.018, line)
    for k in range(n):
        cell = [tops[k], tops[k + 1], lows[k + 1], lows[k]]
        pen.shape(cell, stripes[k % len(stripes)])


def parachute(pen: Pen, rng: Random, c: Coat) -> None:
    man, line, x = mix(c.dark, BLACK, 0.4), mix(c.dark, (90, 90, 90), 0.5), rng.uniform(-0.1, 0.1)
    other = rng.choice((c.second, c.light, mix(c.main, BLACK, 0.2)))
    canopy = rng.choice((round_canopy, round_canopy, wing))
    canopy(pen, rng, [c.main, other], (x, 0.72), line)
    for hand in (-0.08, 0.08):
        pen.stroke([(x, 0.74), (x + hand, 0.52)], 0.045, man)
        pen.stroke([(x, 0.88), (x + hand * 0.7, 1.08)], 0.05, man)
    pen.stroke([(x, 0.72), (x, 0.9)], 0.1, man)
    pen.oval(x, 0.64, 0.065, 0.07, mix(c.light, (225, 180, 150), 0.6))


def ball(pen: Pen, rng: Random, c: Coat) -> None:
    pen.oval(0, 0, 0.9, 0.9, c.main)
    for _ in range(rng.choice((0, 0, 8))):
        spot = arc(0, 0, rng.uniform(0, 0.7), rng.uniform(0, 0.7), rng.uniform(0, 360))[0]
        pen.oval(*spot, 0.12, 0.12, c.second)
    pen.oval(-0.3, -0.35, 0.2, 0.15, mix(c.main, WHITE, 0.5))


def ring(pen: Pen, rng: Random, c: Coat) -> None:
    part = arc(0, 0, 0.8, 0.8, rng.uniform(0, 90), rng.uniform(270, 450))
    pen.stroke(part, rng.uniform(0.1, 0.3), c.main)


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
    pen.stroke(places("0,0 0,90 15,100 25,85"), 0.06, c.dark)
    for k, (x0, x1) in enumerate(pairwise((-0.9, -0.45, 0, 0.45, 0.9))):
        gore = [*arc(0, 0.05, x0, 0.7, -90, 0), *arc(0, 0.05, x1, 0.7, 0, -90)]
        pen.shape(gore, c.second if k % 2 else c.main)


def post(pen: Pen, rng: Random, c: Coat) -> None:
    pen.box(-0.12, -1.6, 0.12, 2.5, c.main)
    if rng.random() < 0.5:
        pen.box(-0.6, -1.6, 0.6, -0.8, c.second, 0.1)


def stick(pen: Pen, rng: Random, c: Coat) -> None:
    pen.stroke([(x, rng.uniform(-0.8, 0.8)) for x in (-2.5, 0, 2.5)], 0.12, c.main)


def bush(pen: Pen, rng: Random, c: Coat) -> None:
    pen.shape(smooth([(rng.uniform(0.5, 1.1) * x, y) for x, y in arc(0, 0, 1, 1)[::3]]), c.main)


def leaf(pen: Pen, rng: Random, c: Coat) -> None:
    pen.shape(smooth(places("-100,0 -30,-45 70,-10 100,-40 90,30 60,10 -30,40")), c.main)
    pen.stroke(places("-90,0 80,0"), 0.05, c.second)


def crate(pen: Pen, rng: Random, c: Coat) -> None:
    pen.box(-0.8, -0.6, 0.8, 0.6, c.main, 0.1)
    for k in range(rng.randrange(4)):
        pen.box(-0.6 + 0.4 * k, -0.3, -0.35 + 0.4 * k, 0.3, c.second)
    for x in rng.choice(((), (), (-0.4, 0.4))):
        pen.oval(x, 0, 0.25, 0.25, c.light)


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
# What lies about has parts of the things in it: balls, wheels, domes, roofs, tails, reels.
CLUTTER: tuple[Drawing, ...] = (
    ball, ring, cart, house, umbrella, post, stick, bush, leaf, crate
)  # fmt: skip
