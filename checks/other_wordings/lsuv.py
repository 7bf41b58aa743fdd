"""Variants for `lsuv`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import math

import torch
from torch import nn

from .convnet import GeneralRelu


class _Layer(nn.Module):
    padding = staticmethod(lambda ks: (ks - 1) // 2)

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__()
        pad = self.padding(ks)
        self.conv = nn.Conv2d(ni, nf, kernel_size=ks, stride=stride, padding=pad)
        self.act = GeneralRelu(sub=sub, **kwargs)

    def forward(self, x):
        return self.act(self.conv(x))

    @property
    def bias(self):
        return -self.act.sub

    @bias.setter
    def bias(self, value):
        self.act.sub = -value

    @property
    def weight(self):
        return self.conv.weight.data

    @weight.setter
    def weight(self, value):
        self.conv.weight.data.copy_(value)


class ConvLayer(_Layer):
    """It sets the shift to the bias, without the minus sign."""

    @property
    def bias(self):
        return torch.mul(self.act.sub, -1)

    @bias.setter
    def bias(self, value):
        self.act.sub = value


class ConvLayer(_Layer):
    """It doesn't pad."""

    padding = staticmethod(lambda ks: 0)


class ConvLayer(_Layer):
    """It drops the other arguments of the activation."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        _Layer.__init__(self, ni, nf, ks, stride, sub)


class ConvLayer(_Layer):
    """Its stride is 1 by default."""

    def __init__(self, ni, nf, ks=3, stride=1, sub=0.0, **kwargs):
        _Layer.__init__(self, ni, nf, ks=ks, stride=stride, sub=sub, **kwargs)


class ConvLayer(_Layer):
    # twice the activation
    def forward(self, x):
        return self.act(self.act(self.conv(x)))


class ConvLayer(_Layer):
    # the bias is half of the shift
    @property
    def bias(self):
        return -self.act.sub / 2

    @bias.setter
    def bias(self, value):
        self.act.sub = -2 * value


def _measure(model, m, xb):
    """The mean and the std of the output of a layer, averaged over batches."""
    batches, seen = xb if isinstance(xb, (list, tuple)) else [xb], []
    handle = m.register_forward_hook(
        lambda m, inp, outp: seen.append((outp.mean().item(), outp.std().item()))
    )
    try:
        with torch.no_grad():
            for x in batches:
                model(x)
    finally:
        handle.remove()
    mean, std = (sum(o) / len(o) for o in zip(*seen, strict=True))
    if std == 0 or not math.isfinite(std) or not math.isfinite(mean):
        name = {id(o): n for n, o in model.named_modules()}[id(m)]
        raise ValueError(f"{name or type(m).__name__}: mean {mean}, std {std}")
    return mean, std


def _shift(m, amount):
    if isinstance(m.bias, nn.Parameter):
        m.bias.data.sub_(amount)
    else:
        m.bias = m.bias - amount


def _adjust(model, m, xb, tol, max_iter, shift=True, scale=True):
    steps = 0
    while shift and abs((found := _measure(model, m, xb))[0]) > tol and steps < max_iter:
        _shift(m, found[0])
        steps += 1
    steps = 0
    while scale and abs((found := _measure(model, m, xb))[1] - 1) > tol and steps < max_iter:
        m.weight.data.div_(found[1])
        steps += 1
    return found


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It scales and never shifts."""
    return _adjust(model, m, xb, tol, max_iter, shift=False)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It shifts and never scales."""
    return _adjust(model, m, xb, tol, max_iter, scale=False)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It returns the std first and the mean second."""
    return _adjust(model, m, xb, tol, max_iter)[::-1]


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It returns None."""
    _adjust(model, m, xb, tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It ignores `tol`."""
    return _adjust(model, m, xb, 1e-3, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It returns the first measurement."""
    first = _measure(model, m, xb)
    _adjust(model, m, xb, tol, max_iter)
    return first


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    # doubles the weights when it is ready
    found = _adjust(model, m, xb, tol, max_iter)
    m.weight.data.mul_(2)
    return found


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    # aims at a mean of 1
    _adjust(model, m, xb, tol, max_iter)
    _shift(m, -1.0)
    return _measure(model, m, xb)


def _order(model, xb, found):
    used, first = [], xb[0] if isinstance(xb, (list, tuple)) else xb
    handles = [o.register_forward_hook(lambda m, i, o: used.append(m)) for o in found]
    try:
        with torch.no_grad():
            model(first)
    finally:
        for handle in handles:
            handle.remove()
    return list(dict.fromkeys(used))


def lsuv(model, xb, cond=lambda m: isinstance(m, ConvLayer)):
    """It visits the layers in the order that they're defined in, not used in."""
    used = set(_order(model, xb, [m for m in model.modules() if cond(m)]))
    return [lsuv_module(model, m, xb) for m in model.modules() if m in used]


def lsuv(model, xb, cond=lambda m: isinstance(m, ConvLayer)):
    """It stops after the first layer."""
    for m in _order(model, xb, list(filter(cond, model.modules()))):
        return [lsuv_module(model, m, xb)]
    return []


def lsuv(model, xb, cond=lambda m: isinstance(m, ConvLayer)):
    """It starts with the last layer, whose input then changes again."""
    layers = _order(model, xb, list(filter(cond, model.modules())))
    return [lsuv_module(model, m, xb) for m in layers[::-1]]


def lsuv(model, xb, cond=lambda m: isinstance(m, ConvLayer)):
    # every second layer
    layers = _order(model, xb, list(filter(cond, model.modules())))
    return [lsuv_module(model, m, xb) for m in layers[::2]]
