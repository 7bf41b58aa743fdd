"""Networks: the plain convnet of a recipe, initialised."""

from collections.abc import Callable
from functools import partial
from typing import Any

from torch import Tensor, nn

from .batchnorm import RunningBatchNorm
from .convnet import conv_layer, get_cnn_layers, init_cnn
from .lsuv import ConvLayer, lsuv
from .recipes import Recipe


def running_layer(ni: int, nf: int, ks: int = 3, stride: int = 2, **kwargs: Any) -> nn.Sequential:
    """`conv_layer` with the running batch norm in place of the usual one."""
    conv, relu, _ = conv_layer(ni, nf, ks, stride, bn=True, **kwargs)
    return nn.Sequential(conv, relu, RunningBatchNorm(nf))


LAYERS: dict[str, Callable[..., nn.Module]] = {
    "none": ConvLayer,
    "batch": conv_layer,
    "running": running_layer,
}


def make_network(recipe: Recipe, classes: int) -> nn.Sequential:
    """The convnet of `recipe` for so many classes, with Kaiming initialisation."""
    layer = partial(LAYERS[recipe.norm], leak=recipe.leak)
    model = nn.Sequential(*get_cnn_layers(3, classes, list(recipe.widths), layer))
    init_cnn(model)
    return model


def initialise(model: nn.Module, recipe: Recipe, batch: Tensor) -> None:
    """LSUV on normalized pictures, where the recipe wants it."""
    if recipe.lsuv:
        lsuv(model, batch)
