# %% [markdown]
# # Are SGD, momentum, Adam and LAMB one optimizer?
#
# They are: an optimizer goes through the parameters, keeps a few *stats* of each gradient, and calls
# a few *steppers* that change the parameter. SGD, momentum, weight decay, Adam and LAMB differ in
# which stats and which steppers they are given, and in nothing else. Each of these pieces is a
# function or a class of a few lines, and each has one idea. Here every idea gets a picture.
#
# The exercises: `make check kata=optimizers`.

# %%
import math
import random

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn

from checks import check
from checks.learning.gallery import label, use_style
from solutions.optimizers import AverageGrad, AverageSqrGrad, StatefulOptimizer, StepCount
from solutions.optimizers import Optimizer, adam_opt, adam_step, debias, l2_reg, lamb_opt
from solutions.optimizers import momentum_step, sgd_mom_opt, sgd_opt, sgd_step, weight_decay

use_style()

# %% [markdown]
# ## Momentum is an average of the past
#
# Two hundred noisy gradients, all drawn around one slow wave, and one outlier. `AverageGrad` keeps
# `mom` of what it has and adds the new one. The larger `mom` is, the smoother the average, and the
# later it follows.

# %%
def averaged(grads, mom, dampening):
    stat, p = AverageGrad(dampening), torch.zeros(1)
    state, seen = stat.init_state(p), []
    for step, grad in enumerate(grads, start=1):
        p.grad = grad.view(1)
        state = stat.update(p, state, mom=mom)
        seen.append((state["grad_avg"].item(), debias(mom, state["mom_damp"], step)))
    average, weight = torch.tensor(seen).T
    return average, average / weight


torch.manual_seed(1)
wave = torch.sin(torch.arange(200) / 30) * 0.5 + 1
grads = wave + torch.randn(200) * 0.3
grads[90] = 6.0

# %%
fig, axes = plt.subplots(1, 3, figsize=(10, 3), sharey=True)
for ax, mom in zip(axes, (0.5, 0.9, 0.99)):
    ax.plot(grads, ".", color="#bbbbbb", markersize=3)
    _, average = averaged(grads, mom, dampening=True)
    ax.plot(average)
    ax.set(title=f"mom = {mom}", xlabel="step", ylim=(-0.5, 3))
axes[0].set_ylabel("gradient and its average")
jumps = [(averaged(grads, m, True)[1][90] - averaged(grads, m, True)[1][89]).item() for m in (0.5, 0.9, 0.99)]
assert jumps[0] > 2 > 0.8 > jumps[1] > jumps[2], "the outlier moves a long average less"
plt.show()

# %% [markdown]
# ## Sum or average, and the first steps
#
# Without dampening the new gradient is added in full: after many steps the sum is `1/(1 - mom)`
# times too large for an average, which acts as a larger learning rate. With dampening it is added
# by the share `1 - mom`, and then the average starts near zero, since it starts at zero. Dividing
# by the sum of the weights so far, which is what `debias` gives, mends both.

# %%
ones = torch.ones(60)
fig, ax = plt.subplots()
rows = {
    "a sum": averaged(ones, 0.9, dampening=False)[0],
    "dampened": averaged(ones, 0.9, dampening=True)[0],
    "debiased, either way": averaged(ones, 0.9, dampening=True)[1],
}
for (name, values), where, below in zip(rows.items(), (20, 12, 42), (8, -14, 8)):
    (line,) = ax.semilogy(range(1, 61), values)
    ax.annotate(name, (where, values[where]), (0, below), textcoords="offset points", color=line.get_color())
ax.set(xlabel="step", ylabel="average of a gradient that is 1")
assert torch.allclose(averaged(ones, 0.9, False)[1], ones) and torch.allclose(rows["debiased, either way"], ones)
assert abs(rows["a sum"][-1] - 10) < 0.1 and rows["dampened"][0] < 0.11
plt.show()

# %% [markdown]
# ## Paths down a valley
#
# A loss of two numbers, ten times steeper one way than the other. Plain steps zigzag or crawl;
# momentum cancels the zigzag; Adam divides each number's step by the size of its gradients, so that
# both go at the same pace.

# %%
def loss_at(w):
    return 0.5 * (w[0] ** 2 + 12 * w[1] ** 2)


def path(opt_func, steps=30, **hypers):
    w = torch.tensor([-4.0, 1.5], requires_grad=True)
    opt, seen = opt_func([w], **hypers), [w.tolist()]
    for _ in range(steps):
        loss_at(w).backward()
        opt.step()
        opt.zero_grad()
        seen.append(w.tolist())
    return torch.tensor(seen)


# %%
paths = {
    "SGD, lr 0.15": path(sgd_opt, lr=0.15),
    "momentum, lr 0.02": path(sgd_mom_opt, lr=0.02, mom=0.8),
    "Adam, lr 0.4": path(adam_opt, lr=0.4, mom=0.8, sqr_mom=0.9),
}
x, y = torch.meshgrid(torch.linspace(-4.5, 2, 100), torch.linspace(-2, 2, 100), indexing="xy")
fig, axes = plt.subplots(1, 3, figsize=(10, 3), sharey=True)
for ax, (name, seen) in zip(axes, paths.items()):
    ax.contour(x, y, loss_at((x, y)), levels=[0.2, 1, 3, 8, 16, 28], colors="#cccccc", linestyles="-", linewidths=0.8)
    ax.plot(*seen.T, "o-", markersize=2.5)
    ax.set(title=f"{name}: loss {loss_at(seen[-1]):.3f}", xlabel="w[0]")
axes[0].set_ylabel("w[1]")
assert all(loss_at(seen[-1]) < 1 for seen in paths.values())
plt.show()

# %% [markdown]
# ## Weight decay and L2 are the same, until they are not
#
# `weight_decay` shrinks the weight by `1 - lr*wd`. `l2_reg` adds `wd*p` to the gradient, as the
# derivative of a penalty would. With plain SGD this is the same arithmetic. With Adam it is not:
# the added part is averaged and divided like any gradient, so weights with large gradients are
# hardly decayed. That is why AdamW was invented.

# %%
def decayed(steppers, stats, steps=60, **hypers):
    torch.manual_seed(2)
    p = torch.ones(2, requires_grad=True)  # the first has small gradients, the second large ones
    opt, seen = StatefulOptimizer([p], steppers, stats, lr=0.01, wd=1.0, **hypers), [p.tolist()]
    for _ in range(steps):
        p.grad = torch.randn(2) * torch.tensor([0.1, 10.0])
        opt.step()
        seen.append(p.tolist())
    return torch.tensor(seen)


# %%
adam = [AverageGrad(dampening=True), AverageSqrGrad(), StepCount()]
both = {
    "weight decay": (decayed([weight_decay, sgd_step], []), decayed([weight_decay, adam_step], adam)),
    "L2": (decayed([l2_reg, sgd_step], []), decayed([l2_reg, adam_step], adam)),
}
fig, axes = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
for name, runs in both.items():
    for ax, seen in zip(axes, runs):
        (line,) = ax.plot(seen[:, 0] if ax is axes[0] else seen[:, 1])
        if ax is axes[1]:
            label(ax, line, name)
label(axes[0], axes[0].lines[0], "both")
axes[0].set(title="SGD, small gradients", xlabel="step", ylabel="a weight", xlim=(0, 78))
axes[1].set(title="Adam, large gradients", xlabel="step", xlim=(0, 85))
assert torch.allclose(both["L2"][0], both["weight decay"][0], atol=1e-5)
assert both["L2"][1][-1, 1] > both["weight decay"][1][-1, 1] + 0.1
plt.show()

# %% [markdown]
# ## What does weight decay do under batch norm?
#
# The lecture's claim: with batch norm after a layer, the size of the layer's weights has no say in
# what it computes, since the norm divides it away. Decay then does not make the function simpler.
# What it changes is how large a step is *in comparison with* the weights: the effective learning
# rate, `lr / |w|**2`. We train one small network with and without decay, with and without batch
# norm, and look.

# %%
def data(n=512):
    torch.manual_seed(3)
    x = torch.randn(n, 20)
    return x, (x[:, :5].sin().sum(1) + 0.5 * x[:, 5] * x[:, 6] > 0).long()


def network(norm):
    torch.manual_seed(4)
    return nn.Sequential(nn.Linear(20, 64), nn.BatchNorm1d(64) if norm else nn.Identity(), nn.ReLU(), nn.Linear(64, 2))


def effective(norm, wd, epochs=40, lr=0.1):
    (x, y), model = data(), network(norm)
    opt, seen = Optimizer(model.parameters(), [weight_decay, sgd_step], lr=lr, wd=wd), []
    for _ in range(epochs * 8):
        rows = torch.randint(len(x), (64,))
        F.cross_entropy(model(x[rows]), y[rows]).backward()
        opt.step()
        opt.zero_grad()
        seen.append(lr / model[0].weight.detach().pow(2).sum().item())
    return torch.tensor(seen)


# %%
fig, axes = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
rates = {(norm, wd): effective(norm, wd) for norm in (True, False) for wd in (0.0, 0.05)}
for (norm, wd), seen in rates.items():
    ax = axes[0] if norm else axes[1]
    (line,) = ax.plot(seen, color="#d55e00" if wd else "#0072b2", linestyle="--" if wd else "-")
    label(ax, line, f"wd = {wd}")
axes[0].set(title="with batch norm", xlabel="step", ylabel="lr / |w|²", xlim=(0, 430))
axes[1].set(title="without", xlabel="step", xlim=(0, 430))
assert rates[True, 0.05][-1] > 2 * rates[True, 0.0][-1]
plt.show()

# %% [markdown]
# With batch norm only the ratio matters, and there the claim holds: scale the weights of the normed
# layer and its output stays what it was, so the decay has worked on the pace alone.

# %%
(x, _), model = data(), network(norm=True)
before = model(x)
with torch.no_grad():
    model[0].weight.mul_(0.3), model[0].bias.mul_(0.3)
assert torch.allclose(model(x), before, atol=1e-3)
plain = network(norm=False)
before = plain(x)
with torch.no_grad():
    plain[0].weight.mul_(0.3), plain[0].bias.mul_(0.3)
assert not torch.allclose(plain(x), before, atol=1e-1)

# %% [markdown]
# ## Epsilon is a choice between Adam and momentum
#
# Adam divides by `sqrt(average square) + eps`. With a tiny eps every step is about `lr` long,
# however small the gradient; where gradients fade, noise is blown up to full steps. With eps near 1
# the division hardly matters, and Adam is momentum with another learning rate.

# %%
grads = torch.logspace(-8, 1, 200)
fig, ax = plt.subplots()
lengths = {}
for eps in (1e-7, 1e-4, 1e-2, 1.0):
    p = torch.zeros(200, requires_grad=True)
    opt = adam_opt([p], lr=1.0, eps=eps)
    p.grad = grads.clone()
    opt.step()
    lengths[eps] = -p.detach()
    (line,) = ax.loglog(grads, lengths[eps])
    ax.annotate(f"eps {eps:g}", (grads[60], lengths[eps][60]), (-4, 6), textcoords="offset points", color=line.get_color(), ha="right")
ax.set(xlabel="size of a steady gradient", ylabel="length of the step / lr", ylim=(1e-8, 4))
assert lengths[1e-7][100] > 0.9 and lengths[1.0][100] < 1e-3
plt.show()

# %% [markdown]
# ## LAMB asks every layer how large it is
#
# Adam's direction is the same length in all layers, though their weights are not of the same size.
# LAMB scales it by the ratio of the layer's norm to the step's norm, so that each layer changes by
# a like share. Here are the ratios of a network's layers over a training; a bias that starts at zero
# has ratio 1, so that it can leave zero. In the lecture's code it never does.

# %%
model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
for i in (0, 2, 4):
    nn.init.zeros_(model[i].bias)
(x, y), opt = data(), lamb_opt(model.parameters(), lr=0.01)
shares = {name: [] for name, p in model.named_parameters() if p.ndim > 1}
for _ in range(60):
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    F.cross_entropy(model(x), y).backward()
    opt.step()
    opt.zero_grad()
    for name, p in model.named_parameters():
        if name in shares:
            shares[name].append((p - before[name]).norm().item() / before[name].norm().item())
assert all(abs(s - 0.01) < 0.002 for s in shares["0.weight"][:10])
assert all(p.detach().abs().sum() > 0 for p in model.parameters())

# %%
model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
opt, adam_shares = adam_opt(model.parameters(), lr=0.01), {name: [] for name in shares}
for _ in range(60):
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    F.cross_entropy(model(x), y).backward()
    opt.step()
    opt.zero_grad()
    for name, p in model.named_parameters():
        if name in shares:
            adam_shares[name].append((p - before[name]).norm().item() / before[name].norm().item())
fig, axes = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
for ax, title, rows in zip(axes, ("Adam", "LAMB"), (adam_shares, shares)):
    for i, (name, seen) in enumerate(rows.items()):
        (line,) = ax.plot(seen)
        if title == "Adam":
            ax.annotate(f"layer {i + 1}", (2, seen[2]), (24 + 30 * i, (24, 40, 14)[i]), textcoords="offset points", color=line.get_color())
    ax.set(title=title, xlabel="step")
axes[0].set_ylabel("change of a layer's weights\nas a share of their norm")
spread = max(s[5] for s in adam_shares.values()) / min(s[5] for s in adam_shares.values())
assert spread > 1.5 > max(s[5] for s in shares.values()) / min(s[5] for s in shares.values())
plt.show()

# %% [markdown]
# ## Now you
#
# `debias` is one line. This one counts steps from zero; the verdict shows where that leads.

# %%
def debias(mom, damp, step):
    return damp * (1 - mom ** (step - 1)) / (1 - mom)


check(debias)

# %% [markdown]
# Mend it, run the cell again, and write it into your kata file by `save(debias)` (from `checks`).
# The rest waits in `make check kata=optimizers`.
#
# **What was learnt.** One optimizer, into which everything is injected: stats that look back, and
# steppers that act. Momentum averages, Adam also rescales, debiasing mends the start, decay is about
# pace where a norm follows, epsilon is a real hyperparameter, and LAMB gives each layer its share.
# **The next question**: the network only sees what we show it. How do we get more out of the same
# pictures?
