"""Connections as they come in: how long a head may be, and who neither sends nor reads."""

import asyncio
import socket
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from playground.server import protocol
from playground.server.protocol import HEAD, TOO_LONG, Patient

ASKED = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
LONG = 300 * 1024  # more than one read of a socket


class Page:
    """What answers each request with `reply`, after all of it has come."""

    def __init__(self) -> None:
        self.reply = b"done"
        self.begun = 0
        self.left = Event()  # somebody whose reply was not read to its end
        self.port = 0

    async def __call__(self, _: Any, receive: Any, send: Any) -> None:
        self.begun += 1
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left.set()
                return
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(8):
            await send({"type": "http.response.body", "body": self.reply, "more_body": True})
        await send({"type": "http.response.body"})
        if (await receive())["type"] == "http.disconnect":
            self.left.set()

    def connected(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**16)
        return line

    def answer(self, *parts: bytes) -> bytes:
        """All that comes back for these bytes, until the connection is closed."""
        found = b""
        with self.connected() as line:
            try:
                for part in parts:
                    line.sendall(part)
                while part := line.recv(2**16):
                    found += part
            except ConnectionError:  # what we still sent was not wanted
                pass
        return found


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    app = Page()
    monkeypatch.setitem(uvicorn.config.HTTP_PROTOCOLS, "auto", "unset")
    protocol.use()
    listening = socket.create_server(("127.0.0.1", 0))
    app.port = listening.getsockname()[1]
    options = uvicorn.Config(app, log_level="critical", lifespan="off", timeout_keep_alive=1)
    server = uvicorn.Server(options)
    thread = Thread(target=lambda: asyncio.run(server.serve([listening])))
    thread.start()
    yield app
    server.should_exit = server.force_exit = True
    thread.join()


def test_what_is_meant_well_is_answered(page: Page) -> None:
    head = ASKED + b"Cookie: " + b"x" * (HEAD // 2) + b"\r\n"
    chunks = b"Transfer-Encoding: chunked\r\n\r\n" + b"400\r\n%b\r\n" % bytes(1024) * 500
    for sent in (
        head + b"Content-Length: 3\r\n\r\nabc",
        head + b"Content-Length: 500000\r\n\r\n" + bytes(500_000),
        head + chunks + b"0\r\n\r\n",
    ):
        assert page.answer(sent).startswith(b"HTTP/1.1 200"), sent[-80:]


@pytest.mark.parametrize(
    "head",
    [
        ASKED + b"X: " + b"x" * LONG,
        ASKED + b"".join(b"X%d: x\r\n" % i for i in range(LONG // 8)),
        b"GET /" + b"x" * LONG,
        b"GET / HTTP/1.1\r\n" + b"x" * LONG,
    ],
)
def test_a_long_head_is_refused_before_its_end(page: Page, head: bytes) -> None:
    assert TOO_LONG.encode() in page.answer(head) and page.begun == 0


@pytest.mark.parametrize(
    "frames",
    [
        b"".join(b"1;%b\r\nx\r\n" % (b"y" * 100) for _ in range(LONG // 100)),
        b"1;" + b"y" * LONG,
        b"1\r\nx\r\n0\r\n" + b"".join(b"X%d: x\r\n" % i for i in range(LONG // 8)),
    ],
)
def test_frames_around_a_body_are_no_longer_than_a_head(page: Page, frames: bytes) -> None:
    """Chunks with long extensions, and headers after the last."""
    head = ASKED + b"Transfer-Encoding: chunked\r\n\r\n"
    assert b"200" not in page.answer(head, frames)
    assert page.left.wait(60)


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"GET / HTTP/1.1\r\nHost:"])
def test_a_head_that_does_not_come_is_not_waited_for(
    page: Page, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "SECONDS", 0.5)
    assert page.answer(sent) == b"" and page.begun == 0
    answered = page.answer(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" + sent)
    assert answered.startswith(b"HTTP/1.1 200") and page.begun == 1


def test_a_reply_that_nobody_reads_is_given_up(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And with it the turn of whoever makes it."""
    monkeypatch.setattr(protocol, "STALL", 0.05)
    page.reply = bytes(2**22)
    with page.connected() as line:
        line.sendall(ASKED + b"Content-Length: 0\r\n\r\n")
        assert page.left.wait(60)


def test_who_reads_slowly_gets_all_of_it(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "LEAST", 0)
    monkeypatch.setattr(protocol, "STALL", 0.001)
    page.reply = bytes(2**19)
    assert len(page.answer(ASKED + b"Content-Length: 0\r\n\r\n")) > 8 * 2**19


def test_it_stands_on_what_uvicorn_offers() -> None:
    """A method that it changes and uvicorn does not call would be a limit that does not hold."""
    for name in vars(Patient):
        if not name.startswith("_"):
            assert hasattr(HttpToolsProtocol, name), name
