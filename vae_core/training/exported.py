"""A checkpoint as it is given away: without the place of the pictures that it was trained on.

A data set that everybody has is named in it; pictures of one's own are not, nor where they lie.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, NamedTuple

from ..data.folders import is_own
from ..errors import UsageError
from . import heads
from .recipe import Recipe

NOWHERE = "file:not-kept"  # in place of pictures of one's own
PART = 2**20  # bytes
_LENGTH = struct.Struct("<Q")


class Exported(NamedTuple):
    """A file on its way.

    Attributes:
        head: all before the numbers, with its length.
        size: of the whole file, in bytes.
        file: what is left of it: the numbers.
    """

    head: bytes
    size: int
    file: IO[bytes]

    def parts(self) -> Iterator[bytes]:
        """The content, piece by piece; the file is closed behind the last."""
        with self.file:
            yield self.head
            while part := self.file.read(PART):
                yield part


def exported(path: Path) -> Exported:
    """The checkpoint in a file, which may be replaced while it is read.

    Raises:
        OSError: if it is not there.
        UsageError: if it is damaged.
    """
    file = open(path, "rb")  # noqa: SIM115 - closed behind its last part, or below
    try:
        rest = file.seek(0, 2)
        file.seek(0)
        text = heads.text_in(file)
        rest -= file.tell()
        head = _framed(_without_data(text))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        file.close()
        raise UsageError(f"{path.name} is damaged. Train the model again.") from error
    return Exported(head, len(head) + rest, file)


def without_data(content: bytes) -> bytes:
    """The content of a checkpoint that is known to be one, as it is given away."""
    length = heads.length_of(content)
    start = _LENGTH.size + length
    return _framed(_without_data(content[_LENGTH.size : start])) + content[start:]


def _framed(text: bytes) -> bytes:
    text += b" " * (-len(text) % 8)  # so that the numbers lie where a processor likes them
    return _LENGTH.pack(len(text)) + text


def _without_data(text: bytes) -> bytes:
    plain = json.loads(text)
    about = json.loads(plain[heads.METADATA][heads.KEY])
    if not is_own(about["recipe"]["dataset"]):
        return text
    about["recipe"]["dataset"] = NOWHERE
    recipe = replace(Recipe.from_plain(about["recipe"]), dataset=NOWHERE)
    about["command"] = recipe.command("model.safetensors")
    plain[heads.METADATA][heads.KEY] = json.dumps(about)
    return json.dumps(plain, separators=(",", ":")).encode()
