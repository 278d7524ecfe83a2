"""Who may compute: a few requests at a time, while a bounded number waits and the rest is refused.

A page that draws asks again and again, and only its newest question matters. So a request may
name its asker: a newer one of the same asker takes the place of one that still waits. Requests of
many visitors that wait for the same route are answered together where the route can do that.
Slow routes go through the gate instead, so that no map keeps a drawing waiting.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from starlette.requests import ClientDisconnect

from ..gate import FULL, Busy
from ..store import Store
from .answer import Answer

MOST = 256  # requests that wait, all visitors together
TOGETHER = 16  # requests that are answered at once

_log = logging.getLogger(__name__)


class Overtaken(Exception):
    """A request whose place was taken by a newer one of the same asker."""


@dataclass(eq=False)
class _Ticket:
    answer: Answer
    body: bytes
    reply: asyncio.Future[Any]


class Desk:
    """Works on requests in threads. Its methods belong to one event loop.

    Attributes:
        dropped: how many requests were refused, by reason: full, overtaken, or gone for those
            whose client left while they waited.
    """

    def __init__(self, store: Store, workers: int | None = None, most: int = MOST) -> None:
        # Inference uses one thread per request: more workers than cores would only take turns.
        workers = workers or os.cpu_count() or 1
        self._free = workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="live")
        # What can be answered together gathers while it waits, so half of the cores do it sooner.
        self._tables = max(1, workers // 2)
        self._store = store
        self._most = most
        self._waiting: dict[Hashable, _Ticket] = {}  # the next one first
        self.dropped = {"full": 0, "overtaken": 0, "gone": 0}

    @property
    def waiting(self) -> int:
        """How many requests wait for their turn."""
        return len(self._waiting)

    async def ask(
        self, answer: Answer, body: bytes, asker: str, gone: Callable[[], Awaitable[None]]
    ) -> Any:
        """What the route `answer` makes of `body`, when it is its turn.

        Arguments:
            asker: who asks; "" for somebody who is not known, and overtakes nobody.
            gone: returns when the client has left.

        Raises:
            Busy: if too many wait.
            Overtaken: if a newer request of this asker came.
            ClientDisconnect: if the client left before it was its turn.
            UsageError: if the request cannot be answered.
        """
        ticket = _Ticket(answer, body, asyncio.get_running_loop().create_future())
        place: Hashable = (answer.name, asker) if asker else ticket
        self._line_up(place, ticket)
        self._work()
        if self._waiting.get(place) is ticket:
            await self._wait(place, ticket, gone)
        return await ticket.reply

    def _line_up(self, place: Hashable, ticket: _Ticket) -> None:
        older = self._waiting.get(place)
        if older is not None:
            self.dropped["overtaken"] += 1
            older.reply.set_exception(
                Overtaken("A newer request of the same asker took the place of this one.")
            )
        elif self.waiting >= self._most:
            self.dropped["full"] += 1
            raise Busy(FULL)
        self._waiting[place] = ticket  # which keeps the turn of the older one

    async def _wait(
        self, place: Hashable, ticket: _Ticket, gone: Callable[[], Awaitable[None]]
    ) -> None:
        leaving = asyncio.ensure_future(gone())
        try:
            await asyncio.wait({ticket.reply, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            if not ticket.reply.done() and self._waiting.get(place) is ticket:
                del self._waiting[place]
                self.dropped["gone"] += 1
                ticket.reply.set_exception(ClientDisconnect())

    def _work(self) -> None:
        """Gives whoever waits to whoever is free."""
        going = asyncio.get_running_loop()
        while tickets := self._take():
            answer = tickets[0].answer
            self._free -= 1
            self._tables -= answer.many is not None
            bodies = [ticket.body for ticket in tickets]
            work = going.run_in_executor(self._threads, _replies, answer, bodies, self._store)
            work.add_done_callback(lambda done, tickets=tickets: self._hand_out(tickets, done))

    def _has_room_for(self, answer: Answer) -> bool:
        return self._free > 0 and (answer.many is None or self._tables > 0)

    def _take(self) -> list[_Ticket]:
        """The next request, and those that can be answered together with it; none if none can."""
        able = (each for each in self._waiting.values() if self._has_room_for(each.answer))
        first = next(able, None)
        if first is None:
            return []
        most = TOGETHER if first.answer.many else 1
        same = [each for each in self._waiting.items() if each[1].answer is first.answer][:most]
        for place, _ in same:
            del self._waiting[place]
        return [ticket for _, ticket in same]

    def _hand_out(self, tickets: list[_Ticket], done: asyncio.Future[list[Any]]) -> None:
        self._free += 1
        self._tables += tickets[0].answer.many is not None
        for ticket, reply in zip(tickets, done.result(), strict=True):
            if ticket.reply.done():
                continue  # nobody waits for it any more
            if isinstance(reply, Exception):
                ticket.reply.set_exception(reply)
            else:
                ticket.reply.set_result(reply)
        self._work()


def _replies(answer: Answer, bodies: list[bytes], store: Store) -> list[Any]:
    """A reply or an exception for each of the requests."""
    if answer.many and len(bodies) > 1:
        try:
            return answer.many(bodies, store)
        except Exception:  # noqa: BLE001 - one of them is at fault: the others get their replies
            _log.exception("several requests to %s cannot be answered together", answer.name)
    return [_reply(answer, body, store) for body in bodies]


def _reply(answer: Answer, body: bytes, store: Store) -> Any:
    try:
        return answer.work(body, store)
    except Exception as error:  # noqa: BLE001 - raised where the request is answered
        return error
