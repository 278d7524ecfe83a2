"""From digits to latents and from latents to pictures, exactly."""

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from vae_core.errors import UsageError

from ..inference.request import LARGEST_NUMBER, ModelRequest
from ..request import MOST_DIGITS, read
from ..store import Store
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import Answer
from .rows import pack_verdicts, parse_digits

MOST_CODES = 64
LONGEST_CODES = 4 + LONGEST_HEADER + MOST_CODES * 512 * 4  # bytes; no code has more numbers
LONGEST_DIGITS = 4 + LONGEST_HEADER + MOST_DIGITS * 28 * 28


class DecodeRequest(ModelRequest):
    """How many codes there are to be drawn, and whether the digit classifier looks at them."""

    count: Annotated[int, Field(ge=1, le=MOST_CODES)]
    judged: bool = False


class EncodeRequest(ModelRequest):
    """How many digits there are to be encoded."""

    count: Annotated[int, Field(ge=1, le=MOST_DIGITS)]


def decode(message: bytes, store: Store) -> bytes:
    """What a model draws from each of `count` codes, to the grey level.

    The body of the request is the codes as float32, that of the reply the pictures; then, if they
    are `judged`, which is up to the request, their classes and chances as in `rows.pack_rows`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference import latents

    header, body = unpack(message)
    asked = read(DecodeRequest, header, store)
    codes = read_codes(body, asked.count, store.get(asked.model).model.latent_dim)
    classifier = store.classifier() if asked.judged else None
    drawn = latents.decode(store, asked.model, codes)
    about = {"count": asked.count, "side": drawn.shape[-1], "judged": classifier is not None}
    return pack(about, drawn.tobytes() + (pack_verdicts(classifier, drawn) if classifier else b""))


def encode(message: bytes, store: Store) -> bytes:
    """The codes of `count` digits by a model.

    The body of the request is the digits, 28x28 bytes each. That of the reply is their codes as
    float32 and, where a code is a cloud, the standard deviations of its numbers.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference import latents

    header, body = unpack(message)
    asked = read(EncodeRequest, header, store)
    found = latents.encode(store, asked.model, parse_digits(body, (asked.count, asked.count)))
    parts = [part for part in found if part is not None]
    about = {"count": asked.count, "code": parts[0].shape[1], "cloud": len(parts) == 2}
    return pack(about, b"".join(part.astype("<f4").tobytes() for part in parts))


def read_codes(body: bytes, count: int, size: int) -> NDArray[np.float32]:
    """The codes in the body of a request, [count, size]: finite and not absurdly large."""
    if len(body) != 4 * count * size:
        raise UsageError(
            f"{count} codes of {size} numbers are {4 * count * size} bytes; got {len(body)}."
        )
    numbers = np.frombuffer(body, "<f4").reshape(count, size)
    if not (np.abs(numbers) <= LARGEST_NUMBER).all():  # NaN is not smaller than anything
        raise UsageError(f"The numbers of a code must lie within ±{LARGEST_NUMBER:g}.")
    return numbers.astype(np.float32)


ANSWERS: tuple[Answer, ...] = (
    Answer("decode", decode, LONGEST_CODES),
    Answer("encode", encode, LONGEST_DIGITS),
)
