"""Input and target that differ: the drawing coloured, and found in front of a background."""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from vae_core.data.palette import CLASS_COLOUR_WORDS, CLASS_COLOURS
from vae_core.errors import check_range

from ..query import LARGEST_SEED, parse_ink
from ..store import Store
from ..wire import pack, unpack
from .answer import LARGEST_DRAWING, Answer

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.types import Images

COLOURER, SEGMENTER = "colour", "segment"  # among the models of the lesson


def colour(message: bytes, store: Store) -> bytes:
    """The drawing as two models see it whose target is not their input.

    The header asks for the `strength` and the `seed` of the clutter. The body of the reply is: the
    digit, [28, 28]; the coloured one, [28, 28, 3]; the digit over clutter; how sure the model is
    of each pixel that it is stroke; the true stroke; the stroke by the model, and by a threshold,
    [28, 28] each.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    import torch

    from vae_core.types import to_floats

    header, ink = unpack(message)
    strength, seed = header.get("strength"), header.get("seed")
    check_range("strength", strength, 0, 1)
    check_range("seed", seed, 0, LARGEST_SEED, whole=True)
    digit = to_floats(torch.from_numpy(parse_ink(header, ink))[None, None])  # [1, 1, 28, 28]
    with torch.inference_mode():
        painted, said_of_colour = _coloured(digit, store)
        found = _segmented(digit, float(strength), seed, store)  # type: ignore[arg-type]
    pictures = [digit, painted.permute(0, 2, 3, 1), *found.pictures]
    reply = {"side": digit.shape[-1], "classes": _classes(), **said_of_colour, **found.said}
    reply["measured"] = _measured(store.lessons / "metrics.json")
    return pack(reply, b"".join(_bytes(picture) for picture in pictures))


class Found(NamedTuple):
    """What a segmenting model made of a digit: pictures, and what is said of them."""

    pictures: "list[Tensor]"
    said: dict[str, Any]


def _coloured(digit: "Images", store: Store) -> "tuple[Images, dict[str, Any]]":
    import torch

    from vae_core.evaluation.classifier import class_probabilities
    from vae_core.evaluation.task_metrics import colour_of, mixture, nearest

    painted = store.lesson(COLOURER).model.reconstruct(digit)
    colours = colour_of(painted, digit)
    judge = store.judge()
    likely = (
        class_probabilities(judge, digit).topk(3, dim=1).indices if judge else nearest(colours, 3)
    )
    shares = mixture(colours, likely)[0].tolist()
    red, green, blue = (colours[0].clamp(0, 1) * 255).round().to(torch.uint8).tolist()
    said = {
        "colour": [red, green, blue],
        "nearest": nearest(colours).item(),
        "shares": [*zip(likely[0].tolist(), shares, strict=True)],
    }
    return painted, said


def _segmented(digit: "Images", strength: float, seed: int, store: Store) -> Found:
    import torch

    from vae_core.data.clutter import clutter
    from vae_core.data.tasks import stroke
    from vae_core.evaluation.task_metrics import (
        intersection_over_union,
        ious_by_threshold,
        levels,
        mask_of,
    )

    seen = clutter(digit, strength, torch.Generator().manual_seed(seed))
    odds = store.lesson(SEGMENTER).model.reconstruct(seen)
    mask, truth = mask_of(odds), stroke(digit).bool()
    by_threshold = ious_by_threshold(seen, truth)[0]
    best = int(by_threshold.argmax())
    level = levels()[best]
    said = {
        "iou": intersection_over_union(mask, truth).item(),
        "threshold": {"level": level.item(), "iou": by_threshold[best].item()},
    }
    return Found([seen, odds, truth, mask, seen >= level], said)


def _classes() -> list[dict[str, str]]:
    pairs = zip(CLASS_COLOURS, CLASS_COLOUR_WORDS, strict=True)
    return [{"colour": colour, "words": words} for colour, words in pairs]


@cache
def _measured(table: Path) -> dict[str, Any]:
    """What the two models reach on test images; empty where that was not measured."""
    try:
        plain = json.loads(table.read_text(encoding="utf-8"))
        models = plain["models"]
        return {
            "images": plain["n_images"],
            "nearest_is_right": models[COLOURER]["nearest_is_right"],
            "clutter": models[SEGMENTER]["clutter"],
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _bytes(picture: "Tensor") -> bytes:
    pixels = picture.float().clamp(0, 1).numpy()
    return np.rint(pixels * 255).astype(np.uint8).tobytes()


ANSWER = Answer("colour", colour, LARGEST_DRAWING)
