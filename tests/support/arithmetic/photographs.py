"""The digits in small photographs and graphics, found by the library."""

from typing import Any

import numpy as np
from PIL import Image

from tests.support.photographs import scene, several, written
from vae_core.data.drawings.digit import SeveralDigits, to_digit
from vae_core.data.images import layers_of
from vae_core.data.strokes import draw, example_digits

from . import packed

WIDTH, HEIGHT = 240, 180
SPOILT = ("soft shadow to 0.55", "table at 12 %", "chalk on a board", "dark ruling", "printed box")


def photographs() -> dict[str, Any]:
    """Pictures as a canvas has them, and the digits in them."""
    hand = written(1, "5 with lid")
    pictures = {kind: scene(kind, hand, 2, WIDTH, HEIGHT) for kind in SPOILT}
    pictures["two digits"] = several([hand, written(4)], 2, 0).resize((WIDTH, HEIGHT))
    ink = Image.fromarray(draw(example_digits()[20].strokes, size=80))
    black = Image.new("L", ink.size, 0)
    pictures["transparent"] = Image.merge("RGBA", [black, black, black, ink])
    pictures["with transparent corners"] = Image.merge("RGBA", [ink, ink, ink, _window(ink.size)])
    pictures["small"] = ink.resize((40, 50))
    return {name: _read(picture) for name, picture in pictures.items()}


def _window(size: tuple[int, int]) -> Image.Image:
    alpha = np.full(size[::-1], 255, np.uint8)
    alpha[:6, :6] = alpha[-6:, -6:] = 90
    return Image.fromarray(alpha)


def _read(picture: Image.Image) -> dict[str, Any]:
    # In few levels, which takes few bytes.
    coarse = Image.fromarray(np.asarray(picture) // 16 * 17)
    layers = layers_of(coarse)
    try:
        digits = to_digit(coarse)[None]
    except SeveralDigits as found:
        digits = found.digits
    height, width = layers.shape[:2]
    return {
        "width": width,
        "height": height,
        "layers": packed(np.ascontiguousarray(np.moveaxis(layers, -1, 0))),  # [4, h, w]
        "digits": packed(digits),
    }
