"""Wrong answers to the exercises of `lsuv`."""

import math

import torch
from torch import nn

from .containers import listify
from .convnet import GeneralRelu
from .hooks import find_modules


class _Layer(nn.Module):
    """A right one: the wrong ones below differ in one place."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(ni, nf, ks, stride=stride, padding=ks // 2)
        self.relu = GeneralRelu(sub=sub, **kwargs)

    def forward(self, x):
        return self.relu(self.conv(x))

    def get_bias(self):
        return -self.relu.sub

    def set_bias(self, value):
        self.relu.sub = -value

    def get_weight(self):
        return self.conv.weight

    def set_weight(self, value):
        self.conv.weight.data.copy_(value)

    bias = property(lambda self: self.get_bias(), lambda self, value: self.set_bias(value))
    weight = property(lambda self: self.get_weight(), lambda self, value: self.set_weight(value))


class ConvLayer(_Layer):
    """Its bias is the shift itself, without the minus sign."""

    def get_bias(self):
        return self.relu.sub

    def set_bias(self, value):
        self.relu.sub = value


class ConvLayer(_Layer):
    """It sets the shift to the bias, without the minus sign."""

    def set_bias(self, value):
        self.relu.sub = value


class ConvLayer(_Layer):
    """Its bias is the convolution's, which comes before the activation."""

    def get_bias(self):
        return self.conv.bias

    def set_bias(self, value):
        self.conv.bias.data.copy_(value)


class ConvLayer(_Layer):
    """Its bias has no setter."""

    bias = property(lambda self: -self.relu.sub)


class ConvLayer(_Layer):
    """Its weight has no setter, as in the lecture."""

    weight = property(lambda self: self.conv.weight)


class ConvLayer(_Layer):
    """It returns a copy of the weight, so scaling it in place changes nothing."""

    def get_weight(self):
        return self.conv.weight.detach().clone()


class ConvLayer(_Layer):
    """It replaces the convolution's parameter by a plain tensor."""

    def set_weight(self, value):
        del self.conv.weight
        self.conv.weight = value


class ConvLayer(_Layer):
    """It keeps the new weight in an attribute, so the convolution still uses the old one."""

    def get_weight(self):
        return getattr(self, "kept", self.conv.weight)

    def set_weight(self, value):
        self.kept = value


class ConvLayer(_Layer):
    """It keeps the new bias in an attribute that the activation doesn't use."""

    def get_bias(self):
        return getattr(self, "kept", -self.relu.sub)

    def set_bias(self, value):
        self.kept = value


class ConvLayer(_Layer):
    """It doesn't pass `sub` on to the activation."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, 0.0, **kwargs)


class ConvLayer(_Layer):
    """It drops the other arguments of the activation."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, sub)


class ConvLayer(_Layer):
    """It uses a leak of 0.1 when you pass none."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, sub, **{"leak": 0.1, **kwargs})


class ConvLayer(_Layer):
    """Its stride is 1 by default."""

    def __init__(self, ni, nf, ks=3, stride=1, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, sub, **kwargs)


class ConvLayer(_Layer):
    """It ignores `stride`."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, 2, sub, **kwargs)


class ConvLayer(_Layer):
    """It doesn't pad."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, sub, **kwargs)
        self.conv.padding = (0, 0)


class ConvLayer(_Layer):
    """It pads by 1 whatever the kernel's size."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, sub, **kwargs)
        self.conv.padding = (1, 1)


class ConvLayer(_Layer):
    """It applies the activation before the convolution."""

    def forward(self, x):
        return self.conv(self.relu(x))


class ConvLayer(_Layer):
    """It shifts before the rectifier instead of after it."""

    def forward(self, x):
        sub = self.relu.sub
        self.relu.sub = 0.0
        try:
            return self.relu(self.conv(x) - sub)
        finally:
            self.relu.sub = sub


class ConvLayer(_Layer):
    """It shares one activation among all layers, so they all have the same shift."""

    shared = {}

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, sub, **kwargs)
        self.relu = self.shared.setdefault((sub, *kwargs.items()), self.relu)


class ConvLayer(_Layer):
    """It shifts the caller's picture in place."""

    def forward(self, x):
        y = super().forward(x)
        with torch.no_grad():
            x -= float(self.relu.sub)
        return y


class ConvLayer(_Layer):
    """It keeps its bias as a plain number, as the lecture does, so a saved layer loses it."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, 0.0, **kwargs)
        self.relu = GeneralRelu(**{**kwargs, "maxv": None})
        self.limit, self.shift = kwargs.get("maxv"), float(sub)

    def forward(self, x):
        y = self.relu(self.conv(x)) - self.shift
        return y if self.limit is None else y.clamp(max=self.limit)

    def get_bias(self):
        return -self.shift

    def set_bias(self, value):
        self.shift = -float(value)


class ConvLayer(_Layer):
    """Its convolution has no bias."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, sub, **kwargs)
        self.conv.bias = None


class ConvLayer(_Layer):
    """It adds a new weight instead of replacing the old one."""

    def set_weight(self, value):
        self.conv.weight.data += value


class ConvLayer(_Layer):
    """It freezes the weight that is set."""

    def set_weight(self, value):
        self.conv.weight = nn.Parameter(value, requires_grad=False)


class ConvLayer(_Layer):
    """It negates the weight as well as the bias."""

    def get_weight(self):
        return -self.conv.weight

    def set_weight(self, value):
        self.conv.weight.data.copy_(-value)


class ConvLayer(_Layer):
    """It rounds the shift to whole numbers."""

    def set_bias(self, value):
        self.relu.sub = float(round(float(-value)))


def _batches(xb):
    return xb if isinstance(xb, list | tuple) else [xb]


def _moments(out):
    return float(out.mean()), float(out.std())


def _averaged(found):
    return tuple(sum(o) / len(found) for o in zip(*found, strict=True))


def _name(model, m):
    return next(name for name, o in model.named_modules() if o is m)


def _checked(model, m, stats):
    mean, std = stats
    if not (math.isfinite(mean) and math.isfinite(std) and std > 0):
        raise ValueError(f"{_name(model, m)} is dead: mean {mean}, std {std}")
    return mean, std


def _measurer(model, m, xb, moments=_moments, averaged=_averaged, checked=_checked):
    found = []
    hook = m.register_forward_hook(lambda mod, args, out: found.append(moments(out)))

    def measure():
        found.clear()
        for x in _batches(xb):
            model(x)
        return checked(model, m, averaged(found))

    return hook, measure


def _shift(m, mean):
    m.bias = m.bias - mean


def _scale(m, std):
    m.weight.data /= std


def _lsuv(measure, m, tol, max_iter, shift=_shift, scale=_scale):
    mean, std = measure()
    for _ in range(max_iter):
        if abs(mean) <= tol:
            break
        shift(m, mean)
        mean, std = measure()
    for _ in range(max_iter):
        if abs(std - 1) <= tol:
            break
        scale(m, std)
        mean, std = measure()
    return mean, std


def _whole(model, m, xb, tol, max_iter, shift=_shift, scale=_scale, **kwargs):
    hook, measure = _measurer(model, m, xb, **kwargs)
    try:
        with torch.no_grad():
            return _lsuv(measure, m, tol, max_iter, shift, scale)
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It never stops when `tol` is out of reach, like the lecture's loop."""
    return _whole(model, m, xb, tol, 10**9)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It looks for a dead layer only before the first change."""
    seen = []

    def checked(model, m, stats):
        seen.append(stats)
        return _checked(model, m, stats) if len(seen) == 1 else stats

    return _whole(model, m, xb, tol, max_iter, checked=checked)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It ignores `max_iter`."""
    return _whole(model, m, xb, tol, 20)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It ignores `tol`."""
    return _whole(model, m, xb, 1e-3, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It scales once, which isn't enough where the convolution has a bias."""
    hook, measure = _measurer(model, m, xb)
    try:
        with torch.no_grad():
            mean, _ = measure()
            _shift(m, mean)
            _, std = measure()
            _scale(m, std)
            return measure()
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It scales first and shifts afterwards."""
    hook, measure = _measurer(model, m, xb)
    try:
        with torch.no_grad():
            for _ in range(max_iter):
                _, std = measure()
                if abs(std - 1) <= tol:
                    break
                _scale(m, std)
            for _ in range(max_iter):
                mean, _ = measure()
                if abs(mean) <= tol:
                    break
                _shift(m, mean)
            return measure()
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It scales and never shifts."""
    return _whole(model, m, xb, tol, max_iter, shift=lambda m, mean: None)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It shifts and never scales."""
    return _whole(model, m, xb, tol, max_iter, scale=lambda m, std: None)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It adds the mean to the bias, so the mean moves away from 0."""
    return _whole(model, m, xb, tol, max_iter, shift=lambda m, mean: _shift(m, -mean))


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It multiplies by the std, so the std moves away from 1."""
    return _whole(model, m, xb, tol, max_iter, scale=lambda m, std: _scale(m, 1 / std))


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It divides the weight by the variance."""
    return _whole(model, m, xb, tol, max_iter, scale=lambda m, std: _scale(m, std**2))


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It draws new weights instead of scaling the old ones."""

    def scale(m, std):
        m.weight.data.copy_(torch.randn_like(m.weight) * m.weight.std() / std)

    return _whole(model, m, xb, tol, max_iter, scale=scale)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It lowers the bias of the convolution, which comes before the activation."""

    def shift(m, mean):
        own = [p for p in m.parameters() if p.ndim == 1]
        own[0].data -= mean

    return _whole(model, m, xb, tol, max_iter, shift=shift)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It measures the convolution, before the activation."""
    conv = next((o for o in m.modules() if isinstance(o, nn.Conv2d)), m)
    hook, measure = _measurer(model, conv, xb)
    try:
        with torch.no_grad():
            return _lsuv(measure, m, tol, max_iter)
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It measures the output of the model, not of the layer."""
    found = []
    hook = model.register_forward_hook(lambda mod, args, out: found.append(_moments(out)))

    def measure():
        found.clear()
        for x in _batches(xb):
            model(x)
        return _checked(model, m, _averaged(found))

    try:
        with torch.no_grad():
            return _lsuv(measure, m, tol, max_iter)
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It runs the layer directly on the batch, although the batch is the model's input."""

    def measure():
        return _checked(model, m, _averaged([_moments(m(x)) for x in _batches(xb)]))

    with torch.no_grad():
        return _lsuv(measure, m, tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It treats a batch as a list of pictures, and averages their stds."""
    return _whole(model, m, listify(xb), tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It uses only the first batch of a list."""
    return _whole(model, m, _batches(xb)[:1], tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It uses only the last batch of a list."""
    return _whole(model, m, xb, tol, max_iter, averaged=lambda found: found[-1])


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It adds up the batches' means and stds and doesn't divide by their number."""
    sums = dict(averaged=lambda found: tuple(map(sum, zip(*found, strict=True))))
    return _whole(model, m, xb, tol, max_iter, **sums)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It joins a list's batches into one large batch, which has a different std."""
    return _whole(model, m, torch.cat(_batches(xb)), tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It also averages over measurements from before the last change."""
    found = []
    hook = m.register_forward_hook(lambda mod, args, out: found.append(_moments(out)))

    def measure():
        for x in _batches(xb):
            model(x)
        return _checked(model, m, _averaged(found))

    try:
        with torch.no_grad():
            return _lsuv(measure, m, tol, max_iter)
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It returns the first measurement."""
    hook, measure = _measurer(model, m, xb)
    try:
        with torch.no_grad():
            first = measure()
            _lsuv(measure, m, tol, max_iter)
            return first
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It returns the mean from before the scaling."""
    means = []
    hook, measure = _measurer(model, m, xb)

    def scale(m, std):
        _scale(m, std)
        means.append(0.0)

    try:
        with torch.no_grad():
            mean, std = _lsuv(measure, m, tol, max_iter, scale=scale)
            return (0.0 if means else mean), std
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It returns the std first and the mean second."""
    return _whole(model, m, xb, tol, max_iter)[::-1]


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It returns None."""
    _whole(model, m, xb, tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It runs the model with gradients."""
    hook, measure = _measurer(model, m, xb)

    def shift(m, mean):
        with torch.no_grad():
            _shift(m, mean)

    try:
        return _lsuv(measure, m, tol, max_iter, shift)
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It turns gradients off and leaves them off."""
    hook, measure = _measurer(model, m, xb)
    torch.set_grad_enabled(False)
    try:
        return _lsuv(measure, m, tol, max_iter)
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It freezes the parameters, which can't be trained afterwards."""
    for p in model.parameters():
        p.requires_grad_(False)
    return _whole(model, m, xb, tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It never removes the hook."""
    hook, measure = _measurer(model, m, xb)
    with torch.no_grad():
        return _lsuv(measure, m, tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It removes the hook only at the end, so after an error the hook is left behind."""
    hook, measure = _measurer(model, m, xb)
    with torch.no_grad():
        result = _lsuv(measure, m, tol, max_iter)
    hook.remove()
    return result


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It removes all of the layer's hooks, even those that it didn't add."""
    result = _whole(model, m, xb, tol, max_iter)
    m._forward_hooks.clear()
    return result


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It leaves the model in evaluation mode."""
    model.eval()
    return _whole(model, m, xb, tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It puts the whole model in training mode at the end."""
    result = _whole(model, m, xb, tol, max_iter)
    model.train()
    return result


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It raises no error for a dead layer."""
    return _whole(model, m, xb, tol, max_iter, checked=lambda model, m, stats: stats)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It doesn't name the dead layer."""

    def checked(model, m, stats):
        if not all(map(math.isfinite, stats)) or not stats[1]:
            raise ValueError(f"dead: {stats}")
        return stats

    return _whole(model, m, xb, tol, max_iter, checked=checked)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It raises for a std of 0, but not for a mean or a std that isn't finite."""

    def checked(model, m, stats):
        if stats[1] == 0:
            raise ValueError(f"{_name(model, m)} is dead")
        return stats

    return _whole(model, m, xb, tol, max_iter, checked=checked)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It raises for values that aren't finite, but not for a std of 0."""

    def checked(model, m, stats):
        if not all(map(math.isfinite, stats)):
            raise ValueError(f"{_name(model, m)} is dead")
        return stats[0], max(stats[1], 1e-8)

    return _whole(model, m, xb, tol, max_iter, checked=checked)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It raises no error for a dead layer."""
    try:
        return _whole(model, m, xb, tol, max_iter)
    except ValueError:
        return 0.0, 0.0


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It scales the weights of every layer, not only of this one."""

    def scale(m, std):
        for o in model.modules():
            if isinstance(o, ConvLayer):
                _scale(o, std ** (1 / 3))

    return _whole(model, m, xb, tol, max_iter, scale=scale)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It normalises the batch first, in place."""
    for x in _batches(xb):
        x.div_(x.std())
    return _whole(model, m, xb, tol, max_iter)


def _failing(kind, text):
    def checked(model, m, stats):
        if not all(map(math.isfinite, stats)) or not stats[1]:
            raise kind(text(model, m))
        return stats

    return checked


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It raises RuntimeError for a dead layer, not ValueError."""
    checked = _failing(RuntimeError, lambda model, m: f"{_name(model, m)} is dead")
    return _whole(model, m, xb, tol, max_iter, checked=checked)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It raises ZeroDivisionError or OverflowError for a dead layer, not ValueError."""
    checked = _failing(ArithmeticError, lambda model, m: f"{_name(model, m)} is dead")
    return _whole(model, m, xb, tol, max_iter, checked=checked)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It reports a dead layer by its class instead of by its name in the model."""
    checked = _failing(ValueError, lambda model, m: f"{type(m).__name__} is dead")
    return _whole(model, m, xb, tol, max_iter, checked=checked)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It names a dead layer without the block around it."""
    checked = _failing(ValueError, lambda model, m: f"{_name(model, m).split('.')[-1]} is dead")
    return _whole(model, m, xb, tol, max_iter, checked=checked)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It returns tensors instead of floats."""
    mean, std = _whole(model, m, xb, tol, max_iter)
    return torch.tensor(mean), torch.tensor(std)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It returns a list instead of a tuple."""
    return list(_whole(model, m, xb, tol, max_iter))


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It allows twice as many changes as `max_iter`."""
    return _whole(model, m, xb, tol, 2 * max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It always makes `max_iter` changes, even if the layer is right long before that."""
    return _whole(model, m, xb, -1.0, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It shifts once more after the scaling, so the mean is 0 but the bias is different."""
    hook, measure = _measurer(model, m, xb)
    try:
        with torch.no_grad():
            mean, _ = _lsuv(measure, m, tol, max_iter)
            _shift(m, mean)
            return measure()
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It scales the convolution's bias along with its weight."""

    def scale(m, std):
        _scale(m, std)
        for p in m.parameters():
            if p.ndim == 1:
                p.data /= 2 * std

    return _whole(model, m, xb, tol, max_iter, scale=scale)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It scales each output channel separately instead of the whole output."""
    conv = next((o for o in m.modules() if isinstance(o, nn.Conv2d)), m)
    with torch.no_grad():
        conv.weight.data /= conv.weight.std((1, 2, 3), keepdim=True)
    return _whole(model, m, xb, tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It measures in evaluation mode and puts the model in training mode at the end."""
    model.eval()
    try:
        return _whole(model, m, xb, tol, max_iter)
    finally:
        model.train()


class _Named(nn.Module):
    """A model of one layer."""

    def __init__(self, m):
        super().__init__()
        self.body = nn.ModuleDict({"third": m})

    def forward(self, x):
        return self.body["third"](x)


def _found(model, cond):
    return [m for m in model.modules() if cond(m)]


def _is_layer(m):
    return isinstance(m, ConvLayer)


def lsuv(model, xb, cond=_is_layer):
    """It visits the layers in the order that they're defined in, not used in."""
    return [lsuv_module(model, m, xb) for m in find_modules(model, cond)]


def lsuv(model, xb, cond=_is_layer):
    """It starts with the last layer, whose input then changes again."""
    return [lsuv_module(model, m, xb) for m in reversed(_found(model, cond))]


def lsuv(model, xb, cond=_is_layer):
    """It stops after the first layer."""
    return [lsuv_module(model, m, xb) for m in _found(model, cond)[:1]]


def lsuv(model, xb, cond=_is_layer):
    """It leaves the last layer out."""
    return [lsuv_module(model, m, xb) for m in _found(model, cond)[:-1]]


def lsuv(model, xb, cond=_is_layer):
    """It changes only the model's direct children."""
    return [lsuv_module(model, m, xb) for m in model.children() if cond(m)]


def lsuv(model, xb, cond=_is_layer):
    """It measures all layers first, although each change then alters the next layer's input."""
    found = _found(model, cond)
    stats = {m: [] for m in found}
    hooks = [m.register_forward_hook(lambda m, i, o: stats[m].append(_moments(o))) for m in found]
    try:
        with torch.no_grad():
            for x in _batches(xb):
                model(x)
            for m in found:
                _checked(model, m, _averaged(stats[m]))
                _shift(m, _averaged(stats[m])[0])
                _scale(m, _averaged(stats[m])[1])
    finally:
        for hook in hooks:
            hook.remove()
    return [_averaged(stats[m]) for m in found]


def lsuv(model, xb, cond=_is_layer):
    """It ignores `cond`."""
    return _in_order(model, xb, _is_layer)


def _in_order(model, xb, cond, each=lambda model, m, xb: lsuv_module(model, m, xb)):
    order = []
    hooks = [m.register_forward_hook(lambda m, i, o: order.append(m)) for m in _found(model, cond)]
    try:
        with torch.no_grad():
            model(_batches(xb)[0])
    finally:
        for hook in hooks:
            hook.remove()
    return [each(model, m, xb) for m in order]


def lsuv(model, xb, cond=_is_layer):
    """It measures with only the first batch of a list."""
    return _in_order(model, _batches(xb)[0], cond)


def lsuv(model, xb, cond=_is_layer):
    """It leaves its hooks in the model."""
    order = []
    for m in _found(model, cond):
        m.register_forward_hook(lambda m, i, o: order.append(m))
    with torch.no_grad():
        model(_batches(xb)[0])
    return [lsuv_module(model, m, xb) for m in list(order)]


def lsuv(model, xb, cond=_is_layer):
    """It runs the model with gradients to find the order."""
    order = []
    hooks = [m.register_forward_hook(lambda m, i, o: order.append(m)) for m in _found(model, cond)]
    model(_batches(xb)[0])
    for hook in hooks:
        hook.remove()
    return [lsuv_module(model, m, xb) for m in order]


def lsuv(model, xb, cond=_is_layer):
    """It puts the model in training mode."""
    model.train()
    return _in_order(model, xb, cond)


def lsuv(model, xb, cond=_is_layer):
    """It skips a dead layer and raises nothing."""

    def each(model, m, xb):
        try:
            return lsuv_module(model, m, xb)
        except ValueError:
            return None

    return _in_order(model, xb, cond, each)


def lsuv(model, xb, cond=_is_layer):
    """It runs each layer alone, as if nothing came before it."""
    return _in_order(model, xb, cond, lambda model, m, xb: lsuv_module(_Named(m), m, xb))


def lsuv(model, xb, cond=_is_layer):
    """It measures each layer on noise instead of its input in the model."""
    order = []
    hooks = [
        m.register_forward_hook(lambda m, i, o: order.append((m, torch.randn_like(i[0]))))
        for m in _found(model, cond)
    ]
    with torch.no_grad():
        model(_batches(xb)[0])
    for hook in hooks:
        hook.remove()
    found = []
    for m, noise in order:
        found.append(lsuv_module(_Named(m), m, noise))
    return found


def lsuv(model, xb, cond=_is_layer):
    """It returns None."""
    _in_order(model, xb, cond)


def lsuv(model, xb, cond=_is_layer):
    """It returns a dictionary by name instead of a list."""
    names = {m: name for name, m in model.named_modules()}
    found = _in_order(model, xb, cond, lambda model, m, xb: (names[m], lsuv_module(model, m, xb)))
    return dict(found)


def lsuv(model, xb, cond=_is_layer):
    """It returns the results in the order that the layers are defined in."""
    found = _in_order(model, xb, cond, lambda model, m, xb: (m, lsuv_module(model, m, xb)))
    results = dict(found)
    return [results[m] for m in model.modules() if m in results]


def lsuv(model, xb, cond=_is_layer):
    """It returns the first measurements of the layers, not the last."""
    first = []

    def each(model, m, xb):
        first.append(lsuv_module(model, m, xb, tol=1e9))
        lsuv_module(model, m, xb)

    _in_order(model, xb, cond, each)
    return first


def lsuv(model, xb, cond=_is_layer):
    """It puts the model in evaluation mode and leaves it there."""
    model.eval()
    return _in_order(model, xb, cond)


def lsuv(model, xb, cond=_is_layer):
    """It fails for a list of batches when it looks for the order."""
    order = []
    hooks = [m.register_forward_hook(lambda m, i, o: order.append(m)) for m in _found(model, cond)]
    try:
        with torch.no_grad():
            model(xb)
    finally:
        for hook in hooks:
            hook.remove()
    return [lsuv_module(model, m, xb) for m in order]


def lsuv(model, xb, cond=_is_layer):
    """It scales every layer that has a weight, `cond` or not."""
    return _in_order(model, xb, lambda m: cond(m) or isinstance(m, ConvLayer))


def lsuv(model, xb, cond=_is_layer):
    """It goes over the layers twice, and returns two results for each."""
    return _in_order(model, xb, cond) + _in_order(model, xb, cond)


def lsuv(model, xb, cond=_is_layer):
    """It leaves its hooks in the model when the model raises an error."""
    order = []
    note = lambda m, *_: order.append(m)  # noqa: E731
    hooks = [m.register_forward_hook(note) for m in _found(model, cond)]
    with torch.no_grad():
        model(_batches(xb)[0])
    for hook in hooks:
        hook.remove()
    return [lsuv_module(model, m, xb) for m in dict.fromkeys(order)]


class ConvLayer(_Layer):
    """It keeps the first bias that it read, so it doesn't show one that is set later."""

    def get_bias(self):
        if "kept" not in vars(self):
            vars(self)["kept"] = torch.as_tensor(-self.relu.sub)
        return self.kept


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It calls a layer dead if its std is below `tol`, so small weights raise an error."""

    def checked(model, m, stats):
        if stats[1] < 1e-3:
            raise ValueError(f"{_name(model, m)} is dead: std {stats[1]}")
        return _checked(model, m, stats)

    return _whole(model, m, xb, tol, max_iter, checked=checked)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It scales `m.conv.weight`, which layers of other kinds don't have."""

    def scale(m, std):
        m.conv.weight.data /= std

    return _whole(model, m, xb, tol, max_iter, scale=scale)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It shifts `m.relu.sub`, which layers of other kinds don't have."""

    def shift(m, mean):
        m.relu.sub = m.relu.sub + mean

    return _whole(model, m, xb, tol, max_iter, shift=shift)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It shifts by the first mean each time, so with a limit the mean doesn't come near 0."""
    first = []

    def shift(m, mean):
        first.append(mean)
        m.bias = m.bias - first[0]

    return _whole(model, m, xb, tol, max_iter, shift=shift)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It shifts once, which isn't enough for an activation with a limit."""
    done = []

    def shift(m, mean):
        if not done:
            m.bias = m.bias - mean
        done.append(True)

    return _whole(model, m, xb, tol, max_iter, shift=shift)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It clears the gradients of the whole model afterwards, those of all other layers too."""
    found = _whole(model, m, xb, tol, max_iter)
    model.zero_grad()
    return found


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """It takes the batches out of the list that is passed, which is shorter then."""
    found = _whole(model, m, list(_batches(xb)), tol, max_iter)
    if isinstance(xb, list):
        xb.pop()
    return found


def lsuv(model, xb, cond=_is_layer):
    """It takes the batch that shows the order out of the list that is passed."""
    several = isinstance(xb, list) and len(xb) > 1
    order = []
    _in_order(model, xb.pop(0) if several else xb, cond, lambda model, m, xb: order.append(m))
    return [lsuv_module(model, m, xb) for m in order]


def lsuv(model, xb, cond=_is_layer):
    """It finds a layer only where it stands in an nn.Sequential, not in a module of one's own."""
    inside = [m for o in model.modules() if isinstance(o, nn.Sequential) for m in o]
    return _in_order(model, xb, lambda m: any(m is o for o in inside) and cond(m))
