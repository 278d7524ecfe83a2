"""The disk space of training runs, and what a visitor's file becomes on it."""

import shutil
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING, Any, NamedTuple

from vae_core.errors import UsageError

from .record import Record

if TYPE_CHECKING:
    from vae_core.models import Autoencoder
    from vae_core.training.checkpoints import Checkpoint
    from vae_core.training.preview import Preview
    from vae_core.training.recipe import Recipe

MAKING, READING = ".new-", ".upload-"  # what the folders of a moment are called
LEFT = 3600.0  # seconds after which one of them was left by a page that was killed
READ = "model.safetensors"  # what a file of a visitor is called while it is read
SHAPE = (1, 28, 28)  # of the pictures that this page shows


class Adopted(NamedTuple):
    """What is kept of a model from elsewhere.

    Attributes:
        weights: the file itself.
        preview: as after an epoch of training, with the `labels` of the codes where the run could
            not find them again; None if its numbers overflow.
        line: of the metrics, for the epoch that it was saved after; None if it holds no numbers.
        sentence: what the file does not hold.
    """

    weights: bytes
    recipe: "Recipe"
    preview: "Preview | None"
    line: dict[str, Any] | None
    sentence: str


def check_writable(folder: Path) -> None:
    """Refuses a folder for runs in which none can be kept. One that is not there is not made.

    Raises:
        UsageError: if it, or the folder that it would be made in, cannot be written to.
    """
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise UsageError(
            f"Runs cannot be kept: the folder {folder} cannot be written to ({error.strerror}). "
            "Set the variable VAE_RUNS to one that can."
        ) from error


def make_run(
    folder: Path, id: str, recipe: "Recipe", record: Record, found: Adopted | None = None
) -> None:
    """Makes the directory of a run; nobody sees half of one. What was found elsewhere is done.

    Raises:
        UsageError: if the folder cannot be written to.
    """
    from vae_core.training.run_directory import RunDir

    hidden = RunDir(folder / f"{MAKING}{id}")
    try:
        hidden.path.mkdir(parents=True)
        record.write(hidden.path)
        hidden.begin(recipe)
        if found is not None:
            hidden.checkpoint.write_bytes(found.weights)
            if found.preview:
                hidden.keep_preview(found.preview)
            if found.line:
                hidden.append("epoch", **found.line)
            hidden.write_status("done", found.sentence)
        hidden.path.rename(folder / id)
    except OSError as error:
        remove(hidden.path)
        raise UsageError(
            f"The run cannot be kept: {error.strerror}. Delete a run, or ask whoever runs this "
            "page to make room."
        ) from error


def read_checkpoint(checkpoint: bytes, name: str, folder: Path) -> "Checkpoint":
    """A stranger's checkpoint, which came as the file called so, once it is known to be one.

    Raises:
        UsageError: if it is damaged, or its pictures are not those of this page.
    """
    from vae_core.training import checkpoints

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=READING) as place:
            file = Path(place) / READ
            file.write_bytes(checkpoint)
            loaded = checkpoints.load_checkpoint(file)
    except OSError as error:
        raise UsageError(
            f"{name} cannot be kept: {error.strerror}. Delete a run, or ask whoever runs this "
            "page to make room."
        ) from error
    except UsageError as error:
        raise UsageError(str(error).replace(READ, name)) from error
    if tuple(loaded.model.image_shape) != SHAPE:
        channels, height, width = loaded.model.image_shape
        raise UsageError(
            f"{name} is a model of pictures of {width}x{height} pixels in {channels} colours, and "
            "the page shows grey ones of 28x28. Load one that was trained on those."
        )
    if loaded.model.drawn_shape != loaded.model.image_shape:
        raise UsageError(
            f"{name} is a model that draws pictures in colour, and the page compares grey ones. "
            "Load one that draws its input again."
        )
    if not _draws(loaded.model):
        raise UsageError(
            f"{name} is a model that draws no pictures: its numbers overflow. Train it again, or "
            "load another."
        )
    return loaded


def _draws(model: "Autoencoder") -> bool:
    """Whether a model's codes and pictures are numbers, from black to white."""
    import torch

    with torch.inference_mode():
        latents = model.encode(torch.linspace(0, 1, 5).reshape(5, 1, 1, 1).expand(5, *SHAPE))
        return bool(latents.isfinite().all() and model.decode(latents).isfinite().all())


def tidy(folder: Path) -> None:
    """Removes what a page that was killed left half made or half read, but for the last hour."""
    made = [*folder.glob(f"{MAKING}*"), *folder.glob(f"{READING}*")]
    pictures = (f".pictures/{place}.*.safetensors.*" for place in ("", "*/"))
    for path in (*made, *(found for each in pictures for found in folder.glob(each))):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > LEFT:
                remove(path) if path.is_dir() else path.unlink()


def remove(path: Path) -> None:
    """Removes a directory, as far as it is there."""
    shutil.rmtree(path, ignore_errors=True)


def size(folder: Path) -> int:
    """The bytes of all files in a folder."""
    sizes = []
    for file in folder.rglob("*"):
        try:
            sizes.append(file.stat().st_size)
        except FileNotFoundError:
            continue
    return sum(sizes)
