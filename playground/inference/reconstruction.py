"""What every chosen model makes of one digit: pictures and numbers, no page and no server."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator

from vae_core.data.corruption import corrupt
from vae_core.evaluation.metrics import psnr_db
from vae_core.models.distributions import DiagonalGaussian
from vae_core.training.checkpoints import Checkpoint
from vae_core.types import Images, Latents

from ..wire.noise import Noise
from .images import as_images, as_pictures

STRENGTHS = tuple(step / 20 for step in range(21))  # along the PSNR plot


class View(NamedTuple):
    """What one model makes of the noisy digit. MSE and PSNR are against the clean one.

    Attributes:
        picture: [h, w], black 0 to white 255.
        latents: [z], as they were decoded.
        cloud: [2, z], mean and standard deviation of each number; None if the latents are a point.
        mse: squared error per pixel, white being 1.
        psnr_db: the same in decibels; infinite if nothing differs.
        active: the share of the latents that are not zero.
        sampled: whether the latents were drawn at random instead of taken at their mean.
    """

    picture: NDArray[np.uint8]
    latents: NDArray[np.float32]
    cloud: NDArray[np.float32] | None
    mse: float
    psnr_db: float
    active: float
    sampled: bool


class Comparison(NamedTuple):
    """The noisy digit, how far it is from the clean one, and every model's view of it."""

    noisy: NDArray[np.uint8]
    mse: float
    psnr_db: float
    views: list[View]


@torch.inference_mode()
def compare(
    digit: NDArray[np.uint8],
    noise: Noise,
    models: Sequence[Checkpoint],
    sample_seed: int | None = None,
) -> Comparison:
    """One digit through each of the models.

    Arguments:
        digit: [h, w], black 0 to white 255.
        sample_seed: draws the codes of variational models; None takes their means.
    """
    clean, noisy = as_images(digit[None]), noisy_image(digit, noise)
    (mse,), (picture,) = _mse(noisy, clean), as_pictures(noisy)
    views = [_view(checkpoint, noisy, clean, sample_seed) for checkpoint in models]
    return Comparison(picture, mse, psnr_db(mse), views)


@torch.inference_mode()
def psnr_curves(
    digit: NDArray[np.uint8], noise: Noise, models: Sequence[Checkpoint]
) -> dict[str, list[float]]:
    """PSNR in dB at each of `STRENGTHS`, by model; under "" that of the noisy digit itself.

    The pattern of the noise is the one of `noise.seed`, so the curves pass through the numbers
    that `compare` gives. Variational models decode the mean of their code.
    """
    clean = as_images(digit[None])
    noisy = torch.cat([_spoil(clean, noise._replace(strength=each)) for each in STRENGTHS])
    curves = {"": noisy}
    for checkpoint in models:
        curves[checkpoint.name] = checkpoint.model.reconstruct(noisy)
    return {name: [psnr_db(mse) for mse in _mse(out, clean)] for name, out in curves.items()}


def finite(number: float) -> float | None:
    """The number, or None where it is infinite or none: JSON has no word for that."""
    return number if np.isfinite(number) else None


def noisy_image(digit: NDArray[np.uint8], noise: Noise) -> Images:
    """The digit, [h, w], with its noise, as every model sees it: [1, 1, h, w].

    It is rounded nowhere but in the picture that is shown of it.
    """
    return _spoil(as_images(digit[None]), noise)


def _view(checkpoint: Checkpoint, noisy: Images, clean: Images, seed: int | None) -> View:
    model = checkpoint.model
    cloud: NDArray[np.float32] | None = None
    if model.has_posterior:
        posterior = model.posterior(noisy)
        cloud = torch.cat([posterior.mean, posterior.std]).float().numpy()  # [2, z]
        latents = _drawn(posterior.mean, posterior.log_var, seed)
    else:
        latents = model.encode(noisy)
    out = model.decode(latents)
    (picture,), (mse,) = as_pictures(out), _mse(out, clean)
    active = (latents != 0).float().mean().item()
    sampled = cloud is not None and seed is not None
    return View(picture, latents[0].float().numpy(), cloud, mse, psnr_db(mse), active, sampled)


def _drawn(mean: Latents, log_var: Latents, seed: int | None) -> Latents:
    """The latents of one digit: drawn with the seed, or the mean if there is none."""
    if seed is None:
        return mean
    return DiagonalGaussian(mean, log_var).sample(Generator().manual_seed(seed))


def _spoil(clean: Images, noise: Noise) -> Images:
    return corrupt(clean, noise.kind, noise.strength, Generator().manual_seed(noise.seed))


def _mse(images: Images, clean: Images) -> list[float]:
    return (images - clean).square().flatten(start_dim=1).mean(dim=1).tolist()
