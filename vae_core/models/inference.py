"""A trained model over many images, in batches."""

import torch
from torch import Generator

from ..errors import UsageError, check_range
from ..types import Bytes, Images, Latents, to_bytes
from . import Autoencoder

BATCH = 500  # images at a time, so that no metric needs much memory


@torch.inference_mode()
def reconstruct(model: Autoencoder, images: Images) -> Images:
    """What comes back of each image, from its code without noise."""
    return torch.cat([model.reconstruct(part) for part in images.split(BATCH)])


@torch.inference_mode()
def encode(model: Autoencoder, images: Images) -> Latents:
    """The code of each image, without noise."""
    return torch.cat([model.encode(part) for part in images.split(BATCH)])


@torch.inference_mode()
def decode(model: Autoencoder, of_images: Latents) -> Images:
    """The picture of each code."""
    return torch.cat([model.decode(part) for part in of_images.split(BATCH)])


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


@torch.inference_mode()
def decode_to_bytes(model: Autoencoder, codes: Latents) -> Bytes:
    """What the model draws from each code, rounded to 0 to 255, [n, c, h, w].

    Raises:
        UsageError: if a code does not have the model's `latent_dim` numbers.
    """
    if codes.ndim != 2 or codes.shape[1] != model.latent_dim:
        raise UsageError(
            f"Codes of this model have the shape [n, {model.latent_dim}]; got {list(codes.shape)}."
        )
    drawn = [to_bytes(model.decode(part)) for part in codes.split(BATCH)]
    return torch.cat(drawn)


MOST_PASSES = 100


@torch.inference_mode()
def passes(model: Autoencoder, images: Images, count: int) -> Images:
    """What a model makes of images, of that again, and so on: [count, b, c, h, w].

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
