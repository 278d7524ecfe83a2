"""From flags to a running page."""

import logging
import os
import signal
import sys
from dataclasses import replace
from threading import Event, Thread

import gradio as gr
from gradio.tunneling import CURRENT_TUNNELS
from starlette.middleware import Middleware
from starlette.routing import Route

from vae_core.errors import UsageError

from . import assets, compression, health, logs
from .datasets import DOWNLOADS
from .guard import Guard
from .jobs import Jobs
from .layout import build_app, theme
from .limits import HOSTED, OPEN, Limits
from .live import routes
from .live.desk import Desk
from .looks import DEFAULT_CARDS
from .shared import Store

GRACE = 2.0  # seconds that open replies have when the page is stopped

_log = logging.getLogger(__name__)


def serve(
    host: str,
    port: int,
    share: bool = False,
    hosted: bool = False,
    root_path: str | None = None,
    metrics: bool = False,
    json_logs: bool = False,
) -> None:
    """Starts the page, says where it is, and stays until it is stopped.

    Arguments:
        hosted: strangers use this page, so limits apply. They all live here.
        root_path: where a proxy shows the page, if not at the root of its host.
        metrics: whether `/metrics` tells Prometheus what the page does.
        json_logs: whether the log is lines of JSON, with the page's events among them.
    """
    logs.begin(json_logs)
    store = Store(jobs=Jobs(limits=HOSTED if hosted else open_limits(host, share)))
    app = build_app(store)
    app.queue(max_size=64 if hosted else None)
    try:
        app.launch(
            **settings(store, host, port, share and not hosted, metrics),
            root_path=root_path,
            prevent_thread_lock=True,
        )
    except OSError:
        sys.exit(
            f"Port {port} on {host} cannot be used: something else listens there, or it is not "
            f"allowed. Choose another with --port {port + 1}."
        )
    logs.take_over()
    store.start(first=DEFAULT_CARDS)
    Thread(target=store.jobs.begin, daemon=True).start()  # goes on with what was interrupted
    Thread(target=_tell_when_ready, args=[store], daemon=True).start()
    for address in filter(None, (app.local_url, app.share_url)):
        print(f"The playground is at {address} - stop it with Ctrl+C.", flush=True)
        _log.info("the page is up at %s", address)
    wait_until_stopped(app)
    store.jobs.close()
    DOWNLOADS.close()
    sys.stdout.flush()
    # Python would wait for every thread, and one that is in the middle of t-SNE takes long.
    os._exit(0)


def wait_until_stopped(app: gr.Blocks) -> None:
    """Serves until Ctrl+C or SIGTERM, then closes the port. Runs train on; the next page finds them."""
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    while not stopped.wait(1):  # Windows interrupts no wait without an end
        pass
    closing = Thread(target=app.close, kwargs={"verbose": False}, daemon=True)
    closing.start()
    closing.join(GRACE)  # streams that are open would keep it waiting
    for tunnel in CURRENT_TUNNELS:
        tunnel.kill()


def _tell_when_ready(store: Store) -> None:
    for name in store.names:
        try:
            store.get(name)
        except UsageError as error:
            _log.warning("%s", error)
    _log.info("the models are loaded")


def open_limits(host: str, share: bool) -> Limits:
    """The limits of a page that is not hosted: who comes from elsewhere names no folders here."""
    alone = host in ("127.0.0.1", "localhost", "::1") and not share
    return replace(OPEN, folders=alone)


def largest_body(limits: Limits) -> int:
    """The most bytes of any request: the largest file, also where it is sent as base64."""
    return limits.upload * 4 // 3 + 2**20


def own_routes(store: Store, metrics: bool) -> list[Route]:
    """Everything that the page answers beside Gradio."""
    desk = Desk(store)
    live = routes(store, desk)
    if metrics:
        from .metrics import Metrics

        counts = Metrics(store.jobs, desk)
        live = [*map(counts.watch, live), counts.route()]
    return [*live, *health.routes(store), *assets.routes()]


def settings(store: Store, host: str, port: int, share: bool, metrics: bool = False) -> dict:
    """What `launch` needs to know."""
    return {
        "server_name": host,
        "server_port": port,
        "share": share,
        "quiet": True,
        "theme": theme(),
        "head": assets.head(),
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "mcp_server": True,  # costs no time: gradio imports what it needs where it is installed
        "ssr_mode": False,
        # Gradio asks itself for the page and gives up after 3 seconds; a busy machine takes longer.
        "_frontend": False,
        "app_kwargs": {
            "routes": own_routes(store, metrics),
            "middleware": [
                Middleware(Guard, largest=largest_body(store.jobs.limits)),
                compression.PAGES,
            ],
        },
    }
