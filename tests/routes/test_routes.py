"""What routes have in common, and the one that finds a digit in a picture."""

from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from playground.store.models import Store
from playground.wire.packing import unpack
from tests.support.facts import fact
from tests.support.photographs import as_jpeg, several, written
from tests.support.samples import BAD_PICTURES, INK, PICTURES
from vae_core.data.corruption import CORRUPTIONS
from vae_core.data.drawings.digit import to_digit

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


def test_several_digits_in_a_picture_come_one_after_the_other(client: TestClient) -> None:
    sheet = as_jpeg(several([written(0, "2 with loop"), written(1, "7 plain")], 2, 0))
    about, body = unpack(client.post("/live/picture", content=sheet).content)
    assert about == {"width": 28, "height": 28, "count": 2}
    digits = np.frombuffer(body, np.uint8).reshape(2, 28, 28)
    assert (digits.max(axis=(1, 2)) == 255).all() and not np.array_equal(*digits)


@pytest.mark.parametrize("file", BAD_PICTURES.values(), ids=BAD_PICTURES)
def test_a_bad_picture_is_refused_with_a_sentence(client: TestClient, file: bytes) -> None:
    refused(client.post("/live/picture", content=file))
