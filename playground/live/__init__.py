"""The routes that answer while the pen moves: one request in, one compact reply out.

A request carries everything that its reply depends on, so nothing is kept between two of them.
These are routes of their own rather than Gradio events because a reply must be back within a
frame or two. Their callers are strangers: whatever they send, they get an answer in words.
"""

from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from vae_core.errors import UsageError

from ..shared import Store
from . import about, atlas, examples, map, picture, reconstruct, train, tsne, walk
from .answer import Answer
from .desk import AGAIN, Busy, Desk

ANSWERS: tuple[Answer, ...] = (
    *about.ANSWERS,
    examples.ANSWER,
    picture.ANSWER,
    reconstruct.ANSWER,
    *map.ANSWERS,
    *atlas.ANSWERS,
    tsne.ANSWER,
    *walk.ANSWERS,
    *train.ANSWERS,
)


ASKER = "X-Asker"  # the header by which a page says that newer requests of its overtake this one
LONGEST_ASKER = 64


def routes(store: Store, desk: Desk | None = None) -> list[Route]:
    """The live routes, answering from the models of `store`, all of them at one desk."""
    at = desk or Desk(store)
    return [_route(answer, store, at) for answer in ANSWERS]


def _route(answer: Answer, store: Store, desk: Desk) -> Route:
    async def reply(request: Request) -> Response:
        async def gone() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass

        try:
            body = await _read(request, min(answer.limit, store.jobs.limits.upload))
            asker = request.headers.get(ASKER, "")[:LONGEST_ASKER]
            return _response(await desk.ask(answer, body, asker, gone))
        except UsageError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        except Busy as error:
            later = {"Retry-After": str(AGAIN)}
            return JSONResponse({"error": str(error)}, status_code=error.status, headers=later)
        except ClientDisconnect:
            return Response(status_code=499)  # which nobody reads but those who count

    return Route(f"/live/{answer.name}", reply, methods=["POST" if answer.limit else "GET"])


def _response(content: dict | bytes | AsyncIterator[bytes]) -> Response:
    if isinstance(content, dict):
        return JSONResponse(content)
    if isinstance(content, AsyncIterator):
        return StreamingResponse(content, media_type="application/octet-stream")
    return Response(content, media_type="application/octet-stream")


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
