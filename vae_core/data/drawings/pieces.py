"""The digits among the ink on a sheet: what belongs together, and what is dirt, a hole or an edge."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .ground import Bytes, Mask, Sheet
from .lines import without_lines

FAINT = 24  # of 255: what is fainter is the paper's own grain
CLEAR = 64  # what is fainter is no ink at the border, and no shape worth a word
EDGE = 40  # % of the ink's level: brighter is ink
HALO = 3  # pixels around what is taken away that go with it
ROUNDS = 6  # of taking away what touches the border: without it, fainter ink shows
SPECK = 1  # % of the largest piece: smaller ones are dirt
MOST = 60  # pieces that are looked at, the largest ones
NEAR = 20  # of the longest piece: pieces that are a tenth of it apart belong together
ABOVE = 30  # % of a piece's length that a bar may be above or below it
TALL = 70  # % of a piece's height that another has which stands beside it as a digit for itself
ASIDE = 20  # % of the narrower piece's width that may overlap if they stand side by side
SMALL = 35  # % of the longest digit's length: what is shorter is no digit beside it
LIGHT = 10  # % of the heaviest digit's ink, likewise
PALE = 60  # % of the darkest digit's mean ink, likewise: one pen wrote them all
BLOB = 15  # % of its length that half of a digit's stroke is thick at most
CORNERS = np.ones((3, 3))


class Piece(NamedTuple):
    """Ink that hangs together, or belongs together.

    Attributes:
        parts: the numbers of what hangs together.
        places: the numbers of the neighbourhoods that it lies in.
        top, bottom, left, right: first and last + 1 row and column.
        area: its pixels.
        edge: those of them that have ground beside them.
        weight: the ink of all its pixels together.
    """

    parts: frozenset[int]
    places: frozenset[int]
    top: int
    bottom: int
    left: int
    right: int
    area: int
    edge: int
    weight: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def length(self) -> int:
        return max(self.height, self.right - self.left)

    @property
    def is_blob(self) -> bool:
        return self.area * 100 > BLOB * self.length * self.edge


class Found(NamedTuple):
    """What there is on a sheet.

    Attributes:
        digits: the ink of each, [h, w], in the order of reading.
        is_blob: true if there is none, but shapes that are filled in.
    """

    digits: list[Bytes]
    is_blob: bool


def digits_on(sheet: Sheet) -> Found:
    """Each digit on a sheet by itself, without lines, dirt, and what touches the border."""
    ink = np.where(sheet.paper, sheet.ink, 0).astype(np.uint8)
    outside = ~sheet.paper
    outside[[0, -1]] = outside[:, [0, -1]] = True
    mask = sheet.paper
    for _ in range(ROUNDS):
        inked = _ink_in(ink)
        mask = without_lines(inked)
        ink[_grown(inked & ~mask, 1) & ~mask] = 0
        numbered = _numbered(mask)
        touching = np.unique(numbered[_grown(outside, HALO)])
        outer = np.isin(numbered, touching[touching > 0])
        if not outer.any():
            break
        outside |= outer
        ink[_grown(outer, HALO)] = 0
    found = _chosen(ink, mask)
    if found.digits or found.is_blob or not sheet.paper.all():
        return found
    # A digit may fill its picture to the border; a filled shape there is what lies at the border.
    return Found(_chosen(sheet.ink, _ink_in(sheet.ink, CLEAR)).digits, False)


def _ink_in(ink: Bytes, faint: int = FAINT) -> Mask:
    """What is brighter than a share of the ink's level, a mean in which faint pixels hardly count."""
    counts = np.bincount(ink.ravel(), minlength=256)
    levels = np.arange(256)
    squares = max(1, int(counts @ levels**2))
    return ink > max(faint, EDGE * int(counts @ levels**3) // (100 * squares))


def _grown(mask: Mask, by: int) -> Mask:
    return np.asarray(ndimage.maximum_filter(mask, 2 * by + 1), bool)


def _numbered(mask: Mask) -> NDArray[np.int32]:
    numbered = np.zeros(mask.shape, np.int32)
    ndimage.label(mask, CORNERS, output=numbered)
    return numbered


def _chosen(ink: Bytes, mask: Mask) -> Found:
    numbered = _numbered(mask)
    parts = _parts(ink, mask, numbered)
    whole = _joined(parts)
    digits = [piece for piece in whole if not piece.is_blob]
    longest = max((piece.length for piece in digits), default=0)
    heaviest = max((piece.area for piece in digits), default=0)
    darkest = max((piece.weight // piece.area for piece in digits), default=0)
    digits = [
        piece
        for piece in digits
        if piece.length * 100 >= SMALL * longest
        and piece.area * 100 >= LIGHT * heaviest
        and piece.weight // piece.area * 100 >= PALE * darkest
    ]
    alone = [_alone(ink, numbered, piece) for piece in _in_order(digits)]
    clear = int(ink[mask].max(initial=0)) >= CLEAR
    return Found(alone, clear and not digits)


def _parts(ink: Bytes, mask: Mask, numbered: NDArray[np.int32]) -> list[Piece]:
    """What hangs together, without specks; the largest first."""
    cross = ndimage.generate_binary_structure(2, 1)
    inner = np.asarray(ndimage.minimum_filter(mask, footprint=cross), bool)
    areas = np.bincount(numbered.ravel())
    areas[0] = 0
    edges = np.bincount(numbered[mask & ~inner], minlength=len(areas))
    weights = np.bincount(numbered.ravel(), ink.ravel()).astype(np.int64)  # whole numbers all
    boxes = ndimage.find_objects(numbered)
    largest = [int(n) for n in np.argsort(-areas, kind="stable")[:MOST] if areas[n]]
    largest = [n for n in largest if areas[n] * 100 >= SPECK * areas[largest[0]]]
    longest = max(
        (max(side.stop - side.start for side in boxes[n - 1]) for n in largest), default=0
    )
    places = _numbered(_grown(mask, max(1, longest // NEAR)))
    found = []
    for n in largest:
        rows, columns = boxes[n - 1]
        within = numbered[rows, columns] == n
        place = int(places[rows, columns][within][0])
        box = (rows.start, rows.stop, columns.start, columns.stop)
        numbers = (int(areas[n]), int(edges[n]), int(weights[n]))
        found.append(Piece(frozenset([n]), frozenset([place]), *box, *numbers))
    return found


def _joined(parts: list[Piece]) -> list[Piece]:
    """Each digit in one, of as many parts as it has."""
    whole: list[Piece] = []
    for piece in parts:
        while near := next((other for other in whole if _belong_together(piece, other)), None):
            whole.remove(near)
            piece = _both(piece, near)
        whole.append(piece)
    return whole


def _belong_together(one: Piece, other: Piece) -> bool:
    larger, smaller = (one, other) if one.length >= other.length else (other, one)
    shared = min(one.right, other.right) - max(one.left, other.left)
    narrower = min(one.right - one.left, other.right - other.left)
    beside = shared * 100 < ASIDE * narrower
    if beside and smaller.height * 100 >= TALL * larger.height:
        return False  # two digits, however near
    if one.places & other.places:
        return True
    gap = max(one.top, other.top) - min(one.bottom, other.bottom)
    is_bar = not smaller.is_blob and 2 * smaller.height <= larger.height
    return is_bar and not beside and gap * 100 <= ABOVE * larger.length


def _both(one: Piece, other: Piece) -> Piece:
    return Piece(
        one.parts | other.parts,
        one.places | other.places,
        min(one.top, other.top),
        max(one.bottom, other.bottom),
        min(one.left, other.left),
        max(one.right, other.right),
        one.area + other.area,
        one.edge + other.edge,
        one.weight + other.weight,
    )


def _in_order(pieces: list[Piece]) -> list[Piece]:
    """Row by row, each from the left."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.top + piece.bottom, piece.left)):
        row = rows[-1] if rows else []
        if row and piece.top + piece.bottom < 2 * row[0].bottom:
            row.append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda piece: piece.left)]


def _alone(ink: Bytes, numbered: NDArray[np.int32], piece: Piece) -> Bytes:
    """The ink of one piece and its soft edge, with ground on all sides."""
    box = (
        slice(max(0, piece.top - HALO), piece.bottom + HALO),
        slice(max(0, piece.left - HALO), piece.right + HALO),
    )
    near = _grown(np.isin(numbered[box], list(piece.parts)), HALO - 1)
    return np.pad(np.where(near, ink[box], 0).astype(np.uint8), HALO)
