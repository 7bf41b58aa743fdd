"""The laws of batch augment.

Most of them look at maps: pictures whose first two channels say where each pixel is. What comes
out of a map tells where it was looked up, so a turn, a zoom or a crop can be read off.
"""

import warnings
from types import SimpleNamespace

import numpy as np
import torch
import torch._dynamo  # noqa: F401 - the first operation on "meta" imports it, for a second
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from torch.nn import functional as F

from checks.laws import Words, assert_close, assert_same, assert_that, law, unchanged
from checks.words import grids
from checks.words.fits import SpySGD
from katas.augment import warp
from katas.batch_augment import (
    BatchAugment,
    affine_grid,
    flip_matrix,
    perspective_grid,
    rotate_batch,
    rotation_matrix,
    shift_matrix,
    zoom_matrix,
)
from katas.learner import BatchTransformXCallback, Callback, Learner

few = settings(max_examples=6)
OFF = {
    **{"flip": 0.0, "degrees": 0.0, "zoom": 1.0, "shift": 0.0},
    **{"scale": (1.0, 1.0), "ratio": (1.0, 1.0), "tilt": 0.0},
}
MANY = 64


@law(
    "affine_grid",
    "The sampling grid: for each pixel of the result the (x, y) where it's looked up.",
    "grid[i, row, column] = matrix[i] @ (x, y, 1), (x, y) the centre of the pixel",
    "matrix one for each picture",
    "align_corners whether -1 and 1 are the centres of the first and last pixel, not outer edges",
    "their dtype if that's a float.",
)
@given(grids.counts, grids.sides, grids.sides, st.booleans(), grids.dtypes, grids.seeds)
@example(2, 2, 3, False, torch.float32, 0)
@example(2, 2, 3, True, torch.float32, 0)
def test_it_is_the_grid_of_torch(n, h, w, align_corners, dtype, seed):
    """affine_grid(matrix, (n, c, h, w), align_corners) = F.affine_grid of the same."""
    matrix = grids.randoms((n, 3, 3), seed).to(dtype)[:, :2]
    h, w = h + align_corners, w + align_corners  # torch advises against one pixel there
    wanted = F.affine_grid(matrix, [n, 3, h, w], align_corners=align_corners)
    assert_close(affine_grid(matrix, (n, 3, h, w), align_corners=align_corners), wanted, atol=1e-5)


@law(
    "affine_grid",
    "size pixels of the result: one int, (h, w) or (n, c, h, w) as for `F.affine_grid`",
)
@given(grids.counts, grids.sides, grids.sides, grids.seeds)
def test_only_height_and_width_of_the_size_matter(n, h, w, seed):
    """A size is (n, c, h, w), the shape of a batch, (h, w), or one int; -1 is an outer edge."""
    matrix = grids.randoms((n, 2, 3), seed)
    wanted, square = (F.affine_grid(matrix, [n, 1, h, o], align_corners=False) for o in (w, h))
    assert_close(affine_grid(matrix, torch.Size([n, 1, h, w])), wanted, atol=1e-5)
    assert_close(affine_grid(matrix, (h, w)), wanted, atol=1e-5)
    assert_close(affine_grid(matrix, h), square, atol=1e-5)


@law(
    "affine_grid",
    "The numbers are finite, even for a single row or column of pixels with",
)
@given(grids.counts, grids.sides, grids.seeds)
def test_one_pixel_has_a_place_with_corners_aligned(n, side, seed):
    """With align_corners a picture one pixel wide or high has a grid of finite numbers."""
    matrix = grids.randoms((n, 2, 3), seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch, which returns the middle
        found = affine_grid(matrix, (n, 3, 1, side), align_corners=True)
        other = affine_grid(matrix, (n, 3, side, 1), align_corners=True)
    assert_same([list(found.shape), list(other.shape)], [[n, 1, side, 2], [n, side, 1, 2]])
    assert_that(
        found.isfinite().all() and other.isfinite().all(),
        "the grid of one row",
        found,
        Words("finite numbers"),
    )


@law("affine_grid", "Results are on the device of the tensors that")
@given(grids.counts, grids.sides, st.booleans(), grids.seeds)
def test_a_grid_is_made_where_the_matrices_are(n, side, align_corners, seed):
    """The grid is on the device of `matrix` (here "meta", which has no values)."""
    matrix = torch.empty((n, 2, 3), device="meta")
    found = grids.device_of(
        lambda: affine_grid(matrix, (n, 3, 2, side + 1), align_corners=align_corners)
    )
    assert_same(found, "meta")


@law("affine_grid", "Arguments are left unchanged.")
@given(grids.counts, grids.sides, st.booleans(), grids.seeds)
def test_a_grid_leaves_its_matrices_alone(n, side, align_corners, seed):
    """`matrix` is the same before and after."""
    matrix = grids.randoms((n, 2, 3), seed)
    with unchanged(matrix=matrix):
        affine_grid(matrix, (n, 3, 2, side + 1), align_corners=align_corners)


@law(
    "rotation_matrix",
    "Matrices that turn square pictures counter-clockwise by `degrees`, about their middle.",
)
@given(st.lists(st.integers(-4, 4), min_size=1, max_size=4), grids.sides, grids.seeds)
@example([1], 2, 0)
def test_quarter_turns_are_those_of_rot90(quarters, side, seed):
    """Looked up by rotation_matrix(90 * k), a square picture is torch.rot90(picture, k)."""
    x = grids.randoms((len(quarters), 2, side, side), seed)
    wanted = torch.stack([torch.rot90(o, k, (1, 2)) for o, k in zip(x, quarters, strict=True)])
    found = grids.sampled(x, rotation_matrix(90.0 * torch.tensor(quarters)))
    assert_close(found, wanted, rtol=1e-4, atol=1e-4)


@law(
    "rotation_matrix",
    "[[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]]",
    "their dtype if that's a float.",
)
@given(grids.numbers(-360, 360), grids.dtypes)
@example(torch.tensor([30.0]).double(), torch.float32)
@example(torch.tensor([30.0, 0.0, 77.7]).double(), torch.float64)
def test_a_turn_is_the_matrix_of_its_cosine_and_sine(degrees, dtype):
    """[[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]] of each angle, in the dtype of `degrees`."""
    wanted = grids.turned(degrees).to(dtype)
    assert_close(rotation_matrix(degrees.to(dtype)), wanted, rtol=0, atol=1e-4)


@law("rotation_matrix", "Arguments are left unchanged.")
@given(grids.numbers(-360, 360))
def test_degrees_stay_degrees(degrees):
    """`degrees` is the same before and after."""
    with unchanged(degrees=degrees):
        rotation_matrix(degrees)


@law("rotation_matrix", "Results are on the device of the tensors that")
@given(grids.counts)
def test_turns_are_made_where_the_degrees_are(n):
    """The matrices are on the device of `degrees` (here "meta", which has no values)."""
    degrees = torch.empty(n, device="meta")
    assert_same(grids.device_of(lambda: rotation_matrix(degrees)), "meta")


@law(
    "zoom_matrix",
    "Matrices that make everything `zoom` times as large, about the middle.",
    "A zoom of 2 shows the inner quarter.",
)
@given(st.integers(1, 5), st.integers(1, 3), grids.seeds)
@example(2, 1, 0)
def test_what_is_seen_is_the_middle_of_the_picture(seen, border, seed):
    """By zoom w / v, a picture of w x w shows the v x v pixels in its middle, unchanged."""
    x = grids.randoms((2, 2, seen + 2 * border, seen + 2 * border), seed)
    wanted = x[..., border:-border, border:-border]
    found = grids.sampled(x, zoom_matrix(torch.full((2,), x.shape[-1] / seen)), (seen, seen))
    assert_close(found, wanted, rtol=1e-4, atol=1e-4)


@law(
    "zoom_matrix",
    "Matrices that make everything `zoom` times as large",
    "their dtype if that's a float.",
)
@given(grids.numbers(0.25, 4), grids.dtypes)
@example(torch.tensor([2.0]).double(), torch.float32)
@example(torch.tensor([3.0, 0.7]).double(), torch.float64)
def test_a_zoom_divides_both_coordinates(zoom, dtype):
    """[[1/zoom, 0, 0], [0, 1/zoom, 0], [0, 0, 1]], in the dtype of `zoom`."""
    rows = [[[1 / z, 0, 0], [0, 1 / z, 0], [0, 0, 1]] for z in zoom.to(dtype).tolist()]
    assert_close(zoom_matrix(zoom.to(dtype)), torch.tensor(rows, dtype=dtype))


@law("zoom_matrix", "Arguments are left unchanged.")
@given(grids.numbers(0.25, 4))
def test_the_zoom_stays_the_same(zoom):
    """`zoom` is the same before and after."""
    with unchanged(zoom=zoom):
        zoom_matrix(zoom)


@law("zoom_matrix", "Results are on the device of the tensors that")
@given(grids.counts)
def test_zooms_are_made_where_their_numbers_are(n):
    """The matrices are on the device of `zoom` (here "meta", which has no values)."""
    zoom = torch.empty(n, device="meta")
    assert_same(grids.device_of(lambda: zoom_matrix(zoom)), "meta")


@law(
    "shift_matrix",
    "Matrices that move pictures right by `dx` and down by `dy`.",
    "dx in halves of the width",
    "dy in halves of the height",
)
@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=3), grids.seeds
)
@example([(1, 0)], 0)
@example([(0, 1)], 0)
def test_a_shift_moves_right_and_down(pixels, seed):
    """By dx = 2 * a / w and dy = 2 * b / h a picture moves a pixels right and b pixels down."""
    x = grids.randoms((len(pixels), 2, 4, 5), seed)
    wanted = torch.stack([grids.moved(o, *ab) for o, ab in zip(x, pixels, strict=True)])
    dx, dy = torch.tensor([[2 * a / 5, 2 * b / 4] for a, b in pixels]).unbind(1)
    assert_close(grids.sampled(x, shift_matrix(dx, dy)), wanted, rtol=1e-4, atol=1e-4)


@law(
    "shift_matrix",
    "Matrices that move pictures right by `dx` and down by `dy`.",
    "their dtype if that's a float.",
)
@given(grids.numbers(-2, 2), grids.dtypes)
@example(torch.tensor([0.5]).double(), torch.float32)
@example(torch.tensor([0.5, -0.3]).double(), torch.float64)
def test_a_shift_is_looked_up_on_the_other_side(dx, dtype):
    """[[1, 0, -dx], [0, 1, -dy], [0, 0, 1]], in the dtype of dx and dy."""
    dx, dy = dx.to(dtype), (2 * dx + 1).to(dtype)
    pairs = zip(dx.tolist(), dy.tolist(), strict=True)
    rows = [[[1, 0, -a], [0, 1, -b], [0, 0, 1]] for a, b in pairs]
    assert_close(shift_matrix(dx, dy), torch.tensor(rows, dtype=dtype))


@law("shift_matrix", "Arguments are left unchanged.")
@given(grids.numbers(-2, 2))
def test_dx_and_dy_stay_the_same(dx):
    """dx and dy are the same before and after."""
    dy = dx + 1
    with unchanged(dx=dx, dy=dy):
        shift_matrix(dx, dy)


@law("shift_matrix", "Results are on the device of the tensors that")
@given(grids.counts)
def test_shifts_are_made_where_their_numbers_are(n):
    """The matrices are on the device of dx and dy (here "meta", which has no values)."""
    dx, dy = torch.empty((2, n), device="meta")
    assert_same(grids.device_of(lambda: shift_matrix(dx, dy)), "meta")


@law(
    "flip_matrix",
    "Matrices, as floats, that mirror left to right those pictures whose `flip` is True.",
)
@given(grids.choices, grids.sides, grids.sides, grids.seeds)
@example(torch.tensor([True, False]), 2, 3, 0)
def test_only_the_chosen_pictures_are_mirrored_left_to_right(flip, h, w, seed):
    """Where `flip` is True a picture is torch.flip(picture, [-1]), elsewhere itself."""
    x = grids.randoms((len(flip), 2, h, w), seed)
    wanted = torch.where(flip[:, None, None, None], x.flip(-1), x)
    assert_close(grids.sampled(x, flip_matrix(flip).float()), wanted, rtol=1e-4, atol=1e-4)


@law("flip_matrix", "Matrices, as floats, that mirror left to right")
@given(grids.choices)
def test_a_flip_turns_the_sign_of_x(flip):
    """[[-1, 0, 0], [0, 1, 0], [0, 0, 1]] for True, the same with 1 for False, as floats."""
    wanted = torch.tensor([[[-1.0 if o else 1.0, 0, 0], [0, 1, 0], [0, 0, 1]] for o in flip])
    found = flip_matrix(flip)
    assert_that(found.is_floating_point(), "the dtype", found.dtype, Words("a float dtype"))
    assert_same(found.float(), wanted)


@law("flip_matrix", "Arguments are left unchanged.")
@given(grids.choices)
def test_the_choice_stays_the_same(flip):
    """`flip` is the same before and after."""
    with unchanged(flip=flip):
        flip_matrix(flip)


@law("flip_matrix", "Results are on the device of the tensors that")
@given(grids.counts)
def test_flips_are_made_where_the_choice_is(n):
    """The matrices are on the device of `flip` (here "meta", which has no values)."""
    flip = torch.empty(n, dtype=torch.bool, device="meta")
    assert_same(grids.device_of(lambda: flip_matrix(flip)), "meta")


@law(
    "rotate_batch",
    "x square pictures; for others, the only promise is that 0 degrees changes nothing",
    "their dtype if that's a float.",
)
@given(grids.shapes, grids.dtypes, grids.paddings, grids.seeds)
@example((2, 3, 4, 4), torch.float32, {}, 0)
@example((2, 3, 3, 5), torch.float64, {}, 0)
def test_by_0_degrees_nothing_changes(shape, dtype, padding, seed):
    """rotate_batch(x, (h, w), 0) is x, in its shape and dtype, whatever the padding."""
    x = grids.randoms(shape, seed).to(dtype)
    assert_close(rotate_batch(x.clone(), shape[2:], 0.0, **padding), x, rtol=1e-4, atol=1e-4)


@law("rotate_batch", "size pixels of the result: one int or (h, w)")
@given(st.sampled_from([(24, 24), (16, 24), (24, 12)]), st.sampled_from([20, (20, 28), (32, 18)]))
@example((24, 24), (20, 28))
def test_the_result_has_the_size_that_was_asked_for(sides, size):
    """By 0 degrees the whole picture is seen at `size`, one int or (h, w)."""
    h, w = (size, size) if isinstance(size, int) else size
    found = rotate_batch(grids.maps(2, *sides), size, 0.0)[:, :2]
    assert_close(found, grids.centres(h, w).float().expand(2, 2, h, w), rtol=0, atol=0.06)


@law("rotate_batch", "Each picture of `x` turned about its middle", "x square pictures")
@few
@given(grids.map_sides, st.floats(5, 170))
def test_pictures_are_turned_about_their_middle(side, degrees):
    """Where a square picture is looked up is a turn: nothing is moved, stretched or bent."""
    found = grids.matrices_of(rotate_batch(grids.maps(16, side, side), side, degrees))
    assert_close(found, grids.turned(grids.angles_of(found)), rtol=0, atol=1e-3)


@law("rotate_batch", "random angle within ±`degrees`")
@few
@given(grids.map_sides, st.floats(5, 170))
def test_angles_are_drawn_from_both_sides_of_0(side, degrees):
    """Of many pictures each has an angle within ±`degrees`, and the whole range is used."""
    found = grids.angles_of(
        grids.matrices_of(rotate_batch(grids.maps(MANY, side, side), side, degrees))
    )
    grids.assert_spread(found, -degrees, degrees, "angles", slack=0.1)


@law("rotate_batch", "by its own random angle", "Each batch has new angles.")
@few
@given(grids.map_sides, st.floats(5, 170))
def test_each_picture_has_an_angle_of_its_own(side, degrees):
    """No two pictures of a batch, and no two batches, are turned by the same angle."""
    batches = [rotate_batch(grids.maps(4, side, side), side, degrees) for _ in range(2)]
    found = torch.cat([grids.matrices_of(out)[:, 1, 0] for out in batches])
    apart = (found[:, None] - found).abs() + torch.eye(8)
    assert_that(
        (apart > 1e-6).all(),
        "least distance of two angles",
        apart.min().item(),
        Words("more than 0"),
    )


@law("rotate_batch", "Each pixel is one bilinear look-up.")
@few
@given(grids.map_sides, st.floats(5, 170), st.sampled_from([16, 24]))
def test_a_turn_is_one_bilinear_look_up(side, degrees, size):
    """Each pixel is the bilinear mean at the place it comes from, read once from the picture."""
    x = grids.maps(4, side, side)
    grids.assert_one_look_up(x, rotate_batch(x.clone(), size, degrees))


@law("rotate_batch", 'padding_mode what lies beyond the edges: "reflection", "border" or "zeros"')
@few
@given(grids.map_sides, grids.paddings)
@example(24, {})
@example(24, {"padding_mode": "zeros"})
@example(24, {"padding_mode": "border"})
def test_beyond_the_edges_is_what_padding_mode_says(side, padding):
    """The picture mirrored ("reflection", and without a word), its last pixel, or zeros."""
    x = grids.maps(12, side, side)
    out = rotate_batch(x.clone(), side, 170.0, **padding)
    grids.assert_edges(x, out, grids.matrices_of(out), padding.get("padding_mode", "reflection"))


@law("rotate_batch", "Arguments are left unchanged.")
@given(grids.shapes, grids.seeds)
def test_turning_leaves_the_batch_alone(shape, seed):
    """`x` is the same before and after."""
    x = grids.randoms(shape, seed)
    with unchanged(x=x):
        rotate_batch(x, shape[2:], 30.0)


@law("rotate_batch", "Results are on the device of the tensors that")
@few  # torch samples on this device in Python: 40 ms a call
@given(grids.counts, grids.sides, grids.sides)
def test_a_batch_is_turned_on_its_device(n, side, size):
    """The result is on the device of `x` (here "meta", which has no values)."""
    x = torch.empty((n, 3, side, side), device="meta")
    assert_same(grids.device_of(lambda: rotate_batch(x, size, 30.0)), "meta")


@law(
    "perspective_grid",
    "The sampling grid of the perspective that fills the result with a quadrilateral.",
    "corners of the quadrilateral in each picture, (x, y) from -1 to 1",
    "top left, bottom left, bottom right, top right",
    "their dtype if that's a float.",
)
@given(grids.quads, grids.sides, grids.sides, grids.dtypes)
@example(grids.WHOLE[None] / 2, 2, 3, torch.float32)
@example(grids.WHOLE[None] + torch.tensor([[0.0], [0.5], [-0.5], [0.0]]), 2, 3, torch.float64)
def test_the_corners_of_the_result_come_from_the_corners_given(corners, h, w, dtype):
    """Pixels are looked up by the perspective from the whole picture to `corners`."""
    wanted = grids.applied(grids.fit(grids.WHOLE, corners), grids.centres(h, w)).to(dtype)
    assert_close(perspective_grid(corners.to(dtype), (h, w)), wanted, rtol=0, atol=1e-4)


@law("perspective_grid", "as for `augment.warp`")
@few
@given(grids.quads, st.integers(4, 9), st.integers(4, 9), grids.seeds)
def test_it_agrees_with_the_warp_of_one_picture(corners, h, w, seed):
    """Sampled by the grid, each picture is `warp` of it with the same corners in pixels."""
    x = grids.randoms((len(corners), 1, 8, 10), seed)
    pixels = ((corners + 1) * torch.tensor([5.0, 4.0])).tolist()
    pictures = [Image.fromarray(o[0].numpy()) for o in x]
    warped = [warp(o, (w, h), c) for o, c in zip(pictures, pixels, strict=True)]
    wanted = torch.tensor(np.stack([np.array(o) for o in warped])[:, None])
    grid = perspective_grid(corners.float(), (h, w))
    found = F.grid_sample(x, grid, padding_mode="border", align_corners=False)
    assert_close(found, wanted, rtol=0, atol=1e-3)


@law("perspective_grid", "The sampling grid of the perspective")
@given(grids.counts, grids.sides, grids.sides)
@example(1, 1, 2)
def test_a_perspective_of_the_whole_is_the_plain_grid(n, h, w):
    """With the corners of the picture itself every pixel is looked up at its own centre."""
    wanted = grids.centres(h, w).permute(1, 2, 0).float().expand(n, h, w, 2)
    assert_close(perspective_grid(grids.WHOLE.float().expand(n, 4, 2), (h, w)), wanted, atol=1e-5)


@law("perspective_grid", "size pixels of the result: one int, (h, w) or (n, c, h, w)")
@given(grids.quads, grids.sides, grids.sides)
def test_the_size_of_a_perspective_may_be_an_int_or_a_shape(corners, h, w):
    """An int is a square; of (n, c, h, w) the last two matter."""
    matrices, n = grids.fit(grids.WHOLE, corners), len(corners)
    wanted, square = (grids.applied(matrices, grids.centres(h, o)) for o in (w, h))
    assert_close(perspective_grid(corners, (n, 3, h, w)), wanted, rtol=0, atol=1e-4)
    assert_close(perspective_grid(corners, h), square, rtol=0, atol=1e-4)


def solves(corners):
    """How many systems are solved by torch for these corners, all that are batched as one."""
    with grids.Solves() as counter:
        perspective_grid(corners, 4)
    return counter.count


@law("perspective_grid", "pictures are solved at once, by a batched solve from `torch.linalg`.")
@given(grids.quads)
@example((1 - torch.arange(40).view(5, 4, 2) / 100) * grids.WHOLE)
def test_all_pictures_are_solved_at_once(corners):
    """As many linear solves for a batch as for one picture, on the device of the corners."""
    one, all_ = solves(corners[:1]), solves(corners)
    assert_that(one == all_, "solves for one picture, and for the batch", [one, all_], [1, 1])
    values = torch.empty((2, 4, 2), device="meta")
    kept = one > 0 or grids.device_of(lambda: perspective_grid(values, 4), "elsewhere") == "meta"
    assert_that(kept, "solves by torch on the device of the corners", one, Words("one or more"))


@law("perspective_grid", "Results are on the device of the tensors that")
@given(grids.counts, grids.sides)
def test_a_perspective_is_made_where_the_corners_are(n, size):
    """The grid is on the device of `corners` (here "meta", which has no values)."""
    corners = torch.empty((n, 4, 2), device="meta")
    assert_same(grids.device_of(lambda: perspective_grid(corners, size)), "meta")


@law("perspective_grid", "Arguments are left unchanged.")
@given(grids.quads)
def test_the_corners_stay_the_same(corners):
    """`corners` is the same before and after."""
    with unchanged(corners=corners):
        perspective_grid(corners, 3)


def seen(cbs, train=(), valid=()):
    """The batches that a model sees in one epoch with these callbacks."""
    loaders = [[(x, torch.arange(len(x))) for x in xs] for xs in (train, valid)]
    data, model = SimpleNamespace(train_dl=loaders[0], valid_dl=loaders[1]), grids.Noting()
    Learner(model, data, grids.no_loss, SpySGD, cbs=cbs).fit(1)
    return model.seen


def augmented(x, size, **kwargs):
    """What a model sees of a training batch."""
    return seen([BatchAugment(size, **kwargs)], [x.clone()])[0]


def matrices_with(side, n=MANY, **kwargs):
    """The perspectives by which square pictures are looked up, all else off."""
    return grids.matrices_of(augmented(grids.maps(n, side, side), side, **OFF | kwargs))


ONE_ON = [
    *({"degrees": 30.0}, {"zoom": 1.5}, {"shift": 0.1}, {"scale": (0.3, 0.5)}, {"tilt": 0.1}),
    {"scale": (0.4, 0.4), "ratio": (0.5, 2.0)},
]


@law("BatchAugment", "nothing is drawn", "a validation")
@few
@given(grids.counts, st.integers(1, 3), grids.batch_sides, grids.seeds)
def test_in_validation_nothing_is_drawn(n, c, side, seed):
    """A validation batch of the right size is seen unchanged, after training too."""
    x = grids.randoms((n, c, side, side), seed)
    found = seen([BatchAugment(side)], [x], [x, x])
    assert_close(found[1:], [x, x], rtol=1e-4, atol=1e-4)


@law(
    "BatchAugment",
    "Each picture of `x`, whole and at `size`, as floats; nothing is drawn.",
    "Replace `learn.xb`: augment a training batch, resize a validation",
)
@few
@given(
    grids.counts, st.sampled_from([(24, 24), (24, 32), (32, 24)]), st.sampled_from([20, (18, 28)])
)
def test_in_validation_the_whole_picture_is_resized(n, sides, size):
    """Nothing is cut off: from edge to edge, whatever the shape of the picture."""
    out = seen([BatchAugment(size)], valid=[grids.maps(n, *sides)])[0]
    assert_close(out[:, :2], grids.centres(*out.shape[2:]).float().expand(n, 2, -1, -1), atol=0.06)


@law("BatchAugment", "Each picture of `x`, whole and at `size`, as floats; nothing is drawn.")
@few
@given(grids.counts, st.sampled_from([4, 7, (5, 9)]), grids.seeds)
def test_bytes_are_floats_before_they_are_resized(n, size, seed):
    """resize(x) of bytes is resize(x / 255) of floats, without rounding between."""
    x = (50 * grids.randoms((n, 3, 8, 8), seed) + 128).clamp(0, 255).byte()
    augment = BatchAugment(size)
    wanted = augment.resize(x.float() / 255)
    assert_close(augment.resize(x), wanted, rtol=0, atol=1e-5)
    assert_that(wanted.is_floating_point(), "the dtype", wanted.dtype, Words("a float dtype"))


@law(
    "BatchAugment",
    "a training",
    "their dtype if that's a float.",
)
@few
@given(grids.counts, st.integers(1, 3), grids.batch_sides, grids.dtypes, grids.seeds)
@example(2, 3, 4, torch.float32, 0)
@example(2, 3, 4, torch.float64, 0)
def test_with_everything_off_a_batch_stays_the_same(n, c, side, dtype, seed):
    """Square pictures at their own size come out as they came in, in their dtype."""
    x = grids.randoms((n, c, side, side), seed).to(dtype)
    assert_close(augmented(x, side, **OFF), x, rtol=1e-4, atol=1e-4)


@law("BatchAugment", "The batch `x`")
@few
@given(grids.counts, st.sampled_from([20, (18, 28), (28, 18)]))
def test_with_everything_off_all_of_a_square_picture_is_seen(n, size):
    """At another size the picture is resized, from edge to edge."""
    out = augmented(grids.maps(n, 24, 24), size, **OFF)
    assert_close(out[:, :2], grids.centres(*out.shape[2:]).float().expand(n, 2, -1, -1), atol=0.06)


@law("BatchAugment", "A batch of bytes becomes floats in 0..1.", "Floats keep their range.")
@few
@given(grids.counts, grids.batch_sides, grids.seeds)
@example(2, 4, 0)
def test_bytes_come_in_and_floats_from_0_to_1_go_out(n, side, seed):
    """In training and in validation the byte b becomes b / 255; everything else is off."""
    x = (50 * grids.randoms((n, 3, side, side), seed) + 128).clamp(0, 255).byte()
    wanted = torch.tensor(x.numpy() / 255).float()
    found = seen([BatchAugment(side, **OFF)], [x], [x])
    assert_close(found, [wanted, wanted], rtol=1e-4, atol=1e-4)


@law("BatchAugment", "size pixels of the result, one int or (h, w)")
@few
@given(
    grids.counts, st.sampled_from([(24, 24), (24, 16)]), st.sampled_from([20, (18, 28), (28, 18)])
)
@example(2, (24, 24), (18, 28))
def test_batches_have_the_size_that_was_asked_for(n, sides, size):
    """One int is a square, two are (h, w); so in training as in validation."""
    h, w = (size, size) if isinstance(size, int) else size
    x = grids.maps(n, *sides)
    found = seen([BatchAugment(size)], [x], [x])
    assert_same([list(o.shape) for o in found], [[n, 3, h, w]] * 2)


@law(
    "BatchAugment",
    "their dtype if that's a float.",
)
@few
@given(grids.counts, grids.dtypes)
def test_the_dtype_of_floats_is_kept(n, dtype):
    """A batch of doubles stays one, in training and in validation."""
    x = grids.maps(n, 12, 12).to(dtype)
    found = seen([BatchAugment(8)], [x], [x])
    assert_same([o.dtype for o in found], [dtype, dtype])


@law("BatchAugment", "Arguments are left unchanged.")
@few
@given(grids.counts, grids.batch_sides, st.booleans(), grids.seeds)
def test_the_loaders_batches_stay_the_same(n, side, of_bytes, seed):
    """The batch that the loader made is replaced, and never written into."""
    x = grids.randoms((n, 3, side, side), seed)
    x = x.mul(50).abs().byte() if of_bytes else x
    with unchanged(x=x):
        seen([BatchAugment(side)], [x], [x])


@law("BatchAugment", "Labels stay with their pictures.")
@few
@given(grids.counts, grids.batch_sides)
def test_labels_stay_with_their_pictures(n, side):
    """learn.yb is the loader's, and pictures keep their places in the batch."""
    x = torch.arange(n)[:, None, None, None].expand(n, 3, side, side).float()
    labels = []

    class LookCallback(Callback):
        def after_pred(self):
            labels.append(self.yb)

    found = seen([BatchAugment(side), LookCallback()], [x])[0]
    assert_close([found, *labels], [x, torch.arange(n)], rtol=1e-4, atol=1e-4)


@law("BatchAugment", "flip probability of a mirror image, left to right")
@few
@given(st.integers(2, 4), st.sampled_from([0.0, 0.25, 0.75, 1.0]), grids.seeds)
@example(4, 1.0, 0)
@example(4, 0.25, 0)
def test_pictures_are_mirrored_with_the_probability_flip(side, flip, seed):
    """Each picture is itself or its mirror image, left to right; so many of 200 are mirrored."""
    x = grids.randoms((200, 1, side, side), seed)
    out = augmented(x, side, **OFF | {"flip": flip})
    is_flipped, is_same = ((out - o).abs().amax(dim=(1, 2, 3)) < 1e-3 for o in (x.flip(-1), x))
    assert_that(
        (is_flipped | is_same).all(),
        "pictures that are themselves or mirrored, of 200",
        int((is_flipped | is_same).sum()),
        200,
    )
    mirrored, spread = int(is_flipped.sum()), 200 * flip * (1 - flip)
    off = abs(mirrored - 200 * flip)
    assert_that(off <= spread, "pictures mirrored, of 200", mirrored, 200 * flip)


@law("BatchAugment", "degrees greatest angle, either way, in a square picture")
@few
@given(grids.map_sides, st.floats(5, 170))
def test_pictures_are_turned_by_degrees_at_most(side, degrees):
    """With only `degrees` on, pictures turn about the middle, by angles within ±`degrees`."""
    found = matrices_with(side, degrees=degrees)
    assert_close(found, grids.turned(grids.angles_of(found)), rtol=0, atol=2e-3)
    grids.assert_spread(grids.angles_of(found), -degrees, degrees, "angles", slack=0.2)


@law("BatchAugment", "zoom largest magnification; the smallest is 1")
@few
@given(grids.map_sides, st.floats(1.1, 3))
def test_pictures_are_magnified_from_1_to_zoom(side, zoom):
    """With only `zoom` on, all grows about the middle, as much in width as in height."""
    found = matrices_with(side, zoom=zoom)
    wanted = torch.diag_embed(torch.stack([found[:, 0, 0]] * 2 + [torch.ones(MANY)], dim=1))
    assert_close(found, wanted, rtol=0, atol=2e-3)
    grids.assert_spread(1 / found[:, 0, 0], 1.0, zoom, "magnifications", slack=0.01)


@law("BatchAugment", "shift greatest shift each way, as a share of the picture's width and height")
@few
@given(grids.map_sides, st.floats(0.05, 0.2))
def test_pictures_are_moved_by_a_share_of_their_size(side, shift):
    """With only `shift` on, pictures move within ±`shift` of their width, and of their height."""
    found = matrices_with(side, shift=shift)
    still = found - torch.eye(3)
    still[:, :2, 2] = 0
    assert_close(still, torch.zeros(MANY, 3, 3).double(), atol=2e-3)
    for moves, what in zip(found[:, :2, 2].T / 2, ("right and left", "up and down"), strict=True):
        grids.assert_spread(moves, -shift, shift, f"shifts {what}")


@law("BatchAugment", 'padding_mode what lies beyond the edges: "reflection", "border" or "zeros"')
@few
@given(grids.map_sides, grids.paddings)
@example(24, {})
@example(24, {"padding_mode": "zeros"})
def test_a_moved_picture_is_padded_as_asked(side, padding):
    """Beyond its edges there is its mirror image, its last pixel, or zeros."""
    x = grids.maps(16, side, side)
    out = augmented(x, side, **OFF | {"shift": 0.2} | padding)
    grids.assert_edges(x, out, grids.matrices_of(out), padding.get("padding_mode", "reflection"))


@law(
    "BatchAugment",
    "scale least and greatest area of a random crop, as a share of the picture",
    "ratio least and greatest width/height of the crop of a square picture",
)
@few
@given(
    st.sampled_from([(0.2, 0.3), (0.3, 0.5), (0.4, 0.4)]),
    st.sampled_from([(0.5, 0.8), (1.25, 2.0), (0.75, 1.25), (1.0, 1.0)]),
)
def test_crops_have_the_area_and_the_shape_that_were_asked_for(scale, ratio):
    """With only the crop on, its share of the area is within `scale`, width/height in `ratio`."""
    x = grids.maps(MANY, 64, 64)
    found = grids.matrices_of(augmented(x, 24, **OFF | {"scale": scale, "ratio": ratio}))
    wide, high = found[:, 0, 0], found[:, 1, 1]
    straight = torch.diag_embed(torch.stack([wide, high, torch.ones(MANY)], dim=1))
    straight[:, :2, 2] = found[:, :2, 2]
    assert_close(found, straight, rtol=0, atol=2e-3)
    grids.assert_spread(
        wide * high, *scale, "areas", slack=0.1 * scale[0]
    )  # of whole pixels, maybe
    grids.assert_spread(wide / high, *ratio, "width/height", slack=0.1 * ratio[0])


@law("BatchAugment", "The crop lies anywhere inside the")
@few
@given(st.sampled_from([(0.35, 1.0), (0.8, 1.0)]), st.sampled_from([(0.5, 2.0), (0.75, 1.3)]))
def test_no_crop_leaves_the_picture(scale, ratio):
    """A crop that would be too wide or too high is another one, inside the picture."""
    found = grids.matrices_of(
        augmented(grids.maps(MANY, 64, 64), 24, **OFF | {"scale": scale, "ratio": ratio})
    )
    sizes, places = torch.stack([found[:, 0, 0], found[:, 1, 1]]), found[:, :2, 2].T
    farthest = (places.abs() + sizes).max().item()
    assert_that(farthest <= 1.03, "the farthest edge of a crop", farthest, 1.0)


@law("BatchAugment", "The crop lies anywhere inside the")
@few
@given(st.sampled_from([(0.2, 0.4), (0.3, 0.3)]), st.sampled_from([(0.75, 1.3), (1.0, 1.0)]))
def test_crops_lie_anywhere_in_the_picture(scale, ratio):
    """The place of a crop is drawn from edge to edge, across and along: of 400 some are near."""
    x, on = grids.maps(400, 64, 64), {"scale": scale, "ratio": ratio}
    found = grids.matrices_of(augmented(x, 24, **OFF | on))
    room = 1 - torch.stack([found[:, 0, 0], found[:, 1, 1]])
    for shares, what in zip(found[:, :2, 2].T / room, ("across", "along"), strict=True):
        grids.assert_spread(shares, -1.0, 1.0, f"places {what}", slack=0.1)
        reach = min(-shares.min().item(), shares.max().item())
        assert_that(reach > 0.87, f"the farthest places {what}", reach, Words("nearly 1"))


@law("BatchAugment", "each independent of the others")
@few
@given(st.sampled_from([32, 48]))
def test_area_shape_and_place_of_a_crop_are_drawn_apart(side):
    """None of area, width/height, and the places across and along tells of another one."""
    x, on = grids.maps(100, side, side), {"scale": (0.2, 0.45), "ratio": (0.5, 2.0)}
    found = grids.matrices_of(augmented(x, 24, **OFF | on))
    sizes = torch.stack([found[:, 0, 0], found[:, 1, 1]])
    places = found[:, :2, 2].T / (1 - sizes)
    grids.assert_unrelated(torch.stack([sizes.prod(dim=0), sizes[0] / sizes[1], *places]))


@law("BatchAugment", "tilt greatest perspective each way, across and along")
@few
@given(grids.map_sides, st.floats(0.05, 0.15))
def test_pictures_are_tilted_both_ways(side, tilt):
    """With only `tilt` on, either side may look nearer, and top or bottom, as in a perspective."""
    found = matrices_with(side, tilt=tilt)[:, 2, :2].T
    far, near = found.amax(dim=1), -found.amin(dim=1)
    least = torch.cat([far, near]).min().item()
    assert_that(
        least >= 0.3 * tilt, "the tilt of one side", least, Words(f"{0.3 * tilt:.3f} or more")
    )
    grids.assert_unrelated(found)


@law(
    "BatchAugment",
    "a corner moves by at most twice that share of the width across, and of the height along",
)
@few
@given(grids.map_sides, st.floats(0.05, 0.15))
def test_a_tilt_is_no_greater_than_was_asked_for(side, tilt):
    """With only `tilt` on, corners come from near the corners, nearer for a smaller tilt."""
    corners = grids.applied(matrices_with(side, tilt=tilt), grids.WHOLE.T)
    moves = (corners - grids.WHOLE).abs().max().item()
    assert_that(moves <= 4 * tilt + 0.01, "the greatest move of a corner", moves, 4 * tilt)


@law(
    "BatchAugment",
    "Flips, turns, zooms, shifts, crops and tilts every training batch",
    "is one bilinear look-up of the batch.",
)
@few
@given(grids.map_sides, st.sampled_from([12, 16, 28]), st.sampled_from([0.0, 0.05]))
def test_all_of_it_is_one_bilinear_look_up(side, size, shift):
    """Along one perspective each pixel is taken once from the picture, whatever was drawn."""
    x = grids.maps(16, side, side)
    out = augmented(x, size, shift=shift)
    points = grids.centres(size, size)
    middle = points.abs().amax(dim=0) < 0.45
    wanted = grids.applied(grids.matrices_of(out), points)
    assert_close(grids.looked_up(out)[:, middle], wanted[:, middle], rtol=0, atol=1e-4)
    grids.assert_one_look_up(x, out)


@law("BatchAugment", "Each picture has its own", "each picture with its own")
@settings(max_examples=2 * len(ONE_ON))
@given(st.sampled_from(ONE_ON))
def test_each_picture_has_its_own_draw(on):
    """Of equal pictures in two batches no two come out equal."""
    x = grids.maps(1, 16, 16).expand(5, -1, -1, -1)
    outs = torch.cat(seen([BatchAugment(16, **OFF | on)], [x, x])).flatten(1)
    apart = (outs[:, None] - outs).abs().amax(dim=-1) + torch.eye(10)
    assert_that(
        (apart > 1e-6).all(),
        "least distance of two pictures",
        apart.min().item(),
        Words("more than 0"),
    )


@law("BatchAugment", "each independent of the others")
@few
@given(grids.map_sides)
def test_one_draw_tells_nothing_of_another(side):
    """Mirroring, angle, magnification and shifts are drawn apart from each other."""
    on = {"flip": 0.5, "degrees": 40.0, "zoom": 2.0, "shift": 0.1}
    found = matrices_with(side, n=100, **on)
    area, turn = torch.linalg.det(found[:, :2, :2]), torch.atan2(found[:, 0, 1], found[:, 1, 1])
    grids.assert_unrelated(torch.stack([area.sign(), turn, area.abs(), *found[:, :2, 2].T]))
    other = torch.atan2(found[:, 1, 0], found[:, 1, 1])
    grids.assert_unrelated(torch.stack([area.sign(), other, area.abs()]))


@law("BatchAugment", "each independent of the others")
@few
@given(grids.map_sides, st.floats(0.05, 0.2))
def test_shifts_across_and_along_are_drawn_apart(side, shift):
    """With only `shift` on, the way to the right tells nothing of the way down, nor how far."""
    places = matrices_with(side, n=100, shift=shift)[:, :2, 2].T
    grids.assert_unrelated(places)
    grids.assert_unrelated(places.abs())


@law("BatchAugment", "Flips, turns, zooms, shifts, crops and tilts every training batch")
@settings(max_examples=2)
@given(st.sampled_from([24, 32]))
def test_of_itself_it_does_what_its_signature_says(side):
    """Each option that is not given has the value of the signature; all others are off."""

    def unsaid(name, n=MANY, **on):
        options = {o: value for o, value in (OFF | on).items() if o != name}
        return grids.matrices_of(augmented(grids.maps(n, side, side), side, **options))

    mirrored = int((unsaid("flip", 200)[:, 0, 0] < 0).sum())
    assert_that(abs(mirrored - 100) < 35, "pictures mirrored of 200", mirrored, 100)
    grids.assert_spread(grids.angles_of(unsaid("degrees")), -10, 10, "angles", slack=0.2)
    grids.assert_spread(1 / unsaid("zoom")[:, 0, 0], 1, 1.1, "magnifications", slack=0.01)
    assert_close(unsaid("shift"), torch.eye(3).double().expand(MANY, 3, 3), atol=2e-3)
    areas, corners = torch.linalg.det(unsaid("scale")), grids.applied(unsaid("tilt"), grids.WHOLE.T)
    grids.assert_spread(areas, 0.35, 1, "areas", slack=0.05)
    assert_that(areas.median() < 0.85, "the middle area", areas.median().item(), 0.675)
    moves = (corners - grids.WHOLE).abs().max().item()
    assert_that(moves <= 0.41, "the greatest move of a corner", moves, 0.4)
    crops = unsaid("ratio", scale=(0.4, 0.4))
    grids.assert_spread(crops[:, 0, 0] / crops[:, 1, 1], 3 / 4, 4 / 3, "width/height", slack=0.1)
    assert_that(
        unsaid("tilt")[:, 2, :2].abs().max() > 0.03,
        "the greatest tilt",
        unsaid("tilt")[:, 2, :2].abs().max().item(),
        Words("about 0.1"),
    )


@law("BatchAugment", "Results are on the device of the tensors that")
@few
@given(grids.counts, st.sampled_from([torch.float32, torch.float64, torch.uint8]))
def test_a_batch_is_augmented_on_its_device(n, dtype):
    """In training and in validation, on the device of the batch (here "meta")."""
    x = torch.empty((n, 3, 8, 8), dtype=dtype, device="meta")
    for batches in ({"train": [x]}, {"valid": [x]}):
        assert_same(grids.device_of(lambda b=batches: seen([BatchAugment(6)], **b)[0]), "meta")


@law("BatchAugment", "`_order` is 2")
@few
@given(grids.counts, grids.batch_sides)
def test_it_comes_after_the_device_and_with_other_transforms(n, side):
    """A callback of order 1 meets the batch before it, a transform listed behind it after it."""
    sizes = []

    class EarlyCallback(Callback):
        _order = 1

        def begin_batch(self):
            sizes.append(self.xb.shape[-1])

    later = BatchTransformXCallback(lambda xb: sizes.append(xb.shape[-1]) or xb)
    x = grids.maps(n, side, side)
    seen([BatchAugment(side + 3), EarlyCallback(), later], [x], [x])
    assert_same(sizes, [side, side + 3] * 2)


@law("BatchAugment", "torch's generator for the batch's")
@settings(max_examples=2)
@given(grids.counts, grids.seeds)
def test_after_the_same_seed_the_same_draws_come(n, seed):
    """After torch.manual_seed(s) the same batch comes out, from the same object or another."""
    x, one = grids.maps(n, 16, 16), BatchAugment(12)
    outs = []
    for augment in (one, one, BatchAugment(12)):
        torch.manual_seed(seed)
        outs.append(seen([augment], [x])[0])
    assert_same(outs[1:], [outs[0], outs[0]])


@law("BatchAugment", "torch's generator for the batch's")
@settings(max_examples=2)
@given(grids.seeds)
def test_after_another_seed_other_draws_come(seed):
    """After torch.manual_seed(s) and torch.manual_seed(s + 1) batches differ."""
    x, outs = grids.maps(4, 16, 16), []
    for o in (seed, seed + 1):
        torch.manual_seed(o)
        outs.append(seen([BatchAugment(12)], [x])[0])
    apart = (outs[0] - outs[1]).abs().max().item()
    assert_that(apart > 1e-3, "the greatest difference", apart, Words("more than 0.001"))


@law("BatchAugment", "Each picture has its own", "The batch `x`")
@settings(max_examples=2)
@given(st.sampled_from([(6, 3), (3, 6), (8, 1)]))
def test_batches_of_all_sizes_are_served_in_turn(counts):
    """A last batch that is shorter, or of larger pictures, has draws of its own too."""
    augment = BatchAugment(16, **OFF | {"degrees": 40.0})
    xs = [grids.maps(n, side, side) for n, side in zip(counts, (16, 24), strict=True)]
    for x, out in zip(xs, seen([augment], xs), strict=True):
        turns = grids.angles_of(grids.matrices_of(out))
        apart = (turns[:, None] - turns).abs() + torch.eye(len(x)) * 90
        least = apart.min().item()
        assert_that(least > 1e-4, "least distance of two angles", least, Words("more than 0"))


@law("BatchAugment", "The batch `x` augmented and at `size`, each picture with its own draws.")
@settings(max_examples=2)
@given(grids.counts, st.sampled_from([12, (18, 10)]), grids.seeds)
def test_augment_is_what_a_training_batch_goes_through(n, size, seed):
    """After the same seed augment(x) is the batch that the model sees."""
    x, augment = grids.maps(n, 16, 16), BatchAugment(size)
    torch.manual_seed(seed)
    wanted = augment.augment(x)
    torch.manual_seed(seed)
    assert_close(seen([augment], [x])[0], wanted)


@law("BatchAugment", "Each picture has its own")
@settings(max_examples=2)
@given(grids.counts)
def test_one_augment_serves_two_fits(n):
    """In a second fit, with another learner, training is augmented and validation is resized."""
    x, augment = grids.maps(n, 16, 16), BatchAugment(16, flip=1.0)
    first, second = (seen([augment], [x], [x]) for _ in range(2))
    assert_close([first[1], second[1]], [x, x], rtol=1e-4, atol=1e-4)
    apart = min((o[0] - x).abs().max().item() for o in (first, second))
    assert_that(apart > 0.1, "what training changes, in both fits", apart, Words("more than 0.1"))
