"""The live routes, with friendly requests and hostile ones: an answer in words, never a crash."""

import json
import random
from typing import Any

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from playground.store import Store
from playground.styles import DEFAULT_CARDS
from playground.wire import pack, unpack
from tests.support.facts import fact
from tests.support.samples import BAD_PICTURES, INK, PICTURES
from vae_core.data.corruption import CORRUPTIONS
from vae_core.data.drawing import to_digit

QUIET = {"kind": "gaussian", "strength": 0.0, "seed": 1}
LOUD = {"kind": "gaussian", "strength": 0.5, "seed": 1}


def header(**changes: Any) -> dict[str, Any]:
    plain = {"width": 100, "height": 100, "models": list(DEFAULT_CARDS)}
    return {**plain, "noise": QUIET, "sample": None, **changes}


def message(**changes: Any) -> bytes:
    return pack(header(**changes), INK.tobytes())


def views(reply: bytes) -> tuple[dict[str, Any], list[np.ndarray]]:
    """The header of a reply, and its pictures: clean, noisy, then one a model."""
    about, body = unpack(reply)
    size = about["side"] ** 2
    count = 2 + len(about["models"])
    pictures = np.frombuffer(body[: count * size], np.uint8).reshape(count, size)
    return about, list(pictures)


def test_a_reply_shows_the_digit_that_was_drawn(client: TestClient) -> None:
    reply = client.post("/live/reconstruct", content=message())
    assert reply.status_code == 200
    _, (clean, noisy, *_) = views(reply.content)
    assert np.array_equal(clean, to_digit(INK).ravel())
    assert np.array_equal(clean, noisy)  # at strength 0


def test_every_number_of_a_reply_is_that_of_its_picture(client: TestClient) -> None:
    about, (clean, noisy, *pictures) = views(
        client.post("/live/reconstruct", content=message(noise=LOUD)).content
    )
    for numbers, picture in zip(
        [about["noisy"], *about["models"]], [noisy, *pictures], strict=True
    ):
        mse = np.mean((picture / 255 - clean / 255) ** 2)
        assert numbers["mse"] == pytest.approx(mse, abs=2e-4)  # pictures are rounded to 8 bits
        assert numbers["psnr"] == pytest.approx(-10 * np.log10(numbers["mse"]))


def test_a_reply_ends_with_the_codes(client: TestClient, store: Store) -> None:
    about, body = unpack(client.post("/live/reconstruct", content=message()).content)
    numbers = np.frombuffer(body[(2 + len(DEFAULT_CARDS)) * about["side"] ** 2 :], "<f4")
    digit = torch.from_numpy(to_digit(INK))[None, None] / 255
    at = 0
    for model in about["models"]:
        code = store.get(model["name"]).model.encode(digit)[0].numpy()
        np.testing.assert_allclose(numbers[at : at + model["code"]], code, rtol=1e-4, atol=1e-5)
        at += model["code"] * (3 if model["cloud"] else 1)
    assert at == len(numbers)


def test_the_same_request_has_the_same_reply(client: TestClient) -> None:
    first = client.post("/live/reconstruct", content=message(noise=LOUD, sample=7)).content
    torch.rand(100)  # someone else uses the global generator
    client.post("/live/reconstruct", content=message(noise=LOUD, sample=8))
    assert client.post("/live/reconstruct", content=message(noise=LOUD, sample=7)).content == first


def test_another_noise_seed_is_another_picture_of_the_same_digit(client: TestClient) -> None:
    def pictures(seed: int) -> list[np.ndarray]:
        noise = {**LOUD, "seed": seed}
        return views(client.post("/live/reconstruct", content=message(noise=noise)).content)[1]

    first, second = pictures(1), pictures(2)
    assert np.array_equal(first[0], second[0])
    assert not np.array_equal(first[1], second[1])


def test_sampling_changes_variational_models_and_no_others(
    client: TestClient, store: Store
) -> None:
    mean = views(client.post("/live/reconstruct", content=message()).content)
    drawn = views(client.post("/live/reconstruct", content=message(sample=3)).content)
    for i, model in enumerate(drawn[0]["models"]):
        changed = not np.array_equal(mean[1][2 + i], drawn[1][2 + i])
        assert changed == model["sampled"] == model["cloud"]
    assert any(model["sampled"] for model in drawn[0]["models"])


def test_no_models_is_a_fair_request(client: TestClient) -> None:
    about, pictures = views(client.post("/live/reconstruct", content=message(models=[])).content)
    assert about["models"] == [] and len(pictures) == 2


def test_about_names_every_model_and_every_noise(client: TestClient, store: Store) -> None:
    about = fact(client, "about").json()
    assert [model["name"] for model in about["models"]] == store.names
    assert [noise["name"] for noise in about["noises"]] == list(CORRUPTIONS)


HOSTILE: dict[str, dict[str, Any]] = {
    "no width": {"width": None},
    "a width of nothing": {"width": 0},
    "a negative height": {"height": -100},
    "a width that is no number": {"width": "100"},
    "a width that is a yes": {"width": True},
    "too large": {"width": 10_000, "height": 1},
    "more than there is": {"width": 101},
    "models as a word": {"models": "vanilla-32"},
    "an unknown model": {"models": ["vanila-32"]},
    "a path for a model": {"models": ["../../etc/passwd"]},
    "a list for a model": {"models": [["vanilla-32"]]},
    "one model many times": {"models": ["vanilla-32"] * 5},
    "very many models": {"models": ["vanilla-32"] * 300},
    "no noise": {"noise": None},
    "an unknown noise": {"noise": {**QUIET, "kind": "static"}},
    "a noise that cannot be a key": {"noise": {**QUIET, "kind": {"a": 1}}},
    "a strength beyond 1": {"noise": {**QUIET, "strength": 1.5}},
    "a strength that is a word": {"noise": {**QUIET, "strength": "high"}},
    "a seed with a fraction": {"noise": {**QUIET, "seed": 1.5}},
    "a negative seed": {"noise": {**QUIET, "seed": -1}},
    "an endless seed": {"noise": {**QUIET, "seed": 10**400}},
    "a sample seed that is a word": {"sample": "again"},
    "a sample seed that is too large": {"sample": 2**31},
}


@pytest.mark.parametrize("changes", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_request_is_refused_with_a_sentence(
    client: TestClient, changes: dict[str, Any]
) -> None:
    refused(client.post("/live/reconstruct", content=message(**changes)))


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_a_strength_that_is_no_number_is_refused(client: TestClient, constant: str) -> None:
    header_text = json.dumps(header()).replace('"strength": 0.0', f'"strength": {constant}')
    packed = len(header_text).to_bytes(4, "little") + header_text.encode() + INK.tobytes()
    refused(client.post("/live/reconstruct", content=packed))


def test_an_empty_canvas_is_refused_kindly(client: TestClient) -> None:
    reply = client.post("/live/reconstruct", content=pack(header(), bytes(100 * 100)))
    assert "empty" in refused(reply)


def test_a_request_that_is_too_long_is_refused(client: TestClient) -> None:
    assert "too large" in refused(client.post("/live/reconstruct", content=bytes(100_000)))


def test_random_alterations_never_crash_the_route(client: TestClient) -> None:
    chance = random.Random(0)
    whole = message(noise=LOUD, models=["vanilla-32"])
    for _ in range(150):
        altered = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            altered[chance.randrange(min(len(altered), 260))] = chance.randrange(256)
        cut = altered[: chance.choice([len(altered), chance.randrange(len(altered))])]
        assert client.post("/live/reconstruct", content=bytes(cut)).status_code in (200, 400)


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
