"""Ways to spoil a picture, for denoising models to undo; add yours to `CORRUPTIONS`."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from ..errors import UsageError, check_name, check_range
from ..types import Images, PerImage

# What a kind does to [b, c, h, w] images, given strengths as [b, 1, 1, 1].
Apply = Callable[[Images, Tensor, Generator | None], Images]


class Corruption(NamedTuple):
    """One kind of damage, and the words the page has for it.

    Attributes:
        label: its name on the page.
        meaning: what its strength means, in one sentence.
        apply: does it. Call `corrupt`, which checks and keeps the promises, instead.
    """

    label: str
    meaning: str
    apply: Apply


def corrupt(
    images: Images,
    kind: str,
    strength: float | PerImage,
    generator: Generator | None = None,
    kinds: Mapping[str, Corruption] | None = None,
) -> Images:
    """Spoiled copies of the images, still from 0 to 1.

    At strength 0 an image comes back bit for bit. One seed gives one pattern, whatever the
    strength: turning the strength up spoils more of the same picture, never another one.

    Arguments:
        kind: a name from `CORRUPTIONS`.
        strength: from 0 to 1; one for all, or one per image. Values in a tensor that is not
            on the CPU are trusted, because reading them would make the caller wait for it.
        generator: draws the noise; on the device of the images.
        kinds: others to choose from than `CORRUPTIONS`.

    Raises:
        UsageError: if there is no such kind, or a strength is out of range.

    Example:
        >>> images = torch.full((2, 1, 28, 28), 0.5)
        >>> noisy = corrupt(images, "gaussian", 0.3, Generator().manual_seed(0))
        >>> noisy.shape, bool(((noisy >= 0) & (noisy <= 1)).all())
        (torch.Size([2, 1, 28, 28]), True)
        >>> torch.equal(corrupt(images, "blur", 0.0), images)
        True
    """
    known = CORRUPTIONS if kinds is None else kinds
    check_name("corruption", kind, known)
    if isinstance(strength, Tensor):
        _check_each(strength, len(images))
        each = strength.to(images.device, images.dtype, non_blocking=True)
    else:
        check_range("strength", strength, 0, 1)
        each = images.new_full((len(images),), strength)
    each = each.view(-1, 1, 1, 1)  # [b, 1, 1, 1]
    spoiled = known[kind].apply(images, each, generator)
    # A GPU may multiply in fewer digits, so strength 0 is not left to arithmetic.
    return torch.where(each > 0, spoiled.clamp(0, 1), images)


def _check_each(strength: PerImage, count: int) -> None:
    if strength.shape != (count,):
        shape = list(strength.shape)
        raise UsageError(f"strength must be one number, or one per image: [{count}]; got {shape}.")
    if strength.device.type == "cpu":
        for extreme in strength.aminmax() if count else ():
            check_range("strength", extreme.item(), 0, 1)


def _gaussian(images: Images, strength: Tensor, generator: Generator | None) -> Images:
    noise = torch.randn(
        images.shape, generator=generator, device=images.device, dtype=images.dtype
    )
    return images + strength * noise


def _salt_and_pepper(images: Images, strength: Tensor, generator: Generator | None) -> Images:
    # Pepper comes from the low end of one draw and salt from the high end, so a pixel that is
    # replaced at some strength is replaced by the same value at every higher one.
    uniform = _uniform_per_pixel(images, generator)
    salted = images.masked_fill(uniform >= 1 - strength / 2, 1)
    return salted.masked_fill(uniform < strength / 2, 0)


def _masking(images: Images, strength: Tensor, generator: Generator | None) -> Images:
    return images.masked_fill(_uniform_per_pixel(images, generator) < strength, 0)


def _occlusion(images: Images, strength: Tensor, generator: Generator | None) -> Images:
    count, _, height, width = images.shape
    side = (strength * min(height, width)).round()
    place = torch.rand((2, count, 1, 1, 1), generator=generator, device=images.device)
    top = (place[0] * (height - side + 1)).floor()  # [b, 1, 1, 1]
    left = (place[1] * (width - side + 1)).floor()
    row = torch.arange(height, device=images.device).view(-1, 1)  # [h, 1]
    column = torch.arange(width, device=images.device)  # [w]
    inside_rows = (row >= top) & (row < top + side)  # [b, 1, h, 1]
    inside_columns = (column >= left) & (column < left + side)  # [b, 1, 1, w]
    return images.masked_fill(inside_rows & inside_columns, 0)


def _blur(images: Images, strength: Tensor, generator: Generator | None) -> Images:
    # Two small matrix products give each image its own blur; a convolution would need one
    # kernel, and on a GPU one group, per image.
    sigma = 4 * strength.squeeze(1).clamp(min=1e-3)  # [b, 1, 1]
    _, _, height, width = images.shape
    down = _gaussian_rows(height, sigma).unsqueeze(1)  # [b, 1, h, h]
    across = _gaussian_rows(width, sigma).unsqueeze(1)  # [b, 1, w, w]
    return down @ images @ across.transpose(-1, -2)


def _gaussian_rows(size: int, sigma: Tensor) -> Tensor:
    """A blur of a line of pixels as a matrix, [b, size, size]; each row is a weighted mean."""
    pixel = torch.arange(size, device=sigma.device)
    distance = pixel.view(-1, 1) - pixel  # [size, size]
    weight = torch.exp(-0.5 * (distance / sigma) ** 2)
    return weight / weight.sum(dim=-1, keepdim=True)


def _uniform_per_pixel(images: Images, generator: Generator | None) -> Tensor:
    """Uniform random numbers from 0 to below 1, [b, 1, h, w]: the channels of a pixel share their fate."""
    count, _, height, width = images.shape
    return torch.rand((count, 1, height, width), generator=generator, device=images.device)


CORRUPTIONS: dict[str, Corruption] = {
    "gaussian": Corruption(
        "Gaussian noise",
        "Each pixel gets brighter or darker by chance; strength is how much, as the standard "
        "deviation when black is 0 and white is 1.",
        _gaussian,
    ),
    "salt-and-pepper": Corruption(
        "Salt and pepper",
        "Strength is the share of pixels that turn black or white, half of them each.",
        _salt_and_pepper,
    ),
    "masking": Corruption(
        "Missing pixels",
        "Strength is the chance that a pixel is switched off.",
        _masking,
    ),
    "occlusion": Corruption(
        "Black square",
        "Strength is the side of a black square, as a share of the picture's side.",
        _occlusion,
    ),
    "blur": Corruption(
        "Blur",
        "Each pixel mixes with its neighbours; strength is how far, and at 1 the blur's standard "
        "deviation is 4 pixels.",
        _blur,
    ),
}


CLUMP = 4  # pixels along a side


STRIPE = 4  # rows from one stripe to the next


def _stripes(images: Images, strength: Tensor, generator: Generator | None) -> Images:
    rows = torch.arange(images.shape[-2], device=images.device).view(-1, 1)
    return images + strength * (rows % STRIPE == 0)


def _clumps(images: Images, strength: Tensor, generator: Generator | None) -> Images:
    # As salt and pepper, of squares instead of pixels. A quarter of the strength, or the clumps
    # would leave nothing of the digit.
    count, _, height, width = images.shape
    coarse = (count, 1, -(-height // CLUMP), -(-width // CLUMP))
    uniform = torch.rand(coarse, generator=generator, device=images.device)
    uniform = uniform.repeat_interleave(CLUMP, 2).repeat_interleave(CLUMP, 3)[..., :height, :width]
    salted = images.masked_fill(uniform >= 1 - strength / 8, 1)
    return salted.masked_fill(uniform < strength / 8, 0)


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
