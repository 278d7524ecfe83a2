"""How many connections there may be, and what is said over one too many."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count

import pytest

from playground.gate.seats import AGAIN, FULL
from playground.server import connections, protocol
from playground.server.connections import Connections

from .test_protocol import Page, page  # noqa: F401 - a fixture

WELL = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connections]:
    """A page of four connections, so two for an address."""
    found = Connections(4)
    monkeypatch.setattr(connections, "CONNECTIONS", found)
    yield found


def test_an_address_has_half_of_them_and_all_have_no_more_than_there_are() -> None:
    found = Connections(4)
    assert [found.open("10.0.0.1") for _ in range(3)] == [False, False, True]
    found.close("10.0.0.1")
    assert [found.open(f"10.0.0.{i}") for i in (2, 3, 4)] == [False, False, True]
    for i in (1, 1, 2, 3):
        found.close(f"10.0.0.{i}")
    assert not found.open("10.0.0.4")


def test_a_household_is_one_address() -> None:
    found = Connections(4)
    told = [found.open(each) for each in ("2001:db8::1", "2001:db8::2%eth0", "2001:db8::3")]
    assert told == [False, False, True]
    assert not found.open("2001:db8:0:1::1")


def test_there_is_room_for_a_hall_behind_one_router_and_files_are_left() -> None:
    most = connections.most_here()
    assert most <= connections.MOST and connections.MOST // 2 >= 300 * 6
    if connections.sys.platform != "win32":
        files, _ = connections.resource.getrlimit(connections.resource.RLIMIT_NOFILE)
        assert files < 0 or most < files


def test_one_too_many_is_told_so_and_the_next_is_answered_when_one_has_gone(
    page: Page,  # noqa: F811
    few: Connections,
) -> None:
    with ExitStack() as idle:
        first = idle.enter_context(page.connected())
        idle.enter_context(page.connected())
        told = page.answer(WELL)
        head, _, body = told.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503") and page.begun == 0
        assert f"retry-after: {AGAIN}".encode() in head.lower()
        assert json.loads(body) == {"error": FULL}
        first.close()
        answered = next(answer for _ in count() if b" 503 " not in (answer := page.answer(WELL)))
        assert answered.startswith(b"HTTP/1.1 200")


def test_one_too_many_that_says_nothing_is_not_waited_for(
    page: Page,  # noqa: F811
    few: Connections,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(protocol, "BRIEF", 0.05)
    with page.connected(), page.connected(), page.connected() as third:
        assert third.recv(1) == b""
