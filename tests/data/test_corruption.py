from itertools import pairwise

import pytest
import torch
from torch import Generator

from vae_core.data.corruption import CORRUPTIONS, Corruption, corrupt
from vae_core.errors import UsageError
from vae_core.types import Images

every_kind = pytest.mark.parametrize("kind", CORRUPTIONS)


def some_images(count: int = 6, channels: int = 1, height: int = 28, width: int = 28) -> Images:
    return torch.rand(count, channels, height, width, generator=Generator().manual_seed(1))


def seeded(seed: int = 7) -> Generator:
    return Generator().manual_seed(seed)


@every_kind
def test_strength_0_changes_no_bit(kind: str) -> None:
    images = some_images()
    assert torch.equal(corrupt(images, kind, 0, seeded()), images)
    mixed = corrupt(images, kind, torch.tensor([0, 0.7, 0, 0.7, 0, 0.7]), seeded())
    assert torch.equal(mixed[::2], images[::2])
    assert all((mixed[row] != images[row]).any() for row in (1, 3, 5))


def test_strength_0_changes_no_bit_whatever_the_kind_does(monkeypatch: pytest.MonkeyPatch) -> None:
    careless = Corruption("Careless", "Strength is ignored.", lambda images, *_: images * 0.9)
    monkeypatch.setitem(CORRUPTIONS, "careless", careless)
    images = some_images()
    assert torch.equal(corrupt(images, "careless", 0), images)


@every_kind
@pytest.mark.parametrize("strength", [1e-9, 0.3, 1])
@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 8, 12), (1, 1, 1)])
def test_results_are_images_of_the_same_shape(
    kind: str, strength: float, shape: tuple[int, int, int]
) -> None:
    images = some_images(5, *shape)
    before = images.clone()
    spoiled = corrupt(images, kind, strength)
    assert spoiled.shape == images.shape and spoiled.dtype == images.dtype
    assert 0 <= spoiled.min() and spoiled.max() <= 1
    assert torch.equal(images, before), "the input is left alone"


@every_kind
def test_no_images_are_no_trouble(kind: str) -> None:
    assert corrupt(some_images(0), kind, 0.5).shape == (0, 1, 28, 28)
    assert corrupt(some_images(0), kind, torch.ones(0)).shape == (0, 1, 28, 28)


@every_kind
def test_noise_comes_from_the_generator_alone(kind: str) -> None:
    images = some_images()
    generator = seeded()
    first = corrupt(images, kind, 0.5, generator)
    torch.rand(100)  # someone else uses the global generator
    assert torch.equal(first, corrupt(images, kind, 0.5, seeded()))
    drawn = not torch.equal(generator.get_state(), seeded().get_state())
    if drawn:
        assert not torch.equal(first, corrupt(images, kind, 0.5, seeded(8)))


@every_kind
def test_one_strength_for_all_is_the_same_strength_for_each(kind: str) -> None:
    images = some_images()
    each = corrupt(images, kind, torch.full((6,), 0.4), seeded())
    assert torch.equal(each, corrupt(images, kind, 0.4, seeded()))


@every_kind
def test_more_strength_takes_the_picture_further_away(kind: str) -> None:
    images = some_images(64).round()
    errors = [
        (corrupt(images, kind, strength, seeded()) - images).square().mean()
        for strength in (0, 0.1, 0.3, 0.6, 1)
    ]
    assert all(less < more for less, more in pairwise(errors))


@pytest.mark.parametrize("kind", ["salt-and-pepper", "masking"])
def test_turning_the_strength_up_keeps_what_was_spoiled(kind: str) -> None:
    images = torch.full((4, 1, 28, 28), 0.5)
    weak, strong = (corrupt(images, kind, strength, seeded()) for strength in (0.2, 0.6))
    spoiled = weak != 0.5
    assert torch.equal(weak[spoiled], strong[spoiled])


def test_gaussian_noise_has_the_spread_that_it_says() -> None:
    images = torch.full((100, 1, 28, 28), 0.5)
    spoiled = corrupt(images, "gaussian", 0.1, seeded())
    assert spoiled.mean() == pytest.approx(0.5, abs=0.002)
    assert spoiled.std() == pytest.approx(0.1, abs=0.002)


def test_salt_and_pepper_come_in_equal_shares() -> None:
    spoiled = corrupt(torch.full((100, 1, 28, 28), 0.5), "salt-and-pepper", 0.3, seeded())
    assert (spoiled == 1).float().mean() == pytest.approx(0.15, abs=0.005)
    assert (spoiled == 0).float().mean() == pytest.approx(0.15, abs=0.005)
    assert corrupt(some_images(), "salt-and-pepper", 1).unique().tolist() == [0, 1]


def test_masking_switches_off_the_share_that_it_says() -> None:
    images = torch.full((100, 1, 28, 28), 0.5)
    spoiled = corrupt(images, "masking", 0.3, seeded())
    assert spoiled.unique().tolist() == [0, 0.5]
    assert (spoiled == 0).float().mean() == pytest.approx(0.3, abs=0.005)
    assert not corrupt(images, "masking", 1).any()


@pytest.mark.parametrize("kind", ["salt-and-pepper", "masking"])
def test_the_channels_of_a_pixel_share_their_fate(kind: str) -> None:
    spoiled = corrupt(torch.full((4, 3, 9, 9), 0.5), kind, 0.5, seeded())
    assert torch.equal(spoiled.amin(dim=1), spoiled.amax(dim=1))


def test_occlusion_is_one_whole_square_at_every_place() -> None:
    strength = torch.linspace(0.1, 1, 500)
    hidden = corrupt(torch.ones(500, 1, 28, 28), "occlusion", strength, seeded())[:, 0] == 0
    side = (strength * 28).round()
    assert torch.equal(hidden.sum(dim=(1, 2)), side.square().long())
    for edge in (hidden.any(dim=1), hidden.any(dim=2)):  # its columns, its rows
        assert torch.equal(edge.sum(dim=1), side.long())
    places = corrupt(torch.ones(4000, 1, 5, 7), "occlusion", 0.6, seeded())[:, 0] == 0  # 3x3
    assert len(places.unique(dim=0)) == (5 - 3 + 1) * (7 - 3 + 1)


def test_blur_is_a_gaussian_of_the_width_that_it_says() -> None:
    dot = torch.zeros(2, 1, 41, 41)
    dot[..., 20, 20] = 1
    blurred = corrupt(dot, "blur", torch.tensor([0.25, 0.75]))  # 1 and 3 pixels
    distance = torch.arange(41.0) - 20
    for image, sigma in zip(blurred[:, 0], (1, 3), strict=True):
        for line in (image.sum(dim=0), image.sum(dim=1)):
            assert line.sum() == pytest.approx(1, abs=1e-5)
            assert (line * distance**2).sum().sqrt() == pytest.approx(sigma, rel=0.01)


def test_blur_leaves_a_plain_picture_plain() -> None:
    plain = torch.full((1, 1, 28, 28), 0.3)
    torch.testing.assert_close(corrupt(plain, "blur", 1), plain)


def test_an_unknown_kind_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match=r"called 'gausian'\. Did you mean 'gaussian'\?"):
        corrupt(some_images(), "gausian", 0.5)


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan"), float("inf"), True])
def test_a_strength_out_of_range_is_refused(strength: float) -> None:
    with pytest.raises(UsageError, match="strength must be a number from 0 to 1; got"):
        corrupt(some_images(), "masking", strength)
    if strength is not True:
        with pytest.raises(UsageError, match="strength must be a number from 0 to 1; got"):
            corrupt(some_images(2), "masking", torch.tensor([0.5, strength]))


@pytest.mark.parametrize("shape", [(), (1,), (5,), (6, 1)])
def test_strengths_must_be_one_per_image(shape: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match=r"one number, or one per image: \[6\]; got \["):
        corrupt(some_images(6), "masking", torch.zeros(shape))


@every_kind
def test_every_kind_has_words_for_the_page(kind: str) -> None:
    label, meaning, _ = CORRUPTIONS[kind]
    assert label[0].isupper() and not label.endswith(".")
    assert "trength" in meaning and meaning.endswith(".")
