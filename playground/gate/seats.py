"""The gate: how much long work is in hand at once, all visitors of this process together.

Whatever may take long takes a seat first: a map, a run of t-SNE, a large file, a request of a
program. Where no seat is free it is refused at once, in one sentence and, over HTTP, with status
503 and `Retry-After`, and so is who waits too long. Those who have a seat compute in turn, one
visitor after another however much each has asked for, with a thread for each core; what is quick
has threads of its own, so that no map keeps it waiting.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from anyio import CapacityLimiter
from starlette.requests import ClientDisconnect

from vae_core.errors import UsageError

from .turns import Turns

SEATS = 64
BYTES = 16 * 2**20  # of memory that who has a seat may use; who needs more takes several
AGAIN = 1  # seconds after which somebody who was refused may ask again
PATIENCE = 60.0  # seconds that work waits for its turn: by then most have left
VISITOR: ContextVar[str] = ContextVar("visitor", default="")  # who asks; "" for who is not known
FULL = (
    "Many visitors use this page at the moment, more than it can answer. Try again in a few "
    "seconds."
)

Found = TypeVar("Found")


class Busy(UsageError):
    """A request that is not worked on, for there are too many. It may be sent again."""


class TooSlow(UsageError):
    """A request that did not come in time."""


def status_of(error: UsageError) -> int:
    """What HTTP calls such a refusal."""
    return 503 if isinstance(error, Busy) else 408 if isinstance(error, TooSlow) else 400


class Gate:
    """Seats for long work, and threads for those who have one.

    Attributes:
        dropped: how many were not worked on, by reason: full, or gone for those whose client left.
    """

    def __init__(
        self, seats: int = SEATS, threads: int | None = None, patience: float = PATIENCE
    ) -> None:
        self._seats = CapacityLimiter(seats)
        self._of: Counter[str] = Counter()  # seats by visitor
        threads = threads or max(2, os.cpu_count() or 1)
        self._threads = Turns(threads, "gate")
        self._quick = Turns(threads, "quick")
        self._patience = patience
        self.dropped = {"full": 0, "gone": 0}

    @property
    def taken(self) -> int:
        """How many seats are taken."""
        return self._seats.borrowed_tokens

    @contextmanager
    def seats(self, count: int = 1, lasting: bool = False) -> Iterator[None]:
        """So many seats for as long as this is open; none are always there.

        Arguments:
            lasting: for what goes on while others come and go, such as a stream: half of all
                seats are kept free of it.

        Raises:
            Busy: if they are not free, or this visitor would have more than half of what there is.
        """
        visitor, whole = VISITOR.get(), int(self._seats.total_tokens)
        kept = whole // 2 if lasting else 0
        greedy = visitor and self._of[visitor] + count > (whole - kept) // 2
        if count and (greedy or self._seats.available_tokens - count < kept):
            self.dropped["full"] += 1
            raise Busy(FULL)
        mine = [object() for _ in range(count)]
        for each in mine:
            self._seats.acquire_on_behalf_of_nowait(each)
        self._of[visitor] += count
        try:
            yield
        finally:
            for each in mine:
                self._seats.release_on_behalf_of(each)
            self._of[visitor] -= count
            if not self._of[visitor]:
                del self._of[visitor]

    async def run(self, work: Callable[..., Found], *arguments: Any, quick: bool = False) -> Found:
        """What `work` returns, computed when it is its turn. The caller has a seat.

        Raises:
            Busy: if its turn does not come in time.
        """
        turns = self._quick if quick else self._threads
        running = turns.take(VISITOR.get(), work, *arguments)
        found = asyncio.wrap_future(running)
        try:
            await asyncio.wait({found}, timeout=self._patience)
        except asyncio.CancelledError:
            running.cancel()
            raise
        if not found.done() and running.cancel():  # what has begun is waited for
            self.dropped["full"] += 1
            raise Busy(FULL)
        return await found

    async def run_unless(
        self,
        gone: Callable[[], Awaitable[None]],
        work: Callable[..., Found],
        *arguments: Any,
        quick: bool = False,
    ) -> Found:
        """The same, but given up once `gone` returns, which means that the client has left.

        Raises:
            ClientDisconnect: if it was given up.
        """
        running = asyncio.ensure_future(self.run(work, *arguments, quick=quick))
        leaving = asyncio.ensure_future(gone())
        try:
            await asyncio.wait({running, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                return running.result()
            self.dropped["gone"] += 1
            raise ClientDisconnect
        finally:
            leaving.cancel()
            running.cancel()  # which takes it out of the line; work that has begun is finished


def seats_for(size: int) -> int:
    """How many seats so many bytes take: none if they are few, as a request in words is."""
    return 0 if size <= 2**20 else -(-size // BYTES)


GATE = Gate()
