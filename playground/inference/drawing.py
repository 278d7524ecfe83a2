"""Digits from what visitors draw: the ink of a canvas."""

import numpy as np
from numpy.typing import NDArray

from vae_core.data.drawings.digit import SIDE, to_digit
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


def _drawn(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if not ink.any():
        raise UsageError("The canvas is empty. Draw a digit first.")
    return ink
