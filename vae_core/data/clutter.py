"""Backgrounds made up of gradients, ripples, blobs and lines, with the stroke in front of them."""

from math import pi

import torch
from torch import Generator, Tensor

from ..errors import check_range
from ..types import Images, PerImage

BLOBS = 4  # in front of a background, at most
LINES = 6  # as thick as strokes are, at most
BRIGHTEST = 0.6  # that the background of a picture is on average, where nothing lies on it
LEAST_CONTRAST = 0.3  # of a stroke, as a share of what there is between its surroundings and white


def clutter(
    images: Images, strength: float | PerImage, generator: Generator | None = None
) -> Images:
    """The strokes of white-on-black images in front of backgrounds that `generator` makes up.

    At strength 0 an image comes back bit for bit. One seed gives one background, whatever the
    strength: it fades in, and is all there at half the strength, while the stroke fades to its own
    brightness all the way. A stroke is always brighter than what is behind it on average, yet
    rarely the brightest thing in the picture.

    Arguments:
        images: [b, 1, h, w].
        strength: from 0 to 1; one for all, or one per image, which is trusted.
        generator: draws the backgrounds; on the device of the images.

    Raises:
        UsageError: if one strength for all is not a number from 0 to 1.
    """
    if isinstance(strength, Tensor):
        each = strength.to(images.device, images.dtype)
    else:
        check_range("strength", strength, 0, 1)
        each = images.new_full((len(images),), strength)
    each = each.view(-1, 1, 1, 1)  # [b, 1, 1, 1]
    behind = background(images, generator)
    covered = (behind * images).sum(dim=(1, 2, 3), keepdim=True)
    around = covered / images.sum(dim=(1, 2, 3), keepdim=True).clamp(min=1e-6)  # [b, 1, 1, 1]
    contrast = _uniform(images, (1, 1), LEAST_CONTRAST, 1, generator)
    stroke = around + (1 - around) * contrast
    return (2 * each).clamp(max=1) * behind * (1 - images) + images * (1 + each * (stroke - 1))


def background(like: Images, generator: Generator | None = None) -> Images:
    """As many backgrounds as there are images, [b, 1, h, w]: each on its own, from 0 to 1."""
    height, width = like.shape[2:]
    down = torch.linspace(-1, 1, height, device=like.device).view(1, 1, -1, 1)
    across = torch.linspace(-1, 1, width, device=like.device).view(1, 1, 1, -1)

    def uniform(count: int, low: float, high: float) -> Tensor:
        return _uniform(like, (count, 1), low, high, generator).view(-1, count, 1, 1)

    def along(angle: Tensor) -> Tensor:
        return across * angle.cos() + down * angle.sin()  # [b, count, h, w]

    picture = uniform(1, 0, BRIGHTEST) + uniform(1, 0, 0.4) * along(uniform(1, 0, 2 * pi))
    ripples = (along(uniform(1, 0, pi)) * uniform(1, 3, 14) + uniform(1, 0, 2 * pi)).sin()
    picture = picture + uniform(1, 0, 0.2) * ripples
    distance = (across - uniform(BLOBS, -1, 1)) ** 2 + (down - uniform(BLOBS, -1, 1)) ** 2
    blobs = torch.exp(-distance / uniform(BLOBS, 0.15, 0.5) ** 2)
    picture = picture + (uniform(BLOBS, -0.6, 0.6) * blobs).sum(dim=1, keepdim=True)
    # A line has a middle, a direction, half a length and half a thickness.
    right, below = across - uniform(LINES, -1, 1), down - uniform(LINES, -1, 1)
    angle, half, thick = (
        uniform(LINES, 0, pi),
        uniform(LINES, 0.2, 1.2),
        uniform(LINES, 0.03, 0.11),
    )
    beyond = ((right * angle.cos() + below * angle.sin()).abs() - half).clamp(min=0)
    aside = (below * angle.cos() - right * angle.sin()).abs()
    pixel = 2 / height
    lines = ((thick - torch.hypot(beyond, aside)) / pixel + 0.5).clamp(0, 1)
    there = uniform(LINES, 0, 1) < 0.6
    for line, brightness in zip(
        (lines * there).split(1, dim=1), uniform(LINES, 0, 1).split(1, dim=1), strict=True
    ):
        picture = picture + line * (brightness - picture)
    return picture.clamp(0, 1)


def _uniform(
    like: Images, sides: tuple[int, int], low: float, high: float, generator: Generator | None
) -> Tensor:
    """Uniform random numbers from `low` to `high`, [b, *sides, 1]."""
    draw = torch.rand(
        (len(like), *sides, 1), generator=generator, device=like.device, dtype=like.dtype
    )
    return low + (high - low) * draw
