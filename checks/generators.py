"""Generators: the vocabulary in which laws are quantified.

Torch, numpy and Pillow are imported inside functions, since level 1 is judged without them.
"""

import numbers
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st

sched_positions = st.floats(0, 1)
"""How much of a training is over."""

sched_ends = st.floats(-100, 100).map(lambda x: round(x, 3))
"""Where a schedule starts or ends."""

sched_rates = st.floats(-6, 1).map(lambda x: round(10**x, 8))
"""Values above 0 over several orders of magnitude, as learning rates are."""

sched_shares = st.lists(st.integers(1, 20), min_size=1, max_size=6).map(
    lambda parts: [part / sum(parts) for part in parts]
)
"""Shares of a whole: they sum to 1 but for rounding."""


BATCH_EVENTS = ["begin_batch", "after_pred", "after_loss", "after_backward", "after_step"]
FIT_EVENTS = [
    *("begin_fit", "begin_epoch", *BATCH_EVENTS, "after_batch", "begin_validate", "after_epoch"),
    *("after_cancel_batch", "after_cancel_epoch", "after_cancel_train", "after_fit"),
]


@dataclass
class LittleFit:
    """A training that takes milliseconds: one linear layer, and batches of drawn sizes."""

    seed: int
    train_sizes: list[int]
    valid_sizes: list[int]
    epochs: int
    lr: float

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


def watching(base: type, hear: Callable[[str], Any], order: float = 50) -> Any:
    """A callback (`base`) that hears every event by name, after other callbacks."""
    told = {event: (lambda self, event=event: hear(event) and None) for event in FIT_EVENTS}
    return type("Watching", (base,), {"_order": order, **told})()


class Trip:
    """Hears events, keeps them in `log`, and raises `error` at one of them."""

    def __init__(self, event: str, nth: int, error: BaseException) -> None:
        self.event, self.nth, self.error, self.log = event, nth, error, []

    def __call__(self, event: str) -> None:
        self.log.append(event)
        if event == self.event and self.log.count(event) == self.nth + 1:
            raise self.error


def make_picture(mode: str, size: tuple[int, int], seed: int) -> Any:
    """A picture of any 8-bit mode whose every pixel, and palette, is random."""
    from PIL import Image

    w, h = size
    source = random.Random(seed)
    row = (w + 7) // 8 if mode == "1" else w * len(Image.new(mode, (1, 1)).getbands())
    img = Image.frombytes(mode, size, source.randbytes(row * h))
    if mode == "P":
        img.putpalette(source.randbytes(768))
    return img


def pictures(*modes: str, max_side: int = 6) -> st.SearchStrategy[Any]:
    """Pictures of 1 pixel and more, one of `modes` each; (w, h) differ as a rule."""
    sides = st.integers(1, max_side)
    return st.builds(
        make_picture, st.sampled_from(modes), st.tuples(sides, sides), st.integers(0, 99)
    )


def keeping_bytes(img: Any) -> Callable[[], bool]:
    """Whether all bytes that `img` gives out from now on are, when asked, what they were."""
    given_out: list[tuple[bytes, bytearray]] = []
    tobytes = img.tobytes

    def watched(*args: Any, **kwargs: Any) -> bytes:
        data = tobytes(*args, **kwargs)
        given_out.append((data, bytearray(data)))
        return data

    img.tobytes = watched
    return lambda: all(data == copied for data, copied in given_out)


@contextmanager
def written(files: dict[str, Any]) -> Iterator[Path]:
    """A folder with these files: bytes as they are, pictures in the format that the name says."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content) if isinstance(content, bytes) else content.save(path)
        yield Path(folder)


def handles_on(path: Path) -> int:
    """How many of this process's open file handles are of the file at `path`."""
    wanted, found = os.stat(path), 0
    for handle in range(256):
        with suppress(OSError):
            found += os.path.samestat(os.fstat(handle), wanted)
    return found


class _ArrayItem:
    """One item of an `_Array`: no Python number, though it acts as the one that it holds."""

    shape, ndim = (), 0

    def __init__(self, value: Any, dtype: Any = None) -> None:
        self.value, self.dtype = value, dtype

    def item(self) -> Any:
        """The item in plain Python."""
        return self.value

    def __repr__(self) -> str:
        return repr(self.value)

    tolist = item


def _acting(name: str) -> Callable[..., Any]:
    """The method `name` of the value that an item holds."""
    return lambda self, *them: getattr(self.value, name)(*(getattr(o, "value", o) for o in them))


for _name in "int bool hash eq ne lt le gt ge add radd sub rsub mod neg invert".split():
    setattr(_ArrayItem, f"__{_name}__", _acting(f"__{_name}__"))


class _ZeroDim(_ArrayItem):
    """An item as torch gives it: an array of no dimensions."""

    def __len__(self) -> int:
        raise TypeError("len() of a 0-d tensor")

    def __iter__(self) -> Iterator:
        raise TypeError("iteration over a 0-d tensor")

    def __index__(self) -> int:
        return int(self.value)


class _DType:
    """The type of an array's items; it equals whatever has one of `names`."""

    is_floating_point = False

    def __init__(self, text: str, *names: str, **more: str) -> None:
        self.text, self.names = text, names
        vars(self).update(more)

    def __eq__(self, other: Any) -> bool:
        return self is other or getattr(other, "__name__", other) in self.names

    def __repr__(self) -> str:
        return self.text

    __hash__ = object.__hash__


class _Array:
    """Ints or bools in a row, answering as an array of numpy or a tensor of torch does."""

    ndim = 1

    def __init__(self, values: list, dtype: _DType, item: Callable[..., Any]) -> None:
        self.values, self.dtype, self._item = list(values), dtype, item
        self.shape, self.size = (len(values),), len(values)

    def tolist(self) -> list:
        """The items in plain Python."""
        return list(self.values)

    def any(self) -> Any:
        """Whether some item counts as true."""
        return self._item(any(self.values), self.dtype)

    def all(self) -> Any:
        """Whether every item counts as true."""
        return self._item(all(self.values), self.dtype)

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator:
        return iter([self._item(o, self.dtype) for o in self.values])

    def __getitem__(self, i: int) -> Any:
        return self._item(self.values[i], self.dtype)

    def __index__(self) -> int:
        raise TypeError("only integer scalar arrays can be converted to an index")

    def __bool__(self) -> bool:
        if len(self) > 1:
            raise ValueError("the truth value of an array with more than one item is ambiguous")
        return any(self.values)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return sys.modules["numpy"].array(self.values, dtype)  # who asks has imported it

    def __repr__(self) -> str:
        return f"{'tensor' if type(self).__name__ == 'Tensor' else 'array'}({self.values})"


class _Tensor(_Array):
    """What tensors have and arrays have not."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.size, self.dim, self.numel = lambda: self.shape, lambda: 1, lambda: len(self)

    def detach(self) -> "_Tensor":
        """The same tensor."""
        return self

    cpu = detach

    def numpy(self) -> _Array:
        """The array of the same items."""
        return numpy_like(self.values)


def _posing(name: str, module: str, base: type, **members: Any) -> Any:
    """A class that says it is `module.name`."""
    return type(name, (base,), {"__module__": module, **members})


_ndarray = _posing("ndarray", "numpy", _Array)
_tensor = _posing("Tensor", "torch", _Tensor)
_torch_item = _posing("Tensor", "torch", _ZeroDim)
_numpy_bool = _posing("bool", "numpy", _ArrayItem)
_numpy_int = _posing("int64", "numpy", _ArrayItem, __index__=lambda self: self.value)
numbers.Integral.register(_numpy_int)


def numpy_like(values: list) -> Any:
    """What acts as the array of these ints or bools, without numpy."""
    if isinstance(values[0], bool):
        dtype = _DType("bool", "bool", "bool_", name="bool", kind="b")
        return _ndarray(values, dtype, _numpy_bool)
    dtype = _DType("int64", "int", "int64", name="int64", kind="i")
    return _ndarray(values, dtype, _numpy_int)


def torch_like(values: list) -> Any:
    """What acts as the tensor of these ints or bools, without torch."""
    dtype = _DType("torch.bool" if isinstance(values[0], bool) else "torch.int64")
    return _tensor(values, dtype, _torch_item)


file_names = st.sampled_from(
    ["1.jpg", "2.JPG", "3.Jpeg", "4.png", "5.txt", "6", "7jpg", "8.jpg.txt", "9.tar.gz", ".a.jpg"]
)
"""Names of files; some are hidden, some have no extension."""

folder_names = st.sampled_from(["train", "train2", "valid", "n01.440", "x.jpg", ".git"])
"""Names of folders; some are hidden, some look like names of files."""

file_trees = st.lists(
    st.builds(
        lambda folders, name: "/".join([*folders, name]),
        st.lists(folder_names, max_size=3),
        file_names,
    ),
    unique=True,
    max_size=6,
)
"""Files of a folder and of folders in it at any depth, each by its path."""
