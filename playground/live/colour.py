"""Input and target that differ: the drawing coloured, and found in front of a background."""

from vae_core.data.palette import CLASS_COLOUR_WORDS, CLASS_COLOURS

from .. import measured
from ..request import Seed, Strength, read
from ..store import Store
from ..wire import pack, unpack
from .answer import LARGEST_DRAWING, Answer
from .drawing import DrawingRequest


class ColourRequest(DrawingRequest):
    """A drawing, and the clutter behind it."""

    strength: Strength
    seed: Seed


def colour(message: bytes, store: Store) -> bytes:
    """The drawing as two models see it whose target is not their input.

    The header asks for the `strength` and the `seed` of the clutter. The body of the reply is: the
    digit, [28, 28]; the coloured one, [28, 28, 3]; the digit over clutter; how sure the model is
    of each pixel that it is stroke; the true stroke; the stroke by the model, and by a threshold,
    [28, 28] each.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.tasks import COLOURER, SEGMENTER, coloured, segmented

    header, ink = unpack(message)
    asked = read(ColourRequest, header)
    digit = asked.digit_in(ink)
    painted = coloured(digit, store)
    found = segmented(digit, asked.strength, asked.seed, store)
    reply = {
        "side": digit.shape[-1],
        "classes": class_colours(),
        "colour": painted.colour.tolist(),
        "nearest": painted.nearest,
        "shares": [*zip(painted.classes.tolist(), painted.shares.tolist(), strict=True)],
        "iou": found.iou,
        "threshold": {"level": found.level, "iou": found.level_iou},
        "measured": measured.tasks(store, COLOURER, SEGMENTER),
    }
    pictures = [digit, painted.picture, *found[:5]]
    return pack(reply, b"".join(picture.tobytes() for picture in pictures))


def class_colours() -> list[dict[str, str]]:
    """The colour of each class, and what it is called."""
    pairs = zip(CLASS_COLOURS, CLASS_COLOUR_WORDS, strict=True)
    return [{"colour": colour, "words": words} for colour, words in pairs]


ANSWER = Answer("colour", colour, LARGEST_DRAWING)
