"""What routes have in common, and the one that finds a digit in a picture."""

from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from playground.store import Store
from playground.wire import unpack
from tests.support.facts import fact
from tests.support.samples import BAD_PICTURES, INK, PICTURES
from vae_core.data.corruption import CORRUPTIONS
from vae_core.data.drawing import to_digit

QUIET = {"kind": "gaussian", "strength": 0.0, "seed": 1}
LOUD = {"kind": "gaussian", "strength": 0.5, "seed": 1}


def test_about_names_every_model_and_every_noise(client: TestClient, store: Store) -> None:
    about = fact(client, "about").json()
    assert [model["name"] for model in about["models"]] == store.names
    assert [noise["name"] for noise in about["noises"]] == list(CORRUPTIONS)


def refused(reply: Any) -> str:
    assert reply.status_code == 400
    sentence = reply.json()["error"]
    assert len(sentence) > 20 and sentence.endswith(".") and "Traceback" not in sentence
    return sentence


@pytest.mark.parametrize("file", PICTURES.values(), ids=PICTURES)
def test_the_digit_is_found_in_a_picture(client: TestClient, file: bytes) -> None:
    reply = client.post("/live/picture", content=file)
    assert reply.status_code == 200, reply.text
    about, body = unpack(reply.content)
    found = np.frombuffer(body, np.uint8).reshape(about["height"], about["width"])
    assert np.abs(found / 255 - to_digit(INK) / 255).mean() < 0.04


@pytest.mark.parametrize("file", BAD_PICTURES.values(), ids=BAD_PICTURES)
def test_a_bad_picture_is_refused_with_a_sentence(client: TestClient, file: bytes) -> None:
    refused(client.post("/live/picture", content=file))
