"""The example digits as the models see them."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vae_core.data.strokes import draw, example_digits


class Examples(NamedTuple):
    """Digits with their classes.

    Attributes:
        pictures: [n, h, w], black 0 to white 255.
        labels: [n].
    """

    pictures: NDArray[np.uint8]
    labels: list[int]


@cache
def examples() -> Examples:
    """The example digits, drawn once."""
    from vae_core.data.drawings.digit import to_digit

    found = example_digits()
    pictures = np.stack([to_digit(draw(example.strokes, size=280)) for example in found])
    pictures.flags.writeable = False  # it belongs to all who ask
    return Examples(pictures, [example.label for example in found])
