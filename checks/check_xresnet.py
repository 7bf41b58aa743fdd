"""The laws of the residual network."""

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from checks.laws import assert_close, assert_same, assert_that, law, unchanged
from checks.words.residuals import (
    Block,
    Net,
    blocks,
    conv_norm,
    dress,
    dress_convs,
    nets,
    pairs_of,
    run_of,
)
from katas.xresnet import ResBlock, xresnet, xresnet18, xresnet34, xresnet50

few = settings(max_examples=15)
some = settings(max_examples=5)
ONE = Block(seed=1, ni=5, nf=8, stride=2, expansion=4)


def weights_in(net):
    """How many numbers a network learns."""
    return sum(p.numel() for p in net.parameters())


def block_of(case, training=True, dressed=True):
    """A block, with norms that show or fresh, and its convolutions with their norms."""
    block = ResBlock(*case.args()).train(training)
    pairs = pairs_of(run_of(block.eval(), case.x()))
    block.train(training)
    dress_convs(pairs, case.seed)
    if dressed:
        dress(pairs, case.seed)
    return block, pairs


@law(
    "ResBlock",
    "A residual block: `relu(convs(x) + shortcut(x))`.",
    "convs, expansion 1 3x3 with the stride, 3x3",
    "convs, else 1x1, 3x3 with the stride, 1x1",
    "stride 1 or 2",
    "after the last of `convs` and in the shortcut.",
)
@given(blocks(), st.booleans())
@example(ONE, True)
@example(Block(1, 8, 8, 2, 1), True)
def test_a_block_is_its_convolutions_plus_its_shortcut(case, training):
    """With any weights, in training and evaluation: what torch's functions compute."""
    block, pairs = block_of(case, training)
    wanted = case.by_hand(pairs, training)
    assert_close(block(case.x()), wanted, rtol=1e-4, atol=1e-5)


@law(
    "ResBlock",
    "shortcut, stride 2 average pool over 2x2 pixels, rounding up where a size is odd",
    "shortcut without these x itself",
    "so a fresh block is `relu(shortcut(x))`",
)
@few
@given(blocks(), st.booleans())
@example(Block(1, 8, 8, 2, 1, h=5, w=3), True)
def test_a_fresh_block_of_equal_widths_is_its_shortcut(case, training):
    """relu(x) with stride 1, relu of x averaged over 2x2 pixels with stride 2."""
    case.ni = case.nf
    block = ResBlock(*case.args()).train(training)
    assert_close(block(case.x()), case.pooled(case.x()).relu())


@law("ResBlock", "then, if ni != nf 1x1 convolution and batch norm")
@few
@given(blocks(ni=st.sampled_from([5, 6])), st.booleans())
def test_a_fresh_block_of_other_width_is_its_shortcut(case, training):
    """relu(norm(conv(x))), of x averaged first with stride 2, with a norm of weight 1."""
    block, pairs = block_of(case, training, dressed=False)
    shortcut = conv_norm(case.pooled(case.x()), case.sorted(pairs)[-1], 1, training)
    assert_close(block(case.x()), shortcut.relu(), rtol=1e-4, atol=1e-5)


@law(
    "ResBlock",
    "The weight of the last batch norm of `convs` is 0 at the start",
    "Every other batch norm starts with weight 1 and bias 0.",
)
@few
@given(blocks())
def test_the_last_norm_starts_at_0_and_the_others_at_1(case):
    """Weights of the norms: 1, ..., 1, 0 in the convs and 1 in the shortcut; biases 0."""
    norms = [norm for _, norm in case.sorted(block_of(case, dressed=False)[1])]
    last = 1 if case.expansion == 1 else 2
    wanted = [float(i != last) for i in range(len(norms))]
    assert_same([o.weight.detach().unique().tolist() for o in norms], [[o] for o in wanted])
    assert_same([o.bias.detach().unique().tolist() for o in norms], [[0.0]] * len(norms))


@law("ResBlock", "It still learns from the first batch on.")
@few
@given(blocks())
def test_a_fresh_block_learns_from_the_first_batch(case):
    """One step of gradient descent changes the part of the convolutions from 0."""
    block = ResBlock(*case.args())
    pairs = pairs_of(run_of(block.eval(), case.x()))
    block.train()
    (block(case.x()) * (case.x().sum() + block(case.x()).detach())).sum().backward()
    last = case.sorted(pairs)[1 if case.expansion == 1 else 2][1].weight
    assert_that(last.requires_grad and last.grad is not None, "the last norm's weight can't learn")
    largest = last.grad.abs().max().item()
    assert_that(largest > 0, f"its gradient: got {largest}, wanted another than 0", largest, "> 0")


@law(
    "ResBlock",
    "expansion nf // expansion is the number of channels between the convolutions",
    'Convolutions have "same" padding and no bias.',
    "Each one is followed by batch norm.",
)
@few
@given(blocks())
@example(Block(1, 5, 10, 1, 4))
def test_a_block_has_its_number_of_weights(case):
    """Those of its convolutions without bias, and two a channel of each norm; all can learn."""
    block = ResBlock(*case.args())
    assert_same(weights_in(block), case.weights())
    assert_that(all(p.requires_grad for p in block.parameters()), "weights that can't learn")


@law("ResBlock", "ni, nf channels in and out")
@few
@given(blocks(h=st.integers(1, 8), w=st.integers(1, 8)))
def test_a_block_halves_a_picture_rounding_up(case):
    """[n, ni, h, w] becomes [n, nf, ceil(h / stride), ceil(w / stride)]."""
    out = ResBlock(*case.args()).eval()(case.x())
    half = [-(-case.h // case.stride), -(-case.w // case.stride)]
    assert_same(list(out.shape), [case.n, case.nf, *half])


@law("ResBlock", "ni, nf channels in and out", "stride 1 or 2")
@some
@given(st.integers(0, 99))
def test_stride_and_expansion_are_1_unless_given(seed):
    """ResBlock(ni, nf) is ResBlock(ni, nf, stride=1, expansion=1)."""
    case = Block(seed, 3, 8, 1, 1)
    block = ResBlock(3, 8)
    assert_same((weights_in(block), list(block(case.x()).shape)), (case.weights(), [2, 8, 5, 4]))


@law("ResBlock", "`x` is left unchanged.")
@few
@given(blocks(), st.booleans())
@example(Block(1, 8, 8, 1, 1), False)
def test_the_input_is_left_unchanged(case, widen):
    """x has the same values after the forward pass, in evaluation without gradients too."""
    case.ni = case.ni if widen else case.nf
    block, x = block_of(case)[0], case.x()
    with unchanged(x=x):
        block(x)
    with unchanged(x=x), torch.no_grad():
        block.eval()(x)


def made(case):
    """A network for that case, with the outputs of its blocks as they come."""
    net, outputs = xresnet(*case.args()), []
    for m in net.modules():
        if isinstance(m, ResBlock):
            m.register_forward_hook(lambda m, inp, out: outputs.append((inp[0], out)))
    return net, outputs


@law(
    "xresnet",
    "groups four, of `ResBlock`s with 64, 128, 256 and 512 channels times `expansion`",
    "The first block of groups 2, 3 and 4 has stride 2, every other block stride 1.",
    "layers how many blocks each group has",
    "expansion of every block",
)
@some
@given(nets)
@example(Net(layers=(1, 2, 3, 1)))
def test_every_block_returns_its_shape(case):
    """Each block's output, in order: channels by group, halved by the first of groups 2 to 4."""
    net, outputs = made(case)
    with torch.no_grad():
        net.eval()(case.x(1))
    assert_same([list(out.shape) for _, out in outputs], case.outputs(1))


@law("xresnet", "A residual network for pictures of at least 32x32")
@some
@given(nets)
@example(Net(stem=(16, 24, 40), expansion=4))
@example(Net(layers=(1, 3, 1, 1)))
def test_a_network_has_its_number_of_weights(case):
    """Those of stem, blocks and linear layer; none are shared, and all can learn."""
    net = xresnet(*case.args())
    assert_same(weights_in(net), case.weights())
    assert_that(all(p.requires_grad for p in net.parameters()), "weights that can't learn")


@law("xresnet", "groups four, of `ResBlock`s")
@some
@given(st.sampled_from([1, 2, 4]), st.booleans())
def test_the_blocks_of_a_network_are_fresh(expansion, training):
    """A block whose input has the shape of its output returns it: its last norm starts at 0."""
    net, outputs = made(Net((2, 2, 1, 2), expansion))
    with torch.no_grad():
        net.train(training)(Net().x())
    for x, out in outputs:
        if x.shape == out.shape:
            assert_close(out, x)


@law(
    "xresnet",
    "stem three 3x3 convolutions with strides 2, 1, 1, then 3x3 max pool, stride 2, padding 1",
    "The convolutions of the stem are like those of a block: no bias, then batch norm and ReLU.",
    "stem channels of the three convolutions",
    "c_in channels of a picture",
)
@some
@given(nets, st.booleans())
def test_the_stem_is_three_convolutions_and_a_max_pool(case, training):
    """What reaches the first block is what torch's functions compute."""
    net, outputs = made(case)
    stem = pairs_of(run_of(net.eval(), case.x())[:6])
    dress_convs(stem, 1)
    dress(stem, 1)
    outputs.clear()
    x = case.x()
    with torch.no_grad():
        net.train(training)(x)
        for pair, stride in zip(stem, (2, 1, 1), strict=True):
            x = conv_norm(x, pair, stride, training).relu()
    assert_same([conv.weight.shape[0] for conv, _ in stem], list(case.stem))
    wanted = F.max_pool2d(x, 3, stride=2, padding=1)
    assert_close(outputs[0][0], wanted, rtol=1e-4, atol=1e-4)


@law("xresnet", "head average pool to one pixel, flatten, linear", "c_out classes")
@some
@given(nets, st.booleans())
@example(Net(h=32, w=288), False)
@example(Net(h=288, w=32), True)
def test_the_head_averages_and_classifies(case, training):
    """The mean over all pixels of the last block's output, through a linear layer with bias."""
    net, outputs = made(case)
    linear = [m for m in net.modules() if isinstance(m, nn.Linear)][-1]
    with torch.no_grad():
        linear.bias.copy_(torch.arange(case.c_out))
        found = net.train(training)(case.x())
        wanted = F.linear(outputs[-1][1].mean((2, 3)), linear.weight, linear.bias)
    assert_close(found, wanted, rtol=1e-4, atol=1e-5)


@law("xresnet", "training needs at least two.")
@some
@given(nets)
@example(Net())
def test_two_small_pictures_are_enough_to_train(case):
    """A backward pass from two pictures reaches every weight; one picture can be classified."""
    net = xresnet(*case.args())
    out = net(case.x(2))
    out.sum().backward()
    without = [name for name, p in net.named_parameters() if p.grad is None]
    assert_same(without, [])
    with torch.no_grad():
        one = net.eval()(case.x(1))
    assert_same([list(out.shape), list(one.shape)], [[2, case.c_out], [1, case.c_out]])


@law("xresnet", "A residual network for pictures of at least 32x32")
def test_a_network_has_3_channels_and_10_classes_unless_given():
    """xresnet(layers) has expansion 1, c_in 3, c_out 10 and the stem 32, 32, 64."""
    assert_same(weights_in(xresnet([1, 2, 2, 1])), Net(layers=(1, 2, 2, 1)).weights())


@law("xresnet", "layers how many blocks each group has")
def test_the_arguments_are_left_unchanged():
    """The lists of layers and of the stem are the same after the call."""
    layers, stem = [1, 1, 2, 1], [8, 8, 16]
    with unchanged(layers=layers, stem=stem):
        xresnet(layers, stem=stem)


def is_as_xresnet(make, layers, expansion):
    """Whether `make` is xresnet with these layers, with its own arguments and by default."""
    for case, net in (
        (Net(layers, expansion), make()),
        (Net(layers, expansion, 1, 7, (8, 12, 16)), make(1, 7, (8, 12, 16))),
        (Net(layers, expansion, 4, 5, (16, 16, 24)), make(c_in=4, c_out=5, stem=(16, 16, 24))),
    ):
        assert_same(weights_in(net), case.weights())
    other = make(c_in=4, c_out=5, stem=(16, 16, 24))
    assert_that(other is not net, "the second call returned the first network")
    with torch.no_grad():
        shapes = []
        for m in net.modules():
            if isinstance(m, ResBlock):
                m.register_forward_hook(lambda m, inp, out: shapes.append(list(out.shape)))
        assert_same(list(net.eval()(case.x(1)).shape), [1, 5])
    assert_same(shapes, case.outputs(1))


@law("xresnet18", "`xresnet` with groups of 2, 2, 2 and 2 blocks.")
def test_xresnet18_has_eight_blocks():
    """Two blocks in each group, and 11,200,874 weights by default."""
    is_as_xresnet(xresnet18, (2, 2, 2, 2), 1)


@law("xresnet34", "`xresnet` with groups of 3, 4, 6 and 3 blocks.")
def test_xresnet34_has_sixteen_blocks():
    """3, 4, 6 and 3 blocks in the groups, and 21,309,034 weights by default."""
    is_as_xresnet(xresnet34, (3, 4, 6, 3), 1)


@law("xresnet50", "`xresnet` with groups of 3, 4, 6 and 3 blocks, and expansion 4.")
def test_xresnet50_has_sixteen_wide_blocks():
    """3, 4, 6 and 3 blocks of expansion 4, and 23,547,754 weights by default."""
    is_as_xresnet(xresnet50, (3, 4, 6, 3), 4)
