"""The laws of label smoothing."""

import math

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import nn

from checks.laws import assert_close, assert_raises, assert_same, law, unchanged
from checks.words.losses import Logits, reductions, shapes, tensor_of, torch_functions
from katas.label_smoothing import LabelSmoothingCrossEntropy, reduce_loss

shares = st.floats(0, 1).map(lambda x: round(x, 3))
logits = st.builds(Logits, st.integers(0, 99), st.integers(1, 5), st.integers(2, 6))
ONE = Logits(seed=1, n=3, k=4)
SHARE = {"mean": 1 / 6, "sum": 1.0, "none": 1.0}


@law("reduce_loss", "The mean of all elements of `loss`", '"mean" the mean, a tensor without dim')
@given(shapes, st.integers(0, 99))
def test_mean_is_the_mean_of_all_elements(shape, seed):
    """reduce_loss(loss, "mean") = sum of the elements / number of elements."""
    loss = tensor_of(shape, seed)
    assert_close(reduce_loss(loss, "mean"), loss.sum() / loss.numel())


@law("reduce_loss", "The mean of all elements of `loss`, their sum")
@given(st.sampled_from(["mean", "sum"]), st.integers(0, 99), st.sampled_from([math.nan, math.inf]))
@example("mean", 0, math.nan)
def test_no_element_is_left_out(reduction, seed, odd):
    """One element that is NaN or infinite makes the mean and the sum so, which you want to see."""
    loss = tensor_of((2, 3), seed)
    loss[1, 0] = odd
    assert_close(reduce_loss(loss, reduction), torch.tensor(odd))


@law("reduce_loss", '"sum" the sum, a tensor without dimensions')
@given(shapes, st.integers(0, 99))
def test_sum_is_the_sum_of_all_elements(shape, seed):
    """reduce_loss(loss, "sum") adds up the elements of every dimension."""
    loss = tensor_of(shape, seed)
    assert_close(reduce_loss(loss, "sum"), loss.flatten().sum(), atol=1e-5)


@law("reduce_loss", "or `loss` unreduced", '"none" `loss` itself or a copy')
@given(shapes, st.integers(0, 99))
def test_none_in_quotes_leaves_every_element(shape, seed):
    """reduce_loss(loss, "none") = loss."""
    assert_same(reduce_loss(tensor_of(shape, seed), "none"), tensor_of(shape, seed))


@law("reduce_loss", "The mean of all elements of `loss`, their sum, or `loss` unreduced.")
@given(shapes, st.integers(0, 99))
def test_the_reduction_is_the_mean_unless_given(shape, seed):
    """reduce_loss(loss) = reduce_loss(loss, "mean")."""
    loss = tensor_of(shape, seed)
    assert_close(reduce_loss(loss), loss.sum() / loss.numel())


@law("reduce_loss", "Raises ValueError for any other `reduction`,")
@given(st.sampled_from([None, "", "Mean", "SUM", "average", "max", "mean ", 0, True]))
def test_any_other_reduction_is_a_value_error(reduction):
    """Only the three texts are reductions; None isn't "none"."""
    with assert_raises(ValueError) as came:
        came.append(reduce_loss(torch.ones(2), reduction))


@law("reduce_loss", "The mean of all elements of `loss`, their sum, or `loss` unreduced.")
@given(reductions, st.integers(0, 99))
def test_gradients_flow_through_the_reduction(reduction, seed):
    """The gradient of the sum of what is returned: 1/n each for "mean", else 1 each."""
    loss = tensor_of((2, 3), seed).requires_grad_()
    reduce_loss(loss, reduction).sum().backward()
    assert_close(loss.grad, torch.full((2, 3), SHARE[reduction]))


@law("reduce_loss", '"none" `loss` itself or a copy')
@given(reductions, shapes, st.integers(0, 99))
def test_the_loss_that_is_reduced_is_left_unchanged(reduction, shape, seed):
    """`loss` has the same elements after the call."""
    loss = tensor_of(shape, seed)
    with unchanged(loss=loss):
        reduce_loss(loss, reduction)


@law(
    "LabelSmoothingCrossEntropy",
    "Cross entropy with labels that leave a",
    "q[c] = (1 - eps) * (c is the label) + eps / k for each of k classes",
    "loss = -sum of q[c] * log(softmax(logits)[c]) for each picture",
    "eps share of each label that is spread evenly over all classes, 0..1",
    "target the label of each picture, int64",
)
@given(logits, shares, reductions)
@example(ONE, 1.0, "mean")
def test_the_loss_is_that_of_torch_with_label_smoothing(case, eps, reduction):
    """F.cross_entropy(logits, target, label_smoothing=eps), for each reduction."""
    wanted = case.torchs(eps, reduction)
    assert_close(LabelSmoothingCrossEntropy(eps, reduction)(*case()), wanted, rtol=1e-4)


@law("LabelSmoothingCrossEntropy", "reduction how to reduce the losses of a batch, as")
@given(logits)
def test_eps_is_a_tenth_and_the_reduction_the_mean_unless_given(case):
    """LabelSmoothingCrossEntropy() has eps=0.1 and reduction="mean"."""
    wanted = case.torchs(0.1, "mean")
    assert_close(LabelSmoothingCrossEntropy()(*case()), wanted, rtol=1e-4)


@law("LabelSmoothingCrossEntropy", "With eps=0 it's plain cross entropy.")
@given(logits, reductions)
def test_without_smoothing_it_is_plain_cross_entropy(case, reduction):
    """eps=0: minus the logarithm of the probability of the label."""
    wanted = case.torchs(0.0, reduction)
    assert_close(LabelSmoothingCrossEntropy(0.0, reduction)(*case()), wanted, rtol=1e-4)


@law("LabelSmoothingCrossEntropy", "Large logits don't overflow, forward or backward.")
@given(logits, shares, st.sampled_from([1e2, 1e4, 1e6]), st.booleans())
@example(ONE, 0.1, 1e4, False)
def test_large_logits_do_not_overflow(case, eps, size, far):
    """Logits in the thousands, all of them far from 0 too, have a finite loss: torch's."""
    large = Logits(case.seed, case.n, case.k, size, far * size)
    wanted = large.torchs(eps, "none")
    assert_close(LabelSmoothingCrossEntropy(eps, "none")(*large()), wanted, rtol=1e-4)


@law("LabelSmoothingCrossEntropy", "Large logits don't overflow, forward or backward.")
@given(logits, shares, reductions, st.sampled_from([1.0, 1e4]))
def test_gradients_are_those_of_torch(case, eps, reduction, size):
    """softmax(logits) - q for each picture; divided by n for the mean."""
    case = Logits(case.seed, case.n, case.k, size)
    wanted = case.torchs_gradient(eps, reduction)
    loss_func = LabelSmoothingCrossEntropy(eps, reduction)
    assert_close(case.gradient(loss_func), wanted, rtol=1e-4, atol=1e-5)


@law("LabelSmoothingCrossEntropy", "The loss is the same in training and in evaluation mode.")
@given(logits, shares)
def test_evaluation_mode_changes_nothing(case, eps):
    """loss_func.eval() smooths as loss_func.train() does."""
    loss_func = LabelSmoothingCrossEntropy(eps)
    loss_func.eval()
    assert_close(loss_func(*case()), case.torchs(eps, "mean"), rtol=1e-4)


@law("LabelSmoothingCrossEntropy", "`reduction` is an attribute, and every call reads it.")
@given(logits, shares, st.permutations(["mean", "sum", "none"]))
def test_the_reduction_can_be_set_between_calls(case, eps, order):
    """loss_func.reduction = "none" holds from the next call on."""
    loss_func = LabelSmoothingCrossEntropy(eps, order[0])
    assert_same(loss_func.reduction, order[0])
    for reduction in order:
        loss_func.reduction = reduction
        assert_close(loss_func(*case()), case.torchs(eps, reduction), rtol=1e-4)


@law("LabelSmoothingCrossEntropy", "loss = -sum of q[c] * log(softmax(logits)[c]) for each picture")
@given(logits, st.integers(1, 5), shares, reductions)
@example(ONE, 1, 0.1, "mean")
@example(ONE, 3, 0.1, "mean")
def test_each_batch_has_a_loss_of_its_own(case, n, eps, reduction):
    """Two losses, of a full and of a last short batch, are torch's; so are their gradients.

    Both are computed before either goes backward.
    """
    batches = [case, Logits(case.seed + 1, n, case.k)]
    loss_func, scores, losses = LabelSmoothingCrossEntropy(eps, reduction), [], []
    for batch in batches:
        output, target = batch()
        scores.append(output.requires_grad_())
        losses.append(loss_func(output, target))
    for batch, output, loss in zip(batches, scores, losses, strict=True):
        assert_close(loss.detach(), batch.torchs(eps, reduction), rtol=1e-4)
        loss.sum().backward()
        assert_close(output.grad, batch.torchs_gradient(eps, reduction), rtol=1e-4, atol=1e-5)


@law("LabelSmoothingCrossEntropy", "Write it without `F.cross_entropy` and `nn.CrossEntropyLoss`.")
def test_torchs_own_cross_entropy_is_not_called():
    """A call of the loss uses neither F.cross_entropy nor nn.CrossEntropyLoss."""
    with torch_functions() as called:
        LabelSmoothingCrossEntropy(0.1)(*ONE())
    assert_same([name for name in called if "cross_entropy" in name], [])


@law("LabelSmoothingCrossEntropy", "The loss is the same in training and in evaluation mode.")
def test_the_loss_is_a_module():
    """It has torch's `train` and `eval`, and is called as every module is."""
    loss_func = LabelSmoothingCrossEntropy()
    assert_same(isinstance(loss_func, nn.Module), True)


@law("LabelSmoothingCrossEntropy", "loss = -sum of q[c] * log(softmax(logits)[c])")
@given(logits, shares, reductions)
def test_logits_and_labels_are_left_unchanged(case, eps, reduction):
    """Both have the same elements after the call."""
    output, target = case()
    with unchanged(logits=output, target=target):
        LabelSmoothingCrossEntropy(eps, reduction)(output, target)
