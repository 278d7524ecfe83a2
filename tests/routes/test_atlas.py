"""The routes of the Atlas tab, with friendly requests and hostile ones, and runs of t-SNE."""

import struct
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from playground.gate import seats
from playground.inference.latent import embedding
from playground.inference.latent.embedding import SEATS
from playground.routes import tsne
from playground.store.models import PIXELS, Store
from playground.wire.packing import pack, unpack
from tests.conftest import play
from tests.routes.test_routes import refused
from tests.support.facts import fact, page_of
from vae_core.evaluation import atlas as atlases
from vae_core.latent.embedding import class_outliers, map_accuracy, trustworthiness

MODEL = "vae-20"
RUN = {
    "atlases": [MODEL],
    "points": 150,
    "perplexity": 10,
    "iterations": 50,
    "early_iterations": 50,
    "exaggeration": 12,
    "seed": 0,
    "dims": 2,
}


def asked(client: TestClient, route: str, body: bytes = b"", **header: Any) -> Any:
    return client.post(f"/live/{route}", content=pack(header, body))


def shown(reply: Any) -> tuple[dict[str, Any], np.ndarray, np.ndarray, np.ndarray]:
    """A map: its header, the class of each digit and of most of its neighbours, the places."""
    assert reply.status_code == 200, reply.text
    about, body = unpack(reply.content)
    count = about["count"]
    labels, majority = np.frombuffer(body[: 2 * count], np.uint8).reshape(2, count)
    steps = np.frombuffer(body[2 * count :], "<u2").reshape(count, about["dims"])
    return about, labels, majority, about["low"] + steps / 65535 * about["extent"]


def test_an_atlas_opens_with_its_first_map(client: TestClient, store: Store) -> None:
    reply = fact(client, "atlas", MODEL, "first")
    about, labels, _, places = shown(reply)
    known = store.atlas(MODEL)
    assert about["view"] == "tsne" and about["views"] == ["tsne", "tsne3", "pca", "pca3"]
    assert np.array_equal(labels, known.labels)
    assert np.abs(places - known.maps["tsne"]).max() <= about["extent"] / 65535
    assert about["kl"] == known.about["kl"]["tsne"]
    assert len(reply.content) < 40_000


@pytest.mark.parametrize("view", ["tsne3", "pca3"])
def test_a_map_may_have_three_axes(client: TestClient, view: str) -> None:
    about, _, _, places = shown(fact(client, "atlas", MODEL, view))
    assert about["view"] == view and places.shape == (about["count"], 3)


def test_the_numbers_of_a_map_are_those_of_the_library(client: TestClient, store: Store) -> None:
    about, labels, majority, places = shown(fact(client, "atlas", MODEL, "pca"))
    codes = store.atlas(MODEL).latents
    assert about["trustworthiness"] == pytest.approx(trustworthiness(codes, places), abs=1e-3)
    assert about["map_accuracy"] == pytest.approx(map_accuracy(places, labels), abs=2e-3)
    assert about["code_accuracy"] == pytest.approx(map_accuracy(codes, labels), abs=1e-4)
    assert (majority == class_outliers(places, labels).majority).mean() > 0.995  # ties by rounding


def test_a_code_of_two_numbers_is_its_own_map(client: TestClient, store: Store) -> None:
    about, _, _, places = shown(fact(client, "atlas", "vae-2", "first"))
    assert about["views"] == ["code"] and about["trustworthiness"] == 1
    assert about["map_accuracy"] == about["code_accuracy"]
    assert np.abs(places - store.atlas("vae-2").latents).max() <= about["extent"] / 65535


def test_the_raw_pixels_are_an_atlas_of_the_same_digits(client: TestClient) -> None:
    about, labels, _, _ = shown(fact(client, "atlas", PIXELS, "first"))
    assert about["pixels"] and about["view"] == "tsne"
    assert np.array_equal(labels, shown(fact(client, "atlas", MODEL, "first"))[1])


def test_a_model_without_maps_has_its_components(store: Store, tmp_path: Path) -> None:
    copy(store.folder / f"{MODEL}.safetensors", tmp_path)
    plain = store.atlas(MODEL)
    about = {key: plain.about[key] for key in ("format", "checksum")}
    few = plain._replace(
        labels=plain.labels[:300], latents=plain.latents[:300], maps={}, about=about
    )
    atlases.save(tmp_path / "atlas", few)
    client = page_of(Store(tmp_path))
    header, *_ = shown(fact(client, "atlas", MODEL, "first"))
    assert header["view"] == "pca" and header["views"] == ["pca", "pca3"]
    assert not header["pixels"] and "kl" not in header
    assert frames(asked(client, "tsne", **RUN))[-1][0]["done"]
    refused(fact(client, "atlas", PIXELS, "first"))


def frames(reply: Any) -> list[tuple[dict[str, Any], bytes]]:
    """The messages of a stream."""
    assert reply.status_code == 200, reply.text
    found, rest = [], reply.content
    while rest:
        (length,) = struct.unpack_from("<I", rest)
        found.append(unpack(rest[4 : 4 + length]))
        rest = rest[4 + length :]
    return found


def test_a_run_shows_its_course_and_ends_with_its_numbers(
    client: TestClient, store: Store
) -> None:
    course = frames(asked(client, "tsne", **RUN))
    assert [about["iteration"] for about, _ in course] == [0, 25, 50, 75, 100]
    assert [about["done"] for about, _ in course] == [False] * 4 + [True]
    assert all(about["of"] == 100 and about["atlas"] == MODEL for about, _ in course)
    last, body = course[-1]
    steps = np.frombuffer(body[: 150 * 4], "<u2").reshape(150, 2)
    places = last["low"] + steps / 65535 * last["extent"]
    known = store.atlas(MODEL)
    labels = known.labels[:150]
    assert last["kl"] < course[0][0]["kl"]
    assert last["map_accuracy"] == pytest.approx(map_accuracy(places, labels), abs=0.01)
    assert last["trustworthiness"] == pytest.approx(
        trustworthiness(known.latents[:150], places), abs=1e-2
    )
    assert len(body) == 150 * (4 + 1)


def test_no_proxy_is_to_keep_the_frames_of_a_run(client: TestClient) -> None:
    reply = asked(client, "tsne", **RUN)
    assert reply.headers["X-Accel-Buffering"] == "no"
    assert "no-transform" in reply.headers["Cache-Control"]
    assert "X-Accel-Buffering" not in fact(client, "atlas", MODEL, "first").headers


def test_two_maps_run_side_by_side(client: TestClient) -> None:
    course = frames(asked(client, "tsne", **{**RUN, "atlases": [MODEL, PIXELS], "dims": 3}))
    assert [about["atlas"] for about, _ in course] == [MODEL, PIXELS] * 5
    assert {about["dims"] for about, _ in course} == {3}


def test_the_same_seed_is_the_same_run(client: TestClient) -> None:
    once, again = (asked(client, "tsne", **RUN).content for _ in range(2))
    assert once == again


@pytest.mark.parametrize(
    "changes",
    [
        {"atlases": []},
        {"atlases": MODEL},
        {"atlases": [MODEL, MODEL]},
        {"atlases": [MODEL, PIXELS, "conv-32"]},
        {"atlases": ["no-such"]},
        {"points": 9},
        {"points": 5001},
        {"points": None},
        {"perplexity": 50},
        {"perplexity": 1},
        {"perplexity": "30"},
        {"iterations": 49},
        {"iterations": 2001},
        {"early_iterations": -1},
        {"exaggeration": 0},
        {"exaggeration": 33},
        {"seed": -1},
        {"seed": 1.5},
        {"dims": 1},
        {"dims": None},
    ],
    ids=str,
)
def test_a_hostile_run_is_refused_with_a_sentence(
    client: TestClient, changes: dict[str, Any]
) -> None:
    refused(asked(client, "tsne", **{**RUN, **changes}))


def test_a_fault_on_the_way_reaches_the_visitor_in_words(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Iterator[Any]:
        raise MemoryError("secret detail")
        yield

    monkeypatch.setattr("vae_core.latent.tsne_steps.tsne", broken)
    ((about, _),) = frames(asked(client, "tsne", **RUN))
    assert "fault" in about["error"] and "secret" not in about["error"]


def test_a_run_that_takes_too_long_is_ended_in_a_sentence(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "LONGEST", 0.0)
    *_, (about, _) = frames(asked(client, "tsne", **RUN))
    assert "was at step 0 of 100" in about["error"]
    assert taken() == 0


def long_run(store: Store) -> AsyncGenerator[bytes, None]:
    return tsne.tsne(pack({**RUN, "iterations": 2000}), store)


def taken() -> int:
    return seats.GATE.taken


def test_a_run_that_is_stopped_gives_its_seats_back(store: Store) -> None:
    async def scene() -> None:
        before = taken()
        run = long_run(store)
        assert b'"iteration":0' in await anext(run)
        assert taken() == before + SEATS
        await run.aclose()  # the visitor presses Stop, or leaves
        assert taken() == before

    play(scene())


def test_runs_beyond_half_of_the_seats_are_refused_before_a_reply(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tsne, "GATE", seats.Gate(seats=2 * SEATS - 2))
    reply = asked(client, "tsne", **RUN)
    assert reply.status_code == 503 and reply.headers["Retry-After"]
    assert reply.json()["error"] == seats.FULL
    monkeypatch.setattr(tsne, "GATE", seats.Gate(seats=2 * SEATS))
    assert frames(asked(client, "tsne", **RUN))[-1][0]["done"]


def test_a_run_of_more_digits_than_there_are_is_refused_before_a_reply(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = store.atlas(MODEL)
    few = whole._replace(labels=whole.labels[:120], latents=whole.latents[:120])
    monkeypatch.setattr(store, "atlas", lambda name: few)
    assert "from 10 to 120; got 150" in refused(asked(client, "tsne", **RUN))
