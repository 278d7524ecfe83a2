"""A trained model over many images, in batches."""

import torch
from torch import Generator

from ..errors import UsageError, check_range
from ..types import Bytes, Images, Labels, Latents, to_bytes
from . import Autoencoder

BATCH = 500  # images at a time, so that no metric needs much memory


@torch.inference_mode()
def reconstruct(model: Autoencoder, images: Images) -> Images:
    """The reconstruction of each image, from its latents without noise.

    Example:
        >>> from vae_core.models import build, specify
        >>> model = build(specify("conv", latent_dim=4, width=4))
        >>> reconstruct(model, torch.rand(3, 1, 28, 28)).shape
        torch.Size([3, 1, 28, 28])
    """
    return torch.cat([model.reconstruct(part) for part in images.split(BATCH)])


@torch.inference_mode()
def encode(model: Autoencoder, images: Images) -> Latents:
    """The latents of each image, without noise: [n, z]."""
    return torch.cat([model.encode(part) for part in images.split(BATCH)])


@torch.inference_mode()
def decode(model: Autoencoder, latents: Latents) -> Images:
    """The picture drawn from each row of latents."""
    return torch.cat([model.decode(part) for part in latents.split(BATCH)])


@torch.inference_mode()
def distortion_and_rate(
    model: Autoencoder,
    images: Images,
    likelihood: str = "bernoulli",
    seed: int = 0,
    targets: Images | None = None,
    labels: Labels | None = None,
) -> tuple[float, float]:
    """Nats per image, from one draw of the latents per image with `seed`; their sum is -ELBO.

    Arguments:
        targets: what should come out; the images themselves if None.
        labels: the classes, of which the model is told if it can be.

    Example:
        >>> from vae_core.models import build, specify
        >>> model = build(specify("vanilla", latent_dim=4))
        >>> distortion, rate = distortion_and_rate(model, torch.rand(3, 1, 28, 28))
        >>> distortion > 0, rate  # a model without a prior has no rate
        (True, 0.0)
    """
    generator = Generator(images.device).manual_seed(seed)
    distortion = rate = 0.0
    wanted = images if targets is None else targets
    for first, part in zip(range(0, len(images), BATCH), images.split(BATCH), strict=True):
        rows = slice(first, first + BATCH)
        told = model.told(None if labels is None else labels[rows])
        cost = told.cost(part, wanted[rows], likelihood, generator)
        distortion += cost.distortion.double().sum().item()
        rate += cost.rate.double().sum().item()
    return distortion / len(images), rate / len(images)


@torch.inference_mode()
def decode_to_bytes(model: Autoencoder, latents: Latents) -> Bytes:
    """The picture drawn from each row of latents, rounded to 0 to 255: [n, c, h, w].

    Raises:
        UsageError: if there are not the model's `latent_dim` of them a row.
    """
    if latents.ndim != 2 or latents.shape[1] != model.latent_dim:
        raise UsageError(
            f"Codes of this model have the shape [n, {model.latent_dim}]; got {list(latents.shape)}."
        )
    drawn = [to_bytes(model.decode(part)) for part in latents.split(BATCH)]
    return torch.cat(drawn)


MOST_PASSES = 100


@torch.inference_mode()
def passes(model: Autoencoder, images: Images, count: int) -> Images:
    """The reconstruction of images, of that again, and so on: [count, b, c, h, w].

    A denoiser moves a picture towards what it takes for clean ones, so going on with it shows
    where it comes to rest.

    Raises:
        UsageError: if `count` is not from 1 to 100.

    Reference:
        What Regularized Auto-Encoders Learn from the Data-Generating Distribution
        (Alain & Bengio, 2014), https://arxiv.org/abs/1211.4246
    """
    check_range("count", count, 1, MOST_PASSES, whole=True)
    out = [model.reconstruct(images)]
    for _ in range(count - 1):
        out.append(model.reconstruct(out[-1]))
    return torch.stack(out)
