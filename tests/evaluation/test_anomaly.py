"""How strange a picture is, where it can be worked out by hand, and on the shipped models."""

import numpy as np
import pytest
import torch

from playground.store.models import Store
from tests.conftest import small
from vae_core.data.drawings.digit import to_digit
from vae_core.data.strokes import draw, example_digits, other_drawings
from vae_core.errors import UsageError
from vae_core.evaluation.anomaly import scores
from vae_core.models import Autoencoder


def test_the_scores_are_the_models_own_error_and_cost(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    found = scores(any_model, images, samples=100)
    away = any_model.reconstruct(images).sub(images).detach().numpy()
    np.testing.assert_allclose(found.error.numpy(), np.square(away).mean((1, 2, 3)), rtol=1e-5)
    assert (found.nats is None) == (not any_model.has_prior)
    if found.nats is not None:
        assert (found.nats > any_model.cost(images).rate).all()
        other = scores(any_model, images, samples=100, seed=1).nats
        assert other is not None
        torch.testing.assert_close(found.nats, other, rtol=0.05, atol=0)
        assert torch.equal(found.nats, other) == bool(
            any_model.codes
        )  # which no dice are cast for


def test_letters_and_shapes_are_stranger_than_digits(store: Store) -> None:
    drawings = [draw(each.strokes) for each in example_digits()]
    strange = [draw(strokes) for name, strokes in other_drawings().items() if name not in "BS"]
    pictures = np.stack([to_digit(drawing) for drawing in [*drawings, *strange]])
    found = scores(store.get("vae-20").model, torch.tensor(pictures)[:, None] / 255)
    assert found.nats is not None
    for score in found.error, found.nats:
        assert score[: len(drawings)].max() < score[len(drawings) :].min()


def test_no_sample_is_no_score(images: torch.Tensor) -> None:
    with pytest.raises(UsageError, match="samples must be a whole number from 1"):
        scores(small("vae"), images, samples=0)
