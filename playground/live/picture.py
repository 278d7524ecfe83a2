"""The digit in a picture that a visitor brings."""

from vae_core.errors import UsageError

from ..shared import Store
from ..wire import pack
from .answer import Answer

LARGEST_UPLOAD = 16 * 2**20  # bytes


def picture(file: bytes, store: Store) -> bytes:
    """The digit in an uploaded picture, as one message.

    Raises:
        UsageError: if the file is not a picture that can be read, or has nothing in it.
    """
    from vae_core.drawing import open_picture, to_digit

    digit = to_digit(open_picture(file))
    if not digit.any():
        raise UsageError("This picture is empty: nothing in it stands out from the background.")
    height, width = digit.shape
    return pack({"width": width, "height": height}, digit.tobytes())


ANSWER = Answer("picture", picture, LARGEST_UPLOAD)
