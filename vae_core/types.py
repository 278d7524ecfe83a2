"""Names for the tensors that cross module borders.

Shape comments in this project use one set of letters:

    b  images in a batch        c     colour channels
    z  latent dimensions        h, w  height and width, in pixels
    n  images in a data set     k     classes
"""

from typing import NamedTuple, TypeAlias

from torch import Tensor

Images: TypeAlias = Tensor  # [b, c, h, w], float32, black 0 to white 1
Bytes: TypeAlias = Tensor  # [n, c, h, w], uint8, black 0 to white 255
Logits: TypeAlias = Tensor  # [b, c, h, w], float32; sigmoid(Logits) is Images
Latents: TypeAlias = Tensor  # [b, z], float32
PerImage: TypeAlias = Tensor  # [b], float32
Labels: TypeAlias = Tensor  # [b], int64: classes from 0; -1 for one that is not told

ImageShape: TypeAlias = tuple[int, int, int]  # (c, h, w)


class Pictures(NamedTuple):
    """Images with their classes."""

    images: Bytes  # [n, 1, h, w]
    labels: Tensor  # [n], int64


def to_floats(images: Bytes) -> Images:
    """0 to 255 as 0 to 1."""
    return images.float() / 255


def to_bytes(images: Images) -> Bytes:
    """0 to 1 as 0 to 255, rounded; what is beyond either end becomes that end."""
    return images.clamp(0, 1).mul(255).round().byte()
