"""How even and how full a latent space is, as numbers with a unit."""

from collections.abc import Iterator
from math import pi, sqrt
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from ..errors import UsageError, check_range
from ..latent.sampling import LatentGaussian, fit_gaussian, sample_latents
from ..models import Autoencoder
from ..models.inference import BATCH, decode_to_bytes
from ..types import Latents, to_floats
from .classifier import class_probabilities

ENOUGH = 2000  # codes; with more, the numbers hardly change
DISTANCES = 5_000_000  # held at once: 20 MB


class Continuity(NamedTuple):
    """How much a picture changes at one small step of its code; less is smoother.

    Root mean square over pixels, white being 1, per step.
    """

    mean: float  # over codes
    p99: float  # one step in a hundred changes the picture more: a tear, where the mean is small


@torch.inference_mode()
def continuity(
    model: Autoencoder, codes: Latents, step: float = 0.05, seed: int = 0
) -> Continuity:
    """How much the picture changes when its code moves a little, where real digits lie.

    Each code, of at most 2,000 chosen with `seed`, takes one step in a random direction. A step
    is `step` times as long as a typical code is far from the mean of all codes. Distances and
    directions are taken after whitening, where the codes have the same spread in every direction:
    models whose codes differ in scale, in shape or in how many numbers they have take
    comparable steps, and rotating or stretching a latent space changes nothing.

    In a formula: the step is step * √z * factor @ u, with u uniform on the unit sphere and
    factor @ factor.T the covariance of the codes. The number grows in proportion to `step` while
    steps are small, so compare only at the same one.

    Arguments:
        codes: of many real images, [n, z].

    Raises:
        UsageError: if `step` is not from 0 to 1, or there is no code.
    """
    check_range("step", step, 0, 1)
    factor = fit_gaussian(codes).factor
    generator = Generator(codes.device).manual_seed(seed)
    rows = torch.randperm(len(codes), generator=generator, device=codes.device)[:ENOUGH]
    starts = codes[rows]
    noise = torch.randn(starts.shape, generator=generator, device=codes.device)
    directions = F.normalize(noise, dim=1)
    ends = starts + step * sqrt(codes.shape[1]) * directions @ factor.T
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
    gaussian: LatentGaussian,
    classifier: nn.Sequential,
    count: int = 2000,
    sure: float = 0.9,
    seed: int = 0,
) -> float:
    """The share of random codes that decode to what the classifier takes for a digit, 0 to 1.

    Compare it with the share among the model's own reconstructions, which a blurred model lowers
    too. The classifier knows no class for "not a digit", and is sometimes sure of a blot. With 2,000
    codes chance moves the number by about 0.01.

    Arguments:
        gaussian: what the codes are drawn from: `latent.standard` if the model has a prior, and
            `latent.fitted` to many codes if it has none.
        classifier: `vae_core.evaluation.classifier`'s.
        sure: the chance that the likeliest class must have.
    """
    check_range("sure", sure, 0, 1)
    drawn = to_floats(decode_to_bytes(model, sample_latents(gaussian, count, seed=seed)))
    return (class_probabilities(classifier, drawn).amax(dim=1) >= sure).float().mean().item()


@torch.inference_mode()
def density(codes: Latents, points: Tensor, bandwidth: float | None = None) -> Tensor:
    """How densely the codes lie about each point, as a share of them per unit of area, [m].

    Gaussian kernels about the codes, [n, z], added up at the points, [m, z]. Over the whole space
    it adds to 1.

    Arguments:
        bandwidth: a kernel's standard deviation, in the codes' own unit; by Scott's rule if None.

    Reference:
        Multivariate Density Estimation (Scott, 1992), https://doi.org/10.1002/9780470316849
    """
    check_some(codes)
    dim = codes.shape[1]
    spread = codes.var(dim=0, correction=0).mean().sqrt().clamp(min=1e-6).item()
    width = spread * len(codes) ** (-1 / (dim + 4)) if bandwidth is None else bandwidth
    check_range("bandwidth", width, 1e-9, 1e9)
    kernels = (torch.exp(-0.5 * (far / width) ** 2) for far in _distances(codes, points))
    heights = torch.cat([part.mean(dim=1) for part in kernels])
    return heights / (sqrt(2 * pi) * width) ** dim


@torch.inference_mode()
def nearest_distance(codes: Latents, points: Tensor) -> Tensor:
    """How far each point, [m, z], is from the nearest code, [n, z]: Euclidean distance, [m]."""
    check_some(codes)
    return torch.cat([far.amin(dim=1) for far in _distances(codes, points)])


def check_some(codes: Latents) -> None:
    """Refuses no codes at all.

    Raises:
        UsageError: if there are none.
    """
    if len(codes) == 0:
        raise UsageError("There are no codes to measure from. Encode some images first.")


def _distances(codes: Latents, points: Tensor) -> Iterator[Tensor]:
    """From each point to each code, [part, n], as many points at a time as memory allows."""
    for part in points.split(max(1, DISTANCES // len(codes))):
        # The faster mode, by a matrix product, loses near neighbours to rounding.
        yield torch.cdist(part, codes, compute_mode="donot_use_mm_for_euclid_dist")


def prior_density(points: Tensor) -> Tensor:
    """N(z; 0, I) at each point, [m, z], as a share of the prior per unit of area, [m]."""
    return (-0.5 * points.square().sum(dim=1)).exp() / sqrt(2 * pi) ** points.shape[1]
