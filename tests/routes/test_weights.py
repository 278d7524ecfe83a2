"""Weights and layers by an address that changes with them."""

import shutil
from pathlib import Path

import pytest
from safetensors.torch import load, load_file
from starlette.applications import Starlette
from starlette.testclient import TestClient

from playground.routes import weights
from playground.store.models import CHECKPOINTS, Store
from tests.own import Own
from vae_core.models import MODELS, specify
from vae_core.training.checkpoints import save_checkpoint
from vae_core.training.recipe import Recipe


@pytest.fixture(scope="module")
def client(store: Store) -> TestClient:
    return TestClient(Starlette(routes=[*weights.routes(store)]))


def test_every_model_can_be_fetched_and_kept(client: TestClient, store: Store) -> None:
    models = client.get("/weights").json()["models"]
    assert [each["name"] for each in models] == [*store.names, "classifier"]
    for each in models:
        reply = client.get(f"/{each['address']}.safetensors")
        assert reply.content == weights.path_of(store, each["name"]).read_bytes()
        assert len(reply.content) == each["bytes"]
        assert "immutable" in reply.headers["cache-control"]


def test_layers_lie_beside_the_weights(client: TestClient, store: Store) -> None:
    wanted = ["vae-20", "classifier", "experiments/conv-k2"]
    for each in client.get("/weights", params={"name": wanted}).json()["models"]:
        reply = client.get(f"/{each['address']}.json")
        assert reply.json() == weights.plain_layers(store, each["name"])
        assert "immutable" in reply.headers["cache-control"]


@pytest.mark.parametrize(
    "address",
    [
        "weights/0000000000000000/vae-20.safetensors",
        "weights/{version}/vae-2.safetensors",
        "weights/{version}/run:0123.json",
        "weights/{version}/%2e%2e/vae-20.safetensors",
        "weights/{version}/experiments/%2e%2e/vae-20.safetensors",
    ],
)
def test_what_is_not_there_is_not_there(client: TestClient, address: str) -> None:
    (found,) = client.get("/weights", params={"name": "vae-20"}).json()["models"]
    _, version, _ = found["address"].split("/")
    assert client.get(f"/{address.format(version=version)}").status_code == 404


def test_weights_that_were_not_fetched_are_told(tmp_path: Path) -> None:
    """The page would have no other word for them than damaged."""
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 3718952\n"
    (tmp_path / "vae-20.safetensors").write_bytes(pointer)
    client = TestClient(Starlette(routes=[*weights.routes(Store(tmp_path))]))
    reply = client.get("/weights", params={"name": "vae-20"})
    assert reply.status_code == 404 and "`git lfs pull`" in reply.json()["error"]


def test_an_unknown_name_is_told(client: TestClient) -> None:
    reply = client.get("/weights", params={"name": "vea-20"})
    assert reply.status_code == 404
    assert "Did you mean 'vae-20'?" in reply.json()["error"]


def test_a_run_that_trains_on_is_given_as_it_is_now(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, store: Store
) -> None:
    file = tmp_path / "run.safetensors"
    monkeypatch.setattr(weights, "path_of", lambda *_: file)
    client = TestClient(Starlette(routes=[*weights.routes(store)]))
    shutil.copy(CHECKPOINTS / "vanilla-2.safetensors", file)
    (listed,) = client.get("/weights", params={"name": "run:0123"}).json()["models"]
    shutil.copy(CHECKPOINTS / "vae-2.safetensors", file)
    reply = client.get(f"/{listed['address']}.safetensors")
    assert reply.status_code == 200
    later = load_file(file)
    assert {name: values.tolist() for name, values in load(reply.content).items()} == {
        name: values.tolist() for name, values in later.items()
    }
    assert reply.headers["cache-control"] == "no-store"


def test_a_run_that_is_gone_is_left_out(client: TestClient) -> None:
    reply = client.get("/weights", params={"name": ["run:0123", "vae-2"]})
    assert [each["name"] for each in reply.json()["models"]] == ["vae-2"]


def test_other_weights_have_another_address(tmp_path: Path, store: Store) -> None:
    names = ("vae-2", "vanilla-2")
    found = set()
    for name in names:
        (tmp_path / "one.safetensors").write_bytes(store.path(name).read_bytes())
        found.add(weights.about(Store(tmp_path), "one")["address"])
    assert len(found) == 2


def test_a_model_with_an_unknown_layer_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(MODELS, "own", Own)
    recipe = Recipe(specify("own"), "digits")
    save_checkpoint(tmp_path / "own.safetensors", Own(), recipe, {"epoch": 1})
    store = Store(tmp_path)
    client = TestClient(Starlette(routes=[*weights.routes(store)]))
    reply = client.get(f"/{weights.about(store, 'own')['address']}.json")
    assert reply.status_code == 200
    assert reply.json()["unknown"].startswith("Unknown layer: 'embedding'.")
