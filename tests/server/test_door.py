"""The door: under which names the page is shown, whose pages may ask it, and who is let in anyhow."""

import socket

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.gate.seats import VISITOR
from playground.server.door import FOREIGN, UNKNOWN, Door, visitor_of
from playground.server.hosts import Hosts, hosts_of, is_alone, policy_of

HERE = "http://localhost:7860"


async def answer(request: Request) -> Response:
    told = (request.headers.get(name, "") for name in ("x-forwarded-host", "x-gradio-server"))
    return PlainTextResponse("".join(told) + VISITOR.get())


def client(hosts: Hosts | None = None, url: str = HERE) -> TestClient:
    """Asks a page that would answer everything."""
    methods = ["GET", "HEAD", "POST", "OPTIONS", "DELETE"]
    routes = [Route("/{path:path}", answer, methods=methods)]
    door = Middleware(Door, hosts=hosts or Hosts())
    return TestClient(Starlette(routes=routes, middleware=[door]), base_url=url)


OWN = [
    *("localhost", "localhost:7860", "LOCALHOST:1", "127.0.0.1:7860", "127.8.9.1", "[::1]:7860"),
    *("x.localhost:7860", "localhost.:7860"),
]
STRANGE = [
    *(
        "evil.example",
        "localhost.evil.example",
        "192.168.0.7:7860",
        "0.0.0.0:7860",
        "[::2]",
        "::1",
    ),
    *(
        "evil.example@localhost",
        "localhost/evil.example",
        "localhost:7860:1",
        "localhost, evil",
        "",
    ),
    *(
        "127.0.0.1.evil.example",
        "evil\\localhost",
        "localhost#",
        "xn--lcalhost-54a",
        "[localhost]",
    ),
]


@pytest.mark.parametrize("host", OWN)
def test_this_machine_has_names_for_itself(host: str) -> None:
    assert Hosts().knows(host)


@pytest.mark.parametrize("host", STRANGE)
def test_no_other_name_is_known(host: str) -> None:
    """One that leads here by DNS rebinding gives itself away."""
    assert not Hosts().knows(host)
    if host and host.isascii():
        reply = client().get("/live/about", headers={"host": host})
        assert (reply.status_code, reply.json()) == (403, {"error": UNKNOWN})


def test_names_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_HOSTS", "vae.school.example, *.lab.example,")
    monkeypatch.setenv("SPACE_HOST", "me-vae.hf.space")
    hosts = hosts_of("127.0.0.1")
    for name in ("vae.school.example:8080", "a.lab.example", "A.B.lab.example", "me-vae.hf.space"):
        assert hosts.knows(name), name
    for name in ("school.example", "lab.example", "xlab.example", "x.hf.space", "x.gradio.live"):
        assert not hosts.knows(name), name
    assert hosts_of("127.0.0.1", share=True).knows("x.gradio.live")
    policy = policy_of(hosts)
    assert "vae.school.example:* " in policy["frame-ancestors"]
    assert policy["frame-ancestors"].endswith("https://huggingface.co https://*.hf.space")
    assert policy["connect-src"].endswith(" https://huggingface.co")


def test_a_page_for_other_machines_has_every_address_and_the_names_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Desk")
    hosts = hosts_of("0.0.0.0")
    for name in ("192.168.0.7:7860", "[fe80::1]:7860", "0.0.0.0:7860", "desk:7860", "desk.local"):
        assert hosts.knows(name), name
    for name in ("desk.evil.example", "evil.example"):
        assert not hosts.knows(name), name
    assert hosts_of("192.168.0.7").knows("192.168.0.7:7860")
    assert not hosts_of("192.168.0.7").knows("192.168.0.8:7860")
    assert policy_of(hosts) == {"frame-ancestors": "'self'"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]"])
def test_a_page_on_this_machine_is_alone(host: str) -> None:
    assert is_alone(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.0.7", "example.org"])
def test_a_page_that_others_reach_is_not(host: str) -> None:
    assert not is_alone(host)


FOREIGNERS = [
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": "http://localhost:3000"},  # another program of this machine
    {"origin": "http://localhost:7860.evil.example"},
    {"origin": "file://localhost:7860"},
    {"origin": "chrome-extension://localhost:7860"},
    {"origin": ""},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"},
]


@pytest.mark.parametrize("headers", FOREIGNERS)
@pytest.mark.parametrize(
    "path", ["/", "/live/train-wish", "/gradio_api/mcp", "/gradio_api/call/x"]
)
def test_pages_of_others_ask_nothing(path: str, headers: dict[str, str]) -> None:
    for method in ("GET", "POST", "OPTIONS", "DELETE"):
        reply = client().request(method, path, headers=headers)
        assert (reply.status_code, reply.json()) == (403, {"error": FOREIGN}), method


def test_a_link_and_a_frame_show_the_page_and_a_form_sends_nothing() -> None:
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client().get("/", headers=followed).status_code == 200
    assert client().post("/live/train-wish", headers=followed).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": HERE, "sec-fetch-site": "same-origin"},
        {"origin": "https://localhost:7860"},  # behind a proxy that speaks https
        {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"},
        {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"},
    ],
)
def test_the_page_itself_and_programs_ask_everything(headers: dict[str, str]) -> None:
    for method in ("GET", "POST"):
        assert client().request(method, "/live/about", headers=headers).status_code == 200


def test_pages_of_a_name_that_was_told_may_ask() -> None:
    hosts = Hosts(["vae.school.example"])
    headers = {"origin": "https://vae.school.example", "sec-fetch-site": "cross-site"}
    assert client(hosts).post("/live/about", headers=headers).status_code == 200
    headers["origin"] = "https://school.example"
    assert client(hosts).post("/live/about", headers=headers).status_code == 403


def test_the_default_port_goes_without_saying() -> None:
    hosts = Hosts(own=["vae.example"])
    asked = client(hosts, "http://vae.example")
    assert asked.post("/", headers={"origin": "https://vae.example:443"}).status_code == 200
    assert asked.post("/", headers={"origin": "https://vae.example:8443"}).status_code == 403


def test_another_host_is_believed_only_if_it_was_told() -> None:
    hosts = Hosts(["vae.school.example"])
    for told, believed in (
        ("evil.example", ""),
        ("vae.school.example", "vae.school.example"),
        ("vae.school.example, inner", "vae.school.example, inner"),
    ):
        headers = {"x-forwarded-host": told, "x-gradio-server": "http://evil.example"}
        reply = client(hosts).get("/", headers=headers)
        assert reply.text.removesuffix("testclient") == believed


def test_a_request_names_its_host_once() -> None:
    for headers in ([("host", "")], [("host", "localhost"), ("host", "evil.example")]):
        reply = client().get("/", headers=[*headers, ("origin", HERE)])
        assert reply.status_code == 400 and "Host" in reply.json()["error"]


def test_a_visitor_is_an_address_or_the_network_of_one_house() -> None:
    def of(client: tuple[str, int] | None) -> str:
        return visitor_of({"type": "http", "client": client})

    assert of(("10.0.0.1", 1)) == of(("10.0.0.1", 2)) != of(("10.0.0.2", 1))
    assert of(("2001:db8::1", 1)) == of(("2001:db8::ffff", 1)) != of(("2001:db8:0:1::1", 1))
    assert of(None) == "" and of(("testclient", 1)) == "testclient"


def test_a_proxy_is_believed_who_asks_only_where_there_is_nothing_else() -> None:
    headers = {"x-forwarded-for": "10.0.0.7"}
    assert client().get("/", headers=headers).text == "testclient"
    door = Middleware(Door, hosts=Hosts(), behind=True)
    app = Starlette(routes=[Route("/", answer)], middleware=[door])
    asked = TestClient(app, base_url=HERE)
    assert asked.get("/", headers=headers).text == "10.0.0.7"
    assert asked.get("/").text == "testclient"
