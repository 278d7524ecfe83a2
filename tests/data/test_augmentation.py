"""Slightly deformed copies: slight, whole, and reproducible."""

import torch

from vae_core.data.augmentation import jitter
from vae_core.data.drawings.digit import to_digit
from vae_core.data.strokes import draw, example_digits
from vae_core.types import to_floats


def digits() -> torch.Tensor:
    pictures = [torch.from_numpy(to_digit(draw(one.strokes))) for one in example_digits()]
    return to_floats(torch.stack(pictures)[:, None])


def test_a_share_of_nothing_changes_nothing() -> None:
    assert torch.equal(jitter(digits(), 0.0), digits())


def test_about_the_asked_share_is_deformed_and_the_rest_is_untouched() -> None:
    images = digits()[:1].expand(2000, -1, -1, -1)
    changed = (jitter(images, 0.3, torch.Generator().manual_seed(0)) != images).flatten(1).any(1)
    assert 0.25 < changed.float().mean() < 0.35


def test_a_deformed_digit_keeps_its_ink_its_place_and_its_range() -> None:
    images = digits()
    deformed = jitter(images, 1.0, torch.Generator().manual_seed(0))
    assert deformed.min() >= 0 and deformed.max() <= 1
    ink = deformed.sum(dim=(1, 2, 3)) / images.sum(dim=(1, 2, 3))
    assert (ink > 0.8).all() and (ink < 1.25).all()
    column = torch.arange(28.0)
    for axis in (2, 3):
        centres = [
            (part.sum(dim=(1, 5 - axis)) * column).sum(1) / part.sum(dim=(1, 2, 3))
            for part in (images, deformed)
        ]
        assert (centres[0] - centres[1]).abs().max() < 0.5  # pixels


def test_one_seed_gives_one_deformation() -> None:
    first, second, other = (
        jitter(digits(), 1.0, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, other)
