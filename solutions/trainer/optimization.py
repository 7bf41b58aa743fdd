"""Courses: how a recipe's network is moved: its optimizer, and its schedules."""

from collections.abc import Callable
from functools import partial

from ..learner import Callback, ParamScheduler
from ..optimizers import adam_opt, lamb_opt, sgd_mom_opt, sgd_opt
from ..schedules import Schedule, combine_scheds, cos_1cycle_anneal, sched_cos, sched_no
from .recipes import Recipe

OPTIMIZERS = {"sgd": sgd_opt, "momentum": sgd_mom_opt, "adam": adam_opt, "lamb": lamb_opt}


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
