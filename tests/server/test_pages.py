"""The page as browsers get it: squeezed, and made once for all who ask at one address."""

import inspect
import re
from typing import Any

import pytest
from gradio import route_utils
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.server.gradio_private import PAGE_DEPENDS_ON
from playground.server.pages import MOST, PAGES

BROWSER = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip, br"}


def test_a_browser_gets_the_page_compressed_and_a_program_its_bytes_as_they_are() -> None:
    page = Route("/", lambda _: PlainTextResponse("a page " * 1000))
    client = TestClient(Starlette(routes=[page], middleware=[PAGES]))
    for ways, encoding in (("gzip, br", "br"), ("gzip", "gzip"), ("identity", None)):
        headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": ways}
        reply = client.get("/", headers=headers)
        assert reply.headers.get("content-encoding") == encoding
        assert reply.text == "a page " * 1000
    assert "content-encoding" not in client.get("/").headers


class Counting:
    """A page that says how often it was made, and at what address."""

    def __init__(self, status: int = 200) -> None:
        self.made = 0
        self.status = status
        routes = [Route("/", self._page, methods=["GET", "POST"]), Route("/file", self._page)]
        self.client = TestClient(Starlette(routes=routes, middleware=[PAGES]), root_path="")

    def _page(self, request: Request) -> Response:
        self.made += 1
        seen = [request.headers.get(name, "") for name in PAGE_DEPENDS_ON]
        return PlainTextResponse(f"{self.made} {seen} {request.url}", self.status)

    def ask(self, path: str = "/", **headers: str) -> str:
        return self.client.get(path, headers={**BROWSER, **headers}).text


def test_the_page_is_made_once_for_all_who_ask_at_one_address() -> None:
    page = Counting()
    assert page.ask() == page.ask() == page.ask(cookie="a=b", referer="http://testserver/")
    assert page.made == 1


@pytest.mark.parametrize("name", PAGE_DEPENDS_ON)
def test_a_page_at_another_address_is_another(name: str) -> None:
    page = Counting()
    here, there = page.ask(), page.ask(**{name: "there.example"})
    assert "there.example" in there and "there.example" not in here
    assert page.ask() == here


@pytest.mark.parametrize("asked", [("/?deep_link=1", {}), ("/file", {}), ("/", {"Accept": "*/*"})])
def test_what_may_differ_is_not_kept(asked: tuple[str, dict[str, Any]]) -> None:
    page = Counting()
    path, headers = asked
    assert page.ask(path, **headers) != page.ask(path, **headers)


def test_a_failure_is_not_kept() -> None:
    page = Counting(status=500)
    assert page.ask() != page.ask()


def test_strangers_who_make_up_addresses_fill_no_memory() -> None:
    page = Counting()
    first = page.ask()
    for number in range(MOST):
        page.ask(host=f"{number}.example")
    assert page.ask(host=f"{MOST - 1}.example").startswith(f"{MOST + 1} ")  # still kept
    assert page.ask() != first


def test_gradio_reads_no_other_header_for_its_address() -> None:
    source = inspect.getsource(route_utils.get_request_origin)
    read = re.findall(r'get_first_header_value\(request, "([^"]+)"\)', source)
    assert read and {*read, "host"} == set(PAGE_DEPENDS_ON)
