"""Wrong answers to the exercises of `batchnorm`."""

import math

import torch
from torch import nn

PIXELS = (0, 2, 3)


def _wide(o):
    return o[:, None, None]


class _Norm(nn.Module):
    """A right one: the wrong ones below differ in one place."""

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
    """It treats mean and variance as constants in the gradients, as the lecture does."""

    def batch(self, x):
        with torch.no_grad():
            return super().batch(x)


class BatchNorm(_Norm):
    """It treats the variance as a constant in the gradients."""

    def batch(self, x):
        mean, var = super().batch(x)
        return mean, var.detach()


class BatchNorm(_Norm):
    """It divides the batch's variance by count - 1, as `var` does by default."""

    def batch(self, x):
        return x.mean(PIXELS), x.var(PIXELS)

    def update(self, x, mean, var):
        with torch.no_grad():
            self.means.lerp_(mean, self.mom)
            self.vars.lerp_(var, self.mom)


class BatchNorm(_Norm):
    """It divides the running variance by the count, not by count - 1."""

    def update(self, x, mean, var):
        with torch.no_grad():
            self.means.lerp_(mean, self.mom)
            self.vars.lerp_(var, self.mom)


class BatchNorm(_Norm):
    """It corrects the running variance by the number of pictures, not of values."""

    def update(self, x, mean, var):
        n = x.shape[0]
        with torch.no_grad():
            self.means.lerp_(mean, self.mom)
            self.vars.lerp_(var * n / max(n - 1, 1), self.mom)


class BatchNorm(_Norm):
    """It uses `mom` as the share of the past, as optimizers do, not of the batch."""

    def update(self, x, mean, var):
        n = x.numel() / x.shape[1]
        with torch.no_grad():
            self.means.lerp_(mean, 1 - self.mom)
            self.vars.lerp_(var * n / (n - 1), 1 - self.mom)


class BatchNorm(_Norm):
    """It adds eps to the standard deviation, outside the square root."""

    def scale(self, var):
        return 1 / (var.sqrt() + self.eps)


class BatchNorm(_Norm):
    """It leaves eps out."""

    def scale(self, var):
        return 1 / (var + 1e-12).sqrt()


class BatchNorm(_Norm):
    """It leaves eps out in evaluation mode."""

    def scale(self, var):
        return (var + self.eps * self.training).rsqrt()


class BatchNorm(_Norm):
    """It divides by the variance, not by its square root."""

    def scale(self, var):
        return 1 / (var + self.eps)


class BatchNorm(_Norm):
    """It normalises by the running statistics in training mode too."""

    def stats(self, x):
        if self.training:
            self.update(x, *self.batch(x))
        return self.means.clone(), self.vars.clone()


class BatchNorm(_Norm):
    """It normalises by the batch in evaluation mode too."""

    def stats(self, x):
        mean, var = self.batch(x)
        if self.training:
            self.update(x, mean, var)
        return mean, var


class BatchNorm(_Norm):
    """It moves the running statistics in evaluation mode too."""

    def stats(self, x):
        mean, var = self.batch(x)
        if self.training:
            self.update(x, mean, var)
            return mean, var
        used = self.means.clone(), self.vars.clone()
        self.update(x, mean, var)
        return used


class BatchNorm(_Norm):
    """It acts as in training whenever gradients are recorded, whatever its mode is."""

    def stats(self, x):
        if not torch.is_grad_enabled():
            return self.means, self.vars
        mean, var = self.batch(x)
        self.update(x, mean, var)
        return mean, var


class BatchNorm(_Norm):
    """It normalises each picture by itself, which is instance norm."""

    def forward(self, x):
        if not self.training:
            return super().forward(x)
        self.update(x, *self.batch(x))
        mean, var = x.mean((2, 3), keepdim=True), x.var((2, 3), correction=0, keepdim=True)
        return (x - mean) * self.scale(var) * _wide(self.weight) + _wide(self.bias)


class BatchNorm(_Norm):
    """It normalises all channels of a picture together, which is layer norm."""

    def forward(self, x):
        dims = (1, 2, 3)
        mean, var = x.mean(dims, keepdim=True), x.var(dims, correction=0, keepdim=True)
        return (x - mean) * self.scale(var) * _wide(self.weight) + _wide(self.bias)


class BatchNorm(_Norm):
    """It has one mean and one variance for all channels."""

    def batch(self, x):
        ones = torch.ones_like(self.weight)
        return x.mean() * ones, x.var(correction=0) * ones


class BatchNorm(_Norm):
    """Its running variance starts at 0."""

    start_var = 0.0


class BatchNorm(_Norm):
    """It keeps running statistics as plain tensors, which a state dict doesn't hold."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        del self.means, self.vars
        self.means, self.vars = torch.zeros(nf), torch.ones(nf)


class BatchNorm(_Norm):
    """It updates running statistics without detaching them, so every batch's graph stays in memory."""

    def update(self, x, mean, var):
        n = x.numel() / x.shape[1]
        self.means = torch.lerp(self.means, mean, self.mom)
        self.vars = torch.lerp(self.vars, var * n / (n - 1), self.mom)


class BatchNorm(_Norm):
    """It subtracts the mean in place, so the caller's batch changes."""

    def forward(self, x):
        mean, var = self.stats(x)
        if not x.requires_grad:
            x -= _wide(mean.detach())
            return x * _wide(self.scale(var) * self.weight) + _wide(self.bias)
        return (x - _wide(mean)) * _wide(self.scale(var) * self.weight) + _wide(self.bias)


class BatchNorm(_Norm):
    """Its weight and bias aren't parameters, so an optimizer doesn't find them."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        del self.weight, self.bias
        self.weight, self.bias = torch.ones(nf), torch.zeros(nf)


class BatchNorm(_Norm):
    """Its weight and bias aren't parameters, so an optimizer doesn't find them."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        del self.weight, self.bias
        self.register_buffer("weight", torch.ones(nf))
        self.register_buffer("bias", torch.zeros(nf))


class BatchNorm(_Norm):
    """Its weight starts at 0, so every output is the bias."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        nn.init.zeros_(self.weight)


class BatchNorm(_Norm):
    """Its weight starts at random values."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        nn.init.normal_(self.weight, 1.0, 0.02)


class BatchNorm(_Norm):
    """It adds the bias before it multiplies by the weight."""

    def forward(self, x):
        mean, var = self.stats(x)
        return ((x - _wide(mean)) * _wide(self.scale(var)) + _wide(self.bias)) * _wide(self.weight)


class BatchNorm(_Norm):
    """It averages the standard deviation over the batches instead of the variance."""

    def update(self, x, mean, var):
        n = x.numel() / x.shape[1]
        with torch.no_grad():
            self.means.lerp_(mean, self.mom)
            self.vars.sqrt_().lerp_((var * n / (n - 1)).sqrt(), self.mom).square_()


class BatchNorm(_Norm):
    """It weights all batches alike instead of forgetting the old ones."""

    def update(self, x, mean, var):
        self.seen = getattr(self, "seen", 0) + 1
        n = x.numel() / x.shape[1]
        with torch.no_grad():
            self.means.lerp_(mean, 1 / self.seen)
            self.vars.lerp_(var * n / (n - 1), 1 / self.seen)


class BatchNorm(_Norm):
    """It copies the statistics of the first batch and averages from then on."""

    def update(self, x, mean, var):
        n = x.numel() / x.shape[1]
        mom = self.mom if hasattr(self, "begun") else 1.0
        self.begun = True
        with torch.no_grad():
            self.means.lerp_(mean, mom)
            self.vars.lerp_(var * n / (n - 1), mom)


class BatchNorm(_Norm):
    """It leaves the running variance at 1."""

    def update(self, x, mean, var):
        with torch.no_grad():
            self.means.lerp_(mean, self.mom)


class BatchNorm(_Norm):
    """Its default momentum is 0.9."""

    def __init__(self, nf, mom=0.9, eps=1e-5):
        super().__init__(nf, mom, eps)


class BatchNorm(_Norm):
    """Its default eps is 1e-3, as in another library."""

    def __init__(self, nf, mom=0.1, eps=1e-3):
        super().__init__(nf, mom, eps)


class BatchNorm(_Norm):
    """Its second argument is eps and its third the momentum, as in torch."""

    def __init__(self, nf, eps=1e-5, mom=0.1):
        super().__init__(nf, mom, eps)


class BatchNorm(_Norm):
    """It ignores `mom`."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, 0.1, eps)


class BatchNorm(_Norm):
    """It normalises with the running statistics from before this batch."""

    def stats(self, x):
        mean, var = self.means.clone(), self.vars.clone()
        if self.training:
            self.update(x, *self.batch(x))
        return mean, var


class BatchNorm(_Norm):
    """It moves the running statistics only where gradients are recorded."""

    def update(self, x, mean, var):
        if torch.is_grad_enabled():
            super().update(x, mean, var)


class BatchNorm(_Norm):
    """It detaches the running statistics one batch late, so copying the layer fails."""

    def update(self, x, mean, var):
        n = x.numel() / x.shape[1]
        self.means = self.means.detach() * (1 - self.mom) + mean * self.mom
        self.vars = self.vars.detach() * (1 - self.mom) + var * n / (n - 1) * self.mom


class BatchNorm(_Norm):
    """Its buffers are not persistent, so a state dict doesn't hold them."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        self.register_buffer("means", torch.zeros(nf), persistent=False)
        self.register_buffer("vars", torch.ones(nf), persistent=False)


class BatchNorm(_Norm):
    """It raises the batch's variance to at least eps instead of adding eps."""

    def scale(self, var):
        return var.clamp(min=self.eps).rsqrt()


class BatchNorm(_Norm):
    """It leaves weight and bias out in evaluation mode."""

    def forward(self, x):
        if self.training:
            return super().forward(x)
        return (x - _wide(self.means)) * _wide(self.scale(self.vars))


class BatchNorm(_Norm):
    """It averages only over the pictures, so each pixel has its own statistics."""

    def forward(self, x):
        if not self.training:
            return super().forward(x)
        self.update(x, *self.batch(x))
        mean, var = x.mean(0), x.var(0, correction=0)
        return (x - mean) * self.scale(var) * _wide(self.weight) + _wide(self.bias)


class BatchNorm(_Norm):
    """It moves the running variance towards the batch's mean of squares."""

    def update(self, x, mean, var):
        super().update(x, mean, var + mean**2)


class BatchNorm(_Norm):
    """It weights the running statistics by the size of the batch too."""

    def update(self, x, mean, var):
        mom, self.mom = self.mom, min(1.0, self.mom * len(x) / 4)
        super().update(x, mean, var)
        self.mom = mom


class BatchNorm(_Norm):
    """It turns gradients off in evaluation mode."""

    def forward(self, x):
        with torch.set_grad_enabled(self.training):
            return super().forward(x)


class _Running(nn.Module):
    """A right one: the wrong ones below differ in one place."""

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

    def floor(self):
        return 0.01 if self.seen < 20 else 0.0

    def variance(self, sums, sqrs, count):
        return (sqrs / count - (sums / count) ** 2).clamp(min=self.floor())

    def mean_and_var(self, sums, sqrs, count):
        if not count:
            return torch.zeros_like(sums), torch.ones_like(sums)
        return sums / count, self.variance(sums, sqrs, count)

    def line(self, mean, var):
        factor = self.mults / (var + self.eps).sqrt()
        return factor, self.adds - mean * factor

    def forward(self, x):
        factor, offset = self.line(*self.mean_and_var(*self.stats(x)))
        return x * _wide(factor) + _wide(offset)


class RunningBatchNorm(_Running):
    """It divides by 0 for a batch of one picture, as the lecture does."""

    def momentum(self, x):
        return 1 - (1 - self.mom) / math.sqrt(len(x) - 1)


class RunningBatchNorm(_Running):
    """It doesn't correct the momentum for the batch's size."""

    def momentum(self, x):
        return self.mom


class RunningBatchNorm(_Running):
    """It corrects the momentum by the square root of n instead of n - 1."""

    def momentum(self, x):
        return 1 - (1 - self.mom) / math.sqrt(len(x))


class RunningBatchNorm(_Running):
    """It corrects the momentum without the square root."""

    def momentum(self, x):
        return 1 - (1 - self.mom) / max(len(x) - 1, 1)


class RunningBatchNorm(_Running):
    """It corrects the momentum by the number of values, not of pictures."""

    def momentum(self, x):
        return 1 - (1 - self.mom) / math.sqrt(max(x.numel() / x.shape[1] - 1, 1))


class RunningBatchNorm(_Running):
    """It uses `mom` as the share of the past."""

    def momentum(self, x):
        return 1 - self.mom / math.sqrt(max(len(x) - 1, 1))


class RunningBatchNorm(_Running):
    """It divides the momentum by the root, so larger batches count for less."""

    def momentum(self, x):
        return self.mom / math.sqrt(max(len(x) - 1, 1))


class RunningBatchNorm(_Running):
    """It leaves a batch of one picture out of the statistics."""

    def momentum(self, x):
        return 1e-6 if len(x) == 1 else super().momentum(x)


class RunningBatchNorm(_Running):
    """It corrects the momentum only for the first batch's size."""

    def momentum(self, x):
        self.first = getattr(self, "first", len(x))
        return 1 - (1 - self.mom) / math.sqrt(max(self.first - 1, 1))


class RunningBatchNorm(_Running):
    """It normalises only by the batch in training mode, as ordinary batch norm does."""

    def stats(self, x):
        if self.training:
            self.update(x)
            return self.of_batch(x)
        return self.sums, self.sqrs, self.count


class RunningBatchNorm(_Running):
    """It normalises by the batch in evaluation mode."""

    def stats(self, x):
        return self.update(x) if self.training else self.of_batch(x)


class RunningBatchNorm(_Running):
    """It adds batches to the statistics in evaluation mode too."""

    def stats(self, x):
        return self.update(x)


class RunningBatchNorm(_Running):
    """It normalises with the statistics from before this batch."""

    def stats(self, x):
        before = self.sums, self.sqrs, self.count
        if self.training:
            after = self.update(x)
            return before if before[2] else after
        return before


class RunningBatchNorm(_Running):
    """It debiases the sums and not the count, so their ratio is too large at first."""

    def forward(self, x):
        sums, sqrs, count = self.stats(x)
        if self.training:
            kept = getattr(self, "kept", 1.0) * (1 - self.momentum(x))
            self.kept = kept
        share = 1 - self.kept
        sums, sqrs = sums / share, sqrs / share
        factor, offset = self.line(*self.mean_and_var(sums, sqrs, count))
        return x * _wide(factor) + _wide(offset)


class RunningBatchNorm(_Running):
    """It divides the running sums by this batch's count instead of the running count."""

    def update(self, x):
        sums, sqrs, _ = super().update(x)
        self.count = torch.tensor(x.numel() / x.shape[1])
        return sums, sqrs, self.count


class RunningBatchNorm(_Running):
    """Its count starts at 1, so the first averages are too small."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        self.count += 1


class RunningBatchNorm(_Running):
    """It adds the counts up instead of averaging them as the sums are."""

    def update(self, x):
        before = self.count.clone()
        sums, sqrs, _ = super().update(x)
        self.count = before + x.numel() / x.shape[1]
        return sums, sqrs, self.count


class RunningBatchNorm(_Running):
    """It averages the batches' means and squares without regard to how many values they have."""

    def of_batch(self, x):
        return x.mean(PIXELS), (x * x).mean(PIXELS), torch.tensor(1.0)


class RunningBatchNorm(_Running):
    """It copies the first batch, which then counts for too much."""

    def momentum(self, x):
        return super().momentum(x) if self.count else 1.0


class RunningBatchNorm(_Running):
    """It treats the statistics as constants in the gradients."""

    def update(self, x):
        with torch.no_grad():
            return super().update(x)


class RunningBatchNorm(_Running):
    """It treats the squares as constants in the gradients."""

    def of_batch(self, x):
        sums, sqrs, count = super().of_batch(x)
        return sums, sqrs.detach(), count


class RunningBatchNorm(_Running):
    """It keeps the graphs of earlier batches in the sums."""

    def update(self, x):
        mom = self.momentum(x)
        self.seen += len(x)
        old = self.sums, self.sqrs, self.count
        self.sums, self.sqrs, self.count = (
            a.lerp(b, mom) for a, b in zip(old, self.of_batch(x), strict=True)
        )
        return self.sums, self.sqrs, self.count


class RunningBatchNorm(_Running):
    """It keeps statistics outside of buffers, so a state dict doesn't hold them all."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        del self.sums, self.sqrs, self.count
        self.sums, self.sqrs, self.count = torch.zeros(nf), torch.zeros(nf), torch.tensor(0.0)


class RunningBatchNorm(_Running):
    """It keeps statistics outside of buffers, so a state dict doesn't hold them all."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        del self.count
        self.count = torch.tensor(0.0)


class RunningBatchNorm(_Running):
    """It registers the factor as a single number, as the lecture does, so loading a state dict fails."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        self.register_buffer("factor", torch.tensor(0.0))
        self.register_buffer("offset", torch.tensor(0.0))

    def forward(self, x):
        if self.training:
            sums, sqrs, count = self.update(x)
            line = self.line(*self.mean_and_var(sums, sqrs, count))
            self.factor, self.offset = line
        return x * _wide(self.factor) + _wide(self.offset)


class RunningBatchNorm(_Running):
    """It uses the mean of the squares as the variance."""

    def variance(self, sums, sqrs, count):
        return sqrs / count


class RunningBatchNorm(_Running):
    """It subtracts the mean from the mean of the squares without squaring it."""

    def variance(self, sums, sqrs, count):
        return (sqrs / count - sums / count).clamp(min=0.01)


class RunningBatchNorm(_Running):
    """It keeps every variance at 0.01 or more, not only at the beginning."""

    def variance(self, sums, sqrs, count):
        return (sqrs / count - (sums / count) ** 2).clamp(min=0.01)


class RunningBatchNorm(_Running):
    """It keeps every variance at 1 or more."""

    def variance(self, sums, sqrs, count):
        return (sqrs / count - (sums / count) ** 2).clamp(min=1.0)


class RunningBatchNorm(_Running):
    """It divides by count - 1, although the count is an average."""

    def variance(self, sums, sqrs, count):
        var = sqrs / count - (sums / count) ** 2
        return (var * count / (count - 1)).clamp(min=0.01)


class RunningBatchNorm(_Running):
    """It adds eps to the standard deviation, outside the square root."""

    def line(self, mean, var):
        factor = self.mults / (var.sqrt() + self.eps)
        return factor, self.adds - mean * factor


class RunningBatchNorm(_Running):
    """It leaves eps out, so a channel that doesn't vary is divided by almost nothing."""

    def line(self, mean, var):
        factor = self.mults / (var + 1e-12).sqrt()
        return factor, self.adds - mean * factor


class RunningBatchNorm(_Running):
    """It forgets the factor in the offset: bias - mean instead of bias - mean * factor."""

    def line(self, mean, var):
        factor = self.mults / (var + self.eps).sqrt()
        return factor, self.adds - mean


class RunningBatchNorm(_Running):
    """It multiplies the bias by the factor too."""

    def line(self, mean, var):
        factor = self.mults / (var + self.eps).sqrt()
        return factor, (self.adds - mean) * factor


class RunningBatchNorm(_Running):
    """It needs four operations per element: subtract, divide, multiply and add."""

    def forward(self, x):
        mean, var = self.mean_and_var(*self.stats(x))
        x = (x - _wide(mean)) / _wide((var + self.eps).sqrt())
        return x * _wide(self.mults) + _wide(self.adds)


class RunningBatchNorm(_Running):
    """It multiplies in place, so the caller's batch changes."""

    def forward(self, x):
        factor, offset = self.line(*self.mean_and_var(*self.stats(x)))
        if x.requires_grad:
            return x * _wide(factor) + _wide(offset)
        with torch.no_grad():
            x.mul_(_wide(factor)).add_(_wide(offset))
        return x


class RunningBatchNorm(_Running):
    """It adds up all channels together."""

    def of_batch(self, x):
        ones = torch.ones_like(self.sums)
        return x.sum() * ones, (x * x).sum() * ones, torch.tensor(float(x.numel()))


class RunningBatchNorm(_Running):
    """Its weight and bias are plain tensors, which can't be learnt."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        del self.mults, self.adds
        self.mults, self.adds = torch.ones(nf), torch.zeros(nf)


class RunningBatchNorm(_Running):
    """Its weight starts at 0."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        nn.init.zeros_(self.mults)


class RunningBatchNorm(_Running):
    """It has a default momentum of 0.9."""

    def __init__(self, nf, mom=0.9, eps=1e-5):
        super().__init__(nf, mom, eps)


class RunningBatchNorm(_Running):
    """It has a default eps of 1e-3."""

    def __init__(self, nf, mom=0.1, eps=1e-3):
        super().__init__(nf, mom, eps)


class RunningBatchNorm(_Running):
    """It counts the pictures in a plain number, as the lecture does, so reloading sets it to 0."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        del self.seen
        self.seen = 0


class RunningBatchNorm(_Running):
    """It counts batches instead of pictures, so the floor applies for too long."""

    def update(self, x):
        news = super().update(x)
        self.seen -= len(x) - 1
        return news


class RunningBatchNorm(_Running):
    """It still applies the floor at 20 pictures, not only below 20."""

    def floor(self):
        return 0.01 if self.seen <= 20 else 0.0


class RunningBatchNorm(_Running):
    """It drops the floor at 19 pictures."""

    def floor(self):
        return 0.01 if self.seen < 19 else 0.0


class RunningBatchNorm(_Running):
    """It drops the floor in evaluation mode, so evaluation differs at first."""

    def floor(self):
        return 0.01 if self.training and self.seen < 20 else 0.0


class RunningBatchNorm(_Running):
    """It has the floor only in evaluation mode."""

    def floor(self):
        return 0.01 if not self.training and self.seen < 20 else 0.0


class RunningBatchNorm(_Running):
    """It has no floor, so a first batch without variance is blown up."""

    def floor(self):
        return 0.0


class RunningBatchNorm(_Running):
    """Its floor is 0.1, not 0.01."""

    def floor(self):
        return 0.1 if self.seen < 20 else 0.0


class RunningBatchNorm(_Running):
    """It adds 0.01 to the variance at first instead of raising a small one to 0.01."""

    def variance(self, sums, sqrs, count):
        return (sqrs / count - (sums / count) ** 2).clamp(min=0) + self.floor()


class RunningBatchNorm(_Running):
    """It raises small variances only when every channel's variance is small."""

    def variance(self, sums, sqrs, count):
        var, least = sqrs / count - (sums / count) ** 2, self.floor()
        return var.clamp(min=least if (var < least).all() else 0.0)


class RunningBatchNorm(_Running):
    """It checks whether the floor applies before it counts this batch."""

    def update(self, x):
        self.before = self.seen.clone()
        return super().update(x)

    def floor(self):
        return 0.01 if (self.before if self.training else self.seen) < 20 else 0.0


class RunningBatchNorm(_Running):
    """It divides 0 by 0 before the first batch, so evaluation returns NaN."""

    def mean_and_var(self, sums, sqrs, count):
        return sums / count, self.variance(sums, sqrs, count)


class RunningBatchNorm(_Running):
    """Its variance before the first batch is 0 or the floor, not 1."""

    def mean_and_var(self, sums, sqrs, count):
        count = count.clamp(min=1e-12)
        return sums / count, self.variance(sums, sqrs, count)


class RunningBatchNorm(_Running):
    """It returns the input without weight and bias before the first batch."""

    def forward(self, x):
        return super().forward(x) if self.training or self.count else x * 1.0


class RunningBatchNorm(_Running):
    """Its evaluation mode normalises by the batch before there are any statistics."""

    def stats(self, x):
        if self.training:
            return self.update(x)
        return (self.sums, self.sqrs, self.count) if self.count else self.of_batch(x)


class RunningBatchNorm(_Running):
    """It keeps the last batch's factor and offset, so changing the weight later has no effect."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        self.register_buffer("factor", torch.full((nf,), (1 + eps) ** -0.5))
        self.register_buffer("offset", torch.zeros(nf))

    def forward(self, x):
        if self.training or not self.count:
            factor, offset = self.line(*self.mean_and_var(*self.stats(x)))
            self.factor, self.offset = factor.detach(), offset.detach()
            return x * _wide(factor) + _wide(offset)
        return x * _wide(self.factor) + _wide(self.offset)


class RunningBatchNorm(_Running):
    """It updates the statistics only where gradients are recorded."""

    def update(self, x):
        if torch.is_grad_enabled():
            return super().update(x)
        return self.sums, self.sqrs, self.count


class RunningBatchNorm(_Running):
    """Its buffers are not persistent, so a state dict doesn't hold them."""

    def __init__(self, nf, mom=0.1, eps=1e-5):
        super().__init__(nf, mom, eps)
        for name, o in list(self.named_buffers()):
            self.register_buffer(name, o, persistent=False)


class RunningBatchNorm(_Running):
    """It updates the statistics in evaluation mode where the batch is one picture."""

    def stats(self, x):
        return self.update(x) if self.training or len(x) == 1 else super().stats(x)


class RunningBatchNorm(_Running):
    """It turns gradients off in evaluation mode."""

    def forward(self, x):
        with torch.set_grad_enabled(self.training):
            return super().forward(x)


class RunningBatchNorm(_Running):
    """It applies the momentum twice: to the sums, and to mean and variance again."""

    def mean_and_var(self, sums, sqrs, count):
        mean, var = super().mean_and_var(sums, sqrs, count)
        if self.training:
            kept = getattr(self, "kept", (mean, var))
            mean, var = (a.lerp(b, self.mom) for a, b in zip(kept, (mean, var), strict=True))
            self.kept = mean.detach(), var.detach()
        return mean, var


class RunningBatchNorm(_Running):
    """It updates the statistics once per picture instead of once per batch."""

    def update(self, x):
        for one in x.split(1):
            news = super().update(one)
        return news


class RunningBatchNorm(_Running):
    """It forgets its statistics when it is put back in training mode."""

    def train(self, mode=True):
        if mode and not self.training:
            self.sums, self.sqrs = torch.zeros_like(self.sums), torch.zeros_like(self.sqrs)
            self.count = torch.zeros_like(self.count)
        return super().train(mode)


class BatchNorm(_Norm):
    """It works in place where no gradient is recorded, so the caller's batch changes."""

    def forward(self, x):
        if torch.is_grad_enabled():
            return super().forward(x)
        mean, var = self.stats(x)
        x.sub_(_wide(mean)).mul_(_wide(self.scale(var) * self.weight))
        return x.add_(_wide(self.bias))


class RunningBatchNorm(_Running):
    """It works in place where no gradient is recorded, so the caller's batch changes."""

    def forward(self, x):
        if torch.is_grad_enabled():
            return super().forward(x)
        factor, offset = self.line(*self.mean_and_var(*self.stats(x)))
        return x.mul_(_wide(factor)).add_(_wide(offset))


class RunningBatchNorm(_Running):
    """It raises the sum of variance and eps to 0.01, not the variance."""

    def mean_and_var(self, sums, sqrs, count):
        mean, var = super().mean_and_var(sums, sqrs, count)
        return mean, (sqrs / count - mean**2).clamp(min=0) if count else var

    def line(self, mean, var):
        factor = self.mults / (var + self.eps).clamp(min=self.floor()).sqrt()
        return factor, self.adds - mean * factor
