"""Words for mixed precision: scales of torch, models that notice autocast, gradients by hand."""

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import torch
from hypothesis import strategies as st
from torch import Tensor, nn

from checks.words.fits import BATCH_EVENTS, LittleFit, Makes, mse, watching

dtypes = st.sampled_from([torch.bfloat16, torch.float16])
"""The two types of 16 bits."""

scale_settings = st.fixed_dictionaries(
    {
        "start": st.integers(2, 16).map(lambda k: 2.0**k),
        "growth": st.sampled_from([2.0, 4.0, 1.5]),
        "backoff": st.sampled_from([0.5, 0.25, 0.75]),
        "interval": st.integers(1, 4),
    }
)
"""Arguments of a DynamicScale that show within a few steps."""

steps = st.lists(st.booleans(), min_size=1, max_size=12)
"""Whether the gradients of each step were finite."""


def with_gradients(*values: Any) -> list[Tensor]:
    """Parameters with these gradients; None for one without."""
    params = [nn.Parameter(torch.zeros(len(o or [0]))) for o in values]
    for p, value in zip(params, values, strict=True):
        p.grad = None if value is None else torch.tensor(value)
    return params


def torchs_scales(finite: Iterable[bool], **settings: Any) -> list[float]:
    """The factors of torch.amp.GradScaler after each step."""
    names = {"start": "init_scale", "growth": "growth_factor", "backoff": "backoff_factor"}
    names["interval"] = "growth_interval"
    scaler = torch.amp.GradScaler("cpu", **{names[k]: o for k, o in settings.items()})
    found = []
    for good in finite:
        params = with_gradients([1.0 if good else float("inf")])
        optimizer: Any = SimpleNamespace(param_groups=[{"params": params}])
        scaler.scale(torch.ones(1))
        scaler.unscale_(optimizer)
        scaler.update()
        found.append(scaler.get_scale())
    return found


def autocast_now() -> Any:
    """The type in which autocast computes on the CPU; None where it's off."""
    return torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else None


class _Backward(torch.autograd.Function):
    """x; on the way back it notes whether autocast is on."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, note: Callable[[], None]) -> Tensor:
        ctx.note = note
        return x.clone()

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        ctx.note()
        return grad, None


class Noticing(nn.Module):
    """A layer that notes in which type it computes, forward and backward."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer, self.forwards, self.backwards, self.outputs = layer, [], [], []

    def forward(self, x: Tensor) -> Tensor:
        self.forwards.append(autocast_now())
        out = self.layer(x)
        self.outputs.append(out.dtype)
        return _Backward.apply(out, lambda: self.backwards.append(autocast_now()))


def in_half(fit: LittleFit, dtype: torch.dtype, scale: float = 1.0) -> list[list[Tensor]]:
    """The gradients of each batch of plain gradient descent with the forward in `dtype`."""
    model, found = fit.model(), []
    for _ in range(fit.epochs):
        for xb, yb in fit.train():
            with torch.autocast("cpu", dtype):
                pred = model(xb)
            loss = mse(pred.float(), yb) * scale
            grads = torch.autograd.grad(loss, list(model.parameters()))
            found.append([grad / scale for grad in grads])
            with torch.no_grad():
                for p, grad in zip(model.parameters(), found[-1], strict=True):
                    p -= fit.lr * grad
    return found


def learner_of(
    fit: LittleFit, kata: Any, *cbs: Any, model: Any = None, loss_func: Any = mse, **kwargs: Any
) -> Any:
    """A learner (of the module `kata`) of a little fit; its steps are in `opt.steps`."""
    kwargs = {"opt_func": Makes(), "lr": fit.lr, **kwargs}
    return kata.Learner(model or fit.model(), fit.data(), loss_func, cbs=list(cbs), **kwargs)


def at_all_orders(kata: Any, hear: Callable[[str], Any]) -> list[Any]:
    """Callbacks that hear every event, before and after any other."""
    return [watching(kata.Callback, hear, order) for order in (-1000, -1, 0, 50, 1000)]


def gradients_of(model: nn.Module) -> list[Any]:
    """Copies of a model's gradients; None where there is none."""
    return [None if p.grad is None else p.grad.clone() for p in model.parameters()]


class Explodes:
    """A loss whose gradient is `how` at the calls `when` in training, counted from 0."""

    def __init__(self, when: Iterable[int], how: float = float("inf")) -> None:
        self.when, self.how, self.calls = set(when), how, 0

    def __call__(self, pred: Tensor, yb: Tensor) -> Tensor:
        loss = mse(pred, yb)
        if not pred.requires_grad:
            return loss
        self.calls += 1
        if self.calls - 1 not in self.when:
            return loss
        return loss + _Spoiled.apply(pred, self.how)


class _Spoiled(torch.autograd.Function):
    """0, with a gradient that is not finite."""

    @staticmethod
    def forward(ctx: Any, pred: Tensor, how: float) -> Tensor:
        ctx.shape, ctx.how = pred.shape, how
        return pred.new_zeros(())

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        return torch.full(ctx.shape, ctx.how), None


WITH_A_LOSS = [*BATCH_EVENTS[2:], "after_batch"]
"""The events of a training batch at which its loss is known."""
