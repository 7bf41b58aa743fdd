"""The laws of LSUV."""

import math
from collections import OrderedDict
from dataclasses import dataclass

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from checks.laws import (
    assert_close,
    assert_raises,
    assert_same,
    assert_that,
    law,
    number,
    unchanged,
)
from katas.lsuv import ConvLayer, lsuv, lsuv_module

few = settings(max_examples=12)
seeds = st.integers(0, 99)
kernels = st.sampled_from([1, 3, 5])
strides = st.integers(1, 3)
slopes = st.sampled_from([None, 0.1, 0.5])
shifts = st.floats(-1, 1).map(lambda x: round(x, 2))


def randoms(seed, *shape):
    """Normal random numbers, the same each time."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def shifted(layer, x, ks, stride, bias, leak=None, maxv=None):
    """The definition: the layer's convolution, rectified, with `bias` added, clamped."""
    own = [p for p in layer.parameters() if p.shape == layer.weight.shape[:1]]
    conv_bias = own[0] if own else None
    y = F.conv2d(x, layer.weight, conv_bias, stride=stride, padding=ks // 2).detach()
    y = torch.where(y > 0, y, (leak or 0.0) * y) + bias
    return y.clamp(max=math.inf if maxv is None else maxv)


def set_weight(layer, value):
    """Assigns a weight, as a Parameter to a layer that keeps its own under this name."""
    own = dict(layer.named_parameters(recurse=False))
    with torch.no_grad():
        layer.weight = nn.Parameter(value) if "weight" in own else value


@law("ConvLayer")
@given(seeds, kernels, strides, shifts, slopes, st.none() | st.just(0.8))
@example(0, 3, 2, 0.5, 0.1, 0.8)
def test_it_is_a_convolution_and_a_shifted_activation(seed, ks, stride, sub, leak, maxv):
    """GeneralRelu(sub=sub, ...) of a convolution with padding ks // 2."""
    layer, x = ConvLayer(2, 5, ks, stride, sub, leak=leak, maxv=maxv), randoms(seed, 2, 2, 7, 6)
    wanted = shifted(layer, x, ks, stride, -sub, leak, maxv)
    assert_close(layer(x), wanted, rtol=1e-4, atol=1e-5)


@law("ConvLayer")
@given(seeds, st.integers(1, 3), st.integers(1, 4))
def test_by_default_it_is_3_by_3_of_stride_2_without_a_shift(seed, ni, nf):
    """ConvLayer(ni, nf) has ks=3, stride=2, sub=0 and an ordinary ReLU."""
    layer, x = ConvLayer(ni, nf), randoms(seed, 2, ni, 7, 6)
    assert_close(layer(x), shifted(layer, x, 3, 2, 0.0), rtol=1e-4, atol=1e-5)


@law("ConvLayer")
@given(shifts)
@example(0.5)
def test_the_bias_is_the_negated_shift(sub):
    """layer.bias = -sub."""
    assert_close(number(ConvLayer(1, 2, sub=sub).bias), -sub)


@law("ConvLayer")
@given(seeds, shifts, shifts, slopes)
@example(0, 0.5, 0.25, 0.1)
def test_a_bias_that_is_set_shifts_the_output(seed, sub, change, leak):
    """After layer.bias -= change, every output is smaller by change, and the bias reads so."""
    layer, x = ConvLayer(2, 5, sub=sub, leak=leak), randoms(seed, 2, 2, 7, 6)
    wanted = shifted(layer, x, 3, 2, -sub - change, leak)
    with torch.no_grad():
        layer.bias -= change
    assert_close(layer(x), wanted, rtol=1e-4, atol=1e-5)
    assert_close(number(layer.bias), -sub - change)


@law("ConvLayer")
@given(st.integers(1, 3), st.integers(1, 4), kernels)
def test_the_weight_is_that_of_the_convolution(ni, nf, ks):
    """layer.weight is [nf, ni, ks, ks] and among the parameters."""
    layer = ConvLayer(ni, nf, ks)
    assert_same(list(layer.weight.shape), [nf, ni, ks, ks])
    same = [p for p in layer.parameters() if p.data_ptr() == layer.weight.data_ptr()]
    assert_that(len(same) == 1, "layer.weight is none of the layer's parameters", layer)


@law("ConvLayer")
@given(seeds, shifts)
def test_a_weight_that_is_set_is_computed_with(seed, sub):
    """After layer.weight = w, the weight reads w, and the output is that of w."""
    layer, x = ConvLayer(2, 5, sub=sub, leak=0.1), randoms(seed, 2, 2, 7, 6)
    weight = randoms(seed + 1, 5, 2, 3, 3)
    set_weight(layer, weight.clone())
    assert_close(layer.weight.detach(), weight)
    assert_close(layer(x), shifted(layer, x, 3, 2, -sub, 0.1), rtol=1e-4, atol=1e-5)


@law("ConvLayer")
@given(seeds, st.sampled_from([0.5, 3.0]))
def test_a_weight_that_is_scaled_in_place_is_computed_with(seed, factor):
    """layer.weight.data *= factor, as LSUV does it, changes the output."""
    layer, x = ConvLayer(2, 5, leak=0.1), randoms(seed, 2, 2, 7, 6)
    weight = layer.weight.detach().clone() * factor
    layer.weight.data *= factor
    assert_close(layer.weight.detach(), weight)
    assert_close(layer(x), shifted(layer, x, 3, 2, 0.0, 0.1), rtol=1e-4, atol=1e-5)


@law("ConvLayer")
@given(seeds)
def test_a_layer_can_be_trained_after_its_weight_was_set(seed):
    """The weight is still a parameter, and a backward pass gives it a gradient."""
    layer = ConvLayer(2, 5, leak=0.1)
    set_weight(layer, randoms(seed, 5, 2, 3, 3))
    layer(randoms(seed, 2, 2, 7, 6)).sum().backward()
    grads = [p.grad for p in layer.parameters() if p.shape == (5, 2, 3, 3)]
    assert_that(len(grads) == 1 and grads[0] is not None, "the weight gets no gradient", grads)


@law("ConvLayer")
@given(seeds, shifts, slopes)
def test_the_input_of_a_layer_stays_as_it_is(seed, sub, leak):
    """x is the same after the call."""
    x = randoms(seed, 2, 2, 5, 5)
    with unchanged(x=x):
        ConvLayer(2, 3, sub=sub, leak=leak)(x)


@law("ConvLayer")
@given(shifts, shifts)
def test_two_layers_have_shifts_of_their_own(sub, change):
    """Setting the bias of one layer leaves that of the other as it is."""
    layer, other = ConvLayer(1, 2, sub=sub), ConvLayer(1, 2, sub=sub)
    with torch.no_grad():
        layer.bias -= change
    assert_close(number(other.bias), -sub)


class Ear(nn.Module):
    """Passes on what it gets, and keeps what it was."""

    def __init__(self, most=10_000):
        super().__init__()
        self.heard, self.most = [], most

    def forward(self, x):
        self.heard.append(x)
        if len(self.heard) > self.most:
            raise OverflowError(f"the model was run more than {self.most} times")
        return x


@dataclass
class Start:
    """A network of four layers that starts badly; `body.third` is the one to be set right."""

    seed: int
    leak: float | None
    gain: float
    shift: float

    def net(self, most=10_000):
        """The network, the same each time, with an ear after the third layer."""
        torch.manual_seed(self.seed)
        layers = [ConvLayer(ni, 6, 3, 1, sub=self.shift, leak=self.leak) for ni in (3, 6, 6, 6)]
        for layer in layers:
            layer.weight.data.mul_(self.gain)
        first, second, third, fourth = layers
        parts = OrderedDict(first=first, second=second, third=third, ear=Ear(most), fourth=fourth)
        net = nn.Sequential(OrderedDict(body=nn.Sequential(parts)))
        return net, third

    def batch(self, i=0, scale=1.0):
        """A batch in which every picture has a contrast of its own."""
        contrast = torch.linspace(0.2, 2, 16)[:, None, None, None]
        return scale * contrast * randoms(100 * self.seed + i, 16, 3, 6, 6)


starts = st.builds(
    Start,
    seed=seeds,
    leak=slopes,
    gain=st.sampled_from([0.3, 1.0, 2.0, 10.0]),
    shift=st.sampled_from([0.0, 0.7, -3.0]),
)
START = Start(seed=1, leak=0.1, gain=2.0, shift=0.7)


def measured(model, layers, batches):
    """Mean and std of what each layer gives, averaged over batches."""
    outs = {layer: [] for layer in layers}
    hooks = [m.register_forward_hook(lambda m, i, o: outs[m].append(o)) for m in layers]
    with torch.no_grad():
        for batch in batches:
            model(batch)
    for hook in hooks:
        hook.remove()
    return [
        [sum(number(f(o)) for o in found) / len(found) for f in (torch.mean, torch.std)]
        for found in outs.values()
    ]


def pair(result):
    """The (mean, std) that an answer returns, as two floats."""
    mean, std = result
    return [number(mean), number(std)]


def hooks_of(model):
    """Everything that would be called beside the modules' own `forward`, by module."""
    return [
        [*m._forward_hooks, *m._forward_pre_hooks, *m._backward_hooks, "forward" in vars(m)]
        for m in model.modules()
    ]


def values_of(model, leaving=()):
    """Copies of a model's parameters and buffers, but for those of some layers."""
    left = {id(o) for m in leaving for o in [*m.parameters(), *m.buffers()]}
    kept = [*model.parameters(), *model.buffers()]
    return [o.detach().clone() for o in kept if id(o) not in left]


@law("lsuv_module")
@few
@given(starts)
@example(START)
def test_afterwards_the_std_of_the_output_is_1(start):
    """The layer's own output, over the whole batch, wherever the layer is in the model."""
    (net, m), xb = start.net(), start.batch()
    lsuv_module(net, m, xb)
    [[_, std]] = measured(net, [m], [xb])
    assert_close(std, 1.0, atol=5e-3)


@law("lsuv_module")
@few
@given(starts)
@example(START)
def test_the_shift_takes_the_mean_away_before_scaling(start):
    """The bias has become smaller by the mean that the output had before anything was scaled."""
    (net, m), xb = start.net(), start.batch()
    [[mean, _]] = measured(net, [m], [xb])
    wanted = number(m.bias) - mean
    lsuv_module(net, m, xb)
    assert_close(number(m.bias), wanted, rtol=1e-3, atol=2e-3)


@law("lsuv_module")
@few
@given(starts)
@example(START)
def test_the_weight_is_divided_by_one_number(start):
    """All the weights change by the same factor, which is above 0."""
    (net, m), xb = start.net(), start.batch()
    before = m.weight.detach().clone()
    lsuv_module(net, m, xb)
    ratios = (m.weight.detach() / before).flatten()
    assert_close(ratios, ratios.abs().median().expand_as(ratios), rtol=1e-3)


@law("lsuv_module")
@few
@given(starts)
@example(START)
def test_what_is_returned_is_the_last_mean_and_std(start):
    """(mean, std) of the output as the layer is left; the mean has moved with the scaling."""
    (net, m), xb = start.net(), start.batch()
    found = pair(lsuv_module(net, m, xb))
    [wanted] = measured(net, [m], [xb])
    assert_close(found, wanted, rtol=1e-3, atol=1e-3)


@law("lsuv_module")
@few
@given(starts)
@example(START)
def test_a_second_time_mean_and_std_are_both_near(start):
    """Where the std is 1 already, the mean stays at 0 after the shift."""
    (net, m), xb = start.net(), start.batch()
    lsuv_module(net, m, xb)
    assert_close(pair(lsuv_module(net, m, xb)), [0.0, 1.0], atol=8e-3)


@law("lsuv_module")
@few
@given(starts, st.lists(st.sampled_from([0.3, 1.0, 2.5]), min_size=1, max_size=3))
@example(START, [0.3, 1.0, 2.5])
def test_over_several_batches_mean_and_std_are_averaged(start, scales):
    """xb may be a list: the mean of the batches' means, and of their stds, counts."""
    net, m = start.net()
    batches = [start.batch(i, scale) for i, scale in enumerate(scales)]
    [[mean, _]] = measured(net, [m], batches)
    wanted = number(m.bias) - mean
    found = pair(lsuv_module(net, m, batches))
    [after] = measured(net, [m], batches)
    assert_close([number(m.bias), after[1]], [wanted, 1.0], rtol=1e-3, atol=5e-3)
    assert_close(found, after, rtol=1e-3, atol=1e-3)


def with_wide_biases(start):
    """A network in which one division by the std is not enough: the third layer's convolution has
    a bias that does not shrink with its weight."""
    net, m = start.net()
    own = next(p for p in m.parameters() if p.ndim == 1)
    own.data.copy_(0.3 * randoms(start.seed, *own.shape))
    return net, m


@law("lsuv_module")
@few
@given(starts, st.sampled_from([1e-2, 1e-3, 1e-5]))
@example(START, 1e-5)
def test_it_goes_on_until_the_std_is_within_tol(start, tol):
    """|std - 1| is tol at most, although every scaling moves it by less than it should."""
    (net, m), xb = with_wide_biases(start), start.batch()
    _, std = pair(lsuv_module(net, m, xb, tol))
    assert_close(std, 1.0, rtol=0.0, atol=tol + 2e-6)


@law("lsuv_module")
@few
@given(starts)
@example(START)
def test_tol_is_a_thousandth_by_default(start):
    """Without `tol`, |std - 1| is 0.001 at most."""
    (net, m), xb = with_wide_biases(start), start.batch()
    _, std = pair(lsuv_module(net, m, xb))
    assert_close(std, 1.0, rtol=0.0, atol=1e-3 + 2e-6)


@law("lsuv_module")
@few
@given(starts)
def test_a_layer_that_is_right_costs_a_few_runs(start):
    """Where mean and std are near already, the model is not run again and again."""
    (net, m), xb = start.net(), start.batch()
    lsuv_module(net, m, xb)
    net.body.ear.heard, net.body.ear.most = [], 8
    lsuv_module(net, m, xb, tol=0.1, max_iter=100)


@law("lsuv_module")
@few
@given(starts, st.integers(1, 5))
@example(START, 1)
def test_it_ends_where_tol_is_out_of_reach(start, max_iter):
    """With tol=0 there are max_iter shifts and max_iter scalings at most, and then an end."""
    net, m = start.net(most=4 * max_iter + 8)
    lsuv_module(net, m, start.batch(), tol=0.0, max_iter=max_iter)


@law("lsuv_module")
@few
@given(starts)
def test_no_other_layer_is_changed(start):
    """Parameters and buffers of all other layers, and the batch, are as before."""
    (net, m), xb = start.net(), start.batch()
    before = values_of(net, [m])
    with unchanged(xb=xb):
        lsuv_module(net, m, xb)
    assert_same(values_of(net, [m]), before)


@law("lsuv_module")
@few
@given(starts)
def test_no_gradient_is_built(start):
    """The model runs without recording, and afterwards everything can be trained as before."""
    net, m = start.net()
    params = list(net.parameters())
    lsuv_module(net, m, start.batch())
    recorded = [x for x in net.body.ear.heard if x.requires_grad]
    assert_that(not recorded, "what the layer gave asks for a gradient", recorded)
    assert_that(torch.is_grad_enabled(), "gradients are off afterwards")
    trainable = [p.requires_grad and p.is_leaf and p.grad is None for p in net.parameters()]
    assert_same(trainable, [True] * len(params))


@law("lsuv_module")
@few
@given(starts, st.booleans())
def test_the_models_modes_are_as_before(start, training):
    """A model in training is in training afterwards, one in evaluation in evaluation."""
    net, m = start.net()
    net.train(training).body.first.train(not training)
    before = [o.training for o in net.modules()]
    lsuv_module(net, m, start.batch())
    assert_same([o.training for o in net.modules()], before)


@law("lsuv_module")
@few
@given(starts)
def test_no_hook_stays(start):
    """The model's hooks are those of before."""
    net, m = start.net()
    m.register_forward_hook(lambda *args: None)
    before = hooks_of(net)
    lsuv_module(net, m, start.batch())
    assert_same(hooks_of(net), before)


@law("lsuv_module")
@few
@given(starts, st.integers(0, 2))
def test_no_hook_stays_after_an_error(start, runs):
    """An error of the model comes out as it is; hooks are gone, and gradients are on."""
    net, m = with_wide_biases(start)
    net.body.ear.most = runs
    before = hooks_of(net)
    with assert_raises(OverflowError, "more than"):
        lsuv_module(net, m, start.batch(), tol=0.0)
    assert_same(hooks_of(net), before)
    assert_that(torch.is_grad_enabled(), "gradients are off afterwards")


class Numb(ConvLayer):
    """A layer that its class tells apart from others."""


def with_dead_layer(start, weight, most=500):
    """A network whose third layer, `body.third`, is a Numb with one value for all its weights."""
    net, _ = start.net(most)
    net.body.third = Numb(6, 6, 3, 1)
    for p in net.body.third.parameters():
        p.data.fill_(0.0)
    net.body.third.weight.data.fill_(weight)
    return net, net.body.third


def told(call):
    """The text of the error that a call raises, None without one."""
    try:
        call()
    except (NotImplementedError, OverflowError):
        raise
    except Exception as error:
        return str(error)
    return None


def names(text, net, m):
    """Whether an error's text says which layer it is: its name in the model, or its class."""
    return text is not None and ("third" in text or type(m).__name__ in text)


dead_weights = st.sampled_from([0.0, math.nan, math.inf, -math.inf])


@law("lsuv_module")
@few
@given(starts, dead_weights)
@example(START, 0.0)
@example(START, math.nan)
def test_a_dead_layer_raises_an_error_that_names_it(start, weight):
    """Where std is 0, or mean or std is not finite, the message has the layer's name in it."""
    net, m = with_dead_layer(start, weight)
    before = hooks_of(net)
    text = told(lambda: lsuv_module(net, m, start.batch()))
    assert_that(text is not None, "no error was raised for a dead layer")
    assert_that(names(text, net, m), "the error does not name the layer", text, "body.third")
    assert_same(hooks_of(net), before)
    assert_that(torch.is_grad_enabled(), "gradients are off afterwards")


@dataclass
class Depth:
    """A deep network with something between its layers."""

    seed: int
    depth: int
    leak: float | None
    gain: float
    between: str

    def net(self):
        """The network in evaluation, and its layers in their order."""
        torch.manual_seed(self.seed)
        others = {
            "nothing": nn.Identity,
            "tanh": nn.Tanh,
            "sigmoid": nn.Sigmoid,
            "dropout": lambda: nn.Dropout(0.2),
            "pool": lambda: nn.AvgPool2d(3, 1, 1),
        }
        net, ni = nn.Sequential(), 3
        for _ in range(self.depth):
            layer = ConvLayer(ni, 8, 3, 1, leak=self.leak)
            layer.weight.data.mul_(self.gain)
            net.append(nn.Sequential(others[self.between](), nn.Sequential(layer)))
            ni = 8
        return net.eval(), [m for m in net.modules() if isinstance(m, ConvLayer)]

    def batch(self, i=0):
        """A batch of 16 pictures."""
        return randoms(100 * self.seed + i, 16, 3, 6, 6)


depths = st.builds(
    Depth,
    seed=seeds,
    depth=st.integers(1, 6),
    leak=slopes,
    gain=st.sampled_from([0.3, 1.0, 3.0]),
    between=st.sampled_from(["nothing", "tanh", "sigmoid", "dropout", "pool"]),
)
DEEP = Depth(seed=1, depth=6, leak=0.1, gain=3.0, between="nothing")


def stds_of(net, layers, batches):
    """The std of what each layer gives."""
    return [std for _, std in measured(net, layers, batches)]


@law("lsuv")
@few
@given(depths)
@example(DEEP)
@example(Depth(seed=1, depth=6, leak=None, gain=0.3, between="sigmoid"))
def test_afterwards_every_layers_std_is_1(deep):
    """Whatever activation or depth came before, with all layers as they are at the end."""
    (net, layers), xb = deep.net(), deep.batch()
    lsuv(net, xb)
    assert_close(stds_of(net, layers, [xb]), [1.0] * len(layers), atol=5e-3)


@law("lsuv")
@few
@given(depths, st.integers(1, 3))
@example(DEEP, 2)
def test_a_list_of_batches_is_averaged_over(deep, count):
    """xb may be a list: afterwards the mean of the batches' stds is 1 in every layer."""
    net, layers = deep.net()
    batches = [deep.batch(i) * (1 + i) for i in range(count)]
    lsuv(net, batches)
    assert_close(stds_of(net, layers, batches), [1.0] * len(layers), atol=5e-3)


class Backwards(nn.Module):
    """Defines its layers in another order than it uses them in."""

    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleList(reversed(layers))

    def forward(self, x):
        for layer in reversed(self.layers):
            x = layer(x)
        return x


@law("lsuv")
@few
@given(depths)
@example(DEEP)
def test_layers_come_in_the_order_of_the_forward_pass(deep):
    """A layer that is defined last and used first is the first: what it gives, others receive."""
    net = Backwards(list(deep.net()[0].children())).eval()
    layers, xb = [m for m in net.modules() if isinstance(m, ConvLayer)], deep.batch()
    lsuv(net, xb)
    assert_close(stds_of(net, layers, [xb]), [1.0] * len(layers), atol=5e-3)


@law("lsuv")
@few
@given(seeds, slopes, st.integers(2, 5))
def test_dropout_in_training_does_not_keep_it_going(seed, leak, depth):
    """With dropout, every run measures something else; it ends, and the stds are about 1."""
    deep = Depth(seed, depth, leak, 2.0, "nothing")
    (net, layers), xb = deep.net(), deep.batch()
    net.insert(depth // 2, nn.Dropout(0.1))
    net.insert(0, Ear(most=400 * depth))
    lsuv(net.train(), xb)
    assert_close(stds_of(net, layers, [xb]), [1.0] * len(layers), atol=0.2)


@law("lsuv")
@few
@given(depths, st.data())
@example(DEEP, None)
def test_only_layers_that_meet_the_condition_are_changed(deep, data):
    """cond(module) says which; the others keep their parameters and shifts."""
    (net, layers), xb = deep.net(), deep.batch()
    some = data.draw(st.sets(st.sampled_from(range(len(layers))), min_size=1)) if data else {1, 4}
    chosen = [layers[i] for i in some]
    before = values_of(net, chosen)
    lsuv(net, xb, cond=lambda m: any(m is o for o in chosen))
    assert_same(values_of(net, chosen), before)
    assert_close(stds_of(net, chosen, [xb]), [1.0] * len(chosen), atol=5e-3)


@law("lsuv")
@few
@given(depths)
def test_nothing_of_it_stays_in_the_model(deep):
    """Hooks, modes and gradients are as before, and so is the batch."""
    (net, _), xb = deep.net(), deep.batch()
    before = hooks_of(net), [m.training for m in net.modules()]
    with unchanged(xb=xb):
        lsuv(net, xb)
    assert_same((hooks_of(net), [m.training for m in net.modules()]), before)
    assert_that(torch.is_grad_enabled(), "gradients are off afterwards")
    assert_that(all(p.grad is None for p in net.parameters()), "there are gradients", net)


@law("lsuv")
@few
@given(starts, dead_weights)
def test_a_dead_layer_among_others_is_named(start, weight):
    """The error has the dead layer's name in it, and no hook stays."""
    net, m = with_dead_layer(start, weight)
    before = hooks_of(net)
    text = told(lambda: lsuv(net, start.batch()))
    assert_that(text is not None, "no error was raised for a dead layer")
    assert_that(names(text, net, m), "the error does not name the layer", text, "body.third")
    assert_same(hooks_of(net), before)


@law("lsuv")
@few
@given(depths)
def test_no_gradient_is_recorded(deep):
    """What reaches the end of the model asks for no gradient, each time it is run."""
    (net, _), ear = deep.net(), Ear()
    net.append(ear)
    lsuv(net, deep.batch())
    recorded = [x for x in ear.heard if x.requires_grad]
    assert_that(ear.heard and not recorded, "the model was run with gradients", recorded)
