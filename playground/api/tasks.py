"""Models whose target is not their input: a digit coloured, and found in front of a background."""

from typing import Any

import numpy as np
from gradio.data_classes import FileData

from vae_core.data.palette import CLASS_COLOUR_WORDS, CLASS_COLOURS

from ..store.models import Store
from ..wire.request import Request, Seed, Strength, read
from .files import digit_of, grid


class ClutterRequest(Request):
    """What stands behind a digit."""

    strength: Strength
    seed: Seed


def colour(store: Store, digit: str, scale: int = 4) -> tuple[dict[str, Any], FileData]:
    """A digit painted in the colours of the classes that a model takes it for.

    Arguments:
        digit: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        the colour as red, green and blue from 0 to 255, the class whose colour is nearest, the
        shares in which the colours of three classes mix to it, and the colours of all classes
        a PNG of the painted digit
    """
    found = digit_of(digit)
    from ..inference.tasks import coloured

    seen = coloured(found, store)
    pairs = zip(CLASS_COLOURS, CLASS_COLOUR_WORDS, strict=True)
    told = {
        "colour": seen.colour.tolist(),
        "nearest": seen.nearest,
        "shares": [*map(list, zip(seen.classes.tolist(), seen.shares.tolist(), strict=True))],
        "classes": [{"colour": colour, "words": words} for colour, words in pairs],
    }
    return told, grid(seen.picture[None, None], scale)


def segment(
    store: Store, digit: str, strength: float = 0.5, seed: int = 0, scale: int = 4
) -> tuple[dict[str, Any], FileData]:
    """A digit found in front of a cluttered background, by a model and by the best threshold.

    Arguments:
        digit: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        strength: of the clutter, from 0 (none) to 1.
        seed: a whole number that the clutter is drawn from.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        the IoU (intersection over union) of the model, and the level, 0 to 1, and IoU of the
        threshold that suits this picture best
        a PNG of the digit over clutter, how sure the model is of each pixel that it is stroke, the
        true stroke, the stroke by the model, and the stroke by the threshold
    """
    asked = read(ClutterRequest, {"strength": strength, "seed": seed})
    found = digit_of(digit)
    from ..inference.tasks import segmented

    seen = segmented(found, asked.strength, asked.seed, store)
    told = {"iou": seen.iou, "threshold": {"level": seen.level, "iou": seen.level_iou}}
    return told, grid(np.stack(seen[:5])[None], scale)


ENDPOINTS = (colour, segment)
