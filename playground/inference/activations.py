"""What every layer of a model puts out for a digit, and what each of its units stands for."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.errors import UsageError
from vae_core.interpret import equivariance
from vae_core.interpret.activations import kernels, stage_outputs, unit_effect, unit_gradient
from vae_core.models import Autoencoder
from vae_core.types import Images

from ..store import Store
from .images import as_pictures
from .latents import known_latents


class Stage(NamedTuple):
    """What one layer puts out for one image.

    Attributes:
        part: "encoder", "code", "decoder", or "picture" for the reconstruction.
        kind: what the layer is, in words.
        values: [units], or [maps, h, w] where the units lie on maps.
        weights: how many numbers the layer has learnt.
    """

    part: str
    kind: str
    values: NDArray[np.float32]
    weights: int


class Signed(NamedTuple):
    """Numbers as bytes with a sign, exact to 1 in 127 of the largest.

    Attributes:
        most: the largest absolute value, which 127 stands for.
        steps: the numbers, in their shape.
    """

    most: float
    steps: NDArray[np.int8]


class Unit(NamedTuple):
    """What a unit of a layer puts out for one image, and what it stands for.

    Attributes:
        value: that it puts out.
        excites: [h, w], how a brighter pixel changes what it adds up; None for the decoder's.
        kernel: [h, w], the window of its map; None if it is not of a first layer that has some.
        draws: [h, w], by how much the picture changes if it is raised; None for the encoder's.
        by: by how much it was raised.
    """

    value: float
    excites: NDArray[np.float32] | None
    kernel: NDArray[np.float32] | None
    draws: NDArray[np.float32] | None
    by: float


class Moved(NamedTuple):
    """The first layer of a model, before and after the picture moved.

    Attributes:
        pictures: [2, h, w].
        values: [2, units] or [2, maps, h, w], what it puts out.
        change: how far apart the two are, unit by unit.
        along: the same after moving the maps back; None if there are no maps.
        weights: how many numbers the layer has learnt.
        kernels: [maps, c, h, w], its windows; None if it has none.
    """

    pictures: NDArray[np.uint8]
    values: NDArray[np.float32]
    change: float
    along: float | None
    weights: int
    kernels: NDArray[np.float32] | None


def stages(model: Autoencoder, image: Images) -> list[Stage]:
    """What each layer puts out for one image, [1, c, h, w], from the first to the picture."""
    return [
        Stage(each.part, each.kind, each.values[0].numpy(), each.weights)
        for each in stage_outputs(model, image)
    ]


def signed(values: NDArray[np.float32]) -> Signed:
    """The numbers as bytes with a sign."""
    most = float(np.abs(values).max())
    return Signed(most, np.rint(values * (127 / most if most else 0)).astype(np.int8))


def grey(picture: Stage) -> NDArray[np.uint8]:
    """The last of `stages` as a picture, [h, w]."""
    return as_pictures(torch.from_numpy(picture.values)[None])[0]


def unit(store: Store, name: str, image: Images, stage: int, number: int) -> Unit:
    """What one unit of the model called `name` puts out for an image, [1, c, h, w], what excites it, and what it draws.

    A number of the code is raised by its standard deviation, any other unit by 1.

    Arguments:
        stage: which of `stages`; not the last, the picture.
        number: of the unit in it, the maps one after the other.

    Raises:
        UsageError: if there is no such unit.
    """
    model = store.get(name).model
    found = stage_outputs(model, image)
    count = found[stage].values[0].numel() if stage < len(found) - 1 else 0
    if number >= count:
        raise UsageError(
            f"Stage {stage} of this model has {count} units; got the number {number}."
            if count
            else f"This model has {len(found) - 1} stages before its picture; got stage {stage}."
        )
    parts = [each.part for each in found]
    part, excites, kernel, draws, by = parts[stage], None, None, None, 1.0
    if part != "decoder":
        excites = unit_gradient(model, image, stage, number)[0, 0].numpy()
    windows = kernels(model)
    if stage == 0 and windows is not None:
        kernel = windows[number // found[0].values[0, 0].numel()][0].numpy()
    if part == "code":
        by = known_latents(store, name)[:, number].std().item()
    if part != "encoder":
        latents = found[parts.index("code")].values
        draws = unit_effect(model, latents, stage, number, by)[0, 0].numpy()
    value = found[stage].values[0].flatten()[number].item()
    return Unit(value, excites, kernel, draws, by)


def moved(model: Autoencoder, image: Images, right: int, down: int) -> Moved:
    """What the first layer puts out for an image, [1, c, h, w], and for the image moved.

    Raises:
        UsageError: if the windows of the layer cannot move so far.
    """
    seen = equivariance.moved(model, image, right, down)
    windows = kernels(model)
    return Moved(
        as_pictures(torch.cat([image, equivariance.move(image, right, down)])),
        torch.cat([seen.before, seen.after]).numpy(),
        seen.change,
        seen.along,
        stage_outputs(model, image)[0].weights,
        None if windows is None else windows.numpy(),
    )
