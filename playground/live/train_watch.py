"""Training in the page: the runs of a browser, what they tell, and what they are asked to do."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from vae_core.errors import UsageError, check_name, check_range

from ..runs.jobs import Run
from ..runs.request import command_of, opened_in, parameters_of
from ..store import Store
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import Answer

if TYPE_CHECKING:
    import numpy as np

LONGEST_QUESTION = 4 + LONGEST_HEADER
MOST_LINES = 2000  # of metrics, in one reply
LARGEST = 2**53  # beyond it, JavaScript's numbers have gaps
WISHES = ("run", "pause", "step", "stop", "resume", "rewind", "delete")


def runs(message: bytes, store: Store) -> dict[str, Any]:
    """The runs of the browser called `owner`, the oldest first, with the `opened` ones of sweeps.

    Raises:
        UsageError: if that is not how a browser is called, or `opened` is no list of ids.
    """
    owner, header = _asked(message)
    found = store.jobs.runs(owner, opened_in(header))
    return {"runs": [summary(run, store) for run in found]}


def watch(message: bytes, store: Store) -> bytes:
    """What a run has told since `line` lines of its metrics, and its pictures if they are new.

    The request also has `preview`, the version of the pictures that the page shows, or one beyond
    any for a page that wants none, and may have
    `resumed` from the last reply. If lines were taken back since, the reply has `reset`, and
    `lines` begin again. The body is the pictures' bytes, in the order of `shapes`.

    Raises:
        UsageError: if there is no such run, or anything in the message is not as it should be.
    """
    owner, header = _asked(message)
    run = store.jobs.get(owner, header.get("id"))
    line: Any = header.get("line", 0)
    seen: Any = header.get("preview")
    check_range("line", line, 0, LARGEST, whole=True)
    if seen is not None:
        check_range("preview", seen, 0, LARGEST, whole=True)
    told = run.curves()
    reset = line > len(told.lines) or header.get("resumed", told.resumed) != told.resumed
    first = 0 if reset else line
    version, shapes, body = _pictures(run, seen, store)
    about = {
        **summary(run, store),
        "lines": [_for_page(line) for line in told.lines[first : first + MOST_LINES]],
        "from": first,
        "reset": reset,
        "resumed": told.resumed,
        "preview": version,
        "shapes": shapes,
    }
    return pack(about, body)


def wish(message: bytes, store: Store) -> dict[str, Any]:
    """Does with a run what is wished; the id is another one after `rewind`.

    Raises:
        UsageError: if there is no such run or wish, or the run cannot do that now.
    """
    owner, header = _asked(message)
    jobs, id, wished = store.jobs, header.get("id"), header.get("wish")
    check_name("wish", wished, WISHES)
    if wished == "delete":
        return {"id": jobs.delete(owner, id), "state": "deleted"}
    other = {"resume": jobs.resume, "rewind": jobs.rewind}.get(str(wished))
    id = other(owner, id) if other else jobs.request(owner, id, wished)
    return {"id": id, "state": jobs.get(owner, id).state}


def summary(run: Run, store: Store) -> dict[str, Any]:
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
        parameters = parameters_of(recipe)
    except UsageError as error:
        return {**facts, "state": "failed", "sentence": str(error)}
    last = run.curves().last
    return {
        **facts,
        "epoch": last["epoch"] if last else 0,
        "epochs": recipe.config.epochs,
        "model": recipe.model.name,
        "dataset": store.jobs.pictures.shown(recipe.dataset),
        "latent_dim": recipe.model.options["latent_dim"],
        "parameters": parameters,
        "command": command_of(recipe, run.name, run.record.device),
        "last": last and _for_page(last),
    }


def _for_page(line: dict[str, Any]) -> dict[str, Any]:
    """A line of metrics with the names that pages and programs know."""
    return {name.replace("held_out_", "test_"): value for name, value in line.items()}


def _asked(message: bytes) -> tuple[str, dict[str, Any]]:
    header, _ = unpack(message)
    owner: Any = header.get("owner")
    return owner, header


def _pictures(
    run: Run, seen: int | None, store: Store
) -> tuple[int | None, dict[str, Any], bytes]:
    """Version, shapes and bytes of a run's pictures; the last two are empty if they were seen."""
    try:
        version = (run.files.path / "preview.safetensors").stat().st_mtime_ns // 1000
    except FileNotFoundError:
        return None, {}, b""
    if seen is not None and version <= seen:
        return version, {}, b""
    arrays = {name: tensor.numpy() for name, tensor in run.files.preview().items()}
    if "codes" in arrays:
        recipe = run.files.recipe()
        classes = _classes(store, recipe.dataset, recipe.held_out)
        if classes is not None:
            arrays["labels"] = classes[: len(arrays["codes"])]
    shapes = {name: [str(array.dtype), list(array.shape)] for name, array in arrays.items()}
    return version, shapes, b"".join(array.tobytes() for array in arrays.values())


@lru_cache(8)
def _classes(store: Store, dataset: str, split: str) -> "np.ndarray | None":
    """Of the images whose codes are shown, one byte each; None if they are gone."""
    from vae_core.training.preview import PLACED

    try:
        labels = store.jobs.pictures.load(dataset, split).labels
    except UsageError:
        return None
    return labels[:PLACED].numpy().astype("uint8")


ANSWERS: tuple[Answer, ...] = (
    Answer("train-runs", runs, LONGEST_QUESTION),
    Answer("train-watch", watch, LONGEST_QUESTION),
    Answer("train-wish", wish, LONGEST_QUESTION),
)
