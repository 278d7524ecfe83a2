"""Latents on levels: each is drawn on top of those above it, and costs what its posterior says."""

import pytest
import torch
from torch import Generator, Tensor
from torch.distributions import Normal, kl_divergence

from tests.conftest import small
from vae_core.models import build, specify
from vae_core.models.ladder_vae import LadderVAE


@pytest.fixture
def model() -> LadderVAE:
    found = small("ladder-vae", top=3, middle=2, bottom=1)
    assert isinstance(found, LadderVAE)
    with torch.no_grad():
        for weights in found.parameters():
            weights.mul_(2)  # fresh ones say little of an image
    return found


def parts(model: LadderVAE, latents: Tensor) -> tuple[Tensor, ...]:
    return latents.split(model.levels, dim=1)


def test_the_levels_are_maps_of_the_image_that_grow(model: LadderVAE) -> None:
    assert model.levels == (3, 2 * 2 * 3, 4 * 6) and model.latent_dim == 39
    assert build(specify("ladder-vae")).levels == (16, 2 * 7 * 7, 14 * 14)


@torch.no_grad()
def test_a_sample_costs_what_each_level_costs_once_those_above_are_known(
    model: LadderVAE, images: Tensor
) -> None:
    sample = model.sample_latents(images, Generator().manual_seed(1))
    levels = model.rates_of_levels(images, Generator().manual_seed(1))
    torch.testing.assert_close(levels.sum(dim=1), sample.rate)
    # By hand, with torch's own divergence.
    top, middle, _ = parts(model, sample.latents)
    fine, coarse, whole = model.encoder(images)
    features = model.decoder.begin(top)
    lower = model.decoder.go_on(0, features, middle)
    said = (
        model.heads[0](whole),
        model.heads[1](features, coarse),
        model.heads[2](lower, fine),
    )
    prior = Normal(0.0, 1.0)
    for level, numbers in zip(levels.T, said, strict=True):
        mean, log_var = numbers.chunk(2, dim=1)
        by_torch = kl_divergence(Normal(mean, (log_var / 2).exp()), prior).sum(dim=1)
        torch.testing.assert_close(level, by_torch)


@torch.no_grad()
def test_a_level_follows_what_was_drawn_above_it(model: LadderVAE, images: Tensor) -> None:
    one, other = (model.sample_latents(images, Generator().manual_seed(i)).latents for i in (1, 2))
    assert all((a != b).all() for a, b in zip(parts(model, one), parts(model, other), strict=True))
    # The posterior of the lower levels is another where the dice above fell otherwise.
    rates = [model.rates_of_levels(images, Generator().manual_seed(i)) for i in (1, 2)]
    torch.testing.assert_close(rates[0][:, 0], rates[1][:, 0])
    assert (rates[0][:, 1:] != rates[1][:, 1:]).all()


@torch.no_grad()
def test_every_level_draws(model: LadderVAE) -> None:
    latents = model.sample_prior(4, Generator().manual_seed(1))
    before = model.decode(latents)
    start = 0
    for size in model.levels:
        redrawn = latents.clone()
        redrawn[:, start : start + size] = torch.randn(
            4, size, generator=Generator().manual_seed(2)
        )
        assert (model.decode(redrawn) - before).abs().flatten(1).amax(dim=1).min() > 1e-4
        start += size


@torch.no_grad()
def test_what_it_would_rather_decode_are_the_means_down_the_ladder(
    model: LadderVAE, images: Tensor
) -> None:
    latents = model.encode(images)
    top, middle, bottom = parts(model, latents)
    fine, coarse, whole = model.encoder(images)
    torch.testing.assert_close(top, model.heads[0](whole).chunk(2, dim=1)[0])
    features = model.decoder.begin(top)
    torch.testing.assert_close(middle, model.heads[1](features, coarse).chunk(2, dim=1)[0])
    features = model.decoder.go_on(0, features, middle)
    torch.testing.assert_close(bottom, model.heads[2](features, fine).chunk(2, dim=1)[0])
    torch.testing.assert_close(
        model.decode_logits(latents), model.decoder.go_on(1, features, bottom)
    )
