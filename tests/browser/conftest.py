"""One page for all browser tests, started once, and a fresh browser window for each."""

from collections.abc import Iterator

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .running import launch_browser, running_page


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
def url(browser: Browser) -> Iterator[str]:
    with running_page() as address:
        yield address


@pytest.fixture
def complaints() -> list[str]:
    """What went wrong in the window without anybody asking: must stay empty."""
    return []


@pytest.fixture
def window(browser: Browser, url: str, complaints: list[str]) -> Iterator[BrowserContext]:
    """A window of its own, as wide as a laptop's, that listens for complaints."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    watch(context, url, complaints)
    yield context
    context.close()
    assert complaints == []


@pytest.fixture
def page(window: BrowserContext, url: str) -> Page:
    """The page as it stands when it has loaded and shows its first digit."""
    return open_page(window, url)


def watch(context: BrowserContext, url: str, complaints: list[str]) -> None:
    """Notes errors in the console, and requests to any other host."""
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on(
        "console",
        lambda line: complaints.append(line.text) if line.type == "error" else None,
    )

    def foreign(address: str) -> bool:
        return not address.startswith((url, "data:", "blob:"))

    context.on(
        "request",
        lambda sent: complaints.append(f"asked {sent.url}") if foreign(sent.url) else None,
    )


def open_page(window: BrowserContext, url: str) -> Page:
    page = window.new_page()
    page.goto(url)
    page.wait_for_function(
        "document.querySelector('.card.model [data-number=psnr]')?.textContent.includes('dB')"
    )
    return page
