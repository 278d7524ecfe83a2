"""What a request's body may be, before anybody reads or parses it: bytes, seconds and brackets."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..gate import AGAIN, FULL
from ..visitors import visitor_of

GRADIO = "/gradio_api/"
# Gradio 6.31 parses JSON in its event loop, checks it again and copies it: 8 MB of `[]` keep
# everybody waiting for 10 s. What is no file is some kilobytes; a file is one long word.
SMALL = 64 * 1024  # bytes of JSON, of whatever form
MOST_PARTS = 20_000  # brackets, commas and colons of a longer one
PARTS = (b"[", b"{", b",", b":")
GRACE = 20.0  # seconds in which a body need not have come
LEAST = 16 * 1024  # bytes a second after that, on the whole
ROOM = 256 * 2**20  # bytes of bodies that are held at once, of all visitors
SHARE = ROOM // 4  # of one

SLOW = "The request did not arrive in time."
MANY_PARTS = (
    f"This request has too many parts: one of more than {SMALL // 1024} kB is for a file, and holds "
    f"at most {MOST_PARTS:,} brackets, commas and colons beside it."
)


class TooLarge(Exception):
    """More came than a request may have."""


class TooSlow(Exception):
    """It did not come in time."""


class NoRoom(Exception):
    """There are too many bodies on their way."""


class Arriving:
    """How many bytes of bodies are held, of whom."""

    def __init__(self, room: int = ROOM, share: int = SHARE) -> None:
        self._room, self._share = room, share
        self.held: Counter[str] = Counter()

    def take(self, visitor: str, size: int) -> None:
        """So many bytes more.

        Raises:
            NoRoom: if that is more than there may be, of all or of one.
        """
        self.held[visitor] += size
        if self.held[visitor] > self._share or self.held.total() > self._room:
            raise NoRoom

    def give(self, visitor: str, size: int) -> None:
        """So many bytes less."""
        self.held[visitor] -= size
        if self.held[visitor] <= 0:
            del self.held[visitor]


class Bodies:
    """Middleware: no body is longer, slower or more branched than one that is meant well.

    Arguments:
        largest: bytes of a body.
    """

    def __init__(
        self,
        app: ASGIApp,
        largest: int,
        arriving: Arriving | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        self.largest = largest
        self._arriving = arriving or Arriving()
        self._now = now
