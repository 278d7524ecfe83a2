"""The routes of the Map tab: what they say is what the library says, whoever asks."""

import io
import random
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from starlette.testclient import TestClient

from playground.facts.latent import holes_of
from playground.inference.interpolation import verdicts
from playground.inference.latent_map import square_of
from playground.live.codes import decode
from playground.store import CHECKPOINTS, Store
from playground.wire import pack, unpack
from tests.support.facts import fact
from tests.support.samples import INK
from vae_core.data import datasets
from vae_core.data.drawing import to_digit
from vae_core.evaluation import atlas, latent_metrics
from vae_core.latent import interpolation, planes
from vae_core.models import inference
from vae_core.training import checkpoints

MODELS = ("vae-2", "vanilla-2", "vae-20", "sparse-256")
DIGIT = to_digit(INK)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Four models; one has an atlas, of scikit-learn's digits, and the others have none."""
    folder = tmp_path_factory.mktemp("checkpoints")
    for name in MODELS:
        shutil.copy(CHECKPOINTS / f"{name}.safetensors", folder)
    checkpoint = checkpoints.load_checkpoint(folder / "vae-2.safetensors")
    found = atlas.of_pictures(checkpoint, datasets.load("digits", "test"))
    numbers = {"continuity": {"mean": 0.05, "p99": 0.1}, "completeness": 0.8}
    atlas.save(folder / "atlas", found._replace(train=found.latents, about=found.about | numbers))
    return Store(folder)


@pytest.fixture(scope="module", autouse=True)
def no_mnist(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_DATA_DIR", str(tmp_path_factory.mktemp("no-data")))
        yield


def asked(client: TestClient, route: str, header: dict[str, Any], body: bytes = b"") -> Any:
    return client.post(f"/live/{route}", content=pack(header, body))


def places(scale: dict[str, Any], body: bytes) -> np.ndarray:
    steps = np.frombuffer(body, "<u2").reshape(scale["count"], 2)
    return np.array(scale["low"]) + steps * np.array(scale["step"])


def grey(file: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(file)).convert("L"), np.int16)


def codes_of(*codes: torch.Tensor) -> bytes:
    return torch.stack(codes).numpy().astype("<f4").tobytes()


def lattice(low: float = -2, high: float = 2, count: int = 5, **changes: Any) -> dict[str, Any]:
    return {"spacing": "even", "low": low, "high": high, "count": count, **changes}


SHEET = {
    "model": "vae-2",
    "plane": {"kind": "whole"},
    "across": lattice(),
    "up": lattice(-1, 1, 4),
}


def test_a_map_holds_the_codes_of_the_atlas(client: TestClient, store: Store) -> None:
    about, body = unpack(fact(client, "map", "vae-2").content)
    known, count = store.atlas("vae-2"), about["codes"]["count"]
    assert count == len(known.labels) == 300
    assert np.array_equal(np.frombuffer(body[:count], np.uint8), known.labels)
    found = places(about["codes"], body[count : 5 * count])
    np.testing.assert_allclose(found, known.latents, atol=max(about["codes"]["step"]))
    assert len(body) == 5 * count
    assert about["completeness"] == 0.8 and about["continuity"]["mean"] == 0.05 and about["prior"]


def test_the_density_is_highest_where_most_codes_are(client: TestClient, store: Store) -> None:
    about, body = unpack(fact(client, "density", "vae-2").content)
    raster = np.frombuffer(body, np.uint8).reshape(about["side"], about["side"])
    square = unpack(fact(client, "map", "vae-2").content)[0]["square"]
    row, column = np.unravel_index(raster.argmax(), raster.shape)
    shares = np.array([column, about["side"] - 1 - row]) / (about["side"] - 1)
    top = torch.tensor(square["centre"] + (2 * shares - 1) * square["half"], dtype=torch.float)
    codes = torch.from_numpy(store.atlas("vae-2").latents)
    assert raster.max() == 255
    assert latent_metrics.density(codes, top[None]).item() == pytest.approx(
        about["peak"], rel=1e-3
    )
    assert latent_metrics.density(codes, codes).mean() < about["peak"]


def test_holes_are_empty_places_among_the_codes_and_unclear() -> None:
    store = Store()
    told = holes_of(store, "vae-2")
    known, classifier = torch.from_numpy(store.atlas("vae-2").latents), store.classifier()
    places = torch.tensor(told["places"])
    assert (latent_metrics.nearest_distance(known, places) > told["near"]).all()
    assert told["chances"] == sorted(told["chances"]) and told["chances"][-1] < 0.9
    assert 0 < told["share"] < told["empty"] < 1 and len(told["outline"]) > 5
    assert classifier is not None
    seen = verdicts(
        classifier, inference.decode_to_bytes(store.get("vae-2").model, places)[:, 0].numpy()
    )
    np.testing.assert_allclose(seen.probabilities, told["chances"], atol=1e-3)


def test_without_a_classifier_nobody_says_what_a_hole_is(client: TestClient) -> None:
    reply = fact(client, "holes", "vae-2")
    assert reply.status_code == 400 and "no digit classifier" in reply.text


def test_a_map_without_an_atlas_says_as_much_as_it_can(client: TestClient) -> None:
    about, _ = unpack(fact(client, "map", "vanilla-2").content)
    assert about["codes"]["count"] == 0 and about["continuity"] is None
    assert about["square"]["half"] > 1 and not about["prior"]
    assert unpack(fact(client, "trained-on", "vanilla-2").content)[1] == b""


def test_the_training_codes_come_by_themselves(client: TestClient, store: Store) -> None:
    about, body = unpack(fact(client, "trained-on", "vae-2").content)
    train = store.atlas("vae-2").train
    assert train is not None
    found = places(about["codes"], body)
    np.testing.assert_allclose(found, train, atol=max(about["codes"]["step"]))


def test_nearly_all_codes_fit_in_the_square() -> None:
    codes = torch.randn(5000, 2, generator=torch.Generator().manual_seed(0)) * 5 + 20
    for has_prior in (False, True):
        square = square_of(codes, has_prior)
        inside = ((codes - torch.tensor(square.centre)).abs() <= square.half).all(dim=1)
        assert inside.float().mean() > 0.98
    assert square_of(codes * 0, has_prior=True).half == 3


@pytest.mark.parametrize("spacing", ["even", "quantiles"])
def test_a_sheet_is_the_librarys(client: TestClient, store: Store, spacing: str) -> None:
    header = {**SHEET, "across": lattice(0.1, 1.2, 7, spacing=spacing)}
    about, file = unpack(asked(client, "sheet", header).content)
    xs, ys = torch.tensor(about["xs"]), torch.tensor(about["ys"])
    assert ys.tolist() == sorted(ys.tolist()) and len(xs) == 7 and len(ys) == 4
    if spacing == "quantiles":
        torch.testing.assert_close(xs, 0.1 + planes.quantiles(7, 1.2))
    tiles = planes.sheet(store.get("vae-2").model, planes.whole(2), xs, ys.flip(0))
    whole = tiles[:, :, 0].numpy().swapaxes(1, 2).reshape(4 * 28, 7 * 28)
    assert np.abs(grey(file) - whole).mean() < 4  # WebP
    assert asked(client, "sheet", header).content == asked(client, "sheet", header).content


def test_planes_pass_through_their_codes(client: TestClient, store: Store) -> None:
    model = store.get("vae-20").model
    corners = torch.randn(3, 20, generator=torch.Generator().manual_seed(1))
    sides = {"across": lattice(0, 1, 2), "up": lattice(0, 1, 2)}
    header = {"model": "vae-20", **sides}
    reply = asked(
        client, "sheet", {**header, "plane": {"kind": "corners"}}, codes_of(*corners)
    ).content
    lower = grey(unpack(reply)[1])[28:]  # a and b
    wanted = inference.decode_to_bytes(model, corners[:2])[:, 0].numpy()
    assert np.abs(lower[:, :28] - wanted[0]).mean() < 6
    assert np.abs(lower[:, 28:] - wanted[1]).mean() < 6
    axes = {"kind": "axes", "first": 3, "second": 7}
    reply = asked(client, "sheet", {**header, "plane": axes}, codes_of(corners[0])).content
    moved = corners[0].clone()
    moved[3], moved[7] = 1, 0
    picture = inference.decode_to_bytes(model, moved[None])[0, 0].numpy()
    assert np.abs(grey(unpack(reply)[1])[28:, 28:] - picture).mean() < 6


def test_decoding_is_exact(client: TestClient, store: Store) -> None:
    for name in MODELS:
        model = store.get(name).model
        codes = torch.randn(3, model.latent_dim, generator=torch.Generator().manual_seed(2))
        about, body = unpack(
            asked(client, "decode", {"model": name, "count": 3}, codes_of(*codes)).content
        )
        assert about == {"count": 3, "side": 28, "judged": False}
        assert body == inference.decode_to_bytes(model, codes).numpy().tobytes()


def test_what_is_decoded_can_be_classified() -> None:
    store = Store()  # the shipped models, and the classifier beside them
    picture = inference.decode_to_bytes(store.get("vae-2").model, torch.zeros(1, 2)).numpy()
    classifier = store.classifier()
    assert classifier is not None
    seen = verdicts(classifier, picture[0])
    header = {"model": "vae-2", "count": 1, "judged": True}
    about, body = unpack(decode(pack(header, codes_of(torch.zeros(2))), store))
    assert about["judged"] and body[: picture.size] == picture.tobytes()
    assert body[picture.size] == seen.classes[0]
    assert np.frombuffer(body[picture.size + 1 :], "<f4") == pytest.approx(seen.probabilities)


def test_encoding_is_the_models(client: TestClient, store: Store) -> None:
    image = torch.from_numpy(DIGIT)[None, None] / 255
    for name, cloud in (("vae-20", True), ("sparse-256", False)):
        model = store.get(name).model
        reply = asked(client, "encode", {"model": name, "count": 2}, 2 * DIGIT.tobytes())
        about, body = unpack(reply.content)
        assert about == {"count": 2, "code": model.latent_dim, "cloud": cloud}
        numbers = np.frombuffer(body, "<f4").reshape(-1, model.latent_dim)
        assert len(numbers) == (4 if cloud else 2)
        np.testing.assert_allclose(numbers[1], model.encode(image)[0], rtol=1e-4, atol=1e-5)


def test_latents_come_in_order_of_importance(client: TestClient) -> None:
    for name, measure in (("vae-2", "kl"), ("vae-20", "effect"), ("sparse-256", "effect")):
        facts = fact(client, "latents", name).json()
        assert facts["measure"] == measure
        assert facts["importance"] == sorted(facts["importance"], reverse=True)
        assert sorted(facts["order"]) == list(range(len(facts["dead"])))
        assert all(low < high for low, high in zip(facts["low"], facts["high"], strict=True))
    assert any(facts["dead"]) and not facts["dead"][0]


def test_a_traversal_has_a_row_a_latent(client: TestClient, store: Store) -> None:
    code = torch.zeros(20)
    facts = fact(client, "latents", "vae-20").json()
    chosen = [facts["order"][1], facts["order"][0]]
    header = {"model": "vae-20", "latents": chosen, "frames": 3}
    about, file = unpack(asked(client, "traverse", header, codes_of(code)).content)
    assert about == {"side": 28, "frames": 3, "latents": chosen}
    values = planes.evenly_spaced(facts["low"][0], facts["high"][0], 3)
    wanted = inference.decode_to_bytes(
        store.get("vae-20").model, interpolation.traverse(code, chosen[1], values)
    )
    row = grey(file)[28:]
    for frame, picture in enumerate(wanted[:, 0].numpy()):
        assert np.abs(row[:, 28 * frame : 28 * (frame + 1)] - picture).mean() < 6


TWO = np.zeros(2, "<f4").tobytes()
FAIR: dict[str, tuple[dict[str, Any], bytes]] = {
    "sheet": (SHEET, b""),
    "decode": ({"model": "vae-2", "count": 1}, TWO),
    "encode": ({"model": "vae-2", "count": 1}, DIGIT.tobytes()),
    "traverse": ({"model": "vae-2", "latents": [0], "frames": 3}, TWO),
}


@pytest.mark.parametrize("route", FAIR)
@pytest.mark.parametrize("model", [None, 3, "vae-3", "../vae-2", ["vae-2"], {"a": 1}, "x" * 5000])
def test_an_unknown_model_is_refused(client: TestClient, route: str, model: Any) -> None:
    header, body = FAIR[route]
    assert asked(client, route, header, body).status_code == 200
    refused(asked(client, route, {**header, "model": model}, body))


AXES = {"kind": "axes", "first": 0, "second": 1}
HOSTILE: dict[str, tuple[str, dict[str, Any], bytes]] = {
    "no plane": ("sheet", {"plane": None}, b""),
    "a plane of an unknown kind": ("sheet", {"plane": {"kind": "round"}}, b""),
    "a plane whose kind is a list": ("sheet", {"plane": {"kind": ["whole"]}}, b""),
    "the whole of many numbers": ("sheet", {"model": "vae-20"}, b""),
    "the whole with a code": ("sheet", {}, TWO),
    "axes without a code": ("sheet", {"plane": AXES}, b""),
    "one axis twice": ("sheet", {"plane": {**AXES, "second": 0}}, TWO),
    "an axis that is not there": ("sheet", {"plane": {**AXES, "second": 2}}, TWO),
    "an axis with a fraction": ("sheet", {"plane": {**AXES, "first": 0.5}}, TWO),
    "no axis": ("sheet", {"plane": {"kind": "axes"}}, TWO),
    "corners on a line": ("sheet", {"plane": {"kind": "corners"}}, 3 * TWO),
    "no lattice": ("sheet", {"across": None}, b""),
    "a lattice as a list": ("sheet", {"up": [1, 2, 3]}, b""),
    "an unknown spacing": ("sheet", {"up": lattice(spacing="odd")}, b""),
    "too many tiles": ("sheet", {"up": lattice(count=66)}, b""),
    "one tile": ("sheet", {"up": lattice(count=1)}, b""),
    "tiles by the fraction": ("sheet", {"up": lattice(count=4.5)}, b""),
    "an endless lattice": ("sheet", {"up": lattice(high=10**400)}, b""),
    "a negative deviation": ("sheet", {"up": lattice(0, -1, spacing="quantiles")}, b""),
    "a bound that is a word": ("sheet", {"up": lattice(low="0")}, b""),  # type: ignore[arg-type]
    "no count": ("decode", {"count": None}, TWO),
    "a count of nothing": ("decode", {"count": 0}, b""),
    "too many codes": ("decode", {"count": 65}, 65 * TWO),
    "codes cut short": ("decode", {"count": 1}, TWO[:-1]),
    "a code that is no number": ("decode", {}, np.array([np.nan, 0], "<f4").tobytes()),
    "an endless code": ("decode", {}, np.array([np.inf, 0], "<f4").tobytes()),
    "an absurd code": ("decode", {}, np.array([1e30, 0], "<f4").tobytes()),
    "too many digits": ("encode", {"count": 17}, b""),
    "half a digit": ("encode", {}, DIGIT.tobytes()[:300]),
    "a count that is a yes": ("encode", {"count": True}, DIGIT.tobytes()),
    "no latents": ("traverse", {"latents": []}, TWO),
    "latents as a word": ("traverse", {"latents": "all"}, TWO),
    "a latent that is not there": ("traverse", {"latents": [2]}, TWO),
    "a latent that is a list": ("traverse", {"latents": [[0]]}, TWO),
    "more latents than there are": ("traverse", {"latents": [0, 1, 0]}, TWO),
    "too many frames": ("traverse", {"frames": 16}, TWO),
    "a traversal without a code": ("traverse", {}, b""),
}


@pytest.mark.parametrize(("route", "changes", "body"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_request_is_refused_with_a_sentence(
    client: TestClient, route: str, changes: dict[str, Any], body: bytes
) -> None:
    refused(asked(client, route, {**FAIR[route][0], **changes}, body))


@pytest.mark.parametrize("route", FAIR)
def test_a_request_that_is_too_long_is_refused(client: TestClient, route: str) -> None:
    assert "too large" in refused(client.post(f"/live/{route}", content=bytes(200_000)))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_bound_that_is_no_number_is_refused(client: TestClient, number: str) -> None:
    text = pack(SHEET)[4:].replace(b'"low":-2', f'"low":{number}'.encode())
    refused(client.post("/live/sheet", content=len(text).to_bytes(4, "little") + text))


@pytest.mark.parametrize("route", FAIR)
def test_random_alterations_never_crash_a_route(client: TestClient, route: str) -> None:
    chance = random.Random(route)
    whole = pack(*FAIR[route])
    for _ in range(40):
        altered = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            altered[chance.randrange(len(altered))] = chance.randrange(256)
        cut = altered[: chance.choice([len(altered), chance.randrange(len(altered))])]
        assert client.post(f"/live/{route}", content=bytes(cut)).status_code in (200, 400)


def refused(reply: Any) -> str:
    assert reply.status_code == 400, reply.content[:200]
    sentence = reply.json()["error"]
    assert len(sentence) > 20 and sentence.endswith(".") and "Traceback" not in sentence
    return sentence


def test_nothing_here_needs_mnist(store: Store) -> None:
    assert not (Path(datasets.data_dir()) / "MNIST").exists()
