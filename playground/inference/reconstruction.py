"""What every chosen model makes of one digit: pictures and numbers, no page and no server."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator

from vae_core.data.corruption import corrupt
from vae_core.evaluation.metrics import psnr_db
from vae_core.models import GaussianLatents
from vae_core.models.distributions import DiagonalGaussian
from vae_core.training.checkpoints import Checkpoint
from vae_core.types import Images, Latents

from ..noise import Noise
from .images import as_images, as_pictures

STRENGTHS = tuple(step / 20 for step in range(21))  # along the PSNR plot


class View(NamedTuple):
    """What one model makes of the noisy digit. MSE and PSNR are against the clean one.

    Attributes:
        picture: [h, w], black 0 to white 255.
        code: [z], as it was decoded.
        cloud: [2, z], mean and standard deviation of each number; None if the code is a point.
        mse: squared error per pixel, white being 1.
        psnr_db: the same in decibels; infinite if nothing differs.
        active: the share of the code's numbers that are not zero.
        sampled: whether the code was drawn at random instead of taken at its mean.
    """

    picture: NDArray[np.uint8]
    code: NDArray[np.float32]
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


class Task(NamedTuple):
    """One digit, and what to do with it; as in `compare`."""

    digit: NDArray[np.uint8]
    noise: Noise
    models: Sequence[Checkpoint]
    sample_seed: int | None


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
    return compare_many([Task(digit, noise, models, sample_seed)])[0]


@torch.inference_mode()
def compare_many(tasks: Sequence[Task]) -> list[Comparison]:
    """Several digits of one size, each through its models, which is less work than one by one.

    Numbers may differ from those of `compare` in their last bits.
    """
    clean = torch.cat([as_images(task.digit[None]) for task in tasks])
    noisy = torch.cat([noisy_image(task.digit, task.noise) for task in tasks])
    views: dict[tuple[int, int], View] = {}  # by task, and by the place of a model in it
    for checkpoint, places in _by_model(tasks):
        rows = [row for row, _ in places]
        seeds = [tasks[row].sample_seed for row in rows]
        seen = _views(checkpoint, noisy[rows], clean[rows], seeds)
        views.update(zip(places, seen, strict=True))
    return [
        Comparison(picture, mse, psnr_db(mse), [views[row, i] for i in range(len(task.models))])
        for row, (task, picture, mse) in enumerate(
            zip(tasks, as_pictures(noisy), _mse(noisy, clean), strict=True)
        )
    ]


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


def _by_model(tasks: Sequence[Task]) -> list[tuple[Checkpoint, list[tuple[int, int]]]]:
    """Each model, and where it is wanted: the place of the task, and its own place in that."""
    found: dict[int, tuple[Checkpoint, list[tuple[int, int]]]] = {}
    for row, task in enumerate(tasks):
        for i, checkpoint in enumerate(task.models):
            found.setdefault(id(checkpoint.model), (checkpoint, []))[1].append((row, i))
    return list(found.values())


def _views(
    checkpoint: Checkpoint, noisy: Images, clean: Images, sample_seeds: Sequence[int | None]
) -> list[View]:
    model = checkpoint.model
    clouds: list[NDArray[np.float32] | None] = [None] * len(noisy)
    if isinstance(model, GaussianLatents):
        posterior = model.posterior(noisy)
        clouds = list(torch.stack([posterior.mean, posterior.std], dim=1).float().numpy())
        codes = torch.cat(
            [
                _drawn(mean, log_var, seed)
                for mean, log_var, seed in zip(
                    posterior.mean.split(1), posterior.log_var.split(1), sample_seeds, strict=True
                )
            ]
        )
    else:
        codes = model.encode(noisy)
    out = model.decode(codes)
    return [
        View(
            picture, code, cloud, mse, psnr_db(mse), active, cloud is not None and seed is not None
        )
        for picture, code, cloud, mse, active, seed in zip(
            as_pictures(out),
            codes.float().numpy(),
            clouds,
            _mse(out, clean),
            (codes != 0).float().mean(dim=1).tolist(),
            sample_seeds,
            strict=True,
        )
    ]


def _drawn(mean: Latents, log_var: Latents, seed: int | None) -> Latents:
    """The code of one digit: drawn with the seed, or the mean if there is none."""
    if seed is None:
        return mean
    return DiagonalGaussian(mean, log_var).sample(Generator().manual_seed(seed))


def _spoil(clean: Images, noise: Noise) -> Images:
    return corrupt(clean, noise.kind, noise.strength, Generator().manual_seed(noise.seed))


def _mse(images: Images, clean: Images) -> list[float]:
    return (images - clean).square().flatten(start_dim=1).mean(dim=1).tolist()
