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

BYTES_PER_NUMBER = 4  # a code is float32, a pixel one byte
ACTIVE_VARIANCE = 0.01  # of a code's number over the images; below it the unit says nothing


def psnr_db(mse: float) -> float:
    """Peak signal-to-noise ratio in dB, white being 1; more is better, infinite if perfect."""
    return math.inf if mse == 0 else -10 * math.log10(mse)


def compression_ratio(model: Autoencoder) -> float:
    """Bytes of an image, one a pixel, over bytes of its code, four a number."""
    return math.prod(model.image_shape) / (model.latent_dim * BYTES_PER_NUMBER)


def mean_squared_error(model: Autoencoder, images: Images) -> float:
    """Squared error per pixel, white being 1, averaged over all pixels of all images."""
    return (reconstruct(model, images) - images).square().mean().item()


def active_units(of_images: Latents) -> int:
    """How many numbers of the code change from image to image: variance above 0.01.

    Reference:
        Importance Weighted Autoencoders (Burda et al., 2016), section 5
        https://arxiv.org/abs/1509.00519
    """
    return int((of_images.var(dim=0) > ACTIVE_VARIANCE).sum())


def active_share(of_images: Latents) -> float:
    """The share of a code's numbers that are not zero, averaged over images."""
    return (of_images != 0).float().mean().item()


def knn_accuracy(
    train: Latents, labels: Tensor, test: Latents, truth: Tensor, k: int = 15
) -> float:
    """How often most of a test code's k nearest training codes are of its class, 0 to 1."""
    from sklearn.neighbors import KNeighborsClassifier

    neighbours = KNeighborsClassifier(k, algorithm="brute").fit(train.numpy(), labels.numpy())
    return float(neighbours.score(test.numpy(), truth.numpy()))


def linear_probe_accuracy(train: Latents, labels: Tensor, test: Latents, truth: Tensor) -> float:
    """How often logistic regression on the standardised codes names the class, 0 to 1.

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
    from ..data.drawing import to_digit

    sheets = np.zeros((len(images), 28 + 2 * shift, 28 + 2 * shift), dtype=np.uint8)
    sheets[:, 2 * shift :, 2 * shift :] = images[:, 0].numpy()
    digits: NDArray[np.uint8] = np.stack([to_digit(sheet) for sheet in sheets])
    return to_floats(torch.from_numpy(digits)[:, None])
