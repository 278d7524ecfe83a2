"""The ladder variational autoencoder: latents on three levels, from the whole digit to its strokes."""

from collections.abc import Callable
from math import prod
from typing import cast

import torch
from torch import Generator, Tensor, nn

from ..types import Images, ImageShape, Latents, Logits
from .base import Autoencoder, LatentSample
from .distributions import DiagonalGaussian
from .networks import ResidualBlock, conv_core
from .options import USUAL, Range

Choose = Callable[[DiagonalGaussian], Latents]


class LadderVAE(Autoencoder):
    """Latents on three levels: a few for all of the image, and maps of some at a quarter and at half of its size.

    Each level has the prior N(0, I) and is drawn on top of what those above it have drawn. Its
    posterior is a Gaussian whose axes are independent, once those above are known: the encoder
    says what it saw, the decoder what it has drawn so far, and a head compares the two.

    The latents are those of the top level, then of the middle one, then of the lowest one, each
    map row by row.

    Arguments:
        image_shape: (channels, height, width) of the images; the sides must divide by 4.
        top: latents for all of the image.
        middle: maps of latents at a quarter of the size.
        bottom: maps of latents at half of the size.
        width: channels at half the size; a quarter of the size has twice as many.
        depth: residual blocks after each step.

    Raises:
        UsageError: if height or width does not divide by 4.

    References:
        Ladder Variational Autoencoders (Sonderby et al., 2016), https://arxiv.org/abs/1602.02282
        NVAE: A Deep Hierarchical Variational Autoencoder (Vahdat & Kautz, 2020)
        https://arxiv.org/abs/2007.03898
    """

    OPTIONS = {name: bounds for name, bounds in USUAL.items() if name != "latent_dim"} | {
        "top": Range(1, 256),
        "middle": Range(1, 8),
        "bottom": Range(1, 4),
    }
    has_prior = has_standard_prior = True

    def __init__(
        self,
        image_shape: ImageShape = (1, 28, 28),
        top: int = 16,
        middle: int = 2,
        bottom: int = 1,
        width: int = 32,
        depth: int = 1,
    ) -> None:
        _, rows, columns = conv_core(image_shape, width)
        shapes = ((middle, rows, columns), (bottom, 2 * rows, 2 * columns))
        levels = (top, *map(prod, shapes))
        super().__init__(
            image_shape,
            sum(levels),
            _Upwards(image_shape, width, depth),
            _Downwards(image_shape, levels, shapes, width, depth),
        )
        self.levels = levels
        self.heads = nn.ModuleList(
            [
                nn.Linear(4 * width, 2 * top),
                _Head(2 * width, middle),
                _Head(width, bottom),
            ]
        )

    def encode(self, images: Images) -> Latents:
        return self._descend(images, lambda posterior: posterior.mean)[0]

    def sample_latents(self, images: Images, generator: Generator | None = None) -> LatentSample:
        latents, posteriors = self._descend(images, lambda each: each.sample(generator))
        rate = torch.stack([each.kl_per_latent().sum(dim=-1) for each in posteriors]).sum(dim=0)
        return LatentSample(latents, rate, penalty=torch.zeros_like(rate))

    def rates_of_levels(self, images: Images, generator: Generator | None = None) -> Tensor:
        """What each level costs, the top one first: [b, 3] in nats; `generator` draws those above."""
        _, posteriors = self._descend(images, lambda each: each.sample(generator))
        return torch.stack([each.kl_per_latent().sum(dim=-1) for each in posteriors], dim=1)

    def sample_prior(self, count: int, generator: Generator | None = None) -> Latents:
        device = next(self.parameters()).device
        return torch.randn(count, self.latent_dim, generator=generator, device=device)

    def _descend(self, images: Images, choose: Choose) -> tuple[Latents, list[DiagonalGaussian]]:
        """The latents that `choose` takes of each level's posterior, and these posteriors."""
        decoder = cast(_Downwards, self.decoder)
        fine, coarse, whole = self.encoder(images)
        top, middle, bottom = self.heads
        posteriors = [DiagonalGaussian.of(top(whole))]
        chosen = [choose(posteriors[0])]
        features = decoder.begin(chosen[0])
        for level, head, seen in ((0, middle, coarse), (1, bottom, fine)):
            posteriors.append(DiagonalGaussian.of(head(features, seen)))
            chosen.append(choose(posteriors[-1]))
            features = decoder.go_on(level, features, chosen[-1])
        return torch.cat(chosen, dim=1), posteriors


class _Upwards(nn.Module):
    """What is seen of an image: at half its size, at a quarter, and as a whole."""

    def __init__(self, image_shape: ImageShape, width: int, depth: int) -> None:
        super().__init__()
        core = conv_core(image_shape, width)
        self.at_half = nn.Sequential(
            nn.Conv2d(image_shape[0], width, kernel_size=4, stride=2, padding=1),
            *[ResidualBlock(width) for _ in range(depth)],
        )
        self.at_quarter = nn.Sequential(
            nn.SiLU(),
            nn.Conv2d(width, 2 * width, kernel_size=4, stride=2, padding=1),
            *[ResidualBlock(2 * width) for _ in range(depth)],
        )
        self.as_whole = nn.Sequential(
            nn.SiLU(), nn.Flatten(), nn.Linear(prod(core), 4 * width), nn.SiLU()
        )

    def forward(self, images: Images) -> tuple[Tensor, Tensor, Tensor]:
        half = self.at_half(images)
        quarter = self.at_quarter(half)
        return half, quarter, self.as_whole(quarter)


class _Head(nn.Module):
    """The posterior of a level's latents: from what is drawn so far, and from what was seen."""

    def __init__(self, channels: int, maps: int) -> None:
        super().__init__()
        self.drawn = nn.Conv2d(channels, channels, kernel_size=1)
        self.compare = nn.Sequential(
            ResidualBlock(channels),
            nn.SiLU(),
            nn.Conv2d(channels, 2 * maps, kernel_size=3, padding=1),
            nn.Flatten(),
        )

    def forward(self, drawn: Tensor, seen: Tensor) -> Tensor:
        return self.compare(self.drawn(drawn) + seen)


class _Downwards(nn.Module):
    """Draws an image level by level: each adds its latents to what those above have drawn."""

    def __init__(
        self,
        image_shape: ImageShape,
        levels: tuple[int, ...],
        shapes: tuple[ImageShape, ...],
        width: int,
        depth: int,
    ) -> None:
        super().__init__()
        core = conv_core(image_shape, width)
        self.levels, self.shapes = levels, shapes
        self.first = nn.Sequential(
            nn.Linear(levels[0], 4 * width),
            nn.SiLU(),
            nn.Linear(4 * width, prod(core)),
            nn.Unflatten(1, core),
            *[ResidualBlock(2 * width) for _ in range(depth)],
        )
        self.added = nn.ModuleList(
            [
                nn.Conv2d(maps, channels, kernel_size=3, padding=1)
                for (maps, *_), channels in zip(shapes, (2 * width, width), strict=True)
            ]
        )
        self.after = nn.ModuleList(
            [
                nn.Sequential(
                    *[ResidualBlock(2 * width) for _ in range(depth)],
                    nn.SiLU(),
                    nn.ConvTranspose2d(2 * width, width, kernel_size=4, stride=2, padding=1),
                    *[ResidualBlock(width) for _ in range(depth)],
                ),
                nn.Sequential(
                    *[ResidualBlock(width) for _ in range(depth)],
                    nn.SiLU(),
                    nn.ConvTranspose2d(width, image_shape[0], kernel_size=4, stride=2, padding=1),
                ),
            ]
        )

    def begin(self, top: Latents) -> Tensor:
        """What the top level draws."""
        return self.first(top)

    def go_on(self, level: int, features: Tensor, latents: Latents) -> Tensor:
        """What is drawn after a level below the top, which has these latents."""
        maps = latents.unflatten(1, self.shapes[level])
        return self.after[level](features + self.added[level](maps))

    def forward(self, latents: Latents) -> Logits:
        top, middle, bottom = latents.split(self.levels, dim=1)
        return self.go_on(1, self.go_on(0, self.begin(top), middle), bottom)
