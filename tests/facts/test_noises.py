"""The facts behind the chapters on noise and on the bottleneck."""

import numpy as np
import pytest
from starlette.testclient import TestClient

from playground.wire.packing import unpack
from tests.support.facts import fact
from vae_core.data.corruption import CORRUPTIONS, UNSEEN
from vae_core.data.drawings.digit import to_digit
from vae_core.data.strokes import draw, other_drawings


def test_the_other_drawings_are_read_as_digits_are(client: TestClient) -> None:
    header, body = unpack(fact(client, "others").content)
    known = other_drawings()
    assert header["names"] == list(known) and len(known) >= 12
    pictures = np.frombuffer(body, np.uint8).reshape(len(known), 28, 28)
    for picture, strokes in zip(pictures, known.values(), strict=True):
        assert np.array_equal(picture, to_digit(draw(strokes)))


@pytest.mark.parametrize(
    ("model", "met"), [("denoising-64", set(CORRUPTIONS)), ("conv-32", set())]
)
def test_a_model_says_which_noise_it_met(client: TestClient, model: str, met: set[str]) -> None:
    kinds = fact(client, "kinds", model).json()["kinds"]
    assert [each["name"] for each in kinds] == list(CORRUPTIONS | UNSEEN)
    assert {each["name"] for each in kinds if each["met"]} == met
    assert all(each["label"] and each["meaning"] for each in kinds)
