"""What every chosen model makes of the drawing."""

from typing import TYPE_CHECKING, Any

import numpy as np

from vae_core.errors import UsageError

from ..query import Query, parse
from ..store import Store
from ..wire import pack, unpack
from .answer import LARGEST_DRAWING, Answer

if TYPE_CHECKING:
    from ..inference.reconstruction import Comparison, Task


def reconstruct(message: bytes, store: Store) -> bytes:
    """Every chosen model's view of the drawing in `message`, as one message.

    The body of the reply is: the clean digit, the noisy one, one picture per model; then the
    code of each model and, where it is a cloud, its means and standard deviations, as float32.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    (reply,) = reconstruct_many([message], store)
    if isinstance(reply, UsageError):
        raise reply
    return reply


def reconstruct_many(messages: list[bytes], store: Store) -> list[bytes | UsageError]:
    """The replies to several messages; a UsageError for each that cannot be answered."""
    from ..inference.reconstruction import compare_many

    asked = [_asked(message, store) for message in messages]
    fair = [each for each in asked if not isinstance(each, UsageError)]
    seen = iter(compare_many([task for _, task in fair]) if fair else ())
    return [
        each if isinstance(each, UsageError) else _packed(each[0], next(seen)) for each in asked
    ]


def _asked(message: bytes, store: Store) -> "tuple[Query, Task] | UsageError":
    try:
        query = parse(*unpack(message), store)
        from ..inference.reconstruction import Task

        models = [store.get(name) for name in query.models]
        return query, Task(query.digit, query.noise, models, query.sample_seed)
    except UsageError as error:
        return error


def _packed(query: Query, seen: "Comparison") -> bytes:
    return pack(facts(query, seen), _body(query, seen))


def facts(query: Query, seen: "Comparison") -> dict[str, Any]:
    """The numbers of a comparison; a PSNR is None where it is infinite."""
    return {
        "side": query.digit.shape[0],
        "noisy": {"mse": seen.mse, "psnr": finite(seen.psnr_db)},
        "models": [
            {
                "name": name,
                "mse": view.mse,
                "psnr": finite(view.psnr_db),
                "code": len(view.code),
                "cloud": view.cloud is not None,
                "active": view.active,
                "sampled": view.sampled,
            }
            for name, view in zip(query.models, seen.views, strict=True)
        ],
    }


def _body(query: Query, seen: "Comparison") -> bytes:
    parts = [query.digit, seen.noisy, *(view.picture for view in seen.views)]
    for view in seen.views:
        parts.extend(part.astype("<f4") for part in (view.code, view.cloud) if part is not None)
    return b"".join(part.tobytes() for part in parts)


def finite(number: float) -> float | None:
    """The number, or None where it is infinite: JSON has no word for that."""
    return number if np.isfinite(number) else None


ANSWER = Answer("reconstruct", reconstruct, LARGEST_DRAWING, reconstruct_many)
