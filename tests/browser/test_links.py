"""Links: what is on show comes back from an address, and steps lead through a lesson."""

import base64
import zlib
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from playground.tabs import TABS
from playground.text.tour import steps, tour
from tests.support.samples import PICTURES

from .conftest import watch
from .hands import (
    CANVAS,
    DEFAULT,
    ONE,
    THREE,
    clean,
    draw,
    eventually,
    models,
    noisy,
    picture,
    says,
    settle,
    strength,
)
from .test_pictures import choose

COPY = "[data-do=link]"
COMPLAINT = ".complaint p"
# A link into each tab; what is said of one more than once has spaces behind its name.
INTO = {
    "reconstruct": "models=pca-32,vae-2&order=best&sample=12",
    "map": "part=two&models=conv-vae-2,vanilla-2&z=0.5,-1.25&layers=tiles,circles&tiles=14"
    "&spacing=even&classes=3,8",
    "map ": "part=longer&models=conv-vae-20&plane=axes&axes=3,7&from=7.1"
    f"&z={','.join(f'{0.125 * number - 1:g}' for number in range(20))}",
    "atlas": "models=conv-vae-20&view=pca3&beside=0&classes=4,9&camera=2,0.25,-0.125,0.5,0.25",
    "walk": "part=films&models=deep-32,vae-2&tour=0&path=spherical&frames=9&from=d,5.1",
    "walk ": "part=samples&models=conv-vae-20&temperature=0.5&sample=77&count=100",
}
LAST = "&ink=&noise=occlusion-0.4&seed=9"


@pytest.fixture(autouse=True)
def clipboard(window: BrowserContext) -> None:
    window.grant_permissions(["clipboard-read", "clipboard-write"])


def copied(page: Page) -> str:
    """The link that the button copies."""
    page.evaluate("navigator.clipboard.writeText('')")
    page.locator(COPY).click()
    eventually(page, lambda: page.evaluate("navigator.clipboard.readText()"))
    return page.evaluate("navigator.clipboard.readText()")


def follow(page: Page, fragment: str) -> None:
    """Opens a link in the page as it is, and waits until that is done."""
    page.evaluate("(fragment) => (location.hash = fragment)", fragment)
    followed(page)


def followed(page: Page) -> None:
    expect(page.locator(".complaint")).to_have_attribute("aria-busy", "false")
    settle(page)


def in_address(page: Page, name: str) -> list[str]:
    """What the address says of it, once it is in step."""
    eventually(page, lambda: f"{name}=" in page.url)
    page.wait_for_timeout(1000)  # longer than between two writes of it
    return parse_qs(urlsplit(page.url).fragment)[name]


def test_a_link_brings_back_the_drawing_and_what_the_models_make_of_it(
    page: Page, window: BrowserContext, url: str, complaints: list[str]
) -> None:
    follow(page, "tab=reconstruct")
    draw(page, THREE)
    page.get_by_role("button", name="Eraser").click()
    draw(page, [(0.3, 0.5), (1.2, 0.6)])  # beyond the edge
    strength(page, 0.5)
    page.get_by_text("Best first").click()
    page.get_by_role("button", name="Sample again").click()
    settle(page)
    link = copied(page)
    assert len(link) < 600
    other = window.new_page()
    watch(other, url, complaints)
    other.goto(link)
    followed(other)
    assert any(clean(page)) and clean(other) == clean(page)
    assert noisy(other) == noisy(page) != clean(page)

    def same() -> bool:
        """Drawn once more: until its weights were there, the server answered, nearly alike."""
        for each in (page, other):
            strength(each, 0.4)
            settle(each)
            strength(each, 0.5)
            settle(each)
        return all(picture(other, model) == picture(page, model) for model in DEFAULT)

    eventually(other, same)
    expect(other.locator(COMPLAINT)).to_be_empty()
    eventually(other, lambda: models(other) == models(page))
    assert copied(other) == link
    other.keyboard.press("Control+z")  # what was there before can be had back
    other.close()


def test_a_picture_comes_back_with_what_was_drawn_on_it(page: Page) -> None:
    follow(page, "tab=reconstruct&order=listed")
    choose(page, PICTURES["a photo"])
    says(page, "digit found")
    draw(page, ONE)
    settle(page)
    seen, link = clean(page), copied(page)
    assert len(link) < 2000
    page.get_by_role("button", name="Clear").click()
    settle(page)
    assert not any(clean(page))
    follow(page, link.split("#")[1])
    assert clean(page) == seen


def test_every_tab_comes_back_from_its_link(page: Page) -> None:
    said = {name.strip() for name in INTO}
    for name in [name for tab in TABS if (name := tab.title.lower()) not in said]:
        follow(page, f"v=1&tab={name}{LAST}")
        expect(page.locator(COMPLAINT)).to_be_empty()
        assert f"tab={name}&" in copied(page)
    for name, state in INTO.items():
        fragment = f"v=1&tab={name.strip()}&{state}{LAST}"
        follow(page, fragment)
        expect(page.locator(COMPLAINT)).to_be_empty()
        eventually(page, lambda fragment=fragment: copied(page).split("#")[1] == fragment)
    follow(page, f"tab=map&{INTO['map']}")
    expect(page.locator(".panel [data-number=place]").first).to_have_text("0.50, −1.25")


def test_a_link_that_names_no_model_leaves_those_that_are_there(page: Page) -> None:
    for tab in ("atlas", "map", "walk"):
        follow(page, f"tab={tab}&models=&view=bogus")
        expect(page.locator(COMPLAINT)).to_contain_text("bogus" if tab == "atlas" else "view")
        for notice in page.locator(f"#{tab} .notice").all_inner_texts():
            assert "undefined" not in notice


def test_of_a_damaged_link_what_can_be_read_is_used_and_the_rest_is_said(page: Page) -> None:
    follow(page, "tab=reconstruct&ink=3")
    before = clean(page)
    bomb = zlib.compressobj(9, wbits=-15)
    packed = bomb.compress(bytes(10_000_000)) + bomb.flush()
    ink = "z" + base64.urlsafe_b64encode(packed).decode().rstrip("=")[:12_000]
    for drawing in ("zzzz", "r!", "rAv9_", ink):
        follow(
            page,
            "tab=reconstruct&models=vanilla-32,<img src=x onerror=alert(1)>,conv-32&order=%FF"
            f"&noise=gaussian-7&seed=-1&sample=1e99&z={'9' * 50}&ink={drawing}&v=2&__proto__=1",
        )
        expect(page.locator(COMPLAINT)).to_contain_text("The drawing in the link is damaged")
        assert models(page) == ["vanilla-32", "conv-32"]
        assert clean(page) == before == noisy(page)
    said = page.locator(COMPLAINT).inner_text()
    for words in (
        "newer version",
        "“<img src=x onerror=alert(1)>”",
        "gaussian-0.5",
        "order",
        "seed",
    ):
        assert words in said
    assert page.locator(".complaint img").count() == 0
    page.locator(".complaint").get_by_role("button", name="Close").click()
    expect(page.locator(COMPLAINT)).to_be_empty()
    follow(page, "tab=nowhere&" + "x" * 30_000)
    expect(page.locator(COMPLAINT)).to_contain_text("tab cannot be “nowhere”")


def test_without_a_clipboard_the_link_is_ready_to_be_copied_by_hand(page: Page) -> None:
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(Error()); }")
    page.locator(COPY).click()
    field = page.get_by_label("Link to what is on show")
    expect(field).to_be_focused()
    assert page.evaluate("getSelection().toString()") == field.input_value()
    assert "#v=1&tab=" in field.input_value()
    field.press("p")  # typed, and no key of the page
    expect(page.locator("html.presenting")).to_have_count(0)
    field.press("Escape")
    expect(field).to_be_hidden()
    page.evaluate("() => { delete navigator.clipboard.writeText; }")


def test_the_keyboard_leads_through_the_steps_of_a_lesson(page: Page) -> None:
    said = page.locator(".steps output")
    follow(page, "tab=reconstruct&ink=7")
    drawn = in_address(page, "ink")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.keyboard.press("p")
    expect(said).to_have_text(f"{len(steps())} steps")
    page.keyboard.press("n")
    listed = page.get_by_role("list", name="All steps")
    expect(listed.locator("small")).to_have_text([step.question for step in steps()])
    listed.get_by_role("button", name=steps()[2].title).click()
    expect(listed).to_be_hidden()
    expect(said).to_have_text(f"3 of {len(steps())} · {steps()[2].title}")
    followed(page)
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    for selector in (".lead", "[data-do=upload]", ".noise-zone .meaning"):
        expect(page.locator(selector).first).to_be_hidden()
    for at, step in enumerate(steps()[1:], start=2):
        page.keyboard.press("PageDown" if at % 2 else "ArrowRight")
        expect(said).to_have_text(f"{at} of {len(steps())} · {step.title}")
        followed(page)
        expect(page.locator(COMPLAINT)).to_be_empty()
        assert page.evaluate("document.documentElement.scrollWidth") == 1280
    assert in_address(page, "ink") == drawn  # no step took it away
    page.keyboard.press("PageDown")
    expect(said).to_contain_text(f"{len(steps())} of")  # there is no step after the last
    page.keyboard.press("PageUp")
    expect(said).to_contain_text(steps()[-2].title)
    page.get_by_label("Strength of the noise").press("ArrowRight")  # moves the slider alone
    expect(said).to_contain_text(steps()[-2].title)
    page.locator(CANVAS).press("ArrowLeft")  # moves the pen alone
    page.locator(CANVAS).press("Escape")  # puts its cross away
    assert "present=1" in copied(page)
    page.keyboard.press("Escape")
    expect(page.locator("html.presenting")).to_have_count(0)
    page.set_viewport_size({"width": 1280, "height": 800})


NEEDED = {  # what a step is about, by how its link begins
    "tab=reconstruct&part=poster": ".poster .row-head, .poster .cell",
    "tab=learn&chapter=autoencoder": ".network, .unit-pictures",
    "tab=learn&chapter=compression": ".sizes .cell",
    "tab=learn&chapter=clouds": ".loss-graph svg",
    "tab=map": ".panel .pad-top",
    "tab=atlas": ".map",
    "tab=walk": ".screens .card, .strip-row",
}
BOTTOM = "(parts) => Math.max(...parts.map((part) => part.getBoundingClientRect().bottom))"
# Of the words in sight, but for formulas and for the graph, which is as wide as its numbers are long.
SMALL = """() => {
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement: at } = walker.currentNode;
    if (!data.trim() || !at.checkVisibility({ visibilityProperty: true }) || at.closest("math, .loss-graph, .unseen, option")) continue;
    const { top, width } = at.getBoundingClientRect();
    if (width > 2 && top >= 0 && top < innerHeight && parseFloat(getComputedStyle(at).fontSize) < 17.9) words.push(data);
  }
  return words;
}"""


def test_a_step_has_what_it_needs_on_one_screen_in_words_that_are_read_from_afar(
    page: Page,
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    for step in steps():
        needed = next((NEEDED[link] for link in NEEDED if step.fragment.startswith(link)), None)
        follow(page, f"{step.fragment}&present=1")
        if needed:
            parts = page.locator(needed).filter(visible=True)
            expect(parts.first).to_be_visible()
            eventually(page, lambda: 0 < parts.evaluate_all(BOTTOM) <= 720)  # noqa: B023
        assert page.evaluate(SMALL) == [], step.title
    page.locator("#input .grip").get_by_label("The drawing").click()  # folded: the room is free
    assert not page.evaluate("document.documentElement.classList.contains('aside')")
    follow(page, "tab=learn&chapter=autoencoder&present=1")
    wide = "document.querySelector('.network').getBoundingClientRect().width"
    eventually(page, lambda: page.evaluate(wide) > 1200)
    follow(page, "tab=reconstruct&present=0")
    expect(page.locator("html.presenting")).to_have_count(0)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_digits_are_enlarged_by_whole_factors_on_a_projector(page: Page) -> None:
    follow(page, "tab=reconstruct&present=1")
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        side = page.locator("[data-picture=reconstruction]").first.evaluate(
            "(canvas) => canvas.clientWidth"
        )
        assert side >= 112 and side % 28 == 0
        last = page.locator(".card.model").last.bounding_box()
        assert last is not None and last["y"] + last["height"] <= height  # all four are in view
    follow(page, "present=0")
    expect(page.locator("html.presenting")).to_have_count(0)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_the_tour_points_at_something_at_every_stop_and_gives_the_focus_back(page: Page) -> None:
    button, card = page.locator("[data-do=tour]"), page.locator(".tour")
    button.click()
    for at, stop in enumerate(tour(), start=1):
        expect(card.locator("output")).to_have_text(f"{at} of {len(tour())}")
        expect(card.locator("h2")).to_have_text(stop.title)
        expect(page.locator(f"{stop.target}.toured").first).to_be_visible()
        expect(page.locator(".complaint")).to_have_attribute("aria-busy", "false")
        assert page.locator(".complaint p").inner_text() == ""
        card.get_by_role("button", name="Next" if at < len(tour()) else "Done").click()
    expect(card).to_be_hidden()
    expect(button).to_be_focused()
    assert page.locator(".toured").count() == 0
    page.get_by_role("tab", name="Reconstruct").click()


def test_a_word_above_a_tab_says_what_it_means(page: Page) -> None:
    page.locator(".lead dfn").first.focus()
    expect(page.locator(".tip").filter(visible=True)).to_contain_text("numbers")
    page.keyboard.press("Escape")
