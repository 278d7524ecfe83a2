"""What to ask of a denoiser: noise that it has never met, and what it makes of its own output."""

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from .corruption import Corruption
from .errors import check_range
from .models import Autoencoder
from .types import Images

MOST_PASSES = 100
CLUMP = 4  # pixels along a side
STRIPE = 4  # rows from one stripe to the next


@torch.inference_mode()
def passes(model: Autoencoder, images: Images, count: int) -> Images:
    """What a model makes of images, of that again, and so on: [count, b, c, h, w].

    A denoiser moves a picture towards what it takes for clean ones, so going on with it shows
    where it comes to rest.

    Raises:
        UsageError: if `count` is not from 1 to 100.

    Reference:
        What Regularized Auto-Encoders Learn from the Data-Generating Distribution
        (Alain & Bengio, 2014), https://arxiv.org/abs/1211.4246
    """
    check_range("count", count, 1, MOST_PASSES, whole=True)
    out = [model.reconstruct(images)]
    for _ in range(count - 1):
        out.append(model.reconstruct(out[-1]))
    return torch.stack(out)


def _stripes(images: Images, strength: Tensor, generator: Generator | None) -> Images:
    rows = torch.arange(images.shape[-2], device=images.device).view(-1, 1)
    return images + strength * (rows % STRIPE == 0)


def _clumps(images: Images, strength: Tensor, generator: Generator | None) -> Images:
    # As salt and pepper, of squares instead of pixels. A quarter of the strength, or the clumps
    # would leave nothing of the digit.
    count, _, height, width = images.shape
    coarse = (count, 1, -(-height // CLUMP), -(-width // CLUMP))
    chance = torch.rand(coarse, generator=generator, device=images.device)
    chance = chance.repeat_interleave(CLUMP, 2).repeat_interleave(CLUMP, 3)[..., :height, :width]
    salted = images.masked_fill(chance >= 1 - strength / 8, 1)
    return salted.masked_fill(chance < strength / 8, 0)


def _inverted(images: Images, strength: Tensor, generator: Generator | None) -> Images:
    return torch.lerp(images, 1 - images, strength)


def _turned(images: Images, strength: Tensor, generator: Generator | None) -> Images:
    angle = torch.pi * strength.flatten()
    cosine, sine, still = angle.cos(), angle.sin(), torch.zeros_like(angle)
    turns = torch.stack(
        [torch.stack([cosine, -sine, still], 1), torch.stack([sine, cosine, still], 1)], 1
    )
    places = F.affine_grid(turns, list(images.shape), align_corners=False)
    return F.grid_sample(images, places, align_corners=False)


# Kinds that no training offers, so that a trained denoiser can be asked about them.
UNSEEN: dict[str, Corruption] = {
    "stripes": Corruption("Stripes", "Strength is how bright every fourth row gets.", _stripes),
    "clumps": Corruption(
        "Clumps",
        "A quarter of the strength is the share of 4x4 squares that turn black or white.",
        _clumps,
    ),
    "inverted": Corruption(
        "Inverted", "Strength is how far black goes to white, and white to black.", _inverted
    ),
    "turned": Corruption("Turned", "Strength is the angle; at 1 it is upside down.", _turned),
}
