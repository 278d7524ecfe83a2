"""Metrics against scikit-learn, and against what can be worked out by hand."""

import math

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from tests.conftest import small
from vae_core.data.corruption import corrupt
from vae_core.evaluation import metrics
from vae_core.models import inference


def clusters(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Overlapping clouds of codes, one per class."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 4, (count,), generator=generator)
    centres = torch.randn(4, 5, generator=torch.Generator().manual_seed(9))
    return centres[labels] + 0.7 * torch.randn(count, 5, generator=generator), labels


def test_psnr_by_hand() -> None:
    assert metrics.psnr_db(0.01) == pytest.approx(20.0)
    assert metrics.psnr_db(1.0) == 0.0
    assert metrics.psnr_db(0.0) == math.inf


def test_a_ratio_counts_bytes() -> None:
    assert metrics.compression_ratio(small("vanilla")) == 8 * 12 / (3 * 4)


def test_the_error_is_that_of_the_reconstructions(images: torch.Tensor) -> None:
    model = small("vanilla")
    expected = np.square((model.reconstruct(images) - images).detach().numpy()).mean()
    assert metrics.mean_squared_error(model, images) == pytest.approx(expected, rel=1e-5)


def test_batches_do_not_change_a_number(images: torch.Tensor) -> None:
    model = small("vanilla")
    many = images.repeat(150, 1, 1, 1)  # more than one batch
    assert metrics.mean_squared_error(model, many) == pytest.approx(
        metrics.mean_squared_error(model, images), rel=1e-5
    )


def test_distortion_and_rate_are_the_models_own_cost(images: torch.Tensor) -> None:
    model = small("vae")
    cost = model.cost(images, generator=torch.Generator().manual_seed(4))
    distortion, rate = inference.distortion_and_rate(model, images, seed=4)
    assert distortion == pytest.approx(cost.distortion.mean().item(), rel=1e-6)
    assert rate == pytest.approx(cost.rate.mean().item(), rel=1e-6)


def test_knn_accuracy_is_that_of_a_vote_counted_by_hand() -> None:
    (train, labels), (test, truth) = clusters(300, 0), clusters(80, 1)
    nearest = torch.cdist(test, train).topk(15, largest=False).indices
    votes = torch.nn.functional.one_hot(labels[nearest], 4).sum(dim=1)
    expected = (votes.argmax(dim=1) == truth).float().mean().item()
    assert metrics.knn_accuracy(train, labels, test, truth) == pytest.approx(expected)
    oracle = KNeighborsClassifier(15).fit(train.numpy(), labels.numpy())
    assert expected == pytest.approx(oracle.score(test.numpy(), truth.numpy()))


def test_the_linear_probe_is_logistic_regression_on_standardised_latents() -> None:
    (train, labels), (test, truth) = clusters(300, 0), clusters(80, 1)
    scaler = StandardScaler().fit(train.numpy())
    oracle = LogisticRegression(max_iter=2000).fit(scaler.transform(train.numpy()), labels.numpy())
    expected = oracle.score(scaler.transform(test.numpy()), truth.numpy())
    mine = metrics.linear_probe_accuracy(train * 100, labels, test * 100, truth)
    assert mine == pytest.approx(expected, abs=0.02)


def test_active_units_are_those_that_change() -> None:
    latents = torch.zeros(100, 3)
    latents[:, 0] = torch.linspace(-1, 1, 100)
    latents[:, 1] = 5.0
    latents[::2, 2] = 0.1  # variance 0.0025
    assert metrics.active_units(latents) == 1
    assert metrics.active_share(latents) == pytest.approx((1.0 + 1.0 - 0.0 + 0.5) / 3, abs=0.01)


def test_denoising_is_measured_against_the_clean_images(images: torch.Tensor) -> None:
    model = small("vanilla")
    noisy = corrupt(images, "gaussian", 0.5, torch.Generator().manual_seed(3))
    before, after = metrics.denoise_psnr_db(model, images, 0.5, seed=3)
    assert before == pytest.approx(metrics.psnr_db(((noisy - images) ** 2).mean().item()))
    expected = ((model.reconstruct(noisy) - images) ** 2).mean().item()
    assert after == pytest.approx(metrics.psnr_db(expected), rel=1e-5)
