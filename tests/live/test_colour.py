"""live/colour: a digit in colour, and found in front of a background."""

from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from starlette.testclient import TestClient

from playground.store import Store
from playground.wire import pack, unpack
from tests.live.test_routes import refused
from tests.support.samples import INK
from vae_core.data.drawing import to_digit
from vae_core.data.palette import CLASS_COLOURS
from vae_core.data.strokes import draw, example_digits
from vae_core.types import to_floats

ASKED = {"width": 100, "height": 100, "strength": 0.7, "seed": 3}


class Told(NamedTuple):
    header: dict[str, Any]
    digit: NDArray[np.uint8]
    painted: NDArray[np.uint8]
    seen: NDArray[np.uint8]
    odds: NDArray[np.uint8]
    truth: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    by_threshold: NDArray[np.uint8]


def told(client: TestClient, ink: NDArray[np.uint8] = INK, **changes: Any) -> Told:
    reply = client.post("/live/colour", content=pack(ASKED | changes, ink.tobytes()))
    assert reply.status_code == 200, reply.text
    header, body = unpack(reply.content)
    pixels = np.frombuffer(body, np.uint8)
    digit, painted, rest = np.split(pixels, [784, 4 * 784])
    return Told(
        header,
        digit.reshape(28, 28),
        painted.reshape(28, 28, 3),
        *(part.reshape(28, 28) for part in np.split(rest, 5)),
    )


def test_most_example_digits_get_the_colour_of_their_class(client: TestClient) -> None:
    right, examples = 0, example_digits()
    for example in examples:
        found = told(client, draw(example.strokes, size=100))
        right += found.header["nearest"] == int(example.label)
    assert right >= 0.75 * len(examples)


def test_between_a_four_and_a_nine_there_is_a_mixture_of_their_colours(
    client: TestClient, store: Store
) -> None:
    model, examples = store.get("vae-20").model, example_digits()
    four, nine = (
        model.encode(
            to_floats(torch.from_numpy(to_digit(draw(each.strokes, size=100)))[None, None])
        )
        for label in (4, 9)
        for each in [each for each in examples if each.label == label][:1]
    )
    shares = []
    for step in range(15):
        between = model.decode(four + (nine - four) * step / 14)[0, 0]
        grey = (between.numpy() * 255).astype(np.uint8)
        said = dict(told(client, grey, width=28, height=28).header["shares"])
        assert set(said) & {4, 9}
        shares.append(said.get(4, 0))
    assert shares[0] > 0.9 and shares[-1] < 0.1
    assert any(0.2 < share < 0.8 for share in shares)


def test_the_shares_are_of_three_classes_and_the_colour_is_that_of_the_pixels(
    client: TestClient,
) -> None:
    found = told(client)
    shares = dict(found.header["shares"])
    assert len(shares) == 3 and sum(shares.values()) == pytest.approx(1)
    assert min(shares.values()) >= 0
    grey = found.digit.astype(float) / 255
    painted = found.painted.astype(float) / 255
    fitted = (painted * grey[..., None]).sum((0, 1)) / (grey**2).sum()
    assert np.abs(fitted * 255 - found.header["colour"]).max() < 2
    classes = found.header["classes"]
    assert [each["colour"] for each in classes] == [*CLASS_COLOURS]
    assert len({each["words"] for each in classes}) == 10


def test_the_numbers_of_a_segmentation_are_those_of_its_pictures(client: TestClient) -> None:
    found = told(client)
    assert np.array_equal(found.digit, to_digit(INK))
    assert np.array_equal(found.truth > 0, found.digit > 127)
    assert np.array_equal(found.mask > 0, found.odds > 127)

    def iou(mask: NDArray[np.uint8]) -> float:
        both, either = (mask > 0) & (found.truth > 0), (mask > 0) | (found.truth > 0)
        return both.sum() / either.sum()

    assert found.header["iou"] == pytest.approx(iou(found.mask), abs=1e-6)
    best = max(iou((found.seen >= level).astype(np.uint8)) for level in range(256))
    assert found.header["threshold"]["iou"] == pytest.approx(iou(found.by_threshold), abs=1e-6)
    assert found.header["threshold"]["iou"] == pytest.approx(best, abs=0.01)


def test_without_clutter_a_threshold_is_perfect_and_the_picture_is_the_digit(
    client: TestClient,
) -> None:
    found = told(client, strength=0)
    assert np.array_equal(found.seen, found.digit)
    assert found.header["threshold"]["iou"] == 1
    assert found.header["iou"] > 0.5


def test_another_seed_is_another_background_for_the_same_colours(client: TestClient) -> None:
    one, other, again = told(client), told(client, seed=4), told(client)
    assert not np.array_equal(one.seen, other.seen)
    assert np.array_equal(one.painted, other.painted)
    assert np.array_equal(one.seen, again.seen) and one.header == again.header


def test_in_strong_clutter_the_model_beats_the_best_threshold(client: TestClient) -> None:
    examples = example_digits()
    found = [told(client, draw(each.strokes, size=100), strength=1).header for each in examples]
    mine, theirs = ([each["iou"] for each in found], [each["threshold"]["iou"] for each in found])
    assert np.mean(mine) > np.mean(theirs)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"strength": 1.5}, "strength must be a number from 0 to 1"),
        ({"strength": None}, "strength must be a number from 0 to 1"),
        ({"seed": -1}, "seed must be a whole number from 0"),
        ({"seed": 2.5}, "seed must be a whole number from 0"),
        ({"width": 99}, "The ink should be 9900 bytes"),
    ],
)
def test_a_wrong_request_is_explained(
    client: TestClient, changes: dict[str, Any], words: str
) -> None:
    assert words in refused(
        client.post("/live/colour", content=pack(ASKED | changes, INK.tobytes()))
    )


def test_an_empty_canvas_is_explained(client: TestClient) -> None:
    empty = pack(ASKED, bytes(100 * 100))
    assert "The canvas is empty" in refused(client.post("/live/colour", content=empty))
