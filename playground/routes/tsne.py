"""t-SNE while it runs: a reply that goes on until the map is finished or nobody listens."""

import asyncio
import logging
import struct
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from vae_core.errors import UsageError

from ..facts.atlas import pack_points
from ..gate.seats import GATE
from ..inference.latent import embedding
from ..inference.latent.embedding import TsneFrame
from ..inference.latent.requests import TsneRequest
from ..store.models import Store
from ..wire.packing import LONGEST_HEADER, pack, unpack
from ..wire.request import read
from .answer import Answer

FAULT = "The run stopped because of a fault in the program. Try again."

_log = logging.getLogger(__name__)


def tsne(message: bytes, store: Store) -> AsyncGenerator[bytes, None]:
    """The frames of one or two maps, side by side, each as its length and a message.

    The header of a request has `atlases`, the number of `points` and the settings of t-SNE. The
    header of a frame has `atlas`, `iteration`, `of`, `kl` and what `pack_points` says; its body
    is the places. The last frame of each map has `done` and the map's numbers as well, and after
    the places the class of most neighbours of each. A message may also end the stream with an
    `error`.

    Raises:
        UsageError: if anything in the message is not as it should be.
        Busy: at the first message, if there is no room at the gate.
    """
    return _messages(read(TsneRequest, unpack(message)[0], store), store)


async def _messages(asked: TsneRequest, store: Store) -> AsyncGenerator[bytes, None]:
    with GATE.seats(embedding.SEATS, lasting=True):
        async with aclosing(_frames(asked, store)) as frames:
            begun = False
            try:
                async for message in frames:
                    begun = True
                    yield _framed(message)
            except UsageError as error:
                if not begun:
                    raise
                yield _framed(pack({"error": str(error)}))
            except Exception:  # noqa: BLE001 - the reply has begun: no other way to tell the visitor
                _log.exception("a run of t-SNE failed")
                yield _framed(pack({"error": FAULT}))


async def _frames(asked: TsneRequest, store: Store) -> AsyncGenerator[bytes, None]:
    settings = asked.settings()
    runs = [embedding.tsne(store, name, asked.points, settings) for name in asked.atlases]
    done = False
    while not done:
        frames = await asyncio.gather(*(GATE.run(run.__next__) for run in runs))
        for name, frame in zip(asked.atlases, frames, strict=True):
            yield _packed(name, frame)
        done = frames[0].finished is not None  # and so are the others: they have as many steps


def _packed(name: str, frame: TsneFrame) -> bytes:
    about, body = pack_points(frame.points)
    header: dict[str, Any] = {
        "atlas": name,
        "iteration": frame.iteration,
        "of": frame.of,
        "kl": frame.kl,
        "done": frame.finished is not None,
        **about,
    }
    if frame.finished:
        header.update(frame.finished.numbers)
        body += frame.finished.majority.tobytes()
    return pack(header, body)


def _framed(message: bytes) -> bytes:
    return struct.pack("<I", len(message)) + message


ANSWER = Answer("tsne", tsne, 4 + LONGEST_HEADER, slow=True)
