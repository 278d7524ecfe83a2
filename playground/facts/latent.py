"""What is told of the latents of a model: how much each matters, and where a map of two has what."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..inference.quantise import STEPS, quantise
from ..store.models import Store
from ..wire.packing import pack
from .fact import Fact, models


def latents(store: Store, model: str) -> dict[str, Any]:
    """The latents of a model in order of importance.

    Raises:
        UsageError: if the model is not known.
    """
    from ..inference.latent.latents import ranges

    store.check(model)
    return ranges(store, model).as_lists()


def spread_of(store: Store, model: str) -> dict[str, Any]:
    """The standard deviation of each latent of a model over many digits.

    Raises:
        UsageError: if the model is not known.
    """
    from ..inference.latent.latents import known_latents

    store.check(model)
    return {"deviations": known_latents(store, model).std(dim=0).tolist()}


def map_of(store: Store, model: str) -> bytes:
    """Where the test digits lie in a space of two latents, as one message.

    The body is the class of each digit, one byte each, and their latents.

    Raises:
        UsageError: if the model is not known, or does not have two latents.
    """
    from ..inference.latent.map import latent_map

    store.check(model)
    found = latent_map(store, model)
    scale, body = _packed(found.latents)
    about: dict[str, Any] = {
        "model": model,
        "square": found.square._asdict(),
        "spread": found.spread.tolist(),
        "prior": found.has_prior,
        "codes": scale,
        "continuity": found.continuity,
    }
    return pack(about, found.labels.tobytes() + body)


def measured_of(store: Store, model: str) -> dict[str, Any]:
    """The continuity and the completeness of a space of two latents; null where it is not known.

    Raises:
        UsageError: if the model is not known, or does not have two latents.
    """
    from ..inference.latent.map_layers import measured

    store.check(model)
    return measured(store, model)._asdict()


def density_of(store: Store, model: str) -> bytes:
    """How densely the latents lie in the square of a map, as one message.

    The body is `side` x `side` bytes from the upper left: 255 at the `peak`, a share of the
    latents per unit of area, and elsewhere the square root of the share of it, so that thin
    places show.

    Raises:
        UsageError: if the model is not known, or does not have two latents.
    """
    from ..inference.latent.map_layers import density

    store.check(model)
    found = density(store, model)
    return pack({"side": len(found.raster), "peak": found.peak}, found.raster.tobytes())


def digits_of(store: Store, model: str) -> bytes:
    """Where a space of two latents draws digits, as one message: `map_layers.Digits`.

    The body is `side` x `side` bytes from the upper left, how unlike any digit the picture is there:
    up to `limit` it counts as one.

    Raises:
        UsageError: if the model is not known, does not have two latents, is not known to have
            learnt digits, or there is nothing to say what a digit is.
    """
    from ..inference.latent.map_layers import digits

    store.check(model)
    found = digits(store, model)
    about = {
        "side": len(found.raster),
        "limit": found.limit,
        "share": found.share,
        "random": found.random,
    }
    return pack(about, found.raster.tobytes())


def held_out(store: Store) -> bytes:
    """What the digit classifier sees of held-out digits, by which the page tells digits from nonsense.

    The body is `count` digits of `size` features, a byte each; `scale` is what 1 stands for.

    Raises:
        UsageError: if that is missing or damaged.
    """
    from vae_core.evaluation.likeness import K

    _, seen = store.likeness()
    count, size = seen.features.shape
    about = {"count": count, "size": size, "k": K, "scale": seen.scale, "limit": seen.limit}
    return pack(about, seen.features.numpy().tobytes())


def trained_on(store: Store, model: str) -> bytes:
    """The latents of all digits that a model of two was trained on, as one message.

    Raises:
        UsageError: if the model is not known, or does not have two latents.
    """
    from ..inference.latent.map import training_latents

    store.check(model)
    scale, body = _packed(training_latents(store, model))
    return pack({"codes": scale}, body)


def holes_of(store: Store, model: str) -> dict[str, Any]:
    """Where a space of two latents has holes among them: `map_layers.Holes`.

    Raises:
        UsageError: if the model is not known, does not have two latents, or there is no digit
            classifier to say what a digit is.
    """
    from ..inference.latent.map_layers import holes

    store.check(model)
    return {"model": model, **holes(store, model).as_lists()}


def _packed(places: NDArray[np.float32]) -> tuple[dict[str, Any], bytes]:
    """Codes [n, 2] as whole numbers of 16 bits, and what turns them back."""
    found = quantise(places.astype(np.float64), one_scale=False)
    scale = {
        "count": len(places),
        "low": found.low.tolist(),
        "step": (found.extent / STEPS).tolist(),
    }
    return scale, found.steps.astype("<u2").tobytes()


FACTS: tuple[Fact, ...] = (
    Fact("latents", latents, about=1, slow=True, subjects=models),
    Fact("spread", spread_of, about=1, slow=True, subjects=models),
    Fact("map", map_of, about=1, slow=True, subjects=models),
    Fact("space-numbers", measured_of, about=1, slow=True, subjects=models),
    Fact("density", density_of, about=1, slow=True, subjects=models),
    Fact("digits", digits_of, about=1, slow=True, subjects=models),
    Fact("held-out", held_out, slow=True),
    Fact("trained-on", trained_on, about=1, slow=True, subjects=models),
    Fact("holes", holes_of, about=1, slow=True, subjects=models),
)
