"""Words for trainings that take milliseconds: little fits, optimizers and callbacks that watch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st

BATCH_EVENTS = ["begin_batch", "after_pred", "after_loss", "after_backward", "after_step"]
FIT_EVENTS = [
    *("begin_fit", "begin_epoch", *BATCH_EVENTS, "after_batch", "begin_validate", "after_epoch"),
    *("after_cancel_batch", "after_cancel_epoch", "after_cancel_train", "after_fit"),
]


class Batches(list):
    """Batches with the data set that they come from, as a DataLoader has one."""

    dataset = range(99)


@dataclass(repr=False)
class LittleFit:
    """A training that takes milliseconds: one linear layer, and batches of drawn sizes."""

    seed: int
    train_sizes: list[int]
    valid_sizes: list[int]
    epochs: int
    lr: float

    def __repr__(self) -> str:
        sizes = f"training batches of {self.train_sizes} and validation batches of "
        return f"{self.epochs} epochs, {sizes}{self.valid_sizes} samples, lr={self.lr}"

    def model(self) -> Any:
        """The layer, with the same weights each time."""
        import torch

        layer = torch.nn.Linear(3, 2)
        with torch.no_grad():
            for p, values in zip(layer.parameters(), self._randoms((2, 3), (2,)), strict=True):
                p.copy_(values)
        return layer

    def train(self) -> list:
        """The training batches, the same each time."""
        shapes = [(n, width) for n in self.train_sizes for width in (3, 2)]
        return _pairs(self._randoms(*shapes, stream=1))

    def valid(self) -> list:
        """The validation batches, the same each time."""
        shapes = [(n, width) for n in self.valid_sizes for width in (3, 2)]
        return _pairs(self._randoms(*shapes, stream=2))

    def data(self) -> Any:
        """What a learner takes as its data."""
        return SimpleNamespace(train_dl=self.train(), valid_dl=self.valid())

    def by_hand(self) -> tuple[list, list, list]:
        """Weights after plain gradient descent, and the losses of both sets, by epoch."""
        import torch

        model, losses, valid_losses = self.model(), [], []
        for _ in range(self.epochs):
            losses.append([])
            for xb, yb in self.train():
                loss = mse(model(xb), yb)
                grads = torch.autograd.grad(loss, list(model.parameters()))
                losses[-1].append(loss.item())
                with torch.no_grad():
                    for p, grad in zip(model.parameters(), grads, strict=True):
                        p -= self.lr * grad
            with torch.no_grad():
                valid_losses.append([mse(model(xb), yb).item() for xb, yb in self.valid()])
        return weights_of(model), losses, valid_losses

    def _randoms(self, *shapes: tuple, stream: int = 0) -> list:
        import torch

        source = torch.Generator().manual_seed(3 * self.seed + stream)
        return [torch.randn(shape, generator=source) for shape in shapes]

    def events(self) -> list[str]:
        """Every event of the training, in order."""
        train = [*BATCH_EVENTS, "after_batch"] * len(self.train_sizes)
        valid = [*BATCH_EVENTS[:3], "after_batch"] * len(self.valid_sizes)
        epoch = ["begin_epoch", *train, "begin_validate", *valid, "after_epoch"]
        return ["begin_fit", *epoch * self.epochs, "after_fit"]

    def by_pass(self, training: Any, validation: Any) -> list:
        """One of two values for each batch of the training."""
        epoch = [training] * len(self.train_sizes) + [validation] * len(self.valid_sizes)
        return epoch * self.epochs


@dataclass(repr=False)
class Moment:
    """The place of one event among all events of a little training; `nth` counts from 0."""

    fit: LittleFit
    event: str
    nth: int

    def __repr__(self) -> str:
        return f"{self.event} number {self.nth + 1} of a fit of {self.fit}"

    @property
    def at(self) -> int:
        """Its place among all events."""
        return [i for i, event in enumerate(self.fit.events()) if event == self.event][self.nth]

    def until(self) -> list[str]:
        """The events up to this one; a batch under way still has its after_batch."""
        rest = ["after_batch"] * (self.event in BATCH_EVENTS)
        return [*self.fit.events()[: self.at + 1], *rest]

    def from_next(self, *events: str) -> list[str]:
        """The events from the next of these on."""
        later = self.fit.events()[self.at + 1 :]
        return later[min(later.index(event) for event in events if event in later) :]


@st.composite
def moments(draw: Any, *among: str) -> Moment:
    """A little training with two batches a pass or more, and the place of one of these events."""
    fit = draw(little_fits(min_train=2, min_valid=2))
    event = draw(st.sampled_from(among))
    return Moment(fit, event, draw(st.integers(0, fit.events().count(event) - 1)))


def _pairs(tensors: list) -> list:
    return list(zip(tensors[::2], tensors[1::2], strict=True))


def mse(pred: Any, yb: Any) -> Any:
    """The mean squared error."""
    return ((pred - yb) ** 2).mean()


def weights_of(model: Any) -> list:
    """Copies of a model's parameters."""
    return [p.detach().clone() for p in model.parameters()]


def little_fits(
    min_train: int = 1, min_valid: int = 0, min_epochs: int = 1
) -> st.SearchStrategy[LittleFit]:
    """Trainings of a few batches and epochs."""
    sizes = st.integers(1, 4)
    return st.builds(
        LittleFit,
        seed=st.integers(0, 99),
        train_sizes=st.lists(sizes, min_size=min_train, max_size=3),
        valid_sizes=st.lists(sizes, min_size=min_valid, max_size=3),
        epochs=st.integers(min_epochs, 3),
        lr=st.sampled_from([0.01, 0.05, 0.1]),
    )


class SpySGD:
    """Plain gradient descent that remembers the hyperparameters of each of its steps."""

    def __init__(self, params: Any, lr: float = 0.0, **hypers: Any) -> None:
        groups = list(params)
        self.param_groups = [list(g) for g in groups] if _nested(groups) else [groups]
        self.hypers = [{"lr": lr, "mom": 0.9, **hypers} for _ in self.param_groups]
        self.made_with, self.steps = lr, []

    def step(self) -> None:
        """Against the gradient."""
        import torch

        self.steps.append([dict(hyper) for hyper in self.hypers])
        with torch.no_grad():
            for group, hyper in zip(self.param_groups, self.hypers, strict=True):
                for p in (p for p in group if p.grad is not None):
                    p.sub_(hyper["lr"] * p.grad)

    def zero_grad(self, *args: Any, **kwargs: Any) -> None:
        """Forget the gradients."""
        for p in (p for group in self.param_groups for p in group):
            p.grad = None


def _nested(groups: list) -> bool:
    return isinstance(groups[0], list | tuple)


class Makes:
    """A function that makes SpySGDs and keeps them in `made`."""

    def __init__(self) -> None:
        self.made: list[SpySGD] = []

    def __call__(self, params: Any, lr: float = 0.0, **hypers: Any) -> SpySGD:
        self.made.append(SpySGD(params, lr, **hypers))
        return self.made[-1]

    def stepped(self, name: str = "lr") -> list[list[Any]]:
        """The hyperparameter `name` of each group, for each step so far."""
        return [[hyper[name] for hyper in step] for opt in self.made for step in opt.steps]


def two_groups(model: Any) -> list[list]:
    """A splitter: the weights of a layer, and its bias."""
    return [
        [p for p in model.parameters() if p.ndim > 1],
        [p for p in model.parameters() if p.ndim < 2],
    ]


def _telling(hear: Callable[[str], Any], event: str) -> Callable[[Any], Any]:
    """A method that tells `hear` the name of its event, and returns its answer."""

    def method(self: Any) -> Any:
        return hear(event)

    return method


def watching(base: type, hear: Callable[[str], Any], order: float = 50) -> Any:
    """A callback (`base`) that hears every event by name, after other callbacks."""

    class Watching(base):
        _order = order

    for event in FIT_EVENTS:
        setattr(Watching, event, _telling(hear, event))
    return Watching()


@contextmanager
def quiet(*errors: type[BaseException]) -> Iterator[None]:
    """A block in which these errors may come."""
    try:
        yield
    except errors:
        pass


class Trip:
    """Hears events, keeps them in `log`, and raises `error` at one of them."""

    def __init__(self, event: str, nth: int, error: BaseException) -> None:
        self.event, self.nth, self.error, self.log = event, nth, error, []

    def __call__(self, event: str) -> None:
        self.log.append(event)
        if event == self.event and self.log.count(event) == self.nth + 1:
            raise self.error
