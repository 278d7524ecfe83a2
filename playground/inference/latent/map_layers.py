"""What lies over a map of two numbers: how dense it is, what is a digit, where it has holes."""

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.errors import UsageError
from vae_core.evaluation import holes as found_by
from vae_core.evaluation import latent_metrics, likeness
from vae_core.latent.sampling import fit_gaussian, sample_latents, standard_normal
from vae_core.models.inference import decode_to_bytes
from vae_core.types import to_floats

from ...store.models import Store
from ...store.remembered import remembered
from .latents import atlas_of, is_gaussian, known_latents
from .map import check_flat, square_of

RASTER = 64  # points along a side of the picture of the density
PLACES = 40  # along a side, of the picture of what is a digit; twice as many move no share by 0.01
LEVELS = 180  # of a distance: the largest, √2, is a byte
DARTS = 1000  # random codes; chance moves their share by about 0.01
DIGITS = ("mnist", "digits", "drawings:")  # the data sets of what the classifier knows


class Measured(NamedTuple):
    """What a space is like, in two numbers.

    Attributes:
        continuity: `mean` and `p99`; None where no codes are known.
        completeness: the share of random codes that are digits; None where `digits` cannot say it.
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


@remembered
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
    try:
        full = digits(store, name).random
    except UsageError:
        full = None
    return Measured(even, full)


@remembered
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


@remembered
def digits(store: Store, name: str) -> Digits:
    """Where the space of the model called `name` draws digits.

    How far a place is from the nearest codes is no measure of it: nine tenths of the plain map's
    square are farther from any code than five times the usual distance between neighbours, and most of that
    draws digits all the same.

    Raises:
        UsageError: if it does not have two numbers, is not known to have learnt digits, or there is
            nothing to say what a digit is.
    """
    check_flat(store, name)
    if not store.get(name).recipe.dataset.startswith(DIGITS):
        raise UsageError(
            "Nobody knows this model to have learnt digits, so nothing says where it draws them."
        )
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


@remembered
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
