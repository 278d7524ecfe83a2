"""Films, samples and sums of digits: what is drawn is what the library draws, and nonsense is refused."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from playground.inference.examples import examples
from playground.inference.latent.interpolation import (
    STEPS,
    Pictures,
    Walk,
    films,
    samples,
    sums,
    verdicts,
)
from playground.inference.latent.requests import MOST_PICTURES
from playground.inference.latent.walk_requests import (
    FilmRequest,
    RowsRequest,
    SampleRequest,
    WalkRequest,
)
from playground.store.models import PIXELS, Store
from playground.wire.request import Request, read
from vae_core.errors import UsageError
from vae_core.evaluation.classifier import class_probabilities
from vae_core.latent import interpolation, sampling
from vae_core.models import inference

DIGITS = examples().pictures
MODELS = ["vanilla-32", "vae-20"]
PAIR = DIGITS[[0, 9]]
TEN = DIGITS[:10]

WALK = {"models": MODELS, "path": "straight", "frames": 9, "tour": False}
SAMPLE = {"models": ["vae-20"], "count": 7, "temperature": 0.8, "seed": 3}
LOOK = {"kind": "gif", "bounce": True, "rate": 12, "scale": 2, "dark": False}


def images(digits: np.ndarray) -> torch.Tensor:
    return torch.tensor(digits)[:, None] / 255


def drawn(model: Any, codes: torch.Tensor) -> np.ndarray:
    return inference.decode_to_bytes(model, codes)[:, 0].numpy()


def by_name(rows: list[Pictures]) -> dict[str, np.ndarray]:
    return {row.name: row.pictures for row in rows}


def film(store: Store, digits: np.ndarray, walk: Walk) -> dict[str, np.ndarray]:
    rows = films(digits, walk, [store.get(name) for name in MODELS])
    assert [row.name for row in rows] == [PIXELS, *MODELS]
    return by_name(rows)


# --- films ---


@pytest.mark.parametrize("path", interpolation.PATHS)
def test_a_film_is_the_librarys_walk(store: Store, path: str) -> None:
    rows = film(store, PAIR, Walk(9, path, tour=False))
    for name in MODELS:
        model = store.get(name).model
        start, end = model.encode(images(PAIR))
        assert np.array_equal(
            rows[name], drawn(model, interpolation.interpolate(start, end, 9, path))
        )
    fade = rows[PIXELS]
    assert np.array_equal(fade[[0, -1]], PAIR)
    assert np.abs(fade[4] - PAIR.mean(axis=0)).max() <= 0.5


@pytest.mark.parametrize("path", interpolation.PATHS)
def test_a_tour_is_closed_and_stops_at_every_digit(store: Store, path: str) -> None:
    rows = film(store, TEN, Walk(4, path, tour=True))
    fade = rows[PIXELS]
    assert len(fade) == 40 and np.array_equal(fade[::4], TEN)
    assert np.abs(fade[38] - (TEN[9] / 2 + TEN[0] / 2)).max() <= 0.5
    model = store.get("vae-20").model
    codes = model.encode(images(TEN))
    assert np.array_equal(rows["vae-20"][::4], drawn(model, codes))
    closing = interpolation.interpolate(
        codes[-1], codes[0], 5, path
    )  # its last frame is the first of the tour
    expected = drawn(model, closing)
    assert np.array_equal(rows["vae-20"][36:], expected[:4])
    assert np.array_equal(rows["vae-20"][0], expected[4])


def test_every_picture_is_classified(store: Store) -> None:
    classifier = store.classifier()
    assert classifier is not None
    seen = verdicts(classifier, TEN)
    likely, classes = class_probabilities(classifier, images(TEN)).max(dim=1)
    np.testing.assert_allclose(seen.probabilities, likely.numpy(), rtol=1e-5)
    assert np.array_equal(seen.classes, classes.numpy())


# --- samples ---


def test_a_variational_model_samples_its_prior(store: Store) -> None:
    found = samples(store, ["vae-20"], 7, 0.8, 3)
    codes = sampling.sample_latents(sampling.standard_normal(20), 7, temperature=0.8, seed=3)
    assert np.array_equal(found.rows[0].pictures, drawn(store.get("vae-20").model, codes))
    assert found.from_prior == [True]


def test_other_models_sample_the_gaussian_of_their_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    codes = store.get("vanilla-32").model.encode(images(DIGITS))
    monkeypatch.setattr(store, "atlas", lambda name: SimpleNamespace(latents=codes.numpy()))
    found = samples(store, ["vanilla-32", "vae-20"], 7, 0.8, 3)
    assert found.from_prior == [False, True]
    wanted = sampling.sample_latents(sampling.fit_gaussian(codes), 7, temperature=0.8, seed=3)
    assert np.array_equal(found.rows[0].pictures, drawn(store.get("vanilla-32").model, wanted))


def test_a_model_whose_codes_are_unknown_is_left_out_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> None:
        raise UsageError("MNIST is not in /home/someone/secret.")

    store = Store()
    monkeypatch.setattr(store, "atlas", missing)
    found = samples(store, ["vanilla-32", "vae-20"], 7, 0.8, 3)
    assert list(by_name(found.rows)) == ["vae-20"]
    assert "not known here" in found.failed["vanilla-32"]
    assert "secret" not in found.failed["vanilla-32"]


def test_a_seed_is_repeatable_and_temperature_0_is_one_picture(store: Store) -> None:
    def pictures(temperature: float, seed: int) -> np.ndarray:
        return samples(store, ["vae-20"], 7, temperature, seed).rows[0].pictures

    first = pictures(0.8, 3)
    torch.rand(100)  # someone else uses the global generator
    assert np.array_equal(pictures(0.8, 3), first)
    assert not np.array_equal(pictures(0.8, 4), first)
    cold = pictures(0, 3)
    assert (cold == cold[0]).all()


# --- arithmetic ---


def test_the_sum_of_three_digits_is_the_librarys(store: Store) -> None:
    digits = DIGITS[[20, 9, 12]]
    rows = by_name(sums(digits, [store.get(name) for name in MODELS]))
    for name in MODELS:
        model = store.get(name).model
        a, b, c = model.encode(images(digits))
        result = interpolation.arithmetic(a, b, c)
        assert len(rows[name]) == 2 + len(STEPS)
        assert np.array_equal(rows[name][-1:], drawn(model, result[None]))
        halfway = drawn(model, ((c + result) / 2)[None])
        assert np.abs(rows[name][4].astype(int) - halfway[0]).max() <= 1
        assert np.array_equal(rows[name][:3], drawn(model, torch.stack([a, b, c])))
    a, b, c = digits.astype(int)
    assert np.array_equal(rows[PIXELS][-1], np.clip(a - b + c, 0, 255))


# --- strangers ---

FRIENDLY: list[tuple[type[Request], dict[str, Any]]] = [
    (WalkRequest, WALK),
    (SampleRequest, SAMPLE),
    (RowsRequest, {"models": MODELS}),
    (FilmRequest, {**WALK, **LOOK}),
]
WRONG: dict[str, list[Any]] = {
    "models": [None, "vae-20", ["nobody"], [["vae-20"]], ["vae-20", "vae-20"], ["../x"], {}],
    "path": [None, "crooked", ["straight"], 1],
    "frames": [None, 1, 65, 8.5, "8", True, -1, 10**400],
    "tour": [None, 1, "yes", []],
    "count": [None, 0, 101, 2.5, "7", float("nan"), float("inf")],
    "temperature": [None, -0.1, 3.1, "hot", True, float("nan"), float("inf")],
    "seed": [None, -1, 2**31, 1.5, float("nan")],
    "kind": [None, "mp4", ["gif"], {}],
    "bounce": [None, 1],
    "rate": [None, 0, 31, "fast"],
    "scale": [None, 0, 9, 1.5],
    "dark": [None, "dark"],
}
CASES = [
    (kind, header, name, value)
    for kind, header in FRIENDLY
    for name in header
    for value in WRONG[name]
]


@pytest.mark.parametrize(("kind", "header", "name", "value"), CASES)
def test_a_wrong_value_is_refused_with_a_sentence(
    store: Store, kind: type[Request], header: dict[str, Any], name: str, value: Any
) -> None:
    read(kind, header, store)
    with pytest.raises(UsageError, match=r"^.{20,}\.$"):
        read(kind, {**header, name: value}, store)


def test_a_walk_that_is_too_long_is_refused(store: Store) -> None:
    long = {**WALK, "models": store.names, "tour": True, "frames": 64}
    assert (1 + len(store.names)) * 640 > MOST_PICTURES
    with pytest.raises(UsageError, match="fewer frames or fewer models"):
        read(WalkRequest, long, store).walk(10)


@pytest.mark.parametrize(("tour", "stops"), [(True, 11), (True, 1), (False, 3)])
def test_a_walk_of_too_few_or_too_many_digits_is_refused(
    store: Store, tour: bool, stops: int
) -> None:
    with pytest.raises(UsageError, match=f"got {stops}"):
        read(WalkRequest, {**WALK, "tour": tour}, store).walk(stops)
