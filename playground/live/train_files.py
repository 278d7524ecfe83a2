"""Training in the page: files that come and go. Weights, the script that loads them, data sets."""

from pathlib import Path
from typing import Any

from vae_core.errors import UsageError, check_name

from ..runs import downloads
from ..store import Store
from ..wire import LONGEST_HEADER, unpack
from .answer import Answer

LONGEST_QUESTION = 4 + LONGEST_HEADER
LARGEST_MODEL = 64 * 2**20  # bytes
SCRIPT = Path(__file__).parent.parent / "text" / "use_model.py"


def file(message: bytes, store: Store) -> bytes:
    """The weights of a run after its last whole epoch, with its recipe: a safetensors file.

    Raises:
        UsageError: if there is no such run, or it has no whole epoch yet.
    """
    header, _ = unpack(message)
    owner: Any = header.get("owner")
    run = store.jobs.get(owner, header.get("id"))
    try:
        return run.files.checkpoint.read_bytes()
    except OSError as error:
        raise UsageError("This run has no weights yet. They come with its first epoch.") from error


def script(_: bytes, store: Store) -> dict[str, Any]:
    """A short program that loads such a file and uses the model."""
    return {"script": SCRIPT.read_text()}


def upload(message: bytes, store: Store) -> dict[str, Any]:
    """Takes a safetensors file of this project as a run that is done.

    Raises:
        UsageError: if it is none, or its pictures are not 28x28.
    """
    header, content = unpack(message)
    owner: Any = header.get("owner")
    return {"id": store.jobs.adopt(owner, header.get("name") or "", content)}


def data_get(message: bytes, store: Store) -> dict[str, Any]:
    """How the download of the data set called `name` stands; it begins unless `start` is false.

    Raises:
        UsageError: if there is no such data set, or it needs no download.
    """
    header, _ = unpack(message)
    name: Any = header.get("name")
    check_name("data set", name, downloads.LABELS)
    if header.get("start", True):
        downloads.DOWNLOADS.start(name)
    return downloads.DOWNLOADS.state(name)._asdict()


ANSWERS: tuple[Answer, ...] = (
    Answer("train-file", file, LONGEST_QUESTION, slow=True),
    Answer("train-script", script),
    Answer("train-upload", upload, LARGEST_MODEL + LONGEST_QUESTION, slow=True),
    Answer("data-get", data_get, LONGEST_QUESTION),
)
