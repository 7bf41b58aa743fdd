"""Wrong answers to the exercises of `xresnet`."""

from functools import cache

import torch
from torch import nn
from torch.nn import functional as F


class _Block(nn.Module):
    """A right one, from which the wrong ones below differ in one place."""

    ceil, norm_first = True, False

    def __init__(self, ni, nf, stride=1, expansion=1):
        super().__init__()
        self.ni, self.nf, self.stride, self.expansion = ni, nf, stride, expansion
        self.main = nn.Sequential(*self.convs(ni, self.inner(nf), nf))
        self.start(self.main[-1])
        self.short = nn.Sequential(*self.pool(), *self.widen())

    def inner(self, nf):
        return nf // self.expansion

    def start(self, last):
        nn.init.zeros_(last.weight)

    def one(self, ni, nf, ks, stride=1, act=True):
        conv = nn.Conv2d(ni, nf, ks, stride, ks // 2, bias=False)
        return [conv, nn.BatchNorm2d(nf), *([nn.ReLU()] if act else [])]

    def convs(self, ni, inner, nf):
        if self.expansion == 1:
            return self.one(ni, inner, 3, self.stride) + self.one(inner, nf, 3, act=False)
        first, middle = self.one(ni, inner, 1), self.one(inner, inner, 3, self.stride)
        return first + middle + self.one(inner, nf, 1, act=False)

    def pool(self):
        return [nn.AvgPool2d(2, ceil_mode=self.ceil)] if self.stride == 2 else []

    def widen(self):
        return self.one(self.ni, self.nf, 1, act=False) if self.ni != self.nf else []

    def forward(self, x):
        return F.relu(self.main(x) + self.short(x))


class ResBlock(_Block):
    """Starts the last norm's weight at 1."""

    def start(self, last):
        return


class ResBlock(_Block):
    """Starts the last norm's bias at 0, which it is anyway, and its weight at 1."""

    def start(self, last):
        nn.init.zeros_(last.bias)


class ResBlock(_Block):
    """Starts the last convolution at 0 instead of the norm after it."""

    def start(self, last):
        nn.init.zeros_(self.main[-2].weight)


class ResBlock(_Block):
    """Starts the last convolution at 0 as well as the norm after it, so neither ever learns."""

    def start(self, last):
        nn.init.zeros_(last.weight)
        nn.init.zeros_(self.main[-2].weight)


class ResBlock(_Block):
    """Starts the weight of every norm at 0, so no signal passes and nothing learns."""

    def start(self, last):
        for m in self.main:
            if isinstance(m, nn.BatchNorm2d):
                nn.init.zeros_(m.weight)


class ResBlock(_Block):
    """Starts the shortcut's norm at 0 as well, so a fresh block that widens returns 0."""

    def widen(self):
        found = super().widen()
        for norm in found[1:]:
            nn.init.zeros_(norm.weight)
        return found


class ResBlock(_Block):
    """Starts the first norm at 0 and the last at 1."""

    def start(self, last):
        nn.init.zeros_(self.main[1].weight)


class ResBlock(_Block):
    """Freezes the last norm's weight at 0, so the block never learns."""

    def start(self, last):
        super().start(last)
        last.weight.requires_grad_(False)


class ResBlock(_Block):
    """Freezes the first convolution."""

    def start(self, last):
        super().start(last)
        self.main[0].weight.requires_grad_(False)


class ResBlock(_Block):
    """Has a ReLU after the last convolution too, before the sum."""

    def forward(self, x):
        return F.relu(F.relu(self.main(x)) + self.short(x))


class ResBlock(_Block):
    """Has no ReLU after the sum."""

    def forward(self, x):
        return self.main(x) + self.short(x)


class ResBlock(_Block):
    """Forgets the shortcut."""

    def forward(self, x):
        return F.relu(self.main(x))


class ResBlock(_Block):
    """Concatenates instead of adding, as a dense block does, and keeps the first half."""

    def forward(self, x):
        return F.relu(torch.cat([self.main(x), self.short(x)], 1))[:, : self.nf]


class ResBlock(_Block):
    """Averages the two paths instead of adding them."""

    def forward(self, x):
        return F.relu((self.main(x) + self.short(x)) / 2)


class ResBlock(_Block):
    """Has a ReLU in the shortcut."""

    def widen(self):
        return [*super().widen(), nn.ReLU()]


class ResBlock(_Block):
    """Leaves the norm out of the shortcut."""

    def widen(self):
        return super().widen()[:1]


class ResBlock(_Block):
    """Has a bias in the shortcut's convolution."""

    def widen(self):
        found = super().widen()
        if found:
            found[0] = nn.Conv2d(self.ni, self.nf, 1)
        return found


class ResBlock(_Block):
    """Has biases in its convolutions, although the norm subtracts them again."""

    def one(self, ni, nf, ks, stride=1, act=True):
        found = super().one(ni, nf, ks, stride, act)
        found[0] = nn.Conv2d(ni, nf, ks, stride, ks // 2)
        return found


class ResBlock(_Block):
    """Puts a 1x1 convolution in every shortcut, even when the widths agree."""

    def widen(self):
        return self.one(self.ni, self.nf, 1, act=False)


class ResBlock(_Block):
    """Puts the stride on the shortcut's 1x1 convolution, which skips three pixels of four."""

    def pool(self):
        return [] if self.ni != self.nf else super().pool()

    def widen(self):
        return self.one(self.ni, self.nf, 1, self.stride, False) if self.ni != self.nf else []


class ResBlock(_Block):
    """Skips pixels in the shortcut instead of averaging them."""

    def pool(self):
        return [nn.MaxPool2d(1, self.stride)] if self.stride == 2 else []


class ResBlock(_Block):
    """Takes the largest of 2x2 pixels in the shortcut instead of their mean."""

    def pool(self):
        return [nn.MaxPool2d(2, ceil_mode=True)] if self.stride == 2 else []


class ResBlock(_Block):
    """Rounds the shortcut's size down, so pictures with an odd size don't fit."""

    ceil = False


class ResBlock(_Block):
    """Pads the shortcut with zeros when the size is odd, and includes them in the average."""

    def pool(self):
        return [_ZeroPadded()] if self.stride == 2 else []


class _ZeroPadded(nn.Module):
    def forward(self, x):
        x = F.pad(x, (0, x.shape[3] % 2, 0, x.shape[2] % 2))
        return F.avg_pool2d(x, 2)


class ResBlock(_Block):
    """Averages 3x3 pixels in the shortcut."""

    def pool(self):
        return [nn.AvgPool2d(3, 2, 1)] if self.stride == 2 else []


class ResBlock(_Block):
    """Averages after the shortcut's norm instead of before its convolution."""

    def __init__(self, ni, nf, stride=1, expansion=1):
        super().__init__(ni, nf, stride, expansion)
        self.short = nn.Sequential(*self.widen(), *self.pool())


class ResBlock(_Block):
    """Puts the stride on the last 3x3 convolution."""

    def convs(self, ni, inner, nf):
        if self.expansion > 1:
            return super().convs(ni, inner, nf)
        return self.one(ni, inner, 3) + self.one(inner, nf, 3, self.stride, False)


class ResBlock(_Block):
    """Puts the stride on the first 1x1 convolution, as the first paper did."""

    def convs(self, ni, inner, nf):
        if self.expansion == 1:
            return super().convs(ni, inner, nf)
        first, middle = self.one(ni, inner, 1, self.stride), self.one(inner, inner, 3)
        return first + middle + self.one(inner, nf, 1, act=False)


class ResBlock(_Block):
    """Puts the stride on both 3x3 convolutions, and pools the shortcut by 4."""

    def convs(self, ni, inner, nf):
        if self.expansion > 1:
            return super().convs(ni, inner, nf)
        last = self.one(inner, nf, 3, self.stride, False)
        return self.one(ni, inner, 3, self.stride) + last

    def pool(self):
        found = super().pool()
        return found * 2 if self.expansion == 1 else found


class ResBlock(_Block):
    """Ignores the stride."""

    def __init__(self, ni, nf, stride=1, expansion=1):
        super().__init__(ni, nf, 1, expansion)


class ResBlock(_Block):
    """Has three 3x3 convolutions in the bottleneck."""

    def convs(self, ni, inner, nf):
        if self.expansion == 1:
            return super().convs(ni, inner, nf)
        first, middle = self.one(ni, inner, 3), self.one(inner, inner, 3, self.stride)
        return first + middle + self.one(inner, nf, 3, act=False)


class ResBlock(_Block):
    """Has a bottleneck for expansion 1 too."""

    def convs(self, ni, inner, nf):
        first, middle = self.one(ni, inner, 1), self.one(inner, inner, 3, self.stride)
        return first + middle + self.one(inner, nf, 1, act=False)


class ResBlock(_Block):
    """Multiplies nf by the expansion, because it uses `nf` as the inner width, as the lecture does."""

    def __init__(self, ni, nf, stride=1, expansion=1):
        super().__init__(ni * expansion, nf * expansion, stride, expansion)


class ResBlock(_Block):
    """Divides the inner width by 4, whatever the expansion is."""

    def inner(self, nf):
        return nf // 4


class ResBlock(_Block):
    """Divides the inner width by 4 in each bottleneck, whatever the expansion is."""

    def inner(self, nf):
        return nf if self.expansion == 1 else nf // 4


class ResBlock(_Block):
    """Halves the inner width, whatever the expansion is."""

    def inner(self, nf):
        return nf if self.expansion == 1 else nf // 2


class ResBlock(_Block):
    """Keeps the full width inside instead of dividing it by the expansion."""

    def inner(self, nf):
        return nf


class ResBlock(_Block):
    """Leaves the ReLU between its convolutions out."""

    def one(self, ni, nf, ks, stride=1, act=True):
        return super().one(ni, nf, ks, stride, False)


class ResBlock(_Block):
    """Has ReLU before batch norm, as `conv_layer` has."""

    def one(self, ni, nf, ks, stride=1, act=True):
        conv, norm, *relu = super().one(ni, nf, ks, stride, act)
        return [conv, *relu, norm]

    def start(self, last):
        super().start(self.main[-1])


class ResBlock(_Block):
    """Normalises before each convolution, as later papers do."""

    def one(self, ni, nf, ks, stride=1, act=True):
        conv, _, *relu = super().one(ni, nf, ks, stride, act)
        return [nn.BatchNorm2d(ni), *relu, conv]

    def start(self, last):
        nn.init.zeros_(last.weight)


class ResBlock(_Block):
    """Has a leaky ReLU inside."""

    def one(self, ni, nf, ks, stride=1, act=True):
        found = super().one(ni, nf, ks, stride, False)
        return found + [nn.LeakyReLU(0.1)] * act


class ResBlock(_Block):
    """Applies ReLU to the input in place, so the caller's batch changes."""

    def forward(self, x):
        found = super().forward(x)
        with torch.no_grad():
            x.relu_()
        return found


class ResBlock(_Block):
    """Adds to the input in place when the shortcut is x itself."""

    def forward(self, x):
        short = self.short(x)
        with torch.no_grad():
            short += self.main(x)
        return F.relu(short)


class ResBlock(_Block):
    """Uses one norm for all convolutions of the same width."""

    def convs(self, ni, inner, nf):
        found = super().convs(ni, inner, nf)
        found[-1] = next(m for m in found if getattr(m, "num_features", 0) == nf)
        return found

    def start(self, last):
        return


class ResBlock(_Block):
    """Keeps its convolutions in a list that torch doesn't see, so they never learn."""

    def __init__(self, ni, nf, stride=1, expansion=1):
        super().__init__(ni, nf, stride, expansion)
        hidden = [self.main]
        del self.main
        self.hidden = hidden
        self.main = lambda x: self.hidden[0](x)


class ResBlock(_Block):
    """Has 2 as the default stride."""

    def __init__(self, ni, nf, stride=2, expansion=1):
        super().__init__(ni, nf, stride, expansion)


class ResBlock(_Block):
    """Has 4 as the default expansion."""

    def __init__(self, ni, nf, stride=1, expansion=4):
        super().__init__(ni, nf, stride, expansion)


class ResBlock(_Block):
    """Doesn't pad the 3x3 convolutions, so the picture shrinks and the shortcut doesn't fit."""

    def one(self, ni, nf, ks, stride=1, act=True):
        found = super().one(ni, nf, ks, stride, act)
        found[0] = nn.Conv2d(ni, nf, ks, stride, bias=False)
        return found


class ResBlock(_Block):
    """Applies dropout of a tenth to the sum in training."""

    def forward(self, x):
        return F.dropout(super().forward(x), 0.1, self.training)


class _Plan:
    """A right one, from which the wrong ones below differ in one place."""

    widths, head_bias, max_pool = (64, 128, 256, 512), True, (3, 2, 1)
    stem_strides = (2, 1, 1)

    def one(self, ni, nf, stride):
        conv = nn.Conv2d(ni, nf, 3, stride, 1, bias=False)
        return [conv, nn.BatchNorm2d(nf), nn.ReLU()]

    def block(self, Block, ni, nf, stride, expansion):
        return Block(ni, nf, stride, expansion)

    def strides(self, group, i):
        return 2 if group and i == 0 else 1

    def count(self, layers, group):
        return layers[group]

    def pool(self):
        return [nn.MaxPool2d(*self.max_pool)]

    def head(self, ni, c_out):
        return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(ni, c_out, self.head_bias)]

    def stem(self, c_in, stem):
        widths = [c_in, *stem]
        found = []
        for i, stride in enumerate(self.stem_strides):
            found += self.one(widths[i], widths[i + 1], stride)
        return found

    def net(self, Block, layers, expansion, c_in, c_out, stem):
        found = self.stem(c_in, stem) + self.pool()
        ni = stem[-1]
        for group, width in enumerate(self.widths):
            nf = width * expansion
            for i in range(self.count(layers, group)):
                found.append(self.block(Block, ni, nf, self.strides(group, i), expansion))
                ni = nf
        return nn.Sequential(*found, *self.head(ni, c_out))


def _wrong(**changes):
    """A network by a plan with these places changed."""
    return type("Changed", (_Plan,), changes)().net


class ResBlock(_Block):
    """Rounds the inner width up where `expansion` doesn't divide `nf`."""

    def inner(self, nf):
        return -(-nf // self.expansion)


class ResBlock(_Block):
    """Adds in place where no gradient is recorded, so `x` changes if it is the shortcut."""

    def forward(self, x):
        if torch.is_grad_enabled():
            return super().forward(x)
        return self.short(x).add_(self.main(x)).relu_()


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Halves the pictures in the first group too."""
    build = _wrong(strides=lambda self, group, i: 2 if i == 0 else 1)
    return build(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Halves the pictures in the last block of a group instead of the first."""
    build = _wrong(strides=lambda self, group, i: 2 if group and i == layers[group] - 1 else 1)
    return build(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Halves the pictures in every block of groups 2 to 4."""
    build = _wrong(strides=lambda self, group, i: 2 if group else 1)
    return build(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Never halves the pictures after the stem."""
    build = _wrong(strides=lambda self, group, i: 1)
    return build(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Doesn't multiply the widths by the expansion."""
    build = _wrong(widths=tuple(width // expansion for width in (64, 128, 256, 512)))
    return build(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Makes all groups 64 channels wide."""
    return _wrong(widths=(64,) * 4)(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Starts the groups at the stem's width instead of 64."""
    widths = tuple(stem[-1] * 2**i for i in range(4))
    return _wrong(widths=widths)(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has one block too many in each group."""
    build = _wrong(count=lambda self, layers, group: layers[group] + 1)
    return build(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Uses the first group's number of blocks in every group."""
    build = _wrong(count=lambda self, layers, group: layers[0])
    return build(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Reads the groups' numbers of blocks from the last to the first."""
    return _wrong()(ResBlock, [*layers][::-1], expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Doesn't pass the expansion to the blocks."""
    build = _wrong(block=lambda self, Block, ni, nf, stride, expansion: Block(ni, nf, stride))
    return build(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Passes 4 for every expansion above 1."""
    build = _wrong(block=lambda self, Block, ni, nf, stride, e: Block(ni, nf, stride, 4 if e > 1 else 1))
    return build(ResBlock, layers, expansion, c_in, c_out, stem)


def _started(net, of_conv, of_norm):
    for m in net.modules():
        if isinstance(m, nn.Conv2d):
            of_conv(m.weight)
        elif isinstance(m, nn.BatchNorm2d):
            of_norm(m.weight)
    return net


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Resets all norms of the finished network to 1, even those that the blocks start at 0."""
    net = _wrong()(ResBlock, layers, expansion, c_in, c_out, stem)
    return _started(net, nn.init.kaiming_normal_, nn.init.ones_)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Starts all norms of the finished network at random weights, even those in the blocks."""
    net = _wrong()(ResBlock, layers, expansion, c_in, c_out, stem)
    return _started(net, lambda w: w, nn.init.uniform_)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Puts the same block object at every place of a group except the first."""
    kept = {}

    def block(self, Block, ni, nf, stride, expansion):
        key = ni, nf, stride
        kept[key] = kept.get(key) or Block(ni, nf, stride, expansion)
        return kept[key]

    return _wrong(block=block)(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has no max pool after the stem."""
    return _wrong(pool=lambda self: [])(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Pools by the mean after the stem."""
    build = _wrong(pool=lambda self: [nn.AvgPool2d(3, 2, 1)])
    return build(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Pools 2x2 pixels after the stem."""
    build = _wrong(pool=lambda self: [nn.MaxPool2d(2, ceil_mode=True)])
    return build(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Pools without padding after the stem, so odd sizes lose a pixel."""
    return _wrong(max_pool=(3, 2, 0))(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has the stem's stride on its last convolution."""
    return _wrong(stem_strides=(1, 1, 2))(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has no stride in the stem."""
    return _wrong(stem_strides=(1, 1, 1))(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has one 7x7 convolution as its stem, the plain residual network's."""
    first = [nn.Conv2d(c_in, stem[-1], 7, 2, 3, bias=False), nn.BatchNorm2d(stem[-1]), nn.ReLU()]
    build = _wrong(stem=lambda self, c_in, stem: first)
    return build(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Ignores the stem's widths."""
    return _wrong()(ResBlock, layers, expansion, c_in, c_out, (32, 32, 64))


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has no batch norm in the stem."""

    def one(self, ni, nf, stride):
        return [nn.Conv2d(ni, nf, 3, stride, 1, bias=False), nn.ReLU()]

    return _wrong(one=one)(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has no ReLU in the stem."""

    def one(self, ni, nf, stride):
        return [nn.Conv2d(ni, nf, 3, stride, 1, bias=False), nn.BatchNorm2d(nf)]

    return _wrong(one=one)(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has ReLU before batch norm in the stem."""

    def one(self, ni, nf, stride):
        return [nn.Conv2d(ni, nf, 3, stride, 1, bias=False), nn.ReLU(), nn.BatchNorm2d(nf)]

    return _wrong(one=one)(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has biases in the stem's convolutions."""

    def one(self, ni, nf, stride):
        return [nn.Conv2d(ni, nf, 3, stride, 1), nn.BatchNorm2d(nf), nn.ReLU()]

    return _wrong(one=one)(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has no bias in the linear layer."""
    return _wrong(head_bias=False)(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Takes the largest value of each channel at the end instead of the mean."""

    def head(self, ni, c_out):
        return [nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(ni, c_out)]

    return _wrong(head=head)(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Flattens without a pool, so only 32x32 pictures fit."""

    def head(self, ni, c_out):
        return [nn.Flatten(), nn.Linear(ni, c_out)]

    return _wrong(head=head)(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Ends in a softmax."""

    def head(self, ni, c_out):
        return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(ni, c_out), nn.Softmax(1)]

    return _wrong(head=head)(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has a ReLU after the linear layer, so no score is negative."""

    def head(self, ni, c_out):
        return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(ni, c_out), nn.ReLU()]

    return _wrong(head=head)(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Drops half of the features in training, which the stub doesn't ask for."""

    def head(self, ni, c_out):
        pool = [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        return [*pool, nn.Dropout(0.5), nn.Linear(ni, c_out)]

    return _wrong(head=head)(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has 10 classes, whatever c_out is."""
    return _wrong()(ResBlock, layers, expansion, c_in, 10, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=1000, stem=(32, 32, 64)):
    """Has 1000 classes by default, as for ImageNet."""
    return _wrong()(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(64, 64, 64)):
    """Has a stem of 64, 64 and 64 channels by default."""
    return _wrong()(ResBlock, layers, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Puts c_in in front of the caller's own list of widths."""
    widths = stem if isinstance(stem, list) else [*stem]
    widths.insert(0, c_in)
    return _wrong()(ResBlock, layers, expansion, c_in, c_out, tuple(widths[1:]))


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Empties the caller's own list of layers."""
    counts = [layers.pop(0) for _ in range(4)] if isinstance(layers, list) else layers
    return _wrong()(ResBlock, counts, expansion, c_in, c_out, stem)


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Pools the whole picture down to 2x2 before the last group."""
    found = _wrong()(ResBlock, layers, expansion, c_in, c_out, stem)
    return nn.Sequential(*found[:-4], nn.AdaptiveAvgPool2d(2), *found[-4:])


def xresnet(layers, expansion=1, c_in=3, c_out=10, stem=(32, 32, 64)):
    """Averages windows of 7x7 pixels, which cover the whole only for pictures of up to 224 pixels."""
    net = list(_wrong()(ResBlock, layers, expansion, c_in, c_out, stem))
    pool = next(i for i, m in enumerate(net) if isinstance(m, nn.AdaptiveAvgPool2d))
    net[pool] = nn.AvgPool2d(7, ceil_mode=True)
    return nn.Sequential(*net)


@cache
def _kept(*args):
    return xresnet(*args)


def xresnet18(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Ignores the stem."""
    return xresnet([2, 2, 2, 2], 1, c_in, c_out)


def xresnet18(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Swaps the numbers of channels and classes."""
    return xresnet([2, 2, 2, 2], 1, c_out, c_in, stem)


def xresnet18(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has the groups of xresnet34."""
    return xresnet([3, 4, 6, 3], 1, c_in, c_out, stem)


def xresnet18(c_in=3, c_out=1000, stem=(32, 32, 64)):
    """Has 1000 classes by default, as for ImageNet."""
    return xresnet([2, 2, 2, 2], 1, c_in, c_out, stem)


def xresnet18(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Keeps the network, so two calls share their weights."""
    return _kept((2, 2, 2, 2), 1, c_in, c_out, tuple(stem))


def xresnet34(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has 3, 6, 4 and 3 blocks in its groups."""
    return xresnet([3, 6, 4, 3], 1, c_in, c_out, stem)


def xresnet34(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has bottlenecks, as xresnet50 has."""
    return xresnet([3, 4, 6, 3], 4, c_in, c_out, stem)


def xresnet34(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Passes its arguments on in the wrong order, so c_in becomes the expansion."""
    return xresnet([3, 4, 6, 3], c_in, 3, c_out, stem)


def xresnet34(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Keeps the network, so two calls share their weights."""
    return _kept((3, 4, 6, 3), 1, c_in, c_out, tuple(stem))


def xresnet50(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has plain blocks, as xresnet34 has."""
    return xresnet([3, 4, 6, 3], 1, c_in, c_out, stem)


def xresnet50(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Has the groups of xresnet101."""
    return xresnet([3, 4, 23, 3], 4, c_in, c_out, stem)


def xresnet50(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Ignores the number of channels of a picture."""
    return xresnet([3, 4, 6, 3], 4, c_out=c_out, stem=stem)


def xresnet50(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Keeps the network, so two calls share their weights."""
    return _kept((3, 4, 6, 3), 4, c_in, c_out, tuple(stem))


@cache
def xresnet18(c_in=3, c_out=10, stem=(32, 32, 64)):
    """Keeps a network for each set of arguments, so two models share their weights."""
    return xresnet([2, 2, 2, 2], 1, c_in, c_out, stem)
