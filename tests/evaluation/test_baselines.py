"""A code that learnt nothing: how much of an image it can hold, by arithmetic."""

import pytest
import torch

from tests.conftest import SHAPE, small
from vae_core.errors import UsageError
from vae_core.evaluation.baselines import random_projection, worse_than_pca


def test_a_code_as_wide_as_the_image_copies_whatever_comes(images: torch.Tensor) -> None:
    size = images[0].numel()
    torch.testing.assert_close(random_projection(images, size), images, atol=1e-5, rtol=0)


def test_half_as_many_numbers_lose_nearly_half() -> None:
    """Random directions favour no picture; that nothing is darker than black mends a little."""
    grey = 0.5 + 0.01 * torch.randn(200, 1, 20, 20, generator=torch.Generator().manual_seed(1))
    lost = (random_projection(grey, 200, seed=2) - grey).square().mean() / grey.square().mean()
    assert 0.3 < lost.item() < 0.55


def test_a_wider_code_loses_less_and_a_seed_gives_the_same(images: torch.Tensor) -> None:
    errors = [
        (random_projection(images, width) - images).square().mean() for width in (1, 24, 60, 96)
    ]
    assert errors == sorted(errors, reverse=True)
    assert torch.equal(
        random_projection(images, 24, seed=3), random_projection(images, 24, seed=3)
    )
    assert not torch.equal(
        random_projection(images, 24, seed=3), random_projection(images, 24, seed=4)
    )


@pytest.mark.parametrize("width", [0, 97, 1.5, float("nan")])
def test_a_code_wider_than_the_image_is_refused(images: torch.Tensor, width: float) -> None:
    with pytest.raises(UsageError, match="width must be a whole number from 1 to 96"):
        random_projection(images, width)  # type: ignore[arg-type]


def test_latents_on_levels_are_worth_as_many_components_as_there_are_on_top() -> None:
    images = (torch.rand(60, *SHAPE, generator=torch.Generator().manual_seed(0)) * 255).byte()
    said = worse_than_pca(small("ladder-vae", top=7), images, images[:30])
    assert said and "worse than 7 principal components" in said
