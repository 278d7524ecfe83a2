"""Training: what can be trained, runs that go on by themselves, and the models they make."""

from typing import Any

import numpy as np
from gradio import FileData

from ..runs import downloads
from ..runs.limits import LARGEST_MODEL
from ..runs.options import options as offered
from ..runs.plan import plan
from ..runs.request import (
    ActionRequest,
    DownloadRequest,
    OneRun,
    RunRequest,
    RunsRequest,
    StartRequest,
    UploadRequest,
    WatchRequest,
)
from ..runs.summary import news, start_run, summary
from ..store.key import check_may_steer
from ..store.models import Store
from ..text.source import USE_MODEL
from ..wire.request import read
from .files import decoded, file, grid

SHOWN = ("originals", "inputs", "reconstructions", "samples")  # rows of a run's picture


def train_options(store: Store) -> dict[str, Any]:
    """What can be chosen for a training run: models, data sets and settings, with their ranges."""
    return offered(store.jobs.limits)


def check_training(
    store: Store,
    model: str = "vae",
    dataset: str = "digits",
    latent_dim: int = 2,
    epochs: int = 20,
    options: dict[str, Any] | None = None,
    config: dict[str, Any] | None = None,
    device: str = "auto",
    name: str = "",
    owner: str = "",
) -> dict[str, Any]:
    """What a training run would be, without starting it.

    Arguments:
        model: the kind of model; /train_options lists them.
        dataset: what it learns from; "digits" is always there.
        latent_dim: how many numbers its code has.
        epochs: how often it sees all training images.
        options: other options of the model, such as {"width": 400, "depth": 2}.
        config: other settings of the training, such as {"beta": 4.0, "learning_rate": 0.001}.
        device: "auto", "cpu", "cuda" or "mps".
        name: what to call the run, up to 40 characters; by default its model and code.
        owner: your token, which is needed where the data set is pictures that you brought.

    Returns:
        its name, its number of parameters, and the command line that trains the same
    """
    wanted = _wanted(model, dataset, latent_dim, epochs, options, config, device, name)
    if owner:
        wanted["owner"] = owner
    return plan(read(RunRequest, wanted), store.jobs.limits, store.jobs.pictures).facts()


def train(
    store: Store,
    owner: str,
    model: str = "vae",
    dataset: str = "digits",
    latent_dim: int = 2,
    epochs: int = 20,
    options: dict[str, Any] | None = None,
    config: dict[str, Any] | None = None,
    device: str = "auto",
    name: str = "",
) -> dict[str, Any]:
    """Starts to train a model, and does not wait for it; /watch tells how it goes.

    As soon as an epoch is over its model can be used in all other endpoints, as run:<id>.

    Arguments:
        owner: a token that only you know: 16 to 64 letters, digits, - and _.
        model: the kind of model; /train_options lists them.
        dataset: what it learns from; "digits" is always there.
        latent_dim: how many numbers its code has.
        epochs: how often it sees all training images.
        options: other options of the model, such as {"width": 400, "depth": 2}.
        config: other settings of the training, such as {"beta": 4.0, "learning_rate": 0.001}.
        device: "auto", "cpu", "cuda" or "mps".
        name: what to call the run, up to 40 characters; by default its model and code.

    Returns:
        the id of the run, its place in the queue if it waits, and the command line for the same
    """
    wanted = _wanted(model, dataset, latent_dim, epochs, options, config, device, name)
    return start_run(read(StartRequest, {"owner": owner, **wanted}), store.jobs)


def runs(store: Store, owner: str) -> list[dict[str, Any]]:
    """Your training runs, the oldest first, with their state and their last numbers.

    Arguments:
        owner: the token that they were started with.
    """
    asked = read(RunsRequest, {"owner": owner})
    return [summary(run, store.jobs.pictures) for run in store.jobs.runs(asked.owner)]


def watch(
    store: Store, owner: str, run: str, line: int = 0, scale: int = 2
) -> tuple[dict[str, Any], FileData | None]:
    """How a training run goes: its state, what it has told, and pictures of what it can do by now.

    Arguments:
        owner: the token that it was started with.
        run: its id.
        line: how many lines of metrics you have seen; those after them come.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        state, epoch, and lines with distortion and rate in nats an image, training and held out
        a PNG: originals, inputs, reconstructions, samples; null before the first epoch
    """
    asked = read(WatchRequest, {"owner": owner, "id": run, "line": line})
    facts, pictures = news(store.jobs.get(owner, asked.id), store.jobs.pictures, asked.line)
    rows = [pictures[name][:, 0] for name in pictures if name in SHOWN]
    return facts, grid(np.stack(rows), scale) if rows else None


def control(store: Store, owner: str, run: str, action: str) -> dict[str, Any]:
    """Pauses, stops, deletes or goes on with a training run.

    Arguments:
        owner: the token that it was started with; of a run of the command line, the page's key.
        run: its id.
        action: "pause", "run", "step" (one epoch), "stop", "resume", "rewind" (anew) or "delete".

    Returns:
        the id, another one after "rewind", and the state
    """
    asked = read(ActionRequest, {"owner": owner, "id": run, "action": action})
    check_may_steer(store, asked.owner, asked.id)
    id, state = store.jobs.control(asked.owner, asked.id, asked.action)
    return {"id": id, "state": state}


def weights(store: Store, owner: str, run: str) -> tuple[dict[str, str], FileData]:
    """The model of a run after its last whole epoch, as a safetensors file with its recipe.

    Arguments:
        owner: the token that the run was started with.
        run: its id.

    Returns:
        a short Python program that loads the file and uses the model, and the file
    """
    asked = read(OneRun, {"owner": owner, "id": run})
    content = b"".join(store.jobs.get(asked.owner, asked.id).weights().parts())
    return {"script": USE_MODEL.read_text()}, file("model.safetensors", content)


def upload(store: Store, owner: str, checkpoint: str, name: str = "") -> dict[str, str]:
    """Takes a safetensors file of this project as a run that is done, so that it can be used.

    Arguments:
        owner: a token that only you know: 16 to 64 letters, digits, - and _.
        checkpoint: the file in base64, up to 64 MB.
        name: what to call the run, up to 40 characters.

    Returns:
        the id of the run; its model is called run:<id>
    """
    content = decoded(checkpoint, LARGEST_MODEL)
    asked = read(UploadRequest, {"owner": owner, "name": name})
    return {"id": store.jobs.adopt(asked.owner, asked.name, content)}


def get_dataset(store: Store, name: str, start: bool = False) -> dict[str, Any]:
    """How the download of a data set to the server stands, and begins it if you wish.

    Arguments:
        name: of the data set; /train_options lists them.
        start: whether to begin it, unless it is there or on its way.

    Returns:
        state ("idle", "loading", "done" or "failed") and the bytes that are there
    """
    asked = read(DownloadRequest, {"name": name, "start": start})
    return downloads.DOWNLOADS.progress(asked.name, asked.start)._asdict()


def _wanted(
    model: Any,
    dataset: Any,
    latent_dim: Any,
    epochs: Any,
    options: Any,
    config: Any,
    device: Any,
    name: Any,
) -> dict[str, Any]:
    return {
        "model": model,
        "dataset": dataset,
        "options": _with("latent_dim", latent_dim, options),
        "config": _with("epochs", epochs, config),
        "device": device,
        "name": name,
    }


def _with(name: str, value: Any, others: Any) -> Any:
    """The value among the others; what is no object is left for `read` to refuse."""
    return {name: value, **(others or {})} if isinstance(others, dict | None) else others


ENDPOINTS = (
    train_options,
    check_training,
    train,
    runs,
    watch,
    control,
    weights,
    upload,
    get_dataset,
)
