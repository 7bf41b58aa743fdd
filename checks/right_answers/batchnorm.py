"""Right answers to the exercises of `batchnorm`, in other forms than the reference."""

import math

import torch
from torch import nn
from torch.nn import functional as F


class BatchNorm(nn.Module):
    """The lecture's form, with gradients through the statistics and torch's two variances."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__()
        self.mom, self.eps = mom, eps
        self.mults = nn.Parameter(torch.ones(nf, 1, 1))
        self.adds = nn.Parameter(torch.zeros(nf, 1, 1))
        self.register_buffer("vars", torch.ones(1, nf, 1, 1))
        self.register_buffer("means", torch.zeros(1, nf, 1, 1))

    def update_stats(self, x):
        m = x.mean((0, 2, 3), keepdim=True)
        v = x.var((0, 2, 3), keepdim=True)
        with torch.no_grad():
            self.means.lerp_(m, self.mom)
            self.vars.lerp_(v, self.mom)
        n = x.numel() / x.shape[1]
        return m, v * (n - 1) / n

    def forward(self, x):
        m, v = self.update_stats(x) if self.training else (self.means, self.vars)
        x = (x - m) / (v + self.eps).sqrt()
        return x * self.mults + self.adds


class BatchNorm(nn.BatchNorm2d):
    """Torch's own, with the arguments in another order."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, eps=eps, momentum=mom)


class BatchNorm(nn.Module):
    """Torch's function for it."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__()
        self.mom, self.eps = mom, eps
        self.weight = nn.Parameter(torch.ones(nf))
        self.bias = nn.Parameter(torch.zeros(nf))
        self.register_buffer("mean", torch.zeros(nf))
        self.register_buffer("var", torch.ones(nf))

    def forward(self, x):
        args = self.mean, self.var, self.weight, self.bias, self.training, self.mom, self.eps
        return F.batch_norm(x, *args)


class BatchNorm(nn.Module):
    """Mean of the squares less the square of the mean, one channel in a row."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__()
        self.nf, self.mom, self.eps = nf, mom, eps
        self.affine = nn.Parameter(torch.stack([torch.ones(nf), torch.zeros(nf)]))
        self.register_buffer("stats", torch.stack([torch.zeros(nf), torch.ones(nf)]))

    def forward(self, x):
        rows = x.transpose(0, 1).reshape(self.nf, -1)
        mean, var = self.stats
        if self.training:
            mean, count = rows.mean(1), rows.shape[1]
            var = (rows**2).mean(1) - mean**2
            new = torch.stack([mean, var * count / (count - 1)]).detach()
            self.stats = (1 - self.mom) * self.stats + self.mom * new
        rows = (rows - mean[:, None]) / torch.sqrt(var[:, None] + self.eps)
        rows = rows * self.affine[0, :, None] + self.affine[1, :, None]
        return rows.reshape(x.shape[1], x.shape[0], *x.shape[2:]).transpose(0, 1)


class BatchNorm(nn.Module):
    """In double precision, statistics and all, with a loop over the channels."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__()
        self.mom, self.eps = mom, eps
        self.gain = nn.ParameterList([torch.ones(1) for _ in range(nf)])
        self.shift = nn.ParameterList([torch.zeros(1) for _ in range(nf)])
        self.register_buffer("means", torch.zeros(nf, dtype=torch.float64))
        self.register_buffer("vars", torch.ones(nf, dtype=torch.float64))

    def one(self, c, x):
        mean, var = self.means[c], self.vars[c]
        if self.training:
            mean = x.mean()
            var = ((x - mean) ** 2).mean()
            n = x.numel()
            self.means[c] += self.mom * (mean.detach() - self.means[c])
            self.vars[c] += self.mom * (var.detach() * n / (n - 1) - self.vars[c])
            return (x - mean) / (var + self.eps) ** 0.5
        return (x - mean.clone()) / (var.clone() + self.eps) ** 0.5

    def forward(self, x):
        out = []
        for c, (gain, shift) in enumerate(zip(self.gain, self.shift, strict=True)):
            out.append(self.one(c, x[:, c].double()) * gain + shift)
        return torch.stack(out, 1).to(x.dtype)


class RunningBatchNorm(nn.Module):
    """The lecture's form, mended for a batch of one, its state dict and weights that change."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__()
        self.mom, self.eps = mom, eps
        self.mults = nn.Parameter(torch.ones(nf, 1, 1))
        self.adds = nn.Parameter(torch.zeros(nf, 1, 1))
        self.register_buffer("sums", torch.zeros(1, nf, 1, 1))
        self.register_buffer("sqrs", torch.zeros(1, nf, 1, 1))
        self.register_buffer("count", torch.tensor(0.0))
        self.register_buffer("batch", torch.tensor(0))

    def update(self, x):
        bs, nc, *_ = x.shape
        self.sums.detach_()
        self.sqrs.detach_()
        dims = (0, 2, 3)
        s = x.sum(dims, keepdim=True)
        ss = (x * x).sum(dims, keepdim=True)
        c = s.new_tensor(x.numel() / nc)
        mom1 = s.new_tensor(1 - (1 - self.mom) / math.sqrt(max(bs - 1, 1)))
        self.sums.lerp_(s, mom1)
        self.sqrs.lerp_(ss, mom1)
        self.count.lerp_(c, mom1)
        self.batch += bs
        return self.sums, self.sqrs, self.count

    def forward(self, x):
        if self.training:
            self.update(x)
        if self.batch == 0:
            return x * (self.mults / math.sqrt(1 + self.eps)) + self.adds
        means = self.sums / self.count
        varns = self.sqrs / self.count - means * means
        if bool(self.batch < 20):
            varns = varns.clamp_min(0.01)
        factor = self.mults / (varns + self.eps).sqrt()
        return x * factor + (self.adds - means * factor)


class RunningBatchNorm(nn.Module):
    """One buffer for sums, squares, count and pictures."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__()
        self.mom, self.eps = mom, eps
        self.weight, self.bias = nn.Parameter(torch.ones(nf)), nn.Parameter(torch.zeros(nf))
        self.register_buffer("stats", torch.zeros(4, nf))

    def forward(self, x):
        stats = self.stats
        if self.training:
            flat = x.transpose(0, 1).flatten(1)
            new = torch.stack([flat, flat.square(), torch.ones_like(flat)]).sum(2)
            keep = (1 - self.mom) * max(len(x) - 1, 1) ** -0.5
            moved = keep * stats[:3] + (1 - keep) * new
            stats = torch.cat([moved, stats[3:] + len(x)])
            self.stats = stats.detach()
        if (stats[3] == 0).all():
            stats = torch.stack([stats[0], stats[1] + 1, stats[2] + 1, stats[3]])
        mean = stats[0] / stats[2]
        var = (stats[1] / stats[2] - mean.square()).maximum(0.01 * (stats[3] < 20))
        scale = self.weight / torch.sqrt(var + self.eps)
        return torch.addcmul((self.bias - mean * scale)[:, None, None], x, scale[:, None, None])


class RunningBatchNorm(nn.Module):
    """In double precision, through torch's function for fixed statistics."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__()
        self.mom, self.eps = mom, eps
        self.weight, self.bias = nn.Parameter(torch.ones(nf)), nn.Parameter(torch.zeros(nf))
        for name in ("sums", "sqrs"):
            self.register_buffer(name, torch.zeros(nf, dtype=torch.float64))
        self.register_buffer("count", torch.zeros((), dtype=torch.float64))
        self.register_buffer("pictures", torch.zeros((), dtype=torch.float64))

    def forward(self, x):
        sums, sqrs, count = self.sums, self.sqrs, self.count
        if self.training:
            n = x.shape[0]
            mom = self.mom if n == 1 else 1 - (1 - self.mom) / math.sqrt(n - 1)
            doubles = x.double()
            sums = torch.lerp(sums, doubles.sum((0, 2, 3)), mom)
            sqrs = torch.lerp(sqrs, doubles.pow(2).sum((0, 2, 3)), mom)
            count = count + mom * (x[:, 0].numel() - count)
            self.sums, self.sqrs, self.count = sums.detach(), sqrs.detach(), count
            self.pictures += n
        if not self.pictures:
            sqrs, count = sqrs + 1, count + 1
        mean = sums / count
        var = sqrs / count - mean * mean
        if self.pictures < 20:
            var = var.clamp(min=0.01)
        if not self.training:
            mean, var = mean.float(), var.float()
            return F.batch_norm(x, mean, var, self.weight, self.bias, eps=self.eps)
        factor = (self.weight / (var + self.eps).sqrt()).float()
        offset = (self.bias - mean * factor).float()
        return x * factor.view(1, -1, 1, 1) + offset.view(1, -1, 1, 1)


class RunningBatchNorm(nn.Module):
    """Averages over pixels next to their share, which has the same ratio."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__()
        self.nf, self.mom, self.eps = nf, mom, eps
        self.affine = nn.Parameter(torch.cat([torch.ones(nf, 1), torch.zeros(nf, 1)], 1))
        self.register_buffer("total", torch.zeros(nf, 2))
        self.register_buffer("count", torch.zeros(1))
        self.register_buffer("pictures", torch.zeros(1, dtype=torch.long))

    def forward(self, x):
        total = self.total.detach()
        if self.training:
            m = 1 - (1 - self.mom) / (max(2, len(x)) - 1) ** 0.5
            count = x.shape[0] * x.shape[2] * x.shape[3]
            moments = torch.stack([x.mean((0, 2, 3)), (x**2).mean((0, 2, 3))], 1)
            total = total.lerp(moments * count, m)
            self.total.copy_(total.detach())
            self.count += m * (count - self.count)
            self.pictures += len(x)
        mean, second = (total / self.count).unbind(1)
        least = 0.01 if self.pictures < 20 else 0.0
        var = (second - mean**2).clamp_min(least)
        if not self.pictures:
            mean, var = torch.zeros_like(mean), torch.ones_like(var)
        factor = self.affine[:, 0] * var.add(self.eps).rsqrt()
        offset = self.affine[:, 1] - mean * factor
        return (x.movedim(1, -1) * factor).add_(offset).movedim(-1, 1)
