"""The routes that answer while the pen moves: one request in, one compact reply out.

A request carries everything that its reply depends on, so nothing is kept between two of them.
These are routes of their own rather than Gradio events because a reply must be back within a
frame or two. Their callers are strangers: whatever they send, they get an answer in words.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from vae_core.errors import UsageError

from ..shared import Store
from . import about, atlas, examples, map, picture, reconstruct, train, tsne, walk
from .answer import Answer

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


def routes(store: Store) -> list[Route]:
    """The live routes, answering from the models of `store`."""
    # Inference uses one thread per request: more workers than cores would only take turns.
    workers = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="live")
    return [_route(answer, store, workers) for answer in ANSWERS]


def _route(answer: Answer, store: Store, workers: ThreadPoolExecutor) -> Route:
    async def reply(request: Request) -> Response:
        try:
            body = await _read(request, min(answer.limit, store.jobs.limits.upload))
            work = asyncio.get_running_loop().run_in_executor(workers, answer.work, body, store)
            return _response(await work)
        except UsageError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        except ClientDisconnect:
            return Response(status_code=400)

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
