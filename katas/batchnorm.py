"""Batch norm: the usual one, and one that keeps running statistics in training too.

Level 3. About 60 minutes. After `convnet`.
Source: Ioffe & Szegedy 2015, arXiv 1502.03167; fast.ai 2019, lesson 10 (running batch norm) and
lesson 11, 0:01:20 (its simplified form).
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class BatchNorm(nn.Module):
    """What `nn.BatchNorm2d(nf, eps, mom)` computes, by hand.

        y = (x - mean) / sqrt(var + eps) * weight + bias            per channel

    In training mean and var are those of the batch (var divides by the count), and the running
    ones move towards them:

        running = (1 - mom) * running + mom * batch                 var divides by count - 1

    In evaluation the running ones, buffers that start at 0 and 1, are used and not changed.
    Weight and bias are parameters that start at 1 and 0.

    nf   channels
    mom  share of the new batch in the running statistics, 0..1
    eps  added to the variance

    >>> BatchNorm(1)(torch.tensor([1.0, 3.0]).view(2, 1, 1, 1)).flatten()
    tensor([-1.0000,  1.0000], grad_fn=<ViewBackward0>)
    """

    def __init__(self, nf: int, mom: float = 0.1, eps: float = 1e-5) -> None:
        raise NotImplementedError

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        raise NotImplementedError


class RunningBatchNorm(nn.Module):
    """Batch norm whose statistics are running ones in training and evaluation alike.

    Each training batch of n pictures moves the buffers, which all start at 0, towards the batch's
    sum, sum of squares and number of elements, per channel, by `lerp_` with the momentum

        m = 1 - (1 - mom) / sqrt(max(n - 1, 1))                    larger batches count for more
        mean = sums / count,    var = sqrs / count - mean**2
        y = x * factor + offset,    factor = weight / sqrt(var + eps),  offset = bias - mean*factor

    with gradients through the statistics of this batch. The same statistics are used in training
    and in evaluation, so a batch of 1 will do, and they reload from a state dict. While fewer than
    20 pictures have been seen var is at least 0.01.

    There is no debiasing: after t batches sums and count are both short of an average by the
    factor 1 - (1-m)**t, which their ratio does not have. Before the first batch mean is 0, var 1.

    nf   channels
    mom  share of a batch of one or two pictures in the running statistics, 0..1
    eps  added to the variance

    >>> norm, x = RunningBatchNorm(1), torch.tensor([1.0, 3.0]).view(2, 1, 1, 1)
    >>> trained = norm(x)
    >>> trained.flatten().tolist() == norm.eval()(x).flatten().tolist()
    True
    """

    def __init__(self, nf: int, mom: float = 0.1, eps: float = 1e-5) -> None:
        raise NotImplementedError

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        raise NotImplementedError

    def update(
        self, x: Float[Tensor, "n c h w"]
    ) -> tuple[Float[Tensor, " c"], Float[Tensor, " c"], Float[Tensor, ""]]:
        """Running sums, squares and count with `x` in them, through which its gradients flow."""
        raise NotImplementedError
