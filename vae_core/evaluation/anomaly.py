"""Scores of how strange a picture is to a model: what it fails to draw again is new to it."""

from typing import NamedTuple

import torch
from torch import Generator

from ..errors import check_range
from ..models import Autoencoder
from ..types import Images, PerImage

MOST_SAMPLES = 1000


class Scores(NamedTuple):
    """Two ways to say how strange each image is, [b] each; more is stranger.

    Attributes:
        error: squared error per pixel of its reconstruction, white being 1.
        nats: minus the ELBO: what the image and its latents cost together. None for a model
            without a prior, whose latents have no price.
    """

    error: PerImage
    nats: PerImage | None


@torch.inference_mode()
def scores(model: Autoencoder, images: Images, samples: int = 8, seed: int = 0) -> Scores:
    """The strangeness of each image to the model, measured in two ways.

    Neither is perfect: a picture with little ink has few pixels to get wrong, and a letter that
    looks like a digit is one to the model.

    Arguments:
        samples: draws from the posterior of each image; the nats are the mean over them.
    """
    check_range("samples", samples, 1, MOST_SAMPLES, whole=True)
    error = (model.reconstruct(images) - images).square().mean(dim=(1, 2, 3))
    if not model.has_prior:
        return Scores(error, None)
    generator = Generator(images.device).manual_seed(seed)
    drawn = [-model.cost(images, generator=generator).elbo for _ in range(samples)]
    return Scores(error, torch.stack(drawn).mean(dim=0))
