"""Right answers to the exercises of `xresnet`, in other forms than the reference."""

from functools import partial

import torch
from torch import nn
from torch.nn import functional as F


def _noop(x):
    return x


class ResBlock(nn.Module):
    """The lecture's form, with channels counted from outside."""

    def __init__(self, ni, nf, stride=1, expansion=1):
        super().__init__()
        nh = nf // expansion
        layers = [self.conv(ni, nh, 1)] if expansion > 1 else []
        layers += [self.conv(nh if expansion > 1 else ni, nh, 3, stride)]
        layers += [self.conv(nh, nf, 1 if expansion > 1 else 3, act=False)]
        layers[-1][1].weight.data.fill_(0.0)
        self.convs = nn.Sequential(*layers)
        self.idconv = _noop if ni == nf else self.conv(ni, nf, 1, act=False)
        self.pool = _noop if stride == 1 else nn.AvgPool2d(2, ceil_mode=True)
        self.act_fn = nn.ReLU(inplace=True)

    @staticmethod
    def conv(ni, nf, ks=3, stride=1, act=True):
        conv = nn.Conv2d(ni, nf, kernel_size=ks, stride=stride, padding=ks // 2, bias=False)
        layers = [conv, nn.BatchNorm2d(nf)]
        return nn.Sequential(*layers, *([nn.ReLU(inplace=True)] if act else []))

    def forward(self, x):
        return self.act_fn(self.convs(x) + self.idconv(self.pool(x)))


class ResBlock(nn.Module):
    """Layer by layer, with functions for what has no weights; the shortcut runs first."""

    def __init__(self, c_in, c_out, stride=1, expansion=1):
        super().__init__()
        mid, self.stride, self.deep = c_out // expansion, stride, expansion != 1
        self.shortcut = nn.Conv2d(c_in, c_out, 1, bias=False) if c_in != c_out else None
        self.shortcut_norm = nn.BatchNorm2d(c_out) if c_in != c_out else None
        sizes = [(c_in, mid, 1, 1), (mid, mid, 3, stride), (mid, c_out, 1, 1)]
        if not self.deep:
            sizes = [(c_in, mid, 3, stride), (mid, c_out, 3, 1)]
        self.convs = nn.ModuleList(
            nn.Conv2d(a, b, k, s, padding="same" if s == 1 else k // 2, bias=False)
            for a, b, k, s in sizes
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for _, b, _, _ in sizes)
        with torch.no_grad():
            self.norms[-1].weight.zero_()

    def forward(self, x):
        short = x
        if self.stride > 1:
            short = F.avg_pool2d(x, kernel_size=2, ceil_mode=True)
        if self.shortcut is not None:
            short = self.shortcut_norm(self.shortcut(short))
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms)):
            x = norm(conv(x if i == 0 else x.relu()))
        return torch.clamp_min(x + short, 0)


class ResBlock(nn.Module):
    """The mean of 2x2 pixels by hand, over the pixels that there are."""

    def __init__(self, ni, nf, stride=1, expansion=1):
        super().__init__()
        pair = lambda a, b, k, s=1: (nn.Conv2d(a, b, k, s, k // 2, bias=False), nn.BatchNorm2d(b))
        inner = nf // expansion
        body = [*pair(ni, inner, 1), nn.ReLU(), *pair(inner, inner, 3, stride), nn.ReLU()]
        body += pair(inner, nf, 1)
        if expansion == 1:
            body = [*pair(ni, nf, 3, stride), nn.ReLU(), *pair(nf, nf, 3)]
        body[-1].weight = nn.Parameter(torch.zeros(nf))
        self.body, self.stride = nn.Sequential(*body), stride
        self.widen = nn.Sequential(*pair(ni, nf, 1)) if ni != nf else nn.Identity()

    def shrink(self, x):
        if self.stride == 1:
            return x
        h, w = x.shape[2:]
        pad = (0, w % 2, 0, h % 2)
        sums = F.avg_pool2d(F.pad(x, pad), 2)
        return sums / F.avg_pool2d(F.pad(x.new_ones(1, 1, h, w), pad), 2)

    def forward(self, x):
        return (self.body(x) + self.widen(self.shrink(x))).relu()


class _Sum(nn.Module):
    def __init__(self, one, other):
        super().__init__()
        self.other, self.one = other, one

    def forward(self, x):
        return self.one(x) + self.other(x)


class ResBlock(nn.Sequential):
    """A sum and a ReLU, in a Sequential; norms with settings of their own."""

    def __init__(self, ni, nf, stride=1, expansion=1):
        m = nf // expansion
        conv = lambda i, o, k, s=1: nn.Conv2d(i, o, k, s, (k - 1) // 2, bias=False)
        plan = [(ni, m, 3, stride), (m, nf, 3, 1)]
        if expansion > 1:
            plan = [(ni, m, 1, 1), (m, m, 3, stride), (m, nf, 1, 1)]
        parts = []
        for i, o, k, s in plan:
            norm = nn.BatchNorm2d(o, momentum=0.05, eps=1e-3)
            parts += [conv(i, o, k, s), norm, nn.ReLU(inplace=True)]
        nn.init.zeros_(parts[-2].weight)
        short = [nn.AvgPool2d(2, 2, ceil_mode=True)] if stride == 2 else []
        short += [conv(ni, nf, 1), nn.BatchNorm2d(nf)] if ni != nf else []
        super().__init__(_Sum(nn.Sequential(*parts[:-1]), nn.Sequential(*short)), nn.ReLU())


def _stem(c_in, stem):
    found, ni = [], c_in
    for nf, stride in zip(stem, (2, 1, 1)):
        found += [nn.Conv2d(ni, nf, 3, stride, 1, bias=False), nn.BatchNorm2d(nf), nn.ReLU()]
        ni = nf
    return found


class _Net(nn.Module):
    def __init__(self, layers, expansion, c_in, c_out, stem):
        super().__init__()
        self.stem = nn.Sequential(*_stem(c_in, stem))
        widths = [stem[-1], *(64 * expansion << i for i in range(4))]
        self.groups = nn.ModuleList()
        for i, count in enumerate(layers):
            blocks = [ResBlock(widths[i], widths[i + 1], 1 if i == 0 else 2, expansion)]
            while len(blocks) < count:
                blocks.append(ResBlock(widths[i + 1], widths[i + 1], expansion=expansion))
            self.groups.append(nn.Sequential(*blocks))
        self.fc = nn.Linear(widths[-1], c_out)

    def forward(self, x):
        x = F.max_pool2d(self.stem(x), kernel_size=3, stride=2, padding=1)
        for group in self.groups:
            x = group(x)
        return self.fc(x.mean((2, 3)))


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """A module with a forward of its own."""
    return _Net(layers, expansion, c_in, c_out, stem)


def xresnet(blocks, expansion=1, channels=3, classes=10, stem=(32, 32, 64), **kwargs):
    """The lecture's form, with other names for its parameters that are positional."""
    channels, classes = kwargs.get("c_in", channels), kwargs.get("c_out", classes)
    sizes = [stem[-1] // expansion, 64, 128, 256, 512]
    body = []
    for i, n in enumerate(blocks):
        ins = [stem[-1] if i == 0 else sizes[i] * expansion] + [sizes[i + 1] * expansion] * (n - 1)
        strides = [1 if i == 0 else 2] + [1] * (n - 1)
        body.append(
            nn.Sequential(
                *(
                    ResBlock(a, sizes[i + 1] * expansion, s, expansion)
                    for a, s in zip(ins, strides)
                )
            )
        )
    return nn.Sequential(
        nn.Sequential(*_stem(channels, stem)),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        *body,
        nn.AdaptiveAvgPool2d((1, 1)),
        nn.Flatten(),
        nn.Linear(sizes[-1] * expansion, classes),
    )


class _Residual(nn.Sequential):
    def __init__(self, layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
        widths = [stem[-1], *(w * expansion for w in (64, 128, 256, 512))]
        groups = [
            nn.Sequential(
                *(
                    ResBlock(widths[g + (b > 0)], widths[g + 1], 2 if g > b == 0 else 1, expansion)
                    for b in range(count)
                )
            )
            for g, count in enumerate(layers)
        ]
        head = nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(1), nn.Linear(widths[-1], c_out)
        super().__init__(*_stem(c_in, stem), nn.MaxPool2d(3, 2, 1), *groups, *head)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight)


def xresnet(*args, **kwargs):
    """A class of its own, whose convolutions start as the lecture's do."""
    return _Residual(*args, **kwargs)


def xresnet18(c_in=3, c_out=10, stem=(32, 32, 64)):
    """By name."""
    return xresnet(layers=(2, 2, 2, 2), expansion=1, c_in=c_in, c_out=c_out, stem=stem)


xresnet18 = partial(lambda *a, **kw: xresnet([2] * 4, 1, *a, **kw))
"""As a partial function."""


def xresnet34(*args, **kwargs):
    """Whatever comes is passed on."""
    return xresnet([3, 4, 6, 3], 1, *args, **kwargs)


def xresnet50(c_in=3, c_out=10, stem=(32, 32, 64)):
    """With everything named but the layers."""
    return xresnet([3, 4, 6, 3], expansion=4, stem=stem, c_out=c_out, c_in=c_in)
