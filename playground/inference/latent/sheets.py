"""Planes in a latent space, and what is drawn on a lattice of one."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.errors import UsageError, check_name
from vae_core.latent import planes

from ...store.models import Store
from .latents import check_length

if TYPE_CHECKING:
    from vae_core.latent.planes import Plane

CORNERS = {
    "whole": 0,
    "axes": 1,
    "corners": 3,
}  # latents that a plane of each kind is laid through


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
