# %% [markdown]
# # How do we get more out of the same pictures?
#
# A church stays a church when it's mirrored, seen from nearer, or from the side. So each epoch may
# show every picture in another view, and the network never sees the same one twice. The views are
# made by cutting, turning and tilting, and all of these are one act: *resampling*. For each pixel
# of the result you ask where in the picture it comes from. We look at the price of resampling, make
# the views one picture at a time, then a whole batch at once, and measure all of it.
#
# The exercises are in [katas/augment.py](../katas/augment.py), `make check kata=augment`, and in
# [katas/batch_augment.py](../katas/batch_augment.py), `make check kata=batch_augment`.

# %%
from notebooks.plots import Sliders, bars, curves, looked_up, quadrilaterals, shares, show, waves

import random
from pathlib import Path
from time import process_time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from torch import nn

# %%
from checks import check
from solutions.augment import CenterCrop, GeneralCrop, PilRandomDihedral, PilRandomFlip
from solutions.augment import PilTiltRandomCrop, RandomResizedCrop, find_coeffs, warp
from solutions.batch_augment import BatchAugment, affine_grid, rotation_matrix
from solutions.batch_augment import shift_matrix, zoom_matrix
from solutions.item_lists import ImageList
from solutions.optimizers import adam_opt
from solutions.trainer.sketches import draw_sketches
from solutions.transforms import MakeRGB, ResizeFixed, pil_to_float, to_byte_tensor
from solutions.transforms import to_float_tensor

# %%
torch.set_num_threads(1)
root = draw_sketches(Path("../data/sketches"))
files = sorted(ImageList.from_files(root / "train").items)[7::400]
pictures = ImageList(files, root, tfms=MakeRGB())
church = pictures[4]

# %% [markdown]
# ## What a smaller picture can hold
#
# Rings that become finer and finer towards the edges, 256 pixels wide, made four times smaller. A
# result of 64 pixels has no room for stripes that are thinner than one of its pixels: the honest
# answer out there is an even grey.

# %%
def rings(grid):
    """A texture that is known everywhere, not only at pixels: n 1 h w, from points -1 to 1."""
    return 0.5 + 0.5 * torch.cos(torch.pi * 38 * grid.pow(2).sum(-1))[:, None]


points = affine_grid(torch.eye(3)[None, :2], 256)
fine = rings(points)
img = Image.fromarray((fine[0, 0] * 255).byte().numpy())

# %%
smaller = {
    "nearest": F.interpolate(fine, 64, mode="nearest-exact"),
    "bilinear, 4 pixels": F.interpolate(fine, 64, mode="bilinear"),
    "bicubic, 16 pixels": F.interpolate(fine, 64, mode="bicubic"),
    "a crop by Pillow": pil_to_float(GeneralCrop(64)(img))[None],
    "bilinear, antialias": F.interpolate(fine, 64, mode="bilinear", antialias=True),
    "bicubic, antialias": F.interpolate(fine, 64, mode="bicubic", antialias=True),
    "antialias, then nearest": pil_to_float(img.resize((128, 128), 2).resize((64, 64), 0))[None],
}

# %%
far = affine_grid(torch.eye(3)[None, :2], 64)[0].norm(dim=-1)
beyond = far > 0.6  # out here a stripe is thinner than a pixel of the result
invented = {name: small[0, 0][beyond].std().item() for name, small in smaller.items()}
print("\n".join(f"{name:>24}: {std:.2f}" for name, std in invented.items()))
assert all(invented[o] > 0.2 for o in ("nearest", "bilinear, 4 pixels", "bicubic, 16 pixels"))
assert 0.05 > invented["bilinear, antialias"] and 0.05 > invented["bicubic, antialias"]
show(
    [img, *(small[0] for small in smaller.values())], ["256 pixels", *smaller], columns=4, side=2.1,
    alt="Rings that become finer outwards. Without antialiasing, false rings appear where the "
    "smaller pictures should be grey; with it they're nearly grey.",
)

# %% [markdown]
# The number is the standard deviation where grey should be. Whatever looks at a fixed few pixels
# for each pixel of the result (one, four or sixteen) invents rings. This is *aliasing*.
# Antialiasing averages over as many pixels as one pixel of the result covers. The lecture's two
# steps (halve with antialiasing, then take every other pixel) lie between.
#
# Pillow's `resize` antialiases, with all filters but nearest. Its `transform`, which makes our
# crops, never does: it looks at four pixels. So if a picture is much larger than its crops will be,
# make it smaller first, by `resize`, and let the crops do the rest.

# %%
halved = pil_to_float(GeneralCrop(64)(ResizeFixed(128)(img)))[0][beyond].std().item()
print(f"a crop by Pillow of the picture made half as large: {halved:.2f}")
assert invented["a crop by Pillow"] > 4 * invented["bilinear, antialias"]
assert halved < 0.6 * invented["a crop by Pillow"]
assert invented["bilinear, antialias"] < invented["antialias, then nearest"] < invented["nearest"]

# %% [markdown]
# **Your turn.** `make check kata=augment.GeneralCrop`.
#
# ## A grid says where each pixel comes from
#
# An *affine* movement (turn, zoom, shift, mirror) is a matrix. Multiply it with the place of a
# pixel of the result, and you get the place in the input where that pixel is looked up. Done for
# all pixels, that's the affine grid. Here it's drawn for a result of 12 by 12 pixels: a turn of 20
# degrees, and 1.5 times as large.

# %%
one = torch.ones(1)
move = rotation_matrix(one * 20) @ zoom_matrix(one * 1.5)
picture = to_byte_tensor(ResizeFixed(96)(church))
coarse = affine_grid(move[:, :2], 12)
result = F.grid_sample(picture[None] / 255, affine_grid(move[:, :2], 96), align_corners=False)
assert coarse.shape == (1, 12, 12, 2) and coarse.abs().max() < 1, "all lie inside the picture"
looked_up(
    picture.permute(1, 2, 0), (coarse[0].flatten(0, 1) + 1) * 48, result[0].permute(1, 2, 0),
    alt="Left: a church that leans to the right, with a lattice of dots that leans the same way. "
    "Right: the result, larger, in which the church stands upright.",
)

# %% [markdown]
# The dots lie close together, and the church gets larger; the dots are turned one way, and the
# church the other. The matrix of a movement is its inverse: to make things twice as large, look
# them up at half the distance from the middle. Try it on `zoom_matrix(zoom)`, which should make
# everything `zoom` times as large.
#
# **Your turn.** Mend this one, run the cell again, and write it into your kata file with
# `save(zoom_matrix)` (from `checks`). Then `make check kata=batch_augment.affine_grid`.

# %%
def zoom_matrix(zoom):
    matrix = torch.eye(3).repeat(len(zoom), 1, 1)
    matrix[:, 0, 0] = matrix[:, 1, 1] = zoom
    return matrix


check(zoom_matrix)

# %% [markdown]
# ## One resampling against three
#
# Bilinear resampling takes weighted means of neighbours, and a mean is a little blur. Turn, zoom
# and shift a picture one after the other and it's blurred three times. But matrices can be
# multiplied: their product asks once. Our rings are a formula, so we know the right answer.

# %%
from solutions.batch_augment import zoom_matrix

turn, zoom = rotation_matrix(one * 20), zoom_matrix(one * 1.15)
shift = shift_matrix(one * 0.1, one * 0.07)


def moved(x, matrix):
    return F.grid_sample(x, affine_grid(matrix[:, :2], 128), align_corners=False)


start = rings(affine_grid(torch.eye(3)[None, :2], 128) * 0.75)
truth = rings(affine_grid((shift @ zoom @ turn)[:, :2], 128) * 0.75)
once, thrice = moved(start, shift @ zoom @ turn), moved(moved(moved(start, shift), zoom), turn)

# %%
middle = (..., slice(24, 104), slice(24, 104))
errors = [(o - truth)[middle].abs().mean().item() for o in (once, thrice)]
print("mean error: once {:.3f}, three times {:.3f}".format(*errors))
assert errors[1] > 1.8 * errors[0]
corner = (0, slice(None), slice(24, 60), slice(24, 60))
show(
    [o[corner] for o in (truth, once, thrice)], ["the formula", "once", "three times"], side=2.2,
    alt="The same rings three times: crisp by the formula, a bit softer after one resampling, and "
    "clearly washed out after three.",
)

# %% [markdown]
# That's the rule for everything below: work out *where* first, resample once at the end.
#
# **Your turn.** Does the order of a product matter? Turn it round for `once`, to `turn @ zoom @
# shift`, and run the two cells again. Then `make check kata=batch_augment.rotation_matrix`.
#
# ## Flips and quarter turns
#
# No resampling at all: pixels change places. A square has eight such views, four quarter turns of
# itself and four of its mirror image; together they're called *dihedral*. Mirrored, a church is a
# church. Upside down it isn't, but a satellite's picture has no up. Which views are fair is a fact
# about the data.

# %%
random.seed(5)
four = Image.fromarray(np.array([[0, 80], [160, 240]], dtype=np.uint8))
seen = [PilRandomDihedral(p=1.0)(four).tobytes() for _ in range(4000)]
assert len(set(seen)) == 8 and all(400 < seen.count(view) < 600 for view in set(seen))
views = {view.name.lower().replace("_", " "): church.transpose(view) for view in Image.Transpose}
show(
    [church, *views.values()], ["unchanged", *views], columns=4,
    alt="A church in its eight dihedral views, of which only two have the sky at the top.",
)

# %% [markdown]
# Flip **while the picture still consists of bytes**. As floats it has four times as many of them,
# and each has to be moved. The next cell compares sizes; the table of costs below compares times.

# %%
floats = to_float_tensor(picture)
assert floats.nbytes == 4 * picture.nbytes
assert torch.equal(to_float_tensor(picture.flip(-1)), floats.flip(-1)), "the same picture"

# %% [markdown]
# **Your turn.** `make check kata=augment.PilRandomFlip`, then `augment.PilRandomDihedral`.
#
# ## Crops: nearer, and to one side
#
# `RandomResizedCrop` draws an area, a shape and a place, cuts that part out and makes it the size
# that the network wants, in one resampling. Validation has `CenterCrop`: always the square in the
# middle, without a narrow rim, since things tend to be in the middle.

# %%
random.seed(3)
(w, h), crop, cuts = church.size, RandomResizedCrop(64, scale=(0.2, 1.0)), {}
for _ in range(7):
    left, top, right, bottom = box = crop.get_corners(w, h, 0, 0)
    share = (right - left) * (bottom - top) / (w * h)
    cuts[f"{share:.0%} of it"] = church.transform((64, 64), Image.Transform.EXTENT, box, 2)
    assert 0 <= left < right <= w and 0 <= top < bottom <= h and 0.19 < share <= 1
show(
    [*cuts.values(), CenterCrop(64)(church)], [*cuts, "for validation"], columns=4, side=1.8,
    alt="Seven random parts of one church, one of them with little more than its tower, and the "
    "crop for validation, which shows nearly all of it.",
)

# %% [markdown]
# How small may a part be? The paper that brought these crops allows 8 % of the area; the lecture's
# trainer starts from 35 %. The maps show how often each point of a square picture is seen, over
# four thousand crops.

# %%
def often_seen(least, crops=4000, side=50):
    random.seed(1)
    crop, seen = RandomResizedCrop(8, scale=(least, 1.0)), np.zeros((side, side))
    for _ in range(crops):
        left, top, right, bottom = map(int, crop.get_corners(side, side, 0, 0))
        seen[top:bottom, left:right] += 1 / crops
    return seen


maps = {f"from {least:.0%} of the area": often_seen(least) for least in (0.08, 0.35)}
missed = [1 - seen[25, 25] for seen in maps.values()]
print("the middle is missed by {:.0%} of the crops, and by {:.0%}".format(*missed))
assert 0.1 < missed[0] < 0.14 and missed[1] < 0.001

# %%
shares(
    maps, "share of the crops that show it",
    alt="With parts from 8 % of the area the middle is seen in most crops and the corners in few. "
    "From 35 % on, the middle is seen in all of them.",
)

# %% [markdown]
# With small parts allowed, more than one crop in ten leaves out even the middle, and the label
# "church" may stand over a piece of sky. From 35 % on, the middle is always there.
#
# ### Is a wrong label a disaster?
#
# No, says the lecture: noisy labels are tolerable. Wrong ones pull to all sides, right ones to one.
# It depends on how many examples there are. Here the examples are points around three centres, and
# a share of the labels is drawn by lot. Four small networks are fitted, each to its own draw, and
# their answers are compared with the true labels of new points.

# %%
def cloud(n, noise):
    y = torch.randint(3, (n,))
    x = torch.stack([(y * 2.1).cos(), (y * 2.1).sin()], 1) * 2 + torch.randn(n, 2)
    return x, torch.where(torch.rand(n) < noise, torch.randint(3, (n,)), y)


# %%
def right(n, noise, seed):
    """The share of right answers after a fit to `n` examples."""
    torch.manual_seed(seed)
    (x, y), (new, truth) = cloud(n, noise), cloud(4000, 0.0)
    model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 3))
    opt = adam_opt(model.parameters(), lr=0.02)
    for _ in range(150):
        F.cross_entropy(model(x), y).backward()
        opt.step()
        opt.zero_grad()
    return (model(new).argmax(1) == truth).float().mean().item()


# %%
noises = (0.0, 0.2, 0.4, 0.6, 0.8)
tries = [[[right(n, p, seed) for seed in range(1, 5)] for p in noises] for n in (2000, 60)]
many, few = torch.tensor(tries).mean(2)
for n, answers in (2000, many), (60, few):
    lost = answers[0] - answers[2]
    print(f"two labels in five by lot, {n:4} examples: {lost:5.1%} lost")
assert many[0] - many[2] < 0.01 and few[0] - few[2] > 0.1

# %%
curves(
    {"2000 examples": many, "60 examples": few}, noises, xlabel="share of labels drawn by lot",
    ylabel="right answers, mean of four", ylim=(0.3, 1.0), room=0.25,
    alt="With 2000 examples the answers stay as good until well over half of the labels are drawn "
    "by lot; with 60 examples they get worse early.",
)

# %% [markdown]
# With 2000 examples, two labels in five drawn by lot cost less than one right answer in a hundred.
# With 60 they cost more than ten. So small crops are for those who have many pictures.
#
# **Your turn.** `make check kata=augment.RandomResizedCrop`.
#
# ## Perspective: from the side
#
# A *squish* makes a picture wider or narrower as a whole. It's cheap, and it's not physical: no
# thing becomes narrower by being looked at. Seen from the side, its near edge becomes larger and
# its far edge smaller, and a rectangle becomes a quadrilateral. `warp` goes the way back: it takes
# four corners in the picture and makes the part between them fill a rectangle. Eight numbers do
# it, found from four pairs of points by one linear system.

# %%
wall = Image.new("L", (128, 128), 90)
ImageDraw.Draw(wall).rectangle((34, 34, 93, 93), fill=235)
ImageDraw.Draw(wall).line([(64, 34), (64, 93)], fill=90, width=4)
squish = [(16, 0), (16, 128), (112, 128), (112, 0)]
aside = [(14, 24), (14, 104), (114, 124), (114, 4)]
views = [wall, warp(wall, (128, 128), squish), warp(wall, (128, 128), aside)]

# %%
edges = []
for view in views:
    heights = (np.asarray(view) > 200).sum(0)  # of the bright wall, in each column
    edges.append(heights[heights > 0][[2, -3]])
assert edges[0][0] == edges[0][1] and edges[1][0] == edges[1][1] and edges[2][0] > 1.2 * edges[2][1]
show(views, ["a wall", "squished", "from the side"], side=2.2,
     alt="A bright square, the same squished to a rectangle, and seen from the side: its left edge "
     "is taller than its right one.")

# %%
target = [(0, 0), (0, 128), (128, 128), (128, 0)]
quad = [(30, 20), (10, 115), (118, 100), (98, 35)]
a, b, c, d, e, f, g, h8 = find_coeffs(quad, target)
for (X, Y), (x0, y0) in zip(target, quad):
    divisor = g * X + h8 * Y + 1
    assert abs((a * X + b * Y + c) / divisor - x0) < 1e-6
    assert abs((d * X + e * Y + f) / divisor - y0) < 1e-6
rows = torch.arange(128) // 16
board = Image.fromarray(((rows[:, None] + rows) % 2 * 155 + 80).byte().numpy())
assert np.array_equal(warp(board, (128, 128), target, resample=0), board), "its own corners"

# %% [markdown]
# Each slider pulls one corner towards the middle, by so many pixels:

# %%
def draw_corners(top_left, bottom_left, bottom_right, top_right):
    quad = [(top_left, top_left), (bottom_left, 128 - bottom_left),
            (128 - bottom_right, 128 - bottom_right), (128 - top_right, top_right)]
    alt = "Left: four corners on a chessboard. Right: the part between them fills a square."
    return quadrilaterals(board, quad, warp(board, (128, 128), quad), alt=alt)


still = {"top_left": 35.0, "bottom_left": 5.0, "bottom_right": 20.0, "top_right": 30.0}
Sliders(draw_corners, still, ranges=dict.fromkeys(still, (0.0, 45.0, 1.0)))

# %% [markdown]
# `PilTiltRandomCrop` draws such corners: the top edge grows as the bottom edge shrinks, and left
# and right the same. The corners stay inside the picture, so no black comes in, which the network
# would soon learn as a sign of something. On the board the tilt is plain to see; on the church,
# which leans anyway, you have to look for it.

# %%
random.seed(8)
white = Image.new("L", (100, 90), 255)
crops = [PilTiltRandomCrop(128, 84, magnitude=m) for m in (0.0, 0.1, 0.1, 0.2, 0.2)]
for tilt in (PilTiltRandomCrop(32, crop_size=60, magnitude=m) for m in (0.0, 0.1, 0.2)):
    assert all(tilt(white).getextrema() == (255, 255) for _ in range(50)), "no black comes in"
both = [board, *(t(board) for t in crops), church, *(t(church) for t in crops)]
show(
    both, ["the picture", *(f"magnitude {t.magnitude}" for t in crops)], side=1.6,
    alt="A chessboard and a church, each cropped with growing tilt: the squares of the board "
    "become larger to one side; on the church it's harder to see.",
)

# %% [markdown]
# **Your turn.** `make check kata=augment.find_coeffs`, then `augment.warp` and
# `augment.PilTiltRandomCrop`.
#
# ## A whole batch at once
#
# One picture at a time is the processor's work, and the graphics card may have to wait for it.
# `BatchAugment` does all of the above to a batch that lies on the device already: one matrix for
# each picture, multiplied from flip, turn, zoom, shift, crop and tilt; one grid; one `grid_sample`.
# It's a callback that changes training batches, and only resizes those of validation.

# %%
several = ImageList(files, root, tfms=[MakeRGB(), ResizeFixed(96), to_byte_tensor])
batch = torch.stack(several[[4, 4, 4, 4, 4, 4, 4, 0, 1, 2, 3, 6]])
torch.manual_seed(2)
augment = BatchAugment(64)
views = augment.augment(batch)
assert views.shape == (12, 3, 64, 64) and views.dtype == torch.float32
assert all(not torch.equal(views[0], view) for view in views[1:7]), "each picture has its own draw"
assert torch.equal(augment.resize(batch)[0], augment.resize(batch)[1]), "validation has none"

# %%
show(
    torch.cat([augment.resize(batch[:1]), views[1:]]), ["for validation", *["for training"] * 6],
    alt="A whole church, six different views of it, turned, cropped and mirrored, and one view of "
    "each of five other things.",
)

# %% [markdown]
# What turns out of the frame leaves corners of which nothing is known. There are three ways to fill
# them: with black, with the pixel at the edge, or with the picture mirrored at its edge. Black
# darkens the batch and its edges stand out; the pixel at the edge becomes streaks; the mirror
# continues like a picture.

# %%
filled, means = {}, {}
for padding in ("zeros", "border", "reflection"):
    torch.manual_seed(4)
    much = BatchAugment(64, degrees=35, shift=0.15, scale=(0.9, 1), tilt=0, padding_mode=padding)
    filled[padding] = much.augment(batch[7:])
    means[padding] = much.augment(torch.full((8, 1, 96, 96), 255, dtype=torch.uint8)).mean().item()
assert means["zeros"] < 0.95 and all(abs(means[o] - 1) < 1e-3 for o in ("border", "reflection"))
titles = [padding if i == 2 else "" for padding in filled for i in range(5)]
show(torch.cat(list(filled.values())), titles, columns=5, side=1.3,
     alt="Turned pictures with black corners, with corners of streaks, and with mirrored corners.")

# %% [markdown]
# **Your turn.** `make check kata=batch_augment.BatchAugment`, in the order that its docstring
# names.
#
# ## What it costs
#
# How much time does a picture have? Take a network that trains on 800 pictures a second, and eight
# processes that feed it: each has 10 ms for a picture, from the disk to the tensor. That's the
# dashed line. The bars are milliseconds of computing for each picture on the machine that made this
# notebook, each picture's best of several rounds, for pictures of up to 200 pixels that become 64.

# %%
def milliseconds(act, pictures, rounds=15):
    def once(picture):
        start = process_time()
        act(picture)
        return (process_time() - start) * 1000

    return sum(min(once(o) for _ in range(rounds)) for o in pictures) / len(pictures)


assert 8 / 800 == 0.010
crop, flip, tilt = RandomResizedCrop(64), PilRandomFlip(p=1.0), PilTiltRandomCrop(64, 48, 0.1)
opened = pictures[:]
stored = [to_byte_tensor(ResizeFixed(96)(o)) for o in opened]
floats = [to_float_tensor(x) for x in stored]

# %%
acts = {
    "open a picture": (pictures.__getitem__, range(len(pictures))),
    "resize, antialiased": (ResizeFixed(64), opened),
    "random resized crop": (crop, opened),
    "tilted crop": (tilt, opened),
    "flip, as a picture of Pillow's": (flip, opened),
    "flip, bytes in a tensor": (lambda x: x.flip(-1), stored),
    "flip, floats in a tensor": (lambda x: x.flip(-1), floats),
    "bytes to floats, 96 pixels": (to_float_tensor, stored),
    "one by one: flip, tilted crop, floats": (lambda o: pil_to_float(tilt(flip(o))), opened),
}
cost = {name: milliseconds(*act) for name, act in acts.items()}

# %%
stack = torch.stack(stored + stored)
whole = milliseconds(BatchAugment(64).augment, [stack])
cost["a batch: flip, turn, crop, tilt, floats"] = whole / len(stack)
one_by_one, as_batch = list(cost.values())[-2:]
assert max(cost.values()) < 10 and as_batch < one_by_one
flips = cost["flip, bytes in a tensor"], cost["flip, as a picture of Pillow's"]
assert flips[0] < flips[1] < cost["tilted crop"]
assert cost["bytes to floats, 96 pixels"] < cost["tilted crop"]
bars(cost, 10, unit="milliseconds for a picture, logarithmic",
     alt="Bars of the time for each act, all far below 10 ms; opening a picture and tilting it "
     "take longest, flips hardly any.")

# %% [markdown]
# Our small pictures stay far from the limit. Opening and tilting take most of the time, and a flip
# is nearly free. The batch is faster than one by one, although it turns the pictures as well: it
# starts from tensors that are kept in memory, and Python is called once for all of them. On a
# graphics card it also leaves the processor free to open pictures.
#
# When the lecture was held, its conversion to floats took longer than its warp. Here it's the other
# way round. Such rankings age: measure your own before you make anything faster.
#
# **Your turn.** Put photos of yours in place of `opened`. How large may they be to stay below 10
# ms?
#
# ## Not only pictures
#
# The question is the same for every kind of data: which change leaves the label right? A sound can
# start later, be quieter, or have noise on top. Played faster it's resampled, as a zoomed picture
# is, and that raises its pitch. If the label is the word that's spoken, fine; if it's the note,
# then the label is wrong now.

# %%
rate = 2000
seconds = torch.arange(rate) / rate
note = torch.sin(2 * torch.pi * 110 * seconds) * torch.exp(-3 * seconds)
torch.manual_seed(1)
sounds = {
    "a note": note,
    "later": torch.cat([torch.zeros(500), note[:1500]]),
    "quieter, with noise": 0.5 * note + 0.05 * torch.randn(rate),
    "1.5 times as fast": F.interpolate(note[None, None], scale_factor=1 / 1.5, mode="linear")[0, 0],
}

# %%
pitches = {name: torch.fft.rfft(o, n=rate).abs().argmax().item() for name, o in sounds.items()}
assert list(pitches.values()) == [110, 110, 110, 165]
waves(
    {f"{name}: {pitches[name]} Hz": o for name, o in sounds.items()}, rate,
    alt="Four waves that fade: the note, the same later, the same smaller and rough, and one that "
    "ends sooner, whose waves are closer together.",
)

# %% [markdown]
# With text people drop a word, swap two neighbours, or translate it to another language and back.
# There too, one change in a few hits the label:

# %%
random.seed(3)
words = "this is not a church but an old mill on a hill".split()
for _ in range(4):
    at, gone = random.randrange(len(words) - 1), random.randrange(len(words))
    view = [*words]
    view[at : at + 2] = reversed(view[at : at + 2])
    del view[gone]
    assert len(view) == len(words) - 1 and set(view) <= set(words)
    print(" ".join(view))

# %% [markdown]
# **Your turn.** Add the note played backwards, `note.flip(0)`, to the sounds. Does its pitch
# change? Would the label survive if it were a spoken word?
#
# **What you've learnt.** Every view of a picture answers one question for each pixel: where does it
# come from? Answer it first, by formulas or by one matrix, and resample once. If you make pictures
# much smaller, average, or you'll find rings that were never drawn. Crops, flips and tilts are
# choices about what may change while the label stays. And a batch can be augmented as one.
# **The next question**: do all the pieces, put together, [train a network that is worth
# something?](6_imagenette.ipynb)
