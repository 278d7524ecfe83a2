"""Digits from what visitors draw and bring: the ink of a canvas, and pictures in files."""

import numpy as np
from numpy.typing import NDArray

from vae_core.data.drawing import SIDE, open_picture, to_digit
from vae_core.data.images import COARSE
from vae_core.errors import UsageError


def digit_of_ink(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The digit that ink, [h, w], shows, as models see it: [28, 28].

    Raises:
        UsageError: if there is no ink.
    """
    return to_digit(_drawn(ink))


def digit_as_it_is(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Ink that is a digit already, [28, 28].

    Raises:
        UsageError: if it is not of that size, or there is none.
    """
    if _drawn(ink).shape != (SIDE, SIDE):
        height, width = ink.shape
        raise UsageError(f"A digit has {SIDE}x{SIDE} pixels; got {width}x{height}.")
    return ink


def digit_in_file(file: bytes) -> NDArray[np.uint8]:
    """The digit in the content of a picture file, [28, 28].

    Raises:
        SeveralDigits: if there are some in it.
        UsageError: if the file is not a picture that can be read, or has nothing in it.
    """
    return not_empty(to_digit(open_picture(file, 2 * COARSE)))


def not_empty(digit: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The digit again, unless it is black all over.

    Raises:
        UsageError: if it is.
    """
    if not digit.any():
        raise UsageError("This picture is empty: nothing in it stands out from the background.")
    return digit


def _drawn(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if not ink.any():
        raise UsageError("The canvas is empty. Draw a digit first.")
    return ink
