"""The Frechet distance, against SciPy's root of a matrix and distances that are known."""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm
from torch import Generator, Tensor

from vae_core.data.datasets import load
from vae_core.errors import UsageError
from vae_core.evaluation.classifier import load_classifier
from vae_core.evaluation.frechet import Moments, frechet_distance, moments, picture_moments
from vae_core.types import to_floats

CLASSIFIER = Path(__file__).parents[2] / "checkpoints" / "classifier" / "classifier.safetensors"


def drawn(count: int, seed: int, spread: float = 1.0) -> Tensor:
    return spread * torch.randn(count, 5, generator=Generator().manual_seed(seed)) + seed


def test_it_is_what_the_root_of_the_matrix_says() -> None:
    one, other = moments(drawn(40, 1)), moments(drawn(60, 2, spread=3))
    root = sqrtm((one.covariance @ other.covariance).numpy())
    spread = one.covariance.trace() + other.covariance.trace() - 2 * np.trace(root).real
    wanted = (one.mean - other.mean).square().sum() + spread
    assert frechet_distance(one, other) == pytest.approx(wanted.item())
    assert frechet_distance(other, one) == pytest.approx(wanted.item())
    assert frechet_distance(one, one) == pytest.approx(0, abs=1e-9)


def test_directions_without_any_spread_do_no_harm() -> None:
    flat = torch.diag(torch.tensor([1.0, 0, 0])).double()
    wide = torch.diag(torch.tensor([9.0, 4, 0])).double()
    at = torch.zeros(3).double()
    assert frechet_distance(Moments(at, flat), Moments(at, wide)) == pytest.approx(4 + 4)


def test_moments_are_those_of_numpy() -> None:
    rows = drawn(30, 3)
    found = moments(rows)
    np.testing.assert_allclose(found.mean, rows.double().numpy().mean(axis=0))
    np.testing.assert_allclose(found.covariance, np.cov(rows.double().numpy().T))


@pytest.mark.parametrize(
    "rows", [torch.zeros(1, 3), torch.zeros(3), torch.tensor([[0.0], [torch.nan]])]
)
def test_what_has_no_moments_is_refused(rows: Tensor) -> None:
    with pytest.raises(UsageError, match=r"at least 2 pictures|not finite"):
        moments(rows)


def test_spoiled_digits_are_further_away_than_other_digits() -> None:
    classifier = load_classifier(CLASSIFIER)
    known, others = (to_floats(load("digits", split).images) for split in ("train", "test"))
    real = picture_moments(classifier, known)
    noise = 0.3 * torch.randn(others.shape, generator=Generator().manual_seed(0))
    near = frechet_distance(picture_moments(classifier, others), real)
    far = frechet_distance(picture_moments(classifier, (others + noise).clamp(0, 1)), real)
    assert far > 2 * near
