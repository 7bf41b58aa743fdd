# %% [markdown]
# # Are SGD, momentum, Adam and LAMB one optimizer?
#
# They are. An optimizer visits every parameter of a network and does two things there. It updates
# a few *stats*, which are whatever it remembers of the gradients: an average, a count. Then it
# calls a few *steppers*, functions of one line that change the parameter. SGD, momentum, weight
# decay, Adam and LAMB differ in their stats and their steppers, and in nothing else. Each of these
# pieces holds one idea. Here every idea gets a picture.
#
# The exercises are in [katas/optimizers.py](../katas/optimizers.py): `make check kata=optimizers`.
# After each section you'll find the ones that belong to it.

# %%
from notebooks.plots import Picture, Sliders, curves, panels, valleys

import math
from functools import partial

import torch
import torch.nn.functional as F
from torch import nn

from checks import check

# %%
from solutions.batchnorm import RunningBatchNorm
from solutions.optimizers import AverageGrad, AverageSqrGrad, StatefulOptimizer, StepCount
from solutions.optimizers import Optimizer, adam_opt, adam_step, debias, l2_reg, lamb_opt, lin_comb
from solutions.optimizers import momentum_step, sgd_mom_opt, sgd_opt, sgd_step, weight_decay
from solutions.schedules import sched_exp

torch.set_num_threads(1)  # all is small here, and one thread is fastest

# %% [markdown]
# ## Groups: not every layer has to learn at the same rate
#
# Learning rate, momentum and the like are called *hyperparameters*: you choose them, and no
# gradient changes them. Our optimizer keeps them in a dict, one dict for each *group* of
# parameters. So a network that was trained before can keep its first layers frozen (rate 0), move
# the middle gently, and learn a new last layer at full speed. It takes a loop of two lines.

# %%
def data():
    torch.manual_seed(3)
    x = torch.randn(512, 20)
    return x, (x[:, :5].sin().sum(1) + 0.5 * x[:, 5] * x[:, 6] > 0).long()


def network():
    torch.manual_seed(4)
    layers = [nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2)]
    return nn.Sequential(*layers)


# %%
def descend(opt, loss):
    loss.backward()
    opt.step()
    opt.zero_grad()


def train(model, opt, look, steps=60):
    """What `look()` returns before the first step and after each."""
    (x, y), seen = data(), [look()]
    for _ in range(steps):
        descend(opt, F.cross_entropy(model(x), y))
        seen.append(look())
    return seen


# %%
model = network()
opt = Optimizer([model[i].parameters() for i in (0, 2, 4)], sgd_step, lr=0.0)
for hyper, lr in zip(opt.hypers, (0.0, 0.02, 0.2)):
    hyper["lr"] = lr
weights = train(model, opt, lambda: [model[i].weight.detach().clone() for i in (0, 2, 4)])
frozen, middle, last = [[(w - layer[0]).norm() for w in layer] for layer in zip(*weights)]

# %%
assert torch.equal(weights[-1][0], weights[0][0]) and last[-1] > 4 * middle[-1] > 0
curves(
    {"last layer, 0.2": last, "middle, 0.02": middle, "first, frozen": frozen},
    range(61), xlabel="step", ylabel="distance from the start",
    alt="The last layer's weights move far, the middle layer's a little, the first not at all.",
)

# %% [markdown]
# The frozen layer holds the same bits as before. In the lecture this is how a network is taken to
# new pictures: at first the last layer alone, then all of it, with small rates in front.
#
# **Your turn.** `make check kata=optimizers.Optimizer`: its `hypers` are these dicts. A schedule
# for each group is `ParamScheduler`'s, in [katas/learner.py](../katas/learner.py).
#
# ## Momentum is an average of the past
#
# Two hundred noisy gradients, all drawn around one slow wave, and one outlier of 6. At each step
# `AverageGrad` keeps the share `mom` of its average and takes the rest from the new gradient. The
# larger `mom`, the smoother the average, and the later it follows. With a kernel the second picture
# has a slider.

# %%
def averaged(grads, mom, dampening=True, debias=debias):  # this one, whatever a later cell defines
    """The running average after each gradient, and the same debiased (of that, more below)."""
    stat, p, seen = AverageGrad(dampening), torch.zeros(1), []
    state = stat.init_state(p)
    for step, p.grad in enumerate(grads.view(-1, 1), start=1):
        state = stat.update(p, state, mom=mom)
        average = state["grad_avg"].item()
        seen.append((average, average / debias(mom, state["mom_damp"], step)))
    return torch.tensor(seen).T


# %%
torch.manual_seed(1)
wave = torch.sin(torch.arange(200) / 30) * 0.5 + 1
grads = wave + torch.randn(200) * 0.3
grads[90] = 6.0
means = {mom: averaged(grads, mom)[1] for mom in (0.5, 0.9, 0.99)}

# %%
jumps = [(mean[90] - mean[89]).item() for mean in means.values()]
assert jumps[0] > 2 and 0.3 < jumps[1] < 0.8 and jumps[2] < 0.15
panels(
    {f"mom = {mom}": {"": mean} for mom, mean in means.items()},
    dots=grads, room=0.02, size=(8.4, 2.9), xlabel="step", ylabel="gradient, average",
    alt="Dots of noise and three averages: 0.5 is ragged and jumps at the outlier, 0.9 follows the "
    "wave with a small bump, 0.99 is smooth, late, and hardly moved by the outlier.",
)

# %%
def draw_average(mom):
    alt = f"The average with mom {mom:g} over two hundred dots, one of them far above the others."
    average = {"": averaged(grads, mom)[1]}
    return panels({f"mom = {mom:.2f}": average}, dots=grads, alt=alt, size=(7, 3), room=0.02,
                  xlabel="step", ylabel="gradient, average")


Sliders(draw_average, still={"mom": 0.95}, ranges={"mom": (0.0, 0.99, 0.01)})

# %% [markdown]
# **Your turn.** `make check kata=optimizers.AverageGrad`. Then find the `mom` on the slider at
# which the outlier's bump is about as high as the noise.
#
# ## Where does an average start?
#
# Now the outlier comes first. An average that starts *with the first value* believes it for a long
# time. One that starts *at zero* is too small at first. The cure is to start at zero, know how
# much weight all values so far have together, and divide by that: *debiasing*. `debias` is this
# sum of weights.

# %%
early, mom = grads.clone(), 0.99
early[0] = 6.0
believing = [early[0]]
for grad in early[1:]:
    believing.append(lin_comb(believing[-1], grad, mom))
from_zero, debiased = averaged(early, mom)
believed = mom**49  # the first value's weight in the average of fifty
shared = (1 - mom) * mom**49 / debias(mom, 1 - mom, 50)
print(f"the first value's weight after fifty: {believed:.0%}, debiased {shared:.1%}")
assert round(believed, 2) == 0.61 and round(shared, 3) == 0.015

# %%
assert abs(debiased[50] - wave[50]) < 0.4 < 1.5 < abs(believing[50] - wave[50])
assert from_zero[10] < 0.25 * wave[10]
panels(
    {"mom = 0.99": {"first value": believing, "zero": from_zero, "zero, debiased": debiased}},
    dots=early, size=(7, 3.2), xlabel="step", ylabel="gradient, average",
    alt="After an outlier at step 1 one average sinks slowly from 6, one climbs slowly from 0, and "
    "the debiased one is near the dots after a few steps.",
)

# %% [markdown]
# After fifty steps the outlier still has a weight of 61 % in the average that started with it, and
# of 1.5 % in the debiased one.
#
# A stat can also add each new gradient in full, without *dampening* it by `1 - mom`. What it keeps
# is then a sum, which ends up `1 / (1 - mom)` times as large as an average, and acts as a larger
# learning rate. `debias` knows of that too. For a gradient that is always 1:

# %%
ones = torch.ones(60)
sums, dampened = averaged(ones, 0.9, dampening=False), averaged(ones, 0.9)
assert torch.allclose(sums[1], ones) and torch.allclose(dampened[1], ones)
assert abs(sums[0][-1] - 10) < 0.1 and abs(dampened[0][0] - 0.1) < 1e-6
curves(
    {"a sum": sums[0], "dampened": dampened[0], "debiased, either way": dampened[1]},
    xlabel="step", ylabel="average of a gradient of 1", yscale="log", room=0.35,
    alt="With mom 0.9 the sum climbs from 1 to 10, the dampened average from 0.1 to 1, and the "
    "debiased one is 1 at every step.",
)

# %% [markdown]
# **Where two debiases cancel.** The running batch norm of the third notebook divides a running sum
# by a running count. Both start at zero, both are too small by the same factor, and in their ratio
# the factor cancels. So nothing has to be debiased there. Here the true mean is 3.

# %%
torch.manual_seed(5)
norm, seen = RunningBatchNorm(1), []
for step in range(1, 31):
    norm(torch.randn(2, 1, 8, 8) + 3)  # 128 values
    weight = debias(0.9, 0.1, step)
    sums, count = norm.sums.item() / 128, norm.count.item() / 128
    assert abs(count - weight) < 1e-5, "the count is too small by what debias says"
    assert abs(sums / count - (sums / weight) / (count / weight)) < 1e-6, "and so is the sum"
    seen.append((sums, count, sums / count))
assert seen[0][0] < 0.4 and all(abs(mean - 3) < 0.3 for _, _, mean in seen)

# %%
curves(
    dict(zip(("sum of values", "count of values", "sum / count"), zip(*seen))),
    xlabel="step", ylabel="per value of a batch",
    alt="Sum and count both climb slowly from near zero, and their ratio is near 3 from the start.",
)

# %% [markdown]
# **Your turn.** `debias` is one line. This one counts steps from zero; run the cell and read the
# verdict. Mend it, run it again, and write it into your kata file with `save(debias)` (from
# `checks`).

# %%
def debias(mom, damp, step):
    return damp * (1 - mom ** (step - 1)) / (1 - mom)


check(debias)

# %% [markdown]
# ## Paths down a valley
#
# A loss of two numbers, thirty times steeper one way than the other. A plain step is as long as
# the slope is steep. So the steep side decides how large the rate may be, and along the flat side
# everything crawls. Momentum cancels the zigzag and sums up along the valley. Adam divides each
# number's step by the size of its gradients, so both go at the same pace.
#
# Such a comparison is fair only if each may choose its own best rate. So we try 41 rates, and four
# values of `mom`. Groups make it cheap: each rate is a group of its own in one optimizer.

# %%
def loss_at(w, turned=False):
    a, b = w[..., 0], w[..., 1]
    if turned:  # the valley lies across both numbers
        a, b = (a + b) / 2**0.5, (a - b) / 2**0.5
    return 0.5 * (a**2 + 30 * b**2)


# %%
def paths(opt_func, rates, turned, steps=40, **hypers):
    ws, seen = [torch.tensor([-4.0, 1.5], requires_grad=True) for _ in rates], []
    opt = opt_func([[w] for w in ws], **hypers)
    for hyper, rate in zip(opt.hypers, rates):
        hyper["lr"] = rate
    for _ in range(steps):
        seen.append(torch.stack(ws).detach())
        descend(opt, loss_at(torch.stack(ws), turned).sum())
    return torch.stack([*seen, torch.stack(ws).detach()], 1)  # rate, step, 2


# %%
def best_path(opt_func, turned=False):
    rates, found = torch.logspace(-3.5, 0.5, 41).tolist(), []
    for mom in (0.3, 0.5, 0.7, 0.9) if opt_func is not sgd_opt else (None,):
        hypers = {} if mom is None else {"mom": mom}
        for rate, path in zip(rates, paths(opt_func, rates, turned, **hypers)):
            loss = loss_at(path[-1], turned).item()
            if math.isfinite(loss):
                found.append((loss, rate, mom, path))
    return min(found, key=lambda o: o[0])


optimizers = {"SGD": sgd_opt, "momentum": sgd_mom_opt, "Adam": adam_opt}
straight = {name: best_path(opt_func) for name, opt_func in optimizers.items()}
turned = {name: best_path(opt_func, turned=True) for name, opt_func in optimizers.items()}

# %%
for where, found in ("along the numbers", straight), ("turned by 45 degrees", turned):
    print(f"a valley {where}")
    for name, (loss, rate, mom, _) in found.items():
        print(f"    {name:>8}: loss {loss:.0e} at its best, rate {rate:.2f}, mom {mom}")
assert straight["Adam"][0] < straight["momentum"][0] < 1e-5 < straight["SGD"][0]
assert turned["momentum"][0] < turned["Adam"][0] < 1e-4 < turned["SGD"][0]

# %%
valleys(
    loss_at, {f"{name}, rate {rate:.2f}": path for name, (_, rate, _, path) in straight.items()},
    alt="Three paths to a star in a long valley: SGD zigzags and stops short of it, momentum "
    "swings into it, Adam goes there almost straight.",
)

# %%
valleys(
    partial(loss_at, turned=True),
    {f"{name}, rate {rate:.2f}": path for name, (_, rate, _, path) in turned.items()},
    alt="In a slanting valley all three swing across it, momentum widest; SGD and Adam then creep "
    "along its bottom to the star.",
)

# %% [markdown]
# After forty steps momentum is far ahead of SGD in both valleys. Adam is ahead of all where the
# valley lies along the numbers, since then a rate for each number is all it takes. Turn the valley
# by 45 degrees and both numbers are equally steep: Adam has nothing left to tell apart, and
# momentum wins.
#
# **Your turn.** `make check kata=optimizers.adam_step`. Then make the valley a hundred times
# steeper (the 30 in `loss_at`). The assertions fail, and the printed losses tell you for which of
# the three it makes no difference, and in which valley. Guess before you run the cells.
#
# ## Weight decay and L2 are the same, until they aren't
#
# `weight_decay` shrinks each weight by the factor `1 - lr*wd`. `l2_reg` adds `wd*p` to the
# gradient, as the derivative of the penalty `wd/2 * |p|**2` would. With plain SGD this is the same
# arithmetic. With Adam it isn't, and the size of the gradients decides what is left of L2. Ten
# thousand weights start at 1, and their gradients are pure noise, small or large. Decay is all that
# pulls at them.

# %%
def decayed(steppers, stats, noise, steps=100):
    """The mean of the weights after each step."""
    torch.manual_seed(2)
    p, seen = torch.ones(10_000, requires_grad=True), []
    opt = StatefulOptimizer([p], steppers, stats, lr=0.01, wd=1.0)
    for _ in range(steps):
        p.grad = torch.randn(10_000) * noise
        opt.step()
        seen.append(p.mean().item())
    return torch.tensor(seen)


# %%
adam = [AverageGrad(dampening=True), AverageSqrGrad(), StepCount()]
plain = {kind: decayed([kind, sgd_step], [], 0.1) for kind in (weight_decay, l2_reg)}
small = {kind: decayed([kind, adam_step], adam, 0.1) for kind in plain}
large = {kind: decayed([kind, adam_step], adam, 10.0) for kind in plain}
assert torch.allclose(plain[l2_reg], plain[weight_decay], atol=1e-4)
assert torch.allclose(small[weight_decay], large[weight_decay], atol=0.01)
ends = [o[-1].item() for o in (plain[l2_reg], large[weight_decay], large[l2_reg], small[l2_reg])]
assert [round(end, 2) for end in ends] == [0.37, 0.37, 0.91, 0.21]

# %%
kinds = ("L2, large gradients", "decay, either", "L2, small gradients")
by_adam = dict(zip(kinds, (large[l2_reg], large[weight_decay], small[l2_reg])))
panels(
    {"SGD": {"decay and L2": plain[l2_reg]}, "Adam": by_adam}, room=0.45, size=(8, 3),
    xlabel="step", ylabel="mean of the weights",
    alt="Under SGD one line falls to 0.37. Under Adam decay does the same; L2 hardly falls with "
    "large gradients, and falls to 0.21 with small ones.",
)

# %% [markdown]
# Adam divides the whole gradient by its size, and L2 is a part of the gradient. Weights with large
# gradients are hardly decayed then (91 % is left after a hundred steps), and weights with small
# ones more than you asked for (21 %). Real decay doesn't ask for gradients: 37 %, in every case.
# That's why [AdamW](https://arxiv.org/abs/1711.05101) (Loshchilov & Hutter 2017) was invented.
#
# **Your turn.** `make check kata=optimizers.weight_decay` and `optimizers.l2_reg`; then
# `optimizers.StatefulOptimizer`, where L2 has to come before the stats.
#
# ## What does weight decay do under batch norm?
#
# Put batch norm behind a layer and the size of the layer's weights stops mattering: the norm
# divides it away. Scale them by a third and the output is what it was before.

# %%
def normed():
    torch.manual_seed(4)
    layer, norm = nn.Linear(20, 64, bias=False), nn.BatchNorm1d(64, eps=1e-9)
    return nn.Sequential(layer, norm, nn.ReLU(), nn.Linear(64, 2)).double()


model, x = normed(), data()[0].double()
before = model(x), model[0](x)
model[0].weight.data.div_(3)
assert torch.allclose(model(x), before[0]), "the same answers"
assert torch.allclose(model[0](x) * 3, before[1]), "though the layer's own output is a third"

# %% [markdown]
# So decay can't make this function simpler. What does it do? Only the *direction* of the weights
# matters now, and smaller weights turn faster, for two reasons. The same step turns a short arrow
# further than a long one. And the gradient is larger for smaller weights: halve them, and it
# doubles. Both together make the pace `lr / |w|**2`, which is called the **effective learning
# rate**.
#
# If that's all that decay does, then a schedule can replace it. The arithmetic says which: the rate
# has to grow by `1 / (1 - lr*wd)**2` with each step. We train three times, and decay nothing but
# the layer in front of the norm.

# %%
def effective(wd=0.0, rates=lambda pos: 0.1, steps=320):
    """Loss, rate and size of the normed layer's weights at each step."""
    model, (x, y), seen = normed(), data(), []
    groups = [model[:1].parameters(), model[1:].parameters()]
    opt = Optimizer(groups, [weight_decay, sgd_step], lr=0.1, wd=0.0)
    for step in range(steps):
        opt.hypers[0] |= {"wd": wd, "lr": rates(step / steps)}
        rows = torch.randint(len(x), (64,))
        loss = F.cross_entropy(model(x[rows].double()), y[rows])
        seen.append((loss.item(), opt.hypers[0]["lr"], model[0].weight.detach().norm().item()))
        descend(opt, loss)
    return torch.tensor(seen).T


# %%
shrink = 1 - 0.1 * 0.05
growing = sched_exp(0.1 / shrink, 0.1 / shrink**641)
runs = {
    "growing rate, no decay": effective(rates=growing),
    "decay": effective(wd=0.05),
    "neither": effective(),
}
losses, rates, sizes = map(list, zip(*runs.values()))
assert (losses[0] - losses[1]).abs().max() < 1e-6, "the same loss in all 320 batches"
assert (losses[2] - losses[1]).abs().max() > 0.03, "and another without either"

# %%
pace = [rate / size**2 for rate, size in zip(rates, sizes)]
assert sizes[0][-1] > 4 * sizes[1][-1] and 8 < pace[1][-1] / pace[2][-1] < 11
parts = {"size of the weights |w|": sizes, "effective rate lr / |w|²": pace}
panels(
    {what: dict(zip(runs, lines)) for what, lines in parts.items()},
    shared=False, room=0.45, size=(8.4, 3), xlabel="step", yscale="log",
    alt="Left: decay shrinks the weights, the growing rate makes them larger. Right: both have the "
    "same effective rate, which rises, while without either it stays flat.",
)

# %% [markdown]
# Weights of very different size, one effective rate, and *the same losses in all 320 batches*, to
# six decimals. Under batch norm this decay is a learning-rate schedule and nothing else: after 320
# steps the effective rate is nine or ten times as high as without. (For the layers without a norm
# behind them decay still does what its name says.)
#
# The lecture left the question open and named the papers to read:
#
# - van Laarhoven 2017, [L2 regularization versus batch and weight
#   normalization](https://arxiv.org/abs/1706.05350): the effective learning rate;
# - Hoffer et al. 2018, [Norm matters](https://arxiv.org/abs/1803.01814): decay replaced by a
#   correction of the rate;
# - Zhang et al. 2018, [Three mechanisms of weight decay
#   regularization](https://arxiv.org/abs/1810.12281): what it does for each optimizer;
# - and later Li & Arora 2019, [An exponential learning rate schedule for deep
#   learning](https://arxiv.org/abs/1910.07454): the exact equality that you've seen.
#
# **Your turn.** Decay all layers: in `effective`, set `opt.hypers[1]["wd"]` to `wd` too. Which
# assertion fails, and why?
#
# ## Epsilon is a choice between Adam and momentum
#
# Adam divides by `sqrt(average square) + eps`. With a tiny eps every step is about `lr` long,
# however small the gradient: where gradients fade, what is left of them is noise, and it's blown up
# to full steps. With eps near 1 the division hardly matters, and Adam is momentum with another
# rate. In between it's a limit: no gradient is magnified by more than `1 / eps`.
#
# Look where epsilon stands, too. Some libraries add it *inside* the root. The same number is then
# a very different choice.

# %%
sizes = torch.logspace(-8, 1, 181)


def outside(eps):
    """The length of Adam's step over lr, for steady gradients of each size."""
    p = torch.zeros(len(sizes), requires_grad=True)
    p.grad = sizes.clone()
    adam_opt([p], lr=1.0, eps=eps).step()
    return -p.detach()


def inside(eps):
    return sizes / (sizes**2 + eps).sqrt()


# %%
def half(lengths):
    """The size of gradient from which on a step is at least half as long as it can be."""
    return sizes[(lengths >= 0.5).float().argmax()].item()


for eps in (1e-6, 1e-3, 1e-1):
    assert 0.9 * eps < half(outside(eps)) < 1.2 * eps
    assert 0.9 < half(inside(eps)) / (eps / 3) ** 0.5 < 1.2
    assert (outside(eps) <= sizes / eps * 1.001).all(), "magnified by 1 / eps at most"

# %%
faint = sizes < 0.01
assert torch.allclose(outside(1.0)[faint], sizes[faint], rtol=0.02), "eps 1: as long as it is"
parts = {
    f"eps {place.__name__} the root": {f"{eps:.0e}": place(eps) for eps in (1e-7, 1e-4, 1e-1)}
    for place in (outside, inside)
}
panels(
    parts, sizes, where=52, size=(8, 3.2), xlabel="size of a steady gradient",
    ylabel="length of the step / lr", xscale="log", yscale="log", ylim=(1e-8, 4), xlim=(1e-8, 10),
    alt="Each line rises with the gradient and then stays at 1. Outside the root it bends where "
    "the gradient is eps, inside where it's about the root of eps.",
)

# %% [markdown]
# Outside the root, a step reaches half its length where the gradient is as large as `eps`; inside,
# where it's 0.58 times the *root* of `eps`. So 1e-6 inside acts like 6e-4 outside. The lecture's
# advice: don't leave it at 1e-7, try 1e-3 to 1e-1 (outside). Slide it:

# %%
def draw_epsilon(exponent):
    eps = 10**exponent
    both = {"outside": outside(eps), "inside": inside(eps)}
    alt = f"Length of a step for gradients of each size, eps {eps:.0e} outside and inside the root."
    return panels({f"eps = {eps:.0e}": both}, sizes, alt=alt, size=(7, 3), where=50, xscale="log",
                  yscale="log", ylim=(1e-8, 4), xlabel="size of a steady gradient",
                  ylabel="length of the step / lr")


Sliders(draw_epsilon, still={"exponent": -3.0}, ranges={"exponent": (-8.0, 0.0, 0.5)})

# %% [markdown]
# **Your turn.** In [katas/optimizers.py](../katas/optimizers.py) epsilon stands outside. Move it
# inside in your `adam_step` and run `make check kata=optimizers.adam_step`: the verdict names it.
#
# ## LAMB asks every layer how large it is
#
# Adam moves each *number* by about `lr`. So the step of a whole layer is longer the more numbers it
# has, whatever the size of its weights: in units of `lr` it's at most the root of their count. LAMB
# multiplies each layer's step by a ratio, the norm of its weights over the norm of Adam's step. So
# every layer changes by the same share of itself. We make the last layer's weights ten times
# smaller, as people do who want a network to start out undecided.

# %%
def small_head():
    """The network with a small last layer, and biases of 0."""
    model = network()
    for i in (0, 2, 4):
        nn.init.zeros_(model[i].bias)
    model[4].weight.data.div_(10)
    return model


# %%
def watched(opt_func, steps=8):
    """Of each layer, at each step: the norm of its weights, and of their change."""
    model = small_head()
    opt = opt_func(model.parameters(), lr=0.01)
    seen = train(model, opt, lambda: [model[i].weight.detach().clone() for i in (0, 2, 4)], steps)
    layers = [torch.stack(o).flatten(1) for o in zip(*seen)]  # step, number
    norms = torch.stack([o[:-1].norm(dim=1) for o in layers])
    assert all(model[i].bias.detach().abs().sum() > 0 for i in (0, 2, 4)), "biases leave zero"
    return norms, torch.stack([o.diff(dim=0).norm(dim=1) for o in layers])


# %%
norms, changes = watched(adam_opt)
adams = changes / 0.01
for layer, count, step, norm in zip((1, 2, 3), (1280, 4096, 128), adams[:, 0], norms[:, 0]):
    print(f"layer {layer}: {count:4} numbers, |w| {norm:4.2f}, Adam's first step {step:4.1f} lr")
    assert 0.6 * count**0.5 < step <= 1.001 * count**0.5
lamb_norms, lamb_changes = watched(lamb_opt)
assert torch.allclose(lamb_changes, 0.01 * lamb_norms, rtol=0.01)

# %%
ratios, shares, names = norms / adams, changes / norms, ("layer 1", "layer 2", "layer 3")
assert ratios[0, 0] > 8 * ratios[2, 0] and shares[2, 0] > 1 and shares[:2, 0].max() < 0.12
parts = {
    "the ratio |w| / |step|": dict(zip(names, ratios)),
    "Adam: change / |w|": dict(zip(names, shares)),
    "LAMB: change / |w|": {"all three": lamb_changes[0] / lamb_norms[0]},
}
panels(
    parts, shared=False, size=(8.4, 3), xlabel="step", yscale="log", ylim=(0.005, 3),
    alt="The ratio is smallest for the last layer. Under Adam that layer changes by a far larger "
    "share than the others at first; under LAMB all three change by the same share.",
)

# %% [markdown]
# Adam's first step is longer than the small last layer's weights themselves, while the other two
# change by about a tenth or less. Under LAMB each layer changes by `lr`, here 1 %, of its own size
# at every step. A bias that starts at zero has no size: its ratio is 1, so that it can leave zero.
# In the lecture's code the ratio is 0 then, and the bias never moves.
#
# **Your turn.** `make check kata=optimizers.lamb_step`, and at last all of
# [katas/optimizers.py](../katas/optimizers.py): `make check kata=optimizers`.
#
# **What you've learnt.** One optimizer, with everything injected: stats that look back, steppers
# that act, groups that differ. Momentum averages, debiasing mends the start, Adam rescales each
# number (and profits if the valley lies along the numbers), decay under a norm is a schedule,
# epsilon is a real hyperparameter, and LAMB moves each layer by its share.
# **The next question**: the network only sees what we show it. [How do we get more out of the same
# pictures?](5_augmentation.ipynb)
