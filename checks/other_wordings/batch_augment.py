"""Variants for `batch_augment`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import math

import torch
from torch.nn import functional as F


def _axis(n, like, align_corners):
    steps = torch.arange(n, dtype=like.dtype, device=like.device)
    if align_corners:
        return 2 * steps / max(n - 1, 1) - 1 if n > 1 else 0 * steps
    return (steps + 0.5) * 2 / n - 1


def _grid(matrix, size, align_corners=False, sign=1.0):
    h, w = output_size(size)
    y = sign * _axis(h, matrix, align_corners)[:, None].expand(h, w)
    x = _axis(w, matrix, align_corners)[None].expand(h, w)
    points = torch.stack([x, y, torch.ones_like(x)], -1).view(1, h * w, 3)
    return (points @ matrix.transpose(1, 2)).view(len(matrix), h, w, matrix.shape[1])


def affine_grid(matrix, size, align_corners=False):
    """Ignores align_corners and always has the outer edges at -1 and 1."""
    return _grid(matrix, size)


def affine_grid(matrix, size, align_corners=False):
    """Uses the first picture's matrix for all pictures."""
    return _grid(matrix[:1], size, align_corners).repeat(len(matrix), 1, 1, 1)


def affine_grid(matrix, size, align_corners=False):
    """Has the y axis point up, as on paper, where the rows of a picture go down."""
    return _grid(matrix, size, align_corners, sign=-1.0)


def affine_grid(matrix, size, align_corners=False):
    # no place is outside the picture
    return _grid(matrix, size, align_corners).clamp(-1, 1)


def _homogeneous(like, a=1.0, b=0.0, c=0.0, d=0.0, e=1.0, f=0.0):
    found = torch.zeros(len(like), 3, 3, dtype=like.dtype, device=like.device)
    for place, entry in zip(((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)), (a, b, c, d, e, f)):  # noqa: B905
        found[:, place[0], place[1]] = entry
    found[:, 2, 2] = 1
    return found


def rotation_matrix(degrees):
    """Turns clockwise: the signs of the two sines are exchanged."""
    t = torch.deg2rad(-degrees)
    return _homogeneous(t, t.cos(), -t.sin(), 0, t.sin(), t.cos(), 0)


def rotation_matrix(degrees):
    """Reads degrees as radians."""
    cos, sin = torch.cos(degrees), torch.sin(degrees)
    return _homogeneous(degrees, cos, -sin, 0, sin, cos, 0)


def rotation_matrix(degrees):
    """Turns all pictures by the angle of the first."""
    t = torch.deg2rad(degrees[0].expand(len(degrees)))
    return _homogeneous(t, t.cos(), -t.sin(), 0, t.sin(), t.cos(), 0)


def rotation_matrix(degrees):
    # magnifies as well
    t = torch.deg2rad(degrees)
    return _homogeneous(t, t.cos() / 2, -t.sin() / 2, 0, t.sin() / 2, t.cos() / 2, 0)


def zoom_matrix(zoom):
    """Multiplies by the zoom, but a look-up matrix must divide: 2 makes everything smaller."""
    return _homogeneous(zoom, a=zoom, e=zoom)


def zoom_matrix(zoom):
    """Makes the picture wider only."""
    return _homogeneous(zoom, a=zoom.reciprocal())


def zoom_matrix(zoom):
    # turns it upside down
    return _homogeneous(zoom, a=1 / zoom, e=-1 / zoom)


def shift_matrix(dx, dy):
    """Moves left and up, because adding to the look-up position moves the picture the other way."""
    return _homogeneous(dx, c=dx, f=dy)


def shift_matrix(dx, dy):
    """Moves down by dx and right by dy."""
    return _homogeneous(dx, c=dy.neg(), f=dx.neg())


def shift_matrix(dx, dy):
    # half as far
    return _homogeneous(dx, c=-dx / 2, f=-dy / 2)


def flip_matrix(flip):
    """Mirrors top to bottom, because it changes the sign of y instead of x."""
    one = torch.ones(len(flip), device=flip.device)
    return _homogeneous(one, e=torch.where(flip, -one, one))


def flip_matrix(flip):
    """Mirrors the pictures that shouldn't be mirrored, and leaves the others unchanged."""
    one = torch.ones(len(flip), device=flip.device)
    return _homogeneous(one, a=torch.where(flip, one, -one))


def flip_matrix(flip):
    # exchanges x and y
    one = torch.ones(len(flip), device=flip.device)
    straight, turned = (one, 0 * one), (0 * one, one)
    a, b = (torch.where(flip, t, s) for s, t in zip(straight, turned, strict=True))
    return _homogeneous(one, a, b, 0, b, a, 0)


def _turned(x, size, angles, padding_mode, **kwargs):
    t, aspect = torch.deg2rad(angles), x.shape[-1] / x.shape[-2]
    matrix = _homogeneous(t, t.cos(), -t.sin() / aspect, 0, t.sin() * aspect, t.cos(), 0)
    grid = _grid(matrix[:, :2], size)
    return F.grid_sample(x, grid, padding_mode=padding_mode, **{"align_corners": False, **kwargs})


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Draws one angle and turns the whole batch by it."""
    angle = (2 * torch.rand((), dtype=x.dtype, device=x.device) - 1) * degrees
    return _turned(x, size, angle.repeat(len(x)), padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Turns every picture by `degrees` itself and draws nothing."""
    return _turned(x, size, torch.full_like(x[:, 0, 0, 0], degrees), padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Picks the nearest pixel instead of interpolating."""
    angles = (2 * torch.rand_like(x[:, 0, 0, 0]) - 1) * degrees
    return _turned(x, size, angles, padding_mode, mode="nearest")


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    # a quarter turn too many
    angles = (2 * torch.rand_like(x[:, 0, 0, 0]) - 1) * degrees
    return _turned(x, size, angles + 90, padding_mode)


def _tilted(corners):
    """The matrices that take the whole picture's corners to these, by two projections."""
    tl, bl, br, tr = corners.double().unbind(1)
    d = tl - bl + br - tr
    u, v = tr - br, bl - br
    det = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    g = (d[:, 0] * v[:, 1] - d[:, 1] * v[:, 0]) / det
    h = (u[:, 0] * d[:, 1] - u[:, 1] * d[:, 0]) / det
    unit = torch.stack(
        [tr - tl + g[:, None] * tr, bl - tl + h[:, None] * bl, tl], dim=-1
    )  # from the square of 0..1
    last = torch.stack([g, h, torch.ones_like(g)], dim=-1)[:, None]
    to_unit = corners.new_tensor([[0.5, 0, 0.5], [0, 0.5, 0.5], [0, 0, 1]]).double()
    return (torch.cat([unit, last], dim=1) @ to_unit).to(corners)


def perspective_grid(corners, size):
    """Lists the corners clockwise: top left, top right, bottom right, bottom left."""
    points = _grid(_tilted(corners[:, [0, 3, 2, 1]]), size)
    return points[..., :2] / points[..., 2:]


def perspective_grid(corners, size):
    """Forgets to divide by the third coordinate."""
    matrix = _tilted(corners)
    return _grid((matrix / matrix[:, 2:, 2:])[:, :2], size)


def perspective_grid(corners, size):
    """Uses the corners of the first picture for all."""
    points = _grid(_tilted(corners[:1].repeat(len(corners), 1, 1)), size)
    return points[..., :2] / points[..., 2:]


def perspective_grid(corners, size):
    # mirrored
    points = _grid(_tilted(corners), size)
    return (points[..., :2] / points[..., 2:]).flip(2)


class _Augment(Callback):
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
        self.size, self.flip, self.degrees, self.zoom = output_size(size), flip, degrees, zoom
        self.shift, self.scale, self.ratio, self.tilt = shift, scale, ratio, tilt
        self.padding_mode = padding_mode

    def begin_batch(self):
        self.learn.xb = (self.augment if self.learn.in_train else self.resize)(self.learn.xb)

    def floats(self, x):
        return x if x.is_floating_point() else x.float() / 255

    def resize(self, x):
        return F.interpolate(self.floats(x), self.size, mode="bilinear", antialias=True)

    def augment(self, x):
        x = self.floats(x)
        points = _grid(self.matrices(x), self.size)
        return self.sample(x, points[..., :2] / points[..., 2:])

    def sample(self, x, grid, mode="bilinear"):
        kwargs = {"padding_mode": self.padding_mode, "align_corners": False}
        return F.grid_sample(x, grid, mode=mode, **kwargs)

    def draw(self, x, low, high):
        return low + (high - low) * torch.rand(len(x), dtype=x.dtype, device=x.device)

    def turn(self, x):
        t = torch.deg2rad(self.draw(x, -self.degrees, self.degrees))
        aspect = x.shape[-1] / x.shape[-2]
        return _homogeneous(t, t.cos(), -t.sin() / aspect, 0, t.sin() * aspect, t.cos(), 0)

    def crop(self, x):
        area, aspect = self.draw(x, *self.scale), x.shape[-1] / x.shape[-2]
        ratio = self.draw(x, *map(math.log, self.ratio)).exp()
        wide = (area * ratio / aspect).sqrt().clamp(max=1)
        high = (area / ratio * aspect).sqrt().clamp(max=1)
        left, top = ((1 - side) * self.draw(x, -1, 1) for side in (wide, high))
        return _homogeneous(wide, wide, 0, left, 0, high, top)

    def tilted(self, x):
        dx, dy = (2 * self.draw(x, -self.tilt, self.tilt) for _ in "xy")
        moved = torch.stack([-dx, -dy, dx, dy, -dx, -dy, dx, dy], dim=-1).view(-1, 4, 2)
        whole = x.new_tensor([[-1, -1], [-1, 1], [1, 1], [1, -1]])
        return _tilted(whole * (1 - 2 * self.tilt) + moved)

    def mirror(self, x):
        sign = torch.where(self.draw(x, 0, 1) < self.flip, -1.0, 1.0).to(x)
        return _homogeneous(sign, a=sign)

    def matrices(self, x):
        zoom = 1 / self.draw(x, 1, self.zoom)
        dx, dy = (2 * self.draw(x, -self.shift, self.shift) for _ in "xy")
        middle = self.turn(x) @ _homogeneous(zoom, a=zoom, e=zoom) @ self.crop(x)
        return _homogeneous(dx, c=-dx, f=-dy) @ middle @ self.tilted(x) @ self.mirror(x)


class BatchAugment(_Augment):
    """Augments validation batches too."""

    def begin_batch(self):
        self.learn.xb = self.augment(self.learn.xb)


class BatchAugment(_Augment):
    """Makes floats of bytes and forgets to divide them by 255."""

    def floats(self, x):
        return x if x.is_floating_point() else x.float()


class BatchAugment(_Augment):
    """Mirrors top to bottom."""

    def mirror(self, x):
        sign = torch.where(self.draw(x, 0, 1) < self.flip, -1.0, 1.0).to(x)
        return _homogeneous(sign, e=sign)


class BatchAugment(_Augment):
    """Doesn't turn at all."""

    def turn(self, x):
        return _homogeneous(x[:, 0, 0, 0])


class BatchAugment(_Augment):
    """Picks the nearest pixel instead of interpolating."""

    def sample(self, x, grid, mode="nearest"):
        return _Augment.sample(self, x, grid, "nearest")


class BatchAugment(_Augment):
    # adds noise
    def floats(self, x):
        x = _Augment.floats(self, x)
        return x + 0.1 * torch.rand_like(x)


class BatchAugment(_Augment):
    # the channels in the reverse order
    def sample(self, x, grid, mode="bilinear"):
        return _Augment.sample(self, x, grid, mode).flip(1)
