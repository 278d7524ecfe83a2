"""Codes of every size: what comes back of one picture."""

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator

from vae_core.errors import UsageError, check_name

from ..inference.non_digits import SIDE
from ..request import Request, read
from ..store import Store
from ..wire import pack, unpack
from .answer import LARGEST_DRAWING, Answer
from .drawing import DrawingRequest


def _format(name: object) -> object:
    from ..inference.compression import FORMATS

    check_name("number format", name, FORMATS)
    return name


Format = Annotated[str, BeforeValidator(_format)]


class CompressDrawing(DrawingRequest):
    """A drawing, and what a number of a code is."""

    format: Format


class CompressPicture(Request):
    """A finished picture of 28x28 bytes, and what a number of a code is."""

    format: Format


def compress(message: bytes, store: Store) -> bytes:
    """What comes back of one picture from codes of every size, and from files.

    The message has the ink of a drawing, of `width` and `height`, or, where these are not given, a
    finished picture of 28x28 bytes. `format` says what a number of a code is: "float", or "byte", a
    step of 256 within the span of the training images.

    The body of the reply is the picture as the models see it, then what came back: one a size,
    for each kind of model in the order of `sizes`, then one for each of `files`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.compression import compressed

    header, body = unpack(message)
    if "width" in header:
        asked = read(CompressDrawing, header)
        picture = asked.digit_in(body)
    else:
        asked = read(CompressPicture, header)
        picture = _finished(body)
    found = compressed(picture, asked.format == "byte", store)
    about = {
        "side": SIDE,
        "mse": found.mse,
        "files": [
            {
                "name": name,
                "bytes": each.whole,
                "data_bytes": each.data,
                "mse": found.file_mse[name],
            }
            for name, each in found.files.items()
        ],
    }
    back = [*found.pictures, *(each.picture for each in found.files.values())]
    return pack(about, np.stack([picture, *back]).tobytes())


def _finished(body: bytes) -> NDArray[np.uint8]:
    if len(body) != SIDE**2:
        raise UsageError(f"A finished picture has {SIDE**2} bytes; got {len(body)}.")
    return np.frombuffer(body, np.uint8).reshape(SIDE, SIDE)


ANSWERS: tuple[Answer, ...] = (Answer("compress", compress, LARGEST_DRAWING),)
