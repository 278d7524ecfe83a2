"""What a connection may do before the page hears of it, and after: limits of bytes and seconds.

uvicorn 0.54 with httptools has none: a head may be as long as memory, a connection that says
nothing stays for ever, and so does a reply that nobody reads. How many there may be is in
`connections`.
"""

import asyncio
from typing import Any

from uvicorn import config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from . import connections

HEAD = 32 * 1024  # bytes of a head, or of what frames a body
SECONDS = 20.0  # for a head, and for what is left of a request that has its reply
BRIEF = 1.0  # the same where there are too many connections
STALL = 30.0  # seconds in which a reader takes `LEAST` of what waits for it
LEAST = 64 * 1024  # bytes, or all there is
TOO_LONG = "The head of this request is too long."


class Patient(HttpToolsProtocol):
    """A connection that is ended when its head is too long, or when nothing comes or goes."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._framing = 0  # bytes of this request that are not of its body
        self._whole = True  # whether all of the request is there
        self._coming: asyncio.TimerHandle | None = None
        self._going: asyncio.TimerHandle | None = None
        self._patience = SECONDS
        self._address = ""
        self.ws_protocol_class = None  # nothing here speaks WebSocket

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        if connections.CONNECTIONS.open(self._address):
            self._patience = BRIEF
            self.app = connections.crowded
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        connections.CONNECTIONS.close(self._address)
        self._expect_nothing()
        self._reads()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._whole and self._coming is None and self._answered():
            self._expect()  # empty lines, which begin no message
        self._framing += len(data)
        super().data_received(data)
        if self._framing <= HEAD or self.transport.is_closing():
            return
        if self._answered():
            self.send_400_response(TOO_LONG)
        else:  # of chunks that are mostly frames: a reply may have begun
            self.transport.abort()

    def on_message_begin(self) -> None:
        self._whole = False
        self._expect()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._framing = 0
        self._expect_nothing()  # a body has its own deadline, see `bodies`
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        # A body may come in chunks, which have frames of their own: no larger than what they frame.
        self._framing -= min(self._framing, 2 * len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._whole = True
        self._framing = 0
        self._expect_nothing()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._whole:  # what still comes is read and thrown away, but not for ever
            self._expect()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._going is None:
            self._watch_reader(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        self._reads()
        super().resume_writing()

    def _unsupported_upgrade_warning(self) -> None:
        """Says nothing in the log of who asks for another protocol: it is answered in this one."""

    def _answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _watch_reader(self, before: int) -> None:
        def look() -> None:
            now = self.transport.get_write_buffer_size()
            if before - now < LEAST:
                self.transport.abort()
            else:
                self._watch_reader(now)

        self._going = self.loop.call_later(STALL, look)

    def _reads(self) -> None:
        if self._going is not None:
            self._going.cancel()
            self._going = None

    def _expect(self) -> None:
        self._expect_nothing()
        self._coming = self.loop.call_later(self._patience, self.transport.close)

    def _expect_nothing(self) -> None:
        if self._coming is not None:
            self._coming.cancel()
            self._coming = None


def use() -> None:
    """From now on servers that choose no protocol have this one. Gradio 6.31 offers no choice."""
    config.HTTP_PROTOCOLS["auto"] = f"{__name__}:{Patient.__name__}"
