"""Right answers to the exercises of `batch_augment`."""

import math
import random
from functools import reduce

import numpy as np
import torch
import torch.nn.functional as functional
from torch import nn

from .learner import BatchTransformXCallback


def affine_grid(matrix, size, align_corners=False):
    """By torch's own function, whatever the form of the size."""
    h, w = (size, size) if isinstance(size, int) else tuple(size)[-2:]
    return functional.affine_grid(matrix, [len(matrix), 1, h, w], align_corners=align_corners)


def affine_grid(matrix, size, align_corners=False):
    """One product of matrices a picture, over a list of points."""
    h, w = output_size(size)

    def axis(n):
        ends = torch.linspace(-1, 1, n, dtype=matrix.dtype, device=matrix.device)
        return ends if align_corners else ends * ((n - 1) / n)

    y, x = axis(h).repeat_interleave(w), axis(w).repeat(h)
    points = torch.stack([x, y, torch.ones_like(x)])
    return torch.stack([(m @ points).T.reshape(h, w, 2) for m in matrix])


def affine_grid(matrix, size, align_corners=False):
    """By broadcasting, with the shift added at the end."""
    h, w = output_size(size)
    span = (lambda n: max(n - 1, 1)) if align_corners else (lambda n: n)
    x = (2 * torch.arange(w, device=matrix.device) - (w - 1)).to(matrix.dtype) / span(w)
    y = (2 * torch.arange(h, device=matrix.device) - (h - 1)).to(matrix.dtype) / span(h)
    a, b, c = (o[:, None, None] for o in matrix.unbind(dim=-1))
    return x[None, None, :, None] * a + y[None, :, None, None] * b + c


def affine_grid(matrix, size, align_corners=False):
    """Through numpy and back."""
    h, w = output_size(size)
    centre = [(np.arange(n) + 0.5) / n * 2 - 1 for n in (h, w)]
    corner = [np.arange(n) / max(n - 1, 1) * 2 - 1 for n in (h, w)]
    y, x = np.meshgrid(*(corner if align_corners else centre), indexing="ij")
    points = np.stack([x, y, np.ones_like(x)], axis=-1)
    grid = np.einsum("hwj,nij->nhwi", points, matrix.detach().cpu().numpy())
    return torch.from_numpy(grid).to(matrix)


def rotation_matrix(degrees):
    """The lecture's form, with an argument that stays."""
    thetas = degrees * math.pi / 180
    zero, one = torch.zeros_like(thetas), torch.ones_like(thetas)
    rows = [
        torch.stack([thetas.cos(), -thetas.sin(), zero], dim=1),
        torch.stack([thetas.sin(), thetas.cos(), zero], dim=1),
        torch.stack([zero, zero, one], dim=1),
    ]
    return torch.stack(rows, dim=1)


def rotation_matrix(degrees):
    """Written into unit matrices."""
    radians = torch.deg2rad(degrees)
    found = torch.eye(3, dtype=degrees.dtype, device=degrees.device).repeat(len(degrees), 1, 1)
    found[:, 0, 0] = found[:, 1, 1] = torch.cos(radians)
    found[:, 1, 0] = torch.sin(radians)
    found[:, 0, 1] = -found[:, 1, 0]
    return found


def rotation_matrix(degrees):
    """One matrix after the other, with numbers of Python."""

    def one(angle):
        c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        return [[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]

    return torch.tensor([one(o) for o in degrees.tolist()]).to(degrees)


def rotation_matrix(degrees):
    """The exponential of an angular velocity."""
    around = torch.tensor([[0.0, -1, 0], [1, 0, 0], [0, 0, 0]], dtype=torch.float64)
    radians = torch.deg2rad(degrees.double())[:, None, None]
    return torch.linalg.matrix_exp(around.to(degrees.device) * radians).to(degrees.dtype)


def rotation_matrix(degrees):
    """From points on the unit circle, as complex numbers."""
    turns = torch.polar(torch.ones_like(degrees), degrees / 180 * math.pi)
    upper = torch.stack([torch.view_as_real(turns), torch.view_as_real(turns * 1j)], dim=-1)
    found = functional.pad(upper, (0, 1, 0, 1))
    found[:, 2, 2] = 1
    return found


def zoom_matrix(zoom):
    """As a diagonal."""
    return torch.diag_embed(torch.stack([1 / zoom, 1 / zoom, torch.ones_like(zoom)], dim=1))


def zoom_matrix(zoom):
    """Unit matrices, two rows of which are divided."""
    found = torch.eye(3, dtype=zoom.dtype, device=zoom.device).repeat(len(zoom), 1, 1)
    found[:, :2] /= zoom[:, None, None]
    return found


def zoom_matrix(zoom):
    """The inverse of the movement that one sees."""
    seen = torch.zeros(*zoom.shape, 3, 3, dtype=zoom.dtype, device=zoom.device)
    seen[:, 0, 0], seen[:, 1, 1], seen[:, 2, 2] = zoom, zoom, 1.0
    return torch.linalg.inv(seen)


def zoom_matrix(zoom):
    """A weighted sum of two constant matrices."""
    both, last = torch.diag(zoom.new_tensor([1, 1, 0])), torch.diag(zoom.new_tensor([0, 0, 1]))
    return both * zoom.reciprocal().view(-1, 1, 1) + last


def shift_matrix(dx, dy):
    """Written into unit matrices."""
    found = torch.eye(3).to(dx).repeat(dx.shape[0], 1, 1)
    found[:, 0, 2] = -dx
    found[:, 1, 2] = -dy
    return found


def shift_matrix(dx, dy):
    """Two columns of the unit matrix, and one of the shift."""
    units = torch.eye(3, 2, dtype=dx.dtype, device=dx.device).expand(len(dx), 3, 2)
    last = torch.stack([-dx, -dy, torch.ones_like(dx)], dim=1)
    return torch.cat([units, last.unsqueeze(-1)], dim=-1)


def shift_matrix(dx, dy):
    """A plain loop."""
    rows = [[[1.0, 0.0, -x], [0.0, 1.0, -y], [0.0, 0.0, 1.0]] for x, y in zip(dx, dy, strict=True)]
    return torch.tensor(rows, dtype=dx.dtype, device=dx.device)


def shift_matrix(dx, dy):
    """Padded from a column."""
    column = torch.stack([dx.neg(), dy.neg(), torch.zeros_like(dx)], dim=1)[..., None]
    return nn.functional.pad(column, (2, 0)) + torch.eye(3, dtype=dx.dtype, device=dx.device)


def flip_matrix(flip):
    """The sign chosen by where."""
    sign = torch.where(flip, -1.0, 1.0)
    one = torch.ones_like(sign)
    return torch.diag_embed(torch.stack([sign, one, one], dim=-1))


def flip_matrix(flip):
    """Unit matrices, of which some are changed by a mask."""
    found = torch.eye(3, device=flip.device).repeat(len(flip), 1, 1)
    found[flip, 0, 0] = -1
    return found


def flip_matrix(flip):
    """A choice between two whole matrices."""
    both = torch.stack([torch.eye(3), torch.diag(torch.tensor([-1.0, 1.0, 1.0]))])
    return both.to(flip.device)[flip.long()]


def flip_matrix(flip):
    """In double precision, one picture after the other."""
    signs = [-1.0 if o else 1.0 for o in flip.tolist()]
    rows = [[[s, 0, 0], [0, 1, 0], [0, 0, 1]] for s in signs]
    return torch.tensor(rows, dtype=torch.float64, device=flip.device)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """By torch's own grid."""
    thetas = (torch.rand(x.shape[0]).to(x) * 2 - 1) * degrees
    h, w = output_size(size)
    grid = functional.affine_grid(
        rotation_matrix(thetas)[:, :2], [*x.shape[:2], h, w], align_corners=False
    )
    return functional.grid_sample(x, grid, "bilinear", padding_mode, False)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """One picture after the other, with Python's random numbers."""
    outs = []
    for picture in x:
        angle = x.new_tensor([random.uniform(-degrees, degrees)])
        grid = affine_grid(rotation_matrix(angle)[:, :2, :], size)
        outs.append(
            functional.grid_sample(
                picture[None], grid, padding_mode=padding_mode, align_corners=False
            )
        )
    return torch.cat(outs)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """With corners aligned in the grid and in the sampling alike."""
    angles = torch.from_numpy(np.random.uniform(-degrees, degrees, len(x))).to(x)
    grid = affine_grid(rotation_matrix(angles)[:, :2], size, align_corners=True)
    return functional.grid_sample(x, grid, padding_mode=padding_mode, align_corners=True)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """In units of pixels, so that pictures that aren't square keep their shapes."""
    h, w = x.shape[-2:]
    angles = torch.zeros_like(x[:, 0, 0, 0]).uniform_(-1, 1).mul(degrees)
    stretch = torch.diag(torch.tensor([float(w), float(h), 1.0])).to(x)
    matrix = torch.linalg.inv(stretch) @ rotation_matrix(angles) @ stretch
    grid = affine_grid(matrix[:, :2].contiguous(), output_size(size))
    return torch.grid_sampler(
        x, grid, 0, ["zeros", "border", "reflection"].index(padding_mode), False
    )


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Without any matrix: cosine and sine of each angle on the plain grid."""
    source = torch.Generator(device=x.device) if x.device.type != "meta" else None
    if source is not None:
        source.manual_seed(torch.initial_seed() + int(torch.randint(2**31, ())))
    angles = torch.empty(len(x), 1, 1, device=x.device, dtype=x.dtype)
    angles.uniform_(-math.radians(degrees), math.radians(degrees), generator=source)
    h, w = output_size(size)
    ys, xs = (((torch.arange(n) + 0.5) / n * 2 - 1).to(x) for n in (h, w))
    across = xs * angles.cos() - ys[:, None] * angles.sin()
    down = xs * angles.sin() + ys[:, None] * angles.cos()
    grid = torch.stack([across, down], dim=-1)
    return functional.grid_sample(x, grid, padding_mode=padding_mode, align_corners=False)


def _centres(size, like):
    h, w = output_size(size)
    y, x = (((torch.arange(n) + 0.5) * 2 / n - 1).to(like) for n in (h, w))
    return x.expand(h, w), y[:, None].expand(h, w)


def perspective_grid(corners, size):
    """Eight rows a picture, x and y in turns, solved with a column on the right."""
    n, rows, rights = len(corners), [], []
    for i, (px, py) in enumerate([(-1.0, -1.0), (-1.0, 1.0), (1.0, 1.0), (1.0, -1.0)]):
        cx, cy = corners[:, i, 0], corners[:, i, 1]
        one, zero = torch.ones_like(cx), torch.zeros_like(cx)
        known = [px * one, py * one, one]
        rows.append(torch.stack([*known, zero, zero, zero, -px * cx, -py * cx], dim=-1))
        rows.append(torch.stack([zero, zero, zero, *known, -px * cy, -py * cy], dim=-1))
        rights += [cx, cy]
    system, right = torch.stack(rows, dim=1), torch.stack(rights, dim=1)[..., None]
    a, b, c, d, e, f, g, h = torch.linalg.solve(system, right).view(n, 8, 1, 1).unbind(1)
    x, y = _centres(size, corners)
    below = g * x + h * y + 1
    return torch.stack([(a * x + b * y + c) / below, (d * x + e * y + f) / below], dim=-1)


def perspective_grid(corners, size):
    """Heckbert's closed form for the unit square, in double precision."""
    p = corners.double()
    a, d, c, b = p.unbind(1)  # round the square: (0, 0), (1, 0), (1, 1), (0, 1)
    sums, first, second = a - b + c - d, b - c, d - c

    def cross(u, v):
        return u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]

    g = (cross(sums, second) / cross(first, second))[:, None, None, None]
    h = (cross(first, sums) / cross(first, second))[:, None, None, None]
    a, b, d = (o[:, None, None] for o in (a, b, d))
    x, y = ((o[..., None].double() + 1) / 2 for o in _centres(size, p))
    found = a + (b * (1 + g) - a) * x + (d * (1 + h) - a) * y
    return (found / (1 + g * x + h * y)).to(corners.dtype)


def perspective_grid(corners, size):
    """By the projective frames of both quadrilaterals, with a batched inverse."""

    def frame(points):
        rows = functional.pad(points, (0, 1), value=1.0).transpose(1, 2)
        weights = torch.linalg.solve(rows[..., :3], rows[..., 3:])
        return rows[..., :3] * weights.transpose(1, 2)

    whole = corners.new_tensor([[-1, -1], [-1, 1], [1, 1], [1, -1]]).expand_as(corners)
    matrix = frame(corners) @ frame(whole).inverse()
    x, y = _centres(size, corners)
    points = torch.stack([x, y, torch.ones_like(x)]).flatten(1)
    found = (matrix @ points).transpose(1, 2).unflatten(1, x.shape)
    return found[..., :2] / found[..., 2, None]


def perspective_grid(corners, size):
    """By least squares, from a system that is built in a loop over the pictures."""
    whole, rows = [(-1, -1), (-1, 1), (1, 1), (1, -1)], []
    for quad in corners:
        for (px, py), (x, y) in zip(whole, quad, strict=True):
            rows += [[px, py, 1, 0, 0, 0, -px * x, -py * x], [0, 0, 0, px, py, 1, -px * y, -py * y]]
    system = torch.tensor(rows, dtype=corners.dtype, device=corners.device).view(-1, 8, 8)
    found = torch.linalg.lstsq(system, corners.reshape(-1, 8, 1)).solution
    matrix = functional.pad(found[..., 0], (0, 1), value=1.0).view(-1, 1, 1, 3, 3)
    x, y = _centres(size, corners)
    points = (matrix @ torch.stack([x, y, torch.ones_like(x)], dim=-1)[..., None])[..., 0]
    return points[..., :2] / points[..., 2:3]


class BatchAugment(BatchTransformXCallback):
    """A batch transform, by corners: everything is said of the four corners of the crop."""

    _order = 2

    def __init__(
        self,
        size,
        flip=0.5,
        degrees=10.0,
        zoom=1.1,
        shift=0.0,
        scale=(0.35, 1.0),
        ratio=(3 / 4, 4 / 3),
        tilt=0.1,
        padding_mode="reflection",
    ):
        self.size, self.flip, self.degrees, self.zoom, self.shift = size, flip, degrees, zoom, shift
        self.scale, self.ratio, self.tilt, self.padding_mode = scale, ratio, tilt, padding_mode
        super().__init__(lambda x: self.augment(x) if self.in_train else self.resize(x))

    def augment(self, x):
        return self.filled(x, self.moved)

    def resize(self, x):
        return self.filled(x, lambda corners: corners)

    def filled(self, x, move):
        if x.dtype == torch.uint8:
            x = x / 255
        whole = x.new_tensor([[-1, -1], [-1, 1], [1, 1], [1, -1]]).expand(len(x), 4, 2)
        corners = move(whole)
        grid = perspective_grid(corners, self.size)
        return functional.grid_sample(x, grid, padding_mode=self.padding_mode, align_corners=False)

    def moved(self, corners):
        def draw(low, high):
            return low + (high - low) * torch.rand_like(corners[:, :1, :1])

        low, high = map(math.log, self.ratio)
        area, ratio = draw(*self.scale), draw(low, high).exp()
        sizes = torch.cat([(area * ratio).sqrt(), (area / ratio).sqrt()], dim=-1).clamp(max=1)
        jitter = torch.rand_like(corners) * self.tilt  # each corner inwards by its own
        places = torch.cat([draw(-1, 1), draw(-1, 1)], dim=-1) * (1 - sizes)
        corners = corners * (1 - 2 * jitter) * sizes + places
        mirrored = draw(0, 1) < self.flip
        corners = torch.where(mirrored, corners[:, [3, 2, 1, 0]], corners) / draw(1, self.zoom)
        turn = rotation_matrix(draw(-self.degrees, self.degrees)[:, 0, 0])[:, :2, :2]
        shift = torch.cat([draw(-1, 1), draw(-1, 1)], dim=-1) * 2 * self.shift
        return corners @ turn.transpose(1, 2) + shift


class BatchAugment(Callback):
    """One picture after the other, with single numbers, and attempts at a crop."""

    _order = 2

    def __init__(
        self,
        size,
        flip=0.5,
        degrees=10.0,
        zoom=1.1,
        shift=0.0,
        scale=(0.35, 1.0),
        ratio=(3 / 4, 4 / 3),
        tilt=0.1,
        padding_mode="reflection",
    ):
        self.hw = output_size(size)
        self.options = flip, degrees, zoom, shift, scale, ratio, tilt
        self.padding_mode = padding_mode

    def begin_batch(self):
        change = self.augment if self.model.training else self.resize
        self.run.xb = change(self.run.xb)

    def resize(self, x):
        x = x.float() / 255 if x.dtype == torch.uint8 else x
        return functional.interpolate(x, self.hw, mode="bilinear", align_corners=False)

    def augment(self, x):
        x = x.float() / 255 if x.dtype == torch.uint8 else x
        self.numbers = iter(torch.rand(64 * len(x), device=x.device).tolist())
        matrices = torch.stack([self.matrix(*x.shape[-2:]) for _ in x])
        centres = _centres(self.hw, matrices)
        points = torch.stack([*centres, torch.ones_like(centres[0])], dim=-1)
        found = torch.einsum("nij,hwj->nhwi", matrices, points)
        grid = (found[..., :2] / found[..., 2:]).to(x)
        return functional.grid_sample(x, grid, padding_mode=self.padding_mode, align_corners=False)

    def uniform(self, low, high):
        return low + (high - low) * next(self.numbers)

    def matrix(self, h, w):
        flip, degrees, zoom, shift, scale, ratio, tilt = self.options
        parts = [
            flip_matrix(torch.tensor([self.uniform(0, 1) < flip])),
            self.crop(h, w, scale, ratio),
            self.perspective(tilt),
            zoom_matrix(torch.tensor([self.uniform(1, zoom)])),
            rotation_matrix(torch.tensor([self.uniform(-degrees, degrees)])),
            shift_matrix(*(torch.tensor([self.uniform(-1, 1) * 2 * shift]) for _ in "xy")),
        ]
        return reduce(lambda inner, outer: outer.double() @ inner.double(), parts)[0]

    def perspective(self, tilt):
        found = torch.eye(3)[None].clone()
        found[0, 2, 0], found[0, 2, 1] = (self.uniform(-tilt, tilt) for _ in "xy")
        return found

    def crop(self, h, w, scale, ratio):
        for _ in range(10):
            area, shape = self.uniform(*scale) * h * w, self.uniform(*ratio)
            wide, high = round((area * shape) ** 0.5), round((area / shape) ** 0.5)
            if wide <= w and high <= h:
                left, top = self.uniform(0, w - wide), self.uniform(0, h - high)
                break
        else:
            wide, high, left, top = w, h, 0, 0
        rows = [
            [wide / w, 0, (2 * left + wide) / w - 1],
            [0, high / h, (2 * top + high) / h - 1],
            [0, 0, 1],
        ]
        return torch.tensor([rows], dtype=torch.float64)


class BatchAugment(Callback):
    """With one table of draws for all, in double precision, and antialiasing in validation."""

    _order = 2

    def __init__(
        self,
        size,
        flip=0.5,
        degrees=10.0,
        zoom=1.1,
        shift=0.0,
        scale=(0.35, 1.0),
        ratio=(3 / 4, 4 / 3),
        tilt=0.1,
        padding_mode="reflection",
    ):
        self.out, self.padding_mode = output_size(size), padding_mode
        low, high = np.log(ratio)
        self.low = [0, -degrees, 1 / zoom, -shift, -shift, scale[0], low, -1, -1, -tilt, -tilt]
        self.high = [1, degrees, 1, shift, shift, scale[1], high, 1, 1, tilt, tilt]
        self.chance = flip

    def begin_batch(self):
        self.learn.xb = self.augment(self.xb) if self.in_train else self.resize(self.xb)

    def floats(self, x):
        return x if x.is_floating_point() else x.to(torch.get_default_dtype()).mul(1 / 255)

    def resize(self, x):
        x = self.floats(x)
        return functional.interpolate(x, size=self.out, mode="bilinear", antialias=True)

    def augment(self, x):
        x = self.floats(x)
        grid = self.places(len(x), x.device).to(x)
        return functional.grid_sample(x, grid, padding_mode=self.padding_mode, align_corners=False)

    def places(self, n, device):
        low, high = (
            torch.tensor(o, dtype=torch.float64, device=device) for o in (self.low, self.high)
        )
        draws = low + (high - low) * torch.rand(n, 11, dtype=torch.float64, device=device)
        mirror, angle, share, dx, dy, area, ratio, left, top, across, along = (
            o[:, None, None] for o in draws.T
        )
        x, y = _centres(self.out, angle)
        x = torch.where(mirror < self.chance, -x, x)
        below = 1 + across * x + along * y
        x, y = x / below, y / below
        wide, high = (
            (area * ratio.exp()).sqrt().clamp(0, 1),
            (area / ratio.exp()).sqrt().clamp(0, 1),
        )
        x, y = share * (wide * x + (1 - wide) * left), share * (high * y + (1 - high) * top)
        cos, sin = (angle * math.pi / 180).cos(), (angle * math.pi / 180).sin()
        return torch.stack([cos * x - sin * y + 2 * dx, sin * x + cos * y + 2 * dy], dim=-1)


class BatchAugment(Callback):
    """As functions in a list, each with the draws that it asks for."""

    _order = 2

    def __init__(self, size, flip=0.5, degrees=10.0, zoom=1.1, shift=0.0, scale=(0.35, 1.0),
                 ratio=(3 / 4, 4 / 3), tilt=0.1, padding_mode="reflection"):  # fmt: skip
        self.size, self.padding_mode = size, padding_mode
        self.parts = [
            lambda draw: shift_matrix(draw(-2 * shift, 2 * shift), draw(-2 * shift, 2 * shift)),
            lambda draw: rotation_matrix(draw(-degrees, degrees)),
            lambda draw: zoom_matrix(draw(1.0, zoom)),
            lambda draw: self.crop(draw(*scale), draw(math.log(ratio[0]), math.log(ratio[1]))),
            self.place,
            lambda draw: self.tilted(2 * draw(-tilt, tilt), 2 * draw(-tilt, tilt), tilt),
            lambda draw: flip_matrix(draw(0.0, 1.0) < flip),
        ]

    def begin_batch(self):
        self.run.xb = (self.augment if self.in_train else self.resize)(self.xb)

    def augment(self, xb):
        return self.looked_up(xb, self.grid)

    def resize(self, xb):
        return self.looked_up(xb, self.plain)

    def looked_up(self, xb, grid):
        x, mode = xb / 255 if xb.dtype == torch.uint8 else xb, self.padding_mode
        return functional.grid_sample(x, grid(x), padding_mode=mode, align_corners=False)

    def plain(self, x):
        return affine_grid(torch.eye(2, 3).to(x).expand(len(x), 2, 3), self.size)

    def grid(self, x):
        def draw(low, high):
            return torch.empty(len(x), device=x.device, dtype=x.dtype).uniform_(low, high)

        matrices = [part(draw).to(x) for part in self.parts]
        matrix = reduce(torch.matmul, matrices)
        points = affine_grid(torch.eye(2, 3).to(x)[None], self.size)
        points = functional.pad(points, (0, 1), value=1.0)
        found = (matrix[:, None, None] @ points[..., None]).squeeze(-1)
        return found[..., :2] / found[..., 2:]

    def crop(self, area, ratio):
        sides = torch.stack([(area * ratio.exp()).sqrt(), (area * (-ratio).exp()).sqrt()], dim=1)
        self.shares = sides.clamp_max(1)
        return torch.diag_embed(functional.pad(self.shares, (0, 1), value=1.0))

    def place(self, draw):
        room = (1 - self.shares) / self.shares
        return shift_matrix(room[:, 0] * draw(-1.0, 1.0), room[:, 1] * draw(-1.0, 1.0))

    def tilted(self, dx, dy, tilt):
        inner = 1 - 2 * tilt
        corners = [(-inner - dx, -inner - dy), (-inner + dx, inner + dy)]
        corners += [(inner - dx, inner - dy), (inner + dx, dy - inner)]
        to = torch.stack([torch.stack(o, dim=-1) for o in corners], dim=1)
        whole = to.new_tensor([[-1, -1], [-1, 1], [1, 1], [1, -1]]).expand_as(to)
        ones, nothing = torch.ones_like(to[..., :1]), torch.zeros_like(to)
        for_x = torch.cat([whole, ones, nothing, 0 * ones, -to[..., :1] * whole], dim=-1)
        for_y = torch.cat([nothing, 0 * ones, whole, ones, -to[..., 1:] * whole], dim=-1)
        rights = torch.cat([to[..., 0], to[..., 1]], dim=1)
        found = torch.linalg.solve(torch.cat([for_x, for_y], dim=1), rights)
        return functional.pad(found, (0, 1), value=1.0).view(-1, 3, 3)
