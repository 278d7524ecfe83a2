"""Facts: what they say is kept by browsers for ever, so an address may never say two things."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from playground.facts import FACTS
from playground.routes import facts
from playground.store.models import CHECKPOINTS, Store
from tests.support.facts import AT, fact, page_of

KEPT = "public, max-age=31536000, immutable"
ABOUT: dict[str, list[str]] = {
    "code": ["vae_core.models.build"],
    "atlas": ["vae-20", "pca"],
    "beta-map": ["beta-20"],
    "gaussian": ["vanilla-2"],
    "notebook": ["measure_a_vae"],
}
TOO_LONG = {
    "density",
    "digits",
    "trained-on",
    "holes",
    "map",
    "space-numbers",
}  # for models of many latents


def about(name: str) -> list[str]:
    return ABOUT.get(name, ["vae-2"][: FACTS[name].about])


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of one model."""
    folder = tmp_path_factory.mktemp("checkpoints")
    shutil.copy(CHECKPOINTS / "vae-2.safetensors", folder)
    return folder


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_is_told_at_an_address_of_its_own(client: TestClient, name: str) -> None:
    reply = fact(client, name, *about(name))
    assert reply.status_code == 200, reply.text
    assert reply.headers["cache-control"] == KEPT and len(reply.content) > 10
    plain = client.get(
        f"/facts/{AT}/{'/'.join([name, *about(name)])}", headers={"accept-encoding": "identity"}
    )
    assert plain.content == reply.content and "content-encoding" not in plain.headers


def test_what_squeezes_is_sent_squeezed(client: TestClient) -> None:
    reply = fact(client, "lesson")
    assert reply.headers["content-encoding"] == "gzip"
    assert int(reply.headers["content-length"]) < 0.5 * len(reply.content)


def test_an_address_of_another_version_says_nothing(client: TestClient) -> None:
    reply = client.get("/facts/0/about")
    assert reply.status_code == 404 and "updated" in reply.json()["error"]
    assert "immutable" not in reply.headers.get("cache-control", "")
    now = client.get("/facts/now/about")
    assert now.status_code == 200 and now.headers["cache-control"] == "no-store"
    assert now.json() == fact(client, "about").json()


def test_the_version_changes_with_the_files_and_with_nothing_else(
    shelf: Path, tmp_path: Path
) -> None:
    before = facts.version(Store(shelf))
    copy = tmp_path / "copy"
    shutil.copytree(shelf, copy)
    assert facts.version(Store(copy)) == before  # on every replica
    (copy / "notes.txt").write_text("no fact is made of this")
    assert facts.version(Store(copy)) == before
    content = bytearray((copy / "vae-2.safetensors").read_bytes())
    content[-1] ^= 1
    (copy / "vae-2.safetensors").write_bytes(content)
    assert facts.version(Store(copy)) != before
    shutil.copy(shelf / "vae-2.safetensors", copy / "vae-3.safetensors")
    assert len({facts.version(Store(folder)) for folder in (shelf, copy)}) == 2


REFUSED: dict[str, list[str]] = {
    "no such fact": ["everything"],
    "nothing": [""],
    "a fact about nothing": ["map"],
    "a fact about too much": ["map", "vae-2", "vae-2"],
    "an unknown model": ["map", "vae-21"],
    "a path for a model": ["latents", "../classifier/classifier"],
    "a run of nobody": ["latents", "run:" + "x" * 22],
    "a run that is a path": ["map", "run:.."],
    "no run": ["map", "run:"],
    "an unknown view": ["atlas", "vae-20", "umap"],
    "a view of another model": ["atlas", "vae-20", "code"],
    "an atlas of no model": ["atlas", "vae-21", "first"],
    "latents of no model": ["atlas-latents", "pixels"],
    "a Gaussian beside a prior": ["gaussian", "vae-20"],
    "code of no function": ["code", "os.system"],
    **{f"{name} of many latents": [name, "vae-20"] for name in sorted(TOO_LONG)},
}


@pytest.mark.parametrize("parts", REFUSED.values(), ids=REFUSED)
def test_what_is_no_fact_is_refused_in_a_sentence(client: TestClient, parts: list[str]) -> None:
    reply = fact(client, *parts)
    sentence = reply.json()["error"]
    assert reply.status_code == 400 and len(sentence) > 20 and sentence.endswith(".")
    assert "immutable" not in reply.headers.get("cache-control", "")


def test_a_fault_of_the_program_is_told_in_a_sentence(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("wires crossed")

    monkeypatch.setattr(Store, "check", broken)
    reply = fact(page_of(Store(shelf)), "latents", "vae-2")
    assert reply.status_code == 500 and "noted" in reply.json()["error"]
    assert "wires crossed" in caplog.text


def test_the_models_are_told_in_the_order_of_the_page(client: TestClient, store: Store) -> None:
    told = json.loads(fact(client, "about").content)
    assert [model["name"] for model in told["models"]] == store.names
    assert len(told["classes"]) == 10 and told["noises"]
