"""What chapters of the Learn tab try out on pictures, digits or not: no page, no server."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator

from vae_core.data.corruption import CORRUPTIONS, UNSEEN, corrupt
from vae_core.evaluation.anomaly import scores
from vae_core.evaluation.metrics import psnr_db
from vae_core.models import Autoencoder
from vae_core.models.inference import passes, reconstruct
from vae_core.training.checkpoints import Checkpoint
from vae_core.types import Images

from .images import as_images, as_pictures

KINDS = CORRUPTIONS | UNSEEN  # all the ways to spoil a picture
PASSES = (1, 2, 3, 5, 8, 13, 21)  # how often a model gets its own output, where it is shown


class Denoised(NamedTuple):
    """One digit spoilt in every way of `KINDS`, and what a model makes of each.

    Attributes:
        noisy: [k, h, w].
        drawn: [k, h, w].
        before: PSNR of the noisy pictures against the clean digit, in dB.
        after: the same of what is drawn.
        passes: [p, h, w], one kind's picture after each number of `PASSES`.
        changes: root mean square of what the last of these passes changed, white being 1.
    """

    noisy: NDArray[np.uint8]
    drawn: NDArray[np.uint8]
    before: list[float]
    after: list[float]
    passes: NDArray[np.uint8]
    changes: list[float]


@torch.inference_mode()
def denoised(
    digit: NDArray[np.uint8], checkpoint: Checkpoint, strength: float, seed: int, kind: str
) -> Denoised:
    """A clean digit, [h, w], through every kind of noise and a model; through one kind often."""
    clean = as_images(digit[None])
    noisy = torch.cat(
        [corrupt(clean, each, strength, Generator().manual_seed(seed), KINDS) for each in KINDS]
    )
    drawn = checkpoint.model.reconstruct(noisy)
    start = noisy[list(KINDS).index(kind)][None]
    way = torch.cat([start, passes(checkpoint.model, start, PASSES[-1])[:, 0]])
    steps = (way[1:] - way[:-1]).square().mean(dim=(1, 2, 3)).sqrt()
    return Denoised(
        as_pictures(noisy),
        as_pictures(drawn),
        [psnr_db(error) for error in _errors(noisy, clean)],
        [psnr_db(error) for error in _errors(drawn, clean)],
        as_pictures(way[list(PASSES)]),
        [steps[each - 1].item() for each in PASSES],
    )


class Scored(NamedTuple):
    """How strange pictures are to a model; more is stranger.

    Attributes:
        drawn: [n, h, w], what the model draws of each.
        error: [n], squared error per pixel, white being 1.
        nats: [n], minus the ELBO; None for a model without a prior.
    """

    drawn: NDArray[np.uint8]
    error: NDArray[np.float32]
    nats: NDArray[np.float32] | None


def scored(pictures: NDArray[np.uint8], model: Autoencoder) -> Scored:
    """How strange each of the pictures, [n, h, w], is to the model, and what it makes of it."""
    images = as_images(pictures)
    found = scores(model, images)
    nats = None if found.nats is None else found.nats.numpy()
    return Scored(as_pictures(reconstruct(model, images)), found.error.numpy(), nats)


def _errors(images: Images, clean: Images) -> list[float]:
    return (images - clean).square().mean(dim=(1, 2, 3)).tolist()
