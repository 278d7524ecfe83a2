"""Points as 16 bits an axis: what maps are sent as, and what these bits stand for."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

STEPS = 2**16 - 1  # along an axis
SHORTEST = 1e-9  # of an axis along which nothing differs


class Quantised(NamedTuple):
    """Points on a lattice that is so fine that nobody sees it.

    Attributes:
        steps: [n, d], from 0 to `STEPS`.
        low: [d], what step 0 stands for.
        extent: [d], how far it is from there to the last step.
    """

    steps: NDArray[np.uint16]
    low: NDArray[np.float64]
    extent: NDArray[np.float64]

    def points(self) -> NDArray[np.float64]:
        """What the steps stand for, [n, d]."""
        return self.low + self.steps * (self.extent / STEPS)


def quantise(points: NDArray[Any], *, one_scale: bool) -> Quantised:
    """Points, [n, d], as whole steps between the least and the greatest of them.

    Arguments:
        one_scale: whether all axes have one extent, so that steps keep the shape of a map;
            otherwise each axis has its own, and is as exact as it can be.
    """
    if not len(points):
        nothing = np.zeros(points.shape[1])
        return Quantised(points.astype(np.uint16), nothing, nothing)
    low = points.min(axis=0)
    extent = np.maximum(points.max(axis=0) - low, SHORTEST)
    if one_scale:
        extent = np.full_like(extent, extent.max())
    steps = np.rint((points - low) / extent * STEPS).astype(np.uint16)
    return Quantised(steps, low.astype(np.float64), extent.astype(np.float64))
