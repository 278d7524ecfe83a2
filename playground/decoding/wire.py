"""Messages between the page and the processes that read files: their lengths, then their bytes.

Nothing of what comes back is more than bytes, as a file may have taken over the process.
"""

import struct
from typing import IO

DONE, REFUSED, FAILED = range(3)
LONGEST = 256 * 2**20  # bytes of any part
_LENGTH = struct.Struct("<Q")


def send(pipe: IO[bytes], *parts: bytes) -> None:
    """Sends some parts."""
    for part in parts:
        pipe.write(_LENGTH.pack(len(part)))
        pipe.write(part)
    pipe.flush()


def receive(pipe: IO[bytes], count: int) -> list[bytes] | None:
    """So many parts; None if the other end is gone.

    Raises:
        ValueError: if one is too long.
    """
    parts = []
    for _ in range(count):
        head = pipe.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack(head)
        if length > LONGEST:
            raise ValueError(f"a part of {length:,} bytes")
        part = pipe.read(length)
        if len(part) < length:
            return None
        parts.append(part)
    return parts
