"""What a model says that it can do, against what it does; and the bounds of its options."""

import pytest
import torch

from tests.own import Own
from vae_core.errors import UsageError
from vae_core.evaluation.metrics import compression_ratio
from vae_core.latent.sampling import draw, fit_gaussian, sample_latents, standard_normal
from vae_core.models import MODELS, Autoencoder, build, specify
from vae_core.models.options import USUAL, Choice, Range
from vae_core.training.recipe import option_bounds


def test_a_model_with_a_posterior_has_its_mean_for_latents(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    if any_model.has_posterior:
        assert torch.equal(any_model.posterior(images).mean, any_model.encode(images))
        return
    with pytest.raises(UsageError, match="no cloud of latents"):
        any_model.posterior(images)


def test_a_model_with_a_prior_draws_latents_that_it_decodes(any_model: Autoencoder) -> None:
    if not any_model.has_prior:
        with pytest.raises(UsageError, match="no prior to draw latents from"):
            any_model.sample_prior(3)
        return
    any_model.requires_grad_(False)
    first, again, other = (draw(any_model, 3, seed) for seed in (7, 7, 8))
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert first.shape == (3, any_model.latent_dim)
    assert any_model.decode(first).shape == (3, *any_model.drawn_shape)
    if any_model.has_standard_prior:
        by_hand = sample_latents(standard_normal(any_model.latent_dim), 3, seed=7)
        assert torch.equal(first, by_hand)


def test_a_standard_prior_is_a_prior(any_model: Autoencoder) -> None:
    assert any_model.has_prior or not any_model.has_standard_prior


def test_latents_are_drawn_from_a_gaussian_where_one_is_given(any_model: Autoencoder) -> None:
    gaussian = fit_gaussian(torch.rand(20, any_model.latent_dim))
    found = draw(any_model, 4, 5, gaussian)
    assert torch.equal(found, sample_latents(gaussian, 4, seed=5))


def test_the_size_of_latents_is_in_bits() -> None:
    model = build(specify("vanilla", latent_dim=32))
    assert model.latent_bits == 32 * 32
    assert compression_ratio(model) == 784 * 8 / (32 * 32) == 6.125


class Choosy(Own):
    """One's own model with bounds of its own."""

    OPTIONS = USUAL | {"mode": Choice(("soft", "hard")), "groups": Range(1, 9)}


@pytest.fixture
def choosy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "choosy", Choosy)


@pytest.mark.usefixtures("choosy")
def test_the_bounds_of_an_option_belong_to_its_model() -> None:
    assert specify("choosy", mode="hard", groups=9).options["mode"] == "hard"
    with pytest.raises(UsageError, match="Did you mean 'hard'"):
        specify("choosy", mode="hart")
    with pytest.raises(UsageError, match="groups must be a whole number from 1 to 9; got 10"):
        specify("choosy", groups=10)


@pytest.mark.usefixtures("choosy")
def test_the_command_line_tells_the_bounds_of_every_model() -> None:
    assert option_bounds("latent_dim") == "1 to 512"
    assert option_bounds("mode") == "soft or hard"
    assert option_bounds("gated") == ""


@pytest.mark.usefixtures("choosy")
def test_the_form_offers_what_has_bounds() -> None:
    from playground.runs.limits import OPEN
    from playground.runs.options import options

    (facts,) = [each for each in options(OPEN)["models"] if each["name"] == "choosy"]
    assert facts["options"] == {
        "latent_dim": {"default": 3, "kind": "whole", "low": 1, "high": 512, "choices": None},
        "mode": {
            "default": "soft", "kind": "choice", "low": None, "high": None,
            "choices": ["soft", "hard"],
        },
        "groups": {"default": 2, "kind": "whole", "low": 1, "high": 9, "choices": None},
    }  # fmt: skip
