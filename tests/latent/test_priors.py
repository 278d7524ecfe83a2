"""Priors fitted afterwards: a mixture and a diffusion, against torch's and closed forms."""

from math import sqrt

import pytest
import torch
from torch import Generator, Tensor, nn
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal

from vae_core.errors import UsageError
from vae_core.latent.priors.denoiser import Denoiser, embed_time
from vae_core.latent.priors.diffusion import Diffusion, fit_diffusion
from vae_core.latent.priors.mixture import Mixture, fit_mixture
from vae_core.latent.priors.schedule import BETAS, STEPS, ddim_steps, signal_shares


def heaps(count: int = 400) -> Tensor:
    """Two heaps of points, three times as many in the first."""
    generator = Generator().manual_seed(0)
    points = torch.randn(count, 2, generator=generator) @ torch.tensor([[1.0, 0.5], [0, 0.3]])
    return points + torch.where(torch.arange(count)[:, None] % 4 == 0, 6.0, 0.0)


# --- the mixture ---


def by_torch(mixture: Mixture) -> MixtureSameFamily:
    parts = MultivariateNormal(mixture.means, scale_tril=mixture.factors)
    return MixtureSameFamily(Categorical(mixture.weights), parts)


def test_its_density_is_torchs() -> None:
    mixture = fit_mixture(heaps(), 3)
    points = 4 * torch.randn(50, 2, generator=Generator().manual_seed(1))
    torch.testing.assert_close(mixture.log_prob(points), by_torch(mixture).log_prob(points))


def test_it_finds_the_heaps_and_draws_from_them_as_often_as_they_are() -> None:
    mixture = fit_mixture(heaps(), 2)
    assert sorted(mixture.weights.tolist()) == pytest.approx([0.25, 0.75], abs=0.02)
    drawn = mixture.sample(20_000, Generator().manual_seed(1))
    assert (drawn.sum(dim=1) > 6).double().mean() == pytest.approx(0.25, abs=0.02)
    torch.testing.assert_close(drawn.mean(dim=0), by_torch(mixture).mean, atol=0.1, rtol=0)
    for component, factor in zip(mixture.means, mixture.factors, strict=True):
        own = drawn[(drawn - component).norm(dim=1) < 3.5]
        torch.testing.assert_close(torch.cov(own.T), factor @ factor.T, atol=0.15, rtol=0)


def test_the_same_seed_draws_the_same() -> None:
    mixture = fit_mixture(heaps(), 2)
    one, other, third = (mixture.sample(5, Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(one, other) and not torch.equal(one, third)


@pytest.mark.parametrize(
    ("latents", "components", "words"),
    [
        (torch.zeros(3, 2), 3, "takes more than 3 codes; got 3"),
        (torch.full((9, 2), torch.nan), 2, "not finite"),
        (torch.zeros(9, 2), 0, "components must be a whole number from 1"),
    ],
)
def test_a_mixture_that_cannot_be_is_refused(latents: Tensor, components: int, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        fit_mixture(latents, components)


# --- the diffusion ---


class Knowing(nn.Module):
    """The best guess there is of the noise in latents that are from N(0, spread^2)."""

    def __init__(self, spread: float) -> None:
        super().__init__()
        self.variance = spread**2
        self.shares = signal_shares().float()
        # What the network is told of the time, by its first sine and cosine: the time itself.
        self.told = embed_time(torch.arange(STEPS + 1))

    def forward(self, given: Tensor) -> Tensor:
        noisy, told = given[:, :-32], given[:, -32:]
        share = self.shares[torch.cdist(told, self.told).argmin(dim=1)][:, None]
        return noisy * (1 - share).sqrt() / (share * self.variance + 1 - share)


def test_the_shares_of_signal_are_products_of_what_each_step_leaves() -> None:
    shares, left = signal_shares(), 1.0
    for step in range(STEPS):
        left *= 1 - (BETAS[0] + (BETAS[1] - BETAS[0]) * step / (STEPS - 1))
        if step in (0, 1, 499, 999):
            assert shares[step + 1].item() == pytest.approx(left)
    assert shares[0] == 1 and shares[-1] < 1e-4


def test_a_step_takes_the_guessed_noise_away_and_adds_as_much_as_is_right() -> None:
    shares = signal_shares()
    step = ddim_steps(10)[3]
    latents, noise = torch.tensor(0.7).double(), torch.tensor(-1.3).double()
    before, after = shares[step.time], shares[step.time - 100]
    noisy = before.sqrt() * latents + (1 - before).sqrt() * noise
    wanted = after.sqrt() * latents + (1 - after).sqrt() * noise
    assert step.time == 700
    assert (step.keep * noisy + step.add * noise).item() == pytest.approx(wanted.item())


@pytest.mark.parametrize("spread", [0.3, 1.0, 2.0])
def test_with_the_best_guess_noise_becomes_the_data(spread: float) -> None:
    """Of Gaussian data the way is known: it only stretches the noise, to the spread of the data."""
    diffusion = Diffusion(torch.tensor([5.0]), torch.tensor([1.0]), Knowing(spread))
    noise = torch.linspace(-2, 2, 9)[:, None]
    way = diffusion.walk(noise, steps=500)
    assert way.shape == (501, 9, 1)
    torch.testing.assert_close(way[0], 5 + noise)
    torch.testing.assert_close(way[-1], 5 + spread * noise, atol=0.02, rtol=0.02)


def test_it_learns_where_the_data_are() -> None:
    diffusion = fit_diffusion(heaps(2000), width=48, steps=4000)
    drawn = diffusion.sample(2000, Generator().manual_seed(1))
    share = (drawn.sum(dim=1) > 6).double().mean()
    assert share == pytest.approx(0.25, abs=0.06)
    between = ((drawn.sum(dim=1) - 6).abs() < 1).double().mean()
    assert between < 0.03


def test_the_same_seed_trains_the_same() -> None:
    one, other = (fit_diffusion(heaps(), width=8, steps=50) for _ in range(2))
    drawn = [each.sample(20, Generator().manual_seed(1)) for each in (one, other)]
    assert torch.equal(*drawn)


def test_what_a_diffusion_cannot_do_is_refused() -> None:
    with pytest.raises(UsageError, match="at least 2 codes"):
        fit_diffusion(torch.zeros(1, 2))
    with pytest.raises(UsageError, match="must divide 1000, as 10, 50 or 200 do; got 3"):
        ddim_steps(3)
    diffusion = Diffusion(torch.zeros(2), torch.ones(2), Denoiser(2))
    with pytest.raises(UsageError, match=r"noise of the shape \[n, 2\]; got \[4, 3\]"):
        diffusion.walk(torch.zeros(4, 3))
    with pytest.raises(UsageError, match="count must be a whole number from 1"):
        diffusion.sample(0, Generator())


def test_times_are_told_apart() -> None:
    told = embed_time(torch.arange(STEPS + 1))
    assert told.shape == (STEPS + 1, 32)
    assert sqrt(16) == pytest.approx(told[7].norm().item())  # a sine and a cosine of each turn
    assert torch.cdist(told, told).fill_diagonal_(9).min() > 0.01
