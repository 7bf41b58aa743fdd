"""Wrong answers to the exercises of `convnet`."""

import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn import init


class _Relu(nn.Module):
    """A right one, from which the wrong ones below differ in one place."""

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
    """Subtracts before the leak, so another part of x is taken for negative."""

    def forward(self, x):
        return self.limit(self.rectify(self.shift(x)))


class GeneralRelu(_Relu):
    """Clamps before it subtracts, so the largest output is maxv - sub."""

    def forward(self, x):
        return self.shift(self.limit(self.rectify(x)))


class GeneralRelu(_Relu):
    """Leaks by a slope of its own where none is given."""

    def rectify(self, x):
        return F.leaky_relu(x, 0.1 if self.leak is None else self.leak)


class GeneralRelu(_Relu):
    """Takes a limit of 0 for no limit."""

    def limit(self, x):
        return x.clamp(max=self.maxv) if self.maxv else x


class GeneralRelu(_Relu):
    """Rectifies in place, so whoever still holds the input sees it changed."""

    def rectify(self, x):
        return F.leaky_relu(x, self.leak or 0.0, inplace=True)


class GeneralRelu(_Relu):
    """Subtracts in place from the output of F.relu, which the backward pass still needs."""

    def rectify(self, x):
        return F.relu(x) if self.leak is None else F.leaky_relu(x, self.leak)

    def shift(self, x):
        return x if self.sub is None else x.sub_(self.sub)


class GeneralRelu(_Relu):
    """Adds sub instead of subtracting it."""

    def shift(self, x):
        return x if self.sub is None else x + self.sub


class GeneralRelu(_Relu):
    """Takes maxv for the smallest output."""

    def limit(self, x):
        return x if self.maxv is None else x.clamp(min=self.maxv)


class GeneralRelu(_Relu):
    """Clamps on both sides, although maxv limits the output from above alone."""

    def limit(self, x):
        return x if self.maxv is None else x.clamp(-abs(self.maxv), self.maxv)


class GeneralRelu(_Relu):
    """Returns early where there is nothing to subtract, and forgets the limit."""

    def forward(self, x):
        x = self.rectify(x)
        return x if self.sub is None else self.limit(x - self.sub)


class GeneralRelu(_Relu):
    """Ignores the leak."""

    def rectify(self, x):
        return F.relu(x)


class GeneralRelu(_Relu):
    """Gives negative inputs the slope -leak."""

    def rectify(self, x):
        return F.relu(x) + (self.leak or 0.0) * F.relu(-x)


class GeneralRelu(_Relu):
    """Detaches x, so no gradient reaches the layers before."""

    def rectify(self, x):
        return F.leaky_relu(x.detach().requires_grad_(), self.leak or 0.0)


class GeneralRelu(_Relu):
    """Without a leak, does not rectify at all."""

    def rectify(self, x):
        return x * 1 if self.leak is None else F.leaky_relu(x, self.leak)


class GeneralRelu(_Relu):
    """Subtracts sub once more at every call."""

    def shift(self, x):
        if self.sub is None:
            return x
        self.total = getattr(self, "total", 0.0) + self.sub
        return x - self.total


class GeneralRelu(_Relu):
    """Subtracts only from what is above 0."""

    def shift(self, x):
        return x if self.sub is None else torch.where(x > 0, x - self.sub, x)


class GeneralRelu(_Relu):
    """Sets negative inputs to the leak itself instead of leak * x."""

    def rectify(self, x):
        return torch.where(x > 0, x, torch.full_like(x, self.leak or 0.0))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Normalises before the activation; what comes out is neither of mean 0 nor of std 1."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    norm = [nn.BatchNorm2d(nf)] if bn else []
    return nn.Sequential(conv, *norm, GeneralRelu(**kwargs))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Gives the convolution a bias beside the batch norm's own."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Gives the convolution a bias with batch norm and none without: the wrong way round."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Never gives the convolution a bias, without batch norm neither."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=False)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Pads by 1 whatever the kernel's size."""
    conv = nn.Conv2d(ni, nf, ks, stride, 1, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Does not pad, so the picture loses its border at every layer."""
    conv = nn.Conv2d(ni, nf, ks, stride, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Leaves the stride at 2, whatever is asked for."""
    conv = nn.Conv2d(ni, nf, ks, stride=2, padding=ks // 2, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=1, bn=True, **kwargs):
    """Has a stride of 1 by default."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=False, **kwargs):
    """Leaves batch norm out by default."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Normalises with bn=False too."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), nn.BatchNorm2d(nf))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Does not pass the keyword arguments on to the activation."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(), *([nn.BatchNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Leaves the activation out where there is no batch norm."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    rest = [GeneralRelu(**kwargs), nn.BatchNorm2d(nf)] if bn else []
    return nn.Sequential(conv, *rest)


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Normalises each picture by itself, which is instance norm."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    return nn.Sequential(conv, GeneralRelu(**kwargs), *([nn.InstanceNorm2d(nf)] if bn else []))


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Keeps no running statistics, so evaluation depends on the other pictures of the batch."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    norm = [nn.BatchNorm2d(nf, track_running_stats=False)] if bn else []
    return nn.Sequential(conv, GeneralRelu(**kwargs), *norm)


def conv_layer(ni, nf, ks=3, stride=2, bn=True, **kwargs):
    """Has its own slope of 0.1 where none is asked for."""
    conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=not bn)
    relu = GeneralRelu(**{"leak": 0.1, **kwargs})
    return nn.Sequential(conv, relu, *([nn.BatchNorm2d(nf)] if bn else []))


def prev_pow_2(x):
    """Rounds a logarithm, which is rounded up already for 2**60 - 1: the lecture's own."""
    return 2 ** math.floor(math.log2(x))


def prev_pow_2(x):
    """Gives the next power of two, not the one before."""
    return 1 << (x - 1).bit_length()


def prev_pow_2(x):
    """Gives the power of two below x, for a power of two the half of it."""
    return max(1, 1 << ((x - 1).bit_length() - 1)) if x > 1 else 1


def prev_pow_2(x):
    """Rounds the logarithm to the nearest integer, so 27 becomes 32."""
    return 2 ** round(math.log2(x))


def prev_pow_2(x):
    """Forgets that bit_length counts from 1, so the power is twice too large."""
    return 1 << x.bit_length()


def prev_pow_2(x):
    """Gives a float, which no layer takes for a width."""
    return 2.0 ** (x.bit_length() - 1)


def prev_pow_2(x):
    """Rounds a logarithm, which is rounded up already for 2**60 - 1: the lecture's own."""
    return 2 ** int(math.log(x) / math.log(2))


def prev_pow_2(x):
    """Knows no power beyond 1024."""
    return max(p for p in (2**i for i in range(11)) if p <= x)


def prev_pow_2(x):
    """Starts at 2, so 1 becomes 2."""
    p = 2
    while p * 2 <= x:
        p *= 2
    return p


def prev_pow_2(x):
    """Gives the power of two below x, for a power of two the half of it."""
    p = 1
    while p * 2 < x:
        p *= 2
    return p


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
    """Halves the picture in the first layer too."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Keeps the size through the whole stem."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1, 1, 1] + [2] * len(nfs), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Halves the picture in the stem alone."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1, 2, 2] + [1] * len(nfs), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Takes c_in*3*3 itself for the first width, and no power of two."""
    p = c_in * 9
    widths = [c_in, p, p * 2, p * 4, *nfs]
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Takes the power of two within c_in*3, as if a kernel had 3 pixels."""
    p = prev_pow_2(c_in * 3)
    widths = [c_in, p, p * 2, p * 4, *nfs]
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Starts with 16 channels, which is right for 3 channels in and for no other number."""
    widths = [c_in, 16, 32, 64, *nfs]
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Doubles once, so the stem has two layers."""
    p = prev_pow_2(c_in * 9)
    widths = [c_in, p, p * 2, *nfs]
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Keeps one width through the stem instead of doubling it."""
    p = prev_pow_2(c_in * 9)
    widths = [c_in, p, p, p, *nfs]
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Passes the keyword arguments to the stem alone."""
    widths = _widths(c_in, nfs)
    stem = _layers(widths[:4], [1, 2, 2], layer, kwargs)
    body = _layers(widths[3:], [2] * len(nfs), layer, {})
    return stem + body + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Drops the keyword arguments."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, {})
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Has 5x5 kernels."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs, ks=5)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Pools by the maximum, not by the average."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(widths[-1], c_out)]


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Forgets to flatten, so the linear layer meets pixels where it expects channels."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, nn.AdaptiveAvgPool2d(1), nn.Linear(widths[-1], c_out)]


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Flattens without a pool, which fits pictures of one size alone."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, nn.Flatten(), nn.Linear(widths[-1], c_out)]


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Takes the last of nfs for the linear layer, which is not there when nfs is empty."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(nfs[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Ends before the last width of nfs."""
    widths = _widths(c_in, nfs[:-1])
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Puts the stem's width into the caller's list."""
    p = prev_pow_2(c_in * 9)
    nfs.insert(0, p * 4)
    widths = [c_in, p, p * 2, *nfs]
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return convs + _head(widths[-1], c_out)


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Stops before the classifier."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, nn.AdaptiveAvgPool2d(1), nn.Flatten()]


def get_cnn_layers(c_in, c_out, nfs, layer, **kwargs):
    """Applies a softmax, which the loss function does once more."""
    widths = _widths(c_in, nfs)
    convs = _layers(widths, [1] + [2] * len(widths), layer, kwargs)
    return [*convs, *_head(widths[-1], c_out), nn.Softmax(1)]


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
    """Takes a leak of 0.1, the lecture's, whatever the model's own is."""
    _start(_targets(m), lambda w: _kaiming(uniform)(w, a=0.1))


def init_cnn(m, uniform=False):
    """Takes no leak into account, so the variance grows where there is one."""
    _start(_targets(m), _kaiming(uniform))


def init_cnn(m, uniform=False):
    """Counts what goes out of a layer instead of what goes in."""
    _start(_targets(m), lambda w: _kaiming(uniform)(w, a=_leak(m), mode="fan_out"))


def init_cnn(m, uniform=False):
    """Leaves the linear layers as they are."""
    convs = [o for o in _targets(m) if isinstance(o, nn.Conv2d)]
    _start(convs, lambda w: _kaiming(uniform)(w, a=_leak(m)))


def init_cnn(m, uniform=False):
    """Sees the direct children alone."""
    layers = [o for o in m.children() if isinstance(o, nn.Conv2d | nn.Linear)]
    _start(layers, lambda w: _kaiming(uniform)(w, a=_leak(m)))


def init_cnn(m, uniform=False):
    """Looks inside what it is given and not at itself."""
    layers = [o for o in _targets(m) if o is not m]
    _start(layers, lambda w: _kaiming(uniform)(w, a=_leak(m)))


def init_cnn(m, uniform=False):
    """Leaves the biases as they are."""
    for layer in _targets(m):
        _kaiming(uniform)(layer.weight, a=_leak(m))


def init_cnn(m, uniform=False):
    """Draws the biases too."""
    for layer in _targets(m):
        _kaiming(uniform)(layer.weight, a=_leak(m))
        if layer.bias is not None:
            init.normal_(layer.bias, std=0.01)


def init_cnn(m, uniform=False):
    """Ignores `uniform`."""
    _start(_targets(m), lambda w: init.kaiming_normal_(w, a=_leak(m)))


def init_cnn(m, uniform=False):
    """Draws from the uniform distribution unless it is asked to."""
    _start(_targets(m), lambda w: _kaiming(not uniform)(w, a=_leak(m)))


def init_cnn(m, uniform=False):
    """Takes the std for the uniform distribution's bound, which makes the weights too small."""

    def f(w):
        std = math.sqrt(2 / (1 + _leak(m) ** 2) / w[0].numel())
        return init.uniform_(w, -std, std) if uniform else init.normal_(w, std=std)

    _start(_targets(m), f)


def init_cnn(m, uniform=False):
    """Adds the leak to 1 without its square."""

    def f(w):
        std = math.sqrt(2 / (1 + _leak(m)) / w[0].numel())
        edge = std * math.sqrt(3)
        return init.uniform_(w, -edge, edge) if uniform else init.normal_(w, std=std)

    _start(_targets(m), f)


def init_cnn(m, uniform=False):
    """Takes the variance for the std."""

    def f(w):
        std = 2 / (1 + _leak(m) ** 2) / w[0].numel()
        edge = std * math.sqrt(3)
        return init.uniform_(w, -edge, edge) if uniform else init.normal_(w, std=std)

    _start(_targets(m), f)


def init_cnn(m, uniform=False):
    """Counts the channels in, and not the kernel's pixels."""

    def f(w):
        std = math.sqrt(2 / (1 + _leak(m) ** 2) / w.shape[1])
        edge = std * math.sqrt(3)
        return init.uniform_(w, -edge, edge) if uniform else init.normal_(w, std=std)

    _start(_targets(m), f)


def init_cnn(m, uniform=False):
    """Takes Xavier's gain of 1, which forgets that a ReLU lets half of the variance through."""
    f = init.xavier_uniform_ if uniform else init.xavier_normal_
    _start(_targets(m), f)


def init_cnn(m, uniform=False):
    """Expects a bias in every layer."""
    for layer in _targets(m):
        _kaiming(uniform)(layer.weight, a=_leak(m))
        layer.bias.data.zero_()


def init_cnn(m, uniform=False):
    """Sets every bias to 0 and every other vector as well, the batch norms' weights among them."""
    _start(_targets(m), lambda w: _kaiming(uniform)(w, a=_leak(m)))
    for p in m.parameters():
        if p.ndim == 1:
            init.zeros_(p)


def init_cnn(m, uniform=False):
    """Starts the generator at the same seed for each layer, so layers of one shape are alike."""

    def f(w):
        torch.manual_seed(42)
        return _kaiming(uniform)(w, a=_leak(m))

    _start(_targets(m), f)


def init_cnn(m, uniform=False):
    """Initialises a copy of the weights."""
    for layer in _targets(m):
        _kaiming(uniform)(layer.weight.detach().clone(), a=_leak(m))
        if layer.bias is not None:
            init.zeros_(layer.bias)
