# %% [markdown]
# # Do all the pieces, put together, train a network that is worth something?
#
# `make train` is a program of a few hundred lines, and most of what it does is done by the pieces of
# the katas. Here it is taken apart: a recipe, pictures, a network, a learner with its callbacks, one
# call of `fit`. Then we look at what the network says of pictures that it has not seen, and at last
# the trainer gets another piece, written in a cell, in place of the reference's.
#
# The exercises: all of them. `make check` judges every kata, `make progress` says which pieces are
# yours, and `make train with=katas` trains with those.

# %%
import importlib
import inspect
import os
import random
import tempfile
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as the trainer: before torch is loaded

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from PIL import Image

# %%
from checks import check, show
from checks.judging.assembly import Assembly, Source, uninstall
from checks.judging.curriculum import course
from checks.learning.gallery import use_style

use_style()

from solutions.trainer.train import record_callbacks, report
from solutions.trainer.optimization import schedule_callbacks
from solutions.trainer.networks import initialise, input_callbacks, make_network, network_input
from solutions.optimizers import adam_opt
from solutions.trainer.pictures import class_names, load_pictures
from solutions.trainer.predict import load_learner, said

# %%
from solutions.learner import Learner
from solutions.trainer.recipes import RECIPES, Setting, TrainError
from solutions.trainer.report import confusion, predictions
from solutions.trainer.checkpoints import CHECKPOINT, Checkpoint, load_checkpoint
from solutions.trainer.sketches import draw_sketches
from solutions.transforms import to_float_tensor

# %% [markdown]
# ## A recipe says what is to be done
#
# All that decides how a network is trained stands in one frozen object, and each option of the
# command line is a field of it. This one is the trainer's `quick` recipe, made smaller: 32 pixels and
# two layers behind the stem. An option out of its limits is refused before anything is computed.

# %%
recipe = replace(RECIPES["quick"], size=32, widths=(64, 128), augment="pil")
print({k: v for k, v in asdict(recipe).items() if v != getattr(RECIPES["quick"], k)})
try:
    replace(recipe, optimizer="adm")
    told = ""
except TrainError as error:
    told = str(error)
print(told)
assert "did you mean adam" in told

# %% [markdown]
# ## Pictures
#
# The trainer takes any folder in Imagenette's layout, `train/<class>/` and `val/<class>/`. To be
# quick we make one of links: every third of the training pictures that the repository draws, and
# every second of the others.

# %%
def folder_of_links(name, train, val):
    for part, step in ("train", train), ("val", val):
        for file in sorted((sketches / part).glob("*/*"))[::step]:
            link = place / name / part / file.parent.name / file.name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)
    return place / name


sketches = draw_sketches(Path("../data/sketches")).resolve()
temporary = tempfile.TemporaryDirectory()
place = Path(temporary.name)
root = folder_of_links("some", train=3, val=2)

# %% [markdown]
# `load_pictures` is the data block of the first notebook: list, split, label, transform, batch. What
# comes out of a loader are bytes; training pictures are cropped and flipped anew in every epoch.

# %%
random.seed(recipe.seed)
torch.manual_seed(recipe.seed)
device = torch.device("cpu")
pictures = load_pictures(root, recipe, Setting(workers=0), device)
names = class_names(pictures.vocab)
mean, std = pictures.stats()
xb, yb = next(iter(pictures.data.train_dl))
assert xb.dtype == torch.uint8 and xb.shape == (recipe.batch_size, 3, 32, 32)
show(xb[:10], [names[y] for y in yb[:10]], columns=5)

# %% [markdown]
# ## A network that starts well
#
# `make_network` stacks the layers of kata `convnet`. LSUV then sends a sample of the pictures through
# and scales each layer until what it gives has a spread near 1, as the third notebook tells.

# %%
net = make_network(recipe, len(names)).to(memory_format=torch.channels_last)
sample = network_input(pictures.sample, mean, std)
with torch.no_grad():
    before = [net[:i](sample).std().item() for i in range(1, 6)]
    initialise(net, recipe, sample)
    after = [net[:i](sample).std().item() for i in range(1, 6)]
for title, stds in ("as torch starts", before), ("LSUV", after):
    print(f"{title:>15}: " + " ".join(f"{std:5.2f}" for std in stds))
print(f"{sum(p.numel() for p in net.parameters()):,} parameters")
assert all(abs(std - 1) < 0.05 for std in after)

# %% [markdown]
# ## The learner, and who listens to it
#
# The trainer adds nothing to the loop of kata `learner`. Everything else is a callback, and their
# `_order` says who acts first at an event: normalize before the batch is used, stop at a loss that is
# no number, keep a checkpoint when everybody else has done with the epoch.

# %%
folder = place / "run"
folder.mkdir()
fixed = {"recipe": asdict(recipe), "setting": asdict(Setting()), "vocab": pictures.vocab}
checkpoint = Checkpoint(folder / CHECKPOINT, net, fixed | {"mean": mean, "std": std})
cbs = [*input_callbacks(recipe, mean, std, device), *schedule_callbacks(recipe)]
cbs += record_callbacks(checkpoint, None)
adam = partial(adam_opt, wd=recipe.wd)
learn = Learner(net, pictures.data, F.cross_entropy, adam, lr=recipe.lr, cbs=cbs)
for cb in sorted(learn.cbs, key=lambda cb: cb._order):
    print(f"{cb._order:>6}  {type(cb).__name__}")
assert max(learn.cbs, key=lambda cb: cb._order) is checkpoint

# %% [markdown]
# ## The training
#
# One call. The table is the one of `make train`, but for the column with the time.

# %%
def print_row(row):
    print(" ".join(f"{cell[:14]:>14}" for cell in row[:-1]))


learn.logger = print_row
learn.fit(recipe.epochs)
with plt.rc_context({"axes.grid": False}):
    report(learn, names, folder)
reached = float(learn.rows.kept[-1][learn.rows.kept[0].index("valid_accuracy")])
assert reached > 0.4, "chance would be 0.1"
assert (folder / CHECKPOINT).exists()

# %% [markdown]
# `report` has drawn the three pictures that stand in the folder of every run. The first is the
# course of the training: the loss of each batch in grey, learning rate and momentum on one cycle, the
# one a mirror image of the other. While pictures are cropped at random, the training loss may stay
# above the validation loss: the network trains on harder pictures than it is asked about.

# %%
Image.open(folder / "curves.png")

# %% [markdown]
# ## Predictions
#
# A checkpoint holds all that a prediction needs: recipe, class names, channel statistics, weights.
# `make predict` builds a learner of it, which has pictures and no labels. The network's scores become
# probabilities by softmax. Here it is asked about ten pictures, one of each class; below its two
# likeliest answers stands the truth.

# %%
files = sorted((root / "val").glob("*/*"))[3::50]
asked = load_learner(load_checkpoint(folder / CHECKPOINT), files)
probabilities, _ = predictions(asked, asked.data.valid_dl)
answers = ["\n".join(said(row, names, most=2)) for row in probabilities.tolist()]
truth = [names[pictures.vocab.index(file.parent.name)] for file in files]
titles = [f"{answer}\nis {true}" for answer, true in zip(answers, truth)]
assert torch.allclose(probabilities.sum(1), torch.ones(len(files)))
show([to_float_tensor(x) for x in asked.data.valid_ds.x[:]], titles, columns=5, side=1.7)

# %% [markdown]
# ## Confusion
#
# One number, the accuracy, hides where the mistakes are. In the confusion matrix each row is a true
# class, and tells in percent what its pictures were taken for. A good network has a dark diagonal;
# what is dark beside it is a pair that looks alike at 32 pixels.

# %%
probabilities, classes = predictions(learn, learn.data.valid_dl)
table = confusion(probabilities, classes)
assert table.sum() == len(classes) and table.sum(1).tolist() == [50] * 10
assert abs(table.diag().sum() / len(classes) - reached) < 1e-6
Image.open(folder / "confusion.png")

# %% [markdown]
# ## The surest mistakes
#
# Most mistakes are near things: two classes with nearly the same probability. The instructive ones
# are those of which the network was sure. Look at them first in any project: they are wrong labels,
# pictures that do not belong there, or something that the network has taken for the thing itself.

# %%
Image.open(folder / "mistakes.png")

# %% [markdown]
# Is the network's word for how sure it is worth something? The surer half of its answers should be
# right more often than the other half.

# %%
sure, guess = probabilities.max(1)
by_sureness = (guess == classes)[sure.argsort(descending=True)].float()
surer, rest = by_sureness.view(2, -1).mean(1).tolist()
print(f"right: {surer:.0%} of the surer half, {rest:.0%} of the rest")
assert surer > rest + 0.1

# %% [markdown]
# ## Another piece in its place
#
# The trainer is made of pieces that can be taken out. Here is an `adam_step` from a cell. It takes
# care of the momentum, which starts at zero, and forgets that the average of the squares does as
# well. Both averages are too small at the beginning, and this one is divided by. First the verdict:

# %%
def with_defaults(**defaults):
    return lambda stepper: setattr(stepper, "_defaults", defaults) or stepper


@with_defaults(eps=1e-5)
def adam_step(p, lr, mom, mom_damp, step, grad_avg, sqr_avg, eps, **kwargs):
    m = grad_avg / debias(mom, mom_damp, step)
    p.data.sub_(lr * m / (sqr_avg.sqrt() + eps))
    return p


check(adam_step)

# %% [markdown]
# `make train with=katas` would not use it: what is not green is lent by the reference. We do it all
# the same, to see what such a mistake does. `Assembly` makes the package `katas` out of the reference
# and other answers, statement by statement: the trainer that is imported from there calls our
# `adam_step`, and our `adam_step` calls the reference's `debias`.

# %%
cell = inspect.getsource(with_defaults) + inspect.getsource(adam_step)
mine = {"optimizers": Source("a cell", cell)}


def losses(recipe, answers):
    Assembly(course(), answers).install()
    trainer = importlib.import_module("katas.trainer.train")
    trainer.print_row = lambda row: None
    setting = Setting(data=str(few), device="cpu", workers=0)
    learn = trainer.train(trainer.Run(recipe, setting, Path(tempfile.mkdtemp(dir=place))))
    uninstall()
    return torch.tensor(learn.checkpoint.curves()["loss"])


# %% [markdown]
# Four short trainings from Kaiming's weights, on one picture in six and without augmentation: with
# either `adam_step`, at a constant rate of 0.005, and on one cycle, which begins at a tenth of it.

# %%
few = folder_of_links("few", train=6, val=10)
short = replace(recipe, lr=5e-3, init="kaiming", epochs=2, augment="none")
curves = {
    (schedule, whose): losses(replace(short, schedule=schedule), answers)
    for schedule in ("constant", "one-cycle")
    for whose, answers in {"the reference's": {}, "from the cell": mine}.items()
}
firsts = torch.stack([curve[0] for curve in curves.values()])
assert torch.allclose(firsts, firsts[0], rtol=1e-3), "they start from the same weights"

# %%
fig, axes = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True)
for (schedule, whose), curve in curves.items():
    ax = axes[int(schedule == "one-cycle")]
    (line,) = ax.semilogy(curve)
    at, shift = (int(curve.argmax()), (4, 8)) if whose == "from the cell" else (8, (0, -26))
    ax.annotate(whose, (at, curve[at]), shift, textcoords="offset points", color=line.get_color())
    ax.set(title=schedule, xlabel="batch", ylim=(0.3, 200))
axes[0].set_ylabel("loss of a batch")
top = {key: curve.max() / curve[0] for key, curve in curves.items()}
assert top["constant", "from the cell"] > 2 * top["constant", "the reference's"]
assert top["constant", "from the cell"] > 2 * top["one-cycle", "from the cell"]
plt.show()

# %% [markdown]
# All four start from the same weights, so the first loss is the same. At the first step the average
# of the squares is a hundredth of what it should be, its root a tenth, and the step ten times too
# long: a rate of 0.05 where 0.005 was asked for. The network is thrown far away in a few batches and
# spends the rest of the time coming back.
#
# On one cycle the mistake hides. The rate starts at a tenth, which cancels the tenfold step, and by
# the time the rate is high the average has caught up a good part. Nothing fails, no error is raised,
# the curve falls in the end; the network is only worse than it could be. That is how such mistakes
# live for years, and why each piece here is judged by laws and not by whether the training runs.

# %%
ends = {key: curve[-10:].mean().item() for key, curve in curves.items()}
for (schedule, whose), loss in ends.items():
    print(f"{schedule:>10}, {whose:<16} loss of the last ten batches {loss:.2f}")
for schedule in ("constant", "one-cycle"):
    assert ends[schedule, "from the cell"] > ends[schedule, "the reference's"]
uninstall()  # from here on `katas` is the learner's folder again
temporary.cleanup()

# %% [markdown]
# ## Now you
#
# Mend `adam_step` above until its verdict is green, and run the cells below it again: the curves lie
# upon each other. Then do the same on the whole data, with every piece of yours that is green:
#
# - `make train with=katas` says which pieces are yours and which are lent, trains, and keeps that
#   record in the folder of the run;
# - `make predict image=FILE` asks the network about a picture;
# - `make train data=imagenette recipe=lesson11` downloads Imagenette and trains the lecture's network.
#
# **What was learnt.** A trainer is a recipe, data, a network, a loop and a row of callbacks, each
# of which can be looked at and exchanged. Accuracy is the beginning of looking at a network:
# confusion shows where it errs, the surest mistakes show why. And a training that runs proves
# little about its pieces. **The next question**: which of them is worth how much? `make ablate`
# takes them out one at a time.
