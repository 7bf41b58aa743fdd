"""The laws of the residual network."""

import torch

from checks.laws import assert_close, assert_same, law
from katas.xresnet import ResBlock, xresnet, xresnet18, xresnet34, xresnet50


def weights_in(net):
    """How many numbers a network learns."""
    return sum(p.numel() for p in net.parameters())


@law("ResBlock", "so that a fresh block is `relu(shortcut(x))`")
def test_a_fresh_block_is_its_shortcut():
    """With equal shapes: relu(x)."""
    x = torch.randn(2, 4, 5, 5)
    assert_close(ResBlock(4, 4)(x), x.relu())


@law("xresnet", "A residual network, for pictures of 32x32 pixels and more.")
def test_a_network_has_its_number_of_weights():
    """One block in each group."""
    assert_same(weights_in(xresnet([1, 2, 2, 1])), 6406250)


@law("xresnet18", "`xresnet` with groups of 2, 2, 2 and 2 blocks.")
def test_xresnet18_has_its_number_of_weights():
    """11,200,874 weights."""
    assert_same(weights_in(xresnet18()), 11200874)


@law("xresnet34", "`xresnet` with groups of 3, 4, 6 and 3 blocks.")
def test_xresnet34_has_its_number_of_weights():
    """21,309,034 weights."""
    assert_same(weights_in(xresnet34()), 21309034)


@law("xresnet50", "`xresnet` with groups of 3, 4, 6 and 3 blocks, and expansion 4.")
def test_xresnet50_has_its_number_of_weights():
    """23,547,754 weights."""
    assert_same(weights_in(xresnet50()), 23547754)
