"""How likely an image is under a model with a density, closer than the ELBO tells."""

import math
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from ..errors import UsageError, check_range
from ..models import Autoencoder
from ..models.distributions import LIKELIHOODS
from ..types import Images, PerImage

AT_ONCE = 4000  # pictures that are decoded at a time
MOST_SAMPLES = 100_000


class Evidence(NamedTuple):
    """Estimates of log p(x), in nats, [n] each.

    Attributes:
        log_likelihood: the importance-weighted bound, which is never above log p(x) on average, and
            rises towards it with more samples. Of one sample it is the ELBO.
        standard_error: how far an estimate may be off by chance.
        effective_samples: how many samples of the true posterior the weights are worth. Where
            they are few, the estimate is low by more than its standard error says.
    """

    log_likelihood: PerImage
    standard_error: PerImage
    effective_samples: PerImage

    @property
    def mean(self) -> tuple[float, float]:
        """The average over images and its standard error, which that of the sampling makes alone."""
        error = self.standard_error.square().sum().sqrt() / len(self.standard_error)
        return self.log_likelihood.mean().item(), error.item()


@torch.inference_mode()
def importance_weighted(
    model: Autoencoder,
    images: Images,
    samples: int = 1000,
    likelihood: str = "bernoulli",
    seed: int = 0,
) -> Evidence:
    """log p(x) of each image, from draws of q(z|x) that are weighted by p(x, z) / q(z|x).

    Arguments:
        samples: for each image.
        likelihood: a name in `vae_core.models.distributions.LIKELIHOODS`.

    Raises:
        UsageError: if the model has no density: if its latents are no Gaussian cloud.

    Reference:
        Importance Weighted Autoencoders (Burda et al., 2016), https://arxiv.org/abs/1509.00519

    Example:
        >>> from vae_core.models import build, specify
        >>> model = build(specify("vae", latent_dim=2))
        >>> evidence = importance_weighted(model, torch.zeros(3, 1, 28, 28), samples=50)
        >>> evidence.log_likelihood.shape, bool((evidence.standard_error < 1).all())
        (torch.Size([3]), True)
    """
    check_range("samples", samples, 1, MOST_SAMPLES, whole=True)
    if not model.is_gaussian:
        raise UsageError(
            "This model has no prior, so it has no density. Choose one whose latents are Gaussian, "
            "such as 'vae'."
        )
    generator = Generator(images.device).manual_seed(seed)
    each = max(1, AT_ONCE // samples)
    parts = [
        _log_weights(model, part, samples, likelihood, generator) for part in images.split(each)
    ]
    return _evidence(torch.cat(parts))


def _log_weights(
    model: Autoencoder, images: Images, samples: int, likelihood: str, generator: Generator
) -> Tensor:
    """log p(x, z) / q(z|x) of as many z as there are samples, [b, samples]."""
    posterior = model.posterior(images)
    mean, std = posterior.mean[:, None], posterior.std[:, None]  # [b, 1, z]
    shape = (len(images), samples, model.latent_dim)
    noise = torch.randn(shape, generator=generator, device=mean.device, dtype=mean.dtype)
    latents = mean + std * noise
    wanted = images.repeat_interleave(samples, dim=0)
    drawn = zip(latents.flatten(end_dim=1).split(AT_ONCE), wanted.split(AT_ONCE), strict=True)
    distortions = [LIKELIHOODS[likelihood](model.decode_logits(z).float(), x) for z, x in drawn]
    distortion = torch.cat(distortions).double().view(len(images), samples)
    # Of the two Gaussians the constants cancel.
    log_prior = -0.5 * latents.double().square().sum(dim=2)
    log_posterior = -0.5 * noise.double().square().sum(dim=2) - std.double().log().sum(dim=2)
    return log_prior - log_posterior - distortion


def _evidence(log_weights: Tensor) -> Evidence:
    samples = log_weights.shape[1]
    log_mean = log_weights.logsumexp(dim=1) - math.log(samples)
    relative = (log_weights - log_mean[:, None]).exp()  # 1 on average
    # Of a logarithm to first order. One sample cannot tell how far it is off.
    spread = relative.std(dim=1) if samples > 1 else torch.full_like(log_mean, math.inf)
    effective = samples / relative.square().mean(dim=1)
    return Evidence(log_mean, spread / math.sqrt(samples), effective)
