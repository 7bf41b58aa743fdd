"""The laws of mixup."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

import katas.learner as learner
from checks.laws import assert_close, assert_raises, assert_same, assert_that, law
from checks.words.fits import BATCH_EVENTS, Trip, watching
from checks.words.losses import Logits
from checks.words.mixtures import FEATURES, LOSSES, Mixing, crowd, losses, mixings, same_state
from katas.label_smoothing import LabelSmoothingCrossEntropy
from katas.mixup import MixUp, NoneReduce

few = settings(max_examples=10)
FULL = [FEATURES, FEATURES]
full = mixings(sizes=st.just(FULL))
alphas = st.sampled_from([0.2, 0.4, 1.0, 3.0])
ONE = Logits(seed=1, n=3, k=4)


def fitted(case, *cbs, alpha=0.4, **kwargs):
    """The training batches of a fit with mixup."""
    learn = case.learner(learner, MixUp(alpha), *cbs, **kwargs)
    learn.fit(case.epochs)
    return case.trained()


def assert_its_own(learn, loss_func):
    """The learner's loss function is this object."""
    why = "learn.loss_func: got another function, wanted the learner's own"
    assert_that(learn.loss_func is loss_func, why, "another function", "the learner's own")


def off_diagonal(shares):
    """A mixture without the share that each place has in its own input."""
    return shares - torch.diag(shares.diagonal())


@law(
    "NoneReduce",
    "A context manager that makes a reducing loss function return the loss of each",
    "loss_func a function that takes `reduction`, or a module with the attribute `reduction`",
    'The value of the `with` statement is the loss function with the reduction "none".',
)
@few
@given(mixings(), losses)
def test_inside_the_block_every_element_has_its_own_loss(case, loss):
    """with NoneReduce(loss_func) as each: each(pred, yb) is unreduced."""
    case.loss = loss
    xb, yb = case.batch(0)
    pred = case.model()(xb)
    wanted = case.unreduced(loss.make(), pred, yb)
    with NoneReduce(loss.make()) as each:
        assert_close(each(pred, yb), wanted)


@law(
    "NoneReduce",
    "A module gets its own `reduction` back at the end of the block",
)
@given(st.sampled_from(["mean", "sum", "none"]))
def test_a_module_gets_its_reduction_back(reduction):
    """After the block module.reduction is what it was before."""
    module = nn.CrossEntropyLoss(reduction=reduction)
    with NoneReduce(module) as each:
        each(*ONE())
    assert_same(module.reduction, reduction)
    assert_close(module(*ONE()), F.cross_entropy(*ONE(), reduction=reduction))


@law("NoneReduce", "A module gets its own `reduction` back")
@given(st.permutations(["mean", "sum", "none"]))
def test_only_the_block_changes_a_modules_reduction(reductions):
    """A NoneReduce changes nothing when it's made, and what is set before the block counts."""
    module = nn.MSELoss(reduction=reductions[0])
    block = NoneReduce(module)
    assert_same(module.reduction, reductions[0])
    module.reduction = reductions[1]
    with block:
        pass
    assert_same(module.reduction, reductions[1])


class Difference(nn.Module):
    """A loss with the attribute `reduction` that isn't one of torch's."""

    def __init__(self, reduction="mean"):
        super().__init__()
        self.reduction = reduction

    def forward(self, pred, yb):
        losses = (pred - yb).abs()
        return {"mean": losses.mean(), "sum": losses.sum(), "none": losses}[self.reduction]


@law(
    "NoneReduce",
    "or a module with the attribute `reduction`",
    "gets its own `reduction` back at the end",
)
@given(st.sampled_from(["mean", "sum", "none"]))
def test_any_module_with_a_reduction_will_do(reduction):
    """A module of your own, or LabelSmoothingCrossEntropy, is unreduced in the block."""
    a, b = torch.tensor([3.0, 5.0]), torch.tensor([1.0, 1.0])
    for module, args in (
        (Difference(reduction), (a, b)),
        (LabelSmoothingCrossEntropy(0.1, reduction), ONE()),
    ):
        with NoneReduce(module) as each:
            assert_same(each(*args).shape, args[0].shape[:1])
        assert_same(module.reduction, reduction)


@law("NoneReduce", "even after an error")
@given(st.sampled_from(["mean", "sum"]), st.sampled_from([ValueError, KeyboardInterrupt]))
def test_a_module_gets_its_reduction_back_after_an_error(reduction, kind):
    """The error leaves the block, and module.reduction is what it was before."""
    module = nn.MSELoss(reduction=reduction)
    block = NoneReduce(module)
    with assert_raises(kind, "in the block"), block:
        raise kind("in the block")
    assert_same(module.reduction, reduction)


@law("NoneReduce", "The value of the `with` statement is the loss function")
def test_other_settings_of_the_loss_function_stay():
    """Class weights and label smoothing hold inside the block too."""
    settings = {"weight": torch.tensor([1.0, 2.0, 3.0, 4.0]), "label_smoothing": 0.2}
    wanted = F.cross_entropy(*ONE(), reduction="none", **settings)
    for loss_func in nn.CrossEntropyLoss(**settings), partial(F.cross_entropy, **settings):
        with NoneReduce(loss_func) as each:
            assert_close(each(*ONE()), wanted)


@law(
    "NoneReduce",
    "A module gets its own `reduction` back at the end of the block",
)
def test_blocks_may_be_nested_and_repeated():
    """Two blocks in one another, twice: the module has its own reduction after each."""
    module = nn.CrossEntropyLoss(reduction="sum")
    for _ in range(2):
        with NoneReduce(module):
            with NoneReduce(module) as each:
                assert_same(each(*ONE()).shape, torch.Size([3]))
            assert_same(module.reduction in ("none", "sum"), True)
        assert_same(module.reduction, "sum")


@law(
    "MixUp",
    "Trains on mixtures of pairs of pictures.",
    "x = lam * x[i] + (1 - lam) * x[j] what the model sees",
)
@few
@given(mixings())
@example(Mixing(seed=1, sizes=[6, 1]))
def test_the_model_sees_mixtures_of_two_pictures(case):
    """Row i is picture i and at most one other; its shares are positive and sum to 1."""
    for batch in fitted(case):
        shares = case.mixture_of(batch)
        assert_close(shares.sum(1), torch.ones(len(shares)))
        assert_that(bool((shares >= 0).all()), "a share is negative", shares, "shares of 0..1")
        others = (off_diagonal(shares) > 0).sum(1)
        most = others.max().item()
        assert_that(most <= 1, f"pictures mixed in: got {most}, wanted 1 at most", most, 1)


@law("MixUp", "loss = lam * loss(pred, y[i]) + (1 - lam) * loss(pred, y[j])")
@few
@given(full)
@example(Mixing(seed=1, sizes=FULL, loss=LOSSES[1]))
def test_the_loss_is_the_same_mixture_as_the_inputs(case):
    """With the shares of the inputs: their losses for both labels, mixed, then reduced."""
    for batch in fitted(case):
        assert_close(batch.loss, case.mixed_loss(batch), rtol=1e-4)


@law("MixUp", "The losses are mixed while they're unreduced, whatever their shape: [n], [n, k]")
@few
@given(mixings(sizes=st.lists(st.integers(1, 6), min_size=2, max_size=3)))
@example(Mixing(seed=1, sizes=[3, 2], loss=LOSSES[4]))
@example(Mixing(seed=1, sizes=[2, 4], loss=LOSSES[7]))
def test_losses_of_any_shape_are_mixed_picture_by_picture(case):
    """Unreduced losses of [n], [n, k] and [n, h, w]; n may equal k, h or w."""
    for batch in fitted(case):
        assert_close(batch.loss, case.mixed_loss(batch), rtol=1e-4)


@law("MixUp", "Their mixture is reduced as the loss function itself would do it: by a module's")
@few
@given(mixings(), st.sampled_from(["mean", "sum"]))
def test_the_mixture_is_reduced_by_the_modules_reduction(case, reduction):
    """nn.CrossEntropyLoss(reduction="sum") sums the mixed losses; a change of it counts."""
    case.loss = LOSSES[1]
    loss_func = nn.CrossEntropyLoss()
    learn = case.learner(learner, MixUp(), loss_func=loss_func)
    loss_func.reduction = reduction
    learn.fit(1)
    for batch in case.trained():
        mean = case.mixed_loss(batch)
        wanted = {"mean": mean, "sum": mean * len(batch.xb)}[reduction]
        assert_close(batch.loss, wanted, rtol=1e-4)


@law("MixUp", "or by a function's default")
@few
@given(mixings(), st.sampled_from([LOSSES[0], LOSSES[3], LOSSES[6]]))
def test_the_mixture_is_reduced_by_the_functions_default(case, loss):
    """F.cross_entropy means, a function with reduction="sum" as its default sums."""
    case.loss = loss
    for batch in fitted(case):
        assert_close(batch.loss, case.mixed_loss(batch), rtol=1e-4)


@law("MixUp", "loss = lam * loss(pred, y[i]) + (1 - lam) * loss(pred, y[j])")
@few
@given(full)
def test_gradients_are_those_of_the_mixed_loss(case):
    """The backward pass goes through both losses, and each has its share in it."""
    for batch in fitted(case):
        assert_close(batch.grads, case.gradients(batch), rtol=1e-3, atol=1e-5)


@law("MixUp", "Each picture i of a training batch has its own lam")
@few
@given(full)
def test_every_picture_has_its_own_share(case):
    """No two shares are equal, in one batch or in several."""
    own = torch.cat([case.mixture_of(o).diagonal() for o in fitted(case, alpha=1.0)])
    mixed = own[own < 1].tolist()
    assert_that(len(set(mixed)) == len(mixed), "shares that are equal", mixed, "all different")


@law("MixUp", "a draw from Beta(alpha, alpha), or 1 minus the draw if that's larger")
@few
@given(mixings(), alphas)
def test_a_picture_has_at_least_half_of_its_place(case, alpha):
    """lam is at least 1/2, so the label y[i] is the one with the larger share."""
    for batch in fitted(case, alpha=alpha):
        own = case.mixture_of(batch).diagonal()
        assert_that(bool((own >= 0.5).all()), "a lam below 1/2", own, "0.5 and more")


def assert_beta(case, alpha):
    """(lam - 1/2)**2 and its square have the means that Beta(alpha, alpha) has."""
    lams = torch.cat([case.mixture_of(o).diagonal() for o in case.trained()]).double()
    even = (lams - 0.5) ** 2
    spread, peak = 1 / (4 * (2 * alpha + 1)), 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3))
    room = 6 * even.std().item() / len(lams) ** 0.5
    assert_close(even.mean().item(), spread, rtol=0, atol=room)
    assert_close((even**2).mean().item(), peak, rtol=0, atol=room / 3)


@law(
    "MixUp",
    "a draw from Beta(alpha, alpha)",
    "alpha above 0; the smaller, the more often a picture is hardly mixed",
)
@settings(max_examples=4)
@given(alphas)
def test_shares_are_drawn_from_the_beta_distribution(alpha):
    """Of many pictures, mean and spread of (lam - 1/2)**2 are those of Beta(alpha, alpha)."""
    case = crowd(250, 4)
    fitted(case, alpha=alpha)
    assert_beta(case, alpha)


@law("MixUp", "a draw from Beta(alpha, alpha)")
def test_alpha_is_0_4_unless_given():
    """MixUp() draws from Beta(0.4, 0.4)."""
    case = crowd(250, 6)
    case.learner(learner, MixUp()).fit(1)
    assert_beta(case, 0.4)


@law(
    "MixUp",
    "Its partner j is the picture at its index after one random permutation of the",
)
@few
@given(full)
def test_every_picture_is_the_partner_of_one_place(case):
    """No picture is mixed into two places of a batch."""
    for batch in fitted(case, alpha=1.0):
        places = (off_diagonal(case.mixture_of(batch)) > 0).sum(0)
        most = places.max().item()
        assert_that(most <= 1, f"places of one partner: got {most}, wanted 1 at most", most, 1)


@law("MixUp", "after one random permutation of the batch, which is the same for inputs and")
@few
@given(st.integers(0, 99))
def test_partners_are_drawn_for_each_batch(seed):
    """Eight batches of the same size don't all have the same partners."""
    case = Mixing(seed=seed, sizes=[6] * 8)
    partners = [off_diagonal(case.mixture_of(o)) > 0 for o in fitted(case, alpha=1.0)]
    kinds = len({str(o.tolist()) for o in partners})
    assert_that(kinds > 2, f"permutations in 8 batches: got {kinds}, wanted several", kinds, 8)


@law("MixUp", "All randomness comes from torch's generator.")
@few
@given(full, st.integers(0, 9))
def test_torchs_seed_decides_how_a_batch_is_mixed(case, seed):
    """The same torch seed, the same mixtures; another seed, others."""
    again, other = (replace(case, seen=[]) for _ in range(2))
    found = []
    for one, of_torch in (case, seed), (again, seed), (other, seed + 1):
        torch.manual_seed(of_torch)
        found.append([one.mixture_of(o) for o in fitted(one, alpha=1.0)])
    assert_same(found[1], found[0])
    first, other = (o[0].diagonal().sort().values for o in found[::2])
    assert_that(not torch.equal(first, other), "another seed has the same shares", other, first)


@law("MixUp", "All randomness comes from torch's generator.")
@few
@given(full, st.integers(0, 9))
def test_torchs_seed_decides_in_a_later_fit_too(case, seed):
    """One MixUp, fitted twice after the same torch seed: the same mixtures, partners too."""
    mixup, found = MixUp(1.0), []
    for one in case, replace(case, seen=[]):
        torch.manual_seed(seed)
        one.learner(learner, mixup).fit(1)
        found.append([one.mixture_of(o) for o in one.trained()])
    assert_same(found[1], found[0])


@law("MixUp", "All randomness comes from torch's generator.")
@few
@given(full)
def test_other_random_numbers_are_not_touched(case):
    """Python's and numpy's generators are where they were."""
    before = same_state()
    fitted(case)
    assert_same(same_state() == before, True)


@law("MixUp", "Validation isn't mixed.")
@few
@given(mixings())
def test_validation_sees_plain_pictures_and_losses(case):
    """In validation xb is the loader's, and the loss the loss function's own."""
    fitted(case)
    plain = [o for o in case.seen if not o.training]
    assert_same([o.xb for o in plain], [xb for xb, _ in case.batches()] * case.epochs)
    loss_func = case.loss.make()
    for batch in plain:
        assert_close(batch.loss, loss_func(batch.pred, batch.yb))


@law("MixUp", "The batch's own tensors stay unchanged")
@few
@given(mixings())
def test_the_loaders_batches_stay_unchanged(case):
    """Inputs and labels of the data are the same after the fit."""
    fitted(case)
    data = case.learn.data.train_dl + case.learn.data.valid_dl
    assert_same([list(o) for o in data], [list(o) for o in case.batches() * 2])


@law("MixUp", "and `learn.yb` holds the unmixed labels, which the metrics see")
@few
@given(mixings())
def test_metrics_see_the_unmixed_labels(case):
    """After the loss, learn.yb is the batch's own, in its own order."""
    fitted(case)
    assert_same([o.yb for o in case.seen], [yb for _, yb in case.batches()] * 2 * case.epochs)


@law("MixUp", "After the fit the learner has its own loss function again")
@few
@given(mixings())
def test_the_learner_has_its_loss_function_again(case):
    """learn.loss_func is the same object, with its own reduction, after each of two fits."""
    loss_func = case.loss.make()
    learn = case.learner(learner, MixUp(), loss_func=loss_func)
    for _ in range(2):
        learn.fit(1)
        assert_its_own(learn, loss_func)
    assert_same(getattr(loss_func, "reduction", case.loss.reduction), case.loss.reduction)


@law("MixUp", "even after an error")
@few
@given(
    mixings(),
    st.sampled_from(["begin_epoch", *BATCH_EVENTS, "begin_validate", "after_epoch"]),
    st.sampled_from([ValueError, learner.CancelTrainException, KeyboardInterrupt]),
)
def test_the_loss_function_is_put_back_after_an_error(case, event, kind):
    """An error or a CancelTrainException at any event leaves learn.loss_func its own."""
    loss_func, trip = case.loss.make(), Trip(event, 0, kind())
    learn = case.learner(learner, MixUp(), watching(learner.Callback, trip), loss_func=loss_func)
    quiet_fit(learn, kind)
    assert_its_own(learn, loss_func)


def quiet_fit(learn, *errors):
    """A fit of one epoch in which these errors are expected."""
    try:
        learn.fit(1)
    except errors:
        pass


class Breaking(nn.MSELoss):
    """A loss that fails at its third call."""

    calls = 0

    def forward(self, pred, yb):
        self.calls += 1
        if self.calls == 3:
            raise ValueError("in the loss function")
        return super().forward(pred, yb)


@law("MixUp", "After the fit the learner has its own loss function again, even after an error.")
def test_an_error_in_the_loss_function_leaves_its_reduction():
    """A module that raises while its losses are unreduced has its reduction afterwards."""
    case, loss_func = Mixing(seed=1, sizes=FULL, loss=LOSSES[4]), Breaking()
    learn = case.learner(learner, MixUp(), loss_func=loss_func)
    with assert_raises(ValueError, "in the loss function"):
        learn.fit(1)
    assert_same((learn.loss_func is loss_func, loss_func.reduction), (True, "mean"))


@law("MixUp", "After the fit the learner has its own loss function again, even after an error.")
def test_a_fit_that_fails_at_once_leaves_the_loss_function():
    """Another callback's error in begin_fit, before mixup hears of the fit, in a second fit too."""
    case = Mixing(seed=1, sizes=FULL)
    learn = case.learner(learner, MixUp())
    for loss_func in F.cross_entropy, nn.CrossEntropyLoss():
        learn.loss_func = loss_func
        early = watching(learner.Callback, Trip("begin_fit", 0, ValueError("too early")), -5)
        with assert_raises(ValueError, "too early"):
            learn.fit(1, cbs=[early])
        assert_its_own(learn, loss_func)
        learn.fit(1)
        assert_its_own(learn, loss_func)


@law("MixUp", "Each picture i of a training batch")
@few
@given(mixings(sizes=st.just([6, 6])))
def test_a_second_fit_mixes_as_the_first_does(case):
    """The training batches of both fits are mixed, and have mixed losses."""
    learn = case.learner(learner, MixUp(1.0))
    learn.fit(1)
    learn.fit(1)
    for batch in case.trained():
        shares = off_diagonal(case.mixture_of(batch)).sum().item()
        assert_that(shares > 0, f"shares of partners: got {shares}, wanted above 0", shares, 1.0)
        assert_close(batch.loss, case.mixed_loss(batch), rtol=1e-4)


@law("MixUp", "`_order` is 3, so batch transforms come before.")
@few
@given(mixings())
def test_batch_transforms_come_before(case):
    """A BatchTransformXCallback, listed after, gets unmixed pictures; what it returns is mixed."""
    seen = []
    halve = learner.BatchTransformXCallback(lambda xb: seen.append(xb) or xb / 2)
    fitted(case, halve)
    assert_same(seen, [xb for xb, _ in case.batches()] * 2 * case.epochs)
    for batch in case.trained():
        assert_close(case.mixture_of(batch).sum(1), torch.full((len(batch.xb),), 0.5))
    assert_same(MixUp()._order, 3)


@law("MixUp", "The losses are mixed while they're unreduced")
@few
@given(mixings(), st.sampled_from(["mean", "sum"]))
def test_mixup_and_label_smoothing_add_up(case, reduction):
    """With LabelSmoothingCrossEntropy the loss is torch's smoothed one, mixed."""
    smooth = {"label_smoothing": 0.2, "reduction": reduction}
    case.loss = LOSSES[2 if reduction == "sum" else 1]
    fitted(case, loss_func=LabelSmoothingCrossEntropy(0.2, reduction))
    case.loss = SimpleNamespace(
        make=lambda: nn.CrossEntropyLoss(**smooth), reduction=reduction, labels="classes"
    )
    for batch in case.trained():
        assert_close(batch.loss, case.mixed_loss(batch), rtol=1e-4)
