"""The two costs of the drawing, and the maps of models that were trained at different beta."""

import numpy as np

from ..request import GaussianNames, read
from ..store import Store
from ..wire import pack, unpack
from .answer import LARGEST_DRAWING, Answer
from .drawing import NoisyDrawing


class CostsRequest(NoisyDrawing):
    """A drawing, and the variational models that pay for it."""

    models: GaussianNames


def costs(message: bytes, store: Store) -> bytes:
    """What each of several variational models pays for the drawing, with its noise.

    The request is that of live/reconstruct; the maps at different beta may be among its models.
    The `floor` is the cross-entropy of a perfect reconstruction. The body is the image and the
    picture of each model; then for each, as float32, the rate of every number of its code, its
    means and its standard deviations.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.costs import compared, gaussian

    header, ink = unpack(message)
    asked = read(CostsRequest, header, store)
    models = [gaussian(store, name) for name in asked.models]
    found = compared(models, asked.digit_in(ink), asked.noise.plain())
    about = {
        "side": found.picture.shape[-1],
        "floor": found.floor,
        "models": [
            {
                "name": name,
                "code": len(each.mean),
                "distortion": each.distortion,
                "rate": each.rate,
                "cross_entropy": each.cross_entropy,
                "squared_error": each.squared_error,
            }
            for name, each in zip(asked.models, found.costs, strict=True)
        ],
    }
    pictures = np.stack([found.picture, *(each.picture for each in found.costs)])
    numbers = [number for each in found.costs for number in (each.rates, each.mean, each.std)]
    floats = b"".join(number.astype("<f4").tobytes() for number in numbers)
    return pack(about, pictures.tobytes() + floats)


ANSWERS: tuple[Answer, ...] = (Answer("costs", costs, LARGEST_DRAWING),)
