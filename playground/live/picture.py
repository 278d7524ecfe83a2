"""The digit in a picture that a visitor brings."""

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UsageError

from ..store import Store
from ..wire import pack
from .answer import Answer

LARGEST_UPLOAD = 16 * 2**20  # bytes


def picture(file: bytes, store: Store) -> bytes:
    """The digit in an uploaded picture, as one message.

    Raises:
        UsageError: if the file is not a picture that can be read, or has nothing in it.
    """
    digit = digit_in(file)
    height, width = digit.shape
    return pack({"width": width, "height": height}, digit.tobytes())


def digit_in(file: bytes) -> NDArray[np.uint8]:
    """The digit in the content of a picture file, [28, 28].

    Raises:
        UsageError: if the file is not a picture that can be read, or has nothing in it.
    """
    from vae_core.data.drawing import open_picture, to_digit

    return check_ink(to_digit(open_picture(file)))


def check_ink(digit: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The digit again, unless it is black all over.

    Raises:
        UsageError: if it is.
    """
    if not digit.any():
        raise UsageError("This picture is empty: nothing in it stands out from the background.")
    return digit


ANSWER = Answer("picture", picture, LARGEST_UPLOAD, slow=True)
