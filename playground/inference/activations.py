"""What every layer of a model puts out for a digit."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.interpret.activations import stage_outputs
from vae_core.models import Autoencoder
from vae_core.types import Images

from .images import as_pictures


class Stage(NamedTuple):
    """What one layer puts out for one image.

    Attributes:
        part: "encoder", "code", "decoder", or "picture" for the reconstruction.
        kind: what the layer is, in words.
        values: [units], or [maps, h, w] where the units lie on maps.
        weights: how many numbers the layer has learnt.
    """

    part: str
    kind: str
    values: NDArray[np.float32]
    weights: int


class Signed(NamedTuple):
    """Numbers as bytes with a sign, exact to 1 in 127 of the largest.

    Attributes:
        most: the largest absolute value, which 127 stands for.
        steps: the numbers, in their shape.
    """

    most: float
    steps: NDArray[np.int8]


def stages(model: Autoencoder, image: Images) -> list[Stage]:
    """What each layer puts out for one image, [1, c, h, w], from the first to the picture."""
    return [
        Stage(each.part, each.kind, each.values[0].numpy(), each.weights)
        for each in stage_outputs(model, image)
    ]


def signed(values: NDArray[np.float32]) -> Signed:
    """The numbers as bytes with a sign."""
    most = float(np.abs(values).max())
    return Signed(most, np.rint(values * (127 / most if most else 0)).astype(np.int8))


def grey(picture: Stage) -> NDArray[np.uint8]:
    """The last of `stages` as a picture, [h, w]."""
    return as_pictures(torch.from_numpy(picture.values)[None])[0]
