# %% [markdown]
# # What happens inside a network, and how does one start it well?
#
# A loss that doesn't fall doesn't say why. The numbers inside do. A network is a row of *layers*;
# each turns its input into *activations*, one number for each place of the picture and each
# *channel* (a pattern that the layer looks for). A *hook* is called after a layer's forward pass
# and sees these numbers. We look at shapes and sizes, record means, spreads and histograms, mend a
# bad start with LSUV, and see what batch norm does and when it fails.
#
# The exercises: `make check kata=hooks`, `make check kata=convnet`, `make check kata=batchnorm`,
# `make check kata=lsuv`. The data are one picture in four of the repository's own ten classes, at
# 32 pixels and normalized.

# %%
from notebooks.plots import bundles, curves, histograms, panels, reaches

import random
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from checks import check
from solutions.batches import DataBunch, channel_stats, get_dls, normalize_chan
from solutions.batchnorm import RunningBatchNorm
from solutions.convnet import GeneralRelu, conv_layer, get_cnn_layers, init_cnn
from solutions.hooks import Hooks, append_stats, find_modules, model_summary
from solutions.item_lists import ImageList

# %%
from solutions.labels import parent_labeler
from solutions.learner import Learner
from solutions.lsuv import ConvLayer, lsuv
from solutions.optimizers import sgd_mom_opt, sgd_opt
from solutions.trainer.sketches import draw_sketches
from solutions.transforms import MakeRGB, ResizeFixed, pil_to_float

root = draw_sketches(Path("../data/sketches"))

# %%
def tensors(part, step):
    files = sorted(ImageList.from_files(root, include=[part]).items)[::step]
    pictures = ImageList(files, tfms=[MakeRGB(), ResizeFixed(32), pil_to_float])
    wnids = sorted({parent_labeler(f) for f in files})
    return torch.stack(pictures[:]), torch.tensor([wnids.index(parent_labeler(f)) for f in files])


x, y = tensors("train", 4)
vx, vy = tensors("val", 4)
mean, std = channel_stats(x)
x, vx = normalize_chan(x, mean, std), normalize_chan(vx, mean, std)
data = DataBunch(*get_dls(list(zip(x, y)), list(zip(vx, vy)), bs=64), c_in=3, c_out=10)

# %% [markdown]
# ## A summary is a hook on every layer
#
# `model_summary` sends one batch through the model and notes the shape that leaves each layer. It
# leaves the model unchanged.

# %%
def network(layer, seed=1):
    random.seed(seed)
    torch.manual_seed(seed)
    return nn.Sequential(*get_cnn_layers(3, 10, [32, 32], layer))


learn = Learner(network(partial(conv_layer, bn=False)), data, F.cross_entropy, sgd_opt, lr=0.02)
text = model_summary(learn)
assert "[128, 10]" in text and learn.model.training

# %% [markdown]
# **Your turn.** Hooks and summary are in [katas/hooks.py](../katas/hooks.py):
# `make check kata=Hook`, then `make check kata=hooks`. What stays in the model if your summary
# fails halfway?
#
# ## Why the first layer makes 16 of 27
#
# The *stem*, the first three layers, starts with a 3x3 kernel. At each place it sees 3 times 3
# pixels in 3 colours: 27 numbers. More than 27 channels could add nothing that isn't in these
# numbers already. In fact fewer will do. Here are all 3x3 patches of some pictures, turned to the
# directions in which they differ most. How much of all that differs lies in the first few?

# %%
patches = F.unfold(x[::50], kernel_size=3).permute(1, 0, 2).flatten(1)  # 27 numbers, many places
patches = patches - patches.mean(1, keepdim=True)
differ = torch.linalg.eigvalsh(patches @ patches.T).flip(0)
kept = (differ.cumsum(0) / differ.sum()).tolist()
stem = [(layer[0].in_channels * 9, layer[0].out_channels) for layer in learn.model[:3]]
assert stem == [(27, 16), (144, 32), (288, 64)] and kept[15] > 0.99
print(f"16 of 27 directions hold {kept[15]:.1%} of what differs")

# %%
alt = "The share rises steeply: six directions hold nearly all, and 16 practically everything."
axes = {"xlabel": "directions kept, of 27", "ylabel": "share of what differs", "ylim": (0.5, 1.02)}
curves({"3x3 patches": kept}, alt=alt, room=0.2, **axes)

# %% [markdown]
# So `get_cnn_layers` starts with the largest power of two that is at most 27: sixteen, and squeezes
# from then on. Each layer of the stem makes fewer numbers than it sees: 16 of 27, then 32 of 144,
# then 64 of 288.
#
# And why 3x3, when early networks began with 7x7? Two layers of 3x3 see as far as one of 5x5, and
# three as far as one of 7x7. To see it, we ask which pixels can change the number in the middle, by
# its gradient:

# %%
def reach(*kernels):
    convs = nn.Sequential(*(nn.Conv2d(1, 1, k, padding=k // 2, bias=False) for k in kernels))
    for conv in convs:
        nn.init.ones_(conv.weight)
    pixels = torch.zeros(1, 1, 9, 9, requires_grad=True)
    convs(pixels)[0, 0, 4, 4].backward()
    return pixels.grad[0, 0]


# %%
seen = {"one 3x3": reach(3), "two 3x3": reach(3, 3), "three 3x3": reach(3, 3, 3)}
seen["one 7x7"] = reach(7)
assert [int((o > 0).sum()) for o in seen.values()] == [9, 25, 49, 49]
assert 3 * 3**2 == 27 and 7**2 == 49
alt = "Squares of 3, 5, 7 and 7 pixels; those of several layers are darkest in the middle."
reaches(seen, alt=alt)

# %% [markdown]
# Three layers of 3x3 need 27 weights for each pair of channels, where one layer of 7x7 needs 49.
# And each layer is followed by a *rectifier*, which sets what is below 0 to 0: three of them can do
# more than one.
#
# **Your turn.** `prev_pow_2` and `get_cnn_layers` are in [katas/convnet.py](../katas/convnet.py):
# `make check kata=get_cnn_layers`.
#
# ## Why small pictures are another sport
#
# The lecture warns: below about 96 pixels, networks behave differently, and a trick that helps
# there may not help on large pictures. One reason can be counted. Each layer of *stride* 2 (a
# kernel that moves two pixels at a time) halves the picture, and around its border a kernel lies
# partly on padding, on zeros that aren't picture. How much of the kernels' area is that?

# %%
def on_padding(size):
    """For each of six 3x3 layers, the last five of stride 2, the share of kernels on padding."""
    shares = []
    for stride in (1, 2, 2, 2, 2, 2):
        seen = F.conv2d(torch.ones(1, 1, size, size), torch.ones(1, 1, 3, 3), None, stride, 1)
        shares.append(1 - seen.mean().item() / 9)
        size = seen.shape[-1]
    return shares


# %%
padding = {f"{size} pixels": on_padding(size) for size in (32, 64, 96, 128, 224)}
last = [round(shares[-1], 2) for shares in padding.values()]
assert last == [0.56, 0.31, 0.21, 0.16, 0.09]
alt = "Five rising lines: the smaller the picture, the sooner kernels lie on padding."
curves(padding, alt=alt, room=0.2, xlabel="layer", ylabel="share of kernels on padding")

# %% [markdown]
# At 32 pixels the last layer's kernels lie on padding with 56 % of their area, at 96 with 21 %, at
# 224 with 9 %. A network that is tuned at 32 pixels learns to deal with borders, so we take its
# numbers for what they are: quick, and about small pictures.
#
# **Your turn.** Count it for kernels of 5x5: `ones(1, 1, 5, 5)`, padding 2, and 25 in place of 9.
# Which of the two suffers more on small pictures?
#
# ## Training, seen layer by layer
#
# What should we record? The *spread* (the standard deviation) of all activations of a layer hides
# one thing: a constant that differs from channel to channel spreads as well, and says nothing about
# the picture. So we ask how far a number moves *from picture to picture*. Where that is 0, all
# pictures look alike. We train two epochs from torch's own start, and two from Kaiming's: weights
# of a size that keeps the spread from layer to layer (named for the first author of its paper).

# %%
def note(hook, layer, inp, out):
    """Keeps the spread over pictures and the share below 0 of what comes in, while training."""
    if layer.training:
        kept = vars(hook).setdefault("kept", [])
        below = (inp[0].detach() < 0).float().mean().item()
        kept.append((out.detach().std(0).mean().item(), below))
        append_stats(hook, layer, inp, out)


# %%
def rectifiers(model):
    return find_modules(model, lambda m: isinstance(m, GeneralRelu))


def watched(model):
    with Hooks(rectifiers(model), note) as hooks:
        Learner(model, data, F.cross_entropy, sgd_opt, lr=0.05).fit(2)
    return hooks


# %%
starts = {name: network(partial(conv_layer, bn=False)) for name in ("torch's own", "Kaiming's")}
init_cnn(starts["Kaiming's"])
hooks = {name: watched(model) for name, model in starts.items()}
spreads = {
    name: {f"layer {i}": [o[0] for o in hook.kept] for i, hook in enumerate(found, start=1)}
    for name, found in hooks.items()
}
at_start = [lines["layer 5"][0] for lines in spreads.values()]
assert at_start[0] < at_start[1] / 50, "the last layer hardly tells pictures apart"
assert at_start[1] > spreads["Kaiming's"]["layer 1"][0] / 4
print(f"layer 5 in the first batch: {at_start[0]:.4f} and {at_start[1]:.4f}")

# %%
alt = "Left, five lines spread over powers of ten, layer 5 lowest; right, all five near each other."
axes = {"xlabel": "batch", "ylabel": "spread over pictures", "yscale": "log"}
panels(spreads, alt=alt, size=(7, 3.2), **axes)

# %% [markdown]
# With torch's own start each layer tells pictures apart less than the one before, and in the fifth
# hardly anything is left of them: less than a fiftieth of Kaiming's. Little can be learnt from
# that. With the right start even the fifth keeps more than a quarter of the first layer's spread.
# Only training batches are recorded here; the last one of each epoch is shorter, which is why lines
# jump a little there.
#
# **Your turn.** `make check kata=append_stats` and `make check kata=init_cnn`. Then change
# `lr=0.05` in `watched` to 0.5: does the left start recover? And what becomes of the right one?
#
# ## Below the kink
#
# A rectifier has a *kink* at 0. What comes in below it leaves as 0, and no gradient comes back that
# way: from this place of the picture the channel learns nothing. A rectifier with a *leak* keeps a
# tenth of what is below, so some gradient comes back; a *shift* then moves everything down, to keep
# the mean near 0. Each column is the histogram of one batch, dark where many activations lie.

# %%
leaky = network(partial(conv_layer, bn=False, leak=0.1, sub=0.4))
init_cnn(leaky)
last = {"rectifier": hooks["Kaiming's"][-1], "with leak 0.1, minus 0.4": watched(leaky)[-1]}
for name, hook in last.items():
    print(f"{name}: {hook.kept[-1][1]:.0%} below the kink")
    assert 0.4 < hook.kept[-1][1] < 0.8
kinks = {name: (torch.stack(hook.stats[2]), -0.4 * ("leak" in name)) for name, hook in last.items()}
alt = "Left, everything lies on or above the kink at 0; right, activations also lie below it."
histograms(kinks, alt=alt)

# %% [markdown]
# In the last batch about half of what comes in lies below the kink, or more. That does no harm by
# itself: it's how a channel says "not here". A channel is dead only if it's below the kink
# everywhere in *every* picture. Steps that are too large do that. Here is an epoch at a rate eight
# times as large, with four seeds:

# %%
def dead_channels(seed, **kwargs):
    model = network(partial(conv_layer, bn=False, **kwargs), seed)
    init_cnn(model)
    Learner(model, data, F.cross_entropy, sgd_opt, lr=0.4).fit(1)
    dead = lambda hook, layer, inp, out: setattr(hook, "dead", (inp[0] < 0).all(0).all(1).all(1))
    with Hooks(rectifiers(model), dead) as hooks, torch.no_grad():
        model(x)
    return sum(int(hook.dead.sum()) for hook in hooks)


# %%
dead = [(dead_channels(seed), dead_channels(seed, leak=0.1, sub=0.4)) for seed in (1, 2, 3, 4)]
for seed, (plain, leaky) in enumerate(dead, start=1):
    print(f"seed {seed}: dead channels {plain} with the rectifier, {leaky} with the leak")
assert sum(plain for plain, _ in dead) > 2 and not any(leaky for _, leaky in dead)

# %% [markdown]
# With the rectifier most seeds lose some. The weights of a dead channel no longer change, since no
# gradient comes back to them. With the leak every channel still answers some picture, and one that
# fell silent could come back.
#
# **Your turn.** The rectifier of these networks is an exercise. This one forgets that the shift
# comes before the upper limit. Mend it, `save(GeneralRelu)`, and continue with
# `make check kata=convnet`.

# %%
class GeneralRelu(nn.Module):
    def __init__(self, leak=None, sub=None, maxv=None):
        super().__init__()
        self.leak, self.sub, self.maxv = leak, sub, maxv

    def forward(self, x):
        x = F.leaky_relu(x, self.leak or 0.0)
        x = x if self.maxv is None else x.clamp_max(self.maxv)
        return x if self.sub is None else x - self.sub


check(GeneralRelu)

# %% [markdown]
# ## LSUV: measure, and divide
#
# A formula such as Kaiming's needs to know every piece between two layers. LSUV (*layer-sequential
# unit variance*) needs to know nothing: it sends a batch through, shifts the layer until its mean
# is 0, scales it until its spread is 1, and continues with the next layer. Here are networks of 50
# layers whose rectifier has a leak, four for each start, and again the spread over pictures.

# %%
def deep(start, seed):
    torch.manual_seed(seed)
    model = nn.Sequential(*(ConvLayer(12 if i else 3, 12, stride=1, leak=0.05) for i in range(50)))
    if start == "Kaiming":
        init_cnn(model)
    if start == "LSUV":
        lsuv(model, batch)
    return model


# %%
def spread_by_layer(model):
    look = lambda hook, layer, inp, out: setattr(hook, "spread", out.std(0).mean().item())
    with Hooks(model, look) as hooks, torch.no_grad():
        model(batch)
    return [max(hook.spread, 1e-10) for hook in hooks]


# %%
batch = x[:16, :, ::4, ::4]
found = {
    start: [spread_by_layer(deep(start, seed)) for seed in (1, 2, 3, 4)]
    for start in ("torch's own", "Kaiming", "LSUV")
}
for start, lines in found.items():
    print(f"{start:>11} after 50 layers:", *(f"{line[-1]:.1g}" for line in lines))
assert max(line[19] for line in found["torch's own"]) < 1e-6
assert max(line[-1] for line in found["Kaiming"]) < 0.05
assert min(min(line) for line in found["LSUV"]) > 0.4

# %%
alt = "By depth: torch's own start falls to nothing within 20 layers, Kaiming's slowly, LSUV stays."
axes = {"xlabel": "layer", "ylabel": "spread over pictures", "yscale": "log"}
bundles(found, alt=alt, **axes)

# %% [markdown]
# From torch's own start nothing of the pictures is left after 20 layers. Kaiming's formula loses
# them slowly: it holds on average, for very many channels and without padding. Here each layer is a
# little off, and 50 such errors multiply. LSUV measured them.
#
# **Your turn.** [katas/lsuv.py](../katas/lsuv.py): `make check kata=lsuv`. Then make the
# layers of `deep` 64 channels wide: how much later does Kaiming's spread fall?
#
# ## Batch norm, and where it fails
#
# Batch norm measures in every batch what LSUV measures once. In training it uses the batch's own
# mean and spread, in evaluation running averages. With large batches that is nearly the same. With
# two pictures a batch it isn't: the answer for one picture depends on the other one.
# `RunningBatchNorm` uses the same running statistics in both. We train a network of each kind on
# batches of 64, and then show it 100 pictures two at a time, in training mode and in evaluation
# mode.

# %%
def running_layer(ni, nf, ks=3, stride=2, **kwargs):
    conv, relu, _ = conv_layer(ni, nf, ks, stride, **kwargs)
    return nn.Sequential(conv, relu, RunningBatchNorm(nf))


# %%
def trained(layer, steps=60):
    model = network(layer)
    init_cnn(model)
    opt = sgd_mom_opt(model.parameters(), lr=0.05)
    for _ in range(steps):
        rows = torch.randint(len(x), (64,))
        F.cross_entropy(model(x[rows]), y[rows]).backward()
        opt.step()
        opt.zero_grad()
    return model


# %%
@torch.no_grad()
def two_modes(model):
    """Accuracy in evaluation and in training mode, two at a time, and how many answers agree."""
    rows = torch.randperm(len(vx))[:100]
    in_evaluation = model.eval()(vx[rows]).argmax(1)
    in_training = torch.cat([model.train()(pair).argmax(1) for pair in vx[rows].split(2)])
    pairs = (in_evaluation, vy[rows]), (in_training, vy[rows]), (in_evaluation, in_training)
    return [(a == b).float().mean().item() for a, b in pairs]


# %%
plain, running = two_modes(trained(conv_layer)), two_modes(trained(running_layer))
for name, (of_evaluation, of_training, agreed) in {"batch norm": plain, "running": running}.items():
    print(f"{name:>10}: right {of_evaluation:.0%} in evaluation,", end=" ")
    print(f"{of_training:.0%} in training; {agreed:.0%} agree")
    assert of_evaluation > 0.25, "chance would be 0.1"
assert plain[1] < plain[0] - 0.1 and running[1] > running[0] - 0.1
assert plain[2] < 0.5 and running[2] > 0.75

# %% [markdown]
# Seen two at a time, the network with batch norm changes more than half of its answers, and for the
# worse; the running form keeps more than three quarters. So a network that is *trained* on batches
# of two with batch norm learns with other numbers than those it's judged by.
#
# ## Two mistakes that cancel
#
# A running average that starts at 0 is too small at first, and Adam divides by the missing share to
# mend that. The running form keeps the running *sums* of a channel and their running *count*, and
# divides one by the other. Both are too small by the same share, so nothing needs to be mended:

# %%
norm, seen = RunningBatchNorm(1, mom=0.1), {"sums": [], "count": [], "mean = sums / count": []}
for batch in torch.full((30, 2, 1, 4, 4), 3.0):
    norm(batch)
    right = norm.sums.item() / (3.0 * 32), norm.count.item() / 32  # 32 numbers a batch, all 3
    for shares, share in zip(seen.values(), (*right, right[0] / right[1])):
        shares.append(share)
missing = [1 - 0.9**t for t in range(1, 31)]
assert all(abs(a - b) < 1e-5 for a, b in zip(seen["sums"], missing))
assert all(abs(o - 1) < 1e-5 for o in seen["mean = sums / count"])
alt = "Sums and count climb together from a tenth to one; their ratio is right from the start."
curves(seen, alt=alt, xlabel="batch", ylabel="share of the right value", ylim=(0, 1.15))

# %% [markdown]
# A batch of one is the limit: its own mean is itself, so after batch norm nothing would be left of
# a picture of one pixel. The running form still works there, since it looks back.

# %%
norm, plain = RunningBatchNorm(4), nn.BatchNorm2d(4)
for batch in torch.randn(20, 1, 4, 1, 1) + 3:
    out = norm(batch)
assert out.isfinite().all()
try:
    plain(torch.randn(1, 4, 1, 1))
except ValueError as error:
    print(f"nn.BatchNorm2d: {str(error)[:52]}...")

# %% [markdown]
# **Your turn.** Both norms are in [katas/batchnorm.py](../katas/batchnorm.py):
# `make check kata=BatchNorm`, then `make check kata=RunningBatchNorm`.
#
# **What was learnt.** Hooks show the output of every layer; a good start keeps the difference
# between pictures from layer to layer; LSUV gets there by measuring, whatever stands between; batch
# norm measures all the time, and its running form also when batches are small. Small pictures are
# quick and have their own rules. **The next question**: once the network is well started, what
# moves it?
