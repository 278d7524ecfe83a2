"""The routes of the Learn tab's figures: what they say is what the library says."""

from typing import Any

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from playground.store import Store
from playground.wire import pack, unpack
from tests.support.facts import fact
from vae_core.data.corruption import CORRUPTIONS, corrupt
from vae_core.data.drawing import to_digit
from vae_core.data.strokes import draw, example_digits, other_drawings
from vae_core.evaluation.anomaly import scores
from vae_core.evaluation.baselines import random_projection
from vae_core.evaluation.metrics import psnr_db

DIGITS = np.stack([to_digit(draw(each.strokes)) for each in example_digits()[::9]])  # 0, 3 and 6
IMAGES = torch.tensor(DIGITS)[:, None] / 255


def asked(client: TestClient, route: str, header: dict[str, Any], body: bytes = b"") -> Any:
    return client.post(f"/live/{route}", content=pack(header, body))


def grey(body: bytes, *shape: int) -> np.ndarray:
    return np.frombuffer(body, np.uint8).reshape(*shape, 28, 28)


def test_the_other_drawings_are_read_as_digits_are(client: TestClient) -> None:
    header, body = unpack(fact(client, "others").content)
    known = other_drawings()
    assert header["names"] == list(known) and len(known) >= 12
    for picture, strokes in zip(grey(body, len(known)), known.values(), strict=True):
        assert np.array_equal(picture, to_digit(draw(strokes)))


def test_copies_are_what_the_models_reconstruct(client: TestClient, store: Store) -> None:
    asking = {"models": ["conv-32", "vae-20"], "width": 40}
    header, body = unpack(asked(client, "copies", asking, DIGITS.tobytes()).content)
    assert header["rows"] == ["conv-32", "vae-20", "untrained"]
    rows = grey(body, 3, 3)
    wanted = [store.get(name).model.reconstruct(IMAGES) for name in asking["models"]]
    for row, images in zip(rows, [*wanted, random_projection(IMAGES, 40)], strict=True):
        np.testing.assert_allclose(row, 255 * images[:, 0].numpy(), atol=0.51)
    error = np.square((rows[1, 2] - DIGITS[2].astype(float)) / 255).mean()
    assert header["psnr"][1][2] == pytest.approx(psnr_db(error))


def test_a_code_of_all_pixels_copies_even_noise_to_the_bit(client: TestClient) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (2, 28, 28), np.uint8)
    asking = {"models": [], "width": 784}
    header, body = unpack(asked(client, "copies", asking, noise.tobytes()).content)
    assert header["psnr"] == [[None, None]] and body == noise.tobytes()


@pytest.mark.parametrize("changes", [{"width": 0}, {"width": 785}, {"models": ["vae-3"]}])
def test_a_question_about_copies_that_makes_no_sense_is_refused(
    client: TestClient, changes: dict[str, Any]
) -> None:
    asking = {"models": ["vae-20"], "width": 8, **changes}
    assert asked(client, "copies", asking, DIGITS.tobytes()).status_code == 400
    assert asked(client, "copies", {"models": [], "width": 8}, b"").status_code == 400


def test_a_digit_is_spoilt_in_every_way_and_denoised(client: TestClient, store: Store) -> None:
    asking = {"model": "denoising-64", "strength": 0.5, "seed": 7, "kind": "turned"}
    header, body = unpack(asked(client, "denoise", asking, DIGITS[1].tobytes()).content)
    count, kinds = len(header["kinds"]), {each["name"]: each for each in header["kinds"]}
    assert {name for name, kind in kinds.items() if kind["met"]} == set(CORRUPTIONS)
    noisy, drawn, passes = np.split(
        grey(body[: 784 * (2 * count + 7)], 2 * count + 7), [count, 2 * count]
    )
    generator = torch.Generator().manual_seed(7)
    expected = corrupt(IMAGES[[1]], "gaussian", 0.5, generator)
    np.testing.assert_allclose(noisy[0], 255 * expected[0, 0].numpy(), atol=0.51)
    out = store.get("denoising-64").model.reconstruct(expected)
    np.testing.assert_allclose(drawn[0], 255 * out[0, 0].numpy(), atol=1.01)
    error = (out - IMAGES[[1]]).square().mean().item()
    assert kinds["gaussian"]["after"] == pytest.approx(psnr_db(error), abs=0.01)
    assert kinds["gaussian"]["after"] > kinds["gaussian"]["before"] + 5
    assert np.abs(passes[0].astype(int) - drawn[list(kinds).index("turned")]).max() <= 1
    assert header["changes"][0] > header["changes"][-1] > 0
    assert len(body) == 784 * (2 * count + 7) + 5 * 7


def test_a_model_that_met_no_noise_says_so(client: TestClient) -> None:
    asking = {"model": "conv-32", "strength": 0, "seed": 7, "kind": "blur"}
    header, _ = unpack(asked(client, "denoise", asking, DIGITS[1].tobytes()).content)
    assert not any(kind["met"] for kind in header["kinds"])
    assert all(kind["before"] is None for kind in header["kinds"])  # nothing differs


@pytest.mark.parametrize("changes", [{"kind": "rain"}, {"strength": 1.1}, {"seed": -1}])
def test_a_noise_that_is_none_is_refused(client: TestClient, changes: dict[str, Any]) -> None:
    asking = {"model": "conv-32", "strength": 0.5, "seed": 7, "kind": "blur", **changes}
    assert asked(client, "denoise", asking, DIGITS[1].tobytes()).status_code == 400


def test_scores_are_the_librarys(client: TestClient, store: Store) -> None:
    for name in "vae-20", "conv-32":
        header, body = unpack(asked(client, "scores", {"model": name}, DIGITS.tobytes()).content)
        model = store.get(name).model
        expected = scores(model, IMAGES)
        assert header["error"] == pytest.approx(expected.error.tolist(), rel=1e-4)
        wanted = None if expected.nats is None else pytest.approx(expected.nats.tolist(), rel=1e-4)
        assert header["nats"] == wanted
        np.testing.assert_allclose(grey(body, 3), 255 * model.reconstruct(IMAGES)[:, 0], atol=0.51)
