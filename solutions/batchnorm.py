"""Batch norm: the usual one, and one that uses running statistics in training too.

Level 3. About 60 minutes. After `convnet`.
Source: Ioffe & Szegedy 2015, arXiv 1502.03167; fast.ai 2019, lesson 10 (running batch norm) and
lesson 11, 0:01:20 (its simplified form).
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn


class BatchNorm(nn.Module):
    """Normalise each channel to mean 0 and variance 1, then apply `weight` and `bias`.

        y = (x - mean) / sqrt(var + eps) * weight + bias            per channel

    In training mode, mean and var are those of the batch: var divides by the number of values. The
    running mean and variance move towards those of the batch:

        running = (1 - mom) * running + mom * batch       here var divides by one less

    In evaluation mode the running ones are used and not changed.
    They are buffers that start at 0 and 1, and no gradient flows through them. Weight and bias are
    parameters that start at 1 and 0. Outputs, running statistics and gradients are those of
    `nn.BatchNorm2d(nf, eps, mom)`. The input is left unchanged.

    nf   number of channels
    mom  share of the new batch in the running statistics, from 0 to 1
    eps  added to the variance

    >>> y = BatchNorm(1)(torch.tensor([1.0, 3.0]).view(2, 1, 1, 1))
    >>> [round(o, 3) for o in y.flatten().tolist()]
    [-1.0, 1.0]
    """

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, nf: int, mom: float = 0.1, eps: float = 1e-5) -> None:
        super().__init__()
        self.mom, self.eps = mom, eps
        self.weight, self.bias = nn.Parameter(torch.ones(nf)), nn.Parameter(torch.zeros(nf))
        self.register_buffer("running_mean", torch.zeros(nf))
        self.register_buffer("running_var", torch.ones(nf))

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
            count = x.numel() / x.shape[1]
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.mom)
                self.running_var.lerp_(var * count / max(count - 1, 1), self.mom)
        factor = self.weight * (var + self.eps).rsqrt()
        offset = self.bias - mean * factor
        return x * factor[:, None, None] + offset[:, None, None]


class RunningBatchNorm(nn.Module):
    """Batch norm that uses running statistics in both training and evaluation mode.

        m = 1 - (1 - mom) / sqrt(max(n - 1, 1))              for a batch of n pictures
        running = (1 - m) * running + m * batch              for sums, squares and count
        mean = sums / count,    var = squares / count - mean**2
        factor = weight / sqrt(var + eps),    offset = bias - mean * factor
        y = x * factor + offset

    Sums, squares and count are each channel's sum of values, sum of squared values and number of
    values. Write it in this order:

    1. start      weight and bias are parameters of 1 and 0; the running sums, squares and count,
                  and the number of pictures seen, are buffers of 0
    2. update     a batch in training mode moves sums, squares and count, even a batch of 1 picture
    3. normalise  by the running statistics, in training mode with this batch included, in
                  evaluation mode unchanged, with one multiplication and one addition per element
    4. gradients  flow through this batch's part of the statistics; earlier batches are constants
    5. floor      until 20 pictures have been seen, this batch included, var is at least 0.01
    6. no batch   before the first one, mean is 0 and var is 1
    7. reload     a new norm that loads the state dict of another continues where that one is

    The input is left unchanged.

    Why: nothing needs debiasing. After t batches sums and count are both too small by the factor 1
    - (1-m)**t, which cancels in their ratio.

    nf   number of channels
    mom  share of a new batch of one or two pictures in the running statistics; above 0, at most 1
    eps  added to the variance

    >>> norm = RunningBatchNorm(1)
    >>> y = norm(torch.tensor([1.0, 3.0]).view(2, 1, 1, 1))
    >>> [round(o, 3) for o in y.flatten().tolist()]
    [-1.0, 1.0]
    >>> round(norm.eval()(torch.full((1, 1, 1, 1), 5.0)).item(), 3)
    3.0
    """

    sums: Tensor
    sqrs: Tensor
    count: Tensor
    seen: Tensor

    def __init__(self, nf: int, mom: float = 0.1, eps: float = 1e-5) -> None:
        super().__init__()
        self.mom, self.eps = mom, eps
        self.weight, self.bias = nn.Parameter(torch.ones(nf)), nn.Parameter(torch.zeros(nf))
        self.register_buffer("sums", torch.zeros(nf))
        self.register_buffer("sqrs", torch.zeros(nf))
        self.register_buffer("count", torch.tensor(0.0))
        self.register_buffer("seen", torch.tensor(0))

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        sums, sqrs, count = self._update(x) if self.training else (self.sums, self.sqrs, self.count)
        some = torch.where(count > 0, count, 1)  # asking `if` would wait for the GPU
        mean = sums / some
        floor = 0.01 * (self.seen < 20)  # 0 later, for a difference that rounding made negative
        var = torch.where(count > 0, sqrs / some - mean**2, 1).maximum(floor)
        factor = self.weight * (var + self.eps).rsqrt()
        offset = self.bias - mean * factor
        return x * factor[:, None, None] + offset[:, None, None]

    # running sums, squares and count with x in them, through which its gradients flow
    def _update(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        n = x.shape[0]
        mom = 1 - (1 - self.mom) / math.sqrt(max(n - 1, 1))  # the lecture divides by 0 at n = 1
        sums = self.sums.lerp(x.sum((0, 2, 3)), mom)
        sqrs = self.sqrs.lerp((x * x).sum((0, 2, 3)), mom)
        count = self.count.lerp(self.count.new_tensor(x.numel() / x.shape[1]), mom)
        with torch.no_grad():  # a buffer in the graph could be neither copied nor saved
            self.sums.copy_(sums)
            self.sqrs.copy_(sqrs)
            self.count.copy_(count)
            self.seen += n
        return sums, sqrs, count
