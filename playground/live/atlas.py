"""Where thousands of digits lie: maps, the digits on them, and the drawing among them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UsageError, check_name, check_range, shown

from ..inference.embedding import (
    map_of,
    neighbourhood,
    neighbours,
    pictures_of,
    quantised,
    views_of,
)
from ..query import Query, parse
from ..runs.record import PREFIX
from ..store import PIXELS, Store, remembered
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import LARGEST_DRAWING, Answer

MOST_PICTURES = 512  # in one reply
MOST_AVERAGED = 1000
NEIGHBOURS = 5
KEPT = 64  # maps, some 60 kB each


def atlas(message: bytes, store: Store) -> bytes:
    """One map of the model called `model`, or of the raw pixels.

    The header of a request has `model` and `view`; without a view it is the first there is. The
    body of the reply is the class of each digit, the class of most of its neighbours on the map
    (a byte each), and its place (16 bits an axis).

    Raises:
        UsageError: if there is no such atlas or view.
    """
    header, _ = unpack(message)
    name: Any = header.get("model")
    view: Any = header.get("view")
    store.check_atlas(name)
    if view is not None:
        check_name("view", view, views_of(store.atlas(name)))
    return _map_message(store, name, view)


@remembered(KEPT)
def _map_message(store: Store, name: str, view: str | None) -> bytes:
    found = store.atlas(name)
    views = views_of(found)
    if view is None:
        return _map_message(store, name, views[0])
    shown = map_of(found, view)
    about, places = quantised(shown.points)
    header = {
        "model": name,
        "view": view,
        "views": views,
        "count": len(found.labels),
        "code": found.codes.shape[1],
        "k": neighbourhood(len(found.labels)),
        # Beside the model of a run the pixels would be those of other digits.
        "pixels": PIXELS in store.atlases and not name.startswith(PREFIX),
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
    header, _ = unpack(message)
    name: Any = header.get("model")
    averaged = header.get("mean", False)
    store.check(name)
    if not isinstance(averaged, bool):
        raise UsageError(f"mean must be true or false; got {shown(averaged)}.")
    most = MOST_AVERAGED if averaged else MOST_PICTURES
    indices = header.get("indices")
    if not isinstance(indices, list) or not 1 <= len(indices) <= most:
        raise UsageError(f"indices must be a list of 1 to {most} whole numbers.")
    count = len(store.atlas(name).codes)
    for index in indices:
        check_range("an index", index, 0, count - 1, whole=True)
    drawn = pictures_of(store, name, np.array(indices))
    if averaged:
        drawn = np.rint(drawn.mean(axis=0, keepdims=True)).astype(np.uint8)
    return pack({"side": drawn.shape[1], "count": len(drawn)}, drawn.tobytes())


def place(message: bytes, store: Store) -> bytes:
    """The digits nearest to the drawing in the codes of `model`, among the first `points`.

    The rest of the message is as that of `reconstruct`. The body of the reply is the drawing as
    the model sees it.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    header, ink = unpack(message)
    query = parse({**header, "models": [header.get("model")], "sample": None}, ink, store)
    near, noisy = nearest(query, header.get("points"), store)
    return pack({**near, "side": len(noisy)}, noisy.tobytes())


def nearest(query: Query, count: Any, store: Store) -> tuple[dict[str, Any], NDArray[np.uint8]]:
    """The digits nearest to that of `query` among the first `count`, and what its model saw.

    Raises:
        UsageError: if the model has no atlas, or the count is out of range.
    """
    (name,) = query.models
    known = store.atlas(name)
    check_range("points", count, NEIGHBOURS, len(known.codes), whole=True)
    from ..inference.reconstruction import compare

    seen = compare(query.digit, query.noise, [store.get(name)])
    near = neighbours(known, seen.views[0].code, count, NEIGHBOURS)
    labels = known.labels[near["indices"]].tolist()
    return {"model": name, "labels": labels, **near}, seen.noisy


def check_atlases(names: object, store: Store) -> list[str]:
    """The names again, if they are a list of one or two different atlases."""
    if not isinstance(names, list) or not 1 <= len(names) <= 2:
        raise UsageError("atlases must be a list of one or two names.")
    for name in names:
        store.check_atlas(name)
    if len(set(names)) < len(names):
        raise UsageError("atlases must be a list of different names.")
    return names


ANSWERS: tuple[Answer, ...] = (
    Answer("atlas", atlas, 4 + LONGEST_HEADER, slow=True),
    Answer("points", points, 4 + LONGEST_HEADER, slow=True),
    Answer("place", place, LARGEST_DRAWING),
)
