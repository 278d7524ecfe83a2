"""Continuity, completeness and density of a latent space, as numbers with a unit."""

from collections.abc import Iterator
from math import pi, sqrt
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from ..errors import UsageError, check_range
from ..latent.sampling import LatentGaussian, draw, fit_gaussian
from ..models import Autoencoder
from ..models.inference import BATCH, decode_to_bytes
from ..types import Latents, to_floats
from .classifier import class_probabilities

ENOUGH = 2000  # images; with more, the numbers hardly change
DISTANCES = 5_000_000  # held at once: 20 MB


class Continuity(NamedTuple):
    """The change of a picture at one small step of its latents; less is smoother.

    Root mean square over pixels, white being 1, per step.
    """

    mean: float  # over images
    p99: float  # one step in a hundred changes the picture more: a tear, where the mean is small


@torch.inference_mode()
def continuity(
    model: Autoencoder, latents: Latents, step: float = 0.05, seed: int = 0
) -> Continuity:
    """The change of the picture when its latents move a little, where real digits lie.

    The latents of each image, of at most 2,000 chosen with `seed`, take one step in a random
    direction. A step is `step` times as long as the typical distance from the mean of all.
    Distances and directions are taken after whitening, where the spread is the same in every
    direction: models whose latents differ in scale, in shape or in number take comparable steps,
    and rotating or stretching a latent space changes nothing.

    In a formula: the step is step * √z * factor @ u, with u uniform on the unit sphere and
    factor @ factor.T the covariance of the latents. The number grows in proportion to `step` while
    steps are small, so compare only at the same one.

    Arguments:
        latents: of many real images, [n, z].

    Raises:
        UsageError: if `step` is not from 0 to 1, there are no latents, or they are codes.
    """
    check_range("step", step, 0, 1)
    if model.codes:
        raise UsageError(
            "Nothing lies between two codes of this model, so that a small step leads nowhere. "
            "Choose a model whose latents are numbers."
        )
    factor = fit_gaussian(latents).factor
    generator = Generator(latents.device).manual_seed(seed)
    rows = torch.randperm(len(latents), generator=generator, device=latents.device)[:ENOUGH]
    starts = latents[rows]
    noise = torch.randn(starts.shape, generator=generator, device=latents.device)
    directions = F.normalize(noise, dim=1)
    ends = starts + step * sqrt(latents.shape[1]) * directions @ factor.T
    changes = torch.cat(
        [
            (model.decode(end) - model.decode(start)).square().mean(dim=(1, 2, 3)).sqrt()
            for start, end in zip(starts.split(BATCH), ends.split(BATCH), strict=True)
        ]
    )
    return Continuity(changes.mean().item(), changes.quantile(0.99).item())


@torch.inference_mode()
def completeness(
    model: Autoencoder,
    gaussian: LatentGaussian | None,
    classifier: nn.Sequential,
    count: int = 2000,
    sure: float = 0.9,
    seed: int = 0,
) -> float:
    """The share of random latents that decode to what the classifier takes for a digit, 0 to 1.

    Compare it with the share among the model's own reconstructions, which a blurred model lowers
    too. The classifier knows no class for "not a digit", and is sometimes sure of a blot. With 2,000
    draws chance moves the number by about 0.01.

    Arguments:
        gaussian: what is drawn from: `vae_core.latent.sampling.gaussian_for` of many images'
            latents; None for the model's own prior.
        classifier: `vae_core.evaluation.classifier`'s.
        sure: the probability that the likeliest class must have.
    """
    check_range("sure", sure, 0, 1)
    drawn = to_floats(decode_to_bytes(model, draw(model, count, seed, gaussian)))
    return (class_probabilities(classifier, drawn).amax(dim=1) >= sure).float().mean().item()


@torch.inference_mode()
def density(latents: Latents, points: Tensor, bandwidth: float | None = None) -> Tensor:
    """The density of the latents at each point, as a share of them per unit of area, [m].

    Gaussian kernels about the latents, [n, z], added up at the points, [m, z]. Over the whole space
    it adds to 1.

    Arguments:
        bandwidth: a kernel's standard deviation, in the latents' own unit; by Scott's rule if None.

    Reference:
        Multivariate Density Estimation (Scott, 1992), https://doi.org/10.1002/9780470316849
    """
    check_some(latents)
    dim = latents.shape[1]
    spread = latents.var(dim=0, correction=0).mean().sqrt().clamp(min=1e-6).item()
    width = spread * len(latents) ** (-1 / (dim + 4)) if bandwidth is None else bandwidth
    check_range("bandwidth", width, 1e-9, 1e9)
    kernels = (torch.exp(-0.5 * (far / width) ** 2) for far in _distances(latents, points))
    heights = torch.cat([part.mean(dim=1) for part in kernels])
    return heights / (sqrt(2 * pi) * width) ** dim


@torch.inference_mode()
def nearest_distance(latents: Latents, points: Tensor) -> Tensor:
    """The Euclidean distance from each point, [m, z], to the nearest latents, [n, z]: [m]."""
    check_some(latents)
    return torch.cat([far.amin(dim=1) for far in _distances(latents, points)])


def check_some(latents: Latents) -> None:
    """Refuses no latents at all.

    Raises:
        UsageError: if there are none.
    """
    if len(latents) == 0:
        raise UsageError("There are no codes to measure from. Encode some images first.")


def _distances(latents: Latents, points: Tensor) -> Iterator[Tensor]:
    """The distances from each point to all latents, [part, n], as many points at a time as memory allows."""
    for part in points.split(max(1, DISTANCES // len(latents))):
        # The faster mode, by a matrix product, loses near neighbours to rounding.
        yield torch.cdist(part, latents, compute_mode="donot_use_mm_for_euclid_dist")
