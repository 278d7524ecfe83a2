"""The convolutional autoencoder. Trained on corrupted images, it is the denoiser."""

from ..types import ImageShape
from .base import PointLatents
from .networks import conv_decoder, conv_encoder


class Conv(PointLatents):
    """Strided convolutions in, transposed convolutions out, around plain latents.

    Arguments:
        image_shape: (channels, height, width) of the images; the sides must divide by 4.
        latent_dim: number of latents.
        width: channels at half the size; a quarter of the size has twice as many.
        depth: residual blocks at each size.
        out_channels: channels of what comes out, such as 3 for a picture in colour; None for as
            many as go in.

    Raises:
        UsageError: if height or width does not divide by 4.

    Reference:
        Stacked Convolutional Auto-Encoders for Hierarchical Feature Extraction
        (Masci et al., 2011), https://people.idsia.ch/~juergen/icann2011stack.pdf
    """

    def __init__(
        self,
        image_shape: ImageShape = (1, 28, 28),
        latent_dim: int = 32,
        width: int = 32,
        depth: int = 0,
        out_channels: int | None = None,
    ) -> None:
        channels, height, width_px = image_shape
        drawn_shape = (out_channels or channels, height, width_px)
        super().__init__(
            image_shape,
            latent_dim,
            conv_encoder(image_shape, latent_dim, width, depth),
            conv_decoder(drawn_shape, latent_dim, width, depth),
            drawn_shape,
        )
