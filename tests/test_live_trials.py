"""The routes of the Learn tab's figures: what they say is what the library says."""

from typing import Any

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from playground.shared import Store
from playground.wire import pack, unpack
from vae_core.bottleneck import untrained
from vae_core.drawing import to_digit
from vae_core.metrics import psnr_db
from vae_core.strokes import draw, example_digits, other_drawings

DIGITS = np.stack([to_digit(draw(each.strokes)) for each in example_digits()[::9]])  # 0, 3 and 6
IMAGES = torch.tensor(DIGITS)[:, None] / 255


def asked(client: TestClient, route: str, header: dict[str, Any], body: bytes = b"") -> Any:
    return client.post(f"/live/{route}", content=pack(header, body))


def grey(body: bytes, *shape: int) -> np.ndarray:
    return np.frombuffer(body, np.uint8).reshape(*shape, 28, 28)


def test_the_other_drawings_are_read_as_digits_are(client: TestClient) -> None:
    header, body = unpack(client.get("/live/others").content)
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
    for row, images in zip(rows, [*wanted, untrained(IMAGES, 40)], strict=True):
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
