"""The plain autoencoder: fully connected layers around a few latents."""

from ..types import ImageShape
from .base import PointLatents
from .networks import mlp_decoder, mlp_encoder


class Vanilla(PointLatents):
    """Fully connected layers each way; with depth 0 a single one, the latents being linear.

    Arguments:
        image_shape: (channels, height, width) of the images.
        latent_dim: number of latents.
        width: units of a hidden layer.
        depth: hidden layers each way.

    Reference:
        Reducing the Dimensionality of Data with Neural Networks (Hinton & Salakhutdinov, 2006)
        https://www.cs.toronto.edu/~hinton/absps/science.pdf
    """

    def __init__(
        self,
        image_shape: ImageShape = (1, 28, 28),
        latent_dim: int = 32,
        width: int = 512,
        depth: int = 0,
    ) -> None:
        super().__init__(
            image_shape,
            latent_dim,
            mlp_encoder(image_shape, latent_dim, width, depth),
            mlp_decoder(image_shape, latent_dim, width, depth),
        )
