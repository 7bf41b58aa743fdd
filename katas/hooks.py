"""Hooks: looking inside a network while it runs.

Level 2. About 45 minutes. After `containers` and `learner`.
Source: fast.ai 2019, lesson 10 (06_cuda_cnn_hooks_init) and lesson 11 (model summary).
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from .containers import ListContainer
from .learner import Learner


def find_modules(m: nn.Module, cond: Callable[[nn.Module], bool]) -> list[nn.Module]:
    """The modules in `m`, itself included, for which `cond` holds: depth first, in order.

    Inside a match there is no further search.

    >>> net = nn.Sequential(nn.Linear(1, 2), nn.Sequential(nn.ReLU(), nn.Linear(2, 1)))
    >>> [m.out_features for m in find_modules(net, lambda m: isinstance(m, nn.Linear))]
    [2, 1]
    """
    raise NotImplementedError


class Hook:
    """`f(hook, module, input, output)` called after each forward pass of `m`.

    `f` may keep what it finds as attributes of the hook. `remove()` ends it once and for all, and
    may be called twice. As a context manager the hook is removed at the end, after an error too.

    >>> layer, seen = nn.ReLU(), []
    >>> with Hook(layer, lambda hook, mod, inp, outp: seen.append(outp.item())):
    ...     _ = layer(torch.tensor(-2.0))
    >>> layer(torch.tensor(5.0)), seen
    (tensor(5.), [0.0])
    """

    def __init__(self, m: nn.Module, f: Callable[..., Any]) -> None:
        raise NotImplementedError

    def remove(self) -> None:
        """No more calls."""
        raise NotImplementedError

    def __enter__(self) -> "Hook":
        raise NotImplementedError

    def __exit__(self, *error: Any) -> None:
        raise NotImplementedError


class Hooks(ListContainer):
    """One `Hook` with `f` on each of the modules `ms`, in order, as a `ListContainer` of them.

    `remove()` removes all, as does the end of a `with` block; `del hooks[i]` removes the ones
    that leave the list.

    >>> net = nn.Sequential(nn.ReLU(), nn.ReLU())
    >>> with Hooks(net, lambda hook, mod, inp, outp: setattr(hook, "out", outp)) as hooks:
    ...     _ = net(torch.tensor(3.0))
    ...     [hook.out for hook in hooks]
    [tensor(3.), tensor(3.)]
    """

    def __init__(self, ms: Iterable[nn.Module], f: Callable[..., Any]) -> None:
        raise NotImplementedError

    def __enter__(self) -> "Hooks":
        raise NotImplementedError

    def __exit__(self, *error: Any) -> None:
        raise NotImplementedError

    def __delitem__(self, idx: Any) -> None:
        raise NotImplementedError

    def remove(self) -> None:
        """No more calls."""
        raise NotImplementedError


def append_stats(hook: Hook, mod: nn.Module, inp: Any, outp: Tensor) -> None:
    """The activations of one forward pass, appended to `hook.stats`: three lists.

        hook.stats  ==  (means, stds, histograms)

    A histogram counts the activations in 40 equal bins from -7 to 7. Nothing of the graph is kept
    alive, and all is kept on the CPU. For use with `Hook`.

    >>> layer = nn.ReLU()
    >>> with Hook(layer, append_stats) as hook:
    ...     _ = layer(torch.tensor([1.0, 3.0]))
    >>> means, stds, hists = hook.stats
    >>> means[0], hists[0].shape
    (tensor(2.), torch.Size([40]))
    """
    raise NotImplementedError


def model_summary(learn: Learner, find_all: bool = False) -> str:
    """The layers of `learn.model`: class, shape of the output, parameters; printed and returned.

    find_all  list the innermost layers instead of the model's direct children

    Found by sending one validation batch through the model, after the `begin_batch` of the
    learner's callbacks. The model's mode, device, weights and buffers are as before.

    >>> from .batches import DataBunch
    >>> dl = [(torch.ones(2, 3), torch.ones(2, 1))]
    >>> net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    >>> _ = model_summary(Learner(net, DataBunch(dl, dl), nn.functional.mse_loss))
    layer   output shape  parameters
    Linear  [2, 4]                16
    ReLU    [2, 4]                 0
    Linear  [2, 1]                 5
    total                         21
    """
    raise NotImplementedError
