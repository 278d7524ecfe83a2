"""Digits in the files that visitors bring, as the processes that may read them do."""

import numpy as np
from numpy.typing import NDArray

from vae_core.data.drawing import SIDE, open_picture, to_digit
from vae_core.errors import UsageError


def digit_in_file(file: bytes) -> NDArray[np.uint8]:
    """The digit in the content of a picture file, [28, 28].

    Raises:
        UsageError: if the file is not a picture that can be read, or has nothing in it.
    """
    return not_empty(to_digit(open_picture(file)))


def digit_or_picture(file: bytes) -> NDArray[np.uint8]:
    """The same; a grey picture of 28x28 pixels is a digit already.

    Raises:
        UsageError: as `digit_in_file`.
    """
    opened = open_picture(file)
    if opened.size == (SIDE, SIDE) and opened.mode == "L":
        return not_empty(np.array(opened))
    return digit_in_file(file)


def not_empty(digit: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The digit again, unless it is black all over.

    Raises:
        UsageError: if it is.
    """
    if not digit.any():
        raise UsageError("This picture is empty: nothing in it stands out from the background.")
    return digit
