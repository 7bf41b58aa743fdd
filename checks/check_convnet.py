"""The laws of the convnet."""

import math
from itertools import pairwise

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn

from checks.laws import assert_close, assert_same, law, number, unchanged
from checks.words.convnets import (
    activations,
    convolved,
    kaiming,
    normalised,
    only,
    rectified,
    seen_layer,
    weighted,
    wide_net,
)
from checks.words.networks import randoms
from katas.convnet import GeneralRelu, conv_layer, get_cnn_layers, init_cnn, prev_pow_2

few = settings(max_examples=20)
seeds = st.integers(0, 99)
shapes = st.sampled_from([(7,), (2, 3, 2, 4), (3, 5), ()])
slopes = st.none() | st.floats(0, 1).map(lambda x: round(x, 2))
shifts = st.none() | st.floats(-2, 2).map(lambda x: round(x, 2))
limits = st.none() | st.floats(-1, 2).map(lambda x: round(x, 2))


@law(
    "GeneralRelu",
    "leak, then subtract, then clamp",
    "y = x where x > 0, else leak * x",
    "z = y - sub",
    "output = z where z < maxv, else maxv",
    "maxv the largest output; None for no limit, and 0 is a limit",
    "the output has its dtype",
)
@given(seeds, shapes, slopes, shifts, limits, st.sampled_from([torch.float32, torch.float64]))
@example(0, (7,), 0.5, 1.0, 1.0, torch.float32)
@example(0, (7,), 0.1, 1.0, 0.0, torch.float32)
@example(0, (7,), 0.0, 0.0, 0.0, torch.float64)
def test_it_leaks_then_subtracts_then_clamps(seed, shape, leak, sub, maxv, dtype):
    """y = x where x > 0, else leak * x; then y - sub; then at most maxv."""
    x = randoms(seed, *shape).to(dtype)
    assert_close(GeneralRelu(leak, sub, maxv)(x.clone()), rectified(x, leak, sub, maxv))


@law(
    "GeneralRelu",
    "leak slope below 0, from 0 to 1; None for an ordinary ReLU",
    "sub the number to subtract; None for nothing",
)
@given(seeds, st.sampled_from(["leak", "sub", "maxv"]), st.floats(0.1, 1))
@example(0, "maxv", 0.0)
def test_each_argument_works_without_the_others(seed, name, value):
    """With one of leak, sub and maxv given, the other two do nothing; without any, max(x, 0)."""
    x = randoms(seed, 3, 4)
    assert_close(GeneralRelu(**{name: value})(x.clone()), rectified(x, **{name: value}))
    assert_close(nn.Sequential(GeneralRelu())(x.clone()), x.clamp(min=0))


@law("GeneralRelu", "y = x where x > 0, else leak * x")
@given(seeds, slopes, shifts, limits)
@example(0, None, 0.5, None)
def test_its_gradients_are_those_of_the_formula(seed, leak, sub, maxv):
    """1 above 0, leak below, and 0 where the limit is reached."""
    x, upstream = randoms(seed, 4, 5).requires_grad_(), randoms(seed + 1, 4, 5)
    wanted = torch.autograd.grad(rectified(x, leak, sub, maxv), x, upstream)[0]
    mine = x.detach().clone().requires_grad_()
    GeneralRelu(leak, sub, maxv)(mine * 1).backward(upstream)
    assert_close(mine.grad, wanted)


@law("GeneralRelu", "The input is left unchanged")
@given(seeds, slopes, shifts, limits)
@example(0, 0.1, 0.5, 1.0)
@example(0, 0.1, None, None)
@example(0, 1.0, 0.5, None)
@example(0, 1.0, None, None)
def test_the_input_of_an_activation_stays_as_it_is(seed, leak, sub, maxv):
    """x is the same after the call, and changes to the output don't reach it."""
    for x in (randoms(seed, 4, 5), randoms(seed, 4, 5).abs()):
        with unchanged(x=x):
            GeneralRelu(leak, sub, maxv)(x).mul_(3)


@law("GeneralRelu", "z = y - sub")
@given(seeds, slopes, shifts, limits, st.booleans())
def test_a_second_call_returns_the_same(seed, leak, sub, maxv, training):
    """An activation remembers nothing of earlier batches, in training and in evaluation mode."""
    x, relu = randoms(seed, 4, 5), GeneralRelu(leak, sub, maxv).train(training)
    relu(randoms(seed + 1, 4, 5))
    assert_close(relu(x.clone()), rectified(x, leak, sub, maxv))


@law("GeneralRelu", "three are attributes with these names.")
@given(st.floats(0, 1), st.floats(-2, 2), st.floats(-1, 2))
@example(0.1, 0.4, 6.0)
def test_leak_sub_and_maxv_can_be_read(leak, sub, maxv):
    """relu.leak, relu.sub and relu.maxv are the numbers that were passed; training moves none."""
    relu = GeneralRelu(leak, sub, maxv)
    found = [number(o) for o in (relu.leak, relu.sub, relu.maxv)]
    assert_close(found, [leak, sub, maxv])
    assert_same([name for name, p in relu.named_parameters() if p.requires_grad], [])


@law("GeneralRelu", "A `sub` that is set later is used from the next call on,")
@given(seeds, slopes, shifts, limits, st.lists(st.floats(-2, 2), min_size=1, max_size=3))
@example(0, 0.1, None, None, [0.5])
@example(0, 0.1, 0.25, None, [0.5, 0.0])
def test_sub_can_be_set(seed, leak, sub, maxv, later):
    """After relu.sub = s the output is that of GeneralRelu(leak, s, maxv)."""
    x, relu = randoms(seed, 4, 5), GeneralRelu(leak, sub, maxv)
    relu(x.clone())
    for s in later:
        relu.sub = s
        assert_close(number(relu.sub), s)
        assert_close(relu(x.clone()), rectified(x, leak, s, maxv))


@law(
    "conv_layer",
    "A convolution, a `GeneralRelu` and a batch norm in an `nn.Sequential`, in this order.",
    "ks kernel size in pixels, odd; the padding is half of it, rounded down",
    "stride step of the convolution in pixels",
)
@given(seeds, st.sampled_from([1, 3, 5]), st.integers(1, 3), activations)
@example(0, 3, 2, {"leak": 0.1, "sub": 0.4, "maxv": 1.5})
def test_with_batch_norm_it_is_conv_activation_norm(seed, ks, stride, kwargs):
    """batch_norm(activation(conv(x))), in this order, with padding ks // 2."""
    x = randoms(seed, 4, 2, 7, 6)
    layer = conv_layer(2, 5, ks, stride, **kwargs)
    wanted = normalised(rectified(convolved(only(nn.Conv2d, layer), x, ks, stride), **kwargs))
    assert_close(layer(x), wanted, rtol=1e-3, atol=2e-3)


@law("conv_layer", "kwargs arguments of `GeneralRelu`")
@given(seeds, st.sampled_from([1, 3, 5]), st.integers(1, 3), activations)
@example(0, 3, 2, {"leak": 0.1, "sub": 0.4, "maxv": 1.5})
def test_without_batch_norm_it_is_conv_and_activation(seed, ks, stride, kwargs):
    """activation(conv(x)) with bn=False, and the activation has the arguments in kwargs."""
    x = randoms(seed, 2, 2, 7, 6)
    layer = conv_layer(2, 5, ks=ks, stride=stride, bn=False, **kwargs)
    wanted = rectified(convolved(only(nn.Conv2d, layer), x, ks, stride), **kwargs)
    assert_close(layer(x), wanted, rtol=1e-4, atol=1e-5)
    relu = only(GeneralRelu, layer)
    found = {name: number(getattr(relu, name)) for name in kwargs}
    assert_close(found, kwargs)


@law("conv_layer", "in an `nn.Sequential`, in this order")
@given(st.integers(1, 4), st.integers(1, 4), st.booleans())
def test_the_parts_can_be_indexed(ni, nf, bn):
    """layer[0] is the convolution, layer[1] the activation, and layer[2] the norm.

    Two layers share none of them.
    """
    layer, other = conv_layer(ni, nf, bn=bn), conv_layer(ni, nf, bn=bn)
    assert_same(isinstance(layer, nn.Sequential), True)
    assert_same([a is b for a, b in zip(layer, other, strict=True)], [False] * len(layer))
    kinds = [nn.Conv2d, GeneralRelu, nn.BatchNorm2d][: 2 + bn]
    found = [isinstance(layer[i], kind) for i, kind in enumerate(kinds)]
    assert_same(found, [True] * len(kinds))


@law("conv_layer", "A convolution, a `GeneralRelu` and a batch norm")
@given(st.integers(1, 4), st.integers(1, 4))
def test_the_norm_learns_a_weight_and_a_bias(ni, nf):
    """Both have one number for each of nf channels, as `nn.BatchNorm2d` has by default."""
    norm = only(nn.BatchNorm2d, conv_layer(ni, nf))
    assert_same([list(p.shape) for p in norm.parameters()], [[nf], [nf]])


@law("conv_layer", "bn whether to add batch norm; the convolution has a bias only without it")
@given(seeds, st.booleans())
def test_before_any_training_evaluation_is_the_activation(seed, bn):
    """The running mean is 0 and the running variance 1, so in evaluation the norm does nothing."""
    x, layer = randoms(seed, 2, 2, 6, 6), conv_layer(2, 5, 3, 1, bn=bn).eval()
    wanted = rectified(convolved(only(nn.Conv2d, layer), x, 3, 1))
    assert_close(layer(x), wanted, rtol=1e-3, atol=1e-4)


@law("conv_layer", "the convolution has a bias only without it", "ni, nf channels in and out")
@given(st.integers(1, 4), st.integers(1, 4), st.booleans())
def test_the_convolution_has_a_bias_only_without_batch_norm(ni, nf, bn):
    """The norm's own bias does the same work."""
    conv = only(nn.Conv2d, conv_layer(ni, nf, bn=bn))
    assert_same({"bias": conv.bias is not None}, {"bias": not bn})
    assert_same((conv.in_channels, conv.out_channels), (ni, nf))


@law("conv_layer", "A convolution, a `GeneralRelu` and a batch norm")
@given(seeds, st.integers(1, 3), st.integers(1, 3))
def test_a_layer_is_3_by_3_of_stride_2_with_a_norm(seed, ni, nf):
    """conv_layer(ni, nf) has ks=3, stride=2 and bn=True."""
    x, layer = randoms(seed, 4, ni, 7, 6), conv_layer(ni, nf)
    wanted = normalised(rectified(convolved(only(nn.Conv2d, layer), x, 3, 2)))
    assert_close(layer(x), wanted, rtol=1e-3, atol=2e-3)


@law("prev_pow_2", "The largest power of two that is at most `x`")
@given(st.integers(1, 4000) | st.integers(1, 2**90))
@example(27)
@example(1)
@example(2)
@example(3)
def test_the_largest_power_of_two_within_x(x):
    """p is a power of two with p <= x < 2 * p, an int."""
    assert_same(prev_pow_2(x), int("1" + "0" * (len(f"{x:b}") - 1), 2))


@law("prev_pow_2", "exact for every integer from 1 up")
@given(st.integers(1, 200))
@example(3)
@example(60)
def test_it_is_exact_at_and_below_a_power_of_two(k):
    """prev_pow_2(2**k) = 2**k, and prev_pow_2(2**k - 1) = 2**(k - 1), where logarithms round up."""
    assert_same(prev_pow_2(2**k), 2**k)
    assert_same(prev_pow_2(2**k - 1), 2 ** (k - 1))


channels = st.integers(1, 40)
widths = st.lists(st.integers(1, 9), max_size=4)


def asked(c_in, nfs, **kwargs):
    """The arguments for each layer of stem and body: ni, nf, ks, stride, the rest."""
    layers = get_cnn_layers(c_in, 3, list(nfs), seen_layer, **kwargs)
    assert_same((type(layers).__name__, len(layers)), ("list", 3 + len(nfs) + 3))
    return [m.asked for m in layers[:-3]]


@law(
    "get_cnn_layers",
    "A list with the layers of a convnet: a stem, a body, and a head of three",
    "the width of the first is the largest power of two that is at most c_in*3*3, and it doubles",
    "body one 3x3 layer of stride 2 for each width in `nfs`",
)
@given(channels, widths)
@example(3, [64, 64, 128])
@example(1, [])
@example(7, [5])
def test_the_stem_doubles_twice_and_the_body_follows(c_in, nfs):
    """Widths c_in, p, 2p, 4p, then nfs; p is the largest power of two within c_in*3*3."""
    p = 2 ** int(math.log2(c_in * 9))
    wanted = list(pairwise([c_in, p, 2 * p, 4 * p, *nfs]))
    assert_same([(ni, nf) for ni, nf, *_ in asked(c_in, nfs)], wanted)


@law("get_cnn_layers", "three 3x3 layers with strides 1, 2, 2", "one 3x3 layer of stride 2")
@given(channels, widths)
@example(3, [64, 64, 128])
def test_kernels_are_3_by_3_and_the_first_alone_keeps_the_size(c_in, nfs):
    """ks is 3 everywhere; strides are 1, 2, 2, and 2 for each of nfs."""
    wanted = [(3, 1), (3, 2), (3, 2)] + [(3, 2)] * len(nfs)
    assert_same([(ks, stride) for _, _, ks, stride, _ in asked(c_in, nfs)], wanted)


@law("get_cnn_layers", "layer(ni, nf, 3, stride, **kwargs)")
@given(channels, widths, st.dictionaries(st.sampled_from(["leak", "sub", "bn"]), st.floats(0, 1)))
@example(3, [64], {"leak": 0.1})
def test_every_layer_gets_the_keyword_arguments(c_in, nfs, kwargs):
    """layer(..., **kwargs) for the stem and for the body."""
    wanted = [kwargs] * (3 + len(nfs))
    assert_same([rest for *_, rest in asked(c_in, nfs, **kwargs)], wanted)


@law(
    "get_cnn_layers",
    "average pool to one pixel for pictures of any size, flatten, linear to `c_out`",
)
@given(seeds, st.integers(1, 2), st.integers(1, 3), widths, st.integers(1, 5), st.integers(1, 20))
@example(0, 2, 3, [], 10, 1)
@example(0, 1, 1, [], 2, 60)
def test_the_head_classifies_the_mean_over_all_pixels(seed, n, c_in, nfs, c_out, h):
    """linear(mean over h and w of the last layer's output): [n, c_out] for any size."""
    x = randoms(seed, n, c_in, h, 13)
    layers = get_cnn_layers(c_in, c_out, list(nfs), seen_layer)
    linear = only(nn.Linear, nn.Sequential(*layers))
    means = nn.Sequential(*layers[:-3])(x).mean((2, 3))
    wanted = means @ linear.weight.detach().T + linear.bias.detach()
    assert_close(nn.Sequential(*layers)(x), wanted, rtol=1e-4, atol=1e-4)


@law("get_cnn_layers", "one 3x3 layer of stride 2 for each width in `nfs`")
@given(st.lists(st.sampled_from([8, 16, 32]), max_size=4))
@example([32, 32, 32])
def test_each_layer_has_weights_of_its_own(nfs):
    """Layers of the same widths are made one by one."""
    layers = get_cnn_layers(1, 3, list(nfs), seen_layer)
    assert_same(len({id(m) for m in layers}), len(nfs) + 6)


@law("get_cnn_layers", "nfs may be empty; left unchanged")
@given(channels, widths)
@example(3, [])
def test_the_list_of_widths_stays_as_it_is(c_in, nfs):
    """nfs is the same before and after."""
    with unchanged(nfs=nfs):
        get_cnn_layers(c_in, 3, nfs, seen_layer)


leaks = st.sampled_from([None, 0.0, 0.4, 0.7, 1.0])


def net_of(leak, seed=0):
    """Layers to initialise, the first activation with this leak and the second with another."""
    return wide_net([GeneralRelu(leak), GeneralRelu(0.2)], seed)


def ratios(net, leak):
    """Mean and std of the weights of each layer, in units of Kaiming's std."""
    layers = [(m.weight.detach(), kaiming(m, leak)) for m in weighted(net)]
    return [(number(w.mean()) / std, number(w.std()) / std) for w, std in layers]


@law(
    "init_cnn",
    "every `nn.Conv2d` and `nn.Linear` in `m`, `m`",
    "std of the weights = sqrt(2 / (1 + leak**2) / fan_in), mean 0",
    "The leak is that of the first `GeneralRelu` in `m`",
)
@few
@given(seeds, leaks, st.booleans())
@example(0, 0.7, False)
@example(0, 0.0, True)
def test_weights_have_the_std_of_kaiming_and_mean_0(seed, leak, uniform):
    """std = sqrt(2 / (1 + leak**2) / fan_in), for convs and linears at any depth."""
    torch.manual_seed(seed)
    net = net_of(leak)
    init_cnn(net, uniform)
    means, stds = zip(*ratios(net, leak), strict=True)
    assert_close(list(stds), [1.0] * len(stds), rtol=0.0, atol=0.04)
    assert_close(list(means), [0.0] * len(means), rtol=0.0, atol=0.05)


@law("init_cnn", "The leak is that of the first `GeneralRelu` in `m`, or 0")
@few
@given(seeds, st.sampled_from([0.0, 0.5, 1.0]))
@example(0, 1.0)
def test_the_leak_of_a_whole_convnet_counts(seed, leak):
    """The layers of get_cnn_layers(..., conv_layer, leak=leak) start with the std of that leak."""
    torch.manual_seed(seed)
    net = nn.Sequential(*get_cnn_layers(20, 50, [64], conv_layer, leak=leak))
    init_cnn(net)
    stds = [std for _, std in ratios(net, leak)]
    assert_close(stds, [1.0] * len(stds), rtol=0.0, atol=0.06)


@law("init_cnn", "Here fan_in is the number of inputs of one output unit.")
@few
@given(seeds, st.sampled_from([1, 2, 4]), st.sampled_from([5, (3, 7), (9, 3)]), st.booleans())
@example(0, 4, 5, True)
@example(0, 1, (3, 7), False)
def test_a_unit_of_a_grouped_convolution_has_fewer_inputs(seed, groups, ks, uniform):
    """nn.Conv2d(ni, nf, ks, groups=g) has units of ni/g inputs for each number of a kernel."""
    torch.manual_seed(seed)
    conv = nn.Conv2d(64, 64, ks, groups=groups)
    init_cnn(conv, uniform)
    assert_close(ratios(conv, None)[0][1], 1.0, rtol=0.0, atol=0.04)


@law("init_cnn", "draw from the uniform distribution of this std")
@few
@given(seeds, leaks)
def test_uniform_weights_end_at_a_bound(seed, leak):
    """uniform=True: no weight is beyond sqrt(3) * std, and some come near."""
    torch.manual_seed(seed)
    net = net_of(leak)
    init_cnn(net, uniform=True)
    furthest = [number(m.weight.abs().max()) / kaiming(m, leak) for m in weighted(net)]
    assert_close(furthest, [math.sqrt(3)] * len(furthest), rtol=0.01, atol=0.0)


@law("init_cnn", "instead of the normal one")
@few
@given(seeds, leaks)
def test_normal_weights_are_the_default(seed, leak):
    """Without `uniform`, 68 % of the weights are within one std, and 5 % beyond two."""
    torch.manual_seed(seed)
    net = net_of(leak)
    init_cnn(net)
    scaled = [m.weight.detach().abs() / kaiming(m, leak) for m in weighted(net)]
    within = [number((w < 1).float().mean()) for w in scaled]
    beyond = [number((w > 2).float().mean()) for w in scaled]
    assert_close(within, [0.68] * len(within), rtol=0.0, atol=0.06)
    assert_close(beyond, [0.05] * len(beyond), rtol=0.0, atol=0.03)


@law("init_cnn", "biases = 0")
@few
@given(seeds, leaks, st.booleans())
def test_biases_are_0(seed, leak, uniform):
    """Those of convs and linears, whatever they were; layers without one are fine."""
    net = net_of(leak, seed)
    init_cnn(net, uniform)
    biases = [m.bias.detach() for m in weighted(net) if m.bias is not None]
    assert_same(biases, [torch.zeros_like(b) for b in biases])


single_layers = st.sampled_from([(nn.Conv2d, (32, 64, 3)), (nn.Linear, (400, 50))])


@law(
    "init_cnn",
    "every `nn.Conv2d` and `nn.Linear`",
    "`m` included",
    "The leak is that of the first `GeneralRelu` in `m`, or 0 if there isn't one.",
)
@few
@given(seeds, single_layers, st.booleans(), st.booleans())
@example(0, (nn.Conv2d, (32, 64, 3)), False, False)
def test_a_single_layer_is_initialised_too(seed, made_of, uniform, trains):
    """init_cnn(conv) and init_cnn(linear) work on the layer itself; without a leak it is 0.

    So they do on a layer that is frozen, whose `requires_grad` is False.
    """
    torch.manual_seed(seed)
    kind, sizes = made_of
    layer = kind(*sizes).requires_grad_(trains)
    layer.weight.data.fill_(1.0)
    init_cnn(layer, uniform)
    assert_same(layer.bias.detach(), torch.zeros_like(layer.bias))
    assert_close(number(layer.weight.std()) / kaiming(layer, None), 1.0, rtol=0.0, atol=0.04)


@law("init_cnn", "Other layers are left unchanged.")
@few
@given(seeds, st.booleans())
def test_other_layers_stay_as_they_are(seed, uniform):
    """A batch norm keeps its weight, bias and statistics, an activation its numbers.

    So do layers of other kinds, among them convolutions of one or three dimensions.
    """
    net = net_of(0.1, seed)
    kinds = nn.Conv1d, nn.Conv3d, nn.ConvTranspose2d
    others = nn.ModuleList([*(kind(2, 3, 1) for kind in kinds), nn.Embedding(2, 3), nn.GRU(2, 3)])
    with unchanged(others=others.state_dict()):
        init_cnn(others, uniform)
    norm, relu = only(nn.BatchNorm2d, net), net[0][1]
    before = {name: o.clone() for name, o in norm.state_dict().items()}
    init_cnn(net, uniform)
    assert_same({**norm.state_dict()}, before)
    assert_close(number(relu.leak), 0.1)


@law("init_cnn", "std of the weights")
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


@law("init_cnn", "as He et al.")
@few
@given(seeds, st.booleans())
def test_the_parameters_are_changed_in_place(seed, uniform):
    """The model has the same parameters as before, which an optimizer can hold, and trains."""
    net = net_of(0.1, seed)
    before = list(net.parameters())
    init_cnn(net, uniform)
    same = [p is o for p, o in zip(net.parameters(), before, strict=True)]
    assert_same(same, [True] * len(before))
    assert_same([p.requires_grad and p.is_leaf for p in before], [True] * len(before))
