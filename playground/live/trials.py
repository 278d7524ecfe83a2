"""What figures of the Learn tab ask for: pictures, digits or not, through models as they are."""

from functools import cache

import numpy as np

from vae_core.data.strokes import draw, other_drawings
from vae_core.errors import check_name

from ..query import LARGEST_SEED, parse_models
from ..store import Store
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import Answer
from .codes import model_name, whole_number
from .reconstruct import finite
from .rows import SIDE, pack_rows, pack_verdicts, parse_digits, parse_number

MOST = 16  # pictures in one request
LARGEST = 4 + LONGEST_HEADER + MOST * SIDE**2


def others(_: bytes, store: Store) -> bytes:
    """Drawings that are no digits: the name of each, and their pictures, 28x28 bytes each."""
    return _others()


@cache
def _others() -> bytes:
    from vae_core.data.drawing import to_digit

    found = other_drawings()
    pictures = np.stack([to_digit(draw(strokes)) for strokes in found.values()])
    return pack({"side": SIDE, "names": list(found)}, pictures.tobytes())


def copies(message: bytes, store: Store) -> bytes:
    """What each model makes of pictures as they are, as one message.

    The header of a request has `models`, and the `width` of a code that nobody trained; its body
    is up to 16 pictures, 28x28 bytes each. The reply is that of `rows.pack_rows`, the row of the
    untrained code last. `psnr` in its header has a list for each row: how near each picture came,
    in dB, and null where it is the very same.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.robustness import copies

    header, body = unpack(message)
    models = [store.get(name) for name in parse_models(header.get("models"), store)]
    width = whole_number(header, "width", 1, SIDE**2)
    found = copies(parse_digits(body, (1, MOST)), models, width)
    psnr = [[finite(number) for number in each.psnr_db] for each in found]
    return pack_rows({"psnr": psnr}, [each.drawn for each in found], store, judged=False)


def denoise(message: bytes, store: Store) -> bytes:
    """A clean digit spoilt in every way, what a model makes of each, and of its own output.

    The header of a request has `model`, `strength` and `seed` of the noise, and the `kind` whose
    picture goes through the model again and again; its body is the digit, 28x28 bytes. The reply
    has the `kinds` with their PSNR before and after, and whether the model has met them in
    training; its body the noisy pictures, what the model draws of each, and the pictures after
    each number of `passes`; then, if they are `judged`, their verdicts as in `rows.pack_rows`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.robustness import KINDS, PASSES, denoised

    header, body = unpack(message)
    checkpoint = store.get(model_name(header, store))
    strength = parse_number(header, "strength", 0, 1)
    seed = parse_number(header, "seed", 0, LARGEST_SEED, whole=True)
    check_name("kind", header.get("kind"), KINDS)
    (digit,) = parse_digits(body, (1, 1))
    found = denoised(digit, checkpoint, strength, seed, header["kind"])
    met = checkpoint.recipe.config.noise
    kinds = [
        {
            "name": name,
            "label": kind.label,
            "meaning": kind.meaning,
            "met": name in met,
            "before": finite(before),
            "after": finite(after),
        }
        for (name, kind), before, after in zip(
            KINDS.items(), found.before, found.after, strict=True
        )
    ]
    judge = store.judge()
    about = {"kinds": kinds, "passes": PASSES, "changes": found.changes, "judged": bool(judge)}
    parts = [part.tobytes() for part in (found.noisy, found.drawn, found.passes)]
    return pack(about, b"".join(parts) + (pack_verdicts(judge, found.passes) if judge else b""))


def scores(message: bytes, store: Store) -> bytes:
    """How strange each of several pictures is to a model, and what it makes of them.

    The header of a request has `model`; its body is up to 16 pictures, 28x28 bytes each. That of
    the reply is what the model draws; `error` and `nats` in its header have a number for each, as
    in `vae_core.evaluation.anomaly.Scores`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from vae_core.evaluation.anomaly import scores
    from vae_core.models.inference import reconstruct

    from ..inference.robustness import as_images, as_pictures

    header, body = unpack(message)
    model = store.get(model_name(header, store)).model
    images = as_images(parse_digits(body, (1, MOST)))
    found = scores(model, images)
    nats = None if found.nats is None else found.nats.tolist()
    drawn = as_pictures(reconstruct(model, images))
    return pack({"error": found.error.tolist(), "nats": nats}, drawn.tobytes())


ANSWERS: tuple[Answer, ...] = (
    Answer("others", others),
    Answer("copies", copies, LARGEST),
    Answer("denoise", denoise, LARGEST, slow=True),
    Answer("scores", scores, LARGEST),
)
