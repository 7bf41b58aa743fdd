"""Wrong answers to the exercises of `batchnorm`."""

import math

import torch
from torch import nn

PIXELS = (0, 2, 3)


def _wide(o):
    return o[:, None, None]


class _Norm(nn.Module):
    """A right one, from which the wrong ones below differ in one place."""

    start_var = 1.0

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__()
        self.mom, self.eps = mom, eps
        self.weight, self.bias = nn.Parameter(torch.ones(nf)), nn.Parameter(torch.zeros(nf))
        self.register_buffer("means", torch.zeros(nf))
        self.register_buffer("vars", torch.full((nf,), self.start_var))

    def batch(self, x):
        return x.mean(PIXELS), x.var(PIXELS, correction=0)

    def update(self, x, mean, var):
        n = x.numel() / x.shape[1]
        with torch.no_grad():
            self.means.lerp_(mean, self.mom)
            self.vars.lerp_(var * n / (n - 1), self.mom)

    def stats(self, x):
        if not self.training:
            return self.means, self.vars
        mean, var = self.batch(x)
        self.update(x, mean, var)
        return mean, var

    def scale(self, var):
        return (var + self.eps).rsqrt()

    def forward(self, x):
        mean, var = self.stats(x)
        return (x - _wide(mean)) * _wide(self.scale(var) * self.weight) + _wide(self.bias)


class BatchNorm(_Norm):
    """Takes mean and variance for constants, so gradients do not go through them: the lecture's."""

    def batch(self, x):
        with torch.no_grad():
            return super().batch(x)


class BatchNorm(_Norm):
    """Takes the variance, but not the mean, for a constant in the gradients."""

    def batch(self, x):
        mean, var = super().batch(x)
        return mean, var.detach()


class BatchNorm(_Norm):
    """Divides the batch's variance by the count less one, as `var` does by default."""

    def batch(self, x):
        return x.mean(PIXELS), x.var(PIXELS)

    def update(self, x, mean, var):
        with torch.no_grad():
            self.means.lerp_(mean, self.mom)
            self.vars.lerp_(var, self.mom)


class BatchNorm(_Norm):
    """Divides the running variance by the count, where torch divides by the count less one."""

    def update(self, x, mean, var):
        with torch.no_grad():
            self.means.lerp_(mean, self.mom)
            self.vars.lerp_(var, self.mom)


class BatchNorm(_Norm):
    """Corrects the running variance by the number of pictures instead of the number of values."""

    def update(self, x, mean, var):
        n = x.shape[0]
        with torch.no_grad():
            self.means.lerp_(mean, self.mom)
            self.vars.lerp_(var * n / max(n - 1, 1), self.mom)


class BatchNorm(_Norm):
    """Takes `mom` for the share of the past, as optimizers do, and not for that of the batch."""

    def update(self, x, mean, var):
        n = x.numel() / x.shape[1]
        with torch.no_grad():
            self.means.lerp_(mean, 1 - self.mom)
            self.vars.lerp_(var * n / (n - 1), 1 - self.mom)


class BatchNorm(_Norm):
    """Adds eps to the standard deviation, outside the square root."""

    def scale(self, var):
        return 1 / (var.sqrt() + self.eps)


class BatchNorm(_Norm):
    """Leaves eps out."""

    def scale(self, var):
        return 1 / (var + 1e-12).sqrt()


class BatchNorm(_Norm):
    """Leaves eps out in evaluation."""

    def scale(self, var):
        return (var + self.eps * self.training).rsqrt()


class BatchNorm(_Norm):
    """Divides by the variance, not by its square root."""

    def scale(self, var):
        return 1 / (var + self.eps)


class BatchNorm(_Norm):
    """Normalises by the running statistics in training too."""

    def stats(self, x):
        if self.training:
            self.update(x, *self.batch(x))
        return self.means.clone(), self.vars.clone()


class BatchNorm(_Norm):
    """Normalises by the batch in evaluation too."""

    def stats(self, x):
        mean, var = self.batch(x)
        if self.training:
            self.update(x, mean, var)
        return mean, var


class BatchNorm(_Norm):
    """Goes on moving the running statistics in evaluation."""

    def stats(self, x):
        mean, var = self.batch(x)
        if self.training:
            self.update(x, mean, var)
            return mean, var
        used = self.means.clone(), self.vars.clone()
        self.update(x, mean, var)
        return used


class BatchNorm(_Norm):
    """Takes recording of gradients for the sign of training."""

    def stats(self, x):
        if not torch.is_grad_enabled():
            return self.means, self.vars
        mean, var = self.batch(x)
        self.update(x, mean, var)
        return mean, var


class BatchNorm(_Norm):
    """Normalises each picture by itself, which is instance norm."""

    def forward(self, x):
        if not self.training:
            return super().forward(x)
        self.update(x, *self.batch(x))
        mean, var = x.mean((2, 3), keepdim=True), x.var((2, 3), correction=0, keepdim=True)
        return (x - mean) * self.scale(var) * _wide(self.weight) + _wide(self.bias)


class BatchNorm(_Norm):
    """Normalises all the channels of a picture together, which is layer norm."""

    def forward(self, x):
        dims = (1, 2, 3)
        mean, var = x.mean(dims, keepdim=True), x.var(dims, correction=0, keepdim=True)
        return (x - mean) * self.scale(var) * _wide(self.weight) + _wide(self.bias)


class BatchNorm(_Norm):
    """Has one mean and one variance for all channels."""

    def batch(self, x):
        ones = torch.ones_like(self.weight)
        return x.mean() * ones, x.var(correction=0) * ones


class BatchNorm(_Norm):
    """Starts the running variance at 0."""

    start_var = 0.0


class BatchNorm(_Norm):
    """Keeps the running statistics as plain tensors, which a state dict does not hold."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        del self.means, self.vars
        self.means, self.vars = torch.zeros(nf), torch.ones(nf)


class BatchNorm(_Norm):
    """Moves the running statistics with gradients, so every batch's graph stays alive."""

    def update(self, x, mean, var):
        n = x.numel() / x.shape[1]
        self.means = torch.lerp(self.means, mean, self.mom)
        self.vars = torch.lerp(self.vars, var * n / (n - 1), self.mom)


class BatchNorm(_Norm):
    """Subtracts the mean in place, so the caller's batch changes."""

    def forward(self, x):
        mean, var = self.stats(x)
        if not x.requires_grad:
            x -= _wide(mean.detach())
            return x * _wide(self.scale(var) * self.weight) + _wide(self.bias)
        return (x - _wide(mean)) * _wide(self.scale(var) * self.weight) + _wide(self.bias)


class BatchNorm(_Norm):
    """Has no weight and bias to learn: they are missing, or buffers that no optimizer finds."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        del self.weight, self.bias
        self.weight, self.bias = torch.ones(nf), torch.zeros(nf)


class BatchNorm(_Norm):
    """Has no weight and bias to learn: they are missing, or buffers that no optimizer finds."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        del self.weight, self.bias
        self.register_buffer("weight", torch.ones(nf))
        self.register_buffer("bias", torch.zeros(nf))


class BatchNorm(_Norm):
    """Starts the weight at 0, so nothing but the bias comes out."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        nn.init.zeros_(self.weight)


class BatchNorm(_Norm):
    """Starts the weight at random values."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        nn.init.normal_(self.weight, 1.0, 0.02)


class BatchNorm(_Norm):
    """Adds the bias before it multiplies by the weight."""

    def forward(self, x):
        mean, var = self.stats(x)
        return ((x - _wide(mean)) * _wide(self.scale(var)) + _wide(self.bias)) * _wide(self.weight)


class BatchNorm(_Norm):
    """Averages the standard deviation over the batches instead of the variance."""

    def update(self, x, mean, var):
        n = x.numel() / x.shape[1]
        with torch.no_grad():
            self.means.lerp_(mean, self.mom)
            self.vars.sqrt_().lerp_((var * n / (n - 1)).sqrt(), self.mom).square_()


class BatchNorm(_Norm):
    """Weights all batches alike instead of forgetting the old ones."""

    def update(self, x, mean, var):
        self.seen = getattr(self, "seen", 0) + 1
        n = x.numel() / x.shape[1]
        with torch.no_grad():
            self.means.lerp_(mean, 1 / self.seen)
            self.vars.lerp_(var * n / (n - 1), 1 / self.seen)


class BatchNorm(_Norm):
    """Takes the first batch whole and averages from then on."""

    def update(self, x, mean, var):
        n = x.numel() / x.shape[1]
        mom = self.mom if hasattr(self, "begun") else 1.0
        self.begun = True
        with torch.no_grad():
            self.means.lerp_(mean, mom)
            self.vars.lerp_(var * n / (n - 1), mom)


class BatchNorm(_Norm):
    """Keeps the running mean alone and leaves the running variance at 1."""

    def update(self, x, mean, var):
        with torch.no_grad():
            self.means.lerp_(mean, self.mom)


class BatchNorm(_Norm):
    """Has the default momentum 0.9."""

    def __init__(self, nf, mom=0.9, eps=1e-5):
        super().__init__(nf, mom, eps)


class BatchNorm(_Norm):
    """Has the default eps 1e-3, as another library does."""

    def __init__(self, nf, mom=0.1, eps=1e-3):
        super().__init__(nf, mom, eps)


class BatchNorm(_Norm):
    """Takes eps for its second argument and the momentum for its third, as torch does."""

    def __init__(self, nf, eps=1e-5, mom=0.1):
        super().__init__(nf, mom, eps)


class BatchNorm(_Norm):
    """Ignores the momentum that is asked for."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, 0.1, eps)


class BatchNorm(_Norm):
    """Normalises by the batch before last: the running statistics move after they are used."""

    def stats(self, x):
        mean, var = self.means.clone(), self.vars.clone()
        if self.training:
            self.update(x, *self.batch(x))
        return mean, var


class _Running(nn.Module):
    """A right one, from which the wrong ones below differ in one place."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__()
        self.mom, self.eps = mom, eps
        self.mults, self.adds = nn.Parameter(torch.ones(nf)), nn.Parameter(torch.zeros(nf))
        self.register_buffer("sums", torch.zeros(nf))
        self.register_buffer("sqrs", torch.zeros(nf))
        self.register_buffer("count", torch.tensor(0.0))
        self.register_buffer("seen", torch.tensor(0))

    def momentum(self, x):
        return 1 - (1 - self.mom) / math.sqrt(max(len(x) - 1, 1))

    def of_batch(self, x):
        return x.sum(PIXELS), (x * x).sum(PIXELS), torch.tensor(x.numel() / x.shape[1])

    def update(self, x):
        mom = self.momentum(x)
        self.seen += len(x)
        old = self.sums.detach(), self.sqrs.detach(), self.count
        news = [a.lerp(b, mom) for a, b in zip(old, self.of_batch(x), strict=True)]
        self.sums, self.sqrs, self.count = (o.detach() for o in news)
        return news

    def stats(self, x):
        if self.training:
            return self.update(x)
        return self.sums, self.sqrs, self.count

    def variance(self, sums, sqrs, count):
        var = sqrs / count - (sums / count) ** 2
        return var.clamp(min=0.01) if self.seen < 20 else var.clamp(min=0)

    def line(self, mean, var):
        factor = self.mults / (var + self.eps).sqrt()
        return factor, self.adds - mean * factor

    def forward(self, x):
        sums, sqrs, count = self.stats(x)
        factor, offset = self.line(sums / count, self.variance(sums, sqrs, count))
        return x * _wide(factor) + _wide(offset)


class RunningBatchNorm(_Running):
    """Divides by the square root of 0 for a batch of one picture: the lecture's own."""

    def momentum(self, x):
        return 1 - (1 - self.mom) / math.sqrt(len(x) - 1)


class RunningBatchNorm(_Running):
    """Does not correct the momentum for the batch's size."""

    def momentum(self, x):
        return self.mom


class RunningBatchNorm(_Running):
    """Corrects the momentum by the square root of n instead of n - 1."""

    def momentum(self, x):
        return 1 - (1 - self.mom) / math.sqrt(len(x))


class RunningBatchNorm(_Running):
    """Corrects the momentum without the square root."""

    def momentum(self, x):
        return 1 - (1 - self.mom) / max(len(x) - 1, 1)


class RunningBatchNorm(_Running):
    """Corrects the momentum by the number of values instead of the number of pictures."""

    def momentum(self, x):
        return 1 - (1 - self.mom) / math.sqrt(max(x.numel() / x.shape[1] - 1, 1))


class RunningBatchNorm(_Running):
    """Takes `mom` for the share of the past."""

    def momentum(self, x):
        return 1 - self.mom / math.sqrt(max(len(x) - 1, 1))


class RunningBatchNorm(_Running):
    """Divides the momentum by the root, so larger batches count for less."""

    def momentum(self, x):
        return self.mom / math.sqrt(max(len(x) - 1, 1))


class RunningBatchNorm(_Running):
    """Leaves a batch of one picture out of the statistics."""

    def momentum(self, x):
        return 1e-6 if len(x) == 1 else super().momentum(x)


class RunningBatchNorm(_Running):
    """Corrects the momentum for the size of the first batch, whatever the later ones have."""

    def momentum(self, x):
        self.first = getattr(self, "first", len(x))
        return 1 - (1 - self.mom) / math.sqrt(max(self.first - 1, 1))


class RunningBatchNorm(_Running):
    """Normalises by the batch alone in training, as the usual batch norm does."""

    def stats(self, x):
        if self.training:
            self.update(x)
            return self.of_batch(x)
        return self.sums, self.sqrs, self.count


class RunningBatchNorm(_Running):
    """Normalises by the batch in evaluation."""

    def stats(self, x):
        return self.update(x) if self.training else self.of_batch(x)


class RunningBatchNorm(_Running):
    """Goes on adding batches in evaluation."""

    def stats(self, x):
        return self.update(x)


class RunningBatchNorm(_Running):
    """Normalises by the statistics of before this batch."""

    def stats(self, x):
        before = self.sums, self.sqrs, self.count
        if self.training:
            after = self.update(x)
            return before if before[2] else after
        return before


class RunningBatchNorm(_Running):
    """Debiases the sums and not the count, so their ratio is too large at first."""

    def forward(self, x):
        sums, sqrs, count = self.stats(x)
        if self.training:
            kept = getattr(self, "kept", 1.0) * (1 - self.momentum(x))
            self.kept = kept
        share = 1 - self.kept
        sums, sqrs = sums / share, sqrs / share
        factor, offset = self.line(sums / count, self.variance(sums, sqrs, count))
        return x * _wide(factor) + _wide(offset)


class RunningBatchNorm(_Running):
    """Divides the running sums by the count of this batch alone."""

    def update(self, x):
        sums, sqrs, _ = super().update(x)
        self.count = torch.tensor(x.numel() / x.shape[1])
        return sums, sqrs, self.count


class RunningBatchNorm(_Running):
    """Starts the count at 1, so the first averages are too small."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        self.count += 1


class RunningBatchNorm(_Running):
    """Adds the counts up instead of averaging them as the sums are."""

    def update(self, x):
        before = self.count.clone()
        sums, sqrs, _ = super().update(x)
        self.count = before + x.numel() / x.shape[1]
        return sums, sqrs, self.count


class RunningBatchNorm(_Running):
    """Averages means and squares of the batches, whatever number of values they are over."""

    def of_batch(self, x):
        return x.mean(PIXELS), (x * x).mean(PIXELS), torch.tensor(1.0)


class RunningBatchNorm(_Running):
    """Takes the first batch whole, which then counts for too much."""

    def momentum(self, x):
        return super().momentum(x) if self.count else 1.0


class RunningBatchNorm(_Running):
    """Takes the statistics for constants, so gradients do not go through them."""

    def update(self, x):
        with torch.no_grad():
            return super().update(x)


class RunningBatchNorm(_Running):
    """Lets gradients through the sums but not through the squares."""

    def of_batch(self, x):
        sums, sqrs, count = super().of_batch(x)
        return sums, sqrs.detach(), count


class RunningBatchNorm(_Running):
    """Does not cut the sums off from earlier batches, whose graphs are gone or pile up."""

    def update(self, x):
        mom = self.momentum(x)
        self.seen += len(x)
        old = self.sums, self.sqrs, self.count
        self.sums, self.sqrs, self.count = (
            a.lerp(b, mom) for a, b in zip(old, self.of_batch(x), strict=True)
        )
        return self.sums, self.sqrs, self.count


class RunningBatchNorm(_Running):
    """Keeps statistics outside of buffers, so a state dict does not hold them all."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        del self.sums, self.sqrs, self.count
        self.sums, self.sqrs, self.count = torch.zeros(nf), torch.zeros(nf), torch.tensor(0.0)


class RunningBatchNorm(_Running):
    """Keeps statistics outside of buffers, so a state dict does not hold them all."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        del self.count
        self.count = torch.tensor(0.0)


class RunningBatchNorm(_Running):
    """Registers the factor as a single number, so a state dict with one for each channel is
    refused: the lecture's own."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        self.register_buffer("factor", torch.tensor(0.0))
        self.register_buffer("offset", torch.tensor(0.0))

    def forward(self, x):
        if self.training:
            sums, sqrs, count = self.update(x)
            line = self.line(sums / count, self.variance(sums, sqrs, count))
            self.factor, self.offset = line
        return x * _wide(self.factor) + _wide(self.offset)


class RunningBatchNorm(_Running):
    """Takes the mean of the squares for the variance."""

    def variance(self, sums, sqrs, count):
        return sqrs / count


class RunningBatchNorm(_Running):
    """Subtracts the mean from the mean of the squares without squaring it."""

    def variance(self, sums, sqrs, count):
        return (sqrs / count - sums / count).clamp(min=0.01)


class RunningBatchNorm(_Running):
    """Keeps every variance at 0.01 or more for ever, not only at the beginning."""

    def variance(self, sums, sqrs, count):
        return (sqrs / count - (sums / count) ** 2).clamp(min=0.01)


class RunningBatchNorm(_Running):
    """Keeps every variance at 1 or more, so small ones are never enlarged."""

    def variance(self, sums, sqrs, count):
        return (sqrs / count - (sums / count) ** 2).clamp(min=1.0)


class RunningBatchNorm(_Running):
    """Divides by the count less one, although the count is an average."""

    def variance(self, sums, sqrs, count):
        var = sqrs / count - (sums / count) ** 2
        return (var * count / (count - 1)).clamp(min=0.01)


class RunningBatchNorm(_Running):
    """Adds eps to the standard deviation, outside the square root."""

    def line(self, mean, var):
        factor = self.mults / (var.sqrt() + self.eps)
        return factor, self.adds - mean * factor


class RunningBatchNorm(_Running):
    """Leaves eps out, so a channel that does not vary is divided by almost nothing."""

    def line(self, mean, var):
        factor = self.mults / (var + 1e-12).sqrt()
        return factor, self.adds - mean * factor


class RunningBatchNorm(_Running):
    """Subtracts the mean itself, where it has to be multiplied by the factor first."""

    def line(self, mean, var):
        factor = self.mults / (var + self.eps).sqrt()
        return factor, self.adds - mean


class RunningBatchNorm(_Running):
    """Multiplies the bias by the factor too."""

    def line(self, mean, var):
        factor = self.mults / (var + self.eps).sqrt()
        return factor, (self.adds - mean) * factor


class RunningBatchNorm(_Running):
    """Subtracts, divides, multiplies and adds for each element: four operations, not two."""

    def forward(self, x):
        sums, sqrs, count = self.stats(x)
        std = (self.variance(sums, sqrs, count) + self.eps).sqrt()
        x = (x - _wide(sums / count)) / _wide(std)
        return x * _wide(self.mults) + _wide(self.adds)


class RunningBatchNorm(_Running):
    """Multiplies in place, so the caller's batch changes."""

    def forward(self, x):
        sums, sqrs, count = self.stats(x)
        factor, offset = self.line(sums / count, self.variance(sums, sqrs, count))
        if x.requires_grad:
            return x * _wide(factor) + _wide(offset)
        with torch.no_grad():
            x.mul_(_wide(factor)).add_(_wide(offset))
        return x


class RunningBatchNorm(_Running):
    """Adds up all channels together."""

    def of_batch(self, x):
        ones = torch.ones_like(self.sums)
        return x.sum() * ones, (x * x).sum() * ones, torch.tensor(float(x.numel()))


class RunningBatchNorm(_Running):
    """Has fixed factors, no parameters that could be learnt."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        del self.mults, self.adds
        self.mults, self.adds = torch.ones(nf), torch.zeros(nf)


class RunningBatchNorm(_Running):
    """Starts the weights at 0."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        nn.init.zeros_(self.mults)


class RunningBatchNorm(_Running):
    """Has a default momentum of 0.9."""

    def __init__(self, nf, mom=0.9, eps=1e-5):
        super().__init__(nf, mom, eps)


class RunningBatchNorm(_Running):
    """Has a default eps of 1e-3."""

    def __init__(self, nf, mom=0.1, eps=1e-3):
        super().__init__(nf, mom, eps)
