"""The laws of LSUV."""

import math

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn

from checks.laws import assert_close, assert_raises, assert_same, law, number, unchanged
from checks.words import starts as words
from checks.words.norms import normals
from checks.words.starts import DEEP, START, Depth, Ear, depths, measured, seeds, slopes, starts
from katas.lsuv import ConvLayer, lsuv, lsuv_module

few = settings(max_examples=12)
kernels = st.sampled_from([1, 3, 5])
shifts = st.floats(-1, 1).map(lambda x: round(x, 2))


@law(
    "ConvLayer",
    "A convolution with a bias of its own, then `GeneralRelu(sub=sub, **kwargs)`.",
    "ni, nf, ks, stride as for `conv_layer`: the padding is half of `ks`, rounded down",
)
@given(seeds, kernels, st.integers(1, 3), shifts, slopes, st.none() | st.just(0.8))
@example(0, 3, 2, 0.5, 0.1, 0.8)
def test_it_is_a_convolution_and_a_shifted_activation(seed, ks, stride, sub, leak, maxv):
    """GeneralRelu(sub=sub, ...) of a convolution with padding ks // 2."""
    layer, x = ConvLayer(2, 5, ks, stride, sub, leak=leak, maxv=maxv), normals(seed, 2, 2, 7, 6)
    wanted = words.shifted(layer, x, ks, stride, -sub, leak, maxv)
    assert_close(layer(x), wanted, rtol=1e-4, atol=1e-5)


@law("ConvLayer", "ni, nf, ks, stride as for `conv_layer`")
@given(seeds, st.integers(1, 3), st.integers(1, 4))
def test_by_default_it_is_3_by_3_of_stride_2_without_a_shift(seed, ni, nf):
    """ConvLayer(ni, nf) has ks=3, stride=2, sub=0 and an ordinary ReLU."""
    layer, x = ConvLayer(ni, nf), normals(seed, 2, ni, 7, 6)
    assert_close(layer(x), words.shifted(layer, x, 3, 2, 0.0), rtol=1e-4, atol=1e-5)


@law("ConvLayer", "A convolution with a bias of its own", "which stays a parameter")
@given(st.integers(1, 3), st.integers(2, 4), kernels)
def test_the_parameters_are_those_of_the_convolution(ni, nf, ks):
    """A weight of [nf, ni, ks, ks], which is `layer.weight`, and a bias of [nf]."""
    layer = ConvLayer(ni, nf, ks)
    shapes = sorted(list(p.shape) for p in layer.parameters() if p.ndim)
    assert_same(shapes, sorted([[nf], [nf, ni, ks, ks]]))
    same = [p for p in layer.parameters() if p.data_ptr() == layer.weight.data_ptr()]
    assert_same(len(same), 1)


@law("ConvLayer", "`layer.bias` is the activation's shift, `-sub`")
@given(shifts, shifts)
@example(0.5, 0.25)
def test_the_bias_is_the_negated_shift_of_this_layer(sub, change):
    """layer.bias = -sub, and setting it leaves the bias of another layer unchanged."""
    layer, other = ConvLayer(1, 2, sub=sub), ConvLayer(1, 2, sub=sub)
    assert_close(number(layer.bias), -sub)
    with torch.no_grad():
        layer.bias -= change
    assert_close([number(layer.bias), number(other.bias)], [-sub - change, -sub])


@law("ConvLayer", "Both can be read and set, and the next call uses them.")
@given(seeds, shifts, shifts, slopes)
@example(0, 0.5, 0.25, 0.1)
def test_a_bias_that_is_set_shifts_the_output(seed, sub, change, leak):
    """After layer.bias -= change, every output is smaller by change, and the bias reads so.

    After layer.bias = 0 * layer.bias + change, both are as if the layer had started with it.
    """
    layer, x = ConvLayer(2, 5, sub=sub, leak=leak), normals(seed, 2, 2, 7, 6)
    layer(x)
    wanted = words.shifted(layer, x, 3, 2, -sub - change, leak)
    with torch.no_grad():
        layer.bias -= change
    assert_close(layer(x), wanted, rtol=1e-4, atol=1e-5)
    assert_close(number(layer.bias), -sub - change)
    layer.bias = 0 * layer.bias + change
    assert_close(number(layer.bias), change)
    wanted = words.shifted(layer, x, 3, 2, change, leak)
    assert_close(layer(x), wanted, rtol=1e-4, atol=1e-5)


@law("ConvLayer", "`layer.weight` is the convolution's weight", "Both can be read and set")
@given(seeds, shifts)
def test_a_weight_that_is_set_is_computed_with(seed, sub):
    """After layer.weight = w, the weight reads w, and the output is that of w."""
    layer, x = ConvLayer(2, 5, sub=sub, leak=0.1), normals(seed, 2, 2, 7, 6)
    weight = normals(seed + 1, 5, 2, 3, 3)
    words.set_weight(layer, weight.clone())
    assert_close(layer.weight.detach(), weight)
    assert_close(layer(x), words.shifted(layer, x, 3, 2, -sub, 0.1), rtol=1e-4, atol=1e-5)


@law("ConvLayer", "`layer.weight` is the convolution's weight")
@given(seeds, st.sampled_from([0.5, 3.0]))
def test_a_weight_that_is_scaled_in_place_is_computed_with(seed, factor):
    """layer.weight.data *= factor, as LSUV does it, changes the output."""
    layer, x = ConvLayer(2, 5, leak=0.1), normals(seed, 2, 2, 7, 6)
    weight = layer.weight.detach().clone() * factor
    layer.weight.data *= factor
    assert_close(layer.weight.detach(), weight)
    assert_close(layer(x), words.shifted(layer, x, 3, 2, 0.0, 0.1), rtol=1e-4, atol=1e-5)


@law("ConvLayer", "which stays a parameter")
@given(seeds)
def test_a_layer_can_be_trained_after_its_weight_was_set(seed):
    """The weight is still a parameter, and a backward pass computes its gradient."""
    layer = ConvLayer(2, 5, leak=0.1)
    words.set_weight(layer, normals(seed, 5, 2, 3, 3))
    layer(normals(seed, 2, 2, 7, 6)).sum().backward()
    grads = [p.grad is not None for p in layer.parameters() if p.shape == (5, 2, 3, 3)]
    assert_same(grads, [True])


@law("ConvLayer", "The state dict of a layer holds both.")
@given(seeds, shifts, shifts)
@example(0, 0.0, 0.7)
def test_a_saved_layer_keeps_weight_and_bias(seed, sub, bias):
    """A new layer with the state dict of another has its weight and bias, and its output."""
    layer, other, x = ConvLayer(2, 3, sub=sub), ConvLayer(2, 3), normals(seed, 2, 2, 5, 5)
    with torch.no_grad():
        layer.bias -= layer.bias - bias
    other.load_state_dict(layer.state_dict())
    assert_close(number(other.bias), bias)
    assert_close(other(x).detach(), layer(x).detach())


@law("ConvLayer", "The input is left unchanged.")
@given(seeds, shifts, slopes)
def test_the_input_of_a_layer_stays_as_it_is(seed, sub, leak):
    """x is the same after the call."""
    x = normals(seed, 2, 2, 5, 5)
    with unchanged(x=x):
        ConvLayer(2, 3, sub=sub, leak=leak)(x)


@law(
    "lsuv_module",
    "Change layer `m` of `model` in place until its output has mean 0, then until",
    "Measure by sending `xb` through the whole model, before and after each change.",
    "m a layer somewhere in `model`, whose `bias` and `weight` can be set",
)
@few
@given(starts, st.sampled_from([ConvLayer, words.Rescaled]))
@example(START, ConvLayer)
@example(START, words.Rescaled)
def test_afterwards_the_std_of_the_output_is_1(start, kind):
    """The layer's own output, over the whole batch, whatever its parts are called."""
    (net, m), xb = start.net(kind), start.batch()
    lsuv_module(net, m, xb)
    [[_, std]] = measured(net, [m], [xb])
    assert_close(std, 1.0, atol=5e-3)


@law("lsuv_module", "A dead layer has std 0", "2. scale divide `m.weight` by the std of the output")
@few
@given(seeds, st.sampled_from([1e-2, 1e-4]))
@example(0, 1e-4)
def test_a_layer_with_small_weights_is_not_dead(seed, gain):
    """A std of 0.0001 isn't 0: the weights grow until it's 1."""
    torch.manual_seed(seed)
    net, xb = nn.Sequential(ConvLayer(1, 4)), normals(seed, 8, 1, 6, 6)
    for p in net.parameters():
        p.data.mul_(gain)
    lsuv_module(net, net[0], xb)
    assert_close(words.stds_of(net, [net[0]], [xb]), [1.0], atol=5e-3)


@law("lsuv_module", "1. shift subtract the mean of the output from `m.bias`")
@few
@given(starts)
@example(START)
def test_the_shift_takes_the_mean_away_before_scaling(start):
    """The bias has become smaller by the mean that the output had before anything was scaled."""
    (net, m), xb = start.net(ConvLayer), start.batch()
    [[mean, _]] = measured(net, [m], [xb])
    wanted = number(m.bias) - mean
    lsuv_module(net, m, xb)
    assert_close(number(m.bias), wanted, rtol=1e-3, atol=2e-3)


@law("lsuv_module", "until the mean is within `tol` of 0")
@few
@given(seeds)
@example(0)
def test_it_shifts_again_until_the_mean_is_near_0(seed):
    """With `maxv` one shift is too little: with the old weight and the new bias, the mean is 0."""
    torch.manual_seed(seed)
    net = nn.Sequential(ConvLayer(1, 4, leak=0.3, sub=-0.3, maxv=0.4))
    xb, before = normals(seed, 8, 1, 6, 6), net[0].weight.detach().clone()
    lsuv_module(net, net[0], xb)
    net[0].weight.data.copy_(before)
    [[mean, _]] = measured(net, [net[0]], [xb])
    assert_close(mean, 0.0, atol=1.5e-3)


@law("lsuv_module", "2. scale divide `m.weight` by the std of the output")
@few
@given(starts)
@example(START)
def test_the_weight_is_divided_by_one_number(start):
    """All weights change by the same factor above 0, and the convolution's bias stays."""
    (net, m), xb = start.net(ConvLayer), start.batch()
    before, biases = m.weight.detach().clone(), [p for p in m.parameters() if p.ndim == 1]
    with unchanged(biases=biases):
        lsuv_module(net, m, xb)
    ratios = (m.weight.detach() / before).flatten()
    assert_close(ratios, ratios.abs().median().expand_as(ratios), rtol=1e-3)


@law(
    "lsuv_module",
    "3. return the last measured (mean, std), a tuple of two floats",
    "Scaling moves the mean a little,",
)
@few
@given(starts)
@example(START)
def test_the_last_mean_and_std_are_returned(start):
    """(mean, std) of the output as the layer is left; the mean has moved with the scaling."""
    (net, m), xb = start.net(ConvLayer), start.batch()
    found = words.pair(lsuv_module(net, m, xb))
    [wanted] = measured(net, [m], [xb])
    assert_close(found, wanted, rtol=1e-3, atol=1e-3)


@law("lsuv_module", "until the mean is within `tol` of 0", "until the std is within `tol` of 1")
@few
@given(starts)
@example(START)
def test_a_second_time_mean_and_std_are_both_near(start):
    """Where the std is 1 already, the mean stays at 0 after the shift."""
    (net, m), xb = start.net(ConvLayer), start.batch()
    lsuv_module(net, m, xb)
    assert_close(words.pair(lsuv_module(net, m, xb)), [0.0, 1.0], atol=8e-3)


@law("lsuv_module", "xb one input batch, or a list of them: average their means and their stds")
@few
@given(starts, st.lists(st.sampled_from([0.3, 1.0, 2.5]), min_size=1, max_size=3))
@example(START, [0.3, 1.0, 2.5])
def test_over_several_batches_mean_and_std_are_averaged(start, scales):
    """xb may be a list: the mean of the batches' means, and of their stds, counts."""
    net, m = start.net(ConvLayer)
    batches = [start.batch(i, scale) for i, scale in enumerate(scales)]
    [[mean, _]] = measured(net, [m], batches)
    wanted = number(m.bias) - mean
    found = words.pair(lsuv_module(net, m, batches))
    [after] = measured(net, [m], batches)
    assert_close([number(m.bias), after[1]], [wanted, 1.0], rtol=1e-3, atol=5e-3)
    assert_close(found, after, rtol=1e-3, atol=1e-3)


@law("lsuv_module", "until the std is within `tol` of 1")
@few
@given(starts, st.sampled_from([1e-2, 1e-3, 1e-5]))
@example(START, 1e-5)
def test_it_scales_until_the_std_is_within_tol(start, tol):
    """|std - 1| is tol at most, although every scaling moves it by less than it should."""
    (net, m), xb = start.with_wide_biases(ConvLayer), start.batch()
    _, std = words.pair(lsuv_module(net, m, xb, tol))
    assert_close(std, 1.0, rtol=0.0, atol=tol + 2e-6)


@law("lsuv_module", "within `tol` of 1")
@few
@given(starts)
@example(START)
def test_tol_is_a_thousandth_by_default(start):
    """Without `tol`, |std - 1| is 0.001 at most."""
    (net, m), xb = start.with_wide_biases(ConvLayer), start.batch()
    _, std = words.pair(lsuv_module(net, m, xb))
    assert_close(std, 1.0, rtol=0.0, atol=1e-3 + 2e-6)


@law("lsuv_module", "until the mean is within `tol` of 0", "until the std is within `tol` of 1")
@few
@given(starts)
def test_a_layer_that_is_right_stays_as_it_is(start):
    """Where mean and std are within tol, nothing changes, and the model runs a few times."""
    (net, m), xb = start.net(ConvLayer), start.batch()
    lsuv_module(net, m, xb)
    net.body.ear.heard, net.body.ear.most, changes = [], 8, words.Changes(m)
    lsuv_module(net, m, xb, tol=0.1, max_iter=100)
    assert_same(changes.count()["weight"], 0)


@law("lsuv_module", "There are at most `max_iter` changes of each kind.")
@few
@given(starts, st.integers(1, 5) | st.just(20))
@example(START, 1)
def test_it_stops_where_tol_is_out_of_reach(start, max_iter):
    """With tol=0 there are max_iter shifts and max_iter scalings at most; 20 by default."""
    net, m = start.net(ConvLayer, most=4 * max_iter + 8)
    changes, limit = words.Changes(m), {} if max_iter == 20 else {"max_iter": max_iter}
    lsuv_module(net, m, start.batch(), tol=0.0, **limit)
    too_many = {name: o for name, o in changes.count().items() if o > max_iter}
    assert_same(too_many, {})


@law("lsuv_module", "All other layers, and `xb`, are left unchanged")
@few
@given(starts, st.booleans())
@example(START, True)
def test_no_other_layer_is_changed(start, several):
    """All other layers' parameters, gradients and buffers, and the batches, are as before."""
    (net, m), xb = start.net(ConvLayer), [start.batch(), start.batch(1)]
    net(xb[0]).sum().backward()
    before, grads = words.values_of(net, [m]), words.gradients_of(net, [m])
    with unchanged(xb=xb):
        lsuv_module(net, m, xb if several else xb[0])
    assert_same(words.values_of(net, [m]), before)
    assert_same(words.gradients_of(net, [m]), grads)


@law(
    "lsuv_module",
    "No gradient is recorded, the model's mode is left unchanged, and no hook",
)
@few
@given(starts, st.booleans())
def test_nothing_is_left_behind(start, training):
    """The model runs without gradients; modes, the caller's hooks and parameters stay."""
    net, m = start.net(ConvLayer)
    net.train(training).body.first.train(not training)
    m.register_forward_hook(lambda *args: None)
    before = words.left_behind(net)
    lsuv_module(net, m, start.batch())
    assert_same(words.left_behind(net), {**before, "gradients on": True})
    assert_same([x.requires_grad for x in net.body.ear.heard if x.requires_grad], [])


@law("lsuv_module", "after an")
@few
@given(starts, st.integers(0, 2))
def test_nothing_is_left_behind_after_an_error(start, runs):
    """An error of the model is passed on; hooks are removed, and gradients are on."""
    net, m = start.with_wide_biases(ConvLayer)
    net.body.ear.most = runs
    before = words.left_behind(net)
    with assert_raises(OverflowError, "more than"):
        lsuv_module(net, m, start.batch(), tol=0.0)
    assert_same(words.left_behind(net), {**before, "gradients on": True})


dead_weights = st.sampled_from([0.0, math.nan, math.inf, -math.inf])


@law(
    "lsuv_module",
    "A dead layer has std 0, or a mean or a std that is not finite.",
    'It raises ValueError with its name in the model, such as "body.third".',
)
@few
@given(starts, dead_weights)
@example(START, 0.0)
@example(START, math.nan)
def test_a_dead_layer_raises_an_error_that_names_it(start, weight):
    """Where std is 0, or mean or std is not finite, the message has the layer's name in it."""
    net, m = start.with_dead_layer(ConvLayer, weight)
    before = words.left_behind(net)
    with assert_raises(ValueError, "body.third"):
        lsuv_module(net, m, start.batch())
    assert_same(words.left_behind(net), {**before, "gradients on": True})


@law("lsuv_module", "A dead layer has std 0", "before and after each change")
@few
@given(seeds)
def test_a_layer_that_dies_of_its_shift_raises_the_error_too(seed):
    """With maxv=0 a large `sub` shifts every output to 0: the std is 0 when the mean is."""
    net, xb = (
        nn.Sequential(nn.Identity(), ConvLayer(1, 2, sub=5.0, maxv=0.0)),
        normals(seed, 8, 1, 6, 6),
    )
    with assert_raises(ValueError, "1"):
        lsuv_module(net, net[1], xb)


@law(
    "lsuv",
    "Call `lsuv_module` for each layer of `model` that meets `cond`",
    "Afterwards each of these layers has a std near 1, however deep the model is and whatever lies",
)
@few
@given(depths)
@example(DEEP)
@example(Depth(seed=1, depth=6, leak=None, gain=0.3, between="sigmoid"))
def test_afterwards_every_layers_std_is_1(deep):
    """Whatever activation or depth came before, with all layers as they are at the end."""
    (net, layers), xb = deep.net(ConvLayer), deep.batch()
    lsuv(net, xb)
    assert_close(words.stds_of(net, layers, [xb]), [1.0] * len(layers), atol=5e-3)


@law("lsuv", "xb one input batch, or a list of them")
@few
@given(depths, st.integers(1, 3))
@example(DEEP, 2)
def test_a_list_of_batches_is_averaged_over(deep, count):
    """xb may be a list: afterwards the mean of the batches' stds is 1 in every layer."""
    net, layers = deep.net(ConvLayer)
    batches = [deep.batch(i) * (1 + i) for i in range(count)]
    lsuv(net, batches)
    assert_close(words.stds_of(net, layers, batches), [1.0] * len(layers), atol=5e-3)


@law(
    "lsuv",
    "in the order of their use",
    "The order is that of the forward pass, not that of the definition.",
    "Returns a list of the layers' (mean, std), in that order.",
)
@few
@given(depths, st.sampled_from([words.in_order, words.Backwards]))
@example(DEEP, words.Backwards)
def test_layers_come_in_the_order_of_the_forward_pass(deep, arranged):
    """Each (mean, std) is that of the layer that is next in use, wherever it is defined."""
    net, layers = deep.net(ConvLayer)
    net, xb = arranged(list(net.children())).eval(), deep.batch()
    found = lsuv(net, xb)
    assert_same((type(found).__name__, len(found)), ("list", len(layers)))
    wanted = measured(net, layers, [xb])
    assert_close([words.pair(o) for o in found], wanted, rtol=1e-3, atol=2e-3)
    assert_close([std for _, std in wanted], [1.0] * len(layers), atol=5e-3)


@law("lsuv", "With dropout, every measurement is a little different, so the std is only about 1.")
@few
@given(seeds, slopes, st.integers(2, 5))
def test_dropout_in_training_does_not_keep_it_going(seed, leak, depth):
    """With dropout, every run measures something else; it stops, and the stds are about 1."""
    deep = Depth(seed, depth, leak, 2.0, "nothing")
    (net, layers), xb = deep.net(ConvLayer), deep.batch()
    net.insert(depth // 2, nn.Dropout(0.1))
    net.insert(0, Ear(most=400 * depth))
    lsuv(net.train(), xb)
    assert_close(words.stds_of(net, layers, [xb]), [1.0] * len(layers), atol=0.2)


@law("lsuv", "cond True for the modules to change; all others are left unchanged")
@few
@given(depths, st.sets(st.integers(0, 5), min_size=1))
@example(DEEP, {1, 4})
def test_only_layers_that_meet_the_condition_are_changed(deep, places):
    """cond(module) says which; the others keep their parameters and shifts."""
    (net, layers), xb = deep.net(ConvLayer), deep.batch()
    chosen = [layers[i] for i in sorted({i % len(layers) for i in places})]
    before = words.values_of(net, chosen)
    assert_same(len(lsuv(net, xb, cond=lambda m: any(m is o for o in chosen))), len(chosen))
    assert_same(words.values_of(net, chosen), before)
    assert_close(words.stds_of(net, chosen, [xb]), [1.0] * len(chosen), atol=5e-3)


@law(
    "lsuv",
    "No gradient is recorded, no hook is left behind, and `xb` and the model's modes are",
)
@few
@given(depths, st.booleans())
def test_nothing_of_it_stays_in_the_model(deep, training):
    """Hooks, modes and gradients are as before, and so is the batch; no run records gradients."""
    (net, _), ear, batches = deep.net(ConvLayer), Ear(), [deep.batch(), deep.batch(1)]
    net.append(ear).train(training)
    before = words.left_behind(net)
    with unchanged(xb=batches):
        lsuv(net, batches)
        lsuv(net, batches[0])
    assert_same(words.left_behind(net), {**before, "gradients on": True})
    assert_same([x.requires_grad for x in ear.heard if x.requires_grad], [])
    assert_same(len(ear.heard) > 0, True)


@law("lsuv", "no hook is left behind, and `xb` and the model's modes are left unchanged.")
@few
@given(starts)
def test_no_hook_stays_after_an_error_of_the_model(start):
    """Pictures with too many channels: the model's own error comes out, and no hook stays."""
    net, _ = start.net(ConvLayer)
    before = words.left_behind(net)
    with assert_raises(RuntimeError):
        lsuv(net, start.batch().repeat(1, 2, 1, 1))
    assert_same(words.left_behind(net), before)


@law("lsuv", "A dead layer raises the ValueError of `lsuv_module`.", "no hook")
@few
@given(starts, dead_weights)
@example(START, 0.0)
def test_a_dead_layer_among_others_is_named(start, weight):
    """The error has the dead layer's name in it, and no hook stays."""
    net, _ = start.with_dead_layer(ConvLayer, weight)
    before = words.left_behind(net)
    with assert_raises(ValueError, "body.third"):
        lsuv(net, start.batch())
    assert_same(words.left_behind(net), {**before, "gradients on": True})
