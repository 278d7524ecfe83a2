"""The variational autoencoder with convolutions."""

from ..types import ImageShape
from .base import GaussianLatents
from .networks import conv_decoder, conv_encoder


class ConvVAE(GaussianLatents):
    """Strided convolutions in, transposed convolutions out, around Gaussian latents.

    Arguments:
        image_shape: (channels, height, width) of the images; the sides must divide by 4.
        latent_dim: number of latents.
        width: channels at half the size; a quarter of the size has twice as many.
        depth: residual blocks at each size.

    Raises:
        UsageError: if height or width does not divide by 4.

    Reference:
        Auto-Encoding Variational Bayes (Kingma & Welling, 2013), https://arxiv.org/abs/1312.6114
    """

    def __init__(
        self,
        image_shape: ImageShape = (1, 28, 28),
        latent_dim: int = 20,
        width: int = 32,
        depth: int = 0,
    ) -> None:
        super().__init__(
            image_shape,
            latent_dim,
            conv_encoder(image_shape, 2 * latent_dim, width, depth),
            conv_decoder(image_shape, latent_dim, width, depth),
        )
