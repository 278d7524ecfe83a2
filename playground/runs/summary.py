"""What is told of a run: its facts, its metrics, and pictures of what it can do by now."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from vae_core.errors import UsageError

from ..styles import MARKS, run_look
from .cost import size_of
from .disk.uploads import Shelf
from .jobs import Jobs
from .plan import command_of, plan
from .request import StartRequest
from .run import Run

if TYPE_CHECKING:
    import numpy as np

MOST_LINES = 2000  # of metrics, at once


class News(NamedTuple):
    """What is new of a run.

    Attributes:
        facts: those of `summary`; `lines` of metrics, `from` which one, and whether that is a
            `reset`, because lines were `resumed` before; the version of its `preview`; and whether
            it is `drawing`: whether it has weights that can be asked.
        pictures: by name, as `vae_core.training.preview` makes them; none if they were seen.
    """

    facts: dict[str, Any]
    pictures: "dict[str, np.ndarray]"


def start_run(asked: StartRequest, jobs: Jobs) -> dict[str, Any]:
    """The id of a new run, its place in the queue if it waits, and the command for the same.

    Raises:
        UsageError: if it cannot be trained here, or is more than a run may cost.
    """
    wanted = plan(asked, jobs.limits, jobs.pictures)
    id = jobs.start(asked.owner, wanted.recipe, asked.name, asked.device)
    run = jobs.get(asked.owner, id)
    command = command_of(wanted.recipe, run.name, wanted.device)
    return {"id": id, "command": command, "position": run.position}


def summary(run: Run, shelf: Shelf) -> dict[str, Any]:
    """The facts of a run, for a list of them."""
    facts = {
        "id": run.id,
        "name": run.name,
        "state": run.state,
        "sentence": run.sentence,
        "position": run.position,
        "created": run.created,
    }
    try:
        recipe = run.files.recipe()
        size = size_of(recipe)
    except UsageError as error:
        return {**facts, "state": "failed", "sentence": str(error)}
    last = run.curves().last
    look = run_look(run.name, recipe.model.name, run.record.colour)
    return {
        **facts,
        "colour": look.colour,
        "mark": MARKS[look.mark],
        "hollow": look.hollow,
        "epoch": last["epoch"] if last else 0,
        "epochs": recipe.config.epochs,
        "model": recipe.model.name,
        "dataset": shelf.shown(recipe.dataset),
        "latent_dim": size.latents,
        "parameters": size.parameters,
        "command": command_of(recipe, run.name, run.record.device),
        "last": last,
    }


def news(
    run: Run, shelf: Shelf, line: int = 0, resumed: int | None = None, seen: int | None = None
) -> News:
    """What a run has told since `line` lines of its metrics, and its pictures if they are new.

    Arguments:
        resumed: as it was when those lines were told; if lines were taken back since, all begin
            again.
        seen: the version of the pictures that are known.
    """
    curves = run.curves()
    reset = line > len(curves.lines) or resumed not in (None, curves.resumed)
    first = 0 if reset else line
    version, pictures = _pictures(run, shelf, seen)
    facts = {
        **summary(run, shelf),
        "lines": curves.lines[first : first + MOST_LINES],
        "from": first,
        "reset": reset,
        "resumed": curves.resumed,
        "preview": version,
        "drawing": run.files.newest.exists(),
    }
    return News(facts, pictures)


def _pictures(
    run: Run, shelf: Shelf, seen: int | None
) -> "tuple[int | None, dict[str, np.ndarray]]":
    try:
        version = (run.files.path / "preview.safetensors").stat().st_mtime_ns // 1000
    except FileNotFoundError:
        return None, {}
    if seen is not None and version <= seen:
        return version, {}
    pictures = {name: tensor.numpy() for name, tensor in run.files.preview().items()}
    if "codes" in pictures and "labels" not in pictures:
        recipe = run.files.recipe()
        classes = _classes(shelf, recipe.dataset, recipe.held_out)
        if classes is not None:
            pictures["labels"] = classes[: len(pictures["codes"])]
    return version, pictures


@lru_cache(8)
def _classes(shelf: Shelf, dataset: str, split: str) -> "np.ndarray | None":
    """Of the images whose codes are shown, one byte each; None if they are gone."""
    from vae_core.training.preview import PLACED

    try:
        labels = shelf.load(dataset, split).labels
    except UsageError:
        return None
    return labels[:PLACED].numpy().astype("uint8")
