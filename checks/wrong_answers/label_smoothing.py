"""Wrong answers to the exercises of `label_smoothing`."""

import math

import torch
from torch import nn
from torch.nn import functional as F


def reduce_loss(loss, reduction="mean"):
    """Returns the loss unreduced for any unknown word, as the lecture's version does."""
    return loss.mean() if reduction == "mean" else loss.sum() if reduction == "sum" else loss


def reduce_loss(loss, reduction="mean"):
    """Treats None as "none"."""
    if reduction in (None, "none"):
        return loss
    if reduction not in ("mean", "sum"):
        raise ValueError(reduction)
    return loss.mean() if reduction == "mean" else loss.sum()


def reduce_loss(loss, reduction="mean"):
    """Looks the word up in a dict, so an unknown word raises KeyError."""
    return {"mean": torch.mean, "sum": torch.sum, "none": lambda o: o}[reduction](loss)


def reduce_loss(loss, reduction="mean"):
    """Calls whatever method of the tensor has that name, so "max" works and "average" doesn't."""
    if reduction == "none":
        return loss
    return getattr(loss, reduction)()


def reduce_loss(loss, reduction="mean"):
    """Checks the word by `assert`, so the error is an AssertionError."""
    assert reduction in ("mean", "sum", "none")
    return loss if reduction == "none" else getattr(loss, reduction)()


def _reduced(loss, reduction):
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"unknown reduction {reduction!r}")
    return loss if reduction == "none" else loss.mean() if reduction == "mean" else loss.sum()


def reduce_loss(loss, reduction="none"):
    """Doesn't reduce by default."""
    return _reduced(loss, reduction)


def reduce_loss(loss, reduction="sum"):
    """Sums by default."""
    return _reduced(loss, reduction)


def reduce_loss(loss, reduction):
    """Has no default reduction."""
    return _reduced(loss, reduction)


def reduce_loss(loss, reduction="mean"):
    """Reduces the first dimension only, so a loss of [n, k] stays a vector."""
    if reduction == "mean" and loss.ndim:
        return loss.mean(0)
    return _reduced(loss, reduction)


def reduce_loss(loss, reduction="mean"):
    """Sums the last dimension only."""
    if reduction == "sum" and loss.ndim:
        return loss.sum(-1)
    return _reduced(loss, reduction)


def reduce_loss(loss, reduction="mean"):
    """Divides by the number of pictures, not of elements."""
    if reduction == "mean" and loss.ndim:
        return loss.sum() / len(loss)
    return _reduced(loss, reduction)


def reduce_loss(loss, reduction="mean"):
    """Returns a float, through which no gradient flows."""
    return loss if reduction == "none" else _reduced(loss, reduction).item()


def reduce_loss(loss, reduction="mean"):
    """Detaches the loss, so no gradient flows."""
    return _reduced(loss.detach(), reduction)


def reduce_loss(loss, reduction="mean"):
    """Divides the elements in place before it adds them up, so the caller's loss changes."""
    if reduction != "mean":
        return _reduced(loss, reduction)
    with torch.no_grad():
        loss /= loss.numel()
    return loss.sum()


def reduce_loss(loss, reduction="mean"):
    """Ignores the word's case, so "Mean" is accepted."""
    return _reduced(loss, reduction.lower() if isinstance(reduction, str) else reduction)


def reduce_loss(loss, reduction="mean"):
    """Flattens a loss that should come back unreduced."""
    return _reduced(loss.flatten(), reduction)


def reduce_loss(loss, reduction="mean"):
    """Keeps one dimension in the mean and the sum."""
    found = _reduced(loss, reduction)
    return found if reduction == "none" else found.reshape(1)


def reduce_loss(loss, reduction="mean"):
    """Treats every falsy value as "none", even the empty string and 0."""
    return _reduced(loss, reduction or "none")


def reduce_loss(loss, reduction="mean"):
    """Accepts True and returns the loss unreduced, as if `reduction` were a flag."""
    return loss if reduction is True else _reduced(loss, reduction)


def reduce_loss(loss, reduction="mean"):
    """Sums where the mean is wanted and averages where the sum is."""
    return _reduced(loss, {"mean": "sum", "sum": "mean"}.get(str(reduction), reduction))


def reduce_loss(loss, reduction="mean"):
    """Always returns the mean."""
    return loss.mean()


class _Smoothed(nn.Module):
    """A right one, from which the wrong ones below differ in one place."""

    def __init__(self, eps=0.1, reduction="mean"):
        super().__init__()
        self.eps, self.reduction = eps, reduction

    def log_p(self, logits):
        return F.log_softmax(logits, dim=1)

    def shares(self, k):
        """What the label gets, and what every class gets."""
        return 1 - self.eps, self.eps / k

    def each(self, logits, target):
        log_p = self.log_p(logits)
        of_label, of_all = self.shares(logits.shape[1])
        return -of_label * log_p[torch.arange(len(target)), target] - of_all * log_p.sum(1)

    def forward(self, logits, target):
        return _reduced(self.each(logits, target), self.reduction)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Forgets to divide by the number of classes."""

    def shares(self, k):
        return 1 - self.eps, self.eps


class LabelSmoothingCrossEntropy(_Smoothed):
    """Spreads eps over the wrong classes only, so the label gets 1 - eps and the others more."""

    def shares(self, k):
        other = self.eps / (k - 1)
        return 1 - self.eps - other, other


class LabelSmoothingCrossEntropy(_Smoothed):
    """Leaves out the label's part of eps, so the shares don't add up to 1."""

    def shares(self, k):
        return 1 - self.eps - self.eps / k, self.eps / k


class LabelSmoothingCrossEntropy(_Smoothed):
    """Swaps the two parts, so the label gets eps and the rest is spread evenly."""

    def shares(self, k):
        return self.eps, (1 - self.eps) / k


class LabelSmoothingCrossEntropy(_Smoothed):
    """Adds the even part on top of the whole plain loss."""

    def shares(self, k):
        return 1.0, self.eps / k


class LabelSmoothingCrossEntropy(_Smoothed):
    """Divides eps by the number of pictures instead of classes."""

    def each(self, logits, target):
        log_p = self.log_p(logits)
        of_label, of_all = self.shares(len(logits))
        return -of_label * log_p[torch.arange(len(target)), target] - of_all * log_p.sum(1)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Smooths by 0.1, whatever eps is."""

    def shares(self, k):
        return 0.9, 0.1 / k


class LabelSmoothingCrossEntropy(_Smoothed):
    """Doesn't smooth by default."""

    def __init__(self, eps=0.0, reduction="mean"):
        super().__init__(eps, reduction)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Sums over the batch by default."""

    def __init__(self, eps=0.1, reduction="sum"):
        super().__init__(eps, reduction)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Takes the softmax and then its logarithm, which is minus infinity for large logits."""

    def log_p(self, logits):
        return logits.softmax(1).log()


class LabelSmoothingCrossEntropy(_Smoothed):
    """Adds up exponentials of the logits as they are, which overflow."""

    def log_p(self, logits):
        return logits - logits.exp().sum(1, keepdim=True).log()


class LabelSmoothingCrossEntropy(_Smoothed):
    """Keeps probabilities above a ten-millionth, so large logits have too small a loss."""

    def log_p(self, logits):
        return logits.softmax(1).clamp(1e-7, 1).log()


class LabelSmoothingCrossEntropy(_Smoothed):
    """Adds a billionth to each probability before the logarithm."""

    def log_p(self, logits):
        return (logits.softmax(1) + 1e-9).log()


class LabelSmoothingCrossEntropy(_Smoothed):
    """Subtracts the largest logit of the whole batch, so other pictures' exponentials vanish."""

    def log_p(self, logits):
        logits = logits - logits.max()
        return logits - logits.exp().sum(1, keepdim=True).log()


class LabelSmoothingCrossEntropy(_Smoothed):
    """Normalises over the pictures of a batch instead of the classes."""

    def log_p(self, logits):
        return F.log_softmax(logits, dim=0)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Measures in bits: the logarithm to base 2."""

    def log_p(self, logits):
        return super().log_p(logits) / math.log(2)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Treats the logits as probabilities."""

    def log_p(self, logits):
        return logits.log()


class LabelSmoothingCrossEntropy(_Smoothed):
    """Doesn't normalise the logits at all."""

    def log_p(self, logits):
        return logits


class LabelSmoothingCrossEntropy(_Smoothed):
    """Clamps the logits to between -50 and 50."""

    def log_p(self, logits):
        return super().log_p(logits.clamp(-50, 50))


class LabelSmoothingCrossEntropy(_Smoothed):
    """Forgets the minus sign."""

    def each(self, logits, target):
        return -super().each(logits, target)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Averages the even part over the batch, whatever the reduction is."""

    def forward(self, logits, target):
        log_p = self.log_p(logits)
        plain = F.nll_loss(log_p, target, reduction=self.reduction)
        return (1 - self.eps) * plain - self.eps * log_p.mean()


class LabelSmoothingCrossEntropy(_Smoothed):
    """Averages the label's part over the batch, whatever the reduction is."""

    def forward(self, logits, target):
        log_p = self.log_p(logits)
        even = _reduced(-log_p.mean(1), self.reduction)
        return (1 - self.eps) * F.nll_loss(log_p, target) + self.eps * even


class LabelSmoothingCrossEntropy(_Smoothed):
    """Always averages over the batch."""

    def forward(self, logits, target):
        return self.each(logits, target).mean()


class LabelSmoothingCrossEntropy(_Smoothed):
    """Averages for "none" as well, because "none" ends up in an `else`."""

    def forward(self, logits, target):
        found = self.each(logits, target)
        return found.sum() if self.reduction == "sum" else found.mean()


class LabelSmoothingCrossEntropy(_Smoothed):
    """Averages over the classes too, so the mean is k times too small."""

    def forward(self, logits, target):
        found = _reduced(self.each(logits, target), self.reduction)
        return found / logits.shape[1] if self.reduction == "mean" else found


class LabelSmoothingCrossEntropy(_Smoothed):
    """Returns one loss per class for "none", without summing over the classes."""

    def forward(self, logits, target):
        q = torch.full_like(logits, self.eps / logits.shape[1])
        q.scatter_(1, target[:, None], 1 - self.eps + self.eps / logits.shape[1])
        terms = -q * self.log_p(logits)
        return terms if self.reduction == "none" else _reduced(terms.sum(1), self.reduction)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Returns losses of shape [n, 1] for "none"."""

    def forward(self, logits, target):
        return _reduced(self.each(logits, target)[:, None], self.reduction)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Reads the reduction once, when it's made, so a later change has no effect."""

    def __init__(self, eps=0.1, reduction="mean"):
        super().__init__(eps, reduction)
        self.reduce = lambda o: _reduced(o, reduction)

    def forward(self, logits, target):
        return self.reduce(self.each(logits, target))


class LabelSmoothingCrossEntropy(_Smoothed):
    """Keeps the reduction under another name, so it can't be changed."""

    def __init__(self, eps=0.1, reduction="mean"):
        super().__init__(eps, reduction)
        del self.reduction
        self.how = reduction

    def forward(self, logits, target):
        return _reduced(self.each(logits, target), self.how)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Doesn't smooth in evaluation mode."""

    def shares(self, k):
        return super().shares(k) if self.training else (1.0, 0.0)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Treats the even part as a constant, so its gradient is missing."""

    def each(self, logits, target):
        log_p = self.log_p(logits)
        plain = F.nll_loss(log_p, target, reduction="none")
        return (1 - self.eps) * plain - self.eps * log_p.detach().mean(1)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Treats the normalising sum as a constant, so the gradients depend only on the label."""

    def log_p(self, logits):
        return logits - logits.detach().logsumexp(1, keepdim=True)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Subtracts the largest logit in place, so the caller's logits change."""

    def log_p(self, logits):
        with torch.no_grad():
            logits -= logits.max(1, keepdim=True).values
        return super().log_p(logits)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Calls F.cross_entropy, which already does the whole exercise."""

    def forward(self, logits, target):
        return F.cross_entropy(
            logits, target, label_smoothing=self.eps, reduction=self.reduction
        )


class LabelSmoothingCrossEntropy(nn.CrossEntropyLoss):
    """Subclasses nn.CrossEntropyLoss, which already does the whole exercise."""

    def __init__(self, eps=0.1, reduction="mean"):
        super().__init__(label_smoothing=eps, reduction=reduction)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Uses F.cross_entropy for the label's part."""

    def forward(self, logits, target):
        plain = F.cross_entropy(logits, target, reduction="none")
        even = -self.log_p(logits).mean(1)
        return _reduced((1 - self.eps) * plain + self.eps * even, self.reduction)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Ignores the reduction where eps is 0."""

    def forward(self, logits, target):
        if self.eps == 0:
            return F.nll_loss(self.log_p(logits), target)
        return super().forward(logits, target)


class LabelSmoothingCrossEntropy:
    """Doesn't subclass `nn.Module`, so it has no modes and no `train` or `eval`."""

    def __init__(self, eps=0.1, reduction="mean"):
        self.right = _Smoothed(eps, reduction)
        self.eps, self.reduction = eps, reduction

    def __call__(self, logits, target):
        self.right.reduction = self.reduction
        return self.right(logits, target)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Divides the sum by the number of pictures, as the mean does."""

    def forward(self, logits, target):
        found = super().forward(logits, target)
        return found / len(target) if self.reduction == "sum" else found


class LabelSmoothingCrossEntropy(_Smoothed):
    """Smooths the probabilities instead of the labels."""

    def each(self, logits, target):
        p = (1 - self.eps) * logits.softmax(1) + self.eps / logits.shape[1]
        return F.nll_loss(p.log(), target, reduction="none")


class LabelSmoothingCrossEntropy(_Smoothed):
    """Averages the logits, not their log-softmax, for the even part."""

    def each(self, logits, target):
        plain = F.nll_loss(self.log_p(logits), target, reduction="none")
        return (1 - self.eps) * plain - self.eps * logits.mean(1)


class LabelSmoothingCrossEntropy(_Smoothed):
    """Subtracts the entropy of the smoothed labels, so it's a divergence instead of a cross entropy."""

    def each(self, logits, target):
        q = torch.full_like(logits, self.eps / logits.shape[1])
        q.scatter_(1, target[:, None], 1 - self.eps + self.eps / logits.shape[1])
        return F.kl_div(self.log_p(logits), q, reduction="none").sum(1)


def reduce_loss(loss, reduction="mean"):
    """Leaves NaN out of the mean, so a training that has failed looks fine."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(reduction)
    return {"mean": loss.nanmean(), "sum": loss.sum(), "none": loss}[reduction]


def reduce_loss(loss, reduction="mean"):
    """Leaves NaN out of the sum, so a training that has failed looks fine."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(reduction)
    return {"mean": loss.mean(), "sum": loss.nansum(), "none": loss}[reduction]


def reduce_loss(loss, reduction="mean"):
    """Replaces NaN by 0, so a training that has failed looks fine."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(reduction)
    loss = loss.nan_to_num()
    return {"mean": loss.mean(), "sum": loss.sum(), "none": loss}[reduction]


class _Buffered(_Smoothed):
    """Writes the smoothed labels of every batch into memory that it keeps where that `fits`."""

    q = None

    def each(self, logits, target):
        if not self.fits(logits):
            self.q = torch.empty_like(logits).detach()
        of_label, of_all = self.shares(logits.shape[1])
        q = self.q.fill_(of_all).scatter_(1, target[:, None], of_label + of_all)
        return -(q * self.log_p(logits)).sum(1)


class LabelSmoothingCrossEntropy(_Buffered):
    """Allocates the smoothed labels only once, for the first batch, so a short last batch doesn't fit."""

    def fits(self, logits):
        return self.q is not None


class LabelSmoothingCrossEntropy(_Buffered):
    """Uses the same memory for the smoothed labels of every batch, so an earlier loss is lost."""

    def fits(self, logits):
        return self.q is not None and self.q.shape == logits.shape
