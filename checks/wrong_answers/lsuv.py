"""Wrong answers to the exercises of `lsuv`."""

import math

import torch
from torch import nn

from .containers import listify
from .convnet import GeneralRelu
from .hooks import find_modules


class _Layer(nn.Module):
    """A right one, from which the wrong ones below differ in one place."""

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
    """Shows the shift as the bias, without the minus sign, and sets it so as well."""

    def get_bias(self):
        return self.relu.sub

    def set_bias(self, value):
        self.relu.sub = value


class ConvLayer(_Layer):
    """Sets the shift to the bias, without the minus sign."""

    def set_bias(self, value):
        self.relu.sub = value


class ConvLayer(_Layer):
    """Shows the convolution's bias, which comes before the activation."""

    def get_bias(self):
        return self.conv.bias

    def set_bias(self, value):
        self.conv.bias.data.copy_(value)


class ConvLayer(_Layer):
    """Has no setter for the bias, which is computed anew at every look: the change is lost."""

    bias = property(lambda self: -self.relu.sub)


class ConvLayer(_Layer):
    """Has no setter for the weight: the lecture's own."""

    weight = property(lambda self: self.conv.weight)


class ConvLayer(_Layer):
    """Gives a copy of the weight, so scaling it in place changes nothing."""

    def get_weight(self):
        return self.conv.weight.detach().clone()


class ConvLayer(_Layer):
    """Puts a plain tensor where the convolution has its parameter."""

    def set_weight(self, value):
        del self.conv.weight
        self.conv.weight = value


class ConvLayer(_Layer):
    """Keeps the weight that is set beside the convolution, which goes on with its own."""

    def get_weight(self):
        return getattr(self, "kept", self.conv.weight)

    def set_weight(self, value):
        self.kept = value


class ConvLayer(_Layer):
    """Keeps the bias in an attribute of its own, from which the activation hears nothing."""

    def get_bias(self):
        return getattr(self, "kept", -self.relu.sub)

    def set_bias(self, value):
        self.kept = value


class ConvLayer(_Layer):
    """Does not pass `sub` on to the activation."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, 0.0, **kwargs)


class ConvLayer(_Layer):
    """Drops the other arguments of the activation."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, sub)


class ConvLayer(_Layer):
    """Has a leak of its own where none is asked for."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, sub, **{"leak": 0.1, **kwargs})


class ConvLayer(_Layer):
    """Has a stride of 1 by default."""

    def __init__(self, ni, nf, ks=3, stride=1, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, sub, **kwargs)


class ConvLayer(_Layer):
    """Ignores the stride that is asked for."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, 2, sub, **kwargs)


class ConvLayer(_Layer):
    """Does not pad."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, sub, **kwargs)
        self.conv.padding = (0, 0)


class ConvLayer(_Layer):
    """Pads by 1 whatever the kernel's size."""

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, sub, **kwargs)
        self.conv.padding = (1, 1)


class ConvLayer(_Layer):
    """Applies the activation before the convolution."""

    def forward(self, x):
        return self.conv(self.relu(x))


class ConvLayer(_Layer):
    """Adds the shift to the sum before the activation instead of after it."""

    def forward(self, x):
        sub = self.relu.sub
        self.relu.sub = 0.0
        try:
            return self.relu(self.conv(x) - sub)
        finally:
            self.relu.sub = sub


class ConvLayer(_Layer):
    """Shares one activation among all layers, so their shifts are one as well."""

    shared = {}

    def __init__(self, ni, nf, ks=3, stride=2, sub=0.0, **kwargs):
        super().__init__(ni, nf, ks, stride, sub, **kwargs)
        self.relu = self.shared.setdefault((sub, *kwargs.items()), self.relu)


class ConvLayer(_Layer):
    """Rectifies a copy of the picture but shifts the caller's own."""

    def forward(self, x):
        y = super().forward(x)
        with torch.no_grad():
            x -= float(self.relu.sub)
        return y


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
    """Has no end where `tol` is out of reach: the lecture's own loop."""
    return _whole(model, m, xb, tol, 10**9)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Ignores `max_iter`."""
    return _whole(model, m, xb, tol, 20)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Ignores `tol`."""
    return _whole(model, m, xb, 1e-3, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Scales once, which is not enough where the convolution has a bias."""
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
    """Scales first and shifts afterwards."""
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
    """Scales and leaves the mean where it is."""
    return _whole(model, m, xb, tol, max_iter, shift=lambda m, mean: None)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Shifts and leaves the std as it is."""
    return _whole(model, m, xb, tol, max_iter, scale=lambda m, std: None)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Adds the mean to the bias, so it moves away from 0."""
    return _whole(model, m, xb, tol, max_iter, shift=lambda m, mean: _shift(m, -mean))


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Multiplies by the std, so it moves away from 1."""
    return _whole(model, m, xb, tol, max_iter, scale=lambda m, std: _scale(m, 1 / std))


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Divides the weight by the variance."""
    return _whole(model, m, xb, tol, max_iter, scale=lambda m, std: _scale(m, std**2))


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Draws new weights of the wanted size instead of scaling those that are there."""

    def scale(m, std):
        m.weight.data.copy_(torch.randn_like(m.weight) * m.weight.std() / std)

    return _whole(model, m, xb, tol, max_iter, scale=scale)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Lowers the bias of the convolution, which the activation partly swallows."""

    def shift(m, mean):
        own = [p for p in m.parameters() if p.ndim == 1]
        own[0].data -= mean

    return _whole(model, m, xb, tol, max_iter, shift=shift)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Measures the convolution, before the activation."""
    conv = next((o for o in m.modules() if isinstance(o, nn.Conv2d)), m)
    hook, measure = _measurer(model, conv, xb)
    try:
        with torch.no_grad():
            return _lsuv(measure, m, tol, max_iter)
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Measures what the model gives, not what the layer gives."""
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
    """Runs the layer alone on the batch, which was meant for the model's first layer."""

    def measure():
        return _checked(model, m, _averaged([_moments(m(x)) for x in _batches(xb)]))

    with torch.no_grad():
        return _lsuv(measure, m, tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Takes a batch for a list of pictures, and averages their stds."""
    return _whole(model, m, listify(xb), tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Looks at the first batch of a list alone."""
    return _whole(model, m, _batches(xb)[:1], tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Looks at the last batch of a list alone."""
    return _whole(model, m, xb, tol, max_iter, averaged=lambda found: found[-1])


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Adds mean and std of the batches up and does not divide by their number."""
    sums = dict(averaged=lambda found: tuple(map(sum, zip(*found, strict=True))))
    return _whole(model, m, xb, tol, max_iter, **sums)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Takes the batches of a list for one large batch, whose std is another."""
    return _whole(model, m, torch.cat(_batches(xb)), tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Averages over all measurements so far, those of before the last change too."""
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
    """Returns what was measured at first."""
    hook, measure = _measurer(model, m, xb)
    try:
        with torch.no_grad():
            first = measure()
            _lsuv(measure, m, tol, max_iter)
            return first
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Returns the mean of before the scaling."""
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
    """Returns the std first and the mean second."""
    return _whole(model, m, xb, tol, max_iter)[::-1]


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Returns nothing."""
    _whole(model, m, xb, tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Runs the model with gradients."""
    hook, measure = _measurer(model, m, xb)

    def shift(m, mean):
        with torch.no_grad():
            _shift(m, mean)

    try:
        return _lsuv(measure, m, tol, max_iter, shift)
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Turns gradients off and leaves them off."""
    hook, measure = _measurer(model, m, xb)
    torch.set_grad_enabled(False)
    try:
        return _lsuv(measure, m, tol, max_iter)
    finally:
        hook.remove()


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Freezes the parameters, which cannot be trained afterwards."""
    for p in model.parameters():
        p.requires_grad_(False)
    return _whole(model, m, xb, tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Never removes the hook."""
    hook, measure = _measurer(model, m, xb)
    with torch.no_grad():
        return _lsuv(measure, m, tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Removes the hook at the end alone, so an error leaves it in the model."""
    hook, measure = _measurer(model, m, xb)
    with torch.no_grad():
        result = _lsuv(measure, m, tol, max_iter)
    hook.remove()
    return result


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Removes all hooks of the layer, those of others too."""
    result = _whole(model, m, xb, tol, max_iter)
    m._forward_hooks.clear()
    return result


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Leaves the model in evaluation."""
    model.eval()
    return _whole(model, m, xb, tol, max_iter)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Puts the whole model in training afterwards, whatever mode its parts were in."""
    result = _whole(model, m, xb, tol, max_iter)
    model.train()
    return result


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Does not say that a layer is dead: it divides by 0, or leaves the layer as it is."""
    return _whole(model, m, xb, tol, max_iter, checked=lambda model, m, stats: stats)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Says that some layer is dead, but not which."""

    def checked(model, m, stats):
        if not all(map(math.isfinite, stats)) or not stats[1]:
            raise ValueError(f"dead: {stats}")
        return stats

    return _whole(model, m, xb, tol, max_iter, checked=checked)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Sees a std of 0, but not a mean or a std that is not finite."""

    def checked(model, m, stats):
        if stats[1] == 0:
            raise ValueError(f"{_name(model, m)} is dead")
        return stats

    return _whole(model, m, xb, tol, max_iter, checked=checked)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Sees what is not finite, but not a std of 0."""

    def checked(model, m, stats):
        if not all(map(math.isfinite, stats)):
            raise ValueError(f"{_name(model, m)} is dead")
        return stats[0], max(stats[1], 1e-8)

    return _whole(model, m, xb, tol, max_iter, checked=checked)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Does not say that a layer is dead: it divides by 0, or leaves the layer as it is."""
    try:
        return _whole(model, m, xb, tol, max_iter)
    except ValueError:
        return 0.0, 0.0


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Scales the weights of every layer, not only of this one."""

    def scale(m, std):
        for o in model.modules():
            if isinstance(o, ConvLayer):
                _scale(o, std ** (1 / 3))

    return _whole(model, m, xb, tol, max_iter, scale=scale)


def lsuv_module(model, m, xb, tol=1e-3, max_iter=20):
    """Normalises the batch first, in place."""
    for x in _batches(xb):
        x.div_(x.std())
    return _whole(model, m, xb, tol, max_iter)


def _found(model, cond):
    return [m for m in model.modules() if cond(m)]


def _is_layer(m):
    return isinstance(m, ConvLayer)


def lsuv(model, xb, cond=_is_layer):
    """Goes through the layers as they are defined, not as they are used."""
    return [lsuv_module(model, m, xb) for m in find_modules(model, cond)]


def lsuv(model, xb, cond=_is_layer):
    """Begins with the last layer, whose input changes again when those before it do."""
    return [lsuv_module(model, m, xb) for m in reversed(_found(model, cond))]


def lsuv(model, xb, cond=_is_layer):
    """Stops after the first layer."""
    return [lsuv_module(model, m, xb) for m in _found(model, cond)[:1]]


def lsuv(model, xb, cond=_is_layer):
    """Leaves the last layer out."""
    return [lsuv_module(model, m, xb) for m in _found(model, cond)[:-1]]


def lsuv(model, xb, cond=_is_layer):
    """Sees the model's direct children alone."""
    return [lsuv_module(model, m, xb) for m in model.children() if cond(m)]


def lsuv(model, xb, cond=_is_layer):
    """Measures all layers first and changes them afterwards, each for an input that is no more."""
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


def lsuv(model, xb, cond=_is_layer):
    """Ignores the condition."""
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
    """Takes the first batch of a list alone."""
    return _in_order(model, _batches(xb)[0], cond)


def lsuv(model, xb, cond=_is_layer):
    """Leaves its hooks in the model."""
    order = []
    for m in _found(model, cond):
        m.register_forward_hook(lambda m, i, o: order.append(m))
    with torch.no_grad():
        model(_batches(xb)[0])
    return [lsuv_module(model, m, xb) for m in list(order)]


def lsuv(model, xb, cond=_is_layer):
    """Runs the model with gradients to find the order."""
    order = []
    hooks = [m.register_forward_hook(lambda m, i, o: order.append(m)) for m in _found(model, cond)]
    model(_batches(xb)[0])
    for hook in hooks:
        hook.remove()
    return [lsuv_module(model, m, xb) for m in order]


def lsuv(model, xb, cond=_is_layer):
    """Puts the model in training first, and leaves it there."""
    model.train()
    return _in_order(model, xb, cond)


def lsuv(model, xb, cond=_is_layer):
    """Skips a layer that is dead, without a word."""

    def each(model, m, xb):
        try:
            return lsuv_module(model, m, xb)
        except ValueError:
            return None

    return _in_order(model, xb, cond, each)


def lsuv(model, xb, cond=_is_layer):
    """Repeats the whole until every std is 1 exactly, which dropout never lets it be."""
    while any(abs(std - 1) > 1e-6 for _, std in _in_order(model, xb, cond)):
        continue


def lsuv(model, xb, cond=_is_layer):
    """Does each layer on its own input alone, as if nothing came before it."""
    return _in_order(model, xb, cond, lambda model, m, xb: lsuv_module(m, m, xb))


def lsuv(model, xb, cond=_is_layer):
    """Feeds each layer with noise instead of what it gets in the model."""
    order = []
    hooks = [
        m.register_forward_hook(lambda m, i, o: order.append((m, torch.randn_like(i[0]))))
        for m in _found(model, cond)
    ]
    with torch.no_grad():
        model(_batches(xb)[0])
    for hook in hooks:
        hook.remove()
    for m, noise in order:
        names = nn.Module()
        names.third = m
        lsuv_module(m, m, noise)
