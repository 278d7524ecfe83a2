"""Files of strangers are read in processes that can be killed, with limits of time and memory.

A few megabytes can take a decoder half an hour: a JPEG of thousands of empty scans, a GIF whose
comment comes byte by byte. Such a process is ended, and the next file gets another.
"""

from typing import TYPE_CHECKING

from .pool import Pool

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PICTURES = Pool(
    seconds=10,
    megabytes=1500,
    most=2,
    idle=None,  # a picture should not wait for an interpreter to start
    refusal="The picture takes too much time or memory to read. Save it again as a PNG file.",
)
ARCHIVES = Pool(
    seconds=120,
    megabytes=2500,
    most=2,
    idle=30.0,  # it has imported torch
    refusal="These pictures take too much time or memory to read. Send fewer or smaller ones.",
)


def digit_in_file(file: bytes) -> "NDArray[np.uint8]":
    """The digit in the content of a picture file, [28, 28].

    Raises:
        UsageError: if the file is not a picture that can be read, or has nothing in it.
    """
    return _digit(PICTURES.run("digit", file))


def digit_or_picture(file: bytes) -> "NDArray[np.uint8]":
    """The same; a grey picture of 28x28 pixels is a digit already.

    Raises:
        UsageError: as `digit_in_file`.
    """
    return _digit(PICTURES.run("digit_or_picture", file))


def packed_zip(archive: bytes, way: str) -> bytes:
    """The pictures in a zip file as `vae_core.data.folders.packed` has them.

    Raises:
        UsageError: if it is no zip file, or its pictures cannot be trained on.
    """
    return ARCHIVES.run(f"zip {way}", archive)


def _digit(content: bytes) -> "NDArray[np.uint8]":
    import numpy as np

    return np.frombuffer(content, np.uint8).reshape(28, 28).copy()
