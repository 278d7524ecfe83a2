"""Hands as they are: a palm before a pen, a touch that is taken away, a page in another language."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from playground.tabs import TABS

from .conftest import load, open_page
from .hands import CANVAS, eventually, ink, pixels, place


@pytest.fixture(autouse=True)
def quiet(complaints: list[str]) -> None:
    """Nothing goes wrong in any of these tests."""


@pytest.fixture(scope="module")
def tablet(browser: Browser) -> Iterator[BrowserContext]:
    """A screen that fingers and a pen reach, in the language of somebody else."""
    context = browser.new_context(
        viewport={"width": 1024, "height": 768}, has_touch=True, locale="ar", color_scheme="light"
    )
    yield context
    context.close()


@pytest.fixture(scope="module")
def held(tablet: BrowserContext, url: str, heard: list[str]) -> Iterator[Page]:
    page = open_page(tablet, url, heard)
    yield page
    page.close()


def touch(device: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    found = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(points)]
    device.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": found})


def pen(device: CDPSession, kind: str, point: tuple[float, float], buttons: int = 1) -> None:
    more = {"button": "left", "buttons": buttons, "clickCount": 1, "pointerType": "pen"}
    device.send(
        "Input.dispatchMouseEvent", {"type": f"mouse{kind}", "x": point[0], "y": point[1], **more}
    )


def stroke(device: CDPSession, page: Page) -> None:
    pen(device, "Pressed", place(page, (0.2, 0.2)))
    pen(device, "Moved", place(page, (0.2, 0.6)))
    pen(device, "Released", place(page, (0.2, 0.6)), buttons=0)


def wipe(page: Page) -> None:
    clear = page.get_by_role("button", name="Clear", exact=True)
    if clear.is_enabled():
        clear.click()
    eventually(page, lambda: ink(page) == 0)


def test_a_pen_takes_over_from_a_resting_palm_whose_stroke_goes(held: Page) -> None:
    device = held.context.new_cdp_session(held)
    wipe(held)
    stroke(device, held)
    eventually(held, lambda: ink(held) > 0)
    alone = pixels(held, CANVAS)
    wipe(held)
    held.wait_for_timeout(1100)  # until the hand no longer counts as one that holds a pen
    touch(device, "Start", place(held, (0.8, 0.8)))
    touch(device, "Move", place(held, (0.82, 0.81)))
    eventually(held, lambda: ink(held) > 0)
    stroke(device, held)
    touch(device, "End")
    eventually(held, lambda: pixels(held, CANVAS) == alone)
    held.get_by_role("button", name="Undo").click()
    eventually(held, lambda: ink(held) == 0)  # one stroke, and nothing of the palm


def test_a_touch_that_is_taken_away_leaves_no_ink_and_the_example_stays(held: Page) -> None:
    device = held.context.new_cdp_session(held)
    held.wait_for_timeout(1100)
    held.locator("#canvas .examples button").nth(3).click()
    eventually(held, lambda: ink(held) > 0)
    before = pixels(held, CANVAS)
    touch(device, "Start", place(held, (0.5, 0.5)))
    touch(device, "Move", place(held, (0.6, 0.9)))
    eventually(held, lambda: pixels(held, CANVAS) != before)
    touch(device, "Cancel")
    eventually(held, lambda: pixels(held, CANVAS) == before)
    expect(held.get_by_role("button", name="Redo")).to_be_disabled()


def test_the_page_says_its_own_language_unless_a_translator_names_another(held: Page) -> None:
    root = held.locator("html")
    expect(root).to_have_attribute("lang", "en")  # though the browser's is Arabic
    held.evaluate("document.documentElement.setAttribute('lang', 'ar')")
    expect(root).to_have_attribute("lang", "en")
    held.evaluate(
        "document.documentElement.classList.add('translated-ltr');"
        "document.documentElement.setAttribute('lang', 'de')"
    )
    held.wait_for_timeout(50)
    expect(root).to_have_attribute("lang", "de")
    held.evaluate("document.documentElement.classList.remove('translated-ltr')")
    expect(root).to_have_attribute("lang", "en")


def test_a_link_names_the_tab_by_its_id_whatever_a_translator_wrote_on_it(
    tablet: BrowserContext, url: str, complaints: list[str]
) -> None:
    page = open_page(tablet, url, complaints)
    page.evaluate(
        """() => document.querySelectorAll("#tabs [role=tab]").forEach((tab) => {
            const words = document.createElement("font");
            words.textContent = `x${tab.textContent}`;
            tab.replaceChildren(words);
        })"""
    )
    page.locator("#tabs [data-tab-id=map]").click()
    eventually(page, lambda: "tab=map" in page.url)
    link = page.url
    page.close()
    other = tablet.new_page()
    load_link(other, link, url, complaints)
    expect(other.locator("#tabs [data-tab-id=map]")).to_have_attribute("aria-selected", "true")
    other.close()


def load_link(page: Page, link: str, url: str, complaints: list[str]) -> None:
    load(page, url, complaints)
    page.goto(link)


def test_no_word_is_picked_while_a_hand_draws_or_drags(held: Page) -> None:
    for tab in TABS:
        held.locator(f"#tabs [data-tab-id={tab.name}]").click()
        pads = held.locator("canvas:visible")
        expect(pads.first).to_be_visible()
        picked = pads.evaluate_all(
            "(all) => all.map((each) => getComputedStyle(each).webkitUserSelect)"
        )
        assert set(picked) == {"none"}, tab.title
