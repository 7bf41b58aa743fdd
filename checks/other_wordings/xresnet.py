"""Mistakes of `xresnet` in other words, and mistakes that aren't in the catalogue.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import torch
from torch import nn
from torch.nn import functional as F


class _Layer(nn.Module):
    def __init__(self, ni, nf, ks, stride=1, act=True, bias=False):
        super().__init__()
        self.conv = nn.Conv2d(ni, nf, ks, stride=stride, padding=(ks - 1) // 2, bias=bias)
        self.norm = nn.BatchNorm2d(nf)
        self.act = act

    def forward(self, x):
        x = self.norm(self.conv(x))
        return x.relu() if self.act else x


class _Residual(nn.Module):
    start, bias, ceil = 0.0, False, True

    def __init__(self, ni, nf, stride=1, expansion=1):
        super().__init__()
        inner, self.halves = nf // expansion, stride == 2
        layers = [_Layer(ni, inner, 3, stride, bias=self.bias), self.last(inner, nf, 3)]
        if expansion > 1:
            layers = [_Layer(ni, inner, 1, bias=self.bias)]
            layers += [_Layer(inner, inner, 3, stride, bias=self.bias), self.last(inner, nf, 1)]
        nn.init.constant_(layers[-1].norm.weight, self.start)
        self.layers = nn.Sequential(*layers)
        self.match = self.matched(ni, nf)

    def last(self, ni, nf, ks):
        return _Layer(ni, nf, ks, act=False, bias=self.bias)

    def matched(self, ni, nf):
        return _Layer(ni, nf, 1, act=False) if ni != nf else None

    def shortcut(self, x):
        if self.halves:
            x = F.avg_pool2d(x, 2, ceil_mode=self.ceil)
        return x if self.match is None else self.match(x)

    def forward(self, x):
        return torch.relu(self.layers(x) + self.shortcut(x))


class ResBlock(_Residual):
    """Starts the last norm's weight at 1."""

    start = 1.0


class ResBlock(_Residual):
    """Has no ReLU after the sum."""

    def forward(self, x):
        return self.layers(x) + self.shortcut(x)


class ResBlock(_Residual):
    """Rounds the shortcut's size down, so pictures with an odd size don't fit."""

    ceil = False


class ResBlock(_Residual):
    """Forgets the shortcut."""

    def forward(self, x):
        return self.layers(x).relu()


class ResBlock(_Residual):
    """Takes the largest of 2x2 pixels in the shortcut instead of their mean."""

    def shortcut(self, x):
        if self.halves:
            x = F.max_pool2d(x, 2, ceil_mode=True)
        return x if self.match is None else self.match(x)


class ResBlock(_Residual):
    start = 0.5


class ResBlock(_Residual):
    def forward(self, x):
        return torch.relu(self.layers(x) - self.shortcut(x))


class ResBlock(_Residual):
    def forward(self, x):
        return torch.sigmoid(self.layers(x) + self.shortcut(x))


def _network(layers, expansion, c_in, c_out, stem, first_stride=1, pool=True, head_bias=True):
    widths = [c_in, *stem]
    found = [_Layer(widths[i], widths[i + 1], 3, 2 if i == 0 else 1) for i in range(3)]
    found += [nn.MaxPool2d(3, 2, 1)] if pool else []
    ni = stem[-1]
    for g in range(4):
        for b in range(layers[g]):
            nf = (64 << g) * expansion
            stride = (first_stride if g == 0 else 2) if b == 0 else 1
            found.append(ResBlock(ni, nf, stride, expansion))
            ni = nf
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(ni, c_out, bias=head_bias)]
    return nn.Sequential(*found, *head)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Halves the pictures in the first group too."""
    return _network(layers, expansion, c_in, c_out, stem, first_stride=2)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has no max pool after the stem."""
    return _network(layers, expansion, c_in, c_out, stem, pool=False)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Ignores the stem's widths."""
    return _network(layers, expansion, c_in, c_out, (32, 32, 64))


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    return _network(layers, expansion, c_in, c_out + 1, stem)


def xresnet18(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has the groups of xresnet34."""
    return xresnet((3, 4, 6, 3), 1, c_in, c_out, stem)


def xresnet50(c_in=3, c_out=10, stem=(32, 32, 64)):
    return xresnet([3, 4, 6, 3], 2, c_in, c_out, stem)
