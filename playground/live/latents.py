"""The single numbers of a code: how much each matters, and what it does to a picture."""

from typing import Any, NamedTuple

import numpy as np

from vae_core.errors import UsageError, check_range

from ..store import Store, remembered
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import Answer
from .codes import atlas_of, known_codes, model_name, read_codes, whole_number
from .sheet import sprite

PRIOR_REACH = 3.0  # standard deviations that a variational latent is moved
TAIL = 0.001  # share of the codes beyond either end of a plain latent's range
DEAD_EFFECT = 0.002  # of white: half a grey level
MOST_FRAMES = 15  # of one traversal
MOST_PICTURES = 4096  # in one reply
LONGEST_QUESTION = 4 + LONGEST_HEADER
LONGEST_CODE = LONGEST_QUESTION + 512 * 4


class Latents(NamedTuple):
    """The numbers of one model's code, the most important first. All are lists of z values.

    Attributes:
        measure: "kl", in nats per image, where each says how much it tells of a digit; or
            "effect", the root mean square change of the picture over the range, white being 1.
        order: which number it is, from 0.
        importance: by the measure.
        low: where its range begins; `high` is where it ends.
        dead: whether it says or does nothing.
    """

    measure: str
    order: list[int]
    importance: list[float]
    low: list[float]
    high: list[float]
    dead: list[bool]


def latents(message: bytes, store: Store) -> dict[str, Any]:
    """The numbers of a model's code in order of importance, as JSON.

    Raises:
        UsageError: if the model is not known.
    """
    header, _ = unpack(message)
    return _latents(store, model_name(header, store))._asdict()


def traverse(message: bytes, store: Store) -> bytes:
    """A code with some of its numbers moved, one by one, through their whole ranges.

    The request names the `model`, the `latents` and how many `frames` each shall have; its body
    is the code as float32. The reply is one WebP with a row a latent.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    import torch

    from vae_core.latent.interpolation import traverse as moved
    from vae_core.latent.planes import evenly_spaced
    from vae_core.models.inference import decode_to_bytes

    header, body = unpack(message)
    name = model_name(header, store)
    model = store.get(name).model
    frames = whole_number(header, "frames", 2, MOST_FRAMES)
    chosen = _chosen(header.get("latents"), model.latent_dim, frames)
    code = read_codes(body, 1, model.latent_dim)[0]
    facts = _latents(store, name)
    places = [facts.order.index(latent) for latent in chosen]
    rows = [
        moved(code, latent, evenly_spaced(facts.low[place], facts.high[place], frames))
        for latent, place in zip(chosen, places, strict=True)
    ]
    tiles = decode_to_bytes(model, torch.cat(rows)).unflatten(0, (len(chosen), frames))
    about = {"side": tiles.shape[-1], "frames": frames, "latents": chosen}
    return pack(about, sprite(tiles.numpy()))


def _chosen(asked: Any, size: int, frames: int) -> list[int]:
    if not isinstance(asked, list) or not 1 <= len(asked) <= min(size, MOST_PICTURES // frames):
        raise UsageError(f"latents must be a list of 1 to {size} numbers of the code.")
    for latent in asked:
        check_range("latent", latent, 0, size - 1, whole=True)
    return asked


@remembered(32)
def _latents(store: Store, name: str) -> Latents:
    import torch

    from vae_core.latent.importance import DEAD_NATS, effects
    from vae_core.models import GaussianLatents

    model = store.get(name).model
    known = known_codes(store, name)
    atlas = atlas_of(store, name)
    if isinstance(model, GaussianLatents):
        high = torch.full([model.latent_dim], PRIOR_REACH)
        low = -high
    else:
        ends = np.quantile(known.numpy(), [TAIL, 1 - TAIL], axis=0)
        low, high = torch.from_numpy(ends.astype(np.float32))
    if isinstance(model, GaussianLatents) and atlas is not None and atlas.kl is not None:
        measure, limit = "kl", DEAD_NATS
        importance = torch.from_numpy(np.asarray(atlas.kl, np.float32))
    else:
        measure, limit = "effect", DEAD_EFFECT
        importance = effects(model, known.mean(dim=0), low, high)
    order = importance.argsort(descending=True, stable=True)
    # A number that never changes still needs a slider with some length.
    high = torch.where(high - low < 1e-6, low + 1, high)
    return Latents(
        measure,
        order.tolist(),
        importance[order].tolist(),
        low[order].tolist(),
        high[order].tolist(),
        (importance[order] < limit).tolist(),
    )


ANSWERS: tuple[Answer, ...] = (
    Answer("latents", latents, LONGEST_QUESTION, slow=True),
    Answer("traverse", traverse, LONGEST_CODE),
)
