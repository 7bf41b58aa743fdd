"""Variants for `convnet`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import math

import torch
from torch import nn


class _Relu(nn.Module):
    def __init__(self, leak=None, sub=None, maxv=None):
        super().__init__()
        self.leak, self.sub, self.maxv = leak, sub, maxv

    def rectified(self, x):
        return torch.where(x > 0, x, x * (self.leak or 0.0))

    def shifted(self, x):
        return x if self.sub is None else x - self.sub

    def limited(self, x):
        return x if self.maxv is None else torch.clamp(x, max=self.maxv)

    def forward(self, x):
        return self.limited(self.shifted(self.rectified(x)))


class GeneralRelu(_Relu):
    """It subtracts before it rectifies, so a different part of x counts as negative."""

    def forward(self, x):
        return self.limited(self.rectified(self.shifted(x)))


class GeneralRelu(_Relu):
    """It clamps before it subtracts, so the largest output is maxv - sub."""

    def forward(self, x):
        return self.shifted(self.limited(self.rectified(x)))


class GeneralRelu(_Relu):
    """It adds sub instead of subtracting it."""

    def shifted(self, x):
        return torch.add(x, self.sub or 0.0)


class GeneralRelu(_Relu):
    """It ignores the leak."""

    def rectified(self, x):
        return x.clamp(min=0)


class GeneralRelu(_Relu):
    """It tests `if maxv`, so a limit of 0 counts as no limit."""

    def limited(self, x):
        return torch.clamp(x, max=self.maxv) if self.maxv else x


class GeneralRelu(_Relu):
    # squares what is above 0
    def rectified(self, x):
        return torch.where(x > 0, x * x, x * (self.leak or 0.0))


class GeneralRelu(_Relu):
    # rectifies what is above 0
    def rectified(self, x):
        return torch.where(x < 0, x, x * (self.leak or 0.0))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It normalises before the activation, so the output doesn't have mean 0 and std 1."""
    conv = nn.Conv2d(ni, nf, kernel_size=ks, stride=stride, padding=(ks - 1) // 2, bias=not bn)
    after = (nn.BatchNorm2d(nf), GeneralRelu(**kwargs)) if bn else (GeneralRelu(**kwargs),)
    return nn.Sequential(conv, *after)


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Its convolution has a bias in addition to the batch norm's own."""
    parts = [nn.Conv2d(ni, nf, ks, stride, ks // 2), GeneralRelu(**kwargs)]
    if bn:
        parts.append(nn.BatchNorm2d(nf))
    return nn.Sequential(*parts)


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It doesn't pad, so the picture loses its border at every layer."""
    parts = [nn.Conv2d(ni, nf, ks, stride, padding=0, bias=not bn), GeneralRelu(**kwargs)]
    return nn.Sequential(*parts, *([nn.BatchNorm2d(nf)] * bn))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It doesn't pass the keyword arguments on to the activation."""
    parts = [nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn), GeneralRelu()]
    return nn.Sequential(*parts, *([nn.BatchNorm2d(nf)] * bn))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    # two convolutions
    parts = [nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn), GeneralRelu(**kwargs)]
    more = [nn.Conv2d(nf, nf, ks, 1, ks // 2, bias=not bn)]
    return nn.Sequential(*parts, *more, *([nn.BatchNorm2d(nf)] * bn))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    # a group for each channel that fits
    groups = math.gcd(ni, nf)
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, groups=groups, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] * bn))


def prev_pow_2(x):
    """It returns the next power of two, not the one before."""
    power = 1
    while power < x:
        power *= 2
    return power


def prev_pow_2(x):
    """It forgets that bit_length counts from 1, so the power is twice too large."""
    return int("1" + "0" * len(f"{x:b}"), 2)


def prev_pow_2(x):
    """It returns a power of two less than x, so a power of two is halved."""
    power = 1
    while 2 * power < x:
        power = power << 1
    return power


def prev_pow_2(x):
    # the exponent
    return x.bit_length() - 1


def _layers(c_in, c_out, nfs, layer, strides=(1, 2, 2, 2), widths=None, ks=3, head=None, **kwargs):
    first = prev_pow_2(c_in * 9)
    sizes = [c_in, *(widths or (first, 2 * first, 4 * first)), *nfs]
    found = []
    for i in range(len(sizes) - 1):
        stride = strides[min(i, 3)]
        found.append(layer(sizes[i], sizes[i + 1], ks, stride=stride, **kwargs))
    head = head or [nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(sizes[-1], c_out)]
    return found + head


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It halves the picture in the first layer too."""
    return _layers(c_in, c_out, nfs, layer, strides=(2, 2, 2, 2), **kwargs)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It starts with 16 channels, whatever c_in is."""
    return _layers(c_in, c_out, nfs, layer, widths=(16, 32, 64), **kwargs)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It drops the keyword arguments."""
    return _layers(c_in, c_out, nfs, layer)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It has 5x5 kernels."""
    return _layers(c_in, c_out, nfs, layer, ks=5, **kwargs)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    # no stride in the last layer of the stem
    return _layers(c_in, c_out, nfs, layer, strides=(1, 2, 1, 2), **kwargs)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    # the widths of the body in the reverse order
    return _layers(c_in, c_out, list(nfs)[::-1] + [7], layer, **kwargs)


def _init(m, uniform, gain, fan=lambda w: w[0].numel(), bias=nn.init.zeros_):
    for o in m.modules():
        if isinstance(o, (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)):
            std = gain(m) / math.sqrt(fan(o.weight))
            with torch.no_grad():
                if uniform:
                    o.weight.uniform_(-math.sqrt(3) * std, math.sqrt(3) * std)
                else:
                    o.weight.normal_(0, std)
            if o.bias is not None:
                bias(o.bias)


def _leak(m):
    found = [o.leak for o in m.modules() if isinstance(o, GeneralRelu)]
    return (found[0] or 0.0) if found else 0.0


def init_cnn(m, uniform=False):
    """It ignores the leak, so the variance grows where there is one."""
    _init(m, uniform, lambda m: math.sqrt(2))


def init_cnn(m, uniform=False):
    """It leaves out the biases."""
    _init(m, uniform, lambda m: math.sqrt(2 / (1 + _leak(m) ** 2)), bias=lambda b: None)


def init_cnn(m, uniform=False):
    """It ignores `uniform`."""
    _init(m, False, lambda m: math.sqrt(2 / (1 + _leak(m) ** 2)))


def init_cnn(m, uniform=False):
    # twice as large
    _init(m, uniform, lambda m: 2 * math.sqrt(2 / (1 + _leak(m) ** 2)))


def init_cnn(m, uniform=False):
    # biases of 1
    _init(m, uniform, lambda m: math.sqrt(2 / (1 + _leak(m) ** 2)), bias=nn.init.ones_)
