"""Pictures of bytes and the images that models see: one way there, and one way back."""

import numpy as np
import torch

from playground.inference.images import as_images, as_pictures
from playground.inference.reconstruction import Noise, compare, noisy_image
from vae_core.data.corruption import CORRUPTIONS
from vae_core.types import to_bytes, to_floats

EVERY = np.arange(256, dtype=np.uint8).reshape(2, 16, 8)


def test_every_grey_level_comes_back_as_it_was() -> None:
    images = as_images(EVERY)
    assert images.shape == (2, 1, 16, 8)
    assert (images.min(), images.max(), images.dtype) == (0, 1, torch.float32)
    assert np.array_equal(as_pictures(images), EVERY)
    assert torch.equal(to_bytes(to_floats(torch.from_numpy(EVERY))), torch.from_numpy(EVERY))


def test_pictures_are_rounded_and_stay_within_their_range() -> None:
    levels = torch.tensor([-0.2, 0.4 / 255, 0.6 / 255, 254.4 / 255, 1.5])
    assert to_bytes(levels).tolist() == [0, 0, 1, 254, 255]


def test_what_a_page_sends_is_not_shared_with_the_images() -> None:
    pictures = EVERY.copy()
    pictures.flags.writeable = False  # as the bytes of a request are
    images = as_images(pictures)
    images[:] = 0
    assert np.array_equal(pictures, EVERY)


def test_the_noisy_picture_that_is_shown_is_that_of_the_image_that_models_see() -> None:
    digit = np.full((28, 28), 120, np.uint8)
    for kind in CORRUPTIONS:
        noise = Noise(kind, 0.4, seed=3)
        image = noisy_image(digit, noise)
        assert np.array_equal(compare(digit, noise, []).noisy, as_pictures(image)[0])
        assert torch.equal(image, noisy_image(digit, noise))
    assert torch.equal(noisy_image(digit, Noise("gaussian", 0, 1)), as_images(digit[None]))
