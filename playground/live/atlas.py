"""Where thousands of digits lie: maps, the digits on them, and the drawing among them."""

from ..inference import embedding
from ..inference.request import NearestRequest, PicturesRequest
from ..request import read
from ..store import Store
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import LARGEST_DRAWING, Answer
from .drawing import DrawingRequest


class PlaceRequest(NearestRequest, DrawingRequest):
    """A drawing, and among how many digits its place is looked for."""


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


ANSWERS: tuple[Answer, ...] = (
    Answer("points", points, 4 + LONGEST_HEADER, slow=True),
    Answer("place", place, LARGEST_DRAWING),
)
