"""From digits to latents and back, the latents that are known, and what each number does."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.errors import UsageError, check_range
from vae_core.latent.importance import DEAD_NATS, effects
from vae_core.latent.interpolation import traverse as traversal
from vae_core.latent.planes import evenly_spaced
from vae_core.models.inference import decode_to_bytes

from ...store.models import Store
from ...store.remembered import remembered
from ..examples import examples
from ..images import as_images

if TYPE_CHECKING:
    from vae_core.evaluation.atlas import Atlas

PRIOR_REACH = 3.0  # standard deviations that a variational latent is moved
TAIL = 0.001  # share of the latents beyond either end of a plain latent's range
DEAD_EFFECT = 0.002  # of white: half a grey level


class Encoded(NamedTuple):
    """What a model keeps of some digits.

    Attributes:
        latents: [n, z]; the means, where they are Gaussian.
        spreads: [n, z], the standard deviations; None where a digit has one point.
    """

    latents: NDArray[np.float32]
    spreads: NDArray[np.float32] | None


class Ranges(NamedTuple):
    """The single numbers of one model's latents, the most important first.

    Attributes:
        measure: "kl", in nats per image, where each says how much it tells of a digit; or
            "effect", the root mean square change of the picture over the range, white being 1.
        order: [z], which number it is, from 0.
        importance: [z], by the measure.
        low: [z], where its range begins; `high` is where it ends.
        dead: [z], whether it says or does nothing.
    """

    measure: str
    order: NDArray[np.int64]
    importance: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    dead: NDArray[np.bool_]

    def as_lists(self) -> dict[str, Any]:
        """The same, as JSON can hold it."""
        columns = self._asdict()
        return {"measure": columns.pop("measure"), **{k: v.tolist() for k, v in columns.items()}}


@torch.inference_mode()
def encode(store: Store, name: str, digits: NDArray[np.uint8]) -> Encoded:
    """What the model called `name` keeps of digits, [n, h, w]."""
    store.afford([name], len(digits))
    model = store.get(name).model
    images = as_images(digits)
    if not model.has_posterior:
        return Encoded(model.encode(images).numpy(), None)
    posterior = model.posterior(images)
    return Encoded(posterior.mean.numpy(), posterior.std.numpy())


def decode(store: Store, name: str, latents: NDArray[np.float32]) -> NDArray[np.uint8]:
    """What the model called `name` draws from latents, [n, z] -> [n, h, w].

    Raises:
        UsageError: if they are not as long as those of the model.
    """
    check_length(store, name, latents)
    store.afford([name], len(latents))
    return decode_to_bytes(store.get(name).model, torch.tensor(latents))[:, 0].numpy()


def check_length(store: Store, name: str, latents: NDArray[np.float32]) -> None:
    """Refuses latents, [..., z], that are not as long as those of a model.

    Raises:
        UsageError: if they are not.
    """
    size = store.get(name).model.latent_dim
    if latents.shape[-1] != size:
        raise UsageError(
            f"A code of '{name}' has {size} numbers; got {latents.shape[-1]}. /encode gives codes "
            "of digits."
        )


def is_gaussian(store: Store, name: str) -> bool:
    """Whether a model was trained to give latents of a known distribution, its prior."""
    return store.get(name).model.is_gaussian


def atlas_of(store: Store, name: str) -> "Atlas | None":
    """The atlas of a model; None where there is none, and no test images to make one from."""
    try:
        return store.atlas(name)
    except UsageError:
        return None


def known_latents(store: Store, name: str) -> torch.Tensor:
    """The latents of as many digits as are at hand, [n, z]: the atlas, or else the examples."""
    atlas = atlas_of(store, name)
    if atlas is not None:
        return torch.from_numpy(np.asarray(atlas.latents, np.float32))
    return torch.from_numpy(encode(store, name, examples().pictures).latents)


@remembered
def ranges(store: Store, name: str) -> Ranges:
    """The single numbers of a model's latents: how much each matters, and how far it goes.

    Raises:
        UsageError: if the model is not known.
    """
    model = store.get(name).model
    known, atlas = known_latents(store, name), atlas_of(store, name)
    has_prior = is_gaussian(store, name)
    if has_prior:
        high = torch.full([model.latent_dim], PRIOR_REACH)
        low = -high
    else:
        ends = np.quantile(known.numpy(), [TAIL, 1 - TAIL], axis=0)
        low, high = torch.from_numpy(ends.astype(np.float32))
    if has_prior and atlas is not None and atlas.kl is not None:
        measure, limit = "kl", DEAD_NATS
        importance = torch.from_numpy(np.asarray(atlas.kl, np.float32))
    else:
        measure, limit = "effect", DEAD_EFFECT
        importance = effects(model, known.mean(dim=0), low, high)
    order = importance.argsort(descending=True, stable=True)
    # A number that never changes still needs a slider with some length.
    high = torch.where(high - low < 1e-6, low + 1, high)
    columns = (importance, low, high, importance < limit)
    return Ranges(measure, order.numpy(), *(each[order].numpy() for each in columns))


def traverse(
    store: Store, name: str, latents: NDArray[np.float32], moved: list[int], frames: int
) -> NDArray[np.uint8]:
    """What a model draws while some numbers of one digit's latents, [z], go through their ranges.

    Returns:
        [m, frames, c, h, w], a row for each number that is `moved`

    Raises:
        UsageError: if the model has no such numbers.
    """
    check_length(store, name, latents)
    model, facts = store.get(name).model, ranges(store, name)
    if not 1 <= len(moved) <= model.latent_dim:
        raise UsageError(
            f"latents must be a list of 1 to {model.latent_dim} numbers of the code; "
            f"got {len(moved)}."
        )
    for latent in moved:
        check_range("latent", latent, 0, model.latent_dim - 1, whole=True)
    start = torch.tensor(latents)
    rows = []
    for latent in moved:
        (place,) = np.flatnonzero(facts.order == latent)
        values = evenly_spaced(facts.low[place].item(), facts.high[place].item(), frames)
        rows.append(traversal(start, latent, values))
    tiles = decode_to_bytes(model, torch.cat(rows)).unflatten(0, (len(moved), frames))
    return tiles.numpy()
