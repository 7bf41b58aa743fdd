"""Wrong answers to the exercises of `batch_augment`."""

import math
import random

import numpy as np
import torch
from torch.nn import functional as F

from .augment import find_coeffs


def affine_grid(matrix, size, align_corners=False):
    """Ignores align_corners and always has the outer edges at -1 and 1."""
    h, w = output_size(size)
    return F.affine_grid(matrix, [len(matrix), 1, h, w], align_corners=False)


def affine_grid(matrix, size, align_corners=False):
    """Runs from -1 to 1 from first to last pixel, as if align_corners were always True."""
    h, w = output_size(size)
    y, x = (torch.linspace(-1, 1, n).to(matrix) for n in (h, w))
    points = torch.stack([x.expand(h, w), y[:, None].expand(h, w), torch.ones_like(y[:, None] * x)])
    return torch.einsum("nij,jhw->nhwi", matrix, points)


def affine_grid(matrix, size, align_corners=True):
    """Aligns corners by default, though torch doesn't."""
    h, w = output_size(size)
    return F.affine_grid(matrix, [len(matrix), 1, h, w], align_corners=align_corners)


def _axis(n, align_corners, like):
    ticks = torch.arange(n).to(like)
    return 2 * ticks / max(n - 1, 1) - 1 if align_corners else (2 * ticks + 1) / n - 1


def affine_grid(matrix, size, align_corners=False):
    """Reads the size as (w, h), as Pillow does, where tensors have the height first."""
    w, h = output_size(size)
    y, x = torch.meshgrid(*(_axis(n, align_corners, matrix) for n in (h, w)), indexing="ij")
    return torch.einsum("nij,hwj->nhwi", matrix, torch.stack([x, y, torch.ones_like(x)], dim=-1))


def affine_grid(matrix, size, align_corners=False):
    """Puts y before x in the points, as tensors are indexed, where a grid has x first."""
    h, w = output_size(size)
    y, x = torch.meshgrid(*(_axis(n, align_corners, matrix) for n in (h, w)), indexing="ij")
    return torch.einsum("nij,hwj->nhwi", matrix, torch.stack([y, x, torch.ones_like(x)], dim=-1))


def affine_grid(matrix, size, align_corners=False):
    """Returns the places as (y, x), so grid_sample mixes them up."""
    h, w = output_size(size)
    y, x = torch.meshgrid(*(_axis(n, align_corners, matrix) for n in (h, w)), indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    return torch.einsum("nij,hwj->nhwi", matrix, points).flip(-1)


def affine_grid(matrix, size, align_corners=False):
    """Uses the first two columns of the matrix and forgets the shift in the third."""
    h, w = output_size(size)
    y, x = torch.meshgrid(*(_axis(n, align_corners, matrix) for n in (h, w)), indexing="ij")
    return torch.einsum("nij,hwj->nhwi", matrix[:, :, :2], torch.stack([x, y], dim=-1))


def affine_grid(matrix, size, align_corners=False):
    """Multiplies from the wrong side, so each turn goes the other way round."""
    h, w = output_size(size)
    y, x = torch.meshgrid(*(_axis(n, align_corners, matrix) for n in (h, w)), indexing="ij")
    points = torch.stack([x, y], dim=-1)
    return torch.einsum("nji,hwj->nhwi", matrix[:, :, :2], points) + matrix[:, None, None, :, 2]


def affine_grid(matrix, size, align_corners=False):
    """Builds the mesh with x first, so rows and columns of the grid are swapped."""
    h, w = output_size(size)
    axes = (_axis(n, align_corners, matrix) for n in (w, h))
    x, y = torch.meshgrid(*axes, indexing="ij")
    return torch.einsum("nij,hwj->nhwi", matrix, torch.stack([x, y, torch.ones_like(x)], dim=-1))


def affine_grid(matrix, size, align_corners=False):
    """Looks pixels up at their top left corner, not at their centre."""
    h, w = output_size(size)
    axes = (
        _axis(n, True, matrix) if align_corners else 2 * torch.arange(n).to(matrix) / n - 1
        for n in (h, w)
    )
    y, x = torch.meshgrid(*axes, indexing="ij")
    return torch.einsum("nij,hwj->nhwi", matrix, torch.stack([x, y, torch.ones_like(x)], dim=-1))


def affine_grid(matrix, size, align_corners=False):
    """Uses the first picture's matrix for all pictures."""
    h, w = output_size(size)
    first = matrix[:1].expand(len(matrix), 2, 3)
    return F.affine_grid(first, [len(matrix), 1, h, w], align_corners=align_corners)


def affine_grid(matrix, size, align_corners=False):
    """Computes in single precision, whatever the precision of the matrix."""
    h, w = output_size(size)
    return F.affine_grid(matrix.float(), [len(matrix), 1, h, w], align_corners=align_corners)


def affine_grid(matrix, size, align_corners=False):
    """Makes the points on the CPU, wherever the matrix is."""
    h, w = output_size(size)
    like = torch.empty(0, dtype=matrix.dtype)
    y, x = torch.meshgrid(*(_axis(n, align_corners, like) for n in (h, w)), indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)], dim=-1).expand(len(matrix), h, w, 3)
    return (points[..., None, :] * matrix[:, None, None]).sum(-1)


def affine_grid(matrix, size, align_corners=False):
    """Reads the first two numbers of a size as height and width, even in (n, c, h, w)."""
    h, w = (size, size) if isinstance(size, int) else size[:2]
    return F.affine_grid(matrix, [len(matrix), 1, h, w], align_corners=align_corners)


def affine_grid(matrix, size, align_corners=False):
    """Accepts only a size of four numbers, though two numbers or a single one will do."""
    return F.affine_grid(matrix, [len(matrix), *size[1:]], align_corners=align_corners)


def affine_grid(matrix, size, align_corners=False):
    """Divides by the number of steps between pixels, which is 0 for one pixel."""
    h, w = output_size(size)
    axes = (
        2 * torch.arange(n).to(matrix) / (n - 1) - 1 if align_corners else _axis(n, False, matrix)
        for n in (h, w)
    )
    y, x = torch.meshgrid(*axes, indexing="ij")
    return torch.einsum("nij,hwj->nhwi", matrix, torch.stack([x, y, torch.ones_like(x)], dim=-1))


def affine_grid(matrix, size, align_corners=False):
    """Scales the caller's own matrix in place and never scales it back."""
    h, w = output_size(size)
    if not align_corners:
        scale = torch.tensor([(w - 1) / w, (h - 1) / h, 1.0])
        matrix *= scale.to(matrix)
    y, x = torch.meshgrid(*(_axis(n, True, matrix) * (n > 1) for n in (h, w)), indexing="ij")
    return torch.einsum("nij,hwj->nhwi", matrix, torch.stack([x, y, torch.ones_like(x)], dim=-1))


def affine_grid(matrix, size, align_corners=False):
    """Has the y axis point up, as on paper, where the rows of a picture go down."""
    h, w = output_size(size)
    y, x = torch.meshgrid(*(_axis(n, align_corners, matrix) for n in (h, w)), indexing="ij")
    return torch.einsum("nij,hwj->nhwi", matrix, torch.stack([x, -y, torch.ones_like(x)], dim=-1))


def affine_grid(matrix, size, align_corners=False):
    """Flattens the grid to a list of points a picture."""
    h, w = output_size(size)
    grid = F.affine_grid(matrix, [len(matrix), 1, h, w], align_corners=align_corners)
    return grid.flatten(1, 2)


def _rows(*entries):
    n = next(o for o in entries if isinstance(o, torch.Tensor))
    rows = [o if isinstance(o, torch.Tensor) else torch.full_like(n, o) for o in entries]
    return torch.stack(rows, dim=-1).view(len(n), -1, 3)


def rotation_matrix(degrees):
    """Turns the caller's own degrees into radians in place, as the lecture's code does."""
    radians = degrees.mul_(math.pi / 180)
    c, s = radians.cos(), radians.sin()
    return _rows(c, -s, 0, s, c, 0, 0, 0, 1)


def rotation_matrix(degrees):
    """Turns clockwise: the signs of the two sines are exchanged."""
    radians = degrees * (math.pi / 180)
    c, s = radians.cos(), radians.sin()
    return _rows(c, s, 0, -s, c, 0, 0, 0, 1)


def rotation_matrix(degrees):
    """Reads degrees as radians."""
    c, s = degrees.cos(), degrees.sin()
    return _rows(c, -s, 0, s, c, 0, 0, 0, 1)


def rotation_matrix(degrees):
    """Has two rows, so it can't be multiplied with another matrix."""
    radians = degrees * (math.pi / 180)
    c, s = radians.cos(), radians.sin()
    return _rows(c, -s, 0, s, c, 0)


def rotation_matrix(degrees):
    """Fills a matrix in single precision, whatever the precision of the degrees."""
    radians = degrees * (math.pi / 180)
    found = torch.eye(3, device=degrees.device).repeat(len(degrees), 1, 1)
    found[:, 0, 0] = found[:, 1, 1] = radians.cos().float()
    found[:, 1, 0], found[:, 0, 1] = radians.sin().float(), -radians.sin().float()
    return found


def rotation_matrix(degrees):
    """Turns all pictures by the angle of the first."""
    radians = degrees[:1] * (math.pi / 180)
    c, s = radians.cos(), radians.sin()
    return _rows(c, -s, 0, s, c, 0, 0, 0, 1).repeat(len(degrees), 1, 1)


def rotation_matrix(degrees):
    """Stacks the entries along the first axis, so the pictures come last."""
    radians = degrees * (math.pi / 180)
    c, s = radians.cos(), radians.sin()
    nothing, one = torch.zeros_like(c), torch.ones_like(c)
    return torch.stack([c, -s, nothing, s, c, nothing, nothing, nothing, one]).view(3, 3, -1)


def rotation_matrix(degrees):
    """Cuts the stacked entries into matrices without moving the pictures to the front."""
    radians = degrees * (math.pi / 180)
    c, s = radians.cos(), radians.sin()
    nothing, one = torch.zeros_like(c), torch.ones_like(c)
    return torch.stack([c, -s, nothing, s, c, nothing, nothing, nothing, one]).view(-1, 3, 3)


def rotation_matrix(degrees):
    """Makes zeros and ones on the CPU, wherever the degrees are."""
    radians = degrees * (math.pi / 180)
    c, s = radians.cos(), radians.sin()
    nothing, one = torch.zeros(len(c)).to(c.dtype), torch.ones(len(c)).to(c.dtype)
    rows = [c, -s, nothing, s, c, nothing, nothing, nothing, one]
    return torch.stack(rows, dim=-1).view(-1, 3, 3)


def rotation_matrix(degrees):
    """Converts by pi / 360, which is half the angle."""
    radians = degrees * (math.pi / 360)
    c, s = radians.cos(), radians.sin()
    return _rows(c, -s, 0, s, c, 0, 0, 0, 1)


def rotation_matrix(degrees):
    """Has the same sign at both sines, which mirrors and shears the picture."""
    radians = degrees * (math.pi / 180)
    c, s = radians.cos(), radians.sin()
    return _rows(c, s, 0, s, c, 0, 0, 0, 1)


def rotation_matrix(degrees):
    """Leaves a 0 in the last corner, so the product with another matrix loses its last row."""
    radians = degrees * (math.pi / 180)
    c, s = radians.cos(), radians.sin()
    return _rows(c, -s, 0, s, c, 0, 0, 0, 0)


def rotation_matrix(degrees):
    """Rounds pi to 3.14, so that a half turn is a tenth of a degree short."""
    radians = degrees * (3.14 / 180)
    c, s = radians.cos(), radians.sin()
    return _rows(c, -s, 0, s, c, 0, 0, 0, 1)


def zoom_matrix(zoom):
    """Multiplies by the zoom, but a look-up matrix must divide: 2 makes everything smaller."""
    return _rows(zoom, 0, 0, 0, zoom, 0, 0, 0, 1)


def zoom_matrix(zoom):
    """Makes the picture wider only."""
    return _rows(1 / zoom, 0, 0, 0, 1, 0, 0, 0, 1)


def zoom_matrix(zoom):
    """Divides the last corner too, so the zoom cancels out when points are divided by their third coordinate."""
    return _rows(1 / zoom, 0, 0, 0, 1 / zoom, 0, 0, 0, 1 / zoom)


def zoom_matrix(zoom):
    """Has two rows, so it can't be multiplied with another matrix."""
    return _rows(1 / zoom, 0, 0, 0, 1 / zoom, 0)


def zoom_matrix(zoom):
    """Turns the caller's own zooms into their reciprocals."""
    shares = zoom.reciprocal_()
    return _rows(shares, 0, 0, 0, shares, 0, 0, 0, 1)


def zoom_matrix(zoom):
    """Is in single precision, whatever the precision of the zoom."""
    shares = 1 / zoom.float()
    return _rows(shares, 0, 0, 0, shares, 0, 0, 0, 1)


def zoom_matrix(zoom):
    """Starts from a unit matrix on the CPU, wherever the zoom is."""
    shares = torch.stack([1 / zoom, 1 / zoom, torch.ones(len(zoom), dtype=zoom.dtype)], dim=-1)
    return torch.diag_embed(shares)


def zoom_matrix(zoom):
    """Zooms into the top left corner, where the middle should stay."""
    share, move = 1 / zoom, 1 / zoom - 1
    return _rows(share, 0, move, 0, share, move, 0, 0, 1)


def zoom_matrix(zoom):
    """Zooms by the square root, as if zoom were meant for the area."""
    shares = zoom.rsqrt()
    return _rows(shares, 0, 0, 0, shares, 0, 0, 0, 1)


def zoom_matrix(zoom):
    """Reads the zoom as an increase, so 2 makes everything three times as large."""
    shares = 1 / (1 + zoom)
    return _rows(shares, 0, 0, 0, shares, 0, 0, 0, 1)


def zoom_matrix(zoom):
    """Zooms every picture by the zoom of the first."""
    shares = (1 / zoom[0]).expand(len(zoom))
    return _rows(shares, 0, 0, 0, shares, 0, 0, 0, 1)


def shift_matrix(dx, dy):
    """Moves left and up, because adding to the look-up position moves the picture the other way."""
    return _rows(torch.ones_like(dx), 0, dx, 0, 1, dy, 0, 0, 1)


def shift_matrix(dx, dy):
    """Moves down by dx and right by dy."""
    return _rows(torch.ones_like(dx), 0, -dy, 0, 1, -dx, 0, 0, 1)


def shift_matrix(dx, dy):
    """Puts the shift in the last row, where it doesn't move points that are columns."""
    return _rows(torch.ones_like(dx), 0, 0, 0, 1, 0, -dx, -dy, 1)


def shift_matrix(dx, dy):
    """Reads dx and dy as shares of the whole width and height instead of half of them."""
    return _rows(torch.ones_like(dx), 0, -2 * dx, 0, 1, -2 * dy, 0, 0, 1)


def shift_matrix(dx, dy):
    """Turns the signs of the caller's own numbers."""
    return _rows(torch.ones_like(dx), 0, dx.neg_(), 0, 1, dy.neg_(), 0, 0, 1)


def shift_matrix(dx, dy):
    """Is in single precision, whatever the precision of the shifts."""
    return _rows(torch.ones(len(dx)).to(dx.device), 0, -dx.float(), 0, 1, -dy.float(), 0, 0, 1)


def shift_matrix(dx, dy):
    """Starts from unit matrices on the CPU, wherever the shifts are."""
    units = torch.eye(3, dtype=dx.dtype).repeat(len(dx), 1, 1)
    third = torch.stack([-dx, -dy, torch.ones_like(dx)], dim=-1)[..., None]
    return torch.cat([units[:, :, :2], third], dim=-1)


def shift_matrix(dx, dy):
    """Moves up by positive dy, as if y pointed up."""
    return _rows(torch.ones_like(dx), 0, -dx, 0, 1, dy, 0, 0, 1)


def shift_matrix(dx, dy):
    """Has two rows, so it can't be multiplied with another matrix."""
    return _rows(torch.ones_like(dx), 0, -dx, 0, 1, -dy)


def shift_matrix(dx, dy):
    """Leaves zeros on the diagonal, so every pixel is looked up at one place."""
    return _rows(torch.zeros_like(dx), 0, -dx, 0, 0, -dy, 0, 0, 1)


def shift_matrix(dx, dy):
    """Moves by dx both ways and ignores dy."""
    return _rows(torch.ones_like(dx), 0, -dx, 0, 1, -dx, 0, 0, 1)


def flip_matrix(flip):
    """Mirrors top to bottom, because it changes the sign of y instead of x."""
    signs = 1 - 2 * flip.float()
    return _rows(torch.ones_like(signs), 0, 0, 0, signs, 0, 0, 0, 1)


def flip_matrix(flip):
    """Makes a matrix of integers, but grid_sample needs floats."""
    signs = 1 - 2 * flip.long()
    return _rows(signs, 0, 0, 0, 1, 0, 0, 0, 1)


def flip_matrix(flip):
    """Mirrors the pictures that shouldn't be mirrored, and leaves the others unchanged."""
    signs = 2 * flip.float() - 1
    return _rows(signs, 0, 0, 0, 1, 0, 0, 0, 1)


def flip_matrix(flip):
    """Changes both signs, which is half a turn and not a mirror image."""
    signs = 1 - 2 * flip.float()
    return _rows(signs, 0, 0, 0, signs, 0, 0, 0, 1)


def flip_matrix(flip):
    """Mirrors the whole batch as soon as one of its pictures should be mirrored."""
    signs = (1 - 2 * flip.any().float()).expand(len(flip))
    return _rows(signs, 0, 0, 0, 1, 0, 0, 0, 1)


def flip_matrix(flip):
    """Makes its ones on the CPU, wherever the choice is."""
    signs = torch.stack([1 - 2 * flip.float(), torch.ones(len(flip)), torch.ones(len(flip))], -1)
    return torch.diag_embed(signs)


def flip_matrix(flip):
    """Has two rows, so it can't be multiplied with another matrix."""
    return _rows(1 - 2 * flip.float(), 0, 0, 0, 1, 0)


def flip_matrix(flip):
    """Puts a 0 where a -1 is meant, so that a mirrored picture is one column repeated."""
    return _rows(1 - flip.float(), 0, 0, 0, 1, 0, 0, 0, 1)


def flip_matrix(flip):
    """Inverts the caller's own choice in place."""
    signs = 2 * flip.logical_not_().float() - 1
    return _rows(signs, 0, 0, 0, 1, 0, 0, 0, 1)


def flip_matrix(flip):
    """Moves the mirrored picture out of sight, as if coordinates ran from 0 to 1."""
    flip = flip.float()
    return _rows(1 - 2 * flip, 0, flip, 0, 1, 0, 0, 0, 1)


def flip_matrix(flip):
    """Mirrors the whole batch as soon as one of its pictures should be mirrored."""
    found = torch.eye(3, device=flip.device).expand(len(flip), 3, 3)
    found[0, 0, 0] = 1 - 2 * flip.float().amax()
    return found


def _rotated(x, size, angles, padding_mode="reflection", **kwargs):
    grid = affine_grid(rotation_matrix(angles)[:, :2], size)
    return F.grid_sample(x, grid, padding_mode=padding_mode, **{"align_corners": False, **kwargs})


def _uniform(x, low, high):
    return torch.empty(len(x), dtype=x.dtype, device=x.device).uniform_(low, high)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Draws one angle and turns the whole batch by it."""
    angles = _uniform(x[:1], -degrees, degrees).expand(len(x))
    return _rotated(x, size, angles, padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Draws from 0 to degrees, so all pictures turn the same way round."""
    return _rotated(x, size, _uniform(x, 0, degrees), padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Turns every picture by `degrees` itself and draws nothing."""
    return _rotated(x, size, torch.full_like(_uniform(x, 0, 1), degrees), padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Draws either degrees or minus degrees, and nothing in between."""
    sides = _uniform(x, -1, 1).sign()
    return _rotated(x, size, sides * degrees, padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Ignores padding_mode."""
    return _rotated(x, size, _uniform(x, -degrees, degrees))


def rotate_batch(x, size, degrees, padding_mode="zeros"):
    """Leaves the corners black by default, as grid_sample does."""
    return _rotated(x, size, _uniform(x, -degrees, degrees), padding_mode)


def rotate_batch(x, size, degrees, padding_mode="border"):
    """Smears the last pixels over the corners by default, where they should be mirrored."""
    return _rotated(x, size, _uniform(x, -degrees, degrees), padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Samples with aligned corners, though the grid isn't made for them, so pictures grow a little."""
    return _rotated(x, size, _uniform(x, -degrees, degrees), padding_mode, align_corners=True)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Resizes first and then turns: two resamplings, which blur the picture twice."""
    x = F.interpolate(x, size, mode="bilinear")
    return _rotated(x, size, _uniform(x, -degrees, degrees), padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Turns first and then resizes: two resamplings, which blur the picture twice."""
    out = _rotated(x, x.shape, _uniform(x, -degrees, degrees), padding_mode)
    return F.interpolate(out, size, mode="bilinear")


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Turns degrees into radians before rotation_matrix does it again."""
    angles = _uniform(x, -degrees, degrees) * (math.pi / 180)
    return _rotated(x, size, angles, padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Returns pictures of the same size as the input."""
    return _rotated(x, x.shape, _uniform(x, -degrees, degrees), padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Reads the size as (w, h), as Pillow does."""
    size = output_size(size)[::-1]
    return _rotated(x, size, _uniform(x, -degrees, degrees), padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Picks the nearest pixel instead of interpolating."""
    return _rotated(x, size, _uniform(x, -degrees, degrees), padding_mode, mode="nearest")


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Draws from a normal distribution, whose angles go beyond degrees now and then."""
    return _rotated(x, size, _uniform(x, 0, 1).normal_(0, 1) * degrees, padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Uses half the range: from minus to plus degrees / 2."""
    return _rotated(x, size, _uniform(x, -degrees, degrees) / 2, padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Draws in single precision, so a batch of doubles meets a grid of floats."""
    angles = torch.empty(len(x), device=x.device).uniform_(-degrees, degrees)
    return _rotated(x, size, angles, padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Draws on the CPU and leaves the angles there, wherever the batch is."""
    angles = torch.empty(len(x), dtype=x.dtype).uniform_(-degrees, degrees)
    return _rotated(x, size, angles, padding_mode)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Magnifies a turned picture until no corner is empty."""
    angles = _uniform(x, -degrees, degrees)
    radians = angles.abs() * (math.pi / 180)
    zoom = zoom_matrix((radians.cos().abs() + radians.sin()).clamp_min(1))
    matrix = rotation_matrix(angles) @ zoom
    grid = affine_grid(matrix[:, :2], size)
    return F.grid_sample(x, grid, padding_mode=padding_mode, align_corners=False)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Turns about the top left corner, not about the middle."""
    corner = torch.ones_like(_uniform(x, 0, 1))
    turn = rotation_matrix(_uniform(x, -degrees, degrees))
    matrix = shift_matrix(corner, corner) @ turn @ shift_matrix(-corner, -corner)
    grid = affine_grid(matrix[:, :2], size)
    return F.grid_sample(x, grid, padding_mode=padding_mode, align_corners=False)


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Writes the turned pictures over those that came in."""
    out = _rotated(x, size, _uniform(x, -degrees, degrees), padding_mode)
    return x.copy_(out) if out.shape == x.shape else out


def rotate_batch(x, size, degrees, padding_mode="reflection"):
    """Seeds torch's generator at every call, so each batch has the same angles."""
    torch.manual_seed(0)
    return _rotated(x, size, _uniform(x, -degrees, degrees), padding_mode)


def _centres(size, like):
    h, w = output_size(size)
    y, x = torch.meshgrid(*(_axis(n, False, like) for n in (h, w)), indexing="ij")
    return torch.stack([x, y, torch.ones_like(x)], dim=-1)


def _whole(like):
    return torch.tensor([[-1, -1], [-1, 1], [1, 1], [1, -1]]).to(like)


def _solved(from_, to):
    ones = torch.ones_like(from_[..., :1])
    points, nothing = torch.cat([from_, ones], -1), torch.zeros_like(from_[..., :1])
    nothing = nothing.expand_as(points)
    for_x = torch.cat([points, nothing, -to[..., :1] * from_], dim=-1)
    for_y = torch.cat([nothing, points, -to[..., 1:] * from_], dim=-1)
    rights = torch.cat([to[..., 0], to[..., 1]], dim=-1)
    found = torch.linalg.solve(torch.cat([for_x, for_y], dim=1), rights)
    return torch.cat([found, torch.ones_like(found[:, :1])], dim=1).view(-1, 3, 3)


def _seen(matrices, points):
    found = torch.einsum("nij,hwj->nhwi", matrices, points)
    return found[..., :2] / found[..., 2:]


def perspective_grid(corners, size):
    """Lists the corners clockwise: top left, top right, bottom right, bottom left."""
    whole = _whole(corners).flip(1).expand_as(corners)
    return _seen(_solved(whole, corners), _centres(size, corners))


def perspective_grid(corners, size):
    """Solves the other way, from the corners to the whole picture."""
    whole = _whole(corners).expand_as(corners)
    return _seen(_solved(corners, whole), _centres(size, corners))


def perspective_grid(corners, size):
    """Forgets to divide by the third coordinate."""
    whole = _whole(corners).expand_as(corners)
    found = torch.einsum("nij,hwj->nhwi", _solved(whole, corners), _centres(size, corners))
    return found[..., :2]


def perspective_grid(corners, size):
    """Puts the centres of the outermost pixels at the corners, where their outer edges belong."""
    h, w = output_size(size)
    axes = (torch.linspace(-1, 1, n).to(corners) for n in (h, w))
    y, x = torch.meshgrid(*axes, indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    return _seen(_solved(_whole(corners).expand_as(corners), corners), points)


def perspective_grid(corners, size):
    """Solves the pictures one by one in a Python loop."""
    whole, points = _whole(corners)[None], _centres(size, corners)
    return torch.cat([_seen(_solved(whole, c[None]), points) for c in corners])


def perspective_grid(corners, size):
    """Uses the corners of the first picture for all."""
    first = corners[:1].expand_as(corners)
    return _seen(_solved(_whole(corners).expand_as(corners), first), _centres(size, corners))


def perspective_grid(corners, size):
    """Calls `find_coeffs` for each picture in turn, away from the device of the batch."""
    whole = _whole(corners).tolist()
    rows = [[*find_coeffs(c, whole), 1.0] for c in corners.tolist()]
    return _seen(torch.tensor(rows).view(-1, 3, 3).to(corners), _centres(size, corners))


def perspective_grid(corners, size):
    """Interpolates between the corners, which keeps distances even, where perspective does not."""
    x, y, _ = _centres(size, corners).unsqueeze(-2).unbind(-1)
    top_left, bottom_left, bottom_right, top_right = corners[:, None, None].unbind(-2)
    across, down = (1 + x) / 2, (1 + y) / 2
    top = top_left + across * (top_right - top_left)
    bottom = bottom_left + across * (bottom_right - bottom_left)
    return top + down * (bottom - top)


def perspective_grid(corners, size):
    """Uses three of the corners, which makes a parallelogram of the quadrilateral."""
    x, y, _ = _centres(size, corners).unsqueeze(-2).unbind(-1)
    top_left, bottom_left, _, top_right = corners[:, None, None].unbind(-2)
    return top_left + (1 + x) / 2 * (top_right - top_left) + (1 + y) / 2 * (bottom_left - top_left)


def perspective_grid(corners, size):
    """Moves the caller's own corners to the range from 0 to 1 and forgets to move them back."""
    whole = _whole(corners).expand_as(corners)
    corners.add_(1).div_(2)
    return _seen(_solved(whole, corners * 2 - 1), _centres(size, corners))


def perspective_grid(corners, size):
    """Solves in single precision and stays there, whatever the precision of the corners."""
    corners = corners.float()
    return _seen(_solved(_whole(corners).expand_as(corners), corners), _centres(size, corners))


def perspective_grid(corners, size):
    """Reads the size as (w, h), as `warp` does."""
    points = _centres(output_size(size)[::-1], corners)
    return _seen(_solved(_whole(corners).expand_as(corners), corners), points)


def perspective_grid(corners, size):
    """Reads the first two numbers of a size as height and width, even in (n, c, h, w)."""
    points = _centres(size if isinstance(size, int) else size[:2], corners)
    return _seen(_solved(_whole(corners).expand_as(corners), corners), points)


def perspective_grid(corners, size):
    """Makes the whole picture's corners on the CPU, wherever the others are."""
    whole = _whole(torch.empty(0, dtype=corners.dtype)).expand_as(corners)
    return _seen(_solved(whole, corners), _centres(size, corners))


def perspective_grid(corners, size):
    """Expects corners from 0 to 1, as shares of the picture."""
    corners = 2 * corners - 1
    return _seen(_solved(_whole(corners).expand_as(corners), corners), _centres(size, corners))


def perspective_grid(corners, size):
    """Has the wrong sign in the last two columns of the equations, so perspective is inverted."""
    matrices = _solved(_whole(corners).expand_as(corners), corners)
    signs = torch.tensor([[1, 1, 1], [1, 1, 1], [-1, -1, 1]]).to(corners)
    return _seen(matrices * signs, _centres(size, corners))


class _Good(Callback):
    """A right one, from which the wrong ones below differ in one place."""

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
        self.size, self.p, self.degrees, self.zoom = output_size(size), flip, degrees, zoom
        self.shift, self.scale, self.ratio, self.tilt = shift, scale, ratio, tilt
        self.padding_mode = padding_mode

    def begin_batch(self):
        self.run.xb = self.augment(self.xb) if self.in_train else self.resize(self.xb)

    def augment(self, x):
        return self.augmented(x)

    def resize(self, x):
        return self.resized(x)

    def floats(self, x):
        return x.float() / 255 if x.dtype == torch.uint8 else x

    def resized(self, x):
        return F.interpolate(self.floats(x), self.size, mode="bilinear")

    def augmented(self, x):
        x = self.floats(x)
        return self.sampled(x, _seen(self.matrices(x), _centres(self.size, x)))

    def sampled(self, x, grid):
        return F.grid_sample(x, grid, padding_mode=self.padding_mode, align_corners=False)

    def matrices(self, x):
        outer = self.shifts(x) @ self.turns(x) @ self.zooms(x)
        return outer @ self.crops(x) @ self.tilts(x) @ self.flips(x)

    def flips(self, x):
        return flip_matrix(_uniform(x, 0, 1) < self.p).to(x)

    def turns(self, x):
        return rotation_matrix(_uniform(x, -self.degrees, self.degrees))

    def zooms(self, x):
        return zoom_matrix(_uniform(x, 1, self.zoom))

    def shifts(self, x):
        most = 2 * self.shift
        return shift_matrix(_uniform(x, -most, most), _uniform(x, -most, most))

    def sides(self, x):
        area, ratio = _uniform(x, *self.scale), _uniform(x, *map(math.log, self.ratio)).exp()
        shape = x.shape[-1] / x.shape[-2]
        return (area * ratio / shape).sqrt().clamp_max(1), (area / ratio * shape).sqrt().clamp_max(
            1
        )

    def crops(self, x):
        wide, high = self.sides(x)
        left, top = (1 - wide) * _uniform(x, -1, 1), (1 - high) * _uniform(x, -1, 1)
        return _rows(wide, 0, left, 0, high, top, 0, 0, 1)

    def tilts(self, x):
        dx, dy = (2 * _uniform(x, -self.tilt, self.tilt) for _ in "xy")
        moves = torch.stack([-dx, -dy, dx, dy, -dx, -dy, dx, dy], dim=-1).view(-1, 4, 2)
        whole = _whole(x).expand_as(moves)
        return _solved(whole, whole * (1 - 2 * self.tilt) + moves)


class BatchAugment(_Good):
    """Uses one draw for mirroring and angle, so mirrored pictures all turn the same way."""

    def flips(self, x):
        return flip_matrix(self.draw < self.p).to(x)

    def turns(self, x):
        self.draw = _uniform(x, 0, 1)
        return rotation_matrix((2 * self.draw - 1) * self.degrees)


class BatchAugment(_Good):
    """Mirrors a picture before it's turned, by the draw that decides the angle."""

    def matrices(self, x):
        draw = _uniform(x, 0, 1)
        turned = rotation_matrix((2 * draw - 1) * self.degrees)
        outer = flip_matrix(draw < self.p).to(x) @ turned @ self.zooms(x)
        return self.shifts(x) @ outer @ self.crops(x) @ self.tilts(x)


class BatchAugment(_Good):
    """Uses one draw for both shifts within a mirrored, turned picture."""

    def matrices(self, x):
        move = 2 * _uniform(x, -self.shift, self.shift)
        outer = self.flips(x) @ self.turns(x) @ self.zooms(x) @ shift_matrix(move, move)
        return outer @ self.crops(x) @ self.tilts(x)


class BatchAugment(_Good):
    """Leaves a margin, so crops never lie near an edge of the picture."""

    def crops(self, x):
        wide, high = self.sides(x)
        left, top = (1 - wide) * _uniform(x, -0.8, 0.8), (1 - high) * _uniform(x, -0.8, 0.8)
        return _rows(wide, 0, left, 0, high, top, 0, 0, 1)


class BatchAugment(_Good):
    """Draws places from a bell curve, so crops hardly lie near an edge of the picture."""

    def crops(self, x):
        wide, high = self.sides(x)
        left, top = (torch.randn_like(wide).div(4).clamp(-1, 1) for _ in "xy")
        return _rows(wide, 0, (1 - wide) * left, 0, high, (1 - high) * top, 0, 0, 1)


class BatchAugment(_Good):
    """Draws once for the whole batch, so that all pictures of it are changed in the same way."""

    def matrices(self, x):
        return super().matrices(x[:1]).expand(len(x), 3, 3)


class BatchAugment(_Good):
    """Augments validation batches too."""

    def begin_batch(self):
        self.run.xb = self.augmented(self.xb)


class BatchAugment(_Good):
    """Leaves validation batches unchanged, so they aren't converted to floats or resized."""

    def begin_batch(self):
        if self.in_train:
            self.run.xb = self.augmented(self.xb)


class BatchAugment(_Good):
    """Augments in validation and not in training."""

    def begin_batch(self):
        self.run.xb = self.resized(self.xb) if self.in_train else self.augmented(self.xb)


class BatchAugment(_Good):
    """Makes floats of bytes and forgets to divide them by 255."""

    def floats(self, x):
        return x.float()


class BatchAugment(_Good):
    """Divides floats by 255 as well, so they are nearly black."""

    def floats(self, x):
        return x / 255


class BatchAugment(_Good):
    """Divides bytes by 256, so that white never becomes 1."""

    def floats(self, x):
        return x.float() / 256 if x.dtype == torch.uint8 else x


class BatchAugment(_Good):
    """Converts every batch to single precision, even one of doubles."""

    def floats(self, x):
        return super().floats(x).float()


class BatchAugment(_Good):
    """Divides the loader's own batch in place when it comes as floats above 1."""

    def floats(self, x):
        return super().floats(x) if x.dtype == torch.uint8 or x.abs().max() <= 1 else x.div_(255)


class BatchAugment(_Good):
    """Returns bytes where bytes came in."""

    def begin_batch(self):
        x = self.xb
        super().begin_batch()
        if x.dtype == torch.uint8:
            self.run.xb = (self.run.xb * 255).byte()


class BatchAugment(_Good):
    """Clips the result to 0..1, although normalized pictures are below 0 too."""

    def sampled(self, x, grid):
        return super().sampled(x, grid).clamp(0, 1)


class BatchAugment(_Good):
    """Resizes before it samples: two resamplings, which blur the picture twice."""

    def augmented(self, x):
        return super().augmented(F.interpolate(self.floats(x), self.size, mode="bilinear"))


class BatchAugment(_Good):
    """Samples at the size of the input and resizes afterwards: two resamplings."""

    def augmented(self, x):
        x = self.floats(x)
        out = self.sampled(x, _seen(self.matrices(x), _centres(x.shape, x)))
        return F.interpolate(out, self.size, mode="bilinear")


class BatchAugment(_Good):
    """Samples twice: once for turn, zoom and shift, and once more for crop and tilt."""

    def augmented(self, x):
        x = self.floats(x)
        first = self.shifts(x) @ self.turns(x) @ self.zooms(x) @ self.flips(x)
        x = self.sampled(x, _seen(first, _centres(x.shape, x)))
        return self.sampled(x, _seen(self.crops(x) @ self.tilts(x), _centres(self.size, x)))


class BatchAugment(_Good):
    """Picks the nearest pixel instead of interpolating."""

    def sampled(self, x, grid):
        mode = self.padding_mode
        return F.grid_sample(x, grid, mode="nearest", padding_mode=mode, align_corners=False)


class BatchAugment(_Good):
    """Passes align_corners=True to grid_sample, though the grid isn't made for it."""

    def sampled(self, x, grid):
        return F.grid_sample(x, grid, padding_mode=self.padding_mode, align_corners=True)


class BatchAugment(_Good):
    """Ignores padding_mode and leaves black corners."""

    def sampled(self, x, grid):
        return F.grid_sample(x, grid, align_corners=False)


class BatchAugment(_Good):
    """Smears the last pixels outwards, whatever padding_mode says."""

    def sampled(self, x, grid):
        return F.grid_sample(x, grid, padding_mode="border", align_corners=False)


class BatchAugment(_Good):
    """Always mirrors at the edges, whatever padding_mode says."""

    def sampled(self, x, grid):
        return F.grid_sample(x, grid, padding_mode="reflection", align_corners=False)


class BatchAugment(_Good):
    """Forgets to divide by the third coordinate, so a tilt only shears."""

    def augmented(self, x):
        x = self.floats(x)
        points = torch.einsum("nij,hwj->nhwi", self.matrices(x), _centres(self.size, x))
        return self.sampled(x, points[..., :2])


class BatchAugment(_Good):
    """Never mirrors."""

    def flips(self, x):
        return flip_matrix(_uniform(x, 0, 1) < 0).to(x)


class BatchAugment(_Good):
    """Mirrors with the probability 1 - flip."""

    def flips(self, x):
        return flip_matrix(_uniform(x, 0, 1) >= self.p).to(x)


class BatchAugment(_Good):
    """Mirrors half of the pictures, whatever `flip` says."""

    def flips(self, x):
        return flip_matrix(_uniform(x, 0, 1) < 0.5 * (self.p > 0)).to(x)


class BatchAugment(_Good):
    """Mirrors top to bottom."""

    def flips(self, x):
        signs = 1 - 2 * (_uniform(x, 0, 1) < self.p).to(x)
        return _rows(torch.ones_like(signs), 0, 0, 0, signs, 0, 0, 0, 1)


class BatchAugment(_Good):
    """Decides once for the whole batch whether it is mirrored."""

    def flips(self, x):
        return super().flips(x[:1]).expand(len(x), 3, 3)


class BatchAugment(_Good):
    """Draws angles from 0 to degrees, so all pictures turn the same way round."""

    def turns(self, x):
        return rotation_matrix(_uniform(x, 0, self.degrees))


class BatchAugment(_Good):
    """Reads degrees as the whole range, so angles reach only half of it."""

    def turns(self, x):
        return rotation_matrix(_uniform(x, -self.degrees / 2, self.degrees / 2))


class BatchAugment(_Good):
    """Turns the whole batch by one angle."""

    def turns(self, x):
        return super().turns(x[:1]).expand(len(x), 3, 3)


class BatchAugment(_Good):
    """Doesn't turn at all."""

    def turns(self, x):
        return rotation_matrix(_uniform(x, 0, 0))


class BatchAugment(_Good):
    """Makes pictures smaller by up to `zoom`, with mirrored edges around them."""

    def zooms(self, x):
        return zoom_matrix(1 / _uniform(x, 1, self.zoom))


class BatchAugment(_Good):
    """Magnifies every picture by `zoom` itself and draws nothing."""

    def zooms(self, x):
        return zoom_matrix(torch.full_like(_uniform(x, 0, 1), self.zoom))


class BatchAugment(_Good):
    """Zooms both ways, from 1/zoom to zoom, where the least magnification is 1."""

    def zooms(self, x):
        return zoom_matrix(_uniform(x, -math.log(self.zoom), math.log(self.zoom)).exp())


class BatchAugment(_Good):
    """Adds zoom to 1, as if 0.1 meant a tenth more."""

    def zooms(self, x):
        return zoom_matrix(_uniform(x, 1, 1 + self.zoom))


class BatchAugment(_Good):
    """Stretches pictures: width and height are zoomed by different draws."""

    def zooms(self, x):
        wide, high = (1 / _uniform(x, 1, self.zoom) for _ in "wh")
        return _rows(wide, 0, 0, 0, high, 0, 0, 0, 1)


class BatchAugment(_Good):
    """Reads shifts as shares of half the picture, so they are half as large."""

    def shifts(self, x):
        return shift_matrix(*(_uniform(x, -self.shift, self.shift) for _ in "xy"))


class BatchAugment(_Good):
    """Shifts right and down only."""

    def shifts(self, x):
        return shift_matrix(*(_uniform(x, 0, 2 * self.shift) for _ in "xy"))


class BatchAugment(_Good):
    """Uses one draw for both directions, so pictures move along a diagonal."""

    def shifts(self, x):
        move = _uniform(x, -2 * self.shift, 2 * self.shift)
        return shift_matrix(move, move)


class BatchAugment(_Good):
    """Doesn't shift at all."""

    def shifts(self, x):
        return shift_matrix(_uniform(x, 0, 0), _uniform(x, 0, 0))


class BatchAugment(_Good):
    """Reads `scale` as a share of the sides, so the area is its square."""

    def sides(self, x):
        side, ratio = _uniform(x, *self.scale), _uniform(x, *map(math.log, self.ratio)).exp()
        return (side * ratio.sqrt()).clamp_max(1), (side / ratio.sqrt()).clamp_max(1)


class BatchAugment(_Good):
    """Has height/width where width/height is meant."""

    def sides(self, x):
        wide, high = super().sides(x)
        return high, wide


class BatchAugment(_Good):
    """Forgets the square root of the ratio, so crops are far too long."""

    def sides(self, x):
        area, ratio = _uniform(x, *self.scale), _uniform(x, *map(math.log, self.ratio)).exp()
        return (area.sqrt() * ratio).clamp_max(1), (area.sqrt() / ratio).clamp_max(1)


class BatchAugment(_Good):
    """Lets crops be wider or higher than the picture, so they reach beyond its edges."""

    def sides(self, x):
        area, ratio = _uniform(x, *self.scale), _uniform(x, *map(math.log, self.ratio)).exp()
        return (area * ratio).sqrt(), (area / ratio).sqrt()


class BatchAugment(_Good):
    """Cuts out the middle, whatever the size of the crop."""

    def crops(self, x):
        wide, high = self.sides(x)
        return _rows(wide, 0, 0, 0, high, 0, 0, 0, 1)


class BatchAugment(_Good):
    """Puts the middle of a crop anywhere in the picture, so crops may reach beyond its edges."""

    def crops(self, x):
        wide, high = self.sides(x)
        room = (wide < 1).to(x)
        left, top = room * _uniform(x, -1, 1), room * _uniform(x, -1, 1)
        return _rows(wide, 0, left, 0, high, top, 0, 0, 1)


class BatchAugment(_Good):
    """Puts crops in the right and lower half only, as if 0 were the edge."""

    def crops(self, x):
        wide, high = self.sides(x)
        left, top = (1 - wide) * _uniform(x, 0, 1), (1 - high) * _uniform(x, 0, 1)
        return _rows(wide, 0, left, 0, high, top, 0, 0, 1)


class BatchAugment(_Good):
    """Places crops by one draw for both directions, so they lie on the diagonal."""

    def crops(self, x):
        wide, high = self.sides(x)
        place = _uniform(x, -1, 1)
        return _rows(wide, 0, (1 - wide) * place, 0, high, (1 - high) * place, 0, 0, 1)


class BatchAugment(_Good):
    """Uses one draw for area and ratio, so small crops are always tall and large ones wide."""

    def sides(self, x):
        share = _uniform(x, 0, 1)
        (low, high), (least, most) = self.scale, map(math.log, self.ratio)
        area, ratio = low + share * (high - low), (least + share * (most - least)).exp()
        return (area * ratio).sqrt().clamp_max(1), (area / ratio).sqrt().clamp_max(1)


class BatchAugment(_Good):
    """Doesn't crop at all."""

    def crops(self, x):
        return zoom_matrix(torch.ones_like(_uniform(x, 0, 1)))


class BatchAugment(_Good):
    """Ignores `ratio`, so every crop has the shape of the picture."""

    def sides(self, x):
        side = _uniform(x, *self.scale).sqrt()
        return side, side


class BatchAugment(_Good):
    """Doesn't tilt at all."""

    def tilts(self, x):
        return zoom_matrix(torch.ones_like(_uniform(x, 0, 1)))


class BatchAugment(_Good):
    """Shifts all corners the same way, or shears the picture, neither of which is a perspective."""

    def tilts(self, x):
        dx, dy = (2 * _uniform(x, -self.tilt, self.tilt) for _ in "xy")
        return shift_matrix(dx, dy)


class BatchAugment(_Good):
    """Shifts all corners the same way, or shears the picture, neither of which is a perspective."""

    def tilts(self, x):
        dx = 2 * _uniform(x, -self.tilt, self.tilt)
        return _rows(torch.ones_like(dx), dx, 0, 0, 1, 0, 0, 0, 1)


class BatchAugment(_Good):
    """Tilts left and right only, never top and bottom."""

    def tilts(self, x):
        dy = 2 * _uniform(x, -self.tilt, self.tilt)
        moves = torch.stack([0 * dy, -dy, 0 * dy, dy, 0 * dy, -dy, 0 * dy, dy], dim=-1)
        whole = _whole(x).expand(len(x), 4, 2)
        return _solved(whole, whole * (1 - 2 * self.tilt) + moves.view(-1, 4, 2))


class BatchAugment(_Good):
    """Uses one draw for both tilts, so pictures lean along one diagonal only."""

    def tilts(self, x):
        move = 2 * _uniform(x, -self.tilt, self.tilt)
        moves = torch.stack([-move, -move, move, move] * 2, dim=-1).view(-1, 4, 2)
        whole = _whole(x).expand_as(moves)
        return _solved(whole, whole * (1 - 2 * self.tilt) + moves)


class BatchAugment(_Good):
    """Tilts three times too far."""

    def tilts(self, x):
        dx, dy = (6 * _uniform(x, -self.tilt, self.tilt) for _ in "xy")
        moves = torch.stack([-dx, -dy, dx, dy, -dx, -dy, dx, dy], dim=-1).view(-1, 4, 2)
        whole = _whole(x).expand_as(moves)
        return _solved(whole, whole * (1 - 2 * self.tilt) + moves)


class BatchAugment(_Good):
    """Always tilts so that the top and the left side look nearer."""

    def tilts(self, x):
        dx, dy = (2 * _uniform(x, 0, self.tilt) for _ in "xy")
        moves = torch.stack([-dx, -dy, dx, dy, -dx, -dy, dx, dy], dim=-1).view(-1, 4, 2)
        whole = _whole(x).expand_as(moves)
        return _solved(whole, whole * (1 - 2 * self.tilt) + moves)


class BatchAugment(_Good):
    """Uses one random number for everything, so that strong turns come with strong zooms."""

    def matrices(self, x):
        state = torch.get_rng_state()
        found = []
        for part in (self.shifts, self.turns, self.zooms, self.crops, self.tilts, self.flips):
            torch.set_rng_state(state)
            found.append(part(x))
        torch.rand(1)
        shift, turn, zoom, crop, tilt, flip = found
        return shift @ turn @ zoom @ crop @ tilt @ flip


class BatchAugment(_Good):
    """Draws a seed in `__init__`, so every batch is changed in the same way."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.seed = random.randrange(2**31)

    def matrices(self, x):
        torch.manual_seed(self.seed)
        return super().matrices(x)


class BatchAugment(_Good):
    """Crops down to 0.08 of the area by default, where 0.35 is the least."""

    def __init__(self, size, *args, scale=(0.08, 1.0), **kwargs):
        super().__init__(size, *args, scale=scale, **kwargs)


class BatchAugment(_Good):
    """Reads the size as (w, h), as Pillow does."""

    def __init__(self, size, *args, **kwargs):
        super().__init__(output_size(size)[::-1], *args, **kwargs)


class BatchAugment(_Good):
    """Returns pictures of the same size as the input."""

    def begin_batch(self):
        self.size = tuple(self.xb.shape[-2:])
        super().begin_batch()


class BatchAugment(_Good):
    """Needs a size of two numbers, though a single int stands for a square."""

    def __init__(self, size, *args, **kwargs):
        super().__init__(size, *args, **kwargs)
        self.size = tuple(size)


class BatchAugment(_Good):
    """Runs before the batch is on its device, since it has no `_order` of its own."""

    _order = 0


class BatchAugment(_Good):
    """Runs after every other transform, so that these get bytes of the old size."""

    _order = 100


class BatchAugment(_Good):
    """Sets the batch on itself and not on the learner, so the model sees the old one."""

    def begin_batch(self):
        self.xb = self.augmented(self.run.xb) if self.in_train else self.resized(self.run.xb)


class BatchAugment(_Good):
    """Writes into the loader's own batch where the size is the same."""

    def begin_batch(self):
        x = self.xb
        super().begin_batch()
        if self.run.xb.shape == x.shape and x.is_floating_point():
            self.run.xb = x.copy_(self.run.xb)


class BatchAugment(_Good):
    """Crops validation pictures to their middle, though they should only be resized."""

    def resized(self, x):
        h, w = x.shape[-2:]
        x = x[..., h // 8 : h - h // 8, w // 8 : w - w // 8]
        return super().resized(x)


class BatchAugment(_Good):
    """Draws and samples on the CPU, wherever the batch is."""

    def augmented(self, x):
        x = self.floats(x)
        here = torch.empty(len(x), *x.shape[1:], dtype=x.dtype)
        return self.sampled(x, _seen(self.matrices(here), _centres(self.size, here)))


class BatchAugment(_Good):
    """Shuffles the pictures of a batch and leaves their labels in the old order."""

    def augmented(self, x):
        return super().augmented(x).flip(0)


class BatchAugment(_Good):
    """Changes every second batch only."""

    turn = 0

    def augmented(self, x):
        self.turn += 1
        return super().augmented(x) if self.turn % 2 else self.resized(x)


class BatchAugment(_Good):
    """Draws with numpy, which torch.manual_seed doesn't seed."""

    def matrices(self, x):
        angles = torch.from_numpy(np.random.uniform(-self.degrees, self.degrees, len(x))).to(x)
        return rotation_matrix(angles) @ super().matrices(x)


class BatchAugment(_Good):
    """Draws with Python's `random`, which torch.manual_seed doesn't seed."""

    def flips(self, x):
        return flip_matrix(torch.tensor([random.random() < self.p for _ in x])).to(x)


class BatchAugment(_Good):
    """Keeps a generator of its own with a fixed seed, so every run has the same pictures."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.source = torch.Generator().manual_seed(0)

    def matrices(self, x):
        state = torch.get_rng_state()
        torch.set_rng_state(self.source.get_state())
        found = super().matrices(x)
        self.source.set_state(torch.get_rng_state())
        torch.set_rng_state(state)
        return found


class BatchAugment(_Good):
    """Resizes bytes before converting them to floats, so the result is rounded."""

    def resized(self, x):
        return self.floats(F.interpolate(x, self.size, mode="bilinear"))


class BatchAugment(_Good):
    """Keeps the grid of its first batch and hands it to every later one."""

    def matrices(self, x):
        if not hasattr(self, "kept"):
            self.kept = super().matrices(x)
        return self.kept.repeat(len(x), 1, 1)[: len(x)].to(x)


class BatchAugment(_Good):
    """Draws only for batches as long as the first, so pictures of a short last batch share one draw."""

    def matrices(self, x):
        found = super().matrices(x)
        self.first = getattr(self, "first", len(x))
        return found if len(x) == self.first else found[:1].expand(len(x), 3, 3)


class BatchAugment(_Good):
    """Switches itself off after its first fit."""

    done = False

    def after_fit(self):
        self.done = True

    def augmented(self, x):
        return self.resized(x) if self.done else super().augmented(x)


class BatchAugment(_Good):
    """Changes the batch in `begin_batch` only: `augment` resizes and draws nothing."""

    def begin_batch(self):
        self.run.xb = self.augmented(self.xb) if self.in_train else self.resized(self.xb)

    def augment(self, x):
        return self.resized(x)


class BatchAugment(_Good):
    """Applies the zoom twice, before and after the crop, so it reaches the square of `zoom`."""

    def matrices(self, x):
        return self.zooms(x) @ super().matrices(x)
