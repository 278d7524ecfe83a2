"""The route that saves films: files as they should be, and nothing crashes it."""

import io
import json
import random
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from playground.inference.examples import examples
from playground.store.models import PIXELS
from playground.wire.packing import pack

DIGITS = examples().pictures
MODELS = ["vanilla-32", "vae-20"]
PAIR = DIGITS[[0, 9]].tobytes()
TEN = DIGITS[:10].tobytes()
FILM: dict[str, Any] = {"models": MODELS, "path": "straight", "frames": 9, "tour": False}
FILM |= {"kind": "gif", "rows": [PIXELS, *MODELS], "bounce": True, "rate": 12}
FILM |= {"scale": 2, "dark": False}


def post(client: TestClient, header: dict[str, Any], digits: bytes = PAIR) -> Any:
    return client.post("/live/film", content=pack(header, digits))


def refused(reply: Any) -> str:
    assert reply.status_code == 400
    sentence = reply.json()["error"]
    assert len(sentence) > 20 and sentence.endswith(".") and "Traceback" not in sentence
    return sentence


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
def test_a_film_can_be_had_as_a_file(client: TestClient, kind: str) -> None:
    reply = post(client, {**FILM, "kind": kind})
    assert reply.status_code == 200, reply.text
    image = Image.open(io.BytesIO(reply.content))
    assert image.format == kind.upper()
    assert getattr(image, "n_frames", 1) == (1 if kind == "png" else 16)


def test_a_tour_is_a_file_with_a_line_a_digit(client: TestClient) -> None:
    tour = {**FILM, "tour": True, "frames": 4, "bounce": False, "rows": [PIXELS]}
    strip = Image.open(io.BytesIO(post(client, {**tour, "kind": "png"}, TEN).content))
    assert strip.size == ((34 + 28 * 4 + 4) * 2, (28 * 10 + 8) * 2)
    loop = Image.open(io.BytesIO(post(client, tour, TEN).content))
    assert loop.n_frames == 40 and loop.info["loop"] == 0


def test_a_film_of_no_model_is_the_cross_fade(client: TestClient) -> None:
    assert post(client, {**FILM, "models": [], "rows": [PIXELS]}).status_code == 200


@pytest.mark.parametrize(
    "rows", [None, [], "pixels", ["deep-32"], [PIXELS, PIXELS], [[PIXELS]]], ids=str
)
def test_rows_that_are_not_of_the_film_are_refused(client: TestClient, rows: Any) -> None:
    refused(post(client, {**FILM, "rows": rows}))


def test_a_body_of_the_wrong_length_is_refused(client: TestClient) -> None:
    for wrong in (PAIR + b"x", PAIR[:-1], PAIR + bytes(784), bytes(20 * 784), b""):
        refused(post(client, FILM, wrong))


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_none_is_refused(client: TestClient, constant: str) -> None:
    text = json.dumps({**FILM, "rate": "here"}).replace('"here"', constant)
    packed = len(text).to_bytes(4, "little") + text.encode() + PAIR
    refused(client.post("/live/film", content=packed))


def test_a_film_that_is_too_large_is_refused(client: TestClient) -> None:
    large = {**FILM, "tour": True, "frames": 60, "bounce": False, "scale": 8}
    assert "million pixels" in refused(post(client, large, TEN))


def test_random_alterations_never_crash_the_route(client: TestClient) -> None:
    chance = random.Random(0)
    whole = pack(FILM, PAIR)
    for _ in range(40):
        altered = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            altered[chance.randrange(min(len(altered), 240))] = chance.randrange(256)
        cut = altered[: chance.choice([len(altered), chance.randrange(len(altered))])]
        assert client.post("/live/film", content=bytes(cut)).status_code in (200, 400)
