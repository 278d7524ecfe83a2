"""The digits in a picture that a visitor brings, where the browser cannot read its file."""

from .. import decoding
from ..store.models import Store
from ..wire.packing import pack
from ..wire.request import LARGEST_PICTURE
from .answer import Answer


def picture(file: bytes, store: Store) -> bytes:
    """The digits in an uploaded picture, one after the other, as one message.

    Raises:
        UsageError: if the file is not a picture that can be read, or has nothing in it.
    """
    digits = decoding.digits_in_file(file)
    count, height, width = digits.shape
    return pack({"width": width, "height": height, "count": count}, digits.tobytes())


ANSWER = Answer("picture", picture, LARGEST_PICTURE, slow=True)
