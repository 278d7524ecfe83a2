"""The routes of what the server does for the page: one request in, one compact reply out.

A request carries everything that its reply depends on, so nothing is kept between two of them.
Their callers are strangers: whatever they send, they get an answer in words.
"""

import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from vae_core.errors import UsageError
from vae_core.files import is_full

from ..gate.refusals import refusal, refused
from ..gate.seats import GATE, seats_for
from ..store.models import Store
from ..wire.packing import ENDLESS, FAULT
from . import about, compression, film, picture, remote, train, tsne
from .answer import Answer

ANSWERS: tuple[Answer, ...] = (
    *about.ANSWERS,
    picture.ANSWER,
    tsne.ANSWER,
    film.ANSWER,
    *train.ANSWERS,
    *compression.ANSWERS,
    *remote.ANSWERS,
)

NO_ROOM = (
    "The disk of the server is full, so nothing can be kept. Delete a run, or try again later."
)
BYTES = "application/octet-stream"
AS_IT_GOES = {"X-Accel-Buffering": "no", "Cache-Control": "no-cache, no-transform"}  # for proxies

_log = logging.getLogger(__name__)


def routes(store: Store) -> list[Route]:
    """The live routes, answering from the models of `store`."""
    return [_route(answer, store) for answer in ANSWERS]


def _route(answer: Answer, store: Store) -> Route:
    async def worked(request: Request) -> Response:
        async def gone() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass

        # A seat is for who has sent everything: until then others work. `server.bodies` sees to
        # it that bodies come, and how much of them is held.
        body = await _read(request, min(answer.limit, store.jobs.limits.upload))
        with GATE.seats(seats_for(len(body)) or 1):
            content = await GATE.run_unless(gone, answer.work, body, store, quick=not answer.slow)
        if isinstance(content, AsyncGenerator):
            begun = await _begun(content)
            return StreamingResponse(begun, media_type=BYTES, headers=AS_IT_GOES)
        return _response(content)

    async def reply(request: Request) -> Response:
        try:
            return await worked(request)
        except UsageError as error:
            return refused(error)
        except ClientDisconnect:
            return Response(status_code=499)  # which nobody reads but those who count
        except Exception as error:  # noqa: BLE001 - noted, and told in a sentence
            if isinstance(error, OSError) and is_full(error):
                return refusal(NO_ROOM, 507)
            _log.exception("live/%s failed", answer.name)
            return refusal(FAULT, 500)

    return Route(f"/live/{answer.name}", reply, methods=["POST" if answer.limit else "GET"])


def _response(content: dict | bytes) -> Response:
    if isinstance(content, dict):
        try:
            return JSONResponse(content)
        except ValueError as error:  # NaN or infinity
            raise UsageError(ENDLESS) from error
    return Response(content, media_type=BYTES)


async def _begun(parts: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
    """The same parts, the first of which is there: what is refused is refused before a reply."""
    first = await anext(parts)

    async def rest() -> AsyncIterator[bytes]:
        async with aclosing(parts):
            yield first
            async for part in parts:
                yield part

    return rest()


async def _read(request: Request, limit: int) -> bytes:
    """The body of the request, given up on as soon as it is too long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise UsageError(f"This is too large: at most {_size(limit)} can be read.")
    return bytes(body)


def _size(count: int) -> str:
    return f"{count // 2**20} MB" if count >= 2**20 else f"{count:,} bytes"
