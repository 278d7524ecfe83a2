"""One picture through codes of every size, and through files: what comes back, and how near."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.evaluation.compression import Span, Stored, from_bytes, jpeg, png, to_bytes
from vae_core.experiments.catalogue import SIZED

from .. import measured
from ..store import Store
from ..styles import Look, look_of
from .images import as_images, as_pictures

# What each kind of model looks like: as the model that ships of its kind.
KINDS: dict[str, Look] = {
    "pca": look_of("pca-32")._replace(label="PCA"),
    "vanilla": look_of("vanilla-32"),
    "conv": look_of("conv-32"),
    "vae": look_of("vae-20"),
}
FORMATS = {"float": 4, "byte": 1}  # of a number of a code, and how many bytes it takes
SHOWN = (1, 10, 40, 80)  # qualities of JPEG at which the picture itself is shown


class Compressed(NamedTuple):
    """What comes back of one picture.

    Attributes:
        pictures: [m, h, w], from the codes: one a size for each of `KINDS`.
        mse: [m], of each, white being 1.
        files: by name, what was stored and what comes back of it.
        file_mse: by name.
    """

    pictures: NDArray[np.uint8]
    mse: list[float]
    files: dict[str, Stored]
    file_mse: dict[str, float]


def compressed(picture: NDArray[np.uint8], in_bytes: bool, store: Store) -> Compressed:
    """The picture, [h, w], from codes of every size and from files.

    Arguments:
        in_bytes: whether a number of a code is a byte, a step of 256 within the span of the
            training images, instead of a float.

    Raises:
        UsageError: if a model, or what was measured of it, is missing or damaged.
    """
    back = _from_codes(picture, in_bytes, store)
    files = {f"jpeg-{quality}": jpeg(picture, quality) for quality in SHOWN}
    files["png"] = png(picture)
    return Compressed(
        back,
        [_mse(each, picture) for each in back],
        files,
        {name: _mse(each.picture, picture) for name, each in files.items()},
    )


@torch.inference_mode()
def _from_codes(picture: NDArray[np.uint8], in_bytes: bool, store: Store) -> NDArray[np.uint8]:
    table = measured.learn(store)["models"]
    images = as_images(picture[None])
    made = []
    for name in (name for kind in KINDS for name in SIZED[kind].values()):
        model = store.lesson(name).model
        latents = model.encode(images)
        if in_bytes:
            span = Span(*map(torch.tensor, table[name]["span"]))
            latents = from_bytes(to_bytes(latents, span), span)
        made.append(as_pictures(model.decode(latents)))
    return np.concatenate(made)


def _mse(picture: NDArray[np.uint8], original: NDArray[np.uint8]) -> float:
    return float(np.square((picture.astype(np.float64) - original) / 255).mean())
