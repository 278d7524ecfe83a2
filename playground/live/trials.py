"""What figures of the Learn tab ask for: pictures, digits or not, through models as they are."""

from functools import cache

import numpy as np

from vae_core.strokes import draw, other_drawings

from ..query import parse_models
from ..shared import Store
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import Answer
from .codes import whole_number
from .reconstruct import finite
from .rows import SIDE, pack_rows, parse_digits

MOST = 16  # pictures in one request
LARGEST = 4 + LONGEST_HEADER + MOST * SIDE**2


def others(_: bytes, store: Store) -> bytes:
    """Drawings that are no digits: the name of each, and their pictures, 28x28 bytes each."""
    return _others()


@cache
def _others() -> bytes:
    from vae_core.drawing import to_digit

    found = other_drawings()
    pictures = np.stack([to_digit(draw(strokes)) for strokes in found.values()])
    return pack({"side": SIDE, "names": list(found)}, pictures.tobytes())


def copies(message: bytes, store: Store) -> bytes:
    """What each model makes of pictures as they are, as one message.

    The header of a request has `models`, and the `width` of a code that nobody trained; its body
    is up to 16 pictures, 28x28 bytes each. The reply is that of `rows.pack_rows`, the row of the
    untrained code last. `psnr` in its header has a list for each row: how near each picture came,
    in dB, and null where it is the very same.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..trials import copies

    header, body = unpack(message)
    models = [store.get(name) for name in parse_models(header.get("models"), store)]
    width = whole_number(header, "width", 1, SIDE**2)
    found = copies(parse_digits(body, (1, MOST)), models, width)
    psnr = [[finite(number) for number in each.psnr_db] for each in found]
    return pack_rows({"psnr": psnr}, [each.drawn for each in found], store, judged=False)


ANSWERS: tuple[Answer, ...] = (
    Answer("others", others),
    Answer("copies", copies, LARGEST),
)
