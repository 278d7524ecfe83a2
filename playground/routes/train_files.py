"""Training in the page: files that come and go. Weights, the script that loads them, data sets."""

from collections.abc import AsyncGenerator, Iterator
from typing import Any

from starlette.concurrency import iterate_in_threadpool

from ..runs import downloads
from ..runs.limits import LARGEST_MODEL
from ..runs.request import DownloadRequest, OneRun, UploadRequest
from ..store.models import Store
from ..text.source import USE_MODEL
from ..wire.packing import LONGEST_HEADER, unpack
from ..wire.request import read
from .answer import Answer

LONGEST_QUESTION = 4 + LONGEST_HEADER


def file(message: bytes, store: Store) -> AsyncGenerator[bytes, None]:
    """The weights of a run after its last whole epoch, with its recipe: a safetensors file.

    It comes in pieces, and none of it is kept.

    Raises:
        UsageError: if there is no such run, or it has no whole epoch yet.
    """
    asked = read(OneRun, unpack(message)[0])
    return _streamed(store.jobs.get(asked.owner, asked.id).weights().parts())


async def _streamed(parts: Iterator[bytes]) -> AsyncGenerator[bytes, None]:
    async for part in iterate_in_threadpool(parts):
        yield part


def script(_: bytes, store: Store) -> dict[str, Any]:
    """A short program that loads such a file and uses the model."""
    return {"script": USE_MODEL.read_text()}


def upload(message: bytes, store: Store) -> dict[str, Any]:
    """Takes a safetensors file of this project as a run that is done.

    Raises:
        UsageError: if it is none, or its pictures are not 28x28.
    """
    header, content = unpack(message)
    asked = read(UploadRequest, header)
    return {"id": store.jobs.adopt(asked.owner, asked.name, content)}


def data_get(message: bytes, store: Store) -> dict[str, Any]:
    """How the download of the data set called `name` stands; it begins unless `start` is false.

    Raises:
        UsageError: if there is no such data set, or it needs no download.
    """
    asked = read(DownloadRequest, unpack(message)[0])
    return downloads.DOWNLOADS.progress(asked.name, asked.start)._asdict()


ANSWERS: tuple[Answer, ...] = (
    Answer("train-file", file, LONGEST_QUESTION, slow=True),
    Answer("train-script", script),
    Answer("train-upload", upload, LARGEST_MODEL + LONGEST_QUESTION, slow=True),
    Answer("data-get", data_get, LONGEST_QUESTION),
)
