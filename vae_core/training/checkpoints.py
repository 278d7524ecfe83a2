"""Weights with the recipe that rebuilds and retrains them, in one safetensors file."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import safe_open
from safetensors.torch import save as to_bytes

from ..errors import UsageError, shown
from ..files import check_fetched, write_output
from ..models import Autoencoder
from ..models.layers import layers
from . import heads
from .heads import KEY
from .recipe import Recipe
from .weights import check_shapes, checksum, compact, with_weights

FORMAT = 1
LARGEST = 256 * 2**20  # bytes
RENAMED = {"test_distortion": "held_out_distortion", "test_rate": "held_out_rate"}


class Checkpoint(NamedTuple):
    """A trained model and where it came from.

    Attributes:
        name: the file's name without its ending.
        model: on the CPU, in evaluation mode, frozen.
        recipe: what trains it again.
        results: the numbers it reached when it was saved.
        command: the command line that made it.
        checksum: of its weights, by which a file made from them knows them again.
        layers: see `vae_core.models.layers`; None if the file does not say, which those of earlier
            versions do not, and those of models with layers that cannot be written down.
    """

    name: str
    model: Autoencoder
    recipe: Recipe
    results: dict[str, Any]
    command: str
    checksum: str
    layers: dict[str, Any] | None = None


def save_checkpoint(
    path: Path | str, model: Autoencoder, recipe: Recipe, results: dict[str, Any]
) -> None:
    """Writes a checkpoint, all of it or nothing: a crash leaves the old file in place.

    Raises:
        UsageError: if the folder is not there, the disk is full or read-only, or the file could
            not be loaded.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from vae_core.models import ModelSpec, build
        >>> recipe = Recipe(ModelSpec("vanilla", {"latent_dim": 2}), "digits")
        >>> model = build(recipe.model)
        >>> with TemporaryDirectory() as folder:
        ...     save_checkpoint(f"{folder}/mine.safetensors", model, recipe, {"epoch": 0})
        ...     found = load_checkpoint(f"{folder}/mine.safetensors")
        >>> found.name, found.recipe == recipe
        ('mine', True)
    """
    path = Path(path)
    write_output(path, packed(path.name, model, recipe, results))


def packed(file: str, model: Autoencoder, recipe: Recipe, results: dict[str, Any]) -> bytes:
    """The content of a checkpoint called `file`.

    Weights that half precision holds exactly are stored in half precision, so loading always
    gives back the very weights that were saved.

    Raises:
        UsageError: if `load` would refuse it: some of it is no finite number, or it is too large.
    """
    weights = {name: compact(weight) for name, weight in model.state_dict().items()}
    for name, weight in weights.items():
        if not weight.isfinite().all():
            raise UsageError(
                f"'{name}' of the model is not made of finite numbers, and no checkpoint with such "
                "is loaded. A buffer that the model fills itself can be left out of it with "
                "register_buffer(…, persistent=False)."
            )
    about = {
        "format": FORMAT,
        "recipe": recipe.to_plain(),
        "results": results,
        "command": recipe.command(f"checkpoints/{file}"),
        "torch": torch.__version__,
        "checksum": checksum(weights),
        "layers": _plain_layers(model),
    }
    content = to_bytes(weights, metadata={KEY: json.dumps(about)})
    if heads.length_of(content) > heads.LONGEST:
        content = to_bytes(weights, metadata={KEY: json.dumps({**about, "layers": None})})
    if heads.length_of(content) > heads.LONGEST:
        raise UsageError(
            f"The checkpoint would begin with {heads.length_of(content):,} bytes about "
            f"{len(weights):,} tensors, and at most {heads.LONGEST:,} are read. Build the model of "
            "fewer layers, or give them shorter names."
        )
    if len(content) > LARGEST:
        raise UsageError(
            f"The checkpoint would have {len(content):,} bytes, and at most {LARGEST:,} are "
            "loaded. Choose a smaller width or depth."
        )
    return content


def load_checkpoint(path: Path | str) -> Checkpoint:
    """The model in `path`, with where it came from.

    Only tensors and JSON are read: opening a stranger's file runs no code. Nothing is allocated
    for what the file claims, only for what it holds.

    Raises:
        UsageError: if the file is missing, not fetched, damaged, too large, or from another format.
    """
    path = Path(path)
    while True:
        version = _version(path)
        try:
            return _read_safely(path)
        except UsageError:
            if _version(path) == version:
                raise
        # It was replaced while it was read, as a run does after an epoch: half of each is neither.


def _version(path: Path) -> tuple[int, int, int] | None:
    """What tells a file from the one that was there before; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _read_safely(path: Path) -> Checkpoint:
    if not path.is_file():
        raise UsageError(
            f"There is no checkpoint at {path}. `python -m vae_core train` makes one."
        )
    check_fetched(path)
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise UsageError(
                f"{path.name} has {size:,} bytes, and a checkpoint has at most {LARGEST:,}. "
                "It is something else; choose a file that this project saved."
            )
        return _read(path)
    except UsageError:
        raise
    except Exception as error:  # damaged files fail in a dozen ways: see test_checkpoints.py
        raise UsageError(
            f"{path.name} is damaged or is not a checkpoint. Copy it again from where it came "
            "from, or train it again."
        ) from error


def _read(path: Path) -> Checkpoint:
    shapes, about = heads.read(path)
    if about["format"] != FORMAT:
        raise UsageError(
            f"{path.name} has checkpoint format {shown(about['format'])}, and this version reads "
            f"format {FORMAT}. Update the project, or train the model again."
        )
    heads.check(about)
    recipe = Recipe.from_plain(about["recipe"])
    check_shapes(recipe.model, shapes)
    with safe_open(path, framework="pt") as file:
        # Copies: what is still in the file would end the process if the file were cut short.
        weights = {name: file.get_tensor(name).clone() for name in shapes}
    if checksum(weights) != about["checksum"]:
        raise UsageError(
            f"{path.name} is damaged: its weights do not match their checksum. Copy it again "
            "from where it came from, or train it again."
        )
    model = with_weights(recipe.model, weights)
    model.eval().requires_grad_(False)
    return Checkpoint(
        path.stem,
        model,
        recipe,
        with_new_names(about["results"]),
        about["command"],
        about["checksum"],
        about.get("layers"),
    )


def _plain_layers(model: Autoencoder) -> dict[str, Any] | None:
    try:
        return layers(model)
    except UsageError:
        return None  # which is no fault: only PyTorch can run it


def with_new_names(report: dict[str, Any]) -> dict[str, Any]:
    """The numbers of an epoch, by the names of `Report`, also if an earlier version wrote them."""
    return {RENAMED.get(name, name): value for name, value in report.items()}
