"""Every number the project quotes of a model, each with its unit."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from .corruption import corrupt
from .models import PCA, Autoencoder
from .types import Bytes, Codes, Images

BYTES_PER_NUMBER = 4  # a code is float32, a pixel one byte
BATCH = 500  # images at a time, so that no metric needs much memory
ACTIVE_VARIANCE = 0.01  # of a code's number over the images; below it the unit says nothing


def to_floats(images: Bytes) -> Images:
    """0 to 255 as 0 to 1."""
    return images.float() / 255


def psnr_db(mse: float) -> float:
    """Peak signal-to-noise ratio in dB, white being 1; more is better, infinite if perfect."""
    return math.inf if mse == 0 else -10 * math.log10(mse)


def compression_ratio(model: Autoencoder) -> float:
    """Bytes of an image, one a pixel, over bytes of its code, four a number."""
    return math.prod(model.image_shape) / (model.latent_dim * BYTES_PER_NUMBER)


@torch.inference_mode()
def reconstructions(model: Autoencoder, images: Images) -> Images:
    """What comes back of each image, from its code without noise."""
    return torch.cat([model.reconstruct(part) for part in images.split(BATCH)])


@torch.inference_mode()
def codes(model: Autoencoder, images: Images) -> Codes:
    """The code of each image, without noise."""
    return torch.cat([model.encode(part) for part in images.split(BATCH)])


@torch.inference_mode()
def decoded(model: Autoencoder, of_images: Codes) -> Images:
    """The picture of each code."""
    return torch.cat([model.decode(part) for part in of_images.split(BATCH)])


def mean_squared_error(model: Autoencoder, images: Images) -> float:
    """Squared error per pixel, white being 1, averaged over all pixels of all images."""
    return (reconstructions(model, images) - images).square().mean().item()


@torch.inference_mode()
def distortion_and_rate(
    model: Autoencoder,
    images: Images,
    likelihood: str = "bernoulli",
    seed: int = 0,
    targets: Images | None = None,
) -> tuple[float, float]:
    """Nats per image, from one code per image drawn with `seed`; their sum is -ELBO.

    Arguments:
        targets: what should come out; the images themselves if None.
    """
    generator = Generator(images.device).manual_seed(seed)
    distortion = rate = 0.0
    wanted = images if targets is None else targets
    for part, target in zip(images.split(BATCH), wanted.split(BATCH), strict=True):
        cost = model.cost(part, target, likelihood, generator)
        distortion += cost.distortion.double().sum().item()
        rate += cost.rate.double().sum().item()
    return distortion / len(images), rate / len(images)


def active_units(of_images: Codes) -> int:
    """How many numbers of the code change from image to image: variance above 0.01.

    Reference:
        Importance Weighted Autoencoders (Burda et al., 2016), section 5
        https://arxiv.org/abs/1509.00519
    """
    return int((of_images.var(dim=0) > ACTIVE_VARIANCE).sum())


def active_share(of_images: Codes) -> float:
    """The share of a code's numbers that are not zero, averaged over images."""
    return (of_images != 0).float().mean().item()


def knn_accuracy(train: Codes, labels: Tensor, test: Codes, truth: Tensor, k: int = 15) -> float:
    """How often most of a test code's k nearest training codes are of its class, 0 to 1."""
    from sklearn.neighbors import KNeighborsClassifier

    neighbours = KNeighborsClassifier(k, algorithm="brute").fit(train.numpy(), labels.numpy())
    return float(neighbours.score(test.numpy(), truth.numpy()))


def linear_probe_accuracy(train: Codes, labels: Tensor, test: Codes, truth: Tensor) -> float:
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
    after = (reconstructions(model, noisy) - images).square().mean().item()
    return psnr_db(before), psnr_db(after)


def as_drawn(images: Bytes, shift: int) -> Images:
    """The images moved down and right on a larger sheet, then read as a drawing would be."""
    from .drawing import to_digit

    sheets = np.zeros((len(images), 28 + 2 * shift, 28 + 2 * shift), dtype=np.uint8)
    sheets[:, 2 * shift :, 2 * shift :] = images[:, 0].numpy()
    digits: NDArray[np.uint8] = np.stack([to_digit(sheet) for sheet in sheets])
    return to_floats(torch.from_numpy(digits)[:, None])


def worse_than_pca(model: Autoencoder, images: Bytes, held_out: Bytes) -> str | None:
    """A warning if principal components of the same size reconstruct better; None if not.

    The size is how many numbers of a code are not zero on average, so that a sparse code is
    compared with as many components as it uses. Pictures that are all black, the usual way to
    fail, have been taken for success where nobody compared.
    """
    clean = to_floats(held_out[:2000])
    mine = mean_squared_error(model, clean)
    count = max(1, round(active_share(codes(model, clean)) * model.latent_dim))
    baseline = PCA(model.image_shape, count)
    baseline.fit_before_training(images[:20_000])
    theirs = mean_squared_error(baseline, clean)
    # The closed form compared with itself differs in the last digits, hence the margin.
    if mine <= theirs * 1.01:
        return None
    return (
        f"This model reconstructs worse than {count} principal components: mean squared error "
        f"{mine:.4f} against {theirs:.4f}. It has probably collapsed. Try more epochs, a lower "
        "learning rate, or a smaller beta."
    )
