"""What the Atlas tab shows: the maps of an atlas with their numbers, ready to be sent."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UsageError, check_name

from ..store import PIXELS, Store

if TYPE_CHECKING:
    from vae_core.evaluation.atlas import Atlas

K = 15  # neighbours that every number is about, unless there are few digits
STEPS = 2**16 - 1  # along each axis of a map that is sent
VIEWS = {"tsne": 2, "tsne3": 3, "pca": 2, "pca3": 3, "code": 2}  # maps by name, and their axes


class Map(NamedTuple):
    """A map of an atlas, and how far it can be trusted.

    Attributes:
        points: [n, dims].
        majority: [n], the class that most of a point's neighbours on the map have.
        numbers: `trustworthiness`; `map_accuracy` and `code_accuracy`: how often most of a
            digit's neighbours are of its class, on the map and in the codes; and of some maps
            `kl`, what is left of the cost that t-SNE lowers, in nats.
    """

    points: NDArray[np.float32]
    majority: NDArray[np.uint8]
    numbers: dict[str, float]


def views_of(atlas: "Atlas") -> list[str]:
    """The maps there are of an atlas, the most telling first.

    A code of two numbers is its own map. Other codes have the maps that were made ahead, and
    their principal components, which need no time.
    """
    if atlas.codes.shape[1] == 2:
        return ["code"]
    components = ["pca", "pca3"] if atlas.codes.shape[1] > 2 else ["pca"]
    return [*(name for name in ("tsne", "tsne3") if name in atlas.maps), *components]


def map_of(atlas: "Atlas", view: str) -> Map:
    """One of the maps of an atlas, with the numbers that were measured ahead if there are any.

    Raises:
        UsageError: if the atlas has no such map.
    """
    check_name("view", view, views_of(atlas))
    about = atlas.about
    known = {
        "trustworthiness": about.get("trustworthiness", {}).get(view),
        "code_accuracy": about.get("knn_accuracy", {}).get("codes"),
        "kl": about.get("kl", {}).get(view),
    }
    measured_ahead = {name: value for name, value in known.items() if value is not None}
    return measured(atlas.codes, _points(atlas, view), atlas.labels, measured_ahead)


def _points(atlas: "Atlas", view: str) -> NDArray[np.float32]:
    from vae_core.latent.embedding import pca

    if view == "code":
        return atlas.codes
    return atlas.maps[view] if view in atlas.maps else pca(atlas.codes, VIEWS[view])


def neighbourhood(count: int) -> int:
    """How many neighbours the numbers of a map of so many points are about."""
    return min(K, (count - 1) // 2)


def measured(
    codes: NDArray[np.float32],
    points: NDArray[np.float32],
    labels: NDArray[np.uint8],
    known: Mapping[str, float] = MappingProxyType({}),
) -> Map:
    """A map of these codes with its numbers; those that are `known` are not computed again."""
    from vae_core.latent.embedding import class_outliers, map_accuracy, trustworthiness

    k = neighbourhood(len(codes))
    majority = class_outliers(points, labels, k).majority
    numbers = {"map_accuracy": float((majority == labels).mean()), **known}
    if points is codes:  # a code of two numbers is its own map
        numbers.setdefault("trustworthiness", 1.0)
        numbers.setdefault("code_accuracy", numbers["map_accuracy"])
    if "trustworthiness" not in numbers:
        numbers["trustworthiness"] = trustworthiness(codes, points, k)
    if "code_accuracy" not in numbers:
        numbers["code_accuracy"] = map_accuracy(codes, labels, k)
    return Map(points, majority.astype(np.uint8), numbers)


def quantised(points: NDArray[np.float32]) -> tuple[dict[str, Any], bytes]:
    """Points as 16 bits an axis: what they stand for, and the bytes.

    All axes have one scale, so that the map keeps its shape.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low).max()) or 1.0
    steps = np.rint((points - low) / extent * STEPS).astype("<u2")
    about = {"dims": points.shape[1], "low": low.tolist(), "extent": extent}
    return about, steps.tobytes()


def neighbours(
    atlas: "Atlas", code: NDArray[np.float32], count: int, k: int
) -> dict[str, list[Any]]:
    """The k codes nearest to a new one among the first `count` of an atlas.

    Their indices, how much each counts for the place of the new one, and their distances.
    """
    from vae_core.latent.embedding import nearest

    known = atlas.codes[:count]
    indices, weights = nearest(known, code[None], k)
    far = np.linalg.norm(known[indices[0]].astype(np.float64) - code, axis=1)
    return {
        "indices": indices[0].tolist(),
        "weights": weights[0].tolist(),
        "distances": far.tolist(),
    }


def pictures_of(store: Store, name: str, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
    """What a model draws from some codes of its atlas, [n, h, w].

    Raises:
        UsageError: if it cannot, or there is no such code.
    """
    if name == PIXELS:
        raise UsageError("Raw pixels are no model's codes. Ask a model for its reconstructions.")
    import torch

    from vae_core.models.inference import decode_to_bytes

    codes = store.atlas(name).codes
    if len(indices) and not 0 <= indices.min() <= indices.max() < len(codes):
        raise UsageError(f"indices must be from 0 to {len(codes) - 1}; got {indices.max()}.")
    wanted = torch.from_numpy(codes[indices].astype(np.float32))
    return decode_to_bytes(store.get(name).model, wanted)[:, 0].numpy()
