"""Networks: the plain convnet of a recipe, initialised."""

from collections.abc import Callable
from functools import partial
from typing import Any

from torch import Tensor, nn

from .batchnorm import RunningBatchNorm
from .convnet import conv_layer, get_cnn_layers, init_cnn
from .lsuv import ConvLayer, lsuv
from .recipes import Recipe, TrainError


def running_layer(ni: int, nf: int, ks: int = 3, stride: int = 2, **kwargs: Any) -> nn.Sequential:
    """`conv_layer` with the running batch norm in place of the usual one."""
    return nn.Sequential(conv_layer(ni, nf, ks, stride, bn=False, **kwargs), RunningBatchNorm(nf))


STEM = 64  # channels that come out of the stem of a colour picture
LAYERS: dict[str, Callable[..., nn.Module]] = {
    "none": ConvLayer,
    "batch": conv_layer,
    "running": running_layer,
}


def deep_layer(
    ni: int, nf: int, ks: int = 3, *, stride: int, layer: Callable[..., nn.Module], depth: int
) -> nn.Module:
    """`depth` layers in a row, the last with the stride and the new width; in the stem only one."""
    flat = [layer(ni, ni, ks, stride=1) for _ in range(depth - 1 if ni >= STEM else 0)]
    return nn.Sequential(*flat, layer(ni, nf, ks, stride=stride))


def make_network(recipe: Recipe, classes: int) -> nn.Sequential:
    """The convnet of `recipe` for so many classes, with Kaiming initialisation."""
    plain = partial(LAYERS[recipe.norm], leak=recipe.leak)
    layer = partial(deep_layer, layer=plain, depth=recipe.depth)
    model = nn.Sequential(*get_cnn_layers(3, classes, list(recipe.widths), layer))
    init_cnn(model)
    return model


def initialise(model: nn.Module, recipe: Recipe, batch: Tensor) -> None:
    """LSUV on normalized pictures, where the recipe wants it."""
    if recipe.lsuv:
        try:
            lsuv(model, batch)
        except ValueError as error:
            raise TrainError(f"LSUV: {error}; try a greater leak, or lsuv=0") from error
