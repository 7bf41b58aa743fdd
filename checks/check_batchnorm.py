"""The laws of batch norm."""

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn

from checks.laws import assert_close, assert_same, assert_that, law, unchanged
from checks.words.norms import (
    ONE,
    Large,
    Norming,
    assert_starts_at_1_and_0,
    by_hand,
    copied,
    gradients,
    graphs_kept,
    normals,
    normings,
    torchs_norm,
)
from katas.batchnorm import BatchNorm, RunningBatchNorm

few = settings(max_examples=15)
near = {"rtol": 2e-4, "atol": 2e-4}


@law("BatchNorm", "Weight and bias are parameters that start at 1 and 0.", "nf number of channels")
@few
@given(st.integers(1, 9))
def test_weight_and_bias_are_parameters_that_start_at_1_and_0(nf):
    """The parameters are nf ones and nf zeros, and ask for gradients."""
    assert_starts_at_1_and_0(BatchNorm(nf), nf)


@law(
    "BatchNorm",
    "Normalise each channel to mean 0 and variance 1, then apply `weight` and `bias`.",
    "y = (x - mean) / sqrt(var + eps) * weight + bias",
    "In training mode, mean and var are those of the batch: var divides by the number of values.",
    "eps added to the variance",
)
@few
@given(normings(max_size=1))
@example(ONE)
def test_in_training_a_batch_is_normalised_by_itself(case):
    """(x - mean) / sqrt(var + eps) * weight + bias, with the batch's own mean and variance."""
    torchs, norm = case.fresh(torchs_norm), case.fresh(BatchNorm)
    for x in case.batches():
        assert_close(norm(x), torchs(x).detach(), **near)


@law(
    "BatchNorm",
    "The running mean and variance move towards those of the batch",
    "running = (1 - mom) * running + mom * batch here var divides by one less",
    "In evaluation mode the running ones are used",
    "They are buffers that start at 0 and 1",
    "mom share of the new batch in the running statistics, from 0 to 1",
)
@few
@given(normings(min_size=0), st.booleans())
@example(ONE, True)
@example(ONE, False)
@example(Norming(seed=1, nf=2, mom=0.3, eps=0.1, sizes=[]), True)
@example(Norming(seed=1, nf=1, mom=1.0, eps=0.1, sizes=[1]), True)
@example(Norming(seed=1, nf=1, mom=0.0, eps=0.1, sizes=[2]), True)
def test_in_evaluation_running_statistics_are_used(case, with_gradients):
    """They start at 0 and 1 and move by `mom` towards each batch's mean and unbiased variance."""
    x = case.batch(7, 3)
    wanted = case.trained(torchs_norm).eval()(x).detach()
    assert_close(case.trained(BatchNorm, with_gradients).eval()(x), wanted, **near)


@law("BatchNorm", "here var divides by one less")
@few
@given(st.integers(0, 99), st.sampled_from([(2, 3, 1, 1), (1, 3, 1, 2)]))
def test_two_values_a_channel_are_enough_for_running_statistics(seed, shape):
    """The running variance moves towards the variance of two values, divided by 1."""
    torchs, ours, x = nn.BatchNorm2d(3), BatchNorm(3), normals(seed, *shape)
    torchs(x), ours.train()(x)
    assert_close(ours.eval()(x).detach(), torchs.eval()(x).detach(), **near)


@law("BatchNorm", "the running ones are used and not changed")
@few
@given(normings(min_size=0, max_size=2))
def test_evaluation_changes_no_running_statistics(case):
    """The state is the same before and after, and so is the output for the next picture."""
    norm = case.trained(BatchNorm).eval()
    before, first = copied(norm.state_dict()), norm(case.batch(7, 3)).detach()
    norm(case.batch(8, 2))
    assert_same(copied(norm.train().state_dict()), before)
    assert_same(norm.eval()(case.batch(7, 3)).detach(), first)


@law("BatchNorm", "Outputs, running statistics and gradients are those of")
@few
@given(normings(max_size=2), st.booleans())
@example(ONE, True)
@example(ONE, False)
def test_gradients_are_those_of_torch(case, training):
    """Those of x, weight and bias: in training, mean and variance depend on x too."""
    x = case.batch(7, 3)
    torchs, norm = (case.trained(kind).train(training) for kind in (torchs_norm, BatchNorm))
    wanted = gradients(torchs, x, case.upstream(x))
    assert_close(gradients(norm, x, case.upstream(x)), wanted, **near)


@law("BatchNorm", "They are buffers")
@few
@given(normings(max_size=3))
def test_a_norm_continues_from_its_state_dict(case):
    """A new norm with the state of another returns the same, and continues in the same way."""
    norm, other, x = case.trained(BatchNorm), case.fresh(BatchNorm), case.batch(7, 3)
    other.load_state_dict(copied(norm.state_dict()))
    wanted = norm.eval()(x).detach()
    assert_close(other.eval()(x), wanted, **near)
    wanted = [norm.train()(case.batch(8, 2)).detach(), norm.eval()(x).detach()]
    assert_close([other.train()(case.batch(8, 2)), other.eval()(x)], wanted, **near)


@law("BatchNorm", "`nn.BatchNorm2d(nf, eps, mom)`")
@few
@given(st.integers(0, 99), st.integers(1, 3))
def test_by_default_mom_is_a_tenth_and_eps_a_hundred_thousandth(seed, nf):
    """BatchNorm(nf) is BatchNorm(nf, mom=0.1, eps=1e-5), as in torch."""
    norm, torchs = BatchNorm(nf), nn.BatchNorm2d(nf)
    x = 0.003 * normals(seed, 4, nf, 3, 3)  # a variance of the size of eps
    wanted = [torchs(x).detach(), torchs.eval()(1000 * x).detach()]
    assert_close([norm(x), norm.eval()(1000 * x)], wanted, **near)


@law("BatchNorm", "The input is left unchanged.")
@few
@given(normings(), st.booleans(), st.booleans())
@example(ONE, False, False)
def test_the_batch_stays_as_it_is(case, training, with_gradients):
    """x is the same after the call, in training and in evaluation, with and without gradients."""
    x, norm = case.batch(0, 3), case.fresh(BatchNorm).train(training)
    with unchanged(x=x), torch.set_grad_enabled(with_gradients):
        norm(x)


@law("BatchNorm", "no gradient flows through them")
@few
@given(normings(min_size=3))
@example(ONE)
def test_running_statistics_have_no_graph(case):
    """No buffer asks for a gradient, and no graph of a batch outlives two more batches."""
    norm = case.fresh(BatchNorm)
    norm(case.batch(7, 3).requires_grad_())
    assert_same([name for name, o in norm.named_buffers() if o.requires_grad], [])
    assert_same(graphs_kept(case.fresh(BatchNorm), case.batches()), 0)


@law(
    "RunningBatchNorm", "1. start weight and bias are parameters of 1 and", "nf number of channels"
)
@few
@given(st.integers(1, 9))
def test_its_parameters_start_at_1_and_0(nf):
    """The parameters are nf ones and nf zeros, and ask for gradients."""
    assert_starts_at_1_and_0(RunningBatchNorm(nf), nf)


@law(
    "RunningBatchNorm",
    "the running sums, squares and",
    "mean = sums / count, var = squares / count - mean**2",
    "factor = weight / sqrt(var + eps), offset = bias - mean * factor",
    "Sums, squares and count are each",
    "eps added to the variance",
)
@few
@given(normings(min_size=1, max_size=1))
@example(ONE)
@example(Norming(seed=1, nf=1, mom=0.1, eps=0.1, sizes=[2]))
@example(Norming(seed=1, nf=1, mom=0.1, eps=0.1, sizes=[1]))
def test_a_first_batch_is_normalised_by_its_own_statistics(case):
    """From 0, sums, squares and count move by the same share m, which cancels in their ratios."""
    x = case.batches()[0]
    assert_close(case.fresh(RunningBatchNorm)(x), by_hand(case, [x], x).float(), **near)


@law(
    "RunningBatchNorm",
    "m = 1 - (1 - mom) / sqrt(max(n - 1, 1))",
    "running = (1 - m) * running + m * batch",
    "2. update a batch in training mode moves sums, squares and count",
    "y = x * factor + offset",
    "mom share of a new batch of one or two pictures",
)
@few
@given(normings())
@example(ONE)
@example(Norming(seed=1, nf=1, mom=0.1, eps=0.1, sizes=[2, 5, 3]))
@example(Norming(seed=1, nf=1, mom=1.0, eps=0.1, sizes=[2, 5, 3]))
def test_in_training_running_statistics_are_used(case):
    """mean = sums / count, var = squares / count - mean**2, this batch included."""
    batches, norm = case.batches(), case.fresh(RunningBatchNorm)
    for i, x in enumerate(batches):
        wanted = by_hand(case, batches[: i + 1], x).float()
        assert_close(norm(x), wanted, rtol=5e-4, atol=5e-4)


@law("RunningBatchNorm", "a batch of 1 picture")
@few
@given(st.integers(0, 99), st.integers(1, 3), st.integers(1, 3))
def test_a_single_pixel_is_normalised_to_the_bias(seed, nf, n):
    """A first batch of one value per channel is its own mean: the output is 0."""
    norm, pixel = RunningBatchNorm(nf), normals(seed, 1, nf, 1, 1)
    assert_close(norm(pixel), torch.zeros(1, nf, 1, 1), atol=0.02)
    assert_same(bool(norm(normals(seed, n, nf, 1, 1)).isfinite().all()), True)


@law("RunningBatchNorm", "3. normalise by the running statistics", "in evaluation mode")
@few
@given(normings(), st.booleans())
@example(ONE, True)
@example(Norming(seed=1, nf=2, mom=0.2, eps=0.1, sizes=[5, 1, 2, 8]), False)
def test_evaluation_uses_the_same_statistics(case, with_gradients):
    """The sums of the batches so far over their count, trained with or without gradients."""
    x = case.batch(7, 3)
    wanted = by_hand(case, case.batches(), x).float()
    norm = case.trained(RunningBatchNorm, with_gradients).eval()
    assert_close(norm(x), wanted, rtol=5e-4, atol=5e-4)


@law("RunningBatchNorm", "in both training and evaluation")
@few
@given(normings(), st.sampled_from([1.0, 0.01]))
@example(ONE, 0.01)
def test_a_batch_comes_out_the_same_in_training_and_right_after(case, size):
    """norm(x) in training is norm.eval()(x)."""
    norm, x = case.trained(RunningBatchNorm), size * case.batch(7, 3)
    trained = norm(x).detach()
    assert_close(norm.eval()(x), trained)


@law("RunningBatchNorm", "in evaluation mode")
@few
@given(normings(max_size=2))
def test_evaluation_changes_no_sums(case):
    """The state is the same before and after, and so is the output for the next picture."""
    norm = case.trained(RunningBatchNorm).eval()
    before, first = copied(norm.state_dict()), norm(case.batch(7, 3)).detach()
    norm(case.batch(8, 2))
    assert_same(copied(norm.train().state_dict()), before)
    assert_same(norm.eval()(case.batch(7, 3)).detach(), first)


@law("RunningBatchNorm", "factor = weight / sqrt(var + eps), offset = bias - mean * factor")
@few
@given(normings(max_size=2))
def test_evaluation_uses_the_weight_and_bias_of_now(case):
    """After weight and bias have changed, as an optimizer does, so has the output."""
    x, norm = case.batch(7, 3), case.trained(RunningBatchNorm).eval()
    norm(x)
    with torch.no_grad():
        for p in norm.parameters():
            p.mul_(2)
    wanted = by_hand(case, case.batches(), x, [2 * o.double() for o in case.affine()]).float()
    assert_close(norm(x), wanted, rtol=5e-4, atol=1e-3)


@law("RunningBatchNorm", "with one multiplication and one addition per element")
@few
@given(normings(max_size=2))
def test_evaluation_is_one_multiply_and_one_add_per_element(case):
    """No more than two operations are as large as the batch."""
    norm, x = case.trained(RunningBatchNorm).eval(), normals(case.seed, 2, case.nf, 8, 8)
    with torch.no_grad(), Large(x.untyped_storage().nbytes()) as large:
        norm(x)
    why = f"operations of the size of the batch: got {len(large.names)}, wanted at most 2"
    assert_that(len(large.names) <= 2, why, large.names, 2)


@law(
    "RunningBatchNorm",
    "4. gradients flow through this batch's part of the statistics; earlier batches are constants",
)
@few
@given(normings(max_size=3))
@example(ONE)
def test_gradients_go_through_the_statistics_of_this_batch(case):
    """Those of x, weight and bias; the sums of earlier batches are constants."""
    x, affine = case.batch(7, 3), [o.double().requires_grad_() for o in case.affine()]
    exact = x.double().requires_grad_()
    out = by_hand(case, [*case.batches(), exact], exact, affine)
    wanted = torch.autograd.grad(out, [exact, *affine], case.upstream(x).double())
    found = gradients(case.trained(RunningBatchNorm), x, case.upstream(x))
    assert_close(found, [o.float() for o in wanted], rtol=1e-3, atol=1e-3)


@law("RunningBatchNorm", "4. gradients flow", "in evaluation mode")
@few
@given(normings(max_size=3))
def test_gradients_in_evaluation_are_those_of_a_line(case):
    """With fixed statistics, dy/dx is the factor, and weight and bias have gradients too."""
    x, affine = case.batch(7, 3), [o.double().requires_grad_() for o in case.affine()]
    exact = x.double().requires_grad_()
    out = by_hand(case, case.batches(), exact, affine)
    wanted = torch.autograd.grad(out, [exact, *affine], case.upstream(x).double())
    found = gradients(case.trained(RunningBatchNorm).eval(), x, case.upstream(x))
    assert_close(found, [o.float() for o in wanted], rtol=1e-3, atol=1e-3)


@law("RunningBatchNorm", "earlier batches are constants")
@few
@given(normings(min_size=3))
@example(Norming(seed=1, nf=1, mom=0.1, eps=0.1, sizes=[1, 1, 1]))
def test_every_batch_can_be_trained_on(case):
    """A backward pass for each batch in turn works, and no graph outlives two more batches."""
    norm = case.fresh(RunningBatchNorm)
    for x in case.batches():
        found = gradients(norm, x, case.upstream(x))
        assert_same([bool(o.isfinite().all()) for o in found], [True] * 3)
    assert_same(graphs_kept(case.fresh(RunningBatchNorm), case.batches()), 0)


def small_batches(seed, nf, sizes):
    """Batches whose values vary by a hundredth."""
    return [0.01 * normals(seed + i, n, nf, 3, 3) for i, n in enumerate(sizes)]


PLAIN = torch.ones(1).double(), torch.zeros(1).double()


@law(
    "RunningBatchNorm",
    "5. floor until 20 pictures have been seen, this batch included, var is at least 0.01",
    "and the number of pictures",
)
@few
@given(
    st.integers(0, 99),
    st.sampled_from([[1], [3, 2], [5, 5, 5], [6, 7, 6], [19], [2] * 9]),
    st.sampled_from([1e-5, 0.02]),
)
@example(0, [6, 7, 6], 1e-5)
@example(0, [1] * 19, 0.02)
def test_small_variances_count_as_a_hundredth_at_first(seed, sizes, eps):
    """After up to 19 pictures a variance of 0.0001 counts as 0.01, whatever other channels have.

    eps comes on top of it.
    """
    case, norm = Norming(seed, 2, 0.1, eps, sizes), RunningBatchNorm(2, eps=eps)
    scales = torch.tensor([1.0, 100.0])[:, None, None]  # a flat channel, and a lively one
    batches = [x * scales for x in small_batches(seed, 2, sizes)]
    wanted = by_hand(case, batches, batches[-1], PLAIN, least=0.01).float()
    out = [norm(x).detach() for x in batches][-1]
    assert_close([out, norm.eval()(batches[-1]).detach()], [wanted, wanted], rtol=1e-3, atol=1e-3)


@law("RunningBatchNorm", "5. floor until 20 pictures", "eps added")
@few
@given(st.integers(0, 99), st.sampled_from([[20], [6, 7, 7], [4] * 6, [1, 2, 3] * 10]))
@example(0, [20])
@example(0, [1] * 20)
def test_small_variances_count_as_they_are_later(seed, sizes):
    """From the batch with the 20th picture on, eps alone keeps a variance from 0: 1e-5."""
    case, norm = Norming(seed, 1, 0.1, 1e-5, sizes), RunningBatchNorm(1)
    batches = small_batches(seed, 1, sizes)
    wanted = by_hand(case, batches, batches[-1], PLAIN).float()
    out = [norm(x).detach() for x in batches][-1]
    assert_close([out, norm.eval()(batches[-1]).detach()], [wanted, wanted], rtol=1e-3, atol=1e-3)


@law("RunningBatchNorm", "6. no batch before the first one, mean is 0 and var is 1")
@few
@given(normings())
@example(ONE)
def test_before_any_batch_mean_is_0_and_var_1(case):
    """In evaluation, y = x * weight / sqrt(1 + eps) + bias; the first batch then counts in full."""
    x, (weight, bias) = case.batch(7, 3), case.affine()
    norm = case.fresh(RunningBatchNorm).eval()
    factor = weight / (1 + case.eps) ** 0.5
    assert_close(norm(x), x * factor[:, None, None] + bias[:, None, None], **near)
    first = case.batches()[0]
    assert_close(norm.train()(first), by_hand(case, [first], first).float(), **near)


@law(
    "RunningBatchNorm",
    "7. reload a new norm that loads the state dict of another continues where that",
)
@few
@given(normings(max_size=3))
def test_statistics_reload_from_a_state_dict(case):
    """A new norm with the state of another returns the same, and continues in the same way."""
    norm, other = case.trained(RunningBatchNorm), RunningBatchNorm(case.nf, case.mom, case.eps)
    other.load_state_dict(copied(norm.state_dict()))
    x = case.batch(7, 3)
    wanted = norm.eval()(x).detach()
    assert_close(other.eval()(x), wanted, **near)
    wanted = [norm.train()(case.batch(8, 2)).detach(), norm.eval()(x).detach()]
    assert_close([other.train()(case.batch(8, 2)), other.eval()(x)], wanted, **near)


@law("RunningBatchNorm", "7. reload", "buffers", "and the number of pictures")
@few
@given(st.integers(0, 99), st.sampled_from([[20], [3] * 9, [15]]))
@example(0, [20])
def test_the_number_of_pictures_reloads_too(seed, sizes):
    """A norm with 20 pictures seen has no floor after a reload; one with 15 needs 5 more."""
    norm, other = RunningBatchNorm(1), RunningBatchNorm(1)
    for x in small_batches(seed, 1, sizes):
        norm(x)
    other.load_state_dict(copied(norm.state_dict()))
    (x,) = small_batches(seed + 50, 1, [5])
    wanted = [norm(x).detach(), norm.eval()(x).detach()]
    assert_close([other(x).detach(), other.eval()(x).detach()], wanted, rtol=1e-3, atol=1e-3)


@law("RunningBatchNorm", "The input is left unchanged.")
@few
@given(normings(), st.booleans(), st.booleans())
@example(ONE, False, False)
def test_a_running_norm_leaves_the_batch_as_it_is(case, training, with_gradients):
    """x is the same after the call, in training and in evaluation, with and without gradients."""
    x, norm = case.batch(0, 3), case.trained(RunningBatchNorm).train(training)
    with unchanged(x=x), torch.set_grad_enabled(with_gradients):
        norm(x)
