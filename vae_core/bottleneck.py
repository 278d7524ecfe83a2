"""A code that nobody trained, to see what its width alone can do."""

from functools import lru_cache
from math import prod

import torch
from torch import Generator, Tensor

from .errors import check_range
from .types import Images


@torch.inference_mode()
def untrained(images: Images, width: int, seed: int = 0) -> Images:
    """What comes back of images from a code of `width` numbers that has learnt nothing.

    Each number of the code is a sum of all pixels, weighted at random; the pictures that the
    decoder adds up are these weights. They have length 1 and are at right angles to each other,
    so that nothing is counted twice. As wide as an image has pixels, the code holds all of it: it
    copies every image, and knows none.

    Arguments:
        width: numbers of the code, from 1 to the pixels of an image.

    Raises:
        UsageError: if the code would be wider than the image.
    """
    size = prod(images.shape[1:])
    check_range("width", width, 1, size, whole=True)
    weights = _directions(size, seed)[:, :width]
    codes = images.flatten(start_dim=1) @ weights
    return (codes @ weights.T).clamp(0, 1).reshape(images.shape)


@lru_cache(4)
def _directions(size: int, seed: int) -> Tensor:
    """Random directions, each of length 1 and at right angles to the others: [size, size]."""
    noise = torch.randn(size, size, generator=Generator().manual_seed(seed))
    return torch.linalg.qr(noise).Q
