"""Principal components: the best that a linear autoencoder can do, and the baseline to beat."""

from math import prod

import torch
from torch import Tensor, nn

from ..errors import UsageError
from ..types import Bytes, ImageShape, Latents, Logits
from .base import PointLatents

CERTAIN = 1e-3  # a pixel is never surer than this to be black or white


class PCA(PointLatents):
    """The mean image plus `latent_dim` pictures, by how much of each an image holds.

    Solved in closed form before training, which then has nothing left to do (epochs = 0).
    Values outside black and white are cut off.

    Arguments:
        image_shape: (channels, height, width) of the images.
        latent_dim: principal components kept.

    Raises:
        UsageError: if there are more components than pixels.

    Reference:
        Neural Networks and Principal Component Analysis: Learning from Examples Without Local
        Minima (Baldi & Hornik, 1989), https://doi.org/10.1016/0893-6080(89)90014-2
    """

    def __init__(self, image_shape: ImageShape = (1, 28, 28), latent_dim: int = 32) -> None:
        pixels = prod(image_shape)
        if latent_dim > pixels:
            raise UsageError(
                f"An image of {pixels} pixels has no more principal components than that; got "
                f"latent_dim = {latent_dim}."
            )
        super().__init__(
            image_shape,
            latent_dim,
            nn.Sequential(nn.Flatten(), nn.Linear(pixels, latent_dim)),
            nn.Sequential(nn.Linear(latent_dim, pixels), nn.Unflatten(1, image_shape)),
        )

    def decode_logits(self, latents: Latents) -> Logits:
        pixels = self.decoder(latents).float()  # bfloat16 would round 1 - CERTAIN to 1
        return torch.logit(pixels.clamp(CERTAIN, 1 - CERTAIN))

    def fit_before_training(self, images: Bytes) -> None:
        mean, components = principal_components(images, self.latent_dim)
        project = {"weight": components, "bias": -components @ mean}
        combine = {"weight": components.T, "bias": mean}
        self.encoder.load_state_dict({f"1.{name}": value for name, value in project.items()})
        self.decoder.load_state_dict({f"0.{name}": value for name, value in combine.items()})


def principal_components(images: Bytes, count: int) -> tuple[Tensor, Tensor]:
    """The mean image [pixels] and the `count` directions of largest variance [count, pixels]."""
    pixels = images.flatten(start_dim=1).double() / 255  # [n, pixels]
    mean = pixels.mean(dim=0)
    _, vectors = torch.linalg.eigh((pixels - mean).T @ (pixels - mean))  # ascending
    return mean.float(), vectors.flip(1)[:, :count].T.float()
