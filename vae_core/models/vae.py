"""The variational autoencoder with fully connected layers."""

from ..types import ImageShape
from .base import GaussianLatents
from .networks import mlp_decoder, mlp_encoder


class VAE(GaussianLatents):
    """Fully connected layers each way, around Gaussian latents.

    Arguments:
        image_shape: (channels, height, width) of the images.
        latent_dim: number of latents.
        width: units of a hidden layer.
        depth: hidden layers each way.

    Reference:
        Auto-Encoding Variational Bayes (Kingma & Welling, 2013), https://arxiv.org/abs/1312.6114
    """

    def __init__(
        self,
        image_shape: ImageShape = (1, 28, 28),
        latent_dim: int = 20,
        width: int = 512,
        depth: int = 2,
    ) -> None:
        super().__init__(
            image_shape,
            latent_dim,
            mlp_encoder(image_shape, 2 * latent_dim, width, depth),
            mlp_decoder(image_shape, latent_dim, width, depth),
        )
