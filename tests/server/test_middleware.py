"""The middleware: what is open, where the page stands below a path, and what it says."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from playground.gate.seats import Busy
from playground.server.middleware import CLOSED, HEADERS, POLICY, UNREADABLE, Guard
from playground.wire.packing import FAULT
from vae_core.errors import UsageError

POLICY_HEADER = "content-security-policy"
ADDRESSES = ["/", "/live/{name}", "/static/{path:path}", "/gradio_api/file={path:path}"]


async def answer(request: Request) -> Response:
    return PlainTextResponse(request.url.path)


def client(root: str = "") -> TestClient:
    """Asks a page that would answer everything."""
    guard = Middleware(Guard, addresses=ADDRESSES, largest=2**20)
    app = Starlette(routes=[Route("/{path:path}", answer)], middleware=[guard])
    return TestClient(app, root_path=root)


OPEN = ["/", "/live/about", "/static/js/a.js", "/gradio_api/file=/tmp/a/b.png", "/live/a%20b"]
SHUT = [
    *("/new", "/live/", "/live/about/x", "/static", "/staticx", "/gradio_api/file"),
    *("/gradio_api/new", "/gradio_api/", "/live%2fabout/x", "/LIVE/about"),
]


@pytest.mark.parametrize("root", ["", "/vae"])
@pytest.mark.parametrize("path", OPEN)
def test_what_is_listed_is_open(path: str, root: str) -> None:
    reply = client(root).get(root + path)
    assert reply.status_code == 200
    assert {name: reply.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("root", ["", "/vae"])
@pytest.mark.parametrize("path", SHUT)
def test_what_is_not_listed_is_closed(path: str, root: str) -> None:
    reply = client(root).get(root + path)
    assert reply.status_code == (403 if "/gradio_api/" in path else 404), reply.text
    assert reply.json() == {"error": CLOSED}
    assert {name: reply.headers[name] for name in HEADERS} == HEADERS


def test_a_wrong_method_is_for_the_route_to_refuse() -> None:
    asked = client()
    assert asked.head("/live/about").status_code == 200
    for method in ("OPTIONS", "POST", "DELETE"):
        assert asked.request(method, "/live/about").status_code == 405, method


def test_no_proxy_is_to_keep_a_stream_of_events() -> None:
    def streamed(_: Request) -> Response:
        return StreamingResponse(iter([b"data: 1\n\n"]), media_type="text/event-stream")

    guard = Middleware(Guard, addresses=["/events", "/other"], largest=2**20)
    routes = [Route("/events", streamed), Route("/other", answer)]
    asked = TestClient(Starlette(routes=routes, middleware=[guard]))
    assert asked.get("/events").headers["X-Accel-Buffering"] == "no"
    assert "X-Accel-Buffering" not in asked.get("/other").headers


def test_a_giant_is_told_so_wherever_it_is_sent() -> None:
    for path in ("/", "/new"):
        reply = client().post(path, content=bytes(2**20 + 1))
        assert reply.status_code == 413 and "at most 1 MB" in reply.json()["error"], path


@pytest.mark.parametrize(
    ("error", "path", "code", "sentence"),
    [
        (ValueError("secret"), "/live/a", 500, FAULT),
        (ValueError("secret"), "/gradio_api/file=a", 400, UNREADABLE),
        (UsageError("Choose another."), "/live/a", 400, "Choose another."),
        (Busy("The server is busy."), "/live/a", 503, "The server is busy."),
    ],
)
def test_a_fault_is_told_in_a_sentence(
    error: Exception, path: str, code: int, sentence: str
) -> None:
    def broken(_: Request) -> Response:
        raise error

    guard = Middleware(Guard, addresses=ADDRESSES, largest=2**20)
    app = Starlette(routes=[Route("/{path:path}", broken)], middleware=[guard])
    reply = TestClient(app).get(path)
    assert (reply.status_code, reply.json()) == (code, {"error": sentence})
    assert ("Retry-After" in reply.headers) == (code == 503)


def test_every_reply_says_what_the_page_may_do() -> None:
    guard = Middleware(Guard, addresses=ADDRESSES, largest=1, policy={"frame-ancestors": "school"})
    asked = TestClient(Starlette(routes=[Route("/", answer)], middleware=[guard]))
    for reply in (asked.get("/"), asked.get("/new"), asked.post("/", content=b"xx")):
        told = dict(each.split(" ", 1) for each in reply.headers[POLICY_HEADER].split("; "))
        assert told == {**POLICY, "frame-ancestors": "school"}
    assert "https:" not in str(POLICY)  # it asks nobody else


def test_nobody_speaks_websocket() -> None:
    with pytest.raises(WebSocketDisconnect), client().websocket_connect("/"):
        pass
