"""What the Map tab asks for: where the codes of a model lie, and what is between them."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UsageError

from ..store import Store, remembered
from ..wire import LONGEST_HEADER, pack, unpack
from . import codes, latents, sheet
from .answer import Answer

if TYPE_CHECKING:
    from torch import Tensor

LONGEST_QUESTION = 4 + LONGEST_HEADER  # bytes of a message without a body
RASTER = 64  # points along a side of the picture of the density
PRIOR_REACH = 3.0  # standard deviations of the prior that its map shows at least
OUTSIDE = 0.005  # share of the codes that may lie beyond each side of the map
MARGIN = 0.05  # around the codes, as a share of the square


class Square(NamedTuple):
    """The part of a 2-D latent space that its map shows."""

    centre: tuple[float, float]
    half: float  # of a side


def map_of(message: bytes, store: Store) -> bytes:
    """Where the test digits lie in a space of two numbers, as one message.

    The request names the `model`. The body of the reply is the class of each digit, one byte
    each, and their codes.

    Raises:
        UsageError: if the model is not known, or its code does not have two numbers.
    """
    name = _asked(message, store)
    return _map_of(store, name)


def density_of(message: bytes, store: Store) -> bytes:
    """How densely the codes lie in the square of a map, as one message.

    The body of the reply is `side` x `side` bytes from the upper left: 255 at the `peak`, a share
    of the codes per unit of area, and elsewhere the square root of the share of it, so that thin
    places show.

    Raises:
        UsageError: if the model is not known, or its code does not have two numbers.
    """
    name = _asked(message, store)
    return _density_of(store, name)


def trained_on(message: bytes, store: Store) -> bytes:
    """The codes of all digits that a model of two numbers was trained on, as one message.

    Raises:
        UsageError: if the model is not known, or its code does not have two numbers.
    """
    name = _asked(message, store)
    atlas = codes.atlas_of(store, name)
    places = np.zeros((0, 2), np.float32) if atlas is None or atlas.train is None else atlas.train
    scale, body = _packed(places)
    return pack({"codes": scale}, body)


def holes_of(message: bytes, store: Store) -> dict[str, Any]:
    """Where a space of two numbers has holes among the codes, as JSON: `holes.Holes`.

    Its places are those that the map shows.

    Raises:
        UsageError: if the model is not known, its code does not have two numbers, or there is no
            digit classifier to say what a digit is.
    """
    return _holes_of(store, _asked(message, store))


def square_of(places: "Tensor", has_prior: bool) -> Square:
    """The square that all but a few of the codes [n, 2] fit into, with a margin on every side.

    Around the prior's middle if there is one, and then at least `PRIOR_REACH` far.
    """
    low, high = np.quantile(places.numpy(), [OUTSIDE, 1 - OUTSIDE], axis=0)
    centre = np.zeros(2) if has_prior else (low + high) / 2
    reach = max(np.abs(low - centre).max(), np.abs(high - centre).max(), 1e-3) * (1 + MARGIN)
    half = max(PRIOR_REACH, reach) if has_prior else reach
    return Square((round(float(centre[0]), 4), round(float(centre[1]), 4)), round(float(half), 4))


def _asked(message: bytes, store: Store) -> str:
    header, _ = unpack(message)
    name = codes.model_name(header, store)
    size = store.get(name).model.latent_dim
    if size != 2:
        raise UsageError(f"A map needs a code of two numbers; '{name}' has {size}.")
    return name


@remembered(8)
def _map_of(store: Store, name: str) -> bytes:
    from vae_core.models import GaussianLatents

    checkpoint = store.get(name)
    atlas = codes.atlas_of(store, name)
    known = codes.known_codes(store, name)
    has_prior = isinstance(checkpoint.model, GaussianLatents)
    square = square_of(known, has_prior)
    labels = np.zeros(0, np.uint8) if atlas is None else atlas.labels
    scale, body = _packed(np.zeros((0, 2), np.float32) if atlas is None else known.numpy())
    about: dict[str, Any] = {
        "model": name,
        "square": {"centre": square.centre, "half": square.half},
        "spread": known.std(dim=0, correction=0).tolist(),
        "prior": has_prior,
        "codes": scale,
        "continuity": None if atlas is None else atlas.about.get("continuity"),
        "completeness": None if atlas is None else atlas.about.get("completeness"),
    }
    return pack(about, labels.astype(np.uint8).tobytes() + body)


@remembered(8)
def _holes_of(store: Store, name: str) -> dict[str, Any]:
    from vae_core.evaluation.holes import holes
    from vae_core.models import GaussianLatents

    judge = store.judge()
    if judge is None:
        raise UsageError("There is no digit classifier here to say where a picture is no digit.")
    model, known = store.get(name).model, codes.known_codes(store, name)
    found = holes(model, known, judge)
    square = square_of(known, isinstance(model, GaussianLatents))
    away = (found.places - found.places.new_tensor(square.centre)).abs().amax(dim=1)
    shown = away <= square.half
    return {
        "model": name,
        "places": found.places[shown].tolist(),
        "chances": found.probabilities[shown].tolist(),
        "outline": found.outline.tolist(),
        "near": found.near,
        "empty": found.empty,
        "share": found.share,
    }


def _packed(places: NDArray[np.float32]) -> tuple[dict[str, Any], bytes]:
    """Codes [n, 2] as whole numbers from 0 to 65535, and what turns them back."""
    if len(places) == 0:
        return {"count": 0, "low": [0, 0], "step": [0, 0]}, b""
    low = places.min(axis=0).astype(np.float64)
    step = np.maximum(places.max(axis=0) - low, 1e-9) / 65535
    steps = np.rint((places - low) / step).astype("<u2")
    return {"count": len(places), "low": low.tolist(), "step": step.tolist()}, steps.tobytes()


@remembered(8)
def _density_of(store: Store, name: str) -> bytes:
    import torch

    from vae_core.evaluation.latent_metrics import density
    from vae_core.models import GaussianLatents

    known = codes.known_codes(store, name)
    square = square_of(known, isinstance(store.get(name).model, GaussianLatents))
    x, y = (torch.linspace(-1, 1, RASTER) * square.half + middle for middle in square.centre)
    down, across = torch.meshgrid(y.flip(0), x, indexing="ij")
    heights = density(known, torch.stack([across, down], dim=-1).flatten(0, 1))
    peak = max(heights.max().item(), 1e-12)
    raster = (heights / peak).sqrt().mul(255).round().byte().numpy()
    return pack({"side": RASTER, "peak": peak}, raster.tobytes())


ANSWERS: tuple[Answer, ...] = (
    Answer("map", map_of, LONGEST_QUESTION, slow=True),
    Answer("density", density_of, LONGEST_QUESTION, slow=True),
    Answer("trained-on", trained_on, LONGEST_QUESTION, slow=True),
    Answer("holes", holes_of, LONGEST_QUESTION, slow=True),
    *codes.ANSWERS,
    *sheet.ANSWERS,
    *latents.ANSWERS,
)
