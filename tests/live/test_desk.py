"""Who may compute, when more visitors ask than can be answered."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from playground import live
from playground.gate import Busy
from playground.live import reconstruct
from playground.live.answer import Answer
from playground.live.desk import TOGETHER, Desk, Overtaken
from playground.store import Store
from playground.styles import DEFAULT_CARDS
from tests.conftest import play
from tests.live.test_routes import LOUD, QUIET, message, views
from vae_core.errors import UsageError


class Slow:
    """A route that answers when it is told to, and remembers what reached it."""

    def __init__(self) -> None:
        self.seen: list[list[bytes]] = []
        self.go = threading.Event()

    def work(self, body: bytes, _: Store) -> bytes:
        return self.many([body], _)[0]

    def many(self, bodies: list[bytes], _: Store) -> list[Any]:
        self.seen.append(bodies)
        assert self.go.wait(60)
        if b"bug" in bodies:
            raise ZeroDivisionError
        return [UsageError("It is bad.") if body == b"bad" else body.upper() for body in bodies]

    def alone(self) -> Answer:
        return Answer("slow", self.work, 10)

    def together(self) -> Answer:
        return Answer("slow", self.work, 10, self.many)


async def stays() -> None:
    await asyncio.Event().wait()


async def meanwhile(waiting: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
    """Begins to ask, and comes back when the desk knows of it."""
    task = asyncio.ensure_future(waiting)
    await asyncio.sleep(0)
    return task


def asked(desk: Desk, answer: Answer, body: bytes, asker: str = "") -> Any:
    return meanwhile(desk.ask(answer, body, asker, stays))


def test_the_newest_request_of_an_asker_takes_the_turn_of_one_that_waits(store: Store) -> None:
    async def scene() -> None:
        slow, desk = Slow(), Desk(store, workers=1)
        first = await asked(desk, slow.alone(), b"first", "ann")
        stale = await asked(desk, answer := slow.alone(), b"stale", "ann")
        other = await asked(desk, answer, b"other", "bob")
        newest = await asked(desk, answer, b"newest", "ann")
        with pytest.raises(Overtaken, match="newer"):
            await stale
        slow.go.set()
        assert await asyncio.gather(first, other, newest) == [b"FIRST", b"OTHER", b"NEWEST"]
        assert slow.seen == [[b"first"], [b"newest"], [b"other"]]
        assert desk.dropped == {"full": 0, "overtaken": 1, "gone": 0}

    play(scene())


def test_one_asker_may_wait_at_several_routes_and_the_unknown_overtake_nobody(
    store: Store,
) -> None:
    async def scene() -> None:
        slow, desk = Slow(), Desk(store, workers=1)
        answer, other = slow.alone(), slow.alone()._replace(name="other")
        tasks = [await asked(desk, answer, b"a"), await asked(desk, answer, b"b")]
        tasks += [await asked(desk, answer, b"c"), await asked(desk, answer, b"d", "ann")]
        tasks += [await asked(desk, other, b"e", "ann")]
        slow.go.set()
        assert await asyncio.gather(*tasks) == [b"A", b"B", b"C", b"D", b"E"]

    play(scene())


def test_no_more_than_a_bounded_number_waits(store: Store) -> None:
    async def scene() -> None:
        slow, desk = Slow(), Desk(store, workers=1, most=3)
        tasks = [await asked(desk, slow.alone(), b"x", f"{i}") for i in range(4)]
        assert desk.waiting == 3
        with pytest.raises(Busy, match="Many visitors"):
            await desk.ask(slow.alone(), b"y", "late", stays)
        slow.go.set()
        assert await asyncio.gather(*tasks) == [b"X"] * 4
        assert desk.waiting == 0 and desk.dropped["full"] == 1

    play(scene())


def test_what_a_client_waited_for_is_not_worked_on_when_it_has_left(store: Store) -> None:
    async def scene() -> None:
        slow, desk, left = Slow(), Desk(store, workers=1), asyncio.Event()

        async def gone() -> None:
            await left.wait()

        first = await asked(desk, slow.alone(), b"first")
        task = await meanwhile(desk.ask(slow.alone(), b"closed the tab", "ann", gone))
        left.set()
        with pytest.raises(ClientDisconnect):
            await task
        slow.go.set()
        await first
        assert slow.seen == [[b"first"]] and desk.dropped["gone"] == 1

    play(scene())


def test_requests_that_wait_for_one_route_are_answered_together(store: Store) -> None:
    async def scene() -> None:
        slow, desk = Slow(), Desk(store, workers=1)
        answer = slow.together()
        bodies = [b"first", *(f"{i}".encode() for i in range(TOGETHER)), b"bad", b"late"]
        tasks = [await asked(desk, answer, body) for body in bodies]
        slow.go.set()
        replies = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(replies[-2], UsageError)
        assert [*replies[:-2], replies[-1]] == [b.upper() for b in bodies if b != b"bad"]
        assert [len(each) for each in slow.seen] == [1, TOGETHER, 2]

    play(scene())


def test_gathering_requests_leave_a_worker_to_others(store: Store) -> None:
    async def scene() -> None:
        slow, desk = Slow(), Desk(store, workers=2)
        together, alone = slow.together(), slow.alone()._replace(name="other")
        tasks = [await asked(desk, together, body) for body in (b"first", b"a", b"b")]
        tasks.append(await asked(desk, alone, b"alone"))
        assert desk.waiting == 2
        slow.go.set()
        await asyncio.gather(*tasks)
        assert sorted(slow.seen) == [[b"a", b"b"], [b"alone"], [b"first"]]

    play(scene())


def test_drawing_and_dragging_are_quick_and_maps_are_slow() -> None:
    slow = {answer.name: answer.slow for answer in live.ANSWERS}
    assert not any(slow[name] for name in ("reconstruct", "decode", "traverse"))
    assert all(slow[name] for name in ("sheet", "film", "tsne"))


def test_a_request_that_meets_a_bug_does_not_take_its_neighbours_down(store: Store) -> None:
    async def scene() -> None:
        slow, desk = Slow(), Desk(store, workers=1)
        answer = slow.together()
        tasks = [await asked(desk, answer, body) for body in (b"first", b"one", b"bug", b"two")]
        slow.go.set()
        replies = await asyncio.gather(*tasks, return_exceptions=True)
        assert replies[:2] == [b"FIRST", b"ONE"] and replies[3] == b"TWO"
        assert isinstance(replies[2], ZeroDivisionError)

    play(scene())


def test_a_refused_visitor_is_told_why_and_when_to_ask_again(store: Store) -> None:
    nobody = TestClient(Starlette(routes=live.routes(store, Desk(store, most=0))))
    reply = nobody.post("/live/reconstruct", content=message())
    assert reply.status_code == 503 and int(reply.headers["retry-after"]) > 0
    assert reply.json()["error"].startswith("Many visitors")


def test_digits_that_are_answered_together_look_as_they_do_alone(store: Store) -> None:
    requests = [
        message(noise=LOUD),
        b"nonsense",
        message(noise=QUIET, models=["conv-vae-2", "conv-32"], sample=3),
        message(noise=LOUD, models=[]),
        message(noise={**LOUD, "kind": "blur"}, models=[*DEFAULT_CARDS[::-1]], sample=4),
    ]
    together = reconstruct.reconstruct_many(requests, store)
    assert isinstance(together[1], UsageError)
    for request, reply in zip(requests, together, strict=True):
        if isinstance(reply, UsageError):
            continue
        (about, pictures), (expected, others) = (
            views(reply),
            views(reconstruct.reconstruct(request, store)),
        )
        assert len(pictures) == len(others)
        for one, other in zip(pictures, others, strict=True):
            assert np.abs(one.astype(int) - other).max() <= 1
        for one, other in zip(about["models"], expected["models"], strict=True):
            assert one["mse"] == pytest.approx(other["mse"], rel=1e-3, abs=1e-7)
            assert (one["name"], one["sampled"]) == (other["name"], other["sampled"])
