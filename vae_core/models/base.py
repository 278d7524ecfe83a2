"""The contract between a model and everything that uses one."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import torch
from torch import Generator, Tensor, nn

from ..errors import UsageError
from ..types import Bytes, Images, ImageShape, Labels, Latents, Logits, PerImage
from .distributions import LIKELIHOODS, Cost, DiagonalGaussian
from .options import USUAL, Bounds

BITS_PER_NUMBER = 32  # a latent is a float32
NO_CODES = (
    "The latents of this model are numbers, not codes. Choose one with a grid, such as 'vq-vae'."
)
DARKEST = 1e-3  # where a pixel that is always black begins: it must still be able to learn


class LatentSample(NamedTuple):
    """Latents as training sees them: with their noise, and with what they cost."""

    latents: Latents
    rate: PerImage  # nats
    penalty: PerImage  # nats


class Autoencoder(nn.Module, ABC):
    """Squeezes an image into a few latents, and draws an image from latents.

    A model says what its networks are in `__init__`, and what its latents are in `encode` and
    `sample_latents`. Everything else in the project is built on these names, and asks what a model
    can do, never of which class it is.

    Attributes:
        has_posterior: `posterior` gives q(z|x), a Gaussian whose axes are independent.
        has_prior: the rate is in nats of a prior p(z), and `sample_prior` draws from it.
        has_standard_prior: that prior is N(0, I).
        codes: that each cell of `grid` may hold one of; 0 if the latents are numbers. What lies
            between codes is decoded as the nearest ones.
        grid: rows and columns of the cells of codes.
        levels: how many latents there are on each level, the top one first; none if all are alike.
        classes: that `told` may tell it of, from 0; 0 if it cannot be told any.
        untold: the share of the images in training whose class it is not told.
        OPTIONS: the bounds of what may be chosen when it is built. The command line, the page's
            form and every check read them here; an option without bounds is for programs and the
            command line alone.

    Arguments:
        image_shape: (c, h, w) of the images.
        latent_dim: number of latents.
        encoder: [b, c, h, w] -> what the latents are made of.
        decoder: [b, z] -> pixel logits [b, c, h, w].
        drawn_shape: (c, h, w) of what the decoder draws; that of the images if None.
    """

    OPTIONS: ClassVar[Mapping[str, Bounds]] = USUAL
    has_posterior: ClassVar[bool] = False
    has_prior: ClassVar[bool] = False
    has_standard_prior: ClassVar[bool] = False
    codes: int = 0
    grid: tuple[int, int] = (0, 0)
    levels: tuple[int, ...] = ()
    classes: int = 0
    untold: float = 0.0

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
        """The latents that this model would rather decode, without noise: [b, z]."""

    @abstractmethod
    def sample_latents(self, images: Images, generator: Generator | None = None) -> LatentSample:
        """The latents as training sees them; `generator` draws any noise."""

    @property
    def is_gaussian(self) -> bool:
        """True if the posterior is a Gaussian and the prior N(0, I), so that each latent has a rate."""
        return self.has_posterior and self.has_standard_prior

    @property
    def latent_bits(self) -> float:
        """The size of an image's latents in bits, as they are stored: 32 for each number."""
        return BITS_PER_NUMBER * self.latent_dim

    def told(self, labels: Labels | None) -> "Autoencoder":
        """The same model with the same weights, told the class of each image that it is given.

        A model that cannot be told is given back as it is, so that nobody needs to ask.

        Arguments:
            labels: [b], or [1] for images that are all of one class; or [b, classes], a 1 at the
                class of each and 0 at all others. None tells nothing.
        """
        return self

    def check_labels(self, labels: Labels | None) -> None:
        """Refuses labels that this model cannot be told; one that is told none takes any.

        Raises:
            UsageError: if there are none, or there is a class that it does not know.
        """
        if not self.classes:
            return
        if labels is None:
            raise UsageError(
                "This model is told the class of each image. Hand the labels over with the images."
            )
        if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < self.classes:
            raise UsageError(
                f"This model knows the classes 0 to {self.classes - 1}; these images are of "
                f"{int(labels.min())} to {int(labels.max())}. Choose other images, or build a model "
                f"with classes = {int(labels.max()) + 1}."
            )

    def posterior(self, images: Images) -> DiagonalGaussian:
        """q(z|x), of a model that has one.

        Raises:
            UsageError: if it has none.
        """
        raise UsageError(
            "This model has no cloud of latents for an image. Choose one whose posterior is a "
            "Gaussian, such as 'vae'."
        )

    def sample_prior(self, count: int, generator: Generator | None = None) -> Latents:
        """`count` draws from p(z), of a model that has a prior: [count, z], where the weights are.

        Raises:
            UsageError: if it has none.
        """
        raise UsageError(
            "This model has no prior to draw latents from. `vae_core.latent.sampling.fit_gaussian` "
            "makes one of the latents of images."
        )

    def codes_of(self, latents: Latents) -> Tensor:
        """The numbers of the codes that latents stand for, of a model that has codes: [b, rows, columns].

        Raises:
            UsageError: if it has none.
        """
        raise UsageError(NO_CODES)

    def latents_of(self, codes: Tensor) -> Latents:
        """The latents that codes stand for: `codes_of` backwards.

        Raises:
            UsageError: if it has none.
        """
        raise UsageError(NO_CODES)

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

    def decode_logits(self, latents: Latents) -> Logits:
        """Pixel logits, so that the cost stays finite when a pixel is certain."""
        return self.decoder(latents)

    def decode(self, latents: Latents) -> Images:
        return torch.sigmoid(self.decode_logits(latents))

    def reconstruct(self, images: Images) -> Images:
        return self.decode(self.encode(images))

    def cost(
        self,
        images: Images,
        targets: Images | None = None,
        likelihood: str = "bernoulli",
        generator: Generator | None = None,
    ) -> Cost:
        """The cost of drawing `targets` from the latents of `images`, image by image.

        Arguments:
            targets: what should come out; the images themselves if None. A denoiser gets the
                corrupted images as input and the clean ones as targets; `vae_core.data.tasks` has
                pairs that differ more.
            likelihood: a name in `vae_core.models.distributions.LIKELIHOODS`.
        """
        sample = self.sample_latents(images, generator)
        logits = self.decode_logits(sample.latents).float()  # bfloat16 adds pixels up too coarsely
        wanted = images if targets is None else targets
        return Cost(LIKELIHOODS[likelihood](logits, wanted), sample.rate, sample.penalty)


class PointLatents(Autoencoder):
    """Latents that are a point: whatever the encoder puts out, with no prior and no price."""

    def encode(self, images: Images) -> Latents:
        return self.encoder(images)

    def sample_latents(self, images: Images, generator: Generator | None = None) -> LatentSample:
        latents = self.encode(images)
        free = latents.new_zeros(len(latents), dtype=torch.float32)
        return LatentSample(latents, rate=free, penalty=free)


class GaussianLatents(Autoencoder):
    """Latents that are a cloud: the encoder puts out mean and log-variance, the prior is N(0, I).

    Reference:
        Auto-Encoding Variational Bayes (Kingma & Welling, 2013), https://arxiv.org/abs/1312.6114
    """

    has_posterior = has_prior = has_standard_prior = True

    def posterior(self, images: Images) -> DiagonalGaussian:
        """q(z|x): the encoder puts out the means first, and then the log-variances."""
        return DiagonalGaussian.of(self.encoder(images))

    def encode(self, images: Images) -> Latents:
        return self.posterior(images).mean

    def sample_latents(self, images: Images, generator: Generator | None = None) -> LatentSample:
        posterior = self.posterior(images)
        rate: Tensor = posterior.kl_per_latent().sum(dim=-1)
        return LatentSample(posterior.sample(generator), rate, penalty=torch.zeros_like(rate))

    def sample_prior(self, count: int, generator: Generator | None = None) -> Latents:
        device = next(self.parameters()).device
        return torch.randn(count, self.latent_dim, generator=generator, device=device)
