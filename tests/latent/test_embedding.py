"""Maps of codes: numbers by another road, the generator's promises, and what is refused."""

import sys
from collections.abc import Callable
from itertools import islice

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.optimize import brentq
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from vae_core.errors import UsageError
from vae_core.latent import embedding
from vae_core.latent.embedding import map_accuracy, nearest, pca, place_on_map
from vae_core.latent.tsne_steps import Frame, TsneSettings, tsne

Array = NDArray[np.float32]
SHORT = TsneSettings(perplexity=8, iterations=60, early_iterations=40)


def blobs(count: int = 30, dims: int = 6, seed: int = 0) -> tuple[Array, NDArray[np.int64]]:
    """Three clouds, `count` codes each, whose centres are far apart; and which is whose."""
    noise = np.random.default_rng(seed).normal(size=(3, count, dims))
    centres = 12 * np.eye(3, dims)[:, None]
    latents = (noise + centres).reshape(-1, dims).astype(np.float32)
    return latents, np.repeat(np.arange(3), count)


def last(latents: Array, settings: TsneSettings, **how: int) -> Frame:
    return list(tsne(latents, settings, **how))[-1]


def exact_kl(latents: Array, points: Array, perplexity: float) -> float:
    """KL(P || Q) in nats from its definition, over the 3 * perplexity nearest neighbours."""
    far = np.square(latents[:, None].astype(float) - latents).sum(axis=2)
    p = np.zeros_like(far)
    for i, row in enumerate(far):
        near = row.argsort()[1 : int(3 * perplexity) + 1]

        def affinities(log_beta: float, gaps: NDArray = row[near] - row[near[0]]) -> NDArray:
            heights = np.exp(-np.exp(log_beta) * gaps)
            return heights / heights.sum()

        def surplus(log_beta: float, of: Callable[[float], NDArray] = affinities) -> float:
            row_affinities = of(log_beta)
            return -(row_affinities * np.log(row_affinities + 1e-300)).sum() - np.log(perplexity)

        p[i, near] = affinities(brentq(surplus, -12, 5))
    p = (p + p.T) / (2 * len(p))
    q = 1 / (1 + np.square(points[:, None].astype(float) - points).sum(axis=2))
    np.fill_diagonal(q, 0)
    some = p > 0
    return float((p[some] * np.log(p[some] / (q / q.sum())[some])).sum())


@pytest.mark.parametrize("dims", [2, 3])
def test_the_kl_of_every_frame_is_the_definitions(dims: int) -> None:
    latents, _ = blobs()
    settings = TsneSettings(perplexity=8, iterations=60, early_iterations=40, dims=dims)
    for frame in tsne(latents, settings, every=20):
        expected = exact_kl(latents, frame.points, 8)
        assert frame.kl == pytest.approx(expected, rel=0.02, abs=0.005), frame.iteration


def test_frames_come_every_so_often_and_the_first_is_principal_components() -> None:
    latents, _ = blobs()
    frames = list(tsne(latents, SHORT, every=30))
    assert [frame.iteration for frame in frames] == [0, 30, 60, 90, 100]
    assert [frame.done for frame in frames] == [False] * 4 + [True]
    assert frames[-1].kl < frames[0].kl
    for one, two in zip(frames[0].points.T, pca(latents).T, strict=True):
        assert abs(np.corrcoef(one, two)[0, 1]) > 0.99
    assert frames[0].points[:, 0].std() == pytest.approx(1e-4, rel=0.02)
    assert frames[-1].points.std() > 1e-3


def test_no_steps_at_all_give_the_first_map() -> None:
    latents, _ = blobs()
    (only,) = tsne(latents, TsneSettings(perplexity=8, iterations=0, early_iterations=0))
    assert only.done and only.iteration == 0


def test_who_stops_asking_stops_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    from openTSNE import TSNEEmbedding

    steps: list[int] = []
    optimize = TSNEEmbedding.optimize

    def counted(self: TSNEEmbedding, count: int, **how: object) -> TSNEEmbedding:
        steps.append(count)
        return optimize(self, count, **how)

    monkeypatch.setattr(TSNEEmbedding, "optimize", counted)
    latents, _ = blobs()
    frames = tsne(latents, SHORT, every=5)
    assert not steps
    assert [frame.iteration for frame in islice(frames, 3)] == [0, 5, 10]
    frames.close()  # type: ignore[attr-defined]
    assert sum(steps) == 10


def test_early_steps_are_exaggerated_and_slow_and_small_maps_learn_fast_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from openTSNE import TSNEEmbedding

    steps: list[tuple[float, float]] = []
    rates: set[float] = set()
    optimize = TSNEEmbedding.optimize

    def noted(
        self: TSNEEmbedding, count: int, exaggeration: float, momentum: float, **how: object
    ) -> TSNEEmbedding:
        steps.extend([(exaggeration, momentum)] * count)
        rates.add(self.gradient_descent_params["learning_rate"])
        return optimize(self, count, exaggeration=exaggeration, momentum=momentum, **how)

    monkeypatch.setattr(TSNEEmbedding, "optimize", noted)
    last(blobs()[0], TsneSettings(perplexity=8, iterations=9, early_iterations=8), every=6)
    assert steps == [(12.0, 0.5)] * 8 + [(1.0, 0.8)] * 9
    last(blobs()[0], TsneSettings(perplexity=8, iterations=0, early_iterations=1, exaggeration=1))
    last(blobs(100)[0], TsneSettings(iterations=0, early_iterations=1, exaggeration=1.2))
    assert rates == {200, 250}


def test_a_seed_gives_one_map_however_it_is_watched() -> None:
    latents, _ = blobs()
    first = last(latents, SHORT).points
    np.testing.assert_array_equal(last(latents, SHORT).points, first)
    np.testing.assert_array_equal(last(latents, SHORT, every=7).points, first)
    np.testing.assert_array_equal(last(latents, SHORT, threads=2).points, first)
    other = TsneSettings(perplexity=8, iterations=60, early_iterations=40, seed=1)
    assert not np.array_equal(last(latents, other).points, first)


def test_tsne_leaves_global_randomness_and_the_latents_alone() -> None:
    latents, _ = blobs()
    before = latents.copy()
    np.random.seed(3)
    last(latents, SHORT)
    drawn = np.random.random()
    np.random.seed(3)
    assert drawn == np.random.random()
    np.testing.assert_array_equal(latents, before)


def test_clouds_that_are_apart_stay_apart() -> None:
    latents, labels = blobs()
    points = last(latents, TsneSettings(perplexity=8, iterations=150, early_iterations=100)).points
    centres = np.stack([points[labels == one].mean(axis=0) for one in range(3)])
    within = max(np.linalg.norm(points - centres[labels], axis=1))
    between = min(np.linalg.norm(centres[i] - centres[j]) for i, j in [(0, 1), (0, 2), (1, 2)])
    assert between > within
    assert map_accuracy(points, labels, k=5) == 1


def test_tensors_and_equal_latents_and_a_code_of_one_number_are_mapped() -> None:
    latents = torch.zeros(40, 3)  # a collapsed model
    assert np.isfinite(last(latents.numpy(), SHORT).points).all()
    line = torch.linspace(0, 1, 40)[:, None]
    (*_, frame) = tsne(line, SHORT)
    assert np.isfinite(frame.points).all() and frame.points.shape == (40, 2)


def test_principal_components_are_scikit_learns_but_for_the_sign() -> None:
    latents = np.random.default_rng(1).normal(size=(50, 5)) * [5, 4, 3, 2, 1] + 7
    points = pca(latents, 3)
    expected = PCA(3).fit_transform(latents)
    np.testing.assert_allclose(np.abs(points), np.abs(expected), rtol=1e-3, atol=1e-4)
    assert points.dtype == np.float32
    # Turning the codes round turns the map, whatever the solver's own signs are.
    np.testing.assert_allclose(pca(latents[::-1], 3), points[::-1], rtol=1e-3, atol=1e-4)
    shares = np.linalg.lstsq(latents - latents.mean(axis=0), points, rcond=None)[0]
    assert all(shares[np.abs(column).argmax(), i] > 0 for i, column in enumerate(shares.T))


def test_components_that_latents_do_not_have_are_zero() -> None:
    latents = np.random.default_rng(1).normal(size=(20, 2)).astype(np.float32)
    assert not pca(latents, 3)[:, 2].any()
    assert not pca(np.ones((4, 3)), 2).any()


def test_the_nearest_are_those_of_brute_force_and_weighted_by_shepards_rule() -> None:
    rng = np.random.default_rng(2)
    latents, new = rng.normal(size=(40, 4)), rng.normal(size=(7, 4))
    rows, weights = nearest(latents, new, k=6)
    assert (rows.dtype, weights.dtype) == (np.int64, np.float32)
    for one, near, weight in zip(new, rows, weights, strict=True):
        far = np.linalg.norm(latents - one, axis=1)
        np.testing.assert_array_equal(near, far.argsort()[:6])
        expected = far[near] ** -2.0
        np.testing.assert_allclose(weight, expected / expected.sum(), rtol=1e-4)


def test_coinciding_latents_share_all_the_weight() -> None:
    latents = np.array([[0, 0], [1, 0], [1, 0], [5, 5]], dtype=np.float32) + 100
    rows, weights = nearest(latents, latents[1:2], k=3)
    assert set(rows[0, :2]) == {1, 2}
    np.testing.assert_allclose(weights, [[0.5, 0.5, 0]])


def test_a_code_of_the_map_falls_on_its_own_place() -> None:
    latents, _ = blobs()
    points = last(latents, SHORT).points
    placed = place_on_map(latents, points, torch.from_numpy(latents))
    np.testing.assert_allclose(placed, points, atol=1e-4)


def test_a_new_code_falls_among_most_of_its_neighbours_not_between_clusters() -> None:
    latents = np.array([[0.0], [1], [2], [3], [4]])
    places = np.array([[0, 0], [0, 0.1], [0.1, 0], [50, 50], [50, 50.1]], dtype=np.float32)
    near = place_on_map(latents, places, np.array([[1.4]]), k=5)
    assert np.linalg.norm(near) < 0.3
    # The sum of weighted distances is smallest there: no other point of a lattice has less.
    rows, weights = nearest(latents, np.array([[2.6]]), k=4)
    chosen = place_on_map(latents, places, np.array([[2.6]]), k=4)[0]
    lattice = np.stack(np.meshgrid(np.linspace(-1, 51, 400), np.linspace(-1, 51, 400)), axis=-1)

    def total(at: NDArray) -> NDArray:
        pairs = zip(weights[0], places[rows[0]], strict=True)
        return sum(weight * np.linalg.norm(at - one, axis=-1) for weight, one in pairs)

    assert total(chosen) <= total(lattice).min() + 0.05


def test_trustworthiness_is_scikit_learns() -> None:
    latents, _ = blobs()
    points = latents[:, :2].copy()
    expected = trustworthiness(latents, points, n_neighbors=7)
    assert embedding.trustworthiness(torch.from_numpy(latents), points, k=7) == expected
    assert embedding.trustworthiness(latents, latents, k=7) == 1


def test_the_accuracy_of_a_map_is_that_of_leaving_each_point_out() -> None:
    rng = np.random.default_rng(4)
    points, labels = rng.normal(size=(80, 2)), rng.integers(0, 3, size=80)
    points[:, 0] += labels
    scores = cross_val_score(KNeighborsClassifier(5), points, labels, cv=LeaveOneOut())
    assert map_accuracy(points, torch.from_numpy(labels), k=5) == pytest.approx(scores.mean())


def test_a_stranger_among_others_is_told() -> None:
    latents, labels = blobs()
    labels[0] = 2  # among zeros
    found = embedding.class_outliers(latents, labels, k=5)
    assert found.majority[0] == 0 and found.disagree[0] == 1
    assert found.majority[50] == 1 and found.disagree[50] == 0
    who = np.flatnonzero((labels == 2) & (found.majority == 0))
    np.testing.assert_array_equal(who, [0])


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("perplexity", 1),
        ("perplexity", float("nan")),
        ("iterations", -1),
        ("iterations", 2.5),
        ("exaggeration", 0.5),
        ("early_iterations", 10**6),
        ("seed", -1),
        ("dims", 4),
    ],
)
def test_a_setting_out_of_range_is_refused(setting: str, value: float) -> None:
    with pytest.raises(UsageError, match=f"{setting} must be a"):
        TsneSettings(**{setting: value})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda c: tsne(c[:24], SHORT), "perplexity of 8 needs more than 24 points; got 24"),
        (lambda c: tsne(c, SHORT, every=0), "every must be a whole number from 1"),
        (lambda c: tsne(c, SHORT, threads=0), "threads must be a whole number from 1"),
        (lambda c: tsne(c * np.nan, SHORT), "not finite numbers"),
        (lambda c: pca(c[0]), r"table of \[n, z\] numbers; got the shape \(6,\)"),
        (lambda c: pca(c[:1]), "the number of codes must be"),
        (lambda c: pca(c, 0), "dims must be a whole number"),
        (lambda c: nearest(c, c, k=91), "k must be a whole number from 1 to 90; got 91"),
        (lambda c: nearest(c, c[:, :4]), "have 4 numbers and the known ones 6"),
        (lambda c: place_on_map(c, c[:5, :2], c), "map has 5 points, and there are 90 codes"),
        (lambda c: embedding.trustworthiness(c, c, k=45), "k must be a whole number from 1 to 44"),
        (lambda c: map_accuracy(c, c[:, 0], k=90), "k must be a whole number from 1 to 89"),
    ],
)
def test_what_cannot_be_mapped_is_refused_at_once(
    call: Callable[[Array], object], message: str
) -> None:
    """Also by the generator: before its first frame is asked for."""
    with pytest.raises(UsageError, match=message):
        call(blobs()[0])


def test_without_opentsne_the_refusal_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openTSNE", None)
    with pytest.raises(UsageError, match=r"t-SNE needs openTSNE.*`pip install openTSNE`"):
        next(tsne(blobs()[0], SHORT))
