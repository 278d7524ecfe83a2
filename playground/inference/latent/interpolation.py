"""Films, samples and sums of digits, model by model: pictures and verdicts, no page, no server."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from vae_core.errors import UsageError
from vae_core.evaluation.classifier import class_probabilities
from vae_core.latent import interpolation, sampling
from vae_core.latent.sampling import LatentGaussian
from vae_core.models import inference
from vae_core.training.checkpoints import Checkpoint
from vae_core.types import Images, Latents

from ...store.models import PIXELS, Store
from ...store.remembered import remembered
from ...wire.animation import Row
from ..images import as_images, as_pictures
from .latents import is_gaussian

CROSS_FADE = ("Cross-fade", "#6f7882")  # what is written of the row of pixels, and its colour
UNKNOWN = (
    "The codes of this model are not known here, so no Gaussian can be fitted to them. "
    "`python -m vae_core embed` writes them down."
)
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)  # how much of a - b is added to c, one picture each


class Pictures(NamedTuple):
    """What one model draws, or the pixels alone do.

    Attributes:
        name: of the model, or `PIXELS` for their own pixels, faded or added up.
        pictures: [n, h, w], black 0 to white 255.
    """

    name: str
    pictures: NDArray[np.uint8]


class Samples(NamedTuple):
    """What models drew from nothing.

    Attributes:
        rows: one a model.
        from_prior: whether a row's latents come from its model's prior, or from a Gaussian that
            was fitted to its latents.
        failed: which models had to be left out, and why.
    """

    rows: list[Pictures]
    from_prior: list[bool]
    failed: dict[str, str]


class Verdicts(NamedTuple):
    """What the digit classifier takes each picture for.

    Attributes:
        classes: [n], the likeliest class.
        probabilities: [n], how likely it is, 0 to 1.
    """

    classes: NDArray[np.uint8]
    probabilities: NDArray[np.float32]


class Walk(NamedTuple):
    """How to get from digit to digit.

    Attributes:
        frames: from the first digit to the second, both included; in a tour from each to the next.
        path: a name in `vae_core.latent.interpolation.PATHS`.
        tour: whether to go on through all digits and back to the first.
    """

    frames: int
    path: str
    tour: bool

    def length(self, stops: int) -> int:
        """How many frames there are in all."""
        return stops * self.frames if self.tour else self.frames

    def pictures(self, stops: int) -> int:
        """How many pictures a model encodes or draws for the walk."""
        return stops + self.length(stops)

    def latents(self, stops: Latents) -> Latents:
        """The latents on the way, from those of the digits, [s, z] -> [n, z]."""
        if self.tour:
            return interpolation.tour(stops, self.frames, self.path)
        return interpolation.interpolate(stops[0], stops[-1], self.frames, self.path)

    def fade(self, digits: Images) -> Images:
        """The plain cross-fade on the same way, [s, c, h, w] -> [n, c, h, w]."""
        if not self.tour:
            return interpolation.crossfade(digits[0], digits[-1], self.frames)
        legs = zip(digits, digits.roll(-1, dims=0), strict=True)
        return torch.cat([interpolation.crossfade(a, b, self.frames + 1)[:-1] for a, b in legs])


@torch.inference_mode()
def films(digits: NDArray[np.uint8], walk: Walk, models: Sequence[Checkpoint]) -> list[Pictures]:
    """The cross-fade of these digits, [s, h, w], then every model's walk between their codes."""
    images = as_images(digits)
    rows = [Pictures(PIXELS, as_pictures(walk.fade(images)))]
    for checkpoint in models:
        latents = walk.latents(checkpoint.model.encode(images))
        rows.append(_drawn(checkpoint, latents))
    return rows


@torch.inference_mode()
def samples(
    store: Store, names: Sequence[str], count: int, temperature: float, seed: int
) -> Samples:
    """Digits that each of the models draws from nothing, the same for the same seed."""
    found = Samples([], [], {})
    for name in names:
        try:
            source = gaussian(store, name)
        except UsageError:  # its words are for those who run the page
            found.failed[name] = UNKNOWN
            continue
        store.afford([name], count)
        latents = sampling.sample_latents(source, count, temperature, seed)
        found.rows.append(_drawn(store.get(name), latents))
        found.from_prior.append(is_gaussian(store, name))
    return found


def gaussian(store: Store, name: str) -> LatentGaussian:
    """What codes of this model are drawn from: its prior, or else the Gaussian of its atlas.

    Raises:
        UsageError: if it has no prior, and there is neither an atlas nor data to make one from.
    """
    if is_gaussian(store, name):
        return sampling.standard_normal(store.get(name).model.latent_dim)
    return fitted(store, name)


def fitted(store: Store, name: str) -> LatentGaussian:
    """The Gaussian that is fitted to the codes of a model without a prior.

    Raises:
        UsageError: if it has one, or there is neither an atlas nor data to make one from.
    """
    if is_gaussian(store, name):
        raise UsageError(
            f"'{name}' draws from its prior, N(0, I), so no Gaussian is fitted to its codes. "
            "Choose a model without a prior."
        )
    try:
        return _fit_to_atlas(store, name)
    except UsageError:  # its words are for those who run the page
        raise UsageError(UNKNOWN) from None


@remembered
def _fit_to_atlas(store: Store, name: str) -> LatentGaussian:
    return sampling.fit_gaussian(torch.from_numpy(store.atlas(name).latents))


@torch.inference_mode()
def sums(digits: NDArray[np.uint8], models: Sequence[Checkpoint]) -> list[Pictures]:
    """The digits a, b and c, [3, h, w], added up to a - b + c: in pixels, then in every code.

    Each row holds a and b as the model draws them, then the way from c to the result: c with
    each of `STEPS` of a - b added to it.
    """
    images = as_images(digits)
    rows = [Pictures(PIXELS, as_pictures(_added(images)))]
    for checkpoint in models:
        latents = _added(checkpoint.model.encode(images))
        rows.append(_drawn(checkpoint, latents))
    return rows


def labelled(store: Store, rows: Sequence[Pictures]) -> list[Row]:
    """Rows for a file, with what the page calls their models and the colours it gives them."""
    looks = [None if row.name == PIXELS else store.look(row.name) for row in rows]
    return [
        Row(look.label, look.colour, row.pictures) if look else Row(*CROSS_FADE, row.pictures)
        for look, row in zip(looks, rows, strict=True)
    ]


def verdicts(classifier: nn.Sequential, pictures: NDArray[np.uint8]) -> Verdicts:
    """What the digit classifier takes these pictures for, [n, h, w]."""
    likely, classes = class_probabilities(classifier, as_images(pictures)).max(dim=1)
    return Verdicts(classes.byte().numpy(), likely.float().numpy())


def _added(points: torch.Tensor) -> torch.Tensor:
    """a, b, then c with more and more of a - b: [3, ...] -> [2 + steps, ...]."""
    a, b, c = points
    result = interpolation.arithmetic(a, b, c)
    way = [torch.lerp(c, result, step) for step in STEPS]
    return torch.stack([a, b, *way])


def _drawn(checkpoint: Checkpoint, latents: Latents) -> Pictures:
    drawn = inference.decode_to_bytes(checkpoint.model, latents)
    return Pictures(checkpoint.name, drawn[:, 0].numpy())
