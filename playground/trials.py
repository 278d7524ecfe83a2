"""What chapters of the Learn tab try out on pictures, digits or not: no page, no server."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.bottleneck import untrained
from vae_core.checkpoints import Checkpoint
from vae_core.metrics import psnr_db, reconstructions, to_floats
from vae_core.types import Images

from .walks import Pictures

UNTRAINED = "untrained"  # the row of the code that learnt nothing


class Copies(NamedTuple):
    """What one model makes of several pictures, and how near each comes, in dB."""

    drawn: Pictures
    psnr_db: list[float]  # infinite for the very same picture


def copies(pictures: NDArray[np.uint8], models: Sequence[Checkpoint], width: int) -> list[Copies]:
    """Pictures, [n, h, w], through each model, and through `width` numbers that learnt nothing."""
    images = as_images(pictures)
    found = {each.name: reconstructions(each.model, images) for each in models}
    found[UNTRAINED] = untrained(images, width)
    return [_compared(Pictures(name, as_pictures(out)), pictures) for name, out in found.items()]


def _compared(drawn: Pictures, pictures: NDArray[np.uint8]) -> Copies:
    away = (drawn.pictures.astype(np.float64) - pictures) / 255
    return Copies(drawn, [psnr_db(error) for error in np.square(away).mean(axis=(1, 2)).tolist()])


def as_images(pictures: NDArray[np.uint8]) -> Images:
    """[n, h, w] from 0 to 255 as [n, 1, h, w] from 0 to 1."""
    return to_floats(torch.tensor(pictures))[:, None]


def as_pictures(images: Images) -> NDArray[np.uint8]:
    """The way back."""
    return images[:, 0].mul(255).round().byte().numpy()
