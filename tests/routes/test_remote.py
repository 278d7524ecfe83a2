"""What a page asks of a model that it does not run itself."""

from typing import Any

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from playground.routes.remote import MOST
from playground.store.models import Store
from playground.wire.packing import pack, unpack

IMAGES = np.random.default_rng(0).random((3, 784), np.float32)


def ask(client: TestClient, name: str, body: np.ndarray, **header: Any) -> Any:
    return client.post(f"/live/model-{name}", content=pack(header, body.tobytes()))


@torch.inference_mode()
def test_latents_and_pixels_come_without_rounding(client: TestClient, store: Store) -> None:
    model = store.get("vae-20").model
    about, body = unpack(ask(client, "encode", IMAGES, model="vae-20", count=3).content)
    assert about == {"gaussian": True}
    mean, log_var = np.frombuffer(body, "<f4").reshape(2, 3, 20)
    images = torch.from_numpy(IMAGES).reshape(3, 1, 28, 28)
    posterior = model.posterior(images)  # type: ignore[operator]
    np.testing.assert_array_equal(mean, posterior.mean)
    np.testing.assert_array_equal(log_var, posterior.log_var)
    _, pixels = unpack(ask(client, "decode", mean, model="vae-20", count=3).content)
    np.testing.assert_array_equal(
        np.frombuffer(pixels, "<f4"), model.decode(posterior.mean).flatten()
    )


@torch.inference_mode()
def test_a_model_is_told_the_class_of_each(client: TestClient, store: Store) -> None:
    model, labels = store.get("cvae-8").model, [3, 0, 9]
    told = model.told(torch.tensor(labels))
    images = torch.from_numpy(IMAGES).reshape(3, 1, 28, 28)
    about = {"model": "cvae-8", "count": 3, "labels": labels}
    body = unpack(ask(client, "encode", IMAGES, **about).content)[1]
    mean = np.frombuffer(body, "<f4").reshape(2, 3, 8)[0]
    np.testing.assert_array_equal(mean, told.encode(images))
    pixels = unpack(ask(client, "decode", mean, **about).content)[1]
    drawn = told.decode(told.encode(images)).flatten()
    np.testing.assert_array_equal(np.frombuffer(pixels, "<f4"), drawn)
    untold = unpack(ask(client, "decode", mean, model="cvae-8", count=3).content)[1]
    assert untold != pixels


LATENTS = np.zeros((1, 8), np.float32)
TELL = {"model": "cvae-8", "count": 1}


@pytest.mark.parametrize(
    ("name", "body", "header", "said"),
    [
        ("encode", IMAGES, {"model": "vea-20", "count": 3}, "No model is called"),
        ("encode", IMAGES, {"model": "vae-20", "count": 2}, "6272 bytes"),
        ("encode", IMAGES, {"model": "vae-20", "count": MOST + 1}, "count"),
        ("encode", 2 * np.ones((1, 784), np.float32), {"model": "vae-20", "count": 1}, "0 and 1"),
        ("decode", np.full(20, np.nan, np.float32), {"model": "vae-20", "count": 1}, "within"),
        ("decode", LATENTS, {**TELL, "labels": [10]}, "classes 0 to 9"),
        ("decode", LATENTS, {**TELL, "labels": [-1]}, "labels"),
        ("decode", LATENTS, {**TELL, "labels": [1, 2]}, "got 2 labels"),
        ("decode", LATENTS, {**TELL, "labels": [2**70]}, "labels"),
        (
            "encode",
            IMAGES,
            {"model": "vae-20", "count": 3, "labels": [1, 2, 3]},
            "one of 0 classes",
        ),
        ("unit", IMAGES[0], {"model": "vae-20", "stage": 9, "unit": 0, "by": 1.0}, "no such unit"),
        ("unit", IMAGES[0], {"model": "vae-20", "stage": 0, "unit": 768, "by": 1.0}, "no such"),
        (
            "loss",
            np.append(IMAGES[0], np.zeros(32, np.float32)),
            {"model": "conv-32", "beta": 1.0, "likelihood": "bernoulli"},
            "is a point",
        ),
        (
            "loss",
            IMAGES[0],
            {"model": "vae-20", "beta": 1.0, "likelihood": "bernoulli"},
            "80 bytes",
        ),
    ],
)
def test_what_cannot_be_answered_is_told(
    client: TestClient, name: str, body: np.ndarray, header: dict[str, Any], said: str
) -> None:
    reply = ask(client, name, body, **header)
    assert reply.status_code == 400
    assert said in reply.json()["error"]
