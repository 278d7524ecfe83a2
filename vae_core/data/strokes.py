"""Drawings as pen strokes, of digits and of what is none: examples to replay, and to test with."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Strokes: TypeAlias = list[list[tuple[float, float]]]  # (x right, y down), the canvas is 0 to 1

PEN = 20 / 280  # the page's pen, as a share of its canvas

# The way of the pen, in hundredths of the canvas. A smooth curve goes through the points of a
# piece; "/" is a corner, where the next piece goes on, and ";" lifts the pen.
_DIGITS: dict[str, str] = {
    "0 round": "57,14 43,15 31,27 26,48 30,71 42,85 57,85 70,72 74,50 70,28 59,15 50,13",
    "0 narrow": "59,13 49,17 40,33 34,56 36,77 45,87 56,79 64,60 68,38 65,19 57,12",
    "1 plain": "52,12 51,37 50,62 50,88",
    "1 slanted": "63,12 55,36 46,62 38,88",
    "1 with flag": "37,33 47,25 56,12 / 55,38 54,63 53,88",
    "1 with foot": "36,32 46,24 54,12 / 53,40 52,64 52,86; 32,87 52,86 73,86",
    "2 with corner": "28,31 35,17 50,12 65,19 68,34 60,52 45,69 27,86 / 43,84 60,84 76,86",
    "2 with loop": "29,31 38,16 54,12 67,22 66,39 54,58 39,75 29,83 25,77 33,70 47,76 60,85 77,82",
    "2 slanted": "37,29 46,16 60,12 71,20 69,35 57,54 41,72 25,87 / 41,84 57,86 72,87",
    "3 round": "30,24 40,13 56,12 67,22 64,37 45,47 / 63,51 71,66 64,81 48,88 33,84 26,74",
    "3 with flat top": "28,15 48,15 70,13 / 58,29 45,43 / 61,46 72,60 69,77 54,87 38,86 25,77",
    "3 slanted": "39,21 50,12 65,14 71,26 63,40 46,47 / 61,52 67,66 58,81 43,88 29,83 24,74",
    "4 open": "35,14 31,34 27,56 / 51,56 76,53; 61,15 60,40 59,65 58,89",
    "4 closed": "60,89 61,63 62,37 63,12 / 44,36 24,63 / 50,63 79,61",
    "4 slanted": "44,13 36,34 27,57 / 48,57 72,55; 68,22 61,44 54,67 48,89",
    "5 in one": "71,14 54,15 38,15 / 35,30 32,46 / 45,40 61,43 70,57 68,74 55,86 39,87 27,80",
    "5 with lid": (
        "38,17 35,31 32,47 / 47,42 63,48 70,63 64,79 50,88 35,86 25,78; 38,16 55,16 73,13"
    ),
    "6 round": "65,15 50,20 37,36 30,57 34,77 47,87 62,82 68,69 60,57 46,57 35,67",
    "6 straight": "57,12 46,30 37,50 33,69 38,83 51,88 63,79 63,65 52,59 41,64 34,74",
    "7 plain": "26,16 49,16 74,14 / 64,36 54,60 46,88",
    "7 with bar": "25,17 49,16 75,14 / 65,35 54,60 45,88; 39,50 54,50 71,48",
    "7 with hook": "28,27 30,16 / 50,17 73,15 / 61,36 51,60 47,88",
    "8 in one": (
        "66,25 56,13 41,14 35,27 45,42 60,56 68,71 59,86 42,87 32,75 40,58 56,43 66,29 67,20"
    ),
    "8 in two": (
        "51,12 38,18 36,33 50,43 63,35 63,19 52,12; "
        "50,44 35,54 31,71 44,87 61,84 69,69 63,52 50,44"
    ),
    "8 slanted": (
        "72,21 62,12 49,17 46,31 54,45 62,60 59,78 46,88 32,83 30,69 42,55 58,43 70,30 72,19"
    ),
    "9 straight": "67,27 58,14 43,15 33,28 37,43 51,49 63,41 68,24 / 67,46 65,68 64,89",
    "9 curved": "69,25 58,13 43,16 34,31 41,46 57,44 67,31 70,20 / 69,47 62,72 47,87 31,85",
}

# What people draw if they are asked for something that is no digit. An S or a B comes near to one.
_OTHERS: dict[str, str] = {
    "A": "22,88 36,50 50,12 / 64,50 78,88; 33,60 50,60 67,60",
    "B": "31,12 31,50 31,88; 31,12 56,13 66,23 64,38 52,47 31,48 / 58,50 72,60 71,77 56,87 31,88",
    "E": "70,13 50,12 30,12 / 30,50 30,88 / 52,88 72,87; 30,49 46,49 62,48",
    "K": "30,12 30,50 30,88; 70,13 50,33 32,53 / 52,70 72,88",
    "M": "18,88 20,50 24,13 / 38,40 50,62 / 62,40 76,13 / 80,50 82,88",
    "R": "30,88 30,50 30,12 / 54,12 68,24 64,42 48,50 31,51 / 52,70 72,88",
    "S": "70,22 58,12 41,13 31,25 37,40 54,49 69,61 69,77 55,88 38,87 28,77",
    "X": "24,13 50,50 76,88; 76,13 50,50 24,88",
    "arrow": "14,50 50,50 84,50; 60,27 73,39 86,50 / 73,62 60,74",
    "face": (
        "50,10 24,20 11,48 22,78 50,90 78,79 89,49 77,21 50,10; 36,38 36,45; 64,38 64,45; "
        "30,62 40,73 50,76 60,73 70,62"
    ),
    "heart": "50,88 28,66 13,43 18,22 35,16 50,32 / 65,16 82,22 87,43 72,66 50,88",
    "house": "20,88 20,66 20,44 / 50,14 / 80,44 / 80,66 80,88 / 50,88 / 20,88; 42,88 42,64 / 58,64 / 58,88",
    "spiral": "50,51 56,46 60,53 53,61 42,57 40,43 52,34 68,40 71,59 57,75 36,71 26,51 34,28 56,19",
    "star": "50,10 74,84 / 12,38 / 88,38 / 26,84 / 50,10",
    "triangle": "50,13 86,84 / 14,84 / 50,13",
    "waves": "10,34 24,22 38,34 52,46 66,34 80,22 92,32; 10,72 24,60 38,72 52,84 66,72 80,60 92,70",
}


class Example(NamedTuple):
    """A digit as somebody might draw it.

    Attributes:
        label: the digit, 0 to 9.
        name: the digit and what sets this one apart, such as "7 with bar".
        strokes: one list of points for each time the pen touches the paper.
    """

    label: int
    name: str
    strokes: Strokes


def example_digits() -> list[Example]:
    """Every class in two hands at least, sorted by class; the same points at every call."""
    return [
        Example(int(name[0]), name, _trace(path, np.random.default_rng(number)))
        for number, (name, path) in enumerate(_DIGITS.items())
    ]


def other_drawings() -> dict[str, Strokes]:
    """Letters and shapes by name, none of them a digit; the same points at every call."""
    return {
        name: _trace(path, np.random.default_rng(number))
        for number, (name, path) in enumerate(_OTHERS.items())
    }


def draw(strokes: Strokes, size: int = 280, pen: float = PEN) -> NDArray[np.uint8]:
    """White ink on black, [size, size], with round ends and smooth edges.

    Arguments:
        pen: the width of the pen, as a share of the canvas.
    """
    canvas = np.zeros((size, size), np.float32)
    radius = pen * size / 2
    for stroke in strokes:
        points = np.array(stroke, np.float32).reshape(-1, 2) * size - 0.5  # in pixel centres
        ends = points[1:] if len(points) > 1 else points  # one point alone is a dot
        for start, end in zip(points, ends, strict=False):
            left, top = np.clip(np.minimum(start, end) - radius - 1, 0, size).astype(int)
            right, bottom = np.clip(np.maximum(start, end) + radius + 2, 0, size).astype(int)
            row, column = np.mgrid[top:bottom, left:right].astype(np.float32)
            (x0, y0), (x1, y1) = start, end
            along = (column - x0) * (x1 - x0) + (row - y0) * (y1 - y0)
            share = np.clip(along / max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-9), 0, 1)
            away = np.hypot(column - x0 - share * (x1 - x0), row - y0 - share * (y1 - y0))
            patch = canvas[top:bottom, left:right]
            np.maximum(patch, np.clip(radius - away + 0.5, 0, 1), out=patch)
    return np.rint(canvas * 255).astype(np.uint8)


def _trace(path: str, hand: np.random.Generator) -> Strokes:
    strokes: Strokes = []
    for stroke in path.split(";"):
        pieces: list[NDArray[np.float64]] = []
        for piece in stroke.split("/"):
            points = np.array([point.split(",") for point in piece.split()], float) / 100
            corner = pieces[-1][-1:] if pieces else points[:0]
            pieces.append(_curve(np.concatenate([corner, points])))
        way = np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])
        strokes.append([(round(x, 4), round(y, 4)) for x, y in _wobble(way, hand).tolist()])
    return strokes


def _curve(points: NDArray[np.float64], spacing: float = 0.045) -> NDArray[np.float64]:
    """Even steps along a smooth curve through the points: a centripetal Catmull-Rom spline.

    Reference:
        Parameterization and applications of Catmull-Rom curves (Yuksel et al., 2011)
        https://doi.org/10.1016/j.cad.2010.08.008
    """
    chord = np.linalg.norm(np.diff(points, axis=0), axis=1)
    time = np.concatenate([[0], np.cumsum(np.sqrt(chord))])
    slope = np.gradient(points, time, axis=0, edge_order=2 if len(points) > 2 else 1)

    moment = np.linspace(0, time[-1], 400)
    piece = np.clip(np.searchsorted(time, moment, side="right") - 1, 0, len(chord) - 1)
    step = np.diff(time)[piece]
    u = ((moment - time[piece]) / step)[:, None]
    step = step[:, None]
    curve = (
        (1 + 2 * u) * (1 - u) ** 2 * points[piece]
        + u * (1 - u) ** 2 * step * slope[piece]
        + u**2 * (3 - 2 * u) * points[piece + 1]
        - u**2 * (1 - u) * step * slope[piece + 1]
    )
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    even = np.linspace(0, length[-1], 1 + max(2, round(length[-1] / spacing)))
    return np.stack([np.interp(even, length, axis) for axis in curve.T], axis=1)


def _wobble(
    way: NDArray[np.float64], hand: np.random.Generator, size: float = 0.004
) -> NDArray[np.float64]:
    """No hand is perfectly steady: slow waves across the way, of about `size`."""
    along = np.linspace(0, 2 * np.pi, len(way))[:, None]
    waves = [
        np.sin(turns * along + hand.uniform(0, 2 * np.pi, 2)) / np.sqrt(turns)
        for turns in (1, 2, 3)
    ]
    return way + size * np.sum(waves, axis=0)
