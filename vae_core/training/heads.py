"""The head of a checkpoint: what its file says of itself, judged before any number is read.

8 bytes   length of the head, little-endian
head      JSON: the place, kind and shape of each tensor by its name, and our own text
tensors   as safetensors has them
"""

import json
import re
import struct
from pathlib import Path
from typing import IO, Any, NamedTuple

KEY = "vae-playground"  # of our JSON in the head
LONGEST = 64 * 1024  # bytes; those of the shipped models have 2 to 4 thousand
LONGEST_TEXT = 16 * 1024  # characters of a command line or a version
MOST_RESULTS = 100
METADATA = "__metadata__"
_LENGTH = struct.Struct("<Q")
_CHECKSUM = re.compile(r"[0-9a-f]{64}")


class Head(NamedTuple):
    """What a checkpoint's file says of itself.

    Attributes:
        shapes: of the tensors, by name.
        about: our own fields: `format`, `recipe`, `results`, `command`, `checksum` and `layers`.
    """

    shapes: dict[str, tuple[int, ...]]
    about: dict[str, Any]


def read(path: Path) -> Head:
    """The head of the file, of which no more is read.

    Raises:
        ValueError, TypeError, KeyError, RecursionError: if it is too long, or no head.
    """
    with open(path, "rb") as file:
        plain = _object(json.loads(text_in(file)))
    about = _object(json.loads(_object(plain.pop(METADATA))[KEY]))
    return Head({name: _shape(facts) for name, facts in plain.items()}, about)


def text_in(file: IO[bytes]) -> bytes:
    """The text of the head that an open file begins with.

    Raises:
        ValueError: if it is too long.
    """
    return file.read(_length(file.read(_LENGTH.size)))


def check(about: dict[str, Any]) -> None:
    """Refuses fields of another kind, or longer, than a checkpoint has.

    Raises:
        ValueError, TypeError, KeyError: if there is such a field, or one is missing.
    """
    _object(about["recipe"])
    if len(_object(about["results"])) > MOST_RESULTS:
        raise ValueError("too many results")
    if not isinstance(about["command"], str) or len(about["command"]) > LONGEST_TEXT:
        raise ValueError("no command line")
    if not isinstance(about["checksum"], str) or not _CHECKSUM.fullmatch(about["checksum"]):
        raise ValueError("no checksum")
    if about.get("layers") is not None:
        _object(about["layers"])


def length_of(content: bytes) -> int:
    """The length of the head of a file with this content, which `LONGEST` does not bound."""
    return _LENGTH.unpack_from(content)[0]


def _length(first: bytes) -> int:
    (length,) = _LENGTH.unpack(first.ljust(_LENGTH.size, b"\0"))
    if length > LONGEST:
        raise ValueError(f"a head of {length:,} bytes")
    return length


def _shape(facts: Any) -> tuple[int, ...]:
    shape = _object(facts)["shape"]
    if not isinstance(shape, list) or not all(type(side) is int for side in shape):
        raise ValueError("no shape")
    return tuple(shape)


def _object(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise TypeError(f"a {type(found).__name__} in place of an object")
    return found
