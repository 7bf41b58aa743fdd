"""Label smoothing: a loss that doesn't ask the network to be certain.

Level 2. About 25 minutes. Any time; `mixup` uses `reduce_loss`.
Source: Szegedy et al. 2015, arXiv 1512.00567, section 7; fast.ai 2019, lesson 12.
See it at work in notebooks/7_week_after.ipynb: `make lab kata=label_smoothing`.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


def reduce_loss(loss: Float[Tensor, "*shape"], reduction: str = "mean") -> Tensor:
    """The mean of all elements of `loss`, their sum, or `loss` unreduced.

        "mean"    the mean, a tensor without dimensions
        "sum"     the sum, a tensor without dimensions
        "none"    `loss` itself or a copy

    Raises ValueError for any other `reduction`, including None.

    >>> reduce_loss(torch.tensor([1.0, 3.0]), "sum")
    tensor(4.)
    """
    raise NotImplementedError


class LabelSmoothingCrossEntropy(nn.Module):
    """Cross entropy with labels that leave a little for every class.

        q[c] = (1 - eps) * (c is the label) + eps / k             for each of k classes
        loss = -sum of q[c] * log(softmax(logits)[c])             for each picture

    Write it without `F.cross_entropy` and `nn.CrossEntropyLoss`.

    eps        share of each label that is spread evenly over all classes, 0..1
    reduction  how to reduce the losses of a batch, as for `reduce_loss`
    target     the label of each picture, int64

    With eps=0 it's plain cross entropy. Large logits don't overflow, forward or backward.
    The loss is the same in training and in evaluation mode. `reduction` is an attribute, and every
    call reads it.

    >>> loss_func = LabelSmoothingCrossEntropy(eps=0.3)
    >>> loss_func(torch.tensor([[0.0, 0.0, 9.0]]), torch.tensor([2]))
    tensor(1.8002)
    """

    def __init__(self, eps: float = 0.1, reduction: str = "mean") -> None:
        raise NotImplementedError

    def forward(self, logits: Float[Tensor, "n k"], target: Int[Tensor, " n"]) -> Tensor:
        raise NotImplementedError
