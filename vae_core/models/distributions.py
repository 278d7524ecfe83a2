"""The price of an image to an autoencoder, in nats, and the posterior that sets it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from ..types import Images, Latents, Logits, PerImage

PIXEL_SIGMA = 0.1  # standard deviation of a pixel under the Gaussian likelihood, white = 1


class Cost(NamedTuple):
    """The cost of a batch, image by image: nats per image, [b] each.

    Attributes:
        distortion: -log p(x|z), the price of an imperfect reconstruction.
        rate: KL(q(z|x) || p(z)), the price of the latents; 0 for a model without a prior.
        penalty: what training adds to shape the latents, such as sparsity. Not part of the ELBO.
    """

    distortion: PerImage
    rate: PerImage
    penalty: PerImage

    @property
    def elbo(self) -> PerImage:
        """The evidence lower bound on log p(x), in nats per image. Higher is better."""
        return -(self.distortion + self.rate)

    def loss(self, beta: float = 1.0) -> Tensor:
        """The scalar to minimise: at beta = 1 and without a penalty it is -ELBO.

        Reference:
            beta-VAE (Higgins et al., 2017), https://openreview.net/forum?id=Sy2fzU9gl
        """
        return (self.distortion + beta * self.rate + self.penalty).mean()


@dataclass(frozen=True)
class DiagonalGaussian:
    """q(z|x): one Gaussian per image, its axes independent.

    Example:
        >>> posterior = DiagonalGaussian(torch.zeros(1, 3), torch.zeros(1, 3))
        >>> posterior.kl_per_latent()  # it is the prior itself
        tensor([[0., 0., 0.]])
        >>> posterior.at(torch.tensor([[1.0, -1.0, 2.0]]))
        tensor([[ 1., -1.,  2.]])
    """

    mean: Latents
    log_var: Latents

    @classmethod
    def of(cls, numbers: Tensor) -> "DiagonalGaussian":
        """The Gaussians of [b, 2 z] numbers, their means first and then their log-variances.

        A log-variance is kept within ±20, so that no cost overflows.
        """
        wide = numbers if numbers.dtype == torch.float64 else numbers.float()
        mean, log_var = wide.chunk(2, dim=-1)  # [b, z] each
        return cls(mean, log_var.clamp(-20, 20))

    @property
    def std(self) -> Latents:
        """The standard deviation of each axis."""
        return torch.exp(0.5 * self.log_var)

    def sample(self, generator: Generator | None = None) -> Latents:
        """One draw per image by reparameterisation: gradients flow to `mean` and `log_var`."""
        like = self.mean
        noise = torch.randn(like.shape, generator=generator, device=like.device, dtype=like.dtype)
        return self.at(noise)

    def at(self, noise: Latents) -> Latents:
        """The latents that noise from N(0, I) stands for: mean plus standard deviation times noise."""
        return self.mean + self.std * noise

    def kl_per_latent(self) -> Tensor:
        """KL(q || N(0, I)) in nats, [b, z]: its sum over z is the rate.

        Reference:
            Auto-Encoding Variational Bayes (Kingma & Welling, 2013), appendix B
            https://arxiv.org/abs/1312.6114
        """
        return 0.5 * (self.mean**2 + self.log_var.exp() - 1 - self.log_var)


def bernoulli_distortion(logits: Logits, images: Images) -> PerImage:
    """-log p(x|z) in nats, reading each pixel as the chance of a white dot: cross-entropy.

    On grey pixels a perfect reconstruction scores the entropy of the image, not 0. Compare
    models with it, never data sets.

    Example:
        >>> undecided = torch.zeros(1, 1, 28, 28)  # logits: each pixel is white with probability 1/2
        >>> nats = bernoulli_distortion(undecided, torch.ones(1, 1, 28, 28))
        >>> round(nats.item(), 2), round(784 * math.log(2), 2)
        (543.43, 543.43)
    """
    each = F.binary_cross_entropy_with_logits(logits, images, reduction="none")
    return each.flatten(start_dim=1).sum(dim=1)


def gaussian_distortion(logits: Logits, images: Images) -> PerImage:
    """-log p(x|z) in nats for Gaussian pixels around sigmoid(logits): squared error.

    The standard deviation is fixed at `PIXEL_SIGMA`, and the Gaussian's constant is counted. A
    density may exceed 1, so this can be negative.
    """
    error = ((torch.sigmoid(logits) - images) / PIXEL_SIGMA) ** 2
    constant = 2 * math.log(PIXEL_SIGMA) + math.log(2 * math.pi)
    return 0.5 * (error + constant).flatten(start_dim=1).sum(dim=1)


LIKELIHOODS: dict[str, Callable[[Logits, Images], PerImage]] = {
    "bernoulli": bernoulli_distortion,
    "gaussian": gaussian_distortion,
}
