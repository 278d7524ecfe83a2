"""Each part of Gradio that it does not document is there, does what we need, and is still needed."""

import inspect
import os
import re
import runpy
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from threading import Event, Timer
from time import sleep
from types import FunctionType, SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from fastapi import FastAPI
from gradio import http_server, networking, processing_utils
from gradio.tunneling import Tunnel
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from playground.components import assets
from playground.runs.jobs import Jobs
from playground.server.gradio_private import (
    ADDRESSES,
    LAUNCH,
    end_tunnels,
    refuse_addresses,
    stand_aside,
)
from playground.server.layout import build_app
from playground.server.middleware import CLOSED
from playground.server.serve import settings
from playground.store.models import Store
from tests.support.ports import free_port

# --- launch ---


def test_gradio_does_not_wait_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor can it be told so by anything that is documented."""
    monkeypatch.setattr(networking, "url_ok", lambda _: False)
    with gr.Blocks(analytics_enabled=False) as page:
        pass
    settings = {"quiet": True, "prevent_thread_lock": True, "ssr_mode": False}
    try:
        with pytest.raises(ValueError, match="localhost is not accessible"):
            page.launch(**settings)
        page.launch(**settings, **LAUNCH)
    finally:
        page.close(verbose=False)
    public = [name for name in inspect.signature(page.launch).parameters if name[0] != "_"]
    assert not [name for name in public if "frontend" in name or "localhost" in name]


def test_a_start_that_takes_long_is_waited_for_and_a_port_that_is_taken_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Gradio looks at its clock until it gives up; this one goes a year ahead at every look."""
    years = count(step=3e7)
    monkeypatch.setattr(
        http_server, "time", SimpleNamespace(time=lambda: next(years), sleep=sleep)
    )
    # Gradio's own, also where a page was started in this process before.
    fresh = runpy.run_path(http_server.__file__)["Server"].run_in_thread
    theirs = FunctionType(fresh.__code__, vars(http_server))
    monkeypatch.setattr(http_server.Server, "run_in_thread", theirs)
    begin, run = Event(), http_server.Server.run

    def slowly(server: http_server.Server, *arguments: Any) -> None:
        begin.wait()
        run(server, *arguments)

    monkeypatch.setattr(http_server.Server, "run", slowly)
    with gr.Blocks(analytics_enabled=False) as page:
        pass
    quick = {"quiet": True, "prevent_thread_lock": True, "ssr_mode": False, **LAUNCH}
    with pytest.raises(OSError, match="Cannot find empty port"):
        page.launch(**quick, server_port=free_port())
    stand_aside(page)
    port = free_port()
    Timer(0.2, begin.set).start()
    try:
        page.launch(**quick, server_port=port)
        with (
            gr.Blocks(analytics_enabled=False) as other,
            pytest.raises(OSError, match="empty port"),
        ):
            other.launch(**quick, server_port=port)
    finally:
        page.close(verbose=False)


@pytest.mark.skipif(os.name != "posix", reason="the program is a script")
def test_the_process_behind_share_ends(tmp_path: Path) -> None:
    program = tmp_path / "frpc"
    program.write_text(f"""#!{sys.executable}
import time
print("start proxy success: https://x.gradio.live", flush=True)
time.sleep(600)
""")
    program.chmod(0o700)
    tunnel = Tunnel("example.org", 7000, "127.0.0.1", 7860, "token", None)
    assert tunnel._start_tunnel(str(program)) == "https://x.gradio.live"
    process = tunnel.proc
    assert process is not None and process.poll() is None
    end_tunnels()
    assert process.wait(timeout=60) != 0


# --- files by address ---


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Gradio would have fetched."""
    addresses: list[str] = []

    async def fetch(url: str, **_: Any) -> str:
        addresses.append(url)
        raise OSError("the network is cut")

    monkeypatch.setattr(processing_utils, "async_ssrf_protected_download", fetch)
    return addresses


def echo(value: dict) -> dict:
    return value


def asked(page: gr.Blocks) -> str:
    """The answer to a request that names a file by its address."""
    url = "https://example.org/x.png"
    value = {"path": url, "url": url, "meta": {"_type": "gradio.FileData"}}
    with TestClient(gr.mount_gradio_app(FastAPI(), page, "/", ssr_mode=False)) as client:
        event = client.post("/gradio_api/call/echo", json={"data": [value]}).json()["event_id"]
        return client.get(f"/gradio_api/call/echo/{event}").text


@pytest.mark.parametrize("refused", [True, False])
def test_no_address_of_a_request_is_fetched(refused: bool, fetched: list[str]) -> None:
    with gr.Blocks(analytics_enabled=False) as page:
        gr.api(echo, queue=False)
    if refused:
        refuse_addresses(page)
    said = asked(page)
    assert said.startswith("event: error")
    assert ("not by address" in said) == refused
    assert bool(fetched) != refused  # Gradio does it, if it is let


# --- scripts ---


def test_the_clock_that_never_stops_has_no_frames() -> None:
    """That none are asked for in a browser is in tests/browser/test_loading.py."""
    assert b"window.requestAnimationFrame" in (assets.GRADIO / assets.WAITING).read_bytes()
    with TestClient(Starlette(routes=assets.routes())) as client:
        script = client.get(f"/assets/{assets.WAITING}")
    assert script.status_code == 200 and "javascript" in script.headers["content-type"]
    assert "requestAnimationFrame" not in script.text


# --- addresses ---


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[set[str], TestClient]]:
    """The addresses of Gradio's routes as the page is served, and who asks for them."""
    store = Store(jobs=Jobs(tmp_path_factory.mktemp("runs")))
    page = build_app(store)
    told = settings(store, "127.0.0.1", None, share=False, metrics=False)
    served, _, _ = page.launch(**told, prevent_thread_lock=True)
    own = {route.path for route in told["app_kwargs"]["routes"]}
    known = {getattr(route, "path", "/") for route in served.routes} | {*served.openapi()["paths"]}
    # A mount's address is that of all below it.
    known |= {f"{route.path}/{{path:path}}" for route in served.routes if isinstance(route, Mount)}
    yield {plain(path) for path in known - own}, TestClient(served)
    store.jobs.close()
    page.close(verbose=False)


def plain(address: str) -> str:
    """It without what a part of it may hold, as FastAPI's list of all writes it."""
    return re.sub(r":\w+}", "}", address)


def test_the_addresses_that_are_open_are_there(routes: tuple[set[str], TestClient]) -> None:
    there, _ = routes
    assert {plain(address) for address in ADDRESSES} - there == set()
    assert len(there) > 70


def test_every_other_address_of_gradio_is_closed(routes: tuple[set[str], TestClient]) -> None:
    there, client = routes
    closed = there - {plain(address) for address in ADDRESSES}
    assert {"/gradio_api/upload", "/gradio_api/component_server", "/monitoring"} <= closed
    for address in sorted(closed):
        asked = re.sub(r"{\w+}", "x", address)
        for method in ("GET", "POST", "HEAD"):
            reply = client.request(method, asked)
            assert reply.status_code == (403 if "/gradio_api/" in address else 404), asked
            assert method == "HEAD" or reply.json() == {"error": CLOSED}, asked


def test_the_page_runs_on_the_gradio_that_this_was_tried_with() -> None:
    """And a Space runs it on the same."""
    root = Path(__file__).parent.parent.parent
    (version,) = re.findall(r"^sdk_version: (.*)$", (root / "README.md").read_text(), re.MULTILINE)
    assert f"gradio~={version}\n" in (root / "requirements.txt").read_text()
    assert gr.__version__.rpartition(".")[0] == version.rpartition(".")[0]
