"""Every number the project quotes of a model, each with its unit."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from ..data.corruption import corrupt
from ..models import Autoencoder
from ..models.inference import (
    distortion_and_rate,  # noqa: F401 - handed on, as it is quoted too
    reconstruct,
)
from ..types import Bytes, Images, Latents, to_floats

BITS_PER_PIXEL = 8
ACTIVE_VARIANCE = 0.01  # of a latent over the images; below it the latent says nothing


def psnr_db(mse: float) -> float:
    """Peak signal-to-noise ratio in dB, white being 1; more is better, infinite if perfect.

    Example:
        >>> psnr_db(0.01)
        20.0
    """
    return math.inf if mse == 0 else -10 * math.log10(mse)


def compression_ratio(model: Autoencoder) -> float:
    """Bits of an image, eight a pixel, over bits of its latents."""
    return BITS_PER_PIXEL * math.prod(model.image_shape) / model.latent_bits


def mean_squared_error(model: Autoencoder, images: Images) -> float:
    """Squared error per pixel, white being 1, averaged over all pixels of all images."""
    return (reconstruct(model, images) - images).square().mean().item()


def active_units(of_images: Latents) -> int:
    """The number of latents that change from image to image: variance above 0.01.

    Example:
        >>> active_units(torch.tensor([[0.0, 1.0], [0.0, -1.0], [0.001, 3.0]]))
        1

    Reference:
        Importance Weighted Autoencoders (Burda et al., 2016), section 5
        https://arxiv.org/abs/1509.00519
    """
    return int((of_images.var(dim=0) > ACTIVE_VARIANCE).sum())


def active_share(of_images: Latents) -> float:
    """The share of latents that are not zero, averaged over images."""
    return (of_images != 0).float().mean().item()


def knn_accuracy(
    train: Latents, labels: Tensor, test: Latents, truth: Tensor, k: int = 15
) -> float:
    """The share of test images most of whose k nearest in training are of their class, 0 to 1.

    Example:
        >>> latents, labels = torch.tensor([[0.0], [0.1], [5.0], [5.1]]), torch.tensor([0, 0, 1, 1])
        >>> knn_accuracy(latents, labels, torch.tensor([[0.2], [4.0]]), torch.tensor([0, 1]), k=1)
        1.0
    """
    from sklearn.neighbors import KNeighborsClassifier

    neighbours = KNeighborsClassifier(k, algorithm="brute").fit(train.numpy(), labels.numpy())
    return float(neighbours.score(test.numpy(), truth.numpy()))


def linear_probe_accuracy(train: Latents, labels: Tensor, test: Latents, truth: Tensor) -> float:
    """The share of images whose class logistic regression on standardised latents names, 0 to 1.

    Reference:
        Understanding Intermediate Layers Using Linear Classifier Probes (Alain & Bengio, 2016)
        https://arxiv.org/abs/1610.01644
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=200, tol=1e-3))
    return float(probe.fit(train.numpy(), labels.numpy()).score(test.numpy(), truth.numpy()))


def denoise_psnr_db(
    model: Autoencoder, images: Images, sigma: float, seed: int = 0
) -> tuple[float, float]:
    """PSNR in dB before and after: of images with Gaussian noise, and of what comes back.

    Both are of the mean squared error over all pixels of all images, against the clean ones.
    The noise has standard deviation `sigma`, and is cut off at black and white.
    """
    noisy = corrupt(images, "gaussian", sigma, Generator().manual_seed(seed))
    before = (noisy - images).square().mean().item()
    after = (reconstruct(model, noisy) - images).square().mean().item()
    return psnr_db(before), psnr_db(after)


def as_drawn(images: Bytes, shift: int) -> Images:
    """The images moved down and right on a larger sheet, then read as a drawing would be."""
    from ..data.drawings.digit import to_digit

    sheets = np.zeros((len(images), 28 + 2 * shift, 28 + 2 * shift), dtype=np.uint8)
    sheets[:, 2 * shift :, 2 * shift :] = images[:, 0].numpy()
    digits: NDArray[np.uint8] = np.stack([to_digit(sheet) for sheet in sheets])
    return to_floats(torch.from_numpy(digits)[:, None])
