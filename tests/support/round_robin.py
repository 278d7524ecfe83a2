"""A small reverse proxy: two replicas take turns, but for what one of them has to keep."""

import socket
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Thread

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from tests.browser.running import IDLE

# Gradio's queue, and training: see docs/hosting.md.
STICKY = ("/gradio_api/", "/live/train", "/live/about-runs", "/live/pictures")


class RoundRobin:
    """Hands requests to its replicas in turn, and those of `STICKY` to the first.

    Attributes:
        taken: which replicas answered each path, in order.
    """

    def __init__(self, replicas: list[str]) -> None:
        limits = httpx.Limits(max_connections=None, keepalive_expiry=IDLE)
        self._clients = [
            httpx.AsyncClient(base_url=url, limits=limits, timeout=None) for url in replicas
        ]
        self._turns = count()
        self.taken: dict[str, list[int]] = defaultdict(list)

    async def answer(self, request: Request) -> Response:
        path = request.url.path
        turn = 0 if path.startswith(STICKY) else next(self._turns) % len(self._clients)
        self.taken[path].append(turn)
        client = self._clients[turn]
        url = httpx.URL(path=path, query=request.url.query.encode())
        sent = client.build_request(
            request.method, url, headers=request.headers.raw, content=await request.body()
        )
        reply = await client.send(sent, stream=True)
        answer = StreamingResponse(
            reply.aiter_raw(), reply.status_code, background=BackgroundTask(reply.aclose)
        )
        answer.raw_headers = reply.headers.raw
        return answer


@contextmanager
def proxy(robin: RoundRobin) -> Iterator[str]:
    """The address where it listens, until the end of the block."""
    methods = ["GET", "HEAD", "POST"]
    app = Starlette(routes=[Route("/{path:path}", robin.answer, methods=methods)])
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            server.should_exit = server.force_exit = True
            thread.join()
