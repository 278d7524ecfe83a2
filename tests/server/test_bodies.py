"""Bodies of requests, before they are parsed: how slowly they come, how many parts they have."""

import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.gate.seats import FULL, VISITOR, Busy
from playground.server.bodies import GRACE, LEAST, MANY_PARTS, MOST_PARTS, SLOW, Arriving, Bodies
from playground.server.middleware import Guard
from tests.conftest import play

CALL = "/gradio_api/call/digit"


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Page:
    """A page that reads what it is sent, with the middleware before it."""

    def __init__(self, arriving: Arriving | None = None) -> None:
        self.read: list[int] = []
        self.said = ""
        self.clock = Clock()
        self.arriving = arriving or Arriving()
        bodies = Middleware(Bodies, arriving=self.arriving, now=self.clock)
        guard = Middleware(Guard, addresses=["/{path:path}"], largest=2**24)
        routes = [Route("/{path:path}", self._answer, methods=["GET", "POST"])]
        self.app = Starlette(routes=routes, middleware=[guard, bodies])
        self.client = TestClient(self.app)

    async def _answer(self, request: Request) -> Response:
        body = await request.body()
        self.read.append(len(body))
        return PlainTextResponse(str(sum(self.arriving.held.values())))

    async def sent(self, path: str, *parts: tuple[float, bytes]) -> int:
        """The status for a body whose parts come so many seconds after each other."""
        messages, codes = list(parts), []

        async def receive() -> dict[str, Any]:
            if not messages:
                await asyncio.Event().wait()
            seconds, body = messages.pop(0)
            self.clock.seconds += seconds
            return {"type": "http.request", "body": body, "more_body": bool(messages)}

        async def send(message: Any) -> None:
            codes.append(message.get("status"))
            self.said = message.get("body", b"").decode()

        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "headers": [],
        }
        await self.app(scope, receive, send)
        return codes[0]


def test_what_has_too_many_parts_is_not_given_to_be_parsed() -> None:
    """Eight megabytes of brackets keep Gradio's loop for ten seconds."""
    page = Page()
    for content in (b"[" + b"[]," * MOST_PARTS + b"[]]", b"{" * 2**23, b"0," * 2**22):
        reply = page.client.post(CALL, content=content)
        assert (reply.status_code, reply.json()) == (400, {"error": MANY_PARTS})
    assert page.read == [] and not page.arriving.held


def test_what_is_read_of_too_many_parts_is_little() -> None:
    """The count ends it, and not the end of the body."""
    page = Page()
    part = b"[]" * (MOST_PARTS // 2)
    status = play(page.sent(CALL, *[(0.0, part)] * 3, (1e9, b"never looked at")))
    assert status == 400 and page.clock.seconds == 0


def test_a_file_in_base64_is_one_long_word() -> None:
    page = Page()
    content = b'{"data": ["' + b"A" * 2**23 + b'", 4]}'
    assert page.client.post(CALL, content=content).status_code == 200
    assert page.read == [len(content)] and not page.arriving.held


def test_the_page_s_own_routes_may_be_sent_any_bytes() -> None:
    """They look at the length of a header before they read it as JSON."""
    assert Page().client.post("/live/pictures", content=b"[" * 2**20).status_code == 200


@pytest.mark.parametrize("path", [CALL, "/live/pictures"])
def test_a_body_has_a_deadline_that_moves_with_what_has_come(path: str) -> None:
    second = (1.0, bytes(LEAST))
    assert play(Page().sent(path, *[second] * 100, (0.0, b""))) == 200
    assert play(Page().sent(path, (GRACE - 1, b"x"), (0.0, b""))) == 200
    assert play(Page().sent(path, (GRACE + 1, b"x"), (0.0, b""))) == 408
    assert play(Page().sent(path, *[(1.0, bytes(LEAST // 2))] * 100, (0.0, b""))) == 408


def test_who_is_too_slow_is_told_so() -> None:
    page = Page()
    play(page.sent("/x", (GRACE + 1, b"x"), (0.0, b"")))
    assert SLOW in page.said


def test_no_visitor_fills_the_room_for_bodies() -> None:
    arriving = Arriving(room=100, share=60)
    arriving.take("many", 60)
    with pytest.raises(Busy):
        arriving.take("many", 1)
    arriving.give("many", 1)
    arriving.take("one", 40)
    with pytest.raises(Busy):
        arriving.take("two", 1)
    for visitor, size in (("many", 60), ("one", 40), ("two", 1)):
        arriving.give(visitor, size)
    assert not arriving.held


@pytest.mark.parametrize("path", [CALL, "/live/pictures"])
def test_a_body_without_room_is_refused_and_what_it_held_is_free_again(path: str) -> None:
    page = Page(Arriving(room=100, share=60))
    VISITOR.set("")
    reply = page.client.post(path, content=bytes(61))
    assert (reply.status_code, reply.json()) == (503, {"error": FULL})
    assert int(reply.headers["retry-after"]) > 0
    assert page.client.post(path, content=bytes(60)).text == "60"
    assert not page.arriving.held
