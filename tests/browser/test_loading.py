"""What is loaded when, and what ends when its place on the page goes."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from playground.components import assets

from .conftest import load
from .hands import ONE, clean, draw, eventually, settle

OWN = f"assets/{assets.VERSION}/"


def loaded(page: Page) -> list[str]:
    """Our own files that the page has asked for, by name."""
    names = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    return [name.split(OWN)[1] for name in names if OWN in name]


def test_the_first_tab_loads_few_files_and_others_when_they_are_opened(fresh_page: Page) -> None:
    early = loaded(fresh_page)
    named = [*assets.EARLY, "core.css", "reconstruct.css"]
    assert len(named) <= 40 and set(named) <= set(early), early
    # What else came, once the first tab could be used: what runs the models, in workers, what draws
    # by itself on a first visit, and what says of the pictures.
    others = set(early) - set(named) - {"drawing/opening.js", "reconstruct/findings.js"}
    assert {name.split("/")[0] for name in others} <= {"engine"}
    assert not [name for name in early if re.match("map|atlas|walk|train|learn|graph", name)]
    fresh_page.get_by_role("tab", name="Map").click()
    expect(fresh_page.locator(".map-zone .panel")).to_have_count(2)
    # What waits for the first press, and is no business of the map's.
    pressed = re.compile(r"page/(dropped|focus|scroll)\.js|reconstruct/")
    late = {name for name in set(loaded(fresh_page)) - set(early) if not pressed.match(name)}
    assert {"map.css", "map/map.js", "ui/space/pad.js"} <= late
    assert {name.split("/")[0] for name in late} <= {"map.css", "map", "ui", "engine", "state"}


def test_a_tab_that_cannot_be_loaded_says_why_and_offers_to_reload(
    fresh_page: Page, complaints: list[str]
) -> None:
    fresh_page.route(f"**/{OWN}walk/**", lambda route: route.abort())
    fresh_page.get_by_role("tab", name="Walk").click()
    sentence = fresh_page.locator("#walk").get_by_role("alert")
    expect(sentence).to_contain_text("its server did not answer")
    fresh_page.get_by_role("tab", name="Reconstruct").click()  # an updated one answers
    draw(fresh_page, ONE)
    settle(fresh_page)
    drawn = clean(fresh_page)
    fresh_page.route(f"**/{OWN}map/**", lambda route: route.fulfill(status=404))
    fresh_page.get_by_role("tab", name="Map").click()
    sentence = fresh_page.locator("#map").get_by_role("alert")
    expect(sentence).to_contain_text("has been updated since you opened it")
    fresh_page.unroute(f"**/{OWN}map/**")
    with fresh_page.expect_navigation():
        fresh_page.get_by_role("button", name="Reload the page").click()
    expect(fresh_page.locator(".map-zone .panel")).to_have_count(2)  # it was the open tab
    fresh_page.get_by_role("tab", name="Reconstruct").click()  # which paints when it is seen
    eventually(fresh_page, lambda: clean(fresh_page) == drawn)
    assert any("404" in complaint for complaint in complaints)
    complaints.clear()


FRAMES = """window.asked = 0;
    const real = window.requestAnimationFrame;
    window.requestAnimationFrame = (draw) => (asked++, real(draw));"""


def test_a_page_at_rest_asks_for_no_frames(
    window: BrowserContext, url: str, complaints: list[str]
) -> None:
    page = window.new_page()
    page.add_init_script(f"{{ {FRAMES} }}")
    load(page, url, complaints)
    page.wait_for_load_state("networkidle")
    settle(page)

    def frames() -> int:
        before = page.evaluate("asked")
        page.wait_for_timeout(300)
        return page.evaluate("asked") - before

    eventually(page, lambda: frames() == 0)
    draw(page, ONE)  # what moves does ask
    assert page.evaluate("asked") > 0
    page.close()


COMPONENT = """
    export function mount(element, { signal }) {
        (globalThis.lives ??= []).push(signal);
        element.append("mounted");
    }"""
LOAD = """async ([loader, script]) => {
    const { load } = await import(new URL(loader, document.baseURI));
    let place = document.getElementById("place");
    if (!place) {
        place = Object.assign(document.createElement("p"), { id: "place", textContent: "pristine " });
        document.body.append(place);
    }
    await load(place, { scripts: [script], styles: [] }, { props: {} });
    return place.textContent;
}"""


def test_a_component_that_is_mounted_again_works_once(page: Page) -> None:
    def lives() -> list[bool]:
        return page.evaluate("lives.map(({ aborted }) => aborted)")

    page.route(
        "**/a-component.js",
        lambda route: route.fulfill(body=COMPONENT, content_type="text/javascript"),
    )
    asked = [assets.url("page/loader.js"), "a-component.js"]
    assert page.evaluate(LOAD, asked) == "pristine mounted"
    assert lives() == [False]
    assert page.evaluate(LOAD, asked) == "pristine mounted"
    assert lives() == [True, False]
    page.evaluate("document.getElementById('place').remove()")
    assert lives() == [True, True]


def test_a_component_that_left_the_page_hears_nothing_more(page: Page) -> None:
    """The last test here: it leaves a tab without a canvas."""
    undo = """() => document.dispatchEvent(new KeyboardEvent("keydown",
        { key: "z", ctrlKey: true, bubbles: true, cancelable: true }))"""
    assert page.evaluate(undo) is False  # the canvas took it
    page.evaluate("document.getElementById('canvas').remove()")
    assert page.evaluate(undo) is True
