"""The vector-quantised autoencoder: a grid of numbered codes in place of a vector of numbers."""

from math import log2, prod

import torch
from torch import Generator, Tensor, nn

from ..types import Bytes, Images, ImageShape, Latents, Logits, to_floats
from .base import Autoencoder, LatentSample
from .networks import ResidualBlock, conv_core
from .options import USUAL, Choice, Range
from .quantisers import Codebook, Lattice, Quantiser, levels_of, straight_through

ENOUGH = 500  # images, from whose cells the codes of a codebook are taken
SEED = 0  # of their choice


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
        return self.quantiser.points(self._maps(images)).flatten(start_dim=1)

    def codes_of(self, latents: Latents) -> Tensor:
        return self.quantiser.numbers(self._unflattened(latents))

    def latents_of(self, codes: Tensor) -> Latents:
        return self.quantiser.at(codes).flatten(start_dim=1)

    def sample_latents(self, images: Images, generator: Generator | None = None) -> LatentSample:
        maps = self._maps(images)
        codes = self.quantiser.numbers(maps)
        chosen = self.quantiser.at(codes)
        latents = straight_through(maps, chosen).flatten(start_dim=1)
        penalty = self.quantiser.penalty(maps, chosen).sum(dim=(1, 2))
        return LatentSample(latents, self._rate(codes.flatten(start_dim=1)), penalty)

    def decode_logits(self, latents: Latents) -> Logits:
        nearest = self.quantiser.points(self._unflattened(latents)).flatten(start_dim=1)
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
            maps = self._maps(to_floats(images[:ENOUGH]))
            said = maps.movedim(1, -1).flatten(end_dim=-2)
            book, generator = self.quantiser.codes, Generator().manual_seed(SEED)
            rows = torch.randint(len(said), (len(book),), generator=generator)
            book.copy_(said[rows])

    def _maps(self, images: Images) -> Tensor:
        """What the encoder says of each cell, [b, d, rows, columns]."""
        return self.quantiser.bounded(self.encoder(images).float())

    def _unflattened(self, latents: Latents) -> Tensor:
        return latents.unflatten(1, (self.latent_dim // prod(self.grid), *self.grid))

    def _rate(self, codes: Tensor) -> Tensor:
        """-log p of the codes, [b, cells], under the prior: [b] in nats."""
        chances = self.prior.log_softmax(dim=1).expand(len(codes), -1, -1)
        return -chances.gather(2, codes[..., None]).sum(dim=(1, 2))
