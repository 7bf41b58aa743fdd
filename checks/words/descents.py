"""Words for optimizers: little descents, the same by torch and by formulas, and watchers."""

import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import torch
from hypothesis import strategies as st
from torch import nn

from checks.laws import assert_same, assert_that, number

Groups = list[list[torch.Tensor]]
Weights = list[list[torch.Tensor]]
"""The values of all parameters, after each step."""

CLOSE = {"rtol": 1e-4, "atol": 1e-5}

rates = st.integers(1, 50).map(lambda n: n / 100)
decays = st.integers(1, 20).map(lambda n: n / 20)
moms = st.integers(0, 999).map(lambda n: n / 1000)
hypers = st.fixed_dictionaries(
    {
        "lr": rates,
        "wd": decays,
        "mom": st.integers(1, 19).map(lambda n: n / 20),
        "sqr_mom": st.integers(10, 99).map(lambda n: n / 100),
        "eps": st.integers(1, 100).map(lambda n: n / 100),
    }
)
"""What a group of parameters steps with; eps is large enough to matter."""

shapes = st.sampled_from([(1,), (), (3,), (2, 2), (2, 1, 3)])
groupings = st.lists(st.lists(shapes, min_size=1, max_size=2), min_size=1, max_size=3)
names = st.sampled_from(["lr", "wd", "mom", "eps", "w"])
falsy = st.sampled_from([None, 0, 0.0, False, "", ()])
entries = st.dictionaries(names, st.integers(-2, 2) | falsy, max_size=3)
"""A few hyperparameters of any kind."""


def _tensor(shape: tuple, least: int) -> st.SearchStrategy[torch.Tensor]:
    count = math.prod(shape)
    values = st.lists(st.integers(least, 40), min_size=count, max_size=count)
    return values.map(lambda found: torch.tensor(found).reshape(shape) / 10)


def alike(*least: int) -> st.SearchStrategy[tuple[torch.Tensor, ...]]:
    """Tensors of one shape, one for each of `least`: tenths from that many up to 40."""
    return shapes.flatmap(lambda shape: st.tuples(*(_tensor(shape, o) for o in least)))


weights = alike(-40).map(lambda found: found[0])
pairs = alike(-40, -40)
"""A weight and its gradient."""

triples = alike(-40, -40, 0)
"""A weight, an average of its gradient, and an average of squares."""


@st.composite
def histories(draw: Callable, momentum: str) -> tuple[list[torch.Tensor], list[dict]]:
    """The gradients of one parameter, step by step, and the momentum that each is added with."""
    shape = draw(shapes)
    grads = draw(st.lists(_tensor(shape, -40), min_size=1, max_size=5))
    return grads, [{momentum: draw(moms)} for _ in grads]


steps_made = st.fixed_dictionaries(
    {
        "lr": rates,
        "mom": st.integers(1, 19).map(lambda n: n / 20),
        "mom_damp": st.integers(1, 20).map(lambda n: n / 20),
        "step": st.integers(1, 9),
        "sqr_mom": st.integers(10, 99).map(lambda n: n / 100),
        "sqr_damp": st.integers(1, 20).map(lambda n: n / 20),
        "eps": st.integers(1, 100).map(lambda n: n / 100),
    }
)
"""What Adam and LAMB are called with besides the parameter and its averages."""

FIRST = {"lr": 0.5, "mom": 0.9, "mom_damp": 0.1, "step": 1, "sqr_mom": 0.99, "sqr_damp": 0.01}
FIRST["eps"] = 1.0
"""The same at a first step."""


def parameter(values: torch.Tensor, grad: torch.Tensor | None = None) -> torch.Tensor:
    """A parameter of its own with these values and this gradient."""
    made = values.clone()
    made.grad = None if grad is None else grad.clone()
    return made


def assert_changes_only(
    stepper: Callable, goal: str, p: torch.Tensor, grad: torch.Tensor, **by_name: Any
):
    """A stepper changes `goal`, p or grad, and nothing else, and returns the parameter.

    In double precision p and grad keep their dtype too.
    """
    made, before = parameter(p, grad), deepcopy(by_name)
    returned = stepper(made, other="unused", **by_name)
    assert_that(returned is made, f"got {returned!r:.80}, wanted `p` itself", returned, made)
    assert_same(by_name, before)
    untouched = (made.grad, grad) if goal == "p" else (made, p)
    assert_same(*untouched)
    double = parameter(p.double(), grad.double())
    stepper(double, **{k: o.double() if torch.is_tensor(o) else o for k, o in by_name.items()})
    dtypes = {name: str(o.dtype) for name, o in (("p", double), ("p.grad", double.grad))}
    assert_same(dtypes, {"p": "torch.float64", "p.grad": "torch.float64"})


@dataclass
class Descent:
    """Some steps of parameters in groups: shapes, hyperparameters, and gradients that are missing.

    At step t, group g has the hyperparameters [t + g] of the list, which starts again at its end.
    `skips` are pairs (number of a parameter, step) without a gradient. Weights are of the size
    `size`, and gradients of the size `slope`.
    """

    seed: int
    groups: list[list[tuple]]
    steps: int
    hypers: list[dict]
    skips: list[tuple[int, int]]
    size: float = field(default=1.0, repr=False)
    slope: float = field(default=1.0, repr=False)
    changing: bool = field(default=True, repr=False)

    def params(self) -> Groups:
        """The groups of parameters before the first step."""
        source = torch.Generator().manual_seed(self.seed)
        return [[nn.Parameter(self._weight(o, source)) for o in group] for group in self.groups]

    def _weight(self, shape: tuple, source: torch.Generator) -> torch.Tensor:
        values = torch.randn(shape, generator=source)
        return self.size * (values + 0.5 * values.sign())

    def grads(self, t: int) -> list[torch.Tensor | None]:
        """The gradient of each parameter at step t, or None."""
        source = torch.Generator().manual_seed(1000 * (t + 1) + self.seed)
        found = [self.slope * torch.randn(o, generator=source) for o in chain(*self.groups)]
        return [None if (i, t) in self.skips else grad for i, grad in enumerate(found)]

    def hypers_at(self, t: int) -> list[dict]:
        """The hyperparameters of each group at step t."""
        first = t if self.changing else 0
        return [self.hypers[(first + g) % len(self.hypers)] for g in range(len(self.groups))]

    def owed(self, groups: Groups) -> list[torch.Tensor]:
        """The parameter of each step that is to be made."""
        found = (zip(flat(groups), self.grads(t), strict=True) for t in range(self.steps))
        return [p for p, grad in chain(*found) if grad is not None]

    def history(self) -> Iterator[tuple[list[torch.Tensor], list[dict]]]:
        """At each step of each parameter: all gradients it has had, and the hyperparameters."""
        owners = [g for g, group in enumerate(self.groups) for _ in group]
        grads: list[list] = [[] for _ in owners]
        past: list[list] = [[] for _ in owners]
        for t in range(self.steps):
            for i, grad in enumerate(self.grads(t)):
                if grad is not None:
                    grads[i].append(grad.double())
                    past[i].append(self.hypers_at(t)[owners[i]])
                    yield list(grads[i]), list(past[i])

    def counts(self) -> list[int]:
        """At each step of each parameter: how many it has made by then."""
        return [len(grads) for grads, _ in self.history()]

    def values(self, *keys: str) -> list[list]:
        """At each step of each parameter: some hyperparameters."""
        return [[past[-1][key] for key in keys] for _, past in self.history()]


def descents(min_steps: int = 1, max_hypers: int = 3, skips: bool = True, **fixed: Any):
    """Descents of a few steps, whose hyperparameters change from step to step and by group."""
    some = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=4)
    return st.builds(
        Descent,
        seed=st.integers(0, 99),
        groups=groupings,
        steps=st.integers(min_steps, 5),
        hypers=st.lists(fixed.pop("hypers", hypers), min_size=1, max_size=max_hypers),
        skips=some if skips else st.just([]),
        **fixed,
    )


def with_hypers(**fixed: Any) -> st.SearchStrategy[dict]:
    """Sets of hyperparameters with some of them fixed."""
    return hypers.map(lambda hyper: {**hyper, **fixed})


def without(d: Descent, *keys: str) -> Descent:
    """The same descent with some hyperparameters not passed at all."""
    kept = [{k: v for k, v in hyper.items() if k not in keys} for hyper in d.hypers]
    return replace(d, hypers=kept)


def having(d: Descent, **fixed: Any) -> Descent:
    """The same descent with some hyperparameters at fixed values."""
    return replace(d, hypers=[{**hyper, **fixed} for hyper in d.hypers])


def one_group(d: Descent) -> Descent:
    """The same descent with all parameters in one group, and the same hyperparameters always."""
    return replace(d, groups=[flat(d.groups)], hypers=d.hypers[:1])


def flat(groups: list[list]) -> list:
    """The parameters of all groups."""
    return list(chain(*groups))


def ids(groups: list) -> list[list[int]]:
    """The objects of each group, as numbers."""
    return [[id(p) for p in group] for group in groups]


def copies(groups: Groups) -> list[torch.Tensor]:
    """The values of the parameters now."""
    return [p.detach().clone() for p in flat(groups)]


def twins(groups: Groups) -> Groups:
    """Other parameters with the same values."""
    return [[nn.Parameter(p.detach().clone()) for p in group] for group in groups]


def put_grads(d: Descent, groups: Groups, t: int) -> None:
    """Set the gradients of step t."""
    for p, grad in zip(flat(groups), d.grads(t), strict=True):
        p.grad = grad


def put_hypers(d: Descent, opt: Any, t: int) -> None:
    """Write the hyperparameters of step t, as a schedule does."""
    for hyper, now in zip(opt.hypers, d.hypers_at(t), strict=True):
        hyper.update(now)


def run(d: Descent, groups: Groups, opt: Any, start=0, stop=None, scheduled=True) -> Weights:
    """The weights after each step, from `start` on; hyperparameters are written before each.

    Gradients don't outlive their step: nan replaces them.
    """
    found = []
    for t in range(start, d.steps if stop is None else stop):
        put_grads(d, groups, t)
        if scheduled:
            put_hypers(d, opt, t)
        opt.step()
        found.append(copies(groups))
        for p in flat(groups):
            if p.grad is not None:
                p.grad.data.fill_(math.nan)
    return found


def stepped(d: Descent, make: Callable, *parts: Any) -> Weights:
    """The weights after each step by an optimizer of the class `make` with these parts."""
    groups = d.params()
    return run(d, groups, make(groups, *parts, **d.hypers_at(0)[0]))


def made(d: Descent, opt_func: Callable) -> Weights:
    """The weights after each step by an optimizer that is made with lr and wd, and scheduled."""
    groups, first = d.params(), d.hypers_at(0)[0]
    return run(d, groups, opt_func(groups, lr=first["lr"], wd=first["wd"]))


def from_generator(d: Descent, opt_func: Callable, *more: str) -> Weights:
    """The same with `more` values, for a generator of parameters, without a schedule."""
    params, first = flat(d.params()), d.hypers_at(0)[0]
    named = {key: first[key] for key in ("lr", "wd", *more)}
    return run(d, [params], opt_func((p for p in params), **named), scheduled=False)


def side_by_side(d: Descent, opt_func: Callable) -> list[Weights]:
    """The weights by each of two optimizers that step in turn over parameters of their own."""
    both, first = [d.params(), d.params()], d.hypers_at(0)[0]
    opts = [opt_func(groups, lr=first["lr"], wd=first["wd"]) for groups in both]
    found: list[Weights] = [[], []]
    for t in range(d.steps):
        for rows, groups, opt in zip(found, both, opts, strict=True):
            rows += run(d, groups, opt, start=t, stop=t + 1)
    return found


def in_turn(d: Descent, make: Callable, stat: Any) -> list["Spy"]:
    """The steppers of two optimizers with one stat, which step in turn over the same parameters."""
    groups, spies = d.params(), [Spy(), Spy()]
    opts = [make(groups, spy, stat, **d.hypers_at(0)[0]) for spy in spies]
    for t in range(d.steps):
        for opt in opts:
            run(d, groups, opt, start=t, stop=t + 1)
    return spies


def by_torch(d: Descent, kind: type, decay=False, decay_after=False, **names: Any) -> Weights:
    """The weights after each step by one of torch's optimizers, with decoupled decay if asked.

    `names` says which of our hyperparameters, or pair of them, each of torch's arguments is.
    """
    groups = d.params()
    opt, found = kind([{"params": group} for group in groups]), []
    for t in range(d.steps):
        put_grads(d, groups, t)
        for group, hyper in zip(opt.param_groups, d.hypers_at(t), strict=True):
            group.update({key: _taken(hyper, name) for key, name in names.items()})
        if decay:
            _decay(groups, d.hypers_at(t))
        opt.step()
        if decay_after:
            _decay(groups, d.hypers_at(t))
        found.append(copies(groups))
    return found


def _taken(hyper: dict, name: Any) -> Any:
    """One hyperparameter or several; a number stands for itself."""
    if isinstance(name, tuple):
        return tuple(_taken(hyper, o) for o in name)
    return hyper[name] if isinstance(name, str) else name


def _decay(groups: Groups, now: list[dict]) -> None:
    """Decay of the weights that have a gradient."""
    for group, hyper in zip(groups, now, strict=True):
        for p in (p for p in group if p.grad is not None):
            p.data *= 1 - hyper["lr"] * hyper["wd"]


def by_sgd(d: Descent, **names: Any) -> Weights:
    """Plain gradient descent by torch."""
    return by_torch(d, torch.optim.SGD, lr="lr", **names)


def by_adam(d: Descent, weight_decay: Any = 0.0, **names: Any) -> Weights:
    """Adam by torch; with `weight_decay` it has L2."""
    names = {"lr": "lr", "betas": ("mom", "sqr_mom"), "eps": "eps", **names}
    return by_torch(d, torch.optim.Adam, weight_decay=weight_decay, **names)


def by_adamw(d: Descent, **names: Any) -> Weights:
    """AdamW by torch: Adam with decoupled decay."""
    names = {"lr": "lr", "betas": ("mom", "sqr_mom"), "eps": "eps", "weight_decay": "wd", **names}
    return by_torch(d, torch.optim.AdamW, **names)


def by_lamb(d: Descent) -> Weights:
    """LAMB in double precision, from the formulas of the paper."""
    groups, found = d.params(), []
    owners = [g for g, group in enumerate(groups) for _ in group]
    now = [p.detach().double() for p in flat(groups)]
    history = d.history()
    for t in range(d.steps):
        for i, grad in enumerate(d.grads(t)):
            if grad is not None:
                grads, past = next(history)
                hyper = d.hypers_at(t)[owners[i]]
                now[i] = by_layer(now[i], _adam_direction(grads, past), hyper["lr"], hyper["wd"])
        found.append([w.float() for w in now])
    return found


def by_layer(w: torch.Tensor, direction: torch.Tensor, lr: float, wd: float) -> torch.Tensor:
    """w - lr * ratio * (direction + wd * w), where the ratio is that of LAMB."""
    whole = direction + wd * w
    both = w.pow(2).sum().sqrt().item(), whole.pow(2).sum().sqrt().item()
    ratio = min(both[0] / both[1], 10) if all(both) else 1.0
    return w - lr * ratio * whole


def adam_ratio(grad_avg: torch.Tensor, sqr_avg: torch.Tensor, **e: Any) -> torch.Tensor:
    """m / (sqrt(v) + eps) in double precision, from the arguments of a step."""
    m = grad_avg.double() / series(e["mom"], e["mom_damp"], e["step"])
    v = sqr_avg.double() / series(e["sqr_mom"], e["sqr_damp"], e["step"])
    return m / (v.sqrt() + e["eps"])


def series(mom: float, damp: float, step: int) -> float:
    """damp * (1 + mom + ... + mom**(step - 1))."""
    return damp * math.fsum(mom**i for i in range(step))


def _adam_direction(grads: list[torch.Tensor], past: list[dict]) -> torch.Tensor:
    """m / (sqrt(v) + eps), of debiased dampened averages."""
    now, squares = past[-1], [g**2 for g in grads]
    m, v = (
        weighted(values, past, key, True) / (1 - now[key] ** len(grads))
        for values, key in ((grads, "mom"), (squares, "sqr_mom"))
    )
    return m / (v.sqrt() + now["eps"])


def weighted(
    values: list[torch.Tensor], past: list[dict], key: str, dampening: bool
) -> torch.Tensor:
    """sum over i of damp[i] * mom[i+1] * ... * mom[t] * value[i]."""
    kept = [hyper[key] for hyper in past]
    damps = [1 - mom if dampening else 1.0 for mom in kept]
    shares = [damps[i] * math.prod(kept[i + 1 :]) for i in range(len(kept))]
    return sum((w * o for w, o in zip(shares, values, strict=True)), torch.zeros(()))


def averages(d: Descent, key: str, dampening: bool) -> list[torch.Tensor]:
    """At each step of each parameter: the average or sum of its gradients so far.

    With the momentum `sqr_mom` it is that of their squares.
    """
    power = 2 if key == "sqr_mom" else 1
    return [
        weighted([g**power for g in grads], past, key, dampening).float()
        for grads, past in d.history()
    ]


def apart(one: Weights, other: Weights) -> float:
    """The largest difference between two runs."""
    both = zip(flat(one), flat(other), strict=True)
    return max(number((a - b).abs().max()) for a, b in both)


def nearer(found: Weights, one: Weights, other: Weights) -> Weights:
    """The one of two runs that is nearer to `found`."""
    return min(one, other, key=lambda o: apart(found, o))


class Spy:
    """A stepper that keeps its arguments and changes nothing."""

    def __init__(self, order: int = 9, **defaults: Any) -> None:
        self.calls: list[tuple[torch.Tensor, dict]] = []
        self._order, self._defaults = order, defaults

    def __call__(self, p: torch.Tensor, **by_name: Any) -> torch.Tensor:
        kept = {k: o.clone() if isinstance(o, torch.Tensor) else o for k, o in by_name.items()}
        self.calls.append((p, kept))
        return p

    def column(self, key: str) -> list:
        """One entry of all calls."""
        return [by_name.get(key, "missing") for _, by_name in self.calls]

    def table(self, *keys: str) -> list[list]:
        """Some entries of all calls."""
        return [list(row) for row in zip(*map(self.column, keys), strict=True)]


def noting(heard: list, name: Any, order: int | None = None) -> Callable:
    """A stepper that writes its name down; without an `_order` where that is None."""

    def stepper(p: torch.Tensor, **by_name: Any) -> torch.Tensor:
        heard.append(name)
        return p

    if order is not None:
        stepper._order = order
    return stepper


def plain(value: Any) -> Any:
    """A float of numpy's as Python's, whose kind it is; anything else unchanged."""
    return float(value) if isinstance(value, float) else value


def fed(stat: Any, grads: list[torch.Tensor], now: list[dict]) -> list[dict]:
    """The state after each update of a stat, for one parameter with these gradients."""
    p, found, state = torch.zeros_like(grads[0]), [], None
    for grad, hyper in zip(grads, now, strict=True):
        p.grad = grad.clone()
        if state is None:
            state = stat.init_state(p)
        state = stat.update(p, state, **hyper)
        found.append(deepcopy(state))
    return found


def side_by_side_fed(stat: Any, **hyper: float) -> list[dict]:
    """The states of two parameters, with gradients of 1 and 3, after two updates in turn."""
    params = [parameter(torch.zeros(1), torch.tensor([grad])) for grad in (1.0, 3.0)]
    states = [stat.init_state(p) for p in params]
    for _ in range(2):
        states = [stat.update(p, state, **hyper) for p, state in zip(params, states, strict=True)]
    return states
