"""The lecture on a projector of 1280 x 720: large words, large pictures, the question, nothing in the way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from playground.text.tour import steps, tour

from .conftest import load
from .hands import eventually

LEAST = 18  # pixels of words that the last row can read

# Notes every word that is painted on a canvas in the page, and its size.
PAINTED = """() => {
    const prototype = CanvasRenderingContext2D.prototype;
    const fill = prototype.fillText;
    window.painted = {};
    prototype.fillText = function (words, ...rest) {
        const size = parseFloat(this.font.match(/([\\d.]+)px/)[1]) * this.getTransform().a / Math.min(devicePixelRatio, 2);
        if (this.canvas.isConnected) window.painted[`${this.canvas.className} ${words}`] = size;
        return fill.call(this, words, ...rest);
    };
}"""

# The words in sight that are smaller than so many pixels on the screen.
SMALL = """(least) => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const { data, parentElement: parent } = walker.currentNode;
        if (!data.trim() || !parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        const { width, height, top, bottom } = range.getBoundingClientRect();
        if (width <= 1 || height <= 1 || bottom <= 0 || top >= innerHeight) continue;
        const svg = parent.closest("svg");
        const scale = svg?.viewBox.baseVal?.width ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
        const size = parseFloat(getComputedStyle(parent).fontSize) * scale;
        const under = parent.closest("msub, msup, msubsup") ? 0.7 : 1;
        if (size < least * under - 0.05) found.push(`${size}: ${data.trim()}`);
    }
    const painted = Object.entries(window.painted).filter(([, size]) => size < least - 0.05);
    window.painted = {};
    return [...found, ...painted.map(([words, size]) => `${size}: ${words}`)];
}"""


@pytest.fixture(scope="module")
def hall(window: BrowserContext, url: str, heard: list[str]) -> Iterator[Page]:
    page = window.new_page()
    page.set_viewport_size({"width": 1280, "height": 720})
    page.add_init_script(f"({PAINTED})()")
    load(page, url, heard)
    yield page
    page.evaluate("localStorage.clear()")
    page.close()


@pytest.mark.parametrize("at", range(len(steps())), ids=[step.title for step in steps()])
def test_a_step_asks_its_question_in_words_that_the_last_row_can_read(
    hall: Page, at: int, complaints: list[str]
) -> None:
    if not hall.locator("html.presenting").count():
        hall.keyboard.press("p")
        expect(hall.locator("html.presenting")).to_have_count(1)
    hall.keyboard.press("n")
    hall.locator(".steps-list button").nth(at).click()
    expect(hall.locator(".step-question")).to_have_text(steps()[at].question)
    expect(hall.locator(".step-question")).to_be_visible()
    asked, drawing = (
        hall.locator(selector).bounding_box() for selector in (".step-question", "#input")
    )
    assert asked and drawing and asked["y"] + asked["height"] <= drawing["y"]
    assert hall.locator(".step-question").evaluate("(e) => e.scrollHeight <= e.clientHeight")
    hall.wait_for_load_state("networkidle")
    small = hall.evaluate(SMALL, LEAST)
    assert small == [], small


def test_four_models_are_in_sight_each_with_a_large_picture(
    hall: Page, complaints: list[str]
) -> None:
    hall.keyboard.press("n")
    hall.locator(".steps-list button").nth(1).click()
    shots = hall.locator(".card.model [data-picture=reconstruction]:visible")
    eventually(hall, lambda: shots.count() == 4)
    for shot in shots.all():
        box = shot.bounding_box()
        assert box and box["width"] == box["height"] >= 196
        assert box["y"] > 0 and box["y"] + box["height"] <= 720


def test_a_folded_drawing_leaves_the_question_in_sight(hall: Page, complaints: list[str]) -> None:
    fold = hall.get_by_role("button", name="The drawing", exact=True)
    fold.click()
    expect(hall.locator("#input.folded")).to_have_count(1)
    asked, shown = (
        hall.locator(selector).bounding_box()
        for selector in (".step-question", ".cards-zone .models")
    )
    assert asked and shown and asked["y"] + asked["height"] <= shown["y"]
    expect(hall.locator(".step-question")).to_be_in_viewport(ratio=1)
    fold.click()
    expect(hall.locator("#input.folded")).to_have_count(0)


def test_the_keys_are_listed_and_the_focus_goes_back(hall: Page, complaints: list[str]) -> None:
    hall.keyboard.press("Escape")
    button = hall.locator("[data-do=theme]")
    button.focus()
    hall.keyboard.press("?")
    listed = hall.get_by_role("dialog", name="What the keys do")
    expect(listed).to_contain_text("presenter mode")
    hall.keyboard.press("p")
    expect(hall.locator("html.presenting")).to_have_count(0)
    hall.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["a laptop", "a phone"])
def test_the_card_of_the_tour_leaves_what_it_speaks_of_in_sight(
    hall: Page, size: tuple[int, int], complaints: list[str]
) -> None:
    hall.set_viewport_size({"width": size[0], "height": size[1]})
    hall.locator("[data-do=tour]").click()
    card = hall.locator(".tour")
    for at, stop in enumerate(tour(), start=1):
        expect(card.locator("output")).to_have_text(f"{at} of {len(tour())}")
        expect(hall.locator(f"{stop.target}.toured").first).to_be_visible()
        eventually(hall, lambda: covered(hall) <= 0.5)
        eventually(hall, lambda: card.evaluate(ON_TOP))
        card.get_by_role("button", name="Next" if at < len(tour()) else "Done").click()
    hall.set_viewport_size({"width": 1280, "height": 720})


# Whether nothing lies over the card: not the tabs at the foot of a phone, not its drawing.
ON_TOP = """(card) => ["h2", "p", "[data-do=next]"].every((part) => {
    const { left, top, width, height } = card.querySelector(part).getBoundingClientRect();
    return card.contains(document.elementFromPoint(left + width / 2, top + height / 2));
})"""


def covered(page: Page) -> float:
    """The share of what the tour points at, as far as it is in the window, that its card hides."""
    return page.evaluate("""() => {
        const card = document.querySelector(".tour").getBoundingClientRect();
        const box = document.querySelector(".toured")?.getBoundingClientRect();
        if (!box) return 1;
        const area = (left, top, right, bottom) => Math.max(0, right - left) * Math.max(0, bottom - top);
        const seen = area(Math.max(0, box.left), Math.max(0, box.top), Math.min(innerWidth, box.right), Math.min(innerHeight, box.bottom));
        const hidden = area(Math.max(card.left, box.left, 0), Math.max(card.top, box.top, 0),
            Math.min(card.right, box.right, innerWidth), Math.min(card.bottom, box.bottom, innerHeight));
        return seen ? hidden / seen : 1;
    }""")
