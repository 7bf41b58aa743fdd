"""Words for models that note what happens to them, and losses that follow a script."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn


class Noting(nn.Linear):
    """A layer that notes, for each call, its own mode and that of a layer inside, and its input."""

    def __init__(self) -> None:
        super().__init__(3, 2)
        self.inside, self.modes, self.inputs = nn.Dropout(0.0), [], []

    def forward(self, x: Any) -> Any:
        self.modes.append((self.training, self.inside.training))
        self.inputs.append(x.detach())
        return super().forward(x)


class Idle(nn.Module):
    """A model that returns its input: the first operation on a meta tensor takes a second."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))

    def forward(self, x: Any) -> Any:
        return x


def normed() -> nn.Module:
    """A model with buffers, which a pass in training mode changes."""
    return nn.Sequential(nn.BatchNorm1d(3), nn.Linear(3, 2))


def state_of(model: nn.Module) -> dict[str, Any]:
    """Copies of the parameters and buffers of a model."""
    return {name: value.clone() for name, value in model.state_dict().items()}


def four_groups(model: nn.Module) -> list[list[nn.Parameter]]:
    """A splitter with a group for each parameter."""
    return [[p] for p in model.parameters()]


def no_loss(pred: Any, yb: Any) -> Any:
    """A loss of 0 that can be differentiated."""
    return torch.zeros((), requires_grad=True)


def constant(pred: Any, yb: Any) -> Any:
    """A loss that is always 1."""
    return 1 + 0 * pred.sum()


def scripted(losses: list[float]) -> Callable[[Any, Any], Any]:
    """A loss function that returns these in training, whatever the model says, and else 1."""
    left = iter(losses)
    return lambda pred, yb: (next(left, 1.0) if pred.requires_grad else 1.0) + 0 * pred.sum()
