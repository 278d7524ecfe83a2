"""Two replicas behind a proxy that knows no visitors, their network cut, serve the whole page."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from playground.tabs import TABS
from playground.wire.packing import pack, unpack
from tests.support.round_robin import RoundRobin, proxy

from .conftest import open_page
from .hands import ONE, clean, draw, settle
from .running import START, running_page
from .test_cards import show_plot


class Site(NamedTuple):
    """Where visitors go, and what is behind it."""

    url: str
    robin: RoundRobin
    replicas: list[str]
    calls: Path  # what the replicas asked of the network; there is no file if nothing


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Each replica has runs of its own, and both start at the same time."""
    calls = tmp_path_factory.mktemp("calls") / "calls.txt"
    pages = [
        running_page(
            "--metrics",
            program="tests/support/cut_off.py",
            GRADIO_ANALYTICS_ENABLED="True",  # as it is where nobody sets it
            CALLS=str(calls),
            VAE_RUNS=str(tmp_path_factory.mktemp("runs")),
        )
        for _ in range(2)
    ]
    with ThreadPoolExecutor(2) as threads:
        replicas = list(threads.map(lambda page: page.__enter__(), pages))
        robin = RoundRobin(replicas)
        with proxy(robin) as url:
            yield Site(url, robin, replicas, calls)
        list(threads.map(lambda page: page.__exit__(None, None, None), pages))


@pytest.fixture(scope="module")
def visited(site: Site, browser: Browser, heard: list[str]) -> Iterator[Page]:
    """The page by way of the proxy, after a look at every tab that a stranger can use."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = open_page(context, site.url, heard)
    yield page
    context.close()


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def test_every_tab_works_though_replicas_take_turns(
    visited: Page, site: Site, complaints: list[str]
) -> None:
    page = visited
    before = clean(page)
    draw(page, ONE)
    settle(page)
    assert clean(page) != before
    expect(show_plot(page)).to_have_count(5)
    others = [name for each in TABS if (name := each.title) not in ("Reconstruct", "Train")]
    for name in others:  # a run is known to one replica alone
        tab(page, name)
        expect(page.locator(f"#{name.lower()} :is(canvas, .figure)").first).to_be_visible()
        page.wait_for_load_state("networkidle")
    for kind in ("/assets/", "/facts/", "/weights/"):
        turns = [
            turn
            for path, taken in site.robin.taken.items()
            if path.startswith(kind)
            for turn in taken
        ]
        assert set(turns) == {0, 1}, kind


def test_both_replicas_give_the_same_answer(site: Site) -> None:
    content = pack({"model": "vae-2", "count": 1}, bytes(8))
    urls = [f"{replica}live/model-decode" for replica in site.replicas]
    replies = [httpx.post(url, content=content, timeout=START) for url in urls]
    assert [reply.status_code for reply in replies] == [200, 200]
    assert replies[0].content == replies[1].content


def test_both_replicas_have_the_same_facts_at_the_same_address(site: Site) -> None:
    pages = [httpx.get(replica, timeout=START).text for replica in site.replicas]
    named = re.compile(r'name=\\?"facts\\?" content=\\?"(\w+)')
    (version,) = {named.findall(page)[0] for page in pages}
    for name in ("about", "map/vae-2", "density/vae-2", "latents/vae-20"):
        url = f"facts/{version}/{name}"
        replies = [httpx.get(replica + url, timeout=START) for replica in site.replicas]
        assert [reply.status_code for reply in replies] == [200, 200], name
        assert replies[0].content == replies[1].content, name


def test_a_run_of_tsne_needs_one_request_and_so_one_replica(site: Site) -> None:
    header = {"atlases": ["vae-2"], "points": 100, "iterations": 50, "early_iterations": 0}
    settings = {"perplexity": 5, "exaggeration": 4, "seed": 1}
    for _ in range(2):
        reply = httpx.post(f"{site.url}live/tsne", content=pack(header | settings), timeout=START)
        rest, last = reply.content, b""
        while rest:
            length = int.from_bytes(rest[:4], "little")
            last, rest = rest[4 : 4 + length], rest[4 + length :]
        assert unpack(last)[0]["done"]
    assert set(site.robin.taken["/live/tsne"]) == {0, 1}


def test_replicas_are_ready_and_counted_one_by_one(site: Site) -> None:
    for replica in site.replicas:
        assert httpx.get(replica + "readyz", timeout=START).status_code == 200
        counted = httpx.get(replica + "metrics", timeout=START).text
        assert 'playground_requests_total{route="/facts/{version}/{name:path}"' in counted


def test_nobody_is_called_while_the_page_starts_and_is_used(visited: Page, site: Site) -> None:
    assert visited.locator(".card.model").count() > 0
    assert not site.calls.exists(), site.calls.read_text()
