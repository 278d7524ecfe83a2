"""Digits drawn from nothing, by every chosen model."""

from typing import Annotated

from pydantic import Field

from vae_core.errors import UsageError

from ..animation import Style, strip
from ..inference.request import SampleRequest
from ..request import read
from ..store import Store
from ..wire import LONGEST_HEADER, unpack
from .answer import Answer
from .rows import pack_rows, refuse_body

SCALE = 4  # pixels of the file along one of a sample


class SheetRequest(SampleRequest):
    """Samples as a file: how many stand side by side, and the theme."""

    across: Annotated[int, Field(ge=1, le=100)]
    dark: bool


def sample(message: bytes, store: Store) -> bytes:
    """Samples of every chosen model, as one message.

    The header of a request has `models`, `count`, `temperature`, `seed` and `judged`; there is no
    body. The reply is that of `rows.pack_rows`; `prior` in its header says of each row whether
    its codes come from the model's prior rather than from a Gaussian fitted to its codes, and
    `failed` which models had to be left out, and why.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.interpolation import samples

    header, body = unpack(message)
    refuse_body(body)
    asked = read(SampleRequest, header, store)
    found = samples(store, asked.models, asked.count, asked.temperature, asked.seed)
    about = {"prior": found.from_prior, "failed": found.failed}
    return pack_rows(about, found.rows, store, asked.judged)


def sheet(message: bytes, store: Store) -> bytes:
    """The same samples as a PNG, one block a model, labelled.

    The header also has `across`, how many samples stand side by side, and `dark`, the theme.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.interpolation import labelled, samples

    header, body = unpack(message)
    refuse_body(body)
    asked = read(SheetRequest, header, store)
    found = samples(store, asked.models, asked.count, asked.temperature, asked.seed)
    if not found.rows:
        raise UsageError("There is nothing to write. Choose a model first.")
    style = Style(SCALE, rate=1, bounce=False, dark=asked.dark)
    return strip(labelled(store, found.rows), style, min(asked.across, asked.count))


ANSWERS: tuple[Answer, ...] = (
    Answer("sample", sample, 4 + LONGEST_HEADER),
    Answer("sample-sheet", sheet, 4 + LONGEST_HEADER, slow=True),
)
