"""The chapter on compression: what every size of code, and a file, makes of one picture."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from playground.inference.compression import KINDS, SHOWN
from playground.inference.non_digits import subjects
from playground.store.models import Store
from playground.wire.packing import pack, unpack
from tests.support.facts import fact, page_of
from vae_core.evaluation.compression import jpeg
from vae_core.experiments.catalogue import NUMBERS, SIZED

LONG = 2**20  # bytes of a header of our own


@pytest.fixture(scope="module")
def table(store: Store) -> dict[str, Any]:
    return json.loads((store.experiments / "metrics.json").read_text())


def test_the_chart_has_the_measured_error_of_every_size(
    client: TestClient, table: dict[str, Any]
) -> None:
    about, body = unpack(fact(client, "compression").content, LONG)
    assert about["numbers"] == list(NUMBERS) and about["files"] == table["files"]
    assert [kind["name"] for kind in about["kinds"]] == list(KINDS)
    for kind in about["kinds"]:
        for i, name in enumerate(SIZED[kind["name"]].values()):
            measured = table["models"][name]
            assert kind["mse"]["float"][i] == measured["mse"]
            assert kind["mse"]["byte"][i] == measured["mse_8bit"]
            assert kind["parameters"][i] == measured["parameters"]
            assert kind["spans"][i] == measured["span"]
            assert kind["models"][i] == ("pca-k64" if kind["name"] == "pca" else name)
    assert body == b"".join(one.picture.tobytes() for one in subjects())


def test_a_picture_comes_back_from_every_file(client: TestClient) -> None:
    picture = subjects()[0].picture
    reply = client.post("/live/files", content=pack({}, picture.tobytes()))
    about, body = unpack(reply.content)
    pictures = np.frombuffer(body, np.uint8).reshape(-1, 28, 28)
    assert [each["name"] for each in about["files"]] == [*(f"jpeg-{q}" for q in SHOWN), "png"]
    for file, back in zip(about["files"], pictures, strict=True):
        expected = np.square((back.astype(float) - picture) / 255).mean()
        assert file["mse"] == pytest.approx(expected)
    stored = jpeg(picture, SHOWN[1])
    assert about["files"][1]["bytes"] == stored.whole
    assert about["files"][1]["data_bytes"] == stored.data
    assert np.array_equal(pictures[1], stored.picture) and about["files"][-1]["mse"] == 0


@pytest.mark.parametrize(("header", "body"), [({}, bytes(10)), ({"format": "byte"}, bytes(784))])
def test_what_is_no_picture_is_refused(
    client: TestClient, header: dict[str, Any], body: bytes
) -> None:
    assert client.post("/live/files", content=pack(header, body)).status_code == 400


def test_missing_numbers_are_explained(tmp_path: Path) -> None:
    bare = page_of(Store(tmp_path))
    reply = fact(bare, "compression")
    assert reply.status_code == 400
    assert "`python -m vae_core experiments` writes it again" in reply.json()["error"]
