"""Requests about a drawing: its ink is the body of the message, its size stands in the header."""

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from vae_core.errors import UsageError

from ..request import Noise, Request, Seed

LARGEST_INK = 128  # pixels along a side of the ink that a page sends

Side = Annotated[int, Field(ge=1, le=LARGEST_INK)]


class DrawingRequest(Request):
    """A drawing.

    Attributes:
        digit: whether the ink is a digit already, as models see it.
    """

    width: Side
    height: Side
    digit: bool = False

    def digit_in(self, ink: bytes) -> NDArray[np.uint8]:
        """The digit in the body of the message, as models see it: [28, 28].

        Raises:
            UsageError: if the ink is not what the header says, or there is none.
        """
        from ..inference.drawing import digit_as_it_is, digit_of_ink

        count = self.width * self.height
        if len(ink) != count:
            raise UsageError(f"The ink should be {count} bytes; got {len(ink)}.")
        drawn = np.frombuffer(ink, np.uint8).reshape(self.height, self.width)
        return digit_as_it_is(drawn) if self.digit else digit_of_ink(drawn)


class NoisyDrawing(DrawingRequest):
    """A drawing and its noise, and how latents are drawn from a posterior.

    Attributes:
        sample: the seed that they are drawn with; without it the mean is taken.
    """

    noise: Noise
    sample: Seed | None = None
