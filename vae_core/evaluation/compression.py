"""Bytes of a grey picture as JPEG and as PNG, and of latents stored in a byte each."""

import io
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ..types import Latents

QUALITIES = (1, 5, 10, 20, 40, 60, 80, 95)  # of JPEG, in Pillow's scale from 1 to 95


class Stored(NamedTuple):
    """A picture as a file would hold it.

    Attributes:
        whole: bytes of the file.
        data: bytes of it that say something of this picture; see `jpeg` and `png`.
        picture: what comes back, [h, w].
    """

    whole: int
    data: int
    picture: NDArray[np.uint8]


def jpeg(picture: NDArray[np.uint8], quality: int) -> Stored:
    """The picture as a JPEG file of one of Pillow's qualities.

    `whole` is a file whose Huffman tables are made for this picture, the smallest that Pillow
    writes. `data` is the entropy-coded scan of the same coefficients by the standard's own tables,
    and nothing else. All that is left out then (some 330 bytes of markers, sizes and tables) is
    the same for every 28x28 picture of that quality, so a receiver could have it beforehand, as
    ITU-T T.81, B.4 provides for, and as the receiver of latents has their decoder.

    Arguments:
        picture: [h, w], black 0 to white 255.
    """
    image = Image.fromarray(picture)
    small = _file(image, "JPEG", quality=quality, optimize=True)
    common = _file(image, "JPEG", quality=quality)
    data = len(common) - _start_of_scan(common) - len(b"\xff\xd9")
    return Stored(len(small), data, np.asarray(Image.open(io.BytesIO(small))))


def png(picture: NDArray[np.uint8]) -> Stored:
    """The picture as an 8-bit grey PNG file, which loses nothing.

    `data` is the content of its IDAT chunk; the 57 bytes around that (the signature, IHDR, IEND,
    lengths, names and checksums) are the same for every 28x28 picture but for one checksum.

    Arguments:
        picture: [h, w], black 0 to white 255.
    """
    whole = _file(Image.fromarray(picture), "PNG", optimize=True)
    back = np.asarray(Image.open(io.BytesIO(whole)))
    return Stored(len(whole), _length_of_chunks(whole, b"IDAT"), back)


def _file(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def _start_of_scan(file: bytes) -> int:
    """The place where the entropy-coded bytes of a JPEG begin: after its segments, the last being SOS."""
    at = 2  # after the marker that starts the file
    while True:
        marker, length = file[at + 1], int.from_bytes(file[at + 2 : at + 4], "big")
        at += 2 + length
        if marker == 0xDA:
            return at


def _length_of_chunks(file: bytes, name: bytes) -> int:
    at, found = 8, 0  # after the signature
    while at < len(file):
        length = int.from_bytes(file[at : at + 4], "big")
        found += length if file[at + 4 : at + 8] == name else 0
        at += 12 + length  # length, name and checksum are 4 bytes each
    return found


STEPS = 255  # between the lowest byte and the highest


class Span(NamedTuple):
    """The values between which each latent lies: [z] each."""

    low: Tensor
    high: Tensor


def span_of(latents: Latents) -> Span:
    """The smallest and the largest value of each latent."""
    low, high = latents.aminmax(dim=0)
    return Span(low, high)


def quantise(latents: Latents, span: Span) -> Tensor:
    """Each latent as the nearest of its 256 steps, [b, z] of uint8; beyond the span, the end of it.

    A latent that never changes is all 0.

    Example:
        >>> latents = torch.tensor([[0.0], [0.5], [1.0]])
        >>> quantise(latents, span_of(latents)).flatten().tolist()
        [0, 128, 255]
    """
    width = span.high - span.low
    share = torch.where(width > 0, (latents - span.low) / width, 0)
    return (share.clamp(0, 1) * STEPS).round().to(torch.uint8)


def dequantise(steps: Tensor, span: Span) -> Latents:
    """The latents behind what `quantise` gave, no further off than half a step."""
    return span.low + (span.high - span.low) * (steps.float() / STEPS)
