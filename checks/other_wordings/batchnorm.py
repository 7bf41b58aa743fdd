"""Variants for `batchnorm`: mistakes of the catalogue in other words, and mistakes not in it.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import torch
from torch import nn


class _Norm(nn.Module):
    start = 1.0

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__()
        self.mom, self.eps = mom, eps
        self.weight = nn.Parameter(torch.ones(nf))
        self.bias = nn.Parameter(torch.zeros(nf))
        self.register_buffer("running_mean", torch.zeros(nf))
        self.register_buffer("running_var", torch.full((nf,), self.start))

    def rows(self, x):
        return x.transpose(0, 1).reshape(x.shape[1], -1)  # c n*h*w

    def batch(self, x):
        rows = self.rows(x)
        mean = rows.mean(1)
        return mean, ((rows - mean[:, None]) ** 2).mean(1)

    def move(self, x, mean, var):
        count = self.rows(x).shape[1]
        self.running_mean += self.mom * (mean - self.running_mean)
        self.running_var += self.mom * (var * count / max(count - 1, 1) - self.running_var)

    def statistics(self, x):
        if not self.training:
            return self.running_mean, self.running_var
        mean, var = self.batch(x)
        with torch.no_grad():
            self.move(x, mean, var)
        return mean, var

    def deviation(self, var):
        return torch.sqrt(var + self.eps)

    def forward(self, x):
        mean, var = (o.reshape(-1, 1, 1) for o in self.statistics(x))
        y = (x - mean) / self.deviation(var)
        return y * self.weight.reshape(-1, 1, 1) + self.bias.reshape(-1, 1, 1)


class BatchNorm(_Norm):
    """It adds eps to the standard deviation, outside the square root."""

    def deviation(self, var):
        return var.sqrt() + self.eps


class BatchNorm(_Norm):
    """It uses `mom` as the share of the past, as optimizers do, not of the batch."""

    def move(self, x, mean, var):
        count = self.rows(x).shape[1]
        var = var * count / max(count - 1, 1)
        self.running_mean.copy_(self.running_mean * self.mom + mean * (1 - self.mom))
        self.running_var.copy_(self.running_var * self.mom + var * (1 - self.mom))


class BatchNorm(_Norm):
    """It treats mean and variance as constants in the gradients, as the lecture does."""

    def batch(self, x):
        return _Norm.batch(self, x.detach())


class BatchNorm(_Norm):
    """Its running variance starts at 0."""

    start = 0.0


class BatchNorm(_Norm):
    """It normalises by the batch in evaluation mode too."""

    def statistics(self, x):
        mean, var = self.batch(x)
        if self.training:
            with torch.no_grad():
                self.move(x, mean, var)
        return mean, var


class BatchNorm(_Norm):
    """It divides the running variance by the count, not by count - 1."""

    def move(self, x, mean, var):
        self.running_mean.lerp_(mean, self.mom)
        self.running_var.lerp_(var, self.mom)


class BatchNorm(_Norm):
    # the median for the mean
    def batch(self, x):
        rows = self.rows(x)
        return rows.median(1).values, _Norm.batch(self, x)[1]


class BatchNorm(_Norm):
    # adds the mean again
    def forward(self, x):
        return _Norm.forward(self, x) + x.mean()


class BatchNorm(_Norm):
    # half the deviation
    def deviation(self, var):
        return 0.5 * torch.sqrt(var + self.eps)


class _Running(nn.Module):
    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__()
        self.mom, self.eps = mom, eps
        self.weight, self.bias = nn.Parameter(torch.ones(nf)), nn.Parameter(torch.zeros(nf))
        for name in ("sums", "sqrs"):
            self.register_buffer(name, torch.zeros(nf))
        self.register_buffer("count", torch.zeros(()))
        self.register_buffer("seen", torch.zeros((), dtype=torch.long))

    def share(self, n):
        return 1 - (1 - self.mom) / max(n - 1, 1) ** 0.5

    def totals(self, x):
        return x.sum((0, 2, 3)), (x**2).sum((0, 2, 3)), x.numel() / x.shape[1]

    def update(self, x):
        m, (sums, sqrs, count) = self.share(len(x)), self.totals(x)
        new = self.sums * (1 - m) + sums * m, self.sqrs * (1 - m) + sqrs * m
        self.sums, self.sqrs = (o.detach() for o in new)
        self.count = self.count * (1 - m) + count * m
        self.seen = self.seen + len(x)
        return new

    def forward(self, x):
        sums, sqrs = self.update(x) if self.training else (self.sums, self.sqrs)
        mean, var = self.from_totals(sums, sqrs)
        factor = self.weight / self.deviation(var)
        offset = self.bias - mean * factor
        return x * factor.view(-1, 1, 1) + offset.view(-1, 1, 1)

    def from_totals(self, sums, sqrs):
        if self.count == 0:
            return torch.zeros_like(sums), torch.ones_like(sums)
        mean = sums / self.count
        var = sqrs / self.count - mean**2
        return mean, self.floored(var)

    def floored(self, var):
        return var.clamp(min=0.01 if self.seen < 20 else 0.0)

    def deviation(self, var):
        return (var + self.eps).sqrt()


class RunningBatchNorm(_Running):
    """It doesn't correct the momentum for the batch's size."""

    def share(self, n):
        return self.mom


class RunningBatchNorm(_Running):
    """It corrects the momentum by the square root of n instead of n - 1."""

    def share(self, n):
        return 1 - (1 - self.mom) * n**-0.5


class RunningBatchNorm(_Running):
    """It uses the mean of the squares as the variance."""

    def from_totals(self, sums, sqrs):
        if self.count == 0:
            return torch.zeros_like(sums), torch.ones_like(sums)
        return sums / self.count, self.floored(sqrs / self.count)


class RunningBatchNorm(_Running):
    """It adds eps to the standard deviation, outside the square root."""

    def deviation(self, var):
        return self.eps + var**0.5


class RunningBatchNorm(_Running):
    """It treats the statistics as constants in the gradients."""

    def update(self, x):
        return _Running.update(self, x.detach())


class RunningBatchNorm(_Running):
    """It adds batches to the statistics in evaluation mode too."""

    def forward(self, x):
        mode, self.training = self.training, True
        try:
            return _Running.forward(self, x)
        finally:
            self.training = mode


class RunningBatchNorm(_Running):
    # the batch counts twice
    def totals(self, x):
        sums, sqrs, count = _Running.totals(self, x)
        return 2 * sums, sqrs, count


class RunningBatchNorm(_Running):
    # only pictures, not pixels, are counted
    def totals(self, x):
        sums, sqrs, _ = _Running.totals(self, x)
        return sums, sqrs, float(len(x))
