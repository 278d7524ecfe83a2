"""The example digits as the models see them."""

from functools import cache

import numpy as np

from vae_core.data.strokes import draw, example_digits

from ..store import Store
from ..wire import pack
from .answer import Answer


def examples(_: bytes, store: Store) -> bytes:
    """The class of each example, and their pictures, 28x28 bytes each."""
    return _message()


@cache
def _message() -> bytes:
    from vae_core.data.drawing import to_digit

    found = example_digits()
    pictures = np.stack([to_digit(draw(example.strokes, size=280)) for example in found])
    about = {"side": pictures.shape[1], "labels": [example.label for example in found]}
    return pack(about, pictures.tobytes())


ANSWER = Answer("examples", examples)
