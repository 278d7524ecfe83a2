"""The files of models and their layers as plain data, for a page that runs them itself.

Both lie under an address that changes with them, so that a browser may keep them for ever.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

import vae_core
from vae_core.errors import UsageError, check_name
from vae_core.files import check_fetched

from ..runs.disk.record import PREFIX
from ..store.models import Store
from ..store.remembered import remembered

CLASSIFIER = "classifier"
BYTES = "application/octet-stream"
EXPERIMENTS = "experiments/"  # before the names of the models of the Learn tab
KEEP = {"Cache-Control": "public, max-age=31536000, immutable"}
SOURCES = [
    Path(vae_core.__file__).parent / f"{name}.py"
    for name in ("models/layers", "models/operations", "evaluation/classifier")
]


def routes(store: Store) -> list[Route]:
    """Where the weights lie, at `weights`; the files, and what layers they are of, beside it."""

    def listed(request: Request) -> Response:
        names = request.query_params.getlist("name") or [*store.names, CLASSIFIER]
        found = []
        for name in names:
            try:
                found.append(about(store, name))
            except (UsageError, FileNotFoundError) as error:
                if not name.startswith(PREFIX):
                    return _refusal(str(error))
                # A run may be rewound or deleted at any moment: it is left out.
        return JSONResponse({"models": found})

    def file(request: Request) -> Response:
        asked = _asked(store, request)
        if not asked:
            return _refusal()
        if not request.path_params["name"].startswith(PREFIX):
            return LargeFile(asked.path, headers=asked.headers)
        return _without_data(asked)

    def layers(request: Request) -> Response:
        asked = _asked(store, request)
        if not asked:
            return _refusal()
        return JSONResponse(layers_of(store, request.path_params["name"]), headers=asked.headers)

    return [
        Route("/weights", listed),
        Route("/weights/{version}/{name:path}.safetensors", file),
        Route("/weights/{version}/{name:path}.json", layers),
    ]


def about(store: Store, name: str) -> dict[str, Any]:
    """The name of a model, the address of its file without its ending, and how large it is.

    At the same address with the ending .json are its layers.

    Raises:
        UsageError: if there is no such model.
    """
    path = path_of(store, name)
    return {
        "name": name,
        "address": f"weights/{_version(path)}/{name}",
        "bytes": path.stat().st_size,
    }


def path_of(store: Store, name: str) -> Path:
    """The file of a model that a visitor may see: shipped, of a run, of the Learn tab, or the classifier.

    Raises:
        UsageError: if there is none.
    """
    if name == CLASSIFIER:
        path = store.folder / CLASSIFIER / f"{CLASSIFIER}.safetensors"
    elif name.startswith(EXPERIMENTS):
        from vae_core.experiments import catalogue

        check_name("experiment", name.removeprefix(EXPERIMENTS), catalogue.NAMES)
        path = store.folder / f"{name}.safetensors"
    else:
        store.check(name)
        path = store.path(name)
    if not path.is_file():
        raise UsageError(f"There are no weights of '{name}'. `python -m vae_core` makes them.")
    check_fetched(path)
    return path


def plain_layers(store: Store, name: str) -> dict[str, Any]:
    """What a model does, as `vae_core.models.layers` writes it down.

    Raises:
        UsageError: if it has an unknown layer, or cannot be read.
    """
    from vae_core.evaluation import classifier
    from vae_core.models.layers import layers

    if name == CLASSIFIER:
        return classifier.layers(classifier.load_classifier(path_of(store, name)))
    if name.startswith(EXPERIMENTS):
        return layers(store.experiment(name.removeprefix(EXPERIMENTS)).model)
    return layers(store.get(name).model)


@remembered
def layers_of(store: Store, name: str) -> dict[str, Any]:
    """The same, or as `unknown` why the page cannot run the model by itself."""
    try:
        return plain_layers(store, name)
    except UsageError as error:
        return {"unknown": str(error)}


def _without_data(asked: "Asked") -> Response:
    """The file of a run, which does not say whose pictures it was trained on."""
    from vae_core.training.exported import exported

    try:
        found = exported(asked.path)
    except (OSError, UsageError):
        return _refusal()
    headers = {**asked.headers, "Content-Length": str(found.size)}
    return StreamingResponse(found.parts(), headers=headers, media_type=BYTES)


class LargeFile(FileResponse):
    """A file in few pieces: each costs a hop between threads, and most of the time went there."""

    chunk_size = 2**20


class Asked(NamedTuple):
    """A file, and how long a browser may keep it."""

    path: Path
    headers: dict[str, str]


def _asked(store: Store, request: Request) -> Asked | None:
    """The file at this address; None if there is none, or another one by now.

    A run that trains writes its weights while they are asked for, and is given as it is now.
    """
    name = request.path_params["name"]
    try:
        path = path_of(store, name)
        if _version(path) == request.path_params["version"]:
            return Asked(path, KEEP)
    except (UsageError, FileNotFoundError):
        return None
    return Asked(path, {"Cache-Control": "no-store"}) if name.startswith(PREFIX) else None


def _version(path: Path) -> str:
    found = path.stat()
    return _hash(path, found.st_mtime_ns, found.st_size)


@lru_cache(256)
def _hash(path: Path, *_: int) -> str:
    """Of the file and of what tells its layers: when that changes, they may too."""
    digest = hashlib.sha256(path.read_bytes())
    for source in SOURCES:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _refusal(sentence: str = "There is no such file.") -> Response:
    return JSONResponse({"error": sentence}, status_code=404)
