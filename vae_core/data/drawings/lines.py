"""Lines that are printed on paper (ruling, grids, margins, boxes) taken off the ink on it.

A line is a long run of ink, upright or level or nearly so, that is thin for its length and goes from
border to border, or from one such line to another as the sides of a box do. It is taken away but where
a stroke crosses it: there the ink goes on beside the line.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]
Whole = NDArray[np.int32]
NONE = np.iinfo(np.int32).max

COARSE = 512  # pixels along the longer side of the picture that lines are looked for in, at most
SHORTEST = 5  # of that side: a fifth is the least length of a line
SLANTS = range(-4, 5)  # in steps of one pixel in 40, either way: to 5.7 degrees
STEP = 40
THIN = 40  # as often as it is thick, a line is long
HAIR = 100  # as often as it is thick, a line is longer than any stroke
NEAR = 30  # of the longer side: ends that are nearer than a 30th of it meet


class Line(NamedTuple):
    """One line that runs across, or, in a picture that is turned, down.

    Attributes:
        top, bottom, left, right: first and last + 1 row and column.
        thick: pixels.
    """

    top: int
    bottom: int
    left: int
    right: int
    thick: int

    @property
    def is_thin(self) -> bool:
        return self.thick * THIN <= self.right - self.left


def without_lines(mask: Mask) -> Mask:
    """The same ink without lines."""
    factor = -(-max(mask.shape) // COARSE)
    small = _reduced(mask, factor)
    level, upright = _runs(small), _runs(small.T)
    across, down = _lines(small, level), _lines(small.T, upright)
    printed = [_is_printed(line, down, small.shape) for line in across]
    printed_down = [_is_printed(line, across, small.T.shape) for line in down]
    rest = _erased(mask, level, across, printed, factor)
    rest = _erased(rest.T, upright, down, printed_down, factor).T
    return rest if rest.any() else mask  # a lone 1 of a hair's breadth


def _reduced(mask: Mask, factor: int) -> Mask:
    """Ink where any of `factor` pixels a side is ink."""
    height, width = mask.shape
    room = np.pad(mask, ((0, -height % factor), (0, -width % factor)))
    return np.asarray(room.reshape(len(room) // factor, factor, -1, factor).any(axis=(1, 3)))


def _runs(mask: Mask) -> Whole:
    """What belongs to long runs across, slanted a little or not: numbered."""
    height, width = mask.shape
    least = max(mask.shape) // SHORTEST
    columns = mask.T.astype(np.uint8)
    # The steps of a slanted line and of a slant are not at the same places.
    columns = np.ascontiguousarray(ndimage.maximum_filter1d(columns, 3, axis=1), np.uint8)
    room = -(-width * SLANTS[-1] // (2 * STEP)) + 1
    padded = np.pad(columns, ((0, 0), (2 * room, 2 * room)))
    found = np.zeros(padded.shape, np.bool_)
    for slant in SLANTS if least > 1 else ():
        shifts = room + (np.arange(width) - width // 2) * slant // STEP
        starts = np.flatnonzero(np.diff(shifts, prepend=-1))
        parts = [
            (slice(start, stop), slice(shift, shift + height + 2 * room))
            for start, stop, shift in zip(
                starts, [*starts[1:], width], shifts[starts], strict=True
            )
        ]
        straight = _long(np.concatenate([padded[part] for part in parts]), least)
        for part in parts:
            found[part] |= straight[part[0]]
    found = found[:, 2 * room : 2 * room + height].T
    numbered = np.zeros(mask.shape, np.int32)
    ndimage.label(mask & found, np.ones((3, 3)), output=numbered)
    return numbered


def _long(columns: NDArray[np.uint8], least: int) -> NDArray[np.bool_]:
    """Where ink goes on for so many columns."""
    sums = np.cumsum(np.pad(columns, ((1, 0), (0, 0))), axis=0, dtype=np.int16)
    starts = np.zeros((len(columns) + least, columns.shape[1]), np.int16)
    starts[least : len(columns) + 1] = sums[least:] - sums[:-least] == least
    sums = np.cumsum(starts, axis=0, dtype=np.int16)
    return sums[least:] - sums[:-least] > 0


def _lines(mask: Mask, numbered: Whole) -> list[Line]:
    heights = _heights(mask)
    lines = []
    for number, (rows, columns) in enumerate(ndimage.find_objects(numbered), 1):
        thick = _thickness(heights[rows, columns], numbered[rows, columns] == number)
        lines.append(Line(rows.start, rows.stop, columns.start, columns.stop, thick))
    return lines


def _thickness(heights: Whole, inside: Mask) -> int:
    """The usual height of the ink in a region, where no stroke crosses it; 0 if there is none."""
    least = np.where(inside, heights, NONE).min(axis=0)
    least = np.sort(least[least < NONE])
    return int(least[len(least) // 2]) if len(least) else 0


def _is_printed(line: Line, others: list[Line], shape: tuple[int, ...]) -> bool:
    """True if a line is no stroke: thin, and ending at the border or at lines the other way."""
    if not line.is_thin:
        return False
    height, width = shape
    reach = max(shape) // NEAR
    if line.bottom <= reach or line.top >= height - reach:
        return False  # along the border: the bar of a 7 that fills the picture
    left, right = (
        any(_meet(line, end, other, reach) for other in others) for end in (line.left, line.right)
    )
    if line.thick * HAIR <= line.right - line.left:
        return True  # pale ones are broken off here and there
    ends = (left or line.left <= reach) + (right or line.right >= width - reach)
    slanted_out = line.top <= reach or line.bottom >= height - reach
    return ends + slanted_out >= 2


def _meet(line: Line, end: int, other: Line, reach: int) -> bool:
    """True if a line ends at another one, which runs the other way."""
    beside = other.left - reach <= line.bottom and line.top <= other.right + reach
    return other.is_thin and beside and other.top - reach <= end <= other.bottom + reach


def _erased(
    mask: Mask, numbered: Whole, lines: list[Line], printed: list[bool], factor: int
) -> Mask:
    """The ink without these lines, but for the places where ink goes on above or below."""
    mask, heights = mask.copy(), _heights(mask)
    for number, line in enumerate(lines, 1):
        if not printed[number - 1]:
            continue
        top = max(0, line.top - 1)  # with its rough edges
        small = numbered[top : line.bottom + 1, line.left : line.right] == number
        region = np.asarray(ndimage.maximum_filter1d(small, 3, axis=0), bool).repeat(
            factor, axis=0
        )
        box = (slice(top * factor, None), slice(line.left * factor, None))
        height, width = mask[box].shape
        region = region.repeat(factor, axis=1)[:height, :width]
        box = tuple(
            slice(side.start, side.start + n) for side, n in zip(box, region.shape, strict=True)
        )
        usual = _thickness(heights[box], region & mask[box])
        mask[box] &= ~(region & (heights[box] <= usual * 3 // 2 + 1))
    return mask


def _heights(mask: Mask) -> Whole:
    """How many pixels of ink stand on each other at each pixel, [h, w]; 0 where there is none."""
    rows = np.arange(len(mask), dtype=np.int32)[:, None]
    above = np.maximum.accumulate(np.where(mask, -1, rows), axis=0)
    below = np.minimum.accumulate(np.where(mask, len(mask), rows)[::-1], axis=0)[::-1]
    return np.where(mask, below - above - 1, 0)
