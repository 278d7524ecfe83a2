"""The chapter on compression: what every size of code, and a file, makes of one picture."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from playground.inference.compression import KINDS, SHOWN
from playground.inference.non_digits import subjects
from playground.store import Store
from playground.wire import pack, unpack
from tests.support.facts import fact, page_of
from tests.support.samples import INK
from vae_core.data.drawing import to_digit
from vae_core.evaluation.compression import jpeg
from vae_core.experiments.catalogue import NUMBERS, SIZED
from vae_core.types import to_floats

PIXELS = 28 * 28
MADE = len(KINDS) * len(NUMBERS)


@pytest.fixture(scope="module")
def table(store: Store) -> dict[str, Any]:
    return json.loads((store.experiments / "metrics.json").read_text())


def asked(client: TestClient, body: bytes, **header: Any) -> tuple[dict[str, Any], np.ndarray]:
    """The header of the reply, and its pictures: the one that was seen, then what came back."""
    reply = client.post("/live/compress", content=pack({"format": "float", **header}, body))
    assert reply.status_code == 200, reply.text
    about, pictures = unpack(reply.content)
    return about, np.frombuffer(pictures, np.uint8).reshape(-1, 28, 28)


def test_the_chart_has_the_measured_error_of_every_size(
    client: TestClient, table: dict[str, Any]
) -> None:
    about, body = unpack(fact(client, "compression").content)
    assert about["numbers"] == list(NUMBERS) and about["files"] == table["files"]
    assert [kind["name"] for kind in about["kinds"]] == list(KINDS)
    for kind in about["kinds"]:
        for i, name in enumerate(SIZED[kind["name"]].values()):
            measured = table["models"][name]
            assert kind["mse"]["float"][i] == measured["mse"]
            assert kind["mse"]["byte"][i] == measured["mse_8bit"]
            assert kind["parameters"][i] == measured["parameters"]
    assert body == b"".join(one.picture.tobytes() for one in subjects())


def test_a_drawing_comes_back_from_every_size_and_every_file(
    client: TestClient, store: Store
) -> None:
    about, pictures = asked(client, INK.tobytes(), width=100, height=100)
    assert np.array_equal(pictures[0], to_digit(INK))
    assert len(pictures) == 1 + MADE + len(SHOWN) + 1
    assert [each["name"] for each in about["files"]] == [*(f"jpeg-{q}" for q in SHOWN), "png"]
    errors = [*about["mse"], *(each["mse"] for each in about["files"])]
    for error, picture in zip(errors, pictures[1:], strict=True):
        expected = np.square((picture.astype(float) - pictures[0]) / 255).mean()
        assert error == pytest.approx(expected)
    model = store.experiment("vae-k16").model
    out = model.reconstruct(to_floats(torch.from_numpy(to_digit(INK))[None, None]))
    wanted = (out[0, 0] * 255).round().byte().numpy()
    assert np.array_equal(pictures[1 + [*KINDS].index("vae") * len(NUMBERS) + 4], wanted)
    stored = jpeg(pictures[0], SHOWN[1])
    assert about["files"][1]["bytes"] == stored.whole
    assert about["files"][1]["data_bytes"] == stored.data
    assert about["files"][-1]["mse"] == 0


def test_a_code_of_bytes_is_rounded_within_the_span_of_the_training_images(
    client: TestClient, store: Store, table: dict[str, Any]
) -> None:
    _, floats = asked(client, INK.tobytes(), width=100, height=100)
    _, rounded = asked(client, INK.tobytes(), width=100, height=100, format="byte")
    assert not np.array_equal(floats, rounded)
    low, high = np.array(table["models"]["pca-k8"]["span"])
    model = store.experiment("pca-k8").model
    code = model.encode(to_floats(torch.from_numpy(to_digit(INK))[None, None])).numpy()
    steps = np.rint(255 * np.clip((code - low) / (high - low), 0, 1))
    back = model.decode(torch.from_numpy(low + (high - low) * steps / 255).float())
    wanted = (back[0, 0] * 255).round().byte().numpy().astype(int)
    place = 1 + [*KINDS].index("pca") * len(NUMBERS) + NUMBERS.index(8)
    assert np.abs(rounded[place] - wanted).max() <= 1  # a half may be rounded either way


@pytest.mark.parametrize("subject", subjects(), ids=lambda each: each.name)
def test_what_is_no_digit_is_copied_worse_than_a_digit(client: TestClient, subject: Any) -> None:
    assert subject.picture.shape == (28, 28) and np.ptp(subject.picture) > 100
    fed, pictures = asked(client, subject.picture.tobytes())
    assert np.array_equal(pictures[0], subject.picture)  # as it is, not made a digit of
    digit, _ = asked(client, INK.tobytes(), width=100, height=100)
    for kind in range(len(KINDS)):
        at_eight = kind * len(NUMBERS) + NUMBERS.index(8)
        assert fed["mse"][at_eight] > digit["mse"][at_eight]


@pytest.mark.parametrize(
    ("header", "body", "words"),
    [
        (
            {"format": "bytes"},
            bytes(PIXELS),
            "Did you mean 'byte'? Known number formats: float, byte",
        ),
        ({"format": 4}, bytes(PIXELS), "No number format is called '4'"),
        ({"format": "float"}, bytes(10), "has 784 bytes; got 10"),
        ({"format": "float", "width": 28, "height": 28}, bytes(PIXELS), "The canvas is empty"),
        ({"format": "float", "width": 28, "height": 27}, bytes(PIXELS), "should be 756 bytes"),
    ],
)
def test_what_cannot_be_compressed_is_explained(
    client: TestClient, header: dict[str, Any], body: bytes, words: str
) -> None:
    reply = client.post("/live/compress", content=pack(header, body))
    assert reply.status_code == 400
    assert words in reply.json()["error"]


def test_missing_numbers_are_explained(tmp_path: Path) -> None:
    bare = page_of(Store(tmp_path))
    reply = fact(bare, "compression")
    assert reply.status_code == 400
    assert "`python -m vae_core experiments` writes it again" in reply.json()["error"]
