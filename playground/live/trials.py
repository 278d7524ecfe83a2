"""What figures of the Learn tab ask for: pictures, digits or not, through models as they are."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from vae_core.errors import check_name

from ..inference.request import ModelRequest
from ..request import MOST_DIGITS, ModelNames, Request, Seed, Strength, read
from ..store import Store
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import Answer
from .rows import SIDE, pack_rows, pack_verdicts, parse_digits

LARGEST = 4 + LONGEST_HEADER + MOST_DIGITS * SIDE**2


def _kind(name: object) -> object:
    from ..inference.robustness import KINDS

    check_name("kind", name, KINDS)
    return name


class CopiesRequest(Request):
    """Which models copy pictures, and how many numbers an untrained code has."""

    models: ModelNames
    width: Annotated[int, Field(ge=1, le=SIDE**2)]


class DenoiseRequest(ModelRequest):
    """How a digit is spoilt, which model cleans it, and what goes through it again and again."""

    strength: Strength
    seed: Seed
    kind: Annotated[str, BeforeValidator(_kind)]


def copies(message: bytes, store: Store) -> bytes:
    """What each model makes of pictures as they are, as one message.

    The header of a request has `models`, and the `width` of a code that nobody trained; its body
    is up to 16 pictures, 28x28 bytes each. The reply is that of `rows.pack_rows`, the row of the
    untrained code last. `psnr` in its header has a list for each row: how near each picture came,
    in dB, and null where it is the very same.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.reconstruction import finite
    from ..inference.robustness import copies

    header, body = unpack(message)
    asked = read(CopiesRequest, header, store)
    models = [store.get(name) for name in asked.models]
    found = copies(parse_digits(body, (1, MOST_DIGITS)), models, asked.width)
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
    from ..inference.reconstruction import finite
    from ..inference.robustness import KINDS, PASSES, denoised

    header, body = unpack(message)
    asked = read(DenoiseRequest, header, store)
    checkpoint = store.get(asked.model)
    (digit,) = parse_digits(body, (1, 1))
    found = denoised(digit, checkpoint, asked.strength, asked.seed, asked.kind)
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
    classifier = store.classifier()
    about = {
        "kinds": kinds,
        "passes": PASSES,
        "changes": found.changes,
        "judged": bool(classifier),
    }
    parts = [part.tobytes() for part in (found.noisy, found.drawn, found.passes)]
    return pack(
        about, b"".join(parts) + (pack_verdicts(classifier, found.passes) if classifier else b"")
    )


def scores(message: bytes, store: Store) -> bytes:
    """How strange each of several pictures is to a model, and what it makes of them.

    The header of a request has `model`; its body is up to 16 pictures, 28x28 bytes each. That of
    the reply is what the model draws; `error` and `nats` in its header have a number for each, as
    in `vae_core.evaluation.anomaly.Scores`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.robustness import scored

    header, body = unpack(message)
    model = store.get(read(ModelRequest, header, store).model).model
    found = scored(parse_digits(body, (1, MOST_DIGITS)), model)
    nats = None if found.nats is None else found.nats.tolist()
    return pack({"error": found.error.tolist(), "nats": nats}, found.drawn.tobytes())


ANSWERS: tuple[Answer, ...] = (
    Answer("copies", copies, LARGEST),
    Answer("denoise", denoise, LARGEST, slow=True),
    Answer("scores", scores, LARGEST),
)
