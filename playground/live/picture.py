"""The digits in a picture that a visitor brings, where the browser cannot read its file."""

from ..request import LARGEST_PICTURE
from ..store import Store
from ..wire import pack
from .answer import Answer


def picture(file: bytes, store: Store) -> bytes:
    """The digits in an uploaded picture, one after the other, as one message.

    Raises:
        UsageError: if the file is not a picture that can be read, or has nothing in it.
    """
    from vae_core.data.drawing import SIDE, SeveralDigits

    from ..inference.drawing import digit_in_file

    try:
        digits = digit_in_file(file)[None]
    except SeveralDigits as found:
        digits = found.digits
    return pack({"width": SIDE, "height": SIDE, "count": len(digits)}, digits.tobytes())


ANSWER = Answer("picture", picture, LARGEST_PICTURE, slow=True)
