"""Networks: the convnet or residual network of a recipe, initialised, and what it takes in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from ..batch_augment import BatchAugment
from ..batches import normalize_chan
from ..batchnorm import RunningBatchNorm
from ..convnet import conv_layer, get_cnn_layers, init_cnn
from ..learner import BatchTransformXCallback, Callback, DeviceCallback
from ..lsuv import ConvLayer, lsuv
from ..transforms import to_float_tensor
from ..xresnet import xresnet
from .parts import PARTS, TrainError, add

if TYPE_CHECKING:  # recipes know the parts that are added here
    from .recipes import Recipe


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


def convnet(recipe: Recipe, classes: int) -> nn.Module:
    """The lecture's, with its first weights."""
    plain = partial(LAYERS[recipe.norm], leak=recipe.leak)
    layer = partial(deep_layer, layer=plain, depth=recipe.depth)
    return started(nn.Sequential(*get_cnn_layers(3, classes, list(recipe.widths), layer)), recipe)


def residual(recipe: Recipe, classes: int) -> nn.Module:
    """The residual network, with its first weights."""
    return started(xresnet(recipe.blocks, c_out=classes), recipe)


def started(model: nn.Module, recipe: Recipe) -> nn.Module:
    """The same model with the first weights that `recipe` wants, as torch makes them or Kaiming."""
    if recipe.init == "kaiming":
        init_cnn(model)
    return model


add("arch", "convnet", convnet)
add("arch", "xresnet", residual)


def make_network(recipe: Recipe, classes: int) -> nn.Module:
    """The network of `recipe` for so many classes, with its first weights but for LSUV."""
    return PARTS["arch"][recipe.arch](recipe, classes)


def initialise(model: nn.Module, recipe: Recipe, batch: Tensor) -> None:
    """LSUV on normalized pictures, where the recipe wants it."""
    if recipe.lsuv:
        try:
            lsuv(model, batch)
        except ValueError as error:
            raise TrainError(f"LSUV: {error}; try a greater leak, or lsuv=0") from error


def network_input(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """A batch of bytes, or of floats 0..1, as the network takes it: normalized, channels last."""
    floats = to_float_tensor(x) if x.dtype == torch.uint8 else x
    return normalize_chan(floats, mean, std).contiguous(memory_format=torch.channels_last)


def input_callbacks(
    recipe: Recipe, mean: Tensor, std: Tensor, device: torch.device
) -> list[Callback]:
    """What makes the network's input of a batch from the loader."""
    normalize = BatchTransformXCallback(partial(network_input, mean=mean, std=std))
    if recipe.augment != "batch":
        return [DeviceCallback(device), normalize]
    normalize._order = 3  # after the augmentation, whose order is 2 as well
    area = (recipe.min_area, 1.0)
    augment = BatchAugment(
        recipe.size, degrees=recipe.degrees, zoom=1.0, scale=area, tilt=recipe.tilt
    )
    return [DeviceCallback(device), augment, normalize]
