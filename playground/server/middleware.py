"""What holds for every request, also for those that Gradio answers: headers, a size, plain errors."""

import logging
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vae_core.errors import UsageError, shown

from ..gate.refusals import refusal, refused
from ..wire.packing import FAULT
from .bodies import GRADIO

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",  # no page of others may show or run it
    }
)
# Gradio 6.31 writes scripts and styles into its page, and makes functions of text.
POLICY: Mapping[str, str] = MappingProxyType(
    {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self' data: blob:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
)
STREAM = "text/event-stream"  # which no proxy shall keep until it has all of it
LONGEST = 255  # bytes of a file's name
CLOSED = "This page does not offer that."
UNREADABLE = "This request cannot be understood: something in it is not as it should be."

_log = logging.getLogger(__name__)


class TooLarge(Exception):
    """More came than a request may have."""


class Guard:
    """Middleware: security headers on every reply, and no request that could not be meant well.

    Arguments:
        addresses: all that are answered, as routes write them; every other one is closed.
        largest: bytes of a request's body.
        policy: what differs from `POLICY`.
    """

    def __init__(
        self,
        app: ASGIApp,
        addresses: Iterable[str],
        largest: int,
        policy: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.app = app
        self.largest = largest
        policy = {**POLICY, **policy}
        self._headers = {
            **HEADERS,
            "Content-Security-Policy": "; ".join(map(" ".join, policy.items())),
        }
        # Routes, as they know of a page below a path. They only compare.
        self._open = [Route(address, refusal) for address in addresses]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1000})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                if headers.get("content-type", "").startswith(STREAM):  # Gradio's queue, and MCP
                    headers["X-Accel-Buffering"] = "no"
            await send(message)

        closed = self._closed(scope)
        if closed is not None:
            await closed(scope, receive, sending)
            return
        try:
            await self.app(scope, self._counted(receive), sending)
        except TooLarge:
            if not begun:
                await self._too_large()(scope, receive, sending)
        except UsageError as error:
            if not begun:
                await refused(error)(scope, receive, sending)
        except Exception:  # noqa: BLE001 - noted, and told in a sentence
            _log.exception("%s %s failed", scope["method"], shown(scope["path"]))
            if not begun:
                # Errors of the page's own functions are caught and told by Gradio. What it does
                # not catch, it could not read.
                unread = GRADIO in scope["path"]
                reply = refusal(UNREADABLE, 400) if unread else refusal(FAULT, 500)
                await reply(scope, receive, sending)

    def _closed(self, scope: Scope) -> JSONResponse | None:
        if "\0" in scope["path"]:
            return refusal("An address holds no NUL.", 400)
        if any(len(part.encode(errors="replace")) > LONGEST for part in scope["path"].split("/")):
            return refusal("There is nothing of such a long name.", 404)
        length = Headers(scope=scope).get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self.largest:
            return self._too_large()
        if all(route.matches(scope)[0] is Match.NONE for route in self._open):
            return refusal(CLOSED, 403 if GRADIO in scope["path"] else 404)
        return None

    def _counted(self, receive: Receive) -> Receive:
        count = 0

        async def receiving() -> Message:
            nonlocal count
            message = await receive()
            count += len(message.get("body", b""))
            if count > self.largest:
                raise TooLarge
            return message

        return receiving

    def _too_large(self) -> JSONResponse:
        sentence = f"This is too large: at most {self.largest // 2**20} MB can be read."
        return refusal(sentence, 413)
