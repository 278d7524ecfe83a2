"""The page for everyone: by keyboard, by touch, for those who listen, and in few colours."""

import re
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from playground import tabs
from playground.components import assets
from tests.routes.test_sweeps import leave as leave_sweep

from .axe import violations
from .conftest import load
from .hands import CANVAS, eventually, faded, put_back, settle, strength
from .test_atlas import open_atlas
from .test_cards import show_plot
from .test_map import rest
from .test_train import leave, open_train
from .test_walk import open_walk
from .test_walk import part as walk_part

OWNER = "a-browser-that-is-looked-at-by-axe"
TABS = [tab.title for tab in tabs.TABS]


@pytest.fixture(scope="module")
def left(runs: Path) -> Iterator[None]:
    """A run of `OWNER` that is done, and a sweep."""
    leave(runs, "for axe", owner=OWNER)
    leave_sweep(runs, "swept")
    yield
    shutil.rmtree(runs / "swept")


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


# --- what the states of the page look like, each with the part of it that is new ---


def reconstruct(page: Page) -> str:
    open_tab(page, "Reconstruct")
    strength(page, 0.4)
    settle(page)
    expect(show_plot(page)).to_have_count(5)
    return "html"


def enlarged(page: Page) -> str:
    page.get_by_role("button", name="Enlarge Variational").click()
    expect(page.locator("dialog[open]")).to_be_visible()
    return "dialog[open]"


def two_numbers(page: Page) -> str:
    page.keyboard.press("Escape")
    open_tab(page, "Map")
    page.get_by_role("radio", name="Two numbers").check(force=True)
    rest(page)
    return "html"


def longer_codes(page: Page) -> str:
    page.get_by_label("Longer codes").check(force=True)
    rest(page, ".longer")
    return "#stage"


def own_tsne(page: Page) -> str:
    open_atlas(page)
    page.get_by_role("button", name="Run t-SNE").click()
    page.get_by_role("button", name="Stop").click()
    page.locator("#tsne-form summary").click()
    return "#stage"


def atlas(page: Page) -> str:
    page.get_by_text("t-SNE", exact=True).first.click()
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator(".gallery .thumb").first).to_be_visible()
    return "html"


def walk(page: Page) -> str:
    open_walk(page)
    page.get_by_role("button", name="Save…").click()
    expect(page.locator(".save-menu")).to_be_visible()
    return "html"


def sample(page: Page) -> str:
    page.keyboard.press("Escape")
    walk_part(page, "Sample")
    expect(page.locator(".grid .share").last).to_contain_text("are digits")
    return "#stage"


def arithmetic(page: Page) -> str:
    walk_part(page, "Arithmetic")
    expect(page.locator(".sum .share").last).to_contain_text("digit")
    page.locator(".terms .slot-face").first.click()
    expect(page.locator(".slot-examples button").last).to_be_visible()
    return "#stage"


def train(page: Page) -> str:
    page.keyboard.press("Escape")
    page.evaluate(f"localStorage.setItem('train-owner', '{OWNER}')")
    open_train(page)
    row = page.locator(".runs li").filter(has_text="for axe")
    row.get_by_role("checkbox").check()
    row.get_by_role("button", name="Delete for axe").click()
    page.locator(".train-zone details").evaluate_all(
        "(all) => all.forEach((one) => one.open = true)"
    )
    page.get_by_role("button", name="Bring your own pictures").click()
    beta = page.get_by_label("Beta: how dear is the code?")
    beta.fill("much")
    expect(beta).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".watch .rows canvas").first).to_be_visible()
    return "html"


STATES: list[Callable[[Page], str]] = [
    reconstruct, enlarged, two_numbers, longer_codes, own_tsne, atlas, walk, sample, arithmetic, train,
]  # fmt: skip


def test_axe_finds_nothing_wrong_in_either_theme(
    page: Page, left: None, complaints: list[str]
) -> None:
    wrong: list[str] = []
    same: list[str] = []  # what all tabs share is looked at once

    def look_at(state: str, part: str) -> None:
        wrong.extend(f"{state}: {each}" for each in violations(page, part, without=same))
        in_the_dark(page)
        dark = violations(page, part, "contrast", same)
        wrong.extend(f"{state}, dark: {each}" for each in dark)
        in_the_dark(page)
        same[:] = ["#header", "#input"]

    seen = set()
    for state in STATES:
        look_at(state.__name__, state(page))
        seen.add(page.get_by_role("tab", selected=True).inner_text())
    for name in [name for name in TABS if name not in seen]:
        open_tab(page, name)
        ready(page, name)
        look_at(name, "#stage")
    put_back(page, {".recipe [name=beta]": "1"})
    complaints[:] = [line for line in complaints if "status of 400" not in line]  # the wrong value
    assert wrong == []


def in_the_dark(page: Page) -> None:
    """The other theme, behind a dialog too."""
    page.evaluate("document.querySelector('[data-do=theme]').click()")
    faded(page)


# --- by keyboard ---

# Every stop of the Tab key: its name, and whether it shows that it has focus.
STOPS = """() => {
    window.stops = [];
    const ringed = (element) => element && getComputedStyle(element).outlineStyle !== "none";
    document.addEventListener("focusin", ({ target }) => stops.push([
        (target.ariaLabel ?? target.textContent).trim().slice(0, 60) || target.outerHTML.slice(0, 80),
        ringed(target) || ringed(target.closest("label")),
    ]));
}"""


def test_the_tab_key_goes_through_every_tab_shows_where_it_is_and_is_never_caught(
    page: Page, left: None
) -> None:
    page.evaluate(STOPS)
    for name in TABS:
        open_tab(page, name)
        if name == "Learn":
            open_learn(page)
        page.locator("body").evaluate("() => { stops.length = 0; document.activeElement.blur(); }")
        page.get_by_role("button", name="Skip to the tabs").focus()
        page.keyboard.press("Enter")
        tab = page.get_by_role("tab", name=name)
        expect(tab).to_be_focused()
        for _ in range(70):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
        else:
            assert len({stop for stop, _ in page.evaluate("stops")}) > 40, "caught"
        stops = page.evaluate("stops")
        assert len(stops) > 12
        assert [stop for stop, ringed in stops[2:] if not ringed] == [], name


def test_focus_stays_near_when_what_has_it_is_replaced_or_disabled(page: Page, left: None) -> None:
    two_numbers(page)
    page.get_by_role("radio", name="Two numbers").focus()
    page.keyboard.press("ArrowRight")  # which puts the row of controls together anew
    expect(page.get_by_label("Longer codes")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="Two numbers")).to_be_focused()
    open_tab(page, "Atlas")
    open_atlas(page)
    page.get_by_role("button", name="Another model").click()
    listed = page.locator(".atlas-zone .models-list label")
    choice = listed.locator("input[value=vae-20]")
    expect(choice).to_be_focused()
    for owner, models in ((OWNER, 1), ("", 0)):  # a model comes and goes, and all choices are new
        page.evaluate(
            """async ([url, owner]) => {
                localStorage.setItem("train-owner", owner);
                const { runsChanged } = await import(new URL(url, document.baseURI));
                runsChanged();
            }""",
            [assets.url("state/models.js"), owner],
        )
        expect(listed.filter(has_text="for axe")).to_have_count(models)
        expect(choice).to_be_focused()
    page.keyboard.press("Escape")
    undo = page.get_by_role("button", name="Undo")
    undo.focus()
    for _ in range(9):
        if undo.is_enabled():
            undo.press("Enter")
    expect(page.get_by_role("button", name="Redo")).to_be_focused()
    page.keyboard.press("Enter")


def test_escape_closes_what_opens_and_focus_goes_back(page: Page) -> None:
    open_walk(page)
    walk_part(page, "Walk")
    for opener, opened in ((".slot-face", ".slot-menu"), (".save button", ".save-menu")):
        button = page.locator(f".part:not([hidden]) {opener}").first
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"{opened}:popover-open button").last).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(page.locator(f"{opened}:popover-open")).to_have_count(0)
        expect(button).to_be_focused()


# --- for those who listen ---


def changes(page: Page, selector: str, attribute: str = "") -> Callable[[], list[list]]:
    """Notes what is said in a live region, or as the value of a control, and when, in ms."""
    page.evaluate(
        """([selector, attribute]) => {
            const element = document.querySelector(selector);
            const read = () => (attribute ? element.getAttribute(attribute) : element.textContent);
            window.said = [];
            const how = attribute ? { attributeFilter: [attribute] } : { childList: true };
            new MutationObserver(() => said.push([performance.now(), read()])).observe(element, how);
        }""",
        [selector, attribute],
    )
    return lambda: page.evaluate("said")


def test_results_are_said_at_most_once_a_second(page: Page) -> None:
    open_tab(page, "Reconstruct")
    said = changes(page, ".cards-zone .unseen")
    slider = page.get_by_label("Strength of the noise")
    slider.focus()
    for _ in range(16):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(60)
    strength(page, 0.85)
    settle(page)
    findings = page.locator(".card.model .finding")
    eventually(
        page,
        lambda: said() and all(each in said()[-1][1] for each in findings.all_inner_texts()),
    )
    times = [time for time, _ in said()]
    assert all(later - earlier > 990 for earlier, later in pairwise(times))
    assert said()[-1][1].startswith("Vanilla ") and findings.count() == 4


def test_a_pad_says_where_its_point_is_and_what_is_drawn_there(page: Page) -> None:
    two_numbers(page)
    pad = page.get_by_role("slider", name="Latent space of Variational 2-D")
    pad.focus()
    page.keyboard.press("Home")
    rest(page)
    said = changes(page, ".panel[data-model='vae-2'] .pad-top", "aria-valuetext")
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    rest(page)
    expect(pad).to_have_attribute("aria-valuetext", VALUE)
    assert len(said()) < 30  # it is said where the point comes to rest
    expect(pad).to_be_focused()
    page.get_by_label("Longer codes").check(force=True)
    rest(page, ".longer")
    plane = page.get_by_role("slider", name="Plane of the codes of")
    expect(plane).to_have_attribute("aria-valuetext", VALUE)
    page.get_by_role("radio", name="Two numbers").check(force=True)


VALUE = re.compile(r"z\d.* (looks like a|perhaps a) \d")


def test_the_pen_tells_where_it_is_when_the_keyboard_moves_it(page: Page) -> None:
    page.locator(CANVAS).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".canvas-zone p.unseen")).to_have_text("Pen down, 50 % across, 69 % up")
    page.keyboard.press("Space")
    expect(page.locator(".canvas-zone p.unseen")).to_contain_text("Pen up")


# --- by touch, in few colours, without motion ---

# What can be pressed and is smaller than 24 px either way; words within a text may be.
SMALL = """() => [...document.querySelectorAll(
    "button, select, summary, input:not([type=file]), [tabindex='0']:not(dfn)")]
    .filter((one) => one.checkVisibility() && !one.closest(".unseen, .skip, .gradio-container > footer"))
    .map((one) => [one.outerHTML.slice(0, 100), (one.closest("label") ?? one).getBoundingClientRect()])
    .filter(([, { width, height }]) => width && Math.min(width, height) < 23.5)
    .map(([words, { width, height }]) => `${width} x ${height}: ${words}`)"""


def test_a_narrow_phone_shows_every_tab_with_large_targets_and_drags_its_pads(
    phone: BrowserContext, url: str, left: None, complaints: list[str]
) -> None:
    page = phone.new_page()
    page.add_init_script(f"localStorage.setItem('train-owner', '{OWNER}')")
    load(page, url, complaints)
    for name in TABS:
        open_tab(page, name)
        ready(page, name)
        eventually(page, lambda: page.evaluate("document.documentElement.scrollWidth") <= 360)
        eventually(page, lambda: page.evaluate(SMALL) == [])
    open_tab(page, "Map")
    pad = page.get_by_role("slider", name="Latent space of Variational 2-D")
    pad.scroll_into_view_if_needed()
    before, top = pad.get_attribute("aria-valuetext"), page.evaluate("scrollY")
    swipe(page, pad)
    rest(page)
    eventually(page, lambda: pad.get_attribute("aria-valuetext") != before)
    assert page.evaluate("scrollY") == top
    page.evaluate("localStorage.clear()")
    page.close()


def ready(page: Page, tab: str) -> None:
    waits: dict[str, Callable[[Page], None]] = {
        "Map": rest,
        "Atlas": open_atlas,
        "Walk": open_walk,
        "Learn": open_learn,
    }
    if tab in waits:
        waits[tab](page)
    if tab == "Train":
        open_train(page)
        page.locator(".runs li").filter(has_text="for axe").get_by_role("checkbox").check()
        expect(page.locator(".watch .rows canvas").first).to_be_visible()


def open_learn(page: Page) -> None:
    """Opens the Learn tab, and waits for the figure of its first chapter."""
    open_tab(page, "Learn")
    expect(page.locator(".learn-zone .figure").first).to_have_attribute("aria-busy", "false")


def swipe(page: Page, target: Locator) -> None:
    """A finger goes down in the middle of the target, and up."""
    box = target.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    hand = page.context.new_cdp_session(page)
    for kind, places in (
        ("touchStart", [{"x": x, "y": y}]),
        *(("touchMove", [{"x": x + 2 * step, "y": y - 8 * step}]) for step in range(1, 9)),
        ("touchEnd", []),
    ):
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})


def test_what_is_chosen_and_drawn_is_seen_in_few_colours_and_at_double_size(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.set_viewport_size({"width": 640, "height": 400})
    open_tab(page, "Reconstruct")
    for one, other in (
        ("#tabs [aria-selected=true]", "#tabs [aria-selected=false]"),
        (".cards-zone .order label:has(:checked)", ".cards-zone .order label:not(:has(:checked))"),
        ("#canvas [data-tool=pen]", "#canvas [data-tool=eraser]"),
    ):
        assert ground(page, one) != ground(page, other), one
    assert ground(page, CANVAS) == "rgb(0, 0, 0)"  # the ink is white
    box = page.locator(CANVAS).bounding_box()
    assert box is not None and box["width"] < 200  # room to scroll beside it
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(forced_colors="none")


def ground(page: Page, selector: str) -> str:
    return page.locator(selector).first.evaluate("(one) => getComputedStyle(one).backgroundColor")


def test_nothing_moves_for_those_who_asked_for_that(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    longest = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll("*")].flatMap((one) => {
            const { transitionDuration, animationDuration } = getComputedStyle(one);
            return `${transitionDuration}, ${animationDuration}`.split(", ").map(parseFloat);
        }))"""
    )
    assert longest <= 0.001
    page.emulate_media(reduced_motion="no-preference")
