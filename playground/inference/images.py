"""Pictures as arrays of bytes, which pages and programs send, and as the images that models see."""

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.types import Images, to_bytes, to_floats


def as_images(pictures: NDArray[np.uint8]) -> Images:
    """Grey pictures, [n, h, w] from 0 to 255, as [n, 1, h, w] from 0 to 1."""
    return to_floats(torch.tensor(pictures))[:, None]


def as_pictures(images: Images) -> NDArray[np.uint8]:
    """Images, [n, c, h, w] from 0 to 1, as [n, h, w] from 0 to 255, rounded; of their first colour."""
    return to_bytes(images[:, 0]).numpy()
