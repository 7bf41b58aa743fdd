"""Optimization: a recipe's loss, its optimizer, and its schedules."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from ..label_smoothing import LabelSmoothingCrossEntropy
from ..learner import Callback, ParamScheduler
from ..mixup import MixUp
from ..optimizers import adam_opt, lamb_opt, sgd_mom_opt, sgd_opt
from ..schedules import Schedule, combine_scheds, cos_1cycle_anneal, sched_cos, sched_no
from .parts import PARTS, add

if TYPE_CHECKING:  # recipes know the parts that are added here
    from .recipes import Recipe

OPTIMIZERS = PARTS["optimizer"]
add("optimizer", "sgd", sgd_opt, lr=0.3)
add("optimizer", "momentum", sgd_mom_opt, lr=0.03)
add("optimizer", "adam", adam_opt, lr=4e-3)
add("optimizer", "lamb", lamb_opt, lr=1e-2)


def loss_function(recipe: Recipe) -> Callable[..., torch.Tensor]:
    """Cross entropy, smoothed where the recipe wants it."""
    return LabelSmoothingCrossEntropy(recipe.smooth) if recipe.smooth else F.cross_entropy


class Clip(Callback):
    """Keeps the norm of all gradients together at `most`."""

    def __init__(self, most: float) -> None:
        self.most = most

    def after_backward(self) -> None:
        """Scale the gradients down, if they are longer."""
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.most)


def training_callbacks(recipe: Recipe) -> list[Callback]:
    """The schedules, mixup and clipping where the recipe wants them, and callbacks of others."""
    found = schedule_callbacks(recipe)
    found += [MixUp(recipe.mixup)] if recipe.mixup else []
    found += [Clip(recipe.clip)] if recipe.clip else []
    return found + [make(recipe) for make in PARTS["callback"].values()]


def schedule_callbacks(recipe: Recipe) -> list[Callback]:
    """The courses of the hyperparameters that the schedule of `recipe` moves."""
    courses = PARTS["schedule"][recipe.schedule](recipe)
    return [ParamScheduler(name, course) for name, course in courses.items()]


def one_cycle(recipe: Recipe) -> dict[str, Schedule]:
    """The learning rate up and down again, and the momentum down and up."""
    lr, start, end = recipe.lr, recipe.lr * recipe.lr_start, recipe.lr * recipe.lr_end
    combined: Callable[..., Schedule] = partial(combine_scheds, [0.3, 0.7])
    courses = {"lr": combined(cos_1cycle_anneal(start, lr, end))}
    if recipe.optimizer != "sgd":
        courses["mom"] = combined(cos_1cycle_anneal(0.95, 0.85, 0.95))
    return courses


def cosine(recipe: Recipe) -> dict[str, Schedule]:
    """The learning rate down."""
    return {"lr": sched_cos(recipe.lr, recipe.lr * recipe.lr_end)}


def constant(recipe: Recipe) -> dict[str, Schedule]:
    """The unchanged learning rate."""
    return {"lr": sched_no(recipe.lr, recipe.lr)}


add("schedule", "one-cycle", one_cycle)
add("schedule", "cosine", cosine)
add("schedule", "constant", constant)
