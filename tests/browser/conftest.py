"""One page and one browser for all browser tests, started once, and a fresh tab for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from .running import launch_browser, running_page

expect.set_options(timeout=20_000)  # ms: a busy machine is no failure


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            browser = launch_browser(playwright)
        except LookupError as error:
            pytest.skip(str(error))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the page keeps training runs."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def url(browser: Browser, runs: Path) -> Iterator[str]:
    with running_page(VAE_RUNS=str(runs)) as address:
        yield address


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A window as wide as a laptop's. Its cache is shared, which makes opening tabs quick."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    yield context
    context.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What went wrong in the tab without anybody asking: empty at the end of every test."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def page(window: BrowserContext, url: str, complaints: list[str]) -> Iterator[Page]:
    """The page as it stands when it has loaded and shows its first digit."""
    page = open_page(window, url, complaints)
    yield page
    page.evaluate("localStorage.clear()")
    page.close()


def open_page(window: BrowserContext, url: str, complaints: list[str]) -> Page:
    """A new tab with the page in it, and an ear for its complaints."""
    page = window.new_page()
    watch(page, url, complaints)
    page.goto(url)
    page.wait_for_function(
        "document.querySelector('.card.model [data-number=psnr]')?.textContent.includes('dB')"
    )
    return page


def watch(page: Page, url: str, complaints: list[str]) -> None:
    """Notes errors in the console, and requests to any other host."""

    def foreign(address: str) -> bool:
        return not address.startswith((url, "data:", "blob:"))

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda line: complaints.append(line.text) if line.type == "error" else None,
    )
    page.on(
        "request",
        lambda sent: complaints.append(f"asked {sent.url}") if foreign(sent.url) else None,
    )
