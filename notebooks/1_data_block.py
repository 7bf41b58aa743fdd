# %% [markdown]
# # How does a folder of pictures become a batch?
#
# A network wants a tensor of 64 pictures of one size, with numbers near zero, and 64 whole numbers
# that say what they show. A data set is a folder with thousands of files of every size. Between them
# lie a few small decisions: which files, which of them to learn from, what they are called, how they
# become tensors. The *data block* makes each a piece of its own, so that another data set needs
# another piece and not another program. We go from the folder to the batch, and see at the end of
# the way what one wrong piece does.
#
# The exercises: `make check kata=containers`, `files`, `transforms`, `item_lists`, `labels` and
# `batches`, each in the same way.

# %%
import glob
import os
import random
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from PIL import Image

from checks import check, show
from checks.learning.gallery import label, use_style

# %%
from solutions.batches import channel_stats, databunchify, denormalize_chan, normalize_chan
from solutions.containers import ListContainer, compose, listify
from solutions.files import get_files
from solutions.item_lists import ImageList
from solutions.labels import CategoryProcessor, LabeledData, OtherCategoryProcessor, SplitData
from solutions.labels import grandparent_splitter, label_by_func, parent_labeler
from solutions.trainer.sketches import NAMES, draw_sketches
from solutions.transforms import MakeRGB, ResizeFixed, pil_to_float, to_byte_tensor
from solutions.transforms import to_float_tensor

use_style()

# %% [markdown]
# ## The folder
#
# The repository draws its own pictures, in the layout of Imagenette: a folder for each set, in it
# one for each class, and in that the files. So a path says everything: `train/n01440764/...` is a
# tench to learn from.

# %%
root = draw_sketches(Path("../data/sketches"))
files = sorted(get_files(root, ".jpeg", recurse=True, include=["train", "val"]))
assert len(files) == 5000 and {f.parent.parent.name for f in files} == {"train", "val"}
print(*(f.relative_to(root) for f in files[::1250]), sep="\n")

# %% [markdown]
# ## Listing files, and what it costs
#
# Imagenette has 13,394 files, ImageNet 1.3 million, and every start of every training lists them
# all. What costs is to ask the disk about each file by itself ("are you a folder?"), and to build an
# object for each. A folder's listing says already which of its entries are folders, so `get_files`
# asks about folders and never about a file, and takes the cheapest way to make paths. Here are three
# thousand empty files, and five ways to list them.

# %%
def rglob_and_ask(folder):
    return [p for p in Path(folder).rglob("*") if p.is_file() and p.suffix == ".jpg"]


def walk_and_join(folder):
    return [Path(d) / n for d, _, names in os.walk(folder) for n in names if n.endswith(".jpg")]


ways = {
    "rglob, asking each": rglob_and_ask,
    "rglob by pattern": lambda folder: list(Path(folder).rglob("*.jpg")),
    "os.walk and Path": walk_and_join,
    "glob": lambda folder: [Path(p) for p in glob.glob(f"{folder}/**/*.jpg", recursive=True)],
    "get_files": partial(get_files, extensions=".jpg", recurse=True),
}

# %%
def milliseconds(act, rounds=7):
    times = []
    for _ in range(rounds):
        start = perf_counter()
        act()
        times.append((perf_counter() - start) * 1000)
    return min(times)


with TemporaryDirectory() as folder:
    for i in range(3000):
        file = Path(folder, f"class{i % 10}", f"{i}.jpg")
        file.parent.mkdir(exist_ok=True)
        file.touch()
    found = {name: set(way(folder)) for name, way in ways.items()}
    took = {name: milliseconds(partial(way, folder)) for name, way in ways.items()}

# %%
assert all(len(o) == 3000 and o == found["get_files"] for o in found.values())
assert took["get_files"] < 2 * took["rglob, asking each"], "a busy machine blurs the ratio"
fig, ax = plt.subplots(figsize=(7, 2.4))
bars = ax.barh(list(took), list(took.values()), color=["#bbbbbb"] * 4 + ["#0072b2"])
ax.bar_label(bars, fmt=" %.1f")
ax.set(xlabel="milliseconds for 3,000 files in 10 folders")
ax.grid(False)
ax.margins(x=0.12)
plt.show()

# %% [markdown]
# `make bench` does the same with 13,394 files. The order in which a disk gives its files is nobody's
# promise, which is why we sorted ours. That will matter below.
#
# ## A list that takes every index
#
# All that follows are lists: of files, pictures, labels. `ListContainer` is a list that also takes
# several indexes or a mask, as tensors do, and that does not fill the screen when it is printed.
# `listify` stands behind every argument that may be one thing or several.

# %%
names = ListContainer([f.name[-9:] for f in files])
print(names)
mask = [f.parent.name == "n01440764" for f in files]
assert names[[0, -1]] == [names[0], names[-1]] and len(names[mask]) == 500
assert listify("ab") == ["ab"] and listify(None) == [] and listify((1, 2)) == [1, 2]

# %% [markdown]
# ## Pictures that are opened when they are asked for
#
# An `ImageList` holds paths. Only `il[i]` opens the file, so that a list of a million pictures costs
# no more than their names. This one counts what it opens.

# %%
class Counting(ImageList):
    opened = 0

    def get(self, item):
        Counting.opened += 1
        return super().get(item)


il = Counting(files, root)
assert len(il) == 5000 and Counting.opened == 0
few = il[[0, 1000, 2100, 2810, 3300, 4950]]
assert Counting.opened == 6
show(few, [f"{o.mode} {o.width}x{o.height}" for o in few])

# %% [markdown]
# What Pillow opens has a size of its own and a mode: `RGB` has three numbers for each pixel, `L` one,
# other files bring `CMYK`, `P` and more. To open a file reads its header only, so we can look at
# many.

# %%
sizes = {"RGB": [], "L": []}
for file in files[::8]:
    with Image.open(file) as img:
        sizes[img.mode].append(img.size)
fig, ax = plt.subplots(figsize=(5, 3.4))
for (mode, seen), marker in zip(sizes.items(), ".x"):
    (line,) = ax.plot(*zip(*seen), marker, linestyle="")
ax.set(xlabel="width in pixels", ylabel="height in pixels", aspect="equal")
ax.set_title(f"{len(sizes['RGB'])} in colour (dots), {len(sizes['L'])} in grey (crosses)")
assert len(set(sizes["RGB"])) > 100 and len(sizes["L"]) >= 5
plt.show()

# %% [markdown]
# ## Transforms, each in its place
#
# Pictures of different sizes and modes do not stack into one tensor. Each transform does one thing:
# make it RGB, resize it, turn it into bytes, turn these into floats from 0 to 1. Each says by its
# `_order` when it is due, so that whoever adds one (a flip, a crop) need not know the others, and
# a list in any order gives the same.

# %%
tfms = [to_float_tensor, ResizeFixed(64), to_byte_tensor, MakeRGB()]
print("in order:", *sorted(getattr(o, "_order") for o in tfms))
grey = next(f for f in files if Image.open(f).mode == "L")
picture = il.get(grey)
x = compose(picture, tfms)
assert torch.equal(x, compose(picture, tfms[::-1]))
assert torch.equal(x, compose(picture, [MakeRGB(), ResizeFixed(64), pil_to_float]))
assert x.shape == (3, 64, 64) and x.dtype == torch.float32 and 0 <= x.min() < x.max() <= 1
try:
    torch.stack([to_byte_tensor(o) for o in few])
    raise AssertionError("pictures of different sizes were stacked")
except RuntimeError as error:
    print("without them:", str(error).partition(",")[0])

# %% [markdown]
# Here is what each step makes of one picture. A tensor of floats looks the same as the bytes: only
# the numbers changed.

# %%
dog = il.get(files[520])
small = ResizeFixed(64)(dog)
stages = [dog, small, to_byte_tensor(small), to_float_tensor(to_byte_tensor(small))]
said = [f"{dog.width}x{dog.height}", "64x64", f"bytes up to {stages[2].max()}", f"floats up to {stages[3].max():.2f}"]
assert torch.equal((stages[3] * 255).round().byte(), stages[2])
show(stages, said, side=1.8)

# %% [markdown]
# ## What to learn from, and what to be judged by
#
# A network that is judged by pictures it has learnt from can pass by remembering them. So some are
# set aside. `grandparent_splitter` reads off the path which; another data set brings another
# function. It answers True, False, or None for a file that belongs to neither. From here on, every
# fourth picture, at 16 pixels, will do.

# %%
tfms = [MakeRGB(), ResizeFixed(16), pil_to_float]
pictures = ImageList(files[::4], root, tfms=tfms)
split = SplitData.split_by_func(pictures, partial(grandparent_splitter, valid_name="val"))
assert not set(split.train.items) & set(split.valid.items)
assert (len(split.train), len(split.valid)) == (1000, 250)
assert split.valid.tfms is tfms and grandparent_splitter("notes/of/mine.txt") is None
print(len(split.train), "to learn from,", len(split.valid), "to be judged by")

# %% [markdown]
# ## From names to numbers
#
# The label of a picture is the name of its folder; a network needs a number. A *processor* keeps the
# list of names, its vocabulary, and a name's place in it is its number. The first list that it
# processes makes the vocabulary, and this has to be the training set's. `label_by_func` sees to it:
# training first, then validation, with the same processor.

# %%
proc = CategoryProcessor()
labelled = label_by_func(split, parent_labeler, proc_y=proc)
titles = [NAMES[wnid] for wnid in proc.vocab]
assert proc.vocab == sorted(NAMES) and labelled.valid.y.items[-1] == 9
assert labelled.valid.y_obj(0) == split.valid.items[0].parent.name
try:
    proc(["n00000000"])
    raise AssertionError("a label that no network has learnt got a number")
except ValueError as error:
    print(str(error).partition("[")[0] + "[...]")

# %% [markdown]
# A name that was not in the training set is an error, and better an error than some number. Where new
# names have to be expected, `OtherCategoryProcessor` keeps a class for them, and for the rare.

# %%
other = OtherCategoryProcessor(min_count=2)
numbers = other(["tench", "church", "tench", "church", "organ"])
assert other.deprocess(numbers) == ["tench", "church", "tench", "church", "other"]
assert other.deprocess(other(["zebra", "church"])) == ["other", "church"]
print(other.vocab)

# %% [markdown]
# ## Batches
#
# `databunchify` makes two loaders. Training pictures come in another order each epoch, since a batch
# of nothing but churches teaches nothing but churches. Those of validation keep their order, and
# come twice as many at a time, since no gradients are kept for them.

# %%
data = databunchify(labelled, bs=64, c_in=3, c_out=10)
torch.manual_seed(1)
xb, yb = next(iter(data.train_dl))
again = next(iter(data.train_dl))[1]
xv, yv = next(iter(data.valid_dl))
assert xb.shape == (64, 3, 16, 16) and len(xv) == 128
assert not torch.equal(yb, again) and torch.equal(yv, yv.sort().values)
show(xb[:12], [titles[y] for y in yb], side=1.2)

# %% [markdown]
# ## Numbers near zero
#
# Floats from 0 to 1 are all positive and close together. Networks train best on
# inputs with mean 0 and standard deviation 1, so both are measured once, on a batch of the training
# set, and taken out of every batch, in validation too: the same numbers, since the network shall see
# the same colour as the same input.

# %%
mean, std = channel_stats(xb)
normal = normalize_chan(xb, mean, std)
assert normal.mean((0, 2, 3)).abs().max() < 1e-4
assert (normal.std((0, 2, 3)) - 1).abs().max() < 1e-4
assert torch.allclose(denormalize_chan(normal, mean, std), xb, atol=1e-5)
print("mean", mean.numpy().round(2), "standard deviation", std.numpy().round(2))
fig, ax = plt.subplots(figsize=(7, 2.8))
for name, x, where in (("0 to 1", xb, 24), ("normalized", normal, 30)):
    counts = torch.histc(x, 60, -2, 4) / x.numel()
    (line,) = ax.plot(torch.linspace(-1.95, 3.95, 60), counts)
    at = line.get_xdata()[where], line.get_ydata()[where]
    ax.annotate(name, at, (6, 6), textcoords="offset points", color=line.get_color())
ax.set(xlabel="value", ylabel="share of the numbers")
plt.show()

# %% [markdown]
# ## When validation has its own vocabulary
#
# Suppose each set had a processor of its own. Nothing fails: both give numbers from 0 to 9. But the
# numbers follow the order in which the names come up, and the two sets need not be listed in the
# same order. We train a small network, and judge it on the same pictures by both vocabularies.

# %%
names = [parent_labeler(f) for f in split.valid.items]
own = CategoryProcessor()
random.seed(9)
own(random.sample(names, len(names)))  # the files of validation, listed in another order
judges = {"training's vocabulary": torch.tensor(proc(names)), "its own": torch.tensor(own(names))}
x_train, x_valid = (torch.stack(o.x[:]) for o in (labelled.train, labelled.valid))
y_train = torch.tensor(labelled.train.y.items)
x_train, x_valid = (normalize_chan(x, mean, std) for x in (x_train, x_valid))
print("number 0 is", NAMES[proc.vocab[0]], "in one and", NAMES[own.vocab[0]], "in the other")

# %%
def network():
    conv = partial(torch.nn.Conv2d, kernel_size=3, stride=2, padding=1)
    layers = [conv(3, 16), torch.nn.ReLU(), conv(16, 32), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Flatten(), torch.nn.Linear(512, 10))


def epoch(net, opt):
    for rows in torch.randperm(len(x_train)).split(64):
        opt.zero_grad()
        F.cross_entropy(net(x_train[rows]), y_train[rows]).backward()
        opt.step()
    with torch.no_grad():
        return net(x_train), net(x_valid)

# %%
torch.manual_seed(1)
net = network()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
seen = {"training set": [], **{name: [] for name in judges}}
for _ in range(10):
    of_train, of_valid = epoch(net, opt)
    seen["training set"].append((of_train.argmax(1) == y_train).float().mean().item())
    for name, y in judges.items():
        seen[name].append((of_valid.argmax(1) == y).float().mean().item())
assert seen["training's vocabulary"][-1] > 0.3 and seen["its own"][-1] < 0.2
print({name: round(shares[-1], 2) for name, shares in seen.items()})

# %%
fig, ax = plt.subplots()
for name, shares in seen.items():
    (line,) = ax.plot(range(1, 11), shares)
    label(ax, line, name if name == "training set" else f"validation,\n{name}")
ax.plot([1, 10], [0.1, 0.1], color="#999999", linestyle="-", linewidth=0.8)
ax.annotate("chance", (1, 0.1), (0, 3), textcoords="offset points", color="#777777")
ax.set(xlabel="epoch", ylabel="accuracy", ylim=(0, 1), xlim=(0.7, 13))
plt.show()

# %% [markdown]
# The training looks well, and the validation says that nothing was learnt. People then look for the
# mistake in the model, the learning rate, the regularization. The network is fine. The tables show
# it: by its own vocabulary each class still lands mainly in one column, only in another's.

# %%
fig, axes = plt.subplots(1, 2, figsize=(8, 3.7), sharey=True)
for ax, (name, y) in zip(axes, judges.items()):
    table = torch.zeros(10, 10)
    table.index_put_((y, of_valid.argmax(1)), torch.ones(len(y)), accumulate=True)
    ax.imshow(table, cmap="Greys", vmin=0)
    ax.plot([-0.5, 9.5], [-0.5, 9.5], color="#d55e00", linewidth=0.6)
    ax.set(title=name, xlabel="what the network says", xticks=range(10), yticks=range(10))
    ax.grid(False)
axes[0].set_ylabel("label of the picture")
plt.show()

# %% [markdown]
# Was this order bad luck? Over many orders, one class in ten keeps its number on average, so that
# the accuracy comes out at a tenth, the same as guessing.

# %%
shares = []
for _ in range(300):
    own = CategoryProcessor()
    own(random.sample(names, len(names)))
    shares.append((of_valid.argmax(1) == torch.tensor(own(names))).float().mean())
average = torch.stack(shares).mean().item()
print(f"accuracy by 300 other vocabularies, on average: {average:.2f}")
assert 0.07 < average < 0.13

# %% [markdown]
# ## Now you
#
# A vocabulary is each name once. This answer has a mistake; the verdict shows on what.

# %%
def uniqueify(items, sort=False):
    return sorted(set(items))


check(uniqueify)

# %% [markdown]
# Mend it and run the cell again; `from checks import save` and `save(uniqueify)` write it into
# `katas/containers.py` and keep the old file. Then go on with `make check kata=containers`.
#
# **What was learnt.** A data block is a row of small answers: which files, which set, which label,
# which transforms in which order. Lists hold paths and open them late. What is learnt from the
# training set, the vocabulary as well as the mean, holds for validation and is never learnt anew
# there. **The next question**: what happens with the batches, and how is the training changed
# without touching it?
