"""Where thousands of digits lie: the maps of an atlas, its latents, and the Gaussian fitted to them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UsageError

from ..inference.quantise import quantise
from ..runs.disk.record import PREFIX
from ..store.models import PIXELS, Store
from ..wire.packing import pack
from .fact import Fact, Subjects, models

FIRST = "first"  # in an address: the first view that there is


def atlas(store: Store, model: str, view: str) -> bytes:
    """One map of the model called so, or of the raw pixels.

    The body is the class of each digit, the class of most of its neighbours on the map (a byte
    each), and its place (16 bits an axis).

    Arguments:
        view: "first" for the first that there is.

    Raises:
        UsageError: if there is no such atlas or view.
    """
    from ..inference.latent import embedding

    found = store.atlas(model)
    views = embedding.views_of(found)
    view = views[0] if view == FIRST else view
    shown = embedding.map_of(store, model, view)
    about, places = pack_points(shown.points)
    header = {
        "model": model,
        "view": view,
        "views": views,
        "count": len(found.labels),
        "code": found.latents.shape[1],
        "every": bool(found.about.get("every")),  # those trained on are among them
        "k": embedding.neighbourhood(len(found.labels)),
        # Beside the model of a run the pixels would be those of other digits.
        "pixels": PIXELS in store.atlases and not model.startswith(PREFIX),
        **shown.numbers,
        **about,
    }
    return pack(header, found.labels.tobytes() + shown.majority.tobytes() + places)


def latents_of(store: Store, model: str) -> bytes:
    """The latents that the model called so gives the digits of its atlas, in the order of the map.

    The body is so many latents of `size` numbers each, one after the other: as float16 if
    `half`, which is how atlases are kept, and otherwise as float32.

    Raises:
        UsageError: if the model is not known, or there is no atlas of it.
    """
    store.check(model)
    latents = store.atlas(model).latents
    count, size = latents.shape
    with np.errstate(over="ignore"):
        halves = latents.astype("<f2")
    half = np.array_equal(halves, latents)
    body = halves if half else latents.astype("<f4")
    return pack({"count": count, "size": size, "half": half}, body.tobytes())


def gaussian_of(store: Store, model: str) -> bytes:
    """The Gaussian that is fitted to the latents of a model without a prior.

    The body is its mean and then the lower triangle whose product with its transpose is the
    covariance, row by row with its zeros, as float32.

    Raises:
        UsageError: if the model is not known, has a prior, or its latents are not known here.
    """
    from ..inference.latent import interpolation

    store.check(model)
    fitted = interpolation.fitted(store, model)
    body = (
        fitted.mean.numpy().astype("<f4").tobytes() + fitted.factor.numpy().astype("<f4").tobytes()
    )
    return pack({"size": len(fitted.mean)}, body)


def pack_points(points: NDArray[np.float32]) -> tuple[dict[str, Any], bytes]:
    """Points of a map as 16 bits an axis: what they stand for, and the bytes."""
    found = quantise(points, one_scale=True)
    about = {"dims": points.shape[1], "low": found.low.tolist(), "extent": found.extent[0].item()}
    return about, found.steps.astype("<u2").tobytes()


def _maps(store: Store) -> Subjects:
    from ..inference.latent import embedding

    for name in store.atlases:
        try:
            views = embedding.views_of(store.atlas(name))
        except UsageError:
            continue
        yield from ((name, view) for view in (FIRST, *views))


FACTS: tuple[Fact, ...] = (
    Fact("atlas", atlas, about=2, slow=True, subjects=_maps),
    Fact("atlas-latents", latents_of, about=1, slow=True, subjects=models),
    Fact("gaussian", gaussian_of, about=1, slow=True, subjects=models),
)
