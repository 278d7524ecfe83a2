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

SHORTEST = 5  # of the longer side of the picture: a fifth is the least length of a line
SLANTS = range(-4, 5)  # in steps of one pixel in 40, either way: to 5.7 degrees
STEP = 40
THIN = 40  # as often as it is thick, a line is long
NEAR = 30  # of the picture's longer side: ends that are nearer than that meet


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


def without_lines(mask: Mask) -> Mask:
    """The same ink without lines."""
    level, number = _runs(mask)
    upright, numbers = _runs(mask.T)
    across, down = _lines(level, number), _lines(upright, numbers)
    reach = max(mask.shape) // NEAR
    gone = [_is_printed(line, down, mask.shape, reach) for line in across]
    gone_too = [_is_printed(line, across, mask.shape[::-1], reach) for line in down]
    mask = _erased(mask, level, across, gone)
    return _erased(mask.T, upright, down, gone_too).T


def _runs(mask: Mask) -> tuple[NDArray[np.int32], int]:
    """What belongs to long runs across, slanted a little or not: numbered, and how many."""
    height, width = mask.shape
    radius = max(mask.shape) // SHORTEST // 2
    room = -(-width * SLANTS[-1] // STEP)
    padded = np.pad(mask, ((room, room), (0, 0)))
    rows, columns = np.arange(height + 2 * room)[:, None], np.arange(width)
    found = np.zeros_like(padded)
    for slant in SLANTS:
        shift = (columns - width // 2) * slant // STEP
        at = ((rows + shift) % len(rows), np.broadcast_to(columns, padded.shape))
        straight = padded[at].astype(np.uint8)
        core = ndimage.minimum_filter1d(straight, 2 * radius + 1, mode="constant")
        found[at] |= ndimage.maximum_filter1d(core, 2 * radius + 1, mode="constant") > 0
    return ndimage.label(found[room : room + height], np.ones((3, 3)))


def _lines(numbered: NDArray[np.int32], count: int) -> list[Line]:
    areas = np.bincount(numbered.ravel(), minlength=count + 1)[1:]
    lines = []
    for (rows, columns), area in zip(ndimage.find_objects(numbered), areas, strict=True):
        long = columns.stop - columns.start
        thick = -(-int(area) // long)
        lines.append(Line(rows.start, rows.stop, columns.start, columns.stop, thick))
    return lines


def _is_printed(line: Line, others: list[Line], shape: tuple[int, ...], reach: int) -> bool:
    """True if a line is no stroke: thin, and ending at the border or at lines the other way."""
    height, width = shape
    if line.thick * THIN > line.right - line.left:
        return False
    if line.bottom <= reach or line.top >= height - reach:
        return False  # along the border: the bar of a 7 that fills the picture
    ends = (line.left <= reach, line.right >= width - reach)
    meets = (
        any(_meet(line, at, other, reach) for other in others) for at in (line.left, line.right)
    )
    return all(end or met for end, met in zip(ends, meets, strict=True))


def _meet(line: Line, end: int, other: Line, reach: int) -> bool:
    """True if a line ends at another one, which is turned."""
    along = other.left - reach <= line.bottom and line.top <= other.right + reach
    return other.thick * THIN <= other.right - other.left and along and (
        other.top - reach <= end <= other.bottom + reach
    )


def _erased(
    mask: Mask, numbered: NDArray[np.int32], lines: list[Line], gone: list[bool]
) -> Mask:
    """The ink without these lines, but for the places where ink goes on above or below."""
    if not any(gone):
        return mask
    most = np.array([0, *(2 * line.thick + 1 if go else 0 for line, go in zip(lines, gone, strict=True))])
    limit = ndimage.maximum_filter1d(most[numbered], 3, axis=0)  # with the line's own rough edges
    return mask & ~(_height_of_ink(mask) <= limit)


def _height_of_ink(mask: Mask) -> NDArray[np.int32]:
    """How many pixels of ink stand on each other at each pixel, [h, w]; 0 where there is none."""
    rows = np.arange(len(mask), dtype=np.int32)[:, None]
    above = np.maximum.accumulate(np.where(mask, -1, rows), axis=0)
    below = np.minimum.accumulate(np.where(mask, len(mask), rows)[::-1], axis=0)[::-1]
    return np.where(mask, below - above - 1, 0)
