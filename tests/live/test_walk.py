"""The routes of the Walk tab: what they draw is what the library draws, and nothing crashes them."""

import io
import json
import random
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from PIL import Image
from starlette.testclient import TestClient

from playground.inference.interpolation import STEPS
from playground.inference.request import MOST_PICTURES
from playground.store import PIXELS, Store
from playground.wire import pack, unpack
from tests.support.facts import page_of
from vae_core.data.drawing import to_digit
from vae_core.data.strokes import draw, example_digits
from vae_core.evaluation.classifier import class_probabilities
from vae_core.latent import interpolation, sampling
from vae_core.models import inference

MODELS = ["vanilla-32", "vae-20"]
DIGITS = np.stack([to_digit(draw(example.strokes, size=100)) for example in example_digits()])
PAIR = DIGITS[[0, 9]]
TEN = DIGITS[:10]

WALK = {"models": MODELS, "path": "straight", "frames": 9, "tour": False, "judged": False}
SAMPLE = {"models": ["vae-20"], "count": 7, "temperature": 0.8, "seed": 3, "judged": False}
SUM = {"models": MODELS, "judged": False}
FILM = {**WALK, "kind": "gif", "rows": [PIXELS, *MODELS], "bounce": True, "rate": 12}
FILM |= {"scale": 2, "dark": False}
SHEET = {name: SAMPLE[name] for name in ("models", "count", "temperature", "seed")}
SHEET |= {"across": 3, "dark": True}


class Row(NamedTuple):
    pictures: np.ndarray  # [n, h, w]
    classes: np.ndarray | None
    probabilities: np.ndarray | None


def post(client: TestClient, route: str, header: dict[str, Any], digits: Any = b"") -> Any:
    return client.post(f"/live/{route}", content=pack(header, bytes(digits)))


def rows_of(reply: Any) -> tuple[dict[str, Any], dict[str, Row]]:
    """The header of a reply, and its rows by name."""
    assert reply.status_code == 200, reply.text
    header, body = unpack(reply.content)
    names, count, side = header["rows"], header["count"], header["side"]
    size = len(names) * count * side**2
    pictures = np.frombuffer(body[:size], np.uint8).reshape(len(names), count, side, side)
    found = {}
    for i, name in enumerate(names):
        if not header["judged"]:
            found[name] = Row(pictures[i], None, None)
            continue
        at = size + 5 * count * i
        classes = np.frombuffer(body[at : at + count], np.uint8)
        likely = np.frombuffer(body[at + count : at + 5 * count], "<f4")
        found[name] = Row(pictures[i], classes, likely)
    assert len(body) == size + (5 * count * len(names) if header["judged"] else 0)
    return header, found


def images(digits: np.ndarray) -> torch.Tensor:
    return torch.tensor(digits)[:, None] / 255


def drawn(model: Any, codes: torch.Tensor) -> np.ndarray:
    return inference.decode_to_bytes(model, codes)[:, 0].numpy()


# --- films ---


@pytest.mark.parametrize("path", interpolation.PATHS)
def test_a_film_is_the_librarys_walk(client: TestClient, store: Store, path: str) -> None:
    header, rows = rows_of(post(client, "walk", {**WALK, "path": path}, PAIR))
    assert header["rows"] == [PIXELS, *MODELS] and header["count"] == 9
    for name in MODELS:
        model = store.get(name).model
        start, end = model.encode(images(PAIR))
        assert np.array_equal(
            rows[name].pictures, drawn(model, interpolation.interpolate(start, end, 9, path))
        )
    fade = rows[PIXELS].pictures
    assert np.array_equal(fade[[0, -1]], PAIR)
    assert np.abs(fade[4] - PAIR.mean(axis=0)).max() <= 0.5


@pytest.mark.parametrize("path", interpolation.PATHS)
def test_a_tour_is_closed_and_stops_at_every_digit(
    client: TestClient, store: Store, path: str
) -> None:
    asked = {**WALK, "tour": True, "frames": 4, "path": path}
    header, rows = rows_of(post(client, "walk", asked, TEN))
    assert header["count"] == 40
    fade = rows[PIXELS].pictures
    assert np.array_equal(fade[::4], TEN)
    assert np.abs(fade[38] - (TEN[9] / 2 + TEN[0] / 2)).max() <= 0.5
    model = store.get("vae-20").model
    codes = model.encode(images(TEN))
    assert np.array_equal(rows["vae-20"].pictures[::4], drawn(model, codes))
    closing = interpolation.interpolate(
        codes[-1], codes[0], 5, path
    )  # its last frame is the first of the tour
    expected = drawn(model, closing)
    assert np.array_equal(rows["vae-20"].pictures[36:], expected[:4])
    assert np.array_equal(rows["vae-20"].pictures[0], expected[4])


def test_every_frame_is_classified(client: TestClient, store: Store) -> None:
    _, rows = rows_of(post(client, "walk", {**WALK, "judged": True}, PAIR))
    classifier = store.classifier()
    assert classifier is not None
    for row in rows.values():
        likely, classes = class_probabilities(classifier, images(row.pictures)).max(dim=1)
        np.testing.assert_allclose(row.probabilities, likely.numpy(), rtol=1e-5)
        assert np.array_equal(row.classes, classes.numpy())


def test_without_a_classifier_nothing_is_classified(store: Store, monkeypatch: Any) -> None:
    monkeypatch.setattr(store, "classifier", lambda: None)
    alone = page_of(store)
    header, _ = rows_of(post(alone, "walk", {**WALK, "judged": True}, PAIR))
    assert header["judged"] is False


def test_a_walk_of_no_model_is_the_cross_fade(client: TestClient) -> None:
    header, _ = rows_of(post(client, "walk", {**WALK, "models": []}, PAIR))
    assert header["rows"] == [PIXELS]


# --- samples ---


def test_a_variational_model_samples_its_prior(client: TestClient, store: Store) -> None:
    header, rows = rows_of(post(client, "sample", SAMPLE))
    codes = sampling.sample_latents(sampling.standard_normal(20), 7, temperature=0.8, seed=3)
    assert np.array_equal(rows["vae-20"].pictures, drawn(store.get("vae-20").model, codes))
    assert header["prior"] == [True]


def test_other_models_sample_the_gaussian_of_their_codes(monkeypatch: Any) -> None:
    store = Store()
    codes = store.get("vanilla-32").model.encode(images(DIGITS))
    monkeypatch.setattr(store, "atlas", lambda name: SimpleNamespace(latents=codes.numpy()))
    client = page_of(store)
    asked = {**SAMPLE, "models": ["vanilla-32", "vae-20"]}
    header, rows = rows_of(post(client, "sample", asked))
    assert header["prior"] == [False, True]
    wanted = sampling.sample_latents(sampling.fit_gaussian(codes), 7, temperature=0.8, seed=3)
    assert np.array_equal(
        rows["vanilla-32"].pictures, drawn(store.get("vanilla-32").model, wanted)
    )


def test_a_model_whose_codes_are_unknown_is_left_out_with_a_sentence(monkeypatch: Any) -> None:
    from vae_core.errors import UsageError

    def missing(name: str) -> None:
        raise UsageError("MNIST is not in /home/someone/secret.")

    store = Store()
    monkeypatch.setattr(store, "atlas", missing)
    client = page_of(store)
    header, rows = rows_of(post(client, "sample", {**SAMPLE, "models": ["vanilla-32", "vae-20"]}))
    assert list(rows) == ["vae-20"]
    assert "not known here" in header["failed"]["vanilla-32"]
    assert "secret" not in header["failed"]["vanilla-32"]


def test_a_seed_is_repeatable_and_temperature_0_is_one_picture(client: TestClient) -> None:
    first = post(client, "sample", SAMPLE).content
    torch.rand(100)  # someone else uses the global generator
    assert post(client, "sample", SAMPLE).content == first
    assert post(client, "sample", {**SAMPLE, "seed": 4}).content != first
    _, cold = rows_of(post(client, "sample", {**SAMPLE, "temperature": 0}))
    assert (cold["vae-20"].pictures == cold["vae-20"].pictures[0]).all()


def test_samples_can_be_had_as_a_png(client: TestClient) -> None:
    reply = post(client, "sample-sheet", SHEET)
    assert reply.status_code == 200
    image = Image.open(io.BytesIO(reply.content))
    assert image.format == "PNG" and image.size == ((34 + 28 * 3 + 4) * 4, (28 * 3 + 8) * 4)


# --- arithmetic ---


def test_the_sum_of_three_digits_is_the_librarys(client: TestClient, store: Store) -> None:
    digits = DIGITS[[20, 9, 12]]
    header, rows = rows_of(post(client, "arithmetic", SUM, digits))
    assert header["steps"] == list(STEPS) and header["count"] == 2 + len(STEPS)
    for name in MODELS:
        model = store.get(name).model
        a, b, c = model.encode(images(digits))
        result = interpolation.arithmetic(a, b, c)
        assert np.array_equal(rows[name].pictures[-1:], drawn(model, result[None]))
        halfway = drawn(model, ((c + result) / 2)[None])
        assert np.abs(rows[name].pictures[4].astype(int) - halfway[0]).max() <= 1
        assert np.array_equal(rows[name].pictures[:3], drawn(model, torch.stack([a, b, c])))
    a, b, c = digits.astype(int)
    assert np.array_equal(rows[PIXELS].pictures[-1], np.clip(a - b + c, 0, 255))


# --- files ---


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
def test_a_film_can_be_had_as_a_file(client: TestClient, kind: str) -> None:
    reply = post(client, "film", {**FILM, "kind": kind}, PAIR)
    assert reply.status_code == 200, reply.text
    image = Image.open(io.BytesIO(reply.content))
    assert image.format == kind.upper()
    assert getattr(image, "n_frames", 1) == (1 if kind == "png" else 16)


def test_a_tour_is_a_file_with_a_line_a_digit(client: TestClient) -> None:
    tour = {**FILM, "tour": True, "frames": 4, "bounce": False, "rows": [PIXELS]}
    strip = Image.open(io.BytesIO(post(client, "film", {**tour, "kind": "png"}, TEN).content))
    assert strip.size == ((34 + 28 * 4 + 4) * 2, (28 * 10 + 8) * 2)
    loop = Image.open(io.BytesIO(post(client, "film", tour, TEN).content))
    assert loop.n_frames == 40 and loop.info["loop"] == 0


# --- strangers ---

FRIENDLY: dict[str, tuple[dict[str, Any], bytes]] = {
    "walk": (WALK, PAIR.tobytes()),
    "sample": (SAMPLE, b""),
    "sample-sheet": (SHEET, b""),
    "arithmetic": (SUM, DIGITS[:3].tobytes()),
    "film": (FILM, PAIR.tobytes()),
}
WRONG: dict[str, list[Any]] = {
    "models": [None, "vae-20", ["nobody"], [["vae-20"]], ["vae-20", "vae-20"], ["../x"], {}],
    "path": [None, "crooked", ["straight"], 1],
    "frames": [None, 1, 65, 8.5, "8", True, -1, 10**400],
    "tour": [None, 1, "yes", []],
    "judged": [None, 0, "no"],
    "count": [None, 0, 101, 2.5, "7"],
    "temperature": [None, -0.1, 3.1, "hot", True],
    "seed": [None, -1, 2**31, 1.5],
    "kind": [None, "mp4", ["gif"], {}],
    "rows": [None, [], "pixels", ["deep-32"], [PIXELS, PIXELS], [[PIXELS]]],
    "bounce": [None, 1],
    "rate": [None, 0, 31, "fast"],
    "scale": [None, 0, 9, 1.5],
    "dark": [None, "dark"],
    "across": [None, 0, 101],
}
CASES = [
    (route, name, value)
    for route, (header, _) in FRIENDLY.items()
    for name in header
    for value in WRONG[name]
]


def refused(reply: Any) -> str:
    assert reply.status_code == 400
    sentence = reply.json()["error"]
    assert len(sentence) > 20 and sentence.endswith(".") and "Traceback" not in sentence
    return sentence


@pytest.mark.parametrize(("route", "name", "value"), CASES)
def test_a_wrong_value_is_refused_with_a_sentence(
    client: TestClient, route: str, name: str, value: Any
) -> None:
    header, body = FRIENDLY[route]
    refused(post(client, route, {**header, name: value}, body))


@pytest.mark.parametrize("route", FRIENDLY)
def test_a_body_of_the_wrong_length_is_refused(client: TestClient, route: str) -> None:
    header, body = FRIENDLY[route]
    assert post(client, route, header, body).status_code == 200
    for wrong in (body + b"x", body[:-1] or b"x", body + bytes(784)):
        refused(post(client, route, header, wrong))
    refused(post(client, route, header, bytes(20 * 784)))


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("name", ["temperature", "seed", "count"])
def test_a_number_that_is_none_is_refused(client: TestClient, name: str, constant: str) -> None:
    text = json.dumps({**SAMPLE, name: "here"}).replace('"here"', constant)
    packed = len(text).to_bytes(4, "little") + text.encode()
    refused(client.post("/live/sample", content=packed))


def test_a_film_that_is_too_long_is_refused(client: TestClient, store: Store) -> None:
    long = {**WALK, "models": store.names, "tour": True, "frames": 64}
    assert (1 + len(store.names)) * 640 > MOST_PICTURES
    assert "fewer frames or fewer models" in refused(post(client, "walk", long, TEN))
    large = {**FILM, "tour": True, "frames": 60, "bounce": False, "scale": 8}
    assert "million pixels" in refused(post(client, "film", large, TEN))


def test_a_tour_of_too_many_digits_is_refused(client: TestClient) -> None:
    refused(post(client, "walk", {**WALK, "tour": True}, DIGITS[:11]))
    refused(post(client, "walk", {**WALK, "tour": True}, DIGITS[:1]))


@pytest.mark.parametrize("route", FRIENDLY)
def test_random_alterations_never_crash_a_route(client: TestClient, route: str) -> None:
    chance = random.Random(0)
    header, body = FRIENDLY[route]
    whole = pack(header, body)
    for _ in range(40):
        altered = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            altered[chance.randrange(min(len(altered), 240))] = chance.randrange(256)
        cut = altered[: chance.choice([len(altered), chance.randrange(len(altered))])]
        assert client.post(f"/live/{route}", content=bytes(cut)).status_code in (200, 400)
