"""Laws of hooks: what every right answer keeps. You may write them before the answer.

`make laws kata=hooks` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_hooks.py` tries it on your own answer.
"""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from katas.hooks import Hook, Hooks, append_stats, find_modules, model_summary

# An example: take the signs away to try it.
#
# @given(st.integers(1, 3))
# def test_a_removed_hook_is_not_called(calls):
#     seen, layer = [], nn.Linear(2, 2)
#     hook = Hook(layer, lambda hook, module, inp, outp: seen.append(outp))
#     for _ in range(calls):
#         layer(torch.zeros(1, 2))
#     hook.remove()
#     layer(torch.zeros(1, 2))
#     assert len(seen) == calls


# find_modules: A list of the modules in `m`, `m` included, for which `cond` holds: depth first, in order.


# Hook: A hook on `m`: after each forward pass of `m`, it calls `f(hook, module, input, output)`.


# Hooks: A list of hooks: one `Hook` with `f` on each of the modules `ms`, in order.


# append_stats: Append the statistics of the output to the three lists in `hook.stats`.


# model_summary: The layers of `learn.model` as text: class, output shape and number of parameters of each.
