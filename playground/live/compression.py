"""Codes of every size: how well each does on the test images, and with one picture."""

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UsageError, check_name

from ..inference.non_digits import SIDE, subjects
from ..query import parse_ink
from ..store import Store
from ..styles import MARKS, Look, look_of
from ..wire import pack, unpack
from .answer import LARGEST_DRAWING, Answer

if TYPE_CHECKING:
    from vae_core.evaluation.compression import Stored

# What each kind of model looks like: as the model that ships of its kind.
KINDS: dict[str, Look] = {
    "pca": look_of("pca-32")._replace(label="PCA"),
    "vanilla": look_of("vanilla-32"),
    "conv": look_of("conv-32"),
    "vae": look_of("vae-20"),
}
FORMATS = {"float": 4, "byte": 1}  # of a number of a code, and how many bytes it takes
SHOWN = (1, 10, 40, 80)  # qualities of JPEG at which the picture itself is shown


def sizes(_: bytes, store: Store) -> bytes:
    """What every size of code came to on the test images, and what is there to feed instead.

    The body has the pictures of the `subjects`, 28x28 bytes each.

    Raises:
        UsageError: if the numbers of the lesson's models are missing or damaged.
    """
    table = measured(store.lessons)
    from vae_core.experiments.catalogue import NUMBERS, SIZED

    about = {
        "numbers": NUMBERS,
        "images": table["n_images"],
        "formats": FORMATS,
        "kinds": [
            {
                "name": kind,
                "label": look.label,
                "colour": look.colour,
                "mark": MARKS[look.mark],
                "mse": {
                    "float": [table["models"][SIZED[kind][k]]["mse"] for k in NUMBERS],
                    "byte": [table["models"][SIZED[kind][k]]["mse_8bit"] for k in NUMBERS],
                },
                "parameters": [table["models"][SIZED[kind][k]]["parameters"] for k in NUMBERS],
            }
            for kind, look in KINDS.items()
        ],
        "files": table["files"],
        "subjects": [{"name": one.name, "label": one.label} for one in subjects()],
    }
    return pack(about, b"".join(one.picture.tobytes() for one in subjects()))


def compress(message: bytes, store: Store) -> bytes:
    """What comes back of one picture from codes of every size, and from files.

    The message has the ink of a drawing, of `width` and `height`, or, where these are not given, a
    finished picture of 28x28 bytes. `format` says what a number of a code is: "float", or "byte", a
    step of 256 within the span of the training images.

    The body of the reply is the picture as the models see it, then what came back: one a size,
    for each kind of model in the order of `sizes`, then one for each of `files`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    header, body = unpack(message)
    check_name("number format", header.get("format"), FORMATS)
    picture = parse_ink(header, body) if "width" in header else _finished(body)
    made = _from_codes(picture, header["format"] == "byte", store)
    stored = _stored(picture)
    about = {
        "side": SIDE,
        "mse": [_mse(each, picture) for each in made],
        "files": [
            {
                "name": name,
                "bytes": each.whole,
                "data_bytes": each.data,
                "mse": _mse(each.picture, picture),
            }
            for name, each in stored.items()
        ],
    }
    back = [*made, *(each.picture for each in stored.values())]
    return pack(about, np.stack([picture, *back]).tobytes())


def _finished(body: bytes) -> NDArray[np.uint8]:
    if len(body) != SIDE**2:
        raise UsageError(f"A finished picture has {SIDE**2} bytes; got {len(body)}.")
    return np.frombuffer(body, np.uint8).reshape(SIDE, SIDE)


def _from_codes(
    picture: NDArray[np.uint8], in_bytes: bool, store: Store
) -> list[NDArray[np.uint8]]:
    """What each model of each size makes of the picture, its code in floats or in bytes."""
    table = measured(store.lessons)
    import torch

    from vae_core.evaluation.compression import Span, from_bytes, to_bytes
    from vae_core.experiments.catalogue import SIZED
    from vae_core.types import to_floats

    images = to_floats(torch.tensor(picture)[None, None])  # [1, 1, h, w]
    made = []
    with torch.inference_mode():
        for name in (name for kind in KINDS for name in SIZED[kind].values()):
            model = store.lesson(name).model
            code = model.encode(images)
            if in_bytes:
                span = Span(*map(torch.tensor, table["models"][name]["span"]))
                code = from_bytes(to_bytes(code, span), span)
            made.append((model.decode(code)[0, 0] * 255).round().byte().numpy())
    return made


def _stored(picture: NDArray[np.uint8]) -> "dict[str, Stored]":
    from vae_core.evaluation.compression import jpeg, png

    return {
        **{f"jpeg-{quality}": jpeg(picture, quality) for quality in SHOWN},
        "png": png(picture),
    }


def _mse(picture: NDArray[np.uint8], original: NDArray[np.uint8]) -> float:
    return float(np.square((picture.astype(np.float64) - original) / 255).mean())


@lru_cache(4)
def measured(folder: Path) -> dict[str, Any]:
    """The numbers of the lesson's models on the test images, as `vae_core.experiments.measure` has them.

    Raises:
        UsageError: if they are missing or damaged.
    """
    try:
        table = json.loads((folder / "metrics.json").read_text())
        return {name: table[name] for name in ("models", "files", "n_images")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"The numbers in {folder / 'metrics.json'} are missing or damaged. "
            "`python -m vae_core lesson` measures them again."
        ) from error


ANSWERS: tuple[Answer, ...] = (
    Answer("compression", sizes),
    Answer("compress", compress, LARGEST_DRAWING),
)
