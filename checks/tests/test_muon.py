"""Muon: the spectrum of a step is flat, its length is Adam's, and all else steps as Adam does."""

import pytest
import torch
from torch import Tensor

from solutions.optimizers import adam_opt
from solutions.trainer.muon import flat_spectrum, muon_opt


def three_rounds(s: Tensor) -> Tensor:
    for _ in range(3):
        s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5
    return s


@pytest.mark.parametrize("shape", [(5, 5), (3, 40), (40, 3), (1, 9), (64, 27)])
def test_singular_values_are_bent_and_vectors_stay(shape: tuple[int, int]) -> None:
    g = torch.randn(shape, generator=torch.Generator().manual_seed(11), dtype=torch.float64)
    u, s, v = torch.linalg.svd(g, full_matrices=False)
    before = g.clone()
    torch.testing.assert_close(flat_spectrum(g), u @ torch.diag(three_rounds(s / s.norm())) @ v)
    assert torch.equal(g, before)


def test_no_gradient_is_no_step() -> None:
    assert torch.equal(flat_spectrum(torch.zeros(3, 4)), torch.zeros(3, 4))


def test_a_kernel_steps_by_a_fifth_of_the_rate_whatever_its_gradient() -> None:
    for scale in 1e-4, 1.0, 1e4:
        p = torch.zeros(32, 16, 3, 3, requires_grad=True)
        p.grad = scale * torch.randn(p.shape, generator=torch.Generator().manual_seed(3))
        muon_opt([p], lr=0.1).step()
        assert float(p.detach().square().mean().sqrt()) == pytest.approx(0.02, rel=0.3)
        assert float((p.detach() * p.grad).sum()) < 0


def test_the_momentum_reaches_one_gradient_ahead() -> None:
    p = torch.zeros(2, 2, 1, 1, requires_grad=True)
    first, second = torch.tensor([[3.0, 1], [1, -2]]), torch.tensor([[0.0, 2], [-1, 1]])
    opt = muon_opt([p], lr=1.0, mom=0.75)
    for g in first, second:
        before, p.grad = p.detach().clone(), g.view(2, 2, 1, 1)
        opt.step()
    average = 0.75 * 0.25 * first + 0.25 * second
    ahead = 0.75 * average + 0.25 * second
    wanted = 0.2 * 2**0.5 * flat_spectrum(ahead)
    torch.testing.assert_close((before - p.detach()).view(2, 2), wanted)


def test_what_is_no_kernel_steps_as_with_adam() -> None:
    torch.manual_seed(5)
    ours, theirs = ([torch.ones(s, requires_grad=True) for s in ((4,), (3, 4))] for _ in "12")
    muon, adam = muon_opt(ours, lr=0.1, wd=0.1), adam_opt(theirs, lr=0.1, wd=0.1)
    for _ in range(3):
        for p, q in zip(ours, theirs, strict=True):
            p.grad = torch.randn(p.shape)
            q.grad = p.grad.clone()
        muon.step(), adam.step()
    assert all(torch.equal(p, q) for p, q in zip(ours, theirs, strict=True))


def test_a_kernel_keeps_no_average_that_only_adam_needs() -> None:
    kernel, bias = torch.ones(2, 2, 1, 1, requires_grad=True), torch.ones(2, requires_grad=True)
    opt = muon_opt([kernel, bias], lr=0.1)
    for p in kernel, bias:
        p.grad = torch.ones_like(p)
    opt.step()
    assert "sqr_avg" in opt.state[bias] and "sqr_avg" not in opt.state[kernel]
