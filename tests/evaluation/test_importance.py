"""The importance-weighted likelihood, against the integral that it estimates."""

import math

import pytest
import torch
from torch import Tensor

from tests.conftest import SHAPE, small
from vae_core.errors import UsageError
from vae_core.evaluation import importance
from vae_core.evaluation.importance import importance_weighted
from vae_core.models import Autoencoder
from vae_core.models.distributions import LIKELIHOODS

REACH, STEP = 6.0, 0.04  # of the grid, in standard deviations of the prior


@pytest.fixture(scope="module")
def model() -> Autoencoder:
    """One whose latents matter, and whose encoder has learnt where its pictures come from."""
    model = small("vae", latent_dim=2)
    with torch.no_grad():
        for weight in model.decoder.parameters():
            weight.mul_(2)
    optimizer = torch.optim.Adam(model.encoder.parameters(), lr=0.02)
    for step in range(150):
        generator = torch.Generator().manual_seed(step)
        optimizer.zero_grad()
        model.cost(drawn_by(model, 64, step), generator=generator).loss().backward()
        optimizer.step()
    return model.eval()


@pytest.fixture(scope="module")
def pictures(model: Autoencoder) -> Tensor:
    return drawn_by(model, 4, 1000)


@torch.no_grad()
def drawn_by(model: Autoencoder, count: int, seed: int) -> Tensor:
    """Black and white pictures from the model itself, so that some z explains each."""
    generator = torch.Generator().manual_seed(seed)
    pixels = model.decode(torch.randn(count, 2, generator=generator))
    return torch.bernoulli(pixels, generator=generator)


@torch.no_grad()
def integral(model: Autoencoder, images: Tensor, likelihood: str) -> Tensor:
    """log p(x) by summing p(x|z) p(z) over a fine grid of z."""
    line = torch.arange(-REACH, REACH, STEP)
    grid = torch.cartesian_prod(line, line)
    logits = model.decode_logits(grid)
    log_prior = -0.5 * grid.double().square().sum(dim=1) - math.log(2 * math.pi)
    found = []
    for image in images:
        distortion = LIKELIHOODS[likelihood](logits, image.expand(len(grid), *SHAPE)).double()
        found.append((log_prior - distortion).logsumexp(dim=0) + 2 * math.log(STEP))
    return torch.stack(found)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_it_is_the_integral_within_its_standard_error(
    likelihood: str, model: Autoencoder, pictures: Tensor
) -> None:
    exact = integral(model, pictures, likelihood)
    found = importance_weighted(model, pictures, 20_000, likelihood)
    assert (found.standard_error < 0.2).all()
    off = (found.log_likelihood - exact) / found.standard_error
    assert off.abs().max() < 4, (found, exact)


def test_the_standard_error_is_how_far_estimates_differ(
    model: Autoencoder, pictures: Tensor
) -> None:
    runs = [importance_weighted(model, pictures, 500, seed=seed) for seed in range(100)]
    spread = torch.stack([each.log_likelihood for each in runs]).std(dim=0)
    said = torch.stack([each.standard_error for each in runs]).mean(dim=0)
    torch.testing.assert_close(said, spread, rtol=0.3, atol=0)
    averages = torch.tensor([each.mean for each in runs])
    torch.testing.assert_close(averages[:, 1].mean(), averages[:, 0].std(), rtol=0.3, atol=0)


def test_one_sample_is_the_elbo_and_more_are_above_it(
    model: Autoencoder, pictures: Tensor
) -> None:
    many = pictures.repeat_interleave(2000, dim=0)
    found = {
        samples: importance_weighted(model, many, samples).log_likelihood.view(len(pictures), -1)
        for samples in (1, 5, 50)
    }
    bounds = {samples: each.mean(dim=1) for samples, each in found.items()}
    cost = model.cost(many, generator=torch.Generator().manual_seed(1))
    elbo = cost.elbo.double().view(len(pictures), -1).mean(dim=1)
    assert ((bounds[1] - elbo).abs() < 5 * found[1].std(dim=1) / math.sqrt(1000)).all()
    assert (bounds[1] < bounds[5]).all() and (bounds[5] < bounds[50]).all()
    assert (bounds[50] < integral(model, pictures, "bernoulli") + 0.05).all()


def test_how_many_are_decoded_at_once_does_not_matter(
    model: Autoencoder, pictures: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = importance_weighted(model, pictures[:1], 100)
    monkeypatch.setattr(importance, "AT_ONCE", 7)
    torch.testing.assert_close(importance_weighted(model, pictures[:1], 100), whole)


def test_a_sample_alone_knows_no_error(model: Autoencoder, pictures: Tensor) -> None:
    found = importance_weighted(model, pictures, 1)
    assert found.standard_error.isinf().all() and found.effective_samples.eq(1).all()


def test_who_has_no_prior_has_no_density(images: Tensor) -> None:
    with pytest.raises(UsageError, match=r"no density\. Choose one whose latents are Gaussian"):
        importance_weighted(small("conv"), images)
