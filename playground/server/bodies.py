"""What a request's body may be, before anybody reads or parses it: bytes, seconds and brackets."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vae_core.errors import UsageError

from ..gate.seats import FULL, VISITOR, Busy, TooSlow

GRADIO = "/gradio_api/"
# Gradio 6.31 parses JSON in its event loop, checks it again and copies it: 8 MB of `[]` keep
# everybody waiting for 10 s. A file in it is one long word, and all else is some kilobytes.
MOST_PARTS = 50_000
PARTS = (b"[", b"{", b",", b":")
GRACE = 20.0  # seconds in which a body need not have come
LEAST = 16 * 1024  # bytes a second after that, on the whole
ROOM = 256 * 2**20  # bytes of bodies that are held at once, of all visitors
SHARE = ROOM // 4  # of one

SLOW = (
    f"The request did not arrive in time: after {GRACE:g} seconds at least {LEAST // 1024} kB must "
    "come every second."
)
MANY_PARTS = (
    f"This request has too many parts: it may hold {MOST_PARTS:,} brackets, commas and colons."
)


class Arriving:
    """How many bytes of bodies are held, of whom."""

    def __init__(self, room: int = ROOM, share: int = SHARE) -> None:
        self._room, self._share = room, share
        self.held: Counter[str] = Counter()

    def take(self, visitor: str, size: int) -> None:
        """So many bytes more, which have come.

        Raises:
            Busy: if that is more than there may be, of all or of one.
        """
        self.held[visitor] += size
        if self.held[visitor] > self._share or self.held.total() > self._room:
            raise Busy(FULL)

    def give(self, visitor: str, size: int) -> None:
        """So many bytes less."""
        self.held[visitor] -= size
        if self.held[visitor] <= 0:
            del self.held[visitor]


class Bodies:
    """Middleware: no body comes more slowly, or has more parts, than one that is meant well.

    What is for Gradio is there as a whole, and counted, before Gradio hears of the request.

    Arguments:
        arriving: what is held of all requests.
        now: the time in seconds.
    """

    def __init__(
        self,
        app: ASGIApp,
        arriving: Arriving | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        self._arriving = arriving or Arriving()
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = _Body(receive, VISITOR.get(), self._arriving, self._now)
        try:
            if GRADIO in scope["path"] and scope["method"] not in ("GET", "HEAD"):
                await self.app(scope, await body.complete(), send)
            else:
                await self.app(scope, body.receive, send)
        finally:
            self._arriving.give(body.visitor, body.size)


class _Body:
    """The body of one request, while it comes."""

    def __init__(
        self, receive: Receive, visitor: str, arriving: Arriving, now: Callable[[], float]
    ) -> None:
        self.visitor = visitor
        self.size = 0
        self._receive = receive
        self._arriving = arriving
        self._now = now
        self._began = now()
        self._more = True

    async def receive(self) -> Message:
        """The next part, or what comes after the last.

        Raises:
            TooSlow: if it does not come in time.
            Busy: if there is no room for it.
        """
        if not self._more:
            return await self._receive()
        left = self._began + GRACE + self.size / LEAST - self._now()
        try:
            message = await asyncio.wait_for(self._receive(), max(left, 0.0))
        except asyncio.TimeoutError as error:
            raise TooSlow(SLOW) from error
        self._more = message.get("more_body", False)
        size = len(message.get("body", b""))
        self.size += size
        self._arriving.take(self.visitor, size)
        return message

    async def complete(self) -> Receive:
        """Waits for all of it; how whoever reads it gets it.

        Raises:
            UsageError: if it has too many parts.
        """
        parts: list[bytes] = []
        count = 0
        message: Message = {"type": "http.disconnect"}
        while self._more:
            message = await self.receive()
            parts.append(message.get("body", b""))
            count += sum(map(parts[-1].count, PARTS))
            if count > MOST_PARTS:
                raise UsageError(MANY_PARTS)
        waiting = [message]
        if message["type"] == "http.request":
            waiting = [{"type": "http.request", "body": b"".join(parts), "more_body": False}]

        async def receive() -> Message:
            return waiting.pop() if waiting else await self._receive()

        return receive
