"""One picture through files: what comes back, and how near."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vae_core.evaluation.compression import Stored, jpeg, png

from ..styles import Look, look_of

# What each kind of model looks like: as the model that ships of its kind.
KINDS: dict[str, Look] = {
    "pca": look_of("pca-32")._replace(label="PCA"),
    "vanilla": look_of("vanilla-32"),
    "conv": look_of("conv-32"),
    "vae": look_of("vae-20"),
}
FORMATS = {"float": 4, "byte": 1}  # of a number of a code, and how many bytes it takes
SHOWN = (1, 10, 40, 80)  # qualities of JPEG at which the picture itself is shown


class File(NamedTuple):
    """A picture as a file.

    Attributes:
        name: its format, and the quality if there are several.
        stored: what was stored, and what comes back of it.
        mse: of that, white being 1.
    """

    name: str
    stored: Stored
    mse: float


def files_of(picture: NDArray[np.uint8]) -> list[File]:
    """The picture, [h, w], as each of the files."""
    files = {f"jpeg-{quality}": jpeg(picture, quality) for quality in SHOWN}
    files["png"] = png(picture)
    return [File(name, each, _mse(each.picture, picture)) for name, each in files.items()]


def _mse(picture: NDArray[np.uint8], original: NDArray[np.uint8]) -> float:
    return float(np.square((picture.astype(np.float64) - original) / 255).mean())
