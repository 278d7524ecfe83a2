"""Slightly turned, stretched and slanted copies of images, for models that overfit."""

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from ..types import Images

TURN = 0.15  # radians at most, 9 degrees
STRETCH = 0.08  # of each side, at most
SLANT = 0.15  # pixels to the side per pixel down, at most


def jitter(images: Images, share: float, generator: Generator | None = None) -> Images:
    """The images, about `share` of them slightly deformed around their middle.

    Arguments:
        share: the chance that an image is deformed, from 0 to 1; the others stay bit for bit.
        generator: draws who is deformed and how; on the device of the images.
    """
    count, device = len(images), images.device

    def up_to(most: float) -> Tensor:
        return (torch.rand(count, generator=generator, device=device) * 2 - 1) * most  # [b]

    turn, slant = up_to(TURN), up_to(SLANT)
    across, down = 1 + up_to(STRETCH), 1 + up_to(STRETCH)
    cos, sin, still = turn.cos(), turn.sin(), torch.zeros(count, device=device)
    first = [across * cos, across * (slant * cos - sin), still]
    second = [down * sin, down * (cos + slant * sin), still]
    rows = torch.stack(first + second, dim=1).view(count, 2, 3)
    grid = F.affine_grid(rows, list(images.shape), align_corners=False)
    # Bicubic, because bilinear would blur every stroke.
    deformed = F.grid_sample(images, grid, mode="bicubic", align_corners=False).clamp(0, 1)
    chosen = torch.rand(count, generator=generator, device=device) < share
    return torch.where(chosen.view(-1, 1, 1, 1), deformed, images)
