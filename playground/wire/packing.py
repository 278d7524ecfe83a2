"""Messages between the page and the server: a JSON header, then raw bytes.

    4 bytes   length of the header, little-endian
    header    JSON, UTF-8
    body      whatever the header describes

`components/engine/wire.js` is the other end.
"""

import json
import struct
from typing import Any

from vae_core.errors import UsageError

LONGEST_HEADER = 8192  # bytes
DEEPEST = 32  # lists and objects within each other
FAULT = "The server could not answer because of a fault in the program. It has been noted."
ENDLESS = (
    "A number of the answer is infinite or no number at all, so a model cannot be used here. "
    "Choose another model."
)


def pack(header: dict[str, Any], body: bytes = b"") -> bytes:
    """One message. The header may not hold NaN or infinity: JSON has no word for them.

    Raises:
        UsageError: if it does, as weights that a stranger made up can bring about.
    """
    text = encoded(header)
    return struct.pack("<I", len(text)) + text + body


def encoded(value: dict[str, Any]) -> bytes:
    """The JSON of `value`.

    Raises:
        UsageError: if there is NaN or infinity in it.
    """
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()
    except ValueError as error:
        raise UsageError(ENDLESS) from error


def unpack(message: bytes, longest: int = LONGEST_HEADER) -> tuple[dict[str, Any], bytes]:
    """The header and the body of a stranger's message.

    Arguments:
        longest: header that is read, in bytes.

    Raises:
        UsageError: if it is not a message.
    """
    if len(message) < 4:
        raise UsageError(
            f"A request starts with the length of its header; got {len(message)} bytes."
        )
    (length,) = struct.unpack_from("<I", message)
    if length > min(longest, len(message) - 4):
        raise UsageError(f"The request is cut short, or its header of {length} bytes is too long.")
    try:
        header = json.loads(message[4 : 4 + length])
    except (ValueError, RecursionError) as error:
        raise UsageError("The header of the request is not JSON.") from error
    if _is_deeper(header, DEEPEST):
        raise UsageError(f"The header of the request is nested deeper than {DEEPEST} levels.")
    if not isinstance(header, dict):
        raise UsageError("The header of the request must be a JSON object.")
    return header, message[4 + length :]


def _is_deeper(value: Any, levels: int) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return False
    return levels == 0 or any(_is_deeper(each, levels - 1) for each in value)
