"""One page and one browser for all browser tests, and one tab for the tests of a file."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from playground.runs import process
from vae_core.training.run_directory import RunDir

from .hands import begin_anew, put_back
from .running import launch_browser, running_page

# Where it is set, as in `.ci/run`, a missing browser is a failure.
REQUIRED = "VAE_REQUIRE_BROWSER"
PATIENCE = 120_000  # ms: a busy machine is no failure
expect.set_options(timeout=PATIENCE)
QUIET = {".noise-zone [name=strength]": "0"}  # the page opens with noise


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of this folder, so that the others can be run without them."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            browser = launch_browser(playwright)
        except LookupError as error:
            (pytest.fail if os.environ.get(REQUIRED) else pytest.skip)(str(error))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the page keeps training runs. They outlive it, so those of a failed test are ended."""
    folder = tmp_path_factory.mktemp("runs")
    yield folder
    for path in folder.iterdir():
        if trainer := RunDir(path).trainer():
            process.kill(trainer)


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


@pytest.fixture(scope="session")
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A narrow phone, whose tabs share a cache as those of the window do."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
        color_scheme="light",
    )
    yield context
    context.close()


@pytest.fixture(scope="session")
def heard() -> list[str]:
    """What went wrong in any tab without anybody asking."""
    return []


@pytest.fixture
def complaints(heard: list[str]) -> Iterator[list[str]]:
    """What was heard, which has to be nothing at the end of every test."""
    yield heard
    told = heard.copy()
    heard.clear()
    assert told == []


@pytest.fixture(scope="module")
def tab(window: BrowserContext, url: str, heard: list[str]) -> Iterator[Page]:
    """The page as the tests of a file share it. Opening it takes longer than most of them."""
    tab = open_page(window, url, heard)
    yield tab
    tab.evaluate("localStorage.clear()")
    tab.close()


@pytest.fixture
def page(tab: Page, complaints: list[str]) -> Page:
    """The shared tab, put back to how it stands when it has loaded and shows its first digit."""
    begin_anew(tab)
    return tab


@pytest.fixture
def fresh_page(window: BrowserContext, url: str, complaints: list[str]) -> Iterator[Page]:
    """A tab of one's own, for what can only be seen when the page loads."""
    page = open_page(window, url, complaints)
    yield page
    page.evaluate("localStorage.clear()")
    page.close()


def open_page(window: BrowserContext, url: str, complaints: list[str]) -> Page:
    """A new tab with the page in it and no noise, and an ear for its complaints."""
    page = window.new_page()
    load(page, url, complaints)
    put_back(page, QUIET)
    return page


def load(page: Page, url: str, complaints: list[str]) -> None:
    """Opens the page in a tab, and waits until its first digit is shown."""
    page.set_default_timeout(PATIENCE)
    watch(page, url, complaints)
    page.add_init_script("localStorage.setItem('opening-seen', '1')")  # it plays once
    page.goto(url)
    page.wait_for_function(
        "document.querySelector('.card.model [data-number=psnr]')?.textContent.includes('dB')"
    )


def watch(page: Page, url: str, complaints: list[str]) -> None:
    """Notes errors in the console, and requests to any other host."""

    def foreign(address: str) -> bool:
        return not address.startswith((url, "data:", "blob:"))

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda line: (
            complaints.append(f"{line.text} at {line.location['url']}")
            if line.type == "error"
            else None
        ),
    )
    page.on(
        "request",
        lambda sent: complaints.append(f"asked {sent.url}") if foreign(sent.url) else None,
    )
