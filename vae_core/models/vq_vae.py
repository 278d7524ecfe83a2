"""The vector-quantised autoencoder: a grid of numbered codes in place of a vector of numbers."""

from abc import ABC, abstractmethod
from itertools import combinations_with_replacement
from math import log2, prod

import torch
from torch import Generator, Tensor, nn

from ..errors import UsageError
from ..types import Bytes, Images, ImageShape, Latents, Logits, to_floats
from .base import Autoencoder, LatentSample
from .networks import ResidualBlock, conv_core
from .options import USUAL, Choice, Range

MOST_LEVELS = 8  # of a number of a lattice
MOST_NUMBERS = 12  # of a code of a lattice: 2 to the twelfth are as many as there may be
ENOUGH = 500  # images, from whose cells the codes of a codebook are taken
SEED = 0  # of their choice
CODEBOOK = 4.0  # how fast codes follow the encoder, as a multiple of how fast it follows them


def levels_of(codes: int) -> tuple[int, ...]:
    """The levels of each number of a lattice of so many codes: few numbers, and levels alike.

    Raises:
        UsageError: if they cannot be shared out among numbers of 2 to 8 levels each.

    Example:
        >>> levels_of(36), levels_of(1000)
        ((6, 6), (8, 5, 5, 5))
    """
    for numbers in range(1, MOST_NUMBERS + 1):
        every = combinations_with_replacement(range(MOST_LEVELS, 1, -1), numbers)
        found = [levels for levels in every if prod(levels) == codes]
        if found:
            return min(found, key=lambda levels: levels[0] - levels[-1])
    raise UsageError(
        f"A lattice has numbers of 2 to {MOST_LEVELS} levels each, and {codes} is no product of such. "
        "Choose another number of codes, such as 36 or 64, or the quantiser 'vq'."
    )


class Quantiser(nn.Module, ABC):
    """A set of numbered codes, and the way from a vector to the nearest of them."""

    def bounded(self, vectors: Tensor) -> Tensor:
        """What an encoder says, [..., d], within the bounds of the codes."""
        return vectors

    @abstractmethod
    def nearest(self, vectors: Tensor) -> Tensor:
        """The number of the nearest code: [..., d] -> [...]."""

    @abstractmethod
    def at(self, codes: Tensor) -> Tensor:
        """The codes of these numbers: [...] -> [..., d]."""

    def penalty(self, vectors: Tensor, chosen: Tensor) -> Tensor:
        """What it costs that the vectors are not the codes that stand for them: [..., d] -> [...]."""
        return torch.zeros_like(vectors[..., 0])


class Codebook(Quantiser):
    """Codes that are learnt: they and what the encoder says move towards each other."""

    def __init__(self, codes: int, numbers: int, commitment: float) -> None:
        super().__init__()
        self.codes = nn.Parameter(torch.rand(codes, numbers).mul(2).sub(1).div(codes))
        self.commitment = commitment

    def nearest(self, vectors: Tensor) -> Tensor:
        across = vectors @ self.codes.T
        return (across - self.codes.square().sum(dim=1) / 2).argmax(dim=-1)

    def at(self, codes: Tensor) -> Tensor:
        return self.codes[codes]

    def penalty(self, vectors: Tensor, chosen: Tensor) -> Tensor:
        follows = (vectors.detach() - chosen).square().sum(dim=-1)
        commits = (vectors - chosen.detach()).square().sum(dim=-1)
        return self.commitment * (CODEBOOK * follows + commits)


class Lattice(Quantiser):
    """Codes that are the points of a fixed lattice from -1 to 1: finite scalar quantisation."""

    def __init__(self, levels: tuple[int, ...]) -> None:
        super().__init__()
        self.levels = levels
        self.steps = tuple(prod(levels[:i]) for i in range(len(levels)))

    def bounded(self, vectors: Tensor) -> Tensor:
        return 2 * torch.sigmoid(vectors) - 1

    def nearest(self, vectors: Tensor) -> Tensor:
        last = vectors.new_tensor(self.levels) - 1
        digits = ((vectors + 1) / 2 * last).clamp(min=0).minimum(last).round().long()
        return (digits * digits.new_tensor(self.steps)).sum(dim=-1)

    def at(self, codes: Tensor) -> Tensor:
        levels, steps = codes.new_tensor(self.levels), codes.new_tensor(self.steps)
        digits = codes[..., None] // steps % levels
        return digits / (levels - 1) * 2 - 1


class VQVAE(Autoencoder):
    """Convolutions around a grid of codes, each one of a few; the prior is how often each occurs.

    A cell of the grid stands for about 4x4 pixels. What the encoder says of it becomes the nearest
    of `codes` vectors, and the number of that one is all that is kept. To all other tools the
    latents are these vectors one after the other, [z], and what lies between them is decoded as
    the nearest ones.

    A codebook ("vq") begins with what the fresh encoder says of real images: codes elsewhere are
    never the nearest one, and are never used. With "fsq" there is no codebook to learn: each code
    is a corner of a fixed lattice.

    Arguments:
        image_shape: (channels, height, width) of the images; the sides must divide by 4.
        codes: how many there are to choose from in each cell.
        quantiser: "vq" or "fsq".
        code_dim: numbers of a code of a codebook; those of a lattice follow from `codes`.
        width: channels at half the size; a quarter of the size has twice as many.
        depth: residual blocks at a quarter of the size.
        commitment: price of an encoder that strays from the codes, in nats per squared unit.

    Raises:
        UsageError: if height or width does not divide by 4, or no lattice has so many codes.

    References:
        Neural Discrete Representation Learning (van den Oord et al., 2017)
        https://arxiv.org/abs/1711.00937
        Finite Scalar Quantization: VQ-VAE Made Simple (Mentzer et al., 2023)
        https://arxiv.org/abs/2309.15505
    """

    OPTIONS = USUAL | {
        "codes": Range(2, 4096),
        "quantiser": Choice(("vq", "fsq")),
        "code_dim": Range(1, 16),
        "commitment": Range(0, 1000),
    }
    has_prior = True

    def __init__(
        self,
        image_shape: ImageShape = (1, 28, 28),
        codes: int = 32,
        quantiser: str = "vq",
        code_dim: int = 4,
        width: int = 32,
        depth: int = 2,
        commitment: float = 10.0,
    ) -> None:
        _, rows, columns = conv_core(image_shape, width)
        levels = levels_of(codes) if quantiser == "fsq" else None
        numbers = len(levels) if levels else code_dim
        shape = (numbers, rows, columns)
        super().__init__(
            image_shape,
            prod(shape),
            nn.Sequential(
                nn.Conv2d(image_shape[0], width, kernel_size=4, stride=2, padding=1),
                nn.SiLU(),
                nn.Conv2d(width, 2 * width, kernel_size=4, stride=2, padding=1),
                *[ResidualBlock(2 * width) for _ in range(depth)],
                nn.SiLU(),
                nn.Conv2d(2 * width, numbers, kernel_size=1),
            ),
            nn.Sequential(
                nn.Unflatten(1, shape),
                nn.Conv2d(numbers, 2 * width, kernel_size=3, padding=1),
                *[ResidualBlock(2 * width) for _ in range(depth)],
                nn.SiLU(),
                nn.ConvTranspose2d(2 * width, width, kernel_size=4, stride=2, padding=1),
                nn.SiLU(),
                nn.ConvTranspose2d(width, image_shape[0], kernel_size=4, stride=2, padding=1),
            ),
        )
        self.codes, self.grid = codes, (rows, columns)
        self.quantiser: Quantiser = (
            Lattice(levels) if levels else Codebook(codes, code_dim, commitment)
        )
        self.prior = nn.Parameter(torch.zeros(rows * columns, codes))  # logits, cell by cell

    @property
    def latent_bits(self) -> float:
        return prod(self.grid) * log2(self.codes)

    def encode(self, images: Images) -> Latents:
        return self.latents_of(self.quantiser.nearest(self._vectors(images)))

    def codes_of(self, latents: Latents) -> Tensor:
        shape = (self.latent_dim // prod(self.grid), *self.grid)
        return self.quantiser.nearest(latents.unflatten(1, shape).movedim(1, -1))

    def latents_of(self, codes: Tensor) -> Latents:
        return self.quantiser.at(codes).movedim(-1, 1).flatten(start_dim=1)

    def sample_latents(self, images: Images, generator: Generator | None = None) -> LatentSample:
        vectors = self._vectors(images)  # [b, rows, columns, d]
        codes = self.quantiser.nearest(vectors)
        chosen = self.quantiser.at(codes)
        latents = straight_through(vectors, chosen).movedim(-1, 1).flatten(start_dim=1)
        penalty = self.quantiser.penalty(vectors, chosen).sum(dim=(1, 2))
        return LatentSample(latents, self._rate(codes.flatten(start_dim=1)), penalty)

    def decode_logits(self, latents: Latents) -> Logits:
        nearest = self.latents_of(self.codes_of(latents))
        return self.decoder(straight_through(latents, nearest))

    def sample_prior(self, count: int, generator: Generator | None = None) -> Latents:
        shares = self.prior.softmax(dim=1)
        codes = torch.multinomial(shares, count, replacement=True, generator=generator)
        return self.latents_of(codes.T.unflatten(1, self.grid))

    def fit_before_training(self, images: Bytes) -> None:
        """As any model; and the codes of a codebook become what the encoder says of real images."""
        super().fit_before_training(images)
        if not isinstance(self.quantiser, Codebook) or images.shape[1:] != self.image_shape:
            return
        with torch.no_grad():
            said = self._vectors(to_floats(images[:ENOUGH])).flatten(end_dim=-2)
            book, generator = self.quantiser.codes, Generator().manual_seed(SEED)
            rows = torch.randint(len(said), (len(book),), generator=generator)
            book.copy_(said[rows])

    def _vectors(self, images: Images) -> Tensor:
        """What the encoder says of each cell, [b, rows, columns, d]."""
        return self.quantiser.bounded(self.encoder(images).float().movedim(1, -1))

    def _rate(self, codes: Tensor) -> Tensor:
        """-log p of the codes, [b, cells], under the prior: [b] in nats."""
        chances = self.prior.log_softmax(dim=1).expand(len(codes), -1, -1)
        return -chances.gather(2, codes[..., None]).sum(dim=(1, 2))


def straight_through(values: Tensor, nearest: Tensor) -> Tensor:
    """The nearest codes, whose gradient goes to the values that they stand for."""
    return values + (nearest - values).detach()
