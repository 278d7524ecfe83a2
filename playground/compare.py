"""What every chosen model makes of one digit: pictures and numbers, no page and no server."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator

from vae_core.checkpoints import Checkpoint
from vae_core.corruption import corrupt
from vae_core.metrics import active_share, psnr_db, to_floats
from vae_core.models import GaussianCode
from vae_core.types import Codes, Images

STRENGTHS = tuple(step / 20 for step in range(21))  # along the PSNR plot


class Noise(NamedTuple):
    """How a digit is spoilt before the models see it."""

    kind: str
    strength: float  # 0 leaves the digit as it is
    seed: int


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
    clean = _as_images(digit)
    noisy = _spoil(clean, noise)
    mse = _mse(noisy, clean)[0]
    views = [_view(checkpoint, noisy, clean, sample_seed) for checkpoint in models]
    return Comparison(_as_picture(noisy), mse, psnr_db(mse), views)


@torch.inference_mode()
def psnr_curves(
    digit: NDArray[np.uint8], noise: Noise, models: Sequence[Checkpoint]
) -> dict[str, list[float]]:
    """PSNR in dB at each of `STRENGTHS`, by model; under "" that of the noisy digit itself.

    The pattern of the noise is the one of `noise.seed`, so the curves pass through the numbers
    that `compare` gives. Variational models decode the mean of their code.
    """
    clean = _as_images(digit)
    noisy = torch.cat([_spoil(clean, noise._replace(strength=each)) for each in STRENGTHS])
    curves = {"": noisy}
    for checkpoint in models:
        curves[checkpoint.name] = checkpoint.model.reconstruct(noisy)
    return {name: [psnr_db(mse) for mse in _mse(out, clean)] for name, out in curves.items()}


def _view(checkpoint: Checkpoint, noisy: Images, clean: Images, sample_seed: int | None) -> View:
    model = checkpoint.model
    code: Codes
    if isinstance(model, GaussianCode):
        posterior = model.posterior(noisy)
        spread = torch.exp(0.5 * posterior.log_var)
        cloud = torch.cat([posterior.mean, spread]).float().numpy()  # [2, z]
        sampled = sample_seed is not None
        code = posterior.mean  # [b, z]
        if sample_seed is not None:
            code = posterior.sample(Generator().manual_seed(sample_seed))
    else:
        code, cloud, sampled = model.encode(noisy), None, False
    out = model.decode(code)
    mse = _mse(out, clean)[0]
    numbers = code[0].float().numpy()
    return View(_as_picture(out), numbers, cloud, mse, psnr_db(mse), active_share(code), sampled)


def _spoil(clean: Images, noise: Noise) -> Images:
    return corrupt(clean, noise.kind, noise.strength, Generator().manual_seed(noise.seed))


def _mse(images: Images, clean: Images) -> list[float]:
    return (images - clean).square().flatten(start_dim=1).mean(dim=1).tolist()


def _as_images(digit: NDArray[np.uint8]) -> Images:
    return to_floats(torch.from_numpy(digit)[None, None])  # [b, c, h, w]


def _as_picture(images: Images) -> NDArray[np.uint8]:
    return (images[0, 0] * 255).round().to(torch.uint8).numpy()
