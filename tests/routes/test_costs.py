"""The two costs of a drawing, and the maps at different beta: what the library says."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from playground.facts.experiments import betas
from playground.inference.costs import TILES
from playground.store.models import Store
from playground.wire.packing import unpack
from tests.support.facts import fact
from vae_core.errors import UsageError
from vae_core.experiments.catalogue import BETAS


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
