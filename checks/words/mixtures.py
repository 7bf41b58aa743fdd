"""Words for mixup: batches whose mixture can be read off what the model sees."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any

import torch
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F

from checks.words.fits import watching
from checks.words.losses import tensor_of

FEATURES, CLASSES = 6, 3


def summed(pred: Tensor, yb: Tensor, reduction: str = "sum") -> Tensor:
    """A loss function that sums unless it's told otherwise."""
    return F.mse_loss(pred, yb, reduction=reduction)


@dataclass(frozen=True)
class Loss:
    """A loss function, how it reduces by itself, and what its predictions and labels are."""

    name: str
    make: Callable[[], Any]
    reduction: str = "mean"
    labels: str = "classes"

    def __repr__(self) -> str:
        return self.name


LOSSES = [
    Loss("F.cross_entropy", lambda: F.cross_entropy),
    Loss("nn.CrossEntropyLoss()", nn.CrossEntropyLoss),
    Loss(
        "nn.CrossEntropyLoss(reduction='sum')", partial(nn.CrossEntropyLoss, reduction="sum"), "sum"
    ),
    Loss("F.mse_loss", lambda: F.mse_loss, labels="numbers"),
    Loss("nn.MSELoss()", nn.MSELoss, labels="numbers"),
    Loss(
        "nn.BCEWithLogitsLoss(reduction='sum')",
        partial(nn.BCEWithLogitsLoss, reduction="sum"),
        "sum",
        "numbers",
    ),
    Loss("summed, whose default is 'sum'", lambda: summed, "sum", "numbers"),
    Loss("nn.CrossEntropyLoss() of pixels", nn.CrossEntropyLoss, labels="pixels"),
]
losses = st.sampled_from(LOSSES)


@dataclass
class Mixing:
    """A fit whose picture i is 1 at place i and 0 elsewhere, so its mixture shows.

    A batch of n pictures that went through mixup is a matrix: row i holds the share that each
    picture of the batch has in the input at place i.
    """

    seed: int
    sizes: list[int]
    loss: Loss = LOSSES[0]
    shape: tuple[int, ...] = (1, 2, 3)
    epochs: int = 1
    features: int = FEATURES
    validates: bool = True
    seen: list[SimpleNamespace] = field(default_factory=list, repr=False)

    def batch(self, i: int) -> tuple[Tensor, Tensor]:
        """Batch i, the same each time."""
        n, seed = self.sizes[i], 100 * self.seed + i
        source = torch.Generator().manual_seed(seed)
        labels = {
            "classes": lambda: torch.randint(CLASSES, (n,), generator=source),
            "numbers": lambda: torch.rand((n, CLASSES), generator=source),
            "pixels": lambda: torch.randint(CLASSES, (n, 2, 2), generator=source),
        }
        return torch.eye(self.features)[:n].reshape(n, *self.shape), labels[self.loss.labels]()

    def batches(self) -> list[tuple[Tensor, Tensor]]:
        """All batches."""
        return [self.batch(i) for i in range(len(self.sizes))]

    def model(self) -> nn.Module:
        """A linear layer, with the same weights each time."""
        of_pixels = self.loss.labels == "pixels"
        out = CLASSES * (4 if of_pixels else 1)
        layer = nn.Linear(self.features, out)
        with torch.no_grad():
            layer.weight.copy_(tensor_of((out, self.features), self.seed))
            layer.bias.copy_(tensor_of((out,), self.seed + 1))
        tail = [nn.Unflatten(1, (CLASSES, 2, 2))] if of_pixels else []
        return nn.Sequential(nn.Flatten(), layer, *tail)

    def learner(self, kata: Any, *cbs: Any, loss_func: Any = None) -> Any:
        """A learner (of the module `kata`) that notes each batch in `seen`."""
        valid = self.batches() if self.validates else []
        data = SimpleNamespace(train_dl=self.batches(), valid_dl=valid)
        loss_func = loss_func or self.loss.make()
        noting = watching(kata.Callback, self._note)
        self.learn = kata.Learner(self.model(), data, loss_func, lr=0.1, cbs=[*cbs, noting])
        return self.learn

    def _note(self, event: str) -> None:
        learn = self.learn
        if event == "after_loss":
            self.seen.append(
                SimpleNamespace(
                    training=learn.in_train,
                    xb=learn.xb.detach().clone(),
                    yb=learn.yb.clone(),
                    pred=learn.pred,
                    loss=learn.loss,
                    grad=None,
                    weights=[p.detach().clone() for p in learn.model.parameters()],
                )
            )
        elif event == "after_backward":
            self.seen[-1].grads = [p.grad.clone() for p in learn.model.parameters()]

    def trained(self) -> list[SimpleNamespace]:
        """The training batches that were seen."""
        return [o for o in self.seen if o.training]

    def mixture_of(self, batch: SimpleNamespace) -> Tensor:
        """The shares of the pictures in the inputs of a batch: [n, n]."""
        return batch.xb.reshape(len(batch.xb), -1)[:, : len(batch.xb)]

    def mixed_loss(self, batch: SimpleNamespace) -> Tensor:
        """The losses for all pairs of input and label, mixed by the shares, then reduced."""
        each = self.unreduced_pairs(self.loss.make(), batch.pred, batch.yb)  # n n *shape
        shares = self.mixture_of(batch)
        mixed = torch.einsum("ij,ij...->i...", shares, each)
        return mixed.sum() if self.loss.reduction == "sum" else mixed.mean()

    @staticmethod
    def unreduced_pairs(loss_func: Any, pred: Tensor, yb: Tensor) -> Tensor:
        """The loss of prediction i for label j, at [i, j]."""
        n = len(pred)
        pairs = pred.repeat_interleave(n, 0), yb.repeat(n, *[1] * (yb.ndim - 1))
        if isinstance(loss_func, nn.Module):
            loss_func.reduction = "none"
            found = loss_func(*pairs)
        else:
            found = loss_func(*pairs, reduction="none")
        return found.reshape(n, n, *found.shape[1:])

    def unreduced(self, loss_func: Any, pred: Tensor, yb: Tensor) -> Tensor:
        """The loss of each prediction for its own label, unreduced."""
        return torch.stack([o[i] for i, o in enumerate(self.unreduced_pairs(loss_func, pred, yb))])

    def gradients(self, batch: SimpleNamespace) -> list[Tensor]:
        """The gradients of the mixed loss, with the weights of that batch."""
        model = self.model()
        with torch.no_grad():
            for p, kept in zip(model.parameters(), batch.weights, strict=True):
                p.copy_(kept)
        pred = model(batch.xb)
        loss = self.mixed_loss(SimpleNamespace(**{**vars(batch), "pred": pred}))
        return list(torch.autograd.grad(loss, list(model.parameters())))


def mixings(**fields: Any) -> st.SearchStrategy[Mixing]:
    """Fits of one to three batches, of 1 to 6 pictures each, with any kind of loss."""
    defaults = {
        "seed": st.integers(0, 99),
        "sizes": st.lists(st.integers(1, FEATURES), min_size=1, max_size=3),
        "loss": losses,
        "shape": st.sampled_from([(6,), (1, 6), (1, 2, 3), (2, 1, 3)]),
        "epochs": st.integers(1, 2),
    }
    return st.builds(Mixing, **(defaults | fields))


def crowd(n: int, batches: int) -> Mixing:
    """One epoch of large batches, for what only many draws can show."""
    return Mixing(seed=1, sizes=[n] * batches, shape=(n,), features=n, validates=False)


def same_state() -> Any:
    """What Python's and numpy's random numbers come from, to be compared later."""
    import numpy

    kind, keys, *rest = numpy.random.get_state()
    return random.getstate(), (kind, keys.tolist(), *rest)
