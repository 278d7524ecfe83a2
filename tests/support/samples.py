"""A drawing, and pictures of it in many kinds of file, for tests of the page."""

import io
from typing import Any

import numpy as np
from PIL import Image

from vae_core.data.strokes import draw, example_digits

STROKES = example_digits()[5].strokes
INK = draw(STROKES, size=100)


def as_file(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def photo(mode: str = "RGB") -> Image.Image:
    """A dark digit on light paper."""
    return Image.fromarray(255 - draw(STROKES, size=200)).convert(mode)


PICTURES = {
    "a photo": as_file(photo(), "JPEG"),
    "grey": as_file(photo("L")),
    "CMYK": as_file(photo("CMYK"), "JPEG"),
    "16 bits": as_file(Image.fromarray(np.asarray(photo("L")).astype(np.uint16) * 257)),
    "transparent": as_file(
        Image.merge(
            "LA",
            [
                Image.new("L", (200, 200), 0),
                Image.fromarray(draw(STROKES, size=200)),
            ],
        )
    ),
    "animated": as_file(photo("P"), "GIF", save_all=True, append_images=[photo("P")]),
}

BAD_PICTURES = {
    "nothing": b"",
    "a word": b"hello",
    "a header and no more": PICTURES["a photo"][:200],
    "blank paper": as_file(Image.new("RGB", (50, 50), "white")),
    "enormous": as_file(Image.new("1", (20_000, 20_000))),
    "a long file": bytes(17 * 2**20),
}
