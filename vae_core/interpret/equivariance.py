"""The first layer of a model before and after the picture moves.

A convolution is equivariant: its maps move along, and are otherwise the same. A fully connected
layer is not.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..errors import UsageError
from ..models import Autoencoder
from ..types import Images
from .activations import layers


class Moved(NamedTuple):
    """The first layer's activations before and after the picture moved.

    Attributes:
        before: [b, units] or [b, maps, h, w].
        after: the same for the moved picture.
        change: how far apart the two are, unit by unit; see `change`.
        along: the same after moving the maps back; None if there are no maps.
    """

    before: Tensor
    after: Tensor
    change: float
    along: float | None


@torch.inference_mode()
def moved(model: Autoencoder, images: Images, right: int, down: int) -> Moved:
    """The output of the model's first layer for the images, and for the images moved.

    For `along` only places count whose windows lie within the picture before and after: beyond
    its edge there is nothing to move.

    Raises:
        UsageError: if the model begins with a convolution, and its windows do not stand as far
            apart as the picture is moved, or a multiple of it.
    """
    first = layers(model.encoder)[0]
    before, after = (first.outputs(each) for each in (images, move(images, right, down)))
    there = change(before, after)
    if not isinstance(first.weighted, nn.Conv2d):
        return Moved(before, after, there, None)
    (down_step, right_step), (edge, _) = first.weighted.stride, first.weighted.kernel_size
    if right % right_step or down % down_step:
        raise UsageError(
            f"The windows of this model stand {right_step} pixels apart, so that the picture can "
            f"be moved by multiples of {right_step}; got {right} and {down}."
        )
    back = move(after, -(right // right_step), -(down // down_step))
    # A window that begins within the picture and does not reach beyond it, here and there.
    inside = torch.zeros_like(before[:1, :1])
    rim = -(-(edge // 2) // down_step)
    inside[..., rim:-rim, rim:-rim] = 1
    seen = (inside * move(inside, -(right // right_step), -(down // down_step))).bool()
    return Moved(before, after, there, change(*(each * seen for each in (before, back))))


def move(pictures: Tensor, right: int, down: int) -> Tensor:
    """Pictures or maps, [..., h, w], moved by whole pixels; what comes in at the edge is 0."""
    height, width = pictures.shape[-2:]
    padded = nn.functional.pad(
        pictures, (max(right, 0), max(-right, 0), max(down, 0), max(-down, 0))
    )
    top, left = max(-down, 0), max(-right, 0)
    return padded[..., top : top + height, left : left + width]


def change(before: Tensor, after: Tensor) -> float:
    """The length of the difference over the length of what there was; 0 if nothing changed."""
    length = before.norm().item()
    return (after - before).norm().item() / length if length else 0.0
