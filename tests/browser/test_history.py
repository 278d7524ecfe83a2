"""The address bar: what is on show survives reloading, Back and Forward, and a copied address."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Page, expect

from playground.components import assets
from playground.tabs import TABS

from .conftest import load, watch
from .hands import (
    DEFAULT,
    ONE,
    THREE,
    choose,
    clean,
    draw,
    eventually,
    ink,
    models,
    noisy,
    settle,
    strength,
)
from .test_learn import open_chapter
from .test_links import COMPLAINT, follow, followed

PLACE = "#map [data-number=place]"


def says(page: Page) -> dict[str, str]:
    """What the address bar says."""
    fragment = urlsplit(page.url).fragment
    return {name: value for name, [value] in parse_qs(fragment, keep_blank_values=True).items()}


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    eventually(page, lambda: says(page).get("tab") == name.lower())


def at(page: Page, **values: str) -> None:
    """Waits until the bar has these values in it."""
    eventually(page, lambda: values.items() <= says(page).items())


def back(page: Page) -> None:
    page.evaluate("history.back()")


def forward(page: Page) -> None:
    page.evaluate("history.forward()")


def test_a_first_visit_has_a_clean_address(
    window: BrowserContext, url: str, complaints: list[str]
) -> None:
    page = window.new_page()
    load(page, url, complaints)
    settle(page)
    page.wait_for_timeout(3000)  # longer than the page takes to look by itself
    assert page.url == url
    page.reload()
    settle(page)
    page.wait_for_timeout(3000)
    assert page.url == url
    open_tab(page, "Map")
    back(page)
    expect(page.get_by_role("tab", name="Reconstruct")).to_have_attribute("aria-selected", "true")
    assert page.evaluate("history.length") == 3  # of about:blank, too
    page.close()


def test_what_is_on_show_survives_reloading(fresh_page: Page) -> None:
    page = fresh_page
    choose(page, ".cards-zone", vae_2=True)
    draw(page, THREE)
    draw(page, ONE)
    strength(page, 0.5)
    page.get_by_role("button", name="New noise").click()
    settle(page)
    drawn, spoilt, cards = clean(page), noisy(page), models(page)
    assert "vae-2" in cards
    at(page, tab="reconstruct", noise="gaussian-0.5")
    open_tab(page, "Map")
    expect(page.locator(PLACE).first).not_to_be_empty()
    page.locator("#map .pad-top").first.click(position={"x": 60, "y": 80})
    eventually(page, lambda: "z" in says(page))
    place = page.locator(PLACE).first.inner_text()
    bar = page.url
    for name in [tab.title for tab in TABS if tab.title != "Map"]:
        open_tab(page, name)
        eventually(page, lambda name=name: name == "Train" or len(says(page)) > 12)
        page.reload()
        followed(page)
        expect(page.get_by_role("tab", name=name, exact=True)).to_have_attribute(
            "aria-selected", "true"
        )
        expect(page.locator(COMPLAINT)).to_be_empty()
        assert says(page)["map.z"] == parse_qs(urlsplit(bar).fragment)["z"][0]
    open_tab(page, "Reconstruct")
    settle(page)
    eventually(page, lambda: models(page) == cards)
    eventually(page, lambda: clean(page) == drawn and noisy(page) == spoilt)
    open_tab(page, "Map")  # which has not been open since the page was loaded
    expect(page.locator(PLACE).first).to_have_text(place)


def test_back_and_forward_go_through_tabs_and_chapters(fresh_page: Page) -> None:
    page = fresh_page
    draw(page, ONE)
    settle(page)
    one = clean(page)
    open_tab(page, "Learn")
    at(page, chapter="autoencoder")
    open_chapter(page, "noise")
    at(page, chapter="noise")
    open_chapter(page, "clouds")
    at(page, chapter="clouds")
    open_tab(page, "Map")
    page.locator("#canvas [data-do=clear]").click()
    draw(page, THREE)
    three = ink(page)
    page.wait_for_timeout(1000)
    length = page.evaluate("history.length")
    for chapter in ("clouds", "noise", "autoencoder"):
        back(page)
        at(page, tab="learn", chapter=chapter)
        followed(page)
        expect(page.locator(f"[data-chapter={chapter}]")).to_be_visible()
    back(page)
    at(page, tab="reconstruct")
    followed(page)
    assert clean(page) == one
    for chapter in ("autoencoder", "noise", "clouds"):
        forward(page)
        at(page, tab="learn", chapter=chapter)
    forward(page)
    at(page, tab="map")
    followed(page)
    eventually(page, lambda: ink(page) == three)
    assert page.evaluate("history.length") == length  # going there made no more of them
    assert page.locator("#map .panel").count() == 2  # mounted once


SCRIBBLE = """async (url) => {
    const { encode } = await import(new URL(url, document.baseURI));
    let seed = 1;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const points = Array.from({ length: 2500 }, () => [random(), random()]);
    return encode([{ tool: "pen", size: 0.02, points }]);
}"""


def test_a_drawing_of_any_length_survives_reloading(fresh_page: Page) -> None:
    page = fresh_page
    scribble = page.evaluate(SCRIBBLE, assets.url("drawing/sketch.js"))
    assert 6000 < len(scribble) < 20_000
    follow(page, f"tab=reconstruct&ink={scribble}")
    draw(page, ONE)
    settle(page)
    drawn, much = clean(page), ink(page)
    eventually(page, lambda: len(page.evaluate("history.state.shown.values.ink")) > len(scribble))
    eventually(page, lambda: len(page.url) < 8000)
    assert says(page)["ink"]  # as the models see it
    page.reload()
    followed(page)
    eventually(page, lambda: clean(page) == drawn)
    assert ink(page) == much


def test_an_address_copied_from_the_bar_says_it_all(
    fresh_page: Page, window: BrowserContext, url: str, complaints: list[str]
) -> None:
    draw(fresh_page, THREE)
    open_tab(fresh_page, "Walk")
    page = fresh_page
    page.locator("#walk label:has([value=samples])").click()
    at(page, part="samples", tab="walk")
    open_tab(page, "Atlas")
    eventually(page, lambda: "camera" in says(page))
    other = window.new_page()
    watch(other, url, complaints)
    other.goto(page.url)
    followed(other)
    expect(other.get_by_role("tab", name="Atlas")).to_have_attribute("aria-selected", "true")
    assert ink(other) == ink(page)
    open_tab(other, "Walk")
    at(other, part="samples")
    other.close()


def test_the_bar_keeps_what_is_not_of_the_page_and_links_do_not_hand_on_a_signature(
    window: BrowserContext, url: str, complaints: list[str]
) -> None:
    window.grant_permissions(["clipboard-read", "clipboard-write"])
    page = window.new_page()
    watch(page, url, complaints)
    query = "?__sign=secret&from=a%20friend&__theme=light"
    page.goto(url + query)
    page.wait_for_function("document.querySelector('.card.model canvas')")
    settle(page)
    draw(page, ONE)
    at(page, tab="reconstruct")
    assert page.url.startswith(url + query + "#")
    page.locator("[data-do=link]").click()
    expect(page.locator(".said")).to_have_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{url}?from=a%20friend#v=1&tab=reconstruct&")
    page.close()


def test_a_mangled_address_says_so_and_the_rest_is_kept(
    window: BrowserContext, url: str, complaints: list[str]
) -> None:
    page = window.new_page()
    watch(page, url, complaints)
    page.goto(
        f"{url}#v=1&tab=reconstruct&noise=gaussian-0.3&seed=5&ink=zzz&models=conv-32&map.z=1,x"
    )
    followed(page)
    expect(page.locator(COMPLAINT)).to_contain_text("The drawing in the link is damaged")
    assert models(page) == ["conv-32"]
    at(page, noise="gaussian-0.3", models="conv-32")
    page.locator(".complaint").get_by_role("button", name="Close").click()
    open_tab(page, "Map")
    expect(page.locator(COMPLAINT)).to_contain_text("z should be 2 numbers")
    page.close()


def test_nothing_is_written_during_a_drag_nor_often(fresh_page: Page) -> None:
    page = fresh_page
    page.evaluate(
        """() => {
            globalThis.written = 0;
            const replace = history.replaceState;
            history.replaceState = function (...all) { written++; return replace.apply(this, all); };
        }"""
    )
    page.wait_for_timeout(1000)
    page.evaluate("written = 0")
    draw(page, [*THREE, *THREE, *THREE], lift=False)
    page.wait_for_timeout(2500)
    assert page.evaluate("written") == 0
    page.mouse.up()
    at(page, tab="reconstruct")
    page.evaluate("written = 0")
    for value in range(60):
        strength(page, value % 10 / 20)
    at(page, noise="gaussian-0.45")
    assert page.evaluate("written") < 20
    assert models(page) == DEFAULT
