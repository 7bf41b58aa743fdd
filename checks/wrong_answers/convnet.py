"""Wrong answers to the exercises of `convnet`."""

import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn import init


class _Relu(nn.Module):
    """A right one: the wrong ones below differ in one place."""

    def __init__(self, leak=None, sub=None, maxv=None):
        super().__init__()
        self.leak, self.sub, self.maxv = leak, sub, maxv

    def rectify(self, x):
        return F.leaky_relu(x, self.leak or 0.0)

    def shift(self, x):
        return x if self.sub is None else x - self.sub

    def limit(self, x):
        return x if self.maxv is None else x.clamp(max=self.maxv)

    def forward(self, x):
        return self.limit(self.shift(self.rectify(x)))


class GeneralRelu(_Relu):
    """It subtracts before it rectifies, so a different part of x counts as negative."""

    def forward(self, x):
        return self.limit(self.rectify(self.shift(x)))


class GeneralRelu(_Relu):
    """It clamps before it subtracts, so the largest output is maxv - sub."""

    def forward(self, x):
        return self.shift(self.limit(self.rectify(x)))


class GeneralRelu(_Relu):
    """It uses a leak of 0.1 when you pass none."""

    def rectify(self, x):
        return F.leaky_relu(x, 0.1 if self.leak is None else self.leak)


class GeneralRelu(_Relu):
    """It tests `if maxv`, so a limit of 0 counts as no limit."""

    def limit(self, x):
        return x.clamp(max=self.maxv) if self.maxv else x


class GeneralRelu(_Relu):
    """It rectifies in place, so the caller's input changes."""

    def rectify(self, x):
        return F.leaky_relu(x, self.leak or 0.0, inplace=True)


class GeneralRelu(_Relu):
    """It subtracts in place from the output of F.relu, which the backward pass needs."""

    def rectify(self, x):
        return F.relu(x) if self.leak is None else F.leaky_relu(x, self.leak)

    def shift(self, x):
        return x if self.sub is None else x.sub_(self.sub)


class GeneralRelu(_Relu):
    """It adds sub instead of subtracting it."""

    def shift(self, x):
        return x if self.sub is None else x + self.sub


class GeneralRelu(_Relu):
    """It clamps from below, so maxv is the smallest output."""

    def limit(self, x):
        return x if self.maxv is None else x.clamp(min=self.maxv)


class GeneralRelu(_Relu):
    """It clamps on both sides, although maxv limits the output only from above."""

    def limit(self, x):
        return x if self.maxv is None else x.clamp(-abs(self.maxv), self.maxv)


class GeneralRelu(_Relu):
    """It returns early where there's nothing to subtract, and forgets the limit."""

    def forward(self, x):
        x = self.rectify(x)
        return x if self.sub is None else self.limit(x - self.sub)


class GeneralRelu(_Relu):
    """It ignores the leak."""

    def rectify(self, x):
        return F.relu(x)


class GeneralRelu(_Relu):
    """Its slope below 0 is -leak."""

    def rectify(self, x):
        return F.relu(x) + (self.leak or 0.0) * F.relu(-x)


class GeneralRelu(_Relu):
    """It detaches x, so no gradient reaches the layers before."""

    def rectify(self, x):
        return F.leaky_relu(x.detach().requires_grad_(), self.leak or 0.0)


class GeneralRelu(_Relu):
    """It doesn't rectify at all when there's no leak."""

    def rectify(self, x):
        return x * 1 if self.leak is None else F.leaky_relu(x, self.leak)


class GeneralRelu(_Relu):
    """It subtracts sub once more at every call."""

    def shift(self, x):
        if self.sub is None:
            return x
        self.total = getattr(self, "total", 0.0) + self.sub
        return x - self.total


class GeneralRelu(_Relu):
    """It subtracts only where x is above 0."""

    def shift(self, x):
        return x if self.sub is None else torch.where(x > 0, x - self.sub, x)


class GeneralRelu(_Relu):
    """It sets negative inputs to the leak itself instead of leak * x."""

    def rectify(self, x):
        return torch.where(x > 0, x, torch.full_like(x, self.leak or 0.0))


class GeneralRelu(_Relu):
    """It keeps a copy of sub for its formula, so a `sub` that is set later does nothing."""

    def __init__(self, leak=None, sub=None, maxv=None):
        super().__init__(leak, sub, maxv)
        self.start = sub

    def shift(self, x):
        return x if self.start is None else x - self.start


class GeneralRelu(_Relu):
    """It chooses its steps when it's made, so a `sub` that is set later does nothing."""

    def __init__(self, leak=None, sub=None, maxv=None):
        super().__init__(leak, sub, maxv)
        self.subtracts = sub is not None

    def shift(self, x):
        return x - self.sub if self.subtracts else x


class GeneralRelu(_Relu):
    """Its `sub` is a property without a setter."""

    def __init__(self, leak=None, sub=None, maxv=None):
        nn.Module.__init__(self)
        self.leak, self._sub, self.maxv = leak, sub, maxv

    @property
    def sub(self):
        return self._sub


class GeneralRelu(_Relu):
    """It keeps sub as a parameter, so you can't set it to a number and the optimizer changes it."""

    def __init__(self, leak=None, sub=None, maxv=None):
        super().__init__(leak, None, maxv)
        self.sub = nn.Parameter(torch.tensor(sub or 0.0))


class GeneralRelu(_Relu):
    """It keeps its arguments under other names."""

    def __init__(self, leak=None, sub=None, maxv=None):
        nn.Module.__init__(self)
        self.negative_slope, self.sub, self.upper = leak, sub, maxv

    def forward(self, x):
        x = self.shift(F.leaky_relu(x, self.negative_slope or 0.0))
        return x if self.upper is None else x.clamp(max=self.upper)


class GeneralRelu(_Relu):
    """It subtracts 0.5 when you pass no sub, which suits only a plain ReLU."""

    def shift(self, x):
        return x - (0.5 if self.sub is None else self.sub)


class GeneralRelu(_Relu):
    """It computes in single precision, so an input in double comes out in single."""

    def forward(self, x):
        return super().forward(x.float())


class GeneralRelu(_Relu):
    """It limits the output only in training."""

    def limit(self, x):
        return super().limit(x) if self.training else x


class GeneralRelu(_Relu):
    """It clamps only when there's no `sub`, because an `elif` joins the two steps."""

    def forward(self, x):
        x = self.rectify(x)
        if self.sub is not None:
            x = x - self.sub
        elif self.maxv is not None:
            x = x.clamp(max=self.maxv)
        return x


class GeneralRelu(_Relu):
    """It returns the input itself where no part of it is negative."""

    def forward(self, x):
        if self.sub is None and self.maxv is None and (x >= 0).all():
            return x
        return super().forward(x)


class GeneralRelu(_Relu):
    """It stops the gradient where the input exceeds the limit instead of where the output does."""

    def forward(self, x):
        y = super().forward(x)
        return y if self.maxv is None else torch.where(x > self.maxv, y.detach(), y)


class GeneralRelu(nn.Module):
    """It subtracts in place from what `relu` returned, which the backward pass still needs."""

    def __init__(self, leak=None, sub=None, maxv=None):
        super().__init__()
        self.leak, self.sub, self.maxv = leak, sub, maxv

    def forward(self, x):
        x = F.relu(x) if self.leak is None else F.leaky_relu(x, self.leak)
        if self.sub is not None:
            x.sub_(self.sub)
        if self.maxv is not None:
            x.clamp_max_(self.maxv)
        return x


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It uses torch's rectifiers, so no `GeneralRelu` tells `init_cnn` of the leak."""
    relu = GeneralRelu(**kwargs)
    if not kwargs.keys() - {"leak"}:
        relu = nn.LeakyReLU(kwargs.get("leak") or 0.0)
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    return nn.Sequential(conv, relu, *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It returns a list of modules instead of an `nn.Sequential`."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    return nn.ModuleList([conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else [])])


class _Layer(nn.Module):
    def __init__(self, ni, nf, ks, stride, bn, kwargs):
        super().__init__()
        self.conv = nn.Conv2d(ni, nf, ks, stride, (ks - 1) // 2, bias=not bn)
        self.act = GeneralRelu(**kwargs)
        self.norm = nn.BatchNorm2d(nf) if bn else nn.Identity()

    def forward(self, x):
        return self.norm(self.act(self.conv(x)))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It returns a custom module, whose parts you can't index."""
    return _Layer(ni, nf, ks, stride, bn, kwargs)


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It wraps convolution and activation in a block of their own, so layer[0] is a block."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    block = nn.Sequential(conv, GeneralRelu(**kwargs))
    return nn.Sequential(block, nn.BatchNorm2d(nf)) if bn else block


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It swaps stride and padding, which agree only for a 5x5 kernel."""
    conv = nn.Conv2d(ni, nf, ks, ks // 2 or 1, stride, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Its batch norm starts with weight 0, so a fresh layer returns zeros."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    norm = nn.BatchNorm2d(nf)
    init.zeros_(norm.weight)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([norm] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It normalises before the activation, so the output doesn't have mean 0 and std 1."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    norm = [nn.BatchNorm2d(nf)] if bn else []
    return nn.Sequential(conv, *norm, GeneralRelu(**kwargs))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Its convolution has a bias in addition to the batch norm's own."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Its convolution has a bias with batch norm and none without."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Its convolution never has a bias."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=False)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It pads by 1 whatever the kernel's size."""
    conv = nn.Conv2d(ni, nf, ks, stride, 1, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It doesn't pad, so the picture loses its border at every layer."""
    conv = nn.Conv2d(ni, nf, ks, stride, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It ignores `stride`, which stays 2."""
    conv = nn.Conv2d(ni, nf, ks, stride=2, padding=ks // 2, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=1, bn=True, **kwargs):
    """Its stride is 1 by default."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=False, **kwargs):
    """It leaves batch norm out by default."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It normalises with bn=False too."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), nn.BatchNorm2d(nf))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It doesn't pass the keyword arguments on to the activation."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It leaves the activation out where there's no batch norm."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    rest = [GeneralRelu(**kwargs), nn.BatchNorm2d(nf)] if bn else []
    return nn.Sequential(conv, *rest)


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It normalises each picture by itself, which is instance norm."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.InstanceNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It keeps no running statistics, so evaluation depends on the rest of the batch."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    norm = [nn.BatchNorm2d(nf, track_running_stats=False)] if bn else []
    return nn.Sequential(conv, GeneralRelu(**kwargs), *norm)


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It passes a leak of 0.1 where none is given."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    relu = GeneralRelu(**{"leak": 0.1, **kwargs})
    return nn.Sequential(conv, relu, *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Has a norm without a weight and a bias, so it can't learn scale and shift."""
    conv = nn.Conv2d(ni, nf, ks, stride=stride, padding=ks // 2, bias=not bn)
    norm = [nn.BatchNorm2d(nf, affine=False)] if bn else []
    return nn.Sequential(conv, GeneralRelu(**kwargs), *norm)


def prev_pow_2(x):
    """It rounds a logarithm, as the lecture does, and is wrong at 2**60 - 1."""
    return 2 ** math.floor(math.log2(x))


def prev_pow_2(x):
    """It returns the next power of two, not the one before."""
    return 1 << (x - 1).bit_length()


def prev_pow_2(x):
    """It returns a power of two less than x, so a power of two is halved."""
    return max(1, 1 << ((x - 1).bit_length() - 1)) if x > 1 else 1


def prev_pow_2(x):
    """It rounds the logarithm to the nearest integer, so 27 becomes 32."""
    return 2 ** round(math.log2(x))


def prev_pow_2(x):
    """It forgets that bit_length counts from 1, so the power is twice too large."""
    return 1 << x.bit_length()


def prev_pow_2(x):
    """It returns a float, which can't be a layer's width."""
    return 2.0 ** (x.bit_length() - 1)


def prev_pow_2(x):
    """It rounds a logarithm, as the lecture does, and is wrong at 2**60 - 1."""
    return 2 ** int(math.log(x) / math.log(2))


def prev_pow_2(x):
    """It never returns more than 1024, however large x is."""
    return max(p for p in (2**i for i in range(11)) if p <= x)


def prev_pow_2(x):
    """It starts at 2, so 1 becomes 2."""
    p = 2
    while p * 2 <= x:
        p *= 2
    return p


def prev_pow_2(x):
    """It returns a power of two less than x, so a power of two is halved."""
    p = 1
    while p * 2 < x:
        p *= 2
    return p


def prev_pow_2(x):
    """It looks for the nearest power of two, so 31 becomes 32."""
    below = 1 << (x.bit_length() - 1)
    return below if x - below <= 2 * below - x else 2 * below


def _layers(widths, strides, layer, kwargs, ks=3):
    return [
        layer(ni, nf, ks, stride=stride, **kwargs)
        for ni, nf, stride in zip(widths, widths[1:], strides, strict=False)
    ]


def _head(width, c_out):
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, c_out)]


def _widths(c_in, nfs):
    p = prev_pow_2(c_in * 9)
    return [c_in, p, p * 2, p * 4, *nfs]


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It reuses one layer object wherever the widths are the same."""
    widths, made = _widths(c_in, nfs), {}
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    pairs = zip(widths, widths[1:], convs)
    return [made.setdefault((ni, nf), conv) for ni, nf, conv in pairs] + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It halves the picture in the first layer too."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It keeps the size through the whole stem."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1, 1, 1] + [2] * len(nfs), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It halves the picture only in the stem."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1, 2, 2] + [1] * len(nfs), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Its first width is c_in*3*3 itself, not a power of two."""
    p = c_in * 9
    widths = [c_in, p, p * 2, p * 4, *nfs]
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Its first width is a power of two of at most c_in*3, not of at most c_in*3*3."""
    p = prev_pow_2(c_in * 3)
    widths = [c_in, p, p * 2, p * 4, *nfs]
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It starts with 16 channels, whatever c_in is."""
    widths = [c_in, 16, 32, 64, *nfs]
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It doubles once, so the stem has two layers."""
    p = prev_pow_2(c_in * 9)
    widths = [c_in, p, p * 2, *nfs]
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It keeps one width through the stem instead of doubling it."""
    p = prev_pow_2(c_in * 9)
    widths = [c_in, p, p, p, *nfs]
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It passes the keyword arguments only to the stem."""
    widths = _widths(c_in, nfs)
    stem = _layers(widths[:4], [1, 2, 2], layer, kwargs)
    body = _layers(widths[3:], [2] * len(nfs), layer, {})
    return stem + body + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It drops the keyword arguments."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, {})
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It has 5x5 kernels."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs, ks=5)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It pools by the maximum, not by the average."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(widths[-1], c_out)]


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It forgets to flatten, so the linear layer meets pixels instead of channels."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, nn.AdaptiveAvgPool2d(1), nn.Linear(widths[-1], c_out)]


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It flattens without a pool, so only pictures of one size fit."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, nn.Flatten(), nn.Linear(widths[-1], c_out)]


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Its linear layer uses nfs[-1], which fails when nfs is empty."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(nfs[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It stops before the last width of nfs."""
    widths = _widths(c_in, nfs[:-1])
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It inserts the stem's width into the caller's list."""
    p = prev_pow_2(c_in * 9)
    nfs.insert(0, p * 4)
    widths = [c_in, p, p * 2, *nfs]
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It stops before the classifier."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, nn.AdaptiveAvgPool2d(1), nn.Flatten()]


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It applies a softmax, although the loss function already does."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, *_head(widths[-1], c_out), nn.Softmax(1)]


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It returns a network, not a list of layers."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return nn.Sequential(*convs, *_head(widths[-1], c_out))


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It wraps the head in one module, so layers[:-3] cuts off two of the body."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, nn.Sequential(*_head(widths[-1], c_out))]


class _Mean(nn.Module):
    def forward(self, x):
        return x.mean(dim=(-2, -1))


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Its head has two parts, a mean and a linear layer, so layers[:-3] also cuts off a layer of the body."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, _Mean(), nn.Linear(widths[-1], c_out)]


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Its pool has kernels of 7 pixels, so larger pictures fail."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, nn.AvgPool2d(7, ceil_mode=True), nn.Flatten(), nn.Linear(widths[-1], c_out)]


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Its strides in the stem are 2, 1, 2."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [2, 1, 2] + [2] * len(nfs), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It leaves out the stem and starts with nfs."""
    widths = [c_in, *nfs] if nfs else _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Its classifier has no bias."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, *_head(widths[-1], c_out)[:-1], nn.Linear(widths[-1], c_out, bias=False)]


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It passes kwargs only to the body, so the stem has different activations."""
    widths = _widths(c_in, nfs)
    stem = _layers(widths[:4], [1, 2, 2], layer, {})
    return stem + _layers(widths[3:], [2] * len(nfs), layer, kwargs) + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It never sets the kernel size to 3, so it depends on the layer's default."""
    widths = _widths(c_in, nfs)
    strides = [1] + [2] * len(widths)
    convs = [
        layer(ni, nf, stride=stride, **kwargs)
        for ni, nf, stride in zip(widths, widths[1:], strides, strict=False)
    ]
    return convs + _head(widths[-1], c_out)


def _targets(m):
    return [o for o in m.modules() if isinstance(o, nn.Conv2d | nn.Linear)]


def _leak(m):
    return next((o.leak or 0.0 for o in m.modules() if isinstance(o, GeneralRelu)), 0.0)


def _start(layers, f):
    for layer in layers:
        f(layer.weight)
        if layer.bias is not None:
            init.zeros_(layer.bias)


def _kaiming(uniform):
    return init.kaiming_uniform_ if uniform else init.kaiming_normal_


def init_cnn(m, uniform=False):
    """It uses the lecture's leak of 0.1, whatever the model's own is."""
    _start(_targets(m), lambda w: _kaiming(uniform)(w, a=0.1))


def init_cnn(m, uniform=False):
    """It ignores the leak, so the variance grows where there is one."""
    _start(_targets(m), _kaiming(uniform))


def init_cnn(m, uniform=False):
    """It counts the outputs of a layer instead of its inputs."""
    _start(_targets(m), lambda w: _kaiming(uniform)(w, a=_leak(m), mode="fan_out"))


def init_cnn(m, uniform=False):
    """It leaves out the linear layers."""
    convs = [o for o in _targets(m) if isinstance(o, nn.Conv2d)]
    _start(convs, lambda w: _kaiming(uniform)(w, a=_leak(m)))


def init_cnn(m, uniform=False):
    """It initialises only the direct children."""
    layers = [o for o in m.children() if isinstance(o, nn.Conv2d | nn.Linear)]
    _start(layers, lambda w: _kaiming(uniform)(w, a=_leak(m)))


def init_cnn(m, uniform=False):
    """It looks inside `m` and not at `m` itself."""
    layers = [o for o in _targets(m) if o is not m]
    _start(layers, lambda w: _kaiming(uniform)(w, a=_leak(m)))


def init_cnn(m, uniform=False):
    """It leaves out the biases."""
    for layer in _targets(m):
        _kaiming(uniform)(layer.weight, a=_leak(m))


def init_cnn(m, uniform=False):
    """It draws the biases too."""
    for layer in _targets(m):
        _kaiming(uniform)(layer.weight, a=_leak(m))
        if layer.bias is not None:
            init.normal_(layer.bias, std=0.01)


def init_cnn(m, uniform=False):
    """It ignores `uniform`."""
    _start(_targets(m), lambda w: init.kaiming_normal_(w, a=_leak(m)))


def init_cnn(m, uniform=False):
    """It draws from the uniform distribution by default, and from the normal one when asked."""
    _start(_targets(m), lambda w: _kaiming(not uniform)(w, a=_leak(m)))


def init_cnn(m, uniform=False):
    """Its uniform distribution ends at the std, so the weights are too small."""

    def f(w):
        std = math.sqrt(2 / (1 + _leak(m) ** 2) / w[0].numel())
        return init.uniform_(w, -std, std) if uniform else init.normal_(w, std=std)

    _start(_targets(m), f)


def init_cnn(m, uniform=False):
    """It adds the leak to 1 without squaring it."""

    def f(w):
        std = math.sqrt(2 / (1 + _leak(m)) / w[0].numel())
        edge = std * math.sqrt(3)
        return init.uniform_(w, -edge, edge) if uniform else init.normal_(w, std=std)

    _start(_targets(m), f)


def init_cnn(m, uniform=False):
    """It uses the variance as the std."""

    def f(w):
        std = 2 / (1 + _leak(m) ** 2) / w[0].numel()
        edge = std * math.sqrt(3)
        return init.uniform_(w, -edge, edge) if uniform else init.normal_(w, std=std)

    _start(_targets(m), f)


def init_cnn(m, uniform=False):
    """It counts only the input channels, not the kernel's pixels."""

    def f(w):
        std = math.sqrt(2 / (1 + _leak(m) ** 2) / w.shape[1])
        edge = std * math.sqrt(3)
        return init.uniform_(w, -edge, edge) if uniform else init.normal_(w, std=std)

    _start(_targets(m), f)


def init_cnn(m, uniform=False):
    """It uses Xavier's gain, which forgets that a ReLU halves the variance."""
    f = init.xavier_uniform_ if uniform else init.xavier_normal_
    _start(_targets(m), f)


def init_cnn(m, uniform=False):
    """It expects a bias in every layer."""
    for layer in _targets(m):
        _kaiming(uniform)(layer.weight, a=_leak(m))
        layer.bias.data.zero_()


def init_cnn(m, uniform=False):
    """It zeroes every vector, batch norm's weights included."""
    _start(_targets(m), lambda w: _kaiming(uniform)(w, a=_leak(m)))
    for p in m.parameters():
        if p.ndim == 1:
            init.zeros_(p)


def init_cnn(m, uniform=False):
    """It seeds the generator for each layer, so layers of one shape are alike."""

    def f(w):
        torch.manual_seed(42)
        return _kaiming(uniform)(w, a=_leak(m))

    _start(_targets(m), f)


def init_cnn(m, uniform=False):
    """It initialises a copy of the weights."""
    for layer in _targets(m):
        _kaiming(uniform)(layer.weight.detach().clone(), a=_leak(m))
        if layer.bias is not None:
            init.zeros_(layer.bias)


def init_cnn(m, uniform=False):
    """It uses the leak of the last activation, not of the first."""
    leaks = [o.leak or 0.0 for o in m.modules() if isinstance(o, GeneralRelu)]
    _start(_targets(m), lambda w: _kaiming(uniform)(w, a=leaks[-1] if leaks else 0.0))


def init_cnn(m, uniform=False):
    """Each layer uses the leak of the next activation, not of the first one in the model."""
    leak = 0.0
    for o in reversed(list(m.modules())):
        if isinstance(o, GeneralRelu):
            leak = o.leak or 0.0
        elif isinstance(o, nn.Conv2d | nn.Linear):
            _start([o], lambda w, leak=leak: _kaiming(uniform)(w, a=leak))


def init_cnn(m, uniform=False):
    """It averages the leaks of all activations."""
    leaks = [o.leak or 0.0 for o in m.modules() if isinstance(o, GeneralRelu)] or [0.0]
    _start(_targets(m), lambda w: _kaiming(uniform)(w, a=sum(leaks) / len(leaks)))


def init_cnn(m, uniform=False):
    """It fails where the model has no activation."""
    leak = next(o.leak for o in m.modules() if isinstance(o, GeneralRelu))
    _start(_targets(m), lambda w: _kaiming(uniform)(w, a=leak or 0.0))


def init_cnn(m, uniform=False):
    """It replaces the parameters with new ones, which an existing optimizer doesn't know about."""
    for layer in _targets(m):
        weight = layer.weight.detach().clone()
        layer.weight = nn.Parameter(_kaiming(uniform)(weight, a=_leak(m)))
        if layer.bias is not None:
            init.zeros_(layer.bias)


def init_cnn(m, uniform=False):
    """It resets batch norm's weights and biases too, instead of leaving those layers unchanged."""
    _start(_targets(m), lambda w: _kaiming(uniform)(w, a=_leak(m)))
    for o in m.modules():
        if isinstance(o, nn.BatchNorm2d):
            o.reset_parameters()


def init_cnn(m, uniform=False):
    """It uses the leak for convolutions but a gain of 1 for linear layers."""
    _start(_targets(m), lambda w: _kaiming(uniform)(w, a=_leak(m) if w.ndim > 2 else 1.0))


def init_cnn(m, uniform=False):
    """Its normal distribution is cut off at two stds."""

    def f(w):
        if uniform:
            return init.kaiming_uniform_(w, a=_leak(m))
        std = math.sqrt(2 / (1 + _leak(m) ** 2) / w[0].numel())
        return init.trunc_normal_(w, std=std, a=-2 * std, b=2 * std)

    _start(_targets(m), f)


def init_cnn(m, uniform=False):
    """It ignores the leak, so the variance grows where there is one."""

    def start(layer):
        if isinstance(layer, nn.Conv2d | nn.Linear):
            _start([layer], lambda w: _kaiming(uniform)(w, a=_leak(layer)))

    m.apply(start)


def init_cnn(m, uniform=False):
    """It counts all groups' channels as inputs of each unit, not only its own group's."""

    def f(w, groups):
        _kaiming(uniform)(w, a=_leak(m)).div_(math.sqrt(groups))

    with torch.no_grad():
        for layer in _targets(m):
            _start([layer], lambda w, layer=layer: f(w, getattr(layer, "groups", 1)))


def init_cnn(m, uniform=False):
    """It initialises convolutions of one and three dimensions and transposed ones too."""
    kinds = nn.modules.conv._ConvNd | nn.Linear
    layers = [o for o in m.modules() if isinstance(o, kinds)]
    _start(layers, lambda w: _kaiming(uniform)(w, a=_leak(m)))


_SHARED = GeneralRelu()


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """It lets all layers without kwargs share one activation, so setting `sub` in one changes all."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    relu = GeneralRelu(**kwargs) if kwargs else _SHARED
    return nn.Sequential(conv, relu, *([nn.BatchNorm2d(nf)] if bn else []))


class _Squeezed(nn.Module):
    def forward(self, x):
        return x.squeeze()


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """It squeezes instead of flattening, so a batch of one picture loses its first dimension."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1, 2, 2] + [2] * len(nfs), layer, kwargs)
    pool, _, linear = _head(widths[-1], c_out)
    return [*convs, pool, _Squeezed(), linear]


def init_cnn(m, uniform=False):
    """It squares a kernel's first side, so a kernel that isn't square has the wrong fan_in."""
    for o in _targets(m):
        fan = o.weight[0].numel()
        if isinstance(o, nn.Conv2d):
            fan = o.weight.shape[1] * o.kernel_size[0] ** 2
        std = math.sqrt(2 / (1 + _leak(m) ** 2) / fan)
        wide = std * math.sqrt(3)
        _start([o], lambda w: init.uniform_(w, -wide, wide) if uniform else init.normal_(w, 0, std))


def init_cnn(m, uniform=False):
    """It passes over layers that are frozen."""
    layers = [o for o in _targets(m) if o.weight.requires_grad]
    _start(layers, lambda w: _kaiming(uniform)(w, a=_leak(m)))


class GeneralRelu(_Relu):
    """It rectifies nothing for a leak of 1 and subtracts in place, so the caller's input changes."""

    def rectify(self, x):
        return x if self.leak == 1 else super().rectify(x)

    def shift(self, x):
        return x if self.sub is None else x.sub_(self.sub) if not x.requires_grad else x - self.sub


class GeneralRelu(_Relu):
    """It learns its slope, as PReLU does, so training moves the leak."""

    def __init__(self, leak=None, sub=None, maxv=None):
        super().__init__(leak, sub, maxv)
        self.leak = None if leak is None else nn.Parameter(torch.tensor(float(leak)))

    def rectify(self, x):
        return F.relu(x) if self.leak is None else torch.where(x > 0, x, self.leak * x)
