"""Right answers to the exercises of `convnet`, in other forms than the reference."""

import math
from collections import OrderedDict
from functools import partial, reduce
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn import init


class GeneralRelu(nn.Module):
    """The lecture's form, which works in place on what it has made itself."""

    def __init__(self, leak=None, sub=None, maxv=None):
        super().__init__()
        self.leak, self.sub, self.maxv = leak, sub, maxv

    def forward(self, x):
        x = F.leaky_relu(x, 0.0 if self.leak is None else self.leak)
        if self.sub is not None:
            x.sub_(self.sub)
        if self.maxv is not None:
            x.clamp_max_(self.maxv)
        return x


class GeneralRelu(nn.Module):
    """Puts the larger of x and leak * x in place, which is the same for leaks up to 1."""

    def __init__(self, leak=None, sub=None, maxv=None):
        super().__init__()
        self.leak = 0.0 if leak is None else leak
        self.sub = 0.0 if sub is None else sub
        self.maxv = math.inf if maxv is None else maxv

    def forward(self, x):
        return (torch.maximum(x, self.leak * x) - self.sub).clamp(max=self.maxv)


class GeneralRelu(nn.LeakyReLU):
    """Builds on torch's own leaky activation."""

    def __init__(self, leak=None, sub=None, maxv=None):
        super().__init__(negative_slope=leak or 0.0)
        self.leak, self.sub, self.maxv = leak, sub, maxv

    def forward(self, x):
        y = super().forward(x)
        y = y if self.sub is None else y - self.sub
        limit = y.new_tensor(math.inf if self.maxv is None else self.maxv)
        return torch.minimum(y, limit)


class GeneralRelu(nn.Module):
    """Splits x in its positive and negative parts."""

    def __init__(self, leak=None, sub=None, maxv=None):
        super().__init__()
        self.leak, self.maxv = leak, maxv
        self.register_buffer("shift", torch.tensor(0.0 if sub is None else float(sub)))

    @property
    def sub(self):
        return self.shift

    @sub.setter
    def sub(self, value):
        self.shift.fill_(float(value))

    def forward(self, x):
        y = x.clamp(min=0) + (self.leak or 0) * x.clamp(max=0) - self.shift
        if self.maxv is None:
            return y
        return torch.where(y > self.maxv, torch.full_like(y, self.maxv), y)


class GeneralRelu(nn.Module):
    """Chooses its steps at each call, and works on a copy."""

    def __init__(self, leak=None, sub=None, maxv=None):
        super().__init__()
        self.leak, self.sub, self.maxv = leak, sub, maxv

    def steps(self):
        yield nn.ReLU() if self.leak is None else nn.LeakyReLU(self.leak)
        if self.sub is not None:
            yield lambda y: y - self.sub
        if self.maxv is not None:
            yield partial(torch.clamp, max=self.maxv)

    def forward(self, batch):
        return reduce(lambda y, step: step(y), self.steps(), batch.clone())


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """The lecture's form."""
    layers = [
        nn.Conv2d(ni, nf, ks, padding=ks // 2, stride=stride, bias=not bn),
        GeneralRelu(**kwargs),
    ]
    if bn:
        layers.append(nn.BatchNorm2d(nf, eps=1e-5, momentum=0.1))
    return nn.Sequential(*layers)


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Names its parts."""
    layer = nn.Sequential(
        OrderedDict(
            conv=nn.Conv2d(ni, nf, (ks, ks), (stride, stride), "same" if stride == 1 else ks // 2),
            act=GeneralRelu(**kwargs),
        )
    )
    if bn:
        layer.conv.bias = None
        layer.add_module("norm", nn.BatchNorm2d(nf))
    return layer


class _Layer(nn.Sequential):
    @property
    def bias(self):
        return self[0].bias


def conv_layer(n_in, n_out, ks=3, stride=2, bn=True, **kwargs):
    """A sequence of a class of its own, with an identity instead of a norm."""
    conv = nn.Conv2d(n_in, n_out, ks, stride, (ks - 1) // 2, bias=not bn)
    return _Layer(conv, GeneralRelu(**kwargs), nn.BatchNorm2d(n_out) if bn else nn.Identity())


def prev_pow_2(x):
    """Doubles while there is room."""
    p = 1
    while p * 2 <= x:
        p *= 2
    return p


def prev_pow_2(x):
    """Takes away the lowest bits until one is left."""
    while x & (x - 1):
        x &= x - 1
    return x


def prev_pow_2(x):
    """Counts binary digits."""
    return 2 ** (len(bin(x)) - 3)


def prev_pow_2(x):
    """Halves what is left."""
    return 1 if x == 1 else 2 * prev_pow_2(x // 2)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """The lecture's form."""

    def f(ni, nf, stride=2):
        return layer(ni, nf, 3, stride=stride, **kwargs)

    l1 = c_in
    l2 = prev_pow_2(l1 * 3 * 3)
    layers = [f(l1, l2, stride=1), f(l2, l2 * 2, stride=2), f(l2 * 2, l2 * 4, stride=2)]
    nfs = [l2 * 4] + list(nfs)
    layers += [f(nfs[i], nfs[i + 1]) for i in range(len(nfs) - 1)]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(nfs[-1], c_out)]
    return layers


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Walks along the widths, with stride and kernel by place."""
    p, width, layers = prev_pow_2(9 * c_in), c_in, []
    for i, nf in enumerate((p, p * 2, p * 4, *nfs)):
        layers.append(layer(width, nf, 3, 2 if i else 1, **kwargs))
        width = nf
    layers.extend([nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(1), nn.Linear(width, c_out)])
    return layers


class _Mean(nn.Module):
    def forward(self, x):
        return x.mean(dim=(-2, -1), keepdim=True)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """With a pool of its own, and the widths in pairs."""
    sizes = [c_in] + [prev_pow_2(c_in * 3**2) << i for i in range(3)] + nfs[:]
    body = [layer(*pair, ks=3, stride=2, **kwargs) for pair in pairwise(sizes[1:])]
    head = [_Mean(), nn.Flatten(), nn.Linear(sizes[-1], c_out)]
    return [layer(sizes[0], sizes[1], ks=3, stride=1, **kwargs), *body, *head]


def _leak_of(m):
    return next((a.leak or 0.0 for a in m.modules() if isinstance(a, GeneralRelu)), 0.0)


def _init_cnn(m, f):
    if isinstance(m, nn.Conv2d | nn.Linear):
        f(m.weight)
        if getattr(m, "bias", None) is not None:
            m.bias.data.zero_()
    for child in m.children():
        _init_cnn(child, f)


def init_cnn(m, uniform=False):
    """The lecture's form, with linear layers and the model's own leak."""
    f = init.kaiming_uniform_ if uniform else init.kaiming_normal_
    _init_cnn(m, partial(f, a=_leak_of(m)))


@torch.no_grad()
def init_cnn(m, uniform=False):
    """The std by hand, from the shape of the weight."""
    gain = math.sqrt(2 / (1 + _leak_of(m) ** 2))
    for layer in m.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            std = gain / math.sqrt(layer.weight[0].numel())
            if uniform:
                layer.weight.uniform_(-std * 3**0.5, std * 3**0.5)
            else:
                layer.weight.normal_(0, std)
            if layer.bias is not None:
                layer.bias.fill_(0)


def init_cnn(m, uniform=False):
    """By `apply`, with the gain of a leaky activation."""
    leak = _leak_of(m)

    def start(layer):
        if not isinstance(layer, (nn.Conv2d, nn.Linear)):
            return
        std = init.calculate_gain("leaky_relu", leak) / layer.weight[0].numel() ** 0.5
        if uniform:
            init.uniform_(layer.weight, -std * math.sqrt(3), std * math.sqrt(3))
        else:
            init.normal_(layer.weight, std=std)
        if layer.bias is not None:
            init.constant_(layer.bias, 0.0)

    m.apply(start)
    return m


def init_cnn(model, uniform=False):
    """With numpy's generator."""
    leak = _leak_of(model)
    rng = np.random.default_rng(torch.randint(2**31, ()).item())
    for layer in (o for o in model.modules() if type(o) in (nn.Conv2d, nn.Linear)):
        shape = tuple(layer.weight.shape)
        std = (2 / (1 + leak**2) / math.prod(shape[1:])) ** 0.5
        edge = std * 3**0.5
        drawn = rng.uniform(-edge, edge, shape) if uniform else rng.normal(0, std, shape)
        layer.weight.data = torch.from_numpy(drawn).to(layer.weight.dtype)
        if layer.bias is not None:
            layer.bias.data = torch.zeros_like(layer.bias)
