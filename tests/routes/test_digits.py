"""Where a map draws digits: what the page is told is what scikit-learn finds."""

import shutil
from pathlib import Path

import numpy as np
import torch
from sklearn.neighbors import NearestNeighbors
from starlette.testclient import TestClient

from playground.facts.latent import digits_of
from playground.inference.latent import map as latent_map
from playground.inference.latent import map_layers
from playground.store.models import CHECKPOINTS, Store
from playground.wire.packing import unpack
from tests.support.facts import fact, page_of
from vae_core.evaluation.likeness import features
from vae_core.models.inference import decode_to_bytes
from vae_core.types import to_floats


def test_a_place_is_a_digit_if_its_picture_is_near_to_digits() -> None:
    store = Store()
    about, body = unpack(digits_of(store, "vae-2"))
    side = about["side"]
    raster = np.frombuffer(body, np.uint8).reshape(side, side)
    square = latent_map.latent_map(store, "vae-2").square
    classifier, seen = store.likeness()
    known = NearestNeighbors(n_neighbors=5).fit(seen.features.double().numpy() * seen.scale)
    for row, column in ((0, 0), (0, side - 1), (side // 2, 3), (side - 1, side - 1)):
        across, up = 2 * column / (side - 1) - 1, 1 - 2 * row / (side - 1)
        place = torch.tensor([[across, up]]) * square.half + torch.tensor(square.centre)
        picture = to_floats(decode_to_bytes(store.get("vae-2").model, place))
        far = known.kneighbors(features(classifier, picture).double().numpy())[0].mean()
        assert abs(far * map_layers.LEVELS - raster[row, column]) < 1
    assert about["limit"] == seen.limit * map_layers.LEVELS
    assert abs(about["share"] - (raster <= about["limit"]).mean()) < 0.01
    assert 0.5 < about["share"] < 1 and 0.5 < about["random"] < 1


def test_of_random_codes_the_share_is_told_whose_pictures_are_near_to_digits() -> None:
    store = Store()
    about, _ = unpack(digits_of(store, "vanilla-2"))
    classifier, seen = store.likeness()
    known = NearestNeighbors(n_neighbors=5).fit(seen.features.double().numpy() * seen.scale)
    latents = store.atlas("vanilla-2").latents
    others = np.random.default_rng(3).multivariate_normal(
        latents.mean(axis=0), np.cov(latents.T), 4000
    )
    drawn = decode_to_bytes(store.get("vanilla-2").model, torch.from_numpy(others).float())
    far = known.kneighbors(features(classifier, to_floats(drawn)).double().numpy())[0].mean(axis=1)
    assert abs(about["random"] - (far <= seen.limit).mean()) < 0.04  # 3 standard errors
    assert abs(about["random"] - about["share"]) > 0.06  # it is not that of the square


def test_the_page_gets_what_the_classifier_sees_of_digits(client: TestClient) -> None:
    about, body = unpack(fact(client, "held-out").content)
    _, seen = Store().likeness()
    kept = np.frombuffer(body, np.uint8).reshape(about["count"], about["size"])
    assert np.array_equal(kept, seen.features.numpy())
    assert (about["scale"], about["limit"], about["k"]) == (seen.scale, seen.limit, 5)


def test_nobody_says_what_a_digit_is_without_knowing_one(tmp_path: Path) -> None:
    shutil.copytree(CHECKPOINTS / "classifier", tmp_path / "classifier")
    shutil.copy(CHECKPOINTS / "vae-2.safetensors", tmp_path)
    (tmp_path / "classifier" / "digits.npz").write_bytes(b"no")
    with page_of(Store(tmp_path)) as client:
        for about in (("held-out",), ("digits", "vae-2")):
            reply = fact(client, *about)
            assert reply.status_code == 400 and "missing or damaged" in reply.text
