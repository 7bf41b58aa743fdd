"""Laws of optimizers: what every right answer keeps. You may write them before the answer.

`make laws kata=optimizers` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_optimizers.py` tries it on your own answer.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from katas.optimizers import (
    AverageGrad,
    AverageSqrGrad,
    Optimizer,
    StatefulOptimizer,
    StepCount,
    adam_opt,
    adam_step,
    debias,
    l2_reg,
    lamb_opt,
    lamb_step,
    lin_comb,
    maybe_update,
    momentum_step,
    sgd_mom_opt,
    sgd_opt,
    sgd_step,
    weight_decay,
)

# An example: take the signs away to try it.
#
# @given(st.floats(0, 0.99), st.integers(1, 20))
# def test_the_average_of_a_constant_is_that_constant(mom, steps):
#     average = 0.0
#     for _ in range(steps):
#         average = mom * average + (1 - mom) * 7.0
#     assert average / debias(mom, 1 - mom, steps) == pytest.approx(7.0)


# maybe_update: For each `o` in `os`, add to `dest`, in place, the entries of `f(o)` that `dest` lacks.


# Optimizer: Update parameters with steppers, using hyperparameters for each group of parameters.


# sgd_step: Change `p` to p - lr * grad, in place.


# weight_decay: Change `p` to p * (1 - lr * wd), in place: decay of the weight itself. Default wd: 0.


# l2_reg: Change `p.grad` to grad + wd * p, which adds the gradient of wd/2 * |p|**2. Default wd: 0.


# momentum_step: Change `p` to p - lr * grad_avg, in place.


# StatefulOptimizer: An `Optimizer` that also keeps a state for each parameter, updated by stats.


# lin_comb: Return beta * v1 + (1 - beta) * v2, for two numbers or two tensors.


# AverageGrad: Keep a running sum or average of the gradient: momentum. Default mom: 0.9.


# AverageSqrGrad: Keep a running average or sum of the squared gradient. Default sqr_mom: 0.99.


# StepCount: Count the steps of a parameter, this one included: the first is 1. State: step, an int.


# debias: Return the sum of the weights in a running average of `step` values that started at 0.


# adam_step: Change `p` to p - lr * m / (sqrt(v) + eps), in place. Default eps: 1e-5.


# lamb_step: Change `p` to p - lr * ratio * d, in place. Defaults: eps 1e-6, wd 0.


# sgd_opt: Return a new optimizer for gradient descent with weight decay. Default wd: 0.


# sgd_mom_opt: Return a new optimizer for gradient descent with momentum and weight decay.


# adam_opt: Return a new optimizer for AdamW: weight decay, then an Adam step with dampened averages.


# lamb_opt: Return a new optimizer for LAMB, by dampened averages.
