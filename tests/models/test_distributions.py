"""The mathematics, against oracles: torch.distributions and sums over a grid."""

import math

import pytest
import torch
from torch.distributions import Bernoulli, Independent, Normal, kl_divergence

from tests.conftest import small
from vae_core.models import GaussianLatents, build, specify
from vae_core.models.distributions import (
    PIXEL_SIGMA,
    Cost,
    DiagonalGaussian,
    bernoulli_distortion,
    gaussian_distortion,
)


def test_kl_is_that_of_torch_distributions() -> None:
    mean, log_var = torch.randn(6, 4), torch.randn(6, 4)
    expected = kl_divergence(Normal(mean, torch.exp(0.5 * log_var)), Normal(0.0, 1.0))
    torch.testing.assert_close(DiagonalGaussian(mean, log_var).kl_per_latent(), expected)


def test_bernoulli_distortion_is_minus_the_log_likelihood() -> None:
    logits, images = torch.randn(3, 1, 4, 5), torch.rand(3, 1, 4, 5).round()
    expected = -Independent(Bernoulli(logits=logits), 3).log_prob(images)
    torch.testing.assert_close(bernoulli_distortion(logits, images), expected)


@pytest.mark.parametrize("pixels", [784, 77, 1, 96])
def test_cross_entropy_and_its_gradient_are_those_of_pytorch(pixels: int) -> None:
    logits = (30 * torch.randn(5, pixels)).requires_grad_()
    images, weights = torch.rand(5, pixels), torch.randn(5)
    whole = torch.nn.functional.binary_cross_entropy_with_logits(logits, images, reduction="none")
    expected = whole.sum(dim=1)
    found = bernoulli_distortion(logits, images)
    torch.testing.assert_close(found, expected)
    ours = torch.autograd.grad((found * weights).sum(), logits)
    torch.testing.assert_close(ours, torch.autograd.grad((expected * weights).sum(), logits))


def test_gaussian_distortion_is_minus_the_log_density() -> None:
    logits, images = torch.randn(3, 1, 4, 5), torch.rand(3, 1, 4, 5)
    expected = -Independent(Normal(torch.sigmoid(logits), PIXEL_SIGMA), 3).log_prob(images)
    torch.testing.assert_close(gaussian_distortion(logits, images), expected)


def test_samples_have_the_mean_and_spread_of_the_posterior() -> None:
    posterior = DiagonalGaussian(
        torch.tensor([[1.0, -2.0]]).expand(200_000, 2),
        torch.tensor([[0.0, 2 * math.log(3.0)]]).expand(200_000, 2),
    )
    samples = posterior.sample(torch.Generator().manual_seed(0))
    torch.testing.assert_close(samples.mean(dim=0), torch.tensor([1.0, -2.0]), atol=0.03, rtol=0)
    torch.testing.assert_close(samples.std(dim=0), torch.tensor([1.0, 3.0]), atol=0.03, rtol=0)


def test_the_standard_deviation_is_that_of_torchs_own_distribution() -> None:
    mean, log_var = torch.randn(6, 4), torch.randn(6, 4)
    q = DiagonalGaussian(mean, log_var)
    torch.testing.assert_close(q.std, q.at(torch.ones(6, 4)) - mean)
    torch.testing.assert_close(q.std**2, log_var.exp())


def test_a_sample_passes_gradients_to_mean_and_log_variance() -> None:
    mean, log_var = torch.zeros(1, 2, requires_grad=True), torch.zeros(1, 2, requires_grad=True)
    DiagonalGaussian(mean, log_var).sample(torch.Generator().manual_seed(0)).sum().backward()
    noise = torch.randn(1, 2, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(mean.grad, torch.ones(1, 2))
    torch.testing.assert_close(log_var.grad, 0.5 * noise)


@pytest.mark.parametrize("beta", [0.0, 1.0, 4.0])
def test_the_loss_weighs_the_rate_by_beta_and_averages_over_images_last(beta: float) -> None:
    cost = Cost(torch.tensor([1.0, 3.0]), torch.tensor([10.0, 20.0]), torch.tensor([0.5, 0.5]))
    assert cost.loss(beta).item() == 2.0 + beta * 15.0 + 0.5
    assert cost.elbo.tolist() == [-11.0, -23.0]


@pytest.mark.parametrize("name", ["vae", "conv-vae"])
def test_elbo_is_below_the_evidence_by_exactly_the_gap(name: str) -> None:
    """log p(x) - ELBO = KL(q(z|x) || p(z|x)), both sides by summing over a fine grid of z."""
    spec = specify(name, image_shape=(1, 4, 4), latent_dim=1, width=4, depth=1)
    model = build(spec).double()
    assert isinstance(model, GaussianLatents)
    image = torch.ones(1, 1, 4, 4, dtype=torch.double).triu()

    z = torch.linspace(-20, 20, 20_001, dtype=torch.double)
    log_dz = math.log(z[1] - z[0])
    with torch.no_grad():
        pixels = Independent(Bernoulli(logits=model.decode_logits(z[:, None])), 3)
        log_likelihood = pixels.log_prob(image)
        posterior = model.posterior(image)
        mean, log_var = posterior.mean.double(), posterior.log_var.double()
        rate = posterior.kl_per_latent().sum().double()
    log_joint = log_likelihood + Normal(0.0, 1.0).log_prob(z)
    log_evidence = torch.logsumexp(log_joint, dim=0) + log_dz
    log_q = Normal(mean, torch.exp(0.5 * log_var)).log_prob(z).squeeze(0)
    weight = (log_q + log_dz).exp()

    elbo = (weight * log_likelihood).sum() - rate
    gap = (weight * (log_q - (log_joint - log_evidence))).sum()
    assert gap > 0
    torch.testing.assert_close(log_evidence - elbo, gap, atol=1e-5, rtol=1e-5)


def test_the_cost_of_a_vae_averages_to_its_elbo_by_quadrature() -> None:
    """Many sampled distortions average to the integral over q(z|x), and the rate is its KL."""
    model = small("vae", latent_dim=1)
    assert isinstance(model, GaussianLatents)
    image = torch.rand(1, *model.image_shape, generator=torch.Generator().manual_seed(3)).round()
    with torch.no_grad():
        many = model.cost(image.expand(20_000, -1, -1, -1), generator=torch.Generator())
        q = model.posterior(image)
        z = q.mean + torch.exp(0.5 * q.log_var) * torch.linspace(-8, 8, 2001)[:, None]
        density = Normal(q.mean, torch.exp(0.5 * q.log_var)).log_prob(z).exp().squeeze(1)
        distortion = bernoulli_distortion(model.decode_logits(z), image.expand(2001, -1, -1, -1))
        integral = torch.trapezoid(density * distortion, z.squeeze(1))
    standard_error = many.distortion.std() / math.sqrt(20_000)
    assert abs(many.distortion.mean() - integral) < 4 * standard_error
    torch.testing.assert_close(many.rate[:1], q.kl_per_latent().sum(dim=1))


def test_costs_stay_finite_when_a_pixel_is_certain_and_wrong() -> None:
    cost = bernoulli_distortion(torch.full((1, 1, 2, 2), 200.0), torch.zeros(1, 1, 2, 2))
    assert cost.item() == 800.0
