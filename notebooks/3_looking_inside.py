# %% [markdown]
# # What happens inside a network, and how does one start it well?
#
# A loss that does not fall says nothing of why. The numbers inside do: a *hook* is called after a
# layer's forward pass, and sees what the layer gave. We record means, spreads and histograms, find
# layers that are dead, mend their start with LSUV, and look at what batch norm does and when it
# fails.
#
# The exercises: `make check kata=hooks`, `make check kata=convnet`, `make check kata=batchnorm`,
# `make check kata=lsuv`.

# %%
import random
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn

from checks import check
from checks.learning.gallery import label, use_style
from solutions.batches import DataBunch, channel_stats, get_dls, normalize_chan
from solutions.batchnorm import RunningBatchNorm
from solutions.convnet import GeneralRelu, conv_layer, get_cnn_layers, init_cnn
from solutions.hooks import Hooks, append_stats, find_modules, model_summary
from solutions.item_lists import ImageList

# %%
from solutions.labels import parent_labeler
from solutions.learner import Learner
from solutions.lsuv import ConvLayer, lsuv
from solutions.optimizers import sgd_opt
from solutions.trainer.sketches import draw_sketches
from solutions.transforms import MakeRGB, ResizeFixed, pil_to_float

use_style()
root = draw_sketches(Path("../data/sketches"))

# %% [markdown]
# ## Some data
#
# One picture in four of the repository's own ten classes, at 32 pixels and normalized.

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
# `model_summary` sends one batch through the model and notes what came out where. It leaves the
# model as it was.

# %%
def network(layer, seed=1):
    random.seed(seed)
    torch.manual_seed(seed)
    return nn.Sequential(*get_cnn_layers(3, 10, [32, 32], layer))


learn = Learner(network(partial(conv_layer, bn=False)), data, F.cross_entropy, sgd_opt, lr=0.02)
text = model_summary(learn)
assert "[128, 10]" in text and learn.model.training

# %% [markdown]
# ## Training, seen layer by layer
#
# `append_stats` keeps mean, spread and a histogram of each forward pass. We train one epoch with
# torch's own initialisation, and one with Kaiming's, which keeps the spread from layer to layer.

# %%
def watched(model, lr=0.05, epochs=2):
    learn = Learner(model, data, F.cross_entropy, sgd_opt, lr=lr)
    layers = find_modules(model, lambda m: isinstance(m, GeneralRelu))
    with Hooks(layers, append_stats) as hooks:
        learn.fit(epochs)
    return [hook.stats for hook in hooks]


def draw(stats, titles):
    fig, axes = plt.subplots(2, len(stats), figsize=(9, 4.5), sharex=True, sharey="row")
    for column, rows, title in zip(axes.T, stats, titles):
        for ax, which in zip(column, (0, 1)):
            for means_or_stds in (layer[which] for layer in rows):
                ax.plot(means_or_stds[:60])
        column[0].set_title(title)
        column[1].set_xlabel("batch")
    axes[0, 0].set_ylabel("mean")
    axes[1, 0].set_ylabel("standard deviation")
    axes[1, -1].annotate("one line a layer,\nthe first is solid blue", (0.97, 0.97), xycoords="axes fraction", ha="right", va="top", fontsize=8)
    plt.show()


# %%
default = network(partial(conv_layer, bn=False))
kaiming = network(partial(conv_layer, bn=False))
init_cnn(kaiming)
stats = [watched(default), watched(kaiming)]
draw(stats, ["torch's own start", "Kaiming's"])
first = [[layer[1][0].item() for layer in rows] for rows in stats]
assert first[0][-1] < 0.25 * first[1][-1], "the spread fades from layer to layer without it"

# %% [markdown]
# With torch's own start the last layer's activations hardly vary: whatever comes in, nearly the same
# goes out, and little can be learnt from that. The right start keeps the spread near where it was.
#
# ## Dead units
#
# The histogram of each batch is one column, dark where many activations lie; the share of exact
# zeros is what a rectifier lets die. A rectifier with a leak and a shift keeps more alive.

# %%
def histograms(rows, ax, title):
    counts = torch.stack(rows[-1][2]).T[:, :60]
    ax.imshow(torch.log1p(counts), origin="lower", aspect="auto", cmap="Greys", extent=(0, counts.shape[1], -7, 7))
    ax.set(title=title, xlabel="batch", ylim=(-2, 7))
    ax.grid(False)
    nothing = counts[19:22].sum(0) / counts.sum(0)
    return nothing.mean().item()


leaky = network(partial(conv_layer, bn=False, leak=0.1, sub=0.4))
init_cnn(leaky)
fig, axes = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
zeros = histograms(stats[1], axes[0], "rectifier"), histograms(watched(leaky), axes[1], "with leak 0.1, minus 0.4")
axes[0].set_ylabel("activation, last layer")
print(f"share near zero: {zeros[0]:.2f} and {zeros[1]:.2f}")
assert zeros[0] > zeros[1]
plt.show()

# %% [markdown]
# ## LSUV: measure, and divide
#
# A formula such as Kaiming's needs to know every piece between two layers. LSUV needs to know
# nothing: it sends a batch through, shifts the layer until its mean is 0, scales it until its spread
# is 1, and goes on to the next layer. Here are the spreads of networks of 5, 20 and 50 layers whose
# rectifier has a leak; the shift that makes the mean 0 is found too, which no formula gives.

# %%
def deep(depth):
    torch.manual_seed(5)
    layers = []
    for i in range(depth):
        layers += [ConvLayer(3 if i == 0 else 12, 12, stride=1, leak=0.05)]
    return nn.Sequential(*layers)


def spreads(model):
    with Hooks(find_modules(model, lambda m: isinstance(m, ConvLayer)), append_stats) as hooks, torch.no_grad():
        model(x[:16, :, ::4, ::4])
    return [hook.stats[1][0].item() for hook in hooks]


# %%
fig, axes = plt.subplots(1, 3, figsize=(10, 3), sharey=True)
ends = {}
for ax, depth in zip(axes, (5, 20, 50)):
    for name in ("torch's start", "Kaiming", "LSUV"):
        model = deep(depth)
        if name == "Kaiming":
            init_cnn(model)
        if name == "LSUV":
            lsuv(model, x[:16, :, ::4, ::4])
        seen = spreads(model)
        ends[name, depth] = seen[-1]
        (line,) = ax.semilogy(range(1, depth + 1), [max(s, 1e-12) for s in seen])
        ax.annotate(name, (depth, max(seen[-1], 1e-12)), (-3, 5), textcoords="offset points", color=line.get_color(), ha="right", fontsize=8)
    ax.set(title=f"{depth} layers", xlabel="layer")
axes[0].set_ylabel("standard deviation of its output")
assert all(0.9 < ends["LSUV", d] < 1.1 for d in (5, 20, 50))
assert max(ends["torch's start", 50], ends["Kaiming", 50]) < 0.5
plt.show()

# %% [markdown]
# ## Batch norm, and where it fails
#
# Batch norm measures in every batch what LSUV measures once. In training it uses the batch's own
# mean and spread, in evaluation running averages. With large batches that is nearly the same. With
# two pictures a batch it is not: each picture's activations depend on the other one, and what the
# network was trained with is not what it is evaluated with. `RunningBatchNorm` uses the same
# running statistics in both.

# %%
def running_layer(ni, nf, ks=3, stride=2, **kwargs):
    conv, relu, _ = conv_layer(ni, nf, ks, stride, **kwargs)
    return nn.Sequential(conv, relu, RunningBatchNorm(nf))


def trained(layer, bs, steps=240):
    model = network(layer)
    init_cnn(model)
    opt = sgd_opt(model.parameters(), lr=0.01)
    for _ in range(steps):
        rows = torch.randint(len(x), (bs,))
        F.cross_entropy(model(x[rows]), y[rows]).backward()
        opt.step()
        opt.zero_grad()
    return model


# %%
@torch.no_grad()
def shares(model):
    """How far two pictures' scores move when they are seen in evaluation and not in training."""
    in_training = torch.cat([model.train()(pair) for pair in vx[:100].split(2)])
    in_evaluation = model.eval()(vx[:100])
    agree = (in_training.argmax(1) == in_evaluation.argmax(1)).float().mean().item()
    return agree, F.cross_entropy(model.eval()(vx), vy).item()


rows = {}
for name, layer in {"batch norm": conv_layer, "running batch norm": running_layer}.items():
    rows[name] = shares(trained(layer, bs=2))
    print(f"{name:>20}, batches of 2: {rows[name][0]:.0%} of answers stay the same in evaluation")
assert rows["running batch norm"][0] > rows["batch norm"][0] + 0.05

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
# ## Now you
#
# The rectifier of these networks is an exercise. This one forgets that the shift comes before the
# upper limit.

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
# **What was learnt.** Hooks show what a layer gives; a good start keeps mean and spread from layer to
# layer; LSUV gets there by measuring, whatever stands between; batch norm measures all the time, and
# its running form also when batches are small. **The next question**: once the network is well
# started, what moves it?
