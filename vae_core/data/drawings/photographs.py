"""The digits in a picture that somebody brings: a graphic, a scan or a photograph."""

import numpy as np

from .ground import Bytes, sheet_in
from .pieces import Found, digits_on

LEAST = 64  # pixels along the longer side of a photograph; what is smaller is a finished graphic


def digits_in(layers: Bytes) -> Found:
    """The ink of each digit in a picture, [h, w, 4]: its colours times its alpha, and its alpha.

    * Mostly transparent at its border: what is opaque is the ink, all of it, be it black or white.
    * Smaller than 64 pixels: what differs from the usual colour of its border is the ink, all of it.
    * Any other: what stands out from the ground about it, without lines and what touches the border,
      parted into digits.
    """
    colour, alpha = layers[..., :3], layers[..., 3]
    opaque = _border(alpha) > 127
    if 2 * opaque.sum() <= len(opaque):
        return Found([_shape(colour, alpha)], False)
    edge = np.sort(_border(colour)[opaque], axis=0)
    usual = edge[len(edge) // 2]
    if (alpha < 255).any():  # lies on the ground, then
        colour = colour + ((255 - alpha[..., None].astype(np.int32)) * usual // 255).astype(
            np.uint8
        )
    if max(alpha.shape) < LEAST:
        far = np.abs(colour.astype(np.int32) - usual).max(axis=-1)
        return Found([far.astype(np.uint8)], False)
    return digits_on(sheet_in(colour))


def _shape(colour: Bytes, alpha: Bytes) -> Bytes:
    """The ink on a ground that is transparent. Its own brightness tells which it was meant for."""
    if 2 * int(colour.sum(dtype=np.int64)) > 3 * int(alpha.sum(dtype=np.int64)):
        return colour.max(axis=-1)
    return alpha - colour.min(axis=-1)


def _border(values: Bytes) -> Bytes:
    """The outermost pixels, [pixels, ...]."""
    return np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
