"""Reading what the page shows: checkpoints, and the pictures that a map is made of."""

from pathlib import Path
from typing import TYPE_CHECKING

from vae_core.errors import UsageError

from ..runs.disk.storage import SHAPE

if TYPE_CHECKING:
    from vae_core.training.checkpoints import Checkpoint
    from vae_core.types import Pictures

    from ..runs.disk.uploads import Shelf

FEW = 10  # test images, of pictures of one's own, that are too few for a map


def to_be_mapped(shelf: "Shelf", dataset: str) -> "tuple[Pictures, bool]":
    """The test images of a data set; or every picture, and True, where a sixth would be too few."""
    import torch

    from vae_core.data.folders import is_own
    from vae_core.types import Pictures

    test = shelf.load(dataset, "test")
    if not is_own(dataset) or len(test.labels) >= FEW:
        return test, False
    parts = (shelf.load(dataset, "all"), test)
    return Pictures(*(torch.cat(pair) for pair in zip(*parts, strict=True))), True


def comparable(checkpoint: "Checkpoint") -> "Checkpoint":
    if checkpoint.model.image_shape != SHAPE:
        channels, height, width = checkpoint.model.image_shape
        raise UsageError(
            f"'{checkpoint.name}' is a model of pictures of {width}x{height} pixels in {channels} "
            f"channel{'s' if channels > 1 else ''}, and this page shows grey ones of 28x28. Choose "
            "another model."
        )
    if checkpoint.model.drawn_shape != checkpoint.model.image_shape:
        raise UsageError(
            f"'{checkpoint.name}' draws pictures in colour of grey ones, and this page compares "
            "like with like. Choose another model."
        )
    return checkpoint


def kind(run: Path) -> str:
    """The kind of model that a run trains, such as "vae"; "" where that is not known."""
    from vae_core.training.run_directory import RunDir

    try:
        return RunDir(run).recipe().model.name
    except UsageError:
        return ""


def load(path: Path) -> "Checkpoint":
    use_one_thread()
    from vae_core.training import checkpoints

    return checkpoints.load_checkpoint(path)


def load_experiment(folder: Path, name: str) -> "Checkpoint":
    use_one_thread()
    from vae_core.experiments import catalogue

    return catalogue.load(folder, name)


def use_one_thread() -> None:
    # Importing torch takes about a second: the page is up before that.
    import torch

    # One small picture gives several threads nothing to share but waiting for each other.
    torch.set_num_threads(1)
