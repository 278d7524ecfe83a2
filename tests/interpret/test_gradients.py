"""The gradients that the page shows: by autograd, by finite differences and by the chain rule."""

import json
from typing import Any

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from playground.inference.costs import LATENT_NUMBERS as NUMBERS
from playground.store import Store
from playground.wire import pack, unpack
from tests.conftest import small
from tests.live.test_routes import QUIET
from tests.support.samples import INK
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
    code = mean + posterior.stddev * noise[0]
    pixels = torch.distributions.Bernoulli(
        logits=model.decode_logits(code[None]), validate_args=False
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
        by_mean = (found.by_mean + found.rate_by_mean)[i].item()
        by_log_var = (found.by_log_var + found.rate_by_log_var)[i].item()
        assert by_mean == pytest.approx(slope(move, still), rel=1e-4, abs=1e-6)
        assert by_log_var == pytest.approx(slope(still, move), rel=1e-4, abs=1e-6)


@KINDS
def test_gradients_obey_the_chain_rule(kind: str, images: torch.Tensor) -> None:
    _, noise, found = traced(kind, images)
    deviation = torch.exp(0.5 * found.log_var)
    torch.testing.assert_close(found.by_mean, found.by_code, check_dtype=False)
    torch.testing.assert_close(
        found.by_log_var, found.by_code * deviation * noise[0] / 2, check_dtype=False
    )
    torch.testing.assert_close(found.rate_by_mean, BETA * found.mean)
    torch.testing.assert_close(found.rate_by_log_var, BETA * (found.log_var.exp() - 1) / 2)


def test_dice_within_the_network_let_only_the_gradient_of_the_rate_pass(
    images: torch.Tensor,
) -> None:
    _, _, found = traced("vae", images)
    assert found.by_mean.abs().min() > 0 and found.by_log_var.abs().min() > 0
    torch.testing.assert_close(found.drawn_by_mean, found.rate_by_mean)
    torch.testing.assert_close(found.drawn_by_log_var, found.rate_by_log_var)


def test_a_frozen_model_stays_frozen_and_its_code_is_the_cloud_at_the_noise(
    images: torch.Tensor,
) -> None:
    model, noise, found = traced("vae", images)
    assert all(weight.grad is None and not weight.requires_grad for weight in model.parameters())
    assert torch.is_grad_enabled() and not any(
        part.requires_grad for part in found if isinstance(part, torch.Tensor)
    )
    posterior = DiagonalGaussian(found.mean, found.log_var)
    torch.testing.assert_close(found.code, posterior.at(noise[0]), check_dtype=False)
    torch.testing.assert_close(found.rates, posterior.kl_per_latent())


def asked(epsilon: object, model: object = "vae-2") -> bytes:
    height, width = INK.shape
    header = {"models": [model], "noise": QUIET, "sample": None, "width": width, "height": height}
    return pack({**header, "epsilon": epsilon}, INK.tobytes())


def test_the_page_gets_the_librarys_numbers(client: TestClient, store: Store) -> None:
    about, body = unpack(client.post("/live/loss", content=asked([0.5, -1])).content)
    size = about["side"] ** 2
    image, picture = np.frombuffer(body, np.uint8, 2 * size).reshape(2, 1, 1, 28, 28)
    numbers = np.frombuffer(body[2 * size :], "<f4").reshape(len(NUMBERS), 2)
    model = store.get("vae-2").model
    assert isinstance(model, GaussianLatents)
    found = trace(model, torch.from_numpy(image / np.float32(255)), torch.tensor([[0.5, -1.0]]))
    for name, row in zip(NUMBERS, numbers, strict=True):
        np.testing.assert_allclose(row, getattr(found, name), rtol=1e-4, atol=1e-5)
    assert np.abs(picture / 255 - found.picture.numpy()).max() <= 0.51 / 255
    assert about["loss"] == pytest.approx(about["distortion"] + about["rate"], rel=1e-5)
    assert about["loss"] == pytest.approx(found.loss, rel=1e-5) and about["beta"] == 1


@pytest.mark.parametrize(
    ("epsilon", "model", "sentence"),
    [([1], "vae-2", "epsilon must be a list of 2"), ([0, 11], "vae-2", "from -10 to 10"),
     ([0, None], "vae-2", "from -10 to 10"), (None, "vae-2", "epsilon must"),
     ([0] * 32, "conv-32", "is a point"), ([0, 0], 3, "No model")],
)  # fmt: skip
def test_noise_that_does_not_fit_is_refused(
    client: TestClient, epsilon: object, model: object, sentence: str
) -> None:
    reply = client.post("/live/loss", content=asked(epsilon, model))
    assert reply.status_code == 400 and sentence in json.dumps(reply.json())
