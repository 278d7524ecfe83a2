"""The two costs of the drawing, and the maps of models that were trained at different beta."""

from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator

from vae_core.errors import check_name

from .. import measured
from ..inference.examples import examples
from ..request import GaussianNames, Request, read
from ..store import Store, remembered
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import LARGEST_DRAWING, Answer
from .drawing import NoisyDrawing
from .sheet import sprite


def _map_name(name: Any) -> Any:
    from vae_core.experiments.catalogue import BETA_FAMILY

    check_name("map", name, BETA_FAMILY)
    return name


class CostsRequest(NoisyDrawing):
    """A drawing, and the variational models that pay for it."""

    models: GaussianNames


class BetaMapRequest(Request):
    """Which of the maps at different beta is wanted."""

    model: Annotated[str, BeforeValidator(_map_name)]


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


def betas(_: bytes, store: Store) -> dict[str, Any]:
    """The maps by rising beta, with their rate and distortion on MNIST's test images, in nats.

    Raises:
        UsageError: if they were not trained.
    """
    images, maps = measured.betas(store)
    return {"images": images, "maps": [each._asdict() for each in maps]}


def beta_map(message: bytes, store: Store) -> bytes:
    """The space of two numbers of the `model` called so, and the clouds of the example digits.

    `half` is half a side of the square around 0 that is shown, and `dead` says of each number of
    the code whether it tells next to nothing of an example. The body is the means of all clouds
    and their standard deviations as float32, and then the sheet, as in live/sheet.

    Raises:
        UsageError: if no map is called so.
    """
    return _beta_map(store, read(BetaMapRequest, unpack(message)[0]).model)


@remembered(8)
def _beta_map(store: Store, name: str) -> bytes:
    from ..inference.costs import beta_map

    found = beta_map(store, name)
    about = {
        "half": found.half,
        "labels": examples().labels,
        "rates": found.rates.tolist(),
        "dead": found.dead.tolist(),
    }
    clouds = np.stack([found.mean, found.std]).astype("<f4").tobytes()
    return pack(about, clouds + sprite(found.tiles))


ANSWERS: tuple[Answer, ...] = (
    Answer("costs", costs, LARGEST_DRAWING),
    Answer("betas", betas),
    Answer("beta-map", beta_map, 4 + LONGEST_HEADER, slow=True),
)
