"""Words for averages over batches of several sizes."""

import gc
import weakref
from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st

from checks.laws import Mismatch
from checks.words.fits import mse

batch_sizes = st.lists(st.integers(1, 5), min_size=1, max_size=4)
"""How many samples the batches of a pass have."""


def seen_batches(sizes: list[int], seed: int) -> list[Any]:
    """Batches as a learner holds them in training, with the loss of each."""
    import torch

    source, found = torch.Generator().manual_seed(seed), []
    for n in sizes:
        xb, yb, pred = (torch.randn(n, width, generator=source) for width in (3, 2, 2))
        pred.requires_grad_()
        found.append(SimpleNamespace(xb=xb, yb=yb, pred=pred, loss=mse(pred, yb)))
    return found


def error_of_first(pred: Any, yb: Any) -> Any:
    """A metric that is another one if pred and yb are exchanged; a tensor with a graph."""
    return (pred[:, 0] - 2 * yb[:, 0]).mean()


def largest(pred: Any, yb: Any) -> float:
    """A metric that is a float."""
    return pred.max().item()


def positive(pred: Any, yb: Any) -> int:
    """A metric that is an int."""
    return int(pred.sum() > yb.sum())


def totals(batches: list[Any], metrics: Any) -> list[float]:
    """The sums of the loss and the metrics over samples."""
    return [sum(float(f(b.pred, b.yb)) * len(b.xb) for b in batches) for f in (mse, *metrics)]


def means(batches: list[Any], metrics: Any) -> list[float]:
    """The averages of the loss and the metrics over samples."""
    count = sum(len(b.xb) for b in batches)
    return [total / count for total in totals(batches, metrics)]


def floats(found: Any) -> list[float]:
    """`found`, which has to be a list of floats."""
    if type(found) is not list or not all(isinstance(o, float) for o in found):
        kinds = f"a {type(found).__name__} of {sorted({type(o).__name__ for o in found})}"
        raise Mismatch(found, [float(o) for o in found], f"type: got {kinds}, wanted floats")
    return [float(o) for o in found]


def tracked(batch: Any) -> list[Any]:
    """Weak references to the graphs of the loss and the prediction of a batch."""
    import torch

    class Doubled(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.kept = Kept()
            references.append(weakref.ref(ctx.kept))
            return x * 2

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            return grad * 2

    references: list[Any] = []
    batch.pred, batch.loss = Doubled.apply(batch.pred), Doubled.apply(batch.loss)
    return references


class Kept:
    """What lives as long as a graph does."""


def alive(references: list[Any]) -> int:
    """How many of what is weakly referred to is still in memory."""
    if any(o() is not None for o in references):
        gc.collect()
    return sum(o() is not None for o in references)


def averages_by_epoch(fit: Any, metrics: Any) -> list[list[float]]:
    """Loss and metrics over all samples of training, then of validation, for each epoch."""
    model, rows = fit.model(), []
    for _ in range(fit.epochs):
        seen = [_seen(model, fit.train(), fit.lr), _seen(model, fit.valid(), 0.0)]
        rows.append([mean for batches in seen for mean in means(batches, metrics)])
    return rows


def _seen(model: Any, pairs: list, lr: float) -> list[Any]:
    """The batches of a pass, each with its prediction; a step of `lr` follows each."""
    import torch

    found = []
    for xb, yb in pairs:
        pred = model(xb)
        grads = torch.autograd.grad(mse(pred, yb), list(model.parameters()))
        found.append(SimpleNamespace(xb=xb, yb=yb, pred=pred.detach()))
        with torch.no_grad():
            for p, grad in zip(model.parameters(), grads, strict=True):
                p -= lr * grad
    return found
