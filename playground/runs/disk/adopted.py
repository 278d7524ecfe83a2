"""What the page shows of a model that came as a file: its pictures, and the numbers that it holds."""

from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from vae_core.errors import UsageError

from . import storage
from .storage import Adopted
from .uploads import Shelf

if TYPE_CHECKING:
    from vae_core.training.checkpoints import Checkpoint
    from vae_core.types import Pictures

ALWAYS = "digits"  # the data set that is on every machine
NUMBERS = ("train_distortion", "train_rate", "held_out_distortion", "held_out_rate")


def adopted(checkpoint: bytes, title: str, folder: Path, shelf: Shelf, owner: str) -> Adopted:
    """What there is to show of a visitor's checkpoint, whose file has this name without its ending.

    What it says of pictures that this browser may not see is not kept.

    Raises:
        UsageError: if it is none, or not of pictures of 28x28.
    """
    from vae_core.data.folders import is_own
    from vae_core.training.exported import NOWHERE, without_data
    from vae_core.training.preview import preview

    file = f"{title}.safetensors" if title else "The file"
    loaded = storage.read_checkpoint(checkpoint, file, folder)
    pictures, own = _pictures(loaded, shelf, owner)
    try:
        made = preview(loaded.model, pictures.images, loaded.recipe.config)
    except (UsageError, RuntimeError):  # what a stranger's numbers can do to a decomposition
        made = None
    if made and not own:
        labels = pictures.labels.byte()[: len(made.tensors.get("codes", ()))]
        made = made._replace(tensors={**made.tensors, "labels": labels})
    line = _line(loaded, made.numbers if made else {})
    recipe = loaded.recipe
    if not own and is_own(recipe.dataset):
        checkpoint, recipe = without_data(checkpoint), replace(recipe, dataset=NOWHERE)
    return Adopted(checkpoint, recipe, made, line, " ".join(_words(file, line, own)))


def _pictures(loaded: "Checkpoint", shelf: Shelf, owner: str) -> "tuple[Pictures, bool]":
    """Pictures that the model never trained on, and whether they are of its own data set."""
    recipe = loaded.recipe
    try:
        shelf.resolve(recipe.dataset, owner)
        return shelf.load(recipe.dataset, recipe.held_out), True
    except UsageError:
        return shelf.load(ALWAYS, "validation"), False


def _line(loaded: "Checkpoint", numbers: dict[str, Any]) -> dict[str, Any] | None:
    known = {name: loaded.results.get(name) for name in NUMBERS}
    found = {name: value for name, value in known.items() if _is_number(value)}
    epoch = loaded.results.get("epoch")
    if not found:
        return None
    kl = {"kl": numbers["kl"]} if all(map(_is_number, numbers.get("kl", [None]))) else {}
    last = loaded.recipe.config.epochs
    return {"epoch": epoch if _is_number(epoch) and 0 <= epoch <= last else last, **found, **kl}


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _words(file: str, line: dict[str, Any] | None, own: bool) -> list[str]:
    holds = (
        "the weights, and no numbers of how they were trained: there are no curves"
        if line is None
        else f"the weights and the numbers after epoch {line['epoch']:,}: the curve before that "
        "stays with the run that made it"
    )
    words = [f"{file} holds {holds}."]
    if not own:
        words.append(
            f"The pictures are of the data set '{ALWAYS}', as those it was trained on are not here."
        )
    return words
