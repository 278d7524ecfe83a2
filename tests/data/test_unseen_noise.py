"""Noise that no model was trained on, and what a model makes of its own output."""

import pytest
import torch

from tests.conftest import small
from vae_core.data.corruption import CORRUPTIONS, UNSEEN, corrupt
from vae_core.errors import UsageError
from vae_core.models import Autoencoder
from vae_core.models.inference import passes

KINDS = pytest.mark.parametrize("kind", UNSEEN)


def spoilt(images: torch.Tensor, kind: str, strength: float, seed: int = 0) -> torch.Tensor:
    return corrupt(images, kind, strength, torch.Generator().manual_seed(seed), UNSEEN)


@KINDS
def test_it_leaves_at_nothing_and_stays_between_black_and_white(
    images: torch.Tensor, kind: str
) -> None:
    assert torch.equal(spoilt(images, kind, 0), images)
    loud = spoilt(images, kind, 1)
    assert loud.shape == images.shape and not torch.equal(loud, images)
    assert loud.min() >= 0 and loud.max() <= 1
    assert torch.equal(spoilt(images, kind, 0.7), spoilt(images, kind, 0.7))


@KINDS
def test_no_training_can_choose_it(images: torch.Tensor, kind: str) -> None:
    assert kind not in CORRUPTIONS
    with pytest.raises(UsageError, match="No corruption is called"):
        corrupt(images, kind, 0.5)


def test_at_full_strength_it_is_what_its_name_says(images: torch.Tensor) -> None:
    torch.testing.assert_close(spoilt(images, "inverted", 1), 1 - images)
    upside_down = images.flip(dims=(2, 3))
    torch.testing.assert_close(spoilt(images, "turned", 1), upside_down, atol=1e-4, rtol=0)
    stripes = spoilt(images, "stripes", 1)
    assert (stripes[..., ::4, :] == 1).all()
    assert torch.equal(stripes[..., 1::4, :], images[..., 1::4, :])


def test_clumps_are_whole_squares_and_a_quarter_of_the_strength() -> None:
    grey = torch.full((50, 1, 28, 28), 0.5)
    hit = (spoilt(grey, "clumps", 0.8) != 0.5)[:, 0].float()
    squares = hit.unfold(1, 4, 4).unfold(2, 4, 4).mean(dim=(3, 4))
    assert set(squares.unique().tolist()) == {0.0, 1.0}
    assert squares.mean().item() == pytest.approx(0.2, abs=0.03)


def test_a_pass_is_a_reconstruction_of_the_one_before(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    way = passes(any_model, images, 3)
    third = any_model.reconstruct(any_model.reconstruct(any_model.reconstruct(images)))
    torch.testing.assert_close(way[2], third)
    torch.testing.assert_close(way[0], any_model.reconstruct(images))


def test_passes_have_an_end(images: torch.Tensor) -> None:
    with pytest.raises(UsageError, match="count must be a whole number from 1 to 100; got 101"):
        passes(small("vanilla"), images, 101)
