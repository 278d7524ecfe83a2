"""The conditional variational autoencoder, which may be told the class of a picture."""

from copy import copy

import torch
from torch import Tensor, nn

from ..types import Images, ImageShape, Labels, Latents, Logits
from .base import GaussianLatents
from .distributions import DiagonalGaussian
from .networks import conv_decoder, conv_encoder
from .options import USUAL, Range


class CVAE(GaussianLatents):
    """Convolutions around Gaussian latents; encoder and decoder can be told the class of the image.

    Told the class, the latents need not hold it, and what is left for them is the style: the same
    latents, told another class, are another class in the same hand. In training the class of some
    images is kept back, so that the model is also a plain VAE to who tells it nothing.

    Arguments:
        image_shape: (channels, height, width) of the images; the sides must divide by 4.
        latent_dim: number of latents.
        width: channels at half the size; a quarter of the size has twice as many.
        depth: residual blocks at each size.
        untold: share of the images in training whose class is kept back.
        classes: how many classes there are.

    Raises:
        UsageError: if height or width does not divide by 4.

    References:
        Semi-Supervised Learning with Deep Generative Models (Kingma et al., 2014)
        https://arxiv.org/abs/1406.5298
        Learning Structured Output Representation using Deep Conditional Generative Models
        (Sohn et al., 2015), https://papers.nips.cc/paper/5775
        Classifier-Free Diffusion Guidance (Ho & Salimans, 2022), for keeping classes back,
        https://arxiv.org/abs/2207.12598
    """

    OPTIONS = USUAL | {"untold": Range(0, 1)}

    def __init__(
        self,
        image_shape: ImageShape = (1, 28, 28),
        latent_dim: int = 10,
        width: int = 32,
        depth: int = 0,
        untold: float = 0.1,
        classes: int = 10,
    ) -> None:
        super().__init__(
            image_shape,
            latent_dim,
            conv_encoder(image_shape, 2 * latent_dim, width, depth),
            conv_decoder(image_shape, latent_dim, width, depth),
        )
        self.classes, self.untold = classes, untold
        self.encoder_class = nn.Linear(classes, 8 * width, bias=False)
        self.decoder_class = nn.Linear(classes, 8 * width, bias=False)
        self._labels: Labels | None = None

    def told(self, labels: Labels | None) -> "CVAE":
        twin = copy(self)  # of the module, not of its weights
        twin._labels = labels
        return twin

    def posterior(self, images: Images) -> DiagonalGaussian:
        return DiagonalGaussian.of(self._through(self.encoder, images, self.encoder_class))

    def decode_logits(self, latents: Latents) -> Logits:
        return self._through(self.decoder, latents, self.decoder_class)

    def _through(self, network: nn.Module, values: Tensor, of_class: nn.Linear) -> Tensor:
        """The network's output, the class weighing in on its first fully connected layer."""
        if self._labels is None:
            return network(values)
        one_hot = self._labels
        if one_hot.ndim == 1:
            known = torch.arange(self.classes, device=values.device)
            one_hot = (one_hot[:, None] == known).float()  # [b, k]; all 0 where it is not told
        told: Tensor | None = of_class(one_hot)
        for layer in network.children():
            values = layer(values)
            if told is not None and isinstance(layer, nn.Linear):
                values, told = values + told, None
        return values
