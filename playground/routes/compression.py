"""One picture as files: browsers write others than those that were measured."""

import numpy as np

from vae_core.errors import UsageError

from ..inference.non_digits import SIDE
from ..store.models import Store
from ..wire.packing import LONGEST_HEADER, pack, unpack
from ..wire.request import Request, read
from .answer import Answer


def files(message: bytes, store: Store) -> bytes:
    """What comes back of a picture of 28x28 bytes, the body, from each kind of file.

    The header of the message is empty. The body of the reply is what came back, one for each of
    `files`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.compression import files_of

    header, body = unpack(message)
    read(Request, header)
    if len(body) != SIDE**2:
        raise UsageError(f"A picture has {SIDE**2} bytes; got {len(body)}.")
    found = files_of(np.frombuffer(body, np.uint8).reshape(SIDE, SIDE))
    about = [
        {
            "name": each.name,
            "bytes": each.stored.whole,
            "data_bytes": each.stored.data,
            "mse": each.mse,
        }
        for each in found
    ]
    return pack({"files": about}, np.stack([each.stored.picture for each in found]).tobytes())


ANSWERS: tuple[Answer, ...] = (Answer("files", files, 4 + LONGEST_HEADER + SIDE**2),)
