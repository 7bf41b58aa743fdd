"""Optimization: a recipe's loss, its optimizer, and its schedules."""

from collections.abc import Callable
from functools import partial

import torch
from torch.nn import functional as F

from ..label_smoothing import LabelSmoothingCrossEntropy
from ..learner import Callback, ParamScheduler
from ..mixup import MixUp
from ..optimizers import adam_opt, lamb_opt, sgd_mom_opt, sgd_opt
from ..schedules import Schedule, combine_scheds, cos_1cycle_anneal, sched_cos, sched_no
from .recipes import Recipe

OPTIMIZERS = {"sgd": sgd_opt, "momentum": sgd_mom_opt, "adam": adam_opt, "lamb": lamb_opt}


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
    """The schedules, and mixup and clipping where the recipe wants them."""
    found = schedule_callbacks(recipe)
    found += [MixUp(recipe.mixup)] if recipe.mixup else []
    return found + ([Clip(recipe.clip)] if recipe.clip else [])


def schedule_callbacks(recipe: Recipe) -> list[Callback]:
    """The course of the learning rate, and with one-cycle that of the momentum."""
    lr, start, end = recipe.lr, recipe.lr * recipe.lr_start, recipe.lr * recipe.lr_end
    one_cycle: Callable[..., Schedule] = partial(combine_scheds, [0.3, 0.7])
    courses = {
        "one-cycle": one_cycle(cos_1cycle_anneal(start, lr, end)),
        "cosine": sched_cos(lr, end),
        "constant": sched_no(lr, lr),
    }
    momentum = ParamScheduler("mom", one_cycle(cos_1cycle_anneal(0.95, 0.85, 0.95)))
    both = recipe.schedule == "one-cycle" and recipe.optimizer != "sgd"
    return [ParamScheduler("lr", courses[recipe.schedule]), *([momentum] if both else [])]
