"""From flags to a running page."""

import logging
import os
import signal
import sys
from dataclasses import replace
from threading import Event, Thread

import gradio as gr
from starlette.middleware import Middleware
from starlette.routing import Route

from vae_core.errors import UsageError

from ..components import assets
from ..outline import icons
from ..routes import facts as facts_at
from ..routes import weights
from ..routes.live import routes as live_routes
from ..runs.downloads import DOWNLOADS
from ..runs.jobs import Jobs
from ..runs.limits import HOSTED, OPEN, Limits
from ..runs.trainers import zero
from ..store.key import KEY, PARAMETER
from ..store.models import Store
from ..styles import DEFAULT_CARDS
from . import health, logs, protocol
from .bodies import Bodies
from .door import Door
from .gradio_private import ADDRESSES, LAUNCH, Refusals, end_tunnels, refuse_addresses, stand_aside
from .hosts import hosts_of, is_alone, policy_of
from .layout import build_app, theme
from .middleware import Guard
from .pages import PAGES

GRACE = 2.0  # seconds that open replies have when the page is stopped

_log = logging.getLogger(__name__)


def serve(
    host: str,
    port: int,
    share: bool = False,
    hosted: bool = False,
    trusted: bool = False,
    root_path: str | None = None,
    metrics: bool = False,
    json_logs: bool = False,
) -> None:
    """Starts the page, says where it is, and stays until it is stopped.

    Arguments:
        hosted: strangers use this page, so limits apply. They all live here. They apply as well
            where others can reach it, by a public address or from other machines.
        trusted: whoever can reach it is no stranger.
        root_path: where a proxy shows the page, if not at the root of its host.
        metrics: whether `/metrics` tells Prometheus what the page does.
        json_logs: whether the log is lines of JSON, with the page's events among them.
    """
    logs.begin(json_logs)
    try:
        zero.register()
    except UsageError as error:
        sys.exit(str(error))
    share = share and not hosted
    strange = hosted or (is_open(host, share) and not trusted)
    stopped = Event()
    # It answers before it is launched to the end, and who sees that may end it.
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    store = Store(jobs=Jobs(limits=HOSTED if strange else open_limits(host, share)))
    try:
        page, addresses = launched(store, host, port, share, strange, root_path, metrics)
    except OSError:
        sys.exit(
            f"Port {port} on {host} cannot be used: something else listens there, or it is not "
            f"allowed. Choose another with --port {port + 1}."
        )
    logs.take_over()
    store.start(first=DEFAULT_CARDS)
    Thread(target=store.jobs.begin, daemon=True).start()  # goes on with what was interrupted
    Thread(target=_tell_when_ready, args=[store], daemon=True).start()
    for address in addresses:
        print(f"The playground is at {address} - stop it with Ctrl+C.", flush=True)
        _log.info("the page is up at %s", address)
    if store.jobs.limits.everyones:
        print(
            f"To steer runs of the command line, open {addresses[0]}?{PARAMETER}={KEY}", flush=True
        )
    if said := health.unwritable(store.jobs.folder):
        _log.warning("%s", said)
    wait_until_stopped(page, stopped)
    store.jobs.close()
    zero.close()
    DOWNLOADS.close()
    sys.stdout.flush()
    # Python would wait for every thread, and one that is in the middle of t-SNE takes long.
    os._exit(0)


def launched(
    store: Store,
    host: str = "127.0.0.1",
    port: int | None = None,
    share: bool = False,
    hosted: bool = False,
    root_path: str | None = None,
    metrics: bool = False,
) -> tuple[gr.Blocks, list[str]]:
    """The page, which answers from now on, and its addresses.

    Arguments:
        port: any that is free, if there is none.

    Raises:
        OSError: if the port cannot be used.
    """
    page = build_app(store)
    stand_aside(page)
    protocol.use()
    refuse_addresses(page)
    page.queue(max_size=64 if hosted else None)
    _, *addresses = page.launch(
        **settings(store, host, port, share, metrics),
        root_path=root_path,
        prevent_thread_lock=True,
    )
    return page, [address for address in addresses if address]


def wait_until_stopped(page: gr.Blocks, stopped: Event) -> None:
    """Serves until Ctrl+C or `stopped`, then closes the port. Runs train on; the next page finds them."""
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    while not stopped.wait(1):  # Windows interrupts no wait without an end
        pass
    closing = Thread(target=page.close, kwargs={"verbose": False}, daemon=True)
    closing.start()
    closing.join(GRACE)  # streams that are open would keep it waiting
    end_tunnels()


def _tell_when_ready(store: Store) -> None:
    for name in store.names:
        try:
            store.get(name)
        except UsageError as error:
            _log.warning("%s", error)
    _log.info("the models are loaded")


def is_open(host: str, share: bool) -> bool:
    """Whether others than this machine can ask a page that listens at this address."""
    return share or not is_alone(host)


def open_limits(host: str, share: bool) -> Limits:
    """The limits of a page without strangers: who comes from elsewhere names no folders here."""
    return replace(OPEN, folders=not is_open(host, share))


def largest_body(limits: Limits) -> int:
    """The most bytes of any request: the largest file, also where it is sent as base64."""
    return limits.upload * 4 // 3 + 2**20


def own_routes(store: Store, facts: str, metrics: bool) -> list[Route]:
    """Everything that the page answers beside Gradio."""
    live = [*live_routes(store), facts_at.route(store, facts)]
    if metrics:
        from .prometheus import Metrics

        counts = Metrics(store.jobs)
        live = [*map(counts.watch, live), counts.route()]
    return [*live, *health.routes(store), *weights.routes(store), *assets.routes()]


def settings(store: Store, host: str, port: int | None, share: bool, metrics: bool) -> dict:
    """What `launch` needs to know."""
    facts = facts_at.version(store)
    own = own_routes(store, facts, metrics)
    hosts = hosts_of(host, share)
    addresses = [*ADDRESSES, *(route.path for route in own)]
    return {
        **LAUNCH,
        "server_name": host,
        "server_port": port,
        "share": share,
        "quiet": True,
        "theme": theme(),
        "head": assets.head(facts) + icons(),
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "mcp_server": True,  # costs no time: gradio imports what it needs where it is installed
        "ssr_mode": False,
        "app_kwargs": {
            "routes": own,
            "middleware": [
                Middleware(
                    Guard,
                    addresses=addresses,
                    largest=largest_body(store.jobs.limits),
                    policy=policy_of(hosts),
                ),
                Middleware(Door, hosts=hosts, behind="SPACE_HOST" in os.environ),
                Middleware(Bodies),
                Middleware(Refusals),
                PAGES,
            ],
        },
    }
