"""Right answers to the exercises of `lsuv`, in other forms than the reference."""

import math
from contextlib import ExitStack, contextmanager

import torch
from torch import nn
from torch.nn import functional as F

from .convnet import GeneralRelu
from .hooks import Hook, find_modules


class _Kept(GeneralRelu):
    def __init__(self, sub, **kwargs):
        super().__init__(**kwargs)
        del self.sub
        self.register_buffer("sub", torch.tensor(float(sub)))


class ConvLayer(nn.Module):
    """With an activation of its own, whose `sub` is a buffer."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(ni, nf, ks, stride, ks // 2)
        self.relu = _Kept(sub, **kwargs)

    def forward(self, x):
        return self.relu(self.conv(x))

    @property
    def bias(self):
        return -self.relu.sub

    @bias.setter
    def bias(self, value):
        self.relu.sub = self.relu.sub.new_tensor(-float(value))

    @property
    def weight(self):
        return self.conv.weight

    @weight.setter
    def weight(self, value):
        self.conv.weight.data = value.detach().clone()


class ConvLayer(nn.Module):
    """The lecture's form, with a setter for the weight."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(ni, nf, ks, padding=ks // 2, stride=stride, bias=True)
        self.relu = GeneralRelu(sub=sub, **kwargs)

    def forward(self, x):
        return self.relu(self.conv(x))

    @property
    def bias(self):
        return -self.relu.sub

    @bias.setter
    def bias(self, v):
        self.relu.sub = -v

    @property
    def weight(self):
        return self.conv.weight

    @weight.setter
    def weight(self, v):
        self.conv.weight = nn.Parameter(v)


class ConvLayer(nn.Sequential):
    """A sequence, whose bias is a number."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        conv = nn.Conv2d(ni, nf, (ks, ks), (stride, stride), (ks // 2, ks // 2))
        super().__init__(conv, GeneralRelu(sub=sub, **kwargs))

    def _bias(self):
        return -float(self[1].sub or 0.0)

    def _set_bias(self, value):
        self[1].sub = -float(value)

    def _weight(self):
        return self[0].weight.data

    def _set_weight(self, value):
        self[0].weight.data = value.clone()

    bias = property(_bias, _set_bias)
    weight = property(_weight, _set_weight)


class ConvLayer(nn.Module):
    """Keeps the parameters itself, and adds its bias between the activation and the limit."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, maxv=None, **kwargs):
        super().__init__()
        self.weight = nn.Parameter(nn.init.kaiming_normal_(torch.empty(nf, ni, ks, ks)))
        self.before = nn.Parameter(torch.zeros(nf))
        self.stride, self.padding = stride, ks // 2
        self.act, self.limit = GeneralRelu(**kwargs), math.inf if maxv is None else maxv
        self.register_buffer("bias", torch.tensor(-float(sub)))

    def __setattr__(self, name, value):
        if name == "bias":
            value = torch.as_tensor(value, dtype=torch.float32)
        super().__setattr__(name, value)

    def forward(self, x):
        x = F.conv2d(x, self.weight, self.before, stride=self.stride, padding=self.padding)
        return (self.act(x) + self.bias).clamp(max=self.limit)


class ConvLayer(nn.Module):
    """A buffer for the bias, a rectifier by hand, and other names for its arguments."""

    def __init__(self, c_in, c_out, ks=3, stride=2, sub=0.0, leak=None, maxv=None):
        super().__init__()
        self.body = nn.Conv2d(c_in, c_out, ks, stride, padding=(ks - 1) // 2)
        self.register_buffer("minus_sub", torch.tensor(-float(sub)))
        self.leak, self.maxv = leak or 0.0, maxv

    def forward(self, x):
        x = F.leaky_relu(self.body(x), self.leak) + self.minus_sub
        return x if self.maxv is None else torch.clamp(x, max=self.maxv)

    @property
    def bias(self):
        return self.minus_sub.clone()

    @bias.setter
    def bias(self, value):
        self.minus_sub.fill_(float(value))

    @property
    def weight(self):
        return self.body.weight

    @weight.setter
    def weight(self, value):
        with torch.no_grad():
            self.body.weight.copy_(value)


def _batches(xb):
    return xb if isinstance(xb, (list, tuple)) else [xb]


def _name_of(model, m):
    return next((name for name, o in model.named_modules() if o is m), "?")


@torch.no_grad()
def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """The lecture's form with an end: measure, compare, change."""
    found = []
    hook = Hook(m, lambda hook, mod, inp, outp: found.append((outp.mean(), outp.std())))

    def stats():
        found.clear()
        for x in _batches(xb):
            model(x)
        mean = sum(o[0] for o in found).item() / len(found)
        std = sum(o[1] for o in found).item() / len(found)
        if std == 0 or not math.isfinite(mean) or not math.isfinite(std):
            raise ValueError(f"{_name_of(model, m)} is dead: mean={mean}, std={std}")
        return mean, std

    try:
        mean, std = stats()
        n = 0
        while abs(mean) > tol and n < max_iter:
            m.bias -= mean
            mean, std = stats()
            n += 1
        n = 0
        while abs(std - 1) > tol and n < max_iter:
            m.weight.data /= std
            mean, std = stats()
            n += 1
        return mean, std
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Torch's own hook, population statistics in double precision, a setter for the weight."""
    outs = []
    handle = m.register_forward_hook(lambda mod, args, out: outs.append(out.detach().double()))
    try:
        with torch.inference_mode():
            for what in ("mean", "std"):
                for i in range(max_iter + 1):
                    outs.clear()
                    for x in _batches(xb):
                        model(x)
                    mean = float(torch.stack([o.mean() for o in outs]).mean())
                    std = float(torch.stack([o.std(correction=0) for o in outs]).mean())
                    if not math.isfinite(mean + std) or std <= 1e-12:
                        raise ValueError(f"dead layer {_name_of(model, m)}: {m}")
                    off = abs(mean) if what == "mean" else abs(std - 1)
                    if off <= tol or i == max_iter:
                        break
                    if what == "mean":
                        m.bias = m.bias.clone() - mean
                    else:
                        m.weight = m.weight / std
    finally:
        handle.remove()
    return mean, std


@contextmanager
def _heard(m):
    heard = []
    handle = m.register_forward_hook(lambda mod, args, out: heard.append(out))
    try:
        yield heard
    finally:
        handle.remove()


@torch.no_grad()
def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Hooks for one measurement at a time, and a number for the bias."""

    def measured():
        with _heard(m) as heard:
            for x in xb if isinstance(xb, list) else (xb,):
                model(x)
        stats = torch.tensor([[o.mean(), o.std()] for o in heard]).mean(0)
        if stats[1] == 0 or not stats.isfinite().all():
            name = {o: name for name, o in model.named_modules()}[m]
            raise ValueError(f"LSUV cannot set {name!r} right: {stats.tolist()}")
        return stats

    for _ in range(max_iter):
        mean, std = measured()
        if mean.abs() < tol:
            break
        m.bias = float(m.bias) - float(mean)
    for _ in range(max_iter):
        mean, std = measured()
        if (std - 1).abs() < tol:
            break
        m.weight.mul_(1 / std)
    return mean.item(), std.item()


def lsuv(model, xb, cond=lambda m: isinstance(m, ConvLayer)):
    """Times each layer's first call to find the order, hooked by hand."""
    order = []
    with ExitStack() as stack:
        for m in find_modules(model, cond):
            handle = m.register_forward_pre_hook(lambda mod, args: order.append(mod))
            stack.callback(handle.remove)
        with torch.no_grad():
            model(_batches(xb)[0])
    done = {}
    for m in order:
        if m not in done:
            done[m] = lsuv_module(model, m, xb)
    return list(done.values())


@torch.no_grad()
def lsuv(model, xb, cond=None):
    """Looks for the next layer after every one that is done."""
    cond = cond or (lambda m: type(m) is ConvLayer or isinstance(m, ConvLayer))
    left = {m: name for name, m in model.named_modules() if cond(m)}
    found = {}
    while left:
        first = []
        handles = [
            m.register_forward_hook(lambda mod, i, o, first=first: first.append(mod)) for m in left
        ]
        try:
            model(_batches(xb)[0])
        finally:
            for handle in handles:
                handle.remove()
        found[left.pop(first[0])] = lsuv_module(model, first[0], xb)
    return list(found.values())


def lsuv(model, xb, cond=lambda m: isinstance(m, ConvLayer)):
    """Sorts the layers by when they were last called."""
    calls = []
    layers = [m for m in model.modules() if cond(m)]
    handles = [
        m.register_forward_hook(lambda mod, i, o, k=k: calls.append(k))
        for k, m in enumerate(layers)
    ]
    try:
        with torch.no_grad():
            model(xb[0] if isinstance(xb, list) else xb)
    finally:
        for handle in handles:
            handle.remove()
    ranks = {k: rank for rank, k in enumerate(calls)}
    return [lsuv_module(model, layers[k], xb) for k in sorted(ranks, key=ranks.get)]


class ConvLayer(nn.Module):
    """The shift is a frozen parameter of the activation."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(ni, nf, ks, stride, ks // 2)
        self.act = GeneralRelu(sub=None, **kwargs)
        del self.act.sub
        self.act.sub = nn.Parameter(torch.tensor(float(sub)), requires_grad=False)

    def forward(self, x):
        return self.act(self.conv(x))

    @property
    def bias(self):
        return -self.act.sub.data

    @bias.setter
    def bias(self, value):
        self.act.sub.data = -torch.as_tensor(value).detach().to(self.act.sub)

    @property
    def weight(self):
        return self.conv.weight

    @weight.setter
    def weight(self, value):
        self.conv.weight.data = value.detach().clone()
