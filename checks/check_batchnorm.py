"""The laws of batch norm."""

import gc
import math
import weakref
from dataclasses import dataclass

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from checks.laws import assert_close, assert_same, assert_that, law, unchanged
from katas.batchnorm import BatchNorm, RunningBatchNorm

few = settings(max_examples=15)
near = {"rtol": 2e-4, "atol": 2e-4}


def randoms(seed, *shape):
    """Normal random numbers, the same each time."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@dataclass
class Norming:
    """A norm's arguments, and the sizes of the batches that it meets one after the other."""

    seed: int
    nf: int
    mom: float
    eps: float
    sizes: list[int]

    def batch(self, i, n):
        """Batch i, of n pictures: every channel has a mean and a std of its own."""
        seed, shape = 100 * self.seed + 3 * i, (1, self.nf, 1, 1)
        scale = 0.5 + 2 * torch.rand(shape, generator=torch.Generator().manual_seed(self.seed))
        each = randoms(seed, n, self.nf, 2 + i % 2, 3)
        each = each / each.std((2, 3), keepdim=True)  # no channel is nearly constant
        shift = randoms(self.seed, *shape) + randoms(seed + 1, n, self.nf, 1, 1)
        return (each + shift) * scale

    def batches(self):
        """The batches, the same each time."""
        return [self.batch(i, n) for i, n in enumerate(self.sizes)]

    def upstream(self, x):
        """A gradient that comes from above."""
        return randoms(self.seed + 1, *x.shape)

    def affine(self):
        """A weight above 0 and a bias below 0 for each channel."""
        weight, bias = randoms(self.seed, 2, self.nf).abs() + 0.1
        return weight, -bias

    def dressed(self, norm):
        """A fresh norm with that weight and bias."""
        values = nn.utils.parameters_to_vector(norm.parameters()).detach()
        ones, (weight, bias) = values == 1, self.affine()
        values = values.masked_scatter(ones, weight).masked_scatter(~ones, bias)
        nn.utils.vector_to_parameters(values, norm.parameters())
        return norm

    def trained(self, norm):
        """That norm after the batches, in training."""
        self.dressed(norm).train()
        for x in self.batches():
            norm(x)
        return norm

    def torchs(self):
        """Torch's own batch norm."""
        return nn.BatchNorm2d(self.nf, eps=self.eps, momentum=self.mom)

    def ours(self):
        """The answer's batch norm."""
        return BatchNorm(self.nf, self.mom, self.eps)

    def running(self):
        """The answer's running batch norm."""
        return RunningBatchNorm(self.nf, self.mom, self.eps)


def normings(min_size=1, max_size=4, max_n=5):
    """Norms with momentum and epsilon large enough to matter."""
    return st.builds(
        Norming,
        seed=st.integers(0, 99),
        nf=st.integers(1, 3),
        mom=st.floats(0.05, 0.95).map(lambda x: round(x, 2)),
        eps=st.sampled_from([0.001, 0.01, 0.1, 0.5]),
        sizes=st.lists(st.integers(1, max_n), min_size=min_size, max_size=max_size),
    )


ONE = Norming(seed=1, nf=2, mom=0.3, eps=0.1, sizes=[4, 1, 3])


def copied(state):
    """A state dict that later changes do not reach."""
    return {name: value.detach().clone() for name, value in state.items()}


def gradients(norm, x, upstream):
    """The gradients of x, of the weight and of the bias, from one pass."""
    x = x.clone().requires_grad_()
    norm.zero_grad()
    norm(x).backward(upstream)
    values = torch.cat([p.detach().reshape(-1) for p in norm.parameters()])
    grads = torch.cat([p.grad.reshape(-1) for p in norm.parameters()])
    return [x.grad, grads[values > 0], grads[values < 0]]


class Token:
    """What a graph keeps alive as long as it lives."""


class Keeping(torch.autograd.Function):
    """x, with a graph that keeps a token."""

    @staticmethod
    def forward(ctx, x, token):
        ctx.token = token
        return x.clone()

    @staticmethod
    def backward(ctx, grad):
        return grad, None


def outlives(norm, batches):
    """Whether the graph of the first batch is still there after the others."""
    token = Token()
    alive = weakref.ref(token)
    norm(Keeping.apply(batches[0].clone().requires_grad_(), token))
    del token
    for x in batches[1:]:
        norm(x)
    gc.collect()
    return alive() is not None


@law("BatchNorm")
@few
@given(st.integers(1, 9))
def test_weight_and_bias_are_parameters_that_start_at_1_and_0(nf):
    """The parameters are nf ones and nf zeros, and ask for gradients."""
    params = list(BatchNorm(nf).parameters())
    values = torch.cat([torch.zeros(0), *(p.detach().reshape(-1) for p in params)]).sort().values
    assert_same(values, torch.cat([torch.zeros(nf), torch.ones(nf)]))
    assert_that(all(p.requires_grad for p in params), "no gradient is asked for", params)


@law("BatchNorm")
@few
@given(normings(max_size=1))
@example(ONE)
def test_in_training_a_batch_is_normalised_by_itself(case):
    """(x - mean) / sqrt(var + eps) * weight + bias, with the batch's own mean and variance."""
    wanted = [case.dressed(case.torchs())(x).detach() for x in case.batches()]
    norm = case.dressed(case.ours())
    assert_close([norm(x) for x in case.batches()], wanted, **near)


@law("BatchNorm")
@few
@given(normings(min_size=0))
@example(ONE)
@example(Norming(seed=1, nf=2, mom=0.3, eps=0.1, sizes=[]))
@example(Norming(seed=1, nf=1, mom=1.0, eps=0.1, sizes=[1]))
@example(Norming(seed=1, nf=1, mom=0.0, eps=0.1, sizes=[2]))
def test_in_evaluation_running_statistics_are_used(case):
    """They start at 0 and 1 and move by `mom` towards each batch's mean and unbiased variance."""
    x = case.batch(7, 3)
    wanted = case.trained(case.torchs()).eval()(x).detach()
    assert_close(case.trained(case.ours()).eval()(x), wanted, **near)


@law("BatchNorm")
@few
@given(st.integers(0, 99), st.sampled_from([(2, 3, 1, 1), (1, 3, 1, 2)]))
def test_two_values_a_channel_are_enough_for_running_statistics(seed, shape):
    """The variance of two values, divided by 1, is what the running variance moves towards."""
    torchs, ours, x = nn.BatchNorm2d(3), BatchNorm(3), randoms(seed, *shape)
    wanted = [torchs(x), torchs.eval()(x)][1].detach()
    ours.train()(x)
    assert_close(ours.eval()(x).detach(), wanted, **near)


@law("BatchNorm")
@few
@given(normings(min_size=0, max_size=2))
def test_evaluation_changes_no_running_statistics(case):
    """The state is the same before and after, and so is what the next picture gives."""
    norm = case.trained(case.ours()).eval()
    before, first = copied(norm.state_dict()), norm(case.batch(7, 3)).detach()
    norm(case.batch(8, 2))
    assert_same(copied(norm.state_dict()), before)
    assert_same(norm(case.batch(7, 3)).detach(), first)


@law("BatchNorm")
@few
@given(normings(max_size=2))
@example(ONE)
def test_gradients_in_training_go_through_the_statistics(case):
    """Those of x, weight and bias are torch's: mean and variance depend on x too."""
    x = case.batch(7, 3)
    wanted = gradients(case.trained(case.torchs()), x, case.upstream(x))
    assert_close(gradients(case.trained(case.ours()), x, case.upstream(x)), wanted, **near)


@law("BatchNorm")
@few
@given(normings(max_size=2))
def test_gradients_in_evaluation_are_those_of_a_line(case):
    """With fixed statistics, those of x, weight and bias are torch's."""
    x = case.batch(7, 3)
    wanted = gradients(case.trained(case.torchs()).eval(), x, case.upstream(x))
    assert_close(gradients(case.trained(case.ours()).eval(), x, case.upstream(x)), wanted, **near)


@law("BatchNorm")
@few
@given(normings(max_size=3))
def test_a_norm_goes_on_from_its_state_dict(case):
    """A new norm with the state of another gives the same, and goes on in the same way."""
    norm, other, x = case.trained(case.ours()), case.ours(), case.batch(7, 3)
    other.load_state_dict(copied(norm.state_dict()))
    wanted = norm.eval()(x).detach()
    assert_close(other.eval()(x), wanted, **near)
    wanted = [norm.train()(case.batch(8, 2)).detach(), norm.eval()(x).detach()]
    assert_close([other.train()(case.batch(8, 2)), other.eval()(x)], wanted, **near)


@law("BatchNorm")
@few
@given(st.integers(0, 99), st.integers(1, 3))
def test_by_default_mom_is_a_tenth_and_eps_a_hundred_thousandth(seed, nf):
    """BatchNorm(nf) is BatchNorm(nf, mom=0.1, eps=1e-5), as in torch."""
    norm, torchs = BatchNorm(nf), nn.BatchNorm2d(nf)
    x = 0.003 * randoms(seed, 4, nf, 3, 3)  # a variance of the size of eps
    wanted = [torchs(x).detach(), torchs.eval()(1000 * x).detach()]
    assert_close([norm(x), norm.eval()(1000 * x)], wanted, **near)


@law("BatchNorm")
@few
@given(normings(), st.booleans())
def test_the_batch_stays_as_it_is(case, training):
    """x is the same after the call, in training and in evaluation."""
    x, norm = case.batch(0, 3), case.ours().train(training)
    with unchanged(x=x):
        norm(x)


@law("BatchNorm")
@few
@given(normings(min_size=3))
def test_running_statistics_keep_no_graph_alive(case):
    """What was computed for a batch is gone when two more have come."""
    assert_that(not outlives(case.ours(), case.batches()), "a batch's graph is still there")


def closed_form(case, batches):
    """Mean and variance of each channel after these batches, without debiasing, in float64.

    Batch i counts with m[i] times the product of 1 - m[j] over the later batches j.
    """
    moms = [1 - (1 - case.mom) / math.sqrt(max(len(x) - 1, 1)) for x in batches]
    shares = [m * math.prod(1 - o for o in moms[i + 1 :]) for i, m in enumerate(moms)]
    doubles = [x.double() for x in batches]
    count = sum(w * x[:, 0].numel() for w, x in zip(shares, doubles, strict=True))
    sums = sum(w * x.sum((0, 2, 3)) for w, x in zip(shares, doubles, strict=True))
    sqrs = sum(w * (x**2).sum((0, 2, 3)) for w, x in zip(shares, doubles, strict=True))
    return sums / count, sqrs / count - (sums / count) ** 2


def by_hand(case, seen, x, affine=None):
    """x normalised by the statistics of the batches seen, in float64."""
    mean, var = closed_form(case, seen)
    weight, bias = affine or [o.double() for o in case.affine()]
    factor = weight / (var + case.eps).sqrt()
    return x.double() * factor[:, None, None] + (bias - mean * factor)[:, None, None]


@law("RunningBatchNorm")
@few
@given(st.integers(1, 9))
def test_its_parameters_start_at_1_and_0(nf):
    """The parameters are nf ones and nf zeros, and ask for gradients."""
    params = list(RunningBatchNorm(nf).parameters())
    values = torch.cat([torch.zeros(0), *(p.detach().reshape(-1) for p in params)]).sort().values
    assert_same(values, torch.cat([torch.zeros(nf), torch.ones(nf)]))
    assert_that(all(p.requires_grad for p in params), "no gradient is asked for", params)


@law("RunningBatchNorm")
@few
@given(normings())
@example(ONE)
@example(Norming(seed=1, nf=1, mom=0.1, eps=0.1, sizes=[2, 5, 3]))
@example(Norming(seed=1, nf=1, mom=0.1, eps=0.1, sizes=[1]))
def test_in_training_running_statistics_are_used(case):
    """mean = sums / count, var = sqrs / count - mean**2, this batch included; they start at 0."""
    batches = case.batches()
    wanted = [by_hand(case, batches[: i + 1], x).float() for i, x in enumerate(batches)]
    norm = case.dressed(case.running())
    assert_close([norm(x) for x in batches], wanted, rtol=5e-4, atol=5e-4)


@law("RunningBatchNorm")
@few
@given(normings())
@example(ONE)
@example(Norming(seed=1, nf=2, mom=0.2, eps=0.1, sizes=[5, 1, 2, 8]))
def test_evaluation_uses_the_same_statistics(case):
    """The sums of the batches so far over their count; nothing is added by evaluation."""
    x = case.batch(7, 3)
    wanted = by_hand(case, case.batches(), x).float()
    assert_close(case.trained(case.running()).eval()(x), wanted, rtol=5e-4, atol=5e-4)


@law("RunningBatchNorm")
@few
@given(normings())
def test_a_batch_gives_the_same_in_training_and_right_after(case):
    """norm(x) in training is norm.eval()(x)."""
    norm, x = case.trained(case.running()), case.batch(7, 3)
    trained = norm(x).detach()
    assert_close(norm.eval()(x), trained)


@law("RunningBatchNorm")
@few
@given(normings(max_size=2))
def test_evaluation_changes_no_sums(case):
    """The state is the same before and after, and so is what the next picture gives."""
    norm = case.trained(case.running()).eval()
    before, first = copied(norm.state_dict()), norm(case.batch(7, 3)).detach()
    norm(case.batch(8, 2))
    assert_same(copied(norm.state_dict()), before)
    assert_same(norm(case.batch(7, 3)).detach(), first)


@law("RunningBatchNorm")
@few
@given(normings(max_size=3))
@example(ONE)
def test_gradients_go_through_the_statistics_of_this_batch(case):
    """Those of x, weight and bias; the sums of earlier batches are constants."""
    x, affine = case.batch(7, 3), [o.double().requires_grad_() for o in case.affine()]
    exact = x.double().requires_grad_()
    out = by_hand(case, [*case.batches(), exact], exact, affine)
    wanted = torch.autograd.grad(out, [exact, *affine], case.upstream(x).double())
    found = gradients(case.trained(case.running()), x, case.upstream(x))
    assert_close(found, [o.float() for o in wanted], rtol=1e-3, atol=1e-3)


@law("RunningBatchNorm")
@few
@given(normings(min_size=2))
@example(Norming(seed=1, nf=1, mom=0.1, eps=0.1, sizes=[1, 1, 1]))
def test_every_batch_can_be_trained_on(case):
    """A backward pass for each batch, one after the other, finds all that it needs."""
    norm = case.dressed(case.running())
    for x in case.batches():
        found = gradients(norm, x, case.upstream(x))
        assert_that(all(o.isfinite().all() for o in found), "a gradient is not finite", found)


@law("RunningBatchNorm")
@few
@given(st.integers(0, 99), st.integers(1, 3), st.integers(1, 3))
def test_a_single_pixel_is_normalised_to_the_bias(seed, nf, n):
    """A first batch of one value per channel is its own mean: what comes out is 0."""
    norm, pixel = RunningBatchNorm(nf), randoms(seed, 1, nf, 1, 1)
    assert_close(norm(pixel), torch.zeros(1, nf, 1, 1), atol=0.02)
    assert_that(norm(randoms(seed, n, nf, 1, 1)).isfinite(), "the next is not finite", norm)


@law("RunningBatchNorm")
@few
@given(st.integers(0, 99), st.integers(1, 3))
def test_small_variances_count_as_they_are_in_the_long_run(seed, nf):
    """After many pictures eps alone keeps a variance from 0; by default eps=1e-5 and mom=0.1."""
    case, norm = Norming(seed, nf, 0.1, 1e-5, []), RunningBatchNorm(nf)
    batches = [0.01 * randoms(seed + i, 1 + i % 3, nf, 3, 3) for i in range(30)]
    affine = [torch.ones(nf).double(), torch.zeros(nf).double()]
    wanted = by_hand(case, batches, batches[-1], affine).float()
    for x in batches:
        out = norm(x).detach()
    assert_close(out, wanted, rtol=1e-3, atol=1e-3)


@law("RunningBatchNorm")
@few
@given(normings(max_size=3))
def test_statistics_reload_from_a_state_dict(case):
    """A new norm with the state of another gives the same, and goes on in the same way."""
    norm, other, x = case.trained(case.running()), case.running(), case.batch(7, 3)
    other.load_state_dict(copied(norm.state_dict()))
    wanted = norm.eval()(x).detach()
    assert_close(other.eval()(x), wanted, **near)
    wanted = [norm.train()(case.batch(8, 2)).detach(), norm.eval()(x).detach()]
    assert_close([other.train()(case.batch(8, 2)), other.eval()(x)], wanted, **near)
    assert_that(any(True for _ in norm.buffers()), "there are no buffers", norm)


class Large(TorchDispatchMode):
    """Counts the operations that write a tensor of `least` bytes or more."""

    def __init__(self, least):
        super().__init__()
        self.least, self.names = least, []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        written = [o for o in (out if isinstance(out, tuple | list) else [out]) if is_tensor(o)]
        read = [] if func._schema.is_mutable else [o.data_ptr() for o in args if is_tensor(o)]
        new = [o for o in written if o.data_ptr() not in read]  # the rest are views
        if any(o.untyped_storage().nbytes() >= self.least for o in new):
            self.names.append(str(func))
        return out


def is_tensor(o):
    """Whether an argument or a result of an operation is a tensor."""
    return isinstance(o, torch.Tensor)


@law("RunningBatchNorm")
@few
@given(normings(max_size=2))
def test_evaluation_is_one_multiply_and_one_add_per_element(case):
    """No more than two operations are as large as the batch."""
    norm, x = case.trained(case.running()).eval(), randoms(case.seed, 2, case.nf, 8, 8)
    with torch.no_grad(), Large(x.untyped_storage().nbytes()) as large:
        norm(x)
    assert_that(len(large.names) <= 2, "operations of the size of the batch", large.names, 2)


@law("RunningBatchNorm")
@few
@given(normings(), st.booleans())
def test_a_running_norm_leaves_the_batch_as_it_is(case, training):
    """x is the same after the call, in training and in evaluation."""
    x, norm = case.batch(0, 3), case.trained(case.running()).train(training)
    with unchanged(x=x):
        norm(x)


@law("RunningBatchNorm")
@few
@given(normings(min_size=3))
def test_running_sums_keep_no_graph_alive(case):
    """What was computed for a batch is gone when two more have come."""
    assert_that(not outlives(case.running(), case.batches()), "a batch's graph is still there")
