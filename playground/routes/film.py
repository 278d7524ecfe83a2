"""Films as files: GIF, looping WebP, and PNG strip."""

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from typing_extensions import Self

from vae_core.errors import UsageError, check_name

from ..inference.latent.walk_requests import STOPS, FilmRequest
from ..store.models import PIXELS, Store
from ..wire.animation import KINDS
from ..wire.packing import LONGEST_HEADER, unpack
from ..wire.request import read
from .answer import Answer

SIDE = 28  # pixels along a digit
LARGEST_DIGITS = 4 + LONGEST_HEADER + STOPS * SIDE**2  # bytes of a message with digits in it


class ChosenFilmRequest(FilmRequest):
    """Films as a file: which of them, in this order."""

    rows: Annotated[list[str], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_its_rows(self) -> Self:
        for name in self.rows:
            check_name("row", name, [PIXELS, *self.models])
        if len(set(self.rows)) < len(self.rows):
            raise UsageError("rows must be a list of rows of the film, each of them once.")
        return self


def film(message: bytes, store: Store) -> bytes:
    """The content of a file with the films of a walk in it, all rows together and labelled.

    The header of a request has the fields of `ChosenFilmRequest`; its body is two digits, or
    those of the tour, 28x28 bytes each.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.latent.interpolation import films, labelled

    header, body = unpack(message)
    asked = read(ChosenFilmRequest, header, store)
    digits = parse_digits(body, (2, STOPS))
    store.afford(asked.models, asked.walk(len(digits)).pictures(len(digits)))
    models = [store.get(name) for name in asked.models]
    found = {row.name: row for row in films(digits, asked.walk(len(digits)), models)}
    rows = labelled(store, [found[name] for name in asked.rows])
    return KINDS[asked.kind](rows, asked.style(), asked.per_line)


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


ANSWER = Answer("film", film, LARGEST_DIGITS, slow=True)
