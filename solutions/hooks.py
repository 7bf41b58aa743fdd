"""Hooks: looking inside a network while it runs.

Level 2. About 45 minutes. After `containers` and `learner`.
Source: fast.ai 2019, lesson 10 (06_cuda_cnn_hooks_init) and lesson 11 (model summary).
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from .containers import ListContainer
from .learner import Learner


def find_modules(m: nn.Module, cond: Callable[[nn.Module], bool]) -> list[nn.Module]:
    """A list of the modules in `m`, `m` included, for which `cond` holds: depth first, in order.

    The search doesn't look inside a match.

    >>> net = nn.Sequential(nn.Linear(1, 2), nn.Sequential(nn.ReLU(), nn.Linear(2, 1)))
    >>> [m.out_features for m in find_modules(net, lambda m: isinstance(m, nn.Linear))]
    [2, 1]
    """
    if cond(m):
        return [m]
    return [found for child in m.children() for found in find_modules(child, cond)]


class Hook:
    """A hook on `m`: after each forward pass of `m`, it calls `f(hook, module, input, output)`.

    It does so in training and in evaluation mode, with and without gradients.

    hook    the `Hook` itself, so that `f` can keep what it finds as attributes of the hook
    input   the tuple of arguments passed to `m`
    output  the very tensor that `m` returns

    `f` returns None, and the output of `m` is the same as without a hook. The module may have other
    hooks, which are kept. Used as a context manager, the hook is removed at the end of the block,
    even after an error, which is passed on.

    >>> layer, seen = nn.ReLU(), []
    >>> with Hook(layer, lambda hook, mod, inp, outp: seen.append(outp.item())):
    ...     _ = layer(torch.tensor(-2.0))
    >>> layer(torch.tensor(5.0)), seen
    (tensor(5.), [0.0])
    """

    def __init__(self, m: nn.Module, f: Callable[..., Any]) -> None:
        self.hook = m.register_forward_hook(partial(f, self))

    def remove(self) -> None:
        """Stop the calls for good; a second `remove()` does nothing."""
        self.hook.remove()

    def __enter__(self) -> "Hook":
        return self

    def __exit__(self, *error: Any) -> None:
        self.remove()


class Hooks(ListContainer):
    """A list of hooks: one `Hook` with `f` on each of the modules `ms`, in order.

    `ms` is any iterable. `len`, iteration and `hooks[i]` work as for a list. `hooks[a:b]` has the
    same hooks as a slice of a list; it's a list or a `Hooks`. Used as a context manager, it removes
    all hooks at the end of the block, even after an error, which is passed on.

    >>> net = nn.Sequential(nn.ReLU(), nn.ReLU())
    >>> with Hooks(net, lambda hook, mod, inp, outp: setattr(hook, "out", outp)) as hooks:
    ...     _ = net(torch.tensor(3.0))
    ...     [hook.out for hook in hooks]
    [tensor(3.), tensor(3.)]
    """

    def __init__(self, ms: Iterable[nn.Module], f: Callable[..., Any]) -> None:
        super().__init__([Hook(m, f) for m in ms])

    def __enter__(self) -> "Hooks":
        return self

    def __exit__(self, *error: Any) -> None:
        self.remove()

    def __delitem__(self, idx: int | slice) -> None:
        """Delete one hook or a slice of them from the list, and remove each deleted hook."""
        leaving = self[idx]
        for hook in leaving if isinstance(leaving, list) else [leaving]:
            hook.remove()
        super().__delitem__(idx)

    def remove(self) -> None:
        """Remove every hook; a second `remove()` does nothing."""
        for hook in self:
            hook.remove()


def append_stats(hook: Hook, mod: nn.Module, inp: Any, outp: Tensor) -> None:
    """Append the statistics of the output to the three lists in `hook.stats`.

        hook.stats  ==  (means, stds, histograms)

    means, stds  one number per pass, over all activations; a std divides by n or by n - 1
    histograms   one tensor per pass: how many activations lie in each of 40 equal bins from -7 to 7

    The first pass makes the lists, and later passes append to them. The histograms don't count
    activations outside -7 to 7. All that is kept is on the CPU and without its graph. The output is
    left unchanged. Use it as the `f` of a `Hook`.

    >>> layer = nn.ReLU()
    >>> with Hook(layer, append_stats) as hook:
    ...     _ = layer(torch.tensor([1.0, 3.0]))
    >>> means, stds, hists = hook.stats
    >>> float(means[0]), len(hists[0]), int(sum(hists[0]))
    (2.0, 40, 2)
    """
    means, stds, hists = vars(hook).setdefault("stats", ([], [], []))
    acts = outp.detach().float()
    means.append(acts.mean().cpu())
    stds.append(acts.std().cpu())
    hists.append(acts.cpu().histc(40, -7, 7))


def model_summary(learn: Learner, find_all: bool = False) -> str:
    """The layers of `learn.model` as text: class, output shape and number of parameters of each.

    The text is printed once and returned; its layout is up to you. Layers are the direct children
    of the model, in order. A number of parameters includes those of inner layers and frozen ones.

    find_all  if True, show all innermost layers of the model instead of the children

    To see the shapes, send the first validation batch through the model, after calling
    `begin_batch` of the learner's callbacks. Afterwards the model's own `training`, its device,
    weights and buffers are as before. The model has no new hooks, even after an error.

    >>> from contextlib import redirect_stdout
    >>> from io import StringIO
    >>> from .batches import DataBunch
    >>> dl = [(torch.ones(2, 3), torch.ones(2, 1))]
    >>> net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    >>> with redirect_stdout(StringIO()):
    ...     text = model_summary(Learner(net, DataBunch(dl, dl), nn.functional.mse_loss))
    >>> [word in text for word in ("Linear", "ReLU", "16", "5")]
    [True, True, True, True]
    """
    model = learn.model
    found = find_modules(model, lambda m: not any(m.children())) if find_all else model.children()
    modes = {m: m.training for m in model.modules()}
    rows = [("layer", "output shape", "parameters")]

    def note(hook: Hook, mod: nn.Module, inp: Any, outp: Tensor) -> None:
        rows.append((type(mod).__name__, str(list(outp.shape)), f"{_count(mod):,}"))

    try:
        with Hooks(found, note), torch.no_grad():
            model.eval()  # no running statistics are changed
            model(_first_batch(learn))
    finally:
        for m, mode in modes.items():
            m.training = mode
    rows.append(("total", "", f"{_count(model):,}"))
    first, second, third = (max(map(len, column)) for column in zip(*rows, strict=True))
    text = "\n".join(f"{a:<{first}}  {b:<{second}}  {c:>{third}}" for a, b, c in rows)
    print(text)
    return text


def _count(m: nn.Module) -> int:
    """The number of parameters in `m`."""
    return sum(p.numel() for p in m.parameters())


def _first_batch(learn: Learner) -> Tensor:
    """The first validation batch, as the callbacks hand it to the model."""
    learn.xb, learn.yb = next(iter(learn.data.valid_dl))
    learn("begin_batch")
    return learn.xb.to(next(learn.model.parameters(), learn.xb).device)
