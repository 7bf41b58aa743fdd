# %% [markdown]
# # What do shortcuts, soft labels, mixtures and 16 bits buy?
#
# A week after the lecture that this course follows came four pieces that nearly every trainer has
# had since: *residual blocks*, which make deep networks trainable; *label smoothing* and *mixup*,
# which ask the network for less certainty; and *mixed precision*, which computes in 16 bits where
# that's enough. Each is short. Each has one reason, and the reason can be shown in a small
# experiment.
#
# The exercises are in [katas/xresnet.py](../katas/xresnet.py) (`make check kata=xresnet`),
# [katas/label_smoothing.py](../katas/label_smoothing.py) (`kata=label_smoothing`),
# [katas/mixup.py](../katas/mixup.py) (`kata=mixup`) and
# [katas/mixed_precision.py](../katas/mixed_precision.py) (`kata=mixed_precision`).

# %%
from notebooks.plots import curves, number_lines, panels, show

import random
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from checks import check

# %%
from solutions.batches import databunchify
from solutions.item_lists import ImageList
from solutions.label_smoothing import LabelSmoothingCrossEntropy
from solutions.labels import CategoryProcessor, SplitData, grandparent_splitter
from solutions.labels import label_by_func, parent_labeler
from solutions.learner import Callback, Learner, Recorder
from solutions.mixed_precision import DynamicScale, MixedPrecision
from solutions.mixup import MixUp
from solutions.optimizers import adam_opt
from solutions.trainer.sketches import NAMES, draw_sketches
from solutions.transforms import MakeRGB, ResizeFixed, pil_to_float
from solutions.xresnet import ResBlock, xresnet

torch.set_num_threads(1)

# %% [markdown]
# ## Shortcuts: start with the network that does nothing
#
# A residual block computes `relu(convs(x) + x)`: what its convolutions find is *added* to its
# input. The last batch norm in `convs` starts with weight 0. So a new block adds nothing, and a
# stack of thirty is at first no deeper than its first layer.

# %%
torch.manual_seed(1)
x = torch.rand(8, 16, 12, 12)
deep = nn.Sequential(*(ResBlock(16, 16) for _ in range(30)))
assert torch.equal(deep(x), x), "thirty new blocks change nothing"

# %% [markdown]
# Compare that with the same convolutions in a row, without the shortcuts. We send a batch through
# and look at the gradients that arrive at the *input*: they say how the first layer would be told
# what to do. The network can learn evenly if their size doesn't depend on the depth.

# %%
def plain(depth):
    """The layers of `depth` residual blocks, without their shortcuts."""
    convs = nn.Sequential(*(nn.Sequential(ResBlock(16, 16).convs, nn.ReLU()) for _ in range(depth)))
    for norm in convs.modules():
        if isinstance(norm, nn.BatchNorm2d):
            nn.init.ones_(norm.weight)  # at 0 nothing at all would pass
    return convs


# %%
def gradient(stack):
    """The norm of the gradient at the input of `stack`, for a random one at its output."""
    torch.manual_seed(2)
    x = torch.rand(8, 16, 12, 12, requires_grad=True)
    (out := stack(x)).backward(torch.randn_like(out))
    return x.grad.norm().item()


# %%
depths = (1, 2, 4, 8, 12, 16)
rows = [gradient(plain(n)) for n in depths]
straight = [gradient(nn.Sequential(*(ResBlock(16, 16) for _ in range(n)))) for n in depths]
factor = (rows[-1] / rows[0]) ** (1 / 15)
print(f"16 blocks: {rows[-1] / rows[0]:.0f} times the gradient of one, {factor:.1f} for each")
assert rows[-1] > 100 * rows[0] and round(factor, 1) == 1.4
assert max(straight) < 1.01 * min(straight)

# %%
curves(
    {"convolutions in a row": rows, "with shortcuts": straight}, depths, room=0.35,
    xlabel="blocks", ylabel="gradient at the input", yscale="log",
    alt="Without shortcuts the gradient at the input grows steadily with the depth; with shortcuts "
    "it's the same at every depth.",
)

# %% [markdown]
# In a row, each block multiplies the gradient by about 1.4, and fifteen more of them by more than a
# hundred: one learning rate can hardly suit both the first layer and the last. With shortcuts it
# arrives as it started, since adding nothing multiplies by one. What the blocks add later is what
# they've learnt.
#
# **Your turn.** `make check kata=xresnet.ResBlock`. Why does a block still learn, if its last norm
# multiplies by 0? (Which of its gradients isn't 0?)
#
# ### Why small pictures are another world
#
# The lecture warns that below about 96 pixels networks behave differently. Our `xresnet` shows one
# reason. It halves the picture five times, so a picture of 32 pixels arrives in the last group as a
# *single* place. A 3x3 kernel there has eight neighbours to look at, and all of them are padding.

# %%
def last_map(size):
    """Pixels of a side of what comes out of the last group."""
    with torch.no_grad():
        return body.eval()(torch.zeros(1, 3, size, size)).shape[-1]


body = xresnet([1, 1, 1, 1])[:-3]
sides = {size: last_map(size) for size in (32, 64, 96, 128, 160)}
assert list(sides.values()) == [1, 2, 3, 4, 5]
hits = [((3 * n - 2) / (3 * n)) ** 2 for n in sides.values()]  # the rest of the look-ups is padding
assert [round(hit, 2) for hit in hits] == [0.11, 0.44, 0.60, 0.69, 0.75]

# %%
curves(
    {"last group": hits}, list(sides), xlabel="pixels of a picture", xticks=list(sides),
    ylabel="look-ups that hit a pixel", ylim=(0, 1), room=0.2, size=(6, 3),
    alt="At 32 pixels a ninth of the look-ups of the last kernels hit a pixel, at 96 pixels three "
    "fifths, at 160 three quarters.",
)

# %% [markdown]
# 96 pixels is the first size at which one place in the last map has all its eight neighbours. At 32
# the loss can't even tell eight of nine weights what to do: their gradient is exactly zero. So what
# is right for small pictures (width, depth, how often to halve) needn't be right for large ones.

# %%
torch.manual_seed(3)
block = ResBlock(8, 8)
nn.init.ones_(block.convs[-1].weight)
block(torch.randn(16, 8, 1, 1)).square().sum().backward()
seen = block.convs[0].weight.grad.abs().sum((0, 1)) > 0
print(seen.int())
assert seen.sum() == 1 and seen[1, 1], "only the kernel's centre learns"

# %% [markdown]
# **Your turn.** `make check kata=xresnet.xresnet`. Then train it at two sizes, and compare it with
# the plain network: `make train arch=xresnet lsuv=0 size=32`, and `size=96`.
#
# ## The data for the rest
#
# The experiments from here on need a network that is trained in a second: every fourth sketch at 16
# pixels, and one hidden layer. What they show is about losses and numbers, not about good networks.

# %%
root = draw_sketches(Path("../data/sketches"))
files = sorted(ImageList.from_files(root).items)[::4]
pictures = ImageList(files, root, tfms=[MakeRGB(), ResizeFixed(16), pil_to_float])
split = SplitData.split_by_func(pictures, partial(grandparent_splitter, valid_name="val"))
proc = CategoryProcessor()
labelled = label_by_func(split, parent_labeler, proc_y=proc)
names = [NAMES[wnid] for wnid in proc.vocab]
labelled.train, labelled.valid = map(list, (labelled.train, labelled.valid))  # decoded once
data = databunchify(labelled, bs=50, c_in=3, c_out=10)
xs, ys = (torch.stack([torch.as_tensor(o[i]) for o in labelled.valid]) for i in (0, 1))
assert (len(labelled.train), len(labelled.valid)) == (1000, 250)

# %%
def fit(loss_func=F.cross_entropy, cbs=(), epochs=20, lr=3e-3, opt_func=adam_opt):
    """A learner after a fit; all of them start from the same weights."""
    torch.manual_seed(1)
    flat = [nn.Flatten(), nn.LayerNorm(768, elementwise_affine=False)]
    model = nn.Sequential(*flat, nn.Linear(768, 100), nn.ReLU(), nn.Linear(100, 10))
    learn = Learner(model, data, loss_func, opt_func, lr=lr, cbs=[Recorder(), *cbs])
    learn.fit(epochs)
    model.eval()
    return learn


# %%
@torch.no_grad()
def sure(learn):
    """The share of right answers in validation, and how sure the network is of its answers."""
    most, answer = learn.model(xs).softmax(1).max(1)
    return (answer == ys).float().mean().item(), most.mean().item()


# %% [markdown]
# ## Soft labels: stop asking for certainty
#
# Cross entropy is content only when the right class has *all* the probability. No finite scores
# reach that: each step still pushes the right score up. Label smoothing asks for a little less:
# 0.91 for the right class and 0.01 for each of the nine others. Now there is a best margin, and
# beyond it the loss rises.

# %%
margins = torch.linspace(0, 12, 121)
scores = torch.zeros(121, 10)
scores[:, 0] = margins
target = torch.zeros(121, dtype=torch.long)
losses = {}
for eps in (0.0, 0.1):
    loss_func = LabelSmoothingCrossEntropy(eps, reduction="none")
    losses["plain" if eps == 0 else "smoothed by 0.1"] = loss_func(scores, target)
plain_loss, smoothed = losses.values()
best = margins[smoothed.argmin()].item()
assert (plain_loss.diff() < 0).all() and abs(best - torch.tensor(91.0).log().item()) < 0.1

# %%
curves(
    losses, margins, xlabel="how far the right score is above the others", ylabel="loss", room=0.25,
    alt="The plain loss falls to zero; the smoothed one has its lowest point at a margin of 4.5 "
    "and rises again.",
)

# %% [markdown]
# The best margin is log(0.91 / 0.01), about 4.5. What does that do to a network? We fit twice and
# compare how sure each is with how often it's right, on pictures that it hasn't seen.

# %%
usual, soft = fit(), fit(LabelSmoothingCrossEntropy(0.1))
(right, plainly), (softly_right, softly) = sure(usual), sure(soft)
print(f"   plain: right {right:.0%}, sure {plainly:.0%}")
print(f"smoothed: right {softly_right:.0%}, sure {softly:.0%}")
assert plainly - right > 0.35 and softly - softly_right < plainly - right - 0.1
assert 0.25 < softly_right <= right < 0.4

# %% [markdown]
# Both are right on about a third, for so small a network has learnt its thousand pictures by heart.
# The plain one is sure of itself by far more than it's right. The smoothed one is too, but by much
# less. It isn't right more often, rather a little less: here smoothing mends the opinion, not the
# answers.
#
# **Your turn.** `make check kata=label_smoothing`. Here is one that leaves the right class its
# whole share. Run the cell, and read what the verdict says.

# %%
class LabelSmoothingCrossEntropy(nn.Module):
    def __init__(self, eps=0.1, reduction="mean"):
        super().__init__()
        self.eps, self.reduction = eps, reduction

    def forward(self, logits, target):
        logs = logits.log_softmax(-1)
        losses = F.nll_loss(logs, target, reduction="none") - self.eps * logs.mean(-1)
        return {"mean": losses.mean(), "sum": losses.sum(), "none": losses}[self.reduction]


check(LabelSmoothingCrossEntropy)

# %% [markdown]
# ## Mixtures: half a truck, half a church
#
# Mixup shows two pictures at once, with weights `lam` and `1 - lam`, and asks for both labels with
# the same weights. `lam` is drawn for each picture. With the usual `alpha` of 0.4 most mixtures are
# mostly one picture. `MixUp` is a callback: it changes the batch before the model sees it, and the
# loss function for the time of a fit.

# %%
class Keep(Callback):
    """Keeps the first batch as the model sees it."""

    _order = 10

    def begin_batch(self):
        if self.in_train and self.n_iter == 0:
            lam, partners = self.run.mix_up.lam, self.run.mix_up.partner_yb
            self.kept = [o.clone() for o in (self.run.xb, self.run.yb, partners, lam)]


keep = Keep()
mixed = fit(cbs=[MixUp(0.4), keep])

# %%
xb, yb, partners, lam = (o[keep.kept[3].argsort()[:10]] for o in keep.kept)
titles = [f"{t:.0%} {names[a]}\n{1 - t:.0%} {names[b]}" for t, a, b in zip(lam, yb, partners)]
show(
    xb, titles, columns=5, side=1.7,
    alt="Ten blurred pictures, each two things at once, with the share of each in percent.",
)

# %%
torch.manual_seed(1)
drawn = torch.distributions.Beta(0.4, 0.4).sample((20000,))
share = (drawn.maximum(1 - drawn) > 0.9).float().mean().item()
print(f"{share:.0%} of all mixtures are nine tenths one picture, or more")
assert 0.45 < share < 0.51

# %% [markdown]
# Those are the most mixed ones of a batch; nearly half of all mixtures are nine tenths one picture,
# or more. What does it change? Take pairs of *training* pictures of different classes, walk from
# one to the other, and ask both networks on the way.

# %%
@torch.no_grad()
def walk(learn):
    """Mean probability of either picture's class, and of the answer, on the way between them."""
    (a, one), (b, other), seen = pairs
    for t in torch.linspace(0, 1, 11):
        p = learn.model(t * a + (1 - t) * b).softmax(1)
        seen.append([p.gather(1, y[:, None]).mean() for y in (one, other)] + [p.max(1)[0].mean()])
    return torch.tensor(seen).T


x, y = (torch.stack([torch.as_tensor(o[i]) for o in labelled.train]) for i in (0, 1))
torch.manual_seed(2)
partner = torch.randperm(len(x))
differ = y != y[partner]

# %%
walks = []
for learn in (usual, mixed):
    pairs = (x[differ], y[differ]), (x[partner][differ], y[partner][differ]), []
    walks.append(walk(learn))
(plain_end, mixed_end), (plain_mid, mixed_mid) = ([w[2, at].item() for w in walks] for at in (0, 5))
print(f"at a picture: {plain_end:.0%} sure, with mixup {mixed_end:.0%}")
print(f"halfway:      {plain_mid:.0%} sure, with mixup {mixed_mid:.0%}")
assert plain_end > 0.97 and 0.75 < plain_mid < 0.85
assert 0.8 < mixed_end < 0.9 and 0.55 < mixed_mid < 0.67

# %%
lines = ("one picture's class", "the other's class", "its answer, any class")
ways = zip(("fitted plainly", "with mixup"), walks)
panels(
    {way: dict(zip(lines, walked)) for way, walked in ways}, torch.linspace(0, 1, 11), room=0.45,
    size=(8.4, 3.2), xlabel="share of the one picture", ylabel="mean probability",
    alt="From one picture to the other: both networks change their mind in the middle; the one "
    "with mixup is less sure everywhere, and least of all halfway.",
)

# %% [markdown]
# Halfway between two pictures there's nothing to be sure of. The plain network still is, by about
# 80 %, and of the pictures that it was trained on by 99 %. With mixup it's about 60 % and 85 %: it
# has learnt to say "a bit of both".
#
# The price: the training loss stays high, since the task is harder, so you can't compare training
# losses with and without mixup.

# %%
ends = [torch.stack([*learn.recorder.losses])[-20:].mean().item() for learn in (usual, soft, mixed)]
print("last losses: plain {:.2f}, smoothed {:.2f}, mixup {:.2f}".format(*ends))
assert ends[0] < 0.05 and ends[1] > 0.4 and ends[2] > 0.6

# %% [markdown]
# **Your turn.** `make check kata=mixup.NoneReduce`, then `mixup.MixUp`. Why does it need the loss
# of each picture, and not their mean?
#
# ## 16 bits: where they're enough, and where not
#
# Processors made for networks multiply numbers of 16 bits several times as fast as those of 32, and
# move twice as many. But 16 bits hold either small steps or a wide range. *float16* has the finer
# steps, *bfloat16* the range of float32. Printed are the sizes that each holds in full precision, and
# the step from 1 to the next larger number.

# %%
kinds = {"float16": torch.float16, "bfloat16": torch.bfloat16, "float32": torch.float32}
limits = {name: torch.finfo(kind) for name, kind in kinds.items()}
for name, o in limits.items():
    print(f"{name:>9}: {o.tiny:.1e} to {o.max:.1e}, steps at 1 of {o.eps:.1e}")
assert limits["float16"].max == 65504 and limits["float16"].tiny == 2**-14
assert limits["bfloat16"].tiny == limits["float32"].tiny

# %% [markdown]
# Two things go wrong if everything is float16. The first: **small steps vanish**. A weight of 1
# that is to grow by 0.0004 a thousand times stays 1, since the next number after 1 is 1.001. So the
# weights stay in float32.

# %%
weights = {name: torch.ones((), dtype=kind) for name, kind in kinds.items()}
for _ in range(1000):
    for weight in weights.values():
        weight += 0.0004
print({name: round(weight.item(), 2) for name, weight in weights.items()})
assert weights["float16"] == 1 and weights["bfloat16"] == 1 and abs(weights["float32"] - 1.4) < 0.01

# %% [markdown]
# The second: **small gradients vanish**, or lose their last digits. The histogram holds the
# gradients of the fitted network over the whole training set. The pale part of a bar is the range
# in which float16 has fewer and fewer digits.

# %%
usual.model.zero_grad()
F.cross_entropy(usual.model(x), y).backward()
grads = torch.cat([p.grad.flatten() for p in usual.model.parameters()])
grads = grads[grads != 0]


def blurred(grads):
    return (grads.abs() < limits["float16"].tiny).float().mean().item()


print(f"below full precision: {blurred(grads):.0%}, times 65536: {blurred(grads * 2**16):.2%}")
assert blurred(grads) > 0.8 and blurred(grads * 2**16) < 0.001
assert (grads.half() == 0).any() and not ((grads * 2**16).half() == 0).any()

# %%
ranges = {name: (o.tiny * o.eps, o.tiny, o.max) for name, o in limits.items()}
assert ranges["float16"][0] == 2**-24
number_lines(
    ranges, grads,
    alt="Bars of the range of three formats: float16 ends at 2 to the power of -24, in the left "
    "flank of a histogram of gradients; the other two reach far beyond it.",
)

# %% [markdown]
# In float16 more than four fifths of them are below full precision, and some are 0. The cure is
# one multiplication: scale the *loss* by 65536, all gradients are that much larger, and divide them
# by the same factor in float32 before the step.
#
# Which factor? As large as possible, without overflow. `DynamicScale` finds it while training:
# after a step whose gradients aren't finite it halves the factor and skips that step; after a
# number of good steps it doubles it. We start far too high.

# %%
class Watch(Callback):
    _order = 0

    def begin_fit(self):
        self.seen = []

    def after_batch(self):
        if self.in_train:
            self.seen.append(half.scaler.scale_now)


half, watch = MixedPrecision(torch.float16), Watch()
half.scaler = DynamicScale(start=2.0**30, interval=25)
by_half = fit(cbs=[half, watch], epochs=10)

# %%
settled = torch.tensor(watch.seen[40:])
print(f"{half.skipped} of {len(watch.seen)} batches skipped")
assert half.skipped < 25 and 2**15 <= settled.min() and settled.max() <= 2**18
curves(
    {"": watch.seen}, xlabel="batch", ylabel="factor of the loss", yscale="log", room=0.02,
    alt="The factor falls from a billion to about a hundred thousand in the first twenty batches, "
    "then goes up and down by a factor of two.",
)

# %% [markdown]
# After two dozen batches it has found its place, and moves up and down by a factor of two or four.
# With bfloat16 none of this is needed: its range is that of float32. It has fewer digits, and the
# network doesn't mind:

# %%
by_full, by_brain = fit(epochs=10), fit(cbs=[MixedPrecision(torch.bfloat16)], epochs=10)
ends = [torch.stack([*learn.recorder.losses])[-20:].mean().item() for learn in (by_full, by_brain)]
print("last losses: float32 {:.3f}, bfloat16 {:.3f}".format(*ends))
assert abs(ends[0] - ends[1]) < 0.02 and abs(sure(by_full)[0] - sure(by_brain)[0]) < 0.05
assert all(p.dtype == torch.float32 for p in by_brain.model.parameters())

# %% [markdown]
# **Your turn.** `make check kata=mixed_precision.DynamicScale`, then
# `mixed_precision.MixedPrecision`. On a machine that multiplies bfloat16 fast, `make train` uses it
# by itself; `precision=full` turns it off. What does it save on yours?
#
# **What you've learnt.** A block that starts by adding nothing lets gradients through any depth.
# Small pictures leave deep layers with nothing but padding. Smoothing and mixup make a network less
# sure where it can't know. And 16 bits are enough for the products, if weights and sums stay in 32
# and small gradients are lifted first. **The next question** is yours: `make train parts=FILE`
# trains with a piece that you bring.
