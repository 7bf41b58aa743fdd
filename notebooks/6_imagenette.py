# %% [markdown]
# # Do all the pieces, put together, train a network that is worth something?
#
# `make train` is a program of a few hundred lines, and most of its work is done by the pieces of
# the katas. Here it's taken apart: a recipe, pictures, a network, a learner with its callbacks, one
# call of `fit`. Then we look at the network's answers for pictures that it hasn't seen. At last the
# trainer gets another piece, written in a cell, in place of the reference's.
#
# The exercises: all of them. `make check` judges every kata, `make progress` says which pieces are
# yours, and `make train with=katas` trains with those.

# %%
from notebooks.plots import panels, saved, show

import importlib
import inspect
import io
import random
import tempfile
from contextlib import redirect_stdout
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F

# %%
from checks import check
from checks.judging.assembly import Assembly, Source, uninstall
from checks.judging.curriculum import course
from solutions.learner import Learner
from solutions.optimizers import adam_opt
from solutions.trainer.checkpoints import CHECKPOINT, Checkpoint, load_checkpoint
from solutions.trainer.networks import initialise, input_callbacks, make_network, network_input
from solutions.trainer.optimization import schedule_callbacks
from solutions.trainer.pictures import class_names, load_pictures

# %%
from solutions.trainer.predict import load_learner, said
from solutions.trainer.recipes import RECIPES, Setting, TrainError
from solutions.trainer.report import confusion, predictions
from solutions.trainer.sketches import draw_sketches
from solutions.trainer.train import record_callbacks, report
from solutions.transforms import to_float_tensor

# %% [markdown]
# ## A recipe names every choice
#
# All that decides how a network is trained stands in one frozen object, and each option of the
# command line is a field of it. This one is the trainer's `quick` recipe, made smaller: 32 pixels
# and two layers behind the *stem*, as the first layers of a network are called. An option that is
# misspelt or out of its limits is refused before anything is computed.

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
# **Your turn.** `make train help=1` lists every option and its meaning.
#
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
# `load_pictures` is the data block of the [first notebook](1_data_block.ipynb): list, split, label,
# transform, batch. A batch from the loader is made of bytes. Training pictures are cropped and
# flipped in another way in each epoch.

# %%
random.seed(recipe.seed)
torch.manual_seed(recipe.seed)
device = torch.device("cpu")
pictures = load_pictures(root, recipe, Setting(workers=0), device)
names = class_names(pictures.vocab)
mean, std = pictures.stats()
xb, yb = next(iter(pictures.data.train_dl))
assert xb.dtype == torch.uint8 and xb.shape == (recipe.batch_size, 3, 32, 32)
show(
    xb[:10], [names[y] for y in yb[:10]], columns=5,
    alt="Ten training pictures of 32 pixels with their class names, most of them cropped.",
)

# %% [markdown]
# **Your turn.** `make train data=FOLDER` trains on pictures of yours, if they lie in such folders.
#
# ## A network that starts well
#
# `make_network` stacks the layers of kata [convnet](../katas/convnet.py). LSUV then sends a sample
# of the pictures through and scales each layer until its outputs have a spread (standard deviation)
# near 1, as the [third notebook](3_looking_inside.ipynb) tells.

# %%
net = make_network(recipe, len(names)).to(memory_format=torch.channels_last)
sample = network_input(pictures.sample, mean, std)
layers = range(1, 4 + len(recipe.widths))
with torch.no_grad():
    before = [net[:i](sample).std().item() for i in layers]
    initialise(net, recipe, sample)
    after = [net[:i](sample).std().item() for i in layers]
for title, stds in ("as torch starts", before), ("LSUV", after):
    print(f"{title:>15}: " + " ".join(f"{std:5.2f}" for std in stds))
print(f"{sum(p.numel() for p in net.parameters()):,} parameters")
assert all(abs(std - 1) < 0.05 for std in after)

# %% [markdown]
# **Your turn.** Change `widths` in the recipe to four layers and run the cells again: how small
# does the last spread become as torch starts, and is LSUV still near 1?
#
# ## The learner, and who listens to it
#
# The trainer adds nothing to the loop of kata [learner](../katas/learner.py). Everything else is a
# callback, and their `_order` says which acts first at an event: normalize before the batch is
# used, stop at a loss that isn't a number, keep a checkpoint when all others have finished the
# epoch.

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
# **Your turn.** `make check kata=learner.Learner`. Then write a callback that prints the batch's
# size in `begin_batch`, add it to `cbs`, and find its place in the list.
#
# ## The training
#
# One call. The table is that of `make train`, without the columns of times; *acc* is the accuracy.

# %%
def print_row(row):
    print(" ".join(f"{cell.replace('accuracy', 'acc'):>10}" for cell in row[:5]))


learn.logger = print_row
learn.fit(recipe.epochs)
with redirect_stdout(io.StringIO()) as told:
    report(learn, names, folder)
print(told.getvalue().splitlines()[0])
reached = float(learn.rows.kept[-1][learn.rows.kept[0].index("valid_accuracy")])
assert reached > 0.4, "chance would be 0.1"
assert (folder / CHECKPOINT).exists()

# %% [markdown]
# `report` has drawn the three pictures that stand in the folder of every run. The first shows the
# training: the loss of each batch in grey, learning rate and momentum on one cycle, each a mirror
# image of the other. While pictures are cropped at random, the training loss may stay above the
# validation loss: the network trains on harder pictures than it's asked about.

# %%
saved(
    folder / "curves.png",
    alt="The losses of training and validation fall; the learning rate rises and falls on one "
    "cycle, and the momentum falls and rises.",
)

# %% [markdown]
# **Your turn.** `make train` does all of this for every picture and at 64 pixels; the folder that
# it names holds the same three pictures.
#
# ## Predictions
#
# A checkpoint holds all that a prediction needs: the recipe, the names of the classes, the weights,
# and the mean and spread of each colour, by which pictures are normalized. `make predict` makes a
# learner of it, for pictures without labels. Softmax turns the network's scores into probabilities.
# Here it's asked about ten pictures, one of each class; below its two likeliest answers stands the
# truth.

# %%
files = sorted((root / "val").glob("*/*"))[3::50]
asked = load_learner(load_checkpoint(folder / CHECKPOINT), files)
probabilities, _ = predictions(asked, asked.data.valid_dl)
answers = ["\n".join(said(row, names, most=2)) for row in probabilities.tolist()]
truth = [names[pictures.vocab.index(file.parent.name)] for file in files]
titles = [f"{answer}\nis {true}" for answer, true in zip(answers, truth)]
assert torch.allclose(probabilities.sum(1), torch.ones(len(files)))
show(
    [to_float_tensor(x) for x in asked.data.valid_ds.x[:]], titles, columns=5, side=1.7,
    alt="Ten pictures, one of each class; above each the two likeliest classes in percent, and the "
    "true one.",
)

# %% [markdown]
# **Your turn.** `make predict image=FILE` asks your own run about a picture, or a folder of them.
#
# ## Confusion
#
# One number, the accuracy, hides where the mistakes are. In the confusion matrix each row is a true
# class, and its columns say in percent which answers the network had for it. A good network has a
# dark diagonal. The darkest fields off it are pairs of classes that look alike at 32 pixels.

# %%
probabilities, classes = predictions(learn, learn.data.valid_dl)
table = confusion(probabilities, classes)
assert table.sum() == len(classes) and table.sum(1).tolist() == [50] * 10
assert abs(table.diag().sum() / len(classes) - reached) < 1e-6
saved(
    folder / "confusion.png",
    alt="A table of true classes and answers in percent, dark along the diagonal with some darker "
    "fields off it.",
)

# %% [markdown]
# **Your turn.** Which two classes does it confuse most? Look for the largest number off the
# diagonal of `table`. Would you confuse them at 32 pixels?
#
# ## The surest mistakes
#
# Many mistakes are close calls: two classes with nearly the same probability. Those of which the
# network was sure teach more. Look at them first in any project: they're wrong labels, pictures
# that don't belong there, or a background that the network has learnt in place of the thing. The
# picture has them in its second row. Above stands the pair that is confused most often, and below
# are the answers that it's surest of.

# %%
saved(
    folder / "mistakes.png",
    alt="Three rows of pictures, each with the network's answer and the truth: the pair that it "
    "confuses most, its surest mistakes, and the answers that it's surest of.",
)

# %% [markdown]
# Is its own opinion of how sure it is worth something? The surer half of its answers should be
# right more often than the other half.

# %%
sure, guess = probabilities.max(1)
by_sureness = (guess == classes)[sure.argsort(descending=True)].float()
surer, rest = by_sureness.view(2, -1).mean(1).tolist()
print(f"right: {surer:.0%} of the surer half, {rest:.0%} of the rest")
assert surer > rest + 0.1

# %% [markdown]
# **Your turn.** Keep only the answers of which it's at least 90 % sure. How many are left, and what
# share of them is right?
#
# ## Another piece in its place
#
# The trainer is made of pieces that can be taken out. Here is an `adam_step` from a cell. It
# debiases the momentum, which starts at zero, and forgets that the average of the squares does as
# well. Both averages are too small at the beginning, and this one is a divisor. First the verdict:

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
# `make train with=katas` wouldn't use it: pieces that aren't green yet come from the reference. We
# do it all the same, to see what such a mistake does. `Assembly` makes the package `katas` out of
# the reference and other answers, statement by statement: the trainer that is imported from there
# calls our `adam_step`, and our `adam_step` calls the reference's `debias`.

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
# Four short trainings, on one picture in six and without augmentation: with either `adam_step`, at
# a constant rate of 0.005, and on one cycle, which begins at a tenth of it. The weights start by
# Kaiming's formula, which the [third notebook](3_looking_inside.ipynb) explains, and without LSUV.

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
parts = {
    title: {whose: curve for (schedule, whose), curve in curves.items() if schedule == title}
    for title in ("constant", "one-cycle")
}
panels(
    parts, size=(8.4, 3.2), xlabel="batch", ylabel="loss of a batch", yscale="log",
    alt="At a constant rate the loss with the cell's piece shoots up in the first batches and "
    "stays above the reference's; on one cycle the two are close together.",
)

# %% [markdown]
# All four start from the same weights, so the first loss is the same. At the first step the average
# of the squares is a hundredth of the value that it stands for, its root a tenth, and the step ten
# times too long: a rate of 0.05 where 0.005 was asked for. The network is thrown far away in a few
# batches and spends the rest of the time coming back.
#
# On one cycle the mistake hides. The rate starts at a tenth, which cancels the tenfold step, and by
# the time the rate is high the average has caught up a good part. No error is raised, the curve
# falls in the end, and you would have to know how low it could be to miss anything. Such mistakes
# live for years, and that's why each piece here is judged by laws and not by whether the training
# runs.

# %%
top = {key: (curve.max() / curve[0]).item() for key, curve in curves.items()}
assert top["constant", "from the cell"] > 2 * top["constant", "the reference's"]
assert top["constant", "from the cell"] > 2 * top["one-cycle", "from the cell"]
ends = {key: curve[-10:].mean().item() for key, curve in curves.items()}
for (schedule, whose), loss in ends.items():
    print(f"{schedule:>10}, {whose:<16} ends at a loss of {loss:.2f}")
assert ends["constant", "from the cell"] > ends["constant", "the reference's"] + 0.5
assert ends["one-cycle", "from the cell"] > ends["one-cycle", "the reference's"]

# %%
uninstall()  # from here on `katas` is the learner's folder again
temporary.cleanup()

# %% [markdown]
# **Your turn.** Mend `adam_step` above until its verdict is green, and run the cells below it
# again: the curves lie upon each other, and the assertions about the mistake fail. Then train on
# the whole data, with every piece of yours that is green:
#
# - `make train with=katas` says which pieces are yours and which are lent, trains, and keeps that
#   record in the folder of the run;
# - `make train data=imagenette recipe=lesson11` downloads Imagenette and trains the lecture's
#   network.
#
# **What you've learnt.** A trainer is a recipe, data, a network, a loop and a row of callbacks, and
# each of them can be looked at and exchanged. Accuracy is the beginning of looking at a network:
# confusion shows where it errs, the surest mistakes show why. And a training that runs proves
# little about its pieces. **The next question**: which piece is worth how much? `make ablate`
# takes them out one at a time. And which pieces came later? That's [the last
# notebook](7_week_after.ipynb).
