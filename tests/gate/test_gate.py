"""The gate: a bounded number of long pieces of work, and one way to refuse the rest."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from playground.gate.seats import BYTES, FULL, VISITOR, Busy, Gate, seats_for
from playground.routes import facts, live
from playground.routes.answer import Answer
from playground.store.models import Store
from tests.conftest import play
from tests.support.facts import fact, page_of


class Held:
    """Work that is done when it is told so."""

    def __init__(self) -> None:
        self.begun = 0
        self.go = threading.Event()

    def __call__(self, *_: Any) -> bytes:
        self.begun += 1
        assert self.go.wait(60)
        return b"done"


async def stays() -> None:
    await asyncio.Event().wait()


@pytest.fixture
def held() -> Iterator[Held]:
    work = Held()
    yield work
    work.go.set()


def test_no_more_seats_are_taken_than_there_are() -> None:
    async def scene() -> None:
        gate = Gate(seats=4)
        with gate.seats(3):
            with pytest.raises(Busy, match="more than it can answer"), gate.seats(2):
                pass
            with gate.seats(1), gate.seats(0):
                assert gate.taken == 4
        assert gate.taken == 0 and gate.dropped["full"] == 1

    play(scene())


def test_a_seat_is_given_back_whatever_happens() -> None:
    async def scene() -> None:
        gate = Gate(seats=1)
        for fault in (ZeroDivisionError, asyncio.CancelledError):
            with pytest.raises(fault), gate.seats():
                raise fault
        assert gate.taken == 0

    play(scene())


def test_what_lasts_leaves_half_of_the_seats_to_others() -> None:
    async def scene() -> None:
        gate = Gate(seats=4)
        with ExitStack() as taken:
            for _ in range(2):
                taken.enter_context(gate.seats(lasting=True))
            with pytest.raises(Busy), gate.seats(lasting=True):
                pass
            for _ in range(2):
                taken.enter_context(gate.seats())

    play(scene())


def test_a_file_takes_as_many_seats_as_it_needs_memory() -> None:
    assert [seats_for(size) for size in (0, 2**20, 2**20 + 1, BYTES, BYTES + 1)] == [0, 0, 1, 1, 2]
    assert seats_for(128 * 2**20) == 8


def test_no_visitor_has_more_than_half_of_the_seats() -> None:
    async def scene() -> None:
        gate = Gate(seats=8)
        VISITOR.set("greedy")
        with gate.seats(2, lasting=True), gate.seats(2):
            for lasting in (False, True):
                with pytest.raises(Busy), gate.seats(lasting=lasting):
                    pass
            VISITOR.set("other")
            with gate.seats(4):
                assert gate.taken == 8
        VISITOR.set("greedy")
        with gate.seats(4):
            pass

    play(scene())


def test_a_visitor_with_a_long_line_keeps_nobody_waiting(held: Held) -> None:
    async def scene() -> None:
        gate, order = Gate(threads=1), []

        def asks(visitor: str) -> asyncio.Task[None]:
            VISITOR.set(visitor)  # which the task takes with it
            return asyncio.create_task(gate.run(order.append, visitor))

        first = asyncio.create_task(gate.run(held))
        await asyncio.sleep(0)
        tasks = [asks("many") for _ in range(4)] + [asks("one"), asks("two"), asks("two")]
        await asyncio.sleep(0)
        held.go.set()
        await asyncio.gather(first, *tasks)
        assert order == ["many", "one", "two", "many", "two", "many", "many"]

    play(scene())


def test_who_waits_too_long_is_told_so_and_what_has_begun_is_finished(held: Held) -> None:
    async def scene() -> None:
        gate, late = Gate(threads=1, patience=0), Held()
        first = asyncio.create_task(gate.run(held))
        while not held.begun:
            await asyncio.sleep(0)
        with pytest.raises(Busy):
            await gate.run(late)
        held.go.set()
        assert await first == b"done" and late.begun == 0 and gate.dropped["full"] == 1

    play(scene())


def test_work_waits_for_a_thread_and_not_for_whoever_has_left(held: Held) -> None:
    async def scene() -> None:
        gate, left, late = Gate(threads=1), asyncio.Event(), Held()

        async def gone() -> None:
            await left.wait()

        first = asyncio.ensure_future(gate.run(held))
        waiting = asyncio.ensure_future(gate.run_unless(gone, late))
        await asyncio.sleep(0)
        left.set()
        with pytest.raises(ClientDisconnect):
            await waiting
        held.go.set()
        assert await first == b"done" == await gate.run_unless(stays, held)
        assert late.begun == 0 and gate.dropped["gone"] == 1

    play(scene())


@pytest.fixture
def page(store: Store, held: Held, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The live routes behind a gate of four seats, and one more route that is slow."""
    gate = Gate(seats=4, threads=1)
    monkeypatch.setattr(live, "GATE", gate)
    monkeypatch.setattr(facts, "GATE", gate)
    monkeypatch.setattr(live, "ANSWERS", (*live.ANSWERS, Answer("held", held, 2**27, slow=True)))
    return page_of(store)


def test_what_is_quick_waits_for_no_slow_route_and_too_many_are_refused(
    page: TestClient, held: Held
) -> None:
    replies: list[int] = []
    slow = [
        threading.Thread(target=lambda: replies.append(page.post("/live/held").status_code))
        for _ in range(4)
    ]
    for each in slow[:3]:
        each.start()
    while live.GATE.taken < 3:
        time.sleep(0.01)
    assert page.get("/live/train-options").status_code == 200
    slow[3].start()
    while live.GATE.taken < 4:
        time.sleep(0.01)
    refused = fact(page, "map", "vae-2")
    assert (refused.status_code, refused.json()) == (503, {"error": FULL})
    assert int(refused.headers["retry-after"]) > 0
    held.go.set()
    for each in slow:
        each.join()
    assert replies == [200] * 4 and live.GATE.taken == 0
    assert fact(page, "map", "vae-2").status_code == 200


def test_a_body_that_does_not_come_takes_no_seat(page: TestClient) -> None:
    async def sent(*told: dict[str, Any]) -> int:
        messages, codes = list(told), []

        async def receive() -> dict[str, Any]:
            if not messages:
                await asyncio.Event().wait()  # the rest never comes
            return messages.pop(0)

        async def send(reply: Any) -> None:
            codes.append(reply.get("status"))

        path = {"type": "http", "method": "POST", "path": "/live/pictures", "query_string": b""}
        headers = [(b"content-length", b"2000000")]
        await page.app({**path, "headers": headers}, receive, send)
        return codes[0]

    async def scene() -> None:
        part = {"type": "http.request", "body": b"x" * 2_000_000}
        slow = [asyncio.create_task(sent({**part, "more_body": True})) for _ in range(9)]
        await asyncio.sleep(0)
        assert live.GATE.taken == 0
        assert await sent(part) == 400  # it is no zip file, but it was read
        for each in slow:
            each.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    play(scene())
