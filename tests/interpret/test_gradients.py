"""The gradients that the page shows: by autograd, by finite differences and by the chain rule."""

from typing import Any

import pytest
import torch

from tests.conftest import small
from vae_core.interpret.gradients import Trace, trace
from vae_core.models import GaussianLatents
from vae_core.models.distributions import DiagonalGaussian

BETA = 1.7
STEP = 1e-5
KINDS = pytest.mark.parametrize("kind", ["vae", "conv-vae"])


def traced(kind: str, images: torch.Tensor) -> tuple[GaussianLatents, torch.Tensor, Trace]:
    model = small(kind).double().eval().requires_grad_(False)
    assert isinstance(model, GaussianLatents)
    noise = torch.tensor([[0.6, -1.3, 2.1]], dtype=torch.double)
    return model, noise, trace(model, images[:1].double(), noise, BETA)


def loss_at(
    model: GaussianLatents, image: torch.Tensor, noise: torch.Tensor, mean: Any, log_var: Any
) -> float:
    """The loss by another road: from the logits and torch's own distributions."""
    posterior = torch.distributions.Normal(mean, torch.exp(0.5 * log_var))
    latents = mean + posterior.stddev * noise[0]
    pixels = torch.distributions.Bernoulli(
        logits=model.decode_logits(latents[None]), validate_args=False
    )
    prior = torch.distributions.Normal(torch.zeros_like(mean), 1.0)
    rate = torch.distributions.kl_divergence(posterior, prior).sum()
    return (BETA * rate - pixels.log_prob(image).sum()).item()


@KINDS
def test_gradients_are_what_small_steps_say(kind: str, images: torch.Tensor) -> None:
    model, noise, found = traced(kind, images)

    def slope(move_mean: torch.Tensor, move_log_var: torch.Tensor) -> float:
        ahead, behind = (
            loss_at(
                model,
                images[:1].double(),
                noise,
                found.mean.double() + sign * move_mean,
                found.log_var.double() + sign * move_log_var,
            )
            for sign in (1, -1)
        )
        return (ahead - behind) / (2 * STEP)

    still = torch.zeros(3, dtype=torch.double)
    assert found.loss == pytest.approx(
        loss_at(model, images[:1].double(), noise, found.mean.double(), found.log_var.double())
    )
    for i, move in enumerate(STEP * torch.eye(3, dtype=torch.double)):
        grad_mean = (found.grad_mean + found.rate_grad_mean)[i].item()
        grad_log_var = (found.grad_log_var + found.rate_grad_log_var)[i].item()
        assert grad_mean == pytest.approx(slope(move, still), rel=1e-4, abs=1e-6)
        assert grad_log_var == pytest.approx(slope(still, move), rel=1e-4, abs=1e-6)


@KINDS
def test_gradients_obey_the_chain_rule(kind: str, images: torch.Tensor) -> None:
    _, noise, found = traced(kind, images)
    deviation = torch.exp(0.5 * found.log_var)
    torch.testing.assert_close(found.grad_mean, found.grad_latents, check_dtype=False)
    torch.testing.assert_close(
        found.grad_log_var, found.grad_latents * deviation * noise[0] / 2, check_dtype=False
    )
    torch.testing.assert_close(found.rate_grad_mean, BETA * found.mean)
    torch.testing.assert_close(found.rate_grad_log_var, BETA * (found.log_var.exp() - 1) / 2)


def test_drawing_at_random_within_the_network_lets_only_the_gradient_of_the_rate_pass(
    images: torch.Tensor,
) -> None:
    _, _, found = traced("vae", images)
    assert found.grad_mean.abs().min() > 0 and found.grad_log_var.abs().min() > 0
    torch.testing.assert_close(found.sampled_grad_mean, found.rate_grad_mean)
    torch.testing.assert_close(found.sampled_grad_log_var, found.rate_grad_log_var)


def test_a_frozen_model_stays_frozen_and_its_code_is_the_cloud_at_the_noise(
    images: torch.Tensor,
) -> None:
    model, noise, found = traced("vae", images)
    assert all(weight.grad is None and not weight.requires_grad for weight in model.parameters())
    assert torch.is_grad_enabled() and not any(
        part.requires_grad for part in found if isinstance(part, torch.Tensor)
    )
    posterior = DiagonalGaussian(found.mean, found.log_var)
    torch.testing.assert_close(found.latents, posterior.at(noise[0]), check_dtype=False)
    torch.testing.assert_close(found.rates, posterior.kl_per_latent())
