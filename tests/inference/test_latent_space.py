"""The latent space as arrays: points of 16 bits, planes, latents that move, maps by t-SNE."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from playground.inference.latent import embedding, latents, map_layers, sheets
from playground.inference.latent import map as latent_map
from playground.inference.latent.requests import Lattice, TsneRequest
from playground.inference.latent.walk_requests import FilmRequest, WalkRequest
from playground.inference.quantise import STEPS, quantise
from playground.store.models import Store
from playground.wire.request import read
from vae_core.errors import UsageError
from vae_core.latent import interpolation, planes
from vae_core.latent.tsne_steps import TsneSettings
from vae_core.models.inference import decode_to_bytes

POINTS = np.random.default_rng(0).normal([5, -300], [1, 40], (200, 2)).astype(np.float32)


def test_a_space_is_measured_where_nobody_has_yet(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = latent_map.latent_map(store, "vae-2")
    share = map_layers.digits(store, "vae-2").random
    shipped = map_layers.Measured(known.continuity, share)
    assert map_layers.measured(store, "vae-2") == shipped
    atlas = store.atlas("vae-2")
    bare = atlas._replace(latents=atlas.latents[:200], about={})  # as that of a run
    monkeypatch.setattr(map_layers, "atlas_of", lambda *_: bare)
    monkeypatch.setattr(latents, "atlas_of", lambda *_: bare)
    found = map_layers.measured.__wrapped__(store, "vae-2")
    assert found.continuity["mean"] == pytest.approx(known.continuity["mean"], rel=0.2)
    assert found.completeness == pytest.approx(share, abs=0.001)
    monkeypatch.setattr(map_layers, "atlas_of", lambda *_: None)
    assert map_layers.measured.__wrapped__(store, "vae-2") == (None, None)


def test_of_other_pictures_and_without_a_classifier_nothing_says_what_is_a_digit(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    even = latent_map.latent_map(store, "vae-2").continuity
    with monkeypatch.context() as without:
        without.setattr(store, "classifier", lambda: None)
        without.setattr(map_layers, "digits", map_layers.digits.__wrapped__)
        with pytest.raises(UsageError, match="no digit classifier"):
            map_layers.digits(store, "vae-2")
        assert map_layers.measured.__wrapped__(store, "vae-2") == (even, None)
    shipped = store.get("vae-2")
    clothes = shipped._replace(recipe=replace(shipped.recipe, dataset="fashionmnist"))
    monkeypatch.setattr(store, "get", lambda _: clothes)
    with pytest.raises(UsageError, match="to have learnt digits"):
        map_layers.digits.__wrapped__(store, "vae-2")


@pytest.mark.parametrize("one_scale", [True, False])
def test_quantised_points_are_at_most_half_a_step_away(one_scale: bool) -> None:
    found = quantise(POINTS, one_scale=one_scale)
    half = found.extent / STEPS / 2
    assert (np.abs(found.points() - POINTS) <= half * 1.02).all()
    assert found.steps.min(axis=0).tolist() == [0, 0] and found.steps.max() == STEPS


def test_one_scale_keeps_the_shape_and_two_use_all_steps() -> None:
    kept = quantise(POINTS, one_scale=True)
    assert kept.extent[0] == kept.extent[1] == np.ptp(POINTS[:, 1])
    assert kept.steps[:, 0].max() < STEPS / 10
    assert quantise(POINTS, one_scale=False).steps.max(axis=0).tolist() == [STEPS, STEPS]


def test_no_points_and_equal_points_can_be_quantised() -> None:
    assert quantise(POINTS[:0], one_scale=False).points().shape == (0, 2)
    for one_scale in (True, False):
        same = quantise(POINTS[:1].repeat(3, axis=0), one_scale=one_scale)
        assert np.array_equal(same.points(), POINTS[:1].repeat(3, axis=0))


def test_latents_come_back_as_the_library_gives_them(store: Store) -> None:
    digits = np.random.default_rng(1).integers(0, 256, (3, 28, 28), np.uint8)
    plain, cloud = (latents.encode(store, name, digits) for name in ("vanilla-32", "vae-20"))
    assert plain.spreads is None and plain.latents.shape == (3, 32)
    assert cloud.spreads is not None and (cloud.spreads > 0).all()
    model = store.get("vae-20").model
    drawn = latents.decode(store, "vae-20", cloud.latents)
    assert drawn.shape == (3, 28, 28) and drawn.dtype == np.uint8
    with pytest.raises(UsageError, match=r"'vae-20' has 20 numbers; got 2\."):
        latents.decode(store, "vae-20", np.zeros((1, model.latent_dim - 18), np.float32))


@pytest.mark.parametrize(
    ("moved", "words"),
    [([], "a list of 1 to 2 numbers of the code; got 0"), ([2], "from 0 to 1; got 2")],
)
def test_numbers_that_are_not_there_do_not_move(
    moved: list[int], words: str, store: Store
) -> None:
    with pytest.raises(UsageError, match=words):
        latents.traverse(store, "vae-2", np.zeros(2, np.float32), moved, 3)


def test_a_traversal_has_a_row_a_number_through_its_range(store: Store) -> None:
    facts, model = latents.ranges(store, "vae-20"), store.get("vae-20").model
    moved = facts.order[[1, 0]].tolist()
    tiles = latents.traverse(store, "vae-20", np.ones(20, np.float32), moved, 3)
    for row, place in zip(tiles, (1, 0), strict=True):
        values = planes.evenly_spaced(facts.low[place].item(), facts.high[place].item(), 3)
        wanted = interpolation.traverse(torch.ones(20), moved[1 - place], values)
        assert np.abs(row.astype(int) - decode_to_bytes(model, wanted).numpy()).max() <= 1


def test_a_sheet_of_a_plane_is_the_librarys(store: Store) -> None:
    corners = np.random.default_rng(2).normal(size=(3, 20)).astype(np.float32)
    plane = sheets.plane_of(store, "vae-20", "corners", corners, (0, 1))
    ends = torch.tensor([0.0, 1.0])
    found = sheets.sheet(store, "vae-20", plane, ends, ends)
    wanted = decode_to_bytes(store.get("vae-20").model, torch.from_numpy(corners[:2]))
    assert np.abs(found.tiles[1].astype(int) - wanted.numpy()).max() <= 1  # a and b are below


@pytest.mark.parametrize(
    ("model", "kind", "count", "words"),
    [
        ("vae-2", "round", 0, "kind of plane"),
        ("vae-2", "whole", 1, "laid through 0 codes; got 1"),
        ("vae-20", "whole", 0, "choose a plane"),
        ("vae-20", "axes", 0, "laid through 1 codes; got 0"),
        ("vae-2", "corners", 3, "has 2 numbers; got 20"),
    ],
)
def test_a_plane_that_cannot_be_is_refused(
    model: str, kind: str, count: int, words: str, store: Store
) -> None:
    corners = np.eye(3, 20, dtype=np.float32)[:count]
    with pytest.raises(UsageError, match=words):
        sheets.plane_of(store, model, kind, corners, (0, 1))


def test_a_run_of_tsne_ends_with_its_numbers(store: Store) -> None:
    settings = TsneSettings(perplexity=10, iterations=50, early_iterations=30)
    *course, last = embedding.tsne(store, "vae-20", 120, settings)
    assert [frame.iteration for frame in course] == [0, 25, 50, 75]
    assert all(frame.finished is None for frame in course)
    assert last.iteration == last.of == 80 and last.points.shape == (120, 2)
    assert last.finished and 0 < last.finished.numbers["map_accuracy"] <= 1


FILM = {"frames": 8, "path": "straight", "tour": False, "kind": "gif", "rate": 5}
FILM |= {"models": ["vae-2"], "bounce": True, "scale": 2, "dark": False}
TSNE = {"atlases": ["vae-2"], "points": 100, "perplexity": 30, "iterations": 50}
TSNE |= {"exaggeration": 4, "early_iterations": 0, "seed": 0}


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (FilmRequest, FILM | {"kind": "mp4"}, r"No kind of file is called 'mp4'\."),
        (FilmRequest, FILM | {"path": "strait"}, r"No path is called 'strait'\. Did you mean"),
        (FilmRequest, FILM | {"rate": float("nan")}, "rate must be a number from 1 to 30"),
        (FilmRequest, FILM | {"frames": True}, "frames must be a whole number from 2 to 64"),
        (TsneRequest, TSNE | {"perplexity": 34}, "needs more than 102 digits; got 100"),
        (
            Lattice,
            {"spacing": "quantiles", "low": 0, "high": -1, "count": 3},
            "standard deviation must be a number from 0 to 100; got -1",
        ),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused(
    kind: Any, data: dict[str, Any], words: str, store: Store
) -> None:
    with pytest.raises(UsageError, match=words):
        read(kind, data, store)


@pytest.mark.parametrize(
    ("tour", "stops", "works"), [(False, 3, False), (True, 11, False), (True, 10, True)]
)
def test_a_walk_says_how_many_digits_it_takes(
    tour: bool, stops: int, works: bool, store: Store
) -> None:
    asked = read(
        WalkRequest,
        {key: FILM[key] for key in ("frames", "path", "models")} | {"tour": tour},
        store,
    )
    if works:
        assert asked.walk(stops).length(stops) == 80
    else:
        with pytest.raises(UsageError, match=f"got {stops}"):
            asked.walk(stops)
