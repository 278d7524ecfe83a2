"""A server that goes away stops training and t-SNE, and the page says so once."""

import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import open_page
from .hands import ONE, clean, draw, eventually, picture, settle
from .running import START, started_page
from .test_links import follow

NOTICE = ".bar .busy"
ALL = 11
TOASTS = ".toast-wrap .toast-body"  # Gradio's own


@pytest.fixture
def served(window: BrowserContext) -> Iterator[tuple[Page, str, subprocess.Popen]]:
    url, server = started_page()
    come: list[str] = []
    window.on("requestfinished", lambda request: come.append(request.url))
    page = open_page(window, url, [])
    # All models are there: those of the cards, and those that were fetched ahead.
    eventually(page, lambda: len({each for each in come if each.endswith(".safetensors")}) >= ALL)
    yield page, url, server
    page.close()
    server.kill()
    server.wait(timeout=START)


def test_what_is_open_goes_on_and_one_notice_says_so(
    served: tuple[Page, str, subprocess.Popen],
) -> None:
    page, url, server = served
    follow(page, "tab=map&part=two&z=0.5,0.5")
    page.wait_for_selector(".panel[data-tiles='20'] >> nth=1")
    page.get_by_role("tab", name="Reconstruct", exact=True).click()
    settle(page)
    page.evaluate(
        """(selector) => {
            globalThis.notices = [];
            const notice = document.querySelector(selector);
            new MutationObserver(() => notices.push(notice.textContent)).observe(notice, { childList: true });
        }""",
        NOTICE,
    )
    server.kill()
    server.wait(timeout=START)
    before, seen = clean(page), picture(page, "vae-20")
    draw(page, ONE)
    settle(page)
    assert clean(page) != before and picture(page, "vae-20") != seen
    page.get_by_role("tab", name="Map", exact=True).click()
    digit = page.locator("#map .decoded canvas").first
    shown = digit.evaluate("(canvas) => canvas.toDataURL()")
    page.locator("#map .pad-top").first.click(position={"x": 40, "y": 70})
    eventually(page, lambda: digit.evaluate("(canvas) => canvas.toDataURL()") != shown)
    for name in ("Walk", "Atlas", "Learn"):  # which were never open
        page.get_by_role("tab", name=name, exact=True).click()
        page.wait_for_timeout(500)
    expect(page.locator(NOTICE)).to_contain_text("The server does not answer.")
    page.wait_for_timeout(4000)
    assert len(page.evaluate("notices")) == 1
    assert page.locator(TOASTS).count() == 0
    port = url.rsplit(":", 1)[1].strip("/")
    again, other = started_page(port=int(port))
    try:
        assert again == url
        eventually(page, lambda: page.evaluate("notices")[-1] == "")
        assert page.evaluate("notices")[1:] == ["The server is back.", ""]
    finally:
        other.kill()
        other.wait(timeout=START)
