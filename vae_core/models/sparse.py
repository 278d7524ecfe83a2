"""The sparse autoencoder: a wide code of which each image may use only a little."""

from math import prod

import torch.nn.functional as F
from torch import Generator, nn

from ..types import Codes, Images, ImageShape, Logits
from .base import Autoencoder, Coded


class UnitPictures(nn.Linear):
    """A layer that adds up one picture per unit, each of length 1."""

    def __init__(self, units: int, image_shape: ImageShape) -> None:
        super().__init__(units, prod(image_shape))
        self.image_shape = image_shape

    def forward(self, input: Codes) -> Logits:
        pictures = F.normalize(self.weight, dim=0)  # [c * h * w, z]
        return F.linear(input, pictures, self.bias).unflatten(1, self.image_shape)


class Sparse(Autoencoder):
    """One layer each way around many units, most of them off: an L1 price on what is on.

    Each unit draws one picture of unit length, so that the price cannot be dodged by small
    activations with large pictures.

    Arguments:
        image_shape: (channels, height, width) of the images.
        latent_dim: units in the code; more than a plain code would need.
        sparsity: price of activation, in nats per unit of it.

    Reference:
        Emergence of Simple-Cell Receptive Field Properties by Learning a Sparse Code for
        Natural Images (Olshausen & Field, 1996), https://doi.org/10.1038/381607a0
    """

    def __init__(
        self,
        image_shape: ImageShape = (1, 28, 28),
        latent_dim: int = 256,
        sparsity: float = 1.0,
    ) -> None:
        super().__init__()
        self.image_shape = image_shape
        self.latent_dim = latent_dim
        self.sparsity = sparsity
        pixels = prod(image_shape)
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(pixels, latent_dim), nn.ReLU())
        self.decoder = UnitPictures(latent_dim, image_shape)

    def encode(self, images: Images) -> Codes:
        return self.encoder(images)

    def code(self, images: Images, generator: Generator | None = None) -> Coded:
        codes = self.encode(images)
        penalty = self.sparsity * codes.float().sum(dim=1)
        return Coded(codes, rate=penalty.new_zeros(len(codes)), penalty=penalty)
