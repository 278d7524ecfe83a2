"""Where thousands of digits lie: maps with their numbers, the digits near one, t-SNE as it runs."""

from collections.abc import Iterator, Mapping
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UsageError, check_name, check_range

from ...store.models import Store
from ...store.remembered import remembered
from .requests import LEAST_POINTS

if TYPE_CHECKING:
    from vae_core.evaluation.atlas import Atlas
    from vae_core.latent.tsne_steps import TsneSettings

    from ...wire.noise import Noise

K = 15  # neighbours that every number is about, unless there are few digits
NEIGHBOURS = 5  # of a digit
LONGEST = 600.0  # seconds that a run may take, which on a machine that is not overrun takes one minute at most
EVERY = 25  # steps of t-SNE between two frames
SEATS = 3  # at the gate, for the memory of a run of t-SNE: so about ten go on at once
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
    if atlas.latents.shape[1] == 2:
        return ["code"]
    components = ["pca", "pca3"] if atlas.latents.shape[1] > 2 else ["pca"]
    return [*(name for name in ("tsne", "tsne3") if name in atlas.maps), *components]


@remembered
def map_of(store: Store, name: str, view: str) -> Map:
    """One of the maps of an atlas, with the numbers that were measured ahead if there are any.

    Raises:
        UsageError: if there is no such atlas, or no such map of it.
    """
    atlas = store.atlas(name)
    check_name("view", view, views_of(atlas))
    about = atlas.about
    known = {
        "trustworthiness": about.get("trustworthiness", {}).get(view),
        "code_accuracy": about.get("knn_accuracy", {}).get("codes"),
        "kl": about.get("kl", {}).get(view),
    }
    measured_ahead = {name: value for name, value in known.items() if value is not None}
    return measured(atlas.latents, _points(atlas, view), atlas.labels, measured_ahead)


def _points(atlas: "Atlas", view: str) -> NDArray[np.float32]:
    from vae_core.latent.embedding import pca

    if view == "code":
        return atlas.latents
    return atlas.maps[view] if view in atlas.maps else pca(atlas.latents, VIEWS[view])


def neighbourhood(count: int) -> int:
    """How many neighbours the numbers of a map of so many points are about."""
    return min(K, (count - 1) // 2)


def measured(
    latents: NDArray[np.float32],
    points: NDArray[np.float32],
    labels: NDArray[np.uint8],
    known: Mapping[str, float] = MappingProxyType({}),
) -> Map:
    """A map of these codes with its numbers; those that are `known` are not computed again."""
    from vae_core.latent.embedding import class_outliers, map_accuracy, trustworthiness

    k = neighbourhood(len(latents))
    majority = class_outliers(points, labels, k).majority
    numbers = {"map_accuracy": float((majority == labels).mean()), **known}
    if points is latents:  # a code of two numbers is its own map
        numbers.setdefault("trustworthiness", 1.0)
        numbers.setdefault("code_accuracy", numbers["map_accuracy"])
    if "trustworthiness" not in numbers:
        numbers["trustworthiness"] = trustworthiness(latents, points, k)
    if "code_accuracy" not in numbers:
        numbers["code_accuracy"] = map_accuracy(latents, labels, k)
    return Map(points, majority.astype(np.uint8), numbers)


class Nearest(NamedTuple):
    """The digits of an atlas whose latents are nearest to those of a digit, the nearest first.

    Attributes:
        indices: [k], in the atlas.
        labels: [k], their classes.
        weights: [k], how much each counts for the place of the digit on a map; they add up to 1.
        distances: [k], between latents.
        noisy: [h, w], the digit as the model saw it.
    """

    indices: NDArray[np.int64]
    labels: NDArray[np.uint8]
    weights: NDArray[np.float32]
    distances: NDArray[np.float64]
    noisy: NDArray[np.uint8]


def nearest(
    store: Store, name: str, digit: NDArray[np.uint8], noise: "Noise", among: int | None
) -> Nearest:
    """The digits nearest to one, [h, w], with noise on it, for the model called `name`.

    Arguments:
        among: how many digits of the atlas to look through, the first of all; None for all.

    Raises:
        UsageError: if there is no atlas, or it has fewer digits than that.
    """
    from vae_core.latent.embedding import nearest as found_by

    from ..reconstruction import compare

    atlas = store.atlas(name)
    among = len(atlas.latents) if among is None else among
    check_range("points", among, NEIGHBOURS, len(atlas.latents), whole=True)
    seen = compare(digit, noise, [store.get(name)])
    known, latents = atlas.latents[:among], seen.views[0].latents
    indices, weights = found_by(known, latents[None], NEIGHBOURS)
    away = known[indices[0]].astype(np.float64) - latents
    distances = np.linalg.norm(away, axis=1)
    return Nearest(indices[0], atlas.labels[indices[0]], weights[0], distances, seen.noisy)


class TsneFrame(NamedTuple):
    """A map while t-SNE works on it.

    Attributes:
        iteration: steps so far, `of` so many.
        kl: what is left of the cost that t-SNE lowers, in nats.
        points: [n, dims].
        finished: the map with its numbers; None until the last step.
    """

    iteration: int
    of: int
    kl: float
    points: NDArray[np.float32]
    finished: Map | None


def tsne(store: Store, name: str, count: int, settings: "TsneSettings") -> Iterator[TsneFrame]:
    """The map of the first `count` digits of an atlas as it unfolds, a frame every few steps.

    Raises:
        UsageError: if there is no such atlas, it has fewer digits than that, or it takes too long.
    """
    from vae_core.latent import tsne_steps

    until = monotonic() + LONGEST
    atlas = store.atlas(name)
    check_range("points", count, LEAST_POINTS, len(atlas.latents), whole=True)
    latents, labels = atlas.latents[:count].astype(np.float32), atlas.labels[:count]
    of = settings.early_iterations + settings.iterations
    for frame in tsne_steps.tsne(latents, settings, EVERY):
        finished = measured(latents, frame.points, labels) if frame.done else None
        yield TsneFrame(frame.iteration, of, frame.kl, frame.points, finished)
        if monotonic() > until and not frame.done:
            raise UsageError(
                f"After {LONGEST / 60:.0f} minutes the run was at step {frame.iteration:,} of {of:,}, so "
                "it was ended: many others compute here. Take fewer digits or steps, or try again later."
            )


def pictures_of(store: Store, name: str, indices: list[int]) -> NDArray[np.uint8]:
    """What a model draws from the latents of some digits of its atlas, [n, h, w].

    Raises:
        UsageError: if there is no such digit.
    """
    from . import latents

    known = store.atlas(name).latents
    for index in indices:
        check_range("an index", index, 0, len(known) - 1, whole=True)
    return latents.decode(store, name, known[indices].astype(np.float32))


def mean_of(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mean of pictures, [n, h, w] -> [1, h, w]."""
    return np.rint(pictures.mean(axis=0, keepdims=True)).astype(np.uint8)
