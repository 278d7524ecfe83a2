"""The facts of the Map tab: what they say is what the library says."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from playground.facts.latent import holes_of
from playground.inference.latent.interpolation import verdicts
from playground.inference.latent.map import square_of
from playground.store.models import CHECKPOINTS, Store
from playground.wire.packing import unpack
from tests.support.facts import fact
from vae_core.data import datasets
from vae_core.data.sets.record import data_dir
from vae_core.evaluation import atlas, atlas_making, latent_metrics
from vae_core.models import inference
from vae_core.training import checkpoints

MODELS = ("vae-2", "vanilla-2", "vae-20", "sparse-256")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Four models; one has an atlas, of scikit-learn's digits, and the others have none."""
    folder = tmp_path_factory.mktemp("checkpoints")
    for name in MODELS:
        shutil.copy(CHECKPOINTS / f"{name}.safetensors", folder)
    checkpoint = checkpoints.load_checkpoint(folder / "vae-2.safetensors")
    found = atlas_making.of_pictures(checkpoint, datasets.load("digits", "test"))
    numbers = {"continuity": {"mean": 0.05, "p99": 0.1}}
    atlas.save(folder / "atlas", found._replace(train=found.latents, about=found.about | numbers))
    return Store(folder)


@pytest.fixture(scope="module", autouse=True)
def no_mnist(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_DATA_DIR", str(tmp_path_factory.mktemp("no-data")))
        yield


def places(scale: dict[str, Any], body: bytes) -> np.ndarray:
    steps = np.frombuffer(body, "<u2").reshape(scale["count"], 2)
    return np.array(scale["low"]) + steps * np.array(scale["step"])


def test_a_map_holds_the_codes_of_the_atlas(client: TestClient, store: Store) -> None:
    about, body = unpack(fact(client, "map", "vae-2").content)
    known, count = store.atlas("vae-2"), about["codes"]["count"]
    assert count == len(known.labels) == 300
    assert np.array_equal(np.frombuffer(body[:count], np.uint8), known.labels)
    found = places(about["codes"], body[count : 5 * count])
    np.testing.assert_allclose(found, known.latents, atol=max(about["codes"]["step"]))
    assert len(body) == 5 * count
    assert about["continuity"]["mean"] == 0.05 and about["prior"]


def test_the_density_is_highest_where_most_codes_are(client: TestClient, store: Store) -> None:
    about, body = unpack(fact(client, "density", "vae-2").content)
    raster = np.frombuffer(body, np.uint8).reshape(about["side"], about["side"])
    square = unpack(fact(client, "map", "vae-2").content)[0]["square"]
    row, column = np.unravel_index(raster.argmax(), raster.shape)
    shares = np.array([column, about["side"] - 1 - row]) / (about["side"] - 1)
    top = torch.tensor(square["centre"] + (2 * shares - 1) * square["half"], dtype=torch.float)
    codes = torch.from_numpy(store.atlas("vae-2").latents)
    assert raster.max() == 255
    assert latent_metrics.density(codes, top[None]).item() == pytest.approx(
        about["peak"], rel=1e-3
    )
    assert latent_metrics.density(codes, codes).mean() < about["peak"]


def test_holes_are_empty_places_among_the_codes_and_unclear() -> None:
    store = Store()
    told = holes_of(store, "vae-2")
    known, classifier = torch.from_numpy(store.atlas("vae-2").latents), store.classifier()
    places = torch.tensor(told["places"])
    assert (latent_metrics.nearest_distance(known, places) > told["near"]).all()
    assert told["chances"] == sorted(told["chances"]) and told["chances"][-1] < 0.9
    assert 0 < told["share"] < told["empty"] < 1 and len(told["outline"]) > 5
    assert classifier is not None
    seen = verdicts(
        classifier, inference.decode_to_bytes(store.get("vae-2").model, places)[:, 0].numpy()
    )
    np.testing.assert_allclose(seen.probabilities, told["chances"], atol=1e-3)


def test_without_a_classifier_nobody_says_what_a_hole_is(client: TestClient) -> None:
    reply = fact(client, "holes", "vae-2")
    assert reply.status_code == 400 and "no digit classifier" in reply.text


def test_a_map_without_an_atlas_says_as_much_as_it_can(client: TestClient) -> None:
    about, _ = unpack(fact(client, "map", "vanilla-2").content)
    assert about["codes"]["count"] == 0 and about["continuity"] is None
    assert about["square"]["half"] > 1 and not about["prior"]
    assert unpack(fact(client, "trained-on", "vanilla-2").content)[1] == b""


def test_the_training_codes_come_by_themselves(client: TestClient, store: Store) -> None:
    about, body = unpack(fact(client, "trained-on", "vae-2").content)
    train = store.atlas("vae-2").train
    assert train is not None
    found = places(about["codes"], body)
    np.testing.assert_allclose(found, train, atol=max(about["codes"]["step"]))


def test_nearly_all_codes_fit_in_the_square() -> None:
    codes = torch.randn(5000, 2, generator=torch.Generator().manual_seed(0)) * 5 + 20
    for has_prior in (False, True):
        square = square_of(codes, has_prior)
        inside = ((codes - torch.tensor(square.centre)).abs() <= square.half).all(dim=1)
        assert inside.float().mean() > 0.98
    assert square_of(codes * 0, has_prior=True).half == 3


def test_latents_come_in_order_of_importance(client: TestClient) -> None:
    for name, measure in (("vae-2", "kl"), ("vae-20", "effect"), ("sparse-256", "effect")):
        facts = fact(client, "latents", name).json()
        assert facts["measure"] == measure
        assert facts["importance"] == sorted(facts["importance"], reverse=True)
        assert sorted(facts["order"]) == list(range(len(facts["dead"])))
        assert all(low < high for low, high in zip(facts["low"], facts["high"], strict=True))
    assert any(facts["dead"]) and not facts["dead"][0]


def test_nothing_here_needs_mnist(store: Store) -> None:
    assert not (Path(data_dir()) / "MNIST").exists()
