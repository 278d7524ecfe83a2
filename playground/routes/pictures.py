"""Pictures that a visitor brings to train on: sent as a zip file, or lying in a folder here."""

from typing import Any

from ..runs.limits import LARGEST_ARCHIVE
from ..runs.request import ArchiveRequest, PicturesRequest
from ..store.models import Store
from ..wire.packing import LONGEST_HEADER, pack, unpack
from ..wire.request import read
from .answer import Answer

LONGEST_QUESTION = 4 + LONGEST_HEADER
SHOWN = 21  # pictures, as a model will see them


def bring(message: bytes, store: Store) -> dict[str, Any]:
    """The name of the data set that the zip file in the body becomes, read as `way` says.

    Raises:
        UsageError: if it is no zip file, or its pictures cannot be trained on.
    """
    header, archive = unpack(message)
    asked = read(ArchiveRequest, header)
    dataset = store.jobs.pictures.keep(archive, asked.way, asked.owner)
    return {"dataset": dataset, **_facts(dataset, asked.owner, store)}


def look(message: bytes, store: Store) -> bytes:
    """What is known of the pictures called `dataset`; the body has the first ones, 28x28 bytes each.

    Raises:
        UsageError: if they are not there, may not be read, or cannot be trained on.
    """
    asked = read(PicturesRequest, unpack(message)[0])
    images = store.jobs.pictures.look(asked.dataset, asked.owner).pictures.images
    step = max(1, len(images) // SHOWN)  # from all over, for several classes
    shown = images[: SHOWN * step : step, 0]
    about = {
        **_facts(asked.dataset, asked.owner, store),
        "side": images.shape[-1],
        "shown": len(shown),
    }
    return pack(about, shown.numpy().tobytes())


def remove(message: bytes, store: Store) -> dict[str, Any]:
    """Removes the pictures called `dataset`, which this browser brought.

    Raises:
        UsageError: if they are not there.
    """
    asked = read(PicturesRequest, unpack(message)[0])
    store.jobs.pictures.remove(asked.dataset, asked.owner)
    return {"removed": asked.dataset}


def _facts(dataset: str, owner: str, store: Store) -> dict[str, Any]:
    from vae_core.data.datasets import count

    gathered = store.jobs.pictures.look(dataset, owner)
    used = count(store.jobs.pictures.resolve(dataset, owner))
    images = gathered.pictures.images
    edges = (images[:, 0, [0, -1]], images[:, 0, :, [0, -1]])
    on_paper = sum(edge.float().mean().item() for edge in edges) / len(edges) > BRIGHT
    sentence = f"{gathered.sentence} {PAPER}" if on_paper else gathered.sentence
    return {"images": used, "sentence": sentence}


BRIGHT = 200  # of the border on average: then it looks like paper
PAPER = (
    "Most of them have a light border. If they are drawings on paper, read them as drawings: then "
    "their ink is white on black, as the page draws it."
)

ANSWERS: tuple[Answer, ...] = (
    Answer("pictures", bring, LARGEST_ARCHIVE, slow=True),
    Answer("pictures-look", look, LONGEST_QUESTION, slow=True),
    Answer("pictures-remove", remove, LONGEST_QUESTION),
)
