"""A phone: the drawing in a band and as a sheet, tabs at the foot, and a tab is found where it was left."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from playground.tabs import TABS

from .conftest import open_page
from .hands import CANVAS, ONE, UNFOLD, clean, draw, eventually, ink, settle

PEEK = ".peek button"


@pytest.fixture(scope="module")
def held(phone: BrowserContext, url: str, heard: list[str]) -> Iterator[Page]:
    page = open_page(phone, url, heard)
    yield page
    page.close()


@pytest.fixture(autouse=True)
def quiet(complaints: list[str]) -> None:
    """Nothing goes wrong in any of these tests."""


def box(target: Locator) -> dict[str, float]:
    found = target.bounding_box()
    assert found is not None
    return dict(found)


def scroll_to(page: Page, place: int) -> None:
    page.evaluate("(place) => scrollTo(0, place)", place)
    eventually(page, lambda: page.evaluate("scrollY") == place)


def test_every_tab_begins_on_the_first_screen_below_a_small_drawing(held: Page) -> None:
    for tab in TABS:
        held.get_by_role("tab", name=tab.title).tap()
        thumbnail = box(held.locator(CANVAS))
        assert thumbnail["width"] == thumbnail["height"] == 120
        lead = box(held.locator(".block.lead:visible"))
        assert lead["y"] + lead["height"] < 400
    held.get_by_role("tab", name="Reconstruct").tap()
    scroll_to(held, 400)
    assert box(held.locator(CANVAS))["y"] == 8  # it stays in view


@pytest.mark.parametrize(
    ("tab", "seen", "folded"),
    [
        ("Map", "#map .pad-top", "#map .classes"),
        ("Atlas", "#atlas .sky canvas", "#atlas .filters"),
        ("Walk", "#walk .screens canvas", "#walk [data-part=films] .options"),
    ],
)
def test_what_a_tab_shows_begins_on_the_first_screen_and_its_settings_are_a_tap_away(
    held: Page, tab: str, seen: str, folded: str
) -> None:
    held.get_by_role("tab", name=tab).tap()
    expect(held.locator(seen).first).to_be_visible()
    eventually(held, lambda: box(held.locator(seen).first)["y"] < 560)
    expect(held.locator(folded)).to_be_hidden()
    button = held.locator(".fold-button:visible")
    expect(button).to_have_attribute("aria-expanded", "false")
    assert box(button)["height"] >= 32
    button.tap()
    expect(held.locator(folded)).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    button.tap()
    expect(held.locator(folded)).to_be_hidden()
    held.get_by_role("tab", name="Reconstruct").tap()


def test_the_tabs_stand_at_the_foot_with_icons_and_whole_names(held: Page) -> None:
    tabs = held.get_by_role("tab")
    expect(tabs).to_have_count(len(TABS))
    for at, tab in enumerate(TABS):
        found = box(tabs.nth(at))
        assert abs(found["y"] + found["height"] - 740) < 1
        assert tabs.nth(at).evaluate("(tab) => tab.scrollWidth <= tab.clientWidth"), tab.title
        icon = tabs.nth(at).evaluate("(tab) => getComputedStyle(tab, '::before').maskImage")
        assert icon.startswith('url("data:image/svg+xml')
    assert len({tab.icon for tab in TABS}) == len(TABS)


def test_the_drawing_opens_to_be_drawn_on_and_the_page_stays_where_it_is(held: Page) -> None:
    scroll_to(held, 300)
    small = ink(held)
    held.locator(UNFOLD).tap()
    eventually(held, lambda: box(held.locator(CANVAS))["width"] > 240)
    expect(held.locator(CANVAS)).to_be_focused()
    before = clean(held)
    draw(held, ONE)
    settle(held)
    assert clean(held) != before and ink(held) != small
    expect(held.locator(PEEK)).to_have_text(
        ["Vanilla", "Convolutional", "Variational", "Denoising"]
    )
    for picture in held.locator(PEEK).all():
        expect(picture).to_be_in_viewport(ratio=1)
    held.get_by_role("button", name="Done drawing").tap()
    expect(held.locator(UNFOLD)).to_be_focused()
    assert box(held.locator(CANVAS))["width"] == 120
    assert held.evaluate("scrollY") == 300


LOW = [(320, 256), (667, 331), (844, 340), (568, 320), (320, 330), (860, 480)]


@pytest.mark.parametrize("size", LOW, ids=str)
def test_the_whole_canvas_and_its_tools_are_in_sight_in_a_low_window(
    size: tuple[int, int], held: Page
) -> None:
    held.set_viewport_size({"width": size[0], "height": size[1]})
    held.locator(UNFOLD).tap()
    tools = held.get_by_role("toolbar", name="Drawing tools").get_by_role("button")
    for target in (held.locator(CANVAS), *tools.all()):
        expect(target).to_be_in_viewport(ratio=1)
        # In the window is not in sight: tabs and small pictures may lie on it.
        corners = target.evaluate(
            """(element) => {
                const { left, top, right, bottom } = element.getBoundingClientRect();
                const places = [[left + 2, top + 2], [right - 2, top + 2], [left + 2, bottom - 2], [right - 2, bottom - 2]];
                return places.map(([x, y]) => element.contains(document.elementFromPoint(x, y)));
            }"""
        )
        assert corners == [True] * 4
    drawn = box(held.locator(CANVAS))
    assert drawn["width"] == drawn["height"] >= 180
    held.get_by_role("button", name="Done drawing").tap()
    held.set_viewport_size({"width": 360, "height": 740})


def test_escape_and_a_touch_beside_it_close_it_too(held: Page) -> None:
    scroll_to(held, 0)
    held.locator(UNFOLD).tap()
    expect(held.get_by_role("button", name="Done drawing")).to_be_visible()
    held.keyboard.press("Escape")
    expect(held.locator(UNFOLD)).to_have_attribute("aria-expanded", "false")
    held.locator(UNFOLD).tap()
    held.get_by_role("tab", name="Walk").tap()
    expect(held.locator(UNFOLD)).to_have_attribute("aria-expanded", "false")
    expect(held.get_by_role("tab", name="Walk")).to_have_attribute("aria-selected", "true")


def test_a_tab_is_found_where_it_was_left(held: Page) -> None:
    held.get_by_role("tab", name="Reconstruct").tap()
    scroll_to(held, 250)
    held.get_by_role("tab", name="Learn").tap()
    eventually(held, lambda: held.evaluate("scrollY") == 0)
    held.get_by_role("tab", name="Reconstruct").tap()
    eventually(held, lambda: held.evaluate("scrollY") == 250)


def test_on_a_desk_header_tabs_and_drawing_stay_in_view(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    scroll_to(page, 300)
    for target in (
        page.locator("header h1"),
        page.get_by_role("tab", name="Map"),
        page.locator(CANVAS),
    ):
        expect(target).to_be_in_viewport(ratio=1)
    scroll_to(page, 0)
    page.set_viewport_size({"width": 1280, "height": 800})
