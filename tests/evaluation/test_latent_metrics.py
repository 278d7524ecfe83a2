"""How even and how full a latent space is, where it can be worked out by another road."""

import math

import numpy as np
import pytest
import torch
from sklearn.neighbors import KernelDensity, NearestNeighbors

from tests.conftest import small
from vae_core.errors import UsageError
from vae_core.evaluation import latent_metrics
from vae_core.evaluation.classifier import network
from vae_core.evaluation.holes import holes
from vae_core.latent import sampling
from vae_core.models import Autoencoder
from vae_core.models.base import PointLatents


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


class Cliff(PointLatents):
    """Draws black on one side of zero and white on the other."""

    def __init__(self) -> None:
        super().__init__((1, 2, 2), 2, torch.nn.Identity(), torch.nn.Identity())

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        return (latents[:, 0] > 0).float().reshape(-1, 1, 1, 1).expand(-1, 1, 2, 2)


class Slope(Cliff):
    """Draws the code itself, stretched by a matrix: every step is as long as its picture's."""

    def __init__(self, matrix: torch.Tensor) -> None:
        super().__init__()
        self.matrix = matrix

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        return (latents @ self.matrix).reshape(-1, 1, 1, 2)


def test_on_a_slope_a_step_is_its_share_of_the_spread() -> None:
    """RMS over two pixels is the length over √2; a whitened circle stays as it is."""
    latents = noise(4000, 2) * 3
    spread = latents.var(dim=0).sum().sqrt().item()
    result = latent_metrics.continuity(Slope(torch.eye(2)), latents, step=0.1)
    assert result.mean == pytest.approx(0.1 * spread / math.sqrt(2), rel=0.02)
    assert result.p99 == pytest.approx(result.mean, rel=0.05)


def test_stretching_a_latent_space_does_not_change_its_continuity() -> None:
    latents, stretch = noise(4000, 2), torch.tensor([[100.0, 0.0], [3.0, 0.01]])
    plain = latent_metrics.continuity(Slope(torch.eye(2)), latents)
    stretched = latent_metrics.continuity(Slope(torch.linalg.inv(stretch)), latents @ stretch)
    assert stretched.mean == pytest.approx(plain.mean, rel=0.02)
    assert stretched.p99 == pytest.approx(plain.p99, rel=0.05)


def test_a_tear_shows_in_the_largest_steps() -> None:
    latents = noise(4000, 2)
    cliff = latent_metrics.continuity(Cliff(), latents, step=0.05)
    # The share of steps that cross: N(0; 0, 1), times how far a step goes along x on average.
    along_x = 0.05 * math.sqrt(2) * 2 / math.pi
    assert cliff.mean == pytest.approx(along_x / math.sqrt(2 * math.pi), abs=0.006)  # 36 of 2,000
    assert cliff.p99 == 1.0


def test_continuity_is_the_same_for_a_seed_and_grows_with_the_step(
    any_model: Autoencoder,
) -> None:
    latents = any_model.encode(noise(60, *any_model.image_shape).sigmoid()).detach()
    if any_model.codes:
        with pytest.raises(UsageError, match="Nothing lies between"):
            latent_metrics.continuity(any_model, latents)
        return
    first = latent_metrics.continuity(any_model, latents, seed=3)
    torch.rand(100)  # someone else uses the global generator
    assert latent_metrics.continuity(any_model, latents, seed=3) == first
    assert latent_metrics.continuity(any_model, latents, seed=4) != first
    assert first.p99 >= first.mean > 0
    twice = latent_metrics.continuity(any_model, latents, step=0.1, seed=3)
    assert twice.mean == pytest.approx(2 * first.mean, rel=0.05)
    assert latent_metrics.continuity(any_model, latents, step=0) == (0.0, 0.0)


def test_a_space_is_as_full_as_the_classifier_is_sure() -> None:
    """The classifier is certain of white, and takes black for the other class at 71%."""
    classifier = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 2))
    classifier.load_state_dict(
        {"1.weight": torch.tensor([[1000.0] * 4, [0.0] * 4]), "1.bias": torch.tensor([0.0, 0.9])}
    )
    gaussian = sampling.fit_gaussian(0.5 + noise(50, 2))
    for seed in (1, 2):
        white = sampling.sample_latents(gaussian, 90, seed=seed)[:, 0] > 0
        expected = pytest.approx(white.float().mean().item())
        for sure, share in [(0.9, expected), (1, expected), (0.7, 1)]:
            found = latent_metrics.completeness(Cliff(), gaussian, classifier, 90, sure, seed)
            assert found == share


@pytest.mark.parametrize("bandwidth", [0.1, 0.7])
def test_density_is_scikit_learns(bandwidth: float) -> None:
    latents, points = noise(300, 2), noise(40, 2, seed=1)
    oracle = KernelDensity(bandwidth=bandwidth).fit(latents.numpy()).score_samples(points.numpy())
    mine = latent_metrics.density(latents, points, bandwidth)
    np.testing.assert_allclose(mine.numpy(), np.exp(oracle), rtol=1e-4, atol=1e-7)


def test_density_by_scotts_rule_adds_to_one_in_any_unit() -> None:
    latents, side = noise(300, 2), torch.linspace(-6, 6, 61)
    oracle = KernelDensity(bandwidth="scott").fit(latents.numpy() / latents.std().item())
    expected = np.exp(oracle.score_samples(latents[:9].numpy() / latents.std().item()))
    mine = latent_metrics.density(latents, latents[:9]) * latents.var().item()
    np.testing.assert_allclose(mine.numpy(), expected, rtol=0.02)
    for unit in (0.01, 1.0, 50.0):
        points = unit * torch.cartesian_prod(side, side)
        area = (unit * 12 / 60) ** 2
        total = latent_metrics.density(unit * latents, points).sum().item() * area
        assert total == pytest.approx(1, abs=1e-3)


def test_the_nearest_code_is_scikit_learns() -> None:
    latents, points = 50 + noise(300, 3), 50 + noise(40, 3, seed=1)
    oracle = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(latents.double().numpy())
    expected = oracle.kneighbors(points.double().numpy())[0][:, 0]
    np.testing.assert_allclose(
        latent_metrics.nearest_distance(latents, points).numpy(), expected, rtol=1e-4
    )
    assert torch.equal(latent_metrics.nearest_distance(latents, latents), torch.zeros(300))


def test_few_points_at_a_time_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    latents, points = noise(300, 2), noise(40, 2, seed=1)
    far, dense = (
        latent_metrics.nearest_distance(latents, points),
        latent_metrics.density(latents, points),
    )
    monkeypatch.setattr(latent_metrics, "DISTANCES", 1000)
    torch.testing.assert_close(latent_metrics.nearest_distance(latents, points), far)
    torch.testing.assert_close(latent_metrics.density(latents, points), dense)
    assert max(part.numel() for part in latent_metrics._distances(latents, points)) <= 1000


def ring(count: int = 400) -> torch.Tensor:
    """Latents on a circle of radius 2 about the origin."""
    angles = torch.arange(count) * 2 * math.pi / count
    return 2 * torch.stack([angles.cos(), angles.sin()], dim=1)


def whiteness() -> torch.nn.Sequential:
    """A classifier that is sure of white and in two minds about black."""
    classifier = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 2))
    classifier.load_state_dict(
        {"1.weight": torch.tensor([[9.0] * 4, [0.0] * 4]), "1.bias": torch.zeros(2)}
    )
    return classifier


def test_the_middle_of_a_ring_is_empty_and_half_of_it_a_hole() -> None:
    """The cliff's pictures are black on the left, so only there the classifier is unsure."""
    found = holes(Cliff(), ring(), whiteness(), count=5, side=101)
    within = (1 - 0.1 * math.sqrt(2) / 2) ** 2  # the spread is √2, so 0.1 of it is near the ring
    assert found.near == pytest.approx(0.1 * math.sqrt(2), rel=1e-4)
    assert found.empty == pytest.approx(within, abs=0.01)
    assert found.share == pytest.approx(within / 2, abs=0.02)
    assert len(found.places) == 5 and (found.places[:, 0] <= 0).all()
    assert torch.pdist(found.places).min() >= 0.3 * math.sqrt(2)
    torch.testing.assert_close(found.probabilities, torch.full([5], 0.5))
    assert len(found.outline) > 300


def test_holes_move_and_grow_with_their_space() -> None:
    near = holes(Cliff(), ring(), whiteness())
    far = holes(Cliff(), 100 * ring(), whiteness())
    assert (far.empty, far.share) == pytest.approx((near.empty, near.share), abs=0.005)
    assert far.near == pytest.approx(100 * near.near, rel=1e-4)


def test_a_few_strays_make_no_space_empty() -> None:
    strays = torch.tensor([[50.0, 0.0], [-40.0, 30.0], [0.0, -60.0]])
    found = holes(Cliff(), torch.cat([ring(), strays]), whiteness())
    assert found.outline.norm(dim=1).max() < 2.1


def test_a_border_beside_a_code_is_no_hole() -> None:
    latents = torch.cartesian_prod(torch.linspace(-1, 1, 60), torch.linspace(-1, 1, 60))
    found = holes(Cliff(), latents, whiteness())
    assert len(found.places) == 0 and found.empty == found.share == 0
    closer = holes(Cliff(), latents, whiteness(), near=0.01)
    assert closer.share > 0.3


@pytest.mark.parametrize(
    ("latents", "words"),
    [
        (noise(5, 3), "codes of two numbers"),
        (noise(0, 2), "Encode some images first"),
        (torch.full((5, 2), math.nan), "not finite"),
        (1e30 * noise(5, 2), "too large"),
        (torch.arange(10.0).reshape(5, 2), "on one line"),
    ],
)
def test_where_there_is_no_area_there_are_no_holes(latents: torch.Tensor, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        holes(Cliff(), latents, whiteness())


def test_mistakes_are_explained() -> None:
    model, latents, nothing = small("vanilla"), noise(5, 3), noise(0, 3)
    with pytest.raises(UsageError, match=r"step must be a number from 0 to 1; got -0\.1"):
        latent_metrics.continuity(model, latents, step=-0.1)
    with pytest.raises(UsageError, match="Encode some images first"):
        latent_metrics.continuity(model, nothing)
    with pytest.raises(UsageError, match="Encode some images first"):
        latent_metrics.nearest_distance(nothing, latents)
    with pytest.raises(UsageError, match="Encode some images first"):
        latent_metrics.density(nothing, latents, 0.1)
    with pytest.raises(UsageError, match="bandwidth must be a number"):
        latent_metrics.density(latents, latents, 0)
    with pytest.raises(UsageError, match="sure must be a number from 0 to 1; got 90"):
        latent_metrics.completeness(model, sampling.standard_normal(3), network(), sure=90)
