"""A space of two numbers: where the known latents lie in it, and what is between them."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.errors import UsageError, check_name
from vae_core.evaluation import holes as found_by
from vae_core.evaluation import latent_metrics, likeness
from vae_core.latent import planes
from vae_core.latent.sampling import fit_gaussian, sample_latents, standard_normal
from vae_core.models.inference import decode_to_bytes
from vae_core.types import to_floats

from ..store import Store, remembered
from .latents import atlas_of, check_length, is_gaussian, known_latents

if TYPE_CHECKING:
    from vae_core.latent.planes import Plane

RASTER = 64  # points along a side of the picture of the density
PLACES = 40  # along a side, of the picture of what is a digit; twice as many move no share by 0.01
LEVELS = 180  # of a distance: the largest, √2, is a byte
DARTS = 1000  # random codes; chance moves their share by about 0.01
PRIOR_REACH = 3.0  # standard deviations of the prior that its map shows at least
OUTSIDE = 0.005  # share of the latents that may lie beyond each side of the map
CORNERS = {
    "whole": 0,
    "axes": 1,
    "corners": 3,
}  # latents that a plane of each kind is laid through
DIGITS = ("mnist", "digits")  # the data sets of what the classifier knows
MARGIN = 0.05  # around the latents, as a share of the square


class Square(NamedTuple):
    """The part of a 2-D latent space that its map shows."""

    centre: tuple[float, float]
    half: float  # of a side


class LatentMap(NamedTuple):
    """Where the test digits lie in a space of two numbers.

    Attributes:
        latents: [n, 2]; none where there is no atlas.
        labels: [n], the class of each.
        square: that nearly all of them are in.
        spread: [2], the standard deviation of each number.
        has_prior: whether the model was trained to give latents of a known distribution.
        continuity: how evenly pictures change across the space; None if that was not measured.
    """

    latents: NDArray[np.float32]
    labels: NDArray[np.uint8]
    square: Square
    spread: NDArray[np.float32]
    has_prior: bool
    continuity: Any


class Measured(NamedTuple):
    """What a space is like, in two numbers.

    Attributes:
        continuity: `mean` and `p99`; None where no codes are known.
        completeness: the share of random codes that are digits; None where nothing can say it: of
            other pictures than digits.
    """

    continuity: dict[str, float] | None
    completeness: float | None


class Density(NamedTuple):
    """How densely the latents lie in the square of a map.

    Attributes:
        raster: [side, side] from the upper left: 255 at the peak, and elsewhere the square root
            of the share of it, so that thin places show.
        peak: a share of the latents per unit of area.
    """

    raster: NDArray[np.uint8]
    peak: float


class Digits(NamedTuple):
    """Where a space of two numbers draws digits, by `vae_core.evaluation.likeness`.

    Attributes:
        raster: [side, side] from the upper left of the square, how unlike any digit the picture is,
            a unit being 1/`LEVELS`.
        limit: up to which it counts as a digit, in the same unit.
        share: of the square, that is a digit.
        random: the share of 1,000 random codes that are: of the prior or, without one, of the
            Gaussian that fits the known codes.
    """

    raster: NDArray[np.uint8]
    limit: float
    share: float
    random: float


class Holes(NamedTuple):
    """`vae_core.evaluation.holes.Holes` as arrays, with those places alone that the map shows."""

    places: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    outline: NDArray[np.float32]
    near: float
    empty: float
    share: float

    def as_lists(self) -> dict[str, Any]:
        """The same, as JSON can hold it."""
        return {
            "places": self.places.tolist(),
            "chances": self.probabilities.tolist(),
            "outline": self.outline.tolist(),
            "near": self.near,
            "empty": self.empty,
            "share": self.share,
        }


class Sheet(NamedTuple):
    """A lattice of a plane, decoded.

    Attributes:
        tiles: [len(ys), len(xs), c, h, w]; up in the picture is up in the plane.
        xs: from left to right.
        ys: from below.
    """

    tiles: NDArray[np.uint8]
    xs: NDArray[np.float32]
    ys: NDArray[np.float32]


def check_flat(store: Store, name: str) -> None:
    """Refuses a model that does not have two numbers.

    Raises:
        UsageError: if it has more, or fewer.
    """
    size = store.get(name).model.latent_dim
    if size != 2:
        raise UsageError(f"A map needs a code of two numbers; '{name}' has {size}.")


@remembered(8)
def latent_map(store: Store, name: str) -> LatentMap:
    """Where the test digits lie in the space of the model called `name`.

    Raises:
        UsageError: if it does not have two numbers.
    """
    check_flat(store, name)
    atlas, known = atlas_of(store, name), known_latents(store, name)
    has_prior = is_gaussian(store, name)
    return LatentMap(
        latents=np.zeros((0, 2), np.float32) if atlas is None else known.numpy(),
        labels=np.zeros(0, np.uint8) if atlas is None else atlas.labels.astype(np.uint8),
        square=square_of(known, has_prior),
        spread=known.std(dim=0, correction=0).numpy(),
        has_prior=has_prior,
        continuity=None if atlas is None else atlas.about.get("continuity"),
    )


@remembered(32)
def measured(store: Store, name: str) -> Measured:
    """The continuity and the completeness of a space of two numbers, measured if nobody has yet.

    Raises:
        UsageError: if the model does not have two numbers.
    """
    check_flat(store, name)
    atlas, checkpoint = atlas_of(store, name), store.get(name)
    if atlas is None:
        return Measured(None, None)
    even = atlas.about.get("continuity")
    if even is None:
        even = latent_metrics.continuity(checkpoint.model, known_latents(store, name))._asdict()
    full = digits(store, name).random if checkpoint.recipe.dataset in DIGITS else None
    return Measured(even, full)


@remembered(8)
def density(store: Store, name: str) -> Density:
    """How densely the latents of the model called `name` lie in the square of its map.

    Raises:
        UsageError: if it does not have two numbers.
    """
    check_flat(store, name)
    known = known_latents(store, name)
    square = square_of(known, is_gaussian(store, name))
    x, y = (torch.linspace(-1, 1, RASTER) * square.half + middle for middle in square.centre)
    down, across = torch.meshgrid(y.flip(0), x, indexing="ij")
    heights = latent_metrics.density(known, torch.stack([across, down], dim=-1).flatten(0, 1))
    peak = max(heights.max().item(), 1e-12)
    raster = (heights / peak).sqrt().mul(255).round().byte().numpy()
    return Density(raster.reshape(RASTER, RASTER), peak)


@remembered(8)
def digits(store: Store, name: str) -> Digits:
    """Where the space of the model called `name` draws digits.

    How far a place is from the nearest codes is no measure of it: nine tenths of the plain map's
    square are farther from any code than five times the usual distance between neighbours, and most of that
    draws digits all the same.

    Raises:
        UsageError: if it does not have two numbers, or there is nothing to say what a digit is.
    """
    check_flat(store, name)
    classifier, seen = store.likeness()
    model, known = store.get(name).model, known_latents(store, name)
    has_prior = is_gaussian(store, name)
    square = square_of(known, has_prior)
    x, y = (torch.linspace(-1, 1, PLACES) * square.half + middle for middle in square.centre)
    down, across = torch.meshgrid(y.flip(0), x, indexing="ij")

    def unlike(latents: torch.Tensor) -> torch.Tensor:
        return likeness.distances(classifier, to_floats(decode_to_bytes(model, latents)), seen)

    places = unlike(torch.stack([across, down], dim=-1).flatten(0, 1))
    gaussian = standard_normal(2) if has_prior else fit_gaussian(known)
    darts = unlike(sample_latents(gaussian, DARTS))
    raster = (places * LEVELS).round().clamp(max=255).byte().numpy()
    return Digits(
        raster.reshape(PLACES, PLACES),
        seen.limit * LEVELS,
        (places <= seen.limit).float().mean().item(),
        (darts <= seen.limit).float().mean().item(),
    )


def training_latents(store: Store, name: str) -> NDArray[np.float32]:
    """The latents of all digits that a model was trained on, [n, 2]; none if nobody kept them.

    Raises:
        UsageError: if it does not have two numbers.
    """
    check_flat(store, name)
    atlas = atlas_of(store, name)
    return np.zeros((0, 2), np.float32) if atlas is None or atlas.train is None else atlas.train


@remembered(8)
def holes(store: Store, name: str) -> Holes:
    """Where the space of the model called `name` has holes among the latents.

    Raises:
        UsageError: if it does not have two numbers, or there is no digit classifier to say what
            a digit is.
    """
    check_flat(store, name)
    classifier = store.classifier()
    if classifier is None:
        raise UsageError("There is no digit classifier here to say where a picture is no digit.")
    known = known_latents(store, name)
    found = found_by.holes(store.get(name).model, known, classifier)
    square = square_of(known, is_gaussian(store, name))
    away = (found.places - found.places.new_tensor(square.centre)).abs().amax(dim=1)
    shown = away <= square.half
    return Holes(
        found.places[shown].numpy(),
        found.probabilities[shown].numpy(),
        found.outline.numpy(),
        found.near,
        found.empty,
        found.share,
    )


def square_of(latents: torch.Tensor, has_prior: bool) -> Square:
    """The square that all but a few of the latents [n, 2] fit into, with a margin on every side.

    Around the prior's middle if there is one, and then at least `PRIOR_REACH` far.
    """
    low, high = np.quantile(latents.numpy(), [OUTSIDE, 1 - OUTSIDE], axis=0)
    centre = np.zeros(2) if has_prior else (low + high) / 2
    reach = max(np.abs(low - centre).max(), np.abs(high - centre).max(), 1e-3) * (1 + MARGIN)
    half = max(PRIOR_REACH, reach) if has_prior else reach
    return Square((round(float(centre[0]), 4), round(float(centre[1]), 4)), round(float(half), 4))


def plane_of(
    store: Store, name: str, kind: str, corners: NDArray[np.float32], axes: tuple[int, int]
) -> "Plane":
    """A plane in the latent space of the model called `name`.

    Arguments:
        kind: a name in `CORNERS`.
        corners: what it is laid through, [as many as `CORNERS` says, z].
        axes: the numbers of the latents that change, if it is of two "axes".

    Raises:
        UsageError: if there is no such plane.
    """
    check_name("kind of plane", kind, CORNERS)
    if len(corners) != CORNERS[kind]:
        raise UsageError(
            f"The plane '{kind}' is laid through {CORNERS[kind]} codes; got {len(corners)}."
        )
    if kind == "whole":
        size = store.get(name).model.latent_dim
        if size != 2:
            raise UsageError(f"'{name}' has {size} numbers: choose a plane of them.")
        return planes.whole(size)
    check_length(store, name, corners)
    latents = torch.tensor(corners)
    return planes.axes(latents[0], *axes) if kind == "axes" else planes.plane(*latents)


def sheet(store: Store, name: str, plane: "Plane", xs: torch.Tensor, ys: torch.Tensor) -> Sheet:
    """A lattice of a plane in the space of the model called `name`; `xs` and `ys` rise."""
    store.afford([name], len(xs) * len(ys))
    tiles = planes.sheet(store.get(name).model, plane, xs, ys.flip(0))
    return Sheet(tiles.numpy(), xs.numpy(), ys.numpy())
