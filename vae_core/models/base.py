"""The contract between a model and everything that uses one."""

from abc import ABC, abstractmethod
from typing import NamedTuple

import torch
from torch import Generator, Tensor, nn

from ..errors import UsageError
from ..types import Bytes, Images, ImageShape, Latents, Logits, PerImage
from .distributions import LIKELIHOODS, Cost, DiagonalGaussian

DARKEST = 1e-3  # where a pixel that is always black begins: it must still be able to learn


class LatentSample(NamedTuple):
    """A batch as training encodes it: with the code's noise, and with what the code costs."""

    codes: Latents
    rate: PerImage  # nats
    penalty: PerImage  # nats


class Autoencoder(nn.Module, ABC):
    """Squeezes an image into a short code, and draws an image from a code.

    A model says what its networks are in `__init__`, and what its code is in `encode` and
    `code`. Everything else in the project is built on these names.

    Arguments:
        image_shape: (c, h, w) of the images.
        latent_dim: numbers in a code.
        encoder: [b, c, h, w] -> what the code is made of.
        decoder: [b, z] -> pixel logits [b, c, h, w].
        drawn_shape: (c, h, w) of what the decoder draws; that of the images if None.
    """

    def __init__(
        self,
        image_shape: ImageShape,
        latent_dim: int,
        encoder: nn.Module,
        decoder: nn.Module,
        drawn_shape: ImageShape | None = None,
    ) -> None:
        super().__init__()
        self.image_shape = image_shape
        self.drawn_shape = drawn_shape or image_shape
        self.latent_dim = latent_dim
        self.encoder = encoder
        self.decoder = decoder

    @abstractmethod
    def encode(self, images: Images) -> Latents:
        """The code this model would rather decode, without noise."""

    @abstractmethod
    def code(self, images: Images, generator: Generator | None = None) -> LatentSample:
        """The code as training sees it; `generator` draws any noise."""

    def fit_before_training(self, images: Bytes) -> None:
        """Sets what the data decide without gradients: every picture begins as their average.

        The images are those that should come out, where these are not those that go in.

        A decoder whose last biases say how white each pixel usually is need not learn that first.
        A convolutional one has a bias for each channel, and begins at the average brightness.
        """
        average = images.mean(dim=0, dtype=torch.float32) / 255  # [c, h, w]
        biases = [each for name, each in self.decoder.named_parameters() if name.endswith("bias")]
        if biases[-1].numel() < average.numel():
            average = average.mean(dim=(1, 2))
        with torch.no_grad():
            biases[-1].copy_(torch.logit(average.clamp(DARKEST, 1 - DARKEST)).flatten())

    def check_images(self, images: Tensor, whose: str = "This model") -> None:
        """Refuses images of another shape than this model is built for.

        Raises:
            UsageError: "This model is built for images of 1x28x28 …; got 3x32x32."
        """
        shape = tuple(images.shape[1:])
        if shape != self.image_shape:
            built, found = ("x".join(map(str, each)) for each in (self.image_shape, shape))
            raise UsageError(
                f"{whose} is built for images of {built} (channels x height x width); got {found}. "
                f"Choose other images, or build a model with image_shape = {shape}."
            )

    def decode_logits(self, codes: Latents) -> Logits:
        """Pixel logits, so that the cost stays finite when a pixel is certain."""
        return self.decoder(codes)

    def decode(self, codes: Latents) -> Images:
        return torch.sigmoid(self.decode_logits(codes))

    def reconstruct(self, images: Images) -> Images:
        return self.decode(self.encode(images))

    def cost(
        self,
        images: Images,
        targets: Images | None = None,
        likelihood: str = "bernoulli",
        generator: Generator | None = None,
    ) -> Cost:
        """What it costs to draw `targets` from the codes of `images`.

        Arguments:
            targets: what should come out; the images themselves if None. A denoiser gets the
                corrupted images as input and the clean ones as targets; `vae_core.data.tasks` has
                pairs that differ more.
            likelihood: a name in `vae_core.models.distributions.LIKELIHOODS`.
        """
        coded = self.code(images, generator)
        logits = self.decode_logits(coded.codes).float()  # bfloat16 adds pixels up too coarsely
        wanted = images if targets is None else targets
        return Cost(LIKELIHOODS[likelihood](logits, wanted), coded.rate, coded.penalty)


class PointLatents(Autoencoder):
    """A code that is a point: whatever the encoder puts out, with no prior and no price."""

    def encode(self, images: Images) -> Latents:
        return self.encoder(images)

    def code(self, images: Images, generator: Generator | None = None) -> LatentSample:
        codes = self.encode(images)
        free = codes.new_zeros(len(codes), dtype=torch.float32)
        return LatentSample(codes, rate=free, penalty=free)


class GaussianLatents(Autoencoder):
    """A code that is a cloud: the encoder puts out mean and log-variance, the prior is N(0, I).

    Reference:
        Auto-Encoding Variational Bayes (Kingma & Welling, 2013), https://arxiv.org/abs/1312.6114
    """

    def posterior(self, images: Images) -> DiagonalGaussian:
        """q(z|x). Its log-variance is kept within ±20, so that no cost overflows."""
        mean, log_var = self.encoder(images).float().chunk(2, dim=-1)  # [b, z] each
        return DiagonalGaussian(mean, log_var.clamp(-20, 20))

    def encode(self, images: Images) -> Latents:
        return self.posterior(images).mean

    def code(self, images: Images, generator: Generator | None = None) -> LatentSample:
        posterior = self.posterior(images)
        rate: Tensor = posterior.kl_per_latent().sum(dim=-1)
        return LatentSample(posterior.sample(generator), rate, penalty=torch.zeros_like(rate))
