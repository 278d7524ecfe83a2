"""What the Map tab asks for: where the codes of a model lie, and what is between them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..inference.quantise import STEPS, quantise
from ..inference.request import ModelRequest
from ..request import read
from ..store import Store
from ..wire import LONGEST_HEADER, pack, unpack
from . import codes, latents, sheet
from .answer import Answer

LONGEST_QUESTION = 4 + LONGEST_HEADER  # bytes of a message without a body


def map_of(message: bytes, store: Store) -> bytes:
    """Where the test digits lie in a space of two numbers, as one message.

    The request names the `model`. The body of the reply is the class of each digit, one byte
    each, and their codes.

    Raises:
        UsageError: if the model is not known, or its code does not have two numbers.
    """
    from ..inference.latent_map import latent_map

    name = _asked(message, store)
    found = latent_map(store, name)
    scale, body = _packed(found.latents)
    about: dict[str, Any] = {
        "model": name,
        "square": found.square._asdict(),
        "spread": found.spread.tolist(),
        "prior": found.has_prior,
        "codes": scale,
        "continuity": found.continuity,
        "completeness": found.completeness,
    }
    return pack(about, found.labels.tobytes() + body)


def density_of(message: bytes, store: Store) -> bytes:
    """How densely the codes lie in the square of a map, as one message.

    The body of the reply is `side` x `side` bytes from the upper left: 255 at the `peak`, a share
    of the codes per unit of area, and elsewhere the square root of the share of it, so that thin
    places show.

    Raises:
        UsageError: if the model is not known, or its code does not have two numbers.
    """
    from ..inference.latent_map import density

    found = density(store, _asked(message, store))
    return pack({"side": len(found.raster), "peak": found.peak}, found.raster.tobytes())


def trained_on(message: bytes, store: Store) -> bytes:
    """The codes of all digits that a model of two numbers was trained on, as one message.

    Raises:
        UsageError: if the model is not known, or its code does not have two numbers.
    """
    from ..inference.latent_map import training_latents

    scale, body = _packed(training_latents(store, _asked(message, store)))
    return pack({"codes": scale}, body)


def holes_of(message: bytes, store: Store) -> dict[str, Any]:
    """Where a space of two numbers has holes among the codes, as JSON: `latent_map.Holes`.

    Raises:
        UsageError: if the model is not known, its code does not have two numbers, or there is no
            digit classifier to say what a digit is.
    """
    from ..inference.latent_map import holes

    name = _asked(message, store)
    return {"model": name, **holes(store, name).as_lists()}


def _asked(message: bytes, store: Store) -> str:
    return read(ModelRequest, unpack(message)[0], store).model


def _packed(places: NDArray[np.float32]) -> tuple[dict[str, Any], bytes]:
    """Codes [n, 2] as whole numbers of 16 bits, and what turns them back."""
    found = quantise(places.astype(np.float64), one_scale=False)
    scale = {
        "count": len(places),
        "low": found.low.tolist(),
        "step": (found.extent / STEPS).tolist(),
    }
    return scale, found.steps.astype("<u2").tobytes()


ANSWERS: tuple[Answer, ...] = (
    Answer("map", map_of, LONGEST_QUESTION, slow=True),
    Answer("density", density_of, LONGEST_QUESTION, slow=True),
    Answer("trained-on", trained_on, LONGEST_QUESTION, slow=True),
    Answer("holes", holes_of, LONGEST_QUESTION, slow=True),
    *codes.ANSWERS,
    *sheet.ANSWERS,
    *latents.ANSWERS,
)
