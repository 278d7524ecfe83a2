"""The two costs of a drawing, and the maps at different beta: what the library says."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from starlette.testclient import TestClient

from playground.facts.experiments import betas
from playground.inference.costs import DRAWS, TILES
from playground.store import Store
from playground.wire import pack, unpack
from tests.live.test_routes import QUIET
from tests.support.facts import fact
from tests.support.samples import INK
from vae_core.errors import UsageError
from vae_core.experiments.catalogue import BETAS

MODELS = ["vae-20", "beta-4"]


def asked(client: TestClient, models: Any) -> Any:
    height, width = INK.shape
    header = {"models": models, "noise": QUIET, "sample": None, "width": width, "height": height}
    return client.post("/live/costs", content=pack(header, INK.tobytes()))


def test_the_costs_are_those_of_torchs_own_distributions(client: TestClient, store: Store) -> None:
    about, body = unpack(asked(client, MODELS).content)
    size = about["side"] ** 2
    pictures = np.frombuffer(body, np.uint8, 3 * size).reshape(3, 28, 28)
    numbers = np.frombuffer(body[3 * size :], "<f4")
    image = torch.from_numpy(pictures[0] / np.float32(255)).view(1, 1, 28, 28)
    coin = torch.distributions.Bernoulli(probs=image, validate_args=False)
    assert about["floor"] == pytest.approx(coin.entropy().sum().item(), rel=1e-3)
    for found, picture in zip(about["models"], pictures[1:], strict=True):
        rates, mean, spread = np.split(numbers[: 3 * found["code"]], 3)
        numbers = numbers[3 * found["code"] :]
        name = found["name"]
        model: Any = (store.experiment if name.startswith("beta") else store.get)(name).model
        posterior = model.posterior(image)
        cloud = torch.distributions.Normal(
            posterior.mean[0], torch.exp(0.5 * posterior.log_var[0])
        )
        kl = torch.distributions.kl_divergence(cloud, torch.distributions.Normal(0.0, 1.0))
        np.testing.assert_allclose(rates, kl, rtol=1e-3, atol=1e-5)
        np.testing.assert_allclose([*mean, *spread], [*cloud.mean, *cloud.stddev], rtol=1e-4)
        assert found["rate"] == pytest.approx(kl.sum().item(), rel=1e-4)
        logits = model.decode_logits(posterior.mean)
        pixels = torch.distributions.Bernoulli(logits=logits, validate_args=False)
        assert found["cross_entropy"] == pytest.approx(
            -pixels.log_prob(image).sum().item(), rel=1e-4
        )
        squared = (pixels.probs - image).square().sum().item()
        assert found["squared_error"] == pytest.approx(squared, rel=1e-4)
        assert np.abs(picture / 255 - pixels.probs[0, 0].numpy()).max() <= 0.51 / 255
        drawn = model.decode_logits(cloud.sample(torch.Size([10 * DRAWS])))
        average = -torch.distributions.Bernoulli(logits=drawn, validate_args=False).log_prob(image)
        assert found["distortion"] == pytest.approx(average.sum().item() / (10 * DRAWS), rel=0.1)
        assert found["distortion"] > about["floor"]
    assert len(numbers) == 0


@pytest.mark.parametrize(
    "models", [None, ["vae-2"] * 9, ["conv-32"], ["beta-5"], [["beta-4"]], [3]]
)
def test_only_variational_models_have_two_costs(client: TestClient, models: Any) -> None:
    assert asked(client, models).status_code == 400


def test_a_dearer_rate_is_a_smaller_one(client: TestClient) -> None:
    maps = fact(client, "betas").json()["maps"]
    assert [each["beta"] for each in maps] == list(BETAS)
    rates, distortions = ([each[key] for each in maps] for key in ("rate", "distortion"))
    assert rates == sorted(rates, reverse=True) and distortions == sorted(distortions)


def test_a_map_has_its_sheet_and_says_which_numbers_are_dead(client: TestClient) -> None:
    dead = {}
    for beta in ("0", "1", "20"):
        reply = fact(client, "beta-map", f"beta-{beta}")
        about, body = unpack(reply.content)
        count = len(about["labels"])
        mean, spread = np.frombuffer(body, "<f4", 4 * count).reshape(2, count, 2)
        rates = (mean**2 + spread**2 - 1 - 2 * np.log(spread)).mean(axis=0) / 2
        np.testing.assert_allclose(about["rates"], rates, rtol=1e-3, atol=1e-5)
        dead[beta] = sum(about["dead"])
        assert about["half"] >= 3 and (np.abs(mean) < about["half"]).all()
        assert Image.open(io.BytesIO(body[16 * count :])).size == (28 * TILES, 28 * TILES)
    assert dead == {"0": 0, "1": 0, "20": 1}


def test_a_page_without_those_maps_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="vae_core experiments betas"):
        betas(Store(tmp_path))
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "metrics.json").write_text(
        json.dumps({"n_images": 1, "models": {}})
    )
    with pytest.raises(UsageError, match="vae_core experiments betas"):
        betas(Store(tmp_path))
