"""Digits in the files that visitors bring, as the processes that may read them do."""

import numpy as np
from numpy.typing import NDArray

from vae_core.data.drawings.digit import SIDE, SeveralDigits, open_picture, to_digit
from vae_core.data.images import COARSE
from vae_core.errors import UsageError


def digits_in_file(file: bytes) -> NDArray[np.uint8]:
    """The digits in the content of a picture file, [n, 28, 28].

    Raises:
        UsageError: if the file is not a picture that can be read, or has nothing in it.
    """
    try:
        return not_empty(to_digit(open_picture(file, 2 * COARSE)))[None]
    except SeveralDigits as found:
        return found.digits


def digit_or_picture(file: bytes) -> NDArray[np.uint8]:
    """The one digit in it, [28, 28]; a grey picture of 28x28 pixels is a digit already.

    Raises:
        UsageError: as `digits_in_file`, or if there are several in it.
    """
    opened = open_picture(file, 2 * COARSE)
    if opened.size == (SIDE, SIDE) and opened.mode == "L":
        return not_empty(np.array(opened))
    return not_empty(to_digit(opened))


def not_empty(digit: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The digit again, unless it is black all over.

    Raises:
        UsageError: if it is.
    """
    if not digit.any():
        raise UsageError("This picture is empty: nothing in it stands out from the background.")
    return digit
