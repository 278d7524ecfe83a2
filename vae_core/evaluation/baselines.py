"""Latents that nobody trained, to see what their number alone can do."""

from functools import lru_cache
from math import prod

import torch
from torch import Generator, Tensor

from ..errors import check_range
from ..models import PCA, Autoencoder
from ..models.inference import encode
from ..types import Bytes, Images, to_floats
from .metrics import active_share, mean_squared_error

SAME = (
    "All pictures are the same one, so this model has nothing to tell apart: any code will do. "
    "Train it on pictures that differ."
)


@torch.inference_mode()
def random_projection(images: Images, width: int, seed: int = 0) -> Images:
    """The images, reconstructed from `width` latents that have learnt nothing.

    Each latent is a sum of all pixels, weighted at random; the pictures that the decoder adds up
    are these weights. They have length 1 and are at right angles to each other, so that nothing is
    counted twice. As many latents as an image has pixels hold all of it: they copy every image,
    and know none.

    Arguments:
        width: number of latents, from 1 to the pixels of an image.

    Raises:
        UsageError: if there would be more latents than pixels.
    """
    size = prod(images.shape[1:])
    check_range("width", width, 1, size, whole=True)
    weights = _directions(size, seed)[:, :width]
    latents = images.flatten(start_dim=1) @ weights
    return (latents @ weights.T).clamp(0, 1).reshape(images.shape)


@lru_cache(4)
def _directions(size: int, seed: int) -> Tensor:
    """Random directions, each of length 1 and at right angles to the others: [size, size]."""
    noise = torch.randn(size, size, generator=Generator().manual_seed(seed))
    return torch.linalg.qr(noise).Q


def worse_than_pca(model: Autoencoder, images: Bytes, held_out: Bytes) -> str | None:
    """A warning if principal components of the same size reconstruct better; None if not.

    The size is how many latents are not zero on average, so that a sparse model is compared
    with as many components as it uses; of latents on levels those on top count. Pictures that are all black, the usual way to
    fail, have been taken for success where nobody compared. Pictures that are all the same one
    leave nothing to compare.
    """
    if bool((images == images[:1]).all()) and bool((held_out == images[:1]).all()):
        return SAME
    clean = to_floats(held_out[:2000])
    mine = mean_squared_error(model, clean)
    used = round(active_share(encode(model, clean)) * model.latent_dim)
    count = model.levels[0] if model.levels else max(1, used)
    baseline = PCA(model.image_shape, count)
    baseline.fit_before_training(images[:20_000])
    theirs = mean_squared_error(baseline, clean)
    # The closed form compared with itself differs in the last digits, hence the margin.
    if mine <= theirs * 1.01:
        return None
    return (
        f"This model reconstructs worse than {count} principal components: mean squared error "
        f"{mine:.3g} against {theirs:.3g}. It has probably collapsed. Try more epochs, a lower "
        "learning rate, or a smaller beta."
    )
