"""Where thousands of digits lie: maps, the digits on them, and the drawing among them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..inference import embedding
from ..inference.quantise import quantise
from ..inference.request import AtlasRequest, NearestRequest, PicturesRequest
from ..request import read
from ..runs.record import PREFIX
from ..store import PIXELS, Store
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import LARGEST_DRAWING, Answer
from .drawing import DrawingRequest


class PlaceRequest(NearestRequest, DrawingRequest):
    """A drawing, and among how many digits its place is looked for."""


def atlas(message: bytes, store: Store) -> bytes:
    """One map of the model called `model`, or of the raw pixels.

    The header of a request has `model` and `view`; without a view it is the first there is. The
    body of the reply is the class of each digit, the class of most of its neighbours on the map
    (a byte each), and its place (16 bits an axis).

    Raises:
        UsageError: if there is no such atlas or view.
    """
    asked = read(AtlasRequest, unpack(message)[0], store)
    found = store.atlas(asked.model)
    views = embedding.views_of(found)
    view = views[0] if asked.view is None else asked.view
    shown = embedding.map_of(store, asked.model, view)
    about, places = pack_points(shown.points)
    header = {
        "model": asked.model,
        "view": view,
        "views": views,
        "count": len(found.labels),
        "code": found.codes.shape[1],
        "k": embedding.neighbourhood(len(found.labels)),
        # Beside the model of a run the pixels would be those of other digits.
        "pixels": PIXELS in store.atlases and not asked.model.startswith(PREFIX),
        **shown.numbers,
        **about,
    }
    return pack(header, found.labels.tobytes() + shown.majority.tobytes() + places)


def points(message: bytes, store: Store) -> bytes:
    """What `model` draws from the codes numbered `indices`, 28x28 bytes each.

    With `mean` the reply is one picture, the mean of them all.

    Raises:
        UsageError: if there is no such model or code, or there are too many.
    """
    asked = read(PicturesRequest, unpack(message)[0], store)
    drawn = embedding.pictures_of(store, asked.model, asked.indices)
    if asked.mean:
        drawn = embedding.mean_of(drawn)
    return pack({"side": drawn.shape[1], "count": len(drawn)}, drawn.tobytes())


def place(message: bytes, store: Store) -> bytes:
    """The digits nearest to the drawing in the codes of `model`, among the first `points`.

    The rest of the message is as that of `reconstruct`. The body of the reply is the drawing as
    the model sees it.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    header, ink = unpack(message)
    asked = read(PlaceRequest, header, store)
    digit = asked.digit_in(ink)
    near = embedding.nearest(store, asked.model, digit, asked.noise.plain(), asked.points)
    about = {
        "model": asked.model,
        "labels": near.labels.tolist(),
        "indices": near.indices.tolist(),
        "weights": near.weights.tolist(),
        "distances": near.distances.tolist(),
        "side": len(near.noisy),
    }
    return pack(about, near.noisy.tobytes())


def pack_points(points: NDArray[np.float32]) -> tuple[dict[str, Any], bytes]:
    """Points of a map as 16 bits an axis: what they stand for, and the bytes."""
    found = quantise(points, one_scale=True)
    about = {"dims": points.shape[1], "low": found.low.tolist(), "extent": found.extent[0].item()}
    return about, found.steps.astype("<u2").tobytes()


ANSWERS: tuple[Answer, ...] = (
    Answer("atlas", atlas, 4 + LONGEST_HEADER, slow=True),
    Answer("points", points, 4 + LONGEST_HEADER, slow=True),
    Answer("place", place, LARGEST_DRAWING),
)
