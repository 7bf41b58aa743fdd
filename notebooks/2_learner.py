# %% [markdown]
# # How does a network get trained, and how can the training be changed without touching it?
#
# A loop over batches: predict, measure the loss, ask for gradients, step. Everything else that
# people do in training (schedules, tables, bars, GPUs, early stops) happens *between* these four
# lines. Here one `Learner` keeps the loop and announces every moment of it by an event; whatever
# shall happen at that moment is a *callback*. We train a small network by ten lines, watch its
# events, draw schedules, find a learning rate, and see what one-cycle is worth.
#
# The exercises: `make check kata=schedules`, `make check kata=learner`, `make check kata=progress`.

# %%
import random
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

from checks import check, show
from checks.learning.gallery import label, use_style
from solutions.batches import channel_stats, databunchify, normalize_chan
from solutions.convnet import conv_layer, get_cnn_layers, init_cnn
from solutions.item_lists import ImageList
from solutions.labels import CategoryProcessor, SplitData, grandparent_splitter
from solutions.labels import label_by_func, parent_labeler

# %%
from solutions.learner import BatchTransformXCallback, Callback, CancelTrainException, Learner
from solutions.learner import LRFind, ParamScheduler, Recorder
from solutions.optimizers import adam_opt, sgd_mom_opt
from solutions.progress import AvgStatsCallback
from solutions.schedules import combine_scheds, cos_1cycle_anneal, sched_cos, sched_exp, sched_lin
from solutions.schedules import sched_no
from solutions.trainer.sketches import NAMES, draw_sketches
from solutions.transforms import MakeRGB, ResizeFixed, pil_to_float

use_style()

# %% [markdown]
# ## The data, in seven lines
#
# The repository draws its own pictures: ten classes, named as in Imagenette. The data block takes
# them from a folder to batches: list the files, split them, label them, transform them. The last
# notebook told how; here it is only used, on every fourth picture and at 32 pixels.

# %%
root = draw_sketches(Path("../data/sketches"))
files = sorted(ImageList.from_files(root).items)[::4]
pictures = ImageList(files, root, tfms=[MakeRGB(), ResizeFixed(32), pil_to_float])
split = SplitData.split_by_func(pictures, partial(grandparent_splitter, valid_name="val"))
proc = CategoryProcessor()
labelled = label_by_func(split, parent_labeler, proc_y=proc)
names = [NAMES[wnid] for wnid in proc.vocab]
len(labelled.train), len(labelled.valid), names

# %% [markdown]
# A data set that fits into memory is decoded once. What the loader then shuffles and stacks are
# tensors that are there already.

# %%
labelled.train = [labelled.train[i] for i in range(len(labelled.train))]
labelled.valid = [labelled.valid[i] for i in range(len(labelled.valid))]
data = databunchify(labelled, bs=64, c_in=3, c_out=10)
some = labelled.valid[::25]
stats = channel_stats(torch.stack([x for x, _ in labelled.train[::8]]))
show([x for x, _ in some], [names[y] for _, y in some], columns=5)

# %% [markdown]
# ## Ten lines that train
#
# `make_learner` says all that there is to say: a model, the data, a loss function, an optimizer,
# a learning rate. Two callbacks are added: one normalizes each batch, the other prints the table.

# %%
def accuracy(pred, yb):
    return (pred.argmax(1) == yb).float().mean()


def make_learner(opt_func=sgd_mom_opt, lr=0.05, cbs=()):
    random.seed(1)
    torch.manual_seed(1)
    model = torch.nn.Sequential(*get_cnn_layers(3, 10, [32, 64], conv_layer))
    init_cnn(model)
    normalize = BatchTransformXCallback(partial(normalize_chan, mean=stats[0], std=stats[1]))
    cbs = [normalize, AvgStatsCallback([accuracy]), Recorder(), *cbs]
    return Learner(model, data, F.cross_entropy, opt_func, lr=lr, cbs=cbs)


# %%
def table(row):
    print(" ".join(f"{cell:>14}" for cell in row[:-1]))  # all but the time, which varies


learn = make_learner()
learn.logger = table
learn.fit(2)
assert learn.avg_stats.valid_stats.avg_stats[1] > 0.3, "chance would be 0.1"

# %% [markdown]
# ## What a callback sees
#
# An event is a name. The learner calls every callback with it, in the order of their `_order`; a
# callback that has a method of that name acts. This one only listens, for a fit of one epoch that
# it ends after two batches by raising `CancelTrainException`, which skips the rest of the fit and
# nothing else: `after_batch` and `after_fit` still come.

# %%
class Listen(Callback):
    def begin_fit(self):
        self.heard = []

    def after_step(self):
        if self.iter == 1:
            raise CancelTrainException

    def __call__(self, event):
        super().__call__("begin_fit" if event == "begin_fit" else "")
        self.heard.append(event)
        super().__call__(event if event != "begin_fit" else "")


# %%
learn.fit(1, cbs=Listen())
heard = learn.listen.heard
print("\n".join(f"{i:>3} {event}" for i, event in enumerate(heard, start=1)))
assert heard[-3:] == ["after_batch", "after_cancel_train", "after_fit"]
assert "begin_validate" not in heard and learn.listen not in learn.cbs

# %% [markdown]
# The callback came with `fit` and left with it. Had it raised any other error, it would have left
# as well: a learner is as usable after a failure as before.
#
# ## Schedules are functions of a share
#
# A schedule answers one question: how large is a hyperparameter when the share `pos` of the
# training is over? Four shapes, from 0.1 to 1, and two of them put together:

# %%
pos = torch.linspace(0, 1, 201).tolist()
shapes = {"no": sched_no, "linear": sched_lin, "cosine": sched_cos, "exponential": sched_exp}
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True)
for name, shape in shapes.items():
    (line,) = left.plot(pos, [shape(0.1, 1.0)(p) for p in pos])
    label(left, line, name, where={"no": -1, "linear": 100, "cosine": 60, "exponential": 150}[name])
one_cycle = combine_scheds([0.3, 0.7], cos_1cycle_anneal(0.1, 1.0, 0.01))
right.plot(pos, [one_cycle(p) for p in pos])
left.set(xlabel="share of the training", ylabel="value", title="from 0.1 to 1")
right.set(xlabel="share of the training", title="one cycle: up for 30 %, down for 70 %")
assert [one_cycle(p) for p in (0.0, 0.3, 1.0)] == [0.1, 1.0, 0.01]
plt.show()

# %% [markdown]
# `combine_scheds` gives each phase its own 0 to 1. The border cases decide whether it is right: at
# exactly 0.3 the second phase begins, and at exactly 1.0 there is no third one. The lecture's code
# asked for it, and failed there.
#
# ## Which learning rate?
#
# `LRFind` trains with a rate that grows by a constant factor with every batch, until the loss
# explodes; then it puts the weights back. A good rate is one at which the loss falls steeply, some
# way before its lowest point.

# %%
learn = make_learner()
before = [p.clone() for p in learn.model.parameters()]
learn.logger = lambda row: None
learn.fit(8, cbs=LRFind(max_iter=120, min_lr=1e-4, max_lr=10))
assert all(torch.equal(p, b) for p, b in zip(learn.model.parameters(), before))
lrs, losses = learn.recorder.lrs[0], [float(o) for o in learn.recorder.losses]
smooth = [sum(losses[max(i - 4, 0) : i + 1]) / len(losses[max(i - 4, 0) : i + 1]) for i in range(len(losses))]

# %%
fig, ax = plt.subplots()
ax.semilogx(lrs, losses, color="#bbbbbb", linestyle="-")
(line,) = ax.semilogx(lrs, smooth)
best = min(range(len(smooth)), key=smooth.__getitem__)
ax.plot(lrs[best], smooth[best], "o")
ax.annotate(f"lowest at {lrs[best]:.2g}", (lrs[best], smooth[best]), (0, -14), textcoords="offset points", ha="center")
ax.set(xlabel="learning rate", ylabel="loss of a batch", ylim=(min(losses) - 0.4, losses[0] * 1.6))
assert 0.003 < lrs[best] < 3 and max(losses[-3:]) > losses[0]
plt.show()

# %% [markdown]
# ## What is one-cycle worth?
#
# The same network, the same seed, the same four epochs: at two constant rates, and with the rate on
# one cycle up to the higher of them, the momentum on its mirror image. The recorder kept what
# each batch had.

# %%
def scheduled(top):
    lr = combine_scheds([0.3, 0.7], cos_1cycle_anneal(top / 10, top, top / 1000))
    mom = combine_scheds([0.3, 0.7], cos_1cycle_anneal(0.95, 0.85, 0.95))
    return [ParamScheduler("lr", lr), ParamScheduler("mom", mom)]


runs = {"constant 0.001": 0.001, "constant 0.01": 0.01}
learners = {name: make_learner(adam_opt, lr) for name, lr in runs.items()}
learners["one cycle to 0.01"] = make_learner(adam_opt, cbs=scheduled(0.01))
for name, learn in learners.items():
    learn.logger = lambda row: None
    learn.fit(4)

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2))
for name, learn in learners.items():
    losses = torch.stack(learn.recorder.losses)
    smooth = losses.unfold(0, 8, 1).mean(1)
    (line,) = left.plot(range(7, len(losses)), smooth)
    label(left, line, name)
    right.plot(learn.recorder.lrs[0])
left.set(xlabel="batch", ylabel="loss, mean of 8 batches", xlim=(0, len(losses) * 1.5))
right.set(xlabel="batch", ylabel="learning rate")
plt.show()
reached = {name: learn.avg_stats.valid_stats.avg_stats for name, learn in learners.items()}
for name, (loss, share) in reached.items():
    print(f"{name:>18}: validation loss {loss:.2f}, accuracy {share:.2f}")
assert reached["one cycle to 0.01"][0] < reached["constant 0.001"][0] - 0.2
assert reached["one cycle to 0.01"][0] < reached["constant 0.01"][0] + 0.2

# %% [markdown]
# A high rate in the middle covers ground; the long way down settles. The momentum is low while the
# rate is high, and the other way round, so that the two together do not overshoot. On so short a
# training as this, a constant rate that happens to be well chosen does as well; a rate that is too
# careful does not. `make ablate` measures the difference on the whole data set, with several seeds.
#
# ## Now you
#
# An exercise can be written in a cell and judged there. This answer has a mistake in it; the
# verdict says which property fails, in which call, and what the mistake may be.

# %%
def sched_lin(start, end):
    return lambda pos: start + pos * end


check(sched_lin)

# %% [markdown]
# Mend it and run the cell again; `from checks import save` and `save(sched_lin)` write it into
# `katas/schedules.py` and keep the old file. Then go on with `make check kata=schedules` and
# `make check kata=learner`.
#
# **What was learnt.** The loop is short and fixed; what varies hangs on its events. A schedule is a
# function of the share that is over. A learning-rate search is a fit with a schedule that puts the
# weights back. **The next question**: what happens inside the network while all this goes on?
