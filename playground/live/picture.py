"""The digit in a picture that a visitor brings."""

from .. import decoding
from ..request import LARGEST_PICTURE
from ..store import Store
from ..wire import pack
from .answer import Answer


def picture(file: bytes, store: Store) -> bytes:
    """The digit in an uploaded picture, as one message.

    Raises:
        UsageError: if the file is not a picture that can be read, or has nothing in it.
    """
    digit = decoding.digit_in_file(file)
    height, width = digit.shape
    return pack({"width": width, "height": height}, digit.tobytes())


ANSWER = Answer("picture", picture, LARGEST_PICTURE, slow=True)
