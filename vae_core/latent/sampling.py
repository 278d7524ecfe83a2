"""Latents from nothing: draws from the prior, or from a Gaussian fitted to latents."""

from typing import NamedTuple

import torch
from torch import Generator, Tensor

from ..errors import UsageError, check_range
from ..models import Autoencoder
from ..models.options import LATENT_DIM
from ..types import Latents
from .planes import MOST

JITTER = 1e-6  # the share of a variance that is added to it


class LatentGaussian(NamedTuple):
    """A Gaussian to draw latents from: mean + factor @ noise, the noise being N(0, I)."""

    mean: Tensor  # [z]
    factor: Tensor  # [z, z], lower triangle; factor @ factor.T is the covariance


def standard_normal(latent_dim: int) -> LatentGaussian:
    """N(0, I), the prior of most variational models."""
    LATENT_DIM.check("latent_dim", latent_dim, whole=True)
    return LatentGaussian(torch.zeros(latent_dim), torch.eye(latent_dim))


@torch.inference_mode()
def fit_gaussian(latents: Latents) -> LatentGaussian:
    """The Gaussian with the mean and the covariance of these latents: a prior for who has none.

    A millionth of itself is added to each variance, and 1e-12, so that dead latents, and fewer
    images than latents, leave a covariance that can be factored. No picture shows it. Sparse
    latents are never negative, and samples of their Gaussian are.

    Raises:
        UsageError: if there are no latents.

    Example:
        >>> latents = torch.tensor([[0.0, 1.0], [2.0, 1.0], [4.0, 4.0]])
        >>> fit_gaussian(latents).mean
        tensor([2., 2.])
    """
    if len(latents) == 0:
        raise UsageError("There are no codes to fit a Gaussian to. Encode some images first.")
    mean = latents.double().mean(dim=0)
    centred = latents.double() - mean
    covariance = centred.T @ centred / max(1, len(latents) - 1)
    jitter = JITTER * covariance.diagonal() + JITTER**2
    factor = torch.linalg.cholesky(covariance + jitter.diag())
    return LatentGaussian(mean.to(latents), factor.to(latents))


@torch.inference_mode()
def sample_latents(
    gaussian: LatentGaussian, count: int, temperature: float = 1.0, seed: int = 0
) -> Latents:
    """`count` draws from a Gaussian, the same for the same seed: [count, z].

    Arguments:
        temperature: what the noise is multiplied with; 0 gives the mean, and above 1 the latents
            are rarer than the Gaussian's own.

    Example:
        >>> prior = standard_normal(20)
        >>> sample_latents(prior, 3, seed=1).shape
        torch.Size([3, 20])
        >>> torch.equal(sample_latents(prior, 3, seed=1), sample_latents(prior, 3, seed=1))
        True
    """
    check_range("count", count, 1, MOST, whole=True)
    check_range("temperature", temperature, 0, 10)
    like = gaussian.mean
    generator = Generator(like.device).manual_seed(seed)
    shape = (count, len(like))
    noise = torch.randn(shape, generator=generator, device=like.device, dtype=like.dtype)
    return gaussian.mean + temperature * noise @ gaussian.factor.T


def gaussian_for(model: Autoencoder, latents: Latents) -> LatentGaussian | None:
    """What to draw latents from: N(0, I) if that is the model's prior, else what fits these latents.

    None if the model has a prior of another kind, from which it draws by itself.
    """
    if model.has_standard_prior:
        return standard_normal(model.latent_dim)
    return None if model.has_prior else fit_gaussian(latents)


@torch.inference_mode()
def draw(
    model: Autoencoder, count: int, seed: int = 0, gaussian: LatentGaussian | None = None
) -> Latents:
    """`count` latents to draw new pictures of, the same for the same seed: [count, z].

    Arguments:
        gaussian: what they are drawn from; None for the model's own prior.

    Raises:
        UsageError: if there is no Gaussian, and the model has no prior.
    """
    if gaussian is not None:
        return sample_latents(gaussian, count, seed=seed)
    check_range("count", count, 1, MOST, whole=True)
    device = next(model.parameters()).device
    return model.sample_prior(count, Generator(device).manual_seed(seed))
