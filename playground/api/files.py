"""Pictures in requests and replies: text comes in, small PNG files go out."""

import base64
import binascii
import hashlib
import io
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from gradio import FileData
from numpy.typing import NDArray
from PIL import Image

from vae_core.errors import UsageError, check_range
from vae_core.files import write_atomically

from .. import decoding
from ..wire.request import LARGEST_PICTURE, LARGEST_SCALE, MOST_DIGITS

SIDE = 28
MOST_KEPT = 500_000_000  # bytes of files that wait to be fetched
FETCHED = 60.0  # seconds in which a file is left for who asked for it
MOST_PIXELS = 16_000_000  # of a file
TYPES = {
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "safetensors": "application/octet-stream",
}


def digit_of(picture: Any) -> NDArray[np.uint8]:
    """The digit that a request names or carries, [28, 28], white on black.

    A grey picture of 28x28 pixels is one already; any other becomes one as a drawing does.

    Arguments:
        picture: an example's name, or a file in base64, with or without `data:` before it.

    Raises:
        UsageError: if it is none of these, cannot be read, or is empty.
    """
    if not isinstance(picture, str):
        raise UsageError(f"A picture is given as text; got {type(picture).__name__}. {_ways()}")
    strokes = {example.name: example.strokes for example in _examples()}.get(picture)
    if strokes:
        from vae_core.data.drawings.digit import to_digit
        from vae_core.data.strokes import draw

        return to_digit(draw(strokes))
    return decoding.digit_or_picture(decoded(picture, LARGEST_PICTURE))


def digits_of(pictures: Any) -> NDArray[np.uint8]:
    """Several digits, [n, 28, 28].

    Raises:
        UsageError: if one is not a digit, or there are none or too many.
    """
    if not isinstance(pictures, list) or not 1 <= len(pictures) <= MOST_DIGITS:
        raise UsageError(f"digits must be a list of 1 to {MOST_DIGITS} pictures.")
    return np.stack([digit_of(picture) for picture in pictures])


def decoded(text: Any, largest: int) -> bytes:
    """The bytes of a file in base64, with or without `data:…;base64,` before it.

    Raises:
        UsageError: if it is not base64, or too large.
    """
    if not isinstance(text, str):
        raise UsageError(f"A file is given as text in base64; got {type(text).__name__}.")
    if len(text) > largest * 4 // 3 + 1024:
        raise UsageError(f"This is too large: at most {largest // 2**20} MB can be read.")
    try:
        return base64.b64decode(text.split(",", 1)[-1], validate=True)
    except (binascii.Error, ValueError) as error:
        raise UsageError(f"This is neither an example nor base64. {_ways()}") from error


def as_text(picture: NDArray[np.uint8]) -> str:
    """A grey picture, [h, w], as a `data:` URL that any request takes for a digit."""
    return f"data:image/png;base64,{base64.b64encode(_png(picture)).decode()}"


def grid(pictures: NDArray[np.uint8], scale: Any) -> FileData:
    """Pictures, [rows, columns, h, w] or [..., 3], side by side in one PNG file, without gaps.

    Raises:
        UsageError: if the scale is not in its range, or the file would be too large.
    """
    check_range("scale", scale, 1, LARGEST_SCALE, whole=True)
    rows, columns, height, width = pictures.shape[:4]
    if not pictures.size:
        raise UsageError("There is nothing to draw. Choose at least one model.")
    pixels = rows * columns * height * width * scale**2
    if pixels > MOST_PIXELS:
        raise UsageError(
            f"The picture would have {pixels / 1e6:.0f} million pixels, and at "
            f"most {MOST_PIXELS / 1e6:.0f} million are drawn. Lower the scale or the number of "
            "pictures."
        )
    colours = pictures.shape[4:]
    flat = pictures.swapaxes(1, 2).reshape(rows * height, columns * width, *colours)
    return file("pictures.png", _png(flat.repeat(scale, axis=0).repeat(scale, axis=1)))


def in_lines(pictures: NDArray[np.uint8], columns: Any) -> NDArray[np.uint8]:
    """Rows of pictures, [rows, n, h, w], each broken into lines of so many; None for one line.

    Where the last line of a row is not full, black follows.

    Raises:
        UsageError: if `columns` is no number of pictures.
    """
    if columns is None:
        return pictures
    count, height, width = pictures.shape[1:]
    check_range("columns", columns, 1, max(count, 1), whole=True)
    missing = -count % columns
    full = np.pad(pictures, ((0, 0), (0, missing), (0, 0), (0, 0)))
    return full.reshape(-1, columns, height, width)


def file(name: str, content: bytes) -> FileData:
    """A file of this content that the caller can fetch."""
    # In the folder of Gradio's own files: one of elsewhere would be copied there.
    kept = os.environ.get("GRADIO_TEMP_DIR") or Path(tempfile.gettempdir(), "gradio")
    _make_room(Path(kept), len(content))
    folder = Path(kept, hashlib.sha256(content).hexdigest())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():  # the same content may be on its way to somebody else
        write_atomically(path, content)
    return FileData(path=str(path), orig_name=name, mime_type=TYPES[name.split(".")[-1]])


def _make_room(kept: Path, size: int) -> None:
    """Removes the oldest files that wait to be fetched, where all of them would be too much."""
    found = []
    for path in kept.glob("*/*"):
        with suppress(OSError):
            facts = path.stat()
            found.append((facts.st_mtime, facts.st_size, path))
    left = MOST_KEPT - size - sum(each for _, each, _ in found)
    for written, freed, path in sorted(found):
        if left >= 0 or time.time() - written < FETCHED:
            return
        with suppress(OSError):
            path.unlink()
            left += freed


def _png(picture: NDArray[np.uint8]) -> bytes:
    found = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(found, "PNG")
    return found.getvalue()


def _examples() -> list[Any]:
    from vae_core.data.strokes import example_digits

    return example_digits()


def _ways() -> str:
    return (
        "Send a PNG, JPEG, GIF, WebP or BMP file in base64, or the name of an example, such as "
        "'7 with bar'; /examples lists them."
    )
