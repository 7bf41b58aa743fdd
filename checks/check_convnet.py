"""The laws of the convnet."""

import math
from itertools import pairwise

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from checks.laws import assert_close, assert_same, assert_that, law, number, unchanged
from katas.convnet import GeneralRelu, conv_layer, get_cnn_layers, init_cnn, prev_pow_2

few = settings(max_examples=20)
seeds = st.integers(0, 99)
shapes = st.sampled_from([(7,), (2, 3, 2, 4), (3, 5), ()])
slopes = st.none() | st.floats(0, 1).map(lambda x: round(x, 2))
shifts = st.none() | st.floats(-2, 2).map(lambda x: round(x, 2))
limits = st.none() | st.floats(-1, 2).map(lambda x: round(x, 2))


def randoms(seed, *shape):
    """Normal random numbers, the same each time."""
    return 2 * torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def rectified(x, leak=None, sub=None, maxv=None):
    """The definition: leak, then subtract, then clamp."""
    y = torch.where(x > 0, x, (leak or 0.0) * x) - (sub or 0.0)
    return y.clamp(max=math.inf if maxv is None else maxv)


@law("GeneralRelu")
@given(seeds, shapes, slopes, shifts, limits)
@example(0, (7,), 0.5, 1.0, 1.0)
@example(0, (7,), 0.1, 1.0, 0.0)
@example(0, (7,), 0.0, 0.0, 0.0)
def test_it_leaks_then_subtracts_then_clamps(seed, shape, leak, sub, maxv):
    """y = x where x > 0, else leak * x; then y - sub; then at most maxv."""
    x = randoms(seed, *shape)
    assert_close(GeneralRelu(leak, sub, maxv)(x.clone()), rectified(x, leak, sub, maxv))


@law("GeneralRelu")
@given(seeds, st.sampled_from(["leak", "sub", "maxv"]), st.floats(0.1, 1))
@example(0, "maxv", 0.0)
def test_each_argument_works_without_the_others(seed, name, value):
    """With one of leak, sub and maxv given, the other two do nothing."""
    x = randoms(seed, 3, 4)
    assert_close(GeneralRelu(**{name: value})(x.clone()), rectified(x, **{name: value}))


@law("GeneralRelu")
@given(seeds)
def test_without_arguments_it_is_a_relu(seed):
    """GeneralRelu()(x) = max(x, 0)."""
    x = randoms(seed, 2, 3, 4)
    assert_close(nn.Sequential(GeneralRelu())(x.clone()), x.clamp(min=0))


@law("GeneralRelu")
@given(seeds, slopes, shifts, limits)
@example(0, None, 0.5, None)
def test_its_gradients_are_those_of_the_formula(seed, leak, sub, maxv):
    """1 above 0, leak below, and 0 where the limit is reached."""
    x, upstream = randoms(seed, 4, 5).requires_grad_(), randoms(seed + 1, 4, 5)
    wanted = torch.autograd.grad(rectified(x, leak, sub, maxv), x, upstream)[0]
    mine = x.detach().clone().requires_grad_()
    GeneralRelu(leak, sub, maxv)(mine * 1).backward(upstream)
    assert_close(mine.grad, wanted)


@law("GeneralRelu")
@given(seeds, slopes, shifts, limits)
@example(0, 0.1, 0.5, 1.0)
def test_the_input_of_an_activation_stays_as_it_is(seed, leak, sub, maxv):
    """x is the same after the call, and what is done to the output does not reach it."""
    x = randoms(seed, 4, 5)
    with unchanged(x=x):
        GeneralRelu(leak, sub, maxv)(x).mul_(3)


@law("GeneralRelu")
@given(seeds, slopes, shifts, limits)
def test_a_second_call_gives_the_same(seed, leak, sub, maxv):
    """An activation remembers nothing of the batches before."""
    x, relu = randoms(seed, 4, 5), GeneralRelu(leak, sub, maxv)
    relu(randoms(seed + 1, 4, 5))
    assert_close(relu(x.clone()), rectified(x, leak, sub, maxv))


activations = st.fixed_dictionaries(
    {},
    optional={
        "leak": st.sampled_from([0.1, 0.5]),
        "sub": st.sampled_from([0.4, -0.5]),
        "maxv": st.just(1.5),
    },
)


def the_conv(layer):
    """The one convolution in a layer."""
    convs = [m for m in layer.modules() if isinstance(m, nn.Conv2d)]
    assert_that(len(convs) == 1, "there is not one convolution in the layer", layer)
    return convs[0]


def convolved(conv, x, ks, stride):
    """What the weights of a convolution make of x, with "same" padding."""
    return F.conv2d(x, conv.weight, conv.bias, stride=stride, padding=ks // 2).detach()


def normalised(x):
    """Each channel with the mean and the variance of the batch taken out."""
    var, mean = torch.var_mean(x, (0, 2, 3), correction=0, keepdim=True)
    return (x - mean) / (var + 1e-5).sqrt()


@law("conv_layer")
@given(seeds, st.sampled_from([1, 3, 5]), st.integers(1, 3), activations)
@example(0, 3, 2, {"leak": 0.1, "sub": 0.4, "maxv": 1.5})
def test_with_batch_norm_it_is_conv_activation_norm(seed, ks, stride, kwargs):
    """batch_norm(activation(conv(x))), in this order, with padding ks // 2."""
    x = randoms(seed, 4, 2, 7, 6)
    layer = conv_layer(2, 5, ks, stride, **kwargs)
    wanted = normalised(rectified(convolved(the_conv(layer), x, ks, stride), **kwargs))
    assert_close(layer(x), wanted, rtol=1e-3, atol=2e-3)


@law("conv_layer")
@given(seeds, st.sampled_from([1, 3, 5]), st.integers(1, 3), activations)
@example(0, 3, 2, {"leak": 0.1, "sub": 0.4, "maxv": 1.5})
def test_without_batch_norm_it_is_conv_and_activation(seed, ks, stride, kwargs):
    """activation(conv(x)) with bn=False; what else is named goes to the activation."""
    x = randoms(seed, 2, 2, 7, 6)
    layer = conv_layer(2, 5, ks=ks, stride=stride, bn=False, **kwargs)
    wanted = rectified(convolved(the_conv(layer), x, ks, stride), **kwargs)
    assert_close(layer(x), wanted, rtol=1e-4, atol=1e-5)


@law("conv_layer")
@given(seeds, st.booleans())
def test_before_any_training_evaluation_is_the_activation(seed, bn):
    """The running mean is 0 and the running variance 1, so in evaluation the norm does nothing."""
    x, layer = randoms(seed, 2, 2, 6, 6), conv_layer(2, 5, 3, 1, bn=bn).eval()
    assert_close(layer(x), rectified(convolved(the_conv(layer), x, 3, 1)), rtol=1e-3, atol=1e-4)


@law("conv_layer")
@given(st.integers(1, 4), st.integers(1, 4), st.booleans())
def test_the_convolution_has_a_bias_only_without_batch_norm(ni, nf, bn):
    """The norm's own bias does the same work."""
    has_bias = the_conv(conv_layer(ni, nf, bn=bn)).bias is not None
    assert_that(
        has_bias is not bn, f"bn={bn}, and the convolution's bias is there", has_bias, not bn
    )


@law("conv_layer")
@given(seeds, st.integers(1, 3), st.integers(1, 3))
def test_a_layer_is_3_by_3_of_stride_2_with_a_norm(seed, ni, nf):
    """conv_layer(ni, nf) has ks=3, stride=2 and bn=True."""
    x, layer = randoms(seed, 4, ni, 7, 6), conv_layer(ni, nf)
    wanted = normalised(rectified(convolved(the_conv(layer), x, 3, 2)))
    assert_close(layer(x), wanted, rtol=1e-3, atol=2e-3)


@law("prev_pow_2")
@given(st.integers(1, 4000) | st.integers(1, 2**90))
@example(27)
@example(1)
@example(2)
@example(3)
def test_the_largest_power_of_two_within_x(x):
    """p is a power of two with p <= x < 2 * p, an int."""
    wanted = int("1" + "0" * (len(f"{x:b}") - 1), 2)
    assert_same(prev_pow_2(x), wanted)


@law("prev_pow_2")
@given(st.integers(0, 200))
@example(3)
@example(29)
def test_a_power_of_two_is_its_own(k):
    """prev_pow_2(2**k) = 2**k."""
    assert_same(prev_pow_2(2**k), 2**k)


@law("prev_pow_2")
@given(st.integers(1, 200))
@example(60)
def test_one_below_a_power_of_two_is_the_power_before(k):
    """prev_pow_2(2**k - 1) = 2**(k - 1), where a logarithm would round up."""
    assert_same(prev_pow_2(2**k - 1), 2 ** (k - 1))


class Seen(nn.Module):
    """A layer that costs little: the mean over channels, times a number for each new one."""

    def __init__(self, ni, nf, ks, stride, kwargs):
        super().__init__()
        self.asked, self.stride = (ni, nf, ks, stride, kwargs), stride
        self.gains = randoms(nf, nf, 1, 1)

    def forward(self, x):
        return x.mean(1, keepdim=True)[..., :: self.stride, :: self.stride] * self.gains


def seen_layer(ni, nf, ks=3, stride=2, **kwargs):
    """A function that makes layers as `conv_layer` does."""
    return Seen(ni, nf, ks, stride, kwargs)


def seen(net):
    """The layers of a network that were made so, in its order."""
    return [m for m in nn.Sequential(*net).modules() if isinstance(m, Seen)]


def asked(c_in, nfs, **kwargs):
    """What was asked of each layer of a convnet: ni, nf, ks, stride, the rest."""
    return [m.asked for m in seen(get_cnn_layers(c_in, 3, list(nfs), seen_layer, **kwargs))]


channels = st.integers(1, 40)
widths = st.lists(st.integers(1, 9), max_size=4)


@law("get_cnn_layers")
@given(channels, widths)
@example(3, [64, 64, 128])
@example(1, [])
@example(7, [5])
def test_the_stem_doubles_twice_and_the_body_follows(c_in, nfs):
    """Widths c_in, p, 2p, 4p, then nfs; p is the largest power of two within c_in*3*3."""
    p = 2 ** int(math.log2(c_in * 9))
    wanted = list(pairwise([c_in, p, 2 * p, 4 * p, *nfs]))
    assert_same([(ni, nf) for ni, nf, *_ in asked(c_in, nfs)], wanted)


@law("get_cnn_layers")
@given(channels, widths)
@example(3, [64, 64, 128])
def test_kernels_are_3_by_3_and_the_first_alone_keeps_the_size(c_in, nfs):
    """ks is 3 everywhere; strides are 1, 2, 2, and 2 for each of nfs."""
    wanted = [(3, 1), (3, 2), (3, 2)] + [(3, 2)] * len(nfs)
    assert_same([(ks, stride) for _, _, ks, stride, _ in asked(c_in, nfs)], wanted)


@law("get_cnn_layers")
@given(channels, widths, st.dictionaries(st.sampled_from(["leak", "sub", "bn"]), st.floats(0, 1)))
@example(3, [64], {"leak": 0.1})
def test_every_layer_gets_the_keyword_arguments(c_in, nfs, kwargs):
    """layer(..., **kwargs) for the stem and for the body."""
    wanted = [kwargs] * (3 + len(nfs))
    assert_same([rest for *_, rest in asked(c_in, nfs, **kwargs)], wanted)


@law("get_cnn_layers")
@given(seeds, st.integers(1, 3), widths, st.integers(1, 5), st.integers(1, 20))
@example(0, 3, [], 10, 1)
def test_the_head_classifies_the_mean_over_all_pixels(seed, c_in, nfs, c_out, h):
    """linear(mean over h and w of what the last layer gives): [n, c_out] for any size."""
    x = randoms(seed, 2, c_in, h, 13)
    net = nn.Sequential(*get_cnn_layers(c_in, c_out, list(nfs), seen_layer))
    linears = [m for m in net.modules() if isinstance(m, nn.Linear)]
    assert_that(len(linears) == 1, "there is not one linear layer", net)
    means = nn.Sequential(*seen(net))(x).mean((2, 3))
    wanted = means @ linears[0].weight.detach().T + linears[0].bias.detach()
    assert_close(net(x), wanted, rtol=1e-4, atol=1e-4)
    assert_same(list(net(x).shape), [2, c_out])


@law("get_cnn_layers")
@given(channels, widths)
def test_the_list_of_widths_stays_as_it_is(c_in, nfs):
    """nfs is the same before and after."""
    with unchanged(nfs=nfs):
        get_cnn_layers(c_in, 3, nfs, seen_layer)


leaks = st.sampled_from([None, 0.0, 0.4, 0.7, 1.0])


def wide_net(leak, seed=0):
    """Layers with so many weights that their std can be judged; none of them starts well."""
    stem = nn.Sequential(nn.Conv2d(16, 48, 5), GeneralRelu(leak), nn.BatchNorm2d(48))
    body = nn.Sequential(nn.Conv2d(48, 32, 3, bias=False), GeneralRelu(leak))
    net = nn.Sequential(stem, nn.Sequential(body), nn.Flatten(), nn.Linear(400, 50))
    for i, p in enumerate(net.parameters()):
        p.data.copy_(1 + randoms(seed + i, *p.shape))
    return net


def weighted(net):
    """The layers of a net that have to be initialised."""
    return [m for m in net.modules() if isinstance(m, nn.Conv2d | nn.Linear)]


def kaiming(layer, leak):
    """The std that keeps the variance through a layer and its rectifier."""
    return math.sqrt(2 / (1 + (leak or 0.0) ** 2) / layer.weight[0].numel())


@law("init_cnn")
@few
@given(seeds, leaks, st.booleans())
@example(0, 0.7, False)
@example(0, None, True)
def test_weights_have_the_std_of_kaiming_and_mean_0(seed, leak, uniform):
    """std = sqrt(2 / (1 + leak**2) / inputs of one unit), for convs and linears at any depth."""
    torch.manual_seed(seed)
    net = wide_net(leak)
    init_cnn(net, uniform)
    ratios = [number(m.weight.std()) / kaiming(m, leak) for m in weighted(net)]
    means = [number(m.weight.mean()) / kaiming(m, leak) for m in weighted(net)]
    assert_close(ratios, [1.0] * len(ratios), rtol=0.0, atol=0.04)
    assert_close(means, [0.0] * len(means), rtol=0.0, atol=0.05)


@law("init_cnn")
@few
@given(seeds, leaks)
def test_uniform_weights_end_at_a_bound(seed, leak):
    """uniform=True: no weight is beyond sqrt(3) * std, and some come near."""
    torch.manual_seed(seed)
    net = wide_net(leak)
    init_cnn(net, uniform=True)
    furthest = [number(m.weight.abs().max()) / kaiming(m, leak) for m in weighted(net)]
    assert_close(furthest, [math.sqrt(3)] * len(furthest), rtol=0.01, atol=0.0)


@law("init_cnn")
@few
@given(seeds, leaks)
def test_normal_weights_are_the_default(seed, leak):
    """Without `uniform`, most weights are within one std and some beyond sqrt(3) * std."""
    torch.manual_seed(seed)
    net = wide_net(leak)
    init_cnn(net)
    scaled = [m.weight.detach().abs() / kaiming(m, leak) for m in weighted(net)]
    within = [number((w < 1).float().mean()) for w in scaled]
    assert_close(within, [0.68] * len(within), rtol=0.0, atol=0.06)
    assert_that(all(number(w.max()) > 1.9 for w in scaled), "no weight is far from 0", scaled)


@law("init_cnn")
@few
@given(seeds, leaks, st.booleans())
def test_biases_are_0(seed, leak, uniform):
    """Those of convs and linears, whatever they were; layers without one are fine."""
    net = wide_net(leak, seed)
    init_cnn(net, uniform)
    biases = [m.bias.detach() for m in weighted(net) if m.bias is not None]
    assert_same(biases, [torch.zeros_like(b) for b in biases])


single_layers = st.sampled_from([(nn.Conv2d, (32, 64, 3)), (nn.Linear, (400, 50))])


@law("init_cnn")
@few
@given(single_layers, st.booleans())
def test_a_single_layer_is_initialised_too(made_of, uniform):
    """init_cnn(conv) and init_cnn(linear) work on what they are given; without a leak it is 0."""
    kind, sizes = made_of
    layer = kind(*sizes)
    layer.weight.data.fill_(1.0)
    init_cnn(layer, uniform)
    assert_same(layer.bias.detach(), torch.zeros_like(layer.bias))
    assert_close(number(layer.weight.std()) / kaiming(layer, None), 1.0, rtol=0.0, atol=0.04)


@law("init_cnn")
@few
@given(seeds, st.booleans())
def test_other_layers_stay_as_they_are(seed, uniform):
    """A batch norm keeps its weight and bias."""
    net = wide_net(0.1, seed)
    norm = net[0][2]
    before = [norm.weight.detach().clone(), norm.bias.detach().clone()]
    init_cnn(net, uniform)
    assert_same([norm.weight.detach(), norm.bias.detach()], before)


@law("init_cnn")
@few
@given(seeds, st.booleans())
def test_every_layer_and_every_call_draws_afresh(seed, uniform):
    """Two layers of one shape, and one layer initialised twice, get different weights."""
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Conv2d(4, 4, 3), GeneralRelu(0.1), nn.Conv2d(4, 4, 3))
    init_cnn(net, uniform)
    first = net[0].weight.detach().clone()
    init_cnn(net, uniform)
    alike = [bool((first == m.weight).any()) for m in (net[0], net[2])]
    assert_same(alike, [False, False])


@law("init_cnn")
@few
@given(seeds, st.booleans())
def test_the_weights_can_still_be_trained(seed, uniform):
    """Each parameter asks for a gradient and has no history of its own."""
    net = wide_net(0.1, seed)
    init_cnn(net, uniform)
    trainable = [p.requires_grad and p.is_leaf for p in net.parameters()]
    assert_same(trainable, [True] * len(trainable))
