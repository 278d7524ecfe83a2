"""Everything that the page uses of Gradio and Gradio does not document; all else may rely on it.

`requirements.txt` holds Gradio's minor version, and tests/server/test_gradio_private.py fails for
each of these that a new one changes.
"""

import asyncio
import logging
import sys
import traceback
from collections.abc import Mapping, Sequence
from threading import Thread
from types import MappingProxyType
from typing import Any

import gradio as gr
from gradio import http_server, queueing, route_utils, routes
from gradio.block_function import BlockFunction
from gradio.brotli_middleware import BrotliMiddleware
from gradio.exceptions import ServerFailedToStartError
from gradio.tunneling import CURRENT_TUNNELS
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)

# What `launch` is told beside its documented arguments. Gradio asks itself for the page and gives
# up after 3 seconds; a busy machine takes longer.
LAUNCH: Mapping[str, bool] = MappingProxyType({"_frontend": False})

# The addresses of Gradio that are answered, as its own routes write them, and who needs them. What
# is not in here is closed: `Guard` answers no other.
ADDRESSES = (
    # The page: itself, its scripts and styles, and what browsers and crawlers ask for beside it.
    "/",
    "/assets/{path:path}",
    "/static/{path:path}",
    "/theme.css",
    "/favicon.ico",
    "/manifest.json",
    "/robots.txt",
    # The page and programs: an event is put into the queue and followed, or run at once.
    "/gradio_api/queue/join",
    "/gradio_api/queue/data",
    "/gradio_api/run/{api_name}",
    "/gradio_api/cancel",
    "/gradio_api/reset",
    # The page, after the connection was lost: is it the same server?
    "/gradio_api/app_id",
    # Programs: what there is, a call in two requests (curl), and the files that came of one.
    "/config",
    "/gradio_api/info",
    "/gradio_api/call/{api_name}",
    "/gradio_api/call/{api_name}/{event_id}",
    "/gradio_api/call/v2/{api_name}",
    "/gradio_api/call/v2/{api_name}/{event_id}",
    "/gradio_api/file={path_or_url:path}",
    # Language models.
    "/gradio_api/mcp",
    "/gradio_api/mcp/{path:path}",
    # `launch` asks for it, and fails without.
    "/gradio_api/startup-events",
)

MOMENT = 0.001  # seconds

# The headers of a request that change the page at "/": it names its own address in many places.
PAGE_DEPENDS_ON = ("host", "x-forwarded-host", "x-forwarded-proto", "x-gradio-server")


class Brotli(BrotliMiddleware):
    """Squeezes every reply, with gzip for who knows nothing better. Gradio's own goes by the name of a file."""

    def _is_compressible_file_type(self, scope: Scope) -> bool:
        return True


class Refusals:
    """Middleware: what `/gradio_api/run/` refuses in a sentence is no fault, so not of status 500.

    Gradio 6.31 gives that to everything that is raised, and to faults no sentence.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "/gradio_api/run/" not in scope["path"]:
            await self.app(scope, receive, send)
            return
        start: Message = {}

        async def sending(message: Message) -> None:
            nonlocal start
            if message.get("status") == 500:
                start = message
                return
            if start:
                if b'"error":"' in message.get("body", b""):
                    start["status"] = 400
                await send(start)
                start = {}
            await send(message)

        await self.app(scope, receive, sending)


def refuse_addresses(page: gr.Blocks) -> None:
    """Lets no request name a file by its address: Gradio would fetch whatever it names, and keep it.

    There is no setting for that, so the method that fetches is replaced in every input.
    """
    for function in page.fns.values():
        for block in function.inputs:
            block.async_move_resource_to_block_cache = _refuse  # type: ignore[method-assign]


async def _refuse(_: Any) -> None:
    raise gr.Error("Files are sent as text in base64, not by address.", print_exception=False)


def stand_aside(page: gr.Blocks) -> None:
    """Takes what Gradio 6.31 does with every request out of the way of what is done here.

    Its middleware for other sites stands before all others: it lets pages of any site read what a
    page that is not on localhost answers, and fails where there is no Host. `Door` lets none ask.

    It gives up on a port after 5 seconds, which a busy machine may take to start, and what has begun
    to start on one cannot on the next.

    It writes faults into standard error itself, and a request that has too few arguments with all
    that came: tokens and drawings. So these are counted first, and faults go into the log.
    """
    routes.CustomCORSMiddleware = _Open  # type: ignore[misc]
    http_server.Server.run_in_thread = _run_in_thread  # type: ignore[method-assign]
    for module in (routes, queueing, route_utils):
        module.traceback = _Faults  # type: ignore[attr-defined]
    page.validate_inputs = _counted  # type: ignore[method-assign]


def _run_in_thread(server: http_server.Server) -> None:
    server.thread = Thread(target=server.run, daemon=True)
    server.thread.start()
    while not server.started:
        server.thread.join(MOMENT)
        if not server.thread.is_alive():  # the port is taken
            raise ServerFailedToStartError("The server could not be started.")


class _Open:
    """Middleware that does nothing."""

    def __init__(self, app: ASGIApp, **_: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class _Faults:
    """What Gradio uses of `traceback`: where something failed goes into the log, and no value."""

    @staticmethod
    def print_exc() -> None:
        kind, _, trace = sys.exc_info()
        if kind is None or issubclass(kind, asyncio.CancelledError):
            return
        places = "".join(traceback.format_list(traceback.extract_tb(trace))).rstrip()
        _log.error("Gradio caught %s:\n%s", kind.__name__, places)


def _counted(function: BlockFunction, inputs: Sequence[Any]) -> None:
    wanted = len(function.inputs)
    if len(inputs) < wanted:
        raise gr.Error(
            f"This takes {wanted} arguments; got {len(inputs)}. /gradio_api/info lists them.",
            print_exception=False,
        )


def end_tunnels() -> None:
    """Ends the processes behind `share`. `close` leaves them, and they outlive ours."""
    for tunnel in CURRENT_TUNNELS:
        tunnel.kill()
