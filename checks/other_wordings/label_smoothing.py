"""Mistakes of `label_smoothing` in other words, and mistakes that aren't in the catalogue.

The docstring is the sentence that is expected; where there is none, nothing is to be named.
"""

import torch
from torch import nn


def reduce_loss(values, reduction="mean"):
    """Returns the loss unreduced for any unknown word, as the lecture's version does."""
    if reduction == "sum":
        return torch.sum(values)
    if reduction == "mean":
        return torch.mean(values)
    return values


def reduce_loss(values, how="mean"):
    """Divides by the number of pictures, not of elements."""
    if how == "sum":
        return values.sum()
    if how == "mean":
        return values.sum() / max(1, values.shape[0] if values.shape else 1)
    if how == "none":
        return values
    raise ValueError(how)


def reduce_loss(values, reduction="mean"):
    if reduction not in ["mean", "sum", "none"]:
        raise ValueError
    if reduction == "mean":
        return values.median()
    return values.sum() if reduction == "sum" else values


class _Loss(nn.Module):
    def __init__(self, eps=0.1, reduction="mean"):
        super().__init__()
        self.eps = eps
        self.reduction = reduction

    def labels(self, y, k):
        return torch.eye(k)[y] * (1 - self.eps) + self.eps / k

    def logs(self, x):
        return x - torch.logsumexp(x, 1, keepdim=True)

    def forward(self, x, y):
        terms = self.labels(y, x.size(1)) * self.logs(x)
        losses = -terms.sum(1)
        if self.reduction == "none":
            return losses
        return losses.sum() if self.reduction == "sum" else losses.mean()


class LabelSmoothingCrossEntropy(_Loss):
    """Spreads eps over the wrong classes only, so the label gets 1 - eps and the others more."""

    def labels(self, y, k):
        q = torch.full((len(y), k), self.eps / (k - 1))
        q[torch.arange(len(y)), y] = 1 - self.eps
        return q


class LabelSmoothingCrossEntropy(_Loss):
    """Forgets to divide by the number of classes."""

    def labels(self, y, k):
        return torch.eye(k)[y] * (1 - self.eps) + self.eps


class LabelSmoothingCrossEntropy(_Loss):
    """Normalises over the pictures of a batch instead of the classes."""

    def logs(self, x):
        return x - torch.logsumexp(x, 0, keepdim=True)


class LabelSmoothingCrossEntropy(_Loss):
    """Forgets the minus sign."""

    def forward(self, x, y):
        return -super().forward(x, y)


class LabelSmoothingCrossEntropy(_Loss):
    """Doesn't smooth in evaluation mode."""

    def labels(self, y, k):
        return super().labels(y, k) if self.training else torch.eye(k)[y]


class LabelSmoothingCrossEntropy(_Loss):
    def labels(self, y, k):
        return torch.eye(k)[y] * (1 - self.eps) + self.eps / k**2


class LabelSmoothingCrossEntropy(_Loss):
    def forward(self, x, y):
        return super().forward(x, y) + self.eps * x.pow(2).mean()


class LabelSmoothingCrossEntropy(_Loss):
    def logs(self, x):
        return torch.log_softmax(x / 2, 1)
