"""Any picture becomes a digit as MNIST would have it; see `to_digit`."""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from ...errors import UsageError
from ..images import Bytes, Picture, ink_in, layers_of, open_picture
from .photographs import digits_in

Grey: TypeAlias = NDArray[np.float32]  # [h, w], no ink 0 to full ink 1

SIDE = 28  # pixels of a finished digit; the constants down to CENTRE are in this unit
BOX = 20  # the longer side of its ink
HALF_STROKE = 1.29  # of its strokes; the examples then have MNIST's mean ink, and so has MNIST
THINNEST = 0.9  # half of its thinnest stroke, where a drawing has thick and thin
CENTRE = 14  # where the ink's mass is balanced, counting pixels from 0

FAINT = 0.06  # contrast below which a picture is empty; white on black has 1
EDGE = 0.4  # of the ink's level: brighter is ink
SPECK = 0.01  # of the largest piece of ink: smaller pieces are dirt
BLOB = 0.15  # of the ink's length: a half-thickness above is no stroke's but a filled shape's
WORK = 100  # pixels along the ink's longer side where strokes are measured and evened
FINE = 4  # samples along a pixel of the finished digit


class SeveralDigits(UsageError):
    """There is more than one digit in a picture.

    Attributes:
        digits: each of them in the order of reading, [n, 28, 28].
    """

    def __init__(self, digits: NDArray[np.uint8]) -> None:
        super().__init__(
            f"The picture shows {len(digits)} digits, and one at a time can be read. Choose one of "
            "them, or cut the picture to it."
        )
        self.digits = digits


def to_digit(picture: Picture) -> NDArray[np.uint8]:
    """The picture's ink as MNIST would have it: white on black, [28, 28].

    The ink is cut out, its longer side scaled to 20 pixels, its strokes brought to MNIST's mean
    thickness, and the whole centred by mass. So a digit's size, place and pen hardly matter: from
    30 to 75 % of the canvas, anywhere, with a pen of 14 to 26 of 280 pixels, the results differ
    from those of the same digit in the middle by less than 0.03 of full white in the mean over
    the picture, 0.01 typically, and their centre by less than 0.05 pixels.

    * Nothing on it, or one colour all over: black all over.
    * Dark on light: inverted, unless it is an array. Ink is whatever differs from the ground about
      it, in any colour: there may be shadows, other things at the border, and lines on the paper.
    * Transparent: what is opaque is the ink, be it black or white, unless the border is opaque.
    * Of several frames, the current one; turned as its EXIF orientation says.
    * A dot, or a shape filled in, in an array: as large as a digit. Specks of dirt: left out.

    Arguments:
        picture: of any kind and size; an array is [h, w], white ink on black.

    Raises:
        SeveralDigits: if there are some in a picture that is no array.
        UsageError: if the picture has no pixels, too many, cannot be read to its end, or shows a
            shape filled in and is no array.

    Example:
        >>> drawing = np.zeros((200, 300), np.uint8)
        >>> drawing[40:160, 20:40] = 255  # an upright stroke, far to the left
        >>> digit = to_digit(drawing)
        >>> rows, columns = np.nonzero(digit > 127)
        >>> digit.shape, int(columns.mean().round())
        ((28, 28), 14)
    """
    if isinstance(picture, np.ndarray):
        return _digit(ink_in(picture))
    found = digits_in(layers_of(picture))
    if found.is_blob:
        raise UsageError(
            "The picture shows a shape that is filled in, and no digit written with a pen. Take a "
            "picture of the digit alone, on plain paper."
        )
    digits = [_digit(ink) for ink in found.digits] or [np.zeros((SIDE, SIDE), np.uint8)]
    if len(digits) > 1:
        raise SeveralDigits(np.stack(digits))
    return digits[0]


def _digit(ink: Bytes) -> NDArray[np.uint8]:
    grey = np.asarray(ink, np.float32) * np.float32(1 / 255)
    if float(np.ptp(grey)) < FAINT:
        return np.zeros((SIDE, SIDE), np.uint8)
    return _even_strokes(_cut_out(grey))


def _level(ink: Grey) -> float:
    """The brightness of ink, where there is some: a mean in which faint pixels hardly count."""
    square = ink * ink
    return float((square * ink).sum() / square.sum())


def _bounds(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """First and last+1 row, first and last+1 column."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _cut_out(ink: Grey) -> Grey:
    """The ink without specks, its longer side `WORK` pixels, with ground on all sides."""
    mask = ink > EDGE * _level(ink)
    pieces = np.zeros(mask.shape, np.int32)
    ndimage.label(mask, np.ones((3, 3)), output=pieces)
    area = np.bincount(pieces.ravel())
    area[0] = 0  # the ground
    speck = area < SPECK * area.max()
    speck[0] = False
    ink = np.where(speck[pieces], 0, ink)

    top, bottom, left, right = _bounds(mask & ~speck[pieces])
    scale = WORK / max(bottom - top, right - left)
    # A scaled picture has whole pixels, so let the cut-out end where that many end.
    height, width = (math.ceil((side + 4) * scale) for side in (bottom - top, right - left))
    margin = 3 + math.ceil(1 / scale)
    room = Image.fromarray(np.pad(ink, margin))
    x, y = left + margin - 2, top + margin - 2
    box = (x, y, x + width / scale, y + height / scale)
    return np.asarray(room.resize((width, height), Image.Resampling.BICUBIC, box))


def _even_strokes(ink: Grey) -> NDArray[np.uint8]:
    ink = np.pad(ink, 12)  # room for strokes to grow
    mask = ink > EDGE * _level(ink)
    top, bottom, left, right = _bounds(mask)
    length = max(bottom - top, right - left)

    # The way to the nearest edge, positive in the ink; growing and thinning only shift it.
    within = _way_to(~mask, max(mask.shape)) - 0.5
    # Across a stroke the depth rises and falls evenly, so its mean is half of its peak. A shape
    # that is filled in has no strokes: it must not be thinned to one.
    half = min(2 * float(within[mask].mean()), BLOB * length)
    scale = (BOX - 2 * HALF_STROKE) / (length - 2 * half)
    depth = np.where(mask, within, 0.5 - _way_to(mask, _reach(HALF_STROKE, scale) - half))
    # Thin parts keep their middle line. Lines thinner yet lead into the corners of thick ends.
    ridge = (depth >= ndimage.maximum_filter(depth, 3)) & (depth > 0.2 * half)
    thin = THINNEST - scale * _way_to(ridge, _reach(THINNEST, scale))
    depth = np.maximum(scale * (depth - half) + HALF_STROKE, thin)  # in finished pixels now

    covered = np.clip(depth / scale + 0.5, 0, 1)
    down, across = (_sampling(covered.sum(axis=axis), scale) for axis in (1, 0))
    fine = np.clip(down @ depth @ across.T * FINE + 0.5, 0, 1)
    digit = fine.reshape(SIDE, FINE, SIDE, FINE).mean(axis=(1, 3))
    return np.rint(255 * digit).astype(np.uint8)


def _reach(half_stroke: float, scale: float) -> float:
    """The farthest from the middle of a stroke that a pixel leaves a trace in the finished digit.

    A sample is black half of its own width outside of a stroke, and lies between pixels of which
    two are up to 1.5 apart, and their depths by 2 at an edge: 4 pixels are enough.
    """
    return (half_stroke + 0.5 / FINE) / scale + 4


def _way_to(mask: NDArray[np.bool_], reach: float) -> Grey:
    """The distance of each pixel from the nearest one in `mask`; beyond `reach`, at least that."""
    far = max(1, math.ceil(reach))
    column = np.where(mask, np.int32(0), np.int32(far))  # to the nearest one above or below
    for step in (1 << power for power in range(far.bit_length())):
        _lower(column, column + step, step)
    squares = np.square(column.T, order="C")  # rows are faster to shift than columns
    way = squares.copy()
    for step in range(1, far):
        if step**2 >= way.max():
            break  # what is further to the side is no nearer
        _lower(way, squares + step**2, step)
    return np.sqrt(way.T, dtype=np.float32, order="C")


def _lower(values: NDArray[np.int32], others: NDArray[np.int32], step: int) -> None:
    """Puts the lower in place of each value: itself, or another so many rows above or below."""
    np.minimum(values[step:], others[:-step], out=values[step:])
    np.minimum(values[:-step], others[step:], out=values[:-step])


def _sampling(ink: Grey, scale: float) -> Grey:
    """A matrix from pixels along one axis to samples of the digit, its mass in the middle.

    Where the mass is so uneven that ink would leave the picture, it comes as near as it can.
    """
    pixels = np.arange(len(ink))
    filled = np.flatnonzero(ink)
    low = filled[-1] + 0.5 - (SIDE - 0.5 - CENTRE) / scale
    high = filled[0] - 0.5 + (CENTRE + 0.5) / scale
    middle = min(max(float(ink @ pixels / ink.sum()), low), max(low, high))

    place = (np.arange(SIDE * FINE) + 0.5) / FINE - 0.5  # in pixels of the digit
    place = np.clip(middle + (place - CENTRE) / scale, 0, len(ink) - 1)
    # Linear interpolation: a sample takes from the pixels less than one away.
    return np.maximum(1 - np.abs(place[:, None] - pixels), 0).astype(np.float32)


__all__ = ["SeveralDigits", "open_picture", "to_digit"]
