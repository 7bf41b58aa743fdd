"""Words for networks: modules with numbers in trees, and little networks of pictures."""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import torch
from hypothesis import strategies as st
from torch import nn

from checks.laws import assert_same, assert_that

trees = st.recursive(st.just([]), lambda inner: st.lists(inner, max_size=3), max_leaves=12)
DEEP = [[[], []], [], [[[]]]]


class Tagged(nn.Module):
    """A module with a number, and modules in it: names are out of order, and one begins another."""

    def __init__(self, tag: int, inner: Any = ()) -> None:
        super().__init__()
        self.tag = tag
        for i, module in enumerate(inner):
            self.add_module(("c", "ca", "b")[i], module)

    def forward(self, x: Any) -> Any:
        """x + tag."""
        return x + self.tag


class Sum(nn.Module):
    """A module of two inputs."""

    def forward(self, x: Any, y: Any) -> Any:
        """x + y."""
        return x + y


def tagged(tree: list, tags: Any = None) -> Tagged:
    """A tree of modules, numbered from the outside in, each before those that follow it."""
    tags = iter(range(1000)) if tags is None else tags
    tag = next(tags)
    return Tagged(tag, [tagged(inner, tags) for inner in tree])


def outermost(module: Any, chosen: Any, above: bool = False) -> list[int]:
    """Numbers of the modules that are chosen and not inside a chosen one, from a walk over all."""
    here = module.tag in chosen
    deeper = [tag for inner in module.children() for tag in outermost(inner, chosen, above or here)]
    return [module.tag] * (here and not above) + deeper


def randoms(seed: int, *shape: int) -> Any:
    """Normal random numbers of std 2, the same each time."""
    return 2 * torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def assert_is(found: Any, wanted: Any, name: str) -> None:
    """Whether `found` is that very object; nothing of it is shown."""
    other = "a module" if isinstance(found, nn.Module) else "another object"
    other = "None" if found is None else other
    assert_that(found is wanted, f"got {other}, wanted {name}", other, name)


@contextmanager
def same_hooks(*modules: Any) -> Iterator[None]:
    """After the block the modules have as many hooks as before it."""
    before = [len(m._forward_hooks) for m in modules]
    try:
        yield
    finally:
        after = [len(m._forward_hooks) for m in modules]
        why = f"hooks on the modules: got {sum(after)}, wanted {sum(before)}"
        assert_that(after == before, why, sum(after), sum(before))


class Elsewhere(torch.Tensor):
    """A tensor that poses as one on another device: only `cpu` and `to` bring it to the CPU."""

    is_cuda = True

    def cpu(self, *args: Any, **kwargs: Any) -> Any:
        """The same numbers on the CPU."""
        return self.as_subclass(torch.Tensor).clone()

    def to(self, *args: Any, **kwargs: Any) -> Any:
        """On the CPU where `args` name it."""
        here = any(str(o) == "cpu" for o in [*args, *kwargs.values()])
        return (self.cpu() if here else self.as_subclass(torch.Tensor)).to(*args, **kwargs)

    def numpy(self, *, force: bool = False) -> Any:
        """An array, when forced."""
        if not force:
            raise TypeError("a tensor on another device can't be an array: call cpu() first")
        return self.cpu().detach().numpy()


class Ant(nn.Conv2d):
    """A layer whose class has a name of its own, as the next ones."""


class Bee(nn.BatchNorm2d):
    """A batch norm."""


class Nest(nn.Sequential):
    """A block of layers."""


class Crow(nn.Conv2d):
    """A convolution in the block."""


class Dove(nn.Dropout):
    """A layer without parameters."""


class Emu(nn.Conv2d):
    """A convolution without a bias."""


class Fox(nn.AdaptiveAvgPool2d):
    """A pool."""


class Trap(nn.Module):
    """A layer that fails."""

    def forward(self, x: Any) -> Any:
        """No output."""
        raise ValueError("no output")


OUTER = ["Ant", "Bee", "Nest", "Fox"]
INNERMOST = ["Ant", "Bee", "Crow", "Dove", "Emu", "Fox"]


class Turned(nn.Module):
    """A network with a `forward` of its own: the picture is turned before the first layer."""

    def __init__(self, layers: dict[str, Any]) -> None:
        super().__init__()
        for name, layer in layers.items():
            self.add_module(name, layer)

    def forward(self, x: Any) -> Any:
        """Through all layers, with height and width swapped."""
        x = x.mT
        for layer in self.children():
            x = layer(x)
        return x


def network(widths: list[int], seed: int = 0, turned: bool = False) -> Any:
    """A network of pictures, one of whose four layers is a block of layers."""
    torch.manual_seed(seed)
    c, d, e, f = widths
    inner = Crow(d, e, 3, padding=1), Dove(0.1), Emu(e, f, 2, bias=False)
    nest = Nest(OrderedDict(zip(INNERMOST[2:5], inner, strict=True)))
    outer = Ant(c, d, 3, stride=2, padding=1), Bee(d), nest, Fox((3, 1))
    return (Turned if turned else nn.Sequential)(OrderedDict(zip(OUTER, outer, strict=True)))


def picture_data(c: int, n: int = 3) -> Any:
    """A training batch of pictures, and two of validation, each of another size."""
    yb = torch.tensor(0.0)
    sizes = {"train_dl": [(18, 8)], "valid_dl": [(14, 10), (10, 22)]}
    return SimpleNamespace(
        **{name: [(randoms(0, n, c, *o), yb) for o in sides] for name, sides in sizes.items()}
    )


def numbers_in(text: str) -> list[int]:
    """The whole numbers of a text; 1,234 and 1_234 are 1234."""
    return [int(o) for o in re.findall(r"\d+", re.sub(r"(?<=\d)[,_](?=\d{3}\b)", "", text))]


def _in_a_row(some: list[int], among: list[int]) -> bool:
    return any(among[i : i + len(some)] == some for i in range(len(among)))


def is_in(some: list[int], text: str) -> bool:
    """Whether these whole numbers stand one after the other in a text."""
    return _in_a_row(some, numbers_in(text))


def told_of(text: str, layers: list[str]) -> dict[str, list[int]]:
    """For each layer, by name, the whole numbers in its lines: up to the line of the next one."""
    places = {name: re.search(rf"^.*\b{name}\b", text, re.MULTILINE) for name in layers}
    missing = [name for name, place in places.items() if place is None]
    found = [o for o in layers if o not in missing]
    assert_that(not missing, f"layers in the text: got {found}, wanted {layers}", found, layers)
    starts = {name: place.start() for name, place in places.items() if place}
    assert_same(sorted(layers, key=lambda name: starts[name]), layers)
    ends = [*list(starts.values())[1:], len(text)]
    return {o: numbers_in(text[starts[o] : end]) for o, end in zip(layers, ends, strict=True)}


def assert_told(told: dict[str, list[int]], name: str, wanted: list[int], of: str) -> None:
    """The numbers `wanted` stand one after the other in what is told of a layer."""
    found = told[name]
    holds = _in_a_row(wanted, found)
    why = f"{of} of {name}: got the numbers {found}, wanted {wanted} among them"
    assert_that(holds, why, found, wanted)


def outputs_of(model: Any, xb: Any) -> dict[str, Any]:
    """The outputs of all layers, by class name, for one batch; nothing in the model changes."""
    kept: dict[str, Any] = {}
    modes = [(m, m.training) for m in model.modules()]
    state = {name: o.clone() for name, o in model.state_dict().items()}
    keep: Callable = lambda m, _, o: kept.update({type(m).__name__: o.detach()})  # noqa: E731
    handles = [m.register_forward_hook(keep) for m in model.modules()]
    model.eval()(xb)
    for handle in handles:
        handle.remove()
    for module, mode in modes:
        module.training = mode
    model.load_state_dict(state)
    return kept


def parameters_of(module: Any) -> int:
    """The number of parameters, those of inner modules included."""
    return sum(p.numel() for p in module.parameters())


def place_of(item: Any, items: list) -> int | None:
    """Where that very object is in a list; None if nowhere."""
    return next((i for i, o in enumerate(items) if o is item), None)


@contextmanager
def assert_passes_on(kind: type[BaseException]) -> Iterator[None]:
    """The block raises `kind`, of which nothing but its class is compared."""
    raised = "no error"
    try:
        yield
    except kind:
        raised = kind.__name__
    assert_same(raised, kind.__name__)
