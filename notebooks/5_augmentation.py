# %% [markdown]
# # How do we get more out of the same pictures?
#
# A thing stays what it is when it is mirrored, seen from nearer, or from the side. So each epoch may
# show every picture in another view, and the network never sees the same one twice. The views are
# made by cutting, turning and tilting, and all of these come down to one act: *resampling*, asking
# for each pixel of the result where in the picture it comes from. We look at what resampling costs,
# make the views one picture at a time, then a whole batch at once, and measure which is faster.
#
# The exercises: `make check kata=augment`, `make check kata=batch_augment`.

# %%
import random
from pathlib import Path
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from checks import check, show
from checks.learning.gallery import use_style
from solutions.augment import CenterCrop, GeneralCrop, PilRandomDihedral, PilRandomFlip
from solutions.augment import PilTiltRandomCrop, RandomResizedCrop, find_coeffs, warp

# %%
from solutions.batch_augment import BatchAugment, affine_grid, flip_matrix, rotation_matrix
from solutions.batch_augment import shift_matrix, zoom_matrix
from solutions.item_lists import ImageList
from solutions.trainer.sketches import draw_sketches
from solutions.transforms import MakeRGB, ResizeFixed, pil_to_float, to_byte_tensor

use_style()
root = draw_sketches(Path("../data/sketches"))
files = sorted(ImageList.from_files(root / "train").items)[7::400]
pictures = ImageList(files, root, tfms=MakeRGB())

# %% [markdown]
# ## What a smaller picture can hold
#
# Rings that become finer and finer towards the edges, 256 pixels wide, made smaller by four. A
# result of 64 pixels has no room for stripes that are thinner than one of its pixels: the honest
# answer out there is an even grey.

# %%
def rings(x, y):
    """A texture that is known everywhere, not only at pixels; x and y from -1 to 1."""
    return 0.5 + 0.5 * torch.cos(torch.pi * 38 * (x**2 + y**2))


def rendered(grid):
    return rings(grid[..., 0], grid[..., 1])[:, None]  # n 1 h w


whole = torch.eye(3)[None]
fine = rendered(affine_grid(whole[:, :2], 256))
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
x, y = affine_grid(whole[:, :2], 64)[0].unbind(-1)
beyond = x**2 + y**2 > 0.6**2  # from here on a stripe is thinner than a pixel of the result
invented = {name: small[0, 0][beyond].std().item() for name, small in smaller.items()}
print("\n".join(f"{name:>24}: {std:.2f}" for name, std in invented.items()))
assert invented["nearest"] > 0.2 > 0.05 > invented["bilinear, antialias"]
show([img, *(small[0] for small in smaller.values())], ["256 pixels", *smaller], columns=4, side=2.1)

# %% [markdown]
# The number is the standard deviation where grey should be. Everything that looks at a fixed few
# pixels for each pixel of the result (one, four or sixteen) invents rings that are not there. This
# is *aliasing*. Antialiasing averages over as many pixels as one pixel of the result covers. The
# lecture's two steps (halve with antialiasing, then take every other pixel) lie between.
#
# Pillow's `resize` antialiases (all filters but nearest). Its `transform`, which makes our crops, never does: it looks
# at four pixels. So make a picture that is much larger than the crops smaller first, by `resize`,
# and let the crops do the rest.

# %%
assert invented["a crop by Pillow"] > 4 * invented["bilinear, antialias"]
halved = pil_to_float(GeneralCrop(64)(ResizeFixed(128)(img)))[0][beyond].std().item()
assert halved < 0.6 * invented["a crop by Pillow"]
print(f"a crop by Pillow of the picture made half as large: {halved:.2f}")

# %% [markdown]
# ## One resampling against two
#
# Bilinear resampling takes weighted means of neighbours, and a mean is a little blur. Turn, zoom and
# shift a picture one after the other and it is blurred three times. Yet each of them is a matrix,
# which says where a point of the result lies in the input, and matrices can be multiplied: the
# product asks once. Our rings are a formula, so that we know what should come out.

# %%
coarse = rendered(affine_grid(whole[:, :2], 128) * 0.75)
one = torch.ones(1)
steps = [rotation_matrix(one * 20), zoom_matrix(one * 1.15), shift_matrix(one * 0.1, one * 0.07)]


def moved(x, matrix):
    return F.grid_sample(x, affine_grid(matrix[:, :2], 128), align_corners=False)


once = moved(coarse, steps[2] @ steps[1] @ steps[0])
thrice = moved(moved(moved(coarse, steps[2]), steps[1]), steps[0])
truth = rendered(affine_grid((steps[2] @ steps[1] @ steps[0])[:, :2], 128) * 0.75)

# %%
middle = (..., slice(24, 104), slice(24, 104))
wrong = {name: (o - truth)[middle].abs().mean().item() for name, o in
         [("once", once), ("three times", thrice)]}
print("mean error:", {name: round(error, 3) for name, error in wrong.items()})
assert wrong["three times"] > 1.8 * wrong["once"]
corner = (0, slice(None), slice(24, 60), slice(24, 60))
shown = {"the formula": truth, "sampled once": once, "three times": thrice}
show([o[corner] for o in shown.values()], list(shown), side=2.2)

# %% [markdown]
# That is the rule for everything below: work out *where* first, resample once at the end.
#
# The matrix of a movement is its inverse, by the way: to make things twice as large, look them up
# at half the distance from the middle.
#
# ## Flips and dihedral views
#
# No resampling at all: pixels change places. A square has eight such views, four quarter turns and
# the same of the mirror image. Mirrored, a church is a church; upside down it is not, but a
# satellite's picture has no up. Which views are fair is a fact about the data.

# %%
four = Image.fromarray(np.array([[0, 80], [160, 240]], dtype=np.uint8))
random.seed(5)
seen = {}
for _ in range(4000):
    view = PilRandomDihedral(p=1.0)(four).tobytes()
    seen[view] = seen.get(view, 0) + 1
assert len(seen) == 8 and all(400 < count < 600 for count in seen.values())
flipped = sum(PilRandomFlip(p=0.5)(four).tobytes() != four.tobytes() for _ in range(1000))
assert 400 < flipped < 600
views = list(Image.Transpose)
church = pictures[4]
show([church, *(church.transpose(view) for view in views)], ["as it is", *(v.name.lower() for v in views)], columns=4)

# %% [markdown]
# ## Crops: nearer, and to one side
#
# `RandomResizedCrop` draws an area, a shape and a place, cuts that part out and makes it the size
# that the network wants, in one resampling. `CenterCrop` is what validation takes: always the same,
# a bit less than the whole, since things sit in the middle.

# %%
random.seed(3)
crop = RandomResizedCrop(64, scale=(0.2, 1.0))
w, h = church.size
places = [crop.get_corners(w, h, 0, 0) for _ in range(7)]
fig, axes = plt.subplots(2, 4, figsize=(8, 4.2))
for ax, (left, top, right, bottom) in zip(axes.flat, places):
    cut = church.transform((64, 64), Image.Transform.EXTENT, (left, top, right, bottom), resample=2)
    share = (right - left) * (bottom - top) / (w * h)
    ax.imshow(cut)
    ax.set_title(f"{share:.0%} of the picture", fontsize=8)
    assert 0 <= left < right <= w and 0 <= top < bottom <= h and 0.19 < share <= 1
axes[1, 3].imshow(CenterCrop(64)(church))
axes[1, 3].set_title("for validation", fontsize=8)
[ax.axis("off") for ax in axes.flat]
plt.show()

# %% [markdown]
# How small may a part be? The paper that brought these crops allows 8 % of the area; the lecture's
# trainer starts from 35 %. The maps show how often each point of a square picture is seen, over two
# thousand crops.

# %%
def often_seen(least, crops=2000, side=50):
    random.seed(1)
    crop, seen = RandomResizedCrop(8, scale=(least, 1.0)), np.zeros((side, side))
    for _ in range(crops):
        left, top, right, bottom = crop.get_corners(side, side, 0, 0)
        seen[int(top) : int(bottom), int(left) : int(right)] += 1 / crops
    return seen


maps = {least: often_seen(least) for least in (0.08, 0.35)}
assert 0.8 < maps[0.08][25, 25] < 0.95 and maps[0.35][25, 25] > 0.99

# %%
fig, axes = plt.subplots(1, 2, figsize=(6.4, 2.9))
for ax, (least, seen) in zip(axes, maps.items()):
    shades = ax.imshow(seen, vmin=0, vmax=1, extent=(0, 1, 1, 0))
    ax.set(title=f"from {least:.0%} of the area", xlabel="share of the width", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    ax.grid(False)
axes[0].set_ylabel("share of the height")
fig.colorbar(shades, ax=axes, label="share of the crops that show it")
plt.show()

# %% [markdown]
# With small parts allowed, even the middle is left out of one crop in eight, and the label "church"
# may stand over a piece of sky. From 35 % on, the middle is always there. The smaller the parts, the
# more there is to see and the harder the task; how small is right depends on how long one trains.
#
# ## Perspective: from the side
#
# Seen from the side, a rectangle becomes a quadrilateral. `warp` goes back: it takes four corners in
# the picture and makes what lies between them fill a rectangle. Eight numbers do it, found from four
# pairs of points by one linear system.

# %%
quad = [(30, 20), (10, 115), (118, 100), (98, 35)]
target = [(0, 0), (0, 128), (128, 128), (128, 0)]
a, b, c, d, e, f, g, h8 = find_coeffs(quad, target)
for (X, Y), (x0, y0) in zip(target, quad):
    divisor = g * X + h8 * Y + 1
    assert abs((a * X + b * Y + c) / divisor - x0) < 1e-6
    assert abs((d * X + e * Y + f) / divisor - y0) < 1e-6
rows = torch.arange(128) // 16
board = Image.fromarray(((rows[:, None] + rows) % 2 * 155 + 80).byte().numpy())
seen = warp(board, (128, 128), target, resample=0)
assert np.array_equal(seen, board), "the corners of the picture itself: nothing changes"
tilted = warp(board, (128, 128), quad)

# %%
fig, axes = plt.subplots(1, 2, figsize=(5.6, 2.8))
for ax, picture, corners in zip(axes, (board, tilted), (quad, target)):
    ax.imshow(picture, vmin=0, vmax=255, extent=(0, 128, 128, 0))
    ax.plot(*zip(*corners, corners[0]), "-o", color="#d55e00", linewidth=2.5, clip_on=False)
    ax.grid(False)
    ax.set(xlabel="x in pixels", xticks=[0, 64, 128], yticks=[0, 64, 128])
axes[0].set(ylabel="y in pixels", title="four corners in the picture")
axes[1].set(title="fill the result")
plt.show()

# %% [markdown]
# `PilTiltRandomCrop` draws such corners: the top edge grows as the bottom edge shrinks, and left and
# right the same. The corners stay inside the picture, so that no black comes in, which the network
# would soon take for a sign of something.

# %%
random.seed(8)
white = Image.new("L", (100, 90), 255)
for magnitude in (0.0, 0.1, 0.2):
    tilt = PilTiltRandomCrop(32, crop_size=60, magnitude=magnitude)
    assert all(tilt(white).getextrema() == (255, 255) for _ in range(50))
w, h = church.size
side = min(w, h) * 3 // 4
tilts = [PilTiltRandomCrop(96, side, magnitude=m) for m in (0.0, 0.1, 0.1, 0.2, 0.2)]
show([church, *(t(church) for t in tilts)], ["as it is", *(f"magnitude {t.magnitude}" for t in tilts)], side=1.6)

# %% [markdown]
# ## A whole batch at once
#
# One picture at a time is the processor's work, and it can make the graphics card wait. `BatchAugment`
# does all of the above to a batch that lies on the device already: one matrix for each picture,
# multiplied from flip, turn, zoom, shift, crop and tilt; one grid; one `grid_sample`. It is a
# callback that changes training batches, and only resizes those of validation.

# %%
several = ImageList(files, root, tfms=[MakeRGB(), ResizeFixed(96), to_byte_tensor])
batch = torch.stack(several[[4, 4, 4, 4, 4, 4, 4, 0, 1, 2, 3, 6]])
torch.manual_seed(2)
augment = BatchAugment(64)
views = augment.augment(batch)
assert views.shape == (12, 3, 64, 64) and views.dtype == torch.float32
assert all(not torch.equal(views[0], view) for view in views[1:7]), "each picture has its own draw"
assert torch.equal(augment.resize(batch)[0], augment.resize(batch)[1]), "validation has none"
show(torch.cat([augment.resize(batch[:1]), views[1:]]), ["for validation", *["for training"] * 6])

# %% [markdown]
# What turns out of the frame leaves corners of which nothing is known. Three ways to fill them: with
# black, with the pixel at the edge, or with the picture mirrored at its edge. Black darkens the batch
# and its edges stand out; the pixel at the edge becomes streaks; the mirror goes on like a picture.

# %%
filled, means = {}, {}
for padding in ("zeros", "border", "reflection"):
    torch.manual_seed(4)
    much = BatchAugment(64, degrees=35, shift=0.15, scale=(0.9, 1.0), tilt=0.0, padding_mode=padding)
    filled[padding] = much.augment(batch[7:])
    means[padding] = much.augment(torch.full((8, 1, 96, 96), 200, dtype=torch.uint8)).mean().item()
assert means["zeros"] < 0.95 * 200 / 255
assert all(abs(means[o] - 200 / 255) < 1e-3 for o in ("border", "reflection"))
titles = [padding if i == 2 else "" for padding in filled for i in range(5)]
show(torch.cat(list(filled.values())), titles, columns=5, side=1.3)

# %% [markdown]
# ## What it costs
#
# Milliseconds for each picture on this machine's processor, 64 pixels from files of up to 200, the
# best of twenty rounds. Opening a picture is there to compare with. The last row starts from tensors of
# 96 pixels and does all in one resampling, and Python is called once for the batch. On a graphics
# card it leaves the processor free to open pictures.

# %%
def milliseconds(act, pictures, rounds=20):
    times = []
    for _ in range(rounds):
        start = perf_counter()
        for picture in pictures:
            act(picture)
        times.append((perf_counter() - start) / len(pictures) * 1000)
    return min(times)


opened, many = pictures[:], ImageList(files * 2, root, tfms=[MakeRGB(), ResizeFixed(96), to_byte_tensor])
stack = torch.stack(many[:16])

# %%
acts = {
    "open a picture": (lambda i: pictures[i], range(len(pictures))),
    "resize": (ResizeFixed(64), opened),
    "flip": (PilRandomFlip(p=1.0), opened),
    "random resized crop": (RandomResizedCrop(64), opened),
    "tilted crop": (PilTiltRandomCrop(64, 48, 0.1), opened),
    "to a tensor": (pil_to_float, opened),
}
cost = {name: milliseconds(*act) for name, act in acts.items()}
cost["a batch, all of it"] = milliseconds(BatchAugment(64).augment, [stack]) / len(stack)
for name, ms in cost.items():
    print(f"{name:>20} {ms:7.3f} ms")
assert cost["flip"] < cost["open a picture"] and all(ms < 1000 for ms in cost.values())

# %% [markdown]
# ## Now you
#
# `zoom_matrix(zoom)` shall make everything `zoom` times as large. This one puts `zoom` where one
# would expect it.

# %%
def zoom_matrix(zoom):
    matrix = torch.eye(3).repeat(len(zoom), 1, 1)
    matrix[:, 0, 0] = matrix[:, 1, 1] = zoom
    return matrix


check(zoom_matrix)

# %% [markdown]
# Mend it, run the cell again, and write it into your kata file by `save(zoom_matrix)` (from
# `checks`). The rest waits in `make check kata=augment` and `make check kata=batch_augment`.
#
# **What was learnt.** Every view of a picture answers one question for each pixel: where does it
# come from? Answer it first, by formulas or by one matrix, and resample once. Whoever makes pictures
# much smaller has to average, or finds rings that nobody drew. Crops, flips and tilts are choices
# about what may change while the label stays. And a batch can be augmented as one.
# **The next question**: do all the pieces, put together, train a network that is worth something?
