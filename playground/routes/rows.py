"""What requests and replies of several routes have in common: digits in, rows of pictures out."""

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UsageError

from ..inference.latent.walk_requests import (
    STOPS,
)
from ..wire.packing import LONGEST_HEADER

SIDE = 28  # pixels along a digit
LARGEST_DIGITS = 4 + LONGEST_HEADER + STOPS * SIDE**2  # bytes of a message with digits in it


def parse_digits(body: bytes, counts: tuple[int, int]) -> NDArray[np.uint8]:
    """The digits in the body of a request, [n, h, w]; at least and at most as many as `counts`."""
    low, high = counts
    number, rest = divmod(len(body), SIDE**2)
    if rest or not low <= number <= high:
        wanted = f"{low} to {high}" if low < high else f"{low}"
        raise UsageError(
            f"The body should be {wanted} digits of {SIDE**2} bytes each; got {len(body)} bytes."
        )
    return np.frombuffer(body, np.uint8).reshape(number, SIDE, SIDE)
