"""The models of the Learn tab: what is trained for it, and how, as plain data.

`python -m vae_core experiments` trains and measures all of it into `checkpoints/experiments`.
"""

from pathlib import Path
from typing import Any, NamedTuple

from ..errors import UsageError, check_name
from ..models import PCA, ModelSpec
from ..training import checkpoints
from ..training.checkpoints import Checkpoint
from ..training.config import TrainConfig
from ..training.recipe import Recipe

NUMBERS = (1, 2, 4, 8, 16, 32, 64)  # latents, in the chapter on compression
BETAS = (0.0, 0.1, 1.0, 4.0, 20.0)  # in the chapter on the two costs
WIDTH = 96  # units of a hidden layer: small, since some thirty models ship with the page


class Racer(NamedTuple):
    """One run of the training race, and after which epochs its pictures are kept."""

    recipe: Recipe
    snapshots: tuple[int, ...]


def _recipe(model: str, options: dict[str, Any], **config: Any) -> Recipe:
    return Recipe(ModelSpec(model, options), "mnist", "all", TrainConfig(**config))


BETA_FAMILY = {
    f"beta-{beta:g}": _recipe(
        "vae", {"latent_dim": 2, "width": WIDTH, "depth": 2}, epochs=30, beta=beta
    )
    for beta in BETAS
}
_FULLY_CONNECTED = {"width": WIDTH, "depth": 1}
_SHORT = {"epochs": 6, "learning_rate": 0.004}
_SMALL_STEPS = {"epochs": 6, "learning_rate": 0.003, "batch_size": 128}
SIZES = {
    # One is enough for PCA: the first components of many are the components of few.
    "pca-k64": _recipe("pca", {"latent_dim": 64}, epochs=0),
    **{
        f"vanilla-k{k}": _recipe(
            "vanilla", {"latent_dim": k, **_FULLY_CONNECTED}, likelihood="gaussian", **_SHORT
        )
        for k in NUMBERS
    },
    **{
        f"vae-k{k}": _recipe("vae", {"latent_dim": k, **_FULLY_CONNECTED}, **_SHORT)
        for k in NUMBERS
    },
    **{
        f"conv-k{k}": _recipe(
            "conv", {"latent_dim": k, "width": 8}, likelihood="gaussian", **_SMALL_STEPS
        )
        for k in NUMBERS
    },
}
RACE = {
    "fully-connected": Racer(
        _recipe("vanilla", {"latent_dim": 20, "width": 400, "depth": 1}, epochs=30), (15, 20, 30)
    ),
    "variational": Racer(
        _recipe("vae", {"latent_dim": 20, "width": 400, "depth": 1}, epochs=19), (10, 19)
    ),
    "convolutional": Racer(_recipe("conv", {"latent_dim": 20, "width": 16}, epochs=10), (5, 10)),
}
_SMALL = {"width": 12, "depth": 1}
# Nothing leads past the latents, as it would in a U-Net: what is shown is that they can hold the
# digit and leave out the clutter.
TASKS = {
    "colour": _recipe(
        "conv",
        {"latent_dim": 32, **_SMALL},
        task="colour",
        epochs=12,
        batch_size=128,
        learning_rate=0.003,
    ),
    "segment": _recipe(
        "conv",
        {"latent_dim": 64, **_SMALL},
        task="segment",
        epochs=7,
        batch_size=128,
        learning_rate=0.004,
    ),
}  # in the chapter on colour: their target is not their input
FILES = {**BETA_FAMILY, **SIZES, **TASKS}  # what is kept as a checkpoint, by the file's name

SIZED = {
    kind: {k: f"{kind}-k{k}" for k in NUMBERS} for kind in ("pca", "vanilla", "vae", "conv")
}  # by model and number of latents; those of PCA are all cut from one file
NAMES = tuple(
    dict.fromkeys(
        [*BETA_FAMILY, *(name for each in SIZED.values() for name in each.values()), *TASKS]
    )
)


def load(folder: Path, name: str) -> Checkpoint:
    """The model of the Learn tab called `name`: one of `NAMES`.

    Raises:
        UsageError: if there is no such model, or its file is missing or damaged.
    """
    check_name("experiment", name, NAMES)
    found = checkpoints.load_checkpoint(file_of(folder, name))
    if name in FILES:
        return found
    return found._replace(name=name, model=first(found.model, int(name.removeprefix("pca-k"))))


def file_of(folder: Path, name: str) -> Path:
    """The file with the weights of the Learn tab's model called `name`."""
    return folder / f"{name if name in FILES else 'pca-k64'}.safetensors"


def first(model: Any, count: int) -> PCA:
    """The PCA of the first `count` components of a larger one.

    Raises:
        UsageError: if the model is no PCA.
    """
    if not isinstance(model, PCA):
        raise UsageError(f"Components can be left out of a PCA only; got {type(model).__name__}.")
    weights = model.state_dict()
    cut = PCA(model.image_shape, count)
    cut.load_state_dict(
        {
            "encoder.1.weight": weights["encoder.1.weight"][:count],
            "encoder.1.bias": weights["encoder.1.bias"][:count],
            "decoder.0.weight": weights["decoder.0.weight"][:, :count],
            "decoder.0.bias": weights["decoder.0.bias"],
        }
    )
    cut.eval().requires_grad_(False)
    return cut
