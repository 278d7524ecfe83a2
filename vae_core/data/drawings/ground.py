"""The ink on paper that is not lit evenly. Whole numbers alone: the page reckons the same.

The ground at a place is what is left of the picture when everything narrower than a sixth of it is
filled in with what lies around (a closing, in each colour). So light may fall in any way, while a
stroke, which is narrower, stands out. What is left as dark as no shadow on paper is no paper.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

COARSE = 256  # pixels along the longer side of the picture that the ground is found in, at most
WIDEST = (
    11  # of these, an eleventh on each side of a place: what is narrower than both is no ground
)
AROUND = 6  # a sixth on each side: where ink and ground are weighed against each other
DARKEST = 50  # % of the paper's usual light; what has less is no paper but a table, or an edge
DARK = 64  # of 255: ink is measured against that at least, as the noise of darker ground is large
FLOOR = 40  # % of the paper's usual light that ink is measured against at least, too

Bytes = NDArray[np.uint8]
Whole = NDArray[np.int32]
Mask = NDArray[np.bool_]


class Sheet(NamedTuple):
    """What is on a sheet of paper, or on a board.

    Attributes:
        ink: no ink 0 to full ink 255, [h, w].
        paper: true where there is paper to write on, [h, w].
    """

    ink: Bytes
    paper: Mask


def sheet_in(picture: Bytes) -> Sheet:
    """The ink in a picture, [h, w, 3], whose ground may have shadows and borders of other things."""
    height, width = picture.shape[:2]
    factor = -(-max(height, width) // COARSE)
    small = np.asarray(Image.fromarray(picture).reduce(factor))
    if _is_light_on_dark(_brightness(small)):
        picture, small = 255 - picture, 255 - small
    longer = max(small.shape[:2])
    window = 2 * (longer // WIDEST) + 1
    closed = np.asarray(ndimage.grey_closing(small, (window, window, 1)), np.uint8)
    light = _brightness(closed)
    usual = int(np.partition(light.ravel(), light.size // 2)[light.size // 2])
    paper = (light * 100 >= usual * DARKEST).repeat(factor, axis=0).repeat(factor, axis=1)
    ground = _enlarged(closed.astype(np.int32), factor, height, width)
    least = max(DARK, usual * FLOOR // 100)
    ink = (ground - picture) * 255 // np.maximum(ground, least)
    return Sheet(ink.max(axis=-1).clip(0).astype(np.uint8), paper[:height, :width])


def _brightness(picture: Bytes) -> Whole:
    red, green, blue = np.moveaxis(picture.astype(np.int32), -1, 0)
    return (red + 2 * green + blue) >> 2


def _is_light_on_dark(grey: Whole) -> bool:
    """True if what is narrow is lighter than what lies around it.

    There is less ink than ground around any place, so ink is the further off the mean of both, and
    cubes keep the sign.
    """
    far = grey - _mean(grey, max(1, max(grey.shape) // AROUND))
    return int((far.astype(np.int64) ** 3).sum()) > 0


def _mean(grey: Whole, reach: int) -> Whole:
    """The mean of what is at most so many rows and columns away, rounded down."""
    height, width = grey.shape
    sums = np.zeros((height + 1, width + 1), np.int64)
    sums[1:, 1:] = grey.cumsum(axis=0).cumsum(axis=1)
    top, bottom = (np.clip(np.arange(height) + by, 0, height) for by in (-reach, reach + 1))
    left, right = (np.clip(np.arange(width) + by, 0, width) for by in (-reach, reach + 1))
    within = (
        sums[bottom][:, right] - sums[top][:, right] - sums[bottom][:, left] + sums[top][:, left]
    )
    return (within // np.outer(bottom - top, right - left)).astype(np.int32)


def _enlarged(small: Whole, factor: int, height: int, width: int) -> Whole:
    """A reduced picture, [h, w, c], at its old size: between its pixels' middles, in even steps."""
    if factor == 1:
        return small
    rows = _between(small.shape[0], factor, height)
    columns = _between(small.shape[1], factor, width)
    down = (
        small[rows.first] * rows.near[:, None, None] + small[rows.next] * rows.far[:, None, None]
    )
    across = (
        down[:, columns.first] * columns.near[:, None]
        + down[:, columns.next] * columns.far[:, None]
    )
    return (across // (4 * factor**2)).astype(np.int32)


class _Between(NamedTuple):
    first: Whole
    next: Whole
    near: Whole
    far: Whole


def _between(count: int, factor: int, size: int) -> _Between:
    """Which two of `count` pixels each of the large ones lies between, and its share in each."""
    twice = 2 * np.arange(size, dtype=np.int32) + 1 - factor  # in halves of a large pixel
    first, far = twice // (2 * factor), twice % (2 * factor)
    last = count - 1
    return _Between(first.clip(0, last), (first + 1).clip(0, last), 2 * factor - far, far)
